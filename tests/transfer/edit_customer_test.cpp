// What is corrected and completed by hand.
#include <clientbook/transfer/edit_customer.hpp>
#include <clientbook/transfer/record_json.hpp>
#include <clientbook/transfer/search_json.hpp>

#include <string>

#include "shop.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto order = purpose::customer_order_management;

std::string json_of(session& in, const customer_id& id, purpose_id why = order) {
  const auto seen = in.read(id, why);
  REQUIRE(seen);
  const auto text = record_to_json(seen->record(), in.fields());
  REQUIRE(text);
  return std::string(*text);
}

result<edited> edit(session& in, const customer_id& id, std::string_view text,
                    const kept_purposes& why = order) {
  std::string where;
  return edit_customer(in, id, text, why, where);
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("edit: what is added keeps what is there") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  const auto done = edit(in, id, R"({"add": {"phones": [{"number": "+1 202 555 0199"}],
                                             "name": {"nickname": "Kenny"}, "language": "en"}})");
  REQUIRE(done);
  CHECK(done->changed == (only(field::phones) | only(field::name) | only(field::language)));
  CHECK(done->removed.empty());
  const std::string now = json_of(in, id);
  for (const char* part : {"555 0142", "555 0199", "Kenny", "Sánchez", "\"en\"", "L-1"}) {
    CAPTURE(part);
    CHECK(holds(now, part));
  }
  // The same again changes nothing, and says so.
  const auto again = edit(in, id, R"({"add": {"phones": [{"number": "+1 202 555 0199"}]}})");
  REQUIRE_FALSE(again);
  CHECK(again.error().code == errc::already_exists);
  CHECK(json_of(in, id) == now);
}

TEST_CASE("edit: what is dropped, set and removed goes, and nothing else") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  REQUIRE(edit(in, id, R"({"add": {"emails": {"address": "ken@work.example"}}})"));
  const auto done = edit(in, id, R"({"drop": {"emails": ["ken@example.com"]},
                                     "set": {"phones": [{"number": "+1 202 555 0100"}]},
                                     "remove": ["addresses"]})");
  REQUIRE(done);
  CHECK(done->removed == only(field::addresses));
  std::string now = json_of(in, id);
  CHECK(holds(now, "ken@work.example"));
  CHECK_FALSE(holds(now, "ken@example.com"));
  CHECK(holds(now, "555 0100"));
  CHECK_FALSE(holds(now, "555 0142"));
  CHECK_FALSE(holds(now, "Minute"));
  // The last element takes the field with it.
  const auto last = edit(in, id, R"({"drop": {"emails": ["ken@work.example"]}})");
  REQUIRE(last);
  CHECK(last->removed == only(field::emails));
  const auto none = edit(in, id, R"({"drop": {"emails": ["ken@work.example"]}})");
  REQUIRE_FALSE(none);
  CHECK(none.error().code == errc::not_found);
}

TEST_CASE("edit: nobody completes what they may not see, and a failed edit changes nothing") {
  shop s;
  session in = s.begin();
  session officer = s.begin();
  add_notice(officer);
  directive said = grant_of(officer, {recipient::self});
  said.scope.purposes = {purpose::client_care};
  said.scope.operations = {operation::collect, operation::store, operation::alter};
  const customer_id id = keep(in, ken(), {&said, 1});
  const std::string before = json_of(in, id);
  // They agreed that care keeps their number, and not that it is used.
  constexpr const char* another = R"({"add": {"phones": [{"number": "+1 202 555 0199"}]}})";
  const auto blind = edit(in, id, another, purpose::client_care);
  REQUIRE_FALSE(blind);
  CHECK(blind.error().code == errc::denied);
  CHECK(blind.error().at == field::phones.value);
  const auto nobody = edit(in, id, another, purpose::email_marketing);
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().code == errc::no_basis);
  // The first half is good, the second one is not: neither is kept.
  const auto half = edit(in, id, R"({"add": {"language": "en"}, "remove": ["likes"]})");
  REQUIRE_FALSE(half);
  CHECK(half.error().code == errc::denied);
  const auto no_basis = edit(in, id, R"({"add": {"language": "en", "likes": ["linen"]}})");
  CHECK_FALSE(no_basis);
  CHECK(json_of(in, id) == before);
  const auto verified = officer.verify();
  REQUIRE(verified);
  CHECK(verified->problems == 0);
}

