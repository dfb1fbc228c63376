// Where files of keys may lie: never where whoever copies a folder gets what they open as well.
#ifndef CLIENTBOOK_ADAPTERS_ROOT_CELL_PLACES_HPP
#define CLIENTBOOK_ADAPTERS_ROOT_CELL_PLACES_HPP

#include <clientbook/internal/adapters/posix_file.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace clientbook {

inline bool is_inside(const std::filesystem::path& inner, const std::filesystem::path& outer) {
  auto at = inner.begin();
  for (const std::filesystem::path& part : outer) {
    if (at == inner.end() || *at != part) return false;
    ++at;
  }
  return true;
}

/// Links resolved, without a slash at its end.
inline std::filesystem::path real_place(std::string_view path) {
  const auto whole = std::filesystem::weakly_canonical(std::filesystem::absolute(path));
  return whole.has_filename() ? whole : whole.parent_path();
}

/// Whether a file lies inside a book, or in the folder that holds it. Empty: no book here.
inline bool lies_in_or_beside(const std::string& file, std::string_view book) {
  if (book.empty()) return false;
  const auto folder = real_place(posix::folder_of(file));
  const auto place = real_place(book);
  return is_inside(folder, place) || folder == place.parent_path();
}

/// Whether whoever copies the other's folder gets the one, too.
inline bool in_folder_of(const std::string& one, std::string_view other) {
  return is_inside(real_place(posix::folder_of(one)),
                   real_place(posix::folder_of(std::string(other))));
}

}  // namespace clientbook

#endif
