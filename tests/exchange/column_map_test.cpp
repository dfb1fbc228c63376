#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/exchange/column_map.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/model/validate.hpp>
#include "data.hpp"
#include "testing.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace clientbook;

namespace {

// A folder of files, gone at the end of the test.
class folder {
 public:
  folder()
      : path_(std::filesystem::temp_directory_path() /
              ("clientbook-import-" + std::to_string(std::random_device()()))) {
    std::filesystem::create_directory(path_);
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder() { std::filesystem::remove_all(path_); }
  void write(const char* name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

constexpr const char* shop_map = R"({
  "format": "clientbook column map 1",
  "system": "till",
  "customers": {
    "file": "customers.csv",
    "columns": {
      "id": "external_id",
      "first": "name.given",
      "last": "name.family",
      "mail": "emails[].address",
      "mail_2": "emails[1].address",
      "born": "birth_date",
      "kind": { "to": "phones[].label", "values": { "c": "mobile", "h": "home" } },
      "phone": "phones[].number"
    },
    "constants": { "emails[].label": "home", "emails[1].label": "work", "language": "en" },
    "ignore": ["shoe_mood"],
    "consent": { "ads": {
      "0": [ { "kind": "refuse", "purposes": ["email_marketing"] } ],
      "1": [ { "kind": "grant", "purposes": ["email_marketing", "birthday_greeting"], "recipients": ["self"],
               "channel": "store", "notice": "till" } ]
    } }
  },
  "details": [
    {
      "file": "purchases.csv",
      "columns": {
        "id": "external_id",
        "order": "purchase.order",
        "day": "purchase.day",
        "money": "purchase.currency",
        "total": "purchase.total",
        "product": "purchase.line.sku",
        "n": "purchase.line.quantity",
        "price": "purchase.line.unit_price"
      },
      "constants": { "purchase.currency": "EUR", "purchase.channel": "store" },
      "join": [ { "column": "product", "file": "products.csv", "key": "sku",
                  "columns": { "title": "purchase.line.description", "hue": "purchase.line.colour" },
                  "ignore": ["stock"] } ]
    },
    {
      "file": "family.csv",
      "optional": true,
      "columns": { "id": "external_id", "is": "household[].relation", "who": "household[].external_id" }
    },
    {
      "file": "notes.csv",
      "optional": true,
      "columns": { "id": "external_id", "text": "notes[].text", "likes": "likes[]" }
    }
  ]
})";

constexpr const char* customers_head = "id,first,last,mail,mail_2,born,kind,phone,shoe_mood,ads\n";
constexpr const char* purchases_head = "id,order,day,money,total,product,n,price\n";

// The files of shop_map, good ones.
void write_good(const folder& to) {
  to.write("customers.csv",
           std::string(customers_head) +
               "7,Ana,Ruiz,ana@example.com,ana@example.org,1980-02-29,c,+1 202-555-0147,x,1\n"
               "3,Bo,Lind,bo@example.com,,,,,,0\n"
               "9,Cy,,,,--05-06,c,,,\n");
  to.write("products.csv", "sku,title,hue,stock\nA1,\"Scarf, silk\",red,5\nB2,Hat,,6\n");
  to.write("purchases.csv", std::string(purchases_head) +
                                "3,R1,2024-05-01,,19.98,A1,2,9.99\n"
                                "7,R2,2024-05-02,JPY,500,B2,,500\n"
                                "3,R3,2024-05-03,,,A1,-1,9.990\n"
                                "3,R1,2024-05-01,,19.98,B2,1,0\n"
                                "7,R1,2024-05-04,,,B2,1,\n");
  to.write("notes.csv", "id,text,likes\n9,\"two\nlines\",\n7,,jazz\n7,,tea\n");
  to.write("family.csv", "id,is,who\n7,spouse,9\n9,spouse,7\n");
}

struct outcome {
  column_map map;  // Names of columns in the report are views into it.
  error failure;
  import_report report;
  std::size_t customers = 0;
};

outcome load(const folder& from, bad_row policy = bad_row::stop,
             const std::string& text = shop_map) {
  auto map = column_map::parse(text);
  REQUIRE(map);
  outcome all{std::move(*map), {}, {}, 0};
  import_options options;
  options.on_bad_row = policy;
  const auto set = import_set::load(all.map, from.path(), options, all.report);
  if (set) {
    all.customers = set->customers();
  } else {
    all.failure = set.error();
  }
  return all;
}

}  // namespace

TEST_CASE("import: customers come in the order of their file, with all their rows joined") {
  const folder shop;
  write_good(shop);
  const auto map = column_map::parse(shop_map);
  REQUIRE(map);
  CHECK(map->system() == "till");
  CHECK(map->files().front() == "customers.csv");
  import_report report;
  const auto set = import_set::load(*map, shop.path(), {}, report);
  REQUIRE(set);
  CHECK(report.problems.empty());
  CHECK(set->customers() == 3);
  CHECK(set->receipts() == 4);
  CHECK(set->purchase_lines() == 5);
  int count = 0;
  const auto done = set->for_each([&](const import_customer& one) -> result<void> {
    if (one.external_id == "7") {
      CHECK(count == 0);
      CHECK(one.line == 2);
      CHECK(one.name.given == "Ana");
      CHECK(one.language == "en");
      REQUIRE(one.emails.size() == 2);
      CHECK(one.emails[0].label == "home");
      CHECK(one.emails[1].address == "ana@example.org");
      CHECK(one.emails[1].label == "work");
      CHECK(one.birth_date == date{1980, 2, 29});
      REQUIRE(one.phones.size() == 1);
      CHECK(one.phones[0].label == "mobile");
      REQUIRE(one.receipts.size() == 2);
      CHECK(one.receipts[0].head.order == "R2");
      CHECK(one.receipts[0].head.currency == "JPY");
      CHECK(one.receipts[0].head.total == 500);
      CHECK(one.receipts[1].head.order == "R1");  // Another customer's R1 is another receipt.
      REQUIRE(one.consents.size() == 1);
      CHECK(one.consents[0].kind == "grant");
      REQUIRE(one.consents[0].purposes.size() == 2);
      CHECK(one.consents[0].purposes[1] == "birthday_greeting");
      CHECK(one.consents[0].recipients[0] == "self");
      REQUIRE(one.likes.size() == 2);
      CHECK(one.likes[1] == "tea");
      REQUIRE(one.household.size() == 1);
      CHECK(one.household[0].external_id == "9");
    } else if (one.external_id == "3") {
      CHECK(count == 1);
      CHECK(one.emails.size() == 1);
      CHECK(one.phones.empty());
      REQUIRE(one.receipts.size() == 2);
      CHECK(one.receipts[0].head.order == "R1");
      CHECK(one.receipts[0].head.channel == "store");
      CHECK(one.receipts[0].head.total == 1998);
      REQUIRE(one.receipts[0].lines.size() == 2);
      CHECK(one.receipts[0].lines[0].description == "Scarf, silk");
      CHECK(one.receipts[0].lines[0].colour == "red");
      CHECK(one.receipts[0].lines[0].unit_price == 999);
      CHECK(one.receipts[0].lines[1].description == "Hat");
      CHECK(one.receipts[1].lines[0].quantity == -1);
      REQUIRE(one.consents.size() == 1);
      CHECK(one.consents[0].kind == "refuse");
      CHECK(one.consents[0].recipients.empty());
    } else {
      CHECK(one.external_id == "9");
      CHECK(one.birth_date == date{0, 5, 6});
      CHECK(one.phones.empty());  // A label alone is no phone.
      CHECK(one.consents.empty());
      REQUIRE(one.notes.size() == 1);
      CHECK(one.notes[0].text == "two\nlines");
    }
    ++count;
    return {};
  });
  CHECK(done);
  CHECK(count == 3);
}

TEST_CASE("import: the callback's first error ends the delivery and is returned") {
  const folder shop;
  write_good(shop);
  const auto map = column_map::parse(shop_map);
  import_report report;
  const auto set = import_set::load(*map, shop.path(), {}, report);
  REQUIRE(set);
  int count = 0;
  const auto done = set->for_each([&](const import_customer&) -> result<void> {
    ++count;
    return error{errc::disk_full, "no space"};
  });
  CHECK(count == 1);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == errc::disk_full);
}

