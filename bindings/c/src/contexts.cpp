// Version, errors, bytes, contexts, terms.
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/transfer/book_json.hpp>
#include <clientbook/version.hpp>

#include "error_names.hpp"
#include "handles.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

namespace {

constexpr error no_such_kind{errc::invalid_argument, "not a kind of terms"};

template <class Id>
result<std::uint8_t> number_of(const result<Id>& found) {
  if (!found) return found.error();
  return found->value;
}

}  // namespace

uint32_t clientbook_abi_version(void) { return CLIENTBOOK_ABI_VERSION; }
const char* clientbook_version(void) { return CLIENTBOOK_VERSION_STRING; }

const char* clientbook_error_name(int32_t code) { return name_of_error(code); }

void clientbook_bytes_free(clientbook_bytes* bytes) {
  if (bytes == nullptr) return;
  delete static_cast<wiped_bytes*>(bytes->owner);
  *bytes = {nullptr, 0, nullptr};
}

clientbook_status clientbook_context_create(uint32_t abi_version, clientbook_context** out,
                                            clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(out)) return null_argument;
    if (abi_version != CLIENTBOOK_ABI_VERSION) {
      return clientbook::error{errc::unsupported, "the library has another ABI version",
                               CLIENTBOOK_ABI_VERSION};
    }
    *out = new clientbook_context;
    return {};
  });
}

void clientbook_context_destroy(clientbook_context* context) {
  // In a child of fork() nothing may be ended: it is the parent's.
  if (context != nullptr && context->check_process()) delete context;
}

clientbook_status clientbook_close(clientbook_context* context, clientbook_handle handle,
                                   clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(context)) return null_argument;
    return context->close(handle);
  });
}

clientbook_status clientbook_cancel(clientbook_context* context, clientbook_handle handle,
                                    clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(context)) return null_argument;
    if (const auto session = context->find<opened_session>(handle)) {
      (*session)->stop.store(true, std::memory_order_relaxed);
      return {};
    }
    const auto cursor = context->find<opened_cursor>(handle);
    if (!cursor) return cursor.error();
    (*cursor)->stop.store(true, std::memory_order_relaxed);
    return {};
  });
}

clientbook_status clientbook_term_find(uint32_t kind, const char* word, size_t word_size,
                                       uint8_t* out, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(word, out)) return null_argument;
    const std::string_view name = text(word, word_size);
    result<std::uint8_t> found = no_such_kind;
    if (kind == CLIENTBOOK_TERM_PURPOSE) found = number_of(find_purpose(name));
    if (kind == CLIENTBOOK_TERM_RECIPIENT) found = number_of(find_recipient_class(name));
    if (kind == CLIENTBOOK_TERM_CATEGORY) found = number_of(find_category(name));
    if (kind == CLIENTBOOK_TERM_OPERATION) found = number_of(find_operation(name));
    if (!found) return found.error();
    *out = *found;
    return {};
  });
}

clientbook_status clientbook_term_word(uint32_t kind, uint8_t number, clientbook_text* out,
                                       clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(out)) return null_argument;
    result<term_facts> found = no_such_kind;
    if (kind == CLIENTBOOK_TERM_PURPOSE) found = facts(purpose_id(number));
    if (kind == CLIENTBOOK_TERM_RECIPIENT) found = facts(recipient_id(number));
    if (kind == CLIENTBOOK_TERM_CATEGORY) found = facts(category_id(number));
    if (kind == CLIENTBOOK_TERM_OPERATION) found = facts(operation_id(number));
    if (!found) return found.error();
    *out = {found->name.data(), found->name.size()};
    return {};
  });
}

clientbook_status clientbook_terms(uint32_t kind, clientbook_bytes* out, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(out)) return null_argument;
    if (kind < CLIENTBOOK_TERM_PURPOSE || kind > CLIENTBOOK_TERM_OPERATION) return no_such_kind;
    const auto terms = terms_to_json(static_cast<term_kind>(kind));
    if (!terms) return terms.error();
    hand_out(out, *terms);
    return {};
  });
}

clientbook_status clientbook_minor_units(const char* currency, size_t currency_size, uint32_t* out,
                                         clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(currency, out)) return null_argument;
    const auto digits = minor_units(text(currency, currency_size));
    if (!digits) return clientbook::error{errc::unknown_field, "no such currency"};
    *out = *digits;
    return {};
  });
}
