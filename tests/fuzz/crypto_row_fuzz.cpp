// Row envelope: no bytes that were not sealed here open; none make the reader leave its input.
#include <clientbook/crypto/envelope.hpp>

#include <cstdlib>
#include <vector>

using namespace clientbook;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const byte_view row = std::as_bytes(std::span(data, size));
  if (!crypto::init()) std::abort();
  row_context context;
  // A header that says so is met half-way, so that directory and commitment are reached.
  if (const result<row_header> header = peek_row(row); header) {
    context.suite = header->suite;
    context.version = header->version;
    context.schema = header->schema;
    context.key_version = header->key_version;
  }
  row_reader reader;
  if (reader.open(secret<32>(), context, row)) std::abort();
  if (reader.fields() || reader.room_for(all_fields) != 0) std::abort();
  return 0;
}
