// Requests: what a customer asks for by right, by when, and what remains of it when they are gone.
#include <clientbook/book/request.hpp>

#include <algorithm>

#include "working_day.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::int64_t day = 86400;

template <class T>
errc code(const result<T>& of) {
  return of ? errc::none : of.error().code;
}

date today() { return date_of(clock_hand()); }

struct requests_shop : shop {
  session in;
  recipient_id parcels{};
  customer_id jo;

  explicit requests_shop(profile_id law = gdpr_profile().id) : shop(law), in(begin()) {
    parcels = add_party(in, "Parcels Ltd", recipient::parcel_service);
    jo = keep(in, ken());
  }
  std::uint32_t open(request_kind kind, std::string_view identity = "passport seen") {
    const auto number = in.open_request(jo, {.kind = kind,
                                             .received = today(),
                                             .channel = request_channel::mail,
                                             .reference = "",
                                             .identity = identity});
    REQUIRE(number);
    return *number;
  }
  request_record seen(std::uint32_t number) {
    auto out = in.find_request(number);
    REQUIRE(out);
    return std::move(*out);
  }
  void pass_on() {
    REQUIRE(in.disclose(jo, {.purpose = purpose::delivery_of_goods, .recipient = parcels}));
  }
  void correct(const customer& to) {
    REQUIRE(in.update(jo, to.fields(), purpose::customer_order_management));
  }
  void rename(std::string_view given = "Kenneth") {
    customer out;
    REQUIRE(out.set(field::name, person_name{.given = given, .family = "Sánchez"}));
    correct(out);
  }
  result<erasure> erase(std::uint32_t number) {
    return in.erase(jo, erasure_reason::subject_request, {.request = number});
  }
};

}  // namespace

