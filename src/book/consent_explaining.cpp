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

result<remedy> consent_store::remedy_of(std::span<const directive> said,
                                        const std::optional<date>& born,
                                        const decision_request& request, const explained& what,
                                        timestamp now) {
  const auto room = std::make_unique<remedy_workspace>();
  const auto laws = laws_of(said);
  std::vector<consent_environment> under;
  for (const law_profile* law : laws) under.push_back(environment(*law));
  // What is found opens it for every contact point that nobody spoke of, or for the one.
  const std::vector<contact_point> named = named_contacts(said);
  const auto decisive = said_of(said, named, what.point ? number_of(named, *what.point) : 0);
  return find_remedy(decisive, under, facts_of(born, said, laws, now), with_discharges(request),
                     what.field, now, *room);
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

result<consent_preview> consent_store::preview(std::span<const directive> said,
                                               const std::optional<date>& born,
                                               const directive& grant, const privacy_notice& notice,
                                               timestamp now) {
  privacy_notice draft = notice;
  if (draft.hash == consent_hash{}) draft.hash.fill(std::byte{0xff});
  const timestamp then = as_of(now);
  const auto added = said_hypothetically(grant, draft, said, then);
  if (!added) return added.error();
  const auto before_bytes = compile_now(said, born, now);
  if (!before_bytes) return before_bytes.error();
  std::vector<directive> with(said.begin(), said.end());
  with.push_back(*added);
  notices_.push_back(draft);
  const auto after_bytes = compile_now(with, born, now);
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
