// Bytes as hexadecimal text, for whoever has a heap; write_hex() of ids.hpp is for the others.
//
// Thread safety: a pure function.
#ifndef CLIENTBOOK_BASE_HEX_HPP
#define CLIENTBOOK_BASE_HEX_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>

#include <string>

namespace clientbook {

/// Lower-case, two digits a byte: as ids and digests are written everywhere.
inline std::string hex(byte_view bytes) {
  std::string out(bytes.size() * 2, '0');
  write_hex(bytes, out.data());
  return out;
}

}  // namespace clientbook

#endif
