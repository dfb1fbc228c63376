// Cosignatures and what is asked of a witness, as texts; strictly read.
#include <clientbook/ledger/witness.hpp>

#include <array>

#include "note_parts.hpp"
#include "text_lines.hpp"

namespace clientbook::ledger {
namespace {

constexpr error malformed{errc::invalid_encoding, "the text is not a cosigned checkpoint"};
constexpr error malformed_request{errc::invalid_encoding,
                                  "the text is not a request to add a checkpoint"};

// Origin, size and root, each on a line.
constexpr std::size_t longest_text = max_origin + 72;
constexpr std::size_t signed_room = longest_text + 48;
// Up to which seconds have a calendar of four digits.
constexpr std::uint64_t last_second = 253402300799;

// What a witness signs: "cosignature/v1", its time, the text.
result<std::string_view> signed_text(std::string_view text, std::uint64_t at,
                                     std::span<char> room) noexcept {
  if (text.size() > longest_text) {
    return error{errc::limit_exceeded, "a checkpoint has origin, size and root, and no more"};
  }
  return written(room, [&](text_out& to) {
    to.text("cosignature/v1\ntime ");
    to.number(at);
    to.put('\n');
    to.text(text);
  });
}

// The time of a line, 0 if it is another's.
result<std::uint64_t> check_line(const signature_line& line, std::string_view text,
                                 const note_key& of) noexcept {
  std::array<std::byte, 4 + 8 + sizeof(crypto::signature)> bytes;
  if (line.name != of.name || base64_decoded_size(line.base64) != bytes.size()) {
    return std::uint64_t{0};
  }
  decode_base64(line.base64, bytes);
  const byte_view all(bytes);
  if (!same_bytes(all.first(4), key_id(of, cosignature_v1))) return std::uint64_t{0};
  const auto at = load_be<std::uint64_t>(bytes.data() + 4);
  if (at == 0 || at > last_second) return malformed;
  crypto::signature signature;
  copy_bytes(signature, all.subspan(12));
  std::array<char, signed_room> room;
  const auto body = signed_text(text, at, room);
  if (!body) return body.error();
  if (const auto good = crypto::verify(signature, as_bytes(*body), of.key); !good) {
    return good.error();
  }
  return at;
}

}  // namespace

result<std::string_view> write_witness_key(const note_key& witness, std::span<char> out) noexcept {
  return write_key_of(witness, cosignature_v1, out);
}

result<note_key> parse_witness_key(std::string_view text) noexcept {
  return parse_key_of(text, cosignature_v1);
}

result<timestamp> verify_cosignature(std::string_view note, const note_key& witness) noexcept {
  const auto halves = halves_of(note);
  if (!halves) return halves.error();
  text_lines in{halves->signatures};
  std::uint64_t newest = 0;
  while (!in.left.empty()) {
    std::string_view line;
    signature_line read;
    if (!in.next(line) || !read_signature_line(line, read)) return malformed;
    const auto at = check_line(read, halves->text, witness);
    if (!at) return at.error();
    if (*at > newest) newest = *at;
  }
  if (newest == 0) {
    return error{errc::not_found, "the checkpoint is not cosigned by that witness"};
  }
  return timestamp{static_cast<std::int64_t>(newest)};
}

result<std::string_view> write_cosignature(std::string_view note, std::string_view name,
                                           const crypto::signing_key& key, timestamp at,
                                           std::span<char> out) noexcept {
  if (!is_name(name) || at.seconds <= 0 || static_cast<std::uint64_t>(at.seconds) > last_second) {
    return error{errc::invalid_argument, "a cosignature has a name and a time behind 1970"};
  }
  const auto halves = halves_of(note);
  if (!halves) return halves.error();
  const auto when = static_cast<std::uint64_t>(at.seconds);
  std::array<char, signed_room> room;
  const auto body = signed_text(halves->text, when, room);
  if (!body) return body.error();
  std::array<std::byte, 4 + 8 + sizeof(crypto::signature)> bytes{};
  copy_bytes(bytes, key_id({name, key.public_key()}, cosignature_v1));
  store_be(bytes.data() + 4, when);
  copy_bytes(byte_span(bytes).subspan(12), key.sign(as_bytes(*body)));
  return written(out, [&](text_out& to) {
    to.text(signature_mark);
    to.text(name);
    to.put(' ');
    put_base64(to, bytes);
    to.put('\n');
  });
}

result<std::string_view> write_add_checkpoint(std::uint64_t old_size, std::span<const hash> path,
                                              std::string_view checkpoint,
                                              std::span<char> out) noexcept {
  if (path.size() > proof().hashes.size() || checkpoint.size() > max_note) {
    return error{errc::limit_exceeded, "a proof has at most 64 hashes, a checkpoint 16 KiB"};
  }
  return written(out, [&](text_out& to) {
    to.text("old ");
    to.number(old_size);
    to.put('\n');
    for (const hash& node : path) {
      put_base64(to, node);
      to.put('\n');
    }
    to.put('\n');
    to.text(checkpoint);
  });
}

result<add_checkpoint> parse_add_checkpoint(std::string_view text) noexcept {
  text_lines in{text};
  std::string_view line;
  add_checkpoint out;
  if (!in.next(line) || !take(line, "old ") || !read_number(line, out.old_size)) {
    return malformed_request;
  }
  for (;;) {
    if (!in.next(line)) return malformed_request;
    if (line.empty()) break;
    if (out.path.count == out.path.hashes.size() ||
        !read_hash(line, out.path.hashes[out.path.count++])) {
      return malformed_request;
    }
  }
  out.checkpoint = in.left;
  if (!halves_of(out.checkpoint) || !out.checkpoint.ends_with('\n')) return malformed_request;
  return out;
}

}  // namespace clientbook::ledger
