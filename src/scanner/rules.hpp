// The rules of the text scanner. Each is a function of a window and a place in it.
#ifndef CLIENTBOOK_SCANNER_RULES_HPP
#define CLIENTBOOK_SCANNER_RULES_HPP

#include <clientbook/scanner/scan.hpp>

#include <limits>
#include <type_traits>

#include "context_words.hpp"
#include "extent.hpp"
#include "window.hpp"

namespace clientbook::scanner {

using rule = scan_rule;

struct find {
  std::size_t begin = 0;
  std::size_t end = 0;
  scan_rule rule = scan_rule::card_luhn;

  explicit operator bool() const noexcept { return begin < end; }
};

/// Digits from one place on, over groups: what people and programs put between digits is
/// skipped, up to three characters at a time.
struct digit_run {
  static constexpr std::size_t most = 24;
  std::array<std::uint8_t, most> values;
  /// Where bytes count a run has no more bytes than one can count.
  using offset = std::conditional_t<compact, std::uint8_t, std::uint16_t>;
  std::array<offset, most> ends;  ///< Of each digit, in bytes from `begin`.
  /// Bit n: what stands before digit n (n > 0), by kind.
  std::uint32_t spaces = 0, dashes = 0, dots = 0, slashes = 0, brackets = 0, breaks = 0;
  std::uint32_t group_ends = 0;  ///< Bit n: after n digits a group ends.
  std::size_t begin = 0;
  std::uint8_t count = 0;
  bool goes_on = false;  ///< There are more digits in the same run.
  bool plain = true;     ///< ASCII digits only.

  std::size_t end_of(std::size_t digits) const noexcept { return begin + ends[digits - 1]; }
  /// Where the digit behind the first `digits` begins.
  std::size_t begin_of(const text_window& text, std::size_t digits) const noexcept {
    std::size_t at = end_of(digits);
    while (text.class_at(at) != char_class::digit) at += text.next(at).size;
    return at;
  }
  /// Digits of the first group.
  std::size_t first_group() const noexcept {
    std::size_t n = 1;
    while (n < count && (group_ends >> n & 1U) == 0) ++n;
    return n;
  }
  bool group_ends_after(std::size_t digits) const noexcept {
    return (group_ends >> digits & 1U) != 0;
  }
  /// Bits of the separators within the first `digits` digits.
  static std::uint32_t within(std::size_t digits) noexcept { return ((1U << digits) - 1) & ~1U; }
};
[[nodiscard]] digit_run read_digits(const text_window& text, std::size_t at) noexcept;

/// What kind of data a rule finds.
[[nodiscard]] entity_type type_of(scan_rule which) noexcept;

/// A run of digits and the words before it, which are looked for when the first rule asks.
class number_place {
 public:
  number_place(const text_window& window, std::size_t at) noexcept
      : text(window), run(read_digits(window, at)) {}

  const context& before() noexcept { return look(words_wanted::all); }
  /// Only `nearest` and `adjacent` of it count.
  const context& nearest() noexcept { return look(words_wanted::nearest); }

  const text_window& text;
  const digit_run run;

 private:
  const context& look(words_wanted wanted) noexcept {
    if (!all_ && (wanted == words_wanted::all || !nearest_)) {
      before_ = words_before(text, run.begin, wanted);
      nearest_ = true;
      all_ = wanted == words_wanted::all;
    }
    return before_;
  }

  context before_;
  bool nearest_ = false;
  bool all_ = false;
};

/// What is wanted, checked once.
struct scan_settings {
  explicit scan_settings(const scan_options& from) noexcept;
  result<void> valid() const noexcept;

  entity_set types;
  std::array<std::uint16_t, max_scan_regions> regions{};
  std::uint8_t region_count = 0;
  card_reading cards;
  date_reading dates;
  email_reading emails;
  url_reading urls;
  bool bad_regions = false;
  /// Of the regions one has addresses as find_written_addresses.cpp reads them.
  template <int>  // Two of one type would have two addresses.
  struct nothing {
    constexpr nothing(bool) noexcept {}                         // NOLINT(*-explicit-*)
    constexpr operator bool() const noexcept { return false; }  // NOLINT(*-explicit-*)
  };
  [[no_unique_address]] std::conditional_t<compact, nothing<0>, bool> written_addresses = false;
  /// One has addresses as find_numbered_places.cpp reads them.
  [[no_unique_address]] std::conditional_t<compact, nothing<1>, bool> placed_addresses = false;
  const known_values* known;

