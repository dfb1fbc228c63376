// What the book knows of one customer, gathered for them in one place before anything is written.
#ifndef CLIENTBOOK_RIGHTS_ACCOUNT_HPP
#define CLIENTBOOK_RIGHTS_ACCOUNT_HPP

#include <clientbook/book/session.hpp>
#include <clientbook/consent/registry.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace clientbook::rights {

struct account {
  exported theirs;
  std::vector<field_keeping> kept_for;
  std::vector<directive> said;
  /// What the record has of e-mail addresses and phone numbers, as directives name them.
  std::vector<std::pair<contact_point, std::string>> contacts;
  std::vector<look> looks;
  std::vector<ledger_record> entries;
  std::shared_ptr<const recipient_registry> parties;
  std::vector<recipient_contact> reached{};  ///< How the parties are reached, where that is known.
  pruned_entries pruned{};       ///< Of the customer's entries: of what, nobody knows any more.
  std::vector<book_gap> gaps{};  ///< Of which the book does not know what was done.
  wiped_text evidence;
  /// Entries that it is not about: of a record that was joined with this one, or of another
  /// customer's while both were taken for one.
  std::uint64_t not_in_evidence = 0;
  date today{};
};

/// Hands over first, so that this copy is among the entries too.
result<account> gather(session& from, const customer_id& id);

/// Whether another customer got it, in the place of this one.
bool got_by_another(const ledger_record& entry) noexcept;

/// Everybody who got something, or was refused it, once.
struct receiver {
  std::string name{};    ///< Legal name; empty: the customer.
  recipient_id party{};  ///< 0: none of the registry.
  recipient_id party_class{};
  bool another = false;     ///< A customer, but another one: ledger_record::of_both.
  std::uint32_t given = 0;  ///< By the shop, else by others as they report.
  bool by_the_shop = false;
  std::uint32_t refused = 0;
  std::uint32_t never_got = 0;  ///< Of `given`: did not get out.
  date first{};
  date last{};
  purpose_set purposes{};
  field_set fields{};
  std::vector<std::string> via{};       ///< Who else passed it on to them.
  std::string contact{};                ///< Where they are reached; of a further one as `via` says.
  std::vector<std::string> reported{};  ///< Whom they say they have passed it on to.
  bool is_the_customer() const noexcept;
};
std::vector<receiver> receivers_of(const account& of);

/// Looks of one kind of person.
struct lookers {
  struct under {
    purpose_id purpose{};      ///< 0: look-ups.
    std::uint64_t opened = 0;  ///< Times that something of them was shown.
    std::uint64_t others = 0;  ///< Times that nothing was: looked up, changed, gone over.
  };
  role_set roles{};
  std::uint32_t people = 0;
  std::vector<under> purposes{};
  date first{};
  date last{};
};
std::vector<lookers> lookers_of(const account& of);

/// Whether an entry of a legal hold places one, or lifts it.
bool places_hold(const ledger_record& one) noexcept;
/// Whether one was placed and not lifted; it may have ended by itself.
bool was_put_on_hold(const account& of) noexcept;

}  // namespace clientbook::rights

#endif
