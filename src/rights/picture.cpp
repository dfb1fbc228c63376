// Lines run from the shop on the left to names on the right, one below the other, so that any
// number of recipients is legible and nothing overlaps.
#include "picture.hpp"

#include <clientbook/internal/unicode/graphemes.hpp>

#include <algorithm>
#include <string>

namespace clientbook::rights {
namespace {

constexpr int row_height = 56;
constexpr int names_at = 132;
constexpr std::size_t most_signs = 27;  // Of a name, at that size of letters.

void add_number(wiped_text& page, int number) { page += std::to_string(number); }

// As much of a name as fits, whole signs only.
std::string_view fitting(std::string_view name, bool& cut) {
  std::size_t at = 0;
  for (std::size_t signs = 0; at < name.size(); ++signs) {
    if (signs == most_signs) {
      cut = true;
      return name.substr(0, at);
    }
    const std::size_t size = grapheme_at(name, at);
    at += size == 0 ? 1 : size;
  }
  return name;
}

void add_line(wiped_text& page, int to, const receiver& one, int shop_y) {
  const bool got = one.given > one.never_got;
  const int width = got ? 2 + static_cast<int>(std::min<std::uint32_t>(one.given, 30) / 5) : 2;
  page += "<path d=\"M58 ";
  add_number(page, shop_y);
  page += "C96 ";
  add_number(page, shop_y);
  page += " 88 ";
  add_number(page, to);
  page += " 120 ";
  add_number(page, to);
  page += "\" stroke-width=\"";
  add_number(page, width);
  page += got ? "\" class=\"got\"/>\n" : "\" class=\"no\"/>\n";
  if (got) {
    page += "<circle cx=\"120\" cy=\"";
    add_number(page, to);
    page += "\" r=\"5\" class=\"end\"/>\n";
    return;
  }
  // A cross where it was stopped.
  page += "<path d=\"M115 ";
  add_number(page, to - 5);
  page += "l10 10m0 -10l-10 10\" stroke-width=\"3\" class=\"stop\"/>\n";
}

std::string_view called(const receiver& one, const page_words& words) noexcept {
  if (one.another) return words.another_customer;
  return one.is_the_customer() ? words.own_copies : std::string_view(one.name);
}

void add_name(wiped_text& page, int y, const receiver& one, const account& of,
              const page_words& words) {
  page += "<text x=\"";
  add_number(page, names_at);
  page += "\" y=\"";
  add_number(page, y - 2);
  page += "\" class=\"name\">";
  bool cut = false;
  add_escaped(page, fitting(called(one, words), cut));
  if (cut) page += "…";
  page += "</text>\n<text x=\"";
  add_number(page, names_at);
  page += "\" y=\"";
  add_number(page, y + 15);
  page += "\" class=\"small\">";
  const std::string_view country = country_of(one, of);
  if (!country.empty()) {
    add_escaped(page, country);
    page += " · ";
  }
  if (!one.by_the_shop && !one.via.empty()) {
    add_escaped(page, words.by_way_of);
    page += " ";
    bool cut_short = false;
    add_escaped(page, fitting(one.via.front(), cut_short));
    if (cut_short || one.via.size() > 1) page += "…";
  } else if (one.given > one.never_got) {
    page += std::to_string(one.given - one.never_got) + "×";
  } else {
    add_escaped(page, one.refused != 0 ? words.refused : words.never_got);
    page += " " + std::to_string(one.refused != 0 ? one.refused : one.never_got) + "×";
  }
  page += "</text>\n";
}

}  // namespace

std::string_view country_of(const receiver& one, const account& of) {
  for (const recipient_party& party : of.parties->parties()) {
    if (party.id == one.party && party.country != country_code{}) {
      return {party.country.data(), party.country.size()};
    }
  }
  return {};
}

void add_escaped(wiped_text& page, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        page += "&amp;";
        break;
      case '<':
        page += "&lt;";
        break;
      case '>':
        page += "&gt;";
        break;
      case '"':
        page += "&quot;";
        break;
      case '\'':
        page += "&#39;";
        break;
      default:
        page += c;
    }
  }
}

void add_picture(wiped_text& page, const std::vector<receiver>& all, const account& of,
                 std::string_view shop, const page_words& words) {
  const int height = static_cast<int>(all.size()) * row_height + 16;
  const int middle = height / 2;
  page += "<svg viewBox=\"0 0 360 ";
  add_number(page, std::max(height, 96));
  page += "\" role=\"img\" aria-labelledby=\"picture\"><title id=\"picture\">";
  add_escaped(page, words.map);
  page += "</title>\n";
  const int shop_y = std::max(middle, 48);
  for (std::size_t i = 0; i < all.size(); ++i) {
    add_line(page, static_cast<int>(i) * row_height + 36, all[i], shop_y);
  }
  page += "<circle cx=\"34\" cy=\"";
  add_number(page, shop_y);
  page += "\" r=\"24\" class=\"shop\"/>\n<text x=\"34\" y=\"";
  add_number(page, shop_y + 5);
  page += "\" class=\"in\">";
  static_cast<void>(shop);
  add_escaped(page, words.here);
  page += "</text>\n";
  for (std::size_t i = 0; i < all.size(); ++i) {
    add_name(page, static_cast<int>(i) * row_height + 36, all[i], of, words);
  }
  page += "</svg>\n";
}

}  // namespace clientbook::rights
