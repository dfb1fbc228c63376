// Which role may do what: the one table that is asked before every call of a session.
//
// A role is the first of two questions; what a customer or the law permits is the second, and no
// role answers that one. What has no row is refused.
#include <clientbook/book/actor.hpp>
#include <clientbook/book/role_table.hpp>
#include <clientbook/internal/base/named.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <tables/book/roles.inc>

namespace clientbook {
namespace {

constexpr named<actor_role> roles[] = {
    {actor_role::associate, "associate"},
    {actor_role::manager, "manager"},
    {actor_role::privacy_officer, "privacy_officer"},
    {actor_role::security_officer, "security_officer"},
    {actor_role::auditor, "auditor"},
    {actor_role::service, "service"},
    {actor_role::owner, "owner"},
    {actor_role::marketing, "marketing"},
};
constexpr named<action> actions[] = {
    {action::read, "read"},
    {action::preview, "preview"},
    {action::list, "list"},
    {action::keep, "keep"},
    {action::remove, "remove"},
    {action::disclose, "disclose"},
    {action::tabulate, "tabulate"},
    {action::search_notes, "search_notes"},
    {action::reverse, "reverse"},
    {action::find, "find"},
    {action::see_consents, "see_consents"},
    {action::say_no, "say_no"},
    {action::say_yes, "say_yes"},
    {action::overrule, "overrule"},
    {action::see_looks, "see_looks"},
    {action::erase, "erase"},
    {action::hand_over, "hand_over"},
    {action::sign_receipts, "sign_receipts"},
    {action::ask_refusals, "ask_refusals"},
    {action::forget_refusals, "forget_refusals"},
    {action::open_case, "open_case"},
    {action::count, "count"},
    {action::administer, "administer"},
    {action::approve, "approve"},
    {action::audit, "audit"},
    {action::seen_by, "seen_by"},
    {action::maintain, "maintain"},
    {action::set_budgets, "set_budgets"},
    {action::confirm_clock, "confirm_clock"},
    {action::recover, "recover"},
    {action::search, "search"},
    {action::assign, "assign"},
    {action::set_portfolios, "set_portfolios"},
    {action::note_yes, "note_yes"},
    {action::confirm_yes, "confirm_yes"},
    {action::send_opt_in, "send_opt_in"},
    {action::merge, "merge"},
};
constexpr named<purpose_group> groups[] = {
    {purpose_group::desk, "desk"},           {purpose_group::care, "care"},
    {purpose_group::marketing, "marketing"}, {purpose_group::of_case, "case"},
    {purpose_group::whole, "whole"},         {purpose_group::other, "other"},
    {purpose_group::none, "book"},
};
constexpr named<case_kind> kinds[] = {
    {case_kind::rights, "rights"},   {case_kind::breach, "breach"}, {case_kind::recall, "recall"},
    {case_kind::tax, "tax"},         {case_kind::claims, "claims"}, {case_kind::fraud, "fraud"},
    {case_kind::records, "records"},
};
constexpr named<reach> reaches[] = {
    {reach::nobody, "-"}, {reach::named, "named"}, {reach::one, "one"},
    {reach::all, "all"},  {reach::own, "own"},
};

constexpr named<portfolio_reach> portfolio_reaches[] = {
    {portfolio_reach::everybody, "everybody"},
    {portfolio_reach::store, "store"},
    {portfolio_reach::own, "own"},
};

template <class Value, std::size_t Count>
constexpr std::array<Value, Count> values_of(const named<Value> (&all)[Count]) noexcept {
  std::array<Value, Count> out{};
  for (std::size_t i = 0; i < Count; ++i) out[i] = all[i].value;
  return out;
}
static_assert(std::size(roles) + 1 == role_table::roles &&
              std::size(groups) == role_table::groups &&
              std::size(actions) + 1 == role_table::actions);

const purpose_row* row_of(purpose_id purpose) noexcept {
  return purpose.value < std::size(purpose_rows) ? &purpose_rows[purpose.value] : nullptr;
}

}  // namespace

// By number, so that asking costs a look.
const role_table& role_table::built_in() noexcept {
  static const role_table made = [] {
    role_table out;
    for (const role_cell& one : role_cells) {
      out.set(one.role, one.what, one.group, {.whose = one.whose});
    }
    for (const portfolio_cell& one : portfolio_cells) {
      const reach whose = out.at(one.role, one.what, one.group).whose;
      out.set(one.role, one.what, one.group, {.whose = whose, .of = one.whose});
    }
    return out;
  }();
  return made;
}

reach reach_of(actor_role role, action what, purpose_group group) noexcept {
  return role_table::built_in().at(role, what, group).whose;
}

portfolio_reach portfolio_reach_of(actor_role role, action what, purpose_group group) noexcept {
  return role_table::built_in().at(role, what, group).of;
}

unsigned version_of_role_table() noexcept { return version_of_roles; }

bool is_known(actor_role role) noexcept { return !name_of(role).empty(); }

budget budget_of(actor_role role) noexcept {
  for (const role_budget& one : role_budgets) {
    if (one.role == role) return one.most;
  }
  return {};
}

purpose_group group_of(purpose_id purpose) noexcept {
  const purpose_row* row = row_of(purpose);
  return row == nullptr ? purpose_group::other : row->group;
}

case_kind case_of(purpose_id purpose) noexcept {
  const purpose_row* row = row_of(purpose);
  return row == nullptr ? case_kind::none : row->kind;
}

purpose_group keeping_group_of(purpose_id purpose) noexcept {
  const purpose_row* row = row_of(purpose);
  if (row == nullptr) return purpose_group::other;
  return row->kept_without_a_case ? purpose_group::desk : row->group;
}

std::span<const actor_role> all_roles() noexcept {
  static constexpr auto all = values_of(roles);
  return all;
}
std::span<const action> all_actions() noexcept {
  static constexpr auto all = values_of(actions);
  return all;
}
std::span<const purpose_group> all_groups() noexcept {
  static constexpr auto all = values_of(groups);
  return all;
}
std::span<const case_kind> all_case_kinds() noexcept {
  static constexpr auto all = values_of(kinds);
  return all;
}

std::string_view name_of(actor_role role) noexcept { return name_in(roles, role); }
std::string_view name_of(action what) noexcept { return name_in(actions, what); }
std::string_view name_of(purpose_group group) noexcept { return name_in(groups, group); }
std::string_view name_of(case_kind kind) noexcept { return name_in(kinds, kind); }
std::string_view name_of(reach whose) noexcept { return name_in(reaches, whose); }
std::string_view name_of(portfolio_reach whose) noexcept {
  return name_in(portfolio_reaches, whose);
}

result<actor_role> find_role(std::string_view name) noexcept {
  return find_in(roles, name, "no such role");
}
result<case_kind> find_case_kind(std::string_view name) noexcept {
  return find_in(kinds, name, "no such kind of case");
}

}  // namespace clientbook
