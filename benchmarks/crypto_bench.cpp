// Row envelope: twelve fields of 32 bytes, beside the same libsodium calls written by hand.
#include <sodium.h>
#include <clientbook/crypto/envelope.hpp>

#include <array>
#include <cstring>
#include <vector>

#include "figures.hpp"

using namespace clientbook;

namespace {

constexpr std::size_t fields = 12;
constexpr std::size_t field_size = 32;

// Salts from a pool, as the book draws them.
class pool final : public random_source {
 public:
  result<void> fill(byte_span out) noexcept override {
    if (used_ + out.size() > bytes_.size()) {
      randombytes_buf(bytes_.data(), bytes_.size());
      used_ = 0;
    }
    std::memcpy(out.data(), bytes_.data() + used_, out.size());
    used_ += out.size();
    return {};
  }

 private:
  std::array<std::byte, 4096> bytes_;
  std::size_t used_ = bytes_.size();
};

struct customer {
  explicit customer(crypto::suite suite) {
    if (!crypto::init() || !crypto::suite_available(suite)) std::abort();
    std::memset(plain.data(), 'a', plain.size());
    for (std::size_t i = 0; i < fields; ++i) {
      row_fields[i] = {field_id(static_cast<std::uint8_t>(i)),
                       byte_view(plain).subspan(i * field_size, field_size)};
    }
    context.suite = suite;
    context.version = record_version(1);
    row.resize(sealed_row_size(row_fields));
    seal();
  }
  void seal() {
    if (!seal_row(key, context, row_fields, random, row)) std::abort();
  }

  std::array<std::byte, fields * field_size> plain;
  std::array<row_field, fields> row_fields;
  row_context context;
  secret<32> key;
  pool random;
  std::vector<std::byte> row;
};

template <crypto::suite Suite>
void row_seal(benchmark::State& state) {
  customer one(Suite);
  for (auto _ : state) {
    one.seal();
    benchmark::DoNotOptimize(one.row.data());
  }
}
template <crypto::suite Suite>
void row_open(benchmark::State& state) {
  customer one(Suite);
  std::array<std::byte, fields * field_size> room;
  std::array<opened_field, fields> out;
  const auto wanted = field_set::of_bits(static_cast<std::uint64_t>(state.range(0)));
  for (auto _ : state) {
    row_reader reader;
    if (!reader.open(one.key, one.context, one.row)) std::abort();
    const result<std::size_t> got = reader.read(wanted, room, out);
    benchmark::DoNotOptimize(got);
  }
}

// One keyed hash over as many bytes, one salt, twelve AEADs; nothing is checked or laid out.
template <crypto::suite Suite>
struct by_hand {
  by_hand() {
    if (!crypto::init()) std::abort();
    seal();
  }
  void derive() {
    crypto_generichash_blake2b(made.data(), made.size(), context.data(), context.size(), key.data(),
                               key.size());
    if constexpr (Suite == crypto::suite::aes256_gcm) {
      crypto_aead_aes256gcm_beforenm(&gcm, made.data());
    }
  }
  void seal() {
    if (!random.fill(salt)) std::abort();
    derive();
    for (std::size_t i = 0; i < fields; ++i) {
      nonce[11] = static_cast<unsigned char>(i);
      unsigned char* to = sealed.data() + i * (field_size + 16);
      const unsigned char* from = plain.data() + i * field_size;
      if constexpr (Suite == crypto::suite::aes256_gcm) {
        crypto_aead_aes256gcm_encrypt_afternm(to, nullptr, from, field_size, nonce.data(), 4,
                                              nullptr, nonce.data(), &gcm);
      } else {
        crypto_aead_chacha20poly1305_ietf_encrypt(to, nullptr, from, field_size, nonce.data(), 4,
                                                  nullptr, nonce.data(), made.data());
      }
    }
  }
  void open(std::uint64_t wanted) {
    derive();
    if (sodium_memcmp(made.data() + 32, made.data() + 32, 32) != 0) std::abort();
    for (std::size_t i = 0; i < fields; ++i) {
      if ((wanted >> i & 1U) == 0) continue;
      nonce[11] = static_cast<unsigned char>(i);
      const unsigned char* from = sealed.data() + i * (field_size + 16);
      unsigned char* to = plain.data() + i * field_size;
      int failed = 0;
      if constexpr (Suite == crypto::suite::aes256_gcm) {
        failed = crypto_aead_aes256gcm_decrypt_afternm(to, nullptr, nullptr, from, field_size + 16,
                                                       nonce.data(), 4, nonce.data(), &gcm);
      } else {
        failed =
            crypto_aead_chacha20poly1305_ietf_decrypt(to, nullptr, nullptr, from, field_size + 16,
                                                      nonce.data(), 4, nonce.data(), made.data());
      }
      if (failed != 0) std::abort();
    }
  }

  std::array<unsigned char, 178> context{};
  std::array<unsigned char, 32> key{};
  std::array<unsigned char, 64> made{};
  std::array<unsigned char, 12> nonce{};
  std::array<std::byte, 24> salt{};
  std::array<unsigned char, fields * field_size> plain{};
  std::array<unsigned char, fields*(field_size + 16)> sealed{};
  crypto_aead_aes256gcm_state gcm;
  pool random;
};

template <crypto::suite Suite>
void hand_seal(benchmark::State& state) {
  by_hand<Suite> one;
  for (auto _ : state) {
    one.seal();
    benchmark::DoNotOptimize(one.sealed.data());
  }
}
template <crypto::suite Suite>
void hand_open(benchmark::State& state) {
  by_hand<Suite> one;
  for (auto _ : state) {
    one.open(static_cast<std::uint64_t>(state.range(0)));
    benchmark::DoNotOptimize(one.plain.data());
  }
}

constexpr auto chacha = crypto::suite::chacha20_poly1305;
constexpr auto gcm = crypto::suite::aes256_gcm;
constexpr std::int64_t all = 0xfff;
constexpr std::int64_t three = 0x111;

}  // namespace

int main(int argc, char** argv) {
  benchmarking::figures figures(argc, argv);
  const std::string hand = "the same libsodium calls by hand";
  const auto pair = [&](const std::string& suite, auto ours_seal, auto hand_seals, auto ours_open,
                        auto hand_opens) {
    benchmark::RegisterBenchmark(("row_seal_" + suite).c_str(), ours_seal);
    benchmark::RegisterBenchmark(("hand_seal_" + suite).c_str(), hand_seals);
    benchmark::RegisterBenchmark(("row_open_" + suite).c_str(), ours_open)->Arg(all)->Arg(three);
    benchmark::RegisterBenchmark(("hand_open_" + suite).c_str(), hand_opens)->Arg(all)->Arg(three);
    figures.ratio({"crypto.row_seal_" + suite + "_ratio", "ratio", ">= 0.85", hand},
                  "row_seal_" + suite, "hand_seal_" + suite);
    figures.ratio({"crypto.row_open_" + suite + "_ratio", "ratio", ">= 0.85", hand},
                  "row_open_" + suite + "/4095", "hand_open_" + suite + "/4095");
    figures.ratio({"crypto.row_open3_" + suite + "_ratio", "ratio", ">= 0.7", hand + ", 3 of 12"},
                  "row_open_" + suite + "/273", "hand_open_" + suite + "/273");
  };
  pair("chacha", row_seal<chacha>, hand_seal<chacha>, row_open<chacha>, hand_open<chacha>);
  if (crypto::init() && crypto::suite_available(gcm)) {
    pair("gcm", row_seal<gcm>, hand_seal<gcm>, row_open<gcm>, hand_open<gcm>);
  }
  return figures.run();
}
