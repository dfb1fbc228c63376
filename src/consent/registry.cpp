// Named recipients: who they are, where, under which contract, and since when.
//
// Parties are added and removed, never changed into others: a grant covers those who were there
// when it was given, so each has the versions of its coming and going. Relies on the vocabulary for
// classes.
#include <clientbook/consent/registry.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>

#include "scope_codec.hpp"

namespace clientbook {
namespace {

bool is_country(const country_code& country) noexcept {
  return std::all_of(country.begin(), country.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

result<void> check(const recipient_party& party) noexcept {
  if (party.party_class == recipient::any || party.party_class == recipient::data_subject ||
      !all_recipient_classes().contains(party.party_class)) {
    return error{errc::invalid_value, "a recipient needs a class of the vocabulary",
                 party.id.value};
  }
  if (!is_country(party.country)) {
    return error{errc::invalid_value, "a recipient needs a country of two capital letters",
                 party.id.value};
  }
  if (party.name.view().empty() || !valid_utf8(party.name.view())) {
    return error{errc::invalid_value, "a recipient needs a name in utf-8", party.id.value};
  }
  if (party.transfer > transfer_basis::other_safeguard ||
      party.onward > onward_rule::listed_parties) {
    return error{errc::invalid_value, "a recipient has a number that means nothing",
                 party.id.value};
  }
  return {};
}

}  // namespace

obligation_set discharged_by_contract(const recipient_party& party) noexcept {
  obligation_set out;
  if (!party.contract.view().empty()) out.add(obligation::contract_on_file);
  if (party.onward == onward_rule::forbidden) out.add(obligation::no_onward);
  return out;
}

result<recipient_id> recipient_registry::add(const recipient_party& party) noexcept {
  if (auto fine = check(party); !fine) return fine.error();
  recipient_party added = party;
  for (recipient_party& known : std::span(parties_).first(count_)) {
    if (known.name != added.name || known.removed == 0) continue;
    if (known.party_class != added.party_class) {
      return error{errc::already_exists,
                   "a retired recipient has that name, in another class, which never changes: give "
                   "the new one a name that tells them apart",
                   known.id.value};
    }
    // It comes back as one that joins today: what was granted before does not reach it, and what
    // was denied still does.
    if (added.id != recipient_id{} && added.id != known.id) break;
    added.id = known.id;
    added.added = ++version_;
    added.removed = 0;
    known = added;
    return added.id;
  }
  if (added.id == recipient_id{}) {
    const std::uint8_t next =
        count_ == 0 ? first_party : static_cast<std::uint8_t>(parties_[count_ - 1].id.value + 1);
    if (next > last_party) return error{errc::limit_exceeded, "there is no number left"};
    added.id = recipient_id(next);
  }
  if (!is_party(added.id)) {
    return error{errc::invalid_value, "numbers of recipients are 32 to 191", added.id.value};
  }
  std::size_t place = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    if (parties_[i].id == added.id || parties_[i].name == added.name) {
      return error{errc::already_exists, "there is a recipient of that number or name",
                   added.id.value};
    }
    if (parties_[i].id < added.id) place = i + 1;
  }
  if (count_ == max_parties) return error{errc::limit_exceeded, "there is no number left"};
  added.added = version_ + 1;
  added.removed = 0;
  for (std::size_t i = count_; i > place; --i) parties_[i] = parties_[i - 1];
  parties_[place] = added;
  ++count_;
  ++version_;
  return added.id;
}

result<void> recipient_registry::edit(const recipient_party& party) noexcept {
  if (auto fine = check(party); !fine) return fine;
  for (std::size_t i = 0; i < count_; ++i) {
    recipient_party& known = parties_[i];
    if (known.id != party.id) continue;
    if (known.removed != 0) {
      return error{errc::invalid_state,
                   "this recipient was retired: add it again, under its name and class",
                   party.id.value};
    }
    if (known.name != party.name || known.party_class != party.party_class) {
      return error{errc::invalid_value, "a recipient keeps its name and class: add the other one",
                   party.id.value};
    }
    recipient_party changed = party;
    changed.added = known.country == party.country ? known.added : version_ + 1;
    changed.removed = 0;
    known = changed;
    ++version_;
    return {};
  }
  return error{errc::not_found, "no such recipient", party.id.value};
}

result<void> recipient_registry::remove(recipient_id id) noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    if (parties_[i].id != id || parties_[i].removed != 0) continue;
    parties_[i].removed = ++version_;
    return {};
  }
  return error{errc::not_found, "no such recipient", id.value};
}

