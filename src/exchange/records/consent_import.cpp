// Consents and signals from elsewhere as directives, and a book's directives as records.
//
// What comes from outside may only tighten, unless it is a consent with all that a consent needs: a
// doubtful yes is dropped, a doubtful no is kept. Which purposes a signal denies is a row of the
// law profile; here formats' own words are turned into the vocabulary.
#include <clientbook/exchange/consent_import.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>

#include <algorithm>
#include <optional>
#include <string_view>

#include <clientbook/base/hex.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/terms.hpp>

namespace clientbook {
namespace {

constexpr bool is_zero(const consent_hash& hash) noexcept {
  return std::all_of(hash.begin(), hash.end(), [](std::byte byte) { return byte == std::byte{}; });
}

timestamp day_of(timestamp at) noexcept { return start_of(date_of(at)); }

// All but the business itself and its processors.
const recipient_set others{recipient::joint_controller, recipient::affiliate,
                           recipient::contractor,       recipient::third_party,
                           recipient::public_authority, recipient::representative_of_subject};

// ---- What a denial of a purpose in the words of a format covers.

const purpose_set& denied_by_tcf(unsigned number) noexcept {
  static const purpose_set advertising{purpose::advertising, purpose::targeted_advertising,
                                       purpose::personalised_advertising,
                                       purpose::cross_context_behavioural_advertising};
  static const purpose_set content{purpose::personalisation};
  static const purpose_set audiences{purpose::service_usage_analytics,
                                     purpose::commercial_research};
  static const purpose_set development{purpose::research_and_development,
                                       purpose::service_optimisation,
                                       purpose::optimisation_for_controller};
  switch (number) {
    case 2:
    case 3:
    case 4:
    case 7:
      return advertising;
    case 5:
    case 6:
    case 11:
      return content;
    case 8:
    case 9:
      return audiences;
    case 10:
      return development;
    default:  // Storing on the device comes before everything else; an unknown one may be any.
      return all_purposes();
  }
}

purpose_set denied_purposes(const consent_signal& signal) noexcept {
  switch (signal.purpose) {
    case signal_purpose::sale:
      return {purpose::sell_data_to_third_parties, purpose::sell_insights_from_data};
    case signal_purpose::sharing:
      return {purpose::cross_context_behavioural_advertising};
    case signal_purpose::targeted_advertising:
      return {purpose::targeted_advertising, purpose::personalised_advertising,
              purpose::cross_context_behavioural_advertising};
    case signal_purpose::secondary_use:
      return {purpose::marketing,
              purpose::research_and_development,
              purpose::onward_research,
              purpose::data_enrichment,
              purpose::sell_insights_from_data,
              purpose::sell_data_to_third_parties};
    case signal_purpose::email_marketing:
      return {purpose::email_marketing};
    case signal_purpose::tcf_purpose:
      return denied_by_tcf(signal.tcf_number);
    case signal_purpose::any:
    case signal_purpose::sensitive_data:
    case signal_purpose::known_child:
    case signal_purpose::tcf_special_feature:
      break;
  }
  return all_purposes();
}

struct data_row {
  us_data kind;
  category_set categories;
};

category_set categories_of(std::uint16_t data) noexcept {
  if (data == 0) return all_categories();
  static const data_row rows[] = {
      {us_data::racial_or_ethnic_origin,
       {category::race, category::ethnic_origin, category::ethnicity}},
      {us_data::religious_beliefs,
       {category::religion, category::religious_belief, category::philosophical_belief}},
      {us_data::health, {category::health, category::medical_health}},
      {us_data::sex_life_or_orientation, {category::sexual}},
      {us_data::citizenship_or_immigration,
       {category::citizenship, category::nationality, category::immigration_status}},
      {us_data::genetic, {category::genetic}},
      {us_data::biometric, {category::biometric}},
      {us_data::precise_geolocation,
       {category::precise_geolocation, category::gps_coordinate, category::current_location}},
      {us_data::government_id,
       {category::official_id, category::social_security_number, category::passport,
        category::vehicle_license}},
      // An account or card number "in combination with" its code; a card's token and last four,
      // which are what a book holds, are not meant (1798.140(ae)(1)(B)).
      {us_data::account_credentials,
       {category::account_login, category::password, category::pin_code}},
      {us_data::union_membership, {category::trade_union_membership}},
      {us_data::message_contents,
       {category::email_content, category::voice_mail, category::communication}},
      {us_data::consumer_health, {category::health, category::medical_health}},
      {us_data::crime_victim, {category::crime_victim_status}},
      {us_data::national_origin, {category::national_origin, category::ethnic_origin}},
      {us_data::transgender_or_nonbinary, {category::gender_identity}},
  };
  category_set found;
  for (const data_row& row : rows) {
    if ((data & static_cast<std::uint16_t>(row.kind)) != 0) found |= row.categories;
  }
  return found;
}

// Whether a row of a profile's signal table speaks of this signal.
bool speaks_of(const signal_rule& row, const consent_signal& signal) noexcept {
  const bool there =
      row.sections == 0 || (signal.section < 32 && (row.sections >> signal.section & 1U) != 0);
  if (!there) return false;
  switch (row.signal) {
    case profile_signal::gpc:
      return signal.source == signal_source::sec_gpc;
    case profile_signal::sale_opt_out:
      return signal.purpose == signal_purpose::sale;
    case profile_signal::sharing_opt_out:
      return signal.purpose == signal_purpose::sharing;
    case profile_signal::targeted_advertising_opt_out:
      return signal.purpose == signal_purpose::targeted_advertising;
  }
  return false;
}

consent_channel channel_of(signal_source source) noexcept {
  switch (source) {
    case signal_source::sec_gpc:
      return consent_channel::signal_gpc;
    case signal_source::gpp:
    case signal_source::usp:
      return consent_channel::signal_gpp;
    case signal_source::tcf:
    case signal_source::tcf_canada:
      return consent_channel::signal_tcf;
    default:
      return consent_channel::import;
  }
}

// ---- Making directives.

// Makes directives of one person from whatever came. Denials take effect at once; a grant only if
// the caller said under which notice it counts, and then with that notice and nothing wider. The
// first failure ends it: half an import would be a consent without its limits.
class importer {
 public:
  importer(const consent_import& how, random_source& random) : how_(how), random_(random) {}

