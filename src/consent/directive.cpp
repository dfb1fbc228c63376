// Directives: what one must be, which may follow which, and their one form as bytes.
//
// The bytes are hashed into a chain and signed for, so one value has one form: decoding writes
// again what it read and refuses what differs. Keys of members are stored and never change. Relies
// on the vocabulary for terms and on scope_codec.hpp for the parts that profiles and notices have
// too; hashes are computed outside this room.
#include <clientbook/consent/directive.hpp>
#include <clientbook/internal/base/named.hpp>
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/schema.hpp>

#include <algorithm>

#include "scope_codec.hpp"

namespace clientbook {
namespace {

// Stored: append, never renumber.
enum key : std::uint8_t {
  key_id = 1,
  key_subject,
  key_sequence,
  key_kind,
  key_by,
  key_channel,
  key_strength,
  key_informed,
  key_purposes,
  key_recipients,
  key_categories,
  key_operations,
  key_registry,
  key_basis,
  key_notice,
  key_jurisdiction,
  key_profile_version,
  key_event_at,
  key_recorded_at,
  key_not_before,
  key_not_after,
  key_evidence,
  key_recorder,
  key_supersedes,
  key_conditions,
  key_previous,
  key_contacts,
  key_residence,
  key_works_here,
  key_age,
  key_end
};

constexpr named<directive_kind> kinds[] = {
    {directive_kind::grant, "grant"},
    {directive_kind::renew, "renew"},
    {directive_kind::refuse, "refuse"},
    {directive_kind::deny, "deny"},
    {directive_kind::withdraw, "withdraw"},
    {directive_kind::object, "object"},
    {directive_kind::restrict, "restrict"},
    {directive_kind::lift, "lift"},
    {directive_kind::revoke, "revoke"},
    {directive_kind::invalidate, "invalidate"},
    {directive_kind::request, "request"},
    {directive_kind::defer, "defer"},
    {directive_kind::basis_assertion, "basis_assertion"},
    {directive_kind::move, "move"},
    {directive_kind::proof_of_age, "proof_of_age"},
};
constexpr named<consent_strength> strengths[] = {
    {consent_strength::none, "none"},
    {consent_strength::implied, "implied"},
    {consent_strength::expressed, "expressed"},
    {consent_strength::explicit_, "explicit"},
};
constexpr named<indicated_by> indicators[] = {
    {indicated_by::subject, "subject"},     {indicated_by::guardian, "guardian"},
    {indicated_by::agent, "agent"},         {indicated_by::controller, "controller"},
    {indicated_by::authority, "authority"},
};
constexpr named<consent_channel> channels[] = {
    {consent_channel::other, "other"},
    {consent_channel::point_of_sale, "store"},
    {consent_channel::web, "web"},
    {consent_channel::phone, "phone"},
    {consent_channel::paper, "paper"},
    {consent_channel::signal_gpc, "signal_gpc"},
    {consent_channel::signal_gpp, "signal_gpp"},
    {consent_channel::signal_tcf, "signal_tcf"},
    {consent_channel::import, "import"},
};
constexpr named<lawful_basis> lawful_bases[] = {
    {lawful_basis::none, "none"},
    {lawful_basis::consent, "consent"},
    {lawful_basis::contract, "contract"},
    {lawful_basis::legal_obligation, "legal_obligation"},
    {lawful_basis::vital_interest, "vital_interest"},
    {lawful_basis::public_task, "public_task"},
    {lawful_basis::legitimate_interest, "legitimate_interest"},
    {lawful_basis::business_purpose, "business_purpose"},
};

constexpr named<service_kind> services[] = {
    {service_kind::online, "online"},
    {service_kind::in_shop, "in_shop"},
};

constexpr named<age_document> documents[] = {
    {age_document::identity_card, "identity_card"},
    {age_document::passport, "passport"},
    {age_document::driving_licence, "driving_licence"},
    {age_document::residence_permit, "residence_permit"},
    {age_document::birth_certificate, "birth_certificate"},
    {age_document::other, "other"},
};

constexpr literal no_such_word = "no such word in a directive";

bool is_grant(directive_kind kind) noexcept {
  return kind == directive_kind::grant || kind == directive_kind::renew;
}

bool has_interval(directive_kind kind) noexcept {
  switch (kind) {
    case directive_kind::grant:
    case directive_kind::renew:
    case directive_kind::refuse:
    case directive_kind::deny:
    case directive_kind::object:
    case directive_kind::restrict:
    case directive_kind::basis_assertion:
      return true;
    default:
      return false;
  }
}

result<void> check_enumerations(const directive& value) noexcept {
  if (name_of(value.kind).empty() || name_of(value.by).empty() || name_of(value.channel).empty() ||
      name_of(value.strength).empty() || name_of(value.basis).empty()) {
    return error{errc::invalid_value, "a directive has a number that means nothing"};
  }
  return {};
}

result<void> check_grant(const directive& value) noexcept {
  if (!is_grant(value.kind)) {
    if (value.strength != consent_strength::none || value.informed ||
        value.conditions != obligations{}) {
      return error{errc::invalid_value, "strength and conditions belong to grants only"};
    }
    return {};
  }
  if (value.strength == consent_strength::none) {
    return error{errc::missing_field, "a grant needs a strength"};
  }
  if (value.basis != lawful_basis::none && value.basis != lawful_basis::consent) {
    return error{errc::invalid_value, "the basis of a grant is consent"};
  }
  if (!codec::fit_together(value.conditions)) {
    return error{errc::invalid_value, "the conditions of a grant do not fit together"};
  }
  return {};
}

result<void> check_supersedes(const directive& value) noexcept {
  bool ended = false;
  for (std::size_t i = 0; i < value.supersedes.size(); ++i) {
    if (value.supersedes[i] == directive_id{}) {
      ended = true;
      continue;
    }
    const auto first = value.supersedes.begin();
    const bool twice = std::find(first, first + static_cast<std::ptrdiff_t>(i),
                                 value.supersedes[i]) != first + static_cast<std::ptrdiff_t>(i);
    if (ended || twice || value.supersedes[i] == value.id) {
      return error{errc::invalid_value, "a directive names others once each, and not itself"};
    }
  }
  if (value.kind == directive_kind::lift && value.supersedes[0] == directive_id{}) {
    return error{errc::missing_field, "a lift names what it lifts"};
  }
  return {};
}

bool may_name_contacts(directive_kind kind) noexcept {
  switch (kind) {
    case directive_kind::grant:
    case directive_kind::renew:
    case directive_kind::refuse:
    case directive_kind::deny:
    case directive_kind::withdraw:
    case directive_kind::object:
    case directive_kind::restrict:
    case directive_kind::revoke:
      return true;
    default:
      return false;
  }
}

std::size_t named_contacts(const directive& value) noexcept {
  const auto end = std::find(value.contacts.begin(), value.contacts.end(), contact_point{});
  return static_cast<std::size_t>(end - value.contacts.begin());
}

result<void> check_contacts(const directive& value) noexcept {
  const std::size_t count = named_contacts(value);
  for (std::size_t i = 0; i < value.contacts.size(); ++i) {
    const contact_point& one = value.contacts[i];
    const bool of_a_field =
        one.field == field::emails || one.field == field::phones || one.field == field::addresses;
    const bool twice = std::count(value.contacts.begin(), value.contacts.end(), one) != 1;
    if (i < count ? !of_a_field || twice : one != contact_point{}) {
      return error{errc::invalid_value,
                   "a directive names e-mail addresses, phones and addresses once each"};
    }
  }
  if (count != 0 && !may_name_contacts(value.kind)) {
    return error{errc::invalid_value, "this kind of directive is about no single contact point"};
  }
  return {};
}

bool says_no_cells(const directive& value) noexcept {
  return value.scope == consent_scope{} && value.basis == lawful_basis::none &&
         value.notice == notice_reference{};
}

// Where somebody lives and whether they work for the shop: nothing else, and nothing else says it.
result<void> check_move(const directive& value) noexcept {
  const bool letters = std::all_of(value.residence.begin(), value.residence.end(),
                                   [](char c) { return c >= 'A' && c <= 'Z'; });
  if ((value.residence != state_code{} && !letters) || value.works_here > employment::ended) {
    return error{errc::invalid_value, "a state is two capital letters"};
  }
  if (value.works_here == employment::ended && !ends_employment(value)) {
    return error{errc::missing_field,
                 "that somebody works for the shop no more, an officer says with evidence"};
  }
  if (value.kind != directive_kind::move) {
    if (value.residence == state_code{} && value.works_here == employment::unsaid) return {};
    return error{errc::invalid_value, "only a move says where a customer lives or works"};
  }
  if (value.jurisdiction == profile_id{}) {
    return error{errc::missing_field, "a move names the law of where the customer lives now"};
  }
  if (!says_no_cells(value) || value.supersedes[0] != directive_id{}) {
    return error{errc::invalid_value, "a move says where a customer lives and nothing else"};
  }
  return {};
}

// How old somebody is as a document says: nothing else, and nothing else says it.
result<void> check_age(const directive& value) noexcept {
  if (value.kind != directive_kind::proof_of_age) {
    if (value.age == age_seen{}) return {};
    return error{errc::invalid_value, "only a proof of age says how old somebody is"};
  }
  const auto is_day = [](const date& day) { return day.year > 0 && exists(day); };
  if (value.age.document == age_document::none || !is_day(value.age.born)) {
    return error{errc::missing_field, "a proof of age names the document and the day of birth"};
  }
  const bool sane = !name_of(value.age.document).empty() &&
                    (value.age.believed == date{} || is_day(value.age.believed));
  if (!sane || !says_no_cells(value) || value.supersedes[1] != directive_id{} ||
      (value.by != indicated_by::controller && value.by != indicated_by::authority)) {
    return error{errc::invalid_value,
                 "a proof of age is the shop's word on a document, and says nothing else"};
  }
  return {};
}

std::size_t superseded(const directive& value) noexcept {
  const auto end = std::find(value.supersedes.begin(), value.supersedes.end(), directive_id{});
  return static_cast<std::size_t>(end - value.supersedes.begin());
}

// --- writing -------------------------------------------------------------------------------
// Members go out in the order of their keys, so each step writes a run of them.

// Which members are there beyond those that always are.
struct optional_members {
  explicit optional_members(const directive& value) noexcept
      : strength(value.strength != consent_strength::none),
        informed(value.informed),
        basis(value.basis != lawful_basis::none),
        notice(value.notice != notice_reference{}),
        not_before(value.not_before.has_value()),
        not_after(value.not_after.has_value()),
        evidence(value.evidence != consent_evidence{}),
        supersedes(superseded(value) != 0),
        conditions(value.conditions != obligations{}),
        previous(value.previous != consent_hash{}),
        contacts(is_about_contacts(value)),
        residence(value.residence != state_code{}),
        works_here(value.works_here != employment::unsaid),
        age(value.age != age_seen{}) {}

