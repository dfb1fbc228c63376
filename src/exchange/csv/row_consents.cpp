// What a row says of consent, by the rules of the map: a word of yes alone opens something, a no in
// any words closes, and what is neither is told.
#include "cell_forms.hpp"
#include "consent_words.hpp"
#include "loader.hpp"
#include "table_facts.hpp"

#include <clientbook/base/time.hpp>
#include <clientbook/internal/unicode/address_form.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook::exchange {
namespace {

// What tells midnight tells a day alone, as spreadsheets write it.
void note_day(import_consent& said, std::int64_t utc_offset) noexcept {
  constexpr std::int64_t day = 86'400;
  if (!restricts(said.kind) || !said.given_at) return;
  if ((said.given_at->seconds + utc_offset) % day != 0) return;
  said.day_end = timestamp{said.given_at->seconds + day};
}

using directives = std::vector<rule_directive>;

// A rule that says nothing closes nothing: it may be a word that keeps a no away.
bool closes(const directives& said) noexcept {
  return !said.empty() && std::all_of(said.begin(), said.end(), [](const rule_directive& each) {
    return restricts(each.said.kind);
  });
}

// The rule of a word, or of `no` for other words that say no more than that.
const directives* said_in_words(const rule_plan& rule, std::string_view text) {
  const std::string folded = folded_words(text);
  if (folded.empty()) return nullptr;
  const auto by = [&](std::string_view word) -> const directives* {
    for (const auto& [value, said] : rule.directives) {
      if (value == "*" || folded_words(value) != word) continue;
      if (closes(said) || is_bare_word(text)) return &said;
    }
    return nullptr;
  };
  if (const directives* const said = by(folded)) return said;
  if (!is_plain_no(folded)) return nullptr;
  for (const char* const plain : {"no", "false", "0"}) {
    if (const directives* const said = by(plain)) return said;
  }
  return nullptr;
}

// What a cell says by a rule; nothing where it has no word for it.
const directives* said_by(const rule_plan& rule, std::string_view text, bool as_found) {
  auto found = rule.directives.find(text);
  if (found != rule.directives.end() && text != "*") return &found->second;
  const auto any = rule.any ? rule.directives.find("*") : rule.directives.end();
  const auto otherwise = any != rule.directives.end() ? &any->second : nullptr;
  if (!as_found) return otherwise;
  if (const directives* const said = said_in_words(rule, text)) return said;
  const bool no = says_no(folded_words(text));
  const bool of_noes = otherwise != nullptr && closes(*otherwise);
  const bool nothing = of_noes ? means_empty(text) : means_nothing(text, cell_kind::text, {});
  if (nothing && !no) {
    found = rule.directives.find(std::string_view());
    return found != rule.directives.end() ? &found->second : otherwise;
  }
  if (!rule.no.empty() && no) return &rule.directives.find(rule.no)->second;
  return otherwise;
}

// Of a column of noes: its rule of whatever no word is named for.
bool is_whatever_stands_there(const rule_plan& rule, const directives& said) {
  const auto any = rule.any ? rule.directives.find("*") : rule.directives.end();
  return any != rule.directives.end() && &any->second == &said && closes(said);
}

// What stands before, between and behind the addresses of a cell.
std::vector<std::string_view> beside_addresses(std::string_view text) {
  constexpr std::string_view signs = " \t\r\n,;|<>()[]{}\"/";
  constexpr std::string_view none_of_a_number = " \t\r\n,;|<>[]{}\"/'";
  if (text.starts_with('\'')) text.remove_prefix(1);
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  const auto take = [&](std::size_t end) {
    std::string_view piece = text.substr(begin, end - begin);
    piece.remove_prefix(std::min(piece.find_first_not_of(none_of_a_number), piece.size()));
    piece = piece.substr(0, piece.find_last_not_of(none_of_a_number) + 1);
    if (!piece.empty()) out.push_back(piece);
  };
  for (std::size_t at = text.find('@'); at != text.npos; at = text.find('@', begin)) {
    const std::size_t before = text.find_last_of(signs, at);
    take(before == text.npos || before < begin ? begin : before);
    begin = std::min(text.find_first_of(signs, at), text.size());
  }
  take(text.size());
  return out;
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// `4.91714E+11`: a number that a spreadsheet has rounded. Its last digits are gone.
bool is_rounded_number(std::string_view text) noexcept {
  const std::size_t mark = text.find_first_of("eE");
  if (mark == text.npos || mark < 3) return false;
  const std::string_view whole = text.substr(0, mark);
  std::string_view power = text.substr(mark + 1);
  if (power.starts_with('+')) power.remove_prefix(1);
  const std::size_t point = whole.find_first_of(".,");
  const auto all_digits = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, is_digit);
  };
  return point != whole.npos && all_digits(whole.substr(0, point)) &&
         all_digits(whole.substr(point + 1)) && power.size() <= 2 && all_digits(power);
}

