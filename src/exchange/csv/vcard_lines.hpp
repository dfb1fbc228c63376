// vCards taken apart: cards, their properties, and what a property says, in versions 2.1, 3.0
// and 4.0.
//
// Mild in what it takes, since no two producers write alike: line ends of all three kinds, folded
// lines, soft line ends of quoted-printable, groups, parameters without a name, cards within cards.
#ifndef CLIENTBOOK_EXCHANGE_CSV_VCARD_LINES_HPP
#define CLIENTBOOK_EXCHANGE_CSV_VCARD_LINES_HPP

#include <clientbook/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook::exchange {

struct vcard_property {
  std::string name{};                ///< Small letters, without its group.
  std::vector<std::string> types{};  ///< Of TYPE and of parameters without a name, small letters.
  std::string charset{};             ///< As it is named, in small letters; empty: it is not.
  bool quoted_printable = false;
  bool base64 = false;
  std::string value{};     ///< As it stands, escapes within.
  std::uint64_t line = 0;  ///< Physical, from 1.

  bool is(std::string_view type) const;
  /// The value without quoted-printable, in bytes of its charset.
  std::string bytes() const;
  /// The same in UTF-8; `page`: the charset of who names none. What is UTF-8 is taken for that,
  /// whatever is said: programs copy CHARSET along. Errors: invalid_encoding.
  result<std::string> decoded(std::string_view page) const;
};

/// `a;b;c` at semicolons (or another sign) that are not escaped, each part without its escapes.
std::vector<std::string> parts_at(std::string_view value, char mark);
std::string unescaped(std::string_view value);

struct vcard {
  std::uint64_t line = 0;  ///< Of BEGIN.
  std::vector<vcard_property> properties{};
  bool whole = false;  ///< It had its END.
};

/// All cards of a text in UTF-8 or in code pages that go on from ASCII; what stands between them is
/// no card.
std::vector<vcard> cards_of(std::string_view text);

}  // namespace clientbook::exchange

#endif
