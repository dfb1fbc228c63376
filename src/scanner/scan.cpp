// The engine: the walk over a text from one place where something may begin to the next.
//
// What a place looks like decides which rules are asked; each is a function of a window around the
// place (rules.hpp), so that a text in pieces gives what it gives whole. Rules are asked in the
#include <clientbook/scanner/known_values.hpp>
#include <clientbook/scanner/scan.hpp>

#include "lookalikes.hpp"
#include "marks.hpp"
#include "named_colons.hpp"
#include "number_shapes.hpp"
#include "small_numbers.hpp"
#include "walk.hpp"

namespace clientbook {
namespace scanner {

scan_settings::scan_settings(const scan_options& from) noexcept
    : types(from.types),
      cards(from.cards),
      dates(from.dates),
      emails(from.emails),
      urls(from.urls),
      known(from.types.contains(entity_type::known_value) && from.known != nullptr &&
                    !from.known->empty()
                ? from.known
                : nullptr) {
  for (const std::string_view region : from.regions) {
    const auto capital = [&](std::size_t i) { return region[i] >= 'A' && region[i] <= 'Z'; };
    if (region.size() != 2 || !capital(0) || !capital(1) || region_count == regions.size()) {
      bad_regions = true;
      return;
    }
    regions[region_count++] = country(region[0], region[1]);
  }
  if constexpr (!compact) {
    written_addresses = written_so(*this);
    placed_addresses = places_told_so(*this);
  }
}

result<void> scan_settings::valid() const noexcept {
  if (!bad_regions) return {};
  return error{errc::invalid_argument, "regions are at most 8 pairs of capital letters"};
}

namespace {

// One walk over the text.
class walk {
 public:
  walk(std::string_view text, const scan_settings& settings, find_list& finds) noexcept
      : text_(text), settings_(settings), finds_(finds) {
    const auto before = finds.finds();
    if (!before.empty() && before.back().type == entity_type::url) cut_url_ = before.back().end;
  }

  std::size_t operator()(std::size_t from, std::size_t to) noexcept {
    if constexpr (compact) {
      return at_every_place(from, to);
    } else {
      return from_mark_to_mark(from, to);
    }
  }

 private:
  // Looks at every place.
  std::size_t at_every_place(std::size_t at, std::size_t to) noexcept {
    while (at < to) {
      if (at == cut_url_) {
        at = over_rest(at);
        continue;
      }
      const std::size_t size =
          settings_.known != nullptr && begins_word(at) ? settings_.known->match(text_, at) : 0;
      at = size != 0 ? known(at, size) : at_place(at);
    }
    return at;
  }

  // Goes from one mark or value to the next.
  std::size_t from_mark_to_mark(std::size_t from, std::size_t to) noexcept {
    std::size_t mark = next_mark(from, to);
    std::size_t value = next_value(from, to);
    std::size_t at = from;
    while (at < to) {
      if (at == cut_url_) {
        at = over_rest(at);
        continue;
      }
      if (mark < at) mark = next_mark(at, to);
      if (value < at) value = next_value(at, to);
      at = mark < value ? mark : value;
      if (at >= to) break;
      if (at == value) {
        const std::size_t size = begins_word(at) ? settings_.known->match(text_, at) : 0;
        if (size != 0) {
          at = known(at, size);
          continue;
        }
        value = next_value(at + 1, to);
      }
      if (at == mark) {
        const std::size_t next = at_place(at);
        at = next > at ? next : at + 1;  // Whatever a rule finds, the walk goes on.
      }
    }
    return at;
  }
  // Reads a plain copy around `at` as `look` says; what was read, or 0 where there is none to read.
  template <class Look>
  std::size_t on_copy(std::size_t at, std::size_t end, Look look) noexcept {
    if (copied_) return 0;
    const text_window window(text_, at);
    if (!looks_plain_beside(window, at, end)) return 0;
    const plain_copy copy(window, at);
    std::array<text_entity, 32> memory;  // What one place can add, and more.
    find_list finds(memory);
    walk inner(copy.text(), settings_, finds);
    inner.copied_ = true;
    const std::size_t read = look(inner, copy.place());
    for (const text_entity& one : finds.finds()) {
      add({copy.in_text(one.begin), copy.in_text(one.end), one.rule});
    }
    return copy.in_text(read);
  }

