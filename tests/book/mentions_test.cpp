// A customer's values in the notes of others: found, hidden, replaced.
#include <clientbook/forms/people_finder.hpp>

#include <algorithm>
#include <string>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto order = purpose::customer_order_management;
constexpr auto rights = purpose::rights_fulfilment;

customer person(std::string_view given, std::string_view family, std::string_view email) {
  customer out;
  REQUIRE(out.set(field::name, person_name{.given = given, .family = family}));
  REQUIRE(out.set(field::emails, std::array{email_address{.address = email}}));
  return out;
}

// Consents to notes.
directive notes_permitted(session& in, const obligations& conditions = {}) {
  privacy_notice shown = notice_for(in);
  shown.announced.purposes = {purpose::email_marketing};
  shown.announced.recipients = {recipient::self};
  shown.announced.categories = {category::note, category::name, category::email_address};
  REQUIRE(in.add_notice(shown));
  directive yes = grant_of(in, {recipient::self});
  yes.conditions = conditions;
  return yes;
}

void write(session& in, const customer_id& id, std::string_view text) {
  const note one{.at = timestamp{1'700'000'000}, .author = "Marta", .text = text};
  REQUIRE(in.append_note(id, one, purpose::email_marketing));
}

std::string text_of(const item_list& notes, std::size_t place) {
  note read;
  REQUIRE(notes.items().size() > place);
  REQUIRE(decode_value(notes.items()[place].value, read));
  return std::string(read.text.reveal());
}
std::string note_of(session& in, const customer_id& id, std::size_t place) {
  const auto notes = in.notes(id, purpose::email_marketing);
  REQUIRE(notes);
  return text_of(*notes, place);
}

std::uint32_t count(const mention_counts& counts, mention_kind kind) {
  return counts[static_cast<std::size_t>(kind)];
}

// Old enough to be searched with.
void grow_old() { clock_hand().seconds += 31 * 86400; }

struct two_customers {
  shop s;
  session in = s.begin();
  directive yes = notes_permitted(in);
  customer_id ken_id = keep(in, ken("LOYAL-77"), std::span(&yes, 1));
  customer_id ada = keep(in, person("Ada", "Lovelace", "ada@example.org"), std::span(&yes, 1));
  std::uint32_t request = 0;

  two_customers() {
    grow_old();
    request = open_case(in, {ken_id, ada});
  }
};

}  // namespace

TEST_CASE("mentions: told are whose notes, which and what kind, and never a value") {
  two_customers t;
  session& in = t.in;
  write(in, t.ada, "blue suits her");
  write(in, t.ada,
        "brought by Ken Sanchez, ken@example.com or 202-555-0142, 4350 MINUTE DR, LOYAL-77");
  write(in, t.ada, "Sánchez, Kenneth pays; Ken waits outside");
  write(in, t.ken_id, "Ken Sánchez himself");  // His own notes are no mention.
  const auto told = in.mentions(t.ken_id, rights);
  REQUIRE(told);
  REQUIRE(told->mentions.size() == 1);
  const mention& one = told->mentions[0];
  CHECK(one.in == t.ada);
  CHECK(one.notes == std::vector<std::uint32_t>{2, 3});
  CHECK(one.found == told->found);
  CHECK(count(one.found, mention_kind::email) == 1);
  CHECK(count(one.found, mention_kind::phone) == 1);
  CHECK(count(one.found, mention_kind::address) == 1);
  CHECK(count(one.found, mention_kind::id) == 1);
  CHECK(count(one.found, mention_kind::full_name) == 1);
  CHECK(count(one.found, mention_kind::part_of_name) == 2);  // Sánchez, and Ken outside
  CHECK(count(one.found, mention_kind::household) == 0);
  CHECK(told->replaced == mention_counts{});
  CHECK(told->customers == 1);
  CHECK(told->notes == 3);
  CHECK(told->not_permitted == 0);
  CHECK(told->unreadable == 0);
  // Nobody speaks of her.
  const auto of_ada = in.mentions(t.ada, rights);
  REQUIRE(of_ada);
  CHECK(of_ada->mentions.empty());
  CHECK(of_ada->notes == 1);
}

TEST_CASE("mentions: names one beside the other are the name, whatever stands first") {
  two_customers t;
  for (const char* text : {"Ken Sánchez", "SANCHEZ KEN", "Sánchez, Ken", "Ken  Sanchez"}) {
    CAPTURE(text);
    write(t.in, t.ada, text);
  }
  write(t.in, t.ada, "ken.sanchez was the account, Ken");
  const auto told = t.in.mentions(t.ken_id, rights);
  REQUIRE(told);
  CHECK(count(told->found, mention_kind::full_name) >= 4);
  CHECK(told->mentions[0].notes.size() == 5);
}

TEST_CASE("mentions: people of the household are counted apart") {
  shop s;
  session in = s.begin();
  privacy_notice shown = notice_for(in);
  shown.announced.recipients = {recipient::self};
  shown.announced.categories = all_categories();
  REQUIRE(in.add_notice(shown));
  const directive yes = grant_of(in, {recipient::self});
  customer record = ken();
  REQUIRE(record.set(field::household,
                     std::array{household_link{.relation = "spouse", .person = "Greta Winther"}}));
  const auto id = in.put(record, {.purposes = purpose::email_marketing,
                                  .directives = std::span(&yes, 1),
                                  .without_basis = when_without_basis::leave_out});
  REQUIRE(id);
  REQUIRE(!id->left_out.has(field::household));
  const customer_id other = keep(in, person("Ada", "Lovelace", "a@example.org"), {&yes, 1});
  write(in, other, "came with Greta Winther, Greta knows the size");
  grow_old();
  open_case(in, {*id});
  const auto told = in.mentions(*id, rights);
  REQUIRE(told);
  CHECK(count(told->found, mention_kind::household) == 2);
  CHECK(told->not_looked_for == 1);  // L-1 is too short.
}

TEST_CASE("mentions: a search needs a role and a purpose, for whom and in whose notes") {
  two_customers t;
  session& in = t.in;
  write(in, t.ada, "ken@example.com asks");
  for (const actor_role role : {actor_role::associate, actor_role::service, actor_role::auditor,
                                actor_role::security_officer}) {
    CHECK(t.s.begin(role).mentions(t.ken_id, rights).error().code == errc::role_denied);
    CHECK(t.s.begin(role).redact_mentions(t.ken_id, rights).error().code == errc::role_denied);
  }
  CHECK(t.s.begin(actor_role::manager).mentions(t.ken_id, rights).error().code ==
        errc::role_denied);
  auto officer =
      t.s.opened->begin_session({.id = actor_id(30), .role = actor_role::privacy_officer});
  REQUIRE(officer);
  CHECK(officer->mentions(t.ken_id, rights));
  // Who has written the record asks nothing with it.
  CHECK(t.s.begin(actor_role::privacy_officer).mentions(t.ken_id, rights).error().code ==
        errc::denied);
  CHECK(in.mentions(t.ken_id, purpose::sell_data_to_third_parties).error().code == errc::denied);
  CHECK(in.mentions(customer_id{}, rights).error().code == errc::not_found);
  REQUIRE(in.begin());
  CHECK(in.mentions(t.ken_id, rights).error().code == errc::invalid_state);
  CHECK(in.redact_mentions(t.ken_id, rights).error().code == errc::invalid_state);
  in.rollback();
}

TEST_CASE("mentions: notes that the purpose may not search are counted and stay closed") {
  shop s;
  session in = s.begin();
  privacy_notice shown = notice_for(in);
  shown.announced.recipients = {recipient::self};
  shown.announced.categories = {category::note, category::name, category::email_address};
  shown.announced.operations = {operation::collect, operation::store, operation::use,
                                operation::query};
  REQUIRE(in.add_notice(shown));
  const directive yes = grant_of(in, {recipient::self});
  const customer_id whose = keep(in, ken(), std::span(&yes, 1));
  const customer_id other = keep(in, person("Ada", "Lovelace", "a@example.org"), {&yes, 1});
  write(in, other, "ken@example.com asks");
  grow_old();
  const auto open = in.mentions(whose, purpose::email_marketing);
  REQUIRE(open);
  CHECK(open->mentions.size() == 1);
  // May be searched, may not be altered: nothing is rewritten.
  const auto kept = in.redact_mentions(whose, purpose::email_marketing);
  REQUIRE(kept);
  CHECK(kept->mentions.size() == 1);
  CHECK(kept->replaced == mention_counts{});
  CHECK(note_of(in, other, 0) == "ken@example.com asks");

  clock_hand().seconds += 60;
  directive no = withdrawal();
  REQUIRE(in.record(other, no));
  const auto closed = in.mentions(whose, purpose::email_marketing);
  REQUIRE(closed);
  CHECK(closed->mentions.empty());
  CHECK(closed->customers == 0);
  CHECK(closed->not_permitted == 1);
}

TEST_CASE("mentions: a search is in the customer's ledger before it answers") {
  two_customers t;
  write(t.in, t.ada, "Ken Sánchez");
  const auto told = t.in.mentions(t.ken_id, rights);
  REQUIRE(told);
  const auto entries = t.in.ledger(t.ken_id);
  REQUIRE(entries);
  REQUIRE_FALSE(entries->empty());
  const ledger_record& last = entries->back();
  CHECK(last.index == told->ledger_index);
  CHECK(last.event == ledger_event::disclosure);
  CHECK(last.purpose == rights);
  CHECK(last.recipient_class == recipient::self);
  CHECK(last.fields.has(field::emails));
  CHECK(t.in.verify()->problems == 0);
}

TEST_CASE("mentions: replaced by a label, for good, as an entry of whose notes they were") {
  two_customers t;
  session& in = t.in;
  write(in, t.ada, "Ken Sánchez (ken@example.com) recommended us, Ken is kind");
  write(in, t.ada, "size 40");
  const auto done = in.redact_mentions(t.ken_id, rights);
  REQUIRE(done);
  CHECK(count(done->replaced, mention_kind::full_name) == 1);
  CHECK(count(done->replaced, mention_kind::email) == 1);
  CHECK(count(done->replaced, mention_kind::part_of_name) == 0);
  CHECK(note_of(in, t.ada, 0) == "<KNOWN_VALUE> (<KNOWN_VALUE>) recommended us, Ken is kind");
  CHECK(note_of(in, t.ada, 1) == "size 40");
  const auto entries = in.ledger(t.ada);
  REQUIRE(entries);
  CHECK(entries->back().event == ledger_event::correction);
  CHECK(entries->back().fields == only(field::notes));
  // The part of a name when asked for; then nothing is left to be found.
  const auto all = in.redact_mentions(t.ken_id, rights, every_mention);
  REQUIRE(all);
  CHECK(count(all->replaced, mention_kind::part_of_name) == 1);
  CHECK(note_of(in, t.ada, 0).find("Ken") == std::string::npos);
  CHECK(in.mentions(t.ken_id, rights)->mentions.empty());
  // Author and time stay, further notes follow, all of it still opens.
  write(in, t.ada, "came again");
  note read;
  const auto notes = in.notes(t.ada, purpose::email_marketing);
  REQUIRE(decode_value(notes->items()[0].value, read));
  CHECK(read.author == "Marta");
  CHECK(read.at == timestamp{1'700'000'000});
  CHECK(text_of(*notes, 2) == "came again");
  CHECK(t.s.begin().verify()->problems == 0);
}

TEST_CASE("mentions: a note as it was before it was rewritten is noticed when put back") {
  two_customers t;
  write(t.in, t.ada, "ken@example.com asks");
  write(t.in, t.ada, "size 40");
  // Items: table 5, customer number 3, kind 2, sequence.
  const auto key = [](unsigned sequence) {
    std::vector<std::byte> out(14);
    out[0] = std::byte{5};
    out[8] = std::byte{3};
    out[9] = std::byte{2};
    out[13] = static_cast<std::byte>(sequence);
    return out;
  };
  std::vector<std::vector<std::byte>> former;
  {
    auto reading = t.s.store->begin_read();
    REQUIRE(reading);
    for (const unsigned sequence : {1U, 2U}) {
      const auto value = (*reading)->get(key(sequence));
      REQUIRE(value);
      former.emplace_back(value->begin(), value->end());
    }
  }
  REQUIRE(t.in.redact_mentions(t.ken_id, rights));
  for (const unsigned sequence : {1U, 2U}) {
    CAPTURE(sequence);
    auto writing = t.s.store->begin_write();
    REQUIRE(writing);
    const auto now = (*writing)->get(key(sequence));
    REQUIRE(now);
    const std::vector<std::byte> kept(now->begin(), now->end());
    REQUIRE((*writing)->put(key(sequence), former[sequence - 1]));
    REQUIRE((*writing)->commit());
    CHECK(t.in.notes(t.ada, purpose::email_marketing).error().code == errc::authentication_failed);
    // A damaged note is counted and hides no other.
    const auto told = t.in.mentions(t.ken_id, rights);
    REQUIRE(told);
    CHECK(told->unreadable == 1);
    auto again = t.s.store->begin_write();
    REQUIRE((*again)->put(key(sequence), kept));
    REQUIRE((*again)->commit());
  }
  CHECK(t.in.notes(t.ada, purpose::email_marketing));
}

TEST_CASE("mentions: an erasure tells of them, or replaces them in the same transaction") {
  two_customers t;
  session& in = t.in;
  write(in, t.ada, "ken@example.com recommended us, Ken is kind");
  SUBCASE("ignored, as it was") {
    const auto done = in.erase(t.ken_id, erasure_reason::subject_request);
    REQUIRE(done);
    CHECK(done->mentions.customers == 0);
    CHECK(note_of(in, t.ada, 0) == "ken@example.com recommended us, Ken is kind");
  }
  SUBCASE("reported") {
    const auto done = in.erase(t.ken_id, erasure_reason::subject_request,
                               {.mentions = mentions_at_erasure::reported});
    REQUIRE(done);
    const mention_report& told = done->mentions;
    REQUIRE(told.mentions.size() == 1);
    CHECK(told.mentions[0].in == t.ada);
    CHECK(note_of(in, t.ada, 0) == "ken@example.com recommended us, Ken is kind");
  }
  SUBCASE("replaced") {
    const auto done = in.erase(t.ken_id, erasure_reason::subject_request,
                               {.mentions = mentions_at_erasure::replaced});
    REQUIRE(done);
    CHECK(count(done->mentions.replaced, mention_kind::email) == 1);
    CHECK(note_of(in, t.ada, 0) == "<KNOWN_VALUE> recommended us, Ken is kind");
  }
  SUBCASE("what fails erases and replaces nothing") {
    t.s.cell->fail_stage = true;
    CHECK(in.erase(t.ken_id, erasure_reason::subject_request,
                   {.mentions = mentions_at_erasure::replaced})
              .error()
              .code == errc::io_error);
    t.s.cell->fail_stage = false;
    CHECK(note_of(in, t.ada, 0) == "ken@example.com recommended us, Ken is kind");
    CHECK(shows(in.read(t.ken_id, order), field::name));
  }
  SUBCASE("a purpose that may search nothing erases nothing") {
    CHECK(in.erase(t.ken_id, erasure_reason::subject_request,
                   {.mentions = mentions_at_erasure::replaced,
                    .purpose = purpose::sell_data_to_third_parties})
              .error()
              .code == errc::denied);
    CHECK(shows(in.read(t.ken_id, order), field::name));
  }
  CHECK(in.verify()->problems == 0);
}

TEST_CASE("mentions: notes without other customers, for the customer's own copy") {
  two_customers t;
  session& in = t.in;
  write(in, t.ada, "Ada Lovelace came with Ken Sánchez, 202-555-0142, anna@libero.it");
  const std::array hidden{t.ken_id};
  const auto copy = in.notes_without(t.ada, purpose::email_marketing, hidden);
  REQUIRE(copy);
  CHECK(copy->state() == field_state::redacted);
  CHECK(text_of(*copy, 0) ==
        "Ada Lovelace came with <KNOWN_VALUE> <KNOWN_VALUE>, <KNOWN_VALUE>, anna@libero.it");
  // Nobody named: as notes().
  CHECK(text_of(*in.notes_without(t.ada, purpose::email_marketing, {}), 0).find("Ken") !=
        std::string::npos);
  // Who is not there cannot be hidden: nothing is shown.
  const std::array nobody{customer_id{}};
  CHECK(in.notes_without(t.ada, purpose::email_marketing, nobody).error().code == errc::not_found);
  const std::vector<customer_id> many(65, t.ken_id);
  CHECK(in.notes_without(t.ada, purpose::email_marketing, many).error().code ==
        errc::limit_exceeded);
  REQUIRE(in.erase(t.ken_id, erasure_reason::other));
  CHECK(in.notes_without(t.ada, purpose::email_marketing, hidden).error().code == errc::key_erased);
}

TEST_CASE("mentions: a redacted note hides the shop's own patterns too") {
  class tickets final : public text_finder {
   public:
    result<std::span<text_entity>> find(std::string_view text, const scan_options& options,
                                        std::span<text_entity> out) const noexcept override {
      if (text.find("broken") != text.npos) return error{errc::invalid_argument, "told to fail"};
      auto found = scan(text, options, out);
      const std::size_t at = text.find("T-1");
      if (!found || at == text.npos) return found;
      const auto place = std::find_if(found->begin(), found->end(),
                                      [&](const text_entity& one) { return one.begin > at; });
      const auto index = static_cast<std::size_t>(place - found->begin());
      std::copy_backward(place, found->end(), found->end() + 1);
      out[index] = {.begin = at, .end = at + 3, .type = entity_type::tenant_pattern};
      return out.first(found->size() + 1);
    }
  };
  shop s;
  session in = s.begin();
  const directive yes = notes_permitted(
      in, {.required = {obligation::mask}, .mask = redaction_operator::redact_text});
  const customer_id id = keep(in, ken(), std::span(&yes, 1));
  write(in, id, "Ken has T-1, ken@example.com");
  write(in, id, "broken");
  CHECK(note_of(in, id, 0) == "<KNOWN_VALUE> has T-1, <KNOWN_VALUE>");
  in.set_text_patterns(std::make_shared<tickets>());
  CHECK(note_of(in, id, 0) == "<KNOWN_VALUE> has <TENANT_PATTERN>, <KNOWN_VALUE>");
  // What could not be looked through is not shown.
  CHECK(in.notes(id, purpose::email_marketing)->size() == 1);
  in.set_text_patterns(nullptr);
  CHECK(in.notes(id, purpose::email_marketing)->size() == 2);
}

TEST_CASE(
    "mentions: a redacted note hides people of whom the book knows nothing, a host's model too") {
  shop s;
  session in = s.begin();
  const directive yes = notes_permitted(
      in, {.required = {obligation::mask}, .mask = redaction_operator::redact_text});
  const customer_id id = keep(in, ken(), std::span(&yes, 1));
  write(in, id, "Ken came with Mrs. Kowalski and sister Anna Weber for a Hugo Boss suit; met Zzq");
  CHECK(note_of(in, id, 0) ==
        "<KNOWN_VALUE> came with Mrs. <PERSON_NAME> and sister <PERSON_NAME> for a Hugo Boss suit; "
        "met Zzq");
  const name_finder model{[](void*, std::string_view text, name_sink to) noexcept {
    if (const std::size_t at = text.find("Zzq"); at != text.npos) to.put(to.to, at, at + 3);
    return true;
  }};
  in.set_text_patterns(std::make_shared<people_finder>(model));
  CHECK(note_of(in, id, 0) ==
        "<KNOWN_VALUE> came with Mrs. <PERSON_NAME> and sister <PERSON_NAME> for a Hugo Boss suit; "
        "met <PERSON_NAME>");
}

TEST_CASE("mentions: a redacted note hides linked customers and those that the caller names") {
  shop s;
  session in = s.begin();
  privacy_notice shown = notice_for(in);
  shown.announced.recipients = {recipient::self};
  shown.announced.categories = all_categories();
  REQUIRE(in.add_notice(shown));
  directive yes = grant_of(in, {recipient::self});
  const customer_id ken_id = keep(in, ken("LOYAL-77"), std::span(&yes, 1));
  const customer_id bea = keep(in, person("Beate", "Uhlmann", "bea@example.org"), {&yes, 1});
  yes.conditions = {.required = {obligation::mask}, .mask = redaction_operator::redact_text};
  customer record = person("Ada", "Lovelace", "ada@example.org");
  REQUIRE(record.set(field::household,
                     std::array{household_link{.relation = "friend", .customer = ken_id}}));
  const auto ada =
      in.put(record, {.purposes = purpose::email_marketing, .directives = std::span(&yes, 1)});
  REQUIRE(ada);
  write(in, *ada, "Ada with Ken and Beate, loyal 77");
  CHECK(note_of(in, *ada, 0) == "<KNOWN_VALUE> with <KNOWN_VALUE> and Beate, <KNOWN_VALUE>");
  const std::array hidden{bea};
  CHECK(text_of(*in.notes_without(*ada, purpose::email_marketing, hidden), 0) ==
        "<KNOWN_VALUE> with <KNOWN_VALUE> and <KNOWN_VALUE>, <KNOWN_VALUE>");
  // A link that leads nowhere any more closes nothing; a name that is found as one is hidden.
  REQUIRE(in.erase(ken_id, erasure_reason::other));
  CHECK(note_of(in, *ada, 0) == "<KNOWN_VALUE> with <PERSON_NAME> and Beate, loyal 77");
}

TEST_CASE("mentions: searched is with what is old, and not the asker's own word") {
  two_customers t;
  session& in = t.in;
  write(in, t.ada, "came with zoe@example.net, and ken@example.com asks");
  const auto officer = [&](std::uint32_t number) {
    auto out =
        t.s.opened->begin_session({.id = actor_id(number), .role = actor_role::privacy_officer});
    REQUIRE(out);
    return std::move(*out);
  };
  const auto emails = [](const result<mention_report>& told) {
    REQUIRE(told);
    return count(told->found, mention_kind::email);
  };
  SUBCASE("somebody who was made up for the search") {
    const customer_id fake = keep(in, person("Zoe", "Guess", "zoe@example.net"));
    open_case(in, {fake});
    CHECK(in.mentions(fake, rights).error().code == errc::denied);
    CHECK(officer(30).mentions(fake, rights).error().code == errc::denied);
    clock_hand().seconds += 29 * 86400;
    CHECK(in.mentions(fake, rights).error().code == errc::denied);
    clock_hand().seconds += 86400;
    open_case(in, {fake});
    CHECK(emails(in.mentions(fake, rights)) == 1);
  }
  SUBCASE("a guess in the record of somebody who is real") {
    customer guess;
    REQUIRE(guess.set(field::emails, std::array{email_address{.address = "zoe@example.net"}}));
    REQUIRE(officer(30).update(t.ken_id, guess.fields(), rights));
    const auto young = officer(31).mentions(t.ken_id, rights);
    CHECK(emails(young) == 0);
    const std::uint32_t passed_over = young->not_looked_for;
    grow_old();
    open_case(in, {t.ken_id});
    CHECK(emails(officer(30).mentions(t.ken_id, rights)) == 0);
    const auto old = officer(31).mentions(t.ken_id, rights);
    CHECK(emails(old) == 1);
    CHECK(old->not_looked_for == passed_over - 1);
    // The same value once more is no new word.
    REQUIRE(officer(32).update(t.ken_id, guess.fields(), rights));
    CHECK(emails(officer(31).mentions(t.ken_id, rights)) == 1);
  }
  SUBCASE("what replaces goes by all, and leaves its mark") {
    const customer_id fresh = keep(in, person("Zoe", "Guest", "zoe@example.net"));
    open_case(in, {fresh});
    const auto done = in.redact_mentions(fresh, rights);
    REQUIRE(done);
    CHECK(count(done->replaced, mention_kind::email) == 1);
    CHECK(in.ledger(t.ada)->back().event == ledger_event::correction);
    CHECK(in.erase(fresh, erasure_reason::subject_request,
                   {.mentions = mentions_at_erasure::reported}));
  }
  CHECK(in.verify()->problems == 0);
}

TEST_CASE("mentions: a search is counted and traced, of whom and in whose notes") {
  two_customers t;
  write(t.in, t.ada, "ken@example.com asks");
  const auto searches = [&](const customer_id& whose) {
    auto auditor = t.s.begin(actor_role::auditor);
    std::uint32_t out = 0;
    const auto all = auditor.who_looked(whose);
    REQUIRE(all);
    for (const look& one : *all) {
      if (one.actor == actor_id(30)) {
        out += one.times[static_cast<std::size_t>(look_kind::search)];
      }
    }
    return out;
  };
  const auto officer = [&] {
    auto out = t.s.opened->begin_session({.id = actor_id(30), .role = actor_role::privacy_officer});
    REQUIRE(out);
    return std::move(*out);
  };
  {
    session in = officer();
    const budget_left before = *in.left();
    REQUIRE(in.mentions(t.ken_id, rights));
    CHECK(in.left()->look_ups_this_hour == before.look_ups_this_hour - 1);
    CHECK(in.left()->customers_this_hour == before.customers_this_hour - 2);
    REQUIRE(in.redact_mentions(t.ken_id, rights));
    CHECK(in.left()->look_ups_this_hour == before.look_ups_this_hour - 2);
    CHECK(in.left()->customers_this_hour == before.customers_this_hour - 2);
  }
  CHECK(searches(t.ken_id) == 2);
  CHECK(searches(t.ada) == 3);  // Told twice, and replaced.
  write(t.in, t.ada, "ken@example.com again");
  {
    session in = officer();
    REQUIRE(in.erase(t.ken_id, erasure_reason::subject_request,
                     {.mentions = mentions_at_erasure::replaced}));
  }
  CHECK(searches(t.ada) == 5);
  CHECK(t.in.verify()->problems == 0);
}

TEST_CASE("mentions: whoever is hidden in notes is asked for and counted as by a reader") {
  two_customers t;
  write(t.in, t.ada, "came with Ken");
  session officer = t.s.begin(actor_role::privacy_officer);
  const std::array hidden{t.ken_id};
  REQUIRE(officer.notes_without(t.ada, rights, hidden));
  CHECK(officer.left()->customers_this_hour == 998);
  const customer_id third = keep(t.in, person("Mia", "Wong", "mia@example.org"));
  const std::array others{third};
  CHECK(officer.notes_without(t.ada, rights, others).error().code == errc::case_required);
}

TEST_CASE("mentions: tasks, contacts and wishes speak of others too") {
  shop s;
  session in = s.begin();
  privacy_notice shown = notice_for(in);
  shown.announced.purposes = {purpose::email_marketing};
  shown.announced.recipients = {recipient::self};
  shown.announced.categories = all_categories();
  REQUIRE(in.add_notice(shown));
  const directive yes = grant_of(in, {recipient::self});
  const customer_id ken_id = keep(in, ken("LOYAL-77"), {&yes, 1});
  const customer_id ada = keep(in, person("Ada", "Lovelace", "ada@example.org"), {&yes, 1});
  grow_old();
  REQUIRE(open_case(in, {ken_id, ada}) != 0);
  customer more;
  const std::array open_task{task{.text = "Call, as Ken Sánchez asked", .assigned = 7},
                             task{.text = "Hem"}};
  REQUIRE(more.set(field::tasks, std::span<const task>(open_task)));
  const customer_contact met{
      .at = timestamp{1'700'000'000}, .channel = "phone", .outcome = "came with Ken Sánchez"};
  REQUIRE(more.set(field::contacts, std::span<const customer_contact>(&met, 1)));
  const wish wanted{.what = "The scarf of ken@example.com"};
  REQUIRE(more.set(field::wishes, std::span<const wish>(&wanted, 1)));
  REQUIRE(in.update(ada, more.fields(), purpose::email_marketing));

  const auto found = in.mentions(ken_id, rights);
  REQUIRE(found);
  REQUIRE(found->mentions.size() == 1);
  CHECK(found->mentions[0].in == ada);
  CHECK(found->mentions[0].notes == std::vector<std::uint32_t>{0});
  CHECK(count(found->found, mention_kind::full_name) == 2);
  CHECK(count(found->found, mention_kind::email) == 1);

  const auto done = in.redact_mentions(ken_id, rights);
  REQUIRE(done);
  CHECK(count(done->replaced, mention_kind::full_name) == 2);
  CHECK(count(done->replaced, mention_kind::email) == 1);
  const auto seen = in.read(ada, purpose::email_marketing);
  REQUIRE(seen);
  const auto tasks = seen->record().tasks();
  REQUIRE(tasks);
  REQUIRE(tasks->size() == 2);
  CHECK(tasks->begin()->text == "Call, as <KNOWN_VALUE> asked");
  CHECK(tasks->begin()->assigned == 7);
  const auto contacts = seen->record().contacts();
  REQUIRE(contacts);
  CHECK(contacts->begin()->outcome == "came with <KNOWN_VALUE>");
  CHECK(in.mentions(ken_id, rights)->mentions.empty());
  const auto entries = in.ledger(ada);
  REQUIRE(entries);
  CHECK(in.verify()->problems == 0);
}
