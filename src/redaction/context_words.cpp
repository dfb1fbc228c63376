#include "context_words.hpp"

#include <clientbook/bytes.hpp>

#include <algorithm>
#include <array>

namespace clientbook::redaction {
namespace {

// The name of a month has its number above the kinds.
constexpr unsigned month_shift = 12;
constexpr std::uint16_t word_kinds = 0x0FFF;
constexpr std::uint16_t month(unsigned number) noexcept {
  return static_cast<std::uint16_t>(number << month_shift);
}

struct entry {
  std::string_view word;
  std::uint16_t kinds;
  std::uint16_t of_country = 0;
};

consteval auto entries() {
  return std::to_array<entry>({
#include "context_words.inc"
  });
}

// Packed at compile time: one string, an offset and a meaning for each word. The meanings are
// few, and a firmware has no room for pointers.
constexpr std::size_t word_count = entries().size();
constexpr std::size_t most_meanings = 128;
consteval std::size_t letter_count() {
  std::size_t sum = 0;
  for (const entry& e : entries()) sum += e.word.size();
  return sum;
}

struct packed_words {
  std::array<char, letter_count()> letters{};
  std::array<std::uint16_t, word_count + 1> begins{};
  std::array<std::uint8_t, word_count> meaning{};
  std::array<std::uint16_t, most_meanings> kinds{};
  std::array<std::uint16_t, most_meanings> countries{};
};

consteval packed_words pack() {
  packed_words out;
  std::size_t used = 0;
  std::size_t meanings = 0;
  std::size_t i = 0;
  for (const entry& e : entries()) {
    for (const char c : e.word) out.letters[used++] = c;
    out.begins[i + 1] = static_cast<std::uint16_t>(used);
    std::size_t m = 0;
    while (m < meanings && (out.kinds[m] != e.kinds || out.countries[m] != e.of_country)) ++m;
    if (m == meanings) {
      out.kinds[m] = e.kinds;
      out.countries[m] = e.of_country;
      ++meanings;
    }
    out.meaning[i++] = static_cast<std::uint8_t>(m);
  }
  return out;
}
constexpr packed_words words = pack();

constexpr std::string_view plain(std::string_view word) noexcept {
  return word.ends_with('*') ? slice(word, 0, word.size() - 1) : word;
}
consteval bool in_order() {
  const auto all = entries();
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (plain(all[i - 1].word) >= plain(all[i].word)) return false;
  }
  return true;
}
static_assert(in_order(), "context_words.inc is in byte order, without duplicates");
consteval bool beginnings_are_long() {
  for (const entry& e : entries()) {
    if (e.word.ends_with('*') && e.word.size() < 4) return false;
  }
  return true;
}
static_assert(beginnings_are_long(), "a beginning in context_words.inc has three bytes at least");

constexpr std::string_view word_number(std::size_t i) noexcept {
  return {words.letters.data() + words.begins[i],
          static_cast<std::size_t>(words.begins[i + 1] - words.begins[i])};
}

// Most words of a text begin like none of ours: a filter over the first three bytes.
constexpr std::size_t filter_bits = 8192;
constexpr std::size_t filter_bit(std::string_view word) noexcept {
  const auto byte = [&](std::size_t i) {
    return i < word.size() ? static_cast<unsigned char>(word[i]) : 0U;
  };
  return (byte(0) * 961U + byte(1) * 31U + byte(2) * 257U) % filter_bits;
}
consteval std::array<std::uint32_t, filter_bits / 32> make_filter(std::uint16_t kinds) {
  std::array<std::uint32_t, filter_bits / 32> out{};
  const auto mark = [&](std::string_view beginning) {
    const std::size_t bit = filter_bit(beginning);
    out[bit / 32] |= 1U << (bit % 32);
  };
  for (const entry& e : entries()) {
    if ((e.kinds & kinds) == 0) continue;
    const std::string_view letters = plain(e.word);
    mark(letters);
  }
  return out;
}
constexpr auto word_filter = make_filter(0xFFFF);
constexpr auto month_filter = make_filter(static_cast<std::uint16_t>(~word_kinds));

bool passes(const std::array<std::uint32_t, filter_bits / 32>& filter,
            std::string_view word) noexcept {
  const std::size_t bit = filter_bit(word);
  return (filter[bit / 32] >> (bit % 32) & 1U) != 0;
}

// Where the words of each first letter begin; those of other scripts come last.
constexpr std::size_t bucket(char first) noexcept {
  return first >= 'a' && first <= 'z' ? static_cast<std::size_t>(first - 'a') : 26;
}
consteval std::array<std::uint16_t, 28> make_buckets() {
  std::array<std::uint16_t, 28> out{};
  for (const entry& e : entries()) ++out[bucket(e.word[0]) + 1];
  for (std::size_t i = 1; i < out.size(); ++i)
    out[i] = static_cast<std::uint16_t>(out[i] + out[i - 1]);
  return out;
}
constexpr auto buckets = make_buckets();

// The number of the entry that the word is, or begins with; word_count if none.
std::size_t find_word(std::string_view word) noexcept {
  if (!passes(word_filter, word)) return word_count;
  const std::size_t first = bucket(word[0]);
  std::size_t low = buckets[first];
  std::size_t high = buckets[first + 1];
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (plain(word_number(middle)) <= word) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  // Entries that the word begins with stand close before it.
  for (std::size_t back = 1; back <= 6 && back <= low - buckets[first]; ++back) {
    const std::string_view candidate = word_number(low - back);
    const std::string_view letters = plain(candidate);
    if (letters == word || (candidate.size() != letters.size() && word.starts_with(letters))) {
      return low - back;
    }
  }
  return word_count;
}

std::size_t encode(char32_t c, std::array<char, 4>& out) noexcept {
  if (c < 0x80) {
    out[0] = static_cast<char>(c);
    return 1;
  }
  const std::size_t size = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  constexpr std::array<unsigned, 5> lead = {0, 0, 0xC0, 0xE0, 0xF0};
  for (std::size_t i = size - 1; i > 0; --i, c >>= 6) out[i] = static_cast<char>(0x80 | (c & 0x3F));
  out[0] = static_cast<char>(lead[size] | c);
  return size;
}

bool add(folded_word& word, char32_t c) noexcept {
  for (const char32_t letter : fold(c).letters) {
    if (letter == 0) break;
    std::array<char, 4> bytes;
    const std::size_t size = encode(letter, bytes);
    if (word.size + size > word.bytes.size()) return false;
    std::copy_n(bytes.begin(), size, word.bytes.begin() + word.size);
    word.size = static_cast<std::uint8_t>(word.size + size);
  }
  return true;
}

bool is_capital(char32_t c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE) || (c >= 0x391 && c <= 0x3A9) ||
         (c >= 0x400 && c <= 0x42F) ||
         (c >= 0x100 && c < 0x180 && (c & 1U) == ((c >= 0x139 && c <= 0x148) || c >= 0x179));
}

