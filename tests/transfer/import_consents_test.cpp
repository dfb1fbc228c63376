#include <clientbook/base/hex.hpp>
#include <clientbook/transfer/import_consents.hpp>

#include <clientbook/transfer/explanation_json.hpp>
#include <clientbook/transfer/export_consents.hpp>

#include <string>
#include <vector>

#include "shop.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

struct heard {
  std::vector<consent_input> inputs;
  std::vector<std::uint64_t> lines;
  consent_import_listener listener() {
    return {.context = this, .problem = [](void* to, const consent_import_problem& what) {
              static_cast<heard*>(to)->inputs.push_back(what.input);
              static_cast<heard*>(to)->lines.push_back(what.line);
            }};
  }
};

// What a record says of the shop itself.
consent_record_options of_the_shop() {
  consent_record_options out;
  out.controller = "Shop";
  out.address = "1 High Street";
  out.contact = "privacy@shop.example";
  out.notice_url = "https://shop.example/notice";
  out.withdrawal_method = "https://shop.example/withdraw";
  return out;
}

struct consent_shop {
  shop book;
  session in = book.begin();
  customer_id ken_id;
  heard told;

  consent_shop() {
    add_notice(in);
    const directive yes = grant_of(in, {recipient::self});
    ken_id = keep(in, ken(), std::span(&yes, 1));
    clock_hand().seconds += 60;
  }
  result<consent_import_counts> import(const consent_texts& said,
                                       const consent_import_options& options = {}) {
    return import_consents(in, ken_id, said, options, told.listener());
  }
  result<consent_import_counts> platform(std::string_view text, std::string_view system,
                                         const consent_import_options& options = {}) {
    auto file = csv_reader::open(memory_source(text));
    REQUIRE(file);
    return import_platform_consents(in, *file, system, options, told.listener());
  }
  std::size_t directives() {
    const auto said = in.directives(ken_id);
    REQUIRE(said);
    return said->size();
  }
  // The record of the consent, taken back on a day alone, as whoever read that has written it.
  std::string taken_back() {
    const consent_record_options details = of_the_shop();
    auto record = export_consent_record(in, ken_id, 1, details);
    REQUIRE(record);
    REQUIRE_FALSE(record->events.empty());
    for (iso27560::event& each : record->events) {
      each.what = iso27560::state::withdrawn;
      each.at = timestamp{start_of(date_of(clock_hand())).seconds + 86'399};
      each.until.reset();
    }
    const auto text = iso27560::write_record(*record);
    REQUIRE(text);
    return *text;
  }
  field_state mail() {
    const auto seen = in.read(ken_id, purpose::email_marketing);
    REQUIRE(seen);
    return seen->state(field::emails);
  }
};

}  // namespace

TEST_CASE("import consents: signals of one customer are recorded together") {
  consent_shop shop;
  const std::size_t before = shop.directives();
  const auto counts = shop.import({.gpc = "1", .usp = "1YYN"});
  REQUIRE(counts);
  CHECK(counts->recorded >= 2);
  CHECK(shop.directives() == before + counts->recorded);
  CHECK(shop.told.inputs.empty());
  const auto nothing = shop.import({.gpc = "0"});
  REQUIRE(nothing);
  CHECK(nothing->recorded == 0);
}

namespace {

// Made with the framework's own encoder. All eleven purposes for vendors 12, 28 and 77, nobody on
// legitimate interest; and, on the same day, purposes 1, 3 and 4 for vendors 5 to 7.
constexpr std::string_view accept_all =
    "CQfAJEAQfAJEAEsABBENBkFgAP_gAAAAAAYgAmgAQABAAAAAAAAgAAAA.IAmgAQABAAAAAAAAg";

/// A shop that advertises with a partner, and a customer of whom nothing was said.
struct advertising_shop {
  shop book;
  session in = book.begin();
  recipient_id ads = add_party(in, "Example Ads", recipient::advertising_network);
  customer_id id;

