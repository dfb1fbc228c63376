// What a customer says, written down: each word with its entry of the ledger.
//
// A yes on the word of whoever writes it down waits (session_yes). A no is taken of anybody.
#include "birth_fact.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

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
  // What was said is of when the clock says: one that was ahead once dates nothing that comes
  // later.
  const auto sequence = s.consent.append(**edited, number, said, born, s.clock_now());
  if (!sequence || sequence->repeated) return sequence;
  s.must_pin = true;
  if (!widens(said.kind) && !asks_only(said.kind)) s.must_hear = true;
  if (which == entry_for::nothing || asks_only(said.kind)) return sequence;

  if (auto logged = s.log_said(number, id, said); !logged) return logged.error();
  return sequence;
}

}  // namespace

result<void> session_state::log_said(customer_no number, const customer_id& id,
                                     const directive& said) {
  const auto edited = core->tree().edit(number);
  if (!edited) return edited.error();
  const auto logged =
      ledger.append({.type = event_of(said.kind)}, {.directive = said.id}, who.id, now(),
                    ledger_store::subject{.number = number, .entry = *edited, .id = id});
  if (!logged) broken = true;
  return logged ? result<void>() : logged.error();
}

// A yes of which nobody knows that they were informed waits, and gets its entry with what confirms
// it.
result<void> session_state::log_said_by_newcomer(customer_no number, const customer_id& id) {
  for (const directive& one : consent.said_by_newcomer()) {
    const bool yes = one.kind == directive_kind::grant || one.kind == directive_kind::renew;
    if (asks_only(one.kind) || (yes && !one.informed)) continue;
    if (auto logged = log_said(number, id, one); !logged) return logged;
  }
  return {};
}

namespace {

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
  if (only_of) {
    const auto youngest = s.consent.youngest(*number, **found);
    if (!youngest) return youngest.error();
    if (!of_age(*youngest, *only_of, s.clock_now())) return recorded{};
  }
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

}  // namespace

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

result<recorded> session_state::append_directive(const customer_id& id, const directive& decided) {
  return clientbook::append_directive(*this, id, decided);
}

result<recorded> session_state::append_as_it_is(const customer_id& id, const directive& said) {
  return clientbook::append_directive(*this, id, said, std::nullopt, word::shown);
}

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

result<std::vector<directive>> session::directives(const customer_id& id) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::see_consents); !seen) return seen.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto told = s.tell_of(*number, {}, look_kind::consents); !told) return told.error();
  const auto found = s.entry(*number);
  if (!found) return found.error();
  auto said = s.consent.directives(**found, *number);
  if (!said) return said;
  // Consents go by the day, and nobody else.
  for (directive& one : *said) one.age.born = one.age.believed = {};
  return said;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
