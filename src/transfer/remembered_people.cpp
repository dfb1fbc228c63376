// Asks the book whom it remembers, and has it remember who says no and is no customer.
#include "remembered_people.hpp"

#include <clientbook/consent/shop_consent.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <utility>
#include <vector>

#include "row_directives.hpp"

namespace clientbook {
namespace {

// A number is known by its last digits: a card's or an id's that end alike is none.
bool is_whole_way(std::string_view text) {
  if (text.find('@') != std::string_view::npos) return validate_email(text).has_value();
  return text.starts_with('+');
}

}  // namespace

result<bool> remembered_people::ask() {
  const auto no = no_before(row_.record.fields(), asks::who_was_erased);
  if (!no) return no.error();
  if (*no) row_.directives.push_back(**no);
  return no->has_value();
}

result<std::optional<directive>> remembered_people::no_before(std::span<const field_value> who) {
  return no_before(who, asks::who_said_no);
}

result<std::optional<directive>> remembered_people::no_before(std::span<const field_value> who,
                                                              asks what) {
  const auto known = run_.into.remembered(who);
  if (!known) return known.error();
  bool no_marketing = false;
  std::optional<std::int64_t> latest;
  for (const remembered_refusal& one : *known) {
    no_marketing = no_marketing || one.kind == refusal_kind::no_marketing;
    if (one.kind != refusal_kind::erased) {
      latest = std::max(latest.value_or(0), days_since_epoch(one.on));
      continue;
    }
    if (what == asks::who_said_no || run_.options.on_remembered == remembered_person::take ||
        came_back()) {
      continue;
    }
    row_.erased = true;
    return error{errc::key_erased, "this person was erased, and the book remembers it"};
  }
  if (!latest) return std::optional<directive>();
  return std::optional(no_of_before(*latest, no_marketing));
}

// Whoever imports has said so of this row: by its id, or by an address or number of it.
bool remembered_people::came_back() {
  if (run_.options.came_back.empty()) return false;
  bool found = false;
  if (const auto all = row_.record.view().external_ids()) {
    for (const external_id& each : *all) {
      const std::string_view id = each.value.reveal();
      if (std::ranges::find(run_.options.came_back, id) == run_.options.came_back.end()) continue;
      welcome_.emplace(id);
      found = true;
    }
  }
  std::vector<contact_point> theirs;
  for (const std::string_view text : row_.ways(ways_to_reach)) {
    if (const auto point = run_.contact_named(text)) theirs.push_back(*point);
  }
  for (const std::string_view said : run_.options.came_back) {
    const auto point = run_.contact_named(said);
    if (!point || std::ranges::find(theirs, *point) == theirs.end()) continue;
    if (!is_whole_way(said)) continue;
    welcome_.emplace(said);
    found = true;
  }
  return found;
}

result<void> remembered_people::all_came_back() const {
  const bool all = std::ranges::all_of(run_.options.came_back, [&](std::string_view id) {
    return welcome_.contains(std::string(id));
  });
  if (all) return {};
  return error{errc::not_found,
               "an id, address or number that is said to be of somebody who came back is nobody's "
               "whose erasure the book remembers"};
}

// Remembered is a day: it counts from its end, as any no of a day alone.
directive remembered_people::no_of_before(std::int64_t day, bool no_marketing) const {
  const timestamp end{day * 86'400 + 86'399};
  directive no = make_email_promotion(email_promotion::none, {},
                                      {.at = std::min(end, run_.now),
                                       .channel = consent_channel::import,
                                       .recorder = run_.into.who().id});
  if (no_marketing) no.scope.purposes = {purpose::marketing};
  no.jurisdiction = run_.into.profile()->id;
  no.profile_version = run_.into.profile()->version;
  return no;
}

result<void> remembered_people::remember(const customer& who, const directive& no,
                                         std::uint64_t line) {
  const auto until = run_.into.remember_no(who.fields(), no);
  if (until) return {};
  if (until.error().code == errc::missing_field || until.error().code == errc::role_denied) {
    if (std::exchange(told_forgotten_, true)) return {};
    run_.remark({until.error().code,
                 "a no about an address, number or id that nobody is known to have could not be "
                 "remembered, here and below"},
                line);
    return {};
  }
  run_.failed_at = {0, line};
  return until.error();
}

result<void> remembered_people::remember_row(std::uint64_t line) {
  ++run_.counts.strangers;
  bool said = false;
  for (const directive& each : row_.directives) {
    if (!is_no(each)) continue;
    const auto until = run_.into.remember_no(row_.record.fields(), each);
    if (!until) return until.error();
    said = true;
    if (each.scope.purposes == purpose_set{purpose::email_marketing}) continue;
    if (std::exchange(told_no_marketing_, true)) continue;
    run_.remark(
        {errc::none,
         "a no of who is no customer yet, and not to e-mail alone: remembered as one to all "
         "marketing, here and below"},
        line);
  }
  if (said) ++run_.counts.strangers_no;
  return {};
}

}  // namespace clientbook