  // In a plain copy: the first colon of `::ffff:...` may have stood beside plain signs.
  static std::size_t at_first_colon(walk& inner, std::size_t at) noexcept {
    std::size_t first = at;
    for (std::size_t i = at; i > 0 && at - i < 40; --i) {
      const auto before = static_cast<unsigned char>(inner.text_[i - 1]);
      if (before == ':') first = i - 1;
      if (before != ':' && !ascii_hex(before)) break;
    }
    const std::size_t end = inner.at_colon(text_window(inner.text_, first), first);
    return end > at ? end : at + 1;
  }

  bool add(const find& found) noexcept {
    if (!found) return false;
    last_end_ = found.end;
    if constexpr (compact) {
      finds_.add(found);
    } else {
      last_end_ = over_keycap(found.end);
      finds_.add({found.begin, last_end_, found.rule});
    }
    const entity_type type = type_of(found.rule);
    if (type == entity_type::url) cut_url_ = last_end_;
    return true;
  }

  // The box of a keycap belongs to its digit.
  std::size_t over_keycap(std::size_t at) const noexcept {
    constexpr std::string_view selector = "\xEF\xB8\x8F";
    constexpr std::string_view box = "\xE2\x83\xA3";
    if (at >= text_.size() || static_cast<unsigned char>(text_[at]) < 0xE2) return at;
    if (text_.substr(at).starts_with(selector)) at += selector.size();
    return text_.substr(at).starts_with(box) ? at + box.size() : at;
  }

  // A URL is looked at as far as a rule may look; what follows belongs to it.
  CLIENTBOOK_ONCE std::size_t over_rest(std::size_t at) noexcept {
    cut_url_ = std::string_view::npos;
    const text_window window(text_, at);
    const std::size_t end = rest_of_url(window, at);
    if (end == at) return at;
    add({at, end, rule::url_rest});
    return end;
  }

  // The next place from `at` on where a mark or a digit stands, or `to`.
  std::size_t next_mark(std::size_t at, std::size_t to) const noexcept {
    return spelled() ? at : next_mark_in(text_, at, to);
  }
  // The next place where a known value may begin, or `to`.
  std::size_t next_value(std::size_t at, std::size_t to) const noexcept {
    return settings_.known == nullptr ? to : settings_.known->next(text_, at, to);
  }

  std::size_t at_place(std::size_t at) noexcept {
    if constexpr (extent::spelled_emails) {
      if (spelled()) {
        if (const std::size_t end = spelled_at(at)) return end;
      }
    }
    const trigger what = trigger_of(static_cast<unsigned char>(text_[at]));
    return what == trigger::none ? at + 1 : look_at(at, what);
  }

  // The end of an address that is spelled out here, or 0.
  std::size_t spelled_at(std::size_t at) noexcept {
    const auto byte = static_cast<unsigned char>(text_[at]);
    const bool may = byte == '(' || byte == '[' || byte == '{' || byte == '@' ||
                     (ascii_letter(byte) && begins_word(at));
    if (!may) return 0;
    if (at > 0 && static_cast<unsigned char>(text_[at - 1]) >= 0x80) {
      const std::size_t before = last_end_;
      on_copy(at, at + 1, [](walk& inner, std::size_t its) {
        inner.add(obfuscated_email_at(text_window(inner.text_, its), its));
        return its;
      });
      if (last_end_ != before) return last_end_ > at ? last_end_ : at + 1;
    }
    const text_window window(text_, at);
    if (!add(obfuscated_email_at(window, at))) return 0;
    return last_end_ > at ? last_end_ : at + 1;
  }

