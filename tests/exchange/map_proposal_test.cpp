// Files of shops, as their programs and spreadsheets write them, with invented people: which map is
// proposed for them, and what comes out of reading them by it.
#include "imports.hpp"

#include <ctime>

TEST_CASE("map: a spreadsheet of a German shop, in Windows-1252, becomes customers") {
  const folder files;
  const std::string path = files.write(
      "kunden.csv",
      "Nr.;Name;Stra\xDF"
      "e;PLZ;Ort;Tel.;E-Mail;Geb.;Gr\xF6\xDF"
      "e;mag;Umsatz;Newsletter;\r\n"
      "1;Frau J\xFCrgens;Am Bach 7a;01067;Dresden;0171 39200 21;j@example.de;03.12.1985;38;Leinen, "
      "Gr\xFCn;"
      "1.249,00;ja;\r\n"
      "2;Beispiel, Uwe;Weg 1;50667;K\xF6ln;; u@example.org ;12.03.58;;;49,90;nein;ruft an\r\n"
      ";;;;;;;;;;;;\r\n"
      "2;Beispiel, Uwe;Weg 1;50667;K\xF6ln;;u@example.org;12.03.1958;;Wolle;;nein;\r\n"
      "4;Li;;;;01713920088;k. A.;00.00.0000;?;-;;ja (m\xFCndlich);\r\n");
  const outcome all = import_of({path});
  INFO(told(all));
  REQUIRE(all.failure.code == errc::none);
  REQUIRE(all.customers.size() == 3);
  const json::object& first = all.customers[0];
  CHECK(text(first, "name") == R"({"prefix":"Frau","family":"Jürgens"})");
  CHECK(text(first, "phones") == R"(["+491713920021"])");
  CHECK(text(first, "birth_date") == R"("1985-12-03")");
  CHECK(text(first, "likes") == R"(["Leinen","Grün"])");
  CHECK(text(first, "addresses") ==
        R"([{"line1":"Am Bach 7a","city":"Dresden","country":"DE","postal_code":"01067"}])");
  CHECK(text(first, "consents") ==
        R"([{"purpose":"email_marketing","kind":"candidate without time"}])");
  const json::object& second = all.customers[1];
  CHECK(text(second, "name") == R"({"given":"Uwe","family":"Beispiel"})");
  CHECK(text(second, "birth_date") == R"("1958-03-12")");
  CHECK(text(second, "emails") == R"(["u@example.org"])");
  CHECK(text(second, "likes") == R"(["Wolle"])");
  CHECK(text(second, "notes") == R"(["ruft an"])");
  CHECK(text(second, "consents") == R"([{"purpose":"email_marketing","kind":"deny"}])");
  const json::object& third = all.customers[2];
  CHECK(text(third, "name") == R"({"family":"Li"})");
  CHECK(text(third, "emails") == "(none)");
  CHECK(text(third, "consents") == "[]");
  REQUIRE(all.report.remarks.size() == 1);
  CHECK(all.report.remarks[0].what.at == 6);
}

TEST_CASE("map: no value of a file stands in the map or in what it is not sure of") {
  const folder files;
  const std::string path = files.write("list.csv",
                                       "Ana Secretissima,ana.secretissima@example.com,12/03/1984\n"
                                       "Bo Secretissimo,bo.secretissimo@example.com,01/02/1990\n");
  const outcome all = import_of({path});
  INFO(told(all));
  REQUIRE(all.failure.code == errc::none);
  CHECK(all.customers.size() == 2);
  CHECK(all.proposal.files[0].dialect.header == csv_dialect::header_row::absent);
  std::string said = all.proposal.map;
  for (const auto& each : all.proposal.unsure) said += each.column + each.why;
  CHECK(said.find("ecretissim") == std::string::npos);
}

TEST_CASE("map: the order of a date is what a day above 12 proves, else what is not sure") {
  const folder files;
  const auto born = [&](const char* rows, std::string_view region) {
    const outcome all =
        import_of({files.write("dates.csv", "id,email,birthday\n" + std::string(rows))}, region);
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    return std::pair{text(all.customers[0], "birth_date"), all.proposal.unsure.size()};
  };
  const std::string open = "1,a@example.com,03/12/1984\n";
  CHECK(born((open + "2,b@example.com,03/25/1990\n").c_str(), "GB") ==
        std::pair{std::string("\"1984-03-12\""), std::size_t{0}});
  CHECK(born((open + "2,b@example.com,25/03/1990\n").c_str(), "US") ==
        std::pair{std::string("\"1984-12-03\""), std::size_t{0}});
  CHECK(born(open.c_str(), "US") == std::pair{std::string("\"1984-03-12\""), std::size_t{1}});
  CHECK(born(open.c_str(), "GB") == std::pair{std::string("\"1984-12-03\""), std::size_t{1}});
  // Of both in one column the more decide, and the others are faults.
  const outcome both = import_of({files.write("both.csv",
                                              "id,email,birthday\n1,a@example.com,13.04.1984\n"
                                              "2,b@example.com,04.05.1990\n3,c@example.com,"
                                              "25.04.1984\n4,d@example.com,04.13.1990\n")},
                                 "DE");
  INFO(told(both));
  REQUIRE(both.report.problems.size() == 1);
  CHECK(both.report.problems[0].what.at == 5);
  CHECK(born("1,a@example.com,0/0/00\n", "US").first == "(none)");
  CHECK(born("1,a@example.com,31118\n", "GB").first == "\"1985-03-12\"");
}

TEST_CASE("map: exports that are known by their headers") {
  struct known {
    const char* about;
    std::string text;
    const char* id;
    const char* member;
    const char* value;
  };
  const known exports[] = {
      {"Shopify, customers export",
       "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Zip,Phone,"
       "Accepts SMS Marketing,Total "
       "Spent,Tags\n'71230001,Ana,O'Hara,ana@example.com,yes,'01067,'+493023125014,"
       "no,9.90,vip\n",
       "71230001", "phones", R"(["+493023125014"])"},
      {"Shopify, orders export",
       "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem "
       "name,Lineitem price\n"
       "#1,ana@example.com,paid,EUR,30.00,2024-05-01 10:00:00 +0200,1,Scarf,10.00\n"
       "#1,ana@example.com,,,,2024-05-01 10:00:00 +0200,2,Hat,10.00\n",
       "ana@example.com", "emails", R"(["ana@example.com"])"},
      {"Square, customer directory export",
       "Reference ID,First Name,Last Name,Email Address,Phone Number,Birthday,Square Customer ID,"
       "Email Subscription Status\n,Ana,Ray,,(415) 555-0142 x12,03/12/1984,SQ1,unsubscribed\n",
       "SQ1", "phones", R"(["+14155550142"])"},
      {"Lightspeed Retail (X-Series), customers export",
       "\xEF\xBB\xBFid,customer_code,first_name,last_name,email,do_not_email,physical_address1,"
       "date_of_birth\r\n"
       "u-1,Ana-1,Ana,Ray,ana@example.com,1,1 High St,31/01/1990\r\n",
       "u-1", "consents", R"([{"purpose":"email_marketing","kind":"deny"}])"},
      {"Lightspeed Retail (R-Series), customers export",
       "Customer ID,First Name,Last Name,Email 1,No "
       "Email,Zip\n9,Ana,Ray,ana@example.com,false,10001\n",
       "9", "consents", "[]"},
      {"WooCommerce, analytics: customers",
       "Name,Username,Last active,Sign up,Email,Orders,Total spend,AOV,Country / Region,City\n"
       "Bo van der Berg,,,,bo@example.com,1,10,10,NL,Utrecht\n",
       "bo@example.com", "name", R"({"given":"Bo","family":"van der Berg"})"},
      {"Magento 2 / Adobe Commerce, customers main file",
       "email,_website,_store,dob,firstname,group_id,lastname,password_hash\n"
       "ana@example.com,base,default,1984-03-12,Ana,1,Ray,0a1b:c2:1\n",
       "ana@example.com / base", "emails", R"(["ana@example.com"])"},
      {"HubSpot, contacts export",
       "\"Record ID\",\"First Name\",\"Last Name\",\"Email\",\"Country/Region\",\"Unsubscribed "
       "from all email\"\n"
       "\"7\",\"(none)\",\"Null\",\"a@example.com;b@example.com\",\"Germany\",\"true\"\n",
       "7", "emails", R"(["a@example.com","b@example.com"])"},
      {"HubSpot, contacts export",
       "Record ID,First Name,Last Name,Email\n7,(none),Null,a@example.com\n", "7", "name",
       R"({"family":"Null"})"},
      {"Salesforce, contacts",
       "Id,FirstName,LastName,MailingStreet,MailingCountry,HasOptedOutOfEmail\n"
       "003A,Ana,Ray,\"1 High St\nFlat 2\nRear\nTop\",United Kingdom,false\n",
       "003A", "addresses",
       R"([{"line1":"1 High St","line2":"Flat 2","line3":"Rear, Top","country":"GB"}])"},
      {"Salesforce, Individual",
       "Id,FirstName,LastName,HasOptedOutSolicit,HasOptedOutProfiling\n0PK1,Ana,Ray,true,false\n",
       "0PK1", "consents", R"([{"purpose":"direct_marketing","kind":"object"}])"},
      {"Google Contacts, Google CSV",
       "First Name,Last Name,Birthday,Notes,E-mail 1 - Value,Phone 1 - Value\n"
       "Ana,Ray,--03-12,,ana@example.com ::: ana@example.org,\n",
       "ana@example.com", "birth_date", R"("--03-12")"},
      {"Outlook, contacts as CSV",
       "\"Title\",\"First Name\",\"Last Name\",\"Business Country\",\"Business City\",\"Birthday\","
       "\"E-mail Address\",\"E-mail 2 "
       "Address\"\n\"Ms\",\"Ana\",\"Ray\",\"Deutschland\",\"Bonn\",\"0/0/00\","
       "\"ana@example.com\",\"\"\n",
       "ana@example.com", "addresses", R"([{"city":"Bonn","country":"DE"}])"},
      {"Klaviyo, profiles export",
       "Email,Klaviyo ID,First Name,Email Marketing Consent,Email Marketing Consent Timestamp\n"
       "ana@example.com,01A,Ana,SUBSCRIBED,2024-05-01T10:00:00+02:00\n",
       "01A", "consents",
       R"([{"purpose":"email_marketing","kind":"candidate","at":"2024-05-01T08:00:00Z"}])"},
      {"Mailchimp, audience export: subscribed",
       "Email Address,First Name,Birthday,OPTIN_TIME,CONFIRM_TIME,EUID\n"
       "ana@example.com,Ana,03/12,2024-02-03 04:05:06,2024-02-03 04:06:00,e1\n",
       "ana@example.com", "birth_date", R"("--03-12")"},
  };
  for (const known& each : exports) {
    INFO(each.about);
    const folder files;
    const outcome all = import_of({files.write("export.csv", each.text)});
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    CHECK(all.proposal.files[0].about == each.about);
    REQUIRE(all.customers.size() == 1);
    const json::object* const one = customer(all, each.id);
    REQUIRE(one != nullptr);
    CHECK(text(*one, each.member) == each.value);
  }
}

