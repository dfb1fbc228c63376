// Consents of a book: directives, compiled states, parties and notices, under the law profile in
// force.
//
// States hold nothing about a person, so most customers share a few; each is kept once, found by
// its digest, and its number stands in the customer's manifest. decide() is the only maker of
// grants. Whatever changes what a state means (a directive, a party, a birth date, the law)
// compiles anew inside the same change.
#include "consent_store.hpp"

#include <clientbook/consent/shop_consent.hpp>
#include <clientbook/internal/consent/circumstances.hpp>

#include <algorithm>
#include <bit>
#include <limits>
#include <map>

#include "pseudonym_keys.hpp"
#include "what_counts.hpp"

#include <clientbook/internal/base/out_of_memory.hpp>

namespace clientbook {
namespace {

using storage::key;
using storage::table;

// Whether two directives compile to the same rules: all but what only tells them apart.
bool same_rules(const directive& a, const directive& b) noexcept {
  return a.kind == b.kind && a.event_at == b.event_at && a.by == b.by && a.strength == b.strength &&
         a.informed == b.informed && a.scope == b.scope && a.notice == b.notice &&
         a.registry_version == b.registry_version && a.basis == b.basis &&
         a.jurisdiction == b.jurisdiction && a.profile_version == b.profile_version &&
         a.residence == b.residence && a.works_here == b.works_here &&
         service_of(a.channel) == service_of(b.channel) && a.conditions == b.conditions &&
         a.evidence.hash == b.evidence.hash && !a.not_before && !b.not_before && !a.not_after &&
         !b.not_after && a.supersedes == b.supersedes && a.supersedes.front() == directive_id{};
}

book_core::place directive_place(const manifest& entry, customer_no number,
                                 std::uint32_t sequence) noexcept {
  return {.key = key(table::directive).add(number.value).add(sequence),
          .table = table::directive,
          .customer = number,
          .record = sequence,
          .key_version = entry.key_version};
}

book_core::place own_place(table where, std::uint32_t number) noexcept {
  return {.key = key(where).add(number), .table = where, .customer = own_number, .record = number};
}

// Whether the last of them names contact points that are not told apart any more.
bool tells_apart_too_many(std::span<const directive> said) {
  const auto& last = said.back().contacts;
  const std::vector<contact_point> named = named_contacts(said);
  return std::any_of(last.begin(), last.end(), [&](const contact_point& one) {
    return one.field != field_id{} && std::find(named.begin(), named.end(), one) == named.end();
  });
}

// A law of the book, and since which version of its policy: what was said of it before, which the
// move tells in `profile_version`, does not count.
struct law_in_force {
  const law_profile* law = nullptr;
  std::uint32_t since = 0;
};

// Where nobody has said for sure where a customer lives, all laws of the book hold; an address
// alone adds the law that it speaks for. So no move that nobody has confirmed opens anything.
std::vector<const law_profile*> laws_among(std::span<const law_in_force> book,
                                           std::span<const directive> said) {
  std::vector<const law_profile*> all;
  for (const law_in_force& one : book) all.push_back(one.law);
  if (all.size() == 1) return all;
  std::vector<const law_profile*> lives;
  bool known = false;
  for (const directive& one : said) {
    if (one.kind != directive_kind::move) continue;
    const auto at = std::find_if(book.begin(), book.end(), [&](const law_in_force& each) {
      return each.law->id == one.jurisdiction && one.profile_version >= each.since;
    });
    if (is_confirmed(one)) {
      // A law that the book follows no more, or did not yet, tells nothing of where somebody lives.
      lives.clear();
      known = at != book.end();
      if (known) lives.push_back(at->law);
    } else if (at != book.end()) {
      lives.push_back(at->law);
    } else {
      known = false;
    }
  }
  if (!known) return all;
  std::erase_if(all, [&](const law_profile* one) {
    return std::find(lives.begin(), lives.end(), one) == lives.end();
  });
  return all;
}

bool has_id(std::span<const directive> said, const directive_id& id) noexcept {
  return std::any_of(said.begin(), said.end(), [&](const directive& one) { return one.id == id; });
}

bool closes(directive_kind kind) noexcept {
  return kind == directive_kind::refuse || kind == directive_kind::deny ||
         kind == directive_kind::object || kind == directive_kind::restrict;
}

constexpr error twice{errc::already_exists, "a directive with this id is there: draw another"};

result<consent_hash> hash_of(const directive& one) {
  std::array<std::byte, max_directive_bytes> room;
  const auto bytes = encode_directive(one, room);
  if (!bytes) return bytes.error();
  return crypto::hash(*bytes);
}

// From 1; 0 of one that nobody named.
std::size_t number_of(std::span<const contact_point> named, const contact_point& one) noexcept {
  const auto at = std::find(named.begin(), named.end(), one);
  return at == named.end() ? 0 : static_cast<std::size_t>(at - named.begin()) + 1;
}

// Puts a directive behind the others.
result<void> chain(std::vector<directive>& said, directive next, const customer_id& id,
                   timestamp now) {
  next.subject = id;
  next.sequence = static_cast<std::uint32_t>(said.size() + 1);
  next.recorded_at = now;
  next.previous = {};
  if (!said.empty()) {
    const auto hash = hash_of(said.back());
    if (!hash) return hash.error();
    next.previous = *hash;
  }
  said.push_back(next);
  return {};
}

}  // namespace

directive end_of_consents(timestamp now, std::string_view why) {
  directive out;
  out.kind = directive_kind::revoke;
  out.by = indicated_by::controller;
  out.scope = everything();
  out.event_at = now;
  out.evidence.reference = short_text<64>(why);
  return out;
}

consent_store::consent_store(book_core& core)
    : core_(core),
      opener_(core),
      policy_(core),
      registry_(std::make_shared<recipient_registry>()),
      nobody_(registry_),
      workspace_(std::make_unique<compile_workspace>()),
      compiled_(max_compiled_state) {}

void consent_store::forget() noexcept {
  generation_ = 0;
  policy_.forget();
  registry_ = nobody_;
  registry_read_ = 0;
  notices_.clear();
  terms_ = {};
  drop_states();
}

void consent_store::drop_states() noexcept {
  states_.clear();
  for (recent& one : recent_) one.used = false;
  for (anew& one : anew_) one.customer = customer_no();
}

result<void> consent_store::follow() {
  if (generation_ == core_.generation()) return {};
  const book_row& row = core_.row();
  const auto other_law = policy_.follow();
  if (!other_law) return other_law.error();
  if (*other_law) drop_states();
  if (terms_of_ != row.schema || terms_.empty()) {
    terms_ = terms_of(core_.fields(), terms_room_);
    terms_of_ = row.schema;
    drop_states();
  }
  if (registry_read_ != row.registry_version) {
    if (auto read = read_registry(); !read) return read;
    drop_states();
  }
  if (notices_.size() != row.notices) {
    if (auto read = read_notices(); !read) return read;
    if (!states_.empty()) states_.front().reset();
    for (recent& one : recent_) one.used = false;
  }
  for (anew& one : anew_) one.customer = customer_no();  // others may have said something
  generation_ = core_.generation();
  return {};
}

result<void> consent_store::read_registry() {
  const std::uint32_t version = core_.row().registry_version;
  registry_ = nobody_;
  registry_read_ = 0;
  if (version == 0) return {};
  book_core::place at = own_place(table::recipient, 0);
  at.version = record_version(version);
  if (auto got = core_.get_value(core_.keys().rows, at, plain_); !got) {
    if (got.error().code != errc::not_found) return got;
    return error{errc::row_missing, "the registry of recipients is gone: restore a copy"};
  }
  auto read = decode_registry(plain_.view());
  if (!read) return read.error();
  registry_ = std::make_shared<const recipient_registry>(*read);
  registry_read_ = version;
  return {};
}

result<void> consent_store::read_notices() {
  notices_.clear();
  for (std::uint32_t number = 1; number <= core_.row().notices; ++number) {
    if (auto got = core_.get_value(core_.keys().rows, own_place(table::notice, number), plain_);
        !got) {
      if (got.error().code != errc::not_found) return got;
      return error{errc::row_missing, "a notice is gone: restore a copy", number};
    }
    auto notice = decode_notice(plain_.view());
    if (!notice) return notice.error();
    notice->hash = crypto::hash(plain_.view());
    notices_.push_back(*notice);
  }
  return {};
}

consent_environment consent_store::environment(const law_profile& law) const noexcept {
  return {.profile = &law,
          .registry = registry_.get(),
          .notices = notices_,
          .fields = terms_,
          .once_based = policy_.once_based(law.id)};
}

std::vector<const law_profile*> consent_store::laws_of(std::span<const directive> said) const {
  std::vector<law_in_force> book;
  for (std::size_t i = 0; i < policy_.profiles().size(); ++i) {
    book.push_back({&policy_.profiles()[i]->law, policy_.since()[i]});
  }
  return laws_among(book, said);
}

std::vector<const law_profile*> consent_store::laws_with(const law_profile& next, policy_kind how,
                                                         std::span<const directive> said) const {
  std::vector<law_in_force> book;
  for (std::size_t i = 0; i < policy_.profiles().size(); ++i) {
    const law_profile& law = policy_.profiles()[i]->law;
    const bool replaced =
        how == policy_kind::profile && (policy_.profiles().size() == 1 || law.id == next.id);
    book.push_back({replaced ? &next : &law, policy_.since()[i]});
  }
  if (how != policy_kind::profile)
    book.push_back({&next, std::numeric_limits<std::uint32_t>::max()});
  return laws_among(book, said);
}

result<contact_point> consent_store::contact_of(field_id field, std::string_view value) const {
  return contact_point_of(core_.keys().external_ids, field, value);
}

// Of a birth date, what the profile looks at: nothing of somebody who was of every age that a rule
// is about when the book was made and when they first said something. So most customers share a
// state, whatever their age; the day alone that the clock says makes nobody older.
subject_facts consent_store::facts_of(const std::optional<date>& born,
                                      std::span<const directive> said,
                                      std::span<const law_profile* const> laws,
                                      timestamp now) const noexcept {
  if (!born || born->year == 0) return {};
  timestamp first = std::min(now, timestamp{core_.row().created_at});
  for (const directive& one : said) {
    first = std::min(first, one.event_at);
    if (one.recorded_at != timestamp{}) first = std::min(first, one.recorded_at);
  }
  int of_age = 0;
  for (const law_profile* law : laws) {
    of_age = std::max<int>(of_age, law->child_below);
    for (const age_rule& rule : law->ages) of_age = std::max<int>(of_age, rule.below);
  }
  if (years_between(*born, date_of(first)) >= of_age) return {};
  return {.born = born};
}

// A clock that was set back makes nothing that was recorded before it a thing of the future.
timestamp consent_store::as_of(timestamp now) const noexcept {
  return std::max(now, newest_time());
}

timestamp consent_store::newest_time() const noexcept {
  return {std::max(core_.row().latest_directive, core_.row().newest_time)};
}

void consent_store::host_discharges(obligation_set what) noexcept {
  constexpr obligation_set by_a_person{obligation::human_review};
  host_discharges_ =
      obligation_set::of_bits(static_cast<std::uint16_t>(what.bits() & ~by_a_person.bits()));
}

bool consent_store::is_ahead(timestamp now) const noexcept {
  const std::int64_t newest = std::max(newest_time().seconds, core_.row().created_at);
  return longest_pause_ != 0 && now.seconds > newest && now.seconds - newest > longest_pause_;
}

void consent_store::saw_a_day(timestamp now) {
  constexpr std::int64_t day = 86400;
  if (now.seconds - newest_time().seconds >= day) saw(now);
}

void consent_store::recorded_then(timestamp now) {
  if (now.seconds > core_.row().latest_directive) core_.edit_row().latest_directive = now.seconds;
}

void consent_store::saw(timestamp now) {
  if (now > newest_time()) core_.edit_row().newest_time = now.seconds;
}

// --- deciding -------------------------------------------------------------------------------

decision_request consent_store::reading(purpose_id purpose, timestamp now) const noexcept {
  // A clock behind what one has told already was set back, one far ahead of it was set forward: no
  // permit may rest on either.
  const bool wrong = now < newest_time() || is_ahead(now);
  return {.purpose = purpose,
          .recipient = recipient::self,
          .operation = operation::use,
          .now = now,
          .clock = wrong ? clock_confidence::none : clock_confidence::trusted,
          .discharges = discharged_by_book | host_discharges_};
}

result<const consent_store::known_state*> consent_store::state(std::uint32_t number) {
  if (number < states_.size() && states_[number]) return states_[number].get();
  auto fresh = std::make_unique<known_state>();
  std::vector<std::byte> bytes;
  if (number == 0) {
    // Nobody said anything: made for the book's first instant, so that it holds at all later.
    auto compiled = compile_now({}, std::nullopt, timestamp{core_.row().created_at});
    if (!compiled) return compiled.error();
    bytes = std::move(*compiled);
  } else {
    if (auto got = core_.get_value(core_.keys().rows, own_place(table::state, number), plain_);
        !got) {
      if (got.error().code != errc::not_found) return got.error();
      return error{errc::row_missing, "a compiled consent state is gone: restore a copy", number};
    }
    bytes.assign(plain_.view().begin(), plain_.view().end());
  }
  auto opened = known_state::open(bytes);
  if (!opened) return opened.error();
  *fresh = std::move(*opened);
  if (states_.size() <= number) states_.resize(number + 1);
  states_[number] = std::move(fresh);
  return states_[number].get();
}

result<void> consent_store::verify_state(std::uint32_t number) {
  if (auto got = core_.get_value(core_.keys().rows, own_place(table::state, number), plain_);
      !got) {
    if (got.error().code != errc::not_found) return got;
    return error{errc::row_missing, "a compiled consent state is gone: restore a copy", number};
  }
  // One that is out of date is compiled anew before anybody is asked by it.
  if (number <= core_.row().states_outdated) return {};
  const std::vector<std::byte> bytes(plain_.view().begin(), plain_.view().end());
  const auto opened = known_state::open(bytes);
  return opened ? result<void>() : opened.error();
}

decision_request consent_store::with_discharges(decision_request request) const noexcept {
  constexpr obligation_set of_contracts{obligation::contract_on_file, obligation::no_onward};
  request.discharges = obligation_set::of_bits(static_cast<std::uint16_t>(
                           request.discharges.bits() & ~of_contracts.bits())) |
                       discharged_by_book;
  if (!is_party(request.recipient)) return request;
  const auto party = registry_->find(request.recipient);
  if (party) request.discharges = request.discharges | discharged_by_contract(*party);
  return request;
}

result<decided_grant> consent_store::decide(customer_no number, const manifest& entry,
                                            const decision_request& request) {
  const auto named = contacts_told_apart(number, entry, request.now);
  if (!named) return named.error();
  return decide(number, entry, request, *named);
}

result<std::vector<contact_point>> consent_store::contacts_told_apart(customer_no number,
                                                                      const manifest& entry,
                                                                      timestamp now) {
  const auto known = state_of(number, entry, now);
  if (!known) return known.error();
  if (!(*known)->has_contacts()) return std::vector<contact_point>();
  const auto said = directives(entry, number);
  if (!said) return said.error();
  return named_contacts(*said);
}

result<decided_grant> consent_store::decide(customer_no number, const manifest& entry,
                                            const decision_request& request,
                                            std::span<const contact_point> named) {
  const auto known = state_of(number, entry, request.now);
  if (!known) return known.error();
  decided_grant out{.decision = {}, .permit = grant(number, entry.consent_state, request)};
  if ((*known)->has_contacts()) {
    const known_state& state = **known;
    const decision_request asked = with_discharges(request);
    const state_decision each = state.decide_each(asked);
    out.decision = with_pseudonyms(state, asked, each.whole);
    if (named.size() < each.open.size()) {
      return error{errc::damaged, "a customer's consents are of contact points that nobody named"};
    }
    contact_limits& limits = out.permit.contacts_;
    limits.others = each.others.permitted;
    for (std::size_t i = 0; i < contact_fields.size(); ++i) {
      limits.forms_of_others[i] = each.others.operators[contact_fields[i].value];
      limits.stages_of_others[i] = stage_of(each.others, contact_fields[i]);
    }
    for (std::size_t i = 0; i < each.open.size(); ++i) {
      limits.named.push_back({named[i], each.open[i], each.forms[i], each.stages[i]});
    }
  } else {
    out.decision = decided(**known, request);
  }
  out.permit.fields_ = out.decision.permitted;
  return out;
}

result<record_decision> consent_store::judge(customer_no number, const manifest& entry,
                                             const decision_request& request) {
  const auto known = state_of(number, entry, request.now);
  if (!known) return known.error();
  return decided(**known, request);
}

record_decision consent_store::decided(const known_state& state,
                                       const decision_request& request) const {
  const decision_request asked = with_discharges(request);
  return with_pseudonyms(state, asked, state.decide(asked));
}

record_decision consent_store::with_pseudonyms(const known_state& state,
                                               const decision_request& asked,
                                               record_decision out) const {
  if (!out.permitted.empty() && state.demands_pseudonyms(asked)) {
    pseudonymise(core_.fields(), out);
    out.required.required.add(obligation::pseudonymise);
  }
  return out;
}

result<explanation> consent_store::explain(customer_no number, const manifest& entry,
                                           const decision_request& request, const explained& what) {
  std::size_t which = 0;
  if (what.point) {
    const auto said = directives(entry, number);
    if (!said) return said.error();
    which = number_of(named_contacts(*said), *what.point);
  }
  const auto known = state_of(number, entry, request.now);
  if (!known) return known.error();
  const decision_request asked = with_discharges(request);
  explanation out = what.point ? (*known)->explain_contact(asked, what.field, which)
                               : (*known)->explain(asked, what.field);
  if (out.permitted && (*known)->demands_pseudonyms(asked)) {
    out.required.required.add(obligation::pseudonymise);
  }
  return out;
}

// --- keeping --------------------------------------------------------------------------------

namespace {

// Of two answers to one question the one that says more: what the customer said, what the law
// forbids, that nobody has permitted it.
int tells(decision_code code) noexcept {
  switch (code) {
    case decision_code::restricted:
    case decision_code::objected:
    case decision_code::withdrawn:
    case decision_code::denied_by:
      return 3;
    case decision_code::no_basis:
      return 2;
    case decision_code::legal_prohibition:
      return 1;
    default:
      return 0;
  }
}

// The code of a denial by its stage, where that says it.
decision_code code_of(const record_decision& decision, field_id field) noexcept {
  constexpr std::pair<std::size_t, decision_code> stages[] = {{1, decision_code::legal_prohibition},
                                                              {3, decision_code::withdrawn},
                                                              {4, decision_code::denied_by},
                                                              {7, decision_code::no_basis}};
  for (const auto& [stage, code] : stages) {
    if (decision.decided[stage].has(field)) return code;
  }
  return decision_code::none;
}

}  // namespace

purpose_set consent_store::shop_purposes() const noexcept {
  purpose_set out;
  const auto& words = core_.row().purposes;
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (std::uint64_t left = words[i]; left != 0; left &= left - 1) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(left));
      out.add(purpose_id(static_cast<std::uint8_t>(i * 64 + bit)));
    }
  }
  // A book from before it was asked at init.
  return out.empty() ? usual_collection() : out;
}

