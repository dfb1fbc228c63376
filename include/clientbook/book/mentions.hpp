// Mentions: where a customer's values stand in the notes of other customers.
//
// What is told is whose notes, which of them and what kind of value, never a value. What was
// found is a candidate: a name alone may be another person's, so such finds are counted apart.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_BOOK_MENTIONS_HPP
#define CLIENTBOOK_BOOK_MENTIONS_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/model/terms.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace clientbook {

/// What of the customer's record stands in a note.
enum class mention_kind : std::uint8_t {
  full_name = 0,  ///< A given name and the family name, one beside the other.
  email = 1,
  phone = 2,
  address = 3,  ///< A line of an address.
  id = 4,       ///< External and government ids.
  /// One name alone, a nickname, the front of an e-mail address: may be somebody else's.
  part_of_name = 5,
  household = 6,  ///< A person of their household, or a name of one.
};
inline constexpr std::size_t mention_kinds = 7;

/// `full_name`, ...; empty for a number that is none.
[[nodiscard]] std::string_view name_of(mention_kind kind) noexcept;

class mention_set {
 public:
  constexpr mention_set() noexcept = default;
  constexpr mention_set(std::initializer_list<mention_kind> kinds) noexcept {
    for (const mention_kind kind : kinds) bits_ |= bit(kind);
  }
  [[nodiscard]] constexpr bool contains(mention_kind kind) const noexcept {
    return (bits_ & bit(kind)) != 0;
  }
  friend constexpr bool operator==(mention_set, mention_set) = default;

 private:
  static constexpr unsigned bit(mention_kind kind) noexcept {
    return 1U << static_cast<unsigned>(kind);
  }
  unsigned bits_ = 0;
};
/// Those that name this customer and hardly anybody else.
inline constexpr mention_set certain_mentions{mention_kind::full_name, mention_kind::email,
                                              mention_kind::phone, mention_kind::address,
                                              mention_kind::id};
inline constexpr mention_set every_mention{mention_kind::full_name, mention_kind::email,
                                           mention_kind::phone,     mention_kind::address,
                                           mention_kind::id,        mention_kind::part_of_name,
                                           mention_kind::household};

/// Finds by mention_kind.
using mention_counts = std::array<std::uint32_t, mention_kinds>;

/// What stands in the notes of one other customer.
struct mention {
  customer_id in{};                    ///< Whose notes.
  std::vector<std::uint32_t> notes{};  ///< Which, by sequence; 0: a task, contact or wish.
  mention_counts found{};
};

struct mention_report {
  std::vector<mention> mentions{};  ///< As they were found: before anything was replaced.
  mention_counts found{};           ///< Of all of them together.
  mention_counts replaced{};        ///< Of these; zero where nothing was to be replaced.
  std::uint64_t customers = 0;      ///< Whose notes were looked through.
  std::uint64_t notes = 0;
  /// Customers with notes that the purpose may not search, and so were not.
  std::uint64_t not_permitted = 0;
  /// Notes that could not be looked through, or not be rewritten: damaged.
  std::uint64_t unreadable = 0;
  /// Values of the record that are too short or too long to be looked for, or that the purpose
  /// may not search with, or that are younger than 30 days or the asker's own word: fields then.
  std::uint32_t not_looked_for = 0;
  std::uint64_t ledger_index = 0;  ///< Of the entry about the search; of none when erasing.
};

enum class mentions_at_erasure : std::uint8_t {
  ignored,   ///< They are not looked for.
  reported,  ///< Looked for and left.
  replaced,  ///< By labels, in the transaction that erases.
};

/// What a law makes the shop keep of a customer who asks to be erased (session::kept_by_law()).
enum class law_kept_records : std::uint8_t {
  refuse,     ///< Then they are not erased.
  elsewhere,  ///< The shop has them elsewhere, in its accounts.
  /// They become retained records in the transaction that erases (retained.hpp), and so does the
  /// proof of what the customer had said.
  apart,
};

/// What an erasure does about notes of others.
struct erasure_options {
  mentions_at_erasure mentions = mentions_at_erasure::ignored;
  mention_set which = certain_mentions;             ///< Of these what is replaced.
  purpose_id purpose = purpose::rights_fulfilment;  ///< Under which others' notes are searched.
  /// For how long an import asks about the person's ids, e-mails and phones (session::remembered),
  /// so that an old file brings nobody back. 0: at their wish, nothing is remembered.
  std::uint8_t remembered_months = 24;
  /// The request that it answers (request.hpp), which is done with it: identity checked, recipients
  /// listed and told. 0: none.
  std::uint32_t request = 0;
  law_kept_records law_kept = law_kept_records::refuse;  ///< `refuse`: of a request's erasure.
  /// With law_kept_records::apart for how many years, 1 to 30, from the newest purchase, or the
  /// erasure where there is none: laws of countries say it (2006/112/EC 247), no profile does.
  std::uint8_t law_kept_years = 0;
};

}  // namespace clientbook

#endif
