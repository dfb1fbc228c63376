#include <clientbook/internal/unicode/address_form.hpp>
#include "testing.hpp"

#include <random>
#include <string>

using namespace clientbook;

namespace {
std::string form(std::string_view address) {
  return unicode::comparable_address<std::string>(address);
}
}  // namespace

TEST_CASE("address form: case, accents, composition and xn-- do not count") {
  CHECK(form("Ana.Ray+x@Example.COM") == "ana.ray+x@example.com");
  CHECK(form("no address") == "no address");
  CHECK(form("") == "");
  CHECK(form("@") == "@");
  CHECK(form("a@") == "a@");
  CHECK(form("a@b..c") == "a@b..c");
  CHECK(form("\u00c4@x.de") == form("\u00e4@x.de"));
  CHECK(form("a\u0308@x.de") == form("\u00e4@x.de"));
  CHECK(form("a@B\u00dcCHER.de") == form("a@b\u00fccher.de"));
  CHECK(form("a@xn--bcher-kva.de") == form("a@b\u00fccher.de"));
  CHECK(form("a@XN--BCHER-KVA.de") == form("a@b\u00fccher.de"));
  CHECK(form("a@mail.xn--bcher-kva.example.de") == form("a@mail.b\u00fccher.example.de"));
}

TEST_CASE("address form: labels of RFC 3492, 7.1") {
  CHECK(form("a@xn--ihqwcrb4cv8a8dqg056pqjye.cn") ==
        form("a@\u4ed6\u4eec\u4e3a\u4ec0\u4e48\u4e0d\u8bf4\u4e2d\u6587.cn"));
  CHECK(form("a@xn--3B-ww4c5e180e575a65lsy2b.jp") ==
        form("a@3\u5e74b\u7d44\u91d1\u516b\u5148\u751f.jp"));
  CHECK(form("a@xn--d9juau41awczczp.jp") ==
        form("a@\u305d\u306e\u30b9\u30d4\u30fc\u30c9\u3067.jp"));
}

TEST_CASE("address form: what is no such label stays as it is") {
  for (const char* const address :
       {"a@xn--.de", "a@xn--99999999999.de", "a@xn--b_cher.de", "xn--bcher-kva@x.de",
        "a@xn--aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
        "de"}) {
    CAPTURE(std::string(address));
    CHECK(form(address) == address);
  }
  std::mt19937 random(20261129);
  for (int i = 0; i < 200'000; ++i) {
    std::string label = "a@xn--";
    const std::size_t size = random() % 60;
    for (std::size_t k = 0; k < size; ++k) {
      label += "abcdefghijklmnopqrstuvwxyz0123456789-"[random() % 37];
    }
    CHECK_FALSE(form(label).empty());
  }
}
