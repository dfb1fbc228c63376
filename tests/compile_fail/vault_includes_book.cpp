// room: vault
// expect: clientbook/book/book.hpp
#include <clientbook/vault/backend.hpp>
#if BAD
#include <clientbook/book/book.hpp>
#endif

void nothing(clientbook::backend&) {}
