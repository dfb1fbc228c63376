// What the word beside a value decides, whatever its country and check: ids, accounts of one
// country, births without a whole date. Not in firmware.
#include "rules.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

constexpr std::size_t longest_said = 34;  // Letters and digits: those of an IBAN.

bool sign_within(unsigned char c) noexcept {
  return c == '-' || c == '.' || c == '/' || c == ' ' || c == '_';
}
bool capital_at(const text_window& text, std::size_t at) noexcept {
  return text.letter_at(at) && text[at] <= 'Z';
}
bool alnum_at(const text_window& text, std::size_t at) noexcept {
  return text.letter_at(at) || text.digit_at(at);
}

// What stands before an id and is a part of it: `AT U13051828`, `CHE-101.142.092`, `V-19589232-2`,
// `Fr 50 403 601 040`. A word that tells what the value is stands before it.
std::size_t with_front(const text_window& text, std::size_t begin) noexcept {
  // `(0)279014263`
  if (text[begin - 1] == ')' && text[begin - 2] == '0' && text[begin - 3] == '(') begin -= 3;
  for (int groups = 0; groups < 3; ++groups) {
    const unsigned char sign = text[begin - 1];
    if (!sign_within(sign) || sign == '_') return begin;
    // `77.ABC.` of `77.ABC.175/07DE-10`
    if (sign != ' ' && text.digit_at(begin - 2)) {
      std::size_t digit = begin - 2;
      while (begin - digit < 6 && text.digit_at(digit - 1)) --digit;
      if (text.word_before(digit) || groups == 0) return begin;
      begin = digit;
      continue;
    }
    std::size_t first = begin - 1;
    while (begin - 1 - first < 5 && text.letter_at(first - 1)) --first;
    const std::size_t letters = begin - 1 - first;
    const bool of_country = letters == 2 && capital_at(text, first);  // `Fr 50`
    bool capitals = letters >= 1 && letters <= 4;
    for (std::size_t at = first; at < begin - 1; ++at) capitals = capitals && capital_at(text, at);
    if ((!capitals && !of_country) || text.word_before(first) || says_id(text, begin - 1)) {
      return begin;
    }
    begin = first;
  }
  return begin;
}

// `RCS Nancy B 323 109 785`, `Aachen HRA 11223`: the seat of a company goes with its number.
std::size_t with_seat(const text_window& text, std::size_t begin) noexcept {
  const auto register_of = [](const folded_word& word) {
    return word.view() == "hra" || word.view() == "hrb" || word.view() == "gnr" ||
           word.view() == "vr" || word.view() == "pr";
  };
  folded_word mark = word_from(text, begin);
  if (!register_of(mark) && mark.size != 1 && text[begin - 1] == ' ') {
    mark = word_until(text, begin - 1);
  }
  const bool german = register_of(mark);
  const bool french = mark.size == 1 && mark.capital;
  if ((!german && !french) || text[mark.begin - 1] != ' ') return begin;
  std::size_t seat = mark.begin;
  for (int words = 0; words < 3 && text[seat - 1] == ' '; ++words) {
    const folded_word word = word_until(text, seat - 1);
    if (word.size == 0) break;
    if (french && word.view() == "rcs") return word.begin;
    if (!word.capital || says_id(text, word.end)) break;
    seat = word.begin;
    if (german && text[seat - 1] == '/') seat = word_until(text, seat - 1).begin;
    if (german) return seat;
  }
  return german ? mark.begin : begin;
}

// The letters of a tax that stand behind a number: `NO 197 487 828 MVA`.
std::size_t with_tax(const text_window& text, std::size_t end) noexcept {
  const std::size_t at = text[end] == ' ' ? end + 1 : end;
  if (text[at] > 'V' || text[at] < 'I') return end;
  for (const std::string_view one : {"MVA", "IVA", "TVA", "MWST", "TPV", "VAT"}) {
    std::size_t n = 0;
    while (n < one.size() && text[at + n] == static_cast<unsigned char>(one[n])) ++n;
    if (n == one.size() && !text.word_at(at + n)) return at + n;
  }
  return end;
}

