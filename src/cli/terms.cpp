#include "terms.hpp"

#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/model/terms.hpp>
#include <clientbook/model/validate.hpp>

#include "program.hpp"

namespace clientbook::cli {
namespace {

// Every category that a grant may name: those below which something must be named itself
// (special categories, card data) are not meant by "all".
category_set ordinary_categories() {
  category_set out;
  all_categories().for_each([&](category_id id) {
    const auto known = facts(id);
    if (known && !known->barrier && !known->denial_only) out.add(id);
  });
  return out;
}

}  // namespace

purpose_id purpose_from(std::string_view name) {
  return need(find_purpose(name), "the purpose (see `clientbook terms purposes`)");
}

recipient_id recipient_from(std::string_view name, const recipient_registry& registry) {
  if (const auto known = find_recipient_class(name)) return *known;
  if (const auto party = registry.find(name)) return party->id;
  fail({errc::unknown_field, "neither a recipient class nor a party of the registry"},
       "the recipient (see `clientbook recipient list` and `clientbook terms recipients`)");
}

country_code country_from(std::string_view code) {
  need(validate_country(code), "the country");
  return {code[0], code[1]};
}

field_set fields_from(const std::vector<std::string>& keys, const schema& fields) {
  if (keys.empty()) return all_fields;
  field_set out = 0;
  for (const std::string& key : keys) {
    out |= only(need(fields.find(key), "a field (see `clientbook terms fields`)").number);
  }
  return out;
}

consent_scope scope_of(std::span<const std::string> purposes,
                       std::span<const std::string> recipients,
                       std::span<const std::string> categories,
                       std::span<const std::string> operations,
                       const recipient_registry& registry) {
  consent_scope out;
  for (const std::string& name : purposes) {
    if (name == "all") {
      out.purposes |= all_purposes();
    } else {
      out.purposes.add(purpose_from(name));
    }
  }
  for (const std::string& name : recipients) {
    out.recipients.add(name == "all" ? recipient::any : recipient_from(name, registry));
  }
  for (const std::string& name : categories) {
    if (name == "all") {
      out.categories |= ordinary_categories();
    } else {
      out.categories.add(need(find_category(name), "a data category"));
    }
  }
  if (operations.empty()) {
    out.operations = {operation::collect, operation::store, operation::use, operation::disclose};
  }
  for (const std::string& name : operations) {
    if (name == "all") {
      out.operations = all_operations;
    } else {
      out.operations.add(need(find_operation(name), "an operation"));
    }
  }
  return out;
}

const privacy_notice* notice_titled(std::string_view title,
                                    std::span<const privacy_notice> notices) {
  const privacy_notice* found = nullptr;
  for (const privacy_notice& one : notices) {
    if (one.title.view() == title && (found == nullptr || one.version >= found->version)) {
      found = &one;
    }
  }
  return found;
}

std::string name_of_purpose(purpose_id id) {
  const auto known = facts(id);
  return known ? std::string(known->name) : std::to_string(id.value);
}

std::string name_of_recipient(recipient_id id, const recipient_registry& registry) {
  if (const auto party = registry.find(id)) return std::string(party->name.view());
  const auto known = facts(id);
  return known ? std::string(known->name) : std::to_string(id.value);
}

}  // namespace clientbook::cli
