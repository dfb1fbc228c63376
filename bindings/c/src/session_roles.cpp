// The table of roles that a book follows.
#include <clientbook/transfer/roles_json.hpp>

#include "handles.hpp"
#include "text_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

clientbook_status clientbook_session_roles(clientbook_context* context, clientbook_handle session,
                                           clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [](opened_session& in) -> result<std::string> {
                           const auto table = in.session.roles();
                           if (!table) return table.error();
                           return role_table_to_json(*table);
                         });
}

clientbook_status clientbook_session_propose_roles(clientbook_context* context,
                                                   clientbook_handle session, const char* what,
                                                   size_t what_size, uint32_t* number,
                                                   clientbook_error* error) {
  return with_session(context, session, error, given(what, number),
                      [&](opened_session& in) -> result<void> {
                        in.where.clear();
                        const auto table = role_table_from_json(text(what, what_size), in.where);
                        if (!table) return table.error();
                        const auto proposed = in.session.propose_roles(*table);
                        if (!proposed) return proposed.error();
                        *number = *proposed;
                        return {};
                      });
}

clientbook_status clientbook_session_proposed_roles(clientbook_context* context,
                                                    clientbook_handle session,
                                                    clientbook_bytes* out,
                                                    clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [](opened_session& in) -> result<std::string> {
                           const auto waits = in.session.proposed_roles();
                           if (!waits) return waits.error();
                           if (!*waits) return std::string("{}");
                           const auto now = in.session.roles();
                           if (!now) return now.error();
                           return role_proposal_to_json(**waits, *now);
                         });
}

clientbook_status clientbook_session_approve_roles(clientbook_context* context,
                                                   clientbook_handle session, uint32_t number,
                                                   uint64_t* index, clientbook_error* error) {
  return with_session(context, session, error, given(index),
                      [&](opened_session& in) -> result<void> {
                        const auto done = in.session.approve_roles(number);
                        if (!done) return done.error();
                        *index = done->ledger_index;
                        return {};
                      });
}
