// Global Privacy Control: the header's values, and the file in which a site says that it honours
// them.
//
// Of several values one signal is enough. A file that cannot be read says nothing, which is not the
// same as no support.
#include <clientbook/exchange/gpc.hpp>

#include <algorithm>

#include <boost/json/object.hpp>

#include <clientbook/internal/exchange/json.hpp>

namespace clientbook {

bool gpc_signal(std::span<const std::string_view> header_values) noexcept {
  return std::any_of(header_values.begin(), header_values.end(),
                     [](std::string_view value) { return gpc_signal(value); });
}

gpc_support_file read_gpc_support(std::string_view json) {
  gpc_support_file file;
  const auto value = exchange::read_json(json);
  if (!value || !value->is_object()) return file;
  const boost::json::object& object = value->get_object();
  const auto* gpc = object.if_contains("gpc");
  if (gpc == nullptr || !gpc->is_bool()) return file;
  file.support = gpc->get_bool() ? gpc_support::supported : gpc_support::not_supported;
  const auto* updated = object.if_contains("lastUpdate");
  if (updated == nullptr || !updated->is_string()) return file;
  const std::string_view text = updated->get_string();
  if (const auto instant = parse_timestamp(text)) file.last_update = date_of(*instant);
  return file;
}

}  // namespace clientbook