TEST_CASE("edit: what is wrong is told by its place") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  const std::string before = json_of(in, id);
  struct wrong {
    const char* text;
    errc code;
    const char* where;
  };
  for (const wrong& one : {
           wrong{R"({})", errc::missing_field, ""},
           wrong{R"([1])", errc::wrong_type, ""},
           wrong{R"({"add": {"emails": [{"adress": "x@example.com"}]}})", errc::unknown_field,
                 "/add/emails/0"},
           wrong{R"({"set": {"no_such": 1}})", errc::unknown_field, "/set"},
           wrong{R"({"drop": {"no_such": ["x"]}})", errc::unknown_field, "/drop/no_such"},
           wrong{R"({"drop": {"emails": [7]}})", errc::wrong_type, "/drop/emails/0"},
           wrong{R"({"drop": ["emails"]})", errc::wrong_type, "/drop"},
           wrong{R"({"remove": ["no_such"]})", errc::unknown_field, "/remove/0"},
           wrong{R"({"gone": []})", errc::unknown_field, ""},
           wrong{R"({"add": {"emails": [{"address": "no mail"}]}})", errc::invalid_value, ""},
           wrong{R"({"add": {"likes": ["a"]}, "set": {"likes": ["b"]}})", errc::no_basis, ""},
           wrong{R"({"add": {"phones": {"number": "+1 202 555 0199"}}, "set": {"phones": []}})",
                 errc::already_exists, ""},
           wrong{"{", errc::invalid_encoding, ""},
       }) {
    CAPTURE(one.text);
    std::string where;
    const auto done = edit_customer(in, id, one.text, order, where);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == one.code);
    CHECK(where == one.where);
  }
  CHECK(json_of(in, id) == before);
  REQUIRE(in.begin());
  std::string where;
  const auto inside = edit_customer(in, id, R"({"remove": ["emails"]})", order, where);
  REQUIRE_FALSE(inside);
  CHECK(inside.error().code == errc::invalid_state);
  in.rollback();
  // Whom the role lets write but not remove loses nothing half way.
  session associate = s.begin(actor_role::associate);
  const auto cut = edit(associate, id, R"({"add": {"language": "en"}, "remove": ["emails"]})");
  REQUIRE_FALSE(cut);
  CHECK(cut.error().code == errc::role_denied);
  CHECK(json_of(in, id) == before);
  session auditor = s.begin(actor_role::auditor);
  const auto refused = edit(auditor, id, R"({"remove": ["emails"]})");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::role_denied);
}

TEST_CASE("edit: of purposes that nobody named those count that the role has") {
  shop s;
  session in = s.begin();
  add_notice(in);
  directive yes = grant_of(in, {recipient::self});
  yes.scope.purposes = {purpose::client_care};
  const customer_id id = keep(in, ken(), {&yes, 1});
  session clerk = s.begin(actor_role::associate);
  CHECK(edit(clerk, id, R"({"add": {"likes": ["silk"]}})", {}));
  CHECK(holds(json_of(in, id, purpose::client_care), "silk"));
  // What the role has no purpose for at all is refused as before.
  session marketing = s.begin(actor_role::marketing);
  CHECK(edit(marketing, id, R"({"add": {"likes": ["wool"]}})", {}).error().code ==
        errc::role_denied);
}

TEST_CASE("edit: a birth date that may not be kept makes no adult") {
  for (const std::string_view part : {"set", "add"}) {
    CAPTURE(part);
    shop s;
    session in = s.begin();
    add_notice(in);
    const customer_id id = keep(in, ken());
    const std::string text = R"({")" + std::string(part) + R"(": {"birth_date": "2024-12-12"}})";
    CHECK(edit(in, id, text, {}).error().code == errc::no_basis);
    REQUIRE(in.record(id, grant_of(in, {recipient::self})));
    CHECK_FALSE(shows(in.read(id, purpose::email_marketing), field::emails));
  }
}

namespace {

constexpr auto care = purpose::client_care;

// Ken, who has agreed to client care.
struct cared_for {
  shop s;
  session in = s.begin();
  customer_id id{};
  cared_for() {
    privacy_notice shown = notice_for(in);
    shown.announced.purposes = {care};
    shown.announced.categories = all_categories();
    REQUIRE(in.add_notice(shown));
    const directive said = grant_of(in, {recipient::self});
    id = keep(in, ken(), {&said, 1});
  }
  result<edited> edit(std::string_view text) { return ::edit(in, id, text, care); }
};

}  // namespace

