// Two customers made one, and two again: what each had said holds, nothing is lost, and what was
// is told before.
#include <clientbook/base/hex.hpp>
#include <clientbook/book/merge.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto order = purpose::customer_order_management;
constexpr auto mail = purpose::email_marketing;
constexpr std::int64_t day = 86400;

customer person(const char* given, const char* address, const char* number) {
  customer out;
  REQUIRE(out.set(field::name, person_name{.given = given, .family = "Sánchez"}));
  REQUIRE(out.set(field::emails, std::array{email_address{.address = address}}));
  const external_id id{.system = "till", .value = number};
  REQUIRE(out.set(field::external_ids, std::array{id}));
  return out;
}

directive no_to(purpose_id what) {
  directive out;
  out.kind = directive_kind::deny;
  out.scope = {.purposes = {what},
               .recipients = {recipient::any},
               .categories = all_categories(),
               .operations = all_operations};
  out.event_at = clock_hand();
  return out;
}

// Ann and Bo, who are one person; nobody has said anything yet.
struct two : shop {
  session in = begin();
  recipient_id partner = add_party(in, "partner", recipient::selected_partner);
  customer_id ann;
  customer_id bo;

  explicit two(bool agreed = false) {
    privacy_notice wide = notice_for(in);
    wide.announced.purposes.add(purpose::client_care);
    wide.announced.categories = all_categories();
    REQUIRE(in.add_notice(wide));
    const directive yes = grant_of(in, {recipient::self});
    const std::span<const directive> said = agreed ? std::span(&yes, 1) : std::span<directive>();
    ann = keep(in, person("Ann", "ann@x.example", "1"), said);
    bo = keep(in, person("Anna", "anna@y.example", "2"), said);
  }
  bool reached(const customer_id& whom) { return shows(in.read(whom, mail), field::emails); }
  merge_outcome merge() {
    auto out = in.merge_customers(ann, bo);
    REQUIRE(out);
    CHECK(in.verify()->problems == 0);
    return std::move(*out);
  }
  unmerge_outcome part() {
    auto out = in.unmerge(bo);
    REQUIRE(out);
    CHECK(in.verify()->problems == 0);
    return std::move(*out);
  }
  std::vector<std::string> mails(const customer_id& whom) {
    const auto seen = in.read(whom, order);
    REQUIRE(seen);
    std::vector<std::string> out;
    const auto all = seen->record().emails();
    if (!all) return out;
    for (const email_address& one : *all) out.emplace_back(one.address.reveal());
    return out;
  }
  std::string given_name(const customer_id& whom) {
    const auto seen = in.read(whom, order);
    REQUIRE(seen);
    const auto name = seen->record().name();
    return name ? std::string(name->given.reveal()) : std::string();
  }
  void restart() {
    auto again = book::open(store, cell, {.clock = {test_clock}});
    REQUIRE(again);
    opened = std::move(*again);
    in = begin();
  }
};

const merged_field* field_of(const merge_outcome& out, field_id field) {
  const auto at = std::ranges::find(out.fields, field, &merged_field::field);
  return at == out.fields.end() ? nullptr : &*at;
}

purchase bought(const char* number) { return {.at = clock_hand(), .order = number, .store = "1"}; }

}  // namespace

TEST_CASE("merge of two: fields are told and done, and both ids find the one who stays") {
  two s;
  const auto told = s.in.merge_customers(s.ann, s.bo, {.mode = merge_mode::only_tell});
  REQUIRE(told);
  CHECK(s.in.figures()->customers == 2);
  CHECK(told->receipt.at == timestamp{});
  const merge_outcome out = s.merge();
  REQUIRE(field_of(out, field::name) != nullptr);
  CHECK(field_of(out, field::name)->fate == merge_fate::stays);
  CHECK(field_of(out, field::emails)->fate == merge_fate::united);
  CHECK(field_of(out, field::emails)->added == 1);
  CHECK(told->fields.size() == out.fields.size());
  for (std::size_t i = 0; i < out.fields.size(); ++i) {
    CHECK(told->fields[i].field == out.fields[i].field);
    CHECK(told->fields[i].fate == out.fields[i].fate);
  }
  CHECK(s.given_name(s.ann) == "Ann");
  CHECK(s.mails(s.ann) == std::vector<std::string>{"ann@x.example", "anna@y.example"});
  CHECK(s.mails(s.bo) == s.mails(s.ann));
  CHECK(*s.in.find("till", "1") == s.ann);
  CHECK(*s.in.find("till", "2") == s.ann);
  CHECK(*s.in.whole(s.bo) == s.ann);
  CHECK(s.in.figures()->customers == 1);
  CHECK(s.in.figures()->erased == 0);
  std::size_t listed = 0;
  auto walk = s.in.walk(order, all_fields);
  REQUIRE(walk);
  view each;
  while (*s.in.next(*walk, each)) ++listed;
  CHECK(listed == 1);
  const auto parts = s.in.parts(s.ann);
  REQUIRE(parts);
  REQUIRE(parts->size() == 1);
  CHECK(parts->front().id == s.bo);
  CHECK(parts->front().until == timestamp{clock_hand().seconds + unmerge_days * day});
  s.restart();
  CHECK(s.mails(s.bo).size() == 2);
}

