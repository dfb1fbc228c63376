// What stands before an honorific is a name where it begins with a family name that is common
// (Chinese, Korean) or is of Chinese characters alone (Japanese); words that are said of any
// customer are none. The lists are data/name_words.csv.
#include "honorifics.hpp"

#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>

namespace clientbook::forms {
namespace {

#include <tables/forms/name_words.inc>

bool is_chinese_sign(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || c == 0x3005;
}
bool is_hangul(char32_t c) { return c >= 0xAC00 && c <= 0xD7A3; }
bool holds(std::u32string_view all, char32_t c) { return all.find(c) != all.npos; }

// The signs of a name before `end`, all of three bytes, the nearest first.
struct signs_before {
  std::array<char32_t, 5> all{};
  std::size_t count = 0;
};
template <class Is>
signs_before read_before(std::string_view text, std::size_t end, Is is) {
  signs_before out;
  while (out.count < out.all.size() && end >= 3 * (out.count + 1)) {
    const code_point c = code_point_at(text, end - 3 * (out.count + 1));
    if (c.size != 3 || !is(c.value)) break;
    out.all[out.count++] = c.value;
  }
  return out;
}

// How many signs before an honorific at `end` are a name; 0: none.
std::size_t chinese_name(std::string_view text, std::size_t end) {
  const signs_before before = read_before(text, end, is_chinese_sign);
  // 王小明先生 as a whole, where nothing stands before it.
  for (const std::size_t size : {std::size_t{3}, std::size_t{2}}) {
    if (before.count == size && holds(chinese_families, before.all[size - 1])) return size;
  }
  return before.count >= 1 && holds(chinese_families, before.all[0]) ? 1 : 0;
}

std::size_t japanese_name(std::string_view text, std::size_t end) {
  const signs_before before = read_before(text, end, is_chinese_sign);
  if (before.count < 2 || before.count > 4) return 0;
  const std::size_t begin = end - 3 * before.count;
  const std::string_view name = text.substr(begin, end - begin);
  if (std::find(std::begin(no_names), std::end(no_names), name) != std::end(no_names)) return 0;
  return before.count;
}

std::size_t korean_name(std::string_view text, std::size_t end) {
  const std::size_t space = end > 0 && text[end - 1] == ' ' ? 1 : 0;  // `김민지 님`
  const signs_before before = read_before(text, end - space, is_hangul);
  if (before.count != 3 || !holds(korean_families, before.all[2])) return 0;
  // 이용자님, 구매자님, 지점장님: what somebody does.
  return holds(U"자장객원", before.all[0]) ? 0 : 3;
}

char32_t sign_at(std::string_view text, std::size_t at) {
  return at < text.size() ? code_point_at(text, at).value : 0;
}

// How many signs behind a label or a word of kin are a name of China.
std::size_t chinese_name_behind(std::string_view text, std::size_t at) {
  std::size_t signs = 0;
  for (; signs < 4 && is_chinese_sign(sign_at(text, at + 3 * signs)); ++signs) {
  }
  if (signs < 2 || !holds(chinese_families, sign_at(text, at))) return 0;
  if (signs == 2) return 2;
  return holds(behind_chinese_names, sign_at(text, at + 6)) ? 2 : 3;
}
std::size_t japanese_name_behind(std::string_view text, std::size_t at) {
  std::size_t signs = 0;
  std::size_t end = at;
  for (; signs < 7; ++signs) {
    const char32_t c = sign_at(text, end);
    if (!is_chinese_sign(c) && !(c >= 0x3041 && c <= 0x30FE)) break;
    end += 3;
  }
  if (signs < 2 || signs > 6) return 0;
  for (const std::string_view other : no_names) {
    if (text.substr(at, end - at).starts_with(other)) return 0;
  }
  return is_chinese_sign(sign_at(text, at)) ? signs : 0;
}
std::size_t korean_name_behind(std::string_view text, std::size_t at) {
  std::size_t signs = 0;
  for (; signs < 4 && is_hangul(sign_at(text, at + 3 * signs)); ++signs) {
  }
  const bool family = holds(korean_families, sign_at(text, at));
  return signs == 3 && family ? 3 : 0;
}

// Where a value begins behind `at`: a colon of either width and blanks; npos without a colon.
std::size_t behind_colon(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  if (at >= text.size()) return text.npos;
  const code_point colon = code_point_at(text, at);
  if (colon.value != ':' && colon.value != 0xFF1A) return text.npos;
  at += colon.size;
  while (at < text.size() && (text[at] == ' ' || code_point_at(text, at).value == 0x3000)) {
    at += code_point_at(text, at).size;
  }
  return at;
}

// Most texts have none of these letters: eight bytes at a time.
bool may_hold_letters_of_asia(std::string_view text) {
  constexpr std::uint64_t high = 0x8080808080808080U;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, 8);
    if ((bytes & high) == 0) continue;
    for (std::size_t i = at; i < at + 8; ++i) {
      if (static_cast<unsigned char>(text[i]) >= 0xE3) return true;
    }
  }
  for (; at < text.size(); ++at) {
    if (static_cast<unsigned char>(text[at]) >= 0xE3) return true;
  }
  return false;
}

}  // namespace

std::vector<name_place> names_before_honorifics(std::string_view text) {
  std::vector<name_place> out;
  if (!may_hold_letters_of_asia(text)) return out;
  const auto look_for = [&](std::span<const std::string_view> honorifics, auto name_before,
                            bool may_stand_apart) {
    for (const std::string_view one : honorifics) {
      for (std::size_t at = text.find(one); at != text.npos; at = text.find(one, at + one.size())) {
        const std::size_t space = may_stand_apart && at > 0 && text[at - 1] == ' ' ? 1 : 0;
        const std::size_t size = name_before(text, at);
        if (size != 0) out.push_back({at - space - 3 * size, at - space});
      }
    }
  };
  look_for(chinese_honorifics, chinese_name, false);
  look_for(japanese_honorifics, japanese_name, false);
  look_for(korean_honorifics, korean_name, true);
  const auto look_behind = [&](std::span<const std::string_view> words, auto name_behind,
                               bool colon) {
    for (const std::string_view one : words) {
      for (std::size_t at = text.find(one); at != text.npos; at = text.find(one, at + one.size())) {
        const std::size_t begin = colon ? behind_colon(text, at + one.size()) : at + one.size();
        if (begin >= text.size()) continue;
        if (const std::size_t size = name_behind(text, begin)) {
          out.push_back({begin, begin + 3 * size});
        }
      }
    }
  };
  look_behind(chinese_labels, chinese_name_behind, true);
  look_behind(japanese_labels, japanese_name_behind, true);
  look_behind(korean_labels, korean_name_behind, true);
  look_behind(chinese_kin, chinese_name_behind, false);
  std::sort(out.begin(), out.end(),
            [](const name_place& a, const name_place& b) { return a.begin < b.begin; });
  // Two labels may tell the same name: `客户姓名` holds `姓名`.
  out.erase(std::unique(out.begin(), out.end(),
                        [](const name_place& a, const name_place& b) { return b.begin < a.end; }),
            out.end());
  return out;
}

}  // namespace clientbook::forms
