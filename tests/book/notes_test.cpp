// Notes: of which kind, for whom they are, and which are pinned.
#include <clientbook/book/duplicates.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto care = purpose::client_care;
constexpr auto rights = purpose::rights_fulfilment;
constexpr store_id here{1};
constexpr store_id there{2};

template <class T>
errc code(const result<T>& answer) {
  return answer ? errc::none : answer.error().code;
}

/// Two stores; 11, 12 and manager 10 here, 21 there. One customer, here, who agreed to notes.
struct noted : shop {
  session boss = begin();
  recipient_id parcel = add_party(boss, "Parcel Co", recipient::parcel_service);
  customer_id ann;

  explicit noted(const obligations& conditions = {}) {
    privacy_notice shown = notice_for(boss);
    shown.announced.purposes = {care};
    shown.announced.categories = all_categories();
    shown.announced.operations = all_operations;
    shown.announced.recipients = {recipient::self, recipient::parcel_service};
    REQUIRE(boss.add_notice(shown));
    directive yes = grant_of(boss, {recipient::self, recipient::parcel_service});
    yes.conditions = conditions;
    ann = keep(boss, ken("L-1"), std::span(&yes, 1));
    for (const std::uint32_t one : {10U, 11U, 12U}) {
      REQUIRE(boss.set_stores(actor_id(one), std::array{here}));
    }
    REQUIRE(boss.set_stores(actor_id(21), std::array{there}));
    REQUIRE(boss.assign(std::span(&ann, 1), {.store = here, .primary = actor_id(11)}));
  }
  session of(actor_role role, std::uint32_t number) {
    auto out = opened->begin_session({.id = actor_id(number), .role = role});
    REQUIRE(out);
    return std::move(*out);
  }
  session associate(std::uint32_t number) { return of(actor_role::associate, number); }
};

