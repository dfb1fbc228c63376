// GPP strings: IAB Tech Lab's Global Privacy Platform, header version 1, and its sections for
// the United States (uspv1, usnat and the states, section ids 6 to 27).
//
// Two steps: read_gpp() reads the header and cuts the string into sections; each section is
// then read on its own, so that a section this library cannot read spoils no other one. A
// section that is refused denies the purposes it speaks of (consent_signal.hpp).
//
// A value 2 of an opt-out field means "did not opt out", which is not a consent. Where a
// section's sensitive data fields are opt-outs (California, Utah, Iowa), the same holds there.
//
// Errors of reading; `at` is a bit offset into the text given, six bits a character:
//   truncated         empty, or ends before its fields do
//   unsupported       another header type or version, an unknown section or section version
//   invalid_encoding  a character outside base64url, bits behind the last field, a length that
//                     no version of the section has, sections missing or left over
//   invalid_value     section ids out of order, a two-bit field with the undefined value 3,
//                     a USP letter other than Y, N or -
//
// Thread safety: values; the functions keep no state.
#ifndef CLIENTBOOK_EXCHANGE_GPP_HPP
#define CLIENTBOOK_EXCHANGE_GPP_HPP

#include <clientbook/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace clientbook {

enum class gpp_section : std::uint8_t {
  tcfeuv2 = 2,
  tcfcav1 = 5,
  uspv1 = 6,
  usnat = 7,
  usca,
  usva,
  usco,
  usut,
  usct,
  usfl,
  usmt,
  usor,
  ustx,
  usde,
  usia,
  usne,
  usnh,
  usnj,
  ustn,
  usmn,
  usmd,
  usin,
  usky,
  usri = 27
};

/// One section, where it lies in the text.
struct gpp_part {
  std::uint16_t id = 0;  ///< As the header says; may be one this library does not know.
  std::string_view text{};
};

/// A GPP string cut up, its sections in ascending order of ids. A view of the text.
class gpp_string {
 public:
  static constexpr std::size_t most_sections = 32;

  std::span<const gpp_part> sections() const noexcept { return {parts_.data(), count_}; }
  /// Empty if the string has no such section.
  std::string_view section(gpp_section id) const noexcept;

 private:
  friend result<gpp_string> read_gpp(std::string_view) noexcept;
  std::array<gpp_part, most_sections> parts_{};
  std::size_t count_ = 0;
};

/// Reads the header and cuts the sections; their content is not looked at.
/// Errors: those above, and limit_exceeded for more than most_sections.
result<gpp_string> read_gpp(std::string_view text) noexcept;

/// The US Privacy string, section 6: `1YNN`.
struct usp_string {
  char notice = '-';        ///< 'Y', 'N', or '-' for not applicable.
  char opt_out_sale = '-';  ///< 'Y': opted out.
  char lspa_covered = '-';
};
result<usp_string> read_usp(std::string_view text) noexcept;

/// A two-bit field. In a notice: yes, no. In an opt-out: opted out, did not opt out. In a
/// consent: no consent, consent.
enum class us_value : std::uint8_t { not_applicable = 0, one = 1, two = 2 };

/// The single-valued fields of the US sections. Which a section has: has_field().
enum class us_field : std::uint8_t {
  sharing_notice,  ///< ProcessingNotice in newer states.
  sale_opt_out_notice,
  sharing_opt_out_notice,
  targeted_advertising_opt_out_notice,
  sensitive_data_opt_out_notice,
  sensitive_data_limit_use_notice,
  sale_opt_out,
  sharing_opt_out,
  targeted_advertising_opt_out,
  personal_data_consent,  ///< AdditionalDataProcessingConsent in the states.
  mspa_covered_transaction,
  mspa_opt_out_option_mode,
  mspa_service_provider_mode,
  mspa_mode,  ///< Maryland, Indiana, Kentucky, Rhode Island.
};
inline constexpr std::size_t us_field_count = 14;

