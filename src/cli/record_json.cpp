#include "record_json.hpp"

#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/record.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <string_view>

#include "program.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

json::value plain(cbor::reader& from) {
  switch (from.next()) {
    case cbor::kind::unsigned_integer:
    case cbor::kind::negative_integer:
      return from.integer();
    case cbor::kind::text:
      return json::string(from.text());
    case cbor::kind::bytes:
      return json::string(hex<std::string>(from.bytes()));
    case cbor::kind::array: {
      json::array out;
      for (std::size_t left = from.array(); left > 0 && !from.failed(); --left) {
        out.push_back(plain(from));
      }
      return out;
    }
    case cbor::kind::map: {
      json::object out;
      for (std::size_t left = from.map(); left > 0 && !from.failed(); --left) {
        const json::value name = plain(from);
        out[name.is_string() ? json::string(name.as_string()) : json::serialize(name).c_str()] =
            plain(from);
      }
      return out;
    }
    case cbor::kind::simple:
      if (from.rest().front() == std::byte{0xf6}) {
        from.null();
        return nullptr;
      }
      return from.boolean();
    case cbor::kind::none:
      break;
  }
  from.fail(errc::invalid_encoding, "not a value");
  return nullptr;
}

std::string text_of(const date& day) {
  char out[10];
  return {out, write_date(day, out)};
}

// Members in the order of the struct, absent ones left out.
class members {
 public:
  members& add(std::string_view name, std::string_view value) {
    if (!value.empty()) out_[name] = json::string(value);
    return *this;
  }
  members& add(std::string_view name, const personal_text& value) {
    return add(name, value.reveal());
  }
  template <class T>
  members& add(std::string_view name, const std::optional<T>& value) {
    if (!value) return *this;
    if constexpr (std::is_same_v<T, date>) {
      out_[name] = text_of(*value);
    } else if constexpr (std::is_same_v<T, timestamp>) {
      out_[name] = text(*value);
    } else if constexpr (std::is_same_v<T, customer_id>) {
      out_[name] = hex<std::string>(value->bytes);
    } else {
      out_[name] = *value;
    }
    return *this;
  }
  json::object take() { return std::move(out_); }

 private:
  json::object out_;
};

json::value of(const date& value) { return json::string(text_of(value)); }
json::value of(timestamp value) { return json::string(text(value)); }
json::value of(const person_name& v) {
  return members()
      .add("prefix", v.prefix)
      .add("given", v.given)
      .add("middle", v.middle)
      .add("family", v.family)
      .add("suffix", v.suffix)
      .add("nickname", v.nickname)
      .add("phonetic", v.phonetic)
      .take();
}
json::value of(const email_address& v) {
  return members().add("address", v.address).add("label", v.label).take();
}
json::value of(const phone_number& v) {
  return members()
      .add("number", v.number)
      .add("extension", v.extension)
      .add("label", v.label)
      .take();
}
json::value of(const postal_address& v) {
  return members()
      .add("line1", v.line1)
      .add("line2", v.line2)
      .add("line3", v.line3)
      .add("city", v.city)
      .add("region", v.region)
      .add("postal_code", v.postal_code)
      .add("country", v.country)
      .add("label", v.label)
      .take();
}
json::value of(const special_day& v) {
  return members().add("kind", v.kind).add("day", v.day).add("label", v.label).take();
}
json::value of(const customer_size& v) {
  return members().add("kind", v.kind).add("system", v.system).add("value", v.value).take();
}
json::value of(const external_id& v) {
  return members().add("system", v.system).add("value", v.value).take();
}
json::value of(const household_link& v) {
  return members()
      .add("relation", v.relation)
      .add("person", v.person)
      .add("customer", v.customer)
      .take();
}
json::value of(const demographics& v) {
  return members()
      .add("gender", v.gender)
      .add("marital_status", v.marital_status)
      .add("income_band", v.income_band)
      .add("children", v.children)
      .add("children_at_home", v.children_at_home)
      .add("education", v.education)
      .add("occupation", v.occupation)
      .add("home_owner", v.home_owner)
      .add("cars_owned", v.cars_owned)
      .add("commute_distance", v.commute_distance)
      .take();
}
json::value of(const government_id& v) {
  return members().add("country", v.country).add("kind", v.kind).add("number", v.number).take();
}
json::value of(const payment_card& v) {
  return members()
      .add("token", v.token)
      .add("last_four", v.last_four)
      .add("brand", v.brand)
      .add("expiry_year", v.expiry_year)
      .add("expiry_month", v.expiry_month)
      .take();
}
json::value of(const money& v) {
  return members().add("minor", v.minor).add("currency", v.currency).take();
}
json::value of(const purchase_line& v) {
  return members()
      .add("sku", v.sku)
      .add("description", v.description)
      .add("quantity", v.quantity)
      .add("unit_price", v.unit_price)
      .add("size", v.size)
      .add("colour", v.colour)
      .take();
}
json::value of(const note& v) {
  return members().add("at", v.at).add("author", v.author).add("text", v.text).take();
}

