// A file as a flash part (flash_file.hpp): POSIX.1-2008 calls only.
#include <clientbook/adapters/flash_file.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace clientbook {
namespace {

constexpr std::size_t chunk_size = 512;
constexpr std::uint32_t granule = 8;

bool write_all(int file, const unsigned char* from, std::size_t size, off_t at) noexcept {
  while (size != 0) {
    const ssize_t done = pwrite(file, from, size, at);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    from += done;
    at += done;
    size -= static_cast<std::size_t>(done);
  }
  return true;
}

bool read_all(int file, unsigned char* to, std::size_t size, off_t at) noexcept {
  while (size != 0) {
    const ssize_t done = pread(file, to, size, at);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    to += done;
    at += done;
    size -= static_cast<std::size_t>(done);
  }
  return true;
}

bool blank(int file, off_t at, std::size_t size) noexcept {
  std::array<unsigned char, chunk_size> ones;
  ones.fill(0xFF);
  for (std::size_t done = 0; done < size; done += chunk_size) {
    if (!write_all(file, ones.data(), std::min(chunk_size, size - done),
                   at + static_cast<off_t>(done))) {
      return false;
    }
  }
  return true;
}

error open_failed() noexcept {
  if (errno == EACCES || errno == EPERM || errno == EROFS) {
    return {errc::permission_denied, "the flash file may not be opened for writing"};
  }
  if (errno == ENOSPC) return {errc::disk_full, "no room for the flash file"};
  return {errc::io_error, "the flash file could not be opened"};
}

}  // namespace

flash_file::~flash_file() {
  if (file_ >= 0) close(file_);
}

result<void> flash_file::open(const char* path, std::uint32_t sector_size,
                              std::uint32_t sectors) noexcept {
  if (file_ >= 0) return error{errc::invalid_state, "a flash file is open already"};
  const int file = ::open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return open_failed();
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  struct stat found {};
  const off_t size = static_cast<off_t>(sector_size) * sectors;
  const bool locked = fcntl(file, F_SETLK, &lock) == 0;
  if (!locked || fstat(file, &found) != 0 || (found.st_size != 0 && found.st_size != size)) {
    close(file);
    if (!locked) return error{errc::locked, "another process has the flash file open"};
    return error{errc::not_a_book, "the file is not a flash file of that size"};
  }
  file_ = file;
  sector_size_ = sector_size;
  sectors_ = sectors;
  return found.st_size == 0 ? fill() : result<void>();
}

result<void> flash_file::fill() noexcept {
  const std::size_t size = std::size_t{sector_size_} * sectors_;
  if (blank(file_, 0, size) && fsync(file_) == 0) return {};
  const error failure = open_failed();
  // Of another size than it should have: emptied, so that it can be opened again.
  if (ftruncate(file_, 0) != 0)
    return error{errc::io_error, "the flash file is not whole: remove it"};
  close(file_);
  file_ = -1;
  return failure;
}

int flash_file::read(std::uint32_t at, void* to, std::size_t size) const noexcept {
  return read_all(file_, static_cast<unsigned char*>(to), size, static_cast<off_t>(at))
             ? CLIENTBOOK_FLASH_OK
             : CLIENTBOOK_FLASH_FAILED;
}

int flash_file::program(std::uint32_t at, const void* from, std::size_t size) noexcept {
  std::array<unsigned char, chunk_size> bytes;
  const auto* wanted = static_cast<const unsigned char*>(from);
  for (std::size_t done = 0; done < size; done += chunk_size) {
    const std::size_t here = std::min(chunk_size, size - done);
    const auto where = static_cast<off_t>(at + done);
    if (!read_all(file_, bytes.data(), here, where)) return CLIENTBOOK_FLASH_FAILED;
    for (std::size_t i = 0; i < here; ++i) {
      bytes[i] = static_cast<unsigned char>(bytes[i] & wanted[done + i]);
    }
    if (!write_all(file_, bytes.data(), here, where)) return CLIENTBOOK_FLASH_FAILED;
  }
  return CLIENTBOOK_FLASH_OK;
}

int flash_file::erase(std::uint32_t sector) noexcept {
  if (sector >= sectors_) return CLIENTBOOK_FLASH_FAILED;
  const off_t at = static_cast<off_t>(sector) * static_cast<off_t>(sector_size_);
  return blank(file_, at, sector_size_) ? CLIENTBOOK_FLASH_OK : CLIENTBOOK_FLASH_FAILED;
}

clientbook_flash_part flash_file::part() noexcept {
  clientbook_flash_part out{};
  out.context = this;
  out.sector_size = sector_size_;
  out.sector_count = sectors_;
  out.granule = granule;
  out.capabilities = CLIENTBOOK_FLASH_ZERO_OVERWRITE | CLIENTBOOK_FLASH_REPROGRAM_SAME;
  out.read = [](void* self, std::uint32_t at, void* to, std::size_t size) {
    return static_cast<flash_file*>(self)->read(at, to, size);
  };
  out.program = [](void* self, std::uint32_t at, const void* from, std::size_t size) {
    return static_cast<flash_file*>(self)->program(at, from, size);
  };
  out.erase = [](void* self, std::uint32_t sector) {
    return static_cast<flash_file*>(self)->erase(sector);
  };
  out.sync = [](void* self) {
    return fsync(static_cast<flash_file*>(self)->file_) == 0 ? int{CLIENTBOOK_FLASH_OK}
                                                             : int{CLIENTBOOK_FLASH_FAILED};
  };
  return out;
}

}  // namespace clientbook