  bool spelled() const noexcept {
    return settings_.emails == email_reading::obfuscated &&
           settings_.wants(entity_type::email_address);
  }

  bool begins_word(std::size_t at) const noexcept {
    const auto byte = static_cast<unsigned char>(text_[at]);
    if ((byte & 0xC0U) == 0x80U) return false;
    if (at == 0) return true;
    const auto before = static_cast<unsigned char>(text_[at - 1]);
    if (before < 0x80) return !ascii_letter(before) && !ascii_digit(before);
    const text_window window(text_, at);
    const seen c = window.next(at);
    if (c.value >= 0x2E80 && c.value < 0xFF00) return true;  // No spaces between words.
    const seen last = window.previous(at);
    return !text_window::is_word(class_of(last.value)) || last.value >= 0x2E80;
  }

  std::size_t known(std::size_t at, std::size_t size) noexcept {
    std::size_t begin = at;
    // `+39 333 ...`
    if (ascii_digit(static_cast<unsigned char>(text_[at])) && at > 0 && text_[at - 1] == '+') {
      begin = at - 1;
    }
    add({begin, at + size, rule::known_value});
    // What holds it, an e-mail address or a street, may still be found from here on.
    const std::size_t end = at + size;
    const trigger what = trigger_of(static_cast<unsigned char>(text_[at]));
    if (what == trigger::digit || what == trigger::other) look_at(at, what);
    return end;
  }

  std::size_t look_at(std::size_t at, trigger what) noexcept {
    if (what == trigger::other && digit_value(code_point_at(text_, at).value) >= 0) {
      what = trigger::digit;
    }
    return what == trigger::digit ? at_digit(at) : at_mark(at, what);
  }

  CLIENTBOOK_ONCE std::size_t at_mark(std::size_t at, trigger what) noexcept {
    const text_window window(text_, at);
    const unsigned char before = window[at - 1];
    const unsigned char then = window[at + 1];
    switch (what) {
      case trigger::other: {
        const seen c = window.next(at);
        if (c.value == 0xFF20) return at_sign(window, at, c.size);
        if constexpr (!compact) {
          // Digits in circles, which are no digits by their class.
          if (window[at] == 0xE2 || c.value >= 0x1F100) {
            if (const std::size_t end = on_disguise(window, at)) return end;
          }
        }
        if constexpr (extent::plain_copies) {
          if (c.value == 0xFF1A) {
            if (settings_.wants(entity_type::url) && add(handle_behind_colon(window, at))) {
              return last_end_;
            }
            const std::size_t end = on_copy(at, at + c.size, at_first_colon);
            if (end != 0) return end;
          }
        }
        return at + c.size;
      }
      case trigger::at_sign:
        return at_sign(window, at, 1);
      case trigger::colon:
        if constexpr (extent::other_numbers) return at_colon(window, at);
        if (then == '/') return url(window, at);
        return settings_.wants(entity_type::ip_address) && add(ipv6_at(window, at)) ? last_end_
                                                                                    : at + 1;
      case trigger::slash:
        return (ascii_letter(before) || before >= 0x80) && then > ' ' ? url(window, at) : at + 1;
      case trigger::dot:
        if ((before | 0x20U) == 'w') {
          const std::size_t end = url(window, at);
          if (end != at + 1) return end;
        }
        if constexpr (!extent::other_numbers) return at + 1;
        if (at >= 4 && ascii_hex(before) && window[at + 5] == '.') {
          const std::size_t end = at_mac(window, at);
          if (end != at + 1) return end;
        }
        return ascii_letter(before) && ascii_letter(then) ? in_handle(window, at) : at + 1;
      case trigger::underscore:
        return in_handle(window, at);
      case trigger::dash:
        if constexpr (!extent::other_numbers) return at + 1;
        return at >= 2 && window[at + 3] == '-' && ascii_hex(before) ? at_mac(window, at) : at + 1;
      case trigger::track:
        if (settings_.wants(entity_type::payment_card) &&
            (ascii_digit(then) || (then | 0x20U) == 'b') && add(track_at(window, at))) {
          return last_end_;
        }
        if constexpr (!compact) {
          if (then != 'b' && settings_.wants(entity_type::email_address) &&
              add(escaped_email_at(window, at))) {
            return last_end_;
          }
        }
        return at + 1;
      default:
        return at + 1;
    }
  }

