// room: base
// expect: clientbook/vault/backend.hpp
#include <clientbook/base/result.hpp>
#if BAD
#include <clientbook/vault/backend.hpp>
#endif

clientbook::errc nothing() { return clientbook::errc::none; }
