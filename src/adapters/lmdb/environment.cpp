// Opens, guards and closes LMDB's environment: the lock of the folder while anybody opens, the
// check of pages before LMDB reads them, the growing map. Relies on LMDB's one writer at a time and
// on its commit numbers, which are looked at before each commit.
#include "environment.hpp"

#include "book_files.hpp"
#include "page_check.hpp"
#include "posix_file.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <set>

namespace clientbook::lmdb {
namespace {

constexpr unsigned most_readers = 1022;  // LMDB's table of them is then 64 KiB.
constexpr std::uint32_t begins_between_reader_checks = 1024;
constexpr std::size_t most_idle = 64;
constexpr std::uint64_t default_map =
    sizeof(void*) == 8 ? std::uint64_t{256} << 30 : std::uint64_t{512} << 20;
constexpr std::uint64_t smallest_map = std::uint64_t{1} << 20;
constexpr std::chrono::seconds wait_for_readers{1};

constexpr error poisoned{errc::invalid_state,
                         "the storage failed before: close the book and open it again"};
constexpr error forked{errc::invalid_state,
                       "the book was opened before a fork: open it in this process"};
constexpr error no_room_in_map{
    errc::limit_exceeded, "the book has outgrown its map: end this process's transactions first"};

constexpr error broken_for_readers{
    errc::damaged, "a header page is broken: open the book once for writing, which mends it"};
constexpr error exchanged{errc::locked, "the book's files were exchanged: open it again"};

constexpr error stale_table{errc::locked,
                            "the table of readers is stale: close the book everywhere"};

std::atomic<std::uint64_t> forks{0};

struct claims {
  std::mutex mutex;
  std::uint64_t generation = 0;
  std::set<claim::identity> held;
};
claims& all_claims() {
  static claims of_this_process;
  return of_this_process;
}

error lmdb_error(int code) noexcept {
  switch (code) {
    case MDB_NOTFOUND:
      return {errc::not_found, "no such key"};
    case MDB_MAP_FULL:
      return {errc::commit_conflict, "the book has outgrown its map: run the transaction again"};
    case MDB_MAP_RESIZED:
      return no_room_in_map;
    case MDB_READERS_FULL:
      return {errc::limit_exceeded, "too many read transactions in all processes together"};
    case MDB_TXN_FULL:
      return {errc::limit_exceeded, "the transaction is too large"};
    case MDB_PANIC:
      return poisoned;
    case MDB_VERSION_MISMATCH:
      return {errc::locked, "another version of LMDB has the book open: close it there"};
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_CURSOR_FULL:
      return {errc::damaged, "the book is damaged: restore it"};
    default:
      return system_error(code > 0 ? code : EIO);
  }
}

bool out_of_space(int code, int system) noexcept {
  // A write cut short by a full disk is an EIO of LMDB's own, with no failed system call.
  return code == ENOSPC || code == EDQUOT || code == EFBIG || (code == EIO && system == 0);
}

// The map takes address space, of which a process may be granted little.
bool address_space_has(std::uint64_t bytes) noexcept {
  if (bytes > SIZE_MAX / 2) return false;
  void* probe = ::mmap(nullptr, static_cast<std::size_t>(bytes), PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (probe == MAP_FAILED) return false;
  ::munmap(probe, static_cast<std::size_t>(bytes));
  return true;
}

std::uint64_t whole_pages(std::uint64_t bytes) noexcept {
  constexpr std::uint64_t unit = 65536;
  return std::max(smallest_map, (bytes + unit - 1) / unit * unit);
}

// As much as `wanted`, by halves down to `needed`; 0 if not even that.
std::uint64_t map_size_between(std::uint64_t needed, std::uint64_t wanted) noexcept {
  needed = whole_pages(needed);
  for (std::uint64_t size = whole_pages(wanted); size > needed; size = whole_pages(size / 2)) {
    if (address_space_has(size)) return size;
    if (size == smallest_map) break;
  }
  return address_space_has(needed) ? needed : 0;
}

struct closes_environment {
  void operator()(MDB_env* handle) const noexcept { mdb_env_close(handle); }
};
using environment_handle = std::unique_ptr<MDB_env, closes_environment>;

// LMDB's default mode of syncing, and no other.
result<environment_handle> open_handle(const std::string& folder, std::uint64_t map_size,
                                       lmdb_options::access mode) {
  MDB_env* raw = nullptr;
  if (const int code = mdb_env_create(&raw); code != 0) return lmdb_error(code);
  environment_handle handle(raw);
  int code = mdb_env_set_mapsize(raw, static_cast<std::size_t>(map_size));
  if (code == 0) code = mdb_env_set_maxreaders(raw, most_readers);
  const unsigned flags = MDB_NOTLS | (mode == lmdb_options::access::read_only ? MDB_RDONLY : 0u);
  if (code == 0) code = mdb_env_open(raw, folder.c_str(), flags, 0600);
  if (code != 0) return lmdb_error(code);
  return handle;
}

// LMDB opens by name what was looked at before.
bool is_same_file(MDB_env* handle, const struct stat& looked_at) noexcept {
  int descriptor = -1;
  struct stat opened {};
  return mdb_env_get_fd(handle, &descriptor) == 0 && ::fstat(descriptor, &opened) == 0 &&
         opened.st_dev == looked_at.st_dev && opened.st_ino == looked_at.st_ino;
}

MDB_val value_of(byte_view bytes) noexcept {
  return {bytes.size(), const_cast<std::byte*>(bytes.data())};
}

std::uint64_t last_commit(MDB_env* handle) noexcept {
  MDB_envinfo info{};
  mdb_env_info(handle, &info);
  return info.me_last_txnid;
}

}  // namespace

std::uint64_t fork_generation() noexcept { return forks.load(std::memory_order_relaxed); }

result<claim> claim::take(identity wanted) {
  static const int counts_forks =
      ::pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
  if (counts_forks != 0) return system_error(counts_forks);
  claims& all = all_claims();
  const std::lock_guard lock(all.mutex);
  if (all.generation != fork_generation()) {
    all.held.clear();
    all.generation = fork_generation();
  }
  if (!all.held.insert(wanted).second) {
    return error{errc::invalid_state, "this process has the book open: share that handle"};
  }
  return claim(wanted);
}

claim::~claim() {
  if (!held_) return;
  claims& all = all_claims();
  const std::lock_guard lock(all.mutex);
  if (all.generation == fork_generation()) all.held.erase(*held_);
}

environment::environment(MDB_env* handle, claim held, lmdb_options::access mode) noexcept
    : handle_(handle), claim_(std::move(held)), mode_(mode), generation_(fork_generation()) {}

environment::~environment() {
  if (inherited()) return;  // The parent's readers must not be touched.
  for (const reader& r : idle_) {
    mdb_cursor_close(r.cursor);
    mdb_txn_abort(r.transaction);
  }
  mdb_env_close(handle_);
}

result<std::shared_ptr<environment>> environment::open(const std::string& folder,
                                                       const lmdb_options& options) {
  const result<file> guard = open_folder(folder);
  if (!guard) return guard.error();
  if (const result<void> alone = lock_folder(*guard, options.open_wait_ms); !alone) {
    return alone.error();
  }

  const result<file> data = open_data(*guard);
  if (!data) return data.error();
  struct stat status {};
  if (::fstat(data->get(), &status) != 0) return system_error(errno);
  result<claim> held = claim::take({status.st_dev, status.st_ino});
  if (!held) return held.error();
  const result<book_pages> pages = read_metas_patiently(*data);
  if (!pages) return pages.error();
  if (const result<void> ready = prepare_reader_table(*guard); !ready) return ready.error();
  if (pages->broken) {
    if (options.mode == lmdb_options::access::read_only) return broken_for_readers;
    if (const result<void> mended = repair_header(*guard, *data, *pages); !mended) {
      return mended.error();
    }
  }

  const std::uint64_t used = (pages->newest().last_page + 1) * pages->page_size;
  const std::uint64_t wanted = options.map_bytes != 0 ? options.map_bytes : default_map;
  const std::uint64_t map_size = map_size_between(used, std::max(wanted, used));
  if (map_size == 0) return system_error(ENOMEM);
  result<environment_handle> handle = open_handle(folder, map_size, options.mode);
  if (!handle) return handle.error();
  if (!is_same_file(handle->get(), status)) return exchanged;
  std::shared_ptr<environment> opened(
      new environment(handle->release(), std::move(*held), options.mode));
  opened->idle_.reserve(most_idle);
  if (const result<void> good = opened->check_content(*data, options.pages); !good) {
    return good.error();
  }
  return opened;
}

result<void> environment::initialise(const std::string& folder) {
  const result<file> made = open_folder(folder);
  if (!made) return made.error();
  if (const result<void> ready = prepare_reader_table(*made); !ready) return ready;
  const result<environment_handle> handle =
      open_handle(folder, smallest_map, lmdb_options::access::read_write);
  if (!handle) return handle.error();
  MDB_txn* writing = nullptr;
  int code = mdb_txn_begin(handle->get(), nullptr, 0, &writing);
  if (code != 0) return lmdb_error(code);
  MDB_dbi rows = 0;
  MDB_val key = value_of(header_key());
  MDB_val value = value_of(header_value());
  code = mdb_dbi_open(writing, nullptr, 0, &rows);
  errno = 0;
  if (code == 0) code = mdb_put(writing, rows, &key, &value, 0);
  if (code != 0) {
    mdb_txn_abort(writing);
    return lmdb_error(code);
  }
  code = mdb_txn_commit(writing);
  if (code != 0) return lmdb_error(out_of_space(code, errno) ? ENOSPC : code);
  return {};
}

// A writer names a commit in the book first and in the table of readers next. If it dies
// between the two, readers see the commit before until the next write transaction, which
// puts the table right. On opening that must not be left open: whoever acts on what it reads
// (such as dropping a staged root key) would be overtaken by the newer commit.
result<reader> environment::begin_settled_read() noexcept {
  const std::uint64_t committed = last_commit(handle_);
  result<reader> begun = begin_read();
  constexpr int patience = 20;  // For a writer that lives.
  for (int attempt = 0; attempt < patience; ++attempt) {
    if (!begun || mdb_txn_id(begun->transaction) >= committed) return begun;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (const result<void> again = renew(*begun); !again) return again.error();
  }
  if (mode_ == lmdb_options::access::read_only) {
    if (mdb_txn_id(begun->transaction) + 1 == committed) return begun;  // Acts on nothing.
    end_read(*begun);
    return stale_table;
  }
  end_read(*begun);
  const result<MDB_txn*> settled = begin_write();
  if (!settled) return settled.error();
  abort_write(*settled);
  return begin_read();
}

// A read transaction holds the state still while its pages are looked at.
result<void> environment::check_content(const file& data, lmdb_options::check depth) {
  int dead = 0;
  if (const int code = mdb_reader_check(handle_, &dead); code != 0) return lmdb_error(code);
  result<reader> begun = begin_settled_read();
  if (!begun) return begun.error();
  result<void> checked = error{errc::locked, "the book changes too fast to be checked: try again"};
  for (int attempt = 0; attempt < 100; ++attempt) {
    const std::size_t seen = mdb_txn_id(begun->transaction);
    const result<book_pages> pages = read_metas_patiently(data);
    if (!pages) {
      checked = pages.error();
      break;
    }
    const stored_meta& meta = pages->metas[seen & 1];
    if (meta.transaction == seen) {
      checked = check_pages(data, *pages, meta,
                            depth == lmdb_options::check::full ? depth_of_check::every_page
                                                               : depth_of_check::header_row);
      break;
    }
    if (const result<void> again = renew(*begun); !again) return again;
  }
  if (checked) {
    const int code = mdb_dbi_open(begun->transaction, nullptr, 0, &rows_);
    if (code != 0) checked = lmdb_error(code);
  }
  end_read(*begun);
  return checked;
}

result<void> environment::usable() const noexcept {
  if (inherited()) return forked;
  if (poisoned_.load(std::memory_order_relaxed)) return poisoned;
  return {};
}

void environment::one_more() noexcept {
  const std::lock_guard lock(mutex_);
  ++active_;
}

void environment::one_less() noexcept {
  const std::lock_guard lock(mutex_);
  if (--active_ == 0) none_active_.notify_all();
}

result<reader> environment::begin_read() noexcept {
  if (const result<void> ready = usable(); !ready) return ready.error();
  if (begun_.fetch_add(1, std::memory_order_relaxed) % begins_between_reader_checks == 0) {
    int dead = 0;
    mdb_reader_check(handle_, &dead);
  }
  reader fresh;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      fresh = idle_.back();
      idle_.pop_back();
    }
    ++active_;
  }
  if (const result<void> started = start(fresh); !started) return started.error();
  return fresh;
}

