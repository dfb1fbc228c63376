// Terms of DPV as others write them: full IRIs, prefixed names, spellings of the guide.
//
// Relies on the vocabulary for terms themselves; a name without a prefix is none.
#include "dpv_terms.hpp"

#include <clientbook/consent/vocabulary.hpp>

namespace clientbook::exchange {
namespace {

constexpr dpv_prefix prefixes[] = {
    {"dpv", "https://w3id.org/dpv#"},
    {"pd", "https://w3id.org/dpv/pd#"},
    {"loc", "https://w3id.org/dpv/loc#"},
    {"tech", "https://w3id.org/dpv/tech#"},
    {"eu-gdpr", "https://w3id.org/dpv/legal/eu/gdpr#"},
    {"dct", "http://purl.org/dc/terms/"},
    {"dcat", "http://www.w3.org/ns/dcat#"},
    {"schema", "https://schema.org/"},
    {"skos", "http://www.w3.org/2004/02/skos/core#"},
    {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
    {"cb", "urn:clientbook:term:"},
};

// The guide's spellings whose meaning in DPV 2.3 is plain. Its others (analytics, automation,
// scale, frequency, ...) are unknown terms like any other.
struct spelling {
  std::string_view guide;
  std::string_view dpv;
};
constexpr spelling spellings[] = {
    {"pd:Email", "pd:EmailAddress"},
    {"dpv:hasLegalName", "dpv:hasName"},
    {"dpv:hasDataStorageCondition", "dpv:hasStorageCondition"},
    {"dpv:JointDataController", "dpv:JointDataControllers"},
    {"dpv:WithdrawingFromActivity", "dpv:WithdrawConsent"},
    {"dpv:ConsentTerminated", "dpv:ConsentRevoked"},
};

template <class Id>
std::optional<Id> value_of(const result<Id>& found) noexcept {
  return found ? std::optional<Id>(*found) : std::nullopt;
}

template <class Id>
std::string_view term_or_nothing(Id id) noexcept {
  const auto found = facts(id);
  return found ? found->term : std::string_view();
}

// A name of the vocabulary without a prefix is no term.
bool prefixed(std::string_view text) noexcept { return text.find(':') != std::string_view::npos; }

}  // namespace

std::span<const dpv_prefix> dpv_prefixes() noexcept { return prefixes; }

std::string compact(std::string_view term) {
  std::string made(term);
  for (const dpv_prefix& prefix : prefixes) {
    if (!term.starts_with(prefix.iri)) continue;
    const std::string_view rest = term.substr(prefix.iri.size());
    // `https://w3id.org/dpv/...` is not below a prefix that ends with `#`, but a local name
    // holds neither sign.
    if (rest.empty() || rest.find_first_of("/#") != std::string_view::npos) continue;
    made = std::string(prefix.name).append(":").append(rest);
  }
  for (const spelling& each : spellings) {
    if (made == each.guide) return std::string(each.dpv);
  }
  return made;
}

std::optional<purpose_id> purpose_of_term(std::string_view term) noexcept {
  if (!prefixed(term)) return {};
  return value_of(find_purpose(term));
}

std::optional<category_id> category_of_term(std::string_view term) noexcept {
  if (!prefixed(term)) return {};
  return value_of(find_category(term));
}

std::optional<operation_id> operation_of_term(std::string_view term) noexcept {
  if (!prefixed(term)) return {};
  return value_of(find_operation(term));
}

std::optional<recipient_id> recipient_of_term(std::string_view term) noexcept {
  if (!prefixed(term)) return {};
  return value_of(find_recipient_class(term));
}

std::string_view term_of(purpose_id id) noexcept { return term_or_nothing(id); }
std::string_view term_of(category_id id) noexcept { return term_or_nothing(id); }
std::string_view term_of(operation_id id) noexcept { return term_or_nothing(id); }
std::string_view term_of(recipient_id id) noexcept { return term_or_nothing(id); }

}  // namespace clientbook::exchange
