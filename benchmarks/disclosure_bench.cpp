// The ledger in a book on disk: what a disclosure costs beside the commit that makes it durable,
// and how long it takes to find a customer's entries among those of everybody.
//
// The limit is LMDB by hand: rows of the same sizes as a disclosure writes, one transaction,
// synced. CLIENTBOOK_BENCH_ENTRIES is how many entries the ledger has (100,000; a figure says how
// many); CLIENTBOOK_BENCH_FOLDER is where it lies.
#include <clientbook/clientbook.hpp>

#include <lmdb.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "figures.hpp"
#include "large_book.hpp"

namespace {

using namespace clientbook;
using clientbook::benchmarking::folder_of;
using clientbook::benchmarking::size_name;

constexpr std::size_t others = 1000;
constexpr std::size_t of_one = 10;
constexpr auto delivery = purpose::delivery_of_goods;

template <class T>
T need(result<T> answer, const char* doing) {
  if (!answer) {
    std::fprintf(stderr, "disclosure_bench: %s: %s\n", doing, answer.error().text.c_str());
    std::exit(1);
  }
  return std::move(*answer);
}
void lmdb_need(int status) {
  if (status == MDB_SUCCESS) return;
  std::fprintf(stderr, "disclosure_bench: lmdb: %s\n", mdb_strerror(status));
  std::exit(1);
}

std::size_t count_of_entries() {
  const char* wanted = std::getenv("CLIENTBOOK_BENCH_ENTRIES");
  return wanted == nullptr ? 100'000 : std::strtoull(wanted, nullptr, 10);
}

// The shop's clock, which a year goes by on at the end: what is older may be pruned then.
timestamp hand{1'800'000'000};
timestamp told(void* /*context*/) { return hand; }

// A customer with ten entries, spread evenly among those about a thousand others.
struct shop {
  std::filesystem::path where = made();
  book opened =
      need(create_book((where / "shop.book").string(), (where / "key/root.key").string(),
                       {.profile = gdpr_profile().id}, {.clock = {told}, .longest_pause_days = 0}),
           "create");
  session in =
      need(opened.begin_session({.id = actor_id(1), .role = actor_role::owner}), "session");
  recipient_id parcels;
  customer_id one;
  customer_id busy;

  shop() {
    recipient_party party;
    party.name = short_text<64>("parcel-co");
    party.party_class = recipient::parcel_service;
    party.country = {'D', 'E'};
    party.contract = short_text<32>("C-1");
    parcels = need(in.add_recipient(party), "recipient");
    std::vector<customer_id> ids;
    for (std::size_t i = 0; i < others; ++i) ids.push_back(put());
    one = put();
    busy = put();
    const std::size_t rounds = count_of_entries() / others;
    for (std::size_t i = 0; i < rounds; ++i) {
      (void)need(in.disclose_many(ids, {.purpose = delivery, .recipient = parcels}), "disclose");
      if (i * of_one / rounds != (i + 1) * of_one / rounds) disclose(one);
    }
  }
  ~shop() {
    std::error_code ignored;
    std::filesystem::remove_all(where, ignored);
  }
  shop(const shop&) = delete;
  shop& operator=(const shop&) = delete;

  customer_id put() {
    customer record;
    if (!record.set(field::name, person_name{.given = "Ken", .family = "Sánchez"}) ||
        !record.set(field::phones, std::array{phone_number{.number = "+1 202 555 0142"}})) {
      std::exit(1);
    }
    return need(in.put(record, {.purposes = purpose::customer_order_management}), "put");
  }
  void disclose(const customer_id& about) {
    (void)need(in.disclose(about, {.purpose = delivery, .recipient = parcels}), "disclose");
  }
  static std::filesystem::path made() {
    std::filesystem::path out = folder_of("disclosure");
    std::filesystem::create_directories(out);
    return out;
  }
  static shop& get() {
    static shop the_shop;
    return the_shop;
  }
};

// What a disclosure writes: entry, payload, tile, frontier, book row, the key tree's path, a trace.
struct by_hand {
  static constexpr std::array<std::size_t, 10> sizes{87,  260,  4096, 680, 500,
                                                     120, 1200, 1200, 900, 600};
  std::filesystem::path where = folder_of("by-hand");
  MDB_env* environment = nullptr;
  MDB_dbi table = 0;
  std::uint64_t number = 0;

  by_hand() {
    std::filesystem::create_directories(where);
    lmdb_need(mdb_env_create(&environment));
    lmdb_need(mdb_env_set_mapsize(environment, std::size_t{4} << 30));
    lmdb_need(mdb_env_open(environment, where.c_str(), 0, 0600));
    MDB_txn* change = nullptr;
    lmdb_need(mdb_txn_begin(environment, nullptr, 0, &change));
    lmdb_need(mdb_dbi_open(change, nullptr, MDB_CREATE, &table));
    lmdb_need(mdb_txn_commit(change));
  }
  ~by_hand() {
    mdb_env_close(environment);
    std::error_code ignored;
    std::filesystem::remove_all(where, ignored);
  }
  by_hand(const by_hand&) = delete;
  by_hand& operator=(const by_hand&) = delete;

  void commit() {
    MDB_txn* change = nullptr;
    lmdb_need(mdb_txn_begin(environment, nullptr, 0, &change));
    ++number;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      // Entry, payload and trace are new rows; the others are written over.
      const bool fresh = i < 2 || i == 5;
      std::array<std::byte, 10> key{static_cast<std::byte>(i)};
      store_be(key.data() + 1, fresh ? number : std::uint64_t{0});
      MDB_val at{key.size(), key.data()};
      MDB_val room{sizes[i], nullptr};
      lmdb_need(mdb_put(change, table, &at, &room, MDB_RESERVE));
      std::memset(room.mv_data, static_cast<int>(number), sizes[i]);
    }
    lmdb_need(mdb_txn_commit(change));
  }
};

void disclosure(benchmark::State& state) {
  shop& of = shop::get();
  for (auto _ : state) of.disclose(of.busy);
}
BENCHMARK(disclosure)->UseRealTime();

void disclosure_limit(benchmark::State& state) {
  static by_hand rows;
  for (auto _ : state) rows.commit();
}
BENCHMARK(disclosure_limit)->UseRealTime();

double lookup_us() {
  shop& of = shop::get();
  const auto begin = std::chrono::steady_clock::now();
  const auto entries = need(of.in.ledger(of.one), "ledger");
  const auto end = std::chrono::steady_clock::now();
  if (entries.size() != of_one) std::exit(1);
  return std::chrono::duration<double, std::micro>(end - begin).count();
}

// How long one transaction of a pruning keeps others waiting, its synced commit with it. Once: what
// has gone is gone, so it is measured last.
double prune_step_ms() {
  shop& of = shop::get();
  const std::string seen = need(of.in.checkpoint(), "checkpoint");
  hand.seconds += 400 * 86400;
  const prune_options what{.before = date_of(hand), .published = seen};
  prune_options look = what;
  look.mode = retention_mode::only_tell;
  const auto start = std::chrono::steady_clock::now();
  const pruning would = need(of.in.prune_ledger(look), "prune");
  const auto begin = std::chrono::steady_clock::now();
  const pruning done = need(of.in.prune_ledger(what), "prune");
  const auto end = std::chrono::steady_clock::now();
  if (done.until != would.until || done.until == done.from) std::exit(1);
  // What looking takes is looked at without the lock.
  const auto alone = (end - begin) - (begin - start);
  const double steps = std::ceil(static_cast<double>(done.until - done.from) /
                                 static_cast<double>(max_pruned_in_one_change));
  return std::chrono::duration<double, std::milli>(alone).count() / steps;
}

}  // namespace

int main(int argc, char** argv) {
  if (!crypto::init()) return 1;
  clientbook::benchmarking::figures figures(argc, argv);
  figures.measure({"ledger.subject_lookup_" + size_name(count_of_entries()) + "_us", "us",
                   "<= 1000", "ten entries among so many, decrypted, in their order"},
                  101, lookup_us);
  // A ratio is of speeds: the limit's to ours is how many times as long a disclosure takes.
  figures.ratio({"ledger.disclosure_ratio_to_commit", "ratio", "<= 1.3",
                 "LMDB by hand: one synced commit of rows of the same sizes"},
                "disclosure_limit/real_time", "disclosure/real_time");
  figures.measure({"ledger.prune_step_ms", "ms", "<= 50",
                   "so many entries as go in one transaction, while others wait"},
                  1, prune_step_ms);
  return figures.run();
}
