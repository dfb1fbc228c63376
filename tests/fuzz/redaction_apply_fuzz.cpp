// Redaction of any bytes, as any type, by any operator: deterministic CBOR or nothing, and
// never an error but for options. The first two bytes choose operator and type.
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/redaction/redaction.hpp>

#include <vector>

using namespace clientbook;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto op = static_cast<redaction_operator>(data[0]);
  const auto type = static_cast<field_type>(data[1]);
  const byte_view value = std::as_bytes(std::span(data + 2, size - 2));
  redaction_options options;
  options.day.today = {2026, 3, 14};
  options.zip.country = "US";
  std::vector<std::byte> room(3 * size + 64);
  const auto done = apply(op, type, value, options, room);
  if (!done) __builtin_trap();
  if (!done->value.empty() && !cbor::check(done->value)) __builtin_trap();
  if (done->value.empty() != (done->applied == redaction_operator::drop)) __builtin_trap();
  return 0;
}
