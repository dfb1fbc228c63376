// The table of roles, cases, and the clock.
#include <clientbook/transfer/actors_json.hpp>

#include "handles.hpp"
#include "text_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

clientbook_status clientbook_roles(clientbook_bytes* out, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(out)) return null_argument;
    return hand_out_text(roles_to_json(), out);
  });
}

clientbook_status clientbook_session_open_case(clientbook_context* context,
                                               clientbook_handle session, const char* what,
                                               size_t what_size, uint32_t* number,
                                               clientbook_error* error) {
  return with_session(
      context, session, error, given(what, number), [&](opened_session& in) -> result<void> {
        in.where.clear();
        case_document said;
        if (auto read = case_from_json(text(what, what_size), said, in.where); !read) return read;
        const auto opened = in.session.open_case(said.request);
        if (!opened) return opened.error();
        *number = *opened;
        return {};
      });
}

clientbook_status clientbook_session_confirm_case(clientbook_context* context,
                                                  clientbook_handle session, uint32_t number,
                                                  clientbook_error* error) {
  return with_session(context, session, error, true,
                      [&](opened_session& in) { return in.session.confirm_case(number); });
}

clientbook_status clientbook_session_close_case(clientbook_context* context,
                                                clientbook_handle session, uint32_t number,
                                                clientbook_error* error) {
  return with_session(context, session, error, true,
                      [&](opened_session& in) { return in.session.close_case(number); });
}

clientbook_status clientbook_session_confirm_clock(clientbook_context* context,
                                                   clientbook_handle session, int64_t* now,
                                                   clientbook_error* error) {
  return with_session(context, session, error, given(now), [&](opened_session& in) -> result<void> {
    const auto told = in.session.confirm_clock();
    if (!told) return told.error();
    *now = told->seconds;
    return {};
  });
}

clientbook_status clientbook_session_cases(clientbook_context* context, clientbook_handle session,
                                           clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [](opened_session& in) -> result<std::string> {
                           const auto all = in.session.cases();
                           if (!all) return all.error();
                           return cases_to_json(*all, in.session.request(purpose_id()).now);
                         });
}
