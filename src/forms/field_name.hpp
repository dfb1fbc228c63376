// What the name of a column, member, element or header says about its values.
#ifndef CLIENTBOOK_FORMS_FIELD_NAME_HPP
#define CLIENTBOOK_FORMS_FIELD_NAME_HPP

#include <cstdint>
#include <span>
#include <string_view>

#include "plain_text.hpp"

namespace clientbook::forms {

enum class field_meaning : std::uint8_t {
  unknown,
  payment_card,
  card_expiry,
  card_code,
  iban,
  bank_account,
  national_id,
  email_address,
  phone_number,
  ip_address,
  url,
  mac_address,
  imei,
  vehicle_id,
  date_of_birth,
  street,
  postcode,
  town,
  person_name,
  contact,  ///< Anything may stand there: a note, a value.
  part,     ///< Says nothing: what stands around it does.
  goods,    ///< The shop's own numbers.
  qualifier,
};

struct field_name {
  field_meaning meaning = field_meaning::unknown;
  plain_text words;  ///< As words beside a value: `date of birth: `; empty without a name.
  /// The value is one of several that together are what is meant: a day, the groups of a card.
  bool piece = false;
};

/// Letters and signs of a text in UTF-8, whatever their bytes.
[[nodiscard]] std::size_t signs_in(std::string_view text);

/// Of an element of an array, which is called as the array is.
[[nodiscard]] field_name of_element(field_name array);

/// Reads `date_of_birth`, `DateOfBirth`, `Geburtsdatum`, `customer[phone]`.
[[nodiscard]] field_name read_field_name(std::string_view name);
/// What is told of a person: not of a thing that has a name, an address on the web, a code too.
[[nodiscard]] bool is_of_person(const field_name& name);
/// The name of something within something: `home` within `phones` is of phones.
[[nodiscard]] field_name within(const field_name& outer, const field_name& inner);

/// `name` alone, which may be one of goods, of a file, of a person.
[[nodiscard]] bool is_bare_name(const field_name& name);
/// `bic`, `swift code`: what may stand there has no digits.
[[nodiscard]] bool is_of_bank_codes(const field_name& name);
/// A name that speaks of articles: `sku`, `price`, `qty`, not `date`.
[[nodiscard]] bool is_of_goods(const field_name& name);
/// Of the columns of a table: beside prices and articles, and without anything of a person, `name`
/// is one of goods.
void tell_goods(std::span<field_name> columns);

}  // namespace clientbook::forms

#endif
