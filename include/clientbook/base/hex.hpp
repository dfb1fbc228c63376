// Bytes as hexadecimal text, in the caller's own kind of string: the core has none. write_hex() of
// ids.hpp writes into an array.
//
// Thread safety: a pure function.
#ifndef CLIENTBOOK_BASE_HEX_HPP
#define CLIENTBOOK_BASE_HEX_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>

namespace clientbook {

/// Lower-case, two digits a byte: as ids and digests are written everywhere.
/// `Text` is a std::string or its like.
template <class Text>
Text hex(byte_view bytes) {
  Text out(bytes.size() * 2, '0');
  write_hex(bytes, out.data());
  return out;
}

}  // namespace clientbook

#endif
