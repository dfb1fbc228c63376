// All rows of a store, one after the other: equal if and only if nothing was changed.
#ifndef CLIENTBOOK_TESTS_SUPPORT_STORE_CONTENT_HPP
#define CLIENTBOOK_TESTS_SUPPORT_STORE_CONTENT_HPP

#include <clientbook/vault/backend.hpp>

#include <vector>

#include "testing.hpp"

namespace clientbook::testing {

inline std::vector<std::byte> content_of(backend& store) {
  std::vector<std::byte> out;
  const auto reading = store.begin_read();
  REQUIRE(reading);
  REQUIRE((*reading)->walk({}, {}, [&](byte_view key, byte_view value) {
    out.insert(out.end(), key.begin(), key.end());
    out.insert(out.end(), value.begin(), value.end());
    return true;
  }));
  return out;
}

}  // namespace clientbook::testing

#endif
