#include <clientbook/consent/evaluate.hpp>
#include <clientbook/internal/model/cbor.hpp>

#include "state_reader.hpp"

namespace clientbook {

using state::line_facts;
using state::line_kind;

namespace {

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

class judge {
 public:
  judge(const state_reader& state, const decision_request& request) noexcept
      : state_(state), request_(request) {
    const std::uint8_t purpose = state.purpose_row(request.purpose);
    const std::uint8_t recipient = state.recipient_row(request.recipient);
    const std::uint8_t operation = state.operation_row(request.operation);
    for (std::size_t w = 0; w < state.words(); ++w) {
      candidates_[w] = state.candidates(w, purpose, recipient, operation);
    }
  }

  /// Calls `each` with every line of a section that covers purpose, recipient and operation.
  template <class Each>
  void for_lines(state::section which, Each&& each) const noexcept {
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
      return facts.kind != line_kind::grant && facts.kind != line_kind::assertion;
    }
    const state::interval held = state_.held(facts.interval);
    return held.from <= request_.now.seconds && request_.now.seconds < held.until;
  }

  /// What a denial still denies after the lifts that name it.
  std::uint64_t standing(std::size_t plane, std::size_t line,
                         const line_facts& facts) const noexcept {
    const std::uint64_t all = state_.mask(plane, line);
    if (facts.reference_count == 0) return all;
    std::uint64_t by_grants = 0;
    std::uint64_t by_lifts = 0;
    for (std::size_t i = 0; i < facts.reference_count; ++i) {
      const std::size_t other = state_.reference(facts.first_reference + i);
      if (!is_candidate(other)) continue;
      const line_facts its = state_.facts(other);
      const std::uint64_t mask = state_.mask(plane, other);
      if (its.kind == line_kind::ending) {
        by_grants &= ~mask;
      } else if (in_force(its)) {
        (its.kind == line_kind::grant ? by_grants : by_lifts) |= mask;
      }
    }
    return all & ~(by_grants | by_lifts);
  }

  /// What a row of the basis table permits.
  std::uint64_t based_on(std::size_t plane, std::size_t line, const line_facts& facts,
                         std::uint64_t* clocked) const noexcept {
    const std::uint64_t all = state_.mask(plane, line);
    if (facts.needs_assertion == 0) return all;
    std::uint64_t asserted = 0;
    for (std::size_t i = 0; i < facts.reference_count; ++i) {
      const std::size_t other = state_.reference(facts.first_reference + i);
      if (!is_candidate(other)) continue;
      const std::uint64_t mask = state_.mask(plane, other);
      if (in_force(state_.facts(other))) {
        asserted |= mask;
      } else if (request_.clock != clock_confidence::trusted && clocked != nullptr) {
        *clocked |= mask & all;
      }
    }
    return all & asserted;
  }

  words rules_of(std::size_t plane) const noexcept {
    words out;
    const bool timed_out = request_.clock != clock_confidence::trusted;
    // One pass over the lines that cover the request; those of consent in the order of events: an
    // ending takes away what was granted before it, a later grant ends the withdrawal.
    for_lines(0, state_.start(state::references), [&](std::size_t line) {
      const line_facts facts = state_.facts(line);
      const std::uint64_t mask = state_.mask(plane, line);
      switch (facts.kind) {
        case line_kind::prohibition:
          out.prohibited |= mask;
          break;
        case line_kind::restriction:
          if (in_force(facts)) out.restricted |= standing(plane, line, facts);
          break;
        case line_kind::objection:
          if (in_force(facts)) out.objected |= standing(plane, line, facts);
          break;
        case line_kind::denial:
          if (in_force(facts)) out.denied |= standing(plane, line, facts);
          break;
        case line_kind::basis:
          out.basis |= based_on(plane, line, facts, &out.based_clocked);
          break;
        case line_kind::ending:
          out.granted &= ~mask;
          out.clocked &= ~mask;
          out.withdrawn |= mask;
          break;
        case line_kind::grant:
          if (in_force(facts)) {
            out.granted |= mask;
            out.withdrawn &= ~mask;
          } else if (timed_out) {
            out.clocked |= mask;
          }
          break;
        default:
          break;
      }
    });
    out.clocked |= out.based_clocked;
    if (out.withdrawn != 0 && !state_.ending_denies(request_.purpose, request_.operation)) {
      out.withdrawn = 0;
    }
    return out;
  }

