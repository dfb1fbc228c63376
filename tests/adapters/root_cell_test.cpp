#include <clientbook/adapters/callback_root_cell.hpp>
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/memory_root_cell.hpp>

#include "scratch.hpp"
#include "system_calls.hpp"
#include "testing.hpp"

#include "cell_testing.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>

using namespace clientbook;
using testing::code;
using testing::exited_with;
using testing::fault;
using testing::held;
using testing::hits_no_other_epoch;
using testing::in_child;
using testing::keeps_the_contract;
using testing::key_of;
using testing::killed_by;
using testing::read_file;
namespace fs = std::filesystem;

namespace {

file_root_cell create(const std::string& path) {
  return std::move(file_root_cell::create_new(path, "")).value();
}
file_root_cell open(const std::string& path);
std::string held_at(const std::string& path) {
  file_root_cell cell = open(path);
  return held(cell);
}
file_root_cell open(const std::string& path) {
  return std::move(file_root_cell::open(path, "")).value();
}

bool holds_key(const std::string& path, std::uint64_t epoch) {
  const std::string pattern(32, static_cast<char>(0xA0 + epoch));
  return read_file(path).find(pattern) != std::string::npos;
}

// A keeper that is a struct in memory, as a key manager might be one far away.
struct keeper {
  std::uint64_t current = 0;
  std::uint64_t staged = 0;
  unsigned char current_key[32] = {};
  unsigned char staged_key[32] = {};
  int says = 0;
};

root_cell_callbacks callbacks_to(keeper& kept) {
  root_cell_callbacks out;
  out.context = &kept;
  out.load = [](void* context, std::uint64_t* current, unsigned char* current_key,
                std::uint64_t* staged, unsigned char* staged_key) {
    const keeper& from = *static_cast<keeper*>(context);
    *current = from.current;
    *staged = from.staged;
    std::memcpy(current_key, from.current_key, 32);
    std::memcpy(staged_key, from.staged_key, 32);
    return from.says;
  };
  out.stage = [](void* context, std::uint64_t epoch, const unsigned char* key) {
    keeper& to = *static_cast<keeper*>(context);
    if (to.says != 0) return to.says;
    if (epoch <= to.current) return static_cast<int>(errc::invalid_argument);
    if (to.staged != 0 && to.staged != epoch) return static_cast<int>(errc::invalid_state);
    to.staged = epoch;
    std::memcpy(to.staged_key, key, 32);
    return 0;
  };
  out.promote = [](void* context, std::uint64_t epoch) {
    keeper& to = *static_cast<keeper*>(context);
    if (to.says != 0) return to.says;
    if (to.current >= epoch) return 0;
    if (to.staged != epoch) return static_cast<int>(errc::invalid_state);
    to.current = std::exchange(to.staged, 0);
    std::memcpy(to.current_key, to.staged_key, 32);
    return 0;
  };
  out.drop = [](void* context, std::uint64_t epoch) {
    keeper& to = *static_cast<keeper*>(context);
    if (to.staged == epoch) to.staged = 0;
    return to.says;
  };
  return out;
}

}  // namespace

TEST_CASE("root cell: a file keeps the contract") {
  const testing::scratch folder;
  file_root_cell cell = create(folder / "keys/shop.key");
  keeps_the_contract(cell);
  CHECK(code(cell.stage(key_of(2))) == errc::invalid_argument);
  CHECK(held(cell) == "2 -");
  file_root_cell again = open(folder / "keys/shop.key");
  CHECK(held(again) == "2 -");
}

TEST_CASE("root cell: memory keeps the contract") {
  memory_root_cell cell;
  keeps_the_contract(cell);
}

TEST_CASE("root cell: callbacks keep the contract") {
  keeper kept;
  callback_root_cell cell = std::move(callback_root_cell::make(callbacks_to(kept))).value();
  keeps_the_contract(cell);
  CHECK(code(cell.stage(key_of(2))) == errc::invalid_argument);
}