  result<imported_consent> finish() && {
    if (failure_) return *failure_;
    return std::move(made_);
  }

  void add(const consent_signal& signal) {
    if (signal.effect == signal_effect::candidate_grant) {
      add_grant(signal);
      return;
    }
    if (signal.effect == signal_effect::withdrawal) {
      add_withdrawal(signal);
      return;
    }
    directive one = blank(kind_of(signal.effect));
    one.channel = channel_of(signal.source);
    one.event_at = signal.at.value_or(how_.now);
    if (signal.refused != errc::none) blame_nobody(one, signal);
    one.scope = {denied_purposes(signal), recipients_of(signal), categories_of(signal.data),
                 all_operations};
    for (const signal_rule& row : rows()) {
      if (!speaks_of(row, signal)) continue;
      one.scope.purposes |= row.purposes & all_purposes();
      one.scope.recipients |= row.recipients;
    }
    if (one.scope.recipients.empty()) return;
    keep_joined(one, signal.ages);
    if (signal.purpose != signal_purpose::sale) return;
    // A sale is a sale under whatever purpose it goes.
    one.scope.purposes = all_purposes();
    one.scope.operations = {operation::sell};
    keep_joined(one, signal.ages);
  }

  void add(const iso27560::record& record, const recipient_registry& registry) {
    // In the order in which they were said; of what was said at one time what takes back comes
    // last.
    std::vector<iso27560::event> events = record.events;
    std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) {
      return std::pair(a.at, !permits(a.what)) < std::pair(b.at, !permits(b.what));
    });
    for (const iso27560::event& event : events) {
      for (const iso27560::process& process : record.processes) {
        add_event(record, registry, event, process);
      }
    }
  }

 private:
  directive blank(directive_kind kind) const {
    directive one;
    one.kind = kind;
    one.channel = consent_channel::import;
    one.jurisdiction = how_.jurisdiction;
    one.profile_version = how_.profile_version;
    one.registry_version = how_.registry_version;
    one.recorder = how_.recorder;
    one.evidence = how_.evidence;
    return one;
  }

  void make_grant(directive& one) const {
    one.basis = lawful_basis::consent;
    one.notice = how_.notice;
    one.informed = true;
  }

  std::span<const signal_rule> rows() const {
    if (how_.profile == nullptr) return {};
    return how_.profile->signals;
  }

  static directive_kind kind_of(signal_effect effect) noexcept {
    if (effect == signal_effect::objection) return directive_kind::object;
    return effect == signal_effect::refusal ? directive_kind::refuse : directive_kind::deny;
  }

