// Which fields a book has, of which type, category and default redaction; and the standard ones.
//
// A schema is stored, and read by older programs: what they do not know they keep apart (`newer_`)
// and never lose. A field never changes its meaning: numbers, keys and types are appended.
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/schema.hpp>

#include <algorithm>
#include <cassert>

namespace clientbook {
namespace {

// Keys of the schema's map and of a field's.
enum : unsigned { key_version = 1, key_fields = 2 };

using categories = std::array<category_id, 4>;

std::size_t count_of(const categories& all) noexcept {
  const auto end = std::find(all.begin(), all.end(), category_id{});
  return static_cast<std::size_t>(end - all.begin());
}

bool valid_categories(const categories& all) noexcept {
  const std::size_t count = count_of(all);
  if (count == 0) return false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i >= count && all[i] != category_id{}) return false;
    for (std::size_t j = 0; j < i && i < count; ++j) {
      if (all[i] == all[j]) return false;
    }
  }
  return true;
}

bool is_known(cardinality count) noexcept {
  return count == cardinality::one || count == cardinality::many;
}
bool is_known(index_kind index) noexcept { return index <= index_kind::persistent; }
bool is_known(redaction_operator redaction) noexcept {
  switch (redaction) {
    case redaction_operator::none:
    case redaction_operator::redact_text:
    case redaction_operator::shift_date:
    case redaction_operator::generalise_date:
    case redaction_operator::generalise_zip:
    case redaction_operator::generalise_number:
    case redaction_operator::generalise_ip:
    case redaction_operator::generalise_geo:
    case redaction_operator::mask_phone:
    case redaction_operator::mask_email:
    case redaction_operator::mask_card:
    case redaction_operator::mask:
    case redaction_operator::fpe:
    case redaction_operator::token:
    case redaction_operator::hash:
    case redaction_operator::label:
    case redaction_operator::drop:
      return true;
  }
  return false;
}

}  // namespace

bool is_known(field_type type) noexcept {
  switch (type) {
    case field_type::text:
    case field_type::integer:
    case field_type::boolean:
    case field_type::date:
    case field_type::timestamp:
    case field_type::money:
    case field_type::language:
    case field_type::time_zone:
    case field_type::person_name:
    case field_type::email:
    case field_type::phone:
    case field_type::address:
    case field_type::special_day:
    case field_type::size:
    case field_type::external_id:
    case field_type::household_link:
    case field_type::demographics:
    case field_type::government_id:
    case field_type::payment_card:
    case field_type::task:
    case field_type::contact:
    case field_type::wish:
    case field_type::reach:
    case field_type::purchase:
    case field_type::note:
    case field_type::card_verification_code:
    case field_type::card_track:
    case field_type::pin_block:
      return true;
  }
  return false;
}

std::string_view name_of(redaction_operator op) noexcept {
  switch (op) {
    case redaction_operator::none:
      return "none";
    case redaction_operator::redact_text:
      return "redact_text";
    case redaction_operator::shift_date:
      return "shift_date";
    case redaction_operator::generalise_date:
      return "generalise_date";
    case redaction_operator::generalise_zip:
      return "generalise_zip";
    case redaction_operator::generalise_number:
      return "generalise_number";
    case redaction_operator::generalise_ip:
      return "generalise_ip";
    case redaction_operator::generalise_geo:
      return "generalise_geo";
    case redaction_operator::mask_phone:
      return "mask_phone";
    case redaction_operator::mask_email:
      return "mask_email";
    case redaction_operator::mask_card:
      return "mask_card";
    case redaction_operator::mask:
      return "mask";
    case redaction_operator::fpe:
      return "fpe";
    case redaction_operator::token:
      return "token";
    case redaction_operator::hash:
      return "hash";
    case redaction_operator::label:
      return "label";
    case redaction_operator::drop:
      return "drop";
  }
  return {};
}

