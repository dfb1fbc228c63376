// Known values: what a customer's own record holds, folded, one behind the other in the caller's
// memory, and found again in a text however it is written.
//
// A name is also kept by its parts, its spellings without umlauts and its nicknames; one that is a
// word too counts only with a capital letter. Nothing of a value outlives the memory: what is
// refused is wiped. Relies on folding (fold.hpp) being the same when a value is kept and when it is
// looked for.
#include <clientbook/base/secret.hpp>
#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/scanner/known_values.hpp>
#include <clientbook/scanner/scan.hpp>

#include <cstring>

#include "known_value_filter.hpp"
#include "rules.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

// A first name, and what those who have it are called.
struct nickname {
  std::string_view name;
  std::string_view called;
};

}  // namespace
}  // namespace clientbook::scanner

#include <tables/scanner/nicknames.inc>

namespace clientbook {
namespace {

using scanner::seen;
using scanner::text_window;
using unicode::char_class;
using unicode::class_of;
using unicode::fold;

// An entry in the memory: kind, flags, length, folded text (digits of a phone as they are).
constexpr std::size_t head = 3;
constexpr std::size_t longest = 255;
enum entry_flags : std::uint8_t { needs_capital = 1 };

// What a folded value is like, without it; it may be longer than there was room for.
struct skeleton {
  static constexpr std::size_t longest_listed = 12;
  std::array<char, longest_listed> first;  // Its beginning: words that are listed are short.
  std::size_t size = 0;
  std::size_t letters = 0;
  std::size_t digits = 0;

