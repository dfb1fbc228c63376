// What the LMDB backend promises beyond the contract of every backend.
#include <clientbook/adapters/lmdb_backend.hpp>

#include "scratch.hpp"
#include "system_calls.hpp"
#include "testing.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

using namespace clientbook;
using testing::exited_with;
using testing::fault;
using testing::in_child;
using testing::killed_by;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<backend> create(const std::string& path, const lmdb_options& options = {}) {
  return std::move(create_lmdb_backend(path, options)).value();
}
std::unique_ptr<backend> open(const std::string& path, const lmdb_options& options = {}) {
  return std::move(open_lmdb_backend(path, options)).value();
}
errc open_code(const std::string& path, const lmdb_options& options = {}) {
  const auto book = open_lmdb_backend(path, options);
  return book ? errc::none : book.error().code;
}
errc create_code(const std::string& path) {
  const auto book = create_lmdb_backend(path);
  return book ? errc::none : book.error().code;
}

std::unique_ptr<read_transaction> reading(backend& book) {
  return std::move(book.begin_read()).value();
}
std::unique_ptr<write_transaction> writing(backend& book) {
  return std::move(book.begin_write()).value();
}

template <class T>
errc code(const result<T>& done) {
  return done ? errc::none : done.error().code;
}

errc put(backend& book, std::string_view key, std::string_view value) {
  const auto change = book.begin_write();
  if (!change) return code(change);
  if (const auto done = (*change)->put(as_bytes(key), as_bytes(value)); !done) return code(done);
  return code((*change)->commit());
}

std::string get(backend& book, std::string_view key) {
  const auto view = reading(book);
  const auto found = view->get(as_bytes(key));
  return found ? std::string(as_text(*found)) : "none";
}

void write_file(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}
std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

lmdb_options checking_all() {
  lmdb_options options;
  options.pages = lmdb_options::check::full;
  return options;
}

// Rows of many sizes, changed and erased, so that trees, long values and free pages exist.
void fill(backend& book, int rows) {
  for (int round = 0; round < 3; ++round) {
    const auto change = writing(book);
    for (int i = 0; i < rows; ++i) {
      const std::string value(static_cast<std::size_t>(i % 50 == 0 ? 9000 : 40 + i % 300), 'v');
      REQUIRE(change->put(as_bytes("row" + std::to_string(i * 7919 % rows)), as_bytes(value)));
    }
    REQUIRE(change->commit());
    const auto erasing = writing(book);
    for (int i = round; i < rows; i += 3) {
      REQUIRE(erasing->erase(as_bytes("row" + std::to_string(i))));
    }
    REQUIRE(erasing->commit());
  }
}

// In a child, because a process that maps a damaged file may die.
int reads_everything(const std::string& path, const lmdb_options& options) {
  return in_child([&] {
    const auto book = open_lmdb_backend(path, options);
    if (!book) return static_cast<int>(book.error().code);
    const auto view = (*book)->begin_read();
    if (!view) return 1;
    std::size_t bytes = 0;
    const auto walked = (*view)->walk({}, {}, [&](byte_view key, byte_view value) {
      for (const std::byte b : key) bytes += static_cast<std::size_t>(b);
      for (const std::byte b : value) bytes += static_cast<std::size_t>(b);
      return true;
    });
    return walked && bytes > 0 ? 0 : 1;
  });
}

}  // namespace

TEST_CASE("lmdb: a book is a folder that only its owner can open") {
  const testing::scratch folder;
  ::umask(0);
  const auto book = create(folder / "shop.book");
  ::umask(022);
  const auto mode = [&](const std::string& name) {
    return static_cast<unsigned>(fs::status(folder / name).permissions());
  };
  CHECK(mode("shop.book") == 0700);
  CHECK(mode("shop.book/data.mdb") == 0600);
  CHECK(mode("shop.book/lock.mdb") == 0600);
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("lmdb: what was committed is there when the book is opened again") {
  const testing::scratch folder;
  {
    const auto book = create(folder / "shop.book/");
    CHECK(put(*book, "k", "v") == errc::none);
  }
  CHECK(get(*open(folder / "shop.book"), "k") == "v");
}

TEST_CASE("lmdb: a closed book may be copied, and its lock file deleted") {
  const testing::scratch folder;
  { CHECK(put(*create(folder / "shop.book"), "k", "v") == errc::none); }
  fs::copy(folder / "shop.book", folder / "copy.book", fs::copy_options::recursive);
  fs::remove(folder / "shop.book/lock.mdb");
  CHECK(get(*open(folder / "shop.book"), "k") == "v");
  CHECK(get(*open(folder / "copy.book"), "k") == "v");
}

TEST_CASE("lmdb: nothing is created over something") {
  const testing::scratch folder;
  { CHECK(put(*create(folder / "shop.book"), "k", "v") == errc::none); }
  CHECK(create_code(folder / "shop.book") == errc::already_exists);
  CHECK(get(*open(folder / "shop.book"), "k") == "v");
  write_file(folder / "file", "x");
  CHECK(create_code(folder / "file") == errc::already_exists);
  CHECK(read_file(folder / "file") == "x");
  fs::create_directory(folder / "full");
  write_file(folder / "full/x", "x");
  CHECK(create_code(folder / "full") == errc::already_exists);
  fs::create_directory(folder / "empty");
  CHECK(create_code(folder / "empty") == errc::none);
  CHECK(create_code(folder / "no/such/folder") == errc::invalid_argument);
  CHECK(create_code("") == errc::invalid_argument);
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 4);  // No leftovers.
}

