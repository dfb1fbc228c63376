// Options to JSON. Parts of an address or of a receipt's line are `key=value;key=value`, with the
// names that docs/transfer.md has.
#include "record_flags.hpp"

#include <clientbook/model/validate.hpp>

#include <boost/json/array.hpp>
#include <charconv>
#include <limits>

#include "program.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

void set(json::object& to, std::string_view key, const std::string& value) {
  if (!value.empty()) to[key] = value;
}

void set(json::object& to, std::string_view key, const json::array& list) {
  if (!list.empty()) to[key] = list;
}

json::array texts(const std::vector<std::string>& all) {
  json::array out;
  for (const std::string& one : all) out.emplace_back(one);
  return out;
}

json::array members(const std::vector<std::string>& all, std::string_view name) {
  json::array out;
  for (const std::string& one : all) out.push_back(json::object{{name, one}});
  return out;
}

// `A:B:C` by the names given: the last one takes what is left, and of fewer parts than `least` the
// command says how it is written.
json::object split(std::string_view text, std::initializer_list<std::string_view> names,
                   std::size_t least, const char* option, literal form) {
  json::object out;
  std::size_t count = 0;
  for (const std::string_view name : names) {
    const bool last = ++count == names.size();
    const std::size_t colon = last ? text.npos : text.find(':');
    const std::string_view part = trimmed(text.substr(0, colon));
    if (!part.empty()) out[name] = part;
    if (colon == text.npos) break;
    text.remove_prefix(colon + 1);
  }
  if (out.size() < least) fail({errc::invalid_value, form}, option);
  return out;
}

json::object size_of(std::string_view text) {
  if (text.find('=') != text.npos) return parts_of(text, "--size");
  constexpr literal form = "a size is written as KIND:VALUE or KIND:SYSTEM:VALUE";
  json::object out = split(text, {"kind", "system", "value"}, 2, "--size", form);
  if (!out.contains("value")) {
    out["value"] = out["system"];
    out.erase("system");
  }
  return out;
}

json::object name_of(const record_flags& from) {
  json::object out;
  set(out, "prefix", from.prefix);
  set(out, "given", from.given);
  set(out, "middle", from.middle);
  set(out, "family", from.family);
  set(out, "suffix", from.suffix);
  set(out, "nickname", from.nickname);
  set(out, "phonetic", from.phonetic);
  set(out, "salutation", from.salutation);
  set(out, "pronouns", from.pronouns);
  return out;
}

}  // namespace

void record_flags::add_to(command to) {
  to.add_option("--prefix", prefix, "Dr., Ms");
  to.add_option("--given", given, "Given name");
  to.add_option("--middle", middle, "Middle name");
  to.add_option("--family", family, "Family name");
  to.add_option("--suffix", suffix, "Jr., PhD");
  to.add_option("--nickname", nickname, "What they are called");
  to.add_option("--phonetic", phonetic, "How the name is said, or its reading in kana");
  to.add_option("--salutation", salutation, "How a letter begins: Dear Madam");
  to.add_option("--pronouns", pronouns, "she/her");
  to.add_option("--email", emails, "E-mail address; several");
  to.add_option("--phone", phones, "Phone number, best with + and the country's code; several");
  to.add_option("--address", addresses,
                "line1=...;line2=...;city=...;region=...;postal_code=...;country=US; several");
  to.add_option("--birth-date", birth_date, "YYYY-MM-DD, or --MM-DD without the year");
  to.add_option("--special-day", special_days,
                "KIND:YYYY-MM-DD or KIND:--MM-DD, and :LABEL behind it; several");
  to.add_option("--size", sizes,
                "KIND:VALUE or KIND:SYSTEM:VALUE, such as shoe:EU:42; or "
                "kind=shoe;value=42;brand=...;measured=YYYY-MM-DD;remark=...; several");
  to.add_option("--like", likes, "What the customer likes; several");
  to.add_option("--dislike", dislikes, "What the customer does not like; several");
  to.add_option("--id", ids, "SYSTEM:VALUE of an external id, such as loyalty:L-1; several");
  to.add_option("--language", language, "BCP 47: de, en-GB");
  to.add_option("--time-zone", time_zone, "Europe/Paris");
  to.add_option("--employer", employer, "Where the customer works");
  to.add_option("--tag", tags, "A tag of the shop; several");
  to.add_option("--tier", tier, "Of the loyalty programme: gold");
  to.add_option("--wish", wishes,
                "what=Silk scarf;brand=...;size=M;colour=red;for_whom=...;until=YYYY-MM-DD; "
                "several");
  to.add_option("--reach", reach,
                "channel=phone;quiet_from=21:00;quiet_until=08:00: how and when to reach them");
}

