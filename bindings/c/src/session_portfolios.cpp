// Whose customers are whose.
#include <clientbook/transfer/portfolios_json.hpp>

#include "handles.hpp"
#include "text_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

clientbook_status clientbook_session_assign(clientbook_context* context, clientbook_handle session,
                                            const char* what, size_t what_size,
                                            clientbook_error* error) {
  return with_session(
      context, session, error, given(what), [&](opened_session& in) -> result<void> {
        in.where.clear();
        assignment_document said;
        if (auto read = assignment_from_json(text(what, what_size), said, in.where); !read) {
          return read;
        }
        return in.session.assign(said.customers, said.what);
      });
}

clientbook_status clientbook_session_reassign(clientbook_context* context,
                                              clientbook_handle session, uint32_t from, uint32_t to,
                                              clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           const auto done = in.session.reassign(actor_id(from), actor_id(to));
                           if (!done) return done.error();
                           return reassigned_to_json(*done);
                         });
}

clientbook_status clientbook_session_portfolio_of(clientbook_context* context,
                                                  clientbook_handle session,
                                                  const clientbook_id* customer,
                                                  clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, given(customer),
                         [&](opened_session& in) -> result<std::string> {
                           const auto whose = in.session.portfolio_of(id_of(customer));
                           if (!whose) return whose.error();
                           return portfolio_to_json(*whose);
                         });
}

clientbook_status clientbook_session_customers_of(clientbook_context* context,
                                                  clientbook_handle session, uint32_t actor,
                                                  clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           const auto all = in.session.customers_of(actor_id(actor));
                           if (!all) return all.error();
                           return portfolios_to_json(*all);
                         });
}

clientbook_status clientbook_session_set_stores(clientbook_context* context,
                                                clientbook_handle session, const char* what,
                                                size_t what_size, clientbook_error* error) {
  return with_session(context, session, error, given(what),
                      [&](opened_session& in) -> result<void> {
                        in.where.clear();
                        const auto said = stores_from_json(text(what, what_size), in.where);
                        if (!said) return said.error();
                        return in.session.set_stores(said->who, said->stores);
                      });
}

clientbook_status clientbook_session_use_portfolios(clientbook_context* context,
                                                    clientbook_handle session, uint32_t wanted,
                                                    uint32_t* holds, clientbook_error* error) {
  return with_session(
      context, session, error, given(holds), [&](opened_session& in) -> result<void> {
        if (wanted > 1) {
          return clientbook::error{errc::invalid_argument,
                                   "portfolios are in force (1) or not (0)"};
        }
        const auto now = in.session.use_portfolios(static_cast<portfolio_use>(wanted));
        if (!now) return now.error();
        *holds = static_cast<std::uint32_t>(*now);
        return {};
      });
}

clientbook_status clientbook_session_portfolio_settings(clientbook_context* context,
                                                        clientbook_handle session,
                                                        clientbook_bytes* out,
                                                        clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [](opened_session& in) -> result<std::string> {
                           const auto rules = in.session.portfolio_settings();
                           if (!rules) return rules.error();
                           return portfolio_rules_to_json(*rules);
                         });
}
