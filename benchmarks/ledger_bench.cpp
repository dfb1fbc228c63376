// The ledger: entries hashed and placed per second, and what a proof costs to make and check.
#include <clientbook/ledger/checkpoint.hpp>
#include <clientbook/ledger/disclosure_entry.hpp>
#include <clientbook/ledger/tiles.hpp>

#include <algorithm>
#include <map>
#include <vector>

#include "figures.hpp"
#include "proof_reader.hpp"

using namespace clientbook;

namespace {

class tiles_in_memory final : public ledger::tile_store {
 public:
  result<byte_view> get(unsigned level, std::uint64_t index) noexcept override {
    const auto found = tiles_.find({level, index});
    if (found == tiles_.end()) return error{errc::not_found, "no such tile"};
    return byte_view(found->second);
  }
  result<void> put(unsigned level, std::uint64_t index, byte_view hashes) noexcept override {
    tiles_[{level, index}].assign(hashes.begin(), hashes.end());
    return {};
  }

 private:
  std::map<std::pair<unsigned, std::uint64_t>, std::vector<std::byte>> tiles_;
};

std::array<std::byte, ledger::entry_bytes> entry_number(std::uint64_t number) {
  ledger::disclosure_entry entry;
  store_be(entry.id.bytes.data(), number);
  std::array<std::byte, ledger::entry_bytes> out{};
  static_cast<void>(ledger::encode_entry(entry, out));
  return out;
}

/// A ledger of a million entries.
struct million {
  static constexpr std::uint64_t size = 1'000'000;
  tiles_in_memory store;
  ledger::frontier tree;

  million() {
    std::vector<ledger::tile_slot> slots(4);
    ledger::tile_writer writer(store, tree, slots);
    for (std::uint64_t i = 0; i < size; ++i) {
      static_cast<void>(writer.append(ledger::leaf_hash(entry_number(i))));
    }
    static_cast<void>(writer.flush());
  }
  static million& get() {
    static million all;
    return all;
  }
};

/// Entries encoded, hashed and placed in tiles, in batches of the given size.
void ledger_append(benchmark::State& state) {
  tiles_in_memory store;
  ledger::frontier tree;
  std::vector<ledger::tile_slot> slots(4);
  std::uint64_t number = 0;
  for (auto _ : state) {
    ledger::tile_writer writer(store, tree, slots);
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      benchmark::DoNotOptimize(writer.append(ledger::leaf_hash(entry_number(number++))));
    }
    benchmark::DoNotOptimize(writer.flush());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(number));
}
BENCHMARK(ledger_append)->Arg(1)->Arg(1000);

/// The bare cost: SHA-256 of a leaf and of one node.
void ledger_append_limit(benchmark::State& state) {
  std::uint64_t number = 0;
  ledger::hash last{};
  for (auto _ : state) {
    last = ledger::node_hash(last, ledger::leaf_hash(entry_number(number++)));
    benchmark::DoNotOptimize(last);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(number));
}
BENCHMARK(ledger_append_limit);

void ledger_prove(benchmark::State& state) {
  million& all = million::get();
  ledger::tile_reader reader(all.store, million::size);
  std::uint64_t index = 0;
  std::size_t longest = 0;
  for (auto _ : state) {
    index = (index + 611953) % million::size;
    const auto path = ledger::inclusion_proof(reader, index, million::size);
    longest = std::max(longest, path->count);
  }
  state.counters["bytes"] = static_cast<double>(longest * sizeof(ledger::hash));
}
BENCHMARK(ledger_prove);

/// One behind the other, as who audits all of it, by the reader that books use for many.
void ledger_prove_in_order(benchmark::State& state) {
  million& all = million::get();
  proof_reader reader(all.store, million::size);
  std::uint64_t index = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(ledger::inclusion_proof(reader, index, million::size));
    index = (index + 1) % million::size;
  }
}
BENCHMARK(ledger_prove_in_order);

/// What a check of a book does: every leaf hashed, every tile built anew, the root compared.
void ledger_reverify_1m(benchmark::State& state) {
  const ledger::hash root = million::get().tree.root();
  std::vector<std::array<std::byte, ledger::entry_bytes>> entries(million::size);
  for (std::uint64_t i = 0; i < million::size; ++i) entries[i] = entry_number(i);
  for (auto _ : state) {
    tiles_in_memory store;
    ledger::frontier tree;
    std::vector<ledger::tile_slot> slots(4);
    ledger::tile_writer writer(store, tree, slots);
    for (const auto& one : entries) static_cast<void>(writer.append(ledger::leaf_hash(one)));
    static_cast<void>(writer.flush());
    if (tree.root() != root) std::abort();
  }
}
BENCHMARK(ledger_reverify_1m)->Unit(benchmark::kMillisecond);

void ledger_verify(benchmark::State& state) {
  million& all = million::get();
  ledger::tile_reader reader(all.store, million::size);
  const std::uint64_t index = 611953;
  const auto path = ledger::inclusion_proof(reader, index, million::size);
  const ledger::hash leaf = ledger::leaf_hash(entry_number(index));
  const ledger::hash root = all.tree.root();
  for (auto _ : state) {
    if (!ledger::verify_inclusion(leaf, index, million::size, path->view(), root)) std::abort();
  }
}
BENCHMARK(ledger_verify);

/// A whole log proof: text, signature and path.
void ledger_verify_file(benchmark::State& state) {
  million& all = million::get();
  ledger::tile_reader reader(all.store, million::size);
  const std::uint64_t index = 611953;
  const auto path = ledger::inclusion_proof(reader, index, million::size);
  const crypto::signing_key key{secret<32>()};
  constexpr std::string_view origin = "shop.example/clientbook/2026";
  std::array<char, ledger::checkpoint_room> note;
  const auto head = ledger::write_checkpoint({origin, million::size, all.tree.root()}, key, note);
  std::array<char, 8192> file;
  const auto text = ledger::write_log_proof(entry_number(index), index, path->view(), *head, file);
  std::array<std::byte, ledger::max_entry> room;
  for (auto _ : state) {
    if (!ledger::verify_log_proof(*text, {origin, key.public_key()}, room)) std::abort();
  }
}
BENCHMARK(ledger_verify_file);

}  // namespace

int main(int argc, char** argv) {
  if (!crypto::init()) return 1;
  clientbook::benchmarking::figures figures(argc, argv);
  figures.rate(
      {"ledger.appends_per_second", "entries/s", ">= 100000", "batches of 1000, in memory"},
      "ledger_append/1000");
  figures.ratio({"ledger.append_ratio_to_limit", "ratio", "", "SHA-256 of a leaf and a node"},
                "ledger_append/1000", "ledger_append_limit");
  figures.rate({"ledger.proofs_per_second", "proofs/s", ">= 50000",
                "out of a million entries, one behind the other"},
               "ledger_prove_in_order");
  figures.rate({"ledger.single_proofs_per_second", "proofs/s", "",
                "out of a million entries, one here and one there"},
               "ledger_prove");
  figures.counter({"ledger.proof_bytes_1m", "B", "<= 700", "hashes of the longest"}, "ledger_prove",
                  "bytes");
  figures.microseconds(
      {"ledger.verify_us", "us", "<= 60", "a proof as a text: path, entry and signature"},
      "ledger_verify_file");
  figures.seconds({"ledger.reverify_1m_s", "s", "<= 5", "in memory"}, "ledger_reverify_1m");
  figures.rate({"ledger.verifications_per_second", "proofs/s", ">= 20000",
                "a million entries, without the signature"},
               "ledger_verify");
  return figures.run();
}
