// Requests answered: what each kind asks for is done, written down, and nothing before it is known
// who asks.
#include <clientbook/base/hex.hpp>
#include <clientbook/rights/answer_request.hpp>
#include <clientbook/rights/customer_page.hpp>
#include <clientbook/rights/request_json.hpp>
#include <clientbook/rights/request_mail.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../book/recovery_places.hpp"
#include "../transfer/shop.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

struct rights_shop : shop {
  session in = begin();
  recipient_id parcels = add_party(in, "Parcels Ltd", recipient::parcel_service);
  customer_id jo = keep(in, ken());
  std::vector<std::string> names;
  std::vector<std::string> contents;
  bool takes = true;

  std::uint32_t open(request_kind kind, std::string_view identity = "passport seen") {
    const auto number = in.open_request(
        jo, {.kind = kind, .received = date_of(clock_hand()), .identity = identity});
    REQUIRE(number);
    return *number;
  }
  result<request_answer> answer(std::uint32_t number, const answer_options& options = {},
                                session* by = nullptr) {
    std::string where;
    names.clear();
    contents.clear();
    const auto deliver = [&](std::span<const request_file> all) {
      for (const request_file& one : all) {
        names.emplace_back(one.name);
        contents.emplace_back(one.content);
      }
      return takes;
    };
    return answer_request(by == nullptr ? in : *by, number, options, deliver, where);
  }
  request_state state(std::uint32_t number) {
    const auto one = in.find_request(number);
    REQUIRE(one);
    return one->state;
  }
  void pass_on() {
    REQUIRE(in.disclose(jo, {.purpose = purpose::delivery_of_goods, .recipient = parcels}));
  }
  std::size_t entries() { return in.ledger(jo)->size(); }
  void rename(std::string_view given = "Kenneth") {
    customer out;
    REQUIRE(out.set(field::name, person_name{.given = given, .family = "Sánchez"}));
    REQUIRE(in.update(jo, out.fields(), purpose::customer_order_management));
  }
};

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("answer: access gives the page and the data, each an entry of the ledger") {
  rights_shop s;
  const std::uint32_t number = s.open(request_kind::access);
  const auto done = s.answer(number, {.speech = language::de, .shop = "Example Boutique"});
  REQUIRE(done);
  CHECK(s.names == std::vector<std::string>{"page.html", "data.json"});
  CHECK(has(s.contents[0], "Example Boutique"));
  CHECK(has(s.contents[1], "ken@example.com"));
  CHECK(has(s.contents[1], "\"schema\""));
  CHECK(done->ledger_entries.size() == 2);
  CHECK(s.state(number) == request_state::done);
  CHECK(s.answer(number).error().code == errc::invalid_state);
  REQUIRE(s.in.close_request(number));
}

TEST_CASE("answer: portability gives what the customer has provided, for machines and for sheets") {
  rights_shop s;
  customer record = ken("L-2");
  REQUIRE(record.set(field::name, person_name{.given = "=1+1", .family = "+A1"}));
  s.jo = keep(s.in, record);
  const std::uint32_t number = s.open(request_kind::portability);
  REQUIRE(s.answer(number));
  CHECK(s.names == std::vector<std::string>{"data.json", "data.csv"});
  CHECK_FALSE(has(s.contents[0], "\"notes\":"));
  CHECK(has(s.contents[1], "\"fields.emails[1].address\",\"ken@example.com\"\r\n"));
  CHECK(has(s.contents[1], "\"fields.name.given\",\"'=1+1\"\r\n"));  // No sheet runs it.
  CHECK(has(s.contents[1], "\"'+A1\""));
  // A number runs nothing, and another program is to dial it.
  CHECK(has(s.contents[1], "\"+1 202 555 0142\""));
}

TEST_CASE("answer: no sheet runs a cell, whatever width its sign has and however it goes on") {
  rights_shop s;
  for (const char* const runs : {"＝1+1", "--1", "-(1)", "+1-1", "＋1", "@x", "+1-202-555"}) {
    CAPTURE(runs);
    customer record = ken("L-" + std::to_string(s.entries()) + runs);
    REQUIRE(record.set(field::name, person_name{.given = runs, .family = "Reed"}));
    s.jo = keep(s.in, record);
    REQUIRE(s.answer(s.open(request_kind::portability)));
    CHECK(has(s.contents[1], "\"fields.name.given\",\"'" + std::string(runs) + "\"\r\n"));
  }
}

