// A yes on the word of who writes it down: what it opens, what it waits for, and what insiders try
// to have one of their own count for the customer's.
#include <algorithm>
#include <functional>
#include <string>
#include <thread>

#include <clientbook/consent/vocabulary.hpp>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto order = purpose::customer_order_management;
constexpr auto care = purpose::client_care;
constexpr auto mail = purpose::email_marketing;
constexpr std::int64_t day = 86400;

template <class T>
errc code(const result<T>& answer) {
  return answer ? errc::none : answer.error().code;
}

/// A shop with several people, a notice on care and on e-mails, and one customer.
struct counter : shop {
  session boss = begin();
  recipient_id partner = add_party(boss, "partner", recipient::selected_partner);
  customer_id ann = keep(boss, ken());

  explicit counter(profile_id law = gdpr_profile().id) : shop(law) {
    privacy_notice shown = notice_for(boss);
    shown.announced.purposes |= purpose_set{care, purpose::birthday_greeting, purpose::marketing};
    shown.announced.categories |= category_set{category::personal_data};
    REQUIRE(boss.add_notice(shown));
  }
  session of(actor_role role, std::uint32_t number) {
    auto out = opened->begin_session({.id = actor_id(number), .role = role});
    REQUIRE(out);
    return std::move(*out);
  }
  session clerk() { return of(actor_role::associate, 30); }
  session manager(std::uint32_t number = 40) { return of(actor_role::manager, number); }
  session mailer() { return of(actor_role::service, 70); }

  /// What the customer is asked at the counter: care and e-mails, with a hash that somebody typed.
  directive yes() {
    directive out = grant_of(boss, {recipient::self});
    out.evidence.hash = crypto::hash(as_bytes("made up"));
    out.evidence.reference = short_text<64>("form 12");
    return out;
  }
  bool mailed() {
    session in = begin();
    return shows(in.read(ann, mail), field::emails);
  }
  bool cared_for() {
    session in = begin();
    return shows(in.read(ann, care), field::emails);
  }
  std::size_t history() { return boss.directives(ann)->size(); }
  const consent_evidence paper{.hash = crypto::hash(as_bytes("scan")),
                               .reference = short_text<64>("binder 3, page 7")};
};

directive no_to(purpose_id what, directive_kind kind = directive_kind::deny) {
  directive out = withdrawal();
  out.kind = kind;
  out.scope.purposes = {what};
  return out;
}

}  // namespace

