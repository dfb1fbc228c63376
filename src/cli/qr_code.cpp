// QR codes by the standard: bytes, error correction M, versions 1 to 25, which is more than a
// signed checkpoint ever needs.
#include "qr_code.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

namespace clientbook::cli {
namespace {

constexpr int newest = 25;
// Of level M, by version (table 9 of the standard): bytes of correction in a block, and blocks.
constexpr std::array<int, newest + 1> correction{0,  10, 16, 26, 18, 24, 16, 18, 22,
                                                 22, 26, 30, 22, 22, 24, 24, 28, 28,
                                                 26, 26, 26, 26, 28, 28, 28, 28};
constexpr std::array<int, newest + 1> blocks{0, 1, 1,  1,  2,  2,  4,  4,  4,  5,  5,  5,  8,
                                             9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21};
constexpr int level_bits = 0;  // M

// Modules that are left for data when all that is fixed is drawn, in bytes.
int bytes_in(int version) {
  int modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const int aligned = version / 7 + 2;
    modules -= (25 * aligned - 10) * aligned - 55;
    if (version >= 7) modules -= 36;
  }
  return modules / 8;
}
int data_bytes_in(int version) {
  const auto at = static_cast<std::size_t>(version);
  return bytes_in(version) - correction[at] * blocks[at];
}

// --- Reed-Solomon over GF(2^8), polynomial 0x11D ---------------------------------------------

unsigned char times(unsigned char a, unsigned char b) noexcept {
  unsigned out = 0;
  for (int i = 7; i >= 0; --i) {
    out = (out << 1U) ^ ((out >> 7U) * 0x11DU);
    out ^= ((b >> static_cast<unsigned>(i)) & 1U) * a;
  }
  return static_cast<unsigned char>(out);
}

std::vector<unsigned char> generator(int degree) {
  std::vector<unsigned char> out(static_cast<std::size_t>(degree), 0);
  out.back() = 1;
  unsigned char root = 1;
  for (int i = 0; i < degree; ++i) {
    for (std::size_t j = 0; j < out.size(); ++j) {
      out[j] = times(out[j], root);
      if (j + 1 < out.size()) out[j] = static_cast<unsigned char>(out[j] ^ out[j + 1]);
    }
    root = times(root, 2);
  }
  return out;
}

std::vector<unsigned char> remainder(const std::vector<unsigned char>& data,
                                     const std::vector<unsigned char>& divisor) {
  std::vector<unsigned char> out(divisor.size(), 0);
  for (const unsigned char one : data) {
    const auto factor = static_cast<unsigned char>(one ^ out.front());
    out.erase(out.begin());
    out.push_back(0);
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = static_cast<unsigned char>(out[i] ^ times(divisor[i], factor));
    }
  }
  return out;
}

// Cut into blocks, each with its correction, and these interleaved.
std::vector<unsigned char> corrected(const std::vector<unsigned char>& data, int version) {
  const auto at = static_cast<std::size_t>(version);
  const auto count = static_cast<std::size_t>(blocks[at]);
  const auto extra = static_cast<std::size_t>(correction[at]);
  const auto all = static_cast<std::size_t>(bytes_in(version));
  const std::size_t short_ones = count - all % count;
  const std::size_t short_data = all / count - extra;
  const auto divisor = generator(correction[at]);
  std::vector<std::vector<unsigned char>> parts, checks;
  for (std::size_t i = 0, from = 0; i < count; ++i) {
    const std::size_t size = short_data + (i < short_ones ? 0 : 1);
    const auto begin = data.begin() + static_cast<std::ptrdiff_t>(from);
    parts.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(size));
    checks.push_back(remainder(parts.back(), divisor));
    from += size;
  }
  std::vector<unsigned char> out;
  for (std::size_t i = 0; i <= short_data; ++i) {
    for (const auto& part : parts) {
      if (i < part.size()) out.push_back(part[i]);
    }
  }
  for (std::size_t i = 0; i < extra; ++i) {
    for (const auto& check : checks) out.push_back(check[i]);
  }
  return out;
}

// --- the text as bytes of data -----------------------------------------------------------------

class bits {
 public:
  void add(unsigned value, int count) {
    for (int i = count - 1; i >= 0; --i) {
      if (used_ % 8 == 0) bytes_.push_back(0);
      if ((value >> static_cast<unsigned>(i)) & 1U) {
        bytes_.back() = static_cast<unsigned char>(bytes_.back() | (0x80U >> (used_ % 8)));
      }
      ++used_;
    }
  }
  std::vector<unsigned char> filled(std::size_t size) {
    add(0, static_cast<int>(std::min<std::size_t>(4, 8 * size - used_)));
    for (unsigned char pad = 0xEC; bytes_.size() < size; pad ^= 0xEC ^ 0x11) bytes_.push_back(pad);
    return bytes_;
  }

 private:
  std::vector<unsigned char> bytes_;
  std::size_t used_ = 0;
};

