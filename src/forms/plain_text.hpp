// A string that is overwritten when it goes, grows or moves: every text in this room may be of a
// person, and the memory of a process outlives it in swap, dumps and the next allocation.
#ifndef CLIENTBOOK_FORMS_PLAIN_TEXT_HPP
#define CLIENTBOOK_FORMS_PLAIN_TEXT_HPP

#include <clientbook/base/secret.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace clientbook::forms {

template <class T>
struct wiping_memory {
  using value_type = T;
  wiping_memory() noexcept = default;
  template <class U>
  wiping_memory(const wiping_memory<U>&) noexcept {}  // NOLINT(*-explicit-*)

  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* memory, std::size_t count) noexcept {
    wipe({reinterpret_cast<std::byte*>(memory), count * sizeof(T)});
    std::allocator<T>().deallocate(memory, count);
  }
  friend bool operator==(const wiping_memory&, const wiping_memory&) noexcept = default;
};

using wiped_string = std::basic_string<char, std::char_traits<char>, wiping_memory<char>>;

/// Short texts lie within the object: those go with it.
class plain_text : public wiped_string {
 public:
  using wiped_string::wiped_string;
  plain_text() = default;
  plain_text(const plain_text&) = default;
  plain_text(plain_text&&) noexcept = default;
  plain_text(wiped_string from) noexcept  // NOLINT(*-explicit-*): what + gives is one.
      : wiped_string(std::move(from)) {}
  plain_text& operator=(const plain_text&) = default;
  plain_text& operator=(plain_text&&) noexcept = default;
  using wiped_string::operator=;
  ~plain_text() { wipe({reinterpret_cast<std::byte*>(data()), capacity()}); }
};

struct text_hash {
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>()(text);
  }
};

}  // namespace clientbook::forms

#endif