TEST_CASE("answer: nothing is done before somebody knows who asks") {
  rights_shop s;
  s.pass_on();
  for (const request_kind kind :
       {request_kind::access, request_kind::portability, request_kind::rectification,
        request_kind::restriction, request_kind::objection, request_kind::erasure}) {
    const std::uint32_t number = s.open(kind, "");
    const std::size_t before = s.entries();
    CHECK(s.answer(number).error().code == errc::identity_unverified);
    CHECK(s.names.empty());
    CHECK(s.entries() == before);
    CHECK(s.state(number) == request_state::waiting_for_identity);
  }
  CHECK(s.in.directives(s.jo)->empty());
}

TEST_CASE("answer: what does not get out was not given, and the request stays open") {
  rights_shop s;
  s.takes = false;
  const std::uint32_t number = s.open(request_kind::access);
  CHECK(s.answer(number).error().code == errc::not_delivered);
  CHECK(s.state(number) == request_state::open);
  const auto told = s.in.ledger(s.jo);
  CHECK(std::count_if(told->begin(), told->end(), [](const ledger_record& one) {
          return one.event == ledger_event::not_delivered;
        }) == 2);
  s.takes = true;
  CHECK(s.answer(number));
}

TEST_CASE("answer: a rectification says which fields, and who has got them") {
  rights_shop s;
  s.pass_on();
  const std::uint32_t number = s.open(request_kind::rectification);
  CHECK(s.answer(number).error().code == errc::missing_field);
  CHECK(s.answer(number, {.edit = R"({"set": {"emails": [{"address": "no address"}]}})"})
            .error()
            .code != errc::none);
  CHECK(s.state(number) == request_state::open);
  const auto done =
      s.answer(number, {.edit = R"({"set": {"addresses": [{"line1": "1 Elm St", "city": "Renton",
                                     "region": "WA", "postal_code": "98055", "country": "US"}]},
                           "remove": ["phones"]})"});
  REQUIRE(done);
  CHECK(done->before == field_set{field::addresses, field::phones});
  CHECK(s.in.find_request(number)->words.after == field_set{field::addresses});
  CHECK(done->after == field_set{field::addresses});
  REQUIRE(done->recipients.size() == 1);
  CHECK(done->recipients[0].fields.has(field::addresses));
  const auto view = s.in.read(s.jo, purpose::rights_fulfilment);
  REQUIRE(view);
  const auto homes = view->record().addresses();
  REQUIRE(homes);
  for (const postal_address& home : *homes) CHECK(home.city.reveal() == "Renton");
  // A field that somebody has corrected before.
  const std::uint32_t other = s.open(request_kind::rectification);
  s.rename();
  const auto by_hand = s.answer(other, {.corrected = {field::name}});
  REQUIRE(by_hand);
  CHECK(by_hand->before == field_set{field::name});
  CHECK(by_hand->after == field_set{field::name});
}

TEST_CASE("answer: what was corrected by hand was held before, and is held after if it is there") {
  rights_shop s;
  const std::uint32_t number = s.open(request_kind::rectification);
  REQUIRE(s.in.remove(s.jo, field::phones, purpose::customer_order_management));
  s.rename();
  const auto done = s.answer(number, {.corrected = {field::phones, field::name}});
  REQUIRE(done);
  CHECK(done->before == field_set{field::phones, field::name});
  CHECK(done->after == field_set{field::name});
}

TEST_CASE("answer: what was corrected by hand is what somebody has corrected since") {
  rights_shop s;
  const std::uint32_t number = s.open(request_kind::rectification);
  const auto nothing = s.answer(
      number, {.corrected = {field::name, field::purchases, field::notes, field::payment_cards}});
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().code == errc::not_found);
  CHECK(s.state(number) == request_state::open);
  s.rename();
  CHECK(s.answer(number, {.corrected = {field::name, field::notes}}).error().code ==
        errc::not_found);
  CHECK(s.answer(number, {.corrected = {field::name}}));
}

TEST_CASE(
    "answer: what one answer has corrected is not what the next one may say of another field") {
  rights_shop s;
  const std::uint32_t one = s.open(request_kind::rectification);
  REQUIRE(s.answer(one, {.edit = R"({"set": {"name": {"given": "Ann", "family": "Reed"}}})"}));
  // Another program, which knows of it by what was written down.
  session later = s.begin();
  const auto other = later.open_request(s.jo, {.kind = request_kind::rectification,
                                               .received = date_of(clock_hand()),
                                               .identity = "passport"});
  REQUIRE(other);
  for (const field_id each : {field::emails, field::addresses, field::phones}) {
    const auto said = s.answer(*other, {.corrected = only(each)}, &later);
    REQUIRE_FALSE(said);
    CHECK(said.error().code == errc::not_found);
  }
}

