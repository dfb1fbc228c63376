// room: base
// expect: clientbook/backend.hpp
#include <clientbook/result.hpp>
#if BAD
#include <clientbook/backend.hpp>
#endif

clientbook::errc nothing() { return clientbook::errc::none; }
