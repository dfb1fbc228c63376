// Words that were typed, as terms; who mistypes one is told where the list is.
#include "terms.hpp"

#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/model/terms.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <utility>

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

// Letters to change, add or leave out (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t k = 0; k <= b.size(); ++k) row[k] = k;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t before = std::exchange(row[0], i);
    for (std::size_t k = 1; k <= b.size(); ++k) {
      const std::size_t same = before + (a[i - 1] == b[k - 1] ? 0U : 1U);
      before = row[k];
      row[k] = std::min({same, row[k] + 1, row[k - 1] + 1});
    }
  }
  return row[b.size()];
}

std::vector<std::string_view> views(const std::vector<std::string>& words) {
  return {words.begin(), words.end()};
}

}  // namespace

std::string nearest(std::string_view typed, const std::vector<std::string>& words) {
  std::string best;
  // One letter in three may be wrong, and two may have changed places.
  std::size_t least = typed.size() / 3 + 2;
  if (typed.size() > 64) return best;
  for (const std::string& word : words) {
    const std::size_t away = distance(typed, word);
    if (away >= least) continue;
    least = away;
    best = word;
  }
  return best;
}

purpose_id purpose_from(std::string_view name) {
  const auto found = find_purpose(name);
  if (found) return *found;
  std::vector<std::string> words;
  all_purposes().for_each([&](purpose_id one) { words.emplace_back(facts(one)->name); });
  const std::string meant = nearest(name, words);
  fail(found.error(), meant.empty() ? a_purpose : "the purpose (did you mean `" + meant + "`?)");
}

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

std::string joined(const boost::json::array& words) {
  std::string out;
  for (const boost::json::value& one : words) {
    out.append(out.empty() ? "" : ", ").append(std::string_view(one.as_string()));
  }
  return out;
}

std::string text_at(const boost::json::value& of, std::string_view member) {
  const boost::json::value& found = of.at(member);
  return found.is_string() ? std::string(found.as_string()) : "-";
}

unsigned long long number_at(const boost::json::value& of, std::string_view member) {
  return of.at(member).to_number<std::uint64_t>();
}

recipient_id recipient_from(std::string_view name, const recipient_registry& registry) {
  return need(find_recipient(name, registry), a_recipient + (": " + std::string(name)));
}

contact_point contact_from(session& in, const customer_id& id, std::string value,
                           const char* option) {
  field_id which = value.find('@') != std::string::npos ? field::emails : field::phones;
  for (const field_id each : {field::emails, field::phones, field::addresses}) {
    const std::string name = std::string(in.fields().find(each)->key) + ":";
    if (!value.starts_with(name)) continue;
    which = each;
    value.erase(0, name.size());
  }
  return need(in.contact(id, which, value), option);
}

country_code country_from(std::string_view code) {
  need(validate_country(code), "the country");
  return {code[0], code[1]};
}

field_set fields_from(const std::vector<std::string>& keys, const schema& fields) {
  return need(fields_named(views(keys), fields), "a field (see `clientbook terms fields`)");
}

namespace {

// A list was parted at its commas; a name that has some of its own (Acme, Inc.) is one again.
std::vector<std::string> names_in(const std::vector<std::string>& parts,
                                  const recipient_registry& registry) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::string whole = parts[i];
    std::size_t last = i;
    for (std::size_t k = i + 1; k < parts.size() && !find_recipient(parts[i], registry); ++k) {
      whole.append(",").append(parts[k]);
      if (!find_recipient(whole, registry)) continue;
      last = k;
      break;
    }
    out.push_back(last == i ? parts[i] : whole);
    i = last;
  }
  return out;
}

}  // namespace

consent_scope scope_from(const std::vector<std::string>& purposes,
                         const std::vector<std::string>& recipients,
                         const std::vector<std::string>& categories,
                         const std::vector<std::string>& operations,
                         const recipient_registry& registry) {
  const std::vector<std::string> named = names_in(recipients, registry);
  const auto of = views(purposes), to = views(named), about = views(categories),
             doing = views(operations);
  scope_part where = scope_part::none;
  const auto scope = clientbook::scope_of(
      {.purposes = of, .recipients = to, .categories = about, .operations = doing}, registry,
      &where);
  if (scope) return *scope;
  if (where == scope_part::recipient) {
    for (const std::string& one : named) recipient_from(one, registry);  // Names the one it is.
  }
  fail({scope.error().code, scope.error().text}, list_of(where));
}

}  // namespace clientbook::cli
