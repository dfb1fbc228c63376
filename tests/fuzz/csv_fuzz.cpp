// A CSV file: any bytes end in rows or in an error with a line, and always in the same ones,
// whatever the pieces they arrive in.
#include <clientbook/exchange/csv.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

using namespace clientbook;

namespace {

class dripping final : public byte_source {
 public:
  dripping(std::string_view text, std::size_t step) : rest_(text), step_(step) {}
  result<std::size_t> read(std::span<char> into) override {
    const std::size_t count = std::min({into.size(), rest_.size(), step_});
    std::copy_n(rest_.data(), count, into.data());
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
  std::size_t step_;
};

// Everything that reading shows, as one text.
std::string trace(std::unique_ptr<byte_source> source) {
  csv_limits limits;
  limits.row_bytes = 4096;
  limits.columns = 32;
  std::string seen;
  auto reader = csv_reader::open(std::move(source), limits);
  if (!reader) return std::to_string(static_cast<int>(reader.error().code));
  for (int faults = 0; faults < 1000;) {
    const auto more = reader->next();
    if (more && !*more) break;
    if (!more) {
      seen += '!' + std::to_string(static_cast<int>(more.error().code)) + '@' +
              std::to_string(more.error().at);
      ++faults;
      if (more.error().code != errc::invalid_encoding) break;
      continue;
    }
    if (reader->cells().size() != reader->header().size()) std::abort();
    seen += '#' + std::to_string(reader->line());
    for (const std::string_view cell : reader->cells()) (seen += ',') += cell;
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (trace(memory_source(text)) != trace(std::make_unique<dripping>(text, 3))) std::abort();
  return 0;
}
