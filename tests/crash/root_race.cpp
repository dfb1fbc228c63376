// Two processes erase one book over LMDB and a file root cell. The first has committed and stops
// before it promotes; the second settles that, stages its own key and stops before its commit.
// The first goes on, the second is killed. The book opens, one customer is erased, one is not.
//
//   root_race FOLDER           an empty folder
//   root_race FOLDER sealed    the same with a root key that a key file opens
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/book/book.hpp>
#include <clientbook/model/terms.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>

using namespace clientbook;

namespace {

[[noreturn]] void fail(const char* what, unsigned code = 0) {
  std::printf("root_race: %s (%u)\n", what, code);
  std::fflush(stdout);
  std::_Exit(1);
}

template <class T>
T need(const char* what, result<T> made) {
  if (!made) fail(what, static_cast<unsigned>(made.error().code));
  return std::move(*made);
}

/// A file root cell that calls out where a process is to stop.
class stopping_cell final : public root_cell {
 public:
  explicit stopping_cell(file_root_cell below) : below_(std::move(below)) {}
  std::function<void()> before_promote = [] {}, after_stage = [] {};

  result<content> load() noexcept override { return below_.load(); }
  result<void> stage(const root_key& next) noexcept override {
    const result<void> staged = below_.stage(next);
    after_stage();
    return staged;
  }
  result<void> promote(std::uint64_t epoch) noexcept override {
    before_promote();
    return below_.promote(epoch);
  }
  result<void> drop(std::uint64_t epoch) noexcept override { return below_.drop(epoch); }

 private:
  file_root_cell below_;
};

struct pipe_ends {
  std::array<int, 2> ends{};
  pipe_ends() {
    if (::pipe(ends.data()) != 0) fail("no pipe");
  }
  void tell() const {
    if (::write(ends[1], "x", 1) != 1) fail("nobody is told");
  }
  void wait() const {
    char said = 0;
    if (::read(ends[0], &said, 1) != 1) fail("nobody tells");
  }
};

struct place {
  std::string book, key;
  bool sealed = false;
};

slot_secret key_file() {
  std::array<std::byte, 32> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i + 1);
  return need("no key file", slot_secret::identity(bytes));
}

file_root_cell cell_at(const place& at) {
  const slot_secret secret = key_file();
  return need("no cell", file_root_cell::open(at.key, at.book, at.sealed ? &secret : nullptr));
}

book open_at(const place& at, std::shared_ptr<root_cell> cell) {
  std::shared_ptr<backend> store = need("the store does not open", open_lmdb_backend(at.book));
  return need("the book does not open", book::open(std::move(store), std::move(cell)));
}

session officer_of(const book& in) {
  return need("no session", in.begin_session({.id = actor_id(7), .role = actor_role::owner}));
}

std::array<customer_id, 2> make_book(const place& at) {
  auto cell = std::make_shared<file_root_cell>(
      need("no cell", file_root_cell::create_new(at.key, at.book)));
  if (at.sealed) {
    const slot_secret secret = key_file();
    need("not sealed", cell->seal({.label = "till", .secret = &secret, .added = {2027, 3, 1}}));
  }
  std::shared_ptr<backend> store = need("no store", create_lmdb_backend(at.book));
  const book made = need(
      "no book", book::create(std::move(store), std::move(cell), {.profile = gdpr_profile().id}));
  session in = officer_of(made);
  const auto put = [&](const char* name) {
    customer record;
    if (!record.set(field::name, person_name{.given = name, .family = "Sánchez"})) fail("no name");
    return need("not kept", in.put(record, {.purposes = purpose::customer_order_management}));
  };
  return {put("Ken"), put("Kim")};
}

/// Erases one in a process of its own, which ends with 0 if it got its receipt.
pid_t erase_in_child(const place& at, const customer_id& whom,
                     const std::function<void(stopping_cell&)>& stops) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  auto cell = std::make_shared<stopping_cell>(cell_at(at));
  const book opened = open_at(at, cell);
  session in = officer_of(opened);
  stops(*cell);
  const auto receipt = in.erase(whom, erasure_reason::subject_request);
  if (!receipt) fail("not erased", static_cast<unsigned>(receipt.error().code));
  std::_Exit(0);
}

errc reads(session& in, const customer_id& whom) {
  const auto seen = in.read(whom, purpose::customer_order_management);
  return seen ? errc::none : seen.error().code;
}

}  // namespace

int main(int argc, char** argv) {
  const bool sealed = argc == 3 && std::string(argv[2]) == "sealed";
  if (argc != 2 && !sealed) fail("usage: root_race FOLDER [sealed]");
  const std::string folder = argv[1];
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const place at{folder + "/shop.book", folder + "/keys/shop.key", sealed};
  const std::array<customer_id, 2> customers = make_book(at);

  const pipe_ends first_committed, go_on, second_staged, never;
  const pid_t first = erase_in_child(at, customers[0], [&](stopping_cell& cell) {
    cell.before_promote = [&] {
      first_committed.tell();
      go_on.wait();
    };
  });
  first_committed.wait();
  const pid_t second = erase_in_child(at, customers[1], [&](stopping_cell& cell) {
    cell.after_stage = [&] {
      second_staged.tell();
      never.wait();
    };
  });
  second_staged.wait();
  go_on.tell();
  int status = -1;
  if (::waitpid(first, &status, 0) != first || status != 0) fail("the first got no receipt");
  ::kill(second, SIGKILL);
  if (::waitpid(second, &status, 0) != second || !WIFSIGNALED(status)) fail("the second lives");

  const book left = open_at(at, std::make_shared<file_root_cell>(cell_at(at)));
  session in = officer_of(left);
  if (reads(in, customers[0]) != errc::key_erased) fail("the first's customer is not erased");
  if (reads(in, customers[1]) != errc::none) fail("the second's customer is not read");
  if (!in.erase(customers[1], erasure_reason::other)) fail("nothing can be erased any more");
  std::printf("root_race: one erased, one kept, the book opens\n");
  return 0;
}
