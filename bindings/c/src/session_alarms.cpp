// Canaries, alarms and from when on there is one.
#include <clientbook/transfer/actors_json.hpp>

#include "handles.hpp"
#include "text_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

clientbook_status clientbook_session_set_canaries(clientbook_context* context,
                                                  clientbook_handle session, const char* which,
                                                  size_t which_size, clientbook_error* error) {
  return with_session(context, session, error, given(which),
                      [&](opened_session& in) -> result<void> {
                        in.where.clear();
                        const auto all = customers_from_json(text(which, which_size), in.where);
                        if (!all) return all.error();
                        return in.session.set_canaries(*all);
                      });
}

clientbook_status clientbook_session_canaries(clientbook_context* context,
                                              clientbook_handle session, clientbook_bytes* out,
                                              clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [](opened_session& in) -> result<std::string> {
                           const auto all = in.session.canaries();
                           if (!all) return all.error();
                           return customers_to_json(*all);
                         });
}

clientbook_status clientbook_session_alarms(clientbook_context* context, clientbook_handle session,
                                            clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [](opened_session& in) -> result<std::string> {
                           const auto all = in.session.alarms();
                           if (!all) return all.error();
                           const auto registry = in.session.recipients();
                           if (!registry) return registry.error();
                           return alarms_to_json(*all, **registry);
                         });
}

clientbook_status clientbook_session_alarm_limits(clientbook_context* context,
                                                  clientbook_handle session, clientbook_bytes* out,
                                                  clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [](opened_session& in) -> result<std::string> {
                           const auto limits = in.session.alarm_limits();
                           if (!limits) return limits.error();
                           return alarm_settings_to_json(*limits);
                         });
}

clientbook_status clientbook_session_set_alarm_limits(clientbook_context* context,
                                                      clientbook_handle session, const char* limits,
                                                      size_t limits_size, clientbook_error* error) {
  return with_session(
      context, session, error, given(limits), [&](opened_session& in) -> result<void> {
        in.where.clear();
        const auto what = alarm_changes_from_json(text(limits, limits_size), in.where);
        if (!what) return what.error();
        const auto now = in.session.set_alarm_limits(*what);
        return now ? result<void>() : now.error();
      });
}
