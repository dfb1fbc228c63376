#include <clientbook/redaction/redaction.hpp>
#include "data.hpp"
#include "testing.hpp"

#include <string>

using namespace clientbook;

namespace {

std::string shown(const result<std::string_view>& done) {
  if (done) return std::string(*done);
  return "error " + std::to_string(static_cast<int>(done.error().code));
}
constexpr date today{2026, 3, 14};

std::string coarse(const date& day, date_form form, date_options options = {}) {
  std::array<std::byte, 32> room;
  options.form = form;
  if (options.today.year == 0) options.today = today;
  return shown(generalise_date(day, options, room));
}
std::string zip(std::string_view code, std::string_view country, const zip_options& options = {}) {
  std::array<std::byte, 32> room;
  return shown(generalise_zip(code, country, options, room));
}
const std::string invalid = "error " + std::to_string(static_cast<int>(errc::invalid_value));
const std::string bad_option = "error " + std::to_string(static_cast<int>(errc::invalid_argument));

}  // namespace

TEST_CASE("generalise_date: year, quarter, decade, age band") {
  const date day{1985, 5, 17};
  CHECK(coarse(day, date_form::year) == "1985");
  CHECK(coarse(day, date_form::quarter) == "1985-Q2");
  CHECK(coarse(day, date_form::decade) == "1980s");
  CHECK(coarse(day, date_form::age_band) == "40-49");
  CHECK(coarse(day, date_form::age_band, {.band = 5}) == "40-44");
  CHECK(coarse({1985, 1, 1}, date_form::quarter) == "1985-Q1");
  CHECK(coarse({1985, 3, 31}, date_form::quarter) == "1985-Q1");
  CHECK(coarse({1985, 12, 31}, date_form::quarter) == "1985-Q4");
  CHECK(coarse({1976, 3, 14}, date_form::age_band) == "50-59");  // 50 today.
  CHECK(coarse({1976, 3, 15}, date_form::age_band) == "40-49");  // 50 tomorrow.
  CHECK(coarse({2026, 3, 14}, date_form::age_band) == "0-9");
}

TEST_CASE("generalise_date: above 89 years neither age nor year is told") {
  for (const date_form form :
       {date_form::year, date_form::quarter, date_form::decade, date_form::age_band}) {
    CHECK(coarse({1936, 3, 14}, form) == "90+");  // 90 today.
    CHECK(coarse({1936, 3, 15}, form) != "90+");  // Still 89.
    CHECK(coarse({1, 1, 1}, form) == "90+");
  }
  CHECK(coarse({1936, 3, 15}, date_form::year) == "1936");
  CHECK(coarse({1937, 1, 1}, date_form::age_band) == "80-89");
  CHECK(coarse({1937, 1, 1}, date_form::age_band, {.band = 50}) == "50-89");
  CHECK(coarse({1900, 1, 1}, date_form::year, {.top_age = 0}) == "1900");
}

TEST_CASE("generalise_date: what cannot be told apart is an error") {
  std::array<std::byte, 32> room;
  CHECK(coarse({0, 5, 17}, date_form::year) == invalid);              // Without a year.
  CHECK(coarse({1985, 2, 30}, date_form::year) == invalid);           // No such day.
  CHECK(coarse({2026, 3, 15}, date_form::year) == invalid);           // Not born yet.
  CHECK(shown(generalise_date({1985, 5, 17}, {}, room)) == invalid);  // How old, is not known.
  CHECK(shown(generalise_date({1985, 5, 17}, {.top_age = 0}, room)) == "1985");
  CHECK(shown(generalise_date({1985, 5, 17}, {.form = date_form::age_band, .top_age = 0}, room)) ==
        invalid);
  CHECK(coarse({1985, 5, 17}, date_form::age_band, {.band = 1}) == bad_option);
  CHECK(coarse({1985, 5, 17}, date_form::age_band, {.band = 51}) == bad_option);
  CHECK(coarse({1985, 5, 17}, date_form::year, {.top_age = 151}) == bad_option);
  CHECK(coarse({1985, 5, 17}, static_cast<date_form>(9)) == bad_option);
  CHECK(coarse({1985, 5, 17}, date_form::year, {.today = {2026, 2, 30}}) == bad_option);
}

TEST_CASE("generalise_zip: ZIP codes, and those of few people") {
  CHECK(zip("98011", "US") == "980");
  CHECK(zip("98011-4326", "US") == "980");
  CHECK(zip("980114326", "US") == "980");
  CHECK(zip("00901", "PR") == "009");
  for (const char* few : {"036", "059", "063", "102", "203", "556", "692", "790", "821", "823",
                          "830", "831", "878", "879", "884", "890", "893"}) {
    CHECK(zip(std::string(few) + "01", "US") == "000");
  }
  for (const char* bad : {"", "9801", "980111", "9801A", "98011-43", "98O11"}) {
    CAPTURE(bad);
    CHECK(zip(bad, "US") == invalid);
  }
}

TEST_CASE("generalise_zip: outward code, first three, configured length") {
  CHECK(zip("SW1A 1AA", "GB") == "SW1A");
  CHECK(zip("m1 1ae", "GB") == "M1");
  CHECK(zip("CR26XH", "GB") == "CR2");
  CHECK(zip("DN55 1PT", "GB") == "DN55");
  CHECK(zip("W1A 0AX", "GB") == "W1A");
  CHECK(zip("EC1A 1BB", "GB") == "EC1A");
  CHECK(zip("IM1 1AA", "IM") == "IM1");
  for (const char* bad : {"SW1A", "SW1A 1A", "SW1A1AAA", "1AA 1AA", "A 1AA", "GIR 0AA"}) {
    CAPTURE(bad);
    CHECK(zip(bad, "GB") == invalid);
  }
  CHECK(zip("K1A 0B1", "CA") == "K1A");
  CHECK(zip("k1a0b1", "CA") == "K1A");
  CHECK(zip("K1A 0BB", "CA") == invalid);
  CHECK(zip("10115", "DE") == "10");
  CHECK(zip("10115", "DE", {.kept = 1}) == "1");
  CHECK(zip("75008", "FR", {.kept = 3}) == "750");
  CHECK(zip("1234 AB", "NL") == "12");
  CHECK(zip("123", "IS") == invalid);  // Too little would be hidden.
  CHECK(zip("123", "IS", {.kept = 1}) == "1");
}

TEST_CASE("generalise_zip: needs a country and a code of it") {
  CHECK(zip("98011", "") == invalid);
  CHECK(zip("98011", "", {.country = "US"}) == "980");
  CHECK(zip("10115", "DE", {.country = "US"}) == "10");
  CHECK(zip("98011", "us") == invalid);
  CHECK(zip("98011", "XX") == invalid);
  CHECK(zip("10115; DROP", "DE") == invalid);
  CHECK(zip("\xEF\xBC\x91\xEF\xBC\x90\xEF\xBC\x91\xEF\xBC\x91\xEF\xBC\x95", "DE") == invalid);
  CHECK(zip(std::string(200, '1'), "DE") == invalid);
  CHECK(zip("10115", "DE", {.kept = 0}) == bad_option);
  CHECK(zip("10115", "DE", {.kept = 4}) == bad_option);
}