TEST_CASE("merge of two: a field is the other's where the caller takes it") {
  two s;
  const auto out = s.in.merge_customers(s.ann, s.bo, {.take = only(field::name)});
  REQUIRE(out);
  CHECK(field_of(*out, field::name)->fate == merge_fate::taken);
  CHECK(s.given_name(s.ann) == "Anna");
  s.part();
  CHECK(s.given_name(s.ann) == "Ann");
  CHECK(s.given_name(s.bo) == "Anna");
  CHECK(s.in.merge_customers(s.ann, s.bo, {.take = only(field::birth_date)}).error().code ==
        errc::invalid_state);
  REQUIRE(s.in.forget_not_same(s.ann, s.bo));
  const auto none = s.in.merge_customers(s.ann, s.bo, {.take = only(field::birth_date)});
  CHECK(none.error().code == errc::invalid_argument);
  CHECK(none.error().at == field_id(field::birth_date).value);
  CHECK(s.in.figures()->customers == 2);
}

TEST_CASE(
    "merge of two: what was closed for one is closed, and a later yes needs both noes ended") {
  two s(true);
  REQUIRE(s.reached(s.ann));
  REQUIRE(s.reached(s.bo));
  SUBCASE("a no of the one who goes") { REQUIRE(s.in.record(s.bo, no_to(mail))); }
  SUBCASE("a no of the one who stays") { REQUIRE(s.in.record(s.ann, no_to(mail))); }
  s.merge();
  CHECK_FALSE(s.reached(s.ann));
  CHECK_FALSE(s.reached(s.bo));
  s.restart();
  CHECK_FALSE(s.reached(s.ann));
  // A party joins: every state is compiled anew.
  add_party(s.in, "post", recipient::processor);
  CHECK_FALSE(s.reached(s.ann));
  while (s.in.compile_consents(100)->left != 0) {
  }
  CHECK_FALSE(s.reached(s.ann));
  clock_hand().seconds += 60;
  directive yes = grant_of(s.in, {recipient::self});
  yes.evidence.hash.fill(std::byte{1});
  REQUIRE(s.in.record(s.ann, yes));
  CHECK_FALSE(s.reached(s.ann));
  // It has to name what was said, whoever's chain that came from.
  clock_hand().seconds += 60;
  const auto all = s.in.directives(s.ann);
  REQUIRE(all);
  const auto no = std::ranges::find(*all, directive_kind::deny, &directive::kind);
  REQUIRE(no != all->end());
  directive again = grant_of(s.in, {recipient::self});
  again.evidence.hash.fill(std::byte{1});
  again.supersedes[0] = no->id;
  REQUIRE(s.in.record(s.bo, again));
  CHECK(s.reached(s.ann));
  CHECK(s.reached(s.bo));
}

TEST_CASE("merge of two: who never agreed closes what the other agreed to") {
  two s;
  const directive yes = grant_of(s.in, {recipient::self});
  SUBCASE("the one who goes had agreed") {
    REQUIRE(s.in.record(s.bo, yes));
    s.merge();
    // The same act, which a file brings again of the id that it knows, is nobody else's yes.
    directive brought = yes;
    brought.channel = consent_channel::import;
    brought.event_at = clock_hand();
    const auto taken = s.in.record(s.bo, yes);
    REQUIRE(taken);
    CHECK(taken->repeated);
  }
  SUBCASE("the one who stays had agreed") {
    REQUIRE(s.in.record(s.ann, yes));
    const auto told = s.in.merge_customers(s.ann, s.bo, {.mode = merge_mode::only_tell});
    REQUIRE(told);
    CHECK(told->closed != 0);
    s.merge();
  }
  CHECK_FALSE(s.reached(s.ann));
  clock_hand().seconds += 60;
  REQUIRE(s.in.record(s.ann, grant_of(s.in, {recipient::self})));
  CHECK(s.reached(s.ann));
}