TEST_CASE("answer: a rectification keeps nothing that was not held, unless there is a basis") {
  rights_shop s;
  const std::uint32_t number = s.open(request_kind::rectification);
  const auto held = [&] {
    const auto seen = s.in.read(s.jo, purpose::rights_fulfilment);
    REQUIRE(seen);
    return seen->record().fields().size();
  };
  const std::size_t before = held();
  for (const char* edit :
       {R"({"set": {"employer": "Church of X"}})", R"({"add": {"likes": ["guns"]}})",
        R"({"set": {"likes": ["guns"]}})", R"({"set": {"birth_date": "2015-01-01"}})",
        R"({"set": {"government_ids": [{"country": "GB", "kind": "passport",
            "number": "X123456789"}]}})"}) {
    CAPTURE(edit);
    const auto done = s.answer(number, {.edit = edit});
    REQUIRE_FALSE(done);
    CHECK(done.error().code == errc::no_basis);
    std::string where;
    const std::string json = "{\"edit\": " + std::string(edit) + "}";
    CHECK(answer_request_json(json, s.in, number, where).error().code == errc::no_basis);
  }
  CHECK(held() == before);
  CHECK(s.state(number) == request_state::open);
  // What an order needs is completed, and kept for that.
  CHECK(s.answer(number, {.edit = R"({"add": {"name": {"middle": "J."}}})"}));
}

TEST_CASE(
    "answer: an objection to what a law has the shop do is refused, and no answer says else") {
  rights_shop s;
  const std::uint32_t number = s.open(request_kind::objection);
  const auto done = s.answer(number, {.purposes = {purpose::tax_record_keeping}});
  REQUIRE_FALSE(done);
  CHECK(done.error().code == errc::kept_by_law);
  CHECK(done.error().at == purpose::tax_record_keeping.value);
  CHECK(s.in.directives(s.jo)->empty());
  CHECK(s.state(number) == request_state::open);
  CHECK(s.answer(number));
}

TEST_CASE("answer: no copy for the customer names staff, or who else is a customer") {
  rights_shop s;
  add_notice(s.in);
  const std::array said{grant_of(s.in, {recipient::self})};
  const customer_id wife = keep(s.in, ken("L-9"));
  s.jo = keep(s.in, ken("L-8"), said);
  const purchase sold{.day = date{2026, 11, 2}, .order = "O-1", .associate = "Priya Q"};
  const std::array lines{purchase_line{.description = "Scarf"}};
  REQUIRE(s.in.append_purchase(s.jo, sold, lines, purpose::customer_order_management));
  REQUIRE(s.in.append_note(s.jo, {.author = "Zebulon Quist", .text = "likes tea"},
                           purpose::client_care));
  customer more;
  const customer_contact met{
      .at = clock_hand(), .channel = "phone", .author = "Zebulon Quist", .text = "the hem"};
  REQUIRE(more.set(field::contacts, std::span<const customer_contact>(&met, 1)));
  const task to_do{.text = "Call", .assigned = 4711};
  REQUIRE(more.set(field::tasks, std::span<const task>(&to_do, 1)));
  const household_link link{.relation = "spouse", .customer = wife};
  REQUIRE(more.set(field::household, std::array{link}));
  REQUIRE(s.in.update(s.jo, more.fields(), purpose::client_care));
  const std::string other = hex<std::string>(wife.bytes);
  for (const request_kind kind : {request_kind::access, request_kind::portability}) {
    REQUIRE(s.answer(s.open(kind)));
    for (const std::string& content : s.contents) {
      CHECK(has(content, "Scarf"));
      // What the shop has written is nothing that the customer has provided.
      CHECK(has(content, "the hem") == (kind == request_kind::access));
      CHECK(has(content, "spouse"));
      for (const std::string_view part : {std::string_view("Priya"), std::string_view("Zebulon"),
                                          std::string_view("4711"), std::string_view(other)}) {
        CAPTURE(part);
        CHECK_FALSE(has(content, part));
      }
    }
  }
}

TEST_CASE("answer: an edit that cannot be noted down with its request is not made") {
  bool failed = true;
  std::size_t before = 0;
  for (std::size_t left = 1; failed; ++left) {
    CAPTURE(left);
    rights_shop s;
    const std::uint32_t number = s.open(request_kind::rectification);
    const auto life = std::make_shared<lifetime>();
    auto mortal =
        book::open(std::make_shared<mortal_store>(s.store, life), s.cell, {.clock = {test_clock}});
    REQUIRE(mortal);
    auto other = mortal->begin_session({.id = actor_id(7), .role = actor_role::owner});
    REQUIRE(other);
    life->left = left;
    std::string where;
    const auto deliver = [](std::span<const request_file>) { return true; };
    (void)answer_request(*other, number, {.edit = R"({"remove": ["phones"]})"}, deliver, where);
    failed = life->over;
    s.in = s.begin();
    const bool done = s.state(number) == request_state::done;
    const auto view = s.in.read(s.jo, purpose::customer_order_management);
    REQUIRE(view);
    CHECK(view->record().has(field::phones) == !done);
    before += done ? 0U : 1U;
  }
  CHECK(before > 3);
}

