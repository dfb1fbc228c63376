// An index that is built, dropped and written under while somebody kills the program, over LMDB and
// a file root cell: at any time the book answers by its index as by its records.
//
//   index_kill FOLDER      an empty folder
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/book/book.hpp>
#include <clientbook/model/terms.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace clientbook;

namespace {

constexpr auto order = purpose::customer_order_management;
constexpr std::size_t people = 200;
constexpr int kills = 25;

[[noreturn]] void fail(const char* what, unsigned code = 0) {
  std::printf("index_kill: %s (%u)\n", what, code);
  std::fflush(stdout);
  std::_Exit(1);
}

template <class T>
T need(const char* what, result<T> made) {
  if (!made) fail(what, static_cast<unsigned>(made.error().code));
  return std::move(*made);
}
void need(const char* what, const result<void>& done) {
  if (!done) fail(what, static_cast<unsigned>(done.error().code));
}

struct place {
  std::string book, key;
};

book open_at(const place& at) {
  std::shared_ptr<backend> store = need("the store does not open", open_lmdb_backend(at.book));
  auto cell = std::make_shared<file_root_cell>(
      need("no cell", file_root_cell::open(at.key, at.book, nullptr)));
  return need("the book does not open", book::open(std::move(store), std::move(cell)));
}

session owner_of(const book& in) {
  return need("no session", in.begin_session({.id = actor_id(7), .role = actor_role::owner}));
}

customer named(const std::string& family) {
  customer out;
  need("no name", out.set(field::name, person_name{.given = "Ann", .family = family}));
  return out;
}

std::vector<customer_id> make_book(const place& at) {
  auto cell = std::make_shared<file_root_cell>(
      need("no cell", file_root_cell::create_new(at.key, at.book)));
  std::shared_ptr<backend> store = need("no store", create_lmdb_backend(at.book));
  const book made = need(
      "no book", book::create(std::move(store), std::move(cell), {.profile = gdpr_profile().id}));
  session in = owner_of(made);
  std::vector<customer_id> out;
  need("no change", in.begin());
  for (std::size_t i = 0; i < people; ++i) {
    out.push_back(need("not kept", in.put(named("Lee"), {.purposes = order})));
  }
  need("no commit", in.commit());
  return out;
}

/// Builds, drops, renames and erases until it is killed.
pid_t work_in_child(const place& at, const std::vector<customer_id>& ids, unsigned seed) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  std::mt19937 random(seed);
  const book opened = open_at(at);
  session in = owner_of(opened);
  constexpr std::array names{"Lee", "Leeds", "Moss", "Ng"};
  for (;;) {
    const customer_id& who = ids[random() % ids.size()];
    switch (random() % 8) {
      case 0:
        need("not dropped", in.drop_index());
        break;
      case 1:
        // Who is erased already is no failure.
        (void)in.erase(who, erasure_reason::subject_request);
        break;
      case 2:
      case 3:
        (void)in.update(who, named(names[random() % names.size()]).fields(), order);
        break;
      default:
        need("not built", in.build_index(static_cast<std::uint32_t>(1 + random() % 60)));
    }
  }
}

std::vector<customer_id> found(session& in, const char* typed, search_path path) {
  const search_answer answer =
      need("no answer", in.find(typed, order, {.most = 1000, .fields = {}, .path = path}));
  std::vector<customer_id> out;
  for (const search_hit& hit : answer.hits) out.push_back(hit.seen.id());
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) fail("usage: index_kill FOLDER");
  const std::string folder = argv[1];
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const place at{folder + "/shop.book", folder + "/keys/shop.key"};
  const std::vector<customer_id> ids = make_book(at);
  std::mt19937 random(20261201);
  int with_index = 0;
  for (int i = 0; i < kills; ++i) {
    const pid_t child = work_in_child(at, ids, static_cast<unsigned>(random()));
    std::this_thread::sleep_for(std::chrono::microseconds(5'000 + random() % 60'000));
    ::kill(child, SIGKILL);
    int status = -1;
    if (::waitpid(child, &status, 0) != child) fail("nobody to wait for");
    if (WIFEXITED(status)) fail("the work failed");

    const book left = open_at(at);
    session in = owner_of(left);
    session other =
        need("no session", left.begin_session({.id = actor_id(8), .role = actor_role::owner}));
    need("no budget", other.raise_budget(actor_id(7), 1'000'000));
    for (const char* typed : {"lee", "moss", "ng", "ann"}) {
      const auto scanned = found(in, typed, search_path::scan);
      if (found(in, typed, search_path::sealed) != scanned) fail("TORN: the index says otherwise");
      if (found(in, typed, search_path::memory) != scanned) fail("TORN: memory says otherwise");
    }
    if (need("no check", in.verify()).problems != 0) fail("TORN: the book is damaged");
    with_index += need("no state", in.index()).kind == index_at_rest::sealed ? 1 : 0;
  }
  if (with_index == 0) fail("no kill met an index");
  std::printf("index_kill: %d kills, %d of a book with an index\n", kills, with_index);
  return 0;
}
