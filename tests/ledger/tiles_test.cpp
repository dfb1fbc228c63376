#include <clientbook/ledger/tiles.hpp>
#include "ledger_testing.hpp"
#include "testing.hpp"

#include <algorithm>
#include <random>

using namespace clientbook;
using namespace clientbook::ledger;
using namespace clientbook::testing;

TEST_CASE("tiles: whatever the batches, the store holds what tlog-tiles says") {
  constexpr std::uint64_t end = 66000;  // Three levels of tiles.
  numbered_tree whole(end);
  std::mt19937_64 random(11);
  numbered_tree batched(0);
  while (batched.front.size() < end) {
    batched.grow(std::min(end, batched.front.size() + 1 + random() % 900));
  }
  CHECK(batched.store.tiles == whole.store.tiles);
  CHECK(batched.front.root() == whole.front.root());
  CHECK(whole.front.root() == naive_root(whole.leaves));

  // n-th tile of level l: the roots over [(n * 256 + i) * 256^l, (n * 256 + i + 1) * 256^l).
  CHECK(whole.store.tiles.size() == 258 + 2 + 1);
  for (const auto& [place, hashes] : whole.store.tiles) {
    const auto [level, index] = place;
    REQUIRE(hashes.size() == tile_count(level, index, end) * sizeof(hash));
    const std::size_t width = std::size_t{1} << (8 * level);
    for (std::size_t i = 0; i < hashes.size() / sizeof(hash); i += level == 0 ? 31 : 1) {
      const hash expected =
          naive_root(std::span(whole.leaves).subspan((index * 256 + i) * width, width));
      CHECK(same_bytes(byte_view(hashes).subspan(i * sizeof(hash), sizeof(hash)), expected));
    }
  }
}

TEST_CASE("tiles: a batch puts each partial tile once") {
  numbered_tree tree(0);
  tree.grow(1000);
  CHECK(tree.store.puts == 3 + 2);  // Three full tiles; a partial one on each of two levels.
  tree.store.puts = 0;
  tree.grow(1001);
  CHECK(tree.store.puts == 1);
  tree.store.puts = 0;
  tree.grow(1001);
  CHECK(tree.store.puts == 0);
}

TEST_CASE("tiles: proofs come out of stored tiles for every size they hold") {
  numbered_tree tree(66000);
  tile_reader reader = tree.reader();
  std::mt19937_64 random(3);
  for (int round = 0; round < 30; ++round) {
    const std::uint64_t size = 1 + random() % 66000;
    const std::uint64_t older = random() % (size + 1);
    const std::uint64_t index = random() % size;
    CAPTURE(size);
    CAPTURE(index);
    const hash root = frontier_at(reader, size)->root();
    CHECK(root == naive_root(std::span(tree.leaves).first(size)));
    CHECK(verify_inclusion(tree.leaves[index], index, size,
                           inclusion_proof(reader, index, size)->view(), root));
    CHECK(verify_consistency(older, frontier_at(reader, older)->root(), size, root,
                             consistency_proof(reader, older, size)->view()));
  }
}

TEST_CASE("tiles: what is left behind a minimum index proves every later entry and size") {
  constexpr std::uint64_t end = 2 * 65536 + 900;
  const numbered_tree whole(end);
  std::mt19937_64 random(29);
  for (const std::uint64_t minimum :
       {std::uint64_t{256}, std::uint64_t{512}, std::uint64_t{65280}, std::uint64_t{65536},
        std::uint64_t{65792}, std::uint64_t{2 * 65536}, std::uint64_t{2 * 65536 + 768}}) {
    CAPTURE(minimum);
    numbered_tree tree = whole;
    for (unsigned level = 0; level < 3; ++level) {
      for (std::uint64_t tile = 0; tile < first_tile(level, minimum); ++tile) {
        CHECK(tree.store.tiles.erase({level, tile}) == 1);
      }
    }
    // Nothing is left but what such a proof needs: entries, and roots of what went.
    CHECK_FALSE(tree.store.tiles.contains({0, minimum / 256 - 1}));
    tile_reader reader = tree.reader();
    for (int round = 0; round < 40; ++round) {
      const std::uint64_t size = minimum + 1 + random() % (end - minimum);
      const std::uint64_t older = round == 0 ? minimum : minimum + random() % (size - minimum + 1);
      const std::uint64_t index = round == 1 ? minimum : minimum + random() % (size - minimum);
      CAPTURE(size);
      CAPTURE(older);
      CAPTURE(index);
      const auto head = frontier_at(reader, size);
      const auto before = frontier_at(reader, older);
      const auto path = inclusion_proof(reader, index, size);
      const auto growth = consistency_proof(reader, older, size);
      REQUIRE(head);
      REQUIRE(before);
      REQUIRE(path);
      REQUIRE(growth);
      CHECK(verify_inclusion(tree.leaves[index], index, size, path->view(), head->root()));
      CHECK(verify_consistency(older, before->root(), size, head->root(), growth->view()));
    }
    CHECK(inclusion_proof(reader, minimum - 1, end).error().code == errc::not_found);
    // It goes on growing.
    tree.grow(end + 70000);
    CHECK(tree.front.root() == naive_root(tree.leaves));
  }
}