consent_store::keeping consent_store::keeping_under(const known_state& said,
                                                    const kept_purposes& purposes, operation_id how,
                                                    timestamp now, field_set asked) {
  const purpose_set each = purposes.named() ? purposes.all() : shop_purposes();
  decision_request as = reading(purpose_id(), now);
  as.operation = how;
  as = with_discharges(as);
  for (const judged& one : judged_) {
    if (one.asked == asked && one.as.now == as.now && one.as.operation == how &&
        one.as.clock == as.clock && one.as.discharges == as.discharges && one.purposes == each &&
        same_bytes(one.state, said.bytes())) {
      return one.answer;
    }
  }
  // Whole, or not at all: memory may run out in between.
  judged fresh{.state = {said.bytes().begin(), said.bytes().end()},
               .purposes = each,
               .as = as,
               .asked = asked,
               .answer = judge_keeping(said, each, as, asked)};
  return (judged_[next_judged_++ % judged_.size()] = std::move(fresh)).answer;
}

consent_store::keeping consent_store::judge_keeping(const known_state& said,
                                                    const purpose_set& purposes,
                                                    const decision_request& as,
                                                    field_set asked) const {
  keeping out;
  purposes.for_each([&](purpose_id purpose) {
    decision_request request = as;
    request.purpose = purpose;
    const record_decision decision = said.decide(request);
    out.permitted |= decision.permitted;
    if (!(decision.permitted & asked).empty()) {
      out.purposes.emplace_back(purpose, decision.permitted & asked);
    }
    for (const field_id field : asked & ~out.permitted) {
      decision_code code = code_of(decision, field);
      if (code == decision_code::none) code = said.explain(request, field).code;
      decision_code& told = out.why_not[field.value];
      if (told == decision_code::none || tells(code) > tells(told)) told = code;
    }
  });
  for (const field_id field : out.permitted) out.why_not[field.value] = decision_code::none;
  return out;
}