// `held` is counted as active; on an error no more.
result<void> environment::start(reader& held) noexcept {
  int code = 0;
  for (int attempt = 0; attempt < 3; ++attempt) {
    code = held.transaction != nullptr
               ? mdb_txn_renew(held.transaction)
               : mdb_txn_begin(handle_, nullptr, MDB_RDONLY, &held.transaction);
    if (code == MDB_READERS_FULL) {
      int dead = 0;
      mdb_reader_check(handle_, &dead);
    } else if (code == MDB_MAP_RESIZED) {
      one_less();
      const result<void> larger = enlarge(0);
      one_more();
      if (!larger) break;
    } else {
      break;
    }
  }
  if (code == 0) {
    code = held.cursor != nullptr ? mdb_cursor_renew(held.transaction, held.cursor)
                                  : mdb_cursor_open(held.transaction, 1, &held.cursor);
    if (code == 0) return {};
  }
  if (held.cursor != nullptr) mdb_cursor_close(held.cursor);
  if (held.transaction != nullptr) mdb_txn_abort(held.transaction);
  held = {};
  one_less();
  return lmdb_error(code);
}

void environment::end_read(reader ended) noexcept {
  if (ended.transaction == nullptr || inherited()) return;
  mdb_txn_reset(ended.transaction);
  bool kept = false;
  {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < most_idle) {
      idle_.push_back(ended);
      kept = true;
    }
  }
  if (!kept) {
    mdb_cursor_close(ended.cursor);
    mdb_txn_abort(ended.transaction);
  }
  one_less();
}

