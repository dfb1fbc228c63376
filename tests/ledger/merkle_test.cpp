#include <clientbook/ledger/merkle.hpp>
#include "ledger_testing.hpp"
#include "testing.hpp"

#include <random>

using namespace clientbook;
using namespace clientbook::ledger;
using namespace clientbook::testing;

namespace {

// Node by node from the leaves, without tiles.
class naive_source final : public hash_source {
 public:
  explicit naive_source(std::vector<hash> leaves) : leaves_(std::move(leaves)) {}
  result<hash> get(unsigned level, std::uint64_t index) noexcept override {
    const std::size_t width = std::size_t{1} << level;
    if ((index + 1) * width > leaves_.size()) return error{errc::not_found, "no such node"};
    return naive_root(std::span(leaves_).subspan(index * width, width));
  }

 private:
  std::vector<hash> leaves_;
};

std::vector<hash> leaves_to(std::uint64_t size) {
  std::vector<hash> out;
  for (std::uint64_t i = 0; i < size; ++i) out.push_back(numbered_leaf(i));
  return out;
}

}  // namespace

TEST_CASE("merkle: published leaves have their published roots") {
  // The reference leaves of Certificate Transparency's implementations.
  const char* leaves[] = {"",
                          "00",
                          "10",
                          "2021",
                          "3031",
                          "40414243",
                          "5051525354555657",
                          "606162636465666768696a6b6c6d6e6f"};
  const char* roots[] = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                         "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  frontier tree;
  CHECK(hex_of(tree.root()) == roots[0]);
  for (std::size_t i = 0; i < 8; ++i) {
    REQUIRE(tree.append(leaf_hash(bytes_of(leaves[i]))));
    CHECK(hex_of(tree.root()) == roots[i + 1]);
  }
}

TEST_CASE("merkle: a leaf is never taken for a node") {
  const hash left = numbered_leaf(0);
  const hash right = numbered_leaf(1);
  std::vector<std::byte> both(left.begin(), left.end());
  both.insert(both.end(), right.begin(), right.end());
  CHECK(leaf_hash(both) != node_hash(left, right));
  std::vector<std::byte> prefixed{std::byte{1}};
  prefixed.insert(prefixed.end(), both.begin(), both.end());
  CHECK(leaf_hash(prefixed) != node_hash(left, right));
}

TEST_CASE("merkle: every leaf of every tree to 64 is proved, and nothing else is") {
  const std::vector<hash> leaves = leaves_to(64);
  naive_source source(leaves);
  for (std::uint64_t size = 1; size <= 64; ++size) {
    const hash root = naive_root(std::span(leaves).first(size));
    for (std::uint64_t index = 0; index < size; ++index) {
      CAPTURE(size);
      CAPTURE(index);
      const result<proof> path = inclusion_proof(source, index, size);
      REQUIRE(path);
      REQUIRE(verify_inclusion(leaves[index], index, size, path->view(), root));
      for (std::uint64_t other = 0; other < size; ++other) {
        if (other == index) continue;
        CHECK_FALSE(verify_inclusion(leaves[index], other, size, path->view(), root));
        CHECK_FALSE(verify_inclusion(leaves[other], index, size, path->view(), root));
      }
      CHECK_FALSE(verify_inclusion(leaves[index], index, index, path->view(), root));
      if (path->count != 0) {
        CHECK_FALSE(verify_inclusion(leaves[index], index, size,
                                     path->view().first(path->count - 1), root));
      }
      std::vector<hash> longer(path->view().begin(), path->view().end());
      longer.push_back(root);
      CHECK_FALSE(verify_inclusion(leaves[index], index, size, longer, root));
    }
  }
}

