// result<T>: a value or an error, for values of every kind.
#include <clientbook/base/result.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "testing.hpp"

using namespace clientbook;

namespace {

constexpr error failure{errc::not_found, "no such customer", 7};

result<std::unique_ptr<int>> unique(bool good) {
  if (good) return std::make_unique<int>(3);
  return failure;
}

// Counts those of its kind that are alive.
struct counted {
  static inline int alive = 0;
  counted() noexcept { ++alive; }
  counted(const counted&) noexcept { ++alive; }
  counted(counted&&) noexcept { ++alive; }
  counted& operator=(const counted&) = default;
  counted& operator=(counted&&) = default;
  ~counted() { --alive; }
};

/// What a child process that runs `last` writes to its standard error, and whether it aborted.
template <class Last>
std::pair<std::string, bool> dying_words(Last&& last) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    last();
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string said;
  std::array<char, 256> part{};
  for (ssize_t n = 0; (n = ::read(ends[0], part.data(), part.size())) > 0;) {
    said.append(part.data(), static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return {said, WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT};
}

}  // namespace

TEST_CASE("result: what is taken of a temporary lives on") {
  struct told {
    explicit told(bool* gone) : gone_(gone) {}
    told(told&& other) noexcept : gone_(std::exchange(other.gone_, nullptr)) {}
    told& operator=(told&&) = delete;
    ~told() {
      if (gone_ != nullptr) *gone_ = true;
    }
    const int* begin() const { return room; }
    const int* end() const { return room + 2; }
    int room[2] = {1, 2};

   private:
    bool* gone_;
  };
  bool gone = false;
  const auto make = [&] { return result<told>(told(&gone)); };
  for (const int each : *make()) {
    CHECK(each != 0);
    CHECK_FALSE(gone);
  }
  CHECK(gone);
  gone = false;
  {
    const auto& kept = make().value();
    CHECK(kept.room[1] == 2);
    CHECK_FALSE(gone);
  }
  CHECK(gone);
}

TEST_CASE("result: holds a value that can only be moved, or an error") {
  auto good = unique(true);
  REQUIRE(good);
  const std::unique_ptr<int> taken = std::move(*good);
  CHECK(*taken == 3);
  const auto bad = unique(false);
  CHECK_FALSE(bad);
  CHECK(bad.error().code == errc::not_found);
  CHECK(bad.error().at == 7);
  CHECK(good.error().code == errc::none);
}

TEST_CASE("result: a value that converts is taken, an error is handed on") {
  std::vector<int> numbers{1, 2};
  const result<std::span<const int>> view = numbers;
  CHECK(view->size() == 2);
  const result<std::string> text = "abc";
  CHECK(*text == "abc");
  CHECK(result<std::string>(result<const char*>("x")).value() == "x");
  CHECK(result<std::string>(result<const char*>(failure)).error().code == errc::not_found);
  CHECK(result<int>(failure).value_or(4) == 4);
  static_assert(!std::is_convertible_v<result<int>, int>);
  static_assert(
      !std::is_constructible_v<result<std::unique_ptr<int>>, const result<std::unique_ptr<int>>&>);
}

TEST_CASE("result: assignment ends what was held before, whichever it was") {
  {
    result<counted> one = counted();
    CHECK(counted::alive == 1);
    one = failure;
    CHECK(counted::alive == 0);
    CHECK(one.error().code == errc::not_found);
    one = counted();
    result<counted> two = one;
    CHECK(counted::alive == 2);
    two = std::move(one);
    CHECK(counted::alive == 2);
    const result<counted>& same = two;
    two = same;
    CHECK(two.has_value());
  }
  CHECK(counted::alive == 0);
}

TEST_CASE("result: value() without a value says the error's text, then stops") {
  const auto [said, aborted] = dying_words([] { (void)result<int>(failure).value(); });
  CHECK(said.find("no such customer") != std::string::npos);
  CHECK(aborted);
  CHECK(dying_words([] { result<void>(failure).value(); }).second);
  CHECK_FALSE(dying_words([] { (void)result<int>(1).value(); }).second);
}
