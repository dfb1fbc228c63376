// Lists: whose day comes, who has not bought for long, who likes this and takes that size.
#include <clientbook/book/lists.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto care = purpose::client_care;
constexpr auto order = purpose::customer_order_management;

struct on_list {
  std::optional<date> day;
  std::string kind;
  std::uint16_t years = 0;
  std::optional<date> purchase;
  std::optional<timestamp> ends;
  std::string task;
  std::optional<date> due;
  std::optional<date> contact;
};

struct boutique {
  shop s;
  session officer = s.begin();
  session in = s.begin();
  directive said;
  std::map<std::string, customer_id> ids;

  boutique() {
    privacy_notice shown = notice_for(officer);
    shown.announced.purposes = {care};
    shown.announced.categories = all_categories();
    shown.announced.operations.add(operation::query);
    REQUIRE(officer.add_notice(shown));
    said = grant_of(officer, {recipient::self});
  }
  customer_id add(const std::string& name, const customer& more, bool agrees = true) {
    customer record = ken("id-" + name);
    REQUIRE(record.set(field::name, person_name{.given = name}));
    for (const field_value& one : more.fields()) REQUIRE(record.set_raw(one.id, one.value));
    const std::span<const directive> what(&said, agrees ? 1 : 0);
    const auto kept = in.put(record, {.purposes = {care, order},
                                      .directives = what,
                                      .without_basis = when_without_basis::leave_out});
    REQUIRE(kept);
    return ids[name] = *kept;
  }
  customer_id born(const std::string& name, const date& day, bool agrees = true) {
    customer more;
    REQUIRE(more.set(field::birth_date, day));
    return add(name, more, agrees);
  }
  customer_id keeps(const std::string& name, const char* kind, const date& day) {
    customer more;
    const special_day one{.kind = kind, .day = day};
    REQUIRE(more.set(field::special_days, std::array{one}));
    return add(name, more);
  }
  void bought(const std::string& name, const date& day, std::string_view what) {
    const purchase receipt{.day = day};
    const purchase_line line{.sku = "S-1", .description = what};
    REQUIRE(in.append_purchase(ids[name], receipt, {&line, 1}, order));
  }
  std::map<std::string, on_list> list(const list_query& who, purpose_id why = care) {
    std::map<std::string, on_list> out;
    const auto done = in.list_customers(who, why, only(field::name), [&](const listed& one) {
      for (const auto& [name, id] : ids) {
        if (id != one.seen.id()) continue;
        out[name] = {one.day,          std::string(one.day_kind),      one.years,    one.purchase,
                     one.consent_ends, std::string(one.task.reveal()), one.task_due, one.contact};
      }
      return true;
    });
    REQUIRE(done);
    return out;
  }
  std::string names(const list_query& who, purpose_id why = care) {
    std::string out;
    for (const auto& [name, one] : list(who, why)) out += (out.empty() ? "" : " ") + name;
    return out;
  }
};

list_query days(const date& first, std::uint16_t count, std::string_view kind = {}) {
  return {.days = day_window{.first = first, .days = count, .kind = kind}};
}

}  // namespace