TEST_CASE("merkle: no bit of leaf, proof or root can change") {
  const std::vector<hash> leaves = leaves_to(23);
  naive_source source(leaves);
  const hash root = naive_root(leaves);
  for (const std::uint64_t index : {0U, 7U, 16U, 22U}) {
    proof path = *inclusion_proof(source, index, 23);
    const auto refused_when_flipped = [&](hash& part, const hash& leaf, const hash& top) {
      for (unsigned bit = 0; bit < 256; ++bit) {
        part[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
        const auto checked = verify_inclusion(leaf, index, 23, path.view(), top);
        CHECK_FALSE(checked);
        if (!checked) CHECK(checked.error().code == errc::proof_invalid);
        part[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
      }
    };
    hash leaf = leaves[index];
    hash top = root;
    for (std::size_t i = 0; i < path.count; ++i) refused_when_flipped(path.hashes[i], leaf, top);
    refused_when_flipped(leaf, leaf, top);
    refused_when_flipped(top, leaf, top);
  }
}

TEST_CASE("merkle: a proof of another size or length is refused") {
  const std::vector<hash> leaves = leaves_to(4);
  naive_source source(leaves);
  const hash root = naive_root(leaves);
  const proof path = *inclusion_proof(source, 0, 4);
  CHECK(verify_inclusion(leaves[0], 0, 4, path.view(), root));
  // The same hashes lead to the same root: only their number tells the sizes apart.
  for (const std::uint64_t size : {1U, 2U, 5U, 8U, 9U, 1024U}) {
    CAPTURE(size);
    CHECK_FALSE(verify_inclusion(leaves[0], 0, size, path.view(), root));
  }
}

TEST_CASE("merkle: every tree to 64 is shown to grow out of every smaller one") {
  const std::vector<hash> leaves = leaves_to(64);
  naive_source source(leaves);
  std::vector<hash> roots;
  for (std::size_t size = 0; size <= 64; ++size) {
    roots.push_back(naive_root(std::span(leaves).first(size)));
  }
  hash other = roots[5];
  other[0] ^= std::byte{1};
  for (std::uint64_t newer = 0; newer <= 64; ++newer) {
    for (std::uint64_t older = 0; older <= newer; ++older) {
      CAPTURE(newer);
      CAPTURE(older);
      const result<proof> path = consistency_proof(source, older, newer);
      REQUIRE(path);
      const auto verify = [&](std::uint64_t m, const hash& old_root, std::uint64_t n,
                              const hash& new_root, std::span<const hash> hashes) {
        return verify_consistency(m, old_root, n, new_root, hashes).has_value();
      };
      CHECK(verify(older, roots[older], newer, roots[newer], path->view()));
      CHECK_FALSE(verify(older, other, newer, roots[newer], path->view()));
      if (older != 0) CHECK_FALSE(verify(older, roots[older], newer, other, path->view()));
      std::vector<hash> hashes(path->view().begin(), path->view().end());
      for (hash& changed : hashes) {
        changed[31] ^= std::byte{0x80};
        CHECK_FALSE(verify(older, roots[older], newer, roots[newer], hashes));
        changed[31] ^= std::byte{0x80};
      }
      hashes.push_back(other);
      CHECK_FALSE(verify(older, roots[older], newer, roots[newer], hashes));
      if (path->count != 0) {
        CHECK_FALSE(
            verify(older, roots[older], newer, roots[newer], path->view().first(path->count - 1)));
        CHECK_FALSE(verify(older, roots[older], newer + 1, roots[newer], {}));
      }
      if (older != newer) CHECK_FALSE(verify(newer, roots[newer], older, roots[older], {}));
    }
  }
}

TEST_CASE("merkle: any tree agrees with the naive definition") {
  std::mt19937_64 random(20260314);
  const std::vector<hash> leaves = leaves_to(700);
  for (int round = 0; round < 60; ++round) {
    const std::uint64_t size = 1 + random() % 700;
    const std::uint64_t older = random() % (size + 1);
    const std::uint64_t index = random() % size;
    CAPTURE(size);
    naive_source source({leaves.begin(), leaves.begin() + static_cast<long>(size)});
    const hash root = naive_root(std::span(leaves).first(size));
    const result<frontier> front = frontier_at(source, size);
    REQUIRE(front);
    CHECK(front->root() == root);
    CHECK(verify_inclusion(leaves[index], index, size, inclusion_proof(source, index, size)->view(),
                           root));
    CHECK(verify_consistency(older, naive_root(std::span(leaves).first(older)), size, root,
                             consistency_proof(source, older, size)->view()));
  }
}

TEST_CASE("merkle: proofs outside the tree are refused") {
  naive_source source(leaves_to(3));
  CHECK(inclusion_proof(source, 3, 3).error().code == errc::invalid_argument);
  CHECK(inclusion_proof(source, 0, 0).error().code == errc::invalid_argument);
  CHECK(inclusion_proof(source, 0, max_tree_size + 1).error().code == errc::invalid_argument);
  CHECK(consistency_proof(source, 3, 2).error().code == errc::invalid_argument);
  CHECK(inclusion_proof(source, 0, 4).error().code == errc::not_found);
}

TEST_CASE("merkle: verifiers bear any numbers") {
  const hash some = numbered_leaf(0);
  const std::vector<hash> many(80, some);
  std::mt19937_64 random(7);
  for (int round = 0; round < 3000; ++round) {
    const std::uint64_t a = random() >> (random() % 64);
    const std::uint64_t b = random() >> (random() % 64);
    const std::span<const hash> path = std::span(many).first(random() % 80);
    if (b != 1) CHECK_FALSE(verify_inclusion(some, a, b, path, some));
    if (a != b) CHECK_FALSE(verify_consistency(a, some, b, some, path));
  }
  CHECK_FALSE(verify_inclusion(some, ~std::uint64_t{0} - 1, ~std::uint64_t{0}, many, some));
}

TEST_CASE("merkle: a frontier survives storage and is read strictly") {
  frontier tree;
  for (std::uint64_t i = 0; i < 23; ++i) REQUIRE(tree.append(numbered_leaf(i)));
  std::array<std::byte, frontier::max_encoded> room;
  const byte_view stored = *tree.encode(room);
  CHECK(stored.size() == 8 + 4 * 32);
  frontier again = *frontier::decode(stored);
  CHECK(again.root() == tree.root());
  REQUIRE(again.append(numbered_leaf(23)));
  REQUIRE(tree.append(numbered_leaf(23)));
  CHECK(again.root() == tree.root());

  std::array<std::byte, 8 + 4 * 32 - 1> small;
  CHECK(frontier::decode(stored)->encode(small).error().at == stored.size());
  for (std::size_t size = 0; size < stored.size(); ++size) {
    CHECK(frontier::decode(stored.first(size)).error().code == errc::truncated);
  }
  CHECK(frontier::decode(byte_view(room).first(stored.size() + 1)).error().code ==
        errc::invalid_encoding);
  room[0] = std::byte{0xFF};
  CHECK(frontier::decode(stored).error().code == errc::limit_exceeded);
}
