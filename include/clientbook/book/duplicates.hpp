// One person twice: who may be somebody else who is in the book, and what is known of that.
//
// Two customers look like one person if they have the same e-mail address or phone number, or names
// that are alike and the same postcode or birth date. Of each customer only that counts which the
// purpose may query of them as it is; of people whom the actor does not reach nothing is told. What
// is compared lies in memory as digests under a random key of the call, and goes with it.
//
// Alike are names each word of which has a partner in the other one, in any order: a word that
// begins with the same letter and is as long but for a third of its letters at most, or its
// initial. The likeness of two names is 1 less all errors of their words (Damerau-Levenshtein: one
// letter wrong, missing, too many, or two changed places; an initial: one) divided by the letters
// of the longer partners, without case and accents. So another given name in the same household is
// another person, twins too.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_DUPLICATES_HPP
#define CLIENTBOOK_BOOK_DUPLICATES_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace clientbook {

/// Names that are less alike are not told of, in hundredths.
inline constexpr std::uint8_t alike_from = 80;
/// An address, a number, that more customers share tells nobody apart.
inline constexpr std::size_t max_sharing = 20;
/// The same of a postcode or a birth date, of which names are compared.
inline constexpr std::size_t max_neighbours = 10'000;
/// Who is said not to be the same as one customer, at most.
inline constexpr std::size_t max_not_same = 256;

/// An e-mail address or a phone number that both have: which one it is in the list of each, from 1.
struct shared_point {
  field_id field{};
  std::uint16_t in_first = 0;
  std::uint16_t in_second = 0;
  friend bool operator==(const shared_point&, const shared_point&) = default;
};

/// Two customers who may be one person. `first` came into the book before `second`.
struct duplicate_pair {
  customer_id first{};
  customer_id second{};
  std::vector<shared_point> points{};
  /// Likeness of the names in hundredths; 0: one has none, or the purpose may not query it.
  std::uint8_t names = 0;
  bool same_postcode = false;
  bool same_birth_date = false;
};

/// Who is looked for, and how.
struct duplicate_search {
  /// Pairs with one of these customers; empty: all pairs of the book.
  std::span<const customer_id> of{};
  std::size_t memory = std::size_t{64} << 20U;  ///< Bytes for digests, about. 0: the default.
};

/// What a search has come to.
struct duplicates_found {
  std::uint64_t pairs = 0;       ///< That were told.
  std::uint64_t not_same = 0;    ///< Pairs of which somebody has said that they are two people.
  std::uint64_t crowded = 0;     ///< Values that so many share that they were not gone by.
  std::uint64_t unreadable = 0;  ///< Customers who are damaged: verify() says how.
};

}  // namespace clientbook

#endif
