// Transactions that ask before each look at the store whether the host wants them to stop.
//
// A stop is an error of a read like any other: what runs over it gives up and leaves nothing. Once
// a sign was seen it stays seen, also if the host takes it back: no call may go on over half of
// what it was to read, and commit() refuses (book_core.cpp).
#ifndef CLIENTBOOK_VAULT_STOPPABLE_HPP
#define CLIENTBOOK_VAULT_STOPPABLE_HPP

#include <clientbook/vault/backend.hpp>

#include <memory>
#include <utility>

#include <clientbook/internal/vault/book_core.hpp>

namespace clientbook {

inline constexpr error was_cancelled{errc::invalid_state, "the host has stopped this call"};

template <class Transaction>
class stoppable : public Transaction {
 public:
  stoppable(std::unique_ptr<Transaction> of, stop_sign& sign) noexcept
      : of_(std::move(of)), sign_(sign) {}

  std::uint64_t snapshot() const noexcept override { return of_->snapshot(); }

  result<byte_view> get(byte_view key) noexcept override {
    if (sign_.stops()) return was_cancelled;
    return of_->get(key);
  }

  result<void> walk(byte_view prefix, byte_view from,
                    callback_ref<bool(byte_view, byte_view)> visit) override {
    if (sign_.stops()) return was_cancelled;
    bool stopped = false;
    const auto done = of_->walk(prefix, from, [&](byte_view key, byte_view value) {
      stopped = sign_.stops();
      return !stopped && visit(key, value);
    });
    if (stopped) return was_cancelled;
    return done;
  }

  result<void> renew() noexcept override { return of_->renew(); }

 protected:
  std::unique_ptr<Transaction> of_;

 private:
  stop_sign& sign_;
};

using stoppable_read = stoppable<read_transaction>;

// Writes are not stopped: what has begun to write ends at its next read, or at its commit.
class stoppable_write final : public stoppable<write_transaction> {
 public:
  using stoppable::stoppable;

  result<void> put(byte_view key, byte_view value) noexcept override {
    return of_->put(key, value);
  }
  result<byte_span> reserve(byte_view key, std::size_t size) noexcept override {
    return of_->reserve(key, size);
  }
  result<void> erase(byte_view key) noexcept override { return of_->erase(key); }
  result<void> commit() noexcept override { return of_->commit(); }
};

}  // namespace clientbook

#endif