TEST_CASE("import: every bad row stops the load and is named by file, line and column") {
  struct fault {
    const char* what;
    const char* file;
    std::string text;
    errc code;
    std::uint64_t line;
    const char* column;
  };
  const std::string head = customers_head;
  const std::string ana = "7,Ana,Ruiz,ana@example.com,,,,,,1\n3,Bo,,,,,,,,\n9,Cy,,,,,,,,\n";
  const std::string sales = purchases_head;
  const fault faults[] = {
      {"no external id", "customers.csv", head + ana + ",Di,,,,,,,,\n", errc::missing_field, 5,
       "id"},
      {"an external id twice", "customers.csv", head + ana + "7,Di,,,,,,,,\n", errc::already_exists,
       5, "id"},
      {"a day that does not exist", "customers.csv", head + ana + "8,,,,,2023-02-29,,,,\n",
       errc::invalid_value, 5, "born"},
      {"not an e-mail", "customers.csv", head + ana + "8,,,di(at)example.com,,,,,,\n",
       errc::invalid_value, 5, "mail"},
      {"not a phone", "customers.csv", head + ana + "8,,,,,,,call me,,\n", errc::invalid_value, 5,
       "phone"},
      {"a card number in a name", "customers.csv", head + ana + "8,4111111111111111,,,,,,,,\n",
       errc::card_data_refused, 5, "first"},
      {"a value that the list does not name", "customers.csv", head + ana + "8,,,,,,fax,1234,,\n",
       errc::invalid_value, 5, "kind"},
      {"a consent flag without a rule", "customers.csv", head + ana + "8,,,,,,,,,2\n",
       errc::invalid_value, 5, "ads"},
      {"too few cells", "customers.csv", head + ana + "8,,,\n", errc::invalid_encoding, 5, ""},
      {"a purchase of nobody", "purchases.csv", sales + "8,R1,,,,A1,,\n", errc::not_found, 2, "id"},
      {"a product that is not there", "purchases.csv", sales + "7,R1,,,,C3,,\n", errc::not_found, 2,
       "product"},
      {"an amount with a comma", "purchases.csv", sales + "7,R1,,,,A1,,\"1,50\"\n",
       errc::invalid_value, 2, "price"},
      {"a part of a cent", "purchases.csv", sales + "7,R1,,,,A1,,1.505\n", errc::invalid_value, 2,
       "price"},
      {"a part of a yen", "purchases.csv", sales + "7,R1,,JPY,,A1,,1.5\n", errc::invalid_value, 2,
       "price"},
      {"no such currency", "purchases.csv", sales + "7,R1,,XYZ,,A1,,\n", errc::invalid_value, 2,
       "money"},
      {"a quantity that is no number", "purchases.csv", sales + "7,R1,,,,A1,two,\n",
       errc::invalid_value, 2, "n"},
      {"a purchase without an order", "purchases.csv", sales + "7,,2024-01-01,,,A1,,\n",
       errc::missing_field, 2, ""},
      {"rows of one order that disagree", "purchases.csv",
       sales + "7,R1,2024-01-01,,,A1,,\n7,R1,2024-01-02,,,A1,,\n", errc::invalid_value, 3, ""},
      {"a purchase without a day", "purchases.csv", sales + "7,R1,,,,A1,,\n", errc::missing_field,
       2, ""},
      {"a line without an article", "purchases.csv", sales + "7,R1,2024-01-01,,,,3,\n",
       errc::missing_field, 2, ""},
      {"a name above the limit", "customers.csv",
       head + ana + "8," + std::string(limits::short_text + 1, 'x') + ",,,,,,,,\n",
       errc::limit_exceeded, 5, "first"},
      {"a product twice", "products.csv", "sku,title,hue,stock\nA1,,,\nB2,,,\nA1,,,\n",
       errc::already_exists, 4, "sku"},
      {"a spouse who is not there", "family.csv", "id,is,who\n7,spouse,9\n7,spouse,10\n",
       errc::not_found, 3, ""},
      {"a control character in a note", "notes.csv", "id,text,likes\n7,\"a\x1b[2J\",\n",
       errc::invalid_value, 2, "text"},
  };
  for (const fault& each : faults) {
    CAPTURE(std::string(each.what));
    const folder shop;
    write_good(shop);
    shop.write(each.file, each.text);
    const outcome stopped = load(shop);
    CHECK(stopped.failure.code == each.code);
    CHECK(stopped.failure.at == each.line);
    REQUIRE(stopped.report.problems.size() == 1);
    const import_problem& problem = stopped.report.problems[0];
    CHECK(stopped.map.files()[problem.file] == each.file);
    CHECK(problem.column_name == each.column);
    CHECK((problem.column > 0) == !problem.column_name.empty());

    const outcome skipped = load(shop, bad_row::skip);
    CHECK(skipped.failure.code == errc::none);
    REQUIRE_FALSE(skipped.report.problems.empty());
    CHECK(skipped.report.problems[0].what.at == each.line);
    CHECK(skipped.report.files[problem.file].skipped == 1);
    CHECK(skipped.customers == 3);
  }
}

