// What the calls of a session say about their arguments.
#ifndef CLIENTBOOK_BINDINGS_C_SESSION_TEXT_HPP
#define CLIENTBOOK_BINDINGS_C_SESSION_TEXT_HPP

#include <clientbook.h>
#include <clientbook/book/session.hpp>

#include <algorithm>

#include "boundary.hpp"

namespace clientbook::c_abi {

inline constexpr clientbook::error not_a_form{errc::invalid_argument,
                                              "not a form that this call takes"};
inline constexpr clientbook::error not_a_field{errc::invalid_argument, "field numbers end at 63"};

/// A request as this session makes them, with what the caller says. Errors: invalid_argument, as
/// options().
inline result<decision_request> request_of(const clientbook_request* from, session& in) {
  const auto given = options(from);
  if (!given) return given.error();
  if (given->has_operation > 1) return error{errc::invalid_argument, "has_operation is 0 or 1"};
  if (given->reserved != 0) return error{errc::invalid_argument, "reserved members are 0"};
  decision_request out = in.request(purpose_id(given->purpose));
  if (given->recipient != 0) out.recipient = recipient_id(given->recipient);
  if (given->has_operation == 1) out.operation = operation_id(given->operation);
  if (given->fields != 0) out.fields = field_set::of_bits(given->fields);
  std::copy_n(given->country, out.country.size(), out.country.begin());
  return out;
}

}  // namespace clientbook::c_abi

#endif
