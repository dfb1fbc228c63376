// What somebody with a role and the interface gets: the table of roles, cell by cell and through
// the calls themselves, and what insiders try.
#include <functional>
#include <string>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto order = purpose::customer_order_management;
constexpr auto rights = purpose::rights_fulfilment;
constexpr std::int64_t day = 86400;

purpose_id any_of(purpose_group group) {
  switch (group) {
    case purpose_group::desk:
      return order;
    case purpose_group::care:
      return purpose::client_care;
    case purpose_group::marketing:
      return purpose::email_marketing;
    case purpose_group::of_case:
      return rights;
    case purpose_group::whole:
      return purpose::service_optimisation;
    default:
      return purpose::personnel_hiring;
  }
}

template <class T>
errc code(const result<T>& answer) {
  return answer ? errc::none : answer.error().code;
}

/// Who works in a shop with one customer, whom a case names, and a party to pass on to.
struct staffed : shop {
  session boss = begin();
  recipient_id parcel = add_party(boss, "Parcel Co", recipient::parcel_service);
  customer_id id = keep(boss, ken());
  std::uint32_t by_case = open_case(boss, {id});

  session of(actor_role role, std::uint32_t number = 30) {
    auto out = opened->begin_session({.id = actor_id(number), .role = role});
    REQUIRE(out);
    return std::move(*out);
  }
};

using call = std::function<errc(staffed&, session&, purpose_id)>;

const std::pair<action, call> under_a_purpose[] = {
    {action::read,
     [](staffed& s, session& in, purpose_id why) { return code(in.read(s.id, why)); }},
    {action::read,
     [](staffed& s, session& in, purpose_id why) { return code(in.notes(s.id, why)); }},
    {action::read,
     [](staffed& s, session& in, purpose_id why) { return code(in.purchases(s.id, why)); }},
    {action::preview, [](staffed& s, session& in,
                         purpose_id why) { return code(in.preview(s.id, in.request(why))); }},
    {action::preview,
     [](staffed& s, session& in, purpose_id why) {
       return code(in.explain(s.id, in.request(why), field::name));
     }},
    {action::list,
     [](staffed&, session& in, purpose_id why) {
       return code(in.for_each(why, all_fields, [](const view&) { return true; }));
     }},
    {action::list, [](staffed&, session& in, purpose_id why) { return code(in.walk(why)); }},
    {action::keep,
     [](staffed& s, session& in, purpose_id why) {
       customer more;
       REQUIRE(more.set(field::language, std::string_view("de")));
       return code(in.update(s.id, more.fields(), why));
     }},
    {action::keep,
     [](staffed& s, session& in, purpose_id why) {
       return code(in.append_note(s.id, {.at = clock_hand(), .text = "blue"}, why));
     }},
    {action::remove, [](staffed& s, session& in,
                        purpose_id why) { return code(in.remove(s.id, field::language, why)); }},
    {action::disclose,
     [](staffed& s, session& in, purpose_id why) {
       return code(in.disclose(s.id, {.purpose = why, .recipient = s.parcel}));
     }},
    {action::tabulate,
     [](staffed&, session& in, purpose_id why) {
       constexpr std::array by{table_column{.field = field::language}};
       return code(in.tabulate({.purpose = why, .columns = by}));
     }},
    {action::search_notes,
     [](staffed& s, session& in, purpose_id why) { return code(in.mentions(s.id, why)); }},
    {action::search_notes,
     [](staffed& s, session& in, purpose_id why) { return code(in.redact_mentions(s.id, why)); }},
    {action::reverse,
     [](staffed&, session& in, purpose_id why) {
       const auto key = reversal_key::from(std::vector<std::byte>(32, std::byte{7}));
       return code(in.reverse_token("x", field::emails, why, *key));
     }},
};

