// What was said, what would follow from it, and passing on: directives, previews, disclosure.
//
// disclose() writes the ledger's entry in the change that it reads in, and returns the view only
// once that is durable. A refusal is an entry too, so it does not undo the change.
#include <clientbook/consent/explanation.hpp>
#include <clientbook/internal/consent/circumstances.hpp>

#include <algorithm>

#include "birth_fact.hpp"
#include "disclosing.hpp"
#include "gaps.hpp"
#include "session_state.hpp"

#include <clientbook/internal/unicode/folded_hash.hpp>
#include <clientbook/internal/unicode/name_line.hpp>

namespace clientbook {
namespace {

using storage::key;
using storage::table;

// Whole years; `below` is not among them.
struct years {
  int from = 0;
  int below = 0;
};
bool of_age(const std::optional<date>& born, const years& wanted, timestamp now) noexcept {
  if (!born || born->year == 0) return false;
  const int age = years_between(*born, date_of(now));
  return wanted.from <= age && age < wanted.below;
}

// As a notice calls a class of recipients in any of its languages.
bool reads_as_a_class(std::string_view name) noexcept {
  constexpr std::uint8_t classes = 32;
  const std::uint64_t wanted = unicode::folded_hash(name);
  for (const language speech :
       {language::en, language::de, language::fr, language::es, language::it}) {
    for (std::uint8_t i = 0; i < classes; ++i) {
      const std::string_view known = label(recipient_id{i}, speech);
      if (!known.empty() && unicode::folded_hash(known) == wanted) return true;
    }
  }
  return false;
}

// Recipients are read by people and named in commands: what looks like another one, like a word of
// the vocabulary or like nothing must not be one.
result<void> presentable(const recipient_registry& registry, const recipient_party& party) {
  const std::string_view name = party.name.view();
  if (!is_name_line(name)) {
    return error{
        errc::invalid_value,
        "a recipient's name is one line without blanks at its ends, controls or unseen signs"};
  }
  if (!party.contract.view().empty() && !is_name_line(party.contract.view())) {
    return error{errc::invalid_value,
                 "a contract's reference is one line without controls or unseen signs"};
  }
  if (party.party_class == recipient::self || party.party_class == recipient::data_subject) {
    return error{errc::invalid_value,
                 "the shop and the customer are no parties of the registry: they need no entry"};
  }
  if (name == "all" || find_recipient_class(name) || reads_as_a_class(name)) {
    return error{errc::invalid_value, "that name is a word of the vocabulary: give its legal name"};
  }
  for (const recipient_party& other : registry.parties()) {
    const bool comes_back = other.removed != 0 && other.name == party.name;
    if (other.id != party.id && !comes_back &&
        unicode::folded_hash(other.name.view()) == unicode::folded_hash(name)) {
      return error{errc::already_exists, "there is a recipient whose name reads the same",
                   other.id.value};
    }
  }
  return {};
}

result<void> says_something_else(const recipient_registry& registry, recipient_party party) {
  const auto known = registry.find(party.id);
  if (!known || known->removed != 0) return {};  // edit() says so
  party.added = known->added;
  party.removed = known->removed;
  if (party != *known) return {};
  return error{errc::already_exists, "the recipient is registered so already: nothing changed",
               party.id.value};
}

template <class Value, class Edit>
result<Value> change_registry(session_state& s, Edit&& edit) {
  return s.change(action::administer, [&]() -> result<Value> {
    auto changed = std::make_shared<recipient_registry>(s.consent.registry());
    result<Value> done = edit(*changed);
    if (!done) return done;
    const auto replaced = s.consent.replace_registry(std::move(changed), s.now());
    if (!replaced) {
      s.broken = true;
      return replaced.error();
    }
    return done;
  });
}

// What is open in a cell, and in which form.
struct open_cell : consent_cell {
  std::array<redaction_operator, max_fields> forms{};
  contact_limits contacts{};
};

// Everything that the shop itself and its parties may do with this customer's fields now.
result<std::vector<open_cell>> open_cells(session_state& s, customer_no number,
                                          const manifest& entry) {
  std::vector<recipient_id> recipients{recipient::self};
  for (const recipient_party& party : s.consent.registry().parties()) {
    if (party.removed == 0) recipients.push_back(party.id);
  }
  std::vector<open_cell> out;
  std::optional<error> failed;
  const auto named = s.consent.contacts_told_apart(number, entry, s.now());
  if (!named) return named.error();
  all_purposes().for_each([&](purpose_id purpose) {
    decision_request request = s.consent.reading(purpose, s.now());
    for (const recipient_id to : recipients) {
      request.recipient = to;
      all_operations.for_each([&](operation_id operation) {
        if (failed) return;
        request.operation = operation;
        const auto decided = s.consent.decide(number, entry, request, *named);
        if (!decided) {
          failed = decided.error();
        } else if (const record_decision& made = decided->decision; !made.permitted.empty()) {
          contact_limits contacts = decided->permit.contacts();
          if (contacts.empty()) contacts.others = made.permitted;
          out.push_back(
              {{to, purpose, operation, made.permitted}, made.operators, std::move(contacts)});
        }
      });
    }
  });
  if (failed) return *failed;
  return out;
}

// Whether one contact point of that field is open here and not there.
bool opens_beyond(const contact_limits& more, const contact_limits& less, field_id field) {
  if (more.others.has(field) && !less.others.has(field)) return true;
  for (const contact_limits* each : {&more, &less}) {
    for (const contact_limits::rule& one : each->named) {
      if (one.which.field == field && more.opens(one.which) && !less.opens(one.which)) return true;
    }
  }
  return false;
}

// Fields that `more` shows and `less` does not, or in a form that hides more.
field_set shown_beyond(const open_cell& more, const open_cell& less) noexcept {
  field_set out = more.fields & ~less.fields;
  for (const field_id each : more.fields& less.fields) {
    if (more.forms[each.value] < less.forms[each.value]) out.add(each);
  }
  for (const field_id each : more.fields& less.fields& with_contact_points) {
    if (opens_beyond(more.contacts, less.contacts, each)) out.add(each);
  }
  return out;
}

// What `more` shows beyond `less`, by cell. Both are in the order of open_cells().
std::vector<consent_cell> beyond(const std::vector<open_cell>& more,
                                 const std::vector<open_cell>& less) {
  std::vector<consent_cell> out;
  auto other = less.begin();
  const auto place = [](const consent_cell& cell) {
    return std::array{cell.purpose.value, cell.recipient.value, cell.operation.value};
  };
  for (const open_cell& cell : more) {
    while (other != less.end() && place(*other) < place(cell)) ++other;
    consent_cell rest = cell;
    if (other != less.end() && place(*other) == place(cell)) {
      rest.fields = shown_beyond(cell, *other);
    }
    if (!rest.fields.empty()) out.push_back(rest);
  }
  return out;
}

// A question to the customer, and that they will answer later: neither opens nor closes anything.
bool asks_only(directive_kind kind) noexcept {
  return kind == directive_kind::request || kind == directive_kind::defer;
}

ledger_event event_of(directive_kind kind) noexcept {
  if (kind == directive_kind::move) return ledger_event::jurisdiction;
  return widens(kind) ? ledger_event::consent_given : ledger_event::consent_withdrawn;
}

enum class entry_for : std::uint8_t { what_counts, nothing };

// Writes it as it is, with its entry of the ledger; a yes that waits is none, and gets its entry
// with what confirms it. Precondition: inside a change.
result<recorded> write_directive(session_state& s, customer_no number, const customer_id& id,
                                 directive said, const std::optional<date>& born,
                                 entry_for which = entry_for::what_counts) {
  const auto edited = s.core->tree().edit(number);
  if (!edited) return edited.error();
  if (born) learn_birth(**edited, *born);
  said.recorder = s.who.id;
  if (said.id == directive_id{}) {
    if (auto drawn = s.core->random().fill(said.id.bytes); !drawn) return drawn.error();
  }
  const timestamp now = s.now();
  const auto sequence = s.consent.append(**edited, number, id, said, born, now);
  if (!sequence || sequence->repeated) return sequence;
  s.must_pin = true;
  if (!widens(said.kind) && !asks_only(said.kind)) s.must_hear = true;
  if (which == entry_for::nothing || asks_only(said.kind)) return sequence;

  ledger::disclosure_entry entry{.type = event_of(said.kind)};
  ledger::disclosure_payload payload{.directive = said.id};
  const auto logged =
      s.ledger.append(entry, std::move(payload), s.who.id, now,
                      ledger_store::subject{.number = number, .entry = *edited, .id = id});
  if (!logged) {
    s.broken = true;
    return logged.error();
  }
  return sequence;
}

// Whose word it is decides how it is written down. Precondition: inside a change.
enum class word : std::uint8_t { of_the_actor, shown };
result<recorded> append_directive(session_state& s, const customer_id& id, const directive& decided,
                                  std::optional<years> only_of = std::nullopt,
                                  word whose = word::of_the_actor) {
  const auto number = s.number(id);
  if (!number) return number.error();
  const auto found = s.entry(*number);
  if (!found) return found.error();
  const auto born = s.consent.born(*number, **found);
  if (!born) return born.error();
  if (only_of && !of_age(*born, *only_of, s.now())) return recorded{};
  if (whose == word::shown || !s.on_own_word(decided)) {
    return write_directive(s, *number, id, decided, *born);
  }
  const auto so_far = s.said_by(id);
  if (!so_far) return so_far.error();
  const yes_parts parts = s.parts_of(decided, *so_far);
  auto out = write_directive(s, *number, id, parts.said, *born,
                             parts.noted ? entry_for::nothing : entry_for::what_counts);
  if (!out) return out;
  if (!out->repeated || still_waits(*so_far, out->sequence)) out->waiting = parts.waiting;
  if (out->repeated || !parts.care) return out;
  const auto counts = write_directive(s, *number, id, *parts.care, *born);
  if (!counts) {
    // What waits is written already, and is nothing without the rest.
    s.broken = true;
    return counts;
  }
  out->provisional = parts.care->scope.purposes;
  out->until = *parts.care->not_after;
  return out;
}

// Whose rule has decided.
const law_profile* law_of(const session_state& s, const explanation& why) noexcept {
  const auto* held = s.consent.policy().find(why.profile);
  return held == nullptr ? &s.consent.profile() : &held->law;
}

// Of fields that were asked for by name all leave, or none; an empty set stands for whatever is
// permitted.
std::optional<error> refusal_of(const record_decision& decision, field_set fields) {
  const field_set denied = fields & ~decision.permitted;
  if (denied.empty() && decision.permitted) return std::nullopt;
  const bool unsupported = !(decision.decided[8] & (fields.empty() ? all_fields : denied)).empty();
  return error{unsupported ? errc::obligation_unsupported : errc::denied,
               unsupported ? literal("the permit has an obligation nobody said to discharge")
                           : literal("this recipient may not have this for that purpose"),
               denied.empty() ? std::uint64_t{0} : (*denied.begin()).value};
}

}  // namespace

// Whether the customer has it is an answer to whoever guesses, for each of those that are named.
result<void> session_state::count_contacts(const directive& said) {
  if (!is_about_contacts(said)) return {};
  for (const contact_point& named : said.contacts) {
    if (named.field == field_id{}) break;
    if (auto counted = count_look_up(); !counted) return counted;
  }
  return {};
}

// A contact point that somebody names by hand is one that the customer has, or that was named
// before: a number with a slip in it would be written down and close nothing.
result<void> session_state::check_contacts(const customer_id& id, const directive& said) {
  if (!is_about_contacts(said)) return {};
  const auto whose = number(id);
  if (!whose) return whose.error();
  const auto found = entry(*whose);
  if (!found) return found.error();
  const auto before = consent.directives(**found, *whose);
  if (!before) return before.error();
  const auto again = entry(*whose);
  if (!again) return again.error();
  std::array<opened_field, max_fields> opened;
  const auto fields = opener.record(opening::contact_points, *whose, **again, opened);
  if (!fields) return fields.error();
  std::vector<contact_point> theirs = named_contacts(*before);
  for (const opened_field& one : *fields) {
    const auto points = contact_points_of(core->keys().external_ids, one.id, one.plaintext);
    if (!points) return points.error();
    theirs.insert(theirs.end(), points->begin(), points->end());
  }
  for (const contact_point& one : said.contacts) {
    if (!with_contact_points.has(one.field)) break;  // check() tells what is wrong
    note_look(*whose, {}, look_kind::find, only(one.field));
    if (std::find(theirs.begin(), theirs.end(), one) != theirs.end()) continue;
    return error{errc::not_found, "the customer has no such e-mail address, phone or address",
                 one.field.value};
  }
  return {};
}

// A no is taken of anybody. What says more than that it was written down - a yes, what it opened
// and closed, whether somebody is of an age, which addresses they have - is for those whom the
// actor reaches.
result<void> session_state::record_of(const customer_id& id, const directive& said,
                                      record_tells tells) {
  const auto whose = number(id);
  if (!whose) return whose.error();
  if (widens(said.kind) || said.kind == directive_kind::move) {
    const action what = action_asked(said);
    const action yes = ask(action::say_yes) ? action::say_yes : action::note_yes;
    const auto theirs = in_portfolio(what == action::say_no ? yes : what, *whose);
    if (!theirs) return theirs;
  }
  if (tells == record_tells::more || is_about_contacts(said)) {
    if (auto theirs = in_portfolio(action::see_consents, *whose); !theirs) return theirs;
  }
  return check_contacts(id, said);
}

decision_request session_state::as_asked(const decision_request& request) const {
  decision_request out = request;
  const decision_request own = consent.reading(request.purpose, now());
  out.now = own.now;
  out.clock = own.clock;
  out.discharges = own.discharges;
  return out;
}

result<void> session_state::check_clock() {
  const timestamp at = now();
  if (consent.is_ahead(at)) {
    return error{errc::clock_ahead,
                 "the clock is further ahead than the book was ever left alone: put it right, or "
                 "confirm it (confirm_clock, `clientbook clock confirm`)"};
  }
  consent.saw_a_day(at);
  return {};
}

result<timestamp> session::confirm_clock() try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "the clock is confirmed by itself: commit first"};
  }
  if (const auto asked = s.ask(action::confirm_clock); !asked) return asked.error();
  if (auto begun = s.core->begin_change(); !begun) return begun.error();
  const timestamp now = s.now();
  auto done = s.consent.follow();
  if (done) done = s.check_credential();
  if (done) {
    s.consent.confirm(now);
    done = s.commit_change();
  } else {
    s.discard_change();
  }
  if (!done) return done.error();
  return now;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<recorded> session_state::append_directive(const customer_id& id, const directive& decided) {
  return clientbook::append_directive(*this, id, decided);
}

