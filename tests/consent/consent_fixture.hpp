// What the consent tests share: a shop with a registry, a notice, fields, and short words for
// directives and questions.
#ifndef CLIENTBOOK_TESTS_CONSENT_FIXTURE_HPP
#define CLIENTBOOK_TESTS_CONSENT_FIXTURE_HPP

#include <clientbook/consent/evaluate.hpp>
#include <clientbook/consent/shop_consent.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/terms.hpp>

#include <memory>
#include <vector>

#include "testing.hpp"

namespace clientbook::testing {

inline consent_hash hash_of(std::uint8_t seed) {
  consent_hash out{};
  out.fill(std::byte{seed});
  return out;
}

inline directive_id id_of(std::uint32_t number) {
  directive_id out;
  store_be<std::uint32_t>(out.bytes.data(), number + 1);
  return out;
}

inline timestamp at(std::int64_t seconds) { return timestamp{1'700'000'000 + seconds}; }

constexpr field_set bit(field_id id) { return only(id); }

/// A shop. Every directive gets the next sequence and is said one second after the one before.
struct shop {
  const law_profile* profile = &gdpr_profile();
  recipient_registry registry;
  std::vector<privacy_notice> notices;
  std::vector<field_terms> fields;
  std::vector<directive> said;
  subject_facts subject;
  timestamp now = at(1000);

  recipient_id parcels, partner, broker, late_partner;

  shop() {
    said.reserve(8192);  // tests hold references
    parcels = add("Parcel Co", recipient::parcel_service);
    partner = add("Fine Partner", recipient::selected_partner);
    broker = add("Broker Inc", recipient::data_broker);
    static const schema standard = standard_schema();
    std::array<field_terms, schema::max_fields> room;
    const auto terms = terms_of(standard, room);
    fields.assign(terms.begin(), terms.end());
    notices.push_back(wide_notice(1, registry.version()));
  }

  recipient_id add(const char* name, recipient_id party_class) {
    recipient_party party;
    party.party_class = party_class;
    party.name = short_text<64>(name);
    party.country = {'D', 'E'};
    party.contract = short_text<32>("C-1");
    party.onward = onward_rule::forbidden;
    return *registry.add(party);
  }

  /// Announces everything to everybody there is, so that grants decide alone.
  static privacy_notice wide_notice(std::uint32_t id, std::uint32_t registry_version) {
    privacy_notice out;
    out.id = notice_id(id);
    out.announced = everything();
    out.announced.recipients = all_recipient_classes();
    out.announced.recipients.remove(recipient::any);
    out.announced.categories = all_categories();
    out.registry_version = registry_version;
    out.hash = hash_of(static_cast<std::uint8_t>(id));
    return out;
  }

  consent_environment environment() const { return {profile, &registry, notices, fields}; }

  directive make(directive_kind kind, const consent_scope& scope) {
    const auto number = static_cast<std::uint32_t>(said.size() + 1);
    consent_act act;
    act.id = id_of(number);
    act.at = at(number);
    act.evidence.hash = hash_of(7);
    directive out = kind == directive_kind::grant || kind == directive_kind::renew
                        ? make_grant(scope, notices.front(), act)
                        : make_directive(kind, scope, act);
    out.kind = kind;
    out.sequence = number;
    out.registry_version = registry.version();
    return out;
  }
  directive& say(const directive& one) {
    said.push_back(one);
    return said.back();
  }
  directive& say(directive_kind kind, const consent_scope& scope) { return say(make(kind, scope)); }

  result<std::vector<std::byte>> compiled() const {
    static const auto workspace = std::make_unique<compile_workspace>();
    std::vector<std::byte> out(max_compiled_state);
    const auto bytes = compile(said, environment(), subject, now, *workspace, out);
    if (!bytes) return bytes.error();
    out.resize(bytes->size());
    return out;
  }

  /// As a session of a book asks.
  decision_request request(purpose_id purpose, recipient_id to = recipient::self,
                           operation_id operation = operation::use) const {
    decision_request out;
    out.discharges = discharged_by_book;
    out.purpose = purpose;
    out.recipient = to;
    out.operation = operation;
    out.now = now;
    return out;
  }
  record_decision ask(const decision_request& request) const {
    const auto bytes = compiled();
    REQUIRE(bytes);
    const auto view = compiled_state_view::open(*bytes);
    REQUIRE(view);
    return evaluate(*view, request);
  }
  field_set permitted(purpose_id purpose, recipient_id to = recipient::self,
                      operation_id operation = operation::use) const {
    return ask(request(purpose, to, operation)).permitted;
  }
  explanation why(const decision_request& request, field_id field) const {
    const auto bytes = compiled();
    REQUIRE(bytes);
    const auto view = compiled_state_view::open(*bytes);
    REQUIRE(view);
    return explain(*view, request, field);
  }
  explanation why(purpose_id purpose, field_id field, recipient_id to = recipient::self,
                  operation_id operation = operation::use) const {
    return why(request(purpose, to, operation), field);
  }
};

/// One purpose and recipient for these categories, to use; more with the members.
inline consent_scope scope_of(purpose_set purposes, recipient_set recipients,
                              category_set categories,
                              operation_set operations = {operation::use}) {
  return {purposes, recipients, categories, operations};
}

}  // namespace clientbook::testing

#endif
