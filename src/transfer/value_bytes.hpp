// JSON back into the bytes of a value.
#ifndef CLIENTBOOK_TRANSFER_VALUE_BYTES_HPP
#define CLIENTBOOK_TRANSFER_VALUE_BYTES_HPP

#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace clientbook::transfer {

/// One deterministic CBOR item; empty if the node's failure happened.
wiped_bytes read_value(const exchange::json_node& from, field_type type);

/// A name of the form `#40`; nothing if it is none.
std::optional<std::uint64_t> number_of(std::string_view name) noexcept;

}  // namespace clientbook::transfer

#endif
