// The customer's page: what stands on it is what the book knows, nothing else runs, and that it was
// handed over is in the ledger.
#include <clientbook/rights/customer_page.hpp>
#include <clientbook/rights/evidence_text.hpp>

#include <string>

#include "../transfer/shop.hpp"

using namespace clientbook;
using namespace clientbook::testing;
using namespace std::string_literals;

namespace {

constexpr auto delivery = purpose::delivery_of_goods;

struct page_shop : shop {
  session in = begin();
  recipient_id parcels = add_party(in, "parcel <co> & \"sons\"", recipient::parcel_service);
  recipient_id broker = add_party(in, "big-data-inc", recipient::data_broker);
  customer_id jo;

  page_shop() {
    customer record = ken("L-1");
    REQUIRE(record.set(field::emails, std::array{email_address{.address = "ken@example.com",
                                                               .label = "<b>desk"}}));
    add_notice(in);
    const std::array said{grant_of(in, {recipient::self})};
    jo = keep(in, record, said);
  }
  void look() {
    session associate = begin(actor_role::associate);
    REQUIRE(associate.read(jo, delivery));
  }
  void note_down(std::string_view text, std::string_view author = {}) {
    REQUIRE(in.append_note(jo, {.at = clock_hand(), .author = author, .text = text},
                           purpose::client_care));
  }
  std::string page(language speech = language::en, session* by = nullptr) {
    const auto made = make_customer_page(by == nullptr ? in : *by, jo,
                                         {.speech = speech,
                                          .shop = "Example <Boutique>\n1 High Street",
                                          .contact = "privacy@example.com"});
    REQUIRE(made);
    return std::string(made->html);
  }
};

bool has(const std::string& page, std::string_view text) { return page.find(text) != page.npos; }
std::size_t count(const std::string& page, std::string_view text) {
  std::size_t out = 0;
  for (std::size_t at = page.find(text); at != page.npos; at = page.find(text, at + 1)) ++out;
  return out;
}

}  // namespace

TEST_CASE("customer page: where it went, who looked, what is held and why") {
  page_shop book;
  open_case(book.in, {book.jo});
  book.look();
  REQUIRE(book.in.disclose(book.jo, {.purpose = delivery, .recipient = book.parcels}));
  CHECK(book.in
            .disclose(book.jo,
                      {.purpose = purpose::sell_data_to_third_parties, .recipient = book.broker})
            .error()
            .code == errc::denied);
  const std::string page = book.page();
  CHECK(has(page, "parcel &lt;co&gt; &amp; &quot;sons&quot;"));
  CHECK(has(page, "big-data-inc"));
  CHECK(has(page, "Asked for and refused: 1×"));
  CHECK(has(page, "Passed on to <bdi>parcel &lt;co&gt;"));
  CHECK(has(page, "they may not"));  // What the contract says of passing on.
  CHECK(has(page, "Sales associate"));
  CHECK(has(page, "Newport Hills"));
  CHECK(has(page, "ken@example.com"));
  CHECK(has(page, "Customer Order Management"));
  CHECK(has(page, "1 High Street"));
  CHECK(has(page, "<li><b>1</b> Recipients outside"));
}

TEST_CASE("customer page: nothing on it runs, loads or breaks out of its place") {
  page_shop book;
  open_case(book.in, {book.jo});
  book.note_down("<script>alert(1)</script> & \"x\"");
  for (const language speech :
       {language::en, language::de, language::fr, language::es, language::it}) {
    const std::string page = book.page(speech);
    CHECK_FALSE(has(page, "<script"));
    CHECK_FALSE(has(page, "<b>desk"));
    CHECK_FALSE(has(page, "<Boutique>"));
    CHECK_FALSE(has(page, "http"));
    CHECK_FALSE(has(page, "src="));
    CHECK_FALSE(has(page, "@import"));
    CHECK_FALSE(has(page, "url("));
    for (const std::string_view tag : {"table", "ul", "li", "p", "tr", "svg", "details", "ol"}) {
      CAPTURE(tag);
      CHECK(count(page, "<" + std::string(tag) + ">") + count(page, "<" + std::string(tag) + " ") ==
            count(page, "</" + std::string(tag) + ">"));
    }
    CHECK(count(page, "<h1>") == 1);
  }
}

