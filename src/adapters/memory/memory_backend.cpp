// The port `backend` in memory, for tests and short-lived work: a reader holds the tree of the
// commit that it began at, since trees never change (tree.hpp).
#include <clientbook/adapters/memory_backend.hpp>

#include "tree.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

namespace clientbook {
namespace {

constexpr std::size_t longest_key = 64;
constexpr std::size_t largest_value = std::size_t{1} << 30;

constexpr error bad_key{errc::invalid_argument, "a key has 1 to 64 bytes"};
constexpr error no_memory{errc::limit_exceeded, "not enough memory"};
constexpr error finished{errc::invalid_state, "the transaction is over: begin another"};

bool valid(byte_view key) noexcept { return !key.empty() && key.size() <= longest_key; }

struct version {
  memory::tree root;
  std::uint64_t number = 1;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
};

struct store {
  std::mutex guards_newest;
  version newest;
  std::mutex one_writer;
  std::atomic<std::thread::id> writer{};

  version current() {
    const std::lock_guard lock(guards_newest);
    return newest;
  }
};

result<byte_view> get_from(const memory::tree& root, byte_view key) noexcept {
  if (!valid(key)) return bad_key;
  const memory::entry* found = memory::find(root, key);
  if (found == nullptr) return error{errc::not_found, "no such key"};
  return byte_view(found->value);
}

result<void> walk_in(const memory::tree& root, byte_view prefix, byte_view from,
                     callback_ref<bool(byte_view, byte_view)> visit) {
  const bool from_is_later =
      std::lexicographical_compare(prefix.begin(), prefix.end(), from.begin(), from.end());
  memory::walk(root, from_is_later ? from : prefix, [&](const memory::entry& item) {
    const byte_view key(item.key);
    if (key.size() < prefix.size() || !same_bytes(key.first(prefix.size()), prefix)) return false;
    return visit(key, item.value);
  });
  return {};
}

class memory_read final : public read_transaction {
 public:
  explicit memory_read(std::shared_ptr<store> of)
      : store_(std::move(of)), seen_(store_->current()) {}

  std::uint64_t snapshot() const noexcept override { return seen_.number; }
  result<byte_view> get(byte_view key) noexcept override { return get_from(seen_.root, key); }
  result<void> walk(byte_view prefix, byte_view from,
                    callback_ref<bool(byte_view, byte_view)> visit) override {
    return walk_in(seen_.root, prefix, from, visit);
  }
  result<void> renew() noexcept override {
    seen_ = store_->current();
    return {};
  }

 private:
  std::shared_ptr<store> store_;
  version seen_;
};

class memory_write final : public write_transaction {
 public:
  explicit memory_write(std::shared_ptr<store> of)
      : store_(std::move(of)), only_(store_->one_writer), next_(store_->current()) {
    store_->writer = std::this_thread::get_id();
  }
  ~memory_write() override { finish(); }

  std::uint64_t snapshot() const noexcept override { return next_.number; }

  result<byte_view> get(byte_view key) noexcept override {
    if (!only_.owns_lock()) return finished;
    return get_from(next_.root, key);
  }

  result<void> walk(byte_view prefix, byte_view from,
                    callback_ref<bool(byte_view, byte_view)> visit) override {
    if (!only_.owns_lock()) return finished;
    return walk_in(next_.root, prefix, from, visit);
  }

  result<void> renew() noexcept override {
    return error{errc::invalid_state, "only a read transaction can be renewed"};
  }

  result<void> put(byte_view key, byte_view value) noexcept override {
    const result<byte_span> room = reserve(key, value.size());
    if (!room) return room.error();
    copy_bytes(*room, value);
    return {};
  }

  result<byte_span> reserve(byte_view key, std::size_t size) noexcept override try {
    if (!only_.owns_lock()) return finished;
    if (!valid(key)) return bad_key;
    if (size > largest_value) return error{errc::limit_exceeded, "a value has at most 1 GiB"};
    const memory::entry* before = memory::find(next_.root, key);
    const std::uint64_t bytes_before = before == nullptr ? 0 : key.size() + before->value.size();
    const auto item = std::make_shared<memory::entry>();
    item->key.assign(key.begin(), key.end());
    item->value.resize(size);
    const bool added = before == nullptr;
    next_.root = memory::insert(next_.root, item);
    next_.entries += added ? 1 : 0;
    next_.bytes += key.size() + size - bytes_before;
    changed_ = true;
    return byte_span(item->value);
  } catch (const std::bad_alloc&) {
    return no_memory;
  }

  result<void> erase(byte_view key) noexcept override try {
    if (!only_.owns_lock()) return finished;
    const result<byte_view> before = get_from(next_.root, key);
    if (!before) return before.error();
    const std::uint64_t bytes_before = key.size() + before->size();
    next_.root = memory::erase(next_.root, key);
    next_.entries -= 1;
    next_.bytes -= bytes_before;
    changed_ = true;
    return {};
  } catch (const std::bad_alloc&) {
    return no_memory;
  }

  result<void> commit() noexcept override {
    if (!only_.owns_lock()) return finished;
    if (changed_) {
      next_.number += 1;
      const std::lock_guard lock(store_->guards_newest);
      std::swap(store_->newest, next_);
    }
    finish();
    return {};
  }

 private:
  void finish() noexcept {
    if (!only_.owns_lock()) return;
    next_.root.reset();
    store_->writer = std::thread::id();
    only_.unlock();
  }

  std::shared_ptr<store> store_;
  std::unique_lock<std::mutex> only_;
  version next_;
  bool changed_ = false;
};

class memory_backend final : public backend {
 public:
  memory_backend() : store_(std::make_shared<store>()) {}

  result<std::unique_ptr<read_transaction>> begin_read() noexcept override try {
    return std::unique_ptr<read_transaction>(std::make_unique<memory_read>(store_));
  } catch (const std::bad_alloc&) {
    return no_memory;
  }

  result<std::unique_ptr<write_transaction>> begin_write() noexcept override try {
    if (store_->writer.load() == std::this_thread::get_id()) {
      return error{errc::invalid_state, "this thread has a write transaction open: end it first"};
    }
    return std::unique_ptr<write_transaction>(std::make_unique<memory_write>(store_));
  } catch (const std::bad_alloc&) {
    return no_memory;
  }

  result<backend_figures> figures() noexcept override {
    const version now = store_->current();
    return backend_figures{now.bytes, 0, now.entries};
  }

 private:
  std::shared_ptr<store> store_;
};

}  // namespace

result<std::unique_ptr<backend>> make_memory_backend() noexcept try {
  return std::unique_ptr<backend>(std::make_unique<memory_backend>());
} catch (const std::bad_alloc&) {
  return no_memory;
}

}  // namespace clientbook
