// Consent records and receipts of ISO/IEC TS 27560 in JSON-LD with terms of DPV.
//
// JSON-LD allows one fact many forms; what is read is the profile that the guide of DPV shows, and
// what is written is one form of it. The first failure stops the reading; its place is counted,
// since a record's values are personal data and may not stand in an error.
#include <clientbook/exchange/consent_record_27560.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/model/terms.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <clientbook/internal/exchange/json.hpp>
#include "dpv_terms.hpp"

namespace clientbook::iso27560 {
namespace {

namespace json = boost::json;
using exchange::compact;
using exchange::term_of;

constexpr std::size_t most_processes = 4096;

constexpr std::string_view schema_base = "https://w3id.org/dpv/schema/dpv-27560#";

struct state_term {
  state value;
  std::string_view term;
};
constexpr state_term state_terms[] = {
    {state::requested, "dpv:ConsentRequested"},     {state::deferred, "dpv:ConsentRequestDeferred"},
    {state::refused, "dpv:ConsentRefused"},         {state::given, "dpv:ConsentGiven"},
    {state::renewed, "dpv:RenewedConsentGiven"},    {state::withdrawn, "dpv:ConsentWithdrawn"},
    {state::expired, "dpv:ConsentExpired"},         {state::revoked, "dpv:ConsentRevoked"},
    {state::invalidated, "dpv:ConsentInvalidated"}, {state::unknown, "dpv:ConsentUnknown"},
};

struct who_term {
  indicated_by value;
  std::string_view term;
};
// Where several terms say the same, the first is written.
constexpr who_term who_terms[] = {
    {indicated_by::subject, "dpv:DataSubject"},
    {indicated_by::guardian, "dpv:GuardianOfDataSubject"},
    {indicated_by::guardian, "dpv:ParentOfDataSubject"},
    {indicated_by::agent, "dpv:Representative"},
    {indicated_by::controller, "dpv:DataController"},
    {indicated_by::authority, "dpv:Authority"},
};

struct basis_term {
  consent_strength value;
  std::string_view term;
  bool gdpr;
};
constexpr basis_term basis_terms[] = {
    {consent_strength::explicit_, "dpv:ExplicitlyExpressedConsent", false},
    {consent_strength::explicit_, "eu-gdpr:A9-2-a", true},
    {consent_strength::explicit_, "eu-gdpr:A6-1-a-explicit-consent", true},
    {consent_strength::expressed, "dpv:ExpressedConsent", false},
    {consent_strength::expressed, "eu-gdpr:A6-1-a", true},
    {consent_strength::implied, "dpv:ImpliedConsent", false},
    {consent_strength::implied, "dpv:InformedConsent", false},
    {consent_strength::implied, "dpv:Consent", false},
};

template <class Row, std::size_t Size>
const Row* by_term(const Row (&rows)[Size], std::string_view term) noexcept {
  const Row* found =
      std::find_if(rows, rows + Size, [&](const Row& row) { return row.term == term; });
  return found == rows + Size ? nullptr : found;
}

template <class Row, class Value, std::size_t Size>
std::string_view term_for(const Row (&rows)[Size], Value value) noexcept {
  for (const Row& row : rows) {
    if (row.value == value) return row.term;
  }
  return {};
}

std::string_view basis_for(consent_strength value, bool gdpr) noexcept {
  for (const basis_term& row : basis_terms) {
    // Implied consent has no term of its own in the GDPR, which does not know it.
    if (row.value == value && (row.gdpr == gdpr || value == consent_strength::implied))
      return row.term;
  }
  return {};
}

// ---- Reading.

// A failed step stops the whole reading: it is remembered here, and every step after it is idle.
class reader {
 public:
  explicit reader(std::string_view text) {
    auto parsed = exchange::read_json(text);
    if (parsed) {
      document_ = std::move(*parsed);
    } else {
      failure_ = parsed.error();
    }
  }

  const json::value& document() const noexcept { return document_; }
  const std::optional<error>& failure() const noexcept { return failure_; }
  void place(std::size_t number) noexcept { place_ = number; }

  /// The member that is looked at: what is wrong is said of it.
  void look_at(std::string_view member) {
    if (!failure_) member_ = member;
  }
  const std::string& member() const noexcept { return member_; }

  void fail(errc code, literal text) {
    if (!failure_) failure_ = error{code, text, place_};
  }

  /// The object, with every member's name known. Informative members may be there and are not
  /// kept.
  const json::object* object(const json::value& value, std::span<const std::string_view> known) {
    if (failure_) return nullptr;
    if (!value.is_object()) {
      fail(errc::wrong_type, "want a JSON object");
      return nullptr;
    }
    const json::object& found = value.get_object();
    for (const auto& member : found) {
      const std::string name = compact(member.key());
      if (name == "@context" || is_informative(name)) continue;
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        look_at(name);
        fail(errc::unknown_field, "a member that a consent record does not have");
        return nullptr;
      }
    }
    return &found;
  }

