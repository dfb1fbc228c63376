// By ids first, then by what people are reached by; where two may be meant the row is a bad one.
#include "row_customer.hpp"

#include <utility>
#include <vector>

namespace clientbook {
result<std::optional<customer_id>> row_customer::find(const import_customer& one) {
  std::vector<external_id> ids(one.external_ids.begin(), one.external_ids.end());
  if (!run_.map.ids_link_files()) {
    ids.insert(ids.begin(), {.system = run_.map.system(), .value = one.external_id});
  }
  for (const external_id& each : ids) {
    const auto by_id = run_.into.find(each.system, each.value.reveal());
    row_.by_id = by_id.has_value();
    if (by_id) return std::optional(*by_id);
    if (by_id.error().code != errc::not_found) return by_id.error();
  }
  const bool skips = run_.options.on_known == known_customer::skip;
  if (skips && !run_.map.ids_link_files()) return std::optional<customer_id>();
  if (auto read = run_.read_people(); !read) return read.error();
  if (run_.people.knows_nobody()) tell_strangers(one.line);
  const auto who = run_.people.find(one);
  if (!who) return who.error();
  if (*who) ++run_.counts.matched;
  return *who;
}

// Once: everybody without a known id is new then.
void row_customer::tell_strangers(std::uint64_t line) {
  if (std::exchange(told_strangers_, true)) return;
  run_.remark(
      {errc::role_denied,
       "this role may not look for people: whose id the book does not know is taken for new, "
       "from here on"},
      line);
}

}  // namespace clientbook
