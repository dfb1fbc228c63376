// Text scan: finds personal data in free text (notes, exports, log lines).
//
// One engine for servers and firmware: linear in the text whatever it holds, no heap, no
// locale, no regular expressions. A find is a range of bytes that begins and ends at code
// points, with its type and the rule that found it; finds are in order and never overlap.
// What two rules claim goes to the one with the better proof (a checksum before a form), and
// what is left over of the other stays hidden.
//
// Digits of all scripts count, and so do the spaces, dashes and invisible characters that
// people and programs put between them. Every rule looks at no more than scan_reach bytes
// around a place, so a stream gives the same finds as the whole text (see text_redactor.hpp).
//
// Thread safety: scan() is a pure function; known_values is read only.
#ifndef CLIENTBOOK_SCANNER_SCAN_HPP
#define CLIENTBOOK_SCANNER_SCAN_HPP

#include <clientbook/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace clientbook {

class known_values;

/// What is found. Kept in receipts: append, never renumber.
enum class entity_type : std::uint8_t {
  payment_card = 0,     ///< ISO/IEC 7812 number of an issuer, Luhn sum right; a magnetic track
  card_expiry = 1,      ///< MM/YY beside a card
  card_code = 2,        ///< 3 or 4 digits after CVV, CVC, ... beside a card
  iban = 3,             ///< ISO 13616: length of its country, mod 97
  national_id = 4,      ///< tax, insurance, register number of a region, by its check digits
  email_address = 5,    ///< RFC 5322 addr-spec as people write it, RFC 6531 letters
  phone_number = 6,     ///< E.164, or a national form of one of the regions
  ip_address = 7,       ///< RFC 791, RFC 4291, RFC 4007 zone
  url = 8,              ///< with a scheme, `www.`, or a domain and a path
  mac_address = 9,      ///< IEEE 802, 48 bits
  imei = 10,            ///< 3GPP TS 23.003, Luhn sum right
  vehicle_id = 11,      ///< ISO 3779, check digit of North America or the word beside it
  date_of_birth = 12,   ///< a date beside a word of birth; any past date with dates = all
  postal_address = 13,  ///< number and street, or postal code and town
  known_value = 14,     ///< a value of known_values
  tenant_pattern = 15,  ///< of the shop's own pattern; scan() finds none
  bank_account = 16,    ///< account number of one country, sort code, routing number
  person_name = 17,     ///< of a person, by what stands beside it
};
inline constexpr std::size_t entity_types = 18;

/// `payment_card`, ...; empty for a number that is none.
[[nodiscard]] std::string_view name_of(entity_type type) noexcept;
/// Errors: not_found.
result<entity_type> entity_type_of(std::string_view name) noexcept;

/// A set of types.
class entity_set {
 public:
  constexpr entity_set() noexcept = default;
  constexpr entity_set(std::initializer_list<entity_type> types) noexcept {
    for (const entity_type type : types) add(type);
  }
  /// Every type there is.
  static constexpr entity_set all() noexcept {
    entity_set out;
    out.bits_ = (std::uint32_t{1} << entity_types) - 1;
    return out;
  }
  constexpr void add(entity_type type) noexcept { bits_ |= bit(type); }
  constexpr void remove(entity_type type) noexcept { bits_ &= ~bit(type); }
  [[nodiscard]] constexpr bool contains(entity_type type) const noexcept {
    return (bits_ & bit(type)) != 0;
  }

 private:
  static constexpr std::uint32_t bit(entity_type type) noexcept {
    return 1U << static_cast<unsigned>(type);
  }
  std::uint32_t bits_ = 0;
};

/// The rule that decided. Append, never renumber.
enum class scan_rule : std::uint8_t {
  card_luhn = 0,
  card_track = 1,
  card_cautious = 2,
  card_expiry = 3,
  card_code = 4,
  iban_mod97 = 5,
  id_checked = 6,
  id_word = 7,
  id_document = 8,
  email_written = 9,
  email_obfuscated = 10,
  phone_international = 11,
  phone_national = 12,
  phone_word = 13,
  ip_v4 = 14,
  ip_v6 = 15,
  url_scheme = 16,
  url_www = 17,
  url_domain = 18,
  url_rest = 19,  ///< what follows the first scan_reach bytes of a URL, right behind it
  mac_groups = 20,
  imei_luhn = 21,
  vehicle_check = 22,
  vehicle_word = 23,
  date_birth = 24,
  date_day = 25,
  address_street = 26,
  address_box = 27,
  address_postcode = 28,
  known_value = 29,
  tenant_pattern = 30,
  field_named = 31,  ///< the name of its column or member says what it is; scan() finds none
  account_word = 32,
  name_title = 33,
  name_list = 34,
};
/// `payment_card.luhn`, ...; empty for a number that is none.
[[nodiscard]] std::string_view name_of(scan_rule rule) noexcept;

/// A find: bytes [begin, end) of the text.
struct text_entity {
  std::size_t begin = 0;
  std::size_t end = 0;
  entity_type type = entity_type::payment_card;
  scan_rule rule = scan_rule::card_luhn;
  /// How sure, in percent: 100 checksum and length, 90 closed form, 80 form of a region,
  /// 70 a word beside it decided. Follows from the rule.
  std::uint8_t score = 0;
};

enum class card_reading : std::uint8_t {
  checked,   ///< Issuer and Luhn sum are right.
  cautious,  ///< Also 4-4-4-4 beside a word of cards when the sum is wrong: a typing slip.
};
enum class date_reading : std::uint8_t {
  birth,  ///< Beside a word of birth.
  all,    ///< Every day from 1900 to the year 2099 that exists.
};
enum class email_reading : std::uint8_t {
  written,     ///< With `@` (or full-width) and without spaces.
  obfuscated,  ///< Also `name at firm dot com`, `name [at] firm.com`, `name @ firm.com`.
};
enum class url_reading : std::uint8_t {
  whole,
  path_and_query,  ///< The host stays; what comes after it is the find.
};

inline constexpr std::size_t max_scan_regions = 8;

struct scan_options {
  entity_set types = entity_set::all();
  /// Countries of the shop and of the customer (ISO 3166-1 alpha-2, capital letters), whose
  /// phone numbers and unmarked national ids are looked for. At most max_scan_regions.
  /// Without any: numbers with a country code, and ids with a word beside them.
  std::span<const std::string_view> regions{};
  card_reading cards = card_reading::checked;
  date_reading dates = date_reading::birth;
  email_reading emails = email_reading::written;
  url_reading urls = url_reading::whole;
  /// Values of the customer's own record; may be null.
  const known_values* known = nullptr;
};

/// The number of the rules: goes up when any text can be found differently.
inline constexpr unsigned scan_rules_version = 7;

/// Bytes around a place that decide about it.
inline constexpr std::size_t scan_reach = 512;

/// All finds in the text, in order. Returns the part of `out` that was filled.
///
/// Errors: invalid_encoding (not UTF-8, `at`: byte), invalid_argument (regions: too many or
/// not two capital letters), buffer_too_small (more finds than `out` has room for; what was
/// written is the first of them). On an error the whole text must be taken as personal.
result<std::span<text_entity>> scan(std::string_view text, const scan_options& options,
                                    std::span<text_entity> out) noexcept;

}  // namespace clientbook

#endif