result<void> environment::renew(reader& held) noexcept {
  if (const result<void> ready = usable(); !ready) return ready.error();
  mdb_txn_reset(held.transaction);
  return start(held);
}

// Waits for this process's transactions to end, for a while: the thread that asks may hold
// one itself.
result<void> environment::enlarge(std::uint64_t at_least) noexcept {
  MDB_envinfo info{};
  mdb_env_info(handle_, &info);
  MDB_stat stat{};
  mdb_env_stat(handle_, &stat);
  const std::uint64_t used = (std::uint64_t{info.me_last_pgno} + 1) * stat.ms_psize;
  std::unique_lock lock(mutex_);
  if (!none_active_.wait_for(lock, wait_for_readers, [&] { return active_ == 0; })) {
    return no_room_in_map;
  }
  const std::uint64_t needed = std::max(at_least, used);
  const std::uint64_t size = map_size_between(needed, std::max(needed, 2 * used));
  if (size == 0) return system_error(ENOMEM);
  if (const int code = mdb_env_set_mapsize(handle_, static_cast<std::size_t>(size)); code != 0) {
    poisoned_ = true;  // The old map is gone.
    return lmdb_error(code);
  }
  return {};
}

bool environment::nearly_full() const noexcept {
  MDB_envinfo info{};
  mdb_env_info(handle_, &info);
  MDB_stat stat{};
  mdb_env_stat(handle_, &stat);
  return (std::uint64_t{info.me_last_pgno} + 1) * stat.ms_psize > info.me_mapsize / 2;
}

