// Cases: why somebody may look at customers under a purpose of the law.
//
// Rights, breaches, recalls, tax, claims, fraud and records are everybody's back door unless they
// are about somebody: under such a purpose only customers whom an open case of its kind names are
// read, changed, disclosed. A case says who opened it, why and until when, and is never deleted.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_CASE_HPP
#define CLIENTBOOK_BOOK_CASE_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/book/actor.hpp>
#include <clientbook/consent/directive.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace clientbook {

inline constexpr std::size_t max_case_customers = 4096;
inline constexpr std::size_t max_open_cases = 1024;
/// More customers than this, or a claim or a suspicion of fraud, need a second person.
inline constexpr std::size_t case_of_one_person = 10;
/// How long an owner without a second person waits for such a case to be in force.
inline constexpr std::int64_t owner_waits_seconds = 86400;
/// A case is open for a year at most; nothing said: 30 days, the time to answer a request.
inline constexpr std::int64_t longest_case_days = 366;
inline constexpr std::int64_t usual_case_days = 30;

struct case_request {
  case_kind kind = case_kind::none;
  std::span<const customer_id> customers{};
  /// Where the reason lies, one line without personal data (a letter's number), and its hash, if
  /// there is one. The reference is needed.
  consent_evidence reason{};
  timestamp until{};  ///< 0: usual_case_days from now.
};

struct case_record {
  std::uint32_t number = 0;
  case_kind kind = case_kind::none;
  std::vector<customer_id> customers{};
  actor opened_by{};
  timestamp opened_at{};
  timestamp until{};
  consent_evidence reason{};
  actor_id confirmed_by{};  ///< 0: nobody.
  actor_id closed_by{};     ///< 0: nobody has closed it.
  timestamp closed_at{};
};

/// Whether a second person has to confirm it.
[[nodiscard]] bool needs_second_person(const case_record& one) noexcept;
/// Whether somebody may be read by it now: open, not run out, and confirmed where that is needed;
/// an owner's is in force a day after it was opened.
[[nodiscard]] bool in_force(const case_record& one, timestamp now) noexcept;

}  // namespace clientbook

#endif
