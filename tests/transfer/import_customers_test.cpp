#include <clientbook/consent/shop_consent.hpp>
#include <clientbook/exchange/map_proposal.hpp>
#include <clientbook/transfer/import_customers.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "shop.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::string_view map_text = R"({
  "format": "clientbook column map 1",
  "system": "till",
  "customers": {
    "file": "customers.csv",
    "columns": {"id": "external_id", "given": "name.given", "mail": "emails[].address",
                "likes": "likes[]"},
    "consent": {"news": {"yes": [{"kind": "grant", "purposes": ["email_marketing"],
                                  "recipients": ["self"], "channel": "web", "notice": "e-mail"}],
                         "all": [{"kind": "grant", "purposes": ["email_marketing", "client_care"],
                                  "recipients": ["self"], "channel": "web", "notice": "e-mail"}],
                         "no": [{"kind": "refuse", "purposes": ["email_marketing"]}]}}
  },
  "details": [
    {"file": "notes.csv", "optional": true,
     "columns": {"id": "external_id", "text": "notes[].text"}},
    {"file": "household.csv", "optional": true,
     "columns": {"id": "external_id", "relation": "household[].relation",
                 "person": "household[].person", "other": "household[].external_id"}},
    {"file": "purchases.csv", "optional": true,
     "columns": {"id": "external_id", "order": "purchase.order", "day": "purchase.day",
                 "article": "purchase.line.sku"}}
  ]
})";

column_map the_map() {
  auto map = column_map::parse(map_text);
  REQUIRE(map);
  return std::move(*map);
}

// What an import told, as a host would keep it.
struct heard {
  std::vector<std::string> skipped, stopped, texts;
  std::vector<import_step> steps;
  std::uint64_t progress = 0, total = 0;

  customer_import_listener listener() {
    return {.context = this,
            .problem =
                [](void* to, const customer_import_problem& what) {
                  heard& into = *static_cast<heard*>(to);
                  (what.skipped ? into.skipped : into.stopped).push_back(place_of(what));
                  into.steps.push_back(what.step);
                  into.texts.push_back(place_of(what) + ": " + what.what.text.c_str());
                },
            .progress =
                [](void* to, std::uint64_t done, std::uint64_t all) {
                  static_cast<heard*>(to)->progress = done;
                  static_cast<heard*>(to)->total = all;
                }};
  }
};

// How many times something was told that begins so and says that.
std::ptrdiff_t times_told(const heard& of, std::string_view place, std::string_view what) {
  return std::ranges::count_if(of.texts, [&](const std::string& each) {
    return each.starts_with(place) && each.find(what) != std::string::npos;
  });
}

struct import_shop {
  shop book;
  session in = book.begin();
  scratch folder;
  column_map map = the_map();
  heard told;

  import_shop() {
    add_notice(in);
    file("customers.csv",
         "id,given,mail,likes,news\n"
         "C-1,Ada,ada@example.com,silk,yes\n"
         "C-2,Bo,bo@example.com,,no\n");
  }
  void file(const std::string& name, std::string_view text) { write_file(folder / name, text); }
  void everybody_agrees() {
    file("customers.csv",
         "id,given,mail,likes,news\n"
         "C-1,Ada,ada@example.com,silk,all\n"
         "C-2,Bo,bo@example.com,,all\n");
  }
  result<customer_import_counts> run(const customer_import_options& options = {}) {
    return import_customers(in, map, folder.path(), options, told.listener());
  }
};

}  // namespace

TEST_CASE("import customers: files become customers with items and consents") {
  import_shop shop;
  shop.file("notes.csv", "id,text\nC-1,asks for linen\n");
  shop.file("purchases.csv", "id,order,day,article\nC-2,S-1,2025-01-02,A\nC-2,S-1,2025-01-02,B\n");
  const auto counts = shop.run({.purposes = purpose::customer_order_management});
  REQUIRE(counts);
  CHECK(counts->customers == 2);
  CHECK(counts->receipts == 1);
  CHECK(counts->lines == 2);
  CHECK(counts->directives == 2);
  CHECK(counts->skipped == 0);
  // An order has no use for likes and notes: left out and counted.
  CHECK(counts->notes == 0);
  CHECK(counts->left_out[field::likes.value] == 1);
  CHECK(counts->left_out[field::notes.value] == 1);
  CHECK(counts->left_out[field::name.value] == 0);
  CHECK(shop.told.progress == 2);
  CHECK(shop.told.total == 2);
  CHECK(shop.told.stopped.empty());

  const customer_id ada = found(shop.in, "till", "C-1");
  const auto mail = shop.in.read(ada, purpose::email_marketing);
  REQUIRE(mail);
  CHECK(mail->state(field::emails) == field_state::shown);
  const auto other = shop.in.read(found(shop.in, "till", "C-2"), purpose::email_marketing);
  REQUIRE(other);
  CHECK(other->state(field::emails) == field_state::withheld);
}

TEST_CASE("import customers: members of a household who are customers are linked afterwards") {
  import_shop shop;
  shop.everybody_agrees();
  shop.file("household.csv", "id,relation,person,other\nC-1,spouse,Bo,C-2\nC-2,spouse,Ada,C-1\n");
  REQUIRE(shop.run({.purposes = purpose::client_care}));
  const customer_id ada = found(shop.in, "till", "C-1"), bo = found(shop.in, "till", "C-2");
  const auto linked = [&](const customer_id& whose) {
    const auto seen = shop.in.read(whose, purpose::client_care);
    REQUIRE(seen);
    const auto links = seen->record().household();
    REQUIRE(links);
    REQUIRE(links->size() == 1);
    return links->begin()->customer;
  };
  // The first one was written before the second was there.
  CHECK(linked(ada) == std::optional(bo));
  CHECK(linked(bo) == std::optional(ada));
}

TEST_CASE("import customers: a bad row stops it, and nothing is imported") {
  import_shop shop;
  shop.file("customers.csv",
            "id,given,mail,likes,news\nC-1,Ada,ada@example.com,,\nC-2,Zebedee,no address,,\n");
  const auto counts = shop.run();
  REQUIRE_FALSE(counts);
  CHECK(counts.error().code == errc::invalid_value);
  REQUIRE(shop.told.stopped.size() == 1);
  CHECK(shop.told.stopped.front() == "customers.csv, line 3, column 3 (mail)");
  CHECK(shop.told.steps.front() == import_step::files);
  CHECK(customers_in(shop.in) == 0);
}

TEST_CASE("import customers: somebody whom the book has stops it, or is left out") {
  import_shop shop;
  REQUIRE(shop.run());
  shop.file("customers.csv",
            "id,given,mail,likes,news\nC-3,Cy,cy@example.com,,\nC-1,Ada,ada@example.com,,\n");
  const auto stopped = shop.run();
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().code == errc::already_exists);
  CHECK(stopped.error().at == 3);
  CHECK(shop.told.stopped == std::vector<std::string>{"customers.csv, line 3"});
  CHECK(shop.told.steps.back() == import_step::customer);
  CHECK(customers_in(shop.in) == 2);

  const auto skipped = shop.run({.on_bad_row = bad_row::skip});
  REQUIRE(skipped);
  CHECK(skipped->customers == 1);
  CHECK(skipped->skipped == 1);
  CHECK(shop.told.skipped == std::vector<std::string>{"customers.csv, line 3"});
  CHECK(customers_in(shop.in) == 3);
}

TEST_CASE("import customers: the same files again change nothing, where it is asked to add") {
  import_shop shop;
  shop.everybody_agrees();
  shop.file("notes.csv", "id,text\nC-1,asks for linen\n");
  shop.file("purchases.csv", "id,order,day,article\nC-2,S-1,2025-01-02,A\n");
  REQUIRE(shop.run());
  for (int again = 0; again < 2; ++again) {
    CAPTURE(again);
    const auto counts = shop.run({.on_known = known_customer::add});
    REQUIRE(counts);
    CHECK(counts->customers == 0);
    CHECK(counts->known == 2);
    CHECK(counts->completed == 0);
    CHECK(counts->differing == 0);
    CHECK(counts->receipts == 0);
    CHECK(counts->notes == 0);
    CHECK(counts->directives == 0);
    CHECK(counts->repeated_directives == 2);
  }
  CHECK(customers_in(shop.in) == 2);
  // What is new in the file comes, also for those who are known; what differs stays as it is.
  shop.file("customers.csv",
            "id,given,mail,likes,news\n"
            "C-1,Eda,ada@example.com,silk,all\n"
            "C-2,Bo,bo@example.com,tea,all\n"
            "C-3,Cy,cy@example.com,,all\n");
  shop.file("purchases.csv", "id,order,day,article\nC-2,S-1,2025-01-02,A\nC-2,S-2,2025-02-02,B\n");
  const auto counts = shop.run({.purposes = purpose::client_care, .on_known = known_customer::add});
  REQUIRE(counts);
  CHECK(counts->customers == 1);
  CHECK(counts->known == 2);
  CHECK(counts->differing == 1);
  const auto ada = shop.in.read(found(shop.in, "till", "C-1"), purpose::client_care);
  REQUIRE(ada);
  const auto name = ada->record().name();
  REQUIRE(name);
  CHECK(name->given.reveal() == "Ada");
  const auto skipped = shop.run({.on_known = known_customer::skip});
  REQUIRE(skipped);
  CHECK(skipped->known == 3);
  CHECK(skipped->completed == 0);
}

TEST_CASE("import customers: a trial tells every fault and keeps nothing") {
  import_shop shop;
  shop.file("customers.csv",
            "id,given,mail,likes,news\n"
            "C-1,Ada,not a mail,,no\n"
            "C-2,Bo,bo@example.com,,no\n"
            "C-3,Cy,cy@example.com,,maybe\n");
  const auto counts = shop.run({.dry_run = true});
  REQUIRE(counts);
  CHECK(counts->customers == 1);
  CHECK(counts->skipped == 2);
  CHECK(shop.told.skipped == std::vector<std::string>{"customers.csv, line 2, column 3 (mail)",
                                                      "customers.csv, line 4, column 5 (news)"});
  CHECK(customers_in(shop.in) == 0);
}

TEST_CASE("import customers: bad rows of the files are left out where that is asked for") {
  import_shop shop;
  shop.file("customers.csv",
            "id,given,mail,likes,news\nC-1,Ada,ada@example.com,,\nC-2,Zebedee,no address,,\n");
  const auto counts = shop.run({.on_bad_row = bad_row::skip});
  REQUIRE(counts);
  CHECK(counts->customers == 1);
  CHECK(counts->skipped == 1);
  CHECK(shop.told.skipped == std::vector<std::string>{"customers.csv, line 3, column 3 (mail)"});
  CHECK(shop.told.stopped.empty());
}

TEST_CASE("import customers: of two words the later holds, of two at one time the stricter") {
  struct row {
    std::string kind, at;
  };
  const auto opened = [](const std::vector<row>& rows) {
    import_shop shop;
    auto map = column_map::parse(R"({
      "format": "clientbook column map 1", "system": "till",
      "customers": {"file": "customers.csv",
                    "columns": {"id": "external_id", "given": "name.given",
                                "mail": "emails[].address"}},
      "details": [{"file": "consents.csv",
                   "columns": {"id": "external_id", "kind": "consents[].kind",
                               "p": "consents[].purposes", "r": "consents[].recipients",
                               "n": "consents[].notice", "at": "consents[].given_at"}}]})");
    REQUIRE(map);
    shop.map = std::move(*map);
    std::string text = "id,kind,p,r,n,at\n";
    for (const row& one : rows) {
      const std::string notice = one.kind == "grant" ? "e-mail" : "";
      text += "C-1," + one.kind + ",email_marketing,self," + notice + "," + one.at + "\n";
    }
    shop.file("customers.csv", "id,given,mail\nC-1,Ada,ada@example.com\n");
    shop.file("consents.csv", text);
    REQUIRE(shop.run());
    const auto who = shop.in.find("till", "C-1");
    REQUIRE(who);
    return shows(shop.in.read(*who, purpose::email_marketing), field::emails);
  };
  const std::string may = "2025-05-01T00:00:00Z", june = "2025-06-01T00:00:00Z";
  CHECK_FALSE(opened({{"withdraw", june}, {"grant", may}}));  // newest first
  CHECK_FALSE(opened({{"grant", may}, {"withdraw", june}}));
  CHECK(opened({{"grant", june}, {"withdraw", may}}));
  CHECK(opened({{"withdraw", may}, {"grant", june}}));
  CHECK_FALSE(opened({{"withdraw", may}, {"grant", ""}}));  // undated: the oldest there is
  CHECK_FALSE(opened({{"withdraw", ""}, {"grant", may}}));  // undated: as new as the file
  CHECK_FALSE(opened({{"withdraw", ""}, {"grant", ""}}));
  CHECK_FALSE(opened({{"withdraw", may}, {"grant", may}}));
  CHECK(opened({{"grant", ""}}));
}

