// Law profiles as people write them, and back: one text for one profile.
//
// Reading here and scripts/make_profiles.py read the same files; a test holds what they make equal.
// Whether a profile can be used says encode_profile(), which is asked both ways.
#include <clientbook/exchange/profile_json.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>

#include <clientbook/exchange/gpp.hpp>
#include <clientbook/model/validate.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <limits>
#include <memory>

#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/internal/exchange/move_node.hpp>
#include "profile_reader.hpp"

namespace clientbook {
namespace {

namespace json = boost::json;
using exchange::json_failure;
using exchange::json_node;

constexpr std::string_view all = "all";
constexpr std::int64_t most_number = std::numeric_limits<std::uint32_t>::max();

// Sections of a GPP string by the names of their specification, from number 6 on.
constexpr unsigned first_section = 6;
constexpr std::string_view sections[] = {
    "uspv1", "usnat", "usca", "usva", "usco", "usut", "usct", "usfl", "usmt", "usor", "ustx",
    "usde",  "usia",  "usne", "usnh", "usnj", "ustn", "usmn", "usmd", "usin", "usky", "usri"};
static_assert(first_section + std::size(sections) - 1 == static_cast<unsigned>(gpp_section::usri));

/// The value of an enumeration of the library that has this name.
template <class Enum>
Enum word(const json_node& from) {
  return from.found([](std::string_view text) -> result<Enum> {
    for (unsigned i = 0; i < 256; ++i) {
      const Enum value{static_cast<std::uint8_t>(i)};
      if (!text.empty() && name_of(value) == text) return value;
    }
    return error{errc::unknown_field, "no such word here"};
  });
}

// --- reading -------------------------------------------------------------------------------

constexpr error twice{errc::already_exists, "a list holds one word twice"};

result<purpose_id> term(std::string_view name, purpose_id) { return find_purpose(name); }
result<recipient_id> term(std::string_view name, recipient_id) {
  return find_recipient_class(name);
}
result<category_id> term(std::string_view name, category_id) { return find_category(name); }
result<operation_id> term(std::string_view name, operation_id) { return find_operation(name); }

template <class Id, std::size_t Bits>
void read(const json_node& from, term_set<Id, Bits>& to) {
  const std::size_t count = from.size(Bits);
  if (count == 1 && from.at(0).text() == all) {
    to = term_set<Id, Bits>::all();
    return;
  }
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    const json_node one = from.at(i);
    const Id id = one.found([](std::string_view name) { return term(name, Id{}); });
    if (!one.failed() && to.contains(id)) return one.fail(twice);
    if (!one.failed()) to.add(id);
  }
}

template <class Enum>
std::uint8_t bits(const json_node& from) {
  unsigned out = 0;
  for (std::size_t i = 0; i < from.size(8) && !from.failed(); ++i) {
    const json_node one = from.at(i);
    const unsigned bit = 1U << (static_cast<unsigned>(word<Enum>(one)) & 7U);
    if (!one.failed() && (out & bit) != 0) one.fail(twice);
    out |= bit;
  }
  return static_cast<std::uint8_t>(out);
}

std::uint32_t section_bits(const json_node& from) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < from.size(std::size(sections)) && !from.failed(); ++i) {
    const json_node one = from.at(i);
    const unsigned number = one.found([](std::string_view name) -> result<unsigned> {
      for (unsigned k = 0; k < std::size(sections); ++k) {
        if (sections[k] == name) return first_section + k;
      }
      return error{errc::unknown_field, "no such section of a GPP string"};
    });
    if (!one.failed() && (out >> number & 1U) != 0) one.fail(twice);
    out |= std::uint32_t{1} << number;
  }
  return out;
}

void read_scope(const json_node& from, consent_scope& to) {
  read(from.required("purposes"), to.purposes);
  read(from.required("recipients"), to.recipients);
  read(from.required("categories"), to.categories);
  read(from.required("operations"), to.operations);
}

std::uint8_t years(const json_node& from) {
  return static_cast<std::uint8_t>(from.integer(0, 200));
}
std::uint32_t number(const json_node& from) {
  return static_cast<std::uint32_t>(from.integer(0, most_number));
}

