// The table of shapes.hpp: one list of members for each type of value.
#include "shapes.hpp"

namespace clientbook::transfer {
namespace {

using enum shape_kind;

constexpr shape_member name_members[] = {
    {4, "prefix", text},   {1, "given", text},      {3, "middle", text},
    {2, "family", text},   {5, "suffix", text},     {6, "nickname", text},
    {7, "phonetic", text}, {8, "salutation", text}, {9, "pronouns", text}};
constexpr shape_member email_members[] = {{1, "address", text}, {2, "label", text}};
constexpr shape_member phone_members[] = {
    {1, "number", text}, {3, "extension", text}, {2, "label", text}};
constexpr shape_member address_members[] = {
    {2, "line1", text},  {3, "line2", text},       {4, "line3", text},   {5, "city", text},
    {6, "region", text}, {7, "postal_code", text}, {8, "country", text}, {1, "label", text}};
constexpr shape_member special_day_members[] = {
    {1, "kind", text}, {2, "day", date}, {3, "label", text}};
constexpr shape_member size_members[] = {{1, "kind", text},     {2, "system", text},
                                         {3, "value", text},    {4, "brand", text},
                                         {5, "measured", date}, {6, "remark", text}};
constexpr shape_member external_id_members[] = {{1, "system", text}, {2, "value", text}};
constexpr shape_member household_members[] = {
    {1, "relation", text}, {2, "person", text}, {3, "customer", customer}};
constexpr shape_member demographics_members[] = {
    {1, "gender", text},           {2, "marital_status", text},      {3, "income_band", text},
    {4, "children", integer},      {5, "children_at_home", integer}, {6, "education", text},
    {7, "occupation", text},       {8, "home_owner", boolean},       {9, "cars_owned", integer},
    {10, "commute_distance", text}};
constexpr shape_member government_id_members[] = {
    {1, "country", text}, {2, "kind", text}, {3, "number", text}};
constexpr shape_member payment_card_members[] = {{1, "token", text},
                                                 {2, "last_four", text},
                                                 {3, "brand", text},
                                                 {4, "expiry_year", integer},
                                                 {5, "expiry_month", integer}};
constexpr shape_member money_members[] = {{1, "minor", integer}, {2, "currency", text}};
constexpr shape_member purchase_members[] = {
    {1, "at", timestamp},  {2, "day", date},       {3, "order", text},
    {4, "store", text},    {5, "associate", text}, {6, "channel", text},
    {7, "currency", text}, {8, "total", integer},  {9, "lines", lines}};
constexpr shape_member line_members[] = {
    {1, "sku", text},           {2, "description", text}, {3, "quantity", integer},
    {4, "unit_price", integer}, {5, "size", text},        {6, "colour", text},
    {7, "brand", text},         {8, "category", text},    {9, "department", text},
    {10, "season", text},       {11, "for_whom", text}};
constexpr shape_member task_members[] = {{1, "text", text},         {2, "due", date},
                                         {3, "lead_days", integer}, {4, "kind", text},
                                         {5, "state", text},        {6, "assigned", integer}};
constexpr shape_member contact_members[] = {{1, "at", timestamp},   {2, "channel", text},
                                            {3, "direction", text}, {4, "author", text},
                                            {5, "outcome", text},   {6, "text", text}};
constexpr shape_member wish_members[] = {
    {1, "what", text},   {2, "day", date},      {3, "brand", text}, {4, "size", text},
    {5, "colour", text}, {6, "for_whom", text}, {7, "until", date}};
constexpr shape_member reach_members[] = {
    {1, "channel", text}, {2, "quiet_from", text}, {3, "quiet_until", text}};
constexpr shape_member note_members[] = {
    {1, "at", timestamp},    {2, "author", text},    {3, "text", text},  {4, "kind", text},
    {5, "visibility", text}, {6, "pinned", boolean}, {7, "by", integer}, {8, "store", integer}};

}  // namespace

shape shape_of(field_type type) noexcept {
  switch (type) {
    case field_type::text:
    case field_type::language:
    case field_type::time_zone:
      return {text, {}};
    case field_type::integer:
      return {integer, {}};
    case field_type::boolean:
      return {boolean, {}};
    case field_type::date:
      return {date, {}};
    case field_type::timestamp:
      return {timestamp, {}};
    case field_type::money:
      return {structure, money_members};
    case field_type::person_name:
      return {structure, name_members};
    case field_type::email:
      return {structure, email_members};
    case field_type::phone:
      return {structure, phone_members};
    case field_type::address:
      return {structure, address_members};
    case field_type::special_day:
      return {structure, special_day_members};
    case field_type::size:
      return {structure, size_members};
    case field_type::external_id:
      return {structure, external_id_members};
    case field_type::household_link:
      return {structure, household_members};
    case field_type::demographics:
      return {structure, demographics_members};
    case field_type::government_id:
      return {structure, government_id_members};
    case field_type::payment_card:
      return {structure, payment_card_members};
    case field_type::task:
      return {structure, task_members};
    case field_type::contact:
      return {structure, contact_members};
    case field_type::wish:
      return {structure, wish_members};
    case field_type::reach:
      return {structure, reach_members};
    case field_type::purchase:
      return {structure, purchase_members};
    case field_type::note:
      return {structure, note_members};
    case field_type::card_verification_code:
    case field_type::card_track:
    case field_type::pin_block:
      break;
  }
  return {};
}

shape shape_of(const shape_member& member) noexcept {
  return member.kind == lines ? shape{structure, line_members} : shape{member.kind, {}};
}

}  // namespace clientbook::transfer
