// Where data that leaves the book is written: all of it or nothing, and what did not get out is
// known.
#ifndef CLIENTBOOK_CLI_DESTINATION_HPP
#define CLIENTBOOK_CLI_DESTINATION_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook::cli {

/// As it is written (standard output, a device), or in one piece, put in its place only when all of
/// it is on the disk. Until then its files have no names where the system can do that, and are gone
/// with a program that is killed. While there is one, signals that end a program end the writing:
/// what was begun is taken away, and the caller can tell the ledger.
class destination {
 public:
  /// `-`: standard output. Ends the command where something is there already, or nothing can be
  /// written, and where it lies in the folder of `book`: it would be taken for a part of that.
  destination(std::string path, bool folder, const std::string& book = {});
  ~destination();
  destination(const destination&) = delete;
  destination& operator=(const destination&) = delete;

  bool in_one_piece() const { return !stream_; }

  /// How many bytes were taken. Nothing is thrown from here on: an export has to tell the ledger
  /// what did not get out. `file`: within the folder.
  std::size_t write(std::string_view file, std::string_view text);
  /// False: nothing of it is there.
  bool finish();

  /// What was begun of any is taken away: for the end of the program in a handler of signals.
  static void abandon() noexcept;

 private:
  std::size_t written(std::string_view file, std::string_view text);
  bool put_in_place();
  bool name_files();
  void take_away();
  std::string above() const;
  bool begin(const std::string& name);
  bool close();

  std::string path_, part_;
  bool folder_ = false, stream_ = false, placed_ = false, nameless_ = false;
  bool part_is_ours_ = false;  ///< There is something of that name, and this has made it.
  int file_ = -1;
  std::vector<std::string> written_;
  std::vector<int> kept_;  ///< While they are nameless: the files of `written_`.
};

}  // namespace clientbook::cli

#endif
