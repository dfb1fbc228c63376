// One open book in this process: LMDB's environment, the guard around opening it, its map
// and its idle read transactions.
#ifndef CLIENTBOOK_ADAPTERS_LMDB_ENVIRONMENT_HPP
#define CLIENTBOOK_ADAPTERS_LMDB_ENVIRONMENT_HPP

#include <lmdb.h>
#include "posix_file.hpp"

#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/vault/backend.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace clientbook::lmdb {

/// Counts the forks behind this process: what was opened before one is not used after it.
std::uint64_t fork_generation() noexcept;

/// The file of an open book, which a process opens once.
class claim {
 public:
  using identity = std::pair<std::uint64_t, std::uint64_t>;  ///< Device and inode.
  /// Errors: invalid_state if this process has it already.
  static result<claim> take(identity file);
  claim(claim&& other) noexcept : held_(std::exchange(other.held_, std::nullopt)) {}
  claim& operator=(claim&&) = delete;
  ~claim();

 private:
  explicit claim(identity file) noexcept : held_(file) {}
  std::optional<identity> held_;
};

/// A read transaction of LMDB with its cursor; idle ones are kept and begun anew.
struct reader {
  MDB_txn* transaction = nullptr;
  MDB_cursor* cursor = nullptr;
};

class environment {
 public:
  /// `folder` holds a book. Errors: as open_lmdb_backend.
  static result<std::shared_ptr<environment>> open(const std::string& folder,
                                                   const lmdb_options& options);
  /// Writes a new book's files into an empty folder.
  static result<void> initialise(const std::string& folder);

  ~environment();
  environment(const environment&) = delete;
  environment& operator=(const environment&) = delete;

  MDB_dbi rows() const noexcept { return rows_; }

  /// Errors: invalid_state (poisoned, or inherited through a fork).
  result<void> usable() const noexcept;
  bool inherited() const noexcept { return generation_ != fork_generation(); }

  result<reader> begin_read() noexcept;
  void end_read(reader ended) noexcept;
  /// Begins `held` anew; on an error it is ended.
  result<void> renew(reader& held) noexcept;

  result<MDB_txn*> begin_write() noexcept;
  void abort_write(MDB_txn* transaction) noexcept;
  result<void> commit(MDB_txn* transaction) noexcept;
  /// What a failed put or erase means; the transaction is still to be aborted. `system` is
  /// errno after the call, which was 0 before it.
  error failed_write(int code, int system) noexcept;

  result<backend_figures> figures() noexcept;

 private:
  environment(MDB_env* handle, claim held, lmdb_options::access mode) noexcept;

  result<reader> begin_settled_read() noexcept;
  result<void> check_content(const file& data, lmdb_options::check depth);
  result<void> start(reader& held) noexcept;
  result<void> follows_last_commit(MDB_txn* writing) noexcept;
  result<void> enlarge(std::uint64_t at_least) noexcept;
  bool nearly_full() const noexcept;
  void one_more() noexcept;
  void one_less() noexcept;

  MDB_env* handle_;
  MDB_dbi rows_ = 0;
  claim claim_;
  lmdb_options::access mode_;
  std::uint64_t generation_;
  std::atomic<bool> poisoned_{false};
  std::atomic<std::thread::id> writer_{};
  std::atomic<std::uint32_t> begun_{0};
  std::atomic<bool> outgrown_{false};

  std::mutex mutex_;  // Guards what follows.
  std::condition_variable none_active_;
  std::uint64_t active_ = 0;
  std::vector<reader> idle_;
};

}  // namespace clientbook::lmdb

#endif
