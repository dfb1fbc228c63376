// Keyring mirrors as folders: `keyring`, an LMDB store, and `cell`, a folder with a file root cell.
// Opened anew for each refresh, so that a disk may be away in between.
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/internal/adapters/posix_file.hpp>
#include <clientbook/open/backup.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>

#include "mirror_folder.hpp"
#include "places_apart.hpp"

namespace clientbook {
namespace {

namespace fs = std::filesystem;

constexpr error no_memory{errc::limit_exceeded, "not enough memory"};
constexpr error refused{
    errc::permission_denied,
    "the system refuses to remove what is left of the mirror: remove its folder"};
constexpr error away{errc::not_found, "no mirror lies there: is its disk attached?"};

std::string store_in(const fs::path& folder) { return (folder / "keyring").string(); }
std::string cell_in(const fs::path& folder) { return (folder / "cell" / "key").string(); }

constexpr error linked{
    errc::permission_denied,
    "a link lies in the mirror's folder, and nothing is reached through one: remove the link"};

// Whoever holds the mirror's disk may put links there: the mirror itself and its folders are what
// they are named, on that disk. Absent is no error.
result<void> check_no_links(const fs::path& folder) {
  std::error_code failed;
  const fs::path whole = folder.has_filename() ? folder : folder.parent_path();
  for (const fs::path& one : {whole, whole / "keyring", whole / ".keyring.new", whole / "cell"}) {
    const fs::file_status there = fs::symlink_status(one, failed);
    if (fs::is_symlink(there)) return linked;
    if (fs::exists(there) && !fs::is_directory(there)) {
      return error{errc::already_exists, "something else than a folder lies in the mirror's place"};
    }
  }
  return {};
}

// Overwritten first: it may hold the key of the mirror's cell, which lies in its first bytes.
// Absent is no error.
result<void> remove_file(const std::string& path) {
  const posix::file file(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file) return errno == ENOENT ? result<void>() : refused;
  struct stat status {};
  bool done = ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1;
  const std::array<char, 512> zeros{};
  if (done && status.st_size > 0) {
    done = posix::write_all(file, as_bytes(std::string_view(zeros.data(), zeros.size())), {})
               .has_value();
  }
  done = done && ::fsync(file.get()) == 0;
  return done && ::unlink(path.c_str()) == 0 ? result<void>() : refused;
}

// A folder of ours, or an empty one; made if it is not there.
result<void> take_folder(const fs::path& folder) {
  std::error_code failed;
  const fs::file_status there = fs::symlink_status(folder, failed);
  if (fs::exists(there)) {
    if (!fs::is_directory(there)) {
      return error{errc::already_exists, "something else than a folder lies there"};
    }
    constexpr auto of_others = fs::perms::group_write | fs::perms::others_write;
    if ((there.permissions() & of_others) != fs::perms::none) {
      return error{errc::permission_denied,
                   "others may write into that folder, and take the mirror away: chmod 700 it, or "
                   "take one that is made for it"};
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

// A lock of the mirror's folder, as long as this lives. The store has one of its own, which is
// waited for without end.
using folder_lock = posix::file;

result<std::shared_ptr<folder_lock>> locked_folder(const fs::path& folder, int wait_ms) {
  constexpr posix::words said{
      .refused = "the system refuses access to the mirror's folder",
      .failed = "the file system has no locks here: see the system's log",
      .locked = "another program is writing there, and did not end in time: try again, or end it"};
  auto out = std::make_shared<folder_lock>(folder.string(), O_RDONLY | O_DIRECTORY);
  if (!*out) return away;
  if (auto locked = posix::lock(*out, wait_ms, said); !locked) return locked.error();
  return out;
}

// The lock goes with the store.
mirror_place locked_place(mirror_place place, std::shared_ptr<folder_lock> lock) {
  struct both {
    std::shared_ptr<folder_lock> lock;
    std::shared_ptr<backend> store;
  };
  auto held = std::make_shared<both>(both{std::move(lock), std::move(place.store)});
  backend* const store = held->store.get();
  place.store = std::shared_ptr<backend>(std::move(held), store);
  return place;
}

class folders final : public mirror_opener {
 public:
  folders(std::string_view book, std::string_view key, int wait_ms)
      : book_(book), key_(key), wait_ms_(wait_ms) {}

  result<mirror_place> open(std::string_view path) noexcept override try {
    if (auto own = check_not_own(path); !own) return own.error();
    auto lock = locked_folder(fs::path(path), wait_ms_);
    if (!lock) return lock.error();
    auto place = open_mirror_folder(path, page_check::quick);
    if (!place) return place.error();
    return locked_place(std::move(*place), std::move(*lock));
  } catch (const std::exception&) {
    return no_memory;
  }

  result<mirror_place> create(std::string_view path) noexcept override try {
    const fs::path folder(path);
    if (auto own = check_not_own(path); !own) return own.error();
    if (auto taken = take_folder(folder); !taken) return taken.error();
    auto lock = locked_folder(folder, wait_ms_);
    if (!lock) return lock.error();
    if (auto plain = check_no_links(folder); !plain) return plain.error();
    auto store = made_store(store_in(folder));
    if (!store) return store.error();
    auto cell = made_cell(cell_in(folder));
    if (!cell) return cell.error();
    return locked_place({std::move(*store), std::move(*cell)}, std::move(*lock));
  } catch (const std::exception&) {
    return no_memory;
  }

  result<void> check_apart(std::string_view path,
                           std::span<const std::string> others) noexcept override try {
    for (const std::string& other : others) {
      const bool in = is_inside(path, other);
      const bool around = is_inside(other, path);
      if (in && around) {
        return error{errc::already_exists,
                     "the book has this mirror, under another spelling of its path"};
      }
      if (in || around) {
        return error{errc::invalid_argument,
                     "one mirror in another is lost with it: take a folder apart"};
      }
    }
    return {};
  } catch (const std::exception&) {
    return no_memory;
  }

  result<void> empty(std::string_view path) noexcept override try {
    const fs::path folder(path);
    if (auto own = check_not_own(path); !own) return own;
    if (auto ours = take_folder(folder); !ours) return ours;
    const auto lock = locked_folder(folder, wait_ms_);
    if (!lock) return lock.error();
    if (auto plain = check_no_links(folder); !plain) return plain;
    if (auto gone = remove_file(cell_in(folder) + ".new"); !gone) return gone;
    if (auto gone = remove_file(cell_in(folder)); !gone) return gone;
    std::error_code failed;
    for (const char* name : {"keyring", ".keyring.new", "cell"}) {
      fs::remove_all(folder / name, failed);
      if (failed) return refused;
    }
    return {};
  } catch (const std::exception&) {
    return no_memory;
  }

 private:
  // Nothing of the book's own is taken for a mirror's, written or removed, whatever leads there.
  result<void> check_not_own(std::string_view path) const {
    if (!book_.empty() && (is_inside(path, book_) || is_inside(book_, path))) {
      return error{errc::invalid_argument,
                   "a mirror in the book's folder is lost with it: take another disk"};
    }
    if (!key_.empty() && (is_inside(path, folder_of(key_)) || is_inside(key_, path))) {
      return error{errc::invalid_argument,
                   "a mirror beside the key is lost with it: take another disk"};
    }
    return {};
  }

  std::string book_;
  std::string key_;
  int wait_ms_;
};

}  // namespace

result<mirror_place> open_mirror_folder(std::string_view path, page_check depth) noexcept try {
  const fs::path folder(path);
  std::error_code failed;
  if (auto plain = check_no_links(folder); !plain) return plain.error();
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

std::shared_ptr<mirror_opener> mirror_folders(std::string_view book_path, std::string_view key_path,
                                              int wait_ms) {
  return std::make_shared<folders>(book_path, key_path, wait_ms);
}

}  // namespace clientbook
