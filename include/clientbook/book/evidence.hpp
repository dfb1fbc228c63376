// Evidence: a customer's entries of the ledger, so that anybody can check them without the book.
//
// An entry is in the tree in clear; its payload, which says whom and what, is opened with the
// customer's key and belongs to the customer. The entry commits to the payload, the path leads from
// the entry to the root of the checkpoint, and payloads are numbered from 1 without a gap: who
// holds all of it sees that nothing was changed, and that nothing between the first and the last is
// missing. What was pruned is a beginning of them: so many, all of a smaller index than is said.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_EVIDENCE_HPP
#define CLIENTBOOK_BOOK_EVIDENCE_HPP

#include <clientbook/book/pruning.hpp>
#include <clientbook/ledger/merkle.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace clientbook {

struct entry_evidence {
  std::uint64_t index = 0;
  std::vector<std::byte> entry{};    ///< As the tree has it (ledger::decode_entry()).
  wiped_bytes payload{};             ///< As ledger::open_payload() reads it.
  std::vector<ledger::hash> path{};  ///< Leaf's sibling first.
};

/// What a witness has cosigned last, and that the evidence's checkpoint goes on from it.
struct witnessed_head {
  std::string note{};                ///< That checkpoint, with the cosignature.
  std::vector<ledger::hash> path{};  ///< Consistency proof; none: it is the same size.
};

struct ledger_evidence {
  std::string log{};         ///< Origin and key, as session::log_identity().
  std::string checkpoint{};  ///< A C2SP signed note: size and root that the paths lead to.
  std::vector<entry_evidence> entries{};  ///< Oldest first.
  pruned_entries pruned{};                ///< What lies before the first.
  std::vector<witnessed_head> witnessed{};
};

}  // namespace clientbook

#endif
