// room: adapters_lmdb
// expect: clientbook/book/session.hpp
#include <clientbook/vault/backend.hpp>
#if BAD
#include <clientbook/book/session.hpp>
#endif

void nothing(clientbook::backend&) {}