result<consent_store::keeping> consent_store::keeping_of(customer_no number, const manifest& entry,
                                                         const kept_purposes& purposes,
                                                         operation_id how, timestamp now,
                                                         field_set asked) {
  const auto known = state_of(number, entry, now);
  if (!known) return known.error();
  return keeping_under(**known, purposes, how, now, asked);
}

constexpr literal not_kept = "neither the customer nor the law permits to keep this field";

result<consent_store::keeping> consent_store::may_keep(customer_no number, const manifest& entry,
                                                       const kept_purposes& purposes, timestamp now,
                                                       field_set fields) {
  auto kept = keeping_of(number, entry, purposes, operation::collect, now, fields);
  if (!kept) return kept;
  const field_set refused = fields & ~kept->permitted;
  if (refused) return error{errc::no_basis, not_kept, (*refused.begin()).value};
  return kept;
}

// Whatever was withdrawn, a wrong value is corrected at the customer's wish (GDPR 16), for which no
// profile has a basis to collect.
result<consent_store::keeping> consent_store::may_update(customer_no number, const manifest& entry,
                                                         const kept_purposes& purposes,
                                                         timestamp now, field_set fields) {
  auto kept = keeping_of(number, entry, purposes, operation::collect, now, fields);
  if (!kept) return kept;
  const field_set refused = fields & ~kept->permitted;
  if (refused.empty()) return kept;
  const error collected{errc::no_basis, not_kept, (*refused.begin()).value};
  const auto altered = keeping_of(number, entry, purposes, operation::alter, now, fields);
  if (!altered) return altered.error();
  if (fields & ~altered->permitted) return collected;
  return kept;
}