// `1.234,56`, `12 345.67`, `12345,60`: groups of three and two digits behind the last sign.
bool like_amount(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  std::size_t at = begin;
  while (at < end && text.digit_at(at)) ++at;
  if (at == begin || at - begin > 9) return false;
  while (at < end && !text.digit_at(at) && text.digit_at(at + 3) && text.digit_at(at + 1) &&
         text.digit_at(at + 2) && !text.digit_at(at + 4)) {
    at += 4;
  }
  const bool cents = (text[at] == '.' || text[at] == ',') && text.digit_at(at + 1) &&
                     text.digit_at(at + 2) && !text.word_at(at + 3);
  return cents && end <= at + 3;
}

// Letters and digits around a digit, in groups; a group behind a space holds digits.
struct said_value {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t digits = 0;
};
// Where the first group of the value around a digit begins.
std::size_t first_group_around(const text_window& text, std::size_t at) noexcept {
  std::size_t begin = at;
  while (at - begin < longest_said && alnum_at(text, begin - 1)) --begin;
  // A word longer than any id: its digits alone. The value must reach beyond `at`, or a walk that
  // goes on at its end never goes on.
  return at - begin == longest_said ? at : begin;
}
// Whether the sign at `at` joins two groups of one value.
bool joins_groups(const text_window& text, std::size_t at) noexcept {
  // `DE 136,695 976`: no amount has both signs.
  if (text[at] == ',' && text.digit_at(at - 3) && !text.digit_at(at - 4) && text.digit_at(at + 3) &&
      (text[at + 4] == ' ' || text[at + 4] == '.') && text.digit_at(at + 5) &&
      text.digit_at(at + 7) && !text.digit_at(at + 8)) {
    return true;
  }
  if (!sign_within(text[at]) || !alnum_at(text, at + 1)) return false;
  // A letter alone behind a space is a word, `12345 a`, but for capitals: `4232082 W`.
  return text[at] != ' ' || text.digit_at(at + 1) || alnum_at(text, at + 2) ||
         (capital_at(text, at + 1) && !text.word_at(at + 2));
}
// `77.ABC.175/07DE-10`
bool within_signs(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  const auto sign = [&](std::size_t at) { return sign_within(text[at]) && text[at] != ' '; };
  return end - begin <= 4 && capital_at(text, begin) && sign(begin - 1) && sign(end) &&
         alnum_at(text, end + 1);
}
// `12302 6635 RC 0002`
bool between_numbers(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  return end - begin == 2 && capital_at(text, begin) && capital_at(text, begin + 1) &&
         text.digit_at(begin - 2) && text[end] == ' ' && text.digit_at(end + 1) &&
         text.digit_at(end + 4) && !text.word_at(end + 5);
}
// `119 - 32 - 50276`: where the sign ends that joins, with a space on each side.
std::size_t over_spaced_dash(const text_window& text, std::size_t at) noexcept {
  const bool spaced = text[at] == ' ' && (text[at + 1] == '-' || text[at + 1] == '/') &&
                      text[at + 2] == ' ' && text.digit_at(at + 3) && text.digit_at(at - 1);
  return spaced ? at + 3 : at;
}
said_value value_around(const text_window& text, std::size_t at) noexcept {
  said_value out;
  out.begin = first_group_around(text, at);
  std::size_t place = out.begin;
  std::size_t signs = 0;
  while (signs < longest_said) {
    std::size_t digits = 0;
    const std::size_t group = place;
    while (signs < longest_said && alnum_at(text, place)) {
      digits += text.digit_at(place) ? 1U : 0U;
      ++place;
      ++signs;
    }
    if (group != out.begin && digits == 0 && place - group > 1 &&
        !within_signs(text, group, place) && !between_numbers(text, group, place)) {
      break;  // A word.
    }
    out.digits += digits;
    out.end = place;
    if (const std::size_t next = over_spaced_dash(text, place); next != place) {
      place = next;
      continue;
    }
    if (!joins_groups(text, place)) break;
    ++place;
  }
  out.end = with_tax(text, out.end);
  return out;
}

