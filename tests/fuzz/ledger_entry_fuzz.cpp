// A ledger entry: any bytes end in an entry, which has no other form, or in an error.
#include <clientbook/ledger/disclosure_entry.hpp>

using namespace clientbook;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const byte_view bytes = std::as_bytes(std::span(data, size));
  const auto entry = ledger::decode_entry(bytes);
  if (!entry) return 0;
  std::array<std::byte, ledger::entry_bytes> again;
  if (!ledger::encode_entry(*entry, again) || !same_bytes(again, bytes)) __builtin_trap();
  return 0;
}
