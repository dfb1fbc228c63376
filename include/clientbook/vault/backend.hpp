// Backend: the port to an ordered key-value store with serialisable transactions.
//
// The library never relies on a backend for secrecy or integrity: all values are sealed
// and bound to their place before they get here. Keys are 1 to 64 bytes, compared as
// unsigned bytes; values up to 1 GiB.
//
// Thread safety: a backend may be shared between threads; a transaction belongs to the
// thread that began it. Any number of read transactions, in any number of processes, run
// beside one write transaction and see the state of their beginning.
#ifndef CLIENTBOOK_VAULT_BACKEND_HPP
#define CLIENTBOOK_VAULT_BACKEND_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/callback_ref.hpp>
#include <clientbook/base/result.hpp>

#include <cstdint>
#include <memory>

namespace clientbook {

/// A stable view of the store. Views it returns live until its end (in a write
/// transaction: until the next put or erase).
class read_transaction {
 public:
  virtual ~read_transaction() = default;

  /// Number of the commit that this transaction sees; grows with every commit by anybody.
  /// Two read transactions with one number see the same bytes. In a write transaction: the
  /// commit that it builds on.
  virtual std::uint64_t snapshot() const noexcept = 0;

  /// Errors: not_found, io_error, damaged.
  virtual result<byte_view> get(byte_view key) noexcept = 0;

  /// Calls `visit(key, value)` for each key >= `from` that begins with `prefix`, in order,
  /// until it returns false. `visit` must not write. An error of the store ends the walk.
  virtual result<void> walk(byte_view prefix, byte_view from,
                            callback_ref<bool(byte_view key, byte_view value)> visit) = 0;

  /// Ends this view of the store and begins a new one at the newest commit, at little cost.
  /// Not for write transactions (invalid_state).
  virtual result<void> renew() noexcept = 0;
};

/// Destroyed without commit(): nothing of it remains.
class write_transaction : public read_transaction {
 public:
  /// Errors: disk_full, io_error, limit_exceeded, commit_conflict (run the whole transaction
  /// again). After one the transaction can only be dropped. invalid_argument (a key outside
  /// 1 to 64 bytes) changes nothing, the transaction goes on.
  virtual result<void> put(byte_view key, byte_view value) noexcept = 0;

  /// Room of `size` bytes for the value of `key`, to be filled before the next call on this
  /// transaction: saves a copy. Errors as put.
  virtual result<byte_span> reserve(byte_view key, std::size_t size) noexcept = 0;

  /// Errors: not_found; as put.
  virtual result<void> erase(byte_view key) noexcept = 0;

  /// Durable when it returns. Errors: disk_full, io_error (the backend is then poisoned:
  /// every later call returns invalid_state until it is opened again), commit_conflict (run
  /// the whole transaction again). On every error nothing of the transaction remains, but
  /// after io_error that is certain only when the store was opened again.
  virtual result<void> commit() noexcept = 0;
};

struct backend_figures {
  std::uint64_t bytes_used = 0;  ///< Live and free pages, bytes.
  std::uint64_t bytes_free = 0;  ///< Of these, bytes that can be used again.
  std::uint64_t entries = 0;
};

class backend {
 public:
  virtual ~backend() = default;

  /// Errors: invalid_state (poisoned), limit_exceeded (too many readers), io_error.
  virtual result<std::unique_ptr<read_transaction>> begin_read() noexcept = 0;

  /// Waits for the end of another write transaction. Errors: as begin_read; permission_denied;
  /// invalid_state (this thread has one already); locked (the store is out of step: close it
  /// everywhere and open it again).
  virtual result<std::unique_ptr<write_transaction>> begin_write() noexcept = 0;

  virtual result<backend_figures> figures() noexcept = 0;
};

}  // namespace clientbook

#endif
