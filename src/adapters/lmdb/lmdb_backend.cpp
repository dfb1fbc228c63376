// The port `backend` over one LMDB file: transactions, ranges, errors in clientbook's codes. It
// keeps no promise of secrecy or integrity; the vault above does.
#include <clientbook/adapters/lmdb_backend.hpp>

#include "environment.hpp"
#include "page_check.hpp"
#include "posix_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <new>
#include <string>

namespace clientbook {
namespace {

using lmdb::environment;
using visitor = callback_ref<bool(byte_view key, byte_view value)>;

constexpr std::size_t largest_value = std::size_t{1} << 30;

constexpr error bad_key{errc::invalid_argument, "a key has 1 to 64 bytes"};
constexpr error no_memory{errc::limit_exceeded, "not enough memory"};
constexpr error finished{errc::invalid_state, "the transaction is over: begin another"};

bool valid(byte_view key) noexcept { return !key.empty() && key.size() <= lmdb::longest_key; }

MDB_val to_lmdb(byte_view bytes) noexcept {
  return {bytes.size(), const_cast<std::byte*>(bytes.data())};
}
byte_view from_lmdb(const MDB_val& value) noexcept {
  return {static_cast<const std::byte*>(value.mv_data), value.mv_size};
}

error read_error(int code) noexcept {
  if (code == MDB_NOTFOUND) return {errc::not_found, "no such key"};
  if (code == MDB_CORRUPTED || code == MDB_PAGE_NOTFOUND || code == MDB_CURSOR_FULL) {
    return {errc::damaged, "the book is damaged: restore it"};
  }
  if (code == MDB_BAD_TXN || code == EINVAL) return finished;
  if (code == ENOMEM) return no_memory;
  return {errc::io_error, "the storage failed: see the system's log"};
}

result<byte_view> get(const environment& book, MDB_txn* transaction, byte_view key) noexcept {
  if (!valid(key)) return bad_key;
  MDB_val wanted = to_lmdb(key);
  MDB_val found{};
  const int code = mdb_get(transaction, book.rows(), &wanted, &found);
  if (code != 0) return read_error(code);
  return from_lmdb(found);
}

result<void> walk(MDB_cursor* cursor, byte_view prefix, byte_view from, visitor visit) {
  const bool from_is_later =
      std::lexicographical_compare(prefix.begin(), prefix.end(), from.begin(), from.end());
  const byte_view start = from_is_later ? from : prefix;
  MDB_val key = to_lmdb(start);
  MDB_val value{};
  int code = mdb_cursor_get(cursor, &key, &value, start.empty() ? MDB_FIRST : MDB_SET_RANGE);
  for (; code == 0; code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
    const byte_view at = from_lmdb(key);
    if (at.size() > lmdb::longest_key) continue;  // The header row.
    if (at.size() < prefix.size() || !same_bytes(at.first(prefix.size()), prefix)) return {};
    if (!visit(at, from_lmdb(value))) return {};
  }
  if (code == MDB_NOTFOUND) return {};
  return read_error(code);
}

// A cursor of its own, for a walk inside a walk.
class extra_cursor {
 public:
  extra_cursor(MDB_txn* transaction, MDB_dbi rows) noexcept {
    code_ = mdb_cursor_open(transaction, rows, &cursor_);
  }
  ~extra_cursor() {
    if (code_ == 0) mdb_cursor_close(cursor_);
  }
  extra_cursor(const extra_cursor&) = delete;
  extra_cursor& operator=(const extra_cursor&) = delete;
  int code() const noexcept { return code_; }
  MDB_cursor* get() const noexcept { return cursor_; }

 private:
  int code_;
  MDB_cursor* cursor_ = nullptr;
};

struct busy_flag {
  explicit busy_flag(bool& flag) noexcept : flag_(flag) { flag_ = true; }
  ~busy_flag() { flag_ = false; }
  busy_flag(const busy_flag&) = delete;
  busy_flag& operator=(const busy_flag&) = delete;
  bool& flag_;
};

class lmdb_read final : public read_transaction {
 public:
  lmdb_read(std::shared_ptr<environment> book, lmdb::reader begun) noexcept
      : book_(std::move(book)), reader_(begun) {}
  ~lmdb_read() override { book_->end_read(reader_); }

  std::uint64_t snapshot() const noexcept override {
    return alive() ? mdb_txn_id(reader_.transaction) : 0;
  }

  result<byte_view> get(byte_view key) noexcept override {
    if (!alive()) return finished;
    return clientbook::get(*book_, reader_.transaction, key);
  }

