// Names that people have elsewhere: `insta: @zoe.m99`, `WeChat: zoe_wx92`, `skype live:zoe239`, and
// those that they are paid by (`UPI zoe@okhdfc`). Not in firmware.
#include "rules.hpp"
#include "sign_set.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

constexpr std::size_t longest_handle = 40;

bool handle_sign(const text_window& text, std::size_t at) noexcept {
  return text.letter_at(at) || text.digit_at(at) || text[at] == '_' || text[at] == '.' ||
         text[at] == '-';
}

std::size_t handle_end(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at;
  while (end - at < longest_handle && handle_sign(text, end)) ++end;
  // `live:zoe239`, `live:.cid.4f2`: of Skype; `zoe#6503`: of Discord.
  if (end - at == 4 && text[end] == ':' && (text[at] | 0x20) == 'l' && handle_sign(text, end + 1)) {
    ++end;
    while (end - at < longest_handle && handle_sign(text, end)) ++end;
  }
  if (text[end] == '#' && text.digit_at(end + 1) && text.digit_at(end + 4)) {
    end += 5;
  }
  while (end > at && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
  return end;
}

enum class social : std::uint8_t {
  none,
  word,   ///< Another word too: an @ or `ID` tells that a name follows.
  loose,  ///< What is no word follows.
  sure,
};

// What the word that ends at the place says; of scripts without spaces its last letters.
social social_word(const text_window& text, std::size_t at, std::size_t& begin) noexcept {
  const auto sort_of = [&](auto word) {
    if (!is_in(extent::social_words, word)) return social::none;
    if (is_in(extent::social_others, word)) return social::word;
    return is_in(extent::social_loose, word) ? social::loose : social::sure;
  };
  if (text.previous(at).value >= 0x2E80) {
    begin = at;
    for (int letters = 1; letters <= 8; ++letters) {
      begin -= text.previous(begin).size;
      if (text.previous(begin).size == 0 && begin != text.begin()) break;
      if (letters == 1) continue;
      const folded_word word = word_from(text, begin);
      const social out = sort_of(word.end == at ? word.view() : text.bytes(begin, at));
      if (out != social::none) return out;
      if (!text.word_before(begin)) break;
    }
    return social::none;
  }
  folded_word word = word_until(text, at);
  begin = word.begin;
  if (word.size == 0) return social::none;
  if (const social out = sort_of(word.view()); out != social::none) return out;
  // `加QQ`
  while (begin < at && text.next(begin).value >= 0x2E80) begin += text.next(begin).size;
  std::array<char, sizeof(word.bytes)> small{};
  const std::size_t size = at - begin;
  if (begin == word.begin || size > small.size()) return social::none;
  for (std::size_t i = 0; i < size; ++i) small[i] = static_cast<char>(text[begin + i] | 0x20U);
  return sort_of(std::string_view(small.data(), size));
}

// The word of a network before the place, with at most two words between that say what follows.
// `said`: such a word, or a colon, stands between. `network`: where the word begins.
social social_before(const text_window& text, std::size_t at, bool& said, bool& named,
                     std::size_t& network) noexcept {
  std::size_t place = at;
  said = named = false;
  for (int words = 0; words < 3; ++words) {
    const std::size_t before = place;
    for (int signs = 0; signs < 4; ++signs) {
      const seen c = text.previous(place);
      static constexpr sign_set between{U" :=(\u00A0\uFF1A-/"};
      if (c.size == 0 || !between.has(c.value)) break;
      said = said || c.value == ':' || c.value == '=' || c.value == 0xFF1A;
      place -= c.size;
    }
    // `QQ123456789`
    const bool glued_number = words == 0 && text.digit_at(at);
    if (place == before && !glued_number && text.previous(place).value < 0x2E80) {
      return social::none;
    }
    std::size_t begin = place;
    if (const social found = social_word(text, place, begin); found != social::none) {
      // `X: @zoe`, not `2 x @ 40`; LINE, not a line.
      const bool letter = place - begin == 1;
      const bool line = place - begin == 4 && word_from(text, begin).view() == "line";
      if (letter && (text[begin] != 'X' || !said)) return social::none;
      named = named || (line && text[begin + 3] == 'E');
      network = begin;
      return found;
    }
    const folded_word word = word_until(text, place);
    if (word.size == 0 || !is_in(extent::social_joins, word)) return social::none;
    said = named = true;
    place = word.begin;
  }
  return social::none;
}

// Whether a name and no word stands there. A full stop alone is of one between three letters and
// more: not `e.g.`, `soon.we`, `call.Then`.
bool shaped_as_handle(const text_window& text, std::size_t at, std::size_t end) noexcept {
  constexpr std::size_t shortest_piece = 3;
  bool letters = false;
  bool other = false;
  bool dot = false;
  bool pieces = true;
  std::size_t piece = at;
  for (std::size_t i = at; i < end; ++i) {
    letters = letters || text.letter_at(i);
    other = other || text.digit_at(i) || text[i] == '_' || text[i] == ':';
    if (text[i] != '.') continue;
    dot = true;
    pieces = pieces && i - piece >= shortest_piece && (text[i + 1] < 'A' || text[i + 1] > 'Z');
    piece = i + 1;
  }
  return letters && (other || (dot && pieces && end - piece >= shortest_piece));
}

// Nothing goes on behind it: `Facebook: great campaign` names nobody.
bool stands_alone(const text_window& text, std::size_t end) noexcept {
  std::size_t at = end;
  while (text[at] == ' ') ++at;
  const unsigned char sign = text[at];
  return sign == 0 || sign == '\n' || sign == '\r' || sign == ',' || sign == ';' || sign == '|' ||
         sign == ')' || sign == '<' || sign == '"' || (sign == '.' && !text.word_at(at + 1)) ||
         sign >= 0x80;
}

find named(const text_window& text, std::size_t at) noexcept {
  const std::size_t first = text[at] == '@' ? at + 1 : at;
  const std::size_t end = handle_end(text, first);
  if (end - first < 3 || (text.word_at(end) && text[end] < 0x80) || text[end] == '@') return {};
  bool said = false;
  bool names = false;
  std::size_t network = at;
  const social found = social_before(text, at, said, names, network);
  if (found == social::none || (found == social::word && first == at && !names)) return {};
  if (first != at || shaped_as_handle(text, first, end)) return {at, end, rule::url_domain};
  constexpr std::size_t no_usual_word = 7;
  if (found != social::sure || !said || !stands_alone(text, end) || end - first < no_usual_word) {
    return {};
  }
  return {at, end, rule::url_domain};
}

}  // namespace

