// What a hostile hand writes: quote marks that nothing closes, tags glued to values, parts of a
// mail in disguise. Nothing of a form stays unread. All people and numbers are invented; cards and
// accounts are published test numbers.
#include <clientbook/forms/form_redactor.hpp>

#include <string>

#include <doctest/doctest.h>

using namespace clientbook;

namespace {

void append(void* to, std::string_view text) { static_cast<std::string*>(to)->append(text); }

result<std::string> redacted(std::string_view text, text_form form) {
  static constexpr std::string_view regions[] = {"US", "DE"};
  form_options how;
  how.form = form;
  how.text.scan.regions = regions;
  std::string out;
  form_redactor redactor(how);
  const text_sink sink{append, &out};
  if (const auto written = redactor.write(text, sink); !written) return written.error();
  if (const auto done = redactor.finish(sink); !done) return done.error();
  return out;
}

std::string made_of(std::string_view text, text_form form = text_form::sniffed) {
  const auto out = redacted(text, form);
  REQUIRE(out);
  // Redacting twice changes nothing.
  const auto again = redacted(*out, form);
  REQUIRE(again);
  CHECK(*again == *out);
  return *out;
}

bool is_refused(std::string_view text, text_form form) {
  const auto out = redacted(text, form);
  return !out && out.error().code == errc::invalid_encoding;
}

}  // namespace

TEST_CASE("forms: cards in a list keep their lines and cells in every form") {
  CHECK(made_of("4096 4665 6664 8531\n5499 2729 6883 1208\n", text_form::plain) ==
        "<PAYMENT_CARD>\n<PAYMENT_CARD>\n");
  CHECK(made_of("4408 1925 2249 8315\t5140 2493 3785 3298\n", text_form::log) ==
        "<PAYMENT_CARD>\t<PAYMENT_CARD>\n");
  CHECK(made_of("<p>4096 4665 6664 8531<br>5499 2729 6883 1208</p>", text_form::html) ==
        "<p>&lt;PAYMENT_CARD&gt;<br>&lt;PAYMENT_CARD&gt;</p>");
  CHECK(made_of("{\"a\": \"4096 4665 6664 8531\\n5499 2729 6883 1208\"}", text_form::json) ==
        "{\"a\": \"<PAYMENT_CARD>\\n<PAYMENT_CARD>\"}");
  // A number of eight digits and the day in the next cell are no phone number together.
  CHECK(made_of("3606-860673-3546\t05597696\t2026-01-26T16:39:29Z\n", text_form::plain) ==
        "<PAYMENT_CARD>\t<PHONE_NUMBER>\t2026-01-26T16:39:29Z\n");
}

TEST_CASE("forms: html: a value begins and ends at a tag, and goes on over one") {
  const auto html = [](std::string_view text) { return made_of(text, text_form::html); };
  CHECK(html("<span>1</span><span>4111111111111111</span>") ==
        "<span>1</span><span>&lt;PAYMENT_CARD&gt;</span>");
  CHECK(html("<span>17</span><span>684-32-4407</span><span>34</span>") ==
        "<span>17</span><span>&lt;NATIONAL_ID&gt;</span><span>34</span>");
  // What stands before the name may be a part of it: hidden too.
  const std::string email = html("<span>17</span><span>zoe@example.com</span><span>34</span>");
  CHECK(email.find("zoe") == std::string::npos);
  CHECK(email.ends_with("<span>34</span>"));
  CHECK(html("<span>4111 1111 1111 1111</span><span>2</span>") ==
        "<span>&lt;PAYMENT_CARD&gt;</span><span>2</span>");
  CHECK(html("7<!-- -->4111111111111111") == "7<!-- -->&lt;PAYMENT_CARD&gt;");
  CHECK(html("<b>a</b>4<i>2</i>").find("&lt;") == std::string::npos);
  CHECK(html("<p>4111<b>1111</b>11111111</p>").find("1111") == std::string::npos);
  CHECK(html("<p>zo<b>e</b>@example.com</p>").find("example") == std::string::npos);
}

