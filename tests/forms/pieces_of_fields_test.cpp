// A value that lies in several members, elements or columns under a name that says what it is.
// All people and numbers are invented; cards and accounts are published test numbers.
#include <clientbook/forms/form_redactor.hpp>

#include <string>

#include <doctest/doctest.h>

using namespace clientbook;

namespace {

void append(void* to, std::string_view text) { static_cast<std::string*>(to)->append(text); }

std::string made_of(std::string_view text, text_form form) {
  constexpr std::string_view regions[] = {"US", "DE"};
  form_options how;
  how.form = form;
  how.text.scan.regions = regions;
  std::string out;
  form_redactor redactor(how);
  const text_sink sink{append, &out};
  REQUIRE(redactor.write(text, sink));
  REQUIRE(redactor.finish(sink));
  return out;
}

std::string json(std::string_view text) { return made_of(text, text_form::json); }
std::string csv(std::string_view text) { return made_of(text, text_form::csv); }

}  // namespace

TEST_CASE("forms: json: an object or an array under a telling name is hidden with all its pieces") {
  CHECK(json("{\"dob\":{\"year\":1985,\"month\":3,\"day\":12}}") ==
        "{\"dob\":{\"year\":\"<DATE_OF_BIRTH>\",\"month\":\"<DATE_OF_BIRTH>\","
        "\"day\":\"<DATE_OF_BIRTH>\"}}");
  CHECK(json("{\"dateOfBirth\":{\"day\":\"12\",\"month\":\"March\",\"year\":\"1985\"}}") ==
        "{\"dateOfBirth\":{\"day\":\"<DATE_OF_BIRTH>\",\"month\":\"<DATE_OF_BIRTH>\","
        "\"year\":\"<DATE_OF_BIRTH>\"}}");
  CHECK(json("{\"birthday\":[1985,3,12]}") ==
        "{\"birthday\":[\"<DATE_OF_BIRTH>\",\"<DATE_OF_BIRTH>\",\"<DATE_OF_BIRTH>\"]}");
  CHECK(json("{\"name\":{\"first\":\"Ulrike\",\"last\":\"Vogelsang\"}}") ==
        "{\"name\":{\"first\":\"<PERSON_NAME>\",\"last\":\"<PERSON_NAME>\"}}");
  CHECK(json("{\"names\":[\"Ulrike Vogelsang\"],\"guests\":[\"Tom Zorn\"]}") ==
        "{\"names\":[\"<PERSON_NAME>\"],\"guests\":[\"<PERSON_NAME>\"]}");
  CHECK(json("{\"card\":[\"4111\",\"1111\",\"1111\",\"1111\"]}") ==
        "{\"card\":[\"<PAYMENT_CARD>\",\"<PAYMENT_CARD>\",\"<PAYMENT_CARD>\",\"<PAYMENT_CARD>\"]}");
  CHECK(json("{\"iban\":[\"GB82\",\"WEST\",\"12\",\"3\"]}") ==
        "{\"iban\":[\"<IBAN>\",\"<IBAN>\",\"<IBAN>\",\"<IBAN>\"]}");
  CHECK(json("{\"phone\":{\"area\":\"212\",\"rest\":\"5550187\"}}") ==
        "{\"phone\":{\"area\":\"<PHONE_NUMBER>\",\"rest\":\"<PHONE_NUMBER>\"}}");
  // What is told of it in words stays.
  const std::string words = "{\"phone\":[\"home\",\"work\"],\"customer\":{\"type\":\"gold\"}}";
  CHECK(json(words) == words);
}

TEST_CASE("forms: csv: columns for the parts of a birthday and of a name") {
  CHECK(csv("birth_year,birth_month,birth_day\n1985,3,7\n") ==
        "birth_year,birth_month,birth_day\n<DATE_OF_BIRTH>,<DATE_OF_BIRTH>,<DATE_OF_BIRTH>\n");
  CHECK(csv("sku,Geburtsmonat\n17,M\u00E4rz\n") == "sku,Geburtsmonat\n17,<DATE_OF_BIRTH>\n");
  CHECK(csv("first,last\nUlrike,Vogelsang\n") == "first,last\n<PERSON_NAME>,<PERSON_NAME>\n");
  CHECK(csv("First,Last,Email\nUlrike,Vogelsang,a@b.de\n") ==
        "First,Last,Email\n<PERSON_NAME>,<PERSON_NAME>,<EMAIL_ADDRESS>\n");
  CHECK(csv("bill_to_name,to_phone,Soc Sec #\nUlrike Vogelsang,2125550187,536228719\n") ==
        "bill_to_name,to_phone,Soc Sec #\n<PERSON_NAME>,<PHONE_NUMBER>,<NATIONAL_ID>\n");
}

TEST_CASE("forms: xml: the type of an element says what it holds") {
  CHECK(made_of("<p><id type=\"ssn\">536228719</id><date type=\"birth\">1985</date></p>",
                text_form::xml) ==
        "<p><id type=\"ssn\">&lt;NATIONAL_ID&gt;</id>"
        "<date type=\"birth\">&lt;DATE_OF_BIRTH&gt;</date></p>");
  const std::string goods = "<p><id type=\"customer\">Gold</id></p>";
  CHECK(made_of(goods, text_form::xml) == goods);
}

TEST_CASE("forms: the name of one of several products is none of a person") {
  for (const std::string_view text : {"{\"products\":[{\"name\":\"Silk scarf\",\"price\":49.9}]}",
                                      "{\"purchases\":[{\"name\":\"Emma Coat\",\"qty\":1}]}",
                                      "{\"wishlist\":[{\"name\":\"Emma Coat\"}]}",
                                      "{\"cart\":{\"line_items\":[{\"name\":\"Emma Coat\"}]}}",
                                      "{\"warenkorb\":[{\"name\":\"Emma Coat\"}]}"}) {
    CAPTURE(text);
    CHECK(json(text) == text);
  }
  CHECK(json("{\"customers\":[{\"name\":\"Vrba\"}]}") ==
        "{\"customers\":[{\"name\":\"<PERSON_NAME>\"}]}");
  // A text about goods may tell of people.
  CHECK(json("{\"purchases\":\"a ring of gold, collected by Mrs. Vrba in May\"}") ==
        "{\"purchases\":\"a ring of gold, collected by Mrs. <PERSON_NAME> in May\"}");
}

TEST_CASE("forms: mail: a header line is as long as a header may be") {
  const std::string mail = "Subject: " + std::string(130 * 1024, 'x') + "\nX: 1\n\ncall\n";
  CHECK(made_of(mail, text_form::mail) == mail);
  std::string out;
  form_options how;
  how.form = text_form::mail;
  form_redactor redactor(how);
  const text_sink sink{append, &out};
  const auto written = redactor.write("Subject: " + std::string(2U << 20U, 'x'), sink);
  REQUIRE(!written);
  CHECK(written.error().code == errc::limit_exceeded);
}