TEST_CASE("import customers: a no of a day alone is no earlier than anything of that day") {
  import_shop shop;
  auto map = column_map::parse(R"({"format": "clientbook column map 1", "system": "till",
      "customers": {"file": "customers.csv", "format": {"utc_offset": "+00:00"},
        "columns": {"id": "external_id", "given": "name.given", "mail": "emails[0].address"},
        "consent": {"news": {
          "yes": [{"kind": "grant", "purposes": ["email_marketing"], "recipients": ["self"],
                   "notice": "e-mail", "given_at_column": "when"}],
          "no": [{"kind": "withdraw", "purposes": ["email_marketing"],
                  "given_at_column": "when"}]}}}})");
  REQUIRE(map);
  shop.map = std::move(*map);
  const auto file = [&](const std::string& rows) {
    shop.file("customers.csv", "id,given,mail,news,when\n" + rows);
  };
  const auto permitted = [&] {
    decision_request as = shop.in.request(purpose::email_marketing);
    const auto seen = shop.in.read(found(shop.in, "till", "C-1"), as.purpose);
    return seen && seen->state(field::emails) == field_state::shown;
  };
  const std::string yes = "C-1,Ada,ada@example.com,yes,2026-03-05T15:00:00Z\n";
  const std::string no = "C-1,Ada,ada@example.com,no,2026-03-05\n";
  SUBCASE("the yes is in the book, the no comes later") {
    file(yes);
    REQUIRE(shop.run());
    CHECK(permitted());
    file(no);
    REQUIRE(shop.run({.on_known = known_customer::update}));
    CHECK_FALSE(permitted());
  }
  SUBCASE("the no is in the book, a yes of the day comes later") {
    file(no);
    REQUIRE(shop.run());
    file(yes);
    REQUIRE(shop.run({.on_known = known_customer::add}));
    CHECK_FALSE(permitted());
  }
  SUBCASE("a yes of the next day holds") {
    file(no);
    REQUIRE(shop.run());
    file("C-1,Ada,ada@example.com,yes,2026-03-06T08:00:00Z\n");
    REQUIRE(shop.run({.on_known = known_customer::add}));
    CHECK(permitted());
  }
}

TEST_CASE("import customers: a no of a day alone brought again takes back nothing given since") {
  for (const std::string_view when :
       {"2027-01-15", "2027-01-15T00:00:00Z", "2027-01-12", "2027-01-12 00:00"}) {
    for (const import_content content : {import_content::everything, import_content::consents}) {
      CAPTURE(when);
      import_shop shop;  // 2027-01-15, 8 o'clock.
      auto map = column_map::parse(R"({"format": "clientbook column map 1", "system": "till",
          "customers": {"file": "customers.csv", "format": {"utc_offset": "+00:00"},
            "columns": {"id": "external_id", "given": "name.given",
                        "mail": "emails[0].address"},
            "consent": {"news": {"no": [{"kind": "withdraw", "purposes": ["email_marketing"],
                                         "given_at_column": "when"}]}}}})");
      REQUIRE(map);
      shop.map = std::move(*map);
      const auto file = [&](std::string_view given) {
        shop.file("customers.csv", "id,given,mail,news,when\nC-1," + std::string(given) +
                                       ",ada@example.com,no," + std::string(when) + "\n");
      };
      const auto permitted = [&] {
        const auto seen = shop.in.read(found(shop.in, "till", "C-1"), purpose::email_marketing);
        return seen && seen->state(field::emails) == field_state::shown;
      };
      file("Ada");
      REQUIRE(shop.run({.purposes = purpose::customer_order_management}));
      clock_hand().seconds += 600;
      const directive yes = grant_of(shop.in, {recipient::self});
      REQUIRE(shop.in.record(found(shop.in, "till", "C-1"), yes));
      CHECK(permitted());
      for (const std::int64_t later : {600, 2 * 86'400}) {
        clock_hand().seconds += later;
        file(later == 600 ? "Ada" : "Ada Mae");
        REQUIRE(shop.run({.purposes = purpose::customer_order_management,
                          .on_known = known_customer::update,
                          .content = content}));
        CHECK(permitted());
      }
    }
  }
}

TEST_CASE("import customers: the system that is said is stronger than the map's") {
  import_shop shop;
  REQUIRE(import_customers(shop.in, shop.map.of_system("web"), shop.folder.path()));
  CHECK(shop.in.find("web", "C-1"));
  CHECK(shop.in.find("till", "C-1").error().code == errc::not_found);
}

TEST_CASE("import customers: from JSON, what a source has no use for is an error") {
  import_shop shop;
  std::string where;
  const std::string map = R"({"map": "{}", "folder": ".", )";
  for (const auto& [request, member] :
       {std::pair<std::string, const char*>{map + R"("region": "DE"})", "/region"},
        {R"({"json_lines": "a.jsonl", "system": "x"})", "/system"},
        {R"({"json_lines": "a.jsonl", "region": "DE"})", "/region"},
        {map + R"("year": 1999})", "/year"},
        {R"({"vcards": "a.vcf", "year": 1999})", "/year"},
        {R"({"json_lines": "a.jsonl", "year": 1999})", "/year"},
        {R"({"vcards": "a.vcf", "notice": "x"})", "/notice"},
        {R"({"json_lines": "a.jsonl", "notice": "x"})", "/notice"},
        {R"({"vcards": "a.vcf", "folder": "x"})", "/folder"}}) {
    CAPTURE(request);
    const auto refused = import_customers_json(request, shop.in, where);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::invalid_argument);
    CHECK(where == member);
  }
}

TEST_CASE("import customers: a field without a basis stops it where that is asked for") {
  import_shop shop;
  const auto counts = shop.run(
      {.purposes = purpose::customer_order_management, .on_missing_basis = missing_basis::stop});
  REQUIRE_FALSE(counts);
  CHECK(counts.error().code == errc::no_basis);
  CHECK(customers_in(shop.in) == 0);
}

TEST_CASE("import customers: identity numbers in notes are refused, or become labels") {
  import_shop shop;
  shop.everybody_agrees();
  shop.file("notes.csv", "id,text\nC-1,\"her social security number is 230-46-7471, keep it\"\n");
  customer_import_options options;
  options.purposes = purpose::client_care;
  const auto refused = shop.run(options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::identity_number_refused);
  CHECK(customers_in(shop.in) == 0);
  // Where the note stands, not its customer.
  CHECK(shop.told.stopped == std::vector<std::string>{"notes.csv, line 2"});
  options.notes.identity_numbers = number_in_note::replaced;
  const auto replaced = shop.run(options);
  REQUIRE(replaced);
  CHECK(replaced->notes == 1);
  const auto kept = shop.in.notes(found(shop.in, "till", "C-1"), purpose::client_care);
  REQUIRE(kept);
  REQUIRE(kept->items().size() == 1);
  CHECK(as_text(kept->items().front().value).find("230-46") == std::string_view::npos);
}

TEST_CASE("import customers: a card number in a note is refused") {
  import_shop shop;
  shop.file("notes.csv", "id,text\nC-1,card 4111 1111 1111 1111 again\n");
  const auto refused = shop.run();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::card_data_refused);
  CHECK(customers_in(shop.in) == 0);
}

TEST_CASE("import customers: a wrong notice stops it, also where rows are skipped") {
  import_shop shop;
  std::string text(map_text);
  text.replace(text.find("\"notice\": \"e-mail\""), 18, "\"notice\": \"other\"");
  auto map = column_map::parse(text);
  REQUIRE(map);
  shop.map = std::move(*map);
  const auto counts = shop.run({.on_bad_row = bad_row::skip});
  REQUIRE_FALSE(counts);
  CHECK(counts.error().code == errc::unknown_notice);
  CHECK(shop.told.steps == std::vector{import_step::rules});
  CHECK(customers_in(shop.in) == 0);
}

TEST_CASE("import customers: a role that may not write imports nothing") {
  import_shop shop;
  session auditor = shop.book.begin(actor_role::auditor);
  const auto counts =
      import_customers(auditor, shop.map, shop.folder.path(), {}, shop.told.listener());
  REQUIRE_FALSE(counts);
  CHECK(counts.error().code == errc::role_denied);
  CHECK(customers_in(shop.in) == 0);
}

TEST_CASE("import customers: what is left out is counted by field and reason") {
  import_shop shop;
  shop.file("customers.csv",
            "id,given,mail,likes,news\n"
            "C-1,Ada,ada@example.com,silk,all\n"
            "C-2,Bo,bo@example.com,wool,no\n"
            "C-3,Cleo,cleo@example.com,tea,\n");
  shop.file("notes.csv", "id,text\nC-1,asks for linen\nC-3,asks for wool\n");
  const auto counts = shop.run();
  REQUIRE(counts);
  // Ada agreed to care, so that hers are kept for one of the shop's purposes.
  CHECK(counts->left_out[field::likes.value] == 2);
  CHECK(counts->notes == 1);
  std::uint64_t likes = 0;
  for (const left_out_field& one : counts->left_out_why) {
    CHECK((one.why == decision_code::no_basis || one.why == decision_code::denied_by));
    if (one.field == field::likes) likes += one.customers;
  }
  CHECK(likes == 2);
  CHECK(counts->not_kept == 0);
}

TEST_CASE("import customers: somebody without name, id and contact is named and not kept") {
  import_shop shop;
  // Under a purpose that nobody agreed to but Ada nothing of Bo may be kept.
  shop.everybody_agrees();
  shop.file("customers.csv",
            "id,given,mail,likes,news\n"
            "C-1,Ada,ada@example.com,silk,all\n"
            "C-2,Bo,bo@example.com,wool,no\n");
  shop.file("notes.csv", "id,text\nC-2,asks for wool\n");
  const auto counts = shop.run({.purposes = purpose::client_care});
  REQUIRE(counts);
  CHECK(counts->customers == 1);
  CHECK(counts->not_kept == 1);
  CHECK(counts->notes == 0);
  CHECK(shop.told.skipped == std::vector<std::string>{"customers.csv, line 3"});
  CHECK(customers_in(shop.in) == 1);
  CHECK(shop.in.find("till", "C-2").error().code == errc::not_found);
  // Who wants it all or nothing has it.
  import_shop other;
  CHECK(other.run({.purposes = purpose::client_care, .on_missing_basis = missing_basis::stop})
            .error()
            .code == errc::no_basis);
}

TEST_CASE("import customers: last month's file brings nobody back who was erased") {
  import_shop shop;
  REQUIRE(shop.run());
  REQUIRE(shop.in.erase(found(shop.in, "till", "C-1"), erasure_reason::subject_request));
  SUBCASE("they are named and not taken") {
    shop.file("customers.csv",
              "id,given,mail,likes,news\n"
              "C-1,Ada,other@example.com,silk,yes\n"
              "C-9,Ada,ADA@example.com,silk,yes\n"
              "C-3,Cleo,cleo@example.com,,yes\n");
    const auto counts = shop.run();
    REQUIRE(counts);
    CHECK(counts->customers == 1);
    CHECK(counts->remembered == 2);
    CHECK(counts->skipped == 0);
    CHECK(shop.told.skipped ==
          std::vector<std::string>{"customers.csv, line 2", "customers.csv, line 3"});
    CHECK(shop.in.find("till", "C-9").error().code == errc::not_found);
    CHECK(shows(shop.in.read(found(shop.in, "till", "C-3"), purpose::email_marketing),
                field::emails));
  }
  SUBCASE("who imports decides, and then they are a new customer") {
    shop.file("customers.csv", "id,given,mail,likes,news\nC-1,Ada,ada@example.com,silk,yes\n");
    const auto counts = shop.run({.on_remembered = remembered_person::take});
    REQUIRE(counts);
    CHECK(counts->customers == 1);
    CHECK(counts->remembered == 0);
    CHECK(shop.in.directives(found(shop.in, "till", "C-1"))->size() == 1);
  }
  SUBCASE("of several who were erased one comes back, by name") {
    REQUIRE(shop.in.erase(found(shop.in, "till", "C-2"), erasure_reason::subject_request));
    const std::string_view ada = "C-1";
    shop.file("customers.csv",
              "id,given,mail,likes,news\n"
              "C-1,Ada,ada@example.com,silk,yes\n"
              "C-2,Bo,bo@example.com,,yes\n");
    const auto counts = shop.run({.came_back = {&ada, 1}});
    REQUIRE(counts);
    CHECK(counts->customers == 1);
    CHECK(counts->remembered == 1);
    CHECK(shop.told.skipped == std::vector<std::string>{"customers.csv, line 3"});
    CHECK(shop.in.find("till", "C-1"));
    CHECK(shop.in.find("till", "C-2").error().code == errc::not_found);
    // A slip in the id takes nobody, and is said.
    const std::string_view slip = "C-3";
    const auto wrong = shop.run({.came_back = {&slip, 1}, .on_known = known_customer::skip});
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().code == errc::not_found);
    // By an address too, however it is written; not by what a number ends in.
    REQUIRE(shop.in.erase(found(shop.in, "till", "C-1"), erasure_reason::subject_request));
    const std::string_view end = "example.com";
    CHECK_FALSE(shop.run({.came_back = {&end, 1}}));
    const std::string_view mail = "BO@example.com";
    const auto by_mail = shop.run({.came_back = {&mail, 1}});
    REQUIRE(by_mail);
    CHECK(by_mail->customers == 1);
    CHECK(shop.in.find("till", "C-2"));
    CHECK(shop.in.find("till", "C-1").error().code == errc::not_found);
  }
  SUBCASE("a key that was dropped asks nothing") {
    REQUIRE(shop.in.drop_refusals(1));
    shop.file("customers.csv", "id,given,mail,likes,news\nC-1,Ada,ada@example.com,silk,yes\n");
    CHECK(shop.run()->customers == 1);
  }
}

TEST_CASE("import customers: who unsubscribed before they were a customer comes in unsubscribed") {
  import_shop shop;
  customer mail;
  REQUIRE(mail.set(field::emails, std::array{email_address{.address = "Ada@example.com"}}));
  REQUIRE(
      shop.in.remember_unsubscribed(mail.fields(), timestamp{clock_hand().seconds - 90 * 86400}));
  const auto counts = shop.run();
  REQUIRE(counts);
  CHECK(counts->customers == 2);
  CHECK(counts->unsubscribed == 1);
  // Ada's file says yes: what she said herself stands beside it.
  const customer_id ada = found(shop.in, "till", "C-1");
  CHECK_FALSE(shows(shop.in.read(ada, purpose::email_marketing), field::emails));
  const auto said = shop.in.directives(ada);
  REQUIRE(said);
  CHECK(said->back().kind == directive_kind::refuse);
  CHECK(said->back().event_at < clock_hand());
  // It was heeded, so nothing of it is left.
  CHECK(shop.in.remembered(mail.fields())->empty());
}

