// What tests of root cells share: keys that say their epoch, and what a cell holds in a word.
#ifndef CLIENTBOOK_TESTS_ADAPTERS_CELL_TESTING_HPP
#define CLIENTBOOK_TESTS_ADAPTERS_CELL_TESTING_HPP

#include <clientbook/adapters/file_root_cell.hpp>

#include <string>

#include "json.hpp"

namespace clientbook::testing {

inline root_key key_of(std::uint64_t epoch) {
  root_key made;
  made.epoch = epoch;
  made.key.fill_bytes([&](byte_span bytes) {
    for (std::byte& b : bytes) b = static_cast<std::byte>(0xA0 + epoch);
  });
  return made;
}

// "2" for the key of epoch 2, "-" for none, "?" for a key that is not the epoch's.
inline std::string name_of(const std::optional<root_key>& key) {
  if (!key) return "-";
  const root_key wanted = key_of(key->epoch);
  const bool same = key->key.with_bytes([&](byte_view a) {
    return wanted.key.with_bytes([&](byte_view b) { return same_bytes(a, b); });
  });
  return same ? std::to_string(key->epoch) : "?";
}

// The current and the staged key.
inline std::string held(root_cell& cell) {
  const result<root_cell::content> content = cell.load();
  if (!content) return "errc " + std::to_string(static_cast<int>(content.error().code));
  return name_of(content->current) + " " + name_of(content->staged);
}

template <class T>
errc code(const result<T>& done) {
  return done ? errc::none : done.error().code;
}

// What every root cell keeps.
inline void keeps_the_contract(root_cell& cell) {
  CHECK(held(cell) == "- -");
  CHECK(code(cell.promote(0)) == errc::invalid_argument);
  CHECK(code(cell.promote(1)) == errc::invalid_state);
  CHECK(code(cell.drop(1)) == errc::none);
  CHECK(code(cell.stage(key_of(0))) == errc::invalid_argument);
  CHECK(code(cell.stage(key_of(1))) == errc::none);
  CHECK(held(cell) == "- 1");
  CHECK(code(cell.promote(1)) == errc::none);
  CHECK(held(cell) == "1 -");
  CHECK(code(cell.stage(key_of(1))) == errc::invalid_argument);
  CHECK(code(cell.stage(key_of(2))) == errc::none);
  CHECK(held(cell) == "1 2");
  CHECK(code(cell.stage(key_of(3))) == errc::invalid_state);
  CHECK(code(cell.stage(key_of(2))) == errc::none);
  CHECK(held(cell) == "1 2");
  CHECK(code(cell.drop(2)) == errc::none);
  CHECK(held(cell) == "1 -");
  CHECK(code(cell.promote(2)) == errc::invalid_state);
  CHECK(code(cell.stage(key_of(2))) == errc::none);
  CHECK(code(cell.promote(2)) == errc::none);
  CHECK(held(cell) == "2 -");
}

// Who was paused names the epoch of its own change, not what is staged by now.
inline void hits_no_other_epoch(root_cell& cell) {
  REQUIRE(cell.stage(key_of(4)));
  REQUIRE(cell.promote(4));
  for (const std::uint64_t late : {1u, 3u, 4u}) {
    CAPTURE(late);
    CHECK(code(cell.promote(late)) == errc::none);  // Done already.
    CHECK(code(cell.drop(late)) == errc::none);
    CHECK(held(cell) == "4 -");
  }
  REQUIRE(cell.stage(key_of(5)));
  for (const std::uint64_t late : {1u, 4u}) {
    CAPTURE(late);
    CHECK(code(cell.promote(late)) == errc::none);
    CHECK(held(cell) == "4 5");
    CHECK(code(cell.drop(late)) == errc::none);
    CHECK(held(cell) == "4 5");
  }
  CHECK(code(cell.promote(6)) == errc::invalid_state);
  CHECK(code(cell.drop(6)) == errc::none);
  CHECK(code(cell.drop(0)) == errc::none);
  CHECK(held(cell) == "4 5");
}

}  // namespace clientbook::testing

#endif