bool valid_key(std::string_view key) noexcept {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (key.empty() || key.size() > schema::max_key || !lower(key.front())) return false;
  return std::all_of(key.begin(), key.end(),
                     [&](char c) { return lower(c) || (c >= '0' && c <= '9') || c == '_'; });
}

result<void> schema::add(const field_definition& definition) noexcept {
  const std::uint64_t at = definition.number.value;
  if (is_refused(definition.type)) {
    return error{errc::card_data_refused, "card codes, tracks and PIN blocks may not be kept", at};
  }
  if (definition.number < field::first_of_shop) {
    return error{errc::invalid_argument, "a shop's own fields have numbers 32 to 63", at};
  }
  if (!is_known(definition.type) || is_item(definition.type)) {
    return error{errc::unsupported, "a shop's own field cannot have this type", at};
  }
  if (!is_known(definition.count) || !is_known(definition.index) ||
      !is_known(definition.redaction)) {
    return error{errc::invalid_argument, "cardinality, index or redaction is not known", at};
  }
  return insert(definition);
}

// What every schema must hold, also one of a newer version.
result<void> schema::insert(const field_definition& definition) noexcept {
  const field_id number = definition.number;
  const std::uint64_t at = number.value;
  if (is_refused(definition.type)) {
    return error{errc::card_data_refused, "card codes, tracks and PIN blocks may not be kept", at};
  }
  if (number.value >= max_fields) return error{errc::invalid_argument, "numbers end at 63", at};
  if (!valid_key(definition.key)) {
    return error{errc::invalid_argument, "a key is 1 to 32 of a-z, 0-9, _, a letter first", at};
  }
  if (!valid_categories(definition.categories)) {
    return error{errc::invalid_argument, "a field has 1 to 4 different data categories", at};
  }
  if (contains(number) || find(definition.key)) {
    return error{errc::already_exists, "the field number or key is taken", at};
  }
  std::size_t place = count_;
  for (; place > 0 && entries_[place - 1].number > number; --place) {
    entries_[place] = entries_[place - 1];
  }
  entry& slot = entries_[place];
  slot = entry{};
  std::copy(definition.key.begin(), definition.key.end(), slot.key.begin());
  slot.key_size = static_cast<std::uint8_t>(definition.key.size());
  slot.categories = definition.categories;
  slot.number = number;
  slot.type = definition.type;
  slot.count = definition.count;
  slot.index = definition.index;
  slot.redaction = definition.redaction;
  ++count_;
  for (std::size_t i = place; i < count_; ++i) {
    places_[entries_[i].number.value] = static_cast<std::uint8_t>(i + 1);
  }
  return {};
}

field_definition schema::at(std::size_t place) const noexcept {
  assert(place < count_);
  const entry& found = entries_[place];
  return {found.number,    {found.key.data(), found.key_size},
          found.type,      found.count,
          found.index,     found.redaction,
          found.categories};
}

result<field_definition> schema::find(field_id number) const noexcept {
  if (!contains(number)) {
    return error{errc::unknown_field, "the schema has no field of that number", number.value};
  }
  return at(place_of(number));
}

result<field_definition> schema::find(std::string_view key) const noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    const field_definition definition = at(i);
    if (definition.key == key) return definition;
  }
  return error{errc::unknown_field, "the schema has no field of that key"};
}

result<byte_view> encode_schema(const schema& value, byte_span out) noexcept {
  if (value.from_newer_version()) {
    return error{errc::newer_format, "a newer version wrote this schema: update to change it"};
  }
  cbor::writer to(out);
  to.map(2);
  to.unsigned_integer(key_version);
  to.unsigned_integer(value.version.value);
  to.unsigned_integer(key_fields);
  to.array(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    const field_definition definition = value.at(i);
    to.map(7);
    to.unsigned_integer(1);
    to.unsigned_integer(definition.number.value);
    to.unsigned_integer(2);
    to.text(definition.key);
    to.unsigned_integer(3);
    to.unsigned_integer(static_cast<unsigned>(definition.type));
    to.unsigned_integer(4);
    to.unsigned_integer(static_cast<unsigned>(definition.count));
    to.unsigned_integer(5);
    to.unsigned_integer(static_cast<unsigned>(definition.index));
    to.unsigned_integer(6);
    to.unsigned_integer(static_cast<unsigned>(definition.redaction));
    to.unsigned_integer(7);
    const std::size_t count = count_of(definition.categories);
    to.array(count);
    for (std::size_t j = 0; j < count; ++j) to.unsigned_integer(definition.categories[j].value);
  }
  return to.finish();
}

