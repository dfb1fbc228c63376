// Whose customers are whose: stores and associates of customers, stores of actors, and whether any
// of it holds. Who may read because of it is asked in session_cases.cpp.
//
// Nobody gives customers to themselves, and nobody puts themselves into a store: whoever may do
// either does it for others. An owner is the shop's only person and may. What widens for everybody
// at once - that portfolios are in force no longer - takes a second person, or of an owner a day.
#include <algorithm>
#include <string>

#include "session_state.hpp"

namespace clientbook {
namespace {

constexpr error nobody_themselves{errc::second_person_required,
                                  "nobody gives customers or stores to themselves"};
constexpr error not_assigned_there{errc::not_in_portfolio,
                                   "this role says whose customers are of its own stores alone"};

bool has(std::span<const store_id> stores, store_id one) noexcept {
  return std::ranges::find(stores, one) != stores.end();
}

std::string said_in_ledger(const portfolio& whose) {
  std::string out = "store " + std::to_string(whose.store.value) + ", associates";
  for (const associate& one : whose.associates) {
    out += (one.rank == associate_rank::primary ? " *" : " ") + std::to_string(one.who.value);
  }
  return out;
}

// Who was an associate before is one since then.
date since_of(const portfolio& before, actor_id who, date today) noexcept {
  for (const associate& one : before.associates) {
    if (one.who == who) return one.since;
  }
  return today;
}

portfolio made_from(const assignment& what, const portfolio& before, date today) {
  portfolio out{.store = what.store, .associates = {}};
  const auto add = [&](actor_id who, associate_rank rank) {
    if (who == actor_id() || is_associate(out, who)) return;
    out.associates.push_back({.who = who, .rank = rank, .since = since_of(before, who, today)});
  };
  add(what.primary, associate_rank::primary);
  for (const actor_id who : what.further) add(who, associate_rank::further);
  return out;
}

// The new one takes the former one's place; who is an associate already takes the higher of both.
portfolio with_instead(const portfolio& before, actor_id from, actor_id to, date today) {
  portfolio out{.store = before.store, .associates = {}};
  associate next{.who = to, .rank = associate_rank::further, .since = since_of(before, to, today)};
  for (const associate& one : before.associates) {
    if (one.who != from && one.who != to) {
      out.associates.push_back(one);
    } else if (one.rank == associate_rank::primary) {
      next.rank = associate_rank::primary;
    }
  }
  const auto at =
      next.rank == associate_rank::primary ? out.associates.begin() : out.associates.end();
  out.associates.insert(at, next);
  return out;
}

}  // namespace

// --- asked by others ------------------------------------------------------------------------

result<void> session_state::colleague(action what, actor_id other) {
  const auto limited = is_limited(what);
  if (!limited) return limited.error();
  if (!*limited || other == who.id) return {};
  const auto theirs = portfolios.stores_of(other);
  if (!theirs) return theirs.error();
  const std::vector<store_id> of_other(theirs->begin(), theirs->end());
  const auto own = portfolios.stores_of(who.id);
  if (!own) return own.error();
  for (const store_id one : *own) {
    if (has(of_other, one)) return {};
  }
  return error{errc::not_in_portfolio, "nobody of this actor's stores: portfolios are in force"};
}

result<portfolio> session_state::portfolio_of_newcomer() {
  const auto stores = portfolios.stores_of(who.id);
  if (!stores) return stores.error();
  if (stores->empty()) {
    const auto limited = is_limited(action::keep, purpose_group::desk);
    if (!limited) return limited.error();
    if (!*limited) return portfolio();
    return error{errc::not_in_portfolio,
                 "this actor belongs to no store, and portfolios are in force"};
  }
  portfolio out{.store = stores->front(), .associates = {}};
  if (who.role == actor_role::associate) {
    out.associates.push_back({.who = who.id, .since = date_of(now())});
  }
  return out;
}

// --- whose customer somebody is -------------------------------------------------------------

result<void> session_state::give_to(customer_no number, const customer_id& id, portfolio next) {
  const auto edited = core->tree().edit(number);
  if (!edited) return edited.error();
  const auto row = row_of(number, **edited);
  if (!row) return row.error();
  if ((*row)->whose == next) return {};
  broken = true;
  const std::string said = said_in_ledger(next);
  customer_row anew = **row;
  anew.whose = std::move(next);
  if (auto put = put_row(number, **edited, std::move(anew)); !put) return put;
  ledger::disclosure_payload payload{.recipient = said};
  const auto logged =
      ledger.append({.type = ledger_event::portfolio}, std::move(payload), who.id, now(),
                    ledger_store::subject{.number = number, .entry = *edited, .id = id});
  if (!logged) return logged.error();
  broken = false;
  return {};
}

result<void> session_state::check_assignment(const assignment& what) {
  const bool names_somebody = what.primary != actor_id() || !what.further.empty();
  if (what.further.size() > max_further_associates) {
    return error{errc::limit_exceeded, "at most 16 further associates", max_further_associates};
  }
  if (what.store == store_id() && names_somebody) {
    return error{errc::invalid_argument, "who has no store has no associate"};
  }
  std::vector<actor_id> all(what.further.begin(), what.further.end());
  if (what.primary != actor_id()) all.push_back(what.primary);
  for (const actor_id one : all) {
    if (one == who.id && who.role != actor_role::owner) return nobody_themselves;
    const auto stores = portfolios.stores_of(one);
    if (!stores) return stores.error();
    if (one == actor_id() || !has(*stores, what.store)) {
      return error{errc::invalid_argument, "an associate belongs to the customer's store",
                   one.value};
    }
  }
  if (portfolio_reach_of(action::assign) == portfolio_reach::everybody) return {};
  const auto own = portfolios.stores_of(who.id);
  if (!own) return own.error();
  return has(*own, what.store) ? result<void>() : not_assigned_there;
}

// Also before portfolios are in force: else somebody would take first, and have it then. Customers
// of no store are to be taken until then.
result<bool> session_state::may_assign(const portfolio& now_of) {
  const portfolio_reach how = portfolio_reach_of(action::assign);
  if (how == portfolio_reach::everybody) return true;
  if (now_of.store == store_id()) {
    const auto holds = portfolios.in_force();
    if (!holds) return holds.error();
    return !*holds;
  }
  return portfolios.reaches(who.id, now_of, how);
}

result<void> session::assign(std::span<const customer_id> ids, const assignment& what) try {
  session_state& s = *state_;
  if (ids.empty() || ids.size() > max_assigned_at_once) {
    return error{errc::invalid_argument, "1 to 1,000 customers at a time", max_assigned_at_once};
  }
  return s.change(action::assign, [&]() -> result<void> {
    if (auto good = s.check_assignment(what); !good) return good;
    const date today = date_of(s.now());
    std::vector<portfolio> next;
    // All of them are looked at before any is written.
    for (const customer_id& id : ids) {
      const auto number = s.number(id);
      if (!number) return number.error();
      const auto found = s.entry(*number);
      const bool everybody = s.portfolio_reach_of(action::assign) == portfolio_reach::everybody;
      if (!found) return everybody ? found.error() : not_assigned_there;
      const auto row = s.row_of(*number, **found);
      if (!row) return row.error();
      next.push_back(made_from(what, (*row)->whose, today));
      const auto may = s.may_assign((*row)->whose);
      if (!may) return may.error();
      if (!*may) return not_assigned_there;
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto number = s.number(ids[i]);
      if (!number) return number.error();
      if (auto given = s.give_to(*number, ids[i], std::move(next[i])); !given) return given;
    }
    return {};
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<reassigned> session::reassign(actor_id from, actor_id to) try {
  session_state& s = *state_;
  if (from == actor_id() || to == actor_id() || from == to) {
    return error{errc::invalid_argument, "from one associate to another one"};
  }
  return s.change(action::assign, [&]() -> result<reassigned> {
    if (to == s.who.id && s.who.role != actor_role::owner) return nobody_themselves;
    const date today = date_of(s.now());
    const auto stores = s.portfolios.stores_of(to);
    if (!stores) return stores.error();
    const std::vector<store_id> theirs(stores->begin(), stores->end());
    reassigned out;
    for (customer_no one = first_customer; one < s.core->row().next; ++one.value) {
      const auto found = s.entry(one);
      if (!found && found.error().code == errc::key_erased) continue;
      if (!found) return found.error();
      const auto row = s.row_of(one, **found);
      if (!row) return row.error();
      if (!is_associate((*row)->whose, from)) continue;
      const portfolio before = (*row)->whose;
      const auto may = s.may_assign(before);
      if (!may) return may.error();
      if (!*may) continue;
      if (out.moved == max_assigned_at_once || !has(theirs, before.store)) {
        ++out.left;
        continue;
      }
      const customer_id id = s.core->keys().ids->id(one);
      if (auto given = s.give_to(one, id, with_instead(before, from, to, today)); !given) {
        return given.error();
      }
      ++out.moved;
    }
    return out;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<portfolio> session::portfolio_of(const customer_id& id) try {
  session_state& s = *state_;
  const bool assigns = s.ask(action::assign).has_value();
  if (auto looked = s.look(assigns ? action::assign : action::see_consents); !looked) {
    return looked.error();
  }
  const auto number = s.number(id);
  if (!number) return number.error();
  const auto theirs = s.in_portfolio(assigns ? action::assign : action::see_consents, *number);
  if (!theirs) return theirs.error();
  if (auto told = s.tell_of_theirs(*number, {}, look_kind::consents); !told) return told.error();
  const auto found = s.entry(*number);
  if (!found) return found.error();
  const auto row = s.row_of(*number, **found);
  if (!row) return row.error();
  return (*row)->whose;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<portfolio_entry>> session::customers_of(actor_id whose) try {
  session_state& s = *state_;
  const bool own = whose == s.who.id;
  if (auto looked = s.look(own ? action::find : action::assign); !looked) return looked.error();
  if (budget_of(s.who.role).look_ups_an_hour != 0) {
    if (auto counted = s.count_look_up(); !counted) return counted.error();
  }
  const auto holds = s.portfolios.in_force();
  if (!holds) return holds.error();
  std::vector<portfolio_entry> out;
  for (customer_no one = first_customer; one < s.core->row().next; ++one.value) {
    const auto found = s.entry(one);
    if (!found && found.error().code == errc::key_erased) continue;
    if (!found) return found.error();
    const auto row = s.row_of(one, **found);
    if (!row) return row.error();
    const bool nobodys = whose == actor_id() && (*row)->whose.store == store_id();
    if (!nobodys && !is_associate((*row)->whose, whose)) continue;
    const portfolio found_of = (*row)->whose;
    const auto may = own && !*holds ? result<bool>(true)
                     : own          ? s.portfolios.reaches(whose, found_of, portfolio_reach::own)
                                    : s.may_assign(found_of);
    if (!may) return may.error();
    if (*may) out.push_back({.customer = s.core->keys().ids->id(one), .whose = found_of});
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// --- the rules ------------------------------------------------------------------------------

result<void> session_state::write_rules(portfolio_rules next) {
  broken = true;
  const auto digest = portfolios.write(std::move(next));
  if (!digest) return digest.error();
  const auto logged = ledger.append({.type = ledger_event::policy_change, .commitment = *digest},
                                    {}, who.id, now(), std::nullopt);
  if (!logged) return logged.error();
  must_pin = true;
  broken = false;
  return {};
}

result<void> session::set_stores(actor_id whose, std::span<const store_id> stores) try {
  session_state& s = *state_;
  if (whose == actor_id() || has(stores, store_id())) {
    return error{errc::invalid_argument, "actors and stores have numbers from 1"};
  }
  if (stores.size() > max_stores_of_actor) {
    return error{errc::limit_exceeded, "at most 64 stores of an actor", max_stores_of_actor};
  }
  for (std::size_t i = 0; i < stores.size(); ++i) {
    if (has(stores.first(i), stores[i])) {
      return error{errc::invalid_argument, "a store is named once", stores[i].value};
    }
  }
  return s.change(action::set_portfolios, [&]() -> result<void> {
    if (whose == s.who.id && s.who.role != actor_role::owner) return nobody_themselves;
    const auto known = s.portfolios.rules();
    if (!known) return known.error();
    portfolio_rules next = **known;
    std::erase_if(next.actors, [&](const actor_stores& one) { return one.who == whose; });
    if (!stores.empty()) {
      const auto at = std::ranges::lower_bound(next.actors, whose, {}, &actor_stores::who);
      next.actors.insert(at, {.who = whose, .stores = {stores.begin(), stores.end()}});
    }
    if (next.actors.size() > max_actors_of_stores) {
      return error{errc::limit_exceeded, "too many actors with stores", max_actors_of_stores};
    }
    if (next.actors.empty() && next.use == portfolio_use::in_force) {
      return error{errc::invalid_state, "nobody would reach a customer: portfolios are in force"};
    }
    return s.write_rules(std::move(next));
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

namespace {

// Rules under which nobody of a store reaches anybody are refused before they are in force.
result<void> somebody_is_reached(session_state& s, const portfolio_rules& next) {
  if (next.actors.empty()) {
    return error{errc::invalid_state, "say first who belongs to which store"};
  }
  bool any = false;
  for (customer_no one = first_customer; one < s.core->row().next; ++one.value) {
    const auto found = s.entry(one);
    if (!found && found.error().code == errc::key_erased) continue;
    if (!found) return found.error();
    const auto row = s.row_of(one, **found);
    if (!row) return row.error();
    any = true;
    for (const actor_stores& each : next.actors) {
      if (has(each.stores, (*row)->whose.store)) return {};
    }
  }
  if (!any) return {};
  return error{errc::invalid_state,
               "no customer has a store that somebody belongs to: assign first"};
}

// In force no longer: proposed by one, confirmed by another within a week, or by an owner a day
// later.
result<void> end_rules(portfolio_rules& next, const actor& by, timestamp now) {
  const auto& said = next.ends;
  const std::int64_t ago = said ? now.seconds - said->at.seconds : 0;
  if (!said || ago < 0 || ago > portfolios_end_lasts_seconds) {
    next.ends = portfolios_end{.by = by, .at = now};
    return {};
  }
  const bool waited = said->by.role == actor_role::owner && by.role == actor_role::owner &&
                      ago >= owner_waits_seconds;
  if (said->by.id == by.id && !waited) {
    return error{errc::second_person_required,
                 "somebody else ends portfolios, of an owner alone a day later"};
  }
  next.use = portfolio_use::none;
  next.since_by = by.id;
  next.since = now;
  next.ends.reset();
  return {};
}

}  // namespace

// Where two persons are two credentials: what somebody proposed whose credential has ended since is
// void, and this is a new proposal.
result<void> session_state::second_of_end(portfolio_rules& next) const {
  if (credentials.use() == credential_use::none || !next.ends) return {};
  const timestamp at = time_of_leases();
  if (credentials.ended_since(next.ends->by.id, next.ends->at, at) ||
      at.seconds - next.ends->at.seconds > portfolios_end_lasts_seconds) {
    next.ends.reset();
    return {};
  }
  return second_of_two({.number = 1,
                        .by = next.ends->by.id,
                        .at = next.ends->at,
                        .approved = action::set_portfolios},
                       0);
}

result<portfolio_use> session::use_portfolios(portfolio_use wanted) try {
  session_state& s = *state_;
  if (wanted != portfolio_use::none && wanted != portfolio_use::in_force) {
    return error{errc::invalid_argument, "portfolios are in force or not"};
  }
  return s.change(action::set_portfolios, [&]() -> result<portfolio_use> {
    const auto known = s.portfolios.rules();
    if (!known) return known.error();
    portfolio_rules next = **known;
    if (next.use == wanted && !(wanted == portfolio_use::in_force && next.ends)) {
      return error{errc::already_exists, "portfolios are so already"};
    }
    if (wanted == portfolio_use::none) {
      if (auto shown = s.one_of_two(); !shown) return shown.error();
      if (auto second = s.second_of_end(next); !second) return second.error();
      if (auto ended = end_rules(next, s.who, s.now()); !ended) return ended.error();
    } else {
      if (auto reached = somebody_is_reached(s, next); !reached) return reached.error();
      if (next.use != wanted) {
        next.since_by = s.who.id;
        next.since = s.now();
      }
      next.use = wanted;
      next.ends.reset();
    }
    const portfolio_use holds = next.use;
    if (auto written = s.write_rules(std::move(next)); !written) return written.error();
    return holds;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<portfolio_rules> session::portfolio_settings() try {
  session_state& s = *state_;
  const bool sets = s.ask(action::set_portfolios).has_value();
  if (auto seen = s.look(sets ? action::set_portfolios : action::audit); !seen) {
    return seen.error();
  }
  const auto known = s.portfolios.rules();
  if (!known) return known.error();
  return **known;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
