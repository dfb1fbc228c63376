// room: book
// expect: no member named .content
#include <clientbook/book/session.hpp>

using namespace clientbook;

std::uint64_t pass_on(session& in, const customer_id& id, const disclosure_request& what) {
#if BAD
  return in.disclose(id, what)->content.record().fields().size();
#else
  return in.disclose(id, what)->ledger_index;
#endif
}
