// Remembers whom a row names, and links them behind the last row.
#include "household_links.hpp"

#include <unordered_map>
#include <utility>

namespace clientbook {
void household_links::remember(const import_customer& one, const customer_id& id) {
  bool linked = false;
  pending_household pending{.id = id, .links = {}, .texts = {}, .external_ids = {}};
  pending.texts.reserve(one.household.size() * 2);
  for (const import_household& member : one.household) {
    linked = linked || !member.external_id.empty();
    household_link link;
    link.relation = pending.texts.emplace_back(member.link.relation);
    link.person = pending.texts.emplace_back(member.link.person.reveal());
    pending.links.push_back(link);
    pending.external_ids.emplace_back(member.external_id);
  }
  if (linked) households_.push_back(std::move(pending));
}

result<void> household_links::link(std::span<const std::optional<customer_id>> taken) {
  if (households_.empty()) return {};
  // Only now is it needed who has which id: most files link nobody.
  std::unordered_map<std::string, customer_id> ids;
  std::size_t number = 0;
  const auto note_id = [&](const import_customer& one,
                           std::span<const field_value> /*fields*/) -> result<void> {
    const std::optional<customer_id>& whose = taken[number++];
    if (whose) ids.emplace(std::string(one.external_id), *whose);
    return {};
  };
  if (auto read = run_.from.for_each(note_id); !read) return read;
  for (pending_household& one : households_) {
    for (std::size_t i = 0; i < one.links.size(); ++i) {
      const auto found = ids.find(one.external_ids[i]);
      if (found != ids.end()) one.links[i].customer = found->second;
    }
    customer changed;
    auto done = changed.set(field::household, std::span<const household_link>(one.links));
    if (done) done = run_.into.update(one.id, changed.fields(), run_.options.purposes);
    if (!done) return done;
  }
  return {};
}

}  // namespace clientbook
