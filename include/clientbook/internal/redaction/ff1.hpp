// FF1 (NIST SP 800-38G revision 1): encryption of a string of numerals into one of the same
// radix and length.
//
// Thread safety: pure functions; the cipher is the caller's.
#ifndef CLIENTBOOK_INTERNAL_REDACTION_FF1_HPP
#define CLIENTBOOK_INTERNAL_REDACTION_FF1_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/internal/crypto/block_cipher.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace clientbook::ff1 {

inline constexpr unsigned max_radix = 36;
inline constexpr std::size_t max_length = 64;
inline constexpr std::size_t max_tweak = 4096;
/// Of fewer strings each can be tried: the revision's lower limit.
inline constexpr std::uint32_t least_domain = 1'000'000;

// The numerals, each below `radix`, are replaced. On every error they stay as they were.
//
// Errors: invalid_argument (radix not 2 to 36, more than max_length numerals or max_tweak bytes,
// a port without function), domain_too_small (radix^length below least_domain), invalid_value (a
// numeral not below the radix), unsupported (the cipher failed).
result<void> encrypt(const crypto::block_cipher& cipher, unsigned radix, byte_view tweak,
                     std::span<std::uint8_t> numerals) noexcept;
result<void> decrypt(const crypto::block_cipher& cipher, unsigned radix, byte_view tweak,
                     std::span<std::uint8_t> numerals) noexcept;

}  // namespace clientbook::ff1

#endif
