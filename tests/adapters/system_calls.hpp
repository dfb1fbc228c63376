// Kills, stops or fails the process at the n-th system call that touches a file, also inside
// LMDB: this program defines the calls itself, ahead of the C library.
#ifndef CLIENTBOOK_TESTS_ADAPTERS_SYSTEM_CALLS_HPP
#define CLIENTBOOK_TESTS_ADAPTERS_SYSTEM_CALLS_HPP

namespace clientbook::testing {

struct fault {
  enum class action { none, kill, kill_after, stop, fail, cut };
  action what = action::none;  ///< cut: a pwrite writes half of what it was given.
  int at = 0;                  ///< The n-th call, from 1, of those that count.
  const char* only = nullptr;  ///< Counts only calls of this name.
  int error = 0;               ///< errno of a failed call.
  bool sticky = false;         ///< Every later call fails, too.
};

/// Counting begins anew.
void inject(const fault& planned) noexcept;
/// Calls counted since inject().
int calls_counted() noexcept;

}  // namespace clientbook::testing

#endif
