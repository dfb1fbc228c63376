// What goes at the end of its time, and what keeps it: retention runs and legal holds.
//
// A run takes out what due() lists. Each customer is judged when they are found and once more in
// the change that takes something out, since a case or a hold may have come in between.
#include <clientbook/internal/model/card_data.hpp>
#include <clientbook/internal/unicode/name_line.hpp>

#include <algorithm>
#include <string>

#include "damage.hpp"
#include "due_fields.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

// Of one customer: what goes, and what stays though it is due, with the reason.
struct judgement {
  customer_id whose{};
  field_set going{};
  bool whole = false;  // All that there is of them.
  std::vector<retention_item> stays{};

  bool nothing() const noexcept { return going.empty() && stays.empty(); }
  void keep(field_set fields, retention_fate fate) {
    if (!fields.empty()) stays.push_back({.customer = whose, .fields = fields, .fate = fate});
    going &= ~fields;
  }
};

// What a retention run never takes, whoever runs it; nothing: it may.
result<std::optional<retention_fate>> kept_whole(session_state& s, customer_no number,
                                                 const customer_id& id) {
  if (auto asked = s.ask(action::erase, case_kind::records, id); !asked) {
    if (asked.error().code == errc::case_required) return std::optional(retention_fate::no_case);
    return asked.error();
  }
  if (auto free = s.check_held(id, 0); !free) {
    if (free.error().code == errc::kept_by_law) return std::optional(retention_fate::held);
    return free.error();
  }
  const auto all = s.requests.of(number);
  if (!all) return all.error();
  for (const std::uint32_t each : *all) {
    const auto one = s.requests.get(each);
    if (!one) return one.error();
    if (!has_ended(one->what.state)) return std::optional(retention_fate::requested);
  }
  const auto named = s.cases.needs(id, s.now());
  if (!named) return named.error();
  if (*named) return std::optional(retention_fate::held);
  return std::optional<retention_fate>();
}

result<judgement> judge(session_state& s, due_fields& all, customer_no number) {
  judgement out{.whose = s.core->keys().ids->id(number)};
  const auto found = s.entry(number);
  if (!found) return found.error();
  const auto fields = all.of(number, **found);
  if (!fields) return fields.error();
  if (fields->due.empty()) return out;
  const auto stays = kept_whole(s, number, out.whose);
  if (!stays) {
    // Of others' customers nothing is told.
    if (stays.error().code == errc::not_in_portfolio) return out;
    return stays.error();
  }
  out.going = fields->due;
  if (*stays) {
    out.keep(fields->due, **stays);
    return out;
  }
  const auto by_law = s.kept_by_law_of(number);
  if (!by_law) return by_law.error();
  out.keep(out.going & *by_law, retention_fate::kept_by_law);
  out.whole = out.going == fields->present;
  if (!out.whole) {
    constexpr field_set items{field::purchases, field::notes};
    out.keep(out.going & items, retention_fate::in_items);
  }
  return out;
}

// Who is damaged is told of, and hides nobody else.
result<judgement> judge_anybody(session_state& s, due_fields& all, customer_no number) {
  auto one = judge(s, all, number);
  if (one) return one;
  judgement out{.whose = s.core->keys().ids->id(number)};
  if (one.error().code == errc::key_erased) return out;
  if (!is_damage(one.error().code)) return one.error();
  out.stays.push_back({.customer = out.whose, .fate = retention_fate::damaged});
  return out;
}

void tell(const judgement& one, std::vector<retention_item>& to) {
  if (!one.going.empty()) {
    to.push_back({.customer = one.whose,
                  .fields = one.going,
                  .fate = one.whole ? retention_fate::erased : retention_fate::removed});
  }
  to.insert(to.end(), one.stays.begin(), one.stays.end());
}

// Precondition: inside a change.
result<void> log_removal(session_state& s, customer_no number, const customer_id& id,
                         field_set gone) {
  const auto edited = s.core->tree().edit(number);
  if (!edited) return edited.error();
  std::array<ledger::disclosed_field, max_fields> fields;
  std::size_t count = 0;
  for (const field_id field : gone) {
    fields[count++] = {.field = field, .version = (*edited)->version};
  }
  const auto logged = s.ledger.append(
      {.type = ledger_event::correction}, {.fields = std::span(fields).first(count)}, s.who.id,
      s.now(), ledger_store::subject{.number = number, .entry = *edited, .id = id});
  return logged ? result<void>() : logged.error();
}

