// Masks: first and last characters of a text, of an e-mail address, a phone number, a card.
//
// Counts are of characters as people see them (graphemes), and at least half of a text is hidden
// whatever is asked for. What is no e-mail address, phone number or card is refused, and refused
// means that nothing is shown.
#include <clientbook/base/bytes.hpp>
#include <clientbook/internal/unicode/graphemes.hpp>
#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/redaction/redaction.hpp>

#include <array>

#include <clientbook/internal/base/text_out.hpp>
#include "country_code.hpp"
#include "number_digits.hpp"

namespace clientbook {
namespace {

using redaction::country_code;
using redaction::digits;
using redaction::not_text;
using redaction::read_digits;

constexpr std::string_view hidden = "***";
constexpr unsigned least_hidden = 4;
constexpr unsigned max_shown = 64;
constexpr unsigned max_fixed_length = 64;
// Of one character that is shown. Joined emoji need some 40; more is a text in disguise.
constexpr std::size_t max_grapheme = 48;

bool is_letter_or_digit(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
bool is_separator(std::string_view grapheme) noexcept {
  return grapheme.size() == 1 && grapheme[0] >= 0x20 && grapheme[0] < 0x7F &&
         !is_letter_or_digit(grapheme[0]);
}

// Calls use(grapheme) for each; the text is valid.
template <class Use>
void each_grapheme(std::string_view text, Use&& use) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = grapheme_at(text, at);
    use(slice(text, at, size));
    at += size;
  }
}

bool valid(const mask_options& options) noexcept {
  return options.first <= max_shown && options.last <= max_shown && options.character > 0x20 &&
         options.character < 0x7F && !is_letter_or_digit(options.character) &&
         options.fixed_length <= max_fixed_length;
}

}  // namespace

result<std::string_view> mask(std::string_view text, const mask_options& options,
                              byte_span out) noexcept {
  if (!valid(options)) {
    return error{errc::invalid_argument, "a mask shows at most 64 characters, hides by a sign"};
  }
  if (!valid_utf8(text)) return not_text;
  const bool keep = options.keep == separators::kept && options.fixed_length == 0;
  std::size_t count = 0;
  each_grapheme(text, [&](std::string_view one) { count += keep && is_separator(one) ? 0U : 1U; });

  std::size_t first = options.first;
  std::size_t last = options.last;
  const std::size_t shown = first + last;
  bool hide_all = count <= shown || count - shown < least_hidden || count - shown < shown;
  std::size_t place = 0;
  each_grapheme(text, [&](std::string_view one) {
    if (keep && is_separator(one)) return;
    if ((place < first || place + last >= count) && one.size() > max_grapheme) hide_all = true;
    ++place;
  });
  if (hide_all) first = last = 0;

  return written(out, [&](byte_text_out& to) {
    std::size_t at = 0;
    bool fixed = false;
    const auto fixed_part = [&] {
      if (!fixed) to.repeat(options.character, options.fixed_length);
      fixed = true;
    };
    each_grapheme(text, [&](std::string_view one) {
      if (keep && is_separator(one)) return to.text(one);
      const bool show = at < first || at + last >= count;
      ++at;
      if (show) return to.text(one);
      if (options.fixed_length == 0) return to.put(options.character);
      fixed_part();
    });
    if (options.fixed_length != 0) fixed_part();  // Also for an empty text.
  });
}

result<std::string_view> mask_email(std::string_view address, email_domain domain,
                                    byte_span out) noexcept {
  if (!valid_utf8(address)) return not_text;
  if (const auto good = validate_email(address); !good) {
    return error{errc::invalid_value, "the value is not an e-mail address"};
  }
  const std::size_t at = address.find('@');
  const std::string_view local = slice(address, 0, at);
  std::string_view first = slice(local, 0, grapheme_at(local, 0));
  if (first.size() == local.size() || first.size() > max_grapheme) first = {};
  return written(out, [&](byte_text_out& to) {
    to.text(first);
    to.text(hidden);
    to.put('@');
    to.text(domain == email_domain::shown ? slice(address, at + 1) : hidden);
  });
}

result<std::string_view> mask_phone(std::string_view number, byte_span out) noexcept {
  const result<digits> read = read_digits(number);
  if (!read) return read.error();
  std::string_view all = read->view();
  if (all.empty()) return error{errc::invalid_value, "the value is not a phone number"};
  std::size_t code = 0;
  if (read->plus || all.starts_with("00")) {
    if (!read->plus) all.remove_prefix(2);
    code = country_code(all);
  }
  constexpr std::size_t last = 2;
  const bool show = all.size() >= code + last + least_hidden;
  return written(out, [&](byte_text_out& to) {
    if (show && code != 0) {
      to.put('+');
      to.text(slice(all, 0, code));
      to.put(' ');
    }
    to.text(hidden);
    if (show) to.text(slice(all, all.size() - last));
  });
}

// PCI DSS 4.0.1 requirement 3.4.1: at most BIN and last four on display.
result<std::string_view> mask_card(std::string_view number, const card_options& options,
                                   byte_span out) noexcept {
  if ((options.bin != 0 && options.bin != 6 && options.bin != 8) || options.last > 4) {
    return error{errc::invalid_argument, "of a card at most a BIN of 6 or 8 and 4 are shown"};
  }
  const result<digits> read = read_digits(number);
  if (!read) return read.error();
  const std::string_view all = read->view();
  if (all.size() < 12 || all.size() > 19 || read->plus) {
    return error{errc::invalid_value, "the value is not a card number"};
  }
  const std::size_t widest = all.size() < 15 ? 0 : all.size() < 16 ? 6 : 8;
  const std::size_t bin = options.bin < widest ? options.bin : widest;
  return written(out, [&](byte_text_out& to) {
    to.text(slice(all, 0, bin));
    to.repeat('*', all.size() - bin - options.last);
    to.text(slice(all, all.size() - options.last));
  });
}

}  // namespace clientbook
