// What a directive did when it was recorded: what opened, closed and waits, where a customer lives,
// and what a consent would open.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_CONSENTS_HPP
#define CLIENTBOOK_BOOK_CONSENTS_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/consent/directive.hpp>
#include <clientbook/consent/preview.hpp>
#include <clientbook/consent/profile.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clientbook {

/// How it is known where a customer lives.
enum class residence_source : std::uint8_t {
  address = 1,   ///< Nobody has said so for sure. It may tighten, and opens nothing.
  customer = 2,  ///< In the customer's own words.
  officer = 3,   ///< Somebody of the shop who has evidence.
};

/// What a move says beside the law.
struct move_details {
  /// A country, or a state where the law is of states, as its age table names them. Counts if the
  /// move is confirmed, for consents that are given later.
  country_code residence{};
  employment works_here = employment::unsaid;
  /// When it was said; none: now. Not later than now.
  std::optional<timestamp> at{};
};

/// Under which law a customer is looked at.
struct jurisdiction {
  /// What all of them permit is permitted. In the book's order.
  std::vector<std::shared_ptr<const law_profile>> laws{};
  /// Where they live, as they or an officer have said; 0: nobody has, and all laws of the book
  /// hold.
  profile_id confirmed{};
  country_code residence{};  ///< Where under that law, for consents given now; empty: not known.
  bool employed = false;     ///< They work for the shop.
  friend bool operator==(const jurisdiction&, const jurisdiction&) = default;
};

/// How long a yes that somebody has noted waits to be confirmed, and counts for care until then.
inline constexpr int noted_consent_days = 30;

/// How long the token of a double opt-in may be brought back.
inline constexpr int opt_in_days = 7;

/// What record() did.
struct recorded {
  std::uint32_t sequence = 0;  ///< Of the directive; of one that is in force already, its own.
  bool repeated = false;       ///< It says what is in force already: nothing was added.
  /// Of a yes on the word of who noted it: purposes that wait until it is confirmed,
  purpose_set waiting{};
  purpose_set provisional{};  ///< and of these those of care, which count meanwhile,
  timestamp until{};          ///< until that instant, not included; 0: none does.
  operator std::uint32_t() const noexcept { return sequence; }  // NOLINT(*-explicit-*)
};

/// What a call of compile_consents() did.
struct compile_progress {
  std::uint32_t compiled = 0;  ///< Customers whose state was out of date.
  std::uint64_t left = 0;      ///< Customers to go, those who were erased among them; 0: done.
};

/// Somebody may do something with these fields.
struct consent_cell {
  recipient_id recipient{};
  purpose_id purpose{};
  operation_id operation{};
  field_set fields{};
  friend bool operator==(const consent_cell&, const consent_cell&) = default;
};

/// What a directive did when it was recorded: for the shop itself and its parts, the customer and
/// who represents them, every party of the registry, and each class that the directive names, by
/// recipient, purpose and operation. A field that is shown in a form that hides less has opened,
/// and one in a form that hides more has closed.
struct consent_effect {
  std::uint32_t sequence = 0;
  bool repeated = false;  ///< It was in force already, and nothing was added.
  std::vector<consent_cell> opened{};
  std::vector<consent_cell> closed{};
  purpose_set waiting{};  ///< As those of `recorded`.
  purpose_set provisional{};
  timestamp until{};
};

/// A yes that opens nothing yet, or care alone: nobody but who noted it has said so.
struct waiting_consent {
  directive said{};    ///< As it was noted; confirm() names its sequence.
  timestamp until{};   ///< It is to be confirmed before.
  bool asked = false;  ///< A token of it is under way to the customer.
};

/// How many customers; of a few it is not told how many.
struct customer_count {
  std::uint64_t customers = 0;  ///< 0, or least_told or more.
  bool few = false;             ///< Some, and fewer than least_told.

  static constexpr std::uint64_t least_told = 5;
};

/// What the customer is sent and brings back: 64 digits of base 16. Who has it speaks for them.
struct opt_in_token {
  std::string text{};
  timestamp until{};  ///< It is brought back before.
};

/// Exactly what a consent would open, and the hash over it that a notice carries.
struct consent_preview {
  std::vector<preview_cell> cells{};
  consent_hash hash{};  ///< Of encode_cell() of each, one after the other; zero: there is none.
};

}  // namespace clientbook

#endif
