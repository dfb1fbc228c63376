// Sessions: reading, explaining, walking over everybody.
#include <clientbook/consent/explanation.hpp>
#include <clientbook/transfer/consent_json.hpp>
#include <clientbook/transfer/figures_json.hpp>
#include <clientbook/transfer/flat_view.hpp>
#include <clientbook/transfer/view_json.hpp>

#include "handles.hpp"
#include "session_text.hpp"
#include "view_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

namespace {

constexpr std::size_t usual_batch = 256;
constexpr std::size_t most_batch = 65'536;

field_id field_of_items(std::uint32_t kind) noexcept {
  return kind == CLIENTBOOK_PURCHASES ? field::purchases : field::notes;
}

result<item_list> items_of(session& in, const customer_id& id, purpose_id purpose,
                           std::uint32_t kind, std::size_t most) {
  if (kind == CLIENTBOOK_PURCHASES) return in.purchases(id, purpose, most);
  if (kind == CLIENTBOOK_NOTES) return in.notes(id, purpose, most);
  if (kind == CLIENTBOOK_PINNED_NOTES) return in.pinned_notes(id, purpose);
  return error{errc::invalid_argument, "purchases, notes or pinned notes are read"};
}

// The next customers of a walk, by `add`, until so many were. What fails leaves the walk where it
// was; who was erased meanwhile is passed over.
template <class Add>
result<void> next_of(opened_cursor& at, std::size_t most, const batch_out& batch, Add&& add) {
  if (most > most_batch) return error{errc::limit_exceeded, "a batch too large", most_batch};
  customer_walk walk = at.walk;
  const std::size_t wanted = most == 0 ? usual_batch : most;
  while (batch.count() < wanted) {
    const auto more = at.session.next(walk, at.seen);
    if (!more) return more.error();
    if (!*more) break;
    if (auto added = add(at.seen); !added) return added;
  }
  at.walk = walk;
  return {};
}

// Runs `body` with the cursor alone.
template <class Body>
clientbook_status with_cursor(clientbook_context* context, clientbook_handle cursor,
                              clientbook_error* error, bool pointers, Body&& body) noexcept {
  return guard(error, [&]() -> result<void> {
    if (context == nullptr || !pointers) return null_argument;
    const auto found = context->find<opened_cursor>(cursor);
    if (!found) return found.error();
    opened_cursor& at = **found;
    if (!at.used.take()) return used_by_another;
    struct giving_back {
      in_use& used;
      ~giving_back() { used.give_back(); }
    } const at_end{at.used};
    may_be_stopped(at);
    return body(at);
  });
}

}  // namespace

clientbook_status clientbook_session_read(clientbook_context* context, clientbook_handle session,
                                          const clientbook_id* customer, uint8_t purpose,
                                          uint64_t fields, uint32_t form, clientbook_bytes* out,
                                          clientbook_error* error) {
  return with_session(
      context, session, error, given(customer, out), [&](opened_session& in) -> result<void> {
        if (auto good = check_view_form(form); !good) return good;
        const field_set asked = fields == 0 ? all_fields : field_set::of_bits(fields);
        if (auto read = in.session.read_into(in.seen, id_of(customer), purpose_id(purpose), asked);
            !read) {
          return read;
        }
        return hand_out_view(in.session, in.seen,
                             reasons_of(in.session, in.seen, purpose_id(purpose)), form, out);
      });
}

clientbook_status clientbook_session_preview(clientbook_context* context, clientbook_handle session,
                                             const clientbook_id* customer,
                                             const clientbook_request* request, uint32_t form,
                                             clientbook_bytes* out, clientbook_error* error) {
  return with_session(context, session, error, given(customer, request, out),
                      [&](opened_session& in) -> result<void> {
                        if (auto good = check_view_form(form); !good) return good;
                        const auto as = request_of(request, in.session);
                        if (!as) return as.error();
                        const auto seen = in.session.preview(id_of(customer), *as, as->fields);
                        if (!seen) return seen.error();
                        return hand_out_view(in.session, *seen, reasons_of(in.session, *seen, *as),
                                             form, out);
                      });
}

