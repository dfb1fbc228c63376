// What this adapter asks of the file system.
#ifndef CLIENTBOOK_ADAPTERS_LMDB_POSIX_FILE_HPP
#define CLIENTBOOK_ADAPTERS_LMDB_POSIX_FILE_HPP

#include <clientbook/base/result.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace clientbook::lmdb {

class file {
 public:
  file() noexcept = default;
  explicit file(int descriptor) noexcept : descriptor_(descriptor) {}
  file(file&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  file& operator=(file&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~file();

  explicit operator bool() const noexcept { return descriptor_ >= 0; }
  int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_ = -1;
};

/// What errno says, in our codes; io_error when it says nothing more precise.
error system_error(int number) noexcept;

/// Opens a folder. Errors: not_found, not_a_book (no folder), permission_denied, io_error.
result<file> open_folder(const std::string& path) noexcept;

result<void> sync(const file& opened) noexcept;
result<void> sync_folder(const std::string& path) noexcept;

/// Locks the folder against other openers until it is closed; the lock dies with the process.
/// Errors: locked after `wait_ms`.
result<void> lock_folder(const file& folder, std::uint32_t wait_ms) noexcept;

}  // namespace clientbook::lmdb

#endif
