// Counts what cells look like. The order of a date is proved by a day above 12 and by nothing else.
#include "table_facts.hpp"

#include "cell_forms.hpp"
#include "consent_words.hpp"

#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <optional>
#include <tables/exchange/import_words.inc>

namespace clientbook::exchange {
namespace {

constexpr std::size_t shortest_time = 5;  // In digits alone: days of Excel.

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::size_t digits_of(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
}

// Three numbers apart by one kind of mark, as at the beginning of `31/01/1990 10:00`.
struct numbers {
  std::array<int, 3> value{};
  std::array<std::size_t, 3> size{};
  std::size_t count = 0;
  char mark = '\0';
};
numbers numbers_of(std::string_view text) noexcept {
  numbers out;
  std::size_t i = 0;
  while (out.count < 3) {
    while (out.count > 0 && i < text.size() && text[i] == ' ' && out.mark == '.') ++i;
    const std::size_t begin = i;
    int value = 0;
    while (i < text.size() && is_digit(text[i]) && i - begin < 5)
      value = value * 10 + (text[i++] - '0');
    if (i == begin) break;
    out.value[out.count] = value;
    out.size[out.count++] = i - begin;
    if (i == text.size() || std::string_view("./-").find(text[i]) == std::string_view::npos) break;
    if (out.mark != '\0' && text[i] != out.mark) return {};
    out.mark = text[i++];
  }
  const bool ends = i == text.size() || text[i] == ' ' || text[i] == 'T';
  return ends ? out : numbers{};
}

// `03-Nov-26`: the month is a word, and the year may have two digits.
bool has_named_month(column_facts& to, std::string_view text) noexcept {
  const std::size_t word = text.find_first_not_of("0123456789.-/ ");
  if (word == 0 || word == std::string_view::npos || word > 4 || !is_digit(text[0])) return false;
  const std::size_t end = text.find_first_of("0123456789", word);
  if (end == std::string_view::npos || end - word > 12) return false;
  if (text.substr(word, end - word).find_first_of(",;:@") != std::string_view::npos) return false;
  const std::string_view year = text.substr(end);
  if ((year.size() != 2 && year.size() != 4) || digits_of(year) != year.size()) return false;
  ++to.dates;
  if (year.size() == 2) ++to.short_years;
  return true;
}

void count_date(column_facts& to, std::string_view text) noexcept {
  if (has_named_month(to, text)) return;
  const numbers found = numbers_of(text);
  if (found.count == 1 && found.size[0] == 5 && found.value[0] > 7000 && found.value[0] < 80'000) {
    ++to.excel_days;
  }
  if (found.count < 2 || found.mark == '\0') return;
  if (found.count == 3 && found.size[0] == 4 && found.value[1] <= 12 && found.value[2] <= 31) {
    ++to.dates;
    ++to.year_first;
    return;
  }
  const int first = found.value[0];
  const int second = found.value[1];
  if (first > 31 || second > 31 || found.size[0] > 2 || found.size[1] > 2) return;
  if (found.count == 2 || (found.size[2] != 2 && found.size[2] != 4)) return;
  ++to.dates;
  if (found.mark == '.') ++to.with_dots;
  if (found.size[2] == 2) ++to.short_years;
  if (first == 0 && second == 0) return;
  if (first > 12 && second <= 12) ++to.day_first;
  if (second > 12 && first <= 12) ++to.month_first;
  if (first <= 12 && second <= 12) ++to.either;
}

bool has_code(std::string_view plain) noexcept {
  return plain.starts_with('+') || plain.starts_with("00");
}

std::string_view without_apostrophe(std::string_view text) noexcept {
  return text.starts_with('\'') ? text.substr(1) : text;
}

bool is_phone(std::string_view plain) noexcept {
  const std::size_t digits = digits_of(plain);
  if (digits < 6 || digits > 17) return false;
  const std::size_t others = plain.find_first_not_of("0123456789+-./() \txXext#");
  if (others != std::string_view::npos) return false;
  return has_code(plain) || plain.starts_with('0') ||
         plain.find_first_of("-/() ") != std::string_view::npos;
}

void count_phone(column_facts& to, std::string_view text) noexcept {
  const std::string_view plain = without_apostrophe(text);
  if (!is_phone(plain)) return;
  ++to.phones;
  if (!has_code(plain)) ++to.at_home;
}

// One number of several, or beside words, as people write it; no day and no time of a machine.
bool has_number(std::string_view text) {
  if (digits_of(text) < 7) return false;
  const std::vector<std::string_view> pieces = numbers_beside_words(text);
  return std::any_of(pieces.begin(), pieces.end(), [](std::string_view piece) {
    column_facts day;
    count_date(day, piece);
    // `04/2025` is a month.
    if (day.dates != 0 || digits_of(piece) < 7) return false;
    const std::string_view plain = without_apostrophe(piece);
    if (is_phone(plain)) return true;
    // One that lacks its plus: seconds and days have as many digits.
    const bool digits = digits_of(plain) == plain.size();
    return digits && plain.size() >= 11 && plain.size() <= 15 && !plain.starts_with("20") &&
           !plain.starts_with("19") && !(plain.size() == 13 && plain.starts_with('1'));
  });
}

// Which mark is the decimal one: the last of two kinds, what has one or two digits behind it, and
// never what stands there twice.
void count_number(column_facts& to, std::string_view text) noexcept {
  const std::size_t first = text.find_first_of("0123456789");
  const std::size_t last = text.find_last_of("0123456789");
  if (first == std::string_view::npos || last - first > 24) return;
  if (text.size() - (last - first) > 8) return;  // A currency around it, no sentence.
  const std::string_view core = text.substr(first, last + 1 - first);
  if (core.find_first_not_of("0123456789.,' ") != std::string_view::npos) return;
  const std::size_t mark = core.find_last_of(",.");
  if (mark == std::string_view::npos) return;
  const char other = core[mark] == ',' ? '.' : ',';
  const bool two_kinds = core.find(other) != std::string_view::npos;
  const bool twice = core.find(core[mark]) != mark;
  const std::size_t behind = core.size() - mark - 1;
  if (twice && two_kinds) return;
  if (twice) {
    if (behind == 3) ++(core[mark] == ',' ? to.decimal_points : to.decimal_commas);
  } else if (two_kinds || behind == 1 || behind == 2 || (behind == 3 && core[0] == '0')) {
    ++(core[mark] == ',' ? to.decimal_commas : to.decimal_points);
  } else if (behind == 3) {
    ++to.three_behind;
  }
}

// `2026-01-02_10-00-00Z`: a time in a form that is not read, and no token.
bool begins_as_day(std::string_view text) noexcept {
  constexpr std::string_view form = "0000-00-00";
  if (text.size() < form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool sign = text[i] == '-' || text[i] == '_';
    if (form[i] == '0' ? !is_digit(text[i]) : !sign) return false;
  }
  return true;
}

// An address of a page, or a token of one. A no is none, whatever it looks like.
bool is_link(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://", "www.", "HTTP://", "HTTPS://"}) {
    if (text.starts_with(scheme)) return true;
  }
  // Where to write to say no; people who said it have several.
  if (text.starts_with("mailto:")) return true;
  constexpr std::size_t shortest_token = 20;
  const bool signs = std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
  return text.size() >= shortest_token && signs && digits_of(text) >= 4 &&
         digits_of(text) < text.size() && !begins_as_day(text) && !says_no(folded_words(text));
}

void count_cell(column_facts& to, std::string_view text) {
  text = without_blanks(text);
  if (text.empty() || means_nothing(text, cell_kind::text, {})) return;
  ++to.filled;
  if (digits_of(text) == text.size()) {
    ++to.digits;
    if (text.size() >= shortest_time) ++to.long_numbers;
  }
  if (text.find('@') != std::string_view::npos) {
    ++to.with_addresses;
    if (to.first_address.empty()) to.first_address = text;
    to.several_addresses = to.several_addresses || to.first_address != text;
    const std::size_t end = text.find_first_of(";, ");
    const std::string plain = without_links(text, behind_link::dropped);
    const auto within = address_within(plain);
    if (validate_email(text.substr(0, end)) || (within && validate_email(*within))) ++to.emails;
  }
  count_date(to, text);
  count_phone(to, text);
  const bool number = has_number(text);
  if (number) ++to.with_numbers;
  if (!number && addresses_within(text).empty() && may_be_a_contact(text) && !has_a_day({}, text)) {
    ++to.odd_contacts;
    if (digits_of(text) == text.size()) ++to.odd_digits;
  }
  count_number(to, text);
  if (const std::string_view named = currency_within(text); !named.empty() && digits_of(text) > 0) {
    ++to.with_currency;
    to.currencies.emplace(named);
  }
  if (text.find(',') != std::string_view::npos) ++to.with_commas;
  if (text.find(';') != std::string_view::npos) ++to.with_semicolons;
  if (is_link(text)) ++to.links;
  if (text.size() > 24 || is_link(text)) return;
  const std::string folded = folded_words(text);
  if (folded.empty() || std::ranges::find(sum_words, folded) != std::end(sum_words)) ++to.sums;
  if (std::ranges::find(undone_words, folded) != std::end(undone_words)) ++to.words_of_undone;
  if (is_yes(folded) || is_no(folded) || is_pending(folded) || says_no(folded)) {
    ++to.words_of_consent;
    // What people answer to a message; `stop` in a column of yes and no is one of its words.
    const bool left = folded == "stop" || (is_no(folded) && read_consent_name(text).strong);
    if (left) ++to.words_of_leaving;
  }
}

}  // namespace