result<byte_view> consent_store::compile_one(std::span<const directive> said,
                                             const subject_facts& subject, const law_profile& law,
                                             const compiling& how) {
  const consent_environment under = environment(law);
  const auto compiled =
      compile(what_counts(said), under, subject, as_of(how.now), *workspace_, compiled_);
  if (compiled || compiled.error().code != errc::limit_exceeded || !how.at_any_rate) {
    return compiled;
  }
  return compile(what_counts_at_least(said), under, subject, as_of(how.now), *workspace_,
                 compiled_);
}

result<std::vector<std::byte>> consent_store::compile_all(std::span<const directive> said,
                                                          const compiling& how) {
  const std::vector<contact_point> named = named_contacts(said);
  const subject_facts subject = facts_of(how.born, said, how.laws, how.now);
  state_bundle out;
  for (std::size_t which = 0; which <= named.size(); ++which) {
    out.begin_group(static_cast<std::uint16_t>(which),
                    which == 0 ? field_id() : named[which - 1].field);
    const std::vector<directive> its = said_of(said, named, which);
    for (const law_profile* law : how.laws) {
      const auto compiled = compile_one(its, subject, *law, how);
      if (!compiled) return compiled.error();
      out.add(*compiled);
    }
  }
  return out.bytes();
}

result<std::vector<std::byte>> consent_store::compile_now(std::span<const directive> said,
                                                          const std::optional<date>& born,
                                                          timestamp now) {
  const auto laws = laws_of(said);
  return compile_all(said, {.laws = laws, .born = born, .now = now});
}

