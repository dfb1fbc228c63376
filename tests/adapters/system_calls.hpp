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

/// As on a file system that cannot exchange two names: renameat2 answers EINVAL.
void without_exchange(bool so) noexcept;

/// What was done to files since inject(), a letter a call that succeeded: r rename, d a folder
/// synced, f a file synced, w written.
const char* order_of_calls() noexcept;

}  // namespace clientbook::testing

#endif
