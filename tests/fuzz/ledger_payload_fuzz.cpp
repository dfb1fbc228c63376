// A ledger payload: any bytes end in a payload, which has no other form, or in an error.
#include <clientbook/ledger/disclosure_entry.hpp>

using namespace clientbook;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const byte_view bytes = std::as_bytes(std::span(data, size));
  std::array<ledger::disclosed_field, 64> room;
  const auto payload = ledger::decode_payload(bytes, room);
  if (!payload) return 0;
  std::array<std::byte, ledger::max_payload> out;
  const auto again = ledger::encode_payload(*payload, out);
  if (!again || !same_bytes(*again, bytes)) __builtin_trap();
  return 0;
}
