// Leaves out of an export every group that has fewer than k people.
//
// Groups are told apart by a digest over their fields with lengths, so that no two combinations can
// meet; the caller lends the table in which rows are sorted. What is kept comes out in the order it
// came in: the order of groups would tell of those that went.
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/redaction/k_threshold.hpp>

#include <algorithm>
#include <numeric>

namespace clientbook {

group_id group_of(std::span<const byte_view> fields) noexcept {
  crypto::hasher made;
  for (const byte_view each : fields) {
    std::array<std::byte, 8> size;
    store_be(size.data(), static_cast<std::uint64_t>(each.size()));
    made.update(size).update(each);
  }
  group_id out;
  copy_bytes(out, byte_view(made.finish()).first(out.size()));
  return out;
}

result<k_outcome> require_k(unsigned k, std::span<const group_row> rows, small_groups what,
                            std::span<std::uint32_t> work) noexcept {
  if (k < 2 || k > 1'000'000 || work.size() < rows.size() || rows.size() > 0xffffffff) {
    return error{errc::invalid_argument, "k is 2 to 1,000,000, with a place of work for every row"};
  }
  const auto places = work.first(rows.size());
  std::iota(places.begin(), places.end(), 0U);
  std::sort(places.begin(), places.end(), [&](std::uint32_t a, std::uint32_t b) {
    return rows[a].group != rows[b].group ? rows[a].group < rows[b].group
                                          : rows[a].subject < rows[b].subject;
  });

  std::size_t kept = 0;
  for (std::size_t begin = 0; begin < places.size();) {
    const group_id& group = rows[places[begin]].group;
    std::size_t people = 0;
    std::size_t end = begin;
    for (; end < places.size() && rows[places[end]].group == group; ++end) {
      const bool first = end == begin;
      if (first || rows[places[end]].subject != rows[places[end - 1]].subject) ++people;
    }
    if (people >= k) {
      // Downwards or in place: kept is never behind begin.
      std::copy(places.begin() + static_cast<std::ptrdiff_t>(begin),
                places.begin() + static_cast<std::ptrdiff_t>(end),
                places.begin() + static_cast<std::ptrdiff_t>(kept));
      kept += end - begin;
    }
    begin = end;
  }
  const std::size_t suppressed = rows.size() - kept;
  if (what != small_groups::suppress && suppressed != 0) {
    return error{errc::group_too_small, "fewer than k people share a combination of values",
                 suppressed};
  }
  std::sort(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(kept));
  return k_outcome{places.first(kept), suppressed};
}

}  // namespace clientbook
