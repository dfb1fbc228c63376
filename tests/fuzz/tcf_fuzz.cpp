// The reader of TC strings, and all that can be asked of what it accepts.
#include <clientbook/exchange/consent_signal.hpp>
#include <clientbook/exchange/tcf.hpp>

#include <cstdlib>
#include <string_view>

namespace {

void walk(const clientbook::vendor_ids& set) {
  unsigned before = 0;
  clientbook::vendor_ids::cursor runs(set);
  while (const auto run = runs.next()) {
    if (run->first <= before || run->last < run->first) std::abort();
    if (!set.contains(run->first) || !set.contains(run->last)) std::abort();
    before = run->last;
  }
}

void ask(const clientbook::tc_string& tc) {
  walk(tc.vendor_consents);
  walk(tc.vendor_legitimate_interests);
  clientbook::publisher_restrictions::cursor list(tc.restrictions);
  while (const auto restriction = list.next()) walk(restriction->vendors);
  for (const auto& signal : clientbook::signals_of(tc)) {
    if (signal.effect != clientbook::signal_effect::candidate_grant) continue;
    if (!tc.is_service_specific) std::abort();
    if (!tc.vendor_consents.contains(signal.vendors.first)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto tc = clientbook::read_tc_string(text)) ask(*tc);
  if (const auto tc = clientbook::read_tc_string_canada(text)) ask(*tc);
  return 0;
}
