// Sessions: transactions, keeping, what the customer decides.
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/transfer/consent_json.hpp>
#include <clientbook/transfer/edit_customer.hpp>
#include <clientbook/transfer/merge_json.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "handles.hpp"
#include "purposes_in.hpp"
#include "record_in.hpp"
#include "session_text.hpp"
#include "text_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

namespace {

result<wiped_bytes> item_of(std::uint32_t form, const std::uint8_t* item, std::size_t size,
                            field_type type, opened_session& in) {
  if (form == CLIENTBOOK_JSON) {
    in.where.clear();
    return value_from_json(type, as_text(bytes(item, size)), &in.where);
  }
  if (form != CLIENTBOOK_CBOR) return not_a_form;
  const byte_view given = bytes(item, size);
  return wiped_bytes(given.begin(), given.end());
}

result<std::vector<directive>> said(const char* directives, std::size_t size, opened_session& in) {
  if (directives == nullptr) return std::vector<directive>();
  in.where.clear();
  return directives_from_json(text(directives, size), in.session, in.where);
}

result<date> day_of(std::uint32_t digits) {
  const date day{static_cast<std::int16_t>(digits / 10000 % 10000),
                 static_cast<std::uint8_t>(digits / 100 % 100),
                 static_cast<std::uint8_t>(digits % 100)};
  if (digits > 99991231 || !exists(day)) {
    return clientbook::error{errc::invalid_value, "a day is YYYYMMDD, and one of the calendar"};
  }
  return day;
}

}  // namespace

clientbook_status clientbook_session_begin(clientbook_context* context, clientbook_handle book,
                                           uint32_t actor_number, uint32_t role,
                                           clientbook_handle* out, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(context, out)) return null_argument;
    const auto of = context->find<opened_book>(book);
    if (!of) return of.error();
    if (role < CLIENTBOOK_ROLE_ASSOCIATE || role > CLIENTBOOK_ROLE_MARKETING) {
      return clientbook::error{errc::invalid_argument, "no such role"};
    }
    auto begun = (*of)->book.begin_session(
        {.id = actor_id(actor_number), .role = static_cast<actor_role>(role)});
    if (!begun) return begun.error();
    const auto handle = context->add(std::make_shared<opened_session>(std::move(*begun), *of));
    if (!handle) return handle.error();
    *out = *handle;
    return {};
  });
}

clientbook_status clientbook_session_begin_transaction(clientbook_context* context,
                                                       clientbook_handle session,
                                                       clientbook_error* error) {
  return with_session(context, session, error, true, [&](opened_session& in) -> result<void> {
    if (auto begun = in.session.begin(); !begun) return begun;
    in.transaction_of = std::this_thread::get_id();
    return {};
  });
}

clientbook_status clientbook_session_commit(clientbook_context* context, clientbook_handle session,
                                            clientbook_error* error) {
  return with_session(context, session, error, true, [&](opened_session& in) -> result<void> {
    const auto done = in.session.commit();
    // Whether it went well or not, nothing of it is under way any more, but for one that is broken
    // and waits for the rollback.
    if (done) in.transaction_of = {};
    return done;
  });
}

clientbook_status clientbook_session_rollback(clientbook_context* context,
                                              clientbook_handle session, clientbook_error* error) {
  return with_session(context, session, error, true, [&](opened_session& in) -> result<void> {
    in.session.rollback();
    in.transaction_of = {};
    return {};
  });
}

clientbook_status clientbook_session_put(clientbook_context* context, clientbook_handle session,
                                         uint32_t form, const uint8_t* record, size_t record_size,
                                         const uint8_t* purposes, size_t purposes_size,
                                         const char* directives, size_t directives_size,
                                         uint64_t* left_out, clientbook_id* out,
                                         clientbook_error* error) {
  return with_session(
      context, session, error, given(record, out), [&](opened_session& in) -> result<void> {
        const auto customer = record_of(form, record, record_size, in);
        if (!customer) return customer.error();
        const auto decided = said(directives, directives_size, in);
        if (!decided) return decided.error();
        const auto kept_for = purposes_of(purposes, purposes_size);
        if (!kept_for) return kept_for.error();
        const auto put = in.session.put(
            *customer, {.purposes = *kept_for,
                        .directives = *decided,
                        .without_basis = left_out == nullptr ? when_without_basis::refuse
                                                             : when_without_basis::leave_out});
        if (!put) return put.error();
        put_id(out, put->id);
        if (left_out != nullptr) *left_out = put->left_out.bits();
        return {};
      });
}

