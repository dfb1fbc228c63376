// The map of an export that is known by its headers: its part of data/exports.json, as far as this
// file has the columns.
#include "cell_forms.hpp"
#include "proposer.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace clientbook::exchange {

namespace {

// The rules of a column that tells of consent. Where a sign stands in its name that the program
// does not write, it is not the program's column, whatever its words are.
const json::value* consent_rules(const json::object& known, const std::string& column) {
  const json::value* const object = known.if_contains("consent");
  if (object == nullptr) return nullptr;
  const std::string folded = folded_words(column);
  for (const auto& each : object->as_object()) {
    const std::string_view name = view(each.key());
    if (folded_words(name) != folded) continue;
    const bool as_written = name == without_blanks(column);
    if (as_written || !read_consent_name(column).odd_signs) return &each.value();
  }
  return nullptr;
}

}  // namespace

// Every column of a known export has its place in data/exports.json; one that has none there may
// be the shop's own.
void proposer::write_known() {
  const json::object& known = *now_->known;
  const auto entry = [&](const char* member, std::string_view folded) -> const json::value* {
    const json::value* const object = known.if_contains(member);
    if (object == nullptr) return nullptr;
    for (const auto& each : object->as_object()) {
      if (folded_words(view(each.key())) == folded) return &each.value();
    }
    return nullptr;
  };
  const auto ignored = [&](std::string_view folded) {
    const json::value* const list = known.if_contains("ignore");
    return list != nullptr && std::any_of(list->as_array().begin(), list->as_array().end(),
                                          [&](const json::value& each) {
                                            return folded_words(view(each.as_string())) == folded;
                                          });
  };
  for (const column_facts& column : now_->facts.columns) {
    const std::string folded = folded_words(column.name);
    const json::value* const mapped = entry("columns", folded);
    const json::value* const rules = consent_rules(known, column.name);
    if (const json::value* const undone = entry("no_purchase", folded)) {
      undone_[boost_view(column.name)] = *undone;
      if (mapped == nullptr) continue;
    }
    if (rules != nullptr) consent_[boost_view(column.name)] = with_own_times(*rules);
    if (mapped != nullptr && mapped->is_array()) {
      columns_[boost_view(column.name)] = *mapped;
      for (const json::value& each : mapped->as_array()) targets_.emplace(view(each.as_string()));
    } else if (mapped != nullptr) {
      const json::value& to = mapped->is_object() ? mapped->at("to") : *mapped;
      const bool id = view(to.as_string()) == "external_id";
      if (!targets_.emplace(view(to.as_string())).second) {
        ignore(column, "another column of the export says the same");
      } else {
        columns_[boost_view(column.name)] = id ? *mapped : with_forms(column, *mapped);
      }
    } else if (ignored(folded)) {
      ignore(column, nullptr);
    } else if (rules == nullptr) {
      write_extra(column);
    }
  }
  if (const json::value* const unsure = known.if_contains("unsure")) {
    for (const auto& each : unsure->as_object()) {
      const column_facts* const found = column_at(folded_words(view(each.key())));
      if (found != nullptr) doubt(found->name, std::string(view(each.value().as_string())));
    }
  }
  if (const json::value* const constants = known.if_contains("constants")) {
    for (const auto& each : constants->as_object()) {
      const std::string_view name = view(each.key());
      const std::string_view element = name.substr(0, name.find(']'));
      const bool begun =
          std::any_of(targets_.begin(), targets_.end(),
                      [&](const std::string& target) { return target.starts_with(element); });
      if (begun) constants_[each.key()] = each.value();
    }
  }
  write_known_ids();
}

// A column that the export usually does not have says what its name says: a no above all.
void proposer::write_extra(const column_facts& column) {
  const auto [target, sent_to] = meaning_of(column.name);
  const consent_name said = consent_of(column);
  if (said.says != consent_says::nothing) return write_consent(column, said);
  const bool own = !target.empty() && !sent_to && target != "ignore" && target != "external_id" &&
                   !target.starts_with("purchase.") && !tells_of_consent(target);
  if (own && !targets_.contains(target) && write_target(column, std::string(target))) {
    return doubt(column.name, "a column that the export usually does not have: by its name");
  }
  ignore(column, "a column that the export usually does not have: ignored");
}

// The column of times as this file calls it; a file without it tells no time.
json::value proposer::with_own_times(json::value rules) const {
  for (auto& value : rules.as_object()) {
    for (json::value& said : value.value().as_array()) {
      json::object& directive = said.as_object();
      const json::value* const at = directive.if_contains("given_at_column");
      if (at == nullptr) continue;
      const column_facts* const found = column_at(folded_words(view(at->as_string())));
      if (found == nullptr) {
        directive.erase("given_at_column");
      } else {
        directive["given_at_column"] = boost_view(found->name);
      }
    }
  }
  return rules;
}

void proposer::write_known_ids() {
  const json::value* const ids = now_->known->if_contains("id");
  if (ids == nullptr) return;
  for (const json::value& each : ids->as_array()) {
    json::array columns;
    const json::array one = each.is_array() ? each.as_array() : json::array{each};
    for (const json::value& name : one) {
      const column_facts* const found = column_at(folded_words(view(name.as_string())));
      if (found != nullptr) columns.emplace_back(boost_view(found->name));
    }
    if (columns.size() != one.size()) continue;
    ids_.push_back(columns.size() == 1 ? columns[0] : json::value(columns));
  }
}

}  // namespace clientbook::exchange
