// The bytes of a root cell's file: 112, big-endian.
//
//   0  16  "clientbook root\n"
//  16   2  format, 1
//  18   2  0
//  20   4  CRC-32 of bytes 24 to 111
//  24   8  epoch of the current key, 0 if there is none
//  32  32  the current key, zeros if there is none
//  64   8  epoch of the staged key, 0 if there is none
//  72  32  the staged key, zeros if there is none
// 104   8  0
#ifndef CLIENTBOOK_ADAPTERS_ROOT_CELL_CELL_FORMAT_HPP
#define CLIENTBOOK_ADAPTERS_ROOT_CELL_CELL_FORMAT_HPP

#include <clientbook/crypto/root_cell.hpp>

namespace clientbook {

using cell_image = secret<112>;

cell_image encode_cell(const root_cell::content& content) noexcept;
/// Errors: damaged, newer_format.
result<root_cell::content> decode_cell(const cell_image& image) noexcept;

}  // namespace clientbook

#endif
