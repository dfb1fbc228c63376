// Sessions: laws and fields of a book, tables, tokens, what of an older copy still opens.
#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/consent/profile.hpp>
#include <clientbook/redaction/pseudonym_token.hpp>
#include <clientbook/transfer/consent_export_json.hpp>
#include <clientbook/transfer/policy_json.hpp>
#include <clientbook/transfer/schema_json.hpp>
#include <clientbook/transfer/tabulation_json.hpp>

#include <string>

#include "handles.hpp"
#include "session_text.hpp"
#include "text_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

namespace {

result<policy_kind> kind_of(std::uint32_t number) {
  if (number < CLIENTBOOK_POLICY_PROFILE || number > CLIENTBOOK_POLICY_ADD_PROFILE) {
    return error{errc::invalid_argument, "not a kind of proposal"};
  }
  return static_cast<policy_kind>(number);
}

result<policy_kind> kind_of_profile(std::uint32_t number) {
  const auto kind = kind_of(number);
  if (!kind || *kind == policy_kind::profile || *kind == policy_kind::add_profile) return kind;
  return error{errc::invalid_argument, "a profile is followed, or added"};
}

std::string hex_of(const customer_id& id) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const auto one : id.bytes) {
    const auto byte = static_cast<unsigned>(one);
    out.append({digits[byte >> 4U], digits[byte & 15U]});
  }
  return out;
}

std::string carving_json(const carving& found) {
  std::string out = "{\"records\":" + std::to_string(found.records) +
                    ",\"opened\":" + std::to_string(found.opened) +
                    ",\"index_buckets\":" + std::to_string(found.index_buckets) +
                    ",\"index_opened\":" + std::to_string(found.index_opened) +
                    ",\"tree_opens\":" + (found.tree_opens ? "true" : "false") + ",\"unopened\":[";
  for (const customer_id& one : found.unopened) {
    out += (out.back() == '[' ? "\"" : ",\"") + hex_of(one) + "\"";
  }
  return out + "]}";
}

}  // namespace

clientbook_status clientbook_session_policy(clientbook_context* context, clientbook_handle session,
                                            clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [](opened_session& in) { return policy_to_json(in.session); });
}

clientbook_status clientbook_session_propose_policy(clientbook_context* context,
                                                    clientbook_handle session, uint32_t kind,
                                                    const uint8_t* content, size_t content_size,
                                                    uint32_t* number, clientbook_error* error) {
  return with_session(
      context, session, error, given(content, number), [&](opened_session& in) -> result<void> {
        const auto what = kind_of(kind);
        if (!what) return what.error();
        const auto done = in.session.propose_policy(*what, bytes(content, content_size));
        if (!done) return done.error();
        *number = *done;
        return {};
      });
}

clientbook_status clientbook_session_propose_profile(clientbook_context* context,
                                                     clientbook_handle session, uint32_t kind,
                                                     const char* name, size_t name_size,
                                                     uint32_t* number, clientbook_error* error) {
  return with_session(context, session, error, given(name, number),
                      [&](opened_session& in) -> result<void> {
                        const auto how = kind_of_profile(kind);
                        if (!how) return how.error();
                        const auto law = find_profile(text(name, name_size));
                        if (!law) return law.error();
                        const auto done = in.session.propose_profile(*how, (*law)->id);
                        if (!done) return done.error();
                        *number = *done;
                        return {};
                      });
}

clientbook_status clientbook_session_effect_of(clientbook_context* context,
                                               clientbook_handle session, uint32_t kind,
                                               const uint8_t* profile, size_t profile_size,
                                               clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(profile), [&](opened_session& in) -> result<std::string> {
        const auto how = kind_of_profile(kind);
        if (!how) return how.error();
        const auto effect = in.session.effect_of(bytes(profile, profile_size), *how);
        if (!effect) return effect.error();
        return effect_to_json(in.session, *effect);
      });
}