// One value or a list of them; nothing if the bytes are of another shape, as redacted ones are.
template <class T>
json::value typed(byte_view value) {
  T one{};
  if (decode_value(value, one)) return of(one);
  const auto list = list_of<T>::of(value);
  if (!list) return nullptr;
  json::array out;
  for (const T& element : *list) out.push_back(of(element));
  return out;
}

json::value typed_note(byte_view value) {
  note one;
  return decode_value(value, one) ? of(one) : json::value(nullptr);
}
json::value typed_purchase(byte_view value) {
  const auto read = decode_purchase(value);
  if (!read) return nullptr;
  json::object out = members()
                         .add("at", read->receipt.at)
                         .add("day", read->receipt.day)
                         .add("order", read->receipt.order)
                         .add("store", read->receipt.store)
                         .add("associate", read->receipt.associate)
                         .add("channel", read->receipt.channel)
                         .add("currency", read->receipt.currency)
                         .add("total", read->receipt.total)
                         .take();
  json::array lines;
  for (const purchase_line& line : read->lines) lines.push_back(of(line));
  out["lines"] = std::move(lines);
  return out;
}
json::value typed_name(byte_view value) {
  person_name one;
  return decode_value(value, one) ? of(one) : json::value(nullptr);
}
json::value typed_demographics(byte_view value) {
  demographics one;
  return decode_value(value, one) ? of(one) : json::value(nullptr);
}

json::value by_type(field_type type, byte_view value) {
  switch (type) {
    case field_type::person_name:
      return typed_name(value);
    case field_type::demographics:
      return typed_demographics(value);
    case field_type::purchase:
      return typed_purchase(value);
    case field_type::note:
      return typed_note(value);
    case field_type::email:
      return typed<email_address>(value);
    case field_type::phone:
      return typed<phone_number>(value);
    case field_type::address:
      return typed<postal_address>(value);
    case field_type::special_day:
      return typed<special_day>(value);
    case field_type::size:
      return typed<customer_size>(value);
    case field_type::external_id:
      return typed<external_id>(value);
    case field_type::household_link:
      return typed<household_link>(value);
    case field_type::government_id:
      return typed<government_id>(value);
    case field_type::payment_card:
      return typed<payment_card>(value);
    case field_type::money:
      return typed<money>(value);
    case field_type::date:
      return typed<date>(value);
    case field_type::timestamp:
      return typed<timestamp>(value);
    default:
      return nullptr;
  }
}

}  // namespace

json::value to_json(field_type type, byte_view value) {
  json::value typed = by_type(type, value);
  if (!typed.is_null()) return typed;
  cbor::reader from(value);
  json::value out = plain(from);
  return from.failed() ? json::value(nullptr) : out;
}

std::string one_line(const json::value& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  std::string out;
  if (const auto* list = value.if_array()) {
    for (const json::value& one : *list) {
      if (!out.empty()) out += "; ";
      out += one_line(one);
    }
    return out;
  }
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) {
      if (!out.empty()) out += member.value().is_array() ? ": " : ", ";
      out += one_line(member.value());
    }
    return out;
  }
  return json::serialize(value);
}

}  // namespace clientbook::cli
