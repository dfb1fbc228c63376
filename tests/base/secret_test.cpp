#include <clientbook/base/result.hpp>
#include <clientbook/base/secret.hpp>
#include "testing.hpp"

#include <new>
#include <type_traits>

using namespace clientbook;

static_assert(!std::is_copy_constructible_v<secret<32>>, "a secret is moved, never copied");
static_assert(!std::is_copy_assignable_v<secret<32>>, "a secret is moved, never copied");
static_assert(!std::is_convertible_v<const char*, literal>, "only a literal makes an error text");

namespace {
void set(secret<4>& key) {
  key.fill_bytes([](std::span<std::byte, 4> b) { b[0] = b[1] = b[2] = b[3] = std::byte{0x5a}; });
}
bool zero(const secret<4>& key) {
  return key.with_bytes([](std::span<const std::byte, 4> b) {
    return b[0] == std::byte{0} && b[1] == std::byte{0} && b[2] == std::byte{0} &&
           b[3] == std::byte{0};
  });
}
}  // namespace

TEST_CASE("secret: what was moved from holds nothing") {
  secret<4> first;
  set(first);
  secret<4> second(std::move(first));
  CHECK(zero(first));  // NOLINT(bugprone-use-after-move)
  CHECK_FALSE(zero(second));
  second.clear();
  CHECK(zero(second));
}

TEST_CASE("secret: its memory is zero after its life") {
  alignas(secret<4>) std::byte room[sizeof(secret<4>)];
  auto* key = new (room) secret<4>;
  set(*key);
  key->~secret<4>();
  __asm__ __volatile__("" : : "r"(room) : "memory");
  for (const std::byte b : room) CHECK(b == std::byte{0});
}