TEST_CASE("tiles: a changed hash in the store breaks every proof that needs it") {
  numbered_tree tree(700);
  tree.store.tiles[{0, 1}][32 * 5] ^= std::byte{1};
  tile_reader reader = tree.reader();
  CHECK_FALSE(verify_inclusion(tree.leaves[261 - 1], 260, 700,
                               inclusion_proof(reader, 260, 700)->view(), tree.front.root()));
  CHECK(frontier_at(reader, 700)->root() == tree.front.root());  // From level 1: untouched.
  CHECK(verify_inclusion(tree.leaves[3], 3, 700, inclusion_proof(reader, 3, 700)->view(),
                         tree.front.root()));
}

TEST_CASE("tiles: a store that fails leaves the tree as it was") {
  numbered_tree tree(255);
  const hash before = tree.front.root();
  tile_writer writer(tree.store, tree.front, tree.slots);
  tree.store.puts_until_failure = 0;
  CHECK(writer.append(numbered_leaf(255)).error().code == errc::disk_full);
  CHECK(tree.front.size() == 255);
  CHECK(tree.front.root() == before);
  tree.store.puts_until_failure = ~std::size_t{0};
  CHECK(*writer.append(numbered_leaf(255)) == 255);
  CHECK(*writer.append(numbered_leaf(256)) == 256);
  REQUIRE(writer.flush());
  CHECK(tree.store.tiles == numbered_tree(257).store.tiles);
}

TEST_CASE("tiles: missing, short and surplus tiles are told") {
  numbered_tree tree(300);
  tile_reader reader = tree.reader();
  CHECK(reader.get(0, 300).error().code == errc::not_found);
  CHECK(reader.get(8, 1).error().code == errc::not_found);
  CHECK(reader.get(63, 0).error().code == errc::not_found);
  CHECK(reader.get(64, 0).error().code == errc::not_found);

  tree.store.tiles[{0, 1}].resize(43 * 32);
  CHECK(reader.get(0, 299).error().code == errc::damaged);
  tile_writer writer(tree.store, tree.front, tree.slots);
  CHECK(writer.append(numbered_leaf(300)).error().code == errc::damaged);
  tree.store.tiles.erase({0, 1});
  CHECK(reader.get(0, 299).error().code == errc::not_found);
  CHECK(writer.append(numbered_leaf(300)).error().code == errc::not_found);
  CHECK(tree.front.size() == 300);
}

TEST_CASE("tiles: too few slots are told before anything changes") {
  tiles_in_memory store;
  frontier front;
  std::vector<tile_slot> slots(1);
  tile_writer writer(store, front, slots);
  for (std::uint64_t i = 0; i < 255; ++i) REQUIRE(writer.append(numbered_leaf(i)));
  CHECK(writer.append(numbered_leaf(255)).error().code == errc::limit_exceeded);
  CHECK(front.size() == 255);
  CHECK(writer.flush());
  CHECK(store.tiles.at({0, 0}).size() == 255 * 32);
}

TEST_CASE("tiles: the export has the paths of tlog-tiles") {
  char room[64];
  const auto path = [&](int level, std::uint64_t index, std::size_t count) {
    return std::string(*tile_path(level, index, count, room));
  };
  CHECK(path(0, 0, 256) == "tile/0/000");
  CHECK(path(0, 1234067, 256) == "tile/0/x001/x234/067");
  CHECK(path(1, 999, 17) == "tile/1/999.p/17");
  CHECK(path(-1, 1000, 255) == "tile/entries/x001/000.p/255");
  CHECK(path(63, 18446744073709551615U, 255) == "tile/63/x018/x446/x744/x073/x709/x551/615.p/255");
  CHECK(tile_path(0, 0, 0, room).error().code == errc::invalid_argument);
  CHECK(tile_path(0, 0, 257, room).error().code == errc::invalid_argument);
  CHECK(tile_path(64, 0, 1, room).error().code == errc::invalid_argument);
  CHECK(tile_path(0, 0, 256, std::span(room).first(9)).error().at == 10);
  // The example of the specification: a tree of 70,000.
  CHECK(tile_count(0, 272, 70000) == 256);
  CHECK(tile_count(0, 273, 70000) == 112);
  CHECK(tile_count(0, 274, 70000) == 0);
  CHECK(tile_count(1, 0, 70000) == 256);
  CHECK(tile_count(1, 1, 70000) == 17);
  CHECK(tile_count(2, 0, 70000) == 1);
  CHECK(tile_count(3, 0, 70000) == 0);
}
