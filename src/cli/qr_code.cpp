// QR codes are made by qrcodegen; here they are drawn.
#include "qr_code.hpp"

#include <array>
#include <cstdint>
#include <qrcodegen/qrcodegen.hpp>

namespace clientbook::cli {

std::optional<qr_code> qr_code::of(std::string_view text) try {
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  const auto made = qrcodegen::QrCode::encodeBinary(bytes, qrcodegen::QrCode::Ecc::MEDIUM);
  qr_code out;
  out.size_ = made.getSize();
  for (int y = 0; y < out.size_; ++y) {
    for (int x = 0; x < out.size_; ++x) out.dark_.push_back(made.getModule(x, y));
  }
  return out;
} catch (const qrcodegen::data_too_long&) {
  return std::nullopt;
}

bool qr_code::dark(int x, int y) const noexcept {
  if (x < 0 || y < 0 || x >= size_ || y >= size_) return false;
  return dark_[static_cast<std::size_t>(y * size_ + x)];
}

std::string qr_code::as_text() const {
  // Light modules are drawn, dark ones left out: on a dark terminal it is read as it is, on a light
  // one most readers take it inverted.
  constexpr std::array<std::string_view, 4> blocks_of{" ", "\xE2\x96\x80", "\xE2\x96\x84",
                                                      "\xE2\x96\x88"};
  constexpr int border = 2;
  std::string out;
  for (int y = -border; y < size_ + border; y += 2) {
    for (int x = -border; x < size_ + border; ++x) {
      const bool last = y + 1 >= size_ + border;
      const std::size_t drawn = (dark(x, y) ? 0U : 1U) + (last || dark(x, y + 1) ? 0U : 2U);
      out += blocks_of[drawn];
    }
    out += '\n';
  }
  return out;
}

std::string qr_code::as_svg() const {
  constexpr int border = 4;
  const std::string side = std::to_string(size_ + 2 * border);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + " " + side +
                    "\" shape-rendering=\"crispEdges\"><rect width=\"" + side + "\" height=\"" +
                    side + "\" fill=\"#fff\"/><path d=\"";
  for (int y = 0; y < size_; ++y) {
    for (int x = 0; x < size_; ++x) {
      if (!dark(x, y)) continue;
      out += 'M' + std::to_string(x + border) + ' ' + std::to_string(y + border) + "h1v1h-1z";
    }
  }
  return out + "\"/></svg>\n";
}

}  // namespace clientbook::cli
