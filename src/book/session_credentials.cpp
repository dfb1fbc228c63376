// Credentials of a session: what it has proven, whether that still holds, and who has which.
//
// Asked at each look at the book, as the table of roles is, and again under the store's lock: what
// was revoked a moment ago opens nothing more.
#include <clientbook/internal/unicode/name_line.hpp>

#include <algorithm>

#include "session_state.hpp"

namespace clientbook {
namespace {

constexpr error not_shown{errc::credential_invalid,
                          "this does not show who acts: check actor, passphrase or key"};
constexpr error none_proven{
    errc::credential_required,
    "this takes a credential: begin the session with one (--credential-file, begin_session())"};
constexpr error begun_without{
    errc::credential_required,
    "it was begun before this took a credential, and anybody may have: begin it again"};

constexpr error begun_by_whom{
    errc::credential_required,
    "a credential of who has begun it was revoked or ended since: begin it again"};
constexpr error nothing_to_write{errc::invalid_state, "nothing is to be written"};

error shut_out(std::int64_t seconds) {
  return {errc::limit_exceeded,
          "too many wrong proofs of this actor within an hour: none is taken before it is over",
          static_cast<std::uint64_t>(seconds)};
}

// Whether it may open anything now. Of one that was shown.
result<void> check_state(const credential_record& one, timestamp at) {
  if (one.state == credential_state::waits) {
    return error{errc::credential_invalid, "nobody has confirmed this credential yet"};
  }
  if (one.state == credential_state::revoked) {
    return error{errc::credential_invalid, "this credential was revoked"};
  }
  if (!holds(one, at)) {
    return error{errc::credential_expired,
                 "the lease of this credential has ended: somebody else renews it"};
  }
  return {};
}

result<void> check_key(const credential_key& key) {
  if (name_of(key.kind).empty()) {
    return error{errc::invalid_argument, "no such kind of credential"};
  }
  if (key.key == crypto::verifying_key{}) {
    return error{errc::weak_key, "a key of zeros is nobody's"};
  }
  return {};
}

result<void> check_lease(std::uint32_t days) {
  if (days <= longest_lease_days) return {};
  return error{errc::limit_exceeded, "a lease is of 3,660 days at most", longest_lease_days};
}

result<void> check_new(const new_credential& what) {
  if (what.whose.value == 0) {
    return error{errc::invalid_argument, "an actor needs a number above 0"};
  }
  role_set known;
  for (const actor_role one : all_roles()) known |= one;
  if (what.roles.empty() || (what.roles.bits() & ~known.bits()) != 0) {
    return error{errc::invalid_argument, "a credential is for roles that there are"};
  }
  constexpr std::size_t longest_name = 64;
  if (what.name.empty() || what.name.size() > longest_name || !is_name_line(what.name)) {
    return error{errc::invalid_value, "whose credential it is says one line of 1 to 64 bytes"};
  }
  if (auto good = check_key(what.key); !good) return good;
  return check_lease(what.days);
}

}  // namespace

result<void> session_state::check_credential() {
  if (auto followed = credentials.follow(); !followed) return followed;
  if (excused) return {};
  if (!proven) {
    return credentials.use() == credential_use::everybody ? result<void>(none_proven)
                                                          : result<void>();
  }
  const credential_record* const one = credentials.find(proven->number);
  if (one == nullptr || one->key.key != proven->key) return not_shown;
  return check_state(*one, time_of_leases());
}

result<void> session_state::needs_proof() const {
  return proven ? result<void>() : result<void>(none_proven);
}

result<void> session_state::one_of_two() const {
  return credentials.use() == credential_use::none ? result<void>() : needs_proof();
}

// Who began it without a credential may be who approves it: a number is nobody.
result<void> session_state::second_of_two(const begun_thing& what, std::uint32_t before) const {
  if (credentials.use() == credential_use::none) return {};
  if (auto shown = needs_proof(); !shown) return shown;
  if (what.number <= before) return begun_without;
  if (credentials.ended_since(what.by, what.at, time_of_leases())) return begun_by_whom;
  if (what.by == who.id &&
      credentials.somebody_else(who.id, what.approved, roles.table(), time_of_leases())) {
    return error{errc::second_person_required,
                 "somebody else has a credential and may approve it, or had one within a week",
                 what.number};
  }
  if (time_of_leases().seconds - what.at.seconds > credential_waits_seconds) {
    return error{errc::invalid_state, "it has waited for longer than 7 days: begin it again",
                 what.number};
  }
  return {};
}

bool session_state::comes_alone(const case_record& one) const {
  if (credentials.use() == credential_use::none) return true;
  const timestamp at = time_of_leases();
  return one.number > credentials.before().cases &&
         !credentials.ended_since(one.opened_by.id, one.opened_at, at) &&
         !credentials.somebody_else(one.opened_by.id, action::open_case, roles.table(), at);
}

// A yes waits for thirty days, as ever. What was noted up to the second in which two credentials
// are taken was noted by a number; no clock of a host makes it later, since that second is not
// behind any directive's.
result<void> session_state::second_of_noted(actor_id by, timestamp noted) const {
  if (credentials.use() == credential_use::none) return {};
  if (auto shown = needs_proof(); !shown) return shown;
  if (noted <= credentials.before().at) return begun_without;
  return credentials.ended_since(by, noted, time_of_leases()) ? result<void>(begun_by_whom)
                                                              : result<void>();
}

// One after the other under the store's lock, with what counts written before anybody is told: who
// guesses in many processes at once has no more tries than who does in one. A right proof is
// written as a wrong one is: where a count cannot be written, the disk is full or the process
// killed before, neither is told from the other.
result<void> session_state::take_proof(const credential_proof& proof) {
  const timestamp at = clock_now();
  const auto drawn = [&] {
    const std::scoped_lock alone(desk->lock());
    return desk->take(proof.drawn, who, at);
  }();
  const auto proven_before = proven;
  std::optional<result<void>> answer;
  std::uint32_t uncounted = 0;
  bool wrong = false;
  bool writes = false;
  const auto judge = [&]() -> result<void> {
    if (auto followed = credentials.follow(); !followed) return followed;
    const std::scoped_lock alone(desk->lock());
    std::uint32_t& unwritten = desk->unwritten(who.id, at);
    const std::uint32_t before = unwritten;
    answer = judge_proof(proof, drawn, unwritten, at);
    uncounted = unwritten;
    wrong = uncounted > before;
    return {};
  };
  const auto count = [&]() -> result<void> {
    const bool shut = !*answer && answer->error().code == errc::limit_exceeded;
    const bool counts = wrong || (shut && credentials.is_of_time_to_come(who.id, at));
    writes = counts || (!shut && credentials.has_any(who.id));
    if (!writes) return nothing_to_write;
    if (counts) return write_wrong(uncounted, at);
    (void)core->edit_row();
    return {};
  };
  const auto done = by_itself([&]() -> result<void> {
    if (auto judged = judge(); !judged) return judged;
    return count();
  });
  if (!done && !answer) {
    // This thread has the store's lock in another session, so that nobody tries beside it, or
    // nothing can be written here at all: it counts in this process, and is written with the next.
    const errc code = done.error().code;
    if (code != errc::invalid_state && code != errc::permission_denied) return done;
    if (auto seen_now = look_anyway(); !seen_now) return seen_now;
    if (auto judged = judge(); !judged) return judged;
  } else if (!done && writes) {
    proven = proven_before;
    return done;
  } else if (wrong) {
    counted_down(uncounted, at);
  }
  return *answer;
}

void session_state::counted_down(std::uint32_t counted, timestamp at) {
  const std::scoped_lock alone(desk->lock());
  std::uint32_t& unwritten = desk->unwritten(who.id, at);
  unwritten -= std::min(unwritten, counted);
}

// Of none, because a count of a time to come was met.
result<void> session_state::write_wrong(std::uint32_t more, timestamp at) {
  if (auto counted = credentials.count_wrong(who.id, more, at); !counted) return counted;
  const bool shut = more > 0 && credentials.shut_for(who.id, 0, at) > 0;
  if (shut) raise({.kind = alarm_kind::wrong_proofs});
  return {};
}

// Who is told that a key is somebody else's has guessed it, as with a wrong proof.
void session_state::count_guess() {
  const timestamp at = clock_now();
  std::uint32_t uncounted = 0;
  {
    const std::scoped_lock alone(desk->lock());
    uncounted = ++desk->unwritten(who.id, at);
  }
  if (explicit_change) return;
  const auto done = by_itself([&]() -> result<void> {
    if (auto followed = credentials.follow(); !followed) return followed;
    return write_wrong(uncounted, at);
  });
  if (done) counted_down(uncounted, at);
}

result<void> session_state::may_guess() {
  const timestamp at = clock_now();
  const std::scoped_lock alone(desk->lock());
  const std::int64_t left = credentials.shut_for(who.id, desk->unwritten(who.id, at), at);
  return left > 0 ? result<void>(shut_out(left)) : result<void>();
}

// Precondition: follow(), and the desk's lock is held.
result<void> session_state::judge_proof(const credential_proof& proof,
                                        const std::optional<credential_challenge>& drawn,
                                        std::uint32_t& unwritten, timestamp at) {
  // Of who has none there is nothing to guess, and nothing is counted.
  if (!credentials.has_any(who.id)) return not_shown;
  if (const std::int64_t left = credentials.shut_for(who.id, unwritten, at); left > 0) {
    return shut_out(left);
  }
  const credential_record* const one = credentials.find(proof.key);
  const bool theirs = one != nullptr && one->whose == who.id;
  if (!drawn || !theirs || !crypto::verify(proof.signature, signed_bytes(*drawn), proof.key)) {
    ++unwritten;
    return not_shown;
  }
  if (auto good = check_state(*one, time_of_leases()); !good) return good;
  if (!one->roles.has(who.role)) {
    return error{errc::role_denied, "this credential may not act in that role"};
  }
  proven = proven_credential{.number = one->number, .key = one->key.key};
  return {};
}

result<void> session_state::told_of_credential(std::uint32_t number, const result<void>& done) {
  if (!done) {
    broken = explicit_change && !credential_store::is_refusal(done.error().code);
    return done;
  }
  const auto logged = ledger.append(
      {.type = ledger_event::policy_change, .commitment = credentials.digest_of(number)}, {},
      who.id, now(), std::nullopt);
  if (!logged) {
    broken = true;
    return logged.error();
  }
  must_pin = true;
  return {};
}

result<credential_terms> session::terms_of_credentials() try {
  session_state& s = *state_;
  if (auto seen = s.look_again(); !seen) return seen.error();
  return s.credentials.terms();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::uint32_t> session::enrol_credential(const new_credential& what) try {
  session_state& s = *state_;
  if (auto good = check_new(what); !good) return good.error();
  auto enrolled = s.change(action::set_budgets, [&]() -> result<std::uint32_t> {
    const bool first = s.credentials.use() == credential_use::none &&
                       !s.credentials.any_who_enrols(s.roles.table(), s.time_of_leases());
    if (!first) {
      if (auto shown = s.needs_proof(); !shown) return shown.error();
    }
    if (auto open = s.may_guess(); !open) return open.error();
    const auto number = s.credentials.enrol(what, s.doer(), s.roles.table());
    const auto done = s.told_of_credential(number ? *number : 0,
                                           number ? result<void>() : result<void>(number.error()));
    if (!done) return done.error();
    return number;
  });
  if (!enrolled && enrolled.error().code == errc::already_exists) s.count_guess();
  return enrolled;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::confirm_credential(std::uint32_t number) try {
  session_state& s = *state_;
  if (auto seen = s.look_again(); !seen) return seen;
  const credential_record* const one = s.credentials.find(number);
  const bool own = s.proven && one != nullptr && one->whose == s.who.id;
  const auto asked = own ? result<reach>(reach::one) : s.ask(action::approve);
  return s.change(asked, [&]() -> result<void> {
    if (auto shown = s.needs_proof(); !shown) return shown;
    return s.told_of_credential(number, s.credentials.confirm(number, s.doer(), s.roles.table()));
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::revoke_credential(std::uint32_t number) try {
  session_state& s = *state_;
  if (auto seen = s.look_again(); !seen) return seen;
  if (auto shown = s.needs_proof(); !shown) return shown;
  const credential_record* const one = s.credentials.find(number);
  const bool own = one != nullptr && one->whose == s.who.id;
  const bool waits = one != nullptr && one->state == credential_state::waits;
  auto asked = own ? result<reach>(reach::one) : s.ask(action::set_budgets);
  if (!asked && waits) asked = s.ask(action::approve);
  return s.change(asked, [&]() -> result<void> {
    // What has been confirmed meanwhile is no proposal any more.
    const credential_record* const now_one = s.credentials.find(number);
    const bool still = now_one != nullptr && now_one->state == credential_state::waits;
    if (!own && waits && !still) {
      if (const auto may = s.ask(action::set_budgets); !may) return may.error();
    }
    return s.told_of_credential(number, s.credentials.revoke(number, s.doer(), s.roles.table()));
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::renew_credential(std::uint32_t number, std::uint32_t days) try {
  session_state& s = *state_;
  if (auto good = check_lease(days); !good) return good;
  return s.change(action::set_budgets, [&]() -> result<void> {
    if (auto shown = s.needs_proof(); !shown) return shown;
    return s.told_of_credential(number,
                                s.credentials.renew(number, days, s.doer(), s.roles.table()));
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// The proof once more: who finds a session open does not take it over with a passphrase of theirs.
result<void> session::change_credential(const credential_proof& again,
                                        const credential_key& next) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "a credential is changed by itself: commit first"};
  }
  if (auto good = check_key(next); !good) return good;
  if (auto seen = s.look_again(); !seen) return seen;
  if (auto shown = s.needs_proof(); !shown) return shown;
  const proven_credential before = *s.proven;
  // With a right proof goes what was not written yet.
  s.write_looks_now();
  if (auto taken = s.take_proof(again); !taken) return taken;
  const bool same = s.proven->number == before.number;
  s.proven = before;
  if (!same) return not_shown;
  const auto done = s.change(result<reach>(reach::one), [&]() -> result<void> {
    return s.told_of_credential(before.number, s.credentials.change(before.number, next));
  });
  if (done) s.proven->key = next.key;
  if (!done && done.error().code == errc::already_exists) s.count_guess();
  return done;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<credential_record>> session::credentials() try {
  session_state& s = *state_;
  if (auto seen = s.look_again(); !seen) return seen.error();
  const bool sees_all = s.ask(action::set_budgets) || s.ask(action::approve);
  if (!sees_all && !s.proven) {
    return error{errc::role_denied, "this role sees no credentials but its own: prove one"};
  }
  std::vector<credential_record> out;
  for (const credential_record& one : s.credentials.all()) {
    if (sees_all || one.whose == s.who.id) out.push_back(one);
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<credential_settings> session::credentials_taken() try {
  session_state& s = *state_;
  if (auto seen = s.look_again(); !seen) return seen.error();
  return s.credentials.settings();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::uint32_t> session::propose_credential_use(credential_use wanted) try {
  session_state& s = *state_;
  if (name_of(wanted).empty()) return error{errc::invalid_argument, "no such use of credentials"};
  return s.change(action::set_budgets, [&]() -> result<std::uint32_t> {
    if (auto shown = s.needs_proof(); !shown) return shown.error();
    const auto number = s.credentials.propose_use(wanted, s.doer(), s.roles.table());
    if (!number) s.broken = !credential_store::is_refusal(number.error().code);
    s.must_pin = true;
    return number;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// Of whom nobody knows who they were: what they have begun is not ended by who they may be.
result<void> session_state::void_what_waits() {
  const auto rules = portfolios.rules();
  if (!rules) return rules.error();
  if (!(*rules)->ends) return {};
  portfolio_rules next = **rules;
  next.ends.reset();
  return write_rules(std::move(next));
}

result<policy_change> session::approve_credential_use(std::uint32_t number) try {
  session_state& s = *state_;
  return s.change(action::approve, [&]() -> result<policy_change> {
    if (auto shown = s.needs_proof(); !shown) return shown.error();
    const auto cases = s.cases.given();
    if (!cases) return cases.error();
    const bool was_none = s.credentials.use() == credential_use::none;
    const auto digest = s.credentials.approve_use(
        number, s.doer(), s.roles.table(),
        {.roles = s.roles.given(), .policy = s.consent.policy().given(), .cases = *cases});
    if (!digest) {
      s.broken = !credential_store::is_refusal(digest.error().code);
      return digest.error();
    }
    if (was_none) {
      if (auto done = s.void_what_waits(); !done) {
        s.broken = true;
        return done.error();
      }
    }
    const auto logged =
        s.ledger.append({.type = ledger_event::policy_change, .commitment = *digest}, {}, s.who.id,
                        s.now(), std::nullopt);
    if (!logged) {
      s.broken = true;
      return logged.error();
    }
    s.must_pin = true;
    return policy_change{.ledger_index = logged->index, .entry = logged->id, .digest = *digest};
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
