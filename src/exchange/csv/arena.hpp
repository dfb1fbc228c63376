// Text that lives as long as an import: copied once, never moved, wiped at the end.
#ifndef CLIENTBOOK_EXCHANGE_CSV_ARENA_HPP
#define CLIENTBOOK_EXCHANGE_CSV_ARENA_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/secret.hpp>

#include <algorithm>
#include <cstring>
#include <deque>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace clientbook::exchange {

class arena {
 public:
  arena() = default;
  arena(const arena&) = delete;
  arena& operator=(const arena&) = delete;
  ~arena() {
    for (const block& each : blocks_) wipe({each.bytes.get(), each.size});
  }

  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    if (text.size() > left_) {
      left_ = std::max(block_size, text.size());
      blocks_.push_back({std::make_unique<std::byte[]>(left_), left_});
      next_ = reinterpret_cast<char*>(blocks_.back().bytes.get());
    }
    char* const begin = next_;
    std::memcpy(begin, text.data(), text.size());
    next_ += text.size();
    left_ -= text.size();
    return {begin, text.size()};
  }

  /// A list whose elements live as long as the arena.
  std::span<const std::string_view> keep(std::vector<std::string_view> list) {
    return lists_.emplace_back(std::move(list));
  }

 private:
  static constexpr std::size_t block_size = std::size_t{1} << 18;
  struct block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size;
  };
  std::vector<block> blocks_;
  std::deque<std::vector<std::string_view>> lists_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace clientbook::exchange

#endif