  explicit advertising_shop(std::optional<date> born = std::nullopt) {
    privacy_notice notice = notice_for(in);
    notice.announced.purposes = {purpose::advertising, purpose::personalisation,
                                 purpose::personalised_advertising};
    notice.announced.recipients = {ads};
    notice.announced.categories = all_categories();
    const auto added = in.add_notice(notice);
    REQUIRE(added);
    customer record = ken();
    if (born) REQUIRE(record.set(field::birth_date, *born));
    const auto kept = in.put(record, {.purposes = purpose::customer_order_management,
                                      .without_basis = when_without_basis::leave_out});
    REQUIRE(kept);
    id = *kept;
  }
  result<consent_import_counts> tcf(std::string_view text) {
    const vendor_recipient vendors[] = {{28, "Example Ads"}};
    return import_consents(in, id, {.tcf = text}, {.notice = "e-mail", .vendors = vendors});
  }
  std::vector<directive> said() {
    auto all = in.directives(id);
    REQUIRE(all);
    return *all;
  }
};

}  // namespace

TEST_CASE("import consents: what a service says of a signal waits, and its no is heard") {
  advertising_shop shop;
  session service = shop.book.begin(actor_role::service);
  const vendor_recipient vendors[] = {{28, "Example Ads"}};
  const auto counts = import_consents(service, shop.id, {.tcf = accept_all},
                                      {.notice = "e-mail", .vendors = vendors});
  REQUIRE(counts);
  CHECK(counts->recorded > 0);
  CHECK(counts->waiting == counts->recorded);
  for (const directive& one : shop.said()) CHECK_FALSE(one.informed);
  const auto no = import_consents(service, shop.id, {.gpc = "1"}, {});
  REQUIRE(no);
  CHECK(no->recorded > 0);
  CHECK(no->waiting == 0);
}

TEST_CASE("import consents: accept all becomes the grants it is, once") {
  advertising_shop shop;
  const auto counts = shop.tcf(accept_all);
  REQUIRE(counts);
  CHECK(counts->recorded > 0);
  purpose_set granted;
  for (const directive& one : shop.said()) {
    CHECK(one.kind == directive_kind::grant);
    CHECK(one.scope.recipients == recipient_set{shop.ads});
    granted |= one.scope.purposes;
  }
  CHECK(granted.contains(purpose::advertising));
  CHECK(granted.contains(purpose::personalised_advertising));
  const auto again = shop.tcf(accept_all);
  REQUIRE(again);
  CHECK(again->recorded == 0);
  CHECK(again->repeated == counts->recorded);
  CHECK(shop.said().size() == counts->recorded);

  // Eight days on the string gives purposes 1 to 4 alone: it takes back, and gives anew. Read a
  // second time it does neither.
  constexpr std::string_view less =
      "CQfagkAQfagkAEsABBENBkFgAPAAAAAAAAYgAmgAQABAAAAAAAAgAAAA.IAmgAQABAAAAAAAAg";
  const auto partly = shop.tcf(less);
  REQUIRE(partly);
  CHECK(partly->recorded >= 2);
  const std::size_t then = shop.said().size();
  CHECK(shop.said().back().kind == directive_kind::grant);
  const auto second = shop.tcf(less);
  REQUIRE(second);
  CHECK(second->recorded == 0);
  CHECK(shop.said().size() == then);
}

