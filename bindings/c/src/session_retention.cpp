// Sessions: erasing many, and what goes at the end of its time.
#include <clientbook/transfer/retention_json.hpp>

#include "handles.hpp"
#include "session_text.hpp"
#include "text_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

clientbook_status clientbook_session_erase_many(clientbook_context* context,
                                                clientbook_handle session, const char* what,
                                                size_t what_size, clientbook_bytes* out,
                                                clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(what), [&](opened_session& in) -> result<std::string> {
        in.where.clear();
        const auto said = erasures_from_json(text(what, what_size), in.where);
        if (!said) return said.error();
        const auto done = in.session.erase(said->customers, said->reason, said->options);
        if (!done) return done.error();
        return erasures_to_json(said->customers, *done, said->options.mentions);
      });
}

clientbook_status clientbook_session_run_retention(clientbook_context* context,
                                                   clientbook_handle session, const char* how,
                                                   size_t how_size, clientbook_bytes* out,
                                                   clientbook_error* error) {
  return text_of_session(context, session, error, out, given(how),
                         [&](opened_session& in) -> result<std::string> {
                           in.where.clear();
                           const auto said = retention_run_from_json(text(how, how_size), in.where);
                           if (!said) return said.error();
                           const auto done = in.session.run_retention(*said);
                           if (!done) return done.error();
                           return retention_to_json(*done, in.session.fields());
                         });
}

clientbook_status clientbook_session_prune_ledger(clientbook_context* context,
                                                  clientbook_handle session, const char* how,
                                                  size_t how_size, clientbook_bytes* out,
                                                  clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(how), [&](opened_session& in) -> result<std::string> {
        in.where.clear();
        const auto said = prune_from_json(text(how, how_size), in.where);
        if (!said) return said.error();
        const auto done = in.session.prune_ledger(
            {.before = said->before, .published = said->published, .mode = said->mode});
        if (!done) return done.error();
        return pruning_to_json(*done);
      });
}

clientbook_status clientbook_session_pruned_of(clientbook_context* context,
                                               clientbook_handle session,
                                               const clientbook_id* customer, uint64_t* entries,
                                               clientbook_error* error) {
  return with_session(context, session, error, given(customer, entries),
                      [&](opened_session& in) -> result<void> {
                        const auto gone = in.session.pruned_of(id_of(customer));
                        if (!gone) return gone.error();
                        *entries = gone->entries;
                        return {};
                      });
}

clientbook_status clientbook_session_place_hold(clientbook_context* context,
                                                clientbook_handle session,
                                                const clientbook_id* customer, const char* what,
                                                size_t what_size, uint32_t* hold,
                                                clientbook_error* error) {
  return with_session(
      context, session, error, given(customer, what, hold),
      [&](opened_session& in) -> result<void> {
        in.where.clear();
        const auto said = hold_from_json(text(what, what_size), in.where);
        if (!said) return said.error();
        const auto number = in.session.place_hold(
            id_of(customer),
            {.reason = said->reason, .reference = said->reference, .until = said->until});
        if (!number) return number.error();
        *hold = *number;
        return {};
      });
}

clientbook_status clientbook_session_lift_hold(clientbook_context* context,
                                               clientbook_handle session,
                                               const clientbook_id* customer, uint32_t hold,
                                               clientbook_error* error) {
  return with_session(context, session, error, given(customer), [&](opened_session& in) {
    return in.session.lift_hold(id_of(customer), hold);
  });
}

clientbook_status clientbook_session_holds(clientbook_context* context, clientbook_handle session,
                                           clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           const auto all = in.session.holds();
                           if (!all) return all.error();
                           return holds_to_json(*all);
                         });
}

clientbook_status clientbook_session_retained(clientbook_context* context,
                                              clientbook_handle session, clientbook_bytes* out,
                                              clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           const auto all = in.session.retained();
                           if (!all) return all.error();
                           return retained_to_json(*all, in.session.fields());
                         });
}

clientbook_status clientbook_session_read_retained(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const clientbook_id* retained, uint8_t purpose,
                                                   clientbook_bytes* out, clientbook_error* error) {
  return with_session(
      context, session, error, given(retained, out), [&](opened_session& in) -> result<void> {
        const auto one = in.session.read_retained(id_of(retained), purpose_id(purpose));
        if (!one) return one.error();
        return hand_out_text(retained_to_json(*one, in.session), out);
      });
}
