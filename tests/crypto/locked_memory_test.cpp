#include <clientbook/internal/crypto/locked_memory.hpp>
#include "crypto_testing.hpp"
#include "testing.hpp"

#include <set>
#include <utility>

using namespace clientbook;

TEST_CASE("locked memory: zero at first, aligned, moved not copied") {
  REQUIRE(crypto::init());
  for (const std::size_t size : {1U, 64U, 1000U, 100'000U}) {
    result<locked_memory> got = locked_memory::allocate(size);
    REQUIRE(got);
    CHECK(got->bytes().size() >= size);
    CHECK(reinterpret_cast<std::uintptr_t>(got->bytes().data()) % 64 == 0);
    for (const std::byte b : got->bytes()) REQUIRE(b == std::byte{0});
    locked_memory moved = std::move(*got);
    CHECK(got->bytes().empty());
    moved.bytes()[size - 1] = std::byte{1};
    moved = locked_memory();
    CHECK(moved.bytes().empty());
  }
  static_assert(!std::is_copy_constructible_v<locked_memory>);
  CHECK(locked_memory::allocate(~std::size_t{0} - 70).error().code == errc::limit_exceeded);
}

TEST_CASE("system randomness: no two draws are equal") {
  REQUIRE(crypto::init());
  crypto::system_random random;
  std::set<testing::bytes> seen;
  for (int i = 0; i < 100; ++i) {
    result<secret<32>> key = crypto::random_key(random);
    REQUIRE(key);
    CHECK(seen.insert(testing::bytes_of(*key)).second);
  }
}
