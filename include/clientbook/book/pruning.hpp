// Pruning: the oldest entries of the ledger go at the end of their time, and later proofs stay.
//
// What goes are entries, payloads and the tiles that hold nothing else; the hashes above stay, so
// that later entries are proven as before, and so that the ledger goes on from every checkpoint of
// as many entries or more. Nobody can tell any more what went: who asks is told so (errc::pruned),
// and never that there was nothing.
//
// Thread safety: every type here is a value.
#ifndef CLIENTBOOK_BOOK_PRUNING_HPP
#define CLIENTBOOK_BOOK_PRUNING_HPP

#include <clientbook/base/time.hpp>
#include <clientbook/book/retention.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace clientbook {

/// So many entries go in one call at most, so that it ends,
inline constexpr std::uint64_t max_pruned_at_once = std::uint64_t{1} << 17U;
/// and so many in one of its transactions: others write in between.
inline constexpr std::uint64_t max_pruned_in_one_change = std::uint64_t{1} << 12U;

/// What keeps entries. Append, never renumber.
enum class prune_bound : std::uint8_t {
  younger = 1,      ///< An entry that is not of a day before the one that was said.
  unseen = 2,       ///< Nobody outside has seen more entries (witnesses, the published checkpoint).
  pin = 3,          ///< The pin beside the key has not.
  held = 4,         ///< The first entry of somebody whom a legal hold is on,
  requested = 5,    ///< of whose requests one has not ended,
  in_case = 6,      ///< whom an open case of any kind but records names,
  kept_by_law = 7,  ///< or of whom a law has the shop keep fields.
  retained = 8,     ///< The erasure that a retained record is of.
};
/// "younger", "unseen", "pin", "held", "requested", "in_case", "kept_by_law", "retained".
[[nodiscard]] std::string_view name_of(prune_bound why) noexcept;

struct prune_options {
  /// Entries of days before may go. Not behind the book's today.
  date before{0, 0, 0};
  /// A checkpoint of this ledger that others hold: as good as a witness's. Empty: witnesses alone.
  std::string_view published{};
  retention_mode mode = retention_mode::run;
};

struct kept_from {
  prune_bound why{};
  std::uint64_t index = 0;  ///< This entry and all later ones stay.
};

/// Entries go from the oldest on, in tiles of 256: [from, until).
struct pruning {
  std::uint64_t from = 0;
  std::uint64_t until = 0;  ///< As `from`: nothing goes.
  date first{0, 0, 0};      ///< Days of the first and the last that go; month 0: none does.
  date last{0, 0, 0};
  std::vector<kept_from> kept{};  ///< What keeps the rest, for each reason the first entry.
  bool more = false;  ///< Another call takes more, or tells what is wrong: this one was as large
                      ///< as one may be, or others have just placed what keeps the rest.
};

/// What was taken out of a customer's entries.
struct pruned_entries {
  std::uint64_t entries = 0;  ///< So many of theirs, the oldest.
  std::uint64_t below = 0;    ///< All entries of the ledger with a smaller index are gone.
};

}  // namespace clientbook

#endif
