// Remembered refusals: who was erased, or unsubscribed before the book knew them.
#include <algorithm>
#include <array>
#include <limits>
#include <random>
#include <string>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::int64_t day = 86400;

customer somebody(const std::string& loyalty, const std::string& mail, const std::string& phone) {
  customer out;
  REQUIRE(out.set(field::name, person_name{.given = "Ann", .family = "Lee"}));
  if (!loyalty.empty()) {
    const external_id id{.system = "loyalty", .value = loyalty};
    REQUIRE(out.set(field::external_ids, std::array{id}));
  }
  if (!mail.empty()) REQUIRE(out.set(field::emails, std::array{email_address{.address = mail}}));
  if (!phone.empty()) REQUIRE(out.set(field::phones, std::array{phone_number{.number = phone}}));
  return out;
}

// Which fields are remembered of them, by kind.
std::vector<std::pair<refusal_kind, field_id>> known(session& in, const customer& record) {
  const auto found = in.remembered(record.fields());
  REQUIRE(found);
  std::vector<std::pair<refusal_kind, field_id>> out;
  for (const remembered_refusal& one : *found) out.emplace_back(one.kind, one.by);
  return out;
}

using all = std::vector<std::pair<refusal_kind, field_id>>;

// Every byte of the store, to look for what must not be there.
std::string bytes_of(const std::shared_ptr<backend>& store) {
  auto reading = store->begin_read();
  REQUIRE(reading);
  std::string out;
  REQUIRE((*reading)->walk({}, {}, [&](byte_view at, byte_view value) {
    out.append(as_text(at)).append(as_text(value));
    return true;
  }));
  return out;
}

struct erased_shop {
  shop s;
  session in = s.begin();
  customer ann = somebody("L-1", "Ann@Example.com", "+1 202 555 0142");
  erasure_receipt receipt;

  explicit erased_shop(const erasure_options& options = {}) {
    const auto done = in.erase(keep(in, ann), erasure_reason::subject_request, options);
    REQUIRE(done);
    receipt = done->receipt;
  }
};

}  // namespace

TEST_CASE("refusals: a no to more than e-mail is remembered as one to all marketing") {
  shop s;
  session in = s.begin();
  const customer bo = ken("B-1");
  directive no = withdrawal();
  no.scope.purposes = {purpose::telephone_marketing};
  REQUIRE(in.remember_no(bo.fields(), no));
  const auto found = in.remembered(bo.fields());
  REQUIRE(found);
  REQUIRE_FALSE(found->empty());
  for (const auto& one : *found) CHECK(one.kind == refusal_kind::no_marketing);
  // Who is heeded is forgotten, whatever the no was.
  REQUIRE(in.forget_remembered(bo.fields(), refusal_kind::unsubscribed));
  CHECK(in.remembered(bo.fields())->empty());
  no.kind = directive_kind::lift;
  CHECK(in.remember_no(bo.fields(), no).error().code == errc::invalid_argument);
  CHECK(in.verify()->problems == 0);
}

TEST_CASE("refusal: who was erased is known by id, mail and phone, however they are written") {
  erased_shop e;
  CHECK(known(e.in, e.ann).size() == 3);
  const auto by = [&](const customer& record) { return known(e.in, record); };
  CHECK(by(somebody("", "ann@example.COM", "")) == all{{refusal_kind::erased, field::emails}});
  CHECK(by(somebody("", "", "0012025550142")) == all{{refusal_kind::erased, field::phones}});
  CHECK(by(somebody("", "", "1-202-555-0142")) == all{{refusal_kind::erased, field::phones}});
  CHECK(by(somebody("L-1", "", "")) == all{{refusal_kind::erased, field::external_ids}});
  CHECK(by(somebody("L-2", "ann@example.org", "+1 202 555 0143")).empty());
  // The same text in another place is another value.
  customer other;
  const external_id id{.system = "till", .value = "L-1"};
  REQUIRE(other.set(field::external_ids, std::array{id}));
  CHECK(by(other).empty());
}

TEST_CASE("refusal: who comes back by their own will is a new customer with a new key") {
  erased_shop e;
  const customer_id again = keep(e.in, e.ann);
  CHECK(shows(e.in.read(again, purpose::customer_order_management), field::emails));
  CHECK(e.in.directives(again)->empty());
  CHECK(e.in.verify()->problems == 0);
}

TEST_CASE("refusal: the receipt names until when, and signs it") {
  erased_shop e;
  const date until = e.receipt.remembered_until;
  const date today = date_of(clock_hand());
  CHECK(until.year == today.year + 2);
  CHECK(until.month == today.month);
  CHECK((*e.in.remembered(e.ann.fields()))[0].until == until);
  CHECK((*e.in.remembered(e.ann.fields()))[0].on == today);
  // On the last day it is known, on the next one no more.
  clock_hand() = timestamp{days_since_epoch(until) * day + day - 1};
  CHECK(known(e.in, e.ann).size() == 3);
  clock_hand() = timestamp{days_since_epoch(until) * day + day};
  CHECK(known(e.in, e.ann).empty());
}

