// What stands before an honorific is a name where it begins with a family name that is common
// (Chinese, Korean) or is of Chinese characters alone (Japanese); words that are said of any
// customer are none.
#include "honorifics.hpp"

#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace clientbook::forms {
namespace {

using namespace std::string_view_literals;

enum class language { chinese, japanese, korean };
struct honorific {
  std::string_view text;
  language of;
};
constexpr auto honorifics = std::to_array<honorific>({{"女士"sv, language::chinese},
                                                      {"先生"sv, language::chinese},
                                                      {"小姐"sv, language::chinese},
                                                      {"太太"sv, language::chinese},
                                                      {"様"sv, language::japanese},
                                                      {"さま"sv, language::japanese},
                                                      {"さん"sv, language::japanese},
                                                      {"님"sv, language::korean},
                                                      {"씨"sv, language::korean}});

constexpr std::u32string_view chinese_families =
    U"王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程"
    U"曹袁邓鄧许許傅"
    U"沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝"
    U"孔白崔康毛邱秦江史"
    U"顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易武乔喬贺賀赖賴龚龔欧歐";
constexpr std::u32string_view korean_families =
    U"김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허남심노하곽성차주우구민진나지엄채원천"
    U"방공현함변염여추도소석"
    U"선설마길연위표명기반왕금옥육인맹제모";
// 店員さん, 業者様, お客様, 皆様, 奥様, お子様: said of anybody.
constexpr auto no_names = std::to_array<std::string_view>(
    {"客"sv,   "皆"sv,   "奥"sv,   "神"sv,   "仏"sv,   "殿"sv,     "姫"sv,   "店員"sv,
     "業者"sv, "職人"sv, "店長"sv, "社長"sv, "担当"sv, "担当者"sv, "各位"sv, "上"sv,
     "先方"sv, "旦那"sv, "息子"sv, "娘"sv,   "母"sv,   "父"sv,     "兄"sv,   "姉"sv,
     "子供"sv, "同"sv,   "仕"sv,   "有"sv,   "顧客"sv, "会員"sv,   "奥方"sv});

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
  if (std::find(no_names.begin(), no_names.end(), name) != no_names.end()) return 0;
  return before.count;
}

std::size_t korean_name(std::string_view text, std::size_t end) {
  const std::size_t space = end > 0 && text[end - 1] == ' ' ? 1 : 0;  // `김민지 님`
  const signs_before before = read_before(text, end - space, is_hangul);
  if (before.count != 3 || !holds(korean_families, before.all[2])) return 0;
  // 이용자님, 구매자님, 지점장님: what somebody does.
  return holds(U"자장객원", before.all[0]) ? 0 : 3;
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
  for (const honorific& one : honorifics) {
    for (std::size_t at = text.find(one.text); at != text.npos;
         at = text.find(one.text, at + one.text.size())) {
      const std::size_t space = one.of == language::korean && at > 0 && text[at - 1] == ' ' ? 1 : 0;
      const std::size_t size = one.of == language::chinese    ? chinese_name(text, at)
                               : one.of == language::japanese ? japanese_name(text, at)
                                                              : korean_name(text, at);
      if (size != 0) out.push_back({at - space - 3 * size, at - space});
    }
  }
  std::sort(out.begin(), out.end(),
            [](const name_place& a, const name_place& b) { return a.begin < b.begin; });
  return out;
}

}  // namespace clientbook::forms