// `491713920021.00`: an amount by its form, and no number that anybody dials.
bool is_amount(std::string_view text) noexcept {
  constexpr std::size_t fewest = 9;
  const std::size_t point = text.find_first_of(".,");
  if (point == text.npos || point < fewest || !std::ranges::all_of(text.substr(0, point), is_digit))
    return false;
  const std::string_view behind = text.substr(point + 1);
  return !behind.empty() && behind.size() <= 2 && std::ranges::all_of(behind, is_digit);
}

// Signs of East Asian keyboards that are as wide as two are the narrow ones.
std::string with_narrow_signs(std::string_view text) {
  constexpr char32_t first = 0xFF01, last = 0xFF5E;
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const code_point c = code_point_at(text, i);
    const std::size_t size = std::max<std::size_t>(c.size, 1);
    const bool wide = c.value >= first && c.value <= last;
    if (wide) {
      out += static_cast<char>(c.value - first + '!');
    } else {
      out.append(text.substr(i, size));
    }
    i += size;
  }
  return out;
}

// As few as a number has that is told from other words of a cell.
bool has_digits_of_a_number(std::string_view text) noexcept {
  constexpr std::ptrdiff_t fewest = 6;
  return std::ranges::count_if(text, is_digit) >= fewest;
}

// `0171-3920O21`: what is read of it would be another number. An x is before an extension, a T
// between a day and its hour.
bool has_letter_for_a_digit(std::string_view text) {
  constexpr std::string_view others = "xXtT";
  for (const std::string_view piece : beside_addresses(text)) {
    if (!has_digits_of_a_number(piece)) continue;
    for (std::size_t i = 0; i + 1 < piece.size(); ++i) {
      const char c = piece[i];
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter || others.find(c) != others.npos || !is_digit(piece[i + 1])) continue;
      const bool first = i == 0 || piece[i - 1] == ' ';
      if (first ? c == 'O' || c == 'o' : is_digit(piece[i - 1])) return true;
    }
  }
  return false;
}

}  // namespace

// When a directive of the row was said. What closes and stands in the very column of its time was
// said, even if nobody can read when: it is then as new as the file. False: there is no such day
// (00.00.0000), and nothing was said.
result<bool> loader::time_of(const rule_directive& from, const rule_plan& rule,
                             const file_plan& file, std::span<const std::string_view> cells,
                             import_consent& to) {
  if (from.at_column.empty()) return true;
  const std::size_t at = position(header_, from.at_column);
  std::string_view when = cells[at];
  const bool own = from.at_column == rule.column && restricts(to.kind) && file.form.as_found;
  const auto read =
      read_cell(cell_kind::instant, file.form, file.form.dates, when, scratch_, extension_);
  if (!read && own) return true;
  if (!read) return bad(read.error(), at + 1, from.at_column).error();
  if (when.empty()) {
    // `?` and `unknown` are no day, and no empty cell either.
    const std::string_view cell = without_blanks(cells[at]);
    return !own || (means_nothing(cell, cell_kind::text, {}) && !means_empty(cell));
  }
  to.given_at = *parse_timestamp(when);
  note_day(to, file.form.utc_offset);
  return true;
}

// A no of a day counts from no earlier than a yes of that day, whichever row or file it stands in:
// which came first nobody can tell.
void loader::settle_days() {
  auto& consents = to_.kept.consents.kept;
  std::vector<timestamp> agreed;
  for (std::size_t owner = 0; owner < to_.ids.size(); ++owner) {
    const std::span<import_consent> said = consents.at_owner(owner);
    agreed.clear();
    for (const import_consent& each : said) {
      if (opens(each.kind) && each.given_at) agreed.push_back(*each.given_at);
    }
    std::sort(agreed.begin(), agreed.end());
    for (import_consent& no : said) {
      if (!no.day_end) continue;
      const auto later = std::lower_bound(agreed.begin(), agreed.end(), *no.day_end);
      if (later != agreed.begin()) no.given_at = std::max(*no.given_at, *std::prev(later));
    }
  }
}

