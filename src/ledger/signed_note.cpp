// Notes that others can check without us: strictly read, since a text that two programs could read
// differently proves nothing. Checking needs no book and runs in firmware.
#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/ledger/signed_note.hpp>

#include <clientbook/internal/base/base64.hpp>
#include <clientbook/internal/base/text_out.hpp>

#include "note_parts.hpp"
#include "text_lines.hpp"

namespace clientbook::ledger {
namespace {

constexpr error malformed{errc::invalid_encoding, "the text is not a signed note"};
constexpr error no_name{errc::invalid_argument,
                        "the name of a key has 1 to 255 bytes, no spaces, no plus"};

bool is_space(char32_t c) noexcept {
  return c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace

bool is_name(std::string_view text) noexcept {
  if (text.empty() || text.size() > max_key_name) return false;
  for (std::size_t at = 0; at < text.size();) {
    const code_point c = code_point_at(text, at);
    if (c.size == 0 || c.value < 0x20 || c.value == 0x7F || c.value == '+' || is_space(c.value)) {
      return false;
    }
    at += c.size;
  }
  return true;
}

bool is_note_text(std::string_view text) noexcept {
  if (!valid_utf8(text)) return false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') return false;
  }
  return true;
}

note_key_id key_id(const note_key& of, std::byte type) noexcept {
  const std::byte head[] = {std::byte{'\n'}, type};
  crypto::sha256_hasher hasher;
  const crypto::digest digest =
      hasher.update(as_bytes(of.name)).update(head).update(of.key).finish();
  return {digest[0], digest[1], digest[2], digest[3]};
}

bool is_text_of_note(std::string_view text) noexcept {
  return is_note_text(text) && text.ends_with('\n') && !text.starts_with('\n') &&
         text.find("\n\n") == std::string_view::npos;
}

bool read_signature_line(std::string_view line, signature_line& out) noexcept {
  if (!take(line, signature_mark)) return false;
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return false;
  out = {slice(line, 0, space), slice(line, space + 1)};
  return is_name(out.name) && is_base64(out.base64) && base64_decoded_size(out.base64) > 4;
}

result<note_halves> halves_of(std::string_view note) noexcept {
  if (note.size() > max_note) return error{errc::limit_exceeded, "a note has at most 16 KiB"};
  const std::size_t blank = note.find("\n\n");
  if (!is_note_text(note) || blank == std::string_view::npos) return malformed;
  const note_halves out{slice(note, 0, blank + 1), slice(note, blank + 2)};
  if (!is_text_of_note(out.text)) return malformed;
  return out;
}

namespace {

// Nothing if the line is by another key; signature_invalid if it is wrong.
result<bool> check_signature_line(const signature_line& line, std::string_view body,
                                  const note_key& of) noexcept {
  std::array<std::byte, 4 + sizeof(crypto::signature)> bytes;
  if (line.name != of.name || base64_decoded_size(line.base64) != bytes.size()) return false;
  decode_base64(line.base64, bytes);
  if (!same_bytes(byte_view(bytes).first(4), key_id(of, ed25519))) return false;
  crypto::signature signature;
  copy_bytes(signature, byte_view(bytes).subspan(4));
  if (const auto good = crypto::verify(signature, as_bytes(body), of.key); !good) {
    return good.error();
  }
  return true;
}

}  // namespace

result<std::string_view> write_note(std::string_view text, std::string_view name,
                                    const crypto::signing_key& key, std::span<char> out) noexcept {
  if (!is_name(name)) return no_name;
  if (!is_text_of_note(text)) {
    return error{errc::invalid_argument, "a note is of lines, none of them blank"};
  }
  if (text.size() + name.size() + note_signature_room > max_note) {
    return error{errc::limit_exceeded, "a note has at most 16 KiB"};
  }
  return written(out, [&](text_out& to) {
    to.text(text);
    std::array<std::byte, 4 + sizeof(crypto::signature)> bytes{};
    if (to.writing()) {
      const crypto::signature signature = key.sign(as_bytes(text));
      copy_bytes(bytes, key_id({name, key.public_key()}, ed25519));
      copy_bytes(byte_span(bytes).subspan(4), signature);
    }
    to.put('\n');
    to.text(signature_mark);
    to.text(name);
    to.put(' ');
    put_base64(to, bytes);
    to.put('\n');
  });
}

result<std::string_view> verify_note(std::string_view note, const note_key& signer) noexcept {
  const auto halves = halves_of(note);
  if (!halves) return halves.error();
  text_lines in{halves->signatures};
  bool good = false;
  while (!in.left.empty()) {
    std::string_view line;
    signature_line read;
    if (!in.next(line) || !read_signature_line(line, read)) return malformed;
    const result<bool> checked = check_signature_line(read, halves->text, signer);
    if (!checked) return checked.error();
    good = good || *checked;
  }
  if (!good) return error{errc::signature_invalid, "the note is not signed by that key"};
  return halves->text;
}

result<std::string_view> write_key_of(const note_key& signer, std::byte type,
                                      std::span<char> out) noexcept {
  if (!is_name(signer.name)) return no_name;
  return written(out, [&](text_out& to) {
    char id[8];
    write_hex(key_id(signer, type), id);
    std::array<std::byte, 1 + sizeof(crypto::verifying_key)> key;
    key[0] = type;
    copy_bytes(byte_span(key).subspan(1), signer.key);
    to.text(signer.name);
    to.put('+');
    to.text({id, sizeof id});
    to.put('+');
    put_base64(to, key);
  });
}

result<std::string_view> write_note_key(const note_key& signer, std::span<char> out) noexcept {
  return write_key_of(signer, ed25519, out);
}

result<note_key> parse_key_of(std::string_view text, std::byte type) noexcept {
  constexpr error bad{errc::invalid_encoding, "not a key of notes: <name>+<key id>+<key>"};
  constexpr error other_kind{errc::unsupported, "the key is not of a kind that is known here"};
  const std::size_t plus = text.find('+');
  if (plus == std::string_view::npos || !is_name(slice(text, 0, plus))) return bad;
  note_key out;
  out.name = slice(text, 0, plus);
  text.remove_prefix(plus + 1);
  std::array<std::byte, 4> id;
  if (text.size() < 9 || text[8] != '+' || !parse_hex(slice(text, 0, 8), id)) return bad;
  text.remove_prefix(9);
  std::array<std::byte, 1 + sizeof(crypto::verifying_key)> key;
  if (!is_base64(text)) return bad;
  if (base64_decoded_size(text) != key.size()) return other_kind;
  decode_base64(text, key);
  if (key[0] != type) return other_kind;
  copy_bytes(out.key, byte_view(key).subspan(1));
  if (!same_bytes(id, key_id(out, type))) return bad;
  return out;
}

result<note_key> parse_note_key(std::string_view text) noexcept {
  return parse_key_of(text, ed25519);
}

}  // namespace clientbook::ledger
