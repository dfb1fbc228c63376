// Handles: numbers that stand for what a context holds.
//
// A number is made of the context it belongs to, a generation of its slot and the slot: one that
// was closed, that is of another context or of another kind is found out, whatever it is. A slot
// whose generations are used up is not used again.
//
// Thread safety: a context may be used by several threads. What a handle stands for lives until the
// last call that uses it has returned; a session is leased to one call at a time.
#ifndef CLIENTBOOK_BINDINGS_C_HANDLES_HPP
#define CLIENTBOOK_BINDINGS_C_HANDLES_HPP

#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/book/book.hpp>
#include <clientbook/crypto/root_cell.hpp>

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "boundary.hpp"

namespace clientbook::c_abi {

enum class handle_kind : std::uint8_t { none, root_cell, book, session, cursor, redactor, builder };

struct opened_cell {
  static constexpr handle_kind kind = handle_kind::root_cell;
  std::shared_ptr<root_cell> cell;
};

/// The host's clock as the library asks for it.
struct host_clock {
  std::int64_t (*now)(void* clock) = nullptr;
  void* clock = nullptr;
};

/// Whom the library tells what happens.
struct host_listener {
  void (*heard)(void* listener, const char* event, std::size_t size) = nullptr;
  void* listener = nullptr;
};

struct opened_book {
  static constexpr handle_kind kind = handle_kind::book;
  std::unique_ptr<host_clock> clock;        ///< The book borrows it; null: the system's.
  std::unique_ptr<host_listener> listener;  ///< So it does this; null: nobody.
  clientbook::book book;
  /// Whose slots can be changed; null: its root cell is no file, or the host's.
  std::shared_ptr<file_root_cell> cell{};
};

/// Whether a call uses it now.
class in_use {
 public:
  bool take() noexcept { return !taken_.exchange(true, std::memory_order_acquire); }
  void give_back() noexcept { taken_.store(false, std::memory_order_release); }

 private:
  std::atomic<bool> taken_ = false;
};

struct opened_session {
  static constexpr handle_kind kind = handle_kind::session;
  opened_session(clientbook::session begun, std::shared_ptr<opened_book> of)
      : book(std::move(of)), session(std::move(begun)) {}

  std::shared_ptr<opened_book> book;  ///< Before the session, which borrows its clock.
  clientbook::session session;
  in_use used;
  std::atomic<bool> stop = false;    ///< By clientbook_cancel().
  std::thread::id transaction_of{};  ///< The thread that began one; none: no transaction.
  std::string where;                 ///< Of the last JSON that was refused.
  view seen;                         ///< Used again by every read: no allocation once it is large.
};

/// A session of its own: a walk goes on whatever the other session does.
struct opened_cursor {
  static constexpr handle_kind kind = handle_kind::cursor;
  opened_cursor(clientbook::session begun, std::shared_ptr<opened_book> of, customer_walk at)
      : book(std::move(of)), session(std::move(begun)), walk(at) {}

  std::shared_ptr<opened_book> book;
  clientbook::session session;
  customer_walk walk;
  in_use used;
  std::atomic<bool> stop = false;
  view seen;
};

}  // namespace clientbook::c_abi

struct clientbook_context {
 public:
  clientbook_context() noexcept;

  /// Errors: limit_exceeded.
  template <class Object>
  clientbook::result<clientbook_handle> add(std::shared_ptr<Object> object) {
    return add(Object::kind, std::move(object));
  }
  /// Errors: invalid_handle, invalid_state (after fork).
  template <class Object>
  clientbook::result<std::shared_ptr<Object>> find(clientbook_handle handle) const {
    auto found = find(Object::kind, handle);
    if (!found) return found.error();
    return std::static_pointer_cast<Object>(std::move(*found));
  }
  /// Errors: as find(); invalid_state (in use).
  clientbook::result<void> close(clientbook_handle handle);
  /// Errors: invalid_state in a process that did not make the context.
  clientbook::result<void> check_process() const noexcept;

 private:
  struct slot {
    std::shared_ptr<void> object;
    std::uint32_t generation = 1;
    clientbook::c_abi::handle_kind kind = clientbook::c_abi::handle_kind::none;
  };

  clientbook::result<clientbook_handle> add(clientbook::c_abi::handle_kind kind,
                                            std::shared_ptr<void> object);
  clientbook::result<std::shared_ptr<void>> find(clientbook::c_abi::handle_kind kind,
                                                 clientbook_handle handle) const;
  /// Precondition: the lock is held. Null if it stands for nothing.
  const slot* at(clientbook_handle handle) const noexcept;

  std::uint64_t number_;
  pid_t process_;  ///< 0: forks are counted.
  std::uint32_t forks_;
  mutable std::shared_mutex lock_;
  std::vector<slot> slots_;
  std::vector<std::uint32_t> free_;
};

namespace clientbook::c_abi {

inline constexpr clientbook::error used_by_another{errc::invalid_state,
                                                   "in use by another thread, or its transaction"};

inline constexpr clientbook::error stopped_by_host{errc::invalid_state,
                                                   "the host has stopped this call"};

/// A call begins, which clientbook_cancel() stops from now on.
template <class Opened>
void may_be_stopped(Opened& open) noexcept {
  open.stop.store(false, std::memory_order_relaxed);
  open.session.stop_when(&open.stop);
}

/// Runs `body` with what the handle leads to, alone. Errors: invalid_argument unless `pointers` are
/// all there, invalid_handle, invalid_state (see used_by_another).
template <class Opened, class Body>
clientbook_status with_alone(clientbook_context* context, clientbook_handle handle,
                             clientbook_error* error, bool pointers, Body&& body) noexcept {
  return guard(error, [&]() -> result<void> {
    if (context == nullptr || !pointers) return null_argument;
    const auto found = context->find<Opened>(handle);
    if (!found) return found.error();
    Opened& open = **found;
    if (!open.used.take()) return used_by_another;
    struct giving_back {
      in_use& used;
      ~giving_back() { used.give_back(); }
    } const at_end{open.used};
    return body(open);
  });
}

/// Runs `body` with the session alone. Errors: invalid_argument unless `pointers` are all there,
/// invalid_handle, invalid_state (see used_by_another).
template <class Body>
clientbook_status with_session(clientbook_context* context, clientbook_handle handle,
                               clientbook_error* error, bool pointers, Body&& body) noexcept {
  return with_alone<opened_session>(context, handle, error, pointers,
                                    [&](opened_session& open) -> result<void> {
                                      if (open.transaction_of != std::thread::id() &&
                                          open.transaction_of != std::this_thread::get_id()) {
                                        return used_by_another;
                                      }
                                      may_be_stopped(open);
                                      return body(open);
                                    });
}

inline customer_id id_of(const clientbook_id* id) noexcept {
  customer_id out;
  std::memcpy(out.bytes.data(), id->bytes, out.bytes.size());
  return out;
}
template <class Id>
void put_id(clientbook_id* to, const Id& id) noexcept {
  std::memcpy(to->bytes, id.bytes.data(), id.bytes.size());
}

}  // namespace clientbook::c_abi

#endif