TEST_CASE("customer page: tasks, contacts, tags and wishes stand there in the customer's words") {
  page_shop book;
  open_case(book.in, {book.jo});
  customer more;
  const task open_task{.text = "Call about the hem", .due = date{2027, 2, 1}};
  REQUIRE(more.set(field::tasks, std::span<const task>(&open_task, 1)));
  const customer_contact met{
      .at = timestamp{1'799'000'000}, .channel = "phone", .outcome = "left a message"};
  REQUIRE(more.set(field::contacts, std::span<const customer_contact>(&met, 1)));
  REQUIRE(more.set(field::tags, std::array<std::string_view, 2>{"bridal", "press list"}));
  REQUIRE(more.set(field::tier, std::string_view("gold")));
  const wish wanted{.what = "Silk scarf", .for_whom = "her mother"};
  REQUIRE(more.set(field::wishes, std::span<const wish>(&wanted, 1)));
  REQUIRE(
      more.set(field::reach,
               reachability{.channel = "phone", .quiet_from = "21:00", .quiet_until = "08:00"}));
  REQUIRE(book.in.update(book.jo, more.fields(), purpose::client_care));
  const std::string page = book.page();
  for (const char* part :
       {"Things to do for you", "Call about the hem", "When we were in touch", "left a message",
        "Words by which we sort", "press list", "Level in the loyalty programme", "gold", "Wishes",
        "her mother", "How and when to reach you", "21:00"}) {
    CAPTURE(part);
    CHECK(has(page, part));
  }
  const std::pair<language, const char*> words[] = {{language::de, "Zu erledigen für Sie"},
                                                    {language::fr, "À faire pour vous"},
                                                    {language::es, "Por hacer para usted"},
                                                    {language::it, "Da fare per Lei"}};
  for (const auto& [speech, word] : words) {
    CAPTURE(word);
    CHECK(has(book.page(speech), word));
  }
}

TEST_CASE("customer page: of which address something was said") {
  page_shop book;
  open_case(book.in, {book.jo});
  directive no = withdrawal();
  const auto contact = book.in.contact(book.jo, field::emails, "ken@example.com");
  REQUIRE(contact);
  no.contacts[0] = *contact;
  REQUIRE(book.in.record(book.jo, no));
  const std::string page = book.page();
  CHECK(has(page, " · <bdi>ken@example.com</bdi></span>"));
}

TEST_CASE("customer page: a yes that only somebody of the shop has noted stands there as that") {
  page_shop book;
  open_case(book.in, {book.jo});
  const std::string_view noted = "noted by the shop";
  CHECK_FALSE(has(book.page(), noted));
  session associate = book.begin(actor_role::associate);
  directive yes = grant_of(book.in, {recipient::self});
  yes.event_at = {++clock_hand().seconds};
  REQUIRE(associate.record(book.jo, yes));
  CHECK(count(book.page(), noted) == 1);
  CHECK(has(book.page(language::de), "vom Geschäft notiert"));
}

TEST_CASE("customer page: where the customer lives and works is told with what was said") {
  page_shop book;
  open_case(book.in, {book.jo});
  const auto law = book.in.profile()->id;
  REQUIRE(book.in.move(book.jo, law, residence_source::address, {},
                       {.residence = {'B', 'E'}, .works_here = employment::employed}));
  REQUIRE(book.in.move(book.jo, law, residence_source::officer, "leaver 4",
                       {.works_here = employment::ended}));
  const std::string page = book.page();
  CHECK(has(page, "<bdi>BE</bdi>"));
  CHECK(has(page, "You work for us<"));
  CHECK(has(page, "You work for us no more"));
}

TEST_CASE("customer page: what others wrote turns nothing around beside it") {
  page_shop book;
  open_case(book.in, {book.jo});
  const std::string turning = "\u202Enoitan a \u05E9\u05DC\u05D5\u05DD";
  book.note_down(turning);
  const std::string page = book.page();
  CHECK(has(page, "<bdi>" + turning + "</bdi>"));
  CHECK(has(page, "<bdi>ken@example.com</bdi>"));
}

TEST_CASE("customer page: that the customer got it is an entry, and is on the page") {
  page_shop book;
  open_case(book.in, {book.jo});
  const auto made = make_customer_page(book.in, book.jo);
  REQUIRE(made);
  REQUIRE(made->ledger_index);
  const auto entries = book.in.ledger(book.jo);
  REQUIRE(entries);
  REQUIRE_FALSE(entries->empty());
  CHECK(entries->back().index == *made->ledger_index);
  CHECK(entries->back().event == ledger_event::disclosure);
  CHECK(entries->back().recipient_class == recipient::data_subject);
  CHECK(entries->back().fields.has(field::emails));
  const customer_entry lost{book.jo, *made->ledger_index};
  CHECK(book.in.not_delivered({&lost, 1}));
}

TEST_CASE("customer page: a request and who was told of it stand there as what they are") {
  page_shop book;
  REQUIRE(book.in.disclose(book.jo, {.purpose = delivery, .recipient = book.parcels}));
  const auto number = book.in.open_request(book.jo, {.kind = request_kind::rectification,
                                                     .received = date_of(clock_hand()),
                                                     .identity = "passport seen"});
  REQUIRE(number);
  customer moved;
  REQUIRE(moved.set(field::emails, std::array{email_address{.address = "k@example.com"}}));
  REQUIRE(moved.set(field::addresses, std::array{postal_address{.line1 = "1 Elm St"}}));
  REQUIRE(book.in.update(book.jo, moved.fields(), purpose::customer_order_management));
  REQUIRE(book.in.request_done(*number, {.after = {field::emails, field::addresses}}));
  REQUIRE(book.in.tell_recipient(*number,
                                 {.who = {"parcel <co> & \"sons\""}, .state = told_state::told}));
  const std::array told{
      "Told of your request:", "Über Ihr Anliegen unterrichtet:", "Informé de votre demande :",
      "Informado de su solicitud:", "Informato della Sua richiesta:"};
  const std::array worked_on{
      "A request of yours was worked on", "An Ihrem Anliegen wurde gearbeitet",
      "Une de vos demandes a été traitée", "Se trabajó en una solicitud suya",
      "Si è lavorato a una Sua richiesta"};
  for (std::size_t i = 0; i < told.size(); ++i) {
    CAPTURE(i);
    const std::string page = book.page(static_cast<language>(i));
    CHECK(count(page, told[i]) == 1);
    CHECK(count(page, worked_on[i]) == 1);
  }
}

TEST_CASE("customer page: how a recipient is reached stands by its name") {
  page_shop book;
  open_case(book.in, {book.jo});
  REQUIRE(book.in.disclose(book.jo, {.purpose = delivery, .recipient = book.parcels}));
  CHECK(count(book.page(language::en), "privacy@parcels.example") == 0);
  REQUIRE(book.in.set_recipient_contact(
      {.party = book.parcels, .contact = "privacy@parcels.example <b>"}));
  CHECK(count(book.page(language::en), "privacy@parcels.example &lt;b&gt;") == 1);
}

TEST_CASE("customer page: the evidence in it is borne out, as the page is saved") {
  page_shop book;
  open_case(book.in, {book.jo});
  REQUIRE(book.in.disclose(book.jo, {.purpose = delivery, .recipient = book.parcels}));
  const std::string page = book.page(language::de);
  const auto log = book.in.log_identity();
  REQUIRE(log);
  const auto identity = ledger::parse_log_identity(*log);
  REQUIRE(identity);
  const auto proved = check_evidence(page, *identity);
  REQUIRE(proved);
  REQUIRE(proved->entries.size() == 3);
  CHECK(proved->entries[0].event == ledger_event::consent_given);
  CHECK(proved->entries[1].recipient == "parcel <co> & \"sons\"");
}

TEST_CASE("customer page: needs a case, a role that hands over, and nothing before it is granted") {
  page_shop book;
  CHECK(make_customer_page(book.in, book.jo).error().code == errc::case_required);
  open_case(book.in, {book.jo});
  for (const actor_role role : {actor_role::associate, actor_role::manager, actor_role::service,
                                actor_role::marketing, actor_role::auditor}) {
    session other = book.begin(role);
    CHECK(make_customer_page(other, book.jo).error().code == errc::role_denied);
  }
  // Nor under a purpose that a manager may pass on for.
  session manager = book.begin(actor_role::manager);
  CHECK(manager.hand_over(book.jo, delivery).error().code == errc::role_denied);
  CHECK(book.in.hand_over(book.jo, delivery, book.parcels).error().code == errc::invalid_argument);
  const auto before = book.in.ledger(book.jo);
  REQUIRE(before);
  CHECK(before->size() == 1);  // What was agreed to as they came.
  session officer = book.begin(actor_role::privacy_officer);
  CHECK(has(book.page(language::en, &officer), "ken@example.com"));
}

TEST_CASE("customer page: staff stand there by what they are, not by name or number") {
  page_shop book;
  open_case(book.in, {book.jo});
  book.note_down("likes tea", "Zebulon Quist");
  book.look();
  const std::string page = book.page();
  CHECK(has(page, "likes tea"));
  CHECK_FALSE(has(page, "Zebulon"));
  CHECK(has(page, "Sales associate"));
}

TEST_CASE("customer page: other customers are left out of the notes") {
  page_shop book;
  customer other;
  REQUIRE(other.set(field::name, person_name{.given = "Wilhelmina", .family = "Ostrander"}));
  const external_id id{.system = "loyalty", .value = "L-9"};
  REQUIRE(other.set(field::external_ids, std::array{id}));
  const customer_id wife = keep(book.in, other);
  customer record;
  const household_link link{.relation = "spouse", .person = {}, .customer = wife};
  REQUIRE(record.set(field::household, std::array{link}));
  REQUIRE(book.in.update(book.jo, record.fields(), purpose::client_care));
  book.note_down("Wilhelmina Ostrander chose it");
  open_case(book.in, {book.jo});
  const std::string page = book.page();
  CHECK(has(page, "chose it"));
  CHECK_FALSE(has(page, "Ostrander"));
}

TEST_CASE("customer page: other customers are left out of every text") {
  page_shop book;
  customer other;
  REQUIRE(other.set(field::name, person_name{.given = "Wilhelmina", .family = "Ostrander"}));
  REQUIRE(other.set(field::phones, std::array{phone_number{.number = "+44 20 7946 0999"}}));
  const customer_id wife = keep(book.in, other);
  customer record;
  const household_link link{.relation = "spouse", .person = {}, .customer = wife};
  REQUIRE(record.set(field::household, std::array{link}));
  const std::string about = "for Wilhelmina Ostrander (020 7946 0999)";
  const auto text = [&](std::string_view before) { return std::string(before) + ' ' + about; };
  const std::string task_text = text("T1"), outcome = text("C1"), said = text("C2");
  const std::string tag = text("G1"), like = text("L1"), what = text("W1"), whom = text("W2");
  const std::string label = text("D1"), remark = text("S1"), article = text("P1");
  REQUIRE(record.set(field::tasks, std::array{task{.text = task_text}}));
  REQUIRE(
      record.set(field::contacts,
                 std::array{customer_contact{
                     .at = clock_hand(), .channel = "phone", .outcome = outcome, .text = said}}));
  REQUIRE(record.set(field::tags, std::array<std::string_view, 1>{tag}));
  REQUIRE(record.set(field::likes, std::array<std::string_view, 1>{like}));
  REQUIRE(record.set(field::wishes, std::array{wish{.what = what, .for_whom = whom}}));
  REQUIRE(record.set(
      field::special_days,
      std::array{special_day{.kind = "other", .day = date{2020, 5, 6}, .label = label}}));
  REQUIRE(record.set(field::sizes,
                     std::array{customer_size{.kind = "shoe", .value = "38", .remark = remark}}));
  REQUIRE(book.in.update(book.jo, record.fields(), purpose::client_care));
  const purchase_line line{.sku = "S-1", .description = article, .quantity = 1};
  REQUIRE(book.in.append_purchase(book.jo, {.at = clock_hand(), .order = "R-1"}, {&line, 1},
                                  purpose::customer_order_management));
  open_case(book.in, {book.jo});
  for (const auto speech : {language::en, language::de}) {
    const std::string page = book.page(speech);
    for (const char* const kept : {"T1 for", "C1 for", "C2 for", "G1 for", "L1 for", "W1 for",
                                   "W2 for", "D1 for", "S1 for", "P1 for"}) {
      CHECK_MESSAGE(has(page, kept), kept);
    }
    CHECK_FALSE(has(page, "Wilhelmina"));
    CHECK_FALSE(has(page, "Ostrander"));
    CHECK_FALSE(has(page, "0999"));
  }
  // Whoever reads for the shop sees what the shop has written.
  const auto own = book.in.read(book.jo, purpose::client_care);
  REQUIRE(own);
  CHECK(own->state(field::tasks) != field_state::redacted);
  // The ledger says in which form they left.
  const auto entries = book.in.ledger(book.jo);
  REQUIRE(entries);
  CHECK(entries->back().fields.has(field::tasks));
}

TEST_CASE("customer page: whom the shop has given it stays told, whoever else has too") {
  page_shop book;
  open_case(book.in, {book.jo});
  REQUIRE(book.in.disclose(book.jo, {.purpose = delivery, .recipient = book.parcels}));
  const recipient_id other = add_party(book.in, "Second Parcels", recipient::parcel_service);
  REQUIRE(book.in.disclose(book.jo, {.purpose = delivery, .recipient = other}));
  REQUIRE(book.in.report_onward(
      book.jo,
      {.from = "Second Parcels", .to = "parcel <co> & \"sons\"", .fields = only(field::name)}));
  const std::string page = book.page(language::en);
  CHECK(has(page, "From us, and by way of <bdi>Second Parcels"));
  CHECK(count(page, "\">DE · 1×</text>") == 2);  // The picture, too: both got it from here.
  const std::size_t row = page.find("From us, and by way of");
  CHECK(page.substr(row, 400).find("Delivery of Goods") != std::string::npos);
}

TEST_CASE("customer page: what was gone through to be passed on is no nothing") {
  page_shop book;
  open_case(book.in, {book.jo});
  REQUIRE(book.in.for_each(delivery, {}, [](const view&) { return true; }));
  const std::string before = book.page(language::en);
  CHECK(has(before, "gone through, nothing of yours was opened"));
  const std::array whom{book.jo};
  REQUIRE(book.in.disclose_many(whom, {.purpose = delivery, .recipient = book.parcels}));
  const std::string page = book.page(language::en);
  CHECK_FALSE(has(page, "nothing of yours was opened"));
  CHECK(has(page, "gone through to pass it on"));
}

TEST_CASE(
    "customer page: what evidence is not about is told, and a copy that another customer got") {
  page_shop book;
  customer other;
  REQUIRE(other.set(field::name, person_name{.given = "Wilhelmina", .family = "Ostrander"}));
  REQUIRE(other.set(field::addresses, std::array{postal_address{.line1 = "Mill Lane 9"}}));
  const customer_id una = keep(book.in, other);
  REQUIRE(book.in.disclose(una, {.purpose = delivery, .recipient = book.parcels}));
  const auto page_of = [&](const customer_id& whose) {
    const auto made = make_customer_page(book.in, whose);
    REQUIRE(made);
    return std::string(made->html);
  };
  const std::uint32_t first = open_case(book.in, {book.jo});
  CHECK_FALSE(has(book.page(), "The evidence is about your own record"));
  REQUIRE(book.in.close_case(first));
  REQUIRE(book.in.merge_customers(book.jo, una));
  const std::uint32_t second = open_case(book.in, {book.jo});
  const std::string joined = book.page();
  CHECK(has(joined, "parcel &lt;co&gt;"));
  CHECK(has(joined, "The evidence is about your own record"));
  CHECK(has(joined, "ask for: 2."));
  REQUIRE(book.in.close_case(second));
  REQUIRE(book.in.unmerge(una));
  open_case(book.in, {una});
  const std::string apart = page_of(una);
  // The copy that was made while both were one went to somebody else.
  CHECK(has(apart, "Another customer (by mistake)"));
  CHECK(has(apart, "The evidence is about your own record"));
}

TEST_CASE(
    "customer page: a name of the shop that is no text is refused before anything is handed over") {
  page_shop book;
  open_case(book.in, {book.jo});
  const std::size_t before = book.in.ledger(book.jo)->size();
  for (const std::string_view wrong : {std::string_view("a\x01z"), std::string_view("\xFF")}) {
    CHECK_FALSE(make_customer_page(book.in, book.jo, {.shop = wrong}));
    CHECK_FALSE(make_customer_page(book.in, book.jo, {.contact = wrong}));
  }
  CHECK(book.in.ledger(book.jo)->size() == before);
}

TEST_CASE("customer page: what the customer shares with their household stays theirs") {
  page_shop book;
  customer son;
  REQUIRE(son.set(field::name, person_name{.given = "Barnaby", .family = "Underhill"}));
  REQUIRE(
      son.set(field::emails, std::array{email_address{.address = "The.Underhills@example.com"}}));
  REQUIRE(son.set(field::phones, std::array{phone_number{.number = "020 7946 0107"},
                                            phone_number{.number = "020 7946 0999"}}));
  const customer_id child = keep(book.in, son);
  customer record;
  REQUIRE(record.set(field::name, person_name{.given = "Jo", .family = "Underhill"}));
  REQUIRE(record.set(field::emails,
                     std::array{email_address{.address = "the.underhills@example.com"}}));
  REQUIRE(record.set(field::phones, std::array{phone_number{.number = "+44 20 7946 0107"}}));
  const household_link link{.relation = "child", .person = "Barnaby", .customer = child};
  REQUIRE(record.set(field::household, std::array{link}));
  REQUIRE(book.in.update(book.jo, record.fields(), purpose::client_care));
  book.note_down(
      "Mrs Underhill, the.underhills@example.com, 020 7946 0107, chose for Barnaby, 020 7946 0999");
  open_case(book.in, {book.jo});
  const std::string page = book.page();
  const std::string notes = page.substr(page.find("chose for") - 120, 200);
  CAPTURE(notes);
  CHECK(has(notes, "Mrs Underhill, the.underhills@example.com, 020 7946 0107, chose for"));
  CHECK_FALSE(has(notes, "Barnaby"));
  CHECK_FALSE(has(page, "7946 0999"));
}

TEST_CASE("customer page: asked for in JSON") {
  page_shop book;
  open_case(book.in, {book.jo});
  std::string where;
  const auto made =
      make_customer_page_json(R"({"language": "it", "shop": "Bottega"})", book.in, book.jo, where);
  REQUIRE(made);
  CHECK(has(std::string(made->html), "<html lang=\"it\">"));
  CHECK(has(std::string(made->html), "Bottega"));
  for (const auto& [request, code, at] :
       {std::tuple("{\"language\": \"pt\"}", errc::invalid_value, "/language"s),
        std::tuple("{\"lang\": \"de\"}", errc::unknown_field, ""s),
        std::tuple("{\"shop\": 7}", errc::wrong_type, "/shop"s),
        std::tuple("[", errc::invalid_encoding, ""s)}) {
    const std::string asked = request;
    CAPTURE(asked);
    CHECK(make_customer_page_json(asked, book.in, book.jo, where).error().code == code);
    CHECK(where == at);
  }
}

TEST_CASE("customer page: one opening is one, and who opened nothing has not opened") {
  page_shop book;
  const std::string_view none = "<li><b>0</b> Times opened here";
  open_case(book.in, {book.jo});
  CHECK(has(book.page(), none));
  // What goes over everybody for a breach opens nobody, and what was said is no data.
  REQUIRE(book.in.breach({.source = breach_source::recipient, .recipient = book.parcels},
                         [](const breached&) { return true; }));
  for (int i = 0; i < 25; ++i) {
    REQUIRE(book.in.explain(book.jo, book.in.request(delivery), field::name));
  }
  const std::string before = book.page();
  CHECK(has(before, none));
  CHECK(has(before, "gone through, nothing of yours was opened"));
  // Record, purchases and notes of one customer at once.
  const auto open_once = [](session& by, const customer_id& whose) {
    REQUIRE(by.read(whose, delivery));
    REQUIRE(by.purchases(whose, delivery));
    REQUIRE(by.notes(whose, delivery));
  };
  {
    session manager = book.begin(actor_role::manager);
    open_once(manager, book.jo);
  }
  CHECK(has(book.page(), "<li><b>1</b> Times opened here"));
  {
    session manager = book.begin(actor_role::manager);
    open_once(manager, book.jo);
    open_once(manager, book.jo);
  }
  CHECK(has(book.page(), "<li><b>3</b> Times opened here"));
}

TEST_CASE("customer page: what did not get out is counted alike in the picture and in the table") {
  page_shop book;
  open_case(book.in, {book.jo});
  REQUIRE(book.in.disclose(book.jo, {.purpose = delivery, .recipient = book.parcels}));
  const auto lost = book.in.disclose(book.jo, {.purpose = delivery, .recipient = book.parcels});
  REQUIRE(lost);
  const customer_entry entry{book.jo, lost->ledger_index};
  REQUIRE(book.in.not_delivered({&entry, 1}));
  const std::string page = book.page();
  CHECK_FALSE(has(page, ">2×"));
  CHECK(has(page, "1×<br>Did not get out: 1×"));
}

TEST_CASE("customer page: a legal hold stands there as what it is, in the customer's language") {
  page_shop book;
  open_case(book.in, {book.jo});
  CHECK(has(book.page(), "then it is removed"));
  const auto hold = book.in.place_hold(book.jo, {.reason = "claim 7"});
  REQUIRE(hold);
  const std::string on = book.page();
  CHECK(has(on, "Erasing was suspended"));
  CHECK_FALSE(has(on, "Erasing was allowed again"));
  CHECK_FALSE(has(on, "then it is removed"));
  for (const language speech :
       {language::en, language::de, language::fr, language::es, language::it}) {
    const std::string page = book.page(speech);
    CHECK_FALSE(has(page, "placed"));
    CHECK_FALSE(has(page, "hold 1"));
  }
  REQUIRE(book.in.lift_hold(book.jo, *hold));
  CHECK(has(book.page(), "Erasing was allowed again"));
  CHECK(has(book.page(), "then it is removed"));
}

TEST_CASE("customer page: what is taken back is what was agreed to, and all purposes are all") {
  page_shop book;
  open_case(book.in, {book.jo});
  CHECK(has(book.page(), "You can take back what you agreed to"));
  const customer_id silent = keep(book.in, ken("L-5"));
  book.jo = silent;
  open_case(book.in, {silent});
  CHECK(has(book.page(), "You have agreed to nothing"));
  CHECK_FALSE(has(book.page(), "You can take back what you agreed to"));
  directive all = withdrawal();
  all.kind = directive_kind::restrict;
  all.scope.purposes = all_purposes();
  REQUIRE(book.in.record(silent, all));
  CHECK(has(book.page(), "Use restricted</b><span class=\"what\">everything"));
}

TEST_CASE("customer page: purchases and notes are told whole, without who of the staff had to do") {
  page_shop book;
  open_case(book.in, {book.jo});
  book.note_down("likes tea", "Zebulon Quist");
  const purchase sold{.day = date{2026, 11, 2},
                      .order = "O-1",
                      .store = "Main St",
                      .associate = "Priya Q",
                      .channel = "web",
                      .currency = "EUR",
                      .total = 12900};
  const std::array lines{
      purchase_line{.sku = "SKU-77", .description = "Scarf", .unit_price = 12900}};
  REQUIRE(book.in.append_purchase(book.jo, sold, lines, purpose::customer_order_management));
  customer more;
  const customer_contact met{
      .at = clock_hand(), .channel = "phone", .author = "Zebulon Quist", .text = "about the hem"};
  REQUIRE(more.set(field::contacts, std::span<const customer_contact>(&met, 1)));
  const task open_task{.text = "Call", .assigned = 4711};
  REQUIRE(more.set(field::tasks, std::span<const task>(&open_task, 1)));
  REQUIRE(book.in.update(book.jo, more.fields(), purpose::client_care));
  const std::string page = book.page();
  for (const char* part : {"SKU-77", "129.00 EUR", "web", "about the hem"}) CHECK(has(page, part));
  for (const char* part : {"Zebulon", "Priya", "4711"}) CHECK_FALSE(has(page, part));
  const std::string notes = page.substr(page.find("Notes about you"), 120);
  CHECK(has(notes, "Client care"));
}

TEST_CASE("customer page: numbers say of what, and codes are words of the page's language") {
  page_shop book;
  open_case(book.in, {book.jo});
  customer more;
  const household_link link{.relation = "spouse", .person = "Ann"};
  REQUIRE(more.set(field::household, std::array{link}));
  REQUIRE(more.set(field::demographics, demographics{.gender = "female", .children = 0}));
  REQUIRE(book.in.update(book.jo, more.fields(), purpose::client_care));
  const std::string page = book.page();
  CHECK(has(page, "children: 0"));
  CHECK(has(book.page(language::de), "Kinder: 0"));
  CHECK(has(book.page(language::de), "<bdi>weiblich</bdi>"));
  CHECK(has(book.page(language::it), "<bdi>coniuge</bdi>"));
}

TEST_CASE("customer page: where a value came from and until which day it is kept") {
  shop s;
  session in = s.begin();
  add_notice(in);
  // What an order needs the law permits, the rest the customer, for a time.
  directive yes = grant_of(in, {recipient::self});
  constexpr std::int64_t day = 86400;
  yes.not_after = timestamp{clock_hand().seconds + 40 * day};
  customer record = ken("L-1");
  REQUIRE(record.set(field::likes, std::array{std::string_view("walking")}));
  const auto jo =
      in.put(record, {.purposes = {purpose::customer_order_management, purpose::client_care},
                      .directives = {&yes, 1}});
  REQUIRE(jo);
  const auto kept = in.kept_for(*jo);
  REQUIRE(kept);
  std::size_t ending = 0;
  for (const field_keeping& one : *kept) {
    CHECK(one.source == field_source::person);
    CHECK(one.as_of == date_of(clock_hand()));
    if (one.until.month == 0) continue;
    ++ending;
    // It is due on the next day, and not before.
    const timestamp now = clock_hand();
    const std::int64_t last = days_since_epoch(one.until) * day;
    const auto due_at = [&](std::int64_t seconds) {
      clock_hand() = timestamp{seconds};
      session then = s.begin(actor_role::auditor);
      const auto all = then.due();
      REQUIRE(all);
      return !all->empty() && all->front().fields.has(one.field);
    };
    CHECK_FALSE(due_at(last - 1));
    CHECK(due_at(last + 2 * day - 1));
    clock_hand() = now;
  }
  CHECK(ending > 0);
  open_case(in, {*jo});
  const auto made = make_customer_page(in, *jo, {.speech = language::de});
  REQUIRE(made);
  const std::string page(made->html);
  CHECK(has(page, "im Geschäft notiert, "));
  CHECK(has(page, ">Bis<"));
}

TEST_CASE("customer page: every purpose has a name in every language") {
  all_purposes().for_each([](purpose_id each) {
    const std::string_view english = label(each, language::en);
    if (english.empty()) return;
    for (const language speech : {language::de, language::fr, language::es, language::it}) {
      CAPTURE(english);
      // Of those whose word is the same in two languages there are none.
      CHECK(label(each, speech) != english);
      CHECK_FALSE(label(each, speech).empty());
    }
  });
}
