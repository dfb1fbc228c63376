// PSA Crypto in the place of libsodium: what only it can do wrong. That its bytes are the same is
// shown by the tests of this room and the published vectors, which run over it too.
#include <doctest/doctest.h>
#include <psa/crypto.h>
#include <clientbook/crypto/envelope.hpp>
#include <clientbook/internal/crypto/aes.hpp>

#include <atomic>
#include <chrono>
#include <thread>

#include "crypto_testing.hpp"
#include "psa_key.hpp"

namespace clientbook {
namespace {

using namespace clientbook::testing;
using crypto::block_cipher;

constexpr std::string_view birthday = "4 May 1990";

// Takes slots of the key store until it has no more; gives them back.
class full_store {
 public:
  full_store() {
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_AES);
    psa_set_key_algorithm(&attributes, PSA_ALG_ECB_NO_PADDING);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_ENCRYPT);
    const std::array<std::uint8_t, 16> bytes{1};
    psa_key_id_t id = 0;
    while (psa_import_key(&attributes, bytes.data(), bytes.size(), &id) == PSA_SUCCESS) {
      taken_.push_back(id);
    }
  }
  ~full_store() {
    for (const psa_key_id_t each : taken_) psa_destroy_key(each);
  }
  full_store(const full_store&) = delete;
  full_store& operator=(const full_store&) = delete;
  [[nodiscard]] std::size_t size() const { return taken_.size(); }

 private:
  std::vector<psa_key_id_t> taken_;
};

}  // namespace

TEST_CASE(
    "psa: a key store without room seals nothing, opens nothing, and is not taken for damage") {
  REQUIRE(crypto::init());
  const secret<32> key = key_of(bytes(32, std::byte{7}));
  crypto::system_random random;
  const field_context context;
  bytes sealed(sealed_field_size(birthday.size()));
  bytes row(1024);
  const std::array<row_field, 1> fields{row_field{field_id{3}, as_bytes(birthday), padding::to_32}};
  REQUIRE(seal_field(key, context, as_bytes(birthday), random, sealed));
  const auto size = seal_row(key, {}, fields, random, row);
  REQUIRE(size);
  bytes out(64);
  {
    const full_store none;
    REQUIRE(none.size() > 1);
    bytes again(sealed.size());
    const auto field = seal_field(key, context, as_bytes(birthday), random, again);
    REQUIRE_FALSE(field);
    CHECK(field.error().code == errc::limit_exceeded);
    bytes other(1024);
    const auto failed = seal_row(key, {}, fields, random, other);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == errc::limit_exceeded);
    CHECK(std::search(other.begin(), other.end(), as_bytes(birthday).begin(),
                      as_bytes(birthday).end()) == other.end());
    const auto opened = open_field(key, context, sealed, out);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == errc::limit_exceeded);
    row_reader reader;
    REQUIRE(reader.open(key, {}, byte_view(row).first(*size)));
    const auto read = reader.read(field_id{3}, out);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == errc::limit_exceeded);
    const auto aes = crypto::aes_cipher::create(bytes(32, std::byte{9}));
    REQUIRE(aes);
    const block_cipher port = aes->port();
    bytes block(16);
    CHECK_FALSE(port.encrypt(port.context, block_cipher::block_in(block.data(), 16),
                             block_cipher::block_out(block.data(), 16)));
  }
  const auto opened = open_field(key, context, sealed, out);
  REQUIRE(opened);
  CHECK(std::equal(out.begin(), out.begin() + static_cast<long>(*opened),
                   as_bytes(birthday).begin()));
}

TEST_CASE("psa: no slot of the key store stays taken by what was sealed, opened or failed") {
  REQUIRE(crypto::init());
  const secret<32> key = key_of(bytes(32, std::byte{7}));
  crypto::system_random random;
  bytes sealed(sealed_field_size(birthday.size()));
  bytes out(64);
  const std::size_t before = full_store().size();
  for (int i = 0; i < 100; ++i) {
    REQUIRE(seal_field(key, {}, as_bytes(birthday), random, sealed));
    REQUIRE(open_field(key, {}, sealed, out));
    sealed.back() ^= std::byte{1};
    REQUIRE_FALSE(open_field(key, {}, sealed, out));
    auto aes = crypto::aes_cipher::create(bytes(32, std::byte{9}));
    REQUIRE(aes);
    const crypto::aes_cipher moved = std::move(*aes);
    bytes block(16);
    REQUIRE(moved.port().encrypt(moved.port().context, block_cipher::block_in(block.data(), 16),
                                 block_cipher::block_out(block.data(), 16)));
  }
  CHECK(full_store().size() == before);
}

TEST_CASE("psa: AES is that of FIPS 197, appendix C") {
  REQUIRE(crypto::init());
  const bytes block = unhex("00112233445566778899aabbccddeeff");
  const std::string key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
  const std::array<std::pair<std::size_t, std::string_view>, 3> known{
      {{32, "69c4e0d86a7b0430d8cdb78070b4c55a"},
       {48, "dda97ca4864cdfe06eaf70a0ec0d7191"},
       {64, "8ea2b7ca516745bfeafc49904b496089"}}};
  for (const auto& [digits, expected] : known) {
    const auto aes = crypto::aes_cipher::create(unhex(key.substr(0, digits)));
    REQUIRE(aes);
    const block_cipher port = aes->port();
    bytes out(16);
    REQUIRE(port.encrypt(port.context, block_cipher::block_in(block.data(), 16),
                         block_cipher::block_out(out.data(), 16)));
    CHECK(hex(out) == expected);
  }
}

TEST_CASE("psa: who wants to seal waits for its turn") {
  REQUIRE(crypto::init());
  std::atomic<bool> sealed_it = false;
  std::thread other;
  {
    const crypto::psa_turn held;
    other = std::thread([&sealed_it] {
      const secret<32> key = key_of(bytes(32, std::byte{7}));
      crypto::system_random random;
      bytes sealed(sealed_field_size(birthday.size()));
      sealed_it = seal_field(key, {}, as_bytes(birthday), random, sealed).has_value();
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    CHECK_FALSE(sealed_it);
  }
  other.join();
  CHECK(sealed_it);
}

TEST_CASE("psa: threads that seal at once lose no value and no slot") {
  REQUIRE(crypto::init());
  const std::size_t before = full_store().size();
  std::array<int, 4> wrong{};
  std::vector<std::thread> all;
  for (int& failures : wrong) {
    all.emplace_back([&failures] {
      const secret<32> key = key_of(bytes(32, std::byte{7}));
      crypto::system_random random;
      bytes sealed(sealed_field_size(birthday.size()));
      bytes out(64);
      for (int i = 0; i < 2000; ++i) {
        const bool kept = seal_field(key, {}, as_bytes(birthday), random, sealed).has_value() &&
                          open_field(key, {}, sealed, out).has_value();
        if (!kept) ++failures;
      }
    });
  }
  for (std::thread& each : all) each.join();
  for (const int failures : wrong) CHECK(failures == 0);
  CHECK(full_store().size() == before);
}

}  // namespace clientbook
