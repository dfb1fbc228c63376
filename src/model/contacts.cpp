// E-mail addresses and phone numbers: whether they are written as one can be.
//
// Shape alone, no look-up: whether an address exists, only a message can tell. As strict as the
// RFCs for ASCII, and no stricter than RFC 6531 for other scripts, less what cannot be seen.
#include <clientbook/base/bytes.hpp>
#include <clientbook/internal/model/card_data.hpp>
#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/model/validate.hpp>

namespace clientbook {
namespace {

bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

// RFC 5322 section 3.2.3.
bool atext(char32_t c) noexcept {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return c < 0x80 && std::string_view("!#$%&'*+-/=?^_`{|}~").find(static_cast<char>(c)) !=
                         std::string_view::npos;
}

// Characters of other scripts, as RFC 6531 admits them; neither spaces nor invisible ones, nor
// those that IDNA maps to a dot or an @.
bool international(char32_t c) noexcept {
  if (c <= 0xA0 || c == 0xAD) return false;
  if (c == 0x1680 || c == 0x180E || c == 0x3000 || c == 0x3002) return false;
  if ((c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F)) return false;
  if (c >= 0x205F && c <= 0x206F) return false;
  if (c >= 0xE000 && c <= 0xF8FF) return false;
  return c != 0xFEFF && c != 0xFF0E && c != 0xFF20 && c != 0xFF61 && !(c >= 0xFFF0 && c <= 0xFFFF);
}

bool local_part(std::string_view text) noexcept {
  bool after_dot = true;
  for (std::size_t at = 0; at < text.size();) {
    const code_point next = code_point_at(text, at);
    if (next.size == 0) return false;
    if (next.value == '.') {
      if (after_dot) return false;
      after_dot = true;
    } else {
      if (!atext(next.value) && !international(next.value)) return false;
      after_dot = false;
    }
    at += next.size;
  }
  return !after_dot;
}

bool label(std::string_view text) noexcept {
  if (text.empty() || text.front() == '-' || text.back() == '-') return false;
  for (std::size_t at = 0; at < text.size();) {
    const code_point next = code_point_at(text, at);
    if (next.size == 0) return false;
    const char32_t c = next.value;
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    if (!plain && !international(c)) return false;
    at += next.size;
  }
  return true;
}

}  // namespace

result<void> validate_email(std::string_view address) noexcept {
  constexpr error malformed{errc::invalid_value,
                            "this is no e-mail address that mail can be sent to"};
  const std::size_t at = address.rfind('@');
  if (at == address.npos || !local_part(slice(address, 0, at))) return malformed;
  std::string_view domain = slice(address, at + 1);
  bool too_long = address.size() > 254 || at > 64;
  for (bool more = true; more;) {
    const std::size_t dot = domain.find('.');
    const std::string_view part = slice(domain, 0, dot);
    more = dot != domain.npos;
    if (!label(part)) return malformed;
    too_long = too_long || part.size() > 63;
    bool number = !more;
    for (const char c : part) number = number && digit(c);
    if (number) return malformed;
    if (more) domain.remove_prefix(dot + 1);
  }
  if (too_long) return error{errc::limit_exceeded, "the e-mail address or a part is too long"};
  return {};
}

result<void> validate_phone(std::string_view number) noexcept {
  constexpr error malformed{errc::invalid_value,
                            "a phone number is digits with spaces, hyphens, dots, slashes or "
                            "parentheses between them, a plus sign only in front"};
  std::size_t digits = 0;
  bool zeros = true;       // Only zeros so far.
  std::size_t prefix = 0;  // Digits of an international prefix: 00 or 011.
  char previous = 0;
  bool open = false;
  bool plus = false;
  for (const char c : number) {
    if (digit(c)) {
      zeros = zeros && c == '0';
      ++digits;
      if (digits == 2 && zeros) prefix = 2;
      if (digits == 3 && number.starts_with("011")) prefix = 3;
    } else if (c == '+') {
      if (plus || digits > 0 || (previous != 0 && previous != '(')) return malformed;
      plus = true;
    } else if (c == '(') {
      if (open) return malformed;
      open = true;
    } else if (c == ')') {
      if (!open || !digit(previous)) return malformed;
      open = false;
    } else if (c == ' ' || c == '-' || c == '.' || c == '/') {
      if (previous == 0 || previous == '+') return malformed;
    } else {
      return malformed;
    }
    previous = c;
  }
  if (open || !(digit(previous) || previous == ')')) return malformed;
  if (digits < 4) return error{errc::invalid_value, "a phone number has at least 4 digits"};
  if (digits - prefix > 15) {
    if (find_card_number(number)) {
      return error{errc::card_data_refused, "this looks like a payment card number"};
    }
    return error{errc::invalid_value, "a phone number has at most 15 digits"};
  }
  if (find_card_number(number, 0, card_ranges::not_phone_like)) {
    return error{errc::card_data_refused, "this looks like a payment card number"};
  }
  return {};
}

}  // namespace clientbook
