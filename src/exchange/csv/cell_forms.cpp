// Cells as people and their programs write them: which kind of value a target takes, what means
// nothing, what programs put around a value; the kinds are read in *_cells.cpp.
//
// Nothing is lost in silence: what has no reading is an error, and what means nothing is a word of
// a list.
#include "cell_forms.hpp"
#include "cell_readers.hpp"
#include "characters.hpp"
#include "consent_words.hpp"

#include <clientbook/internal/base/hex_value.hpp>
#include <clientbook/internal/unicode/fold.hpp>
#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <string_view>
#include <tables/exchange/import_words.inc>
#include <utility>

namespace clientbook::exchange {
namespace {

// As programs of mail write addresses: `mailto:ann@example.com`, `SMTP:ann@example.com`.
constexpr std::string_view mail_link = "mailto:";

bool begins_with_scheme(std::string_view text, std::string_view scheme) noexcept {
  return text.size() > scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), text.begin(), [](char a, char b) {
           return a == (is_letter(b) ? static_cast<char>(b | 0x20) : b);
         });
}

std::string_view without_scheme(std::string_view text) noexcept {
  for (const std::string_view scheme : {mail_link, std::string_view("smtp:")}) {
    if (begins_with_scheme(text, scheme)) return text.substr(scheme.size());
  }
  return text;
}

// `%40`: a byte that a link may not hold as it is.
std::size_t escaped_byte(std::string_view text, char& to) noexcept {
  if (text.size() < 3 || text[0] != '%') return 0;
  const int high = hex_value(text[1]);
  const int low = hex_value(text[2]);
  if (high < 0 || low < 0) return 0;
  to = static_cast<char>(high * 16 + low);
  return 3;
}

}  // namespace

result<std::string_view> address_within(std::string_view text) {
  const std::size_t open = text.rfind('<');
  if (open != std::string_view::npos && text.ends_with('>')) {
    if (read_consent_name(text.substr(0, open)).says == consent_says::no) {
      return error{errc::invalid_value,
                   "words beside the address say no: give the no a column of its own"};
    }
    text = without_blanks(text.substr(open + 1, text.size() - open - 2));
  }
  return without_scheme(text);
}

std::string without_links(std::string_view text, behind_link rest) {
  std::string out;
  while (!text.empty()) {
    if (!begins_with_scheme(text, mail_link)) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    text.remove_prefix(mail_link.size());
    const std::size_t end = std::min(text.find_first_of(" \t\r\n;|<>()[]{}\""), text.size());
    std::string_view link = text.substr(0, end);
    text.remove_prefix(end);
    bool behind = false;  // What the mail is to say (`?subject=...`), and whom else it is to.
    while (!link.empty()) {
      char byte = link.front();
      const std::size_t escape = escaped_byte(link, byte);
      link.remove_prefix(std::max<std::size_t>(escape, 1));
      behind = behind || (escape == 0 && byte == '?');
      if (behind && rest == behind_link::dropped) break;
      const bool mark = behind && escape == 0 && (byte == '?' || byte == '&' || byte == '=');
      out += mark ? ' ' : byte;
    }
  }
  return out;
}

namespace {

// `10969.0`: a program that took a number of digits for a number with decimals.
std::string_view without_fraction(std::string_view text) noexcept {
  const bool has = text.size() > 2 && text.ends_with(".0");
  const std::string_view whole = text.substr(0, text.size() - (has ? 2 : 0));
  const std::string_view digits = whole.starts_with('+') ? whole.substr(1) : whole;
  return has && all_digits(digits) ? whole : text;
}

// `7,12346E+12`
bool is_rounded(std::string_view text) noexcept {
  const std::size_t power = text.find_first_of("Ee");
  if (power == std::string_view::npos || power + 2 >= text.size()) return false;
  const std::string_view before = text.substr(0, power);
  const std::size_t mark = before.find_first_of(".,");
  const bool signed_power = text[power + 1] == '+';
  return signed_power && all_digits(text.substr(power + 2)) && all_digits(before.substr(0, mark)) &&
         (mark == std::string_view::npos || all_digits(before.substr(mark + 1)));
}

// Excel keeps digits by an apostrophe before them, or by ="01730".
std::string_view without_excel(std::string_view text, cell_kind kind) noexcept {
  if (text.size() > 3 && text.starts_with("=\"") && text.ends_with('"')) {
    return text.substr(2, text.size() - 3);
  }
  const bool words =
      kind == cell_kind::name || kind == cell_kind::prose || kind == cell_kind::email;
  // It may begin an address, but of two readings the one without it is somebody's.
  if (kind == cell_kind::email && text.starts_with('\'') &&
      text.find('\'', 1) == std::string_view::npos && validate_email(text.substr(1))) {
    return text.substr(1);
  }
  if (!words && text.size() > 1 && text[0] == '\'' &&
      text.find('\'', 1) == std::string_view::npos) {
    return text.substr(1);
  }
  return text;
}

constexpr std::string_view blanks = " \t\r\n";

// Signs that nobody sees, as programs put them around a number or a name that they copy: marks of
// direction, joiners, a byte order mark. How many bytes one takes at the beginning; 0: none.
std::size_t unseen(std::string_view three) noexcept {
  if (three.size() != 3) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(three[i]); };
  if (byte(0) == 0xEF) return byte(1) == 0xBB && byte(2) == 0xBF ? 3 : 0;
  if (byte(0) != 0xE2) return 0;
  if (byte(1) == 0x80) {
    return (byte(2) >= 0x8B && byte(2) <= 0x8F) || (byte(2) >= 0xAA && byte(2) <= 0xAE) ? 3 : 0;
  }
  return byte(1) == 0x81 && (byte(2) == 0xA0 || (byte(2) >= 0xA6 && byte(2) <= 0xA9)) ? 3 : 0;
}

}  // namespace