TEST_CASE("forms: html: what is neither name nor value in a tag is read as text") {
  const auto html = [](std::string_view text) { return made_of(text, text_form::html); };
  CHECK(html("<td '5499272968831208'>a</td>") == "<td '&lt;PAYMENT_CARD&gt;'>a</td>");
  CHECK(html("<li a=b 5499 2729 6883 1208>a</li>") == "<li a=b &lt;PAYMENT_CARD&gt;>a</li>");
  CHECK(html("<td nowrap zoe@example.com>a</td>") == "<td nowrap &lt;EMAIL_ADDRESS&gt;>a</td>");
  CHECK(html("<i x-5499272968831208>a</i>").find("1208") == std::string::npos);
  CHECK(html("<i-5499272968831208>a</i>").find("1208") == std::string::npos);
  CHECK(html("<p>a</p b='5499272968831208' 5140249337853298>") ==
        "<p>a</p b='&lt;PAYMENT_CARD&gt;' &lt;PAYMENT_CARD&gt;>");
  CHECK(html("<a title='1>2<input value='5499272968831208'> b</a>").find("1208") ==
        std::string::npos);
  const auto xml = [](std::string_view text) { return made_of(text, text_form::xml); };
  const std::string born = xml("<r iban='DE89370400440532013000 born='1958-05-03' n='4'/>");
  CHECK(born.find("1958") == std::string::npos);
  CHECK(born.ends_with(" n='4'/>"));
  CHECK(xml("<r>\n<a phone='7811704>\n<b card='5499272968831208'/>\n</r>").find("1208") ==
        std::string::npos);
  // Names of programs, and numbers of the shop that the value of an attribute holds.
  const std::string names =
      "<p @click=\"go\" :key=\"k\" [hidden]=\"h\" (input)=\"i\" #ref v-on:x.y=\"z\" 50% "
      "data-order=\"2125550187\" nowrap h1>a</p>";
  CHECK(html(names) == names);
}

TEST_CASE("forms: html: what has no name of a tag is text") {
  const auto html = [](std::string_view text) { return made_of(text, text_form::html); };
  CHECK(html("<p>von <ann.k@example.org>, an <b>alle</b></p>") ==
        "<p>von <&lt;EMAIL_ADDRESS&gt;>, an <b>alle</b></p>");
  CHECK(html("<p>to <mailto:ann.k@example.org></p>") == "<p>to <mailto:&lt;EMAIL_ADDRESS&gt;></p>");
  CHECK(html("<p>x</ann+k@example.org></p>").find("ann") == std::string::npos);
  CHECK(html("<b>a<i<u>5499272968831208</u></b>") == "<b>a<i<u>&lt;PAYMENT_CARD&gt;</u></b>");
  CHECK(made_of("{\"note\": \"<div>cc <ann.k@example.org></div>\"}", text_form::json) ==
        "{\"note\": \"<div>cc <&lt;EMAIL_ADDRESS&gt;></div>\"}");
  CHECK(made_of("id,note\n7,<p>cc <ann.k@example.org></p>\n", text_form::csv).find("ann") ==
        std::string::npos);
  const std::string tags = "<my-row.a x:y='1'/><h1>a</h1><o:p></o:p><a:b-c>5 < 6</a:b-c>";
  CHECK(html(tags) == tags);
}

