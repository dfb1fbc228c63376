// What the word beside a value decides, whatever its country and check: ids, accounts of one
// country, births without a whole date. Not in firmware.
#include "rules.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

constexpr std::size_t longest_said = 34;  // Letters and digits: those of an IBAN.

bool sign_within(unsigned char c) noexcept {
  return c == '-' || c == '.' || c == '/' || c == ' ' || c == '_';
}

// Letters and digits around a digit, in groups; a group behind a space holds digits.
struct said_value {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t digits = 0;
};
said_value value_around(const text_window& text, std::size_t at) noexcept {
  said_value out;
  out.begin = at;
  const auto alnum = [&](std::size_t i) { return text.letter_at(i) || text.digit_at(i); };
  while (at - out.begin < longest_said && alnum(out.begin - 1)) --out.begin;
  // A word longer than any id: its digits alone. The value must reach beyond `at`, or a walk that
  // goes on at its end never goes on.
  if (at - out.begin == longest_said) out.begin = at;
  std::size_t place = out.begin;
  std::size_t signs = 0;
  while (signs < longest_said) {
    std::size_t digits = 0;
    const std::size_t group = place;
    while (signs < longest_said && alnum(place)) {
      digits += text.digit_at(place) ? 1U : 0U;
      ++place;
      ++signs;
    }
    if (group != out.begin && digits == 0 && place - group > 1) break;  // A word.
    out.digits += digits;
    out.end = place;
    if (!sign_within(text[place]) || !alnum(place + 1)) break;
    // A letter alone behind a space is a word: `12345 a`.
    if (text[place] == ' ' && !text.digit_at(place + 1) && !alnum(place + 2)) break;
    ++place;
  }
  return out;
}

bool valid_day(unsigned day, unsigned month) noexcept {
  return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

// Signs of Chinese and Japanese house numbers: `88号`, `4丁目2番8号`.
bool house_sign(char32_t c) noexcept {
  return c == 0x53F7 || c == 0x865F || c == 0x4E01 || c == 0x756A || c == 0x5DF7;
}
// Of a district, a town, a road before them.
bool place_sign(char32_t c) noexcept {
  constexpr std::u32string_view signs = U"市区區県縣都府道路街町村省郡鎮镇胡同弄";
  return signs.find(c) != signs.npos;
}
bool within_east_asian(char32_t c) noexcept {
  constexpr std::u32string_view signs = U"丁目番地号號楼楼层層室单元栋棟座の之－-弄巷";
  return signs.find(c) != signs.npos;
}

}  // namespace

// 東京都港区芝公園4丁目2番8号, 北京市朝阳区建国路88号, 서울특별시 강남구 테헤란로 152
find east_asian_address_at(const text_window& text, const digit_run& run) noexcept {
  const std::size_t group_end = run.end_of(run.first_group());
  std::size_t before = run.begin;
  if (text[before - 1] == ' ') --before;
  const seen last = text.previous(before);
  const bool korean = last.value == 0xB85C || last.value == 0xAE38;
  if (last.value < 0x2E80 || (!korean && !house_sign(text.next(group_end).value))) return {};
  // Back over the places.
  std::size_t begin = before;
  std::size_t letters = 0;
  bool places = false;
  while (letters < 30) {
    const seen c = text.previous(begin);
    const bool space = c.value == ' ' && korean && text.previous(begin - 1).value >= 0xAC00;
    if (!space && (c.value < 0x2E80 || class_of(c.value) != char_class::letter)) break;
    begin -= c.size;
    if (c.value == 0x306F || c.value == 0x662F) {  // `住所は`, `地址是`
      begin += c.size;
      break;
    }
    places = places || place_sign(c.value) || c.value == 0xAD6C || c.value == 0xC2DC;
    ++letters;
  }
  if (!places || letters < 3) return {};
  std::size_t end = group_end;
  for (int signs = 0; signs < 24; ++signs) {
    const seen c = text.next(end);
    if (c.size == 0 || (class_of(c.value) != char_class::digit && !within_east_asian(c.value)))
      break;
    end += c.size;
  }
  return {begin, end, rule::address_street};
}

// `insta: @zoe.m99`
find handle_at(const text_window& text, std::size_t at) noexcept {
  const auto sign = [&](std::size_t i) {
    return text.letter_at(i) || text.digit_at(i) || text[i] == '_' || text[i] == '.';
  };
  if (text.word_before(at)) return {};
  std::size_t end = at + 1;
  while (end - at < 32 && sign(end)) ++end;
  while (end > at + 1 && text[end - 1] == '.') --end;
  if (end - at < 3) return {};
  std::size_t place = at;
  while (at - place < 3 && (text[place - 1] == ' ' || text[place - 1] == ':')) --place;
  if (place == at || !is_in(extent::social_words, word_until(text, place))) return {};
  return {at, end, rule::url_domain};
}

