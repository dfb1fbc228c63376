// room: unicode
// expect: clientbook/model/schema.hpp
#include <clientbook/internal/unicode/utf8.hpp>
#if BAD
#include <clientbook/model/schema.hpp>
#endif

bool nothing() { return clientbook::valid_utf8(""); }
