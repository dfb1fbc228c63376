// Obligations: what whoever gets a permit must do with it.
//
// A closed list. Combining obligations is a meet: what comes out is at least as strict as each
// part, in whatever order they are combined. A permit whose obligations the caller did not
// declare it can discharge is a denial (stage 8).
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_CONSENT_OBLIGATION_HPP
#define CLIENTBOOK_CONSENT_OBLIGATION_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/model/schema.hpp>

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace clientbook {

/// Stored: append, never renumber; at most 16.
enum class obligation : std::uint8_t {
  ledger = 0,             ///< Write the disclosure down before a byte leaves.
  mask = 1,               ///< Show the field in a coarser form: redaction_operator.
  pseudonymise = 2,       ///< Replace identifiers.
  expire = 3,             ///< Forget it after a time.
  no_onward = 4,          ///< The recipient may not pass it on.
  purpose_tag = 5,        ///< The purpose travels with the data.
  encrypt_for = 6,        ///< Readable by that recipient only.
  notify_subject = 7,     ///< Tell the customer.
  attach_notice = 8,      ///< That notice travels with the data.
  attach_opt_out = 9,     ///< A way to object travels with the message.
  human_review = 10,      ///< A person looks at the outcome (GDPR 22(3)).
  contract_on_file = 11,  ///< There is a contract with the recipient (GDPR 28(3)).
  log_reason = 12,        ///< The reason is written down.
  rate = 13,              ///< No more than so often.
};

class obligation_set {
 public:
  constexpr obligation_set() noexcept = default;
  constexpr obligation_set(std::initializer_list<obligation> members) noexcept {
    for (const obligation member : members) add(member);
  }
  static constexpr obligation_set of_bits(std::uint16_t bits) noexcept {
    obligation_set out;
    out.bits_ = bits;
    return out;
  }
  constexpr void add(obligation member) noexcept { bits_ = bits_ | bit(member); }
  constexpr bool contains(obligation member) const noexcept { return (bits_ & bit(member)) != 0; }
  constexpr bool includes(obligation_set other) const noexcept {
    return (other.bits_ & static_cast<std::uint16_t>(~bits_)) == 0;
  }
  constexpr std::uint16_t bits() const noexcept { return bits_; }
  friend constexpr obligation_set operator|(obligation_set a, obligation_set b) noexcept {
    return of_bits(a.bits_ | b.bits_);
  }
  friend constexpr bool operator==(obligation_set, obligation_set) = default;

 private:
  static constexpr std::uint16_t bit(obligation member) noexcept {
    return static_cast<std::uint16_t>(1U << static_cast<unsigned>(member));
  }
  std::uint16_t bits_ = 0;
};

/// What a session of a book does by itself, and nobody who only calls evaluate().
inline constexpr obligation_set discharged_by_book{obligation::ledger, obligation::mask,
                                                   obligation::pseudonymise, obligation::expire,
                                                   obligation::purpose_tag};

/// Obligations with what they say. A part without its obligation in `required` is 0.
struct obligations {
  /// Two different keys, notices or contracts are asked for: nobody can discharge that.
  static constexpr std::uint8_t conflicting_recipient = 0xff;
  static constexpr std::uint32_t conflicting = 0xffffffff;

  obligation_set required{};
  redaction_operator mask = redaction_operator::none;
  recipient_id encrypt_for{};
  std::uint32_t expire_seconds = 0;
  notice_id attach_notice{};
  std::uint32_t contract = 0;
  std::uint32_t rate_count = 0;
  std::uint32_t rate_seconds = 0;

  friend constexpr bool operator==(const obligations&, const obligations&) = default;
};

/// Both of them: associative, commutative, idempotent, never less strict than either.
[[nodiscard]] obligations meet(const obligations& a, const obligations& b) noexcept;

/// As in files: "no_onward". Empty if there is no such obligation.
std::string_view name_of(obligation what) noexcept;

}  // namespace clientbook

#endif
