// Redaction of data that comes in pieces: a file, a socket. Memory is bounded, whatever it holds.
#include <clientbook/exchange/text_json.hpp>
#include <clientbook/forms/form_redactor.hpp>

#include <memory>

#include "handles.hpp"
#include "text_settings.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

namespace {

// What the redactor borrows comes before it.
struct opened_redactor {
  static constexpr handle_kind kind = handle_kind::redactor;
  text_settings settings;
  form_options options;
  std::unique_ptr<form_redactor> redactor;
  in_use used;
};

void append(void* to, std::string_view piece) {
  auto& text = *static_cast<wiped_bytes*>(to);
  const byte_view more = as_bytes(piece);
  text.insert(text.end(), more.begin(), more.end());
}

}  // namespace

clientbook_status clientbook_redactor_create(clientbook_context* context, const char* form,
                                             size_t form_size, const clientbook_text_options* how,
                                             clientbook_handle* out, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(context, out)) return null_argument;
    if (auto ready = crypto::init(); !ready) return ready;
    auto made = std::make_shared<opened_redactor>();
    if (auto read = made->settings.read(how); !read) return read;
    if (auto read = made->settings.read_form(text(form, form_size), made->options); !read) {
      return read;
    }
    made->redactor = std::make_unique<form_redactor>(made->options);
    const auto handle = context->add(std::move(made));
    if (!handle) return handle.error();
    *out = *handle;
    return {};
  });
}

clientbook_status clientbook_redactor_write(clientbook_context* context, clientbook_handle redactor,
                                            const uint8_t* piece, size_t piece_size,
                                            clientbook_bytes* out, clientbook_error* error) {
  return with_alone<opened_redactor>(
      context, redactor, error, given(piece, out), [&](opened_redactor& in) -> result<void> {
        wiped_bytes redacted;
        const std::string_view chunk = as_text(bytes(piece, piece_size));
        if (auto done = in.redactor->write(chunk, {append, &redacted}); !done) {
          return done;
        }
        hand_out(out, as_text(redacted));
        return {};
      });
}

clientbook_status clientbook_redactor_finish(clientbook_context* context,
                                             clientbook_handle redactor, clientbook_bytes* out,
                                             clientbook_bytes* receipt, clientbook_error* error) {
  return with_alone<opened_redactor>(context, redactor, error, given(out),
                                     [&](opened_redactor& in) -> result<void> {
                                       wiped_bytes redacted;
                                       const auto hidden = in.redactor->finish({append, &redacted});
                                       if (!hidden) return hidden.error();
                                       outgoing answer(as_text(redacted));
                                       if (receipt != nullptr) {
                                         hand_out(receipt, receipt_json(*hidden, in.options.text));
                                       }
                                       answer.release(out);
                                       return {};
                                     });
}