TEST_CASE("map: other versions and languages of known exports") {
  struct known {
    const char* about;
    std::string text;
    const char* id;
    const char* member;
    const char* value;
  };
  const char* const no = R"([{"purpose":"email_marketing","kind":"deny"}])";
  const known exports[] = {
      {"Shopify, customers export",
       "First Name,Last Name,Email,Province Code,Country Code,Accepts Marketing,Total Spent\n"
       "Ana,Ray,ana@example.com,ENG,GB,no,1.00\n",
       "ana@example.com", "consents", no},
      {"HubSpot, contacts export",
       "Vorname;Datensatz-ID;E-Mail;Nachname;Stadt;Von allen E-Mails abgemeldet\n"
       "Ana;7;ana@example.com;Ray;Bonn;wahr\n",
       "7", "consents", no},
      {"HubSpot, contacts export",
       "Record ID,Email,First Name,Opted out of email: Events\n7,ana@example.com,Ana,Yes\n", "7",
       "consents", no},
      {"Salesforce, contacts",
       "Contact ID,First Name,Last Name,Mailing Street,Email Opt Out\n003A,Ana,Ray,1 High St,1\n",
       "003A", "consents", no},
      {"Square, customer directory export",
       "Square Customer ID,Email Address,Birthday\nSQ1,ana@example.com,0000-03-12\n", "SQ1",
       "birth_date", R"("--03-12")"},
      {"Klaviyo, profiles export",
       "Klaviyo ID,Email,Email Suppressions\n01A,ana@example.com,\"['UNSUBSCRIBE']\"\n", "01A",
       "consents", no},
      {"Klaviyo, profiles export",
       "Klaviyo ID,Email,Email Suppressions\n01A,ana@example.com,\"['HARD_BOUNCE']\"\n", "01A",
       "consents", "[]"},
      {"Mailchimp, audience export: subscribed",
       "E-Mail-Adresse,Vorname,Geburtstag,OPTIN_TIME,CONFIRM_TIME\n"
       "ana@example.com,Ana,03/12,,2024-02-03 04:06:00\n",
       "ana@example.com", "consents",
       R"([{"purpose":"email_marketing","kind":"candidate","at":"2024-02-03T04:06:00Z"}])"},
      {"Google Contacts, Google CSV",
       "First Name,Birthday,Notes,E-mail 1 - Value,Event 1 - Label,Event 1 - Value,"
       "Relation 1 - Label,Relation 1 - Value\nAna,,,ana@example.com,Anniversary,2010-06-05,"
       "Spouse,Bo\n",
       "ana@example.com", "household", R"(["Bo"])"},
      {"Outlook, contacts as CSV",
       "First Name,Last Name,E-mail Address,E-mail 2 Address,Mobile Phone\n"
       "Ana,Ray,,,+44 7700 900123\n",
       "+447700900123", "name", R"({"given":"Ana","family":"Ray"})"},
  };
  for (const known& each : exports) {
    INFO(each.about);
    const folder files;
    const outcome all = import_of({files.write("export.csv", each.text)});
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    CHECK(all.proposal.files[0].about == each.about);
    const json::object* const one = customer(all, each.id);
    REQUIRE(one != nullptr);
    CHECK(text(*one, each.member) == each.value);
  }
}

TEST_CASE("map: what cells and headers of exports are like in their other forms") {
  const folder files;
  const auto read = [&](const std::string& table) {
    const outcome all = import_of({files.write("list.csv", table)}, "DE");
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    REQUIRE(all.customers.size() == 1);
    return all.customers[0];
  };
  CHECK(text(read("klaviyo id,email,email marketing consent,email marketing consent timestamp\n"
                  "01A,ana@example.com,subscribed,2024-05-01T10:00:00Z\n"),
             "consents") ==
        R"([{"purpose":"email_marketing","kind":"candidate","at":"2024-05-01T10:00:00Z"}])");
  CHECK(text(read("Klaviyo ID,Email,Email Marketing Consent\n01A,ana@example.com,UNSUBSCRIBED\n"),
             "consents") == R"([{"purpose":"email_marketing","kind":"withdraw"}])");
  CHECK(
      text(read("First Name,Birthday,Notes,E-mail 1 - Value,Address 1 - Street,Address 1 - City\n"
                "Ana,,,ana@example.com,1 High St ::: 2 Low St,Leeds ::: York\n"),
           "addresses") ==
      R"([{"line1":"1 High St","city":"Leeds","country":"DE"},{"line1":"2 Low St","city":"York"}])");
  for (const char* const mail : {"<ana@example.com>", "Ana Ray <ana@example.com>",
                                 "MAILTO:ana@example.com", "mailto:ana@example.com"}) {
    CHECK(text(read(std::string("Nr;Name;E-Mail\n1;Ana;") + mail + "\n"), "emails") ==
          R"(["ana@example.com"])");
  }
  CHECK(text(read("Nr;Name;Telefon;Land\n1;\"Ray; Ana\";0171 3920021 (privat);D\n"), "phones") ==
        R"(["+491713920021"])");
  CHECK(text(read("Nr;Name;Telefon;Land\n1;\"Ray; Ana\";0171 3920021 (privat);D\n"), "name") ==
        R"({"given":"Ana","family":"Ray"})");
}

TEST_CASE("map: a second row of an id with another name is somebody else's") {
  const folder files;
  const std::string head =
      "Nr,Vorname,Nachname,E-Mail,Geb.\n1,Ana,Ray,ana@example.com,1980-02-01\n";
  for (const char* const other : {"1,Bo,Li,bo@example.com,\n", "1,Ana,Li,ana@example.com,\n",
                                  "1,,Li,,\n", "1,Ana,Ray,,1990-02-01\n", "1,Bo,,,\n"}) {
    CAPTURE(other);
    CHECK(import_of({files.write("list.csv", head + other)}).failure.code == errc::already_exists);
  }
  const outcome same = import_of({files.write(
      "list.csv", head + "1,ANA,Ráy,ana@new.example,01.02.1980\n1,,,a@third.example,\n")});
  INFO(told(same));
  REQUIRE(same.customers.size() == 1);
  CHECK(text(same.customers[0], "emails") ==
        R"(["ana@example.com","ana@new.example","a@third.example"])");
}

TEST_CASE("map: numbers that another program took for numbers are what they were") {
  const folder files;
  const std::string head = "Kundennr;Vorname;PLZ;Telefon\n";
  const outcome all = import_of({files.write("list.csv", head + "1001.0;Ana;10969.0;1713920088.0\n"
                                                                "1002;Bo;10969;491713920088\n"
                                                                "1003;Cy;10969;0171 3920088\n"
                                                                "1004;Di;10969;000000\n"
                                                                "1005;Ed;10969;4930123456\n"
                                                                "1006;Flo;10969;491713920088.0\n")},
                                "DE");
  INFO(told(all));
  REQUIRE(all.failure.code == errc::none);
  REQUIRE(customer(all, "1001") != nullptr);
  CHECK(text(*customer(all, "1001"), "addresses") == R"([{"country":"DE","postal_code":"10969"}])");
  for (const char* const id : {"1001", "1002", "1003", "1006"}) {
    CAPTURE(id);
    CHECK(text(*customer(all, id), "phones") == R"(["+491713920088"])");
  }
  // Zeros are no number; what may begin with a country's code or a town's is told and left out.
  CHECK(text(*customer(all, "1004"), "phones") == "(none)");
  CHECK(text(*customer(all, "1005"), "phones") == "(none)");
  CHECK(all.report.remarks.size() == 2);
  const auto phone = [&](const char* region, const char* number) {
    const outcome one =
        import_of({files.write("list.csv", std::string("Customer ID;First name;Phone\n1;Ana;") +
                                               number + "\n2;Bo;\n")},
                  region);
    INFO(told(one));
    REQUIRE(one.customers.size() == 2);
    return text(one.customers[0], "phones");
  };
  CHECK(phone("FR", "33612345678") == R"(["+33612345678"])");
  CHECK(phone("FR", "612345678") == R"(["+33612345678"])");
  CHECK(phone("ES", "34612345678") == R"(["+34612345678"])");
  CHECK(phone("IT", "390612345678") == R"(["+390612345678"])");
  CHECK(phone("IT", "3912345678") == R"(["+393912345678"])");
  CHECK(phone("GB", "442079460018") == R"(["+442079460018"])");
  CHECK(phone("US", "12025550142") == R"(["+12025550142"])");
  // What a spreadsheet has rounded is nobody's number any more.
  for (const char* const id : {"7,12346E+12", "7.12346E+12", "5E+09"}) {
    CAPTURE(id);
    CHECK(import_of({files.write("list.csv", "Kundennr;Vorname;E-Mail\n" + std::string(id) +
                                                 ";Ana;a@example.de\n")})
              .failure.code == errc::invalid_value);
  }
}

TEST_CASE("map: amounts are what they say, or a fault by line") {
  const folder files;
  const std::string people = files.write("people.csv", "Nr;Vorname;Nachname\n1;Ana;Ray\n");
  const auto prices = [&](const std::vector<std::string>& amounts, const char* region = "DE",
                          const char* pieces = "1") {
    std::string table = "Beleg;Kunde;Datum;Artikel;Menge;Einzelpreis\n";
    int receipt = 0;
    for (const std::string& each : amounts) {
      table += "R" + std::to_string(++receipt) + ";1;03.11.2025;Hemd;" + pieces + ";" + each + "\n";
    }
    const outcome all = import_of({people, files.write("sales.csv", table)}, region);
    if (all.failure.code != errc::none) {
      return "line " + std::to_string(all.report.problems.at(0).what.at);
    }
    std::string out;
    for (const json::value& each : all.customers.at(0).at("receipts").as_array()) {
      const std::string line(each.as_string());
      out += (out.empty() ? "" : " ") + line.substr(line.rfind(' ') + 2);
    }
    return out;
  };
  CHECK(prices({"1.249,00", "49,90"}) == "124900 4990");
  CHECK(prices({"49,-", "89,90", "12,--"}) == "4900 8990 1200");
  CHECK(prices({"49,90-", "(49,90)", "-49,90",
                "\xE2\x88\x92"
                "49,90"}) == "-4990 -4990 -4990 -4990");
  CHECK(prices({"EUR 49,90", "49,90\xE2\x82\xAC", "\xE2\x82\xAC 1.249,50"}) == "4990 4990 124950");
  CHECK(prices({"1.249", "89,90"}) == "124900 8990");
  CHECK(prices({"1.249.000", "890"}) == "124900000 89000");
  CHECK(prices({"1'249.50", "89"}, "CH") == "124950 8900");
  CHECK(prices({"1 299,50", "499,- kr", "499 kr"}, "SE") == "129950 49900 49900");
  CHECK(prices({"1,249", "89.90"}, "GB") == "124900 8990");
  CHECK(prices({"-49,90 \xE2\x82\xAC", "\xE2\x82\xAC -12,50"}) == "-4990 -1250");
  // A thousand, or one and a quarter? Nothing in the file decides.
  CHECK(prices({"890", "1.249"}) == "line 3");
  CHECK(prices({"1,249", "2,500"}, "US") == "line 2");
  // Cells that disagree, groups that are none, other numbers, other currencies.
  CHECK(prices({"49,90", "89,90", "12.50"}) == "line 4");
  CHECK(prices({"49,90\xE2\x82\xAC", "\xE2\x82\xAC 12.50", "1,50"}) == "line 3");
  CHECK(prices({"49,90", "1.24,90"}) == "line 3");
  CHECK(prices({"49,90", "1,2E+03"}) == "line 3");
  CHECK(prices({"49,90", "$49,90"}) == "line 3");
  CHECK(prices({"49,90", "\xC2\xA3 12,00"}) == "line 3");
  CHECK(prices({"49,90", "ca. 50"}) == "line 3");
  CHECK(prices({"49,90", "49-90"}) == "line 3");
  CHECK(prices({"$49.90", "CAD 12.00"}, "CA") == "4990 1200");
  CHECK(prices({"49,90"}, "DE", "1.000") == "line 2");
  CHECK(prices({"49,90"}, "DE", "1,000") == "4990");
  // Thousands that begin with a zero are none: a decimal mark that is not the file's.
  for (const char* const each :
       {"0.125", "-0.125", "0.125.000", "00.125", "0.125,50", "0'125", "01.249"}) {
    CAPTURE(std::string(each));
    CHECK(prices({"49,90", "12,00", each}) == "line 4");
  }
  CHECK(prices({"49.90", "12.00", "0,125"}, "GB") == "line 4");
  CHECK(prices({"0.125", "12.5"}, "GB") == "13 1250");
}

TEST_CASE("column map: a no in other words does what the rule of no does") {
  const folder files;
  const std::string path = files.write("list.csv", "Nr;Name;Werbung\n1;Ana;nein danke\n");
  const auto purposes = [&](const std::string& rules) {
    const std::string text =
        R"({"format": "clientbook column map 1", "customers": {"file": "list.csv",
            "format": {"delimiter": ";"}, "columns": {"Nr": "external_id", "Name": "name.full"},
            "consent": {"Werbung": )" +
        rules + "}}}";
    std::string where;
    const auto map = column_map::parse(text, &where);
    CAPTURE(where);
    REQUIRE(map);
    import_report report;
    const auto set = import_set::load(*map, files.path(), {}, report);
    REQUIRE(set);
    std::string out;
    REQUIRE(set->for_each([&](const import_customer& one) -> result<void> {
      for (const import_consent& each : one.consents) {
        for (const auto purpose : each.purposes) out.append(out.empty() ? "" : " ").append(purpose);
      }
      return {};
    }));
    return out;
  };
  const std::string no = R"([{"kind": "deny", "purposes": ["email_marketing"]}])";
  const std::string all =
      R"([{"kind": "deny", "purposes": ["email_marketing", "postal_marketing"]}])";
  CHECK(purposes(R"({"no": )" + no + R"(, "never": )" + all + "}") == "email_marketing");
  CHECK(purposes(R"({"never": )" + all + R"(, "Nein": )" + no + "}") == "email_marketing");
  CHECK(purposes(R"({"stop": )" + no + R"(, "never": )" + all + "}") ==
        "email_marketing postal_marketing");
  // A rule of no that closes nothing is no measure.
  CHECK(purposes(R"({"no": [], "stop": )" + no + "}") == "email_marketing");
}

