// Names are compared as folded words; what only tells which one (home, billing, customer) is taken
// away until something is left that is known.
#include "field_name.hpp"

#include <clientbook/internal/unicode/fold.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "block.hpp"

namespace clientbook::forms {
namespace {

#include <tables/forms/field_names.inc>
#include <tables/forms/name_words.inc>

constexpr std::size_t longest_name = 64;   // Letters and signs; longer ones are texts.
constexpr std::size_t longest_words = 40;  // Of names within names: the scanner looks back no more.

// Of Latin, Greek and Cyrillic letters beyond ASCII: `VÖEN` is one word.
bool is_capital(char32_t c) {
  return (c >= 0xC0 && c <= 0xDE) || (c >= 0x391 && c <= 0x3A9) || (c >= 0x400 && c <= 0x42F) ||
         (c >= 0x100 && c < 0x180 && (c & 1U) == ((c >= 0x139 && c <= 0x148) || c >= 0x179));
}

// Folded words with a space between; a capital letter behind a small one begins a word.
plain_text folded_words(std::string_view name) {
  plain_text out;
  bool small = false;
  bool gap = false;
  for (std::size_t at = 0; at < name.size();) {
    const code_point c = code_point_at(name, at);
    at += c.size == 0 ? 1 : c.size;
    const unicode::char_class is = unicode::class_of(c.value);
    if (is != unicode::char_class::letter && is != unicode::char_class::digit) {
      gap = !out.empty();
      small = false;
      continue;
    }
    const bool capital = c.value >= 'A' && c.value <= 'Z';
    if (gap || (capital && small)) out += ' ';
    gap = false;
    small = !capital && !is_capital(c.value);
    for (const char32_t letter : unicode::fold(c.value).letters) {
      if (letter != 0) put_utf8(out, letter);
    }
  }
  return out;
}

using meanings = std::unordered_map<plain_text, field_meaning, text_hash, std::equal_to<>>;
meanings listed(bool qualifiers) {
  meanings out;
  for (const named_field& one : named_fields) {
    if ((one.meaning == field_meaning::qualifier) == qualifiers) {
      out.emplace(folded_words(one.name), one.meaning);
    }
  }
  return out;
}

field_meaning meaning_of(const plain_text& words) {
  static const meanings known = listed(false);
  const auto found = known.find(words);
  return found == known.end() ? field_meaning::unknown : found->second;
}

plain_text closed(plain_text words) {
  words.erase(std::remove(words.begin(), words.end(), ' '), words.end());
  return words;
}

// `taxnumber`, `dateofbirth`: names without what stands between their words.
field_meaning meaning_of_closed(const plain_text& words) {
  constexpr std::size_t shortest = 6;  // `idno` may be two other words.
  static const meanings known = [] {
    meanings out;
    for (const named_field& one : named_fields) {
      if (one.meaning == field_meaning::qualifier) continue;
      const plain_text name = closed(folded_words(one.name));
      if (name.size() >= shortest) out.emplace(name, one.meaning);
    }
    return out;
  }();
  const auto found = known.find(closed(words));
  return found == known.end() ? field_meaning::unknown : found->second;
}

bool tells_which(const plain_text& word) {
  static const meanings known = listed(true);
  return known.contains(word) ||
         std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

plain_text joined(const std::vector<plain_text>& words) {
  plain_text out;
  for (const plain_text& one : words) (out += out.empty() ? "" : " ") += one;
  return out;
}

std::vector<plain_text> apart(const plain_text& words) {
  std::vector<plain_text> out;
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    out.push_back(words.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// Without the words that tell which, from the front and from the back.
field_meaning meaning_within(std::vector<plain_text> words) {
  for (std::size_t most = 4; most > 0 && words.size() > 1; --most) {
    if (tells_which(words.back())) {
      words.pop_back();
    } else if (tells_which(words.front())) {
      words.erase(words.begin());
    } else {
      return field_meaning::unknown;
    }
    const field_meaning found = meaning_of(joined(words));
    if (found != field_meaning::unknown && found != field_meaning::part) return found;
  }
  return field_meaning::unknown;
}

// A digit at the end counts: `phone2`, `address1`.
plain_text without_digits(plain_text words) {
  while (!words.empty() && (words.back() == ' ' || (words.back() >= '0' && words.back() <= '9'))) {
    words.pop_back();
  }
  return words;
}

// `names`, `phones`: several of one. Of goods the list says it: `orders` are of people too.
field_meaning meaning_of_several(plain_text words) {
  constexpr std::size_t shortest = 5;
  if (words.size() < shortest || words.back() != 's' || words.ends_with("ss")) {
    return field_meaning::unknown;
  }
  words.pop_back();
  field_meaning found = meaning_of(words);
  if (found == field_meaning::unknown) found = meaning_within(apart(words));
  const bool other = found == field_meaning::goods || found == field_meaning::part;
  return other ? field_meaning::unknown : found;
}

// A month may be a word, and a day one digit.
bool is_month_or_day(const plain_text& words) {
  const std::vector<plain_text> all = apart(words);
  return std::any_of(all.begin(), all.end(), [](const plain_text& one) {
    return std::find(std::begin(day_parts), std::end(day_parts), std::string_view(one)) !=
           std::end(day_parts);
  });
}

bool ends_with_name(const field_name& of) { return of.words.ends_with("name: "); }

}  // namespace

std::size_t signs_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

field_name of_element(field_name array) {
  array.piece = true;
  return array;
}

field_name read_field_name(std::string_view name) {
  field_name out;
  if (name.empty() || name.size() > 4 * longest_name || !valid_utf8(name)) return out;
  if (signs_in(name) > longest_name) return out;
  if (holds_label(name)) return out;
  const plain_text words = folded_words(name);
  if (words.empty()) return out;
  out.meaning = meaning_of(words);
  if (out.meaning == field_meaning::unknown) out.meaning = meaning_of(closed(words));
  if (out.meaning == field_meaning::unknown) out.meaning = meaning_of_closed(words);
  if (out.meaning == field_meaning::unknown) out.meaning = meaning_of(without_digits(words));
  if (out.meaning == field_meaning::unknown) out.meaning = meaning_within(apart(words));
  if (out.meaning == field_meaning::unknown) out.meaning = meaning_of_several(words);
  out.words = words + ": ";
  out.piece = out.meaning == field_meaning::date_of_birth && is_month_or_day(words);
  return out;
}

bool is_bare_name(const field_name& name) {
  return name.meaning == field_meaning::person_name && name.words == "name: ";
}

bool is_of_bank_codes(const field_name& name) {
  const std::vector<plain_text> words = apart(name.words);
  return std::any_of(words.begin(), words.end(), [](const plain_text& one) {
    return one == "bic" || one == "bic:" || one == "swift" || one == "swift:";
  });
}

bool is_of_person(const field_name& name) {
  using enum field_meaning;
  if (name.meaning == person_name) return !is_bare_name(name);
  return name.meaning != unknown && name.meaning < town && name.meaning != url &&
         name.meaning != payment_card;
}

bool is_of_goods(const field_name& name) {
  if (name.meaning != field_meaning::goods) return false;
  constexpr std::string_view of_articles[] = {
      "sku: ",     "price: ",     "qty: ",           "quantity: ", "product: ",    "product id: ",
      "article: ", "artikel: ",   "preis: ",         "menge: ",    "stock: ",      "ean: ",
      "gtin: ",    "upc: ",       "barcode: ",       "size: ",     "unit price: ", "prix: ",
      "prezzo: ",  "precio: ",    "colour: ",        "color: ",    "style: ",      "category: ",
      "cost: ",    "artikelnr: ", "artikelnummer: ", "item no: ",  "inventory: "};
  return std::find(std::begin(of_articles), std::end(of_articles), std::string_view(name.words)) !=
         std::end(of_articles);
}

void tell_goods(std::span<field_name> columns) {
  std::size_t goods = 0;
  for (const field_name& one : columns) {
    if (is_of_person(one)) return;
    goods += is_of_goods(one) ? 1U : 0U;
  }
  for (field_name& one : columns) {
    if (goods != 0 && is_bare_name(one)) one.meaning = field_meaning::contact;
  }
}

field_name within(const field_name& outer, const field_name& inner) {
  const bool says_nothing =
      inner.meaning == field_meaning::part || inner.meaning == field_meaning::unknown ||
      (inner.meaning == field_meaning::contact && outer.meaning != field_meaning::contact);
  if (inner.words.empty()) return outer;
  field_name out = inner;
  // `customer` is a person, and not all that is told of one is a name; `name` is nothing else.
  const bool named = outer.meaning == field_meaning::person_name && ends_with_name(outer) &&
                     inner.meaning != field_meaning::unknown;
  if (says_nothing && outer.meaning != field_meaning::unknown &&
      outer.meaning != field_meaning::goods &&
      (named || outer.meaning != field_meaning::person_name)) {
    out.meaning = outer.meaning;
    out.piece = inner.meaning != field_meaning::contact;
  }
  // `{"dob": {"year": 1985, "month": 3}}`
  if (outer.meaning == field_meaning::date_of_birth && inner.meaning == field_meaning::goods) {
    out.meaning = outer.meaning;
    out.piece = true;
  }
  // `name` within `product`, or within an element of `products`.
  const bool thing = outer.meaning == field_meaning::goods || outer.words.ends_with("item: ") ||
                     outer.words.ends_with("items: ");
  if (thing && is_bare_name(inner)) {
    out.meaning = field_meaning::unknown;
  }
  if (out.words.size() + outer.words.size() <= longest_words) out.words = outer.words + inner.words;
  return out;
}

}  // namespace clientbook::forms