bool is_masked(int mask, int x, int y) noexcept {
  switch (mask) {
    case 0:
      return (x + y) % 2 == 0;
    case 1:
      return y % 2 == 0;
    case 2:
      return x % 3 == 0;
    case 3:
      return (x + y) % 3 == 0;
    case 4:
      return (x / 3 + y / 2) % 2 == 0;
    case 5:
      return x * y % 2 + x * y % 3 == 0;
    case 6:
      return (x * y % 2 + x * y % 3) % 2 == 0;
    default:
      return ((x + y) % 2 + x * y % 3) % 2 == 0;
  }
}

// Bits of a code with their check: BCH of `poly`.
unsigned checked(unsigned value, unsigned poly, int check_bits) noexcept {
  unsigned rest = value;
  for (int i = 0; i < check_bits; ++i) {
    rest = (rest << 1U) ^ ((rest >> static_cast<unsigned>(check_bits - 1)) * poly);
  }
  return (value << static_cast<unsigned>(check_bits)) | rest;
}

}  // namespace

qr_code::qr_code(int version)
    : version_(version),
      size_(17 + 4 * version),
      dark_(static_cast<std::size_t>(size_ * size_)),
      fixed_(dark_.size()) {}

bool qr_code::dark(int x, int y) const noexcept {
  return x >= 0 && y >= 0 && x < size_ && y < size_ &&
         dark_[static_cast<std::size_t>(y * size_ + x)] != 0;
}

void qr_code::set(int x, int y, bool dark) noexcept {
  dark_[static_cast<std::size_t>(y * size_ + x)] = dark ? 1 : 0;
}

void qr_code::set_fixed(int x, int y, bool dark) noexcept {
  if (x < 0 || y < 0 || x >= size_ || y >= size_) return;
  set(x, y, dark);
  fixed_[static_cast<std::size_t>(y * size_ + x)] = 1;
}

void qr_code::draw_finder(int x, int y) {
  for (int dy = -4; dy <= 4; ++dy) {
    for (int dx = -4; dx <= 4; ++dx) {
      const int ring = std::max(std::abs(dx), std::abs(dy));
      set_fixed(x + dx, y + dy, ring != 2 && ring != 4);
    }
  }
}

void qr_code::draw_alignment(int x, int y) {
  for (int dy = -2; dy <= 2; ++dy) {
    for (int dx = -2; dx <= 2; ++dx) {
      set_fixed(x + dx, y + dy, std::max(std::abs(dx), std::abs(dy)) != 1);
    }
  }
}

void qr_code::draw_version() {
  if (version_ < 7) return;
  const unsigned code = checked(static_cast<unsigned>(version_), 0x1F25, 12);
  for (int i = 0; i < 18; ++i) {
    const bool dark = ((code >> static_cast<unsigned>(i)) & 1U) != 0;
    set_fixed(size_ - 11 + i % 3, i / 3, dark);
    set_fixed(i / 3, size_ - 11 + i % 3, dark);
  }
}

void qr_code::draw_format(int mask) {
  const auto value = static_cast<unsigned>(level_bits << 3 | mask);
  const unsigned code = checked(value, 0x537, 10) ^ 0x5412U;
  const auto bit = [code](int i) { return ((code >> static_cast<unsigned>(i)) & 1U) != 0; };
  for (int i = 0; i <= 5; ++i) set_fixed(8, i, bit(i));
  set_fixed(8, 7, bit(6));
  set_fixed(8, 8, bit(7));
  set_fixed(7, 8, bit(8));
  for (int i = 9; i < 15; ++i) set_fixed(14 - i, 8, bit(i));
  for (int i = 0; i < 8; ++i) set_fixed(size_ - 1 - i, 8, bit(i));
  for (int i = 8; i < 15; ++i) set_fixed(8, size_ - 15 + i, bit(i));
  set_fixed(8, size_ - 8, true);
}

void qr_code::draw_fixed() {
  for (int i = 0; i < size_; ++i) {
    set_fixed(6, i, i % 2 == 0);
    set_fixed(i, 6, i % 2 == 0);
  }
  draw_finder(3, 3);
  draw_finder(size_ - 4, 3);
  draw_finder(3, size_ - 4);
  if (version_ >= 2) {
    const int count = version_ / 7 + 2;
    const int step = (version_ * 8 + count * 3 + 5) / (count * 4 - 4) * 2;
    std::vector<int> at{6};
    for (int i = 1; i < count; ++i) at.push_back(size_ - 7 - (count - 1 - i) * step);
    for (const int x : at) {
      for (const int y : at) {
        const bool corner =
            (x == 6 && y == 6) || (x == 6 && y == at.back()) || (x == at.back() && y == 6);
        if (!corner) draw_alignment(x, y);
      }
    }
  }
  draw_format(0);
  draw_version();
}

