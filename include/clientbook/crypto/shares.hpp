// Shares: a secret of 32 bytes split among people, so that any few of them bring it back and fewer
// learn nothing (Shamir, over GF(2^8)), each written so that a slip of the pen is found and named.
//
// Our own, since what distributions have (libgfshare) draws its polynomials from random(), reads
// tables at secret places and has no form on paper. docs/format/recovery.md has the bytes.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_CRYPTO_SHARES_HPP
#define CLIENTBOOK_CRYPTO_SHARES_HPP

#include <clientbook/base/random.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/secret.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace clientbook::crypto {

inline constexpr unsigned most_shares = 16;
/// Characters of a written share: 18 groups of five, joined by hyphens.
inline constexpr std::size_t share_text_size = 18 * 5 + 17;

/// One share, as somebody keeps it.
struct share {
  std::uint8_t threshold = 0;
  std::uint8_t number = 0;  ///< From 1.
  std::uint8_t of = 0;
  std::array<std::byte, 4> kit{};  ///< Which secret it is of.
  secret<32> value{};
};

/// Splits a secret; `out` are the shares, as many as are wanted.
/// Errors: invalid_argument (a threshold below 2 or above the number of shares, more than
/// most_shares), randomness_failed.
result<void> split(const secret<32>& whole, unsigned threshold, std::array<std::byte, 4> kit,
                   random_source& random, std::span<share> out) noexcept;

/// Brings the secret back. What comes out of shares that were made up is another secret: hold it
/// against something.
/// Errors, `at` the place in `given`, from 1: invalid_argument (fewer than the threshold; the same
/// one twice), version_mismatch (of another secret than the first one).
result<secret<32>> combine(std::span<const share> given) noexcept;

/// As somebody writes it down. Wipes itself.
using share_text = secret<share_text_size>;
[[nodiscard]] share_text write(const share& one) noexcept;

/// Errors: invalid_encoding, `at` the first group that is wrong, from 1 (a sign that is none of
/// them, a slip, a group left out), or 0 if each group is right and they do not belong together;
/// newer_format.
result<share> read_share(std::string_view text) noexcept;

}  // namespace clientbook::crypto

#endif