// LMDB takes the number from the table of readers; where that was spoilt, it would write
// over pages that the newest commit uses.
result<void> environment::follows_last_commit(MDB_txn* writing) noexcept {
  if (mdb_txn_id(writing) != last_commit(handle_) + 1) {
    return stale_table;
  }
  return {};
}

result<MDB_txn*> environment::begin_write() noexcept {
  if (const result<void> ready = usable(); !ready) return ready.error();
  if (mode_ == lmdb_options::access::read_only) {
    return error{errc::permission_denied, "the book was opened for reading only"};
  }
  if (writer_.load() == std::this_thread::get_id()) {
    return error{errc::invalid_state, "this thread has a write transaction open: end it first"};
  }
  bool may_enlarge = true;
  for (int attempt = 0;; ++attempt) {
    one_more();
    MDB_txn* writing = nullptr;
    const int code = mdb_txn_begin(handle_, nullptr, 0, &writing);
    if (code == 0) {
      if (const result<void> follows = follows_last_commit(writing); !follows) {
        mdb_txn_abort(writing);
        one_less();
        return follows.error();
      }
      const bool outgrown = outgrown_.load(std::memory_order_relaxed);
      if (!may_enlarge || (!outgrown && !nearly_full())) {
        writer_ = std::this_thread::get_id();
        return writing;
      }
      mdb_txn_abort(writing);
    }
    one_less();
    if (code == MDB_PANIC) poisoned_ = true;
    if (code != 0 && (code != MDB_MAP_RESIZED || attempt > 2)) return lmdb_error(code);

    MDB_envinfo info{};
    mdb_env_info(handle_, &info);
    const bool outgrown = outgrown_.exchange(false);
    const std::uint64_t wanted = std::uint64_t{info.me_mapsize} * (outgrown ? 8 : 2);
    const result<void> larger = enlarge(code == MDB_MAP_RESIZED ? 0 : wanted);
    if (!larger && (outgrown || code == MDB_MAP_RESIZED)) {
      outgrown_ = outgrown;
      return larger.error();
    }
    may_enlarge = false;
  }
}