  /// The values of a member: an array's, a single one, or none.
  std::span<const json::value> values(const json::object& object, std::string_view name) {
    const json::value* found = nullptr;
    look_at(name);
    for (const auto& member : object) {
      if (compact(member.key()) != name) continue;
      if (found != nullptr) {
        fail(errc::already_exists, "one member under two spellings");
        return {};
      }
      found = &member.value();
    }
    if (found == nullptr) return {};
    if (!found->is_array()) return {found, 1};
    const json::array& array = found->get_array();
    return {array.data(), array.size()};
  }

  std::string_view text(const json::value& value) {
    // A reference may be written {"@id": "..."}.
    if (value.is_object() && value.get_object().size() == 1) {
      if (const auto* id = value.get_object().if_contains("@id")) return text(*id);
    }
    if (value.is_string()) return value.get_string();
    fail(errc::wrong_type, "want a string");
    return {};
  }

  /// The id of somebody of whom more may be said: where they are, what kind of person they are.
  std::string reference(const json::value& value) {
    if (!value.is_object()) return std::string(text(value));
    constexpr std::string_view members[] = {"@id", "@type", "dpv:hasLocation",
                                            "dpv:hasJurisdiction"};
    const json::object* found = object(value, members);
    return found == nullptr ? std::string() : needed(*found, "@id");
  }

  bool has(const json::object& object, std::string_view name) {
    return std::any_of(object.begin(), object.end(),
                       [&](const auto& member) { return compact(member.key()) == name; });
  }

  /// The one text of a member; empty if there is none.
  std::string one(const json::object& object, std::string_view name) {
    const auto found = values(object, name);
    if (found.empty()) return {};
    if (found.size() > 1) fail(errc::unsupported, "several values where this record keeps one");
    return std::string(text(found[0]));
  }

  std::string needed(const json::object& object, std::string_view name) {
    std::string found = one(object, name);
    if (found.empty()) fail(errc::missing_field, "a mandatory field is absent");
    return found;
  }

  /// The terms of a member, compact.
  std::vector<std::string> terms(const json::object& object, std::string_view name) {
    std::vector<std::string> found;
    for (const json::value& value : values(object, name)) found.push_back(term(value));
    return found;
  }

  /// A term, or an object that says no more than its type.
  std::string term(const json::value& value) {
    if (!value.is_object()) return compact(text(value));
    const auto* type = value.get_object().if_contains("@type");
    if (type == nullptr || value.get_object().size() != 1) {
      fail(errc::unsupported, "an object that is more than its type where a term is wanted");
      return {};
    }
    const json::value& only =
        type->is_array() && type->get_array().size() == 1 ? type->get_array()[0] : *type;
    return compact(text(only));
  }

  bool has_type(const json::object& object, std::string_view type) {
    const auto types = terms(object, "@type");
    return std::find(types.begin(), types.end(), type) != types.end();
  }

  timestamp time(std::string_view written) {
    // 27560 says UTC; the guide's examples leave out the Z, and where they tell the day alone it is
    // taken for the day's beginning: what ends then does not last longer.
    std::string utc(written);
    if (utc.size() == 10) utc += "T00:00:00";
    if (utc.size() == 19) utc += 'Z';
    const auto instant = parse_timestamp(utc);
    if (!instant) fail(errc::invalid_value, "not a time in UTC");
    return instant ? *instant : timestamp{};
  }

  // Of a day alone nobody knows the hour: what gives counts as its first second, whatever else as
  // its last, so that no order within the day lets a consent stand that was taken back.
  timestamp time_of_event(std::string_view written, bool gives) {
    timestamp at = time(written);
    if (!gives && written.size() == 10) at.seconds += 86'400 - 1;
    return at;
  }

 private:
  // Says nothing that a decision could depend on.
  static bool is_informative(std::string_view name) {
    constexpr std::string_view names[] = {
        "dct:title",        "dct:description",         "dpv:hasRight",
        "dpv:hasService",   "dpv:hasAssessment",       "dpv:hasImpactAssessment",
        "dpv:hasNecessity", "dpv:hasDataSource",       "dpv:hasApplicableLaw",
        "dct:publisher",    "schema:recipient",        "dpv:hasOrganisationalMeasure",
        "rdfs:comment",     "dpv:hasTechnicalMeasure", "dpv:hasTechnicalOrganisationalMeasure"};
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
  }