result<std::vector<std::byte>> consent_store::compile_at_any_rate(std::span<const directive> said,
                                                                  const std::optional<date>& born,
                                                                  timestamp now) {
  const auto laws = laws_of(said);
  return compile_all(said, {.laws = laws, .born = born, .now = now, .at_any_rate = true});
}

result<void> consent_store::check_references(const directive& next) const {
  if (next.kind == directive_kind::move && policy_.find(next.jurisdiction) == nullptr) {
    return error{errc::not_found,
                 "the book does not follow that law: it is added to the book's profiles before"};
  }
  if (!widens(next.kind)) return {};
  if (next.registry_version > registry_->version()) {
    return error{errc::invalid_value,
                 "a permission names a version of the registry that is not there yet",
                 registry_->version()};
  }
  if (next.kind != directive_kind::grant && next.kind != directive_kind::renew) return {};
  for (const privacy_notice& known : notices_) {
    if (known.id != next.notice.id || known.version != next.notice.version ||
        known.hash != next.notice.hash) {
      continue;
    }
    if (!is_withdrawn(known, notices_)) return {};
    return error{errc::unknown_notice,
                 "the notice was withdrawn: add its next version, which is shown from now on"};
  }
  return error{errc::unknown_notice, "a consent names a notice that the book has: add it before"};
}

// A word against what a guardian said counts if it was said by who had grown up, as far as the book
// knew then: a birth date that is learnt or corrected later makes no adult by itself.
result<void> consent_store::check_own_word(std::span<const directive> said, const directive& next,
                                           const std::optional<date>& born, timestamp now) const {
  if (next.by != indicated_by::subject || !widens(next.kind)) return {};
  const std::vector<const law_profile*> laws = laws_of(said);
  constexpr std::uint32_t next_sequence = std::numeric_limits<std::uint32_t>::max();
  const auto grown_since = [&](const directive& standing) {
    if (!born || born->year == 0) return false;
    const timestamp at = std::min(next.event_at, now);
    const date then = born_for(said, standing.sequence, given_at(standing), born).value_or(*born);
    const date grown = born_for(said, next_sequence, at, born).value_or(*born);
    return std::all_of(laws.begin(), laws.end(), [&](const law_profile* law) {
      return grew_up(*law, then, given_at(standing), grown, at);
    });
  };
  for (const directive_id& id : next.supersedes) {
    if (id == directive_id{}) break;
    const auto named =
        std::find_if(said.begin(), said.end(), [&](const directive& one) { return one.id == id; });
    if (named == said.end() || named->by != indicated_by::guardian || !closes(named->kind))
      continue;
    if (grown_since(*named)) continue;
    return error{errc::invalid_state,
                 "a guardian said that: a guardian ends it, or the customer from the birthday on "
                 "from which they agree alone, where the book knows when they were born",
                 named->sequence};
  }
  return {};
}

