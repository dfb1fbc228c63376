// The one form in which e-mail addresses are compared: without case and accents, however their
// letters are composed (UAX #15), and with the letters of a domain that stands in ASCII (`xn--`,
// RFC 3492). Of an address in ASCII without such labels it is the address in small letters. Not in
// firmware.
#ifndef CLIENTBOOK_INTERNAL_UNICODE_ADDRESS_FORM_HPP
#define CLIENTBOOK_INTERNAL_UNICODE_ADDRESS_FORM_HPP

#include <clientbook/base/callback_ref.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <string_view>

namespace clientbook::unicode {

/// Calls `each` for every sign of that form. What is no UTF-8 is given byte by byte.
void each_of_address(std::string_view address, callback_ref<void(char32_t)> each);

/// The form as UTF-8, in a text of whatever kind.
template <class Text>
Text comparable_address(std::string_view address) {
  Text out;
  out.reserve(address.size());
  each_of_address(address, [&](char32_t c) {
    const utf8_sequence bytes(c);
    for (const char one : bytes.text()) {
      out.push_back(static_cast<typename Text::value_type>(one));
    }
  });
  return out;
}

}  // namespace clientbook::unicode

#endif
