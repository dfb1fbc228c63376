// The text scanner as firmware has it (docs/text.md): on the labelled notes, and what it promises.
#include <clientbook/scanner/known_values.hpp>
#include <clientbook/scanner/scan.hpp>
#include <clientbook/scanner/text_redactor.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "note_options.hpp"
#include "testing.hpp"

using namespace clientbook;

namespace {

struct tally {
  int values = 0;
  int leaked = 0;
};

// `type:value|type:value`
std::string hidden_in(std::string_view text, const scan_options& options = {}) {
  std::vector<text_entity> room(64);
  const auto found = scan(text, options, room);
  REQUIRE(found);
  std::string out;
  for (const text_entity& one : *found) {
    if (!out.empty()) out += '|';
    out += std::string(name_of(one.type)) + ":" +
           std::string(text.substr(one.begin, one.end - one.begin));
  }
  return out;
}

}  // namespace

TEST_CASE("firmware: of these types nothing readable is left in any note") {
  const std::set<std::string_view> whole = {"payment_card", "card_expiry",  "card_code",
                                            "iban",         "phone_number", "ip_address",
                                            "url",          "known_value"};
  std::map<std::string, tally> by_type;
  int clean = 0;
  int altered = 0;
  std::vector<text_entity> room(4096);
  for (const labelled_note& note : labelled_notes()) {
    CAPTURE(note.id);
    const note_options options(note);
    const auto finds = scan(note.text, options.scan, room);
    REQUIRE(finds);
    std::string hidden(note.text.size(), ' ');
    for (const text_entity& one : *finds) {
      std::fill(hidden.begin() + static_cast<std::ptrdiff_t>(one.begin),
                hidden.begin() + static_cast<std::ptrdiff_t>(one.end), 'x');
    }
    for (const labelled_note::span& span : note.spans) {
      const std::string covered = hidden.substr(span.begin, span.end - span.begin);
      const bool leaked = covered.find("    ") != covered.npos;
      if (whole.contains(span.type)) CHECK_FALSE(leaked);
      ++by_type[span.type].values;
      by_type[span.type].leaked += leaked ? 1 : 0;
    }
    if (note.spans.empty()) {
      ++clean;
      altered += finds->empty() ? 0 : 1;
    }
  }
  for (const auto& [type, counts] : by_type) {
    MESSAGE(type << ": " << counts.leaked << " of " << counts.values << " leak");
  }
  MESSAGE("clean notes altered: " << altered << " of " << clean);
  CHECK(by_type["payment_card"].values > 100);
  CHECK(by_type["iban"].values > 50);
  CHECK(altered * 50 <= clean);
}

TEST_CASE("firmware: cards and account numbers by their checks") {
  CHECK(hidden_in("card 4111 1111 1111 1111") == "payment_card:4111 1111 1111 1111");
  CHECK(hidden_in("lot 4111 1111 1111 1112").empty());
  CHECK(hidden_in("lot 9999 9999 9999 9995").empty());  // Luhn, but of no issuer.
  CHECK(hidden_in("2026 4111 1111 1111 1111") == "payment_card:4111 1111 1111 1111");
  CHECK(hidden_in("4111111111111111 exp 12/27 cvv 123") ==
        "payment_card:4111111111111111|card_expiry:12/27|card_code:123");
  CHECK(hidden_in("exp 12/27 cvv 123").empty());
  CHECK(hidden_in("%B4111111111111111^DOE/JOHN^2512?") ==
        "payment_card:%B4111111111111111^DOE/JOHN^2512?");
  CHECK(hidden_in("IT60X0542811101000000123456 2 days") == "iban:IT60X0542811101000000123456");
  CHECK(hidden_in("DE89 3704 0044 0532 0130 00.") == "iban:DE89 3704 0044 0532 0130 00");
  CHECK(hidden_in("NO93 8601 1117 947") == "iban:NO93 8601 1117 947");
  CHECK(hidden_in("IT61X0542811101000000123456").empty());
}

