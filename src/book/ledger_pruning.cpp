// The oldest entries taken out of the store. What leads to the root from later ones stays: a tile
// goes where all that is below it goes, and the tiles above have its root.
#include "ledger_store.hpp"

namespace clientbook {
namespace {

using storage::key;
using storage::table;

constexpr error gone{errc::pruned,
                     "the ledger was pruned: entries as old as that are not in it any more, and "
                     "nothing tells what they said"};

}  // namespace

result<void> ledger_store::check_not_pruned(std::uint64_t index) const {
  if (index < pruned()) return error{gone.code, gone.text, pruned()};
  return {};
}

result<std::uint64_t> ledger_store::first_of(date day, std::uint64_t end) {
  std::uint64_t index = pruned();
  for (; index < end; ++index) {
    const auto one = leaf(index);
    if (!one) return one.error();
    if (days_since_epoch(day) <= days_since_epoch(one->day)) break;
  }
  return index;
}

result<void> ledger_store::prune(std::uint64_t until) {
  const std::uint64_t from = pruned();
  for (std::uint64_t index = from; index < until; ++index) {
    if (auto done = drop_entry(index); !done) return done;
  }
  for (unsigned level = 0; level < levels; ++level) {
    const std::uint64_t end = ledger::first_tile(level, until);
    for (std::uint64_t tile = ledger::first_tile(level, from); tile < end; ++tile) {
      const auto done =
          drop(key(table::ledger_tile).add(static_cast<std::uint8_t>(level)).add(tile));
      if (!done) return done;
    }
  }
  core_.edit_row().ledger_pruned = until;
  return {};
}

// What an erasure or a restore has taken before is not there.
result<void> ledger_store::drop(byte_view at) {
  const auto there = core_.write().get(at);
  if (!there) return there.error().code == errc::not_found ? result<void>() : there.error();
  return core_.write().erase(at);
}

result<void> ledger_store::drop_entry(std::uint64_t index) {
  if (auto done = drop(key(table::ledger_leaf).add(index)); !done) return done;
  return drop(key(table::ledger_payload).add(index));
}

result<void> ledger_store::drop_what_came_back() {
  std::vector<std::uint64_t> back;
  for (const table each : {table::ledger_leaf, table::ledger_payload}) {
    const key prefix(each);
    auto walked = core_.read().walk(prefix, prefix, [&](byte_view at, byte_view) {
      if (at.size() != 9) return true;
      const auto index = load_be<std::uint64_t>(at.data() + 1);
      if (index >= pruned()) return false;
      back.push_back(index);
      return true;
    });
    if (!walked) return walked;
  }
  for (const std::uint64_t index : back) {
    if (auto done = drop_entry(index); !done) return done;
  }
  return {};
}

}  // namespace clientbook
