// The race by which LMDB loses acknowledged commits, made certain. The first opener is
// stopped at its first read of the file, when it holds the table of readers alone and has
// cleared it; a second one waits for the table; the first is killed; the second goes on with
// a table that says "last commit: 0" and writes over the newest commits.
//
// LMDB bare is the control: it shows that the test does provoke the race.
#include <lmdb.h>
#include <clientbook/adapters/lmdb_backend.hpp>

#include "scratch.hpp"
#include "system_calls.hpp"
#include "testing.hpp"

#include <sys/wait.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>

using namespace clientbook;
using testing::fault;

namespace {

// With that of creation five: the header page that a commit "1" replaces is the newest.
constexpr int commits_before = 4;

std::string text(const result<byte_view>& found) {
  return found ? std::string(as_text(*found)) : "none";
}

void commit(backend& book, int number) {
  const auto change = std::move(book.begin_write()).value();
  REQUIRE(change->put(as_bytes("n"), as_bytes(std::to_string(number))));
  REQUIRE(change->put(as_bytes("n" + std::to_string(number)), as_bytes("acknowledged")));
  REQUIRE(change->commit());
}

void make_book(const std::string& path) {
  const auto book = std::move(create_lmdb_backend(path)).value();
  for (int i = 1; i <= commits_before; ++i) commit(*book, i);
}

// LMDB without our care: opens the environment and commits once. Returns LMDB's code.
int commit_bare(const std::string& path, const char* key) {
  MDB_env* env = nullptr;
  MDB_txn* txn = nullptr;
  int code = mdb_env_create(&env);
  if (code == 0) code = mdb_env_open(env, path.c_str(), MDB_NOTLS, 0600);
  if (code == 0) code = mdb_txn_begin(env, nullptr, 0, &txn);
  MDB_dbi rows = 0;
  if (code == 0) code = mdb_dbi_open(txn, nullptr, 0, &rows);
  if (code == 0) {
    MDB_val name{std::strlen(key), const_cast<char*>(key)};
    MDB_val value{1, const_cast<char*>("b")};
    code = mdb_put(txn, rows, &name, &value, 0);
    if (code == 0) code = mdb_txn_commit(txn);
  }
  return code;  // The environment stays open.
}

int commit_ours(const std::string& path) {
  lmdb_options patient;
  patient.open_wait_ms = 120'000;
  const auto book = open_lmdb_backend(path, patient);
  if (!book) return 100;
  const auto change = (*book)->begin_write();
  if (!change) return 101;
  if (!(*change)->put(as_bytes("second"), as_bytes("b")) || !(*change)->commit()) return 102;
  return 0;
}

// Until the process was found asleep fifty times: it has reached the lock. Not fifty in a row:
// whoever waits for ours looks at it every millisecond, and on a busy machine is then in a queue.
void wait_until_asleep(pid_t process) {
  for (int asleep = 0; asleep < 50;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
    std::string line;
    std::getline(stat, line);
    const std::size_t name_end = line.rfind(')');
    if (name_end != std::string::npos && line.substr(name_end, 3) == ") S") ++asleep;
    siginfo_t ended{};
    ::waitid(P_PID, static_cast<id_t>(process), &ended, WEXITED | WNOHANG | WNOWAIT);
    if (ended.si_pid != 0) return;
  }
}

// Runs the race; returns what the second opener returned.
template <class First, class Second>
int race(First first, Second second, int first_read) {
  const pid_t stopped = ::fork();
  if (stopped == 0) {
    testing::inject({fault::action::stop, first_read, "pread", 0, false});
    first();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(stopped, &status, WUNTRACED);
  REQUIRE(WIFSTOPPED(status));
  const pid_t waiting = ::fork();
  if (waiting == 0) ::_exit(second());
  wait_until_asleep(waiting);
  int early = 0;
  const bool waits = ::waitpid(waiting, &early, WNOHANG) == 0;
  CHECK_MESSAGE(waits, "it ended before the first one did, with status ", early);
  ::kill(stopped, SIGKILL);
  ::waitpid(stopped, &status, 0);
  if (waits) ::waitpid(waiting, &early, 0);
  return WIFEXITED(early) ? WEXITSTATUS(early) : -1;
}

// Reads by pread until LMDB's own first: ours look at the two header pages.
constexpr int first_read_of_lmdb_in_ours = 3;

// How many of the acknowledged commits are there.
int surviving(const std::string& path) {
  const auto book = open_lmdb_backend(path);
  if (!book) return -1;
  const auto view = std::move((*book)->begin_read()).value();
  int there = 0;
  for (int i = 1; i <= commits_before; ++i) {
    there += text(view->get(as_bytes("n" + std::to_string(i)))) == "acknowledged" ? 1 : 0;
  }
  return there;
}

}  // namespace

TEST_CASE("lmdb: control: bare LMDB loses acknowledged commits when an opener is killed") {
  const testing::scratch folder;
  make_book(folder / "shop.book");
  const auto bare = [&] { return commit_bare(folder / "shop.book", "second"); };
  const int second = race(bare, bare, 1);
  const int there = surviving(folder / "shop.book");
  if (second == 0 && there == commits_before) {
    std::printf("remark: this LMDB does not lose commits so any more\n");
    return;
  }
  CHECK(second == 0);  // It believed that it had committed.
  CHECK(there < commits_before);
}

TEST_CASE("lmdb: no acknowledged commit is lost when an opener is killed") {
  const testing::scratch folder;
  make_book(folder / "shop.book");
  const auto ours = [&] { return commit_ours(folder / "shop.book"); };
  CHECK(race(ours, ours, first_read_of_lmdb_in_ours) == 0);
  CHECK(surviving(folder / "shop.book") == commits_before);
  const auto book = std::move(open_lmdb_backend(folder / "shop.book")).value();
  CHECK(text(std::move(book->begin_read()).value()->get(as_bytes("second"))) == "b");
}

// Somebody else's program has spoilt the table of readers and keeps it mapped.
TEST_CASE("lmdb: a table of readers that says less than the book is noticed on opening") {
  const testing::scratch folder;
  make_book(folder / "shop.book");
  const auto bare = [&] { return commit_bare(folder / "shop.book", "first"); };
  const auto opens_bare_then_asks_ours = [&] {
    MDB_env* env = nullptr;
    if (mdb_env_create(&env) != 0) return 1;
    if (mdb_env_open(env, (folder / "shop.book").c_str(), MDB_NOTLS, 0600) != 0) return 2;
    const int status = testing::in_child([&] {
      const auto book = open_lmdb_backend(folder / "shop.book");
      return !book && book.error().code == errc::locked ? 0 : 1;
    });
    return testing::exited_with(status, 0) ? 0 : 3;
  };
  CHECK(race(bare, opens_bare_then_asks_ours, 1) == 0);
  CHECK(surviving(folder / "shop.book") == commits_before);
}

// Somebody has deleted lock.mdb while the book was open: two tables, two last commits.
TEST_CASE("lmdb: a commit that does not follow the last one is refused") {
  const testing::scratch folder;
  make_book(folder / "shop.book");
  const auto book = std::move(open_lmdb_backend(folder / "shop.book")).value();
  commit(*book, commits_before + 1);
  std::filesystem::remove(folder / "shop.book/lock.mdb");
  const int status = testing::in_child([&] { return commit_ours(folder / "shop.book"); });
  REQUIRE(testing::exited_with(status, 0));
  const auto change = book->begin_write();
  REQUIRE(!change);
  CHECK(change.error().code == errc::locked);
}