const std::pair<action, call> without_purpose[] = {
    {action::find,
     [](staffed&, session& in, purpose_id) { return code(in.find("loyalty", "L-1")); }},
    {action::see_consents,
     [](staffed& s, session& in, purpose_id) { return code(in.directives(s.id)); }},
    {action::see_consents,
     [](staffed& s, session& in, purpose_id) { return code(in.kept_for(s.id)); }},
    {action::say_no,
     [](staffed& s, session& in, purpose_id) { return code(in.record(s.id, withdrawal())); }},
    {action::see_looks, [](staffed& s, session& in, purpose_id) { return code(in.ledger(s.id)); }},
    {action::erase,
     [](staffed& s, session& in, purpose_id) {
       return code(in.erase(s.id, erasure_reason::subject_request));
     }},
    {action::sign_receipts,
     [](staffed&, session& in, purpose_id) { return code(in.receipt_key()); }},
    {action::ask_refusals,
     [](staffed&, session& in, purpose_id) { return code(in.remembered(ken().fields())); }},
    {action::ask_refusals,
     [](staffed&, session& in, purpose_id) {
       return code(in.remember_unsubscribed(ken().fields(), clock_hand()));
     }},
    {action::forget_refusals,
     [](staffed&, session& in, purpose_id) { return code(in.forget_remembered(ken().fields())); }},
    {action::forget_refusals,
     [](staffed&, session& in, purpose_id) { return code(in.drop_refusals(9)); }},
    {action::open_case, [](staffed&, session& in,
                           purpose_id) { return code(in.open_case({.kind = case_kind::rights})); }},
    {action::open_case,
     [](staffed&, session& in, purpose_id) { return code(in.confirm_case(99)); }},
    {action::open_case, [](staffed&, session& in, purpose_id) { return code(in.close_case(99)); }},
    {action::open_case,
     [](staffed& s, session& in, purpose_id) { return code(in.open_request(s.id, {})); }},
    {action::open_case,
     [](staffed&, session& in, purpose_id) { return code(in.identify_request(99, "x")); }},
    {action::open_case,
     [](staffed&, session& in, purpose_id) { return code(in.extend_request(99, "x")); }},
    {action::open_case,
     [](staffed&, session& in, purpose_id) { return code(in.refuse_request(99, "x")); }},
    {action::open_case,
     [](staffed&, session& in, purpose_id) { return code(in.withdraw_request(99)); }},
    {action::open_case,
     [](staffed&, session& in, purpose_id) { return code(in.request_done(99, {})); }},
    {action::open_case,
     [](staffed&, session& in, purpose_id) { return code(in.close_request(99)); }},
    {action::open_case,
     [](staffed&, session& in, purpose_id) { return code(in.list_recipients(99)); }},
    {action::open_case,
     [](staffed&, session& in, purpose_id) {
       return code(in.tell_recipient(99, {.who = {"x"}, .state = told_state::told}));
     }},
    {action::open_case,
     [](staffed&, session& in, purpose_id) { return code(in.find_request(99)); }},
    {action::see_consents,
     [](staffed& s, session& in, purpose_id) { return code(in.kept_by_law(s.id)); }},
    {action::count,
     [](staffed&, session& in, purpose_id) {
       return code(in.count_permitted(in.request(order), field::name));
     }},
    {action::administer,
     [](staffed&, session& in, purpose_id) { return code(in.add_recipient({})); }},
    {action::administer,
     [](staffed& s, session& in, purpose_id) { return code(in.retire_recipient(s.parcel)); }},
    {action::administer,
     [](staffed&, session& in, purpose_id) { return code(in.add_notice(notice_for(in))); }},
    {action::administer,
     [](staffed&, session& in, purpose_id) { return code(in.extend_schema(standard_schema())); }},
    {action::administer,
     [](staffed&, session& in, purpose_id) {
       return code(in.propose_policy(policy_kind::trust_key, {}));
     }},
    {action::approve, [](staffed&, session& in, purpose_id) { return code(in.approve_policy(9)); }},
    {action::approve, [](staffed&, session& in, purpose_id) { return code(in.proposal()); }},
    {action::approve, [](staffed&, session& in, purpose_id) { return code(in.profile_keys()); }},
    {action::audit, [](staffed&, session& in, purpose_id) { return code(in.checkpoint()); }},
    {action::audit, [](staffed&, session& in, purpose_id) { return code(in.prove(0)); }},
    {action::audit, [](staffed&, session& in, purpose_id) { return code(in.log_identity()); }},
    {action::audit, [](staffed&, session& in, purpose_id) { return code(in.verify()); }},
    {action::audit, [](staffed&, session& in, purpose_id) { return code(in.due()); }},
    {action::audit, [](staffed&, session& in, purpose_id) { return code(in.refusal_periods()); }},
    {action::assign,
     [](staffed& s, session& in, purpose_id) { return code(in.assign(std::span(&s.id, 1), {})); }},
    {action::assign,
     [](staffed&, session& in, purpose_id) { return code(in.reassign(actor_id(1), actor_id(2))); }},
    {action::set_portfolios,
     [](staffed&, session& in, purpose_id) { return code(in.set_stores(actor_id(99), {})); }},
    {action::set_portfolios,
     [](staffed&, session& in,
        purpose_id) { return code(in.use_portfolios(portfolio_use::in_force)); }},
    {action::maintain,
     [](staffed&, session& in, purpose_id) { return code(in.compile_consents()); }},
};

}  // namespace

