#include "apply_testing.hpp"

#include <random>
#include <string>

using namespace clientbook;
using namespace clientbook::testing;

namespace {

using op = redaction_operator;
constexpr op all_operators[] = {op::shift_date,
                                op::generalise_date,
                                op::generalise_zip,
                                op::generalise_number,
                                op::generalise_ip,
                                op::generalise_geo,
                                op::mask_phone,
                                op::mask_email,
                                op::mask_card,
                                op::mask,
                                op::fpe,
                                op::token,
                                op::hash,
                                op::drop};
constexpr field_type all_types[] = {field_type::text,           field_type::integer,
                                    field_type::boolean,        field_type::date,
                                    field_type::timestamp,      field_type::money,
                                    field_type::language,       field_type::time_zone,
                                    field_type::person_name,    field_type::email,
                                    field_type::phone,          field_type::address,
                                    field_type::special_day,    field_type::size,
                                    field_type::external_id,    field_type::household_link,
                                    field_type::demographics,   field_type::government_id,
                                    field_type::payment_card,   field_type::purchase,
                                    field_type::note,           field_type::card_verification_code,
                                    field_type::card_track,     field_type::pin_block,
                                    static_cast<field_type>(77)};

}  // namespace

TEST_CASE("apply: none keeps the value, drop leaves nothing") {
  const bytes value = encoded(std::string_view("Ken"));
  const outcome kept = redact(op::none, field_type::text, value);
  CHECK(same_bytes(kept.value, value));
  CHECK(kept.applied == op::none);
  CHECK(dropped(redact(op::drop, field_type::text, value)));
  CHECK(dropped(redact(op::none, field_type::card_track, value)));
}

TEST_CASE("apply: every e-mail of the list, without its label") {
  const bytes value = list<email_address>({{"ken0@adventure-works.com", "home, wife is Anna"},
                                           {"not an address", "work"},
                                           {"terri@example.com", ""}});
  const auto left = redact(op::mask_email, field_type::email, value).all<email_address>();
  REQUIRE(left.size() == 2);
  CHECK(left[0].address == "k***@***");
  CHECK(left[0].label.empty());
  CHECK(left[1].address == "t***@***");
  CHECK(dropped(redact(op::mask_email, field_type::email, list<email_address>({{"x", ""}}))));
  CHECK(redact(op::mask, field_type::email, value).all<email_address>()[1].address ==
        "n*************");
}

TEST_CASE("apply: every phone of the list, without label and extension") {
  const bytes value =
      list<phone_number>({{"+49 30 1234567", "mobile", "42"}, {"ask reception", "", ""}});
  const auto left = redact(op::mask_phone, field_type::phone, value).all<phone_number>();
  REQUIRE(left.size() == 1);
  CHECK(left[0].number == "+49 ***67");
  CHECK(left[0].label.empty());
  CHECK(left[0].extension.empty());
}

TEST_CASE("apply: of an address region, country and coarse postal code are left") {
  postal_address home{.label = "home",
                      .line1 = "1970 Napa Ct.",
                      .line2 = "Flat 3",
                      .city = "Bothell",
                      .region = "Washington",
                      .postal_code = "98011",
                      .country = "US"};
  postal_address wrong = home;
  wrong.postal_code = "somewhere near 98011";
  postal_address region_with_street = home;
  region_with_street.region = "12 Main Street";
  const auto left = redact(op::generalise_zip, field_type::address,
                           list<postal_address>({home, wrong, region_with_street}))
                        .all<postal_address>();
  REQUIRE(left.size() == 2);
  CHECK(left[0].postal_code == "980");
  CHECK(left[0].region == "Washington");
  CHECK(left[0].country == "US");
  for (const personal_text& text :
       {personal_text(left[0].label), left[0].line1, left[0].line2, left[0].city}) {
    CHECK(text.empty());
  }
  CHECK(left[1].region.empty());
  home.country = "Elbonia";
  CHECK(dropped(redact(op::generalise_zip, field_type::address, list<postal_address>({home}))));
}