TEST_CASE("column map: a list of values opens nothing by a word with a sign beside it") {
  const folder files;
  const auto kinds = [&](const std::string& cell) {
    files.write("list.csv", "Nr;Was\n1;" + cell + "\n");
    const auto map = column_map::parse(
        R"({"format": "clientbook column map 1", "customers": {"file": "list.csv",
            "format": {"delimiter": ";"}, "columns": {"Nr": "external_id",
              "Was": {"to": "consents[].kind", "otherwise": "drop",
                      "values": {"ja": "grant", "nein": "deny"}}},
            "constants": {"consents[].purposes": "email_marketing"}}})");
    REQUIRE(map);
    import_report report;
    const auto set = import_set::load(*map, files.path(), {}, report);
    REQUIRE(set);
    std::string out;
    REQUIRE(set->for_each([&](const import_customer& one) -> result<void> {
      for (const import_consent& each : one.consents) out += each.kind;
      return {};
    }));
    return out;
  };
  CHECK(kinds("ja") == "grant");
  CHECK(kinds(" JA ") == "grant");
  for (const char* const doubt : {"≠ ja", "ja?", "–ja", "🚫ja", "ja！"}) {
    CAPTURE(std::string(doubt));
    CHECK(kinds(doubt).empty());
  }
  CHECK(kinds("Nein!") == "deny");
}

TEST_CASE("column map: the system may be said beside the map") {
  const auto map = column_map::parse(
      R"({"format": "clientbook column map 1", "system": "till", "customers": {"file": "list.csv",
          "columns": {"Nr": "external_id"}}})");
  REQUIRE(map);
  CHECK(map->system() == "till");
  const column_map other = map->of_system("web");
  CHECK(other.system() == "web");
  CHECK(other.files().front() == "list.csv");
  CHECK(map->system() == "till");
}

TEST_CASE("map: a birth date without its year contradicts none") {
  const folder files;
  const auto born = [&](const char* first, const char* second) {
    const outcome all = import_of(
        {files.write("list.csv", std::string("Kundennr;Vorname;Nachname;Geburtsdatum\n1;Ana;Ray;") +
                                     first + "\n1;Ana;Ray;" + second + "\n2;Bo;Li;31.12.1971\n")});
    INFO(told(all));
    return all.failure.code != errc::none
               ? "line " + std::to_string(all.report.problems.at(0).what.at)
               : text(*customer(all, "1"), "birth_date");
  };
  CHECK(born("01.02.1980", "01.02.") == R"("1980-02-01")");
  CHECK(born("01.02.", "01.02.1980") == R"("1980-02-01")");
  CHECK(born("01.02.", "01.02.") == R"("--02-01")");
  CHECK(born("01.02.1980", "01.02.0000") == R"("1980-02-01")");
  CHECK(born("01.02.1980", "02.02.") == "line 3");
  CHECK(born("01.02.1980", "01.02.1981") == "line 3");
}

