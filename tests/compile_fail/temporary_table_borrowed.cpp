// room: book
// expect: deleted
#include <clientbook/book/session.hpp>

using namespace clientbook;

std::size_t rows(session& in, const tabulation_request& what) {
#if BAD
  return in.tabulate(what).value().rows().size();
#else
  const auto table = in.tabulate(what);
  return table.value().rows().size();
#endif
}
