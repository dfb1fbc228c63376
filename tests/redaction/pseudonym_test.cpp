#include <clientbook/redaction/pseudonym.hpp>
#include "pseudonym_testing.hpp"

#include <set>
#include <type_traits>

using namespace clientbook;
using namespace clientbook::testing;

static_assert(!std::is_default_constructible_v<pseudonym_key>, "a key comes from bytes");
static_assert(!std::is_copy_constructible_v<pseudonym_key>, "a key is not copied");

namespace {

std::string hashed(std::string_view value, const pseudonym_scope& scope = phones_of_shop,
                   unsigned size = 16, unsigned key = 0) {
  return text_from(
      [&](byte_span to) { return keyed_hash(value, tenant_key(key), scope, size, to); });
}
const std::string bad_argument = "error 1";

}  // namespace

TEST_CASE("pseudonym key: shorter than 32 bytes or all zero is refused") {
  for (std::size_t size = 0; size < 32; ++size) {
    CHECK(pseudonym_key::from(ascending(size, 1)).error().code == errc::weak_key);
  }
  for (const std::size_t size : {32U, 33U, 64U, 200U}) {
    CHECK(pseudonym_key::from(std::vector<std::byte>(size)).error().code == errc::weak_key);
    CHECK(pseudonym_key::from(ascending(size)));
  }
}

TEST_CASE("hash: HMAC-SHA-256 over label, tenant, field, version and value") {
  // By another implementation (Python's hmac) of what docs/redaction.md says.
  const std::string whole = "feacc99974d4e568f7084b9733513a669efd18ce34330330a25f8de5bf2d4664";
  CHECK(hashed("+49 30 1234567", phones_of_shop, 32) == whole);
  CHECK(hashed("+49 30 1234567") == whole.substr(0, 32));
  CHECK(hashed("+49 30 1234567", phones_of_shop, 20) == whole.substr(0, 40));
}

TEST_CASE("hash: bound to key, tenant, field and version, and to nothing else") {
  const auto with = [](auto change) {
    pseudonym_scope scope = phones_of_shop;
    change(scope);
    return hashed("+49 30 1234567", scope);
  };
  const std::set<std::string> all = {
      hashed("+49 30 1234567"), hashed("+49 30 1234568"),
      hashed("+49 30 1234567", phones_of_shop, 16, 1), with([](auto& s) { s.tenant = "shop 8"; }),
      with([](auto& s) { s.field = "faxes"; }), with([](auto& s) { s.version = 2; }),
      // The same bytes, cut elsewhere.
      with([](auto& s) { s.tenant = "shop 7p", s.field = "hones"; }),
      with([](auto& s) { s.tenant = "shop ", s.field = "7phones"; })};
  CHECK(all.size() == 8);
  CHECK(with([](auto& s) { s.purpose = "marketing"; }) == hashed("+49 30 1234567"));
}

TEST_CASE("hash: no scope, fewer than 128 bits, or an empty value is refused") {
  const auto with = [](auto change) {
    pseudonym_scope scope = phones_of_shop;
    change(scope);
    return hashed("+49 30 1234567", scope);
  };
  const std::string too_long(65, 'x');
  CHECK(with([](auto& s) { s.tenant = {}; }) == bad_argument);
  CHECK(with([](auto& s) { s.field = {}; }) == bad_argument);
  CHECK(with([](auto& s) { s.version = 0; }) == bad_argument);
  CHECK(with([&](auto& s) { s.tenant = too_long; }) == bad_argument);
  CHECK(with([&](auto& s) { s.field = too_long; }) == bad_argument);
  for (const unsigned size : {0U, 1U, 8U, 15U, 33U, 64U}) {
    CHECK(hashed("x", phones_of_shop, size) == bad_argument);
  }
  CHECK(hashed("") == "error 22");
}

TEST_CASE("hash: a buffer too small is told and stays as it was") {
  std::vector<std::byte> room(31, std::byte{0xEE});
  const auto done = keyed_hash("x", tenant_key(), phones_of_shop, 16, room);
  CHECK(done.error().code == errc::buffer_too_small);
  CHECK(done.error().at == 32);
  CHECK(room == std::vector<std::byte>(31, std::byte{0xEE}));
}