TEST_CASE("list: days that come, over the year's end, without a year, on 29 February") {
  boutique b;
  b.born("ann", {1984, 12, 30});
  b.born("bo", {0, 1, 2});
  b.born("cy", {1996, 2, 29});
  b.keeps("dee", "wedding_anniversary", {2011, 1, 4});
  b.keeps("ed", "name_day", {0, 12, 31});
  CHECK(b.names(days({2026, 12, 29}, 7)) == "ann bo dee ed");
  CHECK(b.names(days({2026, 12, 30}, 1)) == "ann");
  CHECK(b.names(days({2026, 12, 31}, 1)) == "ed");
  CHECK(b.names(days({2026, 12, 29}, 7, "birthday")) == "ann bo");
  CHECK(b.names(days({2026, 12, 29}, 7, "wedding_anniversary")) == "dee");
  const auto found = b.list(days({2026, 12, 29}, 7));
  CHECK(*found.at("ann").day == date{2026, 12, 30});
  CHECK(found.at("ann").years == 42);
  CHECK(found.at("ann").kind == "birthday");
  CHECK(*found.at("bo").day == date{2027, 1, 2});
  CHECK(found.at("bo").years == 0);
  CHECK(found.at("dee").kind == "wedding_anniversary");
  // A year that has the day, and one that has not.
  CHECK(*b.list(days({2028, 2, 25}, 7)).at("cy").day == date{2028, 2, 29});
  CHECK(*b.list(days({2027, 2, 25}, 7)).at("cy").day == date{2027, 2, 28});
  CHECK(b.names(days({2027, 3, 1}, 7)) == "");
  CHECK(b.names(days({2027, 1, 1}, 366)) == "ann bo cy dee ed");
  // What was not yet when the window is does not come round in it.
  CHECK(b.names(days({1983, 12, 29}, 7)) == "bo ed");
}

TEST_CASE("list: property: a year in windows of a week names each day once") {
  boutique b;
  REQUIRE(b.in.begin());
  for (int day = 0; day < 366; day += 5) {
    const date on = date_of(timestamp{(days_since_epoch({2000, 1, 1}) + day) * 86400});
    b.born("p" + std::to_string(day), {0, on.month, on.day});
  }
  REQUIRE(b.in.commit());
  for (const std::int16_t year : {std::int16_t{2027}, std::int16_t{2028}}) {
    std::map<std::string, int> named;
    const std::int64_t first = days_since_epoch({year, 1, 1});
    const std::int64_t end = days_since_epoch({static_cast<std::int16_t>(year + 1), 1, 1});
    for (std::int64_t from = first; from < end; from += 7) {
      const auto count = static_cast<std::uint16_t>(std::min<std::int64_t>(7, end - from));
      for (const auto& [name, one] : b.list(days(date_of(timestamp{from * 86400}), count))) {
        ++named[name];
      }
    }
    CHECK(named.size() == b.ids.size());
    for (const auto& one : named) {
      CAPTURE(one.first);
      CHECK(one.second == 1);
    }
  }
}

TEST_CASE("list: who likes this and takes that size") {
  boutique b;
  const auto person = [&](const std::string& name, std::string_view likes,
                          const customer_size& size, bool agrees = true) {
    customer more;
    REQUIRE(more.set(field::likes, std::array{std::string_view(likes)}));
    REQUIRE(more.set(field::sizes, std::array{size}));
    b.add(name, more, agrees);
  };
  person("ann", "Béige linen", {.kind = "shirt", .value = "M"});
  person("bo", "linen", {.kind = "shoe", .system = "EU", .value = "42"});
  person("cy", "merino", {.kind = "shirt", .value = "m"});
  person("dee", "linen", {.kind = "shirt", .value = "M"}, false);
  CHECK(b.names({.likes = "LINEN"}) == "ann bo");
  CHECK(b.names({.likes = "beige lin"}) == "ann");
  CHECK(b.names({.likes = "linen", .size = "M"}) == "ann");
  CHECK(b.names({.size = "m"}) == "ann cy");
  CHECK(b.names({.size = "42", .size_kind = "shoe"}) == "bo");
  CHECK(b.names({.size = "42", .size_kind = "ring"}) == "");
  CHECK(b.names({.size = "4"}) == "");
}

