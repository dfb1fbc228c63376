// The new customers of an import, held against the book.
#include "new_duplicates.hpp"

#include <algorithm>

namespace clientbook {
void look_for_duplicates(import_run& run, new_customers fresh) {
  run.counts.duplicates_looked_for = fresh.empty();
  if (fresh.empty() || run.options.duplicates == import_duplicates::not_looked_for) return;
  std::ranges::sort(fresh);
  std::vector<customer_id> all;
  for (const auto& [id, line] : fresh) all.push_back(id);
  const auto line_of = [&](const customer_id& id) {
    const auto at = std::ranges::lower_bound(fresh, std::pair(id, std::uint64_t{0}));
    return at == fresh.end() || at->first != id ? std::uint64_t{0} : at->second;
  };
  for (const purpose_id each : run.reading) {
    const auto told =
        run.into.duplicates(each,
                            [&](const duplicate_pair& pair) {
                              ++run.counts.duplicates;
                              const std::uint64_t first = line_of(pair.first);
                              // The later row looks like the earlier one, or like who was there.
                              const customer_import_duplicate one{
                                  .line = line_of(pair.second), .other_line = first, .pair = pair};
                              if (run.listener.duplicate != nullptr)
                                run.listener.duplicate(run.listener.context, one);
                              return true;
                            },
                            {.of = all});
    if (!told && told.error().code == errc::role_denied) continue;
    run.counts.duplicates_purpose = each;
    run.counts.duplicates_looked_for = told.has_value();
    return;
  }
}

}  // namespace clientbook
