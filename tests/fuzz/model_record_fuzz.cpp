// Records, schemas, items and texts of anybody: nothing crashes, and what is accepted has one
// form.
#include <clientbook/internal/model/card_data.hpp>
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/record.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/model/validate.hpp>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <vector>

using namespace clientbook;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

template <class T>
void walk(const result<list_of<T>>& list) {
  if (!list) return;
  std::size_t count = 0;
  for (const T& each : *list) {
    (void)each;
    ++count;
  }
  must(count == list->size());
}

void record(byte_view bytes) {
  std::array<field_value, max_fields> fields;
  const auto read = decode_record(bytes, fields);
  must(read.has_value() <= cbor::check(bytes).has_value());
  if (!read) return;
  std::vector<std::byte> out(bytes.size());
  const auto again = encode_record(*read, out);
  must(again && same_bytes(*again, bytes));
  const record_view view(*read);
  (void)view.name();
  (void)view.demographics();
  (void)view.birth_date();
  walk(view.emails());
  walk(view.phones());
  walk(view.addresses());
  walk(view.special_days());
  walk(view.sizes());
  walk(view.likes());
  walk(view.external_ids());
  walk(view.household());
  walk(view.government_ids());
  walk(view.payment_cards());
  static const schema rules = standard_schema();
  // Whatever passes validation also decodes.
  for (const field_value& entry : *read) {
    if (!validate(rules, entry.id, entry.value)) continue;
    if (entry.id == field::name) must(view.name().has_value());
    if (entry.id == field::emails) must(view.emails().has_value());
    if (entry.id == field::special_days) must(view.special_days().has_value());
  }
}

void stored_schema(byte_view bytes) {
  const auto read = decode_schema(bytes);
  if (!read || read->from_newer_version()) return;
  std::vector<std::byte> out(bytes.size());
  const auto again = encode_schema(*read, out);
  must(again && same_bytes(*again, bytes));
}

void item(byte_view bytes) {
  static const schema rules = standard_schema();
  const auto purchase = decode_purchase(bytes);
  if (validate(rules, field::purchases, bytes)) must(purchase.has_value());
  if (purchase) walk(result<list_of<purchase_line>>(purchase->lines));
  note text;
  const auto read = decode_value(bytes, text);
  if (validate(rules, field::notes, bytes)) must(read.has_value());
}

void text(std::string_view value) {
  const auto card = find_card_number(value);
  if (card) must(card->begin < card->end && card->end <= value.size());
  const auto track = find_card_track(value);
  if (track) must(track->begin < track->end && track->end <= value.size());
  if (validate_text(value, line_breaks::allowed)) must(!card && !track);
  (void)validate_email(value);
  (void)validate_phone(value);
  (void)validate_language(value);
  (void)validate_time_zone(value);
  (void)validate_country(value);
  (void)minor_units(value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const byte_view bytes = std::as_bytes(std::span(data + 1, size - 1));
  switch (data[0] % 5) {
    case 0:
      record(bytes);
      break;
    case 1:
      stored_schema(bytes);
      break;
    case 4:
      text(as_text(bytes));
      break;
    default:
      item(bytes);
  }
  return 0;
}
