// Sessions: consents told and foretold, passing on and its evidence, forgetting, the book itself.
#include <clientbook/transfer/age_proof_json.hpp>
#include <clientbook/transfer/book_json.hpp>
#include <clientbook/transfer/consent_effect.hpp>
#include <clientbook/transfer/consent_json.hpp>
#include <clientbook/transfer/export_customers.hpp>
#include <clientbook/transfer/import_customers.hpp>
#include <clientbook/transfer/merge_json.hpp>
#include <clientbook/transfer/view_json.hpp>

#include <algorithm>
#include <vector>

#include "handles.hpp"
#include "session_text.hpp"
#include "text_out.hpp"
#include "view_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

clientbook_status clientbook_session_where(clientbook_context* context, clientbook_handle session,
                                           clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> { return in.where; });
}

clientbook_status clientbook_session_directives(clientbook_context* context,
                                                clientbook_handle session,
                                                const clientbook_id* customer,
                                                clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, given(customer),
                         [&](opened_session& in) -> result<std::string> {
                           const auto said = in.session.directives(id_of(customer));
                           if (!said) return said.error();
                           return directives_to_json(*said, in.session);
                         });
}

clientbook_status clientbook_session_record_and_tell(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    const char* decided, size_t decided_size, clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, given(customer, decided),
                         [&](opened_session& in) -> result<std::string> {
                           in.where.clear();
                           const auto said = directive_from_json(text(decided, decided_size),
                                                                 in.session, in.where);
                           if (!said) return said.error();
                           const auto effect = in.session.record_and_tell(id_of(customer), *said);
                           if (!effect) return effect.error();
                           return effect_to_json(in.session, id_of(customer), *said, *effect);
                         });
}

clientbook_status clientbook_session_waiting(clientbook_context* context, clientbook_handle session,
                                             const clientbook_id* customer, clientbook_bytes* out,
                                             clientbook_error* error) {
  return text_of_session(context, session, error, out, given(customer),
                         [&](opened_session& in) -> result<std::string> {
                           const auto all = in.session.waiting(id_of(customer));
                           if (!all) return all.error();
                           return waiting_to_json(in.session, *all);
                         });
}

clientbook_status clientbook_session_confirm_consent(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    uint32_t sequence, const uint8_t* document, size_t document_size, const char* reference,
    size_t reference_size, clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(customer, document),
      [&](opened_session& in) -> result<std::string> {
        consent_evidence shown;
        const std::string_view where = text(reference, reference_size);
        if (!shown.reference.fits(where)) {
          return clientbook::error{errc::limit_exceeded, "a reference has at most 64 bytes"};
        }
        shown.reference = short_text<64>(where);
        if (document_size != 0) shown.hash = crypto::hash(bytes(document, document_size));
        const auto effect = in.session.confirm(id_of(customer), sequence, shown);
        if (!effect) return effect.error();
        return confirmed_to_json(in.session, id_of(customer), *effect);
      });
}

clientbook_status clientbook_session_ask_opt_in(clientbook_context* context,
                                                clientbook_handle session,
                                                const clientbook_id* customer, uint32_t sequence,
                                                clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, given(customer),
                         [&](opened_session& in) -> result<std::string> {
                           const auto token = in.session.ask_opt_in(id_of(customer), sequence);
                           if (!token) return token.error();
                           return opt_in_to_json(*token);
                         });
}

clientbook_status clientbook_session_bring_opt_in(clientbook_context* context,
                                                  clientbook_handle session, const char* token,
                                                  size_t token_size, uint32_t* sequence,
                                                  clientbook_error* error) {
  return with_session(context, session, error, given(token, sequence),
                      [&](opened_session& in) -> result<void> {
                        const auto done = in.session.bring_opt_in(text(token, token_size));
                        if (!done) return done.error();
                        *sequence = done->sequence;
                        return {};
                      });
}

clientbook_status clientbook_session_note_age_proof(clientbook_context* context,
                                                    clientbook_handle session,
                                                    const clientbook_id* customer,
                                                    const char* proof, size_t proof_size,
                                                    uint32_t* sequence, clientbook_error* error) {
  return with_session(context, session, error, given(customer, proof, sequence),
                      [&](opened_session& in) -> result<void> {
                        in.where.clear();
                        const auto seen = age_proof_from_json(text(proof, proof_size), in.where);
                        if (!seen) return seen.error();
                        const auto done = in.session.note_age_proof(id_of(customer), *seen);
                        if (!done) return done.error();
                        *sequence = done->sequence;
                        return {};
                      });
}

