// What it takes to answer one customer: the page of somebody with a thousand entries in a ledger of
// twenty thousand, and the evidence alone.
#include <clientbook/clientbook.hpp>

#include <benchmark/benchmark.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "figures.hpp"

namespace {

using namespace clientbook;

constexpr std::size_t customers = 20;
constexpr std::size_t entries = 1000;  // Of each.
constexpr auto why = purpose::customer_order_management;

template <class T>
T need(result<T> answer, const char* doing) {
  if (!answer) {
    std::fprintf(stderr, "rights_bench: %s: %s\n", doing, answer.error().text.c_str());
    std::exit(1);
  }
  return std::move(*answer);
}

struct shop {
  std::filesystem::path where = made();
  book opened = need(create_book((where / "shop.book").string(), (where / "key/root.key").string(),
                                 {.profile = gdpr_profile().id}),
                     "create");
  session in =
      need(opened.begin_session({.id = actor_id(1), .role = actor_role::owner}), "session");
  std::vector<customer_id> ids;

  shop() {
    recipient_party party;
    party.name = short_text<64>("parcel-co");
    party.party_class = recipient::parcel_service;
    party.country = {'D', 'E'};
    party.contract = short_text<32>("C-1");
    const recipient_id parcels = need(in.add_recipient(party), "recipient");
    for (std::size_t i = 0; i < customers; ++i) {
      customer record;
      if (!record.set(field::name, person_name{.given = "Ken", .family = "Sánchez"}) ||
          !record.set(field::phones, std::array{phone_number{.number = "+1 202 555 0142"}})) {
        std::exit(1);
      }
      ids.push_back(need(in.put(record, {.purposes = why}), "put"));
    }
    // Everybody's in turn, so that one customer's lie in every tile.
    for (std::size_t i = 0; i < entries; ++i) {
      (void)need(
          in.disclose_many(ids, {.purpose = purpose::delivery_of_goods, .recipient = parcels}),
          "disclose");
    }
    (void)need(in.open_case({.kind = case_kind::rights,
                             .customers = {&ids[7], 1},
                             .reason = {.reference = short_text<64>("letter 7")}}),
               "case");
  }
  ~shop() {
    std::error_code ignored;
    std::filesystem::remove_all(where, ignored);
  }
  shop(const shop&) = delete;
  shop& operator=(const shop&) = delete;

  static std::filesystem::path made() {
    std::string name = (std::filesystem::temp_directory_path() / "rights_bench_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::exit(1);
    return name;
  }
};

shop& the_shop() {
  static shop one;
  return one;
}

void customer_page_of_1000(benchmark::State& state) {
  shop& s = the_shop();
  for (auto _ : state) {
    const customer_page page = need(make_customer_page(s.in, s.ids[7]), "page");
    benchmark::DoNotOptimize(page.html.data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(customer_page_of_1000)->Unit(benchmark::kMillisecond);

void evidence_of_1000(benchmark::State& state) {
  shop& s = the_shop();
  std::size_t proofs = 0;
  for (auto _ : state) {
    const ledger_evidence all = need(s.in.evidence(s.ids[3]), "evidence");
    benchmark::DoNotOptimize(all.entries.data());
    proofs += all.entries.size();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(proofs));
}
BENCHMARK(evidence_of_1000)->Unit(benchmark::kMillisecond);

void check_evidence_of_1000(benchmark::State& state) {
  shop& s = the_shop();
  const wiped_text text =
      need(evidence_to_text(need(s.in.evidence(s.ids[3]), "evidence")), "evidence as a text");
  const std::string log = need(s.in.log_identity(), "log");
  const ledger::log_identity identity = need(ledger::parse_log_identity(log), "log");
  for (auto _ : state) {
    const proved_evidence proved = need(check_evidence(text, identity), "checking");
    benchmark::DoNotOptimize(proved.entries.data());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(entries) * state.iterations());
}
BENCHMARK(check_evidence_of_1000)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  clientbook::benchmarking::figures figures(argc, argv);
  figures.milliseconds(
      {"rights.page_ms", "ms", "<= 100", "1,000 entries in a ledger of 20,000, with evidence"},
      "customer_page_of_1000");
  figures.rate({"rights.evidence_per_second", "entries/s", "", "opened and proved, 1,000 at once"},
               "evidence_of_1000");
  figures.rate({"rights.checks_per_second", "entries/s", "", "of evidence, the text read too"},
               "check_evidence_of_1000");
  return figures.run();
}