namespace {

// What the book has of somebody, under a purpose of the law.
std::string mail_of(session& in, const customer_id& id) {
  const auto seen = in.read(id, purpose::customer_order_management);
  REQUIRE(seen);
  const auto mails = seen->record().emails();
  return mails ? std::string(mails->begin()->address.reveal()) : std::string();
}

}  // namespace

TEST_CASE("import customers: next month's file changes what it brought and no correction") {
  import_shop shop;
  REQUIRE(shop.run());
  customer corrected;
  REQUIRE(corrected.set(field::emails, std::array{email_address{.address = "bo@home.example"}}));
  const customer_id ada = found(shop.in, "till", "C-1"), bo = found(shop.in, "till", "C-2");
  REQUIRE(shop.in.update(bo, corrected.fields(), purpose::customer_order_management));
  shop.file("customers.csv",
            "id,given,mail,likes,news\n"
            "C-1,Ada,ada@new.example,,yes\n"
            "C-2,Bo,bo@example.com,,no\n"
            "C-3,Cy,cy@example.com,,no\n");
  // A trial tells the same and keeps nothing.
  for (const bool trial : {true, false}) {
    CAPTURE(trial);
    const auto counts = shop.run({.on_known = known_customer::update, .dry_run = trial});
    REQUIRE(counts);
    CHECK(counts->customers == 1);
    CHECK(counts->known == 2);
    CHECK(counts->updated == 1);
    CHECK(counts->changed == 1);
    CHECK(counts->updated_fields[field::emails.value] == 1);
    CHECK(counts->kept_fields[field::emails.value] == 1);
    CHECK(counts->conflicts == 0);
    CHECK(mail_of(shop.in, ada) == (trial ? "ada@example.com" : "ada@new.example"));
    CHECK(mail_of(shop.in, bo) == "bo@home.example");
  }
  const auto again = shop.run({.on_known = known_customer::update});
  REQUIRE(again);
  CHECK(again->customers == 0);
  CHECK(again->changed == 0);
  CHECK(again->directives == 0);
}

TEST_CASE("import customers: an update opens nothing and takes every no") {
  import_shop shop;
  REQUIRE(shop.run());
  const customer_id ada = found(shop.in, "till", "C-1"), bo = found(shop.in, "till", "C-2");
  const auto reached = [&](const customer_id& who) {
    return shows(shop.in.read(who, purpose::email_marketing), field::emails);
  };
  REQUIRE(reached(ada));
  shop.file("customers.csv",
            "id,given,mail,likes,news\n"
            "C-1,Ada,ada@example.com,,no\n"
            "C-2,Bo,bo@example.com,,yes\n");
  const auto counts = shop.run({.on_known = known_customer::update});
  REQUIRE(counts);
  CHECK(counts->not_widened == 1);
  CHECK(counts->directives == 1);
  CHECK_FALSE(reached(ada));
  CHECK_FALSE(reached(bo));
}

TEST_CASE("import customers: a row without a known id is who its e-mail or phone says") {
  import_shop shop;
  customer ann;
  REQUIRE(ann.set(field::name, person_name{.given = "Ann", .family = "Ray"}));
  REQUIRE(ann.set(field::emails, std::array{email_address{.address = "Ray@Example.com"}}));
  const customer_id id = keep(shop.in, ann);
  shop.file("customers.csv",
            "id,given,mail,likes,news\n"
            "C-8,Ben,ray@example.com,,no\n"
            "C-7,Ann,ray@example.com,,no\n");
  const auto counts = shop.run({.on_known = known_customer::update});
  REQUIRE(counts);
  CHECK(counts->matched == 1);
  // A couple shares an address, not a given name.
  CHECK(counts->customers == 1);
  CHECK(found(shop.in, "till", "C-7") == id);
  CHECK(found(shop.in, "till", "C-8") != id);
  CHECK(counts->added_fields[field::external_ids.value] == 1);
  // Whose id the system gave somebody else is somebody else.
  shop.file("customers.csv", "id,given,mail,likes,news\nC-9,Ann,ray@example.com,,no\n");
  CHECK(shop.run({.on_known = known_customer::update})->customers == 1);
}

TEST_CASE("import customers: a yes that an update left out is recorded where adding is asked for") {
  import_shop shop;
  shop.file("customers.csv", "id,given,mail,likes,news\nC-1,Ada,ada@example.com,,\n");
  REQUIRE(shop.run());
  const customer_id ada = found(shop.in, "till", "C-1");
  const auto reached = [&] {
    return shows(shop.in.read(ada, purpose::email_marketing), field::emails);
  };
  shop.file("customers.csv", "id,given,mail,likes,news\nC-1,Ada,ada@example.com,,yes\n");
  CHECK(shop.run({.on_known = known_customer::update})->not_widened == 1);
  CHECK(shop.run({.on_known = known_customer::update})->directives == 0);
  CHECK_FALSE(reached());
  CHECK(shop.run({.on_known = known_customer::add})->directives == 1);
  CHECK(reached());
  CHECK(shop.run({.on_known = known_customer::add})->directives == 0);
}

TEST_CASE(
    "import customers: a yes of a file that a service brings in waits, and an owner's counts") {
  import_shop shop;
  shop.everybody_agrees();
  session service = shop.book.begin(actor_role::service);
  const auto bring = [&](const customer_import_options& options) {
    const auto counts = import_customers(service, shop.map, shop.folder.path(), options);
    REQUIRE(counts);
    return *counts;
  };
  const customer_import_counts first = bring({});
  CHECK(first.customers == 2);
  CHECK(first.waiting == 2);
  const customer_id ada = found(shop.in, "till", "C-1");
  const auto reached = [&] {
    return shows(shop.in.read(ada, purpose::email_marketing), field::emails);
  };
  CHECK_FALSE(reached());
  // The same file adds nothing, but from who may say yes.
  CHECK(bring({.on_known = known_customer::add}).directives == 0);
  CHECK_FALSE(reached());
  const auto own = shop.run({.on_known = known_customer::add});
  REQUIRE(own);
  CHECK(own->directives == 2);
  CHECK(own->waiting == 0);
  CHECK(reached());
}

TEST_CASE("import customers: a file that waited brings no yes back after the customer's no") {
  import_shop shop;
  shop.everybody_agrees();
  session service = shop.book.begin(actor_role::service);
  const auto nightly = [&] {
    clock_hand().seconds += 86'400;
    const auto counts =
        import_customers(service, shop.map, shop.folder.path(), {.on_known = known_customer::add});
    REQUIRE(counts);
    return counts->directives;
  };
  REQUIRE(import_customers(service, shop.map, shop.folder.path()));
  const customer_id ada = found(shop.in, "till", "C-1");
  const std::size_t before = shop.in.directives(ada)->size();
  CHECK(nightly() == 0);
  CHECK(nightly() == 0);
  CHECK(shop.in.directives(ada)->size() == before);
  directive no = withdrawal();
  no.scope.purposes = {purpose::email_marketing};
  no.event_at = clock_hand();
  REQUIRE(shop.in.record(ada, no));
  CHECK(nightly() == 0);
  CHECK(shop.in.waiting(ada)->empty());
  clock_hand().seconds += 86'400;
  // The other customer of the file said nothing since.
  CHECK(shop.run({.on_known = known_customer::add})->directives == 1);
  CHECK_FALSE(shows(shop.in.read(ada, purpose::email_marketing), field::emails));
  CHECK(
      shows(shop.in.read(found(shop.in, "till", "C-2"), purpose::email_marketing), field::emails));
}

TEST_CASE("import customers: an id that nobody gave holds nothing of what it was made of") {
  import_shop shop;
  constexpr std::string_view text = R"({"format": "clientbook column map 1", "system": "till",
    "customers": {"file": "people.csv", "format": {"dates": "yyyy-mm-dd"},
      "id": ["mail", "phone", ["given", "family", "born"]], "repeated": "merge",
      "columns": {"given": "name.given", "family": "name.family", "born": "birth_date",
                  "mail": "emails[0].address", "phone": "phones[0].number"}}})";
  const auto map = column_map::parse(text);
  REQUIRE(map);
  const auto run = [&](std::string_view rows, known_customer known = known_customer::stop) {
    shop.file("people.csv", "given,family,born,mail,phone\n" + std::string(rows));
    return import_customers(shop.in, *map, shop.folder.path(), {.on_known = known});
  };
  const auto ids = [&](const customer_id& who) {
    std::string all;
    const auto seen = shop.in.read(who, purpose::customer_order_management);
    REQUIRE(seen);
    const auto list = seen->record().external_ids();
    REQUIRE(list);
    for (const external_id& each : *list) {
      all += std::string(each.system) + ":" + std::string(each.value.reveal()) + " ";
    }
    return all;
  };
  const std::string rows =
      "Zoé,Weber,1980-02-01,,\nCy,Li,,cy@example.com,\nDi,Ma,,,+491713920021\n";
  const auto counts = run(rows);
  REQUIRE(counts);
  REQUIRE(counts->customers == 3);
  // Case, accents and signs do not matter to who asks.
  const customer_id zoe = found(shop.in, "till", "ZOE / weber / 1980-02-01");
  const customer_id cy = found(shop.in, "till", "Cy@Example.com");
  const customer_id di = found(shop.in, "till", "+49 171 3920021");
  for (const customer_id& each : {zoe, cy, di}) {
    const std::string all = ids(each);
    CAPTURE(all);
    CHECK(all.starts_with("till:~"));
    for (const char* const part : {"1980", "Weber", "weber", "cy@", "3920021"}) {
      CHECK(all.find(part) == std::string::npos);
    }
  }
  CHECK(shop.in.find("till", "Zoe / Weber / 1980-02-02").error().code == errc::not_found);
  // The same people again are the same, however the file is imported.
  CHECK(run(rows).error().code == errc::already_exists);
  for (const known_customer how :
       {known_customer::skip, known_customer::add, known_customer::update}) {
    const auto again = run("ZOÉ,WEBER,1980-02-01,,\nCy,Li,,CY@example.com,\n", how);
    REQUIRE(again);
    CHECK(again->customers == 0);
    CHECK(again->known == 2);
  }
  // Who is given an id later is still the same.
  const auto later = column_map::parse(
      R"({"format": "clientbook column map 1", "system": "till", "customers": {"file":
      "people.csv", "columns": {"id": "external_id", "given": "name.given",
      "mail": "emails[0].address"}}})");
  REQUIRE(later);
  shop.file("people.csv", "id,given,mail\nK-1,Cy,cy@example.com\n");
  const auto named =
      import_customers(shop.in, *later, shop.folder.path(), {.on_known = known_customer::update});
  REQUIRE(named);
  CHECK(named->customers == 0);
  CHECK(found(shop.in, "till", "K-1") == cy);
}

TEST_CASE("import customers: where two may be meant the row is a bad one") {
  import_shop shop;
  for (int i = 0; i < 2; ++i) {
    customer ann;
    REQUIRE(ann.set(field::name, person_name{.given = "Ann"}));
    REQUIRE(ann.set(field::emails, std::array{email_address{.address = "ray@example.com"}}));
    keep(shop.in, ann);
  }
  shop.file("customers.csv", "id,given,mail,likes,news\nC-7,Ann,ray@example.com,,no\n");
  CHECK(shop.run({.on_known = known_customer::update}).error().code == errc::already_exists);
  const auto skipped = shop.run({.on_bad_row = bad_row::skip, .on_known = known_customer::update});
  REQUIRE(skipped);
  CHECK(skipped->skipped == 1);
  CHECK(customers_in(shop.in) == 2);
}

TEST_CASE("import customers: card numbers in notes become labels too, once") {
  import_shop shop;
  shop.everybody_agrees();
  shop.file("notes.csv", "id,text\nC-1,card 4111 1111 1111 1111 again\n");
  customer_import_options options{.purposes = purpose::client_care};
  options.notes = {.cards = number_in_note::replaced, .identity_numbers = number_in_note::replaced};
  const auto counts = shop.run(options);
  REQUIRE(counts);
  CHECK(counts->notes == 1);
  const auto kept = shop.in.notes(found(shop.in, "till", "C-1"), purpose::client_care);
  REQUIRE(kept);
  CHECK(as_text(kept->items().front().value).find("4111") == std::string_view::npos);
  options.on_known = known_customer::update;
  CHECK(shop.run(options)->notes == 0);
}

TEST_CASE("import customers: one id written in two ways is one id") {
  import_shop shop;
  const std::string apart = "e\xCC\x81-1", together = "\xC3\xA9-1";
  shop.file("customers.csv", "id,given,mail,likes,news\n" + apart + ",Ada,ada@example.com,,all\n");
  shop.file("notes.csv", "id,text\n" + together + ",asks for linen\n");
  const auto counts = shop.run({.purposes = purpose::client_care});
  REQUIRE(counts);
  CHECK(counts->notes == 1);
  CHECK(found(shop.in, "till", apart) == found(shop.in, "till", together));
  shop.file("customers.csv",
            "id,given,mail,likes,news\n" + together + ",Ada,ada@example.com,,all\n");
  CHECK(shop.run({.purposes = purpose::client_care, .on_known = known_customer::add})->known == 1);
  customer other;
  const external_id same{.system = "till", .value = apart};
  REQUIRE(other.set(field::external_ids, std::array{same}));
  CHECK(shop.in.put(other, {.purposes = purpose::customer_order_management}).error().code ==
        errc::already_exists);
}

