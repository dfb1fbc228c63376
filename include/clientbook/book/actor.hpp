// Actors: who acts through the library, and what each role may do at all.
//
// The host application authenticates people and machines and says here who acts. The table of roles
// is asked first: role, what is done, the group of the purpose, whose customers. What stands
// nowhere in it is refused. What the customer and the law permit is asked after it, never instead:
// a role opens nothing that consent closes. src/book/data/roles.json is the table, docs/actors.md
// tells it.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_BOOK_ACTOR_HPP
#define CLIENTBOOK_BOOK_ACTOR_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace clientbook {

/// Kept in the ledger: append, never renumber.
enum class actor_role : std::uint8_t {
  associate = 1,         ///< Serves customers.
  manager = 2,           ///< Runs a shop.
  privacy_officer = 3,   ///< Data protection officer; serves data subject requests, by case.
  security_officer = 4,  ///< Budgets, clock, approvals; reads no personal data.
  auditor = 5,           ///< Reads ledger and traces, checks proofs; reads no personal data.
  service = 6,           ///< A machine: a till, a web shop, an import.
  owner = 7,             ///< A shop of one: all of these in one person.
  marketing = 8,         ///< Lists of those who agreed, and nothing else.
};

struct actor {
  actor_id id{};  ///< Chosen by the host application; not 0.
  actor_role role = actor_role::associate;
};

/// Several roles.
class role_set {
 public:
  constexpr role_set() noexcept = default;
  constexpr role_set(actor_role one) noexcept : bits_(bit(one)) {}  // NOLINT(*-explicit-*)
  constexpr role_set(std::initializer_list<actor_role> some) noexcept {
    for (const actor_role one : some) bits_ |= bit(one);
  }
  static constexpr role_set of_bits(std::uint32_t bits) noexcept {
    role_set out;
    out.bits_ = bits;
    return out;
  }
  constexpr std::uint32_t bits() const noexcept { return bits_; }  ///< Bit n: role n.
  constexpr bool has(actor_role one) const noexcept { return (bits_ & bit(one)) != 0; }
  constexpr bool empty() const noexcept { return bits_ == 0; }
  constexpr role_set& operator|=(const role_set& other) noexcept {
    bits_ |= other.bits_;
    return *this;
  }
  friend constexpr bool operator==(const role_set&, const role_set&) = default;

 private:
  static constexpr std::uint32_t bit(actor_role one) noexcept {
    return 1U << (static_cast<unsigned>(one) % 32U);
  }
  std::uint32_t bits_ = 0;
};

/// What purposes have in common for the table of roles.
enum class purpose_group : std::uint8_t {
  none = 0,       ///< No purpose.
  desk = 1,       ///< Orders, delivery, payment, claims at the till.
  care = 2,       ///< Client care, greetings, reminders, personalisation.
  marketing = 3,  ///< What consent calls marketing, and sale.
  of_case = 4,    ///< Rights, breach, recall, tax, legal claims, fraud, records: by case alone.
  whole = 5,      ///< Statistics, research.
  other = 6,      ///< What a shop has no role for.
};

/// Stored: append, never renumber.
enum class case_kind : std::uint8_t {
  none = 0,
  rights = 1,   ///< A data subject's request.
  breach = 2,   ///< Who must be told of one.
  recall = 3,   ///< Of a product.
  tax = 4,      ///< An audit.
  claims = 5,   ///< Legal claims, by or against the customer.
  fraud = 6,    ///< Fraud, money laundering, solvency.
  records = 7,  ///< Keeping of records that a law demands.
};

