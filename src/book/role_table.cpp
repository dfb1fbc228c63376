// The table of roles as a value, and what a book refuses to follow.
#include <clientbook/book/role_table.hpp>

#include <algorithm>
#include <span>

namespace clientbook {
namespace {

constexpr std::size_t bytes_of_rule = 5;
constexpr error malformed{errc::invalid_encoding, "not a table of roles"};

template <class Enum>
std::byte byte_of(Enum value) noexcept {
  return static_cast<std::byte>(value);
}

bool shows_fields(action what) noexcept { return what <= action::reverse; }

// What is of nobody in particular, or asks for no customer: a portfolio would limit nothing there.
bool asks_portfolios(action what) noexcept {
  switch (what) {
    case action::reverse:
    case action::sign_receipts:
    case action::ask_refusals:
    case action::forget_refusals:
    case action::count:
    case action::administer:
    case action::approve:
    case action::maintain:
    case action::set_budgets:
    case action::confirm_clock:
    case action::recover:
    case action::set_portfolios:
      return false;
    default:
      return true;
  }
}

// What a book needs somebody for, whatever else its table says: else it could not be mended.
struct needed {
  action what;
  purpose_group group;
};
constexpr needed by_somebody[] = {
    {action::read, purpose_group::desk},          {action::keep, purpose_group::desk},
    {action::find, purpose_group::none},          {action::say_no, purpose_group::none},
    {action::say_yes, purpose_group::none},       {action::see_looks, purpose_group::none},
    {action::open_case, purpose_group::none},     {action::read, purpose_group::of_case},
    {action::disclose, purpose_group::of_case},   {action::hand_over, purpose_group::none},
    {action::erase, purpose_group::none},         {action::administer, purpose_group::none},
    {action::approve, purpose_group::none},       {action::audit, purpose_group::none},
    {action::confirm_clock, purpose_group::none}, {action::set_portfolios, purpose_group::none},
};

// What is done in one go: by one role, or nobody gets to the end of it.
constexpr needed serving[] = {{action::find, purpose_group::none},
                              {action::read, purpose_group::desk},
                              {action::keep, purpose_group::desk}};
constexpr needed heeding[] = {{action::find, purpose_group::none},
                              {action::say_no, purpose_group::none}};
constexpr needed answering[] = {{action::find, purpose_group::none},
                                {action::open_case, purpose_group::none},
                                {action::read, purpose_group::of_case},
                                {action::disclose, purpose_group::of_case},
                                {action::hand_over, purpose_group::none}};
constexpr needed forgetting[] = {{action::find, purpose_group::none},
                                 {action::erase, purpose_group::none}};
constexpr std::span<const needed> in_one_go[] = {serving, heeding, answering, forgetting};

bool may(const role_table& table, actor_role role, const needed& one) noexcept {
  return table.at(role, one.what, one.group).whose != reach::nobody;
}

result<void> check_rule(const role_change& cell) noexcept {
  const role_rule& rule = cell.after;
  if (has_purpose(cell.what) != (cell.group != purpose_group::none)) {
    return error{errc::invalid_value, "an action stands under a purpose that has none, or without"};
  }
  if (cell.group == purpose_group::of_case && rule.whose != reach::named &&
      cell.what != action::reverse) {
    return error{errc::invalid_value, "purposes of cases reach those whom a case names"};
  }
  const bool named_at_all = cell.group == purpose_group::of_case || cell.what == action::erase ||
                            cell.what == action::hand_over;
  if (rule.whose == reach::named && !named_at_all) {
    return error{errc::invalid_value, "no case names anybody there"};
  }
  const bool sees_none =
      cell.role == actor_role::auditor || cell.role == actor_role::security_officer;
  if (sees_none && shows_fields(cell.what)) {
    return error{errc::invalid_value, "auditors and security officers see no field"};
  }
  const bool of_many = cell.what == action::list || cell.what == action::tabulate;
  if (of_many && rule.whose == reach::one) {
    return error{errc::invalid_value, "a list and a table are of many, not of one"};
  }
  if (rule.whose == reach::own && (cell.what != action::list || rule.of != portfolio_reach::own)) {
    return error{errc::invalid_value,
                 "one's own are listed, and nothing else, by a portfolio of one's own"};
  }
  if (!asks_portfolios(cell.what) && rule.of != portfolio_reach::everybody) {
    return error{errc::invalid_value, "no portfolio limits what is of no customer"};
  }
  if (cell.what == action::say_no && rule.of != portfolio_reach::everybody) {
    return error{errc::invalid_value, "a no is taken of anybody"};
  }
  return {};
}

}  // namespace

std::size_t role_table::place(actor_role role, action what, purpose_group group) noexcept {
  const auto r = static_cast<std::size_t>(role);
  const auto g = static_cast<std::size_t>(group);
  const auto a = static_cast<std::size_t>(what);
  return r >= roles || g >= groups || a >= actions ? 0 : (r * groups + g) * actions + a;
}

// Place 0 is of no role, no group and no action: nobody's, and never set.
const role_rule& role_table::at(actor_role role, action what, purpose_group group) const noexcept {
  return rules_[place(role, what, group)];
}

void role_table::set(actor_role role, action what, purpose_group group,
                     const role_rule& rule) noexcept {
  if (const std::size_t at = place(role, what, group); at != 0) rules_[at] = rule;
}

std::vector<role_change> changes_between(const role_table& before, const role_table& after) {
  std::vector<role_change> out;
  for (const actor_role role : all_roles()) {
    for (const purpose_group group : all_groups()) {
      for (const action what : all_actions()) {
        const role_rule& was = before.at(role, what, group);
        const role_rule& is = after.at(role, what, group);
        if (was != is) out.push_back({role, group, what, was, is});
      }
    }
  }
  return out;
}

result<void> check_role_table(const role_table& table) noexcept {
  for (const actor_role role : all_roles()) {
    for (const purpose_group group : all_groups()) {
      for (const action what : all_actions()) {
        const role_rule& rule = table.at(role, what, group);
        if (rule == role_rule()) continue;
        if (auto good = check_rule({role, group, what, {}, rule}); !good) return good;
      }
    }
  }
  for (const needed& one : by_somebody) {
    const bool any =
        std::ranges::any_of(all_roles(), [&](actor_role role) { return may(table, role, one); });
    if (!any) {
      return error{errc::invalid_value, "nobody could do what a book needs somebody for",
                   static_cast<std::uint64_t>(one.what)};
    }
  }
  for (const std::span<const needed> all : in_one_go) {
    const bool by_one = std::ranges::any_of(all_roles(), [&](actor_role role) {
      return std::ranges::all_of(all, [&](const needed& one) { return may(table, role, one); });
    });
    if (!by_one) {
      return error{errc::invalid_value,
                   "no role could do alone what is done in one go: find a customer and serve them, "
                   "write down their no, answer their request, or erase them",
                   static_cast<std::uint64_t>(all.back().what)};
    }
  }
  return {};
}

std::vector<std::byte> encode(const role_table& table) {
  std::vector<std::byte> out;
  for (const role_change& one : changes_between(role_table(), table)) {
    for (const std::byte part : {byte_of(one.role), byte_of(one.group), byte_of(one.what),
                                 byte_of(one.after.whose), byte_of(one.after.of)}) {
      out.push_back(part);
    }
  }
  return out;
}

result<role_table> decode_role_table(byte_view bytes) noexcept {
  if (bytes.empty() || bytes.size() % bytes_of_rule != 0) return malformed;
  role_table out;
  for (std::size_t at = 0; at < bytes.size(); at += bytes_of_rule) {
    const auto number = [&](std::size_t i) { return std::to_integer<std::uint8_t>(bytes[at + i]); };
    const auto role = static_cast<actor_role>(number(0));
    const auto group = static_cast<purpose_group>(number(1));
    const auto what = static_cast<action>(number(2));
    const role_rule rule{.whose = static_cast<reach>(number(3)),
                         .of = static_cast<portfolio_reach>(number(4))};
    if (name_of(role).empty() || name_of(what).empty() || name_of(group).empty() ||
        name_of(rule.whose).empty() || name_of(rule.of).empty()) {
      return error{errc::newer_format, "the table of roles is of a later version"};
    }
    if (rule.whose == reach::nobody || out.at(role, what, group) != role_rule()) return malformed;
    out.set(role, what, group, rule);
  }
  return out;
}

}  // namespace clientbook
