// A short keyed hash for tables that live in memory alone: whose addresses, which order.
//
// SipHash-2-4 under a random key that goes with the table. It costs a third of a token that is
// stored, and is none: nothing that it gives is ever written down.
#ifndef CLIENTBOOK_INTERNAL_CRYPTO_SHORT_HASH_HPP
#define CLIENTBOOK_INTERNAL_CRYPTO_SHORT_HASH_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/secret.hpp>

#include <cstdint>
#include <span>

namespace clientbook::crypto {

/// Of the parts with their lengths: `ab`, `c` is another than `a`, `bc`.
[[nodiscard]] std::uint64_t short_hash(const secret<32>& key, std::span<const byte_view> parts);

}  // namespace clientbook::crypto

#endif
