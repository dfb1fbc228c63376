// Every name of the table of field names, in every form that has names: a made-up value below it is
// hidden, though nothing else tells what it is, so that no row of the table is dead.
#include <clientbook/forms/form_redactor.hpp>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

using namespace clientbook;

namespace {

struct listed_name {
  std::string meaning;
  std::string name;
};

// The rows of src/forms/data/field_names.csv, which has no quotes.
std::vector<listed_name> listed_names() {
  std::ifstream file(CLIENTBOOK_SOURCE_DIR "/src/forms/data/field_names.csv");
  std::vector<listed_name> out;
  for (std::string line; std::getline(file, line);) {
    const std::size_t comma = line.find(',');
    if (line.starts_with('#') || comma == line.npos || line == "meaning,name") continue;
    out.push_back({line.substr(0, comma), line.substr(comma + 1)});
  }
  return out;
}

// What is of its kind by the name alone: no check digit is right, no number is a whole one.
struct made_up {
  std::string_view meaning;
  std::string_view value;
};
constexpr made_up values[] = {
    {"payment_card", "81120733"},  {"card_expiry", "93-71"},   {"card_code", "7713"},
    {"iban", "QZ-7713"},           {"bank_account", "77-13"},  {"national_id", "77-13"},
    {"email_address", "cosquast"}, {"phone_number", "77-13"},  {"ip_address", "77-13"},
    {"url", "cosquast"},           {"mac_address", "77-13"},   {"imei", "81120733"},
    {"vehicle_id", "QZ-7713"},     {"date_of_birth", "77-13"}, {"street", "Quastik 7"},
    {"postcode", "QZ-7713"},       {"town", "Quastik"},        {"person_name", "Cosquast"}};

std::string_view value_of(std::string_view meaning) {
  for (const made_up& one : values) {
    if (one.meaning == meaning) return one.value;
  }
  return {};
}

// As an element may be called, also one whose name begins with a digit.
std::string element_name(std::string_view name) {
  std::string out = "_";
  for (const char c : name) out += c == ' ' ? '_' : c;
  return out;
}

struct form_of_names {
  std::string_view called;
  text_form form;
  std::string (*text)(std::string_view name, std::string_view value);
};
constexpr form_of_names forms[] = {
    {"csv", text_form::csv,
     [](std::string_view name, std::string_view value) {
       return "phone;" + std::string(name) + "\n;" + std::string(value) + "\n";
     }},
    {"json", text_form::json,
     [](std::string_view name, std::string_view value) {
       return "{\"quux\": 1, \"" + std::string(name) + "\": \"" + std::string(value) + "\"}";
     }},
    {"json lines", text_form::json_lines,
     [](std::string_view name, std::string_view value) {
       return "{\"" + std::string(name) + "\":\"" + std::string(value) + "\"}\n";
     }},
    {"xml", text_form::xml,
     [](std::string_view name, std::string_view value) {
       const std::string element = element_name(name);
       return "<quux><" + element + ">" + std::string(value) + "</" + element + "></quux>";
     }},
    {"html", text_form::html, [](std::string_view name, std::string_view value) {
       return "<table><tr><th>quux</th><th>" + std::string(name) + "</th></tr><tr><td>1</td><td>" +
              std::string(value) + "</td></tr></table>";
     }}};

std::string redacted(const form_of_names& in, std::string_view name, std::string_view value) {
  constexpr std::string_view regions[] = {"US", "DE"};
  form_options how;
  how.form = in.form;
  how.text.scan.regions = regions;
  std::string out;
  form_redactor redactor(how);
  const text_sink sink{
      [](void* to, std::string_view text) { static_cast<std::string*>(to)->append(text); }, &out};
  REQUIRE(redactor.write(in.text(name, value), sink));
  REQUIRE(redactor.finish(sink));
  return out;
}

// Those below which the value can be read, or cannot.
std::string names_that(bool show, std::string_view meaning, std::string_view value,
                       std::string_view with_word = {}) {
  std::string out;
  for (const listed_name& one : listed_names()) {
    if (one.meaning != meaning) continue;
    const std::string name = with_word.empty() ? one.name : one.name + ' ' + std::string(with_word);
    for (const form_of_names& in : forms) {
      const bool shown = redacted(in, name, value).find(value) != std::string::npos;
      if (shown == show) out += name + " (" + std::string(in.called) + "), ";
    }
  }
  return out;
}

}  // namespace

