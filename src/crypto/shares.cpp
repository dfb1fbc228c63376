// Shamir's sharing over GF(2^8), and shares as text whose slips are named by their group.
//
// Multiplication takes the same steps whatever the values are: a table would be read at secret
// places. What is drawn and what is read wipe themselves.
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/crypto/shares.hpp>

namespace clientbook::crypto {
namespace {

constexpr std::uint8_t share_format = 1;
constexpr std::size_t share_size = 45;
constexpr std::size_t checked_size = 40;
constexpr std::size_t groups = 18;
constexpr std::string_view label = "clientbook share 1";
// Without I, L, O and U, which people misread.
constexpr std::string_view signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static_assert(share_size * 8 == groups * 4 * 5);

// In the same steps whatever the values.
constexpr std::uint8_t times(std::uint8_t a, std::uint8_t b) noexcept {
  unsigned out = 0;
  unsigned left = a;
  unsigned right = b;
  for (int i = 0; i < 8; ++i) {
    out ^= (0U - (right & 1U)) & left;
    left = ((left << 1U) ^ ((0U - (left >> 7U)) & 0x1bU)) & 0xffU;
    right >>= 1U;
  }
  return static_cast<std::uint8_t>(out);
}

constexpr std::uint8_t inverse(std::uint8_t a) noexcept {
  std::uint8_t out = 1;
  for (int i = 0; i < 254; ++i) out = times(out, a);
  return out;
}
static_assert(times(0x53, 0xca) == 1 && inverse(0x53) == 0xca);

std::uint8_t as_number(std::byte one) noexcept { return static_cast<std::uint8_t>(one); }

// The check character of a group: GF(2^5), so that every slip of one sign and every exchange of
// two beside each other is seen.
constexpr unsigned doubled(unsigned a) noexcept {
  return ((a << 1U) ^ ((a & 16U) != 0 ? 0b100101U : 0U)) & 31U;
}
unsigned check_of(std::size_t group, std::span<const std::uint8_t, 4> values) noexcept {
  unsigned out = 0;
  for (std::size_t i = values.size(); i-- > 0;) out = doubled(out ^ values[i]);
  return out ^ static_cast<unsigned>(group);
}

constexpr unsigned no_sign = 99;
unsigned value_of(char sign) noexcept {
  if (sign >= 'a' && sign <= 'z') sign = static_cast<char>(sign - 'a' + 'A');
  if (sign == 'O') sign = '0';
  if (sign == 'I' || sign == 'L') sign = '1';
  const std::size_t at = signs.find(sign);
  return at == std::string_view::npos ? no_sign : static_cast<unsigned>(at);
}

using image = secret<share_size>;

image image_of(const share& one) noexcept {
  image out;
  out.fill_bytes([&](std::span<std::byte, share_size> to) {
    to[0] = std::byte{share_format};
    to[1] = static_cast<std::byte>(one.threshold);
    to[2] = static_cast<std::byte>(one.number);
    to[3] = static_cast<std::byte>(one.of);
    copy_bytes(to.subspan(4), one.kit);
    one.value.with_bytes([&](byte_view value) { copy_bytes(to.subspan(8), value); });
    const digest sum = hasher().update(as_bytes(label)).update(to.first(checked_size)).finish();
    copy_bytes(to.subspan(checked_size), byte_view(sum).first(share_size - checked_size));
  });
  return out;
}

result<share> share_of(const image& from) noexcept {
  return from.with_bytes([](std::span<const std::byte, share_size> bytes) -> result<share> {
    const digest sum = hasher().update(as_bytes(label)).update(bytes.first(checked_size)).finish();
    if (!equal(byte_view(sum).first(share_size - checked_size), bytes.subspan(checked_size))) {
      return error{errc::invalid_encoding,
                   "the groups of this share do not belong together: type it anew from its sheet"};
    }
    if (as_number(bytes[0]) != share_format) {
      return error{errc::newer_format, "a share of a newer version: update clientbook"};
    }
    share out;
    out.threshold = as_number(bytes[1]);
    out.number = as_number(bytes[2]);
    out.of = as_number(bytes[3]);
    if (out.threshold < 2 || out.number == 0 || out.number > out.of || out.of > most_shares ||
        out.threshold > out.of) {
      return error{errc::invalid_encoding, "a share with numbers that no share has"};
    }
    copy_bytes(out.kit, bytes.subspan(4, 4));
    out.value.fill_bytes([&](byte_span value) { copy_bytes(value, bytes.subspan(8, 32)); });
    return out;
  });
}

}  // namespace

result<void> split(const secret<32>& whole, unsigned threshold, std::array<std::byte, 4> kit,
                   random_source& random, std::span<share> out) noexcept {
  if (threshold < 2 || threshold > out.size() || out.size() > most_shares) {
    return error{errc::invalid_argument,
                 "of up to 16 shares, at least two and at most all are needed to open"};
  }
  std::array<secret<32>, most_shares> factors;  // Of x, x^2 and so on, for all bytes at once.
  for (unsigned power = 1; power < threshold; ++power) {
    auto drawn = random_key(random);
    if (!drawn) return drawn.error();
    factors[power - 1] = std::move(*drawn);
  }
  for (std::size_t n = 0; n < out.size(); ++n) {
    share& one = out[n];
    one.threshold = static_cast<std::uint8_t>(threshold);
    one.number = static_cast<std::uint8_t>(n + 1);
    one.of = static_cast<std::uint8_t>(out.size());
    one.kit = kit;
    one.value.fill_bytes([&](std::span<std::byte, 32> to) {
      for (std::byte& b : to) b = std::byte{0};
      // Horner: from the highest power down to the secret itself.
      for (unsigned power = threshold; power-- > 0;) {
        const secret<32>& factor = power == 0 ? whole : factors[power - 1];
        factor.with_bytes([&](std::span<const std::byte, 32> from) {
          for (std::size_t i = 0; i < to.size(); ++i) {
            to[i] = std::byte{times(as_number(to[i]), one.number)} ^ from[i];
          }
        });
      }
    });
  }
  return {};
}

result<secret<32>> combine(std::span<const share> given) noexcept {
  if (given.empty()) return error{errc::invalid_argument, "no share was given"};
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i].kit != given[0].kit || given[i].threshold != given[0].threshold) {
      return error{errc::version_mismatch, "this share is of another recovery key than the first",
                   i + 1};
    }
    for (std::size_t before = 0; before < i; ++before) {
      if (given[before].number == given[i].number) {
        return error{errc::invalid_argument, "the same share was given twice", i + 1};
      }
    }
  }
  if (given.size() < given[0].threshold) {
    return error{errc::invalid_argument,
                 "more shares are needed to open: their sheets say how many", given.size()};
  }
  secret<32> out;
  out.fill_bytes([&](std::span<std::byte, 32> to) {
    for (unsigned i = 0; i < given[0].threshold; ++i) {
      // Lagrange at 0: the product over the others of n / (n - mine), which is xor here.
      std::uint8_t weight = 1;
      for (unsigned other = 0; other < given[0].threshold; ++other) {
        if (other == i) continue;
        const std::uint8_t n = given[other].number;
        weight = times(weight, times(n, inverse(static_cast<std::uint8_t>(n ^ given[i].number))));
      }
      given[i].value.with_bytes([&](std::span<const std::byte, 32> from) {
        for (std::size_t b = 0; b < to.size(); ++b) {
          to[b] ^= std::byte{times(as_number(from[b]), weight)};
        }
      });
    }
  });
  return out;
}

