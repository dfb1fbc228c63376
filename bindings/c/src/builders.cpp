// Builds the JSON that other calls take, for hosts without a library for it: names and values go in
// one by one, escaped and checked, and the text is wiped with the builder.
#include <clientbook/transfer/record_json.hpp>

#include <array>
#include <charconv>
#include <cstdio>

#include <vector>

#include "handles.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

namespace {

// Objects and lists that are open, from the outside in.
struct opened_builder {
  static constexpr handle_kind kind = handle_kind::builder;
  wiped_text text;
  std::vector<char> open;
  bool empty = true;  ///< Nothing is in the innermost one yet.
  in_use used;
};

constexpr std::size_t deepest = 32;
constexpr std::size_t most_bytes = std::size_t{16} << 20U;

constexpr error nothing_open{errc::invalid_state, "an object or a list is begun first"};
constexpr error name_in_list{errc::invalid_argument, "what is in a list has no name"};
constexpr error name_missing{errc::invalid_argument, "what is in an object has a name"};

// Whether it is UTF-8, as RFC 3629 has it.
bool is_utf8(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const auto at = [&](std::size_t place) {
      return place < text.size() ? static_cast<unsigned char>(text[place]) : 0U;
    };
    const unsigned first = at(i);
    const std::size_t size = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
    if (size == 0) return false;
    for (std::size_t k = 1; k < size; ++k) {
      if ((at(i + k) & 0xC0U) != 0x80U) return false;
    }
    const unsigned second = at(i + 1);
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
        (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) {
      return false;
    }
    i += size;
  }
  return true;
}

void put_string(wiped_text& to, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  to += '"';
  for (const char one : text) {
    const auto byte = static_cast<unsigned char>(one);
    if (one == '"' || one == '\\') {
      to += '\\';
      to += one;
    } else if (byte < 0x20) {
      to.append("\\u00");
      to += digits[byte >> 4U];
      to += digits[byte & 15U];
    } else {
      to += one;
    }
  }
  to += '"';
}

// What stands before a value: a comma, its name.
result<void> begin_value(opened_builder& in, std::string_view name) {
  if (in.open.empty()) return nothing_open;
  if (in.open.back() == ']' && !name.empty()) return name_in_list;
  if (in.open.back() == '}' && name.empty()) return name_missing;
  if (!is_utf8(name)) return error{errc::invalid_encoding, "a name that is not UTF-8"};
  if (in.text.size() + name.size() > most_bytes) {
    return error{errc::limit_exceeded, "too much for one text", most_bytes};
  }
  if (!in.empty) in.text += ',';
  in.empty = false;
  if (name.empty()) return {};
  put_string(in.text, name);
  in.text += ':';
  return {};
}

result<void> begin_part(opened_builder& in, std::string_view name, std::uint32_t what) {
  if (what != CLIENTBOOK_OBJECT && what != CLIENTBOOK_LIST) {
    return error{errc::invalid_argument, "an object or a list is begun"};
  }
  if (in.open.size() == deepest) return error{errc::limit_exceeded, "too deep", deepest};
  const bool first = in.open.empty();
  if (first && (!in.text.empty() || !name.empty())) {
    return error{errc::invalid_state, "one text is one object or list, without a name: take it"};
  }
  in.open.reserve(in.open.size() + 1);
  if (!first) {
    if (auto begun = begin_value(in, name); !begun) return begun;
  }
  in.text += what == CLIENTBOOK_OBJECT ? '{' : '[';
  in.open.push_back(what == CLIENTBOOK_OBJECT ? '}' : ']');
  in.empty = true;
  return {};
}

result<void> put_day(opened_builder& in, std::string_view name, std::int32_t year,
                     std::uint8_t month, std::uint8_t day) {
  if (year < 0 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) {
    return error{errc::invalid_value, "no day"};
  }
  if (auto begun = begin_value(in, name); !begun) return begun;
  std::array<char, 16> digits{};
  const int size = year == 0
                       ? std::snprintf(digits.data(), digits.size(), "--%02d-%02d", month, day)
                       : std::snprintf(digits.data(), digits.size(), "%04d-%02d-%02d",
                                       static_cast<int>(year), month, day);
  put_string(in.text, std::string_view(digits.data(), static_cast<std::size_t>(size)));
  return {};
}

}  // namespace

