// Phone numbers as they are dialled at home, with their extension, several in a cell.
#include "cell_readers.hpp"
#include "characters.hpp"
#include "consent_words.hpp"

#include <clientbook/internal/unicode/fold.hpp>
#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <tables/exchange/import_words.inc>

namespace clientbook::exchange {
namespace {

constexpr error unknown_remark{errc::missing_field,
                               "words or signs beside the number that are not known, and may say "
                               "no: left out; put them into a column of notes"};

// `ext. 12`, `x12`, `#12`, `Durchwahl 12` at the end of a number.
std::string_view take_extension(std::string_view text, std::string& extension) {
  std::size_t digits = text.size();
  while (digits > 0 && is_digit(text[digits - 1])) --digits;
  std::size_t mark = digits;
  while (mark > 0 && (text[mark - 1] == ' ' || text[mark - 1] == '.' || text[mark - 1] == ':'))
    --mark;
  std::size_t begin = mark;
  while (begin > 0 && (is_letter(text[begin - 1]) || text[begin - 1] == '#')) --begin;
  if (begin == mark || digits == text.size() || text.size() - digits > 8) return text;
  const std::string word =
      text[begin] == '#' ? "#" : folded_words(text.substr(begin, mark - begin));
  const bool known = std::any_of(std::begin(extension_words), std::end(extension_words),
                                 [&](std::string_view each) { return each == word; });
  const std::string_view number = without_blanks(text.substr(0, begin));
  if (!known || number.empty()) return text;
  extension = text.substr(digits);
  return number.ends_with(',') || number.ends_with(';') ? number.substr(0, number.size() - 1)
                                                        : number;
}

// Whether a national number may have as many digits, by its first two.
bool fits_plan(const dialling_plan& plan, std::string_view digits) {
  if (digits.size() < 4) return false;
  const int first = number_of(digits.substr(0, 2));
  std::string_view runs = plan.runs;
  while (!runs.empty()) {
    const std::string_view run = runs.substr(0, runs.find(' '));
    runs.remove_prefix(std::min(run.size() + 1, runs.size()));
    if (number_of(run.substr(0, 2)) < first) continue;
    std::string_view lengths = run.substr(3);
    while (!lengths.empty()) {
      const std::string_view one = lengths.substr(0, lengths.find('+'));
      lengths.remove_prefix(std::min(one.size() + 1, lengths.size()));
      if (all_digits(one) && static_cast<std::size_t>(number_of(one)) == digits.size()) return true;
    }
    return false;
  }
  return false;
}

// A number without plus: as it is dialled at home, or with its country's code, as programs keep
// numbers that lost their plus.
result<std::string> with_code(const dialling_plan& plan, std::string digits) {
  const std::string code(plan.code);
  if (!plan.trunk.empty() && digits.starts_with(plan.trunk)) {
    return "+" + code + digits.substr(plan.trunk.size());
  }
  const bool may_have_code =
      digits.starts_with(code) && fits_plan(plan, std::string_view(digits).substr(code.size()));
  if (!may_have_code) return "+" + code + digits;
  if (!fits_plan(plan, digits)) return "+" + digits;
  if (plan.trunk.empty()) return "+" + code + digits;
  // No number of a town is so long that a country's code would be a part of it.
  constexpr std::size_t longest_of_a_town = 11;
  if (digits.size() > longest_of_a_town) return "+" + digits;
  return error{errc::missing_field,
               "a number that may begin with the country's code or with a town's: left out; write "
               "+ or the zero before it"};
}

// The digits of a number, without the signs that people write between.
result<std::string> digits_within(std::string_view number, bool international, bool& national) {
  std::string digits;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (number.substr(i).starts_with("(0)") && international) {
      i += 2;
      national = true;  // `+44 (0)20`: the zero is dialled at home only.
    } else if (is_digit(number[i])) {
      digits += number[i];
    } else if (std::string_view(" -./()+\t").find(number[i]) == std::string_view::npos &&
               !number.substr(i).starts_with("\xC2\xA0")) {
      if (number[i] == '\xA0') continue;
      return error{errc::invalid_value, "a phone number is digits, with blanks or -./() between"};
    } else if (number[i] == '\xC2') {
      ++i;
    }
  }
  return digits;
}

// As it is typed on a machine: digits of other scripts and wide ones, dashes of printers.
std::string plain_number(std::string_view number) {
  std::string out;
  for (std::size_t i = 0; i < number.size();) {
    const code_point c = code_point_at(number, i);
    if (c.size == 0) return std::string(number);
    const bool dash =
        (c.value >= 0x2010 && c.value <= 0x2015) || c.value == 0x2212 || c.value == 0xFF0D;
    const bool blank = c.value == 0xA0 || (c.value >= 0x2000 && c.value <= 0x200A) ||
                       c.value == 0x202F || c.value == 0x3000;
    const char32_t folded = unicode::fold(c.value).letters[0];
    if (dash || blank) {
      out += dash ? '-' : ' ';
    } else if (folded >= '0' && folded <= '9') {
      out += static_cast<char>(folded);
    } else if (c.value == 0xFF0B) {
      out += '+';
    } else {
      out.append(number.substr(i, c.size));
    }
    i += c.size;
  }
  return out;
}

// A number and what people wrote beside it: `mobil 0171 3920021`, `0171 3920021 (nicht anrufen)`.
struct number_and_remarks {
  std::string_view number;
  std::string_view before;
  std::string_view behind;
};
number_and_remarks without_remarks(std::string_view text) noexcept {
  std::size_t begin = text.find_first_of("0123456789+");
  if (begin == std::string_view::npos) return {text, {}, {}};
  if (begin > 0 && text[begin - 1] == '(') --begin;
  std::size_t end = text.find_last_of("0123456789") + 1;
  if (end <= begin) return {text, {}, {}};
  const std::string_view core = text.substr(begin, end - begin);
  const bool open =
      std::count(core.begin(), core.end(), '(') > std::count(core.begin(), core.end(), ')');
  if (open && end < text.size() && text[end] == ')') ++end;
  return {text.substr(begin, end - begin), text.substr(0, begin), text.substr(end)};
}

// Words of the list, up to three of which are one: `tel no`.
bool all_listed(std::string_view folded) {
  const auto listed = [](std::string_view words) {
    return std::find(std::begin(phone_words), std::end(phone_words), words) !=
           std::end(phone_words);
  };
  while (!folded.empty()) {
    std::size_t known = 0;
    std::size_t end = 0;
    for (int words = 0; words < 3 && end < folded.size(); ++words) {
      end = std::min(folded.find(' ', end + (words == 0 ? 0 : 1)), folded.size());
      if (listed(folded.substr(0, end))) known = end;
    }
    if (known == 0) return false;
    folded.remove_prefix(std::min(known + 1, folded.size()));
  }
  return true;
}

// What stands beside a number tells what kind of number it is, and nothing else: a word that nobody
// listed may say that it is not to be called, and so may a sign.
result<void> check_remark(std::string_view remark, bool before) {
  remark = without_blanks(remark);
  if (remark.empty()) return {};
  const std::string folded = folded_words(remark);
  const bool listed = all_listed(folded);
  // `Tel. no.` stands before a number; behind it a no is one.
  if (says_no(folded) && !(listed && before)) {
    return error{errc::invalid_value,
                 "words beside the number say no: give the no a column of its own, the number too"};
  }
  for (std::size_t i = 0; i < remark.size();) {
    const code_point c = code_point_at(remark, i);
    const bool sign = c.size == 0 || unicode::class_of(c.value) != unicode::char_class::letter;
    if (sign && std::string_view(" .:,;-/()\t").find(remark[i]) == std::string_view::npos) {
      return unknown_remark;
    }
    i += c.size;
  }
  return listed ? result<void>() : result<void>(unknown_remark);
}

// How many bytes stand between two numbers at the beginning, a sign or a word; 0: none.
std::size_t between_numbers(std::string_view text) noexcept {
  if (std::string_view(";,/|\n").find(text[0]) != std::string_view::npos) return 1;
  if (text[0] != ' ') return 0;
  for (const std::string_view word : between_words) {
    if (text.substr(1).starts_with(word) && text.substr(1 + word.size()).starts_with(' ')) {
      return word.size() + 2;
    }
  }
  return 0;
}

}  // namespace

