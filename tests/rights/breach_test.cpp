// The situations of breaches: who was concerned and with what, for certain or possibly, and what
// nobody can know any more, which is counted for itself and never added in.
#include <clientbook/rights/breach_report.hpp>

#include <string>

#include "../transfer/shop.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::int64_t hour = 3600;
constexpr std::int64_t day = 86400;
constexpr auto order = purpose::customer_order_management;

struct broken_shop : shop {
  session in = begin();
  recipient_id parcels = add_party(in, "Parcels Ltd", recipient::parcel_service);
  recipient_id other = add_party(in, "Other Parcels", recipient::parcel_service);
  customer_id jo = keep(in, ken("L-1"));
  customer_id ann = keep(in, ken("L-2"));

  session of(actor_role role, std::uint32_t number) {
    auto out = opened->begin_session({.id = actor_id(number), .role = role});
    REQUIRE(out);
    return std::move(*out);
  }
  std::uint64_t pass_on(const customer_id& id, recipient_id to) {
    const auto done = in.disclose(id, {.purpose = purpose::delivery_of_goods, .recipient = to});
    REQUIRE(done);
    return done->ledger_index;
  }
  void erase(const customer_id& id) {
    open_case(in, {id});
    REQUIRE(in.erase(id, erasure_reason::subject_request));
  }
  void make_recovery_key() {
    const auto kit = in.make_recovery_key();
    REQUIRE(kit);
  }
  breach_report report(breach_query what) {
    auto out = report_breach(in, what);
    REQUIRE(out);
    return std::move(*out);
  }
};

customer somebody_else() {
  customer out;
  REQUIRE(out.set(field::name, person_name{.given = "Jo", .family = "Doe"}));
  REQUIRE(out.set(field::emails, std::array{email_address{.address = "jo@example.com"}}));
  REQUIRE(out.set(field::phones, std::array{phone_number{.number = "+1 202 555 0100"}}));
  REQUIRE(out.set(field::addresses, std::array{postal_address{
                                        .line1 = "1 Elm St", .city = "Renton", .country = "US"}}));
  const external_id id{.system = "loyalty", .value = "L-9"};
  REQUIRE(out.set(field::external_ids, std::array{id}));
  return out;
}

void wait(std::int64_t seconds) { clock_hand().seconds += seconds; }
timestamp now() { return clock_hand(); }

const breached* find(const breach_report& in, const customer_id& whom) {
  for (const breached& one : in.customers) {
    if (one.customer == whom) return &one;
  }
  return nullptr;
}
std::uint64_t unknown(const breach_report& in, unknown_kind what) {
  for (const breach_unknown& one : in.scope.unknown) {
    if (one.what == what) return one.at_most;
  }
  return 0;
}
bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

template <class T>
errc code(const result<T>& answer) {
  return answer ? errc::none : answer.error().code;
}

}  // namespace

TEST_CASE("breach: of a credential, who was looked at in those hours, and nobody else") {
  broken_shop s;
  wait(day);
  const timestamp begun = now();
  {
    session thief = s.of(actor_role::associate, 30);
    REQUIRE(thief.read(s.jo, order, field_set{field::name, field::phones}));
    wait(60);
  }
  const timestamp ended = now();
  {
    session colleague = s.of(actor_role::associate, 31);
    REQUIRE(colleague.read(s.ann, order));
  }
  const breach_report told = s.report(
      {.source = breach_source::actor, .actor = actor_id(30), .since = begun, .until = ended});
  CHECK(told.scope.certain == 1);
  CHECK(told.scope.possible == 0);
  REQUIRE(find(told, s.jo) != nullptr);
  CHECK(find(told, s.jo)->surely);
  CHECK(find(told, s.jo)->certain.empty());  // Consent may have withheld some of it.
  CHECK(find(told, s.jo)->possible == field_set{field::name, field::phones});
  CHECK(find(told, s.ann) == nullptr);
  // Before it began, nothing.
  const breach_report before = s.report({.source = breach_source::actor,
                                         .actor = actor_id(30),
                                         .since = timestamp{begun.seconds - day},
                                         .until = timestamp{begun.seconds - 1}});
  CHECK(before.customers.empty());
}

