// What is counted and told while an import runs.
#include "import_run.hpp"

#include <algorithm>
#include <utility>

namespace clientbook {
void import_row::clear() {
  record.clear();
  said.clear();
  directives.clear();
  whose.reset();
  writing = nullptr;
  begun = false;
  erased = false;
  by_id = false;
}

std::vector<std::string_view> import_row::ways(field_set wanted) const {
  const record_view row = record.view();
  std::vector<std::string_view> out;
  if (const auto all = row.emails(); all && wanted.has(field::emails)) {
    for (const email_address& each : *all) out.push_back(each.address.reveal());
  }
  if (const auto all = row.phones(); all && wanted.has(field::phones)) {
    for (const phone_number& each : *all) out.push_back(each.number.reveal());
  }
  return out;
}

void import_run::tell(import_step what_was_done, const error& what, import_place at,
                      bool skipped) const {
  if (listener.problem == nullptr) return;
  customer_import_problem problem;
  problem.step = what_was_done;
  problem.what = what;
  problem.skipped = skipped;
  if (at.line != 0) problem.file = map.files()[at.file];
  problem.line = at.line;
  listener.problem(listener.context, problem);
}

void import_run::remark(const error& what, std::uint64_t line) const {
  if (listener.problem == nullptr) return;
  customer_import_problem problem{.step = import_step::customer, .what = what, .remark = true};
  problem.file = map.files().front();
  problem.line = line;
  listener.problem(listener.context, problem);
}

void import_run::count_left_out(field_id field, decision_code why) {
  ++counts.left_out[field.value];
  const auto place = [](const left_out_field& one) { return std::pair(one.field, one.why); };
  const std::pair wanted(field, why);
  auto at = std::lower_bound(
      counts.left_out_why.begin(), counts.left_out_why.end(), wanted,
      [&](const left_out_field& one, const auto& other) { return place(one) < other; });
  if (at == counts.left_out_why.end() || place(*at) != wanted) {
    at = counts.left_out_why.insert(at, {.field = field, .why = why});
  }
  ++at->customers;
}

result<contact_point> import_run::contact_named(std::string_view text) const {
  const bool mail = text.find('@') != std::string_view::npos;
  return into.contact_of(mail ? field::emails : field::phones, text);
}

void import_run::count(std::uint64_t line, const merged& told) {
  counts.directives += told.recorded;
  counts.repeated_directives += told.repeated;
  counts.back_dated += told.back_dated;
  counts.not_widened += told.not_widened;
  if (told.waiting != 0) ++counts.waiting;
  counts.differing += told.kept.size();
  counts.conflicts += told.conflicts.size();
  counts.older += told.older.size();
  if (!told.replaced.empty()) ++counts.updated;
  for (const field_id each : told.added) ++counts.added_fields[each.value];
  for (const field_id each : told.replaced) ++counts.updated_fields[each.value];
  for (const field_id each : told.kept) ++counts.kept_fields[each.value];
  for (const field_id each : told.left_out) count_left_out(each, told.why_left_out[each.value]);
  const bool news = !(told.added | told.replaced | told.conflicts).empty();
  if (!news || listener.changed == nullptr) return;
  listener.changed(
      listener.context,
      {.line = line, .added = told.added, .updated = told.replaced, .conflicts = told.conflicts});
}

}  // namespace clientbook
