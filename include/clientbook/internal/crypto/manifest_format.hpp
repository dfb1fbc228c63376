// A manifest's bytes but for the key: the first 56 of a leaf entry (docs/format/sealing.md). What a
// backup says of an entry.
#ifndef CLIENTBOOK_INTERNAL_CRYPTO_MANIFEST_FORMAT_HPP
#define CLIENTBOOK_INTERNAL_CRYPTO_MANIFEST_FORMAT_HPP

#include <clientbook/crypto/key_tree.hpp>

#include <cstddef>
#include <span>

namespace clientbook {

inline constexpr std::size_t manifest_bytes = 56;

void encode_manifest(std::span<std::byte, manifest_bytes> to, const manifest& entry) noexcept;
/// Leaves the key as it is.
void decode_manifest(manifest& entry, std::span<const std::byte, manifest_bytes> from) noexcept;

}  // namespace clientbook

#endif