TEST_CASE("breach: of a credential, looks that began before the hours are possible") {
  broken_shop s;
  wait(day);
  session thief = s.of(actor_role::associate, 30);
  REQUIRE(thief.read(s.jo, order, only(field::name)));
  wait(2 * hour);
  const timestamp begun = now();
  REQUIRE(thief.read(s.jo, order, only(field::emails)));
  { const session gone = std::move(thief); }
  const breach_report told =
      s.report({.source = breach_source::actor, .actor = actor_id(30), .since = begun});
  CHECK(told.scope.certain == 0);
  CHECK(told.scope.possible == 1);
  REQUIRE(find(told, s.jo) != nullptr);
  CHECK(find(told, s.jo)->possible == field_set{field::name, field::emails});
}

TEST_CASE("breach: of a credential, what it asked for and the customer has not is not said") {
  broken_shop s;
  wait(day);
  {
    session thief = s.of(actor_role::associate, 30);
    REQUIRE(thief.read(s.jo, order));
  }
  const breach_report told = s.report({.source = breach_source::actor, .actor = actor_id(30)});
  REQUIRE(find(told, s.jo) != nullptr);
  CHECK(find(told, s.jo)->possible == field_set{field::name, field::emails, field::phones,
                                                field::addresses, field::external_ids});
}

TEST_CASE("breach: of a credential, a value that is gone since may have been seen") {
  broken_shop s;
  wait(day);
  {
    session thief = s.of(actor_role::associate, 30);
    REQUIRE(thief.read(s.jo, order, only(field::phones)));
  }
  wait(2 * day);
  REQUIRE(s.in.remove(s.jo, field::phones, order));
  const breach_report told = s.report({.source = breach_source::actor, .actor = actor_id(30)});
  REQUIRE(find(told, s.jo) != nullptr);
  CHECK(find(told, s.jo)->surely);
  CHECK(find(told, s.jo)->possible == only(field::phones));
}

TEST_CASE("breach: of a credential, everybody on a list, and what it passed on") {
  broken_shop s;
  wait(day);
  {
    session thief = s.of(actor_role::manager, 30);
    REQUIRE(thief.for_each(order, only(field::emails), [](const view&) { return true; }));
    REQUIRE(thief.disclose(s.ann, {.purpose = purpose::delivery_of_goods, .recipient = s.parcels}));
  }
  const breach_report told = s.report({.source = breach_source::actor, .actor = actor_id(30)});
  CHECK(told.customers.size() == 2);
  CHECK(find(told, s.jo)->possible.has(field::emails));
  CHECK(find(told, s.ann)->surely);
  CHECK(find(told, s.ann)->certain.has(field::addresses));
}

TEST_CASE("breach: of a credential, who was erased since is counted and not named") {
  broken_shop s;
  wait(day);
  {
    session thief = s.of(actor_role::manager, 30);
    REQUIRE(thief.read(s.jo, order));
    REQUIRE(thief.disclose(s.jo, {.purpose = purpose::delivery_of_goods, .recipient = s.parcels}));
    REQUIRE(thief.for_each(order, only(field::emails), [](const view&) { return true; }));
  }
  s.erase(s.jo);
  const breach_report told = s.report({.source = breach_source::actor, .actor = actor_id(30)});
  CHECK(find(told, s.jo) == nullptr);
  CHECK(told.scope.certain + told.scope.possible == 1);  // Ann, of the list.
  CHECK(unknown(told, unknown_kind::erased_looks) >= 2);
  CHECK(unknown(told, unknown_kind::erased_entries) == 1);
}

TEST_CASE("breach: of a credential, what it wrote shows nothing, what it erased is a loss") {
  broken_shop s;
  const customer_id third = keep(s.in, ken("L-3"));
  wait(day);
  {
    session thief = s.of(actor_role::manager, 30);
    const customer other = somebody_else();
    REQUIRE(thief.update(s.jo, other.fields(), order));
  }
  {
    session thief = s.of(actor_role::owner, 30);
    open_case(thief, {third});
    REQUIRE(thief.erase(third, erasure_reason::subject_request));
  }
  const breach_report told = s.report({.source = breach_source::actor, .actor = actor_id(30)});
  CHECK(told.scope.certain == 0);
  CHECK(unknown(told, unknown_kind::destroyed) == 1);
  CHECK(unknown(told, unknown_kind::erased_entries) == 0);
  CHECK(unknown(told, unknown_kind::unnamed_looks) == 0);
}

