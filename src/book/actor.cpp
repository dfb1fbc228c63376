// Which role may do what: one table, asked before every call of a session.
//
// A role is the first of two questions; what a customer or the law permits is the second, and no
// role answers that one.
#include <clientbook/book/actor.hpp>

namespace clientbook {

bool may(actor_role role, action what) noexcept {
  using enum actor_role;
  switch (what) {
    case action::read:
      return role == associate || role == manager || role == privacy_officer || role == service;
    case action::write:
    case action::record_directive:
      return role == associate || role == manager || role == privacy_officer || role == service;
    case action::disclose:
      return role == manager || role == privacy_officer || role == service;
    case action::trace:
    case action::erase:
      return role == manager || role == privacy_officer;
    case action::reverse:
      return role == privacy_officer;
    case action::administer:
      return role == privacy_officer || role == security_officer;
    case action::maintain:
      return role == service || role == manager || role == privacy_officer ||
             role == security_officer;
    case action::audit:
      return role == auditor || role == privacy_officer || role == security_officer ||
             role == manager;
  }
  return false;
}

}  // namespace clientbook
