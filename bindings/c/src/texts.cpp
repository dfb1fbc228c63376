// Without a book: decisions about a case, personal data in texts.
#include <clientbook/exchange/evaluate_json.hpp>
#include <clientbook/exchange/map_proposal.hpp>
#include <clientbook/exchange/text_json.hpp>
#include <clientbook/forms/form_redactor.hpp>
#include <clientbook/scanner/text_redactor.hpp>
#include <clientbook/transfer/book_json.hpp>

#include <vector>

#include "boundary.hpp"
#include "text_settings.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

namespace {

// scan() does not say how many there are before it has room for them.
result<std::vector<text_entity>> all_finds(std::string_view in, const scan_options& options) {
  for (std::vector<text_entity> room(64);; room.resize(4 * room.size())) {
    const auto found = scan(in, options, room);
    if (found) return std::vector<text_entity>(found->begin(), found->end());
    if (found.error().code != errc::buffer_too_small) return found.error();
  }
}

void append(void* to, std::string_view piece) {
  auto& text = *static_cast<wiped_bytes*>(to);
  const byte_view more = as_bytes(piece);
  text.insert(text.end(), more.begin(), more.end());
}

}  // namespace

clientbook_status clientbook_evaluate(const char* document, size_t document_size,
                                      clientbook_bytes* out, clientbook_bytes* where,
                                      clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(document, out)) return null_argument;
    if (auto ready = crypto::init(); !ready) return ready;
    std::string place;
    const auto answer = evaluate_json(text(document, document_size), place);
    if (answer) {
      hand_out(out, *answer);
      return {};
    }
    if (where != nullptr) hand_out(where, place);
    return answer.error();
  });
}

clientbook_status clientbook_propose_column_map(const char* request, size_t request_size,
                                                clientbook_bytes* out, clientbook_bytes* where,
                                                clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(request, out)) return null_argument;
    std::string place;
    const auto answer = propose_column_map_json(text(request, request_size), place);
    if (answer) {
      hand_out(out, *answer);
      return {};
    }
    if (where != nullptr) hand_out(where, place);
    return answer.error();
  });
}

clientbook_status clientbook_scan_text(const char* in, size_t in_size,
                                       const clientbook_text_options* how, clientbook_bytes* out,
                                       clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(in, out)) return null_argument;
    text_settings settings;
    if (auto read = settings.read(how); !read) return read;
    const auto found = all_finds(text(in, in_size), settings.options.scan);
    if (!found) return found.error();
    const auto finds = finds_to_json(*found);
    if (!finds) return finds.error();
    hand_out(out, *finds);
    return {};
  });
}

clientbook_status clientbook_redact_text(const char* in, size_t in_size,
                                         const clientbook_text_options* how, clientbook_bytes* out,
                                         clientbook_bytes* receipt, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(in, out)) return null_argument;
    if (auto ready = crypto::init(); !ready) return ready;
    text_settings settings;
    if (auto read = settings.read(how); !read) return read;
    wiped_bytes redacted;
    text_redactor redactor(settings.options);
    if (auto done = redactor.write(text(in, in_size), {append, &redacted}); !done) return done;
    const auto hidden = redactor.finish({append, &redacted});
    if (!hidden) return hidden.error();
    outgoing answer(as_text(redacted));
    if (receipt != nullptr) hand_out(receipt, receipt_json(*hidden, settings.options));
    answer.release(out);
    return {};
  });
}

clientbook_status clientbook_scan_form(const char* in, size_t in_size, const char* form,
                                       size_t form_size, const clientbook_text_options* how,
                                       clientbook_bytes* out, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(in, out)) return null_argument;
    text_settings settings;
    if (auto read = settings.read(how); !read) return read;
    form_options options;
    if (auto read = settings.read_form(text(form, form_size), options); !read) return read;
    const auto found = scan_form(text(in, in_size), options);
    if (!found) return found.error();
    std::string list = "[";
    for (const form_find& one : *found) (list += list.size() > 1 ? "," : "") += find_json(one);
    hand_out(out, list + "]");
    return {};
  });
}

clientbook_status clientbook_redact_form(const char* in, size_t in_size, const char* form,
                                         size_t form_size, const clientbook_text_options* how,
                                         clientbook_bytes* out, clientbook_bytes* receipt,
                                         clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(in, out)) return null_argument;
    if (auto ready = crypto::init(); !ready) return ready;
    text_settings settings;
    if (auto read = settings.read(how); !read) return read;
    form_options options;
    if (auto read = settings.read_form(text(form, form_size), options); !read) return read;
    wiped_bytes redacted;
    form_redactor redactor(options);
    if (auto done = redactor.write(text(in, in_size), {append, &redacted}); !done) return done;
    const auto hidden = redactor.finish({append, &redacted});
    if (!hidden) return hidden.error();
    outgoing answer(as_text(redacted));
    if (receipt != nullptr) hand_out(receipt, receipt_json(*hidden, settings.options));
    answer.release(out);
    return {};
  });
}