clientbook_status clientbook_session_may_collect(clientbook_context* context,
                                                 clientbook_handle session, const uint8_t* purposes,
                                                 size_t purposes_size, const char* directives,
                                                 size_t directives_size, uint64_t* out,
                                                 clientbook_error* error) {
  return clientbook_session_may_collect_born(context, session, 0, purposes, purposes_size,
                                             directives, directives_size, out, error);
}

clientbook_status clientbook_session_may_collect_born(clientbook_context* context,
                                                      clientbook_handle session, uint32_t born,
                                                      const uint8_t* purposes, size_t purposes_size,
                                                      const char* directives,
                                                      size_t directives_size, uint64_t* out,
                                                      clientbook_error* error) {
  return with_session(context, session, error, given(out), [&](opened_session& in) -> result<void> {
    std::optional<date> day;
    if (born != 0) {
      const auto read = day_of(born);
      if (!read) return read.error();
      day = *read;
    }
    const auto decided = said(directives, directives_size, in);
    if (!decided) return decided.error();
    const auto kept_for = purposes_of(purposes, purposes_size);
    if (!kept_for) return kept_for.error();
    const auto permitted =
        in.session.may_collect({.purposes = *kept_for, .directives = *decided}, day);
    if (!permitted) return permitted.error();
    *out = permitted->bits();
    return {};
  });
}

clientbook_status clientbook_session_purposes(clientbook_context* context,
                                              clientbook_handle session, clientbook_bytes* out,
                                              clientbook_error* error) {
  return with_session(context, session, error, given(out), [&](opened_session& in) -> result<void> {
    std::string numbers;
    in.session.purposes().for_each(
        [&](purpose_id one) { numbers.push_back(static_cast<char>(one.value)); });
    hand_out(out, numbers);
    return {};
  });
}

clientbook_status clientbook_session_why_not_kept(clientbook_context* context,
                                                  clientbook_handle session,
                                                  const clientbook_id* customer, uint8_t field,
                                                  const uint8_t* purposes, size_t purposes_size,
                                                  uint32_t* out, clientbook_error* error) {
  return with_session(
      context, session, error, given(customer, out), [&](opened_session& in) -> result<void> {
        if (field >= max_fields) return not_a_field;
        const auto kept_for = purposes_of(purposes, purposes_size);
        if (!kept_for) return kept_for.error();
        const auto why = in.session.why_not_kept(id_of(customer), field_id(field), *kept_for);
        if (!why) return why.error();
        *out = static_cast<std::uint32_t>(*why);
        return {};
      });
}

clientbook_status clientbook_session_note_birth_date(clientbook_context* context,
                                                     clientbook_handle session,
                                                     const clientbook_id* customer, uint32_t born,
                                                     clientbook_error* error) {
  return with_session(context, session, error, given(customer),
                      [&](opened_session& in) -> result<void> {
                        const auto day = day_of(born);
                        if (!day) return day.error();
                        return in.session.note_birth_date(id_of(customer), *day);
                      });
}

clientbook_status clientbook_session_update(clientbook_context* context, clientbook_handle session,
                                            const clientbook_id* customer, uint32_t form,
                                            const uint8_t* record, size_t record_size,
                                            const uint8_t* purposes, size_t purposes_size,
                                            clientbook_error* error) {
  return with_session(context, session, error, given(customer, record),
                      [&](opened_session& in) -> result<void> {
                        const auto fields = record_of(form, record, record_size, in);
                        if (!fields) return fields.error();
                        const auto kept_for = purposes_of(purposes, purposes_size);
                        if (!kept_for) return kept_for.error();
                        return in.session.update(id_of(customer), fields->fields(), *kept_for);
                      });
}

