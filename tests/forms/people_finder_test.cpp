// Names beside what scan() finds, and the port for a host's own model.
#include <clientbook/forms/people_finder.hpp>
#include <clientbook/scanner/known_values.hpp>

#include <array>
#include <string>

#include <doctest/doctest.h>

using namespace clientbook;

namespace {

std::string redacted(std::string_view text, const text_finder& finder,
                     const known_values* known = nullptr) {
  text_redaction_options options;
  options.finder = &finder;
  options.scan.known = known;
  text_redactor redactor(options);
  std::array<std::byte, 4096> room;
  const auto out = redact_text(text, redactor, room);
  return out ? std::string(out->text) : "error";
}

// Finds a word wherever it stands.
bool find_word(void* word, std::string_view text, name_sink to) noexcept {
  const std::string_view wanted(static_cast<const char*>(word));
  for (std::size_t at = text.find(wanted); at != text.npos; at = text.find(wanted, at + 1)) {
    to.put(to.to, at, at + wanted.size());
  }
  return true;
}

}  // namespace

TEST_CASE("forms: a finder hides names of people beside the rest") {
  const people_finder finder;
  CHECK(redacted("Mrs. Kowalski: a@example.com, ask Tom about it", finder) ==
        "Mrs. <PERSON_NAME>: <EMAIL_ADDRESS>, ask <PERSON_NAME> about it");
  CHECK(redacted("Hugo Boss suit, size 50", finder) == "Hugo Boss suit, size 50");
  // What is known of a name stays what it is; the rest of the name goes too.
  std::array<std::byte, known_values_memory(1, 8)> memory;
  known_values known(memory);
  REQUIRE(known.add(known_kind::name, "Anna"));
  CHECK(redacted("sister Anna Weber calls", finder, &known) ==
        "sister <KNOWN_VALUE> <PERSON_NAME> calls");
}

TEST_CASE("forms: a finder tells a bank's code and the number of who is named") {
  const people_finder people;
  scan_options how;
  std::vector<text_entity> room(8);
  const std::string_view text = "Frau Weber, Nummer: 6620931, BIC: PBNKDEFF";
  const auto found = people.find(text, how, room);
  REQUIRE(found);
  REQUIRE(found->size() == 3);
  CHECK((*found)[0].type == entity_type::person_name);
  CHECK((*found)[1].type == entity_type::phone_number);
  CHECK((*found)[2].type == entity_type::bank_account);
  how.types.remove(entity_type::person_name);
  CHECK(people.find(text, how, room)->size() == 2);
  how.types.remove(entity_type::bank_account);
  CHECK(people.find(text, how, room)->size() == 1);
}

TEST_CASE("forms: names behind and before titles, in any letters") {
  const people_finder finder;
  CHECK(redacted("MRS. SMITH CAME IN", finder) == "MRS. <PERSON_NAME> CAME IN");
  CHECK(redacted("FRAU WEBER WILL DAS KLEID", finder) == "FRAU <PERSON_NAME> WILL DAS KLEID");
  CHECK(redacted("Mme DUPONT Marie passe demain", finder) == "Mme <PERSON_NAME> passe demain");
  CHECK(redacted("frau weber holt es ab", finder) == "frau <PERSON_NAME> holt es ab");
  CHECK(redacted("mrs. smith came in", finder) == "mrs. <PERSON_NAME> came in");
  CHECK(redacted("Familie Schulze und Eheleute Schmidt", finder) ==
        "Familie <PERSON_NAME> und Eheleute <PERSON_NAME>");
  CHECK(redacted("M. Dupont revient", finder) == "M. <PERSON_NAME> revient");
  CHECK(redacted("Mehmet Bey aradı", finder) == "<PERSON_NAME> Bey aradı");
  CHECK(redacted("请给王女士打电话", finder) == "请给<PERSON_NAME>女士打电话");
  CHECK(redacted("王小明先生", finder) == "<PERSON_NAME>先生");
  CHECK(redacted("田中様 来店", finder) == "<PERSON_NAME>様 来店");
  CHECK(redacted("김민지님 예약", finder) == "<PERSON_NAME>님 예약");
  for (const std::string_view text :
       {"DR MARTENS 1460", "MR PORTER", "MISS SIXTY JEANS", "MS SHIRT 38", "HR TEAM",
        "frau will das kleid", "Family Size", "SIZE M. Dress", "ein herr kommt", "mrs bag",
        "お客様", "皆様", "担当者様", "お客様は店員さんに", "고객님", "구매자님", "선생님",
        "那位先生"}) {
    CAPTURE(text);
    CHECK(redacted(text, finder) == text);
  }
}

TEST_CASE("forms: a model of the host's finds names too") {
  char word[] = "Zzq";
  const people_finder finder({find_word, word});
  CHECK(redacted("met Zzq and Mrs. Kowalski, Zzq again", finder) ==
        "met <PERSON_NAME> and Mrs. <PERSON_NAME>, <PERSON_NAME> again");
  // One that fails, or tells what is no text, lets nothing out.
  const people_finder fails({[](void*, std::string_view, name_sink) noexcept { return false; }});
  CHECK(redacted("met Zzq", fails) == "error");
  for (const auto find : {+[](void*, std::string_view text, name_sink to) noexcept {
                            to.put(to.to, 0, text.size() + 1);
                            return true;
                          },
                          +[](void*, std::string_view, name_sink to) noexcept {
                            to.put(to.to, 1, 2);  // Within a letter.
                            return true;
                          }}) {
    const people_finder lies({find});
    CHECK(redacted("\u00EB met", lies) == "error");
  }
}
