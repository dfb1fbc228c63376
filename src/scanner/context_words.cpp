// Words beside a number or a date: reads them back or forth from a place, folds them and looks each
// up.
//
// The words are data/context_words.csv, packed in one of two ways. A text is made of words that are
// none of ours, so the way for machines with memory turns most of them away by a filter over their
// first three bytes; the other keeps of each word 23 bits of its hash and compares those.
#include "context_tables.hpp"

#include <array>
#include <iterator>
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

constexpr std::size_t none = std::size(extent::word_meanings);

// In both ways of packing the highest bit beside a word says that longer ones begin so.
constexpr unsigned also_longer = 0x80;

// The meaning of the entry that the word is, or begins with; `none` without one. One in 15,000
// words that are none of ours is taken for one.
[[maybe_unused]] std::size_t find_hashed(std::string_view word) noexcept {
  std::uint32_t beginnings = 0;  // A filter: of the hashes of what the word begins with.
  std::uint32_t hash = 0;
  for (const char c : word) {
    hash = hash_on(hash, c);
    beginnings |= 1U << (hash >> 25 & 31U);
  }
  std::size_t found = none;
  std::size_t longest = 0;
  std::size_t i = 0;
  for (std::size_t m = 0; m < std::size(brief::meaning_counts); ++m) {
    for (std::size_t left = brief::meaning_counts[m]; left != 0; --left, ++i) {
      const unsigned high = brief::word_high[i];
      if ((beginnings >> (high & 31U) & 1U) == 0) continue;
      hash = 0;
      for (std::size_t n = 0; n < word.size();) {
        hash = hash_on(hash, word[n++]);
        if ((hash >> 9) != ((high & 0x7FU) << 16 | brief::word_low[i])) continue;
        if (n > longest && (n == word.size() || (high & also_longer) != 0)) {
          longest = n;
          found = m;
        }
      }
    }
  }
  return found;
}

// Most words of a text begin like none of ours: a filter over the first three bytes.
constexpr std::uint32_t beginning_of(std::string_view word) noexcept {
  const auto byte = [&](std::size_t i) {
    return i < word.size() ? static_cast<unsigned char>(word[i]) : 0U;
  };
  return byte(0) | byte(1) << 8 | byte(2) << 16;
}
constexpr std::size_t filter_bits = 8192;
using word_filter = std::uint32_t[filter_bits / 32];

bool passes(const word_filter& filter, std::uint32_t beginning) noexcept {
  const std::size_t bit =
      ((beginning & 0xFFU) * 961U + (beginning >> 8 & 0xFFU) * 31U + (beginning >> 16) * 257U) %
      filter_bits;
  return (filter[bit / 32] >> (bit % 32) & 1U) != 0;
}

// A word is how many bytes it shares with the one before it (in the upper three bits) and how many
// follow, its meaning, and the bytes that follow.
constexpr std::size_t most_shared = 7;
constexpr std::size_t most_following = 31;

constexpr std::size_t places = std::size(full::beginnings);
constexpr std::size_t place_of(std::uint32_t key) noexcept { return (key * 0x9E3779B1U) >> 21; }

// As find_hashed(), with every letter compared.
std::size_t find_spelled(std::string_view word) noexcept {
  const std::uint32_t beginning = beginning_of(word);
  if (!passes(full::word_filter, beginning)) return none;
  std::size_t place = place_of(beginning);
  while (full::beginnings[place].key != beginning) {
    if (full::beginnings[place].key == 0) return none;
    place = (place + 1) % places;
  }
  const std::uint8_t* at = full::word_bytes + full::beginnings[place].begin;
  const std::uint8_t* const end = full::word_bytes + full::beginnings[place].end;
  std::size_t same = static_cast<std::size_t>(at[0] >> 5);
  std::size_t found = none;
  while (at != end) {
    const std::size_t shares = at[0] >> 5;
    const std::size_t size = shares + (at[0] & most_following);
    const std::uint8_t meaning = at[1];
    at += 2;
    const std::uint8_t* const next = at + (size - shares);
    // An entry that shares less than was alike comes behind the word, one that shares more is
    // as unlike as the last; but no more than most_shared are counted.
    if (shares < same && shares < most_shared) break;
    if (shares <= same) {
      std::size_t n = shares;
      while (n < size && n < word.size() && at[n - shares] == static_cast<std::uint8_t>(word[n])) {
        ++n;
      }
      same = n;
      if (n == size) {
        if (n == word.size()) return meaning & (also_longer - 1);
        if ((meaning & also_longer) != 0) found = meaning & (also_longer - 1);
      }
    }
    at = next;
  }
  return found;
}