TEST_CASE("root cell: promote and drop hit no other epoch than the one they name") {
  SUBCASE("a file") {
    const testing::scratch folder;
    file_root_cell cell = create(folder / "keys/shop.key");
    hits_no_other_epoch(cell);
  }
  SUBCASE("callbacks") {
    keeper kept;
    callback_root_cell cell = std::move(callback_root_cell::make(callbacks_to(kept))).value();
    hits_no_other_epoch(cell);
  }
}

TEST_CASE("root cell: what a callback says is passed on") {
  keeper kept;
  callback_root_cell cell = std::move(callback_root_cell::make(callbacks_to(kept))).value();
  for (const errc says : {errc::key_unavailable, errc::permission_denied, errc::disk_full,
                          errc::damaged, errc::invalid_state, errc::invalid_argument}) {
    kept.says = static_cast<int>(says);
    CHECK(code(cell.load()) == says);
    CHECK(code(cell.stage(key_of(1))) == says);
    CHECK(code(cell.promote(1)) == says);
    CHECK(code(cell.drop(1)) == says);
  }
  for (const int says : {-1, 9999}) {
    kept.says = says;
    CHECK(code(cell.load()) == errc::io_error);
  }
  kept = {};
  kept.current = 5;
  kept.staged = 5;
  CHECK(code(cell.load()) == errc::damaged);
}

TEST_CASE("root cell: all four callbacks are required") {
  keeper kept;
  const root_cell_callbacks all = callbacks_to(kept);
  for (int i = 0; i < 4; ++i) {
    root_cell_callbacks some = all;
    if (i == 0) some.load = nullptr;
    if (i == 1) some.stage = nullptr;
    if (i == 2) some.promote = nullptr;
    if (i == 3) some.drop = nullptr;
    CHECK(code(callback_root_cell::make(some)) == errc::invalid_argument);
  }
}

TEST_CASE("root cell: the file and its folder are closed to others") {
  const testing::scratch folder;
  ::umask(0);
  file_root_cell cell = create(folder / "keys/shop.key");
  REQUIRE(cell.stage(key_of(1)));
  ::umask(022);
  const auto mode = [&](const std::string& name) {
    return static_cast<unsigned>(fs::status(folder / name).permissions());
  };
  CHECK(mode("keys") == 0700);
  CHECK(mode("keys/shop.key") == 0600);
  for (const mode_t open_to_others : {0604u, 0640u, 0666u}) {
    ::chmod((folder / "keys/shop.key").c_str(), open_to_others);
    CHECK(code(cell.load()) == errc::permission_denied);
    CHECK(code(cell.promote(1)) == errc::permission_denied);
    CHECK(code(file_root_cell::open(folder / "keys/shop.key", "")) == errc::permission_denied);
  }
  ::chmod((folder / "keys/shop.key").c_str(), 0600);
  ::chmod((folder / "keys").c_str(), 0755);
  CHECK(code(cell.load()) == errc::permission_denied);
  CHECK(code(file_root_cell::create_new(folder / "keys/other.key", "")) == errc::permission_denied);
  ::chmod((folder / "keys").c_str(), 0700);
  CHECK(held(cell) == "- 1");
}

TEST_CASE("root cell: refused inside and beside the book") {
  const testing::scratch folder;
  const std::string book = folder / "shop.book";
  fs::create_directories(book);
  fs::create_directory_symlink("shop.book", folder / "link");
  fs::create_directory_symlink(".", folder / "here");
  const auto created = [&](const std::string& path, const std::string& beside) {
    return code(file_root_cell::create_new(folder / path, beside));
  };
  for (const std::string& named : {book, book + "/", folder / "link", folder / "here/shop.book"}) {
    CAPTURE(named);
    CHECK(created("shop.key", named) == errc::invalid_argument);
    CHECK(created("here/shop.key", named) == errc::invalid_argument);
    CHECK(created("shop.book/shop.key", named) == errc::invalid_argument);
    CHECK(created("shop.book/keys/shop.key", named) == errc::invalid_argument);
    CHECK(created("link/shop.key", named) == errc::invalid_argument);
    CHECK(created("shop.book/../shop.key", named) == errc::invalid_argument);
  }
  CHECK(created("not_yet.key", folder / "not_yet.book") == errc::invalid_argument);
  CHECK(created("not_yet.book/shop.key", folder / "not_yet.book") == errc::invalid_argument);
  CHECK(created("keys/shop.key", book) == errc::none);
  CHECK(code(file_root_cell::open(folder / "keys/shop.key", book)) == errc::none);
  CHECK(code(file_root_cell::open(folder / "keys/shop.key", folder / "keys/shop.book")) ==
        errc::invalid_argument);
  CHECK(created("shop.book.keys/shop.key", book) == errc::none);  // Not inside: another name.
}

