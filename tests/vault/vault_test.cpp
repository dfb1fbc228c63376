#include <clientbook/internal/vault/random_pool.hpp>
#include <clientbook/internal/vault/storage_key.hpp>
#include <clientbook/vault/wiped_bytes.hpp>
#include "testing.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

using namespace clientbook;

namespace {

// Numbers that ascend, never zero; says how often it was asked, and fails on request.
class counting_source final : public random_source {
 public:
  result<void> fill(byte_span out) noexcept override {
    ++asked;
    if (fails) return error{errc::io_error, "no randomness"};
    for (std::byte& each : out) each = static_cast<std::byte>(1 + next++ % 255);
    return {};
  }
  unsigned asked = 0;
  bool fails = false;

 private:
  unsigned next = 0;
};

// What operator delete saw of memory of watched_size bytes or four times as much.
constexpr std::size_t watched_size = 7001;
struct {
  unsigned count = 0;
  std::size_t bytes_left = 0;
} given_back;

std::array<std::byte, 16> draw(random_pool& pool) {
  std::array<std::byte, 16> out{};
  REQUIRE(pool.fill(out));
  return out;
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* memory = std::malloc(size)) return memory;
  std::abort();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t size) noexcept {
  if (size == watched_size || size == 4 * watched_size) {
    ++given_back.count;
    const auto* bytes = static_cast<const unsigned char*>(memory);
    for (std::size_t i = 0; i < size; ++i) given_back.bytes_left += bytes[i] != 0;
  }
  std::free(memory);
}

TEST_CASE("random pool: hands out what its source gave, in order and once") {
  counting_source source, same;
  random_pool pool(source);
  std::array<std::byte, 4095> given{};
  REQUIRE(same.fill(given));
  for (std::size_t at = 0; at + 16 <= given.size(); at += 16) {
    const auto drawn = draw(pool);
    CHECK(std::equal(drawn.begin(), drawn.end(), given.begin() + static_cast<std::ptrdiff_t>(at)));
  }
  CHECK(source.asked == 1);
  draw(pool);
  CHECK(source.asked == 2);
}

TEST_CASE("random pool: a source that fails is not covered up, nor forgotten afterwards") {
  counting_source source;
  random_pool pool(source);
  source.fails = true;
  std::array<std::byte, 16> out{};
  CHECK(!pool.fill(out));
  CHECK(!pool.fill(out));
  source.fails = false;
  CHECK(draw(pool)[0] == std::byte{1});
}

TEST_CASE("random pool: a child of fork() draws anew and never what its parent holds") {
  counting_source source;
  random_pool pool(source);
  draw(pool);
  const unsigned before = source.asked;
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::array<std::byte, 16> out{};
    const bool drawn = static_cast<bool>(pool.fill(out));
    ::_exit(drawn && source.asked == before + 1 ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

TEST_CASE("storage keys: rows of one table lie together, in the order of their numbers") {
  const auto at = [](storage::table t, std::uint32_t number) {
    storage::key out(t);
    out.add(number);
    const byte_view bytes = out;
    return std::string(as_text(bytes));
  };
  CHECK(at(storage::table::notice, 1) < at(storage::table::notice, 2));
  CHECK(at(storage::table::notice, 255) < at(storage::table::notice, 256));
  CHECK(at(storage::table::notice, 0xFFFFFFFF) < at(storage::table::ledger_leaf, 0));
  CHECK(at(storage::table::notice, 7).size() == 5);
}

TEST_CASE("wiped bytes: overwritten before their memory is given back, also on growth") {
  given_back = {};
  {
    wiped_bytes secret(watched_size, std::byte{0x5A});
    secret.resize(4 * watched_size, std::byte{0x5A});
    CHECK(given_back.count == 1);  // Growth gave the first memory back.
  }
  CHECK(given_back.count == 2);
  CHECK(given_back.bytes_left == 0);
}