std::size_t find_word(std::string_view word) noexcept {
  if constexpr (compact) {
    return find_hashed(word);
  } else {
    return find_spelled(word);
  }
}

void put(folded_word& word, char32_t byte) noexcept {
  word.bytes[word.size++] = static_cast<char>(byte);
}

// Adds a letter as UTF-8.
CLIENTBOOK_ONCE bool add(folded_word& word, char32_t c) noexcept {
  const folded as = fold(c);
  if (!compact && as.letters[0] < 0x80 && as.letters[0] != 0 && as.letters[1] == 0 &&
      word.size < word.bytes.size()) {
    put(word, as.letters[0]);
    return true;
  }
  for (std::size_t i = 0; i < 2 && as.letters[i] != 0; ++i) {
    const char32_t letter = as.letters[i];
    unsigned shift = letter < 0x80 ? 0 : letter < 0x800 ? 6 : letter < 0x10000 ? 12 : 18;
    const char32_t lead = shift == 0 ? 0 : 0xF00U >> (shift / 6 + 1) & 0xF0U;
    if (word.size + shift / 6 >= word.bytes.size()) return false;
    put(word, lead | letter >> shift);
    while (shift > 0) {
      shift -= 6;
      put(word, 0x80U | (letter >> shift & 0x3FU));
    }
  }
  return true;
}

bool is_capital(char32_t c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE) ||
         (c >= (compact ? 0x391U : 0x386U) && c <= 0x3A9) || (c >= 0x400 && c <= 0x42F) ||
         (c >= 0x100 && c < 0x180 && (c & 1U) == ((c >= 0x139 && c <= 0x148) || c >= 0x179));
}

bool letter_before(const text_window& text, std::size_t at) noexcept {
  return text.class_before(at) == char_class::letter;
}

}  // namespace

namespace {

CLIENTBOOK_ONCE void read_from(const text_window& text, std::size_t at, folded_word& out) noexcept {
  out.size = 0;
  out.capital = false;
  out.begin = out.end = at;
  bool fits = true;
  // Most words are of ASCII alone.
  if (!compact && at >= text.begin() && at < text.end()) {
    const std::string_view rest = text.bytes(at, text.end());
    const std::size_t most = rest.size() < out.bytes.size() ? rest.size() : out.bytes.size();
    std::size_t size = 0;
    while (size < most && ascii_letter(static_cast<unsigned char>(rest[size]))) {
      out.bytes[size] = static_cast<char>(rest[size] | 0x20);
      ++size;
    }
    out.size = static_cast<std::uint8_t>(size);
    out.end = at + size;
    out.capital = size != 0 && static_cast<unsigned char>(rest[0]) < 'a';
  }
  for (;;) {
    const unsigned char byte = text[out.end];
    if (byte < 0x80) {
      if (!ascii_letter(byte)) break;
      if (out.end == at) out.capital = byte < 'a';
      if (fits && out.size < out.bytes.size()) {
        out.bytes[out.size++] = static_cast<char>(byte | 0x20);
      } else {
        fits = false;
      }
      ++out.end;
      continue;
    }
    const seen c = text.next(out.end);
    if (c.size == 0 || class_of(c.value) != char_class::letter) break;
    if (out.end == at) out.capital = is_capital(c.value);
    fits = fits && add(out, c.value);
    out.end += c.size;
  }
  if (compact && !fits) out.size = 0;  // Elsewhere a long word is how it begins.
}

CLIENTBOOK_ONCE void read_until(const text_window& text, std::size_t at,
                                folded_word& out) noexcept {
  std::size_t begin = at;
  if (!compact && at > text.begin() && at <= text.end()) {
    const std::string_view before = text.bytes(text.begin(), at);
    const std::size_t least = before.size() > 64 ? before.size() - 64 : 0;
    std::size_t from = before.size();
    while (from > least && ascii_letter(static_cast<unsigned char>(before[from - 1]))) --from;
    begin = at - (before.size() - from);
  }
  // Longer words are no words of ours; their beginning is not looked for.
  while (at - begin < 64) {
    if (text.letter_at(begin - 1)) {
      --begin;
    } else if (text[begin - 1] >= 0x80 && letter_before(text, begin)) {
      begin -= text.previous(begin).size;
    } else {
      break;
    }
  }
  // The letter of an escaped line break is none of the word: `"size 40\\nCVV 123"`.
  if (extent::plain_copies && begin + 1 < at && text[begin - 1] == '\\' &&
      (text[begin] == 'n' || text[begin] == 'r' || text[begin] == 't')) {
    ++begin;
  }
  read_from(text, begin, out);
  if (out.end != at) out.size = 0;
}

// One letter; in firmware one of ASCII.
bool is_letter(const folded_word& word) noexcept {
  if (compact || word.size <= 1) return word.size == 1;
  std::size_t bytes = 1;
  while (bytes < word.size && (static_cast<unsigned char>(word.bytes[bytes]) & 0xC0U) == 0x80U) {
    ++bytes;
  }
  return bytes == word.size;
}

// `d.o.b.`, `c.f.`, `д.р.`: single letters with dots are one word. The word begins before them.
CLIENTBOOK_ONCE void abbreviation(const text_window& text, folded_word& word) noexcept {
  std::array<char, 8> letters;
  std::size_t count = 0;
  const std::size_t end = word.end;
  std::size_t begin = word.begin;
  [[maybe_unused]] std::size_t parts = 0;
  while (is_letter(word) && count + (compact ? 1U : word.size) <= letters.size()) {
    if constexpr (compact) {
      letters[count++] = word.bytes[0];
    } else {
      for (std::size_t i = word.size; i > 0; --i) letters[count++] = word.bytes[i - 1];
      ++parts;
    }
    begin = word.begin;
    if (text[begin - 1] != '.' || begin < 2 || !letter_before(text, begin - 1)) break;
    read_until(text, begin - 1, word);
  }
  read_until(text, end, word);
  if ((compact ? count : parts) < 2) return;
  word.begin = begin;
  word.size = 0;
  while (count > 0) word.bytes[word.size++] = letters[--count];
}

}  // namespace