  std::size_t url(const text_window& window, std::size_t at) noexcept {
    return settings_.wants(entity_type::url) && add(url_at(window, at, settings_.urls)) ? last_end_
                                                                                        : at + 1;
  }

  std::size_t at_sign(const text_window& window, std::size_t at, std::size_t size) noexcept {
    if (settings_.wants(entity_type::email_address) && add(email_at(window, at))) return last_end_;
    if constexpr (!compact) {
      if (settings_.wants(entity_type::email_address) && add(spaced_email_at(window, at))) {
        return last_end_;
      }
      if (settings_.wants(entity_type::bank_account) && add(payment_address_at(window, at))) {
        return last_end_;
      }
      if (settings_.wants(entity_type::url) && add(handle_at(window, at))) return last_end_;
    }
    return at + size;
  }

  std::size_t in_handle(const text_window& window, std::size_t at) noexcept {
    if constexpr (compact) return at + 1;
    return settings_.wants(entity_type::url) && add(handle_around(window, at)) ? last_end_ : at + 1;
  }

  std::size_t at_mac(const text_window& window, std::size_t at) noexcept {
    return settings_.wants(entity_type::mac_address) && add(mac_at(window, at)) ? last_end_
                                                                                : at + 1;
  }

  std::size_t at_colon(const text_window& window, std::size_t at) noexcept {
    if (settings_.wants(entity_type::url) && add(handle_behind_colon(window, at))) return last_end_;
    if (window[at - 1] >= 0x80 || window[at + 1] >= 0x80) {
      const std::size_t end = on_copy(at, at + 1, at_first_colon);
      if (end != 0) return end;
    }
    if (window[at + 1] == '/') return url(window, at);
    const bool hex_behind = ascii_hex(window[at + 1]) || window[at + 1] == ':';
    if (!hex_behind) return at + 1;
    if (settings_.wants(entity_type::mac_address) && add(mac_at(window, at))) return last_end_;
    if (settings_.wants(entity_type::ip_address) && add(ipv6_at(window, at))) return last_end_;
    return at + 1;
  }

  // A card that begins after the first `n` digits.
  CLIENTBOOK_ONCE find later_card(const text_window& window, const digit_run& run, std::size_t n,
                                  card_place place) noexcept {
    if (!run.group_ends_after(n)) return {};
    return card_at(window, read_digits(window, run.begin_of(window, n)), settings_, place);
  }

  // A card that begins at a later group of what was taken for something else.
  bool card_inside(const text_window& window, const digit_run& run, std::size_t end) noexcept {
    for (std::size_t n = 1; n < run.count && run.end_of(n) < end; ++n) {
      if (run.count - n < shortest_card && !run.goes_on) return false;
      if (later_card(window, run, n, card_place::inside_another)) return true;
    }
    return false;
  }

  std::size_t at_digit(std::size_t at) noexcept;
  std::size_t over_small_number(const text_window& window, std::size_t at) noexcept;