clientbook_status clientbook_session_merge(clientbook_context* context, clientbook_handle session,
                                           const clientbook_id* customer, uint32_t form,
                                           const uint8_t* record, size_t record_size,
                                           const uint8_t* purposes, size_t purposes_size,
                                           const char* directives, size_t directives_size,
                                           uint32_t rule, clientbook_bytes* out,
                                           clientbook_error* error) {
  return with_session(
      context, session, error, given(customer, record, out),
      [&](opened_session& in) -> result<void> {
        if (rule > CLIENTBOOK_MERGE_RENEW) {
          return clientbook::error{errc::invalid_argument, "no such rule of merging"};
        }
        const auto fields = record_of(form, record, record_size, in);
        if (!fields) return fields.error();
        const auto decided = said(directives, directives_size, in);
        if (!decided) return decided.error();
        const auto kept_for = purposes_of(purposes, purposes_size);
        if (!kept_for) return kept_for.error();
        const auto done = in.session.merge(
            id_of(customer), *fields,
            {.purposes = *kept_for,
             .directives = *decided,
             .without_basis = when_without_basis::leave_out,
             .source = field_source::file,
             .decisions =
                 directives == nullptr ? std::string_view() : text(directives, directives_size)},
            rule == CLIENTBOOK_MERGE_RENEW ? merge_rule::renew : merge_rule::complete);
        if (!done) return done.error();
        return hand_out_text(merged_to_json(*done, in.session.fields()), out);
      });
}

clientbook_status clientbook_session_edit(clientbook_context* context, clientbook_handle session,
                                          const clientbook_id* customer, const char* edit,
                                          size_t edit_size, const uint8_t* purposes,
                                          size_t purposes_size, uint64_t* changed,
                                          clientbook_error* error) {
  return with_session(
      context, session, error, given(customer, edit), [&](opened_session& in) -> result<void> {
        const auto kept_for = purposes_of(purposes, purposes_size);
        if (!kept_for) return kept_for.error();
        const auto done =
            edit_customer(in.session, id_of(customer), text(edit, edit_size), *kept_for, in.where);
        if (!done) return done.error();
        if (changed != nullptr) *changed = (done->changed | done->removed).bits();
        return {};
      });
}

clientbook_status clientbook_session_remove(clientbook_context* context, clientbook_handle session,
                                            const clientbook_id* customer, uint8_t field,
                                            const uint8_t* purposes, size_t purposes_size,
                                            clientbook_error* error) {
  return with_session(context, session, error, given(customer),
                      [&](opened_session& in) -> result<void> {
                        if (field >= max_fields) return not_a_field;
                        const auto why = purposes_of(purposes, purposes_size);
                        if (!why) return why.error();
                        return in.session.remove(id_of(customer), field_id(field), *why);
                      });
}

clientbook_status clientbook_session_append_purchase(clientbook_context* context,
                                                     clientbook_handle session,
                                                     const clientbook_id* customer, uint32_t form,
                                                     const uint8_t* purchase, size_t purchase_size,
                                                     const uint8_t* purposes, size_t purposes_size,
                                                     uint32_t* sequence, clientbook_error* error) {
  return with_session(context, session, error, given(customer, purchase, sequence),
                      [&](opened_session& in) -> result<void> {
                        const auto item =
                            item_of(form, purchase, purchase_size, field_type::purchase, in);
                        if (!item) return item.error();
                        const auto read = decode_purchase(*item);
                        if (!read) return read.error();
                        std::vector<purchase_line> lines;
                        for (const purchase_line& line : read->lines) lines.push_back(line);
                        const auto kept_for = purposes_of(purposes, purposes_size);
                        if (!kept_for) return kept_for.error();
                        const auto done = in.session.append_purchase(id_of(customer), read->receipt,
                                                                     lines, *kept_for);
                        if (!done) return done.error();
                        *sequence = *done;
                        return {};
                      });
}

clientbook_status clientbook_session_append_note(clientbook_context* context,
                                                 clientbook_handle session,
                                                 const clientbook_id* customer, uint32_t form,
                                                 const uint8_t* text, size_t text_size,
                                                 const uint8_t* purposes, size_t purposes_size,
                                                 const clientbook_note_policy* policy,
                                                 uint32_t* sequence, clientbook_error* error) {
  return with_session(
      context, session, error, given(customer, text, sequence),
      [&](opened_session& in) -> result<void> {
        const auto how = options(policy);
        if (!how) return how.error();
        if (how->cards > CLIENTBOOK_NUMBER_KEPT || how->identity_numbers > CLIENTBOOK_NUMBER_KEPT) {
          return clientbook::error{errc::invalid_argument, "no such policy for numbers in notes"};
        }
        const auto item = item_of(form, text, text_size, field_type::note, in);
        if (!item) return item.error();
        note read;
        if (auto good = decode_value(*item, read); !good) return good.error();
        const auto kept_for = purposes_of(purposes, purposes_size);
        if (!kept_for) return kept_for.error();
        const auto done = in.session.append_note(
            id_of(customer), read, *kept_for,
            {.cards = static_cast<number_in_note>(how->cards),
             .identity_numbers = static_cast<number_in_note>(how->identity_numbers)});
        if (!done) return done.error();
        *sequence = *done;
        return {};
      });
}

