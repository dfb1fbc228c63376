// A file of keys that is open, closed at the end.
#ifndef CLIENTBOOK_ADAPTERS_ROOT_CELL_OPENED_FILE_HPP
#define CLIENTBOOK_ADAPTERS_ROOT_CELL_OPENED_FILE_HPP

#include <fcntl.h>
#include <unistd.h>

#include <string>

namespace clientbook {

class opened_file {
 public:
  /// One that is made is for its owner alone. No terminal becomes the process's by it.
  opened_file(const std::string& path, int flags) noexcept
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, 0600)) {}
  ~opened_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  opened_file(const opened_file&) = delete;
  opened_file& operator=(const opened_file&) = delete;
  explicit operator bool() const noexcept { return descriptor_ >= 0; }
  int get() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace clientbook

#endif
