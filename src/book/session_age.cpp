// Proofs of age: what one person notes and another has seen too.
//
// The day counts in place of what the manifest says of a birth date (birth_fact.hpp), from the
// second person on. What the book believed until then goes into their directive, since it still
// counts for what was agreed to before: so a proof opens nothing, and whoever is told later that
// the customer is younger believes that again.
#include <clientbook/internal/consent/circumstances.hpp>

#include <algorithm>

#include "birth_fact.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

constexpr std::int64_t day = 86400;

constexpr error no_such_proof{errc::not_found,
                              "no proof of age of that number waits: `clientbook consent age`"};

date years_before(const date& then, int years) noexcept {
  date out = then;
  out.year = static_cast<std::int16_t>(out.year - years);
  // Of 29 February: who is born that day completes a year on 1 March.
  if (!exists(out)) out = {out.year, 3, 1};
  return out;
}

// The day that somebody has before them. `noted`: when an age was told that the day follows from.
result<date> day_seen(const age_proof& seen, timestamp noted, timestamp now) {
  if (seen.document == age_document::none || (!seen.born && seen.at_least == 0)) {
    return error{
        errc::missing_field,
        "a proof of age says which kind of document it is, and the day of birth or an age"};
  }
  if (name_of(seen.document).empty()) {
    return error{errc::invalid_value, "there is no such kind of document"};
  }
  if (seen.born && seen.at_least != 0) {
    return error{errc::invalid_value, "a proof of age says the day of birth or an age, not both"};
  }
  if (!seen.born) {
    if (seen.at_least > longest_life) {
      return error{errc::invalid_value, "nobody is older than 130 years: correct it"};
    }
    return years_before(date_of(noted), seen.at_least);
  }
  if (seen.born->year == 0 || !exists(*seen.born)) {
    return error{errc::invalid_value, "a day of birth is a day of the calendar, with its year"};
  }
  if (auto lived = plausible_birth(seen.born, now); !lived) return lived.error();
  return *seen.born;
}

bool is_named(std::span<const directive> said, const directive& one) noexcept {
  return std::any_of(said.begin(), said.end(), [&](const directive& later) {
    return proves_age(later) && later.supersedes[0] == one.id;
  });
}

bool waits(std::span<const directive> said, const directive& one) noexcept {
  return one.kind == directive_kind::proof_of_age && !proves_age(one) && !is_named(said, one);
}

timestamp end_of_waiting(const directive& noted) noexcept {
  return {noted.recorded_at.seconds + noted_consent_days * day};
}

directive said_of(const age_proof& seen, const date& born, const law_profile& law, timestamp now) {
  directive out;
  out.kind = directive_kind::proof_of_age;
  out.by = indicated_by::controller;
  out.jurisdiction = law.id;
  out.profile_version = law.version;
  out.event_at = now;
  out.evidence = {.hash = seen.hash, .reference = seen.reference};
  out.age = {.document = seen.document, .born = born};
  return out;
}

bool same_note(const directive& a, const directive& b) noexcept {
  return a.age.document == b.age.document && a.age.born == b.age.born && a.evidence == b.evidence;
}

// The one that a second person names, if it may still be confirmed by them.
result<directive> noted_one(session_state& s, std::span<const directive> said,
                            std::uint32_t sequence, const std::optional<date>& born) {
  const auto one = std::find_if(said.begin(), said.end(),
                                [&](const directive& each) { return each.sequence == sequence; });
  if (one == said.end() || !waits(said, *one)) return no_such_proof;
  if (one->recorder == s.who.id) {
    return error{errc::second_person_required, "who has noted a proof of age does not confirm it"};
  }
  if (auto shown = s.second_of_noted(one->recorder, one->recorded_at); !shown) return shown.error();
  if (s.consent.as_of(s.now()) >= end_of_waiting(*one)) {
    return error{errc::invalid_state, "it has waited for too long: look again, and note it again"};
  }
  // Who said that may know what the document does not say.
  if (born && one->age.believed < *born && one->age.born < *born) {
    return error{errc::invalid_state,
                 "somebody has said since that the customer is younger: ask, and note it again"};
  }
  return *one;
}

}  // namespace

result<bool> was_overruled(session_state& s, customer_no number, const date& told) {
  const auto found = s.entry(number);
  if (!found) return found.error();
  const auto born = s.consent.born(number, **found);
  if (!born) return born.error();
  const bool younger = *born && **born < told;
  if (!younger) return false;
  const auto again = s.entry(number);
  if (!again) return again.error();
  const auto said = s.consent.directives(**again, number);
  if (!said) return said.error();
  return std::ranges::any_of(*said, [&](const directive& one) {
    const date& before = one.age.believed;
    return proves_age(one) && (before == told || before == last_of_month(told));
  });
}

