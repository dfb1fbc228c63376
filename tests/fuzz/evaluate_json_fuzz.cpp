// A case for clientbook evaluate: whatever it is, an answer or an error with a place.
#include <clientbook/exchange/evaluate_json.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string document(reinterpret_cast<const char*>(data), size);
  std::string where;
  const auto answer = clientbook::evaluate_json(document, where);
  if (answer && (answer->empty() || !where.empty())) std::abort();
  if (!answer && answer.error().code == clientbook::errc::none) std::abort();
  return 0;
}
