// Finds the code page of a text by what each makes of its bytes.
//
// A page is out where it has no letter, a sign within a word (`Micha³`) or a large letter behind a
// small one (`KŠse`). Of those that are left the one wins whose letters are those of the fewest
// languages; where two give other letters and are as good, the shop's country decides, else nobody.
#include "code_pages.hpp"

#include "cell_forms.hpp"

#include <clientbook/internal/unicode/fold.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <tables/exchange/import_code_pages.inc>
#include <tables/exchange/import_words.inc>

namespace clientbook::exchange {
namespace {

constexpr std::size_t most_languages = 6;

bool is_high(char c) noexcept { return static_cast<unsigned char>(c) >= 0x80; }
bool is_small(char32_t c) noexcept { return c >= 'a' && c <= 'z'; }
bool is_latin(char32_t c) noexcept {
  const bool ascii = is_small(c) || (c >= 'A' && c <= 'Z');
  const bool beyond = c >= 0xC0 && c < 0x250 && c != 0xD7 && c != 0xF7;
  return ascii || beyond;
}

// Large and small letters beyond ASCII stand in pairs; these are the rules of the pages' letters.
bool is_large(char32_t c) noexcept {
  if (c >= 'A' && c <= 'Z') return true;
  if (c >= 0xC0 && c <= 0xDE) return c != 0xD7;
  if (c == 0x178) return true;
  if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) return c % 2 == 1;
  return c >= 0x100 && c < 0x180 && c % 2 == 0 && c != 0x138;
}
char32_t small(char32_t c) noexcept {
  if (!is_large(c)) return c;
  if (c < 0x80 || (c >= 0xC0 && c <= 0xDE)) return c + 0x20;
  if (c == 0x178) return 0xFF;
  if (c == 0x130) return 'i';
  return c + 1;
}

// Signs that do stand within words or right behind them.
bool joins_words(char32_t c) noexcept {
  constexpr char32_t signs[] = {0xA0,   0xAD,   0xAE,   0xB0,   0xB4,   0xAB,   0xBB,   0x2013,
                                0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x201E, 0x2026, 0x2122,
                                0xA9,   0xB7,   0x2022, 0x20AC, 0xAA,   0xBA};
  return std::find(std::begin(signs), std::end(signs), c) != std::end(signs);
}

struct reading {
  text_encoding page{};
  bool possible = true;
  std::size_t odd = 0;
  std::set<char32_t> letters;  // Small ones, beyond ASCII.
  std::size_t languages = 0;   // The fewest that have them all; above most_languages: none do.
  bool at_home = false;        // One of them is the shop's.
};

char32_t at(text_encoding page, char c) noexcept {
  return is_high(c) ? letter_of(page, static_cast<unsigned char>(c))
                    : static_cast<unsigned char>(c);
}

reading read_as(text_encoding page, std::string_view text) {
  reading out{.page = page, .letters = {}};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_high(text[i])) continue;
    const char32_t c = at(page, text[i]);
    const char32_t before = i == 0 ? 0 : at(page, text[i - 1]);
    const char32_t behind = i + 1 == text.size() ? 0 : at(page, text[i + 1]);
    out.possible = out.possible && c != 0;
    if (!is_latin(c)) {
      if (is_latin(before) && !joins_words(c)) ++out.odd;
      if (is_latin(behind) && !is_latin(before) && !joins_words(c)) ++out.odd;
      continue;
    }
    out.letters.insert(small(c));
    const bool amid = is_latin(before) && !is_large(before);
    if (is_large(c) && amid) ++out.odd;
    if (is_latin(before) && is_large(before) && !is_large(c) && is_latin(behind) &&
        is_large(behind)) {
      ++out.odd;
    }
  }
  return out;
}

bool has(std::u16string_view letters, char32_t c) noexcept {
  return letters.find(static_cast<char16_t>(c)) != std::u16string_view::npos;
}

// How many languages of the page it takes to have all letters, the greediest first.
void count_languages(reading& one, std::string_view region) {
  std::set<char32_t> left = one.letters;
  while (!left.empty() && one.languages <= most_languages) {
    const language_letters* best = nullptr;
    std::ptrdiff_t most = 0;
    for (const language_letters& each : languages) {
      if (each.encoding != one.page) continue;
      const auto count =
          std::count_if(left.begin(), left.end(), [&](char32_t c) { return has(each.letters, c); });
      if (count <= most) continue;
      most = count;
      best = &each;
    }
    ++one.languages;
    if (best == nullptr) one.languages = most_languages + 1;
    if (best == nullptr) break;
    std::erase_if(left, [&](char32_t c) { return has(best->letters, c); });
  }
  for (const language_letters& each : languages) {
    const bool here = !region.empty() && each.regions.find(region) != std::string_view::npos;
    one.at_home = one.at_home || (here && each.encoding == one.page);
  }
}

// The country that the names of columns tell, by words of one language alone.
std::string_view region_of_header(std::string_view text) {
  text = text.substr(0, 4096);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(",;\t|\"\r\n"), text.size());
    std::string name;
    for (const char c : text.substr(0, end)) name += is_high(c) ? ' ' : c;
    const std::string folded = folded_words(name);
    for (const home_word& each : home_words) {
      if (each.word == folded) return each.region;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

}  // namespace

char32_t letter_of(text_encoding page, unsigned char byte) noexcept {
  for (const code_page& each : code_pages) {
    if (each.encoding == page) return each.letters[byte - 0x80U];
  }
  return byte;
}

page_found code_page_of(std::string_view text, std::string_view region) {
  const std::string_view home = region.empty() ? region_of_header(text) : region;
  std::vector<reading> all;
  for (const code_page& each : code_pages) {
    reading one = read_as(each.encoding, text);
    if (!one.possible) continue;
    count_languages(one, home);
    all.push_back(std::move(one));
  }
  if (all.empty()) return {.page = text_encoding::latin1, .unsure = true};
  const auto rank = [](const reading& each) {
    return std::pair(each.odd, std::max<std::size_t>(each.languages, 1));
  };
  auto best = all.begin();
  for (auto each = all.begin(); each != all.end(); ++each) {
    const bool better = rank(*each) < rank(*best);
    const bool nearer = each->odd == best->odd && each->at_home && !best->at_home &&
                        each->languages <= most_languages;
    const bool farther = each->odd == best->odd && best->at_home && !each->at_home &&
                         best->languages <= most_languages;
    if ((better && !farther) || nearer) best = each;
  }
  const auto high = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_high));
  page_found out{.page = best->page,
                 .foreign = best->odd > 2 && best->odd * 3 > high,
                 .unsure = best->languages > most_languages};
  for (const reading& each : all) {
    const bool as_good = rank(each) <= rank(*best) && each.at_home == best->at_home;
    out.unsure = out.unsure || (as_good && each.letters != best->letters);
  }
  return out;
}

}  // namespace clientbook::exchange