  // What could not be read is not what the customer did: the shop itself is careful here.
  static void blame_nobody(directive& one, const consent_signal& signal) {
    one.by = indicated_by::controller;
    one.evidence = {};
    one.evidence.reference =
        short_text<64>("unreadable signal: GPP section " + std::to_string(signal.section));
  }

  bool has_notice() const { return !is_zero(how_.notice.hash); }

  void keep(directive one, age_range ages = {}) {
    if (failure_) return;
    if (const auto filled = random_.fill(one.id.bytes); !filled) {
      failure_ = filled.error();
      return;
    }
    made_.directives.push_back(one);
    made_.ages.push_back(ages);
  }

  void keep_joined(const directive& one, age_range ages = {}) {
    for (std::size_t i = 0; i < made_.directives.size(); ++i) {
      if (made_.ages[i] == ages && joined(made_.directives[i], one)) return;
    }
    keep(one, ages);
  }

  // A string speaks of each purpose and each run of vendors by itself. What differs in one
  // dimension only is said once, where both together cover no more than each for itself: two
  // grants may cover a term that has a parent in either.
  template <class Set>
  static bool joined(Set& into, const Set& more, bool grant) {
    const Set both = into | more;
    if (grant && covered_by_grant(both) != (covered_by_grant(into) | covered_by_grant(more))) {
      return false;
    }
    into = both;
    return true;
  }
  static bool joined(directive& into, const directive& more) {
    directive same = more;
    same.id = into.id;
    same.scope = into.scope;
    if (same != into || into.scope.categories != more.scope.categories ||
        into.scope.operations != more.scope.operations) {
      return false;
    }
    const bool grant = widens(more.kind);
    if (into.scope.recipients == more.scope.recipients) {
      return joined(into.scope.purposes, more.scope.purposes, grant);
    }
    return into.scope.purposes == more.scope.purposes &&
           joined(into.scope.recipients, more.scope.recipients, grant);
  }

  recipient_set recipients_of(const consent_signal& signal) const {
    if (signal.recipients == signal_recipients::all) return {recipient::any};
    if (signal.recipients == signal_recipients::others) return others;
    recipient_set found;
    for (const vendor_party& known : how_.vendors) {
      if (known.vendor >= signal.vendors.first && known.vendor <= signal.vendors.last) {
        found.add(known.party);
      }
    }
    return found;
  }

  // Two consents have a scope that is plain: marketing by e-mail, and TCF purposes as the
  // importer reads them.
  std::optional<consent_scope> scope_of(const consent_signal& signal) const {
    if (signal.purpose == signal_purpose::email_marketing) {
      return consent_scope{{purpose::email_marketing},
                           {recipient::self},
                           {category::email_address},
                           {operation::collect, operation::store, operation::use}};
    }
    if (signal.purpose != signal_purpose::tcf_purpose ||
        signal.tcf_number >= how_.tcf_purposes.size()) {
      return {};
    }
    const consent_scope scope{how_.tcf_purposes[signal.tcf_number],
                              recipients_of(signal),
                              {category::uid, category::browsing_behaviour, category::ip_address},
                              {operation::use, operation::disclose}};
    if (scope.purposes.empty() || scope.recipients.empty()) return {};
    return scope;
  }

  void add_grant(const consent_signal& signal) {
    const auto scope = scope_of(signal);
    if (!signal.at || !has_notice() || !scope) {
      ++made_.left_out;
      return;
    }
    directive one = blank(directive_kind::grant);
    one.channel = channel_of(signal.source);
    one.strength = consent_strength::expressed;
    make_grant(one);
    one.scope = *scope;
    one.event_at = *signal.at;
    keep_joined(one);
  }

  // Whatever an earlier string of this kind may have granted.
  void add_withdrawal(const consent_signal& signal) {
    const auto scope = scope_of(signal);
    if (!scope) return;
    directive one = blank(directive_kind::withdraw);
    one.channel = channel_of(signal.source);
    one.event_at = signal.at.value_or(how_.now);
    one.scope = *scope;
    one.scope.operations = all_operations;
    keep_joined(one);
  }