  /// The grant that counts for a field: the most specific of those that stand.
  template <class Each>
  void for_grants_that_stand(std::size_t plane, Each&& each) const noexcept {
    for_lines(state::consents, [&](std::size_t line) {
      const line_facts facts = state_.facts(line);
      if (facts.kind != line_kind::grant || !in_force(facts)) return;
      std::uint64_t mask = state_.mask(plane, line);
      for_lines(state::consents, [&](std::size_t later) {
        if (later > line && state_.facts(later).kind == line_kind::ending) {
          mask &= ~state_.mask(plane, later);
        }
      });
      if (mask != 0) each(line, facts, mask);
    });
  }

  /// The line of the grant that counts for that field; lines() if none does.
  std::size_t grant_of(std::size_t plane, std::uint64_t field) const noexcept {
    std::size_t found = state_.lines();
    unsigned best = 0;
    for_grants_that_stand(
        plane, [&](std::size_t line, const line_facts& facts, std::uint64_t mask) {
          if ((mask & field) != 0 && (found == state_.lines() || facts.rank > best)) {
            found = line;
            best = facts.rank;
          }
        });
    return found;
  }

  timestamp next_change(std::uint64_t fields) const noexcept {
    timestamp next = end_of_time;
    if (state_.header().intervals < 2) return next;
    for (std::size_t s = 0; s < state::section_count; ++s) {
      for_lines(static_cast<state::section>(s), [&](std::size_t line) {
        const line_facts facts = state_.facts(line);
        if (facts.interval == 0) return;
        std::uint64_t touched = 0;
        for (std::size_t p = 0; p < state_.planes(); ++p) touched |= state_.mask(p, line);
        if ((touched & fields) == 0) return;
        const state::interval held = state_.held(facts.interval);
        for (const std::int64_t edge : {held.from, held.until}) {
          if (edge > request_.now.seconds && edge < next.seconds) next = timestamp{edge};
        }
      });
    }
    return next;
  }

 private:
  const state_reader& state_;
  const decision_request& request_;
  std::array<std::uint64_t, state::max_words> candidates_{};
};

// The first stage that applies decides a field: `decided` by stage, permits at 5 and 6.
void decide(const words& found, std::uint64_t asked,
            std::array<std::uint64_t, consent_stages>& decided) noexcept {
  std::uint64_t open = asked;
  const auto settle = [&](std::size_t stage, std::uint64_t fields) {
    decided[stage] |= open & fields;
    open &= ~fields;
  };
  settle(1, found.prohibited);
  settle(2, found.restricted | found.objected);
  settle(3, found.withdrawn & ~found.clocked);
  settle(0, found.withdrawn & found.clocked);
  settle(4, found.denied);
  settle(5, found.granted);
  settle(6, found.basis);
  settle(0, found.clocked);
  settle(7, ~std::uint64_t{0});
}

constexpr std::array<std::uint8_t, 6> denying_stages{0, 1, 2, 3, 4, 7};

// Several categories: all must be permitted, and the earliest stage that denies one decides.
void decide_all(const state_reader& state, const judge& rules, record_decision& out) noexcept {
  if (state.planes() == 1) {
    decide(rules.rules_of(0), out.asked, out.decided);
    out.permitted = out.decided[5] | out.decided[6];
    return;
  }
  std::array<std::uint64_t, consent_stages> any{};
  for (std::size_t plane = 0; plane < state.planes(); ++plane) {
    decide(rules.rules_of(plane), out.asked & state.has(plane), any);
  }
  std::uint64_t denied = 0;
  for (const std::uint8_t stage : denying_stages) {
    out.decided[stage] = any[stage] & ~denied;
    denied |= any[stage];
  }
  out.permitted = out.asked & ~denied;
  out.decided[6] = out.permitted & any[6];
  out.decided[5] = out.permitted & ~any[6];
}

bool dischargeable(const obligations& all, obligation_set declared) noexcept {
  return declared.includes(all.required) &&
         all.encrypt_for.value != obligations::conflicting_recipient &&
         all.attach_notice.value != obligations::conflicting &&
         all.contract != obligations::conflicting;
}

// All obligations of one permitted field.
obligations obligations_of(const state_reader& state, const judge& rules,
                           std::uint64_t field) noexcept {
  obligations all;
  rules.for_lines(state::obligation_lines, [&](std::size_t line) {
    std::uint64_t mask = 0;
    for (std::size_t plane = 0; plane < state.planes(); ++plane) {
      mask |= state.mask(plane, line) & state.has(plane);
    }
    if ((mask & field) != 0) all = meet(all, state.conditions(state.facts(line).obligations));
  });
  for (std::size_t plane = 0; plane < state.planes(); ++plane) {
    if ((state.has(plane) & field) == 0) continue;
    const std::size_t grant = rules.grant_of(plane, field);
    if (grant != state.lines()) {
      all = meet(all, state.conditions(state.facts(grant).obligations));
    }
  }
  return all;
}

// Obligations of the permitted fields; takes those whose obligations nobody discharges back.
class obligation_fold {
 public:
  obligation_fold(const state_reader& state, const judge& rules, obligation_set declared,
                  record_decision& out) noexcept
      : state_(state), rules_(rules), declared_(declared), out_(out) {}