TEST_CASE("import customers: what a table says of consent is recorded, and nothing else") {
  import_shop shop;
  customer ana;
  REQUIRE(ana.set(field::name, person_name{.given = "Ana"}));
  REQUIRE(ana.set(field::emails, std::array{email_address{.address = "ana@example.com"}}));
  const customer_id id = keep(shop.in, ana);
  shop.file("list.csv",
            "Email Address,First Name,Last Name,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,LEID,EUID\n"
            "ana@example.com,Ana,Ray,2026-01-02 10:00:00,News,1,a\n"
            "bo@example.com,Bo,Li,2026-01-03 10:00:00,News,2,b\n");
  const auto counts = import_consent_table(shop.in, shop.folder / "list.csv", "mail");
  REQUIRE(counts);
  CHECK(counts->customers == 0);
  CHECK(counts->known == 1);
  CHECK(counts->directives == 1);
  CHECK(counts->strangers_no == 1);
  CHECK(customers_in(shop.in) == 1);
  const auto again = import_consent_table(shop.in, shop.folder / "list.csv", "mail");
  REQUIRE(again);
  CHECK(again->directives == 0);
  CHECK(again->repeated_directives == 1);
  CHECK(shop.in.directives(id)->back().kind != directive_kind::grant);
  const auto seen = shop.in.read(id, purpose::customer_order_management);
  REQUIRE(seen);
  CHECK(seen->record().name()->family.empty());
  shop.file("list.csv", "Email,First name\nana@example.com,Ana\n");
  CHECK(import_consent_table(shop.in, shop.folder / "list.csv", "mail").error().code ==
        errc::missing_field);
}

TEST_CASE("import customers: files without a map go in where nothing in them is unsure") {
  import_shop shop;
  map_proposal proposed;
  shop.file("people.csv", "id,first name,last name,email\n1,Ana,Ray,ana@example.com\n");
  const std::string people = shop.folder / "people.csv";
  const auto whole = import_files(shop.in, std::span(&people, 1), {.system = "till"}, proposed);
  REQUIRE(whole);
  CHECK(whole->customers == 1);
  CHECK(shop.in.find("till", "1"));
  shop.file("people.csv", "id,first name,last name,email,riddle\n2,Bo,Li,bo@example.com,7\n");
  const auto unsure = import_files(shop.in, std::span(&people, 1), {.system = "till"}, proposed);
  REQUIRE_FALSE(unsure);
  CHECK(unsure.error().code == errc::missing_field);
  CHECK(proposed.unsure.size() == 1);
  CHECK_FALSE(shop.in.find("till", "2"));
  std::string where;
  const std::string request = R"({"system": "till", "files": [")" + people + R"("]})";
  CHECK(import_customers_json(request, shop.in, where).error().code == errc::missing_field);
  CHECK(where == people);
  shop.file("people.csv", "id,first name,last name,email\n3,Cy,Do,cy@example.com\n");
  REQUIRE(import_customers_json(request, shop.in, where));
  CHECK(shop.in.find("till", "3"));
}

namespace {

field_state mail_of(session& in, std::string_view id, purpose_id why = purpose::email_marketing) {
  const auto seen = in.read(found(in, "till", id), why);
  REQUIRE(seen);
  return seen->state(field::emails);
}

// A list of who left, of another program: it knows people by their addresses.
column_map list_of_leavers() {
  auto map = column_map::parse(R"({"format": "clientbook column map 1", "system": "news",
      "customers": {"file": "left.csv", "format": {}, "id": ["mail"], "repeated": "merge",
        "columns": {"mail": "emails[0].address", "given": "name.given"},
        "consent": {"out": {"*": [{"kind": "deny", "purposes": ["email_marketing"]}],
                            "no": [], "": []}}}})");
  REQUIRE(map);
  return std::move(*map);
}

}  // namespace

TEST_CASE("import customers: a no about an address closes it for everybody who has it") {
  for (const import_content content : {import_content::everything, import_content::consents}) {
    for (const std::string_view given : {"Liz", ""}) {
      CAPTURE(given);
      import_shop shop;
      shop.file("customers.csv",
                "id,given,mail,likes,news\n"
                "C-1,Elisabeth,e@example.com,,yes\n"
                "C-2,Bo,bo@example.com,,yes\n"
                "C-3,Ann,both@example.com,,yes\n"
                "C-4,Ben,both@example.com,,yes\n");
      REQUIRE(shop.run());
      shop.map = list_of_leavers();
      shop.file("left.csv", "mail,given,out\nE@example.com," + std::string(given) +
                                ",yes\nboth@example.com,,yes\nbo@example.com,,no\n");
      CHECK(mail_of(shop.in, "C-1") == field_state::shown);
      shop.told = {};
      const auto counts = shop.run({.purposes = purpose::customer_order_management,
                                    .on_bad_row = bad_row::skip,
                                    .on_known = known_customer::add,
                                    .content = content});
      REQUIRE(counts);
      CHECK(mail_of(shop.in, "C-1") != field_state::shown);
      CHECK(mail_of(shop.in, "C-2") == field_state::shown);
      // Whichever of the two it was.
      CHECK(mail_of(shop.in, "C-3") != field_state::shown);
      CHECK(mail_of(shop.in, "C-4") != field_state::shown);
      // For nothing else, and told.
      CHECK(mail_of(shop.in, "C-1", purpose::customer_order_management) == field_state::shown);
      CHECK(times_told(shop.told, "left.csv, line 2", "closed for them too") ==
            (given.empty() ? 0 : 1));
      CHECK(times_told(shop.told, "left.csv, line 3", "closed for them too") == 2);
      CHECK(times_told(shop.told, "left.csv, line 4", "closed for them too") == 0);
    }
  }
}

TEST_CASE("import customers: a no of a new customer closes the address of one in the same file") {
  for (const bool no_first : {false, true}) {
    CAPTURE(no_first);
    import_shop shop;
    const std::string yes = "C-1,Elisabeth,e@example.com,,yes\n";
    const std::string no = "C-2,Liz,e@example.com,,no\n";
    shop.file("customers.csv", "id,given,mail,likes,news\n" + (no_first ? no + yes : yes + no));
    REQUIRE(shop.run());
    CHECK(mail_of(shop.in, "C-1") != field_state::shown);
    // The same file again takes nothing back that was said since.
    clock_hand().seconds += 600;
    directive again = grant_of(shop.in, {recipient::self});
    again.supersedes[0] = shop.in.directives(found(shop.in, "till", "C-1"))->back().id;
    again.by = indicated_by::subject;
    again.evidence.reference = short_text<64>("paper 7");
    again.evidence.hash = crypto::hash(as_bytes("paper 7"));
    REQUIRE(shop.in.record(found(shop.in, "till", "C-1"), again));
    CHECK(mail_of(shop.in, "C-1") == field_state::shown);
    clock_hand().seconds += 600;
    REQUIRE(shop.run(
        {.purposes = purpose::customer_order_management, .on_known = known_customer::update}));
    CHECK(mail_of(shop.in, "C-1") == field_state::shown);
  }
}

namespace {

// The map of these tests, with a column that names an address which wants nothing more.
void take_map_with_out(import_shop& shop) {
  std::string text(map_text);
  const std::string_view before = R"("no": [{"kind": "refuse", "purposes": ["email_marketing"]}]})";
  const std::size_t at = text.find(before);
  REQUIRE(at != text.npos);
  text.insert(at + before.size(), R"(,
        "out": {"*": [{"kind": "refuse", "purposes": ["email_marketing"],
                       "contact_column": "out"}], "": []})");
  auto map = column_map::parse(text);
  REQUIRE(map);
  shop.map = std::move(*map);
}

}  // namespace

TEST_CASE("import customers: a no that names another address closes that one too") {
  import_shop shop;
  shop.file("customers.csv",
            "id,given,mail,likes,news\n"
            "C-1,Elisabeth,e@example.com,,yes\n"
            "C-2,Bo,bo@example.com,,yes\n"
            "C-3,Cy,cy@example.com,,yes\n");
  REQUIRE(shop.run());
  shop.file("list.csv",
            "E-Mail,Opt-out E-Mail\nbo@example.com,E@example.com\ncy@example.com,\n"
            "new@example.com,\n");
  const std::string path = shop.folder / "list.csv";
  const auto made = propose_column_map(std::span(&path, 1), {.system = "news"});
  REQUIRE(made);
  auto map = column_map::parse(made->map);
  REQUIRE(map);
  shop.map = std::move(*map);
  REQUIRE(
      shop.run({.purposes = purpose::customer_order_management, .on_known = known_customer::add}));
  CHECK(mail_of(shop.in, "C-1") != field_state::shown);
  CHECK(mail_of(shop.in, "C-2") != field_state::shown);
  CHECK(mail_of(shop.in, "C-3") == field_state::shown);
}

TEST_CASE("import customers: a no closes an address in its other spelling, by any name") {
  for (const auto& [kept, left] : {std::pair{"a@b\u00fccher.de", "A@xn--bcher-kva.de"},
                                   std::pair{"a@xn--bcher-kva.de", "a@b\u00fccher.de"}}) {
    for (const import_content content : {import_content::everything, import_content::consents}) {
      CAPTURE(std::string(left));
      import_shop shop;
      shop.file("customers.csv", "id,given,mail,likes,news\nC-1,Elisabeth," + std::string(kept) +
                                     ",,yes\nC-2,Bo,bo@example.com,,yes\n");
      REQUIRE(shop.run());
      shop.map = list_of_leavers();
      shop.file("left.csv",
                "mail,given,out\n" + std::string(left) + ",Liz,yes\nbo@example.com,Bo,yes\n");
      REQUIRE(shop.run({.purposes = purpose::customer_order_management,
                        .on_known = known_customer::add,
                        .content = content}));
      CHECK(mail_of(shop.in, "C-1") != field_state::shown);
      CHECK(mail_of(shop.in, "C-2") != field_state::shown);
    }
  }
}

namespace {

// Reads a table as it was found.
void take_map_of(import_shop& shop, const std::string& file, bool only_consents = false) {
  const std::string path = shop.folder / file;
  const auto made = propose_column_map(
      std::span(&path, 1), {.system = "news", .region = "DE", .only_consents = only_consents});
  REQUIRE(made);
  auto map = column_map::parse(made->map);
  REQUIRE(map);
  shop.map = std::move(*map);
}

}  // namespace

TEST_CASE("import customers: every address of a cell of noes is closed, whatever stands beside") {
  for (const std::string_view cell :
       {"\"e@example.com; bo@example.com\"", "\"e@example.com, bo@example.com\"",
        "\"<e@example.com> <bo@example.com>\"", "\"Liz W <e@example.com>, Bo <bo@example.com>\"",
        "e@example.com (Liz) bo@example.com (Bo)", "'e@example.com / mailto:bo@example.com"}) {
    for (const std::string_view own : {"liz@example.com", ""}) {
      for (const import_content content : {import_content::everything, import_content::consents}) {
        CAPTURE(cell);
        CAPTURE(own);
        import_shop shop;
        shop.file("customers.csv",
                  "id,given,mail,likes,news\n"
                  "C-1,Elisabeth,e@example.com,,yes\n"
                  "C-2,Bo,bo@example.com,,yes\n"
                  "C-3,Cy,cy@example.com,,yes\n");
        REQUIRE(shop.run());
        shop.file("list.csv", "Vorname,E-Mail,Opt-out E-Mail\nLiz," + std::string(own) + "," +
                                  std::string(cell) + "\nOtto,o@example.com,\n");
        take_map_of(shop, "list.csv", content == import_content::consents);
        REQUIRE(shop.run({.purposes = purpose::customer_order_management,
                          .on_known = known_customer::add,
                          .content = content}));
        CHECK(mail_of(shop.in, "C-1") != field_state::shown);
        CHECK(mail_of(shop.in, "C-2") != field_state::shown);
        CHECK(mail_of(shop.in, "C-3") == field_state::shown);
      }
    }
  }
}

TEST_CASE("import customers: an address among noes that nobody can read is told") {
  import_shop shop;
  shop.file("list.csv",
            "E-Mail,Opt-out E-Mail\nbo@example.com,e@@example\ncy@example.com,\n"
            "d@example.com,f@example.com\ng@example.com,h@example.com / 12345678901234567\n"
            "i@example.com,j@example.com (2026-01-02)\nk@example.com,l@example.com 02.01.2026\n"
            "m@example.com,n@example.com 20260102\n");
  take_map_of(shop, "list.csv");
  REQUIRE(
      shop.run({.purposes = purpose::customer_order_management, .on_known = known_customer::add}));
  const std::string_view address = "e-mail address among noes that cannot be read";
  const std::string_view number = "phone number among noes that cannot be read";
  CHECK(times_told(shop.told, "list.csv, line 2, column 2 (Opt-out E-Mail)", address) == 1);
  CHECK(times_told(shop.told, "list.csv, line 5, column 2 (Opt-out E-Mail)", number) == 1);
  CHECK(times_told(shop.told, "", address) == 1);
  CHECK(times_told(shop.told, "", number) == 1);
}

TEST_CASE("import customers: what stands beside an address among noes is no number by itself") {
  // A day, with and without an hour, and a number that the shop gave.
  for (const auto& [beside, unread] :
       {std::pair{"(2026-01-02)", 0}, std::pair{"02.01.2026", 0}, std::pair{"20260102", 0},
        std::pair{"(1/2/2026)", 0}, std::pair{"/ 2026-01-02 10:30:00", 0},
        std::pair{"12345678", 1}}) {
    for (const import_content content : {import_content::everything, import_content::consents}) {
      CAPTURE(std::string(beside));
      import_shop shop;
      shop.file("list.csv", "E-Mail,Opt-out E-Mail\nx@example.com,e@example.com " +
                                std::string(beside) +
                                "\ny@example.com,o@example.com\nz@example.com,\n");
      take_map_of(shop, "list.csv", content == import_content::consents);
      REQUIRE(shop.run({.purposes = purpose::customer_order_management,
                        .on_known = known_customer::add,
                        .content = content}));
      CHECK(times_told(shop.told, "list.csv, line 2, column 2 (Opt-out E-Mail)",
                       "phone number among noes that cannot be read") == unread);
      for (const char* const number : {"+4920260102", "+492012026", "+4912345678"}) {
        customer who;
        REQUIRE(who.set(field::phones, std::array{phone_number{.number = number}}));
        CHECK(shop.in.remembered(who.fields())->empty());
      }
      customer who;
      REQUIRE(who.set(field::emails, std::array{email_address{.address = "e@example.com"}}));
      CHECK(shop.in.remembered(who.fields())->size() == 1);
    }
  }
}

