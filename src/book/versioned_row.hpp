// A sealed row of the book's own whose version stands in the book row, so that none that was there
// before passes for it and none goes missing unseen.
#ifndef CLIENTBOOK_BOOK_VERSIONED_ROW_HPP
#define CLIENTBOOK_BOOK_VERSIONED_ROW_HPP

#include <clientbook/base/callback_ref.hpp>
#include <clientbook/internal/model/cbor.hpp>

#include <cstdint>
#include <limits>
#include <string_view>

#include <clientbook/internal/vault/book_core.hpp>

namespace clientbook {

/// Which one: the row numbered 0 of a table.
struct row_kind {
  storage::table table;
  std::uint32_t book_row::*version;  ///< 0: there never was one.
  std::string_view key;              ///< Label under which the key *actors* makes the row's.
  literal gone;                      ///< Said where the book row tells of one that is not there.
};

// Knows which version was read last; what the bytes mean is the store's. One writer, the store
// that has it; every write moves the version in the book row in the same transaction, so either
// both are there or neither.
class versioned_row {
 public:
  versioned_row(book_core& core, const row_kind& of) noexcept : core_(core), of_(of) {}

  /// Hands out the newest bytes where they are others than those that were read or written last;
  /// none: there never was such a row. Bytes that `take` refuses are handed out again the next
  /// time. Errors: those of the store and of `take`, row_missing.
  result<void> follow(callback_ref<result<void>(byte_view)> take);
  /// Precondition: inside a change. Errors: those of the store.
  result<void> write(byte_view bytes);
  /// What was read is not what holds any more.
  void forget() noexcept { read_ = unread; }

  /// The key of this row and of others beside it in its table.
  secret<32> key() const { return crypto::derive(core_.keys().actors, of_.key); }
  storage::table table() const noexcept { return of_.table; }

 private:
  static constexpr std::uint32_t unread = std::numeric_limits<std::uint32_t>::max();

  book_core::place place_of(std::uint32_t version) const noexcept;

  book_core& core_;
  row_kind of_;
  std::uint32_t read_ = unread;
  private_bytes plain_;
};

/// A number that fits, else the reader fails with `otherwise`.
template <class Integer>
Integer read_number(cbor::reader& from, const error& otherwise) noexcept {
  const std::uint64_t value = from.unsigned_integer();
  if (value > std::numeric_limits<Integer>::max()) from.fail(otherwise.code, otherwise.text);
  return static_cast<Integer>(value);
}

}  // namespace clientbook

#endif
