// Why a field is denied, what would permit it, and what a grant would open.
#include "consent_store.hpp"

#include <algorithm>

#include <clientbook/internal/base/out_of_memory.hpp>

namespace clientbook {
namespace {

// From 1; 0 of one that nobody named.
std::size_t number_of(std::span<const contact_point> named, const contact_point& one) noexcept {
  const auto at = std::find(named.begin(), named.end(), one);
  return at == named.end() ? 0 : static_cast<std::size_t>(at - named.begin()) + 1;
}

}  // namespace

result<explanation> consent_store::explain(customer_no number, const manifest& entry,
                                           const decision_request& request, const explained& what) {
  std::size_t which = 0;
  if (what.point) {
    const auto said = directives(entry, number);
    if (!said) return said.error();
    which = number_of(named_contacts(*said), *what.point);
  }
  const auto known = state_of(number, entry, request.now);
  if (!known) return known.error();
  const decision_request asked = with_discharges(request);
  explanation out = what.point ? (*known)->explain_contact(asked, what.field, which)
                               : (*known)->explain(asked, what.field);
  if (out.permitted && (*known)->demands_pseudonyms(asked)) {
    out.required.required.add(obligation::pseudonymise);
  }
  return out;
}

// Of several histories that deny no single decision is looked for: each has its own denials to end.
result<remedy> consent_store::remedy_of(const all_said& by, const decision_request& request,
                                        const explained& what, timestamp now) {
  const auto room = std::make_unique<remedy_workspace>();
  // What is found opens it for every contact point that nobody spoke of, or for the one.
  const std::vector<contact_point> named = named_contacts(by.chain);
  const std::size_t which = what.point ? number_of(named, *what.point) : 0;
  const decision_request asked = with_discharges(request);
  const std::vector<told_history> histories = histories_of(by.chain, by.born, by.parts);
  std::optional<remedy> found;
  for (const told_history& one : histories) {
    const auto laws = laws_of(one.said);
    if (histories.size() > 1) {
      const judged_history alone{one.said, laws, one.born};
      const auto compiled = compile_all(by.chain, {&alone, 1}, {.now = now, .at_any_rate = true});
      if (!compiled) return compiled.error();
      const auto state = known_state::open(*compiled);
      if (!state) return state.error();
      if (state->explain_contact(asked, what.field, which).permitted) continue;
    }
    if (found) return remedy{};
    std::vector<consent_environment> under;
    for (const law_profile* law : laws) under.push_back(environment(*law));
    const auto decisive = said_of(one.said, named, which);
    auto way = find_remedy(decisive, under, facts_of(one.born, one.said, laws, now), asked,
                           what.field, now, *room);
    if (!way) return way;
    found = *way;
  }
  return found.value_or(remedy{});
}

namespace {

// Keeps the cells of a preview.
struct cell_collector final : preview_sink {
  std::vector<preview_cell> cells;
  bool out_of_memory = false;
  void cell(const preview_cell& opened) noexcept override try {
    cells.push_back(opened);
  } catch (const std::bad_alloc&) {
    out_of_memory = true;
  }
};

}  // namespace

result<consent_preview> consent_store::preview(const all_said& by, const directive& grant,
                                               const privacy_notice& notice, timestamp now) {
  privacy_notice draft = notice;
  if (draft.hash == consent_hash{}) draft.hash.fill(std::byte{0xff});
  const timestamp then = as_of(now);
  const auto added = said_hypothetically(grant, draft, by.chain, then);
  if (!added) return added.error();
  const auto before_bytes = compile_now(by, now);
  if (!before_bytes) return before_bytes.error();
  std::vector<directive> with(by.chain.begin(), by.chain.end());
  with.push_back(*added);
  notices_.push_back(draft);
  const auto after_bytes = compile_now({with, by.born, by.parts}, now);
  notices_.pop_back();
  if (!after_bytes) return after_bytes.error();
  const auto before = known_state::open(*before_bytes);
  const auto after = known_state::open(*after_bytes);
  if (!before || !after) return before ? after.error() : before.error();

  cell_collector opened;
  const auto was = [&](const decision_request& asked) { return before->decide(asked).permitted; };
  const auto is = [&](const decision_request& asked) { return after->decide(asked).permitted; };
  preview_between(was, is, *added, draft, registry_.get(), then, reading(purpose_id(), now).clock,
                  opened);
  if (opened.out_of_memory) return not_enough_memory;
  return hashed(std::move(opened.cells));
}

result<consent_preview> consent_store::hashed(std::vector<preview_cell> cells) const {
  consent_preview out{.cells = std::move(cells)};
  std::vector<std::byte> bytes(out.cells.size() * max_cell_bytes);
  std::size_t used = 0;
  for (const preview_cell& one : out.cells) {
    const auto cell = encode_cell(one, registry_.get(), byte_span(bytes).subspan(used));
    if (!cell) return cell.error();
    used += cell->size();
  }
  if (used != 0) out.hash = crypto::hash(byte_view(bytes).first(used));
  return out;
}

}  // namespace clientbook
