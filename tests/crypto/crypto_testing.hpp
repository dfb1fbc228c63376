// Shared by the crypto room's tests: hexadecimal, randomness that repeats, nodes in memory.
#ifndef CLIENTBOOK_TESTS_CRYPTO_TESTING_HPP
#define CLIENTBOOK_TESTS_CRYPTO_TESTING_HPP

#include <clientbook/crypto/crypto.hpp>
#include <clientbook/crypto/key_tree.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clientbook::testing {

using bytes = std::vector<std::byte>;

inline bytes unhex(std::string_view text) {
  bytes out(text.size() / 2);
  if (!parse_hex(text, out)) std::abort();
  return out;
}
inline std::string hex(byte_view from) {
  std::string out(2 * from.size(), ' ');
  write_hex(from, out.data());
  return out;
}
inline bytes copy(byte_view from) { return {from.begin(), from.end()}; }

template <class Id>
Id wide(std::uint8_t seed) {
  Id id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) id.bytes[i] = std::byte(seed + i);
  return id;
}

inline secret<32> key_of(byte_view from) {
  secret<32> key;
  key.fill_bytes([&](std::span<std::byte, 32> to) { copy_bytes(to, from); });
  return key;
}
inline secret<32> key_of(std::uint8_t seed) {
  return key_of(crypto::hash(byte_view(reinterpret_cast<const std::byte*>(&seed), 1)));
}
inline bytes bytes_of(const secret<32>& key) {
  return key.with_bytes([](std::span<const std::byte, 32> k) { return copy(k); });
}

/// BLAKE2b of a counter: the same bytes in every run.
class repeating_random final : public random_source {
 public:
  explicit repeating_random(std::uint64_t seed = 1) : counter_(seed << 32U) {}
  result<void> fill(byte_span out) noexcept override {
    if (failing) return error{errc::randomness_failed, "no randomness, as the test wants it"};
    while (!out.empty()) {
      std::array<std::byte, 8> number;
      store_be(number.data(), counter_++);
      const crypto::digest block = crypto::hash(number);
      const std::size_t part = std::min(out.size(), block.size());
      copy_bytes(out.first(part), byte_view(block).first(part));
      out = out.subspan(part);
    }
    return {};
  }
  bool failing = false;

 private:
  std::uint64_t counter_;
};

/// Nodes in a map; keeps a copy of every node ever written, as files and backups do.
class memory_nodes final : public node_store {
 public:
  using place = std::pair<std::uint8_t, std::uint64_t>;

  result<byte_view> get(std::uint8_t level, std::uint64_t index) noexcept override {
    const auto found = now.find({level, index});
    if (found == now.end()) return error{errc::not_found, "no such node"};
    return byte_view(found->second);
  }
  result<void> put(std::uint8_t level, std::uint64_t index, byte_view node) noexcept override {
    if (puts_left == 0) return error{errc::disk_full, "no room, as the test wants it"};
    if (puts_left > 0) --puts_left;
    now[{level, index}] = copy(node);
    if (keep_all) all.emplace_back(place{level, index}, copy(node));
    return {};
  }

  std::map<place, bytes> now;
  std::vector<std::pair<place, bytes>> all;
  bool keep_all = true;
  int puts_left = -1;  ///< -1: no limit.
};

}  // namespace clientbook::testing

#endif
