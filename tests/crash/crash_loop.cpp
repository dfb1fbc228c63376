// Kills writers at random and looks at what is left: every commit that was acknowledged is
// there, none that is not whole, none out of nowhere.
//
//   crash_loop [--kills N | --seconds S] [--seed N]
//
// Two writers at a time open the book, commit and close it, in processes of their own; each
// writes the number of a commit to a pipe when commit() has returned. One of them is killed
// after a random while that favours the time of opening and closing. CLIENTBOOK_SOAK_SECONDS
// stands for --seconds.
#include <clientbook/adapters/lmdb_backend.hpp>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <random>
#include <string>

using namespace clientbook;
using clock_type = std::chrono::steady_clock;

namespace {

constexpr int writers = 2;

std::string row(std::uint32_t writer, std::uint32_t number, int part) {
  return "w" + std::to_string(writer) + "." + std::to_string(number) + "." + std::to_string(part);
}

// Each commit is two rows and the writer's count; it happened wholly or not at all.
result<void> commit(backend& book, std::uint32_t writer, std::uint32_t number) {
  const auto change = book.begin_write();
  if (!change) return change.error();
  const std::string value(100 + number % 3000, static_cast<char>('a' + number % 26));
  result<void> done = {};
  for (const int part : {1, 2}) {
    if (done) done = (*change)->put(as_bytes(row(writer, number, part)), as_bytes(value));
    if (done && number > 20) done = (*change)->erase(as_bytes(row(writer, number - 20, part)));
  }
  const std::string count = std::to_string(number);
  if (done) done = (*change)->put(as_bytes("count" + std::to_string(writer)), as_bytes(count));
  return done ? (*change)->commit() : done;
}

std::uint32_t count_of(backend& book, std::uint32_t writer) {
  const auto view = book.begin_read();
  if (!view) return ~0u;
  const auto found = (*view)->get(as_bytes("count" + std::to_string(writer)));
  return found ? static_cast<std::uint32_t>(std::atol(std::string(as_text(*found)).c_str())) : 0;
}

// Opens, commits some, closes, again and again; ends by being killed.
[[noreturn]] void write_until_killed(const std::string& path, std::uint32_t writer, int to) {
  for (;;) {
    const auto book = open_lmdb_backend(path);
    if (!book) ::_exit(3);
    std::uint32_t number = count_of(**book, writer);
    if (number == ~0u) ::_exit(4);
    for (int i = 0; i < 3; ++i) {
      if (const result<void> done = commit(**book, writer, ++number); !done) {
        std::printf("commit %u of writer %u: %s\n", number, writer, done.error().text.c_str());
        std::fflush(stdout);
        ::_exit(5);
      }
      if (::write(to, &number, sizeof number) != sizeof number) ::_exit(6);
    }
  }
}

struct child {
  pid_t process = 0;
  int acknowledged = -1;  // A pipe.
};

child start(const std::string& path, std::uint32_t writer) {
  int ends[2];
  if (::pipe(ends) != 0) std::exit(2);
  const pid_t process = ::fork();
  if (process == 0) {
    ::close(ends[0]);
    write_until_killed(path, writer, ends[1]);
  }
  ::close(ends[1]);
  return {process, ends[0]};
}

// Reads what the writer has said so far; to its end once it is dead.
void listen(const child& to, bool dead, std::uint32_t& last) {
  for (;;) {
    pollfd ready{to.acknowledged, POLLIN, 0};
    if (!dead && ::poll(&ready, 1, 0) <= 0) return;
    std::uint32_t number = 0;
    if (::read(to.acknowledged, &number, sizeof number) != sizeof number) return;
    last = number;
  }
}

// What the book holds of one writer, against what it has acknowledged.
const char* check(backend& book, std::uint32_t writer, std::uint32_t acknowledged) {
  const std::uint32_t count = count_of(book, writer);
  if (count < acknowledged) return "LOST: an acknowledged commit is not there";
  if (count > acknowledged + 1) return "PHANTOM: a commit that nobody made";
  const auto view = book.begin_read();
  if (!view) return "the book cannot be read";
  for (std::uint32_t number = count > 20 ? count - 19 : 1; number <= count; ++number) {
    const std::string value(100 + number % 3000, static_cast<char>('a' + number % 26));
    for (const int part : {1, 2}) {
      const auto found = (*view)->get(as_bytes(row(writer, number, part)));
      if (!found || as_text(*found) != value) return "TORN: half a commit is there";
    }
  }
  std::uint32_t rows = 0;
  const auto walked = (*view)->walk(as_bytes("w" + std::to_string(writer) + "."), {},
                                    [&](byte_view, byte_view) { return ++rows < 1000; });
  if (!walked || rows != 2 * std::min<std::uint32_t>(count, 20)) return "PHANTOM: rows too many";
  return nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  long kills_wanted = 0;
  double seconds = 10;
  std::uint32_t seed = std::random_device()();
  if (const char* soak = std::getenv("CLIENTBOOK_SOAK_SECONDS")) seconds = std::atof(soak);
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--kills") == 0) kills_wanted = std::atol(argv[i + 1]);
    if (std::strcmp(argv[i], "--seconds") == 0) seconds = std::atof(argv[i + 1]);
    if (std::strcmp(argv[i], "--seed") == 0)
      seed = static_cast<std::uint32_t>(std::atol(argv[i + 1]));
  }
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);

  std::string folder = (std::filesystem::temp_directory_path() / "crash_loop_XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return 2;
  const std::string path = folder + "/shop.book";
  {
    if (!create_lmdb_backend(path)) return 2;
  }

  const auto begun = clock_type::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(clock_type::now() - begun).count();
  };
  std::uint32_t last[writers] = {};
  child running[writers];
  for (std::uint32_t w = 0; w < writers; ++w) running[w] = start(path, w);

  long kills = 0;
  const char* wrong = nullptr;
  while (wrong == nullptr && (kills_wanted != 0 ? kills < kills_wanted : elapsed() < seconds)) {
    const auto w = static_cast<std::uint32_t>(random() % writers);
    // Short whiles fall into opening, longer ones into commits and closing.
    const auto microseconds =
        static_cast<useconds_t>(random() % (random() % 3 == 0 ? 20000u : 3000u));
    ::usleep(microseconds);
    ::kill(running[w].process, SIGKILL);
    int status = 0;
    ::waitpid(running[w].process, &status, 0);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
      wrong = "a writer ended by itself";
      std::printf("writer %u: wait status %d\n", w, status);
    }
    listen(running[w], true, last[w]);
    ::close(running[w].acknowledged);
    ++kills;
    if (kills % 16 == 0 || wrong != nullptr) {
      // All dead, also the other one: what is there now was on the disk.
      for (std::uint32_t other = 0; other < writers; ++other) {
        if (other == w) continue;
        ::kill(running[other].process, SIGKILL);
        ::waitpid(running[other].process, &status, 0);
        listen(running[other], true, last[other]);
        ::close(running[other].acknowledged);
        ++kills;
      }
      lmdb_options options;
      options.pages = lmdb_options::check::full;
      const auto book = open_lmdb_backend(path, options);
      if (!book) {
        std::printf("open: %s (page %llu)\n", book.error().text.c_str(),
                    static_cast<unsigned long long>(book.error().at));
        wrong = "the book does not open";
      }
      for (std::uint32_t each = 0; each < writers && book && wrong == nullptr; ++each) {
        wrong = check(**book, each, last[each]);
        last[each] = count_of(**book, each);  // A commit may be there, its word lost.
      }
      for (std::uint32_t other = 0; other < writers && wrong == nullptr; ++other) {
        if (other != w) running[other] = start(path, other);
      }
    } else {
      // Its word may have been lost: what is there counts for it from now on.
      const auto book = open_lmdb_backend(path);
      if (!book) {
        wrong = "the book does not open";
      } else {
        wrong = check(**book, w, last[w]);
        last[w] = count_of(**book, w);
      }
    }
    if (wrong == nullptr) running[w] = start(path, w);
  }
  for (const child& each : running) {
    if (each.process > 0) ::kill(each.process, SIGKILL);
  }
  while (::wait(nullptr) > 0) {
  }
  std::printf("soak: %ld kills, %u commits, %.0f kills a second%s%s\n", kills, last[0] + last[1],
              static_cast<double>(kills) / elapsed(), wrong != nullptr ? ": " : ", all there",
              wrong != nullptr ? wrong : "");
  if (wrong != nullptr) {
    std::printf("the book is kept in %s\n", folder.c_str());
    return 1;
  }
  std::filesystem::remove_all(folder);
  return 0;
}
