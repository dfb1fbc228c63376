// From what was said to a compiled state, which is kept once for all who share it.
#include "consent_store.hpp"

#include <algorithm>

#include "damage.hpp"
#include "places.hpp"
#include "what_counts.hpp"

namespace clientbook {

using storage::key;
using storage::table;

// Of a birth date, what the profile looks at: nothing of somebody who was of every age that a rule
// is about when the book was made and when they first said something. So most customers share a
// state, whatever their age; the day alone that the clock says makes nobody older.
subject_facts consent_store::facts_of(const std::optional<date>& born,
                                      std::span<const directive> said,
                                      std::span<const law_profile* const> laws,
                                      timestamp now) const noexcept {
  if (!born || born->year == 0) return {};
  timestamp first = std::min(now, timestamp{core_.row().created_at});
  for (const directive& one : said) {
    first = std::min(first, one.event_at);
    if (one.recorded_at != timestamp{}) first = std::min(first, one.recorded_at);
  }
  int of_age = 0;
  for (const law_profile* law : laws) {
    of_age = std::max<int>(of_age, law->child_below);
    for (const age_rule& rule : law->ages) of_age = std::max<int>(of_age, rule.below);
  }
  if (years_between(*born, date_of(first)) >= of_age) return {};
  return {.born = born};
}

result<byte_view> consent_store::compile_one(std::span<const directive> said,
                                             const subject_facts& subject, const law_profile& law,
                                             const compiling& how) {
  const consent_environment under = environment(law);
  const auto compiled =
      compile(what_counts(said), under, subject, as_of(how.now), *workspace_, compiled_);
  if (compiled || compiled.error().code != errc::limit_exceeded || !how.at_any_rate) {
    return compiled;
  }
  return compile(what_counts_at_least(said), under, subject, as_of(how.now), *workspace_,
                 compiled_);
}

// What all histories of the customer permit, each under its own laws, is permitted: for every
// contact point that any of them tells apart.
result<std::vector<std::byte>> consent_store::compile_all(std::span<const directive> chain,
                                                          std::span<const judged_history> histories,
                                                          const compiling& how) {
  const std::vector<contact_point> named = named_contacts(chain);
  std::vector<subject_facts> subjects;
  for (const judged_history& one : histories) {
    subjects.push_back(facts_of(one.born, one.said, one.laws, how.now));
  }
  state_bundle out;
  for (std::size_t which = 0; which <= named.size(); ++which) {
    out.begin_group(static_cast<std::uint16_t>(which),
                    which == 0 ? field_id() : named[which - 1].field);
    for (std::size_t i = 0; i < histories.size(); ++i) {
      const std::vector<directive> its = said_of(histories[i].said, named, which);
      for (const law_profile* law : histories[i].laws) {
        const auto compiled = compile_one(its, subjects[i], *law, how);
        if (!compiled) return compiled.error();
        out.add(*compiled);
      }
    }
  }
  return out.bytes();
}

result<std::vector<std::byte>> consent_store::compile_under_laws(const all_said& by,
                                                                 const compiling& how) {
  const std::vector<told_history> told = histories_of(by.chain, by.born, by.parts);
  std::vector<judged_history> under;
  for (const told_history& one : told) under.push_back({one.said, laws_of(one.said), one.born});
  return compile_all(by.chain, under, how);
}

result<std::vector<std::byte>> consent_store::compile_now(const all_said& by, timestamp now) {
  return compile_under_laws(by, {.now = now});
}

result<std::vector<std::byte>> consent_store::compile_at_any_rate(const all_said& by,
                                                                  timestamp now) {
  return compile_under_laws(by, {.now = now, .at_any_rate = true});
}

result<std::uint32_t> consent_store::intern(byte_view compiled) {
  const std::array<byte_view, 1> parts{compiled};
  const auto token = crypto::blind_token(core_.keys().states, 128, parts);
  if (!token) return token.error();
  const key at = key(table::state_index).add(byte_view(*token));
  const auto held = core_.read().get(at);
  if (held && held->size() == 4) {
    const auto number = load_be<std::uint32_t>(held->data());
    // One that is out of date may hold again, but its number says that it does not.
    // Nothing seals the index. Where it leads to another state it costs one state more, and stands
    // in nobody's way who takes something back; verify() tells.
    if (number > core_.row().states_outdated && number <= core_.row().states) {
      const auto known = state(number);
      if (known && same_bytes((*known)->bytes(), compiled)) return number;
      if (!known && known.error().code != errc::not_found && !is_damage(known.error().code)) {
        return known.error();
      }
    }
  }
  if (!held && held.error().code != errc::not_found) return held.error();
  const std::uint32_t number = core_.row().states + 1;
  if (auto put = core_.put_value(core_.keys().rows, own_place(table::state, number), compiled);
      !put) {
    return put.error();
  }
  std::array<std::byte, 4> bytes{};
  store_be(bytes.data(), number);
  if (auto put = core_.write().put(at, bytes); !put) return put.error();
  core_.edit_row().states = number;
  return number;
}

}  // namespace clientbook
