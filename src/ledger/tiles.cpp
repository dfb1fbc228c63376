// The tree's hashes in tiles of 256, so that a log is stored, cached and served in pieces that
// never change once they are full.
//
// Of a tile only the lowest row is kept; what is above is computed again. Relies on its store to
// give back what it was given: a wrong tile shows as a wrong root.
#include <clientbook/ledger/tiles.hpp>

#include <algorithm>
#include <bit>

#include <clientbook/internal/base/text_out.hpp>

namespace clientbook::ledger {
namespace {

constexpr unsigned tile_levels = 8;  // 256^8 is more than max_tree_size.

hash hash_at(byte_view hashes, std::size_t place) noexcept {
  hash out;
  copy_bytes(out, hashes.subspan(place * sizeof(hash), sizeof(hash)));
  return out;
}

// Root over 2^height hashes.
hash perfect_root(byte_view hashes, unsigned height) noexcept {
  std::array<hash, tile_height + 1> left;
  hash node{};
  for (std::size_t i = 0; i < std::size_t{1} << height; ++i) {
    node = hash_at(hashes, i);
    unsigned level = 0;
    for (; ((i >> level) & 1) != 0; ++level) node = node_hash(left[level], node);
    left[level] = node;
  }
  return node;
}

}  // namespace

std::size_t tile_count(unsigned level, std::uint64_t index, std::uint64_t size) noexcept {
  if (level >= tile_levels) return 0;
  const std::uint64_t hashes = size >> (level * tile_height);
  const std::uint64_t full = hashes >> tile_height;
  if (index < full) return tile_width;
  return index == full ? static_cast<std::size_t>(hashes % tile_width) : 0;
}

std::uint64_t first_tile(unsigned level, std::uint64_t index) noexcept {
  return level >= tile_levels ? 0 : index >> ((level + 1) * tile_height % 64);
}

tile_writer::tile_writer(tile_store& store, frontier& tree, std::span<tile_slot> slots) noexcept
    : store_(store), tree_(tree), slots_(slots.first(std::min<std::size_t>(slots.size(), 8))) {
  for (tile_slot& slot : slots_) {
    slot.count = 0;
    slot.loaded = false;
    slot.dirty = false;
  }
}

result<void> tile_writer::load(unsigned level) noexcept {
  tile_slot& slot = slots_[level];
  if (slot.loaded) return {};
  const std::uint64_t index = tree_.size() >> ((level + 1) * tile_height);
  const std::size_t count = tile_count(level, index, tree_.size());
  if (count != 0) {
    const result<byte_view> stored = store_.get(level, index);
    if (!stored) return stored.error();
    if (stored->size() != count * sizeof(hash)) {
      return error{errc::damaged, "a tile of the ledger has not the size that the tree says",
                   index};
    }
    copy_bytes(slot.hashes, *stored);
  }
  slot.count = count;
  slot.loaded = true;
  return {};
}

result<std::uint64_t> tile_writer::append(const hash& leaf) noexcept {
  const std::uint64_t index = tree_.size();
  if (index >= max_tree_size) return error{errc::limit_exceeded, "the ledger's tree is full"};
  // The leaf fills the tiles of the levels below `top` and joins that of `top`.
  const auto merged = static_cast<unsigned>(std::countr_one(index));
  const unsigned top = merged / tile_height;
  if (top >= slots_.size()) {
    return error{errc::limit_exceeded, "so many entries need another tile slot", index};
  }
  for (unsigned level = 0; level <= top; ++level) {
    if (const auto done = load(level); !done) return done.error();
  }

  hash node = leaf;
  for (unsigned level = 0, height = 0; level <= top; ++level) {
    tile_slot& slot = slots_[level];
    copy_bytes(byte_span(slot.hashes).subspan(slot.count * sizeof(hash)), node);
    if (level < top) {
      const std::uint64_t tile = index >> ((level + 1) * tile_height);
      if (const auto done = store_.put(level, tile, slot.hashes); !done) return done.error();
    }
    const unsigned next = level < top ? (level + 1) * tile_height : merged;
    const std::span<const hash> subtrees = tree_.subtrees();
    for (; height < next; ++height) {
      node = node_hash(subtrees[subtrees.size() - 1 - height], node);
    }
  }

  for (unsigned level = 0; level <= top; ++level) {
    tile_slot& slot = slots_[level];
    slot.count = level < top ? 0 : slot.count + 1;
    slot.dirty = level == top;
  }
  tree_.place(node, merged);
  return index;
}

result<void> tile_writer::flush() noexcept {
  for (unsigned level = 0; level < slots_.size(); ++level) {
    tile_slot& slot = slots_[level];
    if (!slot.dirty) continue;
    const std::uint64_t tile = tree_.size() >> ((level + 1) * tile_height);
    const byte_view hashes = byte_view(slot.hashes).first(slot.count * sizeof(hash));
    if (const auto done = store_.put(level, tile, hashes); !done) return done.error();
    slot.dirty = false;
  }
  return {};
}

result<hash> tile_reader::get(unsigned level, std::uint64_t index) noexcept {
  if (level >= tile_levels * tile_height || index >= size_ >> level) {
    return error{errc::not_found, "the ledger's tree has no such node", index};
  }
  const unsigned height = level % tile_height;
  const std::uint64_t first = index << height;
  const std::uint64_t tile = first / tile_width;
  const auto place = static_cast<std::size_t>(first % tile_width);
  const std::size_t end = place + (std::size_t{1} << height);
  const result<byte_view> hashes = store_.get(level / tile_height, tile);
  if (!hashes) return hashes.error();
  if (hashes->size() < end * sizeof(hash) || hashes->size() > tile_bytes) {
    return error{errc::damaged, "a tile of the ledger has not the size that the tree says", tile};
  }
  return perfect_root(hashes->subspan(place * sizeof(hash)), height);
}

result<std::string_view> tile_path(int level, std::uint64_t index, std::size_t count,
                                   std::span<char> out) noexcept {
  if (level < -1 || level > 63 || count == 0 || count > tile_width) {
    return error{errc::invalid_argument, "no such tile"};
  }
  return written(out, [&](text_out& to) {
    to.text("tile/");
    if (level < 0) {
      to.text("entries");
    } else {
      to.number(static_cast<std::uint64_t>(level));
    }
    std::uint64_t unit = 1;
    while (index / unit >= 1000) unit *= 1000;
    for (; unit != 0; unit /= 1000) {
      to.text(unit > 1 ? "/x" : "/");
      to.digits(index / unit % 1000, 3);
    }
    if (count < tile_width) {
      to.text(".p/");
      to.number(count);
    }
  });
}

}  // namespace clientbook::ledger