TEST_CASE("request: has a number, a case, and the deadline of the customer's law") {
  requests_shop s;
  const auto number =
      s.in.open_request(s.jo, {.kind = request_kind::access,
                               .received = {2027, 1, 14},  // the clock stands at 2027-01-15
                               .channel = request_channel::letter,
                               .reference = "letter 7"});
  REQUIRE(number);
  CHECK(*number == 1);
  request_record one = s.seen(1);
  CHECK(one.state == request_state::waiting_for_identity);
  CHECK(one.answer_by() == date{2027, 2, 14});
  CHECK(one.due.extended == date{2027, 4, 14});
  CHECK(one.law == "GDPR 12(3)");
  CHECK(one.customer == s.jo);
  CHECK(std::string_view(one.words.reference) == "letter 7");
  const auto cases = s.in.cases();
  REQUIRE(cases);
  REQUIRE(cases->size() == one.case_number);
  CHECK(cases->back().customers == std::vector{s.jo});
  CHECK(cases->back().reason.reference.view() == "request 1");

  REQUIRE(s.in.identify_request(1, "passport seen by Kim"));
  CHECK(s.seen(1).state == request_state::open);
  REQUIRE(s.in.extend_request(1, "forty other requests"));
  one = s.seen(1);
  CHECK(one.state == request_state::extended);
  CHECK(one.answer_by() == date{2027, 4, 14});
  // Each step is an entry about the customer.
  const auto told = s.in.ledger(s.jo);
  REQUIRE(told);
  CHECK(std::count_if(told->begin(), told->end(), [](const ledger_record& each) {
          return each.event == ledger_event::request;
        }) == 3);
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE("request: of several laws the earliest day holds") {
  requests_shop s(us_ca_profile().id);
  const std::uint32_t access = s.open(request_kind::access);
  CHECK(s.seen(access).answer_by() == date_of(timestamp{clock_hand().seconds + 45 * day}));
  CHECK(s.seen(access).due.confirm.month != 0);
  // A no is heeded sooner than anything else is answered.
  const std::uint32_t no = s.open(request_kind::objection);
  CHECK(s.seen(no).answer_by() == date{2027, 1, 29});  // Ten business days from a Friday.
  CHECK(s.seen(no).due.confirm == s.seen(no).answer_by());
  CHECK(code(s.in.extend_request(no, "we are slow")) == errc::denied);
}

TEST_CASE("request: what is wrong with one is told by its code, and nothing is written") {
  requests_shop s;
  const std::uint64_t before = s.in.figures()->ledger_entries;
  const new_request good{.kind = request_kind::access,
                         .received = today(),
                         .channel = request_channel::mail,
                         .reference = "letter 7"};
  new_request bad = good;
  bad.received = date_of(timestamp{clock_hand().seconds + day});
  CHECK(code(s.in.open_request(s.jo, bad)) == errc::invalid_value);
  bad.received = {2027, 2, 29};
  CHECK(code(s.in.open_request(s.jo, bad)) == errc::invalid_value);
  bad = good;
  bad.kind = static_cast<request_kind>(9);
  CHECK(code(s.in.open_request(s.jo, bad)) == errc::invalid_argument);
  bad = good;
  bad.channel = static_cast<request_channel>(0);
  CHECK(code(s.in.open_request(s.jo, bad)) == errc::invalid_argument);
  bad = good;
  bad.reference = "two\nlines";
  CHECK(code(s.in.open_request(s.jo, bad)) == errc::invalid_value);
  bad.reference = "paid with 4111 1111 1111 1111";
  CHECK(code(s.in.open_request(s.jo, bad)) == errc::card_data_refused);
  const std::string long_text(256, 'x');
  bad.reference = long_text;
  CHECK(code(s.in.open_request(s.jo, bad)) == errc::limit_exceeded);
  CHECK(code(s.in.open_request(customer_id{}, good)) == errc::not_found);
  CHECK(s.in.requests()->empty());
  CHECK(s.in.cases()->empty());
  CHECK(s.in.figures()->ledger_entries == before);

  REQUIRE(s.in.open_request(s.jo, good));
  const auto again = s.in.open_request(s.jo, good);
  CHECK(code(again) == errc::already_exists);
  CHECK(again.error().at == 1);
  // The same letter may ask for something else.
  bad = good;
  bad.kind = request_kind::objection;
  CHECK(s.in.open_request(s.jo, bad));
  CHECK(code(s.in.identify_request(9, "x")) == errc::not_found);
  CHECK(code(s.in.identify_request(1, "")) == errc::missing_field);
  CHECK(code(s.in.extend_request(1, "")) == errc::missing_field);
  CHECK(code(s.in.refuse_request(1, "")) == errc::missing_field);
  CHECK(code(s.in.request_done(1, {})) == errc::identity_unverified);
  CHECK(code(s.in.close_request(1)) == errc::invalid_state);
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE("request: is extended once, and before its deadline") {
  requests_shop s;
  const std::uint32_t late = s.open(request_kind::access);
  const std::uint32_t in_time = s.open(request_kind::portability);
  REQUIRE(s.in.extend_request(in_time, "many of them"));
  CHECK(code(s.in.extend_request(in_time, "still")) == errc::already_exists);
  clock_hand() = start_of(s.seen(late).due.answer);
  clock_hand().seconds += day - 1;  // The last second of the last day.
  s.in = s.begin();
  const std::uint32_t other = s.open(request_kind::objection);
  CHECK(other == 3);
  clock_hand().seconds += 1;
  s.in = s.begin();
  CHECK(code(s.in.extend_request(late, "we forgot")) == errc::deadline_passed);
  CHECK(s.seen(late).extended_at == timestamp{});
}

TEST_CASE("request: a clock that was set back extends none behind its deadline") {
  requests_shop s;
  const std::uint32_t number = s.open(request_kind::access);
  const timestamp before = clock_hand();
  clock_hand() = start_of(s.seen(number).due.answer);
  clock_hand().seconds += 2 * day;
  REQUIRE(s.in.record(s.jo, withdrawal()));  // The book has seen that day.
  clock_hand() = before;
  s.in = s.begin();
  CHECK(code(s.in.extend_request(number, "many of them")) == errc::deadline_passed);
}

TEST_CASE("request: while nobody knows who asks, its case opens nothing beside it") {
  requests_shop s;
  const std::uint32_t number = s.open(request_kind::access, "");
  for (const actor_role role : {actor_role::owner, actor_role::privacy_officer}) {
    session in = s.begin(role);
    const auto refused = in.hand_over(s.jo);
    CHECK(code(refused) == errc::identity_unverified);
    CHECK(refused.error().at == number);
    CHECK(code(in.disclose(s.jo, {.purpose = purpose::rights_fulfilment,
                                  .recipient = recipient::data_subject})) ==
          errc::identity_unverified);
    CHECK(code(in.erase(s.jo, erasure_reason::subject_request)) == errc::identity_unverified);
  }
  // Somebody stands in the shop, whom that letter has nothing to do with.
  open_case(s.in, {s.jo});
  CHECK(s.in.hand_over(s.jo));
  REQUIRE(s.in.close_case(s.in.cases()->back().number));
  CHECK(code(s.in.hand_over(s.jo)) == errc::identity_unverified);
  REQUIRE(s.in.identify_request(number, "answered from the known address"));
  CHECK(s.in.hand_over(s.jo));
}

TEST_CASE("request: an erasure goes past no request of the customer, and past no claim") {
  requests_shop s;
  s.pass_on();
  const auto erase = [&](erasure_reason why) { return s.in.erase(s.jo, why); };
  const std::uint32_t corrected = s.open(request_kind::rectification);
  s.rename();
  REQUIRE(s.in.request_done(corrected, {.before = {field::name}, .after = {field::name}}));
  const bool told_of_it = !s.seen(corrected).recipients.empty();
  if (told_of_it) {
    const auto untold = erase(erasure_reason::subject_request);
    CHECK(code(untold) == errc::recipients_untold);
    CHECK(untold.error().at == corrected);
    REQUIRE(s.in.tell_recipient(corrected, {.who = {"Parcels Ltd"}, .state = told_state::told}));
  }
  CHECK(told_of_it);
  const std::uint32_t number = s.open(request_kind::erasure);
  const auto beside = erase(erasure_reason::subject_request);
  CHECK(code(beside) == errc::invalid_state);
  CHECK(beside.error().at == number);
  for (const case_kind kind : {case_kind::claims, case_kind::tax, case_kind::fraud}) {
    open_case(s.in, {s.jo}, kind);
    const std::uint32_t held = s.in.cases()->back().number;
    CHECK(code(erase(erasure_reason::other)) == errc::kept_by_law);  // Confirmed or not.
    if (kind != case_kind::tax) {
      auto second = s.opened->begin_session({.id = actor_id(9), .role = actor_role::owner});
      REQUIRE(second);
      REQUIRE(second->confirm_case(held));
    }
    CHECK(code(erase(erasure_reason::other)) == errc::kept_by_law);
    REQUIRE(s.in.close_case(held));
  }
  REQUIRE(s.in.list_recipients(number));
  REQUIRE(s.in.tell_recipient(number, {.who = {"Parcels Ltd"}, .state = told_state::told}));
  CHECK(s.erase(number));
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE("request: ends as refused or withdrawn, and its case with it") {
  requests_shop s;
  const std::uint32_t refused = s.open(request_kind::access, "");
  const std::uint32_t withdrawn = s.open(request_kind::access);
  REQUIRE(s.in.refuse_request(refused, "nobody has shown who asks"));
  REQUIRE(s.in.withdraw_request(withdrawn));
  CHECK(s.seen(refused).state == request_state::refused);
  CHECK(std::string_view(s.seen(refused).words.reason) == "nobody has shown who asks");
  CHECK(s.seen(withdrawn).state == request_state::withdrawn);
  const auto all_cases = s.in.cases();
  for (const case_record& one : *all_cases) CHECK(one.closed_at != timestamp{});
  for (const std::uint32_t number : {refused, withdrawn}) {
    CHECK(code(s.in.identify_request(number, "x")) == errc::invalid_state);
    CHECK(code(s.in.extend_request(number, "x")) == errc::invalid_state);
    CHECK(code(s.in.refuse_request(number, "x")) == errc::invalid_state);
    CHECK(code(s.in.withdraw_request(number)) == errc::invalid_state);
    CHECK(code(s.in.request_done(number, {})) == errc::invalid_state);
    CHECK(code(s.in.close_request(number)) == errc::invalid_state);
    CHECK(code(s.in.list_recipients(number)) == errc::invalid_state);
  }
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE("request: nothing is done that nobody has corrected, and who asks is written down once") {
  requests_shop s;
  const std::uint32_t number = s.open(request_kind::rectification);
  for (const field_id field : {field::name, field::purchases, field::notes, field::payment_cards}) {
    CAPTURE(field.value);
    const auto done = s.in.request_done(number, {.before = only(field), .after = only(field)});
    CHECK(code(done) == errc::not_found);
    CHECK(done.error().at == field.value);
  }
  CHECK(s.seen(number).state == request_state::open);
  CHECK(code(s.in.identify_request(number, "somebody else says so")) == errc::already_exists);
  CHECK(std::string_view(s.seen(number).words.identity) == "passport seen");
  s.rename();
  REQUIRE(s.in.request_done(number, {.before = {field::name}, .after = {field::name}}));
  // A correction of before the request is none for it.
  clock_hand().seconds += 3 * day;
  const std::uint32_t later = s.open(request_kind::rectification);
  CHECK(code(s.in.request_done(later, {.before = {field::name}, .after = {field::name}})) ==
        errc::not_found);
}

TEST_CASE("request: who has got data is told, each of their own fields") {
  requests_shop s;
  s.pass_on();
  const std::uint32_t number = s.open(request_kind::rectification);
  customer moved;
  REQUIRE(moved.set(field::addresses,
                    std::array{postal_address{.line1 = "1 Elm St", .city = "Renton"}}));
  s.correct(moved);
  REQUIRE(s.in.request_done(number, {.before = {field::addresses}, .after = {field::addresses}}));
  request_record one = s.seen(number);
  CHECK(one.state == request_state::done);
  REQUIRE(one.recipients.size() == 1);
  CHECK(one.recipients[0].name == "Parcels Ltd");
  CHECK(one.recipients[0].fields == field_set{field::addresses});
  CHECK(one.words.after == field_set{field::addresses});
  CHECK(code(s.in.close_request(number)) == errc::recipients_untold);
  CHECK(code(s.in.tell_recipient(number, {.who = {"Somebody"}, .state = told_state::told})) ==
        errc::not_found);
  REQUIRE(s.in.tell_recipient(number, {.who = {"Parcels Ltd"}, .state = told_state::told}));
  CHECK(code(s.in.tell_recipient(number, {.who = {"Parcels Ltd"}, .state = told_state::told})) ==
        errc::invalid_state);
  CHECK(code(s.in.tell_recipient(number, {.who = {"Parcels Ltd"}, .state = told_state::to_tell})) ==
        errc::invalid_state);
  REQUIRE(s.in.close_request(number));
  // They may answer later.
  REQUIRE(s.in.tell_recipient(number, {.who = {"Parcels Ltd"}, .state = told_state::confirmed}));
  CHECK(s.seen(number).recipients[0].state == told_state::confirmed);
  // Whoever has not got what was corrected is not to be told.
  const std::uint32_t other = s.open(request_kind::rectification);
  customer known;
  REQUIRE(known.set(field::external_ids,
                    std::array{external_id{.system = "loyalty", .value = "L-77"}}));
  s.correct(known);
  REQUIRE(s.in.request_done(other, {.before = {}, .after = {field::external_ids}}));
  CHECK(s.seen(other).recipients.empty());
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE(
    "request: an erasure is done after the recipients were told, and leaves no word of whom") {
  requests_shop s;
  s.pass_on();
  const std::uint32_t other = s.open(request_kind::access);
  const std::uint32_t number = s.open(request_kind::erasure, "");
  CHECK(code(s.in.request_done(number, {})) == errc::invalid_argument);
  CHECK(code(s.erase(number)) == errc::identity_unverified);
  REQUIRE(s.in.identify_request(number, "answered from the address that we have"));
  CHECK(code(s.erase(other)) == errc::invalid_argument);
  CHECK(code(s.erase(99)) == errc::not_found);
  CHECK(code(s.erase(number)) == errc::recipients_untold);
  const auto list = s.in.list_recipients(number);
  REQUIRE(list);
  REQUIRE(list->size() == 1);
  CHECK(code(s.erase(number)) == errc::recipients_untold);
  REQUIRE(s.in.tell_recipient(number, {.who = {"Parcels Ltd"}, .state = told_state::told}));
  const auto done = s.erase(number);
  REQUIRE(done);

  const request_record one = s.seen(number);
  CHECK(one.state == request_state::done);
  CHECK(one.ledger_index == done->receipt.ledger_index);
  CHECK(one.customer == customer_id{});
  CHECK(one.words.identity.empty());
  REQUIRE(one.recipients.size() == 1);
  CHECK(one.recipients[0].fields.has(field::addresses));
  CHECK(s.seen(other).state == request_state::customer_erased);
  const auto all_cases = s.in.cases();
  for (const case_record& each : *all_cases) {
    CHECK(each.customers.empty());
    CHECK(each.closed_at != timestamp{});
  }
  REQUIRE(s.in.tell_recipient(number, {.who = {"Parcels Ltd"}, .state = told_state::confirmed}));
  REQUIRE(s.in.close_request(number));
  CHECK(s.seen(number).state == request_state::closed);
  CHECK(s.in.verify()->problems == 0);
  CHECK(code(s.in.open_request(s.jo, {.received = today()})) == errc::key_erased);
}

TEST_CASE("request: somebody who gets data after the list was made is told too") {
  requests_shop s;
  const std::uint32_t number = s.open(request_kind::erasure);
  REQUIRE(s.in.list_recipients(number));
  s.pass_on();
  CHECK(code(s.erase(number)) == errc::recipients_untold);
  REQUIRE(s.in.list_recipients(number));
  REQUIRE(s.in.tell_recipient(number, {.who = {"Parcels Ltd"}, .state = told_state::impossible}));
  CHECK(s.erase(number));
}

TEST_CASE("request: who gets the same data again after being told is told again") {
  for (const told_state how : {told_state::told, told_state::confirmed, told_state::impossible}) {
    requests_shop s;
    s.pass_on();
    const std::uint32_t number = s.open(request_kind::erasure);
    REQUIRE(s.in.list_recipients(number));
    REQUIRE(s.in.tell_recipient(number, {.who = {"Parcels Ltd"}, .state = how}));
    s.pass_on();
    s.in = s.begin();
    CHECK(code(s.erase(number)) == errc::recipients_untold);
    REQUIRE(s.in.list_recipients(number));
    CHECK(s.seen(number).recipients[0].state == told_state::to_tell);
    REQUIRE(s.in.tell_recipient(number, {.who = {"Parcels Ltd"}, .state = told_state::told}));
    // What did not get out since is nothing to be told of.
    const auto sent =
        s.in.disclose(s.jo, {.purpose = purpose::delivery_of_goods, .recipient = s.parcels});
    const customer_entry lost{s.jo, sent->ledger_index};
    REQUIRE(s.in.not_delivered({&lost, 1}));
    REQUIRE(s.in.list_recipients(number));
    CHECK(s.seen(number).recipients[0].state == told_state::told);
    CHECK(s.erase(number));
    CHECK_FALSE(s.seen(number).recipients[0].told_by);
    CHECK(s.in.verify()->problems == 0);
  }
}

TEST_CASE("request: what was done before the customer was erased stays done, and is closed") {
  requests_shop s;
  const std::uint32_t number = s.open(request_kind::access);
  REQUIRE(s.in.request_done(number, {}));
  const std::uint32_t other = s.open(request_kind::portability);
  const std::uint32_t erasing = s.open(request_kind::erasure);
  REQUIRE(s.in.list_recipients(erasing));
  REQUIRE(s.erase(erasing));
  CHECK(s.seen(number).state == request_state::done);
  CHECK(s.seen(other).state == request_state::customer_erased);
  REQUIRE(s.in.close_request(number));
  CHECK(s.seen(number).state == request_state::closed);
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE("request: what did not get out has reached nobody") {
  requests_shop s;
  const auto sent =
      s.in.disclose(s.jo, {.purpose = purpose::delivery_of_goods, .recipient = s.parcels});
  REQUIRE(sent);
  const customer_entry lost{s.jo, sent->ledger_index};
  REQUIRE(s.in.not_delivered({&lost, 1}));
  const std::uint32_t number = s.open(request_kind::erasure);
  CHECK(s.in.list_recipients(number)->empty());
  CHECK(s.erase(number));
}

TEST_CASE("request: a claim holds the customer, and what a law has the shop keep is told") {
  requests_shop s;
  const std::uint32_t number = s.open(request_kind::erasure);
  REQUIRE(s.in.list_recipients(number));
  open_case(s.in, {s.jo}, case_kind::tax);
  CHECK(code(s.erase(number)) == errc::kept_by_law);
  REQUIRE(s.in.close_case(s.in.cases()->back().number));

  const customer record = ken();
  std::vector<field_value> fields;
  for (const field_value& one : record.fields()) {
    if (one.id == field::addresses) fields.push_back(one);
  }
  REQUIRE(s.in.update(s.jo, fields, purpose::tax_record_keeping));
  REQUIRE(s.in.kept_by_law(s.jo));
  CHECK(s.in.kept_by_law(s.jo)->has(field::addresses));
  const auto refused = s.erase(number);
  CHECK(code(refused) == errc::kept_by_law);
  CHECK(refused.error().at == field::addresses.value);
  CHECK(s.in.erase(s.jo, erasure_reason::subject_request,
                   {.request = number, .law_kept = law_kept_records::elsewhere}));
}

TEST_CASE("request: takes a role that may open cases") {
  requests_shop s;
  const std::uint32_t number = s.open(request_kind::access);
  for (const actor_role role :
       {actor_role::associate, actor_role::manager, actor_role::security_officer,
        actor_role::service, actor_role::marketing, actor_role::auditor}) {
    session other = s.begin(role);
    CHECK(code(other.open_request(s.jo, {.received = today()})) == errc::role_denied);
    CHECK(code(other.identify_request(number, "x")) == errc::role_denied);
    CHECK(code(other.extend_request(number, "x")) == errc::role_denied);
    CHECK(code(other.refuse_request(number, "x")) == errc::role_denied);
    CHECK(code(other.withdraw_request(number)) == errc::role_denied);
    CHECK(code(other.request_done(number, {})) == errc::role_denied);
    CHECK(code(other.close_request(number)) == errc::role_denied);
    CHECK(code(other.list_recipients(number)) == errc::role_denied);
    CHECK(code(other.tell_recipient(number, {.who = {"x"}, .state = told_state::told})) ==
          errc::role_denied);
    CHECK(code(other.find_request(number)) == errc::role_denied);
  }
  session officer = s.begin(actor_role::privacy_officer);
  CHECK(officer.extend_request(number, "many of them"));
  CHECK(s.begin(actor_role::auditor).requests());
}

TEST_CASE("request: a change that is rolled back leaves none") {
  requests_shop s;
  REQUIRE(s.in.begin());
  REQUIRE(s.in.open_request(s.jo, {.received = today()}));
  s.in.rollback();
  CHECK(s.in.requests()->empty());
  CHECK(s.in.cases()->empty());
  CHECK(s.open(request_kind::access) == 1);
  CHECK(s.in.verify()->problems == 0);
}

/// The sealed row of a request, and how to put an older one in its place or to take it away.
struct request_row {
  requests_shop& s;
  std::array<std::byte, 5> at{std::byte{29}};
  std::vector<std::byte> older{};

  request_row(requests_shop& shop, std::uint32_t number) : s(shop) {
    store_be(at.data() + 1, number);
    auto view = s.store->begin_read();
    REQUIRE(view);
    const auto row = (*view)->get(at);
    REQUIRE(row);
    older.assign(row->begin(), row->end());
  }
  void change(bool missing) {
    auto write = s.store->begin_write();
    REQUIRE(write);
    const result<void> done = missing ? (*write)->erase(at) : (*write)->put(at, older);
    REQUIRE(done);
    REQUIRE((*write)->commit());
    s.in = s.begin();
  }
};

TEST_CASE("request: a row that goes missing or comes back is seen") {
  requests_shop s;
  const std::uint32_t number = s.open(request_kind::access);
  request_row row(s, number);
  REQUIRE(s.in.extend_request(number, "many of them"));
  row.change(false);
  CHECK(code(s.in.find_request(number)) != errc::none);
  CHECK(s.in.verify()->problems != 0);
  row.change(true);
  CHECK(code(s.in.find_request(number)) == errc::row_missing);
}

TEST_CASE("request: a list of whom to tell does not go back to the one before") {
  requests_shop s;
  const std::uint32_t number = s.open(request_kind::erasure);
  request_row row(s, number);
  REQUIRE(s.in.list_recipients(number));
  row.change(false);
  CHECK(code(s.in.find_request(number)) != errc::none);
  CHECK(s.in.verify()->problems != 0);
}

TEST_CASE("request: comes back out of backups, and of who is erased since only what may remain") {
  working_day work(4);
  const auto ask = [&](std::size_t who, request_kind kind) {
    const auto number = work.in.open_request(
        work.ids[who], {.kind = kind, .received = today(), .reference = "letter", .identity = "x"});
    REQUIRE(number);
    return *number;
  };
  const std::uint32_t first = ask(0, request_kind::access);
  tape full = work.shop.back_up();
  const std::uint32_t second = ask(1, request_kind::erasure);
  REQUIRE(work.in.extend_request(first, "many of them"));
  tape more = work.shop.back_up(&full);
  REQUIRE(work.in.list_recipients(second));
  const auto to_tell = work.in.find_request(second);
  for (const request_recipient& one : to_tell->recipients) {
    REQUIRE(work.in.tell_recipient(second, {.who = {one.name}, .state = told_state::told}));
  }
  REQUIRE(work.in.erase(work.ids[1], erasure_reason::subject_request, {.request = second}));

  restored back;
  REQUIRE(back.from(work.mirror(), work.three(), {&full, &more}));
  session in = back.begin();
  CHECK(in.verify()->problems == 0);
  const auto one = in.find_request(first);
  REQUIRE(one);
  CHECK(one->state == request_state::extended);
  CHECK(std::string_view(one->words.extension) == "many of them");
  const auto other = in.find_request(second);
  REQUIRE(other);
  CHECK(other->customer == customer_id{});
  CHECK(other->words.identity.empty());
  // It is done in the book that is gone; here nobody asks for anything any more.
  CHECK(other->state == request_state::customer_erased);
  CHECK(code(in.refuse_request(second, "x")) == errc::invalid_state);
  CHECK(code(in.withdraw_request(second)) == errc::invalid_state);
  REQUIRE(in.close_request(second));
  CHECK(code(in.close_request(second)) == errc::invalid_state);
  REQUIRE(in.request_done(first, {}));
  CHECK(in.verify()->problems == 0);
}

// Any order of steps: what has ended stays so, nothing is erased with somebody untold, and the book
// holds together.
TEST_CASE("request: any history leaves a book that is whole") {
  requests_shop s;
  std::uint64_t seed = 20;
  const auto next = [&](std::uint64_t below) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (seed >> 33U) % below;
  };
  std::vector<customer_id> people{s.jo};
  for (int i = 2; i < 7; ++i) people.push_back(keep(s.in, ken("L-" + std::to_string(i))));
  std::vector<request_state> states;
  std::size_t erased = 0;
  for (int step = 0; step < 600; ++step) {
    const customer_id& who = people[next(people.size())];
    const auto number = static_cast<std::uint32_t>(next(states.size() + 2));
    switch (next(11)) {
      case 0:
      case 1: {
        const auto kind = static_cast<request_kind>(1 + next(6));
        const auto made = s.in.open_request(
            who, {.kind = kind, .received = today(), .identity = next(2) == 0 ? "" : "seen"});
        if (made) states.push_back(request_state::open);
        break;
      }
      case 2:
        (void)s.in.identify_request(number, "seen");
        break;
      case 3:
        (void)s.in.extend_request(number, "many of them");
        break;
      case 4:
        (void)s.in.request_done(number, {});
        break;
      case 5:
        (void)s.in.close_request(number);
        break;
      case 6:
        (void)(next(2) == 0 ? s.in.refuse_request(number, "no") : s.in.withdraw_request(number));
        break;
      case 7:
        (void)s.in.list_recipients(number);
        break;
      case 8:
        (void)s.in.tell_recipient(
            number, {.who = {"Parcels Ltd"}, .state = static_cast<told_state>(1 + next(4))});
        break;
      case 9:
        (void)s.in.disclose(who, {.purpose = purpose::delivery_of_goods, .recipient = s.parcels});
        break;
      default: {
        const auto some = s.in.requests();
        const auto wanted =
            std::find_if(some->begin(), some->end(), [](const request_record& each) {
              return each.kind == request_kind::erasure && is_open(each.state);
            });
        if (wanted == some->end()) break;
        const std::uint32_t which = wanted->number;
        if (next(4) != 0) (void)s.in.identify_request(which, "seen");
        if (next(4) != 0) (void)s.in.list_recipients(which);
        if (next(4) != 0)
          (void)s.in.tell_recipient(which, {.who = {"Parcels Ltd"}, .state = told_state::told});
        const auto one = s.in.find_request(which);
        REQUIRE(one);
        const customer_id& whose = next(4) == 0 ? who : one->customer;
        const auto done = s.in.erase(whose, erasure_reason::subject_request, {.request = which});
        if (!done) break;
        ++erased;
        CHECK(one->kind == request_kind::erasure);
        CHECK(one->customer == whose);
        CHECK(one->identified_at != timestamp{});
        for (const request_recipient& each : one->recipients) {
          CHECK(each.state != told_state::to_tell);
        }
        people.push_back(keep(s.in, ken("L-" + std::to_string(step + 100))));
        break;
      }
    }
    const auto all = s.in.requests();
    REQUIRE(all);
    REQUIRE(all->size() == states.size());
    for (std::size_t i = 0; i < states.size(); ++i) {
      const request_state now = all->at(i).state;
      CHECK((!has_ended(states[i]) || now == states[i]));
      states[i] = now;
    }
    if (step % 50 == 49) CHECK(s.in.verify()->problems == 0);
  }
  CHECK(s.in.verify()->problems == 0);
  CHECK(erased > 3);
}
