// SipHash over parts that are laid behind one another.
#include <clientbook/internal/crypto/short_hash.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

#include "aead.hpp"

namespace clientbook::crypto {
namespace {

// What does not fit stands in the rest by its own hash.
class chain {
 public:
  explicit chain(const secret<32>& key) : key_(key) {}
  ~chain() { wipe(room_); }
  chain(const chain&) = delete;
  chain& operator=(const chain&) = delete;

  void add(byte_view part) {
    std::array<std::byte, 4> size;
    store_be(size.data(), static_cast<std::uint32_t>(part.size()));
    append(size);
    append(part);
  }
  std::uint64_t finish() const {
    return key_.with_bytes([&](std::span<const std::byte, 32> key) {
      return siphash(key.first<16>(), byte_view(room_).first(used_));
    });
  }

 private:
  void append(byte_view bytes) {
    while (!bytes.empty()) {
      if (used_ == room_.size()) {
        store_be(room_.data(), finish());
        used_ = sizeof(std::uint64_t);
      }
      const std::size_t fits = std::min(bytes.size(), room_.size() - used_);
      copy_bytes(byte_span(room_).subspan(used_, fits), bytes.first(fits));
      used_ += fits;
      bytes = bytes.subspan(fits);
    }
  }

  const secret<32>& key_;
  std::array<std::byte, 256> room_;
  std::size_t used_ = 0;
};

}  // namespace

std::uint64_t short_hash(const secret<32>& key, std::span<const byte_view> parts) {
  chain all(key);
  for (const byte_view part : parts) all.add(part);
  return all.finish();
}

}  // namespace clientbook::crypto
