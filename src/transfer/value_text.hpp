// A value's bytes as JSON text.
#ifndef CLIENTBOOK_TRANSFER_VALUE_TEXT_HPP
#define CLIENTBOOK_TRANSFER_VALUE_TEXT_HPP

#include "json_text.hpp"

namespace clientbook::transfer {

enum class value_form : std::uint8_t {
  lossless,  ///< Bytes that no name fits are kept as they are: {"cbor": base64}.
  shown,     ///< To be read: such bytes become the JSON that is nearest to them.
};

/// Precondition: cbor::check(value).
void write_value(json_text& out, field_type type, byte_view value, value_form form);

}  // namespace clientbook::transfer

#endif
