// Labels that stand for a value: `<EMAIL_1>`.
//
// The words are a table by type. A label is in capitals and angle brackets, as no value of a record
// is.
#include <clientbook/redaction/type_label.hpp>

#include <clientbook/internal/base/text_out.hpp>

namespace clientbook {
namespace {

std::string_view kind_of(field_type type) noexcept {
  switch (type) {
    case field_type::text:
      return "TEXT";
    case field_type::integer:
      return "NUMBER";
    case field_type::boolean:
      return "BOOLEAN";
    case field_type::date:
      return "DATE";
    case field_type::timestamp:
      return "TIME";
    case field_type::money:
      return "MONEY";
    case field_type::language:
      return "LANGUAGE";
    case field_type::time_zone:
      return "TIME_ZONE";
    case field_type::person_name:
      return "NAME";
    case field_type::email:
      return "EMAIL";
    case field_type::phone:
      return "PHONE";
    case field_type::address:
      return "ADDRESS";
    case field_type::special_day:
      return "SPECIAL_DAY";
    case field_type::size:
      return "SIZE";
    case field_type::external_id:
      return "ID";
    case field_type::household_link:
      return "PERSON";
    case field_type::demographics:
      return "DEMOGRAPHICS";
    case field_type::government_id:
      return "GOVERNMENT_ID";
    case field_type::payment_card:
      return "CARD";
    case field_type::task:
      return "TASK";
    case field_type::contact:
      return "CONTACT";
    case field_type::wish:
      return "WISH";
    case field_type::reach:
      return "REACH";
    case field_type::purchase:
      return "PURCHASE";
    case field_type::note:
      return "NOTE";
    default:
      return {};
  }
}

}  // namespace

result<std::string_view> type_label(field_type type, unsigned index, byte_span out) noexcept {
  const std::string_view kind = kind_of(type);
  if (kind.empty()) return error{errc::invalid_value, "there is no label for this type"};
  return written(out, [&](byte_text_out& to) {
    to.put('<');
    to.text(kind);
    if (index != 0) {
      to.put('_');
      to.number(index);
    }
    to.put('>');
  });
}

}  // namespace clientbook