bool valid_day(unsigned day, unsigned month) noexcept {
  return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

// Signs of Chinese and Japanese house numbers: `88号`, `4丁目2番8号`, `6段2號之5`.
bool house_sign(char32_t c) noexcept {
  return c == 0x53F7 || c == 0x865F || c == 0x4E01 || c == 0x756A || c == 0x5DF7 || c == 0x6BB5;
}
// Of a district, a town, a road of Korea; each ends its word.
bool korean_place(char32_t c) noexcept {
  constexpr std::u32string_view signs = U"시도군구읍면동";
  return signs.find(c) != signs.npos;
}
// Of a road: 로 길 가 거리
bool korean_road(char32_t c) noexcept {
  return c == 0xB85C || c == 0xAE38 || c == 0xAC00 || c == 0xB9AC;
}
// Of a road and a house of China: `西安路j座 380967`.
bool road_sign(char32_t c) noexcept {
  constexpr std::u32string_view signs = U"路街道巷弄号座村室";
  return signs.find(c) != signs.npos;
}
// Of a district, a town, a road before them.
bool place_sign(char32_t c) noexcept {
  constexpr std::u32string_view signs = U"市区區県縣都府道路街町村省郡鎮镇胡同弄巷";
  return signs.find(c) != signs.npos;
}
bool within_east_asian(char32_t c) noexcept {
  constexpr std::u32string_view signs = U"丁目番地号號楼樓层層室单元栋棟座の之－-弄巷段";
  return signs.find(c) != signs.npos;
}

}  // namespace

namespace {

bool of_east_asia(char32_t c) noexcept { return c >= 0x2E80 && class_of(c) == char_class::letter; }

// ` 鍛冶ケ沢コーポ921`: a building and a flat behind a house number.
std::size_t over_building(const text_window& text, std::size_t end) noexcept {
  const std::size_t name = text[end] == ' '                 ? end + 1
                           : text.next(end).value == 0x3000 ? end + 3
                                                            : end;
  std::size_t at = name;
  for (int letters = 0; letters < 20; ++letters) {
    const seen c = text.next(at);
    if (!of_east_asia(c.value) && c.value != 0x30FC) break;
    at += c.size;
  }
  if (name == end || at == name || class_of(text.next(at).value) != char_class::digit) return end;
  for (int digits = 0; digits < 5; ++digits) {
    const seen c = text.next(at);
    if (class_of(c.value) != char_class::digit) break;
    at += c.size;
  }
  return at;
}

// `157 (영호김권리)`: the quarter in brackets behind a house number of Korea.
std::size_t over_korean_brackets(const text_window& text, std::size_t end) noexcept {
  std::size_t at = text[end] == ' ' ? end + 1 : end;
  if (text[at] != '(') return end;
  ++at;
  char32_t last = 0;
  for (int signs = 0; signs < 16; ++signs) {
    const seen c = text.next(at);
    if (c.value == ')') {
      // A district, or `마을`.
      return korean_place(last) || last == 0xB9AC || last == 0xC744 ? at + 1 : end;
    }
    if (c.value < 0xAC00 && c.value != ' ' && c.value != ',') break;
    if (c.value >= 0xAC00) last = c.value;
    at += c.size;
  }
  return end;
}

// `湖北省凯县花溪王街g座 461003`: a code of six digits behind a place and a road.
find chinese_code_at(const text_window& text, const digit_run& run) noexcept {
  if (run.first_group() != 6 || run.count != 6) return {};
  std::size_t begin = run.begin;
  if (text[begin - 1] == ' ') --begin;
  bool place = false;
  bool road = false;
  for (int signs = 0; signs < 40; ++signs) {
    const seen c = text.previous(begin);
    if (c.size == 0) break;
    const bool plain = c.value < 0x80 && alnum_at(text, begin - 1);
    if (!plain && !of_east_asia(c.value)) break;
    road = road || road_sign(c.value);
    place = place || (road && place_sign(c.value) && !road_sign(c.value));
    begin -= c.size;
  }
  const bool address = place && road;
  return address ? find{begin, run.end_of(6), rule::address_street} : find{};
}

// `4-2-8`, `４－２－８`, `４ー２ー８`: how many groups; 0 where other signs part them.
int dashed_groups(const text_window& text, std::size_t at) noexcept {
  constexpr std::u32string_view dashes = U"-\uFF0D\u2010\u2013\u2212\u30FC";
  int groups = 0;
  for (; groups < 4; ++groups) {
    int digits = 0;
    for (; class_of(text.next(at).value) == char_class::digit; ++digits) at += text.next(at).size;
    if (digits == 0 || digits > 4) return 0;
    const seen sign = text.next(at);
    if (sign.size == 0 || dashes.find(sign.value) == dashes.npos) return groups + 1;
    at += sign.size;
  }
  return 0;
}
// Of a prefecture, a town, a ward, a village of Japan.
bool japanese_place(char32_t c) noexcept {
  constexpr std::u32string_view signs = U"都道府県市区郡町村";
  return signs.find(c) != signs.npos;
}
// `東京都港区芝公園` before 4-2-8, and `区役所` before none: two signs of places within it, or one
// before three numbers.
bool dashed_house_number(const text_window& text, std::size_t number) noexcept {
  const int groups = dashed_groups(text, number);
  if (groups < 2) return false;
  int places = 0;
  std::size_t at = number;
  for (int letters = 0; letters < 20; ++letters) {
    const seen c = text.previous(at);
    if (!of_east_asia(c.value)) break;
    at -= c.size;
    const bool inner = letters != 0 && of_east_asia(text.previous(at).value);
    places += inner && japanese_place(c.value) ? 1 : 0;
  }
  return places >= 2 || (places == 1 && groups >= 3);
}

// `〒100-0005 ` before an address.
std::size_t with_code_of_japan(const text_window& text, std::size_t begin) noexcept {
  std::size_t at = begin;
  for (int signs = 0; signs < 12; ++signs) {
    const seen c = text.previous(at);
    if (c.value == 0x3012) return at - c.size;
    const bool blank = c.value == ' ' || c.value == 0x3000;
    const bool dash = c.value == '-' || c.value == 0xFF0D;
    if (!blank && !dash && class_of(c.value) != char_class::digit) break;
    at -= c.size;
  }
  return begin;
}

}  // namespace

