// The table of roles as a value: what a book follows, and what somebody proposes in its place.
//
// A book follows the library's own table (actor.hpp) until two persons have put another one in
// force: one proposes it, another looks at what it changes and approves it. Budgets, groups of
// purposes and kinds of cases are the library's in every book.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_BOOK_ROLE_TABLE_HPP
#define CLIENTBOOK_BOOK_ROLE_TABLE_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/book/actor.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace clientbook {

/// What a role may do in a group: with whom, and whose customers while portfolios are in force.
struct role_rule {
  reach whose = reach::nobody;
  portfolio_reach of = portfolio_reach::everybody;
  friend bool operator==(const role_rule&, const role_rule&) = default;
};

class role_table {
 public:
  /// Nobody may do anything.
  role_table() = default;
  /// The library's own.
  static const role_table& built_in() noexcept;

  /// Nobody for numbers that there are not.
  const role_rule& at(actor_role role, action what,
                      purpose_group group = purpose_group::none) const noexcept;
  /// Precondition: there are such a role, action and group.
  void set(actor_role role, action what, purpose_group group, const role_rule& rule) noexcept;
  friend bool operator==(const role_table&, const role_table&) = default;

  /// One more than the highest number of each.
  static constexpr std::size_t roles = 9;
  static constexpr std::size_t groups = 7;
  static constexpr std::size_t actions = 38;

 private:
  static std::size_t place(actor_role role, action what, purpose_group group) noexcept;
  std::array<role_rule, roles * groups * actions> rules_{};
};

/// Whether a book may follow it. Errors: invalid_value: an action where it cannot be, a purpose of
/// a case that reaches others than a case names, a field for an auditor or a security officer, a
/// portfolio that limits a no or what is of no customer, a list or a table of one, anything but a
/// list of one's own by a portfolio of one's own, or what nobody,
/// or no role alone, could do any more (serve a customer, take a no, answer a request, erase,
/// change this table back).
[[nodiscard]] result<void> check_role_table(const role_table& table) noexcept;

/// One cell that another table has otherwise.
struct role_change {
  actor_role role{};
  purpose_group group{};
  action what{};
  role_rule before{};
  role_rule after{};
  friend bool operator==(const role_change&, const role_change&) = default;
};
[[nodiscard]] std::vector<role_change> changes_between(const role_table& before,
                                                       const role_table& after);

/// What somebody has proposed and nobody else has approved.
struct role_proposal {
  std::uint32_t number = 0;  ///< From 1, never given out twice.
  actor by{};
  timestamp at{};
  role_table table{};
};
/// A proposal is approved within this time, or made again.
inline constexpr std::int64_t role_proposal_lasts_seconds = 30 * 86400;

/// Role, group, action, whose and of whom in a byte each, ascending; without what nobody may do.
[[nodiscard]] std::vector<std::byte> encode(const role_table& table);
/// Errors: invalid_encoding, newer_format (a number of a later version).
[[nodiscard]] result<role_table> decode_role_table(byte_view bytes) noexcept;

}  // namespace clientbook

#endif