clientbook_status clientbook_session_confirm_age_proof(clientbook_context* context,
                                                       clientbook_handle session,
                                                       const clientbook_id* customer,
                                                       uint32_t sequence, const char* proof,
                                                       size_t proof_size, clientbook_bytes* out,
                                                       clientbook_error* error) {
  return text_of_session(context, session, error, out, given(customer, proof),
                         [&](opened_session& in) -> result<std::string> {
                           in.where.clear();
                           const auto seen = age_proof_from_json(text(proof, proof_size), in.where);
                           if (!seen) return seen.error();
                           const auto effect =
                               in.session.confirm_age_proof(id_of(customer), sequence, *seen);
                           if (!effect) return effect.error();
                           return confirmed_to_json(in.session, id_of(customer), *effect);
                         });
}

clientbook_status clientbook_session_age_proofs(clientbook_context* context,
                                                clientbook_handle session,
                                                const clientbook_id* customer,
                                                clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, given(customer),
                         [&](opened_session& in) -> result<std::string> {
                           const auto all = in.session.age_proofs(id_of(customer));
                           if (!all) return all.error();
                           return age_proofs_to_json(*all);
                         });
}

clientbook_status clientbook_session_consents_under(clientbook_context* context,
                                                    clientbook_handle session, uint32_t notice,
                                                    clientbook_bytes* out,
                                                    clientbook_error* error) {
  return text_of_session(
      context, session, error, out, true, [&](opened_session& in) -> result<std::string> {
        const auto rest = in.session.consents_under(notice_id(notice));
        if (!rest) return rest.error();
        return "{\"customers\":" + (rest->few ? "null" : std::to_string(rest->customers)) + "}";
      });
}

clientbook_status clientbook_session_import_consents(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    const char* said, size_t said_size, clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, given(customer, said),
                         [&](opened_session& in) -> result<std::string> {
                           in.where.clear();
                           return import_consents_json(text(said, said_size), in.session,
                                                       id_of(customer), in.where);
                         });
}

clientbook_status clientbook_session_import_noes(clientbook_context* context,
                                                 clientbook_handle session, const char* system,
                                                 size_t system_size, const char* value,
                                                 size_t value_size, const char* said,
                                                 size_t said_size, clientbook_bytes* out,
                                                 clientbook_error* error) {
  return text_of_session(context, session, error, out, given(system, value, said),
                         [&](opened_session& in) -> result<std::string> {
                           in.where.clear();
                           const external_id whose{.system = text(system, system_size),
                                                   .value = text(value, value_size)};
                           return import_noes_json(text(said, said_size), in.session, whose,
                                                   in.where);
                         });
}

clientbook_status clientbook_session_import_customers(clientbook_context* context,
                                                      clientbook_handle session,
                                                      const char* request, size_t request_size,
                                                      clientbook_bytes* out,
                                                      clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(request), [&](opened_session& in) -> result<std::string> {
        return import_customers_json(text(request, request_size), in.session, in.where);
      });
}

clientbook_status clientbook_session_export_customers(clientbook_context* context,
                                                      clientbook_handle session,
                                                      const char* request, size_t request_size,
                                                      const clientbook_sink* sink,
                                                      clientbook_bytes* out,
                                                      clientbook_error* error) {
  return text_of_session(context, session, error, out, given(request, sink),
                         [&](opened_session& in) -> result<std::string> {
                           const auto told = options(sink);
                           if (!told) return told.error();
                           if (told->write == nullptr) {
                             return clientbook::error{errc::invalid_argument,
                                                      "an export needs a function that writes"};
                           }
                           const export_sink to{
            .context = const_cast<clientbook_sink*>(&*told),
            .write =
                [](void* where, std::string_view file, std::string_view text) {
                  const auto& host = *static_cast<const clientbook_sink*>(where);
                  return std::min(text.size(), host.write(host.context, file.data(), file.size(),
                                                          text.data(), text.size()));
                },
            .finish = told->finish == nullptr ? nullptr
                                              : +[](void* where) {
                                                  const auto& host =
                                                      *static_cast<const clientbook_sink*>(where);
                                                  return host.finish(host.context) != 0;
                                                }};
                           return export_customers_json(text(request, request_size), in.session, to,
                                                        in.where);
                         });
}

clientbook_status clientbook_session_not_delivered(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const clientbook_id* customer,
                                                   uint64_t ledger_index, clientbook_error* error) {
  return with_session(context, session, error, given(customer),
                      [&](opened_session& in) -> result<void> {
                        const customer_entry one{id_of(customer), ledger_index};
                        return in.session.not_delivered(std::span(&one, 1));
                      });
}

