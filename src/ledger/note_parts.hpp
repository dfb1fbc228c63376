// What notes consist of: names, texts, lines of signatures. Shared by what signs and checks them.
//
// Every line is read strictly: a text that two programs could read differently proves nothing.
#ifndef CLIENTBOOK_LEDGER_NOTE_PARTS_HPP
#define CLIENTBOOK_LEDGER_NOTE_PARTS_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/ledger/signed_note.hpp>

#include <array>
#include <cstddef>
#include <string_view>

#include <clientbook/internal/base/base64.hpp>
#include <clientbook/internal/base/text_out.hpp>

namespace clientbook::ledger {

inline constexpr std::string_view signature_mark = "\xE2\x80\x94 ";  // em dash, space
/// Signature types of C2SP signed-note.
inline constexpr std::byte ed25519{1};
inline constexpr std::byte cosignature_v1{4};

using note_key_id = std::array<std::byte, 4>;

/// A key name as signed-note has it: no spaces, no plus, no control characters.
bool is_name(std::string_view text) noexcept;
bool is_note_text(std::string_view text) noexcept;
/// Lines, none of them blank, so that where the text ends cannot be read in two ways.
bool is_text_of_note(std::string_view text) noexcept;
note_key_id key_id(const note_key& of, std::byte type) noexcept;

struct signature_line {
  std::string_view name;
  std::string_view base64;
};
bool read_signature_line(std::string_view line, signature_line& out) noexcept;

struct note_halves {
  std::string_view text;        ///< With its last line end.
  std::string_view signatures;  ///< Lines.
};
/// Errors: invalid_encoding, limit_exceeded.
result<note_halves> halves_of(std::string_view note) noexcept;

/// `<name>+<key id>+<key>` of a type. Errors: as write_note_key() and parse_note_key().
result<std::string_view> write_key_of(const note_key& signer, std::byte type,
                                      std::span<char> out) noexcept;
result<note_key> parse_key_of(std::string_view text, std::byte type) noexcept;

}  // namespace clientbook::ledger

#endif