TEST_CASE("root cell: where nobody can look, what the system says is told") {
  const testing::scratch folder;
  const std::string too_long = folder / std::string(300, 'x') + "/shop.book";
  CHECK(code(file_root_cell::create_new(folder / "keys/shop.key", too_long)) ==
        errc::invalid_argument);
  fs::create_symlink("loop", folder / "loop");
  CHECK(code(file_root_cell::create_new(folder / "keys/shop.key", folder / "loop/shop.book")) ==
        errc::permission_denied);
  CHECK_FALSE(fs::exists(folder / "keys/shop.key"));
}

TEST_CASE("root cell: nothing is created over something") {
  const testing::scratch folder;
  {
    file_root_cell cell = create(folder / "keys/shop.key");
    REQUIRE(cell.stage(key_of(1)));
  }
  CHECK(code(file_root_cell::create_new(folder / "keys/shop.key", "")) == errc::already_exists);
  file_root_cell cell = open(folder / "keys/shop.key");
  CHECK(held(cell) == "- 1");
  CHECK(code(file_root_cell::create_new(folder / "a/b/shop.key", "")) == errc::invalid_argument);
  CHECK(code(file_root_cell::create_new("", "")) == errc::invalid_argument);
  CHECK(code(file_root_cell::create_new(folder / "keys/", "")) == errc::invalid_argument);
}

TEST_CASE("root cell: of two books that are made with one cell, one gets it") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  const auto claimed = [&] {
    const auto cell = file_root_cell::claim_new(path, "");
    return cell ? errc::none : cell.error().code;
  };
  {
    auto mine = std::move(file_root_cell::claim_new(path, "")).value();
    CHECK(claimed() == errc::locked);
    CHECK(exited_with(in_child([&] { return claimed() == errc::locked ? 0 : 1; }), 0));
    REQUIRE(mine.stage(key_of(1)));
    CHECK(claimed() == errc::locked);
  }
  // It was interrupted: the next one takes the cell over, also from somebody who was killed.
  CHECK(killed_by(in_child([&] {
                    const auto cell = file_root_cell::claim_new(path, "");
                    ::kill(::getpid(), SIGKILL);
                    return 0;
                  }),
                  SIGKILL));
  auto mine = std::move(file_root_cell::claim_new(path, "")).value();
  REQUIRE(mine.stage(key_of(1)));
  REQUIRE(mine.promote(1));
  CHECK(claimed() == errc::already_exists);
  CHECK(std::distance(fs::directory_iterator(folder / "keys"), {}) == 1);
}

