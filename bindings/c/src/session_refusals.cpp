// Sessions: what is kept for what, and who said no and is no customer.
#include <clientbook/transfer/book_json.hpp>
#include <clientbook/transfer/consent_json.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <optional>

#include "handles.hpp"
#include "record_in.hpp"
#include "session_text.hpp"
#include "text_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

clientbook_status clientbook_session_kept_for(clientbook_context* context,
                                              clientbook_handle session,
                                              const clientbook_id* customer, clientbook_bytes* out,
                                              clientbook_error* error) {
  return with_session(context, session, error, given(customer, out),
                      [&](opened_session& in) -> result<void> {
                        const auto kept = in.session.kept_for(id_of(customer));
                        if (!kept) return kept.error();
                        return hand_out_text(keeping_to_json(*kept, in.session.fields()), out);
                      });
}

clientbook_status clientbook_session_due(clientbook_context* context, clientbook_handle session,
                                         clientbook_bytes* out, clientbook_error* error) {
  return with_session(context, session, error, given(out), [&](opened_session& in) -> result<void> {
    const auto due = in.session.due();
    if (!due) return due.error();
    return hand_out_text(due_to_json(*due, in.session.fields()), out);
  });
}

clientbook_status clientbook_session_remembered(clientbook_context* context,
                                                clientbook_handle session, uint32_t form,
                                                const uint8_t* record, size_t record_size,
                                                clientbook_bytes* out, clientbook_error* error) {
  return with_session(context, session, error, given(record, out),
                      [&](opened_session& in) -> result<void> {
                        const auto who = record_of(form, record, record_size, in);
                        if (!who) return who.error();
                        const auto known = in.session.remembered(who->fields());
                        if (!known) return known.error();
                        return hand_out_text(refusals_to_json(*known, in.session.fields()), out);
                      });
}

clientbook_status clientbook_session_remember_unsubscribed(clientbook_context* context,
                                                           clientbook_handle session, uint32_t form,
                                                           const uint8_t* record,
                                                           size_t record_size, int64_t when,
                                                           clientbook_error* error) {
  return with_session(
      context, session, error, given(record), [&](opened_session& in) -> result<void> {
        const auto who = record_of(form, record, record_size, in);
        if (!who) return who.error();
        const auto until = in.session.remember_unsubscribed(who->fields(), timestamp{when});
        if (!until) return until.error();
        return {};
      });
}

clientbook_status clientbook_session_remember_no(clientbook_context* context,
                                                 clientbook_handle session, uint32_t form,
                                                 const uint8_t* record, size_t record_size,
                                                 const char* decided, size_t decided_size,
                                                 clientbook_error* error) {
  return with_session(
      context, session, error, given(record, decided), [&](opened_session& in) -> result<void> {
        in.where.clear();
        const auto who = record_of(form, record, record_size, in);
        if (!who) return who.error();
        const auto read = directive_from_json(text(decided, decided_size), in.session, in.where);
        if (!read) return read.error();
        const auto until = in.session.remember_no(who->fields(), *read);
        if (!until) return until.error();
        return {};
      });
}

clientbook_status clientbook_session_forget_remembered(clientbook_context* context,
                                                       clientbook_handle session, uint32_t form,
                                                       const uint8_t* record, size_t record_size,
                                                       uint32_t kind, uint32_t* out,
                                                       clientbook_error* error) {
  return with_session(
      context, session, error, given(record, out), [&](opened_session& in) -> result<void> {
        if (kind > 2) return clientbook::error{errc::invalid_argument, "no such kind of refusal"};
        const auto who = record_of(form, record, record_size, in);
        if (!who) return who.error();
        const auto gone = in.session.forget_remembered(
            who->fields(), kind == 0 ? std::optional<refusal_kind>()
                                     : std::optional(static_cast<refusal_kind>(kind)));
        if (!gone) return gone.error();
        *out = *gone;
        return {};
      });
}

clientbook_status clientbook_session_refusal_periods(clientbook_context* context,
                                                     clientbook_handle session,
                                                     clientbook_bytes* out,
                                                     clientbook_error* error) {
  return with_session(context, session, error, given(out), [&](opened_session& in) -> result<void> {
    const auto periods = in.session.refusal_periods();
    if (!periods) return periods.error();
    return hand_out_text(refusal_periods_to_json(*periods), out);
  });
}

clientbook_status clientbook_session_drop_refusals(clientbook_context* context,
                                                   clientbook_handle session, uint32_t period,
                                                   uint64_t* out, clientbook_error* error) {
  return with_session(context, session, error, given(out), [&](opened_session& in) -> result<void> {
    const auto gone = in.session.drop_refusals(period);
    if (!gone) return gone.error();
    *out = *gone;
    return {};
  });
}
