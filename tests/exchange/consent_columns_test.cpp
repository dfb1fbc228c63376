// What the columns of a shop's own list say of consent: a no under whatever name is a no, and a yes
// is one only where nothing in the name or beside the word says otherwise.
#include "imports.hpp"
#include "processor_time.hpp"

namespace {

// What `value` says in a column of that name, beside a time of confirmation.
std::string said(const folder& files, const std::string& header, const std::string& value) {
  const outcome all =
      import_of({files.write("list.csv", "Kundennr;Vorname;E-Mail;" + header +
                                             ";Bestätigt am\n1;Ana;a@example.de;" + value +
                                             ";03.11.2025 12:00\n2;Bo;"
                                             "b@example.de;nein;\n")},
                "DE");
  INFO(told(all));
  REQUIRE(all.failure.code == errc::none);
  const json::object* const ana = customer(all, "1");
  REQUIRE(ana != nullptr);
  std::string out;
  for (const json::value& each : ana->at("consents").as_array()) {
    out += (out.empty() ? "" : " ") + std::string(each.at("kind").as_string());
  }
  return out.empty() ? "-" : out;
}

}  // namespace

TEST_CASE("consent columns: a yes to a no is a no, in whatever language the column says it") {
  const folder files;
  for (const char* const header : {"Keine E-Mail-Werbung",
                                   "kein Marketing",
                                   "Werbung nicht erwünscht",
                                   "Werbung unerwünscht",
                                   "Newsletter-Abmeldung",
                                   "Newsletter Sperre",
                                   "Marketingverbot",
                                   "Newsletterabmeldung",
                                   "Exclude from marketing",
                                   "Stop marketing",
                                   "Marketing blocked",
                                   "Marketing refused",
                                   "Marketing objection",
                                   "Marketing consent withdrawn",
                                   "Marketing consent revoked",
                                   "Marketing consent expired",
                                   "Newsletter cancelled",
                                   "Newsletter removed",
                                   "Newsletter never",
                                   "Newsletter off",
                                   "Newsletter nicht senden",
                                   "Sans newsletter",
                                   "Refus marketing",
                                   "Newsletter refusée",
                                   "Sin publicidad",
                                   "Baja newsletter",
                                   "No enviar newsletter",
                                   "Non inviare newsletter",
                                   "Revoca consenso marketing",
                                   "Consenso marketing negato",
                                   "Bezwaar marketing",
                                   "Nieuwsbrief afgemeld",
                                   "Geen nieuwsbrief",
                                   "Oposición marketing",
                                   "Lehnt Newsletter ab",
                                   "Newsletter fehlt",
                                   "Newsletter nein",
                                   "Ingen reklam",
                                   "Ikke nyhedsbrev",
                                   "Brak zgody, bez newslettera",
                                   "Nechci newsletter, bez reklamy",
                                   "Sem publicidade",
                                   "Reklam yasak",
                                   "Newsletter iptal",
                                   "newsletterOptOut",
                                   "MarketingOptOut",
                                   "Werbewiderspruch",
                                   "Do not send marketing",
                                   "Newsletter: widerrufen",
                                   "Anti-Marketing",
                                   "Blacklist newsletter",
                                   "E-Mail unerwünscht",
                                   "SMS gesperrt",
                                   "Keine Werbung per Post",
                                   "Opposed to marketing",
                                   "Marketing embargo"}) {
    CAPTURE(header);
    CHECK(said(files, header, "ja") == "deny");
  }
}

TEST_CASE("consent columns: no yes comes of a name that is not wholly understood") {
  const folder files;
  for (const char* const header : {"Newsletter Nr.",
                                   "Marketing source",
                                   "Marketing Region",
                                   "Newsletter gelesen",
                                   "Newsletter asked",
                                   "Newsletter bounced",
                                   "Newsletter double opt in pending",
                                   "Newsletter DOI offen",
                                   "Newsletter unbestätigt",
                                   "Newsletter nicht bestätigt",
                                   "Newsletter nicht abgemeldet",
                                   "Keine Werbesperre",
                                   "Newsletter customer tier",
                                   "Datenschutz Einwilligung",
                                   "Cookie consent",
                                   "Newsletter Filiale",
                                   "Mail erlaubt",
                                   "Marketing qualified",
                                   "Newsletter zugesendet",
                                   "Newsletter opened"}) {
    CAPTURE(header);
    CHECK(said(files, header, "ja") == "-");
    CHECK(said(files, header, "abgemeldet") == "deny");
  }
  // A plain no in it is heard too.
  CHECK(said(files, "Newsletter Filiale", "nein") == "deny");
  CHECK(said(files, "Newsletter pending", "nein") == "-");
  const outcome all = import_of(
      {files.write("list.csv", "Nr;Name;E-Mail;Marketing source\n1;Ana;a@example.de;ja\n")});
  bool named = false;
  for (const auto& each : all.proposal.unsure) named = named || each.column == "Marketing source";
  CHECK(named);
}

TEST_CASE("consent columns: a yes in a column of yeses is one") {
  const folder files;
  for (const char* const header :
       {"Newsletter", "Accepts marketing", "Newsletter (ja/nein)", "Newsletter-Anmeldung",
        "Werbeeinwilligung E-Mail", "Marketing Opt-In", "Email marketing consent",
        "Consenso marketing", "Acepta publicidad", "Nieuwsbrief ontvangen", "acceptsMarketing",
        "Zgoda na newsletter", "Samtycke nyhetsbrev", "Newsletter subscription status",
        "DSGVO Einwilligung Newsletter", "E-Mail-Werbung erlaubt", "Consentement newsletter"}) {
    CAPTURE(header);
    CHECK(said(files, header, "ja") == "candidate");
    CHECK(said(files, header, "nein") == "deny");
  }
}