  result<void> walk(byte_view prefix, byte_view from, visitor visit) override {
    if (!alive()) return finished;
    if (!walking_) {
      const busy_flag busy(walking_);
      return clientbook::walk(reader_.cursor, prefix, from, visit);
    }
    const extra_cursor inner(reader_.transaction, book_->rows());
    if (inner.code() != 0) return read_error(inner.code());
    return clientbook::walk(inner.get(), prefix, from, visit);
  }

  result<void> renew() noexcept override {
    if (!alive() || walking_) return finished;
    return book_->renew(reader_);
  }

 private:
  bool alive() const noexcept { return reader_.transaction != nullptr && !book_->inherited(); }

  std::shared_ptr<environment> book_;
  lmdb::reader reader_;
  bool walking_ = false;
};

class lmdb_write final : public write_transaction {
 public:
  lmdb_write(std::shared_ptr<environment> book, MDB_txn* begun) noexcept
      : book_(std::move(book)), transaction_(begun) {}
  ~lmdb_write() override {
    if (transaction_ != nullptr) book_->abort_write(transaction_);
  }

  std::uint64_t snapshot() const noexcept override {
    return alive() ? mdb_txn_id(transaction_) - 1 : 0;
  }

  result<byte_view> get(byte_view key) noexcept override {
    if (!alive()) return finished;
    return clientbook::get(*book_, transaction_, key);
  }

  result<void> walk(byte_view prefix, byte_view from, visitor visit) override {
    if (!alive()) return finished;
    const extra_cursor cursor(transaction_, book_->rows());
    if (cursor.code() != 0) return read_error(cursor.code());
    return clientbook::walk(cursor.get(), prefix, from, visit);
  }

  result<void> renew() noexcept override {
    return error{errc::invalid_state, "only a read transaction can be renewed"};
  }

  result<void> put(byte_view key, byte_view value) noexcept override {
    MDB_val data = to_lmdb(value);
    return store(key, data, 0);
  }

  result<byte_span> reserve(byte_view key, std::size_t size) noexcept override {
    MDB_val room{size, nullptr};
    if (const result<void> stored = store(key, room, MDB_RESERVE); !stored) return stored.error();
    return byte_span(static_cast<std::byte*>(room.mv_data), size);
  }

  result<void> erase(byte_view key) noexcept override {
    if (const result<void> ready = writable(key); !ready) return ready;
    MDB_val wanted = to_lmdb(key);
    MDB_val found{};
    int code = mdb_cursor_get(cursor_, &wanted, &found, MDB_SET_KEY);
    if (code != 0) return read_error(code);
    errno = 0;
    code = mdb_cursor_del(cursor_, 0);
    return code == 0 ? result<void>() : fail(code, errno);
  }

  result<void> commit() noexcept override {
    if (!alive() || failed_) return finished;
    cursor_ = nullptr;  // Ends with the transaction.
    return book_->commit(std::exchange(transaction_, nullptr));
  }

 private:
  bool alive() const noexcept { return transaction_ != nullptr && !book_->inherited(); }

  // One cursor for all writes: it finds its place at once when keys come in order.
  result<void> writable(byte_view key) noexcept {
    if (!alive() || failed_) return finished;
    if (!valid(key)) return bad_key;
    if (cursor_ != nullptr) return {};
    const int code = mdb_cursor_open(transaction_, book_->rows(), &cursor_);
    return code == 0 ? result<void>() : read_error(code);
  }

  result<void> store(byte_view key, MDB_val& value, unsigned flags) noexcept {
    if (const result<void> ready = writable(key); !ready) return ready;
    if (value.mv_size > largest_value) {
      return error{errc::limit_exceeded, "a value has at most 1 GiB"};
    }
    MDB_val wanted = to_lmdb(key);
    errno = 0;
    const int code = mdb_cursor_put(cursor_, &wanted, &value, flags);
    return code == 0 ? result<void>() : fail(code, errno);
  }

  error fail(int code, int system) noexcept {
    failed_ = true;
    return book_->failed_write(code, system);
  }

  std::shared_ptr<environment> book_;
  MDB_txn* transaction_;
  MDB_cursor* cursor_ = nullptr;
  bool failed_ = false;
};

class lmdb_backend final : public backend {
 public:
  explicit lmdb_backend(std::shared_ptr<environment> book) noexcept : book_(std::move(book)) {}

  result<std::unique_ptr<read_transaction>> begin_read() noexcept override {
    const result<lmdb::reader> begun = book_->begin_read();
    if (!begun) return begun.error();
    std::unique_ptr<read_transaction> made(new (std::nothrow) lmdb_read(book_, *begun));
    if (made) return made;
    book_->end_read(*begun);
    return no_memory;
  }