clientbook_status clientbook_builder_create(clientbook_context* context, clientbook_handle* out,
                                            clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(context, out)) return null_argument;
    const auto handle = context->add(std::make_shared<opened_builder>());
    if (!handle) return handle.error();
    *out = *handle;
    return {};
  });
}

clientbook_status clientbook_builder_begin(clientbook_context* context, clientbook_handle builder,
                                           const char* name, size_t name_size, uint32_t what,
                                           clientbook_error* error) {
  return with_alone<opened_builder>(context, builder, error, true, [&](opened_builder& in) {
    return begin_part(in, text(name, name_size), what);
  });
}

clientbook_status clientbook_builder_end(clientbook_context* context, clientbook_handle builder,
                                         clientbook_error* error) {
  return with_alone<opened_builder>(context, builder, error, true,
                                    [&](opened_builder& in) -> result<void> {
                                      if (in.open.empty()) return nothing_open;
                                      in.text += in.open.back();
                                      in.open.pop_back();
                                      in.empty = false;
                                      return {};
                                    });
}

clientbook_status clientbook_builder_text(clientbook_context* context, clientbook_handle builder,
                                          const char* name, size_t name_size, const char* value,
                                          size_t value_size, clientbook_error* error) {
  return with_alone<opened_builder>(
      context, builder, error, given(value), [&](opened_builder& in) -> result<void> {
        const std::string_view said = text(value, value_size);
        if (!is_utf8(said)) {
          return clientbook::error{errc::invalid_encoding, "a text that is not UTF-8"};
        }
        if (said.size() > most_bytes - std::min(in.text.size(), most_bytes)) {
          return clientbook::error{errc::limit_exceeded, "too much for one text", most_bytes};
        }
        if (auto begun = begin_value(in, text(name, name_size)); !begun) return begun;
        put_string(in.text, said);
        return {};
      });
}

clientbook_status clientbook_builder_integer(clientbook_context* context, clientbook_handle builder,
                                             const char* name, size_t name_size, int64_t value,
                                             clientbook_error* error) {
  return with_alone<opened_builder>(
      context, builder, error, true, [&](opened_builder& in) -> result<void> {
        if (auto begun = begin_value(in, text(name, name_size)); !begun) return begun;
        std::array<char, 24> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
        in.text.append(digits.data(), static_cast<std::size_t>(end.ptr - digits.data()));
        return {};
      });
}

clientbook_status clientbook_builder_truth(clientbook_context* context, clientbook_handle builder,
                                           const char* name, size_t name_size, uint8_t value,
                                           clientbook_error* error) {
  return with_alone<opened_builder>(
      context, builder, error, true, [&](opened_builder& in) -> result<void> {
        if (value > 1) return clientbook::error{errc::invalid_argument, "a truth is 0 or 1"};
        if (auto begun = begin_value(in, text(name, name_size)); !begun) return begun;
        in.text.append(value == 1 ? "true" : "false");
        return {};
      });
}

clientbook_status clientbook_builder_day(clientbook_context* context, clientbook_handle builder,
                                         const char* name, size_t name_size, int32_t year,
                                         uint8_t month, uint8_t day, clientbook_error* error) {
  return with_alone<opened_builder>(context, builder, error, true, [&](opened_builder& in) {
    return put_day(in, text(name, name_size), year, month, day);
  });
}

clientbook_status clientbook_builder_take(clientbook_context* context, clientbook_handle builder,
                                          clientbook_bytes* out, clientbook_error* error) {
  return with_alone<
      opened_builder>(context, builder, error, given(out), [&](opened_builder& in) -> result<void> {
    if (!in.open.empty() || in.text.empty()) {
      return clientbook::error{errc::invalid_state, "something is still open, or nothing is there"};
    }
    hand_out(out, in.text);
    in.text = wiped_text();
    in.empty = true;
    return {};
  });
}
