// Notices: what a customer was shown before they decided.
//
// A grant refers to a notice by id, version and hash. It permits nothing beyond what the notice
// announces, and nothing at all if the book does not hold the notice. The hash is computed over
// encode_notice(), which binds the cells of the preview (preview.hpp), so that what was shown
// is what was granted.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_CONSENT_PRIVACY_NOTICE_HPP
#define CLIENTBOOK_CONSENT_PRIVACY_NOTICE_HPP

#include <clientbook/consent/directive.hpp>

#include <span>

namespace clientbook {

struct privacy_notice {
  notice_id id{};             ///< Not 0.
  std::uint32_t version = 1;  ///< From 1. A changed notice is a new version.
  short_text<16> language{};  ///< BCP 47
  short_text<64> title{};
  consent_scope announced{};           ///< What it announces; grants end there.
  std::uint32_t registry_version = 0;  ///< Whose parties it lists.
  profile_id jurisdiction{};
  std::uint32_t retention_days = 0;  ///< 0: until withdrawn.
  consent_hash offer{};              ///< Hash of what is offered in return; zero: nothing.
  consent_hash text{};               ///< Hash of the text that was shown.
  consent_hash cells{};              ///< Hash of the preview; zero: none was shown.
  consent_hash hash{};  ///< Of encode_notice(); not part of it. Zero: not yet known, unusable.
  friend bool operator==(const privacy_notice&, const privacy_notice&) = default;
};

/// A version that announces nothing takes back those before it: what was agreed to under them
/// counts no more, and nothing is agreed to under it. What a consent asked in return still binds. A
/// later version announces anew, for consents that are given after it.
constexpr bool is_withdrawal(const privacy_notice& notice) noexcept {
  return notice.announced.purposes.empty();
}
/// Whether a later version among `known` takes this one back, or it is such a version itself.
bool is_withdrawn(const privacy_notice& notice, std::span<const privacy_notice> known) noexcept;

inline constexpr std::size_t max_notice_bytes = 2048;

/// Deterministic CBOR, without `hash`. Errors: invalid_value (also a scope that is empty in part),
/// missing_field, unknown_field as check() of a directive; buffer_too_small (`at`: bytes needed).
result<byte_view> encode_notice(const privacy_notice& value, byte_span out) noexcept;
/// `hash` is left zero: the caller fills it in. Errors, `at` the byte offset: those of CBOR,
/// newer_format, as encode_notice().
result<privacy_notice> decode_notice(byte_view bytes) noexcept;

}  // namespace clientbook

#endif