TEST_CASE("breach: a day is all of it, and no time before there were any") {
  broken_shop s;
  wait(2 * day);
  s.pass_on(s.jo, s.parcels);
  const date today = date_of(now());
  wait(2 * day);
  char text[10];
  write_date(today, text);
  std::string where;
  const auto told = breach_report_json(
      R"({"recipient": "Parcels Ltd", "until": ")" + std::string(text, 10) + "\"}", s.in, where);
  REQUIRE(told);
  CHECK(has(*told, R"("certain":1)"));
  for (const char* never : {"1970-01-01", "1970-01-01T00:00:00Z", "", "22.11.2026"}) {
    INFO(never);
    CHECK(code(breach_report_json(R"({"copy": "book", "since": ")" + std::string(never) + "\"}",
                                  s.in, where)) == errc::invalid_value);
  }
}

TEST_CASE("breach: of a recipient, who got what until then") {
  broken_shop s;
  s.pass_on(s.jo, s.parcels);
  s.pass_on(s.ann, s.other);
  wait(day);
  const timestamp then = now();
  wait(day);
  s.pass_on(s.ann, s.parcels);
  const breach_report told =
      s.report({.source = breach_source::recipient, .recipient = s.parcels, .until = then});
  CHECK(told.scope.certain == 1);
  CHECK(told.scope.possible == 0);
  REQUIRE(find(told, s.jo) != nullptr);
  CHECK(find(told, s.jo)->certain.has(field::addresses));
  CHECK_FALSE(find(told, s.jo)->certain.has(field::emails));
  CHECK(unknown(told, unknown_kind::erased_entries) == 0);
  // While it went on: perhaps behind it.
  const breach_report later =
      s.report({.source = breach_source::recipient, .recipient = s.parcels, .since = then});
  CHECK(later.scope.certain == 1);
  CHECK(later.scope.possible == 1);
  CHECK_FALSE(find(later, s.ann)->surely);
  CHECK(find(later, s.ann)->possible.has(field::addresses));
}

TEST_CASE("breach: of a recipient, of what is said not to have got out a part may have") {
  broken_shop s;
  const std::uint64_t index = s.pass_on(s.jo, s.parcels);
  const customer_entry stayed{s.jo, index};
  REQUIRE(s.in.not_delivered(std::span(&stayed, 1)));
  const breach_report told = s.report({.source = breach_source::recipient, .recipient = s.parcels});
  CHECK(told.scope.certain == 0);
  CHECK(told.scope.possible == 1);
  REQUIRE(find(told, s.jo) != nullptr);
  CHECK(find(told, s.jo)->certain.empty());
}

TEST_CASE(
    "breach: of a recipient, entries of people erased since could be anybody's of its class") {
  broken_shop s;
  s.pass_on(s.jo, s.parcels);
  s.pass_on(s.ann, s.parcels);
  s.erase(s.ann);
  const breach_report told = s.report({.source = breach_source::recipient, .recipient = s.other});
  CHECK(told.customers.empty());
  CHECK(unknown(told, unknown_kind::erased_entries) == 1);
}

TEST_CASE("breach: a copy of the data alone opens for nobody, and names nobody") {
  broken_shop s;
  wait(day);
  for (const breach_source one : {breach_source::data, breach_source::backup}) {
    const breach_report told = s.report({.source = one});
    CHECK(told.scope.opens == breach_opens::no);
    CHECK(told.customers.empty());
    CHECK(told.scope.certain + told.scope.possible == 0);
    CHECK(told.scope.sealed == 2);
  }
}

TEST_CASE("breach: a copy with its key has everybody who was there, with what stood there then") {
  broken_shop s;
  wait(2 * day);
  const timestamp copied = now();
  wait(2 * day);
  const customer_id late = keep(s.in, ken("L-3"));
  REQUIRE(s.in.remove(s.jo, field::phones, order));
  const breach_report told = s.report({.source = breach_source::book, .until = copied});
  CHECK(told.scope.opens == breach_opens::yes);
  CHECK(told.scope.certain == 2);
  CHECK(find(told, late) == nullptr);
  CHECK(unknown(told, unknown_kind::added_since) == 1);
  REQUIRE(find(told, s.jo) != nullptr);
  CHECK(find(told, s.jo)->certain ==
        field_set{field::name, field::emails, field::addresses, field::external_ids});
  // Taken out since: it stood there then.
  CHECK(find(told, s.jo)->possible == only(field::phones));
  CHECK(find(told, s.ann)->certain.has(field::phones));
}

