// Global Privacy Control: the header `Sec-GPC: 1` and the file /.well-known/gpc.json.
//
// The signal means: do not sell or share my data. Its absence means nothing, and never takes
// back what an earlier signal said. There is no extension mechanism.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_EXCHANGE_GPC_HPP
#define CLIENTBOOK_EXCHANGE_GPC_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace clientbook {

/// Whether a value of a Sec-GPC header is the signal: exactly `1`, without the blanks around it. Of
/// several, which who passes a request on may join by commas (RFC 9110, section 5.3), one is
/// enough.
constexpr bool gpc_signal(std::string_view header_value) noexcept {
  while (true) {
    const std::size_t end = header_value.find(',');
    std::string_view one = header_value.substr(0, end);
    const std::size_t begin = one.find_first_not_of(" \t\r\n");
    if (begin != one.npos) one = one.substr(begin, one.find_last_not_of(" \t\r\n") + 1 - begin);
    if (one == "1") return true;
    if (end == header_value.npos) return false;
    header_value.remove_prefix(end + 1);
  }
}

/// Whether any of the values of a request's Sec-GPC headers is the signal.
bool gpc_signal(std::span<const std::string_view> header_values) noexcept;

enum class gpc_support : std::uint8_t { unknown, supported, not_supported };

/// What a site says of itself in /.well-known/gpc.json.
struct gpc_support_file {
  gpc_support support = gpc_support::unknown;
  std::optional<date> last_update{};
};

/// Never fails: what is not a JSON object with a boolean `gpc` says `unknown`. Other members
/// are ignored; a lastUpdate that is no date, or no time of RFC 3339, is left out.
gpc_support_file read_gpc_support(std::string_view json);

}  // namespace clientbook

#endif
