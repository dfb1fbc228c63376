// Tables of how many share what: k people at least, with noise, and in the ledger.
#include <algorithm>
#include <string>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto why = purpose::client_care;

directive analysis_permitted(session& in) {
  privacy_notice shown = notice_for(in);
  shown.announced.purposes = {why};
  shown.announced.recipients = {recipient::self};
  shown.announced.categories = all_categories();
  shown.announced.operations = {operation::collect, operation::store, operation::use,
                                operation::analyse};
  REQUIRE(in.add_notice(shown));
  return grant_of(in, {recipient::self});
}

void keep_people(session& in, const directive& said, unsigned people, int year,
                 std::string_view speech) {
  for (unsigned i = 0; i < people; ++i) {
    customer one;
    REQUIRE(one.set(field::name, person_name{.given = "Ken"}));
    REQUIRE(one.set(field::birth_date, date{static_cast<std::int16_t>(year),
                                            static_cast<std::uint8_t>(1 + i % 12), 5}));
    REQUIRE(one.set(field::language, speech));
    REQUIRE(in.put(one, {.purposes = why, .directives = std::span(&said, 1)}));
  }
}

std::string text_of(byte_view value) {
  std::string_view out;
  return decode_value(value, out) ? std::string(out) : "?";
}

constexpr std::array by_year{table_column{.field = field::birth_date}};
constexpr std::array by_language{table_column{.field = field::language}};

struct analysed_shop {
  shop s;
  session in = s.begin();
  directive said = analysis_permitted(in);

  analysed_shop() {
    REQUIRE(in.begin());
    keep_people(in, said, 12, 1984, "en");
    keep_people(in, said, 7, 1990, "de");
    keep_people(in, said, 4, 1971, "fr");
    REQUIRE(in.commit());
    clock_hand().seconds += 31 * 86400;  // Nobody counts who is younger.
  }
};

}  // namespace

TEST_CASE("tabulate: values are redacted first, groups of fewer than k people stay") {
  analysed_shop t;
  const auto table = t.in.tabulate({.purpose = why, .columns = by_year, .k = 5});
  REQUIRE(table);
  REQUIRE(table->rows().size() == 2);
  // The profile wants birth dates coarser for analysis.
  CHECK(text_of(table->rows()[0].values[0]) == "1984");
  CHECK(text_of(table->rows()[1].values[0]) == "1990");
  CHECK(table->suppressed());
  // Twelve and seven of them, by the k at which they stay: the figures are noised.
  for (const auto& [k, rows] : {std::pair{7U, 2U}, {8U, 1U}, {12U, 1U}, {13U, 0U}}) {
    const auto fewer = t.in.tabulate({.purpose = why, .columns = by_year, .k = k});
    REQUIRE(fewer);
    CHECK(fewer->rows().size() == rows);
  }
  // What the caller asks for makes it coarser still, never finer.
  constexpr std::array labelled{
      table_column{.field = field::birth_date, .form = redaction_operator::label},
      table_column{.field = field::language, .form = redaction_operator::none}};
  const auto coarse = t.in.tabulate({.purpose = why, .columns = labelled, .k = 5});
  REQUIRE(coarse);
  CHECK(coarse->rows().size() == 2);
  CHECK(text_of(coarse->rows()[0].values[0]) == "<DATE>");
}

TEST_CASE("tabulate: refused where a group is too small, and the ledger has the refusal") {
  analysed_shop t;
  const std::uint64_t entries = t.in.figures()->ledger_entries;
  const auto refused =
      t.in.tabulate({.purpose = why, .columns = by_year, .k = 5, .small = small_groups::refuse});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::group_too_small);
  CHECK(refused.error().at == 0);  // Not how many they are.
  CHECK(t.s.begin().figures()->ledger_entries == entries + 1);
  CHECK(t.in.prove(entries)->entry.type == ledger_event::refusal);
  const auto given = t.in.tabulate({.purpose = why, .columns = by_year, .k = 5});
  REQUIRE(given);
  CHECK(given->ledger_index() == entries + 1);
  const auto entry = t.in.prove(entries + 1)->entry;
  CHECK(entry.type == ledger_event::data_export);
  CHECK(entry.purpose == why);
  CHECK(entry.count == 0);
  CHECK(t.in.verify()->problems == 0);
}