TEST_CASE(
    "import consents: a string that was heard gives nothing again that was taken back since") {
  advertising_shop shop;
  REQUIRE(shop.tcf(accept_all));
  directive no;
  no.kind = directive_kind::withdraw;
  no.scope = {all_purposes(), {recipient::any}, all_categories(), all_operations};
  // Said on paper, the day before the string was made, and written down after it.
  no.event_at = {shop.said().front().event_at.seconds - 86'400};
  REQUIRE(shop.in.record(shop.id, no));
  const std::size_t then = shop.said().size();
  for (int i = 0; i < 3; ++i) {
    clock_hand().seconds += 60;
    const auto again = shop.tcf(accept_all);
    REQUIRE(again);
    CHECK(again->recorded == 0);
  }
  CHECK(shop.said().size() == then);
}

TEST_CASE("import consents: where nothing is said nothing is done, and it is told") {
  consent_shop shop;
  const auto counts = shop.import({});
  REQUIRE_FALSE(counts);
  CHECK(counts.error().code == errc::missing_field);
}

TEST_CASE("import consents: what names another customer of the book is not this one's") {
  consent_shop shop;
  const customer_id other = keep(shop.in, ken("L-other"));
  const std::string theirs = clientbook::hex<std::string>(other.bytes);
  CHECK(check_subject(shop.in, shop.ken_id, clientbook::hex<std::string>(shop.ken_id.bytes)));
  CHECK(check_subject(shop.in, shop.ken_id, "0760c9ba"));
  CHECK(check_subject(shop.in, shop.ken_id, std::string(32, 'z')));
  CHECK(check_subject(shop.in, shop.ken_id, "5f2c8a507a0c4a639a396f1d7b7d6f01"));
  CHECK(check_subject(shop.in, shop.ken_id, theirs).error().code == errc::invalid_value);
  REQUIRE(shop.in.erase(other, erasure_reason::subject_request));
  CHECK(check_subject(shop.in, shop.ken_id, theirs).error().code == errc::invalid_value);
}

TEST_CASE("import consents: the same signal at each visit adds nothing, until it is overridden") {
  consent_shop shop;
  const auto visit = [&] {
    clock_hand().seconds += 60;
    const auto counts = shop.import({.gpc = "1"});
    REQUIRE(counts);
    return counts->recorded;
  };
  CHECK(visit() > 0);
  const std::size_t before = shop.directives();
  CHECK(visit() == 0);
  CHECK(visit() == 0);
  CHECK(shop.directives() == before);
  const auto file = [&] {
    clock_hand().seconds += 60;
    const auto counts =
        shop.platform("id,accepts_marketing\nL-1,FALSE\n", "loyalty", {.notice = "e-mail"});
    REQUIRE(counts);
    return counts->recorded;
  };
  CHECK(file() == 1);
  CHECK(file() == 0);
  // The customer says otherwise, and names the denial: the next no is news.
  const auto said = shop.in.directives(shop.ken_id);
  REQUIRE(said);
  clock_hand().seconds += 60;
  directive yes = grant_of(shop.in, {recipient::self});
  yes.supersedes[0] = said->back().id;
  yes.evidence.hash = crypto::hash(as_bytes("signed"));
  REQUIRE(shop.in.record(shop.ken_id, yes));
  CHECK(file() == 1);
}

TEST_CASE("import consents: what a later TC string no longer gives is withdrawn") {
  advertising_shop shop;
  REQUIRE(shop.tcf(accept_all));
  const std::size_t granted = shop.said().size();
  // The same string with no purpose, eight days on: bits 6 to 78 are the two times.
  const auto counts =
      shop.tcf("CQfagkAQfagkAEsABBENBkFgAAAAAAAAAAYgAmgAQABAAAAAAAAgAAAA.IAmgAQABAAAAAAAAg");
  REQUIRE(counts);
  CHECK(counts->recorded > 0);
  const auto said = shop.said();
  purpose_set withdrawn;
  for (std::size_t i = granted; i < said.size(); ++i) {
    CHECK(said[i].kind == directive_kind::withdraw);
    withdrawn |= said[i].scope.purposes;
  }
  CHECK(withdrawn.contains(purpose::advertising));
  CHECK(withdrawn.contains(purpose::personalisation));
}

TEST_CASE("import consents: a string that gives nothing ends nothing that was never given") {
  advertising_shop shop;
  const auto counts =
      shop.tcf("CQfagkAQfagkAEsABBENBkFgAAAAAAAAAAYgAmgAQABAAAAAAAAgAAAA.IAmgAQABAAAAAAAAg");
  REQUIRE(counts);
  // What it says is noted, as an answer that decides nothing.
  for (const directive& one : shop.said()) CHECK(one.kind == directive_kind::defer);
  CHECK(shop.said().size() == counts->recorded);
}

TEST_CASE("import consents: in whatever order two TC strings come, the later choice holds") {
  // No purpose at all, chosen eight days after everything was accepted.
  constexpr std::string_view reject_later =
      "CQfagkAQfagkAEsABBENBkFgAAAAAAAAAAYgAmgAQABAAAAAAAAgAAAA.IAmgAQABAAAAAAAAg";
  const auto may = [](advertising_shop& shop) {
    decision_request request = shop.in.request(purpose::personalised_advertising);
    request.recipient = shop.ads;
    request.operation = operation::use;
    const auto why = shop.in.explain(shop.id, request, field::external_ids);
    REQUIRE(why);
    return why->permitted;
  };
  advertising_shop in_order;
  REQUIRE(in_order.tcf(accept_all));
  REQUIRE(in_order.tcf(reject_later));
  CHECK_FALSE(may(in_order));
  advertising_shop newest_first;
  REQUIRE(newest_first.tcf(reject_later));
  const auto late = newest_first.tcf(accept_all);
  REQUIRE(late);
  CHECK(late->recorded == 0);
  CHECK(late->back_dated > 0);
  CHECK_FALSE(may(newest_first));
  // The same string once more adds nothing.
  const std::size_t so_far = newest_first.said().size();
  REQUIRE(newest_first.tcf(reject_later));
  CHECK(newest_first.said().size() == so_far);
}

TEST_CASE("import consents: a vendor is a party of the book, or nothing is imported") {
  advertising_shop shop;
  const vendor_recipient nobody[] = {{28, "Unknown Ads"}};
  const auto counts = import_consents(shop.in, shop.id, {.tcf = accept_all},
                                      {.notice = "e-mail", .vendors = nobody});
  REQUIRE_FALSE(counts);
  CHECK(counts.error().code == errc::not_found);
  CHECK(shop.said().empty());
}

TEST_CASE("import consents: children's fields speak of children who are known to be") {
  // usca: no consent to sell, none to share, of somebody below 16.
  us_privacy california = *make_us_privacy(gpp_section::usca);
  california.child[0] = california.child[1] = us_value::one;
  const std::string text = *write_gpp(std::span(&california, 1));
  const auto recorded_for = [&](std::optional<date> born) {
    advertising_shop shop(born);
    const auto counts = import_consents(shop.in, shop.id, {.gpp = text});
    REQUIRE(counts);
    CHECK(counts->recorded + counts->not_of_that_age > 0);
    for (const directive& one : shop.said()) CHECK(one.kind == directive_kind::refuse);
    CHECK(shop.said().size() == counts->recorded);
    return counts->recorded;
  };
  CHECK(recorded_for(date{2016, 5, 1}) > 0);
  // What is not kept counts as the last day of its month; today is the fifteenth of January 2027.
  CHECK(recorded_for(date{2011, 1, 15}) > 0);
  CHECK(recorded_for(date{2010, 12, 31}) == 0);
  CHECK(recorded_for(date{1984, 5, 1}) == 0);
  CHECK(recorded_for(std::nullopt) == 0);
}

TEST_CASE("import consents: fields about children of several ages are each heard") {
  // usnat: no consent for those of 13 to 16, of below 13, of 16 and 17.
  const auto refused = [](std::array<bool, 3> ages, const date& born) {
    us_privacy national = *make_us_privacy(gpp_section::usnat);
    for (std::size_t i = 0; i < ages.size(); ++i) {
      if (ages[i]) national.child[i] = us_value::one;
    }
    advertising_shop shop(born);
    const auto counts =
        import_consents(shop.in, shop.id, {.gpp = *write_gpp(std::span(&national, 1))});
    REQUIRE(counts);
    return counts->recorded != 0;
  };
  for (unsigned which = 1; which < 8; ++which) {
    CAPTURE(which);
    const std::array ages{(which & 1) != 0, (which & 2) != 0, (which & 4) != 0};
    // Today is the fifteenth of January 2027.
    CHECK(refused(ages, date{2012, 6, 10}) == ages[0]);  // 14
    CHECK(refused(ages, date{2016, 6, 10}) == ages[1]);  // 10
    CHECK(refused(ages, date{2009, 6, 10}) == ages[2]);  // 17
  }
}

TEST_CASE("import consents: what cannot be read is named, and nothing is recorded") {
  consent_shop shop;
  const std::size_t before = shop.directives();
  CHECK_FALSE(shop.import({.gpc = "1", .gpp = "garbage"}));
  CHECK_FALSE(shop.import({.gpc = "1", .tcf = "CAAA"}));
  CHECK_FALSE(shop.import({.gpc = "1", .usp = "1YY"}));
  CHECK_FALSE(shop.import({.gpc = "1", .record = "{"}));
  CHECK_FALSE(shop.import({.gpc = "1"}, {.notice = "no such"}));
  const std::string long_text(65, 'x');
  CHECK_FALSE(shop.import({.gpc = "1"}, {.evidence = long_text}));
  using enum consent_input;
  CHECK(shop.told.inputs == std::vector{gpp, tcf, usp, record, notice, evidence});
  CHECK(shop.directives() == before);
}

TEST_CASE("import consents: a platform's file is recorded for those whom the book has") {
  consent_shop shop;
  CHECK(shop.mail() == field_state::shown);
  const auto counts = shop.platform("id,accepts_marketing\nL-1,FALSE\nL-2,FALSE\n", "loyalty");
  REQUIRE(counts);
  CHECK(counts->recorded == 1);
  CHECK(counts->unknown_customers == 1);
  CHECK(shop.mail() == field_state::withheld);
}

TEST_CASE(
    "import consents: who is no customer yet and says no is remembered, who says yes is not") {
  consent_shop shop;
  const auto counts = shop.platform(
      "id,accepts_marketing\nL-1,FALSE\nL-2,FALSE\nL-3,TRUE\nbo@example.com,FALSE\n", "loyalty");
  REQUIRE(counts);
  CHECK(counts->unknown_customers == 3);
  CHECK(counts->remembered == 2);
  const auto known = [&](field_id field, std::string_view value) {
    customer who;
    if (field == field::emails) {
      REQUIRE(who.set(field, std::array{email_address{.address = value}}));
    } else {
      REQUIRE(who.set(field, std::array{external_id{.system = "loyalty", .value = value}}));
    }
    const auto found = shop.in.remembered(who.fields());
    REQUIRE(found);
    for (const remembered_refusal& one : *found) CHECK(one.kind == refusal_kind::unsubscribed);
    return !found->empty();
  };
  CHECK(known(field::external_ids, "L-2"));
  CHECK(known(field::emails, "Bo@example.com"));
  CHECK_FALSE(known(field::external_ids, "L-1"));
  CHECK_FALSE(known(field::external_ids, "L-3"));
}

TEST_CASE("import consents: a consent from elsewhere needs a notice and a time") {
  consent_shop shop;
  constexpr std::string_view file =
      "id,list_id,status,timestamp_opt,last_changed\n"
      "L-1,a,subscribed,2027-01-15 07:00:00,2027-01-15 07:00:00\n";
  const auto without = shop.platform(file, "loyalty");
  REQUIRE(without);
  CHECK(without->recorded == 0);
  CHECK(without->left_out == 1);
  // With the notice it is a permission, older than what the customer said last.
  const auto with = shop.platform(file, "loyalty", {.notice = "e-mail", .evidence = "list a"});
  REQUIRE(with);
  CHECK(with->left_out == 0);
  CHECK(with->recorded + with->back_dated == 1);
}

TEST_CASE("import consents: a file read twice adds nothing, and what is dated ahead is told") {
  consent_shop shop;
  constexpr std::string_view newest_first =
      "id,list_id,status,timestamp_opt,last_changed\n"
      "L-1,a,unsubscribed,2020-01-15 07:00:00,2021-01-15 07:00:00\n"
      "L-1,b,unsubscribed,2020-01-15 07:00:00,2020-02-15 07:00:00\n";
  REQUIRE(shop.platform(newest_first, "loyalty"));
  const std::size_t before = shop.directives();
  const auto again = shop.platform(newest_first, "loyalty");
  REQUIRE(again);
  CHECK(again->recorded == 0);
  CHECK(again->repeated == 2);
  CHECK(shop.directives() == before);

  const auto ahead = shop.platform(
      "id,list_id,status,timestamp_opt,last_changed\n"
      "L-1,a,subscribed,2090-01-15 07:00:00,2090-01-15 07:00:00\n",
      "loyalty", {.notice = "e-mail"});
  REQUIRE(ahead);
  CHECK(ahead->recorded == 0);
  CHECK(ahead->future_dated == 1);
  CHECK(shop.directives() == before);
}

TEST_CASE("import consents: a bad row of a platform's file undoes the rows before it") {
  consent_shop shop;
  const std::size_t before = shop.directives();
  const auto counts = shop.platform("id,accepts_marketing\nL-1,FALSE\n,FALSE\n", "loyalty");
  REQUIRE_FALSE(counts);
  CHECK(counts.error().code == errc::missing_field);
  CHECK(shop.told.inputs == std::vector{consent_input::platform_file});
  CHECK(shop.told.lines == std::vector<std::uint64_t>{3});
  CHECK(shop.directives() == before);
  const auto nobody = shop.platform("id,accepts_marketing\nL-1,FALSE\n", "");
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().code == errc::missing_field);
}

