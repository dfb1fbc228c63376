// Epochs: stretches of the ledger, each sealed at its end with a key of its own.
//
// A checkpoint's key lives as long as the log: who steals it signs another past. A seal says with
// the epoch's key how large the ledger was at the epoch's end and what its root was, and names the
// key of the next epoch; the private key is then destroyed, so that nobody seals that stretch
// again, and a later key seals nothing of before. The first one is an opening, by the log's own
// key. Whoever checks brings the log's identity and a key of an epoch that they wrote down, from
// their policy.
//
// Formats: C2SP signed-note (Ed25519, type 01), docs/format/ledger.md. Texts go into the caller's
// buffer.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_LEDGER_EPOCH_SEAL_HPP
#define CLIENTBOOK_LEDGER_EPOCH_SEAL_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/ledger/checkpoint.hpp>
#include <clientbook/ledger/merkle.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace clientbook::ledger {

/// Room for a seal that write_epoch_seal() makes, for any origin.
inline constexpr std::size_t epoch_seal_room = 2 * max_origin + 480;

enum class seal_kind : std::uint8_t {
  opening,  ///< By the log's own key: before it nothing is sealed, or the last key was lost.
  sealing,  ///< By the key of the epoch that ends.
};

struct epoch_seal {
  std::string_view origin{};
  seal_kind kind = seal_kind::sealing;
  std::uint32_t epoch = 0;  ///< That ends. 0: what was before the first key.
  std::uint64_t from = 0;   ///< Its first entry; of epoch 0 it is 0, of others that of its key.
  std::uint64_t size = 0;   ///< Entries at its end: the next epoch begins with this index,
  hash root{};              ///< and the tree's root then.
  crypto::verifying_key next{};  ///< Key of the next epoch, whose first entry commits to it.
};

/// Errors: invalid_argument (origin; sizes that are none), limit_exceeded, buffer_too_small (`at`).
result<std::string_view> write_epoch_seal(const epoch_seal& seal, const crypto::signing_key& key,
                                          std::span<char> out) noexcept;

/// Reads a seal that this key has signed for this log. Views lie in `note`. Errors:
/// invalid_encoding (not a seal), signature_invalid (another origin, no signature of that key).
result<epoch_seal> verify_epoch_seal(std::string_view note, std::string_view origin,
                                     const crypto::verifying_key& key) noexcept;

/// What the entry that an epoch begins with commits to.
[[nodiscard]] hash epoch_key_commitment(const crypto::verifying_key& key) noexcept;

/// Takes seals in their order, and only those that go on from each other: one for each epoch, by
/// its own key, none by a later one.
class epoch_chain {
 public:
  /// `known`: the key of an epoch, as somebody wrote it down when it was new.
  explicit epoch_chain(const log_identity& log,
                       const std::optional<crypto::verifying_key>& known = std::nullopt) noexcept
      : log_(log), known_(known) {}

  /// On error nothing is taken. Errors: invalid_encoding, signature_invalid (not by the key of that
  /// epoch), proof_invalid (an epoch is left out or twice, or begins elsewhere).
  result<epoch_seal> add(std::string_view note) noexcept;
  /// Whether that is all of it: `known` is a key of an epoch since the last opening. Errors:
  /// signature_invalid (it is none of theirs: these are another's seals).
  result<void> finish() const noexcept;

  std::uint32_t epoch() const noexcept { return epoch_; }  ///< Under way; 0: none has a key.
  std::uint64_t from() const noexcept { return from_; }    ///< Its first entry.
  const crypto::verifying_key& key() const noexcept { return key_; }
  std::uint32_t openings() const noexcept { return openings_; }

 private:
  log_identity log_;
  std::optional<crypto::verifying_key> known_;
  bool met_ = false;
  std::uint32_t epoch_ = 0;
  std::uint32_t openings_ = 0;
  std::uint64_t from_ = 0;
  crypto::verifying_key key_{};
};

}  // namespace clientbook::ledger

#endif