bool may_be_a_contact(std::string_view text) noexcept {
  constexpr std::ptrdiff_t fewest = 6;  // Digits of a number.
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto digits = std::ranges::count_if(text, is_digit);
  if (digits >= fewest || text.find('@') != text.npos) return true;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    const bool before = is_letter(text[i - 1]) || is_digit(text[i - 1]);
    if (text[i] == '.' && before && is_letter(text[i + 1])) return true;
  }
  return false;
}

std::size_t blank_at_front(std::string_view text) noexcept {
  if (text.empty()) return 0;
  if (blanks.find(text.front()) != std::string_view::npos) return 1;
  return text.starts_with("\xC2\xA0") ? 2 : unseen(text.substr(0, 3));
}

std::string_view without_blanks(std::string_view text) noexcept {
  for (;;) {
    if (const std::size_t size = blank_at_front(text); size != 0) {
      text.remove_prefix(size);
    } else if (!text.empty() && blanks.find(text.back()) != std::string_view::npos) {
      text.remove_suffix(1);
    } else if (text.ends_with("\xC2\xA0")) {
      text.remove_suffix(2);
    } else if (text.size() >= 3 && unseen(text.substr(text.size() - 3)) != 0) {
      text.remove_suffix(3);
    } else {
      return text;
    }
  }
}

std::string folded_words(std::string_view text) {
  std::string out;
  bool apart = false;
  for (std::size_t i = 0; i < text.size();) {
    const code_point c = code_point_at(text, i);
    if (c.size == 0) break;
    i += c.size;
    const unicode::char_class is = unicode::class_of(c.value);
    if (is != unicode::char_class::letter && is != unicode::char_class::digit) {
      apart = !out.empty();
      continue;
    }
    for (const char32_t letter : unicode::fold(c.value).letters) {
      if (letter == 0) continue;
      if (std::exchange(apart, false)) out += ' ';
      if (letter < 0x80) {
        out += static_cast<char>(letter);
      } else {
        const utf8_sequence bytes(letter);
        out += bytes.text();
      }
    }
  }
  return out;
}

cell_kind kind_of(std::string_view target) noexcept {
  struct row {
    std::string_view begins;
    std::string_view ends;
    cell_kind kind;
  };
  static constexpr row rows[] = {
      {"name.", "", cell_kind::name},
      {"household[].person", "", cell_kind::name},
      {"notes[].author", "", cell_kind::name},
      {"notes[].text", "", cell_kind::prose},
      {"emails[].address", "", cell_kind::email},
      {"phones[].number", "", cell_kind::phone},
      {"addresses[].lines", "", cell_kind::prose},
      {"", ".country", cell_kind::country},
      {"birth_date", "", cell_kind::day},
      {"changed_at", "", cell_kind::instant},
      {"special_days[].day", "", cell_kind::day},
      {"purchase.day", "", cell_kind::day},
      {"", "].at", cell_kind::instant},
      {"purchase.at", "", cell_kind::instant},
      {"consents[].given_at", "", cell_kind::instant},
      {"consents[].expires_at", "", cell_kind::instant},
      {"purchase.total", "", cell_kind::amount},
      {"purchase.currency", "", cell_kind::currency},
      {"purchase.line.unit_price", "", cell_kind::amount},
      {"purchase.line.quantity", "", cell_kind::quantity},
      {"external_ids[].value", "", cell_kind::code},
      {"addresses[].postal_code", "", cell_kind::code},
      {"external_id", "", cell_kind::id},
      {"demographics.children", "", cell_kind::whole_number},
      {"demographics.cars_owned", "", cell_kind::whole_number},
  };
  for (const row& each : rows) {
    if (target.starts_with(each.begins) && target.ends_with(each.ends)) return each.kind;
  }
  return cell_kind::text;
}