TEST_CASE("refusal: at the person's wish nothing is remembered, or no longer") {
  SUBCASE("nothing") {
    erased_shop e({.remembered_months = 0});
    CHECK(e.receipt.remembered_until.month == 0);
    CHECK(known(e.in, e.ann).empty());
    CHECK(e.in.refusal_periods()->empty());
  }
  SUBCASE("no longer") {
    erased_shop e;
    CHECK(*e.in.forget_remembered(somebody("", "ANN@example.com", "").fields()) == 1);
    CHECK(known(e.in, e.ann).size() == 2);
    CHECK(*e.in.forget_remembered(e.ann.fields()) == 2);
    CHECK(known(e.in, e.ann).empty());
    CHECK(*e.in.forget_remembered(e.ann.fields()) == 0);
    CHECK((*e.in.refusal_periods())[0].refusals == 0);
    CHECK(e.in.verify()->problems == 0);
  }
}

TEST_CASE("refusal: the store holds no value, and no token that another key makes again") {
  erased_shop e;
  const std::string stored = bytes_of(e.s.store);
  for (const char* value : {"xample.com", "2025550142", "202 555", "L-1"}) {
    CAPTURE(value);
    CHECK(stored.find(value) == std::string::npos);
  }
}

TEST_CASE("refusal: dropping a period's key forgets all of it, in a copy made earlier too") {
  erased_shop e;
  const auto periods = e.in.refusal_periods();
  REQUIRE(periods);
  REQUIRE(periods->size() == 1);
  CHECK(periods->front().refusals == 3);
  const std::uint64_t epoch = e.in.figures()->epoch;
  CHECK(*e.in.drop_refusals(periods->front().number) == 3);
  CHECK(known(e.in, e.ann).empty());
  CHECK(e.in.refusal_periods()->empty());
  // As an erasure: the root key is another one, and nothing opens the former nodes.
  CHECK(e.in.figures()->epoch == epoch + 1);
  CHECK(e.in.drop_refusals(periods->front().number).error().code == errc::key_erased);
  CHECK(e.in.drop_refusals(0).error().code == errc::not_found);
  CHECK(e.in.drop_refusals(2).error().code == errc::not_found);
  CHECK(e.in.verify()->problems == 0);
  // The next erasure of the same month has a key of its own.
  REQUIRE(e.in.erase(keep(e.in, e.ann), erasure_reason::other));
  const auto next = e.in.refusal_periods();
  REQUIRE(next);
  REQUIRE_FALSE(next->empty());
  CHECK(next->front().number == 2);
  CHECK(known(e.in, e.ann).size() == 3);
}

TEST_CASE("refusal: months have keys of their own, which end with an erasure after their end") {
  erased_shop e;
  clock_hand() = timestamp{clock_hand().seconds + 40 * day};
  const customer bo = somebody("L-2", "bo@example.com", "");
  REQUIRE(e.in.erase(keep(e.in, bo), erasure_reason::other));
  CHECK(e.in.refusal_periods()->size() == 2);
  CHECK(known(e.in, e.ann).size() == 3);
  clock_hand() = timestamp{days_since_epoch(e.receipt.remembered_until) * day + 2 * day};
  const customer cleo = somebody("L-3", "cleo@example.com", "");
  REQUIRE(e.in.erase(keep(e.in, cleo), erasure_reason::other));
  const auto left = e.in.refusal_periods();
  REQUIRE(left);
  REQUIRE(left->size() == 2);
  CHECK(left->front().number == 2);
  CHECK(known(e.in, bo).size() == 2);
  CHECK(e.in.verify()->problems == 0);
}

TEST_CASE("refusal: survives the session and the process, and a change that was undone does not") {
  erased_shop e;
  const auto again = book::open(e.s.store, e.s.cell, {.clock = {test_clock}});
  REQUIRE(again);
  auto in = again->begin_session({.id = actor_id(7), .role = actor_role::service});
  REQUIRE(in);
  CHECK(known(*in, e.ann).size() == 3);
  const customer bo = somebody("", "bo@example.com", "");
  REQUIRE(in->begin());
  REQUIRE(in->remember_unsubscribed(bo.fields(), clock_hand()));
  CHECK(known(*in, bo).size() == 1);
  in->rollback();
  CHECK(known(*in, bo).empty());
  CHECK(e.in.verify()->problems == 0);
}

