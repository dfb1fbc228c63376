// Free texts of a book: what is looked for in a note, and what a note may not hold.
//
// Relies on the scanner; knows besides what the records of the people concerned say. On any doubt
// (a list that is full, a value that cannot be looked for) a text is withheld, since what is not
// hidden would be shown.
#include "free_text.hpp"

#include <clientbook/internal/unicode/folded_hash.hpp>
#include <clientbook/model/values.hpp>

#include <algorithm>
#include <string>

namespace clientbook {
namespace {

// Enough for every record that people keep.
constexpr std::size_t most_known_memory = 16 * 1024 * 1024;
constexpr std::size_t most_numbers = 256;

bool is_region(std::string_view text) noexcept {
  return text.size() == 2 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// By what a value is known as the same: letters and digits without case and accents, of a phone
// number its last eight digits.
std::uint64_t own_key(known_kind kind, std::string_view value) {
  if (kind != known_kind::phone)
    return unicode::folded_hash(value, static_cast<std::uint64_t>(kind));
  std::string digits;
  for (const char c : value) {
    if (c >= '0' && c <= '9') digits += c;
  }
  const std::size_t from = digits.size() > 8 ? digits.size() - 8 : 0;
  return unicode::folded_hash(std::string_view(digits).substr(from),
                              static_cast<std::uint64_t>(kind));
}

template <class T, class Use>
void each(byte_view value, Use&& use) {
  if (const auto list = list_of<T>::of(value)) {
    for (const T& one : *list) use(one);
  }
}

}  // namespace

free_text::free_text() : redactor_(options_) { options_.finder = &people_; }

result<void> free_text::set_shop_regions(std::span<const std::string_view> regions) {
  if (regions.size() > max_scan_regions ||
      !std::all_of(regions.begin(), regions.end(), is_region)) {
    return error{errc::invalid_argument, "regions are at most 8 pairs of capital letters"};
  }
  shop_regions_.assign(regions.begin(), regions.end());
  return {};
}

void free_text::begin(entity_set hidden) {
  known_.reset();
  wipe(values_);
  values_.clear();
  places_.clear();
  own_.clear();
  regions_ = shop_regions_;
  options_.scan.types = hidden;
}

void free_text::know(known_kind kind, std::string_view value) {
  if (value.empty()) return;
  const std::uint64_t key = own_key(kind, value);
  if (adding_own_) {
    own_.push_back(key);
    return;
  }
  if (std::find(own_.begin(), own_.end(), key) != own_.end()) return;
  const byte_view bytes = as_bytes(value);
  places_.push_back({kind, values_.size(), bytes.size()});
  values_.insert(values_.end(), bytes.begin(), bytes.end());
}

result<void> free_text::ready() {
  constexpr error too_much{errc::limit_exceeded, "the records hold more than can be looked for"};
  const std::size_t needed = known_values_memory(places_.size(), values_.size());
  if (needed > most_known_memory) return too_much;
  if (memory_.size() < needed) memory_ = wiped_bytes(needed);
  known_.emplace(byte_span(memory_).first(needed));
  for (const place& one : places_) {
    const auto added =
        known_->add(one.kind, as_text(byte_view(values_).subspan(one.begin, one.size)));
    // What is not hidden would be shown.
    if (!added && added.error().code == errc::buffer_too_small) return too_much;
  }
  wipe(values_);
  values_.clear();
  places_.clear();
  return {};
}

void free_text::know_country(std::string_view country) {
  if (!is_region(country) || regions_.size() == max_scan_regions) return;
  if (std::find(regions_.begin(), regions_.end(), country) == regions_.end()) {
    regions_.emplace_back(country);
  }
}

void free_text::add(field_type type, byte_view value) { know_all(type, value); }

// Not the people of the household, whom the record names too.
void free_text::add_own(field_type type, byte_view value) {
  if (type == field_type::household_link) return;
  adding_own_ = true;
  know_all(type, value);
  adding_own_ = false;
}

void free_text::know_all(field_type type, byte_view value) {
  switch (type) {
    case field_type::person_name: {
      person_name name;
      if (!decode_value(value, name)) return;
      know(known_kind::name, name.given.reveal());
      know(known_kind::name, name.family.reveal());
      know(known_kind::name, name.middle.reveal());
      know(known_kind::name, name.nickname.reveal());
      return;
    }
    case field_type::email:
      return each<email_address>(
          value, [&](const email_address& one) { know(known_kind::email, one.address.reveal()); });
    case field_type::phone:
      return each<phone_number>(
          value, [&](const phone_number& one) { know(known_kind::phone, one.number.reveal()); });
    case field_type::address:
      return each<postal_address>(value, [&](const postal_address& one) {
        for (const personal_text& line : {one.line1, one.line2, one.line3}) {
          know(known_kind::text, line.reveal());
        }
        know_country(one.country);
      });
    case field_type::external_id:
      return each<external_id>(
          value, [&](const external_id& one) { know(known_kind::text, one.value.reveal()); });
    case field_type::government_id:
      return each<government_id>(value, [&](const government_id& one) {
        know(known_kind::text, one.number.reveal());
        know_country(one.country);
      });
    case field_type::household_link:
      return each<household_link>(
          value, [&](const household_link& one) { know(known_kind::name, one.person.reveal()); });
    case field_type::text: {
      std::string_view text;
      if (decode_value(value, text)) know(known_kind::text, text);
      return;
    }
    default:
      return;
  }
}

text_redactor& free_text::redactor() {
  views_.assign(regions_.begin(), regions_.end());
  options_.scan.regions = views_;
  options_.scan.known = known_ ? &*known_ : nullptr;
  redactor_.restart();
  return redactor_;
}

result<std::string_view> free_text::admit(std::string_view text, const note_policy& policy) {
  constexpr entity_set cards{entity_type::payment_card, entity_type::card_code,
                             entity_type::card_expiry};
  entity_set wanted = cards;
  if (policy.identity_numbers != number_in_note::kept) wanted.add(entity_type::national_id);
  std::vector<std::string_view> regions(shop_regions_.begin(), shop_regions_.end());
  text_redaction_options options{.scan = {.types = wanted, .regions = regions}};
  std::vector<text_entity> finds(most_numbers);
  const auto found = scan(text, options.scan, finds);
  if (!found && found.error().code != errc::buffer_too_small) return found.error();
  if (found && found->empty()) return text;
  for (const text_entity& one : found ? *found : std::span(finds)) {
    const bool card = cards.contains(one.type);
    if (card && policy.cards != number_in_note::replaced) {
      return error{errc::card_data_refused,
                   "the note holds a payment card number or code: leave it out"};
    }
    if (!card && policy.identity_numbers == number_in_note::refused) {
      return error{errc::identity_number_refused,
                   "the note holds an identity number: leave it out or keep it in its field"};
    }
  }
  text_redactor redactor(options);
  admitted_ = wiped_bytes(16 * text.size() + 64);
  const auto replaced = redact_text(text, redactor, admitted_);
  if (!replaced) return replaced.error();
  return replaced->text;
}

}  // namespace clientbook