TEST_CASE("apply: dates and special days lose day and month") {
  CHECK(redact(op::generalise_date, field_type::date, encoded(date{1985, 5, 17}))
            .as<std::string_view>() == "1985");
  CHECK(redact(op::generalise_date, field_type::date, encoded(date{1930, 5, 17}))
            .as<std::string_view>() == "90+");
  // Nobody told the year: that is what is left of it.
  CHECK(redact(op::generalise_date, field_type::date, encoded(date{0, 2, 29}))
            .as<std::string_view>() == "XXXX");
  CHECK(dropped(redact(op::generalise_date, field_type::date, encoded(date{1985, 5, 17}),
                       redaction_options{})));  // The day of reading is not known.
  CHECK(redact(op::generalise_date, field_type::timestamp,
               encoded(*parse_timestamp("2024-02-29T23:59:59Z")))
            .as<std::string_view>() == "2024");

  const bytes days = list<special_day>({{"wedding_anniversary", date{2010, 6, 12}, "with Anna"},
                                        {"Anna's birthday!", date{2012, 1, 2}, ""},
                                        {"child_birthday", date{0, 4, 1}, "Tom"},
                                        {"name_day", std::nullopt, "Kenneth"}});
  const auto left = redact(op::generalise_date, field_type::special_day, days).all<special_day>();
  REQUIRE(left.size() == 3);
  CHECK(left[2].kind == "child_birthday");
  CHECK_FALSE(left[2].day);
  CHECK(left[2].label == "XXXX");
  CHECK(left[0].kind == "wedding_anniversary");
  CHECK_FALSE(left[0].day);
  CHECK(left[0].label == "2010");
  CHECK(left[1].kind.empty());
  CHECK(left[1].label == "2012");

  redaction_options bands = options();
  bands.day.form = date_form::age_band;
  CHECK(dropped(redact(op::generalise_date, field_type::special_day, days, bands)));
  CHECK(dropped(redact(op::generalise_date, field_type::date, encoded(date{0, 5, 17}), bands)));
  CHECK(redact(op::generalise_date, field_type::date, encoded(date{1985, 5, 17}), bands)
            .as<std::string_view>() == "40-49");
}

TEST_CASE("apply: of a name given and family name are left, masked") {
  const outcome done = redact(op::mask, field_type::person_name,
                              encoded(person_name{.prefix = "Dr.",
                                                  .given = "Kenneth",
                                                  .middle = "J",
                                                  .family = "Sanchez",
                                                  .suffix = "Jr.",
                                                  .nickname = "Ken",
                                                  .phonetic = "x"}));
  const auto left = done.as<person_name>();
  CHECK(left.given == "K******");
  CHECK(left.family == "S******");
  for (const auto& text : {left.prefix, left.middle, left.suffix, left.nickname, left.phonetic}) {
    CHECK(text.empty());
  }
  CHECK(
      dropped(redact(op::mask, field_type::person_name, encoded(person_name{.nickname = "Ken"}))));
}

TEST_CASE("apply: ids and cards keep what says nothing of the person") {
  const auto ids = redact(op::mask, field_type::external_id,
                          list<external_id>({{"loyalty", "AW00029485"}, {"Anna's", "12345678"}}))
                       .all<external_id>();
  REQUIRE(ids.size() == 2);
  CHECK(ids[0].system == "loyalty");
  CHECK(ids[0].value == "A*********");
  CHECK(ids[1].system.empty());

  const auto papers = redact(op::mask, field_type::government_id,
                             list<government_id>({{"DE", "passport", "C01X00T47"}}))
                          .all<government_id>();
  CHECK(papers[0].country == "DE");
  CHECK(papers[0].kind == "passport");
  CHECK(papers[0].number == "C********");

  const bytes cards = list<payment_card>({{"tok_8f3a", "1234", "visa", 2027, 4},
                                          {"tok_9", "123", "visa", {}, {}},
                                          {"tok_9", "12a4", "visa", {}, {}},
                                          {"tok_7", "5678", "visa 4111", {}, {}}});
  const auto left = redact(op::mask_card, field_type::payment_card, cards).all<payment_card>();
  REQUIRE(left.size() == 2);
  CHECK(left[0].last_four == "1234");
  CHECK(left[0].brand == "visa");
  CHECK(left[0].token.empty());
  CHECK_FALSE(left[0].expiry_year);
  CHECK(left[1].brand.empty());
  redaction_options two = options();
  two.card.last = 2;
  CHECK(redact(op::mask_card, field_type::payment_card, cards, two)
            .all<payment_card>()[0]
            .last_four == "**34");
}

