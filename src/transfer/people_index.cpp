// Reading everybody once, and matching rows by what people are reached by.
#include "people_index.hpp"

#include <clientbook/crypto/crypto.hpp>
#include <clientbook/internal/book/made_up_id.hpp>
#include <clientbook/internal/crypto/short_hash.hpp>
#include <clientbook/internal/unicode/address_form.hpp>
#include <clientbook/internal/unicode/folded_hash.hpp>
#include <clientbook/model/record.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <array>

namespace clientbook {
namespace {

constexpr field_set looked_at{field::name, field::emails, field::phones, field::birth_date,
                              field::external_ids};

std::string one_spelling(std::string_view address) {
  return unicode::comparable_address<std::string>(address);
}

// +1 202 555 0142 and 0012025550142 are one number; without a country's code it is another's too.
std::string digits_of(std::string_view number) {
  std::string out;
  for (const char c : number) {
    if (c >= '0' && c <= '9') out += c;
  }
  return number.find('+') == number.npos && out.starts_with("00") ? out.substr(2) : out;
}

std::uint64_t folded(std::string_view name) {
  return name.empty() ? 0 : unicode::folded_hash(name);
}

std::string with_birth(const person_name& name, const date& born) {
  return std::to_string(folded(name.given.reveal())) + ' ' +
         std::to_string(folded(name.family.reveal())) + ' ' + std::to_string(born.year) + '-' +
         std::to_string(born.month) + '-' + std::to_string(born.day);
}

bool whole(const person_name& name, const std::optional<date>& born) {
  return born && born->year != 0 && !name.given.empty() && !name.family.empty();
}

}  // namespace

bool is_made_up(const import_customer& one) {
  if (one.made_up || validate_email(one.external_id)) return true;
  const std::string id = one_spelling(one.external_id);
  return std::ranges::any_of(
             one.emails,
             [&](const auto& each) { return one_spelling(each.address.reveal()) == id; }) ||
         std::ranges::any_of(one.phones, [&](const auto& each) {
           return looks_made_up(id) && digits_of(each.number.reveal()) == digits_of(id);
         });
}

std::uint64_t people_index::hash(char kind, std::string_view text) const {
  const std::array<byte_view, 2> parts{as_bytes(std::string_view(&kind, 1)), as_bytes(text)};
  return crypto::short_hash(*key_, parts);
}

std::span<const people_index::way> people_index::ways_of(std::uint64_t key) const {
  const auto found = by_.find(key);
  return found == by_.end() ? std::span<const way>() : std::span<const way>(found->second);
}

std::uint64_t people_index::key_of(field_id field, std::string_view value) const {
  return field == field::emails ? hash('e', one_spelling(value)) : hash('p', digits_of(value));
}

void people_index::add_with(std::uint64_t key, std::vector<customer_id>& to) const {
  for (const way& each : ways_of(key)) {
    const person& who = people_[each.number];
    if (!who.gone.has(each.from)) to.push_back(who.id);
  }
}

bool people_index::has(std::uint64_t key) const {
  return std::ranges::any_of(
      ways_of(key), [&](const way& one) { return !people_[one.number].gone.has(one.from); });
}

std::vector<customer_id> people_index::with(std::uint64_t key) const {
  std::vector<customer_id> out;
  add_with(key, out);
  std::ranges::sort(out);
  const auto repeated = std::ranges::unique(out);
  out.erase(repeated.begin(), repeated.end());
  return out;
}

void people_index::expect(std::size_t customers) {
  people_.reserve(people_.size() + customers);
  numbers_.reserve(numbers_.size() + customers);
  by_.reserve(by_.size() + 2 * customers);
}

void people_index::add_person(const person& who) {
  numbers_.emplace(who.id, static_cast<std::uint32_t>(people_.size()));
  people_.push_back(who);
}

void people_index::note(const record_view& record, field_set fields, const customer_id& id) {
  add_ways(record, fields, static_cast<std::uint32_t>(people_.size()));
  add_person({.id = id, .taken = true});
}

void people_index::drop(field_set fields, const customer_id& id) {
  const auto [begin, end] = numbers_.equal_range(id);
  for (auto at = begin; at != end; ++at) people_[at->second].gone |= fields;
}

void people_index::add_ways(const record_view& record, field_set fields, std::uint32_t number) {
  if (fields.has(field::emails)) {
    if (const auto emails = record.emails()) {
      for (const email_address& one : *emails) {
        by_[key_of(field::emails, one.address.reveal())].push_back({number, field::emails});
      }
    }
  }
  if (!fields.has(field::phones)) return;
  if (const auto phones = record.phones()) {
    for (const phone_number& one : *phones) {
      by_[key_of(field::phones, one.number.reveal())].push_back({number, field::phones});
    }
  }
}

void people_index::add(const view& seen, field_set fields, std::string_view system,
                       std::uint32_t number) {
  const record_view record = seen.record();
  person& who = people_[number];
  if (fields.has(field::external_ids)) {
    if (const auto ids = record.external_ids()) {
      for (const external_id& one : *ids) {
        const bool given = one.system == system && !is_made_up_token(one.value.reveal());
        who.has_id = who.has_id || given;
      }
    }
  }
  add_ways(record, fields, number);
  const auto name = record.name();
  if (!fields.has(field::name) || !name) return;
  who.given = folded(name->given.reveal());
  who.family = folded(name->family.reveal());
  const auto born = record.birth_date();
  if (born && whole(*name, *born))
    by_[hash('n', with_birth(*name, *born))].push_back({number, field::name});
}

result<void> people_index::read(session& from, std::span<const purpose_id> purposes,
                                std::string_view system) {
  if (read_) return {};
  read_ = true;
  crypto::system_random random;
  auto key = crypto::random_key(random);
  if (!key) return key.error();
  key_ = std::move(*key);
  // Most see all of it under the first purpose; the others are asked for what is left.
  std::vector<field_set> left;
  while (!listed_ && !purposes.empty()) {
    const auto done = from.for_each(purposes.front(), looked_at, [&](const view& seen) {
      const auto number = static_cast<std::uint32_t>(people_.size());
      add_person({.id = seen.id()});
      field_set shown, other;
      for (const field_id each : looked_at) {
        const field_state state = seen.state(each);
        if (state == field_state::shown) shown.add(each);
        if (state == field_state::withheld || state == field_state::redacted) other.add(each);
      }
      add(seen, shown, system, number);
      left.push_back(other);
      return true;
    });
    if (!done && done.error().code != errc::role_denied) return done;
    listed_ = done.has_value();
    purposes = purposes.subspan(1);
  }
  for (std::uint32_t number = 0; number < left.size(); ++number) {
    if (auto more = read_rest(from, purposes, system, number, left[number]); !more) return more;
  }
  return {};
}

result<void> people_index::read_rest(session& from, std::span<const purpose_id> purposes,
                                     std::string_view system, std::uint32_t number,
                                     field_set left) {
  for (const purpose_id each : purposes) {
    if (left.empty()) return {};
    const auto seen = from.read(people_[number].id, each, left);
    if (!seen &&
        (seen.error().code == errc::role_denied || seen.error().code == errc::case_required ||
         seen.error().code == errc::not_in_portfolio)) {
      continue;
    }
    if (!seen) return seen.error();
    field_set shown;
    for (const field_id field : left) {
      if (seen->state(field) == field_state::shown) shown.add(field);
    }
    add(*seen, shown, system, number);
    left &= ~shown;
  }
  return {};
}

void people_index::collect(std::uint64_t key, const import_customer& one,
                           std::vector<std::uint32_t>& to) const {
  const std::uint64_t given = folded(one.name.given.reveal());
  const std::uint64_t family = folded(one.name.family.reveal());
  for (const way& each : ways_of(key)) {
    const person& who = people_[each.number];
    if (who.taken || (who.has_id && !is_made_up(one))) continue;
    // Couples share addresses and numbers, not given names; a family name may change.
    const bool other = given != 0 && who.given != 0
                           ? given != who.given
                           : family != 0 && who.family != 0 && family != who.family;
    if (!other && std::ranges::find(to, each.number) == to.end()) {
      to.push_back(each.number);
    }
  }
}

result<std::optional<customer_id>> people_index::find(const import_customer& one) {
  std::vector<std::uint32_t> found;
  for (const email_address& each : one.emails) {
    collect(key_of(field::emails, each.address.reveal()), one, found);
  }
  if (one.emails.empty() && one.external_id.find('@') != one.external_id.npos) {
    collect(key_of(field::emails, one.external_id), one, found);
  }
  if (found.empty()) {
    for (const phone_number& each : one.phones) {
      collect(key_of(field::phones, each.number.reveal()), one, found);
    }
  }
  if (found.empty() && whole(one.name, one.birth_date)) {
    collect(hash('n', with_birth(one.name, *one.birth_date)), one, found);
  }
  if (found.empty()) return std::optional<customer_id>();
  if (found.size() > 1) {
    return error{errc::already_exists,
                 "several customers of the book may be meant: give the row its id"};
  }
  // Another row of the same file is not them once more.
  people_[found.front()].taken = true;
  return std::optional(people_[found.front()].id);
}

}  // namespace clientbook