bool is_yes(std::string_view folded) noexcept {
  return std::find(std::begin(yes_words), std::end(yes_words), folded) != std::end(yes_words);
}
bool is_no(std::string_view folded) noexcept {
  return std::find(std::begin(no_words), std::end(no_words), folded) != std::end(no_words);
}

bool is_plain_no(std::string_view folded) noexcept {
  return std::find(std::begin(false_words), std::end(false_words), folded) != std::end(false_words);
}

bool is_pending(std::string_view folded) noexcept {
  return std::find(std::begin(pending_words), std::end(pending_words), folded) !=
         std::end(pending_words);
}

namespace {

// Which cells differ between rows of one order: what differs is of its lines, and not of all of it.
class order_rows {
 public:
  explicit order_rows(std::size_t order) noexcept : order_(order) {}

  void take(std::span<const std::string_view> cells, std::vector<column_facts>& to) {
    if (order_ >= cells.size()) return;
    const std::string_view order = without_blanks(cells[order_]);
    const bool same = !before_.empty() && (order == before_[order_] || is_below(cells));
    for (std::size_t i = 0; same && i < cells.size(); ++i) {
      const std::string_view text = without_blanks(cells[i]);
      if (!text.empty() && !before_[i].empty() && text != before_[i]) ++to[i].apart;
    }
    if (order.empty() && same) return;
    before_.clear();
    if (order.empty()) return;
    for (const std::string_view each : cells) before_.emplace_back(without_blanks(each));
  }