TEST_CASE("root cell: a change waits for another process's no longer than it was told") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  file_root_cell cell = create(path);
  REQUIRE(cell.stage(key_of(1)));
  REQUIRE(cell.promote(1));
  // Somebody stands in the middle of a change, and does not go on.
  const int theirs = ::open((folder / "keys").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  REQUIRE(::flock(theirs, LOCK_EX) == 0);
  // Who waits without end is let go after a while, so that it is seen.
  std::atomic<bool> ended{false};
  std::thread lets_go([&] {
    for (int i = 0; i < 500 && !ended; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    if (!ended) ::flock(theirs, LOCK_UN);
  });
  cell.wait_at_most(30);
  CHECK(code(cell.stage(key_of(2))) == errc::locked);
  CHECK(code(cell.drop(2)) == errc::locked);
  ended = true;
  lets_go.join();
  CHECK(held(cell) == "1 -");  // Reading waits for nobody.
  cell.wait_at_most(10'000);
  std::thread ends([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    ::flock(theirs, LOCK_UN);
  });
  CHECK(code(cell.stage(key_of(2))) == errc::none);
  ends.join();
  ::close(theirs);
  CHECK(held(cell) == "1 2");
}

TEST_CASE("root cell: what is not one is refused with its own code") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  CHECK(code(file_root_cell::open(path, "")) == errc::key_unavailable);
  {
    file_root_cell cell = create(path);
    REQUIRE(cell.stage(key_of(1)));
    REQUIRE(cell.promote(1));
    REQUIRE(cell.stage(key_of(2)));
  }
  const std::string good = read_file(path);
  const auto with = [&](const std::string& content) {
    std::ofstream(path, std::ios::binary) << content;
    return code(file_root_cell::open(path, ""));
  };
  for (std::size_t size = 0; size < good.size(); ++size) {
    CHECK(with(good.substr(0, size)) == errc::damaged);
  }
  CHECK(with(good + "x") == errc::damaged);
  CHECK(with(std::string(good.size(), 'x')) == errc::damaged);
  for (std::size_t at = 0; at < good.size(); ++at) {
    CAPTURE(at);
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    const errc said = with(changed);
    CHECK(said == (at == 16 || at == 17 ? errc::newer_format : errc::damaged));
  }
  CHECK(with(good) == errc::none);
  fs::rename(path, path + "2");
  fs::create_symlink("shop.key2", path);
  CHECK(code(file_root_cell::open(path, "")) == errc::permission_denied);
}

// A backup program, say, holds the former file by another name: it must hold no key.
TEST_CASE("root cell: the former key is overwritten, not only unlinked") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  file_root_cell cell = create(path);
  REQUIRE(cell.stage(key_of(1)));
  REQUIRE(cell.promote(1));
  REQUIRE(cell.stage(key_of(2)));
  fs::create_hard_link(path, folder / "former");
  REQUIRE(holds_key(folder / "former", 1));
  REQUIRE(cell.promote(2));
  CHECK(!holds_key(folder / "former", 1));
  CHECK(!holds_key(path, 1));
  CHECK(holds_key(path, 2));
  CHECK(std::distance(fs::directory_iterator(folder / "keys"), {}) == 1);
}

// Whoever holds a mirror's disk may put anything there.
TEST_CASE("root cell: a spare of any size takes no time") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  file_root_cell cell = create(path);
  REQUIRE(cell.stage(key_of(1)));
  std::ofstream(path + ".new") << "x";
  fs::resize_file(path + ".new", std::uintmax_t{1} << 34);
  const auto begun = std::chrono::steady_clock::now();
  REQUIRE(cell.promote(1));
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(10));
  CHECK(holds_key(path, 1));
  CHECK_FALSE(fs::exists(path + ".new"));
}

TEST_CASE("root cell: a reader beside somebody who changes it finds a whole one") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  { REQUIRE(create(path).stage(key_of(1))); }
  const pid_t writer = ::fork();
  if (writer == 0) {
    file_root_cell cell = open(path);
    for (std::uint64_t epoch = 1;; ++epoch) {
      if (!cell.promote(epoch) || !cell.stage(key_of(epoch + 1))) ::_exit(1);
    }
  }
  REQUIRE(writer > 0);
  file_root_cell cell = open(path);
  std::uint64_t last = 0;
  for (int i = 0; i < 20'000; ++i) {
    const result<root_cell::content> content = cell.load();
    REQUIRE_MESSAGE(content, content.error().text.c_str());
    const std::uint64_t now = content->current ? content->current->epoch : 0;
    REQUIRE(now >= last);
    last = now;
  }
  ::kill(writer, SIGKILL);
  int status = 0;
  ::waitpid(writer, &status, 0);
  CHECK(WIFSIGNALED(status));
  CHECK(last > 1);
}