TEST_CASE("breach: of a copy on the day on which somebody came in it is possible") {
  broken_shop s;
  const breach_report told = s.report({.source = breach_source::book});
  CHECK(told.scope.certain == 0);
  CHECK(told.scope.possible == 2);
  CHECK(find(told, s.jo)->certain.empty());
  CHECK(find(told, s.jo)->possible.has(field::emails));
}

TEST_CASE("breach: whoever came in before somebody who was there was there") {
  broken_shop s;
  wait(2 * day);
  (void)keep(s.in, ken("L-3"));
  wait(2 * day);
  const timestamp copied = now();
  wait(2 * day);
  // Of jo nothing is as old as the copy any more.
  const customer other = somebody_else();
  REQUIRE(s.in.update(s.jo, other.fields(), order));
  const breach_report told = s.report({.source = breach_source::book, .until = copied});
  REQUIRE(find(told, s.jo) != nullptr);
  CHECK(find(told, s.jo)->surely);
  CHECK(find(told, s.jo)->certain.empty());
  CHECK(find(told, s.jo)->possible.has(field::emails));
}

TEST_CASE("breach: key and data from before and after an erasure are of no use to each other") {
  broken_shop s;
  const customer_id third = keep(s.in, ken("L-3"));
  wait(2 * day);
  const timestamp data_at = now();
  wait(2 * day);
  s.erase(third);
  wait(2 * day);
  const timestamp key_at = now();
  const breach_report told =
      s.report({.source = breach_source::book, .until = data_at, .key_at = key_at});
  CHECK(told.scope.opens == breach_opens::no);
  CHECK(told.customers.empty());
  CHECK(told.scope.sealed == 2);
  const breach_report round =
      s.report({.source = breach_source::book, .until = key_at, .key_at = data_at});
  CHECK(round.scope.opens == breach_opens::no);
  // Without an erasure in between they belong together.
  const breach_report together = s.report({.source = breach_source::book,
                                           .until = data_at,
                                           .key_at = timestamp{data_at.seconds - day}});
  CHECK(together.scope.opens == breach_opens::yes);
  CHECK(together.scope.certain == 2);
  CHECK(unknown(together, unknown_kind::erased_since) == 1);
  // On the day of an erasure nobody knows.
  const breach_report that_day = s.report({.source = breach_source::book,
                                           .until = timestamp{data_at.seconds + 2 * day},
                                           .key_at = key_at});
  CHECK(that_day.scope.opens == breach_opens::possibly);
  CHECK(that_day.scope.certain == 0);
  CHECK(that_day.scope.possible == 2);
}

TEST_CASE(
    "breach: a backup with a mirror and the shares opens, but nobody erased before the mirror") {
  broken_shop s;
  s.make_recovery_key();
  const customer_id third = keep(s.in, ken("L-3"));
  wait(2 * day);
  const timestamp backup_at = now();
  wait(2 * day);
  s.erase(third);
  wait(2 * day);
  const timestamp mirror_at = now();
  wait(2 * day);
  s.erase(s.ann);
  const breach_report told =
      s.report({.source = breach_source::recovery, .until = backup_at, .key_at = mirror_at});
  CHECK(told.scope.opens == breach_opens::yes);
  CHECK(told.scope.certain == 1);
  CHECK(unknown(told, unknown_kind::erased_since) == 1);  // Ann, not the third.
}

TEST_CASE("breach: whom an access has put in may have been known through it") {
  broken_shop s;
  wait(day);
  customer_id made{};
  {
    session till = s.of(actor_role::service, 30);
    made = keep(till, ken("L-3"));
  }
  const breach_report told = s.report({.source = breach_source::actor, .actor = actor_id(30)});
  CHECK(told.scope.certain == 0);
  REQUIRE(find(told, made) != nullptr);
  CHECK(find(told, made)->possible.has(field::emails));
  CHECK(find(told, s.jo) == nullptr);
}

TEST_CASE("breach: a list notes more people than it shows") {
  broken_shop s;
  REQUIRE(s.in.append_purchase(s.jo, {.at = now(), .currency = "EUR", .total = 100}, {}, order));
  wait(day);
  {
    session thief = s.of(actor_role::manager, 30);
    REQUIRE(thief.list_customers({.no_purchase_for_days = 1}, order, only(field::emails),
                                 [](const listed&) { return false; }));
  }
  const breach_report told = s.report({.source = breach_source::actor, .actor = actor_id(30)});
  CHECK(told.scope.certain == 0);
  CHECK(told.scope.possible ==
        1);  // Who met its conditions; whether a page showed them is not kept.
}

