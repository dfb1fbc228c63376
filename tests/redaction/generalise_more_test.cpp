// Numbers, IP addresses and places.
#include <clientbook/redaction/generalise.hpp>
#include "apply_testing.hpp"
#include "pseudonym_testing.hpp"

#include <limits>
#include <random>
#include <string>

using namespace clientbook;
using namespace clientbook::testing;

namespace {

using op = redaction_operator;
using limits = std::numeric_limits<std::int64_t>;

std::string bucket(std::int64_t value, const number_options& options = {}) {
  return text_from([&](byte_span to) { return generalise_number(value, options, to); });
}
std::string ip(std::string_view address) {
  return text_from([&](byte_span to) { return generalise_ip(address, to); });
}
std::string geo(std::string_view place) {
  return text_from([&](byte_span to) { return generalise_geo(place, to); });
}
const std::string bad_argument = "error 1";
const std::string bad_value = "error 22";

}  // namespace

TEST_CASE("generalise number: a fixed bucket, coded at both ends") {
  CHECK(bucket(30) == "30..39");
  CHECK(bucket(39) == "30..39");
  CHECK(bucket(0) == "0..9");
  CHECK(bucket(-1) == "-10..-1");
  CHECK(bucket(-10) == "-10..-1");
  CHECK(bucket(-11) == "-20..-11");
  const number_options ends{.bucket = 20, .bottom = 10, .top = 90};
  CHECK(bucket(9, ends) == "<10");
  CHECK(bucket(-1'000'000, ends) == "<10");
  CHECK(bucket(10, ends) == "10..19");
  CHECK(bucket(20, ends) == "20..39");
  CHECK(bucket(85, ends) == "80..89");
  CHECK(bucket(90, ends) == "90+");
  CHECK(bucket(123'456'789, ends) == "90+");
  CHECK(bucket(limits::max()) == std::to_string(limits::max()) + "+");
  CHECK(bucket(limits::min()) == "-9223372036854775808..-9223372036854775801");
  CHECK(bucket(limits::max() - 1) == "9223372036854775800..9223372036854775806");
}

TEST_CASE("generalise number: a bucket of one and ends that cross are refused") {
  CHECK(bucket(5, {.bucket = 0}) == bad_argument);
  CHECK(bucket(5, {.bucket = 1}) == bad_argument);
  CHECK(bucket(5, {.bottom = 10, .top = 10}) == bad_argument);
  CHECK(bucket(5, {.bottom = 11, .top = 10}) == bad_argument);
}

TEST_CASE("generalise number: property: values of one bucket look the same") {
  std::mt19937_64 random(5);
  for (int i = 0; i < 10'000; ++i) {
    const number_options options{.bucket = static_cast<std::uint32_t>(2 + random() % 1000)};
    const auto value = static_cast<std::int64_t>(random() % 2'000'000) - 1'000'000;
    const std::string shown = bucket(value, options);
    const auto from = std::stoll(shown);
    const auto till = std::stoll(shown.substr(shown.find("..") + 2));
    CHECK(from <= value);
    CHECK(value <= till);
    CHECK(till - from + 1 == options.bucket);
    CHECK(bucket(from, options) == shown);
    CHECK(bucket(till, options) == shown);
  }
}

TEST_CASE("generalise ip: /24 of IPv4, /48 of IPv6") {
  CHECK(ip("192.0.2.77") == "192.0.2.0/24");
  CHECK(ip("255.255.255.255") == "255.255.255.0/24");
  CHECK(ip("0.0.0.0") == "0.0.0.0/24");
  CHECK(ip("2001:db8:1:2:3:4:5:6") == "2001:db8:1::/48");
  CHECK(ip("2001:DB8:0001::42") == "2001:db8:1::/48");
  CHECK(ip("2001:db8::1") == "2001:db8::/48");
  CHECK(ip("2001:0:1::5") == "2001:0:1::/48");
  CHECK(ip("fe80::1%eth0") == "fe80::/48");
  CHECK(ip("::1") == "::/48");
  CHECK(ip("::") == "::/48");
  CHECK(ip("1:2:3:4:5:6:7::") == "1:2:3::/48");
  CHECK(ip("2001:db8:1:2:3:4:192.0.2.77") == "2001:db8:1::/48");
}