TEST_CASE("import consents: what is refused while it is recorded leaves no transaction open") {
  consent_shop shop;
  const auto counts = import_consents(shop.in, customer_id{}, {.gpc = "1"});
  REQUIRE_FALSE(counts);
  CHECK(counts.error().code == errc::not_found);
  CHECK(shop.in.begin());
  shop.in.rollback();
}

TEST_CASE("export consents: a record comes back as a consent, a receipt is signed") {
  consent_shop shop;
  const consent_record_options details = of_the_shop();
  const auto record = export_consent_record(shop.in, shop.ken_id, 1, details);
  REQUIRE(record);
  const auto text = iso27560::write_record(*record);
  REQUIRE(text);
  const auto imported = shop.import({.record = *text}, {.notice = "e-mail"});
  REQUIRE(imported);
  CHECK(imported->recorded + imported->back_dated + imported->left_out >= 1);

  const auto receipt = export_consent_receipt(shop.in, shop.ken_id, 1, details);
  REQUIRE(receipt);
  const auto read = iso27560::read_signed_receipt(receipt->text, receipt->key);
  REQUIRE(read);
  CHECK(read->record == *record);

  const auto none = export_consent_record(shop.in, shop.ken_id, 99, details);
  REQUIRE_FALSE(none);
  CHECK(none.error().code == errc::not_found);
}