share_text write(const share& one) noexcept {
  const image bytes = image_of(one);
  share_text out;
  out.fill_bytes([&](std::span<std::byte, share_text_size> text) {
    bytes.with_bytes([&](std::span<const std::byte, share_size> from) {
      std::size_t to = 0;
      for (std::size_t group = 0; group < groups; ++group) {
        std::array<std::uint8_t, 4> values{};
        for (std::size_t i = 0; i < values.size(); ++i) {
          const std::size_t bit = (group * 4 + i) * 5;
          unsigned pair = unsigned{as_number(from[bit / 8])} << 8U;
          if (bit / 8 + 1 < from.size()) pair |= as_number(from[bit / 8 + 1]);
          values[i] = static_cast<std::uint8_t>(pair >> (11 - bit % 8) & 31U);
        }
        if (group != 0) text[to++] = static_cast<std::byte>('-');
        for (const std::uint8_t value : values) text[to++] = static_cast<std::byte>(signs[value]);
        text[to++] = static_cast<std::byte>(signs[check_of(group, values)]);
      }
    });
  });
  return out;
}

result<share> read_share(std::string_view text) noexcept {
  image bytes;
  std::array<std::uint8_t, 5> group{};
  std::size_t have = 0;
  std::size_t done = 0;
  const result<void> read =
      bytes.fill_bytes([&](std::span<std::byte, share_size> to) -> result<void> {
        for (const char sign : text) {
          if (sign == ' ' || sign == '-' || sign == '\t' || sign == '\r' || sign == '\n') continue;
          const unsigned value = value_of(sign);
          if (value == no_sign) {
            return error{errc::invalid_encoding, "a share has letters and digits alone", done + 1};
          }
          if (done == groups) {
            return error{errc::invalid_encoding, "a share has 18 groups: this one goes on", groups};
          }
          group[have++] = static_cast<std::uint8_t>(value);
          if (have < group.size()) continue;
          have = 0;
          if (check_of(done, std::span(group).first<4>()) != group[4]) {
            return error{errc::invalid_encoding, "a group of this share is mistyped", done + 1};
          }
          for (std::size_t i = 0; i < 4; ++i) {
            const std::size_t bit = (done * 4 + i) * 5;
            const unsigned pair = unsigned{group[i]} << (11 - bit % 8);
            to[bit / 8] |= static_cast<std::byte>(pair >> 8U);
            if (bit / 8 + 1 < to.size()) to[bit / 8 + 1] |= static_cast<std::byte>(pair & 255U);
          }
          ++done;
        }
        if (done == groups && have == 0) return {};
        return error{errc::invalid_encoding, "a share has 18 groups of five: some are missing",
                     done + 1};
      });
  wipe(std::as_writable_bytes(std::span(group)));
  if (!read) return read.error();
  return share_of(bytes);
}

}  // namespace clientbook::crypto