result<std::uint32_t> consent_store::intern(byte_view compiled) {
  const std::array<byte_view, 1> parts{compiled};
  const auto token = crypto::blind_token(core_.keys().states, 128, parts);
  if (!token) return token.error();
  const key at = key(table::state_index).add(byte_view(*token));
  const auto held = core_.read().get(at);
  if (held && held->size() == 4) {
    const auto number = load_be<std::uint32_t>(held->data());
    const auto known = state(number);
    if (!known) return known.error();
    if (!same_bytes((*known)->bytes(), compiled)) {
      return error{errc::damaged, "the index of consent states leads to another state"};
    }
    // One that is out of date may hold again, but its number says that it does not.
    if (number > core_.row().states_outdated) return number;
  }
  if (!held && held.error().code != errc::not_found) return held.error();
  const std::uint32_t number = core_.row().states + 1;
  if (auto put = core_.put_value(core_.keys().rows, own_place(table::state, number), compiled);
      !put) {
    return put.error();
  }
  std::array<std::byte, 4> bytes{};
  store_be(bytes.data(), number);
  if (auto put = core_.write().put(at, bytes); !put) return put.error();
  core_.edit_row().states = number;
  return number;
}

result<void> consent_store::take_newcomer(std::span<const directive> directives, timestamp now) {
  newcomer_.directives.clear();
  latest_said latest;
  for (const directive& said : directives) {
    directive one = said;
    if (said_before(newcomer_.directives, one)) continue;
    if (one.id == directive_id{}) {
      if (auto drawn = core_.random().fill(one.id.bytes); !drawn) return drawn;
    }
    if (has_id(newcomer_.directives, one.id)) return twice;
    one.sequence = static_cast<std::uint32_t>(newcomer_.directives.size() + 1);
    one.recorded_at = now;
    if (one.kind == directive_kind::move) one.profile_version = core_.row().policy;
    latest.written_down(now);
    if (auto good = check_append(one, latest.at(), now); !good) return good;
    if (auto known = check_references(one); !known) return known;
    latest.add(one);
    newcomer_.directives.push_back(one);
  }
  return {};
}

result<void> consent_store::check_newcomer(std::span<const directive> directives,
                                           const std::optional<date>& born, timestamp now) {
  newcomer_.used = false;
  newcomer_.state = 0;
  newcomer_.compiled.clear();
  if (auto taken = take_newcomer(directives, now); !taken) return taken;
  for (const directive& one : newcomer_.directives) {
    const auto grown = check_own_word(newcomer_.directives, one, born, now);
    if (!grown) return grown;
  }
  const auto laws = laws_of(newcomer_.directives);
  newcomer_.born = facts_of(born, newcomer_.directives, laws, now).born;
  if (newcomer_.directives.empty() && !newcomer_.born) {
    newcomer_.used = true;
    return {};
  }
  // Of contact points no two customers have the same.
  const bool like_others = named_contacts(newcomer_.directives).empty();
  for (const recent& one : recent_) {
    if (like_others && one.used && one.born == newcomer_.born &&
        std::equal(one.directives.begin(), one.directives.end(), newcomer_.directives.begin(),
                   newcomer_.directives.end(), same_rules)) {
      newcomer_.state = one.state;
      newcomer_.used = true;
      return {};
    }
  }
  auto compiled = compile_now(newcomer_.directives, newcomer_.born, now);
  if (!compiled) return compiled.error();
  newcomer_.compiled = std::move(*compiled);
  newcomer_.used = true;
  return {};
}

result<consent_store::keeping> consent_store::keeping_of_newcomer(const kept_purposes& purposes,
                                                                  timestamp now, field_set asked) {
  if (!newcomer_.compiled.empty()) {
    const auto opened = known_state::open(newcomer_.compiled);
    if (!opened) return opened.error();
    return keeping_under(*opened, purposes, operation::collect, now, asked);
  }
  const auto known = state(newcomer_.state);
  if (!known) return known.error();
  return keeping_under(**known, purposes, operation::collect, now, asked);
}

result<void> consent_store::keep_newcomer(manifest& entry, customer_no number,
                                          const customer_id& id, timestamp now) {
  // Only now, so that a customer who is refused leaves no state behind.
  if (!newcomer_.compiled.empty()) {
    const auto number_of_state = intern(newcomer_.compiled);
    if (!number_of_state) return number_of_state.error();
    newcomer_.state = *number_of_state;
    newcomer_.compiled.clear();
    recent_[next_recent_] = newcomer_;
    next_recent_ = (next_recent_ + 1) % recent_.size();
  }
  consent_hash previous{};
  for (directive& one : newcomer_.directives) {
    one.subject = id;
    one.recorder = recorder_;
    one.previous = previous;
    const auto hash = put_directive(entry, number, one);
    if (!hash) return hash.error();
    previous = *hash;
  }
  entry.directives = static_cast<std::uint32_t>(newcomer_.directives.size());
  entry.consent_state = newcomer_.state;
  if (entry.directives != 0) recorded_then(now);
  if (entry.consent_state != 0) saw(now);
  return {};
}

