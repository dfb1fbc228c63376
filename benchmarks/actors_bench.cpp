// What it costs that somebody looks: the read of a customer whom the actor has seen in this hour,
// the first look at one, and a list, whose trace is one row for all of it.
#include <clientbook/clientbook.hpp>

#include <benchmark/benchmark.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "figures.hpp"

namespace {

using namespace clientbook;

constexpr std::size_t customers = 10'000;
constexpr auto why = purpose::customer_order_management;

template <class T>
T need(result<T> answer, const char* doing) {
  if (!answer) {
    std::fprintf(stderr, "actors_bench: %s: %s\n", doing, answer.error().text.c_str());
    std::exit(1);
  }
  return std::move(*answer);
}
void need(const result<void>& answer, const char* doing) {
  if (answer) return;
  std::fprintf(stderr, "actors_bench: %s: %s\n", doing, answer.error().text.c_str());
  std::exit(1);
}

// A folder that goes with the program.
class folder {
 public:
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "actors_bench_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::exit(1);
    path_ = name;
  }
  ~folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  std::string at(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

struct shop {
  folder where;
  book opened = need(
      create_book(where.at("shop.book"), where.at("key/root.key"), {.profile = gdpr_profile().id}),
      "create");
  session in = begin(1);
  std::vector<customer_id> ids;

  shop() {
    need(in.begin(), "begin");
    for (std::size_t i = 0; i < customers; ++i) {
      customer record;
      const std::string mail = "customer" + std::to_string(i) + "@example.com";
      need(record.set(field::name, person_name{.given = "Ken", .family = "Sánchez"}), "fill");
      need(record.set(field::emails, std::array{email_address{.address = mail}}), "fill");
      need(record.set(field::phones, std::array{phone_number{.number = "+1 202 555 0142"}}),
           "fill");
      need(record.set(field::addresses, std::array{postal_address{.line1 = "4350 Minute Dr.",
                                                                  .city = "Newport Hills",
                                                                  .postal_code = "98006",
                                                                  .country = "US"}}),
           "fill");
      ids.push_back(need(in.put(record, {.purposes = why}), "put"));
    }
    need(in.commit(), "commit");
    session other = begin(2);
    need(other.raise_budget(actor_id(1), 2'000'000'000), "raise");
    // Everybody once, so that the hour knows them.
    for (const customer_id& id : ids) (void)need(in.read(id, why), "read");
  }
  session begin(std::uint32_t number) const {
    return need(opened.begin_session({.id = actor_id(number), .role = actor_role::owner}),
                "session");
  }
};

shop& the_shop() {
  static shop one;
  return one;
}

void read_with_trace(benchmark::State& state) {
  shop& s = the_shop();
  std::mt19937 random(1);
  view seen;
  for (auto _ : state) {
    need(s.in.read_into(seen, s.ids[random() % customers], why), "read");
    benchmark::DoNotOptimize(seen.record().fields().data());
  }
}
BENCHMARK(read_with_trace);

// As many as an associate may see in a day.
void read_of_a_day(benchmark::State& state) {
  shop& s = the_shop();
  std::mt19937 random(1);
  view seen;
  for (auto _ : state) {
    need(s.in.read_into(seen, s.ids[random() % 200], why), "read");
    benchmark::DoNotOptimize(seen.record().fields().data());
  }
}
BENCHMARK(read_of_a_day);

// In the order of the store, and with one trace for all.
void read_in_order(benchmark::State& state) {
  shop& s = the_shop();
  view seen;
  std::size_t at = 0;
  for (auto _ : state) {
    need(s.in.read_into(seen, s.ids[at], why), "read");
    benchmark::DoNotOptimize(seen.record().fields().data());
    at = (at + 1) % customers;
  }
}
BENCHMARK(read_in_order);

void list(benchmark::State& state) {
  shop& s = the_shop();
  while (state.KeepRunningBatch(customers)) {
    need(s.in.for_each(why, all_fields,
                       [](const view& seen) {
                         benchmark::DoNotOptimize(seen.record().fields().data());
                         return true;
                       }),
         "list");
  }
}
BENCHMARK(list);

// Each by an actor who has not seen the customer in this hour; durable draws and names included.
void first_look(benchmark::State& state) {
  shop& s = the_shop();
  static std::uint32_t actor = 100;
  constexpr std::int64_t batch = 2048;
  while (state.KeepRunningBatch(batch)) {
    session in = s.begin(actor++);
    view seen;
    for (std::int64_t i = 0; i < batch; ++i) {
      need(in.read_into(seen, s.ids[static_cast<std::size_t>(i)], why), "read");
    }
  }
}
BENCHMARK(first_look)->UseRealTime();

}  // namespace

int main(int argc, char** argv) {
  clientbook::benchmarking::figures figures(argc, argv);
  figures.ratio({"actors.read_ratio_to_list", "ratio", "",
                 "a read with a trace of its own, to one of a list, whose trace is one row"},
                "read_in_order", "list");
  figures.rate({"actors.reads_with_trace_per_second", "1/s", "",
                "4 fields, random customers of 10,000, seen in this hour"},
               "read_with_trace");
  figures.rate({"actors.reads_of_a_day_per_second", "1/s", "",
                "the same, of the 200 customers that an associate may see in a day"},
               "read_of_a_day");
  figures.rate({"actors.first_looks_per_second", "1/s", "",
                "the same, not seen in this hour, in blocks of 64; durable"},
               "first_look/real_time");
  return figures.run();
}