TEST_CASE("breach: no backup of a book without a recovery key opens") {
  broken_shop s;
  CHECK(s.report({.source = breach_source::recovery}).scope.opens == breach_opens::no);
}

TEST_CASE("breach: a mirror older than the backup opens nobody who came in behind it for certain") {
  broken_shop s;
  s.make_recovery_key();
  wait(2 * day);
  const timestamp mirror_at = now();
  wait(2 * day);
  const customer_id late = keep(s.in, ken("L-3"));
  wait(2 * day);
  const breach_report told = s.report({.source = breach_source::recovery, .key_at = mirror_at});
  CHECK(told.scope.certain == 2);
  CHECK(told.scope.possible == 1);
  REQUIRE(find(told, late) != nullptr);
  CHECK_FALSE(find(told, late)->surely);
}

TEST_CASE("breach: an erasure while the copy may have been made closes nothing for certain") {
  broken_shop s;
  const customer_id third = keep(s.in, ken("L-3"));
  wait(2 * day);
  const timestamp since = now();
  wait(2 * day);
  s.erase(third);
  wait(2 * day);
  const timestamp until = now();
  wait(2 * day);
  const breach_report told =
      s.report({.source = breach_source::book, .since = since, .until = until, .key_at = now()});
  CHECK(told.scope.opens == breach_opens::possibly);
  CHECK(told.scope.possible == 2);
}

TEST_CASE("breach: who asks is written down for everybody, and who may not is refused") {
  broken_shop s;
  wait(day);
  for (const actor_role role :
       {actor_role::associate, actor_role::manager, actor_role::service, actor_role::auditor,
        actor_role::security_officer, actor_role::marketing}) {
    session of = s.of(role, 40);
    CHECK(code(report_breach(of, {.source = breach_source::book})) == errc::role_denied);
  }
  {
    session officer = s.of(actor_role::privacy_officer, 41);
    REQUIRE(report_breach(officer, {.source = breach_source::book}));
  }
  session auditor = s.of(actor_role::auditor, 42);
  const auto looks = auditor.who_looked(s.jo);
  REQUIRE(looks);
  const bool told = std::any_of(looks->begin(), looks->end(), [](const look& one) {
    return one.actor == actor_id(41) && one.purpose == purpose::breach_notification;
  });
  CHECK(told);
  REQUIRE(s.in.begin());
  CHECK(code(report_breach(s.in, {.source = breach_source::book})) == errc::invalid_state);
}

TEST_CASE("breach: what cannot be asked is refused") {
  broken_shop s;
  const timestamp ahead{now().seconds + 1};
  CHECK(code(report_breach(s.in, {})) == errc::invalid_argument);
  CHECK(code(report_breach(s.in, {.source = breach_source::actor})) == errc::invalid_argument);
  CHECK(code(report_breach(s.in, {.source = breach_source::book, .actor = actor_id(3)})) ==
        errc::invalid_argument);
  CHECK(code(report_breach(s.in, {.source = breach_source::data, .key_at = now()})) ==
        errc::invalid_argument);
  CHECK(code(report_breach(s.in, {.source = breach_source::book, .until = ahead})) ==
        errc::invalid_value);
  CHECK(code(report_breach(s.in, {.source = breach_source::book,
                                  .since = now(),
                                  .until = timestamp{now().seconds - 1}})) == errc::invalid_value);
  CHECK(code(report_breach(s.in, {.source = breach_source::recipient,
                                  .recipient = recipient_id(201)})) == errc::not_found);
  CHECK(code(report_breach(s.in, {.source = breach_source::book}, ahead)) == errc::invalid_value);
}

TEST_CASE("breach: the deadline is the law's, from when the shop learnt of it") {
  broken_shop s;
  s.pass_on(s.jo, s.parcels);
  wait(5 * day);
  const timestamp aware{now().seconds - day};
  const auto told =
      report_breach(s.in, {.source = breach_source::recipient, .recipient = s.parcels}, aware);
  REQUIRE(told);
  REQUIRE(told->deadlines.size() == 1);
  CHECK(told->deadlines[0].law == "gdpr");
  CHECK(told->deadlines[0].rule == "GDPR 33(1)");
  CHECK(told->deadlines[0].by.seconds == aware.seconds + 72 * hour);
  CHECK(told->deadlines[0].certain == 1);
}