result<consent_hash> consent_store::put_directive(const manifest& entry, customer_no number,
                                                  const directive& one) {
  std::array<std::byte, max_directive_bytes> room;
  const auto bytes = encode_directive(one, room);
  if (!bytes) return bytes.error();
  if (auto put =
          core_.put_value(entry.subject_key, directive_place(entry, number, one.sequence), *bytes);
      !put) {
    return put.error();
  }
  return crypto::hash(*bytes);
}

result<std::vector<directive>> consent_store::directives(const manifest& entry,
                                                         customer_no number) {
  std::vector<directive> out;
  consent_hash previous{};
  for (std::uint32_t sequence = 1; sequence <= entry.directives; ++sequence) {
    if (auto got =
            core_.get_value(entry.subject_key, directive_place(entry, number, sequence), plain_);
        !got) {
      if (got.error().code != errc::not_found) return got.error();
      return error{errc::row_missing, "a directive of a customer is gone: restore a copy",
                   sequence};
    }
    auto read = decode_directive(plain_.view());
    if (!read) return read.error();
    if (read->sequence != sequence || read->previous != previous) {
      return error{errc::version_mismatch, "a customer's directives do not follow each other",
                   sequence};
    }
    previous = crypto::hash(plain_.view());
    out.push_back(*read);
  }
  return out;
}

// A move that was said before is news where the book came to follow its law only since.
bool consent_store::adds_no_law(std::span<const directive> said, const directive& next) const {
  if (next.kind != directive_kind::move) return true;
  std::vector<directive> with(said.begin(), said.end());
  with.push_back(next);
  return laws_of(with) == laws_of(said);
}

result<recorded> consent_store::append(manifest& entry, customer_no number, const customer_id& id,
                                       directive next, const std::optional<date>& born,
                                       timestamp now) {
  auto so_far = directives(entry, number);
  if (!so_far) return so_far.error();
  if (next.kind == directive_kind::move) next.profile_version = core_.row().policy;
  if (const auto before = said_before(*so_far, next); before && adds_no_law(*so_far, next)) {
    return recorded{.sequence = *before, .repeated = true};
  }
  if (has_id(*so_far, next.id)) return twice;
  latest_said latest;
  for (const directive& one : *so_far) latest.add(one);
  latest.written_down(now);
  if (auto good = check_append(next, latest.at(), now); !good) return good.error();
  if (auto known = check_references(next); !known) return known.error();
  if (auto grown = check_own_word(*so_far, next, born, now); !grown) return grown.error();
  const std::size_t first = so_far->size();
  if (auto added = chain(*so_far, next, id, now); !added) return added.error();

  if (widens(next.kind) && tells_apart_too_many(*so_far)) {
    return error{errc::limit_exceeded, "at most 32 contact points of one customer are told apart",
                 max_told_apart};
  }
  auto compiled = compile_now(*so_far, born, now);
  const bool tightens = !widens(next.kind) && next.kind != directive_kind::proof_of_age;
  if (!compiled && compiled.error().code == errc::limit_exceeded && tightens) {
    // No is always heard: what opens makes room for it.
    directive end = end_of_consents(now, "too many rules for one customer: consents ended");
    if (auto drawn = core_.random().fill(end.id.bytes); !drawn) return drawn.error();
    if (auto added = chain(*so_far, end, id, now); !added) return added.error();
    compiled = compile_at_any_rate(*so_far, born, now);
  }
  if (!compiled) return compiled.error();
  const auto number_of_state = intern(*compiled);
  if (!number_of_state) return number_of_state.error();
  for (std::size_t i = first; i < so_far->size(); ++i) {
    if (auto put = put_directive(entry, number, (*so_far)[i]); !put) return put.error();
  }
  entry.directives = so_far->back().sequence;
  entry.consent_state = *number_of_state;
  recorded_then(now);
  saw(now);
  return recorded{.sequence = (*so_far)[first].sequence};
}

result<remedy> consent_store::remedy_of(std::span<const directive> said,
                                        const std::optional<date>& born,
                                        const decision_request& request, const explained& what,
                                        timestamp now) {
  const auto room = std::make_unique<remedy_workspace>();
  const auto laws = laws_of(said);
  std::vector<consent_environment> under;
  for (const law_profile* law : laws) under.push_back(environment(*law));
  // What is found opens it for every contact point that nobody spoke of, or for the one.
  const std::vector<contact_point> named = named_contacts(said);
  const auto decisive = said_of(said, named, what.point ? number_of(named, *what.point) : 0);
  return find_remedy(decisive, under, facts_of(born, said, laws, now), with_discharges(request),
                     what.field, now, *room);
}

namespace {

// Keeps the cells of a preview.
struct cell_collector final : preview_sink {
  std::vector<preview_cell> cells;
  bool out_of_memory = false;
  void cell(const preview_cell& opened) noexcept override try {
    cells.push_back(opened);
  } catch (const std::bad_alloc&) {
    out_of_memory = true;
  }
};

}  // namespace