  static std::optional<directive_kind> kind_of(iso27560::state state) noexcept {
    switch (state) {
      case iso27560::state::requested:
        return directive_kind::request;
      case iso27560::state::deferred:
        return directive_kind::defer;
      case iso27560::state::refused:
        return directive_kind::refuse;
      case iso27560::state::given:
        return directive_kind::grant;
      case iso27560::state::renewed:
        return directive_kind::renew;
      case iso27560::state::withdrawn:
        return directive_kind::withdraw;
      case iso27560::state::revoked:
      case iso27560::state::expired:  // What the other system relies on no more.
        return directive_kind::revoke;
      case iso27560::state::invalidated:  // Which directive is void is not said: deny it all.
        return directive_kind::deny;
      case iso27560::state::unknown:
        break;
    }
    return {};
  }

  void add_event(const iso27560::record& record, const recipient_registry& registry,
                 const iso27560::event& event, const iso27560::process& process) {
    const auto kind = kind_of(event.what);
    if (!kind) {
      ++made_.left_out;
      return;
    }
    const bool grant = widens(*kind);
    directive one = blank(*kind);
    one.by = event.who;
    // What was taken back on a day alone counts as said at its end, which today is yet to come.
    one.event_at = grant ? event.at : std::min(event.at, std::max(how_.now, day_of(event.at)));
    one.scope.purposes.add(process.purpose);
    one.scope.operations = all_operations;
    for (const category_id category : process.data) one.scope.categories.add(category);
    if (const auto to = recipient_in(record, registry, process.recipient, grant)) {
      one.scope.recipients.add(*to);
    }
    if (grant) {
      one.scope.operations = {};
      for (const operation_id operation : process.operations) one.scope.operations.add(operation);
      one.strength = process.basis;
      one.not_after = event.until;
      make_grant(one);
      if (!has_notice() || one.scope.operations.empty()) one.scope.recipients = {};
    }
    if (one.scope.recipients.empty()) {
      made_.left_out += grant ? 1u : 0u;
      return;
    }
    keep(one);
  }

  static std::optional<recipient_id> recipient_in(const iso27560::record& record,
                                                  const recipient_registry& registry,
                                                  std::string_view id, bool grant) {
    if (id == record.controller) return recipient::self;
    for (const iso27560::party& party : record.parties) {
      if (party.id != id) continue;
      const auto known = registry.find(std::string_view(party.name));
      if (known && !party.name.empty()) {
        if (!grant || (known->removed == 0 && known->party_class == party.role)) return known->id;
      }
      return grant ? std::nullopt : std::optional(party.role);
    }
    return {};
  }

  const consent_import& how_;
  random_source& random_;
  imported_consent made_;
  std::optional<error> failure_;
};

// ---- Directives as records.

std::optional<iso27560::state> state_of(directive_kind kind) noexcept {
  switch (kind) {
    case directive_kind::grant:
      return iso27560::state::given;
    case directive_kind::renew:
      return iso27560::state::renewed;
    case directive_kind::refuse:
      return iso27560::state::refused;
    case directive_kind::withdraw:
      return iso27560::state::withdrawn;
    case directive_kind::revoke:
      return iso27560::state::revoked;
    case directive_kind::invalidate:
      return iso27560::state::invalidated;
    case directive_kind::request:
      return iso27560::state::requested;
    case directive_kind::defer:
      return iso27560::state::deferred;
    default:
      return {};
  }
}

// Whether a notice announces a party: by itself, or by a class that it was in when it was shown.
bool announces(const privacy_notice& notice, const recipient_party& party) noexcept {
  return notice.announced.recipients.contains(party.id) ||
         (party.added <= notice.registry_version &&
          covered_by_grant(notice.announced.recipients).contains(party.party_class));
}

// What of a grant the notice announced; any other directive is as it was said.
consent_scope announced_scope(const directive& from, const privacy_notice* notice) noexcept {
  consent_scope scope = from.scope;
  if (notice == nullptr || !widens(from.kind)) return scope;
  scope.purposes &= covered_by_grant(notice->announced.purposes);
  scope.categories &= covered_by_grant(notice->announced.categories);
  scope.operations &= covered_by_grant(notice->announced.operations);
  return scope;
}