TEST_CASE(
    "unmerge: each is as before, a no since holds for both and a yes for the one who stayed") {
  two s(true);
  s.merge();
  SUBCASE("nothing was said since") {
    const unmerge_outcome out = s.part();
    CHECK(out.noes == 0);
    CHECK(s.reached(s.ann));
    CHECK(s.reached(s.bo));
  }
  SUBCASE("a no since") {
    clock_hand().seconds += 60;
    REQUIRE(s.in.record(s.ann, no_to(mail)));
    const unmerge_outcome out = s.part();
    CHECK(out.noes == 1);
    CHECK_FALSE(s.reached(s.ann));
    CHECK_FALSE(s.reached(s.bo));
  }
  SUBCASE("a yes since") {
    clock_hand().seconds += 60;
    directive sms = grant_of(s.in, {recipient::self, recipient::selected_partner});
    REQUIRE(s.in.record(s.ann, sms));
    s.part();
    CHECK(s.in.directives(s.ann)->size() == 2);
    CHECK(s.in.directives(s.bo)->size() == 1);
  }
  CHECK(s.mails(s.ann) == std::vector<std::string>{"ann@x.example"});
  CHECK(s.mails(s.bo) == std::vector<std::string>{"anna@y.example"});
  CHECK(*s.in.find("till", "1") == s.ann);
  CHECK(*s.in.find("till", "2") == s.bo);
  CHECK(s.in.figures()->customers == 2);
  CHECK(s.in.unmerge(s.bo).error().code == errc::not_found);
  // They were found not to be one.
  CHECK(s.in.merge_customers(s.ann, s.bo).error().code == errc::invalid_state);
  s.restart();
  CHECK(s.mails(s.bo).size() == 1);
}

TEST_CASE("unmerge: what somebody has written since stays, and what came of the part goes") {
  two s;
  s.merge();
  customer next;
  REQUIRE(next.set(field::name, person_name{.given = "Annette", .family = "Sánchez"}));
  REQUIRE(next.set(field::emails, std::array{email_address{.address = "ann@x.example"},
                                             email_address{.address = "anna@y.example"},
                                             email_address{.address = "new@z.example"}}));
  REQUIRE(s.in.update(s.ann, next.fields(), order));
  const unmerge_outcome out = s.part();
  CHECK(out.as_they_are.has(field::emails));
  CHECK(s.given_name(s.ann) == "Annette");
  CHECK(s.mails(s.ann) == std::vector<std::string>{"ann@x.example", "new@z.example"});
  CHECK(s.mails(s.bo) == std::vector<std::string>{"anna@y.example"});
}

TEST_CASE("unmerge: within 30 days, and a retention run then clears what was kept") {
  two s;
  s.merge();
  clock_hand().seconds += unmerge_days * day;
  REQUIRE(s.in.unmerge(s.bo).error().code == errc::deadline_passed);
  retention_run trial;
  trial.mode = retention_mode::only_tell;
  const auto told = s.in.run_retention(trial);
  REQUIRE(told);
  const auto ended = [](const retention_outcome& all) {
    return std::ranges::count(all.items, retention_fate::merge_ended, &retention_item::fate);
  };
  CHECK(ended(*told) == 1);
  const auto done = s.in.run_retention({});
  REQUIRE(done);
  CHECK(ended(*done) == 1);
  CHECK(s.in.verify()->problems == 0);
  CHECK(ended(*s.in.run_retention({})) == 0);
  CHECK(s.in.parts(s.ann)->front().until == timestamp{});
  CHECK(s.mails(s.bo).size() == 2);
  CHECK(*s.in.find("till", "2") == s.ann);
}

