// Memory runs out at every allocation of a call between a book and the outside: no exception comes
// out and nothing changes. An executable of its own, since it replaces operator new.
#include <clientbook/exchange/consent_signal.hpp>
#include <clientbook/exchange/evaluate_json.hpp>
#include <clientbook/exchange/kantara.hpp>
#include <clientbook/exchange/profile_json.hpp>
#include <clientbook/transfer/book_json.hpp>
#include <clientbook/transfer/consent_json.hpp>
#include <clientbook/transfer/export_consents.hpp>
#include <clientbook/transfer/import_customers.hpp>
#include <clientbook/transfer/record_json.hpp>
#include <clientbook/transfer/view_json.hpp>

#include "failing_memory.hpp"
#include "shop.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

struct stocked_shop {
  shop s;
  session in = s.begin();
  customer_id id;

  stocked_shop() {
    add_notice(in);
    const directive said = grant_of(in, {recipient::self});
    id = keep(in, ken(), std::span(&said, 1));
  }
  template <class Call>
  std::size_t run_out(Call&& call) {
    return run_out_everywhere(*s.store, std::forward<Call>(call));
  }
};

}  // namespace

TEST_CASE("out of memory: a file of customers is imported whole or not at all") {
  stocked_shop t;
  scratch folder;
  write_file(folder / "c.csv", "id,first,mail\n1,Ann,ann@example.com\n2,Ben,ben@example.com\n");
  const auto map = column_map::parse(R"({"format": "clientbook column map 1", "system": "till",
    "customers": {"file": "c.csv", "columns": {"id": "external_id", "first": "name.given",
                                               "mail": "emails[].address"}}})");
  REQUIRE(map);
  std::uint64_t imported = 0;
  CHECK(t.run_out([&]() -> result<void> {
    if (imported != 0) return {};  // it could do without what failed
    const auto done = import_customers(t.in, *map, folder.path());
    if (!done) return done.error();
    imported = done->customers;
    return {};
  }) >= 20);
  CHECK(imported == 2);
  CHECK(customers_in(t.in) == 3);
}

TEST_CASE("out of memory: records, views, directives and notices as text and back") {
  stocked_shop t;
  const customer record = ken("L-2");
  const schema fields = t.in.fields();
  std::string where;
  CHECK(t.run_out([&] { return record_to_json(record.view(), fields); }) >= 1);
  const std::string text(*record_to_json(record.view(), fields));
  CHECK(t.run_out([&] { return record_from_json(text, fields, &where); }) >= 1);
  const auto seen = t.in.read(t.id, purpose::customer_order_management);
  REQUIRE(seen);
  const auto as = t.in.request(purpose::customer_order_management);
  CHECK(t.run_out([&]() -> result<void> {
    const auto reasons = reasons_of(t.in, *seen, as);
    if (!reasons) return reasons.error();
    const auto out = view_to_json(*seen, t.in.fields(), *reasons);
    if (!out) return out.error();
    return {};
  }) >= 1);
  const auto said = t.in.directives(t.id);
  REQUIRE(said);
  CHECK(t.run_out([&] { return directives_to_json(*said, t.in); }) >= 1);
  const std::string_view directives = R"([{"kind": "deny", "purposes": ["email_marketing"],
    "recipients": ["self"], "categories": ["email_address"], "operations": ["use"]}])";
  CHECK(t.run_out([&] { return directives_from_json(directives, t.in, where); }) >= 1);
  CHECK(t.run_out([&] { return schema_to_json(fields); }) >= 1);
  CHECK(t.run_out([&] { return figures_to_json(*t.in.figures()); }) >= 1);
}

TEST_CASE("out of memory: consents of other systems, profiles, decisions without a book") {
  stocked_shop t;
  std::string where;
  CHECK(t.run_out([&] { return json_of_profile(gdpr_profile()); }) >= 1);
  const std::string law = *json_of_profile(gdpr_profile());
  CHECK(t.run_out([&] { return profile_of_json(law, where); }) >= 1);
  CHECK(t.run_out([&] { return signals_of_gpp("DBABMA~BAAAAAAAAQA.QA"); }) >= 1);
}
