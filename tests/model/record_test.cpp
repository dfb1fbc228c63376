#include "testing.hpp"

#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/record.hpp>

#include "sample.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace clientbook;
using sample::bytes_of;
using sample::hex_of;

TEST_CASE("record: every kind of value reads back as it was set") {
  std::vector<std::byte> buffer(4096);
  record_writer writer(buffer);
  sample::fill(writer);
  const record_view record = writer.view();

  const auto name = record.name();
  REQUIRE(name);
  CHECK(name->given == "Zoë");
  CHECK(name->family == "Müller");
  CHECK(name->suffix.empty());
  const auto emails = record.emails();
  REQUIRE(emails);
  REQUIRE(emails->size() == 2);
  std::vector<std::string_view> seen;
  for (const email_address& entry : *emails) seen.push_back(entry.address.reveal());
  CHECK(seen == std::vector<std::string_view>{"zoe@example.org", "z.mueller@example.com"});
  CHECK(emails->begin()->label == "home");
  CHECK((++record.phones()->begin())->extension == "12");
  CHECK(record.addresses()->begin()->country == "DE");
  CHECK(record.addresses()->begin()->line2.empty());
  CHECK(*record.birth_date() == date{1984, 2, 29});
  CHECK(*record.special_days()->begin()->day == date{2010, 6, 5});
  CHECK(*(++record.special_days()->begin())->day == date{0, 2, 29});
  CHECK(record.sizes()->begin()->value == "39");
  CHECK(*record.likes()->begin() == "silk");
  CHECK(record.dislikes()->empty());
  CHECK(*record.language() == "de");
  CHECK(*record.time_zone() == "Europe/Berlin");
  CHECK(record.external_ids()->begin()->value == "AW00011000");
  CHECK(*record.employer() == "Example GmbH");
  CHECK(record.household()->begin()->person == "Jo");
  CHECK(!record.household()->begin()->customer);
  const auto about = record.demographics();
  REQUIRE(about);
  CHECK(*about->children == 2);
  CHECK(*about->children_at_home == 0);
  CHECK(*about->home_owner);
  CHECK(about->commute_distance == "0-1 Miles");
  CHECK(record.government_ids()->begin()->number == "C01X00T47");
  CHECK(record.payment_cards()->begin()->last_four == "1111");
  CHECK(*record.payment_cards()->begin()->expiry_month == 12);
  CHECK(validate(standard_schema(), record.fields()));
}

TEST_CASE("record: an absent field is not found, an absent list is empty") {
  const record_view record;
  CHECK(record.name().error().code == errc::not_found);
  CHECK(record.name().error().at == field::name.value);
  CHECK(record.emails()->empty());
  CHECK(!record.has(field::emails));
}

TEST_CASE("record: the same values have the same bytes, whatever the order they were set in") {
  std::vector<std::byte> one(4096);
  std::vector<std::byte> two(4096);
  record_writer first(one);
  record_writer second(two);
  sample::fill(first);
  REQUIRE(second.set(field::likes, "something else"));
  for (auto entry = first.fields().rbegin(); entry != first.fields().rend(); ++entry) {
    REQUIRE(second.set_raw(entry->id, entry->value));
  }
  std::vector<std::byte> out_one(4096);
  std::vector<std::byte> out_two(4096);
  const auto a = encode_record(first.fields(), out_one);
  const auto b = encode_record(second.fields(), out_two);
  REQUIRE(a);
  REQUIRE(b);
  CHECK(same_bytes(*a, *b));
  CHECK(cbor::check(*a));
}

TEST_CASE("record: fields and struct keys of a newer version survive a round trip") {
  // {1: {1: "Ada", 99: [1, 2]}, 30: {5: "new"}, 63: true}
  const auto bytes = bytes_of(
      "a3"
      "01a2016341646118638201"
      "02"
      "181ea10563"
      "6e6577"
      "183ff5");
  std::array<field_value, max_fields> fields;
  const auto read = decode_record(bytes, fields);
  REQUIRE(read);
  CHECK(record_view(*read).name()->given == "Ada");

  std::vector<std::byte> buffer(256);
  record_writer writer(buffer);
  for (const field_value& entry : *read) REQUIRE(writer.set_raw(entry.id, entry.value));
  REQUIRE(writer.set(field::language, "en"));  // an edit by this version
  REQUIRE(writer.erase(field::language));
  std::vector<std::byte> out(256);
  const auto written = encode_record(writer.fields(), out);
  REQUIRE(written);
  CHECK(same_bytes(*written, bytes));
}

