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

/// Whether one value of a Sec-GPC header is the signal: exactly `1`, nothing before or after.
constexpr bool gpc_signal(std::string_view header_value) noexcept { return header_value == "1"; }

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
