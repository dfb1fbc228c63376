// Format-preserving encryption of phone numbers, ids and codes: the shape stays, the digits do not.
//
// Separators, a country's prefix and check digits are kept or made again around FF1, which gets the
// rest. What is left must have a million values, else trying them all would be the attack.
#include <clientbook/base/secret.hpp>
#include <clientbook/internal/model/card_data.hpp>
#include <clientbook/internal/redaction/ff1.hpp>
#include <clientbook/redaction/fpe.hpp>

#include <array>
#include <utility>

#include "country_code.hpp"
#include "scope.hpp"

namespace clientbook {
namespace {

constexpr std::size_t least_phone = 7;

constexpr error not_a_number{errc::invalid_value, "the value is not a number of that kind"};

bool is_separator(char c) noexcept {
  return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')';
}

// The value of a numeral, or ff1::max_radix.
unsigned value_of(char c, fpe_letters letters) noexcept {
  const char a = letters == fpe_letters::lower ? 'a' : 'A';
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= a && c < a + 26) return static_cast<unsigned>(c - a) + 10;
  return ff1::max_radix;
}
char numeral_of(unsigned value, fpe_letters letters) noexcept {
  const unsigned char ten = letters == fpe_letters::lower ? 'a' : 'A';
  return static_cast<char>(value < 10 ? '0' + value : ten + (value - 10));
}

struct numerals {
  std::array<std::uint8_t, ff1::max_length> values{};
  std::size_t count = 0;

  numerals() noexcept = default;
  ~numerals() { wipe(std::as_writable_bytes(std::span(values))); }
  numerals(const numerals&) = delete;
  numerals& operator=(const numerals&) = delete;
  std::span<std::uint8_t> view() noexcept { return std::span(values).first(count); }
};

result<void> read(std::string_view text, const fpe_options& options, numerals& out) noexcept {
  if (options.what == fpe_kind::phone && text.starts_with('+')) text.remove_prefix(1);
  for (const char c : text) {
    if (is_separator(c)) continue;
    const unsigned value = value_of(c, options.letters);
    if (value >= options.radix || out.count == out.values.size()) return not_a_number;
    out.values[out.count++] = static_cast<std::uint8_t>(value);
  }
  return {};
}

// Digits of a phone number that say where it is: `00` and the country code.
std::size_t prefix_of(std::string_view text, numerals& all) noexcept {
  std::array<char, 5> front{};
  const std::size_t shown = all.count < front.size() ? all.count : front.size();
  for (std::size_t i = 0; i < shown; ++i) front[i] = numeral_of(all.values[i], fpe_letters::lower);
  const std::string_view digits(front.data(), shown);
  if (text.starts_with('+')) return redaction::country_code(digits);
  return digits.starts_with("00") ? 2 + redaction::country_code(slice(digits, 2)) : 0;
}

std::uint8_t check_digit(std::span<std::uint8_t> digits) noexcept {
  std::uint8_t& last = digits.back();
  const std::uint8_t before = last;
  for (last = 0; last < 9 && !luhn_valid(digits); ++last) {
  }
  return std::exchange(last, before);
}

result<void> check(const crypto::block_cipher& cipher, const pseudonym_scope& scope,
                   const fpe_options& options) noexcept {
  if (auto good = redaction::check_scope(scope); !good) return good;
  if (cipher.encrypt == nullptr || cipher.key_bits != 256) {
    return error{errc::invalid_argument, "format-preserving encryption wants AES-256"};
  }
  const bool decimal = options.what == fpe_kind::phone || options.what == fpe_kind::card ||
                       options.check == fpe_check::luhn;
  if (options.radix < 2 || options.radix > ff1::max_radix || (decimal && options.radix != 10) ||
      options.what > fpe_kind::day_and_month || options.letters > fpe_letters::upper ||
      options.check > fpe_check::luhn || options.keep_first > ff1::max_length ||
      options.keep_last > ff1::max_length ||
      (options.check == fpe_check::luhn && options.keep_last != 0) ||
      (options.what == fpe_kind::phone && options.keep_first != 0) ||
      (options.what == fpe_kind::card && (options.keep_first > 8 || options.keep_last > 4))) {
    return error{errc::invalid_argument, "the options of format-preserving encryption do not fit"};
  }
  if (options.what >= fpe_kind::postal_code) {
    return error{errc::domain_too_small, "codes, PINs and days are few enough to try them all"};
  }
  return {};
}

// Tenant, field, version and what stays, each after its length.
class tweak {
 public:
  explicit tweak(const pseudonym_scope& scope) noexcept {
    add(as_bytes("clientbook fpe 1"));
    add(as_bytes(scope.tenant));
    add(as_bytes(scope.field));
    add(redaction::version_bytes(scope).view());
  }
  ~tweak() { wipe(bytes_); }
  tweak(const tweak&) = delete;
  tweak& operator=(const tweak&) = delete;

