// Who is found by what: sixteen bits of a keyed hash for each value in memory, confirmed by reading
// the customer, and only whom the purpose may ask for (docs/format/till.md).
#include <algorithm>

#include "till_rows.hpp"

namespace clientbook {
namespace {

constexpr std::uint16_t many = 0xFFFF;  // More values than prints: the customer must be read.
constexpr std::size_t telling_digits =
    8;  // Behind the country's code and the zero dialled at home.

using digits = std::array<char, telling_digits>;

std::string_view last_digits(std::string_view number, digits& room) noexcept {
  std::size_t size = 0;
  for (std::size_t i = number.size(); i > 0 && size < telling_digits; --i) {
    if (number[i - 1] >= '0' && number[i - 1] <= '9') room[telling_digits - ++size] = number[i - 1];
  }
  return {room.data() + telling_digits - size, size};
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_letters(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// Calls `with` for each value of the three fields that somebody is found by.
template <class With>
void each_value(record_view of, With&& with) noexcept {
  if (const auto phones = of.phones()) {
    for (const phone_number& one : *phones) with(field::phones, one.number.reveal(), {});
  }
  if (const auto emails = of.emails()) {
    for (const email_address& one : *emails) with(field::emails, one.address.reveal(), {});
  }
  if (const auto ids = of.external_ids()) {
    for (const external_id& one : *ids) with(field::external_ids, one.value.reveal(), one.system);
  }
}

}  // namespace

std::uint16_t till::print_of(field_id field, std::string_view value) const noexcept {
  digits room;
  const std::byte number{field.value};
  crypto::hasher print(prints_key_);
  print.update(byte_view(&number, 1));
  if (field == field::phones) {
    print.update(as_bytes(last_digits(value, room)));
  } else {
    for (const char each : value) {
      const char same = field == field::emails ? lower(each) : each;
      print.update(as_bytes(std::string_view(&same, 1)));
    }
  }
  const crypto::digest digest = print.finish();
  const auto out = load_be<std::uint16_t>(digest.data());
  return std::clamp<std::uint16_t>(out, 1, many - 1);
}

void till::note_prints(const head& of) noexcept {
  const std::size_t each = memory_.prints.size() / memory_.index.size();
  const auto prints = memory_.prints.subspan(of.record * each, each);
  std::fill(prints.begin(), prints.end(), std::uint16_t{0});
  prints[0] = print_of(field_id(max_fields), as_text(of.id.bytes));
  std::array<field_value, max_fields> room;
  const auto fields = decode_record(of.fields, room);
  if (!fields) return;
  std::size_t next = 1;
  each_value(record_view(*fields), [&](field_id field, std::string_view value, std::string_view) {
    if (next < each) {
      prints[next++] = print_of(field, value);
    } else if (each > 1) {
      prints[each - 1] = many;
    }
  });
}

void till::forget_prints(std::uint32_t record) noexcept {
  const std::size_t each = memory_.prints.size() / memory_.index.size();
  const auto prints = memory_.prints.subspan(record * each, each);
  std::fill(prints.begin(), prints.end(), std::uint16_t{0});
}

bool till::may_be(std::uint32_t record, std::uint16_t print) const noexcept {
  const std::size_t each = memory_.prints.size() / memory_.index.size();
  const auto prints = memory_.prints.subspan(record * each, each);
  if (prints[0] == 0) return false;  // No customer.
  if (each == 1) return true;
  return std::any_of(prints.begin() + 1, prints.end(),
                     [&](std::uint16_t one) { return one == print || one == many; });
}

result<std::size_t> till::find(field_id field, std::string_view value, std::string_view system,
                               purpose_id purpose, timestamp now,
                               std::span<customer_id> out) noexcept {
  const wiped_at_end afterwards(memory_);
  digits room;
  if (field != field::phones && field != field::emails && field != field::external_ids) {
    return error{errc::invalid_argument, "a till finds by phone, e-mail address or external id",
                 field.value};
  }
  const std::string_view asked = field == field::phones ? last_digits(value, room) : value;
  if (asked.empty()) return error{errc::invalid_argument, "nothing to look for", field.value};
  const std::uint16_t print = print_of(field, value);
  std::size_t count = 0;
  for (std::uint32_t i = 1; i < memory_.index.size(); ++i) {
    if (!may_be(i, print) || !store_.has(i)) continue;
    const auto known = open_head(i);
    if (!known) return known.error();
    std::array<field_value, max_fields> fields;
    const auto all = decode_record(known->fields, fields);
    if (!all) return all.error();
    bool has = false;
    each_value(record_view(*all), [&](field_id of, std::string_view one, std::string_view in) {
      digits other;
      if (of != field) return;
      has = has || (field == field::phones   ? last_digits(one, other) == asked
                    : field == field::emails ? same_letters(one, asked)
                                             : one == asked && in == system);
    });
    if (!has) continue;
    const auto state = state_of(*known, now);
    if (!state) return state.error();
    // Nobody is found by what the purpose may not ask, or by a part of what it may not see.
    decision_request request = asking(purpose, now);
    const record_decision use = decide(*state, request);
    request.operation = operation::query;
    const record_decision query = decide(*state, request);
    if (!(use.permitted & query.permitted & ~(use.masked | query.masked)).has(field)) continue;
    if (count == out.size())
      return error{errc::limit_exceeded, "more people than there is room for"};
    out[count++] = known->id;
  }
  if (count == 0) return error{errc::not_found, "nobody whom this purpose may find by it"};
  return count;
}

}  // namespace clientbook
