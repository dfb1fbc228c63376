// Witnesses: others who have seen a checkpoint, and that the ledger goes on from what they saw
// before.
//
// A log alone can show one ledger to one person and another to the next, and can cut off its end. A
// witness signs no second history of a log: it stores what it has seen before it answers. Formats:
// C2SP tlog-cosignature (Ed25519, type 04) and the body of tlog-witness's `add-checkpoint`. Nothing
// here talks to anybody: a request is a text that the host posts to `<witness>/add-checkpoint`, and
// the answer is a text again.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_LEDGER_WITNESS_HPP
#define CLIENTBOOK_LEDGER_WITNESS_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/ledger/checkpoint.hpp>
#include <clientbook/ledger/merkle.hpp>
#include <clientbook/ledger/signed_note.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace clientbook::ledger {

/// Room for what write_add_checkpoint() makes, beside the checkpoint.
inline constexpr std::size_t add_checkpoint_room = 64 * 45 + 32;
/// Room for the line that write_cosignature() makes, beside the name.
inline constexpr std::size_t cosignature_room = 128;

/// `<name>+<key id>+<key>` of a witness: the key's type is that of cosignatures, not of logs.
/// Errors: as write_note_key().
result<std::string_view> write_witness_key(const note_key& witness, std::span<char> out) noexcept;
/// Views lie in `text`. Errors: as parse_note_key(); unsupported: a log's key.
result<note_key> parse_witness_key(std::string_view text) noexcept;

/// When this witness has signed the checkpoint, by its own clock.
/// Errors: invalid_encoding (no note, or a time that is none), not_found (no cosignature of that
/// key), signature_invalid (a wrong one), limit_exceeded (the note; a text longer than a
/// checkpoint's).
result<timestamp> verify_cosignature(std::string_view note, const note_key& witness) noexcept;

/// The line that a witness adds to a checkpoint, with its line end.
/// Errors: invalid_argument (a name; a time before 1970 or at its beginning), invalid_encoding (no
/// note), buffer_too_small (`at`: bytes needed).
result<std::string_view> write_cosignature(std::string_view note, std::string_view name,
                                           const crypto::signing_key& key, timestamp at,
                                           std::span<char> out) noexcept;

/// The body of `add-checkpoint`: the size that the witness has seen last (0: nothing yet), the
/// proof that the ledger goes on from there, the checkpoint as the log has signed it. Errors:
/// limit_exceeded, buffer_too_small (`at`: bytes needed).
result<std::string_view> write_add_checkpoint(std::uint64_t old_size, std::span<const hash> path,
                                              std::string_view checkpoint,
                                              std::span<char> out) noexcept;

struct add_checkpoint {
  std::uint64_t old_size = 0;
  proof path{};
  std::string_view checkpoint{};  ///< A view into the text; not verified.
};
/// Errors: invalid_encoding.
result<add_checkpoint> parse_add_checkpoint(std::string_view text) noexcept;

}  // namespace clientbook::ledger

#endif
