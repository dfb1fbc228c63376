#include <clientbook/base/hex.hpp>
#include <clientbook/base/ids.hpp>
#include "testing.hpp"

#include <string>
#include <type_traits>

using namespace clientbook;

static_assert(!std::is_convertible_v<int, purpose_id>, "an id is never made from a bare integer");
static_assert(!std::is_convertible_v<purpose_id, recipient_id>, "ids of two kinds do not mix");

TEST_CASE("ids: hexadecimal survives a round trip and is strict") {
  customer_id id;
  CHECK(parse_hex("00ff10aB0000000000000000000000Ee", id.bytes));
  std::string out(32, ' ');
  write_hex(id.bytes, out.data());
  CHECK(out == "00ff10ab0000000000000000000000ee");

  CHECK(hex<std::string>(id.bytes) == out);
  CHECK(hex<std::string>({}).empty());
  const std::byte ends[] = {std::byte{0}, std::byte{0x0f}, std::byte{0xf0}, std::byte{0xff}};
  CHECK(hex<std::string>(ends) == "000ff0ff");

  const customer_id before = id;
  for (const char* bad :
       {"", "00", "00ff10ab0000000000000000000000eg", "00ff10ab0000000000000000000000ee00",
        " 0ff10ab0000000000000000000000ee"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_hex(bad, id.bytes));
    CHECK(id == before);  // a failed call changes nothing
  }
}