TEST_CASE("firmware: national ids of fifteen countries by their checks") {
  struct example {
    std::string_view region;
    std::string_view id;
  };
  scan_options options;
  options.types = entity_set{entity_type::national_id};
  for (const example& one : {example{"AR", "20-28389758-4"},
                             {"AT", "3053 080749"},
                             {"AU", "459 843 923"},
                             {"BE", "99.01.19-428.21"},
                             {"CA", "185 401 130"},
                             {"CH", "756.7369.9099.22"},
                             {"CL", "16.340.735-3"},
                             {"DE", "12295843074"},
                             {"ES", "69393141W"},
                             {"ES", "X1234567L"},
                             {"FR", "294057508528718"},
                             {"GB", "353 317 1361"},
                             {"IE", "1741605NA"},
                             {"IT", "GRNCQJ85D03A944L"},
                             {"MX", "JIJX650408HJCBVB06"}}) {
    CAPTURE(one.id);
    const std::string_view regions[] = {one.region};
    options.regions = regions;
    const std::string id(one.id);
    CHECK(hidden_in("it is " + id + ".", options) == "national_id:" + id);
    std::string slip = id;
    // A digit before the last sign, which every check takes in.
    const std::size_t digit = slip.find_last_of("0123456789", slip.size() - 2);
    slip[digit] = slip[digit] == '7' ? '8' : '7';
    CHECK(hidden_in("it is " + slip + ".", options).empty());
  }
  // Without a region beside the country's own word.
  options.regions = {};
  CHECK(hidden_in("SVNR 3053 080749", options) == "national_id:3053 080749");
  CHECK(hidden_in("Steuer-ID 12295843074", options) == "national_id:12295843074");
  const std::string_view regions[] = {"US", "GB"};
  options.regions = regions;
  CHECK(hidden_in("Left 230-46-7471.", options) == "national_id:230-46-7471");
  CHECK(hidden_in("Left 666-46-7471.", options).empty());
  CHECK(hidden_in("Left AB 49 39 62 C.", options) == "national_id:AB 49 39 62 C");
  CHECK(hidden_in("Left BG 49 39 62 C.", options).empty());
}

TEST_CASE("firmware: addresses of the net") {
  CHECK(hidden_in("zoë.müller@example.co.uk.") == "email_address:zoë.müller@example.co.uk");
  CHECK(hidden_in("follow @anna").empty());
  CHECK(hidden_in("see https://example.com/a?b=c, then") == "url:https://example.com/a?b=c");
  CHECK(hidden_in("www.example.it") == "url:www.example.it");
  CHECK(hidden_in("example.com/me") == "url:example.com/me");
  CHECK(hidden_in("from 192.168.10.1/24 on") == "ip_address:192.168.10.1/24");
  CHECK(hidden_in("2001:db8::8a2e:370:7334 and ::ffff:10.0.0.1") ==
        "ip_address:2001:db8::8a2e:370:7334|ip_address:::ffff:10.0.0.1");
  CHECK(hidden_in("10:30:45 and 4.12.1 and 256.1.1.1").empty());
}

TEST_CASE("firmware: phone numbers of a possible length") {
  const std::string_view regions[] = {"IT", "DE"};
  const scan_options options{.regions = regions};
  CHECK(hidden_in("+44 20 7946 0958") == "phone_number:+44 20 7946 0958");
  CHECK(hidden_in("0039 333 123 4567") == "phone_number:0039 333 123 4567");
  CHECK(hidden_in("333 1234567", options) == "phone_number:333 1234567");
  CHECK(hidden_in("030 12345678", options) == "phone_number:030 12345678");
  CHECK(hidden_in("call 555-010-9988") == "phone_number:555-010-9988");
  CHECK(hidden_in("+999 123 45", options).empty());
  CHECK(hidden_in("order 333 1234567", options).empty());
}

TEST_CASE("firmware: days that exist beside a word of birth, in five languages") {
  for (const std::string_view text :
       {"born 25/07/1967", "nata il 25 luglio 1967", "geb. 25. Juli 1967", "née le 25 juillet 1967",
        "nacido el 25 de julio de 1967", "DOB: 1967-07-25", "born July 25, 1967"}) {
    CAPTURE(text);
    CHECK(hidden_in(text).starts_with("date_of_birth:"));
  }
  CHECK(hidden_in("ordered 25/07/1967").empty());
  CHECK(hidden_in("born 31/02/1967").empty());
  CHECK(hidden_in("born 29/02/1967").empty());
  CHECK(hidden_in("born 29/02/1968") == "date_of_birth:29/02/1968");
}