// 東京都港区芝公園4丁目2番8号, 東京都港区芝公園4-2-8, 〒105-0011, 北京市朝阳区建国路88号,
// 서울특별시 강남구 테헤란로 152
find east_asian_address_at(const text_window& text, const digit_run& run) noexcept {
  const std::size_t group_end = run.end_of(run.first_group());
  std::size_t before = run.begin;
  if (text.previous(before).value == 0x3012 && run.count >= 7 && run.first_group() == 3) {
    return {before - 3, run.end_of(7), rule::address_postcode};
  }
  if (text[before - 1] == ' ') --before;
  // `역삼로 지하470`: below the ground.
  constexpr std::string_view below = "\xEC\xA7\x80\xED\x95\x98 ";
  if (before - text.begin() > below.size() &&
      text.bytes(before - 6, before) == below.substr(0, 6)) {
    before -= 6;
    if (text[before - 1] == ' ') --before;
  }
  const seen last = text.previous(before);
  const bool korean = korean_road(last.value);
  const bool dashed = !korean && last.value >= 0x2E80 && dashed_house_number(text, run.begin);
  if (last.value < 0x2E80 || (!korean && !dashed && !house_sign(text.next(group_end).value))) {
    return chinese_code_at(text, run);
  }
  // Back over the places.
  std::size_t begin = before;
  std::size_t letters = 0;
  bool places = false;
  while (letters < 30) {
    const seen c = text.previous(begin);
    const bool space = c.value == ' ' && korean && text.previous(begin - 1).value >= 0xAC00;
    const bool digit = korean && class_of(c.value) == char_class::digit;
    if (!space && !digit && (c.value < 0x2E80 || class_of(c.value) != char_class::letter)) break;
    begin -= c.size;
    if (c.value == 0x306F || c.value == 0x662F) {  // `住所は`, `地址是`
      begin += c.size;
      break;
    }
    places =
        places || place_sign(c.value) || (korean_place(c.value) && text[begin + c.size] == ' ');
    ++letters;
  }
  if (!places || letters < 3) return {};
  std::size_t end = group_end;
  for (int signs = 0; signs < 24; ++signs) {
    const seen c = text.next(end);
    const bool dash =
        dashed && c.value == 0x30FC && class_of(text.next(end + c.size).value) == char_class::digit;
    if (c.size == 0 ||
        (class_of(c.value) != char_class::digit && !within_east_asian(c.value) && !dash)) {
      break;
    }
    end += c.size;
  }
  // `643 古坑市中正路78號`: the code of Taiwan stands first.
  std::size_t code = begin;
  if (text[code - 1] == ' ' && text.digit_at(code - 2)) {
    --code;
    while (begin - code < 8 && text.digit_at(code - 1)) --code;
    if (begin - code < 4 || text.word_before(code)) code = begin;
  }
  if (!korean) {
    return {with_code_of_japan(text, code), over_building(text, end), rule::address_street};
  }
  // `458-39 (병철송동)`
  if (text[end] == '-' && text.digit_at(end + 1)) {
    ++end;
    while (text.digit_at(end)) ++end;
  }
  return {begin, over_korean_brackets(text, end), rule::address_street};
}

