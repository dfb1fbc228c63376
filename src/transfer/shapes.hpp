// Shapes: what a value of each type is made of, once, for everything that shows values to others:
// JSON, the flat block, and back. The keys are those of the record's format
// (docs/format/record.md), the names those of the members in values.hpp; tests hold both against
// encode_value().
//
// Members stand in the order in which a person reads them; keys are sorted where bytes need it.
#ifndef CLIENTBOOK_TRANSFER_SHAPES_HPP
#define CLIENTBOOK_TRANSFER_SHAPES_HPP

#include <clientbook/model/schema.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace clientbook::transfer {

enum class shape_kind : std::uint8_t {
  text,
  integer,
  boolean,
  date,
  timestamp,
  customer,   ///< 16 bytes of a customer_id.
  structure,  ///< A map of members.
  lines,      ///< A list of purchase lines.
  unknown,    ///< A type of a newer version.
};

struct shape_member {
  std::uint8_t key;
  std::string_view name;
  shape_kind kind;
};

struct shape {
  shape_kind kind = shape_kind::unknown;
  std::span<const shape_member> members;  ///< Of a structure.
};

inline constexpr std::size_t most_members = 16;

/// Of one element, where the field is a list.
shape shape_of(field_type type) noexcept;
/// Of a member; a list of lines gives the shape of one line.
shape shape_of(const shape_member& member) noexcept;

}  // namespace clientbook::transfer

#endif
