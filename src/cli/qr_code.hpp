// QR codes (ISO/IEC 18004): a short text on paper, to be read back by any telephone.
#ifndef CLIENTBOOK_CLI_QR_CODE_HPP
#define CLIENTBOOK_CLI_QR_CODE_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook::cli {

/// A square of light and dark modules.
class qr_code {
 public:
  /// The text as bytes, error correction M or better (some 15 % may be lost), in the smallest
  /// version that holds it. Nothing: it is too long.
  static std::optional<qr_code> of(std::string_view text);

  int size() const noexcept { return size_; }
  bool dark(int x, int y) const noexcept;

  /// With the light border that readers need: for a terminal with dark letters on light ground or
  /// the other way round (two modules a letter), and as an SVG image.
  std::string as_text() const;
  std::string as_svg() const;

 private:
  qr_code() = default;

  int size_ = 0;
  std::vector<bool> dark_;
};

}  // namespace clientbook::cli

#endif
