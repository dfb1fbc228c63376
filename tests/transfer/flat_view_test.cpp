#include <clientbook/transfer/flat_view.hpp>

#include <algorithm>
#include <cstring>
#include <random>

#include "random_records.hpp"
#include "shop.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

// As a program in C reads it: the entry as it lies there.
struct c_entry {
  std::uint16_t number;
  std::uint8_t state, type;
  std::uint16_t reason;
  std::uint8_t kind, form;
  std::uint32_t offset, length;
};
static_assert(sizeof(c_entry) == 16);

struct flat_shop {
  shop book;
  session in = book.begin();
  customer_id id;
  view seen;
  wiped_bytes block;

  explicit flat_shop(purpose_id purpose = purpose::customer_order_management,
                     field_set asked = all_fields) {
    id = keep(in, ken());
    auto read = in.read(id, purpose, asked);
    REQUIRE(read);
    seen = std::move(*read);
    const auto reasons = reasons_of(in, seen, in.request(purpose));
    REQUIRE(reasons);
    auto made = flatten(seen, in.fields(), *reasons);
    REQUIRE(made);
    block = std::move(*made);
  }
};

flat_view opened(byte_view block) {
  const auto out = flat_view::open(block);
  REQUIRE(out);
  return *out;
}

std::string text_of(const flat_view& in, const flat_table& table, std::uint16_t number) {
  const auto entry = table.find(number);
  REQUIRE(entry);
  const auto text = in.text(*entry);
  REQUIRE(text);
  return std::string(text->reveal());
}

// What a value was made of, told again from the block.
std::size_t same_value(const flat_view& in, const flat_entry& of, byte_view item) {
  cbor::reader from(item);
  switch (of.kind) {
    case flat_kind::text:
      CHECK(in.text(of)->reveal() == from.text());
      return 1;
    case flat_kind::integer:
      CHECK(*in.integer(of) == from.integer());
      return 1;
    case flat_kind::boolean:
      CHECK(*in.boolean(of) == from.boolean());
      return 1;
    case flat_kind::timestamp:
      CHECK(in.instant(of)->seconds == from.integer());
      return 1;
    case flat_kind::date: {
      date day;
      REQUIRE(decode_value(item, day));
      CHECK(*in.day(of) == day);
      return 1;
    }
    case flat_kind::bytes:
      CHECK(same_bytes(*in.bytes(of), from.bytes()));
      return 1;
    case flat_kind::cbor:
      CHECK(same_bytes(*in.bytes(of), item));
      return 1;
    case flat_kind::list:
    case flat_kind::structure:
      break;
    case flat_kind::none:
      FAIL("a value that is not in the block");
  }
  const flat_table table = *in.table(of);
  const bool list = of.kind == flat_kind::list;
  REQUIRE(table.size() == (list ? from.array() : from.map()));
  std::size_t seen = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    CHECK(table.at(i).number == (list ? i : from.unsigned_integer()));
    seen += same_value(in, table.at(i), from.item());
  }
  CHECK(from.finish());
  return seen;
}

}  // namespace

TEST_CASE("flat view: states, reasons and values, field by field") {
  const flat_shop shop;
  const flat_view flat = opened(shop.block);
  CHECK(flat.id() == shop.id);
  CHECK(flat.valid_until() == shop.seen.decision().valid_until);
  const flat_table fields = flat.fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const flat_entry one = fields.at(i);
    const field_id number(static_cast<std::uint8_t>(one.number));
    CHECK(one.state == shop.seen.state(number));
    CHECK((one.kind != flat_kind::none) == shop.seen.record().has(number));
    CHECK(one.reason != decision_code::none);
  }
  const auto name = fields.find(field::name.value);
  REQUIRE(name);
  CHECK(name->type == field_type::person_name);
  const auto parts = flat.table(*name);
  REQUIRE(parts);
  CHECK(text_of(flat, *parts, 1) == "Ken");
  CHECK(text_of(flat, *parts, 2) == "Sánchez");
  CHECK_FALSE(parts->find(3));
  const auto mails = flat.table(*fields.find(field::emails.value));
  REQUIRE(mails);
  REQUIRE(mails->size() == 1);
  CHECK(text_of(flat, *flat.table(mails->at(0)), 1) == "ken@example.com");
  const auto likes = fields.find(field::likes.value);
  REQUIRE(likes);
  CHECK(likes->state == field_state::withheld);
  CHECK(likes->reason == decision_code::no_basis);
  CHECK(flat.text(*name).error().code == errc::wrong_type);
}

TEST_CASE("flat view: fields that were not asked for are not in it") {
  const flat_shop shop(purpose::customer_order_management, only(field::name));
  const flat_view flat = opened(shop.block);
  REQUIRE(flat.fields().size() == 1);
  CHECK(flat.fields().at(0).number == field::name.value);
}