TEST_CASE("consent columns: a yes with anything beside it is none, a no in words is one") {
  const folder files;
  for (const char* const value : {"ja?", "ja (mündlich)", "-1", "ja/nein", "1?", "yes??", "x!"}) {
    CAPTURE(value);
    CHECK(said(files, "Newsletter", value) == "-");
  }
  for (const char* const value : {"nein, danke",
                                  "kein Newsletter",
                                  "never",
                                  "do not contact",
                                  "STOP",
                                  "not subscribed",
                                  "gesperrt",
                                  "gekündigt",
                                  "off",
                                  "ausgetragen",
                                  "keine Einwilligung",
                                  "removed",
                                  "No thanks",
                                  "non merci",
                                  "no gracias",
                                  "nej tak",
                                  "hat sich abgemeldet",
                                  "bitte keine Mails",
                                  "ja, aber nicht per Mail",
                                  "désinscrite",
                                  "Nein!",
                                  "NO.",
                                  "opted-out"}) {
    CAPTURE(value);
    CHECK(said(files, "Newsletter", value) == "deny");
    CHECK(said(files, "Email Marketing Consent", value) == "deny");
  }
  for (const char* const value : {"Opt out", "opted out", "unsubscribed", "ja", "x", "Spam"}) {
    CAPTURE(value);
    CHECK(said(files, "Email opt out", value) == "deny");
  }
  for (const char* const value : {"nein", "No", "false", "0", "opt in", "subscribed", "-", "n/a"}) {
    CAPTURE(value);
    CHECK(said(files, "Email opt out", value) == "-");
  }
  for (const char* const value : {"noch nicht", "nicht bestätigt", "pending", "not asked"}) {
    CAPTURE(value);
    CHECK(said(files, "Newsletter", value) == "-");
  }
}

TEST_CASE("consent columns: a sign beside a word of yes makes it none, whatever sign it is") {
  const folder files;
  for (const char* const value : {"ja？",
                                  "–1",
                                  "−1",
                                  "≠ ja",
                                  "¬1",
                                  "~ja",
                                  "ja ❌",
                                  "🚫ja",
                                  "!ja",
                                  "ja!",
                                  "j̶a̶",
                                  "ja̸",
                                  "ja⃠",
                                  "1️⃣",
                                  "ja*",
                                  "ja¹",
                                  "ja…",
                                  "«ja»",
                                  "ja→nein",
                                  "ja / nein",
                                  "ja=0",
                                  "⊘ 1",
                                  "ja\xE2\x80\x8B?",
                                  "- ja",
                                  "ja -",
                                  "_1",
                                  "1.0",
                                  "+1",
                                  "ja,",
                                  "ⓙⓐ"}) {
    CAPTURE(std::string(value));
    CHECK(said(files, "Newsletter", value) == "-");
  }
  // With accents however they are written, and blanks that nobody sees.
  for (const char* const value :
       {"sí", "si\xCC\x81", " ja ", "\xE2\x80\x8Bja\xC2\xA0", "opt-in", "Opt_In", "да"}) {
    CAPTURE(std::string(value));
    CHECK(said(files, "Newsletter", value) == "candidate");
  }
  // What keeps a no away has to be as plain as what says yes.
  for (const char* const value : {"≠ nein", "nein?", "–0", "¬ no", "no ❓"}) {
    CAPTURE(std::string(value));
    CHECK(said(files, "Newsletter abgemeldet", value) == "deny");
  }
}

TEST_CASE("consent columns: a sign in a column's name makes it one that is not known") {
  const folder files;
  for (const char* const header :
       {"🚫 Newsletter", "≠ Newsletter", "Newsletter ❌", "!Newsletter", "¬Newsletter",
        "Newsletter (–)", "- Newsletter", "N̶e̶w̶s̶l̶e̶t̶t̶e̶r̶", "Newsletter ⛔ E-Mail",
        "~ Accepts marketing", "❗Email marketing consent", "Newsletter→", "✗ Acepta publicidad",
        "0≠Newsletter", "Newsletter !"}) {
    CAPTURE(std::string(header));
    CHECK(said(files, header, "ja") == "-");
    CHECK(said(files, header, "nein") == "deny");
  }
  for (const char* const header :
       {"Newsletter?", "Newsletter ?", "Newsletter:", "Newsletter / E-Mail", "(Newsletter)",
        "Newsletter (E-Mail)", "E\xE2\x80\x90Mail-Newsletter"}) {
    CAPTURE(std::string(header));
    CHECK(said(files, header, "nein") == "deny");
  }
  CHECK(said(files, "Newsletter (E-Mail)", "ja") == "candidate");
  CHECK(said(files, "Newsletter?", "ja") == "candidate");
  // A yes and a no may each be the no then.
  CHECK(said(files, "≠ Newsletter abgemeldet", "nein") == "deny");
  CHECK(said(files, "≠ Newsletter abgemeldet", "ja") == "deny");
  // And so may numbers that are not to be called: whoever makes the map is told.
  const auto unsure = [&](const char* header) {
    return import_of({files.write("list.csv", std::string("Kundennr;Vorname;") + header +
                                                  "\n1;Ana;+491713920088\n")},
                     "DE")
        .proposal.unsure.size();
  };
  CHECK(unsure("Telefon") == 0);
  CHECK(unsure("🚫 Telefon") == 1);
  CHECK(unsure("!Telefon") == 1);
  // The column of a program that is known is its own only as the program writes it.
  const outcome all = import_of(
      {files.write("list.csv",
                   "Klaviyo ID,Email,🚫 Email Marketing Consent,Email Marketing Consent Timestamp\n"
                   "01A,ana@example.com,SUBSCRIBED,2024-05-01T10:00:00Z\n")});
  INFO(told(all));
  for (const json::object& one : all.customers) {
    CHECK(text(one, "consents").find("candidate") == std::string::npos);
  }
}

