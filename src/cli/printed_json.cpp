// JSON of the library, turned into trees for an answer and into lines for a person.
#include "printed_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>

#include "program.hpp"

namespace clientbook::cli {

namespace json = boost::json;

json::value tree_of(std::string_view text) { return json::parse(text); }

json::value shown(field_type type, byte_view value) {
  return tree_of(need(shown_to_json(type, value), "a value"));
}

json::array gaps_of(const book_figures& figures) {
  json::array out;
  for (const book_gap& one : figures.gaps) {
    out.push_back({{"since", text(one.since)}, {"until", text(one.until)}});
  }
  return out;
}

json::object fields_of(session& in, const decision_request& as, const view& seen) {
  const view_reasons reasons = need(reasons_of(in, seen, as), "explaining");
  const wiped_text text = need(view_to_json(seen, in.fields(), reasons), "reading a customer");
  return tree_of(text).at("fields").as_object();
}

namespace {

// An amount is a number of minor units of the currency that stands beside it, or above.
bool is_amount(std::string_view member) noexcept {
  return member == "total" || member == "unit_price";
}

std::string one_line(const json::value& value, std::string_view currency) {
  if (const auto* text = value.if_string()) return std::string(*text);
  std::string out;
  if (const auto* list = value.if_array()) {
    for (const json::value& one : *list) {
      if (!out.empty()) out += "; ";
      out += one_line(one, currency);
    }
    return out;
  }
  if (const auto* object = value.if_object()) {
    if (const auto* named = object->if_contains("currency"); named && named->is_string()) {
      currency = named->as_string();
    }
    for (const auto& member : *object) {
      // It stands behind each amount.
      if (member.key() == "currency" && !currency.empty()) continue;
      if (!out.empty()) out += member.value().is_array() ? ": " : ", ";
      if (is_amount(member.key()) && member.value().is_int64() && !currency.empty()) {
        out += amount_text(member.value().as_int64(), currency) + " " + std::string(currency);
      } else {
        out += one_line(member.value(), currency);
      }
    }
    return out;
  }
  return json::serialize(value);
}

}  // namespace

std::string one_line(const json::value& value) { return one_line(value, {}); }

void print_warnings(const json::value& pinned) {
  const auto* all = pinned.as_object().if_contains("value");
  if (all == nullptr) return;
  for (const json::value& one : all->as_array()) {
    json::value shown = one;
    if (auto* note = shown.if_object()) note->erase("pinned");
    std::printf("  ! %s\n", one_line(shown).c_str());
  }
}

}  // namespace clientbook::cli
