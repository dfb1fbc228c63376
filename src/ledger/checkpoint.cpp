// Signed heads of the log and proofs about entries, as texts that others can check without us.
//
// The form is that of signed notes and tlog checkpoints (C2SP), which witnesses read. Every line is
// read strictly: a text that two programs could read differently proves nothing. Checking needs no
// book and runs in firmware.
#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/ledger/checkpoint.hpp>
#include <clientbook/ledger/signed_note.hpp>

#include <clientbook/internal/base/base64.hpp>
#include <clientbook/internal/base/text_out.hpp>

#include "text_lines.hpp"

namespace clientbook::ledger {
namespace {

constexpr std::string_view proof_header = "c2sp.org/tlog-proof@v1";
constexpr std::size_t max_proved_entry = 65535;
constexpr std::size_t max_path = 64;

constexpr error malformed{errc::invalid_encoding, "the text is not a checkpoint"};
constexpr error malformed_proof{errc::invalid_encoding, "the text is not a log proof"};

}  // namespace

result<std::string_view> write_checkpoint(const checkpoint& head, const crypto::signing_key& key,
                                          std::span<char> out) noexcept {
  if (head.size > max_tree_size) {
    return error{errc::limit_exceeded, "a checkpoint says more entries than there can be"};
  }
  if (head.origin.size() > max_origin) {
    return error{errc::invalid_argument, "a log's origin has 1 to 255 bytes, no spaces, no plus"};
  }
  std::array<char, max_origin + 72> room;
  const auto text = written(room, [&](text_out& to) {
    to.text(head.origin);
    to.put('\n');
    to.number(head.size);
    to.put('\n');
    put_base64(to, head.root);
    to.put('\n');
  });
  return text ? write_note(*text, head.origin, key, out) : text.error();
}

result<checkpoint> verify_checkpoint(std::string_view note, const log_identity& log) noexcept {
  if (note.size() > max_note) return error{errc::limit_exceeded, "a checkpoint has at most 16 KiB"};
  text_lines in{note};
  checkpoint out;
  std::string_view size;
  std::string_view root;
  std::string_view blank;
  if (!in.next(out.origin) || !in.next(size) || !in.next(root) || !in.next(blank) ||
      !blank.empty() || !read_number(size, out.size) || !read_hash(root, out.root) ||
      out.size > max_tree_size) {
    return malformed;
  }
  if (const auto text = verify_note(note, {log.origin, log.key}); !text) return text.error();
  if (out.origin != log.origin) {
    return error{errc::signature_invalid, "the checkpoint is of another log"};
  }
  return out;
}

result<std::string_view> write_log_identity(const log_identity& log, std::span<char> out) noexcept {
  return write_note_key({log.origin, log.key}, out);
}

result<log_identity> parse_log_identity(std::string_view text) noexcept {
  const auto read = parse_note_key(text);
  if (!read) return read.error();
  return log_identity{read->name, read->key};
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
  text_lines in{text};
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