TEST_CASE("consent columns: a column of links, or of their tokens, denies nobody") {
  const folder files;
  for (const char* const value :
       {"https://shop.example/u/1", "http://shop.example/unsubscribe?c=1",
        "www.shop.example/u/8f14", "mailto:stop@shop.example", "8f14e45fceea167a5a36dedd4bea2543",
        "6f9619ff-8b86-d011-b42d-00cf4fc964ff"}) {
    CAPTURE(std::string(value));
    for (const char* const header :
         {"Unsubscribe URL", "Abmeldelink Newsletter", "Newsletter opt-out link", "Unsubscribe"}) {
      const outcome all = import_of({files.write(
          "list.csv", std::string("Kundennr;Vorname;E-Mail;") + header + "\n1;Ana;a@example.de;" +
                          value + "\n2;Bo;b@example.de;" + value + "\n")});
      INFO(told(all));
      REQUIRE(all.customers.size() == 2);
      CHECK(text(all.customers[0], "consents") == "[]");
      // Nothing with a word of no is left out in silence.
      CHECK(all.proposal.unsure.size() == 1);
    }
  }
  // A word of no among links is heard.
  const outcome all = import_of({files.write(
      "list.csv",
      "Kundennr;Vorname;E-Mail;Unsubscribe\n1;Ana;a@example.de;https://shop.example/u/1\n"
      "2;Bo;b@example.de;unsubscribed\n")});
  INFO(told(all));
  CHECK(text(*customer(all, "2"), "consents").find("deny") != std::string::npos);
}

TEST_CASE("consent columns: a no that looks like a token is heard") {
  const folder files;
  for (const char* const header : {"Abgemeldet", "Opt-out", "Unsubscribed"}) {
    for (const char* const value :
         {"opt_out_since_2021_06_01", "unsubscribed_2026-01-02", "2026-01-02_10-00-00Z"}) {
      CAPTURE(std::string(header));
      CAPTURE(std::string(value));
      const outcome all = import_of({files.write(
          "list.csv", std::string("Kundennr;Vorname;E-Mail;") + header + "\n1;Ana;a@example.de;" +
                          value + "\n2;Bo;b@example.de;" + value + "\n")});
      INFO(told(all));
      REQUIRE(all.customers.size() == 2);
      CHECK(text(all.customers[0], "consents").find("deny") != std::string::npos);
    }
  }
}

TEST_CASE("consent columns: a column of noes is one whatever stands in it") {
  const folder files;
  for (const char* const header :
       {"Newsletter abgemeldet am", "Unsubscribed at", "unsubscribe_date", "Unsubscribed",
        "Newsletter opt-out date", "Newsletter cancelled", "No newsletter", "Opt-out",
        "Keine Werbung seit", "Do not call", "Werbung unerwünscht"}) {
    for (const char* const value : {"1743465600",
                                    "20250401",
                                    "04/2025",
                                    "2025",
                                    "45748",
                                    "2",
                                    "?",
                                    "???",
                                    ".",
                                    "*",
                                    "tbd",
                                    "unknown",
                                    "unbekannt",
                                    "bounced",
                                    "cleaned",
                                    "archived",
                                    "pending",
                                    "+491713920088",
                                    "a@example.de",
                                    "0.5",
                                    "-1"}) {
      CAPTURE(std::string(header));
      CAPTURE(std::string(value));
      // Of an address or a number it is one about that, too.
      const bool contact = std::string_view(value).find_first_of("@+") != std::string_view::npos;
      CHECK(said(files, header, value) == (contact ? "deny deny" : "deny"));
    }
    for (const char* const value : {"", "-", "--", "NULL", "n/a", "(none)", "0", "nein"}) {
      CAPTURE(std::string(header));
      CAPTURE(std::string(value));
      CHECK(said(files, header, value) == "-");
    }
  }
  for (const char* const value : {"1743465600", "20250401", "45748", "2025", "2"}) {
    CAPTURE(std::string(value));
    const outcome all = import_of(
        {files.write("list.csv", std::string("Kundennr;Vorname;E-Mail;Unsubscribed at\n1;Ana;"
                                             "a@example.de;") +
                                     value + "\n2;Bo;b@example.de;" + value + "\n")});
    INFO(told(all));
    REQUIRE(all.customers.size() == 2);
    CHECK(text(all.customers[1], "consents").find("deny") != std::string::npos);
  }
  // Beside days too.
  for (const auto& [value, no] :
       {std::pair{"?", true}, std::pair{"unknown", true}, std::pair{".", true},
        std::pair{"tbd", true}, std::pair{"-", false}, std::pair{"NULL", false},
        std::pair{"00.00.0000", false}, std::pair{"k. A.", false}}) {
    CAPTURE(std::string(value));
    const outcome all = import_of(
        {files.write("list.csv", std::string("Kundennr;Vorname;E-Mail;Unsubscribed at\n1;Ana;"
                                             "a@example.de;01.04.2025\n2;Bo;b@example.de;") +
                                     value + "\n3;Cy;c@example.de;02.04.2025\n")});
    INFO(told(all));
    REQUIRE(all.customers.size() == 3);
    CHECK((text(all.customers[1], "consents").find("deny") != std::string::npos) == no);
  }
  // A number of a phone is none, and nor is how many did not come.
  for (const auto& [header, value] :
       {std::pair{"Phone no", "+491713920088"}, std::pair{"E-Mail no 2", "c@example.de"},
        std::pair{"E-Mails ohne Antwort", "3"}}) {
    CAPTURE(std::string(header));
    const outcome all = import_of({files.write(
        "list.csv", std::string("Kundennr;Vorname;") + header + "\n1;Ana;" + value + "\n")});
    INFO(told(all));
    REQUIRE(all.customers.size() == 1);
    CHECK(text(all.customers[0], "consents") == "[]");
  }
}