TEST_CASE("generalise ip: an IPv4 address inside IPv6 does not get through") {
  CHECK(ip("::ffff:192.0.2.77") == "192.0.2.0/24");
  CHECK(ip("::FFFF:c000:024d") == "192.0.2.0/24");
  CHECK(ip("2002:c000:024d::1") == "2002:c000:200::/40");
}

TEST_CASE("generalise ip: anything else is refused") {
  for (const std::string_view text : {"",
                                      "192.0.2",
                                      "192.0.2.256",
                                      "192.0.2.1.1",
                                      "192.0.02.1",
                                      "192.0.2.1/32",
                                      " 192.0.2.1",
                                      "1192.0.2.1",
                                      "10:30:45",
                                      "4.12.1",
                                      ":",
                                      ":::",
                                      "1:2:3:4:5:6:7",
                                      "1:2:3:4:5:6:7:8:9",
                                      "1::2::3",
                                      "12345::",
                                      "g::",
                                      "1:2:3:4:5:6:7:8::",
                                      "::1:",
                                      ":1::",
                                      "::192.0.2.256",
                                      "1:2:3:4:5:6:7:192.0.2.1",
                                      "%eth0",
                                      "192.0.2.1:80",
                                      "1:"}) {
    CAPTURE(text);
    CHECK(ip(text) == bad_value);
  }
}

TEST_CASE("generalise geo: rounded to a tenth of a degree") {
  CHECK(geo("48.13743,11.57549") == "48.1,11.6");
  CHECK(geo("48.13743, 11.57549") == "48.1,11.6");
  CHECK(geo("-33.8688,+151.2093") == "-33.9,151.2");
  CHECK(geo("0.04,-0.04") == "0.0,0.0");
  CHECK(geo("-0.05,0.05") == "-0.1,0.1");
  CHECK(geo("48.95,11.999999") == "49.0,12.0");
  CHECK(geo("90,180") == "90.0,180.0");
  CHECK(geo("-90.0,-180.00") == "-90.0,180.0");
  CHECK(geo("1,-179.97") == "1.0,180.0");
}

TEST_CASE("generalise geo: anything else is refused") {
  for (const std::string_view text :
       {"", ",", "48.1", "48.1,", ",11.5", "90.01,0", "91,0", "0,180.1", "0,181", "48.,11", ".5,1",
        "48.1 N,11.5 E", "48.1;11.5", "48.1,11.5,520", "1e1,2", "48.1,  11.5", "0048,11",
        "--1,2"}) {
    CAPTURE(text);
    CHECK(geo(text) == bad_value);
  }
  CHECK(geo("48.1," + std::string(100, '1')) == bad_value);
}

TEST_CASE("apply: numbers, addresses of computers and places, coarse") {
  const outcome income =
      redact(op::generalise_number, field_type::integer, encoded(std::int64_t{37}));
  CHECK(income.as<std::string_view>() == "30..39");
  const auto many = redact(op::generalise_number, field_type::integer,
                           bytes{std::byte{0x82}, std::byte{1}, std::byte{0x18}, std::byte{25}})
                        .all<std::string_view>();
  CHECK(many == std::vector<std::string_view>{"0..9", "20..29"});
  CHECK(redact(op::generalise_ip, field_type::text, encoded(std::string_view("192.0.2.77")))
            .as<std::string_view>() == "192.0.2.0/24");
  CHECK(redact(op::generalise_geo, field_type::text, encoded(std::string_view("48.13743,11.57549")))
            .as<std::string_view>() == "48.1,11.6");
  CHECK(dropped(redact(op::generalise_ip, field_type::text, encoded(std::string_view("Kenneth")))));
  CHECK(
      dropped(redact(op::generalise_geo, field_type::text, encoded(std::string_view("Kenneth")))));
  CHECK(dropped(redact(op::generalise_number, field_type::text, encoded(std::string_view("37")))));
  CHECK(dropped(redact(op::generalise_ip, field_type::email,
                       list<email_address>({{"ken@example.com", ""}}))));
  redaction_options narrow = options();
  narrow.number.bucket = 1;
  CHECK(
      redact(op::generalise_number, field_type::integer, encoded(std::int64_t{37}), narrow).code ==
      errc::invalid_argument);
}
