// room: base
// expect: could not convert|no viable conversion|no matching function
#include <clientbook/base/callback_ref.hpp>

int ask(clientbook::callback_ref<int(int)> whom) { return whom(1); }

int answers() {
  int calls = 0;
#if BAD
  return ask([&](int* given) { return calls += *given; });
#else
  return ask([&](int given) { return calls += given; });
#endif
}