clientbook_status clientbook_session_purchases(clientbook_context* context,
                                               clientbook_handle session,
                                               const clientbook_id* customer, uint8_t purpose,
                                               size_t most, clientbook_bytes* out,
                                               clientbook_error* error) {
  return with_session(
      context, session, error, given(customer, out), [&](opened_session& in) -> result<void> {
        const auto seen = in.session.purchases(id_of(customer), purpose_id(purpose), most);
        if (!seen) return seen.error();
        const auto text = items_to_json(*seen, field_type::purchase);
        if (!text) return text.error();
        hand_out(out, *text);
        return {};
      });
}

clientbook_status clientbook_session_figures_of(clientbook_context* context,
                                                clientbook_handle session,
                                                const clientbook_id* customer, uint8_t purpose,
                                                clientbook_bytes* out, clientbook_error* error) {
  return with_session(
      context, session, error, given(customer, out), [&](opened_session& in) -> result<void> {
        const auto seen = in.session.purchases(id_of(customer), purpose_id(purpose));
        if (!seen) return seen.error();
        const auto figures = figures_of(*seen);
        if (!figures) return figures.error();
        const auto text = figures_to_json(*figures);
        if (!text) return text.error();
        hand_out(out, *text);
        return {};
      });
}

clientbook_status clientbook_session_notes(clientbook_context* context, clientbook_handle session,
                                           const clientbook_id* customer, uint8_t purpose,
                                           size_t most, clientbook_bytes* out,
                                           clientbook_error* error) {
  return with_session(
      context, session, error, given(customer, out), [&](opened_session& in) -> result<void> {
        const auto seen = in.session.notes(id_of(customer), purpose_id(purpose), most);
        if (!seen) return seen.error();
        const auto text = items_to_json(*seen, field_type::note);
        if (!text) return text.error();
        hand_out(out, *text);
        return {};
      });
}

clientbook_status clientbook_session_pinned_notes(clientbook_context* context,
                                                  clientbook_handle session,
                                                  const clientbook_id* customer, uint8_t purpose,
                                                  clientbook_bytes* out, clientbook_error* error) {
  return with_session(
      context, session, error, given(customer, out), [&](opened_session& in) -> result<void> {
        const auto seen = in.session.pinned_notes(id_of(customer), purpose_id(purpose));
        if (!seen) return seen.error();
        const auto text = items_to_json(*seen, field_type::note);
        if (!text) return text.error();
        hand_out(out, *text);
        return {};
      });
}

clientbook_status clientbook_session_items(clientbook_context* context, clientbook_handle session,
                                           const clientbook_id* customer, uint8_t purpose,
                                           uint32_t kind, size_t most, uint32_t form,
                                           clientbook_bytes* out, clientbook_error* error) {
  return with_session(
      context, session, error, given(customer, out), [&](opened_session& in) -> result<void> {
        if (auto good = check_view_form(form); !good) return good;
        const auto seen = items_of(in.session, id_of(customer), purpose_id(purpose), kind, most);
        if (!seen) return seen.error();
        return hand_out_items(in.session, *seen, field_of_items(kind), form, out);
      });
}

clientbook_status clientbook_session_find(clientbook_context* context, clientbook_handle session,
                                          const char* system, size_t system_size, const char* value,
                                          size_t value_size, clientbook_id* out,
                                          clientbook_error* error) {
  return with_session(
      context, session, error, given(system, value, out), [&](opened_session& in) -> result<void> {
        const auto found = in.session.find(text(system, system_size), text(value, value_size));
        if (!found) return found.error();
        put_id(out, *found);
        return {};
      });
}

clientbook_status clientbook_session_count_permitted(clientbook_context* context,
                                                     clientbook_handle session,
                                                     const clientbook_request* request,
                                                     uint8_t field, uint64_t* out,
                                                     clientbook_error* error) {
  return with_session(context, session, error, given(request, out),
                      [&](opened_session& in) -> result<void> {
                        if (field >= max_fields) return not_a_field;
                        const auto as = request_of(request, in.session);
                        if (!as) return as.error();
                        const auto count = in.session.count_permitted(*as, field_id(field));
                        if (!count) return count.error();
                        *out = *count;
                        return {};
                      });
}