TEST_CASE("flat view: a C program reads it in place") {
  const flat_shop shop;
  // Header: magic, version, fields, size, where the table begins.
  CHECK(std::memcmp(shop.block.data(), "CBFV", 4) == 0);
  std::uint16_t version = 0, count = 0;
  std::uint32_t size = 0, table = 0;
  std::memcpy(&version, &shop.block[4], 2);
  std::memcpy(&count, &shop.block[6], 2);
  std::memcpy(&size, &shop.block[8], 4);
  std::memcpy(&table, &shop.block[12], 4);
  CHECK(version == 1);
  CHECK(size == shop.block.size());
  CHECK(table == 40);
  CHECK(std::memcmp(&shop.block[16], shop.id.bytes.data(), 16) == 0);
  const auto at = [&](std::size_t offset) {
    c_entry out;
    std::memcpy(&out, &shop.block[offset], sizeof out);
    return out;
  };
  std::string given;
  for (std::size_t i = 0; i < count; ++i) {
    const c_entry field = at(table + i * sizeof(c_entry));
    if (field.number != field::name.value) continue;
    CHECK(field.state == 2);
    CHECK(field.type == 16);
    CHECK(field.kind == 8);
    CHECK(field.offset % 8 == 0);
    const c_entry member = at(field.offset);
    CHECK(member.number == 1);
    CHECK(member.kind == 1);
    CHECK(member.offset % 8 == 0);
    given = reinterpret_cast<const char*>(&shop.block[member.offset]);  // up to the NUL
    CHECK(given.size() == member.length);
  }
  CHECK(given == "Ken");
}