TEST_CASE("own word: a yes that an associate notes counts for care, for thirty days at most") {
  counter s;
  session in = s.clerk();
  const auto done = in.record(s.ann, s.yes());
  REQUIRE(done);
  CHECK(done->sequence == 1);
  CHECK(done->waiting.contains(mail));
  CHECK(done->provisional.contains(care));
  CHECK_FALSE(done->provisional.contains(mail));
  CHECK(done->until.seconds <= clock_hand().seconds + noted_consent_days * day);
  CHECK(done->until.seconds > clock_hand().seconds + (noted_consent_days - 1) * day);
  CHECK(s.cared_for());
  CHECK_FALSE(s.mailed());
  const auto said = s.boss.directives(s.ann);
  REQUIRE(said);
  REQUIRE(said->size() == 2);
  // What was said stays as it was said, and proves nothing.
  CHECK_FALSE((*said)[0].informed);
  CHECK((*said)[0].scope == s.yes().scope);
  CHECK((*said)[0].evidence == s.yes().evidence);
  CHECK((*said)[1].evidence.hash == consent_hash{});
  CHECK((*said)[1].event_at == clock_hand());
  CHECK((*said)[1].recorder == actor_id(30));
  // Of the two the ledger has what counts.
  CHECK(s.boss.ledger(s.ann)->size() == 1);

  clock_hand().seconds = done->until.seconds - 1;
  CHECK(s.cared_for());
  clock_hand().seconds += 1;
  CHECK_FALSE(s.cared_for());
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("own word: nothing of marketing opens on it, however it is put") {
  counter s;
  session clerk = s.clerk();
  const directive yes = s.yes();
  directive renewed = yes;
  renewed.kind = directive_kind::renew;
  directive explicit_one = yes;
  explicit_one.strength = consent_strength::explicit_;
  directive only_mail = yes;
  only_mail.scope.purposes = {mail};
  directive above = yes;
  above.scope.purposes = {purpose::marketing};
  directive everything = yes;
  everything.scope.purposes = all_purposes();
  everything.scope.operations = all_operations;
  directive by_signal = yes;
  by_signal.channel = consent_channel::signal_tcf;
  directive imported = yes;
  imported.channel = consent_channel::import;
  directive long_lasting = yes;
  long_lasting.not_after = timestamp{clock_hand().seconds + 4000 * day};
  directive later = yes;
  later.not_before = timestamp{clock_hand().seconds + 20 * day};
  directive with_id = yes;
  with_id.id.bytes.fill(std::byte{7});
  directive as_other = yes;
  as_other.recorder = actor_id(7);
  const directive all[] = {yes,       renewed,  explicit_one, only_mail, above,   everything,
                           by_signal, imported, long_lasting, later,     with_id, as_other};
  std::uint32_t number = 100;
  for (const actor_role role : {actor_role::associate, actor_role::manager, actor_role::service}) {
    session in = s.of(role, number++);
    for (const directive& each : all) {
      directive one = each;
      if (one.id != directive_id{}) one.id.bytes[0] = std::byte(number);
      one.event_at = {++clock_hand().seconds};
      CHECK(in.record(s.ann, one));
      one.id = {};
      one.event_at = {++clock_hand().seconds};
      CHECK(in.record_and_tell(s.ann, one));
      CHECK_FALSE(s.mailed());
      const std::string id = "N-" + std::to_string(number) + std::to_string(clock_hand().seconds);
      const auto put = in.put(ken(id), {.purposes = order, .directives = std::span(&one, 1)});
      REQUIRE(put);
      CHECK(put->waiting.empty() == one.scope.purposes.empty());
      CHECK_FALSE(shows(s.boss.read(*put, mail), field::emails));
      one.event_at = {++clock_hand().seconds};
      const auto merged =
          in.merge(*put, ken(id), {.purposes = order, .directives = std::span(&one, 1)},
                   merge_rule::complete);
      REQUIRE(merged);
      CHECK(merged->waiting == 1);
      CHECK_FALSE(shows(s.boss.read(*put, mail), field::emails));
    }
  }
  // Nor later, by itself.
  clock_hand().seconds += 40 * day;
  CHECK_FALSE(s.mailed());
  CHECK_FALSE(s.cared_for());
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("own word: for the shop alone, and for nothing that hides behind care") {
  counter s;
  session in = s.clerk();
  directive yes = s.yes();
  yes.scope.recipients = {recipient::self, recipient::selected_partner};
  const auto effect = in.record_and_tell(s.ann, yes);
  REQUIRE(effect);
  REQUIRE_FALSE(effect->opened.empty());
  for (const consent_cell& one : effect->opened) {
    CHECK(group_of(one.purpose) == purpose_group::care);
    CHECK(covered_by_grant({recipient::self}).contains(one.recipient));
  }
  // It waits for the partner too.
  CHECK(effect->waiting.contains(care));
  // Whatever is said of care opens care.
  purpose_set all_care;
  all_purposes().for_each([&](purpose_id one) {
    if (group_of(one) == purpose_group::care) all_care.add(one);
  });
  covered_by_grant(all_care).for_each(
      [&](purpose_id one) { CHECK(group_of(one) == purpose_group::care); });
}

TEST_CASE("own word: it reopens nothing that the customer took back, and loosens no condition") {
  counter s;
  session in = s.clerk();
  SUBCASE("a withdrawal") {
    REQUIRE(in.record(s.ann, no_to(care, directive_kind::withdraw)));
    const auto done = in.record(s.ann, s.yes());
    REQUIRE(done);
    CHECK_FALSE(done->provisional.contains(care));
    CHECK(done->waiting.contains(care));
    CHECK_FALSE(s.cared_for());
  }
  SUBCASE("a denial, an objection, a restriction") {
    for (const directive_kind kind :
         {directive_kind::deny, directive_kind::object, directive_kind::restrict}) {
      REQUIRE(in.record(s.ann, no_to(care, kind)));
      REQUIRE(in.record(s.ann, s.yes()));
      CHECK_FALSE(s.cared_for());
      clock_hand().seconds += 1;
    }
  }
  SUBCASE("an objection that closes nothing, and a denial that was lifted") {
    for (const directive_kind kind : {directive_kind::object, directive_kind::deny}) {
      const customer_id who = keep(s.boss, ken(kind == directive_kind::object ? "O-1" : "O-2"));
      REQUIRE(in.record(who, no_to(care, kind)));
      clock_hand().seconds += 1;
      if (kind == directive_kind::deny) {
        directive lift = no_to(care, directive_kind::lift);
        lift.evidence = {.hash = consent_hash{{std::byte{1}}},
                         .reference = short_text<64>("paper")};
        lift.supersedes[0] = s.boss.directives(who)->front().id;
        REQUIRE(s.boss.record(who, lift));
        clock_hand().seconds += 1;
      }
      const auto done = in.record(who, s.yes());
      REQUIRE(done);
      CHECK(done->provisional.empty());
      CHECK(done->waiting.contains(care));
    }
  }
  SUBCASE("a yes that the customer's own narrower one has replaced") {
    REQUIRE(s.boss.record(s.ann, s.yes()));
    clock_hand().seconds += 1;
    directive narrower = s.yes();
    narrower.scope.categories = category_set{category::name};
    narrower.evidence = {.hash = consent_hash{{std::byte{1}}},
                         .reference = short_text<64>("paper")};
    narrower.supersedes[0] = s.boss.directives(s.ann)->front().id;
    REQUIRE(s.boss.record(s.ann, narrower));
    clock_hand().seconds += 1;
    const auto effect = in.record_and_tell(s.ann, s.yes());
    REQUIRE(effect);
    CHECK(effect->opened.empty());
    CHECK(effect->provisional.empty());
    CHECK(effect->waiting.contains(care));
  }
  SUBCASE("what it names") {
    REQUIRE(in.record(s.ann, no_to(mail)));
    directive reopens = s.yes();
    reopens.supersedes[0] = s.boss.directives(s.ann)->front().id;
    CHECK(code(in.record(s.ann, reopens)) == errc::role_denied);
    CHECK(s.history() == 1);
  }
  SUBCASE("a condition") {
    directive masked = s.yes();
    masked.conditions = {.required = {obligation::mask}, .mask = redaction_operator::mask_email};
    REQUIRE(s.boss.record(s.ann, masked));
    clock_hand().seconds += 1;
    const auto effect = in.record_and_tell(s.ann, s.yes());
    REQUIRE(effect);
    CHECK(effect->opened.empty());
    CHECK(effect->provisional.empty());
  }
}

TEST_CASE("own word: a no is heard at once, from anybody, and what waits is over with it") {
  counter s;
  session in = s.clerk();
  REQUIRE(in.record(s.ann, s.yes()));
  session other = s.of(actor_role::marketing, 55);
  SUBCASE("care") {
    REQUIRE(s.cared_for());
    REQUIRE(other.record(s.ann, no_to(care)));
    CHECK_FALSE(s.cared_for());
  }
  SUBCASE("marketing") { REQUIRE(other.record(s.ann, no_to(mail, directive_kind::object))); }
  CHECK(s.boss.waiting(s.ann)->empty());
  clock_hand().seconds += 1;
  CHECK(code(s.manager().confirm(s.ann, 1, s.paper)) == errc::invalid_state);
  CHECK(code(s.mailer().ask_opt_in(s.ann, 1)) == errc::invalid_state);
  CHECK_FALSE(s.mailed());
}

TEST_CASE("own word: a second person with a document makes it the customer's, once") {
  counter s;
  session clerk = s.clerk();
  REQUIRE(clerk.record(s.ann, s.yes()));
  const auto waiting = s.manager().waiting(s.ann);
  REQUIRE(waiting);
  REQUIRE(waiting->size() == 1);
  CHECK(waiting->front().said.sequence == 1);
  CHECK(waiting->front().said.recorder == actor_id(30));
  CHECK_FALSE(waiting->front().asked);

  // Not who has noted it, in whatever role, and nobody without a document.
  CHECK(code(clerk.confirm(s.ann, 1, s.paper)) == errc::role_denied);
  CHECK(code(s.manager(30).confirm(s.ann, 1, s.paper)) == errc::second_person_required);
  CHECK(code(s.of(actor_role::owner, 30).confirm(s.ann, 1, s.paper)) ==
        errc::second_person_required);
  CHECK(code(s.mailer().confirm(s.ann, 1, s.paper)) == errc::role_denied);
  CHECK(code(s.manager().confirm(s.ann, 1, {.reference = short_text<64>("I saw it")})) ==
        errc::missing_field);
  // What counts already does not wait, and what there is not neither.
  CHECK(code(s.manager().confirm(s.ann, 2, s.paper)) == errc::not_found);
  CHECK(code(s.manager().confirm(s.ann, 9, s.paper)) == errc::not_found);
  CHECK_FALSE(s.mailed());

  clock_hand().seconds += 5;
  const auto done = s.manager().confirm(s.ann, 1, s.paper);
  REQUIRE(done);
  CHECK(s.mailed());
  CHECK(std::ranges::any_of(done->opened,
                            [](const consent_cell& one) { return one.purpose == mail; }));
  const directive full = s.boss.directives(s.ann)->back();
  CHECK(full.informed);
  CHECK(full.recorder == actor_id(40));
  CHECK(full.evidence == s.paper);
  CHECK(full.event_at == clock_hand());
  CHECK(full.scope == s.yes().scope);
  CHECK(full.supersedes[0] == s.boss.directives(s.ann)->front().id);
  CHECK(code(s.manager().confirm(s.ann, 1, s.paper)) == errc::not_found);
  CHECK(s.boss.waiting(s.ann)->empty());
  // The note again, as a file brings it, waits for nothing.
  directive again = s.yes();
  again.event_at = s.boss.directives(s.ann)->front().event_at;
  CHECK(code(clerk.record(s.ann, again)) == errc::back_dated);
  clock_hand().seconds += 100 * day;
  CHECK(s.mailed());
  CHECK(s.cared_for());
  REQUIRE(clerk.record(s.ann, no_to(purpose::marketing, directive_kind::withdraw)));
  CHECK_FALSE(s.mailed());
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("own word: a manager notes like an associate, and another one confirms") {
  counter s;
  session first = s.manager(40);
  REQUIRE(first.record(s.ann, s.yes()));
  CHECK_FALSE(s.mailed());
  CHECK(code(first.confirm(s.ann, 1, s.paper)) == errc::second_person_required);
  CHECK(s.manager(41).confirm(s.ann, 1, s.paper));
  CHECK(s.mailed());
}

TEST_CASE("own word: what has waited for thirty days is over, also for a clock that was set back") {
  counter s;
  REQUIRE(s.clerk().record(s.ann, s.yes()));
  const auto token = s.mailer().ask_opt_in(s.ann, 1);
  REQUIRE(token);
  const timestamp then = clock_hand();
  clock_hand().seconds += 31 * day;
  CHECK(code(s.manager().confirm(s.ann, 1, s.paper)) == errc::invalid_state);
  // Something is recorded, and the clock goes back.
  REQUIRE(s.boss.record(s.ann, no_to(purpose::postal_marketing)));
  clock_hand() = then;
  CHECK(code(s.manager().confirm(s.ann, 1, s.paper)) == errc::invalid_state);
  CHECK(code(s.clerk().bring_opt_in(token->text)) == errc::not_found);
  CHECK(s.boss.waiting(s.ann)->empty());
  CHECK_FALSE(s.mailed());
  CHECK_FALSE(s.cared_for());
}

TEST_CASE("own word: a double opt-in counts when the customer has brought it back") {
  counter s;
  REQUIRE(s.clerk().record(s.ann, s.yes()));
  // To whoever sends it, and not to who noted it.
  CHECK(code(s.clerk().ask_opt_in(s.ann, 1)) == errc::role_denied);
  CHECK(code(s.manager().ask_opt_in(s.ann, 1)) == errc::role_denied);
  CHECK(code(s.of(actor_role::service, 30).ask_opt_in(s.ann, 1)) == errc::second_person_required);
  const auto token = s.mailer().ask_opt_in(s.ann, 1);
  REQUIRE(token);
  CHECK(token->text.size() == 64);
  CHECK(token->until.seconds == clock_hand().seconds + opt_in_days * day);
  CHECK_FALSE(s.mailed());
  CHECK(s.boss.waiting(s.ann)->front().asked);

  // Others' guesses, and what is nearly it.
  std::string other = token->text;
  other.back() = other.back() == '0' ? '1' : '0';
  std::string of_nobody = token->text;
  of_nobody.front() = of_nobody.front() == '0' ? '1' : '0';
  for (const std::string& wrong :
       {other, of_nobody, std::string(), std::string(64, '0'), token->text.substr(1),
        token->text + "0", std::string(64, 'G')}) {
    CHECK(code(s.clerk().bring_opt_in(wrong)) == errc::not_found);
  }
  CHECK_FALSE(s.mailed());

  clock_hand().seconds += 6 * day;
  const auto done = s.of(actor_role::auditor, 90).bring_opt_in(token->text);
  REQUIRE(done);
  CHECK(s.mailed());
  CHECK(s.boss.directives(s.ann)->back().event_at == clock_hand());
  CHECK(code(s.mailer().bring_opt_in(token->text)) == errc::not_found);
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("own word: a token is over after seven days, and is of one yes") {
  counter s;
  session clerk = s.clerk();
  REQUIRE(clerk.record(s.ann, s.yes()));
  const auto token = s.mailer().ask_opt_in(s.ann, 1);
  REQUIRE(token);
  SUBCASE("time") { clock_hand().seconds += opt_in_days * day; }
  SUBCASE("a no since") { REQUIRE(clerk.record(s.ann, no_to(mail))); }
  SUBCASE("another yes, after a withdrawal") {
    clock_hand().seconds += 1;
    REQUIRE(clerk.record(s.ann, withdrawal()));
    REQUIRE(clerk.record(s.ann, s.yes()));
    // Its request written again by hand, for the new one and for the old one.
    const auto said = s.boss.directives(s.ann);
    directive copied = *std::ranges::find(*said, directive_kind::request, &directive::kind);
    copied.id = {};
    REQUIRE(clerk.record(s.ann, copied));
    copied.supersedes[0] = (*said)[said->size() - 2].id;
    REQUIRE(clerk.record(s.ann, copied));
    copied.supersedes[0] = said->back().id;
    REQUIRE(clerk.record(s.ann, copied));
  }
  SUBCASE("its request written again when it was over") {
    clock_hand().seconds += opt_in_days * day;
    const auto said = s.boss.directives(s.ann);
    directive copied = *std::ranges::find(*said, directive_kind::request, &directive::kind);
    CHECK(clerk.record(s.ann, copied)->repeated);
    copied.event_at = clock_hand();
    CHECK(code(clerk.record(s.ann, copied)) == errc::already_exists);
    copied.id = {};
    REQUIRE_FALSE(clerk.record(s.ann, copied)->repeated);
  }
  SUBCASE("erased") {
    open_case(s.boss, {s.ann});
    REQUIRE(s.boss.erase(s.ann, erasure_reason::subject_request));
    CHECK(code(clerk.bring_opt_in(token->text)) == errc::not_found);
    return;
  }
  CHECK(code(clerk.bring_opt_in(token->text)) == errc::not_found);
  CHECK_FALSE(s.mailed());
}

TEST_CASE("own word: what waits is there after a restart, and gone with what was undone") {
  counter s;
  session clerk = s.clerk();
  REQUIRE(clerk.begin());
  REQUIRE(clerk.record(s.ann, s.yes()));
  clerk.rollback();
  CHECK(s.history() == 0);
  CHECK_FALSE(s.cared_for());
  REQUIRE(clerk.record(s.ann, s.yes()));
  session sender = s.mailer();
  REQUIRE(sender.begin());
  const auto undone = sender.ask_opt_in(s.ann, 1);
  REQUIRE(undone);
  sender.rollback();
  CHECK(code(clerk.bring_opt_in(undone->text)) == errc::not_found);
  const auto token = sender.ask_opt_in(s.ann, 1);
  REQUIRE(token);
  session deputy = s.manager();
  REQUIRE(deputy.begin());
  REQUIRE(deputy.confirm(s.ann, 1, s.paper));
  deputy.rollback();
  CHECK_FALSE(s.mailed());

  auto again = book::open(s.store, s.cell, {.clock = {test_clock}});
  REQUIRE(again);
  auto later = again->begin_session({.id = actor_id(91), .role = actor_role::auditor});
  REQUIRE(later);
  CHECK(later->bring_opt_in(token->text));
  auto reader = again->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(reader);
  CHECK(shows(reader->read(s.ann, mail), field::emails));
}

TEST_CASE("own word: of two who confirm at once one does") {
  counter s;
  REQUIRE(s.clerk().record(s.ann, s.yes()));
  const auto token = s.mailer().ask_opt_in(s.ann, 1);
  REQUIRE(token);
  session a = s.manager(41);
  session b = s.of(actor_role::auditor, 92);
  result<consent_effect> first = error{errc::invalid_state, "not yet"};
  result<recorded> second = error{errc::invalid_state, "not yet"};
  std::thread one([&] { first = a.confirm(s.ann, 1, s.paper); });
  std::thread other([&] { second = b.bring_opt_in(token->text); });
  one.join();
  other.join();
  CHECK((first.has_value() ? 1 : 0) + (second.has_value() ? 1 : 0) == 1);
  CHECK((first ? code(second) : code(first)) == errc::not_found);
  CHECK(s.mailed());
  CHECK(s.history() == 4);
}

TEST_CASE("own word: where a customer lives is an address, and a field is kept for care alone") {
  counter s;
  session in = s.clerk();
  const profile_id law = s.boss.profile()->id;
  REQUIRE(in.move(s.ann, law, residence_source::customer));
  CHECK(s.boss.jurisdiction_of(s.ann)->confirmed == profile_id());
  REQUIRE(s.boss.move(s.ann, law, residence_source::customer));
  CHECK(s.boss.jurisdiction_of(s.ann)->confirmed == law);

  const directive yes = s.yes();
  const std::span<const directive> said(&yes, 1);
  const auto all = in.may_collect({.purposes = care, .directives = said});
  REQUIRE(all);
  CHECK(all->has(field::emails));
  const auto none = in.may_collect({.purposes = mail, .directives = said});
  CHECK((!none || !none->has(field::emails)));
}

TEST_CASE("own word: an owner and an officer say yes, and an older table keeps what it says") {
  counter s;
  REQUIRE(s.of(actor_role::privacy_officer, 60).record(s.ann, s.yes()));
  CHECK(s.mailed());
  const customer_id other = keep(s.boss, ken("L-2"));
  role_table table = role_table::built_in();
  table.set(actor_role::associate, action::say_yes, purpose_group::none, {.whose = reach::all});
  table.set(actor_role::associate, action::note_yes, purpose_group::none, {});
  const auto number = s.of(actor_role::privacy_officer, 60).propose_roles(table);
  REQUIRE(number);
  REQUIRE(s.of(actor_role::security_officer, 61).approve_roles(*number));
  const auto done = s.clerk().record(other, s.yes());
  REQUIRE(done);
  CHECK(done->waiting.empty());
  CHECK(shows(s.boss.read(other, mail), field::emails));
}

TEST_CASE("own word: an associate's day meets no refusal") {
  counter s;
  session in = s.clerk();
  directive yes = s.yes();
  yes.scope.categories |= category_set{category::personal_data};
  const auto came =
      in.put(ken("L-5"), {.purposes = {order, care}, .directives = std::span(&yes, 1)});
  REQUIRE(came);
  CHECK(came->left_out.empty());
  CHECK(came->waiting.contains(mail));
  CHECK(in.find("loyalty", "L-5").value() == came->id);
  CHECK(in.read(*came, order));
  CHECK(shows(in.read(*came, care), field::emails));
  CHECK(in.append_note(*came, {.text = personal_text("prefers wool")}, care));
  clock_hand().seconds += 60;
  CHECK(in.record(*came, no_to(mail)));
  yes.event_at = clock_hand();
  CHECK(in.record_and_tell(*came, yes));
  CHECK(in.waiting(*came)->size() == 1);
  CHECK(in.move(*came, s.boss.profile()->id, residence_source::customer));
  customer more;
  REQUIRE(more.set(field::language, std::string_view("de")));
  CHECK(in.update(*came, more.fields(), order));
  // What only such a yes keeps is due when it is over.
  clock_hand().seconds += 31 * day;
  CHECK_FALSE(s.boss.due()->empty());
}

TEST_CASE("own word: an owner's file counts where an associate's has waited") {
  counter s;
  session clerk = s.clerk();
  directive yes = s.yes();
  yes.channel = consent_channel::import;
  const collection file{.purposes = order,
                        .directives = std::span(&yes, 1),
                        .source = field_source::file,
                        .decisions = "grant"};
  REQUIRE(clerk.merge(s.ann, ken(), file, merge_rule::complete));
  CHECK_FALSE(s.mailed());
  // The same file again adds nothing, but from who may say so.
  CHECK(clerk.merge(s.ann, ken(), file, merge_rule::complete)->recorded == 0);
  CHECK(s.history() == 2);
  CHECK(s.boss.merge(s.ann, ken(), file, merge_rule::complete)->recorded == 1);
  CHECK(s.mailed());

  const auto put = clerk.put(ken("L-7"), file);
  REQUIRE(put);
  CHECK_FALSE(shows(s.boss.read(*put, mail), field::emails));
  CHECK(s.boss.merge(*put, ken("L-7"), file, merge_rule::complete)->recorded == 1);
  CHECK(shows(s.boss.read(*put, mail), field::emails));
}

TEST_CASE("own word: what the customer took back stays closed below what is noted above it") {
  counter s;
  session in = s.clerk();
  SUBCASE("seen by who sends greetings") {
    constexpr auto birthday = purpose::birthday_greeting;
    REQUIRE(in.record(s.ann, no_to(birthday, directive_kind::withdraw)));
    directive yes = s.yes();
    yes.scope.purposes = {care};
    yes.event_at = {++clock_hand().seconds};
    const auto done = in.record(s.ann, yes);
    REQUIRE(done);
    CHECK(done->provisional.empty());
    CHECK(done->waiting.contains(care));
    session reader = s.begin();
    CHECK_FALSE(shows(reader.read(s.ann, birthday), field::emails));
  }
  SUBCASE("each pair of the vocabulary") {
    std::size_t pairs = 0;
    all_purposes().for_each([&](purpose_id above) {
      if (group_of(above) != purpose_group::care) return;
      covered_by_grant(purpose_set{above}).for_each([&](purpose_id below) {
        if (below == above) return;
        const customer_id one = keep(s.boss, ken("V-" + std::to_string(++pairs)));
        REQUIRE(in.record(one, no_to(below, directive_kind::withdraw)));
        directive yes = s.yes();
        yes.scope.purposes = {above};
        yes.event_at = {++clock_hand().seconds};
        const auto done = in.record(one, yes);
        REQUIRE(done);
        CHECK_FALSE(covered_by_grant(done->provisional).contains(below));
      });
    });
    CHECK(pairs > 0);
  }
  SUBCASE("a condition below") {
    directive masked = s.yes();
    masked.scope.purposes = {purpose::birthday_greeting};
    masked.conditions = {.required = {obligation::mask}, .mask = redaction_operator::mask_email};
    REQUIRE(s.boss.record(s.ann, masked));
    directive yes = s.yes();
    yes.scope.purposes = {care};
    yes.event_at = {++clock_hand().seconds};
    const auto done = in.record(s.ann, yes);
    REQUIRE(done);
    CHECK(done->provisional.empty());
  }
}

namespace {

/// A file with a yes that names no day: it is as old as the reading of it.
struct undated_file {
  directive yes;
  explicit undated_file(counter& s) : yes(s.yes()) { yes.channel = consent_channel::import; }
  result<merged> read_by(session& in, const customer_id& whose,
                         merge_rule rule = merge_rule::complete) {
    yes.event_at = clock_hand();
    return in.merge(whose, ken(),
                    {.purposes = order,
                     .directives = std::span(&yes, 1),
                     .source = field_source::file,
                     .decisions = "news: yes"},
                    rule);
  }
};

}  // namespace

TEST_CASE("own word: a file that is read every night notes nothing twice") {
  counter s;
  session service = s.mailer();
  undated_file file(s);
  REQUIRE(file.read_by(service, s.ann)->waiting == 1);
  const timestamp until = s.boss.waiting(s.ann)->front().until;
  for (int night = 0; night < 35; ++night) {
    clock_hand().seconds += day;
    const auto again = file.read_by(service, s.ann);
    REQUIRE(again);
    CHECK(again->recorded == 0);
    CHECK(again->waiting == 0);
  }
  CHECK(s.history() == 2);
  CHECK(clock_hand() > until);
  CHECK(s.boss.waiting(s.ann)->empty());
  CHECK_FALSE(s.cared_for());
  // Who may say yes says it of the day on which it was noted.
  CHECK(file.read_by(s.boss, s.ann)->recorded == 1);
  CHECK(s.mailed());
  CHECK(s.boss.directives(s.ann)->back().event_at == s.boss.directives(s.ann)->front().event_at);
  CHECK(file.read_by(s.boss, s.ann)->recorded == 0);
}

TEST_CASE("own word: a file read again brings no yes back after the customer's no") {
  counter s;
  session service = s.mailer();
  undated_file file(s);
  SUBCASE("noted") {
    REQUIRE(file.read_by(service, s.ann));
    clock_hand().seconds += day;
    REQUIRE(s.clerk().record(s.ann, no_to(mail, directive_kind::withdraw)));
  }
  SUBCASE("left out by a renewal") {
    REQUIRE(file.read_by(s.boss, s.ann, merge_rule::renew)->not_widened == 1);
    clock_hand().seconds += day;
    REQUIRE(s.clerk().record(s.ann, no_to(mail, directive_kind::withdraw)));
  }
  const std::size_t before = s.history();
  clock_hand().seconds += day;
  REQUIRE(file.read_by(service, s.ann));
  CHECK(s.boss.waiting(s.ann)->empty());
  clock_hand().seconds += day;
  REQUIRE(file.read_by(s.boss, s.ann));
  CHECK_FALSE(s.mailed());
  CHECK(s.history() == before);
}

TEST_CASE("own word: yeses with their days are noted one after the other, and taken in full") {
  counter s;
  session service = s.mailer();
  directive card = s.yes();
  card.channel = consent_channel::import;
  directive news = card;
  card.scope.purposes = {care};
  card.event_at = timestamp{clock_hand().seconds - 90 * day};
  news.scope.purposes = {mail};
  news.event_at = timestamp{clock_hand().seconds - 30 * day};
  const std::array both{card, news};
  const collection file{.purposes = order,
                        .directives = both,
                        .source = field_source::file,
                        .decisions = "card and news"};
  const auto check = [&](const customer_id& whose, std::string_view id) {
    CHECK(s.boss.waiting(whose)->size() == 2);
    clock_hand().seconds += day;
    const auto full = s.boss.merge(whose, ken(std::string(id)), file, merge_rule::complete);
    REQUIRE(full);
    CHECK(full->recorded == 2);
    CHECK(full->back_dated == 0);
    CHECK(shows(s.boss.read(whose, mail), field::emails));
    CHECK(s.boss.waiting(whose)->empty());
    clock_hand().seconds += 40 * day;
    CHECK(shows(s.boss.read(whose, care), field::emails));
  };
  SUBCASE("a newcomer") {
    const auto came = service.put(ken("D-1"), file);
    REQUIRE(came);
    check(*came, "D-1");
  }
  SUBCASE("somebody known") {
    const customer_id known = keep(s.boss, ken("D-2"));
    CHECK(service.merge(known, ken("D-2"), file, merge_rule::complete)->recorded == 2);
    check(known, "D-2");
  }
  SUBCASE("at the desk, ten minutes late") {
    session clerk = s.clerk();
    REQUIRE(clerk.record(s.ann, card));
    CHECK(clerk.record(s.ann, news));
  }
}

TEST_CASE("own word: a token that was asked for is no withdrawal in the ledger") {
  counter s;
  REQUIRE(s.clerk().record(s.ann, s.yes()));
  const std::size_t before = s.boss.ledger(s.ann)->size();
  REQUIRE(s.mailer().ask_opt_in(s.ann, 1));
  CHECK(s.boss.ledger(s.ann)->size() == before);
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("own word: the same no said again after a yes was noted ends that too") {
  for (const directive_kind kind :
       {directive_kind::deny, directive_kind::object, directive_kind::restrict}) {
    counter s;
    session clerk = s.clerk();
    REQUIRE(clerk.record(s.ann, no_to(mail, kind)));
    clock_hand().seconds += 60;
    const auto noted = clerk.record(s.ann, s.yes());
    REQUIRE(noted);
    const auto token = s.mailer().ask_opt_in(s.ann, noted->sequence);
    REQUIRE(token);
    clock_hand().seconds += 60;
    const auto again = clerk.record(s.ann, no_to(mail, kind));
    REQUIRE(again);
    CHECK_FALSE(again->repeated);
    CHECK(s.boss.waiting(s.ann)->empty());
    CHECK(code(s.manager().confirm(s.ann, noted->sequence, s.paper)) == errc::invalid_state);
    CHECK(code(clerk.bring_opt_in(token->text)) == errc::not_found);
    CHECK(clerk.record(s.ann, no_to(mail, kind))->repeated);
  }
}

TEST_CASE(
    "own word: who was handed a token does not bring it back, and no document is called one") {
  counter s;
  REQUIRE(s.clerk().record(s.ann, s.yes()));
  const auto token = s.mailer().ask_opt_in(s.ann, 1);
  REQUIRE(token);
  CHECK(code(s.mailer().bring_opt_in(token->text)) == errc::second_person_required);
  CHECK_FALSE(s.mailed());
  consent_evidence named = s.paper;
  named.reference = short_text<64>("double opt-in");
  CHECK(code(s.manager().confirm(s.ann, 1, named)) == errc::invalid_value);
  CHECK(s.clerk().bring_opt_in(token->text));
  CHECK(s.mailed());
}