folded_word word_from(const text_window& text, std::size_t at) noexcept {
  folded_word out;
  read_from(text, at, out);
  return out;
}

folded_word word_until(const text_window& text, std::size_t at) noexcept {
  folded_word out;
  read_until(text, at, out);
  return out;
}

void word_until(const text_window& text, std::size_t at, folded_word& out) noexcept {
  read_until(text, at, out);
}

namespace {

// Back over a word of two ASCII letters or more: where it begins, and its meaning. The place itself
// where a word has to be read with more care.
struct word_behind {
  std::size_t begin;
  std::size_t meaning;
};
word_behind plain_word_until(const text_window& text, std::size_t at) noexcept {
  const std::string_view all = text.bytes(text.begin(), at);
  std::size_t begin = all.size();
  while (begin > 0 && all.size() - begin < 64 &&
         ascii_letter(static_cast<unsigned char>(all[begin - 1]))) {
    --begin;
  }
  const std::size_t size = all.size() - begin;
  const unsigned char before = begin > 0 ? static_cast<unsigned char>(all[begin - 1]) : 0;
  if (size < 2 || before >= 0x80 || before == '\\') return {at, none};
  std::array<char, sizeof(folded_word::bytes)> folded;
  const std::size_t kept = size < folded.size() ? size : folded.size();  // Longer: how it begins.
  const auto letter = [&](std::size_t i) {
    return i < size ? static_cast<std::uint32_t>(static_cast<unsigned char>(all[begin + i]) | 0x20U)
                    : 0U;
  };
  if (!passes(full::word_filter, letter(0) | letter(1) << 8 | letter(2) << 16))
    return {at - size, none};
  for (std::size_t i = 0; i < kept; ++i) folded[i] = static_cast<char>(all[begin + i] | 0x20);
  return {at - size, find_word({folded.data(), kept})};
}

}  // namespace

