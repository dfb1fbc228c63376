// Memory root cell: a root key that goes with its object; for tests, drills and books in memory.
//
// Keeps the whole contract of root_cell.hpp but durability. What promote() has forgotten is wiped.
//
// Thread safety: as root_cell.hpp says, within one process.
#ifndef CLIENTBOOK_ADAPTERS_MEMORY_ROOT_CELL_HPP
#define CLIENTBOOK_ADAPTERS_MEMORY_ROOT_CELL_HPP

#include <clientbook/crypto/root_cell.hpp>

#include <optional>

namespace clientbook {

class memory_root_cell final : public root_cell {
 public:
  result<content> load() noexcept override;
  result<void> stage(const root_key& next) noexcept override;
  result<void> promote(std::uint64_t epoch) noexcept override;
  result<void> drop(std::uint64_t epoch) noexcept override;

 private:
  std::optional<root_key> current_, staged_;
};

}  // namespace clientbook

#endif