TEST_CASE("list: what was bought, and nothing for how long") {
  boutique b;
  for (const char* name : {"ann", "bo", "cy"}) b.add(name, customer());
  const date today = date_of(clock_hand());
  const auto ago = [&](int count) {
    return date_of(timestamp{(days_since_epoch(today) - count) * 86400});
  };
  b.bought("ann", ago(10), "Silk scarf");
  b.bought("ann", ago(400), "Leather boots");  // Came in later than what was bought after it.
  b.bought("bo", ago(200), "silk tie");
  CHECK(b.names({.bought = "silk"}, order) == "ann bo");
  CHECK(b.names({.bought = "scarf silk"}, order) == "ann");
  CHECK(b.names({.bought = "s-1"}, order) == "ann bo");
  CHECK(b.names({.bought = "silk", .bought_since = ago(10)}, order) == "ann");
  CHECK(b.names({.bought = "silk", .bought_since = ago(9)}, order) == "");
  CHECK(*b.list({.bought = "boots"}, order).at("ann").purchase == ago(400));
  CHECK(b.names({.no_purchase_for_days = 9}, order) == "ann bo cy");
  CHECK(b.names({.no_purchase_for_days = 10}, order) == "bo cy");
  CHECK(b.names({.no_purchase_for_days = 365}, order) == "cy");
  CHECK_FALSE(b.list({.no_purchase_for_days = 365}, order).at("cy").purchase);
  CHECK(b.names({.bought = "silk", .no_purchase_for_days = 100}, order) == "bo");
}