/// A section for the United States, 7 to 27.
struct us_privacy {
  gpp_section section = gpp_section::usnat;
  std::uint8_t version = 2;  ///< As it stands in the string; of the MSPA in the newest states.
  std::array<us_value, us_field_count> fields{};
  std::uint8_t sensitive_count = 0;
  std::array<us_value, 16> sensitive{};  ///< SensitiveDataProcessing, the first sensitive_count.
  std::uint8_t child_count = 0;
  std::array<us_value, 5> child{};  ///< KnownChildSensitiveDataConsents, the first child_count.
  std::optional<bool> gpc{};        ///< The GPC sub-section, if there is one.

  us_value operator[](us_field field) const noexcept {
    return fields[static_cast<std::size_t>(field)];
  }
  us_value& operator[](us_field field) noexcept { return fields[static_cast<std::size_t>(field)]; }
};

/// An empty section of the newest version: every field "not applicable", the transaction not
/// covered by the MSPA (the specification has no third value), a GPC sub-section that says false
/// where the section has one. Errors: invalid_argument for ids 2, 5 and 6.
result<us_privacy> make_us_privacy(gpp_section section) noexcept;

[[nodiscard]] bool has_field(const us_privacy& privacy, us_field field) noexcept;

/// The kinds of sensitive data that the US sections know, as the bits of a set.
enum class us_data : std::uint16_t {
  racial_or_ethnic_origin = 1 << 0,
  religious_beliefs = 1 << 1,
  health = 1 << 2,
  sex_life_or_orientation = 1 << 3,
  citizenship_or_immigration = 1 << 4,
  genetic = 1 << 5,
  biometric = 1 << 6,
  precise_geolocation = 1 << 7,
  government_id = 1 << 8,
  account_credentials = 1 << 9,
  union_membership = 1 << 10,
  message_contents = 1 << 11,
  consumer_health = 1 << 12,
  crime_victim = 1 << 13,
  national_origin = 1 << 14,
  transgender_or_nonbinary = 1 << 15
};

/// What entry `index` of `sensitive` is about: a set of us_data, 0 if there is no such entry.
std::uint16_t sensitive_data_of(gpp_section section, std::size_t index) noexcept;

/// Whether the entries of `sensitive` are consents; in California, Utah and Iowa they are
/// opt-outs.
bool sensitive_data_is_consent(gpp_section section) noexcept;

inline constexpr std::uint16_t all_us_data = 0xffff;

/// What entry `index` of `child` would permit.
enum class child_purpose : std::uint8_t { processing, sale, sharing, targeted_advertising };
child_purpose child_purpose_of(gpp_section section, std::size_t index) noexcept;

/// Whole years from `from` up to, not including, `below`.
struct age_range {
  std::uint8_t from = 0;
  std::uint8_t below = 255;
  constexpr bool everybody() const noexcept { return from == 0 && below == 255; }
  friend constexpr bool operator==(age_range, age_range) = default;
};
/// Whom entry `index` of `child` is about; nobody (below 0) if there is no such entry.
age_range child_ages_of(gpp_section section, std::size_t index) noexcept;

/// Reads a section 7 to 27. The layout of `usnat` follows from its length, whatever its version
/// field says: strings in the wild carry version 1 with the fields of version 2, and version 2
/// with those of version 1 (60 bits, filled up to 60 or 66).
result<us_privacy> read_us_privacy(gpp_section section, std::string_view text) noexcept;

/// To how many bits a segment is filled up with zeros: the specification says 6, the reference
/// encoder writes 8.
enum class gpp_padding : std::uint8_t { six, eight };

/// Writes a whole GPP string from sections in ascending order, at most one of each.
/// Errors: invalid_argument for sections out of order or for a value that its layout does not
/// hold; a usnat section is always written as version 2.
result<std::string> write_gpp(std::span<const us_privacy> sections,
                              gpp_padding padding = gpp_padding::six);

}  // namespace clientbook

#endif