  json::value document_;
  std::optional<error> failure_;
  std::size_t place_ = 0;
  std::string member_;
};

void read_context(reader& in, const json::object& object) {
  const auto* context = object.if_contains("@context");
  if (context == nullptr) return;
  if (!context->is_object()) {
    in.fail(errc::unsupported, "a context that would have to be loaded: write it out");
    return;
  }
  for (const auto& member : context->get_object()) {
    const auto prefixes = exchange::dpv_prefixes();
    const auto known = std::find_if(prefixes.begin(), prefixes.end(), [&](const auto& prefix) {
      return prefix.name == member.key();
    });
    if (known == prefixes.end()) {
      in.fail(errc::unknown_field, "a prefix that is not known");
    } else if (!member.value().is_string() || known->iri != member.value().get_string()) {
      in.fail(errc::invalid_value, "a prefix that stands for something else here");
    }
  }
}

// An IRI that ends with an id is that id's.
bool ends_with_id(std::string_view iri, std::string_view id) noexcept {
  if (!iri.ends_with(id) || iri.size() == id.size()) return false;
  return std::string_view("/#:").find(iri[iri.size() - id.size() - 1]) != std::string_view::npos;
}

/// The id, given as @id, dct:identifier and dpv:hasIdentifier, or as any of them.
std::string read_id(reader& in, const json::object& object) {
  std::string id;
  for (const std::string_view name : {"dpv:hasIdentifier", "dct:identifier", "@id"}) {
    std::string found = in.one(object, name);
    if (found.empty()) continue;
    if (!id.empty() && id != found && !(name == "@id" && ends_with_id(found, id))) {
      in.fail(errc::invalid_value, "ids that disagree");
    }
    id = std::move(found);
  }
  if (id.empty()) in.fail(errc::missing_field, "an id is absent");
  return id;
}

// Adds years, months and days of an ISO 8601 duration; weeks are seven days.
std::optional<timestamp> add_duration(timestamp from, std::string_view text) {
  if (text.size() < 3 || text[0] != 'P') return {};
  long years = 0;
  long months = 0;
  long days = 0;
  long number = -1;
  for (const char letter : text.substr(1)) {
    if (letter >= '0' && letter <= '9') {
      number = (number < 0 ? 0 : number) * 10 + (letter - '0');
      if (number > 99'999) return {};
      continue;
    }
    if (number < 0) return {};
    if (letter == 'Y') {
      years += number;
    } else if (letter == 'M') {
      months += number;
    } else if (letter == 'W') {
      days += 7 * number;
    } else if (letter == 'D') {
      days += number;
    } else {
      return {};
    }
    number = -1;
  }
  if (number >= 0) return {};
  date day = date_of(from);
  const long month = day.month - 1 + months + 12 * years;
  const long year = day.year + month / 12;
  if (year > 9999) return {};
  day.year = static_cast<std::int16_t>(year);
  day.month = static_cast<std::uint8_t>(month % 12 + 1);
  while (!exists(day)) --day.day;
  const std::int64_t of_day = from.seconds - start_of(date_of(from)).seconds;
  return timestamp{start_of(day).seconds + of_day + 86'400 * days};
}

// A duration as a text, or as an object that says of which kind it is.
std::string duration_text(reader& in, const json::object& object) {
  const auto found = in.values(object, "dpv:hasDuration");
  if (found.empty()) return in.needed(object, "rdf:value");
  if (found.size() > 1) in.fail(errc::unsupported, "several values where this record keeps one");
  if (!found[0].is_object()) return std::string(in.text(found[0]));
  constexpr std::string_view members[] = {"@type", "rdf:value"};
  const json::object* duration = in.object(found[0], members);
  return duration == nullptr ? std::string() : in.needed(*duration, "rdf:value");
}

std::optional<timestamp> read_end(reader& in, const json::value& value, timestamp from) {
  constexpr std::string_view members[] = {"@type", "rdf:value"};
  const json::object* duration = in.object(value, members);
  if (duration == nullptr) return {};
  if (in.has_type(*duration, "dpv:EndlessDuration")) return {};
  const std::string text = in.needed(*duration, "rdf:value");
  if (in.has_type(*duration, "dpv:UntilTimeDuration")) return in.time(text);
  if (in.has_type(*duration, "dpv:TemporalDuration")) {
    const auto end = add_duration(from, text);
    if (!end) in.fail(errc::invalid_value, "not a duration in years, months, weeks and days");
    return end;
  }
  in.fail(errc::unsupported, "a duration that ends otherwise than with time");
  return {};
}

// Who has said it: in a role, or one of the parties in theirs.
std::optional<indicated_by> speaker(const record& of, std::string_view who) {
  if (const auto* known = by_term(who_terms, who)) return known->value;
  for (const party& one : of.parties) {
    if (one.id == who && one.role == recipient::self) return indicated_by::controller;
  }
  return {};
}

// What an event says, and how strong a consent it calls itself.
struct read_event_result {
  event made;
  std::optional<consent_strength> strength;
};

read_event_result read_event(reader& in, const json::value& value, const record& of) {
  read_event_result out;
  event& made = out.made;
  constexpr std::string_view members[] = {"@type", "dpv:isIndicatedAtTime", "dpv:hasDuration",
                                          "dpv:isIndicatedBy", "dpv:hasIndicationMethod"};
  const json::object* object = in.object(value, members);
  if (object == nullptr) return out;
  std::size_t states = 0;
  for (const std::string& type : in.terms(*object, "@type")) {
    if (const auto* known = by_term(state_terms, type)) {
      made.what = known->value;
      ++states;
    } else if (const auto* basis = by_term(basis_terms, type)) {
      // Of several the weakest: nobody can say which of them the consent was.
      out.strength = std::min(out.strength.value_or(basis->value), basis->value);
    } else {
      in.fail(errc::unknown_field, "a state of consent that is not known");
    }
  }
  if (states != 1) in.fail(errc::missing_field, "an event has one state of consent");
  made.at = in.time_of_event(in.needed(*object, "dpv:isIndicatedAtTime"), permits(made.what));
  made.method = in.one(*object, "dpv:hasIndicationMethod");
  const auto durations = in.values(*object, "dpv:hasDuration");
  if (durations.size() > 1) in.fail(errc::unsupported, "a consent has one duration");
  if (durations.size() == 1) made.until = read_end(in, durations[0], made.at);
  const auto who = in.terms(*object, "dpv:isIndicatedBy");
  if (who.size() != 1) {
    in.fail(errc::missing_field, "an event is indicated by one");
    return out;
  }
  if (const auto known = speaker(of, who[0])) {
    made.who = *known;
  } else {
    in.fail(errc::unknown_field, "indicated by somebody in no known role");
  }
  return out;
}

// What a process says of itself, or the record of all of them.
struct circumstances {
  std::string controller{};
  std::optional<consent_strength> basis{};
  std::vector<std::string> storage_locations{};
  std::string retention{};
  std::string jurisdiction{};
  std::string withdrawal_method{};
};

void read_storage(reader& in, const json::object& object, circumstances& made) {
  if (!in.has(object, "dpv:hasStorageCondition")) return;
  made.storage_locations.clear();
  made.retention.clear();
  constexpr std::string_view members[] = {"@type", "rdf:value", "dpv:hasLocation",
                                          "dpv:hasDuration"};
  for (const json::value& value : in.values(object, "dpv:hasStorageCondition")) {
    const json::object* condition = in.object(value, members);
    if (condition == nullptr) return;
    if (in.has_type(*condition, "dpv:StorageLocation")) {
      for (const std::string& one : in.terms(*condition, "dpv:hasLocation")) {
        made.storage_locations.push_back(one);
      }
    } else if (in.has_type(*condition, "dpv:StorageDuration")) {
      made.retention = duration_text(in, *condition);
    } else if (!in.has_type(*condition, "dpv:StorageDeletion")) {
      in.fail(errc::unsupported, "a storage condition that is neither location nor duration");
    }
  }
}

void read_withdrawal(reader& in, const json::object& object, circumstances& made) {
  constexpr std::string_view members[] = {"@type", "dpv:isExercisedAt"};
  for (const json::value& value : in.values(object, "dpv:hasConsentControl")) {
    const json::object* control = in.object(value, members);
    if (control == nullptr) return;
    if (!in.has_type(*control, "dpv:WithdrawConsent")) {
      in.fail(errc::unsupported, "a control of consent other than withdrawing it");
    }
    made.withdrawal_method = in.needed(*control, "dpv:isExercisedAt");
  }
}

// What is said here replaces what was said of all.
void read_circumstances(reader& in, const json::object& object, circumstances& made) {
  if (in.has(object, "dpv:hasLegalBasis")) {
    const auto* basis = by_term(basis_terms, compact(in.needed(object, "dpv:hasLegalBasis")));
    if (basis == nullptr) {
      in.fail(errc::unsupported, "a legal basis other than consent");
      return;
    }
    made.basis = basis->value;
  }
  if (in.has(object, "dpv:hasJurisdiction")) {
    made.jurisdiction = compact(in.needed(object, "dpv:hasJurisdiction"));
  }
  if (in.has(object, "dpv:hasDataController")) {
    made.controller = in.needed(object, "dpv:hasDataController");
  }
  read_storage(in, object, made);
  read_withdrawal(in, object, made);
}

template <class Id, class LookUp>
std::vector<Id> read_ids(reader& in, const json::object& object, std::string_view name,
                         const LookUp& look_up) {
  std::vector<Id> found;
  for (const std::string& term : in.terms(object, name)) {
    if (const auto id = look_up(term)) {
      found.push_back(*id);
    } else {
      in.fail(errc::unknown_field, "a term that the vocabulary does not have");
    }
  }
  return found;
}

// Somebody whom the record names and does not describe.
void add_party(record& into, std::string_view id, recipient_id role) {
  for (party& one : into.parties) {
    if (one.id != id) continue;
    if (one.role == recipient_id{}) one.role = role;
    return;
  }
  into.parties.push_back({.id = std::string(id), .role = role});
}

void read_processors(reader& in, const json::object& object, record& into) {
  for (const json::value& one : in.values(object, "dpv:hasDataProcessor")) {
    add_party(into, in.reference(one), recipient::processor);
  }
}

struct read_processes {
  record& into;
  const circumstances& of_all;
};

// Which member of a process is not there, though 27560 makes it mandatory.
std::string_view missing_of(const circumstances& said, const process& made, bool purposes,
                            bool recipients) {
  if (!purposes) return "dpv:hasPurpose";
  if (!recipients) return "dpv:hasRecipient";
  if (made.data.empty()) return "dpv:hasPersonalData";
  if (said.controller.empty()) return "dpv:hasDataController";
  if (said.jurisdiction.empty()) return "dpv:hasJurisdiction";
  if (said.storage_locations.empty() || said.retention.empty()) return "dpv:hasStorageCondition";
  if (said.withdrawal_method.empty()) return "dpv:hasConsentControl";
  return {};
}

void read_process(reader& in, const json::value& value, read_processes& all) {
  constexpr std::string_view members[] = {"@type",
                                          "@id",
                                          "dpv:hasPurpose",
                                          "dpv:hasPersonalData",
                                          "dpv:hasProcessing",
                                          "dpv:hasLegalBasis",
                                          "dpv:hasDataController",
                                          "dpv:hasDataProcessor",
                                          "dpv:hasRecipient",
                                          "dpv:hasStorageCondition",
                                          "dpv:hasJurisdiction",
                                          "dpv:hasConsentControl",
                                          "dpv:hasProcess"};
  const json::object* object = in.object(value, members);
  if (object == nullptr) return;
  if (!in.values(*object, "dpv:hasProcess").empty()) {
    in.fail(errc::unsupported, "a process inside a process: write them side by side");
  }
  record& into = all.into;
  circumstances said = all.of_all;
  read_circumstances(in, *object, said);
  if (in.failure()) return;
  read_processors(in, *object, into);
  process made;
  made.data = read_ids<category_id>(in, *object, "dpv:hasPersonalData", exchange::category_of_term);
  made.operations =
      read_ids<operation_id>(in, *object, "dpv:hasProcessing", exchange::operation_of_term);
  made.basis = said.basis.value_or(consent_strength::none);
  made.jurisdiction = said.jurisdiction;
  made.storage_locations = said.storage_locations;
  made.retention = said.retention;
  made.withdrawal_method = said.withdrawal_method;
  if (!into.controller.empty() && into.controller != said.controller) {
    in.fail(errc::unsupported, "several controllers: write a record for each");
  }
  into.controller = said.controller;

  // Several purposes or recipients in one process: each with each.
  const auto purposes =
      read_ids<purpose_id>(in, *object, "dpv:hasPurpose", exchange::purpose_of_term);
  const auto recipients = in.values(*object, "dpv:hasRecipient");
  const auto missing = missing_of(said, made, !purposes.empty(), !recipients.empty());
  if (!missing.empty()) {
    in.look_at(missing);
    in.fail(errc::missing_field, "a process lacks a mandatory field");
    return;
  }
  if (purposes.size() * recipients.size() > most_processes - into.processes.size()) {
    in.fail(errc::limit_exceeded, "more processes than a record may have");
    return;
  }
  for (const purpose_id purpose : purposes) {
    for (const json::value& recipient : recipients) {
      made.purpose = purpose;
      made.recipient = in.reference(recipient);
      into.processes.push_back(made);
    }
  }
}

// An organisation has several numbers; it is known by the one that the record calls it by.
std::string party_id(reader& in, const json::object& object) {
  for (const std::string_view name : {"@id", "dct:identifier", "dpv:hasIdentifier"}) {
    const auto found = in.values(object, name);
    if (found.size() == 1 && found[0].is_string()) return std::string(in.text(found[0]));
  }
  in.fail(errc::missing_field, "an id is absent");
  return {};
}

std::string read_address(reader& in, const json::object& object) {
  const auto found = in.values(object, "schema:address");
  if (found.size() != 1 || !found[0].is_object()) return in.one(object, "schema:address");
  constexpr std::string_view members[] = {"@type",
                                          "schema:streetAddress",
                                          "schema:addressLocality",
                                          "schema:addressRegion",
                                          "schema:postalCode",
                                          "schema:addressCountry"};
  const json::object* address = in.object(found[0], members);
  std::string made;
  for (std::size_t i = 1; address != nullptr && i < std::size(members); ++i) {
    const std::string part = in.one(*address, members[i]);
    if (!part.empty()) made.append(made.empty() ? "" : ", ").append(part);
  }
  return made;
}

party read_party(reader& in, const json::value& value) {
  party made;
  constexpr std::string_view members[] = {"@id",
                                          "@type",
                                          "dpv:hasIdentifier",
                                          "dpv:hasName",
                                          "schema:address",
                                          "schema:contactPoint",
                                          "dct:identifier",
                                          "schema:url",
                                          "dpv:hasContact"};
  const json::object* object = in.object(value, members);
  if (object == nullptr) return made;
  made.id = party_id(in, *object);
  made.name = in.one(*object, "dpv:hasName");
  made.address = read_address(in, *object);
  std::optional<recipient_id> role;
  for (const std::string& type : in.terms(*object, "@type")) {
    if (type == "dpv:Organisation" || type == "dpv:LegalEntity" || type == "dpv:Entity") continue;
    const auto known = exchange::recipient_of_term(type);
    if (!known || role) in.fail(errc::unknown_field, "a party has one known role");
    role = known;
  }
  made.role = role.value_or(recipient_id{});
  // The address of a data protection officer, a telephone, a page: the first e-mail address is
  // kept.
  for (const json::value& contact : in.values(*object, "schema:contactPoint")) {
    if (!contact.is_object() || !made.contact.empty()) continue;
    made.contact = in.one(contact.get_object(), "schema:email");
  }
  return made;
}

notice read_notice(reader& in, const json::object& object) {
  notice made;
  const auto found = in.values(object, "dpv:hasNotice");
  if (found.size() != 1) {
    in.fail(errc::missing_field, "a record has one notice");
    return made;
  }
  constexpr std::string_view members[] = {
      "@id",          "@type",          "dct:identifier", "dpv:hasIdentifier", "dct:hasVersion",
      "dct:language", "cb:contentHash", "schema:url",     "dct:date",          "dct:coverage"};
  const json::object* notice_object = in.object(found[0], members);
  if (notice_object == nullptr) return made;
  made.id = read_id(in, *notice_object);
  // A notice without a number is told from its others by its date.
  made.version = in.one(*notice_object, "dct:hasVersion");
  if (made.version.empty()) made.version = in.one(*notice_object, "dct:date");
  if (made.version.empty()) made.version = in.needed(*notice_object, "dct:hasVersion");
  made.language = in.needed(*notice_object, "dct:language");
  made.content_hash = in.one(*notice_object, "cb:contentHash");
  made.url = in.one(*notice_object, "schema:url");
  return made;
}

bool conforms(reader& in, const json::object& object, std::string_view plain,
              std::initializer_list<std::string_view> gdpr) {
  std::string schema = in.needed(object, "dct:conformsTo");
  if (std::string_view(schema).starts_with(schema_base)) schema.erase(0, schema_base.size());
  if (std::find(gdpr.begin(), gdpr.end(), schema) != gdpr.end()) return true;
  if (schema != plain && schema != "receipt-record") {
    in.fail(errc::unsupported, "a schema other than dpv-27560");
  }
  return false;
}

bool is_party(const record& made, std::string_view id) {
  return std::any_of(made.parties.begin(), made.parties.end(),
                     [&](const party& each) { return each.id == id; });
}

// Their id alone is kept. A record of a child is none of somebody who says nothing of their age.
std::string read_subject(reader& in, const json::object& object) {
  const auto found = in.values(object, "dpv:hasDataSubject");
  if (found.size() != 1 || !found[0].is_object()) return in.needed(object, "dpv:hasDataSubject");
  constexpr std::string_view members[] = {"@id", "@type", "skos:broader"};
  constexpr std::string_view kinds[] = {"dpv:DataSubject", "dpv:Consumer",     "dpv:Customer",
                                        "dpv:Client",      "dpv:User",         "dpv:Subscriber",
                                        "dpv:Member",      "dpv:Visitor",      "dpv:Adult",
                                        "dpv:Participant", "dpv:NaturalPerson"};
  const json::object* subject = in.object(found[0], members);
  if (subject == nullptr) return {};
  for (const std::string_view member : {"@type", "skos:broader"}) {
    for (const std::string& kind : in.terms(*subject, member)) {
      if (std::find(std::begin(kinds), std::end(kinds), kind) != std::end(kinds)) continue;
      in.fail(errc::unsupported, "a kind of person of whom this record keeps nothing");
    }
  }
  return in.needed(*subject, "@id");
}

// Controllers, processors and classes of recipients need no description; whoever else receives
// something does.
void settle_parties(reader& in, record& made) {
  add_party(made, made.controller, recipient::self);
  for (const process& one : made.processes) {
    if (is_party(made, one.recipient)) continue;
    if (const auto known = exchange::recipient_of_term(compact(one.recipient))) {
      add_party(made, one.recipient, *known);
    } else {
      in.look_at("dpv:hasRecipient");
      in.fail(errc::invalid_value, "a recipient that is not among the parties");
    }
  }
  for (const party& one : made.parties) {
    if (one.role != recipient_id{}) continue;
    in.look_at("dpv:hasEntity");
    in.fail(errc::missing_field, "a party has one known role");
  }
}

// A process that says nothing of its consent stands on the weakest that was given, and each of
// those says how it was. Who only takes back needs none.
void settle_basis(reader& in, record& made, std::optional<consent_strength> weakest) {
  if (std::none_of(made.events.begin(), made.events.end(),
                   [](const event& one) { return permits(one.what); })) {
    return;
  }
  for (process& one : made.processes) {
    if (one.basis != consent_strength::none) continue;
    if (weakest.value_or(consent_strength::none) == consent_strength::none) {
      in.look_at("dpv:hasLegalBasis");
      in.fail(errc::missing_field, "a process lacks a mandatory field");
      return;
    }
    one.basis = *weakest;
  }
}

constexpr std::string_view record_members[] = {"@id",
                                               "@type",
                                               "dct:conformsTo",
                                               "dct:identifier",
                                               "dpv:hasIdentifier",
                                               "dpv:hasDataSubject",
                                               "dpv:hasNotice",
                                               "dpv:hasProcess",
                                               "dpv:hasConsentStatus",
                                               "dpv:hasEntity",
                                               "dpv:hasLegalBasis",
                                               "dpv:hasDataController",
                                               "dpv:hasDataProcessor",
                                               "dpv:hasStorageCondition",
                                               "dpv:hasJurisdiction",
                                               "dpv:hasConsentControl"};

record read_record_object(reader& in, const json::value& value) {
  record made;
  const json::object* object = in.object(value, record_members);
  if (object == nullptr) return made;
  read_context(in, *object);
  if (!in.has_type(*object, "dpv:ConsentRecord")) {
    in.fail(errc::wrong_type, "not a dpv:ConsentRecord");
  }
  made.gdpr = conforms(in, *object, "record",
                       {"record-eu-gdpr", "https://w3id.org/dpv/schema/dpv-27560-GDPR"});
  made.id = read_id(in, *object);
  made.subject = read_subject(in, *object);
  made.notice = read_notice(in, *object);
  circumstances of_all;
  read_circumstances(in, *object, of_all);
  const auto each = [&](std::string_view name, const auto& read) {
    std::size_t number = 0;
    for (const json::value& one : in.values(*object, name)) {
      in.place(++number);
      read(one);
      if (in.failure()) return;
    }
    in.place(0);
    if (number == 0) in.fail(errc::missing_field, "a record has processes and events");
  };
  if (in.has(*object, "dpv:hasEntity")) {
    each("dpv:hasEntity",
         [&](const json::value& one) { made.parties.push_back(read_party(in, one)); });
  }
  read_processors(in, *object, made);
  read_processes processes{made, of_all};
  each("dpv:hasProcess", [&](const json::value& one) { read_process(in, one, processes); });
  settle_parties(in, made);
  std::optional<consent_strength> weakest;
  each("dpv:hasConsentStatus", [&](const json::value& one) {
    const read_event_result read = read_event(in, one, made);
    made.events.push_back(read.made);
    if (!permits(read.made.what)) return;
    const consent_strength strength = read.strength.value_or(consent_strength::none);
    weakest = weakest ? std::min(*weakest, strength) : strength;
  });
  settle_basis(in, made, weakest);
  return made;
}

template <class Value>
result<Value> finish(const reader& in, Value&& made, std::string* where) {
  if (in.failure() && where != nullptr) *where = in.member();
  if (in.failure()) return *in.failure();
  return std::forward<Value>(made);
}

// ---- Writing.

json::array list(std::string_view text) { return json::array{json::string(text)}; }

std::string written(timestamp instant) {
  char text[20];
  write_timestamp(instant, text);
  return {text, sizeof text};
}

json::object context() {
  json::object made;
  for (const auto& prefix : exchange::dpv_prefixes()) made[prefix.name] = prefix.iri;
  return made;
}

template <class Id>
json::array terms_of(std::span<const Id> ids) {
  json::array made;
  for (const Id id : ids) made.push_back(json::string(term_of(id)));
  return made;
}

json::object process_object(const record& from, const process& one) {
  json::object made;
  made["@type"] = list("dpv:Process");
  made["dpv:hasPurpose"] = list(term_of(one.purpose));
  made["dpv:hasPersonalData"] = terms_of<category_id>(one.data);
  if (!one.operations.empty()) made["dpv:hasProcessing"] = terms_of<operation_id>(one.operations);
  made["dpv:hasLegalBasis"] = list(basis_for(one.basis, from.gdpr));
  made["dpv:hasDataController"] = list(from.controller);
  made["dpv:hasRecipient"] = list(one.recipient);
  json::array locations;
  for (const std::string& where : one.storage_locations) {
    locations.push_back(json::string(where));
  }
  made["dpv:hasStorageCondition"] = json::array{
      json::object{{"@type", list("dpv:StorageLocation")},
                   {"dpv:hasLocation", std::move(locations)}},
      json::object{{"@type", list("dpv:StorageDuration")}, {"rdf:value", list(one.retention)}}};
  made["dpv:hasJurisdiction"] = list(one.jurisdiction);
  made["dpv:hasConsentControl"] = json::array{json::object{
      {"@type", list("dpv:WithdrawConsent")}, {"dpv:isExercisedAt", list(one.withdrawal_method)}}};
  return made;
}

json::object event_object(const event& one) {
  json::object made;
  made["@type"] = list(term_for(state_terms, one.what));
  made["dpv:isIndicatedAtTime"] = list(written(one.at));
  made["dpv:hasDuration"] =
      json::array{one.until ? json::object{{"@type", list("dpv:UntilTimeDuration")},
                                           {"rdf:value", list(written(*one.until))}}
                            : json::object{{"@type", list("dpv:EndlessDuration")}}};
  made["dpv:isIndicatedBy"] = list(term_for(who_terms, one.who));
  if (!one.method.empty()) made["dpv:hasIndicationMethod"] = list(one.method);
  return made;
}

json::object party_object(const party& one) {
  json::object made;
  made["@id"] = one.id;
  made["@type"] = list(term_of(one.role));
  made["dpv:hasIdentifier"] = list(one.id);
  made["dpv:hasName"] = list(one.name);
  made["schema:address"] = list(one.address);
  made["schema:contactPoint"] = json::array{
      json::object{{"@type", list("schema:ContactPoint")}, {"schema:email", list(one.contact)}}};
  return made;
}

json::object notice_object(const notice& one) {
  json::object made;
  made["@type"] = list("dpv:ConsentNotice");
  made["dct:identifier"] = list(one.id);
  made["dct:hasVersion"] = list(one.version);
  made["dct:language"] = list(one.language);
  if (!one.content_hash.empty()) made["cb:contentHash"] = list(one.content_hash);
  if (!one.url.empty()) made["schema:url"] = list(one.url);
  return made;
}

json::object record_object(const record& from) {
  json::object made;
  made["@id"] = from.id;
  made["@type"] = list("dpv:ConsentRecord");
  made["dct:conformsTo"] =
      list(std::string(schema_base) + (from.gdpr ? "record-eu-gdpr" : "record"));
  made["dct:identifier"] = list(from.id);
  made["dpv:hasIdentifier"] = list(from.id);
  made["dpv:hasDataSubject"] = list(from.subject);
  made["dpv:hasNotice"] = json::array{notice_object(from.notice)};
  json::array processes;
  for (const process& one : from.processes) processes.push_back(process_object(from, one));
  made["dpv:hasProcess"] = std::move(processes);
  json::array events;
  for (const event& one : from.events) events.push_back(event_object(one));
  made["dpv:hasConsentStatus"] = std::move(events);
  json::array parties;
  for (const party& one : from.parties) parties.push_back(party_object(one));
  made["dpv:hasEntity"] = std::move(parties);
  return made;
}

bool any_empty(std::initializer_list<std::string_view> texts) {
  return std::any_of(texts.begin(), texts.end(),
                     [](std::string_view text) { return text.empty(); });
}

result<void> check_process(const record& from, const process& one, std::size_t number) {
  if (any_empty({one.recipient, one.retention, one.jurisdiction, one.withdrawal_method}) ||
      one.data.empty() || one.storage_locations.empty() ||
      std::find(one.storage_locations.begin(), one.storage_locations.end(), "") !=
          one.storage_locations.end()) {
    return error{errc::missing_field, "a process lacks a mandatory field", number};
  }
  const auto unknown = [](auto id) { return term_of(id).empty(); };
  if (basis_for(one.basis, from.gdpr).empty()) {
    return error{errc::missing_field, "a consent has a strength", number};
  }
  if (unknown(one.purpose) || std::any_of(one.data.begin(), one.data.end(), unknown) ||
      std::any_of(one.operations.begin(), one.operations.end(), unknown)) {
    return error{errc::unknown_field, "an id that the vocabulary does not have", number};
  }
  if (!is_party(from, one.recipient)) {
    return error{errc::invalid_value, "a recipient that is not among the parties", number};
  }
  return {};
}

result<void> check(const record& from) {
  if (any_empty({from.id, from.subject, from.controller, from.notice.id, from.notice.version,
                 from.notice.language}) ||
      from.processes.empty() || from.events.empty() || from.parties.empty()) {
    return error{errc::missing_field, "a record lacks a mandatory field"};
  }
  if (from.processes.size() > most_processes) {
    return error{errc::limit_exceeded, "more processes than a record may have"};
  }
  for (std::size_t i = 0; i < from.processes.size(); ++i) {
    const auto done = check_process(from, from.processes[i], i + 1);
    if (!done) return done;
  }
  for (std::size_t i = 0; i < from.parties.size(); ++i) {
    const party& one = from.parties[i];
    if (any_empty({one.id, one.name, one.address, one.contact})) {
      return error{errc::missing_field, "a party lacks a mandatory field", i + 1};
    }
    if (term_of(one.role).empty()) {
      return error{errc::unknown_field, "an id that the vocabulary does not have", i + 1};
    }
  }
  if (!is_party(from, from.controller)) {
    return error{errc::invalid_value, "a controller that is not among the parties"};
  }
  return {};
}

json::object with_context(json::object&& body) {
  json::object made;
  made["@context"] = context();
  for (auto& member : body) made[member.key()] = std::move(member.value());
  return made;
}

}  // namespace

result<record> read_record(std::string_view text, std::string* where) try {
  reader in(text);
  record made;
  if (!in.failure()) made = read_record_object(in, in.document());
  return finish(in, std::move(made), where);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<receipt> read_receipt(std::string_view text, std::string* where) try {
  reader in(text);
  receipt made;
  constexpr std::string_view members[] = {"@id",
                                          "@type",
                                          "dct:conformsTo",
                                          "dct:created",
                                          "dct:identifier",
                                          "dpv:hasIdentifier",
                                          "dpv:hasRecordOfActivity"};
  const json::object* object = in.object(in.document(), members);
  if (object != nullptr) {
    read_context(in, *object);
    if (!in.has_type(*object, "dpv:ConsentReceipt")) {
      in.fail(errc::wrong_type, "not a dpv:ConsentReceipt");
    }
    conforms(in, *object, "receipt", {"receipt-eu-gdpr"});
    made.id = read_id(in, *object);
    made.created = in.time(in.needed(*object, "dct:created"));
    const auto records = in.values(*object, "dpv:hasRecordOfActivity");
    if (records.size() == 1) {
      made.record = read_record_object(in, records[0]);
    } else {
      in.fail(errc::missing_field, "a receipt has one record");
    }
  }
  return finish(in, std::move(made), where);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> write_record(const record& from) try {
  if (const auto checked = check(from); !checked) return checked.error();
  return json::serialize(with_context(record_object(from)));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> write_receipt(const receipt& from) try {
  if (const auto checked = check(from.record); !checked) return checked.error();
  if (from.id.empty()) return error{errc::missing_field, "a receipt has an id"};
  json::object made;
  made["@id"] = from.id;
  made["@type"] = list("dpv:ConsentReceipt");
  made["dct:conformsTo"] =
      list(std::string(schema_base) + (from.record.gdpr ? "receipt-eu-gdpr" : "receipt"));
  made["dct:identifier"] = list(from.id);
  made["dpv:hasIdentifier"] = list(from.id);
  made["dct:created"] = list(written(from.created));
  made["dpv:hasRecordOfActivity"] = json::array{record_object(from.record)};
  return json::serialize(with_context(std::move(made)));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook::iso27560