TEST_CASE("lmdb: what is not a book is refused") {
  const testing::scratch folder;
  const std::string at = folder / "x";
  const std::string data = folder / "x/data.mdb";
  CHECK(open_code(at) == errc::not_found);
  write_file(at, "name,phone\n");
  CHECK(open_code(at) == errc::not_a_book);
  fs::remove(at);
  fs::create_directory(at);
  CHECK(open_code(at) == errc::not_a_book);
  fs::create_directory(data);
  CHECK(open_code(at) == errc::not_a_book);
  fs::remove(data);
  for (const std::size_t size : {0u, 1u, 100u, 4096u, 100'000u}) {
    write_file(data, std::string(size, 'x'));
    CHECK(open_code(at) == errc::not_a_book);
    write_file(data, std::string(size, '\0'));
    CHECK(open_code(at) == errc::not_a_book);
  }
  CHECK(open_code("") == errc::invalid_argument);
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(open_code(folder / "pipe") == errc::not_a_book);
}

TEST_CASE("lmdb: other formats are told apart") {
  const testing::scratch folder;
  { CHECK(put(*create(folder / "shop.book"), "k", "v") == errc::none); }
  const std::string data = folder / "shop.book/data.mdb";
  const std::string good = read_file(data);
  REQUIRE(reads_everything(folder / "shop.book", {}) == 0);

  const auto patched = [&](std::size_t at, std::string_view bytes) {
    std::string changed = good;
    changed.replace(at, bytes.size(), bytes);
    write_file(data, changed);
    return open_code(folder / "shop.book", {});
  };
  const auto in_both = [&](std::size_t at, std::string_view bytes) {
    std::string changed = good;
    for (const std::size_t page : {std::size_t{0}, std::size_t{4096}})
      changed.replace(page + at, bytes.size(), bytes);
    write_file(data, changed);
    return open_code(folder / "shop.book", {});
  };
  using namespace std::string_view_literals;
  CHECK(patched(20, "\x02\0\0\0"sv) == errc::newer_format);       // LMDB's version.
  CHECK(in_both(16, "\xbe\xef\xc0\xde"sv) == errc::unsupported);  // The other byte order.
  CHECK(in_both(10, "\0\0"sv) == errc::not_a_book);               // No header page.
  CHECK(in_both(16, "\0\0\0\0"sv) == errc::not_a_book);
  CHECK(in_both(40, "\0\0\0\0"sv) == errc::damaged);  // The page size.

  const std::size_t name = good.rfind("clientbook storage");
  REQUIRE(name != std::string::npos);
  CHECK(patched(name, "somebody's storage") == errc::not_a_book);  // Another LMDB file.
  const std::size_t version = name - 1 + 65 + 3;
  CHECK(patched(version, "\x02"sv) == errc::newer_format);  // Our own format.
  CHECK(patched(0, ""sv) == errc::none);
}

namespace {

// A book whose newest commit is "n" = 6, and its file.
std::string six_commits(const std::string& path) {
  const auto book = create(path);
  for (int i = 1; i <= 6; ++i) REQUIRE(put(*book, "n", std::to_string(i)) == errc::none);
  return read_file(path + "/data.mdb");
}

// 1 for a commit with an odd number. The file's own first commit is the header row's.
std::size_t place_of_newest(const std::string& data) {
  const auto number = [&](std::size_t page) {
    std::size_t out = 0;
    std::memcpy(&out, data.data() + page * 4096 + 16 + 8 + 16 + 2 * 48 + 8, sizeof out);
    return out;
  };
  return number(0) < number(1) ? 1 : 0;
}

}  // namespace

// LMDB opens nothing whose two header pages are not both good, and takes the one with the greater
// number whatever else it says. One write that failed would be the end of a book.
TEST_CASE("lmdb: one header page that can be used is enough, whichever it is") {
  const testing::scratch folder;
  const std::string path = folder / "shop.book";
  const std::string good = six_commits(path);
  const std::size_t newest = place_of_newest(good);
  for (const std::size_t place : {std::size_t{0}, std::size_t{1}}) {
    for (int kind = 0; kind < 6; ++kind) {
      CAPTURE(place);
      CAPTURE(kind);
      std::string changed = good;
      const std::size_t at = place * 4096;
      if (kind == 0) changed.replace(at, 4096, 4096, '\0');
      if (kind == 1) changed.replace(at, 4096, 4096, '\xa5');
      if (kind == 2) changed.replace(at, 80, 80, '\0');             // A write cut short.
      if (kind == 3) changed.replace(at + 16 + 24, 4, 4, '\0');     // The page size alone.
      if (kind == 4) changed.replace(at + 16 + 120, 8, 8, '\x7f');  // The last page's number.
      if (kind == 5) changed.replace(at, 24, 24, '\0');             // What no commit writes.
      write_file(path + "/data.mdb", changed);
      lmdb_options for_reading;
      for_reading.mode = lmdb_options::access::read_only;
      CHECK(open_code(path, for_reading) == errc::damaged);
      CHECK(read_file(path + "/data.mdb") == changed);
      const std::string wanted = place == newest && kind != 5 ? "5" : "6";
      {
        const auto opened = open_lmdb_backend(path, checking_all());
        REQUIRE(opened);
        backend& book = **opened;
        CHECK(get(book, "n") == wanted);
        CHECK(put(book, "n", "7") == errc::none);
        CHECK(put(book, "m", "8") == errc::none);
      }
      const auto book = open(path, checking_all());
      CHECK(get(*book, "n") == "7");
      CHECK(get(*book, "m") == "8");
    }
  }
  std::string neither = good;
  neither.replace(0, 8192, 8192, '\0');
  write_file(path + "/data.mdb", neither);
  CHECK(open_code(path) == errc::not_a_book);
  CHECK(read_file(path + "/data.mdb") == neither);
}

TEST_CASE("lmdb: a broken header page is not mended beside somebody who has the book open") {
  const testing::scratch folder;
  const std::string path = folder / "shop.book";
  const std::string good = six_commits(path);
  const std::size_t older = 1 - place_of_newest(good);
  auto book = open(path);
  std::fstream file(path + "/data.mdb", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(older * 4096)).write(std::string(4096, '\0').data(), 4096);
  file.close();
  const std::string broken = read_file(path + "/data.mdb");
  const int status = in_child([&] { return open_code(path) == errc::locked ? 0 : 1; });
  CHECK(exited_with(status, 0));
  CHECK(read_file(path + "/data.mdb") == broken);
  // It goes on as long as it lives, and nothing of that is lost.
  CHECK(put(*book, "n", "7") == errc::none);
  book.reset();
  CHECK(get(*open(path, checking_all()), "n") == "7");
}

// Whatever a write of a commit does, the next open leads to that commit or to the one before.
TEST_CASE("lmdb: after a failed, a cut or a dying write at any point the book opens") {
  const auto faults = {fault::action::fail, fault::action::cut, fault::action::kill,
                       fault::action::kill_after};
  for (const fault::action what : faults) {
    for (const bool sticky : {false, true}) {
      const testing::scratch folder;
      const std::string path = folder / "shop.book";
      six_commits(path);
      int before = 6;
      for (int n = 1;; ++n) {
        CAPTURE(n);
        CAPTURE(sticky);
        const int wanted = 6 + n;
        const int status = in_child([&] {
          const auto book = open_lmdb_backend(path);
          if (!book) return 9;
          testing::inject({what, n, "pwrite", EIO, sticky});
          const bool done = put(**book, "n", std::to_string(wanted)) == errc::none;
          return testing::calls_counted() < n ? 7 : done ? 0 : 1;
        });
        REQUIRE_FALSE(exited_with(status, 9));
        const auto book = open(path, checking_all());
        const int now = std::stoi(get(*book, "n"));
        CHECK((now == before || now == wanted));
        if (exited_with(status, 0)) CHECK(now == wanted);
        before = now;
        if (exited_with(status, 7)) break;
      }
    }
  }
}

// LMDB follows links and makes a table of readers of whatever it finds.
TEST_CASE("lmdb: nothing is written through a name that leads elsewhere") {
  const testing::scratch folder;
  const std::string path = folder / "shop.book";
  { CHECK(put(*create(path), "k", "v") == errc::none); }
  const std::string other = folder / "other";
  const std::string table = path + "/lock.mdb";
  fs::remove(table);
  SUBCASE("a symbolic link") {
    write_file(other, "what they had");
    fs::create_symlink("../other", table);
    CHECK(open_code(path) == errc::permission_denied);
    CHECK(read_file(other) == "what they had");
  }
  SUBCASE("a symbolic link to nothing") {
    fs::create_symlink("../other", table);
    CHECK(open_code(path) == errc::permission_denied);
    CHECK_FALSE(fs::exists(other));
  }
  SUBCASE("a second name") {
    write_file(other, "");
    fs::create_hard_link(other, table);
    CHECK(open_code(path) == errc::permission_denied);
    CHECK(read_file(other).empty());
  }
  SUBCASE("a file of another kind") {
    write_file(table, "what they had");
    CHECK(open_code(path) == errc::damaged);
    CHECK(read_file(table) == "what they had");
  }
  SUBCASE("a pipe") {
    REQUIRE(::mkfifo(table.c_str(), 0600) == 0);
    CHECK(open_code(path) == errc::damaged);
  }
  SUBCASE("the data, too") {
    fs::rename(path + "/data.mdb", other);
    fs::create_symlink("../other", path + "/data.mdb");
    const std::string data = read_file(other);
    CHECK(open_code(path) == errc::permission_denied);
    CHECK(read_file(other) == data);
  }
  SUBCASE("somebody else's") {
    if (::geteuid() != 0) {
      std::printf("skipped: only root can give a file away\n");
      return;
    }
    write_file(table, "");
    REQUIRE(::chown(table.c_str(), 12345, 12345) == 0);
    CHECK(open_code(path) == errc::permission_denied);
    CHECK(read_file(table).empty());
    REQUIRE(::chown(path.c_str(), 12345, 12345) == 0);  // The whole book is theirs.
    CHECK(open_code(path) == errc::none);
  }
  SUBCASE("everybody may write") {
    fs::permissions(path, fs::perms::all);
    CHECK(open_code(path) == errc::permission_denied);
    fs::permissions(path, fs::perms::owner_all);
    CHECK(open_code(path) == errc::none);
    fs::permissions(path + "/data.mdb", fs::perms{0666});
    CHECK(open_code(path) == errc::permission_denied);
  }
}

TEST_CASE("lmdb: a book cut off anywhere is refused, not mapped") {
  const testing::scratch folder;
  const std::string book = folder / "shop.book";
  { fill(*create(book), 600); }
  const std::string good = read_file(folder / "shop.book/data.mdb");
  CHECK(exited_with(reads_everything(book, checking_all()), 0));
  int refused = 0;
  for (std::size_t size = 512; size < good.size(); size += 4096 * 5 + 512) {
    CAPTURE(size);
    write_file(folder / "shop.book/data.mdb", good.substr(0, size));
    const int status = reads_everything(book, {});
    REQUIRE(WIFEXITED(status));
    const bool no_book = exited_with(status, static_cast<int>(errc::not_a_book));
    const bool damaged = exited_with(status, static_cast<int>(errc::damaged));
    // At the very end lie pages that nothing uses.
    const bool whole = exited_with(status, 0) && size > good.size() / 2;
    CHECK((no_book || damaged || whole));
    refused += damaged ? 1 : 0;
  }
  CHECK(refused > 10);
}

TEST_CASE("lmdb: the full check finds damaged pages before LMDB trips over them") {
  const testing::scratch folder;
  const std::string book = folder / "shop.book";
  const std::string data = folder / "shop.book/data.mdb";
  { fill(*create(book), 200); }
  const std::string good = read_file(data);
  int found = 0;
  int pages = 0;
  for (std::size_t page = 2 * 4096; page + 4096 <= good.size(); page += 4096) {
    CAPTURE(page / 4096);
    std::string changed = good;
    SUBCASE("zeroed") { changed.replace(page, 4096, std::string(4096, '\0')); }
    SUBCASE("0xff") { changed.replace(page, 4096, std::string(4096, '\xff')); }
    SUBCASE("the next page's content") {
      if (page + 2 * 4096 > good.size()) break;
      changed.replace(page, 4096, good.substr(page + 4096, 4096));
    }
    write_file(data, changed);
    const int status = reads_everything(book, checking_all());
    REQUIRE(WIFEXITED(status));  // No crash, whatever was damaged.
    const int said = WEXITSTATUS(status);
    CHECK((said == 0 || said == static_cast<int>(errc::damaged) ||
           said == static_cast<int>(errc::not_a_book)));
    found += said != 0 ? 1 : 0;
    ++pages;
  }
  // The others are free pages or the inside of a long value.
  CHECK(found * 4 > pages);
}

TEST_CASE("lmdb: a small book is checked whole whenever it is opened: no byte kills its reader") {
  const testing::scratch folder;
  const std::string book = folder / "shop.book";
  const std::string data = folder / "shop.book/data.mdb";
  { fill(*create(book), 40); }
  const std::string good = read_file(data);
  int found = 0;
  for (std::size_t page = 2 * 4096; page + 4096 <= good.size(); page += 4096) {
    // Number, kind, both bounds, and where the first entries lie.
    for (const std::size_t at : {0U, 10U, 11U, 12U, 13U, 14U, 15U, 16U, 17U, 19U}) {
      CAPTURE(page / 4096);
      CAPTURE(at);
      std::string changed = good;
      changed[page + at] = static_cast<char>(changed[page + at] ^ '\xfd');
      write_file(data, changed);
      const int status = reads_everything(book, {});
      REQUIRE(WIFEXITED(status));
      found += WEXITSTATUS(status) != 0 ? 1 : 0;
    }
  }
  CHECK(found > 20);
}

TEST_CASE("lmdb: the full check passes what LMDB writes") {
  const testing::scratch folder;
  { fill(*create(folder / "shop.book"), 5000); }
  CHECK(open_code(folder / "shop.book", checking_all()) == errc::none);
  {
    const auto book = open(folder / "shop.book");
    const auto change = writing(*book);
    std::vector<std::string> keys;
    REQUIRE(change->walk({}, {}, [&](byte_view key, byte_view) {
      keys.emplace_back(as_text(key));
      return true;
    }));
    for (const std::string& key : keys) REQUIRE(change->erase(as_bytes(key)));
    REQUIRE(change->commit());
    CHECK(put(*book, "k", std::string(3'000'000, 'v')) == errc::none);
    CHECK(put(*book, "k", "small") == errc::none);
  }
  CHECK(open_code(folder / "shop.book", checking_all()) == errc::none);
}

TEST_CASE("lmdb: the full check works beside a writer in another process") {
  const testing::scratch folder;
  { fill(*create(folder / "shop.book"), 1000); }
  const pid_t writer = ::fork();
  if (writer == 0) {
    const auto book = open_lmdb_backend(folder / "shop.book");
    for (int i = 0; book; ++i) {
      (void)put(**book, "row" + std::to_string(i % 1000), std::string(200, 'w'));
    }
    ::_exit(1);
  }
  for (int i = 0; i < 20; ++i) CHECK(open_code(folder / "shop.book", checking_all()) == errc::none);
  ::kill(writer, SIGKILL);
  ::waitpid(writer, nullptr, 0);
}

TEST_CASE("lmdb: a process opens a book once") {
  const testing::scratch folder;
  auto book = create(folder / "shop.book");
  CHECK(open_code(folder / "shop.book") == errc::invalid_state);
  fs::create_symlink("shop.book", folder / "link.book");
  CHECK(open_code(folder / "link.book") == errc::invalid_state);
  const auto view = reading(*book);
  book.reset();
  CHECK(open_code(folder / "shop.book") == errc::invalid_state);  // The view holds it open.
}

TEST_CASE("lmdb: after a fork the child's calls are refused, and it opens the book anew") {
  const testing::scratch folder;
  auto book = create(folder / "shop.book");
  CHECK(put(*book, "k", "v") == errc::none);
  auto view = reading(*book);
  const int status = in_child([&] {
    if (code(book->begin_read()) != errc::invalid_state) return 1;
    if (code(book->begin_write()) != errc::invalid_state) return 2;
    if (code(book->figures()) != errc::invalid_state) return 3;
    if (code(view->get(as_bytes("k"))) != errc::invalid_state) return 4;
    if (code(view->renew()) != errc::invalid_state) return 5;
    view.reset();
    book.reset();
    const auto again = open_lmdb_backend(folder / "shop.book");
    if (!again) return 6;
    if (get(**again, "k") != "v") return 7;
    return put(**again, "child", "c") == errc::none ? 0 : 8;
  });
  CHECK(exited_with(status, 0));
  CHECK(code(view->get(as_bytes("child"))) == errc::not_found);  // The parent's view holds.
  REQUIRE(view->renew());
  CHECK(code(view->get(as_bytes("child"))) == errc::none);
  CHECK(put(*book, "parent", "p") == errc::none);
}

TEST_CASE("lmdb: a book opened for reading cannot be written") {
  const testing::scratch folder;
  { CHECK(put(*create(folder / "shop.book"), "k", "v") == errc::none); }
  lmdb_options options;
  options.mode = lmdb_options::access::read_only;
  const auto book = open(folder / "shop.book", options);
  CHECK(get(*book, "k") == "v");
  CHECK(code(book->begin_write()) == errc::permission_denied);
  CHECK(code(create_lmdb_backend(folder / "other.book", options)) == errc::invalid_argument);
}

TEST_CASE("lmdb: an opener waits for another, for a while") {
  const testing::scratch folder;
  { create(folder / "shop.book"); }
  const pid_t stopped = ::fork();
  if (stopped == 0) {
    testing::inject({fault::action::stop, 1, "pread", 0, false});
    (void)open_lmdb_backend(folder / "shop.book");
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(stopped, &status, WUNTRACED);
  lmdb_options options;
  options.open_wait_ms = 20;
  CHECK(open_code(folder / "shop.book", options) == errc::locked);
  ::kill(stopped, SIGCONT);
  CHECK(open_code(folder / "shop.book") == errc::none);
  ::waitpid(stopped, &status, 0);
  CHECK(exited_with(status, 0));
}

TEST_CASE("lmdb: a kill at any point of creation leaves no book or one that opens") {
  const testing::scratch folder;
  const std::string path = folder / "shop.book";
  int kills = 0;
  int books = 0;
  for (int n = 1;; ++n) {
    CAPTURE(n);
    const int status = in_child([&] {
      testing::inject({fault::action::kill, n, nullptr, 0, false});
      return create_lmdb_backend(path) ? 0 : 1;
    });
    REQUIRE((killed_by(status, SIGKILL) || exited_with(status, 0)));
    if (fs::exists(path)) {
      ++books;
      CHECK(put(*open(path), "k", "v") == errc::none);
      fs::remove_all(path);
    } else {
      CHECK(open_code(path) == errc::not_found);
    }
    if (!killed_by(status, SIGKILL)) break;
    ++kills;
  }
  CHECK(kills > 10);
  CHECK(books > 1);
  CHECK(create_code(path) == errc::none);  // Over what the kills left.
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("lmdb: a fault at any point of creation leaves nothing behind") {
  const testing::scratch folder;
  for (const int number : {ENOSPC, EIO}) {
    for (int n = 1;; ++n) {
      CAPTURE(number);
      CAPTURE(n);
      testing::inject({fault::action::fail, n, nullptr, number, false});
      const errc created = create_code(folder / "shop.book");
      const bool reached = testing::calls_counted() >= n;
      testing::inject({});
      if (fs::exists(folder / "shop.book")) {
        CHECK(open_code(folder / "shop.book") == errc::none);
        fs::remove_all(folder / "shop.book");
      } else {
        CHECK(created != errc::none);
      }
      fs::remove_all(folder / ".shop.book.new");
      if (!reached) break;
    }
  }
}

TEST_CASE("lmdb: a kill at any point of a commit leaves all of it or nothing") {
  const testing::scratch folder;
  const std::string path = folder / "shop.book";
  { CHECK(put(*create(path), "n", "0") == errc::none); }
  int before = 0;
  for (int n = 1;; ++n) {
    CAPTURE(n);
    const int status = in_child([&] {
      const auto book = open_lmdb_backend(path);
      if (!book) return 1;
      testing::inject({fault::action::kill, n, nullptr, 0, false});
      const auto change = std::move((*book)->begin_write()).value();
      for (int i = 0; i < 40; ++i) {
        (void)change->put(as_bytes("row" + std::to_string(i)),
                          as_bytes(std::to_string(n) + std::string(500, '.')));
      }
      (void)change->put(as_bytes("n"), as_bytes(std::to_string(n)));
      return change->commit() ? 0 : 1;
    });
    REQUIRE((killed_by(status, SIGKILL) || exited_with(status, 0)));
    const auto book = open(path, checking_all());
    const int now = std::stoi(get(*book, "n"));
    CHECK((now == n || now == before));
    if (exited_with(status, 0)) CHECK(now == n);
    for (int i = 0; now != 0 && i < 40; ++i) {
      CHECK(get(*book, "row" + std::to_string(i)) == std::to_string(now) + std::string(500, '.'));
    }
    before = now;
    if (exited_with(status, 0)) break;
  }
}

// A writer may die when its commit is in the book and not yet in the table of readers. Then
// whoever opens the book must not see the commit before, act on it and be overtaken.
TEST_CASE("lmdb: what is seen on opening is not overtaken by a commit made before") {
  const testing::scratch folder;
  const std::string path = folder / "shop.book";
  const auto keeps_the_table = create(path);
  CHECK(put(*keeps_the_table, "n", "0") == errc::none);
  int killed = 0;
  for (int n = 1;; ++n) {
    CAPTURE(n);
    const int status = in_child([&] {
      const auto book = open_lmdb_backend(path);
      testing::inject({fault::action::kill_after, n, "pwrite", 0, false});
      return book && put(**book, "n", std::to_string(n)) == errc::none ? 0 : 1;
    });
    const int seen_again = in_child([&] {
      const auto book = open_lmdb_backend(path);
      if (!book) return 1;
      const std::string seen = get(**book, "n");
      const auto change = (*book)->begin_write();
      if (!change) return 2;
      return as_text((*change)->get(as_bytes("n")).value()) == seen ? 0 : 3;
    });
    CHECK(exited_with(seen_again, 0));
    if (!killed_by(status, SIGKILL)) break;
    ++killed;
  }
  CHECK(killed > 0);
}

TEST_CASE("lmdb: after a failed sync the handle is poisoned") {
  const testing::scratch folder;
  auto book = create(folder / "shop.book");
  CHECK(put(*book, "k", "v") == errc::none);
  testing::inject({fault::action::fail, 1, "fdatasync", EIO, false});
  CHECK(put(*book, "k", "lost") == errc::io_error);
  testing::inject({});
  CHECK(put(*book, "k", "w") == errc::invalid_state);
  CHECK(code(book->begin_read()) == errc::invalid_state);
  book.reset();
  book = open(folder / "shop.book");
  CHECK(get(*book, "k") == "v");
  CHECK(put(*book, "k", "w") == errc::none);
}

// A write may fail, or be cut short, at any point: never is more lost than this transaction.
TEST_CASE("lmdb: a full disk at any write is said, nothing is lost, and work goes on") {
  const testing::scratch folder;
  const auto book = create(folder / "shop.book");
  CHECK(put(*book, "k", "0") == errc::none);
  for (const char* call : {"pwrite", "writev"}) {
    for (int n = 1; n <= 2; ++n) {
      CAPTURE(call);
      CAPTURE(n);
      testing::inject({fault::action::fail, n, call, ENOSPC, false});
      const auto change = writing(*book);
      for (int i = 0; i < 50; ++i) {
        (void)change->put(as_bytes("row" + std::to_string(i)), as_bytes(std::string(3000, 'v')));
      }
      (void)change->put(as_bytes("k"), as_bytes("1"));
      const errc done = code(change->commit());
      const bool reached = testing::calls_counted() >= n;
      testing::inject({});
      if (!reached) {
        CHECK(done == errc::none);
        CHECK(put(*book, "k", "0") == errc::none);
        continue;
      }
      if (done == errc::io_error) {  // It was the header page.
        CHECK(code(book->begin_read()) == errc::invalid_state);
        return;
      }
      CHECK(done == errc::disk_full);
      CHECK(get(*book, "k") == "0");
      CHECK(put(*book, "again", "v") == errc::none);
    }
  }
}

namespace {

// Fills the book until there is no more room, in a child; returns 0 if all was as promised.
int fill_the_disk(const std::string& path) {
  auto book = open_lmdb_backend(path);
  if (!book) return 10;
  const std::string value(10'000, 'v');
  int rows = 0;
  errc last = errc::none;
  while (last == errc::none && rows < 100'000) {
    const auto change = std::move((*book)->begin_write()).value();
    for (int i = 0; i < 20 && last == errc::none; ++i) {
      last = code(change->put(as_bytes("row" + std::to_string(rows + i)), as_bytes(value)));
    }
    if (last == errc::none) last = code(change->commit());
    if (last == errc::none) rows += 20;
  }
  if (last != errc::disk_full) return 11;
  for (int i = 0; i < rows; ++i) {
    if (get(**book, "row" + std::to_string(i)) != value) return 12;
  }
  if (get(**book, "row" + std::to_string(rows)) != "none") return 13;
  book->reset();
  auto again = open_lmdb_backend(path, checking_all());
  if (!again) return 14;
  if ((*again)->figures()->entries != static_cast<std::uint64_t>(rows)) return 15;
  return rows > 100 ? 0 : 16;
}

}  // namespace

TEST_CASE("lmdb: a file may grow no more") {
  const testing::scratch folder;
  { create(folder / "shop.book"); }
  CHECK(exited_with(in_child([&] {
                      ::signal(SIGXFSZ, SIG_IGN);
                      const rlimit limit{8'000'000, 8'000'000};
                      if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
                      return fill_the_disk(folder / "shop.book");
                    }),
                    0));
  CHECK(put(*open(folder / "shop.book"), "k", "v") == errc::none);  // The limit is gone.
}

TEST_CASE("lmdb: a full file system") {
  const testing::scratch folder;
  if (::mount("none", folder.path().c_str(), "tmpfs", 0, "size=8m") != 0) {
    std::printf("skipped: may not mount a small file system (run as root)\n");
    return;
  }
  { create(folder / "shop.book"); }
  CHECK(exited_with(in_child([&] { return fill_the_disk(folder / "shop.book"); }), 0));
  // Not even the table of readers has room: an error, no SIGBUS.
  fs::remove(folder / "shop.book/lock.mdb");
  std::ofstream(folder / "ballast", std::ios::binary) << std::string(9'000'000, 'x');
  CHECK(exited_with(
      in_child([&] { return open_code(folder / "shop.book") == errc::disk_full ? 0 : 1; }), 0));
  CHECK(create_code(folder / "other.book") == errc::disk_full);
  CHECK(!fs::exists(folder / "other.book"));
  fs::remove(folder / "ballast");
  CHECK(open_code(folder / "shop.book") == errc::none);
  CHECK(::umount(folder.path().c_str()) == 0);
}

TEST_CASE("lmdb: the map grows by itself, also for one large transaction") {
  const testing::scratch folder;
  lmdb_options options;
  options.map_bytes = 1 << 20;
  const auto book = create(folder / "shop.book", options);
  for (int i = 0; i < 400; ++i) {
    REQUIRE(put(*book, "row" + std::to_string(i), std::string(20'000, 'v')) == errc::none);
  }
  const std::string large(40 << 20, 'l');
  errc done = errc::commit_conflict;
  int attempts = 0;
  while (done == errc::commit_conflict && ++attempts < 5) done = put(*book, "large", large);
  CHECK(done == errc::none);
  CHECK(attempts > 1);
  CHECK(get(*book, "row399").size() == 20'000);
  CHECK(get(*book, "large") == large);
}

TEST_CASE("lmdb: the map does not grow under an open read transaction") {
  const testing::scratch folder;
  lmdb_options options;
  options.map_bytes = 1 << 20;
  const auto book = create(folder / "shop.book", options);
  CHECK(put(*book, "k", "v") == errc::none);
  auto view = reading(*book);
  const std::string large(4 << 20, 'l');
  CHECK(put(*book, "large", large) == errc::commit_conflict);
  CHECK(put(*book, "large", large) == errc::limit_exceeded);
  CHECK(std::string(as_text(view->get(as_bytes("k")).value())) == "v");
  view.reset();
  CHECK(put(*book, "large", large) == errc::none);
}

TEST_CASE("lmdb: a reader follows a book that another process has made larger than its map") {
  const testing::scratch folder;
  lmdb_options small;
  small.map_bytes = 1 << 20;
  { create(folder / "shop.book"); }
  const auto book = open(folder / "shop.book", small);
  auto view = reading(*book);
  CHECK(exited_with(in_child([&] {
                      const auto other = open_lmdb_backend(folder / "shop.book");
                      if (!other) return 1;
                      return put(**other, "k", std::string(8 << 20, 'v')) == errc::none ? 0 : 2;
                    }),
                    0));
  CHECK(code(book->begin_read()) == errc::limit_exceeded);  // The open view is in the way.
  REQUIRE(view->renew());                                   // The only one: it may grow.
  CHECK(code(view->get(as_bytes("k"))) == errc::none);
  view.reset();
  CHECK(get(*book, "k").size() == 8 << 20);
  CHECK(put(*book, "l", "v") == errc::none);
}

TEST_CASE("lmdb: little address space is enough") {
  const testing::scratch folder;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  std::printf("skipped: sanitizers need the address space\n");
  return;
#endif
  { create(folder / "shop.book"); }
  CHECK(exited_with(in_child([&] {
                      const rlimit limit{rlim_t{1} << 30, rlim_t{1} << 30};
                      if (::setrlimit(RLIMIT_AS, &limit) != 0) return 1;
                      const auto book = open_lmdb_backend(folder / "shop.book");
                      if (!book) return 2;
                      return put(**book, "k", "v") == errc::none ? 0 : 3;
                    }),
                    0));
}

TEST_CASE("lmdb: killed readers do not fill the table") {
  const testing::scratch folder;
  { create(folder / "shop.book"); }
  const auto book = open(folder / "shop.book");
  for (int i = 0; i < 12; ++i) {
    const int status = in_child([&] {
      const auto mine = open_lmdb_backend(folder / "shop.book");
      std::vector<std::unique_ptr<read_transaction>> views;
      for (int j = 0; mine && j < 100; ++j) views.push_back(reading(**mine));
      ::kill(::getpid(), SIGKILL);
      return 0;
    });
    REQUIRE(killed_by(status, SIGKILL));
  }
  std::vector<std::unique_ptr<read_transaction>> views;
  for (int j = 0; j < 500; ++j) views.push_back(reading(*book));
  CHECK(views.size() == 500);
  errc last = errc::none;
  for (int j = 0; j < 1000 && last == errc::none; ++j) {
    auto more = book->begin_read();
    last = code(more);
    if (more) views.push_back(std::move(*more));
  }
  CHECK(last == errc::limit_exceeded);
  views.clear();
  CHECK(get(*book, "k") == "none");
}

TEST_CASE("lmdb: many processes read whole commits beside one writer") {
  const testing::scratch folder;
  {
    const auto book = create(folder / "shop.book");
    CHECK(put(*book, "a", "1000") == errc::none);
    CHECK(put(*book, "b", "1000") == errc::none);
  }
  std::vector<pid_t> readers;
  for (int i = 0; i < 4; ++i) {
    const pid_t child = ::fork();
    if (child != 0) {
      readers.push_back(child);
      continue;
    }
    const auto book = open_lmdb_backend(folder / "shop.book");
    if (!book) ::_exit(1);
    const auto view = std::move((*book)->begin_read()).value();
    for (int a = 1000; a > 900;) {  // Until it has seen the last commit.
      if (!view->renew()) ::_exit(2);
      a = std::stoi(std::string(as_text(view->get(as_bytes("a")).value())));
      const int b = std::stoi(std::string(as_text(view->get(as_bytes("b")).value())));
      if (a + b != 2000) ::_exit(3);
    }
    ::_exit(0);
  }
  const auto book = open(folder / "shop.book");
  for (int i = 1; i <= 100; ++i) {
    const auto change = writing(*book);
    REQUIRE(change->put(as_bytes("a"), as_bytes(std::to_string(1000 - i))));
    REQUIRE(change->put(as_bytes("b"), as_bytes(std::to_string(1000 + i))));
    REQUIRE(change->commit());
  }
  for (const pid_t reader : readers) {
    int status = 0;
    ::waitpid(reader, &status, 0);
    CHECK(exited_with(status, 0));
  }
}

TEST_CASE("lmdb: a writer that dies does not stop the others") {
  const testing::scratch folder;
  { CHECK(put(*create(folder / "shop.book"), "k", "v") == errc::none); }
  const auto book = open(folder / "shop.book");
  const int status = in_child([&] {
    const auto mine = open_lmdb_backend(folder / "shop.book");
    const auto change = std::move((*mine)->begin_write()).value();
    (void)change->put(as_bytes("k"), as_bytes("half"));
    ::kill(::getpid(), SIGKILL);
    return 0;
  });
  REQUIRE(killed_by(status, SIGKILL));
  CHECK(get(*book, "k") == "v");
  CHECK(put(*book, "k", "w") == errc::none);
}