namespace {

// The words before a value, also where letters that may be its own stand before it: `TAX NO 123`,
// `VAT: NO 197 487 828`.
context words_of(number_place& place, std::size_t begin, std::size_t front) noexcept {
  const text_window& text = place.text;
  const context words = begin < place.run.begin ? words_before(text, begin) : place.before();
  return words.said_id || words.said_account || front == begin ? words : words_before(text, front);
}

// A usual word and a space stand before the place, and nothing of them belongs to a value there.
bool plain_word_before(const text_window& text, std::size_t at) noexcept {
  const auto small = [&](std::size_t i) { return text.letter_at(i) && text[i] >= 'a'; };
  return text[at - 1] == ' ' && small(at - 2) && small(at - 3) && small(at - 4) &&
         text.letter_at(at - 5);
}

// Of an id or an account.
find said_at(number_place& place) noexcept {
  const text_window& text = place.text;
  if (plain_word_before(text, place.run.begin) && !place.before().said_id &&
      !place.before().said_account) {
    return {};
  }
  const said_value value = value_around(text, place.run.begin);
  // `27AAPFU0939F1ZV`: what stands before all of it.
  const std::size_t begin = with_front(text, value.begin);
  const std::size_t seat = with_seat(text, begin);
  const context words =
      seat == begin ? words_of(place, value.begin, begin) : words_before(text, seat);
  constexpr std::uint16_t of_people =
      id_word | document_word | account_word | order_word | code_word | card_word | birth_word;
  if ((!words.said_id && !words.said_account) || (words.nearest & of_people) == 0) return {};
  const std::size_t size = value.end - value.begin;
  const std::size_t least = words.said_id || size >= 9 ? 4 : 5;
  if (value.digits < least || size < 5) return {};
  if (words.said_id && like_amount(text, value.begin, value.end)) return {};
  // `SKU SV-5156-F`: letters of the number itself.
  if (text[begin - 1] == '-' && (words.kinds & order_word) != 0) return {};
  const seen sign = text.previous(value.begin);
  if (sign.value == '$' || sign.value == 0x20AC || sign.value == 0xA3) return {};
  return {seat, value.end, words.said_id ? rule::id_word : rule::account_word};
}

// Where the group behind `at` ends that belongs to the same value; `at` where none does.
std::size_t group_behind(const text_window& text, std::size_t at, bool spaced) noexcept {
  if (!joins_groups(text, at)) return at;
  std::size_t next = at + 1;
  std::size_t digits = 0;
  bool capitals = true;
  while (next - at < longest_said && alnum_at(text, next)) {
    digits += text.digit_at(next) ? 1U : 0U;
    capitals = capitals && text[next] <= 'Z';
    ++next;
  }
  const std::size_t size = next - at - 1;
  if (text[at] == ' ' && between_numbers(text, at + 1, next)) {
    while (text.digit_at(next + 1)) ++next;
    return next + (text.digit_at(next) ? 1U : 0U);
  }
  if (text[at] != ' ') return digits != 0 || size == 1 ? next : at;
  // `4232082 W`, `RC 2001`, `05400726 0 ZZ4`: over a space few signs belong to it.
  const bool letters = capitals && (size == 1 || (size >= 3 && digits != size)) && size <= 6;
  const bool one = digits == 1 && size == 1 && text[next] == ' ' && capital_at(text, next + 1);
  const bool goes_on = digits == size && ((spaced && size >= 2 && size <= 5) || one);
  return goes_on || (letters && digits != size && (digits != 0 || size == 1)) ? next : at;
}

std::size_t back_over(const text_window& text, std::size_t at, std::string_view signs) noexcept {
  while (signs.find(static_cast<char>(text[at - 1])) != signs.npos) --at;
  return at;
}

// `A/C`, `S/C`, `р/с`, `к/с`, `л/с`, `р/р`: words of accounts by two letters; `BG`, `PG` before
// groups.
bool letters_of_account(const text_window& text, std::size_t at, bool dashed) noexcept {
  std::size_t end = back_over(text, at, " :=.#");
  if (end == at) return false;
  // Asked about every number: its last letter is one of these.
  const unsigned char last = text[end - 1] | 0x20U;
  if (last < 0x80 && last != 'c' && last != 'g' && last != 'o' && last != 'r') return false;
  // `A/C no. 12345678901`
  const folded_word number = word_until(text, end);
  if (number.view() == "no" || number.view() == "nr" || number.view() == "number") {
    end = back_over(text, number.begin, " ");
  }
  const seen second = text.previous(end);
  const std::size_t slash = end - second.size;
  const auto small = [](char32_t c) {
    return c < 0x80 ? c | 0x20U : c >= 0x410 && c < 0x430 ? c + 0x20 : c;
  };
  if (text[slash - 1] != '/') {
    // Small only with a colon: `bg: 123-4567`.
    const bool colon = text.bytes(end, at).find(':') != std::string_view::npos;
    const auto letter = [&](std::size_t i, char one) {
      return text[i] == static_cast<unsigned char>(one) ||
             (colon && text[i] == (static_cast<unsigned char>(one) | 0x20U));
    };
    const bool giro = letter(end - 1, 'G') && (letter(slash - 1, 'B') || letter(slash - 1, 'P'));
    return dashed && giro && !text.word_before(slash - 1);
  }
  const seen first = text.previous(slash - 1);
  if (text.word_before(slash - 1 - first.size)) return false;
  const char32_t a = small(first.value);
  const char32_t b = small(second.value);
  const bool latin = b == 'c' && (a == 'a' || a == 's');
  const bool cyrillic = (b == 0x441 || b == 0x440) && (a == 0x440 || a == 0x43A || a == 0x43B);
  return latin || cyrillic;
}

// `sort code 05-31-06`: no day, though it looks like one.
bool sort_code_before(const text_window& text, std::size_t at) noexcept {
  const folded_word last = word_until(text, back_over(text, at, " :=#"));
  if (last.view() == "sortcode") return true;
  if (last.view() == "c") return letters_of_account(text, at, false);
  if (last.view() != "code") return false;
  return word_until(text, back_over(text, last.begin, " -_")).view() == "sort";
}

bool of_two_three_times(const digit_run& run) noexcept {
  return run.count == 6 && (run.group_ends & digit_run::within(6)) == (1U << 2 | 1U << 4);
}

// What letters say that are too short for a word, and a code of a bank that may be a day.
find account_at(number_place& place) noexcept {
  const digit_run& run = place.run;
  const text_window& text = place.text;
  if (run.count < 5) return {};
  if (of_two_three_times(run) && sort_code_before(text, run.begin)) {
    return {run.begin, run.end_of(6), rule::account_word};
  }
  const bool dashed = (run.group_ends & digit_run::within(run.count)) != 0 && run.count >= 7 &&
                      (run.dashes & digit_run::within(run.count)) != 0;
  if (text.word_before(run.begin) || !letters_of_account(text, run.begin, dashed)) return {};
  const said_value value = value_around(text, run.begin);
  return {value.begin, value.end, rule::account_word};
}

}  // namespace

