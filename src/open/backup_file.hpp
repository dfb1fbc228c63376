// A backup's file: written under another name and placed when it is whole; read piece by piece.
#ifndef CLIENTBOOK_OPEN_BACKUP_FILE_HPP
#define CLIENTBOOK_OPEN_BACKUP_FILE_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/internal/adapters/posix_file.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace clientbook {

class new_backup_file {
 public:
  /// Errors: already_exists, locked, not_found, permission_denied, disk_full, io_error.
  static result<new_backup_file> begin(std::string_view path);
  ~new_backup_file();
  new_backup_file(new_backup_file&& other) noexcept = default;
  new_backup_file& operator=(new_backup_file&&) = delete;

  result<void> operator()(byte_view bytes) noexcept;
  /// On disk, and in its place. Errors: already_exists (somebody was quicker); as begin.
  result<void> place() noexcept;

 private:
  new_backup_file(std::string path, posix::file part) noexcept;
  std::string path_;
  std::string part_;
  posix::file file_;  ///< The part; none once it is in its place.
};

class backup_file {
 public:
  /// Errors: not_found, permission_denied, io_error, invalid_argument (a folder).
  static result<backup_file> open(const std::string& path);
  result<std::size_t> operator()(byte_span to) noexcept;

 private:
  explicit backup_file(posix::file opened) noexcept : file_(std::move(opened)) {}
  posix::file file_;
};

}  // namespace clientbook

#endif
