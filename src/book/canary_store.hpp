// Canaries and the alarms that they raised: one sealed row, its version in the book row.
#ifndef CLIENTBOOK_BOOK_CANARY_STORE_HPP
#define CLIENTBOOK_BOOK_CANARY_STORE_HPP

#include <clientbook/book/canary.hpp>

#include <span>
#include <vector>

#include <clientbook/internal/vault/book_core.hpp>

namespace clientbook {

class canary_store {
 public:
  explicit canary_store(book_core& core) noexcept : core_(core) {}

  struct alarm {
    customer_no customer{};
    actor who{};
    purpose_id purpose{};
    timestamp at{};
  };

  /// Ascending; valid until the next call. Errors of all: those of the store, row_missing,
  /// newer_format, invalid_encoding.
  result<std::span<const std::uint64_t>> all();
  result<bool> has(customer_no number);
  result<std::span<const alarm>> alarms();

  /// Precondition of both: inside a change.
  result<void> set(std::vector<std::uint64_t> numbers);
  result<void> note(std::span<const alarm> more);
  void forget() noexcept { read_ = unread; }

 private:
  static constexpr std::uint32_t unread = ~std::uint32_t{0};

  book_core::place place_of(std::uint32_t version) const noexcept;
  result<void> follow();
  result<void> read();
  result<void> write();

  book_core& core_;
  std::uint32_t read_ = unread;
  std::vector<std::uint64_t> numbers_;
  std::vector<alarm> alarms_;
  private_bytes plain_;
};

}  // namespace clientbook

#endif
