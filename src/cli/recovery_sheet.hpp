// A page to print for each share of a recovery key.
#ifndef CLIENTBOOK_CLI_RECOVERY_SHEET_HPP
#define CLIENTBOOK_CLI_RECOVERY_SHEET_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace clientbook::cli {

struct figures_of_sheet {
  std::string book;
  std::string key_number;
  unsigned needed = 0;
  std::size_t shares = 0;
};

/// A folder that this makes (mode 0700); nothing at all if no path is given.
class sheet_folder {
 public:
  /// Ends the command if something is there, or it cannot be made.
  explicit sheet_folder(std::string path);
  ~sheet_folder();
  sheet_folder(const sheet_folder&) = delete;
  sheet_folder& operator=(const sheet_folder&) = delete;
  bool given() const noexcept { return !path_.empty(); }
  /// Ends the command if it cannot; what was written goes with this object, unless keep() was
  /// called.
  void write(const figures_of_sheet& facts, std::size_t number, std::string_view share);
  /// All of them are where they belong, and durable; ends the command if not.
  void keep();

 private:
  std::string name_of(std::size_t number) const;
  std::string path_;
  std::size_t written_ = 0;
  bool kept_ = false;
};

/// Whether what was typed so far is as long as a share.
bool whole_share(std::string_view typed) noexcept;

}  // namespace clientbook::cli

#endif