clientbook_status clientbook_session_preview_grant(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const clientbook_id* customer, const char* grant,
                                                   size_t grant_size, clientbook_bytes* out,
                                                   clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(customer, grant),
      [&](opened_session& in) -> result<std::string> {
        in.where.clear();
        const auto said = directive_from_json(text(grant, grant_size), in.session, in.where);
        if (!said) return said.error();
        const auto notices = in.session.notices();
        if (!notices) return notices.error();
        for (const privacy_notice& one : *notices) {
          if (one.id != said->notice.id || one.version != said->notice.version) continue;
          const auto opens = in.session.preview_grant(id_of(customer), *said, one);
          if (!opens) return opens.error();
          return preview_to_json(*opens, in.session);
        }
        return clientbook::error{errc::unknown_notice, "a preview is of a grant under a notice"};
      });
}

clientbook_status clientbook_session_preview_notice(clientbook_context* context,
                                                    clientbook_handle session, const char* notice,
                                                    size_t notice_size, clientbook_bytes* out,
                                                    clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(notice), [&](opened_session& in) -> result<std::string> {
        in.where.clear();
        const auto read = notice_from_json(text(notice, notice_size), in.session, in.where);
        if (!read) return read.error();
        const auto opens = in.session.preview_notice(*read);
        if (!opens) return opens.error();
        return preview_to_json(*opens, in.session);
      });
}

clientbook_status clientbook_session_disclose(clientbook_context* context,
                                              clientbook_handle session,
                                              const clientbook_id* customer,
                                              const clientbook_request* request, uint32_t form,
                                              clientbook_bytes* out, uint64_t* ledger_index,
                                              clientbook_id* entry, clientbook_error* error) {
  return with_session(
      context, session, error, given(customer, request, out, ledger_index),
      [&](opened_session& in) -> result<void> {
        // Before anything leaves: what can go wrong with the answer goes wrong here.
        if (auto good = check_view_form(form); !good) return good;
        const auto as = request_of(request, in.session);
        if (!as) return as.error();
        const auto asked = options(request);
        const auto left =
            in.session.disclose(id_of(customer), {.purpose = as->purpose,
                                                  .recipient = as->recipient,
                                                  .country = as->country,
                                                  .fields = field_set::of_bits(asked->fields)});
        if (!left) return left.error();
        decision_request disclosing = *as;
        disclosing.operation = operation::disclose;
        if (auto done = hand_out_view(in.session, left->content,
                                      reasons_of(in.session, left->content, disclosing), form, out);
            !done) {
          return done;
        }
        *ledger_index = left->ledger_index;
        if (entry != nullptr) put_id(entry, left->entry);
        return {};
      });
}

clientbook_status clientbook_session_disclose_many(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const uint8_t* customers, size_t customers_size,
                                                   const clientbook_request* request,
                                                   clientbook_bytes* out, clientbook_error* error) {
  return with_session(
      context, session, error, given(customers, request, out),
      [&](opened_session& in) -> result<void> {
        const byte_view given_ids = bytes(customers, customers_size);
        constexpr std::size_t size = sizeof(clientbook_id::bytes);
        if (given_ids.size() % size != 0) {
          return clientbook::error{errc::invalid_argument, "ids of 16 bytes each"};
        }
        std::vector<customer_id> ids(given_ids.size() / size);
        for (std::size_t i = 0; i < ids.size(); ++i) {
          std::copy_n(given_ids.begin() + static_cast<std::ptrdiff_t>(i * size), size,
                      ids[i].bytes.begin());
        }
        const auto as = request_of(request, in.session);
        if (!as) return as.error();
        return hand_out_text(
            disclose_many_json(in.session, ids,
                               {.purpose = as->purpose,
                                .recipient = as->recipient,
                                .country = as->country,
                                .fields = field_set::of_bits(options(request)->fields)}),
            out);
      });
}

clientbook_status clientbook_session_ledger(clientbook_context* context, clientbook_handle session,
                                            const clientbook_id* customer, clientbook_bytes* out,
                                            clientbook_error* error) {
  return text_of_session(context, session, error, out, given(customer),
                         [&](opened_session& in) -> result<std::string> {
                           const auto entries = in.session.ledger(id_of(customer));
                           if (!entries) return entries.error();
                           return ledger_to_json(*entries, in.session.fields());
                         });
}

clientbook_status clientbook_session_prove(clientbook_context* context, clientbook_handle session,
                                           uint64_t index, clientbook_bytes* out,
                                           clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           auto proof = in.session.prove(index);
                           if (!proof) return proof.error();
                           return std::move(proof->text);
                         });
}

