// Share: what is read was written, and is written the same again.
#include <clientbook/crypto/shares.hpp>

#include <cstdlib>

using namespace clientbook;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = crypto::read_share(as_text(std::as_bytes(std::span(data, size))));
  if (!read) return 0;
  const crypto::share_text text = crypto::write(*read);
  const bool same = text.with_bytes([&](byte_view written) {
    const auto again = crypto::read_share(as_text(written));
    return again && again->number == read->number && again->threshold == read->threshold &&
           again->kit == read->kit;
  });
  if (!same) std::abort();
  return 0;
}