result<recipient_party> recipient_registry::find(recipient_id id) const noexcept {
  for (const recipient_party& party : parties()) {
    if (party.id == id) return party;
  }
  return error{errc::not_found, "no such recipient", id.value};
}

result<recipient_party> recipient_registry::find(std::string_view name) const noexcept {
  for (const recipient_party& party : parties()) {
    if (party.name.view() == name) return party;
  }
  return error{errc::not_found, "no recipient of that name"};
}

result<byte_view> encode_registry(const recipient_registry& value, byte_span out) noexcept {
  cbor::writer to(out);
  to.array(2);
  to.unsigned_integer(value.version());
  to.array(value.parties().size());
  for (const recipient_party& party : value.parties()) {
    to.array(9);
    to.unsigned_integer(party.id.value);
    to.unsigned_integer(party.party_class.value);
    to.text(party.name.view());
    to.text({party.country.data(), party.country.size()});
    to.text(party.contract.view());
    to.unsigned_integer(static_cast<std::uint64_t>(party.transfer));
    to.unsigned_integer(static_cast<std::uint64_t>(party.onward));
    to.unsigned_integer(party.added);
    to.unsigned_integer(party.removed);
  }
  return to.finish();
}

result<recipient_registry> decode_registry(byte_view bytes) noexcept {
  recipient_registry out;
  cbor::reader from(bytes);
  codec::count(from, 2);
  out.version_ = codec::number<std::uint32_t>(from);
  const std::size_t count = from.array();
  if (count > recipient_registry::max_parties) {
    return error{errc::limit_exceeded, "a registry holds at most 160 recipients"};
  }
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    recipient_party party;
    const std::size_t members = from.array();
    if (members > 9) {
      return error{errc::newer_format, "a recipient has a member that this version does not know",
                   from.position()};
    }
    if (members != 9) from.fail(errc::invalid_encoding, "a recipient has nine members");
    party.id = recipient_id(codec::number<std::uint8_t>(from));
    party.party_class = recipient_id(codec::number<std::uint8_t>(from));
    codec::read_text(from, party.name);
    const std::string_view country = from.text();
    if (country.size() == 2) party.country = {country[0], country[1]};
    codec::read_text(from, party.contract);
    party.transfer = static_cast<transfer_basis>(codec::number<std::uint8_t>(from));
    party.onward = static_cast<onward_rule>(codec::number<std::uint8_t>(from));
    party.added = codec::number<std::uint32_t>(from);
    party.removed = codec::number<std::uint32_t>(from);
    if (from.failed()) break;
    if (auto fine = check(party); !fine) return fine.error();
    const auto before = out.parties();
    const bool ascends = before.empty() || before.back().id < party.id;
    const bool known = party.added >= 1 && party.added <= out.version_ &&
                       party.removed <= out.version_ &&
                       (party.removed == 0 || party.removed > party.added);
    if (!is_party(party.id) || !ascends || !known) {
      from.fail(errc::invalid_value, "recipients out of order, or of impossible versions");
    }
    for (const recipient_party& other : before) {
      if (other.name == party.name) {
        from.fail(errc::already_exists, "two recipients have one name");
      }
    }
    out.parties_[out.count_++] = party;
  }
  if (const auto whole = from.finish(); !whole) return whole.error();
  return out;
}

}  // namespace clientbook
