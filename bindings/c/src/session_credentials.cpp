// Credentials: who proves one, and who has which.
#include <clientbook/open/credentials.hpp>
#include <clientbook/transfer/credentials_json.hpp>

#include "handles.hpp"
#include "secrets.hpp"
#include "text_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

namespace {

constexpr clientbook::error nothing_given{
    errc::invalid_argument, "a credential is a passphrase or a key file: one of them is needed"};

result<slot_secret> secret_in(const clientbook_credential* from) {
  const auto given = options(from);
  if (!given) return given.error();
  auto out = secret_of({given->passphrase, given->passphrase_size},
                       {given->identity_file, given->identity_file_size});
  if (!out) return out.error();
  if (!*out) return nothing_given;
  return std::move(**out);
}

}  // namespace

clientbook_status clientbook_session_begin_as(clientbook_context* context, clientbook_handle book,
                                              uint32_t actor_number, uint32_t role,
                                              const clientbook_credential* credential,
                                              clientbook_handle* out, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(context, credential, out)) return null_argument;
    const auto of = context->find<opened_book>(book);
    if (!of) return of.error();
    if (role < CLIENTBOOK_ROLE_ASSOCIATE || role > CLIENTBOOK_ROLE_MARKETING) {
      return clientbook::error{errc::invalid_argument, "no such role"};
    }
    const auto secret = secret_in(credential);
    if (!secret) return secret.error();
    auto begun = (*of)->book.begin_session(
        {.id = actor_id(actor_number), .role = static_cast<actor_role>(role)},
        credential_of(*secret));
    if (!begun) return begun.error();
    const auto handle = context->add(std::make_shared<opened_session>(std::move(*begun), *of));
    if (!handle) return handle.error();
    *out = *handle;
    return {};
  });
}

clientbook_status clientbook_session_enrol_credential(clientbook_context* context,
                                                      clientbook_handle session, const char* what,
                                                      size_t what_size,
                                                      const clientbook_credential* credential,
                                                      uint32_t* number, clientbook_error* error) {
  return with_session(context, session, error, given(what, credential, number),
                      [&](opened_session& in) -> result<void> {
                        in.where.clear();
                        const auto said = credential_from_json(text(what, what_size), in.where);
                        if (!said) return said.error();
                        const auto secret = secret_in(credential);
                        if (!secret) return secret.error();
                        const auto terms = in.session.terms_of_credentials();
                        if (!terms) return terms.error();
                        const auto key = new_credential_key(*secret, *terms);
                        if (!key) return key.error();
                        const auto done = in.session.enrol_credential({.whose = said->whose,
                                                                       .roles = said->roles,
                                                                       .name = said->name,
                                                                       .key = *key,
                                                                       .days = said->days});
                        if (!done) return done.error();
                        *number = *done;
                        return {};
                      });
}

clientbook_status clientbook_session_confirm_credential(clientbook_context* context,
                                                        clientbook_handle session, uint32_t number,
                                                        clientbook_error* error) {
  return with_session(context, session, error, true,
                      [&](opened_session& in) { return in.session.confirm_credential(number); });
}

clientbook_status clientbook_session_revoke_credential(clientbook_context* context,
                                                       clientbook_handle session, uint32_t number,
                                                       clientbook_error* error) {
  return with_session(context, session, error, true,
                      [&](opened_session& in) { return in.session.revoke_credential(number); });
}

clientbook_status clientbook_session_renew_credential(clientbook_context* context,
                                                      clientbook_handle session, uint32_t number,
                                                      uint32_t days, clientbook_error* error) {
  return with_session(context, session, error, true, [&](opened_session& in) {
    return in.session.renew_credential(number, days);
  });
}

clientbook_status clientbook_session_change_credential(clientbook_context* context,
                                                       clientbook_handle session,
                                                       const clientbook_credential* now,
                                                       const clientbook_credential* next,
                                                       clientbook_error* error) {
  return with_session(context, session, error, given(now, next),
                      [&](opened_session& in) -> result<void> {
                        const auto held = secret_in(now);
                        if (!held) return held.error();
                        const auto wanted = secret_in(next);
                        if (!wanted) return wanted.error();
                        const auto drawn = in.book->book.challenge(in.session.who());
                        if (!drawn) return drawn.error();
                        const auto key = new_credential_key(*wanted, drawn->terms);
                        if (!key) return key.error();
                        const auto proof = prove(*drawn, credential_of(*held));
                        if (!proof) return proof.error();
                        return in.session.change_credential(*proof, *key);
                      });
}

clientbook_status clientbook_session_credentials(clientbook_context* context,
                                                 clientbook_handle session, clientbook_bytes* out,
                                                 clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [](opened_session& in) -> result<std::string> {
                           const auto all = in.session.credentials();
                           if (!all) return all.error();
                           return credentials_to_json(*all);
                         });
}

clientbook_status clientbook_session_credentials_taken(clientbook_context* context,
                                                       clientbook_handle session,
                                                       clientbook_bytes* out,
                                                       clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [](opened_session& in) -> result<std::string> {
                           const auto what = in.session.credentials_taken();
                           if (!what) return what.error();
                           return credential_settings_to_json(*what);
                         });
}

clientbook_status clientbook_session_propose_credential_use(clientbook_context* context,
                                                            clientbook_handle session,
                                                            uint32_t wanted, uint32_t* number,
                                                            clientbook_error* error) {
  return with_session(
      context, session, error, given(number), [&](opened_session& in) -> result<void> {
        constexpr std::uint32_t highest = 2;
        if (wanted > highest) {
          return clientbook::error{errc::invalid_argument,
                                   "credentials are taken of nobody (0), second persons (1) or "
                                   "everybody (2)"};
        }
        const auto done = in.session.propose_credential_use(static_cast<credential_use>(wanted));
        if (!done) return done.error();
        *number = *done;
        return {};
      });
}

clientbook_status clientbook_session_approve_credential_use(clientbook_context* context,
                                                            clientbook_handle session,
                                                            uint32_t number, uint64_t* index,
                                                            clientbook_error* error) {
  return with_session(context, session, error, given(index),
                      [&](opened_session& in) -> result<void> {
                        const auto done = in.session.approve_credential_use(number);
                        if (!done) return done.error();
                        *index = done->ledger_index;
                        return {};
                      });
}