TEST_CASE("insider: each cell of the table of roles holds in each call under a purpose") {
  std::size_t cells = 0;
  for (const actor_role role : all_roles()) {
    staffed s;
    session in = s.of(role);
    for (const purpose_group group : all_groups()) {
      if (group == purpose_group::none) continue;
      for (const auto& each : under_a_purpose) {
        const action what = each.first;
        CAPTURE(name_of(role));
        CAPTURE(name_of(group));
        CAPTURE(name_of(what));
        const bool refused = each.second(s, in, any_of(group)) == errc::role_denied;
        // Nobody has customers of their own: no portfolios are in force.
        const reach whose = reach_of(role, what, group);
        CHECK(refused == (whose == reach::nobody || whose == reach::own));
        ++cells;
      }
    }
  }
  CHECK(cells == 8 * 6 * std::size(under_a_purpose));
}

TEST_CASE("insider: each cell of the table of roles holds in each call without one") {
  for (const actor_role role : all_roles()) {
    for (const auto& each : without_purpose) {
      const action what = each.first;
      staffed s;
      session in = s.of(role);
      CAPTURE(name_of(role));
      CAPTURE(name_of(what));
      const bool refused = each.second(s, in, order) == errc::role_denied;
      CHECK(refused == (reach_of(role, what) == reach::nobody));
    }
    staffed s;
    const auto own =
        s.of(role).disclose(s.id, {.purpose = rights, .recipient = recipient::data_subject});
    CHECK((code(own) == errc::role_denied) == (reach_of(role, action::hand_over) == reach::nobody));
  }
}