clientbook_status clientbook_session_pin_note(clientbook_context* context,
                                              clientbook_handle session,
                                              const clientbook_id* customer, std::uint32_t place,
                                              std::uint8_t pinned, const uint8_t* purposes,
                                              size_t purposes_size, clientbook_error* error) {
  return with_session(
      context, session, error, given(customer), [&](opened_session& in) -> result<void> {
        const auto kept_for = purposes_of(purposes, purposes_size);
        if (!kept_for) return kept_for.error();
        return in.session.pin_note(id_of(customer), place,
                                   pinned == 0 ? note_pin::unpinned : note_pin::pinned, *kept_for);
      });
}

clientbook_status clientbook_session_record(clientbook_context* context, clientbook_handle session,
                                            const clientbook_id* customer, const char* decided,
                                            size_t decided_size, uint32_t* sequence,
                                            clientbook_error* error) {
  return with_session(context, session, error, given(customer, decided, sequence),
                      [&](opened_session& in) -> result<void> {
                        in.where.clear();
                        const auto read =
                            directive_from_json(text(decided, decided_size), in.session, in.where);
                        if (!read) return read.error();
                        const auto done = in.session.record(id_of(customer), *read);
                        if (!done) return done.error();
                        *sequence = *done;
                        return {};
                      });
}

clientbook_status clientbook_session_record_at_age(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const clientbook_id* customer,
                                                   const char* decided, size_t decided_size,
                                                   int32_t from, int32_t below, uint32_t* sequence,
                                                   clientbook_error* error) {
  return with_session(
      context, session, error, given(customer, decided, sequence),
      [&](opened_session& in) -> result<void> {
        in.where.clear();
        const auto read = directive_from_json(text(decided, decided_size), in.session, in.where);
        if (!read) return read.error();
        const auto done = in.session.record_at_age(id_of(customer), *read, from, below);
        if (!done) return done.error();
        *sequence = *done;
        return {};
      });
}

clientbook_status clientbook_session_record_no(clientbook_context* context,
                                               clientbook_handle session, const char* system,
                                               size_t system_size, const char* value,
                                               size_t value_size, const char* decided,
                                               size_t decided_size, clientbook_error* error) {
  return with_session(
      context, session, error, given(system, value, decided),
      [&](opened_session& in) -> result<void> {
        in.where.clear();
        const auto read = directive_from_json(text(decided, decided_size), in.session, in.where);
        if (!read) return read.error();
        return in.session.record_no(text(system, system_size), text(value, value_size), *read);
      });
}

clientbook_status clientbook_session_record_no_of(clientbook_context* context,
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
        return in.session.record_no(who->fields(), *read);
      });
}

clientbook_status clientbook_session_move(clientbook_context* context, clientbook_handle session,
                                          const clientbook_id* customer, const char* law,
                                          size_t law_size, uint32_t known_by, const char* evidence,
                                          size_t evidence_size, uint32_t* sequence,
                                          clientbook_error* error) {
  return with_session(context, session, error, given(customer, law, sequence),
                      [&](opened_session& in) -> result<void> {
                        const auto profile = find_profile(text(law, law_size));
                        if (!profile) return profile.error();
                        if (known_by > CLIENTBOOK_KNOWN_BY_OFFICER) known_by = 0;
                        const auto done = in.session.move(id_of(customer), (*profile)->id,
                                                          static_cast<residence_source>(known_by),
                                                          text(evidence, evidence_size));
                        if (!done) return done.error();
                        *sequence = *done;
                        return {};
                      });
}

clientbook_status clientbook_session_jurisdiction(clientbook_context* context,
                                                  clientbook_handle session,
                                                  const clientbook_id* customer,
                                                  clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, given(customer),
                         [&](opened_session& in) -> result<std::string> {
                           const auto found = in.session.jurisdiction_of(id_of(customer));
                           if (!found) return found.error();
                           return jurisdiction_to_json(*found, in.session);
                         });
}
