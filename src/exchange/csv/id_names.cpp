// Names of columns of customers' ids: a word for customer beside a word for number, in any of the
// languages of data/words.csv, apart or as one word.
#include "proposer.hpp"

#include <algorithm>
#include <string_view>

#include <tables/exchange/import_words.inc>

namespace clientbook::exchange {
namespace {

bool is_number_word(std::string_view word) noexcept {
  return std::ranges::find(number_words, word) != std::end(number_words);
}

// Of one letter none: `clienten` is no number of anybody.
bool is_joined_number(std::string_view rest) noexcept {
  return rest.size() > 1 && is_number_word(rest);
}

// `Kundennummer`, `Klantnr`: what stands behind the customer, perhaps behind a letter or two.
bool is_joined_behind(std::string_view rest) noexcept {
  if (is_joined_number(rest)) return true;
  return std::ranges::any_of(linking_letters, [&](std::string_view link) {
    return rest.starts_with(link) && is_joined_number(rest.substr(link.size()));
  });
}

}  // namespace

bool names_customer_id(std::string_view folded) {
  return std::ranges::any_of(customer_words, [&](std::string_view who) {
    if (folded.size() <= who.size()) return false;
    const std::size_t apart = folded.size() - who.size();
    if (folded.starts_with(who)) {
      const std::string_view rest = folded.substr(who.size());
      if (rest[0] == ' ' ? is_number_word(without_joins(rest.substr(1))) : is_joined_behind(rest)) {
        return true;
      }
    }
    if (!folded.ends_with(who)) return false;
    const std::string_view rest = folded.substr(0, apart);
    return rest.back() == ' ' ? is_number_word(without_joins(rest.substr(0, apart - 1)))
                              : is_joined_number(rest);
  });
}

}  // namespace clientbook::exchange