  result<std::unique_ptr<write_transaction>> begin_write() noexcept override {
    const result<MDB_txn*> begun = book_->begin_write();
    if (!begun) return begun.error();
    std::unique_ptr<write_transaction> made(new (std::nothrow) lmdb_write(book_, *begun));
    if (made) return made;
    book_->abort_write(*begun);
    return no_memory;
  }

  result<backend_figures> figures() noexcept override { return book_->figures(); }

 private:
  std::shared_ptr<environment> book_;
};

std::string without_trailing_slashes(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  return std::string(path);
}

bool usable_path(std::string_view path) noexcept {
  return !path.empty() && path.find('\0') == std::string_view::npos;
}

constexpr error bad_path{errc::invalid_argument, "a book needs a path"};
constexpr error occupied{errc::already_exists, "something is at this path already"};

// A folder beside the book's place, in which a new one is made. Whoever locks it makes the
// book; what a killed process left in it is swept away by the next.
class workshop {
 public:
  explicit workshop(const std::string& book) {
    const std::size_t slash = book.rfind('/');
    parent_ = posix::folder_of(book);
    path_ = parent_ + "/." + (slash == std::string::npos ? book : book.substr(slash + 1)) + ".new";
  }
  ~workshop() {
    if (!mine_) return;
    sweep();
    ::rmdir(path_.c_str());
  }
  workshop(const workshop&) = delete;
  workshop& operator=(const workshop&) = delete;

  const std::string& path() const noexcept { return path_; }

  result<void> enter() {
    if (::mkdir(path_.c_str(), 0700) != 0 && errno != EEXIST) {
      if (errno == ENOENT || errno == ENOTDIR) {
        return error{errc::invalid_argument, "the folder above the book does not exist"};
      }
      return lmdb::system_error(errno);
    }
    result<lmdb::file> opened = lmdb::open_folder(path_);
    if (!opened) return opened.error();
    folder_ = std::move(*opened);
    constexpr error taken{errc::locked, "another process is creating this book"};
    if (!lmdb::lock_folder(folder_, 0)) return taken;
    struct stat here {};
    struct stat there {};
    if (::fstat(folder_.get(), &here) != 0 || ::lstat(path_.c_str(), &there) != 0 ||
        here.st_dev != there.st_dev || here.st_ino != there.st_ino) {
      return taken;  // The other one has just finished.
    }
    mine_ = true;
    sweep();
    return {};
  }

  // The book appears at its place at once and whole.
  result<void> publish(const std::string& book) {
    ::unlink((path_ + "/lock.mdb").c_str());
    if (const result<void> synced = lmdb::sync(folder_); !synced) return synced;
    if (::rename(path_.c_str(), book.c_str()) != 0) {
      if (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR) return occupied;
      return lmdb::system_error(errno);
    }
    mine_ = false;
    return lmdb::sync_folder(parent_);
  }

 private:
  void sweep() noexcept {
    for (const char* name : {"/data.mdb", "/lock.mdb"}) {
      ::unlink((path_ + name).c_str());
    }
  }

  std::string parent_;
  std::string path_;
  lmdb::file folder_;
  bool mine_ = false;
};

}  // namespace

result<std::unique_ptr<backend>> open_lmdb_backend(std::string_view path,
                                                   const lmdb_options& options) noexcept try {
  if (!usable_path(path)) return bad_path;
  result<std::shared_ptr<environment>> book =
      environment::open(without_trailing_slashes(path), options);
  if (!book) return book.error();
  return std::unique_ptr<backend>(std::make_unique<lmdb_backend>(std::move(*book)));
} catch (const std::exception&) {
  return no_memory;
}

result<std::unique_ptr<backend>> create_lmdb_backend(std::string_view path,
                                                     const lmdb_options& options) noexcept try {
  if (!usable_path(path)) return bad_path;
  if (options.mode == lmdb_options::access::read_only) {
    return error{errc::invalid_argument, "a book cannot be created for reading only"};
  }
  const std::string book = without_trailing_slashes(path);
  struct stat status {};
  if (::lstat(book.c_str(), &status) == 0 && !S_ISDIR(status.st_mode)) return occupied;
  {
    workshop making(book);
    if (const result<void> entered = making.enter(); !entered) return entered.error();
    if (const result<void> made = environment::initialise(making.path()); !made) {
      return made.error();
    }
    if (const result<void> published = making.publish(book); !published) return published.error();
  }
  return open_lmdb_backend(book, options);
} catch (const std::exception&) {
  return no_memory;
}

}  // namespace clientbook
