// Keyring mirrors as folders: `keyring`, an LMDB store, and `cell`, a folder with a file root cell.
// Opened anew for each refresh, so that a disk may be away in between.
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/open/backup.hpp>

#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>

#include "mirror_folder.hpp"

namespace clientbook {
namespace {

namespace fs = std::filesystem;

constexpr error no_memory{errc::limit_exceeded, "not enough memory"};
constexpr error away{errc::not_found, "no mirror lies there: is its disk attached?"};

std::string store_in(const fs::path& folder) { return (folder / "keyring").string(); }
std::string cell_in(const fs::path& folder) { return (folder / "cell" / "key").string(); }

bool is_inside(const fs::path& inner, const fs::path& outer) {
  auto at = inner.begin();
  for (const fs::path& part : outer) {
    if (part.empty()) continue;
    if (at == inner.end() || *at != part) return false;
    ++at;
  }
  return true;
}

// A folder of ours, or an empty one; made if it is not there.
result<void> take_folder(const fs::path& folder) {
  std::error_code failed;
  const fs::file_status there = fs::symlink_status(folder, failed);
  if (fs::exists(there)) {
    if (!fs::is_directory(there)) {
      return error{errc::already_exists, "something else than a folder lies there"};
    }
    for (const fs::directory_entry& one : fs::directory_iterator(folder, failed)) {
      const std::string name = one.path().filename().string();
      if (name != "keyring" && name != "cell" && name != ".keyring.new") {
        return error{errc::already_exists, "other files lie in that folder: take one of its own"};
      }
    }
    return failed ? result<void>(error{errc::permission_denied,
                                       "the system refuses access to the mirror's folder"})
                  : result<void>();
  }
  if (!fs::create_directory(folder, failed)) {
    if (failed == std::errc::no_such_file_or_directory) {
      return error{errc::not_found, "the folder above the mirror's does not exist: make it first"};
    }
    if (failed == std::errc::no_space_on_device) {
      return error{errc::disk_full, "no space left for the mirror"};
    }
    return error{errc::permission_denied, "the system refuses to make the mirror's folder"};
  }
  fs::permissions(folder, fs::perms::owner_all, failed);
  return {};
}

result<std::shared_ptr<backend>> made_store(const std::string& path) {
  auto made = create_lmdb_backend(path);
  if (!made && made.error().code == errc::already_exists) made = open_lmdb_backend(path);
  if (!made) return made.error();
  return std::shared_ptr<backend>(std::move(*made));
}

result<std::shared_ptr<root_cell>> made_cell(const std::string& path) {
  auto made = file_root_cell::create_new(path, {});
  if (!made && made.error().code == errc::already_exists) made = file_root_cell::open(path, {});
  if (!made) return made.error();
  return std::shared_ptr<root_cell>(std::make_shared<file_root_cell>(std::move(*made)));
}

class folders final : public mirror_opener {
 public:
  explicit folders(std::string_view book) : book_(book) {}

  result<mirror_place> open(std::string_view path) noexcept override {
    return open_mirror_folder(path, page_check::quick);
  }

  result<mirror_place> create(std::string_view path) noexcept override try {
    const fs::path folder(path);
    const fs::path whole = fs::weakly_canonical(folder);
    if (!book_.empty() && is_inside(whole, fs::weakly_canonical(fs::absolute(book_)))) {
      return error{errc::invalid_argument,
                   "a mirror in the book's folder is lost with it: take another disk"};
    }
    if (auto taken = take_folder(folder); !taken) return taken.error();
    auto store = made_store(store_in(folder));
    if (!store) return store.error();
    auto cell = made_cell(cell_in(folder));
    if (!cell) return cell.error();
    return mirror_place{std::move(*store), std::move(*cell)};
  } catch (const std::exception&) {
    return no_memory;
  }

 private:
  std::string book_;
};

}  // namespace

result<mirror_place> open_mirror_folder(std::string_view path, page_check depth) noexcept try {
  const fs::path folder(path);
  std::error_code failed;
  if (!fs::is_directory(folder / "keyring", failed)) return away;
  lmdb_options how;
  how.pages =
      depth == page_check::every_page ? lmdb_options::check::full : lmdb_options::check::quick;
  auto store = open_lmdb_backend(store_in(folder), how);
  if (!store) return store.error().code == errc::not_found ? away : store.error();
  auto cell = file_root_cell::open(cell_in(folder), {});
  if (!cell) return cell.error();
  return mirror_place{std::move(*store), std::make_shared<file_root_cell>(std::move(*cell))};
} catch (const std::exception&) {
  return no_memory;
}

std::shared_ptr<mirror_opener> mirror_folders(std::string_view book_path) {
  return std::make_shared<folders>(book_path);
}

}  // namespace clientbook