TEST_CASE("tabulate: noise is the same for the same question about the same people") {
  analysed_shop t;
  const tabulation_request what{
      .purpose = why, .columns = by_language, .k = 5, .noise_scale = 100000};
  const auto first = t.in.tabulate(what);
  session later = t.s.begin();
  const auto again = later.tabulate(what);
  REQUIRE(first);
  REQUIRE(again);
  REQUIRE(first->rows().size() == 2);
  bool noised = false;
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(first->rows()[i].people == again->rows()[i].people);
    noised = noised || first->rows()[i].people != (i == 0 ? 7U : 12U);
  }
  CHECK(noised);
  // k is no other question, nor the order of the columns.
  constexpr std::array one{table_column{.field = field::language},
                           table_column{.field = field::birth_date}};
  constexpr std::array other{table_column{.field = field::birth_date},
                             table_column{.field = field::language}};
  const auto left = t.in.tabulate({.purpose = why, .columns = one, .k = 5, .noise_scale = 50});
  const auto right = t.in.tabulate({.purpose = why, .columns = other, .k = 6, .noise_scale = 50});
  REQUIRE(left);
  REQUIRE(right);
  std::vector<std::uint64_t> a, b;
  for (const auto& row : left->rows()) a.push_back(row.people);
  for (const auto& row : right->rows()) b.push_back(row.people);
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  CHECK(a == b);
}

TEST_CASE("tabulate: one person less moves every figure, so that none stands out") {
  shop s;
  session in = s.begin();
  const directive said = analysis_permitted(in);
  REQUIRE(in.begin());
  for (int year = 0; year < 12; ++year) keep_people(in, said, 9, 1980 + year, "en");
  customer victim;
  REQUIRE(victim.set(field::name, person_name{.given = "Vic"}));
  REQUIRE(victim.set(field::birth_date, date{1985, 5, 5}));
  const auto whose = in.put(victim, {.purposes = why, .directives = std::span(&said, 1)});
  REQUIRE(whose);
  REQUIRE(in.commit());
  clock_hand().seconds += 31 * 86400;
  constexpr std::array years{
      table_column{.field = field::birth_date, .form = redaction_operator::generalise_date}};
  const tabulation_request what{.purpose = why, .columns = years, .k = 5, .noise_scale = 1000};
  const auto with = in.tabulate(what);
  REQUIRE(with);
  directive no;
  no.kind = directive_kind::deny;
  no.scope = said.scope;
  REQUIRE(in.record(*whose, no));
  const auto without = in.tabulate(what);
  REQUIRE(without);
  REQUIRE(with->rows().size() == 12);
  REQUIRE(without->rows().size() == 12);
  int moved = 0;
  for (std::size_t i = 0; i < 12; ++i) {
    moved += with->rows()[i].people != without->rows()[i].people ? 1 : 0;
  }
  // Figures are cut off at 0 and may fall on the same by chance, not all but one of them.
  CHECK(moved >= 3);
}

TEST_CASE("tabulate: who does not permit the analysis is not counted") {
  analysed_shop t;
  const auto of_nobody =
      t.in.tabulate({.purpose = purpose::email_marketing, .columns = by_language, .k = 5});
  REQUIRE(of_nobody);
  CHECK(of_nobody->rows().empty());
  directive no = t.said;
  no.kind = directive_kind::withdraw;
  no.strength = consent_strength::none;
  no.informed = false;
  no.notice = {};
  clock_hand().seconds += 60;
  no.event_at = clock_hand();
  std::vector<customer_id> all;
  REQUIRE(t.in.for_each(purpose::customer_order_management, {}, [&](const view& one) {
    all.push_back(one.id());
    return true;
  }));
  REQUIRE(all.size() == 23);
  for (std::size_t i = 12; i < 15; ++i) REQUIRE(t.in.record(all[i], no));
  REQUIRE(t.in.erase(all[0], erasure_reason::other));
  for (const auto& [k, rows] : {std::pair{5U, 1U}, {11U, 1U}, {12U, 0U}}) {
    const auto table = t.in.tabulate({.purpose = why, .columns = by_language, .k = k});
    REQUIRE(table);
    CHECK(table->rows().size() == rows);  // Four Germans are too few now, and eleven are left.
  }
}