// Who is named: the shop itself, parties, and of each class the parties it had when shown.
result<std::vector<iso27560::party>> named_recipients(const directive& from,
                                                      const recipient_registry& registry,
                                                      const record_details& details) {
  std::vector<iso27560::party> named;
  const privacy_notice* notice = widens(from.kind) ? details.notice : nullptr;
  // What takes back or refuses reaches everybody below whom it names, the shop itself among them.
  const recipient_set covered = widens(from.kind) ? covered_by_grant(from.scope.recipients)
                                                  : covered_by_denial(from.scope.recipients);
  const recipient_set& own = widens(from.kind) ? from.scope.recipients : covered;
  if (own.contains(recipient::self) &&
      (notice == nullptr || notice->announced.recipients.contains(recipient::self))) {
    named.push_back(details.controller);
  }
  for (const recipient_party& known : registry.parties()) {
    const bool shown = known.added <= from.registry_version;
    const bool in_class = covered.contains(known.party_class) && shown;
    if (!from.scope.recipients.contains(known.id) && !in_class) continue;
    if (notice != nullptr && !announces(*notice, known)) continue;
    const auto found =
        std::find_if(details.parties.begin(), details.parties.end(),
                     [&](const iso27560::party& one) { return one.name == known.name.view(); });
    if (found == details.parties.end()) {
      return error{errc::not_found, "a recipient whose address is not known", known.id.value};
    }
    named.push_back(*found);
    named.back().role = known.party_class;
  }
  if (named.empty()) return error{errc::missing_field, "a record names its recipients"};
  return named;
}

}  // namespace

tcf_purpose_map nearest_tcf_purposes() noexcept {
  tcf_purpose_map map{};
  map[2] = map[7] = {purpose::advertising};
  map[3] = map[4] = {purpose::personalised_advertising};
  map[5] = map[6] = map[11] = {purpose::personalisation};
  map[8] = {purpose::service_usage_analytics};
  map[9] = {purpose::commercial_research};
  map[10] = {purpose::service_optimisation};
  return map;
}

result<imported_consent> directives_of(std::span<const consent_signal> signals,
                                       const consent_import& how, random_source& random) try {
  importer made(how, random);
  const auto grants = [](const consent_signal& signal) {
    return signal.effect == signal_effect::candidate_grant;
  };
  // What takes back comes first: it would take what the same string gives.
  for (const consent_signal& signal : signals) {
    if (!grants(signal)) made.add(signal);
  }
  for (const consent_signal& signal : signals) {
    if (grants(signal)) made.add(signal);
  }
  return std::move(made).finish();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<imported_consent> directives_of(const iso27560::record& record,
                                       const recipient_registry& registry,
                                       const consent_import& how, random_source& random) try {
  importer made(how, random);
  made.add(record, registry);
  return std::move(made).finish();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<iso27560::record> record_of(const directive& from, const recipient_registry& registry,
                                   const record_details& details) try {
  const auto state = state_of(from.kind);
  if (!state) return error{errc::unsupported, "a kind of directive that is no state of consent"};
  const auto named = named_recipients(from, registry, details);
  if (!named) return named.error();
  const consent_scope scope = announced_scope(from, details.notice);
  if (scope.purposes.empty() || scope.categories.empty() || scope.operations.empty()) {
    return error{errc::missing_field, "the notice announced nothing of what was granted"};
  }

  iso27560::record made;
  made.gdpr = details.gdpr;
  made.id = "urn:clientbook:directive:" + hex<std::string>(from.id.bytes);
  made.subject = hex<std::string>(from.subject.bytes);
  made.notice = {std::to_string(from.notice.id.value), std::to_string(from.notice.version),
                 details.notice_language,
                 is_zero(from.notice.hash) ? "" : hex<std::string>(from.notice.hash),
                 details.notice_url};
  made.controller = details.controller.id;
  made.parties = *named;
  if (std::none_of(named->begin(), named->end(),
                   [&](const auto& one) { return one.id == details.controller.id; })) {
    made.parties.insert(made.parties.begin(), details.controller);
  }
  made.events.push_back(
      {*state, from.event_at, from.not_after, from.by, std::string(name_of(from.channel))});

  iso27560::process one;
  one.basis = from.strength == consent_strength::none ? consent_strength::expressed : from.strength;
  one.jurisdiction = details.jurisdiction;
  one.storage_locations = {details.storage_location};
  one.retention = details.retention;
  one.withdrawal_method = details.withdrawal_method;
  scope.categories.for_each([&](category_id id) { one.data.push_back(id); });
  scope.operations.for_each([&](operation_id id) { one.operations.push_back(id); });
  scope.purposes.for_each([&](purpose_id id) {
    one.purpose = id;
    for (const iso27560::party& to : *named) {
      one.recipient = to.id;
      made.processes.push_back(one);
    }
  });
  return made;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
