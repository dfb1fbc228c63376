// A token that asks, refuses, is nearly locked or answers otherwise each time; a real one (SoftHSM)
// is asked by tests/cli/token_test.py.
#include <clientbook/adapters/key_slots.hpp>
#include <clientbook/crypto/crypto.hpp>

#include "fake_token.hpp"
#include "scratch.hpp"
#include "testing.hpp"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include <vector>

using namespace clientbook;

namespace {

template <class Result>
errc code(const Result& of) {
  return of ? errc::none : of.error().code;
}

// The module stays in the process with this, and what it counts with it.
fake_token& module_of_test() {
  static void* const loaded = ::dlopen(FAKE_TOKEN, RTLD_NOW);
  REQUIRE(loaded != nullptr);
  auto* const here =
      reinterpret_cast<decltype(&fake_token_here)>(::dlsym(loaded, "fake_token_here"));
  REQUIRE((here != nullptr));
  return *here();
}

struct asked_token {
  testing::scratch folder;
  fake_token& token = module_of_test();
  std::string pin = folder / "pin";

  explicit asked_token(fake_token as = {}) {
    token = as;
    write("493817\n");
  }
  void write(const std::string& text) const {
    std::ofstream(pin) << text;
    ::chmod(pin.c_str(), 0600);
  }
  std::string address(const std::string& more = {}) const {
    std::string out = "pkcs11:token=Fake;object=shop?module-path=" FAKE_TOKEN;
    return out += more;
  }
  std::string with_pin() const { return address("&pin-source=file:" + pin); }
  errc says(const std::string& address) const { return code(slot_secret::read_identity(address)); }
};

fake_token asking(unsigned long flags = 0) {
  fake_token out;
  out.flags = CKF_LOGIN_REQUIRED | flags;
  return out;
}

}  // namespace

TEST_CASE("token: what it answers is the key, and no session stays open") {
  asked_token at;
  const auto secret = slot_secret::read_identity(at.address());
  REQUIRE(secret);
  CHECK(secret->kind() == slot_kind::key_file);
  secret->with_bytes([](byte_view bytes) {
    REQUIRE(bytes.size() == 32);
    CHECK(bytes[0] == std::byte{200});
    CHECK(bytes[31] == std::byte{231});
  });
  CHECK(at.token.sessions == 0);
  CHECK(at.token.logins == 0);

  at.token.secret_key = false;
  const auto signed_by = slot_secret::read_identity(at.address());
  REQUIRE(signed_by);
  CHECK_FALSE(signed_by->same_as(*secret));
  std::vector<std::byte> signature;
  for (unsigned i = 0; i < 256; ++i) signature.push_back(static_cast<std::byte>(200U + i));
  const crypto::digest hashed = crypto::hash(signature);
  signed_by->with_bytes([&](byte_view bytes) { CHECK(crypto::equal(bytes, hashed)); });
}

TEST_CASE("token: a key that answers otherwise each time, or in equal bytes, is refused") {
  asked_token at;
  at.token.same_each_time = false;
  CHECK(at.says(at.address()) == errc::unsupported);
  at.token.secret_key = false;
  CHECK(at.says(at.address()) == errc::unsupported);
  at.token = {};
  at.token.fills_with_zeros = true;
  CHECK(at.says(at.address()) == errc::weak_key);
  at.token = {};
  at.token.sign_says = CKR_KEY_FUNCTION_NOT_PERMITTED;
  CHECK(at.says(at.address()) == errc::unsupported);
  at.token = {};
  at.token.keys = 2;
  CHECK(at.says(at.address()) == errc::invalid_argument);
  at.token.keys = 0;
  CHECK(at.says(at.address()) == errc::not_found);
  CHECK(at.token.sessions == 0);
}

TEST_CASE("token: a PIN is tried once, and not where a wrong one would lock it") {
  asked_token at(asking());
  CHECK(at.says(at.with_pin()) == errc::none);
  CHECK(at.token.logins == 1);
  CHECK(at.token.logouts == 1);
  at.write("000000");
  CHECK(at.says(at.with_pin()) == errc::permission_denied);
  CHECK(at.token.logins == 2);
  CHECK(at.token.logouts == 1);
  for (const CK_FLAGS near : {CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_LOCKED}) {
    at.token = asking(near);
    CHECK(at.says(at.with_pin()) == errc::permission_denied);
    CHECK(at.token.logins == 0);
  }
  at.token = asking();
  CHECK(at.says(at.address()) == errc::permission_denied);
  CHECK(at.says(at.address("&pin-value=493817")) == errc::invalid_argument);
  at.write("");
  CHECK(at.says(at.with_pin()) == errc::invalid_argument);
  at.write(std::string(256, '4'));
  CHECK(at.says(at.with_pin()) == errc::invalid_argument);
  at.write("493817");
  ::chmod(at.pin.c_str(), 0644);
  CHECK(at.says(at.with_pin()) == errc::permission_denied);
  CHECK(at.token.logins == 0);
  // One with a pad of its own asks by itself.
  at.token = asking(CKF_PROTECTED_AUTHENTICATION_PATH);
  CHECK(at.says(at.address()) == errc::none);
  CHECK(at.token.logins == 1);
}

TEST_CASE("token: a key that was made and cannot be asked does not stay") {
  asked_token at;
  at.token.keys = 0;
  CHECK(code(make_key_file(at.address(), "", "")) == errc::none);
  CHECK(at.token.keys == 1);
  CHECK(code(make_key_file(at.address(), "", "")) == errc::already_exists);
  CHECK(at.token.keys == 1);
  at.token = {};
  at.token.keys = 0;
  at.token.sign_says = CKR_MECHANISM_INVALID;
  CHECK(code(make_key_file(at.address(), "", "")) == errc::unsupported);
  CHECK(at.token.keys == 0);
}

TEST_CASE("token: addresses that are none, and tokens that are not there") {
  asked_token at;
  for (const std::string& wrong :
       {std::string("pkcs11:"), std::string("pkcs11:token=Fake"), std::string("pkcs11:object=%zz"),
        std::string("pkcs11:object=x;colour=red"), at.address() + std::string("\0x", 2),
        "pkcs11:object=" + std::string(5000, 'a')}) {
    CAPTURE(wrong.substr(0, 40));
    CHECK(at.says(wrong) == errc::invalid_argument);
  }
  CHECK(at.says("pkcs11:token=Nobody;object=x?module-path=" FAKE_TOKEN) == errc::not_found);
  CHECK(at.says("pkcs11:object=x?module-path=/nowhere/module.so") == errc::unsupported);
}
