// Numbers of devices and documents, of digits alone: the word beside them decides, since an IMEI's
// check is any card's and a passport has none that all countries share.
#include <clientbook/internal/model/card_data.hpp>

#include "rules.hpp"

namespace clientbook::scanner {

find imei_at(number_place& place) noexcept {
  const digit_run& run = place.run;
  if (run.count < 15 || !run.group_ends_after(15) || !luhn_valid({run.values.data(), 15}))
    return {};
  if (((run.slashes | run.brackets | run.dots) & digit_run::within(15)) != 0) return {};
  if ((place.before().kinds & imei_word) == 0) return {};
  return {run.begin, run.end_of(15), rule::imei_luhn};
}

find document_at(number_place& place) noexcept {
  const digit_run& run = place.run;
  const std::size_t size = run.first_group();
  if (size < 6 || size > 18) return {};
  const context& before = place.nearest();
  if ((before.nearest & document_word) == 0 || !before.adjacent) return {};
  return {run.begin, run.end_of(size), rule::id_document};
}

}  // namespace clientbook::scanner