  std::size_t phone_or_address(number_place& place, std::size_t group, std::size_t next) noexcept;
  std::size_t digits_on_copy(const text_window& window, const digit_run& run,
                             std::size_t next) noexcept;
  std::size_t on_disguise(const text_window& window, std::size_t at) noexcept;
  bool proven(number_place& place, std::size_t group, std::size_t next) noexcept;
  bool identified(number_place& place, std::size_t group) noexcept;
  bool checked_id(number_place& place, std::size_t group) noexcept;
  void widen(number_place& place) noexcept;
  CLIENTBOOK_ONCE void hide_card(const text_window& window, const find& card) noexcept;
  CLIENTBOOK_ONCE std::size_t cards(const text_window& window, const digit_run& run) noexcept;
  bool begins_card(const text_window& window, const digit_run& run, std::size_t n) noexcept;
  bool joins_lines(const text_window& window, const digit_run& run, std::size_t end) noexcept;
  bool is_whole(const text_window& window, const digit_run& run, std::size_t n) noexcept;
  std::size_t shortest_front(const text_window& window, const digit_run& run,
                             std::size_t n) noexcept;
  CLIENTBOOK_ONCE bool mixed(number_place& place) noexcept;

  std::string_view text_;
  const scan_settings& settings_;
  find_list& finds_;
  std::size_t last_end_ = 0;
  std::size_t cut_url_ = std::string_view::npos;  // End of a URL that may go on.
  [[no_unique_address]] colons_seen colons_;
  bool copied_ = false;     // The text is a plain copy,
  bool disguised_ = false;  // of a number in disguise.
};

// Whether one begins right behind the first `n` digits, and not within the group there.
bool walk::begins_card(const text_window& window, const digit_run& run, std::size_t n) noexcept {
  const find card = later_card(window, run, n, card_place::its_own);
  return card && card.begin == run.begin_of(window, n);
}

// Groups of four by tabs alone, as a card lies in the cells that it was pasted from: what begins at
// a later group by chance is none.
bool pasted_in_fours(const text_window& window, const digit_run& run, std::size_t end) noexcept {
  for (std::size_t n = 1; n < run.count && run.end_of(n) < end; ++n) {
    const bool parted = run.group_ends_after(n);
    if (parted != (n % 4 == 0) || (parted && window[run.end_of(n)] != '\t')) return false;
  }
  return true;
}

// A card that reaches over a line end, or into another cell, where one begins by itself: the digits
// in front of it made one by chance.
bool walk::joins_lines(const text_window& window, const digit_run& run, std::size_t end) noexcept {
  if (pasted_in_fours(window, run, end)) return false;
  for (std::size_t n = 1; n < run.count && run.end_of(n) < end; ++n) {
    if (ends_line_or_cell(window, run.end_of(n)) && begins_card(window, run, n)) return true;
  }
  return false;
}

// Whether a card of the first `n` digits ends for certain: with its line or cell, with all digits,
// or before another card.
bool walk::is_whole(const text_window& window, const digit_run& run, std::size_t n) noexcept {
  return n == run.count || ends_line_or_cell(window, run.end_of(n)) || begins_card(window, run, n);
}

// The digits of the shortest card that begins where one of `n` digits does.
std::size_t walk::shortest_front(const text_window& window, const digit_run& run,
                                 std::size_t n) noexcept {
  digit_run front = run;
  front.goes_on = true;
  for (std::size_t digits = shortest_card; digits < n; ++digits) {
    if (!run.group_ends_after(digits)) continue;
    front.count = static_cast<std::uint8_t>(digits);
    if (card_at(window, front, settings_).end == run.end_of(digits)) return digits;
  }
  return n;
}

// A card and what stands beside it; 0 if none begins here, else where to go on. Digits before a
// card may make another by chance that ends within it, and digits behind it a longer one: all of
// them are hidden, and what follows the shortest is looked at anew, since a value may begin there.
std::size_t walk::cards(const text_window& window, const digit_run& run) noexcept {
  const find card = card_at(window, run, settings_);
  if (!card || (!compact && joins_lines(window, run, card.end))) return 0;
  hide_card(window, card);
  std::size_t behind = card.end;
  if constexpr (!compact) {
    std::size_t digits = 1;
    while (digits < run.count && run.end_of(digits) < card.end) ++digits;
    if (is_whole(window, run, digits)) return behind;
    behind = run.end_of(shortest_front(window, run, digits));
  }
  for (std::size_t n = 1; n < run.count && run.end_of(n) < card.end; ++n) {
    const find later = later_card(window, run, n, card_place::its_own);
    if (later && later.end > card.end) hide_card(window, later);
  }
  return behind;
}

void walk::hide_card(const text_window& window, const find& card) noexcept {
  if constexpr (compact) {
    finds_.add(card);
  } else {
    add(card);
  }
  std::array<find, 4> around;
  const std::size_t count = beside_card(window, card, around);
  for (std::size_t i = 0; i < count; ++i) {
    if (settings_.wants(type_of(around[i].rule))) finds_.add(around[i]);
  }
}

// Ids of letters and digits around a digit; they end at last_end_.
bool walk::mixed(number_place& place) noexcept {
  const text_window& window = place.text;
  const digit_run& run = place.run;
  if (!settings_.wants(entity_type::national_id) && !settings_.wants(entity_type::vehicle_id)) {
    return false;
  }
  if constexpr (!compact) {
    if (!may_be_mixed_id(window, run)) return false;
  }
  return add(mixed_id_at(window, run.begin, settings_));
}

// The end of a small number that can be a part of nothing; 0 where the rules have to look.
std::size_t walk::over_small_number(const text_window& window, std::size_t at) noexcept {
  if (!ascii_digit(static_cast<unsigned char>(text_[at]))) return 0;
  std::size_t end = at + 1;
  while (end - at <= longest_small_number && window.digit_at(end)) ++end;
  if (settings_.wants(entity_type::card_code) && add(card_code_at(window, at, end))) return end;
  const bool tells =
      end - at > longest_small_number || small_number_tells(window, at, end) ||
      (settings_.wants(entity_type::postal_address) &&
       (settings_.placed_addresses || settings_.written_addresses || colons_.may_name(text_, at)));
  return tells ? 0 : end;
}

// A number in disguise, beside its word: marks between its groups, letters for digits. The end of
// what is found in it, or 0.
std::size_t walk::on_disguise(const text_window& window, std::size_t at) noexcept {
  if (disguised_) return 0;
  const span_found value = disguised_number(window, at);
  if (!value) return 0;
  const plain_copy copy(window, value.begin, value);
  std::array<text_entity, 32> memory;
  find_list finds(memory);
  walk inner(copy.text(), settings_, finds);
  inner.copied_ = inner.disguised_ = true;
  std::size_t first = copy.place();  // Behind the letters of a country: `DE89`.
  while (!ascii_digit(static_cast<unsigned char>(copy.text()[first]))) ++first;
  inner.at_digit(first);
  std::size_t end = 0;
  for (const text_entity& one : finds.finds()) {
    add({copy.in_text(one.begin), copy.in_text(one.end), one.rule});
    if (copy.in_text(one.end) > end) end = copy.in_text(one.end);
  }
  return end > at ? end : 0;
}

// What a plain copy shows of a number beside signs that only look like plain ones; 0 without any.
std::size_t walk::digits_on_copy(const text_window& window, const digit_run& run,
                                 std::size_t next) noexcept {
  const std::size_t at = run.begin;
  const std::size_t run_end = run.end_of(run.count);
  const unsigned char after = window[next];
  if (run.plain && window[at - 1] < 0x80 && after < 0x80 && after != '\\' &&
      window[at - 2] != '\\' && window[run_end] < 0x80 &&
      (after != ',' || window[next + 1] < 0x80)) {
    return 0;
  }
  const auto read = [](walk& inner, std::size_t its) { return inner.at_digit(its); };
  const std::size_t end = on_copy(at, next, read);
  return end == 0 && run_end != next ? on_copy(at, run_end, read) : end;
}

// Numbers that their form or their check proves, whatever stands beside them; they end at
// last_end_.
bool walk::proven(number_place& place, std::size_t group, std::size_t next) noexcept {
  const text_window& window = place.text;
  const digit_run& run = place.run;
  const std::size_t at = run.begin;
  const unsigned char before = window[at - 1];
  const unsigned char after = window[next];
  if (run.count >= 2 &&
      (ascii_letter(before) || before >= 0x80 || (!compact && (before == ' ' || before == '-'))) &&
      settings_.wants(entity_type::iban) && add(iban_at(window, at))) {
    return true;
  }
  if (run.count >= 12 && settings_.wants(entity_type::payment_card)) {
    if (const std::size_t end = cards(window, run)) {
      last_end_ = end;
      return true;
    }
  }
  if (group > 4 || (after != '.' && after != ':' && after != '-')) return false;
  if (after == '.' && group <= 3 && settings_.wants(entity_type::ip_address) &&
      add(ipv4_at(window, at))) {
    return true;
  }
  return extent::other_numbers && (group == 2 || group == 4) &&
         settings_.wants(entity_type::mac_address) && add(mac_at(window, next));
}

// Ids, documents and devices; they end at last_end_.
bool walk::identified(number_place& place, std::size_t group) noexcept {
  if constexpr (!compact) {
    const text_window& window = place.text;
    const std::size_t at = place.run.begin;
    if ((group <= 4 || group == 6 || group == 8) && settings_.wants(entity_type::date_of_birth) &&
        add(birth_year_at(window, at))) {
      return true;
    }
    const unsigned char before = window[at - 1];
    if ((ascii_letter(before) || before == '_' || before == '.' || before == '-' ||
         before == '#') &&
        settings_.wants(entity_type::url) && add(handle_around(window, at))) {
      return true;
    }
  }
  if (checked_id(place, group)) return true;
  if constexpr (compact) return false;
  const find said = said_beside(place, settings_);
  if (said && said.rule == rule::card_cautious) hide_card(place.text, said);
  if (said || !settings_.wants(entity_type::url)) return add(said);
  return add(number_in_network(place.text, place.run));
}

// What a check found may be a part of what stands beside a word of ids.
void walk::widen(number_place& place) noexcept {
  if constexpr (compact) return;
  if (finds_.finds().empty()) return;
  const text_entity last = finds_.finds().back();
  const bool of_digits =
      last.type == entity_type::national_id || last.type == entity_type::payment_card;
  if (!of_digits || last.end != last_end_) return;
  const find whole = said_whole(place, {last.begin, last.end, last.rule});
  if (whole.begin < last.begin || whole.end > last.end) add(whole);
}

bool walk::checked_id(number_place& place, std::size_t group) noexcept {
  const text_window& window = place.text;
  const digit_run& run = place.run;
  if (mixed(place)) return true;
  if (settings_.wants(entity_type::national_id)) {
    const find id = run.count >= 9 ? national_id_at(place, settings_) : find{};
    const bool amount = !compact && id && (of_amounts(place, id.end) || of_instant(place, id.end));
    if (id && !amount && !card_inside(window, run, id.end)) return add(id);
    if (extent::other_numbers && group >= 6 && !ascii_letter(window[run.begin - 1]) &&
        add(document_at(place))) {
      return true;
    }
  }
  return extent::other_numbers && run.count >= 15 && settings_.wants(entity_type::imei) &&
         add(imei_at(place));
}

// The rules from the one that proves most to those that the words around a number decide: the first
// that finds something takes the number.
std::size_t walk::at_digit(std::size_t at) noexcept {
  const text_window window(text_, at);
  if constexpr (!compact) {
    if (const std::size_t end = over_small_number(window, at)) return end;
  }
  if constexpr (!compact) {
    if (const std::size_t end = uuid_end(window, at)) return end;
  }
  number_place place(window, at);
  const digit_run& run = place.run;
  const std::size_t group = run.first_group();
  std::size_t next = run.end_of(group);
  if (group == digit_run::most) {
    while (window.class_at(next) == char_class::digit) next += window.next(next).size;
  }
  if constexpr (extent::plain_copies) {
    if (const std::size_t end = digits_on_copy(window, run, next)) return end;
  }
  if constexpr (!compact) {
    if (const std::size_t end = goods_end(place, settings_.dates)) return end;
    if (number_of_order(place)) return next;
  }
  if constexpr (!compact) {
    // Pasted from cells: a card that goes on behind its first sixteen digits, or ends before them.
    const std::size_t end = group == 4 && window[next] == '\t' ? on_disguise(window, at) : 0;
    if (end != 0) return end;
  }
  bool taken = proven(place, group, next);
  if constexpr (!compact) {
    const std::size_t end = taken ? 0 : on_disguise(window, at);
    if (end != 0) return end;
  }
  taken = taken || identified(place, group);
  if (taken) {
    if constexpr (!compact) widen(place);
    return last_end_;
  }
  std::size_t date_end = 0;
  if (group <= 4) {
    const date_found date = date_at(window, at, settings_.dates);
    if (settings_.wants(entity_type::date_of_birth) && add(date.span)) return last_end_;
    if (date.is_date) date_end = date.end;
  }
  if (date_end == 0) {
    if (const std::size_t end = phone_or_address(place, group, next)) return end;
  }
  return date_end > next ? date_end : next;
}

// What only the form of a number and the words around it tell; 0 if it is neither.
std::size_t walk::phone_or_address(number_place& place, std::size_t group,
                                   std::size_t next) noexcept {
  const text_window& window = place.text;
  const digit_run& run = place.run;
  if (run.count >= 5 && settings_.wants(entity_type::phone_number)) {
    const find phone = phone_at(place, settings_);
    if (phone && !card_inside(window, run, phone.end)) {
      add(phone);
      return phone.end;
    }
  }
  if (!settings_.wants(entity_type::postal_address)) return 0;
  if constexpr (extent::whole_addresses) {
    if (settings_.placed_addresses && add(place_address_at(window, run.begin, settings_))) {
      return last_end_ > next ? last_end_ : next;
    }
  }
  if (group <= 6 || (extent::whole_addresses && group == 8)) {
    if (extent::whole_addresses && add(east_asian_address_at(window, run))) {
      return last_end_ > next ? last_end_ : next;
    }
    if (add(address_at(window, run, settings_))) {
      // `Estrada Campos, 56, Vila Real`: what begins before the number holds it.
      if constexpr (extent::whole_addresses) {
        if (settings_.written_addresses) add(written_address_at(window, run, settings_));
      }
      return last_end_ > next ? last_end_ : next;
    }
  }
  if constexpr (extent::whole_addresses) {
    if (group <= 8 && (settings_.written_addresses || colons_.may_name(text_, run.begin)) &&
        add(written_address_at(window, run, settings_))) {
      return last_end_ > next ? last_end_ : next;
    }
  }
  return 0;
}

}  // namespace

std::size_t scan_places(std::string_view text, std::size_t from, std::size_t to,
                        const scan_settings& settings, find_list& finds) noexcept {
  return walk(text, settings, finds)(from, to);
}

}  // namespace scanner

result<std::span<text_entity>> scan(std::string_view text, const scan_options& options,
                                    std::span<text_entity> out) noexcept {
  const scanner::scan_settings settings(options);
  if (const auto good = settings.valid(); !good) return good.error();
  if (!valid_utf8(text)) return error{errc::invalid_encoding, "the text is not UTF-8"};
  scanner::find_list finds(out);
  scanner::scan_places(text, 0, text.size(), settings, finds);
  if (finds.overflow()) {
    return error{errc::buffer_too_small, "the text holds more than there is room for"};
  }
  return finds.finds();
}

}  // namespace clientbook