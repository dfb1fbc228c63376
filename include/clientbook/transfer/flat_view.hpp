// A flat view: a view as one block of bytes with tables of offsets, which a program in another
// language reads in place: no decoder, no call per value.
//
// docs/format/flat_view.md has every byte. In short: a header, then a table with an entry a field,
// sorted by number, then the values, each where its entry says. Lists and structs are tables of the
// same form. Integers are little-endian, everything begins at a multiple of 8, and a text is
// followed by a NUL. The block holds personal data and is wiped when it is given back.
//
// flat_view reads a block, and trusts none: open() looks at every offset before it is followed.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_TRANSFER_FLAT_VIEW_HPP
#define CLIENTBOOK_TRANSFER_FLAT_VIEW_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/book/view.hpp>
#include <clientbook/model/personal_text.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/transfer/view_json.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace clientbook {

inline constexpr std::uint16_t flat_view_version = 1;

/// What lies at an entry's offset. Kept in the format: append, never renumber.
enum class flat_kind : std::uint8_t {
  none = 0,       ///< Nothing: absent or withheld.
  text = 1,       ///< UTF-8, and a NUL behind its length.
  integer = 2,    ///< 8 bytes, signed.
  boolean = 3,    ///< 1 byte: 0 or 1.
  date = 4,       ///< 4 bytes: year (2; 0: without), month, day.
  timestamp = 5,  ///< 8 bytes, signed: seconds since 1970.
  bytes = 6,      ///< As they are: a customer's id.
  list = 7,       ///< A table; an entry's number is its place, from 0.
  structure = 8,  ///< A table; an entry's number is the member's key.
  cbor = 9,       ///< One item of deterministic CBOR: what this version does not know.
};

struct flat_entry {
  std::uint16_t number = 0;
  field_state state = field_state::not_asked;  ///< Of members and elements: shown.
  field_type type{};                           ///< Of fields only.
  decision_code reason = decision_code::none;  ///< Of fields only.
  flat_kind kind = flat_kind::none;
  redaction_operator form = redaction_operator::none;  ///< Of a redacted field.
  /// Of a field that is shown: how many of its contact points are not, as view::left_out(); at most
  /// 255 are told.
  std::uint8_t left_out = 0;
  std::uint32_t offset = 0;  ///< From the block's begin.
  std::uint32_t length = 0;  ///< In bytes, without the NUL of a text.
};

/// Errors: invalid_encoding (a value that is not deterministic CBOR; `at`: the field),
/// limit_exceeded (above 4 GiB, or a list of more than 65,535 elements).
result<wiped_bytes> flatten(const view& seen, const schema& fields, const view_reasons& reasons);

/// A record of the caller's own: every field is shown, without a reason; the id is zero.
/// Errors: as above; also invalid_encoding (numbers not ascending).
result<wiped_bytes> flatten(const record_view& record, const schema& fields);

/// Purchases or notes: one field, a list of structures whose member 0 is the sequence and member 1
/// the item. Errors: as above.
result<wiped_bytes> flatten(const item_list& seen, const field_definition& field,
                            decision_code reason = decision_code::none);

/// Entries of a block that open() has looked through.
class flat_table {
 public:
  flat_table() noexcept = default;
  std::size_t size() const noexcept { return entries_.size() / 16; }
  /// Precondition: place < size().
  flat_entry at(std::size_t place) const noexcept;
  std::optional<flat_entry> find(std::uint16_t number) const noexcept;

 private:
  friend class flat_view;
  explicit flat_table(byte_view entries) noexcept : entries_(entries) {}
  byte_view entries_;
};

/// A block, read in place; views live as long as it.
class flat_view {
 public:
  /// Errors: truncated, newer_format, invalid_encoding (`at`: the offset).
  static result<flat_view> open(byte_view block) noexcept;

  customer_id id() const noexcept;  ///< All zero for items.
  /// When the decision must be made anew.
  timestamp valid_until() const noexcept;
  flat_table fields() const noexcept;

  // Of an entry of this block. Errors: wrong_type (its kind is another).
  result<personal_text> text(const flat_entry& of) const noexcept;
  result<std::int64_t> integer(const flat_entry& of) const noexcept;
  result<bool> boolean(const flat_entry& of) const noexcept;
  result<date> day(const flat_entry& of) const noexcept;
  result<timestamp> instant(const flat_entry& of) const noexcept;
  result<byte_view> bytes(const flat_entry& of) const noexcept;   ///< bytes and cbor
  result<flat_table> table(const flat_entry& of) const noexcept;  ///< list and structure

 private:
  explicit flat_view(byte_view block) noexcept : block_(block) {}
  byte_view at(const flat_entry& of) const noexcept { return block_.subspan(of.offset, of.length); }
  byte_view block_;
};

}  // namespace clientbook

#endif