namespace {

// Words of scripts that are written without spaces: what the letters before the place, at most
// eight, hold of ours. `none` where other letters stand.
std::size_t meaning_without_spaces(const text_window& text, std::size_t at) noexcept {
  std::size_t begin = at;
  std::array<std::size_t, 8> starts;
  std::size_t count = 0;
  while (count < starts.size()) {
    const seen c = text.previous(begin);
    if (c.value < 0x2E80 || class_of(c.value) != char_class::letter) break;
    begin -= c.size;
    starts[count++] = begin;
  }
  while (count > 0) {
    const std::size_t found = find_word(text.bytes(starts[--count], at));
    if (found != none) return found;
  }
  return none;
}

// How a word of ids counts that names none of one country; data/context_words.csv says it in the
// place of the country.
constexpr std::uint16_t only_capitals = country('X', 'C');
constexpr std::uint16_t with_number = country('X', 'T');
constexpr std::uint16_t number_only = country('X', 'S');
constexpr std::uint16_t number_only_tax = country('X', 'V');
constexpr std::uint16_t number_and_capitals = country('X', 'M');
constexpr std::uint16_t of_numbers = country('X', 'N');
constexpr std::uint16_t of_registers = country('X', 'R');
constexpr std::uint16_t of_papers = country('X', 'P');
constexpr bool is_manner(std::uint16_t of_country) noexcept { return of_country >> 8 == 'X'; }

bool all_capitals(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  for (std::size_t at = begin; at < end; ++at) {
    if (text[at] >= 'a' && text[at] <= 'z') return false;
  }
  return true;
}

// `Bought a new phone.\n25079424`: the word belongs to another sentence.
bool after_sentence(const text_window& text, std::size_t at, bool clause_ended) noexcept {
  if (compact || !clause_ended) return false;
  std::size_t place = at;
  while (text[place - 1] == ' ' || text[place - 1] == '\r') --place;
  if (text[place - 1] != '\n') return false;
  while (text[place - 1] == ' ' || text[place - 1] == '\r' || text[place - 1] == '\n') --place;
  return text[place - 1] == '.' || text[place - 1] == '!' || text[place - 1] == '?';
}

// `Steuer-Nr. 123`, `NIK no. 317`: a full stop that ends no sentence.
bool abbreviates_number(const text_window& text, std::size_t at) noexcept {
  const folded_word word = word_until(text, at);
  for (const std::string_view one : {"no", "nr", "num", "nro", "numer", "nb", "br", "st", "id",
                                     "kt", "pers", "soc", "sec", "cod", "fisc", "ident", "reg"}) {
    if (word.view() == one) return true;
  }
  return false;
}

// `317...`, `V-114...`, `DK 135...`
bool begins_number(const text_window& text, std::size_t at) noexcept {
  std::size_t place = at;
  for (int groups = 0; groups < 2; ++groups) {  // `AT U130...`
    const std::size_t begin = place;
    while (place - begin < 4 && text.letter_at(place) &&
           (text[place] <= 'Z' || (place == begin + 1 && text[begin] <= 'Z'))) {
      ++place;
    }
    if (place != begin && (text[place] == ' ' || text[place] == '-')) ++place;
  }
  return text.digit_at(place) || (text.letter_at(at) && text.digit_at(at + 1));
}

// `620788684`, `6126492F`: no amount is written so.
bool longer_than_amounts(const text_window& text, std::size_t at, std::size_t least) noexcept {
  std::size_t digits = 0;
  std::size_t letters = 0;
  std::size_t last_letters = 0;
  for (std::size_t place = at; place - at < 24; ++place) {
    const bool space = text[place] == ' ' && text.digit_at(place + 1);
    if (text.digit_at(place)) {
      ++digits;
      last_letters = 0;
    } else if (text.letter_at(place) && text[place] <= 'Z') {
      ++letters;
      ++last_letters;
    } else if (!space) {
      break;
    }
  }
  return digits >= least ||
         (least == 8 && digits >= 5 && letters >= 1 && letters <= 4 && last_letters <= 2);
}

// `the order number is 12345`: a word that says no more than a colon does.
bool says_is(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  const auto first = static_cast<unsigned char>(text[begin] | 0x20U);
  if (end - begin > 4 || (first != 'i' && first != 'e' && first != 'j')) return false;
  const folded_word word = word_from(text, begin);
  for (const std::string_view one : {"is", "ist", "est", "es", "er", "jest"}) {
    if (word.end == end && word.view() == one) return true;
  }
  return false;
}

// `CN: 400...`, `PIN=A80...`, `my VAT is 620...`: what stands before the value says that it is one.
bool says_that(const text_window& text, std::size_t at) noexcept {
  std::size_t place = at;
  while (at - place < 4 &&
         (text[place - 1] == ' ' || text[place - 1] == '"' || text[place - 1] == '\'')) {
    --place;
  }
  const unsigned char sign = text[place - 1];
  if (sign == ':' || sign == '=' || sign == '#' || text.previous(place).value == 0xFF1A) {
    return true;
  }
  if (place == at || !ascii_letter(sign)) return false;
  return says_is(text, word_until(text, place).begin, place);
}

constexpr bool needs_number(std::uint16_t manner) noexcept {
  return manner == number_only || manner == number_only_tax || manner == number_and_capitals;
}

// `id` right behind another word, whose id it is.
bool is_bare_id(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  const unsigned char sign = text[begin - 1];
  return end - begin == 2 && (text[begin] | 0x20) == 'i' && (text[begin + 1] | 0x20) == 'd' &&
         (sign == ' ' || sign == '_' || sign == '-') && text.letter_at(begin - 2);
}

// `phone case`, `passport cover`: a thing that is made for what the word names.
bool is_made_for(const text_window& text, std::size_t end) noexcept {
  if constexpr (compact) return false;
  if (text[end] != ' ' && text[end] != '-') return false;
  const folded_word word = word_from(text, end + 1);
  return word.size != 0 && is_in(extent::made_for, word);
}

// `customer account`, `till register`: a number of the shop's own.
bool is_shops_own(const text_window& text, std::size_t begin) noexcept {
  if constexpr (compact) return false;
  if (text[begin - 1] != ' ' && text[begin - 1] != '-') return false;
  const folded_word word = word_until(text, begin - 1);
  return word.size != 0 && is_in(extent::shops_own, word);
}

// `credit note`, `packing slip`: a paper of the shop's, and no note or slip.
bool follows_paper(const text_window& text, std::size_t begin) noexcept {
  if constexpr (compact) return false;
  if (text[begin - 1] != ' ' && text[begin - 1] != '-' && text[begin - 1] != '_') return false;
  const folded_word word = word_until(text, begin - 1);
  return word.size != 0 && is_in(extent::papers, word);
}

// `bon de livraison`, `nota de crédito`, `bon d'expédition`: no delivery and no card. The particle
// tells: `credit card`, `note livraison 06 12 34 56 78`.
bool of_a_paper(const text_window& text, std::size_t begin) noexcept {
  if constexpr (compact) return false;
  const unsigned char sign = text[begin - 1];
  if (sign != ' ' && sign != '\'') return false;
  const folded_word particle = word_until(text, begin - 1);
  if (particle.size == 0 || particle.size > 2 || particle.bytes[0] != 'd') return false;
  if (text[particle.begin - 1] != ' ') return false;
  const folded_word word = word_until(text, particle.begin - 1);
  return word.size != 0 && is_in(extent::papers_of, word);
}

// `customer bankgiro`: a number that only a bank gives.
bool is_of_bank(const text_window& text, std::size_t begin) noexcept {
  if constexpr (compact) return false;
  return is_in(extent::of_banks, word_from(text, begin));
}

// Whether a word of ids counts as one where it stands. `numbered`: a word of numbers, or a sign
// that says so, stands between it and the value.
bool counts(std::uint16_t manner, const text_window& text, std::size_t begin, std::size_t end,
            bool numbered) noexcept {
  if (manner == of_registers && is_shops_own(text, begin)) return false;
  if (manner == of_papers) return follows_paper(text, begin) || of_a_paper(text, begin);
  // `tin` and `sin` are words, TIN and SIN are ids.
  // `tin no. 12345`: what a word of numbers follows is no tin.
  if (manner == only_capitals && numbered) return true;
  if (manner == only_capitals || manner == number_and_capitals) {
    if (!all_capitals(text, begin, end)) return false;
  }
  return !needs_number(manner) || numbered;
}

// Behind a value a word has to be one of ids whatever else is said.
constexpr bool says_behind(std::uint16_t manner) noexcept {
  return manner != of_numbers && !needs_number(manner);
}

// `her ID number is 12345`, `ID no.: 12345`: an id with a word of numbers, of nobody but a person.
// What stands right before it may be of the shop: `product id number`.
bool is_id_of_person(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  if (!is_bare_id(text, begin, end)) {
    return end - begin == 2 && text[begin - 1] != '_' && text[begin - 1] != '-' &&
           !text.word_before(begin - 1);
  }
  const folded_word word = word_until(text, begin - 1);
  for (const std::string_view one : {"her", "his", "my", "your", "their", "the", "is", "and"}) {
    if (word.view() == one) return true;
  }
  return false;
}

// `citizen ID`, `SA ID`: what a state gives.
bool is_id_of_state(const text_window& text, std::size_t begin) noexcept {
  const folded_word word = word_until(text, begin - 1);
  for (const std::string_view one :
       {"sa", "citizen", "voter", "resident", "residence", "civil", "gov", "government", "emirates",
        "alien", "state", "foreigner", "photo"}) {
    if (word.view() == one) return true;
  }
  return false;
}

// How much a word of ids says: two make a value an id, whatever its country and check.
int weight_of(std::uint16_t manner, bool numbered) noexcept {
  if (manner == 0) return 1;
  return manner == with_number && !numbered ? 1 : 2;
}

// A document's word says as much, and `birth number`.
int weight_of_others(std::uint16_t kinds, bool number_word) noexcept {
  const bool birth = (kinds & birth_word) != 0 && number_word;
  return (birth ? 2 : 0) + ((kinds & document_word) != 0 ? 2 : 0);
}

// What the word that stands from `begin` to `end` says of a number behind it.
std::uint16_t kinds_of(const text_window& text, std::size_t found, std::size_t begin,
                       std::size_t end) noexcept {
  const auto kinds = static_cast<std::uint16_t>(extent::word_meanings[found] & word_kinds);
  constexpr std::uint16_t worn = phone_word | card_word | document_word;
  if ((kinds & worn) != 0 && is_made_for(text, end)) return order_word;
  if ((kinds & account_word) != 0 && is_shops_own(text, begin) && !is_of_bank(text, begin)) {
    return order_word;
  }
  if ((kinds & (card_word | address_word)) != 0 && of_a_paper(text, begin)) return order_word;
  // `счёт-фактура`
  if (!compact && (kinds & account_word) != 0 && text[end] == '-' &&
      kinds_of_word(word_from(text, end + 1).view()) == order_word) {
    return order_word;
  }
  return kinds;
}

// Whether a word, a sign or the value itself says that a number stands there.
bool is_numbered(std::uint16_t manner, const text_window& text, std::size_t at, bool number_word,
                 int words_between, bool nearest) noexcept {
  if (compact || !is_manner(manner)) return false;
  if (number_word || (words_between <= 1 && nearest && says_that(text, at))) return true;
  // Capital letters are of goods too (CN 61091000), so a longer one.
  const bool capitals = manner == number_and_capitals;
  return (capitals || manner == number_only_tax) && words_between == 0 &&
         longer_than_amounts(text, at, capitals ? 9 : 8);
}

bool ends_line(unsigned char sign) noexcept { return sign == '\n' || sign == '\r'; }
bool ends_cell(unsigned char sign) noexcept { return sign == '\t' || sign == '|'; }

// `account:` at the end of a line or cell, with its value in the next.
bool introduces(const text_window& text, std::size_t at) noexcept {
  std::size_t place = at;
  const auto between = [](unsigned char sign) {
    return ends_line(sign) || ends_cell(sign) || sign == ' ' || sign == '>';
  };
  while (at - place < 6 && between(text[place - 1])) --place;
  return !compact && (text[place - 1] == ':' || text[place - 1] == '=');
}

// Whether a clause ends with the sign before `at`.
bool ends_clause(const text_window& text, std::size_t at) noexcept {
  const unsigned char sign = text[at - 1];
  if (sign == '\n') return !introduces(text, at);
  if (!compact && sign != '.' && sign != ';' && sign != '!' && sign != '?') return false;
  // A sentence begins with a capital letter and a small one.
  const bool sentence = text.letter_at(at + 1) && text[at + 1] <= 'Z' && text[at + 2] >= 'a';
  if (sign == '.' && text[at] == ' ' && (begins_number(text, at + 1) || (!compact && !sentence)) &&
      abbreviates_number(text, at - 1)) {
    return false;
  }
  return (sign == '.' || sign == ';' || sign == '!' || sign == '?') &&
         (text[at] == ' ' || text[at] == '\n') && text.letter_at(at - 3);
}

}  // namespace