TEST_CASE("merge of two: purchases and notes come along, one order is one purchase") {
  two s(true);
  constexpr auto care = purpose::client_care;
  const purchase_line line{.description = "Scarf"};
  REQUIRE(s.in.append_purchase(s.ann, bought("A-1"), {&line, 1}, order));
  REQUIRE(s.in.append_purchase(s.bo, bought("A-1"), {&line, 1}, order));
  REQUIRE(s.in.append_purchase(s.bo, bought("A-2"), {&line, 1}, order));
  REQUIRE(
      s.in.append_note(s.bo, {.at = clock_hand(), .author = "Eva", .text = "Likes green."}, care));
  CHECK(s.in.figures()->purchase_lines == 3);
  const merge_outcome out = s.merge();
  CHECK(field_of(out, field::purchases)->added == 1);
  CHECK(field_of(out, field::purchases)->alike == 1);
  CHECK(s.in.figures()->purchase_lines == 2);
  CHECK(s.in.purchases(s.ann, order)->size() == 2);
  CHECK(s.in.notes(s.bo, care)->size() == 1);
  CHECK(s.in.append_purchase(s.bo, bought("A-2"), {&line, 1}, order).error().code ==
        errc::already_exists);
  REQUIRE(s.in.append_purchase(s.bo, bought("A-3"), {&line, 1}, order));
  REQUIRE(s.in.append_note(s.ann, {.at = clock_hand(), .author = "Eva", .text = "Called."}, care));
  const unmerge_outcome back = s.part();
  CHECK(back.purchases == 1);
  CHECK(back.notes == 1);
  CHECK(s.in.figures()->purchase_lines == 4);
  CHECK(s.in.purchases(s.ann, order)->size() == 2);
  CHECK(s.in.purchases(s.bo, order)->size() == 2);
  CHECK(s.in.notes(s.ann, care)->size() == 1);
  CHECK(s.in.notes(s.bo, care)->size() == 1);
  CHECK(s.in.append_purchase(s.ann, bought("A-3"), {&line, 1}, order).error().code ==
        errc::already_exists);
  // Nor where another session has added what moves up.
  two t;
  REQUIRE(t.in.append_purchase(t.ann, bought("B-1"), {&line, 1}, order));
  REQUIRE(t.in.append_purchase(t.bo, bought("B-2"), {&line, 1}, order));
  t.merge();
  REQUIRE(t.in.append_purchase(t.ann, bought("B-5"), {&line, 1}, order));
  session other = t.begin();
  REQUIRE(other.append_purchase(t.ann, bought("B-3"), {&line, 1}, order));
  REQUIRE(other.append_purchase(t.ann, bought("B-4"), {&line, 1}, order));
  t.part();
  CHECK(t.in.append_purchase(t.ann, bought("B-3"), {&line, 1}, order).error().code ==
        errc::already_exists);
}

TEST_CASE("merge of two: who cannot be one, and what holds them, is told by its own error") {
  two s;
  const auto refused = [&] {
    const auto told = s.in.merge_customers(s.ann, s.bo, {.mode = merge_mode::only_tell});
    const auto done = s.in.merge_customers(s.ann, s.bo);
    REQUIRE_FALSE(done);
    CHECK(told.error().code == done.error().code);
    CHECK(s.in.figures()->customers == 2);
    CHECK(s.in.verify()->problems == 0);
    return done.error().code;
  };
  SUBCASE("one") {
    CHECK(s.in.merge_customers(s.ann, s.ann).error().code == errc::invalid_argument);
  }
  SUBCASE("erased") {
    const customer_id cay = keep(s.in, person("Cay", "c@x.example", "3"));
    REQUIRE(s.in.erase(cay, erasure_reason::other));
    CHECK(s.in.merge_customers(s.ann, cay).error().code == errc::key_erased);
    CHECK(s.in.merge_customers(cay, s.ann).error().code == errc::key_erased);
  }
  SUBCASE("two people") {
    REQUIRE(s.in.note_not_same(s.ann, s.bo));
    CHECK(refused() == errc::invalid_state);
  }
  SUBCASE("a hold") {
    REQUIRE(s.in.place_hold(s.bo, {.reason = "claim"}));
    CHECK(refused() == errc::kept_by_law);
  }
  SUBCASE("a case") {
    open_case(s.in, {s.ann}, case_kind::breach);
    CHECK(refused() == errc::kept_by_law);
  }
  SUBCASE("a request") {
    REQUIRE(s.in.open_request(s.bo, {.kind = request_kind::access,
                                     .received = date_of(clock_hand()),
                                     .channel = request_channel::mail}));
    CHECK(refused() == errc::kept_by_law);
  }
  SUBCASE("a restriction") {
    directive stop = no_to(mail);
    stop.kind = directive_kind::restrict;
    REQUIRE(s.in.record(s.bo, stop));
    CHECK(refused() == errc::invalid_state);
  }
  SUBCASE("a transaction") {
    REQUIRE(s.in.begin());
    CHECK(s.in.merge_customers(s.ann, s.bo).error().code == errc::invalid_state);
    s.in.rollback();
  }
  SUBCASE("a role") {
    for (const actor_role role : {actor_role::associate, actor_role::service, actor_role::auditor,
                                  actor_role::security_officer}) {
      session other = s.begin(role);
      CHECK(other.merge_customers(s.ann, s.bo).error().code == errc::role_denied);
      CHECK(other.unmerge(s.bo).error().code == errc::role_denied);
    }
    session manager = s.begin(actor_role::manager);
    CHECK(manager.merge_customers(s.ann, s.bo));
    CHECK(manager.unmerge(s.bo));
  }
}

