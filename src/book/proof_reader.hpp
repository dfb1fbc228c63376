// The ledger's tree as many proofs in a row read it: the inner nodes of a tile are computed once
// and kept. One proof alone is as quick without.
#ifndef CLIENTBOOK_BOOK_PROOF_READER_HPP
#define CLIENTBOOK_BOOK_PROOF_READER_HPP

#include <clientbook/ledger/merkle.hpp>
#include <clientbook/ledger/tiles.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace clientbook {

// Keeps a few tiles of the tree of one size, and is thrown away with the transaction that it
// reads in. A tile that is cut short is damage, never a shorter tree; what is kept never changes
// an answer.
class proof_reader final : public ledger::hash_source {
 public:
  proof_reader(ledger::tile_store& store, std::uint64_t size)
      : store_(store), size_(size), tiles_(leaf_tiles + inner_levels), edge_(1 + inner_levels) {}

  /// As ledger::tile_reader.
  result<ledger::hash> get(unsigned level, std::uint64_t index) noexcept override;

 private:
  static constexpr std::size_t leaf_tiles = 8;    ///< Entries of one customer lie anywhere.
  static constexpr std::size_t inner_levels = 7;  ///< Above, one tile a level is met again,
                                                  ///< and the last, in which every proof ends.

  // Nodes by height, leaves first: 256, 128, ..., 1.
  struct tile {
    std::array<ledger::hash, 2 * ledger::tile_width> nodes;
    std::uint64_t number = 0;
    std::size_t count = 0;  ///< Of leaves; 0: the place is free.
  };
  result<const tile*> load(unsigned level, std::uint64_t number) noexcept;
  tile& place_of(unsigned level, std::uint64_t number) noexcept;

  ledger::tile_store& store_;
  std::uint64_t size_;
  std::vector<tile> tiles_;
  std::vector<tile> edge_;  ///< The last of each level: a tree has an uneven end.
};

}  // namespace clientbook

#endif