TEST_CASE("forms: html: a name is of the content of its element, and a find ends where it ends") {
  const auto html = [](std::string_view text) { return made_of(text, text_form::html); };
  CHECK(html("<p><b class=\"ssn\">53622</b>; <b class=\"size\">42</b> blue</p>") ==
        "<p><b class=\"ssn\">&lt;NATIONAL_ID&gt;</b>; <b class=\"size\">42</b> blue</p>");
  CHECK(html("<p><b itemprop=\"telephone\"><b>781</b>1704</b> room 12, 3 beds</p>") ==
        "<p><b itemprop=\"telephone\"><b>&lt;PHONE_NUMBER&gt;</b></b> room 12, 3 beds</p>");
  CHECK(html("<div class=\"phone\">7811704</div> 42 of 53622") ==
        "<div class=\"phone\">&lt;PHONE_NUMBER&gt;</div> 42 of 53622");
  CHECK(html("<p><i id=\"phone\">Phone</i> 7811704</p>") ==
        "<p><i id=\"phone\">Phone</i> &lt;PHONE_NUMBER&gt;</p>");
  CHECK(html("<li>ann@example.org<b>Orders</b></li>") ==
        "<li>&lt;EMAIL_ADDRESS&gt;<b>Orders</b></li>");
  CHECK(html("<li>ann@example.org<b>Or 5499272968831208</b></li>") ==
        "<li>&lt;EMAIL_ADDRESS&gt;<b>Or &lt;PAYMENT_CARD&gt;</b></li>");
  // A value goes on over a tag.
  CHECK(html("<p>ann@example.co<b>m</b></p>") == "<p>&lt;EMAIL_ADDRESS&gt;<b></b></p>");
}

TEST_CASE("forms: text: joined names say before a colon what they say before an equals sign") {
  for (const text_form form : {text_form::plain, text_form::log}) {
    const auto text = [&](std::string_view of) { return made_of(of, form); };
    for (const std::string_view name :
         {"dateOfBirth", "DateOfBirth", "dateofbirth", "memberDob", "patientBirthDate",
          "fechaNacimiento", "dataDiNascita", "dateNaissance"}) {
      CAPTURE(name);
      const std::string is = std::string(name) + ": ";
      CHECK(text(is + "1951-11-02") == is + "<DATE_OF_BIRTH>");
      CHECK(text("INFO saved " + is + "1951-11-02, ok") ==
            "INFO saved " + is + "<DATE_OF_BIRTH>, ok");
      CHECK(text(is + "2 November 1951 ok") == is + "<DATE_OF_BIRTH> ok");
    }
    CHECK(text("dateOfBirth:1951-11-02") == "dateOfBirth:<DATE_OF_BIRTH>");
    for (const std::string_view name : {"taxId", "taxpayerId", "accountNumber", "accountnumber",
                                        "bankAccountNumber", "socialSecurityNumber"}) {
      CAPTURE(name);
      CHECK(text("got " + std::string(name) + ": 4810773 twice").find("4810773") ==
            std::string::npos);
    }
    for (const std::string_view stays :
         {"orderNumber: 4810773", "createdAt: 1951-11-02", "releaseDate: 1951-11-02",
          "accountStatus: 4810773", "got invoiceId: 4810773", "std::dateOfBirth::x 4810773",
          "dateOfBirth: unknown, 42 rows", "dateOfBirth: none in 2019"}) {
      CHECK(text(stays) == stays);
    }
  }
}

TEST_CASE("forms: json: pairs of a name and a value in capital letters, and with members between") {
  const auto json = [](std::string_view text) { return made_of(text, text_form::json); };
  CHECK(json(R"([{"KEY":"SSN","VALUE":"53622"}])") == R"([{"KEY":"SSN","VALUE":"<NATIONAL_ID>"}])");
  CHECK(json(R"([{"Field":"Telephone","Value":"4417703"}])") ==
        R"([{"Field":"Telephone","Value":"<PHONE_NUMBER>"}])");
  CHECK(json(R"([{"name":"dob","type":"date","label":"when","value":"1951-11-02"}])") ==
        R"([{"name":"dob","type":"date","label":"when","value":"<DATE_OF_BIRTH>"}])");
  CHECK(json(R"([{"type":"phone","label":"home","Value":"4417703"}])") ==
        R"([{"type":"phone","label":"home","Value":"<PHONE_NUMBER>"}])");
  for (const std::string stays :
       {R"([{"Key":"Order","Value":"4417703"},{"Key":"Size","Type":"int","Value":"44177"}])",
        R"([{"key":"released","type":"date","value":"1951-11-02"}])",
        R"([{"Key":"SSN"},{"Key":"Sku","Value":"53622"}])"}) {
    CHECK(json(stays) == stays);
  }
}