TEST_CASE("edit: an element of a list is changed as it was seen, and not as it is no more") {
  cared_for c;
  session& in = c.in;
  const customer_id id = c.id;
  REQUIRE(c.edit(R"({"add": {"tasks": [{"text": "Hem", "due": "2027-02-01", "kind": "sewing"},
                                             {"text": "Belt"}]}})"));
  REQUIRE(c.edit(R"({"change": {"tasks": [
      {"seen": {"text": "Hem", "due": "2027-02-01", "kind": "sewing"},
       "to": {"state": "done", "kind": null}}]}})"));
  const std::string now = json_of(in, id, care);
  CHECK(
      holds(now, R"("tasks":[{"text":"Hem","due":"2027-02-01","state":"done"},{"text":"Belt"}])"));
  // Somebody else has changed it in between.
  const auto late = c.edit(R"({"change": {"tasks": [
      {"seen": {"text": "Hem", "due": "2027-02-01", "kind": "sewing"}, "to": {"state": "dropped"}}]}})");
  CHECK(late.error().code == errc::not_found);
  CHECK(late.error().at == field::tasks.value);
  // What comes of it must be a task.
  const auto wrong = c.edit(R"({"change": {"tasks": [
      {"seen": {"text": "Belt"}, "to": {"state": "later"}}]}})");
  CHECK(wrong.error().code == errc::invalid_value);
  CHECK(json_of(in, id, care) == now);
}

TEST_CASE("edit: bad changes are told with their place") {
  cared_for c;
  session& in = c.in;
  const customer_id id = c.id;
  const std::pair<const char*, std::pair<errc, const char*>> wrong[] = {
      {R"({"change": {"tasks": [{"seen": {"text": "Hem"}}]}})",
       {errc::missing_field, "/change/tasks/0/to"}},
      {R"({"change": {"tasks": [{"to": {"text": "Hem"}}]}})",
       {errc::missing_field, "/change/tasks/0/seen"}},
      {R"({"change": {"name": [{"seen": 1, "to": 2}]}})", {errc::wrong_type, "/change/name"}},
      {R"({"change": {"nothing": []}})", {errc::unknown_field, "/change/nothing"}},
      {R"({"change": []})", {errc::wrong_type, "/change"}},
      {R"({"change": {"tasks": [{"seen": {}, "to": {}, "more": 1}]}})",
       {errc::unknown_field, "/change/tasks/0"}},
      {R"({"make_room": true})", {errc::missing_field, ""}},
      {R"({"add": {"tasks": [{"text": "Hem"}]}, "make_room": 1})",
       {errc::wrong_type, "/make_room"}}};
  for (const auto& [text, told] : wrong) {
    CAPTURE(text);
    std::string where;
    const auto done = edit_customer(in, id, text, care, where);
    CHECK(done.error().code == told.first);
    CHECK(where == told.second);
  }
}

TEST_CASE("edit: a log goes on beyond what a field holds, if room may be made") {
  cared_for c;
  session& in = c.in;
  const customer_id id = c.id;
  const auto contact = [](std::size_t number, const char* more) {
    const std::string two = std::to_string(100 + number % 100).substr(1);
    return R"({"add": {"contacts": [{"at": "2026-11-01T10:)" + std::to_string(10 + number / 100) +
           ":" + (number % 100 < 60 ? two : std::to_string(number % 100 - 60 + 10)) +
           R"(Z", "channel": "phone", "outcome": "no. )" + std::to_string(number) + R"("}]})" +
           more + "}";
  };
  for (std::size_t i = 0; i < 256; ++i) REQUIRE(c.edit(contact(i, "")));
  const auto full = c.edit(contact(256, ""));
  CHECK(full.error().code == errc::limit_exceeded);
  CHECK(holds(json_of(in, id, care), "no. 0\""));
  const auto done = c.edit(contact(256, R"(, "make_room": true)"));
  REQUIRE(done);
  CHECK(done->made_room == 1);
  const std::string now = json_of(in, id, care);
  CHECK_FALSE(holds(now, "no. 0\""));
  CHECK(holds(now, "no. 1\""));
  CHECK(holds(now, "no. 256\""));
  // Of texts so long that they are too much for a field before there are 256.
  const std::string text(500, 'x');
  std::uint32_t gone = 0;
  for (std::size_t i = 0; i < 130; ++i) {
    CAPTURE(i);
    const auto more =
        c.edit(R"({"add": {"contacts": [{"at": "2026-12-01T10:00:00Z", "channel": "c)" +
               std::to_string(i) + R"(", "text": ")" + text + R"("}]},
                              "make_room": true})");
    REQUIRE(more);
    gone += more->made_room;
  }
  CHECK(gone > 256);
  CHECK(holds(json_of(in, id, care), "c129"));
}

