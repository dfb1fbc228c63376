// Contacts of recipients in the store (docs/format/book.md).
#include "recipient_contacts.hpp"

#include <algorithm>

namespace clientbook {
namespace {

constexpr std::size_t parts = 3;
constexpr error malformed{errc::invalid_encoding,
                          "what the book knows of recipients is not as it must be"};

}  // namespace

result<void> recipient_contacts::read(byte_view bytes) {
  all_.clear();
  if (bytes.empty()) return {};
  cbor::reader from(bytes);
  for (std::size_t left = from.array(); left > 0 && !from.failed(); --left) {
    if (from.array() != parts && !from.failed()) {
      return error{errc::newer_format,
                   "a recipient's contact is of a later version: update clientbook"};
    }
    recipient_contact one;
    one.party = recipient_id(read_number<std::uint8_t>(from, malformed));
    one.contact = from.text();
    one.acknowledgement_key = from.text();
    if (!all_.empty() && one.party <= all_.back().party) from.fail(malformed.code, malformed.text);
    all_.push_back(std::move(one));
  }
  return from.finish();
}

result<const std::vector<recipient_contact>*> recipient_contacts::all() {
  if (auto followed = row_.follow([this](byte_view bytes) { return read(bytes); }); !followed) {
    return followed.error();
  }
  return &all_;
}

result<recipient_contact> recipient_contacts::of(recipient_id party) {
  if (auto known = all(); !known) return known.error();
  const auto one = std::ranges::find(all_, party, &recipient_contact::party);
  return one == all_.end() ? recipient_contact{.party = party} : *one;
}

result<void> recipient_contacts::set(const recipient_contact& one) {
  if (auto known = all(); !known) return known.error();
  const auto place = std::ranges::lower_bound(all_, one.party, {}, &recipient_contact::party);
  const bool known = place != all_.end() && place->party == one.party;
  if (one.contact.empty() && one.acknowledgement_key.empty()) {
    if (known) all_.erase(place);
  } else if (known) {
    *place = one;
  } else {
    all_.insert(place, one);
  }
  return write();
}

result<void> recipient_contacts::write() {
  std::size_t room = 16;
  for (const recipient_contact& one : all_) {
    room += one.contact.size() + one.acknowledgement_key.size() + 16;
  }
  std::vector<std::byte> bytes(room);
  cbor::writer to(bytes);
  to.array(all_.size());
  for (const recipient_contact& one : all_) {
    to.array(parts);
    to.unsigned_integer(one.party.value);
    to.text(one.contact);
    to.text(one.acknowledgement_key);
  }
  const auto done = to.finish();
  return done ? row_.write(*done) : done.error();
}

}  // namespace clientbook
