// Bits of a text in base64url without padding, six to a character, as TC and GPP strings are
// written. Positions are bits from the start of the text.
#ifndef CLIENTBOOK_INTERNAL_EXCHANGE_BITS_HPP
#define CLIENTBOOK_INTERNAL_EXCHANGE_BITS_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/internal/base/base64.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace clientbook::exchange {

inline std::uint8_t digit(char character) noexcept {
  return base64url_digits[static_cast<unsigned char>(character)];
}

/// Errors: invalid_encoding, `at` the bit of the first character that is none of the alphabet.
inline result<void> check_base64url(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (digit(text[i]) != no_base64url_digit) continue;
    if (text[i] == '=') {
      return error{errc::invalid_encoding, "padding with '=' does not belong here: leave it out",
                   6 * i};
    }
    return error{errc::invalid_encoding, "a character outside base64url", 6 * i};
  }
  return {};
}

/// `count` bits, at most 57, that all lie in a text of the alphabet.
inline std::uint64_t bits_at(std::string_view text, std::size_t bit, unsigned count) noexcept {
  std::size_t i = bit / 6;
  unsigned have = 6 - static_cast<unsigned>(bit % 6);
  std::uint64_t value = digit(text[i]) & ((1u << have) - 1);
  while (have < count) {
    value = (value << 6) | digit(text[++i]);
    have += 6;
  }
  return value >> (have - count);
}

/// Reads from front to back; behind the end it yields zeros and remembers it.
class bit_reader {
 public:
  explicit bit_reader(std::string_view checked) noexcept : text_(checked) {}

  std::size_t at() const noexcept { return at_; }
  std::size_t left() const noexcept { return 6 * text_.size() - at_; }
  bool failed() const noexcept { return failed_; }

  std::uint64_t read(unsigned count) noexcept {
    if (count == 0 || !skip(count)) return 0;
    return bits_at(text_, at_ - count, count);
  }

  bool skip(std::size_t count) noexcept {
    if (count > left()) {
      failed_ = true;
      at_ = 6 * text_.size();
      return false;
    }
    at_ += count;
    return true;
  }

  /// Fibonacci code (Zeckendorf, ends with two ones); 0 if there is none below 2^16.
  std::uint32_t read_fibonacci() noexcept {
    std::uint32_t value = 0;
    std::uint32_t weight = 1;
    std::uint32_t following = 2;
    bool before = false;
    // The largest number below 2^16 has weight 46368 and ends one place behind it.
    while (weight <= 75025) {
      const bool one = read(1) != 0;
      if (failed_) return 0;
      if (one && before) return value < 65536 ? value : 0;
      if (one) value += weight;
      before = one;
      const std::uint32_t sum = weight + following;
      weight = following;
      following = sum;
    }
    return 0;
  }

  /// Whether nothing but zeros is left, and fewer than `limit` of them.
  bool only_padding(std::size_t limit) const noexcept {
    if (left() >= limit) return false;
    for (std::size_t bit = at_; bit < 6 * text_.size();) {
      const auto count = static_cast<unsigned>(6 - bit % 6);
      if (bits_at(text_, bit, count) != 0) return false;
      bit += count;
    }
    return true;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

class bit_writer {
 public:
  void write(std::uint64_t value, unsigned count) {
    for (unsigned i = count; i-- > 0;) push((value >> i) & 1);
  }

  void write_fibonacci(std::uint32_t value) {
    std::array<std::uint32_t, 24> weights{1, 2};
    std::size_t used = 2;
    while (weights[used - 1] <= value) {
      weights[used] = weights[used - 1] + weights[used - 2];
      ++used;
    }
    std::uint32_t code = 0;
    std::size_t highest = 0;
    for (std::size_t i = used; i-- > 0;) {
      if (weights[i] > value) continue;
      value -= weights[i];
      code |= 1u << i;
      if (highest == 0) highest = i;
    }
    for (std::size_t i = 0; i <= highest; ++i) push((code >> i) & 1);
    push(1);
  }

  /// Fills up to a multiple of `unit` bits and then of six; returns the text.
  std::string finish(unsigned unit) {
    while (count_ % unit != 0) push(0);
    while (count_ % 6 != 0) push(0);
    return std::move(text_);
  }

 private:
  void push(std::uint64_t bit) {
    if (count_ % 6 == 0) value_ = 0;
    value_ = (value_ << 1) | static_cast<unsigned>(bit);
    if (++count_ % 6 == 0) text_ += base64url_alphabet[value_];
  }

  std::string text_;
  std::size_t count_ = 0;
  unsigned value_ = 0;
};

}  // namespace clientbook::exchange

#endif