// What a check found is a part of what stands there: `DK 46902653`, `657.483.436-3`,
// `732 129 390 29818`. Over a space the value goes on only where it has spaces, and not in one
// digit.
find said_whole(number_place& place, const find& part) noexcept {
  const text_window& text = place.text;
  find out = part;
  if (const find account = account_at(place); account && account.end >= part.end) return account;
  const std::size_t begin = first_group_around(text, part.begin);
  out.begin = with_seat(text, with_front(text, begin));
  const context words = words_of(place, begin, out.begin);
  if (!words.said_id && !words.said_account) return part;
  if (!words.said_id) out.begin = begin;
  bool spaced = false;
  bool dots = false;
  bool dashes = false;
  for (std::size_t at = part.begin; at < part.end; ++at) {
    spaced = spaced || text[at] == ' ';
    dots = dots || text[at] == '.';
    dashes = dashes || text[at] == '-';
  }
  spaced = spaced || (dots && dashes);  // `55.00.30-012 49`
  while (out.end - out.begin < longest_said) {
    while (out.end - out.begin < longest_said && alnum_at(text, out.end)) ++out.end;
    const std::size_t next = group_behind(text, out.end, spaced);
    if (next == out.end) break;
    out.end = next;
  }
  out.end = with_tax(text, out.end);
  return out;
}

