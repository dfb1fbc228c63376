// Cryptography: hashes, derived keys, signatures, blind tokens, and which suites run here.
//
// A thin layer over libsodium that gives its functions our types and domain separation.
// What seals data is in envelope.hpp and key_tree.hpp; no function here takes a nonce.
// Call init() once before anything else.
//
// Thread safety: free functions without state; objects belong to one thread at a time.
#ifndef CLIENTBOOK_CRYPTO_CRYPTO_HPP
#define CLIENTBOOK_CRYPTO_CRYPTO_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/random.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/secret.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace clientbook::crypto {

/// Makes libsodium ready; any number of calls, from any thread.
/// Errors: unsupported (the library refuses to start on this machine).
result<void> init() noexcept;

/// How values are sealed. A book declares one. Stored: append, never renumber.
enum class suite : std::uint8_t {
  chacha20_poly1305 = 1,  ///< Runs everywhere.
  aes256_gcm = 2,         ///< Only where the processor has AES.
  // 3 is reserved for AEGIS-256.
};

/// Whether this machine can seal and open under it. Precondition: init().
[[nodiscard]] bool suite_available(suite which) noexcept;

/// In constant time for a given size; the sizes are no secret.
[[nodiscard]] bool equal(byte_view a, byte_view b) noexcept;

// --- hashes ---------------------------------------------------------------------------

using digest = digest256;
using digest512 = fixed_bytes<struct digest_tag, 64>;

[[nodiscard]] digest hash(byte_view data) noexcept;        ///< BLAKE2b-256
[[nodiscard]] digest512 hash512(byte_view data) noexcept;  ///< BLAKE2b-512
[[nodiscard]] digest hash(const secret<32>& key, byte_view data) noexcept;
[[nodiscard]] digest512 hash512(const secret<32>& key, byte_view data) noexcept;

/// BLAKE2b-256, with or without a key, over data that comes in pieces. Wiped at its end.
class hasher {
 public:
  hasher() noexcept;
  explicit hasher(const secret<32>& key) noexcept;
  ~hasher();
  hasher(const hasher&) = delete;
  hasher& operator=(const hasher&) = delete;

  hasher& update(byte_view data) noexcept;
  /// Once; afterwards the object can only be destroyed.
  [[nodiscard]] digest finish() noexcept;

 private:
  alignas(64) std::array<std::byte, 384> state_;
};

/// SHA-256 (RFC 9162 trees, evidence that others must be able to check).
[[nodiscard]] digest sha256(byte_view data) noexcept;

class sha256_hasher {
 public:
  sha256_hasher() noexcept;
  sha256_hasher& update(byte_view data) noexcept;
  /// Once; afterwards the object can only be destroyed.
  [[nodiscard]] digest finish() noexcept;

 private:
  alignas(8) std::array<std::byte, 104> state_;
};

/// HMAC-SHA-256 (RFC 2104) under a key of any size; keys of our own are `secret`s and use hash().
/// For what others must be able to compute. Wiped at its end.
class hmac_sha256 {
 public:
  explicit hmac_sha256(byte_view key) noexcept;
  ~hmac_sha256();
  hmac_sha256(const hmac_sha256&) = delete;
  hmac_sha256& operator=(const hmac_sha256&) = delete;

  hmac_sha256& update(byte_view data) noexcept;
  /// Once; afterwards the object can only be destroyed.
  [[nodiscard]] digest finish() noexcept;

 private:
  alignas(8) std::array<std::byte, 208> state_;
};

// --- keys -----------------------------------------------------------------------------

/// A key for one use: keyed BLAKE2b-256 over label and context, each after its length in
/// 8 bytes, so that no two pairs give one input.
[[nodiscard]] secret<32> derive(const secret<32>& key, std::string_view label,
                                byte_view context = {}) noexcept;

/// Errors: randomness_failed.
result<secret<32>> random_key(random_source& random) noexcept;

// --- signatures (Ed25519, RFC 8032) -----------------------------------------------------

using verifying_key = fixed_bytes<struct verifying_key_tag, 32>;
using signature = fixed_bytes<struct signature_tag, 64>;

class signing_key {
 public:
  explicit signing_key(const secret<32>& seed) noexcept;
  [[nodiscard]] const verifying_key& public_key() const noexcept { return public_; }
  [[nodiscard]] signature sign(byte_view message) const noexcept;

 private:
  secret<64> secret_;
  verifying_key public_{};
};

/// Errors: signature_invalid.
result<void> verify(const signature& signed_by, byte_view message,
                    const verifying_key& key) noexcept;

// --- what an index and the outside see --------------------------------------------------

/// A token of a blind index; bits past the chosen number are zero.
using blind_index_token = fixed_bytes<struct blind_index_tag, 16>;

/// First `bits` of keyed BLAKE2b over the parts, each after its length in 8 bytes.
/// Errors: invalid_argument unless bits is 1 to 128.
result<blind_index_token> blind_token(const secret<32>& key, unsigned bits,
                                      std::span<const byte_view> parts) noexcept;

/// Turns dense customer numbers into public ids that show nothing, and back, without a
/// table: a keyed permutation of 128 bits (Feistel network, six rounds of SipHash-2-4).
/// 64 of them are redundant, so an id that was not made here is not found.
class id_permutation {
 public:
  explicit id_permutation(const secret<32>& key) noexcept;

  /// Precondition: number is not 0.
  [[nodiscard]] customer_id id(customer_no number) const noexcept;
  /// Errors: not_found for any id that id() under this key did not make.
  [[nodiscard]] result<customer_no> number(const customer_id& id) const noexcept;

 private:
  secret<96> rounds_;
};

// --- randomness -------------------------------------------------------------------------

/// The operating system's generator through libsodium. Hosted builds only. One call costs
/// a system call: pool it where many salts are drawn.
///
/// Thread safety: any number of threads.
class system_random final : public random_source {
 public:
  result<void> fill(byte_span out) noexcept override;
};

}  // namespace clientbook::crypto

#endif