TEST_CASE("consent columns: a list of addresses that want nothing is one of noes, not of e-mails") {
  const folder files;
  for (const char* const header :
       {"Unsubscribed Email", "Abgemeldete E-Mail", "Email unsubscribed", "E-Mail (abgemeldet)",
        "Blocked email", "Abgemeldete Adressen", "suppressed", "Opted out email", "Do not mail"}) {
    CAPTURE(std::string(header));
    const auto read = [&](const std::string& table) {
      outcome all = import_of({files.write("list.csv", table)});
      INFO(told(all));
      CHECK(all.customers.size() == 2);
      for (const json::object& one : all.customers) {
        CHECK(text(one, "consents").find("deny") != std::string::npos);
      }
      return all;
    };
    const std::string name = header;
    const auto alone = read(name + "\na@example.de\nb@example.de\n");
    CHECK(text(alone.customers[0], "emails") == R"(["a@example.de"])");
    const auto by_id = read("Kunde;Vorname;" + name + "\n1;Ana;a@example.de\n2;Bo;b@example.de\n");
    CHECK(text(by_id.customers[0], "emails") == R"(["a@example.de"])");
    const auto beside = read("Kunde;E-Mail;" + name +
                             "\n1;a@example.de;a@example.de\n2;b@example.de;b@example.de\n");
    CHECK(text(beside.customers[0], "emails") == R"(["a@example.de"])");
  }
  const outcome bounced =
      import_of({files.write("list.csv", "Kunde;Vorname;Bounced email\n1;Ana;a@example.de\n")});
  INFO(told(bounced));
  REQUIRE(bounced.customers.size() == 1);
  CHECK(text(bounced.customers[0], "emails") == "(none)");
  CHECK_FALSE(bounced.proposal.unsure.empty());
}

TEST_CASE("consent columns: what became of a newsletter is heard under whatever name") {
  const folder files;
  for (const char* const header : {"Email Status", "email_status", "Mailchimp status", "State",
                                   "Tags", "Gruppe", "DSGVO", "Sonstiges", "Registrierung aktiv"}) {
    CAPTURE(std::string(header));
    CHECK(said(files, header, "unsubscribed") == "deny");
    CHECK(said(files, header, "widerrufen") == "deny");
    CHECK(said(files, header, "abgemeldet") == "deny");
  }
  for (const char* const header : {"Direktwerbung", "Abo", "Direct marketing"}) {
    CAPTURE(std::string(header));
    CHECK(said(files, header, "nein") == "deny");
  }
  CHECK(said(files, "Abo", "ja") == "-");
  CHECK(said(files, "Unerwünscht", "ja") == "deny");
  // A part of an address stays one, and other words of such a column are no fault.
  const outcome all = import_of(
      {files.write("list.csv",
                   "Kundennr;Vorname;E-Mail;State;Tags\n1;Ana;a@example.de;Bavaria;vip\n"
                   "2;Bo;b@example.de;Hesse;unsubscribed\n3;Cy;c@example.de;Hesse;new\n")});
  INFO(told(all));
  REQUIRE(all.customers.size() == 3);
  CHECK(text(all.customers[0], "addresses").find("Bavaria") != std::string::npos);
  CHECK(text(all.customers[0], "consents") == "[]");
  CHECK(text(all.customers[1], "consents").find("deny") != std::string::npos);
  CHECK(all.report.remarks.empty());
}

TEST_CASE("consent columns: who is not to be disturbed has said no, in their language") {
  const folder files;
  for (const auto& [header, cell] :
       {std::pair("No molestar", "sí"), std::pair("Reklamspärr", "ja"),
        std::pair("Kontakta ej", "ja"), std::pair("Sperrkennzeichen", "X"),
        std::pair("Nie kontaktować", "tak"), std::pair("Ne pas déranger", "oui")}) {
    CAPTURE(std::string(header));
    CHECK(said(files, header, cell) == "deny");
  }
}

TEST_CASE("consent columns: a no among the notes closes nothing, and is told") {
  const folder files;
  const outcome all = import_of({files.write(
      "list.csv",
      "Kundennr;Vorname;E-Mail;Bemerkung\n1;Ana;a@example.de;keine Werbung!\n"
      "2;Bo;b@example.de;kein Newsletter mehr\n3;Cy;c@example.de;mag Seide, kein Leder\n"
      "4;Di;d@example.de;Newsletter bestellt\n")});
  INFO(told(all));
  REQUIRE(all.customers.size() == 4);
  CHECK(text(all.customers[0], "consents") == "[]");
  REQUIRE(all.report.remarks.size() == 2);
  CHECK(all.report.remarks[0].column == 4);
  CHECK(all.report.remarks[1].what.at == 3);
}

