// Postal addresses: a number that is a house's, a post box's or a postal code's, and all that
// belongs to it.
//
// Looks for a street first, then for what needs less: a post box, a code. The street is in
// find_streets.cpp, units beside the number in find_units.cpp, code and town in find_postcodes.cpp.
#include "find_by_postcode.hpp"
#include "find_postcodes.hpp"
#include "find_streets.hpp"
#include "find_units.hpp"
#include "rules.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

// `Flat 14, Ziggurat Building, 60 Saffron Hill`: where the address begins whose house number stands
// here.
std::size_t with_unit_before(const text_window& text, std::size_t number) noexcept {
  std::size_t begin = back_over_unit(text, number);
  if (!extent::whole_addresses || begin != number) return begin;
  begin = back_over_unit_line(text, number);
  const std::size_t lines = back_over_lines(text, begin);
  const folded_word unit = word_from(text, lines);
  return lines < begin && unit.size > 2 && is_in(extent::unit_words, unit) ? lines : begin;
}

// A street that stands behind the house number, whatever its language.
find street_behind(const text_window& text, std::size_t at, std::size_t number_end,
                   [[maybe_unused]] const scan_settings& settings) noexcept {
  bool of_unit = false;
  if constexpr (extent::whole_addresses) {
    const std::size_t behind = over_space(text, number_end);
    of_unit = (text[behind] == ',' || text[behind] == '\n') &&
              (settings.in_region(country('I', 'N')) || back_over_unit(text, at) != at);
  }
  std::size_t end = english_street(text, number_end, of_unit);
  if (end == 0) end = french_street(text, number_end);
  if constexpr (extent::whole_addresses) {
    if (end == 0) {
      const find street = colombian_street(text, at, number_end);
      if (!street) return {};
      return {street.begin, over_postcode_and_town(text, over_unit(text, street.end)),
              rule::address_street};
    }
  }
  if (end == 0) return {};
  end = over_postcode_and_town(text, over_unit(text, end));
  return {with_unit_before(text, at), end, rule::address_street};
}

// A street that stands before the house number, if what is behind it proves as much as is missing.
find street_before_number(const text_window& text, std::size_t at, std::size_t number_end,
                          [[maybe_unused]] std::size_t digits) noexcept {
  const street_before street = street_until(text, at, number_end);
  if (street.proof == street_proof::none) return {};
  const bool sure = street.proof == street_proof::sure;
  const std::size_t unit = over_unit(text, number_end);
  std::size_t end = over_postcode_and_town(text, unit, sure ? code_needed::no : code_needed::yes);
  if (extent::whole_addresses && sure && end == number_end && digits >= 4) {
    // `rue Odette Renault, 86340 Sainte Arthur`: a code without a house number.
    const std::size_t town = over_space(text, end);
    const std::size_t town_end = over_town(text, town);
    if (town_end > town + 2) end = town_end;
  }
  const auto ordered = [&] {
    return extent::whole_addresses && street.proof == street_proof::name &&
           (words_before(text, at).nearest & order_word) != 0;
  };
  if (sure || (end != unit && !ordered()) ||
      (street.proof == street_proof::likely &&
       (words_before(text, street.begin).nearest & address_word) != 0)) {
    return {street.begin, end, rule::address_street};
  }
  return {};
}

find post_box(const text_window& text, std::size_t at, std::size_t digits) noexcept {
  const std::size_t begin = post_box_before(text, at);
  if (begin == at) return {};
  return {begin, over_postcode_and_town(text, at + digits), rule::address_box};
}

// `SET OF 12 ROSE BOTANICAL T-LIGHTS`, `SET/6 ...`, `3 TIER MAGIC GARDEN`: how many of a thing
// there are.
bool counts_goods(const text_window& text, std::size_t at, std::size_t number_end) noexcept {
  if constexpr (compact) return false;
  // Most numbers stand beside no such word: its first letter, or its last, tells.
  const auto letter = [&](std::size_t i) { return static_cast<char>(text[i] | 0x20); };
  const bool joined = text[number_end] == ' ' || text[number_end] == '-';
  if (joined && std::string_view("tpdhs").find(letter(number_end + 1)) != std::string_view::npos) {
    const folded_word behind = word_from(text, number_end + 1);
    for (const std::string_view one : {"tier", "tiers", "piece", "pieces", "pack", "drawer",
                                       "drawers", "hook", "hooks", "seater", "strand", "strands"}) {
      if (behind.view() == one) return true;
    }
  }
  if (text[at - 1] != ' ' && text[at - 1] != '/') return false;
  if (std::string_view("fts").find(letter(at - 2)) == std::string_view::npos) return false;
  const folded_word of = word_until(text, at - 1);
  if (of.view() == "set" || (of.view() == "s" && text[at - 1] == '/')) return true;
  if (of.view() != "of" || text[of.begin - 1] != ' ') return false;
  const folded_word before = word_until(text, of.begin - 1);
  for (const std::string_view one :
       {"set", "sets", "pack", "packs", "box", "bag", "pair", "bundle", "lot", "case", "roll"}) {
    if (before.view() == one) return true;
  }
  return false;
}

find street_or_code_at(const text_window& text, const digit_run& run,
                       const scan_settings& settings) noexcept {
  if (!run.plain) return {};
  const std::size_t at = run.begin;
  const std::size_t digits = digits_from(text, at);
  if constexpr (extent::whole_addresses) {
    // `55071900 Porto de Nascimento / RS`
    if (digits == 8 && settings.in_region(country('B', 'R'))) {
      return address_by_postcode(text, at, settings);
    }
  }
  if (digits > 6) return {};
  const seen before = text.previous(at);
  if (before.value == '#' || before.value == '$' || (before.value >= 0xA3 && before.value < 0xA6))
    return {};
  if (digits <= 5 && !text.word_before(at)) {
    const std::size_t number_end = over_house_number(text, at);
    if (counts_goods(text, at, at + digits)) return {};
    if (const find street = street_behind(text, at, number_end, settings)) return street;
    if (const find street = street_before_number(text, at, number_end, digits)) return street;
  }
  if constexpr (!extent::whole_addresses) {
    return post_box(text, at, digits);
  } else {
    const find box = text.word_before(at) ? find{} : post_box(text, at, digits);
    return box ? box : address_by_postcode(text, at, settings);
  }
}

}  // namespace

find address_at(const text_window& text, const digit_run& run,
                const scan_settings& settings) noexcept {
  find found = street_or_code_at(text, run, settings);
  if constexpr (extent::whole_addresses) {
    // `H.No. 50, Nazareth`
    std::size_t begin = found.begin;
    if (found && text[begin - 1] == ' ' && text[begin - 2] == '.') {
      const folded_word no = word_until(text, begin - 2);
      const folded_word house =
          text[no.begin - 1] == '.' ? word_until(text, no.begin - 1) : word_until(text, no.begin);
      if (no.view() == "no" && house.view() == "h") found.begin = house.begin;
    }
  }
  if constexpr (extent::whole_addresses) {
    if (found) found.end = over_province(text, over_country(text, found.end), settings);
    found = trimmed_address(text, found);
  }
  return found;
}

}  // namespace clientbook::scanner
