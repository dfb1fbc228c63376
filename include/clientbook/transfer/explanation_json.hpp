// An explanation as JSON: why a field is shown to a recipient or not, for programs and people.
//
// It holds the decision, its code and obligations, the profile, a digest of what was asked, the
// directive that decided and the notice it refers to, and the sentence that describe() says. It
// names no value of the record.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_TRANSFER_EXPLANATION_JSON_HPP
#define CLIENTBOOK_TRANSFER_EXPLANATION_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>

#include <string>

namespace clientbook {

/// Errors: as session::explain() and describe().
result<std::string> explanation_json(session& from, const customer_id& id,
                                     const decision_request& request, field_id field,
                                     language speech = language::en);
/// The same of one address or number alone (session::contact()).
result<std::string> explanation_json(session& from, const customer_id& id,
                                     const decision_request& request, const contact_point& point,
                                     language speech = language::en);

}  // namespace clientbook

#endif