TEST_CASE("answer: a copy that is told to be lost behind the answer opens the request again") {
  for (const request_kind kind : {request_kind::access, request_kind::portability}) {
    rights_shop s;
    const std::uint32_t number = s.open(kind);
    // A copy of before, and a request that was answered before, are others.
    const std::uint32_t before = s.open(kind, "called back");
    REQUIRE(s.answer(before));
    REQUIRE(s.answer(number));
    const customer_entry lost{s.jo, s.in.find_request(number)->ledger_index.value_or(0)};
    REQUIRE(s.in.not_delivered({&lost, 1}));
    CHECK(s.state(number) == request_state::open);
    CHECK_FALSE(s.in.find_request(number)->ledger_index);
    CHECK(s.state(before) == request_state::done);
    const auto again = s.answer(number);
    REQUIRE(again);
    // Any of its copies opens it.
    const customer_entry first{s.jo, again->ledger_entries.front()};
    REQUIRE(s.in.not_delivered({&first, 1}));
    CHECK(s.state(number) == request_state::open);
    REQUIRE(s.answer(number));
    REQUIRE(s.in.close_request(number));
    // Somebody has said that it is over.
    const customer_entry late{s.jo, *s.in.find_request(number)->ledger_index};
    REQUIRE(s.in.not_delivered({&late, 1}));
    CHECK(s.state(number) == request_state::closed);
    CHECK(s.in.verify()->problems == 0);
  }
}

TEST_CASE("request json: an answer that is lost on its way opens the request again") {
  rights_shop s;
  const std::uint32_t number = s.open(request_kind::access);
  std::string where;
  for (int i = 0; i < 2; ++i) {
    REQUIRE(answer_request_json("{}", s.in, number, where));
    CHECK(s.state(number) == request_state::done);
    const customer_entry lost{s.jo, *s.in.find_request(number)->ledger_index};
    REQUIRE(s.in.not_delivered({&lost, 1}));
    CHECK(s.state(number) == request_state::open);
  }
}

TEST_CASE("request: by when it is to be confirmed is told until somebody notes that it was") {
  rights_shop s;
  const std::uint32_t number = s.open(request_kind::access);
  request_record one = *s.in.find_request(number);
  one.due.confirm = date_of(timestamp{clock_hand().seconds + 5 * 86400});
  const auto lines = [&](int days_on) {
    return request_reminders(std::span(&one, 1),
                             date_of(timestamp{clock_hand().seconds + days_on * 86400}));
  };
  REQUIRE(lines(0).size() == 1);
  CHECK(has(lines(0)[0], "is to be confirmed by"));
  CHECK(has(lines(6)[0], "was to be confirmed by"));
  std::string where;
  REQUIRE(change_request_json(R"({"confirm": true})", s.in, number, where));
  const auto noted = s.in.find_request(number);
  REQUIRE(noted);
  CHECK(noted->confirmed_at == clock_hand());
  CHECK(s.in.confirm_request(number).error().code == errc::already_exists);
  one.confirmed_at = noted->confirmed_at;
  CHECK(lines(6).empty());
  REQUIRE(s.in.withdraw_request(number));
  CHECK(s.in.confirm_request(number).error().code == errc::invalid_state);
}

TEST_CASE("request json: a language is one of five or refused") {
  rights_shop s;
  const std::uint32_t number = s.open(request_kind::access);
  std::string where;
  for (const char* tag : {"enzyme", "pt", "deutsch", ""}) {
    CAPTURE(tag);
    const std::string how = R"({"language": ")" + std::string(tag) + R"("})";
    CHECK(answer_request_json(how, s.in, number, where).error().code == errc::invalid_value);
    CHECK(request_mail_json(how, s.in, number, where).error().code == errc::invalid_value);
    CHECK(make_customer_page_json(how, s.in, s.jo, where).error().code == errc::invalid_value);
  }
  CHECK(request_mail_json(R"({"language": "de-AT"})", s.in, number, where));
}