TEST_CASE("edit: what goes for a new entry is the oldest by its time, wherever it stands") {
  cared_for c;
  // Newest first, as another system writes a log.
  std::string log;
  std::string tasks;
  for (int i = 255; i >= 0; --i) {
    const std::string day =
        "20" + std::to_string(10 + i / 28) + "-01-" + std::to_string(100 + i % 28 + 1).substr(1);
    const std::string comma = log.empty() ? "" : ",";
    log += comma + R"({"at": ")" + day + R"(T10:00:00Z", "channel": "phone", "outcome": "no. )" +
           std::to_string(i) + "\"}";
    tasks += comma + R"({"text": "to do )" + std::to_string(i) + R"(", "state": "done", "due": ")" +
             day + "\"}";
  }
  REQUIRE(c.edit(R"({"set": {"contacts": [)" + log + R"(], "tasks": [)" + tasks + "]}}"));
  const auto done = c.edit(R"({"add": {"contacts": [{"at": "2009-01-01T10:00:00Z",
      "channel": "phone", "outcome": "told late"}], "tasks": [{"text": "new"}]}, "make_room": true})");
  REQUIRE(done);
  CHECK(done->made_room == 2);
  const std::string now = json_of(c.in, c.id, care);
  CHECK(holds(now, "no. 255\""));
  CHECK_FALSE(holds(now, "no. 0\""));
  CHECK(holds(now, "no. 1\""));
  CHECK(holds(now, "told late"));
  CHECK(holds(now, "to do 255\""));
  CHECK_FALSE(holds(now, "to do 0\""));
  CHECK(holds(now, "to do 1\""));
}

TEST_CASE("edit: a field is looked at under the purpose that it is kept for, and no other") {
  cared_for c;
  REQUIRE(::edit(c.in, c.id, R"({"add": {"tasks": [{"text": "Hem"}]}})", {}));
  REQUIRE(::edit(c.in, c.id, R"({"add": {"tasks": [{"text": "Belt"}]}})", {}));
  const auto all = c.in.who_looked(c.id);
  REQUIRE(all);
  purpose_set under;
  for (const look& one : *all) {
    if (one.fields.has(field::tasks)) under.add(one.purpose);
  }
  REQUIRE(under.size() == 1);
  under.for_each([&](purpose_id one) {
    const auto why = c.in.why_not_kept(c.id, field::tasks, one);
    REQUIRE(why);
    CHECK(*why == decision_code::none);
  });
}

TEST_CASE("edit: a text begins as it was typed, without case and accents") {
  CHECK(begins_as_typed("Núñez rings", "nunez"));
  CHECK(begins_as_typed("Hem", "Hem"));
  CHECK_FALSE(begins_as_typed("Hem", "Hem of"));
  CHECK_FALSE(begins_as_typed("The hem", "hem"));
  CHECK_FALSE(begins_as_typed("Hem", ""));
}

TEST_CASE("list: an empty condition is refused, also beside another one") {
  cared_for c;
  REQUIRE(c.edit(R"({"add": {"tags": ["bridal"]}})"));
  const auto code = [&](const std::string& request) {
    std::string where;
    const auto done = list_json(request, c.in, care, only(field::name), where);
    return done.error().code;
  };
  CHECK(code(R"({"tag": "bridal"})") == errc::none);
  for (const char* name : {"likes", "size", "size_kind", "bought", "bought_category", "brand",
                           "tag", "tier", "bought_since"}) {
    CAPTURE(name);
    const std::string empty = "\"" + std::string(name) + R"(": "")";
    CHECK(code("{" + empty + "}") != errc::none);
    CHECK(code("{" + empty + R"(, "no_purchase_for_days": 1})") != errc::none);
  }
  std::string where;
  CHECK(list_json(R"({"no_purchase_for_days": 1, "tag": ""})", c.in, care, only(field::name), where)
            .error()
            .code == errc::invalid_argument);
  CHECK(where == "/tag");
  CHECK(code(R"({"size_kind": "shoe", "no_purchase_for_days": 1})") == errc::invalid_argument);
}

TEST_CASE("edit: of tasks those go that are done, and never one that is open") {
  cared_for c;
  session& in = c.in;
  const customer_id id = c.id;
  std::string all;
  for (int i = 0; i < 256; ++i) {
    all += (i == 0 ? "" : ",") + std::string(R"({"text": "no. )") + std::to_string(i) +
           (i == 5 ? R"(", "state": "done"})" : "\"}");
  }
  REQUIRE(c.edit(R"({"set": {"tasks": [)" + all + "]}}"));
  const auto one = c.edit(R"({"add": {"tasks": [{"text": "new"}]}, "make_room": true})");
  REQUIRE(one);
  CHECK(one->made_room == 1);
  CHECK_FALSE(holds(json_of(in, id, care), "no. 5\""));
  CHECK(holds(json_of(in, id, care), "no. 0\""));
  const auto two = c.edit(R"({"add": {"tasks": [{"text": "newer"}]}, "make_room": true})");
  CHECK(two.error().code == errc::limit_exceeded);
}
