// Numbers as ranges of a width: the reader sees where a value lies and not which it is.
//
// Ranges are multiples of the width for everybody, so that their ends tell nothing of the value,
// and hold at both ends of 64 bits.
#include <clientbook/redaction/generalise.hpp>

#include <clientbook/internal/base/text_out.hpp>

namespace clientbook {
namespace {

using limits = std::numeric_limits<std::int64_t>;

void put(byte_text_out& to, std::int64_t value) noexcept {
  if (value < 0) to.put('-');
  auto rest = static_cast<std::uint64_t>(value);
  if (value < 0) rest = 0 - rest;
  std::uint64_t unit = 1;
  while (rest / unit >= 10) unit *= 10;
  for (; unit != 0; unit /= 10) to.put(static_cast<char>('0' + rest / unit % 10));
}

}  // namespace

result<std::string_view> generalise_number(std::int64_t value, const number_options& options,
                                           byte_span out) noexcept {
  if (options.bucket < 2 || options.bottom >= options.top) {
    return error{errc::invalid_argument, "a bucket has a width of 2 at least, bottom below top"};
  }
  const std::int64_t width = options.bucket;
  const std::int64_t above = (value % width + width) % width;  // The bucket's beginning.
  std::int64_t from = value < limits::min() + above ? limits::min() : value - above;
  const std::int64_t rest = width - 1 - above;
  std::int64_t till = value > limits::max() - rest ? limits::max() : value + rest;
  if (from < options.bottom) from = options.bottom;
  if (till >= options.top) till = options.top - 1;
  return written(out, [&](byte_text_out& to) {
    if (value < options.bottom) {
      to.put('<');
      return put(to, options.bottom);
    }
    if (value >= options.top) {
      put(to, options.top);
      return to.put('+');
    }
    put(to, from);
    to.text("..");
    put(to, till);
  });
}

}  // namespace clientbook
