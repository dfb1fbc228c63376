// Room that is taken on the book's disk before anything leaves, so that what has to be written down
// afterwards finds a place on a disk that filled up meanwhile.
#include "spare_room.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>

#include "program.hpp"

namespace clientbook::cli {
namespace {

int kept = -1;

int room_in(const std::string& folder) {
  const int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) return file;
  const std::string name = folder + "/room-" + std::to_string(::getpid());
  const int named = ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

}  // namespace

void keep_room(const std::string& book_path, std::uint64_t customers) {
  constexpr std::uint64_t of_any = 256 * 1024;  // Pages that a change writes anew.
  constexpr std::uint64_t of_each = 1024;       // A mark takes some 540 bytes.
  give_room_back();
  kept = room_in(book_path);
  if (kept < 0 && errno != ENOSPC && errno != EDQUOT) return;
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  const int code =
      kept < 0 ? ENOSPC
               : ::posix_fallocate(kept, 0, static_cast<off_t>(of_any + of_each * customers));
  std::signal(SIGXFSZ, before);
  if (code == 0) return;
  give_room_back();
  if (code != ENOSPC && code != EDQUOT) return;
  fail(
      {errc::disk_full, "no room to tell the ledger what did not get out: make room and try again"},
      "nothing has left");
}

void give_room_back() noexcept {
  if (kept >= 0) ::close(kept);
  kept = -1;
}

}  // namespace clientbook::cli
