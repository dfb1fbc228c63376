// Numbers of goods beside words of people, and known values in letters that look like theirs.
#include <clientbook/scanner/known_values.hpp>
#include <clientbook/scanner/scan.hpp>

#include <array>
#include <string>
#include <vector>

#include "testing.hpp"

using namespace clientbook;

namespace {

std::string hidden_in(std::string_view text, const known_values* known = nullptr) {
  constexpr std::string_view regions[] = {"DE", "US"};
  std::array<text_entity, 64> room;
  scan_options options;
  options.regions = regions;
  options.known = known;
  if (known != nullptr) options.types = {entity_type::known_value};
  const auto found = scan(text, options, room);
  REQUIRE(found);
  std::string out;
  for (const text_entity& one : *found) {
    (out += out.empty() ? "" : "|") += text.substr(one.begin, one.end - one.begin);
  }
  return out;
}

}  // namespace

TEST_CASE("scan: versions, instants, counts and sales are none of people") {
  for (const std::string_view text :
       {"version 1.2.3.4", "Version: 1.2.3.4", "version no. 1.2.3.4", "firmware 10.0.0.1",
        "IP rating 65.1.2.3", "release 2.10.0.1", "20260512-120000", "export_20260512-1200",
        "2125550187 pieces", "2125550187 pcs", "2125550187 St\u00FCck", "birthday sale 12.05.2026",
        "birthday sale on 12.05.2026", "birthday discount: 12.05.2026",
        "Geburtstag Rabatt 12.05.2026"}) {
    CAPTURE(text);
    CHECK(hidden_in(text) == "");
  }
  // Beside them what is of people is found as before.
  CHECK(hidden_in("server 192.168.1.17 runs version 2.1") == "192.168.1.17");
  CHECK(hidden_in("call 2125550187 today") == "2125550187");
  CHECK(hidden_in("phone 2125550187 pieces") == "2125550187");
  CHECK(hidden_in("birthday 12.05.1985, sale") == "12.05.1985");
  CHECK(hidden_in("birthday party 12.05.1985") == "12.05.1985");
}

TEST_CASE("scan: beside a sale, a count or a version what is of people is found") {
  struct note {
    std::string_view text;
    std::string_view hidden;
  };
  for (const note& one : {
           note{"DOB for birthday discount: 03.04.1961", "03.04.1961"},
           note{"Geburtsdatum (Rabatt) 03.04.1961", "03.04.1961"},
           note{"Birthday coupon DOB 12.05.1985", "12.05.1985"},
           note{"Birthday offer - born 12.05.1985", "12.05.1985"},
           note{"Birthday discount Anna 12.05.1985", "12.05.1985"},
           note{"Birthday discount 12.05.1985", "12.05.1985"},
           note{"Birthday discount Anna 12.05.2025", "12.05.2025"},
           note{"Geburtsdatum (Rabatt) 03.04.2026", "03.04.2026"},
           note{"DOB: discount 03.04.2026", "03.04.2026"},
           note{"Fecha de nacimiento para el descuento: 03.04.1961", "03.04.1961"},
           note{"Contacter Anne au 5145550187 par courriel.", "5145550187"},
           note{"Reach her on 2125550187 St Moritz", "2125550187"},
           note{"Her number: 2125550187 points to her home.", "2125550187"},
           note{"Reach her on 2125550187 pieces of cake for her", "2125550187"},
           note{"from her app 84.132.10.7", "84.132.10.7"},
           note{"from her app 84.32.10.7", "84.32.10.7"},
           note{"We installed the update. 84.132.10.7 was the address", "84.132.10.7"},
           note{"We looked at the version. 84.32.10.7 was the address", "84.32.10.7"},
           note{"version 84.132.10.7", "84.132.10.7"},
       }) {
    CAPTURE(one.text);
    CHECK(hidden_in(one.text) == one.hidden);
  }
  CHECK(hidden_in("ver. 1.2.3.4, rev. 2.3.4.5, 2125550187 pcs.") == "");
}

TEST_CASE("scan: the version of a protocol is no day") {
  CHECK(hidden_in("born 12.03.1985 HTTP/1.1") == "12.03.1985");
  CHECK(hidden_in("birthday 12/3") == "12/3");
}

TEST_CASE("scan: a card of few digits is told by the word of its code") {
  CHECK(hidden_in("paid with 060400000009 cvv 123").find("060400000009") != std::string::npos);
}

TEST_CASE("known: letters that look like those of a name hide it too") {
  std::vector<std::byte> memory(4096);
  known_values known(memory);
  REQUIRE(known.add(known_kind::name, "Niedermeyer"));
  REQUIRE(known.add(known_kind::name, "\u041E\u043B\u0435\u043D\u0430"));  // Olena, in Cyrillic.
  for (const std::string_view text : {
           "Ni\u0435dermeyer",  // One letter of Cyrillic,
           "Niederm\u0435y\u0435r",
           "N\u0456edermeyer",      // more of them,
           "\U0001D40Diedermeyer",  // one that is bold,
           "\U0001D4DD\U0001D4F2\U0001D4EE\U0001D4ED\U0001D4EE\U0001D4FB\U0001D4F6\U0001D4EE"
           "\U0001D502\U0001D4EE\U0001D4FB",  // all of them in script,
           "O\u043B\u0435\u043D\u0430",       // and one of Latin.
           "\u041E\u043Be\u043Da",
       }) {
    CAPTURE(text);
    CHECK(hidden_in(text, &known) == text);
  }
  CHECK(hidden_in("Niedermeyer2", &known) == "Niedermeyer");
  CHECK(hidden_in("Niedermeyerx, \u041E\u043B\u0435\u043D", &known) == "");
}