// Takes out what is due of one customer, if it still is. Precondition: inside a change.
result<void> take_due(session_state& s, due_fields& all, customer_no number,
                      const retention_run& how, std::vector<retention_item>& items,
                      std::vector<erasure>& erased) {
  const auto one = judge_anybody(s, all, number);
  if (!one) return one.error();
  if (one->whole && !one->going.empty()) {
    const erasure_options options{.remembered_months = how.remembered_months};
    if (auto gone =
            s.erase_one(one->whose, erasure_reason::retention_end, options, erased.emplace_back());
        !gone) {
      return gone;
    }
  } else if (!one->going.empty()) {
    if (auto gone = s.drop_from_record(number, one->going); !gone) return gone;
    if (auto logged = log_removal(s, number, one->whose, one->going); !logged) return logged;
    s.note_look(number, {}, look_kind::remove, one->going);
  }
  tell(*one, items);
  return {};
}

}  // namespace

result<retention_outcome> session::run_retention(const retention_run& how) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "a retention run is a transaction of its own: commit first"};
  }
  if (how.most == 0 || how.most > max_erased_at_once) {
    return error{errc::invalid_argument, "a retention run takes out of 1 to 1,000 customers"};
  }
  if (how.mode == retention_mode::run && s.untold_run) {
    return *std::exchange(s.untold_run, std::nullopt);
  }
  if (auto looked = s.look(action::erase); !looked) return looked.error();
  retention_outcome out;
  due_fields all(s);
  std::vector<customer_no> going;
  customer_no number(std::max<std::uint64_t>(first_customer.value, how.from));
  const customer_no end = s.core->row().next;
  for (; number < end && going.size() < how.most; ++number.value) {
    const auto one = judge_anybody(s, all, number);
    if (!one) return one.error();
    const bool later = how.mode == retention_mode::run && !one->going.empty();
    if (!one->going.empty()) going.push_back(number);
    if (!later) tell(*one, out.items);
  }
  const bool all_looked_at = number >= end;
  if (!all_looked_at) out.next = number.value;
  const auto time_is_over = [&]() -> result<void> {
    if (!all_looked_at) return {};
    if (auto ended = s.drop_ended_parts(how, how.most - going.size(), out); !ended) return ended;
    return s.drop_ended_apart(how, how.most - going.size(), out);
  };
  if (how.mode == retention_mode::only_tell) {
    const auto told = time_is_over();
    return told ? result<retention_outcome>(std::move(out)) : told.error();
  }
  const auto any = s.ended_apart();
  if (!any) return any.error();
  const auto parts = s.ended_parts();
  if (!parts) return parts.error();
  if (going.empty() && !(all_looked_at && (*any || *parts))) return out;

  std::vector<erasure> erased;
  erased.reserve(going.size());
  out.receipts.reserve(going.size());  // Behind the commit nothing may be lost.
  bool all_done = false;
  const auto done = s.change(action::erase, [&]() -> result<void> {
    due_fields now(s);
    for (const customer_no each : going) {
      if (auto taken = take_due(s, now, each, how, out.items, erased); !taken) return taken;
    }
    if (auto over = time_is_over(); !over) return over;
    all_done = true;
    return {};
  });
  if (!done && !(all_done && was_committed(done.error()))) return done.error();
  const auto all_signed = s.sign_receipts(erased);
  for (erasure& one : erased) out.receipts.push_back(std::move(one.receipt));
  if (done && all_signed) return out;
  s.untold_run = std::move(out);
  return done ? all_signed.error() : done.error();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// --- legal holds ----------------------------------------------------------------------------

namespace {

result<void> check_hold_text(std::string_view text, std::size_t most) noexcept {
  if (text.size() > most) {
    return error{errc::limit_exceeded, "a text of a legal hold is too long", most};
  }
  if (!is_name_line(text)) {
    return error{errc::invalid_value, "a text of a legal hold is one line that shows what it is"};
  }
  if (find_card_number(text)) {
    return error{errc::card_data_refused, "the number of a payment card is kept nowhere"};
  }
  return {};
}

result<void> check_new(const new_hold& what, timestamp now) noexcept {
  if (what.reason.empty()) {
    return error{errc::missing_field, "a legal hold needs a reason: one line"};
  }
  if (auto good = check_hold_text(what.reason, max_hold_text); !good) return good;
  if (!what.reference.empty()) {
    if (auto good = check_hold_text(what.reference, max_hold_text); !good) return good;
  }
  if (what.until != timestamp{} && what.until <= now) {
    return error{errc::invalid_value, "a legal hold does not end in the past"};
  }
  return {};
}

// Writes who is held, and an entry about the customer. Precondition: inside a change.
result<void> write_holds(session_state& s, customer_no number, const customer_id& id,
                         customer_row row, const std::string& said) {
  s.broken = true;
  const auto edited = s.core->tree().edit(number);
  if (!edited) return edited.error();
  if (auto put = s.put_row(number, **edited, std::move(row)); !put) return put;
  const auto own = s.core->tree().edit(number);
  if (!own) return own.error();
  const auto logged =
      s.ledger.append({.type = ledger_event::legal_hold}, {.recipient = said}, s.who.id, s.now(),
                      ledger_store::subject{.number = number, .entry = *own, .id = id});
  if (!logged) return logged.error();
  s.broken = false;
  return {};
}

}  // namespace

