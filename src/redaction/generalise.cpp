// Dates, ages and postal codes made coarser, by the rules of 45 CFR 164.514(b) where it has some.
//
// How coarse depends on the country: three digits of a ZIP code where few people live tell as much
// as five elsewhere. A code that has not the shape of its country's is refused, as what is kept of
// it could be anything; refused means that nothing is shown.
#include <clientbook/base/bytes.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/redaction/redaction.hpp>

#include <array>

#include <clientbook/internal/base/text_out.hpp>

namespace clientbook {
namespace {

// First three digits of ZIP codes whose areas have 20,000 people or fewer together: census of
// 2000, as published with the guidance on 45 CFR 164.514(b). To be looked at again with every
// census that the guidance takes up.
constexpr std::string_view low_population[] = {"036", "059", "063", "102", "203", "556",
                                               "692", "790", "821", "823", "830", "831",
                                               "878", "879", "884", "890", "893"};

constexpr error no_code{errc::invalid_value, "the value is not a postal code of its country"};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }

// Letters in upper case and digits of a postal code.
struct postal_code {
  std::array<char, 12> ascii{};
  std::size_t count = 0;

  std::string_view view() const noexcept { return {ascii.data(), count}; }
};

result<postal_code> read_code(std::string_view text) noexcept {
  postal_code out;
  for (char c : text) {
    if (c == ' ' || c == '-') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if ((!is_digit(c) && !is_upper(c)) || out.count == out.ascii.size()) return no_code;
    out.ascii[out.count++] = c;
  }
  return out;
}

// `pattern`: A is a letter, 9 a digit, * either.
bool has_shape(std::string_view code, std::string_view pattern) noexcept {
  if (code.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const bool fits = pattern[i] == 'A'   ? is_upper(code[i])
                      : pattern[i] == '9' ? is_digit(code[i])
                                          : true;
    if (!fits) return false;
  }
  return true;
}

template <std::size_t Size>
bool one_of(const std::string_view (&all)[Size], std::string_view wanted) noexcept {
  for (const std::string_view one : all) {
    if (one == wanted) return true;
  }
  return false;
}

bool has_zip(std::string_view country) noexcept {
  constexpr std::string_view all[] = {"US", "PR", "VI", "GU", "AS", "MP", "FM", "MH", "PW"};
  return one_of(all, country);
}
bool has_postcode(std::string_view country) noexcept {
  constexpr std::string_view all[] = {"GB", "IM", "JE", "GG"};
  return one_of(all, country);
}

unsigned full_years(const date& from, const date& to) noexcept {
  const bool before = to.month < from.month || (to.month == from.month && to.day < from.day);
  return static_cast<unsigned>(to.year - from.year - (before ? 1 : 0));
}

}  // namespace

result<std::string_view> generalise_date(const date& day, const date_options& options,
                                         byte_span out) noexcept {
  if (options.band < 2 || options.band > 50 || options.top_age > 150 ||
      options.form > date_form::age_band || (options.today.year != 0 && !exists(options.today))) {
    return error{errc::invalid_argument, "age band, highest age or day of reading is out of range"};
  }
  if (day.year <= 0 || !exists(day)) {
    return error{errc::invalid_value, "the date has no year or does not exist"};
  }
  const bool aged = options.top_age != 0 || options.form == date_form::age_band;
  if (aged && options.today.year == 0) {
    return error{errc::invalid_value, "the day of reading is not known"};
  }
  if (options.today.year != 0 && day > options.today) {
    return error{errc::invalid_value, "the date is after the day of reading"};
  }
  const auto year = static_cast<unsigned>(day.year);
  const unsigned age = aged ? full_years(day, options.today) : 0;
  return written(out, [&](byte_text_out& to) {
    if (options.top_age != 0 && age > options.top_age) {
      to.number(options.top_age + 1);
      return to.put('+');
    }
    switch (options.form) {
      case date_form::year:
        return to.number(year);
      case date_form::quarter:
        to.number(year);
        to.text("-Q");
        return to.number((day.month + 2U) / 3U);
      case date_form::decade:
        to.number(year / 10 * 10);
        return to.put('s');
      case date_form::age_band: {
        const unsigned from = age / options.band * options.band;
        const unsigned till = from + options.band - 1;
        to.number(from);
        to.put('-');
        return to.number(options.top_age != 0 && till > options.top_age ? options.top_age : till);
      }
    }
  });
}

result<std::string_view> generalise_zip(std::string_view code, std::string_view country,
                                        const zip_options& options, byte_span out) noexcept {
  if (options.kept < 1 || options.kept > 3) {
    return error{errc::invalid_argument, "of a postal code 1 to 3 characters are kept"};
  }
  if (country.empty()) country = options.country;
  if (!validate_country(country)) {
    return error{errc::invalid_value, "the country of a postal code is not known"};
  }
  const result<postal_code> read = read_code(code);
  if (!read) return read.error();
  const std::string_view all = read->view();

  std::string_view kept;
  if (has_zip(country)) {
    if (!has_shape(all, "99999") && !has_shape(all, "999999999")) return no_code;
    kept = slice(all, 0, 3);
    if (one_of(low_population, kept)) kept = "000";
  } else if (has_postcode(country)) {
    constexpr std::string_view outward[] = {"A9", "A99", "AA9", "AA99", "A9A", "AA9A"};
    if (all.size() < 5 || !has_shape(slice(all, all.size() - 3), "9AA")) return no_code;
    kept = slice(all, 0, all.size() - 3);
    bool known = false;
    for (const std::string_view shape : outward) known = known || has_shape(kept, shape);
    if (!known) return no_code;
  } else if (country == "CA") {
    if (!has_shape(all, "A9A9A9")) return no_code;
    kept = slice(all, 0, 3);
  } else {
    if (all.size() < options.kept + 2) return no_code;
    kept = slice(all, 0, options.kept);
  }
  return written(out, [&](byte_text_out& to) { to.text(kept); });
}

}  // namespace clientbook
