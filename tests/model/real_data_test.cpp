#include "testing.hpp"

#include <clientbook/model/validate.hpp>

#include "data.hpp"
#include "json.hpp"

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

using namespace clientbook;
using clientbook::testing::data;
using clientbook::testing::text_of;

namespace {

// One CSV line; the files used here have no line breaks inside quotes.
std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      out.emplace_back();
    } else if (c != '\r') {
      out.back() += c;
    }
  }
  return out;
}

// Calls `row` with each line of a CSV file as {column: cell}.
template <class Row>
std::size_t each_row(const std::filesystem::path& path, Row row) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  const auto columns = cells(line);
  std::size_t count = 0;
  while (std::getline(in, line)) {
    const auto values = cells(line);
    std::map<std::string, std::string> named;
    for (std::size_t i = 0; i < columns.size() && i < values.size(); ++i) {
      named[columns[i]] = values[i];
    }
    row(named);
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("real data: every person of AdventureWorks has a valid name, e-mail, phone, number") {
  const auto path = data("adventureworks/customers.csv");
  if (!path) return;
  const schema rules = standard_schema();
  std::vector<std::byte> buffer(8192);
  const auto rows = each_row(*path, [&](auto& row) {
    CAPTURE(row["person_id"]);
    record_writer record(buffer);
    REQUIRE(record.set(field::name, person_name{.prefix = row["title"],
                                                .given = row["first_name"],
                                                .middle = row["middle_name"],
                                                .family = row["last_name"],
                                                .suffix = row["suffix"],
                                                .nickname = {},
                                                .phonetic = {}}));
    const email_address email{row["email"], ""};
    REQUIRE(record.set(field::emails, std::span(&email, 1)));
    const phone_number phone{row["phone"], row["phone_type"], ""};
    REQUIRE(record.set(field::phones, std::span(&phone, 1)));
    if (!row["account_number"].empty()) {
      const external_id id{"account", row["account_number"]};
      REQUIRE(record.set(field::external_ids, std::span(&id, 1)));
    }
    if (!row["birth_date"].empty()) {
      REQUIRE(record.set(field::birth_date, *parse_date(row["birth_date"])));
    }
    if (!row["company"].empty()) REQUIRE(record.set(field::employer, row["company"]));
    REQUIRE(validate(rules, record.fields()));
  });
  CHECK(rows == 19972);
}

TEST_CASE("real data: every address of AdventureWorks is valid") {
  const auto path = data("adventureworks/addresses.csv");
  if (!path) return;
  const schema rules = standard_schema();
  std::vector<std::byte> buffer(8192);
  const auto rows = each_row(*path, [&](auto& row) {
    CAPTURE(row["person_id"]);
    const postal_address address{.label = row["address_type"],
                                 .line1 = row["line1"],
                                 .line2 = row["line2"],
                                 .line3 = {},
                                 .city = row["city"],
                                 .region = row["state_code"],
                                 .postal_code = row["postal_code"],
                                 .country = row["country_code"]};
    const auto bytes = encode_value(std::span(&address, 1), buffer);
    REQUIRE(bytes);
    REQUIRE(validate(rules, field::addresses, *bytes));
  });
  CHECK(rows == 19719);
}

TEST_CASE("real data: no note or product of AdventureWorks is taken for a card") {
  const auto notes = data("adventureworks/contact_notes.csv");
  const auto products = data("adventureworks/products.csv");
  if (!notes || !products) return;
  for (const auto& path : {*notes, *products}) {
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
      CAPTURE(line);
      CHECK(validate_text(line, line_breaks::allowed));
    }
  }
}

TEST_CASE("real data: example phone numbers of 246 regions are valid, as E.164 and with a prefix") {
  const auto path = data("phones/examples.csv");
  if (!path) return;
  const auto rows = each_row(*path, [](auto& row) {
    CAPTURE(row["e164"]);
    CHECK(validate_phone(row["e164"]));
    CHECK(validate_phone("00" + row["e164"].substr(1)));
    CHECK(validate_text("call " + row["e164"] + " today", line_breaks::refused));
    if (row["national_number"].size() >= 4) CHECK(validate_phone(row["national_number"]));
  });
  CHECK(rows == 1144);
}

TEST_CASE("real data: e-mail cases: what can be sent to is accepted, errors are refused") {
  const auto path = data("emails/cases.jsonl");
  if (!path) return;
  std::ifstream in(*path);
  std::map<std::string, int> accepted;
  std::map<std::string, int> refused;
  for (std::string line; std::getline(in, line);) {
    const auto entry = boost::json::parse(line).as_object();
    const std::string address = text_of(entry.at("address"));
    const std::string category = text_of(entry.at("category"));
    const std::string diagnosis = text_of(entry.at("diagnosis"));
    CAPTURE(address);
    CAPTURE(diagnosis);
    const bool valid = validate_email(address).has_value();
    ++(valid ? accepted : refused)[category];
    if (category == "ISEMAIL_VALID_CATEGORY" || category == "ISEMAIL_DNSWARN") {
      CHECK(valid);
    } else if (diagnosis == "ISEMAIL_RFC5321_TLD") {
      CHECK(valid);  // mail to a top-level domain: legal, a person in charge of one may have it
    } else {
      CHECK(!valid);  // errors; quoted, literal, deprecated forms; comments
    }
  }
  CHECK(accepted["ISEMAIL_VALID_CATEGORY"] == 14);
  CHECK(accepted["ISEMAIL_DNSWARN"] == 8);
  CHECK(refused["ISEMAIL_ERR"] == 66);
}

TEST_CASE("real data: naughty strings are kept exactly, or refused for a reason that is theirs") {
  const auto path = data("hostile-strings/blns.json");
  if (!path) return;
  const schema rules = standard_schema();
  std::vector<std::byte> buffer(100'000);
  int kept = 0;
  for (const auto& entry : clientbook::testing::read_array(*path)) {
    const std::string text = text_of(entry);
    CAPTURE(text);
    (void)validate_email(text);
    (void)validate_phone(text);
    (void)validate_language(text);
    (void)validate_time_zone(text);
    (void)validate_country(text);
    const auto bytes = encode_value(note{{}, "a-7", text}, buffer);
    REQUIRE(bytes);
    const auto valid = validate(rules, field::notes, *bytes);
    if (!valid) {
      const bool control = valid.error().code == errc::invalid_value;
      const bool empty = valid.error().code == errc::missing_field;
      CHECK((text.empty() ? empty : control));
      continue;
    }
    ++kept;
    note read;
    REQUIRE(decode_value(*bytes, read));
    CHECK(read.text == text);
  }
  CHECK(kept > 480);
}

TEST_CASE("real data: every country and currency of the iso-codes package is known") {
  const std::filesystem::path folder = "/usr/share/iso-codes/json";
  if (!std::filesystem::exists(folder)) return;
  const auto all = [&](const char* file, const char* part) {
    boost::json::value whole = boost::json::parse(clientbook::testing::read_file(folder / file));
    return boost::json::array(whole.at(part).as_array());
  };
  for (const auto& each : all("iso_3166-1.json", "3166-1")) {
    CHECK(validate_country(text_of(each.at("alpha_2"))));
  }
  for (const auto& each : all("iso_4217.json", "4217")) {
    CHECK(validate_currency(text_of(each.at("alpha_3"))));
  }
}