  ~skeleton() { wipe(std::as_writable_bytes(std::span(first))); }
  /// All of it, or nothing when it is too long to be listed.
  std::string_view word() const noexcept {
    return size > first.size() ? std::string_view() : std::string_view(first.data(), size);
  }
  void add(char byte, byte_span out) noexcept {
    if (size < first.size()) first[size] = byte;
    if (size < out.size()) out[size] = static_cast<std::byte>(byte);
    ++size;
  }
};

void add(char32_t c, byte_span out, skeleton& to) noexcept {
  if (c < 0x80) return to.add(static_cast<char>(c), out);
  unsigned shift = c < 0x800 ? 6 : c < 0x10000 ? 12 : 18;
  to.add(static_cast<char>((c >> shift) | (0xF00U >> (shift / 6 + 1) & 0xF0U)), out);
  while (shift > 0) {
    shift -= 6;
    to.add(static_cast<char>(0x80U | ((c >> shift) & 0x3FU)), out);
  }
}

// Letters with an umlaut or a ring are also written with an e (or an a) behind.
bool written_with_e(char32_t c, char& second) noexcept {
  switch (c) {
    case 0xC4:
    case 0xE4:
    case 0xD6:
    case 0xF6:
    case 0xDC:
    case 0xFC:
    case 0xD8:
    case 0xF8:
      second = 'e';
      return true;
    case 0xC5:
    case 0xE5:
      second = 'a';
      return true;
    default:
      return false;
  }
}

// Folds a text without what is between words.
void make_skeleton(std::string_view text, bool spelled, byte_span out, skeleton& to) noexcept {
  to.size = to.letters = to.digits = 0;
  for (std::size_t at = 0; at < text.size();) {
    const code_point c = code_point_at(text, at);
    at += c.size;
    const char_class is = class_of(c.value);
    if (is != char_class::letter && is != char_class::digit) continue;
    if (fold(c.value).letters[0] == 0) continue;  // A combining mark alone is no letter.
    (is == char_class::letter ? to.letters : to.digits) += 1;
    for (const char32_t letter : fold(c.value).letters) {
      if (letter != 0) add(letter, out, to);
    }
    char second = 0;
    if (spelled && written_with_e(c.value, second)) to.add(second, out);
  }
}

// What is copied to be put back, where there is anything to put back.
template <bool Kept, class T>
struct kept_copy {
  explicit kept_copy(const T&) noexcept {}
  void put_back(T&) const noexcept {}
};
template <class T>
struct kept_copy<true, T> {
  T copy;
  explicit kept_copy(const T& from) noexcept : copy(from) {}
  void put_back(T& to) const noexcept { to = copy; }
};

bool capital_at(const text_window& text, std::size_t at) noexcept {
  return scanner::word_from(text, at).capital;
}

// Bold, italic and other letters of mathematics, which are pasted for the plain ones.
constexpr bool of_mathematics(char32_t c) noexcept {
  return !scanner::compact && c >= 0x1D400 && c < 0x1D6A4;
}
bool in_word(char32_t c) noexcept { return of_mathematics(c) || text_window::is_word(class_of(c)); }

// The Latin letter that a folded one of Cyrillic or Greek is taken for, else itself: one letter of
// another script hides no name. Values are compared so, and kept as they are.
char32_t looks_like(char32_t folded) noexcept {
  if (scanner::compact || folded < 0x370 || folded > 0x51D) return folded;
  constexpr std::u32string_view others =
      U"\u0430\u0432\u0435\u043A\u043C\u043D\u043E\u0440\u0441\u0442\u0443\u0445\u0456\u0457\u0458"
      U"\u0455"
      U"\u0501\u04BB\u051B\u051D\u04CF\u03B1\u03B2\u03B5\u03B6\u03B7\u03B9\u03BA\u03BC\u03BD\u03BF"
      U"\u03C1"
      U"\u03C4\u03C5\u03C7";
  constexpr std::string_view latin = "abekmhopctyxiijsdhqwlabezhikmnoptyx";
  static_assert(others.size() == latin.size());
  const std::size_t found = others.find(folded);
  return found == others.npos ? folded : static_cast<char32_t>(latin[found]);
}

unicode::folded letters_of(char32_t c) noexcept {
  if (of_mathematics(c)) return {{U'a' + (c - 0x1D400) % 26, 0}};
  return fold(c);
}

// Where the folded value that begins at `at` ends; 0 if another text stands there.
std::size_t same_text(const text_window& text, std::size_t at, std::string_view value,
                      known_kind kind) noexcept {
  std::size_t done = 0;
  std::size_t between = 0;
  while (done < value.size()) {
    const seen c = text.next(at);
    if (c.size == 0) return 0;
    at += c.size;
    if (!in_word(c.value)) {
      // A sentence's end, an @ or a comma with a space is not within a value.
      if (++between > 3 || done == 0 || (c.value == '@' && kind != known_kind::email)) return 0;
      continue;
    }
    between = 0;
    for (const char32_t letter : letters_of(c.value).letters) {
      if (letter == 0) break;
      const code_point want = code_point_at(value, done);
      if (want.size == 0) return 0;
      if (want.value != letter &&
          (scanner::compact || looks_like(want.value) != looks_like(letter))) {
        return 0;
      }
      done += want.size;
    }
  }
  // Combining marks belong to the last letter.
  for (seen mark = text.next(at); mark.value >= 0x300 && mark.value <= 0x36F;
       mark = text.next(at)) {
    at += mark.size;
  }
  const seen after = text.next(at);
  if (kind == known_kind::name && after.value == 's' && !text.word_at(at + 1)) return at + 1;
  // `Niedermeyer2`: a number behind a name makes no other name of it.
  if (!scanner::compact && kind == known_kind::name && class_of(after.value) == char_class::digit) {
    return at;
  }
  // Scripts written without spaces have no words.
  if (after.value < 0x2E80 && after.size != 0 && text_window::is_word(class_of(after.value))) {
    return 0;
  }
  return at;
}

// Where a phone number ends that has the same last digits; 0 if none.
std::size_t same_phone(const scanner::digit_run& run, std::string_view value) noexcept {
  constexpr std::size_t least = scanner::least_phone_digits;
  constexpr std::size_t most_prefix = 5;  // 00 and a country code.
  for (std::size_t n = run.count; n >= least; --n) {
    if (!run.group_ends_after(n)) continue;
    std::size_t same = 0;
    while (same < n && same < value.size() &&
           run.values[n - 1 - same] ==
               static_cast<unsigned>(value[value.size() - 1 - same] - '0')) {
      ++same;
    }
    const std::size_t left_here = n - same;
    const std::size_t left_there = value.size() - same;
    if (same >= least && left_here <= most_prefix && left_there <= most_prefix &&
        (left_here == 0 || left_there <= 3)) {
      return run.end_of(n);
    }
  }
  return 0;
}

// The first two bytes of a folded value, in the letters that it looks like.
[[maybe_unused]] std::array<unsigned char, 2> beginning_as_it_looks(
    std::string_view value) noexcept {
  std::array<unsigned char, 2> out{};
  std::size_t known = 0;
  for (std::size_t at = 0; at < value.size() && known < 2;) {
    const code_point c = code_point_at(value, at);
    if (c.size == 0) break;
    at += c.size;
    const utf8_sequence bytes(looks_like(c.value));
    for (std::size_t i = 0; i < bytes.size && known < 2; ++i) {
      out[known++] = static_cast<unsigned char>(bytes.bytes[i]);
    }
  }
  return out;
}

// What a text may begin with where the value stands, also in letters that look like its own.
[[maybe_unused]] void mark_beginning(std::string_view value,
                                     std::array<std::uint32_t, 8>& first_bytes,
                                     std::array<std::uint32_t, 64>& beginnings) noexcept {
  const std::array<unsigned char, 2> first = beginning_as_it_looks(value);
  const auto mark = [&](unsigned byte) { first_bytes[byte >> 5] |= 1U << (byte & 31U); };
  mark(static_cast<unsigned char>(value[0]));
  mark(first[0]);
  if (first[0] >= 'a' && first[0] <= 'z') mark(first[0] - 0x20U);
  const unsigned bit = scanner::beginning_of_value(first[0], first[1]);
  beginnings[bit >> 5] |= 1U << (bit & 31U);
}

}  // namespace

known_values::known_values(byte_span memory) noexcept : memory_(memory) {}

known_values::~known_values() { wipe(memory_); }

byte_span known_values::room() const noexcept {
  return memory_.size() - used_ < head ? byte_span() : memory_.subspan(used_ + head);
}

// Keeps the folded value of so many bytes that stands in room().
bool known_values::keep(known_kind kind, std::uint8_t flags, std::size_t size) noexcept {
  if (size > longest || room().size() < size) return false;
  std::byte* to = memory_.data() + used_;
  to[0] = static_cast<std::byte>(kind);
  to[1] = static_cast<std::byte>(flags);
  to[2] = static_cast<std::byte>(size);
  used_ += head + size;
  if (kind == known_kind::phone) {
    phones_ = true;
  } else if constexpr (!scanner::compact) {
    mark_beginning(as_text(byte_view(to + head, size)), first_bytes_, beginnings_);
  }
  return true;
}

// Keeps a value, also as it is spelled without umlauts; a particle is no part of a name.
bool known_values::keep_spellings(known_kind kind, std::string_view value, taken as) noexcept {
  skeleton folded;
  std::size_t plain = 0;
  for (const bool spelled : {false, true}) {
    make_skeleton(value, spelled, room(), folded);
    if (spelled && (folded.size == plain || folded.size > longest)) continue;
    plain = folded.size;
    if (as == taken::part && scanner::is_in(scanner::extent::name_particles, folded.word()))
      continue;
    const std::uint8_t flags =
        kind == known_kind::name && scanner::is_in(scanner::extent::common_words, folded.word())
            ? needs_capital
            : 0;
    if (!keep(kind, flags, folded.size)) return false;
  }
  return true;
}

bool known_values::keep_parts(std::string_view value) noexcept {
  // Parts between spaces, and their own parts between hyphens.
  for (const bool hyphens : {false, true}) {
    std::size_t begin = 0;
    while (begin < value.size()) {
      std::size_t end = begin;
      while (end < value.size() && value[end] != ' ' && value[end] != ',' && value[end] != '.' &&
             (!hyphens || value[end] != '-')) {
        ++end;
      }
      const std::string_view part = slice(value, begin, end - begin);
      begin = end + 1;
      if (part.size() == value.size() || (hyphens && value.find('-') == value.npos)) continue;
      skeleton folded;
      make_skeleton(part, false, {}, folded);
      if (folded.letters < 3 || folded.size > longest) continue;
      if (!keep_spellings(known_kind::name, part, taken::part)) return false;
    }
  }
  return keep_nicknames(slice(value, 0, value.find_first_of(" -")));
}

// What a person with the first of these names is called.
bool known_values::keep_nicknames([[maybe_unused]] std::string_view first_name) noexcept {
  if constexpr (!scanner::extent::nicknames) return true;
  skeleton folded;
  make_skeleton(first_name, false, {}, folded);
  for (const scanner::nickname& one : scanner::full::nicknames_of) {
    if (one.name != folded.word()) continue;
    std::string_view rest = one.called;
    while (!rest.empty()) {
      const std::size_t end = rest.find(' ');
      const std::string_view called = slice(rest, 0, end);
      rest = end == rest.npos ? std::string_view() : slice(rest, end + 1);
      if (called.size() < 3) continue;
      if (room().size() < called.size()) return false;
      std::memcpy(room().data(), called.data(), called.size());
      const std::uint8_t flags =
          called.size() < 4 || scanner::is_in(scanner::extent::common_words, called) ? needs_capital
                                                                                     : 0;
      if (!keep(known_kind::name, flags, called.size())) return false;
    }
  }
  return true;
}

// Keeps the digits of a phone number: what is folded stands in room().
bool known_values::keep_phone(std::size_t folded) noexcept {
  const byte_span out = room();
  if (out.size() < folded) return false;
  std::size_t digits = 0;
  for (std::size_t i = 0; i < folded; ++i) {
    if (scanner::ascii_digit(static_cast<unsigned char>(out[i]))) out[digits++] = out[i];
  }
  return keep(known_kind::phone, 0, digits);
}

result<void> known_values::add(known_kind kind, std::string_view value) noexcept {
  if (!valid_utf8(value)) return error{errc::invalid_encoding, "a known value is not UTF-8"};
  constexpr error too_short{errc::invalid_value,
                            "a known value needs 3 letters or 5 digits to be found by"};
  constexpr error too_long{errc::invalid_value, "a known value is longer than 255 bytes"};
  skeleton folded;
  make_skeleton(value, false, room(), folded);
  // Nothing of a refused value stays in the memory.
  const auto refused = [this](const error& why) {
    wipe(memory_.subspan(used_));
    return why;
  };
  if (folded.size > longest) return refused(too_long);
  const auto before = used_;
  const kept_copy<!scanner::compact, decltype(first_bytes_)> first_bytes(first_bytes_);
  const kept_copy<!scanner::compact, decltype(beginnings_)> beginnings(beginnings_);
  const bool phones = phones_;
  bool kept = false;
  if (kind == known_kind::phone) {
    if (folded.digits < 7) {
      return refused({errc::invalid_value, "a known phone number needs 7 digits"});
    }
    if (folded.digits > 20) return refused(too_long);
    kept = keep_phone(folded.size);
  } else {
    // Letters that are words by themselves (of Chinese or Japanese) tell more.
    const bool dense = folded.size >= 3 * folded.letters && folded.letters >= 2;
    if (folded.letters < 3 && folded.digits < 5 && folded.letters + folded.digits < 5 && !dense) {
      return refused(too_short);
    }
    kept = keep_spellings(kind, value, taken::whole);
    if (kept && kind == known_kind::name) kept = keep_parts(value);
    const std::size_t at = kind == known_kind::email ? value.find('@') : value.npos;
    if (kept && at != value.npos && at > 4) {
      make_skeleton(slice(value, 0, at), false, room(), folded);
      if (folded.letters + folded.digits > 4) kept = keep(kind, 0, folded.size);
    }
  }
  if (kept) return {};
  wipe(memory_.subspan(before));
  used_ = before;
  first_bytes.put_back(first_bytes_);
  beginnings.put_back(beginnings_);
  phones_ = phones;
  return error{errc::buffer_too_small, "no more memory for known values"};
}

namespace {

// The first two bytes of the folded word that begins here, as UTF-8; how many there are.
std::size_t first_bytes_at(const text_window& window, std::size_t offset,
                           std::array<unsigned char, 2>& first) noexcept {
  std::size_t known = 0;
  for (std::size_t at = offset, steps = 0; known < 2 && steps < 4; ++steps) {
    const seen c = window.next(at);
    if (c.size == 0) break;
    at += c.size;
    if (!in_word(c.value)) continue;
    for (const char32_t letter : letters_of(c.value).letters) {
      if (letter == 0 || known == 2) break;
      const utf8_sequence bytes(looks_like(letter));  // The first two bytes are enough.
      for (std::size_t i = 0; i < bytes.size && known < 2; ++i) {
        first[known++] = static_cast<unsigned char>(bytes.bytes[i]);
      }
    }
  }
  return known;
}

}  // namespace

std::size_t known_values::match(std::string_view text, std::size_t offset) const noexcept {
  if (offset >= text.size()) return 0;
  const text_window window(text, offset);
  std::array<unsigned char, 2> first{};
  bool digits = false;
  if constexpr (scanner::compact) {
    digits = phones_ && window.class_at(offset) == char_class::digit;
  } else {
    if (first_bytes_at(window, offset, first) == 0) return 0;
    const unsigned bit = scanner::beginning_of_value(first[0], first[1]);
    digits = phones_ && first[0] >= '0' && first[0] <= '9';
    if (!digits && (beginnings_[bit >> 5] >> (bit & 31U) & 1U) == 0) return 0;
  }
  scanner::digit_run run;
  if (digits) run = scanner::read_digits(window, offset);
  std::size_t end = 0;
  for (std::size_t at = 0; at < used_;) {
    const auto kind = static_cast<known_kind>(memory_[at]);
    const auto flags = static_cast<std::uint8_t>(memory_[at + 1]);
    const auto size = static_cast<std::size_t>(memory_[at + 2]);
    const std::string_view value = as_text(byte_view(memory_).subspan(at + head, size));
    at += head + size;
    std::size_t found = 0;
    if (kind == known_kind::phone) {
      if (digits) found = same_phone(run, value);
    } else if (scanner::compact || value[0] == static_cast<char>(first[0]) ||
               (value[0] & 0x80) != 0) {
      if ((flags & needs_capital) != 0 && !capital_at(window, offset)) continue;
      found = same_text(window, offset, value, kind);
    }
    if (found > end) end = found;
  }
  return end > offset ? end - offset : 0;
}

}  // namespace clientbook
