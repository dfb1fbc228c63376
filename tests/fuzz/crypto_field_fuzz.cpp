// Field envelope: no bytes that were not sealed here open.
#include <clientbook/crypto/envelope.hpp>

#include <cstdlib>
#include <vector>

using namespace clientbook;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const byte_view sealed = std::as_bytes(std::span(data, size));
  if (!crypto::init()) std::abort();
  std::vector<std::byte> out(size + 1);
  for (const crypto::suite suite : {crypto::suite::chacha20_poly1305, crypto::suite::aes256_gcm}) {
    for (const commitment commits : {commitment::none, commitment::included}) {
      field_context context;
      context.suite = suite;
      if (size >= 6) context.key_version = load_be<std::uint32_t>(sealed.data() + 2);
      if (open_field(secret<32>(), context, sealed, out, commits)) std::abort();
    }
  }
  return 0;
}
