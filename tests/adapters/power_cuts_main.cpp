// The power-cut proof for as many cuts as are asked for, one line a part: scripts/power-cuts.
#include <clientbook/crypto/crypto.hpp>

#include <cstdio>
#include <cstdlib>

#include "power_cuts.hpp"

using namespace clientbook::testing;

namespace {

void print(const char* name, const cut_counts& counts) {
  std::printf(
      "%-36s single %9llu nested %9llu long %9llu + %8llu discarded %7llu lost %llu leaks %llu "
      "against the rules %llu\n",
      name, static_cast<unsigned long long>(counts.single),
      static_cast<unsigned long long>(counts.nested),
      static_cast<unsigned long long>(counts.long_run),
      static_cast<unsigned long long>(counts.while_recovering),
      static_cast<unsigned long long>(counts.discarded),
      static_cast<unsigned long long>(counts.lost), static_cast<unsigned long long>(counts.leaks),
      static_cast<unsigned long long>(counts.against_rules));
  if (!counts.first_failure.empty()) std::printf("  %s\n", counts.first_failure.c_str());
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2 || !clientbook::crypto::init()) {
    std::fprintf(stderr, "usage: clientbook_power_cuts CUTS [SEED]\n");
    return 2;
  }
  const std::uint64_t wanted = std::strtoull(arguments[1], nullptr, 10);
  const std::uint64_t seed = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 1;
  cut_counts all;
  for (const part_model& model : part_models) {
    cut_counts here;
    // A fifth in long runs of one store, the rest at every operation.
    for (std::uint64_t i = 0; here.cuts() < wanted / 20 && here.clean(); ++i) {
      here.add(cut_for_long(model, seed * 1000 + i, 4000));
    }
    for (std::uint64_t i = 0; here.cuts() < (wanted + 3) / 4 && here.clean(); ++i) {
      here.add(cut_everywhere(model, seed * 1000 + i, 150));
    }
    print(model.name, here);
    all.add(here);
  }
  print("all", all);
  std::printf("%llu cuts\n", static_cast<unsigned long long>(all.cuts()));
  return all.clean() && all.cuts() >= wanted ? 0 : 1;
}