TEST_CASE("apply: texts take every operator on texts, one or a list") {
  const auto on = [](op which, std::string_view text) {
    const outcome done = redact(which, field_type::text, encoded(text));
    return dropped(done) ? std::string("-") : std::string(done.as<std::string_view>());
  };
  CHECK(on(op::mask, "likes oysters") == "l************");
  CHECK(on(op::mask_email, "ken@example.com") == "k***@***");
  CHECK(on(op::mask_email, "ken") == "-");
  CHECK(on(op::mask_phone, "+49 30 1234567") == "+49 ***67");
  CHECK(on(op::mask_card, "4111 1111 1111 1234") == "************1234");
  CHECK(on(op::generalise_zip, "98011") == "-");  // Of which country?
  CHECK(on(op::generalise_date, "1985-05-17") == "-");
  redaction_options us = options();
  us.zip.country = "US";
  CHECK(redact(op::generalise_zip, field_type::text, encoded(std::string_view("98011")), us)
            .as<std::string_view>() == "980");

  const auto likes =
      redact(op::mask, field_type::text, list<std::string_view>({"blue shirts", "", "tea"}))
          .all<std::string_view>();
  CHECK(likes == std::vector<std::string_view>{"b**********", "", "***"});
  for (const std::size_t size : {22U, 23U, 24U, 25U, 255U, 256U, 4096U}) {
    const std::string text(size, 'x');
    CHECK(on(op::mask, text) == "x" + std::string(size - 1, '*'));
  }
}

TEST_CASE("apply: an operator that does not fit drops, whatever the value") {
  const bytes values[] = {encoded(std::string_view("Kenneth")),
                          encoded(std::int64_t{123456789}),
                          encoded(true),
                          encoded(demographics{.gender = "f", .occupation = "diver"}),
                          list<household_link>({{"spouse", "Anna", {}}}),
                          list<customer_size>({{"shoe", "EU", "43"}}),
                          encoded(note{{}, "ken", "met his wife"})};
  for (const field_type type :
       {field_type::integer, field_type::boolean, field_type::money, field_type::language,
        field_type::time_zone, field_type::size, field_type::household_link,
        field_type::demographics, field_type::purchase, field_type::note,
        static_cast<field_type>(77)}) {
    for (const op which : all_operators) {
      if (type == field_type::integer && which == op::generalise_number) continue;
      for (const bytes& value : values) CHECK(dropped(redact(which, type, value)));
    }
  }
  CHECK(dropped(redact(static_cast<op>(100), field_type::text, values[0])));
  CHECK(dropped(
      redact(op::mask_phone, field_type::email, list<email_address>({{"ken@example.com", ""}}))));
}

TEST_CASE("apply: what is not a value of the type drops") {
  for (const op which : all_operators) {
    for (const field_type type : all_types) {
      CHECK(dropped(redact(which, type, {})));
      CHECK(dropped(redact(which, type, bytes{std::byte{0x61}})));                   // cut short
      CHECK(dropped(redact(which, type, bytes{std::byte{0x61}, std::byte{0xFF}})));  // not UTF-8
      CHECK(dropped(redact(which, type, bytes{std::byte{0xF6}})));                   // null
      CHECK(dropped(redact(which, type, bytes{std::byte{0x80}})));                   // no elements
      CHECK(dropped(redact(which, type, bytes{std::byte{0x81}, std::byte{0x80}})));  // list in list
      CHECK(dropped(redact(which, type, bytes{std::byte{0xA0}})));                   // empty struct
    }
  }
}

TEST_CASE("apply: keys of a newer version are not shown") {
  // {1: "ken0@example.com", 2: "home", 9: "secret"} as the only element.
  bytes room(200);
  cbor::writer to(room);
  to.array(1);
  to.map(3);
  to.unsigned_integer(1);
  to.text("ken0@example.com");
  to.unsigned_integer(2);
  to.text("home");
  to.unsigned_integer(9);
  to.text("secret");
  const outcome done = redact(op::mask_email, field_type::email, *to.finish());
  CHECK(as_text(done.value).find("secret") == std::string_view::npos);
  CHECK(done.all<email_address>()[0].address == "k***@***");
}

TEST_CASE("apply: a buffer too small is told and stays as it was") {
  const bytes value =
      list<email_address>({{"ken0@adventure-works.com", "home"}, {"terri@example.com", ""}});
  for (std::size_t size = 0; size < 64; ++size) {
    bytes room(size, std::byte{0xEE});
    const auto done = apply(op::mask_email, field_type::email, value, options(), room);
    if (done) {
      CHECK(done->value.size() <= size);
      continue;
    }
    CHECK(done.error().code == errc::buffer_too_small);
    CHECK(room == bytes(size, std::byte{0xEE}));
    room.resize(static_cast<std::size_t>(done.error().at));
    CHECK(apply(op::mask_email, field_type::email, value, options(), room));
  }
  bytes small(3, std::byte{0xEE});
  CHECK(apply(op::none, field_type::email, value, options(), small).error().at == value.size());
}