namespace {

std::uint8_t read_octet(cbor::reader& in) noexcept {
  const std::uint64_t value = in.unsigned_integer();
  if (value > 0xFF) in.fail(errc::invalid_value, "a number of the schema is above 255");
  return static_cast<std::uint8_t>(value);
}

void read_categories(cbor::reader& in, categories& out) noexcept {
  const std::size_t count = in.array();
  if (count > out.size()) in.fail(errc::invalid_value, "a field has 1 to 4 data categories");
  for (std::size_t i = 0; i < count && !in.failed(); ++i) out[i] = category_id(read_octet(in));
}

// Returns whether keys were met that this version does not know.
bool read_definition(cbor::reader& in, field_definition& out) noexcept {
  bool newer = false;
  unsigned seen = 0;
  std::uint64_t next = 0;
  for (std::size_t left = in.map(); left > 0 && !in.failed(); --left) {
    const std::uint64_t key = in.unsigned_integer();
    if (key < next) in.fail(errc::invalid_encoding, "map keys are not in ascending order");
    next = key + 1;
    seen += key >= 1 && key <= 7 ? 1 : 0;
    switch (key) {
      case 1:
        out.number = field_id(read_octet(in));
        break;
      case 2:
        out.key = in.text();
        break;
      case 3:
        out.type = static_cast<field_type>(read_octet(in));
        break;
      case 4:
        out.count = static_cast<cardinality>(read_octet(in));
        break;
      case 5:
        out.index = static_cast<index_kind>(read_octet(in));
        break;
      case 6:
        out.redaction = static_cast<redaction_operator>(read_octet(in));
        break;
      case 7:
        read_categories(in, out.categories);
        break;
      default:
        newer = true;
        in.item();
    }
  }
  if (seen != 7) in.fail(errc::missing_field, "a field of the schema lacks a part");
  return newer;
}

}  // namespace

result<schema> decode_schema(byte_view bytes) noexcept {
  if (const auto whole = cbor::check(bytes); !whole) return whole.error();
  cbor::reader in(bytes);
  schema out;
  const std::size_t parts = in.map();
  if (in.unsigned_integer() != key_version) {
    in.fail(errc::missing_field, "the schema's version is absent");
  }
  const std::uint64_t version = in.unsigned_integer();
  if (version == 0 || version > 0xFFFFFFFF) {
    in.fail(errc::invalid_value, "a schema's version is 1 to 2^32 - 1");
  }
  out.version = schema_version(static_cast<std::uint32_t>(version));
  if (in.unsigned_integer() != key_fields) {
    in.fail(errc::missing_field, "the schema's fields are absent");
  }
  int previous = -1;
  for (std::size_t left = in.array(); left > 0 && !in.failed(); --left) {
    field_definition definition;
    if (read_definition(in, definition)) out.newer_ = true;
    if (in.failed()) break;
    if (definition.number.value <= previous) {
      return error{errc::invalid_encoding, "the schema's fields are not in ascending order",
                   definition.number.value};
    }
    previous = definition.number.value;
    if (const auto added = out.insert(definition); !added) {
      if (added.error().code != errc::invalid_argument) return added.error();
      return error{errc::invalid_value, "a field's number, key or categories are out of range",
                   definition.number.value};
    }
  }
  for (std::size_t left = parts; left > 2 && !in.failed(); --left) {
    out.newer_ = true;
    in.item();
    in.item();
  }
  if (const auto whole = in.finish(); !whole) return whole.error();
  return out;
}