TEST_CASE("import: a bad row leaves nothing behind, not even for the next row") {
  const folder shop;
  write_good(shop);
  shop.write("customers.csv", std::string(customers_head) +
                                  "7,Ana,Ruiz,ana@example.com,ana@example.org,x,c,123456,,1\n"
                                  "3,,,,,,,,,\n9,,,,,,,,,\n7,,,,,,,,,\n");
  const auto map = column_map::parse(shop_map);
  import_report report;
  import_options options;
  options.on_bad_row = bad_row::skip;
  const auto set = import_set::load(*map, shop.path(), options, report);
  REQUIRE(set);
  CHECK(set->customers() == 3);
  CHECK(report.problems.size() == 1);
  REQUIRE(set->for_each([](const import_customer& one) -> result<void> {
    CHECK(one.name.given.empty());
    CHECK(one.emails.empty());
    CHECK(one.phones.empty());
    CHECK(one.consents.empty());
    return {};
  }));
}

TEST_CASE("import: rows of a customer who was skipped are skipped and counted too") {
  const folder shop;
  write_good(shop);
  shop.write("customers.csv",
             std::string(customers_head) + "7,,,,,never,,,,\n3,,,,,,,,,\n9,,,,,,,,,\n");
  const outcome all = load(shop, bad_row::skip);
  CHECK(all.customers == 2);
  CHECK(all.report.files[0].skipped == 1);
  CHECK(all.report.files[1].skipped == 2);  // purchases
}

