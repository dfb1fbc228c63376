#include <clientbook/scanner/known_values.hpp>
#include <clientbook/scanner/scan.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "testing.hpp"

using namespace clientbook;

namespace {

struct known_set {
  explicit known_set(std::vector<std::pair<known_kind, std::string>> values)
      : memory(4096), set(memory) {
    for (const auto& [kind, value] : values) REQUIRE(set.add(kind, value));
  }
  std::vector<std::byte> memory;
  known_values set;
};

std::string hidden_by(const known_values& known, std::string_view text) {
  std::vector<text_entity> out(64);
  const auto found = scan(text, {.types = {entity_type::known_value}, .known = &known}, out);
  REQUIRE(found);
  std::string hidden;
  for (const text_entity& one : *found) {
    if (!hidden.empty()) hidden += '|';
    hidden += text.substr(one.begin, one.end - one.begin);
  }
  return hidden;
}

}  // namespace

TEST_CASE("known: a name is found whatever its case, accents and separators") {
  const known_set known({{known_kind::name, "Zoë Müller-Lüdenscheidt"}});
  for (const char* text :
       {"Zoë Müller-Lüdenscheidt", "ZOE MULLER LUDENSCHEIDT", "zoë müllerlüdenscheidt",
        "Zoe\u0308 Mu\u0308ller-Lu\u0308denscheidt", "Zoë\u00A0Müller\u2011Lüdenscheidt"}) {
    CAPTURE(text);
    CHECK(hidden_by(known.set, text) == text);
  }
  CHECK(hidden_by(known.set, "with Mueller and ZOE.") == "Mueller|ZOE");
  CHECK(hidden_by(known.set, "Müllers coat, Zoë's hat") == "Müllers|Zoë");
}

TEST_CASE("known: whole words only") {
  const known_set known({{known_kind::name, "Ann Lee"}});
  CHECK(hidden_by(known.set, "annual leeway, sleeves").empty());
  CHECK(hidden_by(known.set, "lee and Ann") == "lee|Ann");
}

TEST_CASE("known: a name that is also a word needs a capital letter") {
  const known_set known({{known_kind::name, "Rose"}});
  CHECK(hidden_by(known.set, "Rose liked the rose silk") == "Rose");
}

TEST_CASE("known: what a person is called") {
  const known_set known({{known_kind::name, "Robert Smith"}, {known_kind::name, "Giuseppe Verdi"}});
  CHECK(hidden_by(known.set, "Bobby and beppe came") == "Bobby|beppe");
}

TEST_CASE("known: a phone number by its last digits, however it is written") {
  const known_set known({{known_kind::phone, "+39 333 123 4567"}});
  for (const char* text : {"333 1234567", "0039 333/123.4567", "3331234567", "+39-333-123-4567"}) {
    CAPTURE(text);
    CHECK(hidden_by(known.set, text) == text);
  }
  CHECK(hidden_by(known.set, "333 1234568").empty());
  CHECK(hidden_by(known.set, "lot 234567").empty());
}

TEST_CASE("known: e-mail, ids and addresses") {
  const known_set known({{known_kind::email, "anna.rossi@libero.it"},
                         {known_kind::text, "AB-123-XY"},
                         {known_kind::text, "Hauptstraße 5"}});
  CHECK(hidden_by(known.set, "ANNA.ROSSI@LIBERO.IT or anna.rossi") ==
        "ANNA.ROSSI@LIBERO.IT|anna.rossi");
  CHECK(hidden_by(known.set, "card ab 123 xy at HAUPTSTRASSE 5") == "ab 123 xy|HAUPTSTRASSE 5");
  CHECK(hidden_by(known.set, "Hauptstraße 55").empty());
}

TEST_CASE("known: scripts without spaces between words") {
  const known_set known({{known_kind::name, "山田太郎"}});
  CHECK(hidden_by(known.set, "今日は山田太郎様が来た") == "山田太郎");
}

TEST_CASE("known: what would be found everywhere is refused, and nothing changes") {
  std::vector<std::byte> memory(64);
  known_values known(memory);
  for (const char* text : {"", "Li", "42", "1234", "--"}) {
    CAPTURE(text);
    CHECK(known.add(known_kind::text, text).error().code == errc::invalid_value);
  }
  CHECK(known.add(known_kind::phone, "12 34 56").error().code == errc::invalid_value);
  CHECK(known.add(known_kind::text, "\xFF").error().code == errc::invalid_encoding);
  CHECK(known.add(known_kind::text, std::string(300, 'a')).error().code == errc::invalid_value);
  // Marks without a letter under them fold to nothing.
  CHECK(known.add(known_kind::text, "\u0300\u0301\u0302\u0303").error().code ==
        errc::invalid_value);
  CHECK(known.empty());
  CHECK(memory == std::vector<std::byte>(64));
  REQUIRE(known.add(known_kind::text, "Rossi"));
  CHECK(known.add(known_kind::text, std::string(100, 'a')).error().code == errc::buffer_too_small);
  CHECK(hidden_by(known, "rossi " + std::string(100, 'a')) == "rossi");
}

TEST_CASE("known: the memory is wiped behind it") {
  std::vector<std::byte> memory(256);
  {
    known_values known(memory);
    REQUIRE(known.add(known_kind::name, "Anna Rossi"));
    CHECK(memory[3] != std::byte{});
  }
  CHECK(memory == std::vector<std::byte>(256));
}

TEST_CASE("known: the filter passes over no place where a value stands") {
  const known_set known({{known_kind::name, "Zoë O'Brien-Æsa"},
                         {known_kind::phone, "+39 347 123 4567"},
                         {known_kind::email, "émile.ö@example.com"},
                         {known_kind::text, "12 Straße"},
                         {known_kind::text, "山田太郎"}});
  std::size_t values = 0;
  for (const std::string_view text :
       {"Zoe OBrien ZOË o brien, Æsa aesa; call 347 1234567 or (347) 123-4567 or 0039 347 123 "
        "4567!",
        "émile.ö@example.com EMILE.O@EXAMPLE.COM \xEF\xBC\xBAoe 12 strasse, 12Straße x 1 2 STRASSE",
        "見て山田太郎さん, Zo\u0065\u0308 347-123.4567 a347 1234567 3 4 7 1 2 3 4 5 6 7"}) {
    CAPTURE(text);
    for (std::size_t at = 0; at < text.size(); ++at) {
      const bool word = at == 0 || text[at - 1] == ' ' || text[at - 1] == '(';
      if (!word || known.set.match(text, at) == 0) continue;
      ++values;
      CHECK(known.set.next(text, at, text.size()) == at);
      // And from further away, past the bytes that are looked at together.
      for (std::size_t from = 0, place = 0; from < at && place != at; from = place + 1) {
        place = known.set.next(text, from, text.size());
        CHECK(place <= at);
      }
    }
  }
  CHECK(values > 12);
}