// The built-in fields. Numbers, keys and types are stored: append, never change.
namespace {

using type = field_type;
using mask = redaction_operator;
constexpr auto one = cardinality::one;
constexpr auto many = cardinality::many;
constexpr auto none = index_kind::none;
constexpr auto memory = index_kind::memory;
constexpr auto persistent = index_kind::persistent;

constexpr field_definition standard_fields[] = {
    {field::name, "name", type::person_name, one, memory, mask::mask, {category::name}},
    {field::emails,
     "emails",
     type::email,
     many,
     persistent,
     mask::mask_email,
     {category::email_address}},
    {field::phones,
     "phones",
     type::phone,
     many,
     persistent,
     mask::mask_phone,
     {category::telephone_number}},
    {field::addresses,
     "addresses",
     type::address,
     many,
     none,
     mask::generalise_zip,
     {category::physical_address}},
    {field::birth_date,
     "birth_date",
     type::date,
     one,
     memory,
     mask::generalise_date,
     {category::birth_date}},
    {field::special_days,
     "special_days",
     type::special_day,
     many,
     memory,
     mask::generalise_date,
     {category::life_event}},
    {field::purchases, "purchases", type::purchase, many, none, mask::drop, {category::purchase}},
    {field::sizes, "sizes", type::size, many, memory, mask::drop, {category::clothing_size}},
    {field::likes, "likes", type::text, many, memory, mask::drop, {category::like}},
    {field::dislikes, "dislikes", type::text, many, memory, mask::drop, {category::dislike}},
    {field::notes, "notes", type::note, many, none, mask::drop, {category::note}},
    {field::language, "language", type::language, one, none, mask::drop, {category::language}},
    {field::time_zone, "time_zone", type::time_zone, one, none, mask::drop, {category::time_zone}},
    {field::external_ids,
     "external_ids",
     type::external_id,
     many,
     persistent,
     mask::mask,
     {category::loyalty_id}},
    {field::employer, "employer", type::text, one, none, mask::drop, {category::employer}},
    {field::household,
     "household",
     type::household_link,
     many,
     none,
     mask::drop,
     {category::household}},
    {field::demographics,
     "demographics",
     type::demographics,
     one,
     none,
     mask::drop,
     {category::demographic, category::income_bracket, category::family_structure}},
    {field::government_ids,
     "government_ids",
     type::government_id,
     many,
     none,
     mask::drop,
     {category::government_id}},
    {field::payment_cards,
     "payment_cards",
     type::payment_card,
     many,
     none,
     mask::mask_card,
     {category::payment_card}},
    {field::tasks, "tasks", type::task, many, none, mask::drop, {category::note}},
    {field::contacts,
     "contacts",
     type::contact,
     many,
     none,
     mask::drop,
     {category::communications_metadata, category::note}},
    {field::tags, "tags", type::text, many, none, mask::drop, {category::note}},
    {field::tier, "tier", type::text, one, none, mask::drop, {category::loyalty_id}},
    {field::wishes, "wishes", type::wish, many, none, mask::drop, {category::like}},
    {field::reach, "reach", type::reach, one, none, mask::drop, {category::preference}},
};

}  // namespace

schema standard_schema() noexcept {
  schema standard;
  for (const field_definition& definition : standard_fields) {
    (void)standard.insert(definition);
  }
  return standard;
}

result<schema> with_built_in(const schema& known) noexcept {
  if (known.from_newer_version()) {
    return error{errc::newer_format, "a newer version wrote this schema: update to change it"};
  }
  schema out = known;
  for (const field_definition& definition : standard_fields) {
    if (out.contains(definition.number)) continue;
    if (auto added = out.insert(definition); !added) return added.error();
  }
  return out;
}

}  // namespace clientbook
