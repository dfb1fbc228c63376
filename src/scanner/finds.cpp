// The list of finds, and what is told of each: the names of types and rules, and how much a rule
// proves.
#include <clientbook/scanner/scan.hpp>

#include <array>
#include <type_traits>

#include "walk.hpp"

namespace clientbook {
namespace {

constexpr std::array<std::string_view, entity_types> type_names = {
    "payment_card",  "card_expiry",    "card_code",    "iban",
    "national_id",   "email_address",  "phone_number", "ip_address",
    "url",           "mac_address",    "imei",         "vehicle_id",
    "date_of_birth", "postal_address", "known_value",  "tenant_pattern",
    "bank_account",  "person_name",
};

// One behind the other, each with a 0.
template <std::size_t Size>
consteval std::array<char, Size> joined(const std::array<std::string_view, entity_types>& names) {
  std::array<char, Size> out{};
  std::size_t used = 0;
  for (const std::string_view name : names) {
    for (const char c : name) out[used++] = c;
    ++used;
  }
  return out;
}
consteval std::size_t size_joined(const std::array<std::string_view, entity_types>& names) {
  std::size_t size = 0;
  for (const std::string_view name : names) size += name.size() + 1;
  return size;
}
constexpr auto joined_names = joined<size_joined(type_names)>(type_names);

std::string_view type_name(std::size_t type) noexcept {
  if constexpr (!scanner::compact) return type_names[type];
  for (const char* name = joined_names.data();; ++name) {
    const char* const begin = name;
    while (*name != 0) ++name;
    if (type-- == 0) return {begin, static_cast<std::size_t>(name - begin)};
  }
}

}  // namespace

std::string_view name_of(entity_type type) noexcept {
  const auto i = static_cast<std::size_t>(type);
  return i < entity_types ? type_name(i) : std::string_view();
}

result<entity_type> entity_type_of(std::string_view name) noexcept {
  for (std::size_t i = 0; i < entity_types; ++i) {
    if (type_name(i) == name) return static_cast<entity_type>(i);
  }
  return error{errc::not_found, "no such type of personal data in text"};
}

namespace scanner {
namespace {

// In place of a name where rules have numbers alone.
struct no_name {
  constexpr no_name(const char*) noexcept {}                           // NOLINT(*-explicit-*)
  constexpr operator std::string_view() const noexcept { return {}; }  // NOLINT(*-explicit-*)
};
using rule_name = std::conditional_t<extent::rule_names, std::string_view, no_name>;

struct rule_facts {
  rule_name name;
  entity_type type;
  std::uint8_t score;
  std::uint8_t priority;  // Of two that overlap and do not hold each other.
};

// In the order of scan_rule.
constexpr auto facts = std::to_array<rule_facts>({
    {"payment_card.luhn", entity_type::payment_card, 100, 90},
    {"payment_card.track", entity_type::payment_card, 100, 95},
    {"payment_card.cautious", entity_type::payment_card, 70, 60},
    {"card_expiry.beside_card", entity_type::card_expiry, 70, 30},
    {"card_code.beside_card", entity_type::card_code, 70, 30},
    {"iban.mod97", entity_type::iban, 100, 94},
    {"national_id.checked", entity_type::national_id, 95, 80},
    {"national_id.word", entity_type::national_id, 70, 70},
    {"national_id.document", entity_type::national_id, 70, 50},
    {"email_address.written", entity_type::email_address, 90, 85},
    {"email_address.obfuscated", entity_type::email_address, 80, 55},
    {"phone_number.international", entity_type::phone_number, 90, 65},
    {"phone_number.national", entity_type::phone_number, 80, 45},
    {"phone_number.word", entity_type::phone_number, 70, 45},
    {"ip_address.v4", entity_type::ip_address, 90, 66},
    {"ip_address.v6", entity_type::ip_address, 90, 67},
    {"url.scheme", entity_type::url, 95, 88},
    {"url.www", entity_type::url, 90, 84},
    {"url.domain", entity_type::url, 80, 40},
    {"url.rest", entity_type::url, 80, 88},
    {"mac_address.groups", entity_type::mac_address, 90, 68},
    {"imei.luhn", entity_type::imei, 95, 82},
    {"vehicle_id.check", entity_type::vehicle_id, 95, 78},
    {"vehicle_id.word", entity_type::vehicle_id, 70, 52},
    {"date_of_birth.word", entity_type::date_of_birth, 70, 48},
    {"date_of_birth.day", entity_type::date_of_birth, 60, 35},
    {"postal_address.street", entity_type::postal_address, 80, 44},
    {"postal_address.box", entity_type::postal_address, 80, 44},
    {"postal_address.postcode", entity_type::postal_address, 70, 42},
    {"known_value.record", entity_type::known_value, 100, 99},
    {"tenant_pattern.match", entity_type::tenant_pattern, 80, 58},
    {"field.named", entity_type::known_value, 90, 98},
    {"bank_account.word", entity_type::bank_account, 70, 46},
    {"person_name.title", entity_type::person_name, 80, 38},
    {"person_name.list", entity_type::person_name, 70, 36},
});

constexpr const rule_facts& facts_of(scan_rule which) noexcept {
  return facts[static_cast<std::size_t>(which)];
}

}  // namespace

entity_type type_of(scan_rule which) noexcept { return facts_of(which).type; }

}  // namespace scanner

std::string_view name_of(scan_rule rule) noexcept {
  const auto i = static_cast<std::size_t>(rule);
  return i < scanner::facts.size() ? scanner::facts[i].name : std::string_view();
}

namespace scanner {

void find_list::add(const find& found) noexcept {
  const rule_facts& by = facts_of(found.rule);
  text_entity one{found.begin, found.end, by.type, found.rule, by.score};
  std::size_t i = count_;
  while (i > 0 && memory_[i - 1].end > one.begin) --i;
  // memory_[i] and those behind it end behind the beginning of this one.
  std::size_t keep = i;
  for (std::size_t j = i; j < count_; ++j) {
    text_entity& other = memory_[j];
    const bool apart = other.begin >= one.end;
    if (!apart) {
      const std::uint8_t theirs = facts_of(other.rule).priority;
      const bool same = other.begin == one.begin && other.end == one.end;
      if (same ? theirs >= by.priority : other.begin <= one.begin && other.end >= one.end) {
        // It holds this one: nothing has been changed before, since finds do not overlap.
        return;
      }
      if (one.begin <= other.begin && one.end >= other.end) continue;  // Held by this one.
      if (theirs > by.priority) {
        (other.begin < one.begin ? one.begin : one.end) =
            other.begin < one.begin ? other.end : other.begin;
      } else {
        (other.begin < one.begin ? other.end : other.begin) =
            other.begin < one.begin ? one.begin : one.end;
      }
    }
    memory_[keep++] = other;
  }
  count_ = keep;
  if (count_ == memory_.size()) {
    overflow_ = true;
    return;
  }
  std::size_t at = count_++;
  for (; at > 0 && memory_[at - 1].begin > one.begin; --at) memory_[at] = memory_[at - 1];
  memory_[at] = one;
}

void find_list::drop_first(std::size_t count) noexcept {
  for (std::size_t i = count; i < count_; ++i) memory_[i - count] = memory_[i];
  count_ -= count;
}

void find_list::move_back(std::size_t bytes) noexcept {
  for (text_entity& one : finds()) {
    one.begin -= bytes;
    one.end -= bytes;
  }
}

}  // namespace scanner

}  // namespace clientbook
