// A law profile as people write it: whatever the text, a canonical form that reads back to one text
// and one form, or an error.
#include <clientbook/exchange/profile_json.hpp>

#include <memory>
#include <string>

using namespace clientbook;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string document(reinterpret_cast<const char*>(data), size);
  std::string where;
  const auto bytes = profile_of_json(document, where);
  if (!bytes) return 0;
  const auto room = std::make_unique<profile_room>();
  const auto profile = decode_profile(*bytes, *room);
  if (!profile) __builtin_trap();
  const auto text = json_of_profile(*profile);
  if (!text) __builtin_trap();
  const auto again = profile_of_json(*text, where);
  if (!again || *again != *bytes) __builtin_trap();
  return 0;
}
