// Epochs of the ledger: what is over was sealed with a key that is destroyed
// (ledger/epoch_seal.hpp).
//
// The key of an epoch lies in the key tree, as a customer's does, and goes as an erasure goes: with
// a new root key, so that no copy of the book opens it with the keys of today. Who gets hold of all
// keys of today seals nothing of before.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_EPOCH_HPP
#define CLIENTBOOK_BOOK_EPOCH_HPP

#include <clientbook/crypto/crypto.hpp>
#include <clientbook/ledger/merkle.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clientbook {

struct ledger_epoch {
  std::uint32_t number = 0;             ///< From 1; 0: what was before there were keys.
  std::uint64_t from = 0;               ///< Its first entry, that of its key.
  std::optional<std::uint64_t> size{};  ///< Of the ledger at its end; none: it is under way.
  crypto::verifying_key key{};          ///< Of epoch 0 zeros.
  std::string seal{};                   ///< A signed note; empty: it is under way.
};

/// A seal, and that the ledger went on from it.
struct proved_seal {
  std::string note{};
  bool pruned = false;  ///< What would show it is gone (pruning.hpp): signatures alone.
  std::vector<ledger::hash> path{};  ///< Consistency proof from its size to the checkpoint's.
  std::vector<std::byte> entry{};    ///< The first of the next epoch, which commits to its key,
  std::vector<ledger::hash> entry_path{};  ///< and its inclusion proof.
};

struct epoch_evidence {
  std::string log{};         ///< Origin and key, as session::log_identity().
  std::string checkpoint{};  ///< A C2SP signed note.
  std::vector<proved_seal> seals{};
};

}  // namespace clientbook

#endif