find said_at(number_place& place) noexcept {
  const text_window& text = place.text;
  const said_value value = value_around(text, place.run.begin);
  // `27AAPFU0939F1ZV`: what stands before all of it.
  const context words =
      value.begin < place.run.begin ? words_before(text, value.begin) : place.before();
  constexpr std::uint16_t of_people =
      id_word | document_word | account_word | order_word | code_word | card_word;
  if ((!words.said_id && !words.said_account) || (words.nearest & of_people) == 0) return {};
  const std::size_t least = words.id_country != 0 && words.said_id ? 4 : 5;
  if (value.digits < least || value.end - value.begin < 5) return {};
  const seen sign = text.previous(value.begin);
  if (sign.value == '$' || sign.value == 0x20AC || sign.value == 0xA3 || sign.value == '#') {
    if (sign.value != '#') return {};
  }
  return {value.begin, value.end, words.said_id ? rule::id_word : rule::account_word};
}

// `536228741 (SSN)`
find said_behind(number_place& place) noexcept {
  const text_window& text = place.text;
  const said_value value = value_around(text, place.run.begin);
  if (value.digits < 5) return {};
  std::size_t open = value.end;
  if (text[open] == ' ') ++open;
  if (text[open] != '(') return {};
  std::size_t close = open + 1;
  while (close - open < 32 && text[close] != ')' && text[close] != '\n') ++close;
  if (text[close] != ')' || text.digit_at(open + 1)) return {};
  const std::uint16_t kinds = words_after(text, open);
  if ((kinds & order_word) != 0) return {};
  if ((kinds & (id_word | document_word)) != 0) return {value.begin, value.end, rule::id_word};
  if ((kinds & account_word) != 0) return {value.begin, value.end, rule::account_word};
  if ((kinds & phone_word) != 0 && value.digits >= 7) {
    return {value.begin, value.end, rule::phone_word};
  }
  return {};
}

// A slip of the pen in a card's number leaves a card's number.
find said_card_at(number_place& place) noexcept {
  const digit_run& run = place.run;
  const context& words = place.nearest();
  if ((words.nearest & (card_word | order_word)) != card_word || !words.adjacent) return {};
  if (run.count < 13 || run.count > 19 || run.goes_on) return {};
  const std::uint32_t inside = digit_run::within(run.count);
  if (((run.breaks | run.brackets) & inside) != 0) return {};
  if (place.text.word_before(run.begin) || place.text.word_at(run.end_of(run.count))) return {};
  return {run.begin, run.end_of(run.count), rule::card_cautious};
}

find said_birth_at(number_place& place) noexcept {
  const text_window& text = place.text;
  const digit_run& run = place.run;
  const context& words = place.nearest();
  if ((words.nearest & birth_word) == 0 || !words.adjacent) return {};
  if (text.word_before(run.begin) && text[run.begin - 1] < 0x80) return {};
  const std::size_t group = run.first_group();
  const auto digit = [&](std::size_t i) { return static_cast<unsigned>(run.values[i]); };
  const auto two = [&](std::size_t i) { return digit(i) * 10U + digit(i + 1); };
  const std::size_t end = run.end_of(group);
  if (group == 4 && (two(0) == 19 || two(0) == 20) && !text.word_at(end)) {
    const bool alone = run.count == 4 || (run.spaces >> 4 & 1U) != 0 || (run.breaks >> 4 & 1U) != 0;
    if (alone) return {run.begin, end, rule::date_birth};
  }
  // 05031958, 19580503, 030558.
  if ((group == 8 || group == 6) && !text.word_at(end)) {
    const bool year_last = valid_day(two(0), two(2)) || valid_day(two(2), two(0));
    const bool year_first = group == 8 ? valid_day(two(6), two(4)) && (two(0) == 19 || two(0) == 20)
                                       : valid_day(two(4), two(2));
    if (year_last || year_first) return {run.begin, end, rule::date_birth};
  }
  // A day that does not exist: 31.04.1983.
  if (group <= 2 && run.count >= 4 && run.spaces == 0) {
    std::size_t second = group + 1;
    while (second < run.count && !run.group_ends_after(second)) ++second;
    std::size_t third = second + 1;
    while (third < run.count && !run.group_ends_after(third)) ++third;
    const std::uint32_t inside = digit_run::within(third);
    const std::uint32_t groups = run.group_ends & inside;
    const bool one_sign = (run.dots & inside) == groups || (run.slashes & inside) == groups ||
                          (run.dashes & inside) == groups;
    const std::size_t year = third - second;
    if (third <= run.count && one_sign && second - group <= 2 && (year == 2 || year == 4)) {
      return {run.begin, run.end_of(third), rule::date_birth};
    }
  }
  return {};
}

}  // namespace clientbook::scanner