bool letter_before(const text_window& text, std::size_t at) noexcept {
  return text.class_before(at) == char_class::letter;
}

}  // namespace

folded_word word_from(const text_window& text, std::size_t at) noexcept {
  folded_word out;
  out.begin = out.end = at;
  bool fits = true;
  for (;;) {
    const unsigned char byte = text[out.end];
    if (byte < 0x80) {
      if (!ascii_letter(byte)) break;
      if (out.end == at) out.capital = byte < 'a';
      if (out.size < out.bytes.size()) {
        out.bytes[out.size++] = static_cast<char>(byte | 0x20);
      } else {
        fits = false;
      }
      ++out.end;
      continue;
    }
    const code_point c = text.next(out.end);
    if (c.size == 0 || class_of(c.value) != char_class::letter) break;
    if (out.end == at) out.capital = is_capital(c.value);
    fits = fits && add(out, c.value);
    out.end += c.size;
  }
  if (!fits) out.size = 0;
  return out;
}

folded_word word_until(const text_window& text, std::size_t at) noexcept {
  std::size_t begin = at;
  // Longer words are no words of ours; their beginning is not looked for.
  while (at - begin < 64) {
    if (ascii_letter(text[begin - 1])) {
      --begin;
    } else if (text[begin - 1] >= 0x80 && letter_before(text, begin)) {
      begin -= text.previous(begin).size;
    } else {
      break;
    }
  }
  folded_word out = word_from(text, begin);
  if (out.end != at) out.size = 0;
  return out;
}

namespace {

// `d.o.b.` and `c.f.`: single letters with dots are one word. `begin` moves before them.
folded_word abbreviation(const text_window& text, folded_word last) noexcept {
  std::array<char, 8> letters;
  std::size_t count = 0;
  folded_word out = last;
  for (folded_word one = last; one.size == 1 && count < letters.size();) {
    letters[count++] = one.bytes[0];
    out.begin = one.begin;
    if (text[one.begin - 1] != '.' || one.begin < 2 || !letter_before(text, one.begin - 1)) break;
    one = word_until(text, one.begin - 1);
  }
  if (count < 2) return last;
  out.size = 0;
  while (count > 0) out.bytes[out.size++] = letters[--count];
  return out;
}

}  // namespace

context words_before(const text_window& text, std::size_t at) noexcept {
  context out;
  out.adjacent = true;
  bool digits_between = false;
  int words_between = 0;
  const std::size_t far = at > 48 ? at - 48 : 0;
  std::size_t place = at;
  while (place > far && place > text.begin()) {
    const code_point c = text.previous(place);
    if (c.size == 0) break;
    const char_class is = class_of(c.value);
    if (is != char_class::letter) {
      digits_between = digits_between || is == char_class::digit;
      place -= c.size;
      continue;
    }
    folded_word word = word_until(text, place);
    if (word.size == 1 && word.begin > 0 && text[word.begin - 1] == '.') {
      word = abbreviation(text, word);
    }
    place = word.begin;
    const std::size_t found = word.size == 0 ? word_count : find_word(word.view());
    if (found == word_count) {
      ++words_between;
      continue;
    }
    const std::uint8_t meaning = words.meaning[found];
    const auto kinds = static_cast<std::uint16_t>(words.kinds[meaning] & word_kinds);
    if (kinds == 0) continue;  // A month.
    out.kinds |= kinds;
    if (out.nearest == 0) {
      out.nearest = kinds;
      out.adjacent = !digits_between && words_between <= 2;
    }
    if (out.id_country == 0) out.id_country = words.countries[meaning];
  }
  return out;
}

std::uint16_t words_after(const text_window& text, std::size_t at) noexcept {
  std::uint16_t kinds = 0;
  for (std::size_t place = at; place < at + 32;) {
    const code_point c = text.next(place);
    if (c.size == 0) break;
    if (class_of(c.value) != char_class::letter) {
      place += c.size;
      continue;
    }
    const folded_word word = word_from(text, place);
    place = word.end;
    if (word.size == 0) continue;
    const std::size_t found = find_word(word.view());
    if (found != word_count) {
      kinds = static_cast<std::uint16_t>(kinds | (words.kinds[words.meaning[found]] & word_kinds));
    }
  }
  return kinds;
}

unsigned month_of(std::string_view word) noexcept {
  if (word.size() < 3 || !passes(month_filter, word)) return 0;
  const std::size_t found = find_word(word);
  return found == word_count ? 0 : words.kinds[words.meaning[found]] >> month_shift;
}

}  // namespace clientbook::redaction
