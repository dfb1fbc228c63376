// The port `root_cell` over one file: each change writes a spare, exchanges the two and overwrites
// the former, under a lock of the folder, so that a kill at any step leaves one whole cell
// (docs/format/root_cell.md). Relies on a local file system with rename and flock.
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/internal/adapters/posix_file.hpp>

#include "cell_format.hpp"
#include "cell_keys.hpp"
#include "places.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <thread>
#include <variant>

namespace clientbook {
namespace {

constexpr int in_folder = O_RDONLY | O_DIRECTORY;

constexpr error no_memory{errc::limit_exceeded, "not enough memory"};
constexpr error no_epoch{errc::invalid_argument, "epochs of root keys begin at 1"};

using posix::file;
using posix::folder_of;

constexpr posix::words said{
    .absent_is = errc::key_unavailable,
    .folder_is = errc::key_unavailable,
    .absent = "no root cell at this path",
    .taken = "something is at the root cell's path already",
    .full = "no space left for the root cell: make room",
    .refused = "the system refuses access to the root cell",
    .linked = "the root cell is a symbolic link: name the file itself",
    .folder = "a folder lies in the root cell's place: name a file",
    .scarce = "no memory or open files left for the root cell",
    .failed = "the root cell's storage failed: see the system's log",
    .locked =
        "another program is in the middle of changing the root key, and did not end in time: "
        "try again, or end it",
};

error system_error(int number) noexcept { return posix::told(number, said); }

result<void> checked(bool done) noexcept {
  if (done) return {};
  return system_error(errno);
}

std::string spare_of(const std::string& path) { return path + ".new"; }

// Whoever copies the book's folder, or the folder that holds it, must not get the key too.
result<void> check_apart_from(const std::string& path, std::string_view book_path) {
  if (book_path.empty()) return {};
  const auto cell_folder = real_place(folder_of(path));
  if (!cell_folder) return cell_folder.error();
  const auto book = real_place(book_path);
  if (!book) return book.error();
  if (is_inside(*cell_folder, *book)) {
    return error{errc::invalid_argument, "the root cell lies inside the book: keep it elsewhere"};
  }
  if (*cell_folder == book->parent_path()) {
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

// What a file that holds keys is overwritten with: a cell of format 1 at least. What is longer than
// a cell holds none behind its first bytes: whoever put it there only wants it to take for ever.
byte_view zeros_over(off_t size) noexcept {
  static constexpr std::array<std::byte, largest_cell> zeros{};
  const auto length = static_cast<std::size_t>(std::max<off_t>(size, plain_cell_size));
  return byte_view(zeros).first(std::min(length, zeros.size()));
}

// Overwrites a file that may hold former keys, and removes it. Absent is no error.
result<void> forget(const std::string& path) noexcept {
  const file old(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW);
  if (!old) return errno == ENOENT ? result<void>() : system_error(errno);
  struct stat status {};
  if (::fstat(old.get(), &status) != 0) return system_error(errno);
  const byte_view zeros = zeros_over(status.st_size);
  if (status.st_size > 0) {
    if (const result<void> wiped = posix::write_all(old, zeros, said); !wiped) return wiped;
  }
  if (::fsync(old.get()) != 0) return system_error(errno);
  return checked(::unlink(path.c_str()) == 0);
}

result<void> write_file(const std::string& path, const cell_image& image) noexcept {
  const file fresh(path, O_WRONLY | O_CREAT | O_EXCL);
  if (!fresh) return system_error(errno);
  const result<void> wrote =
      image.with_bytes([&](byte_view bytes) { return posix::write_all(fresh, bytes, said); });
  if (!wrote) return wrote;
  return posix::sync(fresh, said);
}

result<void> wipe_all(const file& former) noexcept {
  struct stat status {};
  if (::fstat(former.get(), &status) != 0) return system_error(errno);
  const byte_view zeros = zeros_over(status.st_size);
  if (const result<void> wiped = posix::write_all(former, zeros, said); !wiped) return wiped;
  return posix::sync(former, said);
}

// What came of placing a file: whoever was told an error may still find the new one there.
struct placement {
  bool fresh = false;            ///< The new one is in its place.
  bool durable = false;          ///< And stays there.
  std::optional<file> former{};  ///< Has lost its name, and is still to be overwritten.
};

// Puts the spare in the cell's place and the cell in the spare's, at once. Where the file
// system cannot, the former file only loses its name. Either is overwritten by who called, not
// before the new name is durable, since a loss of power may give the former one its name back.
result<void> place(const std::string& spare, const std::string& cell, const file& folder,
                   placement& out) noexcept {
#ifdef RENAME_EXCHANGE
  const auto exchange = [&] {
    return ::renameat2(AT_FDCWD, spare.c_str(), AT_FDCWD, cell.c_str(), RENAME_EXCHANGE) == 0;
  };
  if (exchange()) {
    out.fresh = true;
    out.durable = ::fsync(folder.get()) == 0;
    if (out.durable) return {};
    const error failure = system_error(errno);
    out.fresh = !exchange();
    return failure;
  }
  if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) return system_error(errno);
#endif
  out.former.emplace(cell, O_WRONLY | O_NOFOLLOW);
  if (!*out.former) return system_error(errno);
  if (::rename(spare.c_str(), cell.c_str()) != 0) return system_error(errno);
  out.fresh = true;
  out.durable = ::fsync(folder.get()) == 0;
  return out.durable ? result<void>() : system_error(errno);
}

// `wait_ms` below 0: as long as it takes.
result<void> lock(const file& folder, int wait_ms = -1) noexcept {
  return posix::lock(folder, wait_ms, said);
}

// Whether another process has put a file in the place of the one that is open, and may have
// overwritten this one meanwhile.
bool was_exchanged(const file& cell, const std::string& path) noexcept {
  struct stat held {
  }, placed{};
  return ::fstat(cell.get(), &held) == 0 && ::lstat(path.c_str(), &placed) == 0 &&
         (held.st_ino != placed.st_ino || held.st_dev != placed.st_dev);
}

result<cell_file> read_once(const file& cell) {
  if (const result<void> closed = check_closed_to_others(cell.get()); !closed) {
    return closed.error();
  }
  cell_image image;
  std::byte beyond{};
  const bool read = image.bytes.fill_bytes([&](byte_span bytes) {
    while (image.size < bytes.size()) {
      const ssize_t got = ::read(cell.get(), bytes.data() + image.size, bytes.size() - image.size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return false;
      if (got == 0) break;
      image.size += static_cast<std::size_t>(got);
    }
    return true;
  });
  if (!read) return system_error(errno);
  if (image.size == largest_cell && ::read(cell.get(), &beyond, 1) != 0) {
    return error{errc::damaged, "the root cell's file has a wrong length: restore it"};
  }
  return decode_cell(image);
}

result<cell_file> read_cell(const std::string& path) {
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

using keys_of_cell = std::shared_ptr<cell_keys>;

// The root keys of a file, opened if it is sealed.
result<root_cell::content> opened(cell_file held, const keys_of_cell& keys) {
  if (auto* const plain = std::get_if<root_cell::content>(&held)) {
    // Whoever may write the file and has no secret would else get the next root key in clear.
    if (keys) return cell_is_in_clear;
    return std::move(*plain);
  }
  if (!keys) return cell_is_sealed;
  auto read = keys->read(std::get<sealed_cell>(held));
  if (!read) return read.error();
  return std::move(read->content);
}

bool same_key(const std::optional<root_key>& a, const std::optional<root_key>& b) noexcept {
  if (!a || !b || a->epoch != b->epoch) return false;
  return a->key.with_bytes([&](byte_view one) {
    return b->key.with_bytes([&](byte_view other) { return same_bytes(one, other); });
  });
}

// Whether what was left is of this cell: of a sealed one its number says so; else each change keeps
// one of the keys.
bool same_cell(const cell_file& left, const cell_file& now, const keys_of_cell& keys) {
  const auto* const sealed_left = std::get_if<sealed_cell>(&left);
  const auto* const sealed_now = std::get_if<sealed_cell>(&now);
  if (sealed_left != nullptr && sealed_now != nullptr) return sealed_left->id == sealed_now->id;
  const auto content_of = [&](const cell_file& from) -> result<root_cell::content> {
    if (const auto* const sealed = std::get_if<sealed_cell>(&from)) {
      if (!keys) return cell_is_sealed;
      auto read = keys->read(*sealed);
      if (!read) return read.error();
      return std::move(read->content);
    }
    const auto& plain = std::get<root_cell::content>(from);
    const auto copy = [](const std::optional<root_key>& key) {
      return key ? std::optional(root_key{key->epoch, key->key.duplicate()}) : std::nullopt;
    };
    return root_cell::content{copy(plain.current), copy(plain.staged)};
  };
  const auto former = content_of(left);
  const auto held = content_of(now);
  return former && held &&
         (same_key(former->current, held->current) || same_key(former->staged, held->current) ||
          same_key(former->current, held->staged) || same_key(former->staged, held->staged));
}

// Removes a spare that a killed change has left. It holds a former key of this cell, which goes
// with it; but where the file has a second name, it may be the cell itself, whose maker died
// between placing it and this, or somebody else's, and then only the name goes.
result<void> forget_spare(const std::string& path, const keys_of_cell& keys) {
  const std::string spare = spare_of(path);
  struct stat status {};
  if (::lstat(spare.c_str(), &status) != 0) {
    return errno == ENOENT ? result<void>() : system_error(errno);
  }
  if (!S_ISREG(status.st_mode)) {
    return error{system_error(S_ISLNK(status.st_mode) ? ELOOP : EEXIST).code,
                 "what lies beside the root cell under its name with .new is a link, a folder or a "
                 "pipe: remove that"};
  }
  if (status.st_nlink > 1) {
    const file left(spare, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    const file cell(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    bool ours = false;
    if (left && cell && was_exchanged(left, path)) {
      const auto former = read_once(left);
      const auto now = read_once(cell);
      ours = former && now && same_cell(*former, *now, keys);
    }
    if (!ours) return checked(::unlink(spare.c_str()) == 0);
  }
  return forget(spare);
}

// What a change of slots that went wrong behind the exchange says: it may have happened.
constexpr error perhaps_changed{
    errc::io_error,
    "the root cell was changed, but perhaps not durably: look at its slots before you try again"};

// The whole change, in steps that a kill may come between:
//   write and sync the spare | exchange | sync the folder | overwrite and remove the former
// Up to the exchange the cell is as before, from it on as after; the spare is always waste.
// `edit` says what the file is to be in place of what it is; nothing: it is to stay as it is.
// `placed` is called as soon as that is in its place, before any reader of this process looks, so
// that what opens the file and the file belong together whatever fails behind it.
template <class Edit, class Placed>
result<void> change_file(const std::string& path, int wait_ms, cell_access& access, placement& at,
                         Edit&& edit, Placed&& placed) noexcept try {
  const file folder(folder_of(path), in_folder);
  if (!folder) return system_error(errno);
  if (const result<void> locked = lock(folder, wait_ms); !locked) return locked;
  const keys_of_cell keys = access.get();  // Under the lock: whoever was waited for may set them.
  result<cell_file> held = read_cell(path);
  if (!held) return held.error();
  // What is held may be the work of one that was killed after its exchange: made durable
  // before the former file is wiped, and before anybody is told that it is so.
  if (::fsync(folder.get()) != 0) return system_error(errno);
  if (const result<void> swept = forget_spare(path, keys); !swept) return swept;
  const std::string spare = spare_of(path);

  const result<std::optional<cell_image>> wanted = edit(std::move(*held), keys);
  if (!wanted) return wanted.error();
  if (!*wanted) return {};
  if (const result<void> wrote = write_file(spare, **wanted); !wrote) {
    (void)forget(spare);
    return wrote;
  }
  {
    const auto alone = access.steady();
    const result<void> there = place(spare, path, folder, at);
    if (at.fresh) placed(keys);
    if (!there) return there;
  }
  if (at.former) {
    if (const result<void> wiped = wipe_all(*at.former); !wiped) return wiped;
  }
  if (const result<void> forgotten = forget(spare); !forgotten) return forgotten;
  return checked(::fsync(folder.get()) == 0);
} catch (const std::exception&) {
  return no_memory;
}

// Slots are changed once the file that has them stays: what is left of the former one is swept by
// the next change or open, as after a kill.
result<void> of_slots(const result<void>& done, const placement& at) noexcept {
  if (done || at.durable) return {};
  return at.fresh ? perhaps_changed : done;
}

// What the cell is to hold, in place of what it holds; nothing: it is to stay as it is.
using edited = result<std::optional<root_cell::content>>;

// What is about to be written, opened once: no mistake in memory may cost the root key.
result<std::optional<cell_image>> sealed_image(sealed_cell& cell, const root_cell::content& content,
                                               const secret<32>& key, const made_slot& own) {
  if (auto sealed = cell_keys::seal(cell, content, key); !sealed) return sealed.error();
  cell_image image = encode_cell(cell);
  if (auto good = cell_keys::check(image, key, own); !good) return good.error();
  return std::optional(std::move(image));
}

// A staged key that a removed slot may have shown, and that is forgotten without ever having been
// in force: what is staged in its place was shown to nobody.
void forget_exposed(const std::optional<root_key>& staged_before, const root_cell::content& after,
                    sealed_cell& cell) noexcept {
  if (!staged_before || cell.exposed < staged_before->epoch) return;
  if (same_key(staged_before, after.staged) || same_key(staged_before, after.current)) return;
  cell.exposed = after.current ? after.current->epoch : 0;
}

// A change of the root keys; slots, if there are any, stay as they are in the file.
template <class Edit>
result<void> change(const std::string& path, int wait_ms, cell_access& access,
                    Edit&& edit) noexcept {
  placement at;
  secret<32> key;
  const auto edited_file = [&](cell_file held,
                               const keys_of_cell& keys) -> result<std::optional<cell_image>> {
    auto* const sealed = std::get_if<sealed_cell>(&held);
    if (sealed == nullptr || !keys) {
      auto content = opened(std::move(held), keys);
      if (!content) return content.error();
      const edited wanted = edit(std::move(*content));
      if (!wanted) return wanted.error();
      if (!*wanted) return std::optional<cell_image>();
      return std::optional(encode_cell(**wanted));
    }
    auto read = keys->read(*sealed);
    if (!read) return read.error();
    key = std::move(read->key);
    std::optional<root_key> staged;
    if (read->content.staged) {
      staged = {read->content.staged->epoch, read->content.staged->key.duplicate()};
    }
    const edited wanted = edit(std::move(read->content));
    if (!wanted) return wanted.error();
    if (!*wanted) return std::optional<cell_image>();
    forget_exposed(staged, **wanted, *sealed);
    return sealed_image(*sealed, **wanted, key, keys->own());
  };
  return change_file(path, wait_ms, access, at, edited_file, [&](const keys_of_cell& keys) {
    if (keys) keys->written(key, std::nullopt);
  });
}

// What a killed change left: only if no other process is in the middle of one.
result<void> sweep(const std::string& path, const keys_of_cell& keys) {
  const file folder(folder_of(path), in_folder);
  if (!folder) return system_error(errno);
  if (::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) return {};
  // The file that was read may be there by an exchange that is not durable yet.
  if (::fsync(folder.get()) != 0) return system_error(errno);
  return forget_spare(path, keys);
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

file_root_cell::file_root_cell(std::string path)
    : path_(std::move(path)), access_(std::make_shared<cell_access>()) {}

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

  if (const result<void> swept = forget_spare(cell, {}); !swept) return swept.error();
  const std::string spare = spare_of(cell);
  struct stat status {};
  if (::lstat(cell.c_str(), &status) == 0) return system_error(EEXIST);
  const result<void> wrote = write_file(spare, encode_cell(root_cell::content{}));
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

// What an interrupted maker has left: to be used again if it holds no key. A sealed one is opened
// for that, since its key may be of a book that was committed; one of which not even a key was
// staged is of no use to anybody, and makes room.
result<file_root_cell> file_root_cell::take_over(std::string_view path, std::string_view book_path,
                                                 const slot_secret* with) {
  const std::string at(path);
  const auto there = read_cell(at);
  if (!there) return there.error();
  const auto* const sealed = std::get_if<sealed_cell>(&*there);
  const auto* const plain = std::get_if<content>(&*there);
  if (sealed != nullptr ? sealed->current != 0 : plain->current.has_value()) {
    return system_error(EEXIST);  // It belongs to a book.
  }
  if (sealed == nullptr || sealed->staged != 0) return open(path, book_path, with);
  if (const result<void> gone = forget(at); !gone) return gone.error();
  return create_new(path, book_path);
}

result<file_root_cell> file_root_cell::claim_new(std::string_view path, std::string_view book_path,
                                                 const slot_secret* with) noexcept try {
  if (!usable_path(path)) return bad_path;
  const std::string at(path);
  if (const result<void> apart = check_apart_from(at, book_path); !apart) return apart.error();
  if (const result<void> made = make_folder(folder_of(at)); !made) return made.error();
  auto held = claim::take(at);
  if (!held) return held.error();
  auto cell = create_new(path, book_path);
  if (!cell && cell.error().code == errc::already_exists) cell = take_over(path, book_path, with);
  if (cell) cell->claim_ = std::move(*held);
  return cell;
} catch (const std::exception&) {
  return no_memory;
}

result<file_root_cell> file_root_cell::open(std::string_view path, std::string_view book_path,
                                            const slot_secret* with) noexcept try {
  if (!usable_path(path)) return bad_path;
  file_root_cell out{std::string(path)};
  if (const result<void> apart = check_apart_from(out.path_, book_path); !apart) {
    return apart.error();
  }
  const auto held = read_cell(out.path_);
  if (!held) return held.error();
  if (const auto* const sealed = std::get_if<sealed_cell>(&*held)) {
    if (with == nullptr) return cell_is_sealed;
    auto keys = cell_keys::unlock(*sealed, *with);
    if (!keys) return keys.error();
    out.access_->set(std::move(*keys));
    out.prove(*sealed);
  }
  if (const result<void> swept = sweep(out.path_, out.access_->get()); !swept) {
    // A reader without the right to write may still read; who changes sweeps first.
    if (swept.error().code != errc::permission_denied) return swept.error();
  }
  return out;
} catch (const std::exception&) {
  return no_memory;
}

result<void> file_root_cell::remove_empty() noexcept try {
  const file folder(folder_of(path_), in_folder);
  if (!folder) return system_error(errno);
  if (const result<void> locked = lock(folder, wait_ms_); !locked) return locked;
  auto file = read_cell(path_);
  if (!file) return file.error();
  // Under the lock, so that what opens it belongs to it.
  const result<content> held = opened(std::move(*file), access_->get());
  if (!held) return held.error();
  if (held->current || held->staged) {
    return error{errc::invalid_state, "the root cell holds a key: it stays"};
  }
  return forget(path_);
} catch (const std::exception&) {
  return no_memory;
}

result<root_cell::content> file_root_cell::load() noexcept try {
  const auto steady = access_->steady();
  auto held = read_cell(path_);
  if (!held) return held.error();
  return opened(std::move(*held), access_->get());
} catch (const std::exception&) {
  return no_memory;
}

result<void> file_root_cell::stage(const root_key& next) noexcept {
  if (next.epoch == 0) return no_epoch;
  return change(path_, wait_ms_, *access_, [&](content held) -> edited {
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
  const result<void> done = change(path_, wait_ms_, *access_, [&](content held) -> edited {
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
  return change(path_, wait_ms_, *access_, [&](content held) -> edited {
    if (!held.staged || held.staged->epoch != epoch) return std::nullopt;
    held.staged.reset();
    return held;
  });
}

// --- slots ------------------------------------------------------------------------------------

namespace {

constexpr error not_sealed{errc::invalid_state,
                           "this root key is not sealed: the file itself opens the book"};

std::size_t place_of(const sealed_cell& cell, std::uint32_t number) noexcept {
  const auto at = std::find_if(cell.slots.begin(), cell.slots.end(),
                               [&](const slot_record& one) { return one.said.number == number; });
  return static_cast<std::size_t>(at - cell.slots.begin());
}

// Whether anybody is known to open what stays.
result<void> check_openable(const sealed_cell& cell) {
  if (cell.slots.empty()) {
    return error{errc::invalid_state,
                 "this is the last slot, without it nobody opens the book: add another first"};
  }
  if (std::any_of(cell.slots.begin(), cell.slots.end(),
                  [](const slot_record& one) { return one.said.proven; })) {
    return {};
  }
  return error{errc::invalid_state,
               "no other slot was ever opened, and perhaps nobody can: open the book once with one "
               "of them first"};
}

}  // namespace

result<cell_look> file_root_cell::look(std::string_view path) noexcept try {
  if (!usable_path(path)) return bad_path;
  const auto held = read_cell(std::string(path));
  if (!held) return held.error();
  cell_look out;
  const auto* const sealed = std::get_if<sealed_cell>(&*held);
  if (sealed == nullptr) return out;
  out.sealed = true;
  out.renewal_due = sealed->renewal_due();
  for (const slot_record& one : sealed->slots) out.slots.push_back(one.said);
  return out;
} catch (const std::exception&) {
  return no_memory;
}

std::uint32_t file_root_cell::opened_by() const noexcept {
  const auto keys = access_->get();
  return keys ? keys->slot() : 0;
}

file_root_cell file_root_cell::same() const {
  file_root_cell out{path_};
  out.wait_ms_ = wait_ms_;
  out.access_ = access_;
  return out;
}

// A recipient's slot counts from the first time that it opens the cell. Whoever only reads, on a
// full disk or beside somebody who was stopped in the middle of a change, opens it all the same.
void file_root_cell::prove(const sealed_cell& seen) {
  constexpr int a_moment = 200;
  const std::uint32_t number = access_->get()->slot();
  const std::size_t at = place_of(seen, number);
  if (at == seen.slots.size() || seen.slots[at].said.proven) return;
  placement there;
  const auto edit = [&](cell_file file,
                        const keys_of_cell& keys) -> result<std::optional<cell_image>> {
    auto* const cell = std::get_if<sealed_cell>(&file);
    const std::size_t mine = cell == nullptr ? 0 : place_of(*cell, number);
    if (cell == nullptr || mine == cell->slots.size()) return std::optional<cell_image>();
    const auto read = keys->read(*cell);
    if (!read) return read.error();
    cell->slots[mine].said.proven = true;
    return sealed_image(*cell, read->content, read->key, keys->own());
  };
  (void)change_file(path_, a_moment, *access_, there, edit, [](const keys_of_cell&) {});
}

// What a step at the slots knows and gives back: no other thread sees it before it is written.
struct slot_step {
  secret<32> key{};                    ///< The cell's; another one if the step says so.
  made_slot own{};                     ///< Through which this process opens the cell.
  std::optional<made_slot> instead{};  ///< What is to stand in for it.
};

// One step under the lock of the folder: what was added or removed by others meanwhile stays so.
template <class Edit>
result<void> file_root_cell::change_slots(Edit&& edit) {
  placement at;
  slot_step step;
  const auto edited_file = [&](cell_file file,
                               const keys_of_cell& keys) -> result<std::optional<cell_image>> {
    auto* const cell = std::get_if<sealed_cell>(&file);
    if (cell == nullptr) return keys ? cell_is_in_clear : not_sealed;
    if (!keys) return cell_is_sealed;
    auto read = keys->read(*cell);
    if (!read) return read.error();
    step.key = std::move(read->key);
    step.own = keys->own();
    if (const result<void> done = edit(*cell, step); !done) return done.error();
    if (const result<void> good = check_openable(*cell); !good) return good.error();
    const bool stands_in = step.instead && step.instead->own;
    return sealed_image(*cell, read->content, step.key, stands_in ? *step.instead : step.own);
  };
  const auto done =
      change_file(path_, wait_ms_, *access_, at, edited_file,
                  [&](const keys_of_cell& keys) { keys->written(step.key, step.instead); });
  return of_slots(done, at);
}

// A file of format 1 may have been copied with the keys in clear: they count as known, also the
// staged one, which may be committed already.
result<std::uint32_t> file_root_cell::seal(const new_slot& first) noexcept try {
  auto key = cell_keys::new_key();
  if (!key) return key.error();
  made_slot made;
  keys_of_cell fresh;
  placement at;
  const auto edit = [&](cell_file file, const keys_of_cell&) -> result<std::optional<cell_image>> {
    const auto* const plain = std::get_if<content>(&file);
    if (plain == nullptr) {
      return error{errc::invalid_state, "this root key is sealed already: add a slot"};
    }
    sealed_cell cell;
    crypto::system_random random;
    if (auto drawn = random.fill(cell.id); !drawn) return drawn.error();
    auto slot = cell_keys::add_slot(cell, first, *key);
    if (!slot) return slot.error();
    made = std::move(*slot);
    if (const result<void> good = check_openable(cell); !good) return good.error();
    cell.exposed = std::max(plain->current ? plain->current->epoch : 0,
                            plain->staged ? plain->staged->epoch : 0);
    auto keys = cell_keys::of_new(cell, *key, made);
    if (!keys) return keys.error();
    fresh = std::move(*keys);
    return sealed_image(cell, *plain, *key, made);
  };
  const auto done = change_file(path_, wait_ms_, *access_, at, edit,
                                [&](const keys_of_cell&) { access_->set(std::move(fresh)); });
  if (const auto told = of_slots(done, at); !told) return told.error();
  return made.number;
} catch (const std::exception&) {
  return no_memory;
}

result<std::uint32_t> file_root_cell::add_slot(const new_slot& what) noexcept try {
  std::uint32_t number = 0;
  const auto done = change_slots([&](sealed_cell& cell, slot_step& step) -> result<void> {
    const auto slot = cell_keys::add_slot(cell, what, step.key);
    if (!slot) return slot.error();
    number = slot->number;
    return {};
  });
  if (!done) return done.error();
  return number;
} catch (const std::exception&) {
  return no_memory;
}

namespace {

// The newest keys count as known to whoever had the slot that goes, and the cell gets another.
result<void> shut_out(sealed_cell& cell, slot_step& step) {
  if (const result<void> good = check_openable(cell); !good) return good;
  cell.exposed = std::max(cell.current, cell.staged);
  auto key = cell_keys::renew(cell);
  if (!key) return key.error();
  step.key = std::move(*key);
  return {};
}

}  // namespace

result<void> file_root_cell::remove_slot(std::uint32_t number) noexcept try {
  return change_slots([&](sealed_cell& cell, slot_step& step) -> result<void> {
    const std::size_t at = place_of(cell, number);
    if (at == cell.slots.size()) return error{errc::not_found, "no slot has this number"};
    cell.slots.erase(cell.slots.begin() + static_cast<std::ptrdiff_t>(at));
    return shut_out(cell, step);
  });
} catch (const std::exception&) {
  return no_memory;
}

result<std::uint32_t> file_root_cell::change_slot(std::uint32_t number,
                                                  const new_slot& instead) noexcept try {
  std::uint32_t made = 0;
  const auto done = change_slots([&](sealed_cell& cell, slot_step& step) -> result<void> {
    const std::size_t at = place_of(cell, number);
    if (at == cell.slots.size()) return error{errc::not_found, "no slot has this number"};
    cell.slots.erase(cell.slots.begin() + static_cast<std::ptrdiff_t>(at));
    auto slot = cell_keys::add_slot(cell, instead, step.key);
    if (!slot) return slot.error();
    made = slot->number;
    if (number == step.own.number) step.instead = std::move(*slot);
    return shut_out(cell, step);
  });
  if (!done) return done.error();
  return made;
} catch (const std::exception&) {
  return no_memory;
}

// A file in clear cannot say that its key is known to a slot that is gone.
result<void> file_root_cell::unseal() noexcept try {
  placement at;
  const auto edit = [&](cell_file file,
                        const keys_of_cell& keys) -> result<std::optional<cell_image>> {
    const auto* const cell = std::get_if<sealed_cell>(&file);
    if (cell == nullptr) return keys ? cell_is_in_clear : not_sealed;
    const bool due = cell->renewal_due();
    const auto held = opened(std::move(file), keys);
    if (!held) return held.error();
    if (due) {
      return error{errc::invalid_state,
                   "a slot that is gone still knows this root key, and a file that is not sealed "
                   "cannot tell: renew it first"};
    }
    return std::optional(encode_cell(*held));
  };
  const auto done = change_file(path_, wait_ms_, *access_, at, edit,
                                [&](const keys_of_cell&) { access_->set({}); });
  return of_slots(done, at);
} catch (const std::exception&) {
  return no_memory;
}

}  // namespace clientbook
