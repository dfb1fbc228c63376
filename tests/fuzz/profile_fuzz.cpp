// A law profile, or a signed file of one: any bytes end in a profile, which has no other form, or
// in an error.
#include <clientbook/consent/profile_file.hpp>

#include <memory>
#include <vector>

using namespace clientbook;

namespace {

void read(byte_view bytes) {
  static const auto room = std::make_unique<profile_room>();
  static std::vector<std::byte> out(max_profile_bytes);
  const auto profile = decode_profile(bytes, *room);
  if (!profile) return;
  const auto again = encode_profile(*profile, out);
  if (!again || !same_bytes(*again, bytes)) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const byte_view bytes = std::as_bytes(std::span(data, size));
  read(bytes);
  const auto file = open_signed_profile(bytes);
  if (file) read(file->canonical);
  return 0;
}
