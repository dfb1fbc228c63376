// Truncation of card numbers for storage: BIN and last digits, as PCI FAQ 1091 allows.
//
// How many digits may stay depends on the brand and the length; where brands differ the strictest
// counts. A number with a wrong check digit is no card and is refused.
#include <clientbook/base/secret.hpp>
#include <clientbook/internal/model/card_data.hpp>
#include <clientbook/redaction/card_truncation.hpp>
#include <clientbook/redaction/redaction.hpp>

#include "number_digits.hpp"

namespace clientbook {
namespace {

// FAQ 1091: of 16 digits and more the BIN and any other 4, of 15 digits the first 6 and the last
// 4. Of shorter numbers brands differ: the last 4 satisfy all of them.
std::uint8_t widest_bin(card_brand brand, std::size_t digits) noexcept {
  if (digits < 15 || brand == card_brand::unknown) return 0;
  if (digits < 16) return 6;
  switch (brand) {
    case card_brand::visa:
    case card_brand::mastercard:
    case card_brand::discover:
    case card_brand::jcb:
    case card_brand::unionpay:
      return 8;
    default:
      return 6;
  }
}

}  // namespace

result<std::string_view> truncate_card(std::string_view number, const card_format& format,
                                       std::optional<card_format>& of_store,
                                       byte_span out) noexcept {
  if ((format.bin != 0 && format.bin != 6 && format.bin != 8) || format.last > 4) {
    return error{errc::invalid_argument, "of a card a BIN of 6 or 8 and 4 digits are kept at most"};
  }
  if (of_store && *of_store != format) {
    return error{errc::second_format, "the store truncates cards in another way already"};
  }
  auto read = redaction::read_digits(number);
  if (!read) return read.error();
  std::array<std::uint8_t, 20> values{};
  for (std::size_t i = 0; i < read->count; ++i) {
    values[i] = static_cast<std::uint8_t>(read->ascii[i] - '0');
  }
  const card_brand brand = brand_of(std::span(values).first(read->count));
  const std::uint8_t widest = widest_bin(brand, read->count);
  wipe(std::as_writable_bytes(std::span(values)));
  wipe(std::as_writable_bytes(std::span(read->ascii)));
  const auto done = mask_card(
      number, {.bin = format.bin < widest ? format.bin : widest, .last = format.last}, out);
  if (done) of_store = format;
  return done;
}

}  // namespace clientbook
