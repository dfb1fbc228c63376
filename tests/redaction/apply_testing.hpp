// Shared by the tests of apply(): values to bytes and back.
#ifndef CLIENTBOOK_TESTS_APPLY_TESTING_HPP
#define CLIENTBOOK_TESTS_APPLY_TESTING_HPP

#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/record.hpp>
#include <clientbook/redaction/redaction.hpp>
#include "testing.hpp"

#include <array>
#include <vector>

namespace clientbook::testing {

using bytes = std::vector<std::byte>;

template <class Value>
bytes encoded(const Value& value) {
  bytes room(20000);
  const result<byte_view> done = encode_value(value, room);
  REQUIRE(done);
  room.resize(done->size());
  return room;
}
template <class T>
bytes list(std::vector<T> values) {
  return encoded(std::span<const T>(values));
}

inline redaction_options options() {
  redaction_options out;
  out.day.today = {2026, 3, 14};
  return out;
}

struct outcome {
  errc code = errc::none;
  redaction_operator applied = redaction_operator::drop;
  byte_view value;  // Until the fourth call of redact() from then.

  template <class T>
  T as() const {
    T out{};
    REQUIRE(decode_value(value, out));
    return out;
  }
  template <class T>
  std::vector<T> all() const {
    std::vector<T> out;
    const auto read = list_of<T>::of(value);
    REQUIRE(read);
    for (const T& one : *read) out.push_back(one);
    return out;
  }
};

inline outcome redact(redaction_operator op, field_type type, byte_view value,
                      const redaction_options& with = options()) {
  static std::array<bytes, 4> rooms;
  static std::size_t calls = 0;
  bytes& room = rooms[calls++ % rooms.size()];
  room.assign(2 * value.size() + 4096, std::byte{0xEE});
  const result<redacted> done = apply(op, type, value, with, room);
  if (!done) return {done.error().code, redaction_operator::drop, {}};
  if (!done->value.empty()) CHECK(cbor::check(done->value));
  return {errc::none, done->applied, done->value};
}
inline bool dropped(const outcome& done) {
  return done.code == errc::none && done.applied == redaction_operator::drop && done.value.empty();
}

}  // namespace clientbook::testing

#endif