TEST_CASE("import customers: a number beside an address among noes is closed too") {
  for (const std::string_view cell :
       {"e@example.com / 0171 3920021", "0171 3920021; <e@example.com>",
        "Liz <e@example.com> +49 171 3920021", "0049 171/3920021, mailto:e@example.com"}) {
    CAPTURE(cell);
    import_shop shop;
    customer who;
    REQUIRE(who.set(field::name, person_name{.given = "Elisabeth"}));
    REQUIRE(who.set(field::phones, std::array{phone_number{.number = "+491713920021"}}));
    const customer_id id = keep(shop.in, who);
    shop.file("list.csv", "E-Mail,Opt-out\nbo@example.com,\"" + std::string(cell) +
                              "\"\no@example.com,\np@example.com,q@example.com\n");
    take_map_of(shop, "list.csv");
    const std::size_t before = shop.in.directives(id)->size();
    REQUIRE(shop.run(
        {.purposes = purpose::customer_order_management, .on_known = known_customer::add}));
    const auto said = shop.in.directives(id);
    REQUIRE(said);
    REQUIRE(said->size() == before + 1);
    CHECK(says_no(said->back().kind));
    CHECK(said->back().contacts[0].field == field::phones);
  }
}

TEST_CASE("import customers: noes are read as people and spreadsheets write them, or it is told") {
  struct wanted {
    std::string_view list;
    std::size_t noes;  // Of a link that is the row's own address all is closed, and that too.
    std::string_view told;
  };
  for (const auto& [list, noes, told] : {
           wanted{"phone,Opt-out\n+49 30 1111111,e＠example．com\n+49 30 2222222,q@example.com\n",
                  1, ""},
           wanted{"phone,Opt-out\n+49 30 1111111,mailto:e@example.com\n", 2, ""},
           wanted{"phone,Do not call\n+49 30 1111111,0171 3920021 (2024-05-01)\n+49 30 2222222,+49 "
                  "171 3920088\n",
                  1, "a day beside a number"},
           wanted{"phone,Do not call\n+49 30 1111111,4.91714E+11\n+49 30 2222222,+49 171 3920099\n",
                  0, "cannot be read"},
       }) {
    CAPTURE(list);
    import_shop shop;
    customer who;
    REQUIRE(who.set(field::name, person_name{.given = "Elisabeth"}));
    REQUIRE(who.set(field::emails, std::array{email_address{.address = "e@example.com"}}));
    REQUIRE(who.set(field::phones, std::array{phone_number{.number = "+491713920021"}}));
    const customer_id id = keep(shop.in, who);
    shop.file("list.csv", std::string(list));
    take_map_of(shop, "list.csv");
    const std::size_t before = shop.in.directives(id)->size();
    REQUIRE(shop.run(
        {.purposes = purpose::customer_order_management, .on_known = known_customer::add}));
    const auto said = shop.in.directives(id);
    REQUIRE(said);
    CHECK(said->size() == before + noes);
    if (told.empty()) continue;
    CHECK(std::any_of(shop.told.texts.begin(), shop.told.texts.end(), [&](const std::string& each) {
      return each.find(told) != std::string::npos;
    }));
  }
}

TEST_CASE("import customers: a no of somebody known by their address makes nobody a second one") {
  import_shop shop;
  customer who;
  REQUIRE(who.set(field::name, person_name{.given = "Elisabeth"}));
  REQUIRE(who.set(field::emails, std::array{email_address{.address = "e@example.com"}}));
  const customer_id id = keep(shop.in, who);
  shop.file("list.csv", "email,Opt-out\nE@example.com,yes\nz@example.com,yes\n");
  take_map_of(shop, "list.csv");
  const std::uint64_t customers = shop.in.figures()->customers;
  const auto counts = shop.run({.purposes = purpose::customer_order_management});
  REQUIRE(counts);
  CHECK(counts->known == 1);
  CHECK(counts->customers == 1);  // whom the book has not
  CHECK(shop.in.figures()->customers == customers + 1);
  const auto said = shop.in.directives(id);
  REQUIRE(said);
  REQUIRE(said->size() == 1);
  CHECK(says_no(said->front().kind));
}

TEST_CASE(
    "import customers: a number in a column of noes is closed, whatever the other cells hold") {
  for (const std::string_view list :
       {"email,Keine SMS\nz@example.com,ja\ny@example.com,+49 171 3920021\n",
        "email,Keine SMS\nz@example.com,\"+49 171 3920021, +49 171 3920055\"\n",
        "email,Keine SMS\n,0171 3920021\nz@example.com,x\ny@example.com,ja\n",
        "phone,Keine SMS\n+49 30 1111111,2026-01-05\n,+49 171 3920021\n",
        "email,Keine SMS\n,+49 171 3920021\nz@example.com,\n"}) {
    for (const bool consents : {false, true}) {
      CAPTURE(list);
      CAPTURE(consents);
      import_shop shop;
      customer who;
      REQUIRE(who.set(field::name, person_name{.given = "Elisabeth"}));
      REQUIRE(who.set(field::phones, std::array{phone_number{.number = "+491713920021"}}));
      const customer_id id = keep(shop.in, who);
      shop.file("list.csv", std::string(list));
      take_map_of(shop, "list.csv", consents);
      REQUIRE(
          shop.run({.purposes = purpose::customer_order_management,
                    .on_bad_row = bad_row::skip,
                    .on_known = known_customer::add,
                    .content = consents ? import_content::consents : import_content::everything}));
      const auto said = shop.in.directives(id);
      REQUIRE(said);
      // Who has it is told by the number, where the row has nothing else.
      REQUIRE_FALSE(said->empty());
      for (const directive& each : *said) CHECK(says_no(each.kind));
    }
  }
}

TEST_CASE("import customers: a day among noes is no number, and an address alone makes no child") {
  for (const std::string_view day : {"2026-02-01", "01.02.2026", "2026/02/01", "20260201",
                                     "01713920012"}) {  // Somebody else's, of whom the row is not.
    CAPTURE(day);
    import_shop shop;
    const customer_import_options how{.purposes = purpose::customer_order_management,
                                      .on_known = known_customer::update};
    shop.file("list.csv", "id,email,phone\n8,e@example.com,+49 171 3920021\n");
    take_map_of(shop, "list.csv");
    REQUIRE(shop.run(how));
    const customer_id id = found(shop.in, "news", "8");
    clock_hand().seconds += 60;
    const std::string_view ids =
        day.starts_with("01713") ? "id,email,Keine SMS\n8," : "email,Abgemeldet am\n";
    shop.file("list.csv", std::string(ids) + "e@example.com," + std::string(day) + "\n");
    take_map_of(shop, "list.csv");
    REQUIRE(shop.run(how));
    const auto seen = shop.in.read(id, purpose::customer_order_management);
    REQUIRE(seen);
    const auto phones = seen->record().phones();
    REQUIRE(phones);
    REQUIRE(phones->size() == 1);
    CHECK(phones->begin()->number.reveal() == "+491713920021");
    REQUIRE(shop.in.directives(id));
    CHECK(says_no(shop.in.directives(id)->back().kind));
  }
  import_shop shop;
  shop.file("customers.csv", "id,given,mail,likes,news\nC-1,Ann,ann@example.com,,\n");
  REQUIRE(shop.run());
  shop.file("list.csv",
            "First name,Email,Birthday,Language\nZoe,ann@example.com,2024-12-12,zz-!!\n"
            "Yan,yan@example.com,1980-12-12,de\n");
  take_map_of(shop, "list.csv");
  REQUIRE(shop.run({.purposes = purpose::customer_order_management,
                    .on_bad_row = bad_row::skip,
                    .on_known = known_customer::add}));
  clock_hand().seconds += 60;
  REQUIRE(shop.in.record(found(shop.in, "till", "C-1"), grant_of(shop.in, {recipient::self})));
  CHECK(mail_of(shop.in, "C-1") == field_state::shown);
}

TEST_CASE("import customers: a row that has nothing but its no says it") {
  for (const std::string_view list :
       {"phone,unsubscribed\n,e@example.com\n", "id,unsubscribed\n,e@example.com\n77,\n",
        "first name,Opt-out\n,e@example.com\nZed,\n"}) {
    for (const bool consents : {false, true}) {
      CAPTURE(list);
      CAPTURE(consents);
      import_shop shop;
      shop.file("customers.csv", "id,given,mail,likes,news\nC-1,Elisabeth,e@example.com,,yes\n");
      REQUIRE(shop.run());
      shop.file("list.csv", std::string(list));
      take_map_of(shop, "list.csv", consents);
      REQUIRE(
          shop.run({.purposes = purpose::customer_order_management,
                    .on_bad_row = bad_row::skip,
                    .on_known = known_customer::add,
                    .content = consents ? import_content::consents : import_content::everything}));
      CHECK(mail_of(shop.in, "C-1") != field_state::shown);
    }
  }
}

TEST_CASE("import customers: who said no before and has another address now closes it for others") {
  for (const known_customer mode : {known_customer::update, known_customer::add}) {
    CAPTURE(static_cast<int>(mode));
    import_shop shop;
    shop.file("customers.csv",
              "id,given,mail,likes,news\n"
              "C-1,Elisabeth,e@example.com,,yes\n"
              "C-2,Bo,bo@example.com,,yes\n"
              "C-3,Cy,cy@example.com,,yes\n");
    REQUIRE(shop.run());
    // The month after the next: the same no, of another address.
    for (const std::string_view mail : {"e@example.com", "bo@example.com"}) {
      clock_hand().seconds += 30 * 86'400;
      shop.file("customers.csv",
                "id,given,mail,likes,news\nC-1,Elisabeth," + std::string(mail) + ",,no\n");
      REQUIRE(shop.run({.on_known = mode}));
    }
    CHECK(mail_of(shop.in, "C-1") != field_state::shown);
    CHECK(mail_of(shop.in, "C-2") != field_state::shown);
    CHECK(mail_of(shop.in, "C-3") == field_state::shown);
  }
}

TEST_CASE(
    "import customers: of who is skipped or left out a no counts, and that they are younger") {
  struct shape {
    const char* rows;
    known_customer mode;
    bool child;
  };
  // A known id where known customers are bad rows; one that is skipped; a second row of one id; a
  // row of which a cell cannot be read; a day yet to come.
  for (const shape& each :
       {shape{"C-1,Ada,ada@example.com,no,\n", known_customer::stop, false},
        shape{"C-1,Ada,ada@example.com,,2024-05-01\n", known_customer::stop, true},
        shape{"C-1,Ada,ada@example.com,,2024-05-01\n", known_customer::skip, true},
        shape{"C-1,Ada,ada@example.com,no,\n", known_customer::skip, false},
        shape{"C-1,Ada,ada@example.com,,1980-01-01\nC-1,Ada,ada@example.com,,2024-05-01\n",
              known_customer::add, true},
        shape{"C-1,Ada,no address,,2024-05-01\n", known_customer::update, true},
        shape{"C-1,Ada,ada@example.com,no,2099-01-01\n", known_customer::update, false}}) {
    CAPTURE(each.rows);
    CAPTURE(static_cast<int>(each.mode));
    import_shop shop;
    shop.file("customers.csv", "id,given,mail,likes,news\nC-1,Ada,ada@example.com,,\n");
    REQUIRE(shop.run());
    const customer_id ada = found(shop.in, "till", "C-1");
    if (!each.child) REQUIRE(shop.in.record(ada, grant_of(shop.in, {recipient::self})));
    shop.file("list.csv", std::string("id,First name,E-Mail,Newsletter,Birthday\n") + each.rows +
                              "C-9,Zed,zed@example.com,,1970-01-02\n");
    const std::string path = shop.folder / "list.csv";
    const auto made = propose_column_map(std::span(&path, 1), {.system = "till", .region = "DE"});
    REQUIRE(made);
    auto map = column_map::parse(made->map);
    REQUIRE(map);
    shop.map = std::move(*map);
    const auto counts = shop.run({.purposes = purpose::customer_order_management,
                                  .on_bad_row = bad_row::skip,
                                  .on_known = each.mode});
    REQUIRE(counts);
    CHECK(counts->customers == 1);  // Zed, whatever is wrong with the rows above.
    clock_hand().seconds += 60;
    if (each.child) (void)shop.in.record(ada, grant_of(shop.in, {recipient::self}));
    CHECK(mail_of(shop.in, "C-1") != field_state::shown);
  }
}

TEST_CASE("import customers: a no of a details file is that of whoever of the book has the id") {
  import_shop shop;
  shop.file("customers.csv",
            "id,given,mail,likes,news\n"
            "C-1,Ada,ada@example.com,,yes\n"
            "C-2,Bo,bo@example.com,,yes\n");
  REQUIRE(shop.run());
  shop.file("this_month.csv", "id,First name,E-Mail\nC-1,Ada,ada@example.com\n");
  shop.file("left.csv", "id,unsubscribed\nC-2,yes\nC-7,yes\n");
  const std::vector<std::string> paths{shop.folder / "this_month.csv", shop.folder / "left.csv"};
  const auto made = propose_column_map(paths, {.system = "till", .region = "DE"});
  REQUIRE(made);
  auto map = column_map::parse(made->map);
  REQUIRE(map);
  shop.map = std::move(*map);
  REQUIRE(
      shop.run({.purposes = purpose::customer_order_management, .on_known = known_customer::add}));
  CHECK(mail_of(shop.in, "C-1") == field_state::shown);
  CHECK(mail_of(shop.in, "C-2") != field_state::shown);
  // And of who is nobody's yet it is remembered.
  customer who;
  REQUIRE(who.set(field::external_ids, std::array{external_id{.system = "till", .value = "C-7"}}));
  CHECK(shop.in.remembered(who.fields())->size() == 1);
}