/// What a call does. Up to `reverse` under a purpose, behind it without one.
enum class action : std::uint8_t {
  read = 1,              ///< Fields, purchases and notes of a customer.
  preview = 2,           ///< States and forms, as another reader would meet them.
  list = 3,              ///< One customer after the other.
  keep = 4,              ///< Put, update, append.
  remove = 5,            ///< A field.
  disclose = 6,          ///< Pass on to a recipient.
  tabulate = 7,          ///< Counts of groups.
  search_notes = 8,      ///< For a customer's values in the notes of others.
  reverse = 9,           ///< Turn a token back.
  find = 10,             ///< By an external id.
  see_consents = 11,     ///< What was said, and what fields are kept for.
  say_no = 12,           ///< Record a refusal, a withdrawal, an objection.
  say_yes = 13,          ///< Record what the customer grants, on the writer's word.
  overrule = 14,         ///< Reopen after a no, speak for guardian, authority or shop.
  see_looks = 15,        ///< Who looked at a customer, and what left.
  erase = 16,            ///< Destroy a customer's key.
  hand_over = 17,        ///< Give customers, or who represents them, what is theirs.
  sign_receipts = 18,    ///< The key of consent receipts.
  ask_refusals = 19,     ///< Who was erased or unsubscribed, at an import.
  forget_refusals = 20,  ///< For good.
  open_case = 21,        ///< Open, confirm, close and see cases.
  count = 22,            ///< How many may be reached.
  administer = 23,       ///< Recipients, notices, schema, proposals of policy.
  approve = 24,          ///< What somebody else has proposed.
  audit = 25,            ///< Proofs, verification, what is overdue.
  seen_by = 26,          ///< What an actor has seen.
  maintain = 27,         ///< Work that changes no answer: consents compiled anew.
  set_budgets = 28,      ///< More for somebody, for the rest of the day.
  confirm_clock = 29,    ///< That a clock which went far ahead is right.
  recover = 30,          ///< The recovery key and its mirrors; to restore a book.
  search = 31,           ///< By what somebody typed; `find` is by an exact value.
  assign = 32,           ///< Say which customers are whose.
  set_portfolios = 33,   ///< Who belongs to which store, and whether portfolios are in force.
  note_yes = 34,         ///< Note what the customer grants; it waits for evidence (session.hpp).
  confirm_yes = 35,      ///< Confirm with a document what somebody else has noted.
  send_opt_in = 36,      ///< Be handed the token that the customer sends back.
  merge = 37,            ///< See who is there twice; make them one, or not.
};

/// Whose customers.
enum class reach : std::uint8_t {
  nobody = 0,
  named = 1,  ///< Those whom an open case of the purpose's kind names.
  one = 2,    ///< One by one.
  all = 3,
  own = 4,  ///< Of a list: those of whom the actor is an associate, while portfolios are in force.
};

/// Whose customers of these, once portfolios are in force (portfolio.hpp).
enum class portfolio_reach : std::uint8_t {
  everybody = 0,
  store = 1,  ///< Those of the actor's stores.
  own = 2,    ///< Those of whom the actor is an associate.
};

/// How much a role may see; counted as attempts.
struct budget {
  std::uint32_t customers_an_hour = 0;
  std::uint32_t customers_a_day = 0;
  std::uint32_t look_ups_an_hour = 0;
  std::uint32_t tables_a_month = 0;
  std::uint32_t block = 1;  ///< Drawn at a time, before use.
};

/// What the table says; nobody for a role that is in none of its rows.
[[nodiscard]] reach reach_of(actor_role role, action what,
                             purpose_group group = purpose_group::none) noexcept;
/// What holds beside it while portfolios are in force; without them a cell reaches everybody.
[[nodiscard]] portfolio_reach portfolio_reach_of(
    actor_role role, action what, purpose_group group = purpose_group::none) noexcept;
/// Whether it says anything of this role at all.
[[nodiscard]] bool is_known(actor_role role) noexcept;
/// Its budget; nothing at all for a role that is not known.
[[nodiscard]] budget budget_of(actor_role role) noexcept;
/// `other` of a number that is no purpose: consent then knows none either.
[[nodiscard]] purpose_group group_of(purpose_id purpose) noexcept;
/// The kind of case without which nobody does anything under a purpose; none: it needs none.
[[nodiscard]] case_kind case_of(purpose_id purpose) noexcept;
/// The group that keeping counts as: what a law makes a shop keep is kept at the desk.
[[nodiscard]] purpose_group keeping_group_of(purpose_id purpose) noexcept;
/// Whether it is done under a purpose.
[[nodiscard]] constexpr bool has_purpose(action what) noexcept { return what <= action::reverse; }

/// Grows whenever the table changes.
[[nodiscard]] unsigned version_of_role_table() noexcept;

/// Everything there is, in the order of the numbers; `associate` and `manager` come first.
[[nodiscard]] std::span<const actor_role> all_roles() noexcept;
[[nodiscard]] std::span<const action> all_actions() noexcept;
[[nodiscard]] std::span<const purpose_group> all_groups() noexcept;
[[nodiscard]] std::span<const case_kind> all_case_kinds() noexcept;
/// As in files: "privacy_officer", "search_notes", "case", "rights", "named". Empty if there is
/// none.
[[nodiscard]] std::string_view name_of(actor_role role) noexcept;
[[nodiscard]] std::string_view name_of(action what) noexcept;
[[nodiscard]] std::string_view name_of(purpose_group group) noexcept;
[[nodiscard]] std::string_view name_of(case_kind kind) noexcept;
[[nodiscard]] std::string_view name_of(reach whose) noexcept;
[[nodiscard]] std::string_view name_of(portfolio_reach whose) noexcept;
/// Errors: unknown_field.
[[nodiscard]] result<actor_role> find_role(std::string_view name) noexcept;
[[nodiscard]] result<case_kind> find_case_kind(std::string_view name) noexcept;

}  // namespace clientbook

#endif