clientbook_status clientbook_session_checkpoint(clientbook_context* context,
                                                clientbook_handle session, clientbook_bytes* out,
                                                clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) { return in.session.checkpoint(); });
}

clientbook_status clientbook_session_log_identity(clientbook_context* context,
                                                  clientbook_handle session, clientbook_bytes* out,
                                                  clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) { return in.session.log_identity(); });
}

clientbook_status clientbook_check_proof(const char* proof, size_t proof_size,
                                         const char* log_identity, size_t log_identity_size,
                                         clientbook_bytes* out, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(proof, log_identity, out)) return null_argument;
    if (auto ready = crypto::init(); !ready) return ready;
    const auto log = ledger::parse_log_identity(text(log_identity, log_identity_size));
    if (!log) return log.error();
    std::vector<std::byte> room(std::size_t{1} << 16);  // the largest entry of a proof
    const auto proved = ledger::verify_log_proof(text(proof, proof_size), *log, room);
    if (!proved) return proved.error();
    return hand_out_text(proved_entry_to_json(*proved), out);
  });
}

clientbook_status clientbook_session_mentions(clientbook_context* context,
                                              clientbook_handle session,
                                              const clientbook_id* customer, uint8_t purpose,
                                              uint32_t replace, clientbook_bytes* out,
                                              clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(customer),
      [&](opened_session& in) -> result<std::string> {
        const auto told = replace == 0
                              ? in.session.mentions(id_of(customer), purpose_id(purpose))
                              : in.session.redact_mentions(id_of(customer), purpose_id(purpose));
        if (!told) return told.error();
        return mentions_to_json(*told);
      });
}

clientbook_status clientbook_session_erase(clientbook_context* context, clientbook_handle session,
                                           const clientbook_id* customer, uint32_t reason,
                                           uint32_t mentions, uint32_t remembered_months,
                                           clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(customer),
      [&](opened_session& in) -> result<std::string> {
        if (reason < CLIENTBOOK_ERASE_SUBJECT_REQUEST || reason > CLIENTBOOK_ERASE_OTHER ||
            mentions > CLIENTBOOK_MENTIONS_REPLACED) {
          return clientbook::error{errc::invalid_argument, "no such reason or way with mentions"};
        }
        if (remembered_months > 255) {
          return clientbook::error{errc::invalid_argument, "remembered for 255 months at most"};
        }
        const auto done =
            in.session.erase(id_of(customer), static_cast<erasure_reason>(reason),
                             {.mentions = static_cast<mentions_at_erasure>(mentions),
                              .remembered_months = static_cast<std::uint8_t>(remembered_months)});
        if (!done) return done.error();
        return erasure_to_json(done->receipt,
                               mentions == CLIENTBOOK_MENTIONS_IGNORED ? nullptr : &done->mentions);
      });
}

clientbook_status clientbook_session_figures(clientbook_context* context, clientbook_handle session,
                                             clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           const auto figures = in.session.figures();
                           if (!figures) return figures.error();
                           return figures_to_json(*figures);
                         });
}

clientbook_status clientbook_session_profile(clientbook_context* context, clientbook_handle session,
                                             clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           return profile_facts_to_json(*in.session.profile());
                         });
}

clientbook_status clientbook_session_profiles(clientbook_context* context,
                                              clientbook_handle session, clientbook_bytes* out,
                                              clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           std::string all = "[";
                           for (const auto& one : in.session.profiles()) {
                             const auto facts = profile_facts_to_json(*one);
                             if (!facts) return facts.error();
                             all.append(all.size() == 1 ? "" : ",").append(*facts);
                           }
                           return all + "]";
                         });
}

clientbook_status clientbook_session_fields(clientbook_context* context, clientbook_handle session,
                                            clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           return schema_to_json(in.session.fields());
                         });
}

clientbook_status clientbook_session_recipients(clientbook_context* context,
                                                clientbook_handle session, clientbook_bytes* out,
                                                clientbook_error* error) {
  return text_of_session(
      context, session, error, out, true,
      [&](opened_session& in) -> result<std::string> { return registry_to_json(in.session); });
}

clientbook_status clientbook_session_notices(clientbook_context* context, clientbook_handle session,
                                             clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           const auto notices = in.session.notices();
                           if (!notices) return notices.error();
                           return notices_to_json(*notices, in.session);
                         });
}

clientbook_status clientbook_session_add_recipient(clientbook_context* context,
                                                   clientbook_handle session, const char* party,
                                                   size_t party_size, uint8_t* number,
                                                   clientbook_error* error) {
  return with_session(context, session, error, given(party, number),
                      [&](opened_session& in) -> result<void> {
                        in.where.clear();
                        const auto read = party_from_json(text(party, party_size), in.where);
                        if (!read) return read.error();
                        const auto added = in.session.add_recipient(*read);
                        if (!added) return added.error();
                        *number = added->value;
                        return {};
                      });
}

