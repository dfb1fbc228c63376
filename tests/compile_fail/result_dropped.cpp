// room: base
// expect: cannot convert|no viable conversion|could not convert
#include <clientbook/base/result.hpp>

// A value is never got without asking whether there is one.
int take(const clientbook::result<int>& value) {
#if BAD
  return value;
#else
  return value ? *value : 0;
#endif
}
