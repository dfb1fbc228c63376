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

// Calls `each` with every day of a value: YYYYMMDD, and without a year MMDD (record.md). A number
// that only looks like either counts too: what is doubtful needs a basis.
template <class Each>
void each_day(byte_view value, Each&& each) noexcept {
  cbor::reader from(value);
  const auto day = [&] {
    if (from.next() != cbor::kind::unsigned_integer) {
      (void)from.item();
      return;
    }
    const std::uint64_t number = from.unsigned_integer();
    const std::uint64_t month = number / 100 % 100;
    const std::uint64_t of_month = number % 100;
    if (number > 99991231 || month < 1 || month > 12 || of_month < 1 || of_month > 31) return;
    each(number);
  };
  const bool is_list = from.next() == cbor::kind::array;
  for (std::size_t left = is_list ? from.array() : 1; left > 0 && !from.failed(); --left) {
    if (from.next() != cbor::kind::map) {
      day();
      continue;
    }
    for (std::size_t members = from.map(); members > 0 && !from.failed(); --members) {
      (void)from.item();
      day();
    }
  }
}

constexpr bool has_year(std::uint64_t day) noexcept { return day >= 10000; }

std::size_t times_there(byte_view value, std::uint64_t wanted) noexcept {
  std::size_t out = 0;
  each_day(value, [&](std::uint64_t day) { out += day == wanted ? 1U : 0U; });
  return out;
}

std::size_t whole_days(byte_view value) noexcept {
  std::size_t out = 0;
  each_day(value, [&](std::uint64_t day) { out += has_year(day) ? 1U : 0U; });
  return out;
}

// Whether a day with a year, or one without, is in the first value more often than in the second.
bool has_further(byte_view in, byte_view than, bool with_year) noexcept {
  bool out = false;
  each_day(in, [&](std::uint64_t day) {
    out = out || (has_year(day) == with_year && times_there(in, day) > times_there(than, day));
  });
  return out;
}

// A day that had no year has one now. Nothing says which element of a list was which, so that
// wherever a day without a year goes and one with a year comes, they may be one.
bool adds_a_year(byte_view held, byte_view given) noexcept {
  bool any_without = false;
  each_day(held, [&](std::uint64_t day) { any_without = any_without || !has_year(day); });
  if (!any_without) return false;
  return whole_days(given) > whole_days(held) ||
         (has_further(given, held, true) && has_further(held, given, false));
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
