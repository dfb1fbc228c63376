// Memory backend: a book that lives as long as its object; for tests and short-lived work.
//
// Keeps the whole contract of backend.hpp but durability: a snapshot is one shared pointer
// to an immutable tree, a commit exchanges it. One write transaction at a time; others wait.
//
// Thread safety: as backend.hpp says. Other processes do not see it; after a fork each
// process has its own.
#ifndef CLIENTBOOK_ADAPTERS_MEMORY_BACKEND_HPP
#define CLIENTBOOK_ADAPTERS_MEMORY_BACKEND_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/vault/backend.hpp>

#include <memory>

namespace clientbook {

/// An empty store. Transactions may outlive the returned object.
/// Errors: limit_exceeded (no memory).
result<std::unique_ptr<backend>> make_memory_backend() noexcept;

}  // namespace clientbook

#endif
