// Where a customer's record and items lie in the store, and what they are bound to there.
#ifndef CLIENTBOOK_BOOK_PLACES_HPP
#define CLIENTBOOK_BOOK_PLACES_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/crypto/key_tree.hpp>

#include <cstdint>

#include <clientbook/internal/vault/book_core.hpp>

namespace clientbook {

inline storage::key record_key(customer_no number) noexcept {
  return storage::key(storage::table::record).add(number.value);
}

/// Items are numbered from 1 without a gap.
inline storage::key item_key(customer_no number, storage::item_kind kind,
                             std::uint32_t sequence) noexcept {
  return storage::key(storage::table::item)
      .add(number.value)
      .add(static_cast<std::uint8_t>(kind))
      .add(sequence);
}

inline book_core::place customer_row_place(customer_no number, const manifest& entry) noexcept {
  return {.key = storage::key(storage::table::customer_row).add(number.value),
          .table = storage::table::customer_row,
          .customer = number,
          .version = record_version(entry.customer_row),
          .key_version = entry.key_version};
}

/// Notes are rewritten, and then have a new version; purchases never.
inline book_core::place item_place(customer_no number, const manifest& entry,
                                   storage::item_kind kind, std::uint32_t sequence) noexcept {
  return {.key = item_key(number, kind, sequence),
          .table = storage::table::item,
          .kind = static_cast<std::uint8_t>(kind),
          .customer = number,
          .record = sequence,
          .version = record_version(kind == storage::item_kind::note ? entry.notes_version : 0),
          .key_version = entry.key_version};
}

/// Whose consents a restore has ended: how many directives they had with that one (4 bytes), so
/// that whoever has more has said something since.
inline book_core::place to_ask_place(customer_no number) noexcept {
  return {.key = storage::key(storage::table::meta).add(std::uint8_t{5}).add(number.value),
          .table = storage::table::meta,
          .kind = 5,
          .customer = number};
}

/// A row of the book's own.
inline book_core::place own_place(storage::table where, std::uint32_t number) noexcept {
  return {.key = storage::key(where).add(number),
          .table = where,
          .customer = own_number,
          .record = number};
}

}  // namespace clientbook

#endif
