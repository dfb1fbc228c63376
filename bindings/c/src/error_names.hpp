// Names of error codes, as in result.hpp.
#ifndef CLIENTBOOK_BINDINGS_C_ERROR_NAMES_HPP
#define CLIENTBOOK_BINDINGS_C_ERROR_NAMES_HPP

#include <cstdint>

namespace clientbook::c_abi {

inline const char* name_of_error(std::int32_t code) noexcept {
  switch (code) {
#include "error_names.inc"
    default:
      return "";
  }
}

}  // namespace clientbook::c_abi

#endif
