// The power-cut proof, at the size that a suite bears; scripts/power-cuts runs it for long.
#include <testing.hpp>

#include "power_cuts.hpp"

using namespace clientbook::testing;

TEST_CASE("power cuts: every operation cut in every way, also while recovering, loses nothing") {
  for (const part_model& model : part_models) {
    CAPTURE(model.name);
    const cut_counts counts = cut_everywhere(model, 20261129, 16);
    CHECK(counts.single > 200);
    CHECK(counts.nested > 1000);
    CHECK_MESSAGE(counts.lost == 0, counts.first_failure);
    CHECK_MESSAGE(counts.leaks == 0, counts.first_failure);
    CHECK_MESSAGE(counts.against_rules == 0, counts.first_failure);
  }
}

TEST_CASE("power cuts: a store that is cut over and over loses nothing") {
  for (const part_model& model : part_models) {
    CAPTURE(model.name);
    const cut_counts counts = cut_for_long(model, 7, 1000);
    CHECK(counts.long_run > 500);
    CHECK(counts.discarded > 0);
    CHECK_MESSAGE(counts.lost == 0, counts.first_failure);
    CHECK_MESSAGE(counts.leaks == 0, counts.first_failure);
    CHECK_MESSAGE(counts.against_rules == 0, counts.first_failure);
  }
}
