// Key tree: no node that was not sealed here opens, whatever it says of itself.
#include <clientbook/crypto/key_tree.hpp>

#include <cstdlib>

using namespace clientbook;

namespace {

class one_node final : public node_store {
 public:
  explicit one_node(byte_view node) : node_(node) {}
  result<byte_view> get(std::uint8_t, std::uint64_t) noexcept override { return node_; }
  result<void> put(std::uint8_t, std::uint64_t, byte_view) noexcept override {
    return error{errc::permission_denied, "nothing is written here"};
  }

 private:
  byte_view node_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const byte_view node = std::as_bytes(std::span(data, size));
  if (!crypto::init()) std::abort();
  alignas(64) static std::byte room[64 * 1024];
  one_node store(node);
  for (const crypto::suite suite : {crypto::suite::chacha20_poly1305, crypto::suite::aes256_gcm}) {
    key_tree tree(room, book_id(), suite);
    tree.open(root_key{1, secret<32>()});
    const std::uint64_t version =
        size >= 20 ? load_be<std::uint64_t>(node.data() + 12) : std::uint64_t{1};
    if (!tree.begin(store, version == 0 ? 1 : version)) continue;
    if (tree.find(customer_no(1))) std::abort();
  }
  return 0;
}
