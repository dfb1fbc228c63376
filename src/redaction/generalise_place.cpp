// Where somebody is: IP addresses (RFC 4291, written as in RFC 5952) and coordinates.
#include <clientbook/redaction/generalise.hpp>

#include <array>

#include <clientbook/internal/base/hex_value.hpp>
#include <clientbook/internal/base/text_out.hpp>

namespace clientbook {
namespace {

using octets = std::array<unsigned, 4>;
using groups = std::array<unsigned, 8>;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Without leading zeros, which some read as octal.
bool read_ipv4(std::string_view text, octets& out) noexcept {
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::size_t size = 0;
    unsigned value = 0;
    for (; size < text.size() && is_digit(text[size]) && size < 4; ++size) {
      value = value * 10 + static_cast<unsigned>(text[size] - '0');
    }
    if (size == 0 || value > 255 || (size > 1 && text[0] == '0')) return false;
    out[i] = value;
    text.remove_prefix(size);
    if (i + 1 == out.size()) return text.empty();
    if (!text.starts_with('.')) return false;
    text.remove_prefix(1);
  }
  return false;
}

bool read_ipv6(std::string_view text, groups& out) noexcept {
  constexpr std::size_t no_gap = 9;
  std::size_t count = 0;
  std::size_t gap = no_gap;  // Where `::` stands.
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    if (count == out.size()) return false;
    std::size_t size = 0;
    unsigned value = 0;
    for (; size < text.size() && size < 5 && hex_value(text[size]) >= 0; ++size) {
      value = value << 4U | static_cast<unsigned>(hex_value(text[size]));
    }
    if (slice(text, size, 1) == ".") {
      octets inside{};
      if (count + 2 > out.size() || !read_ipv4(text, inside)) return false;
      out[count++] = inside[0] << 8U | inside[1];
      out[count++] = inside[2] << 8U | inside[3];
      break;
    }
    if (size == 0 || size > 4) return false;
    out[count++] = value;
    text.remove_prefix(size);
    if (text.empty()) break;
    if (text.starts_with("::")) {
      if (gap != no_gap) return false;
      gap = count;
      text.remove_prefix(2);
    } else if (text.size() > 1 && text[0] == ':') {
      text.remove_prefix(1);
    } else {
      return false;
    }
  }
  if (gap == no_gap) return count == out.size();
  if (count == out.size()) return false;
  const std::size_t zeros = out.size() - count;
  for (std::size_t i = out.size(); i-- > gap;) out[i] = i < gap + zeros ? 0 : out[i - zeros];
  return true;
}

void put_ipv4(byte_text_out& to, const octets& address) noexcept {
  for (std::size_t i = 0; i < 3; ++i) {
    to.number(address[i]);
    to.put('.');
  }
  to.text("0/24");
}

void put_hex(byte_text_out& to, unsigned value) noexcept {
  if (value >= 16) put_hex(to, value / 16);
  to.put("0123456789abcdef"[value % 16]);
}

// What stays of the first three groups, then zeros.
void put_ipv6(byte_text_out& to, const groups& address, std::string_view prefix) noexcept {
  std::size_t shown = 3;
  while (shown > 0 && address[shown - 1] == 0) --shown;
  for (std::size_t i = 0; i < shown; ++i) {
    if (i != 0) to.put(':');
    put_hex(to, address[i]);
  }
  to.text("::");
  to.text(prefix);
}

constexpr std::size_t longest_place = 64;
constexpr error no_place{errc::invalid_value, "the value is not a latitude and a longitude"};

// Tenths of a degree, rounded away from 0.
result<int> read_degrees(std::string_view text, int most) noexcept {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  int whole = 0;
  std::size_t at = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    if (at == 3) return no_place;
    whole = whole * 10 + (text[at] - '0');
  }
  if (at == 0) return no_place;
  std::string_view fraction = slice(text, at);
  if (!fraction.empty()) {
    if (fraction[0] != '.' || fraction.size() == 1) return no_place;
    fraction.remove_prefix(1);
  }
  bool more = false;
  for (const char c : fraction) {
    if (!is_digit(c)) return no_place;
    more = more || c != '0';
  }
  if (whole > most || (whole == most && more)) return no_place;
  const int first = fraction.empty() ? 0 : fraction[0] - '0';
  const bool up = fraction.size() > 1 && fraction[1] >= '5';
  const int tenths = whole * 10 + first + (up ? 1 : 0);
  return negative ? -tenths : tenths;
}

void put_tenths(byte_text_out& to, int tenths) noexcept {
  if (tenths < 0) to.put('-');
  const auto size = static_cast<unsigned>(tenths < 0 ? -tenths : tenths);
  to.number(size / 10);
  to.put('.');
  to.number(size % 10);
}

}  // namespace

result<std::string_view> generalise_ip(std::string_view address, byte_span out) noexcept {
  octets v4{};
  if (read_ipv4(address, v4)) return written(out, [&](byte_text_out& to) { put_ipv4(to, v4); });
  groups v6{};
  if (!read_ipv6(slice(address, 0, address.find('%')), v6)) {
    return error{errc::invalid_value, "the value is not an IP address"};
  }
  bool mapped = v6[5] == 0xffff;
  for (std::size_t i = 0; i < 5; ++i) mapped = mapped && v6[i] == 0;
  if (mapped) {
    v4 = {v6[6] >> 8U, v6[6] & 0xffU, v6[7] >> 8U, v6[7] & 0xffU};
    return written(out, [&](byte_text_out& to) { put_ipv4(to, v4); });
  }
  // RFC 3056: the second and third group are an IPv4 address, of which the last octet goes.
  const bool six_to_four = v6[0] == 0x2002;
  if (six_to_four) v6[2] &= 0xff00U;
  return written(out, [&](byte_text_out& to) { put_ipv6(to, v6, six_to_four ? "/40" : "/48"); });
}

result<std::string_view> generalise_geo(std::string_view place, byte_span out) noexcept {
  const std::size_t comma = place.find(',');
  if (comma == std::string_view::npos || place.size() > longest_place) return no_place;
  std::string_view second = slice(place, comma + 1);
  if (second.starts_with(' ')) second.remove_prefix(1);
  const result<int> latitude = read_degrees(slice(place, 0, comma), 90);
  if (!latitude) return latitude.error();
  result<int> longitude = read_degrees(second, 180);
  if (!longitude) return longitude.error();
  const int east = *longitude == -1800 ? 1800 : *longitude;
  return written(out, [&](byte_text_out& to) {
    put_tenths(to, *latitude);
    to.put(',');
    put_tenths(to, east);
  });
}

}  // namespace clientbook