TEST_CASE("flat view: purchases are a list of sequence and item") {
  shop book;
  session in = book.begin();
  const customer_id id = keep(in, ken());
  const purchase_line lines[] = {{.sku = "A"}, {.sku = "B", .quantity = 3}};
  const purchase priced{.at = timestamp{1'700'000'000}, .currency = "EUR", .total = -5};
  REQUIRE(in.append_purchase(id, priced, lines, purpose::customer_order_management));
  const auto bought = in.purchases(id, purpose::customer_order_management);
  REQUIRE(bought);
  const auto field = in.fields().find(field::purchases);
  REQUIRE(field);
  const auto block = flatten(*bought, *field);
  REQUIRE(block);
  const flat_view flat = opened(*block);
  REQUIRE(flat.fields().size() == 1);
  const auto all = flat.table(flat.fields().at(0));
  REQUIRE(all);
  REQUIRE(all->size() == 1);
  const auto pair = flat.table(all->at(0));
  REQUIRE(pair);
  CHECK(*flat.integer(pair->at(0)) == 1);
  const auto item = flat.table(pair->at(1));
  REQUIRE(item);
  CHECK(*flat.instant(*item->find(1)) == timestamp{1'700'000'000});
  CHECK_FALSE(item->find(2));
  CHECK(*flat.integer(*item->find(8)) == -5);
  const auto bought_lines = flat.table(*item->find(9));
  REQUIRE(bought_lines);
  REQUIRE(bought_lines->size() == 2);
  CHECK(text_of(flat, *flat.table(bought_lines->at(1)), 1) == "B");
  CHECK(*flat.integer(*flat.table(bought_lines->at(1))->find(3)) == 3);

  const auto withheld = in.notes(id, purpose::email_marketing);
  REQUIRE(withheld);
  const auto none = flatten(*withheld, *in.fields().find(field::notes), decision_code::no_basis);
  REQUIRE(none);
  const flat_entry only_state = opened(*none).fields().at(0);
  CHECK(only_state.state == field_state::withheld);
  CHECK(only_state.reason == decision_code::no_basis);
  CHECK(only_state.kind == flat_kind::none);
}

TEST_CASE("flat view: property: a block holds what the record holds") {
  random_values some(2112);
  const schema fields = standard_schema();
  std::size_t values = 0;
  for (int i = 0; i < 1000; ++i) {
    CAPTURE(i);
    customer record;
    some.fill(record);
    const auto block = flatten(record.view(), fields);
    REQUIRE(block);
    const flat_view flat = opened(*block);
    REQUIRE(flat.fields().size() == record.fields().size());
    for (const field_value& one : record.fields()) {
      const auto entry = flat.fields().find(one.id.value);
      REQUIRE(entry);
      values += same_value(flat, *entry, one.value);
    }
  }
  CHECK(values > 1000);
}

TEST_CASE("flat view: a value in another form than the one of CBOR is not written") {
  const auto written = [](field_id field, std::initializer_list<unsigned> value) {
    std::vector<std::byte> bytes;
    for (const unsigned each : value) bytes.push_back(static_cast<std::byte>(each));
    const field_value one{field, bytes};
    const auto block = flatten(record_view(std::span(&one, 1)), standard_schema());
    return block ? errc::none : block.error().code;
  };
  CHECK(written(field::name, {0xa2, 1, 0x61, 'K', 2, 0x61, 'S'}) == errc::none);
  CHECK(written(field::name, {0xa2, 2, 0x61, 'S', 1, 0x61, 'K'}) == errc::invalid_encoding);
  CHECK(written(field::name, {0xa2, 1, 0x61, 'K', 1, 0x61, 'S'}) == errc::invalid_encoding);
  CHECK(written(field::name, {0xa1, 0x18, 1, 0x61, 'K'}) == errc::invalid_encoding);  // a long 1
  CHECK(written(field::name, {0xa1, 1, 0x61, 0xff}) == errc::invalid_encoding);       // no UTF-8
  CHECK(written(field::name, {0xa1, 1, 0x62, 'K'}) == errc::invalid_encoding);        // cut
  CHECK(written(field::name, {0xa1, 1, 0x61, 'K', 0}) == errc::invalid_encoding);     // and more
  CHECK(written(field::emails, {0x82, 0xa1, 1, 0x61, 'k'}) == errc::invalid_encoding);
  // A map with other keys than numbers, and what no shape knows, stays as it is.
  CHECK(written(field::name, {0xa1, 0x61, 'x', 1}) == errc::none);
  CHECK(written(field::name, {0xa2, 0x61, 'y', 1, 0x61, 'x', 1}) == errc::invalid_encoding);
  CHECK(written(field::name, {0xa2, 1, 0x61, 'K', 0x61, 'x', 0xf6}) == errc::none);
}

TEST_CASE("flat view: property: a block that was cut or changed never reads outside itself") {
  const flat_shop shop;
  const wiped_bytes& block = shop.block;
  for (std::size_t size = 0; size < block.size(); ++size) {
    REQUIRE_FALSE(flat_view::open(byte_view(block).first(size)));
  }
  std::mt19937 random(20261128);
  std::size_t refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::byte> changed(block.begin(), block.end());
    const std::size_t at = random() % changed.size();
    changed[at] = static_cast<std::byte>(random());
    const auto flat = flat_view::open(changed);
    if (!flat) {
      ++refused;
      continue;
    }
    // Whatever opens can be walked; the sanitizers look on.
    std::size_t length = 0;
    const flat_table fields = flat->fields();
    for (std::size_t k = 0; k < fields.size(); ++k) {
      const flat_entry one = fields.at(k);
      if (const auto text = flat->text(one)) length += text->size();
      if (const auto inner = flat->table(one)) {
        for (std::size_t m = 0; m < inner->size(); ++m) length += inner->at(m).length;
      }
    }
    REQUIRE(length <= 64 * changed.size());
  }
  CHECK(refused > 0);
}

TEST_CASE("flat view: hostile blocks") {
  const flat_shop shop;
  const auto with = [&](std::size_t at, std::initializer_list<int> bytes) {
    std::vector<std::byte> changed(shop.block.begin(), shop.block.end());
    for (const int one : bytes) changed[at++] = static_cast<std::byte>(one);
    const auto flat = flat_view::open(changed);
    return flat ? errc::none : flat.error().code;
  };
  const std::size_t first = 40;  // name: a structure
  CHECK(with(0, {'X'}) == errc::invalid_encoding);
  CHECK(with(4, {2}) == errc::newer_format);
  CHECK(with(6, {0xff, 0xff}) == errc::invalid_encoding);
  CHECK(with(8, {0xff, 0xff, 0xff, 0xff}) == errc::truncated);
  CHECK(with(first + 6, {10}) == errc::invalid_encoding);           // a kind there is not
  CHECK(with(first + 8, {40, 0, 0, 0}) == errc::invalid_encoding);  // a table in itself
  CHECK(with(first + 8, {0xf8, 0xff, 0xff, 0xff}) == errc::invalid_encoding);  // outside
  CHECK(with(first + 12, {0xf0, 0xff, 0xff, 0xff}) == errc::invalid_encoding);
  CHECK(with(first + 12, {17, 0, 0, 0}) == errc::invalid_encoding);
  CHECK(with(first + 0, {0xff}) == errc::invalid_encoding);  // numbers descend
  std::vector<std::byte> longer(shop.block.begin(), shop.block.end());
  longer.resize(longer.size() + 8);
  CHECK(flat_view::open(longer).error().code == errc::invalid_encoding);
}
