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
  /// Bytes at most that a code here can hold: version 25, error correction M.
  static constexpr std::size_t max_bytes = 997;

  /// The text as bytes, error correction M (some 15 % may be lost), in the smallest version that
  /// holds it. Nothing: it is too long.
  static std::optional<qr_code> of(std::string_view text);

  int size() const noexcept { return size_; }
  bool dark(int x, int y) const noexcept;

  /// With the light border that readers need: for a terminal with dark letters on light ground or
  /// the other way round (two modules a letter), and as an SVG image.
  std::string as_text() const;
  std::string as_svg() const;

 private:
  explicit qr_code(int version);
  void set(int x, int y, bool dark) noexcept;
  void set_fixed(int x, int y, bool dark) noexcept;
  void draw_fixed();
  void draw_finder(int x, int y);
  void draw_alignment(int x, int y);
  void draw_version();
  void draw_format(int mask);
  void draw_data(const std::vector<unsigned char>& bytes);
  void apply(int mask) noexcept;
  long penalty() const;
  long penalty_of_line(bool columns, int line) const;

  int version_ = 1;
  int size_ = 21;
  std::vector<unsigned char> dark_, fixed_;
};

}  // namespace clientbook::cli

#endif
