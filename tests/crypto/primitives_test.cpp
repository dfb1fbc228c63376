// Published vectors, tried on our use of libsodium: RFC 8439, draft-irtf-cfrg-xchacha-03, the
// GCM specification (McGrew and Viega), RFC 7693, FIPS 180-4, RFC 8032, SipHash's paper.
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/internal/crypto/short_hash.hpp>
#include "aead.hpp"
#include "crypto_testing.hpp"
#include "testing.hpp"

#include <random>
#include <set>

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::string_view sunscreen =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
    "sunscreen would be it.";

crypto::short_nonce short_nonce(std::string_view text) {
  crypto::short_nonce nonce;
  copy_bytes(nonce, unhex(text));
  return nonce;
}

void check_aead(crypto::suite suite, std::string_view key, const crypto::short_nonce& nonce,
                const bytes& ad, const bytes& plaintext, std::string_view sealed) {
  alignas(16) std::array<std::byte, 512> expanded;
  crypto::expand(suite, crypto::key_view(unhex(key).data(), 32), expanded);
  bytes out(plaintext.size() + crypto::tag_size);
  REQUIRE(crypto::seal(suite, expanded, nonce, ad, plaintext, out.data()));
  CHECK(hex(out) == sealed);
  bytes back(plaintext.size());
  CHECK(crypto::open(suite, expanded, nonce, ad, out, back.data()));
  CHECK(back == plaintext);
  for (std::size_t i = 0; i < out.size(); ++i) {
    bytes flipped = out;
    flipped[i] ^= std::byte{1};
    CHECK_FALSE(crypto::open(suite, expanded, nonce, ad, flipped, back.data()));
    CHECK(back == bytes(plaintext.size()));
  }
}

}  // namespace

TEST_CASE("primitives: ChaCha20-Poly1305 as in RFC 8439, 2.8.2") {
  REQUIRE(crypto::init());
  check_aead(crypto::suite::chacha20_poly1305,
             "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
             short_nonce("070000004041424344454647"), unhex("50515253c0c1c2c3c4c5c6c7"),
             copy(as_bytes(sunscreen)),
             "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
             "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
             "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
             "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691");
}

TEST_CASE("primitives: AES-256-GCM as in the GCM specification, cases 13, 14 and 15") {
  REQUIRE(crypto::init());
  if (!crypto::suite_available(crypto::suite::aes256_gcm)) return;
  const std::string zero(64, '0');
  check_aead(crypto::suite::aes256_gcm, zero, {}, {}, {}, "530f8afbc74536b9a963b4f1c4cb738b");
  check_aead(crypto::suite::aes256_gcm, zero, {}, {}, bytes(16),
             "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
  check_aead(crypto::suite::aes256_gcm,
             "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
             short_nonce("cafebabefacedbaddecaf888"), {},
             unhex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                   "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"),
             "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
             "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
             "b094dac5d93471bdec1a502270e3cc6c");
}

