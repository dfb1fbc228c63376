// Sessions: values that lie in tables of the host's own.
#include <clientbook/book/columns.hpp>

#include <array>

#include "handles.hpp"
#include "purposes_in.hpp"
#include "record_in.hpp"
#include "session_text.hpp"
#include "view_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

namespace {

struct table_row {
  std::array<sealed_column, max_fields> all;
  std::size_t count = 0;
  std::span<const sealed_column> view() const noexcept { return std::span(all).first(count); }
};

// A field's number, a length, and so many bytes; whether they are in order is the session's to say.
result<table_row> cells_of(byte_view from) {
  constexpr std::size_t head = 5;
  table_row out;
  while (!from.empty()) {
    if (from.size() < head) return error{errc::truncated, "a cell ends too early", out.count};
    if (out.count == out.all.size())
      return error{errc::limit_exceeded, "too many cells", max_fields};
    std::size_t size = 0;
    for (unsigned i = 0; i < 4; ++i) {
      size |= std::to_integer<std::size_t>(from[1 + i]) << (8 * i);
    }
    if (size > from.size() - head)
      return error{errc::truncated, "a cell ends too early", out.count};
    out.all[out.count++] = {field_id(std::to_integer<std::uint8_t>(from.front())),
                            from.subspan(head, size)};
    from = from.subspan(head + size);
  }
  return out;
}

}  // namespace

clientbook_status clientbook_session_seal_column(clientbook_context* context,
                                                 clientbook_handle session,
                                                 const clientbook_id* customer, uint32_t form,
                                                 const uint8_t* record, size_t record_size,
                                                 const uint8_t* purposes, size_t purposes_size,
                                                 clientbook_bytes* out, clientbook_error* error) {
  return with_session(
      context, session, error, given(customer, record, out),
      [&](opened_session& in) -> result<void> {
        const auto value = record_of(form, record, record_size, in);
        if (!value) return value.error();
        if (value->fields().size() != 1) {
          return clientbook::error{errc::invalid_argument, "one field is sealed at a time"};
        }
        const auto why = purposes_of(purposes, purposes_size);
        if (!why) return why.error();
        const auto sealed = in.session.seal_column(id_of(customer), value->fields().front(), *why);
        if (!sealed) return sealed.error();
        hand_out(out, as_text(byte_view(*sealed)));
        return {};
      });
}

clientbook_status clientbook_session_read_columns(clientbook_context* context,
                                                  clientbook_handle session,
                                                  const clientbook_id* customer, uint8_t purpose,
                                                  const uint8_t* cells, size_t cells_size,
                                                  uint32_t form, clientbook_bytes* out,
                                                  clientbook_error* error) {
  return with_session(
      context, session, error, given(customer, cells, out),
      [&](opened_session& in) -> result<void> {
        if (auto good = check_view_form(form); !good) return good;
        const auto columns = cells_of(bytes(cells, cells_size));
        if (!columns) return columns.error();
        const auto seen =
            in.session.read_columns(id_of(customer), purpose_id(purpose), columns->view());
        if (!seen) return seen.error();
        return hand_out_view(in.session, *seen, reasons_of(in.session, *seen, purpose_id(purpose)),
                             form, out);
      });
}

clientbook_status clientbook_session_disclose_columns(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    const clientbook_request* request, const uint8_t* cells, size_t cells_size, uint32_t form,
    clientbook_bytes* out, uint64_t* ledger_index, clientbook_id* entry, clientbook_error* error) {
  return with_session(
      context, session, error, given(customer, request, cells, out, ledger_index),
      [&](opened_session& in) -> result<void> {
        if (auto good = check_view_form(form); !good) return good;
        auto as = request_of(request, in.session);
        if (!as) return as.error();
        const auto columns = cells_of(bytes(cells, cells_size));
        if (!columns) return columns.error();
        const field_set fields = request->fields == 0 ? field_set() : as->fields;
        const auto left = in.session.disclose_columns(id_of(customer),
                                                      {.purpose = as->purpose,
                                                       .recipient = as->recipient,
                                                       .country = as->country,
                                                       .fields = fields},
                                                      columns->view());
        if (!left) return left.error();
        as->operation = operation::disclose;
        if (auto done = hand_out_view(in.session, left->content,
                                      reasons_of(in.session, left->content, *as), form, out);
            !done) {
          return done;
        }
        *ledger_index = left->ledger_index;
        if (entry != nullptr) put_id(entry, left->entry);
        return {};
      });
}