namespace {

// Whether letters before the digits may be a part of the value.
bool may_have_front(const text_window& text, std::size_t at) noexcept {
  const unsigned char sign = text[at - 1];
  return text.letter_at(at - 1) || ((sign == ' ' || sign == '-') && capital_at(text, at - 2)) ||
         (sign == ' ' && text.letter_at(at - 2) && capital_at(text, at - 3));
}

// By a word in brackets behind it.
find said_behind(number_place& place) noexcept {
  const text_window& text = place.text;
  const std::size_t last = place.run.begin + 4 * longest_said;  // Letters and signs between.
  const std::size_t to = last < text.end() ? last : text.end();
  if (text.bytes(place.run.begin, to).find('(') == std::string_view::npos) return {};
  const said_value value = value_around(text, place.run.begin);
  if (value.digits < 5) return {};
  std::size_t open = value.end;
  if (text[open] == ' ') ++open;
  if (text[open] != '(') return {};
  std::size_t close = open + 1;
  while (close - open < 32 && text[close] != ')' && text[close] != '\n') ++close;
  if (text[close] != ')' || text.digit_at(open + 1)) return {};
  const std::uint16_t kinds = words_after(text, open);
  if ((kinds & order_word) != 0) return {};
  if ((kinds & (id_word | document_word)) != 0) return {value.begin, value.end, rule::id_word};
  if ((kinds & account_word) != 0) return {value.begin, value.end, rule::account_word};
  if ((kinds & phone_word) != 0 && value.digits >= 7) {
    return {value.begin, value.end, rule::phone_word};
  }
  return {};
}

// A slip of the pen in a card's number leaves a card's number.
find said_card_at(number_place& place) noexcept {
  const digit_run& run = place.run;
  const context& words = place.nearest();
  if ((words.nearest & (card_word | order_word)) != card_word || !words.adjacent) return {};
  if (run.count < 13 || run.count > 19 || run.goes_on) return {};
  const std::uint32_t inside = digit_run::within(run.count);
  if (((run.breaks | run.brackets) & inside) != 0) return {};
  if (place.text.word_before(run.begin) || place.text.word_at(run.end_of(run.count))) return {};
  return {run.begin, run.end_of(run.count), rule::card_cautious};
}

// Where the name of a month begins that stands before a year: `October 1966`, `marzo de 1985`.
std::size_t with_month_before(const text_window& text, std::size_t at) noexcept {
  std::size_t end = back_over(text, at, " ./-");
  if (end == at || at - end > 2) return at;
  folded_word word = word_until(text, end);
  if (word.size != 0 && is_in(extent::year_joins, word)) {
    word = word_until(text, back_over(text, word.begin, " "));
  }
  return word.size != 0 && month_of(word.view()) != 0 ? word.begin : at;
}

// A year, eight digits, a day that is none.
find said_birth_at(number_place& place) noexcept {
  const text_window& text = place.text;
  const digit_run& run = place.run;
  const context& words = place.nearest();
  if ((words.nearest & birth_word) == 0 || !words.adjacent) return {};
  if (const find loose = loose_birth_at(text, run.begin)) return loose;
  if (text.word_before(run.begin) && text[run.begin - 1] < 0x80) return {};
  const std::size_t group = run.first_group();
  const auto digit = [&](std::size_t i) { return static_cast<unsigned>(run.values[i]); };
  const auto two = [&](std::size_t i) { return digit(i) * 10U + digit(i + 1); };
  const std::size_t end = run.end_of(group);
  if (group == 4 && (two(0) == 19 || two(0) == 20) && !text.word_at(end)) {
    const bool alone = run.count == 4 || (run.spaces >> 4 & 1U) != 0 || (run.breaks >> 4 & 1U) != 0;
    if (alone) return {with_month_before(text, run.begin), end, rule::date_birth};
  }
  // 05031958, 19580503, 030558.
  if ((group == 8 || group == 6) && !text.word_at(end)) {
    const bool year_last = valid_day(two(0), two(2)) || valid_day(two(2), two(0));
    const bool year_first = group == 8 ? valid_day(two(6), two(4)) && (two(0) == 19 || two(0) == 20)
                                       : valid_day(two(4), two(2));
    if (year_last || year_first) return {run.begin, end, rule::date_birth};
  }
  // `geb. 12/85`, `born 12/1985`: a month and a year.
  if (group <= 2 && run.count >= group + 2U && (run.slashes | run.dots | run.dashes) != 0) {
    const unsigned month = group == 1 ? digit(0) : two(0);
    const std::size_t year = run.count - group;
    const std::uint32_t parts = run.group_ends & digit_run::within(run.count);
    const bool one_part = parts == 1U << group && (run.spaces & parts) == 0;
    const bool good = year == 2 || (year == 4 && (two(group) == 19 || two(group) == 20));
    if (one_part && good && month >= 1 && month <= 12 && !text.word_at(run.end_of(run.count))) {
      return {run.begin, run.end_of(run.count), rule::date_birth};
    }
  }
  // A day that does not exist, 31.04.1983, or with spaces, 03 12 1985.
  if (group <= 2 && run.count >= 4) {
    std::size_t second = group + 1;
    while (second < run.count && !run.group_ends_after(second)) ++second;
    std::size_t third = second + 1;
    while (third < run.count && !run.group_ends_after(third)) ++third;
    const std::uint32_t inside = digit_run::within(third);
    const std::uint32_t groups = run.group_ends & inside;
    const std::uint32_t spaces = run.spaces & inside;
    const bool one_sign =
        spaces == 0 && ((run.dots & inside) == groups || (run.slashes & inside) == groups ||
                        (run.dashes & inside) == groups);
    const std::size_t year = third - second;
    const auto value = [&](std::size_t from, std::size_t to) {
      return to - from == 1 ? digit(from) : two(from);
    };
    const bool spaced = spaces == groups && third <= run.count && second - group <= 2 &&
                        year == 4 && (two(second) == 19 || two(second) == 20) &&
                        (valid_day(value(0, group), value(group, second)) ||
                         valid_day(value(group, second), value(0, group)));
    if (spaced) return {run.begin, run.end_of(third), rule::date_birth};
    if (third <= run.count && one_sign && second - group <= 2 && (year == 2 || year == 4)) {
      return {run.begin, run.end_of(third), rule::date_birth};
    }
  }
  return {};
}

// `BIC DEUTDEFF084` (ISO 9362): eight or eleven letters and digits behind its word.
find bank_code_at(const text_window& text, std::size_t at) noexcept {
  const std::size_t begin = first_group_around(text, at);
  std::size_t end = begin;
  while (end - begin < 12 && alnum_at(text, end)) ++end;
  if ((end - begin != 8 && end - begin != 11) || text.word_at(end) || text.word_before(begin)) {
    return {};
  }
  for (std::size_t i = begin; i < begin + 6; ++i) {
    if (!capital_at(text, i)) return {};
  }
  const context words = words_before(text, begin, words_wanted::nearest);
  return (words.nearest & account_word) != 0 && words.adjacent
             ? find{begin, end, rule::account_word}
             : find{};
}

}  // namespace

