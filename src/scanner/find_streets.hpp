// Streets beside a house number.
#ifndef CLIENTBOOK_SCANNER_FIND_STREETS_HPP
#define CLIENTBOOK_SCANNER_FIND_STREETS_HPP

#include "rules.hpp"

namespace clientbook::scanner {

/// `742 Evergreen Terrace`: where the street ends whose number ends here; 0 if there is none.
/// `of_unit`: the number is that of a unit, and the street stands behind a comma.
[[nodiscard]] std::size_t english_street(const text_window& text, std::size_t number_end,
                                         bool of_unit) noexcept;
/// `12 rue de Rivoli`, `3, place de la République`: the same.
[[nodiscard]] std::size_t french_street(const text_window& text, std::size_t number_end) noexcept;

enum class street_proof : std::uint8_t {
  none,
  name,    ///< A word with a capital letter: with a postal code behind.
  likely,  ///< `Am Markt`: also beside a word of addresses.
  sure,
  undecided,  ///< Never handed out.
};
struct street_before {
  std::size_t begin = 0;
  street_proof proof = street_proof::none;
};
/// The street whose name ends before a house number: where it begins.
[[nodiscard]] street_before street_until(const text_window& text, std::size_t number,
                                         std::size_t number_end) noexcept;

/// `Calle 40 # 52-62`: street and house are numbers.
[[nodiscard]] find colombian_street(const text_window& text, std::size_t at,
                                    std::size_t number_end) noexcept;

}  // namespace clientbook::scanner

#endif