// The race of the case above, made certain: the reader has opened the file and not yet read it.
TEST_CASE("root cell: a reader of a file that was exchanged and wiped reads the new one") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  { REQUIRE(create(path).stage(key_of(1))); }
  const pid_t reader = ::fork();
  if (reader == 0) {
    file_root_cell cell = open(path);
    testing::inject({fault::action::stop, 1, "read", 0, false});
    ::_exit(held(cell) == "1 -" ? 0 : 1);
  }
  int status = 0;
  ::waitpid(reader, &status, WUNTRACED);
  REQUIRE(WIFSTOPPED(status));
  {
    file_root_cell cell = open(path);
    REQUIRE(cell.promote(1));
  }
  ::kill(reader, SIGCONT);
  ::waitpid(reader, &status, 0);
  CHECK(exited_with(status, 0));
}

TEST_CASE("root cell: a name beside it that leads to another file costs that file nothing") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  { REQUIRE(create(path).stage(key_of(1))); }
  const std::string spare = path + ".new";
  SUBCASE("somebody else's file") {
    const std::string other = folder / "keys/other";
    std::ofstream(other) << "what they had";
    REQUIRE(::link(other.c_str(), spare.c_str()) == 0);
    file_root_cell cell = open(path);
    REQUIRE(cell.promote(1));
    std::string text;
    std::getline(std::ifstream(other) >> std::ws, text);
    CHECK(text == "what they had");
    CHECK_FALSE(fs::exists(spare));
  }
  SUBCASE("the key of another book") {
    const std::string other = folder / "others/book.key";
    { REQUIRE(create(other).stage(key_of(7))); }
    REQUIRE(::link(other.c_str(), spare.c_str()) == 0);
    file_root_cell cell = open(path);
    REQUIRE(cell.promote(1));
    CHECK(holds_key(other, 7));
  }
  SUBCASE("what a killed change left, which a copy has by another name too") {
    fs::copy_file(path, spare);
    fs::create_hard_link(spare, folder / "former");
    REQUIRE(holds_key(folder / "former", 1));
    file_root_cell cell = open(path);
    CHECK_FALSE(holds_key(folder / "former", 1));
    CHECK(held(cell) == "- 1");
  }
  SUBCASE("the cell itself, whose maker died after placing it") {
    REQUIRE(::link(path.c_str(), spare.c_str()) == 0);
    file_root_cell cell = open(path);
    CHECK(held(cell) == "- 1");
    REQUIRE(cell.promote(1));
    CHECK(held(cell) == "1 -");
    CHECK_FALSE(fs::exists(spare));
  }
  SUBCASE("a folder") {
    fs::create_directory(spare);
    const auto refused = file_root_cell::open(path, "");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::already_exists);
    // The file that is in the way is named, which the cell's is not.
    CHECK(std::string(refused.error().text.c_str()).find("with .new") != std::string::npos);
    fs::remove(spare);
    CHECK(held_at(path) == "- 1");
  }
}

// POSIX lets a loss of power undo a rename that no sync of the folder has made durable: the name
// would lead to the former file again, and that must not be zeros by then.
TEST_CASE("root cell: nothing former is wiped before the new name is durable") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  for (const bool can_exchange : {true, false}) {
    CAPTURE(can_exchange);
    fs::remove_all(folder / "keys");
    file_root_cell cell = create(path);
    REQUIRE(cell.stage(key_of(1)));
    testing::without_exchange(!can_exchange);
    testing::inject({});
    const errc promoted = code(cell.promote(1));
    const std::string order = testing::order_of_calls();
    testing::without_exchange(false);
    CAPTURE(order);
    CHECK(promoted == errc::none);
    const std::size_t renamed = order.find('r');
    REQUIRE(renamed != std::string::npos);
    const std::size_t durable = order.find('d', renamed);
    const std::size_t wiped = order.find('w', renamed);
    REQUIRE(wiped != std::string::npos);
    CHECK(durable < wiped);
    CHECK(held(cell) == "1 -");
  }
}

