// Names of variables are those of SP 800-38G, algorithms 6 to 8.
#include <clientbook/base/secret.hpp>
#include <clientbook/internal/redaction/ff1.hpp>

#include <algorithm>
#include <array>

namespace clientbook::ff1 {
namespace {

using crypto::block_cipher;
using block = std::array<std::byte, block_cipher::block_size>;

constexpr std::size_t max_half = max_length / 2;
constexpr std::size_t max_number = 21;  // Bytes of a half: 36^32 is below 2^166.
constexpr std::size_t max_d = 28;
constexpr unsigned rounds = 10;

// CBC-MAC over what is added: PRF() of the standard, whose input is a whole number of blocks.
class prf {
 public:
  explicit prf(const block_cipher& cipher) noexcept : cipher_(&cipher) {}
  prf(const prf&) = default;
  prf& operator=(const prf&) = delete;
  ~prf() { wipe(state_); }

  void add(byte_view bytes) noexcept {
    for (const std::byte each : bytes) {
      state_[filled_++] ^= each;
      if (filled_ != state_.size()) continue;
      filled_ = 0;
      good_ = good_ && cipher_->encrypt(cipher_->context, state_, state_);
    }
  }
  void add_zeros(std::size_t count) noexcept {
    for (constexpr std::byte zero{}; count != 0; --count) add(byte_view(&zero, 1));
  }
  const block& state() const noexcept { return state_; }
  bool good() const noexcept { return good_; }

