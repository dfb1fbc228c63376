// The engine: walks a text from one place where something may begin to the next.
#ifndef CLIENTBOOK_SCANNER_WALK_HPP
#define CLIENTBOOK_SCANNER_WALK_HPP

#include <span>

#include "rules.hpp"

namespace clientbook::scanner {

/// Finds in order, without overlap, in the caller's memory.
class find_list {
 public:
  explicit find_list(std::span<text_entity> memory, std::size_t count = 0) noexcept
      : memory_(memory), count_(count) {}

  /// Adds a find. Of two that overlap the longer stays if it holds the other, else the one with
  /// the better proof; what the other covers beside it stays covered.
  void add(const find& found) noexcept;
  /// Takes away the first finds.
  void drop_first(std::size_t count) noexcept;
  /// Moves all finds by so many bytes to the front.
  void move_back(std::size_t bytes) noexcept;

  std::span<text_entity> finds() const noexcept { return memory_.first(count_); }
  bool overflow() const noexcept { return overflow_; }

 private:
  std::span<text_entity> memory_;
  std::size_t count_ = 0;
  bool overflow_ = false;
};

/// No find begins further before the place where it was noticed than this.
inline constexpr std::size_t max_look_back = scan_reach;

/// Looks at places from `from` up to `to`; needs the text up to scan_reach behind them, or its
/// end. Returns the next place to look at, `to` or behind it.
std::size_t scan_places(std::string_view text, std::size_t from, std::size_t to,
                        const scan_settings& settings, find_list& finds) noexcept;

}  // namespace clientbook::scanner

#endif
