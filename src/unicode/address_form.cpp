// Folds an address sign by sign; a label of a domain that begins with `xn--` is decoded before.
#include <clientbook/internal/unicode/address_form.hpp>
#include <clientbook/internal/unicode/fold.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace clientbook::unicode {
namespace {

constexpr std::size_t longest_label = 63;  // RFC 1035.

using label_room = std::array<char32_t, longest_label>;

// RFC 3492, 5 and 6.1.
constexpr std::uint32_t base = 36, first_threshold = 1, last_threshold = 26, skew = 38, damp = 700;
constexpr std::uint32_t first_bias = 72, first_code = 128;

std::uint32_t adapt(std::uint32_t delta, std::uint32_t points, bool first) noexcept {
  delta = first ? delta / damp : delta / 2;
  delta += delta / points;
  std::uint32_t k = 0;
  for (; delta > (base - first_threshold) * last_threshold / 2; k += base) {
    delta /= base - first_threshold;
  }
  return k + (base - first_threshold + 1) * delta / (delta + skew);
}

// Of a letter or digit of a label; `base`: it is neither.
std::uint32_t digit_of(char c) noexcept {
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a');
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 26;
  return base;
}

// One number of variable length, taken off the front. False: there is none.
bool take_number(std::string_view& from, std::uint32_t bias, std::uint64_t& to) noexcept {
  std::uint64_t weight = 1;
  for (std::uint32_t k = base;; k += base) {
    const std::uint32_t digit = from.empty() ? base : digit_of(from.front());
    if (digit == base) return false;
    from.remove_prefix(1);
    to += digit * weight;
    const std::uint32_t threshold =
        std::clamp(k > bias ? k - bias : 0, first_threshold, last_threshold);
    if (digit < threshold) return true;
    weight *= base - threshold;
    if (weight > 0x110000ULL * (longest_label + 1) * base) return false;
  }
}

// The letters of what stands behind `xn--`; nothing if it is no such text.
std::span<const char32_t> decode(std::string_view text, label_room& room) noexcept {
  std::size_t size = 0;
  if (text.size() > room.size()) return {};
  if (const std::size_t mark = text.rfind('-'); mark != std::string_view::npos) {
    for (; size < mark; ++size) room[size] = static_cast<unsigned char>(text[size]);
    text.remove_prefix(mark + 1);
  }
  std::uint64_t code = first_code;
  std::uint64_t place = 0;
  std::uint32_t bias = first_bias;
  while (!text.empty()) {
    const std::uint64_t before = place;
    if (size == room.size() || !take_number(text, bias, place)) return {};
    const std::uint64_t points = size + 1;
    bias = adapt(static_cast<std::uint32_t>(place - before), static_cast<std::uint32_t>(points),
                 before == 0);
    code += place / points;
    place %= points;
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return {};
    const auto at = room.begin() + static_cast<std::ptrdiff_t>(place);
    std::copy_backward(at, room.begin() + static_cast<std::ptrdiff_t>(size),
                       room.begin() + static_cast<std::ptrdiff_t>(size + 1));
    *at = static_cast<char32_t>(code);
    ++size;
    ++place;
  }
  return {room.data(), size};
}

void give(char32_t c, callback_ref<void(char32_t)> each) {
  const char_class is = class_of(c);
  if (is != char_class::letter && is != char_class::digit) return each(c);
  for (const char32_t letter : fold(c).letters) {
    if (letter != 0) each(letter);
  }
}

bool is_coded(std::string_view label) noexcept {
  constexpr std::string_view prefix = "xn--";
  return label.size() > prefix.size() && label.size() <= longest_label &&
         std::equal(prefix.begin(), prefix.end(), label.begin(), [](char a, char b) {
           return a == b || (b >= 'A' && b <= 'Z' && a == static_cast<char>(b + ('a' - 'A')));
         });
}

void give_text(std::string_view text, callback_ref<void(char32_t)> each) {
  for (std::size_t i = 0; i < text.size();) {
    const code_point c = code_point_at(text, i);
    if (c.size == 0) {
      each(static_cast<unsigned char>(text[i++]));
      continue;
    }
    give(c.value, each);
    i += c.size;
  }
}

}  // namespace

void each_of_address(std::string_view address, callback_ref<void(char32_t)> each) {
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos) return give_text(address, each);
  give_text(address.substr(0, at + 1), each);
  std::string_view left = address.substr(at + 1);
  while (!left.empty()) {
    const std::string_view label = left.substr(0, left.find('.'));
    label_room room;
    const auto letters =
        is_coded(label) ? decode(label.substr(4), room) : std::span<const char32_t>();
    if (letters.empty()) give_text(label, each);
    for (const char32_t c : letters) give(c, each);
    left.remove_prefix(label.size());
    if (left.empty()) return;
    each(U'.');
    left.remove_prefix(1);
  }
}

}  // namespace clientbook::unicode
