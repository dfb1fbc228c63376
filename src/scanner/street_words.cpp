#include "street_words.hpp"

#include "context_entries.hpp"
#include "street_lists.hpp"

#ifndef CLIENTBOOK_FIRMWARE
namespace clientbook::scanner {
namespace {

constexpr unsigned letter_number(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return ascii_letter(byte) ? byte & 31U : 0U;
}

// Calls `put` with each word of a list.
template <std::size_t Size, class Put>
constexpr void each_word(const packed_list<Size>& list, Put put) {
  for (std::size_t at = 0; at < list.begins[27];) {
    const std::size_t size = static_cast<unsigned char>(list.letters[at]);
    put(std::string_view(list.letters.data() + at + 1, size));
    at += size + 1;
  }
}

constexpr std::uint32_t first_letters(std::string_view word) noexcept {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4 && i < word.size(); ++i) out |= letter_number(word[i]) << (8 * i);
  return out;
}

consteval auto make_hints() {
  std::array<std::uint8_t, hint_places> out{};
  const auto add = [&](const auto& list, unsigned what) {
    each_word(list, [&](std::string_view word) {
      std::uint8_t& bits = out[hint_place(first_letters(word))];
      bits = static_cast<std::uint8_t>(bits | what);
    });
  };
  add(street_types, may_be_type);
  add(street_types_capital, may_be_type);
  add(name_follows, may_lead | may_be_part);
  add(particles, may_be_part);
  add(places, may_be_part);
  add(unit_words, may_be_unit);
  add(numbered_words, may_be_numbered);
  const auto add_month = [&](const context_entry& one) {
    if (one.kinds >> month_shift == 0) return;
    const std::string_view word = plain(one.word);
    const std::uint32_t letters = first_letters(word);
    // Longer words begin with it, whatever their fourth letter.
    const bool longer = word.size() != one.word.size() && word.size() < 4;
    for (std::uint32_t last = 0; last < (longer ? 27U : 1U); ++last) {
      std::uint8_t& bits = out[hint_place(letters | last << 24)];
      bits = static_cast<std::uint8_t>(bits | may_be_month);
    }
  };
  for (const context_entry& one : first_entries) add_month(one);
  for (const context_entry& one : more_entries) add_month(one);
  return out;
}

consteval auto make_endings() {
  std::array<std::uint32_t, 1024> out{};
  const auto add = [&](std::string_view word) {
    const auto last = [&](std::size_t i) { return letter_number(word[word.size() - i]); };
    for (unsigned first = 0; first < 27; ++first) {
      if (word.size() > 2 && first != last(3)) continue;
      const unsigned bit = ending_bit(first, last(2), last(1));
      out[bit / 32] |= 1U << (bit % 32);
    }
  };
  each_word(name_endings, add);
  each_word(name_endings_glued, add);
  return out;
}

}  // namespace

constinit const std::array<std::uint8_t, hint_places> word_hints = make_hints();
constinit const std::array<std::uint32_t, 1024> street_endings = make_endings();

}  // namespace clientbook::scanner
#endif
