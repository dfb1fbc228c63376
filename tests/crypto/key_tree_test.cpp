#include <clientbook/crypto/envelope.hpp>
#include <clientbook/crypto/key_tree.hpp>
#include "aead.hpp"
#include "crypto_testing.hpp"
#include "testing.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <set>

using namespace clientbook;
using namespace clientbook::testing;

namespace {

const book_id the_book = wide<book_id>(1);

std::vector<crypto::suite> suites() {
  REQUIRE(crypto::init());
  std::vector<crypto::suite> out{crypto::suite::chacha20_poly1305};
  if (crypto::suite_available(crypto::suite::aes256_gcm)) out.push_back(crypto::suite::aes256_gcm);
  return out;
}

root_key copy_of(const root_key& root) { return {root.epoch, root.key.duplicate()}; }

// A tree with memory of its own.
struct tree_of {
  struct alignas(64) line {
    std::byte bytes[64];
  };
  explicit tree_of(crypto::suite suite, std::size_t nodes = 64)
      : room(key_tree::memory_for(nodes) / 64 + 1),
        tree(byte_span(room[0].bytes, room.size() * 64), the_book, suite) {}
  key_tree* operator->() { return &tree; }

  std::vector<line> room;
  key_tree tree;
};

// What a book keeps beside the nodes, and the commit protocol.
struct book {
  explicit book(crypto::suite s, std::size_t cached = 64) : suite(s), tree(s, cached) {
    root.epoch = 1;
    root.key = key_of(200);
    tree->open(root);
  }
  result<void> begin() { return tree->begin_write(nodes, version, random); }
  result<void> commit() {
    const result<std::uint64_t> flushed = tree->flush();
    if (!flushed) return flushed.error();
    if (tree->next_root() != nullptr) root = copy_of(*tree->next_root());
    version = *flushed;
    return tree->commit();
  }
  template <class Change>
  void change(Change&& what) {
    REQUIRE(begin());
    what();
    REQUIRE(commit());
  }
  void add(std::uint64_t from, std::uint64_t to) {
    change([&] {
      for (std::uint64_t n = from; n <= to; ++n) REQUIRE(tree->insert(customer_no(n), entry(n)));
    });
  }
  static manifest entry(std::uint64_t n) {
    manifest m;
    m.subject_key = subject_key(n);
    m.key_version = 1;
    m.schema = schema_version(2);
    m.version = record_version(1000 + n);
    m.purchases = static_cast<std::uint32_t>(n % 7);
    m.notes = 5;
    m.directives = 6;
    m.disclosures = 7;
    m.consent_state = 8;
    m.last_ledger_index = n << 33U;
    m.born = 0x01020304;
    m.customer_row = 9;
    return m;
  }
  static secret<32> subject_key(std::uint64_t n) {
    std::array<std::byte, 8> number;
    store_be(number.data(), n);
    return key_of(crypto::hash(number));
  }
  // A tree that knows nothing but the root key.
  std::unique_ptr<tree_of> fresh() {
    auto out = std::make_unique<tree_of>(suite);
    out->tree.open(root);
    REQUIRE(out->tree.begin(nodes, version));
    return out;
  }
  errc find(std::uint64_t n) {
    const result<const manifest*> found = fresh()->tree.find(customer_no(n));
    return found ? errc::none : found.error().code;
  }

  crypto::suite suite;
  memory_nodes nodes;
  repeating_random random;
  root_key root;
  std::uint64_t version = 0;
  tree_of tree;
};

void check_entry(const manifest& m, std::uint64_t n) {
  const manifest wanted = book::entry(n);
  CHECK(bytes_of(m.subject_key) == bytes_of(wanted.subject_key));
  CHECK(m.key_version == wanted.key_version);
  CHECK(m.schema == wanted.schema);
  CHECK(m.version == wanted.version);
  CHECK(m.purchases == wanted.purchases);
  CHECK(m.notes == wanted.notes);
  CHECK(m.directives == wanted.directives);
  CHECK(m.disclosures == wanted.disclosures);
  CHECK(m.consent_state == wanted.consent_state);
  CHECK(m.last_ledger_index == wanted.last_ledger_index);
  CHECK(m.born == wanted.born);
  CHECK(m.customer_row == wanted.customer_row);
}

}  // namespace

