// A customer's ledger as FHIR AuditEvents (R4): who did what, when, to whose data, and who got it.
//
// Codes are those of the lists that the resource names: events of DICOM (DCM), actions, outcomes,
// types and roles of HL7's code systems; purposes are terms of the Data Privacy Vocabulary.
#include <clientbook/base/hex.hpp>
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/transfer/wiped_json.hpp>
#include <clientbook/rights/foreign_forms.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <utility>

#include "json_parts.hpp"

namespace clientbook {

namespace json = boost::json;
using transfer::wiped_memory;

namespace {

constexpr std::string_view dicom = "http://dicom.nema.org/resources/ontology/DCM";
constexpr std::string_view vocabulary = "https://w3id.org/dpv#";

json::object coding(std::string_view system, std::string_view code, std::string_view display) {
  return {{"system", system}, {"code", code}, {"display", display}};
}

bool gives(ledger_event event) noexcept {
  return event == ledger_event::disclosure || event == ledger_event::data_export ||
         event == ledger_event::onward || event == ledger_event::not_delivered ||
         event == ledger_event::refusal;
}

json::object type_of(ledger_event event) {
  if (gives(event)) return coding(dicom, "110106", "Export");
  if (event == ledger_event::data_import) return coding(dicom, "110107", "Import");
  if (event == ledger_event::break_glass)
    return coding(dicom, "110127", "Emergency Override Started");
  return coding(dicom, "110110", "Patient Record");
}

std::string_view action_of(ledger_event event) noexcept {
  switch (event) {
    case ledger_event::disclosure:
    case ledger_event::data_export:
    case ledger_event::refusal:
    case ledger_event::not_delivered:
    case ledger_event::onward:
      return "R";
    case ledger_event::consent_given:
    case ledger_event::data_import:
    case ledger_event::request:
      return "C";
    case ledger_event::erasure:
      return "D";
    case ledger_event::consent_withdrawn:
    case ledger_event::correction:
    case ledger_event::jurisdiction:
    case ledger_event::portfolio:
    case ledger_event::legal_hold:
    case ledger_event::merge:
    case ledger_event::unmerge:
      return "U";
    default:
      return "E";
  }
}

// 0 success, 4 minor failure, 8 serious failure: nothing was given, or it did not arrive.
std::string_view outcome_of(ledger_event event) noexcept {
  if (event == ledger_event::refusal) return "4";
  return event == ledger_event::not_delivered ? "8" : "0";
}

json::object identifier(std::string_view system, std::string_view value) {
  json::object out(wiped_memory());
  out["system"] = system;
  out["value"] = value;
  return out;
}

json::array agents_of(const ledger_record& one, const std::string& origin) {
  json::array out(wiped_memory());
  // The number that the shop gave whoever acted; no name of staff is in the book.
  out.push_back(
      {{"who",
        {{"identifier", identifier("urn:" + origin + ":actor", std::to_string(one.actor.value))}}},
       {"requestor", true}});
  if (one.recipient.empty() || one.event == ledger_event::legal_hold ||
      one.event == ledger_event::portfolio) {
    return out;
  }
  json::object to(wiped_memory());
  to["type"] =
      json::object{{"coding", json::array{coding(dicom, "110152", "Destination Role ID")}}};
  to["name"] = one.recipient;
  to["requestor"] = false;
  out.push_back(std::move(to));
  return out;
}

json::object subject_of(const ledger_record& one, const customer_id& id, const schema& fields,
                        const std::string& origin) {
  json::object out(wiped_memory());
  out["what"] = json::object{
      {"identifier", identifier("urn:" + origin + ":customer", hex<std::string>(id.bytes))}};
  out["type"] = coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", "1", "Person");
  out["role"] = coding("http://terminology.hl7.org/CodeSystem/object-role", "1", "Patient");
  json::array details(wiped_memory());
  for (const json::value& name : rights::names_of(one.fields, fields)) {
    details.push_back({{"type", "field"}, {"valueString", name}});
  }
  details.push_back({{"type", "ledger index"}, {"valueString", std::to_string(one.index)}});
  out["detail"] = std::move(details);
  return out;
}

json::object event_of(const ledger_record& one, const customer_id& id, const schema& fields,
                      const std::string& origin) {
  json::object out(wiped_memory());
  out["resourceType"] = "AuditEvent";
  out["id"] = hex<std::string>(one.entry.bytes);
  out["type"] = type_of(one.event);
  out["subtype"] =
      json::array{coding("urn:" + origin + ":event", name_of(one.event), name_of(one.event))};
  out["action"] = action_of(one.event);
  out["recorded"] = rights::text_of(one.at);
  out["outcome"] = outcome_of(one.event);
  if (const auto why = facts(one.purpose); why && one.purpose != purpose_id()) {
    // Terms of the vocabulary's own are `dpv:Name`; those of extensions keep their prefix.
    const std::string_view term = why->term;
    const bool own = term.starts_with("dpv:");
    out["purposeOfEvent"] = json::array{json::object{
        {"coding",
         json::array{coding(own ? vocabulary : "urn:clientbook:purpose",
                            own ? term.substr(4) : std::string_view(why->name), why->label)}}}};
  }
  out["agent"] = agents_of(one, origin);
  out["source"] = json::object{{"observer", json::object{{"display", origin}}}};
  out["entity"] = json::array{subject_of(one, id, fields, origin)};
  return out;
}

}  // namespace

result<wiped_text> ledger_to_fhir(session& in, const customer_id& id) try {
  const auto log = in.log_identity();
  if (!log) return log.error();
  // `clientbook/<book>`, as a part of a URN.
  std::string origin = log->substr(0, log->find('+'));
  for (char& each : origin) {
    if (each == '/') each = ':';
  }
  const auto all = in.ledger(id);
  if (!all) return all.error();
  json::array entries(wiped_memory());
  for (const ledger_record& one : *all) {
    json::object wrapped(wiped_memory());
    wrapped["resource"] = event_of(one, id, in.fields(), origin);
    entries.push_back(std::move(wrapped));
  }
  json::object out(wiped_memory());
  out["resourceType"] = "Bundle";
  out["type"] = "collection";
  out["entry"] = std::move(entries);
  return transfer::written(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
