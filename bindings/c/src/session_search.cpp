// Sessions: finding customers, lists of them, who is there twice, and making one of two.
#include <clientbook/transfer/duplicates_json.hpp>
#include <clientbook/transfer/index_json.hpp>
#include <clientbook/transfer/one_customer_json.hpp>
#include <clientbook/transfer/search_json.hpp>

#include "handles.hpp"
#include "session_text.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

namespace {

constexpr field_set shown_on_lists{field::name, field::phones, field::external_ids};

result<find_options> options_of(const clientbook_search_options* from) {
  find_options out;
  if (from == nullptr) return out;
  const auto given = options(from);
  if (!given) return given.error();
  if (given->path > CLIENTBOOK_SEARCH_SEALED || given->as_typed > 1) {
    return error{errc::invalid_argument, "no such way to search"};
  }
  if (given->fields != 0) out.fields = field_set::of_bits(given->fields);
  if (given->most != 0) out.most = given->most;
  out.path = static_cast<search_path>(given->path);
  if (given->as_typed == 1) out.errors = typing_errors::none;
  return out;
}

result<std::vector<customer_id>> find_exactly(session& in, field_id field, std::string_view system,
                                              std::string_view value, purpose_id purpose) {
  if (field == field::emails) return in.find_by_email(value, purpose);
  if (field == field::phones) return in.find_by_phone(value, purpose);
  if (field == field::external_ids) return in.find_by_id(system, value, purpose);
  return error{errc::invalid_argument, "exact values are of e-mails, phones and external ids",
               field.value};
}

}  // namespace

clientbook_status clientbook_session_search(clientbook_context* context, clientbook_handle session,
                                            const char* typed, size_t typed_size, uint8_t purpose,
                                            const clientbook_search_options* options,
                                            clientbook_bytes* out, clientbook_error* error) {
  return with_session(
      context, session, error, given(typed, out), [&](opened_session& in) -> result<void> {
        const auto how = options_of(options);
        if (!how) return how.error();
        const auto answer = in.session.find(text(typed, typed_size), purpose_id(purpose), *how);
        if (!answer) return answer.error();
        const auto json = search_to_json(in.session, *answer, purpose_id(purpose));
        if (!json) return json.error();
        hand_out(out, *json);
        return {};
      });
}

clientbook_status clientbook_session_find_exactly(clientbook_context* context,
                                                  clientbook_handle session, uint8_t field,
                                                  const char* system, size_t system_size,
                                                  const char* value, size_t value_size,
                                                  uint8_t purpose, clientbook_bytes* out,
                                                  clientbook_error* error) {
  return with_session(
      context, session, error, given(value, out), [&](opened_session& in) -> result<void> {
        const std::string_view of =
            system == nullptr ? std::string_view() : text(system, system_size);
        const auto found = find_exactly(in.session, field_id(field), of, text(value, value_size),
                                        purpose_id(purpose));
        if (!found) return found.error();
        std::string ids;
        for (const customer_id& each : *found) ids += as_text(each.bytes);
        hand_out(out, ids);
        return {};
      });
}

clientbook_status clientbook_session_list_customers(clientbook_context* context,
                                                    clientbook_handle session, const char* request,
                                                    size_t request_size, uint8_t purpose,
                                                    uint64_t fields, clientbook_bytes* out,
                                                    clientbook_error* error) {
  return with_session(
      context, session, error, given(request, out), [&](opened_session& in) -> result<void> {
        const field_set shown = fields == 0 ? shown_on_lists : field_set::of_bits(fields);
        const auto json = list_json(text(request, request_size), in.session, purpose_id(purpose),
                                    shown, in.where);
        if (!json) return json.error();
        hand_out(out, *json);
        return {};
      });
}

clientbook_status clientbook_session_build_index(clientbook_context* context,
                                                 clientbook_handle session, uint32_t most,
                                                 uint64_t* left, clientbook_error* error) {
  return with_session(context, session, error, given(left),
                      [&](opened_session& in) -> result<void> {
                        const auto done = in.session.build_index(most);
                        if (!done) return done.error();
                        *left = done->left;
                        return {};
                      });
}

clientbook_status clientbook_session_drop_index(clientbook_context* context,
                                                clientbook_handle session,
                                                clientbook_error* error) {
  return with_session(context, session, error, true,
                      [&](opened_session& in) { return in.session.drop_index(); });
}

clientbook_status clientbook_session_index_plan(clientbook_context* context,
                                                clientbook_handle session, clientbook_bytes* out,
                                                clientbook_error* error) {
  return with_session(context, session, error, given(out), [&](opened_session& in) -> result<void> {
    const auto json = index_plan_json(in.session);
    if (!json) return json.error();
    hand_out(out, *json);
    return {};
  });
}

clientbook_status clientbook_session_duplicates(clientbook_context* context,
                                                clientbook_handle session, const char* request,
                                                size_t request_size, uint8_t purpose,
                                                clientbook_bytes* out, clientbook_error* error) {
  return with_session(
      context, session, error, given(request, out), [&](opened_session& in) -> result<void> {
        const auto json =
            duplicates_json(text(request, request_size), in.session, purpose_id(purpose), in.where);
        if (!json) return json.error();
        hand_out(out, *json);
        return {};
      });
}

clientbook_status clientbook_session_note_not_same(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const clientbook_id* one,
                                                   const clientbook_id* other,
                                                   clientbook_error* error) {
  return with_session(context, session, error, given(one, other), [&](opened_session& in) {
    return in.session.note_not_same(id_of(one), id_of(other));
  });
}

clientbook_status clientbook_session_forget_not_same(clientbook_context* context,
                                                     clientbook_handle session,
                                                     const clientbook_id* one,
                                                     const clientbook_id* other,
                                                     clientbook_error* error) {
  return with_session(context, session, error, given(one, other), [&](opened_session& in) {
    return in.session.forget_not_same(id_of(one), id_of(other));
  });
}

clientbook_status clientbook_session_merge_customers(clientbook_context* context,
                                                     clientbook_handle session,
                                                     const clientbook_id* stays,
                                                     const clientbook_id* goes, const char* request,
                                                     size_t request_size, clientbook_bytes* out,
                                                     clientbook_error* error) {
  return with_session(context, session, error, given(stays, goes, request, out),
                      [&](opened_session& in) -> result<void> {
                        const auto json =
                            merge_customers_json(text(request, request_size), in.session,
                                                 id_of(stays), id_of(goes), in.where);
                        if (!json) return json.error();
                        hand_out(out, *json);
                        return {};
                      });
}

clientbook_status clientbook_session_unmerge(clientbook_context* context, clientbook_handle session,
                                             const clientbook_id* part, clientbook_bytes* out,
                                             clientbook_error* error) {
  return with_session(context, session, error, given(part, out),
                      [&](opened_session& in) -> result<void> {
                        const auto json = unmerge_json(in.session, id_of(part));
                        if (!json) return json.error();
                        hand_out(out, *json);
                        return {};
                      });
}

clientbook_status clientbook_session_parts(clientbook_context* context, clientbook_handle session,
                                           const clientbook_id* customer, clientbook_bytes* out,
                                           clientbook_error* error) {
  return with_session(context, session, error, given(customer, out),
                      [&](opened_session& in) -> result<void> {
                        const auto json = parts_json(in.session, id_of(customer));
                        if (!json) return json.error();
                        hand_out(out, *json);
                        return {};
                      });
}