TEST_CASE("consent columns: a no to mails is one to e-mails and to letters") {
  const folder files;
  for (const char* const header : {"Mails abbestellt am", "Mail-Abmeldung am", "Stop Mails",
                                   "Keine Mails", "No mail", "Do not mail", "Mail opt out"}) {
    CAPTURE(std::string(header));
    const outcome all = import_of(
        {files.write("list.csv", std::string("Kundennr;Vorname;E-Mail;") + header +
                                     "\n1;Ana;a@example.de;01.04.2025\n2;Bo;b@example.de;\n")});
    INFO(told(all));
    REQUIRE(all.customers.size() == 2);
    CHECK(all.proposal.map.find("\"email_marketing\",\"postal_marketing\"") != std::string::npos);
  }
}

TEST_CASE("consent columns: a letter that is nearly a digit is no yes") {
  const folder files;
  for (const char* const value : {"O", "o", "0", "Ο"}) {
    CAPTURE(std::string(value));
    CHECK(said(files, "Newsletter", value) != "candidate");
  }
}

TEST_CASE(
    "consent columns: a value without a rule is told behind whatever else is, and the rest "
    "counted") {
  const folder files;
  std::string table = "Kundennr;Vorname;Newsletter\n";
  for (int i = 0; i < 30; ++i) table += std::to_string(i) + ";;\n";
  for (int i = 30; i < 60; ++i) table += std::to_string(i) + ";Ana;ja?\n";
  const auto proposal = propose_column_map(std::vector{files.write("list.csv", table)}, {});
  REQUIRE(proposal);
  const auto map = column_map::parse(proposal->map);
  REQUIRE(map);
  import_report report;
  REQUIRE(import_set::load(*map, files.path(), {.reported = 10}, report));
  CHECK(report.remarks.size() == 20);
  CHECK(report.untold == 40);
  CHECK(std::count_if(report.remarks.begin(), report.remarks.end(),
                      [](const auto& each) { return each.column_name == "Newsletter"; }) == 10);
}

TEST_CASE("import: of two noes in rows of one customer that differ in anything none is dropped") {
  const folder files;
  files.write("list.csv",
              "id,given,mail,no\n"
              "1,Ana,a@example.de,yes\n"
              "1,Ana,b@example.de,yes\n"
              "1,Ana,b@example.de,yes\n");
  const auto map = column_map::parse(R"({"format": "clientbook column map 1", "system": "till",
      "customers": {"file": "list.csv", "repeated": "merge",
        "columns": {"id": "external_id", "given": "name.given", "mail": "emails[].address"},
        "consent": {"no": {"yes": [{"kind": "refuse", "purposes": ["email_marketing"],
                                    "contact_column": "mail"}]}}}})");
  REQUIRE(map);
  import_report report;
  const auto set = import_set::load(*map, files.path(), {}, report);
  REQUIRE(set);
  std::vector<std::string> about;
  REQUIRE(set->for_each([&](const import_customer& one) -> result<void> {
    for (const import_consent& each : one.consents) about.emplace_back(each.contact);
    return {};
  }));
  CHECK(about == std::vector<std::string>{"a@example.de", "b@example.de"});
}

