// What something is kept for, as a host says it.
#ifndef CLIENTBOOK_BINDINGS_C_PURPOSES_IN_HPP
#define CLIENTBOOK_BINDINGS_C_PURPOSES_IN_HPP

#include <clientbook/book/keeping.hpp>
#include <clientbook/consent/vocabulary.hpp>

#include <cstddef>
#include <cstdint>

#include "boundary.hpp"

namespace clientbook::c_abi {

inline result<kept_purposes> purposes_of(const std::uint8_t* numbers, std::size_t size) {
  purpose_set out;
  for (const std::byte one : bytes(numbers, size)) {
    const purpose_id purpose(std::to_integer<std::uint8_t>(one));
    if (!facts(purpose)) return error{errc::unknown_field, "no such purpose", purpose.value};
    out.add(purpose);
  }
  return kept_purposes(out);
}

}  // namespace clientbook::c_abi

#endif
