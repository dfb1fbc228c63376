// A column map: any bytes end in a map or in an error.
#include <clientbook/exchange/column_map.hpp>

#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string where;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto map = clientbook::column_map::parse(text, &where)) {
    if (map->files().empty()) __builtin_trap();
  }
  return 0;
}
