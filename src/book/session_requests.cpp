// What customers ask for by right: written down with the day on which it must be answered, and who
// has to be told. What is done for it is done by the calls that do it anyway; here stands that it
// was.
#include <algorithm>
#include <string>

#include "acknowledgement.hpp"
#include "damage.hpp"
#include "disclosing.hpp"
#include "session_state.hpp"

#include <clientbook/internal/model/card_data.hpp>
#include <clientbook/internal/unicode/name_line.hpp>
#include <clientbook/ledger/signed_note.hpp>

namespace clientbook {
namespace {

constexpr std::int64_t a_day = 86400;
/// A case stays open for a while behind the last day: recipients answer late.
constexpr std::int64_t case_goes_on_days = 60;

constexpr error not_open{errc::invalid_state, "the request is done or has ended"};
constexpr error identity_missing(std::uint32_t number) noexcept {
  return {errc::identity_unverified, "write down first how you know who asks", number};
}

deadline_subject subject_of(request_kind kind) noexcept {
  return kind == request_kind::objection || kind == request_kind::restriction
             ? deadline_subject::opt_out
             : deadline_subject::request;
}

bool gives_a_copy(request_kind kind) noexcept {
  return kind == request_kind::access || kind == request_kind::portability;
}

request_state state_of(const request_record& one) noexcept {
  if (one.identified_at == timestamp{}) return request_state::waiting_for_identity;
  return one.extended_at == timestamp{} ? request_state::open : request_state::extended;
}

enum class wanted : std::uint8_t { maybe, surely };
result<void> check_line(std::string_view text, wanted how, literal missing) noexcept {
  if (text.empty()) {
    if (how == wanted::maybe) return {};
    return error{errc::missing_field, missing};
  }
  if (text.size() > max_request_text) {
    return error{errc::limit_exceeded, "a text of a request has at most 255 bytes",
                 max_request_text};
  }
  if (!is_name_line(text)) {
    return error{errc::invalid_value, "a text of a request is one line that shows what it is"};
  }
  if (find_card_number(text)) {
    return error{errc::card_data_refused, "the number of a payment card is kept nowhere"};
  }
  return {};
}

result<void> check_new(const new_request& what, timestamp now) noexcept {
  if (name_of(what.kind).empty() || name_of(what.channel).empty()) {
    return error{errc::invalid_argument, "a request is of a kind, and comes in by a channel"};
  }
  if (!exists(what.received) || what.received.year < 1971) {
    return error{errc::invalid_value, "a request is received on a day of the calendar"};
  }
  if (date_of(now) < what.received) {
    return error{errc::invalid_value, "a request is received today (UTC) at the latest"};
  }
  if (auto good = check_line(what.reference, wanted::maybe, ""); !good) return good;
  return check_line(what.identity, wanted::maybe, "");
}

// In whatever copy it came back: of a customer who is not there any more nothing is asked.
void end_with_customer(request_record& of) noexcept {
  if (is_open(of.state)) of.state = request_state::customer_erased;
}

// A request of the book, and of whom it is if they are still there.
struct opened_request {
  kept_request kept;
  request_words words;
  customer_id whose{};
  bool erased = false;
};

result<opened_request> opened(session_state& s, std::uint32_t number) {
  auto kept = s.requests.get(number);
  if (!kept) return kept.error();
  opened_request out{.kept = std::move(*kept), .words = {}, .whose = {}};
  out.erased = out.kept.whose == customer_no{};
  const auto own = out.erased ? result<const manifest*>(nullptr) : s.entry_of_part(out.kept.whose);
  if (!own && own.error().code == errc::key_erased) out.erased = true;
  if (out.erased) {
    end_with_customer(out.kept.what);
    return out;
  }
  if (!own) return own.error();
  const auto whole = whole_of(*s.core, out.kept.whose);
  if (!whole) return whole.error();
  if (auto mine = s.in_portfolio(action::open_case, *whole); !mine) return mine.error();
  const auto again = s.entry_of_part(out.kept.whose);
  if (!again) return again.error();
  auto words = s.requests.words(out.kept, **again);
  if (!words) return words.error();
  out.words = std::move(*words);
  out.whose = s.core->keys().ids->id(out.kept.whose);
  return out;
}

// An entry about the customer, and the words anew; where the entry is. Precondition: inside a
// change.
result<std::uint64_t> write_words(session_state& s, opened_request& one, ledger_event event,
                                  std::string_view recipient = {}) {
  const customer_no number = one.kept.whose;
  const auto edited = s.core->tree().edit(number);
  if (!edited) return edited.error();
  const auto logged = s.ledger.append({.type = event, .purpose = purpose::rights_fulfilment},
                                      {.recipient = recipient}, s.who.id, s.now(),
                                      ledger_store::subject{number, *edited, one.whose});
  if (!logged) return logged.error();
  const auto own = s.core->tree().edit(number);
  if (!own) return own.error();
  if (auto put = s.requests.put_words(one.kept, one.words, **own); !put) return put.error();
  return logged->index;
}

result<void> keep(session_state& s, opened_request& one) {
  if (!one.erased) {
    if (auto put = write_words(s, one, ledger_event::request); !put) return put.error();
  }
  return s.requests.put(one.kept);
}

// What changes a request: everything that can be wrong is found before anything is written.
template <class Work>
result<void> change_request(session_state& s, std::uint32_t number, Work&& work) {
  return s.change(action::open_case, [&]() -> result<void> {
    auto one = opened(s, number);
    if (!one) return one.error();
    if (auto good = work(*one); !good) return good;
    auto kept = keep(s, *one);
    if (!kept) s.broken = true;
    return kept;
  });
}

result<void> end(session_state& s, opened_request& one, request_state as) {
  one.kept.what.state = as;
  one.kept.what.ended_at = s.now();
  one.kept.what.ended_by = s.who.id;
  if (one.kept.what.case_number == 0) return {};
  const auto closed = s.cases.close(one.kept.what.case_number, s.who.id, s.now());
  // It has run out, or somebody has closed it before.
  if (closed || closed.error().code == errc::not_found) return {};
  return closed;
}

result<request_deadlines> deadlines(session_state& s, customer_no number, const manifest& known,
                                    const new_request& what) {
  const auto said = s.consent.directives(known, number);
  if (!said) return said.error();
  const auto parts = s.merged_parts(number);
  if (!parts) return parts.error();
  const auto histories = histories_of(*said, std::nullopt, *parts);
  std::optional<request_deadlines> out;
  for (const law_profile* law : s.consent.laws_of(std::span(histories))) {
    const auto of = deadlines_of(*law, what.received, subject_of(what.kind), what.end);
    if (!of) return of.error();
    out = out ? stricter(*out, *of) : *of;
  }
  if (!out) return error{errc::missing_field, "no law of the book says by when to answer"};
  return *out;
}

timestamp latest_known(const session_state& s) {
  const book_row& row = s.core->row();
  return std::max({s.now(), timestamp{row.newest_time}, timestamp{row.latest_directive}});
}

// The same letter asks for the same thing once.
result<void> check_reference(session_state& s, customer_no number, const manifest& own,
                             const new_request& what) {
  if (what.reference.empty()) return {};
  const auto others = s.requests.of(number);
  if (!others) return others.error();
  for (const std::uint32_t each : *others) {
    const auto other = s.requests.get(each);
    if (!other) return other.error();
    if (other->what.kind != what.kind) continue;
    const auto words = s.requests.words(*other, own);
    if (!words) return words.error();
    if (std::string_view(words->reference) == what.reference) {
      return error{errc::already_exists, "this letter's request is in the book", each};
    }
  }
  return {};
}

request_record record_of(const opened_request& one) {
  request_record out = one.kept.what;
  out.customer = one.whose;
  if (one.erased) out.case_number = 0;
  out.words = one.words;
  return out;
}

bool leaves_the_house(const ledger::disclosure_entry& leaf) noexcept {
  return (leaf.type == ledger_event::disclosure || leaf.type == ledger_event::data_export ||
          leaf.type == ledger_event::onward) &&
         leaf.recipient_class != recipient::self && !is_the_customers(leaf.recipient_class);
}

struct receiver {
  request_recipient who;
  std::uint64_t newest = 0;  ///< The last entry by which they got something.
};

// Everybody who has got data of the customer, as the ledger has it; what did not get out apart.
result<std::vector<receiver>> receivers(session_state& s, const customer_id& id) {
  std::vector<receiver> out;
  std::vector<std::uint64_t> never_got;
  const auto read = s.each_entry(id, [&](const entry_seen& seen) -> result<void> {
    if (seen.payload.about) never_got.push_back(*seen.payload.about);
    const bool out_of_it =
        std::find(never_got.begin(), never_got.end(), seen.index) != never_got.end();
    if (!leaves_the_house(seen.leaf) || out_of_it) return {};
    auto one = std::find_if(out.begin(), out.end(), [&](const receiver& each) {
      return each.who.name == seen.payload.recipient &&
             each.who.party_class == seen.leaf.recipient_class;
    });
    if (one == out.end()) {
      if (out.size() == max_request_recipients) {
        return error{errc::limit_exceeded, "more recipients than a request can name",
                     max_request_recipients};
      }
      // Newest first.
      one = out.insert(out.end(), {.who = {.name = std::string(seen.payload.recipient),
                                           .party_class = seen.leaf.recipient_class,
                                           .given_by = seen.index},
                                   .newest = seen.index});
    }
    for (const ledger::disclosed_field& field : seen.payload.fields) {
      one->who.fields.add(field.field);
    }
    return {};
  });
  if (!read) return read.error();
  return out;
}

// What is on the list stays as far as it was told; who has got something since, be it the same
// again, is to be told of it.
void add_receivers(request_record& to, const std::vector<receiver>& all) {
  for (const auto& [one, newest] : all) {
    const request_recipient& wanted = one;
    const auto same = std::find_if(
        to.recipients.begin(), to.recipients.end(), [&](const request_recipient& each) {
          return each.name == wanted.name && each.party_class == wanted.party_class;
        });
    if (same == to.recipients.end()) {
      to.recipients.push_back(one);
      continue;
    }
    same->given_by = wanted.given_by;
    const bool since = same->state != told_state::to_tell && newest >= same->told_by.value_or(0);
    if (!since && (one.fields & ~same->fields).empty()) continue;
    same->fields |= one.fields;
    same->state = told_state::to_tell;
    same->told_by.reset();
    same->acknowledged = {0, 0, 0};
  }
}

bool anybody_to_tell(const request_record& of) noexcept {
  return std::any_of(of.recipients.begin(), of.recipients.end(),
                     [](const request_recipient& one) { return one.state == told_state::to_tell; });
}

// Lists who is to be told. Of a rectification those who have got one of its fields.
result<void> list_receivers(session_state& s, opened_request& one) {
  request_record& what = one.kept.what;
  what.listed_at = s.now();
  if (duty_after(what.kind) == recipient_duty::none) return {};
  auto all = receivers(s, one.whose);
  if (!all) return all.error();
  if (what.kind == request_kind::rectification) {
    const field_set changed = one.words.before | one.words.after;
    for (receiver& each : *all) each.who.fields &= changed;
    std::erase_if(*all, [](const receiver& each) { return each.who.fields.empty(); });
  }
  add_receivers(what, *all);
  if (what.recipients.size() > max_request_recipients) {
    return error{errc::limit_exceeded, "more recipients than a request can name",
                 max_request_recipients};
  }
  return {};
}

result<request_recipient*> on_list(request_record& of, const listed_recipient& who) {
  request_recipient* found = nullptr;
  for (request_recipient& each : of.recipients) {
    if (each.name != who.name || (who.party_class && each.party_class != *who.party_class))
      continue;
    if (found != nullptr) {
      return error{errc::invalid_argument,
                   "two recipients of that name are told: name the class too", of.number};
    }
    found = &each;
  }
  if (found != nullptr) return found;
  return error{errc::not_found, "the request names no such recipient", of.number};
}

recipient_duty_notice notice_for(std::string_view log, const request_record& of,
                                 const request_recipient& who) noexcept {
  return {.log = log, .request = of.number, .duty = duty_after(of.kind), .who = &who};
}

// The key that the book has of whoever is on the list. A name and a class are one party.
result<std::string> acknowledgement_key(session_state& s, const request_recipient& of) {
  for (const recipient_party& party : s.consent.registry().parties()) {
    if (party.name.view() != of.name || party.party_class != of.party_class) continue;
    auto known = s.how_reached.of(party.id);
    if (!known) return known.error();
    if (!known->acknowledgement_key.empty()) return std::move(known->acknowledgement_key);
  }
  return error{errc::not_found,
               "no key of this recipient is known: `recipient edit --acknowledgement-key`"};
}

// Its signature, and whether it is of the notice that it would be sent now.
result<void> take_acknowledgement(session_state& s, const request_record& of, std::string_view note,
                                  request_recipient& who) {
  const auto key = acknowledgement_key(s, who);
  if (!key) return key.error();
  const auto signer = ledger::parse_note_key(*key);
  if (!signer) return signer.error();
  const auto text = ledger::verify_note(note, *signer);
  if (!text) return text.error();
  const std::string log = s.ledger.origin();
  const auto day = read_acknowledgement(*text, notice_for(log, of, who), s.core->fields());
  if (!day) return day.error();
  if (*day < of.received || date_of(s.now()) < *day) {
    return error{errc::invalid_value, "it is done on a day between the request and today (UTC)",
                 of.number};
  }
  who.acknowledged = *day;
  who.acknowledgement = crypto::hash(as_bytes(note));
  return {};
}

// What is told of a recipient becomes its state.
result<void> take_telling(session_state& s, const request_record& of,
                          const recipient_telling& telling, request_recipient& who) {
  const bool signed_by_it = !telling.acknowledgement.empty();
  const told_state state = signed_by_it ? told_state::confirmed : telling.state;
  // Whom nobody could reach may have heard of it all the same, and says so.
  const bool answers = signed_by_it && who.state == told_state::impossible;
  if (state == told_state::to_tell || name_of(state).empty() || (state <= who.state && !answers)) {
    return error{errc::invalid_state, "a recipient is told, then confirms; not the other way",
                 of.number};
  }
  if (signed_by_it) {
    if (auto good = take_acknowledgement(s, of, telling.acknowledgement, who); !good) return good;
  }
  who.state = state;
  who.on = date_of(s.now());
  return {};
}

}  // namespace

result<std::uint32_t> session::open_request(const customer_id& id, const new_request& what) try {
  session_state& s = *state_;
  return s.change(action::open_case, [&]() -> result<std::uint32_t> {
    const timestamp now = s.now();
    if (auto good = check_new(what, now); !good) return good.error();
    const auto number = s.number(id);
    if (!number) return number.error();
    if (auto mine = s.in_portfolio(action::open_case, *number); !mine) return mine.error();
    const auto own = s.entry(*number);
    if (!own) return own.error();
    if (auto fresh = check_reference(s, *number, **own, what); !fresh) return fresh.error();
    const auto due = deadlines(s, *number, **own, what);
    if (!due) return due.error();
    const auto next = s.requests.next_number();
    if (!next) return next.error();

    const customer_id whole = s.core->keys().ids->id(*number);
    opened_request one{.kept = {}, .words = {}, .whose = whole};
    one.words.reference = what.reference;
    one.words.identity = what.identity;
    one.kept.whose = *number;
    request_record& record = one.kept.what;
    record.number = *next;
    record.kind = what.kind;
    record.channel = what.channel;
    record.received = what.received;
    record.opened_at = now;
    record.opened_by = s.who.id;
    record.due = *due;
    record.law = due->law;
    if (!what.identity.empty()) {
      record.identified_at = now;
      record.identified_by = s.who.id;
    }
    record.state = state_of(record);
    const std::int64_t last = std::max(start_of(due->extended).seconds, now.seconds);
    const timestamp until{
        std::min(last + case_goes_on_days * a_day, now.seconds + longest_case_days * a_day)};
    const auto with_case =
        s.cases.open({.kind = case_kind::rights,
                      .customers = {whole},
                      .opened_by = s.who,
                      .opened_at = now,
                      .until = until,
                      .reason = {.reference = short_text<64>("request " + std::to_string(*next))}});
    if (!with_case) {
      s.broken = true;
      return with_case.error();
    }
    record.case_number = *with_case;
    const auto logged = write_words(s, one, ledger_event::request);
    result<void> kept = logged ? result<void>() : logged.error();
    if (kept) {
      if (const auto added = s.requests.add(one.kept); !added) kept = added.error();
    }
    if (!kept) {
      s.broken = true;
      return kept.error();
    }
    return *next;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::confirm_request(std::uint32_t number) try {
  session_state& s = *state_;
  return change_request(s, number, [&](opened_request& one) -> result<void> {
    if (!is_open(one.kept.what.state)) return not_open;
    if (one.kept.what.confirmed_at != timestamp{}) {
      return error{errc::already_exists, "that the request came in was confirmed", number};
    }
    one.kept.what.confirmed_at = s.now();
    return {};
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::identify_request(std::uint32_t number, std::string_view how) try {
  session_state& s = *state_;
  return change_request(s, number, [&](opened_request& one) -> result<void> {
    if (auto good = check_line(how, wanted::surely, "how it was checked who asks is missing");
        !good) {
      return good;
    }
    if (!is_open(one.kept.what.state)) return not_open;
    if (one.kept.what.identified_at != timestamp{}) {
      return error{errc::already_exists, "how it was checked who asks is written down", number};
    }
    one.words.identity = how;
    one.kept.what.identified_at = s.now();
    one.kept.what.identified_by = s.who.id;
    one.kept.what.state = state_of(one.kept.what);
    return {};
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::extend_request(std::uint32_t number, std::string_view reason) try {
  session_state& s = *state_;
  return change_request(s, number, [&](opened_request& one) -> result<void> {
    request_record& what = one.kept.what;
    if (auto good = check_line(reason, wanted::surely, "why it takes longer is missing"); !good) {
      return good;
    }
    if (!is_open(what.state)) return not_open;
    if (what.extended_at != timestamp{}) {
      return error{errc::already_exists, "a request is extended once", number};
    }
    if (what.due.extended <= what.due.answer) {
      return error{errc::denied, "the law of this customer extends no such request", number};
    }
    // A clock that was set back makes no day earlier than the book knows it to be.
    if (what.due.answer < date_of(latest_known(s))) {
      return error{errc::deadline_passed, "a request is extended before its deadline, not after it",
                   number};
    }
    one.words.extension = reason;
    what.extended_at = s.now();
    what.state = state_of(what);
    return {};
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::refuse_request(std::uint32_t number, std::string_view reason) try {
  session_state& s = *state_;
  return change_request(s, number, [&](opened_request& one) -> result<void> {
    if (auto good = check_line(reason, wanted::surely, "why it is refused is missing"); !good) {
      return good;
    }
    if (!is_open(one.kept.what.state)) return not_open;
    one.words.reason = reason;
    return end(s, one, request_state::refused);
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::withdraw_request(std::uint32_t number) try {
  session_state& s = *state_;
  return change_request(s, number, [&](opened_request& one) -> result<void> {
    if (!is_open(one.kept.what.state)) return not_open;
    return end(s, one, request_state::withdrawn);
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::close_request(std::uint32_t number) try {
  session_state& s = *state_;
  return change_request(s, number, [&](opened_request& one) -> result<void> {
    // An older copy was restored, which knows of the request and not of what became of it.
    if (one.kept.what.state == request_state::customer_erased &&
        one.kept.what.ended_at == timestamp{}) {
      return end(s, one, request_state::customer_erased);
    }
    if (one.kept.what.state != request_state::done) {
      return error{errc::invalid_state, "only what was done is closed; else refuse it", number};
    }
    if (anybody_to_tell(one.kept.what)) {
      return error{errc::recipients_untold,
                   "recipients are to be told first (`clientbook request told`)", number};
    }
    return end(s, one, request_state::closed);
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::request_done(std::uint32_t number, const request_outcome& outcome) try {
  session_state& s = *state_;
  return change_request(s, number, [&](opened_request& one) -> result<void> {
    request_record& what = one.kept.what;
    if (!is_open(what.state)) return not_open;
    if (what.kind == request_kind::erasure) {
      return error{errc::invalid_argument, "an erasure is done by erase() for the request", number};
    }
    if (what.identified_at == timestamp{}) return identity_missing(number);
    if (what.kind == request_kind::rectification) {
      for (const field_id field : outcome.before | outcome.after) {
        const auto done = s.corrected_since(one.kept.whose, field, what.received);
        if (!done) return done.error();
        if (!*done) {
          return error{errc::not_found, "nobody has corrected this field since the request came in",
                       field.value};
        }
      }
    }
    one.words.before = outcome.before;
    one.words.after = outcome.after;
    if (auto listed = list_receivers(s, one); !listed) return listed;
    what.ledger_index = outcome.ledger_index;
    what.done_at = s.now();
    what.done_by = s.who.id;
    what.state = request_state::done;
    return {};
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<request_recipient>> session::list_recipients(std::uint32_t number) try {
  session_state& s = *state_;
  std::vector<request_recipient> out;
  const auto done = change_request(s, number, [&](opened_request& one) -> result<void> {
    if (!is_open(one.kept.what.state)) {
      return error{errc::invalid_state, "the recipients are listed", number};
    }
    if (auto listed = list_receivers(s, one); !listed) return listed;
    out = one.kept.what.recipients;
    return {};
  });
  if (!done) return done.error();
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::tell_recipient(std::uint32_t number, const recipient_telling& telling) try {
  session_state& s = *state_;
  return s.change(action::open_case, [&]() -> result<void> {
    auto one = opened(s, number);
    if (!one) return one.error();
    auto named = on_list(one->kept.what, telling.who);
    if (!named) return named.error();
    request_recipient& found = **named;
    if (auto good = take_telling(s, one->kept.what, telling, found); !good) return good;
    result<void> kept;
    if (!one->erased) {
      const auto logged = write_words(s, *one, ledger_event::recipient_told, found.name);
      if (logged) {
        found.told_by = *logged;
      } else {
        kept = logged.error();
      }
    } else {
      const auto logged = s.ledger.append({.type = ledger_event::recipient_told,
                                           .purpose = purpose::rights_fulfilment,
                                           .recipient_class = found.party_class,
                                           .count = 1},
                                          {}, s.who.id, s.now(), std::nullopt);
      if (!logged) kept = logged.error();
    }
    if (kept) kept = s.requests.put(one->kept);
    if (!kept) s.broken = true;
    return kept;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::string> session::recipient_notice(std::uint32_t number, const listed_recipient& who,
                                              std::string_view reference) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::open_case); !seen) return seen.error();
  if (reference.size() > max_notice_reference) {
    return error{errc::limit_exceeded, "a reference has at most 128 bytes", max_notice_reference};
  }
  if (auto good = check_line(reference, wanted::maybe, ""); !good) return good.error();
  auto one = opened(s, number);
  if (!one) return one.error();
  const auto named = on_list(one->kept.what, who);
  if (!named) return named.error();
  const std::string log = s.ledger.origin();
  return notice_text(notice_for(log, one->kept.what, **named), s.core->fields(), reference);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<request_record> session::find_request(std::uint32_t number) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::open_case); !seen) return seen.error();
  const auto kept = s.requests.get(number);
  if (!kept) return kept.error();
  if (kept->whose != customer_no{} && s.entry(kept->whose)) {
    if (auto told = s.tell_of(kept->whose, purpose::rights_fulfilment, look_kind::consents);
        !told) {
      return told.error();
    }
  }
  const auto one = opened(s, number);
  if (!one) return one.error();
  return record_of(*one);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<request_record>> session::requests() try {
  session_state& s = *state_;
  const bool audits = s.ask(action::audit).has_value();
  if (auto seen = s.look(audits ? action::audit : action::open_case); !seen) return seen.error();
  const auto every = s.requests.all();
  if (!every) return every.error();
  std::vector<request_record> out;
  for (const kept_request& kept : *every) {
    request_record& one = out.emplace_back(kept.what);
    if (kept.whose == customer_no{}) continue;
    const auto whole = whole_of(*s.core, kept.whose);
    if (!whole) return whole.error();
    const auto own = s.entry(*whole);
    if (own) {
      one.customer = s.core->keys().ids->id(*whole);
      const auto mine = s.in_portfolio(audits ? action::audit : action::open_case, *whole);
      if (!mine && mine.error().code != errc::not_in_portfolio) return mine.error();
      if (!mine) out.pop_back();
    } else if (own.error().code == errc::key_erased) {
      one.case_number = 0;
      end_with_customer(one);
    } else {
      return own.error();
    }
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// --- what did not get out -------------------------------------------------------------------

// The copy that an entry speaks of is of the request that was done next behind it.
result<void> session_state::reopen_request(const customer_id& id, std::uint64_t entry_index,
                                           timestamp given_at) {
  const auto whose = number(id);
  if (!whose) return whose.error();
  const auto all = requests.of(*whose);
  if (!all) return all.error();
  std::optional<request_record> found;
  for (const std::uint32_t each : *all) {
    const auto one = requests.get(each);
    if (!one) return one.error();
    const request_record& what = one->what;
    if (!gives_a_copy(what.kind) || !what.ledger_index || *what.ledger_index < entry_index ||
        given_at < what.opened_at) {
      continue;
    }
    if (!found || *what.ledger_index < *found->ledger_index) found = what;
  }
  if (!found || found->state != request_state::done) return {};
  auto one = opened(*this, found->number);
  if (!one) return one.error();
  request_record& what = one->kept.what;
  what.done_at = {};
  what.done_by = {};
  what.ledger_index.reset();
  what.state = state_of(what);
  return keep(*this, *one);
}

// --- what goes beside a request ---------------------------------------------------------------

// A request opens a case before anybody knows who asks: by that one alone nobody is answered.
result<void> session_state::check_identity_of(customer_no number, const customer_id& id) {
  const auto all = requests.of(number);
  if (!all) return all.error();
  std::vector<std::uint32_t> waiting;
  std::uint32_t first = 0;
  for (const std::uint32_t each : *all) {
    const auto one = requests.get(each);
    if (!one) return one.error();
    if (one->what.state != request_state::waiting_for_identity) continue;
    if (first == 0) first = each;
    waiting.push_back(one->what.case_number);
  }
  if (waiting.empty()) return {};
  const auto whole = whole_id(id);
  if (!whole) return whole.error();
  const auto other = cases.covers(case_kind::rights, *whole, now(), waiting);
  if (!other) return other.error();
  return *other ? result<void>() : identity_missing(first);
}

// A claim, an audit: what the customer is erased from is what they or others are heard by. One that
// waits to be confirmed holds too: confirmed behind the erasure it would be about nobody.
result<void> session_state::check_held(const customer_id& id, std::uint32_t request) {
  const auto whole = whole_id(id);
  if (!whole) return whole.error();
  const auto held = cases.holds(*whole, now());
  if (!held) return held.error();
  if (*held) {
    return error{errc::kept_by_law, "a case of claims, tax or fraud holds the customer", request};
  }
  const auto whose = number(id);
  if (!whose) return whose.error();
  const auto hold = hold_on(*whose);
  if (!hold) {
    // Damage must not prevent an erasure: nobody can tell any more who held whom.
    return is_damage(hold.error().code) ? result<void>() : hold.error();
  }
  if (*hold == nullptr) return {};
  return error{errc::kept_by_law, "a legal hold is on the customer: lift it first",
               (*hold)->number};
}

result<void> session_state::check_requests_beside(customer_no number, const customer_id& id,
                                                  const erasure_options& options) {
  const auto all = requests.of(number);
  if (!all) return all.error();
  for (const std::uint32_t each : *all) {
    const auto one = requests.get(each);
    if (!one) return one.error();
    const request_record& what = one->what;
    if (each == options.request || has_ended(what.state)) continue;
    if (options.request == 0 && what.kind == request_kind::erasure && is_open(what.state)) {
      return error{errc::invalid_state,
                   "an open request asks for this erasure: answer that (`clientbook request do`)",
                   each};
    }
    if (anybody_to_tell(what)) {
      return error{errc::recipients_untold,
                   "after the erasure nobody knows whose data it was: tell the recipients of the "
                   "customer's request first",
                   each};
    }
  }
  return check_identity_of(number, id);
}

// --- erasure --------------------------------------------------------------------------------

result<void> session_state::check_erasure_for_request(const customer_id& id,
                                                      const erasure_options& options) {
  const auto one = opened(*this, options.request);
  if (!one) return one.error();
  const request_record& what = one->kept.what;
  if (one->erased || one->whose != id || what.kind != request_kind::erasure) {
    return error{errc::invalid_argument, "the request asks for the erasure of somebody else",
                 options.request};
  }
  if (!is_open(what.state)) return not_open;
  if (what.identified_at == timestamp{}) return identity_missing(options.request);
  if (options.law_kept == law_kept_records::refuse) {
    const auto kept = kept_by_law_of(one->kept.whose);
    if (!kept) return kept.error();
    for (const field_id field : *kept) {
      return error{errc::kept_by_law,
                   "a law has the shop keep this field: keep it elsewhere first, and say so",
                   field.value};
    }
  }
  if (what.listed_at == timestamp{} || anybody_to_tell(what)) {
    return error{errc::recipients_untold,
                 "after the erasure nobody knows whose data it was: list and tell recipients first "
                 "(`clientbook request recipients`, `told`)",
                 options.request};
  }
  // Somebody may have got something since.
  opened_request again = *one;
  if (auto known = list_receivers(*this, again); !known) return known;
  if (anybody_to_tell(again.kept.what)) {
    return error{errc::recipients_untold,
                 "a recipient has got data since they were listed (`clientbook request "
                 "recipients`)",
                 options.request};
  }
  return {};
}

// Fields that a law makes the shop keep: what they are kept for has such a basis in the profile.
result<field_set> session_state::kept_by_law_of(customer_no number) {
  const auto own = entry(number);
  if (!own) return own.error();
  const auto row = row_of(number, **own);
  if (!row) return row.error();
  field_set out;
  for (const kept_group& group : (*row)->kept) {
    group.purposes.for_each([&](purpose_id why) {
      if (is_legal_obligation(why)) out |= group.fields;
    });
  }
  return out;
}

result<void> session_state::forget_requests(customer_no number, const erasure_options& options,
                                            const erasure_receipt& receipt,
                                            const std::vector<request_stay>& stays) {
  auto all = requests.forget_customer(number);
  if (!all) return all.error();
  for (kept_request& one : *all) {
    request_record& what = one.what;
    if (what.case_number != 0) {
      // Damage must not prevent an erasure: reading the cases tells of it.
      const auto gone = cases.forget_customer(what.case_number, who.id, now());
      if (!gone && (gone.error().code == errc::io_error || gone.error().code == errc::disk_full)) {
        return gone;
      }
    }
    what.case_number = 0;
    for (request_recipient& each : what.recipients) each.told_by.reset();
    if (what.number == options.request) {
      what.state = request_state::done;
      what.done_at = receipt.at;
      what.done_by = who.id;
      what.ledger_index = receipt.ledger_index;
      what.stays = stays;
    } else if (is_open(what.state)) {
      what.state = request_state::customer_erased;
      what.ended_at = receipt.at;
      what.ended_by = who.id;
    }
    if (auto put = requests.put(one); !put) return put;
  }
  return {};
}

result<field_set> session::kept_by_law(const customer_id& id) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::see_consents); !seen) return seen.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto told = s.tell_of(*number, {}, look_kind::consents); !told) return told.error();
  return s.kept_by_law_of(*number);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