TEST_CASE("forms: html: styles and programs in attributes are read for what proves itself") {
  const auto html = [](std::string_view text) { return made_of(text, text_form::html); };
  CHECK(html("<p style=\"content:'4111111111111111'\">a</p>") ==
        "<p style=\"content:'&lt;PAYMENT_CARD&gt;'\">a</p>");
  CHECK(html("<p onclick=\"f('zoe@example.com', 2125550187)\">a</p>") ==
        "<p onclick=\"f('&lt;EMAIL_ADDRESS&gt;', 2125550187)\">a</p>");
  const std::string style = "<p style=\"width:212px;margin:555px 0187px;z-index:2125550187\">a</p>";
  CHECK(html(style) == style);
}

TEST_CASE("forms: csv: behind a quote mark that nothing closes all is read") {
  const auto csv = [](std::string_view text) { return made_of(text, text_form::csv); };
  CHECK(csv("a;b\n\"x 4111111111111111;2\ny;3\n") == "a;b\n\"x <PAYMENT_CARD>;2\ny;3\n");
  CHECK(csv("\"id;note;n\n1;4111111111111111;3\n2;ok;4\n") ==
        "\"id;note;n\n1;<PAYMENT_CARD>;3\n2;ok;4\n");
  CHECK(csv("\"a|b,zoe@example.com\n") == "\"a|b,<EMAIL_ADDRESS>\n");
  CHECK(csv("\"zoe@example.com") == "\"<EMAIL_ADDRESS>");
  CHECK(csv("a,b\n1,\"zoe@example.com\n2,x\n3,4111111111111111\n") ==
        "a,b\n1,\"<EMAIL_ADDRESS>\n2,x\n3,<PAYMENT_CARD>\n");
  CHECK(csv("\"id;tel;n\n1;7811704;3\n") == "\"id;tel;n\n1;<PHONE_NUMBER>;3\n");
  // The names of the columns hold behind it.
  CHECK(csv("id;tel;n\n1;\"x;3\n2;7811704;4\n") == "id;tel;n\n1;\"x;3\n2;<PHONE_NUMBER>;4\n");
}

TEST_CASE("forms: csv: a row that does not fit hides no delimiter, and another one leaves none") {
  const auto csv = [](std::string_view text) { return made_of(text, text_form::csv); };
  CHECK(csv("\"x\";zoe@example.com\ntotal\n") == "\"x\";<EMAIL_ADDRESS>\ntotal\n");
  CHECK(csv("\"ab\";\"b\"\n\"r\";\"4111111111111111\nz\"\n\"total\"\n") ==
        "\"ab\";\"b\"\n\"r\";\"<PAYMENT_CARD>\nz\"\n\"total\"\n");
  CHECK(csv("\"Typ\";\"Wert\"\n\"r\";\"x\";\n\"s\";\"4111111111111111\nok\"\n") ==
        "\"Typ\";\"Wert\"\n\"r\";\"x\";\n\"s\";\"<PAYMENT_CARD>\nok\"\n");
  const std::string tabs = "\"a\"\t\"\"\n\"r\"\t\"x\nz\"\n\"\"\n";
  CHECK(csv(tabs) == tabs);
  // A delimiter at the end of a row makes no cell more, which would put the row in doubt.
  const std::string trailing = "sku;price\n48213;389,00;\n48214;12,00\n";
  CHECK(csv(trailing) == trailing);
  // Cells with signs behind their quote marks are read as they are.
  CHECK(csv("a,b\n\"x\"zoe@example.com,\"4111111111111111\" ok\n") ==
        "a,b\n\"x\"<EMAIL_ADDRESS>,\"<PAYMENT_CARD>\" ok\n");
}

TEST_CASE("forms: csv: names of columns are told below titles") {
  const auto csv = [](std::string_view text) { return made_of(text, text_form::csv); };
  CHECK(csv("Export vom 30.11.2026\nTel;Geb\n7811704;3.5.58\n") ==
        "Export vom 30.11.2026\nTel;Geb\n<PHONE_NUMBER>;<DATE_OF_BIRTH>\n");
  CHECK(csv("Kundenliste;;\n;;\nTel;Geb;SSN\n7811704;3.5.58;078051121\n") ==
        "Kundenliste;;\n;;\nTel;Geb;SSN\n<PHONE_NUMBER>;<DATE_OF_BIRTH>;<NATIONAL_ID>\n");
}

