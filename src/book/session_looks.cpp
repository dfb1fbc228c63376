// Who looks is counted before a field is opened and written down for whom it concerns.
//
// Reading takes no lock and costs no write: a session draws a block of its actor's budget, durable
// before the first customer of the block is opened, and names them with its next write, at the next
// block or at its end. A list is written down before its first customer is handed out. What a kill
// loses are at most the names of one block, and the row of budgets says how many.
#include <algorithm>
#include <utility>

#include "session_state.hpp"

namespace clientbook {
namespace {

constexpr error spent{errc::budget_spent,
                      "the actor's budget is spent: wait for the next hour, or have it raised "
                      "(raise_budget, `clientbook budget raise`)"};
constexpr error tables_spent{errc::budget_spent,
                             "the actor's tables of this month are spent: wait for the next one"};
// All associates and managers together, of one customer in a day.
constexpr std::size_t most_people = 20;
constexpr error customer_spent{errc::budget_spent,
                               "as many people have looked at this customer today as may: wait for "
                               "the next day"};
constexpr error too_many_told{errc::budget_spent,
                              "the notes of more customers speak of them than the actor's budget "
                              "has left: wait for the next hour, or have it raised"};
constexpr error spent_within{errc::budget_spent,
                             "no more is drawn within a transaction: commit, and go on"};

std::int64_t hour_of(timestamp at) noexcept { return at.seconds / 3600; }
std::int64_t day_of(timestamp at) noexcept {
  return (at.seconds - (at.seconds < 0 ? 86399 : 0)) / 86400;
}

// A list is drawn in pieces, so that its beginning is not kept waiting.
constexpr std::uint64_t most_listed_at_once = 65'536;
// Looks at whom a session has named in this hour want no block, and wait for no end.
constexpr std::size_t most_pending = 65'536;

}  // namespace

// --- writing down ---------------------------------------------------------------------------

result<void> session_state::write_looks() {
  if (seen.empty() && seen.done.named == 0 && seen.done.again_today == 0 &&
      seen.done.unused.customers == 0 && seen.done.unused.look_ups == 0) {
    return {};
  }
  std::vector<trace_store::added> all = seen.others;
  for (const auto& [at, one] : seen.pending) {
    // Somebody whom the budget did not reach was not looked at.
    if (one.what.actor != actor_id()) all.push_back(one.what);
  }
  if (auto added = traces.add(all); !added) return added;
  if (auto written = write_alarms(); !written) return written;
  return budgets.settle(who, seen.drawn_at, seen.done);
}

void session_state::looks_are_written() noexcept {
  seen.pending.clear();
  seen.others.clear();
  seen.alarms.clear();
  seen.passed_on.clear();
  seen.done = {};
}

result<void> session_state::by_itself(callback_ref<result<void>()> work) {
  if (auto begun = core->begin_change(); !begun) {
    if (begun.error().code != errc::invalid_state) return begun;
    return error{errc::invalid_state,
                 "what is looked at cannot be written down while this thread has a transaction in "
                 "another session: end it first"};
  }
  auto done = consent.follow();
  if (done) done = work();
  if (!done) {
    discard_change();
    return done;
  }
  // With an alarm more is written than of any other look: a pin that cannot be moved is told of by
  // neither.
  takes_back = takes_back || !seen.alarms.empty();
  // Of what was looked at: the call that looks has changed nothing, and may still be stopped.
  const bool held = core->stop().held;
  done = commit_change();
  core->stop().held = held;
  return std::exchange(unpinned, false) ? result<void>() : done;
}

void session_state::write_looks_now() noexcept {
  try {
    // What cannot be written now is written with the next change, or told by the budget.
    if (!seen.empty()) (void)by_itself([]() -> result<void> { return {}; });
  } catch (...) {  // NOLINT(*-empty-catch)
  }
}

void session_state::end_looks() noexcept {
  try {
    core->stop() = {};
    if (core->changing()) discard_change();
    seen.done.unused.customers += seen.left.customers;
    seen.done.unused.look_ups += seen.left.look_ups;
    seen.left = {};
    const budget_store::settled& done = seen.done;
    if (seen.empty() && done.named == 0 && done.unused.customers == 0 &&
        done.unused.look_ups == 0 && done.again_today == 0) {
      return;
    }
    // What cannot be written now is told by the budget: drawn, and nobody named.
    (void)by_itself([]() -> result<void> { return {}; });
  } catch (...) {  // NOLINT(*-empty-catch)
  }
}

// --- telling the host -----------------------------------------------------------------------

std::string_view name_of(audit_kind kind) noexcept {
  switch (kind) {
    case audit_kind::look:
      return "look";
    case audit_kind::entry:
      return "entry";
    case audit_kind::alarm:
      return "alarm";
  }
  return {};
}

void session_state::tell_auditor(audit_event what) const {
  if (auditor.heard == nullptr) return;
  what.who = who;
  auditor.heard(auditor.context, what);
}

void session_state::tell_look(customer_no number, purpose_id why, look_kind kind, field_set fields,
                              std::uint64_t customers) const {
  if (auditor.heard == nullptr) return;
  tell_auditor({.kind = audit_kind::look,
                .at = clock_now(),
                .customer = number.value == 0 ? customer_id{} : core->keys().ids->id(number),
                .purpose = why,
                .look = kind,
                .fields = fields,
                .customers = customers});
}

void session_state::tell_entries() {
  for (const ledger_store::noted& one : ledger.entries()) {
    tell_auditor({.kind = audit_kind::entry,
                  .at = one.at,
                  .customer = one.customer,
                  .purpose = one.purpose,
                  .event = one.type,
                  .ledger_index = one.index,
                  .entry = one.id,
                  .recipient_class = one.recipient_class});
  }
}

// --- drawing --------------------------------------------------------------------------------

// The hour is over: what was drawn in it is no longer of use.
void session_state::next_hour(timestamp at) {
  if (hour_of(at) <= seen.hour) return;
  seen.done.unused.customers += seen.left.customers;
  seen.done.unused.look_ups += seen.left.look_ups;
  seen.left = {};
  seen.counted.clear();
  seen.tripped.clear();
  seen.told_kinds = 0;
  seen.answering.clear();
  seen.hour = hour_of(at);
}

result<void> session_state::draw(const budget_store::drawn& wanted, timestamp at) {
  if (explicit_change) return end_within_change(wanted.customers != 0);
  budget_store::drawn got;
  const auto done = by_itself([&]() -> result<void> {
    const auto drawn = budgets.draw(who, at, wanted);
    if (!drawn) return drawn.error();
    got = *drawn;
    return {};
  });
  if (!done) return done;
  seen.left.customers += got.customers;
  seen.left.look_ups += got.look_ups;
  seen.drawn_at = at;
  return {};
}

// Outside of it there may be more, and then that is no end.
error session_state::end_within_change(bool of_customers) {
  const auto rest = budgets.left(who, clock_now());
  if (!rest) return rest.error();
  const std::uint32_t left = of_customers ? rest->customers_this_hour : rest->look_ups_this_hour;
  return left == 0 ? end_of_budget(spent_within) : spent_within;
}

result<void> session_state::draw_for_change() {
  const timestamp at = clock_now();
  next_hour(at);
  const budget most = budget_of(who.role);
  if (most.customers_an_hour == 0 && most.look_ups_an_hour == 0) return {};
  if (seen.left.customers >= std::min(most.block, most.customers_an_hour) &&
      seen.left.look_ups >= std::min(most.block, most.look_ups_an_hour)) {
    return {};
  }
  if (auto seen_now = look_again(); !seen_now) return seen_now;
  const auto rest = budgets.left(who, at);
  if (!rest) return rest.error();
  const auto part = [&](std::uint32_t left) {
    return std::min(left, std::max(most.block, left / 4));
  };
  const budget_store::drawn wanted{.customers = part(rest->customers_this_hour),
                                   .look_ups = part(rest->look_ups_this_hour)};
  if (wanted.customers == 0 && wanted.look_ups == 0) return {};
  return draw(wanted, at);
}

result<void> session_state::count_customer(customer_no number) {
  const timestamp at = clock_now();
  next_hour(at);
  if (seen.counted.contains(number.value)) return {};
  const auto own = entry(number);
  if (!own) return own.error();
  // Whom an earlier session of this actor has counted in this hour is not counted again.
  const auto before = traces.last_look(number, **own, who.id, day_of(at));
  if (!before) return before.error();
  if (*before && hour_of(**before) == hour_of(at)) {
    seen.counted.insert(number.value);
    return {};
  }
  if (seen.left.customers == 0) {
    if (auto drawn = draw({.customers = budget_of(who.role).block, .look_ups = 0}, at); !drawn) {
      return drawn;
    }
    if (seen.left.customers == 0) return end_of_budget(spent);
    if (auto again = look_again(); !again) return again;
  }
  --seen.left.customers;
  ++seen.done.named;
  if (*before) ++seen.done.again_today;
  seen.counted.insert(number.value);
  return {};
}

result<session_state::among_todays> session_state::place_among_todays(customer_no number,
                                                                      timestamp at) {
  if (who.role != actor_role::associate && who.role != actor_role::manager) {
    return among_todays::already;
  }
  const auto own = entry(number);
  if (!own) return own.error();
  const auto before = traces.last_look(number, **own, who.id, day_of(at));
  if (!before) return before.error();
  if (*before) return among_todays::already;
  const auto again = entry(number);
  if (!again) return again.error();
  const auto people = traces.people_on(number, **again, day_of(at), who.id);
  if (!people) return people.error();
  return *people >= most_people ? among_todays::too_many : among_todays::may_be;
}

result<void> session_state::name_at_once(customer_no number, purpose_id why, timestamp at) {
  const auto place = place_among_todays(number, at);
  if (!place) return place.error();
  if (*place == among_todays::too_many) return customer_spent;
  // Nobody else writes while a transaction is open; its end writes what was looked at.
  if (*place == among_todays::already || explicit_change) return {};
  const trace_store::added one{.customer = number,
                               .actor = who.id,
                               .roles = who.role,
                               .purpose = why,
                               .first = at,
                               .last = at};
  const auto done = by_itself([&]() -> result<void> {
    const auto still = place_among_todays(number, at);
    if (!still) return still.error();
    if (*still == among_todays::too_many) return customer_spent;
    return *still == among_todays::already ? result<void>() : traces.add(std::span(&one, 1));
  });
  if (!done) return done;
  return look_again();
}

result<void> session_state::count_to_pass_on(customer_no number) {
  const auto place = place_among_todays(number, clock_now());
  if (!place) return place.error();
  return *place == among_todays::too_many ? customer_spent : count_customer(number);
}

result<void> session_state::count_customers(std::span<const customer_id> ids, purpose_id why) {
  const timestamp at = clock_now();
  next_hour(at);
  if (auto fresh = look_again(); !fresh) return fresh;
  if (seen.left.customers < ids.size()) {
    const auto missing = static_cast<std::uint32_t>(ids.size() - seen.left.customers);
    if (auto drawn = draw({.customers = missing, .look_ups = 0}, at); !drawn) return drawn;
    if (auto again = look_again(); !again) return again;
  }
  for (const customer_id& id : ids) {
    const auto whose = number(id);
    if (!whose || !entry(*whose)) continue;  // whoever passes them on says so
    if (auto told = trip(*whose, why); !told) return told;
    if (auto counted = count_to_pass_on(*whose); !counted) return counted;
  }
  return {};
}

result<void> session_state::count_look_up() {
  const timestamp at = clock_now();
  next_hour(at);
  if (seen.left.look_ups == 0) {
    if (auto drawn = draw({.customers = 0, .look_ups = budget_of(who.role).block}, at); !drawn) {
      return drawn;
    }
    if (seen.left.look_ups == 0) return end_of_budget(spent);
    if (auto again = look_again(); !again) return again;
  }
  --seen.left.look_ups;
  return {};
}

namespace {

constexpr std::int64_t a_minute = 60;
constexpr field_set items{field::purchases, field::notes};

// Record, purchases and notes are read one by one, and what was said of them is asked for field by
// field: whoever opens somebody once has looked once.
bool goes_on(looks::one& of, look_kind kind, field_set fields, timestamp at) noexcept {
  const trace_store::added& one = of.what;
  const auto times = [&](look_kind which) { return one.times[static_cast<std::size_t>(which)]; };
  const bool at_once = at.seconds - one.last.seconds < a_minute;
  if (kind == look_kind::consents || kind == look_kind::ledger) {
    return at_once && times(look_kind::read) + times(kind) != 0;
  }
  if (kind != look_kind::read) return false;
  // A record holds no items, whatever was asked for with it.
  const bool is_item = fields == only(field::purchases) || fields == only(field::notes);
  const field_set shown = is_item ? fields : fields & ~items;
  const bool again = !(of.shown & shown).empty();
  // Of notes those that are pinned are read once more beside all of them, and no more than once.
  const bool pins = again && shown == only(field::notes) && !of.pins;
  const bool same = at_once && times(kind) != 0 && (!again || pins);
  of.shown = same ? of.shown | shown : shown;
  of.pins = same && (of.pins || pins);
  return same;
}

}  // namespace

void session_state::note_look(customer_no number, purpose_id why, look_kind kind,
                              field_set fields) {
  note_look(seen.of(number, why), number, why, kind, fields, clock_now());
}

void session_state::note_look(looks::one& to, customer_no number, purpose_id why, look_kind kind,
                              field_set fields, timestamp at) {
  trace_store::added& one = to.what;
  if (to.day != day_of(at)) {
    if (one.actor != actor_id()) seen.others.push_back(one);
    one = {.customer = number,
           .actor = who.id,
           .roles = who.role,
           .purpose = why,
           .first = at,
           .last = at};
    to.day = day_of(at);
  }
  const bool same = number.value != 0 && goes_on(to, kind, fields, at);
  one.last = std::max(one.last, at);
  one.fields |= fields;
  if (number.value == 0) {
    ++one.not_found;
  } else if (!same) {
    ++one.times[static_cast<std::size_t>(kind)];
  }
  tell_look(number, why, kind, fields, number.value == 0 ? 0 : 1);
}

result<void> session_state::look_at(customer_no number, purpose_id why, look_kind kind,
                                    field_set fields) {
  if (auto told = trip(number, why); !told) return told;
  const timestamp at = clock_now();
  looks::one* one = &seen.of(number, why);
  if (one->counted_in != hour_of(at)) {
    if (auto counted = count_customer(number); !counted) return counted;
    if (auto named = name_at_once(number, why, at); !named) return named;
    // What was drawn has written down what was pending.
    one = &seen.of(number, why);
    one->counted_in = hour_of(at);
  }
  note_look(*one, number, why, kind, fields, at);
  if (seen.pending.size() + seen.others.size() < most_pending || explicit_change) return {};
  if (auto written = by_itself([]() -> result<void> { return {}; }); !written) return written;
  return look_again();
}

result<void> session_state::tell_of(customer_no number, purpose_id why, look_kind kind) {
  const action what = kind == look_kind::ledger ? action::see_looks : action::see_consents;
  if (auto theirs = in_portfolio(what, number); !theirs) return theirs;
  return tell_of_theirs(number, why, kind);
}

result<void> session_state::tell_of_theirs(customer_no number, purpose_id why, look_kind kind) {
  if (auto told = trip(number, why); !told) return told;
  // Whoever puts somebody in knows what they have just said.
  if (explicit_change && number.value >= seen.made_from) return {};
  const bool counts = who.role != actor_role::service && who.role != actor_role::owner;
  if (counts) return look_at(number, why, kind, {});
  note_look(number, why, kind, {});
  if (seen.pending.size() + seen.others.size() < most_pending || explicit_change) return {};
  if (auto written = by_itself([]() -> result<void> { return {}; }); !written) return written;
  return look_again();
}

result<void> session_state::expect_look_up(std::span<const field_value> fields) {
  const bool ids = std::ranges::any_of(
      fields, [](const field_value& one) { return one.id == field::external_ids; });
  // Who may keep nothing is told so by the table of roles.
  if (!ids || budget_of(who.role).look_ups_an_hour == 0) return {};
  if (auto counted = count_look_up(); !counted) return counted;
  ++seen.left.look_ups;
  return {};
}

result<void> session_state::told_of(std::span<const mention> found, purpose_id why) {
  for (const mention& one : found) {
    const auto whose = number(one.in);
    if (!whose) return whose.error();
    if (auto counted = look_at(*whose, why, look_kind::search, only(field::notes)); !counted) {
      return counted;
    }
  }
  return {};
}

result<void> session_state::note_told_of(std::span<const mention> found, purpose_id why) {
  const std::int64_t hour = hour_of(clock_now());
  std::uint32_t fresh = 0;
  for (const mention& one : found) {
    const auto whose = number(one.in);
    if (!whose) return whose.error();
    fresh += hour != seen.hour || !seen.counted.contains(whose->value) ? 1U : 0U;
  }
  if (fresh != 0 && (hour != seen.hour || seen.left.customers < fresh))
    return end_of_budget(too_many_told);
  for (const mention& one : found) {
    const auto whose = number(one.in);
    if (!whose) return whose.error();
    if (seen.counted.insert(whose->value).second) {
      seen.left.customers -= 1;
      ++seen.done.named;
    }
    note_look(*whose, why, look_kind::search, only(field::notes));
  }
  return {};
}

// A note in which a label stands for what the record says has answered a guess, if it was one: that
// is a look-up, once an hour for each note.
result<void> session_state::count_answers(customer_no number, const item_list& notes) {
  if (who.role == actor_role::service || who.role == actor_role::owner) return {};
  next_hour(clock_now());
  for (const item_list::item& one : notes.items()) {
    if (as_text(one.value).find(known_value_label) == std::string_view::npos) continue;
    if (!seen.answering.insert(number.value << 32U | one.sequence).second) continue;
    if (auto counted = count_look_up(); !counted) {
      seen.answering.erase(number.value << 32U | one.sequence);
      return counted;
    }
  }
  return {};
}

result<void> session_state::count_guesses(std::string_view written) {
  if (who.role != actor_role::associate) return {};
  constexpr std::size_t bytes_of_one = 256;
  for (std::size_t at = 0; at < written.size(); at += bytes_of_one) {
    if (auto counted = count_look_up(); !counted) return counted;
  }
  return {};
}

// Whoever is hidden in somebody's notes is asked for like anybody else: which words go tells what
// stands in their records.
result<void> session_state::look_at_hidden(std::span<const customer_id> hidden,
                                           purpose_id purpose) {
  for (const customer_id& id : hidden) {
    const auto whose = number(id);
    if (!whose) return whose.error();
    if (auto asked = ask(action::read, purpose, id); !asked) return asked;
    if (const auto there = entry(*whose); !there) return there.error();
    if (auto counted = look_at(*whose, purpose, look_kind::search, {}); !counted) return counted;
  }
  return {};
}

result<void> session_state::count_table(const tabulation_request& what) {
  const timestamp at = clock_now();
  table_look table{.at = at, .purpose = what.purpose, .columns = {}, .k = what.k};
  for (const table_column& one : what.columns) table.columns.add(one.field);
  trace_store::added one{.actor = who.id,
                         .roles = who.role,
                         .purpose = what.purpose,
                         .fields = table.columns,
                         .first = at,
                         .last = at,
                         .table = table};
  one.times[static_cast<std::size_t>(look_kind::tabulate)] = 1;
  const auto done = by_itself([&]() -> result<void> {
    const auto drawn = budgets.draw_table(who, at);
    if (!drawn) return drawn.error();
    if (!*drawn) return tables_spent;
    return traces.add(std::span(&one, 1));
  });
  if (!done) return done;
  tell_look({}, one.purpose, look_kind::tabulate, one.fields, 0);
  return look_again();
}

// --- lists ----------------------------------------------------------------------------------

result<void> session_state::may_go_over_everybody() {
  if (explicit_change) {
    return error{errc::invalid_state,
                 "this looks at everybody, outside of a transaction: commit "
                 "first"};
  }
  if (auto looked = look(action::open_case); !looked) return looked.error();
  for (const action one : {action::open_case, action::see_looks, action::seen_by}) {
    const auto whom = ask(one);
    if (!whom) return whom.error();
    const auto limited = is_limited(one);
    if (!limited) return limited.error();
    if (*limited || *whom != reach::all) {
      return error{errc::role_denied, "this looks at everybody: it is for who reaches everybody"};
    }
  }
  return {};
}

result<void> session_state::look_over_everybody(purpose_id why, field_set fields) {
  const timestamp at = clock_now();
  return by_itself([&]() -> result<void> {
    const listed_range all{first_customer.value, core->row().next.value};
    if (all.from == all.until) return {};
    const trace_store::added one{.customer = {},
                                 .actor = who.id,
                                 .roles = who.role,
                                 .purpose = why,
                                 .fields = fields,
                                 .first = at,
                                 .last = at,
                                 .range = all};
    tell_look({}, why, look_kind::list, fields, all.until - all.from);
    return traces.add(std::span(&one, 1));
  });
}

result<std::uint64_t> session_state::list_ahead(customer_no from, purpose_id why, field_set fields,
                                                std::uint64_t most) {
  const timestamp at = clock_now();
  next_hour(at);
  const std::uint64_t end = core->row().next.value;
  const std::uint64_t wanted = std::min({most, most_listed_at_once, end - from.value});
  if (wanted == 0) return from.value;
  if (explicit_change && seen.left.customers == 0) return end_within_change(true);
  std::uint64_t got = 0;
  std::uint32_t drawn_now = 0;
  const auto take = [&]() -> result<void> {
    if (!explicit_change && seen.left.customers < wanted) {
      const auto more = static_cast<std::uint32_t>(wanted - seen.left.customers);
      const auto drawn = budgets.draw(who, at, {.customers = more, .look_ups = 0});
      if (!drawn) return drawn.error();
      drawn_now = drawn->customers;
      seen.drawn_at = at;  // Named and settled with this very change.
    }
    got = std::min<std::uint64_t>(wanted, seen.left.customers + drawn_now);
    if (got == 0) return spent;
    seen.done.named += static_cast<std::int64_t>(got);
    seen.others.push_back({.customer = {},
                           .actor = who.id,
                           .roles = who.role,
                           .purpose = why,
                           .fields = fields,
                           .first = at,
                           .last = at,
                           .range = listed_range{from.value, from.value + got}});
    return trip_range(from, from.value + got, why);
  };
  // What did not become durable is not noted either, also when memory runs out.
  struct undoing {
    looks& of;
    std::size_t lists;
    std::int64_t named;
    bool kept = false;
    ~undoing() {
      if (kept) return;
      if (of.others.size() > lists) of.others.resize(lists);
      of.done.named = named;
    }
  } undo{seen, seen.others.size(), seen.done.named};
  // The range is durable before its first customer is handed out.
  const auto done = explicit_change ? take() : by_itself(take);
  if (!done)
    return done.error().code == errc::budget_spent ? end_of_budget(done.error()) : done.error();
  undo.kept = true;
  tell_look({}, why, look_kind::list, fields, got);
  seen.left.customers = seen.left.customers + drawn_now - static_cast<std::uint32_t>(got);
  if (!explicit_change) {
    if (auto again = look_again(); !again) return again.error();
  }
  return from.value + got;
}

result<void> session_state::list_ended(const listed_range& was, std::uint64_t until,
                                       std::uint64_t handed_out, purpose_id why, timestamp then) {
  const std::uint64_t drawn = was.until - was.from;
  const auto unused = static_cast<std::uint32_t>(drawn - std::min(drawn, handed_out));
  if (hour_of(then) == seen.hour) {
    seen.left.customers += unused;
    seen.done.named -= unused;
  }
  if (until >= was.until) return {};
  if (!explicit_change) {
    return by_itself([&] { return traces.shorten(who.id, why, then, was, until); });
  }
  for (trace_store::added& one : seen.others) {
    if (one.range && one.range->from == was.from && one.range->until == was.until) {
      one.range->until = std::max(until, was.from);
    }
  }
  return {};
}

// --- what is told ---------------------------------------------------------------------------

// Whoever looked at the customer with whom this one was one saw both.
result<void> session_state::add_looks_as_one(customer_no number,
                                             std::vector<clientbook::look>& to) {
  const auto times = times_as_one_of(number);
  if (!times) return times.error();
  for (const time_as_one& one : *times) {
    const auto found = entry_of_part(customer_no(one.with));
    if (!found) return found.error();
    const manifest own = copy_of(**found);
    const auto looks = traces.looks_at(customer_no(one.with), own);
    if (!looks) return looks.error();
    for (const clientbook::look& each : *looks) {
      if (each.last.seconds >= one.since && each.first.seconds <= one.until) to.push_back(each);
    }
  }
  return {};
}

result<std::vector<look>> session::who_looked(const customer_id& id) try {
  session_state& s = *state_;
  if (auto looked = s.look(action::see_looks); !looked) return looked.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto theirs = s.in_portfolio(action::see_looks, *number); !theirs) return theirs.error();
  if (!s.seen.empty() && !s.explicit_change) {
    if (auto written = s.by_itself([]() -> result<void> { return {}; }); !written) {
      return written.error();
    }
    if (auto again = s.look_again(); !again) return again.error();
  }
  const auto parts = s.merged_parts(*number);
  if (!parts) return parts.error();
  std::vector<look> out;
  std::vector<customer_no> all{*number};
  for (const merged_part& one : *parts) all.emplace_back(one.number);
  for (const customer_no each : all) {
    const auto found = s.entry_of_part(each);
    if (!found) return found.error();
    manifest own;
    own.subject_key = (*found)->subject_key.duplicate();
    own.key_version = (*found)->key_version;
    auto looks = s.traces.looks_at(each, own);
    if (!looks) return looks;
    std::ranges::move(*looks, std::back_inserter(out));
    if (auto joined = s.add_looks_as_one(each, out); !joined) return joined.error();
  }
  std::ranges::stable_sort(out, {}, &look::first);
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<actor_report> session::seen_by(actor_id who, const date& since, const date& until) try {
  session_state& s = *state_;
  if (auto looked = s.look(action::seen_by); !looked) return looked.error();
  if (!exists(since) || !exists(until) || days_since_epoch(until) < days_since_epoch(since)) {
    return error{errc::invalid_argument, "a report goes from one day to another"};
  }
  if (auto theirs = s.colleague(action::seen_by, who); !theirs) return theirs.error();
  auto out = s.traces.report(who, days_since_epoch(since), days_since_epoch(until));
  if (!out) return out;
  const auto unnamed = s.budgets.unnamed(who);
  if (!unnamed) return unnamed.error();
  out->unnamed = *unnamed;
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<budget_left> session::left() try {
  session_state& s = *state_;
  if (auto looked = s.look_again(); !looked) return looked.error();
  auto out = s.budgets.left(s.who, s.clock_now());
  if (!out) return out;
  if (hour_of(s.clock_now()) == s.seen.hour) {
    out->customers_this_hour += s.seen.left.customers;
    out->customers_today += s.seen.left.customers;
    out->look_ups_this_hour += s.seen.left.look_ups;
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::raise_budget(actor_id whose, std::uint32_t customers) try {
  session_state& s = *state_;
  if (whose == s.who.id) {
    return error{errc::second_person_required, "nobody raises their own budget"};
  }
  if (whose == actor_id() || customers == 0) {
    return error{errc::invalid_argument, "of whom, and by how many customers?"};
  }
  return s.change(action::set_budgets, [&]() -> result<void> {
    if (auto shown = s.one_of_two(); !shown) return shown;
    return s.budgets.raise(whose, s.clock_now(), customers);
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
