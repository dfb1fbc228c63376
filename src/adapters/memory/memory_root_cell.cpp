// A root key in this process, and nowhere else.
#include <clientbook/adapters/memory_root_cell.hpp>

#include <utility>

namespace clientbook {
namespace {

root_key copy(const root_key& from) noexcept { return {from.epoch, from.key.duplicate()}; }

}  // namespace

result<root_cell::content> memory_root_cell::load() noexcept {
  content out;
  if (current_) out.current = copy(*current_);
  if (staged_) out.staged = copy(*staged_);
  return out;
}

result<void> memory_root_cell::stage(const root_key& next) noexcept {
  if (next.epoch == 0 || (current_ && next.epoch <= current_->epoch)) {
    return error{errc::invalid_argument, "a key is staged for a later epoch"};
  }
  if (staged_ && staged_->epoch != next.epoch) {
    return error{errc::invalid_state, "a key of another epoch is staged"};
  }
  staged_ = copy(next);
  return {};
}

result<void> memory_root_cell::promote(std::uint64_t epoch) noexcept {
  if (epoch == 0) return error{errc::invalid_argument, "epochs start at 1"};
  if (current_ && current_->epoch >= epoch) return {};
  if (!staged_ || staged_->epoch != epoch) {
    return error{errc::invalid_state, "no key of this epoch is staged"};
  }
  current_ = std::exchange(staged_, std::nullopt);
  return {};
}

result<void> memory_root_cell::drop(std::uint64_t epoch) noexcept {
  if (staged_ && staged_->epoch == epoch) staged_.reset();
  return {};
}

}  // namespace clientbook
