// Why one field was decided as it was: the stage, the rule behind it and what it asks for.
//
// The decision is evaluate()'s own, asked again for that field alone; only then is the rule looked
// for that made it so, with the judge that evaluate() used. Nothing is decided here a second time,
// so an explanation cannot tell another story than the decision. Words for people: explanation.cpp.
//
// Relies on a state that open() has checked. Several rules may have decided alike; which is named
// is fixed: of prohibitions and bases the first row of the profile's table, of denials,
// restrictions, objections and withdrawals the latest, of grants the most specific that stands.
#include <clientbook/consent/evaluate.hpp>

#include "judge.hpp"

namespace clientbook {
namespace {

using state::judge;
using state::line_facts;
using state::line_kind;

// Finds the rule behind the decision about one field, and writes it into its explanation. A field
// of several categories was decided in one plane for each of them; the first whose stage is the
// one that decided is the one that is explained.
class cause {
 public:
  cause(const state_reader& state, const judge& rules, field_id field, std::uint64_t bit,
        explanation& out) noexcept
      : state_(state), rules_(rules), field_(field), bit_(bit), out_(out) {}

  void find() noexcept {
    choose_plane();
    out_.category = state_.category(plane_, field_);
    name_rule();
    if (out_.stage == 8) out_.code = decision_code::obligation_unsupported;
    if (out_.permitted || out_.stage == 8) {
      out_.required = obligations_of(state_, rules_, bit_);
    }
  }

 private:
  bool in_plane(std::size_t plane) const noexcept { return (state_.has(plane) & bit_) != 0; }

  std::uint8_t stage_in(std::size_t plane) const noexcept {
    std::array<field_set, consent_stages> decided{};
    state::decide(rules_.rules_of(plane), only(field_), decided);
    std::uint8_t stage = 0;
    while (decided[stage].empty()) ++stage;  // Stage 7 takes what no other has.
    return stage;
  }

  void choose_plane() noexcept {
    stage_ = out_.stage == 8 ? stage_of_permit() : out_.stage;
    if (state_.planes() == 1) return;
    for (std::size_t plane = state_.planes(); plane-- > 0;) {
      if (in_plane(plane) && stage_in(plane) == stage_) plane_ = plane;
    }
  }

  // At stage 8 the rule of the permit that came to nothing is shown: the weakest of its categories.
  std::uint8_t stage_of_permit() const noexcept {
    for (std::size_t plane = 0; plane < state_.planes(); ++plane) {
      if (in_plane(plane) && stage_in(plane) == 6) return 6;
    }
    return 5;
  }

  void name_rule() noexcept {
    switch (stage_) {
      case 0:
        out_.code = decision_code::unknown_clock;
        break;
      case 1:
        out_.code = decision_code::legal_prohibition;
        name_line_of(state::prohibitions);
        break;
      case 2:
        name_restriction_or_objection();
        break;
      case 3:
        out_.code = decision_code::withdrawn;
        name_line_of(state::consents);
        break;
      case 4:
        out_.code = decision_code::denied_by;
        name_line_of(state::denials);
        break;
      case 5:
        name_grant();
        break;
      case 6:
        out_.code = decision_code::basis;
        name_line_of(state::bases);
        break;
      default:
        out_.code = decision_code::no_basis;
        break;
    }
  }

  // A restriction comes first: it leaves nothing but storing, an objection only some purposes.
  void name_restriction_or_objection() noexcept {
    const bool restricted = (rules_.rules_of(plane_).restricted & bit_) != 0;
    out_.code = restricted ? decision_code::restricted : decision_code::objected;
    name_line_of(restricted ? state::restrictions : state::objections);
  }

  // Grants compete with each other, so that one of them counts is more than that it applies.
  void name_grant() noexcept {
    out_.code = decision_code::granted_by;
    const std::size_t grant = rules_.grant_of(plane_, bit_);
    if (grant != state_.lines()) by_directive(state_.facts(grant));
  }

  // Of lines that apply: the first row of the profile, the latest directive.
  void name_line_of(state::section which) noexcept {
    rules_.for_lines(which, [&](std::size_t line) {
      const line_facts facts = state_.facts(line);
      if (!applies(line, facts)) return;
      if (facts.kind != line_kind::prohibition && facts.kind != line_kind::basis) {
        by_directive(facts);
      } else if (out_.source == rule_source::none) {
        by_profile(facts);
      }
    });
  }

  // Whether the line is one of those that made its stage decide this field.
  bool applies(std::size_t line, const line_facts& facts) const noexcept {
    switch (facts.kind) {
      case line_kind::ending:
        return rules_.in_force(facts) && (state_.mask(plane_, line) & bit_) != 0;
      case line_kind::basis:
        return (rules_.based_on(plane_, line, facts, nullptr) & bit_) != 0;
      case line_kind::prohibition:
      case line_kind::restriction:
      case line_kind::objection:
      case line_kind::denial:
        return rules_.in_force(facts) && (rules_.standing(plane_, line, facts) & bit_) != 0;
      default:
        return false;
    }
  }

  void by_directive(const line_facts& facts) noexcept {
    out_.source = rule_source::directive;
    out_.kind = static_cast<directive_kind>(facts.what);
    out_.sequence = facts.origin;
    out_.valid_until = timestamp{state_.held(facts.interval).until};
  }

  void by_profile(const line_facts& facts) noexcept {
    out_.source = rule_source::profile;
    out_.row = facts.origin;
    if (facts.kind == line_kind::basis) out_.basis = static_cast<lawful_basis>(facts.what);
  }

  const state_reader& state_;
  const judge& rules_;
  field_id field_;
  std::uint64_t bit_;
  explanation& out_;
  std::size_t plane_ = 0;
  std::uint8_t stage_ = 0;  // whose rule is named; not 8
};

}  // namespace

explanation explain(const compiled_state_view& state, const decision_request& request,
                    field_id field) noexcept {
  explanation out;
  out.field = field;
  if (state.empty()) {
    out.code = decision_code::unknown_subject;
    return out;
  }
  const state_reader reader(state);
  out.profile = state.profile();
  out.profile_version = state.profile_version();
  out.code = state::unknown(reader, request);
  if (out.code != decision_code::none) return out;
  const std::uint64_t bit = field.value < 64 ? std::uint64_t{1} << field.value : 0;
  if ((bit & reader.has(0)) == 0) {
    out.code = decision_code::unknown_field;
    return out;
  }
  decision_request one = request;
  one.fields = only(field);
  const record_decision decision = evaluate(state, one);
  out.permitted = decision.permitted.has(field);
  for (std::uint8_t stage = 0; stage < consent_stages; ++stage) {
    if (decision.decided[stage].has(field)) out.stage = stage;
  }
  const judge rules(reader, one);
  cause(reader, rules, field, bit, out).find();
  return out;
}

bool goes_before(const explanation& a, const explanation& b) noexcept {
  if (a.permitted != b.permitted) return !a.permitted;
  // Of two permits that by a basis, as with several categories of a field.
  return a.permitted ? a.stage > b.stage : a.stage < b.stage;
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