TEST_CASE("import: a wrong header stops the load, and an unknown column is never named") {
  const folder shop;
  write_good(shop);
  for (const bad_row policy : {bad_row::stop, bad_row::skip}) {
    shop.write("purchases.csv", "id,order,day,money,total,product,n,price,Ken Sanchez\n");
    outcome all = load(shop, policy);
    CHECK(all.failure.code == errc::unknown_field);
    REQUIRE(all.report.problems.size() == 1);
    CHECK(all.report.problems[0].file == 1);
    CHECK(all.report.problems[0].column == 9);
    CHECK(all.report.problems[0].column_name.empty());

    shop.write("purchases.csv", "id,order,day,money,total,product,n\n");
    all = load(shop, policy);
    CHECK(all.failure.code == errc::missing_field);
    CHECK(all.report.problems[0].column_name == "price");

    shop.write("purchases.csv", purchases_head);
    shop.write("products.csv", "sku,title,stock\n");
    all = load(shop, policy);
    CHECK(all.failure.code == errc::missing_field);
    CHECK(all.report.problems[0].column_name == "hue");
    write_good(shop);
  }
}

TEST_CASE("import: an optional file may be absent, another may not") {
  const folder shop;
  write_good(shop);
  std::filesystem::remove(shop.path() + "/notes.csv");
  outcome all = load(shop);
  CHECK(all.customers == 3);
  CHECK_FALSE(all.report.files.back().present);
  std::filesystem::remove(shop.path() + "/products.csv");
  all = load(shop, bad_row::skip);
  CHECK(all.failure.code == errc::not_found);
}

