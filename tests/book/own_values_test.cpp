// What a redacted note hides of the customer's own record, beside names and contacts.
#include <string>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

TEST_CASE("book: a redacted note hides the record's own days, and its town with the postal code") {
  shop s;
  session in = s.begin();
  privacy_notice shown = notice_for(in);
  shown.announced.purposes = {purpose::email_marketing};
  shown.announced.recipients = {recipient::self};
  shown.announced.categories = {category::note, category::name, category::email_address};
  REQUIRE(in.add_notice(shown));
  directive yes = grant_of(in, {recipient::self});
  yes.conditions = {.required = {obligation::mask}, .mask = redaction_operator::redact_text};
  customer kept = ken();
  REQUIRE(kept.set(field::birth_date, date{1961, 4, 17}));
  REQUIRE(kept.set(field::addresses,
                   std::array{postal_address{.city = "Hamburg", .postal_code = "20354"}}));
  const customer_id id = keep(in, kept, std::span(&yes, 1));
  const note one{.at = timestamp{1'700'000'000},
                 .author = "Marta",
                 .text =
                     "wants a coat for 17.4.1961, 04/17/1961, 1961-04-17 or 17.04.61; from "
                     "20354 Hamburg, Hamburg is far, 18.4.1961"};
  REQUIRE(in.append_note(id, one, purpose::email_marketing));
  const auto notes = in.notes(id, purpose::email_marketing);
  REQUIRE(notes);
  REQUIRE(notes->items().size() == 1);
  note read;
  REQUIRE(decode_value(notes->items()[0].value, read));
  CHECK(read.text ==
        "wants a coat for <KNOWN_VALUE>, <KNOWN_VALUE>, <KNOWN_VALUE> or <KNOWN_VALUE>; from "
        "<KNOWN_VALUE>, Hamburg is far, 18.4.1961");
}