TEST_CASE("primitives: XChaCha20-Poly1305 as in draft-irtf-cfrg-xchacha-03, A.3.1") {
  REQUIRE(crypto::init());
  const secret<32> key =
      key_of(unhex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"));
  const bytes nonce = unhex("404142434445464748494a4b4c4d4e4f5051525354555657");
  bytes out(sunscreen.size() + crypto::tag_size);
  REQUIRE(crypto::seal_value(crypto::suite::chacha20_poly1305, key,
                             std::span<const std::byte, 24>(nonce.data(), 24),
                             unhex("50515253c0c1c2c3c4c5c6c7"), as_bytes(sunscreen), out.data()));
  CHECK(hex(out) ==
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
        "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
        "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
        "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49");
}

TEST_CASE("primitives: hashes as in RFC 7693 and FIPS 180-4, whole and in pieces") {
  REQUIRE(crypto::init());
  CHECK(hex(crypto::hash512(as_bytes("abc"))) ==
        "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
        "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
  CHECK(hex(crypto::hash(as_bytes("abc"))) ==
        "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  CHECK(hex(crypto::sha256(as_bytes("abc"))) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(crypto::sha256({})) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const secret<32> key = key_of(3);
  CHECK(crypto::hasher().update(as_bytes("a")).update(as_bytes("bc")).finish() ==
        crypto::hash(as_bytes("abc")));
  CHECK(crypto::hasher(key).update(as_bytes("ab")).update({}).update(as_bytes("c")).finish() ==
        crypto::hash(key, as_bytes("abc")));
  CHECK(crypto::sha256_hasher().update(as_bytes("a")).update(as_bytes("bc")).finish() ==
        crypto::sha256(as_bytes("abc")));
  CHECK(crypto::hash(key, as_bytes("abc")) != crypto::hash(as_bytes("abc")));
}

TEST_CASE("primitives: SipHash-2-4 as in its paper") {
  const bytes key = unhex("000102030405060708090a0b0c0d0e0f");
  CHECK(crypto::siphash(std::span<const std::byte, 16>(key.data(), 16),
                        unhex("000102030405060708090a0b0c0d0e")) == 0xe545be4961ca29a1U);
}

TEST_CASE("primitives: a short hash is of its parts, however long, under its key") {
  const secret<32> key = key_of(bytes(32, std::byte{7}));
  const secret<32> other = key_of(bytes(32, std::byte{8}));
  const auto of = [&](std::initializer_list<bytes> parts, const secret<32>& under) {
    const std::vector<byte_view> views(parts.begin(), parts.end());
    return crypto::short_hash(under, views);
  };
  const auto text = [](std::size_t size, char odd) {
    bytes out(size, std::byte{'a'});
    if (size != 0) out[size / 3] = static_cast<std::byte>(odd);
    return out;
  };
  std::set<std::uint64_t> seen;
  std::size_t tried = 0;
  for (const std::size_t size :
       {0U, 1U, 8U, 243U, 248U, 251U, 252U, 253U, 500U, 504U, 4096U, 100'000U}) {
    for (const char last : {'a', 'b'}) {
      if (size == 0 && last == 'b') continue;
      const bytes one = text(size, last);
      CHECK(of({one}, key) == of({one}, key));
      seen.insert(of({one}, key));
      seen.insert(of({one}, other));
      seen.insert(of({one, {}}, key));
      seen.insert(of({{}, one, one}, key));
      tried += 4;
    }
  }
  CHECK(seen.size() == tried);
  CHECK(of({text(2, 'b'), text(1, 'c')}, key) != of({text(1, 'a'), text(2, 'c')}, key));
}

TEST_CASE("primitives: Ed25519 as in RFC 8032, 7.1, tests 1 and 2") {
  REQUIRE(crypto::init());
  const crypto::signing_key first(
      key_of(unhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")));
  CHECK(hex(first.public_key()) ==
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  CHECK(hex(first.sign({})) ==
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
  const crypto::signing_key second(
      key_of(unhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")));
  const bytes message = unhex("72");
  crypto::signature signed_by = second.sign(message);
  CHECK(hex(signed_by) ==
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  CHECK(crypto::verify(signed_by, message, second.public_key()));
  CHECK(crypto::verify(signed_by, message, first.public_key()).error().code ==
        errc::signature_invalid);
  signed_by[5] ^= std::byte{1};
  CHECK(crypto::verify(signed_by, message, second.public_key()).error().code ==
        errc::signature_invalid);
}

TEST_CASE("primitives: derived keys differ by key, label and where label ends") {
  REQUIRE(crypto::init());
  const secret<32> key = key_of(1);
  std::set<bytes> seen;
  seen.insert(bytes_of(crypto::derive(key, "index", as_bytes("ab"))));
  seen.insert(bytes_of(crypto::derive(key, "indexa", as_bytes("b"))));
  seen.insert(bytes_of(crypto::derive(key, "indexab")));
  seen.insert(bytes_of(crypto::derive(key, "", as_bytes("indexab"))));
  seen.insert(bytes_of(crypto::derive(key_of(2), "index", as_bytes("ab"))));
  CHECK(seen.size() == 5);
  CHECK(bytes_of(crypto::derive(key, "index")) == bytes_of(crypto::derive(key, "index")));
}

TEST_CASE("primitives: a blind token keeps the bits asked for and no other") {
  REQUIRE(crypto::init());
  const secret<32> key = key_of(1);
  const std::array<byte_view, 2> parts{as_bytes("mueller"), as_bytes("04-01")};
  const result<crypto::blind_index_token> full = crypto::blind_token(key, 128, parts);
  REQUIRE(full);
  for (unsigned bits = 1; bits <= 128; ++bits) {
    CAPTURE(bits);
    const result<crypto::blind_index_token> some = crypto::blind_token(key, bits, parts);
    REQUIRE(some);
    for (unsigned i = 0; i < 128; ++i) {
      const std::byte mask{static_cast<unsigned char>(0x80U >> (i % 8))};
      const std::byte wanted = i < bits ? (*full)[i / 8] & mask : std::byte{0};
      CHECK(((*some)[i / 8] & mask) == wanted);
    }
  }
  const std::array<byte_view, 2> shifted{as_bytes("mueller0"), as_bytes("4-01")};
  CHECK(*crypto::blind_token(key, 128, shifted) != *full);
  CHECK(crypto::blind_token(key, 0, parts).error().code == errc::invalid_argument);
  CHECK(crypto::blind_token(key, 129, parts).error().code == errc::invalid_argument);
}

TEST_CASE("primitives: equal compares all bytes and the size") {
  const bytes a = unhex("00112233");
  CHECK(crypto::equal(a, unhex("00112233")));
  CHECK_FALSE(crypto::equal(a, unhex("00112234")));
  CHECK_FALSE(crypto::equal(a, unhex("001122")));
  CHECK(crypto::equal({}, {}));
}

TEST_CASE("customer ids: a permutation whose ids show nothing and are not guessed") {
  REQUIRE(crypto::init());
  const crypto::id_permutation ids(key_of(1));
  const crypto::id_permutation others(key_of(2));
  std::set<customer_id> seen;
  for (std::uint64_t n = 1; n <= 2000; ++n) {
    const customer_id id = ids.id(customer_no(n));
    CHECK(seen.insert(id).second);
    const result<customer_no> back = ids.number(id);
    REQUIRE(back);
    CHECK(back->value == n);
    CHECK(others.number(id).error().code == errc::not_found);
  }
  const customer_id last = ids.id(customer_no(~std::uint64_t{0}));
  CHECK(ids.number(last)->value == ~std::uint64_t{0});

  std::mt19937_64 random(20240501);
  for (int i = 0; i < 2000; ++i) {
    customer_id forged;
    store_be(forged.bytes.data(), random());
    store_be(forged.bytes.data() + 8, random());
    CHECK(ids.number(forged).error().code == errc::not_found);
    customer_id near = ids.id(customer_no(1 + random() % 1000));
    near.bytes[random() % 16] ^= std::byte(1 + random() % 255);
    CHECK(ids.number(near).error().code == errc::not_found);
  }
  CHECK(ids.number(customer_id{}).error().code == errc::not_found);
}

TEST_CASE("primitives: HMAC-SHA-256 as in RFC 4231") {
  const auto mac = [](byte_view key, std::string_view data) {
    return hex(crypto::hmac_sha256(key).update(as_bytes(data)).finish());
  };
  const bytes of_20(20, std::byte{0x0b});
  const bytes long_key(131, std::byte{0xaa});
  CHECK(mac(of_20, "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(mac(as_bytes("Jefe"), "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(mac(bytes(20, std::byte{0xaa}), std::string(50, '\xdd')) ==
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  CHECK(mac(unhex("0102030405060708090a0b0c0d0e0f10111213141516171819"), std::string(50, '\xcd')) ==
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  CHECK(mac(bytes(20, std::byte{0x0c}), "Test With Truncation").substr(0, 32) ==
        "a3b6167473100ee06e0c796c2955552b");
  CHECK(mac(long_key, "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK(mac(long_key,
            "This is a test using a larger than block-size key and a larger than block-size data. "
            "The key needs to be hashed before being used by the HMAC algorithm.") ==
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}
