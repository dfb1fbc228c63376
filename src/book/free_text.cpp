#include "free_text.hpp"

#include <clientbook/values.hpp>

#include <algorithm>

namespace clientbook {
namespace {

// Enough for every record that people keep; what does not fit is not looked for.
constexpr std::size_t known_memory = 64 * 1024;
constexpr std::size_t most_numbers = 256;

bool is_region(std::string_view text) noexcept {
  return text.size() == 2 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

template <class T, class Use>
void each(byte_view value, Use&& use) {
  if (const auto list = list_of<T>::of(value)) {
    for (const T& one : *list) use(one);
  }
}

}  // namespace

result<void> free_text::set_shop_regions(std::span<const std::string_view> regions) {
  if (regions.size() > max_scan_regions ||
      !std::all_of(regions.begin(), regions.end(), is_region)) {
    return error{errc::invalid_argument, "regions are at most 8 pairs of capital letters"};
  }
  shop_regions_.assign(regions.begin(), regions.end());
  return {};
}

void free_text::begin_customer() {
  if (memory_.size() == 0) memory_ = wiped_bytes(known_memory);
  known_.emplace(byte_span(memory_));
  regions_ = shop_regions_;
}

void free_text::know(known_kind kind, std::string_view value) {
  static_cast<void>(known_->add(kind, value));
}

void free_text::know_country(std::string_view country) {
  if (!is_region(country) || regions_.size() == max_scan_regions) return;
  if (std::find(regions_.begin(), regions_.end(), country) == regions_.end()) {
    regions_.emplace_back(country);
  }
}

void free_text::add(field_type type, byte_view value) {
  switch (type) {
    case field_type::person_name: {
      person_name name;
      if (!decode_value(value, name)) return;
      know(known_kind::name, name.given);
      know(known_kind::name, name.family);
      return;
    }
    case field_type::email:
      return each<email_address>(
          value, [&](const email_address& one) { know(known_kind::email, one.address); });
    case field_type::phone:
      return each<phone_number>(
          value, [&](const phone_number& one) { know(known_kind::phone, one.number); });
    case field_type::address:
      return each<postal_address>(value, [&](const postal_address& one) {
        for (const std::string_view line : {one.line1, one.line2, one.line3}) {
          know(known_kind::text, line);
        }
        know_country(one.country);
      });
    case field_type::external_id:
      return each<external_id>(value,
                               [&](const external_id& one) { know(known_kind::text, one.value); });
    case field_type::government_id:
      return each<government_id>(value, [&](const government_id& one) {
        know(known_kind::text, one.number);
        know_country(one.country);
      });
    case field_type::household_link:
      return each<household_link>(
          value, [&](const household_link& one) { know(known_kind::name, one.person); });
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
#ifndef CLIENTBOOK_SABOTAGE_NOTE_ADMITS
    if (card && policy.cards != number_in_note::replaced) {
      return error{errc::card_data_refused,
                   "the note holds a payment card number or code: leave it out"};
    }
    if (!card && policy.identity_numbers == number_in_note::refused) {
      return error{errc::identity_number_refused,
                   "the note holds an identity number: leave it out or keep it in its field"};
    }
#endif
  }
  text_redactor redactor(options);
  admitted_ = wiped_bytes(16 * text.size() + 64);
  const auto replaced = redact_text(text, redactor, admitted_);
  if (!replaced) return replaced.error();
  return replaced->text;
}

}  // namespace clientbook