TEST_CASE("firmware: a number and a street, with what follows of the address") {
  for (const std::string_view address :
       {"742 Evergreen Terrace", "742 Evergreen Terrace, Apt 12B, Springfield, IL 62701",
        "12 Mill Lane, London NW1 6XE", "200 Queen Street, Toronto, ON M5H 2N2",
        "Via Garibaldi 7, 20121 Milano", "Hauptstraße 5, 10115 Berlin", "Berliner Straße 17",
        "12 rue de Rivoli, 75001 Paris", "Calle Mayor 5, 28013 Madrid"}) {
    CAPTURE(address);
    CHECK(hidden_in("to " + std::string(address)) == "postal_address:" + std::string(address));
  }
  CHECK(hidden_in("to P.O. Box 123, Springfield, IL 62701") ==
        "postal_address:P.O. Box 123, Springfield, IL 62701");
  CHECK(hidden_in("Postfach 1234, 10115 Berlin") == "postal_address:Postfach 1234, 10115 Berlin");
  CHECK(hidden_in("casella postale 55") == "postal_address:casella postale 55");
  CHECK(hidden_in("box 123").empty());
  CHECK(hidden_in("12 white shirts, size 42").empty());
}

TEST_CASE("firmware: known values whatever their case, accents and separators") {
  std::vector<std::byte> memory(2048);
  known_values known(memory);
  REQUIRE(known.add(known_kind::name, "Zoë Müller"));
  REQUIRE(known.add(known_kind::name, "Rose"));
  REQUIRE(known.add(known_kind::name, "Γιώργος"));
  REQUIRE(known.add(known_kind::name, "Андрей"));
  REQUIRE(known.add(known_kind::phone, "+39 333 1234567"));
  scan_options options;
  options.known = &known;
  options.types = entity_set{entity_type::known_value};
  CHECK(hidden_in("for ZOE MUELLER and zoe mu\u0308ller", options) ==
        "known_value:ZOE MUELLER|known_value:zoe mu\u0308ller");
  CHECK(hidden_in("Müllers coat", options) == "known_value:Müllers");
  CHECK(hidden_in("Rose likes rose", options) == "known_value:Rose");
  CHECK(hidden_in("ΓΙΩΡΓΟΣ, АНДРЕЙ", options) == "known_value:ΓΙΩΡΓΟΣ|known_value:АНДРЕЙ");
  CHECK(hidden_in("333-1234567", options) == "known_value:333-1234567");
  CHECK(hidden_in("Zoeller, Roser", options).empty());
}

TEST_CASE("firmware: what docs/text.md says is not looked for") {
  for (const std::string_view text :
       {"00:1b:44:11:3a:b7", "IMEI 490154203237518", "VIN 1HGCM82633A004352", "passport AB1234567",
        "London NW1 6XE", "생일 1985년 3월 14일", "anna at example dot com"}) {
    CAPTURE(text);
    CHECK(hidden_in(text).empty());
  }
  CHECK(name_of(scan_rule::card_luhn).empty());
  const scan_options everything;
  text_redaction_options options{.scan = everything};
  options.mark = text_mark::numbered_label;
  text_redactor redactor(options);
  std::array<std::byte, 128> out;
  const auto redacted = redact_text("a@b.it, c@d.it, a@b.it", redactor, out);
  REQUIRE(redacted);
  CHECK(redacted->text == "<EMAIL_ADDRESS_1>, <EMAIL_ADDRESS_2>, <EMAIL_ADDRESS_1>");
}

TEST_CASE("firmware: a stream gives the same text as one call") {
  const scan_options everything;
  const text_redaction_options options{.scan = everything};
  text_redactor redactor(options);
  const std::string text =
      "card 4111 1111 1111 1111, anna@example.com, 12 Mill Lane\nDE89370400440532013000, "
      "+39 333 1234567, 192.168.10.1, https://example.com/a, nata il 25 luglio 1967\n";
  const text_sink sink{
      [](void* to, std::string_view piece) { static_cast<std::string*>(to)->append(piece); },
      nullptr};
  std::string whole;
  REQUIRE(redactor.write(text, {sink.put, &whole}));
  REQUIRE(redactor.finish({sink.put, &whole}));
  CHECK(whole ==
        "card <PAYMENT_CARD>, <EMAIL_ADDRESS>, <POSTAL_ADDRESS>\n<IBAN>, <PHONE_NUMBER>, "
        "<IP_ADDRESS>, <URL>, nata il <DATE_OF_BIRTH>\n");
  for (std::size_t at = 0; at <= text.size(); ++at) {
    std::string split;
    REQUIRE(redactor.write(std::string_view(text).substr(0, at), {sink.put, &split}));
    REQUIRE(redactor.write(std::string_view(text).substr(at), {sink.put, &split}));
    REQUIRE(redactor.finish({sink.put, &split}));
    CHECK(split == whole);
  }
}
