// What the book holds of a customer beside the record and what was said: for what each field is
// kept, since when, and who said so; whose customer they are; what a file said last of a field;
// since when its value is as it is, by whom; legal holds; who is said to be somebody else; who is a
// part of this customer, or whose part they are; and which notes are pinned.
// Sealed under the customer's key, so that it goes with it; docs/format/book.md has the bytes.
#ifndef CLIENTBOOK_BOOK_CUSTOMER_ROW_HPP
#define CLIENTBOOK_BOOK_CUSTOMER_ROW_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/book/duplicates.hpp>
#include <clientbook/book/merge.hpp>
#include <clientbook/book/note_policy.hpp>
#include <clientbook/book/portfolio.hpp>
#include <clientbook/book/retention.hpp>
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/model/schema.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace clientbook {

/// Fields that are kept for the same purposes since the same day by the same actor.
struct kept_group {
  field_set fields{};
  purpose_set purposes{};
  std::int64_t day = 0;  ///< Since 1970-01-01.
  actor_id by{};
  friend bool operator==(const kept_group&, const kept_group&) = default;
};

/// Fields whose values, or whose absence, are as they are since the same day by the same actor.
struct value_group {
  field_set fields{};
  std::int64_t day = 0;  ///< Since 1970-01-01.
  actor_id by{};
  bool imported = false;  ///< By what the shop takes in at once: see session_state::counting().
  friend bool operator==(const value_group&, const value_group&) = default;
};

/// What a file said last of a field, as a digest: enough to tell whether it says anything new, and
/// whether somebody has changed the field since.
struct file_word {
  std::uint8_t place = 0;  ///< Number of the field, or `of_decisions`.
  /// Nothing: the field was taken out since, and a file does not bring it back.
  std::optional<std::uint64_t> digest{};
  static constexpr std::uint8_t of_decisions = 64;  ///< All that it said of consents.
  friend bool operator==(const file_word&, const file_word&) = default;
};

/// Ids and people of the household are added to what the book has, whatever a file said before.
constexpr bool adds_only(field_id id) noexcept {
  return id == field::external_ids || id == field::household;
}

/// Of the value of a field, or of the text of what was decided.
std::uint64_t digest_of_word(std::uint8_t place, byte_view said) noexcept;

/// What became of what a file says of consents: something that opens was left out, or waits.
enum class decisions_taken : std::uint8_t { whole, not_opened };
std::uint64_t digest_of_decisions(std::string_view said, decisions_taken how);

/// Somebody who is a part of this customer: what they had said stands in this customer's chain of
/// directives too, from `first` on, and what they had bought and what was noted of them among this
/// customer's.
struct merged_part {
  std::uint64_t number = 0;
  std::uint32_t first = 0;  ///< Place in the chain of the first one that they had said, or would.
  std::uint32_t directives = 0;
  std::uint32_t born = 0;  ///< As manifest::born: by what their own history is compiled.
  std::uint32_t first_purchase = 0;
  std::uint32_t purchases = 0;
  std::uint32_t first_note = 0;
  std::uint32_t notes = 0;
  std::int64_t at = 0;  ///< Seconds since 1970 UTC.
  actor_id by{};
  bool undoable = false;  ///< What was before is still there.
  bool canary = false;    ///< This customer is one only since they are.
  friend bool operator==(const merged_part&, const merged_part&) = default;
};

inline constexpr std::size_t max_times_as_one = 64;

/// A time in which this customer was a part of another one and no more is: what left of that one
/// then, and who looked, concerns both.
struct time_as_one {
  std::uint64_t with = 0;   ///< Number of the customer who stayed.
  std::uint64_t first = 0;  ///< Of the ledger's entries the first one behind the merge,
  std::uint64_t end = 0;    ///< and the first one that is of two again.
  std::int64_t since = 0;   ///< Seconds since 1970 UTC.
  std::int64_t until = 0;
  friend bool operator==(const time_as_one&, const time_as_one&) = default;
};

/// Of the customer's notes what is not in them. Who sees a note stands in the note itself.
struct notes_kept {
  std::uint32_t limited = 0;            ///< How many are not for all.
  std::vector<std::uint32_t> pinned{};  ///< Their numbers in the store, ascending.
  friend bool operator==(const notes_kept&, const notes_kept&) = default;
};

// Written with the record, in the same transaction, by whatever changes it. Each field is in one
// group at most of `kept` and of `values`: keep() adds purposes and takes none away, drop()
// takes the field out whatever it was kept for, hold() puts it where the last word about it
// says.
struct customer_row {
  std::vector<kept_group> kept{};  ///< No field twice.
  portfolio whose{};
  std::vector<file_word> said{};  ///< By place.
  /// No field twice; none of a customer whom an older program has put into the book.
  std::vector<value_group> values{};
  std::vector<legal_hold> holds{};  ///< By number; those that have run out among them.
  std::uint32_t last_hold = 0;      ///< The last number that was given.
  /// Tokens of this customer's id under keys of those who are somebody else, ascending.
  std::vector<std::array<std::byte, 8>> not_same{};
  notes_kept notes{};
  std::vector<merged_part> parts{};     ///< In the order in which they became parts.
  std::uint64_t part_of = 0;            ///< Whose part they are: a customer's number, 0: nobody's.
  std::vector<time_as_one> were_one{};  ///< In the order of the ledger.

  /// For what a field is kept; empty: the row does not say.
  purpose_set purposes_of(field_id field) const noexcept;
  /// The fields of each pair are kept for its purpose too; what they were kept for they still are.
  void keep(std::span<const std::pair<purpose_id, field_set>> more, std::int64_t day, actor_id by);
  void drop(field_set fields);
  /// From now on the values of these fields are as somebody has just given them.
  void hold(const value_group& given);
  /// Null: nobody knows.
  const value_group* value_of(field_id field) const noexcept;
  /// Null if no file has said anything of it.
  const file_word* word_of(std::uint8_t place) const noexcept;
  void say(std::uint8_t place, std::optional<std::uint64_t> digest);
  friend bool operator==(const customer_row&, const customer_row&) = default;
};

std::vector<std::byte> encode(const customer_row& row);
/// Errors: newer_format (a member of a later version), invalid_encoding.
result<customer_row> decode_customer_row(byte_view bytes);

}  // namespace clientbook

#endif