TEST_CASE("answer: restriction and objection are directives of the customer") {
  rights_shop s;
  s.pass_on();
  const std::uint32_t no = s.open(request_kind::objection);
  const auto objected = s.answer(no);
  REQUIRE(objected);
  CHECK(objected->recipients.size() == 1);
  const std::uint32_t stop = s.open(request_kind::restriction);
  REQUIRE(s.answer(stop));
  const auto said = s.in.directives(s.jo);
  REQUIRE(said);
  REQUIRE(said->size() == 2);
  CHECK(said->at(0).kind == directive_kind::object);
  CHECK(said->at(0).scope.purposes.contains(purpose::direct_marketing));
  CHECK_FALSE(said->at(0).scope.purposes.contains(purpose::customer_order_management));
  CHECK(said->at(0).by == indicated_by::subject);
  CHECK(said->at(1).kind == directive_kind::restrict);
  CHECK(said->at(1).scope.purposes.contains(purpose::customer_order_management));
  // Under a restriction the customer gets what is theirs all the same.
  const std::uint32_t access = s.open(request_kind::access);
  REQUIRE(s.answer(access));
  CHECK(has(s.contents[1], "ken@example.com"));
}

TEST_CASE("answer: an erasure ends with a receipt, after the recipients were told") {
  rights_shop s;
  s.pass_on();
  const std::uint32_t number = s.open(request_kind::erasure);
  CHECK(s.answer(number).error().code == errc::recipients_untold);
  REQUIRE(s.in.list_recipients(number));
  REQUIRE(s.in.tell_recipient(number, {.who = {"Parcels Ltd"}, .state = told_state::told}));
  const auto done = s.answer(number);
  REQUIRE(done);
  REQUIRE(done->erased);
  CHECK(done->erased->receipt.ledger_index == done->ledger_entries.at(0));
  CHECK(s.in.read(s.jo, purpose::customer_order_management).error().code == errc::key_erased);
  CHECK(s.state(number) == request_state::done);
  REQUIRE(s.in.close_request(number));
  CHECK(s.answer(number).error().code == errc::invalid_state);
}

TEST_CASE("answer: an option of another kind of request is refused, and nothing is done") {
  struct option {
    const char* json;
    answer_options how;
    std::vector<request_kind> heard;
  };
  using enum request_kind;
  const option options[] = {
      {R"({"language": "de"})", {.speech = language::de}, {access}},
      {R"({"shop": "Shop"})", {.shop = "Shop"}, {access}},
      {R"({"contact": "us"})", {.contact = "us"}, {access}},
      {R"({"edit": {"remove": ["phones"]}})",
       {.edit = R"({"remove": ["phones"]})"},
       {rectification}},
      {R"({"corrected": ["name"]})", {.corrected = {field::name}}, {rectification}},
      {R"({"purposes": ["email_marketing"]})",
       {.purposes = {purpose::email_marketing}},
       {restriction, objection}},
      {R"({"law_kept": "elsewhere"})", {.law_kept = law_kept_records::elsewhere}, {erasure}},
      {R"({"mentions": "reported"})", {.mentions = mentions_at_erasure::reported}, {erasure}},
      {R"({"mentions": "replaced"})", {.mentions = mentions_at_erasure::replaced}, {erasure}}};
  rights_shop s;
  for (const request_kind kind :
       {access, portability, rectification, restriction, objection, erasure}) {
    const std::uint32_t number = s.open(kind);
    const std::size_t entries = s.entries();
    for (const option& one : options) {
      CAPTURE(name_of(kind));
      CAPTURE(one.json);
      if (std::ranges::find(one.heard, kind) != one.heard.end()) {
        CHECK(check_options(kind, one.how));
        continue;
      }
      CHECK(s.answer(number, one.how).error().code == errc::invalid_argument);
      std::string where;
      CHECK(answer_request_json(one.json, s.in, number, where).error().code ==
            errc::invalid_argument);
    }
    CHECK(s.state(number) == request_state::open);
    CHECK(s.entries() == entries);
    REQUIRE(s.in.withdraw_request(number));
  }
}

TEST_CASE("request json: an erasure says what stands of the customer in notes of others") {
  rights_shop s;
  for (const auto& [how, told] : {std::pair{R"({})", false},
                                  {R"({"mentions": "ignored"})", false},
                                  {R"({"mentions": "reported"})", true},
                                  {R"({"mentions": "replaced"})", true}}) {
    const std::uint32_t number = s.open(request_kind::erasure);
    REQUIRE(s.in.list_recipients(number));
    std::string where;
    const auto answer = answer_request_json(how, s.in, number, where);
    REQUIRE(answer);
    CHECK(has(*answer, R"("others":)") == told);
    s.jo = keep(s.in, ken());
  }
  const std::uint32_t number = s.open(request_kind::erasure);
  std::string where;
  CHECK(answer_request_json(R"({"mentions": "burnt"})", s.in, number, where).error().code ==
        errc::invalid_value);
  CHECK(where == "/mentions");
}

