// What types of fields and operators are called in JSON.
#ifndef CLIENTBOOK_TRANSFER_TYPE_NAMES_HPP
#define CLIENTBOOK_TRANSFER_TYPE_NAMES_HPP

#include <clientbook/model/schema.hpp>

#include <string_view>

namespace clientbook::transfer {

struct named_type {
  field_type type;
  std::string_view name;
};
inline constexpr named_type type_names[] = {{field_type::text, "text"},
                                            {field_type::integer, "integer"},
                                            {field_type::boolean, "boolean"},
                                            {field_type::date, "date"},
                                            {field_type::timestamp, "timestamp"},
                                            {field_type::money, "money"},
                                            {field_type::language, "language"},
                                            {field_type::time_zone, "time_zone"},
                                            {field_type::person_name, "person_name"},
                                            {field_type::email, "email"},
                                            {field_type::phone, "phone"},
                                            {field_type::address, "address"},
                                            {field_type::special_day, "special_day"},
                                            {field_type::size, "size"},
                                            {field_type::external_id, "external_id"},
                                            {field_type::household_link, "household_link"},
                                            {field_type::demographics, "demographics"},
                                            {field_type::government_id, "government_id"},
                                            {field_type::payment_card, "payment_card"},
                                            {field_type::task, "task"},
                                            {field_type::contact, "contact"},
                                            {field_type::wish, "wish"},
                                            {field_type::reach, "reach"},
                                            {field_type::purchase, "purchase"},
                                            {field_type::note, "note"}};

/// Errors: unknown_field.
inline result<redaction_operator> find_operator(std::string_view name) {
  for (unsigned number = 0; number < 256; ++number) {
    const auto one = static_cast<redaction_operator>(number);
    if (!name.empty() && name_of(one) == name) return one;
  }
  return error{errc::unknown_field, "no such redaction operator"};
}

}  // namespace clientbook::transfer

#endif