TEST_CASE("import: an unclosed quote stops the load also where bad rows are skipped") {
  const folder shop;
  write_good(shop);
  shop.write("notes.csv", "id,text,likes\n7,\"a\n");
  CHECK(load(shop, bad_row::skip).failure.code == errc::truncated);
}

TEST_CASE("import: a second value where there is one at most is an error") {
  const folder shop;
  shop.write("customers.csv", "id\n1\n2\n");
  shop.write("more.csv", "id,sex\n1,f\n2,m\n1,x\n");
  const std::string map = R"({ "format": "clientbook column map 1",
    "customers": { "file": "customers.csv", "columns": { "id": "external_id" } },
    "details": [ { "file": "more.csv",
                   "columns": { "id": "external_id", "sex": "demographics.gender" } } ] })";
  const outcome all = load(shop, bad_row::stop, map);
  CHECK(all.failure.code == errc::already_exists);
  CHECK(all.failure.at == 4);
}

TEST_CASE("column map: every fault has its code and its place") {
  struct fault {
    const char* replace;
    const char* by;
    errc code;
    const char* where;
  };
  const fault faults[] = {
      {"map 1", "map 2", errc::invalid_value, "/format"},
      {"\"name.given\"", "\"name.first\"", errc::unknown_field, "/customers/columns/first"},
      {"\"emails[1].address\"", "\"emails[8].address\"", errc::unknown_field,
       "/customers/columns/mail_2"},
      {"\"emails[1].address\"", "\"emails[0].address\"", errc::already_exists,
       "/customers/columns/mail_2"},
      {"\"emails[1].label\"", "\"emails[1].address\"", errc::already_exists,
       "/customers/constants/emails[1].address"},
      {"\"ignore\": [\"shoe_mood\"]", "\"ignroe\": []", errc::unknown_field, "/customers/ignroe"},
      {"\"first\": \"name.given\"", "\"first\": 1", errc::wrong_type, "/customers/columns/first"},
      {"\"id\": \"external_id\",\n      \"first\"", "\"first\"", errc::missing_field, "/customers"},
      {"\"kind\": \"refuse\"", "\"kind\": \"refused\"", errc::invalid_value,
       "/customers/consent/ads/0/0/kind"},
      {"\"purposes\": [\"email_marketing\"]", "\"purposes\": []", errc::invalid_value,
       "/customers/consent/ads/0/0/purposes"},
      {"\"birthday_greeting\"", "\"birthday\"", errc::unknown_field,
       "/customers/consent/ads/1/0/purposes"},
      {"\"channel\": \"store\"", "\"channel\": \"shop\"", errc::invalid_value,
       "/customers/consent/ads/1/0/channel"},
      {"\"key\": \"sku\",", "", errc::missing_field, "/details/0/join/0"},
      {"\"optional\": true", "\"optional\": 1", errc::wrong_type, "/details/1/optional"},
      {"\"values\":", "\"vaules\":", errc::unknown_field, "/customers/columns/kind/vaules"},
      {"\"system\": \"till\"", "\"system\": \"till\", \"system\": \"tall\"", errc::already_exists,
       ""},
      {"\"system\"", "system", errc::invalid_encoding, ""},
  };
  for (const fault& each : faults) {
    CAPTURE(std::string(each.by));
    std::string text = shop_map;
    const std::size_t at = text.find(each.replace);
    REQUIRE(at != std::string::npos);
    text.replace(at, std::string(each.replace).size(), each.by);
    std::string where;
    const auto map = column_map::parse(text, &where);
    REQUIRE_FALSE(map);
    CHECK(map.error().code == each.code);
    CHECK(where == each.where);
  }
  CHECK(column_map::parse("").error().code == errc::invalid_encoding);
  CHECK(column_map::parse("[]").error().code == errc::wrong_type);
  CHECK(column_map::parse(std::string(200'000, '[')).error().code == errc::limit_exceeded);
  CHECK(column_map::parse(std::string(2'000'000, ' ')).error().code == errc::limit_exceeded);
  CHECK(column_map::parse(std::string(shop_map) + "x").error().code == errc::invalid_encoding);
  CHECK(column_map::open("no/such/map.json").error().code == errc::not_found);
}

namespace {

// How many customers hold a field that the model admits.
class admitted {
 public:
  std::map<int, int> holders;

  template <class T>
  void value(field_id id, const T& given) {
    const auto bytes = encode_value(given, buffer_);
    REQUIRE(bytes);
    check(id, *bytes);
  }
  template <class T>
  void list(field_id id, std::span<const T> given) {
    if (!given.empty()) value(id, given);
  }
  void record(const import_customer& one) {
    const auto before = holders;
    if (one.name.given.size() + one.name.family.size() > 0) value(field::name, one.name);
    list(field::emails, one.emails);
    list(field::phones, one.phones);
    list(field::addresses, one.addresses);
    if (one.birth_date) value(field::birth_date, *one.birth_date);
    list(field::special_days, one.special_days);
    list(field::sizes, one.sizes);
    list(field::likes, one.likes);
    list(field::dislikes, one.dislikes);
    if (!one.language.empty()) value(field::language, one.language);
    if (!one.time_zone.empty()) value(field::time_zone, one.time_zone);
    list(field::external_ids, one.external_ids);
    if (!one.employer.empty()) value(field::employer, one.employer);
    std::vector<household_link> links;
    for (const import_household& each : one.household) {
      links.push_back(each.link);
      // As the importer does, who knows which customer has that id.
      if (!each.external_id.empty()) links.back().customer = customer_id{};
    }
    list(field::household, std::span<const household_link>(links));
    if (one.demographics) value(field::demographics, *one.demographics);
    list(field::government_ids, one.government_ids);
    list(field::payment_cards, one.payment_cards);
    for (const note& each : one.notes) value(field::notes, each);
    for (const import_receipt& each : one.receipts) {
      const auto bytes = encode_value(each.head, each.lines, buffer_);
      REQUIRE(bytes);
      check(field::purchases, *bytes);
    }
  }

 private:
  void check(field_id id, byte_view bytes) {
    const auto good = validate(rules_, id, bytes);
    CAPTURE(static_cast<int>(id.value));
    REQUIRE(good);
    ++holders[id.value];
  }
  schema rules_ = standard_schema();
  std::vector<std::byte> buffer_ = std::vector<std::byte>(std::size_t{1} << 20);
};

}  // namespace

TEST_CASE("import: the example data fill every field with values that may be kept") {
  const auto map = column_map::open(CLIENTBOOK_SOURCE_DIR "/examples/import/clientbook.json");
  REQUIRE(map);
  import_report report;
  const auto set = import_set::load(*map, CLIENTBOOK_SOURCE_DIR "/examples/data", {}, report);
  REQUIRE(set);
  for (const import_report::file_count& file : report.files) CHECK(file.present);
  CHECK(set->customers() == 40);
  admitted all;
  std::map<std::string_view, int> choices;
  REQUIRE(set->for_each([&](const import_customer& one) -> result<void> {
    CAPTURE(one.line);
    all.record(one);
    for (const import_consent& each : one.consents) {
      ++choices[each.kind];
      for (const std::string_view name : each.recipients) CHECK(find_recipient_class(name));
    }
    return {};
  }));
  const schema rules = standard_schema();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    CAPTURE(static_cast<int>(rules.at(i).number.value));
    if (rules.at(i).number >= field::tasks) continue;  // The next test has these.
    CHECK(all.holders[rules.at(i).number.value] > 0);
  }
  CHECK(choices.size() == 8);
}

TEST_CASE("import: tags, tier, wishes, how to reach somebody, and more of sizes and lines") {
  folder shop;
  shop.write(
      "customers.csv",
      "id,first,Tags,level,size,brand,on,wish,for,way,from,until,call,open_task,due,who,at,by\n"
      "7,Ana,\"bridal, press list\",Gold,39,Avenida,2026-03-11,Scarf,her mother,phone,21:00,"
      "08:00,she/her,Hem,2026-12-01,7,2026-11-01T10:00:00Z,phone\n"
      "9,Cy,,,,,,,,,,,,,,,,\n");
  shop.write("purchases.csv",
             "id,order,day,sku,brand,kind,part,time,whom\n"
             "7,R1,2026-05-04,S-1,Norte,dress,women,spring 2026,her mother\n");
  const auto done = load(shop, bad_row::stop, R"({
    "format": "clientbook column map 1", "system": "till",
    "customers": { "file": "customers.csv", "format": { "delimiter": "," }, "columns": {
      "id": "external_id", "first": "name.given", "Tags": { "to": "tags[0]", "split": "," },
      "level": "tier", "size": "sizes[0].value", "brand": "sizes[0].brand", "on": "sizes[0].measured",
      "wish": "wishes[0].what", "for": "wishes[0].for_whom", "way": "reach.channel",
      "from": "reach.quiet_from", "until": "reach.quiet_until", "call": "name.pronouns",
      "open_task": "tasks[0].text", "due": "tasks[0].due", "who": "tasks[0].assigned",
      "at": "contacts[0].at", "by": "contacts[0].channel" } },
    "details": [ { "file": "purchases.csv", "columns": {
      "id": "external_id", "order": "purchase.order", "day": "purchase.day",
      "sku": "purchase.line.sku", "brand": "purchase.line.brand", "kind": "purchase.line.category",
      "part": "purchase.line.department", "time": "purchase.line.season",
      "whom": "purchase.line.for_whom" } } ] })");
  CHECK(done.failure.code == errc::none);
  CHECK(done.customers == 2);
  import_report report;
  const auto set = import_set::load(done.map, shop.path(), {}, report);
  REQUIRE(set);
  REQUIRE(set->for_each([&](const import_customer& one) -> result<void> {
    if (one.external_id != "7") {
      CHECK(one.tags.empty());
      CHECK_FALSE(one.reach);
      return {};
    }
    REQUIRE(one.tags.size() == 2);
    CHECK(one.tags[1] == "press list");
    CHECK(one.tier == "Gold");
    REQUIRE(one.sizes.size() == 1);
    CHECK(one.sizes[0].brand == "Avenida");
    CHECK(*one.sizes[0].measured == date{2026, 3, 11});
    REQUIRE(one.wishes.size() == 1);
    CHECK(one.wishes[0].for_whom == "her mother");
    REQUIRE(one.tasks.size() == 1);
    CHECK(one.tasks[0].text == "Hem");
    CHECK(*one.tasks[0].due == date{2026, 12, 1});
    CHECK(one.tasks[0].assigned == 7);
    REQUIRE(one.contacts.size() == 1);
    CHECK(one.contacts[0].channel == "phone");
    REQUIRE(one.reach);
    CHECK(one.reach->quiet_until == "08:00");
    CHECK(one.name.pronouns == "she/her");
    REQUIRE(one.receipts.size() == 1);
    const purchase_line& line = one.receipts[0].lines[0];
    CHECK(line.brand == "Norte");
    CHECK(line.category == "dress");
    CHECK(line.department == "women");
    CHECK(line.season == "spring 2026");
    CHECK(line.for_whom == "her mother");
    return {};
  }));
}

TEST_CASE("import: all of AdventureWorks") {
  const auto data = testing::data("adventureworks/customers.csv");
  if (!data) return;
  const auto map = column_map::open(CLIENTBOOK_SOURCE_DIR "/examples/import/adventureworks.json");
  REQUIRE(map);
  import_report report;
  const auto set = import_set::load(*map, data->parent_path().string(), {}, report);
  REQUIRE(set);
  CHECK(set->customers() == 19'972);
  std::size_t lines = 0;
  std::size_t receipts = 0;
  std::size_t priced = 0;
  std::size_t addresses = 0;
  std::size_t notes = 0;
  std::size_t surveys = 0;
  std::int64_t quantity = 0;
  std::map<std::string, int> flags;
  admitted good;
  const auto done = set->for_each([&](const import_customer& one) -> result<void> {
    REQUIRE(one.emails.size() == 1);
    REQUIRE(one.phones.size() == 1);
    receipts += one.receipts.size();
    for (const import_receipt& receipt : one.receipts) {
      REQUIRE(receipt.head.day);
      lines += receipt.lines.size();
      for (const purchase_line& line : receipt.lines) {
        REQUIRE_FALSE(line.description.empty());
        quantity += line.quantity.value_or(1);
        priced += line.unit_price ? 1U : 0U;
      }
    }
    good.record(one);
    addresses += one.addresses.size();
    notes += one.notes.size();
    surveys += one.demographics ? 1U : 0U;
    REQUIRE(one.consents.size() == 1);
    const import_consent& consent = one.consents[0];
    ++flags[std::string(consent.kind) + ' ' + std::to_string(consent.recipients.size())];
    return {};
  });
  CHECK(done);
  CHECK(receipts == 31'465);
  CHECK(lines == 121'317);
  CHECK(priced == 60'398);
  CHECK(quantity == 274'914);
  CHECK(addresses == 19'719);
  CHECK(notes == 41);
  CHECK(surveys == 18'484);
  CHECK(flags ==
        std::map<std::string, int>{{"refuse 0", 11'158}, {"grant 1", 5'044}, {"grant 2", 3'770}});
}

TEST_CASE("import: an order whose lines stand in two files is there twice, and not twice as much") {
  const folder files;
  files.write("people.csv", "id\n1\n");
  files.write("heads.csv", "id,order,day,store,total\n1,R1,2026-01-01,North,10.00\n");
  const char* const lines =
      "id,order,day,store,total,article,price\n1,R1,2026-01-01,North,10.00,scarf,10.00\n";
  files.write("p1.csv", lines);
  files.write("p2.csv", lines);
  const std::string head = R"("order": "purchase.order", "day": "purchase.day",
      "store": "purchase.store", "total": "purchase.total")";
  const std::string line = head + R"(, "article": "purchase.line.description",
      "price": "purchase.line.unit_price")";
  const auto file = [](const char* name, const std::string& columns) {
    return std::string(R"({"file": ")") + name + R"(", "columns": {"id": "external_id", )" +
           columns + R"(}, "constants": {"purchase.currency": "EUR"}})";
  };
  const auto receipts = [&](const std::string& details) {
    const auto map = column_map::parse(
        R"({"format": "clientbook column map 1", "system": "t", "customers": {"file": "people.csv", "columns": {"id": "external_id"}},
            "details": [)" +
        details + "]}");
    REQUIRE(map);
    import_report report;
    const auto set = import_set::load(*map, files.path(), {}, report);
    REQUIRE(set);
    std::vector<std::size_t> out;
    REQUIRE(set->for_each([&](const import_customer& one) -> result<void> {
      for (const import_receipt& each : one.receipts) out.push_back(each.lines.size());
      return {};
    }));
    return out;
  };
  const std::vector<std::size_t> once{1}, twice{1, 1};
  CHECK(receipts(file("p1.csv", line)) == once);
  CHECK(receipts(file("heads.csv", head) + "," + file("p1.csv", line)) == once);
  CHECK(receipts(file("p1.csv", line) + "," + file("heads.csv", head)) == once);
  CHECK(receipts(file("p1.csv", line) + "," + file("p2.csv", line)) == twice);
}
