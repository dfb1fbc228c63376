// The law profile of a book: proposed by one, approved by another.
#include "session_state.hpp"

namespace clientbook {

result<std::vector<crypto::verifying_key>> session::profile_keys() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::approve); !seen) return seen.error();
  const auto keys = s.consent.policy().trusted_keys();
  return std::vector<crypto::verifying_key>(keys.begin(), keys.end());
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::optional<policy_proposal>> session::proposal() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::approve); !seen) return seen.error();
  return s.consent.policy().proposal();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<profile_effect> session::effect_of(byte_view signed_profile, policy_kind how) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::approve); !seen) return seen.error();
  const auto next = s.consent.policy().admit(how, signed_profile);
  if (!next) return next.error();
  return s.consent.effect_of((*next)->law, how, s.clock_now());
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::uint32_t> session::propose_policy(policy_kind kind, byte_view content) try {
  session_state& s = *state_;
  return s.change(action::administer, [&]() -> result<std::uint32_t> {
    if (auto shown = s.one_of_two(); !shown) return shown.error();
    const auto number = s.consent.policy().propose(kind, content, s.who.id, s.now());
    if (!number) s.broken = true;
    return number;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::uint32_t> session::propose_profile(policy_kind how, profile_id built_in) try {
  session_state& s = *state_;
  if (how != policy_kind::profile && how != policy_kind::add_profile) {
    return error{errc::invalid_argument, "a profile takes another's place or is added"};
  }
  const auto law = find_profile(built_in);
  if (!law) return law.error();
  return s.change(action::administer, [&]() -> result<std::uint32_t> {
    if (auto shown = s.one_of_two(); !shown) return shown.error();
    const auto file = s.consent.policy().signed_by_book(**law);
    if (!file) return file.error();
    const auto number = s.consent.policy().propose(how, *file, s.who.id, s.now());
    if (!number) s.broken = true;
    return number;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<policy_change> session::approve_policy(std::uint32_t number) try {
  session_state& s = *state_;
  return s.change(action::approve, [&]() -> result<policy_change> {
    const timestamp now = s.now();
    if (const auto& waits = s.consent.policy().proposal(); waits && waits->number == number) {
      const auto second =
          s.second_of_two({.number = number, .by = waits->proposer, .at = waits->at},
                          s.credentials.before().policy);
      if (!second) return second.error();
    }
    const auto approve = [&]() -> result<policy_change> {
      const auto digest = s.consent.approve(number, s.who.id, now);
      if (!digest) return digest.error();
      policy_change out{.digest = *digest};
      const auto logged =
          s.ledger.append({.type = ledger_event::policy_change, .commitment = *digest}, {},
                          s.who.id, now, std::nullopt);
      if (!logged) return logged.error();
      out.ledger_index = logged->index;
      out.entry = logged->id;
      return out;
    };
    auto done = approve();
    if (!done) s.broken = true;
    return done;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

std::vector<std::shared_ptr<const law_profile>> session::profiles() const {
  (void)profile();
  std::vector<std::shared_ptr<const law_profile>> out;
  for (const auto& held : state_->consent.policy().profiles()) out.emplace_back(held, &held->law);
  return out;
}

std::shared_ptr<const law_profile> session::profile() const noexcept {
  session_state& s = *state_;
  try {
    // What cannot be read now is told by whoever reads next; the profile known before still holds.
    if (s.core->look()) (void)s.consent.follow();
  } catch (const std::bad_alloc&) {
    (void)s.out_of_memory();
  }
  const auto& held = s.consent.policy().profiles().front();
  return {held, &held->law};
}

result<compile_progress> session::compile_consents(std::uint32_t most) try {
  session_state& s = *state_;
  if (most == 0) return error{errc::invalid_argument, "of no step at all nothing comes"};
  if (auto seen = s.look(action::maintain); !seen) return seen.error();
  if (s.consent.outdated() == 0) return compile_progress{};
  return s.change(action::maintain, [&]() -> result<compile_progress> {
    const auto done = s.consent.compile_outdated(most, s.clock_now());
    if (!done) s.broken = true;
    return done;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
