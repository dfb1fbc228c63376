// The ledger as others see it: its files, its witnesses, checkpoints that somebody kept; and what
// is sealed to them.
#include <clientbook/crypto/age_file.hpp>
#include <clientbook/crypto/recipient.hpp>
#include <clientbook/rights/evidence_text.hpp>
#include <clientbook/rights/witness_json.hpp>

#include <string>

#include "handles.hpp"
#include "session_text.hpp"
#include "text_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

clientbook_status clientbook_session_ledger_file(clientbook_context* context,
                                                 clientbook_handle session, const char* path,
                                                 size_t path_size, clientbook_bytes* out,
                                                 clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(path), [&](opened_session& in) -> result<std::string> {
        const auto bytes = in.session.ledger_file(text(path, path_size));
        if (!bytes) return bytes.error();
        return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
      });
}

clientbook_status clientbook_session_goes_on_from(clientbook_context* context,
                                                  clientbook_handle session, const char* checkpoint,
                                                  size_t checkpoint_size, uint64_t* size,
                                                  clientbook_error* error) {
  return with_session(
      context, session, error, given(checkpoint, size), [&](opened_session& in) -> result<void> {
        const auto held = in.session.goes_on_from(text(checkpoint, checkpoint_size));
        if (!held) return held.error();
        *size = *held;
        return {};
      });
}

clientbook_status clientbook_session_witnesses(clientbook_context* context,
                                               clientbook_handle session, clientbook_bytes* out,
                                               clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) { return witnesses_to_json(in.session); });
}

clientbook_status clientbook_session_add_witness(clientbook_context* context,
                                                 clientbook_handle session, const char* key,
                                                 size_t key_size, clientbook_error* error) {
  return with_session(context, session, error, given(key), [&](opened_session& in) {
    return in.session.add_witness(text(key, key_size));
  });
}

clientbook_status clientbook_session_remove_witness(clientbook_context* context,
                                                    clientbook_handle session, const char* name,
                                                    size_t name_size, clientbook_error* error) {
  return with_session(context, session, error, given(name), [&](opened_session& in) {
    return in.session.remove_witness(text(name, name_size));
  });
}

clientbook_status clientbook_session_witness_request(clientbook_context* context,
                                                     clientbook_handle session, const char* name,
                                                     size_t name_size, clientbook_bytes* out,
                                                     clientbook_error* error) {
  return text_of_session(context, session, error, out, given(name), [&](opened_session& in) {
    return in.session.witness_request(text(name, name_size));
  });
}

clientbook_status clientbook_session_take_witness_answer(
    clientbook_context* context, clientbook_handle session, const char* name, size_t name_size,
    const char* answer, size_t answer_size, clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, given(name, answer),
                         [&](opened_session& in) {
                           return take_witness_answer_json(text(answer, answer_size), in.session,
                                                           text(name, name_size), in.where);
                         });
}

clientbook_status clientbook_seal(const char* key, size_t key_size, const uint8_t* plaintext,
                                  size_t plaintext_size, clientbook_bytes* out,
                                  clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(key, plaintext, out)) return null_argument;
    if (auto ready = crypto::init(); !ready) return ready;
    const auto to = crypto::read_recipient(text(key, key_size));
    if (!to) return to.error();
    std::string sealed(crypto::age_file_size(plaintext_size), '\0');
    crypto::system_random random;
    const auto done =
        crypto::seal_age_file(*to, {reinterpret_cast<const std::byte*>(plaintext), plaintext_size},
                              random, {reinterpret_cast<std::byte*>(sealed.data()), sealed.size()});
    if (!done) return done;
    hand_out(out, sealed);
    return {};
  });
}

clientbook_status clientbook_check_evidence_witnessed(const char* evidence, size_t evidence_size,
                                                      const char* log_identity,
                                                      size_t log_identity_size, const char* policy,
                                                      size_t policy_size, clientbook_bytes* out,
                                                      clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(evidence, log_identity, policy, out)) return null_argument;
    if (auto ready = crypto::init(); !ready) return ready;
    const auto log = ledger::parse_log_identity(text(log_identity, log_identity_size));
    if (!log) return log.error();
    const auto proved =
        check_evidence_json(text(evidence, evidence_size), *log, text(policy, policy_size));
    if (!proved) return proved.error();
    return hand_out_text(proved_evidence_to_json(*proved), out);
  });
}