namespace {

[[maybe_unused]] bool word_is_of_ids(const text_window& text, std::size_t end) noexcept {
  const folded_word word = word_until(text, end);
  const std::size_t found = word.size == 0 ? none : find_word(word.view());
  return found != none && extent::word_countries[found] != of_numbers &&
         (extent::word_meanings[found] & (id_word | document_word)) != 0;
}

}  // namespace

bool says_id(const text_window& text, std::size_t end) noexcept {
  if constexpr (compact) return false;
  const folded_word word = word_until(text, end);
  const std::size_t found = word.size == 0 ? none : find_word(word.view());
  if (found == none || (extent::word_meanings[found] & word_kinds) == 0) return false;
  if (extent::word_countries[found] != of_numbers) return true;
  // `TAX NO 123` is no number of Norway, `tax number NO 669 555 253` is one.
  return text[word.begin - 1] == ' ' && text.letter_at(word.begin - 2) &&
         word_is_of_ids(text, word.begin - 1);
}

namespace {

// Reads the words before a value from the nearest to the farthest, and keeps what they say.
class words_back {
 public:
  words_back(const text_window& text, std::size_t at, words_wanted wanted, context& out) noexcept
      : text_(text), at_(at), wanted_(wanted), out_(out), place_(at) {
    out_.adjacent = true;
  }

