// What was found, with the views as view_to_json() writes them. A list is walked once for who is on
// it and why; the page that is asked for is read afterwards.
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/internal/transfer/wiped_json.hpp>
#include <clientbook/transfer/book_json.hpp>
#include <clientbook/transfer/search_json.hpp>
#include <clientbook/transfer/view_json.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>
#include <vector>

#include "json_text.hpp"

namespace clientbook {
namespace {

using exchange::json_failure;
using exchange::json_node;
using transfer::json_text;

// The pinned notes of somebody who was found, as items_to_json() writes them: what warns at the
// till; empty where there is none, or none that this purpose shows.
result<wiped_text> warnings_of(session& in, const customer_id& id, purpose_id purpose) {
  const auto pinned = in.pinned_notes(id, purpose);
  if (!pinned) return pinned.error();
  if (pinned->size() == 0) return wiped_text();
  return items_to_json(*pinned, field_type::note);
}

// An object whose members are `front` and those of the view.
result<wiped_text> with_view(json_text& front, session& in, const view& seen,
                             const decision_request& as) {
  front.end_object();
  const auto reasons = reasons_of(in, seen, as);
  if (!reasons) return reasons.error();
  const auto rest = view_to_json(seen, in.fields(), *reasons);
  if (!rest) return rest.error();
  wiped_text out = front.take();
  out.pop_back();
  if (out.size() > 1) out += ',';
  out.append(*rest, 1);
  return out;
}

void write(json_text& out, std::string_view name, const std::string& text) {
  out.name(name);
  out.string(text);
}

std::string text_of(timestamp at) {
  char out[20];
  write_timestamp(at, out);
  return {out, sizeof out};
}

// --- lists --------------------------------------------------------------------------------------

struct on_list {
  customer_id id{};
  std::optional<date> day{};
  std::string kind{};
  std::uint16_t years = 0;
  std::optional<date> purchase{};
  std::optional<timestamp> consent_ends{};
  wiped_text task{};
  std::optional<date> task_due{};
  std::optional<date> contact{};
};

struct list_request {
  list_query who{};
  std::size_t skip = 0;
  std::size_t most = 100;
};

std::optional<date> day_of(const json_node& from) {
  if (!from.there()) return std::nullopt;
  const auto day = parse_date(from.text());
  if (!day || day->year == 0) {
    from.fail({errc::invalid_value, "want a date: YYYY-MM-DD"});
    return std::nullopt;
  }
  return *day;
}

// A condition that is there says something.
std::string_view said(const json_node& from) {
  const std::string_view text = from.text();
  if (from.there() && from.value()->is_string() && text.empty()) {
    from.fail({errc::invalid_argument, "an empty condition holds for nobody: leave it out"});
  }
  return text;
}

std::uint32_t days_of(const json_node& from) {
  return static_cast<std::uint32_t>(from.integer(0, 36'525));
}

list_request request_of(const json_node& from, const date& today) {
  list_request out;
  from.only({"days", "likes", "size", "size_kind", "bought", "bought_since", "no_purchase_for_days",
             "consent_ends_within_days", "bought_category", "brand", "tasks_due_within_days",
             "assigned", "no_contact_for_days", "tag", "tier", "skip", "most"});
  if (const json_node days = from.member("days"); days.there()) {
    days.only({"first", "days", "kind"});
    out.who.days =
        day_window{.first = day_of(days.member("first")).value_or(today),
                   .days = static_cast<std::uint16_t>(days.member("days").integer(1, 366, 14)),
                   .kind = said(days.member("kind"))};
  }
  out.who.likes = said(from.member("likes"));
  out.who.size = said(from.member("size"));
  out.who.size_kind = said(from.member("size_kind"));
  out.who.bought = said(from.member("bought"));
  out.who.bought_since = day_of(from.member("bought_since"));
  out.who.no_purchase_for_days = days_of(from.member("no_purchase_for_days"));
  out.who.consent_ends_within_days = days_of(from.member("consent_ends_within_days"));
  out.who.bought_category = said(from.member("bought_category"));
  out.who.brand = said(from.member("brand"));
  out.who.tag = said(from.member("tag"));
  out.who.tier = said(from.member("tier"));
  out.who.no_contact_for_days = days_of(from.member("no_contact_for_days"));
  if (const json_node due = from.member("tasks_due_within_days"); due.there()) {
    out.who.tasks_due_within_days = days_of(due);
  }
  if (const json_node whose = from.member("assigned"); whose.there()) {
    out.who.assigned = actor_id(static_cast<std::uint32_t>(whose.integer(1, 0xFFFFFFFF)));
  }
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  out.skip = static_cast<std::size_t>(from.member("skip").integer(0, most));
  out.most = static_cast<std::size_t>(from.member("most").integer(1, 10'000, 100));
  return out;
}

result<std::vector<on_list>> all_on(session& in, const list_query& who, purpose_id purpose) {
  std::vector<on_list> out;
  const auto walked = in.list_customers(who, purpose, only(field::name), [&](const listed& one) {
    out.push_back({.id = one.seen.id(),
                   .day = one.day,
                   .kind = std::string(one.day_kind),
                   .years = one.years,
                   .purchase = one.purchase,
                   .consent_ends = one.consent_ends,
                   .task = wiped_text(one.task.reveal()),
                   .task_due = one.task_due,
                   .contact = one.contact});
    return true;
  });
  if (!walked) return walked.error();
  if (who.days) {
    std::stable_sort(out.begin(), out.end(), [](const on_list& a, const on_list& b) {
      return days_since_epoch(*a.day) < days_since_epoch(*b.day);
    });
  } else if (who.tasks_due_within_days || who.assigned) {
    // Tasks without a day come last.
    const auto due = [](const on_list& one) {
      return one.task_due ? days_since_epoch(*one.task_due)
                          : std::numeric_limits<std::int64_t>::max();
    };
    std::stable_sort(out.begin(), out.end(),
                     [&](const on_list& a, const on_list& b) { return due(a) < due(b); });
  }
  return out;
}

result<wiped_text> listed_to_json(session& in, const on_list& one, purpose_id purpose,
                                  field_set fields) {
  json_text out;
  out.begin_object();
  if (one.day) write(out, "day", text_of(*one.day));
  if (one.day) write(out, "kind", one.kind);
  if (one.years != 0) {
    out.name("years");
    out.integer(one.years);
  }
  if (one.purchase) write(out, "last_purchase", text_of(*one.purchase));
  if (one.consent_ends) write(out, "consent_ends", text_of(*one.consent_ends));
  if (!one.task.empty()) {
    out.name("task");
    out.string(one.task);
  }
  if (one.task_due) write(out, "task_due", text_of(*one.task_due));
  if (one.contact) write(out, "last_contact", text_of(*one.contact));
  const auto seen = in.read(one.id, purpose, fields);
  if (!seen) return seen.error();
  return with_view(out, in, *seen, in.request(purpose));
}

}  // namespace

result<wiped_text> search_to_json(session& in, const search_answer& answer,
                                  purpose_id purpose) try {
  wiped_text out = "{\"hits\":[";
  for (const search_hit& hit : answer.hits) {
    json_text one;
    one.begin_object();
    one.name("why");
    one.begin_array();
    for (const match_reason& why : hit.why) {
      const auto known = in.fields().find(why.field);
      if (!known) return known.error();
      one.begin_object();
      one.name("field");
      one.string(known->key);
      one.name("match");
      one.string(name_of(why.kind));
      one.end_object();
    }
    one.end_array();
    const auto whole = with_view(one, in, hit.seen, in.request(purpose));
    if (!whole) return whole.error();
    const auto warnings = warnings_of(in, hit.seen.id(), purpose);
    if (!warnings) return warnings.error();
    if (out.back() == '}') out += ',';
    out += *whole;
    if (warnings->empty()) continue;
    out.pop_back();
    out += ",\"pinned_notes\":" + *warnings + "}";
  }
  out += "],\"matches\":" + wiped_text(std::to_string(answer.matches).c_str()) + ",\"path\":\"";
  out += name_of(answer.path);
  out += "\",\"scanned\":" + wiped_text(std::to_string(answer.scanned).c_str());
  out += ",\"unreadable\":" + wiped_text(std::to_string(answer.unreadable).c_str()) + "}";
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<wiped_text> list_json(std::string_view request, session& in, purpose_id purpose,
                             field_set fields, std::string& where) try {
  where.clear();
  const auto tree = exchange::read_json(request, transfer::wiped_memory());
  if (!tree) return tree.error();
  json_failure failure;
  const json_node root(&*tree, {}, failure);
  const list_request what = request_of(root, date_of(in.request(purpose).now));
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  const auto all = all_on(in, what.who, purpose);
  if (!all) return all.error();
  wiped_text out =
      "{\"count\":" + wiped_text(std::to_string(all->size()).c_str()) + ",\"customers\":[";
  const std::size_t end = std::min(all->size(), what.skip + what.most);
  for (std::size_t i = what.skip; i < end; ++i) {
    const auto one = listed_to_json(in, (*all)[i], purpose, fields);
    if (!one) {
      // Erased since the walk.
      if (one.error().code == errc::key_erased) continue;
      return one.error();
    }
    if (out.back() == '}') out += ',';
    out += *one;
  }
  out += "]}";
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
