// The first question of every call: what the table of roles says, and whether an open case names
// the customer where it wants one. And the cases themselves.
#include <algorithm>

#include "session_state.hpp"

#include <clientbook/internal/unicode/name_line.hpp>

namespace clientbook {
namespace {

constexpr error not_of_this_role{errc::role_denied,
                                 "this role may not do that: `clientbook roles` lists who may"};
constexpr error no_case{errc::case_required,
                        "under this purpose only customers of an open case are reached: open one "
                        "that names the customer, or have it confirmed"};
constexpr error no_own_without_portfolios{
    errc::role_denied,
    "this role lists its own customers alone, and nobody's are their own before portfolios are in "
    "force: say who belongs to which store and whose customers are whose (set_stores, assign), and "
    "put them in force (use_portfolios, `clientbook portfolios on`)"};
constexpr error not_theirs{errc::not_in_portfolio,
                           "no customer of this actor's: portfolios are in force"};

purpose_group group_asked(action what, purpose_id why) noexcept {
  if (!has_purpose(what)) return purpose_group::none;
  return what == action::keep ? keeping_group_of(why) : group_of(why);
}

case_kind kind_of(purpose_id why) noexcept {
  const case_kind kind = case_of(why);
  return kind == case_kind::none ? case_kind::rights : kind;
}

}  // namespace

result<reach> session_state::ask(action what, purpose_group group) const {
  const reach whom = roles.table().at(who.role, what, group).whose;
  if (whom == reach::nobody) return not_of_this_role;
  return whom;
}

result<reach> session_state::ask(action what, purpose_id why) const {
  return ask(what, group_asked(what, why));
}

result<bool> session_state::is_limited(action what, purpose_group group) {
  const role_rule& rule = roles.table().at(who.role, what, group);
  if (rule.of == portfolio_reach::everybody && rule.whose != reach::own) return false;
  const auto holds = portfolios.in_force();
  if (holds && !*holds && rule.whose == reach::own) return no_own_without_portfolios;
  return holds;
}

result<bool> session_state::is_limited(action what, purpose_id why) {
  return is_limited(what, group_asked(what, why));
}

result<void> session_state::in_portfolio(action what, purpose_group group, customer_no number) {
  const auto limited = is_limited(what, group);
  if (!limited) return limited.error();
  if (!*limited) return {};
  const auto found = entry(number);
  if (!found) {
    const errc code = found.error().code;
    if (code == errc::key_erased || code == errc::not_found) return not_theirs;
    return found.error();
  }
  const auto row = row_of(number, **found);
  if (!row) return row.error();
  const auto reached = portfolios.reaches(who.id, (*row)->whose, portfolio_reach_of(what, group));
  if (!reached) return reached.error();
  return *reached ? result<void>() : not_theirs;
}

result<void> session_state::named_by_case(reach whom, case_kind kind, const customer_id& whose) {
  if (whom != reach::named) return {};
  // A retained record is named by its own id.
  const auto whole = whole_id(whose);
  const auto named = cases.covers(kind, whole ? *whole : whose, now());
  if (!named) return named.error();
  if (!*named) return no_case;
  return {};
}

result<void> session_state::ask(action what, purpose_id why, const customer_id& whose) {
  const auto whom = ask(what, why);
  if (!whom) return whom.error();
  if (auto named = named_by_case(*whom, kind_of(why), whose); !named) return named;
  const auto known = number(whose);
  if (!known) return known.error();
  return in_portfolio(what, group_asked(what, why), *known);
}

result<void> session_state::ask(action what, case_kind kind, const customer_id& whose) {
  const auto whom = ask(what);
  if (!whom) return whom.error();
  if (auto named = named_by_case(*whom, kind, whose); !named) return named;
  const auto known = number(whose);
  if (!known) return known.error();
  return in_portfolio(what, *known);
}

result<kept_purposes> session_state::ask(action what, const kept_purposes& named,
                                         const customer_id* whose) {
  return ask(what, named, consent.shop_purposes(), whose);
}

result<kept_purposes> session_state::ask(action what, const kept_purposes& named,
                                         const purpose_set& otherwise, const customer_id* whose) {
  const purpose_set& wanted = named.named() ? named.all() : otherwise;
  purpose_set kept;
  error refused = not_of_this_role;
  bool all = true;
  wanted.for_each([&](purpose_id why) {
    const auto whom = ask(what, why);
    result<void> reached = whom ? result<void>() : result<void>(whom.error());
    if (whom && *whom == reach::named) {
      reached = whose == nullptr ? no_case : named_by_case(*whom, kind_of(why), *whose);
    }
    if (reached && whose != nullptr) {
      const auto known = number(*whose);
      reached =
          known ? in_portfolio(what, group_asked(what, why), *known) : result<void>(known.error());
    }
    if (reached) {
      kept.add(why);
    } else {
      refused = reached.error();
      all = false;
    }
  });
  // A set that was named and is empty names what there is not: consent says so.
  if (named.named() && (all || wanted.empty())) return named;
  if (named.named() || kept.empty()) return refused;
  return kept_purposes(kept);
}

result<reach> session_state::ask_any(action what) const {
  for (const purpose_group group : all_groups()) {
    if (const auto whom = ask(what, group)) return whom;
  }
  return not_of_this_role;
}

// Anybody writes down a no. A yes is the customer's own; what reopens after a no, or is said by
// somebody else for the customer, is more.
action session_state::action_to_record(const directive& said) noexcept {
  if (said.kind == directive_kind::move) {
    // Where an address leads nothing opens; a word of the customer's own is a yes.
    if (!is_confirmed(said)) return action::say_no;
    return said.by == indicated_by::subject ? action::say_yes : action::overrule;
  }
  if (!widens(said.kind)) return action::say_no;
  const bool overrides = said.supersedes[0] != directive_id{};
  const bool granted = said.kind == directive_kind::grant || said.kind == directive_kind::renew;
  const bool their_own = granted && said.by == indicated_by::subject && !overrides;
  return their_own ? action::say_yes : action::overrule;
}

action session_state::action_asked(const directive& said) const {
  return on_own_word(said) ? action::note_yes : action_to_record(said);
}

result<reach> session_state::asked_to_record(const directive& said) const {
  if (said.kind == directive_kind::proof_of_age) {
    return error{errc::invalid_argument,
                 "a proof of age is noted, and confirmed by another: note_age_proof()"};
  }
  // What waits for a second person is begun by one.
  if (said.kind != directive_kind::move && on_own_word(said)) {
    if (auto shown = one_of_two(); !shown) return shown.error();
  }
  return ask(action_asked(said));
}

result<void> session_state::ask_to_record(std::span<const directive> said) const {
  for (const directive& one : said) {
    if (const auto asked = asked_to_record(one); !asked) return asked.error();
  }
  return {};
}

result<void> session_state::ask_to_remove(customer_no number, const customer_id& whose,
                                          field_id field, const kept_purposes& purposes) {
  // Who was erased is told apart from others' customers by nobody who reaches not everybody.
  if (auto theirs = in_portfolio(action::remove, purpose_group::desk, number); !theirs) {
    return theirs;
  }
  const auto found = entry(number);
  if (!found) return found.error();
  const auto row = row_of(number, **found);
  if (!row) return row.error();
  const purpose_set keeping = consent.shop_purposes() | (*row)->purposes_of(field);
  const auto asked = ask(action::remove, purposes, keeping, &whose);
  if (!asked) return asked.error();
  // As update(): a purpose that may collect it may leave it, and a correction alters.
  for (const operation_id how : {operation::alter, operation::collect}) {
    const auto permitted = consent.keeping_of(number, **found, *asked, how, now(), only(field));
    if (!permitted) return permitted.error();
    if (permitted->permitted.has(field)) return {};
  }
  // What nothing keeps any more may always go, for whatever it once was kept.
  for (const operation_id having : {operation::collect, operation::store, operation::use}) {
    const auto had = consent.keeping_of(number, **found, keeping, having, now(), only(field));
    if (!had) return had.error();
    if (had->permitted.has(field)) {
      return error{errc::denied,
                   "the field is kept, and not for these purposes: name one that may alter it",
                   field.value};
    }
  }
  return {};
}

// --- cases ----------------------------------------------------------------------------------

// A case of whom nobody is reached is not told of: where its reason lies says something of them.
result<bool> session_state::narrow_to_reached(action what, case_record& one) {
  const auto limited = is_limited(what);
  if (!limited) return limited.error();
  if (!*limited) return true;
  std::vector<customer_id> reached;
  for (const customer_id& id : one.customers) {
    const auto whose = number_in_case(id);
    if (!whose) return whose.error();
    // A retained record is of nobody's portfolio.
    if (retained_store::which_of(*whose)) continue;
    const auto mine = in_portfolio(what, *whose);
    if (!mine && mine.error().code != errc::not_in_portfolio) return mine.error();
    if (mine) reached.push_back(id);
  }
  one.customers = std::move(reached);
  return !one.customers.empty();
}

result<void> session_state::reaches_case(std::uint32_t number) {
  const auto limited = is_limited(action::open_case);
  if (!limited) return limited.error();
  if (!*limited) return {};
  auto all = cases.all();
  if (!all) return all.error();
  const auto one = std::ranges::find(*all, number, &case_record::number);
  if (one == all->end()) return {};  // Who closes or confirms it says so.
  const auto mine = narrow_to_reached(action::open_case, *one);
  if (!mine) return mine.error();
  return *mine ? result<void>() : not_theirs;
}

result<std::uint32_t> session::open_case(const case_request& what) try {
  session_state& s = *state_;
  return s.change(action::open_case, [&]() -> result<std::uint32_t> {
    if (name_of(what.kind).empty()) {
      return error{errc::invalid_argument, "a case is of a kind: rights, breach, recall, ..."};
    }
    if (!is_name_line(what.reason.reference.view())) {
      return error{errc::missing_field, "a case needs a reason: one line that says where it lies"};
    }
    if (what.customers.empty() || what.customers.size() > max_case_customers) {
      return error{errc::invalid_argument, "a case names 1 to 4,096 customers"};
    }
    const timestamp now = s.now();
    constexpr std::int64_t day = 86400;
    const timestamp until =
        what.until == timestamp{} ? timestamp{now.seconds + usual_case_days * day} : what.until;
    if (until <= now || until.seconds - now.seconds > longest_case_days * day) {
      return error{errc::invalid_value, "a case ends within a year, and not in the past"};
    }
    std::vector<customer_id> named;
    for (const customer_id& id : what.customers) {
      const auto number = s.number_in_case(id);
      if (!number) return number.error();
      named.push_back(retained_store::which_of(*number) ? id : s.core->keys().ids->id(*number));
      if (const auto which = retained_store::which_of(*number)) {
        if (const auto there = s.retained.head(*which); !there) return there.error();
        continue;
      }
      if (auto mine = s.in_portfolio(action::open_case, *number); !mine) return mine.error();
      if (const auto found = s.entry(*number); !found) return found.error();
    }
    case_record next{.number = 0,
                     .kind = what.kind,
                     .customers = std::move(named),
                     .opened_by = s.who,
                     .opened_at = now,
                     .until = until,
                     .reason = what.reason};
    // What somebody else is to confirm is opened by somebody.
    if (!in_force(next, next.opened_at)) {
      if (auto shown = s.one_of_two(); !shown) return shown.error();
    }
    const auto number = s.cases.open(std::move(next));
    if (!number) s.broken = true;
    return number;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::confirm_case(std::uint32_t number) try {
  session_state& s = *state_;
  return s.change(action::open_case, [&]() -> result<void> {
    if (auto mine = s.reaches_case(number); !mine) return mine;
    const auto all = s.cases.all();
    if (!all) return all.error();
    const auto one = std::ranges::find(*all, number, &case_record::number);
    if (one != all->end() && one->closed_at == timestamp{}) {
      const std::uint32_t before = s.credentials.before().cases;
      const auto second = s.second_of_two({.number = number,
                                           .by = one->opened_by.id,
                                           .at = one->opened_at,
                                           .approved = action::open_case},
                                          before);
      if (!second) return second;
    }
    return s.cases.confirm(number, s.who.id);
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::close_case(std::uint32_t number) try {
  session_state& s = *state_;
  return s.change(action::open_case, [&]() -> result<void> {
    if (auto mine = s.reaches_case(number); !mine) return mine;
    return s.cases.close(number, s.who.id, s.now());
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<case_record>> session::cases() try {
  session_state& s = *state_;
  const bool audits = s.ask(action::audit).has_value();
  if (auto seen = s.look(audits ? action::audit : action::open_case); !seen) return seen.error();
  auto all = s.cases.all();
  if (!all) return all.error();
  std::vector<case_record> out;
  for (case_record& one : *all) {
    const auto mine = s.narrow_to_reached(audits ? action::audit : action::open_case, one);
    if (!mine) return mine.error();
    if (*mine) out.push_back(std::move(one));
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
