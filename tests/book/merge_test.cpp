// A file's word about customers whom the book has: what is news, and what the book knows better.
#include <clientbook/consent/shop_consent.hpp>

#include <array>
#include <random>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr purpose_id order = purpose::customer_order_management;

customer called(const std::string& given, const std::string& phone = "+1 202 555 0142") {
  customer out = ken();
  REQUIRE(out.set(field::name, person_name{.given = given, .family = "Sánchez"}));
  REQUIRE(out.set(field::phones, std::array{phone_number{.number = phone}}));
  return out;
}

collection from_file(std::span<const directive> said = {}, std::string_view words = {}) {
  return {.purposes = order,
          .directives = said,
          .without_basis = when_without_basis::leave_out,
          .source = field_source::file,
          .decisions = words};
}

std::string given_name(session& in, const customer_id& id) {
  const auto seen = in.read(id, order);
  REQUIRE(seen);
  const auto name = seen->record().name();
  return name ? std::string(name->given.reveal()) : std::string();
}

void write_name(session& in, const customer_id& id, const std::string& given) {
  customer changed;
  REQUIRE(changed.set(field::name, person_name{.given = given, .family = "Sánchez"}));
  REQUIRE(in.update(id, changed.fields(), order));
}

merged renew(session& in, const customer_id& id, const customer& record) {
  const auto done = in.merge(id, record, from_file(), merge_rule::renew);
  REQUIRE(done);
  return *done;
}

struct imported_shop {
  shop s;
  session in = s.begin();
  customer_id id;

  imported_shop() {
    const auto put = in.put(called("Ken"), from_file());
    REQUIRE(put);
    id = *put;
  }
};

}  // namespace

TEST_CASE("merge: the same file again is no news") {
  imported_shop shop;
  for (const merge_rule rule : {merge_rule::complete, merge_rule::renew}) {
    const auto again = shop.in.merge(shop.id, called("Ken"), from_file(), rule);
    REQUIRE(again);
    CHECK_FALSE(again->changed());
    CHECK(again->kept.empty());
  }
}

TEST_CASE("merge: what a file brought is replaced by what it says now, where that is asked for") {
  imported_shop shop;
  const auto completed =
      shop.in.merge(shop.id, called("Kenneth"), from_file(), merge_rule::complete);
  REQUIRE(completed);
  CHECK(completed->kept == only(field::name));
  CHECK(given_name(shop.in, shop.id) == "Ken");
  const merged renewed = renew(shop.in, shop.id, called("Kenneth", "+1 202 555 0143"));
  CHECK(renewed.replaced == (only(field::name) | only(field::phones)));
  CHECK(renewed.added.empty());
  CHECK(given_name(shop.in, shop.id) == "Kenneth");
  CHECK_FALSE(renew(shop.in, shop.id, called("Kenneth", "+1 202 555 0143")).changed());
  CHECK(shop.in.verify()->problems == 0);
}

TEST_CASE("merge: what somebody corrected in the book stays") {
  imported_shop shop;
  write_name(shop.in, shop.id, "Kenji");
  const merged same = renew(shop.in, shop.id, called("Ken"));
  CHECK_FALSE(same.changed());
  CHECK(same.kept == only(field::name));
  CHECK(same.conflicts.empty());
  const merged news = renew(shop.in, shop.id, called("Kenneth"));
  CHECK_FALSE(news.changed());
  CHECK(news.conflicts == only(field::name));
  CHECK(given_name(shop.in, shop.id) == "Kenji");
  // The file was mended too: from then on they agree, and what comes next is news to both.
  CHECK_FALSE(renew(shop.in, shop.id, called("Kenji")).changed());
  CHECK(renew(shop.in, shop.id, called("Kendall")).replaced == only(field::name));
}

TEST_CASE("merge: what was taken out of the book is not brought back") {
  imported_shop shop;
  REQUIRE(shop.in.remove(shop.id, field::phones));
  for (const merge_rule rule : {merge_rule::complete, merge_rule::renew}) {
    for (const char* phone : {"+1 202 555 0142", "+1 202 555 0143"}) {
      const auto again = shop.in.merge(shop.id, called("Ken", phone), from_file(), rule);
      REQUIRE(again);
      CHECK_FALSE(again->changed());
      CHECK(again->kept == only(field::phones));
    }
  }
  CHECK_FALSE(shows(shop.in.read(shop.id, order), field::phones));
}

TEST_CASE("merge: what was entered by hand stays, and what it lacks is added") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  customer record = called("Kenneth");
  REQUIRE(record.set(field::language, std::string_view("de")));
  const merged done = renew(in, id, record);
  CHECK(done.kept == only(field::name));
  CHECK(done.added == only(field::language));
}