TEST_CASE("key tree: what is inserted is found, here and by whoever opens the root") {
  for (const crypto::suite suite : suites()) {
    book b(suite);
    b.add(1, 100);
    b.add(5000, 5001);
    b.add(key_tree::capacity - 1, key_tree::capacity - 1);
    const auto reader = b.fresh();
    REQUIRE(b.tree->begin(b.nodes, b.version));
    for (key_tree* tree : {&b.tree.tree, &reader->tree}) {
      for (const std::uint64_t n :
           {std::uint64_t{1}, std::uint64_t{15}, std::uint64_t{16}, std::uint64_t{100},
            std::uint64_t{5000}, std::uint64_t{5001}, key_tree::capacity - 1}) {
        CAPTURE(n);
        const result<const manifest*> found = tree->find(customer_no(n));
        REQUIRE(found);
        check_entry(**found, n);
      }
      for (const std::uint64_t n :
           {std::uint64_t{0}, std::uint64_t{101}, std::uint64_t{4999}, std::uint64_t{100'000},
            key_tree::capacity, ~std::uint64_t{0}}) {
        CHECK(tree->find(customer_no(n)).error().code == errc::not_found);
      }
    }
  }
}

TEST_CASE("key tree: no node shows a key or is larger than its limit") {
  for (const crypto::suite suite : suites()) {
    book b(suite);
    b.add(1, 1500);
    for (const auto& [where, node] : b.nodes.all) {
      CHECK(node.size() <= key_tree::node_limit);
      for (const std::uint64_t n : {1U, 16U, 1500U}) {
        const bytes key = bytes_of(book::subject_key(n));
        CHECK(std::search(node.begin(), node.end(), key.begin(), key.end()) == node.end());
      }
    }
  }
}

TEST_CASE("key tree: calls out of their order are refused") {
  const crypto::suite suite = suites().front();
  memory_nodes nodes;
  repeating_random random;
  tree_of tree(suite);
  CHECK(tree->find(customer_no(1)).error().code == errc::invalid_state);
  CHECK(tree->begin(nodes, 0).error().code == errc::invalid_state);
  tree->open({1, key_of(1)});
  CHECK(tree->find(customer_no(1)).error().code == errc::invalid_state);
  REQUIRE(tree->begin(nodes, 0));
  CHECK(tree->find(customer_no(1)).error().code == errc::not_found);
  CHECK(tree->insert(customer_no(1), book::entry(1)).error().code == errc::invalid_state);
  CHECK(tree->edit(customer_no(1)).error().code == errc::invalid_state);
  CHECK(tree->erase(customer_no(1)).error().code == errc::invalid_state);
  CHECK(tree->rotate_root().error().code == errc::invalid_state);
  CHECK(tree->flush().error().code == errc::invalid_state);
  CHECK(tree->commit().error().code == errc::invalid_state);
  REQUIRE(tree->begin_write(nodes, 0, random));
  CHECK(tree->insert(customer_no(0), book::entry(1)).error().code == errc::limit_exceeded);
  CHECK(tree->insert(customer_no(key_tree::capacity), book::entry(1)).error().code ==
        errc::limit_exceeded);
  REQUIRE(tree->insert(customer_no(1), book::entry(1)));
  CHECK(tree->insert(customer_no(1), book::entry(2)).error().code == errc::already_exists);
  CHECK(tree->begin(nodes, 0).error().code == errc::invalid_state);
  CHECK(tree->forget().error().code == errc::invalid_state);
  CHECK(tree->commit().error().code == errc::invalid_state);
  REQUIRE(tree->flush());
  REQUIRE(tree->commit());
  CHECK(tree->find(customer_no(1)).error().code == errc::invalid_state);

  tree_of small(suite, 1);
  small->open({1, key_of(1)});
  CHECK(small->begin(nodes, 1).error().code == errc::limit_exceeded);
}

TEST_CASE("key tree: an edit is seen after commit and not before by others") {
  for (const crypto::suite suite : suites()) {
    book b(suite);
    b.add(1, 40);
    const auto reader = b.fresh();
    REQUIRE(reader->tree.find(customer_no(20)));
    const memory_nodes before = b.nodes;
    const std::uint64_t version_before = b.version;
    b.change([&] {
      const result<manifest*> m = b.tree->edit(customer_no(20));
      REQUIRE(m);
      (*m)->version = record_version(7);
      CHECK((*b.tree->find(customer_no(20)))->version == record_version(7));
    });
    CHECK(b.version == version_before + 1);
    memory_nodes old = before;
    REQUIRE(reader->tree.begin(old, version_before));
    CHECK((*reader->tree.find(customer_no(20)))->version == record_version(1020));
    REQUIRE(reader->tree.begin(b.nodes, b.version));
    CHECK((*reader->tree.find(customer_no(20)))->version == record_version(7));
    REQUIRE(reader->tree.begin(old, version_before));
    CHECK((*reader->tree.find(customer_no(20)))->version == record_version(1020));
  }
}

TEST_CASE("key tree: after another process's commit only what changed is opened again") {
  book b(suites().front(), 4096);
  b.add(1, 16 * 32 * 4);
  const auto reader = std::make_unique<tree_of>(b.suite, 4096);
  reader->tree.open(b.root);
  REQUIRE(reader->tree.begin(b.nodes, b.version));
  for (std::uint64_t n = 1; n <= 16 * 32 * 4; ++n) REQUIRE(reader->tree.find(customer_no(n)));
  b.change([&] { REQUIRE(b.tree->edit(customer_no(600))); });
  const std::uint64_t opened = reader->tree.figures().opened;
  REQUIRE(reader->tree.begin(b.nodes, b.version));
  for (std::uint64_t n = 1; n <= 16 * 32 * 4; ++n) REQUIRE(reader->tree.find(customer_no(n)));
  CHECK(reader->tree.figures().opened - opened == key_tree::root_level + 1);
  REQUIRE(reader->tree.begin(b.nodes, b.version));
  for (std::uint64_t n = 1; n <= 16 * 32 * 4; ++n) REQUIRE(reader->tree.find(customer_no(n)));
  CHECK(reader->tree.figures().opened - opened == key_tree::root_level + 1);
}

// --- tampering ------------------------------------------------------------------------------

TEST_CASE("key tree: an older node put back is noticed at every level") {
  for (const crypto::suite suite : suites()) {
    book b(suite);
    b.add(1, 40);
    const memory_nodes older = b.nodes;
    b.change([&] { REQUIRE(b.tree->edit(customer_no(20))); });
    const memory_nodes now = b.nodes;
    for (std::uint8_t level = 0; level <= key_tree::root_level; ++level) {
      CAPTURE(static_cast<int>(level));
      const memory_nodes::place where{level, level == 0 ? 1 : 0};
      b.nodes = now;
      REQUIRE(b.nodes.now.at(where) != older.now.at(where));
      b.nodes.now[where] = older.now.at(where);
      const auto reader = b.fresh();
      const result<const manifest*> found = reader->tree.find(customer_no(20));
      CHECK(found.error().code == errc::version_mismatch);
      CHECK(found.error().at == level);
      // A writer of the store may write the newer version over the header.
      bytes& forged = b.nodes.now[where];
      std::copy_n(now.now.at(where).begin() + 12, 8, forged.begin() + 12);
      CHECK(b.find(20) ==
            (level == key_tree::root_level ? errc::wrong_key : errc::authentication_failed));
    }
  }
}

TEST_CASE("key tree: no node with one byte changed or missing opens") {
  for (const crypto::suite suite : suites()) {
    book b(suite);
    b.add(20, 24);
    const memory_nodes good = b.nodes;
    REQUIRE(b.find(20) == errc::none);
    for (const auto& [where, node] : good.now) {
      for (std::size_t i = 0; i < node.size(); ++i) {
        b.nodes = good;
        b.nodes.now[where][i] ^= std::byte{1};
        const errc altered = b.find(20);
        CAPTURE(i);
        CHECK(altered != errc::none);
        CHECK(altered != errc::not_found);
        CHECK(altered != errc::key_erased);
        b.nodes.now[where] = bytes(node.begin(), node.begin() + static_cast<long>(i));
        const errc cut = b.find(20);
        CHECK(cut == (i < 44 + 8 + 16                       ? errc::truncated
                      : where.first == key_tree::root_level ? errc::wrong_key
                                                            : errc::authentication_failed));
      }
      b.nodes = good;
      b.nodes.now.erase(where);
      CHECK(b.find(20) == errc::row_missing);
    }
  }
}

TEST_CASE("key tree: moved nodes, another root, another book, another suite") {
  for (const crypto::suite suite : suites()) {
    book b(suite);
    b.add(1, 40);
    const memory_nodes good = b.nodes;
    std::swap(b.nodes.now[{0, 0}], b.nodes.now[{0, 1}]);
    CHECK(b.find(20) == errc::authentication_failed);
    store_be(b.nodes.now[{0, 1}].data() + 4, std::uint64_t{1});
    CHECK(b.find(20) == errc::authentication_failed);
    b.nodes = good;

    tree_of other(suite);
    other->open({1, key_of(201)});
    REQUIRE(other->begin(b.nodes, b.version));
    CHECK(other->find(customer_no(20)).error().code == errc::wrong_key);
    other->open(b.root);
    REQUIRE(other->begin(b.nodes, b.version));
    CHECK(other->find(customer_no(20)));
    REQUIRE(other->begin(b.nodes, b.version + 1));
    CHECK(other->find(customer_no(20)).error().code == errc::version_mismatch);

    std::vector<tree_of::line> room(key_tree::memory_for(16) / 64 + 1);
    key_tree stranger(byte_span(room[0].bytes, room.size() * 64), wide<book_id>(2), suite);
    stranger.open(b.root);
    REQUIRE(stranger.begin(b.nodes, b.version));
    CHECK(stranger.find(customer_no(20)).error().code == errc::wrong_key);

    for (auto& [where, node] : b.nodes.now) node[1] = std::byte{3};
    CHECK(b.find(20) == errc::suite_mismatch);
    for (auto& [where, node] : b.nodes.now) node[0] = std::byte{2};
    CHECK(b.find(20) == errc::newer_format);
  }
}

// --- erasure --------------------------------------------------------------------------------

namespace {

struct carved {
  std::set<bytes> keys;
  std::size_t opened = 0;
};

// Tries every key on every node ever written, and every key found in those, until nothing new
// opens. Written against the format, not with the tree.
carved carve(const memory_nodes& nodes, crypto::suite suite, const bytes& root) {
  carved out;
  std::vector<bytes> untried{root};
  out.keys.insert(root);
  while (!untried.empty()) {
    const secret<32> key = key_of(untried.back());
    untried.pop_back();
    for (const auto& [where, node] : nodes.all) {
      bytes bound(16 + 44 + 16);
      copy_bytes(bound, as_bytes("clientbook nod 1"));
      copy_bytes(byte_span(bound).subspan(16), byte_view(node).first(44));
      copy_bytes(byte_span(bound).subspan(60), the_book.bytes);
      bytes plain(node.size() - 44 - 16);
      if (!crypto::open_value(suite, key, std::span<const std::byte, 24>(node.data() + 20, 24),
                              bound, byte_view(node).subspan(44), plain.data())) {
        continue;
      }
      ++out.opened;
      const std::size_t entry = where.first == 0 ? 88 : 40;
      for (std::size_t end = 8 + entry; end <= plain.size(); end += entry) {
        const bytes found(plain.begin() + static_cast<long>(end - 32),
                          plain.begin() + static_cast<long>(end));
        if (out.keys.insert(found).second) untried.push_back(found);
      }
    }
  }
  return out;
}

}  // namespace

TEST_CASE("key tree: after erase no key that exists opens any copy ever written") {
  for (const crypto::suite suite : suites()) {
    book b(suite);
    b.add(1, 40);
    b.change([&] { REQUIRE(b.tree->edit(customer_no(20))); });
    row_context context;
    context.suite = suite;
    context.book = the_book;
    context.customer = customer_no(20);
    const std::array<row_field, 1> fields{row_field{field_id(1), as_bytes("Ana Maria")}};
    bytes row(sealed_row_size(fields));
    REQUIRE(seal_row(book::subject_key(20), context, fields, b.random, row));

    const bytes old_root = bytes_of(b.root.key);
    b.change([&] {
      REQUIRE(b.tree->erase(customer_no(20)));
      // A node flushed early in this change must not keep a second one alive either.
      REQUIRE(b.tree->flush());
      REQUIRE(b.tree->erase(customer_no(33)));
    });
    REQUIRE(b.root.epoch == 2);
    b.change([&] { REQUIRE(b.tree->edit(customer_no(21))); });

    const auto opens = [&](const carved& found) {
      bool any = false;
      for (const bytes& key : found.keys) {
        row_reader reader;
        if (reader.open(key_of(key), context, row)) any = true;
      }
      return any;
    };
    const carved after = carve(b.nodes, suite, bytes_of(b.root.key));
    CHECK(after.opened >= 7);
    for (std::uint64_t n = 1; n <= 40; ++n) {
      CAPTURE(n);
      CHECK((after.keys.count(bytes_of(book::subject_key(n))) == 1) == (n != 20 && n != 33));
      CHECK(b.find(n) == (n == 20 || n == 33 ? errc::key_erased : errc::none));
    }
    CHECK_FALSE(opens(after));
    // The carver is able to: with the root key that is gone it finds the erased ones.
    const carved before = carve(b.nodes, suite, old_root);
    CHECK(before.keys.count(bytes_of(book::subject_key(20))) == 1);
    CHECK(opens(before));
  }
}

TEST_CASE("key tree: an erased number stays erased and is not used again") {
  for (const crypto::suite suite : suites()) {
    book b(suite);
    b.add(1, 3);
    b.change([&] {
      REQUIRE(b.tree->erase(customer_no(2)));
      CHECK(b.tree->find(customer_no(2)).error().code == errc::key_erased);
      CHECK(b.tree->erase(customer_no(2)).error().code == errc::key_erased);
      CHECK(b.tree->edit(customer_no(2)).error().code == errc::key_erased);
      CHECK(b.tree->insert(customer_no(2), book::entry(2)).error().code == errc::key_erased);
      CHECK(b.tree->erase(customer_no(99)).error().code == errc::not_found);
      REQUIRE(b.tree->next_root() != nullptr);
      CHECK(b.tree->next_root()->epoch == 2);
    });
    CHECK(b.tree->next_root() == nullptr);
    CHECK(b.tree->epoch() == 2);
    CHECK(b.find(1) == errc::none);
    CHECK(b.find(2) == errc::key_erased);
  }
}

TEST_CASE("key tree: an erased key is nowhere in the tree's memory") {
  for (const crypto::suite suite : suites()) {
    book b(suite);
    b.add(1, 3);
    const auto holds = [&](const bytes& key) {
      const std::byte* from = b.tree.room[0].bytes;
      const std::byte* to = from + b.tree.room.size() * 64;
      return std::search(from, to, key.begin(), key.end()) != to;
    };
    const bytes second = bytes_of(book::subject_key(2));
    REQUIRE(holds(second));
    b.change([&] { REQUIRE(b.tree->erase(customer_no(2))); });
    CHECK_FALSE(holds(second));
    REQUIRE(holds(bytes_of(book::subject_key(3))));
    REQUIRE(b.tree->forget());
    CHECK_FALSE(holds(bytes_of(book::subject_key(3))));
  }
}

TEST_CASE("key tree: a rotated root opens, the old one does not") {
  for (const crypto::suite suite : suites()) {
    book b(suite);
    b.add(1, 3);
    const root_key old = copy_of(b.root);
    b.change([&] { REQUIRE(b.tree->rotate_root()); });
    CHECK(b.root.epoch == 2);
    CHECK(b.find(1) == errc::none);
    tree_of tree(suite);
    tree->open(old);
    REQUIRE(tree->begin(b.nodes, b.version));
    CHECK(tree->find(customer_no(1)).error().code == errc::wrong_key);
  }
}

// --- failures -------------------------------------------------------------------------------

TEST_CASE("key tree: a discarded change leaves nothing, also where it was written early") {
  for (const crypto::suite suite : suites()) {
    book b(suite, key_tree::least_nodes);
    b.add(1, 600);
    const memory_nodes committed = b.nodes;
    REQUIRE(b.begin());
    for (std::uint64_t n = 1; n <= 600; n += 3) {
      const result<manifest*> m = b.tree->edit(customer_no(n));
      REQUIRE(m);
      (*m)->version = record_version(1);
    }
    REQUIRE(b.tree->erase(customer_no(7)));
    for (std::uint64_t n = 601; n < 700; ++n) {
      REQUIRE(b.tree->insert(customer_no(n), book::entry(n)));
    }
    CHECK(b.tree->figures().early_flushes > 0);
    b.tree->discard();
    b.nodes = committed;  // The store rolled back too.
    CHECK(b.tree->next_root() == nullptr);
    CHECK(b.tree->epoch() == 1);
    CHECK(b.tree->find(customer_no(1)).error().code == errc::invalid_state);
    REQUIRE(b.tree->begin(b.nodes, b.version));
    for (std::uint64_t n = 1; n <= 700; ++n) {
      CAPTURE(n);
      const result<const manifest*> found = b.tree->find(customer_no(n));
      if (n <= 600) {
        REQUIRE(found);
        check_entry(**found, n);
      } else {
        CHECK(found.error().code == errc::not_found);
      }
    }
  }
}

TEST_CASE("key tree: a full store or missing randomness at any point loses nothing") {
  for (const crypto::suite suite : suites()) {
    for (int failing_at = 0; failing_at < 20; ++failing_at) {
      CAPTURE(failing_at);
      book b(suite, key_tree::least_nodes);
      b.add(1, 100);
      const memory_nodes committed = b.nodes;
      b.nodes.puts_left = failing_at;
      const auto work = [&]() -> result<void> {
        if (const result<void> begun = b.begin(); !begun) return begun;
        for (std::uint64_t n = 1; n <= 100; n += 16) {
          const result<manifest*> m = b.tree->edit(customer_no(n));
          if (!m) return m.error();
          (*m)->notes = 99;
        }
        if (const result<void> erased = b.tree->erase(customer_no(50)); !erased) return erased;
        const result<std::uint64_t> flushed = b.tree->flush();
        if (!flushed) return flushed.error();
        return {};
      };
      const result<void> worked = work();
      if (worked) {
        REQUIRE(b.tree->commit());
        break;
      }
      CHECK(worked.error().code == errc::disk_full);
      CHECK(b.tree->flush().error().code == errc::invalid_state);
      b.tree->discard();
      b.nodes = committed;
      REQUIRE(b.begin());
      b.random.failing = true;
      CHECK(b.tree->erase(customer_no(50)).error().code == errc::randomness_failed);
      CHECK(b.tree->insert(customer_no(5000), book::entry(1)).error().code ==
            errc::randomness_failed);
      b.random.failing = false;
      b.tree->discard();
      REQUIRE(b.tree->begin(b.nodes, b.version));
      for (std::uint64_t n = 1; n <= 100; ++n) {
        const result<const manifest*> found = b.tree->find(customer_no(n));
        REQUIRE(found);
        check_entry(**found, n);
      }
    }
  }
}

namespace {

// Durable cell in memory, as root_cell asks for.
class memory_cell final : public root_cell {
 public:
  explicit memory_cell(const root_key& first) { held_.current = copy_of(first); }
  result<content> load() noexcept override {
    content out;
    if (held_.current) out.current = copy_of(*held_.current);
    if (held_.staged) out.staged = copy_of(*held_.staged);
    return out;
  }
  result<void> stage(const root_key& next) noexcept override {
    held_.staged = copy_of(next);
    return {};
  }
  result<void> promote(std::uint64_t epoch) noexcept override {
    if (held_.current && held_.current->epoch >= epoch) return {};
    if (!held_.staged || held_.staged->epoch != epoch) {
      return error{errc::invalid_state, "no key of this epoch is staged"};
    }
    held_.current = std::move(*held_.staged);
    held_.staged.reset();
    return {};
  }
  result<void> drop(std::uint64_t epoch) noexcept override {
    if (held_.staged && held_.staged->epoch == epoch) held_.staged.reset();
    return {};
  }

 private:
  content held_;
};

}  // namespace

TEST_CASE("key tree: a crash anywhere in stage, commit, promote leaves exactly one root") {
  for (const crypto::suite suite : suites()) {
    for (int crash_after = 0; crash_after <= 3; ++crash_after) {
      CAPTURE(crash_after);
      book b(suite);
      b.add(1, 40);
      memory_cell cell(b.root);
      memory_nodes disk = b.nodes;  // What is durable.
      std::uint64_t disk_version = b.version;
      std::uint64_t disk_epoch = 1;

      REQUIRE(b.begin());
      REQUIRE(b.tree->erase(customer_no(20)));
      const result<std::uint64_t> flushed = b.tree->flush();
      REQUIRE(flushed);
      if (crash_after >= 1) REQUIRE(cell.stage(*b.tree->next_root()));
      if (crash_after >= 2) {
        disk = b.nodes;
        disk_version = *flushed;
        disk_epoch = b.tree->next_root()->epoch;
      }
      if (crash_after >= 3) REQUIRE(cell.promote(disk_epoch));
      // Here the process dies; the next one opens.
      result<root_cell::content> held = cell.load();
      REQUIRE(held);
      std::vector<root_key> candidates;
      if (held->current) candidates.push_back(copy_of(*held->current));
      if (held->staged) candidates.push_back(copy_of(*held->staged));
      int roots = 0;
      for (const root_key& candidate : candidates) {
        tree_of tree(suite);
        tree->open(candidate);
        REQUIRE(tree->begin(disk, disk_version));
        if (tree->find(customer_no(1))) ++roots;
      }
      CHECK(roots == 1);

      const result<reconciled_root> chosen = reconcile(std::move(*held), disk_epoch);
      REQUIRE(chosen);
      CHECK(chosen->step == (crash_after == 1   ? root_step::drop
                             : crash_after == 2 ? root_step::promote
                                                : root_step::none));
      if (chosen->step == root_step::promote) REQUIRE(cell.promote(2));
      if (chosen->step == root_step::drop) REQUIRE(cell.drop(2));
      tree_of tree(suite);
      tree->open(chosen->key);
      REQUIRE(tree->begin(disk, disk_version));
      for (std::uint64_t n = 1; n <= 40; ++n) {
        const result<const manifest*> found = tree->find(customer_no(n));
        const bool gone = n == 20 && crash_after >= 2;
        CHECK((found ? errc::none : found.error().code) == (gone ? errc::key_erased : errc::none));
      }
      const result<root_cell::content> settled = cell.load();
      CHECK_FALSE(settled->staged);
      CHECK(settled->current->epoch == disk_epoch);
    }
  }
}

TEST_CASE("root cell: which key, by epochs") {
  const auto content = [](std::optional<std::uint64_t> current,
                          std::optional<std::uint64_t> staged) {
    root_cell::content out;
    if (current) out.current = root_key{*current, key_of(1)};
    if (staged) out.staged = root_key{*staged, key_of(2)};
    return out;
  };
  CHECK(reconcile(content({}, {}), 1).error().code == errc::key_unavailable);
  CHECK(reconcile(content(5, {}), 5)->step == root_step::none);
  CHECK(reconcile(content(5, 6), 5)->step == root_step::drop);
  CHECK(reconcile(content(5, 6), 6)->step == root_step::promote);
  CHECK(bytes_of(reconcile(content(5, 6), 6)->key.key) == bytes_of(key_of(2)));
  CHECK(reconcile(content({}, 1), 1)->step == root_step::promote);
  CHECK(reconcile(content(5, {}), 4).error().code == errc::version_mismatch);
  CHECK(reconcile(content(5, 6), 7).error().code == errc::wrong_key);
}

// --- property -------------------------------------------------------------------------------

TEST_CASE("key tree: property: agrees with a plain map through any changes, with little memory") {
  for (const crypto::suite suite : suites()) {
    std::mt19937 random(20240501);
    book b(suite, key_tree::least_nodes);
    b.nodes.keep_all = false;
    using map = std::map<std::uint64_t, std::optional<std::uint64_t>>;  // version, or erased
    map committed;
    tree_of reader(suite, key_tree::least_nodes);
    reader->open(b.root);
    std::uint64_t next_version = 1;
    for (int round = 0; round < 120; ++round) {
      CAPTURE(round);
      map changing = committed;
      memory_nodes nodes_before = b.nodes;
      REQUIRE(b.begin());
      const auto steps = random() % 40;
      for (unsigned step = 0; step < steps; ++step) {
        // Some close together, some far apart, so that paths join at every level.
        const std::uint64_t n = 1 + (random() % 40) * (std::uint64_t{1} << (random() % 24));
        if (n >= key_tree::capacity) continue;
        const auto known = changing.find(n);
        const errc expected = known == changing.end() ? errc::not_found
                              : known->second         ? errc::none
                                                      : errc::key_erased;
        switch (random() % 5) {
          case 0: {
            const result<const manifest*> found = b.tree->find(customer_no(n));
            CHECK((found ? errc::none : found.error().code) == expected);
            if (found) CHECK((*found)->version.value == *known->second);
            break;
          }
          case 1: {
            const result<manifest*> m = b.tree->edit(customer_no(n));
            CHECK((m ? errc::none : m.error().code) == expected);
            if (m) {
              (*m)->version = record_version(next_version);
              changing[n] = next_version++;
            }
            break;
          }
          case 2: {
            if (random() % 4 != 0) break;
            const result<void> erased = b.tree->erase(customer_no(n));
            CHECK((erased ? errc::none : erased.error().code) == expected);
            if (erased) changing[n].reset();
            break;
          }
          default: {
            manifest m = book::entry(n);
            m.version = record_version(next_version);
            const result<void> added = b.tree->insert(customer_no(n), std::move(m));
            if (expected == errc::not_found) {
              REQUIRE(added);
              changing[n] = next_version++;
            } else {
              CHECK(added.error().code ==
                    (expected == errc::none ? errc::already_exists : errc::key_erased));
            }
          }
        }
      }
      if (random() % 3 == 0) {
        b.tree->discard();
        b.nodes = std::move(nodes_before);
      } else {
        const std::uint64_t epoch = b.root.epoch;
        REQUIRE(b.commit());
        committed = std::move(changing);
        if (b.root.epoch != epoch) reader->open(b.root);
      }
      if (b.version == 0) continue;
      REQUIRE(reader->begin(b.nodes, b.version));
      REQUIRE(b.tree->begin(b.nodes, b.version));
      for (key_tree* tree : {&reader.tree, &b.tree.tree}) {
        for (const auto& [n, version] : committed) {
          const result<const manifest*> found = tree->find(customer_no(n));
          CHECK((found ? errc::none : found.error().code) ==
                (version ? errc::none : errc::key_erased));
          if (found && version) CHECK((*found)->version.value == *version);
        }
      }
    }
    CHECK(b.tree->figures().evicted > 0);
    CHECK(b.tree->figures().early_flushes > 0);
  }
}
