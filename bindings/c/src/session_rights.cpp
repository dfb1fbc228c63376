// Sessions: what a customer who asks is given, and the evidence that it can be checked by.
#include <clientbook/rights/answer_hash_list.hpp>
#include <clientbook/rights/breach_report.hpp>
#include <clientbook/rights/customer_page.hpp>
#include <clientbook/rights/epoch_text.hpp>
#include <clientbook/rights/evidence_text.hpp>
#include <clientbook/rights/recipients_json.hpp>
#include <clientbook/rights/request_json.hpp>
#include <clientbook/rights/request_mail.hpp>

#include <cstdint>

#include "handles.hpp"
#include "session_text.hpp"
#include "text_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

clientbook_status clientbook_session_evidence(clientbook_context* context,
                                              clientbook_handle session,
                                              const clientbook_id* customer, clientbook_bytes* out,
                                              clientbook_error* error) {
  return text_of_session(context, session, error, out, given(customer),
                         [&](opened_session& in) -> result<wiped_text> {
                           const auto all = in.session.evidence(id_of(customer));
                           if (!all) return all.error();
                           return evidence_to_text(*all);
                         });
}

clientbook_status clientbook_check_evidence(const char* evidence, size_t evidence_size,
                                            const char* log_identity, size_t log_identity_size,
                                            clientbook_bytes* out, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(evidence, log_identity, out)) return null_argument;
    if (auto ready = crypto::init(); !ready) return ready;
    const auto log = ledger::parse_log_identity(text(log_identity, log_identity_size));
    if (!log) return log.error();
    const auto proved = check_evidence(text(evidence, evidence_size), *log);
    if (!proved) return proved.error();
    return hand_out_text(proved_evidence_to_json(*proved), out);
  });
}

clientbook_status clientbook_session_end_epoch(clientbook_context* context,
                                               clientbook_handle session, clientbook_bytes* out,
                                               clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           const auto log = in.session.log_identity();
                           if (!log) return log.error();
                           const auto next = in.session.end_epoch();
                           if (!next) return next.error();
                           return epoch_to_json(*next, *log);
                         });
}

clientbook_status clientbook_session_seals(clientbook_context* context, clientbook_handle session,
                                           clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<wiped_text> {
                           const auto all = in.session.seals();
                           if (!all) return all.error();
                           return seals_to_text(*all);
                         });
}

clientbook_status clientbook_check_seals(const char* seals, size_t seals_size,
                                         const char* log_identity, size_t log_identity_size,
                                         const char* known, size_t known_size,
                                         clientbook_bytes* out, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(seals, log_identity, out)) return null_argument;
    if (auto ready = crypto::init(); !ready) return ready;
    const auto log = ledger::parse_log_identity(text(log_identity, log_identity_size));
    if (!log) return log.error();
    const auto proved = check_seals(text(seals, seals_size), *log, text(known, known_size));
    if (!proved) return proved.error();
    return hand_out_text(proved_epochs_to_json(*proved, *log), out);
  });
}

clientbook_status clientbook_session_customer_page(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const clientbook_id* customer,
                                                   const char* request, size_t request_size,
                                                   uint64_t* ledger_index, clientbook_bytes* out,
                                                   clientbook_error* error) {
  return text_of_session(context, session, error, out, given(customer, request, ledger_index),
                         [&](opened_session& in) -> result<wiped_text> {
                           auto made = make_customer_page_json(
                               text(request, request_size), in.session, id_of(customer), in.where);
                           if (!made) return made.error();
                           *ledger_index = made->ledger_index.value_or(UINT64_MAX);
                           return std::move(made->html);
                         });
}

namespace {

date today_of(session& in) { return date_of(in.request(purpose_id()).now); }

}  // namespace

clientbook_status clientbook_session_open_request(clientbook_context* context,
                                                  clientbook_handle session,
                                                  const clientbook_id* customer, const char* what,
                                                  size_t what_size, uint32_t* number,
                                                  clientbook_error* error) {
  return with_session(context, session, error, given(customer, what, number),
                      [&](opened_session& in) -> result<void> {
                        in.where.clear();
                        const auto opened = open_request_json(text(what, what_size), in.session,
                                                              id_of(customer), in.where);
                        if (!opened) return opened.error();
                        *number = *opened;
                        return {};
                      });
}

