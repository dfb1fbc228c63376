// Words that were typed, as terms; who mistypes one is told where the list is.
#include "terms.hpp"

#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/model/terms.hpp>
#include <clientbook/model/validate.hpp>

#include "program.hpp"

namespace clientbook::cli {
namespace {

constexpr const char* a_purpose = "the purpose (see `clientbook terms purposes`)";
constexpr const char* a_recipient =
    "the recipient (see `clientbook recipient list` and `clientbook terms recipients`)";

const char* list_of(scope_part part) {
  switch (part) {
    case scope_part::purpose:
      return a_purpose;
    case scope_part::recipient:
      return a_recipient;
    case scope_part::category:
      return "a data category";
    case scope_part::operation:
      return "an operation";
    case scope_part::none:
      break;
  }
  return "the scope";
}

std::vector<std::string_view> views(const std::vector<std::string>& words) {
  return {words.begin(), words.end()};
}

}  // namespace

purpose_id purpose_from(std::string_view name) { return need(find_purpose(name), a_purpose); }

kept_purposes purposes_from(const std::vector<std::string>& names) {
  purpose_set out;
  for (const std::string& name : names) out.add(purpose_from(name));
  return out;
}

boost::json::array names_of(const purpose_set& purposes) {
  boost::json::array out;
  purposes.for_each([&](purpose_id one) { out.emplace_back(facts(one)->name); });
  return out;
}

recipient_id recipient_from(std::string_view name, const recipient_registry& registry) {
  return need(find_recipient(name, registry), a_recipient);
}

country_code country_from(std::string_view code) {
  need(validate_country(code), "the country");
  return {code[0], code[1]};
}

field_set fields_from(const std::vector<std::string>& keys, const schema& fields) {
  return need(fields_named(views(keys), fields), "a field (see `clientbook terms fields`)");
}

consent_scope scope_from(const std::vector<std::string>& purposes,
                         const std::vector<std::string>& recipients,
                         const std::vector<std::string>& categories,
                         const std::vector<std::string>& operations,
                         const recipient_registry& registry) {
  const auto of = views(purposes), to = views(recipients), about = views(categories),
             doing = views(operations);
  scope_part where = scope_part::none;
  const auto scope = clientbook::scope_of(
      {.purposes = of, .recipients = to, .categories = about, .operations = doing}, registry,
      &where);
  if (!scope) fail({scope.error().code, scope.error().text}, list_of(where));
  return *scope;
}

}  // namespace clientbook::cli