clientbook_status clientbook_session_edit_recipient(clientbook_context* context,
                                                    clientbook_handle session, uint8_t number,
                                                    const char* party, size_t party_size,
                                                    clientbook_error* error) {
  return with_session(context, session, error, given(party),
                      [&](opened_session& in) -> result<void> {
                        in.where.clear();
                        auto read = party_from_json(text(party, party_size), in.where);
                        if (!read) return read.error();
                        read->id = recipient_id(number);
                        return in.session.edit_recipient(*read);
                      });
}

clientbook_status clientbook_session_set_recipient_contact(clientbook_context* context,
                                                           clientbook_handle session,
                                                           uint8_t number, const char* what,
                                                           size_t what_size,
                                                           clientbook_error* error) {
  return with_session(context, session, error, given(what),
                      [&](opened_session& in) -> result<void> {
                        in.where.clear();
                        auto read = recipient_contact_from_json(text(what, what_size), in.where);
                        if (!read) return read.error();
                        read->party = recipient_id(number);
                        return in.session.set_recipient_contact(*read);
                      });
}

clientbook_status clientbook_session_retire_recipient(clientbook_context* context,
                                                      clientbook_handle session, uint8_t number,
                                                      clientbook_error* error) {
  return with_session(context, session, error, true, [&](opened_session& in) -> result<void> {
    return in.session.retire_recipient(recipient_id(number));
  });
}

clientbook_status clientbook_session_add_built_in_fields(clientbook_context* context,
                                                         clientbook_handle session, uint64_t* added,
                                                         clientbook_error* error) {
  return with_session(context, session, error, given(added),
                      [&](opened_session& in) -> result<void> {
                        const auto done = in.session.add_built_in_fields();
                        if (!done) return done.error();
                        *added = done->bits();
                        return {};
                      });
}

clientbook_status clientbook_session_compile_consents(clientbook_context* context,
                                                      clientbook_handle session, uint32_t most,
                                                      uint64_t* left, clientbook_error* error) {
  return with_session(context, session, error, given(left),
                      [&](opened_session& in) -> result<void> {
                        const auto done = in.session.compile_consents(most);
                        if (!done) return done.error();
                        *left = done->left;
                        return {};
                      });
}

clientbook_status clientbook_session_add_notice(clientbook_context* context,
                                                clientbook_handle session, const char* notice,
                                                size_t notice_size, uint32_t* number,
                                                clientbook_error* error) {
  return with_session(
      context, session, error, given(notice, number), [&](opened_session& in) -> result<void> {
        in.where.clear();
        const auto read = notice_from_json(text(notice, notice_size), in.session, in.where);
        if (!read) return read.error();
        const auto added = in.session.add_notice(*read);
        if (!added) return added.error();
        *number = added->id.value;
        return {};
      });
}

clientbook_status clientbook_session_add_notice_and_tell(clientbook_context* context,
                                                         clientbook_handle session,
                                                         const char* notice, size_t notice_size,
                                                         clientbook_bytes* out,
                                                         clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(notice), [&](opened_session& in) -> result<std::string> {
        in.where.clear();
        const auto read = notice_from_json(text(notice, notice_size), in.session, in.where);
        if (!read) return read.error();
        const auto added = in.session.add_notice(*read);
        if (!added) return added.error();
        const auto all = notices_to_json(std::span(&*added, 1), in.session);
        if (!all) return all.error();
        return all->substr(1, all->size() - 2);  // the only one of the array
      });
}

clientbook_status clientbook_session_withdraw_notice(clientbook_context* context,
                                                     clientbook_handle session, uint32_t notice,
                                                     clientbook_bytes* out,
                                                     clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           const auto end = in.session.withdraw_notice(notice_id(notice));
                           if (!end) return end.error();
                           const auto all = notices_to_json(std::span(&*end, 1), in.session);
                           if (!all) return all.error();
                           return all->substr(1, all->size() - 2);  // the only one of the array
                         });
}

clientbook_status clientbook_session_verify(clientbook_context* context, clientbook_handle session,
                                            const clientbook_progress* progress,
                                            clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           const auto told = options(progress);
                           if (!told) return told.error();
                           const auto tell = [&](std::uint64_t done) {
                             if (told->done != nullptr) told->done(told->context, done);
                           };
                           const auto found = in.session.verify(tell);
                           if (!found) return found.error();
                           return verification_to_json(*found);
                         });
}
