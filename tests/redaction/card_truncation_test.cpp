#include <clientbook/internal/model/card_data.hpp>
#include <clientbook/redaction/card_truncation.hpp>
#include "pseudonym_testing.hpp"

#include <string>

using namespace clientbook;
using namespace clientbook::testing;

namespace {

std::string truncated(std::string_view number, card_format format = {}) {
  std::optional<card_format> none;
  return text_from([&](byte_span to) { return truncate_card(number, format, none, to); });
}
constexpr card_format bin_6{.bin = 6};
constexpr card_format bin_8{.bin = 8};

card_brand brand(std::string_view number) {
  std::vector<std::uint8_t> digits;
  for (const char c : number) digits.push_back(static_cast<std::uint8_t>(c - '0'));
  return brand_of(digits);
}

}  // namespace

TEST_CASE("truncation: the last four digits unless more is asked for") {
  CHECK(truncated("4111 1111 1111 1234") == "************1234");
  CHECK(truncated("4111111111111234", {.bin = 0, .last = 2}) == "**************34");
  CHECK(truncated("4111111111111234", {.bin = 0, .last = 0}) == "****************");
}

TEST_CASE("truncation: what a brand lets keep, at least 4 digits of 16 and 5 of 15 removed") {
  CHECK(truncated("4111-1111-1111-1234", bin_6) == "411111******1234");
  CHECK(truncated("4111111111111234", bin_8) == "41111111****1234");  // Visa
  CHECK(truncated("5105105105105100", bin_8) == "51051051****5100");  // Mastercard
  CHECK(truncated("2223003122003222", bin_8) == "22230031****3222");  // Mastercard
  CHECK(truncated("6011000990139424", bin_8) == "60110009****9424");  // Discover
  CHECK(truncated("3530111333300000", bin_8) == "35301113****0000");  // JCB
  CHECK(truncated("6200000000000005", bin_8) == "62000000****0005");  // UnionPay
  CHECK(truncated("6200000000000000003", bin_8) == "62000000*******0003");
  CHECK(truncated("378282246310005", bin_8) == "378282*****0005");  // Amex
  CHECK(truncated("378282246310005", bin_6) == "378282*****0005");
  CHECK(truncated("5018000000000009", bin_8) == "501800******0009");  // Maestro
  CHECK(truncated("2200000000000004", bin_8) == "220000******0004");  // Mir
  CHECK(truncated("3000000000000004", bin_8) == "300000******0004");  // Diners, 16 digits
  CHECK(truncated("30569309025904", bin_8) == "**********5904");      // Diners, 14
  CHECK(truncated("4222222222222", bin_6) == "*********2222");        // Visa, 13
  CHECK(truncated("501800000009", bin_6) == "********0009");          // Maestro, 12
  CHECK(truncated("9999999999999995", bin_8) == "************9995");  // nobody's
}

TEST_CASE("truncation: a second format of one store is refused") {
  std::optional<card_format> store;
  std::vector<std::byte> room(32);
  REQUIRE(truncate_card("4111111111111234", bin_6, store, room));
  CHECK(store == bin_6);
  CHECK(truncate_card("5105105105105100", bin_6, store, room));
  for (const card_format other : {bin_8, card_format{}, card_format{.bin = 6, .last = 3}}) {
    const auto done = truncate_card("5105105105105100", other, store, room);
    CHECK_FALSE(done);
    if (!done) CHECK(done.error().code == errc::second_format);
    CHECK(store == bin_6);
  }
  store = bin_8;  // As read from a store.
  CHECK(truncate_card("5105105105105100", bin_6, store, room).error().code == errc::second_format);
}

TEST_CASE("truncation: a format that keeps too much, and what is no card, is refused") {
  for (const card_format format :
       {card_format{.bin = 1}, card_format{.bin = 7}, card_format{.bin = 9}, card_format{.bin = 16},
        card_format{.bin = 6, .last = 5}}) {
    CHECK(truncated("4111111111111234", format) == "error 1");
  }
  for (const std::string_view text :
       {"", "41111111111", "41111111111111111111", "4111x1111111111", "+4111111111111234"}) {
    CHECK(truncated(text, bin_6) == "error 22");
  }
  CHECK(truncated("4111\xff", bin_6) == "error 20");
  // A call that fails chooses no format.
  std::optional<card_format> store;
  std::vector<std::byte> room(15);
  CHECK(truncate_card("no card", bin_6, store, room).error().code == errc::invalid_value);
  const auto small = truncate_card("4111111111111234", bin_6, store, room);
  CHECK(small.error().code == errc::buffer_too_small);
  CHECK(small.error().at == 16);
  CHECK_FALSE(store);
}

TEST_CASE("card brand: by length and first digits") {
  CHECK(brand("4111111111111111") == card_brand::visa);
  CHECK(brand("4222222222222") == card_brand::visa);
  CHECK(brand("411111111111111") == card_brand::unknown);
  CHECK(brand("2720990000000007") == card_brand::mastercard);
  CHECK(brand("378282246310005") == card_brand::american_express);
  CHECK(brand("6011000990139424") == card_brand::discover);
  CHECK(brand("30569309025904") == card_brand::diners_club);
  CHECK(brand("3530111333300000") == card_brand::jcb);
  CHECK(brand("180000000000000") == card_brand::jcb);
  CHECK(brand("6200000000000005") == card_brand::unionpay);
  CHECK(brand("6759649826438453") == card_brand::maestro);
  CHECK(brand("2200000000000004") == card_brand::mir);
  CHECK(brand("1") == card_brand::unknown);
  CHECK(brand("") == card_brand::unknown);
}
