// What a public call returns when memory ran out: std::bad_alloc crosses none of them, since a C
// ABI and a host without exceptions call them too.
#ifndef CLIENTBOOK_INTERNAL_BASE_OUT_OF_MEMORY_HPP
#define CLIENTBOOK_INTERNAL_BASE_OUT_OF_MEMORY_HPP

#include <clientbook/base/result.hpp>

#include <new>

namespace clientbook {

inline constexpr error not_enough_memory{errc::limit_exceeded, "not enough memory"};

}  // namespace clientbook

#endif
