// Actors: who acts through the library, and what each role may do at all.
//
// The host application authenticates people and machines and says here who acts; the
// customer's consent is evaluated on top, so a role never opens what consent closes.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_BOOK_ACTOR_HPP
#define CLIENTBOOK_BOOK_ACTOR_HPP

#include <clientbook/base/ids.hpp>

#include <cstdint>

namespace clientbook {

/// Kept in the ledger: append, never renumber.
enum class actor_role : std::uint8_t {
  associate = 1,         ///< Serves customers.
  manager = 2,           ///< Runs a shop.
  privacy_officer = 3,   ///< Data protection officer; serves data subject requests.
  security_officer = 4,  ///< Holds key slots; reads no personal data.
  auditor = 5,           ///< Reads the ledger and checks proofs; reads no personal data.
  service = 6,           ///< A machine: a till, a web shop, an import.
};

struct actor {
  actor_id id{};  ///< Chosen by the host application; not 0.
  actor_role role = actor_role::associate;
};

enum class action : std::uint8_t {
  read,              ///< read, iterate
  write,             ///< put, update, append
  record_directive,  ///< record what the customer decided
  disclose,          ///< pass data on to a recipient
  trace,             ///< find a customer's values in the notes of others
  reverse,           ///< turn a token back
  erase,             ///< destroy a customer's key
  administer,        ///< schema, recipients, notices, law profile
  audit,             ///< ledger, verification
  maintain,          ///< work that changes no answer: consents compiled anew
};

/// Whether a role may try an action. An unknown role may do nothing.
[[nodiscard]] bool may(actor_role role, action what) noexcept;

}  // namespace clientbook

#endif
