// Sessions: requests and the ledger in forms that others read.
#include <clientbook/rights/foreign_forms.hpp>

#include <cstdint>

#include "handles.hpp"
#include "session_text.hpp"
#include "text_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

clientbook_status clientbook_session_drp_status(clientbook_context* context,
                                                clientbook_handle session, uint32_t number,
                                                const char* how, size_t how_size,
                                                clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, given(how), [&](opened_session& in) {
    return drp_status_json(text(how, how_size), in.session, number, in.where);
  });
}

clientbook_status clientbook_session_deletion_request(clientbook_context* context,
                                                      clientbook_handle session, uint32_t number,
                                                      const char* what, size_t what_size,
                                                      clientbook_bytes* out,
                                                      clientbook_error* error) {
  return text_of_session(context, session, error, out, given(what), [&](opened_session& in) {
    return deletion_request_jwt(text(what, what_size), in.session, number, in.where);
  });
}

clientbook_status clientbook_session_deletion_resource(clientbook_context* context,
                                                       clientbook_handle session, const char* what,
                                                       size_t what_size, clientbook_bytes* out,
                                                       clientbook_error* error) {
  return text_of_session(context, session, error, out, given(what), [&](opened_session& in) {
    return deletion_resource_json(text(what, what_size), in.session, in.where);
  });
}

clientbook_status clientbook_deletion_answer(const char* answer, size_t answer_size,
                                             const char* request, size_t request_size,
                                             const uint8_t* key, size_t key_size,
                                             clientbook_bytes* out, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(answer, request, key, out)) return null_argument;
    if (auto ready = crypto::init(); !ready) return ready;
    crypto::verifying_key partner;
    if (key_size != partner.size()) {
      return clientbook::error{errc::invalid_argument, "a partner's key has 32 bytes"};
    }
    copy_bytes(partner, {reinterpret_cast<const std::byte*>(key), key_size});
    return hand_out_text(
        deletion_answer_json(text(answer, answer_size), text(request, request_size), partner), out);
  });
}

clientbook_status clientbook_session_ledger_fhir(clientbook_context* context,
                                                 clientbook_handle session,
                                                 const clientbook_id* customer,
                                                 clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, given(customer), [&](opened_session& in) {
    return ledger_to_fhir(in.session, id_of(customer));
  });
}