TEST_CASE("merge of two: a part is nobody's twice, and four are one at most") {
  two s;
  s.merge();
  const customer_id cay = keep(s.in, person("Cay", "c@x.example", "3"));
  CHECK(s.in.merge_customers(s.ann, s.bo).error().code == errc::already_exists);
  CHECK(s.in.merge_customers(cay, s.bo).error().code == errc::already_exists);
  CHECK(s.in.merge_customers(cay, s.ann).error().code == errc::invalid_state);
  CHECK(s.in.merge_customers(s.bo, s.ann).error().code == errc::invalid_argument);
  REQUIRE(s.in.merge_customers(s.bo, cay));
  const customer_id dee = keep(s.in, person("Dee", "d@x.example", "4"));
  REQUIRE(s.in.merge_customers(s.ann, dee));
  const customer_id eve = keep(s.in, person("Eve", "e@x.example", "5"));
  CHECK(s.in.merge_customers(s.ann, eve).error().code == errc::limit_exceeded);
  CHECK(s.mails(dee).size() == 4);
  CHECK(s.in.verify()->problems == 0);
  // The middle one goes out; the others' places move up.
  REQUIRE(s.in.unmerge(cay));
  CHECK(s.in.verify()->problems == 0);
  CHECK(s.mails(dee).size() == 3);
  REQUIRE(s.in.unmerge(s.bo));
  REQUIRE(s.in.unmerge(dee));
  CHECK(s.in.verify()->problems == 0);
  CHECK(s.mails(s.ann) == std::vector<std::string>{"ann@x.example"});
  CHECK(s.in.figures()->customers == 5);
}

TEST_CASE("merge of two: a child of either is a child") {
  two s;
  customer young;
  REQUIRE(young.set(field::birth_date, date{2015, 5, 1}));
  REQUIRE(s.in.update(s.bo, young.fields(), order).error().code == errc::no_basis);
  s.merge();
  clock_hand().seconds += 60;
  REQUIRE(s.in.record(s.ann, grant_of(s.in, {recipient::self})));
  CHECK_FALSE(s.reached(s.ann));
  s.part();
  CHECK(s.reached(s.ann));
}

TEST_CASE("merge of two: two laws hold both") {
  two s;
  s.store = empty_store();
  s.cell = std::make_shared<memory_cell>();
  const std::vector<profile_id> further{us_ca_profile().id};
  auto made =
      book::create(s.store, s.cell, {.profile = gdpr_profile().id, .further_profiles = further},
                   {.clock = {test_clock}});
  REQUIRE(made);
  s.opened = std::move(*made);
  s.in = s.begin();
  REQUIRE(s.in.add_notice(notice_for(s.in)));
  s.ann = keep(s.in, person("Ann", "ann@x.example", "1"));
  s.bo = keep(s.in, person("Anna", "anna@y.example", "2"));
  REQUIRE(s.in.move(s.ann, gdpr_profile().id, residence_source::customer));
  REQUIRE(s.in.move(s.bo, us_ca_profile().id, residence_source::customer));
  CHECK(s.in.jurisdiction_of(s.ann)->laws.size() == 1);
  s.merge();
  const auto both = s.in.jurisdiction_of(s.bo);
  REQUIRE(both);
  CHECK(both->laws.size() == 2);
  CHECK(both->confirmed == profile_id{});
  // Where the customer lives now is said of both.
  clock_hand().seconds += 60;
  REQUIRE(s.in.move(s.ann, us_ca_profile().id, residence_source::customer));
  CHECK(s.in.jurisdiction_of(s.ann)->laws.size() == 1);
  s.part();
  CHECK(s.in.jurisdiction_of(s.bo)->laws.size() == 1);
}

TEST_CASE("merge of two: an erasure takes both, and no copy opens either") {
  two s(true);
  REQUIRE(s.in.append_purchase(s.bo, bought("A-2"), {}, order));
  s.merge();
  REQUIRE(s.in.erase(s.bo, erasure_reason::subject_request));
  CHECK(s.in.figures()->customers == 0);
  CHECK(s.in.figures()->erased == 2);
  CHECK(s.in.verify()->problems == 0);
  CHECK(s.in.read(s.ann, order).error().code == errc::key_erased);
  CHECK(s.in.read(s.bo, order).error().code == errc::key_erased);
  CHECK(s.in.find("till", "2").error().code == errc::not_found);
  const auto carved = s.in.carve(*s.store);
  REQUIRE(carved);
  CHECK(carved->records == 0);
}

