// Without a book: decisions about a case, personal data in texts.
#include <clientbook/exchange/evaluate_json.hpp>
#include <clientbook/exchange/map_proposal.hpp>
#include <clientbook/exchange/text_json.hpp>
#include <clientbook/forms/form_redactor.hpp>
#include <clientbook/scanner/text_redactor.hpp>
#include <clientbook/transfer/book_json.hpp>

#include <array>
#include <vector>

#include "boundary.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

namespace {

// Options of the library with what they point to.
struct text_settings {
  std::array<std::string_view, max_scan_regions> regions;
  std::size_t region_count = 0;
  text_redaction_options options;
  text_charset charset = text_charset::utf_8;  // Of a form.
};

result<void> read_regions(std::string_view list, text_settings& to) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (to.region_count == to.regions.size()) {
      return error{errc::invalid_argument, "too many regions", max_scan_regions};
    }
    to.regions[to.region_count++] = list.substr(0, comma);
    list.remove_prefix(comma == list.size() ? comma : comma + 1);
  }
  to.options.scan.regions = {to.regions.data(), to.region_count};
  return {};
}

result<void> read_options(const clientbook_text_options* from, text_settings& to) {
  const auto given = options(from);
  if (!given) return given.error();
  if (given->mark > 2 || given->cards > 1 || given->dates > 1 || given->emails > 1 ||
      given->urls > 1 || given->charset > 4 || given->types >= std::uint32_t{1} << entity_types) {
    return error{errc::invalid_argument, "an option is outside its range"};
  }
  if (given->types != 0) {
    to.options.scan.types = {};
    for (std::size_t i = 0; i < entity_types; ++i) {
      if ((given->types >> i & 1U) != 0) to.options.scan.types.add(static_cast<entity_type>(i));
    }
  }
  to.options.mark = static_cast<text_mark>(given->mark);
  to.options.scan.cards = static_cast<card_reading>(given->cards);
  to.options.scan.dates = static_cast<date_reading>(given->dates);
  to.options.scan.emails = static_cast<email_reading>(given->emails);
  to.options.scan.urls = static_cast<url_reading>(given->urls);
  to.charset = static_cast<text_charset>(given->charset);
  return read_regions(text(given->regions, given->regions_size), to);
}

// As `form` says it; sniffed without.
result<void> read_form(std::string_view form, const text_settings& settings, form_options& to) {
  to.text = settings.options;
  to.charset = settings.charset;
  if (form.empty()) return {};
  const auto known = text_form_of(form);
  if (!known) return error{errc::invalid_argument, "no such form of a text"};
  to.form = *known;
  return {};
}

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
    if (auto read = read_options(how, settings); !read) return read;
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
    if (auto read = read_options(how, settings); !read) return read;
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
    if (auto read = read_options(how, settings); !read) return read;
    form_options options;
    if (auto read = read_form(text(form, form_size), settings, options); !read) return read;
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
    if (auto read = read_options(how, settings); !read) return read;
    form_options options;
    if (auto read = read_form(text(form, form_size), settings, options); !read) return read;
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
