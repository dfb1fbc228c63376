// What the rooms that keep files share: the table of errno, words of a room, descriptors, locks.
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/key_slots.hpp>
#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/internal/adapters/posix_file.hpp>

#include "scratch.hpp"
#include "testing.hpp"

#include "cell_testing.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <type_traits>
#include <utility>

using namespace clientbook;
using testing::code;
using testing::exited_with;
using testing::in_child;

static_assert(!std::is_copy_constructible_v<posix::file>, "a descriptor has one owner");

namespace {

constexpr posix::words said{.absent_is = errc::key_unavailable,
                            .folder_is = errc::wrong_type,
                            .absent = "absent",
                            .taken = "taken",
                            .full = "full",
                            .refused = "refused",
                            .linked = "linked",
                            .folder = "folder",
                            .path = "path",
                            .scarce = "scarce",
                            .failed = "failed",
                            .locked = "locked"};

bool is_open(int descriptor) { return ::fcntl(descriptor, F_GETFD) != -1; }

// From here on no file of this process becomes longer.
bool files_end_at(rlim_t bytes) {
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, bytes};
  return ::setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

}  // namespace

TEST_CASE("posix: one table says which code an errno is, whatever file it is about") {
  const struct {
    int number;
    errc code;
    const char* text;
  } rows[] = {
      {ENOENT, errc::not_found, "absent"},
      {ENOTDIR, errc::not_found, "absent"},
      {EEXIST, errc::already_exists, "taken"},
      {ENOTEMPTY, errc::already_exists, "taken"},
      {ENOSPC, errc::disk_full, "full"},
      {EDQUOT, errc::disk_full, "full"},
      {EFBIG, errc::disk_full, "full"},
      {EACCES, errc::permission_denied, "refused"},
      {EPERM, errc::permission_denied, "refused"},
      {EROFS, errc::permission_denied, "refused"},
      {ELOOP, errc::permission_denied, "linked"},
      {EISDIR, errc::invalid_argument, "folder"},
      {ENAMETOOLONG, errc::invalid_argument, "path"},
      {ENOMEM, errc::limit_exceeded, "scarce"},
      {EMFILE, errc::limit_exceeded, "scarce"},
      {ENFILE, errc::limit_exceeded, "scarce"},
      {EIO, errc::io_error, "failed"},
      {EINVAL, errc::io_error, "failed"},
      {0, errc::io_error, "failed"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.number);
    CHECK(posix::code_of(row.number) == row.code);
    const error told = posix::told(row.number, said);
    CHECK(std::string(told.text.c_str()) == row.text);
    CHECK(told.code == (row.code == errc::not_found ? errc::key_unavailable
                        : row.number == EISDIR      ? errc::wrong_type
                                                    : row.code));
    CHECK(posix::told(row.number, {}).code == row.code);
  }
}

TEST_CASE("posix: a limit of the size of files is a full disk, whichever room writes") {
  const testing::scratch folder;
  { REQUIRE(create_lmdb_backend(folder / "shop.book")); }
  const auto written = [&](auto&& body) {
    return in_child([&] { return files_end_at(0) && body() == errc::disk_full ? 0 : 1; });
  };
  CHECK(exited_with(written([&] { return code(make_key_file(folder / "till.key", "", "")); }), 0));
  CHECK(exited_with(
      written([&] { return code(file_root_cell::create_new(folder / "keys/shop.key", "")); }), 0));
  CHECK(exited_with(written([&] { return code(create_lmdb_backend(folder / "other.book")); }), 0));
  CHECK(::access((folder / "till.key").c_str(), F_OK) != 0);  // Nothing is left of it.
}

TEST_CASE(
    "posix: what the system takes in pieces is written whole, and what it takes no more of is "
    "told") {
  const testing::scratch folder;
  const std::string path = folder / "file";
  const std::string text(1500, 'x');
  const int status = in_child([&] {
    if (!files_end_at(1000)) return 2;
    const posix::file to(path, O_WRONLY | O_CREAT | O_EXCL);
    return code(posix::write_all(to, as_bytes(text), said)) == errc::disk_full ? 0 : 1;
  });
  CHECK(exited_with(status, 0));
  CHECK(std::filesystem::file_size(path) == 1000);
  const posix::file whole(folder / "whole", O_WRONLY | O_CREAT | O_EXCL);
  CHECK(posix::write_all(whole, as_bytes(text), said));
  CHECK(posix::sync(whole, said));
  CHECK(std::filesystem::file_size(folder / "whole") == 1500);
}

TEST_CASE("posix: a file is closed at its end, once, and no program started later has it") {
  const testing::scratch folder;
  int number = -1;
  {
    posix::file first(folder / "file", O_RDWR | O_CREAT);
    number = first.get();
    REQUIRE(is_open(number));
    CHECK((::fcntl(number, F_GETFD) & FD_CLOEXEC) != 0);
    struct stat status {};
    REQUIRE(::fstat(number, &status) == 0);
    CHECK((status.st_mode & 077) == 0);
    const posix::file second(std::move(first));
    CHECK(!first);  // NOLINT(bugprone-use-after-move): what is left is said to be none.
    CHECK(second.get() == number);
  }
  CHECK(!is_open(number));
  const posix::file none(folder / "absent", O_RDONLY);
  CHECK(errno == ENOENT);
  CHECK(!none);
}

TEST_CASE("posix: a lock is waited for no longer than told, and goes with its holder") {
  const testing::scratch folder;
  auto holder = std::make_unique<posix::file>(folder.path(), O_RDONLY | O_DIRECTORY);
  REQUIRE(posix::lock(*holder, 0, said));
  const posix::file other(folder.path(), O_RDONLY | O_DIRECTORY);
  const auto before = std::chrono::steady_clock::now();
  const auto waited = posix::lock(other, 30, said);
  CHECK(std::chrono::steady_clock::now() - before >= std::chrono::milliseconds(30));
  REQUIRE(!waited);
  CHECK(waited.error().code == errc::locked);
  CHECK(std::string(waited.error().text.c_str()) == "locked");
  holder.reset();
  CHECK(posix::lock(other, 0, said));
  CHECK(posix::lock(other, -1, said));  // It has it already.
}

TEST_CASE("posix: the folder of a path") {
  CHECK(posix::folder_of("a/b") == "a");
  CHECK(posix::folder_of("/b") == "/");
  CHECK(posix::folder_of("b") == ".");
  CHECK(posix::folder_of("a/b/") == "a/b");
}