TEST_CASE("apply: options out of range are refused, not guessed") {
  const bytes value = encoded(std::string_view("Kenneth"));
  const auto refused = [&](auto change) {
    redaction_options with = options();
    change(with);
    return redact(op::mask, field_type::text, value, with).code == errc::invalid_argument;
  };
  CHECK(refused([](auto& o) { o.mask.first = 99; }));
  CHECK(refused([](auto& o) { o.card.bin = 10; }));
  CHECK(refused([](auto& o) { o.card.last = 16; }));
  CHECK(refused([](auto& o) { o.day.band = 0; }));
  CHECK(refused([](auto& o) { o.zip.kept = 5; }));
}

TEST_CASE("apply: mutated values never crash and never show a hidden run") {
  const std::string hidden_part = "GHIJ1KLMN2OPQR3S";
  const std::string long_text = "ABCDEF" + hidden_part;
  // With digits, or a mutated key could turn it into a region or a brand, which are shown.
  const std::vector<std::pair<field_type, bytes>> samples = {
      {field_type::text, encoded(std::string_view(long_text))},
      {field_type::email, list<email_address>({{"A" + hidden_part + "@b.example", "GHIJ"}})},
      {field_type::phone, list<phone_number>({{"+49 30 1234567", "GHIJ", "42"}})},
      {field_type::person_name, encoded(person_name{.given = hidden_part, .family = hidden_part})},
      {field_type::address,
       list<postal_address>({{.line1 = hidden_part, .postal_code = "98011", .country = "US"}})},
      {field_type::special_day, list<special_day>({{"x", date{2010, 6, 12}, hidden_part}})},
      {field_type::payment_card, list<payment_card>({{hidden_part, "1234", "visa", 2027, 4}})}};
  std::mt19937 random(9);
  for (const auto& [type, value] : samples) {
    for (int round = 0; round < 4000; ++round) {
      bytes mutated = value;
      const auto changes = 1 + random() % 3;
      for (auto i = changes; i > 0; --i) {
        mutated[random() % mutated.size()] = static_cast<std::byte>(random());
      }
      for (const op which : all_operators) {
        const outcome done = redact(which, type, mutated);
        CHECK(done.code == errc::none);
        const std::string_view out = as_text(done.value);
        for (std::size_t i = 1; i + 4 <= hidden_part.size(); ++i) {
          CHECK(out.find(std::string_view(hidden_part).substr(i, 4)) == std::string_view::npos);
        }
      }
    }
  }
}

TEST_CASE("apply: redact_text leaves time and text of a note, and drops without a redactor") {
  std::array<std::byte, 256> room;
  const note plain{.at = timestamp{5}, .author = "Marta", .text = "mail anna@libero.it, size 42"};
  const auto encoded = encode_value(plain, room);
  REQUIRE(encoded);
  std::array<std::byte, 512> out;
  const text_redaction_options how;
  text_redactor redactor(how);
  redaction_options options;
  CHECK(apply(redaction_operator::redact_text, field_type::note, *encoded, options, out)
            ->value.empty());
  options.text = &redactor;
  const auto left =
      apply(redaction_operator::redact_text, field_type::note, *encoded, options, out);
  REQUIRE(left);
  note read;
  REQUIRE(decode_value(left->value, read));
  CHECK(read.text == "mail <EMAIL_ADDRESS>, size 42");
  CHECK(read.author.empty());
  CHECK(read.at == timestamp{5});
  const auto small = apply(redaction_operator::redact_text, field_type::note, *encoded, options,
                           std::span(out).first(20));
  CHECK(small.error().code == errc::buffer_too_small);
  // Every other operator drops a note, and redact_text every other type.
  CHECK(apply(redaction_operator::mask, field_type::note, *encoded, options, out)->value.empty());
  const auto text = encode_value(std::string_view("4111111111111111"), room);
  CHECK(as_text(apply(redaction_operator::redact_text, field_type::text, *text, options, out)
                    ->value.subspan(1)) == "<PAYMENT_CARD>");
  CHECK(apply(redaction_operator::redact_text, field_type::email, *text, options, out)
            ->value.empty());
}