  bool wants(entity_type type) const noexcept { return types.contains(type); }
  CLIENTBOOK_ONCE bool in_region(std::uint16_t code) const noexcept {
    for (std::size_t i = 0; i < region_count; ++i) {
      if (regions[i] == code) return true;
    }
    return false;
  }
};

// Each finds what begins at, or lies around, the place; an empty find if nothing does.

// find_cards.cpp
inline constexpr std::size_t shortest_card = 12;  // Digits.
enum class card_place : std::uint8_t {
  its_own,
  inside_another,  ///< Of a number found: those that look like phone numbers do not count.
};
find card_at(const text_window& text, const digit_run& run, const scan_settings& settings,
             card_place place = card_place::its_own) noexcept;
find track_at(const text_window& text, std::size_t at) noexcept;  ///< at: `%` or `;`
/// Three or four digits right behind a word that is of nothing but a card's code. Not in firmware.
find card_code_at(const text_window& text, std::size_t at, std::size_t end) noexcept;
/// Expiry and code beside a card; at most four. beside_cards.cpp, in firmware
/// brief_beside_cards.cpp.
std::size_t beside_card(const text_window& text, const find& card, std::span<find, 4> out) noexcept;

// find_ibans.cpp
find iban_at(const text_window& text, std::size_t at) noexcept;  ///< at: the first digit

// find_national_ids.cpp
find national_id_at(number_place& place, const scan_settings& settings) noexcept;
/// Ids, vehicles and documents with letters: the token around a digit.
find mixed_id_at(const text_window& text, std::size_t at, const scan_settings& settings) noexcept;
find imei_at(number_place& place) noexcept;
/// Whether mixed_id_at() may find anything around the digits (mixed_ids_filter.cpp).
bool may_be_mixed_id(const text_window& text, const digit_run& run) noexcept;
/// A passport or driving licence of digits beside a word for it.
find document_at(number_place& place) noexcept;

// find_said.cpp
/// What the words beside a number decide alone: an id, an account, a card, a birth.
find said_beside(number_place& place, const scan_settings& settings) noexcept;
/// All of the value of which a check found a part beside a word of ids.
find said_whole(number_place& place, const find& part) noexcept;
find east_asian_address_at(const text_window& text, const digit_run& run) noexcept;

// find_handles.cpp; none in firmware
find handle_at(const text_window& text, std::size_t at) noexcept;            ///< at: `@`
find handle_behind_colon(const text_window& text, std::size_t at) noexcept;  ///< at: `:`
/// Around a digit, a `_` or a full stop between letters: `WeChat zoe_wx92`, `skype zoe.miller`.
find handle_around(const text_window& text, std::size_t at) noexcept;
find number_in_network(const text_window& text, const digit_run& run) noexcept;  ///< `QQ 123456789`
find payment_address_at(const text_window& text, std::size_t at) noexcept;       ///< at: `@`

// find_callings.cpp
/// Whether what stands before the number says that somebody is called at it. `grouped`: it is in
/// groups, as phone numbers are. Not in firmware.
bool calling_before(const text_window& text, std::size_t at, bool grouped) noexcept;

// find_phones.cpp
find phone_at(number_place& place, const scan_settings& settings) noexcept;

// find_internet.cpp
find email_at(const text_window& text, std::size_t at) noexcept;             ///< at: `@`
find spaced_email_at(const text_window& text, std::size_t at) noexcept;      ///< at: `@`
find escaped_email_at(const text_window& text, std::size_t at) noexcept;     ///< at: `%`
find obfuscated_email_at(const text_window& text, std::size_t at) noexcept;  ///< at: `@` or word
find url_at(const text_window& text, std::size_t at,
            url_reading urls) noexcept;  ///< at: `:` `/` `.`
/// Where a URL that was cut at `at` ends; `at` if it was whole.
std::size_t rest_of_url(const text_window& text, std::size_t at) noexcept;
find ipv4_at(const text_window& text, std::size_t at) noexcept;  ///< at: first digit
find ipv6_at(const text_window& text, std::size_t at) noexcept;  ///< at: the first `:`
find mac_at(const text_window& text, std::size_t at) noexcept;   ///< at: a hex digit or `:`

// find_dates.cpp
struct date_found {
  find span;
  bool is_date = false;  ///< A day that exists stands here, whether it is wanted or not.
  std::size_t end = 0;   ///< Of that day.
};
date_found date_at(const text_window& text, std::size_t at, date_reading dates) noexcept;

// find_birth_years.cpp; none in firmware
/// A year that somebody was born in, by what stands behind it or farther before it.
find birth_year_at(const text_window& text, std::size_t at) noexcept;
/// Whether a sign or word of birth stands behind a day that ends at `end`.
bool born_behind(const text_window& text, std::size_t end) noexcept;
/// `*12.03.1953`
bool star_of_birth(const text_window& text, std::size_t begin, std::size_t end) noexcept;

// find_births.cpp
/// Whether a word of birth stands directly before the place.
bool birth_word_before(const text_window& text, std::size_t at) noexcept;
/// `f.`, `s.`, `р.` before a day of long ago.
bool birth_letter_before(const text_window& text, std::size_t at, unsigned year) noexcept;
/// A day in whatever calendar and signs, beside a word of birth.
find loose_birth_at(const text_window& text, std::size_t at) noexcept;

// find_written_addresses.cpp
[[nodiscard]] bool written_so(const scan_settings& settings) noexcept;
/// Whether the colon at `at` stands behind a name of addresses: `Wohnort: ...`.
[[nodiscard]] bool names_addresses(const text_window& text, std::size_t at) noexcept;
find written_address_at(const text_window& text, const digit_run& run,
                        const scan_settings& settings) noexcept;
/// `, Cauca`, `, Santiago del Estero`: the province that ends an address there.
[[nodiscard]] std::size_t over_province(const text_window& text, std::size_t end,
                                        const scan_settings& settings) noexcept;

// find_numbered_places.cpp
/// Whether one of the regions has addresses as place_address_at() reads them.
[[nodiscard]] bool places_told_so(const scan_settings& settings) noexcept;
find place_address_at(const text_window& text, std::size_t at,
                      const scan_settings& settings) noexcept;

// trim_addresses.cpp
/// Without words beside it that look like names because all of the text is in capital letters.
find trimmed_address(const text_window& text, const find& address) noexcept;

// find_addresses.cpp
find address_at(const text_window& text, const digit_run& run,
                const scan_settings& settings) noexcept;

}  // namespace clientbook::scanner

#endif
