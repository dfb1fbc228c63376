// The table behind the handles: slots with generations, looked up under one lock, so that a wrong
// handle is found out before anything is touched. handles.hpp has the promises.
#include "handles.hpp"

#include <pthread.h>
#include <unistd.h>

#include <mutex>

using clientbook::errc;
using clientbook::error;
using clientbook::result;
using clientbook::c_abi::handle_kind;

namespace {

// A handle, from the top: 16 bits of the context's number, 24 of the generation, 24 of the slot.
constexpr unsigned slot_bits = 24;
constexpr unsigned generation_bits = 24;
constexpr std::uint64_t most_slots = std::uint64_t{1} << slot_bits;
constexpr std::uint32_t last_generation = (std::uint32_t{1} << generation_bits) - 1;

constexpr error no_such_handle{errc::invalid_handle,
                               "closed, of another kind or of another context"};

// Tells contexts of this process apart; says nothing else.
std::uint64_t next_context_number() noexcept {
  static std::atomic<std::uint16_t> last = 0;
  return ++last;
}

// How often this process is the child of a fork(): asking the system for the process at every call
// would cost more than the rest of a call's border.
std::atomic<std::uint32_t> forks = 0;

bool counts_forks() noexcept {
  static const bool registered = ::pthread_atfork(nullptr, nullptr, [] {
                                   forks.fetch_add(1, std::memory_order_relaxed);
                                 }) == 0;
  return registered;
}

}  // namespace

clientbook_context::clientbook_context() noexcept
    : number_(next_context_number()),
      // Without the handler there is no count to go by, and the system is asked.
      process_(counts_forks() ? 0 : ::getpid()),
      forks_(forks.load(std::memory_order_relaxed)) {}

result<void> clientbook_context::check_process() const noexcept {
  // Before any lock: a thread of the parent may have held it at the fork.
  const bool same =
      process_ == 0 ? forks_ == forks.load(std::memory_order_relaxed) : process_ == ::getpid();
  if (same) return {};
  return error{errc::invalid_state, "the context is of the parent: make one after fork()"};
}

const clientbook_context::slot* clientbook_context::at(clientbook_handle handle) const noexcept {
  const std::uint64_t place = handle & (most_slots - 1);
  const std::uint64_t generation = (handle >> slot_bits) & last_generation;
  if (handle >> (slot_bits + generation_bits) != number_ || place >= slots_.size()) return nullptr;
  const slot& held = slots_[static_cast<std::size_t>(place)];
  return held.generation == generation && held.kind != handle_kind::none ? &held : nullptr;
}

result<clientbook_handle> clientbook_context::add(handle_kind kind, std::shared_ptr<void> object) {
  if (auto ours = check_process(); !ours) return ours.error();
  const std::unique_lock held(lock_);
  if (free_.empty()) {
    if (slots_.size() == most_slots) return error{errc::limit_exceeded, "too many handles"};
    free_.reserve(slots_.size() + 1);  // so that close() has room
    slots_.emplace_back();
    free_.push_back(static_cast<std::uint32_t>(slots_.size() - 1));
  }
  const std::uint32_t place = free_.back();
  free_.pop_back();
  slot& taken = slots_[place];
  taken.object = std::move(object);
  taken.kind = kind;
  return number_ << (slot_bits + generation_bits) | std::uint64_t{taken.generation} << slot_bits |
         place;
}

result<std::shared_ptr<void>> clientbook_context::find(handle_kind kind,
                                                       clientbook_handle handle) const {
  if (auto ours = check_process(); !ours) return ours.error();
  const std::shared_lock held(lock_);
  const slot* found = at(handle);
  if (found == nullptr || found->kind != kind) return no_such_handle;
  return found->object;
}

result<void> clientbook_context::close(clientbook_handle handle) {
  if (auto ours = check_process(); !ours) return ours.error();
  std::shared_ptr<void> closed;  // ends after the lock: ending a session may write
  {
    const std::unique_lock held(lock_);
    const slot* found = at(handle);
    if (found == nullptr) return no_such_handle;
    const auto place = static_cast<std::size_t>(found - slots_.data());
    slot& taken = slots_[place];
    if (taken.kind == handle_kind::session) {
      auto& open = *static_cast<clientbook::c_abi::opened_session*>(taken.object.get());
      if (!open.used.take()) return clientbook::c_abi::used_by_another;
      if (open.transaction_of != std::thread::id() &&
          open.transaction_of != std::this_thread::get_id()) {
        open.used.give_back();
        return clientbook::c_abi::used_by_another;
      }
    }
    if (taken.kind == handle_kind::cursor) {
      auto& open = *static_cast<clientbook::c_abi::opened_cursor*>(taken.object.get());
      if (!open.used.take()) return clientbook::c_abi::used_by_another;
    }
    closed = std::move(taken.object);
    taken.kind = handle_kind::none;
    if (taken.generation++ != last_generation) free_.push_back(static_cast<std::uint32_t>(place));
  }
  return {};
}