TEST_CASE("map: how long a cell takes grows as the cell does") {
  // Of the processor, since others use the machine too; of several tries the shortest counts.
  const auto seconds = [](const std::string& header, const std::string& value) {
    const folder files;
    const std::string path = files.write(
        "list.csv", "Kundennr;Vorname;" + header + "\n1;Ana;\"" + value + "\"\n2;Bo;\n");
    double best = 1e9;
    for (int i = 0; i < 3; ++i) {
      const std::clock_t begin = std::clock();
      import_of({path}, "DE");
      best = std::min(best, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
    }
    return best;
  };
  const auto many = [](const char* part, std::size_t bytes) {
    std::string out;
    while (out.size() < bytes) out += part;
    return out;
  };
  for (const char* const header :
       {"Telefon", "Newsletter", "E-Mail", "Name", "Geburtsdatum", "Umsatz", "Notizen", "Land"}) {
    for (const char* const part :
         {"1;", "0171 / ", "0171 3920088 oder ", "1 oder ", "//", "a ", "werbung", "nicht ",
          "mails", "<a", "Dr. ", "1.", "(", "von ", "\xCC\xB6", ", "}) {
      CAPTURE(header);
      CAPTURE(std::string(part));
      const double small = seconds(header, many(part, 60'000));
      const double large = seconds(header, many(part, 600'000));
      CHECK(large <= 15 * small + 0.05);
    }
  }
}

TEST_CASE("map: how long a run of blanks takes grows as the run does") {
  const auto seconds = [](const std::string& text) {
    const folder files;
    const std::string path = files.write("list.csv", text);
    double best = 1e9;
    for (int i = 0; i < 3; ++i) {
      const std::clock_t begin = std::clock();
      import_of({path}, "DE");
      best = std::min(best, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
    }
    return best;
  };
  for (const std::string part : {" ", "\t", "\xC2\xA0", "\xE2\x80\x8B", " \"", "a\" "}) {
    const auto many = [&](std::size_t bytes) {
      std::string out;
      while (out.size() < bytes) out += part;
      return out;
    };
    CAPTURE(part);
    for (const auto& [before, behind] : {std::pair("id,name,email\n1,a", "b,a@b.de\n"),
                                         {"id,name,email\n1,", "b,a@b.de\n"},
                                         {"id,name,email\n1,a", ",a@b.de\n"},
                                         {"id,na", "me,email\n1,a,a@b.de\n"}}) {
      CAPTURE(before);
      const double small = seconds(before + many(6'000) + behind);
      const double large = seconds(before + many(60'000) + behind);
      CHECK(large <= 15 * small + 0.05);
    }
  }
}

TEST_CASE("map: letters of other code pages are theirs, or what is not sure") {
  const folder files;
  struct row {
    const char* names;
    const char* region;
    const char* first;  // Given and family name in UTF-8; null: not sure.
  };
  const char* const head = "Customer ID,First name,Last name\n";
  const auto first = [&](const std::string& rows, const char* region, bool& unsure) {
    const outcome all = import_of({files.write("list.csv", head + rows)}, region);
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    for (const auto& each : all.proposal.unsure) {
      unsure = unsure || each.why.find("--encoding") != std::string::npos;
    }
    return text(all.customers.at(0), "name");
  };
  const row rows[] = {
      // Polish, Czech, Hungarian in Windows-1250.
      {"1,Micha\xB3,\xA3uczak\n2,Stanis\xB3"
       "aw,D\xB9"
       "browski\n",
       "", R"({"given":"Michał","family":"Łuczak"})"},
      {"1,Ji\xF8\xED,Dvo\xF8\xE1k\n2,Krist\xFDna,\x8A\x9D"
       "astn\xE1\n",
       "", R"({"given":"Jiří","family":"Dvořák"})"},
      {"1,Gy\xF6rgy,Sz\xF5ke\n2,\xC1"
       "d\xE1m,K\xF5v\xE1ri\n",
       "HU", R"({"given":"György","family":"Szőke"})"},
      {"1,Anna,Kami\xF1ski\n", "PL", R"({"given":"Anna","family":"Kamiński"})"},
      // Turkish in 1254, Lithuanian in 1257.
      {"1,Y\xFDld\xFDz,\xD6zt\xFCrk\n2,\xDE"
       "ule,\xC7"
       "elik\n",
       "", R"({"given":"Yıldız","family":"Öztürk"})"},
      {"1,R\xFBta,\xD0imkut\xEB\n2,\xC6"
       "eslovas,\xDE"
       "ukauskas\n",
       "LT", R"({"given":"Rūta","family":"Šimkutė"})"},
      // Mac Roman.
      {"1,J\x9Frgen,K\x8Ase\n2,S\x9Aren,Gro\xA7\n", "", R"({"given":"Jürgen","family":"Käse"})"},
      {"1,H\x8El\x8Fne,Lef\x8Fvre\n", "FR", R"({"given":"Hélène","family":"Lefèvre"})"},
      // And the West stays what it was.
      {"1,J\xFCrgen,K\xE4se\n2,S\xF6ren,Gro\xDF\n", "", R"({"given":"Jürgen","family":"Käse"})"},
      {"1,H\xE9l\xE8ne,Lef\xE8vre\n2,Fran\xE7ois,No\xEBl\n", "",
       R"({"given":"Hélène","family":"Lefèvre"})"},
      {"1,Bego\xF1"
       "a,Mu\xF1oz\n",
       "ES", R"({"given":"Begoña","family":"Muñoz"})"},
      {"1,S\xF8ren,\xC6gidius\n2,\xC5se,B\xF8"
       "e\n",
       "", R"({"given":"Søren","family":"Ægidius"})"}};
  for (const row& each : rows) {
    CAPTURE(std::string(each.first));
    bool unsure = false;
    CHECK(first(each.names, each.region, unsure) == each.first);
    CHECK_FALSE(unsure);
  }
  // One letter that is `ñ` in one page and `ń` in the next: said, not guessed in silence.
  bool unsure = false;
  first("1,Anna,Kami\xF1ski\n", "", unsure);
  CHECK(unsure);
  const std::string path = files.write("list.csv", std::string(head) + "1,Anna,Kami\xF1ski\n");
  const auto said = propose_column_map(std::span(&path, 1), {.encoding = "windows-1250"});
  REQUIRE(said);
  CHECK(said->unsure.empty());
  CHECK(said->map.find("windows-1250") != std::string::npos);
  CHECK(propose_column_map(std::span(&path, 1), {.encoding = "latin"}).error().code ==
        errc::invalid_value);
}

TEST_CASE(
    "map: a column of days is left out in silence only where a consent takes its time from it") {
  const folder files;
  const auto doubted = [&](const char* header) {
    const std::string path = files.write(
        "list.csv",
        std::string("Name;E-Mail;Newsletter;") + header +
            "\nAna Li;ana@example.org;ja;12.10.2026\nBo Li;bo@example.org;nein;13.10.2026\n");
    const auto proposal = propose_column_map(std::span(&path, 1), {});
    REQUIRE(proposal);
    return std::any_of(proposal->unsure.begin(), proposal->unsure.end(),
                       [&](const map_proposal::doubt& one) { return one.column == header; });
  };
  CHECK(doubted("Letzter Einkauf"));
  CHECK(doubted("Kartenablauf"));
  CHECK_FALSE(doubted("Anmeldedatum"));
}

TEST_CASE("map: numbers and days as people write them") {
  const folder files;
  const auto cell = [&](const char* header, const std::string& value, const char* what,
                        const char* region = "DE") {
    const outcome all =
        import_of({files.write("list.csv", std::string("Kundennr;Vorname;") + header +
                                               "\n1;Ana;\"" + value + "\"\n2;Bo;\n")},
                  region);
    INFO(told(all));
    if (all.failure.code != errc::none) return std::string("refused");
    return text(*customer(all, "1"), what);
  };
  const char* const both = R"(["+491713920088","+493023125014"])";
  for (const char* const two :
       {"0171 3920088 / 030 23125014", "0171/3920088, 030/23125014", "0171-3920088;030-23125014",
        "0171 3920088 od. 030 23125014", "0171 3920088 oder 030 23125014"}) {
    CAPTURE(std::string(two));
    CHECK(cell("Telefon", two, "phones") == both);
  }
  for (const char* const one : {"mobil 0171 3920088", "Tel. 0171/3920088", "Tel.: 0171-3920088",
                                "0171\xE2\x80\x93"
                                "3920088",
                                "\xEF\xBC\x90\xEF\xBC\x91\xEF\xBC\x97\xEF\xBC\x91 3920088",
                                "0171 3920088 privat", "+49 (0)171 3920088", "0171/392 00 88"}) {
    CAPTURE(std::string(one));
    CHECK(cell("Telefon", one, "phones") == R"(["+491713920088"])");
  }
  CHECK(cell("Telefon", "bitte anrufen", "phones") == "refused");
  // A no beside a number never vanishes: the row is a bad one.
  for (const char* const no :
       {"0171 3920088 nicht anrufen", "0171 3920088 (nicht anrufen)", "kein Kontakt 0171 3920088",
        "keine SMS: 0171 3920088", "0171 3920088, nicht anrufen", "0171 3920088 - do not call",
        "0171 3920088 (gesperrt)", "0171 3920088 stop",
        "0171 3920088 keine Werbeanrufe bitte, danke sehr",
        "0171 3920088 / 030 23125014 (nicht anrufen)", "ne pas appeler 0171 3920088",
        "0171 3920088 no llamar", "0171 3920088 tel no", "0171 3920088 widerrufen",
        "0171 (nicht anrufen) 3920088", "Kontaktsperre! 0171 3920088"}) {
    CAPTURE(std::string(no));
    CHECK(cell("Telefon", no, "phones") == "refused");
  }
  // What is not known may be one: the number is left out, and told.
  for (const char* const open : {"0171 3920088 soita myöhemmin", "🚫 0171 3920088", "0171 3920088 ❌",
                                 "0171 3920088 !!", "0171 3920088 Herr Weber", "≠ 0171 3920088",
                                 "0171 3920088 (tot)", "nur abends 0171 3920088"}) {
    CAPTURE(std::string(open));
    CHECK(cell("Telefon", open, "phones") == "(none)");
  }
  for (const char* const one :
       {"0171 3920088 (mobil)", "Handy: 0171 3920088", "T: 0171 3920088", "0171 3920088 - privat",
        "Tel. no.: 0171 3920088", "(geschäftlich) 0171 3920088", "0171 3920088 (Büro / Home)"}) {
    CAPTURE(std::string(one));
    CHECK(cell("Telefon", one, "phones") == R"(["+491713920088"])");
  }
  // Beside an address it is a no as well.
  CHECK(cell("E-Mail", "Keine Werbung <a@example.de>", "emails") == "refused");
  CHECK(cell("E-Mail", "Ana Ray <a@example.de>", "emails") == R"(["a@example.de"])");
  for (const char* const day : {"19851203",
                                "1985\xE5\xB9\xB4"
                                "12\xE6\x9C\x88"
                                "3\xE6\x97\xA5",
                                "3. 12. 1985", "03-Dec-85", "3-Dez-1985"}) {
    CAPTURE(std::string(day));
    CHECK(cell("Geburtsdatum", day, "birth_date") == R"("1985-12-03")");
  }
  CHECK(cell("Geburtsdatum", "03/12/2528", "birth_date", "TH") == R"("1985-12-03")");
  const outcome lone =
      import_of({files.write("list.csv", "sep=;\rNr;Name;E-Mail\r1;Ana;a@example.de\r")});
  INFO(told(lone));
  REQUIRE(lone.customers.size() == 1);
  CHECK(text(lone.customers[0], "emails") == R"(["a@example.de"])");
}

TEST_CASE("map: columns are known by their names in other languages") {
  const folder files;
  const char* const headers[] = {
      "Nr klienta;Imi\xC4\x99;Nazwisko;Adres e-mail;Numer telefonu;Biuletyn",
      "M\xC3\xBC\xC5\x9Fteri No;Ad\xC4\xB1;Soyad\xC4\xB1;E-posta;Cep telefonu;B\xC3\xBClten",
      "客户编号;名;姓;电子邮件;手机;电子报",
      "顧客番号;名前;苗字;メールアドレス;電話番号;メルマガ",
      "رقم العميل;الاسم الأول;اسم العائلة;البريد الإلكتروني;رقم الهاتف;النشرة البريدية",
      "מספר לקוח;שם פרטי;שם משפחה;אימייל;טלפון;ניוזלטר",
      "รหัสลูกค้า;ชื่อ;นามสกุล;อีเมล;โทรศัพท์;จดหมายข่าว",
      "Número de cliente;Primeiro nome;Apelido;Correio eletrónico;Telemóvel;Boletim",
      "Kundnummer;Förnamn;Efternamn;E-post;Telefonnummer;Nyhetsbrev",
      "Kundenr;Fornavn;Efternavn;E-mailadresse;Telefonnr;Nyhedsbrev",
      "Номер клиента;Имя;Фамилия;Электронная почта;Телефон;Рассылка",
      "Číslo zákazníka;Jméno;Příjmení;E-mailová adresa;Telefonní číslo;Zpravodaj"};
  for (const char* const header : headers) {
    CAPTURE(std::string(header));
    const outcome all = import_of({files.write(
        "list.csv", std::string(header) + "\n7;Ana;Ray;ana@example.com;+491713920088;no\n")});
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    REQUIRE(customer(all, "7") != nullptr);
    const json::object& ana = *customer(all, "7");
    CHECK(text(ana, "name") == R"({"given":"Ana","family":"Ray"})");
    CHECK(text(ana, "emails") == R"(["ana@example.com"])");
    CHECK(text(ana, "phones") == R"(["+491713920088"])");
    CHECK(text(ana, "consents").find("deny") != std::string::npos);
  }
}

TEST_CASE("map: what nobody can decide for a customer is told") {
  const folder files;
  const outcome all = import_of(
      {files.write("individuals.csv",
                   "Id,FirstName,LastName,HasOptedOutSolicit,HasOptedOutProfiling,ShouldForget\n"
                   "0PK1,Ana,Ray,false,false,true\n0PK2,Bo,Li,false,false,false\n"),
       files.write("consents.csv",
                   "Id,ContactPointId,PartyId,PrivacyConsentStatus,CaptureDate\n"
                   "0ZX1,0PM1,0PK1,OptOut,2024-05-01T10:00:00.000Z\n")});
  INFO(told(all));
  REQUIRE(all.failure.code == errc::none);
  CHECK(all.report.remarks.size() == 1);
  CHECK(all.report.remarks[0].what.at == 2);
  CHECK(all.report.remarks[0].column == 6);
  // The party is who is meant where the contact point is nobody's id.
  CHECK(text(*customer(all, "0PK1"), "consents") ==
        R"([{"purpose":"email_marketing","kind":"deny","at":"2024-05-01T10:00:00Z"}])");
}

TEST_CASE("map: another program's list finds people by their e-mail address") {
  const folder files;
  const std::string people =
      "Customer ID,First Name,Email,Accepts Email Marketing,Total Spent\n"
      "71,Ana,Ana@Example.com,,1\n72,Bo,bo@example.com,,1\n73,Bea,bo@example.com,,1\n";
  const std::string shop = files.write("shop.csv", people);
  const char* const withdrawn =
      R"([{"purpose":"email_marketing","kind":"withdraw","at":"2024-05-01T10:00:00Z"}])";
  SUBCASE("a no of a mailing program is the customer's of the shop") {
    const outcome all = import_of({shop, files.write("left.csv",
                                                     "Email Address,UNSUB_TIME\n"
                                                     "ana@example.com,2024-05-01 10:00:00\n"
                                                     "tom@example.net,2024-05-01 10:00:00\n")});
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    CHECK(text(*customer(all, "71"), "consents") == withdrawn);
    CHECK(all.report.left_out == 1);
  }
  SUBCASE("an address written in two ways is one customer, where it is the id") {
    const outcome all = import_of({files.write(
        "list.csv", "Vorname,Nachname,E-Mail\nAna,,Ana@Example.com\n,Ray,ana@example.com\n")});
    CHECK(all.customers.size() == 1);
  }
  SUBCASE("an address of two customers is a fault") {
    const outcome all = import_of(
        {shop, files.write("left.csv",
                           "Email Address,UNSUB_TIME\nbo@example.com,2024-05-01 10:00:00\n")});
    CHECK(all.failure.code == errc::already_exists);
  }
  SUBCASE("receipts of a consent platform, as the map says their words") {
    const outcome all = import_of(
        {shop, files.write("receipts.csv",
                           "Data Subject Identifier,Purpose,Status,Consent Date\n"
                           "ana@example.com,Email Marketing,Withdrawn,2024-05-01T10:00:00Z\n"
                           "ana@example.com,Email Marketing,NO_CONSENT,2024-05-01T10:00:00Z\n")});
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    CHECK(text(*customer(all, "71"), "consents") == withdrawn);
  }
  SUBCASE("a word that the map does not know is a fault, and no no is lost") {
    for (const char* const row : {"ana@example.com,Our club,Withdrawn,2024-05-01T10:00:00Z\n",
                                  "ana@example.com,Newsletter,Revoked,2024-05-01T10:00:00Z\n"}) {
      const outcome all = import_of(
          {shop, files.write(
                     "receipts.csv",
                     std::string("Data Subject Identifier,Purpose,Status,Consent Date\n") + row)});
      CHECK(all.failure.code != errc::none);
      CHECK(all.report.problems.size() == 1);
    }
  }
}

TEST_CASE("map: a yes or no is one, whatever its column is called") {
  const folder files;
  const char* const no = R"([{"purpose":"email_marketing","kind":"deny"}])";
  // Of a no that names no way.
  const char* const no_way = R"([{"purpose":"direct_marketing","kind":"deny"}])";
  const auto said = [&](const std::string& table) {
    const outcome all = import_of({files.write("list.csv", table)});
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    REQUIRE_FALSE(all.customers.empty());
    return text(all.customers[0], "consents");
  };
  const std::string list = "Nr;E-Mail;Vorname;";
  const std::string ana = "1;ana@example.com;Ana;";
  CHECK(said(list + "Acepta publicidad\n" + ana + "No\n") == no_way);
  CHECK(said(list + "Consenso marketing\n" + ana + "no\n") == no_way);
  CHECK(said(list + "Nieuwsbrief\n" + ana + "nee\n") == no);
  CHECK(said(list + "EMAIL_BLOCKLISTED\n" + ana + "true\n") == no);
  CHECK(said(list + "EMAIL_BLOCKLISTED\n" + ana + "false\n") == "[]");
  CHECK(said(list + "SMS\n" + ana + "+4917139200088\n") == "[]");
  CHECK(import_of({files.write("sms.csv", list + "SMS\n" + ana + "4917139200088\n")})
            .report.remarks.empty());
  // Double opt-in: a yes has the time of its confirmation, who has not confirmed has said nothing.
  const std::string states = list + "newsletter_status;confirmed_at\n";
  CHECK(said(states + ana + "confirmed;2024-02-01 10:00\n") ==
        R"([{"purpose":"email_marketing","kind":"candidate","at":"2024-02-01T10:00:00Z"}])");
  CHECK(said(states + ana + "pending;\n2;b@example.com;Bo;confirmed;2024-02-01 10:00\n") == "[]");
  CHECK(said(states + ana + "unsubscribed;2024-02-01 10:00\n") == no);
}

TEST_CASE("map: rows that lack the id are whose e-mail they have, a row of a sum is nobody's") {
  const folder files;
  const outcome all =
      import_of({files.write("list.csv",
                             "Kundenliste;;\n;;\nNr;Name;Mail\n;Ana Ray;ana@example.com\n"
                             "2;Bo Li;bo@example.com\nSumme: 2;;\n")});
  INFO(told(all));
  REQUIRE(all.failure.code == errc::none);
  REQUIRE(all.customers.size() == 2);
  CHECK(customer(all, "ana@example.com") != nullptr);
  CHECK(customer(all, "2") != nullptr);
  CHECK(all.report.left_out == 1);
}

TEST_CASE("map: who was not reached has said nothing") {
  const folder files;
  const std::string cleaned = files.write(
      "cleaned.csv",
      "Email Address,OPTIN_TIME,CONFIRM_TIME,CLEAN_TIME\nbo@example.com,,,2024-08-01 00:00:00\n");
  const std::string stays = files.write("subscribed.csv",
                                        "Email Address,First Name,OPTIN_TIME,CONFIRM_TIME\n"
                                        "bo@example.com,Bo,,2024-04-05 06:07:08\n");
  const outcome all = import_of({stays, cleaned});
  INFO(told(all));
  REQUIRE(all.customers.size() == 1);
  CHECK(text(all.customers[0], "consents") ==
        R"([{"purpose":"email_marketing","kind":"candidate","at":"2024-04-05T06:07:08Z"}])");
  REQUIRE(all.report.remarks.size() == 1);
  CHECK(std::string(all.report.remarks[0].what.text.c_str()).find("did not arrive") !=
        std::string::npos);
  // Alone it says nothing of anybody, and how to go on.
  const outcome alone = import_of({cleaned});
  CHECK(alone.failure.code == errc::missing_field);
  CHECK(std::string(alone.failure.text.c_str()).find("give that file too") != std::string::npos);
}

TEST_CASE("map: sales of a list of one's own, by the metre too") {
  const folder files;
  const std::string people = files.write("people.csv", "Nr;Vorname;Nachname\n1;Ana;Ray\n");
  const std::string head = "Kunde;Beleg;Datum;Artikel;Menge;Einzelpreis;W\xC3\xA4hrung\n";
  const auto sold = [&](const std::string& rows) {
    return import_of({people, files.write("sales.csv", head + rows)}, "DE");
  };
  const outcome all = sold(
      "1;R1;13.02.2026;Seide;2,5;12,90;EUR\n1;R1;13.02.2026;Knopf;3,000;1,00;EUR\n"
      "1;R2;14.02.2026;Band;-0,255;1,00;EUR\n");
  INFO(told(all));
  REQUIRE(all.failure.code == errc::none);
  CHECK(text(all.customers[0], "receipts") ==
        "[\"R1; Seide \xC3\x97 2.5 p3225; Knopf q3 p100\","
        "\"R2; Band \xC3\x97 0.255 q-1 p26\"]");
  CHECK(sold("1;R1;13.02.2026;Seide;0,0001;1,00;EUR\n").failure.code == errc::invalid_value);
  CHECK(sold("1;R1;13.02.2026;Seide;2,5;999999999,00;EUR\n").failure.code == errc::limit_exceeded);
  // Who has not said that parts count as one gets told.
  std::string map = all.proposal.map;
  const std::size_t at = map.find("\"as_one\"");
  REQUIRE(at != std::string::npos);
  map.replace(map.rfind(',', at), at + 8 - map.rfind(',', at), "");
  import_report report;
  CHECK_FALSE(import_set::load(*column_map::parse(map), files.path(), {}, report));
}

TEST_CASE("map: one order number in two stores is two purchases") {
  const folder files;
  const std::string people = files.write("people.csv", "Nr;Vorname;Nachname\n1;Ana;Ray\n");
  const std::string head = "Kunde;Beleg;Datum;Filiale;Artikel;Menge;Einzelpreis;W\xC3\xA4hrung\n";
  const auto sold = [&](const std::string& rows) {
    return import_of({people, files.write("sales.csv", head + rows)}, "DE");
  };
  const outcome all = sold(
      "1;R1;13.02.2026;Nord;Schal;1;12,90;EUR\n1;R1;14.02.2026;S\xC3\xBC"
      "d;Hut;1;20,00;EUR\n"
      "1;R1;13.02.2026;Nord;Knopf;2;1,00;EUR\n");
  INFO(told(all));
  REQUIRE(all.failure.code == errc::none);
  CHECK(text(all.customers[0], "receipts") ==
        R"(["R1; Schal q1 p1290; Knopf q2 p100","R1; Hut q1 p2000"])");
  // Of one store they still agree, and who does not say the store may mean any.
  for (const char* const other :
       {"1;R1;14.02.2026;Nord;Hut;1;20,00;EUR\n", "1;R1;13.02.2026;;Hut;1;20,00;EUR\n"}) {
    const outcome told_apart =
        sold(std::string("1;R1;13.02.2026;Nord;Schal;1;12,90;EUR\n") + other);
    CHECK(told_apart.failure.code == errc::invalid_value);
    CHECK(told_apart.report.problems.at(0).what.at == 3);
  }
}

TEST_CASE("map: whose a column is may stand before or behind what it is") {
  const folder files;
  const auto mapped = [&](std::string_view column, const char* cell) {
    const outcome all = import_of({files.write(
        "list.csv", "id,nickname," + std::string(column) + "\n1,Kim," + std::string(cell) + "\n")});
    INFO(told(all));
    CAPTURE(std::string(column));
    REQUIRE(all.failure.code == errc::none);
    const json::value map = json::parse(all.proposal.map);
    const json::value* const to = map.at("customers").at("columns").as_object().if_contains(column);
    if (to == nullptr) return std::string("-");
    const json::value& name = to->is_object() ? to->at("to") : *to;
    return std::string(name.as_string().c_str());
  };
  SUBCASE("the customer's") {
    const std::pair<const char*, const char*> columns[] = {
        {"Buyer Email", "emails[0].address"},
        {"Buyer City", "addresses[0].city"},
        {"Postcode (Billing)", "addresses[0].postal_code"},
        {"Address 1 - Zip", "addresses[0].postal_code"},
        {"Town (home)", "addresses[0].city"},
        {"customer_phone", "phones[0].number"},
        {"Customer's date of birth", "birth_date"},
        {"Bill To First Name", "name.given"},
        {"Ville de facturation", "addresses[0].city"},
        {"Nom du client", "name.full"},
        {"Vorname des Kunden", "name.given"},
        {"Rechnungsadresse: PLZ", "addresses[0].postal_code"},
        {"Correo electrónico del cliente", "emails[0].address"},
        {"Indirizzo di fatturazione - Città", "addresses[0].city"},
        {"Klant e-mail", "emails[0].address"}};
    for (const auto& [column, target] : columns) CHECK(mapped(column, "") == target);
  }
  SUBCASE("of whom an order was sent to, where there is no other") {
    CHECK(mapped("Ship City", "Leeds") == "addresses[0].city");
    CHECK(mapped("PLZ Lieferadresse", "01067") == "addresses[0].postal_code");
    CHECK(mapped("Code postal de livraison", "75001") == "addresses[0].postal_code");
  }
  SUBCASE("nobody's, or something else") {
    for (const char* const column :
         {"Owner Email Domain", "Ship Via", "Contact By", "Customer Type", "Client since",
          "Card City", "Supplier Name", "Shipping Total", "Recipient Id", "Buyer Note",
          "Delivery Date", "Customer", "of the"}) {
      const std::string to = mapped(column, "");
      CHECK_MESSAGE((to == "-" || std::string_view(column) == "Customer"), column, " ", to);
    }
  }
  SUBCASE("qualifiers without end take no time") {
    std::string name;
    while (name.size() < 100'000) name += "client ";
    CHECK(mapped(name + "email", "") == "-");
  }
}

TEST_CASE("map: where an order was sent to is not the customer's address beside their own") {
  const folder files;
  const outcome all = import_of({files.write(
      "orders.csv",
      "Order Number,Sale Date,Buyer Username,Buyer Name,Ship To Name,Ship To Phone,Ship To City,"
      "Buyer City,Buyer Country,Item Title,Quantity,Sold For,Currency\n"
      "12-1,14-Sep-24,kim_9,Kim Lima,Old Aunt,+351 912 345 678,Faro,Lisboa,Portugal,Scarf,1,25.00,"
      "EUR\n")});
  INFO(told(all));
  REQUIRE(all.customers.size() == 1);
  CHECK(text(all.customers[0], "name").find("Lima") != std::string::npos);
  CHECK(text(all.customers[0], "addresses").find("Lisboa") != std::string::npos);
  CHECK(all.proposal.map.find("Faro") == std::string::npos);
  CHECK(text(all.customers[0], "addresses").find("Faro") == std::string::npos);
  // The aunt's number is not the buyer's, though no other is there.
  CHECK(text(all.customers[0], "phones") == "(none)");
  CHECK(all.proposal.map.find("\"Ship To Phone\": {") == std::string::npos);
  CHECK(text(all.customers[0], "receipts") == R"(["12-1; Scarf q1 p2500"])");
  SUBCASE("one address of which a half is called so stays one") {
    const outcome half = import_of({files.write(
        "half.csv",
        "Username,Nickname,Street 1,Ship City,Ship Country\nkim_9,Kim,Rua A 5,Lisboa,Portugal\n")});
    INFO(told(half));
    REQUIRE(half.customers.size() == 1);
    CHECK(text(half.customers[0], "addresses") ==
          R"([{"line1":"Rua A 5","city":"Lisboa","country":"PT"}])");
  }
}

TEST_CASE("map: numbers of persons and of accounts are no phones") {
  const folder files;
  for (const char* const header : {"Personnummer", "CPF", "RIB", "Kontonummer", "SSN",
                                   "Codice fiscale", "IBAN", "Passport No.", "spouse phone"}) {
    CAPTURE(std::string(header));
    const outcome all =
        import_of({files.write("list.csv", "id,nickname," + std::string(header) +
                                               "\n1,Kim,0612345678\n2,Bo,0612345679\n")},
                  "FR");
    INFO(told(all));
    REQUIRE(all.customers.size() == 2);
    CHECK(text(all.customers[0], "phones") == "(none)");
  }
}

TEST_CASE("map: tags are kept, and a no among them is heard") {
  const folder files;
  const outcome all = import_of({files.write(
      "list.csv", "id,email,Customer Group\n1,a@example.org,VIP\n2,b@example.org,Silk\n")});
  INFO(told(all));
  REQUIRE(all.customers.size() == 2);
  CHECK(text(all.customers[0], "tags") == R"(["VIP"])");
  const outcome no = import_of({files.write(
      "no.csv", "id,email,Customer Group\n1,a@example.org,VIP\n2,b@example.org,unsubscribed\n")});
  INFO(told(no));
  REQUIRE(no.customers.size() == 2);
  CHECK(text(no.customers[1], "consents").find("deny") != std::string::npos);
}

TEST_CASE("map: an order that was taken back is no purchase, and is told") {
  const folder files;
  SUBCASE("of Shopify: by its state or its day, in all its rows") {
    const outcome all = import_of({files.write(
        "orders.csv",
        "Name,Email,Financial Status,Currency,Total,Created at,Cancelled at,Lineitem quantity,"
        "Lineitem name,Lineitem price\n"
        "#1,ann@example.org,paid,EUR,30.00,2024-05-01 10:00:00 +0200,,1,Scarf,10.00\n"
        "#1,ann@example.org,,,,2024-05-01 10:00:00 +0200,,2,Hat,10.00\n"
        "#2,ann@example.org,refunded,EUR,25.00,2024-05-02 10:00:00 +0200,,1,Gloves,12.50\n"
        "#2,ann@example.org,,,,2024-05-02 10:00:00 +0200,,1,Belt,12.50\n"
        "#3,bob@example.org,paid,EUR,12.50,2024-05-02 10:00:00 +0200,2024-05-03 10:00:00 +0200,1,"
        "Gloves,12.50\n"
        "#4,bob@example.org,partially_refunded,EUR,12.50,2024-05-02 10:00:00 "
        "+0200,,1,Cap,12.50\n")});
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    CHECK(all.report.undone == 2);
    REQUIRE(all.customers.size() == 2);
    CHECK(text(all.customers[0], "receipts") == R"(["#1; Scarf q1 p1000; Hat q2 p1000"])");
    CHECK(text(all.customers[1], "receipts") == R"(["#4; Cap q1 p1250"])");
    REQUIRE(all.report.remarks.size() == 2);
    CHECK(all.report.remarks[0].what.at == 4);
    CHECK(all.report.remarks[1].what.at == 6);
  }
  SUBCASE("of a list of sales: by the words of its state, and `no` is none") {
    const std::string people = files.write("people.csv", "Nr;Vorname;Nachname\n1;Ana;Ray\n");
    const outcome all = import_of(
        {people,
         files.write("sales.csv",
                     "Kunde;Beleg;Datum;Artikel;Menge;Einzelpreis;W\xC3\xA4hrung;Bestellstatus;"
                     "Storniert am\n"
                     "1;R1;13.02.2026;Schal;1;12,90;EUR;bezahlt;\n"
                     "1;R2;13.02.2026;Hut;1;20,00;EUR;wc-refunded;\n"
                     "1;R3;13.02.2026;Hut;1;20,00;EUR;Storniert;\n"
                     "1;R4;13.02.2026;Knopf;2;1,00;EUR;;00.00.0000\n"
                     "1;R5;13.02.2026;Knopf;2;1,00;EUR;;14.02.2026\n")},
        "DE");
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    CHECK(all.report.undone == 3);
    const outcome states =
        import_of({people, files.write("states.csv",
                                       "Kunde;Beleg;Datum;Artikel;Menge;Einzelpreis;Währung;State\n"
                                       "1;R1;13.02.2026;Schal;1;12,90;EUR;bezahlt\n"
                                       "1;R2;13.02.2026;Hut;1;20,00;EUR;storniert durch Kunde\n"
                                       "1;R3;13.02.2026;Hut;1;20,00;EUR;Canceled by customer\n"
                                       "1;R4;13.02.2026;Hut;1;20,00;EUR;widerrufen\n"
                                       "1;R5;13.02.2026;Hut;1;20,00;EUR;Devuelto\n")},
                  "DE");
    INFO(told(states));
    REQUIRE(states.failure.code == errc::none);
    CHECK(states.report.undone == 4);
    CHECK(text(states.customers[0], "consents") == "[]");
    CHECK(text(states.customers[0], "receipts") == R"(["R1; Schal q1 p1290"])");
    const outcome back = import_of(
        {people,
         files.write("back.csv",
                     "Kunde;Beleg;Datum;Artikel;Menge;Einzelpreis;Währung;Transaction type\n"
                     "1;R1;13.02.2026;Schal;2;12,90;EUR;Sale\n"
                     "1;R2;14.02.2026;Schal;-1;12,90;EUR;Return\n")},
        "DE");
    INFO(told(back));
    REQUIRE(back.failure.code == errc::none);
    CHECK(back.report.undone == 0);
    CHECK(text(back.customers[0], "receipts") == R"(["R1; Schal q2 p1290","R2; Schal q-1 p1290"])");
    // A list of orders that tells who has unsubscribed says no.
    const outcome left =
        import_of({files.write("left.csv",
                               "Order,Sale date,Item,Quantity,Email,Status\n"
                               "1,14-Sep-24,Hat,1,ann@example.org,subscribed\n"
                               "2,14-Sep-24,Hat,1,bob@example.org,unsubscribed\n")});
    INFO(told(left));
    REQUIRE(left.customers.size() == 2);
    CHECK(text(left.customers[1], "consents").find("deny") != std::string::npos);
    // What became of an order is a column that the map knows, and no file that it leaves out.
    const auto map = column_map::parse(all.proposal.map);
    REQUIRE(map);
    CHECK(map->files_left_out() == 0);
    CHECK(text(all.customers[0], "receipts") == R"(["R1; Schal q1 p1290","R4; Knopf q2 p100"])");
  }
}

TEST_CASE("map: a list of links to addresses is one of addresses") {
  const folder files;
  for (const char* const list : {"Adresse\nmailto:ann@example.com\nmailto:bo@example.com\n",
                                 "E-Mail\nmailto:ann@example.com\nMAILTO:bo@example.com\n",
                                 "Adresse\nann@example.com\nbo@example.com\n",
                                 "mailto:ann@example.com\nmailto:bo@example.com\n",
                                 "Kontakt\nAnn <ann@example.com>\nBo <mailto:bo@example.com>\n"}) {
    const outcome all = import_of({files.write("list.csv", list)});
    CAPTURE(list);
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    REQUIRE(all.customers.size() == 2);
    CHECK(text(all.customers[0], "emails") == R"(["ann@example.com"])");
    CHECK(text(all.customers[1], "emails") == R"(["bo@example.com"])");
    CHECK(text(all.customers[0], "notes") == "(none)");
  }
}

TEST_CASE("map: numbers of orders are no comments, whatever they begin with") {
  const folder files;
  const outcome all = import_of({files.write(
      "orders.csv",
      "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name\n"
      "#1,ana@example.com,paid,EUR,30.00,2024-05-01 10:00:00 +0200,1,Scarf\n"
      "#1,ana@example.com,,,,2024-05-01 10:00:00 +0200,2\n"
      "#2,ana@example.com,paid,EUR,5.00,2024-05-02 10:00:00 +0200,1,Hat\n")});
  CHECK(all.failure.code == errc::missing_field);
  REQUIRE(all.report.problems.size() == 1);
  CHECK(all.report.problems[0].what.at == 3);
  const auto numbered = sniff_csv("#,Name,Mail\n1,Ana,ana@example.com\n2,Bo,bo@example.com\n");
  REQUIRE(numbered);
  CHECK(numbered->comment == '\0');
  CHECK(numbered->header == csv_dialect::header_row::present);
  const auto commented = sniff_csv("# of May\nName,Mail\nAna,ana@example.com\n# end\n");
  REQUIRE(commented);
  CHECK(commented->comment == '#');
}

TEST_CASE("map: a month alone is no birthday, and is kept where the list is of months") {
  const folder files;
  const outcome some = import_of({files.write("list.csv",
                                              "Nr;Name;Geburtstag\n1;Ana Ray;M\xC3\xA4rz 1985\n"
                                              "2;Bo Li;03/1985\n3;Cy Do;--03\n4;Di Ro;1985\n"
                                              "5;Ed Wu;13.04.1985\n")});
  INFO(told(some));
  REQUIRE(some.failure.code == errc::none);
  CHECK(some.customers.size() == 5);
  CHECK(some.report.remarks.size() == 4);
  CHECK(text(*customer(some, "1"), "birth_date") == "(none)");
  CHECK(text(*customer(some, "5"), "birth_date") == R"("1985-04-13")");
  const outcome months = import_of({files.write("months.csv",
                                                "Nr;Name;Geburtsmonat\n1;Ana Ray;M\xC3\xA4rz\n"
                                                "2;Bo Li;3\n3;Cy Do;03.1985\n")});
  INFO(told(months));
  REQUIRE(months.failure.code == errc::none);
  for (const json::object& one : months.customers) {
    CHECK(text(one, "special_days") == R"(["--03-01"])");
  }
  CHECK(months.proposal.map.find("the month alone is known") != std::string::npos);
}

TEST_CASE("map: signs that nobody sees are none of a value's") {
  const folder files;
  const outcome all = import_of(
      {files.write("list.csv",
                   "Nr,First name,Last name,Phone,Email\n\u200e1,\u2068Ana\u2069,Ray\u200b,"
                   "\u202a+44 7700 900123\u202c,\ufeffana@example.com\n")});
  INFO(told(all));
  REQUIRE(all.failure.code == errc::none);
  const json::object* const ana = customer(all, "1");
  REQUIRE(ana != nullptr);
  CHECK(text(*ana, "name") == R"({"given":"Ana","family":"Ray"})");
  CHECK(text(*ana, "phones") == R"(["+447700900123"])");
  CHECK(text(*ana, "emails") == R"(["ana@example.com"])");
}

TEST_CASE("map: a spreadsheet's apostrophe before an address is none of it") {
  const folder files;
  const outcome all = import_of({files.write("list.csv",
                                             "Customer ID,Last Name,Email\n"
                                             "71,'t Hooft,'ann@example.com\n"
                                             "72,Ray,o'neil@example.com\n"
                                             "73,Lee,'o'neil@example.net\n")});
  INFO(told(all));
  REQUIRE(all.failure.code == errc::none);
  CHECK(text(*customer(all, "71"), "emails").find("\"ann@example.com\"") != std::string::npos);
  CHECK(text(*customer(all, "71"), "name").find("'t Hooft") != std::string::npos);
  CHECK(text(*customer(all, "72"), "emails").find("\"o'neil@example.com\"") != std::string::npos);
  CHECK(text(*customer(all, "73"), "emails").find("\"'o'neil@example.net\"") != std::string::npos);
}

TEST_CASE("map: a file that the map has no place for is named in it") {
  const folder files;
  const std::vector<std::string> paths{
      files.write("list.csv", "Customer ID,Last Name,Email\n71,Ray,ana@example.com\n"),
      files.write("no.csv", "email,unsubscribed\nana@example.com,yes\n"),
      files.write("rooms.csv", "Room,Floor\nblue,2\n")};
  const auto proposal = propose_column_map(paths, {});
  REQUIRE(proposal);
  for (const map_proposal::file& each : proposal->files) {
    CAPTURE(each.name);
    CHECK(each.used == (each.name == "list.csv"));
    CHECK(proposal->map.find('"' + each.name + '"') != std::string::npos);
  }
  CHECK(column_map::parse(proposal->map));
}

TEST_CASE("map: a file without a row below its header is no import") {
  const folder files;
  const outcome all = import_of({files.write("empty.csv", "Nr;Vorname;Nachname\n")});
  CHECK(all.failure.code == errc::missing_field);
  CHECK(std::string(all.failure.text.c_str()).find("nothing to import") != std::string::npos);
}

TEST_CASE("map: lists of those who left go with the customers, and nobody else's no is a fault") {
  const folder files;
  const std::string stays =
      files.write("subscribed.csv",
                  "Email Address,First Name,OPTIN_TIME,CONFIRM_TIME\n"
                  "Ana@Example.com,Ana,,\nbo@example.com,Bo,,2024-04-05 06:07:08\n");
  const std::string left =
      files.write("unsubscribed.csv",
                  "Email Address,OPTIN_TIME,CONFIRM_TIME,UNSUB_TIME\n"
                  "ana@example.com,,,2024-07-01 10:00:00\ntom@example.net,,,2022-01-01 00:00:00\n");
  const std::string cleaned = files.write(
      "cleaned.csv", "Email Address,OPTIN_TIME,CLEAN_TIME\nbo@example.com,,2024-08-01 00:00:00\n");
  const outcome all = import_of({left, stays, cleaned});
  INFO(told(all));
  REQUIRE(all.failure.code == errc::none);
  REQUIRE(all.customers.size() == 2);
  CHECK(text(all.customers[0], "consents") ==
        R"([{"purpose":"email_marketing","kind":"candidate without time"},)"
        R"({"purpose":"email_marketing","kind":"withdraw","at":"2024-07-01T10:00:00Z"}])");
  CHECK(text(all.customers[1], "consents") ==
        R"([{"purpose":"email_marketing","kind":"candidate","at":"2024-04-05T06:07:08Z"}])");
  CHECK(all.report.left_out == 1);
}

TEST_CASE("sniff: what is no table is called what it is") {
  struct other {
    std::string begins;
    const char* says;
  };
  const other others[] = {
      {std::string("PK\x03\x04") + "....[Content_Types].xml....xl/workbook.xml", "xlsx"},
      {std::string("PK\x03\x04") + "mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "ods"},
      {std::string("PK\x03\x04") + "kunden.csv", "zip"},
      {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1........", "xls"},
      {"%PDF-1.7\n", "PDF"},
      {"BEGIN:VCARD\r\nVERSION:3.0\r\n", "vCards"},
      {"<!DOCTYPE html><html>", "web page"},
      {"[{\"id\": 1, \"name\": \"Ana\"}]", "JSON"},
      {"GIF89a", "picture"},
  };
  for (const other& each : others) {
    CAPTURE(each.says);
    const auto found = sniff_csv(each.begins);
    REQUIRE_FALSE(found);
    CHECK(found.error().code == errc::unsupported);
    CHECK(std::string(found.error().text.c_str()).find(each.says) != std::string::npos);
    // The strict reader says so too: nobody has to sniff first.
    const auto read = csv_reader::open(memory_source(each.begins));
    REQUIRE_FALSE(read);
    CHECK(read.error().code == errc::unsupported);
  }
  CHECK(sniff_csv("").error().code == errc::missing_field);
  CHECK(sniff_csv(std::string("a,b\n1,\0\n", 8)).error().code == errc::invalid_encoding);
  CHECK(sniff_csv("a,b\n\xB1\xE0\xBA\xC5\xB1\xE0\xBA\xC5,\xB1\xE0\xBA\xC5\n").error().code ==
        errc::invalid_encoding);
}

TEST_CASE("sniff: encodings and delimiters") {
  const auto found = [](std::string_view text) {
    const auto how = sniff_csv(text);
    REQUIRE(how);
    return *how;
  };
  CHECK(found("a;b\n1,5;2\n1,7;3\n").delimiter == ';');
  CHECK(found("a\tb\n1,5\t2\n").delimiter == '\t');
  CHECK(found("a|b\n1|2\n").delimiter == '|');
  CHECK(found("sep=;\r\na;b\r\n1;2\r\n").skip_lines == 1);
  CHECK(found("n,b\nRen\xE9,2\n").encoding == text_encoding::windows_1252);
  CHECK(found("n,b\nRen\xC3\xA9,2\n").encoding == text_encoding::utf8);
  CHECK(found(std::string("\xFF\xFE"
                          "a\0,\0b\0\n\0001\0,\0002\0\n\0",
                          18))
            .encoding == text_encoding::utf16le);
  CHECK(found(std::string("\0a\0,\0b\0\n\0001\0,\0002\0\n", 16)).encoding ==
        text_encoding::utf16be);
  const csv_dialect title =
      found("Customers of the shop,,\nas of May,,\n,,\nname,mail,tel\nA,a@example.com,1\nB,,2\n");
  CHECK(title.skip_lines == 3);
  CHECK(title.header == csv_dialect::header_row::present);
  CHECK(found("# made by a till\nname,mail\nA,b\n").comment == '#');
}

TEST_CASE("sniff: files that break importers are taken, or refused for what is wrong with them") {
  const auto robust = testing::data("csv-robustness");
  if (!robust) return;
  // Everything that is not named here is taken whole.
  const std::map<std::string, std::pair<errc, std::uint64_t>> faults = {
      {"commons-csv/CSV-141-csv-141.csv", {errc::invalid_encoding, 3}},       // text behind quotes
      {"commons-csv/CSVFileParser-README.txt", {errc::invalid_encoding, 5}},  // prose
      {"commons-csv/CSVFileParser-test_rfc4180.txt",
       {errc::invalid_encoding, 8}},  // no table either
      {"commons-csv/empty.txt", {errc::missing_field, 1}},
      {"messytables/characters.csv", {errc::invalid_encoding, 0}},    // GBK
      {"messytables/simple.unknown", {errc::missing_field, 1}},       // one line end
      {"univocity/iterating_test.csv", {errc::invalid_encoding, 6}},  // rows of other widths
      {"univocity/master_detail.csv", {errc::invalid_encoding, 3}},
      {"univocity/multi_schema.csv", {errc::invalid_encoding, 2}},
      {"univocity/test.csv", {errc::invalid_encoding, 1}},
  };
  std::size_t taken = 0, refused = 0;
  for (const auto& each : std::filesystem::recursive_directory_iterator(*robust)) {
    const std::string name = std::filesystem::relative(each.path(), *robust).string();
    if (!each.is_regular_file() || name.ends_with(".json") || name == "SOURCE.md") continue;
    CAPTURE(name);
    error first;
    const auto how = sniff_csv_file(each.path().string());
    if (!how) {
      first = how.error();
    } else {
      auto reader = csv_reader::open_file(each.path().string(), *how);
      if (!reader) first = reader.error();
      while (first.code == errc::none) {
        const auto more = reader->next();
        if (!more) first = more.error();
        if (more && !*more) break;
      }
    }
    const auto fault = faults.find(name);
    CHECK(first.code == (fault == faults.end() ? errc::none : fault->second.first));
    CHECK(first.at == (fault == faults.end() ? 0 : fault->second.second));
    ++(first.code == errc::none ? taken : refused);
  }
  MESSAGE("taken: " << taken << ", refused: " << refused);
  CHECK(taken + refused == 89);
  CHECK(refused == faults.size());
}

TEST_CASE("sniff: a first row of somebody's data is no header") {
  const auto header = [](std::string_view text) {
    const auto how = sniff_csv(text);
    REQUIRE(how);
    return how->header == csv_dialect::header_row::present;
  };
  CHECK(header("name,mail\nAna,a@example.com\n"));
  CHECK(header("city,2000,2001\nBonn,1,2\n"));
  CHECK_FALSE(header("Ana,a@example.com\nBo,b@example.com\n"));
  CHECK_FALSE(header("Ana,1980-03-12\nBo,1981-03-12\n"));
  CHECK_FALSE(header("Ana,0171392001\nBo,0171392002\n"));
  CHECK_FALSE(header("1,null,0\n2,0,0\n"));
}

TEST_CASE("csv: a file as it was found is read mildly, and what slips is still a fault") {
  csv_dialect how;
  how.rules = csv_dialect::strictness::as_found;
  how.delimiter = ';';
  const auto rows = [&](std::string_view text) {
    auto reader = csv_reader::open(memory_source(text), how);
    REQUIRE(reader);
    std::vector<std::string> out;
    for (const std::string& each : reader->header()) out.push_back(each);
    for (;;) {
      const auto more = reader->next();
      if (!more) {
        out.push_back("fault in line " + std::to_string(more.error().at));
        continue;
      }
      if (!*more) return out;
      std::string row;
      for (const auto cell : reader->cells()) row += "<" + std::string(cell) + ">";
      out.push_back(row);
    }
  };
  using list = std::vector<std::string>;
  CHECK(rows("a ;;a\n1\n;;\n\n2;3;4;;\n") ==
        list{"a", "column 2", "a (2)", "<1><><>", "<2><3><4>"});
  CHECK(rows("a;b\r1;2\r3;\"x\ry\"\r") == list{"a", "b", "<1><2>", "<3><x\ry>"});
  CHECK(rows("a;b\n1;5\" wide\n2; \"q\" \n") == list{"a", "b", "<1><5\" wide>", "<2><q>"});
  CHECK(rows("a;b\n1;2;3\n4;5\n") == list{"a", "b", "fault in line 2", "<4><5>"});
  how.escape = '\\';
  CHECK(rows("a;b\n1;\"x \\\"y\\\" z\"\n") == list{"a", "b", "<1><x \"y\" z>"});
  how.skip_lines = 2;
  CHECK(rows("a title\nof \"two lines\na;b\n1;2\n") == list{"a", "b", "<1><2>"});
}

TEST_CASE("map: the cases beside the project come out as expected") {
  const auto cases = testing::data("../cases/import");
  if (!cases) return;
  int compared = 0;
  for (const auto& each : std::filesystem::directory_iterator(*cases)) {
    const std::string file = each.path().filename().string();
    if (!file.ends_with(".expected.json")) continue;
    const json::value expected = json::parse(slurp(each.path()));
    std::string table = each.path().string();
    table.resize(table.size() - std::string_view(".expected.json").size());
    std::vector<std::string> paths{table};
    if (const auto* with = expected.as_object().if_contains("with")) {
      paths.push_back((*cases / with->as_string().c_str()).string());
    }
    if (const auto* with = expected.as_object().if_contains("goes_with");
        with && with->is_array()) {
      for (const auto& other : with->as_array()) {
        paths.push_back((*cases / other.as_string().c_str()).string());
      }
    }
    if (expected.at("customers").to_number<int>() == 0) continue;
    const auto* region = expected.as_object().if_contains("region");
    const outcome all = import_of(paths, region != nullptr ? region->as_string().c_str() : "");
    CAPTURE(file);
    INFO(told(all));
    CHECK(all.failure.code == errc::none);
    CHECK(all.customers.size() == expected.at("customers").to_number<std::size_t>());
    for (const json::value& kept : expected.at("kept").as_array()) {
      const json::object* const one = customer(all, kept.at("id").as_string().c_str());
      CAPTURE(json::serialize(kept));
      CHECK(one != nullptr);
      if (one == nullptr) continue;
      CAPTURE(json::serialize(*one));
      for (const auto& member : kept.as_object()) {
        CAPTURE(member.key().data());
        CHECK(one->contains(member.key()));
        if (one->contains(member.key())) CHECK(one->at(member.key()) == member.value());
      }
    }
    ++compared;
  }
  CHECK(compared == 13);
}

TEST_CASE("map: a row of a sum is nobody, and a name in two lines is one") {
  const folder files;
  const outcome all = import_of({files.write(
      "list.csv",
      "Nr;Name;Mail;Betrag\n1;\"Ana\nWeber\";a@x.example;3\nSumme;1;;3\nGrand total;1;;3\n"
      "Total;Bo Li;bo@x.example;1\n")});
  INFO(told(all));
  REQUIRE(all.failure.code == errc::none);
  REQUIRE(all.customers.size() == 2);
  CHECK(text(all.customers[0], "name") == R"({"given":"Ana","family":"Weber"})");
  CHECK(text(all.customers[1], "emails") == R"(["bo@x.example"])");
  CHECK(all.report.left_out == 2);
}

TEST_CASE("map: a column of a number sign is one of numbers") {
  const folder files;
  for (const char* const header : {"Customer #", "Customer#", "#", "Card #"}) {
    CAPTURE(header);
    const outcome all = import_of({files.write(
        "list.csv", std::string(header) + ",First,Last,Email\nA7,Ann,Ray,ann@x.example\n")});
    INFO(told(all));
    REQUIRE(all.customers.size() == 1);
    CHECK(all.customers[0].at("id").as_string() == "A7");
  }
}

TEST_CASE("map: a word for customer beside one for number is a column of ids, in any language") {
  const folder files;
  const auto is_id = [&](const char* header) {
    const outcome all = import_of({files.write(
        "list.csv", std::string(header) + ";Email\nA7;ann@x.example\nA8;bo@x.example\n")});
    const auto columns = json::parse(all.proposal.map).at("customers").at("columns").as_object();
    const json::value* const to = columns.if_contains(header);
    return to != nullptr && *to == "external_id";
  };
  for (const char* const header :
       {"Klantnr",
        "Klientennummer",
        "Clientennr",
        "Klantnr.",
        "Klant-nr",
        "Klantnummer",
        "Klantcode",
        "Debiteurnummer",
        "Relatienr",
        "Cust #",
        "Cust. No.",
        "CustNo",
        "Client #",
        "Customer ID",
        "Customer No",
        "Customer Number",
        "Customer Code",
        "Customer Ref",
        "Customer Ref.",
        "CustomerID",
        "customer_number",
        "Customer's Number",
        "Number of customer",
        "ID Customer",
        "Kd.-Nr.",
        "KdNr",
        "Kd-Nr",
        "Kundnr",
        "Kunden-Nr.",
        "Kundencode",
        "Kundenkennung",
        "Debitorennummer",
        "Debitor Nr.",
        "Nr. Kunde",
        "Kundenummer",
        "Kundenr.",
        "Kundnummer",
        "Kund-ID",
        "N\u00b0 client",
        "N\u00ba client",
        "No client",
        "N\u00b0 de client",
        "Num\u00e9ro du client",
        "Code client",
        "R\u00e9f. client",
        "Identifiant client",
        "Cod. cliente",
        "Codice cliente",
        "N. cliente",
        "C\u00f3d. cliente",
        "C\u00f3digo do cliente",
        "N.\u00ba de cliente",
        "N\u00ba cliente",
        "Id. del cliente",
        "ClienteID",
        "Nr klienta",
        "Numer klienta",
        "Kod klienta",
        "ID klienta",
        "\u010c\u00edslo z\u00e1kazn\u00edka",
        "Z\u00e1kaznick\u00e9 \u010d\u00edslo",
        "K\u00f3d odberate\u013ea",
        "\u00dcgyf\u00e9lsz\u00e1m",
        "\u00dcgyf\u00e9l azonos\u00edt\u00f3",
        "Vev\u0151k\u00f3d",
        "Asiakasnumero",
        "Asiakasnro",
        "Asiakastunnus",
        "Cod client",
        "Num\u0103rul clientului",
        "\u0160ifra kupca",
        "Broj klijenta",
        "\u0160tevilka stranke",
        "Klienta numurs",
        "Kliento kodas",
        "Kliendi number",
        "M\u00fc\u015fteri No",
        "M\u00fc\u015fteri Numaras\u0131",
        "M\u00fc\u015fteri Kodu",
        "\u0391\u03c1. \u03c0\u03b5\u03bb\u03ac\u03c4\u03b7",
        "\u0391\u03c1\u03b9\u03b8\u03bc\u03cc\u03c2 \u03c0\u03b5\u03bb\u03ac\u03c4\u03b7",
        "\u039a\u03c9\u03b4\u03b9\u03ba\u03cc\u03c2 \u03c0\u03b5\u03bb\u03ac\u03c4\u03b7",
        "\u2116 \u043a\u043b\u0438\u0435\u043d\u0442\u0430",
        "Номер клиента",
        "Клиентский номер",
        "Код покупателя",
        "Номер клієнта",
        "رقم العميل",
        "كود العميل",
        "מספר לקוח",
        "קוד לקוח",
        "รหัสลูกค้า",
        "หมายเลขลูกค้า",
        "客户编号",
        "客户代码",
        "客户ID",
        "顾客编号",
        "客戶編號",
        "顧客番号",
        "顧客コード",
        "お客様番号",
        "고객번호",
        "고객 코드",
        "M\u00e3 kh\u00e1ch h\u00e0ng",
        "Kode pelanggan",
        "ID Pelanggan"}) {
    CAPTURE(std::string(header));
    CHECK(is_id(header));
  }
  // A word more, or another, makes it something else.
  for (const char* const header :
       {"Customers", "Client", "Kunde seit", "Customer notes", "Number of orders", "Clientele",
        "Kundenkarte", "Kunden", "Customer group", "Customer Number of orders", "Nocturne",
        "Customer code name", "Kundengruppe Nr"}) {
    CAPTURE(std::string(header));
    CHECK_FALSE(is_id(header));
  }
}

TEST_CASE("map: money that went out makes the shop no customer") {
  const folder files;
  const std::string head =
      "Date,Name,Status,Currency,Gross,From Email Address,To Email Address,Transaction ID,Item "
      "Title";
  const std::string shop = "shop@boutique.example";
  const auto row = [&](const char* gross, const std::string& from, const std::string& to, int id) {
    return "1" + std::to_string(id) + "/11/2026,Ann Ray,Completed,GBP," + gross + "," + from + "," +
           to + ",T" + std::to_string(id) + ",Coat";
  };
  const std::string paid = row("120.00", "ann@example.com", shop, 3);
  const std::string back = row("-120.00", shop, "ann@example.com", 4);
  const std::string spent =
      row("\xE2\x88\x92"
          "9.00",
          shop, "", 5);
  for (const std::string& table :
       {head + "\n" + paid + "\n" + back + "\n" + spent + "\n",
        head + ",Balance Impact\n" + paid + ",Credit\n" + back + ",Debit\n" + spent + ",Debit\n"}) {
    const outcome all = import_of({files.write("paid.csv", table)}, "GB");
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    REQUIRE(all.customers.size() == 1);
    CHECK(text(all.customers[0], "emails") == R"(["ann@example.com"])");
    CHECK(all.report.left_out == 2);
    CHECK(all.report.remarks.size() == 2);
  }
  // Of a list of sales without a receiver a return is its customer's.
  const outcome sales = import_of(
      {files.write(
          "sales.csv",
          "Date,Customer ID,Email,Receipt,Item,Gross\n13/11/2026,1,ann@example.com,R1,Coat,"
          "120.00\n14/11/2026,1,ann@example.com,R2,Coat,-120.00\n")},
      "GB");
  INFO(told(sales));
  REQUIRE(sales.customers.size() == 1);
  CHECK(sales.report.left_out == 0);
  CHECK(sales.customers[0].at("receipts").as_array().size() == 2);
}

TEST_CASE("column map: a row that is left out says its no all the same") {
  const folder files;
  files.write("list.csv",
              "id,email,kind,newsletter\n1,ann@example.com,sale,\n2,bo@example.com,Test 7,no\n");
  const auto map = column_map::parse(
      R"({"format": "clientbook column map 1", "system": "till", "customers": {"file": "list.csv",
          "format": {"delimiter": ","}, "columns": {"id": "external_id", "email": "emails[0].address"},
          "left_out": {"kind": ["test*"]},
          "consent": {"newsletter": {"no": [{"kind": "deny", "purposes": ["email_marketing"]}]}}}})");
  REQUIRE(map);
  import_report report;
  const auto set = import_set::load(*map, files.path(), {}, report);
  REQUIRE(set);
  CHECK(set->customers() == 1);
  CHECK(report.left_out == 1);
  std::string noes;
  REQUIRE(set->for_each([&](const import_customer& one) -> result<void> {
    if (one.left_out && !one.consents.empty()) noes += one.external_id;
    return {};
  }));
  CHECK(noes == "2");
}

TEST_CASE("map: amounts of several currencies are each in the one that stands there") {
  const folder files;
  const auto currencies = [&](const std::vector<std::string>& amounts, const char* region) {
    std::string table = "Order;Date;Customer ID;Email;Item;Amount\n";
    int order = 0;
    for (const std::string& each : amounts) {
      table += std::to_string(++order) + ";13.11.2026;1;ann@example.com;Coat;" + each + "\n";
    }
    const auto proposal =
        propose_column_map(std::vector{files.write("sales.csv", table)}, {.region = region});
    REQUIRE(proposal);
    const auto map = column_map::parse(proposal->map);
    REQUIRE(map);
    import_report report;
    const auto set = import_set::load(*map, files.path(), {}, report);
    if (!set) return "line " + std::to_string(report.problems.at(0).what.at);
    std::string out;
    REQUIRE(set->for_each([&](const import_customer& one) -> result<void> {
      for (const import_receipt& each : one.receipts) {
        out += (out.empty() ? "" : " ") + std::string(each.head.currency) +
               std::to_string(each.head.total.value_or(0));
      }
      return {};
    }));
    return out;
  };
  CHECK(currencies({"\xC2\xA3 120.00", "\xE2\x82\xAC 60.00", "CHF 40.00", "1,200 JPY"}, "GB") ==
        "GBP12000 EUR6000 CHF4000 JPY1200");
  CHECK(currencies({"$ 120.00", "\xE2\x82\xAC 60.00"}, "CA") == "CAD12000 EUR6000");
  CHECK(currencies({"\xC2\xA3 120.00", "\xC2\xA3 60.00"}, "DE") == "GBP12000 GBP6000");
  // A sign that is several countries', and an amount without any, are of the shop's own, or faults.
  CHECK(currencies({"$ 120.00", "\xE2\x82\xAC 60.00"}, "DE") == "line 2");
  CHECK(currencies({"\xC2\xA3 120.00", "60.00"}, "DE") == "line 2");
}

TEST_CASE("map: a suburb is a part of the town beside it, and the town where there is none") {
  const folder files;
  const auto address = [&](const char* header, const char* cells) {
    const outcome all =
        import_of({files.write("list.csv", std::string("Customer ID,Email,Street,") + header +
                                               "\n1,ann@example.com,1 High St," + cells + "\n")});
    INFO(told(all));
    REQUIRE(all.customers.size() == 1);
    const json::object one = all.customers[0].at("addresses").as_array().at(0).as_object();
    return text(one, "line3") + " " + text(one, "city");
  };
  CHECK(address("Suburb,City", "Ponsonby,Auckland") == R"("Ponsonby" "Auckland")");
  CHECK(address("City,Suburb", "Auckland,Ponsonby") == R"("Ponsonby" "Auckland")");
  CHECK(address("Bairro,Cidade", "Lapa,Rio") == R"("Lapa" "Rio")");
  CHECK(address("Suburb,Postcode", "Richmond,3121") == R"((none) "Richmond")");
}

TEST_CASE("map: a row below merged cells is one more line of the order above") {
  const folder files;
  const std::string people = files.write("people.csv",
                                         "Customer ID,First name,Email\n1,Ann,ann@example.com\n"
                                         "2,Bo,bo@example.com\n");
  const auto orders = [&](const char* rows) {
    return import_of({people, files.write("orders.csv", "Customer ID,Date,Receipt,Item,Price\n" +
                                                            std::string(rows))},
                     "GB");
  };
  const outcome all = orders(
      "1,13/11/2026,R1,Coat,120.00\n,,,Scarf,30.00\n2,14/11/2026,R2,Hat,25.00\n,,,Belt,9.00\n");
  INFO(told(all));
  REQUIRE(all.failure.code == errc::none);
  REQUIRE(all.customers.size() == 2);
  CHECK(text(all.customers[0], "receipts") == R"(["R1; Coat p12000; Scarf p3000"])");
  CHECK(text(all.customers[1], "receipts") == R"(["R2; Hat p2500; Belt p900"])");
  REQUIRE(all.report.remarks.size() == 1);
  CHECK(all.report.remarks[0].what.at == 3);
  // A sale of nobody, a sum, and what stands below either is nobody's.
  const outcome nobodys = orders(
      "1,13/11/2026,R1,Coat,120.00\n,14/11/2026,R2,Hat,25.00\n,,,Belt,9.00\n"
      "2,15/11/2026,R3,Sock,9.00\n,,,Total,163.00\n,,,,163.00\n");
  INFO(told(nobodys));
  REQUIRE(nobodys.customers.size() == 2);
  CHECK(text(nobodys.customers[0], "receipts") == R"(["R1; Coat p12000"])");
  CHECK(text(nobodys.customers[1], "receipts") == R"(["R3; Sock p900"])");
  CHECK(nobodys.report.left_out == 4);
}

TEST_CASE("map: sums that differ within an order are its lines'") {
  const folder files;
  const auto receipts = [&](const std::string& table) {
    const outcome all = import_of({files.write("sales.csv", table)}, "GB");
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    REQUIRE(all.report.problems.empty());
    REQUIRE(all.customers.size() == 1);
    return text(all.customers[0], "receipts");
  };
  const std::string head = "Customer ID,Email,Date,Receipt,Item,";
  const std::string one = "1,ann@example.com,13/11/2026,R1,";
  CHECK(receipts(head + "Amount\n" + one + "Coat,120.00\n" + one + "Scarf,30.00\n") ==
        R"(["R1; Coat p12000; Scarf p3000"])");
  CHECK(receipts(head + "Qty,Price,Total\n" + one + "Coat,1,120.00,120.00\n" + one +
                 "Scarf,2,15.00,30.00\n") == R"(["R1; Coat q1 p12000; Scarf q2 p1500"])");
  CHECK(receipts(head + "Amount\n" + one + "Coat,120.00\n,,,,Scarf,30.00\n,,,,Total,150.00\n") ==
        R"(["R1; Coat p12000; Scarf p3000"])");
  // One sum for all of an order is the order's.
  CHECK(receipts(head + "Total\n" + one + "Coat,150.00\n" + one + "Scarf,150.00\n") ==
        R"(["R1; Coat; Scarf"])");
}

TEST_CASE("map: a till's list with a rule and a sum below it has customers' numbers all the same") {
  const folder files;
  const outcome all = import_of(
      {files.write(
          "till.txt",
          "Kunde\tName\tDatum\tBon\tArtikel\tMenge\tPreis\tSumme\r\n"
          "000017\tWeiss Anna      \t13.11.2026\t10001\tMantel      \t  1\t  120,00\t   120,00\r\n"
          "000017\tWeiss Anna      \t13.11.2026\t10001\tSchal       \t  2\t   15,00\t    30,00\r\n"
          "000021\tGross Jan       \t14.11.2026\t10002\tHut         \t  1\t   25,00\t    25,00\r\n"
          "------\t----------------\t----------\t-----\t------------\t---\t--------\t---------\r\n"
          "GESAMT\t                \t          \t     \t            \t  4\t        \t   "
          "175,00\r\n")},
      "DE");
  INFO(told(all));
  REQUIRE(all.failure.code == errc::none);
  REQUIRE(all.customers.size() == 2);
  CHECK(text(all.customers[0], "id") == R"("000017")");
  CHECK(text(all.customers[0], "receipts") == R"(["10001; Mantel q1 p12000; Schal q2 p1500"])");
  CHECK(text(all.customers[1], "receipts") == R"(["10002; Hut q1 p2500"])");
  CHECK(all.report.left_out == 2);
}

TEST_CASE("map: of a list of noes with several addresses in a cell each is somebody's own") {
  const folder files;
  for (const char* const between : {"; ", ", ", " | ", " / "}) {
    CAPTURE(between);
    const outcome all = import_of({files.write(
        "left.csv", "Unsubscribed\n\"ann@x.example" + std::string(between) + "bo@x.example\"\n")});
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    REQUIRE(all.customers.size() == 1);
    CHECK(text(all.customers[0], "emails") == R"(["ann@x.example"])");
    CHECK(all.customers[0].at("consents").as_array().size() >= 3);
  }
}

TEST_CASE("map: an order names who paid, which is no other name of the customer's") {
  const folder files;
  const outcome all = import_of(
      {files.write("customers.csv",
                   "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Total Spent\n"
                   "'71,Anna,Jansen,anna@example.com,no,95.00\n"
                   "'72,,,bo@example.com,no,5.00\n"),
       files.write(
           "orders.csv",
           "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem "
           "name,Lineitem price,Billing Name\n"
           "#1,anna@example.com,paid,EUR,95.00,2024-05-01 10:00:00 +0200,1,Lamp,63.00,P. "
           "Jansen\n"
           "#1,anna@example.com,,,,2024-05-01 10:00:00 +0200,2,Belt,16.00,\n"
           "#2,bo@example.com,paid,EUR,5.00,2024-05-02 10:00:00 +0200,1,Hat,5.00,Bo Li\n"
           "#3,bo@example.com,paid,EUR,5.00,2024-05-03 10:00:00 +0200,1,Hat,5.00,Li Bo\n")});
  INFO(told(all));
  REQUIRE(all.failure.code == errc::none);
  REQUIRE(all.customers.size() == 2);
  CHECK(text(*customer(all, "71"), "name").find("Anna") != std::string::npos);
  CHECK(text(*customer(all, "72"), "name") == R"({"given":"Bo","family":"Li"})");
  CHECK(all.customers[0].at("receipts").as_array().size() == 1);
  CHECK(text(all.customers[1], "receipts") == R"(["#2; Hat q1 p500","#3; Hat q1 p500"])");
}

TEST_CASE(
    "map: a no to one messenger is none to all marketing, and a yes to it none to text messages") {
  const folder files;
  const outcome all = import_of({files.write(
      "customers.csv",
      "Customer ID,First Name,Email,Accepts Email Marketing,Accepts SMS Marketing,Accepts WhatsApp "
      "Marketing,Total Spent,Fecha de nacimiento (customer.metafields.facts.birth_date)\n"
      "'71,Anna,anna@example.com,yes,yes,no,95.00,'1990-05-02\n"
      "'72,Bo,bo@example.com,yes,no,yes,5.00,\n")});
  INFO(told(all));
  REQUIRE(all.failure.code == errc::none);
  const std::string& map = all.proposal.map;
  CHECK(map.find("direct_marketing") == std::string::npos);
  CHECK(text(*customer(all, "71"), "birth_date") == R"("1990-05-02")");
  const auto said = [&](const char* id) { return text(*customer(all, id), "consents"); };
  CHECK(said("71").find(R"({"purpose":"text_message_marketing","kind":"deny"})") !=
        std::string::npos);
  CHECK(
      said("72") ==
      R"([{"purpose":"email_marketing","kind":"candidate without time"},{"purpose":"text_message_marketing","kind":"deny"}])");
}