clientbook_status clientbook_session_change_request(clientbook_context* context,
                                                    clientbook_handle session, uint32_t number,
                                                    const char* what, size_t what_size,
                                                    clientbook_error* error) {
  return with_session(
      context, session, error, given(what), [&](opened_session& in) -> result<void> {
        in.where.clear();
        return change_request_json(text(what, what_size), in.session, number, in.where);
      });
}

clientbook_status clientbook_session_answer_request(clientbook_context* context,
                                                    clientbook_handle session, uint32_t number,
                                                    const char* how, size_t how_size,
                                                    clientbook_bytes* out,
                                                    clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(how), [&](opened_session& in) -> result<wiped_text> {
        return answer_request_json(text(how, how_size), in.session, number, in.where);
      });
}

clientbook_status clientbook_session_recipient_notice(clientbook_context* context,
                                                      clientbook_handle session, uint32_t number,
                                                      const char* who, size_t who_size,
                                                      clientbook_bytes* out,
                                                      clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(who), [&](opened_session& in) -> result<std::string> {
        return recipient_notice_json(text(who, who_size), in.session, number, in.where);
      });
}

clientbook_status clientbook_session_request_mail(clientbook_context* context,
                                                  clientbook_handle session, uint32_t number,
                                                  const char* how, size_t how_size,
                                                  clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(how), [&](opened_session& in) -> result<wiped_text> {
        return request_mail_json(text(how, how_size), in.session, number, in.where);
      });
}

clientbook_status clientbook_session_request(clientbook_context* context, clientbook_handle session,
                                             uint32_t number, clientbook_bytes* out,
                                             clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<wiped_text> {
                           const auto one = in.session.find_request(number);
                           if (!one) return one.error();
                           return request_to_json(*one, in.session.fields(), today_of(in.session));
                         });
}

clientbook_status clientbook_session_requests(clientbook_context* context,
                                              clientbook_handle session, clientbook_bytes* out,
                                              clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [](opened_session& in) -> result<wiped_text> {
                           const auto all = in.session.requests();
                           if (!all) return all.error();
                           return requests_to_json(*all, in.session.fields(), today_of(in.session));
                         });
}

clientbook_status clientbook_session_breach(clientbook_context* context, clientbook_handle session,
                                            const char* what, size_t what_size,
                                            clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, given(what),
                         [&](opened_session& in) -> result<wiped_text> {
                           return breach_report_json(text(what, what_size), in.session, in.where);
                         });
}

clientbook_status clientbook_session_answer_hash_lists(clientbook_context* context,
                                                       clientbook_handle session, const char* what,
                                                       size_t what_size, clientbook_bytes* out,
                                                       clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(what), [&](opened_session& in) -> result<wiped_text> {
        return answer_hash_lists_json(text(what, what_size), in.session, in.where);
      });
}

clientbook_status clientbook_session_expired(clientbook_context* context, clientbook_handle session,
                                             clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [](opened_session& in) -> result<wiped_text> {
                           const auto all = in.session.expired_disclosures();
                           if (!all) return all.error();
                           return expired_to_json(*all, in.session.fields());
                         });
}

clientbook_status clientbook_session_tell_expired(clientbook_context* context,
                                                  clientbook_handle session,
                                                  const clientbook_id* customer,
                                                  const char* recipient, size_t recipient_size,
                                                  uint32_t* disclosures, clientbook_error* error) {
  return with_session(context, session, error, given(customer, recipient, disclosures),
                      [&](opened_session& in) -> result<void> {
                        const auto told = in.session.tell_expired(id_of(customer),
                                                                  text(recipient, recipient_size));
                        if (!told) return told.error();
                        *disclosures = *told;
                        return {};
                      });
}

clientbook_status clientbook_session_report_onward(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const clientbook_id* customer, const char* what,
                                                   size_t what_size, uint64_t* ledger_index,
                                                   clientbook_error* error) {
  return with_session(context, session, error, given(customer, what, ledger_index),
                      [&](opened_session& in) -> result<void> {
                        const auto noted = report_onward_json(text(what, what_size), in.session,
                                                              id_of(customer), in.where);
                        if (!noted) return noted.error();
                        *ledger_index = *noted;
                        return {};
                      });
}
