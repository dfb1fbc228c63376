// Key tree over nodes in memory: what the tree itself costs, without a disk.
#include <clientbook/crypto/envelope.hpp>
#include <clientbook/crypto/key_tree.hpp>
#include <clientbook/internal/crypto/locked_memory.hpp>

#include <chrono>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include "figures.hpp"

using namespace clientbook;

namespace {

class node_arrays final : public node_store {
 public:
  result<byte_view> get(std::uint8_t level, std::uint64_t index) noexcept override {
    if (index >= nodes_[level].size() || nodes_[level][index].empty()) {
      return error{errc::not_found, "no such node"};
    }
    return byte_view(nodes_[level][index]);
  }
  result<void> put(std::uint8_t level, std::uint64_t index, byte_view node) noexcept override {
    auto& all = nodes_[level];
    if (index >= all.size()) all.resize(index + 1 + index / 2);
    all[index].assign(node.begin(), node.end());
    written += node.size();
    return {};
  }
  std::uint64_t written = 0;

 private:
  std::array<std::vector<std::vector<std::byte>>, key_tree::root_level + 1> nodes_;
};

class pool final : public random_source {
 public:
  result<void> fill(byte_span out) noexcept override {
    if (used_ + out.size() > bytes_.size()) {
      if (!system_.fill(bytes_)) std::abort();
      used_ = 0;
    }
    std::memcpy(out.data(), bytes_.data() + used_, out.size());
    used_ += out.size();
    return {};
  }

 private:
  crypto::system_random system_;
  std::array<std::byte, 4096> bytes_;
  std::size_t used_ = bytes_.size();
};

template <class Result>
auto must(Result got) {
  if (!got) std::abort();
  if constexpr (!std::is_void_v<typename Result::value_type>) return *got;
}

struct shop {
  shop(std::uint64_t customers, std::size_t cached, crypto::suite suite)
      : count(customers), memory(room(cached)), tree(memory.bytes(), book_id(), suite) {
    tree.open(root_key{1, secret<32>()});
    begin();
    for (std::uint64_t n = 1; n <= count; ++n) must(tree.insert(customer_no(n), manifest{}));
    commit();
  }
  static locked_memory room(std::size_t cached) {
    if (!crypto::init()) std::abort();
    result<locked_memory> got = locked_memory::allocate(key_tree::memory_for(cached));
    if (!got) std::abort();
    return std::move(*got);
  }
  void begin() { must(tree.begin_write(nodes, version, random)); }
  void commit() {
    version = must(tree.flush());
    must(tree.commit());
  }
  customer_no any() { return customer_no(1 + numbers() % count); }

  std::uint64_t count;
  locked_memory memory;
  node_arrays nodes;
  pool random;
  key_tree tree;
  std::uint64_t version = 0;
  std::mt19937_64 numbers{20240501};
};

constexpr auto suite = crypto::suite::chacha20_poly1305;  // Runs everywhere.

// A million customers, a cache of 6.5 MB; built once.
shop& million() {
  static shop all(1'000'000, 4096, suite);
  return all;
}

void find_hot(benchmark::State& state) {
  shop one(20'000, 4096, suite);
  must(one.tree.begin(one.nodes, one.version));
  std::vector<customer_no> order(4096);
  for (customer_no& n : order) n = one.any();
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(one.tree.find(order[i++ % order.size()]));
  }
}
BENCHMARK(find_hot);

void find_cold_1m(benchmark::State& state) {
  shop& one = million();
  must(one.tree.begin(one.nodes, one.version));
  for (auto _ : state) benchmark::DoNotOptimize(must(one.tree.find(one.any())));
}
BENCHMARK(find_cold_1m);

void erase_1m(benchmark::State& state) {
  shop& one = million();
  const std::uint64_t written = one.nodes.written;
  for (auto _ : state) {
    one.begin();
    // Each number once; an erased one is rotated away, which costs the same but the leaf.
    if (!one.tree.erase(one.any())) must(one.tree.rotate_root());
    one.commit();
  }
  state.counters["bytes"] =
      static_cast<double>(one.nodes.written - written) / static_cast<double>(state.iterations());
}
BENCHMARK(erase_1m)->Iterations(2000);

void edit_1m(benchmark::State& state) {
  shop& one = million();
  const std::uint64_t written = one.nodes.written;
  for (auto _ : state) {
    one.begin();
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      const result<manifest*> found = one.tree.edit(one.any());
      if (found) ++(*found)->version.value;
    }
    one.commit();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["bytes"] = static_cast<double>(one.nodes.written - written) /
                            static_cast<double>(state.iterations() * state.range(0));
}
BENCHMARK(edit_1m)->Arg(1)->Arg(1000);

void insert_batch(benchmark::State& state) {
  shop one(1, 4096, suite);
  std::uint64_t next = 2;
  for (auto _ : state) {
    one.begin();
    for (int i = 0; i < 1000; ++i) must(one.tree.insert(customer_no(next++), manifest{}));
    one.commit();
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(insert_batch);

// The flat alternative: one key over all, every customer's key wrapped anew.
double flat_erase_seconds() {
  if (!crypto::init()) std::abort();
  const auto seconds = [] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  };
  field_context context;
  secret<32> key;
  pool random;
  constexpr std::size_t size = sealed_field_size(32);
  std::vector<std::byte> keys(1'000'000 * size);
  std::array<std::byte, 32> plain{};
  for (std::uint64_t n = 0; n < 1'000'000; ++n) {
    context.customer = customer_no(n);
    must(seal_field(key, context, plain, random, byte_span(keys).subspan(n * size, size)));
  }
  const double start = seconds();
  for (std::uint64_t n = 0; n < 1'000'000; ++n) {
    context.customer = customer_no(n);
    const byte_span one = byte_span(keys).subspan(n * size, size);
    must(open_field(key, context, one, plain));
    must(seal_field(key, context, plain, random, one));
  }
  return seconds() - start;
}

}  // namespace

int main(int argc, char** argv) {
  benchmarking::figures figures(argc, argv);
  figures.rate(
      {"keytree.find_hot_per_second", "1/s", ">= 10000000", "cached leaves, 20,000 customers"},
      "find_hot");
  figures.rate({"keytree.erase_1m_per_second", "1/s", "", "a million customers, no disk"},
               "erase_1m/iterations:2000");
  figures.rate({"keytree.insert_per_second", "1/s", "", "batches of 1,000, no disk"},
               "insert_batch");
  figures.measure({"keytree.flat_erase_1m_seconds", "s", "", "the flat alternative, same run"}, 1,
                  flat_erase_seconds);
  return figures.run();
}
