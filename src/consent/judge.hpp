// What the rules of a compiled state say about one request, before anything is decided to be told.
//
// Relies on a state that compiled_state_view::open() has checked: every line, row, reference and
// number that is read here lies within it. Private to evaluate.cpp, which decides all fields of a
// record at once and is the hot path, and to explain.cpp, which finds the rule behind one field.
// Everything is inline for the sake of the first: a decision about 64 fields costs some 500
// instructions, of which a call more would be seen.
#ifndef CLIENTBOOK_CONSENT_JUDGE_HPP
#define CLIENTBOOK_CONSENT_JUDGE_HPP

#include <clientbook/consent/evaluate.hpp>

#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>

#include "state_reader.hpp"

namespace clientbook::state {

// What the rules say of every field, in one plane.
struct words {
  std::uint64_t prohibited = 0;
  std::uint64_t restricted = 0;
  std::uint64_t objected = 0;
  std::uint64_t withdrawn = 0;
  std::uint64_t denied = 0;
  std::uint64_t granted = 0;
  std::uint64_t basis = 0;
  std::uint64_t clocked = 0;        // permits that hold at some time, but there is no clock;
  std::uint64_t based_clocked = 0;  // those of a basis, which no ending takes away
};

// Which rules of a state matter to one request, and what they say. A request's purpose, recipient
// and operation are looked up once: the rows of bits that belong to them are ANDed to
// `candidates`, one bit a line, and all questions walk over the few lines that are left. What a
// line says of fields is a mask, so that 64 fields are answered at once.
//
// evaluate() and explain() both ask a judge, and so cannot come to differ.
class judge {
 public:
  // The request is one that unknown() has nothing against: its terms have rows.
  judge(const state_reader& state, const decision_request& request) noexcept
      : state_(state), request_(request) {
    const std::uint8_t purpose = state.purpose_row(request.purpose);
    const std::uint8_t recipient = state.recipient_row(request.recipient);
    const std::uint8_t operation = state.operation_row(request.operation);
    assert(purpose != no_row && recipient != no_row && operation != no_row);
    assert(state.words() <= max_words);
    for (std::size_t w = 0; w < state.words(); ++w) {
      candidates_[w] = state.candidates(w, purpose, recipient, operation);
    }
  }

  /// Calls `each` with every line of a section that covers purpose, recipient and operation.
  template <class Each>
  void for_lines(section which, Each&& each) const noexcept {
    for_lines(state_.start(which), state_.end(which), each);
  }
  template <class Each>
  void for_lines(std::size_t begin, std::size_t end, Each&& each) const noexcept {
    if (begin == end) return;
    for (std::size_t w = begin / 64; w <= (end - 1) / 64; ++w) {
      std::uint64_t bits = candidates_[w];
      if (w == begin / 64) bits &= ~std::uint64_t{0} << (begin % 64);
      if (w == end / 64) bits &= ~(~std::uint64_t{0} << (end % 64));
      for (; bits != 0; bits &= bits - 1) {
        each(w * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
      }
    }
  }

  bool is_candidate(std::size_t line) const noexcept {
    return ((candidates_[line / 64] >> (line % 64)) & 1U) != 0;
  }

  bool in_force(const line_facts& facts) const noexcept {
    if (facts.interval == 0) return true;
    if (request_.clock != clock_confidence::trusted) {
      // Without a clock a limited permit is over and a limited denial holds.
      return facts.kind != line_kind::grant && facts.kind != line_kind::assertion &&
             facts.kind != line_kind::lift;
    }
    const interval held = state_.held(facts.interval);
    return held.from <= request_.now.seconds && request_.now.seconds < held.until;
  }

  /// What a denial still denies after the lifts that name it.
  std::uint64_t standing(std::size_t plane, std::size_t line,
                         const line_facts& facts) const noexcept;

  /// What a row of the basis table permits; `clocked`, unless it is null, gets what it would
  /// permit if there were a clock.
  std::uint64_t based_on(std::size_t plane, std::size_t line, const line_facts& facts,
                         std::uint64_t* clocked) const noexcept;

  /// What all rules say of every field, in one plane.
  words rules_of(std::size_t plane) const noexcept;

  /// What the customer asked in return elsewhere that binds a permit of that field: of a grant, by
  /// its line, or of a basis, lines().
  obligations words_on(std::size_t plane, std::uint64_t field, std::size_t permit) const noexcept;

  /// The line of the grant that counts for that field; lines() if none does.
  std::size_t grant_of(std::size_t plane, std::uint64_t field) const noexcept;

  /// The next instant at which a rule that matters to these fields begins or ends.
  timestamp next_change(field_set fields) const noexcept;

 private:
  template <class Each>
  void for_grants_that_stand(std::size_t plane, Each&& each) const noexcept;

  const state_reader& state_;
  const decision_request& request_;
  std::array<std::uint64_t, max_words> candidates_{};
};

/// The first stage that applies decides a field: `decided` by stage, permits at 5 and 6.
void decide(const words& found, field_set asked,
            std::array<field_set, consent_stages>& decided) noexcept;

/// All obligations of one permitted field.
obligations obligations_of(const state_reader& state, const judge& rules,
                           std::uint64_t field) noexcept;

/// What of the request the state does not know: nothing is decided about it, it is denied.
decision_code unknown(const state_reader& state, const decision_request& request) noexcept;

}  // namespace clientbook::state

#endif
