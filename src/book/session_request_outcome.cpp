// What came of a request, as far as the book itself can tell: what an erasure leaves, and whether
// somebody has corrected a field.
#include <algorithm>

#include "session_state.hpp"

namespace clientbook {
namespace {

std::uint64_t changes_in(const look_counts& times) noexcept {
  return std::uint64_t{times[static_cast<std::size_t>(look_kind::change)]} +
         times[static_cast<std::size_t>(look_kind::remove)];
}

}  // namespace

// What is kept for the same until the same day is told once.
result<std::vector<request_stay>> session_state::stays_after(customer_no number,
                                                             const erasure_options& options,
                                                             const erasure_receipt& receipt) {
  std::vector<request_stay> out;
  const auto add = [&](const request_stay& more) {
    const auto same = std::ranges::find_if(out, [&](const request_stay& one) {
      return one.place == more.place && one.purpose == more.purpose && one.until == more.until;
    });
    if (same == out.end()) {
      out.push_back(more);
    } else {
      same->fields |= more.fields;
    }
  };
  for (const retained_name& one : receipt.retained) {
    const auto which = retained_number(one.id);
    if (!which) return which.error();
    const auto about = retained.head(*which);
    if (!about) return about.error();
    add({.place = stay_place::apart,
         .purpose = one.purpose,
         .fields = about->fields,
         .until = one.until});
  }
  if (options.law_kept == law_kept_records::elsewhere) {
    const auto own = entry(number);
    if (!own) return own.error();
    const auto row = row_of(number, **own);
    if (!row) return row.error();
    for (const kept_group& group : (*row)->kept) {
      group.purposes.for_each([&](purpose_id why) {
        if (!is_legal_obligation(why)) return;
        add({.place = stay_place::elsewhere, .purpose = why, .fields = group.fields});
      });
    }
  }
  if (receipt.remembered_until.month != 0) {
    add({.place = stay_place::remembered,
         .fields = receipt.remembered_fields,
         .until = receipt.remembered_until});
  }
  return out;
}

// A value that was given on the very day on which the field was first kept may be that first one,
// and one that is not kept may never have been: then a change of it must have been noted. Under the
// rights of customers a look has the fields that were read for an answer too, and what an answer
// has corrected its own request says.
result<bool> session_state::corrected_since(customer_no number, field_id which, const date& when) {
  // Nothing changes an item.
  if (which == field::purchases || which == field::notes) return false;
  const auto own = entry(number);
  if (!own) return own.error();
  const auto row = row_of(number, **own);
  if (!row) return row.error();
  const value_group* const value = (*row)->value_of(which);
  if (value == nullptr || value->imported || value->day < days_since_epoch(when)) return false;
  const std::int64_t day = value->day;
  const auto first = std::ranges::find_if(
      (*row)->kept, [&](const kept_group& one) { return one.fields.has(which); });
  if (first != (*row)->kept.end() && first->day < day) return true;
  for (const auto& [at, one] : seen.pending) {
    if (one.what.customer == number && changes_in(one.what.times) != 0 &&
        one.what.fields.has(which)) {
      return true;
    }
  }
  const auto again = entry(number);
  if (!again) return again.error();
  const auto looks = traces.looks_at(number, **again);
  if (!looks) return looks.error();
  return std::ranges::any_of(*looks, [&](const clientbook::look& one) {
    std::uint64_t all = 0;
    for (const std::uint32_t times : one.times) all += times;
    const std::uint64_t changes = changes_in(one.times);
    const bool exact = one.purpose != purpose::rights_fulfilment || changes == all;
    return exact && changes != 0 && days_since_epoch(one.on) == day && one.fields.has(which);
  });
}

}  // namespace clientbook
