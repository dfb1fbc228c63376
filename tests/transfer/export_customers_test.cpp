// Exports: who is in them, what a spreadsheet meets, what the ledger says when they do not get out,
// and that they come back as they went.
#include <clientbook/transfer/export_customers.hpp>
#include <clientbook/transfer/import_customers.hpp>

#include <array>
#include <map>
#include <string>
#include <vector>

#include "shop.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr purpose_id order = purpose::customer_order_management;

// Files in memory that take so many bytes, and no more.
struct files {
  std::map<std::string, std::string> texts;
  std::size_t room = std::string::npos;
  bool ends_well = true;

  export_sink sink(bool in_one_piece = true) {
    return {.context = this,
            .write =
                [](void* to, std::string_view file, std::string_view text) {
                  files& all = *static_cast<files*>(to);
                  const std::size_t size = std::min(all.room, text.size());
                  all.texts[std::string(file)].append(text.substr(0, size));
                  if (all.room != std::string::npos) all.room -= size;
                  return size;
                },
            .finish = !in_one_piece ? nullptr
                                    : +[](void* to) { return static_cast<files*>(to)->ends_well; }};
  }
};

struct export_shop {
  shop book;
  session in = book.begin();
  recipient_id accountant = add_party(in, "books & co", recipient::processor);
  files out;
  customer_export_counts counts;

  customer_id add(const std::string& given, const std::string& number) {
    customer one = ken("L-" + number);
    REQUIRE(one.set(field::name, person_name{.given = given, .family = "O'Hara, \"Bee\""}));
    REQUIRE(
        one.set(field::emails,
                std::array{email_address{.address = "a" + number + "@example.com", .label = "home"},
                           email_address{.address = "b" + number + "@example.com"}}));
    return keep(in, one);
  }
  result<void> run(export_form form = export_form::csv, bool in_one_piece = true,
                   field_set fields = {}) {
    return export_customers(
        in,
        {.request = {.purpose = order, .recipient = accountant, .fields = fields}, .form = form},
        out.sink(in_one_piece), counts);
  }
  // How many entries of that kind somebody has.
  std::size_t entries(const customer_id& id, ledger_event event) {
    const auto all = in.ledger(id);
    REQUIRE(all);
    return static_cast<std::size_t>(
        std::ranges::count_if(*all, [&](const ledger_record& one) { return one.event == event; }));
  }
};

// Everything that a purpose may read of everybody, by their loyalty number.
std::map<std::string, std::vector<std::byte>> content_of(session& in) {
  std::map<std::string, std::vector<std::byte>> out;
  REQUIRE(in.for_each(order, all_fields, [&](const view& seen) {
    const auto ids = seen.record().external_ids();
    REQUIRE(ids);
    std::vector<std::byte>& bytes = out[std::string(ids->begin()->value.reveal())];
    for (const field_value& one : seen.record().fields()) {
      bytes.push_back(std::byte{one.id.value});
      bytes.insert(bytes.end(), one.value.begin(), one.value.end());
    }
    return true;
  }));
  for (auto& [number, bytes] : out) {
    const auto items = in.purchases(found(in, "loyalty", number), order);
    REQUIRE(items);
    for (const item_list::item& one : items->items()) {
      bytes.insert(bytes.end(), one.value.begin(), one.value.end());
    }
  }
  return out;
}

}  // namespace

TEST_CASE("export customers: who said no is in no table, and everybody else has an entry") {
  export_shop shop;
  const customer_id ada = shop.add("Ada", "1"), bo = shop.add("Bo", "2");
  directive no = withdrawal();
  no.kind = directive_kind::restrict;
  no.scope.purposes = {order};
  REQUIRE(shop.in.record(bo, no));
  REQUIRE(shop.run());
  CHECK(shop.counts.customers == 2);
  CHECK(shop.counts.exported == 1);
  CHECK(shop.counts.fields[field::name.value] == 1);
  CHECK(shop.out.texts["customers.csv"].find("Ada") != std::string::npos);
  CHECK(shop.out.texts["customers.csv"].find("Bo,") == std::string::npos);
  CHECK(shop.entries(ada, ledger_event::data_export) == 1);
  CHECK(shop.entries(bo, ledger_event::data_export) == 0);
  // What nobody asked for does not leave.
  REQUIRE(shop.run(export_form::json_lines, true, only(field::name)));
  CHECK(shop.out.texts["customers.jsonl"].find("example.com") == std::string::npos);
}

