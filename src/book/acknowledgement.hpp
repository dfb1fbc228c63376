// What a recipient is sent of a request and signs when it has done it:
// docs/format/acknowledgement.md.
#ifndef CLIENTBOOK_BOOK_ACKNOWLEDGEMENT_HPP
#define CLIENTBOOK_BOOK_ACKNOWLEDGEMENT_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/book/request.hpp>
#include <clientbook/model/schema.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace clientbook {

/// What one recipient is to do for a request, as it stands in the request's row alone, so that an
/// answer that comes when the customer is gone is still known for what it is.
struct recipient_duty_notice {
  std::string_view log{};  ///< Origin of the book's ledger.
  std::uint32_t request = 0;
  recipient_duty duty = recipient_duty::none;
  const request_recipient* who = nullptr;
};

/// The notice, of lines. `reference`: what the recipient knows the customer by; empty: none.
std::string notice_text(const recipient_duty_notice& of, const schema& fields,
                        std::string_view reference);

/// When the recipient says that it has done what the notice asks for; `text` is what it has signed.
/// Errors: invalid_encoding (not an acknowledgement), invalid_value (of something else than this
/// notice).
result<date> read_acknowledgement(std::string_view text, const recipient_duty_notice& of,
                                  const schema& fields);

}  // namespace clientbook

#endif