// The addresses of a cell, and its numbers as they are dialled from anywhere, whatever stands
// between and beside them.
loader::contacts_found loader::contacts_within(const file_plan& file, std::string_view text) {
  contacts_found out;
  constexpr std::string_view wide_signs = "\xEF\xBC";  // Of U+FF01 to U+FF3F, the `@` among them.
  if (text.find(wide_signs) != text.npos) text = to_.texts.keep(with_narrow_signs(text));
  // Everybody whom a link is to has an address there, and nothing of it is lost.
  if (text.find(':') != text.npos) text = to_.texts.keep(without_links(text, behind_link::kept));
  out.readable = addresses_within(text);
  const auto ats = static_cast<std::size_t>(std::count(text.begin(), text.end(), '@'));
  out.unread_address = out.readable.size() < ats;
  for (const std::string_view whole : beside_addresses(text)) {
    if (is_rounded_number(whole) || is_amount(whole)) {
      out.unread_number = true;
      continue;
    }
    const std::string without_day = without_a_day(file.form, whole);
    const std::string_view piece =
        without_day.empty() ? whole : std::string_view(to_.texts.keep(without_day));
    out.day_beside = out.day_beside || !without_day.empty();
    for (std::string_view number : numbers_beside_words(piece)) {
      const bool telling = has_digits_of_a_number(number);
      if (ats != 0 && !telling) continue;
      const bool dialled = is_dialled(file.form, number);
      // `20121231` and `26.12.34` may be numbers where these have neither a code nor a zero at
      // home.
      const bool either = dialled && !file.form.region.empty() &&
                          (std::ranges::all_of(number, is_digit) || has_short_year(number));
      const bool day = !either && is_a_day(file.form, number);
      // Beside an address stands when they left, or their number in the shop, as often as a phone;
      // and in a column of numbers a day may stand in their place.
      if (day) continue;
      const bool other = ats != 0 && !dialled;
      const auto read =
          read_cell(cell_kind::phone, file.form, file.form.dates, number, scratch_, extension_);
      if (read && !number.empty() && !other) {
        out.readable.push_back(to_.texts.keep(number));
        continue;
      }
      out.unread_number = out.unread_number || (telling && !day);
    }
  }
  return out;
}

void loader::tell_unread(const contacts_found& found, std::size_t column, std::string_view name) {
  constexpr error address{errc::invalid_value,
                          "an e-mail address among noes that cannot be read: whoever has it is "
                          "closed by the row's own id, addresses and numbers alone"};
  constexpr error number{errc::invalid_value,
                         "a phone number among noes that cannot be read: whoever has it is closed "
                         "by the row's own id, addresses and numbers alone"};
  constexpr error day{errc::invalid_value,
                      "a day beside a number among noes: the no counts from when the file is read"};
  if (found.day_beside && !found.readable.empty()) remark_of_consent(day, column, name);
  if (found.unread_address) remark_of_consent(address, column, name);
  if (found.unread_number) remark_of_consent(number, column, name);
}

// One directive for each address or number of the cell that it is about. Who has none has said
// nothing of it; what stands in a column of noes and is none says no by itself.
void loader::about_contacts(const rule_directive& from, const rule_plan& rule,
                            const file_plan& file, std::span<const std::string_view> cells,
                            import_consent said) {
  const std::size_t column = position(header_, from.contact_column);
  const std::string_view whose = without_blanks(cells[column]);
  if (whose.empty()) return;
  const bool own = from.contact_column == rule.column && file.form.as_found;
  const auto found = file.form.as_found ? contacts_within(file, whose) : contacts_found();
  for (const std::string_view each : found.readable) {
    said.contact = to_.texts.keep(each);
    said_.push_back(said);
  }
  if (!own && found.readable.empty()) {
    said.contact = to_.texts.keep(whose);
    said_.push_back(said);
  }
}

