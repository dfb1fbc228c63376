// Memory runs out at every allocation of every call: no exception comes out, nothing changes and
// the session goes on. An executable of its own, since it replaces operator new.
#include "failing_memory.hpp"
#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr purpose_id order = purpose::customer_order_management;
constexpr purpose_id marketing = purpose::email_marketing;

struct stocked_shop {
  shop s;
  session in = s.begin();
  recipient_id parcel;
  customer_id id;
  directive said;

  stocked_shop() {
    parcel = add_party(in, "Parcel Co", recipient::parcel_service);
    privacy_notice shown = notice_for(in);
    shown.announced.categories.add(category::note);
    shown.announced.operations = all_operations;
    REQUIRE(in.add_notice(shown));
    said = grant_of(in, {recipient::self});
    id = keep(in, ken(), std::span(&said, 1));
    const note text{.at = timestamp{1'700'000'000}, .text = "likes blue"};
    REQUIRE(in.append_note(id, text, marketing));
    // A first look draws and is counted, whatever becomes of it.
    REQUIRE(in.read(id, order));
  }
  template <class Call>
  std::size_t run_out(Call&& call, leaves what = leaves::nothing) {
    const std::size_t times = run_out_everywhere(*s.store, std::forward<Call>(call), what);
    CHECK(in.verify()->problems == 0);
    return times;
  }
};

}  // namespace

TEST_CASE("out of memory: put") {
  stocked_shop t;
  const customer record = ken("L-2");
  CHECK(t.run_out([&] {
    return t.in.put(record, {.purposes = order, .directives = std::span(&t.said, 1)});
  }) >= 5);
  CHECK(t.in.figures()->customers == 2);
}

TEST_CASE("out of memory: update, remove, append") {
  stocked_shop t;
  customer change;
  REQUIRE(change.set(field::language, std::string_view("en")));
  CHECK(t.run_out([&] { return t.in.update(t.id, change.fields(), order); }) >= 1);
  CHECK(t.run_out([&] { return t.in.remove(t.id, field::language); }) >= 1);
  const note text{.at = timestamp{1'700'000'000}, .text = "likes red"};
  CHECK(t.run_out([&] { return t.in.append_note(t.id, text, marketing); }) >= 1);
  CHECK(t.in.notes(t.id, marketing)->size() == 2);
}

TEST_CASE("out of memory: read, for_each, notes") {
  stocked_shop t;
  CHECK(t.run_out([&] { return t.in.read(t.id, order); }) >= 1);
  CHECK(t.run_out([&] { return t.in.notes(t.id, marketing); }) >= 1);
  CHECK(
      t.run_out([&] { return t.in.for_each(order, all_fields, [](const view&) { return true; }); },
                leaves::a_trace) >= 1);
  CHECK(shows(t.in.read(t.id, order), field::name));
}

TEST_CASE("out of memory: who is there twice, and who is not") {
  stocked_shop t;
  const customer_id other = keep(t.in, ken("L-2"));
  CHECK(t.run_out([&] { return t.in.duplicates_of(t.id, order); }, leaves::a_trace) >= 1);
  CHECK(t.run_out([&] { return t.in.note_not_same(t.id, other); }) >= 1);
  CHECK(t.in.duplicates_of(t.id, order)->empty());
}

TEST_CASE("out of memory: what the customer decides, and who asks about it") {
  stocked_shop t;
  directive no = t.said;
  no.kind = directive_kind::withdraw;
  no.strength = {};
  no.informed = false;
  no.notice = {};
  CHECK(t.run_out([&] { return t.in.record(t.id, no); }) >= 2);
  CHECK(t.in.directives(t.id)->size() == 2);
  CHECK(t.run_out([&] { return t.in.directives(t.id); }) >= 1);
  const decision_request request = t.in.request(purpose::email_marketing);
  CHECK(t.run_out([&] { return t.in.describe(t.id, request, field::emails, language::de); }) >= 1);
  const privacy_notice notice = notice_for(t.in);
  CHECK(t.run_out([&] { return t.in.preview_notice(notice); }) >= 1);
}

TEST_CASE("out of memory: disclose, mentions, tabulate, the ledger") {
  stocked_shop t;
  CHECK(t.run_out([&] {
    return t.in.disclose(t.id, {.purpose = purpose::delivery_of_goods, .recipient = t.parcel});
  }) >= 2);
  CHECK(t.in.ledger(t.id)->size() >= 1);
  CHECK(t.run_out([&] { return t.in.ledger(t.id); }) >= 1);
  CHECK(t.run_out([&] { return t.in.prove(0); }) >= 1);
  clock_hand().seconds += 31 * 86400;
  open_case(t.in, {t.id});
  // Who has tried has looked.
  CHECK(t.run_out([&] { return t.in.mentions(t.id, purpose::rights_fulfilment); },
                  leaves::a_trace) >= 2);
}

TEST_CASE("out of memory: erase") {
  stocked_shop t;
  // Once they are erased what would have told of it in memory alone may find none.
  bool erased = false;
  CHECK(t.run_out([&]() -> result<void> {
    const auto done = t.in.erase(t.id, erasure_reason::subject_request,
                                 {.mentions = mentions_at_erasure::reported});
    if (erased && !done && done.error().code == errc::key_erased) return {};
    erased = erased || done.has_value();
    return done ? result<void>() : done.error();
  }) >= 2);
  CHECK(erased);
  CHECK(t.in.read(t.id, order).error().code == errc::key_erased);
  CHECK(t.in.figures()->erased == 1);
}

TEST_CASE("out of memory: the book itself") {
  stocked_shop t;
  std::size_t number = 0;
  CHECK(t.run_out([&] {
    // The name is new each time that it was kept.
    recipient_party party;
    party.party_class = recipient::parcel_service;
    party.country = {'D', 'E'};
    party.name = short_text<64>(std::array{"A", "B", "C", "D"}[number & 3U]);
    const auto added = t.in.add_recipient(party);
    if (added) ++number;
    return added;
  }) >= 2);
  privacy_notice notice = notice_for(t.in);
  notice.title = short_text<64>("another");
  CHECK(t.run_out([&] {
    notice.version += 1;
    return t.in.add_notice(notice);
  }) >= 2);
  CHECK(t.run_out([&] { return t.in.recipients(); }) == 0);
  CHECK(t.run_out([&] { return t.in.notices(); }) >= 1);
  CHECK(t.run_out([&] { return t.in.verify(); }) >= 1);
  CHECK(t.run_out([&] {
    return t.s.opened->begin_session({.id = actor_id(8), .role = actor_role::auditor});
  }) >= 3);
  CHECK(t.run_out([&] { return book::open(t.s.store, t.s.cell, {.clock = {test_clock}}); }) >= 3);
}

TEST_CASE("out of memory: inside a transaction only rolling back is left") {
  stocked_shop t;
  const customer record = ken("L-2");
  // The first transaction draws what later ones look with.
  REQUIRE(t.in.begin());
  t.in.rollback();
  const std::vector<std::byte> before = content_of(*t.s.store);
  std::size_t failures = 0;
  for (std::size_t n = 1;; ++n) {
    CAPTURE(n);
    REQUIRE(t.in.begin());
    failed = false;
    left = n;
    const auto put = t.in.put(record, {.purposes = order});
    left = 0;
    if (put) {
      t.in.rollback();
      break;
    }
    ++failures;
    CHECK(put.error().code == errc::limit_exceeded);
    CHECK(t.in.commit().error().code == errc::invalid_state);
    t.in.rollback();
    CHECK(content_of(*t.s.store) == before);
  }
  CHECK(failures >= 3);
  CHECK(t.in.put(record, {.purposes = order}));
  CHECK(t.in.verify()->problems == 0);
}
