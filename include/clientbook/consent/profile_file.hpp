// Profile files: a law profile as bytes, and who stands behind them.
//
// A profile has one canonical form, deterministic CBOR, and a signed file is that form with an
// Ed25519 signature over it, made for this use alone. docs/format/profile.md has every byte. A
// profile with a term or a table that this version does not know is refused whole: a
// prohibition that is passed over would permit.
//
// Whether a signer is trusted is the book's to say (session.hpp); a signature says who wrote a
// profile, not that a lawyer has seen it.
//
// Thread safety: pure functions; a room belongs to one thread while it is filled.
#ifndef CLIENTBOOK_CONSENT_PROFILE_FILE_HPP
#define CLIENTBOOK_CONSENT_PROFILE_FILE_HPP

#include <clientbook/consent/profile.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace clientbook {

inline constexpr std::size_t max_profile_bytes = 65536;
inline constexpr std::size_t max_signed_profile_bytes = max_profile_bytes + 256;

/// What the tables of a profile that was read lie in; its texts lie in the bytes.
struct profile_room {
  std::array<prohibition_rule, 32> prohibitions;
  std::array<reach_rule, 32> reaches;
  std::array<basis_rule, 64> bases;
  std::array<obligation_rule, 64> obligations;
  std::array<sensitive_rule, 16> sensitive;
  std::array<age_rule, 16> ages;
  std::array<deadline_rule, 16> deadlines;
  std::array<signal_rule, 128> signals;
  std::array<country_code, 256> adequate;
  std::array<opt_out_rule, 16> opt_outs;
  std::array<on_behalf_rule, 4> on_behalf;
};

/// The canonical form. Errors: as check() of a profile; missing_field (a name, a title, a law),
/// invalid_value (an enumeration, a name that is not of [a-z0-9-], countries that do not ascend,
/// an obligation that belongs to one book), unknown_field (a term that the vocabulary lacks),
/// limit_exceeded (more rows than profile_room holds, a text of more than 255 bytes),
/// buffer_too_small (`at`: bytes needed).
result<byte_view> encode_profile(const law_profile& value, byte_span out) noexcept;

/// Reads only what encode_profile() can write. The profile lives as long as `bytes` and `room`.
/// Errors, `at` the byte offset: those of CBOR, newer_format, as encode_profile().
result<law_profile> decode_profile(byte_view bytes, profile_room& room) noexcept;

/// BLAKE2b-256 of the canonical form: what people compare, and the ledger notes.
[[nodiscard]] crypto::digest profile_digest(byte_view canonical) noexcept;

/// A signed file in its parts. The canonical form lies in the file's bytes.
struct signed_profile {
  byte_view canonical{};
  crypto::verifying_key key{};
  crypto::signature signature{};
};

/// A signed file. Whoever signs reads the canonical form first: what lies in it is not looked at.
/// Errors: limit_exceeded, buffer_too_small (`at`: bytes needed).
result<byte_view> sign_profile(byte_view canonical, const crypto::signing_key& key,
                               byte_span out) noexcept;

/// Takes a file apart and looks at its form only. Errors, `at` the byte offset: those of CBOR,
/// limit_exceeded.
result<signed_profile> open_signed_profile(byte_view file) noexcept;

/// Whether one of these keys has signed it. Errors: signature_invalid.
result<void> check_profile_signature(const signed_profile& file,
                                     std::span<const crypto::verifying_key> trusted) noexcept;

}  // namespace clientbook

#endif
