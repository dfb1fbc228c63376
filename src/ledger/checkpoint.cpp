// Signed heads of the log and proofs about entries, as texts that others can check without us.
//
// The form is that of signed notes and tlog checkpoints (C2SP), which witnesses read. Every line is
// read strictly: a text that two programs could read differently proves nothing. Checking needs no
// book and runs in firmware.
#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/ledger/checkpoint.hpp>

#include <clientbook/internal/base/base64.hpp>
#include <clientbook/internal/base/text_out.hpp>

namespace clientbook::ledger {
namespace {

constexpr std::string_view proof_header = "c2sp.org/tlog-proof@v1";
constexpr std::string_view signature_mark = "\xE2\x80\x94 ";  // em dash, space
constexpr std::byte ed25519{1};                               // signature type of C2SP signed-note
constexpr std::size_t max_note = 16384;
constexpr std::size_t max_proved_entry = 65535;
constexpr std::size_t max_path = 64;

constexpr error malformed{errc::invalid_encoding, "the text is not a checkpoint"};
constexpr error malformed_proof{errc::invalid_encoding, "the text is not a log proof"};
constexpr error unsigned_note{errc::signature_invalid, "the checkpoint is not signed by that log"};

bool is_space(char32_t c) noexcept {
  return c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

// A key name as signed-note has it: no spaces, no plus, no control characters.
bool is_name(std::string_view text) noexcept {
  if (text.empty() || text.size() > max_origin) return false;
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

std::array<std::byte, 4> key_id(const log_identity& log) noexcept {
  constexpr std::byte head[] = {std::byte{'\n'}, ed25519};
  crypto::sha256_hasher hasher;
  const crypto::digest digest =
      hasher.update(as_bytes(log.origin)).update(head).update(log.key).finish();
  return {digest[0], digest[1], digest[2], digest[3]};
}

// Takes the line in front, without its end; an empty optional-like flag says there is none.
struct lines {
  std::string_view left;

  bool next(std::string_view& line) noexcept {
    const std::size_t end = left.find('\n');
    if (end == std::string_view::npos) return false;
    line = slice(left, 0, end);
    left.remove_prefix(end + 1);
    return true;
  }
};

bool read_number(std::string_view text, std::uint64_t& out) noexcept {
  if (text.empty() || text.size() > 19 || (text.size() > 1 && text.front() == '0')) return false;
  out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    out = out * 10 + static_cast<unsigned>(c - '0');
  }
  return true;
}

bool read_hash(std::string_view text, hash& out) noexcept {
  if (!is_base64(text) || base64_decoded_size(text) != out.size()) return false;
  decode_base64(text, out);
  return true;
}

bool take(std::string_view& text, std::string_view prefix) noexcept {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

struct signature_line {
  std::string_view name;
  std::string_view base64;
};

bool read_signature_line(std::string_view line, signature_line& out) noexcept {
  if (!take(line, signature_mark)) return false;
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return false;
  out = {slice(line, 0, space), slice(line, space + 1)};
  return is_name(out.name) && is_base64(out.base64) && base64_decoded_size(out.base64) > 4;
}

// Nothing if the line is by another key; signature_invalid if it is wrong.
result<bool> check_signature_line(const signature_line& line, std::string_view body,
                                  const log_identity& log) noexcept {
  std::array<std::byte, 4 + sizeof(crypto::signature)> bytes;
  if (line.name != log.origin || base64_decoded_size(line.base64) != bytes.size()) return false;
  decode_base64(line.base64, bytes);
  if (!same_bytes(byte_view(bytes).first(4), key_id(log))) return false;
  crypto::signature signature;
  copy_bytes(signature, byte_view(bytes).subspan(4));
  if (const auto good = crypto::verify(signature, as_bytes(body), log.key); !good) {
    return good.error();
  }
  return true;
}

}  // namespace

result<std::string_view> write_checkpoint(const checkpoint& head, const crypto::signing_key& key,
                                          std::span<char> out) noexcept {
  if (!is_name(head.origin)) {
    return error{errc::invalid_argument, "a log's origin has 1 to 255 bytes, no spaces, no plus"};
  }
  if (head.size > max_tree_size) {
    return error{errc::limit_exceeded, "a checkpoint says more entries than there can be"};
  }
  return written(out, [&](text_out& to) {
    to.text(head.origin);
    to.put('\n');
    to.number(head.size);
    to.put('\n');
    put_base64(to, head.root);
    to.put('\n');
    std::array<std::byte, 4 + sizeof(crypto::signature)> bytes{};
    if (to.writing()) {
      const crypto::signature signature = key.sign(as_bytes(to.view()));
      copy_bytes(bytes, key_id({head.origin, key.public_key()}));
      copy_bytes(byte_span(bytes).subspan(4), signature);
    }
    to.put('\n');
    to.text(signature_mark);
    to.text(head.origin);
    to.put(' ');
    put_base64(to, bytes);
    to.put('\n');
  });
}

result<checkpoint> verify_checkpoint(std::string_view note, const log_identity& log) noexcept {
  if (note.size() > max_note) {
    return error{errc::limit_exceeded, "a checkpoint has at most 16 KiB"};
  }
  if (!is_note_text(note)) return malformed;
  lines in{note};
  checkpoint out;
  std::string_view size;
  std::string_view root;
  std::string_view blank;
  if (!in.next(out.origin) || !in.next(size) || !in.next(root) || !in.next(blank)) return malformed;
  if (out.origin.empty() || !read_number(size, out.size) || !read_hash(root, out.root) ||
      !blank.empty() || out.size > max_tree_size) {
    return malformed;
  }
  const std::string_view body = slice(note, 0, note.size() - in.left.size() - 1);

  bool good = false;
  while (!in.left.empty()) {
    std::string_view line;
    signature_line read;
    if (!in.next(line) || !read_signature_line(line, read)) return malformed;
    const result<bool> checked = check_signature_line(read, body, log);
    if (!checked) return checked.error();
    good = good || *checked;
  }
  if (!good || out.origin != log.origin) return unsigned_note;
  return out;
}

result<std::string_view> write_log_identity(const log_identity& log, std::span<char> out) noexcept {
  if (!is_name(log.origin)) {
    return error{errc::invalid_argument, "a log's origin has 1 to 255 bytes, no spaces, no plus"};
  }
  return written(out, [&](text_out& to) {
    char id[8];
    write_hex(key_id(log), id);
    std::array<std::byte, 1 + sizeof(crypto::verifying_key)> key;
    key[0] = ed25519;
    copy_bytes(byte_span(key).subspan(1), log.key);
    to.text(log.origin);
    to.put('+');
    to.text({id, sizeof id});
    to.put('+');
    put_base64(to, key);
  });
}

result<log_identity> parse_log_identity(std::string_view text) noexcept {
  constexpr error bad{errc::invalid_encoding, "not a log's identity: <origin>+<key id>+<key>"};
  const std::size_t plus = text.find('+');
  if (plus == std::string_view::npos || !is_name(slice(text, 0, plus))) return bad;
  log_identity out;
  out.origin = slice(text, 0, plus);
  text.remove_prefix(plus + 1);
  std::array<std::byte, 4> id;
  if (text.size() < 9 || text[8] != '+' || !parse_hex(slice(text, 0, 8), id)) return bad;
  text.remove_prefix(9);
  std::array<std::byte, 1 + sizeof(crypto::verifying_key)> key;
  if (!is_base64(text)) return bad;
  if (base64_decoded_size(text) != key.size()) {
    return error{errc::unsupported, "a log's key is not of a kind that is known here"};
  }
  decode_base64(text, key);
  if (key[0] != ed25519) {
    return error{errc::unsupported, "a log's key is not of a kind that is known here"};
  }
  copy_bytes(out.key, byte_view(key).subspan(1));
  if (!same_bytes(id, key_id(out))) return bad;
  return out;
}

result<std::string_view> write_log_proof(byte_view entry, std::uint64_t index,
                                         std::span<const hash> path, std::string_view checkpoint,
                                         std::span<char> out) noexcept {
  if (entry.size() > max_proved_entry || checkpoint.size() > max_note || path.size() > max_path) {
    return error{errc::limit_exceeded, "entry, proof or checkpoint is too long for a log proof"};
  }
  return written(out, [&](text_out& to) {
    to.text(proof_header);
    to.text("\nextra ");
    put_base64(to, entry);
    to.text("\nindex ");
    to.number(index);
    to.put('\n');
    for (const hash& node : path) {
      put_base64(to, node);
      to.put('\n');
    }
    to.put('\n');
    to.text(checkpoint);
  });
}

result<proved_entry> verify_log_proof(std::string_view text, const log_identity& log,
                                      byte_span room) noexcept {
  lines in{text};
  std::string_view header;
  std::string_view extra;
  std::string_view index;
  if (!in.next(header) || header != proof_header || !in.next(extra) || !take(extra, "extra ") ||
      !is_base64(extra) || !in.next(index) || !take(index, "index ")) {
    return malformed_proof;
  }
  proved_entry out;
  if (!read_number(index, out.index)) return malformed_proof;
  const std::size_t size = base64_decoded_size(extra);
  if (size > room.size()) {
    return error{errc::buffer_too_small, "the entry needs a larger buffer", size};
  }

  std::array<hash, max_path> path;
  std::size_t count = 0;
  for (;;) {
    std::string_view line;
    if (!in.next(line)) return malformed_proof;
    if (line.empty()) break;
    if (count == path.size() || !read_hash(line, path[count++])) return malformed_proof;
  }
  const result<checkpoint> head = verify_checkpoint(in.left, log);
  if (!head) return head.error();
  out.head = *head;

  decode_base64(extra, room);
  out.entry = room.first(size);
  if (const auto good = verify_inclusion(leaf_hash(out.entry), out.index, out.head.size,
                                         std::span(path).first(count), out.head.root);
      !good) {
    wipe(room.first(size));
    return good.error();
  }
  return out;
}

}  // namespace clientbook::ledger
