// What a build of the scanner has: everything, or as much as a till's memory takes.
//
// The one place that asks which of the two this is. What is left out is data: traits and tables,
// made from data/*.csv by scripts/make_scanner_tables.py in two namespaces, of which `extent` is
// the one that this build takes. Sources ask `if constexpr (extent::nicknames)` or look into
// extent::street_types; what is not asked for is compiled, and dropped. Files that only one of the
// two has are named in CMakeLists.txt.
#ifndef CLIENTBOOK_SCANNER_EXTENT_HPP
#define CLIENTBOOK_SCANNER_EXTENT_HPP

#include <tables/scanner/extent.inc>

namespace clientbook::scanner {

#ifdef CLIENTBOOK_FIRMWARE
namespace extent = brief;
/// Bytes count more than time: no filters, no second way for what is usual, no copies of code.
inline constexpr bool compact = true;
/// A function that there is once, not in each of its callers.
#define CLIENTBOOK_ONCE __attribute__((noinline))
/// How the looks at a text are compiled: window.hpp.
#define CLIENTBOOK_LOOK
#define CLIENTBOOK_WINDOW_LOOKS "window_calls.hpp"
#else
namespace extent = full;
inline constexpr bool compact = false;
#define CLIENTBOOK_ONCE
#define CLIENTBOOK_LOOK inline
#define CLIENTBOOK_WINDOW_LOOKS "window_looks.hpp"
#endif

/// The first, if so; else the second: one of two tables.
template <bool First, class A, class B>
constexpr const auto& pick(const A& a, const B& b) noexcept {
  if constexpr (First) {
    return a;
  } else {
    return b;
  }
}

}  // namespace clientbook::scanner

#endif
