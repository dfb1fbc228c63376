// What every function of the C ABI does at its border: nothing throws out, NULL is refused, what
// goes out is handed over whole or not at all.
#ifndef CLIENTBOOK_BINDINGS_C_BOUNDARY_HPP
#define CLIENTBOOK_BINDINGS_C_BOUNDARY_HPP

#include <clientbook.h>
#include <clientbook/base/result.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace clientbook::c_abi {

inline clientbook_status answer(clientbook_error* error, const result<void>& done) noexcept {
  const clientbook::error what = done.error();
  const auto code = static_cast<clientbook_status>(what.code);
  if (error != nullptr) *error = {code, 0, what.text.c_str(), what.at};
  return code;
}

/// A size that no object has: thrown where a pointer and its size become a view, which everything
/// that a caller hands in passes, and caught by guard().
struct impossible_size {};

/// Runs a function's body. The one place where an exception, of the library, of a standard
/// container or of a host's callback, becomes a code.
template <class Body>
clientbook_status guard(clientbook_error* error, Body&& body) noexcept {
  try {
    return answer(error, body());
  } catch (const impossible_size&) {
    return answer(error, clientbook::error{errc::limit_exceeded, "a size that no object has"});
  } catch (const std::length_error&) {
    return answer(error, clientbook::error{errc::limit_exceeded, "more than memory can hold"});
  } catch (const std::bad_alloc&) {
    return answer(error, clientbook::error{errc::limit_exceeded, "out of memory"});
  } catch (...) {
    return answer(error, clientbook::error{errc::internal_error, "an exception: report it"});
  }
}

template <class... Pointers>
constexpr bool given(Pointers... pointers) noexcept {
  return (... && (pointers != nullptr));
}
inline constexpr clientbook::error null_argument{errc::invalid_argument,
                                                 "NULL where a pointer is needed"};

inline std::size_t possible(const void* data, std::size_t size) {
  if (data == nullptr) return 0;
  if (size > PTRDIFF_MAX) throw impossible_size();
  return size;
}

/// Precondition: `data` is not null unless `size` is 0. Throws impossible_size, so within guard().
inline std::string_view text(const char* data, std::size_t size) {
  return {data, possible(data, size)};
}
inline byte_view bytes(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const std::byte*>(data), possible(data, size)};
}

/// The struct as this library knows it, from one of any size: absent members are 0, members that
/// this library does not know must be. A size that no compiler gives it cuts a member in half.
template <class Struct>
result<Struct> options(const Struct* from) noexcept {
  constexpr std::size_t most =
      4096;  // a size beyond is no size, but a struct that was not filled in
  Struct out{};
  if (from == nullptr) return out;
  std::size_t size = 0;
  std::memcpy(&size, from, sizeof size);
  if (size < sizeof size || size > most || size % alignof(Struct) != 0) {
    return error{errc::invalid_argument, "struct_size is not the size of the struct"};
  }
  std::memcpy(&out, from, std::min(size, sizeof out));
  const auto* all = reinterpret_cast<const unsigned char*>(from);
  for (std::size_t i = sizeof out; i < size; ++i) {
    if (all[i] != 0) return error{errc::unsupported, "a member that this library does not know", i};
  }
  return out;
}

/// Bytes on their way out. They belong to the caller once release() was called, which cannot fail.
class outgoing {
 public:
  /// A text, with a NUL behind it.
  explicit outgoing(std::string_view content)
      : bytes_(std::make_unique<wiped_bytes>(content.size() + 1)), size_(content.size()) {
    if (!content.empty()) std::memcpy(bytes_->data(), content.data(), content.size());
  }
  /// A block as it is, without a NUL behind it: it is not copied.
  explicit outgoing(wiped_bytes block)
      : bytes_(std::make_unique<wiped_bytes>(std::move(block))), size_(bytes_->size()) {}

  void release(clientbook_bytes* to) noexcept {
    to->data = reinterpret_cast<const std::uint8_t*>(bytes_->data());
    to->size = size_;
    to->owner = bytes_.release();
  }

 private:
  std::unique_ptr<wiped_bytes> bytes_;
  std::size_t size_;
};

inline void hand_out(clientbook_bytes* to, std::string_view content) {
  outgoing(content).release(to);
}

}  // namespace clientbook::c_abi

#endif
