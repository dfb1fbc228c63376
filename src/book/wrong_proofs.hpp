// How many wrong proofs of an actor there were, and whether their hour is over by a clock that
// nobody vouches for.
//
// A count of a time that is still to come was made while the clock was ahead, or the clock was set
// back since: nobody can tell. So it counts for an hour from when it is first met, and for its own
// hour besides. Who sets the clock back gains no try by it, and who has set it ahead keeps nobody
// out for longer than an hour.
#ifndef CLIENTBOOK_BOOK_WRONG_PROOFS_HPP
#define CLIENTBOOK_BOOK_WRONG_PROOFS_HPP

#include <clientbook/book/credential.hpp>

#include <algorithm>
#include <cstdint>

namespace clientbook {

struct wrong_proofs {
  timestamp first{};  ///< When the first of them was.
  timestamp met{};    ///< From when they count anew: not after `first`.
  std::uint32_t count = 0;

  /// How many seconds until they do not count any more; 0: they do not.
  std::int64_t left(timestamp at) const noexcept {
    return std::max(left_from(first, at, 0), left_from(met, at, wrong_proofs_last_seconds));
  }
  /// Takes notice of the time; `more` of them have come.
  void add(std::uint32_t more, timestamp at) noexcept {
    if (left(at) == 0) *this = {.first = at, .met = at};
    met = std::min(met, at);
    count += more;
  }

 private:
  static std::int64_t left_from(timestamp from, timestamp at, std::int64_t before) noexcept {
    if (at < from) return before;
    return std::max<std::int64_t>(0, wrong_proofs_last_seconds - (at.seconds - from.seconds));
  }
};

}  // namespace clientbook

#endif