void environment::abort_write(MDB_txn* transaction) noexcept {
  if (inherited()) return;
  mdb_txn_abort(transaction);
  writer_ = std::thread::id();
  one_less();
}

result<void> environment::commit(MDB_txn* transaction) noexcept {
  errno = 0;
  const int code = mdb_txn_commit(transaction);
  const int system = errno;
  writer_ = std::thread::id();
  one_less();
  if (code == 0) return {};
  return failed_write(code, system);
}

error environment::failed_write(int code, int system) noexcept {
  if (code == MDB_MAP_FULL) {
    outgrown_ = true;
    return lmdb_error(code);
  }
  if (out_of_space(code, system)) {
    // Nothing is lost unless the header page itself could not be written: LMDB then says so
    // to every later transaction.
    MDB_txn* probe = nullptr;
    const int after = mdb_txn_begin(handle_, nullptr, MDB_RDONLY, &probe);
    if (after == 0) mdb_txn_abort(probe);
    if (after != MDB_PANIC) return system_error(ENOSPC);
  }
  if (code == MDB_TXN_FULL || code == ENOMEM || code == MDB_BAD_VALSIZE) return lmdb_error(code);
  poisoned_ = true;
  const error what = lmdb_error(code);
  if (what.code == errc::damaged) return what;
  return error{errc::io_error, "the storage failed: close the book, open it and read again"};
}

result<backend_figures> environment::figures() noexcept {
  const result<reader> begun = begin_read();
  if (!begun) return begun.error();
  MDB_stat stat{};
  MDB_envinfo info{};
  int code = mdb_stat(begun->transaction, rows_, &stat);
  if (code == 0) code = mdb_env_info(handle_, &info);
  backend_figures out;
  out.entries = stat.ms_entries - 1;  // Without the header row.
  out.bytes_used = (std::uint64_t{info.me_last_pgno} + 1) * stat.ms_psize;
  MDB_cursor* free_lists = nullptr;
  if (code == 0) code = mdb_cursor_open(begun->transaction, 0, &free_lists);
  if (code == 0) {
    MDB_val key;
    MDB_val list;
    for (code = mdb_cursor_get(free_lists, &key, &list, MDB_FIRST); code == 0;
         code = mdb_cursor_get(free_lists, &key, &list, MDB_NEXT)) {
      std::size_t count = 0;
      std::memcpy(&count, list.mv_data, sizeof count);
      out.bytes_free += std::uint64_t{count} * stat.ms_psize;
    }
    mdb_cursor_close(free_lists);
    if (code == MDB_NOTFOUND) code = 0;
  }
  end_read(*begun);
  if (code != 0) return lmdb_error(code);
  return out;
}

}  // namespace clientbook::lmdb