TEST_CASE("request json: comes in and goes out in the words of requests") {
  rights_shop s;
  std::string where;
  const auto number = open_request_json(
      R"({"kind": "erasure", "received": "2027-01-14", "channel": "phone", "reference": "call 3"})",
      s.in, s.jo, where);
  REQUIRE(number);
  const date today = date_of(clock_hand());
  auto text = request_to_json(*s.in.find_request(*number), s.in.fields(), today);
  REQUIRE(text);
  CHECK(has(*text, R"("state":"waiting_for_identity")"));
  CHECK(has(*text, R"("answer_by":"2027-02-14")"));
  CHECK(has(*text, R"("reference":"call 3")"));
  CHECK(has(*text, R"("days_left":30)"));
  CHECK(change_request_json(R"({"identity": "called back"})", s.in, *number, where));
  CHECK(change_request_json(R"({"list": true})", s.in, *number, where));
  const auto answer = answer_request_json("{}", s.in, *number, where);
  REQUIRE(answer);
  CHECK(has(*answer, R"("signature")"));
  CHECK(change_request_json(R"({"close": true})", s.in, *number, where));

  const auto refused = [&](std::string_view document) {
    return open_request_json(document, s.in, s.jo, where).error().code;
  };
  CHECK(refused(R"({"received": "2027-01-14"})") == errc::missing_field);
  CHECK(where == "/kind");
  CHECK(refused(R"({"kind": "curiosity", "received": "2027-01-14"})") == errc::unknown_field);
  CHECK(refused(R"({"kind": "access", "received": "2027-01-32"})") == errc::invalid_value);
  CHECK(refused(R"({"kind": "access", "received": "2027-01-14", "who": "me"})") ==
        errc::unknown_field);
  for (const std::string_view step :
       {R"({})", R"({"close": true, "withdraw": true})", R"({"state": "told"})",
        R"({"identity": "x", "state": "told"})", R"({"close": false})"}) {
    CHECK(change_request_json(step, s.in, *number, where).error().code == errc::invalid_argument);
  }
}

TEST_CASE("request: reminders say what is due and overdue, and nothing of a customer") {
  rights_shop s;
  s.open(request_kind::access);
  s.open(request_kind::objection);
  const auto lines = [&](int days_on) {
    return request_reminders(*s.in.requests(),
                             date_of(timestamp{clock_hand().seconds + days_on * 86400}));
  };
  CHECK(lines(0).empty());
  CHECK(lines(25).size() == 2);
  const auto late = lines(40);
  REQUIRE(late.size() == 2);
  CHECK(has(late[0], "overdue"));
  CHECK(has(late[0], "GDPR 12(3)"));
}

TEST_CASE("request mail: says what is so, in five languages") {
  rights_shop s;
  s.pass_on();
  const auto mail = [&](std::uint32_t number, language speech,
                        request_mail_kind kind = request_mail_kind::by_state) {
    return make_request_mail(
        *s.in.find_request(number),
        {.speech = speech, .kind = kind, .shop = "Example Boutique", .contact = "{reason}"});
  };
  const auto all = {language::en, language::de, language::fr, language::es, language::it};
  const std::uint32_t number = s.open(request_kind::erasure, "");
  const auto first = mail(number, language::de);
  REQUIRE(first);
  CHECK(first->starts_with("Ihr Anliegen 1: Löschung Ihrer Daten\n\nGuten Tag,\n\n"));
  CHECK(has(*first, "bis zum 15. Februar 2027"));
  CHECK(has(*first, "woran wir erkennen"));
  CHECK(has(*first, "Fragen? {reason}"));  // What is filled in is not looked through again.
  CHECK(mail(number, language::en, request_mail_kind::answer).error().code == errc::invalid_state);
  CHECK(mail(number, language::en, request_mail_kind::refusal).error().code == errc::invalid_state);

  REQUIRE(s.in.identify_request(number, "called back"));
  CHECK_FALSE(has(*mail(number, language::de), "woran wir erkennen"));
  REQUIRE(s.in.extend_request(number, "forty other requests"));
  const auto later = mail(number, language::en);
  CHECK(has(*later, "15 April 2027"));
  CHECK(has(*later, "forty other requests"));
  REQUIRE(s.in.list_recipients(number));
  REQUIRE(s.in.tell_recipient(number, {.who = {"Parcels Ltd"}, .state = told_state::told}));
  const auto done = s.answer(number);
  REQUIRE(done);
  for (const language speech : all) {
    const auto answer = mail(number, speech);
    REQUIRE(answer);
    CHECK(has(*answer, std::to_string(done->ledger_entries[0])));
    CHECK(has(*answer, "Parcels Ltd"));
    CHECK_FALSE(has(*answer, "{entry}"));
  }
  s.jo = keep(s.in, ken("L-3"));
  for (const request_kind kind :
       {request_kind::access, request_kind::portability, request_kind::rectification,
        request_kind::restriction, request_kind::objection, request_kind::erasure}) {
    const std::uint32_t other = s.open(kind);
    REQUIRE(s.in.refuse_request(other, "asked for the third time"));
    for (const language speech : all) {
      const auto no = mail(other, speech);
      REQUIRE(no);
      CHECK(has(*no, "asked for the third time"));
    }
  }
  const std::uint32_t gone = s.open(request_kind::access);
  REQUIRE(s.in.withdraw_request(gone));
  CHECK(mail(gone, language::en).error().code == errc::invalid_state);
}

