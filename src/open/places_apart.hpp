// Whether one path lies in another, however they are written.
#ifndef CLIENTBOOK_OPEN_PLACES_APART_HPP
#define CLIENTBOOK_OPEN_PLACES_APART_HPP

#include <filesystem>
#include <string>
#include <string_view>

namespace clientbook {

inline std::filesystem::path as_it_is(std::string_view path) {
  const auto whole = std::filesystem::weakly_canonical(std::filesystem::absolute(path));
  return whole.has_filename() ? whole : whole.parent_path();  // It ended in a slash.
}

/// Also where they are the same.
inline bool is_inside(std::string_view inner, std::string_view outer) {
  const std::filesystem::path in = as_it_is(inner);
  auto at = in.begin();
  for (const std::filesystem::path& part : as_it_is(outer)) {
    if (at == in.end() || *at != part) return false;
    ++at;
  }
  return true;
}

inline std::string folder_of(std::string_view path) {
  return as_it_is(path).parent_path().string();
}

}  // namespace clientbook

#endif