TEST_CASE("tabulate: a table has columns, k and noise within bounds, and a role") {
  analysed_shop t;
  session& in = t.in;
  const std::uint64_t entries = in.figures()->ledger_entries;
  const auto code = [&](const tabulation_request& what) { return in.tabulate(what).error().code; };
  CHECK(code({.purpose = why}) == errc::invalid_argument);
  const std::vector<table_column> nine(9, {.field = field::language});
  CHECK(code({.purpose = why, .columns = nine}) == errc::invalid_argument);
  CHECK(code({.purpose = why, .columns = std::span(nine).first(2)}) == errc::invalid_argument);
  constexpr std::array notes{table_column{.field = field::notes}};
  CHECK(code({.purpose = why, .columns = notes}) == errc::invalid_argument);
  constexpr std::array unknown{table_column{.field = field_id(60)}};
  CHECK(code({.purpose = why, .columns = unknown}) == errc::unknown_field);
  CHECK(code({.purpose = why, .columns = by_year, .k = 4}) == errc::invalid_argument);
  CHECK(code({.purpose = why, .columns = by_year, .k = 1'000'001}) == errc::invalid_argument);
  for (const std::uint32_t scale : {0U, 1'000'001U}) {
    CHECK(code({.purpose = why, .columns = by_year, .noise_scale = scale}) ==
          errc::invalid_argument);
  }
  for (const actor_role role : {actor_role::associate, actor_role::auditor}) {
    CHECK(t.s.begin(role).tabulate({.purpose = why, .columns = by_year}).error().code ==
          errc::role_denied);
  }
  REQUIRE(in.begin());
  CHECK(code({.purpose = why, .columns = by_year}) == errc::invalid_state);
  in.rollback();
  CHECK(in.figures()->ledger_entries == entries);
}

namespace {

constexpr auto study = purpose::service_optimisation;

/// A shop in which managers count, and whom they count.
struct studied_shop {
  shop s;
  session boss = s.begin();
  directive said;

  studied_shop() {
    privacy_notice shown = notice_for(boss);
    shown.announced.purposes = {why, study};
    shown.announced.recipients = {recipient::self};
    shown.announced.categories = all_categories();
    shown.announced.operations = all_operations;
    REQUIRE(boss.add_notice(shown));
    said = grant_of(boss, {recipient::self});
    said.strength = consent_strength::explicit_;
  }
  session manager(std::uint32_t number) {
    auto out = s.opened->begin_session({.id = actor_id(number), .role = actor_role::manager});
    REQUIRE(out);
    return std::move(*out);
  }
  std::vector<customer_id> put(session& in, unsigned people, std::string_view speech,
                               field_source source = field_source::person) {
    std::vector<customer_id> out;
    for (unsigned i = 0; i < people; ++i) {
      customer one;
      REQUIRE(one.set(field::name, person_name{.given = "Ken"}));
      REQUIRE(one.set(field::language, speech));
      const auto id =
          in.put(one, {.purposes = why, .directives = std::span(&said, 1), .source = source});
      REQUIRE(id);
      // What a manager or a service notes waits: whoever may say yes says it.
      if (!id->waiting.empty()) {
        directive yes = said;
        yes.event_at = clock_hand();
        REQUIRE(boss.record(*id, yes));
      }
      out.push_back(*id);
    }
    return out;
  }
  /// Six, or nobody: by the k up to which they are told, since the figures are noised.
  static unsigned people(session& in) {
    unsigned out = 0;
    for (unsigned k = 5; k <= 7; ++k) {
      const auto table = in.tabulate({.purpose = study, .columns = by_language, .k = k});
      REQUIRE(table);
      if (table->rows().empty()) return out;
      out = k;
    }
    return out;
  }
  static void days(int count) { clock_hand().seconds += count * 86400; }
};

}  // namespace