  void add(byte_view part) noexcept {
    store_be(bytes_.data() + size_, static_cast<std::uint64_t>(part.size()));
    copy_bytes(byte_span(bytes_).subspan(size_ + 8), part);
    size_ += 8 + part.size();
  }
  byte_view view() const noexcept { return byte_view(bytes_).first(size_); }

 private:
  static constexpr std::size_t room =
      6 * 8 + 16 + 2 * redaction::max_scope_part + 4 + ff1::max_length;
  std::array<std::byte, room> bytes_{};
  std::size_t size_ = 0;
};

using cipher_call = result<void> (*)(const crypto::block_cipher&, unsigned, byte_view,
                                     std::span<std::uint8_t>) noexcept;

result<std::string_view> run(cipher_call call, std::string_view text,
                             const crypto::block_cipher& cipher, const pseudonym_scope& scope,
                             const fpe_options& options, byte_span out) noexcept {
  if (auto good = check(cipher, scope, options); !good) return good.error();
  numerals all;
  if (auto good = read(text, options, all); !good) return good.error();
  if (options.what == fpe_kind::card && (all.count < 12 || all.count > 19)) return not_a_number;

  const bool checked = options.check == fpe_check::luhn;
  if (checked && (all.count < 2 || check_digit(all.view()) != all.view().back())) {
    return error{errc::invalid_value, "the check digit is wrong"};
  }
  const std::size_t first =
      options.what == fpe_kind::phone ? prefix_of(text, all) : options.keep_first;
  const std::size_t last = checked ? 1 : options.keep_last;
  const std::size_t hidden = all.count > first + last ? all.count - first - last : 0;
  if (options.what == fpe_kind::phone && hidden < least_phone) {
    return error{errc::domain_too_small, "a phone number of fewer than 7 national digits"};
  }

  tweak bound(scope);
  const auto digits = all.view();
  const std::size_t kept = first < digits.size() ? first : digits.size();
  bound.add(std::as_bytes(digits.first(kept)));
  bound.add(checked ? byte_view() : std::as_bytes(digits.subspan(kept + hidden)));
  if (auto done = call(cipher, options.radix, bound.view(), digits.subspan(kept, hidden)); !done) {
    return done.error();
  }
  if (checked) digits.back() = check_digit(digits);

  if (out.size() < text.size()) {
    return error{errc::buffer_too_small, "the number needs a larger buffer", text.size()};
  }
  std::size_t next = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool stays = is_separator(c) || c == '+';
    out[i] = static_cast<std::byte>(stays ? c : numeral_of(digits[next++], options.letters));
  }
  return as_text(out.first(text.size()));
}

}  // namespace

result<std::string_view> fpe_encrypt(std::string_view text, const crypto::block_cipher& cipher,
                                     const pseudonym_scope& scope, const fpe_options& options,
                                     byte_span out) noexcept {
  return run(&ff1::encrypt, text, cipher, scope, options, out);
}

result<std::string_view> fpe_decrypt(std::string_view text, const crypto::block_cipher& cipher,
                                     const pseudonym_scope& scope, const fpe_options& options,
                                     byte_span out) noexcept {
  return run(&ff1::decrypt, text, cipher, scope, options, out);
}

}  // namespace clientbook