  void read() noexcept {
    const std::size_t far = at_ > 48 ? at_ - 48 : 0;
    while (place_ > far && place_ > text_.begin()) {
      if (!compact && over_plain_sign()) continue;
      const std::size_t word_end = place_;
      const step taken = over_word();
      if (taken == step::end) break;
      if (taken == step::word && !take(found_, word_end)) break;
    }
  }

 private:
  enum class step : std::uint8_t { sign, word, end };

  // An ASCII sign that is no letter: most of what is no word.
  bool over_plain_sign() noexcept {
    const unsigned char last = text_[place_ - 1];
    if (last >= 0x80 || ascii_letter(last)) return false;
    if (last == ' ') {  // Says nothing.
      --place_;
      return true;
    }
    if (last == '>' && over_label()) return true;
    digits_between_ = digits_between_ || ascii_digit(last);
    others_between_ = others_between_ || last == ',' || last == ';';
    clause_ended_ = clause_ended_ || ends_clause(text_, place_);
    if ((last < ' ' || last == '|') && !elsewhere_) {
      elsewhere_ = (ends_line(last) || ends_cell(last)) && !introduces(text_, place_);
    }
    --place_;
    return true;
  }

  // `<BANK_ACCOUNT_1>` of a former redaction says nothing of what stands behind it.
  bool over_label() noexcept {
    std::size_t begin = place_ - 1;
    const auto of_label = [](unsigned char sign) {
      return (sign >= 'A' && sign <= 'Z') || sign == '_' || ascii_digit(sign);
    };
    while (place_ - begin < 32 && of_label(text_[begin - 1])) --begin;
    if (place_ - begin < 4 || text_[begin - 1] != '<') return false;
    place_ = begin - 1;
    return true;
  }