// In columns of two from the right, up and down by turns; the column of the timing is left out.
void qr_code::draw_data(const std::vector<unsigned char>& bytes) {
  std::size_t next = 0;
  for (int right = size_ - 1; right >= 1; right -= 2) {
    if (right == 6) right = 5;
    for (int i = 0; i < size_; ++i) {
      for (int side = 0; side < 2; ++side) {
        const int x = right - side;
        const bool upward = ((right + 1) & 2) == 0;
        const int y = upward ? size_ - 1 - i : i;
        if (fixed_[static_cast<std::size_t>(y * size_ + x)] != 0 || next >= 8 * bytes.size()) {
          continue;
        }
        set(x, y, (bytes[next / 8] >> (7 - next % 8) & 1) != 0);
        ++next;
      }
    }
  }
}

void qr_code::apply(int mask) noexcept {
  for (int y = 0; y < size_; ++y) {
    for (int x = 0; x < size_; ++x) {
      const auto at = static_cast<std::size_t>(y * size_ + x);
      if (fixed_[at] == 0 && is_masked(mask, x, y)) dark_[at] ^= 1;
    }
  }
}

// Runs of five and more, and what looks like a finder.
long qr_code::penalty_of_line(bool columns, int line) const {
  const auto at = [&](int i) { return columns ? dark(line, i) : dark(i, line); };
  long out = 0;
  int run = 1;
  for (int i = 1; i <= size_; ++i) {
    if (i < size_ && at(i) == at(i - 1)) {
      ++run;
      continue;
    }
    if (run >= 5) out += run - 2;
    run = 1;
  }
  unsigned window = 0;
  for (int i = 0; i < size_; ++i) {
    window = (window << 1U | (at(i) ? 1U : 0U)) & 0x7FFU;
    if (i >= 10 && (window == 0x5D0U || window == 0x05DU)) out += 40;
  }
  return out;
}

long qr_code::penalty() const {
  long out = 0;
  long count = 0;
  for (int y = 0; y < size_; ++y) {
    out += penalty_of_line(false, y) + penalty_of_line(true, y);
    for (int x = 0; x < size_; ++x) {
      const bool one = dark(x, y);
      count += one ? 1 : 0;
      if (x + 1 < size_ && y + 1 < size_ && dark(x + 1, y) == one && dark(x, y + 1) == one &&
          dark(x + 1, y + 1) == one) {
        out += 3;
      }
    }
  }
  const long all = static_cast<long>(size_) * size_;
  return out + std::labs(20 * count - 10 * all) / all * 10;
}

std::optional<qr_code> qr_code::of(std::string_view text) {
  int version = 1;
  const auto bits_for = [&](int of) { return 4 + (of < 10 ? 8 : 16) + 8 * text.size(); };
  while (version <= newest &&
         bits_for(version) > 8U * static_cast<unsigned>(data_bytes_in(version)))
    ++version;
  if (version > newest) return std::nullopt;
  bits data;
  data.add(4, 4);  // bytes
  data.add(static_cast<unsigned>(text.size()), version < 10 ? 8 : 16);
  for (const char c : text) data.add(static_cast<unsigned char>(c), 8);
  qr_code out(version);
  out.draw_fixed();
  out.draw_data(corrected(data.filled(static_cast<std::size_t>(data_bytes_in(version))), version));
  long least = -1;
  int best = 0;
  for (int mask = 0; mask < 8; ++mask) {
    out.apply(mask);
    out.draw_format(mask);
    const long bad = out.penalty();
    if (least < 0 || bad < least) {
      least = bad;
      best = mask;
    }
    out.apply(mask);  // The same again takes it off.
  }
  out.apply(best);
  out.draw_format(best);
  return out;
}

std::string qr_code::as_text() const {
  // Light modules are drawn, dark ones left out: on a dark terminal it is read as it is, on a light
  // one most readers take it inverted.
  constexpr std::array<std::string_view, 4> blocks_of{" ", "\xE2\x96\x80", "\xE2\x96\x84",
                                                      "\xE2\x96\x88"};
  constexpr int border = 2;
  std::string out;
  for (int y = -border; y < size_ + border; y += 2) {
    for (int x = -border; x < size_ + border; ++x) {
      const bool last = y + 1 >= size_ + border;
      const std::size_t drawn = (dark(x, y) ? 0U : 1U) + (last || dark(x, y + 1) ? 0U : 2U);
      out += blocks_of[drawn];
    }
    out += '\n';
  }
  return out;
}

std::string qr_code::as_svg() const {
  constexpr int border = 4;
  const std::string side = std::to_string(size_ + 2 * border);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + " " + side +
                    "\" shape-rendering=\"crispEdges\"><rect width=\"" + side + "\" height=\"" +
                    side + "\" fill=\"#fff\"/><path d=\"";
  for (int y = 0; y < size_; ++y) {
    for (int x = 0; x < size_; ++x) {
      if (!dark(x, y)) continue;
      out += 'M' + std::to_string(x + border) + ' ' + std::to_string(y + border) + "h1v1h-1z";
    }
  }
  return out + "\"/></svg>\n";
}

}  // namespace clientbook::cli
