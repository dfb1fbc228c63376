// Tiles: how the ledger's hashes are stored and exported (C2SP tlog-tiles, height 8).
//
// A tile holds up to 256 hashes of one level of tiles: level 0 the leaves', level n the
// roots of full tiles of level n - 1. A store keeps one value for each tile, 32 bytes a
// hash; the last one of a level is partial and is rewritten. Hashes in between are computed.
//
// A writer collects a batch of appends in the caller's slots: full tiles are put as they
// fill, partial ones once, by flush(). Store the frontier in the same transaction.
//
// Thread safety: a writer or reader belongs to one thread.
#ifndef CLIENTBOOK_LEDGER_TILES_HPP
#define CLIENTBOOK_LEDGER_TILES_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/ledger/merkle.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace clientbook::ledger {

inline constexpr unsigned tile_height = 8;
inline constexpr std::size_t tile_width = 256;
inline constexpr std::size_t tile_bytes = tile_width * sizeof(hash);

/// Port to where tiles are kept.
class tile_store {
 public:
  /// The tile's hashes one behind the other; the view lives until the next call.
  /// Errors: not_found; those of the store.
  virtual result<byte_view> get(unsigned level, std::uint64_t index) noexcept = 0;
  /// Creates or replaces a tile.
  virtual result<void> put(unsigned level, std::uint64_t index, byte_view hashes) noexcept = 0;

 protected:
  ~tile_store() = default;
};

/// The tile of one level that is being filled.
struct tile_slot {
  std::array<std::byte, tile_bytes> hashes;
  std::size_t count = 0;
  bool loaded = false;
  bool dirty = false;
};

/// Appends to a stored tree.
class tile_writer {
 public:
  /// `tree` is what is stored now and grows with each append. `slots`, one a level of
  /// tiles, are given empty: n of them carry 256^n - 1 entries. All must outlive the writer.
  tile_writer(tile_store& store, frontier& tree, std::span<tile_slot> slots) noexcept;
  tile_writer(const tile_writer&) = delete;
  tile_writer& operator=(const tile_writer&) = delete;

  /// Returns the entry's index. On error the tree is as before.
  /// Errors: limit_exceeded (too few slots, tree full), damaged (a stored tile has another
  /// size than the tree says); those of the store.
  result<std::uint64_t> append(const hash& leaf) noexcept;

  /// Puts the partial tiles that changed. Errors: those of the store.
  result<void> flush() noexcept;

 private:
  result<void> load(unsigned level) noexcept;

  tile_store& store_;
  frontier& tree_;
  std::span<tile_slot> slots_;
};

/// The hashes of a stored tree of `size` leaves, or of any beginning of it.
class tile_reader final : public hash_source {
 public:
  tile_reader(tile_store& store, std::uint64_t size) noexcept : store_(store), size_(size) {}

  /// Errors: not_found (outside the tree), damaged (a tile is too small); those of the store.
  result<hash> get(unsigned level, std::uint64_t index) noexcept override;

 private:
  tile_store& store_;
  std::uint64_t size_;
};

/// Hashes of the tile in a tree of `size` leaves: 0 (no such tile) to 256.
[[nodiscard]] std::size_t tile_count(unsigned level, std::uint64_t index,
                                     std::uint64_t size) noexcept;

/// Pruning: the first tile of a level that stays where entries below `index` go. Those before hold
/// nothing that a proof of a later entry, or between later sizes, asks for; tlog-tiles, minimum
/// index. Precondition: `index` is a multiple of tile_width.
[[nodiscard]] std::uint64_t first_tile(unsigned level, std::uint64_t index) noexcept;

/// Where the export has the tile: `tile/0/x001/234` or, when partial, `tile/0/000.p/17`.
/// `level` -1 is the bundle of entries, `tile/entries/...`.
/// Errors: invalid_argument (count not 1 to 256, level above 63), buffer_too_small (64 do).
result<std::string_view> tile_path(int level, std::uint64_t index, std::size_t count,
                                   std::span<char> out) noexcept;

}  // namespace clientbook::ledger

#endif
