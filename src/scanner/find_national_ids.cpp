// National ids, of digits alone and with letters, by the rule of each country.
//
// A check digit is right by chance once in ten or once in a hundred, so an unmarked number is an id
// only in a text of its country. Which ids there are, and in what order, is data/national_ids.csv
// and data/mixed_ids.csv; here is one check a country. Relies on card_data.hpp for Luhn's.
#include <clientbook/internal/model/card_data.hpp>

#include "rules.hpp"

namespace clientbook::scanner {
namespace {

using digits = const std::uint8_t*;

unsigned weighted(digits d, const char* weights) noexcept {
  unsigned sum = 0;
  for (; *weights != 0; ++weights, ++d) {
    const char w = *weights;
    sum += *d * static_cast<unsigned>(w >= 'a' ? w - 'a' + 10 : w - '0');
  }
  return sum;
}
unsigned number(digits d, std::size_t count) noexcept {
  unsigned out = 0;
  for (std::size_t i = 0; i < count; ++i) out = out * 10 + d[i];
  return out;
}
// What the number leaves when it is divided.
unsigned rest_of(digits d, std::size_t count, unsigned divisor) noexcept {
  unsigned out = 0;
  for (std::size_t i = 0; i < count; ++i) out = (out * 10 + d[i]) % divisor;
  return out;
}
unsigned two(digits d) noexcept { return d[0] * 10U + d[1]; }
bool month_day(unsigned month, unsigned day) noexcept {
  constexpr std::string_view days = "\x1F\x1D\x1F\x1E\x1F\x1E\x1F\x1F\x1E\x1F\x1E\x1F";
  return month >= 1 && month <= 12 && day >= 1 && day <= static_cast<unsigned>(days[month - 1]);
}
bool luhn(digits d, std::size_t count) noexcept { return luhn_valid({d, count}); }
bool all_same(digits d, std::size_t count) noexcept {
  for (std::size_t i = 1; i < count; ++i) {
    if (d[i] != d[0]) return false;
  }
  return true;
}

// ISO/IEC 7064 mod 11,10 (DE IdNr, HR OIB).
bool mod_11_10(digits d) noexcept {
  unsigned product = 10;
  for (std::size_t i = 0; i < 10; ++i) {
    const unsigned sum = (d[i] + product) % 10;
    product = (sum == 0 ? 10 : sum) * 2 % 11;
  }
  return (11 - product) % 10 == d[10];
}

// Verhoeff (1969): a check over the dihedral group of ten elements.
bool verhoeff(digits d, std::size_t count) noexcept {
  constexpr std::string_view permutation =
      "01234567891576283094580379614289160435279453126870428657390127938064157046913258";
  const auto product = [](unsigned a, unsigned b) {
    if (a < 5) return b < 5 ? (a + b) % 5 : 5 + (a + b) % 5;
    return b < 5 ? 5 + (a - b + 5) % 5 : (a - b + 5) % 5;
  };
  unsigned c = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned digit = d[count - 1 - i];
    c = product(c, static_cast<unsigned>(permutation[(i % 8) * 10 + digit] - '0'));
  }
  return c == 0;
}

// One function a country; each says where its rule is published.

// DE: Steuer-IdNr (BZSt): 11 digits, not 0 in front, of the first ten at least one occurs twice
// or three times.
bool de_tax(digits d) noexcept {
  if (d[0] == 0 || !mod_11_10(d)) return false;
  unsigned seen = 0;
  unsigned repeated = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    repeated += (seen >> d[i] & 1U) != 0 ? 1U : 0U;
    seen |= 1U << d[i];
  }
  return repeated >= 1 && !all_same(d, 10);
}
bool hr_oib(digits d) noexcept { return mod_11_10(d); }
// NL: BSN, "elfproef" with the last weight -1.
bool nl_bsn(digits d) noexcept {
  return number(d, 9) != 0 && (weighted(d, "98765432") + 11 - d[8]) % 11 == 0;
}
// PL: PESEL, month with an offset of 20 a century.
bool pl_pesel(digits d) noexcept {
  const unsigned month = two(d + 2) % 20;
  return (weighted(d, "13791379131") % 10) == 0 && month_day(month, two(d + 4));
}
// PESEL is also shown with dates that do not exist in examples: the sum alone, beside its word.
bool pl_pesel_sum(digits d) noexcept { return weighted(d, "13791379131") % 10 == 0; }
// PT: NIF, mod 11, what remains below 2 is 0.
bool pt_nif(digits d) noexcept {
  const unsigned rest = weighted(d, "98765432") % 11;
  return d[0] != 0 && d[8] == (rest < 2 ? 0 : 11 - rest);
}
// SE: personnummer, Luhn over the last ten digits; day + 60 for a samordningsnummer.
bool se_ten(digits d) noexcept {
  const unsigned day = two(d + 4);
  return luhn(d, 10) && month_day(two(d + 2), day > 60 ? day - 60 : day);
}
bool se_twelve(digits d) noexcept {
  const unsigned century = two(d);
  return century >= 18 && century <= 20 && se_ten(d + 2);
}
// NO: fødselsnummer, two check digits; day + 40 (D-nummer), month + 40 or + 80 (others).
bool no_fnr(digits d) noexcept {
  const unsigned k1 = (11 - weighted(d, "376189452") % 11) % 11;
  const unsigned k2 = (11 - (weighted(d, "5432765432")) % 11) % 11;
  const unsigned day = two(d) % 40;
  const unsigned month = two(d + 2) % 40;
  return k1 == d[9] && k2 == d[10] && month_day(month, day);
}
// CZ, SK: rodné číslo, divisible by 11; month + 50 for women, + 20 or + 70 when numbers run out.
bool cz_month(digits d) noexcept {
  unsigned month = two(d + 2);
  if (month > 50) month -= 50;
  if (month > 20) month -= 20;
  return month_day(month, two(d + 4));
}
bool cz_ten(digits d) noexcept {
  const unsigned rest = rest_of(d, 9, 11) % 10;
  return cz_month(d) && (rest == d[9]);
}
bool cz_nine(digits d) noexcept { return cz_month(d) && two(d) < 54; }
// RO: CNP.
bool ro_cnp(digits d) noexcept {
  const unsigned rest = weighted(d, "279146358279") % 11;
  return d[0] != 0 && d[12] == (rest == 10 ? 1 : rest) && month_day(two(d + 3), two(d + 5));
}
// BG: EGN, month + 20 before 1900, + 40 after 1999.
bool bg_egn(digits d) noexcept {
  return d[9] == weighted(d, "2485a9736") % 11 % 10 && month_day(two(d + 2) % 20, two(d + 4));
}
// SI and the other successors of Yugoslavia: EMŠO, JMBG.
bool si_emso(digits d) noexcept {
  const unsigned rest = weighted(d, "765432765432") % 11;
  return d[12] == (rest == 0 ? 0 : 11 - rest) && month_day(two(d + 2), two(d));
}
// EE, LT: two stages of weights.
bool ee_lt(digits d) noexcept {
  unsigned rest = weighted(d, "1234567891") % 11;
  if (rest == 10) rest = weighted(d, "3456789123") % 11 % 10;
  return d[10] == rest && d[0] >= 1 && d[0] <= 8 && month_day(two(d + 3), two(d + 5));
}
// TR: T.C. kimlik no.
bool tr_tckn(digits d) noexcept {
  const unsigned odd = weighted(d, "101010101");
  const unsigned even = weighted(d, "01010101");
  return d[0] != 0 && (odd * 7 + 90 - even) % 10 == d[9] && (odd + even + d[9]) % 10 == d[10];
}
// BR: CPF.
bool br_cpf(digits d) noexcept {
  const auto check = [&](std::size_t count) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += d[i] * static_cast<unsigned>(count + 1 - i);
    return sum * 10 % 11 % 10;
  };
  return !all_same(d, 11) && check(9) == d[9] && check(10) == d[10];
}
// BR: CNPJ of a sole trader is personal data as well.
bool br_cnpj(digits d) noexcept {
  const auto check = [](unsigned sum) { return sum % 11 < 2 ? 0 : 11 - sum % 11; };
  return !all_same(d, 14) && check(weighted(d, "543298765432")) == d[12] &&
         check(weighted(d, "6543298765432")) == d[13];
}
// CH: AHV number, EAN-13 of 756.
bool ean_13(digits d) noexcept { return weighted(d, "1313131313131") % 10 == 0; }
bool ch_ahv(digits d) noexcept { return number(d, 3) == 756 && ean_13(d); }
// BE: rijksregisternummer, mod 97; 2 in front of those born from 2000 on.
bool be_rrn(digits d) noexcept {
  const unsigned nine = rest_of(d, 9, 97);
  const unsigned check = two(d + 9);
  const bool date = two(d + 2) % 20 <= 12 && d[4] <= 3;
  return date && (97 - nine == check || 97 - (nine + 2'000'000'000U % 97) % 97 == check);
}
// GB: NHS number, mod 11.
bool gb_nhs(digits d) noexcept {
  const unsigned check = 11 - weighted(d, "a98765432") % 11;
  return check != 10 && check % 11 == d[9] && !all_same(d, 10);
}
// CA: SIN, Luhn; 0 and 8 are not given out.
bool ca_sin(digits d) noexcept { return d[0] != 0 && d[0] != 8 && luhn(d, 9); }
// ZA: date, Luhn, the eleventh digit is citizenship.
bool za_id(digits d) noexcept {
  return luhn(d, 13) && d[10] <= 2 && month_day(two(d + 2), two(d + 4));
}
// GR: AMKA, date and Luhn. AFM: powers of two.
bool gr_amka(digits d) noexcept { return luhn(d, 11) && month_day(two(d + 2), two(d)); }
bool gr_afm(digits d) noexcept {
  unsigned sum = 0;
  for (std::size_t i = 0; i < 8; ++i) sum += static_cast<unsigned>(d[i]) << (8 - i);
  return number(d, 8) != 0 && sum % 11 % 10 == d[8];
}
bool il_id(digits d) noexcept { return number(d, 9) != 0 && luhn(d, 9); }
// AU: TFN mod 11, Medicare mod 10.
bool au_tfn(digits d) noexcept { return weighted(d, "14375869a") % 11 == 0 && number(d, 9) != 0; }
bool au_medicare(digits d) noexcept {
  return d[0] >= 2 && d[0] <= 6 && weighted(d, "13791379") % 10 == d[8];
}
// JP: My Number.
bool jp_my_number(digits d) noexcept {
  const unsigned rest = weighted(d, "65432765432") % 11;
  return d[11] == (rest <= 1 ? 0 : 11 - rest);
}
// TH: mod 11.
bool th_id(digits d) noexcept {
  return d[0] != 0 && (11 - weighted(d, "dcba98765432") % 11) % 10 == d[12];
}
// AR: CUIT, CUIL.
bool ar_cuit(digits d) noexcept {
  const unsigned kind = two(d);
  const unsigned check = (11 - weighted(d, "5432765432") % 11) % 11;
  return (kind == 20 || (kind >= 23 && kind <= 27) || kind == 30 || kind == 33 || kind == 34) &&
         check == d[10];
}
// AT: SVNR, check digit in the fourth place, then a date.
bool at_svnr(digits d) noexcept {
  const unsigned sum = d[0] * 3U + d[1] * 7U + d[2] * 9U + weighted(d + 4, "584216");
  const unsigned month = two(d + 6);
  return d[0] != 0 && sum % 11 == d[3] && (month_day(month, two(d + 4)) || month > 12);
}
// IN: Aadhaar.
bool in_aadhaar(digits d) noexcept { return d[0] > 1 && verhoeff(d, 12); }
// US: SSN (SSA, POMS RM 10201.035), ITIN (IRS).
bool us_ssn(digits d) noexcept {
  const unsigned area = number(d, 3);
  const unsigned serial = number(d + 5, 4);
  const unsigned all = number(d, 9);
  return area != 0 && area != 666 && area < 900 && two(d + 3) != 0 && serial != 0 &&
         all != 78'05'1120 && all != 123'45'6789 && !all_same(d, 9);
}
bool us_itin(digits d) noexcept {
  const unsigned group = two(d + 3);
  return d[0] == 9 && ((group >= 50 && group <= 65) || (group >= 70 && group <= 88) ||
                       (group >= 90 && group <= 92) || (group >= 94 && group <= 99));
}
bool us_tax(digits d) noexcept { return us_ssn(d) || us_itin(d); }
// DK: CPR, a date; its check digit is not kept since 2007.
bool dk_cpr(digits d) noexcept { return month_day(two(d + 2), two(d)); }
// KR: a date and who; the check digit says nothing since October 2020.
bool kr_rrn(digits d) noexcept {
  return month_day(two(d + 2), two(d + 4)) && d[6] >= 1 && d[6] <= 8;
}
// FR: NIR of 13 digits and key 97 - n mod 97 (Corsica, with a letter, is below).
bool fr_nir(digits d) noexcept {
  const unsigned month = two(d + 3);
  const bool who = d[0] >= 1 && d[0] <= 8 && d[0] != 5 && d[0] != 6;
  return who && ((month >= 1 && month <= 12) || (month >= 20 && month <= 99)) &&
         97 - rest_of(d, 13, 97) == two(d + 13);
}
// HU: TAJ (9), adóazonosító (10). FI has letters. SK as CZ.
bool hu_taj(digits d) noexcept { return weighted(d, "37373737") % 10 == d[8] && number(d, 9) != 0; }
bool hu_tax(digits d) noexcept { return d[0] == 8 && weighted(d, "123456789") % 11 == d[9]; }

// How digits of an id are grouped: nothing but these separators may stand in it.
enum grouping : std::uint8_t {
  together = 1,  ///< No separator at all is possible.
  by_space = 2,
  by_dash = 4,
  by_dot = 8,
  by_slash = 16,
  any_of = by_space | by_dash | by_dot | together,
  needs_word = 32,       ///< Without its word it is only a number.
  grouped_or_word = 64,  ///< Without separators it needs the word.
};

struct id_rule {
  std::uint16_t of_country;
  std::uint8_t size;
  std::uint8_t how;
  bool (*good)(digits);
};

// From data/national_ids.csv: all_rules and brief_rules.
#include <tables/scanner/national_ids.inc>
constexpr const auto& rules = pick<extent::all_ids>(all_rules, brief_rules);

std::uint32_t separators(const digit_run& run, std::size_t count) noexcept {
  return run.group_ends & digit_run::within(count);
}

bool grouped_well(const digit_run& run, std::uint32_t breaks, const id_rule& one) noexcept {
  const std::uint32_t inside = digit_run::within(one.size);
  if (((run.brackets | breaks) & inside) != 0) return false;
  if ((one.how & by_slash) == 0 && (run.slashes & inside) != 0) return false;
  if ((one.how & by_dot) == 0 && (run.dots & inside) != 0) return false;
  if ((one.how & by_space) == 0 && (run.spaces & inside) != 0) return false;
  if ((one.how & together) == 0 && separators(run, one.size) == 0) return false;
  // Digits one by one, or in twos throughout, are a list or a phone number.
  std::size_t groups = 1;
  for (std::size_t n = 1; n < one.size; ++n) groups += run.group_ends_after(n) ? 1U : 0U;
  return groups <= one.size / 2U + 1;
}

// Line ends, but for those behind a hyphen: `531-07-\n9210`.
[[maybe_unused]] std::uint32_t breaks_between(const text_window& text,
                                              const digit_run& run) noexcept {
  std::uint32_t out = run.breaks;
  for (std::size_t n = 1; n < run.count && out != 0; ++n) {
    if (text[run.end_of(n)] == '-' && (run.dashes >> n & 1U) != 0) out &= ~(1U << n);
  }
  return out;
}

// US: 3-2-4 with one kind of separator.
bool like_ssn(const digit_run& run) noexcept {
  constexpr std::uint32_t groups = 1U << 3 | 1U << 5;
  return separators(run, 9) == groups &&
         ((run.spaces & groups) == groups || (run.dashes & groups) == groups ||
          (run.dots & groups) == groups);
}

// KR: 6-7, which no other number is likely to be.
bool grouped_as_usual(const digit_run& run, const id_rule& one) noexcept {
  if (one.of_country == country('U', 'S')) return like_ssn(run);
  return separators(run, one.size) == 1U << 6;
}

}  // namespace

find national_id_at(number_place& place, const scan_settings& settings) noexcept {
  const text_window& text = place.text;
  const digit_run& run = place.run;
  if (run.count < 9) return {};
  const seen sign = text.previous(run.begin);
  if (sign.value == '+' || sign.value == 0xFF0B) return {};
  // `0.123456789`, `1.2345678`
  if (!compact && run.dots != 0 && run.group_ends_after(1) && run.dots == 2) return {};
  find unchecked;  // The form of an id beside the word for it: a slip of the pen is still one.
  const std::uint32_t breaks = compact ? run.breaks : breaks_between(text, run);
  for (const id_rule& one : rules) {
    if (one.size > run.count || !run.group_ends_after(one.size)) continue;
    if (!grouped_well(run, breaks, one)) continue;
    const bool good = one.good(run.values.data());
    if (!good && unchecked) continue;
    const context& before = place.before();
    if (!good) {
      if (before.id_country == one.of_country && (before.nearest & id_word) != 0 &&
          before.adjacent) {
        unchecked = {run.begin, run.end_of(one.size), rule::id_word};
      }
      continue;
    }
    const bool word = before.id_country == one.of_country ||
                      (before.id_country == 0 && (before.nearest & id_word) != 0);
    const bool shop_number = (before.nearest & order_word) != 0 && before.adjacent;
    bool taken = word;
    if (!word && settings.in_region(one.of_country) && !shop_number) {
      taken = (one.how & needs_word) == 0 &&
              ((one.how & grouped_or_word) == 0 || grouped_as_usual(run, one));
      // In a text of one region a number beside a word of phones is one.
      taken = taken && (before.nearest & phone_word) == 0;
    }
    if (taken) return {run.begin, run.end_of(one.size), rule::id_checked};
  }
  return unchecked;
}

namespace {

// A token of letters and digits, ASCII capitals, as far as single separators allow.
struct token {
  static constexpr std::size_t most = 20;
  std::array<unsigned char, most> chars;
  std::array<std::uint16_t, most> ends;
  std::uint32_t gaps = 0;  // Bit n: before character n stands a separator.
  std::size_t count = 0;
  std::size_t begin = 0;
  std::size_t letters = 0;

  std::size_t end_of(std::size_t n) const noexcept { return begin + ends[n - 1]; }
  bool gap_or_end(std::size_t n) const noexcept { return n == count || (gaps >> n & 1U) != 0; }
};

unsigned char plain_char(seen c) noexcept {
  const char32_t letter = fold(c.value).letters[0];
  if (c.value >= 0x80 && c.value < 0xFF00 && digit_value(c.value) < 0) return 0;
  if (letter >= 'a' && letter <= 'z') return static_cast<unsigned char>(letter - 0x20);
  return letter >= '0' && letter <= '9' ? static_cast<unsigned char>(letter) : 0;
}

token read_token(const text_window& text, std::size_t at) noexcept {
  token out;
  out.begin = at;
  bool gap = false;
  while (out.count < token::most) {
    const seen c = text.next(at);
    const unsigned char one = plain_char(c);
    if (one == 0) {
      const bool joins = c.value == ' ' || c.value == '-' || c.value == '.' || c.value == '+' ||
                         c.value == 0xA0 || c.value == 0x2011 || c.value == 0x2013;
      if (gap || !joins || c.size == 0) break;
      gap = true;
      at += c.size;
      continue;
    }
    if (gap) out.gaps |= 1U << out.count;
    gap = false;
    at += c.size;
    out.chars[out.count] = one;
    out.ends[out.count++] = static_cast<std::uint16_t>(at - out.begin);
    if (!ascii_digit(one)) ++out.letters;
  }
  return out;
}

// `A` a letter, `9` a digit, `*` either. How many characters, or 0 where others stand.
std::size_t has_form(const token& t, const char* form) noexcept {
  std::size_t i = 0;
  for (; form[i] != 0; ++i) {
    if (i == t.count) return 0;
    const bool digit = ascii_digit(t.chars[i]);
    if (form[i] == 'A' ? digit : form[i] == '9' && !digit) return 0;
  }
  return t.gap_or_end(i) ? i : 0;
}

unsigned value(const token& t, std::size_t from, std::size_t count) noexcept {
  unsigned out = 0;
  for (std::size_t i = 0; i < count; ++i) out = out * 10 + (t.chars[from + i] - '0');
  return out;
}

// IT: codice fiscale (DM 23/12/1976), also with letters for digits (omocodia).
bool it_codice_fiscale(const token& t) noexcept {
  constexpr std::string_view omocodia = "LMNPQRSTUV";
  // Where digits are: 6, 7, 9, 10, 12, 13, 14.
  for (std::size_t i = 0; i < 16; ++i) {
    const bool digit = ascii_digit(t.chars[i]);
    const bool wants_digit = i == 6 || i == 7 || i == 9 || i == 10 || (i >= 12 && i <= 14);
    if (wants_digit && !digit && omocodia.find(static_cast<char>(t.chars[i])) == omocodia.npos) {
      return false;
    }
    if (!wants_digit && digit) return false;
  }
  constexpr std::string_view months = "ABCDEHLMPRST";
  if (months.find(static_cast<char>(t.chars[8])) == months.npos) return false;
  // Values of the odd places, of 0 to 9 and of A to Z.
  // Values of the odd places: of A to Z; 0 to 9 count as A to J.
  constexpr std::array<std::uint8_t, 26> odd = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                                20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
  unsigned sum = 0;
  for (std::size_t i = 0; i < 15; ++i) {
    const unsigned char c = t.chars[i];
    const unsigned at = ascii_digit(c) ? c - '0' : c - 'A';
    sum += i % 2 == 1 ? at : odd[at];
  }
  return t.chars[15] == 'A' + sum % 26;
}

// ES: DNI, NIE and NIF of minors and foreigners (K L M), mod 23.
constexpr std::string_view es_letters = "TRWAGMYFPDXBNJZSQVHLCKE";
CLIENTBOOK_ONCE bool es_dni(const token& t, std::size_t count) noexcept {
  return t.chars[count] == static_cast<unsigned char>(es_letters[value(t, 0, count) % 23]);
}
bool es_nie(const token& t) noexcept {
  const unsigned char first = t.chars[0];
  if (first < 'X' || first > 'Z') return false;
  const unsigned n = static_cast<unsigned>(first - 'X') * 10'000'000U + value(t, 1, 7);
  return t.chars[8] == static_cast<unsigned char>(es_letters[n % 23]);
}

// FI: henkilötunnus, mod 31; the sign between is the century (since 2023 also other letters).
bool fi_hetu(const token& t) noexcept {
  constexpr std::string_view check = "0123456789ABCDEFHJKLMNPRSTUVWXY";
  // 6 digits, a letter for the century or a gap, 3 digits, check.
  const bool letter = !ascii_digit(t.chars[6]);
  constexpr std::string_view centuries = "ABCDEFYXWVU";
  if (letter && centuries.find(static_cast<char>(t.chars[6])) == centuries.npos) return false;
  if (!letter && (t.gaps >> 6 & 1U) == 0) return false;
  const std::size_t serial = letter ? 7 : 6;
  if (t.count < serial + 4 || !t.gap_or_end(serial + 4)) return false;
  for (std::size_t i = 0; i < 6; ++i) {
    if (!ascii_digit(t.chars[i])) return false;
  }
  for (std::size_t i = serial; i < serial + 3; ++i) {
    if (!ascii_digit(t.chars[i])) return false;
  }
  const unsigned long long n = value(t, 0, 6) * 1000ULL + value(t, serial, 3);
  return month_day(value(t, 2, 2), value(t, 0, 2)) &&
         t.chars[serial + 3] == static_cast<unsigned char>(check[static_cast<std::size_t>(n % 31)]);
}

// GB: National Insurance number; no check digit, but not all prefixes.
bool gb_nino(const token& t) noexcept {
  constexpr std::string_view never = "DFIQUV";
  const char a = static_cast<char>(t.chars[0]);
  const char b = static_cast<char>(t.chars[1]);
  if (never.find(a) != never.npos || never.find(b) != never.npos || b == 'O') return false;
  constexpr std::string_view not_given = "BGGBKNNKNTTNZZ";
  for (std::size_t i = 0; i < not_given.size(); i += 2) {
    if (not_given[i] == a && not_given[i + 1] == b) return false;
  }
  return t.chars[8] >= 'A' && t.chars[8] <= 'D';
}

// IE: PPS number, mod 23, with the second letter's weight 9.
bool ie_pps(const token& t) noexcept {
  unsigned sum = 0;
  for (std::size_t i = 0; i < 7; ++i) sum += (t.chars[i] - '0') * static_cast<unsigned>(8 - i);
  if (t.count >= 9 && !ascii_digit(t.chars[8]) && (t.gaps >> 8 & 1U) == 0) {
    const unsigned char second = t.chars[8];
    sum += second == 'W' ? 0U : (second - 'A' + 1U) * 9;
  }
  const unsigned char letter = sum % 23 == 0 ? 'W' : static_cast<unsigned char>('A' + sum % 23 - 1);
  return t.chars[7] == letter;
}

// SG: NRIC and FIN.
bool sg_nric(const token& t) noexcept {
  constexpr std::string_view citizens = "JZIHGFEDCBA";
  constexpr std::string_view foreigners = "XWUTRQPNMLK";
  constexpr std::string_view since_2022 = "KLJNPQRTUWX";
  unsigned sum = 0;
  for (std::size_t i = 0; i < 7; ++i) {
    sum += (t.chars[1 + i] - '0') * static_cast<unsigned>("2765432"[i] - '0');
  }
  switch (t.chars[0]) {
    case 'S':
      return t.chars[8] == static_cast<unsigned char>(citizens[sum % 11]);
    case 'T':
      return t.chars[8] == static_cast<unsigned char>(citizens[(sum + 4) % 11]);
    case 'F':
      return t.chars[8] == static_cast<unsigned char>(foreigners[sum % 11]);
    case 'G':
      return t.chars[8] == static_cast<unsigned char>(foreigners[(sum + 4) % 11]);
    case 'M':
      return t.chars[8] == static_cast<unsigned char>(since_2022[10 - (sum + 3) % 11]);
    default:
      return false;
  }
}

// FR: NIR of Corsica: 2A counts as 19, 2B as 18.
bool fr_corsica(const token& t) noexcept {
  if (t.chars[5] != '2' || (t.chars[6] != 'A' && t.chars[6] != 'B')) return false;
  unsigned n = 0;
  for (std::size_t i = 0; i < 13; ++i) {
    const unsigned char c = i == 5 ? '1' : i == 6 ? (t.chars[6] == 'A' ? '9' : '8') : t.chars[i];
    if (!ascii_digit(c)) return false;
    n = (n * 10 + (c - '0')) % 97;
  }
  return ascii_digit(t.chars[13]) && ascii_digit(t.chars[14]) && 97 - n == value(t, 13, 2);
}

// MX: CURP, last digit over 37 signs (RENAPO; Ñ does not occur in what we read).
bool mx_curp(const token& t) noexcept {
  unsigned sum = 0;
  for (std::size_t i = 0; i < 17; ++i) {
    const unsigned char c = t.chars[i];
    const unsigned n = ascii_digit(c) ? c - '0' : c - 'A' + 10U + (c > 'N' ? 1U : 0U);
    sum += n * static_cast<unsigned>(18 - i);
  }
  if (t.chars[10] != 'H' && t.chars[10] != 'M' && t.chars[10] != 'X') return false;
  return ascii_digit(t.chars[17]) &&
         (10 - sum % 10) % 10 == static_cast<unsigned>(t.chars[17] - '0');
}

// CN: resident identity number, ISO/IEC 7064 mod 11-2.
bool cn_ric(const token& t) noexcept {
  constexpr std::string_view weights =
      "\x07\x09\x0A\x05\x08\x04\x02\x01\x06\x03\x07\x09\x0A\x05\x08\x04\x02";
  constexpr std::string_view check = "10X98765432";
  unsigned sum = 0;
  for (std::size_t i = 0; i < 17; ++i) {
    if (!ascii_digit(t.chars[i])) return false;
    sum += (t.chars[i] - '0') * static_cast<unsigned>(weights[i]);
  }
  return month_day(value(t, 10, 2), value(t, 12, 2)) &&
         t.chars[17] == static_cast<unsigned char>(check[sum % 11]);
}

// CL: RUT, mod 11 with K for 10; the check stands after a dash.
bool cl_rut(const token& t, std::size_t count) noexcept {
  unsigned sum = 0;
  unsigned weight = 2;
  for (std::size_t i = count; i > 0; --i) {
    if (!ascii_digit(t.chars[i - 1])) return false;
    sum += (t.chars[i - 1] - '0') * weight;
    weight = weight == 7 ? 2 : weight + 1;
  }
  const unsigned rest = 11 - sum % 11;
  const unsigned char want = rest == 11   ? '0'
                             : rest == 10 ? 'K'
                                          : static_cast<unsigned char>('0' + rest);
  return t.chars[count] == want;
}

// DE: Rentenversicherungsnummer (VKVV): area, birth date, letter, serial, check.
bool de_pension(const token& t) noexcept {
  constexpr std::string_view weights = "212512121212";
  std::array<unsigned, 12> d{};
  for (std::size_t i = 0, k = 0; i < 11; ++i) {
    if (i == 8) {
      const unsigned letter = t.chars[8] - 'A' + 1U;
      d[k++] = letter / 10;
      d[k++] = letter % 10;
    } else {
      d[k++] = t.chars[i] - '0';
    }
  }
  unsigned sum = 0;
  for (std::size_t i = 0; i < 12; ++i) {
    const unsigned product = d[i] * static_cast<unsigned>(weights[i] - '0');
    sum += product / 10 + product % 10;
  }
  return sum % 10 == static_cast<unsigned>(t.chars[11] - '0') && value(t, 4, 2) >= 1 &&
         value(t, 4, 2) <= 12;
}

// ISO 3779 with the check digit of 49 CFR 565.
bool vin_checked(const token& t) noexcept {
  constexpr std::string_view values = "12345678.12345.7.923456789";
  constexpr std::string_view weights = "8765432a098765432";
  unsigned sum = 0;
  for (std::size_t i = 0; i < 17; ++i) {
    const unsigned char c = t.chars[i];
    const char v = ascii_digit(c) ? static_cast<char>(c) : values[c - 'A'];
    if (v == '.') return false;
    const char w = weights[i];
    sum += static_cast<unsigned>(v - '0') * static_cast<unsigned>(w == 'a' ? 10 : w - '0');
  }
  const unsigned rest = sum % 11;
  return t.chars[8] == (rest == 10 ? 'X' : static_cast<unsigned char>('0' + rest));
}

struct mixed_rule {
  std::uint16_t of_country;
  bool needs_word;
  const char* form;
  bool (*good)(const token&);
};

bool always(const token&) noexcept { return true; }
bool cl_rut_7(const token& t) noexcept { return cl_rut(t, 7); }
bool cl_rut_8(const token& t) noexcept { return cl_rut(t, 8); }
bool es_dni_7(const token& t) noexcept { return es_dni(t, 7); }
bool es_dni_8(const token& t) noexcept { return es_dni(t, 8); }

// From data/mixed_ids.csv: all_mixed_rules and brief_mixed_rules.
#include <tables/scanner/mixed_ids.inc>
constexpr const auto& mixed_rules = pick<extent::all_ids>(all_mixed_rules, brief_mixed_rules);

find mixed_from(const text_window& text, const token& t, const scan_settings& settings) noexcept {
  bool looked = false;
  context before;
  find unchecked;
  for (const mixed_rule& one : mixed_rules) {
    const std::size_t size = has_form(t, one.form);
    if (size == 0) continue;
    if (!looked) {
      before = words_before(text, t.begin);
      looked = true;
    }
    if (!one.good(t)) {
      const bool country_said =
          before.id_country == one.of_country || settings.in_region(one.of_country);
      if (!unchecked && country_said && (before.nearest & id_word) != 0 && before.adjacent) {
        unchecked = {t.begin, t.end_of(size), rule::id_word};
      }
      continue;
    }
    // A RUT is written with its dash, or has its word.
    const bool word = before.id_country == one.of_country ||
                      (before.id_country == 0 && (before.nearest & id_word) != 0);
    const bool shop_number = (before.nearest & order_word) != 0 && before.adjacent;
    const bool dash = one.of_country != country('C', 'L') || (t.gaps >> (size - 1) & 1U) != 0;
    const bool region =
        settings.in_region(one.of_country) && !one.needs_word && !shop_number && dash;
    // Sixteen and eighteen characters with their check are what they are.
    const bool certain = size >= 16 && !shop_number;
    if (word || region || certain) return {t.begin, t.end_of(size), rule::id_checked};
  }
  return unchecked;
}

}  // namespace

find mixed_id_at(const text_window& text, std::size_t at, const scan_settings& settings) noexcept {
  // The token's beginning: ASCII letters and digits back from here, at most its length.
  std::size_t begin = at;
  while (at - begin < token::most) {
    const seen c = text.previous(begin);
    if (c.size == 0 || plain_char(c) == 0) break;
    begin -= c.size;
  }
  if (text.word_before(begin) && plain_char(text.previous(begin)) != 0) return {};
  const bool ids = settings.wants(entity_type::national_id);
  // Its first group may be letters before this one: `AB 12 34 56 C`, `RSS MRA 85T10 A562S`.
  std::size_t starts[3] = {begin, begin, begin};
  std::size_t count = 1;
  for (std::size_t from = begin; count < 3; ++count) {
    const seen gap = text.previous(from);
    if (gap.value != ' ' && gap.value != '-' && gap.value != 0xA0) break;
    std::size_t letters = from - gap.size;
    const std::size_t end = letters;
    while (end - letters < 4 && text.letter_at(letters - 1)) --letters;
    if (end - letters < 1 || end - letters > 3 || text.word_before(letters)) break;
    starts[count] = letters;
    from = letters;
  }
  for (std::size_t i = count; i > 0; --i) {
    const token t = read_token(text, starts[i - 1]);
    if (t.count < 8) continue;
    if (ids) {
      if (const find found = mixed_from(text, t, settings)) return found;
    }
    if (i > 1 || !extent::other_numbers) continue;
    // Vehicles: 17 characters without I, O and Q, in one piece.
    const std::uint32_t inside = (1U << 17) - 2;
    if (settings.wants(entity_type::vehicle_id) && t.count >= 17 && t.letters >= 2 &&
        (t.gaps & inside) == 0 && t.gap_or_end(17)) {
      bool good = true;
      for (std::size_t k = 0; k < 17; ++k) {
        good = good && t.chars[k] != 'I' && t.chars[k] != 'O' && t.chars[k] != 'Q';
      }
      if (good && vin_checked(t)) return {t.begin, t.end_of(17), rule::vehicle_check};
      if (good && (words_before(text, t.begin).kinds & vehicle_word) != 0) {
        return {t.begin, t.end_of(17), rule::vehicle_word};
      }
    }
    // Passports and driving licences have no common check: the word beside them decides.
    if (ids && (t.gaps & 0x3E) == 0) {
      std::size_t size = 1;
      while (size < t.count && (t.gaps >> size & 1U) == 0) ++size;
      std::size_t digits_in = 0;
      for (std::size_t k = 0; k < size; ++k) digits_in += ascii_digit(t.chars[k]) ? 1U : 0U;
      if (size >= 6 && size <= 18 && digits_in >= 4) {
        const context before = words_before(text, t.begin);
        if ((before.nearest & document_word) != 0 && before.adjacent) {
          return {t.begin, t.end_of(size), rule::id_document};
        }
      }
    }
  }
  return {};
}

}  // namespace clientbook::scanner