TEST_CASE("import consents: a record of a day alone brought again takes back nothing given since") {
  consent_shop shop;
  const std::string text = shop.taken_back();
  REQUIRE(shop.import({.record = text}));
  CHECK(shop.mail() != field_state::shown);
  clock_hand().seconds += 600;
  const directive yes = grant_of(shop.in, {recipient::self});
  REQUIRE(shop.in.record(shop.ken_id, yes));
  CHECK(shop.mail() == field_state::shown);
  for (const std::int64_t later : {600, 2 * 86'400}) {
    clock_hand().seconds += later;
    const auto again = shop.import({.record = text});
    REQUIRE(again);
    CHECK(again->repeated > 0);
    CHECK(shop.mail() == field_state::shown);
  }
}

TEST_CASE("import consents: a no of another store's customer is taken, and nothing told of them") {
  consent_shop shop;
  const std::string text = shop.taken_back();
  for (const std::uint32_t one : {11U, 21U}) {
    const store_id which[] = {store_id(one / 10)};
    REQUIRE(shop.in.set_stores(actor_id(one), which));
  }
  REQUIRE(
      shop.in.assign(std::span(&shop.ken_id, 1), {.store = store_id(2), .primary = actor_id(21)}));
  REQUIRE(shop.in.use_portfolios(portfolio_use::in_force));
  auto till = shop.book.opened->begin_session({.id = actor_id(11), .role = actor_role::associate});
  REQUIRE(till);

  us_privacy california = *make_us_privacy(gpp_section::usca);
  california.child[0] = california.child[1] = us_value::one;
  const std::string of_children = *write_gpp(std::span(&california, 1));
  const auto aged =
      import_consents(*till, shop.ken_id, {.gpp = of_children}, {}, shop.told.listener());
  REQUIRE(aged);
  CHECK(aged->recorded > 0);
  CHECK(aged->not_of_that_age == 0);

  CHECK(shop.mail() == field_state::shown);
  const auto counts = import_consents(*till, shop.ken_id, {.record = text});
  REQUIRE(counts);
  CHECK(shop.mail() != field_state::shown);
}

TEST_CASE("import consents: parts of a signal that could not be read are told") {
  consent_shop shop;
  const auto counts = shop.import({.gpp = "DBABLA~garbage"});
  REQUIRE(counts);
  CHECK(counts->unreadable == 1);
  CHECK(counts->recorded > 0);
  const auto readable = shop.import({.gpc = "1", .gpp = "DBABTA~1YYN"});
  REQUIRE(readable);
  CHECK(readable->unreadable == 0);
}

TEST_CASE("import consents: a no is taken of whom nobody may look up any more") {
  consent_shop shop;
  auto till = shop.book.opened->begin_session({.id = actor_id(11), .role = actor_role::associate});
  REQUIRE(till);
  for (errc last{}; last != errc::budget_spent;) last = till->find("till", "nobody").error().code;
  const external_id his{.system = "loyalty", .value = "L-1"};
  REQUIRE(shop.in.find(his.system, his.value.reveal()));
  CHECK(shop.mail() == field_state::shown);
  SUBCASE("by a signal") {
    const auto counts = import_noes(*till, his, {.gpc = "1"});
    REQUIRE(counts);
    CHECK(counts->recorded > 0);
  }
  SUBCASE("by the word of whoever is asked") {
    directive no = grant_of(shop.in, {recipient::self});
    no = directive{.kind = directive_kind::deny, .scope = no.scope, .event_at = clock_hand()};
    REQUIRE(till->record_no(his.system, his.value.reveal(), no));
    CHECK(shop.mail() != field_state::shown);
  }
  SUBCASE("a consent is none, nor is nothing said, nor a record") {
    CHECK(import_noes(*till, his, {}).error().code == errc::missing_field);
    CHECK(import_noes(*till, his, {.gpc = "0"}).error().code == errc::not_found);
    CHECK(import_noes(*till, his, {.record = "{}"}).error().code == errc::invalid_argument);
    CHECK(shop.mail() == field_state::shown);
  }
  SUBCASE("and whoever finds everybody is told that there is nobody") {
    const external_id nobody{.system = "loyalty", .value = "L-99"};
    CHECK(import_noes(shop.in, nobody, {.gpc = "1"}).error().code == errc::not_found);
  }
}

TEST_CASE("import consents: a no is taken where no more may be seen of what was said") {
  consent_shop shop;
  const std::string text = shop.taken_back();
  // As many people as may have looked at him on this day.
  std::uint32_t who = 200;
  for (errc last{}; last != errc::budget_spent;) {
    auto one =
        shop.book.opened->begin_session({.id = actor_id(++who), .role = actor_role::associate});
    REQUIRE(one);
    const auto said = one->directives(shop.ken_id);
    last = said ? errc{} : said.error().code;
    REQUIRE(who < 300);
  }
  CHECK(shop.mail() == field_state::shown);
  auto till = shop.book.opened->begin_session({.id = actor_id(11), .role = actor_role::associate});
  REQUIRE(till);
  const auto counts = import_consents(*till, shop.ken_id, {.usp = "1YYN", .record = text});
  REQUIRE(counts);
  CHECK(counts->recorded > 0);
  CHECK(shop.mail() != field_state::shown);
}

TEST_CASE("export consents: a GPP string says what was denied") {
  consent_shop shop;
  const auto section = find_gpp_section("usca");
  REQUIRE(section);
  CHECK(*section == gpp_section::usca);
  const auto quiet = export_gpp(shop.in, shop.ken_id, *section);
  REQUIRE(quiet);
  REQUIRE(shop.import({.gpc = "1"}));
  const auto loud = export_gpp(shop.in, shop.ken_id, *section);
  REQUIRE(loud);
  CHECK(*quiet != *loud);
  const auto unknown = find_gpp_section("zebedee");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == errc::unknown_field);
}

TEST_CASE("explanation json: the decision, the directive behind it and its notice") {
  consent_shop shop;
  const decision_request request = shop.in.request(purpose::email_marketing);
  const auto yes = explanation_json(shop.in, shop.ken_id, request, field::emails);
  REQUIRE(yes);
  for (const char* part : {R"("decision":"permit")", R"("code":"GRANTED_BY")", R"("kind":"grant")",
                           R"("title":"e-mail")", R"("inputs":")", R"("text":")"}) {
    CAPTURE(part);
    CHECK(yes->find(part) != std::string::npos);
  }
  CHECK(yes->find("ken@example.com") == std::string::npos);
  const auto no =
      explanation_json(shop.in, shop.ken_id, shop.in.request(purpose::personalised_advertising),
                       field::emails, language::de);
  REQUIRE(no);
  CHECK(no->find(R"("decision":"deny")") != std::string::npos);
  CHECK(no->find(R"("directive")") == std::string::npos);
}