// Of a column of noes each cell is read: what may be an address or a number and is neither to us is
// told, whatever stands in the other cells.
void loader::tell_among_noes(const file_plan& file, const rule_plan& rule, std::size_t column,
                             std::string_view text, own_time own) {
  if (!file.form.as_found || text.empty()) return;
  if (has_a_day(file.form, text)) {
    constexpr error unread{errc::invalid_value,
                           "a day among noes in a form that is not read: the no counts from when "
                           "the file is read"};
    if (own == own_time::unread) remark_of_consent(unread, column + 1, rule.column);
    return;
  }
  contacts_found found = contacts_within(file, text);
  // A number that lacks its country's code may be anybody's.
  const bool anybodys = std::ranges::any_of(found.readable, [](std::string_view each) {
    return each.find('@') == each.npos && !each.starts_with('+');
  });
  found.unread_number = found.unread_number || anybodys || has_letter_for_a_digit(text);
  const bool told = found.unread_address || found.unread_number;
  // Seconds since 1970 have as many digits as a number; a column of times says that it is one.
  const bool seconds = std::ranges::all_of(text, is_digit) && text.size() > 8;
  const bool of_times =
      own == own_time::read && (!seconds || read_consent_name(rule.column).names_time);
  if (of_times && found.readable.empty() && !found.unread_address) return;
  if (found.readable.empty() && !told && may_be_a_contact(text)) {
    const bool digits = has_digits_of_a_number(text);
    found.unread_number = digits;
    found.unread_address = !digits;
  }
  tell_unread(found, column + 1, rule.column);
}

// A column whose cells are noes, and about the addresses and numbers that stand in them.
bool loader::is_of_noes(const file_plan& file, std::size_t column) const {
  for (std::size_t i = 0; i < file.rules.size(); ++i) {
    if (rule_columns_[i] != column) continue;
    for (const auto& [value, said] : file.rules[i].directives) {
      for (const rule_directive& each : said) {
        if (each.contact_column == file.rules[i].column && restricts(each.said.kind)) return true;
      }
    }
  }
  return false;
}

// A row that has an address among its noes alone is of whoever has that address.
bool loader::id_among_noes(const file_plan& file, std::span<const std::string_view> cells) {
  if (!file.form.as_found) return false;
  for (std::size_t i = 0; i < file.rules.size(); ++i) {
    const rule_plan& rule = file.rules[i];
    for (const auto& [value, said] : rule.directives) {
      for (const rule_directive& each : said) {
        if (each.contact_column != rule.column || !restricts(each.said.kind)) continue;
        const auto found = contacts_within(file, without_blanks(cells[rule_columns_[i]]));
        if (found.readable.empty()) continue;
        id_ = found.readable.front();
        comparable_ = unicode::comparable_address<std::string>(id_);
        key_ = rule_columns_[i];
        made_up_ = true;
        return true;
      }
    }
  }
  return false;
}

// A value that no rule names is an error: a flag that is not understood is not a consent, and
// leaving it out in silence could lose a refusal. Of a file as it was found a no in words is one,
// and what else is not named is told and says nothing: nobody opted in by it.
result<void> loader::rule_of(const file_plan& file, std::size_t number,
                             std::span<const std::string_view> cells) {
  const rule_plan& rule = file.rules[number];
  const std::size_t column = rule_columns_[number];
  std::string_view text = cells[column];
  if (file.form.as_found) text = without_blanks(text);
  const directives* const found = said_by(rule, text, file.form.as_found);
  if (found == nullptr) {
    if (text.empty()) return {};
    const error unknown{errc::invalid_value, "no consent rule for this value"};
    if (!file.form.as_found) return bad(unknown, column + 1, rule.column);
    remark_of_consent({unknown.code, "no consent rule for this value: it counts as nothing said"},
                      column + 1, rule.column);
    return {};
  }
  own_time own = own_time::not_asked;
  for (const rule_directive& each : *found) {
    const bool asked = each.at_column == rule.column;
    if (asked && own == own_time::not_asked) own = own_time::unread;
    import_consent said = each.said;
    const auto timed = time_of(each, rule, file, cells, said);
    if (!timed) return timed.error();
    if (!*timed) continue;
    if (asked && said.given_at) own = own_time::read;
    if (each.contact_column.empty()) {
      said_.push_back(said);
    } else {
      about_contacts(each, rule, file, cells, said);
    }
  }
  if (is_whatever_stands_there(rule, *found)) tell_among_noes(file, rule, column, text, own);
  return {};
}

result<void> loader::rules_of(const file_plan& file, std::span<const std::string_view> cells) {
  said_.clear();
  for (std::size_t i = 0; i < file.rules.size(); ++i) {
    if (const auto done = rule_of(file, i, cells); !done) return done;
  }
  // What the cells of the row say as directives of their own.
  auto& told = to_.kept.consents;
  for (std::size_t i = 0; i < told.slots; ++i) note_day(told.stage[i], file.form.utc_offset);
  return {};
}

}  // namespace clientbook::exchange