bool means_nothing(std::string_view word, cell_kind kind, const file_form& file) {
  for (const std::string_view each : file.nothing) {
    if (word == each) return true;
  }
  if (kind == cell_kind::prose || word.size() > 24) return false;
  // Of a name only what no name can be: somebody is called Null.
  const bool name = kind == cell_kind::name;
  if (std::none_of(word.begin(), word.end(), [](char c) {
        return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
      })) {
    return true;
  }
  const std::string folded = folded_words(word);
  const bool marked = word.find_first_of("()<>[]/.") != std::string_view::npos;
  return std::any_of(std::begin(null_words), std::end(null_words),
                     [&](std::string_view each) { return folded == each && (!name || marked); });
}

bool means_empty(std::string_view word) {
  constexpr std::string_view signs = "-_/()[]{}<>'\",; ";
  if (word.find_first_not_of(signs) == std::string_view::npos) return true;
  const std::string folded = folded_words(word);
  return means_nothing(word, cell_kind::text, {}) && !folded.empty() &&
         std::find(std::begin(unknown_words), std::end(unknown_words), folded) ==
             std::end(unknown_words);
}

std::string_view country_code(std::string_view name) {
  const std::string folded = folded_words(name);
  if (folded.size() == 2) {
    for (const named_country& each : named_countries) {
      if (folded[0] + ('A' - 'a') == each.code[0] && folded[1] + ('A' - 'a') == each.code[1]) {
        return each.code;
      }
    }
  }
  for (const named_country& each : named_countries) {
    if (each.name == folded) return each.code;
  }
  return {};
}

namespace {

// Of a link (`mailto:ann%2Bshop@example.com?subject=Hello`) the address alone.
result<void> read_email(std::string_view& text, std::string& scratch) {
  if (text.find_first_of("%?") != text.npos) {
    scratch = without_links(text, behind_link::dropped);
    text = scratch;
  }
  const auto address = address_within(text);
  if (!address) return address.error();
  text = *address;
  return {};
}

// A spreadsheet's cell may have lines, and a name is one.
void in_one_line(std::string_view& text, std::string& scratch) {
  constexpr std::string_view ends = "\r\n";
  if (text.find_first_of(ends) == text.npos) return;
  scratch.clear();
  for (const char c : text) {
    if (ends.find(c) == ends.npos) {
      scratch += c;
    } else if (!scratch.ends_with(' ')) {
      scratch += ' ';
    }
  }
  text = scratch;
}

}  // namespace

result<void> read_cell(cell_kind kind, const file_form& file, const date_form& dates,
                       std::string_view& text, std::string& scratch, std::string& extension) {
  extension.clear();
  text = without_excel(without_blanks(text), kind);
  if (kind == cell_kind::whole_number) text = without_fraction(text);
  if (kind == cell_kind::id || kind == cell_kind::code || kind == cell_kind::phone) {
    text = without_fraction(text);
    if (is_rounded(text)) {
      return error{errc::invalid_value,
                   "a spreadsheet has rounded this number, and its last digits are lost: take it "
                   "from the program again, as text"};
    }
  }
  if (kind != cell_kind::prose) text = without_blanks(text);
  if (text.empty() || means_nothing(text, kind, file)) {
    text = {};
    return {};
  }
  switch (kind) {
    case cell_kind::phone:
      return read_phone(file, text, scratch, extension);
    case cell_kind::day:
      return read_day(file, dates, text, scratch);
    case cell_kind::instant:
      return read_moment(file, dates, text, scratch);
    case cell_kind::amount:
      return read_amount(file, text, scratch);
    case cell_kind::currency:
      return read_currency(file, text);
    case cell_kind::whole_number:
      return read_whole(file, text, scratch);
    case cell_kind::quantity:
      return read_quantity(file, text, scratch);
    case cell_kind::country:
      if (const std::string_view code = country_code(text); !code.empty()) {
        text = code;
        return {};
      }
      return error{errc::invalid_value, "no country of this name: use ISO 3166-1, two capitals"};
    case cell_kind::email:
      return read_email(text, scratch);
    case cell_kind::text:
    case cell_kind::name:
      return in_one_line(text, scratch), result<void>();
    case cell_kind::id:
    case cell_kind::code:
    case cell_kind::prose:
      return {};
  }
  return {};
}

std::vector<std::string_view> addresses_within(std::string_view text) {
  constexpr std::string_view signs = " \t\r\n,;|<>()[]{}\"/";
  constexpr std::string_view at_ends = "'`.:*!?";
  std::vector<std::string_view> out;
  const auto take = [&](std::string_view word) {
    while (!word.empty() && at_ends.find(word.front()) != word.npos) word.remove_prefix(1);
    while (!word.empty() && at_ends.find(word.back()) != word.npos) word.remove_suffix(1);
    word = without_scheme(word);
    if (word.find('@') == word.npos || !validate_email(word)) return false;
    out.push_back(word);
    return true;
  };
  text = without_blanks(text);
  if (text.find('@') == text.npos || take(text)) return out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(signs), text.size());
    take(without_blanks(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace clientbook::exchange