  // Of a word `found_` is its meaning.
  step over_word() noexcept {
    if constexpr (!compact) {
      const word_behind plain = plain_word_until(text_, place_);
      if (plain.begin != place_) {
        place_ = plain.begin;
        found_ = plain.meaning;
        return step::word;
      }
    }
    const seen c = text_.previous(place_);
    if (c.size == 0) return step::end;
    const char_class is = class_of(c.value);
    if (c.value == 0xB0 || c.value == 0xBA || c.value == 0x2116) {  // n°, nº, №
      number_word_ = !compact;
      place_ -= c.size;
      if (!compact && (text_[place_ - 1] | 0x20) == 'n' && !text_.letter_at(place_ - 2)) --place_;
      return step::sign;
    }
    if (is != char_class::letter) {
      digits_between_ = digits_between_ || is == char_class::digit;
      place_ -= c.size;
      return step::sign;
    }
    folded_word word;
    read_until(text_, place_, word);
    if (word.begin == place_) {  // The letter of an escape.
      place_ -= c.size;
      return step::sign;
    }
    if (is_letter(word) && word.begin > 0 && text_[word.begin - 1] == '.')
      abbreviation(text_, word);
    const std::size_t at_word = place_;
    place_ = word.begin;
    found_ = word.size == 0 ? none : find_word(word.view());
    if constexpr (!compact) {
      if (found_ == none && c.value >= 0x2E80) found_ = meaning_without_spaces(text_, at_word);
    }
    return step::word;
  }

  // Whether words farther away may say more.
  bool take(std::size_t found, std::size_t word_end) noexcept {
    const std::uint16_t manner =
        !compact && found != none ? extent::word_countries[found] : std::uint16_t{0};
    if (!compact && (manner == of_numbers || (manner == of_registers && !number_word_))) {
      number_word_ = true;
      // `numéro fiscal`: the word of numbers before it counts as one behind it would.
      if (!compact && unnumbered_ && !digits_between_ && !clause_ended_) {
        out_.said_id = out_.said_id || ++ids_ >= 2;
        unnumbered_ = false;
      }
      out_.numbered = out_.numbered || (out_.nearest == 0 && !digits_between_ && !others_between_);
      return true;
    }
    const bool numbered =
        is_numbered(manner, text_, at_, number_word_, words_between_, out_.nearest == 0) ||
        (!compact && bare_id_ && needs_number(manner)) ||  // `VAT ID`
        (!compact && manner == only_capitals && behind_dash());
    if (found == none || (!compact && !counts(manner, text_, place_, word_end, numbered))) {
      return pass(word_end);
    }
    const std::uint16_t kinds = kinds_of(text_, found, place_, word_end);
    if (kinds == 0) return true;  // A month.
    // `Thanks for your order`, and a phone number on the next line.
    if (!compact && kinds == order_word && elsewhere_) return pass(word_end);
    keep(kinds, manner, word_end);
    if constexpr (!compact) {
      weigh(kinds, manner, numbered);
      if (kinds == id_word && manner == 0 && number_word_ && !digits_between_ && !clause_ended_ &&
          (!others_between_ || words_between_ == 0) && is_id_of_person(text_, place_, word_end)) {
        out_.said_id = true;
      }
    }
    if (out_.id_country == 0 && !is_manner(manner)) {
      out_.id_country = extent::word_countries[found];
    }
    return wanted_ != words_wanted::nearest || bare_id_;
  }

