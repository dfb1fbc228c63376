// One customer with every kind of value, shared by the model's tests.
#ifndef CLIENTBOOK_TESTS_MODEL_SAMPLE_HPP
#define CLIENTBOOK_TESTS_MODEL_SAMPLE_HPP

#include <clientbook/model/record.hpp>
#include <clientbook/model/validate.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace sample {

using namespace clientbook;

inline const person_name name{.prefix = "Dr.",
                              .given = "Zoë",
                              .middle = "M.",
                              .family = "Müller",
                              .suffix = "",
                              .nickname = "Zo",
                              .phonetic = ""};
inline const std::vector<email_address> emails = {{"zoe@example.org", "home"},
                                                  {"z.mueller@example.com", "work"}};
inline const std::vector<phone_number> phones = {{"+49 30 901820", "home", ""},
                                                 {"697-555-0142", "work", "12"}};
inline const std::vector<postal_address> addresses = {{.label = "home",
                                                       .line1 = "Unter den Linden 77",
                                                       .line2 = "",
                                                       .line3 = "",
                                                       .city = "Berlin",
                                                       .region = "BE",
                                                       .postal_code = "10117",
                                                       .country = "DE"}};
inline const date birth_date{1984, 2, 29};
inline const std::vector<special_day> special_days = {
    {"wedding_anniversary", date{2010, 6, 5}, "church"}, {"name_day", date{0, 2, 29}, ""}};
inline const std::vector<customer_size> sizes = {{"shoe", "EU", "39"}, {"shirt", "", "M"}};
inline const std::vector<std::string_view> likes = {"silk", "dark green"};
inline const std::vector<external_id> external_ids = {{"loyalty", "AW00011000"}};
inline const std::vector<household_link> household = {{"spouse", "Jo", {}}};
inline const demographics about{.gender = "F",
                                .marital_status = "M",
                                .income_band = "25001-50000",
                                .children = 2,
                                .children_at_home = 0,
                                .education = "Graduate Degree",
                                .occupation = "Clerical",
                                .home_owner = true,
                                .cars_owned = 1,
                                .commute_distance = "0-1 Miles"};
inline const std::vector<government_id> government_ids = {{"DE", "passport", "C01X00T47"}};
inline const std::vector<payment_card> payment_cards = {{"tok_9f8e", "1111", "visa", 2031, 12}};

inline void fill(record_writer& to) {
  const auto ok = [](const result<void>& done) { REQUIRE(done); };
  ok(to.set(field::name, name));
  ok(to.set(field::emails, std::span(emails)));
  ok(to.set(field::phones, std::span(phones)));
  ok(to.set(field::addresses, std::span(addresses)));
  ok(to.set(field::birth_date, birth_date));
  ok(to.set(field::special_days, std::span(special_days)));
  ok(to.set(field::sizes, std::span(sizes)));
  ok(to.set(field::likes, std::span(likes)));
  ok(to.set(field::language, std::string_view("de")));
  ok(to.set(field::time_zone, "Europe/Berlin"));
  ok(to.set(field::external_ids, external_ids));
  ok(to.set(field::employer, std::string("Example GmbH")));
  ok(to.set(field::household, household));
  ok(to.set(field::demographics, about));
  ok(to.set(field::government_ids, government_ids));
  ok(to.set(field::payment_cards, payment_cards));
}

inline std::vector<std::byte> bytes_of(std::string_view hex) {
  std::vector<std::byte> out(hex.size() / 2);
  REQUIRE(parse_hex(hex, out));
  return out;
}

inline std::string hex_of(byte_view bytes) {
  std::string out(bytes.size() * 2, '0');
  write_hex(bytes, out.data());
  return out;
}

}  // namespace sample

#endif
