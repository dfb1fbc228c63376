// A customer as JSON names one.
#ifndef CLIENTBOOK_TRANSFER_NAMED_CUSTOMER_HPP
#define CLIENTBOOK_TRANSFER_NAMED_CUSTOMER_HPP

#include <clientbook/base/hex.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>

#include <string_view>

namespace clientbook::transfer {

/// Errors: invalid_value.
inline result<customer_id> parse_customer(std::string_view text) {
  customer_id out;
  if (text.size() == 32 && parse_hex(text, out.bytes)) return out;
  return error{errc::invalid_value, "a customer is named by 32 hexadecimal digits"};
}

}  // namespace clientbook::transfer

#endif