result<recorded> session_state::append_as_it_is(const customer_id& id, const directive& said) {
  return clientbook::append_directive(*this, id, said, std::nullopt, word::shown);
}

decision_request session::request(purpose_id purpose) const {
  // Whether the clock was set back tells the newest commit.
  (void)profile();
  return state_->consent.reading(purpose, state_->now());
}

result<field_set> session::may_collect(const collection& why, const std::optional<date>& born) try {
  session_state& s = *state_;
  // What is compiled on the way is thrown away with the change.
  if (s.explicit_change) {
    return error{errc::invalid_state, "a transaction is under way: ask before it"};
  }
  result<field_set> answer = error{errc::invalid_state, "not decided"};
  if (const auto asked = s.keeps(); !asked) return asked.error();
  if (auto begun = s.core->begin_change(); !begun) return begun.error();
  const auto decide = [&]() -> result<field_set> {
    if (auto followed = s.consent.follow(); !followed) return followed.error();
    if (auto held = s.check_credential(); !held) return held.error();
    const auto purposes = s.ask(action::keep, why.purposes, nullptr);
    if (!purposes) return purposes.error();
    const timestamp now = s.now();
    if (auto lived = plausible_birth(born, now); !lived) return lived.error();
    purpose_set waiting;
    const std::vector<directive> taken = s.as_taken(why.directives, waiting);
    if (auto said = s.consent.check_newcomer(taken, born, now); !said) {
      return said.error();
    }
    const auto kept = s.consent.keeping_of_newcomer(*purposes, now, all_fields);
    if (!kept) return kept.error();
    return kept->permitted;
  };
  answer = decide();
  s.discard_change();
  return answer;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<decision_code> session::why_not_kept(const customer_id& id, field_id field,
                                            const kept_purposes& purposes) try {
  session_state& s = *state_;
  if (const auto asked = s.keeps(); !asked) return asked.error();
  if (auto looked = s.look_again(); !looked) return looked.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto told = s.tell_of(*number, {}, look_kind::consents); !told) return told.error();
  const auto found = s.entry(*number);
  if (!found) return found.error();
  const auto kept =
      s.consent.keeping_of(*number, **found, purposes, operation::collect, s.now(), only(field));
  if (!kept) return kept.error();
  return kept->why_not[field.value];
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

purpose_set session::purposes() const noexcept { return state_->consent.shop_purposes(); }

result<recorded> session::record(const customer_id& id, const directive& decided) try {
  session_state& s = *state_;
  if (const auto asked = s.asked_to_record(decided); !asked) return asked.error();
  if (auto counted = s.count_contacts(decided); !counted) return counted.error();
  return s.change_asking([&] { return s.asked_to_record(decided); },
                         [&]() -> result<recorded> { return s.record_plain(id, decided); });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// Whose consents the actor may not see hears no word of them: neither how many there were nor
// whether this one says anything new, nor that the customer is erased.
result<recorded> session_state::record_plain(const customer_id& id, const directive& decided) {
  if (auto theirs = record_of(id, decided, record_tells::nothing); !theirs) return theirs.error();
  const auto whose = number(id);
  if (!whose) return whose.error();
  const auto told = in_portfolio(action::see_consents, *whose);
  if (!told && told.error().code != errc::not_in_portfolio) return told.error();
  auto done = clientbook::append_directive(*this, id, decided);
  if (told) return done;
  if (!done && done.error().code != errc::key_erased) return done;
  return recorded{};
}

result<void> session::record_no(std::string_view system, std::string_view value,
                                const directive& no) try {
  session_state& s = *state_;
  if (widens(no.kind) || no.kind == directive_kind::move || is_about_contacts(no)) {
    return error{errc::invalid_argument, "that is no plain no: find the customer, and record it"};
  }
  if (const auto asked = s.asked_to_record(no); !asked) return asked.error();
  if (auto seen = s.look_again(); !seen) return seen;
  const bool finds = s.ask(action::find).has_value();
  const auto limited = s.is_limited(action::find);
  if (!limited) return limited.error();
  // Who finds nobody is told of nobody, and so answers no guess either; nor is who may look up no
  // more. The no is taken of both.
  bool tells = finds && !*limited;
  if (finds) {
    const auto counted = s.count_look_up();
    if (!counted && counted.error().code != errc::budget_spent) return counted;
    tells = tells && counted;
  }
  return s.change_asking([&] { return s.asked_to_record(no); },
                         [&]() -> result<void> {
                           const auto found = s.owner_of(system, value);
                           if (!found && found.error().code != errc::not_found)
                             return found.error();
                           if (!found) return tells ? found.error() : result<void>();
                           const auto done = s.record_plain(s.core->keys().ids->id(*found), no);
                           return done ? result<void>() : done.error();
                         });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<recorded> session::record_at_age(const customer_id& id, const directive& decided, int from,
                                        int below) try {
  session_state& s = *state_;
  if (const auto asked = s.asked_to_record(decided); !asked) return asked.error();
  if (auto counted = s.count_contacts(decided); !counted) return counted.error();
  return s.change_asking(
      [&] { return s.asked_to_record(decided); },
      [&]() -> result<recorded> {
        if (auto theirs = s.record_of(id, decided, session_state::record_tells::more); !theirs) {
          return theirs.error();
        }
        return append_directive(s, id, decided, years{from, below});
      });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<consent_effect> session_state::append_and_tell(const customer_id& id,
                                                      callback_ref<result<recorded>()> append) {
  const auto cells = [&]() -> result<std::vector<open_cell>> {
    const auto whose = number(id);
    if (!whose) return whose.error();
    const auto found = entry(*whose);
    if (!found) return found.error();
    return open_cells(*this, *whose, **found);
  };
  const auto before = cells();
  if (!before) return before.error();
  const auto done = append();
  if (!done) return done.error();
  const auto after = cells();
  if (!after) {
    broken = true;
    return after.error();
  }
  return consent_effect{.sequence = done->sequence,
                        .repeated = done->repeated,
                        .opened = beyond(*after, *before),
                        .closed = beyond(*before, *after),
                        .waiting = done->waiting,
                        .provisional = done->provisional,
                        .until = done->until};
}

result<consent_effect> session::record_and_tell(const customer_id& id,
                                                const directive& decided) try {
  session_state& s = *state_;
  if (const auto asked = s.asked_to_record(decided); !asked) return asked.error();
  if (auto counted = s.count_contacts(decided); !counted) return counted.error();
  return s.change_asking(
      [&] { return s.asked_to_record(decided); },
      [&]() -> result<consent_effect> {
        if (auto theirs = s.record_of(id, decided, session_state::record_tells::more); !theirs) {
          return theirs.error();
        }
        return s.append_and_tell(id, [&] { return append_directive(s, id, decided); });
      });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

namespace {

result<directive> move_said(timestamp now, profile_id to, residence_source known_by,
                            std::string_view evidence, const move_details& also) {
  directive said;
  said.kind = directive_kind::move;
  said.by =
      known_by == residence_source::customer ? indicated_by::subject : indicated_by::controller;
  said.jurisdiction = to;
  said.residence = also.residence;
  said.works_here = also.works_here;
  said.event_at = now;
  if (!said.evidence.reference.fits(evidence)) {
    return error{errc::limit_exceeded, "a reference to evidence has at most 64 bytes"};
  }
  if (known_by == residence_source::officer && evidence.empty()) {
    return error{errc::missing_field, "what an officer says needs evidence: where it lies"};
  }
  if (known_by == residence_source::address && !evidence.empty()) {
    return error{errc::invalid_argument, "of an address nobody has evidence: say who confirms it"};
  }
  if (known_by < residence_source::address || known_by > residence_source::officer) {
    return error{errc::invalid_argument, "it is known by an address, the customer or an officer"};
  }
  if (!evidence.empty()) {
    said.evidence.reference = short_text<64>(evidence);
    said.evidence.hash = crypto::hash(as_bytes(evidence));
  }
  return said;
}

}  // namespace

result<recorded> session::move(const customer_id& id, profile_id to, residence_source known_by,
                               std::string_view evidence, const move_details& also) try {
  const auto said = move_said(state_->now(), to, known_by, evidence, also);
  return said ? record(id, *said) : said.error();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<consent_effect> session::move_and_tell(const customer_id& id, profile_id to,
                                              residence_source known_by, std::string_view evidence,
                                              const move_details& also) try {
  const auto said = move_said(state_->now(), to, known_by, evidence, also);
  return said ? record_and_tell(id, *said) : said.error();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<jurisdiction> session::jurisdiction_of(const customer_id& id) try {
  const auto said = directives(id);
  if (!said) return said.error();
  session_state& s = *state_;
  jurisdiction out;
  const auto laws = s.consent.laws_of(*said);
  for (const auto& held : s.consent.policy().profiles()) {
    if (std::find(laws.begin(), laws.end(), &held->law) == laws.end()) continue;
    out.laws.emplace_back(held, &held->law);
  }
  for (const directive& one : *said) {
    if (one.kind == directive_kind::move && is_confirmed(one)) out.confirmed = one.jurisdiction;
  }
  circumstances known(out.confirmed);
  for (const directive& one : *said) known.add(one);
  out.residence = known.residence();
  out.employed = known.employed();
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<contact_point> session::contact_of(field_id field, std::string_view value) try {
  return state_->consent.contact_of(field, value);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<contact_point> session::contact(const customer_id& id, field_id field,
                                       std::string_view value) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::say_no); !seen) return seen.error();
  const auto wanted = s.consent.contact_of(field, value);
  if (!wanted) return wanted.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto counted = s.count_look_up(); !counted) return counted.error();
  if (auto theirs = s.in_portfolio(action::see_consents, *number); !theirs) return theirs.error();
  s.note_look(*number, {}, look_kind::find, only(field));
  const auto found = s.entry(*number);
  if (!found) return found.error();
  std::array<opened_field, max_fields> opened;
  const auto fields = s.opener.record(opening::contact_points, *number, **found, opened);
  if (!fields) return fields.error();
  for (const opened_field& one : *fields) {
    if (one.id != field) continue;
    const auto theirs = contact_points_of(s.core->keys().external_ids, field, one.plaintext);
    if (!theirs) return theirs.error();
    if (std::find(theirs->begin(), theirs->end(), *wanted) != theirs->end()) return *wanted;
  }
  return error{errc::not_found, "the customer has no such e-mail address, phone or address"};
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<directive>> session::directives(const customer_id& id) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::see_consents); !seen) return seen.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto told = s.tell_of(*number, {}, look_kind::consents); !told) return told.error();
  const auto found = s.entry(*number);
  if (!found) return found.error();
  return s.consent.directives(**found, *number);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// A field of whose contact points each is closed is withheld, whatever holds of others: it is
// explained by the first of them.
result<explained> session_state::asked_about(customer_no whose, const manifest& known,
                                             const decision_request& request,
                                             const explained& what) {
  if (what.point || !with_contact_points.has(what.field)) return what;
  const auto apart = consent.contacts_told_apart(whose, known, request.now);
  if (!apart) return apart.error();
  if (apart->empty()) return what;
  const auto again = entry(whose);
  if (!again) return again.error();
  std::array<opened_field, max_fields> opened;
  const auto fields = opener.record(opening::contact_points, whose, **again, opened);
  if (!fields) return fields.error();
  explained out = what;
  for (const opened_field& one : *fields) {
    if (one.id != what.field) continue;
    const auto points = contact_points_of(core->keys().external_ids, one.id, one.plaintext);
    if (!points) return points.error();
    for (const contact_point& point : *points) {
      const explained about{.field = what.field, .point = point};
      const auto here = entry(whose);
      if (!here) return here.error();
      const auto why = consent.explain(whose, **here, request, about);
      if (!why) return why.error();
      if (why->permitted) return what;
      if (!out.point) out = about;
    }
  }
  return out;
}

result<explanation> session_state::explain(const customer_id& id, const decision_request& request,
                                           explained& what) {
  if (auto done = look(action::preview, request.purpose); !done) return done.error();
  const auto whose = number(id);
  if (!whose) return whose.error();
  if (auto asked = ask(action::preview, request.purpose, id); !asked) return asked.error();
  if (auto told = tell_of(*whose, request.purpose, look_kind::consents); !told) {
    return told.error();
  }
  const auto found = entry(*whose);
  if (!found) return found.error();
  const decision_request asked = as_asked(request);
  const auto about = asked_about(*whose, **found, asked, what);
  if (!about) return about.error();
  what = *about;
  const auto again = entry(*whose);
  if (!again) return again.error();
  return consent.explain(*whose, **again, asked, what);
}

result<std::string> session_state::describe(const customer_id& id, const decision_request& request,
                                            explained what, language speech) {
  const auto why = explain(id, request, what);
  if (!why) return why.error();
  if (auto done = look(action::see_consents); !done) return done.error();
  const auto whose = number(id);
  if (!whose) return whose.error();
  if (auto told = tell_of(*whose, {}, look_kind::consents); !told) return told.error();
  const auto found = entry(*whose);
  if (!found) return found.error();
  const auto said = consent.directives(**found, *whose);
  if (!said) return said.error();
  std::optional<remedy> way;
  if (!why->permitted) {
    const auto born = consent.born(*whose, **found);
    if (!born) return born.error();
    auto looked_for = consent.remedy_of(*said, *born, as_asked(request), what, now());
    if (!looked_for) return looked_for.error();
    way = *looked_for;
  }
  std::array<char, max_explanation> room;
  const auto sentence = clientbook::describe(*why, request,
                                             {.profile = law_of(*this, *why),
                                              .registry = &consent.registry(),
                                              .directives = *said,
                                              .remedy = way ? &*way : nullptr},
                                             speech, room);
  if (!sentence) return sentence.error();
  return std::string(*sentence);
}

result<explanation> session::explain(const customer_id& id, const decision_request& request,
                                     field_id field) try {
  explained what{.field = field};
  return state_->explain(id, request, what);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<explanation> session::explain(const customer_id& id, const decision_request& request,
                                     const contact_point& point) try {
  explained what{.field = point.field, .point = point};
  return state_->explain(id, request, what);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::string> session::describe(const customer_id& id, const decision_request& request,
                                      field_id field, language speech) try {
  return state_->describe(id, request, {.field = field}, speech);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::string> session::describe(const customer_id& id, const decision_request& request,
                                      const contact_point& point, language speech) try {
  return state_->describe(id, request, {.field = point.field, .point = point}, speech);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<consent_preview> session::preview_grant(const customer_id& id, const directive& grant,
                                               const privacy_notice& notice) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::see_consents); !seen) return seen.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto told = s.tell_of(*number, {}, look_kind::consents); !told) return told.error();
  const auto found = s.entry(*number);
  if (!found) return found.error();
  const auto said = s.consent.directives(**found, *number);
  if (!said) return said.error();
  const auto born = s.consent.born(*number, **found);
  if (!born) return born.error();
  return s.consent.preview(*said, *born, grant, notice, s.now());
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<consent_preview> session::preview_notice(const privacy_notice& notice) try {
  session_state& s = *state_;
  if (auto seen = s.look_again(); !seen) return seen.error();
  directive grant;
  grant.kind = directive_kind::grant;
  grant.strength = consent_strength::explicit_;
  grant.informed = true;
  grant.scope = notice.announced;
  grant.registry_version = notice.registry_version;
  return s.consent.preview({}, std::nullopt, grant, notice, s.now());
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

namespace {

// What nobody else would be given whole goes to the customer alone: for who answers requests, not
// for who wants a copy.
result<void> may_disclose(session_state& s, const disclosure_request& what, const customer_id& id) {
  if (auto asked = s.ask(action::disclose, what.purpose, id); !asked) return asked;
  if (!is_the_customers(what.recipient)) return {};
  if (auto asked = s.ask(action::hand_over, case_kind::rights, id); !asked) return asked;
  const auto number = s.number(id);
  return number ? s.check_identity_of(*number, id) : result<void>(number.error());
}

}  // namespace

result<disclosure> session::disclose(const customer_id& id, const disclosure_request& what) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "a disclosure is a transaction of its own: commit first"};
  }
  // A refusal is written too, so it must not undo the change that writes it.
  std::optional<error> refused;
  std::optional<customer_entry> given;
  const bool their_own = is_the_customers(what.recipient);
  if (auto looked = s.look(action::disclose, what.purpose); !looked) return looked.error();
  if (const auto known = s.number(id); known && s.ask(action::disclose, what.purpose, id)) {
    if (auto told = s.trip(*known, what.purpose); !told) return told.error();
    if (auto counted = s.count_to_pass_on(*known); !counted) return counted.error();
  }
  auto done = s.change(s.ask(action::disclose, what.purpose), [&]() -> result<disclosure> {
    const auto party = s.consent.registry().find(what.recipient);
    if (!their_own && (!is_party(what.recipient) || !party)) {
      return error{errc::not_found, "no such recipient: add it to the registry first"};
    }
    const auto number = s.number(id);
    if (!number) return number.error();
    if (auto asked = may_disclose(s, what, id); !asked) return asked.error();
    const timestamp now = s.now();
    decision_request request = s.consent.reading(what.purpose, now);
    request.recipient = what.recipient;
    request.operation = operation::disclose;
    request.country = what.country;
    disclosure out;
    if (auto filled = s.fill(out.content, *number, id, request,
                             what.fields.empty() ? all_fields : what.fields);
        !filled) {
      return filled.error();
    }
    const record_decision& decision = out.content.decision();
    refused = refusal_of(decision, what.fields);

    const auto edited = s.core->tree().edit(*number);
    if (!edited) return edited.error();
    std::array<ledger::disclosed_field, max_fields> fields;
    const std::size_t count = refused ? 0 : fields_of(out.content, **edited, fields);
    ledger::disclosure_entry entry{
        .type = refused ? ledger_event::refusal : ledger_event::disclosure,
        .purpose = what.purpose,
        .legal_basis = static_cast<std::uint8_t>(
            refused ? lawful_basis::none : s.basis_of_view(*number, request, out.content)),
        .recipient_class = class_of(s.consent.registry(), what.recipient)};
    ledger::disclosure_payload payload{
        .recipient = their_own ? facts(what.recipient)->label : party->name.view(),
        .fields = {fields.data(), count}};
    if (!refused && !their_own) payload.until = kept_until(decision, now);
    const auto logged =
        s.ledger.append(entry, std::move(payload), s.who.id, now,
                        ledger_store::subject{.number = *number, .entry = *edited, .id = id});
    if (!logged) return logged.error();
    out.ledger_index = logged->index;
    out.entry = logged->id;
    if (!refused) {
      given = customer_entry{id, logged->index};
      s.passes_on(what.recipient);
    }
    return out;
  });
  // Nothing leaves before the entry is durable: change() has committed by now.
  if (!done && given && s.unpinned) return s.not_handed_over(done.error(), {&*given, 1});
  if (!done) return done;
  if (refused) return *refused;
  return done;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

lawful_basis session_state::basis_of_view(customer_no number, const decision_request& request,
                                          const view& content) {
  const auto fields = content.record().fields();
  if (fields.empty()) return lawful_basis::none;
  const auto known = entry(number);
  if (!known) return lawful_basis::none;
  const auto why = consent.explain(number, **known, request, {.field = fields.front().id});
  if (!why) return lawful_basis::none;
  return why->stage == 5 ? lawful_basis::consent : why->basis;
}

// --- the book -----------------------------------------------------------------------------

const schema& session::fields() const noexcept { return state_->core->fields(); }
std::vector<std::shared_ptr<const law_profile>> session::profiles() const {
  (void)profile();
  std::vector<std::shared_ptr<const law_profile>> out;
  for (const auto& held : state_->consent.policy().profiles()) out.emplace_back(held, &held->law);
  return out;
}

std::shared_ptr<const law_profile> session::profile() const noexcept {
  session_state& s = *state_;
  try {
    // What cannot be read now is told by whoever reads next; the profile known before still holds.
    if (s.core->look()) (void)s.consent.follow();
  } catch (const std::bad_alloc&) {
    (void)s.out_of_memory();
  }
  const auto& held = s.consent.policy().profiles().front();
  return {held, &held->law};
}

result<book_figures> session::figures() try {
  session_state& s = *state_;
  if (auto seen = s.core->look(); !seen) return seen.error();
  if (auto held = s.check_credential(); !held) return held.error();
  const auto store = s.core->store_figures();
  if (!store) return store.error();
  auto gaps = gaps_of(*s.core);
  if (!gaps) return gaps.error();
  const book_row& row = s.core->row();
  return book_figures{.customers = row.customers,
                      .erased = row.erased,
                      .lost = row.lost,
                      .restored_at = {row.restored_at},
                      .restored_as_of = {row.restored_as_of},
                      .gaps = std::move(*gaps),
                      .purchase_lines = row.purchase_lines,
                      .ledger_entries = row.ledger_size,
                      .consent_states = row.states,
                      .consents_outdated = s.consent.outdated(),
                      .epoch = s.core->header().epoch,
                      .bytes_used = store->bytes_used,
                      .list_answered_at = timestamp{row.list_answered_at},
                      .suite = s.core->header().suite,
                      .id = s.core->header().id};
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::shared_ptr<const recipient_registry>> session::recipients() try {
  session_state& s = *state_;
  if (auto seen = s.core->look(); !seen) return seen.error();
  if (auto held = s.check_credential(); !held) return held.error();
  if (auto followed = s.consent.follow(); !followed) return followed.error();
  return s.consent.shared_registry();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<recipient_id> session::add_recipient(const recipient_party& party) try {
  return change_registry<recipient_id>(*state_,
                                       [&](recipient_registry& changed) -> result<recipient_id> {
                                         if (auto fine = presentable(changed, party); !fine)
                                           return fine.error();
                                         return changed.add(party);
                                       });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::edit_recipient(const recipient_party& party) try {
  return change_registry<void>(*state_, [&](recipient_registry& changed) -> result<void> {
    if (auto other = says_something_else(changed, party); !other) {
      return other;
    }
    if (auto fine = presentable(changed, party); !fine) return fine;
    return changed.edit(party);
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::retire_recipient(recipient_id party) try {
  return change_registry<void>(*state_,
                               [&](recipient_registry& changed) { return changed.remove(party); });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<privacy_notice>> session::notices() try {
  session_state& s = *state_;
  if (auto seen = s.core->look(); !seen) return seen.error();
  if (auto held = s.check_credential(); !held) return held.error();
  if (auto followed = s.consent.follow(); !followed) return followed.error();
  return s.consent.notices();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<privacy_notice> session::add_notice(const privacy_notice& notice) try {
  session_state& s = *state_;
  return s.change(action::administer, [&]() -> result<privacy_notice> {
    if (!is_name_line(notice.title.view())) {
      return error{errc::invalid_value,
                   "a notice's title is one line without controls or unseen signs"};
    }
    if (is_withdrawal(notice)) {
      return error{errc::missing_field,
                   "a notice announces something: purposes, recipients, categories, operations"};
    }
    privacy_notice shown = notice;
    if (shown.cells == consent_hash{}) {
      const auto opens = preview_notice(shown);
      if (!opens) return opens.error();
      shown.cells = opens->hash;
    }
    return s.consent.add_notice(shown);
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<privacy_notice> session::withdraw_notice(notice_id which) try {
  session_state& s = *state_;
  return s.change(action::administer, [&]() -> result<privacy_notice> {
    s.must_pin = true;
    return s.consent.withdraw_notice(which, s.now());
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::extend_schema(const schema& fields) try {
  session_state& s = *state_;
  return s.change(action::administer, [&]() -> result<void> {
    const schema& now = s.core->fields();
    for (std::size_t i = 0; i < now.size(); ++i) {
      const field_definition before = now.at(i);
      const auto after = fields.find(before.number);
      if (!after || after->key != before.key || after->type != before.type ||
          after->count != before.count || after->categories != before.categories) {
        return error{errc::invalid_argument, "a field of the book's schema may not change or go",
                     before.number.value};
      }
    }
    if (fields.version <= now.version) {
      return error{errc::invalid_argument, "the schema needs a higher version", now.version.value};
    }
    if (auto replaced = s.core->replace_schema(fields); !replaced) return replaced;
    s.consent.fields_changed(s.now());
    return {};
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<compile_progress> session::compile_consents(std::uint32_t most) try {
  session_state& s = *state_;
  if (most == 0) return error{errc::invalid_argument, "of no step at all nothing comes"};
  if (auto seen = s.look(action::maintain); !seen) return seen.error();
  if (s.consent.outdated() == 0) return compile_progress{};
  return s.change(action::maintain, [&]() -> result<compile_progress> {
    const auto done = s.consent.compile_outdated(most, s.now());
    if (!done) s.broken = true;
    return done;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<carving> session::carve(backend& copy) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::audit); !seen) return seen.error();
  auto other = copy.begin_read();
  if (!other) return other.error();
  carving out;

  std::vector<customer_no> numbers;
  const key records(table::record);
  auto walked = (*other)->walk(records, records, [&](byte_view at, byte_view) {
    if (at.size() == 9) numbers.emplace_back(load_be<std::uint64_t>(at.data() + 1));
    return true;
  });
  if (!walked) return walked.error();

  for (const customer_no number : numbers) {
    ++out.records;
    const auto row = (*other)->get(key(table::record).add(number.value));
    bool opened = false;
    const auto known = row ? s.core->tree().find(number) : result<const manifest*>(row.error());
    if (known) {
      // The copy says itself which version it has; the key is what counts here.
      manifest as_copied;
      as_copied.subject_key = (*known)->subject_key.duplicate();
      const auto header = peek_row(*row);
      if (header) {
        as_copied.version = header->version;
        as_copied.schema = header->schema;
        as_copied.key_version = header->key_version;
        opened = s.opener.opens(number, as_copied, *row);
      }
    }
    if (opened) {
      ++out.opened;
    } else {
      out.unopened.push_back(s.core->keys().ids->id(number));
    }
  }
  out.tree_opens = s.core->opens_tree_of(**other);
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
