// Files of the system, for the rooms that keep something in them: a descriptor that is closed at
// its end, locks that are waited for no longer than told, and what errno says in clientbook's
// codes.
//
// One table says which code an errno is, so that a full disk is disk_full whatever was written; a
// room says in words of its own what that means for its files.
//
// Thread safety: functions may be called at once; a file is used by one thread at a time.
#ifndef CLIENTBOOK_INTERNAL_ADAPTERS_POSIX_FILE_HPP
#define CLIENTBOOK_INTERNAL_ADAPTERS_POSIX_FILE_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace clientbook::posix {

/// A descriptor, closed at its end; none where the opening failed, and then errno says why.
class file {
 public:
  file() noexcept = default;
  explicit file(int descriptor) noexcept : descriptor_(descriptor) {}
  /// `flags` of open(2). What is made is for its owner alone; no program that is started later has
  /// it, and no terminal becomes the process's by it.
  file(const std::string& path, int flags) noexcept;
  file(file&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  file& operator=(file&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~file();

  explicit operator bool() const noexcept { return descriptor_ >= 0; }
  int get() const noexcept { return descriptor_; }

 private:
  int descriptor_ = -1;
};

/// What a room says where its files fail it. What it leaves out is said in general words.
///
/// What is absent, or a folder, may be another code for a room: a root cell that is not there is a
/// key that is not; a pin fails in calls about customers, where not_found would mean the customer.
struct words {
  errc absent_is = errc::not_found;
  errc folder_is = errc::invalid_argument;
  literal absent = "no such file or folder";
  literal taken = "something lies there already, and stays: name another place";
  literal full = "no space left: make room and try again";
  literal refused = "the system refuses access to the file or its folder";
  literal linked = "a link lies there, or links form a loop: name the file itself";
  literal folder = "a folder lies there: name a file";
  literal path = "the path is too long";
  literal scarce = "no memory or open files left for it";
  literal failed = "the storage failed: see the system's log";
  literal locked = "another program holds it, and did not end in time: try again, or end it";
};

/// What an errno is, whatever file it is about; told() asks absent_is and folder_is beside it.
/// io_error where it says nothing that a caller would act on.
errc code_of(int number) noexcept;

/// The same, in a room's words.
error told(int number, const words& said) noexcept;

/// The folder that a file lies in, by its path alone.
std::string folder_of(const std::string& path);

/// All of it, from where the file stands. Errors: as told(); disk_full when the system takes no
/// more and says nothing.
result<void> write_all(const file& to, byte_view bytes, const words& said) noexcept;

result<void> sync(const file& opened, const words& said) noexcept;
/// Of a file that is written over: its bytes, and its size where that has changed, but no times.
result<void> sync_data(const file& opened, const words& said) noexcept;
/// Makes durable which names a folder has.
result<void> sync_folder(const std::string& path, const words& said) noexcept;

/// Locks a file or folder against everybody else who does, until it is closed: the lock dies with
/// the process. `wait_ms` below 0: as long as it takes. Else it is tried again and again: a lock of
/// this kind has no end of its own, and its holder may have been stopped.
/// Errors: locked, as told().
result<void> lock(const file& opened, std::int64_t wait_ms, const words& said) noexcept;

}  // namespace clientbook::posix

#endif
