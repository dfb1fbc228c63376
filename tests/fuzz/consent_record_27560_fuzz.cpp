// The readers of consent records and receipts: what a record accepts is written and read the same.
#include <clientbook/exchange/consent_record_27560.hpp>
#include <clientbook/exchange/kantara.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto record = clientbook::iso27560::read_record(text)) {
    const auto written = clientbook::iso27560::write_record(*record);
    if (written && *clientbook::iso27560::read_record(*written) != *record) std::abort();
  }
  static_cast<void>(clientbook::iso27560::read_receipt(text));
  static_cast<void>(clientbook::iso27560::read_signed_receipt(text, {}));
  if (const auto receipt = clientbook::kantara::read(text)) {
    const auto again = clientbook::kantara::read(*clientbook::kantara::write(*receipt));
    if (!again) std::abort();
  }
  return 0;
}
