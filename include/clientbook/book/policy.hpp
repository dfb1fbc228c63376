// Policy: which law profile a book follows, and how two people change that.
//
// A book keeps its own profile, from its first day on: a newer version of this library changes
// nothing in it. One actor proposes another profile, signed by a key that the book trusts, or
// proposes to trust a key; another one looks at what it would newly permit and approves. Only
// then it is in force, every customer's compiled state is made anew, and the ledger has an
// entry of it, all in one transaction. A proposal takes the place of the one before.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_POLICY_HPP
#define CLIENTBOOK_BOOK_POLICY_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/consent/profile_difference.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace clientbook {

/// What is proposed. Stored: append, never renumber.
enum class policy_kind : std::uint8_t {
  /// To follow a law profile, a signed file (profile_file.hpp), in place of the one of its name; of
  /// a book that follows a single one, in place of that.
  profile = 1,
  trust_key = 2,     ///< To trust signatures by a key of 32 bytes; at most 16.
  distrust_key = 3,  ///< No longer to trust it; what it signed and was approved stays.
  add_profile = 4,   ///< To follow a law profile beside those of the book, for who lives there.
};

struct policy_proposal {
  std::uint32_t number = 0;  ///< From 2, never given out twice.
  policy_kind kind = policy_kind::profile;
  actor_id proposer{};
  timestamp at{};
  std::vector<std::byte> content{};
};

/// What came into force, and its evidence.
struct policy_change {
  std::uint64_t ledger_index = 0;
  entry_id entry{};
  crypto::digest digest{};  ///< Of the profile or the key; the entry commits to it.
};

/// What a profile would permit that the book's own does not, and the other way round.
struct profile_effect {
  /// For somebody who has said nothing.
  std::vector<profile_change> newcomers{};
  /// For at least one customer of the book; beside their directives and age.
  std::vector<profile_change> customers{};
  std::uint64_t customers_opened = 0;  ///< To whom of them something opens.
  std::uint64_t customers_closed = 0;
};

}  // namespace clientbook

#endif
