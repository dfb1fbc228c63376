// Canaries: customers whom nobody has a reason to look at, made up for that or chosen. Whoever
// reads one, finds it in a search, lists it or passes it on raises an alarm at once (alarm.hpp).
#ifndef CLIENTBOOK_BOOK_CANARY_HPP
#define CLIENTBOOK_BOOK_CANARY_HPP

#include <cstddef>

namespace clientbook {

inline constexpr std::size_t max_canaries = 1000;

}  // namespace clientbook

#endif