TEST_CASE("record: an exported record is refused unless its numbers ascend from 0 to 63") {
  std::array<field_value, 2> fields;
  const auto verdict = [&](std::string_view hex) {
    return decode_record(bytes_of(hex), fields).error().code;
  };
  CHECK(verdict("a0") == errc::none);
  CHECK(verdict("a200f5183ff5") == errc::none);
  CHECK(verdict("a11840f5") == errc::invalid_encoding);
  CHECK(verdict("a202f501f5") == errc::invalid_encoding);
  CHECK(verdict("a202f502f5") == errc::invalid_encoding);
  CHECK(verdict("a16161f5") == errc::wrong_type);
  CHECK(verdict("80") == errc::wrong_type);
  CHECK(verdict("a301f502f503f5") == errc::limit_exceeded);
  CHECK(verdict("a101a202000100") == errc::invalid_encoding);  // deep inside
  CHECK(verdict("a101") == errc::truncated);
  CHECK(verdict("a101f5f5") == errc::invalid_encoding);
}

TEST_CASE("record: a failed call of the writer leaves the record as it was") {
  std::array<std::byte, 64> buffer;
  record_writer writer(buffer);
  REQUIRE(writer.set(field::employer, "Example"));
  REQUIRE(writer.set(field::language, "de"));
  std::vector<std::byte> before(256);
  const std::string form = hex_of(*encode_record(writer.fields(), before));
  const auto unchanged = [&] {
    std::vector<std::byte> now(256);
    return hex_of(*encode_record(writer.fields(), now)) == form && writer.size() == 8 + 3;
  };

  SUBCASE("no room: says how much is needed") {
    const std::string text(60, 'x');
    const auto done = writer.set(field::employer, text);
    CHECK(done.error().code == errc::buffer_too_small);
    CHECK(done.error().at == 11 + 62);
    const auto raw = bytes_of("783c" + hex_of(as_bytes(text)));
    CHECK(writer.set_raw(field::employer, raw).error().at == 11 + 62);
  }
  SUBCASE("not UTF-8") {
    CHECK(writer.set(field::employer, "\xFF").error().code == errc::invalid_encoding);
  }
  SUBCASE("no such day") {
    CHECK(writer.set(field::birth_date, date{2023, 2, 29}).error().code == errc::invalid_value);
    const special_day day{"x", date{2023, 13, 1}, ""};
    CHECK(writer.set(field::special_days, std::span(&day, 1)).error().code == errc::invalid_value);
  }
  SUBCASE("no such number") {
    CHECK(writer.set(field_id(64), "x").error().code == errc::invalid_argument);
    CHECK(writer.set_raw(field_id(64), bytes_of("01")).error().code == errc::invalid_argument);
  }
  SUBCASE("bytes that are not one deterministic item") {
    CHECK(writer.set_raw(field::employer, bytes_of("1800")).error().code == errc::invalid_encoding);
    CHECK(writer.set_raw(field::employer, {}).error().code == errc::truncated);
  }
  SUBCASE("a field that is not there") { CHECK(!writer.erase(field::name)); }
  SUBCASE("a smaller buffer to move to") {
    std::array<std::byte, 10> small;
    CHECK(writer.move_to(small).error().at == 11);
  }
  CHECK(unchanged());
}

TEST_CASE("record: a text literal is a text, not a boolean") {
  std::array<std::byte, 64> buffer;
  record_writer writer(buffer);
  REQUIRE(writer.set(field_id(40), "x"));
  CHECK(hex_of(writer.view().raw(field_id(40))) == "6178");
  REQUIRE(writer.set(field_id(41), true));
  CHECK(hex_of(writer.view().raw(field_id(41))) == "f5");
  REQUIRE(writer.set(field_id(42), 5));
  CHECK(hex_of(writer.view().raw(field_id(42))) == "05");
}

TEST_CASE("record: what is set may lie in the record itself") {
  std::array<std::byte, 256> buffer;
  record_writer writer(buffer);
  REQUIRE(writer.set(field::name, sample::name));
  REQUIRE(writer.set(field::employer, "Example"));
  person_name name = *writer.view().name();
  name.given = *writer.view().get<personal_text>(field::employer);
  REQUIRE(writer.set(field::name, name));
  CHECK(writer.view().name()->given == "Example");
  CHECK(writer.view().name()->family == "Müller");
  REQUIRE(writer.set_raw(field::employer, writer.view().raw(field::name)));
  CHECK(same_bytes(writer.view().raw(field::employer), writer.view().raw(field::name)));
}