TEST_CASE("request mail: an erasure tells what stays, and until when, in every language") {
  rights_shop s;
  const purchase sold{.day = date{2026, 11, 2}, .order = "O-1", .currency = "EUR", .total = 100};
  REQUIRE(s.in.append_purchase(s.jo, sold, {}, purpose::tax_record_keeping));
  const std::uint32_t number = s.open(request_kind::erasure);
  REQUIRE(s.in.list_recipients(number));
  // Apart or elsewhere: not both.
  for (const answer_options& wrong :
       {answer_options{.law_kept = law_kept_records::elsewhere, .law_kept_years = 10},
        answer_options{.law_kept = law_kept_records::apart}, answer_options{.law_kept_years = 3}}) {
    CHECK(s.answer(number, wrong).error().code == errc::invalid_argument);
  }
  REQUIRE(s.answer(number, {.law_kept = law_kept_records::apart, .law_kept_years = 10}));
  const auto known = s.in.find_request(number);
  REQUIRE(known);
  const auto apart = std::ranges::find(known->stays, stay_place::apart, &request_stay::place);
  REQUIRE(apart != known->stays.end());
  CHECK(apart->purpose == purpose::tax_record_keeping);
  CHECK(apart->until == date{2036, 12, 31});
  CHECK(apart->fields.has(field::purchases));
  CHECK(std::ranges::find(known->stays, stay_place::remembered, &request_stay::place) !=
        known->stays.end());
  const auto json = request_to_json(*known, s.in.fields(), date_of(clock_hand()));
  REQUIRE(json);
  CHECK(has(*json, R"("place":"apart","purpose":"tax_record_keeping")"));
  CHECK(has(*json, R"("until":"2036-12-31")"));
  const std::pair<language, std::string_view> words[] = {{language::en, "31 December 2036"},
                                                         {language::de, "31. Dezember 2036"},
                                                         {language::fr, "31 décembre 2036"},
                                                         {language::es, "31 de diciembre de 2036"},
                                                         {language::it, "31 dicembre 2036"}};
  for (const auto& [speech, until] : words) {
    const auto mail = make_request_mail(*known, {.speech = speech});
    REQUIRE(mail);
    CAPTURE(*mail);
    CHECK(has(*mail, until));
    CHECK(has(*mail, label(purpose::tax_record_keeping, speech)));
    CHECK_FALSE(has(*mail, "{"));
    CHECK_FALSE(has(*mail, "?"));
  }
  const auto mail = make_request_mail(*known, {});
  CHECK(has(*mail, "except what is named here"));
  CHECK_FALSE(has(*mail, "we have erased your data."));
}

TEST_CASE("request mail: what the shop has in its accounts is told too") {
  rights_shop s;
  REQUIRE(s.in.append_purchase(s.jo, {.day = date{2026, 11, 2}, .order = "O-1"}, {},
                               purpose::tax_record_keeping));
  const std::uint32_t number = s.open(request_kind::erasure);
  REQUIRE(s.in.list_recipients(number));
  REQUIRE(s.answer(number, {.law_kept = law_kept_records::elsewhere}));
  const auto known = s.in.find_request(number);
  REQUIRE(known);
  const auto there = std::ranges::find(known->stays, stay_place::elsewhere, &request_stay::place);
  REQUIRE(there != known->stays.end());
  CHECK(there->fields.has(field::purchases));
  CHECK(there->until.month == 0);
  CHECK(has(*make_request_mail(*known, {}), "in our accounts"));
  CHECK(has(*make_request_mail(*known, {.speech = language::de}), "in unseren Büchern"));
}

