// room: book
// private headers: book
// expect: is private
#include "grant.hpp"

// Only a decision makes a grant.
clientbook::grant permit(const clientbook::grant& decided) {
#if BAD
  return clientbook::grant(decided.customer(), 0, clientbook::decision_request{});
#else
  return decided;
#endif
}
