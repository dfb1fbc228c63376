// room: base
// expect: no matching (function|constructor)|no viable conversion|could not convert
#include <clientbook/base/result.hpp>

// What a message can say is what a literal can say: no name, no address, no key.
clientbook::error refuse([[maybe_unused]] const char* name) {
#if BAD
  return {clientbook::errc::not_found, name};
#else
  return {clientbook::errc::not_found, "no such customer"};
#endif
}
