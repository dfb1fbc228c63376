// What a set of customers is made of, by whichever reader made it.
#ifndef CLIENTBOOK_EXCHANGE_CSV_IMPORT_STATE_HPP
#define CLIENTBOOK_EXCHANGE_CSV_IMPORT_STATE_HPP

#include "arena.hpp"
#include "import_plan.hpp"
#include "lanes.hpp"

#include <clientbook/exchange/column_map.hpp>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace clientbook {

struct import_set::state {
  // Constants and value maps are views into it.
  std::shared_ptr<const column_map::state> map;
  exchange::arena texts;
  exchange::lanes kept;
  std::vector<std::string_view> ids;
  std::vector<std::uint64_t> lines;
  /// Where notes were read, by where their text lies.
  struct note_place {
    const char* text = nullptr;
    import_place at{};
  };
  std::vector<note_place> notes{};
};

}  // namespace clientbook

#endif
