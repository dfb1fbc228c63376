// By what right a customer's fields are opened: a grant, which only a decision makes, or an
// opening, a reason of the book itself whose values no reader gets to see.
//
// record_opener asks for one of them wherever it opens a record or an item, so that skipping the
// consent check does not compile. tests/layers/openings.txt lists every place that names an
// opening.
#ifndef CLIENTBOOK_BOOK_GRANT_HPP
#define CLIENTBOOK_BOOK_GRANT_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/book/view.hpp>
#include <clientbook/consent/evaluate.hpp>

#include <cstdint>

#include "contact_points.hpp"

namespace clientbook {

/// Proof that fields of one customer were permitted. Holds for the consent state it was decided
/// by: what the customer says afterwards makes another state, which it opens nothing under.
class grant {
 public:
  customer_no customer() const noexcept { return customer_; }
  field_set fields() const noexcept { return fields_; }
  const contact_limits& contacts() const noexcept { return contacts_; }

 private:
  friend class consent_store;
  friend class record_opener;
  grant(customer_no customer, std::uint32_t state, const decision_request& asked) noexcept
      : customer_(customer), state_(state), purpose_(asked.purpose), recipient_(asked.recipient) {}

  customer_no customer_;
  std::uint32_t state_;
  purpose_id purpose_;
  recipient_id recipient_;
  field_set fields_;
  contact_limits contacts_;
};

/// Customers, and who represents them, get what is theirs (GDPR 15, 20) and are in no registry.
[[nodiscard]] inline bool is_the_customers(recipient_id id) noexcept {
  return id == recipient::data_subject || id == recipient::representative_of_subject;
}

/// A decision about one customer, and the grant that comes of it.
struct decided_grant {
  record_decision decision;
  grant permit;
};

/// Why the book opens fields for itself.
enum class opening : std::uint8_t {
  index,           ///< External ids: to write, to remove or to check an entry of their index.
  birth_fact,      ///< The birth date, for the age that consents go by.
  known_people,    ///< What tells who somebody is, to hide it in texts.
  refusals,        ///< What a refusal is remembered by, when a customer is erased.
  rewriting,       ///< All of it, to be sealed again with a change.
  verification,    ///< All of it, to see whether it opens.
  contact_points,  ///< Whether a value that somebody names is one of the customer's.
  linked_people,   ///< Whom the household links already.
  orders,          ///< Of which order and store a purchase is: one order is one purchase.
  retaining,       ///< What a law has the shop keep, to be sealed under a key of its own.
  search_index,    ///< What customers are found by, to be sealed again in the index at rest.
  hash_list,       ///< What a list of hashes from outside may be about.
};

/// What an opening opens at most.
[[nodiscard]] constexpr field_set fields_of(opening why) noexcept {
  switch (why) {
    case opening::index:
      return only(field::external_ids);
    case opening::refusals:
      return only(field::external_ids) | only(field::emails) | only(field::phones);
    case opening::birth_fact:
      return only(field::birth_date);
    case opening::known_people:
      // Likes and dislikes are words of every note.
      return only(field::name) | only(field::emails) | only(field::phones) |
             only(field::addresses) | only(field::external_ids) | only(field::employer) |
             only(field::household) | only(field::government_ids);
    case opening::contact_points:
      return with_contact_points;
    case opening::orders:
      return only(field::purchases);
    case opening::linked_people:
      return only(field::household);
    case opening::search_index:
      return only(field::name) | only(field::emails) | only(field::phones) |
             only(field::external_ids);
    case opening::hash_list:
      return only(field::name) | only(field::emails) | only(field::phones) |
             only(field::addresses) | only(field::birth_date);
    case opening::rewriting:
    case opening::retaining:
    case opening::verification:
      return all_fields;
  }
  return {};
}

}  // namespace clientbook

#endif
