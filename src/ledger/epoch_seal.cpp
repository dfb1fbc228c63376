// Seals of epochs, as notes; strictly read, and taken in one order alone.
#include <clientbook/ledger/epoch_seal.hpp>
#include <clientbook/ledger/signed_note.hpp>

#include <array>

#include "note_parts.hpp"
#include "text_lines.hpp"

namespace clientbook::ledger {
namespace {

constexpr std::string_view opening_header = "clientbook epoch opening v1";
constexpr std::string_view seal_header = "clientbook epoch seal v1";
constexpr std::size_t text_room = max_origin + 256;

constexpr error malformed{errc::invalid_encoding, "the text is not a seal of an epoch"};
constexpr error out_of_order{errc::proof_invalid,
                             "the seals of the epochs do not follow each other: one is left out, "
                             "stands twice or begins elsewhere"};

// Each epoch has its key's entry; before the first key there may be any number.
bool fits(const epoch_seal& seal) noexcept {
  if (seal.size == 0 || seal.size > max_tree_size) return false;
  return seal.epoch == 0 ? seal.from == 0 && seal.kind == seal_kind::opening
                         : seal.from < seal.size;
}

bool read(text_lines& in, epoch_seal& out) noexcept {
  std::string_view header;
  std::string_view epoch;
  std::string_view from;
  std::string_view size;
  std::string_view root;
  std::string_view next;
  std::uint64_t number = 0;
  hash key{};
  if (!in.next(header) || !in.next(out.origin) || !in.next(epoch) || !in.next(from) ||
      !in.next(size) || !in.next(root) || !in.next(next) || !in.left.empty()) {
    return false;
  }
  if (header != opening_header && header != seal_header) return false;
  out.kind = header == opening_header ? seal_kind::opening : seal_kind::sealing;
  if (!take(epoch, "epoch ") || !read_number(epoch, number) || number > 0xffffffffU ||
      !take(from, "from ") || !read_number(from, out.from) || !take(size, "size ") ||
      !read_number(size, out.size) || !take(root, "root ") || !read_hash(root, out.root) ||
      !take(next, "next ") || !read_hash(next, key)) {
    return false;
  }
  out.epoch = static_cast<std::uint32_t>(number);
  copy_bytes(out.next, key);
  return fits(out);
}

}  // namespace

result<std::string_view> write_epoch_seal(const epoch_seal& seal, const crypto::signing_key& key,
                                          std::span<char> out) noexcept {
  if (seal.origin.size() > max_origin || !fits(seal)) {
    return error{errc::invalid_argument, "an epoch has an origin and at least one entry"};
  }
  std::array<char, text_room> room;
  const auto text = written(room, [&](text_out& to) {
    to.text(seal.kind == seal_kind::opening ? opening_header : seal_header);
    to.put('\n');
    to.text(seal.origin);
    to.text("\nepoch ");
    to.number(seal.epoch);
    to.text("\nfrom ");
    to.number(seal.from);
    to.text("\nsize ");
    to.number(seal.size);
    to.text("\nroot ");
    put_base64(to, seal.root);
    to.text("\nnext ");
    put_base64(to, seal.next);
    to.put('\n');
  });
  return text ? write_note(*text, seal.origin, key, out) : text.error();
}

result<epoch_seal> verify_epoch_seal(std::string_view note, std::string_view origin,
                                     const crypto::verifying_key& key) noexcept {
  const auto text = verify_note(note, {origin, key});
  if (!text) return text.error();
  text_lines in{*text};
  epoch_seal out;
  if (!read(in, out)) return malformed;
  if (out.origin != origin) return error{errc::signature_invalid, "the seal is of another log"};
  return out;
}

hash epoch_key_commitment(const crypto::verifying_key& key) noexcept { return crypto::hash(key); }

result<epoch_seal> epoch_chain::add(std::string_view note) noexcept {
  // Only the log's own key opens, and only the key of the epoch that ends seals it.
  const auto opening = verify_epoch_seal(note, log_.origin, log_.key);
  if (!opening && (opening.error().code != errc::signature_invalid || epoch_ == 0)) {
    return opening.error();
  }
  const auto seal = opening ? opening : verify_epoch_seal(note, log_.origin, key_);
  if (!seal) return seal.error();
  const seal_kind expected = opening ? seal_kind::opening : seal_kind::sealing;
  if (seal->kind != expected) {
    return error{errc::signature_invalid, "an epoch is sealed by its own key and by no other"};
  }
  if (seal->epoch != epoch_ || seal->from != from_) return out_of_order;
  if (opening) {
    ++openings_;
    met_ = false;
  }
  ++epoch_;
  from_ = seal->size;
  key_ = seal->next;
  met_ = met_ || key_ == known_;
  return *seal;
}

result<void> epoch_chain::finish() const noexcept {
  if (!known_ || met_) return {};
  return error{errc::signature_invalid,
               "the key that is known is of no epoch since these were opened: they are not the "
               "seals of that ledger, or a key was lost since"};
}

}  // namespace clientbook::ledger
