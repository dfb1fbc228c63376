// The numbering plans, made by make_scanner_tables.py from data/phone_plans.csv.
#ifndef CLIENTBOOK_SCANNER_PHONE_PLANS_HPP
#define CLIENTBOOK_SCANNER_PHONE_PLANS_HPP

#include <cstdint>

namespace clientbook::scanner {

/// Numbers whose first two digits are up to `last`, from those of the run before.
struct prefix_run {
  std::uint8_t last;
  std::uint8_t set;  ///< Which of the sets of lengths.
};
struct numbering_plan {
  char region[2];
  char trunk[2];  ///< National prefix, dialled before national numbers; NUL where it is shorter.
  std::uint16_t calling_code;
  std::uint16_t first_run;  ///< With leading digits.
  std::uint16_t lengths;    ///< Of all national numbers: bit n is n + 4 digits.
};

}  // namespace clientbook::scanner

#include <tables/scanner/phone_plans.inc>

#endif
