// The seals of a ledger's epochs as a text: what an auditor keeps, and anybody checks without the
// book. docs/format/ledger.md tells every line.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_RIGHTS_EPOCH_TEXT_HPP
#define CLIENTBOOK_RIGHTS_EPOCH_TEXT_HPP

#include <clientbook/book/epoch.hpp>
#include <clientbook/ledger/checkpoint.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

/// UTF-8, lines ended by LF.
result<wiped_text> seals_to_text(const epoch_evidence& seals);

struct proved_epoch {
  std::uint32_t number = 0;
  std::uint64_t from = 0;
  std::uint64_t size = 0;
  bool opened_anew =
      false;            ///< The log's own key opened the next one: of epoch 0, or a lost key's.
  bool pruned = false;  ///< Its seal is right; that the ledger goes on from it nothing shows.
};

struct proved_epochs {
  std::uint64_t size = 0;              ///< Of the ledger at the checkpoint.
  std::vector<proved_epoch> sealed{};  ///< Without a gap.
  std::uint32_t now = 0;               ///< The epoch under way; 0: none has a key.
  std::uint64_t from = 0;              ///< Its first entry: from there on nothing is sealed.
  crypto::verifying_key key{};         ///< Its key, to be written down.
};

/// Checks all of it: the checkpoint's signature; each seal, by the key that the one before names,
/// in their order; that the ledger goes on from each; that the next key's entry is the first behind
/// it. `known`: a key of an epoch that was written down when it was new, `<origin>+<key id>+<key>`;
/// empty: nobody has, and whoever stole the log's own key may have made all of it. Errors:
/// invalid_encoding
/// (`at`: the line; no seal), signature_invalid (another log's, by another key, `known` is none of
/// them), proof_invalid (a gap, twice, another history, pruned behind what is not), pruned (the
/// entries of the newest seal, or of the one by `known`: nothing ties them to the checkpoint).
///
/// Seals that were cut off at the end are no fault to be seen: `from` is then less than was written
/// down, and a key of an epoch behind the cut is none of theirs.
result<proved_epochs> check_seals(std::string_view text, const ledger::log_identity& log,
                                  std::string_view known = {});

/// {"ledger_size", "sealed": [{"epoch", "from", "size", "opened_anew", "pruned"}], "epoch", "from",
/// "key"}; key: null where no epoch has one.
result<std::string> proved_epochs_to_json(const proved_epochs& proved,
                                          const ledger::log_identity& log);

/// What is to be written down of an epoch: `<origin>+<key id>+<key>`.
result<std::string> epoch_key_text(const crypto::verifying_key& key, std::string_view origin);

/// {"epoch", "from", "key"} of the one that begins; `log` as session::log_identity().
result<std::string> epoch_to_json(const ledger_epoch& one, std::string_view log);

}  // namespace clientbook

#endif