TEST_CASE("export customers: of more than one block everybody is out, in every form") {
  export_shop shop;
  constexpr std::size_t many = 1100;  // Blocks of the export, and of the walk beneath it.
  REQUIRE(shop.in.begin());
  for (std::size_t i = 0; i < many; ++i) shop.add("Ada", std::to_string(i));
  REQUIRE(shop.in.commit());
  for (const export_form form :
       {export_form::csv, export_form::one_csv, export_form::vcards, export_form::json_lines}) {
    REQUIRE(shop.run(form));
    CHECK(shop.counts.exported == many);
    CHECK(shop.counts.not_delivered == 0);
  }
  CHECK(shop.in.figures()->ledger_entries >= 4 * many);
}

TEST_CASE("export customers: an export of nobody is no success") {
  export_shop shop;
  CHECK(shop.run().error().code == errc::denied);
  CHECK(shop.out.texts.empty());
}

TEST_CASE("export customers: a form that has no place for a field says so") {
  export_shop shop;
  shop.add("Ada", "1");
  const auto refused = shop.run(export_form::vcards, true, only(field::sizes));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::unsupported);
  CHECK(refused.error().at == field::sizes.value);
  CHECK(shop.counts.exported == 0);
}

TEST_CASE("export customers: what a spreadsheet would run is harmless, and comes back as it was") {
  export_shop shop;
  const std::vector<std::string> names{"=2+3",
                                       "+Ann",
                                       "-Bea",
                                       "@sum",
                                       "'t Hooft",
                                       "''",
                                       "\xEF\xBC\x9D"
                                       "1",
                                       "a \"b\", c",
                                       " "};
  for (std::size_t i = 0; i + 1 < names.size(); ++i) shop.add(names[i], std::to_string(i));
  REQUIRE(shop.run());
  const std::string& table = shop.out.texts["customers.csv"];
  for (const char* harmful : {",=", ",+", ",-", ",@", "\"=", "\"+"}) {
    CHECK(table.find(harmful) == std::string::npos);
  }
  scratch folder;
  for (const auto& [name, text] : shop.out.texts) write_file(folder / name, text);
  struct shop other;
  session into = other.begin();
  const auto map = column_map::open(folder / "map.json");
  REQUIRE(map);
  const auto counts = import_customers(into, *map, folder.path(), {.purposes = order});
  REQUIRE(counts);
  CHECK(counts->customers == names.size() - 1);
  CHECK(content_of(into) == content_of(shop.in));
}