TEST_CASE("tabulate: nobody counts who is younger than 30 days, or whom the asker has made") {
  studied_shop t;
  session mine = t.manager(30);
  session other = t.manager(31);
  const auto made = t.put(mine, 6, "de");
  CHECK(studied_shop::people(mine) == 0);
  CHECK(studied_shop::people(other) == 0);
  studied_shop::days(29);
  CHECK(studied_shop::people(other) == 0);
  studied_shop::days(1);
  CHECK(studied_shop::people(other) == 6);
  CHECK(studied_shop::people(mine) == 0);
  SUBCASE("a value that was changed or taken away is as young as the change") {
    customer change;
    REQUIRE(change.set(field::language, std::string_view("fr")));
    for (const customer_id& id : made) REQUIRE(mine.update(id, change.fields(), why));
    CHECK(studied_shop::people(other) == 0);
    studied_shop::days(30);
    CHECK(studied_shop::people(other) == 6);
    CHECK(studied_shop::people(mine) == 0);
    for (const customer_id& id : made) REQUIRE(mine.remove(id, field::language, why));
    CHECK(studied_shop::people(other) == 0);
    studied_shop::days(30);
    CHECK(studied_shop::people(other) == 6);  // Who have none.
  }
  SUBCASE("another field of them is not") {
    customer change;
    REQUIRE(change.set(field::phones, std::array{phone_number{.number = "+1 202 555 0199"}}));
    for (const customer_id& id : made) REQUIRE(mine.update(id, change.fields(), why));
    CHECK(studied_shop::people(other) == 6);
  }
  SUBCASE("a group of one is not made by k - 1 of the asker's own") {
    t.put(t.boss, 1, "it");
    studied_shop::days(31);
    t.put(mine, 9, "it");
    CHECK(studied_shop::people(mine) == 0);
    studied_shop::days(31);
    CHECK(studied_shop::people(mine) == 0);
  }
}

TEST_CASE("tabulate: an import by a service or an owner counts at once, a manager's does not") {
  studied_shop t;
  session mine = t.manager(30);
  t.put(mine, 6, "fr", field_source::file);
  CHECK(studied_shop::people(mine) == 0);
  t.put(t.boss, 6, "de", field_source::file);
  CHECK(studied_shop::people(mine) == 6);
  CHECK(studied_shop::people(t.boss) == 6);
  CHECK(t.boss.verify()->problems == 0);
}

TEST_CASE(
    "tabulate: a table is traced with its columns and k before it answers, and so many a month") {
  studied_shop t;
  t.put(t.boss, 6, "de", field_source::file);
  const auto report = [&] {
    session auditor = t.s.begin(actor_role::auditor);
    const auto out = auditor.seen_by(actor_id(30), {2000, 1, 1}, {2100, 1, 1});
    REQUIRE(out);
    return *out;
  };
  session mine = t.manager(30);
  CHECK(mine.left()->tables_this_month == 60);
  REQUIRE(mine.tabulate({.purpose = study, .columns = by_language, .k = 5}));
  // The session lives: this is what a kill would leave.
  REQUIRE(report().tables.size() == 1);
  CHECK(report().tables[0].columns == only(field::language));
  CHECK(report().tables[0].k == 5);
  CHECK(report().tables[0].purpose == study);
  CHECK(report().tables[0].at == clock_hand());
  const auto refused = mine.tabulate(
      {.purpose = study, .columns = by_language, .k = 9, .small = small_groups::refuse});
  CHECK(refused.error().code == errc::group_too_small);
  CHECK(report().tables.size() == 2);
  CHECK(report().tables[1].k == 9);
  std::size_t answered = 0;
  for (int i = 0; i < 100; ++i) {
    session again = t.manager(30);
    const auto table = again.tabulate({.purpose = study, .columns = by_language, .k = 5});
    answered += table ? 1U : 0U;
    if (!table) CHECK(table.error().code == errc::budget_spent);
  }
  CHECK(answered == 58);
  CHECK(report().tables.size() == 60);
  CHECK(mine.left()->tables_this_month == 0);
  // Another's are another's; a clock set back begins no month, and the next one does.
  session other = t.manager(31);
  CHECK(studied_shop::people(other) == 6);
  studied_shop::days(-40);
  CHECK(mine.left()->tables_this_month == 0);
  studied_shop::days(40 + 31);
  CHECK(mine.left()->tables_this_month == 60);
  CHECK(studied_shop::people(mine) == 6);
  CHECK(t.boss.verify()->problems == 0);
}