  std::size_t count() const noexcept {
    std::size_t out = 0;
    for (const bool there :
         {strength, informed, basis, notice, not_before, not_after, evidence, supersedes,
          conditions, previous, contacts, residence, works_here, age}) {
      out += there ? 1U : 0U;
    }
    return out;
  }

  bool strength;
  bool informed;
  bool basis;
  bool notice;
  bool not_before;
  bool not_after;
  bool evidence;
  bool supersedes;
  bool conditions;
  bool previous;
  bool contacts;
  bool residence;
  bool works_here;
  bool age;
};

void write_number(cbor::writer& to, key name, std::uint64_t what) noexcept {
  to.unsigned_integer(name);
  to.unsigned_integer(what);
}
void write_instant(cbor::writer& to, key name, timestamp at) noexcept {
  to.unsigned_integer(name);
  to.integer(at.seconds);
}

void write_act(cbor::writer& to, const directive& value, const optional_members& has) noexcept {
  to.unsigned_integer(key_id);
  to.bytes(value.id.bytes);
  to.unsigned_integer(key_subject);
  to.bytes(value.subject.bytes);
  write_number(to, key_sequence, value.sequence);
  write_number(to, key_kind, static_cast<std::uint64_t>(value.kind));
  write_number(to, key_by, static_cast<std::uint64_t>(value.by));
  write_number(to, key_channel, static_cast<std::uint64_t>(value.channel));
  if (has.strength) write_number(to, key_strength, static_cast<std::uint64_t>(value.strength));
  if (has.informed) {
    to.unsigned_integer(key_informed);
    to.boolean(true);
  }
}

void write_scope(cbor::writer& to, const directive& value) noexcept {
  to.unsigned_integer(key_purposes);
  codec::write_terms(to, value.scope.purposes);
  to.unsigned_integer(key_recipients);
  codec::write_terms(to, value.scope.recipients);
  to.unsigned_integer(key_categories);
  codec::write_terms(to, value.scope.categories);
  to.unsigned_integer(key_operations);
  codec::write_terms(to, value.scope.operations);
  write_number(to, key_registry, value.registry_version);
}

void write_law(cbor::writer& to, const directive& value, const optional_members& has) noexcept {
  if (has.basis) write_number(to, key_basis, static_cast<std::uint64_t>(value.basis));
  if (has.notice) {
    to.unsigned_integer(key_notice);
    to.array(3);
    to.unsigned_integer(value.notice.id.value);
    to.unsigned_integer(value.notice.version);
    to.bytes(value.notice.hash);
  }
  write_number(to, key_jurisdiction, value.jurisdiction.value);
  write_number(to, key_profile_version, value.profile_version);
}

void write_times(cbor::writer& to, const directive& value) noexcept {
  write_instant(to, key_event_at, value.event_at);
  write_instant(to, key_recorded_at, value.recorded_at);
  if (value.not_before) write_instant(to, key_not_before, *value.not_before);
  if (value.not_after) write_instant(to, key_not_after, *value.not_after);
}

// Days are counted from 1970-01-01.
void write_age(cbor::writer& to, const age_seen& age) noexcept {
  to.unsigned_integer(key_age);
  to.array(age.believed == date{} ? 2 : 3);
  to.unsigned_integer(static_cast<std::uint64_t>(age.document));
  to.integer(days_since_epoch(age.born));
  if (age.believed != date{}) to.integer(days_since_epoch(age.believed));
}

void write_record(cbor::writer& to, const directive& value, const optional_members& has) noexcept {
  if (has.evidence) {
    to.unsigned_integer(key_evidence);
    to.array(2);
    to.bytes(value.evidence.hash);
    to.text(value.evidence.reference.view());
  }
  write_number(to, key_recorder, value.recorder.value);
  if (has.supersedes) {
    const std::size_t count = superseded(value);
    to.unsigned_integer(key_supersedes);
    to.array(count);
    for (std::size_t i = 0; i < count; ++i) to.bytes(value.supersedes[i].bytes);
  }
  if (has.conditions) {
    to.unsigned_integer(key_conditions);
    codec::write_obligations(to, value.conditions);
  }
  if (has.previous) {
    to.unsigned_integer(key_previous);
    to.bytes(value.previous);
  }
  if (has.contacts) {
    const std::size_t count = named_contacts(value);
    to.unsigned_integer(key_contacts);
    to.array(count);
    for (std::size_t i = 0; i < count; ++i) {
      to.array(2);
      to.unsigned_integer(value.contacts[i].field.value);
      to.bytes(value.contacts[i].token);
    }
  }
  if (has.residence) {
    to.unsigned_integer(key_residence);
    to.text({value.residence.data(), value.residence.size()});
  }
  if (has.works_here) {
    write_number(to, key_works_here, static_cast<std::uint64_t>(value.works_here));
  }
  if (has.age) write_age(to, value.age);
}

result<byte_view> write(const directive& value, byte_span out) noexcept {
  constexpr std::size_t always = 16;
  const optional_members has(value);
  cbor::writer to(out);
  to.map(always + has.count());
  write_act(to, value, has);
  write_scope(to, value);
  write_law(to, value, has);
  write_times(to, value);
  write_record(to, value, has);
  return to.finish();
}

// --- reading -------------------------------------------------------------------------------

void fail_unknown(cbor::reader& from, std::uint64_t name) noexcept {
  from.fail(name >= key_end ? errc::newer_format : errc::invalid_encoding,
            "a directive has a member that this version does not know");
}

void read_kind(cbor::reader& from, directive& out) noexcept {
  out.kind = static_cast<directive_kind>(codec::number<std::uint8_t>(from));
  if (!from.failed() && static_cast<std::uint8_t>(out.kind) >
                            static_cast<std::uint8_t>(directive_kind::proof_of_age)) {
    from.fail(errc::newer_format, "a kind of directive that this version does not know");
  }
}

void read_superseded(cbor::reader& from, directive& out) noexcept {
  const std::size_t count = from.array();
  if (count > directive::max_supersedes) {
    return from.fail(errc::limit_exceeded, "a directive names at most four others");
  }
  for (std::size_t i = 0; i < count; ++i) codec::read_bytes(from, out.supersedes[i].bytes);
}

void read_contacts(cbor::reader& from, directive& out) noexcept {
  const std::size_t count = from.array();
  if (count > directive::max_contacts) {
    return from.fail(errc::limit_exceeded, "a directive names at most four contact points");
  }
  for (std::size_t i = 0; i < count; ++i) {
    codec::count(from, 2);
    out.contacts[i].field = field_id(codec::number<std::uint8_t>(from));
    codec::read_bytes(from, out.contacts[i].token);
  }
}

void read_residence(cbor::reader& from, directive& out) noexcept {
  const std::string_view text = from.text();
  if (from.failed()) return;
  if (text.size() != out.residence.size()) {
    return from.fail(errc::invalid_value, "a state is two capital letters");
  }
  out.residence = {text[0], text[1]};
}

void read_age(cbor::reader& from, age_seen& out) noexcept {
  constexpr std::int64_t first = -719162;  // 0001-01-01
  constexpr std::int64_t last = 2932896;   // 9999-12-31
  const auto day = [&](date& to) {
    const std::int64_t days = from.integer();
    if (from.failed()) return;
    if (days < first || days > last) return from.fail(errc::invalid_value, "no such day");
    to = date_of(timestamp{days * 86400});
  };
  const std::size_t count = from.array();
  if (!from.failed() && count != 2 && count != 3) {
    return from.fail(errc::invalid_encoding, "a proof of age has two or three members");
  }
  out.document = static_cast<age_document>(codec::number<std::uint8_t>(from));
  day(out.born);
  if (count == 3) day(out.believed);
}

void read_act(cbor::reader& from, std::uint64_t name, directive& out) noexcept {
  switch (name) {
    case key_id:
      codec::read_bytes(from, out.id.bytes);
      break;
    case key_subject:
      codec::read_bytes(from, out.subject.bytes);
      break;
    case key_sequence:
      out.sequence = codec::number<std::uint32_t>(from);
      break;
    case key_kind:
      read_kind(from, out);
      break;
    case key_by:
      out.by = static_cast<indicated_by>(codec::number<std::uint8_t>(from));
      break;
    case key_channel:
      out.channel = static_cast<consent_channel>(codec::number<std::uint8_t>(from));
      break;
    case key_strength:
      out.strength = static_cast<consent_strength>(codec::number<std::uint8_t>(from));
      break;
    case key_informed:
      out.informed = from.boolean();
      break;
    default:
      fail_unknown(from, name);
      break;
  }
}

void read_scope(cbor::reader& from, std::uint64_t name, directive& out) noexcept {
  switch (name) {
    case key_purposes:
      codec::read_terms<purpose_id>(from, out.scope.purposes);
      break;
    case key_recipients:
      codec::read_terms<recipient_id>(from, out.scope.recipients);
      break;
    case key_categories:
      codec::read_terms<category_id>(from, out.scope.categories);
      break;
    case key_operations:
      codec::read_terms<operation_id>(from, out.scope.operations);
      break;
    case key_registry:
      out.registry_version = codec::number<std::uint32_t>(from);
      break;
    default:
      fail_unknown(from, name);
      break;
  }
}

void read_law(cbor::reader& from, std::uint64_t name, directive& out) noexcept {
  switch (name) {
    case key_basis:
      out.basis = static_cast<lawful_basis>(codec::number<std::uint8_t>(from));
      break;
    case key_notice:
      codec::count(from, 3);
      out.notice.id = notice_id(codec::number<std::uint32_t>(from));
      out.notice.version = codec::number<std::uint32_t>(from);
      codec::read_bytes(from, out.notice.hash.bytes);
      break;
    case key_jurisdiction:
      out.jurisdiction = profile_id(codec::number<std::uint16_t>(from));
      break;
    case key_profile_version:
      out.profile_version = codec::number<std::uint32_t>(from);
      break;
    default:
      fail_unknown(from, name);
      break;
  }
}

void read_times(cbor::reader& from, std::uint64_t name, directive& out) noexcept {
  switch (name) {
    case key_event_at:
      out.event_at = timestamp{from.integer()};
      break;
    case key_recorded_at:
      out.recorded_at = timestamp{from.integer()};
      break;
    case key_not_before:
      out.not_before = timestamp{from.integer()};
      break;
    case key_not_after:
      out.not_after = timestamp{from.integer()};
      break;
    default:
      fail_unknown(from, name);
      break;
  }
}

void read_record(cbor::reader& from, std::uint64_t name, directive& out) noexcept {
  switch (name) {
    case key_evidence:
      codec::count(from, 2);
      codec::read_bytes(from, out.evidence.hash.bytes);
      codec::read_text(from, out.evidence.reference);
      break;
    case key_recorder:
      out.recorder = actor_id(codec::number<std::uint32_t>(from));
      break;
    case key_supersedes:
      read_superseded(from, out);
      break;
    case key_conditions:
      out.conditions = codec::read_obligations(from);
      break;
    case key_previous:
      codec::read_bytes(from, out.previous.bytes);
      break;
    case key_contacts:
      read_contacts(from, out);
      break;
    case key_residence:
      read_residence(from, out);
      break;
    case key_works_here:
      out.works_here = static_cast<employment>(codec::number<std::uint8_t>(from));
      break;
    case key_age:
      read_age(from, out.age);
      break;
    default:
      fail_unknown(from, name);
      break;
  }
}

void read_member(cbor::reader& from, std::uint64_t name, directive& out) noexcept {
  if (name <= key_informed) return read_act(from, name, out);
  if (name <= key_registry) return read_scope(from, name, out);
  if (name <= key_profile_version) return read_law(from, name, out);
  if (name <= key_not_after) return read_times(from, name, out);
  read_record(from, name, out);
}

}  // namespace

result<void> check_scope(const consent_scope& scope, bool may_be_empty) noexcept {
  const auto unknown = [](auto&& rest) -> result<void> {
    std::uint64_t first = 0;
    bool found = false;
    rest.for_each([&](auto id) {
      if (!found) first = id.value;
      found = true;
    });
    return error{errc::unknown_field, "a scope has a term that the vocabulary lacks", first};
  };
  if (!all_purposes().includes(scope.purposes)) return unknown(scope.purposes - all_purposes());
  if (!all_categories().includes(scope.categories)) {
    return unknown(scope.categories - all_categories());
  }
  recipient_set classes;
  scope.recipients.for_each([&](recipient_id each) {
    if (!is_party(each)) classes.add(each);
  });
  if (!all_recipient_classes().includes(classes)) return unknown(classes - all_recipient_classes());
  if (!may_be_empty && (scope.purposes.empty() || scope.recipients.empty() ||
                        scope.categories.empty() || scope.operations.empty())) {
    return error{errc::missing_field,
                 "a scope needs purposes, recipients, categories and operations"};
  }
  return {};
}

result<void> check(const directive& value) noexcept {
  if (value.id == directive_id{}) {
    return error{errc::invalid_value, "a directive needs an id that is not zero"};
  }
  if (auto fine = check_enumerations(value); !fine) return fine;
  if (auto fine = check_scope(value.scope, !decides(value.kind)); !fine) return fine;
  if (auto fine = check_move(value); !fine) return fine;
  if (auto fine = check_age(value); !fine) return fine;
  if (auto fine = check_contacts(value); !fine) return fine;
  if (auto fine = check_grant(value); !fine) return fine;
  if (widens(value.kind) && value.kind != directive_kind::lift &&
      value.scope.recipients.contains(any_recipient)) {
    return error{errc::wrong_type, "a permission names its recipients", any_recipient.value};
  }
  if (value.kind == directive_kind::basis_assertion &&
      (value.basis == lawful_basis::none || value.basis == lawful_basis::consent)) {
    return error{errc::invalid_value, "an assertion states a basis that is not consent"};
  }
  if (!has_interval(value.kind) && (value.not_before || value.not_after)) {
    return error{errc::invalid_value, "this kind of directive works at once and for good"};
  }
  if (value.not_before && value.not_after && *value.not_before >= *value.not_after) {
    return error{errc::invalid_value, "a directive ends before it begins"};
  }
  return check_supersedes(value);
}

result<void> check_append(const directive& next, std::optional<timestamp> latest,
                          timestamp now) noexcept {
  if (auto fine = check(next); !fine) return fine;
  if (!widens(next.kind)) return {};
  if (latest && next.event_at < *latest) {
    return error{errc::back_dated, "a permission cannot be dated before what is recorded"};
  }
  if (next.event_at > now) {
    return error{errc::back_dated, "a permission cannot be dated later than now"};
  }
  return {};
}

result<byte_view> encode_directive(const directive& value, byte_span out) noexcept {
  if (auto fine = check(value); !fine) return fine.error();
  return write(value, out);
}

result<directive> decode_directive(byte_view bytes) noexcept {
  directive out;
  cbor::reader from(bytes);
  const std::size_t count = from.map();
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    const std::uint64_t name = from.unsigned_integer();
    if (name <= last) from.fail(errc::invalid_encoding, "members out of order");
    last = name;
    read_member(from, name, out);
  }
  if (const auto whole = from.finish(); !whole) return whole.error();
  if (auto fine = check(out); !fine) return fine.error();
  // One value has one form: what is written again must be what was read.
  std::array<std::byte, max_directive_bytes> again;
  const auto written = write(out, again);
  if (!written || !same_bytes(*written, bytes)) {
    return error{errc::invalid_encoding, "a directive is not in its one form"};
  }
  return out;
}