TEST_CASE("import customers: a list of one column of noes is one, whatever parts its cells") {
  for (const std::string_view cell :
       {"x@example.com|bo@example.com", "mailto:bo@example.com", "SMTP:bo@example.com",
        "x@example.com; bo@example.com", "\"x@example.com, bo@example.com\""}) {
    CAPTURE(cell);
    import_shop shop;
    shop.file("customers.csv",
              "id,given,mail,likes,news\n"
              "C-1,Ada,ada@example.com,,yes\n"
              "C-2,Bo,bo@example.com,,yes\n");
    REQUIRE(shop.run());
    shop.file("list.csv", "unsubscribed\n" + std::string(cell) + "\ny@example.com\n");
    take_map_of(shop, "list.csv", true);
    REQUIRE(shop.run({.on_bad_row = bad_row::skip,
                      .on_known = known_customer::add,
                      .content = import_content::consents}));
    CHECK(mail_of(shop.in, "C-1") == field_state::shown);
    CHECK(mail_of(shop.in, "C-2") != field_state::shown);
  }
}

TEST_CASE("import customers: a number among noes is closed however people write it") {
  for (const std::string_view cell :
       {"+491713920021 (mobil)", "tel:+491713920021", "mobil: 0171 3920021", "491713920021",
        "+49 171 3920021 / 0171 3920055", "0171 3920055 oder 0171 3920021",
        "\uff0b49 171 3920021"}) {
    CAPTURE(cell);
    import_shop shop;
    customer who;
    REQUIRE(who.set(field::name, person_name{.given = "Elisabeth"}));
    REQUIRE(who.set(field::phones, std::array{phone_number{.number = "+491713920021"}}));
    const customer_id id = keep(shop.in, who);
    shop.file("list.csv",
              "id,email,phone,Keine SMS\n77,z@example.com,," + std::string(cell) + "\n");
    take_map_of(shop, "list.csv");
    REQUIRE(shop.run({.purposes = purpose::customer_order_management,
                      .on_bad_row = bad_row::skip,
                      .on_known = known_customer::add}));
    const auto said = shop.in.directives(id);
    REQUIRE(said);
    REQUIRE(said->size() == 1);
    CHECK(says_no(said->back().kind));
  }
}

TEST_CASE("import customers: a list of noes may hold an address under two names") {
  import_shop shop;
  shop.file("customers.csv",
            "id,given,mail,likes,news\n"
            "C-1,Elisabeth,e@example.com,,yes\n"
            "C-2,Bo,bo@example.com,,yes\n");
  REQUIRE(shop.run());
  shop.map = list_of_leavers();
  shop.file("left.csv",
            "mail,given,out\ne@example.com,Liz,yes\ne@example.com,Elisabeth,yes\n"
            "e@example.com,Lisa,yes\nbo@example.com,Bo,yes\n");
  REQUIRE(shop.run(
      {.purposes = purpose::customer_order_management, .content = import_content::consents}));
  CHECK(mail_of(shop.in, "C-1") != field_state::shown);
  CHECK(mail_of(shop.in, "C-2") != field_state::shown);
}

TEST_CASE("import customers: a no of any kind of who is no customer yet is remembered") {
  for (const std::string_view column : {"Keine SMS", "Keine Werbung", "Do not call",
                                        "Keine Briefwerbung", "Newsletter abgemeldet"}) {
    CAPTURE(column);
    import_shop shop;
    shop.file("list.csv", "E-Mail," + std::string(column) + "\nada@example.com,ja\n");
    column_map customers = std::move(shop.map);
    take_map_of(shop, "list.csv", true);
    const auto counts = shop.run(
        {.purposes = purpose::customer_order_management, .content = import_content::consents});
    REQUIRE(counts);
    CHECK(counts->strangers_no == 1);
    shop.map = std::move(customers);
    shop.file("customers.csv", "id,given,mail,likes,news\nC-1,Ada,ada@example.com,,yes\n");
    const auto taken = shop.run();
    REQUIRE(taken);
    CHECK(taken->unsubscribed == 1);
    CHECK(mail_of(shop.in, "C-1") != field_state::shown);
    const auto said = shop.in.directives(found(shop.in, "till", "C-1"));
    REQUIRE(said);
    const bool to_mail = column == "Newsletter abgemeldet";
    CHECK(said->back().scope.purposes ==
          purpose_set{to_mail ? purpose::email_marketing : purpose::marketing});
    customer who;
    REQUIRE(who.set(field::emails, std::array{email_address{.address = "ada@example.com"}}));
    CHECK(shop.in.remembered(who.fields())->empty());
  }
}

TEST_CASE("import customers: an address among noes that nobody has is remembered") {
  for (const import_content content : {import_content::everything, import_content::consents}) {
    for (const std::string_view own : {"cy@example.com", "new@example.com"}) {
      CAPTURE(own);
      import_shop shop;
      shop.file("customers.csv", "id,given,mail,likes,news\nC-3,Cy,cy@example.com,,yes\n");
      REQUIRE(shop.run());
      column_map customers = std::move(shop.map);
      shop.file("list.csv", "E-Mail,Opt-out E-Mail\n" + std::string(own) +
                                ",second@example.com; third@example.com\no@example.com,\n");
      take_map_of(shop, "list.csv", content == import_content::consents);
      REQUIRE(shop.run({.purposes = purpose::customer_order_management,
                        .on_known = known_customer::add,
                        .content = content}));
      shop.map = std::move(customers);
      shop.file("customers.csv",
                "id,given,mail,likes,news\n"
                "C-4,Di,Second@example.com,,yes\n"
                "C-5,Ed,third@example.com,,yes\n"
                "C-6,Flo,flo@example.com,,yes\n");
      const auto counts = shop.run();
      REQUIRE(counts);
      CHECK(counts->unsubscribed == 2);
      CHECK(mail_of(shop.in, "C-4") != field_state::shown);
      CHECK(mail_of(shop.in, "C-5") != field_state::shown);
      CHECK(mail_of(shop.in, "C-6") == field_state::shown);
    }
  }
}

TEST_CASE(
    "import customers: a no of a row that is left out is that of who comes in with its address") {
  for (const bool skipped : {false, true}) {
    CAPTURE(skipped);
    import_shop shop;
    REQUIRE(shop.run());
    if (skipped) {
      // The book has Bo with another address.
      shop.file("customers.csv", "id,given,mail,likes,news\nC-2,Bo,second@example.com,,no\n");
      REQUIRE(shop.run({.on_known = known_customer::skip}));
    } else {
      shop.file("customers.csv", "id,given,mail,likes,news\nC-8,Di,second@example.com,,no\n");
      shop.file("purchases.csv", "id,order,day,article\nC-8,S-1,2999-01-02,A\n");
      REQUIRE(shop.run({.on_bad_row = bad_row::skip}));
      std::filesystem::remove(shop.folder / "purchases.csv");
    }
    shop.file("customers.csv",
              "id,given,mail,likes,news\n"
              "C-4,Ed,Second@example.com,,yes\n"
              "C-5,Liz,second@example.com,,yes\n"
              "C-6,Flo,flo@example.com,,yes\n");
    const auto counts = shop.run();
    REQUIRE(counts);
    CHECK(mail_of(shop.in, "C-4") != field_state::shown);
    CHECK(mail_of(shop.in, "C-5") != field_state::shown);
    CHECK(mail_of(shop.in, "C-6") == field_state::shown);
  }
}

TEST_CASE("import customers: an address that said no closes for a customer who gets it later") {
  for (const known_customer rule : {known_customer::add, known_customer::update}) {
    import_shop shop;
    shop.file("customers.csv",
              "id,given,mail,likes,news\nC-1,Ada,,,yes\nC-2,Bo,bo@example.com,,yes\n");
    REQUIRE(shop.run());
    column_map customers = std::move(shop.map);
    shop.map = list_of_leavers();
    shop.file("left.csv", "mail,given,out\nsecond@example.com,,yes\n");
    REQUIRE(shop.run({.content = import_content::consents}));
    shop.map = std::move(customers);
    clock_hand().seconds += 600;
    shop.file("customers.csv",
              "id,given,mail,likes,news\nC-1,Ada,second@example.com,,yes\n"
              "C-2,Bo,bo@example.com,,yes\n");
    REQUIRE(shop.run({.on_known = rule}));
    CHECK(mail_of(shop.in, "C-1", purpose::customer_order_management) == field_state::shown);
    CHECK(mail_of(shop.in, "C-1") != field_state::shown);
    CHECK(mail_of(shop.in, "C-2") == field_state::shown);
  }
}

TEST_CASE("import customers: a no of one customer waits for whoever comes with their address") {
  for (const known_customer rule : {known_customer::stop, known_customer::add}) {
    CAPTURE(static_cast<int>(rule));
    import_shop shop;
    shop.file("customers.csv",
              "id,given,mail,likes,news\nC-1,Elisabeth,e@example.com,,no\nC-3,Cy,,,yes\n"
              "C-4,Di,di@example.com,,yes\n");
    REQUIRE(shop.run());
    clock_hand().seconds += 600;
    // Under another id and name; and who had no address until now.
    const std::string known = rule == known_customer::stop ? "" : "C-3,Cy,e@example.com,,yes\n";
    shop.file("customers.csv", "id,given,mail,likes,news\n" + known +
                                   "C-9,Liz,E@example.com,,yes\nC-5,Ed,ed@example.com,,yes\n"
                                   "C-6,Di,di@example.com,,yes\n");
    shop.told = {};
    REQUIRE(shop.run({.purposes = purpose::customer_order_management, .on_known = rule}));
    CHECK(mail_of(shop.in, "C-9") != field_state::shown);
    CHECK(mail_of(shop.in, "C-9", purpose::customer_order_management) == field_state::shown);
    CHECK(mail_of(shop.in, "C-5") == field_state::shown);
    // An address that nobody has said no about closes for nobody.
    CHECK(mail_of(shop.in, "C-4") == field_state::shown);
    CHECK(mail_of(shop.in, "C-6") == field_state::shown);
    const std::size_t closed = known.empty() ? 1 : 2;
    CHECK(times_told(shop.told, "customers.csv", "closed for them too, until they agree") ==
          closed);
    if (!known.empty()) CHECK(mail_of(shop.in, "C-3") != field_state::shown);
    // Somebody else says yes by an act of their own, and no file takes that back.
    clock_hand().seconds += 600;
    const customer_id liz = found(shop.in, "till", "C-9");
    directive yes = grant_of(shop.in, {recipient::self});
    yes.supersedes[0] = shop.in.directives(liz)->back().id;
    yes.by = indicated_by::subject;
    yes.evidence.reference = short_text<64>("paper 7");
    yes.evidence.hash = crypto::hash(as_bytes("paper 7"));
    REQUIRE(shop.in.record(liz, yes));
    CHECK(mail_of(shop.in, "C-9") == field_state::shown);
    CHECK(mail_of(shop.in, "C-1") != field_state::shown);
    for (const known_customer again : {known_customer::add, known_customer::update}) {
      clock_hand().seconds += 600;
      REQUIRE(shop.run({.purposes = purpose::customer_order_management, .on_known = again}));
      CHECK(mail_of(shop.in, "C-9") == field_state::shown);
    }
  }
}

TEST_CASE("import customers: where the first one agreed again nobody's address waits") {
  import_shop shop;
  shop.file("customers.csv", "id,given,mail,likes,news\nC-1,Elisabeth,e@example.com,,no\n");
  REQUIRE(shop.run());
  clock_hand().seconds += 600;
  const customer_id first = found(shop.in, "till", "C-1");
  directive yes = grant_of(shop.in, {recipient::self});
  yes.supersedes[0] = shop.in.directives(first)->back().id;
  yes.by = indicated_by::subject;
  yes.evidence.hash = crypto::hash(as_bytes("paper 7"));
  REQUIRE(shop.in.record(first, yes));
  REQUIRE(mail_of(shop.in, "C-1") == field_state::shown);
  clock_hand().seconds += 600;
  shop.file("customers.csv", "id,given,mail,likes,news\nC-9,Liz,e@example.com,,yes\n");
  shop.told = {};
  REQUIRE(shop.run());
  CHECK(mail_of(shop.in, "C-9") == field_state::shown);
  CHECK(times_told(shop.told, "customers.csv", "closed for them too") == 0);
}

TEST_CASE("import customers: an id that said no closes for a customer who gets it later") {
  import_shop shop;
  shop.file("customers.csv",
            "id,given,mail,likes,news\nC-1,Ada,ada@example.com,,yes\nC-2,Bo,bo@example.com,,yes\n");
  REQUIRE(shop.run());
  customer card;
  const external_id id{.system = "card", .value = "77"};
  REQUIRE(card.set(field::external_ids, std::array{id}));
  REQUIRE(shop.in.remember_unsubscribed(card.fields(), clock_hand()));
  auto map = column_map::parse(R"({"format": "clientbook column map 1", "system": "card",
      "customers": {"file": "cards.csv", "columns": {"card": "external_id",
                    "given": "name.given", "mail": "emails[].address"}}})");
  REQUIRE(map);
  shop.map = std::move(*map);
  shop.file("cards.csv", "card,given,mail\n77,Ada,ada@example.com\n78,Bo,bo@example.com\n");
  const auto counts =
      shop.run({.purposes = purpose::customer_order_management, .on_known = known_customer::add});
  REQUIRE(counts);
  CHECK(counts->matched == 2);
  CHECK(counts->unsubscribed == 1);
  CHECK(mail_of(shop.in, "C-1") != field_state::shown);
  CHECK(mail_of(shop.in, "C-2") == field_state::shown);
}

