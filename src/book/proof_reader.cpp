// Tiles with their inner nodes: 255 hashes a tile, then a proof costs look-ups.
#include "proof_reader.hpp"

#include <clientbook/base/bytes.hpp>

#include <algorithm>
#include <cstring>

namespace clientbook {
namespace {

using ledger::tile_height;
using ledger::tile_width;

// Where the nodes of a height begin: 256 leaves, then 128, and so on.
constexpr std::size_t begin_of(unsigned height) noexcept {
  return 2 * tile_width - (2 * tile_width >> height);
}

}  // namespace

// The last tile of a level is in the proof of every entry, beside the one that the entry is in:
// were both to share a place, each proof would hash each of them anew.
proof_reader::tile& proof_reader::place_of(unsigned level, std::uint64_t number) noexcept {
  if (number == size_ >> ((level + 1) * tile_height)) return edge_[level];
  return tiles_[level == 0 ? static_cast<std::size_t>(number % leaf_tiles)
                           : leaf_tiles + level - 1];
}

result<const proof_reader::tile*> proof_reader::load(unsigned level,
                                                     std::uint64_t number) noexcept {
  tile& place = place_of(level, number);
  if (place.count != 0 && place.number == number) return &place;
  const auto hashes = store_.get(level, number);
  if (!hashes) return hashes.error();
  const std::size_t wanted = ledger::tile_count(level, number, size_);
  if (hashes->size() != wanted * sizeof(ledger::hash)) {
    return error{errc::damaged, "a tile of the ledger has not the size that the tree says", number};
  }
  std::memcpy(place.nodes.data(), hashes->data(), hashes->size());
  for (unsigned height = 1; height <= tile_height; ++height) {
    const std::size_t below = begin_of(height - 1);
    for (std::size_t i = 0; i < wanted >> height; ++i) {
      place.nodes[begin_of(height) + i] =
          ledger::node_hash(place.nodes[below + 2 * i], place.nodes[below + 2 * i + 1]);
    }
  }
  place.number = number;
  place.count = wanted;
  return &place;
}

result<ledger::hash> proof_reader::get(unsigned level, std::uint64_t index) noexcept {
  const unsigned tile_level = level / tile_height;
  if (tile_level > inner_levels || index >= size_ >> level) {
    return error{errc::not_found, "the ledger's tree has no such node", index};
  }
  const unsigned height = level % tile_height;
  const std::uint64_t first = index << height;
  const auto found = load(tile_level, first / tile_width);
  if (!found) return found.error();
  const auto place = static_cast<std::size_t>(first % tile_width) >> height;
  return (*found)->nodes[begin_of(height) + place];
}

}  // namespace clientbook
