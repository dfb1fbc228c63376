// Files of different days: what is newer holds, in whatever order they come.
#include <clientbook/base/time.hpp>
#include <clientbook/transfer/import_customers.hpp>

#include <array>
#include <optional>
#include <string>

#include "shop.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::string_view map_text = R"({
  "format": "clientbook column map 1",
  "system": "till",
  "customers": {
    "file": "customers.csv",
    "format": {"dates": "yyyy-mm-dd"},
    "columns": {"id": "external_id", "given": "name.given", "mail": "emails[].address",
                "changed": "changed_at"}
  }
})";

struct monthly_files {
  shop book;
  session in = book.begin();
  scratch folder;
  column_map map = *column_map::parse(map_text);

  // One customer, as a file says them; `changed`: what the row tells of its day.
  result<customer_import_counts> bring(const std::string& mail,
                                       const customer_import_options& options,
                                       const std::string& changed = "") {
    write_file(folder / "customers.csv",
               "id,given,mail,changed\nC-1,Ada," + mail + "," + changed + "\n");
    return import_customers(in, map, folder.path(), options);
  }
  static customer_import_options of(const char* day) {
    customer_import_options out{.on_known = known_customer::update};
    if (day != nullptr) out.as_of = *parse_date(day);
    return out;
  }
  std::string mail() {
    const auto seen = in.read(found(in, "till", "C-1"), purpose::customer_order_management);
    REQUIRE(seen);
    const auto all = seen->record().emails();
    REQUIRE(all);
    return std::string(all->begin()->address.reveal());
  }
};

}  // namespace

TEST_CASE("import days: an older file takes nothing back that a newer one brought") {
  monthly_files files;
  REQUIRE(files.bring("may@example.com", monthly_files::of("2025-01-31")));
  auto counts = files.bring("april@example.com", monthly_files::of("2024-12-31"));
  REQUIRE(counts);
  CHECK(counts->older == 1);
  CHECK(counts->updated == 0);
  CHECK(counts->changed == 0);
  CHECK(counts->conflicts == 0);
  CHECK(files.mail() == "may@example.com");
  // It was no news, so the newer file again is none either, and the next one is.
  counts = files.bring("may@example.com", monthly_files::of("2025-01-31"));
  REQUIRE(counts);
  CHECK(counts->changed == 0);
  counts = files.bring("june@example.com", monthly_files::of("2025-02-01"));
  REQUIRE(counts);
  CHECK(counts->updated == 1);
  CHECK(counts->older == 0);
  CHECK(files.mail() == "june@example.com");
  // Of the same day the file that is read last holds, as ever.
  REQUIRE(files.bring("noon@example.com", monthly_files::of("2025-02-01")));
  CHECK(files.mail() == "noon@example.com");
}

TEST_CASE("import days: a value that a newer file says again is of that file's day") {
  monthly_files files;
  REQUIRE(files.bring("a@example.com", monthly_files::of("2024-11-30")));
  const auto again = files.bring("a@example.com", monthly_files::of("2025-01-31"));
  REQUIRE(again);
  CHECK(again->changed == 0);
  const auto older = files.bring("b@example.com", monthly_files::of("2024-12-31"));
  REQUIRE(older);
  CHECK(older->older == 1);
  CHECK(files.mail() == "a@example.com");
}

TEST_CASE("import days: a row may tell its own day, and a file without any is of today") {
  monthly_files files;
  REQUIRE(files.bring("a@example.com", monthly_files::of(nullptr), "2025-01-20T10:00:00Z"));
  auto counts = files.bring("b@example.com", monthly_files::of(nullptr), "2025-01-19");
  REQUIRE(counts);
  CHECK(counts->older == 1);
  counts = files.bring("c@example.com", monthly_files::of(nullptr), "2025-01-21");
  REQUIRE(counts);
  CHECK(counts->updated == 1);
  // The row's day is stronger than the file's.
  counts = files.bring("d@example.com", monthly_files::of("2025-02-01"), "2025-01-02");
  REQUIRE(counts);
  CHECK(counts->older == 1);
  counts = files.bring("e@example.com", monthly_files::of(nullptr));
  REQUIRE(counts);
  CHECK(counts->updated == 1);
  CHECK(files.mail() == "e@example.com");
}

TEST_CASE("import days: what somebody corrected stays, however new the file is") {
  monthly_files files;
  REQUIRE(files.bring("a@example.com", monthly_files::of("2024-11-30")));
  customer corrected;
  REQUIRE(corrected.set(field::emails, std::array{email_address{.address = "own@example.com"}}));
  REQUIRE(files.in.update(found(files.in, "till", "C-1"), corrected.fields(),
                          purpose::customer_order_management));
  const auto counts = files.bring("b@example.com", monthly_files::of("2025-01-31"));
  REQUIRE(counts);
  CHECK(counts->conflicts == 1);
  CHECK(counts->older == 0);
  CHECK(files.mail() == "own@example.com");
}

TEST_CASE("import days: a day that is still to come, or none, is told and changes nothing") {
  monthly_files files;
  for (const date day : {date{2999, 1, 1}, date{0, 1, 1}}) {
    customer_import_options options;
    options.as_of = day;
    CHECK(files.bring("a@example.com", options).error().code == errc::invalid_value);
  }
  CHECK(files.bring("a@example.com", {}, "2999-01-01").error().code == errc::invalid_value);
  CHECK(customers_in(files.in) == 0);
  std::string where;
  const std::string wrong = R"({"map": "{}", "folder": ".", "as_of": "yesterday"})";
  CHECK_FALSE(import_customers_json(wrong, files.in, where));
  CHECK(where == "/as_of");
}
