// The customer's page: "how far has my information gone?", answered for a person.
//
// One self-contained HTML document without script, image or font from elsewhere, made to be
// printed, for a phone and for screen readers (WCAG 2.2 AA). It says where information went (a
// picture, a table, day by day), who looked in the shop by role and purpose (CJEU C-579/21),
// recipients by legal name (C-154/21), what is held and why, what the customer said and how to take
// it back, and carries the evidence that evidence_text.hpp checks. docs/rights.md shows one.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_RIGHTS_CUSTOMER_PAGE_HPP
#define CLIENTBOOK_RIGHTS_CUSTOMER_PAGE_HPP

#include <clientbook/book/session.hpp>
#include <clientbook/consent/explanation.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clientbook {

/// Views live as long as the call.
struct customer_page_options {
  language speech = language::en;
  std::string_view shop{};     ///< Name and address of who keeps the book.
  std::string_view contact{};  ///< Where rights are asked for and consent is taken back.
};

struct customer_page {
  wiped_text html{};  ///< UTF-8.
  /// The page is itself a copy that the customer gets (GDPR 15(3)): its entry in the ledger is
  /// durable before it is returned. Where the page does not get out, tell it to
  /// session::not_delivered(). None: there was nothing to hand over.
  std::optional<std::uint64_t> ledger_index{};
};

/// Needs an open case of rights that names the customer. Errors: those of session::hand_over(),
/// evidence(), who_looked(), directives() and kept_for().
result<customer_page> make_customer_page(session& in, const customer_id& id,
                                         const customer_page_options& options = {});

/// The same, asked for in JSON: {"language": "de", "shop": "...", "contact": "..."}, each of which
/// may be left out. Errors: also invalid_encoding, unknown_field, wrong_type, invalid_value (a
/// language that there is no page in); `where` is then a JSON pointer.
result<customer_page> make_customer_page_json(std::string_view request, session& in,
                                              const customer_id& id, std::string& where);

}  // namespace clientbook

#endif
