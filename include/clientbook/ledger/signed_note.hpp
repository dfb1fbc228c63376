// Signed notes: a text of lines and, below a blank one, who has signed it.
//
// Format: C2SP signed-note with Ed25519 (type 01). Checkpoints are signed notes, and so is what a
// recipient of data acknowledges. Texts go into the caller's buffer. Whoever verifies brings name
// and key from their own policy, never from the note.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_LEDGER_SIGNED_NOTE_HPP
#define CLIENTBOOK_LEDGER_SIGNED_NOTE_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace clientbook::ledger {

inline constexpr std::size_t max_key_name = 255;  ///< Bytes.
inline constexpr std::size_t max_note = 16384;    ///< Bytes, with its signatures.
/// Room for the signature that write_note() puts behind a text, beside the name.
inline constexpr std::size_t note_signature_room = 128;
/// Room for what write_note_key() writes, for any name.
inline constexpr std::size_t note_key_room = max_key_name + 64;

/// Whose signatures count: a name and a key, which are one.
struct note_key {
  std::string_view name{};  ///< 1 to max_key_name bytes, no spaces, no `+`, no control characters.
  crypto::verifying_key key{};
};

/// The text, signed. Errors: invalid_argument (a name, a text that no note can have: empty, without
/// a line end behind it, with a blank line or control characters), limit_exceeded (max_note),
/// buffer_too_small (`at`: bytes needed).
result<std::string_view> write_note(std::string_view text, std::string_view name,
                                    const crypto::signing_key& key, std::span<char> out) noexcept;

/// The text of a note that this key has signed, with its last line end: a view into `note`.
/// Signatures of other keys are passed over.
/// Errors: invalid_encoding (not a note), signature_invalid (no signature of that key, a wrong
/// one), limit_exceeded.
result<std::string_view> verify_note(std::string_view note, const note_key& signer) noexcept;

/// `<name>+<key id>+<key>`, as verifiers keep it in their policy.
/// Errors: invalid_argument (a name), buffer_too_small (`at`: bytes needed).
result<std::string_view> write_note_key(const note_key& signer, std::span<char> out) noexcept;
/// Views lie in `text`. Errors: invalid_encoding, unsupported (another kind of key).
result<note_key> parse_note_key(std::string_view text) noexcept;

}  // namespace clientbook::ledger

#endif
