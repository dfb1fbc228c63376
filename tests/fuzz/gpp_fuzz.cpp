// The reader of GPP strings: what it accepts of the United States can be written and read again.
#include <clientbook/exchange/consent_signal.hpp>
#include <clientbook/exchange/gpp.hpp>

#include <cstdlib>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(clientbook::signals_of_gpp(text));
  static_cast<void>(clientbook::read_usp(text));
  const auto gpp = clientbook::read_gpp(text);
  if (!gpp) return 0;
  std::vector<clientbook::us_privacy> sections;
  for (const clientbook::gpp_part& part : gpp->sections()) {
    if (part.id > 27) break;
    const auto section = static_cast<clientbook::gpp_section>(part.id);
    if (const auto privacy = clientbook::read_us_privacy(section, part.text)) {
      sections.push_back(*privacy);
    }
  }
  const auto written = clientbook::write_gpp(sections);
  if (!written) std::abort();
  const auto again = clientbook::read_gpp(*written);
  if (!again || again->sections().size() != sections.size()) std::abort();
  for (const clientbook::us_privacy& privacy : sections) {
    const auto read = clientbook::read_us_privacy(privacy.section, again->section(privacy.section));
    if (!read || read->fields != privacy.fields || read->gpc != privacy.gpc) std::abort();
  }
  return 0;
}
