// Shared by the tests of pseudonyms: keys and scopes that repeat.
#ifndef CLIENTBOOK_TESTS_PSEUDONYM_TESTING_HPP
#define CLIENTBOOK_TESTS_PSEUDONYM_TESTING_HPP

#include <clientbook/redaction/pseudonym.hpp>
#include "testing.hpp"

#include <string>
#include <vector>

namespace clientbook::testing {

inline std::vector<std::byte> ascending(std::size_t size, unsigned from = 0) {
  std::vector<std::byte> out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>(from + i);
  return out;
}

inline pseudonym_key tenant_key(unsigned from = 0) {
  auto made = pseudonym_key::from(ascending(32, from));
  REQUIRE(made);
  return std::move(*made);
}

inline constexpr pseudonym_scope phones_of_shop{
    .tenant = "shop 7", .field = "phones", .purpose = "delivery", .version = 1};

/// What `write(room)` left, or nothing but an error's number.
template <class Write>
std::string text_from(Write&& write) {
  std::vector<std::byte> room(1024);
  const result<std::string_view> done = write(byte_span(room));
  return done ? std::string(*done)
              : "error " + std::to_string(static_cast<unsigned>(done.error().code));
}

}  // namespace clientbook::testing

#endif
