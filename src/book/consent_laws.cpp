// Which laws hold for a customer, and what another law would change.
#include "consent_store.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "what_counts.hpp"

#include <clientbook/internal/base/out_of_memory.hpp>

namespace clientbook {
namespace {

// A law of the book, and since which version of its policy: what was said of it before, which the
// move tells in `profile_version`, does not count.
struct law_in_force {
  const law_profile* law = nullptr;
  std::uint32_t since = 0;
};

// Where nobody has said for sure where a customer lives, all laws of the book hold; an address
// alone adds the law that it speaks for. So no move that nobody has confirmed opens anything.
std::vector<const law_profile*> laws_among(std::span<const law_in_force> book,
                                           std::span<const directive> said) {
  std::vector<const law_profile*> all;
  for (const law_in_force& one : book) all.push_back(one.law);
  if (all.size() == 1) return all;
  std::vector<const law_profile*> lives;
  bool known = false;
  for (const directive* one : moves_as_said(said)) {
    const auto at = std::find_if(book.begin(), book.end(), [&](const law_in_force& each) {
      return each.law->id == one->jurisdiction && one->profile_version >= each.since;
    });
    if (is_confirmed(*one)) {
      // A law that the book follows no more, or did not yet, tells nothing of where somebody lives.
      lives.clear();
      known = at != book.end();
      if (known) lives.push_back(at->law);
    } else if (at != book.end()) {
      lives.push_back(at->law);
    } else {
      known = false;
    }
  }
  if (!known) return all;
  std::erase_if(all, [&](const law_profile* one) {
    return std::find(lives.begin(), lives.end(), one) == lives.end();
  });
  return all;
}

}  // namespace

std::vector<const law_profile*> consent_store::laws_of(std::span<const directive> said) const {
  std::vector<law_in_force> book;
  for (std::size_t i = 0; i < policy_.profiles().size(); ++i) {
    book.push_back({&policy_.profiles()[i]->law, policy_.since()[i]});
  }
  return laws_among(book, said);
}

std::vector<const law_profile*> consent_store::laws_of(std::span<const told_history> all) const {
  std::vector<const law_profile*> any;
  for (const told_history& one : all) {
    for (const law_profile* law : laws_of(one.said)) any.push_back(law);
  }
  std::vector<const law_profile*> out;
  for (const auto& held : policy_.profiles()) {
    if (std::ranges::find(any, &held->law) != any.end()) out.push_back(&held->law);
  }
  return out;
}

std::vector<const law_profile*> consent_store::laws_with(const law_profile& next, policy_kind how,
                                                         std::span<const directive> said) const {
  std::vector<law_in_force> book;
  for (std::size_t i = 0; i < policy_.profiles().size(); ++i) {
    const law_profile& law = policy_.profiles()[i]->law;
    const bool replaced =
        how == policy_kind::profile && (policy_.profiles().size() == 1 || law.id == next.id);
    book.push_back({replaced ? &next : &law, policy_.since()[i]});
  }
  if (how != policy_kind::profile)
    book.push_back({&next, std::numeric_limits<std::uint32_t>::max()});
  return laws_among(book, said);
}

// A move that was said before is news where the book came to follow its law only since.
bool consent_store::adds_no_law(std::span<const directive> said, const directive& next) const {
  if (next.kind != directive_kind::move) return true;
  std::vector<directive> with(said.begin(), said.end());
  with.push_back(next);
  with.back().sequence = std::numeric_limits<std::uint32_t>::max();
  return laws_of(with) == laws_of(said);
}

result<crypto::digest> consent_store::approve(std::uint32_t number, const actor_id& by,
                                              timestamp now) {
  const auto digest = policy_.approve(number, by);
  if (!digest) return digest;
  const auto other_law = policy_.follow();
  if (!other_law) return other_law.error();
  if (*other_law) outdate_states(now);
  return digest;
}

namespace {

// Changes of several states together: each cell once, with every field that changes for anybody.
struct gathered_changes final : profile_change_sink {
  std::map<std::array<std::uint8_t, 3>, profile_change> cells;
  bool out_of_memory = false;
  void change(const profile_change& found) noexcept override try {
    auto& cell = cells[{found.recipient.value, found.purpose.value, found.operation.value}];
    const field_set opened = cell.opened | found.opened;
    const field_set closed = cell.closed | found.closed;
    cell = found;
    cell.opened = opened;
    cell.closed = closed;
  } catch (const std::bad_alloc&) {
    out_of_memory = true;
  }
  std::vector<profile_change> all() const {
    std::vector<profile_change> out;
    for (const auto& [place, cell] : cells) out.push_back(cell);
    return out;
  }
};

}  // namespace

result<profile_effect> consent_store::effect_of(const law_profile& next, policy_kind how,
                                                timestamp now) {
  gathered_changes newcomers, customers;
  profile_effect out;
  // Customers of one state here and one there see the same change.
  std::map<std::pair<crypto::digest, crypto::digest>, profile_difference> seen;
  const auto compare = [&](const known_state& before, const all_said& by,
                           gathered_changes& to) -> result<profile_difference> {
    const std::vector<told_history> told = histories_of(by.chain, by.born, by.parts);
    std::vector<judged_history> under;
    for (const told_history& one : told) {
      under.push_back({one.said, laws_with(next, how, one.said), one.born});
    }
    const auto compiled = compile_all(by.chain, under, {.now = now, .at_any_rate = true});
    if (!compiled) return compiled.error();
    const auto after = known_state::open(*compiled);
    if (!after) return after.error();
    const auto [place, fresh] =
        seen.try_emplace({crypto::hash(before.bytes()), crypto::hash(*compiled)});
    if (fresh) {
      const auto was = [&](const decision_request& asked) {
        return before.decide(asked).permitted;
      };
      const auto is = [&](const decision_request& asked) { return after->decide(asked).permitted; };
      place->second = compare_decisions(was, is, registry_.get(), now, to);
    }
    return place->second;
  };
  const auto nothing_said = state(0);
  if (!nothing_said) return nothing_said.error();
  if (const auto done = compare(**nothing_said, {}, newcomers); !done) return done.error();
  seen.clear();
  const auto done =
      for_each_customer([&](customer_no number, const manifest& entry) -> result<void> {
        const auto said = directives(entry, number);
        if (!said) return said.error();
        const auto known = born(number, entry);
        if (!known) return known.error();
        const auto before = state_of(number, entry, now);
        if (!before) return before.error();
        const auto parts = parts_in(core_, number, entry);
        if (!parts) return parts.error();
        const auto found = compare(**before, {*said, *known, *parts}, customers);
        if (!found) return found.error();
        out.customers_opened += found->opened != 0 ? 1U : 0U;
        out.customers_closed += found->closed != 0 ? 1U : 0U;
        return {};
      });
  if (!done) return done.error();
  if (newcomers.out_of_memory || customers.out_of_memory) return not_enough_memory;
  out.newcomers = newcomers.all();
  out.customers = customers.all();
  return out;
}

}  // namespace clientbook
