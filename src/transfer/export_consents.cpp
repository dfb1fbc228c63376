// Puts together what the formats of exchange need and only a book knows: directives, registry,
// notices, the key that signs.
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/exchange/consent_import.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/transfer/export_consents.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace clientbook {
namespace {

constexpr std::pair<std::string_view, gpp_section> sections[] = {
    {"usnat", gpp_section::usnat}, {"usca", gpp_section::usca}, {"usva", gpp_section::usva},
    {"usco", gpp_section::usco},   {"usut", gpp_section::usut}, {"usct", gpp_section::usct},
    {"usfl", gpp_section::usfl},   {"usmt", gpp_section::usmt}, {"usor", gpp_section::usor},
    {"ustx", gpp_section::ustx},   {"usde", gpp_section::usde}, {"usia", gpp_section::usia},
    {"usne", gpp_section::usne},   {"usnh", gpp_section::usnh}, {"usnj", gpp_section::usnj},
    {"ustn", gpp_section::ustn},   {"usmn", gpp_section::usmn}, {"usmd", gpp_section::usmd},
    {"usin", gpp_section::usin},   {"usky", gpp_section::usky}, {"usri", gpp_section::usri}};

result<directive> numbered(session& from, const customer_id& id, std::uint32_t sequence) {
  const auto said = from.directives(id);
  if (!said) return said.error();
  for (const directive& one : *said) {
    if (one.sequence == sequence) return one;
  }
  return error{errc::not_found, "no directive of that number: see `clientbook consent history`"};
}

std::vector<iso27560::party> parties_of(const recipient_registry& registry,
                                        const std::string& contact) {
  std::vector<iso27560::party> out;
  for (const recipient_party& one : registry.parties()) {
    out.push_back({.id = "urn:clientbook:party:" + std::to_string(one.id.value),
                   .role = one.party_class,
                   .name = std::string(one.name.view()),
                   .address = std::string(one.country.data(), 2),
                   .contact = contact});
  }
  return out;
}

}  // namespace

result<gpp_section> find_gpp_section(std::string_view name) noexcept {
  for (const auto& [known, section] : sections) {
    if (known == name) return section;
  }
  return error{errc::unknown_field, "no such section: usnat, usca, usva, ..."};
}

result<std::string> export_gpp(session& from, const customer_id& id, gpp_section section) try {
  auto said = from.directives(id);
  if (!said) return said.error();
  // A string speaks of all contact points: a consent for one of them it does not tell.
  std::erase_if(*said,
                [](const directive& one) { return is_about_contacts(one) && widens(one.kind); });
  const auto notices = from.notices();
  if (!notices) return notices.error();
  const auto privacy = us_privacy_of(section, *said, *notices, from.request(purpose_id()).now);
  if (!privacy) return privacy.error();
  return write_gpp(std::span(&*privacy, 1));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<iso27560::record> export_consent_record(session& from, const customer_id& id,
                                               std::uint32_t sequence,
                                               const consent_record_options& options) try {
  const auto said = numbered(from, id, sequence);
  if (!said) return said.error();
  if (said->kind == directive_kind::proof_of_age) {
    return error{errc::unsupported, "how old somebody is is no consent, and no record of one"};
  }
  if (said->kind == directive_kind::move) {
    return error{errc::unsupported, "where somebody lives is no consent, and no record of one"};
  }
  if (is_about_contacts(*said) && widens(said->kind)) {
    return error{errc::unsupported,
                 "a consent for one contact point: a record of this form would say it of all"};
  }
  if (widens(said->kind) && said->strength != consent_strength::none && !said->informed) {
    return error{errc::unsupported,
                 "a yes that waits, of which nobody knows that the customer was informed, is no "
                 "consent, and no record of one"};
  }
  const auto lives = from.jurisdiction_of(id);
  if (!lives) return lives.error();
  const bool european = std::any_of(lives->laws.begin(), lives->laws.end(),
                                    [](const auto& law) { return law->name == "gdpr"; });
  const auto registry = from.recipients();
  if (!registry) return registry.error();
  const auto notices = from.notices();
  if (!notices) return notices.error();
  const privacy_notice* shown = nullptr;
  for (const privacy_notice& one : *notices) {
    if (one.id == said->notice.id && one.version == said->notice.version) shown = &one;
  }
  if (shown != nullptr && widens(said->kind) && is_withdrawn(*shown, *notices)) {
    return error{errc::unsupported,
                 "its notice was withdrawn: it is no consent any more, and no record of one"};
  }
  const std::vector<iso27560::party> parties = parties_of(**registry, options.contact);
  return record_of(*said, **registry,
                   {.controller = {.id = "urn:clientbook:shop",
                                   .role = recipient::self,
                                   .name = options.controller,
                                   .address = options.address,
                                   .contact = options.contact},
                    .parties = parties,
                    .notice_language = options.notice_language,
                    .notice_url = options.notice_url,
                    .jurisdiction = options.jurisdiction,
                    .storage_location = options.storage_location,
                    .retention = options.retention,
                    .withdrawal_method = options.withdrawal_method,
                    .gdpr = european,
                    .notice = shown});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<consent_receipt> export_consent_receipt(session& from, const customer_id& id,
                                               std::uint32_t sequence,
                                               const consent_record_options& options) try {
  const auto record = export_consent_record(from, id, sequence, options);
  if (!record) return record.error();
  const auto key = from.receipt_key();
  if (!key) return key.error();
  const timestamp now = from.request(purpose_id()).now;
  auto text = iso27560::sign_receipt(
      {.id = record->id + ":receipt", .created = now, .record = *record}, *key);
  if (!text) return text.error();
  return consent_receipt{.text = std::move(*text), .key = key->public_key()};
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<kantara::receipt> export_kantara_receipt(session& from, const customer_id& id,
                                                std::uint32_t sequence,
                                                const consent_record_options& options) try {
  if (options.controller.empty() || options.notice_url.empty() ||
      options.withdrawal_method.empty()) {
    return error{errc::missing_field,
                 "a receipt of this form names the shop, where its notice can be read and where "
                 "consent is withdrawn"};
  }
  const auto record = export_consent_record(from, id, sequence, options);
  if (!record) return record.error();
  const iso27560::event& given = record->events.front();
  if (given.what != iso27560::state::given && given.what != iso27560::state::renewed) {
    return error{errc::unsupported, "a receipt of this form is of a consent that was given"};
  }
  kantara::receipt out{.jurisdiction = options.jurisdiction,
                       .given_at = given.at,
                       .collection_method = given.method,
                       .id = record->id,
                       .language = options.notice_language,
                       .subject = record->subject,
                       .controllers = {{.name = options.controller,
                                        .contact = options.contact,
                                        .address = options.address,
                                        .email = options.contact}},
                       .policy_url = options.notice_url};
  kantara::service service{.name = options.controller};
  for (const iso27560::process& process : record->processes) {
    kantara::purpose one{
        .text = std::string(facts(process.purpose)->label),
        .consent_type = process.basis == consent_strength::implied ? "IMPLICIT" : "EXPLICIT",
        .purpose_categories = {std::string(facts(process.purpose)->term)},
        .primary = process.recipient == record->controller,
        .termination = options.withdrawal_method};
    for (const category_id category : process.data) {
      one.data_categories.emplace_back(facts(category)->label);
      if (covered_by_denial(category_set{category::sensitive_personal_data}).contains(category)) {
        out.sensitive = true;
        out.sensitive_categories.emplace_back(facts(category)->label);
      }
    }
    for (const iso27560::party& party : record->parties) {
      if (party.id != process.recipient || party.id == record->controller) continue;
      one.third_party_disclosure = true;
      one.third_party_name = party.name;
    }
    service.purposes.push_back(std::move(one));
  }
  out.services.push_back(std::move(service));
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
