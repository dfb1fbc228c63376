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

// Days of a value: YYYYMMDD, and without a year MMDD (record.md). A number that only looks like
// either counts too: what is doubtful needs a basis.
struct days {
  std::size_t without_year = 0;
  std::size_t whole = 0;

  void add(cbor::reader& from) noexcept {
    if (from.next() != cbor::kind::unsigned_integer) {
      (void)from.item();
      return;
    }
    const std::uint64_t number = from.unsigned_integer();
    const std::uint64_t month = number / 100 % 100;
    const std::uint64_t day = number % 100;
    if (number > 99991231 || month < 1 || month > 12 || day < 1 || day > 31) return;
    ++(number < 10000 ? without_year : whole);
  }
};

days days_in(byte_view value) noexcept {
  cbor::reader from(value);
  days out;
  const bool is_list = from.next() == cbor::kind::array;
  for (std::size_t left = is_list ? from.array() : 1; left > 0 && !from.failed(); --left) {
    if (from.next() != cbor::kind::map) {
      out.add(from);
      continue;
    }
    for (std::size_t members = from.map(); members > 0 && !from.failed(); --members) {
      (void)from.item();
      out.add(from);
    }
  }
  return out;
}

// A day that had no year has one now.
bool adds_a_year(byte_view held, byte_view given) noexcept {
  const days before = days_in(held);
  return before.without_year != 0 && days_in(given).whole > before.whole;
}

std::size_t elements(byte_view value) noexcept {
  cbor::reader from(value);
  return from.next() == cbor::kind::array ? from.array() : 1;
}

}  // namespace

bool says_more(byte_view held, byte_view given) noexcept {
  if (held.empty() || elements(held) < elements(given) || adds_a_year(held, given)) return true;
  const auto is_held = [&](byte_view key) {
    return !each_member(held, [&](byte_view known) { return !std::ranges::equal(known, key); });
  };
  return !each_member(given, is_held);
}

}  // namespace clientbook
