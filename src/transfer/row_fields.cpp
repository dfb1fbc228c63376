// The fields of a record, one by one, and its lists.
#include "row_fields.hpp"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace clientbook {
namespace {

template <class T>
result<void> set_list(customer& record, field_id field, std::span<const T> list) {
  if (list.empty()) return {};
  return record.set(field, list);
}

result<void> set_singles(customer& record, const import_customer& one) {
  const person_name& name = one.name;
  if (!name.given.empty() || !name.family.empty() || !name.nickname.empty()) {
    if (auto set = record.set(field::name, name); !set) return set;
  }
  if (one.birth_date) {
    if (auto set = record.set(field::birth_date, *one.birth_date); !set) return set;
  }
  for (const auto& [field, value] :
       {std::pair{field::language, one.language}, std::pair{field::time_zone, one.time_zone},
        std::pair{field::employer, one.employer}, std::pair{field::tier, one.tier}}) {
    if (value.empty()) continue;
    if (auto set = record.set(field, value); !set) return set;
  }
  if (one.reach) {
    if (auto set = record.set(field::reach, *one.reach); !set) return set;
  }
  if (one.demographics) return record.set(field::demographics, *one.demographics);
  return {};
}

result<void> set_household(customer& record, const import_customer& one) {
  std::vector<household_link> links;
  for (const import_household& member : one.household) links.push_back(member.link);
  return set_list(record, field::household, std::span<const household_link>(links));
}

}  // namespace

result<void> set_lists(customer& record, const import_customer& one,
                       std::span<const external_id> ids) {
  for (auto set :
       {set_list(record, field::emails, one.emails), set_list(record, field::phones, one.phones),
        set_list(record, field::addresses, one.addresses),
        set_list(record, field::special_days, one.special_days),
        set_list(record, field::sizes, one.sizes), set_list(record, field::likes, one.likes),
        set_list(record, field::dislikes, one.dislikes), set_list(record, field::external_ids, ids),
        set_list(record, field::tags, one.tags), set_list(record, field::wishes, one.wishes),
        set_list(record, field::tasks, one.tasks), set_list(record, field::contacts, one.contacts),
        set_list(record, field::government_ids, one.government_ids),
        set_list(record, field::payment_cards, one.payment_cards)}) {
    if (!set) return set;
  }
  return {};
}

result<void> set_fields(customer& record, const import_customer& one,
                        std::span<const external_id> ids) {
  if (auto set = set_lists(record, one, ids); !set) return set;
  if (auto set = set_singles(record, one); !set) return set;
  return set_household(record, one);
}

result<void> set_contact(customer& who, std::string_view text) {
  if (text.find('@') == std::string_view::npos) {
    return who.set(field::phones, std::array{phone_number{.number = text}});
  }
  return who.set(field::emails, std::array{email_address{.address = text}});
}

result<void> check_days(const import_customer& one, timestamp now) {
  // Days begin earlier in the East.
  const std::int64_t today = now.seconds / 86'400;
  for (const import_receipt& each : one.receipts) {
    const std::int64_t day = each.head.day  ? days_since_epoch(*each.head.day)
                             : each.head.at ? each.head.at->seconds / 86'400
                                            : today;
    if (day <= today + 1) continue;
    return error{errc::invalid_value,
                 "a purchase of a day that is still to come: is the day first, or the month?"};
  }
  return {};
}

}  // namespace clientbook