TEST_CASE(
    "refusal: an unsubscription of somebody not yet known waits, and does not hide an erasure") {
  erased_shop e;
  const customer bo = somebody("", "Bo@example.com", "");
  const timestamp said{clock_hand().seconds - 30 * day};
  const auto until = e.in.remember_unsubscribed(bo.fields(), said);
  REQUIRE(until);
  CHECK(*until == e.receipt.remembered_until);
  CHECK(known(e.in, bo) == all{{refusal_kind::unsubscribed, field::emails}});
  CHECK((*e.in.remembered(bo.fields()))[0].on == date_of(said));
  REQUIRE(e.in.remember_unsubscribed(e.ann.fields(), said));
  CHECK(known(e.in, e.ann).size() == 6);
  CHECK(*e.in.forget_remembered(e.ann.fields(), refusal_kind::unsubscribed) == 3);
  CHECK(known(e.in, e.ann).size() == 3);
  CHECK(known(e.in, e.ann)[0].first == refusal_kind::erased);
  const customer nobody = somebody("", "", "");
  CHECK(e.in.remember_unsubscribed(nobody.fields(), said).error().code == errc::missing_field);
  for (const timestamp never : {timestamp{clock_hand().seconds + 1}, timestamp{-1},
                                timestamp{std::numeric_limits<std::int64_t>::min()},
                                timestamp{std::numeric_limits<std::int64_t>::max()}}) {
    CHECK(e.in.remember_unsubscribed(bo.fields(), never).error().code == errc::invalid_value);
  }
}

TEST_CASE("refusal: who may not pass data on does not learn who was a customer") {
  erased_shop e;
  for (const actor_role role : {actor_role::associate, actor_role::auditor}) {
    session other = e.s.begin(role);
    CHECK(other.remembered(e.ann.fields()).error().code == errc::role_denied);
    CHECK(other.remember_unsubscribed(e.ann.fields(), clock_hand()).error().code ==
          errc::role_denied);
    CHECK(other.forget_remembered(e.ann.fields()).error().code == errc::role_denied);
    CHECK(other.drop_refusals(1).error().code == errc::role_denied);
  }
  session service = e.s.begin(actor_role::service);
  CHECK(service.remembered(e.ann.fields())->size() == 3);
  CHECK(service.forget_remembered(e.ann.fields()).error().code == errc::role_denied);
}

TEST_CASE("refusal: what is taken from the store or changed in it is seen") {
  erased_shop e;
  auto writing = e.s.store->begin_write();
  REQUIRE(writing);
  std::vector<std::string> rows;
  REQUIRE((*writing)->walk({}, {}, [&](byte_view at, byte_view) {
    if (!at.empty() && at[0] == std::byte{18}) rows.emplace_back(as_text(at));
    return true;
  }));
  REQUIRE(rows.size() == 4);  // the month's row, and three values
  std::string value(as_text(*(*writing)->get(as_bytes(rows[1]))));
  SUBCASE("one value less") { REQUIRE((*writing)->erase(as_bytes(rows[1]))); }
  SUBCASE("the month's row") { REQUIRE((*writing)->erase(as_bytes(rows[0]))); }
  SUBCASE("another value") {
    value.back() = static_cast<char>(value.back() ^ 1);
    REQUIRE((*writing)->put(as_bytes(rows[1]), as_bytes(value)));
  }
  SUBCASE("moved to another place") {
    REQUIRE((*writing)->put(as_bytes(rows[2]), as_bytes(value)));
  }
  REQUIRE((*writing)->commit());
  CHECK(e.s.begin().verify()->problems == 1);
  // Damage must not prevent an erasure.
  session after = e.s.begin();
  CHECK(after.erase(keep(after, somebody("L-9", "zoe@example.com", "")), erasure_reason::other));
}

TEST_CASE("refusal: property: what was erased and not forgotten is known, and nobody else") {
  shop s;
  session in = s.begin();
  std::mt19937 random(20261130);
  struct person {
    customer record;
    std::optional<date> until;
  };
  std::vector<person> people(12);
  for (std::size_t i = 0; i < people.size(); ++i) {
    people[i].record =
        somebody("P-" + std::to_string(i), "p" + std::to_string(i) + "@example.com", "");
  }
  for (int step = 0; step < 200; ++step) {
    CAPTURE(step);
    person& one = people[random() % people.size()];
    switch (random() % 4) {
      case 0: {
        const auto months = static_cast<std::uint8_t>(random() % 6);
        const auto done =
            in.erase(keep(in, one.record), erasure_reason::other, {.remembered_months = months});
        REQUIRE(done);
        const date until = done->receipt.remembered_until;
        CHECK((until.month == 0) == (months == 0));
        if (until.month != 0 && (!one.until || *one.until < until)) one.until = until;
        break;
      }
      case 1:
        clock_hand() =
            timestamp{clock_hand().seconds + static_cast<std::int64_t>(random() % 40) * day};
        break;
      case 2:
        REQUIRE(in.forget_remembered(one.record.fields()));
        one.until.reset();
        break;
      default:
        in = s.begin();
    }
    for (const person& each : people) {
      const bool wanted = each.until && *each.until >= date_of(clock_hand());
      CHECK(known(in, each.record).empty() != wanted);
    }
  }
  CHECK(in.verify()->problems == 0);
}