void read_row(const json_node& from, prohibition_rule& row) {
  from.only({"purposes", "recipients", "categories", "operations", "when", "law"});
  read_scope(from, row.scope);
  row.condition = word<prohibition_condition>(from.required("when"));
}
void read_row(const json_node& from, reach_rule& row) {
  from.only({"kind", "by", "bases", "always", "except_purposes", "except_operations",
             "direct_marketing", "only_categories", "law"});
  row.kind = word<directive_kind>(from.required("kind"));
  row.by = bits<indicated_by>(from.member("by"));
  row.bases = bits<lawful_basis>(from.required("bases"));
  read(from.member("always"), row.always);
  read(from.member("except_purposes"), row.except_purposes);
  read(from.member("except_operations"), row.except_operations);
  read(from.member("direct_marketing"), row.direct_marketing);
  read(from.member("only_categories"), row.only_categories);
}
void read_row(const json_node& from, basis_rule& row) {
  from.only({"purposes", "recipients", "categories", "operations", "basis", "needs_assertion",
             "sensitive", "law"});
  read_scope(from, row.scope);
  row.basis = word<lawful_basis>(from.required("basis"));
  row.needs_assertion = from.required("needs_assertion").boolean(true);
  row.sensitive = from.required("sensitive").boolean(false);
}
void read_row(const json_node& from, obligation_rule& row) {
  from.only({"purposes", "recipients", "categories", "operations", "required", "mask",
             "expire_seconds", "rate_count", "rate_seconds", "law"});
  read_scope(from, row.scope);
  const json_node required = from.required("required");
  for (std::size_t i = 0; i < required.size(16) && !from.failed(); ++i) {
    const json_node one = required.at(i);
    const auto what = word<obligation>(one);
    if (!one.failed() && row.required.required.contains(what)) one.fail(twice);
    row.required.required.add(what);
  }
  if (const json_node mask = from.member("mask"); mask.there()) {
    row.required.mask = word<redaction_operator>(mask);
  }
  row.required.expire_seconds = number(from.member("expire_seconds"));
  row.required.rate_count = number(from.member("rate_count"));
  row.required.rate_seconds = number(from.member("rate_seconds"));
}
void read_row(const json_node& from, sensitive_rule& row) {
  from.only({"categories", "strength", "law"});
  read(from.required("categories"), row.categories);
  row.strength = word<consent_strength>(from.required("strength"));
}
country_code country(const json_node& from) {
  const std::string_view code = from.text();
  if (const auto good = validate_country(code); !good) {
    from.fail(good.error());
    return {};
  }
  return {code[0], code[1]};
}
void read_row(const json_node& from, age_rule& row) {
  from.only({"below", "purposes", "by", "strength", "states", "services", "law"});
  row.below = years(from.required("below"));
  read(from.required("purposes"), row.purposes);
  row.by = bits<indicated_by>(from.required("by"));
  row.strength = word<consent_strength>(from.required("strength"));
  const json_node states = from.member("states");
  for (std::size_t i = 0; i < states.size(row.states.size()) && !from.failed(); ++i) {
    row.states[i] = exchange::read_state(states.at(i));
  }
  row.services = bits<service_kind>(from.member("services"));
}
void read_row(const json_node& from, opt_out_rule& row) {
  from.only({"purposes", "law"});
  read(from.required("purposes"), row.purposes);
}
void read_row(const json_node& from, on_behalf_rule& row) {
  from.only({"recipients", "law"});
  read(from.required("recipients"), row.recipients);
}
void read_row(const json_node& from, deadline_rule& row) {
  from.only({"kind", "hours", "months", "working_days", "law"});
  row.kind = word<deadline_kind>(from.required("kind"));
  const json_node months = from.member("months");
  const json_node days = from.member("working_days");
  // How long it is must be said, in one way.
  row.hours =
      number(months.there() || days.there() ? from.member("hours") : from.required("hours"));
  row.months = number(months);
  row.working_days = number(days);
}
void read_row(const json_node& from, signal_rule& row) {
  from.only({"signal", "sections", "purposes", "recipients", "law"});
  row.signal = word<profile_signal>(from.required("signal"));
  row.sections = section_bits(from.member("sections"));
  read(from.required("purposes"), row.purposes);
  read(from.required("recipients"), row.recipients);
}

template <class Row, std::size_t Most>
std::span<const Row> read_table(const json_node& from, std::array<Row, Most>& room) {
  const std::size_t count = from.size(Most);
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    const json_node one = from.at(i);
    room[i] = {};
    read_row(one, room[i]);
    room[i].law = one.required("law").text();
  }
  return {room.data(), count};
}

std::span<const country_code> read_countries(const json_node& from,
                                             std::array<country_code, 256>& room) {
  const std::size_t count = from.size(room.size());
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    room[i] = country(from.at(i));
  }
  return {room.data(), count};
}

}  // namespace

