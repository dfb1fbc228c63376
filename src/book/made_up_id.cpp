// Tokens of made-up ids. They are made as those of contact points are, of a text that no contact
// point has: so they live as long as the book's key and are known again in every import.
#include <clientbook/base/hex.hpp>
#include <clientbook/internal/book/made_up_id.hpp>
#include <clientbook/internal/model/card_data.hpp>

#include <algorithm>

namespace clientbook {
namespace {

constexpr std::size_t fewest_digits = 6;  // Of a phone number.
constexpr std::size_t token_size = 17;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

}  // namespace

bool looks_made_up(std::string_view id) noexcept {
  if (id.find('@') != id.npos || id.find(" / ") != id.npos) return true;
  const bool number = id.find_first_not_of("0123456789+-/(). ") == id.npos;
  return number && static_cast<std::size_t>(std::ranges::count_if(id, is_digit)) >= fewest_digits;
}

std::string form_of_made_up(std::string_view id) {
  std::string out = "id:";
  const bool mail = id.find('@') != id.npos;
  for (const char c : id) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
                        static_cast<unsigned char>(c) >= 0x80;
    if (mail || letter) out += c;
  }
  return out;
}

std::string made_up_id(const contact_point& token) {
  std::string out = "~" + hex<std::string>(token.token);
  // Some come out as the number of a payment card, which no record keeps.
  while (const auto card = find_card_number(out)) {
    const auto digit = static_cast<unsigned>(out[card->begin] - '0');
    out[card->begin] = static_cast<char>('a' + digit % 6);
  }
  return out;
}

result<std::string> made_up_id(session& in, std::string_view id) {
  const auto token = in.contact_of(field::emails, form_of_made_up(id));
  if (!token) return token.error();
  return made_up_id(*token);
}

bool is_made_up_token(std::string_view id) noexcept {
  return id.size() == token_size && id.front() == '~' &&
         id.find_first_not_of("0123456789abcdef", 1) == id.npos;
}

}  // namespace clientbook
