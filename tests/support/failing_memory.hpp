// Memory that runs out where a test says. For one file of an executable only: replaces operator
// new.
#ifndef CLIENTBOOK_TESTS_SUPPORT_FAILING_MEMORY_HPP
#define CLIENTBOOK_TESTS_SUPPORT_FAILING_MEMORY_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/vault/backend.hpp>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <vector>

#include "store_content.hpp"
#include "testing.hpp"

namespace {

// Which allocation of this thread fails, from 1; 0: none.
thread_local std::size_t left = 0;
thread_local bool failed = false;

void* allocate(std::size_t size, std::size_t alignment) noexcept {
  if (left != 0 && --left == 0) {
    failed = true;
    return nullptr;
  }
  const std::size_t whole = (std::max<std::size_t>(size, 1) + alignment - 1) / alignment;
  return std::aligned_alloc(alignment, whole * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment) {
  void* const out = allocate(size, alignment);
  if (out == nullptr) throw std::bad_alloc();
  return out;
}

constexpr std::size_t usual = alignof(std::max_align_t);

}  // namespace

void* operator new(std::size_t size) { return allocate_or_throw(size, usual); }
void* operator new[](std::size_t size) { return allocate_or_throw(size, usual); }
void* operator new(std::size_t size, std::align_val_t to) {
  return allocate_or_throw(size, static_cast<std::size_t>(to));
}
void* operator new[](std::size_t size, std::align_val_t to) {
  return allocate_or_throw(size, static_cast<std::size_t>(to));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size, usual);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size, usual);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }

namespace {

using clientbook::backend, clientbook::errc, clientbook::error, clientbook::testing::content_of;

/// Tries a call with every allocation that it makes failing; returns how often it failed so.
/// What can do without the memory may succeed.
enum class leaves { nothing, a_trace };
template <class Call>
std::size_t run_out_everywhere(backend& store, Call&& call, leaves what = leaves::nothing) {
  std::size_t failures = 0;
  for (std::size_t n = 1;; ++n) {
    CAPTURE(n);
    const std::vector<std::byte> before = content_of(store);
    bool thrown = false;
    error why;
    failed = false;
    left = n;
    try {
      why = call().error();
    } catch (...) {
      thrown = true;
    }
    left = 0;
    REQUIRE_FALSE(thrown);
    if (!failed) {
      REQUIRE(why.code == errc::none);
      return failures;
    }
    if (why.code == errc::none) continue;
    ++failures;
    CHECK(why.code == errc::limit_exceeded);
    if (what == leaves::nothing) CHECK(content_of(store) == before);
  }
}

}  // namespace

#endif