result<consent_preview> consent_store::preview(std::span<const directive> said,
                                               const std::optional<date>& born,
                                               const directive& grant, const privacy_notice& notice,
                                               timestamp now) {
  privacy_notice draft = notice;
  if (draft.hash == consent_hash{}) draft.hash.fill(std::byte{0xff});
  const timestamp then = as_of(now);
  const auto added = said_hypothetically(grant, draft, said, then);
  if (!added) return added.error();
  const auto before_bytes = compile_now(said, born, now);
  if (!before_bytes) return before_bytes.error();
  std::vector<directive> with(said.begin(), said.end());
  with.push_back(*added);
  notices_.push_back(draft);
  const auto after_bytes = compile_now(with, born, now);
  notices_.pop_back();
  if (!after_bytes) return after_bytes.error();
  const auto before = known_state::open(*before_bytes);
  const auto after = known_state::open(*after_bytes);
  if (!before || !after) return before ? after.error() : before.error();

  cell_collector opened;
  const auto was = [&](const decision_request& asked) { return before->decide(asked).permitted; };
  const auto is = [&](const decision_request& asked) { return after->decide(asked).permitted; };
  preview_between(was, is, *added, draft, registry_.get(), then, reading(purpose_id(), now).clock,
                  opened);
  if (opened.out_of_memory) return not_enough_memory;
  return hashed(std::move(opened.cells));
}

result<consent_preview> consent_store::hashed(std::vector<preview_cell> cells) const {
  consent_preview out{.cells = std::move(cells)};
  std::vector<std::byte> bytes(out.cells.size() * max_cell_bytes);
  std::size_t used = 0;
  for (const preview_cell& one : out.cells) {
    const auto cell = encode_cell(one, registry_.get(), byte_span(bytes).subspan(used));
    if (!cell) return cell.error();
    used += cell->size();
  }
  if (used != 0) out.hash = crypto::hash(byte_view(bytes).first(used));
  return out;
}

// --- registry and notices -------------------------------------------------------------------

result<void> consent_store::replace_registry(std::shared_ptr<const recipient_registry> changed,
                                             timestamp now) {
  std::vector<std::byte> room(64 * 1024);
  const auto bytes = encode_registry(*changed, room);
  if (!bytes) return bytes.error();
  book_core::place at = own_place(table::recipient, 0);
  at.version = record_version(changed->version());
  if (auto put = core_.put_value(core_.keys().rows, at, *bytes); !put) return put;
  core_.edit_row().registry_version = changed->version();
  registry_read_ = changed->version();
  registry_ = std::move(changed);
  // A denial of a class covers the newcomer too.
  outdate_states(now);
  return {};
}

void consent_store::fields_changed(timestamp now) {
  terms_ = terms_of(core_.fields(), terms_room_);
  terms_of_ = core_.row().schema;
  outdate_states(now);
}

result<privacy_notice> consent_store::add_notice(privacy_notice notice) {
  if (notice.registry_version > registry_->version()) {
    return error{errc::invalid_value,
                 "a notice names a version of the registry that is not there yet",
                 registry_->version()};
  }
  const std::uint32_t number = core_.row().notices + 1;
  if (notice.id == notice_id{}) notice.id = notice_id(number);
  for (const privacy_notice& one : notices_) {
    if (one.id == notice.id && one.version == notice.version) {
      return error{errc::already_exists, "this version of the notice is there: give it the next"};
    }
  }
  std::array<std::byte, max_notice_bytes> room;
  const auto bytes = encode_notice(notice, room);
  if (!bytes) return bytes.error();
  if (auto put = core_.put_value(core_.keys().rows, own_place(table::notice, number), *bytes);
      !put) {
    return put.error();
  }
  core_.edit_row().notices = number;
  notice.hash = crypto::hash(*bytes);
  notices_.push_back(notice);
  return notice;
}

result<privacy_notice> consent_store::withdraw_notice(notice_id id, timestamp now) {
  const privacy_notice* latest = nullptr;
  for (const privacy_notice& one : notices_) {
    if (one.id == id && (latest == nullptr || one.version > latest->version)) latest = &one;
  }
  if (latest == nullptr) {
    return error{errc::unknown_notice, "the book has no notice of that number", id.value};
  }
  if (is_withdrawal(*latest)) {
    return error{errc::already_exists, "the notice is withdrawn already", id.value};
  }
  privacy_notice end = *latest;
  ++end.version;
  end.announced = {};
  end.registry_version = registry_->version();
  end.retention_days = 0;
  end.offer = end.text = end.cells = end.hash = {};
  auto added = add_notice(end);
  // What was agreed to under it counts no more, in every state.
  if (added) outdate_states(now);
  return added;
}

// A consent that was taken back, replaced or waits rests on no notice any more.
result<std::uint64_t> consent_store::consents_under(notice_id id) {
  const auto is_it = [&](const privacy_notice& one) { return one.id == id; };
  if (std::none_of(notices_.begin(), notices_.end(), is_it)) {
    return error{errc::unknown_notice, "the book has no notice of that number", id.value};
  }
  const auto rests_on_it = [&](const directive& one) {
    if ((one.kind != directive_kind::grant && one.kind != directive_kind::renew) || !one.informed) {
      return false;
    }
    return one.notice.id == id &&
           std::any_of(notices_.begin(), notices_.end(), [&](const privacy_notice& known) {
             return is_it(known) && known.version == one.notice.version &&
                    !is_withdrawn(known, notices_);
           });
  };
  std::uint64_t out = 0;
  const auto done =
      for_each_customer([&](customer_no number, const manifest& entry) -> result<void> {
        const auto said = directives(entry, number);
        if (!said) return said.error();
        const auto counting = what_counts(*said);
        if (std::any_of(counting.begin(), counting.end(), rests_on_it)) ++out;
        return {};
      });
  if (!done) return done.error();
  return out;
}

}  // namespace clientbook