TEST_CASE("forms: mail: parameters in pieces and in percent are read (RFC 2231)") {
  const std::string hidden = "Y2FyZCA8UEFZTUVOVF9DQVJEPg==";
  for (const std::string_view boundary :
       {"boundary*0=\"b\"; boundary*1=\"1\"", "boundary*=us-ascii''b1", "boundary*=us-ascii''%621",
        "boundary*0*=us-ascii''b;\n boundary*1=1", "boundary = b1", "charset=us-ascii"}) {
    CAPTURE(boundary);
    const std::string mail = "Content-Type: multipart/mixed; " + std::string(boundary) +
                             "\n\n--b1\nContent-Transfer-Encoding: base64\n\n"
                             "Y2FyZCA0MTExIDExMTEgMTExMSAxMTEx\n--b1--\n";
    const std::string out = made_of(mail, text_form::mail);
    CHECK(out.find("MTEx") == std::string::npos);
    CHECK(out.find("Y2FyZCA8UEFZTUVOVF9DQVJEPg") != std::string::npos);
    CHECK(out.ends_with("--b1--\n"));
  }
  CHECK(made_of("Content-Type: text/plain\nContent-Disposition: attachment;\n "
                "filename*0*=utf-8''4111%201111;\n filename*1*=%201111%201111.txt\n\nx\n",
                text_form::mail)
            .find("1111") == std::string::npos);
  CHECK(
      made_of("Content-Type: text/plain; name*0=\"4111 1111\"; name*1=\" 1111 1111.txt\"; x=1\n\n",
              text_form::mail) ==
      "Content-Type: text/plain; name*0=\"<PAYMENT_CARD>\"; name*1=\".txt\"; x=1\n\n");
}

TEST_CASE("forms: mail: an encoding that nobody knows is an error") {
  const auto part = [](std::string_view encoding) {
    return "Content-Type: text/plain\nContent-Transfer-Encoding: " + std::string(encoding) +
           "\n\nhello\n";
  };
  CHECK(is_refused(part("x-uuencode"), text_form::mail));
  CHECK(is_refused(part("x-yenc"), text_form::mail));
  for (const std::string_view known : {"7bit", "8BIT", "8-bit", "binary", "(none)"}) {
    CHECK(made_of(part(known), text_form::mail) == part(known));
  }
}

TEST_CASE("forms: UTF-32 is an error") {
  using namespace std::string_view_literals;
  CHECK(is_refused("\xFF\xFE\0\0004\0\0\0"sv, text_form::plain));
  CHECK(is_refused("\0\0\xFE\xFF\0\0\0004"sv, text_form::plain));
  CHECK(is_refused("4\0\0\0001\0\0\0"sv, text_form::plain));
  CHECK(is_refused("\0\0\0004\0\0\0001"sv, text_form::plain));
}

TEST_CASE("forms: what stands for a value names nothing") {
  // And is none itself.
  const std::string labels = "id;name;n\n1;<IBAN>;3\n";
  CHECK(made_of(labels, text_form::csv) == labels);
  CHECK(made_of("<p>4111111111111111</p><p>order 88515302</p>", text_form::html) ==
        "<p>&lt;PAYMENT_CARD&gt;</p><p>order 88515302</p>");
  CHECK(made_of("{\"4111 1111 1111 1111\": {\"n\": 3}}", text_form::json) ==
        "{\"<PAYMENT_CARD>\": {\"n\": 3}}");
  CHECK(made_of("\"x;y\";DE89370400440532013000\n3;389,00\n\"\"\n4;12,00\n", text_form::csv) ==
        "\"x;y\";<IBAN>\n3;389,00\n\"\"\n4;12,00\n");
}