  void run() noexcept {
    if (out_.permitted == 0) return;
    if (state_.obligations_differ()) {
      by_field();
    } else if (const std::uint64_t refused = by_line(); refused != 0) {
      refuse(refused);
      forget();
      by_line();
    }
    out_.required.mask = redaction_operator::none;  // it is in `operators`
  }

 private:
  // Which permitted fields have an obligation that nobody discharges; all others are combined.
  std::uint64_t by_line() noexcept {
    std::uint64_t refused = 0;
    rules_.for_lines(state::obligation_lines, [&](std::size_t line) {
      std::uint64_t mask = 0;
      for (std::size_t plane = 0; plane < state_.planes(); ++plane) {
        mask |= state_.mask(plane, line);
      }
      mask &= out_.permitted;
      if (mask == 0) return;
      const std::size_t number = state_.facts(line).obligations;
      const state::stored_obligations asked = state_.stored(number);
      if (asked.says_no_more()) {
        if ((asked.required & ~declared_.bits()) != 0) refused |= mask;
        out_.required.required = out_.required.required | obligation_set::of_bits(asked.required);
        show_as(mask, static_cast<redaction_operator>(asked.mask));
        return;
      }
      const obligations whole = state_.conditions(number);
      if (!dischargeable(whole, declared_)) refused |= mask;
      add(mask, whole);
    });
    return refused;
  }

  void by_field() noexcept {
    for (std::uint64_t rest = out_.permitted; rest != 0; rest &= rest - 1) {
      const std::uint64_t field = rest & (~rest + 1);
      const obligations all = obligations_of(state_, rules_, field);
      if (dischargeable(all, declared_)) {
        add(field, all);
      } else {
        refuse(field);
      }
    }
  }

  void add(std::uint64_t fields, const obligations& asked) noexcept {
    out_.required = meet(out_.required, asked);
    show_as(fields, asked.mask);
  }

  void show_as(std::uint64_t fields, redaction_operator mask) noexcept {
    if (mask == redaction_operator::none) return;
    out_.masked |= fields;
    for (; fields != 0; fields &= fields - 1) {
      redaction_operator& now = out_.operators[static_cast<std::size_t>(std::countr_zero(fields))];
      if (mask > now) now = mask;
    }
  }

  void refuse(std::uint64_t fields) noexcept {
    out_.decided[8] |= fields;
    out_.decided[5] &= ~fields;
    out_.decided[6] &= ~fields;
    out_.permitted &= ~fields;
  }

