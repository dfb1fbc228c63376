// room: adapters_memory
// expect: clientbook/adapters/lmdb_backend.hpp
#include <clientbook/adapters/memory_backend.hpp>
#if BAD
#include <clientbook/adapters/lmdb_backend.hpp>
#endif

void nothing(clientbook::backend&) {}