TEST_CASE("forms: beside prices and articles a name is none of a person") {
  const auto same = [](std::string_view text, text_form form) {
    CAPTURE(text);
    CHECK(made_of(text, form) == text);
  };
  same("sku,name,price,material\n1,Adjustable Race,3.5,x\n", text_form::csv);
  same("sku,name,vendor,supplier,title,tags,image,url\n1,Adjustable Race,Bo,Co,t,x,a.png,b\n",
       text_form::csv);
  same("[{\"sku\":\"1\",\"name\":\"Adjustable Race\",\"price\":3.5}]", text_form::json);
  same("{\"items\":[{\"name\":\"Adjustable Race\"}]}", text_form::json);
  same("{\"lines\":[{\"name\":\"Adjustable Race\"}]}", text_form::json);
  same("<r><item><name>Adjustable Race</name></item></r>", text_form::xml);
  same("{\"shipping_method\":{\"name\":\"DHL Express\"}}", text_form::json);
  same("{\"logger\":{\"name\":\"app.main\"}}", text_form::json);
  // Of the elements behind one that speaks of articles, also where the name comes first.
  CHECK(made_of("[{\"name\":\"x\",\"sku\":1},{\"name\":\"Adjustable Race\",\"sku\":2}]",
                text_form::json)
            .find("Adjustable") != std::string::npos);
  // Beside anything of a person it is a person's.
  CHECK(made_of("name,email,price\nAdjustable Race,a@example.com,3\n", text_form::csv)
            .find("Adjustable") == std::string::npos);
  CHECK(made_of("[{\"email\":\"a@example.com\",\"price\":1,\"name\":\"Adjustable Race\"}]",
                text_form::json)
            .find("Adjustable") == std::string::npos);
  CHECK(made_of("{\"customer\":{\"name\":\"Adjustable Race\"}}", text_form::json)
            .find("Adjustable") == std::string::npos);
}

TEST_CASE("forms: csv: amounts of taxes and numbers of lines are the shop's") {
  const auto same = [](std::string_view text) { CHECK(made_of(text, text_form::csv) == text); };
  same("order_id,tax\n1,124.2483\n");
  same("order_id;tax\n1;19,00\n");
  same("id,line_id\n1,1254\n");
  CHECK(made_of("id,tax\n1,DE136695976\n", text_form::csv) == "id,tax\n1,<NATIONAL_ID>\n");
  CHECK(made_of("id,line_id\n1,zoe554\n", text_form::csv) == "id,line_id\n1,<URL>\n");
}

TEST_CASE("forms: csv: official names of ids are those of columns, however long they are") {
  for (const std::string_view one :
       {"Идентификационный номер налогоплательщика", "Numéro d'Identification Fiscale Permanent",
        "Едниствен Даночен Број", "Αριθμός Μητρώου Κοινωνικής Ασφάλισης", "idDocument", "Perso_Nr",
        "visaNumber", "SSNNO", "custssn"}) {
    CAPTURE(one);
    const std::string head = "id;" + std::string(one) + ";n\n";
    CHECK(made_of(head + "1;162207569906;3\n", text_form::csv) == head + "1;<NATIONAL_ID>;3\n");
  }
  CHECK(made_of("{\"Идентификационный номер налогоплательщика\": \"162207569906\"}",
                text_form::json) ==
        "{\"Идентификационный номер налогоплательщика\": \"<NATIONAL_ID>\"}");
  // A text is no name.
  const std::string text =
      "id;Bitte hier nur eintragen, was nicht in die anderen Spalten passt, keine Steuernummer\n"
      "1;162207569\n";
  CHECK(made_of(text, text_form::csv) == text);
}

TEST_CASE("forms: the last group of a card that was pasted from cells belongs to it") {
  CHECK(made_of("paid 4716\t2210\t5188\t8 ok", text_form::plain) == "paid <PAYMENT_CARD> ok");
  // In a longer row of a table it is a cell.
  CHECK(made_of("4716\t2210\t5188\t38 ok", text_form::plain).ends_with("\t38 ok"));
}