TEST_CASE("import: rows of one customer take time by their number, and no more") {
  const folder files;
  std::string table = "id,given,mail,no,when\n";
  for (int i = 0; i < 100'000; ++i) {
    char at[20];
    write_timestamp(timestamp{1'700'000'000 + i}, at);
    table += "1,Ana,,yes," + std::string(at, sizeof at) + "\n";
  }
  files.write("list.csv", table);
  const auto map = column_map::parse(R"({"format": "clientbook column map 1", "system": "till",
      "customers": {"file": "list.csv", "repeated": "merge",
        "columns": {"id": "external_id", "given": "name.given", "mail": "emails[].address"},
        "consent": {"no": {"yes": [{"kind": "refuse", "purposes": ["email_marketing"],
                                    "given_at_column": "when"}]}}}})");
  REQUIRE(map);
  import_report report;
  const double begin = testing::processor_seconds();
  const auto set = import_set::load(*map, files.path(), {}, report);
  REQUIRE(set);
  // Comparing each with all would be ten thousand million comparisons.
  CHECK(testing::processor_seconds() - begin < 10);
  std::size_t said = 0;
  REQUIRE(set->for_each([&](const import_customer& one) -> result<void> {
    said += one.consents.size();
    return {};
  }));
  CHECK(said == 100'000);
}

TEST_CASE("consent columns: of yes and no on one day the no wins, over all rows and files") {
  const folder files;
  const auto last = [](const outcome& all) {
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    // What holds: the latest, and of two at one time the no.
    std::pair<std::string, bool> holds;
    for (const json::value& each : customer(all, "1")->at("consents").as_array()) {
      const json::object& one = each.as_object();
      if (!one.contains("at")) continue;
      holds = std::max(holds, std::pair(std::string(one.at("at").as_string()),
                                        one.at("kind").as_string() != "candidate"));
    }
    return holds.second ? "no" : "yes";
  };
  const std::string header = "Kundennr;Vorname;E-Mail;Newsletter;Bestätigt am;Abgemeldet am\n";
  const std::string yes = "1;Ana;a@example.de;ja;06.11.2025 12:30;\n";
  const std::string no = "1;Ana;a@example.de;;;06.11.2025\n";
  const std::string rest = "2;Bo;b@example.de;ja;13.10.2025 10:00;14.10.2025\n";
  CHECK(last(import_of({files.write("rows.csv", header + yes + no + rest)}, "DE")) ==
        std::string("no"));
  CHECK(last(import_of({files.write("rows.csv", header + no + yes + rest)}, "DE")) ==
        std::string("no"));
  // A no whose hour is told is earlier than a yes whose hour is told.
  CHECK(
      last(import_of({files.write("rows.csv",
                                  header + yes + "1;Ana;a@example.de;;;06.11.2025 09:00\n" + rest)},
                     "DE")) == std::string("yes"));
  // Two files.
  const std::string customers = files.write("customers.csv", header + yes + rest);
  for (const char* const left : {"06.11.2025", "2025-11-06"}) {
    CAPTURE(std::string(left));
    const std::string leavers =
        files.write("leavers.csv", std::string("Kundennr;Newsletter abgemeldet am\n1;") + left +
                                       "\n2;14.10.2025\n");
    CHECK(last(import_of({customers, leavers}, "DE")) == std::string("no"));
  }
}

TEST_CASE("consent columns: the day of a no closes what was agreed before it") {
  const folder files;
  const auto consents = [&](const std::string& column, const std::string& yes,
                            const std::string& no) {
    const outcome all = import_of(
        {files.write("list.csv", "Kundennr;Vorname;E-Mail;Newsletter;Bestätigt am;" + column +
                                     "\n1;Ana;a@example.de;ja;" + yes + ";" + no +
                                     "\n2;Bo;b@example.de;ja;13.10.2025;\n"
                                     "3;Cy;c@example.de;ja;14.10.2025;24.12.2025\n")},
        "DE");
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    CHECK(text(*customer(all, "2"), "consents").find("deny") == std::string::npos);
    CHECK(text(*customer(all, "3"), "consents").find(R"("kind":"deny","at":"2025-12-24)") !=
          std::string::npos);
    return text(*customer(all, "1"), "consents");
  };
  const auto has = [](const std::string& all, const char* part) {
    return all.find(part) != std::string::npos;
  };
  for (const char* const column :
       {"Abgemeldet am", "Newsletter abgemeldet am", "Widerruf", "Widerrufen am", "Unsubscribed at",
        "Opt-out date", "Newsletter unsubscribed on", "Désinscrit le", "Data disiscrizione",
        "Fecha de baja", "Uitgeschreven op", "Austragungsdatum", "unsubscribedAt",
        "Newsletter beendet am", "Odhlášeno", "Frameldt nyhedsbrev"}) {
    CAPTURE(column);
    const std::string all = consents(column, "05.11.2025", "06.11.2025");
    CHECK(has(all, R"("kind":"candidate","at":"2025-11-05T00:00:00Z")"));
    CHECK(has(all, R"("kind":"deny","at":"2025-11-06T00:00:00Z")"));
    // What nobody can read as a day is a no all the same, and 00.00.0000 is no day.
    CHECK(has(consents(column, "05.11.2025", "im Laden"), R"("kind":"deny"})"));
    CHECK_FALSE(has(consents(column, "05.11.2025", "00.00.0000"), "deny"));
  }
  // The same day: which was first nobody can tell.
  CHECK(has(consents("Abgemeldet am", "06.11.2025 12:30", "06.11.2025"),
            R"("kind":"deny","at":"2025-11-06T12:30:00Z")"));
  // What was sent or opened at a time is no consent of then.
  const outcome sent = import_of({files.write(
      "list.csv",
      "Nr;Name;E-Mail;Newsletter;Newsletter sent at\n1;Ana;a@example.de;ja;2025-11-05\n")});
  CHECK(text(*customer(sent, "1"), "consents") ==
        R"([{"purpose":"email_marketing","kind":"candidate without time"}])");
}

TEST_CASE("consent columns: an export that is known may have a column of noes of its own") {
  const folder files;
  const outcome all = import_of(
      {files.write("list.csv",
                   "Klaviyo ID,Email,Email Marketing Consent,Email Marketing Consent Timestamp,"
                   "Keine E-Mail-Werbung,Newsletter abgemeldet am\n"
                   "01A,ana@example.com,SUBSCRIBED,2024-05-01T10:00:00Z,yes,\n"
                   "01B,bo@example.com,SUBSCRIBED,2024-05-01T10:00:00Z,no,2024-06-01\n"
                   "01C,cy@example.com,SUBSCRIBED?,2024-05-01T10:00:00Z,,\n"
                   "01D,di@example.com,no longer subscribed,2024-05-01T10:00:00Z,,\n")});
  INFO(told(all));
  REQUIRE(all.customers.size() == 4);
  const char* const yes =
      R"({"purpose":"email_marketing","kind":"candidate","at":"2024-05-01T10:00:00Z"})";
  CHECK(text(all.customers[0], "consents") ==
        "[" + std::string(yes) + R"(,{"purpose":"email_marketing","kind":"deny"}])");
  CHECK(text(all.customers[1], "consents") ==
        "[" + std::string(yes) +
            R"(,{"purpose":"email_marketing","kind":"deny","at":"2024-06-01T00:00:00Z"}])");
  CHECK(text(all.customers[2], "consents") == "[]");
  CHECK(text(all.customers[3], "consents").find("candidate") == std::string::npos);
  CHECK(text(all.customers[3], "consents").find("email_marketing") != std::string::npos);
  // A no to a no in other words is none.
  const outcome sales = import_of({files.write(
      "list.csv",
      "Contact ID,First Name,Last Name,Email,Email Opt Out,Do Not Call,Account Name,Mailing "
      "Street\n"
      "003A,Ana,Ray,ana@example.com,nein,NEIN,,\n003B,Bo,Li,bo@example.com,opted out,1,,\n")});
  INFO(told(sales));
  REQUIRE(sales.customers.size() == 2);
  CHECK(text(sales.customers[0], "consents") == "[]");
  CHECK(text(sales.customers[1], "consents").find("email_marketing") != std::string::npos);
  CHECK(text(sales.customers[1], "consents").find("telephone_marketing") != std::string::npos);
}

namespace {

// Of the customer: what each no of the table closes, the first purpose of each directive.
std::string closed(const outcome& all, std::string_view id) {
  const json::object* const who = customer(all, id);
  std::string out;
  if (who == nullptr) return "nobody";
  for (const json::value& each : who->at("consents").as_array()) {
    out += std::string(each.at("kind").as_string()) + " " +
           std::string(each.at("purpose").as_string()) + ";";
  }
  return out;
}

}  // namespace

TEST_CASE("consent columns: what cannot be read among noes is told, though none of them can be") {
  const folder files;
  for (const auto& [header, cell] :
       {std::pair("Keine Anrufe", "4.91713920021E+11"),
        std::pair("Unsubscribed", "ann (at) x.example"), std::pair("Opt-out", "491713920021.00"),
        std::pair("Keine Anrufe", "1713920021"), std::pair("Keine Anrufe", "0171-3920O21"),
        std::pair("Keine Anrufe", "0171 3920021"), std::pair("Abbestellt", "e@@example")}) {
    CAPTURE(cell);
    const std::string row = std::string(",Bo,") + cell + "\n";
    const outcome all = import_of({files.write(
        "left.csv", std::string("id,first name,") + header + "\n77" + row + "78" + row)});
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    REQUIRE(all.report.remarks.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(all.report.remarks[i].what.at == 2 + i);
      CHECK(all.report.remarks[i].column == 3);
      CHECK(std::string_view(all.report.remarks[i].what.text.c_str()).find("cannot be read") !=
            std::string_view::npos);
    }
  }
  // Of what a letter parts no piece is the number.
  const outcome parted = import_of(
      {files.write("left.csv",
                   "Kundennr,Vorname,Keine Anrufe\n1,A,0171-3920O21\n2,B,O171 3920021\n")},
      "DE");
  INFO(told(parted));
  CHECK(parted.report.remarks.size() == 2);
  // Words, days and what can be read are no such thing.
  const outcome good =
      import_of({files.write("left.csv",
                             "Kundennr,Vorname,Abgemeldet\n1,A,ja\n2,B,nein\n3,C,03.11.2025\n"
                             "4,D,a@example.de\n5,E,x\n6,F,?\n")},
                "DE");
  INFO(told(good));
  REQUIRE(good.failure.code == errc::none);
  CHECK(good.report.remarks.empty());
}

TEST_CASE("consent columns: a day among noes is told only where it is not read") {
  const folder files;
  const auto said_of = [&](const char* header, const char* cell, const char* other) {
    return import_of(
        {files.write("left.csv", std::string("Kundennr;Vorname;E-Mail;") + header +
                                     "\n1;A;a@example.de;" + cell + "\n2;B;b@example.de;" + other +
                                     "\n3;C;c@example.de;" + other + "\n")},
        "DE");
  };
  const auto unread = [](const outcome& all) {
    std::string out;
    for (const auto& each : all.proposal.unsure) out += each.why;
    return out.find("cannot be read") != out.npos;
  };
  for (const char* const header : {"Abgemeldet am", "Unsubscribed", "Opt-out date"}) {
    for (const char* const cell :
         {"03.04.2025", "3.4.25", "03.04.2025 10:15", "2025-04-03", "2025-04-03 10:15:00",
          "2025-04-03T10:15:00Z", "2025-04-03T10:15:00+02:00", "2025-04-03 10:15:00 UTC",
          "3. April 2025", "03-Apr-25", "20250403", "2025\u5e744\u67083\u65e5"}) {
      CAPTURE(header);
      CAPTURE(cell);
      const outcome all = said_of(header, cell, "13.04.2025");
      INFO(told(all));
      REQUIRE(all.customers.size() == 3);
      CHECK_FALSE(unread(all));
      CHECK(all.report.remarks.empty());
      CHECK(text(all.customers[0], "consents").find("2025-04-03") != std::string::npos);
    }
    // A day in another form is no number: that it is not read is said, by its line.
    for (const char* const cell :
         {"am 03.04.2025 um 10:15 Uhr", "Thu Apr 03 2025 10:15:00 GMT+0200", "04/13/2025",
          "2025-04", "04/2025"}) {
      CAPTURE(header);
      CAPTURE(cell);
      const outcome all = said_of(header, cell, "13.04.2025");
      INFO(told(all));
      CHECK_FALSE(unread(all));
      REQUIRE(all.report.remarks.size() == 1);
      CHECK(all.report.remarks[0].what.at == 2);
      CHECK(std::string_view(all.report.remarks[0].what.text.c_str()).starts_with("a day among"));
      CHECK(text(all.customers[0], "consents").find("deny") != std::string::npos);
    }
    // Numbers and addresses that nobody can read are told beside days too.
    for (const char* const cell : {"0171-3920O21", "e@@example", "4.91713920021E+11"}) {
      CAPTURE(header);
      CAPTURE(cell);
      const outcome all = said_of(header, cell, "13.04.2025");
      INFO(told(all));
      CHECK((unread(all) || std::string_view(cell).starts_with("0171")));
      REQUIRE(all.report.remarks.size() == 1);
      CHECK(all.report.remarks[0].what.at == 2);
    }
  }
  // How the days are read is said with the column.
  const outcome either = said_of("Abgemeldet am", "03/04/2025", "04/05/2025");
  REQUIRE(either.proposal.unsure.size() == 1);
  CHECK(either.proposal.unsure[0].why.find("a day as the day of it (dd/mm/yyyy)") !=
        std::string::npos);
}

TEST_CASE("consent columns: a no that names no way closes all") {
  const folder files;
  const auto closes = [&](const char* table, const char* id) {
    const outcome all = import_of({files.write("left.csv", table)});
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    return closed(all, id);
  };
  const std::string all_of_it = "deny direct_marketing;";
  CHECK(closes("Phone,Status\n+491713920021,STOP\n+491713920022,STOP\n", "+491713920021") ==
        all_of_it);
  CHECK(closes("Phone,State\n+491713920021,unsubscribed\n", "+491713920021") == all_of_it);
  CHECK(closes("Phone,Unsubscribed\n+491713920021,yes\n", "+491713920021") == all_of_it);
  const char* const mails =
      "E-Mail,Status\nann@x.example,STOP\nbo@x.example,ok\nc@x.example,active\n";
  CHECK(closes(mails, "ann@x.example") == all_of_it);
  CHECK(closes(mails, "bo@x.example").find("direct_marketing") == std::string::npos);
  // Of a table of addresses, and of a way or a newsletter by name, it is what it says.
  CHECK(closes("E-Mail,Unsubscribed\nann@x.example,yes\n", "ann@x.example") ==
        "deny email_marketing;");
  CHECK(closes("Phone,Newsletter\n+491713920021,no\n+491713920022,yes\n", "+491713920021") ==
        "deny email_marketing;");
}

TEST_CASE("consent columns: addresses below a word of no are those of who wants nothing") {
  const folder files;
  for (const char* const header :
       {"STOP", "Stopp", "Stop list", "Robinson", "Sperrliste", "Gesperrte", "Removed",
        "Do not contact", "Blocked people", "DNC", "Opt-outs"}) {
    CAPTURE(header);
    const outcome mails =
        import_of({files.write("left.csv", std::string(header) + "\nann@x.example\n")});
    INFO(told(mails));
    REQUIRE(mails.failure.code == errc::none);
    CHECK(closed(mails, "ann@x.example").find("deny direct_marketing;") == 0);
    const outcome phones = import_of(
        {files.write("left.csv", std::string("Name,") + header + "\nAnn,+491713920021\n")});
    INFO(told(phones));
    REQUIRE(phones.failure.code == errc::none);
    CHECK(closed(phones, "+491713920021").find("deny direct_marketing;") == 0);
  }
  // Neither what denies the word nor what did not arrive.
  for (const char* const header : {"Nicht gesperrt", "Bounced"}) {
    CAPTURE(header);
    const outcome mails = import_of(
        {files.write("left.csv", std::string("E-Mail,") + header + "\na@x.example,b@x.example\n")});
    CHECK(closed(mails, "a@x.example").find("deny") == std::string::npos);
  }
}

TEST_CASE(
    "consent columns: a yes and a no in a column of a way are neither a name nor an address") {
  const folder files;
  const auto noes = [&](const std::string& header) {
    const outcome all = import_of({files.write(
        "list.csv", "Nr," + header + ",Email\n1,no,ann@x.example\n2,yes,bo@x.example\n")});
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    REQUIRE(all.customers.size() == 2);
    for (const json::object& each : all.customers) {
      CHECK(text(each, "name") == "(none)");
      CHECK(text(each, "phones") == "(none)");
    }
    CHECK(text(*customer(all, "2"), "consents") == "[]");
    return text(*customer(all, "1"), "consents");
  };
  CHECK(noes("Contact").find(R"("purpose":"direct_marketing")") != std::string::npos);
  CHECK(noes("Kontakt").find(R"("purpose":"direct_marketing")") != std::string::npos);
  CHECK(noes("Phone").find(R"("purpose":"telephone_marketing")") != std::string::npos);
  CHECK(noes("E-mail address").find(R"("purpose":"email_marketing")") != std::string::npos);
  // Somebody's name stays one.
  const outcome named =
      import_of({files.write("list.csv", "Nr,Contact,Email\n1,Ann No,ann@x.example\n")});
  REQUIRE(named.customers.size() == 1);
  CHECK(text(named.customers[0], "name") == R"({"given":"Ann","family":"No"})");
}

TEST_CASE("consent columns: a link to an address is that address, whatever it is to say there") {
  const folder files;
  const outcome noes = import_of(
      {files.write("left.csv",
                   "Unsubscribed\nmailto:ann@x.example?subject=Stop\nMAILTO:bo%2Bshop@x.example\n"
                   "Cy <mailto:cy@x.example?subject=no%20mail&cc=dee@x.example>\n")});
  INFO(told(noes));
  REQUIRE(noes.failure.code == errc::none);
  for (const char* const each : {"ann@x.example", "bo+shop@x.example", "cy@x.example"}) {
    CAPTURE(each);
    CHECK(closed(noes, each).find("deny") == 0);
  }
  const outcome list =
      import_of({files.write("list.csv",
                             "Name,E-Mail\nAnn Ray,mailto:ann@x.example?subject=Hello%20you\nBo "
                             "Li,mailto:bo%2Bshop@x.example\n"
                             "Cy Po,who?what@x.example\n")});
  INFO(told(list));
  REQUIRE(list.failure.code == errc::none);
  REQUIRE(list.customers.size() == 3);
  CHECK(text(list.customers[0], "emails") == R"(["ann@x.example"])");
  CHECK(text(list.customers[1], "emails") == R"(["bo+shop@x.example"])");
  CHECK(text(list.customers[2], "emails") == R"(["who?what@x.example"])");
}