TEST_CASE("merge of two: the ledger and who looked show what was of either") {
  two s(true);
  clock_hand().seconds += 60;
  REQUIRE(s.in.record(s.bo, grant_of(s.in, {recipient::self, s.partner})));
  REQUIRE(s.in.disclose(s.bo, {.purpose = mail, .recipient = s.partner}));
  s.merge();
  const auto entries = s.in.ledger(s.ann);
  REQUIRE(entries);
  const auto count = [&](ledger_event event) {
    return std::ranges::count(*entries, event, &ledger_record::event);
  };
  CHECK(count(ledger_event::disclosure) == 1);
  CHECK(count(ledger_event::merge) == 2);
  CHECK(s.in.ledger(s.bo)->size() == entries->size());
  const auto looks = s.in.who_looked(s.ann);
  REQUIRE(looks);
  CHECK(looks->size() >= 2);
  s.part();
  CHECK(std::ranges::count(*s.in.ledger(s.ann), ledger_event::disclosure, &ledger_record::event) ==
        0);
  CHECK(std::ranges::count(*s.in.ledger(s.bo), ledger_event::disclosure, &ledger_record::event) ==
        1);
}

TEST_CASE("unmerge: what left and who looked while two were one is known of both for ever") {
  two s(true);
  clock_hand().seconds += 60;
  s.merge();
  REQUIRE(s.in.record(s.ann, grant_of(s.in, {recipient::self, s.partner})));
  clock_hand().seconds += 60;
  REQUIRE(s.in.record(s.bo, grant_of(s.in, {recipient::self, s.partner})));
  REQUIRE(s.in.disclose(s.ann, {.purpose = mail, .recipient = s.partner}));
  session clerk = *s.opened->begin_session({.id = actor_id(55), .role = actor_role::associate});
  REQUIRE(clerk.read(s.ann, order));
  clock_hand().seconds += 60;
  s.part();
  clock_hand().seconds += day;
  // Of the time behind it each one's is their own.
  REQUIRE(s.in.disclose(s.ann, {.purpose = mail, .recipient = s.partner}));
  session other = *s.opened->begin_session({.id = actor_id(56), .role = actor_role::associate});
  REQUIRE(other.read(s.ann, order));

  const auto disclosures = [&](const customer_id& whom) {
    const auto entries = s.in.ledger(whom);
    REQUIRE(entries);
    CHECK(std::ranges::count(*entries, ledger_event::merge, &ledger_record::event) == 1);
    return std::ranges::count(*entries, ledger_event::disclosure, &ledger_record::event);
  };
  CHECK(disclosures(s.bo) == 1);
  CHECK(disclosures(s.ann) == 2);
  const auto looked = [&](const customer_id& whom, std::uint32_t actor) {
    const auto looks = s.in.who_looked(whom);
    REQUIRE(looks);
    return std::ranges::any_of(*looks,
                               [&](const look& one) { return one.actor == actor_id(actor); });
  };
  CHECK(looked(s.bo, 55));
  CHECK(looked(s.ann, 55));
  CHECK_FALSE(looked(s.bo, 56));
  CHECK(looked(s.ann, 56));

  // Whom a recipient, and whom an associate, has seen.
  const auto concerned = [&](const breach_query& what) {
    std::vector<customer_id> out;
    REQUIRE(s.in.breach(what, [&](const breached& one) {
      out.push_back(one.customer);
      return true;
    }));
    return std::ranges::find(out, s.bo) != out.end();
  };
  const timestamp until = clock_hand();
  CHECK(concerned({.source = breach_source::recipient, .recipient = s.partner, .until = until}));
  CHECK(concerned({.source = breach_source::actor,
                   .actor = actor_id(55),
                   .since = {until.seconds - 3 * day},
                   .until = until}));
  CHECK_FALSE(concerned({.source = breach_source::actor,
                         .actor = actor_id(56),
                         .since = {until.seconds - 3 * day},
                         .until = until}));
  // One and two once more keeps each.
  REQUIRE(s.in.forget_not_same(s.ann, s.bo));
  s.merge();
  clock_hand().seconds += 60;
  s.part();
  CHECK(std::ranges::count(*s.in.ledger(s.bo), ledger_event::disclosure, &ledger_record::event) ==
        1);
}

TEST_CASE("unmerge: an erasure tells of which time copies still open what was theirs") {
  two s;
  const timestamp since = clock_hand();
  s.merge();
  clock_hand().seconds += 60;
  s.part();
  const timestamp until = clock_hand();
  clock_hand().seconds += 60;
  SUBCASE("the part's: the other's key lives on") {
    const auto done = s.in.erase(s.bo, erasure_reason::subject_request);
    REQUIRE(done);
    REQUIRE(done->receipt.copies_that_open.size() == 1);
    CHECK(done->receipt.copies_that_open[0].since.seconds >= since.seconds);
    CHECK(done->receipt.copies_that_open[0].until == until);
  }
  SUBCASE("none where the other was erased before") {
    REQUIRE(s.in.erase(s.ann, erasure_reason::subject_request));
    const auto done = s.in.erase(s.bo, erasure_reason::subject_request);
    REQUIRE(done);
    CHECK(done->receipt.copies_that_open.empty());
  }
  SUBCASE("none of the one who stayed") {
    const auto done = s.in.erase(s.ann, erasure_reason::subject_request);
    REQUIRE(done);
    CHECK(done->receipt.copies_that_open.empty());
  }
}

