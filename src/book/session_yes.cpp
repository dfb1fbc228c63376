// Whose word a yes is.
//
// A yes that somebody writes down on their own word is not yet the customer's. It is kept as what
// it said, but as a grant of which nobody knows that the customer was informed: the evaluator
// counts none of these, so nothing that decides has to know of this rule. What it says of care is
// recorded beside it, narrower and for thirty days. Whoever has evidence that the writer cannot
// make up confirms it: a further grant that names the first one.
//
// All that records a grant comes through parts_of(): record(), put(), merge(), an import.
#include <clientbook/base/hex.hpp>
#include <clientbook/consent/vocabulary.hpp>

#include <algorithm>

#include "session_state.hpp"
#include "what_counts.hpp"

namespace clientbook {
namespace {

constexpr std::int64_t day = 86400;
constexpr std::string_view opt_in_reference = "double opt-in";

constexpr error no_such_wait{errc::not_found,
                             "no yes of that number waits: `clientbook consent pending`"};
constexpr error too_late{errc::invalid_state,
                         "it has waited for too long: ask the customer, and note it again"};
constexpr error said_no_since{errc::invalid_state,
                              "the customer has said no since then: ask them, and note it again"};
constexpr error no_such_token{errc::not_found,
                              "no yes waits for this token: it is unknown, used or over"};

bool is_grant(directive_kind kind) noexcept {
  return kind == directive_kind::grant || kind == directive_kind::renew;
}
bool is_ending(directive_kind kind) noexcept {
  return kind == directive_kind::withdraw || kind == directive_kind::revoke ||
         kind == directive_kind::invalidate;
}

// Purposes of care whose consent opens nothing but care.
purpose_set care_among(const purpose_set& named) noexcept {
  const auto is_care = [](const purpose_set& all) {
    bool out = true;
    all.for_each([&](purpose_id one) { out = out && group_of(one) == purpose_group::care; });
    return out;
  };
  purpose_set out;
  named.for_each([&](purpose_id one) {
    if (is_care(covered_by_grant(purpose_set{one}))) out.add(one);
  });
  return is_care(covered_by_grant(out)) ? out : purpose_set();
}

// Whether the customer put something else in the place of this yes: the same purposes may be open
// to less of them since.
bool replaced(std::span<const directive> so_far, const directive& yes) noexcept {
  return std::ranges::any_of(so_far, [&](const directive& later) {
    return is_grant(later.kind) && later.informed && later.scope != yes.scope &&
           std::ranges::find(later.supersedes, yes.id) != later.supersedes.end();
  });
}

// What somebody's own word does not touch: what the customer took back or said no to, whatever of
// it and whether or not that closed anything, what they replaced by another yes, and what they gave
// under conditions that this one has not.
purpose_set settled(std::span<const directive> so_far, const directive& said) noexcept {
  purpose_set out;
  for (const directive& one : so_far) {
    if (is_grant(one.kind) && one.informed && replaced(so_far, one)) {
      out |= covered_by_grant(one.scope.purposes);
    }
    if (is_ending(one.kind) || denies(one.kind)) out |= covered_by_denial(one.scope.purposes);
    if (is_grant(one.kind) && one.conditions != obligations{} &&
        one.conditions != said.conditions) {
      out |= covered_by_grant(one.scope.purposes);
    }
  }
  return out;
}

// Of the purposes those whose consent opens nothing that is settled: one above it would open it
// again, and so would several together.
purpose_set untouched(const purpose_set& named, const purpose_set& settled) noexcept {
  purpose_set out;
  named.for_each([&](purpose_id one) {
    const purpose_set opens = covered_by_grant(purpose_set{one}) | purpose_set{one};
    if ((opens & settled).empty()) out.add(one);
  });
  return (covered_by_grant(out) & settled).empty() ? out : purpose_set();
}

// Whole days, so that customers who agree on one day share a compiled state.
timestamp end_of_noted(timestamp now) noexcept {
  const std::int64_t end = now.seconds + noted_consent_days * day;
  return {end - ((end % day) + day) % day};
}

timestamp end_of_waiting(const directive& said) noexcept {
  const timestamp end{said.recorded_at.seconds + noted_consent_days * day};
  return said.not_after ? std::min(end, *said.not_after) : end;
}

std::optional<directive> part_of_care(const directive& said, std::span<const directive> so_far,
                                      timestamp now) noexcept {
  directive out = said;
  out.id = {};
  out.strength = std::min(said.strength, consent_strength::expressed);
  // Said when all of it was said: neither is what is said next older then, nor is the word of a
  // child that of a grown-up.
  out.evidence.hash = {};
  out.scope.purposes = untouched(care_among(said.scope.purposes), settled(so_far, said));
  out.scope.recipients = said.scope.recipients & recipient_set{recipient::self};
  const timestamp end = end_of_noted(now);
  out.not_after = said.not_after ? std::min(end, *said.not_after) : end;
  if (out.scope.purposes.empty() || out.scope.recipients.empty()) return std::nullopt;
  if (*out.not_after <= now || (out.not_before && *out.not_before >= *out.not_after)) {
    return std::nullopt;
  }
  return out;
}

// Waits: a yes of the customer's own of which nobody knows that they were informed, and that
// nothing has taken the place of.
bool waits(std::span<const directive> said, const directive& one) noexcept {
  if (!is_grant(one.kind) || one.by != indicated_by::subject || one.informed) return false;
  return std::ranges::none_of(said, [&](const directive& later) {
    if (later.sequence <= one.sequence) return false;
    // What was noted of a child is not confirmed as a grown-up's word.
    if (proves_age(later)) return true;
    return decides(later.kind) &&
           std::ranges::find(later.supersedes, one.id) != later.supersedes.end();
  });
}

bool refused_since(std::span<const directive> said, const directive& one) noexcept {
  const purpose_set asked = covered_by_grant(one.scope.purposes) | one.scope.purposes;
  return std::ranges::any_of(said, [&](const directive& later) {
    return later.sequence > one.sequence && (says_no(later.kind) || is_ending(later.kind)) &&
           !(covered_by_denial(later.scope.purposes) & asked).empty();
  });
}

result<directive> waiting_one(std::span<const directive> said, std::uint32_t sequence,
                              timestamp now) {
  const auto one = std::ranges::find(said, sequence, &directive::sequence);
  if (one == said.end() || !waits(said, *one)) return no_such_wait;
  if (now >= end_of_waiting(*one)) return too_late;
  if (refused_since(said, *one)) return said_no_since;
  return *one;
}

// What was noted, as the consent that it is once somebody else has shown it.
result<directive> in_full(directive said, const consent_evidence& shown, timestamp now) {
  const auto room = std::ranges::find(said.supersedes, directive_id{});
  if (room == said.supersedes.end()) {
    return error{errc::limit_exceeded, "one decision names at most four others"};
  }
  *room = said.id;
  said.id = {};
  said.informed = true;
  said.event_at = now;
  said.evidence = shown;
  return said;
}

// The note of a file's yes that was read before: that of its day, or the first one where the file
// names no day.
const directive* note_of(std::span<const directive> so_far, const directive& said) noexcept {
  const directive* out = nullptr;
  for (const directive& one : so_far) {
    const bool same = one.kind == said.kind && one.by == said.by && one.channel == said.channel &&
                      one.scope == said.scope && one.notice == said.notice &&
                      one.conditions == said.conditions && one.contacts == said.contacts;
    if (!same || !is_grant(one.kind) || one.informed) continue;
    if (one.event_at == said.event_at) return &one;
    if (out == nullptr) out = &one;
  }
  return out;
}

// --- double opt-in ------------------------------------------------------------------------

using opt_in_secret = std::array<std::byte, 16>;

// Of the token, of the consent that it is for and of the request that it was drawn for: a copy of
// the request under another name proves nothing.
consent_hash hash_of(const manifest& entry, const opt_in_secret& drawn, const directive_id& wanted,
                     const directive_id& asked) {
  std::array<std::byte, 48> context{};
  std::ranges::copy(drawn, context.begin());
  std::ranges::copy(wanted.bytes, context.begin() + 16);
  std::ranges::copy(asked.bytes, context.begin() + 32);
  consent_hash out;
  crypto::derive(entry.subject_key, "clientbook double opt-in", context)
      .with_bytes(
          [&](std::span<const std::byte, 32> key) { std::ranges::copy(key, out.bytes.begin()); });
  wipe(context);
  return out;
}

bool is_token_request(const directive& one) noexcept {
  return one.kind == directive_kind::request && one.evidence.hash != consent_hash{} &&
         one.evidence.reference.view() == opt_in_reference && one.supersedes[0] != directive_id{};
}

struct read_token {
  customer_id whose{};
  opt_in_secret drawn{};
};

result<read_token> parse_token(std::string_view text) {
  std::array<std::byte, 32> bytes{};
  read_token out;
  const bool read = parse_hex(text, bytes).has_value();
  if (read) {
    std::copy_n(bytes.begin(), 16, out.whose.bytes.begin());
    std::copy_n(bytes.begin() + 16, 16, out.drawn.begin());
  }
  wipe(bytes);
  return read ? result<read_token>(out) : no_such_token;
}

std::string text_of(const customer_id& whose, const opt_in_secret& drawn) {
  return hex<std::string>(whose.bytes) + hex<std::string>(drawn);
}

}  // namespace

bool still_waits(std::span<const directive> said, std::uint32_t sequence) {
  const auto one = std::ranges::find(said, sequence, &directive::sequence);
  return one != said.end() && waits(said, *one);
}

bool session_state::on_own_word(const directive& said) const {
  return action_to_record(said) == action::say_yes && !ask(action::say_yes);
}

yes_parts session_state::parts_of(const directive& said, std::span<const directive> so_far) const {
  yes_parts out{.said = said};
  if (!on_own_word(said)) return out;
  if (said.kind == directive_kind::move) {
    // Somebody's word on where a customer lives is an address, which opens nothing.
    out.said.by = indicated_by::controller;
    out.said.evidence = {};
    return out;
  }
  if (!said.informed || said_before(so_far, said)) return out;
  out.noted = true;
  out.said.informed = false;
  out.care = part_of_care(said, so_far, clock_now());
  out.waiting = said.scope.purposes;
  return out;
}

std::vector<directive> session_state::as_taken(std::span<const directive> said,
                                               purpose_set& waiting) const {
  std::vector<directive> out;
  for (const directive& one : said) {
    const yes_parts parts = parts_of(one, out);
    waiting |= parts.waiting;
    // The same yes twice is one.
    const bool twice = parts.noted && said_before(out, parts.said);
    if (twice) continue;
    out.push_back(parts.said);
    if (parts.care) out.push_back(*parts.care);
  }
  return out;
}

result<yes_again> session_state::brought_again(const customer_id& id, const directive& said) {
  const auto so_far = said_by(id);
  if (!so_far) return so_far.error();
  if (!is_grant(said.kind)) return yes_again{.what = yes_again::is::new_, .said = said};
  const directive* noted = note_of(*so_far, said);
  if (noted == nullptr) {
    // Left out by a renewal. Where the file names no day it is as old as the file, and nobody knows
    // whether a no is younger.
    const bool dated = said.event_at.seconds + day < clock_now().seconds;
    const bool refused = refused_since(*so_far, said);
    return yes_again{.what = refused && !dated ? yes_again::is::refused : yes_again::is::new_,
                     .said = said};
  }
  if (on_own_word(said)) return yes_again{.what = yes_again::is::noted, .said = said};
  if (!waits(*so_far, *noted) || refused_since(*so_far, *noted)) {
    return yes_again{.what = yes_again::is::over, .said = said};
  }
  auto full = in_full(*noted, said.evidence, noted->event_at);
  if (!full) return full.error();
  full->strength = said.strength;
  full->registry_version = said.registry_version;
  full->jurisdiction = said.jurisdiction;
  full->profile_version = said.profile_version;
  // Other yeses of the file were noted after it, and nothing that says no to it.
  latest_said latest;
  for (const directive& one : *so_far) latest.add(one);
  latest.written_down(clock_now());
  if (latest.at()) full->event_at = std::max(full->event_at, *latest.at());
  return yes_again{.what = yes_again::is::in_full, .said = *full};
}

// --- waiting, and what shows it -------------------------------------------------------------

result<std::vector<directive>> session_state::said_by(const customer_id& id) {
  const auto whose = number(id);
  if (!whose) return whose.error();
  const auto found = entry(*whose);
  if (!found) return found.error();
  return consent.directives(**found, *whose);
}

result<std::vector<waiting_consent>> session::waiting(const customer_id& id) try {
  const auto said = directives(id);
  if (!said) return said.error();
  const timestamp now = state_->consent.as_of(state_->now());
  std::vector<waiting_consent> out;
  for (const directive& one : *said) {
    if (!waiting_one(*said, one.sequence, now)) continue;
    const bool asked = std::ranges::any_of(*said, [&](const directive& other) {
      return is_token_request(other) && other.supersedes[0] == one.id &&
             now.seconds < other.recorded_at.seconds + opt_in_days * day;
    });
    out.push_back({.said = one, .until = end_of_waiting(one), .asked = asked});
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<consent_effect> session::confirm(const customer_id& id, std::uint32_t sequence,
                                        const consent_evidence& document) try {
  session_state& s = *state_;
  return s.change(action::confirm_yes, [&]() -> result<consent_effect> {
    const auto whose = s.number(id);
    if (!whose) return whose.error();
    if (auto theirs = s.in_portfolio(action::confirm_yes, *whose); !theirs) return theirs.error();
    if (document.hash == consent_hash{}) {
      return error{errc::missing_field, "what confirms a yes is a document: its hash is needed"};
    }
    if (document.reference.view() == opt_in_reference) {
      return error{errc::invalid_value, "that reference says that the customer brought a token"};
    }
    const auto said = s.said_by(id);
    if (!said) return said.error();
    const timestamp now = s.clock_now();
    const auto one = waiting_one(*said, sequence, s.consent.as_of(now));
    if (!one) return one.error();
    if (one->recorder == s.who.id) {
      return error{errc::second_person_required, "who has noted a yes does not confirm it"};
    }
    if (auto shown = s.second_of_noted(one->recorder, one->recorded_at); !shown)
      return shown.error();
    const auto full = in_full(*one, document, now);
    if (!full) return full.error();
    return s.append_and_tell(id, full->scope.recipients,
                             [&] { return s.append_as_it_is(id, *full); });
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<opt_in_token> session::ask_opt_in(const customer_id& id, std::uint32_t sequence) try {
  session_state& s = *state_;
  return s.change(action::send_opt_in, [&]() -> result<opt_in_token> {
    const auto whose = s.number(id);
    if (!whose) return whose.error();
    if (auto theirs = s.in_portfolio(action::send_opt_in, *whose); !theirs) return theirs.error();
    const auto said = s.said_by(id);
    if (!said) return said.error();
    const timestamp now = s.clock_now();
    const auto one = waiting_one(*said, sequence, s.consent.as_of(now));
    if (!one) return one.error();
    if (one->recorder == s.who.id) {
      return error{errc::second_person_required, "who has noted a yes does not send its token"};
    }
    if (auto shown = s.second_of_noted(one->recorder, one->recorded_at); !shown)
      return shown.error();
    directive request;
    request.kind = directive_kind::request;
    request.by = indicated_by::controller;
    request.scope = one->scope;
    request.registry_version = one->registry_version;
    request.jurisdiction = one->jurisdiction;
    request.profile_version = one->profile_version;
    request.event_at = now;
    request.supersedes[0] = one->id;
    opt_in_secret drawn{};
    if (auto done = s.core->random().fill(drawn); !done) return done.error();
    if (auto done = s.core->random().fill(request.id.bytes); !done) return done.error();
    const auto found = s.entry(*whose);
    if (!found) return found.error();
    request.evidence = {.hash = hash_of(**found, drawn, one->id, request.id),
                        .reference = short_text<64>(opt_in_reference)};
    if (const auto asked = s.append_as_it_is(id, request); !asked) return asked.error();
    const timestamp end{now.seconds + opt_in_days * day};
    opt_in_token out{.text = text_of(id, drawn), .until = std::min(end, end_of_waiting(*one))};
    wipe(drawn);
    return out;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// The consent that this token is for, and what shows it.
result<directive> session_state::opted_in(const customer_id& whose,
                                          const std::array<std::byte, 16>& drawn) {
  const auto customer = number(whose);
  if (!customer) return no_such_token;
  const auto found = entry(*customer);
  if (!found) return no_such_token;
  const auto said = consent.directives(**found, *customer);
  if (!said) return said.error();
  const auto own = entry(*customer);
  if (!own) return own.error();
  const timestamp now = consent.as_of(this->now());
  for (const directive& asked : *said) {
    if (!is_token_request(asked)) continue;
    if (asked.evidence.hash != hash_of(**own, drawn, asked.supersedes[0], asked.id)) continue;
    if (now.seconds >= asked.recorded_at.seconds + opt_in_days * day) return no_such_token;
    const auto noted = std::ranges::find(*said, asked.supersedes[0], &directive::id);
    if (noted == said->end()) return no_such_token;
    const auto one = waiting_one(*said, noted->sequence, now);
    if (!one) return no_such_token;
    if (asked.recorder == who.id) {
      return error{errc::second_person_required, "who was handed a token does not bring it back"};
    }
    if (auto shown = second_of_noted(asked.recorder, asked.recorded_at); !shown)
      return shown.error();
    return in_full(*one, asked.evidence, clock_now());
  }
  return no_such_token;
}

result<recorded> session::bring_opt_in(std::string_view token) try {
  session_state& s = *state_;
  const auto read = parse_token(token);
  if (!read) return read.error();
  // Whoever has the token speaks for the customer: of a role nothing is asked but that there is
  // one.
  const auto anybody = [&]() -> result<reach> {
    if (is_known(s.who.role)) return reach::one;
    return error{errc::role_denied, "there is no such role"};
  };
  return s.change_asking(anybody, [&]() -> result<recorded> {
    const auto full = s.opted_in(read->whose, read->drawn);
    if (!full) return full.error();
    return s.append_as_it_is(read->whose, *full);
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
