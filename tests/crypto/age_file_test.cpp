// Files of age: their form, and that none is made where it would protect nobody. A reader that
// shares no code opens them in tests/cli/sealed_test.py.
#include <clientbook/crypto/age_file.hpp>
#include <clientbook/crypto/recipient.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "crypto_testing.hpp"
#include "testing.hpp"

using namespace clientbook;
using namespace clientbook::crypto;
using namespace clientbook::testing;

namespace {

std::vector<std::byte> sealed(const box_public_key& to, std::size_t size) {
  const std::vector<std::byte> plain(size, std::byte{'x'});
  std::vector<std::byte> out(age_file_size(size));
  system_random random;
  REQUIRE(seal_age_file(to, plain, random, out));
  return out;
}

struct no_randomness final : random_source {
  result<void> fill(byte_span) noexcept override { return error{errc::randomness_failed, "none"}; }
};

}  // namespace

TEST_CASE("age file: is as long as it says, for every length about the ends of chunks") {
  REQUIRE(init());
  const box_key mine(key_of(0x11));
  for (const std::size_t size : {0U, 1U, 65535U, 65536U, 65537U, 131072U}) {
    CAPTURE(size);
    const auto file = sealed(mine.public_key(), size);
    CHECK(file.size() == 200 - 16 + size + (size <= 65536 ? 16U : size <= 131072 ? 32U : 48U));
    const std::string text(reinterpret_cast<const char*>(file.data()), 22);
    CHECK(text == "age-encryption.org/v1\n");
  }
}

TEST_CASE("age file: two of the same plaintext have nothing in common but their form") {
  REQUIRE(init());
  const box_key mine(key_of(0x11));
  const auto one = sealed(mine.public_key(), 100);
  const auto two = sealed(mine.public_key(), 100);
  CHECK_FALSE(same_bytes(byte_view(one).subspan(184), byte_view(two).subspan(184)));
  CHECK_FALSE(same_bytes(byte_view(one).subspan(32, 43), byte_view(two).subspan(32, 43)));
}

TEST_CASE("age file: without randomness, or to a key of small order, there is none") {
  REQUIRE(init());
  const box_key mine(key_of(0x11));
  std::vector<std::byte> out(age_file_size(3), std::byte{1});
  no_randomness none;
  const std::vector<std::byte> plain(3, std::byte{'x'});
  CHECK(seal_age_file(mine.public_key(), plain, none, out).error().code == errc::randomness_failed);
  CHECK(std::ranges::all_of(out, [](std::byte one) { return one == std::byte{0}; }));
  system_random random;
  CHECK(seal_age_file(box_public_key{}, plain, random, out).error().code == errc::weak_key);
}
