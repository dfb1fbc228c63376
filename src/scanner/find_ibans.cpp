#include <clientbook/base/bytes.hpp>

#include "rules.hpp"

namespace clientbook::scanner {
namespace {

// ISO 13616 registry: country and length of the whole number, in order.
constexpr std::string_view lengths =
    "AD24AE23AL28AO25AT20AZ28BA20BE16BF28BG22BH22BI27BJ28BR29BY28CF27CG27CH21CI28CM27CR22CV25"
    "CY28CZ24DE22DJ27DK18DO28DZ26EE20EG29ES24FI18FK18FO18FR27GA27GB22GE22GI23GL18GQ27GR27GT28"
    "GW25HN28HR21HU28IE22IL23IQ23IR26IS26IT27JO30KM27KW30KZ20LB28LC32LI21LT20LU20LV21LY25MA28"
    "MC27MD24ME22MG27MK19ML28MN20MR27MT31MU30MZ25NE28NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24"
    "RS22RU33SA24SC31SD18SE24SI19SK24SM27SN28SO23ST25SV28TD27TG28TL23TN24TR26UA29VA22VG24XK20"
    "YE30";

#ifdef CLIENTBOOK_FIRMWARE
// Two bytes a country: five bits for each letter and for what the length is above 15.
consteval auto pack_lengths() {
  std::array<std::uint16_t, lengths.size() / 4> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto at = [&](std::size_t n) { return static_cast<unsigned>(lengths[4 * i + n]); };
    const unsigned length = (at(2) - '0') * 10 + at(3) - '0';
    out[i] = static_cast<std::uint16_t>((length - 15) << 10 | (at(0) & 31U) << 5 | (at(1) & 31U));
  }
  return out;
}
constexpr auto packed_lengths = pack_lengths();

std::size_t length_of(unsigned char a, unsigned char b) noexcept {
  const unsigned letters = (a & 31U) << 5 | (b & 31U);
  for (const std::uint16_t one : packed_lengths) {
    if ((one & 0x3FFU) == letters) return 15U + (one >> 10);
  }
  return 0;
}
#else
std::size_t length_of(unsigned char a, unsigned char b) noexcept {
  for (std::size_t i = 0; i < lengths.size(); i += 4) {
    if (lengths[i] == static_cast<char>(a) && lengths[i + 1] == static_cast<char>(b)) {
      return static_cast<std::size_t>((lengths[i + 2] - '0') * 10 + lengths[i + 3] - '0');
    }
  }
  return 0;
}
#endif

// ASCII capital letter or digit of a letter or digit of any width or script, else 0.
unsigned char letter_or_digit(char32_t c) noexcept {
  const char32_t folded = fold(c).letters[0];
  if (folded >= 'a' && folded <= 'z' && (c < 0x80 || c >= 0xFF00)) {
    return static_cast<unsigned char>(folded - 0x20);
  }
  return folded >= '0' && folded <= '9' ? static_cast<unsigned char>(folded) : 0;
}

}  // namespace

find iban_at(const text_window& text, std::size_t at) noexcept {
  const seen second = text.previous(at);
  const seen first = text.previous(at - second.size);
  if (second.size == 0 || first.size == 0) return {};
  const unsigned char a = letter_or_digit(first.value);
  const unsigned char b = letter_or_digit(second.value);
  if (!ascii_letter(a) || !ascii_letter(b)) return {};
  const std::size_t length = length_of(a, b);
  if (length == 0) return {};
  // ISO/IEC 7064 mod 97-10 over the number with its first four characters moved to the end.
  unsigned rest = 0;
  const auto feed = [&](unsigned char c) {
    rest = ascii_digit(c) ? (rest * 10 + c - '0') % 97 : (rest * 100 + c - 'A' + 10) % 97;
  };
  std::array<unsigned char, 2> check{};
  std::size_t count = 2;
  const std::size_t begin = at - second.size - first.size;
  std::size_t place = at;
  std::size_t end = at;
  while (count < length) {
    seen c = text.next(place);
    for (int skipped = 0; skipped < 3 && c.size != 0 && separates_digits(c.value); ++skipped) {
      place += c.size;
      c = text.next(place);
    }
    const unsigned char one = letter_or_digit(c.value);
    if (one == 0 || (count < 4 && !ascii_digit(one))) return {};
    if (count < 4) {
      check[count - 2] = one;
    } else {
      feed(one);
    }
    ++count;
    place += c.size;
    end = place;
  }
  feed(a);
  feed(b);
  feed(check[0]);
  feed(check[1]);
  return rest == 1 ? find{begin, end, rule::iban_mod97} : find{};
}

}  // namespace clientbook::scanner