// A number as it is dialled at home gets its country's code; one that has a code stays.
result<void> read_phone(const file_form& file, std::string_view& text, std::string& scratch,
                        std::string& extension) {
  const std::string plain = plain_number(take_extension(text, extension));
  const number_and_remarks found = without_remarks(plain);
  if (const auto good = check_remark(found.before, true); !good) return good;
  if (const auto good = check_remark(found.behind, false); !good) return good;
  const std::string_view number = without_blanks(found.number);
  if (number.find_first_of("123456789") == std::string_view::npos && number.find('0') == 0) {
    return error{errc::missing_field, "a number of zeros is none: left out"};
  }
  const bool international = number.starts_with('+') || number.starts_with("00");
  scratch.clear();
  if (international || file.region.empty()) {
    if (const auto good = validate_phone(number); !good) return good;
    if (!international) {
      text = scratch = number;
      return {};
    }
  }
  bool national = false;
  auto digits = digits_within(number, international, national);
  if (!digits) return digits.error();
  if (international) {
    if (number.starts_with("00") && !national) digits->erase(0, 2);
    scratch = "+" + *digits;
  } else {
    const auto* const plan =
        std::find_if(std::begin(dialling_plans), std::end(dialling_plans),
                     [&](const dialling_plan& each) { return each.region == file.region; });
    if (plan == std::end(dialling_plans)) {
      text = scratch = number;
      return validate_phone(text);
    }
    auto whole = with_code(*plan, std::move(*digits));
    if (!whole) return whole.error();
    scratch = std::move(*whole);
  }
  text = scratch;
  return validate_phone(text);
}