  void forget() noexcept {
    out_.required = {};
    out_.masked = 0;
    out_.operators = {};
  }

  const state_reader& state_;
  const judge& rules_;
  obligation_set declared_;
  record_decision& out_;
};

decision_code unknown(const state_reader& reader, const decision_request& request) noexcept {
  if (reader.purpose_row(request.purpose) == state::no_row) return decision_code::unknown_purpose;
  if (reader.recipient_row(request.recipient) == state::no_row) {
    return decision_code::unknown_recipient;
  }
  if (request.operation.value >= state::operations) return decision_code::unknown_operation;
  if (!reader.country_agrees(request.recipient, request.country)) {
    return decision_code::unknown_country;
  }
  return decision_code::none;
}

}  // namespace

record_decision evaluate(const compiled_state_view& state,
                         const decision_request& request) noexcept {
  record_decision out;
  if (state.empty()) {
    out.asked = request.fields;
    out.decided[0] = request.fields;
    return out;
  }
  const state_reader reader(state);
  out.asked = request.fields & reader.has(0);
  if (unknown(reader, request) != decision_code::none) {
    out.decided[0] = request.fields;
    return out;
  }
  const judge rules(reader, request);
  decide_all(reader, rules, out);
  out.decided[0] |= request.fields & ~out.asked;
  out.valid_until = rules.next_change(out.asked);
  obligation_fold(reader, rules, request.discharges, out).run();
  return out;
}

explanation explain(const compiled_state_view& state, const decision_request& request,
                    field_id field) noexcept {
  explanation out;
  out.field = field;
  if (state.empty()) {
    out.code = decision_code::unknown_subject;
    return out;
  }
  const state_reader reader(state);
  out.code = unknown(reader, request);
  if (out.code != decision_code::none) return out;
  const std::uint64_t bit = field.value < 64 ? std::uint64_t{1} << field.value : 0;
  if ((bit & reader.has(0)) == 0) {
    out.code = decision_code::unknown_field;
    return out;
  }
  decision_request one = request;
  one.fields = bit;
  const record_decision decision = evaluate(state, one);
  const judge rules(reader, one);
  out.permitted = (decision.permitted & bit) != 0;
  for (std::uint8_t stage = 0; stage < consent_stages; ++stage) {
    if ((decision.decided[stage] & bit) != 0) out.stage = stage;
  }

  // The plane that decided, and what that plane says.
  std::size_t plane = 0;
  std::uint8_t cause = out.stage;
  words found = rules.rules_of(0);
  if (out.stage == 8 || reader.planes() > 1) {
    const auto stage_in = [&](std::size_t p) {
      std::array<std::uint64_t, consent_stages> decided{};
      decide(rules.rules_of(p), bit, decided);
      std::uint8_t stage = 0;
      while (decided[stage] == 0) ++stage;
      return stage;
    };
    // At stage 8 the permit's own rule is shown: the weakest of its categories.
    std::uint8_t wanted = out.stage;
    if (out.stage == 8) {
      wanted = 5;
      for (std::size_t p = 0; p < reader.planes(); ++p) {
        if ((reader.has(p) & bit) != 0 && stage_in(p) == 6) wanted = 6;
      }
    }
    for (std::size_t p = reader.planes(); p-- > 0;) {
      if ((reader.has(p) & bit) != 0 && stage_in(p) == wanted) plane = p;
    }
    cause = wanted;
    found = rules.rules_of(plane);
  }
  out.category = reader.category(plane, field);

  const auto by_directive = [&](std::size_t line) {
    const line_facts facts = reader.facts(line);
    out.source = rule_source::directive;
    out.kind = static_cast<directive_kind>(facts.what);
    out.sequence = facts.origin;
    const state::interval held = reader.held(facts.interval);
    out.valid_until = timestamp{held.until};
  };
  const auto by_profile = [&](std::size_t line) {
    out.source = rule_source::profile;
    out.row = reader.facts(line).origin;
  };
  // Of several denials of a stage, the latest.
  const auto latest_denial = [&](state::section which) {
    rules.for_lines(which, [&](std::size_t line) {
      const line_facts facts = reader.facts(line);
      if (rules.in_force(facts) && (rules.standing(plane, line, facts) & bit) != 0) {
        by_directive(line);
      }
    });
  };
  switch (cause) {
    case 0:
      out.code = decision_code::unknown_clock;
      break;
    case 1:
      out.code = decision_code::legal_prohibition;
      rules.for_lines(state::prohibitions, [&](std::size_t line) {
        if (out.source == rule_source::none && (reader.mask(plane, line) & bit) != 0) {
          by_profile(line);
        }
      });
      break;
    case 2:
      out.code =
          (found.restricted & bit) != 0 ? decision_code::restricted : decision_code::objected;
      latest_denial((found.restricted & bit) != 0 ? state::restrictions : state::objections);
      break;
    case 3:
      out.code = decision_code::withdrawn;
      rules.for_lines(state::consents, [&](std::size_t line) {
        if (reader.facts(line).kind == line_kind::ending && (reader.mask(plane, line) & bit) != 0) {
          by_directive(line);
        }
      });
      break;
    case 4:
      out.code = decision_code::denied_by;
      latest_denial(state::denials);
      break;
    case 5: {
      out.code = decision_code::granted_by;
      const std::size_t grant = rules.grant_of(plane, bit);
      if (grant != reader.lines()) by_directive(grant);
      break;
    }
    case 6:
      out.code = decision_code::basis;
      rules.for_lines(state::bases, [&](std::size_t line) {
        const line_facts facts = reader.facts(line);
        if (out.source == rule_source::none &&
            (rules.based_on(plane, line, facts, nullptr) & bit) != 0) {
          by_profile(line);
          out.basis = static_cast<lawful_basis>(facts.what);
        }
      });
      break;
    default:
      out.code = decision_code::no_basis;
      break;
  }
  if (out.stage == 8) out.code = decision_code::obligation_unsupported;
  if (out.permitted || out.stage == 8) out.required = obligations_of(reader, rules, bit);
  return out;
}

