// Values with the words that people and files use for them: a list that is looked through both
// ways.
//
// Thread safety: values.
#ifndef CLIENTBOOK_INTERNAL_BASE_NAMED_HPP
#define CLIENTBOOK_INTERNAL_BASE_NAMED_HPP

#include <clientbook/base/result.hpp>

#include <cstddef>
#include <string_view>

namespace clientbook {

template <class Value>
struct named {
  Value value;
  std::string_view name;
};

/// Empty: it has none.
template <class Value, std::size_t Count>
constexpr std::string_view name_in(const named<Value> (&all)[Count], Value value) noexcept {
  for (const named<Value>& one : all) {
    if (one.value == value) return one.name;
  }
  return {};
}

/// Errors: unknown_field, with `none`.
template <class Value, std::size_t Count>
result<Value> find_in(const named<Value> (&all)[Count], std::string_view name,
                      literal none) noexcept {
  for (const named<Value>& one : all) {
    if (one.name == name) return one.value;
  }
  return error{errc::unknown_field, none};
}

}  // namespace clientbook

#endif