TEST_CASE("request mail: no day that is over is promised, and who could not be told is named") {
  rights_shop s;
  s.pass_on();
  const std::uint32_t number = s.open(request_kind::erasure);
  const auto all = {language::en, language::de, language::fr, language::es, language::it};
  std::vector<std::string> in_time;
  for (const language speech : all) {
    in_time.emplace_back(*make_request_mail(*s.in.find_request(number),
                                            {.speech = speech, .today = date_of(clock_hand())}));
  }
  clock_hand().seconds += std::int64_t{60} * 86400;
  std::string where;
  for (const language speech : all) {
    const auto late = make_request_mail(*s.in.find_request(number),
                                        {.speech = speech, .today = date_of(clock_hand())});
    REQUIRE(late);
    CHECK(std::string(*late) != in_time[static_cast<std::size_t>(speech)]);
  }
  const auto late = request_mail_json("{}", s.in, number, where);
  REQUIRE(late);
  CHECK_FALSE(has(*late, "We will answer"));
  CHECK(has(*late, "It is late"));
  REQUIRE(s.in.report_onward(
      s.jo, {.from = "Parcels Ltd", .to = "Resold AG", .party_class = recipient::third_party}));
  REQUIRE(s.in.list_recipients(number));
  REQUIRE(s.in.tell_recipient(number, {.who = {"Parcels Ltd"}, .state = told_state::told}));
  REQUIRE(s.in.tell_recipient(number, {.who = {"Resold AG"}, .state = told_state::impossible}));
  REQUIRE(s.answer(number));
  const auto answer = request_mail_json("{}", s.in, number, where);
  REQUIRE(answer);
  CHECK(has(*answer, "could not be told: Resold AG"));
  CHECK(has(*answer, "from us or from others: Parcels Ltd"));
}

TEST_CASE("disclose: what goes to the customer names no staff") {
  rights_shop s;
  add_notice(s.in);
  REQUIRE(s.in.record(s.jo, grant_of(s.in, {recipient::self})));
  customer more;
  const std::array contacts{customer_contact{
      .at = clock_hand(), .channel = "phone", .author = "Marta", .text = "asked for the ring"}};
  const std::array tasks{task{.text = "call back", .assigned = 12}};
  REQUIRE(more.set(field::contacts, contacts));
  REQUIRE(more.set(field::tasks, tasks));
  REQUIRE(s.in.update(s.jo, more.fields(), purpose::client_care));
  open_case(s.in, {s.jo});
  const auto given = s.in.disclose(
      s.jo, {.purpose = purpose::rights_fulfilment, .recipient = recipient::data_subject});
  REQUIRE(given);
  const auto shown = record_to_json(given->content.record(), s.in.fields());
  REQUIRE(shown);
  CHECK(has(*shown, "asked for the ring"));
  CHECK(has(*shown, "call back"));
  for (const char* gone : {"Marta", "author", "assigned"}) {
    CAPTURE(gone);
    CHECK_FALSE(has(*shown, gone));
  }
  // For the shop itself it is there as before.
  const auto seen = s.in.read(s.jo, purpose::client_care);
  REQUIRE(seen);
  CHECK(has(*record_to_json(seen->record(), s.in.fields()), "Marta"));
}

TEST_CASE("mail: an erasure leaves numbers of what there was, and of nothing else") {
  rights_shop s;
  customer record;
  REQUIRE(record.set(field::name, person_name{.given = "Ann", .family = "Lee"}));
  REQUIRE(record.set(field::emails, std::array{email_address{.address = "ann@example.com"}}));
  s.jo = keep(s.in, record);
  const std::uint32_t number = s.open(request_kind::erasure);
  REQUIRE(s.in.list_recipients(number));
  REQUIRE(s.answer(number));
  const auto known = s.in.find_request(number);
  REQUIRE(known);
  const auto stay = std::ranges::find(known->stays, stay_place::remembered, &request_stay::place);
  REQUIRE(stay != known->stays.end());
  CHECK(stay->fields == field_set{field::emails});
}

TEST_CASE("mail: days are written as the language writes them") {
  rights_shop s;
  const auto on = [&](const date& day, language speech) {
    request_record of{.number = 7, .kind = request_kind::access, .state = request_state::open};
    of.received = day;
    of.due.answer = date{2027, 3, 2};
    return std::string(*make_request_mail(of, {.speech = speech}));
  };
  const date first{2026, 11, 1};
  CHECK(has(on(first, language::es), "el 1 de noviembre de 2026"));
  CHECK(has(on(first, language::fr), "le 1er novembre 2026"));
  CHECK(has(on(first, language::it), "il 1º novembre 2026"));
  CHECK(has(on(first, language::de), "am 1. November 2026"));
  CHECK(has(on(first, language::en), "on 1 November 2026"));
  CHECK(has(on(date{2026, 11, 2}, language::fr), "le 2 novembre 2026"));
}
