// Flash file: a file that serves as a flash part, for terminals with a file system and for tests.
//
// The file has the size of the part; a new one is erased throughout. Programming clears bits here
// too, so that what works on a file works on flash. sync() makes it durable.
//
// Thread safety: belongs to one thread at a time; one process at a time has the file open.
#ifndef CLIENTBOOK_ADAPTERS_FLASH_FILE_HPP
#define CLIENTBOOK_ADAPTERS_FLASH_FILE_HPP

#include <clientbook/adapters/flash_part.h>
#include <clientbook/base/result.hpp>

#include <cstddef>
#include <cstdint>

namespace clientbook {

class flash_file {
 public:
  flash_file() noexcept = default;
  ~flash_file();
  flash_file(const flash_file&) = delete;
  flash_file& operator=(const flash_file&) = delete;

  /// Opens a file of exactly that size, or makes it. Errors: invalid_state (one is open), locked
  /// (another process has it), not_a_book (a file of another size), permission_denied, disk_full,
  /// io_error.
  result<void> open(const char* path, std::uint32_t sector_size, std::uint32_t sectors) noexcept;

  /// The port; this object must stay where it is as long as it is used. Precondition: open().
  [[nodiscard]] clientbook_flash_part part() noexcept;

 private:
  result<void> fill() noexcept;
  int read(std::uint32_t at, void* to, std::size_t size) const noexcept;
  int program(std::uint32_t at, const void* from, std::size_t size) noexcept;
  int erase(std::uint32_t sector) noexcept;

  int file_ = -1;
  std::uint32_t sector_size_ = 0;
  std::uint32_t sectors_ = 0;
};

}  // namespace clientbook

#endif