 private:
  const block_cipher* cipher_;
  block state_{};
  std::size_t filled_ = 0;
  bool good_ = true;
};

using numerals_view = std::span<const std::uint8_t>;

// NUM_radix(X) as [number]^size.
void number_of(numerals_view from, unsigned radix, byte_span to) noexcept {
  std::fill(to.begin(), to.end(), std::byte{});
  for (const std::uint8_t numeral : from) {
    unsigned carry = numeral;
    for (std::size_t i = to.size(); i-- > 0;) {
      carry += radix * static_cast<unsigned>(to[i]);
      to[i] = static_cast<std::byte>(carry);
      carry >>= 8U;
    }
  }
}

// b: bytes that hold the number of any string of v numerals.
std::size_t number_size(std::size_t v, unsigned radix) noexcept {
  std::array<std::uint8_t, max_half> largest;
  largest.fill(static_cast<std::uint8_t>(radix - 1));
  std::array<std::byte, max_number> number{};
  number_of(numerals_view(largest).first(v), radix, number);
  const auto* const first = std::find_if(number.begin(), number.end(),
                                         [](std::byte each) { return each != std::byte{}; });
  return static_cast<std::size_t>(number.end() - first);
}

// The lowest numeral of the number, which is divided by the radix.
unsigned take_numeral(byte_span number, unsigned radix) noexcept {
  unsigned rest = 0;
  for (std::byte& each : number) {
    rest = (rest << 8U) | static_cast<unsigned>(each);
    each = static_cast<std::byte>(rest / radix);
    rest %= radix;
  }
  return rest;
}

enum class direction : std::uint8_t { encrypt, decrypt };

// A := (A + y) mod radix^m or (A - y) mod radix^m, of which y's lowest numerals are enough.
void add(std::span<std::uint8_t> a, byte_span y, unsigned radix, direction which) noexcept {
  unsigned carry = 0;
  for (std::size_t i = a.size(); i-- > 0;) {
    const unsigned other = take_numeral(y, radix) + carry;
    const unsigned sum = which == direction::encrypt ? a[i] + other : a[i] + 2 * radix - other;
    a[i] = static_cast<std::uint8_t>(sum % radix);
    carry = which == direction::encrypt ? sum / radix : 2 - sum / radix;
  }
}

result<void> check(const block_cipher& cipher, unsigned radix, byte_view tweak,
                   numerals_view numerals) noexcept {
  if (cipher.encrypt == nullptr || radix < 2 || radix > max_radix || numerals.size() > max_length ||
      tweak.size() > max_tweak) {
    return error{errc::invalid_argument, "FF1 wants a cipher, radix 2 to 36, at most 64 numerals"};
  }
  std::uint32_t domain = 1;
  for (std::size_t i = 0; i < numerals.size() && domain < least_domain; ++i) domain *= radix;
  if (domain < least_domain || numerals.size() < 2) {
    return error{errc::domain_too_small, "format-preserving encryption of under a million values"};
  }
  if (!std::all_of(numerals.begin(), numerals.end(), [&](auto each) { return each < radix; })) {
    return error{errc::invalid_value, "a numeral is not below the radix"};
  }
  return {};
}

result<void> run(const block_cipher& cipher, unsigned radix, byte_view tweak,
                 std::span<std::uint8_t> numerals, direction which) noexcept {
  if (auto good = check(cipher, radix, tweak, numerals); !good) return good;
  const std::size_t n = numerals.size();
  const std::size_t u = n / 2;
  const std::size_t v = n - u;
  const std::size_t b = number_size(v, radix);
  const std::size_t d = 4 * ((b + 3) / 4) + 4;

  // What P and the front of Q give is the same in every round.
  block p{std::byte{1}, std::byte{2}, std::byte{1}};
  p[5] = static_cast<std::byte>(radix);
  p[6] = std::byte{rounds};
  p[7] = static_cast<std::byte>(u);
  store_be(p.data() + 8, static_cast<std::uint32_t>(n));
  store_be(p.data() + 12, static_cast<std::uint32_t>(tweak.size()));
  prf front(cipher);
  front.add(p);
  front.add(tweak);
  front.add_zeros((16 - (tweak.size() + b + 1) % 16) % 16);

  std::array<std::uint8_t, max_length> copy;
  std::copy(numerals.begin(), numerals.end(), copy.begin());
  // Even rounds change the first u numerals by the last v, odd rounds the other way round.
  const std::span<std::uint8_t> first = std::span(copy).first(u);
  const std::span<std::uint8_t> last = std::span(copy).subspan(u, v);
  std::array<std::byte, max_number> number;
  std::array<std::byte, 2 * block_cipher::block_size> s;
  bool good = true;
  for (unsigned step = 0; step < rounds; ++step) {
    const unsigned i = which == direction::encrypt ? step : rounds - 1 - step;
    const auto a = i % 2 == 0 ? first : last;
    const auto other = i % 2 == 0 ? last : first;
    number_of(other, radix, byte_span(number).first(b));
    prf q = front;
    const auto round = static_cast<std::byte>(i);
    q.add(byte_view(&round, 1));
    q.add(byte_view(number).first(b));
    block r = q.state();
    copy_bytes(s, r);
    good = good && q.good();
    if (d > r.size()) {
      r[15] ^= std::byte{1};
      good = good && cipher.encrypt(cipher.context, r, byte_span(s).subspan<16, 16>());
    }
    add(a, byte_span(s).first(d), radix, which);
    wipe(r);
  }
  if (good) std::copy_n(copy.begin(), n, numerals.begin());
  wipe(std::as_writable_bytes(std::span(copy)));
  wipe(number);
  wipe(s);
  if (!good) return error{errc::unsupported, "the block cipher failed"};
  return {};
}

static_assert(max_d <= 2 * block_cipher::block_size);

}  // namespace

result<void> encrypt(const block_cipher& cipher, unsigned radix, byte_view tweak,
                     std::span<std::uint8_t> numerals) noexcept {
  return run(cipher, radix, tweak, numerals, direction::encrypt);
}

result<void> decrypt(const block_cipher& cipher, unsigned radix, byte_view tweak,
                     std::span<std::uint8_t> numerals) noexcept {
  return run(cipher, radix, tweak, numerals, direction::decrypt);
}

}  // namespace clientbook::ff1
