// A million proofs with something changed in each, in every run; as many as
// CLIENTBOOK_ALTERED_PROOFS says in a long one. None is taken.
#include <clientbook/ledger/merkle.hpp>
#include "ledger_testing.hpp"
#include "testing.hpp"

#include <cstdlib>
#include <random>
#include <vector>

using namespace clientbook;
using namespace clientbook::ledger;
using namespace clientbook::testing;

namespace {

constexpr std::uint64_t largest = 300;

std::uint64_t rounds() {
  const char* more = std::getenv("CLIENTBOOK_ALTERED_PROOFS");
  return more == nullptr ? 1'000'000 : std::strtoull(more, nullptr, 10);
}

struct grown_tree {
  tiles_in_memory store;
  frontier tree;
  std::vector<hash> leaves, roots{empty_root()};

  grown_tree() {
    std::vector<tile_slot> slots(2);
    tile_writer writer(store, tree, slots);
    for (std::uint64_t i = 0; i < largest; ++i) {
      leaves.push_back(numbered_leaf(i));
      REQUIRE(writer.append(leaves.back()));
      roots.push_back(tree.root());
    }
    REQUIRE(writer.flush());
  }
};

using random_numbers = std::mt19937_64;

void flip(hash& of, random_numbers& random) {
  of[random() % of.size()] ^= static_cast<std::byte>(1U << (random() % 8));
}

// Changes the hashes of a proof, or what is held against them: `all` are root or roots and leaf.
template <class Held>
void alter(std::vector<hash>& path, Held held, random_numbers& random) {
  const unsigned kind = path.empty() ? 4 : static_cast<unsigned>(random() % 6);
  const std::size_t at = path.empty() ? 0 : random() % path.size();
  switch (kind) {
    case 0:
      flip(path[at], random);
      break;
    case 1:
      path.erase(path.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 2:
      path.insert(path.begin() + static_cast<std::ptrdiff_t>(at), numbered_leaf(random()));
      break;
    case 3:
      // The same twice, or the order of two.
      if (at + 1 < path.size()) {
        std::swap(path[at], path[at + 1]);
      } else {
        path.push_back(path[at]);
      }
      break;
    default:
      flip(*held[random() % held.size()], random);
      break;
  }
}

// A proof, and what it is held against: a leaf or a root of before, and the root.
struct proved {
  std::uint64_t size = 0;
  std::uint64_t of = 0;  // The entry's index, or the size before.
  std::vector<hash> path;
};

std::vector<proved> some_proofs(grown_tree& all, bool inclusion, random_numbers& random) {
  std::vector<proved> out;
  for (int i = 0; i < 2000; ++i) {
    proved one{.size = 1 + random() % largest, .path = {}};
    one.of = inclusion ? random() % one.size : 1 + random() % one.size;
    tile_reader reader(all.store, largest);
    const auto proof = inclusion ? inclusion_proof(reader, one.of, one.size)
                                 : consistency_proof(reader, one.of, one.size);
    REQUIRE(proof);
    one.path.assign(proof->view().begin(), proof->view().end());
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

TEST_CASE("merkle: of a million altered proofs none is taken") {
  grown_tree all;
  random_numbers random(19620);
  const auto entries = some_proofs(all, true, random);
  const auto growths = some_proofs(all, false, random);
  std::uint64_t taken = 0;
  const std::uint64_t wanted = rounds();
  for (std::uint64_t i = 0; i < wanted; ++i) {
    const proved& one = (i % 2 == 0 ? entries : growths)[random() % entries.size()];
    std::vector<hash> path = one.path;
    hash root = all.roots[one.size];
    hash held = i % 2 == 0 ? all.leaves[one.of] : all.roots[one.of];
    if (i % 2 != 0) {
      alter(path, std::array{&root, &held}, random);
      taken += verify_consistency(one.of, held, one.size, root, path).has_value() ? 1U : 0U;
      continue;
    }
    std::uint64_t index = one.of;
    if (one.size > 1 && random() % 8 == 0) {
      // The same proof for another entry.
      index = (index + 1 + random() % (one.size - 1)) % one.size;
    } else {
      alter(path, std::array{&root, &held}, random);
    }
    taken += verify_inclusion(held, index, one.size, path, root).has_value() ? 1U : 0U;
  }
  CHECK(taken == 0);
}