TEST_CASE("import customers: a no that was remembered of a day is as late as that day may be") {
  import_shop shop;
  column_map customers = std::move(shop.map);
  shop.map = list_of_leavers();
  shop.file("left.csv", "mail,given,out\nada@example.com,,yes\n");
  REQUIRE(shop.run({.content = import_content::consents}));
  const timestamp said = clock_hand();
  clock_hand().seconds += 3 * 86'400;
  shop.map = std::move(customers);
  shop.file("customers.csv", "id,given,mail,likes,news\nC-1,Ada,ada@example.com,,\n");
  REQUIRE(shop.run({.purposes = purpose::customer_order_management}));
  const customer_id ada = found(shop.in, "till", "C-1");
  directive yes = grant_of(shop.in, {recipient::self});
  yes.event_at = timestamp{said.seconds - 1};
  const auto recorded = shop.in.record(ada, yes);
  REQUIRE_FALSE(recorded);
  CHECK(recorded.error().code == errc::back_dated);
  CHECK(mail_of(shop.in, "C-1") != field_state::shown);
}

TEST_CASE("import customers: who said no before says it as of the last time they did") {
  const timestamp early{clock_hand().seconds - 90 * 86400};
  const timestamp late{clock_hand().seconds - 10 * 86400};
  customer who;
  REQUIRE(who.set(field::emails, std::array{email_address{.address = "ada@example.com"}}));
  directive all = make_email_promotion(email_promotion::none, {}, {.at = early});
  all.scope.purposes = {purpose::marketing};
  for (const bool two_kinds : {true, false}) {
    CAPTURE(two_kinds);
    import_shop shop;
    if (two_kinds) {
      REQUIRE(shop.in.remember_no(who.fields(), all));
    } else {
      REQUIRE(shop.in.remember_unsubscribed(who.fields(), early));
    }
    REQUIRE(shop.in.remember_unsubscribed(who.fields(), late));
    REQUIRE(shop.run());
    const auto said = shop.in.directives(found(shop.in, "till", "C-1"));
    REQUIRE(said);
    CHECK(date_of(said->back().event_at) == date_of(late));
    CHECK(said->back().scope.purposes ==
          purpose_set{two_kinds ? purpose::marketing : purpose::email_marketing});
  }
}

TEST_CASE("import customers: a no closes an address where its customer is left as they are") {
  import_shop shop;
  shop.file("customers.csv",
            "id,given,mail,likes,news\n"
            "C-1,Elisabeth,e@example.com,,yes\n"
            "C-2,Liz,e@example.com,,yes\n"
            "C-3,Bo,bo@example.com,,yes\n");
  REQUIRE(shop.run());
  shop.file("customers.csv", "id,given,mail,likes,news\nC-2,Liz,e@example.com,,no\n");
  const auto counts = shop.run({.on_known = known_customer::skip});
  REQUIRE(counts);
  CHECK(counts->known == 1);
  CHECK(mail_of(shop.in, "C-1") != field_state::shown);
  // And for who said it.
  CHECK(mail_of(shop.in, "C-2") != field_state::shown);
  CHECK(mail_of(shop.in, "C-3") == field_state::shown);
}

TEST_CASE("import customers: a no closes an address that a known customer gets by the same file") {
  std::vector<std::string> rows{"C-9,Nia,nia@example.com,,no,\n", "C-1,Ada,x@example.com,,yes,\n",
                                "C-8,Zoe,z@example.com,,no,x@example.com\n"};
  for (const known_customer rule : {known_customer::add, known_customer::update}) {
    std::ranges::sort(rows);
    do {
      CAPTURE(rows[0] + rows[1]);
      import_shop shop;
      take_map_with_out(shop);
      shop.file("customers.csv",
                "id,given,mail,likes,news,out\nC-1,Ada,,,yes,\nC-2,Bo,bo@example.com,,yes,\n");
      REQUIRE(shop.run());
      clock_hand().seconds += 600;
      shop.file("customers.csv", "id,given,mail,likes,news,out\n" + rows[0] + rows[1] + rows[2]);
      REQUIRE(shop.run({.on_known = rule}));
      CHECK(mail_of(shop.in, "C-1", purpose::customer_order_management) == field_state::shown);
      CHECK(mail_of(shop.in, "C-1") != field_state::shown);
      CHECK(mail_of(shop.in, "C-2") == field_state::shown);
    } while (std::ranges::next_permutation(rows).found);
  }
}

TEST_CASE("import customers: an address that the book does not take of a row is nobody's") {
  import_shop shop;
  take_map_with_out(shop);
  shop.file("customers.csv",
            "id,given,mail,likes,news,out\nC-1,Ada,ada@example.com,,yes,\n"
            "C-2,Bo,bo@example.com,,yes,\n");
  REQUIRE(shop.run());
  clock_hand().seconds += 600;
  SUBCASE("its no is that of who comes in with it") {
    shop.file("customers.csv", "id,given,mail,likes,news,out\nC-1,Ada,second@example.com,,no,\n");
    REQUIRE(shop.run({.on_known = known_customer::add}));
    shop.file("customers.csv",
              "id,given,mail,likes,news,out\nC-4,Di,second@example.com,,yes,\n"
              "C-5,Ed,ed@example.com,,yes,\n");
    REQUIRE(shop.run());
    CHECK(mail_of(shop.in, "C-4") != field_state::shown);
    CHECK(mail_of(shop.in, "C-5") == field_state::shown);
  }
  SUBCASE("another row's no closes nothing of them") {
    shop.file("customers.csv",
              "id,given,mail,likes,news,out\nC-0,Nia,nia@example.com,,no,\n"
              "C-1,Ada,second@example.com,,yes,\nC-9,Zoe,zoe@example.com,,no,second@example.com\n");
    REQUIRE(shop.run({.on_known = known_customer::add}));
    CHECK(mail_of(shop.in, "C-1") == field_state::shown);
  }
  SUBCASE("nor one about what they had before") {
    shop.file("customers.csv",
              "id,given,mail,likes,news,out\nC-0,Nia,nia@example.com,,no,\n"
              "C-1,Ada,second@example.com,,yes,\nC-9,Zoe,zoe@example.com,,no,ada@example.com\n");
    REQUIRE(shop.run({.on_known = known_customer::update}));
    CHECK(mail_of(shop.in, "C-1") == field_state::shown);
    shop.file("customers.csv", "id,given,mail,likes,news,out\nC-4,Di,ada@example.com,,yes,\n");
    REQUIRE(shop.run());
    CHECK(mail_of(shop.in, "C-4") != field_state::shown);
  }
}

TEST_CASE("import customers: a no of a row that is left out is that of who comes in with its id") {
  import_shop shop;
  shop.file("customers.csv", "id,given,mail,likes,news\nC-8,Di,,,no\nC-9,Ed,,,yes\n");
  shop.file("purchases.csv", "id,order,day,article\nC-8,S-1,2999-01-02,A\nC-9,S-2,2999-01-02,A\n");
  const auto first = shop.run({.on_bad_row = bad_row::skip});
  REQUIRE(first);
  CHECK(first->skipped == 2);
  std::filesystem::remove(shop.folder / "purchases.csv");
  shop.file("customers.csv",
            "id,given,mail,likes,news\nC-8,Di,di@example.com,,yes\nC-9,Ed,ed@example.com,,yes\n");
  REQUIRE(shop.run());
  CHECK(mail_of(shop.in, "C-8") != field_state::shown);
  CHECK(mail_of(shop.in, "C-9") == field_state::shown);
}

TEST_CASE("import customers: a no of a row that the reader could not take counts all the same") {
  for (const auto how : {known_customer::add, known_customer::update, known_customer::skip}) {
    import_shop shop;
    shop.file(
        "customers.csv",
        "id,given,mail,likes,news\nC-1,Ada,ada@example.com,,yes\nC-2,Bo,ada@example.com,,yes\n"
        "C-3,Cy,cy@example.com,,yes\n");
    REQUIRE(shop.run());
    REQUIRE(mail_of(shop.in, "C-1") == field_state::shown);
    // A name that is none, an unknown word, a second row of an id as another person.
    const std::string long_name(3000, 'x');
    for (const std::string& wrong : {"C-1," + long_name + ",ada@example.com,,no\n",
                                     "C-77," + long_name + ",ada@example.com,,no\n",
                                     "," + long_name + ",ada@example.com,,no\n"}) {
      CAPTURE(wrong.substr(0, 5));
      shop.file("customers.csv", "id,given,mail,likes,news\n" + wrong);
      const auto counts = shop.run({.on_bad_row = bad_row::skip, .on_known = how});
      REQUIRE(counts);
      CHECK(counts->customers == 0);
      CHECK(mail_of(shop.in, "C-1") != field_state::shown);
      CHECK(mail_of(shop.in, "C-2") != field_state::shown);
      CHECK(mail_of(shop.in, "C-3") == field_state::shown);
    }
    CHECK(shop.in.verify()->problems == 0);
  }
}

TEST_CASE("import customers: a no by address is heard of whom the importer may not see") {
  for (const import_content content : {import_content::everything, import_content::consents}) {
    for (const auto how : {known_customer::add, known_customer::update, known_customer::skip}) {
      for (const bool by_id : {false, true}) {
        import_shop shop;
        // Nobody has said anything yet: no purpose of a service opens their addresses.
        shop.file("customers.csv",
                  "id,given,mail,likes,news\nC-1,Ada,ada@example.com,,\n"
                  "C-2,Bo,bo@example.com,,\n");
        REQUIRE(shop.run());
        auto service =
            shop.book.opened->begin_session({.id = actor_id(30), .role = actor_role::service});
        REQUIRE(service);
        clock_hand().seconds += 1;
        shop.file("customers.csv", std::string("id,given,mail,likes,news\n") +
                                       (by_id ? "C-1" : "N-1") + ",,Ada@Example.com,,no\n");
        const auto counts =
            import_customers(*service, shop.map, shop.folder.path(),
                             {.on_bad_row = bad_row::skip, .on_known = how, .content = content},
                             shop.told.listener());
        CAPTURE(by_id);
        CAPTURE(static_cast<int>(how));
        REQUIRE(counts);
        const customer_id ada = found(shop.in, "till", "C-1"), bo = found(shop.in, "till", "C-2");
        const auto said = shop.in.directives(ada);
        REQUIRE(said);
        REQUIRE(said->size() == 1);
        CHECK(says_no(said->front().kind));
        CHECK(said->front().scope.purposes.contains(purpose::email_marketing));
        // Of whom nobody knows that it was them, that address and no other.
        if (!by_id) CHECK(said->front().contacts[0].field == field::emails);
        CHECK(shop.in.directives(bo)->empty());
        // Once more adds nothing.
        clock_hand().seconds += 1;
        REQUIRE(import_customers(*service, shop.map, shop.folder.path(),
                                 {.on_bad_row = bad_row::skip, .on_known = how, .content = content},
                                 shop.told.listener()));
        CHECK(shop.in.directives(ada)->size() == 1);
      }
    }
  }
}

TEST_CASE("import customers: a bad row comes back mended, and its no was heard") {
  import_shop shop;
  const std::string long_name(3000, 'x');
  shop.file("customers.csv", "id,given,mail,likes,news\nC-7," + long_name +
                                 ",new@example.com,,no\nC-8," + long_name + ",,,no\nC-9," +
                                 long_name + ",other@example.com,,yes\n");
  const auto counts = shop.run({.on_bad_row = bad_row::skip});
  REQUIRE(counts);
  CHECK(counts->customers == 0);
  shop.file("customers.csv",
            "id,given,mail,likes,news\nC-7,Di,new@example.com,,yes\nC-8,Ed,ed@example.com,,yes\n"
            "C-9,Fay,other@example.com,,yes\n");
  REQUIRE(shop.run());
  CHECK(mail_of(shop.in, "C-7") != field_state::shown);
  CHECK(mail_of(shop.in, "C-8") != field_state::shown);
  CHECK(mail_of(shop.in, "C-9") == field_state::shown);
}

TEST_CASE("import customers: what is remembered of a row that is left out is not said by the row") {
  import_shop shop;
  REQUIRE(shop.run());
  customer who;
  REQUIRE(who.set(field::emails, std::array{email_address{.address = "second@example.com"}}));
  REQUIRE(shop.in.remember_unsubscribed(who.fields(), clock_hand()));
  const auto before = shop.in.remembered(who.fields());
  REQUIRE(before);
  REQUIRE(before->size() == 1);
  clock_hand().seconds += 90 * 86'400;
  // The book has the row's id, and the row stops there.
  shop.file("customers.csv", "id,given,mail,likes,news\nC-1,Ada,second@example.com,,yes\n");
  const auto counts = shop.run({.on_bad_row = bad_row::skip});
  REQUIRE(counts);
  CHECK(counts->skipped == 1);
  const auto behind = shop.in.remembered(who.fields());
  REQUIRE(behind);
  REQUIRE(behind->size() == 1);
  CHECK(behind->front().on == before->front().on);
  CHECK(behind->front().until == before->front().until);
}

TEST_CASE("import customers: a no of a day is taken where no more may be seen of what was said") {
  import_shop shop;
  REQUIRE(shop.run());
  const customer_id ada = found(shop.in, "till", "C-1");
  std::uint32_t who = 200;
  for (errc last{}; last != errc::budget_spent;) {
    auto one =
        shop.book.opened->begin_session({.id = actor_id(++who), .role = actor_role::associate});
    REQUIRE(one);
    const auto said = one->directives(ada);
    last = said ? errc{} : said.error().code;
    REQUIRE(who < 300);
  }
  char today[10];
  write_date(date_of(clock_hand()), today);
  shop.file("left.csv", "id,out\nC-1," + std::string(today, sizeof today) + "\n");
  auto map = column_map::parse(R"({"format": "clientbook column map 1", "system": "till",
      "customers": {"file": "left.csv", "format": {}, "columns": {"id": "external_id"},
        "consent": {"out": {"*": [{"kind": "deny", "purposes": ["email_marketing"],
                                   "given_at_column": "out"}], "": []}}}})");
  REQUIRE(map);
  auto till = shop.book.opened->begin_session({.id = actor_id(11), .role = actor_role::associate});
  REQUIRE(till);
  const auto counts =
      import_customers(*till, *map, shop.folder.path(), {.content = import_content::consents});
  REQUIRE(counts);
  CHECK(mail_of(shop.in, "C-1") != field_state::shown);
}