std::string_view name_of(directive_kind kind) noexcept { return name_in(kinds, kind); }
std::string_view name_of(consent_strength strength) noexcept {
  return name_in(strengths, strength);
}
std::string_view name_of(indicated_by by) noexcept { return name_in(indicators, by); }
std::string_view name_of(consent_channel channel) noexcept { return name_in(channels, channel); }
std::string_view name_of(lawful_basis basis) noexcept { return name_in(lawful_bases, basis); }
std::string_view name_of(service_kind kind) noexcept { return name_in(services, kind); }
std::string_view name_of(age_document document) noexcept { return name_in(documents, document); }

result<directive_kind> find_directive_kind(std::string_view name) noexcept {
  return find_in(kinds, name, no_such_word);
}
result<consent_strength> find_consent_strength(std::string_view name) noexcept {
  return find_in(strengths, name, no_such_word);
}
result<indicated_by> find_indicated_by(std::string_view name) noexcept {
  return find_in(indicators, name, no_such_word);
}
result<consent_channel> find_consent_channel(std::string_view name) noexcept {
  return find_in(channels, name, no_such_word);
}
result<lawful_basis> find_lawful_basis(std::string_view name) noexcept {
  return find_in(lawful_bases, name, no_such_word);
}
result<age_document> find_age_document(std::string_view name) noexcept {
  return find_in(documents, name, no_such_word);
}

}  // namespace clientbook
