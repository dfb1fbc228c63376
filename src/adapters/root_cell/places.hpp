// Where files of keys may lie: never where whoever copies a folder gets what they open as well.
#ifndef CLIENTBOOK_ADAPTERS_ROOT_CELL_PLACES_HPP
#define CLIENTBOOK_ADAPTERS_ROOT_CELL_PLACES_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/internal/adapters/posix_file.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace clientbook {

inline bool is_inside(const std::filesystem::path& inner, const std::filesystem::path& outer) {
  auto at = inner.begin();
  for (const std::filesystem::path& part : outer) {
    if (at == inner.end() || *at != part) return false;
    ++at;
  }
  return true;
}

/// Links resolved, without a slash at its end. Errors: what the system says where it lets nobody
/// look: then it is not known what lies beside what.
inline result<std::filesystem::path> real_place(std::string_view path) {
  constexpr posix::words said{
      .absent = "no folder at the path of the book or of its keys",
      .refused = "the system refuses access to the folder of the book or of its keys"};
  std::error_code failed;
  auto whole = std::filesystem::absolute(path, failed);
  if (!failed) whole = std::filesystem::weakly_canonical(whole, failed);
  if (failed) return posix::told(failed.value(), said);
  return whole.has_filename() ? whole : whole.parent_path();
}

/// Whether a file lies inside a book, or in the folder that holds it. Empty: no book here.
inline result<bool> lies_in_or_beside(const std::string& file, std::string_view book) {
  if (book.empty()) return false;
  const auto folder = real_place(posix::folder_of(file));
  const auto place = real_place(book);
  if (!folder || !place) return folder ? place.error() : folder.error();
  return is_inside(*folder, *place) || *folder == place->parent_path();
}

/// Whether whoever copies the other's folder gets the one, too.
inline result<bool> in_folder_of(const std::string& one, std::string_view other) {
  const auto inner = real_place(posix::folder_of(one));
  const auto outer = real_place(posix::folder_of(std::string(other)));
  if (!inner || !outer) return inner ? outer.error() : inner.error();
  return is_inside(*inner, *outer);
}

}  // namespace clientbook

#endif
