// Backups to files and books out of them: joins the book's calls with folders and files.
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/adapters/memory_root_cell.hpp>
#include <clientbook/internal/adapters/posix_file.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/book/book_access.hpp>
#include <clientbook/open/backup.hpp>
#include <clientbook/open/open.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "backup_file.hpp"
#include "cell_of_book.hpp"
#include "mirror_folder.hpp"
#include "places_apart.hpp"

namespace clientbook {
namespace {

// Files of a restore, read as streams as long as this lives.
struct opened_backups {
  std::vector<backup_file> files;
  std::vector<backup_source> sources;

  static result<std::unique_ptr<opened_backups>> open(std::span<const std::string> paths) {
    auto out = std::make_unique<opened_backups>();
    for (const std::string& path : paths) {
      auto file = backup_file::open(path);
      if (!file) return file.error();
      out->files.push_back(std::move(*file));
    }
    for (backup_file& file : out->files) out->sources.emplace_back(file);
    return out;
  }
};

result<restore_outcome> restore_into(std::shared_ptr<backend> store,
                                     std::shared_ptr<root_cell> cell, const restore_files& from,
                                     const actor& who, const book_options& options) {
  // Whoever restores says where it is, also through a link of their own.
  const std::string where = as_it_is(from.mirror).string();
  auto mirror = open_mirror_folder(where, page_check::every_page);
  if (!mirror) return mirror.error();
  auto backups = opened_backups::open(from.backups);
  if (!backups) return backups.error();
  return book::restore(std::move(store), std::move(cell),
                       {.mirror = std::move(*mirror),
                        .shares = from.shares,
                        .backups = (*backups)->sources,
                        .progress = from.progress,
                        .mirror_path = where},
                       who, options);
}

// The folder of a store that holds no book. Precondition: nobody has it open.
void remove_store(const std::string& path) noexcept {
  for (const char* name : {"/data.mdb", "/lock.mdb"}) ::unlink((path + name).c_str());
  ::rmdir(path.c_str());
}

// A folder that goes with this object, and a store in it.
class scratch_folder {
 public:
  static result<std::unique_ptr<scratch_folder>> make(std::string_view in) {
    clear_leavings(std::string(in));
    auto out = std::make_unique<scratch_folder>();
    out->path_ = std::string(in) + "/" + name_of_all + "XXXXXX";
    if (::mkdtemp(out->path_.data()) == nullptr) {
      constexpr posix::words said{.absent = "the folder for the drill does not exist",
                                  .full = "no space left for the drill: make room",
                                  .refused = "the system refuses a folder for the drill"};
      const int why = errno;
      out->path_.clear();
      return posix::told(why, said);
    }
    // Whoever clears up meanwhile sees that it is in use.
    out->lock_ = posix::file(out->path_, O_RDONLY | O_DIRECTORY);
    if (out->lock_) (void)::flock(out->lock_.get(), LOCK_EX | LOCK_NB);
    return out;
  }
  scratch_folder() = default;
  ~scratch_folder() {
    if (!path_.empty()) remove_drill(path_);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  std::string store() const { return path_ + "/book"; }

 private:
  static constexpr const char* name_of_all = "clientbook-drill-";

  static void remove_drill(const std::string& path) noexcept {
    for (const char* name : {"/book", "/.book.new"}) remove_store(path + name);
    ::rmdir(path.c_str());
  }

  // Copies of books that drills which were killed have left: of the same user, and in use by
  // nobody.
  static void clear_leavings(const std::string& in) {
    std::error_code failed;
    for (const auto& one : std::filesystem::directory_iterator(in, failed)) {
      if (!one.path().filename().string().starts_with(name_of_all)) continue;
      const std::string path = one.path().string();
      const posix::file folder(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      struct stat status {};
      if (folder && ::fstat(folder.get(), &status) == 0 && status.st_uid == ::geteuid() &&
          ::flock(folder.get(), LOCK_EX | LOCK_NB) == 0) {
        remove_drill(path);
      }
    }
  }

  posix::file lock_;
  std::string path_;
};

// As the auditor of the restored book: what `verify` says of it.
result<verification> verified(std::shared_ptr<backend> store, std::shared_ptr<root_cell> cell,
                              const actor& who, const book_options& options) {
  const auto opened = book::open(std::move(store), std::move(cell), options);
  if (!opened) return opened.error();
  auto in = book_access::begin_excused(*opened, {.id = who.id, .role = actor_role::auditor});
  if (!in) return in.error();
  return in->verify();
}

}  // namespace

namespace {

// In there it would be lost with what it is for, or be taken for something else.
result<void> check_apart(session& from, std::string_view file, const backup_file_options& options) {
  constexpr error lost_with_it{
      errc::invalid_argument,
      "a backup in the folder of the book, its key or a mirror is lost with "
      "it: take another place"};
  if (!options.book.empty() && is_inside(file, options.book)) return lost_with_it;
  if (!options.key.empty() && is_inside(file, folder_of(options.key))) return lost_with_it;
  const auto known = from.recovery();
  if (!known) return known.error();
  for (const mirror_state& one : known->mirrors) {
    if (is_inside(file, one.path)) return lost_with_it;
  }
  return {};
}

}  // namespace

namespace {

// What the mirror holds and what it brings back would be lost together.
result<void> check_apart(std::string_view mirror, std::string_view book, std::string_view key) {
  for (const std::string_view other : {book, key}) {
    if (is_inside(other, mirror)) {
      return error{errc::invalid_argument,
                   "a book or its key in the mirror's folder is lost with it: take another place"};
    }
  }
  return {};
}

}  // namespace

result<backup_outcome> back_up_to(session& from, std::string_view file,
                                  const backup_file_options& options) try {
  if (auto apart = check_apart(from, file, options); !apart) return apart.error();
  std::optional<backup_file> base;
  if (!options.since.empty()) {
    auto opened = backup_file::open(std::string(options.since));
    if (!opened) return opened.error();
    base.emplace(std::move(*opened));
  }
  auto to = new_backup_file::begin(file);
  if (!to) return to.error();
  auto made =
      base ? from.back_up(*to, *base, options.progress) : from.back_up(*to, {}, options.progress);
  if (!made) return made;
  if (auto placed = to->place(); !placed) return placed.error();
  if (auto noted = from.note_backup(*made); !noted) return noted.error();
  return made;
} catch (const std::filesystem::filesystem_error&) {
  return error{errc::invalid_argument, "no file can be there: name another"};
} catch (const std::exception&) {
  return not_enough_memory;
}

result<restored_book> restore_book(const restore_files& from, std::string_view path,
                                   const key_place& key, const actor& who,
                                   const book_options& options) try {
  if (auto apart = check_apart(from.mirror, path, key.path); !apart) return apart.error();
  auto cell = claimed_cell(key, path, options);
  if (!cell) return cell.error();
  const auto kept = std::make_shared<file_root_cell>(std::move(*cell));
  auto store = create_lmdb_backend(path);
  const bool ours = store.has_value();
  if (!store && store.error().code == errc::already_exists) {
    auto old = open_lmdb_backend(path);
    if (old) {
      store = std::move(old);
    } else if (old.error().code != errc::not_a_book) {
      store = old.error();
    }
  }
  if (!store) {
    (void)kept->remove_empty();
    return store.error();
  }
  book_options how = options;
  if (!how.pin) how.pin = pin_beside(key.path);
  if (!how.mirrors) how.mirrors = mirror_folders(path, key.path);
  const std::shared_ptr<backend> made(std::move(*store));
  const auto done = restore_into(made, kept, from, who, how);
  if (!done) {
    // A cell that holds a key stays: the book may be there.
    if (kept->remove_empty() && ours) remove_store(std::string(path));
    return done.error();
  }
  restored_book out{*done, {}};
  const auto counted = verified(made, kept, who, how);
  if (counted) {
    out.verified = *counted;
  } else {
    // It is there, and nobody knows what is in it.
    out.verified.problems = 1;
    out.verified.first = counted.error().code;
  }
  return out;
} catch (const std::filesystem::filesystem_error&) {
  return error{errc::invalid_argument, "no book can be there: name another place"};
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<restored_book> drill(const restore_files& from, std::string_view scratch, const actor& who,
                            const book_options& options) try {
  auto folder = scratch_folder::make(scratch);
  if (!folder) return folder.error();
  auto store = create_lmdb_backend((*folder)->store());
  if (!store) return store.error();
  const std::shared_ptr<backend> kept(std::move(*store));
  // The root key of a drill: in this process's memory, and nowhere else.
  const auto cell = std::make_shared<memory_root_cell>();
  const auto restored = restore_into(kept, cell, from, who, options);
  if (!restored) return restored.error();
  const auto counted = verified(kept, cell, who, options);
  if (!counted) return counted.error();
  return restored_book{*restored, *counted};
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
