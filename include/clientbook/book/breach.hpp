// Breach scope: whose data were in wrong hands, and which, as far as the book can tell.
//
// Asked for an actor whose credential somebody else used, a recipient from whom data were taken, or
// a copy of the book. The answer keeps apart what is certain, what is possible and what nobody can
// know any more, and never adds them up: it is what a controller owes the authority and the people
// (GDPR 33(3)(a), 34; EDPB Guidelines 9/2022). docs/breach.md tells how each is found.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_BOOK_BREACH_HPP
#define CLIENTBOOK_BOOK_BREACH_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/consent/vocabulary.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace clientbook {

/// What was in wrong hands.
enum class breach_source : std::uint8_t {
  actor = 1,      ///< A credential, or the device that acts with it: what was done with it.
  recipient = 2,  ///< A party that data were passed on to.
  data = 3,       ///< A copy of the data file alone.
  book = 4,       ///< A copy of the data file and of the root key, or the machine that has both.
  backup = 5,     ///< A backup without a mirror, or without enough shares.
  recovery = 6,   ///< A backup, a mirror and enough shares.
};

struct breach_query {
  breach_source source{};
  actor_id actor{};          ///< Of `actor`.
  recipient_id recipient{};  ///< Of `recipient`: a party of the registry, also a retired one.
  /// Or, of one that the registry does not have, its name as the ledger has it. Lives as long as
  /// the call.
  std::string_view recipient_name{};
  /// Of actor and recipient when it began, 0: nobody knows. Of copies when they were made at the
  /// earliest, 0: at `until`.
  timestamp since{};
  timestamp until{};  ///< When it ended, or when the copy was made at the latest; 0: now.
  /// Of `book` when the root key was copied, of `recovery` when the mirror was; 0: with the data.
  timestamp key_at{};
};

/// Somebody whom a breach concerns.
struct breached {
  customer_id customer{};
  field_set certain{};     ///< These were in wrong hands,
  field_set possible{};    ///< these may have been.
  field_set masked{};      ///< Of both, those that were given in a form that hides something.
  bool surely = false;     ///< It is certain that they are concerned, were it without a field.
  std::uint32_t laws = 0;  ///< Bit n: the nth of session::profiles() holds of them.
  field_set sensitive{};   ///< Of both, those that one of these laws calls sensitive.
  timestamp first{};       ///< Of what was seen or given: when first
  timestamp last{};        ///< and last; 0: of a copy.
};

/// What nobody can tell by name. Each is a number of its own.
enum class unknown_kind : std::uint8_t {
  erased_since = 1,    ///< People erased since who may have stood in the copy.
  erased_looks = 2,    ///< Looks, and customers of lists, of people who were erased since.
  erased_entries = 3,  ///< Entries of disclosures, to that class of recipients or by that actor,
                       ///< and of a recipient all reports of passing on, of people erased since.
  unnamed_looks = 4,   ///< Customers drawn by a session of the actor that named nobody.
  added_since = 5,     ///< Customers of whom nothing is as old as the copy: taken for new.
  gaps = 6,            ///< Times of which the book does not know what was done.
  reversals = 7,       ///< Tokens that the actor turned back into values: of whom no entry says.
  destroyed = 8,       ///< People whom the actor has erased: a loss is a breach too (GDPR 4(12)).
  pruned = 9,          ///< Entries that were taken out of the ledger: of what, nobody knows.
};
inline constexpr std::size_t unknown_kinds = 9;
struct breach_unknown {
  unknown_kind what{};
  std::uint64_t at_most = 0;
};

enum class breach_opens : std::uint8_t {
  no,        ///< Nobody reads what was taken: it is sealed under a key that was not.
  possibly,  ///< The days do not say whether data and key belong together.
  yes,
};

struct breach_scope {
  breach_opens opens = breach_opens::yes;
  std::uint64_t certain = 0;   ///< Customers,
  std::uint64_t possible = 0;  ///< and of whom it is not sure.
  std::uint64_t sealed = 0;    ///< Customers in a copy that does not open; nobody of them is named.
  std::vector<breach_unknown> unknown{};  ///< Without those that are 0.
};

/// "actor", "recipient", "data", "book", "backup", "recovery"; "erased_since", ...; empty: none.
[[nodiscard]] std::string_view name_of(breach_source source) noexcept;
[[nodiscard]] std::string_view name_of(unknown_kind what) noexcept;
[[nodiscard]] std::string_view name_of(breach_opens opens) noexcept;

}  // namespace clientbook

#endif