TEST_CASE("record: a value that was replaced or erased is gone from the buffer") {
  std::array<std::byte, 256> buffer{};
  record_writer writer(buffer);
  REQUIRE(writer.set(field::employer, "SECRETWORD"));
  REQUIRE(writer.set(field::language, "de"));
  const auto rest_is_zero = [&] {
    return std::all_of(buffer.begin() + static_cast<std::ptrdiff_t>(writer.size()), buffer.end(),
                       [](std::byte b) { return b == std::byte{0}; });
  };
  SUBCASE("erased") { writer.erase(field::employer); }
  SUBCASE("replaced") { REQUIRE(writer.set(field::employer, "x")); }
  SUBCASE("cleared") { writer.clear(); }
  CHECK(rest_is_zero());
  CHECK(as_text(buffer).find("SECRET") == std::string_view::npos);
}

TEST_CASE("record: property: the writer holds what a map would hold") {
  std::mt19937 random(11);
  std::vector<std::byte> buffer(64);
  std::vector<std::byte> spare;
  record_writer writer(buffer);
  std::map<std::uint8_t, std::string> expected;
  for (int i = 0; i < 20'000; ++i) {
    CAPTURE(i);
    const auto number = static_cast<std::uint8_t>(random() % 64);
    if (random() % 3 == 0) {
      CHECK(writer.erase(field_id(number)) == (expected.erase(number) == 1));
    } else {
      const std::string text(1 + random() % 60, static_cast<char>('a' + random() % 26));
      auto done = writer.set(field_id(number), text);
      if (!done) {
        REQUIRE(done.error().code == errc::buffer_too_small);
        spare.assign(done.error().at, std::byte{});
        REQUIRE(writer.move_to(spare));
        std::swap(spare, buffer);
        done = writer.set(field_id(number), text);
      }
      REQUIRE(done);
      expected[number] = text;
    }
    REQUIRE(writer.fields().size() == expected.size());
    auto entry = expected.begin();
    for (const field_value& field : writer.fields()) {
      REQUIRE(field.id.value == entry->first);
      std::string_view text;
      REQUIRE(decode_value(field.value, text));
      REQUIRE(text == entry->second);
      ++entry;
    }
  }
}

TEST_CASE("record: a purchase and a note are items of their own") {
  std::vector<std::byte> buffer(1024);
  const std::vector<purchase_line> lines = {{"BK-R93R-62", "Road bike", 1, 357827, "62", "red"},
                                            {"", "Repair", {}, {}, "", ""}};
  const auto item = encode_value(purchase{.at = {},
                                          .day = date{2011, 5, 31},
                                          .order = "43659",
                                          .store = "Berlin",
                                          .associate = "a-7",
                                          .channel = "store",
                                          .currency = "EUR",
                                          .total = 2056562},
                                 lines, buffer);
  REQUIRE(item);
  CHECK(cbor::check(*item));
  CHECK(validate(standard_schema(), field::purchases, *item));
  const auto read = decode_purchase(*item);
  REQUIRE(read);
  CHECK(*read->receipt.day == date{2011, 5, 31});
  CHECK(!read->receipt.at);
  CHECK(*read->receipt.total == 2056562);
  REQUIRE(read->lines.size() == 2);
  CHECK(*read->lines.begin()->unit_price == 357827);
  CHECK((++read->lines.begin())->description == "Repair");
  CHECK(!(++read->lines.begin())->quantity);

  const auto bare = encode_value(purchase{.at = timestamp{5},
                                          .day = {},
                                          .order = {},
                                          .store = {},
                                          .associate = {},
                                          .channel = {},
                                          .currency = {},
                                          .total = {}},
                                 {}, buffer);
  CHECK(decode_purchase(*bare)->lines.empty());

  const auto written =
      encode_value(note{timestamp{1700000000}, "a-7", "Likes silk.\nCalls back."}, buffer);
  REQUIRE(written);
  note text;
  REQUIRE(decode_value(*written, text));
  CHECK(text.at->seconds == 1700000000);
  CHECK(text.text == "Likes silk.\nCalls back.");
}

TEST_CASE("record: a struct's keys ascend, and of unknown ones nothing is lost or read") {
  person_name name;
  CHECK(decode_value(bytes_of("a20161610261"
                              "62"),
                     name));
  CHECK(decode_value(bytes_of("a202616201"
                              "6161"),
                     name)
            .error()
            .code == errc::invalid_encoding);
  CHECK(decode_value(bytes_of("a2016161016162"), name).error().code == errc::invalid_encoding);
  CHECK(decode_value(bytes_of("a101f5"), name).error().code == errc::wrong_type);
  CHECK(decode_value(bytes_of("a1186401"), name));
  CHECK(decode_value(bytes_of("a1187001"
                              "00"),
                     name)
            .error()
            .code == errc::invalid_encoding);
  CHECK(decode_value(bytes_of("a118701800"), name).error().code == errc::invalid_encoding);
  CHECK(decode_value(bytes_of("a1616101"), name).error().code == errc::wrong_type);
}

