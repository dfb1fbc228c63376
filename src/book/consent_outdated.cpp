// States that are out of date, and another law.
//
// Parties, fields and the law stand in every compiled state, and a book of a million customers must
// not stop while one of them changes. So a change only notes which states it made out of date:
// those numbered up to book_row::states_outdated, and the empty one of customers in [outdated_from,
// outdated_until). Whoever asks for a customer whose state is among them gets one compiled anew
// from the directives; only a write stores it. compile_outdated() works through the rest, in
// transactions as small as the caller wants them.
#include "consent_store.hpp"

#include <algorithm>
#include <map>

#include "birth_fact.hpp"
#include "what_counts.hpp"

#include <clientbook/internal/base/out_of_memory.hpp>

namespace clientbook {

void consent_store::outdate_states(timestamp now) {
  drop_states();
  saw(now);
  clientbook::outdate_states(core_.edit_row());
}

bool consent_store::is_outdated(customer_no number, const manifest& entry) const noexcept {
  const book_row& row = core_.row();
  if (entry.consent_state != 0) return entry.consent_state <= row.states_outdated;
  return number >= row.outdated_from && number < row.outdated_until;
}

std::uint64_t consent_store::outdated() const noexcept {
  return core_.row().outdated_until.value - core_.row().outdated_from.value;
}

result<std::optional<date>> consent_store::born(customer_no number, const manifest& entry) {
  if (const auto fact = birth_fact(entry)) return fact;
  std::array<opened_field, max_fields> opened;
  const auto fields = opener_.record(opening::birth_fact, number, entry, opened);
  if (!fields) return fields.error();
  if (fields->empty()) return std::optional<date>();
  date day;
  if (auto read = decode_value(fields->front().plaintext, day); !read) return read.error();
  return std::optional<date>(day);
}

result<std::vector<std::byte>> consent_store::compile_customer(const manifest& entry,
                                                               customer_no number,
                                                               const std::optional<date>& born,
                                                               timestamp now) {
  const auto said = directives(entry, number);
  if (!said) return said.error();
  const auto laws = laws_of(*said);
  if (said->empty() && !facts_of(born, *said, laws, now).born) return std::vector<std::byte>();
  return compile_at_any_rate(*said, born, now);
}

result<const consent_store::known_state*> consent_store::state_of(customer_no number,
                                                                  const manifest& entry,
                                                                  timestamp now) {
  if (!is_outdated(number, entry)) return state(entry.consent_state);
  // A clock that has gone back may not rest on what one ahead of it has compiled.
  for (const anew& one : anew_) {
    if (one.customer == number && one.as_of <= as_of(now)) return &one.state;
  }
  const auto known = born(number, entry);
  if (!known) return known.error();
  const auto compiled = compile_customer(entry, number, *known, now);
  if (!compiled) return compiled.error();
  if (compiled->empty()) return state(0);
  anew& to = anew_[next_anew_];
  next_anew_ = (next_anew_ + 1) % anew_.size();
  to.customer = customer_no();
  auto opened = known_state::open(*compiled);
  if (!opened) return opened.error();
  to.state = std::move(*opened);
  to.as_of = as_of(now);
  to.customer = number;
  return &to.state;
}

result<void> consent_store::recompile(manifest& entry, customer_no number,
                                      const std::optional<date>& born, timestamp now) {
  const auto compiled = compile_customer(entry, number, born, now);
  if (!compiled) return compiled.error();
  const auto state = keep(*compiled, now);
  if (!state) return state.error();
  entry.consent_state = *state;
  return {};
}

result<std::uint32_t> consent_store::keep(byte_view compiled, timestamp now) {
  if (compiled.empty()) return std::uint32_t{0};
  saw(now);
  return intern(compiled);
}

result<compile_progress> consent_store::compile_outdated(std::uint32_t most, timestamp now) {
  compile_progress out;
  customer_no number = core_.row().outdated_from;
  const customer_no until = core_.row().outdated_until;
  for (std::uint64_t steps = 0; number < until && steps < most; ++number.value) {
    const auto found = core_.tree().find(number);
    ++steps;
    if (!found) {
      if (found.error().code == errc::key_erased) continue;
      return found.error();
    }
    steps += (*found)->directives;
    if (!is_outdated(number, **found)) continue;
    ++out.compiled;
    const auto known = born(number, **found);
    if (!known) return known.error();
    const auto compiled = compile_customer(**found, number, *known, now);
    if (!compiled) return compiled.error();
    if (compiled->empty() && (*found)->consent_state == 0) continue;
    const auto state = keep(*compiled, now);
    if (!state) return state.error();
    const auto edited = core_.tree().edit(number);
    if (!edited) return edited.error();
    (*edited)->consent_state = *state;
  }
  book_row& row = core_.edit_row();
  row.outdated_from = number;
  if (number >= until) row.outdated_from = row.outdated_until = customer_no();
  out.left = outdated();
  return out;
}

result<void> consent_store::for_each_customer(
    callback_ref<result<void>(customer_no, const manifest&)> each) {
  for (customer_no number = first_customer; number < core_.row().next; ++number.value) {
    const auto found = core_.tree().find(number);
    if (!found) {
      if (found.error().code == errc::key_erased) continue;
      return found.error();
    }
    if (auto done = each(number, **found); !done) return done;
  }
  return {};
}

// --- the law --------------------------------------------------------------------------------

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
  const auto compare = [&](const known_state& before, std::span<const directive> said,
                           const std::optional<date>& known,
                           gathered_changes& to) -> result<profile_difference> {
    const auto laws = laws_with(next, how, said);
    const auto compiled =
        compile_all(said, {.laws = laws, .born = known, .now = now, .at_any_rate = true});
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
  if (const auto done = compare(**nothing_said, {}, {}, newcomers); !done) return done.error();
  seen.clear();
  const auto done =
      for_each_customer([&](customer_no number, const manifest& entry) -> result<void> {
        const auto said = directives(entry, number);
        if (!said) return said.error();
        const auto known = born(number, entry);
        if (!known) return known.error();
        const auto before = state_of(number, entry, now);
        if (!before) return before.error();
        const auto found = compare(**before, *said, *known, customers);
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