result<const legal_hold*> session_state::hold_on(customer_no number) {
  const auto own = entry(number);
  if (!own) return own.error();
  const auto row = row_of(number, **own);
  if (!row) return row.error();
  const timestamp at = now();
  const auto one = std::ranges::find_if((*row)->holds,
                                        [&](const legal_hold& each) { return in_force(each, at); });
  return one == (*row)->holds.end() ? nullptr : &*one;
}

result<std::uint32_t> session::place_hold(const customer_id& id, const new_hold& what) try {
  session_state& s = *state_;
  return s.change(action::open_case, [&]() -> result<std::uint32_t> {
    const timestamp now = s.now();
    if (auto good = check_new(what, s.consent.as_of(now)); !good) return good.error();
    const auto number = s.number(id);
    if (!number) return number.error();
    if (auto mine = s.in_portfolio(action::open_case, *number); !mine) return mine.error();
    const auto own = s.entry(*number);
    if (!own) return own.error();
    const auto row = s.row_of(*number, **own);
    if (!row) return row.error();
    customer_row next = **row;
    std::erase_if(next.holds, [&](const legal_hold& one) { return !in_force(one, now); });
    if (next.holds.size() == max_holds) {
      return error{errc::limit_exceeded, "so many legal holds are on nobody: lift one", max_holds};
    }
    next.holds.push_back({.number = ++next.last_hold,
                          .reason = std::string(what.reason),
                          .reference = std::string(what.reference),
                          .placed_by = s.who.id,
                          .placed_at = now,
                          .until = what.until});
    const std::uint32_t given = next.last_hold;
    if (auto written = write_holds(s, *number, id, std::move(next),
                                   "hold " + std::to_string(given) + " placed");
        !written) {
      return written.error();
    }
    return given;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::lift_hold(const customer_id& id, std::uint32_t hold) try {
  session_state& s = *state_;
  return s.change(action::open_case, [&]() -> result<void> {
    const auto number = s.number(id);
    if (!number) return number.error();
    if (auto mine = s.in_portfolio(action::open_case, *number); !mine) return mine.error();
    const auto own = s.entry(*number);
    if (!own) return own.error();
    const auto row = s.row_of(*number, **own);
    if (!row) return row.error();
    customer_row next = **row;
    if (std::erase_if(next.holds, [&](const legal_hold& one) { return one.number == hold; }) == 0) {
      return error{errc::not_found, "no legal hold of this number is on the customer", hold};
    }
    return write_holds(s, *number, id, std::move(next), "hold " + std::to_string(hold) + " lifted");
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<held_customer>> session::holds() try {
  session_state& s = *state_;
  const bool audits = s.ask(action::audit).has_value();
  const action what = audits ? action::audit : action::open_case;
  if (auto seen = s.look(what); !seen) return seen.error();
  const timestamp at = s.now();
  std::vector<held_customer> out;
  for (customer_no number = first_customer; number < s.core->row().next; ++number.value) {
    if (auto theirs = s.in_portfolio(what, number); !theirs) {
      if (theirs.error().code == errc::not_in_portfolio) continue;
      return theirs.error();
    }
    const auto found = s.entry(number);
    if (!found) {
      if (found.error().code == errc::key_erased) continue;
      return found.error();
    }
    const auto row = s.row_of(number, **found);
    if (!row) {
      if (!is_damage(row.error().code)) return row.error();
      out.push_back({.customer = s.core->keys().ids->id(number)});  // It is told of.
      continue;
    }
    for (const legal_hold& one : (*row)->holds) {
      if (in_force(one, at)) out.push_back({s.core->keys().ids->id(number), one});
    }
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