TEST_CASE("merge: a renewal takes every no and opens nothing") {
  imported_shop shop;
  REQUIRE(shop.in.add_notice(notice_for(shop.in)));
  const std::array yes{grant_of(shop.in, {recipient::self})};
  const auto opened =
      shop.in.merge(shop.id, called("Ken"), from_file(yes, "yes"), merge_rule::renew);
  REQUIRE(opened);
  CHECK(opened->not_widened == 1);
  CHECK(opened->recorded == 0);
  CHECK_FALSE(shows(shop.in.read(shop.id, purpose::email_marketing), field::emails));

  REQUIRE(shop.in.record(shop.id, yes.front()));
  CHECK(shows(shop.in.read(shop.id, purpose::email_marketing), field::emails));
  const std::array no{withdrawal()};
  const auto closed = shop.in.merge(shop.id, called("Ken"), from_file(no, "no"), merge_rule::renew);
  REQUIRE(closed);
  CHECK(closed->recorded == 1);
  CHECK_FALSE(shows(shop.in.read(shop.id, purpose::email_marketing), field::emails));
  // The customer agrees again; the same file is no newer no.
  clock_hand() = timestamp{clock_hand().seconds + 86400};
  REQUIRE(shop.in.record(shop.id, grant_of(shop.in, {recipient::self})));
  const std::size_t said = shop.in.directives(shop.id)->size();
  const auto again = shop.in.merge(shop.id, called("Ken"), from_file(no, "no"), merge_rule::renew);
  REQUIRE(again);
  CHECK(again->repeated == 1);
  CHECK(shop.in.directives(shop.id)->size() == said);
  CHECK(shows(shop.in.read(shop.id, purpose::email_marketing), field::emails));
}

TEST_CASE("merge: of what no purpose may read nothing is changed and nothing told") {
  imported_shop shop;
  customer record = called("Ken");
  REQUIRE(record.set(field::likes, std::array<std::string_view, 1>{"linen"}));
  const merged done = renew(shop.in, shop.id, record);
  CHECK_FALSE(done.changed());
  CHECK_FALSE(done.left_out.has(field::likes));
  CHECK_FALSE(done.kept.has(field::likes));
  CHECK(shop.in.read(shop.id, order)->state(field::likes) == field_state::withheld);
}

TEST_CASE("merge: ids are added, and one of somebody else changes nothing") {
  imported_shop shop;
  customer record = called("Ken");
  const external_id till{.system = "till", .value = "T-9"};
  REQUIRE(record.set(field::external_ids, std::array{till}));
  CHECK(renew(shop.in, shop.id, record).added == only(field::external_ids));
  CHECK(*shop.in.find("till", "T-9") == shop.id);
  CHECK(*shop.in.find("loyalty", "L-1") == shop.id);
  const customer_id other = keep(shop.in, ken("L-2"));
  REQUIRE(record.set(field::name, person_name{.given = "Bo"}));
  const auto refused = shop.in.merge(other, record, from_file(), merge_rule::renew);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::already_exists);
  CHECK(given_name(shop.in, other) == "Ken");
}

TEST_CASE("merge: who may not read or write is refused") {
  imported_shop shop;
  session auditor = shop.s.begin(actor_role::auditor);
  CHECK(auditor.merge(shop.id, called("Bo"), from_file(), merge_rule::renew).error().code ==
        errc::role_denied);
  CHECK(given_name(shop.in, shop.id) == "Ken");
}

TEST_CASE("merge: property: of any history, what a person wrote last outlives every file") {
  std::mt19937 random(20260312);
  const std::array<std::string, 3> names{"Ana", "Bo", "Cy"};
  for (int round = 0; round < 60; ++round) {
    CAPTURE(round);
    imported_shop shop;
    // What the book has, what a file said last, and whether somebody took it out since.
    std::string held = "Ken", said = "Ken";
    bool taken_out = false;
    for (int step = 0; step < 12; ++step) {
      const std::string& name = names[random() % names.size()];
      const unsigned what = random() % 8;
      if (what == 0 && !held.empty()) {
        REQUIRE(shop.in.remove(shop.id, field::name));
        held.clear();
        taken_out = true;
      } else if (what < 3) {
        write_name(shop.in, shop.id, name);
        held = name;
      } else {
        renew(shop.in, shop.id, called(name));
        // Taken where the book still has what a file said last.
        if (!held.empty() && !taken_out && held == said) held = name;
        if (held == name) {
          said = name;
          taken_out = false;
        }
      }
      REQUIRE(given_name(shop.in, shop.id) == held);
    }
    CHECK(shop.in.verify()->problems == 0);
  }
}

TEST_CASE("merge: what was rolled back was not said") {
  imported_shop shop;
  REQUIRE(shop.in.begin());
  REQUIRE(shop.in.merge(shop.id, called("Bo"), from_file(), merge_rule::renew));
  shop.in.rollback();
  CHECK(given_name(shop.in, shop.id) == "Ken");
  CHECK(renew(shop.in, shop.id, called("Bo")).replaced == only(field::name));
}