note said(std::string_view text, std::string_view visibility = {}) {
  return {.at = timestamp{1'700'000'000}, .author = "Vera", .text = text, .visibility = visibility};
}

std::uint32_t write(session& in, const customer_id& id, const note& what) {
  const auto place = in.append_note(id, what, care);
  REQUIRE(place);
  return *place;
}

std::vector<std::string> texts(const result<item_list>& notes) {
  REQUIRE(notes);
  std::vector<std::string> out;
  std::uint32_t last = 0;
  for (const item_list::item& one : notes->items()) {
    note read;
    REQUIRE(decode_value(one.value, read));
    out.emplace_back(read.text.reveal());
    CHECK(one.sequence > last);
    last = one.sequence;
  }
  return out;
}

std::vector<std::uint32_t> places(const result<item_list>& notes) {
  REQUIRE(notes);
  std::vector<std::uint32_t> out;
  for (const item_list::item& one : notes->items()) out.push_back(one.sequence);
  return out;
}

using words = std::vector<std::string>;
using numbers = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("notes: for whom they are") {
  noted s;
  session vera = s.associate(11);
  session ben = s.associate(12);
  session cara = s.associate(21);
  CHECK(write(vera, s.ann, said("for all")) == 1);
  CHECK(write(vera, s.ann, said("own", "own")) == 2);
  CHECK(write(vera, s.ann, said("store", "store")) == 3);
  CHECK(write(vera, s.ann, said("all", "all")) == 4);
  CHECK(texts(vera.notes(s.ann, care)) == words{"for all", "own", "store", "all"});
  CHECK(texts(ben.notes(s.ann, care)) == words{"for all", "store", "all"});
  CHECK(texts(cara.notes(s.ann, care)) == words{"for all", "all"});
  // A manager and an owner are nobody else's author.
  CHECK(texts(s.of(actor_role::manager, 10).notes(s.ann, care)) ==
        words{"for all", "store", "all"});
  CHECK(texts(s.boss.notes(s.ann, care)) == words{"for all", "all"});
  CHECK(texts(s.of(actor_role::service, 70).notes(s.ann, care)) == words{"for all", "all"});
  // Who leaves the store leaves its notes; who wrote one keeps it.
  REQUIRE(s.boss.set_stores(actor_id(12), std::array{there}));
  REQUIRE(s.boss.set_stores(actor_id(11), std::array{there}));
  CHECK(texts(ben.notes(s.ann, care)) == words{"for all", "all"});
  CHECK(texts(vera.notes(s.ann, care)) == words{"for all", "own", "store", "all"});
  // As portfolios do, and whether or not they are in force.
  REQUIRE(s.boss.set_stores(actor_id(11), std::array{here}));
  REQUIRE(s.boss.use_portfolios(portfolio_use::in_force));
  CHECK(texts(vera.notes(s.ann, care)) == words{"for all", "own", "store", "all"});
  CHECK(texts(s.of(actor_role::manager, 10).notes(s.ann, care)) ==
        words{"for all", "store", "all"});
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("notes: of one that is not for somebody no number and no gap tells") {
  noted s;
  session vera = s.associate(11);
  session cara = s.associate(21);
  write(vera, s.ann, said("first", "own"));
  CHECK(cara.notes(s.ann, care)->state() == field_state::absent);
  const auto kept = cara.kept_for(s.ann);
  REQUIRE(kept);
  CHECK(std::ranges::none_of(*kept, [](const auto& one) { return one.field == field::notes; }));
  CHECK(std::ranges::any_of(*vera.kept_for(s.ann),
                            [](const auto& one) { return one.field == field::notes; }));
  CHECK(write(cara, s.ann, said("second")) == 1);
  write(vera, s.ann, said("third", "store"));
  CHECK(write(cara, s.ann, said("fourth")) == 2);
  CHECK(places(cara.notes(s.ann, care)) == numbers{1, 2});
  CHECK(places(vera.notes(s.ann, care)) == numbers{1, 2, 3, 4});
  // The newest of those that one sees.
  CHECK(texts(cara.notes(s.ann, care, 2)) == words{"second", "fourth"});
  CHECK(places(vera.notes(s.ann, care, 2)) == numbers{3, 4});
  CHECK(cara.notes(s.ann, care)->size() == 2);
  // In what anybody gets who is not of the shop they do not stand.
  const auto gone = s.boss.disclose_many(
      std::span(&s.ann, 1), {.purpose = care, .recipient = s.parcel, .fields = only(field::notes)});
  REQUIRE(gone);
  REQUIRE((*gone)[0].permitted);
  CHECK((*gone)[0].notes.size() == 2);
  write(s.boss, s.ann, said("the owner's", "own"));
  const auto again = s.boss.disclose_many(
      std::span(&s.ann, 1), {.purpose = care, .recipient = s.parcel, .fields = only(field::notes)});
  REQUIRE(again);
  REQUIRE((*again)[0].permitted);
  CHECK((*again)[0].notes.size() == 2);
}

TEST_CASE("notes: a request by a case, and the customer's own copy, have all of them") {
  noted s;
  session vera = s.associate(11);
  write(vera, s.ann, said("for all"));
  write(vera, s.ann, said("own", "own"));
  write(vera, s.ann, said("store", "store"));
  session officer = s.of(actor_role::privacy_officer, 40);
  CHECK(code(officer.notes(s.ann, rights)) == errc::case_required);
  open_case(officer, {s.ann});
  CHECK(texts(officer.notes(s.ann, rights)) == words{"for all", "own", "store"});
  CHECK(places(officer.notes(s.ann, rights)) == numbers{1, 2, 3});
  const auto theirs = officer.hand_over(s.ann, rights, recipient::data_subject);
  REQUIRE(theirs);
  REQUIRE(theirs->notes.size() == 3);
  for (const item_list::item& one : theirs->notes.items()) {
    note read;
    REQUIRE(decode_value(one.value, read));
    CHECK_FALSE(read.by);  // Who wrote it, and where, are the shop's own numbers.
    CHECK_FALSE(read.store);
  }
  // And an erasure takes them along.
  REQUIRE(officer.erase(s.ann, erasure_reason::subject_request));
  CHECK(code(vera.notes(s.ann, care)) == errc::key_erased);
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("notes: who wrote one that is not for all, and where, the session says") {
  noted s;
  session vera = s.associate(11);
  note forged = said("x", "own");
  forged.by = 12;
  CHECK(code(vera.append_note(s.ann, forged, care)) == errc::invalid_value);
  forged.by = 11;
  CHECK(write(vera, s.ann, forged) == 1);
  note elsewhere = said("y", "store");
  elsewhere.store = 2;
  CHECK(code(vera.append_note(s.ann, elsewhere, care)) == errc::invalid_value);
  elsewhere.store = 1;
  CHECK(write(vera, s.ann, elsewhere) == 2);
  note own_with_store = said("z", "own");
  own_with_store.store = 1;
  CHECK(code(vera.append_note(s.ann, own_with_store, care)) == errc::invalid_value);
  note for_all = said("z");
  for_all.by = 11;
  CHECK(code(vera.append_note(s.ann, for_all, care)) == errc::invalid_value);
  CHECK(code(vera.append_note(s.ann, said("z", "team"), care)) == errc::invalid_value);
  // The customer's store where the writer belongs to it or to none, else the writer's own.
  session cara = s.associate(21);
  write(cara, s.ann, said("there", "store"));
  CHECK(texts(cara.notes(s.ann, care)) == words{"there"});
  CHECK(texts(s.associate(12).notes(s.ann, care)) == words{"y"});
  write(s.boss, s.ann, said("from above", "store"));
  CHECK(texts(s.associate(12).notes(s.ann, care)) == words{"y", "from above"});
  // Without any store nobody would know whose it is.
  shop alone;
  session owner = alone.begin();
  privacy_notice shown = notice_for(owner);
  shown.announced.purposes = {care};
  shown.announced.categories = all_categories();
  REQUIRE(owner.add_notice(shown));
  const directive yes = grant_of(owner, {recipient::self});
  const customer_id bo = keep(owner, ken("L-2"), std::span(&yes, 1));
  CHECK(code(owner.append_note(bo, said("x", "store"), care)) == errc::invalid_state);
  CHECK(owner.notes(bo, care)->size() == 0);
  CHECK(write(owner, bo, said("x", "own")) == 1);
}

TEST_CASE("notes: a plain note has the bytes that it always had") {
  noted s;
  session vera = s.associate(11);
  write(vera, s.ann, said("blue"));
  note explicitly = said("green", "all");
  explicitly.pinned = false;
  write(vera, s.ann, explicitly);
  const auto both = vera.notes(s.ann, care);
  REQUIRE(both);
  for (std::size_t i : {0U, 1U}) {
    std::array<std::byte, 128> room{};
    const auto bytes =
        encode_value(note{.at = timestamp{1'700'000'000},
                          .author = "Vera",
                          .text = personal_text(std::string_view(i == 0 ? "blue" : "green"))},
                     room);
    REQUIRE(bytes);
    CHECK(same_bytes(both->items()[i].value, *bytes));
  }
}

TEST_CASE("notes: the kind is a word") {
  noted s;
  session vera = s.associate(11);
  for (const char* kind : {"general", "service", "fit", "complaint", "warning", "x", "size_2",
                           "abcdefghijklmnopqrstuvwxyz012345"}) {
    CAPTURE(kind);
    note one = said("text");
    one.kind = kind;
    write(vera, s.ann, one);
    note read;
    const auto all = vera.notes(s.ann, care);
    REQUIRE(all);
    REQUIRE(decode_value(all->items().back().value, read));
    CHECK(read.kind == kind);
  }
  for (const char* kind :
       {"Fit", "2fit", "_fit", "fit ", "two words", "größe", "abcdefghijklmnopqrstuvwxyz0123456"}) {
    CAPTURE(kind);
    note one = said("text");
    one.kind = kind;
    CHECK(code(vera.append_note(s.ann, one, care)) == errc::invalid_value);
  }
  CHECK(vera.notes(s.ann, care)->size() == 8);
}

TEST_CASE("notes: pinned ones warn, so many and no more") {
  noted s;
  session vera = s.associate(11);
  session ben = s.associate(12);
  note warning = said("allergic to wool");
  warning.kind = "warning";
  warning.pinned = true;
  write(vera, s.ann, said("hidden", "own"));
  CHECK(write(vera, s.ann, warning) == 2);
  CHECK(write(vera, s.ann, said("plain")) == 3);
  CHECK(texts(ben.pinned_notes(s.ann, care)) == words{"allergic to wool"});
  CHECK(places(ben.pinned_notes(s.ann, care)) == numbers{1});
  CHECK(places(vera.pinned_notes(s.ann, care)) == numbers{2});
  const auto all = ben.notes(s.ann, care);
  REQUIRE(all);
  note read;
  REQUIRE(decode_value(all->items()[0].value, read));
  CHECK(read.pinned == true);
  CHECK(read.kind == "warning");
  REQUIRE(decode_value(all->items()[1].value, read));
  CHECK_FALSE(read.pinned);
  // By the place that whoever pins sees.
  REQUIRE(ben.pin_note(s.ann, 2, note_pin::pinned, care));
  CHECK(texts(vera.pinned_notes(s.ann, care)) == words{"allergic to wool", "plain"});
  CHECK(code(ben.pin_note(s.ann, 2, note_pin::pinned, care)) == errc::already_exists);
  REQUIRE(ben.pin_note(s.ann, 2, note_pin::unpinned, care));
  CHECK(code(ben.pin_note(s.ann, 2, note_pin::unpinned, care)) == errc::not_found);
  for (const std::uint32_t none : {0U, 3U, 99U}) {
    CHECK(code(ben.pin_note(s.ann, none, note_pin::pinned, care)) == errc::not_found);
  }
  // What not everybody sees warns nobody.
  CHECK(code(vera.pin_note(s.ann, 1, note_pin::pinned, care)) == errc::invalid_value);
  note own_pinned = said("mine", "own");
  own_pinned.pinned = true;
  CHECK(code(vera.append_note(s.ann, own_pinned, care)) == errc::invalid_value);
  for (std::size_t i = 1; i < max_pinned_notes; ++i) write(vera, s.ann, warning);
  const auto full = vera.append_note(s.ann, warning, care);
  CHECK(code(full) == errc::limit_exceeded);
  CHECK(full.error().at == max_pinned_notes);
  CHECK(code(ben.pin_note(s.ann, 2, note_pin::pinned, care)) == errc::limit_exceeded);
  CHECK(ben.pinned_notes(s.ann, care)->size() == max_pinned_notes);
  CHECK(ben.notes(s.ann, care)->size() == 1 + max_pinned_notes);
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("notes: a pin goes by consent and by role, as the note does") {
  noted s;
  session vera = s.associate(11);
  note warning = said("allergic to wool");
  warning.pinned = true;
  write(vera, s.ann, warning);
  CHECK(code(s.of(actor_role::auditor, 90).pin_note(s.ann, 1, note_pin::unpinned, care)) ==
        errc::role_denied);
  CHECK(code(vera.pin_note(s.ann, 1, note_pin::unpinned, purpose::customer_order_management)) ==
        errc::no_basis);
  directive no = withdrawal();
  no.scope.purposes = {care};
  REQUIRE(vera.record(s.ann, no));
  CHECK(vera.pinned_notes(s.ann, care)->state() == field_state::withheld);
  CHECK(vera.pinned_notes(s.ann, care)->size() == 0);
  CHECK(code(vera.pin_note(s.ann, 1, note_pin::unpinned, care)) == errc::no_basis);
}

TEST_CASE("notes: a note that is shown redacted keeps its pin, and not who wrote it") {
  obligations masked;
  masked.required.add(obligation::mask);
  masked.mask = redaction_operator::redact_text;
  noted s(masked);
  session vera = s.associate(11);
  note warning = said("Ken is allergic to wool");
  warning.kind = "warning";
  warning.pinned = true;
  write(vera, s.ann, warning);
  write(vera, s.ann, said("ken@example.com", "own"));
  session ben = s.associate(12);
  const auto shown = ben.notes(s.ann, care);
  REQUIRE(shown);
  CHECK(shown->state() == field_state::redacted);
  REQUIRE(shown->size() == 1);
  note read;
  REQUIRE(decode_value(shown->items()[0].value, read));
  CHECK(read.pinned == true);
  CHECK(read.author.empty());
  CHECK(read.kind.empty());
  CHECK(read.text.reveal().find("Ken") == std::string_view::npos);
  CHECK(vera.notes(s.ann, care)->size() == 2);
}

TEST_CASE("notes: what others' notes say is searched and told as far as the searcher sees them") {
  noted s;
  session vera = s.associate(11);
  const directive yes = grant_of(s.boss, {recipient::self});
  customer other;
  REQUIRE(other.set(field::name, person_name{.given = "Ada", .family = "Lovelace"}));
  REQUIRE(other.set(field::emails, std::array{email_address{.address = "ada@example.org"}}));
  const customer_id ada = keep(s.boss, other, std::span(&yes, 1));
  write(vera, s.ann, said("her friend is ada@example.org", "own"));
  write(vera, s.ann, said("brought by ada@example.org"));
  clock_hand().seconds += 31 * 86400;
  const auto told = s.boss.mentions(ada, care);
  REQUIRE(told);
  CHECK(told->notes == 1);
  REQUIRE(told->mentions.size() == 1);
  CHECK(told->mentions[0].notes == numbers{1});
  CHECK(told->found[static_cast<std::size_t>(mention_kind::email)] == 1);
  // What replaces leaves its mark in all of them, and counts those that it tells of.
  const auto replaced = s.boss.redact_mentions(ada, care);
  REQUIRE(replaced);
  CHECK(replaced->replaced[static_cast<std::size_t>(mention_kind::email)] == 1);
  CHECK(replaced->mentions[0].notes == numbers{1});
  for (const std::string& one : texts(vera.notes(s.ann, care))) {
    CAPTURE(one);
    CHECK(one.find("ada@") == std::string::npos);
  }
  CHECK(texts(s.boss.notes(s.ann, care)).size() == 1);
  CHECK(vera.notes(s.ann, care)->size() == 2);
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE(
    "notes: only a hidden note that speaks of somebody loses what it says, and tells nobody") {
  noted s;
  session vera = s.associate(11);
  const directive yes = grant_of(s.boss, {recipient::self});
  customer other;
  REQUIRE(other.set(field::emails, std::array{email_address{.address = "ada@example.org"}}));
  const customer_id ada = keep(s.boss, other, std::span(&yes, 1));
  write(vera, s.ann, said("her friend is ada@example.org", "own"));
  write(vera, s.ann, said("blue"));
  clock_hand().seconds += 31 * 86400;
  const auto replaced = s.boss.redact_mentions(ada, care);
  REQUIRE(replaced);
  CHECK(replaced->mentions.empty());
  CHECK(replaced->replaced == mention_counts{});
  CHECK(texts(vera.notes(s.ann, care))[0].find("ada@") == std::string::npos);
  CHECK(texts(vera.notes(s.ann, care))[1] == "blue");
}

TEST_CASE("notes: who sees them survives the process, and not a change that was undone") {
  noted s;
  {
    session vera = s.associate(11);
    REQUIRE(vera.begin());
    write(vera, s.ann, said("undone", "own"));
    vera.rollback();
    CHECK(vera.notes(s.ann, care)->state() == field_state::absent);
    write(vera, s.ann, said("own", "own"));
    note warning = said("warning");
    warning.pinned = true;
    write(vera, s.ann, warning);
    REQUIRE(vera.begin());
    REQUIRE(vera.pin_note(s.ann, 2, note_pin::unpinned, care));
    vera.rollback();
  }
  const auto again = book::open(s.store, s.cell, {.clock = {test_clock}});
  REQUIRE(again);
  auto vera = again->begin_session({.id = actor_id(11), .role = actor_role::associate});
  auto ben = again->begin_session({.id = actor_id(12), .role = actor_role::associate});
  REQUIRE(vera);
  REQUIRE(ben);
  CHECK(texts(vera->notes(s.ann, care)) == words{"own", "warning"});
  CHECK(texts(ben->notes(s.ann, care)) == words{"warning"});
  CHECK(texts(ben->pinned_notes(s.ann, care)) == words{"warning"});
}