TEST_CASE("merge of two: marks of two people, and links of a third, follow") {
  two s;
  const customer_id cay = keep(s.in, person("Cay", "anna@y.example", "3"));
  REQUIRE(s.in.note_not_same(s.bo, cay));
  s.merge();
  duplicates_found told;
  const auto found = s.in.duplicates(order, [](const duplicate_pair&) { return true; });
  REQUIRE(found);
  CHECK(found->pairs == 0);
  CHECK(found->not_same == 1);
  CHECK(s.in.merge_customers(s.ann, cay).error().code == errc::invalid_state);
}

TEST_CASE("merge of two: of a file by either id neither undoes what the other has said") {
  two s;
  const customer first = person("Ann", "a@x.example", "8");
  const customer second = person("Anna", "b@y.example", "9");
  const collection by_file{.purposes = order, .source = field_source::file};
  s.ann = s.in.put(first, by_file)->id;
  s.bo = s.in.put(second, by_file)->id;
  s.merge();
  for (int month = 0; month < 2; ++month) {
    for (const auto& [id, record] : {std::pair(&s.ann, &first), {&s.bo, &second}}) {
      const auto read = s.in.merge(*id, *record, by_file, merge_rule::renew);
      REQUIRE(read);
      CHECK(read->replaced.empty());
      CHECK(s.given_name(s.ann) == "Ann");
      CHECK(s.mails(s.ann).size() == 2);
    }
  }
  s.part();
  // As before: what the file says anew is taken.
  const customer later = person("Annabel", "a@x.example", "8");
  CHECK(s.in.merge(s.ann, later, by_file, merge_rule::renew)->replaced.has(field::name));
  CHECK(s.given_name(s.ann) == "Annabel");
}

TEST_CASE("merge of two: who linked the other in their household is no household of one") {
  two s(true);
  constexpr auto care = purpose::client_care;
  const auto link = [&](const customer_id& from, const customer_id& to) {
    customer next;
    const std::array links{household_link{.relation = "spouse", .customer = to}};
    REQUIRE(next.set(field::household, std::span<const household_link>(links)));
    REQUIRE(s.in.update(from, next.fields(), care));
  };
  const directive yes = grant_of(s.in, {recipient::self});
  const customer_id cay = keep(s.in, person("Cay", "c@x.example", "3"), {&yes, 1});
  link(s.ann, s.bo);
  link(cay, s.bo);
  s.merge();
  CHECK_FALSE(shows(s.in.read(s.ann, care), field::household));
  CHECK(shows(s.in.read(cay, care), field::household));
  s.part();
  CHECK(shows(s.in.read(s.ann, care), field::household));
  REQUIRE(s.in.forget_not_same(s.ann, s.bo));
  s.merge();
  REQUIRE(s.in.erase(s.ann, erasure_reason::other));
  // Nobody is left behind the link.
  CHECK_FALSE(shows(s.in.read(cay, care), field::household));
}