TEST_CASE("import customers: a row with a day to come is left out, and its no is not") {
  import_shop shop;
  shop.file("customers.csv",
            "id,given,mail,likes,news\n"
            "C-1,Elisabeth,e@example.com,,yes\n"
            "C-3,Bo,bo@example.com,,yes\n");
  REQUIRE(shop.run());
  shop.file("customers.csv", "id,given,mail,likes,news\nC-2,Liz,e@example.com,,no\n");
  shop.file("purchases.csv", "id,order,day,article\nC-2,S-1,2999-01-02,A\n");
  const auto counts = shop.run({.on_bad_row = bad_row::skip});
  REQUIRE(counts);
  CHECK(counts->skipped == 1);
  CHECK(mail_of(shop.in, "C-1") != field_state::shown);
  CHECK(mail_of(shop.in, "C-3") == field_state::shown);
}

TEST_CASE("import customers: of a no to more than an address what is not closed is told") {
  for (const std::string_view what : {"email_marketing", "marketing"}) {
    CAPTURE(what);
    import_shop shop;
    shop.file("customers.csv",
              "id,given,mail,likes,news\n"
              "C-3,Ann,both@example.com,,yes\n"
              "C-4,Ben,both@example.com,,yes\n");
    REQUIRE(shop.run());
    auto map = column_map::parse(R"({"format": "clientbook column map 1", "system": "news",
        "customers": {"file": "left.csv", "format": {}, "id": ["mail"], "repeated": "merge",
          "columns": {"mail": "emails[0].address"},
          "consent": {"out": {"yes": [{"kind": "deny", "purposes": [")" +
                                 std::string(what) + R"("]}]}}}})");
    REQUIRE(map);
    shop.map = std::move(*map);
    shop.file("left.csv", "mail,out\nboth@example.com,yes\n");
    std::vector<std::string> told;
    const auto hear = [](void* to, const customer_import_problem& problem) {
      static_cast<std::vector<std::string>*>(to)->emplace_back(problem.what.text.c_str());
    };
    REQUIRE(import_customers(
        shop.in, shop.map, shop.folder.path(),
        {.purposes = purpose::customer_order_management, .content = import_content::consents},
        {.context = &told, .problem = hear}));
    CHECK(mail_of(shop.in, "C-3") != field_state::shown);
    const bool more = std::ranges::any_of(told, [](const std::string& text) {
      return text.find("no to more than") != std::string::npos;
    });
    CHECK(more == (what == "marketing"));
  }
}

TEST_CASE("import customers: a row that is left out says no all the same") {
  import_shop shop;
  shop.file("customers.csv",
            "id,given,mail,likes,news\n"
            "C-1,Elisabeth,e@example.com,,yes\n"
            "C-2,Liz,e@example.com,,yes\n");
  REQUIRE(shop.run());
  REQUIRE(shop.in.erase(found(shop.in, "till", "C-2"), erasure_reason::subject_request));
  CHECK(mail_of(shop.in, "C-1") == field_state::shown);
  shop.file("customers.csv", "id,given,mail,likes,news\nC-2,Liz,e@example.com,,no\n");
  const auto counts = shop.run();
  REQUIRE(counts);
  CHECK(counts->remembered == 1);
  CHECK(mail_of(shop.in, "C-1") != field_state::shown);
}

TEST_CASE("import customers: an address that very many have costs each of them one no") {
  import_shop shop;
  std::string rows = "id,given,mail,likes,news\n";
  constexpr int many = 300;
  for (int i = 0; i < many; ++i) {
    rows += "C-" + std::to_string(i) + ",G" + std::to_string(i) + ",none@example.com,," +
            (i % 2 == 0 ? "yes" : "no") + "\n";
  }
  shop.file("customers.csv", rows);
  const auto counts = shop.run();
  REQUIRE(counts);
  // What each of them said, and the one no about the address.
  CHECK(counts->directives + counts->repeated_directives <= 2 * many);
  CHECK(mail_of(shop.in, "C-0") != field_state::shown);
}

TEST_CASE("import customers: papers of their own make no more noes of an address of very many") {
  import_shop shop;
  auto map = column_map::parse(R"({"format": "clientbook column map 1", "system": "till",
      "customers": {"file": "customers.csv",
        "columns": {"id": "external_id", "given": "name.given", "mail": "emails[].address",
                    "kind": "consents[0].kind", "what": "consents[0].purposes",
                    "paper": "consents[0].evidence"}}})");
  REQUIRE(map);
  shop.map = std::move(*map);
  std::string rows = "id,given,mail,kind,what,paper\n";
  constexpr int many = 80;
  for (int i = 0; i < many; ++i) {
    const std::string number = std::to_string(i);
    rows += "C-" + number + ",G" + number + ",none@example.com,refuse,email_marketing,paper " +
            number + "\n";
  }
  shop.file("customers.csv", rows);
  const auto counts = shop.run();
  REQUIRE(counts);
  CHECK(counts->directives + counts->repeated_directives <= 2 * many);
  CHECK(shop.in.directives(found(shop.in, "till", "C-7"))->front().evidence.reference.view() ==
        "paper 7");
}

TEST_CASE("import customers: a no that a file has taken back is a new one when it comes again") {
  for (const known_customer rule : {known_customer::update, known_customer::add}) {
    for (const std::string_view between : {"no", ""}) {
      CAPTURE(between);
      import_shop shop;
      shop.map = list_of_leavers();
      const auto file = [&](std::string_view out) {
        shop.file("left.csv", "mail,given,out\na@example.com,Ada," + std::string(out) + "\n");
        clock_hand().seconds += 600;
        REQUIRE(shop.run({.purposes = purpose::customer_order_management, .on_known = rule}));
      };
      const auto who = [&] {
        const auto all = shop.in.find_by_email("a@example.com", purpose::customer_order_management);
        REQUIRE(all);
        return all->front();
      };
      const auto permitted = [&] {
        const auto seen = shop.in.read(who(), purpose::email_marketing);
        return seen && seen->state(field::emails) == field_state::shown;
      };
      file("yes");
      clock_hand().seconds += 600;
      directive yes = grant_of(shop.in, {recipient::self});
      yes.supersedes[0] = shop.in.directives(who())->back().id;
      yes.evidence.reference = short_text<64>("paper 7");
      yes.evidence.hash = crypto::hash(as_bytes("paper 7"));
      REQUIRE(shop.in.record(who(), yes));
      CHECK(permitted());
      file("yes");
      CHECK(permitted());
      file(between);
      CHECK(permitted());
      file("yes");
      CHECK_FALSE(permitted());
    }
  }
}

TEST_CASE("import customers: addresses beyond ASCII are known in every spelling") {
  for (const auto& [kept, left] : {std::pair{"\u00e4@example.com", "\u00c4@example.com"},
                                   std::pair{"\u00e4@example.com", "a\u0308@example.com"},
                                   std::pair{"a@b\u00fccher.de", "a@B\u00dcCHER.de"},
                                   std::pair{"a@b\u00fccher.de", "A@xn--bcher-kva.de"},
                                   std::pair{"a@xn--bcher-kva.de", "a@b\u00fccher.de"}}) {
    CAPTURE(std::string(left));
    import_shop shop;
    shop.file("customers.csv",
              "id,given,mail,likes,news\nC-1,Ada," + std::string(kept) + ",,yes\n");
    REQUIRE(shop.run());
    const customer_id id = found(shop.in, "till", "C-1");
    shop.map = list_of_leavers();
    shop.file("left.csv", "mail,given,out\n" + std::string(left) + ",,yes\n");
    REQUIRE(shop.run(
        {.purposes = purpose::customer_order_management, .on_known = known_customer::add}));
    CHECK(mail_of(shop.in, "C-1") != field_state::shown);
    CHECK(shop.in.find("till", "C-1").has_value());
    // And so is who was erased.
    REQUIRE(shop.in.erase(id, erasure_reason::subject_request));
    const auto back =
        shop.run({.purposes = purpose::customer_order_management, .on_known = known_customer::add});
    REQUIRE(back);
    CHECK(back->remembered == 1);
  }
}

namespace {

struct order_of_files {
  std::string_view steps;  ///< l: the list of noes, c: the customers.
  known_customer known;
};

// Whether the list, in whichever shape and order it comes, closes what it names and nothing else.
void check_list(std::string_view list, const order_of_files& order, import_content content) {
  CAPTURE(list);
  CAPTURE(order.steps);
  CAPTURE(static_cast<int>(order.known));
  CAPTURE(content == import_content::consents);
  import_shop shop;
  column_map customers = the_map();
  shop.file("customers.csv",
            "id,given,mail,likes,news\n"
            "C-1,Elisabeth,B\u00e4r@example.com,,yes\n"
            "C-2,Bo,bo@example.com,,yes\n"
            "C-3,Cy,cy@example.com,,yes\n"
            "C-4,Liz,b\u00e4r@example.com,,yes\n");
  shop.file("list.csv", list);
  for (const char step : order.steps) {
    clock_hand().seconds += 600;
    if (step == 'c') {
      shop.map = std::move(customers);
      REQUIRE(shop.run({.on_known = order.known}));
      customers = std::move(shop.map);
    } else {
      take_map_of(shop, "list.csv", content == import_content::consents);
      REQUIRE(shop.run({.purposes = purpose::customer_order_management,
                        .on_bad_row = bad_row::skip,
                        .on_known = order.known,
                        .content = content}));
    }
  }
  CHECK(mail_of(shop.in, "C-1") != field_state::shown);
  CHECK(mail_of(shop.in, "C-2") != field_state::shown);
  CHECK(mail_of(shop.in, "C-3") == field_state::shown);
  CHECK(mail_of(shop.in, "C-4") != field_state::shown);
}

}  // namespace

TEST_CASE("import customers: a list of noes closes the same in whatever order the files come") {
  const std::string_view spelled = "B\u00c4R@example.com";
  const std::string apart = "ba\u0308r@example.com";
  for (const order_of_files& order : {order_of_files{"lc", known_customer::add},
                                      {"cl", known_customer::add},
                                      {"clc", known_customer::add},
                                      {"clc", known_customer::update},
                                      {"lcl", known_customer::add},
                                      {"lcl", known_customer::update},
                                      {"llc", known_customer::add},
                                      {"clcl", known_customer::skip}}) {
    for (const import_content content : {import_content::everything, import_content::consents}) {
      // Skipped are the customers of this list alone, by ids that it has not.
      if (order.known == known_customer::skip && content == import_content::everything) continue;
      check_list("E-Mail,Opt-out E-Mail\nx@example.com,\"" + std::string(spelled) +
                     "; Bo@example.com\"\ny@example.com,\n",
                 order, content);
      check_list(
          "Opt-out E-Mail,E-Mail,Vorname\n,y@example.com,Yves\nbo@example.com,x@example.com,Xi\n" +
              apart + ",z@example.com,Zoe\n",
          order, content);
      // Else its rows are customers themselves, and who comes in with a yes behind them agreed.
      if (content == import_content::everything && order.steps[0] == 'l') continue;
      check_list("E-Mail,Newsletter abgemeldet am\n" + std::string(spelled) +
                     ",2026-12-03\nBo@Example.com,2026-11-02\ny@example.com,\n",
                 order, content);
      check_list("E-Mail,Vorname,Newsletter\n" + apart + ",Lisa,nein\nbo@example.com,Bob,nein\n",
                 order, content);
    }
  }
}

TEST_CASE("import customers: a list of a store closes for another store's customers too") {
  for (const import_content content : {import_content::everything, import_content::consents}) {
    for (const bool twice : {false, true}) {
      import_shop shop;
      shop.file("customers.csv",
                "id,given,mail,likes,news\n"
                "C-1,Elisabeth,e@example.com,,yes\n"
                "C-2,Bo,bo@example.com,,yes\n"
                "C-3,Cy,cy@example.com,,yes\n");
      REQUIRE(shop.run());
      for (const std::uint32_t one : {1U, 2U}) {
        const store_id which[] = {store_id(one)};
        REQUIRE(shop.in.set_stores(actor_id(10 * one), which));
      }
      for (const std::string_view id : {"C-1", "C-2", "C-3"}) {
        const customer_id who = found(shop.in, "till", id);
        REQUIRE(shop.in.assign(std::span(&who, 1), {.store = store_id(2)}));
      }
      REQUIRE(shop.in.use_portfolios(portfolio_use::in_force));
      shop.file("list.csv",
                "E-Mail,Opt-out E-Mail\nE@example.com,e@example.com\n"
                "x@example.com,\"second@example.com; Bo@example.com\"\ny@example.com,\n");
      take_map_of(shop, "list.csv", content == import_content::consents);
      auto there =
          shop.book.opened->begin_session({.id = actor_id(10), .role = actor_role::manager});
      REQUIRE(there);
      for (int i = 0; i < (twice ? 2 : 1); ++i) {
        REQUIRE(import_customers(*there, shop.map, shop.folder.path(),
                                 {.purposes = purpose::customer_order_management,
                                  .on_known = known_customer::add,
                                  .content = content}));
      }
      CHECK(mail_of(shop.in, "C-1") != field_state::shown);
      CHECK(mail_of(shop.in, "C-2") != field_state::shown);
      CHECK(mail_of(shop.in, "C-3") == field_state::shown);
      shop.map = the_map();
      shop.file("customers.csv", "id,given,mail,likes,news\nC-4,Di,second@example.com,,yes\n");
      REQUIRE(shop.run());
      CHECK(mail_of(shop.in, "C-4") != field_state::shown);
    }
  }
}