json::object record_flags::record() const {
  json::object out;
  if (json::object name = name_of(*this); !name.empty()) out["name"] = std::move(name);
  set(out, "emails", members(emails, "address"));
  set(out, "phones", members(phones, "number"));
  json::array list;
  for (const std::string& one : addresses) list.push_back(parts_of(one, "--address"));
  set(out, "addresses", list);
  set(out, "birth_date", birth_date);
  list.clear();
  for (const std::string& one : special_days) {
    list.push_back(split(one, {"kind", "day", "label"}, 2, "--special-day",
                         "a special day is written as KIND:YYYY-MM-DD"));
  }
  set(out, "special_days", list);
  list.clear();
  for (const std::string& one : sizes) list.push_back(size_of(one));
  set(out, "sizes", list);
  set(out, "likes", texts(likes));
  set(out, "dislikes", texts(dislikes));
  set(out, "language", language);
  set(out, "time_zone", time_zone);
  list.clear();
  for (const std::string& one : ids) {
    list.push_back(split(one, {"system", "value"}, 2, "--id", "an id is written as SYSTEM:VALUE"));
  }
  set(out, "external_ids", list);
  set(out, "employer", employer);
  set(out, "tags", texts(tags));
  set(out, "tier", tier);
  list.clear();
  for (const std::string& one : wishes) list.push_back(parts_of(one, "--wish"));
  set(out, "wishes", list);
  if (!reach.empty()) out["reach"] = parts_of(reach, "--reach");
  return out;
}

json::object parts_of(std::string_view text, const char* option) {
  json::object out;
  while (!text.empty()) {
    const std::size_t end = text.find(';');
    const std::string_view part = text.substr(0, end);
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
    if (trimmed(part).empty()) continue;
    const std::size_t sign = part.find('=');
    if (sign == part.npos) {
      fail({errc::invalid_value, "parts are written as name=value;name=value"}, option);
    }
    out[trimmed(part.substr(0, sign))] = trimmed(part.substr(sign + 1));
  }
  return out;
}

std::int64_t minor_of(std::string_view amount, std::string_view currency, const char* option) {
  const auto places = minor_units(currency);
  if (!places) {
    fail({errc::missing_field, "an amount needs its currency, such as EUR"}, "--currency");
  }
  const std::size_t point = amount.find('.');
  std::string digits(amount.substr(0, point));
  const std::string_view fraction = point == amount.npos ? "" : amount.substr(point + 1);
  if (fraction.size() > *places || (point != amount.npos && fraction.empty())) {
    fail({errc::invalid_value, "an amount has a point and no more digits than its currency"},
         option);
  }
  digits.append(fraction).append(*places - fraction.size(), '0');
  std::int64_t out = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) {
    fail({errc::invalid_value, "an amount is written as 12.34"}, option);
  }
  return out;
}

void receipt_flags::add_to(command to) {
  to.add_option("--day", day, "YYYY-MM-DD; default: now");
  to.add_option("--order", order, "Number of the receipt");
  to.add_option("--store", store, "Where");
  to.add_option("--associate", associate, "Who served");
  to.add_option("--channel", channel, "store, web or phone");
  to.add_option("--currency", currency, "ISO 4217: EUR");
  to.add_option("--total", total, "Of the receipt: 49.90");
  to.add_option("--line", lines,
                "description=Silk scarf;sku=S-1;price=49.90;quantity=1;size=M;colour=red;brand=...;"
                "category=...;department=...;season=...;for_whom=...; several");
}

json::object receipt_flags::receipt() const {
  json::object out;
  set(out, "day", day);
  set(out, "order", order);
  set(out, "store", store);
  set(out, "associate", associate);
  set(out, "channel", channel);
  set(out, "currency", currency);
  if (!total.empty()) out["total"] = minor_of(total, currency, "--total");
  json::array list;
  for (const std::string& one : lines) {
    json::object line = parts_of(one, "--line");
    if (const json::value* price = line.if_contains("price")) {
      line["unit_price"] = minor_of(std::string(price->as_string()), currency, "--line");
      line.erase("price");
    }
    if (const json::value* quantity = line.if_contains("quantity")) {
      const std::string digits(quantity->as_string());
      std::int64_t count = 0;
      const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), count);
      if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) {
        fail({errc::invalid_value, "a quantity is a whole number"}, "--line");
      }
      line["quantity"] = count;
    }
    list.push_back(std::move(line));
  }
  set(out, "lines", list);
  return out;
}

}  // namespace clientbook::cli