law_profile exchange::read_profile(const json_node& from, profile_room& room) {
  from.only({"id", "version", "name", "title", "unverified", "minimum_strength", "child_below",
             "prohibit", "reach", "basis", "obligations", "sensitive", "ages", "deadlines",
             "signals", "adequate", "opt_out", "on_behalf"});
  law_profile out;
  out.id = profile_id(static_cast<std::uint16_t>(from.required("id").integer(1, 65535)));
  out.version = number(from.required("version"));
  out.name = from.required("name").text();
  out.title = from.required("title").text();
  out.unverified = from.required("unverified").text();
  out.minimum_strength = word<consent_strength>(from.required("minimum_strength"));
  out.child_below = years(from.required("child_below"));
  out.prohibitions = read_table(from.required("prohibit"), room.prohibitions);
  out.reaches = read_table(from.required("reach"), room.reaches);
  out.bases = read_table(from.required("basis"), room.bases);
  out.obligations = read_table(from.required("obligations"), room.obligations);
  out.sensitive = read_table(from.required("sensitive"), room.sensitive);
  out.ages = read_table(from.required("ages"), room.ages);
  out.deadlines = read_table(from.required("deadlines"), room.deadlines);
  out.signals = read_table(from.required("signals"), room.signals);
  out.adequate = read_countries(from.required("adequate"), room.adequate);
  out.opt_outs = read_table(from.member("opt_out"), room.opt_outs);
  out.on_behalf = read_table(from.member("on_behalf"), room.on_behalf);
  return out;
}

namespace {

// --- writing -------------------------------------------------------------------------------

template <class Id, std::size_t Bits>
json::array names(const term_set<Id, Bits>& terms) {
  json::array out;
  if (terms == term_set<Id, Bits>::all()) {
    out.emplace_back(all);
  } else {
    terms.for_each([&](Id id) { out.emplace_back(facts(id)->name); });
  }
  return out;
}

template <class Enum>
json::array names(std::uint32_t bits) {
  json::array out;
  for (std::uint8_t i = 0; i < 16; ++i) {
    if ((bits >> i & 1U) != 0) out.emplace_back(name_of(Enum{i}));
  }
  return out;
}

json::object scope(const consent_scope& of) {
  return {{"purposes", names(of.purposes)},
          {"recipients", names(of.recipients)},
          {"categories", names(of.categories)},
          {"operations", names(of.operations)}};
}

json::object row(const prohibition_rule& of) {
  json::object out = scope(of.scope);
  out["when"] = name_of(of.condition);
  return out;
}
json::object row(const reach_rule& of) {
  json::object out{{"kind", name_of(of.kind)}};
  if (of.by != 0) out["by"] = names<indicated_by>(of.by);
  out["bases"] = names<lawful_basis>(of.bases);
  if (!of.always.empty()) out["always"] = names(of.always);
  if (!of.except_purposes.empty()) out["except_purposes"] = names(of.except_purposes);
  if (!of.except_operations.empty()) out["except_operations"] = names(of.except_operations);
  if (!of.direct_marketing.empty()) out["direct_marketing"] = names(of.direct_marketing);
  if (!of.only_categories.empty()) out["only_categories"] = names(of.only_categories);
  return out;
}
json::object row(const basis_rule& of) {
  json::object out = scope(of.scope);
  out["basis"] = name_of(of.basis);
  out["needs_assertion"] = of.needs_assertion;
  out["sensitive"] = of.sensitive;
  return out;
}
json::object row(const obligation_rule& of) {
  json::object out = scope(of.scope);
  out["required"] = names<obligation>(of.required.required.bits());
  if (of.required.mask != redaction_operator::none) out["mask"] = name_of(of.required.mask);
  if (of.required.expire_seconds != 0) out["expire_seconds"] = of.required.expire_seconds;
  if (of.required.rate_count != 0) out["rate_count"] = of.required.rate_count;
  if (of.required.rate_seconds != 0) out["rate_seconds"] = of.required.rate_seconds;
  return out;
}
json::object row(const sensitive_rule& of) {
  return {{"categories", names(of.categories)}, {"strength", name_of(of.strength)}};
}
json::array codes(std::span<const country_code> of) {
  json::array out;
  for (const country_code& one : of) {
    if (one != country_code{}) out.emplace_back(std::string_view(one.data(), one.size()));
  }
  return out;
}
json::object row(const age_rule& of) {
  json::object out{{"below", of.below},
                   {"purposes", names(of.purposes)},
                   {"by", names<indicated_by>(of.by)},
                   {"strength", name_of(of.strength)}};
  if (json::array states = codes(of.states); !states.empty()) out["states"] = std::move(states);
  if (of.services != 0) out["services"] = names<service_kind>(of.services);
  return out;
}
json::object row(const opt_out_rule& of) { return {{"purposes", names(of.purposes)}}; }
json::object row(const on_behalf_rule& of) { return {{"recipients", names(of.recipients)}}; }
json::object row(const deadline_rule& of) {
  json::object out{{"kind", name_of(of.kind)}};
  if (of.hours != 0) out["hours"] = of.hours;
  if (of.months != 0) out["months"] = of.months;
  if (of.working_days != 0) out["working_days"] = of.working_days;
  return out;
}
json::object row(const signal_rule& of) {
  json::object out{{"signal", name_of(of.signal)}};
  if (of.sections != 0) {
    json::array named;
    for (unsigned i = 0; i < std::size(sections); ++i) {
      if ((of.sections >> (first_section + i) & 1U) != 0) named.emplace_back(sections[i]);
    }
    out["sections"] = std::move(named);
  }
  out["purposes"] = names(of.purposes);
  out["recipients"] = names(of.recipients);
  return out;
}

template <class Row>
json::array table(std::span<const Row> rows) {
  json::array out;
  for (const Row& each : rows) {
    json::object one = row(each);
    one["law"] = each.law;
    out.emplace_back(std::move(one));
  }
  return out;
}

std::string on_a_line(const json::value& what) {
  if (!what.is_structured()) return json::serialize(what);
  const bool is_object = what.is_object();
  std::string out;
  const auto add = [&](const std::string& part) { out += (out.empty() ? "" : ", ") + part; };
  if (is_object) {
    for (const auto& [key, value] : what.get_object()) {
      add(json::serialize(json::value(key)) + ": " + on_a_line(value));
    }
  } else {
    for (const json::value& value : what.get_array()) add(on_a_line(value));
  }
  return (is_object ? '{' : '[') + out + (is_object ? '}' : ']');
}

// What fits goes on a line; of what does not, each part begins one, and words fill them.
void print(const json::value& what, std::size_t indent, std::size_t column, std::string& to) {
  constexpr std::size_t width = 100;
  const std::string flat = on_a_line(what);
  if (!what.is_structured() || column + flat.size() < width) {
    to += flat;
    return;
  }
  const std::string begin = "\n" + std::string(indent + 2, ' ');
  const bool is_object = what.is_object();
  to += is_object ? '{' : '[';
  const std::size_t first = to.size();
  if (is_object) {
    for (const auto& [key, value] : what.get_object()) {
      if (to.size() != first) to += ',';
      const std::string name = json::serialize(json::value(key)) + ": ";
      to += begin + name;
      print(value, indent + 2, indent + 2 + name.size(), to);
    }
  } else {
    std::size_t used = width;
    for (const json::value& value : what.get_array()) {
      const std::string one = json::serialize(value);
      if (to.size() != first) to += ',';
      if (!value.is_structured() && used + one.size() + 3 < width) {
        to += ' ';
        used += one.size() + 2;
      } else {
        to += begin;
        used = indent + 2 + one.size();
      }
      print(value, indent + 2, indent + 2, to);
    }
  }
  to += "\n" + std::string(indent, ' ');
  to += is_object ? '}' : ']';
}

}  // namespace