TEST_CASE(
    "root cell: a kill at any point leaves the state before or after, also without exchange") {
  testing::without_exchange(true);
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  for (int n = 1;; ++n) {
    CAPTURE(n);
    fs::remove_all(folder / "keys");
    {
      file_root_cell cell = create(path);
      REQUIRE(cell.stage(key_of(1)));
      REQUIRE(cell.promote(1));
      REQUIRE(cell.stage(key_of(2)));
    }
    const int status = in_child([&] {
      file_root_cell cell = open(path);
      testing::inject({fault::action::kill, n, nullptr, 0, false});
      return cell.promote(2) ? 0 : 1;
    });
    REQUIRE((killed_by(status, SIGKILL) || exited_with(status, 0)));
    file_root_cell cell = open(path);
    const std::string now = held(cell);
    CHECK((now == "1 2" || now == "2 -"));
    CHECK(std::distance(fs::directory_iterator(folder / "keys"), {}) == 1);
    if (exited_with(status, 0)) {
      CHECK(now == "2 -");
      CHECK_FALSE(holds_key(path, 1));
      break;
    }
  }
  testing::without_exchange(false);
}

TEST_CASE("root cell: a kill at any point leaves the state before or after, and no former key") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  struct step {
    const char* name;
    const char* before;
    const char* after;
    result<void> (*run)(file_root_cell&);
  };
  const step steps[] = {
      {"stage", "1 -", "1 2", [](file_root_cell& cell) { return cell.stage(key_of(2)); }},
      {"promote", "1 2", "2 -", [](file_root_cell& cell) { return cell.promote(2); }},
      {"drop", "1 2", "1 -", [](file_root_cell& cell) { return cell.drop(2); }},
  };
  for (const step& tried : steps) {
    int kills = 0;
    int finished = 0;
    for (int n = 1;; ++n) {
      CAPTURE(tried.name);
      CAPTURE(n);
      fs::remove_all(folder / "keys");
      {
        file_root_cell cell = create(path);
        REQUIRE(cell.stage(key_of(1)));
        REQUIRE(cell.promote(1));
        if (std::string(tried.before) == "1 2") REQUIRE(cell.stage(key_of(2)));
      }
      const int status = in_child([&] {
        file_root_cell cell = open(path);
        testing::inject({fault::action::kill, n, nullptr, 0, false});
        return tried.run(cell) ? 0 : 1;
      });
      REQUIRE((killed_by(status, SIGKILL) || exited_with(status, 0)));
      file_root_cell cell = open(path);
      const std::string now = held(cell);
      CHECK((now == tried.before || now == tried.after));
      finished += now == tried.after ? 1 : 0;
      // Opening has swept: one file, and in it no key that the state does not name.
      CHECK(std::distance(fs::directory_iterator(folder / "keys"), {}) == 1);
      CHECK(holds_key(path, 1) == (now.find('1') != std::string::npos));
      CHECK(holds_key(path, 2) == (now.find('2') != std::string::npos));
      REQUIRE(cell.drop(2));
      CHECK(code(cell.stage(key_of(7))) == errc::none);
      if (!killed_by(status, SIGKILL)) {
        CHECK(now == tried.after);
        break;
      }
      ++kills;
    }
    CHECK(kills >= 7);
    CHECK(finished > 1);
  }
}

TEST_CASE("root cell: a fault at any point loses no key") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  for (const int number : {ENOSPC, EIO}) {
    for (int n = 1;; ++n) {
      CAPTURE(number);
      CAPTURE(n);
      fs::remove_all(folder / "keys");
      file_root_cell cell = create(path);
      REQUIRE(cell.stage(key_of(1)));
      REQUIRE(cell.promote(1));
      testing::inject({fault::action::fail, n, nullptr, number, false});
      const errc staged = code(cell.stage(key_of(2)));
      bool reached = testing::calls_counted() >= n;
      testing::inject({});
      CHECK(held(cell) == (staged == errc::none ? "1 2" : held(cell)));
      CHECK(held(cell).front() == '1');
      REQUIRE(cell.stage(key_of(2)));

      testing::inject({fault::action::fail, n, nullptr, number, false});
      const errc promoted = code(cell.promote(2));
      reached = reached || testing::calls_counted() >= n;
      testing::inject({});
      if (promoted == errc::none)
        CHECK(held(cell) == "2 -");
      else
        CHECK((held(cell) == "1 2" || held(cell) == "2 -"));
      if (!reached) break;
    }
  }
}