// A document shows how old the customer is, whichever of their parts was taken for younger.
result<void> session_state::prove_parts(customer_no whose, const date& born) {
  auto parts = merged_parts(whose);
  if (!parts || parts->empty()) return parts ? result<void>() : parts.error();
  const auto edited = core->tree().edit(whose);
  if (!edited) return edited.error();
  const auto row = row_of(whose, **edited);
  if (!row) return row.error();
  customer_row next = **row;
  consent_store::prove_parts(next.parts, born);
  auto put = put_row(whose, **edited, std::move(next));
  if (!put) broken = true;
  return put;
}

result<recorded> session_state::append_proof(const customer_id& id, directive said) {
  const auto whose = number(id);
  if (!whose) return whose.error();
  const auto found = entry(*whose);
  if (!found) return found.error();
  // Of a customer who is several, what was said of the youngest.
  const auto before = consent.youngest(*whose, **found);
  if (!before) return before.error();
  const bool counts = proves_age(said);
  if (*before && (*before)->year != 0) said.age.believed = **before;
  if (counts) {
    if (auto shown = prove_parts(*whose, said.age.born); !shown) return shown.error();
  }
  const auto edited = core->tree().edit(*whose);
  if (!edited) return edited.error();
  if (auto drawn = core->random().fill(said.id.bytes); !drawn) return drawn.error();
  said.recorder = who.id;
  const auto own = consent.born(*whose, **edited);
  if (!own) return own.error();
  if (counts) {
    prove_birth(**edited, said.age.born);
  } else if (*own) {
    learn_birth(**edited, **own);
  }
  const std::optional<date> born = counts ? std::optional(said.age.born) : *own;
  const auto sequence = consent.append(**edited, *whose, said, born, clock_now());
  if (!sequence) {
    broken = true;
    return sequence;
  }
  must_pin = true;
  if (!counts) return sequence;
  const auto logged =
      ledger.append({.type = ledger_event::correction}, {.directive = said.id}, who.id, now(),
                    ledger_store::subject{.number = *whose, .entry = *edited, .id = id});
  if (!logged) {
    broken = true;
    return logged.error();
  }
  return sequence;
}

result<recorded> session::note_age_proof(const customer_id& id, const age_proof& seen) try {
  session_state& s = *state_;
  const action what = s.ask(action::say_yes) ? action::say_yes : action::note_yes;
  return s.change(what, [&]() -> result<recorded> {
    if (auto shown = s.one_of_two(); !shown) return shown.error();
    const auto whose = s.number(id);
    if (!whose) return whose.error();
    if (auto theirs = s.in_portfolio(what, *whose); !theirs) return theirs.error();
    const timestamp now = s.clock_now();
    const auto born = day_seen(seen, now, now);
    if (!born) return born.error();
    const directive said = said_of(seen, *born, s.consent.profile(), now);
    const auto so_far = s.said_by(id);
    if (!so_far) return so_far.error();
    for (const directive& one : *so_far) {
      const bool fresh = s.consent.as_of(now) < end_of_waiting(one);
      if (waits(*so_far, one) && fresh && one.recorder == s.who.id && same_note(one, said)) {
        return recorded{.sequence = one.sequence, .repeated = true};
      }
    }
    return s.append_proof(id, said);
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<consent_effect> session::confirm_age_proof(const customer_id& id, std::uint32_t sequence,
                                                  const age_proof& seen) try {
  session_state& s = *state_;
  if (const auto asked = s.ask(action::confirm_yes); !asked) return asked.error();
  // Whoever does not have the document before them may try days.
  if (auto counted = s.count_look_up(); !counted) return counted.error();
  return s.change(action::confirm_yes, [&]() -> result<consent_effect> {
    const auto whose = s.number(id);
    if (!whose) return whose.error();
    if (auto theirs = s.in_portfolio(action::confirm_yes, *whose); !theirs) return theirs.error();
    const auto said = s.said_by(id);
    if (!said) return said.error();
    const auto found = s.entry(*whose);
    if (!found) return found.error();
    const auto believed = s.consent.youngest(*whose, **found);
    if (!believed) return believed.error();
    const auto noted = noted_one(s, *said, sequence, *believed);
    if (!noted) return noted.error();
    const auto born = day_seen(seen, noted->event_at, s.clock_now());
    if (!born) return born.error();
    if (*born != noted->age.born || seen.document != noted->age.document) {
      return error{errc::invalid_value,
                   "that is not what was noted: look at the document again, or note it anew"};
    }
    directive full = said_of(seen, *born, s.consent.profile(), s.clock_now());
    full.supersedes[0] = noted->id;
    return s.append_and_tell(id, {}, [&] { return s.append_proof(id, full); });
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<waiting_age_proof>> session::age_proofs(const customer_id& id) try {
  const auto said = directives(id);
  if (!said) return said.error();
  const timestamp now = state_->consent.as_of(state_->now());
  std::vector<waiting_age_proof> out;
  for (const directive& one : *said) {
    if (!waits(*said, one) || now >= end_of_waiting(one)) continue;
    out.push_back({.sequence = one.sequence,
                   .document = one.age.document,
                   .noted_by = one.recorder,
                   .noted_at = one.recorded_at,
                   .until = end_of_waiting(one)});
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