TEST_CASE("merge of two: more than 256 of a list is told before") {
  two s;
  const auto many = [&](const customer_id& whom, const char* first) {
    std::vector<std::string> texts;
    for (int i = 0; i < 150; ++i) texts.push_back(first + std::to_string(i) + "@x.example");
    std::vector<email_address> all;
    for (const std::string& one : texts) all.push_back({.address = one});
    customer next;
    REQUIRE(next.set(field::emails, std::span<const email_address>(all)));
    REQUIRE(s.in.update(whom, next.fields(), order));
  };
  many(s.ann, "a");
  many(s.bo, "b");
  const auto told = s.in.merge_customers(s.ann, s.bo, {.mode = merge_mode::only_tell});
  CHECK(told.error().code == errc::limit_exceeded);
  CHECK(told.error().at == field_id(field::emails).value);
  REQUIRE(s.in.merge_customers(s.ann, s.bo, {.take = only(field::emails)}));
  CHECK(s.mails(s.ann).size() == 150);
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE("merge of two: one of two who merge at the same time is refused") {
  two s;
  session other = s.begin();
  REQUIRE(s.in.merge_customers(s.ann, s.bo));
  const auto late = other.merge_customers(s.bo, s.ann);
  CHECK_FALSE(late);
  CHECK(s.in.verify()->problems == 0);
  CHECK(s.in.figures()->customers == 1);
}

TEST_CASE("merge of two: the receipt is signed with the book's key") {
  two s;
  const merge_outcome out = s.merge();
  const merge_receipt& receipt = out.receipt;
  CHECK(receipt.stays == s.ann);
  CHECK(receipt.goes == s.bo);
  std::vector<std::byte> bytes(8 + 16 + 3 * 8 + 2 * 16);
  const auto put = [&](std::size_t at, byte_view what) {
    std::ranges::copy(what, bytes.begin() + static_cast<std::ptrdiff_t>(at));
  };
  put(0, as_bytes("merge__1"));
  put(8, s.in.figures()->id.bytes);
  store_be(bytes.data() + 24, receipt.ledger_index);
  store_be(bytes.data() + 32, static_cast<std::uint64_t>(receipt.at.seconds));
  store_be(bytes.data() + 40, static_cast<std::uint64_t>(receipt.until.seconds));
  put(48, receipt.stays.bytes);
  put(64, receipt.goes.bytes);
  const auto identity = s.in.log_identity();
  REQUIRE(identity);
  const auto log = ledger::parse_log_identity(*identity);
  REQUIRE(log);
  CHECK(crypto::verify(receipt.signature, bytes, log->key));
}

TEST_CASE("unmerge: a consent that replaced one of the part's gives back none of it") {
  two s(true);
  CHECK(s.reached(s.bo));
  s.merge();
  clock_hand().seconds += 60;
  directive narrow = grant_of(s.in, {recipient::self});
  narrow.scope.purposes = {purpose::client_care};
  const auto said = s.in.directives(s.ann);
  REQUIRE(said);
  REQUIRE(said->size() == 2);
  narrow.supersedes[0] = (*said)[0].id;
  narrow.supersedes[1] = (*said)[1].id;
  REQUIRE(s.in.record(s.ann, narrow));
  CHECK_FALSE(s.reached(s.ann));
  CHECK(s.part().noes == 1);
  CHECK_FALSE(s.reached(s.ann));
  CHECK_FALSE(s.reached(s.bo));
}

TEST_CASE("merge of two: a list of a portfolio has them once, and does not end at the part") {
  two s;
  const std::array here{store_id(1)};
  REQUIRE(s.in.set_stores(actor_id(10), here));
  for (const customer_id& one : {s.ann, s.bo}) {
    REQUIRE(s.in.assign(std::span(&one, 1), {.store = here[0], .primary = actor_id(10)}));
  }
  const customer_id cat = keep(s.in, person("Cat", "cat@z.example", "3"), {});
  REQUIRE(s.in.assign(std::span(&cat, 1), {.store = here[0], .primary = actor_id(10)}));
  REQUIRE(s.in.use_portfolios(portfolio_use::in_force));
  s.merge();
  auto manager = s.opened->begin_session({.id = actor_id(10), .role = actor_role::manager});
  REQUIRE(manager);
  std::size_t seen = 0;
  CHECK(manager->for_each(order, {field::name}, [&](const view&) {
    ++seen;
    return true;
  }));
  CHECK(seen == 2);
}

namespace {

// Both agree that notes are kept for their care.
struct noted : two {
  noted() {
    directive yes = grant_of(in, {recipient::self});
    yes.scope.purposes = {purpose::client_care};
    yes.scope.categories = all_categories();
    for (const customer_id& one : {ann, bo}) REQUIRE(in.record(one, yes));
  }
  void note_of_bo(const char* visibility) {
    REQUIRE(in.append_note(bo, {.at = clock_hand(), .text = "x", .visibility = visibility},
                           purpose::client_care));
  }
  std::size_t notes_of(const customer_id& whom) {
    const auto all = in.notes(whom, purpose::client_care);
    REQUIRE(all);
    return all->size();
  }
};

}  // namespace

TEST_CASE("merge of two: of notes that are not for all nobody is told, not even how many") {
  {
    noted s;
    s.note_of_bo("own");
    CHECK(field_of(s.merge(), field::notes) == nullptr);
    CHECK(s.notes_of(s.ann) == 1);
    CHECK(s.part().notes == 0);
    CHECK(s.notes_of(s.ann) == 0);
    CHECK(s.notes_of(s.bo) == 1);
  }
  noted s;
  s.note_of_bo("own");
  s.note_of_bo("all");
  const merge_outcome out = s.merge();
  REQUIRE(field_of(out, field::notes) != nullptr);
  CHECK(field_of(out, field::notes)->added == 1);
  CHECK(s.notes_of(s.ann) == 2);
  CHECK(s.part().notes == 1);
  CHECK(s.notes_of(s.ann) == 0);
  CHECK(s.notes_of(s.bo) == 2);
}
