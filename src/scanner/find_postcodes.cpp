#include "find_postcodes.hpp"

#include "find_units.hpp"
#include "lead_words.hpp"
#include "rules.hpp"
#include "word_lists.hpp"
#ifdef CLIENTBOOK_FIRMWARE
#include "find_post_boxes.hpp"
#include "word_lists.hpp"
#endif

namespace clientbook::scanner {

CLIENTBOOK_ONCE std::size_t over_comma(const text_window& text, std::size_t at) noexcept {
  const std::size_t space = over_space(text, at);
  return over_space(text, text[space] == ',' ? space + 1 : space);
}
CLIENTBOOK_ONCE std::size_t digits_from(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at;
  while (text.digit_at(end)) ++end;
  return end - at;
}

namespace {

bool joins_town(const folded_word& word) noexcept {
#ifndef CLIENTBOOK_FIRMWARE
  if (is_in(extent::town_joints, word)) return true;
#endif
  return is_in(extent::particles, word);
}

}  // namespace

// Nothing goes on behind it.
CLIENTBOOK_ONCE bool ends_phrase(const text_window& text, std::size_t at) noexcept {
  if (in_firmware) return false;
  const std::size_t place = text[at] == ' ' ? at + 1 : at;
  switch (text[place]) {
    case 0:
    case '\n':
    case '\r':
    case '.':
    case ',':
    case ';':
    case ')':
    case '"':
    case '!':
    case '?':
    case '\\':
      return true;
    default:
      return false;
  }
}

// Up to four words with a capital letter, particles between them: a town.
std::size_t over_town(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at;
  std::size_t place = at;
  // `'s-Gravenhage`, `'t Zand`
  if (!in_firmware && text[at] == '\'' && text.letter_at(at + 1) &&
      (text[at + 2] == '-' || text[at + 2] == ' ')) {
    place = at + 3;
  }
  for (int words = 0; words < (in_firmware ? 4 : 6); ++words) {
    const folded_word word = word_from(text, place);
    if (word.end == place) break;
    // `Montemor-o-Novo`, `Fraire-par-Delà`
    const bool inside =
        !in_firmware && word.size <= 4 && text[word.begin - 1] == '-' && text[word.end] == '-';
    const bool joins = words > 0 && (inside || joins_town(word));
    if (!word.capital && !joins) break;
    if (word.capital) end = word.end;
    place = word.end;
    const unsigned char c = text[place];
    // `St. Louis`, `N.Y.`
    if (!in_firmware && c == '.' && word.capital && word.size <= 3) {
      if (text.letter_at(place + 1) || (text[place + 1] == ' ' && text.letter_at(place + 2))) {
        place += text[place + 1] == ' ' ? 2U : 1U;
        continue;
      }
      if (word.size == 1 && text[word.begin - 1] == '.') end = place + 1;
    }
    if (c != ' ' && c != '-' && c != '\'') break;
    if (!in_firmware && c == '\'' && !text.word_at(place + 1)) {
      if (end == place) ++end;  // `Forli'`
      break;
    }
    ++place;
  }
  return end;
}

#ifndef CLIENTBOOK_FIRMWARE
// Postal codes: how many bytes stand here, 0 if none.
CLIENTBOOK_ONCE std::size_t us_zip(const text_window& text, std::size_t at) noexcept {
  if (digits_from(text, at) != 5) return 0;
  if (text[at + 5] == '-' && digits_from(text, at + 6) == 4) return 10;
  return text.word_at(at + 5) ? 0 : 5;
}
std::size_t canada(const text_window& text, std::size_t at) noexcept {
  const auto l = [&](std::size_t i) { return text.letter_at(at + i); };
  const auto d = [&](std::size_t i) { return text.digit_at(at + i); };
  if (!l(0) || !d(1) || !l(2)) return 0;
  const std::size_t gap = text[at + 3] == ' ' || text[at + 3] == '-' ? 1 : 0;
  if (!d(3 + gap) || !l(4 + gap) || !d(5 + gap) || text.word_at(at + 6 + gap)) return 0;
  constexpr std::string_view never_first = "DFIOQUWZ";
  if (never_first.find(static_cast<char>(ascii_upper(text[at]))) != never_first.npos) return 0;
  return 6 + gap;
}
// The inward code has none of those that look like digits or each other.
[[maybe_unused]] bool inward_letter(unsigned char c) noexcept {
  return std::string_view("CIKMOV").find(static_cast<char>(ascii_upper(c))) ==
         std::string_view::npos;
}
// A9 9AA, A99, AA9, AA99, A9A, AA9A.
std::size_t united_kingdom(const text_window& text, std::size_t at) noexcept {
  std::size_t i = at;
  std::size_t letters = 0;
  while (letters < 2 && text.letter_at(i)) ++i, ++letters;
  if (letters == 0 || !text.digit_at(i)) return 0;
  ++i;
  const auto inward = [&](std::size_t from) {
    if (text[from] == ' ') ++from;
    return text.digit_at(from) && text.letter_at(from + 1) && text.letter_at(from + 2) &&
                   !text.word_at(from + 3) &&
                   (in_firmware || (inward_letter(text[from + 1]) && inward_letter(text[from + 2])))
               ? from + 3
               : std::size_t{0};
  };
  std::size_t end = 0;
  if (text.digit_at(i) || text.letter_at(i)) end = inward(i + 1);
  if (end == 0) end = inward(i);
  return end == 0 ? 0 : end - at;
}
std::size_t netherlands(const text_window& text, std::size_t at) noexcept {
  if (in_firmware) return 0;
  if (digits_from(text, at) != 4 || text[at] == '0') return 0;
  const std::size_t gap = text[at + 4] == ' ' ? 1 : 0;
  const auto capital = [&](std::size_t i) { return text[i] >= 'A' && text[i] <= 'Z'; };
  if (!capital(at + 4 + gap) || !capital(at + 5 + gap) || text.word_at(at + 6 + gap)) return 0;
  return 6 + gap;
}
// Digits, as most countries of the continent have them: 4 to 6, `123 45`, `12-345`, `D-12345`.
std::size_t continental(const text_window& text, std::size_t at) noexcept {
  std::size_t begin = at;
  if (text.letter_at(at) && text[at + 1] == '-') begin += 2;
  if (text.letter_at(at) && text.letter_at(at + 1) && text[at + 2] == '-') begin += 3;
  const std::size_t digits = digits_from(text, begin);
  if (digits >= 4 && digits <= 6) {
    if (digits == 4 && text[begin + 4] == '-' && digits_from(text, begin + 5) == 3) {
      return begin + 8 - at;
    }
    return text.word_at(begin + digits) ? 0 : begin + digits - at;
  }
  if (digits == 3 && text[begin + 3] == ' ' && digits_from(text, begin + 4) == 2) {
    return begin + 6 - at;
  }
  if (digits == 2 && text[begin + 2] == '-' && digits_from(text, begin + 3) == 3) {
    return begin + 6 - at;
  }
  return 0;
}
#endif

#ifdef CLIENTBOOK_FIRMWARE
namespace {

CLIENTBOOK_ONCE std::size_t over_line(const text_window& text, std::size_t at) noexcept {
  std::size_t end = over_space(text, at);
  if (text[end] == ',') ++end;
  if (text[end] == '\r') ++end;
  if (text[end] == '\n') ++end;
  return over_space(text, end);
}

}  // namespace

// `, 20125 Milano`, `, 1015 CJ Amsterdam`, `, London NW1 6XE`, `, Springfield, IL 62701`.
std::size_t over_postcode_and_town(const text_window& text, std::size_t end, code_needed) noexcept {
  const std::size_t at = over_line(text, end);
  if (at == end) return end;
  std::size_t code = united_kingdom(text, at);
  if (code == 0) code = canada(text, at);
  if (code != 0) {
    const std::size_t town = over_space(text, at + code);
    const std::size_t town_end = over_town(text, town);
    return town_end > town + 2 ? town_end : at + code;
  }
  code = continental(text, at);
  if (code != 0) {
    const std::size_t town = over_space(text, at + code);
    const std::size_t town_end = over_town(text, town);
    if (town_end == town) return end;
    // `Milano (MI)`, `Milano MI`.
    if (text[town_end] == ' ' && text[town_end + 1] == '(' && text[town_end + 4] == ')') {
      return town_end + 5;
    }
    return town_end;
  }
  // A town, then a code.
  std::size_t place = at;
  for (int parts = 0; parts < 3; ++parts) {
    const std::size_t town_end = over_town(text, place);
    if (town_end == place) return end;
    const std::size_t next = over_comma(text, town_end);
    for (const std::size_t from : {next, place}) {
      if (const std::size_t found = behind_town(text, from)) return from + found;
    }
    // The state before the code is taken for a town word: `Los Angeles, CA 90029`; a code's own
    // letters as well: `Toronto, ON M5H 2N2`.
    std::size_t word = place;
    while (word < town_end) {
      const folded_word one = word_from(text, word);
      const std::size_t behind = over_space(text, one.end);
      if (const std::size_t found = behind_town(text, behind)) return behind + found;
      if (behind == word) break;
      word = behind > one.end ? behind : one.end + 1;
    }
    if (next == town_end || text[next - 1] == 0) return end;
    place = next;
  }
  return end;
}
#else
// All letters are capitals, as far as can be seen: they tell nothing.
bool shouted(const text_window& text, const folded_word& word) noexcept {
  if (!word.capital || word.size < 2) return false;
  const std::size_t second = word.begin + text.next(word.begin).size;
  if (text[second] < 0x80) return text[second] < 'a';
  return word_from(text, second).capital;
}

bool address_said(const text_window& text, std::size_t at) noexcept {
  const context before = words_before(text, at);
  return (before.nearest & address_word) != 0 && before.adjacent;
}

// What stands between the lines of an address: a comma, a line break (also escaped, as in JSON),
// a slash or dash before a state.
std::size_t over_joint(const text_window& text, std::size_t at, bool& line) noexcept {
  std::size_t end = over_space(text, at);
  line = false;
  if (text[end] == '.' && text[end + 1] == '\n') ++end;
  if (text[end] == ',') end = over_space(text, end + 1);
  for (int breaks = 0; breaks < 2; ++breaks) {
    if (text[end] == '\r') ++end;
    if (text[end] == '\n') {
      ++end;
    } else if (text[end] == '\\' && text[end + 1] == 'n') {
      end += 2;
    } else {
      break;
    }
    line = true;
    end = over_space(text, end);
  }
  if (end == at + 1 && (text[end] == '/' || text[end] == '-') && text[end + 1] == ' ') end += 2;
  return end;
}

// Eircode: a routing key and four letters or digits.
std::size_t ireland(const text_window& text, std::size_t at) noexcept {
  const bool small = text[at] >= 'a' && text[at] <= 'z';
  const auto letter = [&](std::size_t i) { return text.letter_at(i) && small == (text[i] >= 'a'); };
  constexpr std::string_view never_first = "BGIJLMOQSUZ";
  if (!letter(at) || !text.digit_at(at + 1) ||
      never_first.find(static_cast<char>(ascii_upper(text[at]))) != never_first.npos) {
    return 0;
  }
  if (!text.digit_at(at + 2) && ascii_upper(text[at + 2]) != 'W') return 0;
  const std::size_t id = text[at + 3] == ' ' ? at + 4 : at + 3;
  bool digit = false;
  for (std::size_t i = id; i < id + 4; ++i) {
    if (!text.digit_at(i) && !letter(i)) return 0;
    digit = digit || text.digit_at(i);
  }
  if (small && !digit) return 0;  // `d20 coat`
  return text.word_at(id + 4) ? 0 : id + 4 - at;
}

namespace {

struct postcode {
  std::size_t size = 0;
  bool sure = false;  // Its form alone tells that it is one.
};

// A postal code of any country, with what may stand before it.
postcode postcode_at(const text_window& text, std::size_t at) noexcept {
  if (text.letter_at(at) && !text.digit_at(at + 1) && !text.digit_at(at + 2) &&
      !text.digit_at(at + 3)) {
    // A word: those that stand before a code are short.
    std::size_t end = at;
    while (end < at + 9 && text.letter_at(end)) ++end;
    if (end == at + 9 || (!text.digit_at(end + 1) && !text.digit_at(end + 2))) return {};
  }
  for (const auto& form : {netherlands, united_kingdom, canada, ireland}) {
    if (const std::size_t size = form(text, at)) return {size, true};
  }
  // `1015 cj amsterdam`
  if (digits_from(text, at) == 4 && text[at + 4] == ' ') {
    const folded_word letters = word_from(text, at + 5);
    if (letters.end == at + 7 && letters.size == 2 && text[at + 7] == ' ' &&
        text.letter_at(at + 8) && !is_in(extent::no_code_letters, letters)) {
      return {7, true};
    }
  }
  std::size_t begin = at;
  const folded_word name = word_from(text, at);
  if (is_in(extent::code_names, name)) {
    begin = name.end;
    if (text[begin] == '.' || text[begin] == ':') ++begin;
    begin = over_space(text, begin);
  } else if (text[name.end] == '-' && (name.size == 1 || name.size == 2)) {
    begin = name.end + 1;
  }
  const std::size_t digits = digits_from(text, begin);
  std::size_t end = begin + digits;
  const auto more = [&](char joint, std::size_t count) {
    return text[end] == static_cast<unsigned char>(joint) && digits_from(text, end + 1) == count;
  };
  // 62701-1234, 01310-100, 2765-012, 11-400, 110 001, 111 20.
  if ((digits == 5 && (more('-', 4) || more('-', 3))) || (digits == 4 && more('-', 3)) ||
      (digits == 2 && more('-', 3)) || (digits == 3 && (more(' ', 2) || more(' ', 3)))) {
    end += 1 + digits_from(text, end + 1);
  } else if (digits < 4 || digits > 8) {
    return {};
  }
  if (text.word_at(end) || ((text[end] == ',' || text[end] == '.') && text.digit_at(end + 1))) {
    return {};
  }
  return {end - at, false};
}

// Small letters where a town is expected: as many words as stand before a comma, a line break or
// a code; 0 if there are more than four.
std::size_t over_small_town(const text_window& text, std::size_t at) noexcept {
  std::size_t place = at;
  for (int words = 0; words < 4; ++words) {
    const folded_word word = word_from(text, place);
    if (word.end == place) return 0;
    std::size_t end = word.end;
    if (text[end] == '.') ++end;
    if (text[end] == ',' || text[end] == '\n' || text[end] == '\r') return end;
    place = over_space(text, text[end] == '-' ? end + 1 : end);
    if (place == end) return 0;
    if (postcode_at(text, place).size != 0) return end;
  }
  return 0;
}

}  // namespace

// What stands behind a comma and is no town.

// The town behind a code, in small letters: a word, or two where the first is never alone.
std::size_t over_small_town_behind(const text_window& text, std::size_t at) noexcept {
  folded_word word = word_from(text, at);
  if (is_in(extent::never_alone, word) && (text[word.end] == ' ' || text[word.end] == '-')) {
    word = word_from(text, word.end + 1);
  }
  if (word.size <= 2) return at;
  if (text[word.end] == '\'' && !text.word_at(word.end + 1)) return word.end + 1;  // `forli'`
  const folded_word next = word_from(text, over_space(text, word.end));
  if (is_in(extent::no_town, word)) return at;
  return next.view() == "cedex" ? next.end : word.end;
}

namespace {

// `12 old mill road, norwich`: a town at the end of the phrase, where the street is written small
// as well; `at` if there is none.
std::size_t over_small_town_alone(const text_window& text, std::size_t end,
                                  std::size_t at) noexcept {
  const folded_word town = word_from(text, at);
  if (town.size < 4 || town.capital || is_in(extent::no_town, town)) return at;
  if (word_until(text, end).capital) return at;
  const std::size_t number = over_space(text, town.end);
  const std::size_t digits = number > town.end ? digits_from(text, number) : 0;
  const std::size_t stop = digits > 0 && digits < 3 ? number + digits : town.end;
  return ends_phrase(text, stop) ? stop : at;
}

// A word in brackets behind a space.
std::size_t over_bracketed(const text_window& text, std::size_t at) noexcept {
  if (text[at] != ' ' || text[at + 1] != '(') return at;
  const folded_word word = word_from(text, at + 2);
  return word.end > at + 2 && text[word.end] == ')' ? word.end + 1 : at;
}

}  // namespace

// Towns, states and postal codes behind a street, in any order: `, 20125 Milano (MI)`,
// `, London NW1 6XE`, `, Springfield, IL 62701`, `\nViedma 8500, Río Negro`; a town alone
// behind a comma. `needed`: only with a code that its form or the town behind it tells.
std::size_t over_postcode_and_town(const text_window& text, std::size_t end,
                                   code_needed needed) noexcept {
  if (needed == code_needed::yes) {
    std::size_t digit = end;
    while (digit < end + 48 && !text.digit_at(digit)) ++digit;
    if (digit == end + 48) return end;
  }
  bool line = false;
  std::size_t at = over_joint(text, end, line);
  if (at == end) return end;
  const bool comma = text[over_space(text, end)] == ',';
  std::size_t found = end;
  std::size_t town_alone = end;
  bool town = false;
  bool beside = false;  // The town stands directly before the code.
  bool apart = false;   // Not by a space alone.
  bool small_town = false;
  bool coded = false;
  for (int parts = 0; parts < 6; ++parts) {
    std::size_t part_end = at;
    const postcode code = coded ? postcode{} : postcode_at(text, at);
    if (code.size != 0) {
      const std::size_t behind = over_space(text, at + code.size);
      if (needed == code_needed::yes && town && !code.sure &&
          (beside || over_town(text, behind) <= behind + 2)) {
        const folded_word state = word_until(text, text[at - 1] == ' ' ? at - 1 : at);
        if (!state.capital || state.end - state.begin != 2 || !is_in(extent::us_states, state) ||
            us_zip(text, at) == 0) {
          break;
        }
      }
      std::size_t after = at + code.size;
      std::size_t next = over_space(text, text[after] == ',' ? after + 1 : after);
      std::size_t town_end = over_town(text, next);
      if (town_end <= next + 2 && !beside && next > after && (!town || small_town)) {
        town_end = over_small_town_behind(text, next);
      }
      bool broken = false;
      if (town_end <= next + 2 && !town) {
        next = over_joint(text, after, broken);  // A code on a line of its own.
        town_end = broken ? over_town(text, next) : next;
      }
      if (town_end > next + 2 && (!town || (next == after + 1 && !beside && !code.sure))) {
        part_end = town_end;
      } else if (code.sure || town ||
                 (needed == code_needed::no && us_zip(text, at) == code.size &&
                  ends_phrase(text, after))) {
        part_end = after;
      } else {
        break;
      }
      // `Milano (MI)`
      if (text[part_end] == ' ' && text[part_end + 1] == '(' && text[part_end + 4] == ')') {
        part_end += 5;
      }
      if (is_in(extent::with_number, word_until(text, part_end)) && text[part_end] == ' ') {
        const std::size_t number = digits_from(text, part_end + 1);
        if (number == 1 || number == 2) part_end += 1 + number;
      }
      coded = true;
      found = part_end;
    } else {
      part_end = over_town(text, at);
      const bool small = part_end == at;
      if (small && !coded && needed == code_needed::no) part_end = over_small_town(text, at);
      if (part_end <= at) {
        if (parts == 0 && comma && !line && needed == code_needed::no) {
          const std::size_t alone = over_small_town_alone(text, end, at);
          if (alone > at) return alone;
        }
        if (coded && !line) {
          // A state or province in small letters.
          const folded_word first = word_from(text, at);
          if (first.size == 2 && text[at - 2] == '/') return first.end;
          const folded_word second = word_from(text, over_space(text, first.end));
          const std::size_t stop = ends_phrase(text, first.end) ? first.end : second.end;
          if (small_town && apart && first.size > 2 && !is_in(extent::no_town, first) &&
              ends_phrase(text, stop)) {
            return stop;
          }
        }
        break;
      }
      if (coded) {
        // A province or country.
        const folded_word state = word_from(text, at);
        const bool short_state = state.end == part_end && state.size <= 3 &&
                                 (shouted(text, state) || (state.size == 2 && text[at - 2] == '/'));
        if (line ||
            (!short_state && (!apart || !ends_phrase(text, part_end)) && !(apart && beside))) {
          break;
        }
        found = part_end;
      } else {
        const folded_word first = word_from(text, at);
        if (is_in(extent::no_town, first)) break;
        // `Dublin 4`, `RD 2`
        const std::size_t district = over_space(text, part_end);
        const std::size_t district_digits = district > part_end ? digits_from(text, district) : 0;
        if (district_digits > 0 && district_digits < 3 &&
            (ends_phrase(text, district + district_digits) || part_end == at + 2)) {
          part_end = district + district_digits;
        }
        const bool of_state = first.end == part_end && is_in(extent::us_states, first) &&
                              first.size == 2 && shouted(text, first) &&
                              ends_phrase(text, part_end);
        if (!small && !line &&
            (parts == 0 ? (comma && part_end > at + 2) || of_state
                        : parts == 1 && town_alone != end && ends_phrase(text, part_end))) {
          town_alone = part_end;
        }
        town = true;
        small_town = small;
        // A code's own letters, and a state, were taken for words of the town.
        for (std::size_t word = at; word < part_end;) {
          if (word > at && postcode_at(text, word).sure) {
            part_end = word;
            break;
          }
          const folded_word one = word_from(text, word);
          word = one.end > word ? one.end : word + 1;
          while (word < part_end && !text.word_at(word)) word += text.next(word).size;
        }
        // `L'Île-Perrot (QC) J7V 3G1`
        const std::size_t province = over_bracketed(text, part_end);
        if (postcode_at(text, over_space(text, province)).size != 0) part_end = province;
        const std::size_t gap = text[part_end] == '-' ? part_end + 1 : over_space(text, part_end);
        if (part_end > at && (text[part_end - 1] == ' ' || gap > part_end) &&
            postcode_at(text, text[part_end - 1] == ' ' ? part_end : gap).size != 0) {
          at = text[part_end - 1] == ' ' ? part_end : gap;
          beside = true;
          continue;
        }
      }
    }
    const std::size_t next = over_joint(text, part_end, line);
    if (next == part_end) break;
    apart = next != over_space(text, part_end);
    at = next;
  }
  return found != end || needed == code_needed::yes ? found : town_alone;
}
#endif

}  // namespace clientbook::scanner
