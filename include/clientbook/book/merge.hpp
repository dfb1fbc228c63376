// Two customers who are one person: made one, and two again.
//
// One stays, the other goes into them. What the record of the one who goes holds is added to that
// of the one who stays; what both have otherwise stays as the one who stays has it, unless the
// caller takes the other's. Both ids lead to the one who stays. What either has said counts on, as
// two histories of which each has to permit what is permitted: making one of two opens nothing.
// For 30 days the one who went can be taken out again; until then their own record lies beside,
// sealed under their own key.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_MERGE_HPP
#define CLIENTBOOK_BOOK_MERGE_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/consent/evaluate.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace clientbook {

/// So many can be one customer beside the one who stayed.
inline constexpr std::size_t max_parts = 3;
/// For so many days somebody can be taken out again.
inline constexpr std::int64_t unmerge_days = 30;

/// What becomes of a field. Append, never renumber.
enum class merge_fate : std::uint8_t {
  same = 1,      ///< Both have it alike, or the one who goes has nothing that the other lacks.
  stays = 2,     ///< They differ: the one who stays keeps theirs, the other's goes.
  taken = 3,     ///< They differ: the other's is taken, as the caller said.
  added = 4,     ///< The one who stays had none.
  united = 5,    ///< Of a list what was lacking is added.
  left_out = 6,  ///< The two histories together do not permit to keep it: it is not taken over.
};
/// "same", "stays", ...; empty: none of them.
std::string_view name_of(merge_fate fate) noexcept;

struct merged_field {
  field_id field{};
  merge_fate fate = merge_fate::same;
  /// Of a list, of purchases and of notes: so many; of notes those that are for all.
  std::uint32_t added = 0;
  std::uint32_t alike = 0;  ///< And so many both have: purchases of the same order in one store.
  decision_code why{};      ///< Of what is left out.
};

enum class merge_mode : std::uint8_t { merge, only_tell };

struct merge_options {
  field_set take{};  ///< Of these the one who goes has the value that stays.
  merge_mode mode = merge_mode::merge;
};

/// Evidence that two became one, or two again, signed with the book's key (docs/format/book.md).
struct merge_receipt {
  bool undone = false;  ///< Of an unmerge.
  customer_id stays{};
  customer_id goes{};
  std::uint64_t ledger_index = 0;  ///< Of the entry about the one who stays.
  timestamp at{};
  timestamp until{};  ///< Until when it can be undone; of an unmerge 0.
  crypto::signature signature{};
};

struct merge_outcome {
  std::vector<merged_field> fields{};  ///< By number: each that the one who goes has.
  std::uint32_t directives = 0;        ///< What the one who goes had said.
  /// Of it, yeses that wait: a token that was sent for one is void while the two are one.
  std::uint32_t waiting = 0;
  std::uint32_t associates = 0;  ///< Who serve the one who stays too from now on.
  /// Cells that were open for the one who stays and are not any more; not told by who may not see
  /// consents.
  std::uint32_t closed = 0;
  merge_receipt receipt{};  ///< Empty where it was only told.
};

struct unmerge_outcome {
  field_set restored{};         ///< Of the one who stays: as they were before.
  field_set as_they_are{};      ///< Somebody has written them since: they stay as they are.
  std::uint32_t purchases = 0;  ///< That went back.
  std::uint32_t notes = 0;      ///< Those that are for all.
  std::uint32_t noes = 0;       ///< Said since the merge: they hold for both.
  merge_receipt receipt{};
};

/// Somebody who is a part of a customer.
struct customer_part {
  customer_id id{};
  timestamp since{};
  std::uint32_t by = 0;  ///< Number of the actor.
  timestamp until{};     ///< Until when they can be taken out again; 0: not any more.
};

}  // namespace clientbook

#endif
