// In which code page a file is written that does not say: by letters that names can have.
#ifndef CLIENTBOOK_EXCHANGE_CSV_CODE_PAGES_HPP
#define CLIENTBOOK_EXCHANGE_CSV_CODE_PAGES_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/exchange/csv.hpp>

#include <string_view>

namespace clientbook::exchange {

/// A byte from 0x80 on in a code page; 0: it has none there.
char32_t letter_of(text_encoding page, unsigned char byte) noexcept;

struct page_found {
  text_encoding page = text_encoding::windows_1252;
  bool foreign = false;  ///< Much of it is no letter where letters are: of no page that is known.
  bool unsure = false;   ///< Another page gives other letters, and as likely ones.
};
/// `region`: of the shop, as a hint; empty: what the names of columns tell.
page_found code_page_of(std::string_view text, std::string_view region);

}  // namespace clientbook::exchange

#endif
