// What is known of a person beside what they decided, and when: where they live under one law,
// whether they work for the shop, and how old they were taken to be.
//
// A consent is worth what it was when it was given, so what is learnt later opens and closes none:
// whoever judges a consent takes the moves that were recorded before it, and no others, in the
// order in which they happened: one that is written down late does not count as the latest.
#ifndef CLIENTBOOK_INTERNAL_CONSENT_CIRCUMSTANCES_HPP
#define CLIENTBOOK_INTERNAL_CONSENT_CIRCUMSTANCES_HPP

#include <clientbook/base/time.hpp>
#include <clientbook/consent/directive.hpp>
#include <clientbook/consent/profile.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace clientbook {

/// Below this age a guardian may speak for somebody, wherever they live and of whatever service.
inline std::uint8_t age_alone(const law_profile& law) noexcept {
  std::uint8_t out = law.child_below;
  const auto names = [](const age_rule& row, indicated_by who) {
    return ((row.by >> static_cast<unsigned>(who)) & 1U) != 0;
  };
  for (const age_rule& row : law.ages) {
    if (names(row, indicated_by::guardian) && !names(row, indicated_by::subject)) {
      out = std::max(out, row.below);
    }
  }
  return out;
}

/// The later of two birth dates makes the younger customer; of a day without a year nobody knows.
inline void take_younger(std::optional<date>& known, const date& other) noexcept {
  if (other.year != 0 && (!known || *known < other)) known = other;
}

/// Whether somebody who was a child when something was said agrees alone in what they say later.
inline bool grew_up(const law_profile& law, const date& born_then, timestamp then,
                    const date& born_now, timestamp now) noexcept {
  const int alone = age_alone(law);
  return years_between(born_then, date_of(then)) < alone &&
         years_between(born_now, date_of(now)) >= alone;
}

/// Of what was said and what was written down, the earlier: the younger customer of the two.
inline timestamp given_at(const directive& said) noexcept {
  if (said.recorded_at == timestamp{}) return said.event_at;
  return std::min(said.event_at, said.recorded_at);
}

/// When something was said, as far as anybody can tell: not after it was written down, nor after
/// something behind it was. So a clock that once was ahead makes nothing the last word for years.
template <class Directives>
timestamp said_at(const Directives& said, const directive& one) noexcept {
  timestamp out = given_at(one);
  for (std::size_t i = 0; i < said.size(); ++i) {
    const directive& other = said[i];
    const bool behind = other.sequence > one.sequence && other.recorded_at != timestamp{};
    if (behind) out = std::min(out, other.recorded_at);
  }
  return out;
}

/// Whether a proof of age was seen after something was said, or written down: whatever is written
/// down late is as old as it is.
inline bool proven_after(const directive& proof, std::uint32_t sequence, timestamp at) noexcept {
  return proof.sequence > sequence || at < given_at(proof);
}

/// How old a customer is taken to be in what has that sequence and was said at that time: as is
/// known, and as the book took them until a proof of age that was seen after it. `said`: in any
/// order.
template <class Directives>
std::optional<date> born_for(const Directives& said, std::uint32_t sequence, timestamp at,
                             std::optional<date> born) noexcept {
  for (std::size_t i = 0; i < said.size(); ++i) {
    const directive& one = said[i];
    if (proves_age(one) && proven_after(one, sequence, at)) take_younger(born, one.age.believed);
  }
  return born;
}

class circumstances {
 public:
  /// `residence`: where somebody lives as long as no move says so.
  constexpr explicit circumstances(profile_id law, state_code residence = {}) noexcept
      : law_(law), last_(law), residence_(residence) {}

  /// Takes the next move, in the order in which they were said; of anything else nothing.
  constexpr void add(const directive& one) noexcept {
    if (one.kind != directive_kind::move) return;
    if (one.works_here == employment::employed) employed_ = true;
    if (ends_employment(one)) employed_ = false;
    // Who says whether somebody works for the shop, and no state, does not say where they live.
    const bool of_work = one.works_here != employment::unsaid && one.residence == state_code{};
    if (of_work && one.jurisdiction == last_) return;
    const bool agrees = one.jurisdiction == law_ && one.residence == residence_;
    if (is_confirmed(one)) {
      last_ = one.jurisdiction;
      residence_ = last_ == law_ ? one.residence : state_code{};
    } else if (!agrees) {
      residence_ = {};
    }
  }

  /// Of two that may both have been so what is sure: where they lived under both, and that they
  /// worked for the shop under either.
  constexpr void meet(const circumstances& other) noexcept {
    if (residence_ != other.residence_) residence_ = {};
    employed_ = employed_ || other.employed_;
  }

  /// Where they live under that law, for sure; empty: not known.
  constexpr const state_code& residence() const noexcept { return residence_; }
  constexpr bool employed() const noexcept { return employed_; }

 private:
  profile_id law_;
  profile_id last_;
  state_code residence_;
  bool employed_ = false;
};

}  // namespace clientbook

#endif