  // `nit - 0614-050757-114-8`
  bool behind_dash() const noexcept {
    if (words_between_ != 0 || out_.nearest != 0 || text_[at_ - 1] != ' ') return false;
    const seen sign = text_.previous(at_ - 1);
    return (sign.value == '-' || sign.value == 0x2013) && text_[at_ - 1 - sign.size - 1] == ' ';
  }

  // A word that says nothing of a number.
  bool pass(std::size_t word_end) noexcept {
    if constexpr (!compact) {
      // `sku_dots=`: of the name of a field.
      others_between_ =
          others_between_ || (text_[place_ - 1] != '_' && !says_is(text_, place_, word_end));
      bare_id_ = false;
      if (wanted_ == words_wanted::nearest && out_.nearest != 0) return false;
    }
    ++words_between_;
    return true;
  }

  void keep(std::uint16_t kinds, std::uint16_t manner, std::size_t word_end) noexcept {
    out_.kinds |= kinds;
    // `order id`, `order_id`
    if (bare_id_ && kinds == order_word) out_.nearest = order_word;
    bare_id_ = !compact && out_.nearest == 0 && kinds == id_word && manner == 0 &&
               is_bare_id(text_, place_, word_end);
    if (out_.nearest != 0) return;
    out_.nearest = kinds;
    out_.adjacent =
        !digits_between_ && words_between_ <= 2 && !after_sentence(text_, at_, clause_ended_);
    if constexpr (!compact) out_.direct = out_.adjacent && !others_between_;
  }

  void weigh(std::uint16_t kinds, std::uint16_t manner, bool numbered) noexcept {
    if (digits_between_ || clause_ended_ || words_between_ > 5) return;
    if ((kinds & id_word) != 0) ids_ += weight_of(manner, numbered);
    unnumbered_ = manner == with_number && !numbered;
    // `ID card: 12345678`
    if (card_before_ && kinds == id_word && manner == 0) ids_ += 1;
    // `SA ID 8001015009087`
    if (bare_id_ && manner == 0 && is_id_of_state(text_, place_)) ids_ += 1;
    card_before_ = kinds == card_word;
    ids_ += weight_of_others(kinds, number_word_);
    out_.said_id = out_.said_id || ids_ >= 2;
    out_.said_account = out_.said_account || ((kinds & account_word) != 0 && words_between_ <= 3);
    out_.said_birth = out_.said_birth || ((kinds & birth_word) != 0 && words_between_ <= 3);
  }

  const text_window& text_;
  const std::size_t at_;
  const words_wanted wanted_;
  context& out_;
  std::size_t place_;         // Behind the word that comes next.
  std::size_t found_ = none;  // What the last word means.
  bool digits_between_ = false;
  bool clause_ended_ = false;
  bool elsewhere_ = false;  // The words are of another line or cell.
  bool number_word_ = false;
  bool bare_id_ = false;         // The last word was `id`, right behind another one.
  bool others_between_ = false;  // A word that says more than `is` or `no.`, or a comma.
  bool unnumbered_ = false;      // The last word is an id's with a word of numbers.
  bool card_before_ = false;     // The last word is one of cards.
  int words_between_ = 0;
  int ids_ = 0;
};

}  // namespace

context words_before(const text_window& text, std::size_t at, words_wanted wanted) noexcept {
  context out;
  words_back(text, at, wanted, out).read();
  return out;
}

std::uint16_t words_after(const text_window& text, std::size_t at) noexcept {
  std::uint16_t kinds = 0;
  for (std::size_t place = at; place < at + 32;) {
    const seen c = text.next(place);
    if (c.size == 0) break;
    if (class_of(c.value) != char_class::letter) {
      place += c.size;
      continue;
    }
    folded_word word;
    read_from(text, place, word);
    place = word.end;
    if (word.size == 0) continue;
    const std::size_t found = find_word(word.view());
    if (found != none && (compact || says_behind(extent::word_countries[found]))) {
      kinds = static_cast<std::uint16_t>(kinds | (extent::word_meanings[found] & word_kinds));
    }
  }
  return kinds;
}

std::uint16_t kinds_of_word(std::string_view word) noexcept {
  if constexpr (compact) return 0;
  const std::size_t found = find_word(word);
  return found == none ? std::uint16_t{0}
                       : static_cast<std::uint16_t>(extent::word_meanings[found] & word_kinds);
}

unsigned month_of(std::string_view word) noexcept {
  if (word.size() < 3) return 0;
  if (!compact && !passes(full::month_filter, beginning_of(word))) return 0;
  const std::size_t found = find_word(word);
  return found == none ? 0 : extent::word_meanings[found] >> month_shift;
}

}  // namespace clientbook::scanner