TEST_CASE("field names: each of the table hides what stands below it, in every form") {
  std::size_t names = 0;
  for (const listed_name& one : listed_names()) names += value_of(one.meaning).empty() ? 0U : 1U;
  CHECK(names > 1500);  // The table was read.
  for (const made_up& one : values) {
    CAPTURE(one.meaning);
    CHECK(names_that(true, one.meaning, one.value) == "");
  }
}

TEST_CASE("field names: the name alone tells these values") {
  for (const made_up& one : values) {
    for (const form_of_names& in : forms) {
      CAPTURE(one.meaning);
      CAPTURE(in.called);
      CHECK(redacted(in, "quuux", one.value).find(one.value) != std::string::npos);
    }
  }
}

TEST_CASE("field names: below each name of goods a number stays that would be a phone's") {
  constexpr std::string_view number = "017139200145";
  for (const form_of_names& in : forms) {
    CAPTURE(in.called);
    CHECK(redacted(in, "quuux", number).find(number) == std::string::npos);
  }
  // The number under which a tax is paid is a person's.
  CHECK(names_that(false, "goods", number) ==
        "vat (csv), vat (json), vat (json lines), vat (html), ");
}

TEST_CASE("field names: below each name of notes a number is read as in a note") {
  constexpr std::string_view number = "2125550187";
  for (const form_of_names& in : forms) {
    CAPTURE(in.called);
    CHECK(redacted(in, "quuux", number).find(number) != std::string::npos);
  }
  // An item is of the shop, in notes too.
  CHECK(names_that(true, "contact", number) ==
        "item (csv), item (json), item (json lines), item (xml), item (html), ");
}

TEST_CASE("field names: a word that tells which one changes nothing") {
  CHECK(names_that(true, "qualifier", "77-13", "phone") == "");
  for (const form_of_names& in : forms) {
    CAPTURE(in.called);
    CHECK(redacted(in, "quuux phone", "77-13").find("77-13") != std::string::npos);
  }
}

TEST_CASE("field names: what says nothing within a telling name hides as that does") {
  std::string shown;
  for (const listed_name& one : listed_names()) {
    if (one.meaning != "part") continue;
    const std::string name = one.name;
    const form_of_names within{
        "json", text_form::json, [](std::string_view inner, std::string_view value) {
          return "{\"phone\": {\"" + std::string(inner) + "\": \"" + std::string(value) + "\"}}";
        }};
    if (redacted(within, name, "77-13").find("77-13") != std::string::npos) shown += name + ", ";
  }
  CHECK(shown == "");
}

TEST_CASE("field names: an element of XML is called by letters of any script, and by _") {
  for (const std::string_view element : {"_phone", "телефон", "手机号", "a:ssn"}) {
    CAPTURE(element);
    const std::string text = "<" + std::string(element) + ">77-13</" + std::string(element) + ">";
    CHECK(sniff_form("<_rows>" + text + "</_rows>") == text_form::xml);
    CHECK(sniff_form("<заказы>" + text + "</заказы>") == text_form::xml);
    const form_of_names as_it_is{"xml", text_form::xml,
                                 [](std::string_view name, std::string_view value) {
                                   return "<_q><" + std::string(name) + ">" + std::string(value) +
                                          "</" + std::string(name) + "></_q>";
                                 }};
    CHECK(redacted(as_it_is, element, "77-13").find("77-13") == std::string::npos);
  }
  for (const std::string_view prose : {"<_< sad", "a <_b> c", "<3 you", "<дом> стоит"}) {
    CAPTURE(prose);
    CHECK(sniff_form(prose) == text_form::plain);
  }
}