TEST_CASE("breach: cases of it let those be reached whom it concerns") {
  broken_shop s;
  s.pass_on(s.jo, s.parcels);
  const breach_report told = s.report({.source = breach_source::recipient, .recipient = s.parcels});
  CHECK(code(s.in.read(s.jo, purpose::breach_notification)) == errc::case_required);
  const auto cases = open_breach_cases(s.in, told, "incident 4");
  REQUIRE(cases);
  CHECK(cases->size() == 1);
  CHECK(shows(s.in.read(s.jo, purpose::breach_notification), field::emails));
  CHECK(code(s.in.read(s.ann, purpose::breach_notification)) == errc::case_required);
  CHECK(code(open_breach_cases(s.in, told, "incident 4")) == errc::already_exists);
  CHECK(code(open_breach_cases(s.in, {}, "incident 5")) == errc::missing_field);
  CHECK(code(open_breach_cases(s.in, told, std::string(65, 'x'))) == errc::limit_exceeded);
}

TEST_CASE(
    "breach: the letter names the data, in five languages, and leaves to people what only they "
    "know") {
  broken_shop s;
  s.pass_on(s.jo, s.parcels);
  const breach_report told = s.report({.source = breach_source::recipient, .recipient = s.parcels});
  for (const language speech :
       {language::en, language::de, language::fr, language::es, language::it}) {
    const auto letter = make_breach_letter(told, nullptr, s.in.fields(),
                                           {.speech = speech, .contact = "dpo@example.com"});
    REQUIRE(letter);
    CHECK(has(*letter, label(category::physical_address, speech)));
    CHECK(has(*letter, "dpo@example.com"));
    CHECK(has(*letter, "["));
    CHECK_FALSE(has(*letter, "{"));
    CHECK_FALSE(has(*letter, "Ken"));
  }
}

TEST_CASE("breach: a letter to everybody is certain of what was taken of each") {
  broken_shop s;
  breach_report told;
  const customer_id ann{}, bob = s.jo;
  told.customers.push_back({.customer = ann, .certain = field_set{field::name, field::addresses}});
  told.customers.push_back({.customer = bob,
                            .certain = field_set{field::name, field::emails},
                            .possible = field_set{field::phones}});
  const auto lines = [&](const breached* one) {
    const auto letter = make_breach_letter(told, one, s.in.fields(), {});
    REQUIRE(letter);
    std::string certain, possible;
    for (std::size_t at = 0; at < letter->size();) {
      const std::size_t end = std::min(letter->find('\n', at), letter->size());
      const std::string line(letter->substr(at, end - at));
      if (has(line, "were seen or taken")) certain = line;
      if (has(line, "may have been")) possible = line;
      at = end + 1;
    }
    return std::pair(certain, possible);
  };
  const auto [all, some] = lines(nullptr);
  CHECK(has(all, "Name"));
  for (const char* const of_one : {"Physical Address", "Email Address", "Telephone Number"}) {
    CHECK_FALSE(has(all, of_one));
    CHECK(has(some, of_one));
  }
  const auto [own, own_perhaps] = lines(&told.customers[1]);
  CHECK(has(own, "Email Address"));
  CHECK_FALSE(has(own + own_perhaps, "Physical Address"));
  // Nothing is certain of all: the sentence leans on none before it. A category is named once.
  told.customers[0].certain = field_set{field::likes, field::dislikes};
  told.customers[1].certain = {};
  const auto [none, perhaps] = lines(nullptr);
  CHECK(none.empty());
  CHECK(has(perhaps, "These data of yours may have been seen or taken"));
  const std::string word(label(s.in.fields().find(field::likes)->categories.front(), language::en));
  REQUIRE_FALSE(word.empty());
  CHECK(perhaps.find(word) == perhaps.rfind(word));
}

