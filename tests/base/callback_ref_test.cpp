#include <doctest/doctest.h>
#include <clientbook/base/callback_ref.hpp>

#include <string>

using clientbook::callback_ref;

namespace {

struct counter {
  int total = 0;
};

int add(void* context, int more) { return static_cast<counter*>(context)->total += more; }

int twice(callback_ref<int(int)> whom) {
  whom(1);
  return whom(2);
}

}  // namespace

TEST_CASE("callback: a function and its context, as another language gives them") {
  counter here;
  CHECK(twice({add, &here}) == 3);
  CHECK(here.total == 3);
}

TEST_CASE("callback: a callable of C++ is called where it lies, not copied") {
  int total = 0;
  auto counting = [&total, own = 0](int more) mutable {
    total += more;
    return ++own;
  };
  CHECK(twice(counting) == 2);
  CHECK(twice(counting) == 4);
  CHECK(total == 6);
  const auto constant = [](int more) { return 10 * more; };
  CHECK(twice(constant) == 20);
}

TEST_CASE("callback: arguments go through as they are, and an answer may be ignored") {
  std::string seen;
  const auto keep = [&](std::string&& text) { return (seen = std::move(text)).size(); };
  const callback_ref<void(std::string &&)> told(keep);
  told(std::string("moved"));
  CHECK(seen == "moved");
}

TEST_CASE("callback: without anybody it says so") {
  CHECK_FALSE(callback_ref<void()>());
  const auto nothing = [] {};
  CHECK(callback_ref<void()>(nothing));
}
