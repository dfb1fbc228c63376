// States that are out of date.
//
// Parties, fields and the law stand in every compiled state, and a book of a million customers must
// not stop while one of them changes. So a change only notes which states it made out of date:
// those numbered up to book_row::states_outdated, and the empty one of customers in [outdated_from,
// outdated_until). Whoever asks for a customer whose state is among them gets one compiled anew
// from the directives; only a write stores it. compile_outdated() works through the rest, in
// transactions as small as the caller wants them.
#include "consent_store.hpp"

#include "birth_fact.hpp"

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
  const auto parts = parts_in(core_, number, entry);
  if (!parts) return parts.error();
  const auto laws = laws_of(*said);
  const bool says_nothing = said->empty() && !facts_of(born, *said, laws, now).born;
  if (says_nothing && parts->empty()) return std::vector<std::byte>();
  return compile_at_any_rate({*said, born, *parts}, now);
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
    if ((*found)->stands == standing::part) continue;
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
    if ((*found)->stands == standing::part) continue;  // The one whose part they are is asked.
    if (auto done = each(number, **found); !done) return done;
  }
  return {};
}

}  // namespace clientbook
