// Normalisation form C, as UAX #15 has it: taken apart, marks put in order, put together.
//
// For ids, which are short: all of a text is held at once. The table is made from Unicode's data;
// Hangul is reckoned, not listed.
#include <clientbook/internal/unicode/nfc.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

namespace clientbook::unicode {
namespace {

struct nfc_row {
  char32_t a, b, c;
};

#include "nfc_table.inc"

// Below it nothing is a mark, and what is one sign stays so.
constexpr char32_t first_mark = 0x300;

constexpr char32_t hangul = 0xAC00, hangul_l = 0x1100, hangul_v = 0x1161, hangul_t = 0x11A7;
constexpr std::uint32_t vowels = 21, trails = 28, syllables = 19 * vowels * trails;

struct sign {
  char32_t value = 0;
  std::uint8_t mark = 0;  ///< Canonical combining class; 0: a letter of its own.
};

const nfc_row* decomposition_of(char32_t c) noexcept {
  const auto at =
      std::lower_bound(std::begin(decompositions), std::end(decompositions), c,
                       [](const nfc_row& row, char32_t wanted) { return row.a < wanted; });
  return at == std::end(decompositions) || at->a != c ? nullptr : at;
}

std::uint8_t class_of_mark(char32_t c) noexcept {
  const auto at =
      std::lower_bound(std::begin(mark_classes), std::end(mark_classes), c,
                       [](const nfc_row& row, char32_t wanted) { return row.b < wanted; });
  const bool within = at != std::end(mark_classes) && at->a <= c;
  return within ? static_cast<std::uint8_t>(at->c) : std::uint8_t{0};
}

// Nothing: they stay two.
char32_t composed(char32_t a, char32_t b) noexcept {
  if (a >= hangul_l && a < hangul_l + 19 && b >= hangul_v && b < hangul_v + vowels) {
    return hangul + ((a - hangul_l) * vowels + (b - hangul_v)) * trails;
  }
  if (a >= hangul && a < hangul + syllables && (a - hangul) % trails == 0 && b > hangul_t &&
      b < hangul_t + trails) {
    return a + (b - hangul_t);
  }
  const auto before = [](const nfc_row& row, const std::array<char32_t, 2>& wanted) {
    return row.a != wanted[0] ? row.a < wanted[0] : row.b < wanted[1];
  };
  const auto at = std::lower_bound(std::begin(compositions), std::end(compositions),
                                   std::array<char32_t, 2>{a, b}, before);
  return at == std::end(compositions) || at->a != a || at->b != b ? char32_t{0} : at->c;
}

class signs {
 public:
  // False if there is no room.
  bool take_apart(char32_t c) noexcept {
    if (c >= hangul && c < hangul + syllables) {
      const char32_t place = c - hangul;
      if (!add(hangul_l + place / (vowels * trails))) return false;
      if (!add(hangul_v + place % (vowels * trails) / trails)) return false;
      return place % trails == 0 || add(hangul_t + place % trails);
    }
    const nfc_row* parts = decomposition_of(c);
    if (parts == nullptr) return add(c);
    return take_apart(parts->b) && (parts->c == 0 || take_apart(parts->c));
  }

  void put_together() noexcept {
    std::size_t kept = 0;
    std::size_t letter = all_.size();  // The last one that marks can join.
    for (std::size_t i = 0; i < size_; ++i) {
      const sign one = all_[i];
      if (letter < kept) {
        // A mark is hidden from its letter by one of its own class or a letter between them.
        const std::uint8_t between = kept - 1 == letter ? 0 : all_[kept - 1].mark;
        const bool reaches = kept - 1 == letter || (between != 0 && between < one.mark);
        const char32_t whole = reaches ? composed(all_[letter].value, one.value) : char32_t{0};
        if (whole != 0) {
          all_[letter].value = whole;
          continue;
        }
      }
      if (one.mark == 0) letter = kept;
      all_[kept++] = one;
    }
    size_ = kept;
  }

  std::span<const sign> all() const noexcept { return {all_.data(), size_}; }

 private:
  bool add(char32_t c) noexcept {
    if (size_ == all_.size()) return false;
    sign one{c, c < first_mark ? std::uint8_t{0} : class_of_mark(c)};
    std::size_t at = size_++;
    // Marks behind a letter stand in the order of their classes.
    for (; at > 0 && one.mark != 0 && all_[at - 1].mark > one.mark; --at) all_[at] = all_[at - 1];
    all_[at] = one;
    return true;
  }

  std::array<sign, 4 * longest_nfc> all_{};
  std::size_t size_ = 0;
};

std::size_t encode(char32_t c, char* out) noexcept {
  const auto byte = [](char32_t bits) {
    return static_cast<char>(static_cast<unsigned char>(bits));
  };
  if (c < 0x80) {
    out[0] = byte(c);
    return 1;
  }
  const std::size_t size = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (std::size_t i = size - 1; i > 0; --i, c >>= 6) out[i] = byte(0x80U | (c & 0x3FU));
  out[0] = byte((0xF00U >> size & 0xF0U) | c);
  return size;
}

}  // namespace

result<std::string_view> nfc(std::string_view text, nfc_room& room) noexcept {
  bool may_change = false;
  for (std::size_t at = 0; at < text.size();) {
    const code_point c = code_point_at(text, at);
    if (c.size == 0) return error{errc::invalid_encoding, "the text is not valid UTF-8", at};
    may_change = may_change || c.value >= first_mark;
    at += c.size;
  }
  if (!may_change) return text;
  constexpr error too_long{errc::limit_exceeded, "a text too long to be compared as an id",
                           longest_nfc};
  if (text.size() > longest_nfc) return too_long;
  signs parts;
  for (std::size_t at = 0; at < text.size();) {
    const code_point c = code_point_at(text, at);
    if (!parts.take_apart(c.value)) return too_long;
    at += c.size;
  }
  parts.put_together();
  std::size_t size = 0;
  for (const sign& one : parts.all()) {
    if (size + 4 > sizeof room) return too_long;
    size += encode(one.value, room + size);
  }
  return std::string_view(room, size);
}

}  // namespace clientbook::unicode
