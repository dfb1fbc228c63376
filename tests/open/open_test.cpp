// Opening a book the usual way: the cell that comes with it, and the pin beside its key.
#include <clientbook/open/open.hpp>
#include <clientbook/open/root_keys.hpp>
#include <clientbook/vault/pin_store.hpp>

#include "scratch.hpp"
#include "testing.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <string>

using namespace clientbook;
using testing::exited_with;
using testing::in_child;

namespace {

constexpr actor owner{.id = actor_id(1), .role = actor_role::owner};

struct places {
  testing::scratch folder;
  std::string book = folder / "shop.book";
  std::string key = folder / "keys/shop.key";
  std::string stick = folder / "stick/till.key";

  places() {
    for (const char* name : {"keys", "stick"}) REQUIRE(::mkdir((folder / name).c_str(), 0700) == 0);
  }
};

template <class T>
errc code(const result<T>& done) {
  return done ? errc::none : done.error().code;
}

}  // namespace

TEST_CASE("open: the cell that comes with a book is the book's, also when slots change") {
  const places at;
  const auto till = make_key_file(at.stick, at.book, at.key);
  REQUIRE(till);
  std::uint32_t number = 0;
  {
    auto made = create_book_with_cell(at.book, at.key, {.profile = gdpr_profile().id});
    REQUIRE(made);
    auto in = made->opened.begin_session(owner);
    REQUIRE(in);
    const auto sealed = add_key_slot(*in, made->cell, {.label = "till", .secret = &*till});
    REQUIRE(sealed);
    number = sealed->number;
    CHECK(renew_root_key(*in));  // The book holds the cell as it is now.
  }
  CHECK(code(open_book(at.book, at.key)) == errc::key_unavailable);
  const key_place sealed(at.key, *till);
  {
    auto opened = open_book_with_cell(at.book, sealed);
    REQUIRE(opened);
    CHECK(opened->cell.opened_by() == number);
    auto in = opened->opened.begin_session(owner);
    REQUIRE(in);
    CHECK(unseal_root_key(*in, opened->cell).error().code == errc::none);
    CHECK(renew_root_key(*in));
  }
  CHECK(open_book(at.book, at.key));
}

TEST_CASE("open: with or without its cell, a book is refused for the same reasons") {
  const places at;
  CHECK(code(open_book_with_cell(at.book, at.key)) == errc::not_found);
  REQUIRE(create_book(at.book, at.key, {.profile = gdpr_profile().id}));
  CHECK(code(create_book_with_cell(at.book, at.key, {.profile = gdpr_profile().id})) ==
        code(create_book(at.book, at.key, {.profile = gdpr_profile().id})));
  REQUIRE(::unlink(at.key.c_str()) == 0);
  CHECK(code(open_book_with_cell(at.book, at.key)) == errc::key_unavailable);
  CHECK(code(open_book(at.book, at.key)) == errc::key_unavailable);
}

TEST_CASE("open: what is in a pin's way is told as it is of every other file") {
  const places at;
  const std::string name = at.key + ".pin";
  SUBCASE("no room") {
    CHECK(exited_with(in_child([&] {
                        ::signal(SIGXFSZ, SIG_IGN);
                        const rlimit limit{0, 0};
                        if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
                        const book_pin pin{.epoch = 1, .root_version = 1};
                        return code(pin_beside(at.key)->move(pin)) == errc::disk_full ? 0 : 1;
                      }),
                      0));
  }
  SUBCASE("a link") {
    REQUIRE(::symlink("/dev/null", name.c_str()) == 0);
    CHECK(code(pin_beside(at.key)->load()) == errc::permission_denied);
  }
  SUBCASE("a folder") {
    REQUIRE(::mkdir(name.c_str(), 0700) == 0);
    CHECK(code(pin_beside(at.key)->ready()) == errc::io_error);
  }
  SUBCASE("no folder") {
    CHECK(code(pin_beside(at.folder / "gone/key")->ready()) == errc::io_error);
  }
}
