// Where bytes of an import come from: memory, or a file that may be compressed.
//
// A stream that was cut off is an error and never a shorter file: an import that lost its end would
// lose refusals with it.
#include <zlib.h>
#include <clientbook/exchange/csv.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace clientbook {
namespace {

class memory final : public byte_source {
 public:
  explicit memory(std::string_view text) noexcept : rest_(text) {}

  result<std::size_t> read(std::span<char> into) override {
    const std::size_t count = std::min(into.size(), rest_.size());
    if (count > 0) std::memcpy(into.data(), rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
};

// What tells that a file is another one than it was. A pipe has neither.
struct stamp {
  off_t size = 0;
  timespec changed{};
};

std::optional<stamp> stamp_of(int file) noexcept {
  struct stat found {};
  if (fstat(file, &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  return stamp{found.st_size, found.st_mtim};
}

// zlib hands a file through unchanged that does not begin with the gzip magic number.
class file final : public byte_source {
 public:
  file(gzFile opened, int beside) noexcept
      : opened_(opened), beside_(beside), begun_(stamp_of(beside)) {
    gzbuffer(opened_, 128U << 10U);
  }
  file(const file&) = delete;
  file& operator=(const file&) = delete;
  ~file() override {
    gzclose_r(opened_);
    close(beside_);
  }

  result<std::size_t> read(std::span<char> into) override {
    const auto want = static_cast<unsigned>(std::min(into.size(), std::size_t{1} << 30U));
    errno = 0;
    const int count = gzread(opened_, into.data(), want);
    // A gzip stream that is cut off ends quietly; only the error state tells.
    int status = Z_OK;
    if (count <= 0) gzerror(opened_, &status);
    if (status == Z_BUF_ERROR) return error{errc::truncated, "the gzip stream ends too early"};
    if (status == Z_DATA_ERROR) return error{errc::damaged, "the gzip stream is corrupt"};
    if (count < 0) return error{errc::io_error, "the file cannot be read"};
    if (count == 0 && changed()) {
      return error{errc::io_error, "the file was changed while it was read: try again"};
    }
    return static_cast<std::size_t>(count);
  }

 private:
  bool changed() const noexcept {
    if (!begun_) return false;
    const auto now = stamp_of(beside_);
    return !now || now->size != begun_->size || now->changed.tv_sec != begun_->changed.tv_sec ||
           now->changed.tv_nsec != begun_->changed.tv_nsec;
  }

  gzFile opened_;
  int beside_;  // The same file, to ask about it: zlib keeps its own to itself.
  std::optional<stamp> begun_;
};

// Unpacks on a thread of its own, some blocks ahead of who reads: rows are read on one core while
// another one unpacks the next. What the source says comes out here, in order, errors too.
class read_ahead final : public byte_source {
 public:
  explicit read_ahead(std::unique_ptr<byte_source> from)
      : from_(std::move(from)), worker_([this] { work(); }) {}
  read_ahead(const read_ahead&) = delete;
  read_ahead& operator=(const read_ahead&) = delete;
  ~read_ahead() override {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    moved_.notify_all();
    worker_.join();
  }

  result<std::size_t> read(std::span<char> into) override {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [&] { return !blocks_.empty() || ended_; });
    if (blocks_.empty() && failure_.code != errc::none) return failure_;
    if (blocks_.empty()) return std::size_t{0};
    const std::string& front = blocks_.front();
    const std::size_t count = std::min(into.size(), front.size() - taken_);
    if (count > 0) std::memcpy(into.data(), front.data() + taken_, count);
    taken_ += count;
    if (taken_ == front.size()) {
      blocks_.pop_front();
      taken_ = 0;
      moved_.notify_all();
    }
    return count;
  }

 private:
  static constexpr std::size_t block_bytes = 256U << 10U;
  static constexpr std::size_t most_blocks = 8;

  void work() noexcept {
    error told{};
    while (told.code == errc::none && next(told)) {
    }
    {
      const std::lock_guard lock(mutex_);
      failure_ = told;
      ended_ = true;
    }
    moved_.notify_all();
  }

  // One block; false at the end.
  bool next(error& told) noexcept try {
    std::string block(block_bytes, '\0');
    const auto count = from_->read(block);
    if (!count) {
      told = count.error();
      return false;
    }
    if (*count == 0) return false;
    block.resize(*count);
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [&] { return blocks_.size() < most_blocks || stopped_; });
    if (stopped_) return false;
    blocks_.push_back(std::move(block));
    moved_.notify_all();
    return true;
  } catch (const std::bad_alloc&) {
    told = not_enough_memory;
    return false;
  }

  std::unique_ptr<byte_source> from_;  // The worker's alone.
  std::mutex mutex_;
  std::condition_variable moved_;
  std::deque<std::string> blocks_;
  std::size_t taken_ = 0;  // Of the first block.
  error failure_{};
  bool ended_ = false;
  bool stopped_ = false;
  std::thread worker_;  // Last: it uses all of them.
};

// A pipe may have no end, and nobody could wait for it.
bool worth_a_thread(gzFile stream, int beside) noexcept {
  return stamp_of(beside) && gzdirect(stream) == 0;
}

}  // namespace

result<std::unique_ptr<byte_source>> open_file_source(const std::string& path) try {
  const int opened = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return error{errc::not_found, "no such file"};
    if (errno == EACCES) return error{errc::permission_denied, "the file may not be read"};
    return error{errc::io_error, "the file cannot be opened"};
  }
  const int beside = fcntl(opened, F_DUPFD_CLOEXEC, 0);
  const gzFile stream = beside < 0 ? nullptr : gzdopen(opened, "rb");
  if (stream == nullptr) {
    close(opened);
    if (beside >= 0) close(beside);
    return error{errc::io_error, "the file cannot be opened"};
  }
  const bool packed = worth_a_thread(stream, beside);
  std::unique_ptr<byte_source> plain = std::make_unique<file>(stream, beside);
  if (!packed) return plain;
  return std::unique_ptr<byte_source>(std::make_unique<read_ahead>(std::move(plain)));
} catch (const std::system_error&) {
  return error{errc::limit_exceeded, "the system gave no thread"};
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

std::unique_ptr<byte_source> memory_source(std::string_view text) {
  return std::make_unique<memory>(text);
}

}  // namespace clientbook