find handle_at(const text_window& text, std::size_t at) noexcept {
  if (text.word_before(at)) return {};
  if (const find found = named(text, at)) return found;
  // `@zoe_m on Instagram`
  const std::size_t end = handle_end(text, at + 1);
  if (end - at < 4 || text[end] != ' ') return {};
  const folded_word place = word_from(text, end + 1);
  if (place.size == 0 || text[place.end] != ' ' || !is_in(extent::social_places, place)) return {};
  const folded_word network = word_from(text, place.end + 1);
  const bool known = network.size > 1 && is_in(extent::social_words, network) &&
                     !is_in(extent::social_others, network);
  return known ? find{at, end, rule::url_domain} : find{};
}

find handle_behind_colon(const text_window& text, std::size_t at) noexcept {
  std::size_t place = at + text.next(at).size;
  for (int blanks = 0; blanks < 4; ++blanks) {
    const seen c = text.next(place);
    if (c.value != ' ' && c.value != 0xA0 && c.value != 0x3000) break;
    place += c.size;
  }
  return text.letter_at(place) || text[place] == '_' || text.digit_at(place) ? named(text, place)
                                                                             : find{};
}

find handle_around(const text_window& text, std::size_t at) noexcept {
  std::size_t begin = at;
  if (text[begin - 1] == '#' && handle_sign(text, begin - 2)) --begin;  // `zoe#6503`
  while (at - begin < longest_handle && (handle_sign(text, begin - 1) || text[begin - 1] == ':')) {
    // `skype:zoe`: of a name only `live:`.
    if (text[begin - 1] == ':' &&
        (begin - text.begin() < 5 || word_until(text, begin - 1).view() != "live")) {
      break;
    }
    --begin;
  }
  while (begin < at && !text.letter_at(begin) && text[begin] != '_') ++begin;
  if (begin == at) return {};
  // `LINE I.A.#1`: what ends before the digit would be looked at again and again.
  const find found = named(text, begin);
  return found.end > at ? found : find{};
}

find number_in_network(const text_window& text, const digit_run& run) noexcept {
  const std::uint32_t parts = run.group_ends & digit_run::within(run.count);
  const bool whole = parts == 0 || (run.dashes & parts) == parts;
  if (run.count < 5 || run.count > 11 || !whole || text.word_at(run.end_of(run.count))) return {};
  // Asked about every number: how the word before it ends.
  const unsigned char last = text[run.begin - 2];
  if (text[run.begin - 1] == ' ' && ascii_letter(last) && text.letter_at(run.begin - 3) &&
      !may_end_in(extent::social_words, text[run.begin - 3], last) &&
      !may_end_in(extent::social_joins, text[run.begin - 3], last)) {
    return {};
  }
  bool said = false;
  bool names = false;
  std::size_t network = run.begin;
  if (social_before(text, run.begin, said, names, network) == social::none) return {};
  const bool qq = (text[network] | 0x20) == 'q' && (text[network + 1] | 0x20) == 'q';
  return qq || is_in(extent::social_numbers, word_from(text, network))
             ? find{run.begin, run.end_of(run.count), rule::url_domain}
             : find{};
}

find payment_address_at(const text_window& text, std::size_t at) noexcept {
  std::size_t begin = at;
  while (at - begin < longest_handle && handle_sign(text, begin - 1)) --begin;
  while (begin < at && (text[begin] == '.' || text[begin] == '-')) ++begin;
  const folded_word bank = word_from(text, at + 1);
  if (at - begin < 2 || bank.size < 2 || text.digit_at(bank.end)) return {};
  if (text[bank.end] == '.' && text.word_at(bank.end + 1)) return {};  // An e-mail address.
  bool paid = is_in(extent::payment_handles, bank);
  std::size_t place = begin;
  for (int words = 0; words < 3 && !paid; ++words) {
    while (begin - place < 24 && (text[place - 1] == ' ' || text[place - 1] == ':')) --place;
    const folded_word word = word_until(text, place);
    if (word.size == 0) break;
    paid = is_in(extent::payment_words, word);
    if (!paid && !is_in(extent::payment_joins, word)) break;
    place = word.begin;
  }
  return paid ? find{begin, bank.end, rule::account_word} : find{};
}

}  // namespace clientbook::scanner
