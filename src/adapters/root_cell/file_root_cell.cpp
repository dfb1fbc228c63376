// The port `root_cell` over one file: each change writes a spare, exchanges the two and overwrites
// the former, under a lock of the folder, so that a kill at any step leaves one whole cell
// (docs/format/root_cell.md). Relies on a local file system with rename and flock.
#include <clientbook/adapters/file_root_cell.hpp>

#include "cell_format.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <thread>

namespace clientbook {
namespace {

namespace fs = std::filesystem;

constexpr int in_folder = O_RDONLY | O_DIRECTORY;

constexpr error no_memory{errc::limit_exceeded, "not enough memory"};
constexpr error no_epoch{errc::invalid_argument, "epochs of root keys begin at 1"};

class file {
 public:
  file(const std::string& path, int flags) noexcept
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~file() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  file(const file&) = delete;
  file& operator=(const file&) = delete;
  explicit operator bool() const noexcept { return descriptor_ >= 0; }
  int get() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

error system_error(int number) noexcept {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return {errc::key_unavailable, "no root cell at this path"};
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return {errc::disk_full, "no space left for the root cell: make room"};
    case EACCES:
    case EPERM:
    case EROFS:
      return {errc::permission_denied, "the system refuses access to the root cell"};
    case ELOOP:
      return {errc::permission_denied, "the root cell is a symbolic link: name the file itself"};
    case EISDIR:
    case EEXIST:
      return {errc::already_exists, "something is at the root cell's path already"};
    default:
      return {errc::io_error, "the root cell's storage failed: see the system's log"};
  }
}

result<void> checked(bool done) noexcept {
  if (done) return {};
  return system_error(errno);
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

std::string spare_of(const std::string& path) { return path + ".new"; }

bool is_inside(const fs::path& inner, const fs::path& outer) {
  auto at = inner.begin();
  for (const fs::path& part : outer) {
    if (at == inner.end() || *at != part) return false;
    ++at;
  }
  return true;
}

// Whoever copies the book's folder, or the folder that holds it, must not get the key too.
result<void> check_apart_from(const std::string& path, std::string_view book_path) {
  if (book_path.empty()) return {};
  const fs::path cell_folder = fs::weakly_canonical(fs::absolute(folder_of(path)));
  fs::path book = fs::weakly_canonical(fs::absolute(book_path));
  if (!book.has_filename()) book = book.parent_path();  // It ended in a slash.
  if (is_inside(cell_folder, book)) {
    return error{errc::invalid_argument, "the root cell lies inside the book: keep it elsewhere"};
  }
  if (cell_folder == book.parent_path()) {
    return error{errc::invalid_argument,
                 "the root cell lies beside the book: give it a folder of its own"};
  }
  return {};
}

result<void> check_closed_to_others(int descriptor) noexcept {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return system_error(errno);
  if ((status.st_mode & 077) != 0) {
    return error{errc::permission_denied,
                 "the root cell is open to others: chmod 700 its folder and 600 its file"};
  }
  return {};
}

result<void> write_all(int descriptor, byte_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(descriptor, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return system_error(errno);
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
  return {};
}

// Overwrites a file that may hold former keys, and removes it. Absent is no error.
result<void> forget(const std::string& path) noexcept {
  const file old(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW);
  if (!old) return errno == ENOENT ? result<void>() : system_error(errno);
  struct stat status {};
  if (::fstat(old.get(), &status) != 0) return system_error(errno);
  // What is longer than a cell holds none behind its first bytes: whoever put it there only wants
  // it to take for ever.
  const std::array<std::byte, cell_image::size> zeros{};
  if (status.st_size > 0) {
    if (const result<void> wiped = write_all(old.get(), zeros); !wiped) return wiped;
  }
  if (::fsync(old.get()) != 0) return system_error(errno);
  return checked(::unlink(path.c_str()) == 0);
}

result<void> write_file(const std::string& path, const cell_image& image) noexcept {
  const file fresh(path, O_WRONLY | O_CREAT | O_EXCL);
  if (!fresh) return system_error(errno);
  const result<void> wrote =
      image.with_bytes([&](byte_view bytes) { return write_all(fresh.get(), bytes); });
  if (!wrote) return wrote;
  return checked(::fsync(fresh.get()) == 0);
}

// Puts the spare in the cell's place and the cell in the spare's, at once. Where the file
// system cannot, the former file only loses its name, and `former` overwrites it: not before the
// new name is durable, since a loss of power may give the former one its name back.
result<void> exchange(const std::string& spare, const std::string& cell,
                      const file& folder) noexcept {
#ifdef RENAME_EXCHANGE
  if (::renameat2(AT_FDCWD, spare.c_str(), AT_FDCWD, cell.c_str(), RENAME_EXCHANGE) == 0) return {};
  if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) return system_error(errno);
#endif
  const file former(cell, O_WRONLY | O_NOFOLLOW);
  if (!former) return system_error(errno);
  if (::rename(spare.c_str(), cell.c_str()) != 0) return system_error(errno);
  if (::fsync(folder.get()) != 0) return system_error(errno);
  const std::array<std::byte, cell_image::size> zeros{};
  if (const result<void> wiped = write_all(former.get(), zeros); !wiped) return wiped;
  return checked(::fsync(former.get()) == 0);
}

// `wait_ms` below 0: as long as it takes. Else it is tried again and again: a lock of this kind has
// no end of its own, and its holder may have been stopped.
result<void> lock(const file& folder, int wait_ms = -1) noexcept {
  using clock = std::chrono::steady_clock;
  const auto end = clock::now() + std::chrono::milliseconds(wait_ms);
  const int how = wait_ms < 0 ? LOCK_EX : LOCK_EX | LOCK_NB;
  while (::flock(folder.get(), how) != 0) {
    if (errno != EINTR && errno != EWOULDBLOCK) return system_error(errno);
    if (wait_ms < 0) continue;
    if (clock::now() >= end) {
      return error{errc::locked,
                   "another program is in the middle of changing the root key, and did not end in "
                   "time: try again, or end it"};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return {};
}

// Whether another process has put a file in the place of the one that is open, and may have
// overwritten this one meanwhile.
bool was_exchanged(const file& cell, const std::string& path) noexcept {
  struct stat held {
  }, placed{};
  return ::fstat(cell.get(), &held) == 0 && ::lstat(path.c_str(), &placed) == 0 &&
         (held.st_ino != placed.st_ino || held.st_dev != placed.st_dev);
}

result<root_cell::content> read_once(const file& cell) {
  if (const result<void> closed = check_closed_to_others(cell.get()); !closed) {
    return closed.error();
  }
  cell_image image;
  std::size_t size = 0;
  std::byte beyond{};
  const bool read = image.fill_bytes([&](byte_span bytes) {
    while (size < bytes.size()) {
      const ssize_t got = ::read(cell.get(), bytes.data() + size, bytes.size() - size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return false;
      if (got == 0) break;
      size += static_cast<std::size_t>(got);
    }
    return true;
  });
  if (!read) return system_error(errno);
  if (size < cell_image::size || ::read(cell.get(), &beyond, 1) != 0) {
    return error{errc::damaged, "the root cell's file has a wrong length: restore it"};
  }
  return decode_cell(image);
}

result<root_cell::content> read_cell(const std::string& path) {
  const file folder(folder_of(path), in_folder);
  if (!folder) return system_error(errno);
  if (const result<void> closed = check_closed_to_others(folder.get()); !closed) {
    return closed.error();
  }
  // Each turn means that somebody else has finished a change since.
  for (;;) {
    const file cell(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    if (!cell) return system_error(errno);
    auto held = read_once(cell);
    if (held || held.error().code != errc::damaged || !was_exchanged(cell, path)) return held;
  }
}

bool same_key(const std::optional<root_key>& a, const std::optional<root_key>& b) noexcept {
  if (!a || !b || a->epoch != b->epoch) return false;
  return a->key.with_bytes([&](byte_view one) {
    return b->key.with_bytes([&](byte_view other) { return same_bytes(one, other); });
  });
}

// Removes a spare that a killed change has left. It holds a former key of this cell, which goes
// with it; but where the file has a second name, it may be the cell itself, whose maker died
// between placing it and this, or somebody else's, and then only the name goes.
result<void> forget_spare(const std::string& path) {
  const std::string spare = spare_of(path);
  struct stat status {};
  if (::lstat(spare.c_str(), &status) != 0) {
    return errno == ENOENT ? result<void>() : system_error(errno);
  }
  if (!S_ISREG(status.st_mode)) return system_error(S_ISLNK(status.st_mode) ? ELOOP : EEXIST);
  if (status.st_nlink > 1) {
    const file left(spare, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    const file cell(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    bool ours = false;
    if (left && cell && was_exchanged(left, path)) {
      const auto former = read_once(left);
      const auto now = read_once(cell);
      // Each change keeps one of the keys.
      ours = former && now &&
             (same_key(former->current, now->current) || same_key(former->staged, now->current) ||
              same_key(former->current, now->staged) || same_key(former->staged, now->staged));
    }
    if (!ours) return checked(::unlink(spare.c_str()) == 0);
  }
  return forget(spare);
}

// What the cell is to hold, in place of what it holds; nothing: it is to stay as it is.
using edited = result<std::optional<root_cell::content>>;

// The whole change, in steps that a kill may come between:
//   write and sync the spare | exchange | sync the folder | overwrite and remove the former
// Up to the exchange the cell is as before, from it on as after; the spare is always waste.
template <class Edit>
result<void> change(const std::string& path, int wait_ms, Edit&& edit) noexcept try {
  const file folder(folder_of(path), in_folder);
  if (!folder) return system_error(errno);
  if (const result<void> locked = lock(folder, wait_ms); !locked) return locked;
  result<root_cell::content> held = read_cell(path);
  if (!held) return held.error();
  // What is held may be the work of one that was killed after its exchange: made durable
  // before the former file is wiped, and before anybody is told that it is so.
  if (::fsync(folder.get()) != 0) return system_error(errno);
  if (const result<void> swept = forget_spare(path); !swept) return swept;
  const std::string spare = spare_of(path);

  const edited wanted = edit(std::move(*held));
  if (!wanted) return wanted.error();
  if (!*wanted) return {};
  if (const result<void> wrote = write_file(spare, encode_cell(**wanted)); !wrote) {
    (void)forget(spare);
    return wrote;
  }
  if (const result<void> exchanged = exchange(spare, path, folder); !exchanged) return exchanged;
  if (::fsync(folder.get()) != 0) {
    const error failure = system_error(errno);
    (void)exchange(spare, path, folder);
    return failure;
  }
  if (const result<void> forgotten = forget(spare); !forgotten) return forgotten;
  return checked(::fsync(folder.get()) == 0);
} catch (const std::exception&) {
  return no_memory;
}

// What a killed change left: only if no other process is in the middle of one.
result<void> sweep(const std::string& path) {
  const file folder(folder_of(path), in_folder);
  if (!folder) return system_error(errno);
  if (::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) return {};
  return forget_spare(path);
}

result<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) {
    const file above(folder_of(path), in_folder);
    return checked(above && ::fsync(above.get()) == 0);
  }
  if (errno == EEXIST) return {};
  if (errno == ENOENT) {
    return error{errc::invalid_argument, "the folder above the root cell's does not exist"};
  }
  return system_error(errno);
}

bool usable_path(std::string_view path) noexcept {
  return !path.empty() && path.back() != '/' && path.find('\0') == std::string_view::npos;
}

// The claim on a cell for the book that is being made: a lock on a file beside it, which goes with
// its holder; the file is removed at the end, and one that a kill has left is used again.
class claim {
 public:
  static result<std::shared_ptr<const void>> take(const std::string& cell) {
    const std::string name = cell + ".making";
    for (;;) {
      auto held = std::make_shared<claim>(name);
      if (!held->file_) return system_error(errno);
      if (::flock(held->file_.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        if (errno != EWOULDBLOCK) return system_error(errno);
        return error{errc::locked, "another book is being made with this root cell"};
      }
      held->mine_ = !was_exchanged(held->file_, name);  // Else another holder has just ended.
      if (held->mine_) return std::shared_ptr<const void>(std::move(held));
    }
  }

  explicit claim(const std::string& name)
      : name_(name), file_(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK) {}
  ~claim() {
    if (mine_) ::unlink(name_.c_str());
  }
  claim(const claim&) = delete;
  claim& operator=(const claim&) = delete;

 private:
  std::string name_;
  file file_;
  bool mine_ = false;
};

constexpr error bad_path{errc::invalid_argument, "a root cell needs the path of a file"};

}  // namespace

result<file_root_cell> file_root_cell::create_new(std::string_view path,
                                                  std::string_view book_path) noexcept try {
  if (!usable_path(path)) return bad_path;
  std::string cell(path);
  if (const result<void> apart = check_apart_from(cell, book_path); !apart) return apart.error();
  if (const result<void> made = make_folder(folder_of(cell)); !made) return made.error();
  const file folder(folder_of(cell), in_folder);
  if (!folder) return system_error(errno);
  if (const result<void> closed = check_closed_to_others(folder.get()); !closed) {
    return closed.error();
  }
  if (const result<void> locked = lock(folder); !locked) return locked.error();

  if (const result<void> swept = forget_spare(cell); !swept) return swept.error();
  const std::string spare = spare_of(cell);
  struct stat status {};
  if (::lstat(cell.c_str(), &status) == 0) return system_error(EEXIST);
  const result<void> wrote = write_file(spare, encode_cell({}));
  // The lock keeps other cells away; a file of another program is never replaced by link.
  const bool placed = wrote && (::link(spare.c_str(), cell.c_str()) == 0 ||
                                (errno == EPERM && ::rename(spare.c_str(), cell.c_str()) == 0));
  const int failure = errno;
  ::unlink(spare.c_str());
  if (!wrote) return wrote.error();
  if (!placed) return system_error(failure);
  if (::fsync(folder.get()) != 0) return system_error(errno);
  return file_root_cell(std::move(cell));
} catch (const std::exception&) {
  return no_memory;
}

result<file_root_cell> file_root_cell::claim_new(std::string_view path,
                                                 std::string_view book_path) noexcept try {
  if (!usable_path(path)) return bad_path;
  const std::string at(path);
  if (const result<void> apart = check_apart_from(at, book_path); !apart) return apart.error();
  if (const result<void> made = make_folder(folder_of(at)); !made) return made.error();
  auto held = claim::take(at);
  if (!held) return held.error();
  auto cell = create_new(path, book_path);
  if (!cell && cell.error().code == errc::already_exists) {
    auto old = open(path, book_path);
    if (!old) return old.error();
    const auto keys = old->load();
    if (!keys) return keys.error();
    if (keys->current) return cell.error();  // It belongs to a book.
    cell = std::move(old);
  }
  if (cell) cell->claim_ = std::move(*held);
  return cell;
} catch (const std::exception&) {
  return no_memory;
}

result<file_root_cell> file_root_cell::open(std::string_view path,
                                            std::string_view book_path) noexcept try {
  if (!usable_path(path)) return bad_path;
  std::string cell(path);
  if (const result<void> apart = check_apart_from(cell, book_path); !apart) return apart.error();
  if (const result<content> held = read_cell(cell); !held) return held.error();
  if (const result<void> swept = sweep(cell); !swept) {
    // A reader without the right to write may still read; who changes sweeps first.
    if (swept.error().code != errc::permission_denied) return swept.error();
  }
  return file_root_cell(std::move(cell));
} catch (const std::exception&) {
  return no_memory;
}

result<void> file_root_cell::remove_empty() noexcept try {
  const file folder(folder_of(path_), in_folder);
  if (!folder) return system_error(errno);
  if (const result<void> locked = lock(folder, wait_ms_); !locked) return locked;
  const result<content> held = read_cell(path_);
  if (!held) return held.error();
  if (held->current || held->staged) {
    return error{errc::invalid_state, "the root cell holds a key: it stays"};
  }
  return forget(path_);
} catch (const std::exception&) {
  return no_memory;
}

result<root_cell::content> file_root_cell::load() noexcept try {
  return read_cell(path_);
} catch (const std::exception&) {
  return no_memory;
}

result<void> file_root_cell::stage(const root_key& next) noexcept {
  if (next.epoch == 0) return no_epoch;
  return change(path_, wait_ms_, [&](content held) -> edited {
    if (held.current && next.epoch <= held.current->epoch) {
      return error{errc::invalid_argument, "the epoch of a root key only grows"};
    }
    if (held.staged && held.staged->epoch != next.epoch) {
      return error{errc::invalid_state, "a root key of another epoch is staged"};
    }
    held.staged = root_key{next.epoch, next.key.duplicate()};
    return held;
  });
}

result<void> file_root_cell::promote(std::uint64_t epoch) noexcept {
  if (epoch == 0) return no_epoch;
  const result<void> done = change(path_, wait_ms_, [&](content held) -> edited {
    if (held.current && held.current->epoch >= epoch) return std::nullopt;  // Done already.
    if (!held.staged || held.staged->epoch != epoch) {
      return error{errc::invalid_state, "no root key of this epoch is staged"};
    }
    held.current = std::move(held.staged);
    held.staged.reset();
    return held;
  });
  if (done) claim_.reset();
  return done;
}

result<void> file_root_cell::drop(std::uint64_t epoch) noexcept {
  return change(path_, wait_ms_, [&](content held) -> edited {
    if (!held.staged || held.staged->epoch != epoch) return std::nullopt;
    held.staged.reset();
    return held;
  });
}

}  // namespace clientbook
