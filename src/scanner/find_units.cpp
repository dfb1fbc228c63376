// House numbers, and the flats, floors and sides of a street beside them, which belong to the
// address.
#include "find_units.hpp"

#include "find_postcodes.hpp"
#include "rules.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {

namespace {

// `, 6th Floor`, `2. OG`, `3e étage`: the floor whose number ends at `floor`, behind `end`.
std::size_t over_floor(const text_window& text, std::size_t end, std::size_t floor) noexcept {
  const folded_word ordinal = word_from(text, floor);
  if (text[floor] == '.') {
    ++floor;
  } else if (is_in(extent::floor_ordinals, ordinal)) {
    floor = ordinal.end;
  } else {
    return end;
  }
  const folded_word word = word_from(text, over_space(text, floor));
  if (is_in(extent::floors, word)) return text[word.end] == '.' ? word.end + 1 : word.end;
  return end;
}

// ` NW`, `, Apt 12B`, ` Unit 5`, `, 3º B`.
CLIENTBOOK_ONCE std::size_t over_one_unit(const text_window& text, std::size_t end) noexcept {
  std::size_t at = over_space(text, end);
  if (text[at] == '.') at = over_space(text, at + 1);
  const folded_word side = word_from(text, at);
  const bool small_side = extent::whole_addresses && side.end - side.begin == 2 && side.size == 2;
  if (side.end > at && at > end && (side.capital || small_side) && is_in(extent::compass, side) &&
      (!extent::whole_addresses || !text.digit_at(side.end))) {
    end = side.end;
    if (text[end] == '.') ++end;
  }
  at = over_comma(text, end);
  if (text[at] == '#' && text.digit_at(at + 1)) {
    return at + 1 + digits_from(text, at + 1);
  }
  if (extent::whole_addresses && text[at] == '#' && text[at + 1] == ' ') {
    const std::size_t digits = digits_from(text, at + 2);
    if (digits > 0) return at + 2 + digits;
    at += 2;  // `# APT 3`
  }
  const folded_word unit = word_from(text, at);
  const bool polish = extent::whole_addresses && unit.view() == "m" && text[unit.end] == '.';
  if (unit.end > at && at > end && (is_in(extent::unit_words, unit) || polish)) {
    std::size_t number = unit.end;
    if (text[number] == '.') ++number;
    number = over_space(text, number);
    if (extent::whole_addresses && text[number] == '#') number = over_space(text, number + 1);
    std::size_t stop = number;
    while (stop < number + 6 &&
           (text.digit_at(stop) || text.letter_at(stop) || text[stop] == '-')) {
      ++stop;
    }
    if (stop > number && stop < number + 6 && (text.digit_at(number) || stop == number + 1)) {
      return stop;
    }
  }
  // Spanish floors: 3º B, 2ª izq.
  const std::size_t digits = digits_from(text, at);
  if (digits > 0 && digits < 3 && at > end) {
    const seen sign = text.next(at + digits);
    if (sign.value == 0xBA || sign.value == 0xAA || sign.value == 0xB0) {
      std::size_t stop = at + digits + sign.size;
      const std::size_t door = over_space(text, stop);
      const folded_word word = word_from(text, door);
      if (word.size >= 1 && word.size <= 3) stop = word.end;
      return stop;
    }
    if (extent::whole_addresses) return over_floor(text, end, at + digits);
  }
  if (extent::whole_addresses && at > end && is_in(extent::spelled_floors, unit)) {
    const folded_word word = word_from(text, over_space(text, unit.end));
    if (word.view() == "floor") return word.end;
  }
  return end;
}

}  // namespace

std::size_t over_unit(const text_window& text, std::size_t end) noexcept {
  if constexpr (!extent::whole_addresses) return over_one_unit(text, end);
  std::size_t found = over_one_unit(text, end);
  for (int units = 0; units < 3 && found != end; ++units) {  // `Torre 6 Dto. 9`
    end = found;
    found = over_one_unit(text, end);
  }
  return found;
}

// `Flat 3, ` before a house number: where it begins.
CLIENTBOOK_ONCE std::size_t back_over_unit(const text_window& text, std::size_t number) noexcept {
  std::size_t place = number;
  while (number - place < 2 && (text[place - 1] == ' ' || text[place - 1] == ',')) --place;
  std::size_t digits = place;
  if (text.letter_at(digits - 1) && text.digit_at(digits - 2)) --digits;  // 12B
  while (place - digits < 5 && text.digit_at(digits - 1)) --digits;
  if (place == number) return number;
  if (extent::whole_addresses) {
    // `H.No. 26`, `Unit 4`: of the number itself.
    std::size_t own = place;
    if (text[own - 1] == '.') --own;
    folded_word word = word_until(text, own);
    if (is_in(extent::own_number_signs, word)) {
      own = word.begin;
      while (place - own < 6 && (text[own - 1] == ' ' || text[own - 1] == '.')) --own;
      word = word_until(text, own);
      if (is_in(extent::premises, word)) return word.begin;
    } else if (place == number - 1 && is_in(extent::unit_words, word) && word.size > 2) {
      return word.begin;
    }
  }
  if (digits == place) return number;
  std::size_t word_end = digits;
  if (text[word_end - 1] == ' ') --word_end;
  if (text[word_end - 1] == '.') --word_end;
  const folded_word word = word_until(text, word_end);
  return word.begin < word.end && is_in(extent::unit_words, word) ? word.begin : number;
}

// 12, 12a, 12 bis, 12/14, 12-14, 7/B, 221B: where the house number ends.
CLIENTBOOK_ONCE std::size_t over_house_number(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at + digits_from(text, at);
  if (extent::whole_addresses && text[end] == 0xC2) {
    const seen fraction = text.next(end);  // `16½`
    if (fraction.value >= 0xBC && fraction.value <= 0xBE) return end + fraction.size;
  }
  if (text.letter_at(end) && !text.word_at(end + 1)) {
    // `3b/12`
    if (extent::whole_addresses && text[end + 1] == '/' && text.digit_at(end + 2)) {
      const std::size_t door = digits_from(text, end + 2);
      if (door <= 3 && !text.word_at(end + 2 + door)) return end + 2 + door;
    }
    return end + 1;
  }
  if ((text[end] == '/' || text[end] == '-') && !text.word_at(end + 2) &&
      (text.letter_at(end + 1) || text.digit_at(end + 1))) {
    return end + 2;
  }
  if ((text[end] == '/' || text[end] == '-') && digits_from(text, end + 1) > 0 &&
      digits_from(text, end + 1) <= 4) {
    return end + 1 + digits_from(text, end + 1);
  }
  if (text[end] == ' ') {
    const folded_word word = word_from(text, end + 1);
    if (is_in(extent::additions, word)) return word.end;
    // `12 a`, but not `12 a coat`.
    if (word.size == 1 && word.bytes[0] >= 'a' && word.bytes[0] <= 'h' && text[word.end] != ' ' &&
        !text.word_at(word.end)) {
      return word.end;
    }
  }
  return end;
}

}  // namespace clientbook::scanner
