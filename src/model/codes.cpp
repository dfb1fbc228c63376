// Countries, currencies, languages and time zones: whether a code is one.
//
// Countries and currencies are lists, packed into one text each, since a table of pointers would
// cost a till more than the codes. Languages and time zones are judged by their shape: their
// registries change every few months, and a till does not.
#include <clientbook/base/bytes.hpp>
#include <clientbook/model/validate.hpp>

namespace clientbook {
namespace {

// ISO 3166-1 alpha-2, ascending; two letters each.
constexpr std::string_view countries =
    "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBY"
    "BZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFK"
    "FMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIR"
    "ISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMK"
    "MLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPM"
    "PNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTF"
    "TGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";

// ISO 4217, ascending; three letters each and the digits of the minor unit. Codes withdrawn since
// 2020 stay: a receipt may be older than the list.
constexpr std::string_view currencies =
    "AED2AFN2ALL2AMD2ANG2AOA2ARS2AUD2AWG2AZN2BAM2BBD2BDT2BGN2BHD3BIF0BMD2BND2BOB2BOV2"
    "BRL2BSD2BTN2BWP2BYN2BZD2CAD2CDF2CHE2CHF2CHW2CLF4CLP0CNY2COP2COU2CRC2CUC2CUP2CVE2"
    "CZK2DJF0DKK2DOP2DZD2EGP2ERN2ETB2EUR2FJD2FKP2GBP2GEL2GHS2GIP2GMD2GNF0GTQ2GYD2HKD2"
    "HNL2HRK2HTG2HUF2IDR2ILS2INR2IQD3IRR2ISK0JMD2JOD3JPY0KES2KGS2KHR2KMF0KPW2KRW0KWD3"
    "KYD2KZT2LAK2LBP2LKR2LRD2LSL2LYD3MAD2MDL2MGA2MKD2MMK2MNT2MOP2MRU2MUR2MVR2MWK2MXN2"
    "MXV2MYR2MZN2NAD2NGN2NIO2NOK2NPR2NZD2OMR3PAB2PEN2PGK2PHP2PKR2PLN2PYG0QAR2RON2RSD2"
    "RUB2RWF0SAR2SBD2SCR2SDG2SEK2SGD2SHP2SLE2SLL2SOS2SRD2SSP2STN2SVC2SYP2SZL2THB2TJS2"
    "TMT2TND3TOP2TRY2TTD2TWD2TZS2UAH2UGX0USD2USN2UYI0UYU2UYW4UZS2VED2VES2VND0VUV0WST2"
    "XAD2XAF0XAG0XAU0XBA0XBB0XBC0XBD0XCD2XCG2XDR0XOF0XPD0XPF0XPT0XSU0XTS0XUA0XXX0YER2"
    "ZAR2ZMW2ZWG2ZWL2";

// The entry of a packed table that begins with `code`, or an empty text.
std::string_view look_up(std::string_view table, std::size_t width,
                         std::string_view code) noexcept {
  std::size_t low = 0;
  std::size_t high = table.size() / width;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const std::string_view entry = slice(table, middle * width, width);
    const int order = slice(entry, 0, code.size()).compare(code);
    if (order == 0) return entry;
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return {};
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool letter(char c) noexcept { return lower(c) >= 'a' && lower(c) <= 'z'; }
bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool all(std::string_view text, bool (*is)(char) noexcept) noexcept {
  for (const char c : text) {
    if (!is(c)) return false;
  }
  return true;
}
bool alphanumeric(char c) noexcept { return letter(c) || digit(c); }

// Takes the text up to the next `end` from the front.
std::string_view take(std::string_view& text, char end) noexcept {
  const std::size_t size = text.find(end);
  const std::string_view part = slice(text, 0, size);
  text = size == text.npos ? std::string_view{} : slice(text, size + 1);
  return part;
}

// RFC 5646 section 2.1, without the grandfathered tags.
bool well_formed_language(std::string_view tag) noexcept {
  if (tag.empty() || tag.front() == '-' || tag.back() == '-') return false;
  std::string_view part = take(tag, '-');
  if (part.size() < 2 || part.size() > 3 || !all(part, letter)) return false;
  int stage = 0;  // 0 extended language, 1 script, 2 region, 3 variants, 4 extensions
  int extended = 0;
  std::uint64_t singletons = 0;
  while (!tag.empty()) {
    part = take(tag, '-');
    if (part.empty() || part.size() > 8 || !all(part, alphanumeric)) return false;
    if (part.size() == 1) {
      const char singleton = lower(part.front());
      const unsigned bit = digit(singleton) ? static_cast<unsigned>(singleton - '0')
                                            : static_cast<unsigned>(singleton - 'a') + 10U;
      if ((singletons >> bit & 1U) != 0) return false;
      singletons |= std::uint64_t{1} << bit;
      if (tag.empty()) return false;
      const bool of_private_use = singleton == 'x';
      // The first subtag after a singleton; a later one goes through stage 4 below.
      part = take(tag, '-');
      if (part.size() > 8 || part.size() < (of_private_use ? 1U : 2U)) return false;
      if (!all(part, alphanumeric)) return false;
      if (of_private_use) {
        while (!tag.empty()) {
          part = take(tag, '-');
          if (part.empty() || part.size() > 8 || !all(part, alphanumeric)) return false;
        }
        return true;
      }
      stage = 4;
      continue;
    }
    if (stage == 4) continue;
    if (stage == 0 && part.size() == 3 && all(part, letter) && extended < 3) {
      ++extended;
    } else if (stage < 1 && part.size() == 4 && all(part, letter)) {
      stage = 1;
    } else if (stage < 2 && ((part.size() == 2 && all(part, letter)) ||
                             (part.size() == 3 && all(part, digit)))) {
      stage = 2;
    } else if (part.size() >= 5 || (part.size() == 4 && digit(part.front()))) {
      stage = 3;
    } else {
      return false;
    }
  }
  return true;
}

bool zone_shape(std::string_view name) noexcept {
  if (name.empty() || name.size() > 64 || name.back() == '/') return false;
  while (!name.empty()) {
    const std::string_view part = take(name, '/');
    if (part.empty() || !letter(part.front())) return false;
    for (const char c : part) {
      if (!alphanumeric(c) && c != '_' && c != '-' && c != '+') return false;
    }
  }
  return true;
}

// Places get zones of their own each year, so a list of them would refuse what is new. What stands
// before the place, and the names that have none, are those of IANA's backward file and stay.
bool known_area(std::string_view name) noexcept {
  static constexpr std::string_view areas[] = {
      "Africa",    "America", "Antarctica", "Arctic",  "Asia",    "Atlantic",  "Australia",
      "Brazil",    "CET",     "CST6CDT",    "Canada",  "Chile",   "Cuba",      "EET",
      "EST",       "EST5EDT", "Egypt",      "Eire",    "Etc",     "Europe",    "GB",
      "GB-Eire",   "GMT",     "GMT+0",      "GMT-0",   "GMT0",    "Greenwich", "HST",
      "Hongkong",  "Iceland", "Indian",     "Iran",    "Israel",  "Jamaica",   "Japan",
      "Kwajalein", "Libya",   "MET",        "MST",     "MST7MDT", "Mexico",    "NZ",
      "NZ-CHAT",   "Navajo",  "PRC",        "PST8PDT", "Pacific", "Poland",    "Portugal",
      "ROC",       "ROK",     "Singapore",  "Turkey",  "UCT",     "US",        "UTC",
      "Universal", "W-SU",    "WET",        "Zulu"};
  for (const std::string_view each : areas) {
    if (each == name) return true;
  }
  return false;
}

}  // namespace

result<void> validate_country(std::string_view code) noexcept {
  if (code.size() == 2 && !look_up(countries, 2, code).empty()) return {};
  return error{errc::invalid_value, "no country has this code: use ISO 3166-1, two capitals"};
}

std::optional<unsigned> minor_units(std::string_view currency) noexcept {
  if (currency.size() != 3) return {};
  const std::string_view entry = look_up(currencies, 4, currency);
  if (entry.empty()) return {};
  return static_cast<unsigned>(entry[3] - '0');
}

result<void> validate_currency(std::string_view code) noexcept {
  if (minor_units(code)) return {};
  return error{errc::invalid_value, "no currency has this code: use ISO 4217, three capitals"};
}

result<void> validate_language(std::string_view tag) noexcept {
  if (tag.size() <= 64 && well_formed_language(tag)) return {};
  return error{errc::invalid_value, "this is no language tag: use BCP 47 as in de or pt-BR"};
}

result<void> validate_time_zone(std::string_view name) noexcept {
  if (zone_shape(name) && known_area(name.substr(0, name.find('/')))) return {};
  return error{errc::invalid_value, "this is no time zone name: use IANA's, as in Europe/Paris"};
}

}  // namespace clientbook
