// Deciding about all fields of a record at once.
//
// A compiled state is a matrix of bits; judge.hpp says which of its lines matter to a request and
// what they say of every field. Here the nine stages are applied to that, plane by plane (a field
// of several categories is permitted only if each of them is), and the obligations of what is
// permitted are gathered. Why one field was decided so says explain.cpp, from the same judge.
//
// Relies on a state that open() has checked, and on nothing else: no clock, no heap, no tables of
// its own, so that a decision can be replayed from the arguments that the ledger commits to.
#include <clientbook/consent/evaluate.hpp>
#include <clientbook/internal/model/cbor.hpp>

#include <algorithm>

#include "judge.hpp"

namespace clientbook {
namespace state {

std::uint64_t judge::standing(std::size_t plane, std::size_t line,
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

std::uint64_t judge::based_on(std::size_t plane, std::size_t line, const line_facts& facts,
                              std::uint64_t* clocked) const noexcept {
  const std::uint64_t all = state_.mask(plane, line);
  if (facts.detail == 0) return all;
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

words judge::rules_of(std::size_t plane) const noexcept {
  words out;
  const bool timed_out = request_.clock != clock_confidence::trusted;
  // One pass over the lines that cover the request; those of consent as they were recorded: an
  // ending takes away what was granted before it, a later grant ends the withdrawal.
  for_lines(0, state_.start(references), [&](std::size_t line) {
    const line_facts facts = state_.facts(line);
    const std::uint64_t mask = state_.mask(plane, line);
    switch (facts.kind) {
      case line_kind::prohibition:
        if (in_force(facts)) out.prohibited |= standing(plane, line, facts);
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

// The grant that counts for a field: the most specific of those that stand.
template <class Each>
void judge::for_grants_that_stand(std::size_t plane, Each&& each) const noexcept {
  for_lines(consents, [&](std::size_t line) {
    const line_facts facts = state_.facts(line);
    if (facts.kind != line_kind::grant || !in_force(facts)) return;
    std::uint64_t mask = state_.mask(plane, line);
    for_lines(consents, [&](std::size_t later) {
      if (later > line && state_.facts(later).kind == line_kind::ending) {
        mask &= ~state_.mask(plane, later);
      }
    });
    if (mask != 0) each(line, facts, mask);
  });
}

std::size_t judge::grant_of(std::size_t plane, std::uint64_t field) const noexcept {
  std::size_t found = state_.lines();
  unsigned best = 0;
  for_grants_that_stand(plane, [&](std::size_t line, const line_facts& facts, std::uint64_t mask) {
    if ((mask & field) != 0 && (found == state_.lines() || facts.rank > best)) {
      found = line;
      best = facts.rank;
    }
  });
  return found;
}

// A basis is bound by every word; grants by those that count for nothing themselves, unless the
// newest grant that stands came after they were replaced, and by those that only want a clock to
// count. A later ending closed what was said before it: a grant that stands has come after.
obligations judge::words_on(std::size_t plane, std::uint64_t field) const noexcept {
  obligations all;
  const auto ended_since = [&](std::uint16_t origin) {
    bool ended = false;
    for_lines(consents, [&](std::size_t other) {
      const line_facts its = state_.facts(other);
      ended = ended || (its.kind == line_kind::ending && its.origin > origin &&
                        (state_.mask(plane, other) & field) != 0);
    });
    return ended;
  };
  std::uint16_t newest = 0;  // none: a basis permits
  for_grants_that_stand(plane, [&](std::size_t, const line_facts& facts, std::uint64_t mask) {
    if ((mask & field) != 0) newest = std::max(newest, facts.origin);
  });
  for_lines(references, [&](std::size_t line) {
    const line_facts word = state_.facts(line);
    if (word.kind != line_kind::word || (state_.mask(plane, line) & field) == 0) return;
    for (std::size_t i = 0; i < word.reference_count; ++i) {
      const std::size_t newer = state_.reference(word.first_reference + i);
      const bool reaches = is_candidate(newer) && (state_.mask(plane, newer) & field) != 0;
      if (!reaches) continue;
      const line_facts its = state_.facts(newer);
      if (in_force(its) && !ended_since(its.origin)) return;
    }
    if (newest != 0) {
      const bool wants_clock = word.interval != 0 && request_.clock != clock_confidence::trusted;
      if (newest >= word.detail && !wants_clock) return;
      if (ended_since(word.origin)) return;
    }
    all = meet(all, state_.conditions(word.obligations));
  });
  return all;
}

timestamp judge::next_change(field_set fields) const noexcept {
  timestamp next = end_of_time;
  if (state_.header().intervals < 2) return next;
  for (std::size_t s = 0; s < section_count; ++s) {
    for_lines(static_cast<section>(s), [&](std::size_t line) {
      const line_facts facts = state_.facts(line);
      if (facts.interval == 0) return;
      std::uint64_t touched = 0;
      for (std::size_t p = 0; p < state_.planes(); ++p) touched |= state_.mask(p, line);
      if (!(field_set::of_bits(touched) & fields)) return;
      const interval held = state_.held(facts.interval);
      for (const std::int64_t edge : {held.from, held.until}) {
        if (edge > request_.now.seconds && edge < next.seconds) next = timestamp{edge};
      }
    });
  }
  return next;
}

void decide(const words& found, field_set asked,
            std::array<field_set, consent_stages>& decided) noexcept {
  field_set open = asked;
  const auto settle = [&](std::size_t stage, std::uint64_t bits) {
    const field_set fields = field_set::of_bits(bits);
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

obligations obligations_of(const state_reader& state, const judge& rules,
                           std::uint64_t field) noexcept {
  obligations all;
  rules.for_lines(obligation_lines, [&](std::size_t line) {
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
    all = meet(all, rules.words_on(plane, field));
  }
  return all;
}

decision_code unknown(const state_reader& reader, const decision_request& request) noexcept {
  if (reader.purpose_row(request.purpose) == no_row) return decision_code::unknown_purpose;
  if (reader.recipient_row(request.recipient) == no_row) {
    return decision_code::unknown_recipient;
  }
  if (request.operation.value >= operations) return decision_code::unknown_operation;
  if (!reader.country_agrees(request.recipient, request.country)) {
    return decision_code::unknown_country;
  }
  return decision_code::none;
}

}  // namespace state

namespace {

using state::decide;
using state::judge;
using state::unknown;

constexpr std::array<std::uint8_t, 6> denying_stages{0, 1, 2, 3, 4, 7};

// Several categories: all must be permitted, and the earliest stage that denies one decides.
void decide_all(const state_reader& state, const judge& rules, record_decision& out) noexcept {
  if (state.planes() == 1) {
    decide(rules.rules_of(0), out.asked, out.decided);
    out.permitted = out.decided[5] | out.decided[6];
    return;
  }
  std::array<field_set, consent_stages> any{};
  for (std::size_t plane = 0; plane < state.planes(); ++plane) {
    decide(rules.rules_of(plane), out.asked & field_set::of_bits(state.has(plane)), any);
  }
  field_set denied;
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

// Obligations of the permitted fields; takes those whose obligations nobody discharges back.
class obligation_fold {
 public:
  obligation_fold(const state_reader& state, const judge& rules, obligation_set declared,
                  record_decision& out) noexcept
      : state_(state), rules_(rules), declared_(declared), out_(out) {}

  void run() noexcept {
    if (out_.permitted.empty()) return;
    if (state_.obligations_differ()) {
      by_field();
    } else if (const field_set refused = by_line(); refused) {
      refuse(refused);
      forget();
      by_line();
    }
    out_.required.mask = redaction_operator::none;  // it is in `operators`
  }

 private:
  // Which permitted fields have an obligation that nobody discharges; all others are combined.
  field_set by_line() noexcept {
    field_set refused;
    rules_.for_lines(state::obligation_lines, [&](std::size_t line) {
      std::uint64_t bits = 0;
      for (std::size_t plane = 0; plane < state_.planes(); ++plane) {
        bits |= state_.mask(plane, line);
      }
      const field_set mask = field_set::of_bits(bits) & out_.permitted;
      if (mask.empty()) return;
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
    const field_set permitted = out_.permitted;  // refuse() takes from it
    for (const field_id each : permitted) {
      const field_set field = only(each);
      const obligations all = obligations_of(state_, rules_, field.bits());
      if (dischargeable(all, declared_)) {
        add(field, all);
      } else {
        refuse(field);
      }
    }
  }

  void add(field_set fields, const obligations& asked) noexcept {
    out_.required = meet(out_.required, asked);
    show_as(fields, asked.mask);
  }

  void show_as(field_set fields, redaction_operator mask) noexcept {
    if (mask == redaction_operator::none) return;
    out_.masked |= fields;
    for (const field_id each : fields) {
      redaction_operator& now = out_.operators[each.value];
      if (mask > now) now = mask;
    }
  }

  void refuse(field_set fields) noexcept {
    out_.decided[8] |= fields;
    out_.decided[5] &= ~fields;
    out_.decided[6] &= ~fields;
    out_.permitted &= ~fields;
  }

  void forget() noexcept {
    out_.required = {};
    out_.masked = {};
    out_.operators = {};
  }

  const state_reader& state_;
  const judge& rules_;
  obligation_set declared_;
  record_decision& out_;
};

// Every field asked for is decided by one stage alone, and permitted by one of the two that permit.
[[maybe_unused]] bool adds_up(const record_decision& out, field_set fields) noexcept {
  field_set seen;
  for (const field_set decided : out.decided) {
    if (seen & decided) return false;
    seen |= decided;
  }
  return seen == fields && out.permitted == (out.decided[5] | out.decided[6]) &&
         (out.masked & ~out.permitted).empty();
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
  out.asked = request.fields & field_set::of_bits(reader.has(0));
  if (unknown(reader, request) != decision_code::none) {
    out.decided[0] = request.fields;
    return out;
  }
  const judge rules(reader, request);
  decide_all(reader, rules, out);
  out.decided[0] |= request.fields & ~out.asked;
  out.valid_until = rules.next_change(out.asked);
  obligation_fold(reader, rules, request.discharges, out).run();
  assert(adds_up(out, request.fields));
  return out;
}

result<byte_view> encode_request(const decision_request& request, byte_span out) noexcept {
  cbor::writer to(out);
  to.array(8);
  to.unsigned_integer(request.purpose.value);
  to.unsigned_integer(request.recipient.value);
  to.unsigned_integer(request.operation.value);
  to.unsigned_integer(request.fields.bits());
  const bool anywhere = request.country == country_code{};
  to.text(anywhere ? std::string_view()
                   : std::string_view(request.country.data(), request.country.size()));
  to.integer(request.now.seconds);
  to.unsigned_integer(static_cast<std::uint64_t>(request.clock));
  to.unsigned_integer(request.discharges.bits());
  return to.finish();
}

}  // namespace clientbook
