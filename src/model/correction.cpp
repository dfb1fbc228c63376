// Of lists by their elements, of everything else by its parts: what is given beyond what is held.
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/internal/model/correction.hpp>

#include <algorithm>

namespace clientbook {
namespace {

// Calls `each` with the key of every member of a map, or of every map of a list, until it returns
// false. What is no map has no members.
template <class Each>
bool each_member(byte_view value, Each&& each) noexcept {
  cbor::reader from(value);
  const bool is_list = from.next() == cbor::kind::array;
  for (std::size_t left = is_list ? from.array() : 1; left > 0 && !from.failed(); --left) {
    if (from.next() != cbor::kind::map) {
      (void)from.item();
      continue;
    }
    for (std::size_t members = from.map(); members > 0 && !from.failed(); --members) {
      const byte_view key = from.item();
      (void)from.item();
      if (!from.failed() && !each(key)) return false;
    }
  }
  return !from.failed();
}

std::size_t elements(byte_view value) noexcept {
  cbor::reader from(value);
  return from.next() == cbor::kind::array ? from.array() : 1;
}

}  // namespace

bool says_more(byte_view held, byte_view given) noexcept {
  if (held.empty() || elements(held) < elements(given)) return true;
  const auto is_held = [&](byte_view key) {
    return !each_member(held, [&](byte_view known) { return !std::ranges::equal(known, key); });
  };
  return !each_member(given, is_held);
}

}  // namespace clientbook