clientbook_status clientbook_session_explain(clientbook_context* context, clientbook_handle session,
                                             const clientbook_id* customer,
                                             const clientbook_request* request, uint8_t field,
                                             const char* language, size_t language_size,
                                             clientbook_bytes* out, clientbook_error* error) {
  return with_session(context, session, error, given(customer, request, out),
                      [&](opened_session& in) -> result<void> {
                        if (field >= max_fields) return not_a_field;
                        const auto as = request_of(request, in.session);
                        if (!as) return as.error();
                        const auto why =
                            in.session.describe(id_of(customer), *as, field_id(field),
                                                language_of(text(language, language_size)));
                        if (!why) return why.error();
                        hand_out(out, *why);
                        return {};
                      });
}

clientbook_status clientbook_session_explain_contact(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    const clientbook_request* request, uint8_t field, const char* value, size_t value_size,
    const char* language, size_t language_size, clientbook_bytes* out, clientbook_error* error) {
  return with_session(context, session, error, given(customer, request, value, out),
                      [&](opened_session& in) -> result<void> {
                        if (field >= max_fields) return not_a_field;
                        const auto as = request_of(request, in.session);
                        if (!as) return as.error();
                        const auto point = in.session.contact(id_of(customer), field_id(field),
                                                              text(value, value_size));
                        if (!point) return point.error();
                        const auto why =
                            in.session.describe(id_of(customer), *as, *point,
                                                language_of(text(language, language_size)));
                        if (!why) return why.error();
                        hand_out(out, *why);
                        return {};
                      });
}

clientbook_status clientbook_session_scan(clientbook_context* context, clientbook_handle session,
                                          uint8_t purpose, uint64_t fields, clientbook_handle* out,
                                          clientbook_error* error) {
  return with_session(context, session, error, given(out), [&](opened_session& in) -> result<void> {
    auto own = in.book->book.begin_session_like(in.session);
    if (!own) return own.error();
    const auto walk =
        own->walk(purpose_id(purpose), fields == 0 ? all_fields : field_set::of_bits(fields));
    if (!walk) return walk.error();
    const auto handle =
        context->add(std::make_shared<opened_cursor>(std::move(*own), in.book, *walk));
    if (!handle) return handle.error();
    *out = *handle;
    return {};
  });
}

clientbook_status clientbook_cursor_next(clientbook_context* context, clientbook_handle cursor,
                                         size_t most, clientbook_bytes* out, uint32_t* count,
                                         clientbook_error* error) {
  return with_cursor(context, cursor, error, given(out, count),
                     [&](opened_cursor& at) -> result<void> {
                       const customer_walk before = at.walk;
                       batch_out batch;
                       const auto done = next_of(at, most, batch, [&](const view& seen) {
                         return batch.add(at.session, seen, before.request());
                       });
                       if (!done) return done;
                       *count = batch.count();
                       outgoing(batch.take()).release(out);
                       return {};
                     });
}

clientbook_status clientbook_cursor_items(clientbook_context* context, clientbook_handle cursor,
                                          uint32_t kind, size_t most, clientbook_bytes* out,
                                          uint32_t* count, clientbook_error* error) {
  return with_cursor(
      context, cursor, error, given(out, count), [&](opened_cursor& at) -> result<void> {
        const purpose_id purpose = at.walk.request().purpose;
        batch_out batch;
        const auto done = next_of(at, most, batch, [&](const view& seen) -> result<void> {
          const auto items = items_of(at.session, seen.id(), purpose, kind, 0);
          // Erased since the walk came by.
          if (!items && items.error().code == errc::key_erased) return {};
          if (!items) return items.error();
          return batch.add(at.session, *items, field_of_items(kind), seen.id());
        });
        if (!done) return done;
        *count = batch.count();
        outgoing(batch.take()).release(out);
        return {};
      });
}