TEST_CASE("export customers: import, export, import is the same book, purchases too") {
  export_shop shop;
  const customer_id ada = shop.add("Ada", "1");
  shop.add("Zoë", "2");
  const purchase first{
      .day = date{2026, 3, 1}, .order = "A-1", .store = "Bonn", .currency = "GBP", .total = 45200};
  const std::array lines{purchase_line{.sku = "S1", .quantity = 2, .unit_price = 22600},
                         purchase_line{.description = "=cmd, \"x\"", .unit_price = -5}};
  REQUIRE(shop.in.append_purchase(ada, first, lines, order));
  const purchase second{
      .at = timestamp{1'790'000'000}, .order = "A-2", .currency = "JPY", .total = 500};
  const std::array more{purchase_line{.sku = "S2"}};
  REQUIRE(shop.in.append_purchase(ada, second, more, order));
  REQUIRE(shop.run());
  CHECK(shop.counts.receipts == 2);
  CHECK(shop.out.texts["purchases.csv"].find("452.00") != std::string::npos);
  scratch folder;
  for (const auto& [name, text] : shop.out.texts) write_file(folder / name, text);
  struct shop other;
  session into = other.begin();
  const auto map = column_map::open(folder / "map.json");
  REQUIRE(map);
  REQUIRE(import_customers(into, *map, folder.path(), {.purposes = order}));
  CHECK(content_of(into) == content_of(shop.in));
  // Into the book that they came from they are known by their ids, and change nothing.
  for (const known_customer how : {known_customer::add, known_customer::update}) {
    const auto again =
        import_customers(shop.in, *map, folder.path(), {.purposes = order, .on_known = how});
    REQUIRE(again);
    CHECK(again->customers == 0);
    CHECK(again->known == 2);
    CHECK(again->changed == 0);
    CHECK(again->receipts == 0);
  }
}

TEST_CASE("export customers: lines of JSON come back as they went") {
  export_shop shop;
  const customer_id ada = shop.add("Ada \"=1\" \\", "1");
  const customer_id zoe = shop.add("Zoë", "2");
  const purchase first{
      .day = date{2026, 3, 1}, .order = "A-1", .store = "Bonn", .currency = "GBP", .total = 45200};
  const std::array lines{purchase_line{.sku = "S1", .quantity = 2, .unit_price = 22600},
                         purchase_line{.description = "=cmd, \"x\"", .unit_price = -5}};
  REQUIRE(shop.in.append_purchase(ada, first, lines, order));
  // Without an order's number, which a table cannot do without.
  const purchase second{.at = timestamp{1'790'000'000}, .currency = "JPY", .total = 500};
  REQUIRE(shop.in.append_purchase(zoe, second, std::array{purchase_line{.sku = "S2"}}, order));
  REQUIRE(shop.run(export_form::json_lines));
  scratch folder;
  const std::string file = folder / "customers.jsonl";
  write_file(file, shop.out.texts["customers.jsonl"]);
  struct shop other;
  session into = other.begin();
  const auto counts = import_json_lines(into, file, {.purposes = order});
  REQUIRE(counts);
  CHECK(counts->customers == 2);
  CHECK(counts->receipts == 2);
  CHECK(counts->lines == 3);
  CHECK(content_of(into) == content_of(shop.in));
  // And out again it is the same text.
  const recipient_id accountant = add_party(into, "books & co", recipient::processor);
  files out;
  customer_export_counts again;
  REQUIRE(export_customers(
      into,
      {.request = {.purpose = order, .recipient = accountant}, .form = export_form::json_lines},
      out.sink(), again));
  CHECK(out.texts["customers.jsonl"] == shop.out.texts["customers.jsonl"]);
  // Into the book that it came from it changes nothing.
  for (const known_customer how : {known_customer::add, known_customer::update}) {
    const auto same = import_json_lines(shop.in, file, {.purposes = order, .on_known = how});
    REQUIRE(same);
    CHECK(same->known == 2);
    CHECK(same->customers + same->changed + same->receipts == 0);
  }
}

TEST_CASE(
    "import customers: an order of another store, and another sale without a number, come in") {
  export_shop shop;
  const customer_id ada = shop.add("Ada", "1");
  const auto sold = [&](const purchase& head) {
    const std::array lines{purchase_line{.sku = "S1"}};
    REQUIRE(shop.in.append_purchase(ada, head, lines, order));
  };
  const date march{2026, 3, 1};
  sold({.day = march, .order = "A-1", .store = "Bonn", .currency = "EUR", .total = 100});
  sold({.day = march, .currency = "EUR", .total = 500});
  REQUIRE(shop.run(export_form::json_lines));
  scratch folder;
  const std::string before = folder / "before.jsonl";
  write_file(before, shop.out.texts["customers.jsonl"]);
  sold({.day = march, .order = "A-1", .store = "Kyiv", .currency = "EUR", .total = 300});
  sold({.day = march, .currency = "EUR", .total = 700});
  shop.out.texts.clear();
  REQUIRE(shop.run(export_form::json_lines));
  const std::string after = folder / "after.jsonl";
  write_file(after, shop.out.texts["customers.jsonl"]);
  struct shop other;
  session into = other.begin();
  REQUIRE(import_json_lines(into, before, {.purposes = order}));
  const auto counts =
      import_json_lines(into, after, {.purposes = order, .on_known = known_customer::update});
  REQUIRE(counts);
  CHECK(counts->receipts == 2);
  CHECK(counts->repeated_receipts == 2);
}

TEST_CASE("import customers: of an order without its store another day makes another purchase") {
  const timestamp late = *parse_timestamp("2026-03-01T23:30:00Z");
  struct wanted {
    purchase known, told;
    std::uint64_t receipts;
  };
  const date march{2026, 3, 1}, april{2026, 4, 1}, second{2026, 3, 2};
  for (const auto& [known, told, receipts] :
       {wanted{{.day = march, .order = "7"}, {.day = april, .order = "7", .store = "Kyiv"}, 1},
        wanted{{.day = march, .order = "7", .store = "Bonn"}, {.day = april, .order = "7"}, 1},
        wanted{{.day = march, .order = "7"}, {.day = march, .order = "7", .store = "Kyiv"}, 0},
        wanted{{.day = march, .order = "7"}, {.day = second, .order = "7", .store = "Kyiv"}, 1},
        wanted{{.at = late, .order = "7"}, {.day = second, .order = "7", .store = "Kyiv"}, 0}}) {
    export_shop shop;
    const customer_id ada = shop.add("Ada", "1");
    const std::array lines{purchase_line{.sku = "S1"}};
    REQUIRE(shop.in.append_purchase(ada, told, lines, order));
    REQUIRE(shop.run(export_form::json_lines));
    scratch folder;
    const std::string file = folder / "customers.jsonl";
    write_file(file, shop.out.texts["customers.jsonl"]);
    export_shop other;
    const customer_id same = other.add("Ada", "1");
    REQUIRE(other.in.append_purchase(same, known, lines, order));
    const auto counts =
        import_json_lines(other.in, file, {.purposes = order, .on_known = known_customer::add});
    REQUIRE(counts);
    CHECK(counts->receipts == receipts);
    CHECK(counts->repeated_receipts == 1 - receipts);
  }
}

TEST_CASE("import customers: a bad line of JSON stops it, is told, and quotes nothing") {
  struct shop book;
  session in = book.begin();
  scratch folder;
  const std::string file = folder / "customers.jsonl";
  const std::string good = R"({"number":1,"fields":{"name":{"given":"Ada"}}})"
                           "\n";
  std::string told;
  const customer_import_listener listener{
      .context = &told, .problem = [](void* to, const customer_import_problem& what) {
        static_cast<std::string*>(to)
            ->append(place_of(what))
            .append(": ")
            .append(what.what.text.c_str());
      }};
  struct row {
    std::string line;
    errc code;
    const char* where;
  };
  for (const row& each : std::initializer_list<row>{
           {R"({"fields":{"name":{"given":"Secret"}},"extra":1})", errc::unknown_field, ""},
           {R"({"fields":{"Secret":1}})", errc::unknown_field, "/fields"},
           {R"({"fields":{"name":"Secret"}})", errc::wrong_type, "/fields/name"},
           {R"({"fields":{"name":{"Secret":1}}})", errc::unknown_field, "/fields/name"},
           {R"({"fields":{"emails":[{"address":"S***@"}]}})", errc::invalid_value,
            "/fields/emails"},
           {R"({"fields":{"name":{"given":"Secret"}},"notes":[{"text":5}]})", errc::wrong_type,
            "/notes/0"},
           {R"({"fields":{"name":{"given":"Secret"}})", errc::invalid_encoding, ""},
           {R"({"fields":{"name":{"given":"Secret"},"name":{}}})", errc::already_exists, ""},
           {R"(["Secret"])", errc::wrong_type, ""},
           {R"({"number":1})", errc::missing_field, ""}}) {
    CAPTURE(each.line);
    told.clear();
    write_file(file, good + each.line + "\n" + good);
    const auto refused = import_json_lines(in, file, {.purposes = order}, listener);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == each.code);
    CHECK(told.find("customers.jsonl, line 2") == 0);
    CHECK(told.find(each.where) != std::string::npos);
    CHECK(told.find("Secret") == std::string::npos);
    CHECK(customers_in(in) == 0);
  }
  // A part of a value is none, and is told.
  write_file(file,
             R"({"fields":{"name":{"given":"Ada"},"birth_date":"1980-01-01","emails":"a***"},)"
             R"("redacted":["birth_date","emails","notes"],"notes":[{"text":"[NAME] came"}]})"
             "\n");
  told.clear();
  const auto parts = import_json_lines(in, file, {.purposes = order, .dry_run = true}, listener);
  REQUIRE(parts);
  CHECK(parts->customers == 1);
  CHECK(parts->notes == 0);
  CHECK(told.find("line 1 (/redacted)") != std::string::npos);
  write_file(file, good + "{}\n" + good);
  // Left out where that is asked for; a file of nothing is none.
  const auto some = import_json_lines(in, file, {.purposes = order, .on_bad_row = bad_row::skip});
  REQUIRE(some);
  CHECK(some->customers == 2);
  CHECK(some->skipped == 1);
  write_file(file, "\n\n");
  CHECK(import_json_lines(in, file).error().code == errc::unsupported);
  CHECK(import_json_lines(in, folder / "none.jsonl").error().code == errc::not_found);
}

TEST_CASE("import customers: lines of JSON a second time stop, and leave no husks") {
  struct shop book;
  session in = book.begin();
  scratch folder;
  const std::string file = folder / "customers.jsonl";
  std::vector<std::string> told;
  const customer_import_listener listener{
      .context = &told, .problem = [](void* to, const customer_import_problem& what) {
        static_cast<std::vector<std::string>*>(to)->push_back(place_of(what));
      }};
  // By an address, by a name and a birth date, and by a spouse who is a number of another book.
  write_file(
      file,
      R"({"fields":{"name":{"given":"Ada","family":"Ray"},)"
      R"("emails":[{"address":"ada@example.com"}]}})"
      "\n"
      R"({"fields":{"name":{"given":"Bo","family":"Lee"},"phones":[{"number":"+4930123456"}],)"
      R"("household":[{"relation":"spouse","customer":"0000000000000000000001"},)"
      R"({"relation":"child","person":"Jo"}]}})"
      "\n"
      R"({"fields":{}})"
      "\n"
      R"({"fields":{"name":{"given":"*"}},"redacted":["name"]})"
      "\n");
  const auto first = import_json_lines(in, file, {.purposes = order}, listener);
  REQUIRE(first);
  CHECK(first->customers == 2);
  CHECK(first->left_out_rows == 2);
  CHECK(told.size() == 3);
  CHECK(customers_in(in) == 2);
  const auto again = import_json_lines(in, file, {.purposes = order}, listener);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == errc::already_exists);
  CHECK(customers_in(in) == 2);
  for (const known_customer how : {known_customer::skip, known_customer::update}) {
    const auto known = import_json_lines(in, file, {.purposes = order, .on_known = how});
    REQUIRE(known);
    CHECK(known->known == 2);
    CHECK(customers_in(in) == 2);
  }
}

TEST_CASE("export customers: vCards come back as they went") {
  export_shop shop;
  shop.add("Ada; the, 1st\\", "1");
  REQUIRE(shop.run(export_form::vcards));
  scratch folder;
  write_file(folder / "cards.vcf", shop.out.texts["customers.vcf"]);
  struct shop other;
  session into = other.begin();
  REQUIRE(import_vcards(into, {.file = folder / "cards.vcf"}, {.purposes = order}));
  const auto seen = into.read(found(into, "vcard", "a1@example.com"), order);
  REQUIRE(seen);
  CHECK(seen->record().name()->given.reveal() == "Ada; the, 1st\\");
  CHECK(seen->record().name()->family.reveal() == "O'Hara, \"Bee\"");
  CHECK(seen->record().addresses()->begin()->line1.reveal() == "4350 Minute Dr.");
  CHECK(seen->record().emails()->begin()->label == "home");
}

TEST_CASE("export customers: what did not get out is in the ledger as not delivered") {
  export_shop shop;
  std::vector<customer_id> all;
  for (int i = 0; i < 6; ++i) all.push_back(shop.add("Ada", std::to_string(i)));
  const auto lost = [&](const customer_id& id) {
    return shop.entries(id, ledger_event::not_delivered);
  };
  SUBCASE("in one piece: nothing of anybody") {
    shop.out.ends_well = false;
    CHECK(shop.run().error().code == errc::not_delivered);
    CHECK(shop.counts.not_delivered == all.size());
    for (const customer_id& id : all) CHECK(lost(id) == 1);
  }
  SUBCASE("as it is written: of whom one byte is out, something is out") {
    REQUIRE(shop.run(export_form::json_lines, false));
    const std::string whole = shop.out.texts["customers.jsonl"];
    const std::size_t second = whole.find('\n') + 1;
    struct part {
      std::size_t room, delivered;
    };
    for (const part& one : {part{0, 0}, part{1, 1}, part{second, 1}, part{second + 1, 2},
                            part{whole.size() - 1, all.size()}}) {
      CAPTURE(one.room);
      std::vector<std::size_t> before;
      for (const customer_id& id : all) before.push_back(lost(id));
      shop.out = {};
      shop.out.room = one.room;
      CHECK(shop.run(export_form::json_lines, false).error().code == errc::not_delivered);
      for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(lost(all[i]) - before[i] == (i < one.delivered ? 0 : 1));
      }
    }
  }
  SUBCASE("a table that goes out row by row") {
    REQUIRE(shop.run(export_form::one_csv, false));
    const std::size_t header = shop.out.texts["customers.csv"].find('\n') + 1;
    for (const std::size_t room : {std::size_t{3}, header, header + 1}) {
      std::vector<std::size_t> before;
      for (const customer_id& id : all) before.push_back(lost(id));
      shop.out = {};
      shop.out.room = room;
      CHECK(shop.run(export_form::one_csv, false).error().code == errc::not_delivered);
      for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(lost(all[i]) - before[i] == (i == 0 && room > header ? 0 : 1));
      }
    }
  }
  CHECK(shop.in.verify()->problems == 0);
}

TEST_CASE("export customers: from JSON, and what is wrong in it is said") {
  export_shop shop;
  shop.add("Ada", "1");
  std::string where;
  const auto run = [&](std::string_view request) {
    return export_customers_json(request, shop.in, shop.out.sink(), where);
  };
  const auto done = run(R"({"purpose": "customer_order_management", "to": "books & co",
                            "form": "json_lines", "fields": ["name"]})");
  REQUIRE(done);
  CHECK(done->find("\"exported\":1") != std::string::npos);
  CHECK(done->find("\"delivered\":true") != std::string::npos);
  CHECK_FALSE(run(R"({"purpose": "x", "to": "books & co", "form": "csv"})"));
  CHECK(where == "/purpose");
  CHECK_FALSE(run(R"({"purpose": "customer_order_management", "form": "csv"})"));
  CHECK(where == "/to");
  CHECK_FALSE(run(R"({"purpose": "customer_order_management", "to": "nobody", "form": "csv"})"));
  CHECK_FALSE(
      run(R"({"purpose": "customer_order_management", "to": "books & co", "form": "xml"})"));
  CHECK(where == "/form");
}