 private:
  // Below merged cells: neither an order nor what stands first, but two cells and no sum.
  bool is_below(std::span<const std::string_view> cells) const {
    if (!without_blanks(cells[order_]).empty() || !without_blanks(cells[0]).empty()) return false;
    std::size_t filled = 0;
    for (const std::string_view each : cells) {
      if (without_blanks(each).empty()) continue;
      ++filled;
      if (std::ranges::find(sum_words, folded_words(each)) != std::end(sum_words)) return false;
    }
    return filled > 1;
  }

  std::size_t order_;
  std::vector<std::string> before_;
};

}  // namespace

result<table_facts> facts_of(const std::string& path, const sniff_hints& known,
                             const known_columns& columns) {
  const auto dialect = sniff_csv_file(path, known);
  if (!dialect) return dialect.error();
  auto reader = csv_reader::open_file(path, *dialect);
  if (!reader) return reader.error();
  table_facts out;
  out.dialect = *dialect;
  for (const std::string& name : reader->header()) out.columns.emplace_back().name = name;
  std::vector<bool> countries;
  std::size_t order = reader->header().size();
  for (const std::string& name : reader->header()) {
    if (columns.order(name)) order = std::min(order, countries.size());
    countries.push_back(columns.country(name));
  }
  order_rows orders(order);
  for (;;) {
    const auto more = reader->next();
    if (!more && more.error().code != errc::invalid_encoding) return more.error();
    if (more && !*more) return out;
    ++out.rows;
    if (!more) {
      ++out.odd_rows;
      continue;
    }
    const auto cells = reader->cells();
    orders.take(cells, out.columns);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      count_cell(out.columns[i], cells[i]);
      if (!countries[i]) continue;
      if (const std::string_view code = country_code(cells[i]); !code.empty()) {
        ++out.countries[std::string(code)];
      }
    }
  }
}

}  // namespace clientbook::exchange
