// Checkpoints: a signed statement of how large the ledger is and what its root is, and
// proofs that can be checked offline with it.
//
// Formats: C2SP tlog-checkpoint, signed-note (Ed25519, type 01) and tlog-proof. Texts go
// into the caller's buffer. Whoever verifies brings origin and key from their own policy,
// never from the store.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_LEDGER_CHECKPOINT_HPP
#define CLIENTBOOK_LEDGER_CHECKPOINT_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/ledger/merkle.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace clientbook::ledger {

inline constexpr std::size_t max_origin = 255;  ///< Bytes.
/// Room for a checkpoint that write_checkpoint() makes, for any origin.
inline constexpr std::size_t checkpoint_room = 2 * max_origin + 224;
/// Room for a proof that write_log_proof() makes, beside entry and checkpoint.
inline constexpr std::size_t log_proof_room = 64 * 45 + 64;

struct checkpoint {
  std::string_view origin{};  ///< `<host>/clientbook/<year>`; no spaces, no `+`.
  std::uint64_t size = 0;
  hash root{};
};

/// A log as its verifier knows it. The name of the key is the origin.
struct log_identity {
  std::string_view origin{};
  crypto::verifying_key key{};
};

/// A checkpoint, signed. Errors: invalid_argument (origin), limit_exceeded (size),
/// buffer_too_small (`at`: bytes needed).
result<std::string_view> write_checkpoint(const checkpoint& head, const crypto::signing_key& key,
                                          std::span<char> out) noexcept;

/// Reads a checkpoint that this log has signed. Signatures by others, such as witnesses, are
/// passed over; extension lines are refused. Views lie in `note`.
/// Errors: invalid_encoding (not a checkpoint), signature_invalid (another origin, no
/// signature of that key, a wrong one), limit_exceeded.
result<checkpoint> verify_checkpoint(std::string_view note, const log_identity& log) noexcept;

/// `<origin>+<key id>+<key>`, as verifiers keep it in their policy.
/// Errors: invalid_argument (origin), buffer_too_small (`at`: bytes needed).
result<std::string_view> write_log_identity(const log_identity& log, std::span<char> out) noexcept;
/// Errors: invalid_encoding, unsupported (another kind of key).
result<log_identity> parse_log_identity(std::string_view text) noexcept;

/// One file with all it takes to show that an entry is in the ledger: the entry, its index,
/// the inclusion proof, the checkpoint. Errors: limit_exceeded (an entry above 64 KiB or a
/// checkpoint above 16 KiB), buffer_too_small (`at`: bytes needed).
result<std::string_view> write_log_proof(byte_view entry, std::uint64_t index,
                                         std::span<const hash> path, std::string_view checkpoint,
                                         std::span<char> out) noexcept;

struct proved_entry {
  byte_view entry{};  ///< In the caller's buffer.
  std::uint64_t index = 0;
  checkpoint head{};  ///< Its views lie in the text.
};

/// Checks such a file as a whole; the entry is decoded into `room`.
/// Errors: invalid_encoding, signature_invalid, proof_invalid, buffer_too_small.
result<proved_entry> verify_log_proof(std::string_view text, const log_identity& log,
                                      byte_span room) noexcept;

}  // namespace clientbook::ledger

#endif
