// Power cuts: a store in simulated flash whose power fails at every operation, in every way, also
// while it recovers; afterwards the state must be the one before or after what was cut, a second
// boot must agree, work must go on, and nothing that was replaced or removed may open, even for
// somebody who has flash and key.
#ifndef CLIENTBOOK_TESTS_POWER_CUTS_HPP
#define CLIENTBOOK_TESTS_POWER_CUTS_HPP

#include <cstdint>
#include <string>

#include "flash_simulator.hpp"

namespace clientbook::testing {

struct cut_counts {
  std::uint64_t single = 0;
  std::uint64_t nested = 0;
  std::uint64_t long_run = 0;
  std::uint64_t while_recovering = 0;  ///< Of the long runs.
  std::uint64_t discarded = 0;         ///< Cleanings without a commit.
  std::uint64_t lost = 0;              ///< States that were neither before nor after, or no mount.
  std::uint64_t leaks = 0;             ///< Former values that opened.
  std::uint64_t against_rules = 0;     ///< Granules programmed as the part does not allow.
  std::string first_failure;

  std::uint64_t cuts() const { return single + nested + long_run + while_recovering; }
  bool clean() const { return lost + leaks + against_rules == 0; }
  void add(const cut_counts& more);
};

/// Every operation of a workload of so many steps cut in every way; every third of these followed
/// by a cut at every operation of the recovery and of the write after it.
cut_counts cut_everywhere(const part_model& model, std::uint64_t seed, unsigned steps);

/// A single store that is cut at random, over and over, also while it recovers.
cut_counts cut_for_long(const part_model& model, std::uint64_t seed, std::uint64_t cuts);

}  // namespace clientbook::testing

#endif