TEST_CASE("record: a list is checked when it is made") {
  CHECK(list_of<email_address>::of(bytes_of("81a1016161")));
  CHECK(list_of<email_address>::of(bytes_of("82a1016161")).error().code == errc::truncated);
  CHECK(list_of<email_address>::of(bytes_of("81f5")).error().code == errc::wrong_type);
  CHECK(list_of<email_address>::of(bytes_of("f5")).error().code == errc::wrong_type);
  CHECK(list_of<date>::of(bytes_of("811a01330a9e")).error().code == errc::invalid_value);
}

TEST_CASE("record: property: mutated values never read as something with another form") {
  std::vector<std::byte> buffer(4096);
  record_writer writer(buffer);
  sample::fill(writer);
  std::mt19937 random(5);
  std::vector<std::byte> again(8192);
  const auto same_form = [&](const auto& read, byte_view bytes) {
    // Only when no key is unknown can the value be written anew.
    const auto form = encode_value(read, again);
    if (form && form->size() == bytes.size()) REQUIRE(same_bytes(*form, bytes));
  };
  for (int i = 0; i < 50'000; ++i) {
    const field_value& entry = writer.fields()[random() % writer.fields().size()];
    std::vector<std::byte> bytes(entry.value.begin(), entry.value.end());
    for (auto flips = 1 + random() % 3; flips > 0; --flips) {
      bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    }
    const field_value changed{entry.id, bytes};
    const record_view record(std::span(&changed, 1));
    if (const auto name = record.name()) same_form(*name, bytes);
    if (const auto about = record.demographics()) same_form(*about, bytes);
    if (const auto day = record.birth_date()) same_form(*day, bytes);
    if (const auto list = record.emails()) {
      std::size_t count = 0;
      for (const email_address& each : *list) count += each.address.size() < 4096 ? 1U : 0U;
      REQUIRE(count == list->size());
    }
    if (const auto list = record.special_days()) {
      std::vector<special_day> days;
      for (const special_day& each : *list) days.push_back(each);
      REQUIRE(days.size() == list->size());
      same_form(std::span<const special_day>(days), bytes);
    }
    (void)validate(standard_schema(), record.fields());
  }
}

TEST_CASE("record: figures, printed") {
  std::vector<std::byte> buffer(4096);
  record_writer writer(buffer);
  sample::fill(writer);
  const schema rules = standard_schema();
  std::vector<std::byte> out(4096);
  const auto time = [](auto&& work) {
    double best = 1e9;  // Of many short rounds: the machine has other work too.
    for (int round = 0; round < 200; ++round) {
      const auto start = std::chrono::steady_clock::now();
      for (int i = 0; i < 100; ++i) work();
      const std::chrono::duration<double, std::nano> spent =
          std::chrono::steady_clock::now() - start;
      best = std::min(best, spent.count() / 100);
    }
    return best;
  };
  std::size_t sink = 0;
  const double set_all = time([&] {
    record_writer other(out);
    sample::fill(other);
    sink += other.size();
  });
  const double read_all = time([&] {
    const record_view record = writer.view();
    sink += record.name()->given.size() + record.demographics()->gender.size();
    for (const auto& each : *record.emails()) sink += each.address.size();
    for (const auto& each : *record.phones()) sink += each.number.size();
    for (const auto& each : *record.addresses()) sink += each.city.size();
    for (const auto& each : *record.special_days()) sink += each.day->day;
    for (const auto& each : *record.sizes()) sink += each.value.size();
    for (const auto& each : *record.likes()) sink += each.size();
    sink += record.birth_date()->day + record.language()->size() + record.employer()->size();
    for (const auto& each : *record.external_ids()) sink += each.value.size();
  });
  const double whole = time([&] {
    std::array<field_value, max_fields> fields;
    const auto bytes = encode_record(writer.fields(), out);
    sink += decode_record(*bytes, fields)->size();
  });
  const double valid =
      time([&] { sink += validate(rules, writer.fields()).has_value() ? 1U : 0U; });
  std::printf(
      "model: 16 fields, %zu bytes: set %.0f ns, read 12 %.0f ns, map out and in %.0f ns, "
      "validate %.0f ns\n",
      writer.size(), set_all, read_all, whole, valid);
  CHECK(sink > 0);
}