result<byte_view> encode_request(const decision_request& request, byte_span out) noexcept {
  cbor::writer to(out);
  to.array(8);
  to.unsigned_integer(request.purpose.value);
  to.unsigned_integer(request.recipient.value);
  to.unsigned_integer(request.operation.value);
  to.unsigned_integer(request.fields);
  const bool anywhere = request.country == country_code{};
  to.text(anywhere ? std::string_view()
                   : std::string_view(request.country.data(), request.country.size()));
  to.integer(request.now.seconds);
  to.unsigned_integer(static_cast<std::uint64_t>(request.clock));
  to.unsigned_integer(request.discharges.bits());
  return to.finish();
}

std::string_view name_of(decision_code code) noexcept {
  switch (code) {
    case decision_code::none:
      return "NONE";
    case decision_code::unknown_subject:
      return "UNKNOWN_SUBJECT";
    case decision_code::unknown_purpose:
      return "UNKNOWN_PURPOSE";
    case decision_code::unknown_recipient:
      return "UNKNOWN_RECIPIENT";
    case decision_code::unknown_operation:
      return "UNKNOWN_OPERATION";
    case decision_code::unknown_field:
      return "UNKNOWN_FIELD";
    case decision_code::unknown_country:
      return "UNKNOWN_COUNTRY";
    case decision_code::unknown_clock:
      return "UNKNOWN_CLOCK";
    case decision_code::legal_prohibition:
      return "LEGAL_PROHIBITION";
    case decision_code::restricted:
      return "RESTRICTED";
    case decision_code::objected:
      return "OBJECTED";
    case decision_code::withdrawn:
      return "WITHDRAWN";
    case decision_code::denied_by:
      return "DENIED_BY";
    case decision_code::granted_by:
      return "GRANTED_BY";
    case decision_code::basis:
      return "BASIS";
    case decision_code::no_basis:
      return "NO_BASIS";
    case decision_code::obligation_unsupported:
      return "OBLIGATION_UNSUPPORTED";
  }
  return {};
}

}  // namespace clientbook
