// A record as callers hand it in.
#ifndef CLIENTBOOK_BINDINGS_C_RECORD_IN_HPP
#define CLIENTBOOK_BINDINGS_C_RECORD_IN_HPP

#include <clientbook/transfer/record_json.hpp>

#include <array>

#include "handles.hpp"
#include "session_text.hpp"

namespace clientbook::c_abi {

inline result<customer> record_of(std::uint32_t form, const std::uint8_t* record, std::size_t size,
                                  opened_session& in) {
  if (form == CLIENTBOOK_JSON) {
    in.where.clear();
    return record_from_json(as_text(bytes(record, size)), in.session.fields(), &in.where);
  }
  if (form != CLIENTBOOK_CBOR) return not_a_form;
  std::array<field_value, max_fields> room;
  const auto fields = decode_record(bytes(record, size), room);
  if (!fields) return fields.error();
  customer out;
  for (const field_value& one : *fields) {
    if (auto set = out.set_raw(one.id, one.value); !set) return set.error();
  }
  return out;
}

}  // namespace clientbook::c_abi

#endif