find said_beside(number_place& place, const scan_settings& settings) noexcept {
  // `136,695 976`: the comma ends the run of digits, and not the value.
  const std::size_t run_end = place.run.end_of(place.run.count);
  const bool goes_on = place.text[run_end] == ',' && joins_groups(place.text, run_end);
  if (settings.wants(entity_type::bank_account)) {
    if (place.text.letter_at(place.run.begin - 1)) {
      if (const find code = bank_code_at(place.text, place.run.begin)) return code;
    }
    if (const find account = account_at(place)) return account;
  }
  if (place.run.count < 4 && !goes_on) return {};
  if (const find behind = said_behind(place); behind && settings.wants(type_of(behind.rule))) {
    return behind;
  }
  const bool front = may_have_front(place.text, place.run.begin);
  const std::uint16_t nearest = place.nearest().nearest;
  if (nearest == 0 && !front) return {};
  if ((nearest & birth_word) != 0 && !place.before().said_id &&
      settings.wants(entity_type::date_of_birth)) {
    const find birth = said_birth_at(place);
    // A day that exists is told by the rule of dates.
    const bool date = birth && date_at(place.text, place.run.begin, date_reading::birth).is_date;
    if (birth && !date) return birth;
  }
  constexpr std::uint16_t of_people =
      id_word | document_word | account_word | order_word | code_word | card_word | birth_word;
  if ((nearest & of_people) == 0 && !front) return {};
  if (settings.wants(entity_type::payment_card)) {
    if (const find card = said_card_at(place)) return card;
  }
  const find found = said_at(place);
  if (!found) return {};
  const date_found date = date_at(place.text, place.run.begin, date_reading::birth);
  if (date.is_date && found.end <= date.end) return {};
  return settings.wants(type_of(found.rule)) ? found : find{};
}

}  // namespace clientbook::scanner
