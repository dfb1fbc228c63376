// TC strings: what a consent management platform of IAB Europe's Transparency and Consent
// Framework (encoding version 2, TCF 2.0 to 2.3) or of IAB Canada (version 1) wrote down.
//
// The reader is strict: what the format does not define is refused with a reason, nothing is
// repaired. It copies nothing and allocates nothing: a tc_string is a view of the text, which
// must outlive it. A TC string that can be tied to a person is personal data: keep it as a
// sealed field and put its disclosure in the ledger like any other.
//
// Errors of reading; `at` is a bit offset into the text, six bits a character, dots included:
//   truncated         empty, or a segment ends before its fields do
//   unsupported       version 1 of Europe's string, an unknown version, an undefined segment
//   invalid_encoding  a character outside base64url, '=' padding, bits behind the last field
//   invalid_value     CMP id 0, a code that is not two letters, ranges out of order or beyond
//                     the largest id, restriction type 3, a restriction of purpose 0
//   already_exists    a segment given twice
//   missing_field     no DisclosedVendors segment where policy version 5 (TCF 2.3) demands it
//
// Thread safety: values; the functions keep no state.
#ifndef CLIENTBOOK_EXCHANGE_TCF_HPP
#define CLIENTBOOK_EXCHANGE_TCF_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace clientbook {

/// Vendors first to last, both included.
struct vendor_range {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
  friend constexpr bool operator==(vendor_range, vendor_range) = default;
};

/// A set of vendor ids (1 to 65535) as it lies in the text, checked by the reader.
class vendor_ids {
 public:
  vendor_ids() noexcept = default;

  bool contains(std::uint16_t vendor) const noexcept;
  bool empty() const noexcept;

  /// Goes through the set in ascending order, in runs that may touch.
  class cursor {
   public:
    explicit cursor(const vendor_ids& set) noexcept;
    std::optional<vendor_range> next() noexcept;

   private:
    const vendor_ids* set_;
    std::size_t bit_;
    std::uint32_t step_ = 0;
    std::uint32_t before_ = 0;  // The id before, from which an offset counts.
  };

 private:
  friend struct tcf_access;
  /// How the vendors lie in the text: one bit each, or ranges whose ids are numbers of 16 bits,
  /// or offsets from the id before in Fibonacci code (Canada).
  enum class form : std::uint8_t { bits, ranges, fibonacci };

  std::string_view text_;    // One segment.
  std::size_t bit_ = 0;      // Where the bit field or the first range entry begins.
  std::uint32_t count_ = 0;  // Bits of the field, or range entries.
  form form_ = form::bits;
};

enum class restriction_type : std::uint8_t {
  not_allowed = 0,                 ///< The vendor may not pursue the purpose at all.
  require_consent = 1,             ///< Not on the ground of legitimate interest.
  require_legitimate_interest = 2  ///< Not on the ground of consent.
};

/// What the publisher restricts, whatever the user chose.
struct publisher_restriction {
  std::uint8_t purpose = 0;
  restriction_type type = restriction_type::not_allowed;
  vendor_ids vendors{};
};

class publisher_restrictions {
 public:
  publisher_restrictions() noexcept = default;
  std::size_t size() const noexcept { return count_; }

  class cursor {
   public:
    explicit cursor(const publisher_restrictions& list) noexcept;
    std::optional<publisher_restriction> next() noexcept;

   private:
    const publisher_restrictions* list_;
    std::size_t bit_;
    std::size_t step_ = 0;
  };

 private:
  friend struct tcf_access;
  std::string_view text_;
  std::size_t bit_ = 0;
  std::uint16_t count_ = 0;
  bool optimized_ = false;  // Each set with its largest id, as bits or as Fibonacci ranges.
};

/// A set of small numbers from 1: purposes, special features.
struct tcf_numbers {
  std::uint64_t bits = 0;  ///< Number n is bit n - 1.
  constexpr bool contains(unsigned number) const noexcept {
    return number >= 1 && number <= 64 && ((bits >> (number - 1)) & 1) != 0;
  }
  friend constexpr bool operator==(tcf_numbers, tcf_numbers) = default;
};

/// The publisher's own purposes (segment PublisherTC).
struct publisher_tc {
  tcf_numbers purpose_consents{};
  tcf_numbers purpose_legitimate_interests{};
  std::uint8_t custom_purposes = 0;  ///< How many purposes of its own the publisher has.
  tcf_numbers custom_consents{};
  tcf_numbers custom_legitimate_interests{};
};

enum class tcf_region : std::uint8_t { europe, canada };

/// Canada's string speaks of express and implied consent: express consent stands in the
/// members for consent, implied consent in those for legitimate interest; both end by objection.
struct tc_string {
  tcf_region region = tcf_region::europe;
  std::uint8_t version = 0;
  timestamp created{};       ///< Whole seconds.
  timestamp last_updated{};  ///< Whole seconds.
  std::uint16_t cmp_id = 0;
  std::uint16_t cmp_version = 0;
  std::uint8_t consent_screen = 0;
  std::array<char, 2> consent_language{};  ///< Upper case.
  std::uint16_t vendor_list_version = 0;
  std::uint8_t policy_version = 0;
  bool is_service_specific = true;  ///< false: the withdrawn global scope; permits nothing.
  bool non_standard_texts = false;
  tcf_numbers special_feature_opt_ins{};       ///< 1 to 12.
  tcf_numbers purpose_consents{};              ///< 1 to 24.
  tcf_numbers purpose_legitimate_interests{};  ///< 1 to 24.
  bool purpose_one_treatment = false;          ///< Purpose 1 was not shown to the user.
  std::array<char, 2> publisher_country{};     ///< Upper case; NULs in Canada's string.
  vendor_ids vendor_consents{};
  vendor_ids vendor_legitimate_interests{};
  publisher_restrictions restrictions{};
  std::optional<vendor_ids> vendors_disclosed{};  ///< Always there from policy version 5 on.
  std::optional<vendor_ids> vendors_allowed{};    ///< Legacy of the global scope.
  std::optional<publisher_tc> publisher{};
};

/// Reads Europe's TC string.
result<tc_string> read_tc_string(std::string_view text) noexcept;

/// Reads Canada's, as it stands in section 5 of a GPP string: vendors in ranges of Fibonacci code,
/// as the specification has them. A segment that cannot be read so is read with ids of 16 bits, as
/// encoders wrote it before; where both are possible, it is the first.
result<tc_string> read_tc_string_canada(std::string_view text) noexcept;

}  // namespace clientbook

#endif
