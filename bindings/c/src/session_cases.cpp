// The table of roles, cases, who looked, budgets, and the clock.
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
                                                   clientbook_handle session, uint64_t* now,
                                                   clientbook_error* error) {
  return with_session(context, session, error, given(now), [&](opened_session& in) -> result<void> {
    const auto told = in.session.confirm_clock();
    if (!told) return told.error();
    *now = static_cast<std::uint64_t>(told->seconds);
    return {};
  });
}

clientbook_status clientbook_session_who_looked(clientbook_context* context,
                                                clientbook_handle session,
                                                const clientbook_id* customer,
                                                clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, given(customer),
                         [&](opened_session& in) -> result<std::string> {
                           const auto all = in.session.who_looked(id_of(customer));
                           if (!all) return all.error();
                           return looks_to_json(*all, in.session.fields());
                         });
}

clientbook_status clientbook_session_seen_by(clientbook_context* context, clientbook_handle session,
                                             uint32_t actor, int64_t since, int64_t until,
                                             clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(
      context, session, error, out, true, [&](opened_session& in) -> result<std::string> {
        constexpr std::int64_t least = -62'135'596'800, most = 253'402'300'799;  // years 1 to 9999
        if (since < least || until < least || since > most || until > most) {
          return clientbook::error{errc::invalid_argument, "no such time"};
        }
        const auto told = in.session.seen_by(actor_id(actor), date_of(timestamp{since}),
                                             date_of(timestamp{until}));
        if (!told) return told.error();
        return report_to_json(*told, in.session.fields());
      });
}

clientbook_status clientbook_session_budget_left(clientbook_context* context,
                                                 clientbook_handle session, clientbook_bytes* out,
                                                 clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [](opened_session& in) -> result<std::string> {
                           const auto left = in.session.left();
                           if (!left) return left.error();
                           return budget_to_json(*left);
                         });
}

clientbook_status clientbook_session_raise_budget(clientbook_context* context,
                                                  clientbook_handle session, uint32_t actor,
                                                  uint32_t customers, clientbook_error* error) {
  return with_session(context, session, error, true, [&](opened_session& in) {
    return in.session.raise_budget(actor_id(actor), customers);
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