bool is_dialled(const file_form& file, std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_of("+0123456789"), text.size()));
  if (text.starts_with('+') || text.starts_with("00")) return true;
  const auto* const plan =
      std::find_if(std::begin(dialling_plans), std::end(dialling_plans),
                   [&](const dialling_plan& each) { return each.region == file.region; });
  return plan == std::end(dialling_plans) || text.starts_with(plan->trunk);
}

std::vector<std::string_view> numbers_within(std::string_view text) {
  constexpr std::ptrdiff_t fewest = 6;  // Digits of a number: `0171/3920021` is one.
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  std::ptrdiff_t seen = 0;  // Digits of the number that is being read,
  std::ptrdiff_t left = std::count_if(text.begin(), text.end(), is_digit);  // and of the rest.
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      ++seen;
      --left;
      continue;
    }
    if (seen < fewest || left < fewest) continue;
    const std::size_t size = between_numbers(text.substr(i));
    if (size == 0) continue;
    // A stroke stands within numbers too: behind it one begins anew.
    const std::string_view next = without_blanks(text.substr(i + size, 16));
    if (text[i] == '/' && next.find_first_of("0+(") != 0) continue;
    out.push_back(without_blanks(text.substr(begin, i - begin)));
    begin = i + size;
    seen = 0;
    i = begin - 1;
  }
  out.push_back(without_blanks(text.substr(begin)));
  return out;
}

std::vector<std::string_view> numbers_beside_words(std::string_view text) {
  const auto is_letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  std::vector<std::string_view> out;
  const auto take = [&](std::string_view piece) {
    const std::size_t begin = piece.find_first_of("+(0123456789");
    const std::size_t end = piece.find_last_of("0123456789");
    if (begin == piece.npos || end == piece.npos || end < begin) return;
    for (const std::string_view each : numbers_within(piece.substr(begin, end + 1 - begin))) {
      if (!each.empty()) out.push_back(each);
    }
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t letter = static_cast<std::size_t>(
        std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_letter) -
        text.begin());
    take(text.substr(at, letter - at));
    at = letter;
    while (at < text.size() && is_letter(text[at])) ++at;
  }
  return out;
}

}  // namespace clientbook::exchange
