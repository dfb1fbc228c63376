// Where tests find the real input: CLIENTBOOK_DATA, else ../shared/data beside the project.
// A test that needs it and does not find it says so on one line and passes.
#ifndef CLIENTBOOK_TESTS_DATA_HPP
#define CLIENTBOOK_TESTS_DATA_HPP

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace clientbook::testing {

inline std::optional<std::filesystem::path> data(const std::string& relative) {
  const char* set = std::getenv("CLIENTBOOK_DATA");
  const std::filesystem::path folder =
      set != nullptr && *set != '\0'
          ? std::filesystem::path(set)
          : std::filesystem::path(CLIENTBOOK_SOURCE_DIR) / ".." / "shared" / "data";
  std::filesystem::path path = folder / relative;
  if (std::filesystem::exists(path)) return path;
  std::printf("skipped: no %s in CLIENTBOOK_DATA\n", relative.c_str());
  return std::nullopt;
}

}  // namespace clientbook::testing

#endif