result<std::vector<std::byte>> profile_of_json(std::string_view document, std::string& where) try {
  where.clear();
  const auto value = exchange::read_json(document);
  if (!value) return value.error();
  const auto room = std::make_unique<profile_room>();
  json_failure failure;
  const law_profile read = exchange::read_profile(json_node(&*value, "", failure), *room);
  if (failure.happened()) {
    where = std::move(failure.where);
    return failure.what;
  }
  std::vector<std::byte> out(max_profile_bytes);
  const auto bytes = encode_profile(read, out);
  if (!bytes) return bytes.error();
  out.resize(bytes->size());
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> json_of_profile(const law_profile& value) try {
  // What has no canonical form has no text either.
  std::vector<std::byte> canonical(max_profile_bytes);
  if (const auto good = encode_profile(value, canonical); !good) return good.error();
  json::object document{{"id", value.id.value},
                        {"version", value.version},
                        {"name", value.name},
                        {"title", value.title},
                        {"unverified", value.unverified},
                        {"minimum_strength", name_of(value.minimum_strength)},
                        {"child_below", value.child_below},
                        {"prohibit", table(value.prohibitions)},
                        {"reach", table(value.reaches)},
                        {"basis", table(value.bases)},
                        {"obligations", table(value.obligations)},
                        {"sensitive", table(value.sensitive)},
                        {"ages", table(value.ages)},
                        {"deadlines", table(value.deadlines)},
                        {"signals", table(value.signals)},
                        {"adequate", codes(value.adequate)}};
  if (!value.opt_outs.empty()) document["opt_out"] = table(value.opt_outs);
  if (!value.on_behalf.empty()) document["on_behalf"] = table(value.on_behalf);
  std::string out;
  print(document, 0, 0, out);
  out += '\n';
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