clientbook_status clientbook_session_approve_policy(clientbook_context* context,
                                                    clientbook_handle session, uint32_t number,
                                                    uint64_t* index, clientbook_error* error) {
  return with_session(context, session, error, given(index),
                      [&](opened_session& in) -> result<void> {
                        const auto done = in.session.approve_policy(number);
                        if (!done) return done.error();
                        *index = done->ledger_index;
                        return {};
                      });
}

clientbook_status clientbook_session_add_fields(clientbook_context* context,
                                                clientbook_handle session, const char* fields,
                                                size_t fields_size, clientbook_error* error) {
  return with_session(
      context, session, error, given(fields), [&](opened_session& in) -> result<void> {
        const auto next = with_fields(text(fields, fields_size), in.session.fields(), in.where);
        if (!next) return next.error();
        return in.session.extend_schema(*next);
      });
}

clientbook_status clientbook_session_tabulate(clientbook_context* context,
                                              clientbook_handle session, const char* request,
                                              size_t request_size, clientbook_bytes* out,
                                              clientbook_error* error) {
  return text_of_session(context, session, error, out, given(request), [&](opened_session& in) {
    return tabulate_json(text(request, request_size), in.session, in.where);
  });
}

clientbook_status clientbook_session_export_consent(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    const char* request, size_t request_size, clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, given(customer, request),
                         [&](opened_session& in) {
                           return export_consent_json(text(request, request_size), in.session,
                                                      id_of(customer), in.where);
                         });
}

clientbook_status clientbook_session_carve(clientbook_context* context, clientbook_handle session,
                                           const char* copy, size_t copy_size,
                                           clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(copy), [&](opened_session& in) -> result<std::string> {
        const auto other =
            open_lmdb_backend(text(copy, copy_size), {.mode = lmdb_options::access::read_only});
        if (!other) return other.error();
        const auto found = in.session.carve(**other);
        if (!found) return found.error();
        return carving_json(*found);
      });
}

// --- tokens ---------------------------------------------------------------------------------

clientbook_status clientbook_reversal_key(const uint8_t* secret, size_t secret_size,
                                          clientbook_bytes* out, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(secret, out)) return null_argument;
    if (auto ready = crypto::init(); !ready) return ready;
    const auto key = reversal_key::from(bytes(secret, secret_size));
    if (!key) return key.error();
    hand_out(out, as_text(byte_view(key->public_key().bytes)));
    return {};
  });
}

clientbook_status clientbook_session_set_token_reversal(clientbook_context* context,
                                                        clientbook_handle session,
                                                        const uint8_t* key, size_t key_size,
                                                        clientbook_error* error) {
  return with_session(context, session, error, given(key), [&](opened_session& in) -> result<void> {
    crypto::box_public_key to;
    if (key_size != to.bytes.size()) {
      return clientbook::error{errc::invalid_argument, "a public key has 32 bytes",
                               to.bytes.size()};
    }
    copy_bytes(byte_span(to.bytes), bytes(key, key_size));
    in.session.set_token_reversal(to);
    return {};
  });
}

clientbook_status clientbook_session_reverse_token(clientbook_context* context,
                                                   clientbook_handle session, const char* token,
                                                   size_t token_size, uint8_t field,
                                                   uint8_t purpose, const uint8_t* secret,
                                                   size_t secret_size, clientbook_bytes* out,
                                                   clientbook_error* error) {
  return with_session(context, session, error, given(token, secret, out),
                      [&](opened_session& in) -> result<void> {
                        if (field >= max_fields) return not_a_field;
                        const auto key = reversal_key::from(bytes(secret, secret_size));
                        if (!key) return key.error();
                        const auto value = in.session.reverse_token(
                            text(token, token_size), field_id(field), purpose_id(purpose), *key);
                        if (!value) return value.error();
                        hand_out(out, as_text(*value));
                        return {};
                      });
}