TEST_CASE("list: a consent that ends soon") {
  boutique b;
  b.said.not_after = timestamp{clock_hand().seconds + 20 * 86'400};
  b.add("ann", customer());
  b.said.not_after = timestamp{clock_hand().seconds + 200 * 86'400};
  b.add("bo", customer());
  b.said.not_after = std::nullopt;
  b.add("cy", customer());
  b.add("dee", customer(), false);
  CHECK(b.names({.consent_ends_within_days = 30}) == "ann");
  CHECK(b.names({.consent_ends_within_days = 300}) == "ann bo");
  CHECK(b.list({.consent_ends_within_days = 30}).at("ann").ends->seconds ==
        clock_hand().seconds + 20 * 86'400);
  CHECK(b.names({.consent_ends_within_days = 30}, order) == "");
}

TEST_CASE("list: nobody is on it whom the purpose may not ask, and no count tells") {
  boutique b;
  b.born("ann", {1984, 12, 30});
  // Kept for another purpose, and not to be asked for this one.
  b.add("bo", customer());
  customer more;
  REQUIRE(more.set(field::birth_date, date{1990, 12, 30}));
  REQUIRE(b.officer.update(b.ids["bo"], more.fields(), care));
  directive no = withdrawal();
  no.kind = directive_kind::deny;
  no.scope.purposes = {care};
  no.scope.categories = {category::birth_date};
  no.scope.operations = {operation::query};
  REQUIRE(b.officer.record(b.ids["bo"], no));
  REQUIRE(b.in.read(b.ids["bo"], care)->state(field::birth_date) == field_state::shown);
  CHECK(b.names(days({2026, 12, 29}, 7)) == "ann");
  CHECK(b.names(days({2026, 12, 29}, 7), order) == "");
  CHECK(b.names({.no_purchase_for_days = 1}, purpose::email_marketing) == "");
  // Asking by it without seeing it is no list either.
  b.said.scope.operations = {operation::collect, operation::store, operation::query};
  b.born("cy", {1990, 12, 30});
  CHECK(b.names(days({2026, 12, 29}, 7)) == "ann");
}

// The fixture's clock stands at 2027-01-15.
TEST_CASE("list: tasks that are due, overdue, to be seen before, and whose they are") {
  boutique b;
  const auto open_task = [&](const std::string& name, std::vector<task> all) {
    customer more;
    REQUIRE(more.set(field::tasks, std::span<const task>(all)));
    b.add(name, more);
  };
  open_task("ann", {{.text = "Hem", .due = date{2027, 1, 15}, .assigned = 7}});
  open_task("bo", {{.text = "Belt", .due = date{2026, 12, 1}, .state = "open", .assigned = 8}});
  open_task("cy", {{.text = "Ring", .due = date{2027, 1, 20}, .lead_days = 5}});
  open_task("dee", {{.text = "Coat", .due = date{2027, 1, 20}}});
  open_task("ed", {{.text = "Done", .due = date{2027, 1, 1}, .state = "done"},
                   {.text = "Gone", .due = date{2027, 1, 1}, .state = "dropped"}});
  open_task("flo", {{.text = "Some day", .assigned = 7}});
  open_task("gus", {{.text = "Later", .due = date{2027, 2, 1}},
                    {.text = "Sooner", .due = date{2027, 1, 18}}});
  b.add("hal", {});
  CHECK(b.names({.tasks_due_within_days = 0}) == "ann bo cy");
  CHECK(b.names({.tasks_due_within_days = 2}) == "ann bo cy");
  CHECK(b.names({.tasks_due_within_days = 3}) == "ann bo cy gus");
  CHECK(b.names({.tasks_due_within_days = 5}) == "ann bo cy dee gus");
  CHECK(b.names({.assigned = actor_id(7)}) == "ann flo");
  CHECK(b.names({.tasks_due_within_days = 0, .assigned = actor_id(7)}) == "ann");
  CHECK(b.names({.assigned = actor_id(9)}) == "");
  const auto found = b.list({.tasks_due_within_days = 30});
  CHECK(found.at("gus").task == "Sooner");
  CHECK(*found.at("gus").due == date{2027, 1, 18});
  CHECK(b.list({.assigned = actor_id(7)}).at("flo").task == "Some day");
  // Who did not agree to client care is on no list of it.
  customer hidden;
  const task one{.text = "Hem", .due = date{2027, 1, 15}};
  REQUIRE(hidden.set(field::tasks, std::span<const task>(&one, 1)));
  b.add("ian", hidden, false);
  CHECK(b.names({.tasks_due_within_days = 0}) == "ann bo cy");
}

TEST_CASE("list: no contact for how long, by the last one, whatever the order of the log") {
  boutique b;
  const auto met = [&](const std::string& name, std::vector<timestamp> all) {
    customer more;
    std::vector<customer_contact> log;
    for (const timestamp at : all) log.push_back({.at = at, .channel = "phone"});
    REQUIRE(more.set(field::contacts, std::span<const customer_contact>(log)));
    b.add(name, more);
  };
  constexpr std::int64_t now = 1'800'000'000;
  constexpr std::int64_t day = 86'400;
  met("ann", {timestamp{now - 2 * day}, timestamp{now - 400 * day}});
  met("bo", {timestamp{now - 90 * day}});
  b.add("cy", {});
  CHECK(b.names({.no_contact_for_days = 90}) == "cy");
  CHECK(b.names({.no_contact_for_days = 89}) == "bo cy");
  CHECK(b.names({.no_contact_for_days = 1}) == "ann bo cy");
  CHECK(*b.list({.no_contact_for_days = 1}).at("ann").contact == date{2027, 1, 13});
  CHECK_FALSE(b.list({.no_contact_for_days = 1}).at("cy").contact);
  b.add("dee", {}, false);
  CHECK(b.names({.no_contact_for_days = 89}) == "bo cy");
}

TEST_CASE("list: by tag, tier, brand and category") {
  boutique b;
  customer more;
  REQUIRE(more.set(field::tags, std::array<std::string_view, 2>{"Bridal", "press list"}));
  REQUIRE(more.set(field::tier, std::string_view("Gold")));
  const customer_size size{.kind = "shoe", .value = "39", .brand = "Avenida"};
  REQUIRE(more.set(field::sizes, std::span<const customer_size>(&size, 1)));
  b.add("ann", more);
  b.add("bo", {});
  const purchase receipt{.day = date{2026, 5, 4}};
  const std::array lines{
      purchase_line{.sku = "S-1", .brand = "Avenida", .category = "evening dress"},
      purchase_line{.sku = "S-2", .brand = "Norte", .category = "belt"}};
  REQUIRE(b.in.append_purchase(b.ids["bo"], receipt, lines, order));
  CHECK(b.names({.tag = "bridal"}) == "ann");
  CHECK(b.names({.tag = "press"}) == "");
  CHECK(b.names({.tag = "Press List"}) == "ann");
  CHECK(b.names({.tier = "gold"}) == "ann");
  CHECK(b.names({.tier = "silver"}) == "");
  CHECK(b.names({.size = "39", .brand = "avenida"}) == "ann");
  CHECK(b.names({.size = "39", .brand = "Norte"}) == "");
  CHECK(b.names({.bought_category = "dress"}) == "bo");
  CHECK(b.names({.brand = "Norte"}) == "bo");
  CHECK(b.names({.bought_category = "dress", .brand = "Avenida"}) == "bo");
  // One line must say all of it.
  CHECK(b.names({.bought_category = "dress", .brand = "Norte"}) == "");
  CHECK(b.names({.brand = "Avenida", .bought_since = date{2026, 5, 5}}) == "");
  CHECK(*b.list({.bought_category = "belt"}).at("bo").purchase == date{2026, 5, 4});
}

TEST_CASE("list: a condition without a word is refused, also beside another one") {
  boutique b;
  b.born("ann", {1984, 12, 30});
  const auto refused = [&](const list_query& who) {
    const auto done =
        b.in.list_customers(who, care, only(field::name), [](const listed&) { return true; });
    return done.error().code;
  };
  CHECK(refused({.no_purchase_for_days = 1}) == errc::none);
  CHECK(refused({.no_purchase_for_days = 1, .tag = ""}) == errc::invalid_argument);
  CHECK(refused({.no_purchase_for_days = 1, .tier = " - "}) == errc::invalid_argument);
  CHECK(refused({.likes = "", .no_purchase_for_days = 1}) == errc::invalid_argument);
  CHECK(refused({.brand = "", .no_purchase_for_days = 1}) == errc::invalid_argument);
  // The kind of a size says nothing without the size.
  CHECK(refused({.size_kind = "shoe", .no_purchase_for_days = 1}) == errc::invalid_argument);
}

TEST_CASE("list: bad input") {
  boutique b;
  b.born("ann", {1984, 12, 30});
  const auto refused = [&](const list_query& who) {
    const auto done =
        b.in.list_customers(who, care, only(field::name), [](const listed&) { return true; });
    return done.error().code;
  };
  CHECK(refused({}) == errc::invalid_argument);
  CHECK(refused({.likes = "%"}) == errc::none);
  CHECK(refused({.likes = " , "}) == errc::invalid_argument);
  CHECK(refused(days({2026, 2, 30}, 7)) == errc::invalid_argument);
  CHECK(refused(days({0, 2, 28}, 7)) == errc::invalid_argument);
  CHECK(refused(days({2026, 2, 28}, 0)) == errc::invalid_argument);
  CHECK(refused(days({2026, 2, 28}, 367)) == errc::invalid_argument);
  // Behind it no day can be written: a shorter list would pass for the whole one.
  CHECK(refused(days({9999, 12, 31}, 2)) == errc::invalid_argument);
  CHECK(refused(days({9999, 12, 31}, 1)) == errc::none);
  CHECK(refused({.likes = "\xff"}) == errc::invalid_encoding);
  CHECK(refused({.bought_since = date{2026, 1, 1}}) == errc::invalid_argument);
  session auditor = b.s.begin(actor_role::auditor);
  const auto role = auditor.list_customers(days({2026, 12, 1}, 7), care, only(field::name),
                                           [](const listed&) { return true; });
  CHECK(role.error().code == errc::role_denied);
  session associate = b.s.begin(actor_role::associate);
  const auto one_by_one = associate.list_customers(days({2026, 12, 1}, 7), care, only(field::name),
                                                   [](const listed&) { return true; });
  CHECK(one_by_one.error().code == errc::role_denied);
  // It ends where the caller says.
  b.born("bo", {1984, 12, 30});
  int seen = 0;
  REQUIRE(b.in.list_customers(days({2026, 12, 29}, 7), care, only(field::name),
                              [&](const listed&) { return ++seen < 1; }));
  CHECK(seen == 1);
}