TEST_CASE("insider: purposes of cases reach those alone whom an open case of their kind names") {
  staffed s;
  session officer = s.of(actor_role::privacy_officer);
  const customer_id other = keep(s.boss, ken("L-2"));
  for (session* in : {&officer, &s.boss}) {
    CHECK(in->read(s.id, rights));
    CHECK(code(in->read(other, rights)) == errc::case_required);
    CHECK(code(in->read(s.id, purpose::product_recall)) == errc::case_required);
    CHECK(code(in->notes(other, rights)) == errc::case_required);
    CHECK(code(in->preview(other, in->request(rights))) == errc::case_required);
    CHECK(code(in->explain(other, in->request(rights), field::name)) == errc::case_required);
    CHECK(code(in->mentions(other, rights)) == errc::case_required);
    CHECK(code(in->update(other, {}, rights)) == errc::case_required);
    CHECK(code(in->disclose(other, {.purpose = rights, .recipient = recipient::data_subject})) ==
          errc::case_required);
    std::size_t seen = 0;
    REQUIRE(in->for_each(rights, all_fields, [&](const view& one) {
      CHECK(one.id() == s.id);
      ++seen;
      return true;
    }));
    CHECK(seen == 1);
    auto walk = in->walk(rights);
    REQUIRE(walk);
    view out;
    CHECK(*in->next(*walk, out));
    CHECK_FALSE(*in->next(*walk, out));
  }
  CHECK(code(officer.erase(other, erasure_reason::subject_request)) == errc::case_required);
  CHECK(officer.erase(s.id, erasure_reason::subject_request));
  // A case that was closed, or has run out, names nobody any more.
  const std::uint32_t mine = open_case(officer, {other});
  CHECK(s.boss.read(other, rights));
  REQUIRE(officer.close_case(mine));
  CHECK(code(s.boss.read(other, rights)) == errc::case_required);
  open_case(officer, {other});
  clock_hand().seconds += usual_case_days * day - 1;
  CHECK(s.boss.read(other, rights));
  clock_hand().seconds += 1;
  CHECK(code(s.boss.read(other, rights)) == errc::case_required);
  // What ran out is history too.
  open_case(officer, {other});
  const auto all = s.boss.cases();
  REQUIRE(all);
  REQUIRE(all->size() == 4);
  CHECK((*all)[1].closed_by == officer.who().id);
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("insider: a large case, a claim or a suspicion is in force with a second person") {
  staffed s;
  session officer = s.of(actor_role::privacy_officer, 41);
  session second = s.of(actor_role::privacy_officer, 42);
  std::vector<customer_id> many;
  for (int i = 0; i < 11; ++i) many.push_back(keep(s.boss, ken("M-" + std::to_string(i))));
  const consent_evidence reason{.reference = short_text<64>("file 9")};
  const auto opened = [&](session& in, case_kind kind, std::span<const customer_id> whom) {
    const auto number = in.open_case({.kind = kind, .customers = whom, .reason = reason});
    REQUIRE(number);
    return *number;
  };
  const auto large = opened(officer, case_kind::breach, many);
  const auto suspicion = opened(officer, case_kind::fraud, std::span(many).first(1));
  const auto claim = opened(officer, case_kind::claims, std::span(many).first(1));
  const std::pair<std::uint32_t, purpose_id> all[] = {
      {large, purpose::breach_notification},
      {suspicion, purpose::fraud_prevention_and_detection},
      {claim, purpose::dispute_management}};
  for (const auto& [number, why] : all) {
    CHECK(code(officer.read(many[0], why)) == errc::case_required);
    CHECK(code(officer.confirm_case(number)) == errc::second_person_required);
    CHECK(second.confirm_case(number));
    CHECK(code(second.confirm_case(number)) == errc::already_exists);
    CHECK(officer.read(many[0], why));
  }
  // A shop of one waits a day, and the case says that nobody else has looked.
  const auto alone = opened(s.boss, case_kind::tax, many);
  CHECK(code(s.boss.read(many[0], purpose::tax_record_keeping)) == errc::case_required);
  clock_hand().seconds += day;
  CHECK(s.boss.read(many[0], purpose::tax_record_keeping));
  CHECK((*s.boss.cases())[alone - 1].confirmed_by == actor_id());
}

TEST_CASE("insider: a bad case is refused and changes nothing") {
  staffed s;
  const consent_evidence reason{.reference = short_text<64>("letter 7")};
  const std::array whom{s.id};
  const std::array nobody{customer_id{}};
  const auto asked = [&](const case_request& what) { return code(s.boss.open_case(what)); };
  CHECK(asked({.customers = whom, .reason = reason}) == errc::invalid_argument);
  CHECK(asked({.kind = case_kind(99), .customers = whom, .reason = reason}) ==
        errc::invalid_argument);
  CHECK(asked({.kind = case_kind::tax, .reason = reason}) == errc::invalid_argument);
  CHECK(asked({.kind = case_kind::tax, .customers = nobody, .reason = reason}) == errc::not_found);
  CHECK(asked({.kind = case_kind::tax, .customers = whom}) == errc::missing_field);
  CHECK(asked({.kind = case_kind::tax,
               .customers = whom,
               .reason = {.reference = short_text<64>("two\nlines")}}) == errc::missing_field);
  for (const std::int64_t until :
       {std::int64_t{1}, clock_hand().seconds, clock_hand().seconds + 367 * day,
        std::numeric_limits<std::int64_t>::max()}) {
    CHECK(asked({.kind = case_kind::tax,
                 .customers = whom,
                 .reason = reason,
                 .until = timestamp{until}}) == errc::invalid_value);
  }
  const std::vector<customer_id> many(max_case_customers + 1, s.id);
  CHECK(asked({.kind = case_kind::tax, .customers = many, .reason = reason}) ==
        errc::invalid_argument);
  CHECK(code(s.boss.close_case(7)) == errc::not_found);
  REQUIRE(s.boss.erase(s.id, erasure_reason::other));
  CHECK(asked({.kind = case_kind::tax, .customers = whom, .reason = reason}) == errc::key_erased);
  CHECK(s.boss.cases()->size() == 1);
}

TEST_CASE("insider: a case survives the process, not a change that was undone") {
  staffed s;
  const customer_id other = keep(s.boss, ken("L-2"));
  REQUIRE(s.boss.begin());
  open_case(s.boss, {other});
  CHECK(s.boss.read(other, rights));
  s.boss.rollback();
  CHECK(code(s.boss.read(other, rights)) == errc::case_required);
  // Somebody else's case takes the place that it had.
  REQUIRE(s.boss.begin());
  open_case(s.boss, {other});
  s.boss.rollback();
  {
    session officer = s.of(actor_role::privacy_officer);
    open_case(officer, {keep(s.boss, ken("L-3"))});
  }
  CHECK(code(s.boss.read(other, rights)) == errc::case_required);
  const auto again = book::open(s.store, s.cell, {.clock = {test_clock}});
  REQUIRE(again);
  auto in = again->begin_session({.id = actor_id(9), .role = actor_role::privacy_officer});
  REQUIRE(in);
  CHECK(in->read(s.id, rights));
  CHECK(code(in->read(other, rights)) == errc::case_required);
  REQUIRE(in->cases());
  CHECK(in->cases()->front().reason.reference.view() == "letter 7");
}

TEST_CASE("insider: what is taken from the cases of a book is seen") {
  staffed s;
  std::vector<std::string> rows;
  const auto each = [&](auto&& spoil) {
    auto writing = s.store->begin_write();
    REQUIRE(writing);
    rows.clear();
    REQUIRE((*writing)->walk({}, {}, [&](byte_view at, byte_view) {
      if (!at.empty() && at[0] == std::byte{20}) rows.emplace_back(as_text(at));
      return true;
    }));
    REQUIRE(rows.size() == 2);
    spoil(**writing);
    REQUIRE((*writing)->commit());
  };
  SUBCASE("the case") {
    each([&](write_transaction& in) { REQUIRE(in.erase(as_bytes(rows[1]))); });
    CHECK(code(s.begin().read(s.id, rights)) == errc::row_missing);
  }
  SUBCASE("the list") {
    each([&](write_transaction& in) { REQUIRE(in.erase(as_bytes(rows[0]))); });
    CHECK(code(s.begin().read(s.id, rights)) == errc::row_missing);
  }
  SUBCASE("a list of before") {
    std::vector<std::byte> old;
    each([&](write_transaction& in) {
      const auto value = in.get(as_bytes(rows[0]));
      REQUIRE(value);
      old.assign(value->begin(), value->end());
    });
    const customer_id other = keep(s.boss, ken("L-2"));
    const std::string list = rows[0];
    open_case(s.boss, {other});
    auto writing = s.store->begin_write();
    REQUIRE(writing);
    REQUIRE((*writing)->put(as_bytes(list), old));
    REQUIRE((*writing)->commit());
    // Neither is the later case forgotten, nor does the earlier one hold as it was.
    CHECK(code(s.begin().read(other, rights)) == errc::authentication_failed);
    CHECK(code(s.begin().read(s.id, rights)) == errc::authentication_failed);
  }
  SUBCASE("the case of before") {
    std::vector<std::byte> old;
    each([&](write_transaction& in) {
      const auto value = in.get(as_bytes(rows[1]));
      REQUIRE(value);
      old.assign(value->begin(), value->end());
    });
    REQUIRE(s.of(actor_role::privacy_officer, 77).confirm_case(1));
    const std::string one = rows[1];
    auto writing = s.store->begin_write();
    REQUIRE(writing);
    REQUIRE((*writing)->put(as_bytes(one), old));
    REQUIRE((*writing)->commit());
    CHECK(code(s.begin().read(s.id, rights)) == errc::authentication_failed);
  }
}

TEST_CASE("insider: who says yes for somebody, or after a no, is not at the till") {
  staffed s;
  REQUIRE(s.boss.add_notice(notice_for(s.boss)));
  const directive yes = grant_of(s.boss, {recipient::self});
  REQUIRE(s.boss.record(s.id, withdrawal()));
  directive reopened = yes;
  reopened.supersedes[0] = (*s.boss.directives(s.id))[0].id;
  directive for_child = yes;
  for_child.by = indicated_by::guardian;
  directive posing = yes;
  posing.by = indicated_by::authority;
  directive asserted = yes;
  asserted.kind = directive_kind::basis_assertion;
  asserted.by = indicated_by::controller;
  asserted.strength = {};
  asserted.basis = lawful_basis::legitimate_interest;
  directive lifted = withdrawal();
  lifted.kind = directive_kind::lift;
  lifted.supersedes = reopened.supersedes;
  for (const actor_role role : {actor_role::associate, actor_role::manager, actor_role::service}) {
    session in = s.of(role);
    for (const directive& one : {reopened, for_child, posing, asserted, lifted}) {
      CHECK(code(in.record(s.id, one)) == errc::role_denied);
      CHECK(code(in.record_and_tell(s.id, one)) == errc::role_denied);
      CHECK(code(in.put(ken("L-9"), {.purposes = order, .directives = std::span(&one, 1)})) ==
            errc::role_denied);
    }
  }
  CHECK(s.boss.directives(s.id)->size() == 1);
  CHECK(s.of(actor_role::associate).record(s.id, yes));
  directive no = withdrawal();
  no.by = indicated_by::guardian;
  CHECK(s.of(actor_role::associate).record(s.id, no));
}

TEST_CASE("insider: a field goes where a purpose may alter it, or where nothing keeps it") {
  staffed s;
  CHECK(code(s.of(actor_role::associate).remove(s.id, field::phones)) == errc::role_denied);
  CHECK(code(s.of(actor_role::service).remove(s.id, field::phones)) == errc::role_denied);
  session manager = s.of(actor_role::manager);
  CHECK(code(manager.remove(s.id, field::phones, rights)) == errc::role_denied);
  // Kept for the order: an invented purpose does not take it away.
  CHECK(code(s.boss.remove(s.id, field::phones, purpose::email_marketing)) == errc::denied);
  CHECK(shows(s.boss.read(s.id, order), field::phones));
  CHECK(manager.remove(s.id, field::phones, order));
  CHECK_FALSE(shows(s.boss.read(s.id, order), field::phones));
  CHECK(s.of(actor_role::privacy_officer).remove(s.id, field::addresses, rights));
}

TEST_CASE("insider: purposes of a call are all within the role, or none is") {
  staffed s;
  session till = s.of(actor_role::associate);
  const purpose_set mixed{order, rights};
  CHECK(code(till.put(ken("L-3"), {.purposes = mixed})) == errc::role_denied);
  CHECK(code(till.append_note(s.id, {.at = clock_hand(), .text = "blue"}, mixed)) ==
        errc::role_denied);
  // What a law makes the shop keep is kept without a case; it is read by one.
  const purchase receipt{.at = clock_hand(), .order = "1", .currency = "EUR"};
  const std::array lines{purchase_line{.sku = "776", .quantity = 1}};
  CHECK(till.append_purchase(s.id, receipt, lines, purpose::tax_record_keeping));
  CHECK(code(till.purchases(s.id, purpose::tax_record_keeping)) == errc::role_denied);
  CHECK(code(s.boss.purchases(s.id, purpose::tax_record_keeping)) == errc::case_required);
  CHECK(till.put(ken("L-4"), {.purposes = order}));
}

// --- what a caller may not bring along --------------------------------------------------------

namespace {

/// A customer with a grant that ends, a restriction that ends, and a masked card.
struct limited : shop {
  session in = begin();
  recipient_id partner = add_party(in, "partner", recipient::selected_partner);
  customer_id id;

  explicit limited(std::uint32_t pause = 0) : shop(gdpr_profile().id, std::nullopt, pause) {
    REQUIRE(in.add_notice(notice_for(in)));
    directive yes = grant_of(in, {recipient::self, recipient::selected_partner});
    yes.not_after = timestamp{clock_hand().seconds + 1000};
    customer record = ken();
    const payment_card card{.token = "tok_4711", .last_four = "4242", .brand = "visa"};
    REQUIRE(record.set(field::payment_cards, std::array{card}));
    id = keep(in, record, std::span(&yes, 1));
  }
  decision_request as(purpose_id why, recipient_id to, operation_id how) const {
    decision_request out = in.request(why);
    out.recipient = to;
    out.operation = how;
    return out;
  }
};

}  // namespace

TEST_CASE("insider: a request brings no time, no clock and no promise along") {
  limited s;
  decision_request as = s.in.request(purpose::email_marketing);
  REQUIRE(shows(s.in.preview(s.id, as), field::emails));
  clock_hand().seconds += 1000;  // the grant has ended
  const timestamp before{as.now.seconds};
  REQUIRE_FALSE(shows(s.in.read(s.id, purpose::email_marketing), field::emails));
  as.now = before;
  as.clock = clock_confidence::trusted;
  CHECK(fields_of(s.in.preview(s.id, as)) == 0);
  CHECK(s.in.preview(s.id, as)->state(field::emails) == field_state::withheld);
  CHECK_FALSE(s.in.explain(s.id, as, field::emails)->permitted);
  CHECK(*s.in.count_permitted(as, field::emails) == 0);

  // A clock that was set back is not undone by who asks.
  REQUIRE(s.in.confirm_clock());
  clock_hand().seconds -= 500;
  decision_request trusted = s.in.request(purpose::email_marketing);
  trusted.clock = clock_confidence::trusted;
  CHECK_FALSE(s.in.explain(s.id, trusted, field::emails)->permitted);
  CHECK(fields_of(s.in.preview(s.id, trusted)) == 0);
  clock_hand().seconds += 500;
  directive stop = withdrawal();
  stop.kind = directive_kind::restrict;
  stop.scope.purposes = all_purposes();
  stop.not_after = timestamp{clock_hand().seconds + 1000};
  REQUIRE(s.in.record(s.id, stop));
  decision_request later = s.in.request(order);
  later.now.seconds += 100'000;
  CHECK(s.in.preview(s.id, later)->decision().permitted ==
        s.in.read(s.id, order)->decision().permitted);
}

TEST_CASE("insider: nobody promises a human review, and what a host does it says when it opens") {
  shop s;
  session in = s.begin();
  const recipient_id partner = add_party(in, "partner", recipient::selected_partner);
  REQUIRE(in.add_notice(notice_for(in)));
  directive yes = grant_of(in, {recipient::self, recipient::selected_partner});
  obligation what = obligation::human_review;
  SUBCASE("a review") {}
  SUBCASE("a notice") { what = obligation::notify_subject; }
  yes.conditions.required = {what};
  const customer_id id = keep(in, ken(), std::span(&yes, 1));
  decision_request as = in.request(purpose::email_marketing);
  as.discharges = obligation_set::of_bits(0xffff);
  CHECK_FALSE(in.preview(id, as)->decision().permitted.has(field::emails));
  const auto left = [&](session& by) {
    return code(by.disclose(id, {.purpose = purpose::email_marketing, .recipient = partner}));
  };
  CHECK(left(in) == errc::obligation_unsupported);
  const auto again = book::open(
      s.store, s.cell, {.clock = {test_clock}, .discharges = obligation_set::of_bits(0xffff)});
  REQUIRE(again);
  auto with = again->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(with);
  CHECK((left(*with) == errc::none) == (what != obligation::human_review));
}

TEST_CASE("insider: a preview tells forms, and a value to whom read() would show it") {
  limited s;
  // No operation lifts a mask.
  const auto read = s.in.read(s.id, purpose::payment_management);
  REQUIRE(read);
  REQUIRE(read->state(field::payment_cards) == field_state::redacted);
  const auto masked = read->record().raw(field::payment_cards);
  all_operations.for_each([&](operation_id how) {
    for (const recipient_id to : {recipient::self, recipient::data_subject, s.partner}) {
      const auto seen = s.in.preview(s.id, s.as(purpose::payment_management, to, how));
      REQUIRE(seen);
      const auto value = seen->record().raw(field::payment_cards);
      CHECK((value.empty() || crypto::hash(value) == crypto::hash(masked)));
    }
  });
  // Marketing is previewed at the till, and shows nothing there.
  auto begun = s.opened->begin_session({.id = actor_id(30), .role = actor_role::associate});
  REQUIRE(begun);
  const auto till =
      begun->preview(s.id, s.as(purpose::email_marketing, s.partner, operation::disclose));
  REQUIRE(till);
  CHECK(till->state(field::emails) == field_state::shown);
  CHECK(fields_of(till) == 0);
  // Nor whether it is there.
  customer bare;
  const external_id loyalty{.system = "loyalty", .value = "L-9"};
  REQUIRE(bare.set(field::external_ids, std::array{loyalty}));
  directive yes = grant_of(s.in, {recipient::self, recipient::selected_partner});
  const customer_id other = keep(s.in, bare, std::span(&yes, 1));
  const auto nothing =
      begun->preview(other, s.as(purpose::email_marketing, s.partner, operation::disclose));
  REQUIRE(nothing);
  for (std::uint8_t i = 0; i < max_fields; ++i) {
    CHECK(nothing->state(field_id(i)) == till->state(field_id(i)));
  }
  CHECK(shows(s.in.preview(s.id, s.as(purpose::email_marketing, s.partner, operation::disclose)),
              field::emails));
}

TEST_CASE("insider: who writes down what was said is the session's actor") {
  limited s;
  directive no = withdrawal();
  no.recorder = actor_id(99);
  REQUIRE(s.in.record(s.id, no));
  CHECK(s.in.directives(s.id)->back().recorder == s.in.who().id);
  directive yes = grant_of(s.in, {recipient::self});
  yes.recorder = actor_id(99);
  const customer_id other = keep(s.in, ken("L-2"), std::span(&yes, 1));
  CHECK(s.in.directives(other)->front().recorder == s.in.who().id);
}

TEST_CASE("insider: a clock that goes far ahead changes nothing until somebody confirms it") {
  limited s(62);
  auto second = s.opened->begin_session({.id = actor_id(8), .role = actor_role::security_officer});
  auto till = s.opened->begin_session({.id = actor_id(30), .role = actor_role::associate});
  REQUIRE(second);
  REQUIRE(till);
  directive forever = grant_of(s.in, {recipient::self});
  REQUIRE(s.in.record(s.id, forever));
  const auto reached = [&] {
    return s.in.read(s.id, purpose::email_marketing)->state(field::emails) == field_state::shown;
  };
  REQUIRE(reached());
  const timestamp today = clock_hand();
  clock_hand().seconds += 50 * 365 * day;
  directive no = withdrawal();
  CHECK(code(s.in.record(s.id, no)) == errc::clock_ahead);
  CHECK(code(s.in.put(ken("L-2"), {.purposes = order})) == errc::clock_ahead);
  CHECK(code(s.in.begin()) == errc::clock_ahead);
  CHECK(code(s.in.erase(s.id, erasure_reason::other)) == errc::clock_ahead);
  clock_hand() = today;
  CHECK(reached());
  CHECK(s.in.record(s.id, no));
  // A restriction that ends is not outlived by a clock set ahead.
  directive stop = withdrawal();
  stop.kind = directive_kind::restrict;
  stop.scope.purposes = {order};
  stop.not_after = timestamp{clock_hand().seconds + day};
  REQUIRE(s.in.record(s.id, stop));
  const auto packed = [&] { return shows(s.in.read(s.id, order), field::addresses); };
  REQUIRE_FALSE(packed());
  clock_hand().seconds += 100 * day;
  CHECK_FALSE(packed());
  CHECK(code(till->confirm_clock()) == errc::role_denied);
  REQUIRE(second->confirm_clock());
  CHECK(packed());
  CHECK(s.in.put(ken("L-3"), {.purposes = order}));
  // A book that is used is never left alone, however long.
  for (int month = 0; month < 12; ++month) {
    clock_hand().seconds += 30 * day;
    CHECK(s.in.append_note(s.id, {.at = clock_hand(), .text = "blue"}, purpose::client_care)
              .error()
              .code != errc::clock_ahead);
    CHECK(s.in.put(ken("N-" + std::to_string(month)), {.purposes = order}));
  }
}