TEST_CASE("breach: as JSON, with what is wrong named by its place") {
  broken_shop s;
  s.pass_on(s.jo, s.parcels);
  std::string where;
  const auto told = breach_report_json(
      R"({"recipient": "Parcels Ltd", "case": "incident 4", "letter": {"language": "de"}})", s.in,
      where);
  REQUIRE(told);
  for (const char* part :
       {R"("source":"recipient")", R"("opens":"yes")", R"("certain":1)", R"j("rule":"GDPR 33(1)")j",
        R"("laws":["gdpr"])", R"("cases":[)", "Was mit Ihren Daten geschehen ist"}) {
    INFO(part);
    CHECK(has(*told, part));
  }
  CHECK_FALSE(has(*told, "ken@example.com"));
  const auto wrong = [&](std::string_view text, errc expected, std::string_view at) {
    INFO(text);
    CHECK(code(breach_report_json(text, s.in, where)) == expected);
    CHECK(where == at);
  };
  wrong(R"({"recipient": "Nobody"})", errc::not_found, "/recipient");
  wrong(R"({"copy": "paper"})", errc::unknown_field, "/copy");
  wrong(R"({"copy": "book", "until": "2026-13-01"})", errc::invalid_value, "/until");
  wrong(R"({"copy": "book", "letter": {"language": "pt"}})", errc::invalid_value,
        "/letter/language");
  wrong(R"({"copy": "book", "whom": 1})", errc::unknown_field, "");
  wrong(R"({"copy": "book", "actor": 4})", errc::missing_field, "");
  wrong("{}", errc::missing_field, "");
  wrong("[]", errc::wrong_type, "");
}

TEST_CASE("breach: whoever it was passed on to is asked about as who got it from the shop") {
  broken_shop s;
  const recipient_id broker = add_party(s.in, "Big Data", recipient::data_broker);
  s.pass_on(s.jo, s.parcels);
  s.pass_on(s.ann, s.parcels);
  const auto reported = [&](const customer_id& whose, std::string_view to, const date& on = {}) {
    REQUIRE(s.in.report_onward(
        whose, {.from = "Parcels Ltd",
                .to = to,
                .party_class = to == "Big Data" ? recipient::data_broker : recipient::third_party,
                .on = on}));
  };
  reported(s.jo, "Big Data", {0, 0, 0});
  reported(s.jo, "Resold AG", {0, 0, 0});
  for (const breach_query& what :
       {breach_query{.source = breach_source::recipient, .recipient = broker},
        breach_query{.source = breach_source::recipient, .recipient_name = "Resold AG"}}) {
    const breach_report found = s.report(what);
    CHECK(found.scope.certain == 0);
    CHECK(found.scope.possible == 1);
    const breached* const one = find(found, s.jo);
    REQUIRE(one);
    CHECK_FALSE(one->surely);
    CHECK(one->certain.empty());
    CHECK(one->possible.has(field::addresses));
    CHECK(unknown(found, unknown_kind::erased_entries) == 0);
  }
  // A report that is noted behind the breach is of a day before, unless it says another.
  wait(3 * day);
  const timestamp ended = now();
  wait(3 * day);
  reported(s.ann, "Resold AG", date_of(now()));
  CHECK(
      s.report({.source = breach_source::recipient, .recipient_name = "Resold AG", .until = ended})
          .scope.possible == 1);
  CHECK(s.report({.source = breach_source::recipient, .recipient_name = "Resold AG"})
            .scope.possible == 2);
  // Of whom it was nobody knows any more: that is counted.
  s.erase(s.jo);
  const breach_report after = s.report({.source = breach_source::recipient, .recipient = broker});
  CHECK(after.scope.possible == 0);
  CHECK(unknown(after, unknown_kind::erased_entries) != 0);
  CHECK(unknown(s.report({.source = breach_source::recipient, .recipient_name = "Nobody Inc"}),
                unknown_kind::erased_entries) != 0);
}

TEST_CASE("breach: of a name that no ledger has, nobody is told that nobody is concerned") {
  broken_shop s;
  s.pass_on(s.jo, s.parcels);
  const auto of = [&](std::string_view name, recipient_id id = {}) {
    return code(report_breach(
        s.in, {.source = breach_source::recipient, .recipient = id, .recipient_name = name}));
  };
  CHECK(of("Parcels Limited") == errc::not_found);
  CHECK(of("") == errc::invalid_argument);
  CHECK(of("Parcels Ltd", s.parcels) == errc::invalid_argument);
  // Its name in the ledger is asked about as its number in the registry.
  CHECK(of("Parcels Ltd") == errc::none);
  std::string where;
  CHECK(code(breach_report_json(R"({"recipient": "Parcels Limited"})", s.in, where)) ==
        errc::not_found);
}
