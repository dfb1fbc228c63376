// Reading: one decision, one opening, one redaction, for every call that shows a record or items.
//
// fill() is the only way in which a record's fields reach a reader. It decides about all fields at
// once, opens what the grant names, redacts what the decision says and wipes the plaintext behind
// it. On any doubt a field is withheld.
#include <clientbook/internal/book/made_up_id.hpp>
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/internal/unicode/nfc.hpp>
#include <clientbook/redaction/redaction.hpp>

#include <algorithm>
#include <bit>

#include "linked_people.hpp"
#include "of_others.hpp"
#include "others_in_texts.hpp"
#include "parts.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

constexpr std::size_t most_hidden = 64;

using storage::item_kind;
using storage::key;
using storage::table;

// A redacted value may be longer than the value (labels), and a text is written twice.
constexpr std::size_t room_for_redacted(std::size_t size) noexcept { return 8 * size + 256; }

constexpr std::byte list_of_one{0x81};  // The head of an array (RFC 8949 section 3.1).

// Operators are ordered by how much they hide.
void redact_at_least(const std::array<redaction_operator, max_fields>& least,
                     record_decision& decision) noexcept {
  for (std::size_t i = 0; i < max_fields; ++i) {
    if (least[i] <= decision.operators[i]) continue;
    decision.operators[i] = least[i];
    decision.masked |= decision.permitted & only(field_id(static_cast<std::uint8_t>(i)));
  }
}

// What somebody whom `own` is about sees as much of. Operators are ordered by how much they hide.
field_set told_by(const record_decision& own, const record_decision& asked) noexcept {
  const auto form_of = [](const record_decision& of, std::size_t field) {
    const bool masked = of.masked.has(field_id(static_cast<std::uint8_t>(field)));
    return masked ? of.operators[field] : redaction_operator::none;
  };
  field_set out;
  for (std::size_t i = 0; i < max_fields; ++i) {
    const field_id field(static_cast<std::uint8_t>(i));
    if (own.permitted.has(field) && form_of(asked, i) >= form_of(own, i)) out.add(field);
  }
  return out;
}

// Whatever way its signs are written in.
bool same_id(std::string_view a, std::string_view b) noexcept {
  if (a == b) return true;
  unicode::nfc_room one, other;
  const auto left = unicode::nfc(a, one);
  const auto right = unicode::nfc(b, other);
  return left && right && *left == *right;
}

field_set fields_of(std::span<const opened_field> opened) noexcept {
  field_set out;
  for (const opened_field& one : opened) out.add(one.id);
  return out;
}

// What the customer has said of each contact point of a field decides about the field.
void close(record_decision& decision, field_set fields, const contact_limits& limits) noexcept {
  decision.permitted &= ~fields;
  decision.masked &= ~fields;
  decision.decided[5] &= ~fields;
  decision.decided[6] &= ~fields;
  for (const field_id each : fields) decision.decided[limits.closing_stage(each)].add(each);
}

// The plaintext behind redacted forms is not for the reader.
void wipe_behind(field_set masked, std::span<const opened_field> opened,
                 byte_span values) noexcept {
  for (const opened_field& one : opened) {
    if (!masked.has(one.id)) continue;
    const auto offset = static_cast<std::size_t>(one.plaintext.data() - values.data());
    wipe(values.subspan(offset, one.plaintext.size()));
  }
}

}  // namespace

result<void> session_state::look(action what) {
  if (auto fresh = look_again(); !fresh) return fresh;
  const auto asked = ask(what);
  return asked ? result<void>() : result<void>(asked.error());
}

result<void> session_state::look(action what, purpose_id why) {
  if (auto fresh = look_again(); !fresh) return fresh;
  const auto asked = ask(what, why);
  if (!asked) return asked.error();
  if (*asked != reach::own) return {};
  const auto limited = is_limited(what, why);
  return limited ? result<void>() : result<void>(limited.error());
}

result<void> session_state::look_again() {
  if (auto seen_now = look_anyway(); !seen_now) return seen_now;
  return check_credential();
}

result<void> session_state::look_anyway() {
  if (auto fresh = core->look(); !fresh) return fresh;
  if (auto followed = roles.follow(); !followed) return followed;
  return consent.follow();
}

result<customer_no> session_state::own_number_of(const customer_id& id) const {
  if (last_id.number != customer_no() && last_id.id == id) return last_id.number;
  const auto found = core->keys().ids->number(id);
  if (!found || *found < first_customer || found->value >= storage::epochs_from) {
    return error{errc::not_found, "no such customer"};
  }
  last_id = {id, *found};
  return *found;
}

customer_id session_state::id_of(customer_no number) const {
  if (last_id.number != number || number == customer_no()) {
    last_id = {core->keys().ids->id(number), number};
  }
  return last_id.id;
}

result<customer_no> session_state::number(const customer_id& id) const {
  const auto found = own_number_of(id);
  if (!found) return found;
  return whole_of(*core, *found);
}

result<customer_id> session_state::whole_id(const customer_id& id) const {
  const auto whose = number(id);
  if (!whose) return whose.error();
  return core->keys().ids->id(*whose);
}

result<const manifest*> session_state::entry(customer_no number) {
  const auto found = entry_of_part(number);
  if (!found || (*found)->stands != standing::part) return found;
  return error{errc::key_erased, "this customer is a part of another one"};
}

result<const manifest*> session_state::entry_of_part(customer_no number) {
  const auto found = core->tree().find(number);
  if (found && (*found)->stands > standing::part) {
    return error{errc::newer_format,
                 "a customer's manifest is of a later version: update clientbook"};
  }
  if (found) return *found;
  if (found.error().code == errc::not_found) {
    // Numbers below `next` were given out; an absent leaf entry was taken out.
    if (number < core->row().next) {
      return error{errc::row_missing, "a customer's manifest is gone: restore a copy"};
    }
    return error{errc::not_found, "no such customer"};
  }
  if (found.error().code == errc::key_erased) {
    return error{errc::key_erased, "this customer was erased"};
  }
  return found.error();
}

byte_view session_state::redact(const record_decision& decision, const field_value& field,
                                const reading& by, byte_span out) {
  const auto definition = core->fields().find(field.id);
  if (!definition) return {};
  const redaction_operator form = decision.operators[field.id.value];
  redaction_options options;
  std::optional<pseudonym_key> shifting;
  switch (form) {
    case redaction_operator::redact_text:
      options.text = &text->redactor();
      break;
    case redaction_operator::shift_date:
    case redaction_operator::fpe:
    case redaction_operator::token:
    case redaction_operator::hash:
      if (!pseudonyms.ready(*core)) return {};
      options.pseudonym = pseudonyms.options(form, definition->key, by.purpose, by.whose,
                                             by.entry.subject_key, shifting);
      break;
    default:
      break;
  }
  options.day.today = date_of(by.at);
  const auto smaller = apply(form, definition->type, field.value, options, out);
  // On any doubt nothing is shown.
  return smaller ? smaller->value : byte_view();
}

byte_view session_state::redact_each(const record_decision& decision, const field_value& list,
                                     const reading& by, std::span<const redaction_operator> forms,
                                     byte_span out, std::size_t& hidden) {
  cbor::reader from(list.value);
  if (from.array() != forms.size()) return {};
  wiped_bytes all, one;
  std::size_t kept = 0;
  record_decision alone = decision;
  redaction_operator& form = alone.operators[list.id.value];
  hidden = 0;
  for (const redaction_operator own : forms) {
    const byte_view item = from.item();
    if (from.failed()) return {};
    form = std::max(own, decision.operators[list.id.value]);
    one.assign(1, list_of_one);
    one.insert(one.end(), item.begin(), item.end());
    byte_view shown = one;
    if (form != redaction_operator::none) {
      ++hidden;
      shown = redact(alone, {list.id, one}, by, out);
    }
    // A form that is no list is of a list as a whole.
    if (shown.empty() || shown.front() != list_of_one) continue;
    all.insert(all.end(), shown.begin() + 1, shown.end());
    ++kept;
  }
  std::array<std::byte, 9> head;
  cbor::writer count(head);
  count.array(kept);
  if (kept == 0 || out.size() < count.size() + all.size()) return {};
  copy_bytes(out, byte_view(head).first(count.size()));
  copy_bytes(out.subspan(count.size()), all);
  return out.first(count.size() + all.size());
}

result<void> session_state::know_record(customer_no number, std::vector<customer_id>* linked,
                                        whose_record whose) {
  const auto found = entry(number);
  if (!found) return found.error();
  std::array<opened_field, max_fields> opened;
  const auto fields = opener.record(opening::known_people, number, **found, opened);
  if (!fields) return fields.error();
  for (const opened_field& one : *fields) {
    const auto definition = core->fields().find(one.id);
    if (!definition) continue;
    if (whose == whose_record::own) {
      text->add_own(definition->type, one.plaintext);
    } else {
      text->add(definition->type, one.plaintext);
    }
    if (linked == nullptr || one.id != field::household) continue;
    const auto links = list_of<household_link>::of(one.plaintext);
    if (!links) return links.error();
    for (const household_link& link : *links) {
      if (link.customer) linked->push_back(*link.customer);
    }
  }
  return {};
}

result<void> session_state::know_people(customer_no customer, const record_decision& decision,
                                        std::span<const customer_id> hidden) {
  if (hidden.size() > most_hidden) {
    return error{errc::limit_exceeded, "at most 64 further customers are hidden", most_hidden};
  }
  bool texts = false;
  for (std::size_t i = 0; i < max_fields; ++i) {
    texts = texts || (decision.masked.has(field_id(static_cast<std::uint8_t>(i))) &&
                      decision.operators[i] == redaction_operator::redact_text);
  }
  if (!texts && hidden.empty()) return {};
  text->begin(texts ? entity_set::all() : entity_set{entity_type::known_value});
  std::vector<customer_id> linked;
  if (texts) {
    if (auto knows = know_record(customer, &linked); !knows) return knows;
  } else if (auto theirs = know_record(customer, nullptr, whose_record::own); !theirs) {
    return theirs;
  }
  for (const customer_id& id : linked) {
    const auto whose = number(id);
    if (!whose) continue;
    const auto knows = know_record(*whose);
    // A link to somebody who was erased leads nowhere.
    if (!knows && knows.error().code != errc::key_erased && knows.error().code != errc::not_found) {
      return knows;
    }
  }
  for (const customer_id& id : hidden) {
    const auto whose = number(id);
    if (!whose) return whose.error();
    if (auto knows = know_record(*whose); !knows) return knows;
  }
  return text->ready();
}

struct session_state::fields_seen {
  field_set asked, permitted, told, present, masked;
  field_set gone;         ///< Nothing is left of them.
  field_set as_they_are;  ///< Of a list under a mask, where every element is shown whole.

  field_state state_of(field_id field, field_set masked_in_the_end) const noexcept {
    if (!asked.has(field)) return field_state::not_asked;
    if (!(permitted & ~gone).has(field)) return field_state::withheld;
    if (!told.has(field)) {
      return masked_in_the_end.has(field) ? field_state::redacted : field_state::shown;
    }
    if ((masked & ~as_they_are).has(field)) return field_state::redacted;
    return present.has(field) ? field_state::shown : field_state::absent;
  }

  void tell(view& out, const customer_id& id, const record_decision& decision) const noexcept {
    out.id_ = id;
    out.decision_ = decision;
    out.asked_ = asked;
    out.states_ = {};
    for (const field_id each : asked) out.states_[each.value] = state_of(each, decision.masked);
  }
};

// Puts the values into the view, those under a mask in the form that is left of them.
void session_state::put_values(view& out, std::span<const opened_field> opened,
                               const record_decision& decision, const reading& by, byte_span rest,
                               fields_seen& fields) {
  out.count_ = 0;
  for (const opened_field& each : opened) {
    field_value one{each.id, each.plaintext};
    if (fields.masked.has(one.id)) {
      const auto forms = opener.forms_of(one.id, one.value);
      std::size_t hidden = 1;
      const byte_view smaller = !forms ? byte_view()
                                : forms->empty()
                                    ? redact(decision, one, by, rest)
                                    : redact_each(decision, one, by, *forms, rest, hidden);
      if (hidden == 0) fields.as_they_are.add(one.id);
      if (smaller.empty()) {
        fields.gone.add(one.id);
        continue;
      }
      one.value = smaller;
      rest = rest.subspan(smaller.size());
    }
    out.fields_[out.count_++] = one;
  }
}

namespace {

// What the free texts of a copy say of others. Tells the fields that said something.
result<field_set> hide_others(session_state& s, customer_no number,
                              std::span<const customer_id> others, std::span<field_value> shown,
                              byte_span room) {
  field_set out;
  if (others.empty()) return out;
  if (auto knows = s.know_people(number, record_decision{}, others); !knows) return knows.error();
  for (field_value& one : shown) {
    const auto definition = s.core->fields().find(one.id);
    if (!definition || !has_free_texts(one.id, definition->type)) continue;
    const auto left = hide_in_texts(one.value, *s.text, room);
    if (!left) return left.error();
    if (left->empty()) continue;
    one.value = *left;
    room = room.subspan(left->size());
    out.add(one.id);
  }
  return out;
}

void hides_texts(field_set fields, record_decision& decision) {
  decision.masked |= fields;
  for (const field_id each : fields) {
    redaction_operator& form = decision.operators[each.value];
    form = std::max(form, redaction_operator::redact_text);
  }
}

}  // namespace

result<void> session_state::fill(view& out, customer_no number, const customer_id& id,
                                 const decision_request& request, field_set fields) {
  return fill(out, number, id, request, fields, narrowed{});
}

result<void> session_state::fill(view& out, customer_no number, const customer_id& id,
                                 const decision_request& request, field_set fields,
                                 const narrowed& how) {
  const auto others = others_in_copy(*this, number, request.recipient);
  if (!others) return others.error();
  const auto before = entry(number);
  if (!before) return before.error();
  const auto decided = consent.decide(number, **before, request);
  if (!decided) return decided.error();
  record_decision decision = decided->decision;
  if (how.least != nullptr) redact_at_least(*how.least, decision);
  if (auto knows = know_people(number, decision); !knows) return knows;
  const auto found = entry(number);
  if (!found) return found.error();
  if (auto row = opener.open(decided->permit, **found); !row) return row;
  if (how.own != nullptr) opener.narrow(*how.own);

  fields_seen each_field;
  // Only what is permitted is decrypted at all.
  field_set permitted = decision.permitted & fields;
  field_set told = how.to == nullptr ? permitted : permitted & told_by(*how.to, decision);
  field_set present = told & opener.present();
  const field_set masked = present & decision.masked;
  const std::size_t room = opener.room_for(present);
  const std::size_t redacted_room =
      masked.empty() ? room : room_for_redacted(room) + 256 * masked.size();
  const std::size_t hiding_room = others->empty() ? 0 : room_for_redacted(room + redacted_room);
  if (const std::size_t all = room + redacted_room + hiding_room; out.bytes_.size() < all) {
    out.bytes_ = wiped_bytes(all + 256);
  }
  const byte_span values(out.bytes_.data(), room);
  std::array<opened_field, max_fields> opened;
  const auto count = opener.read(present, values, opened);
  if (!count) return count.error();
  std::span<opened_field> shown = std::span(opened).first(*count);
  if (auto left = drop_of_others(*this, request.recipient, shown, values); !left) return left;
  present = fields_of(shown) | (present & with_contact_points);
  out.left_out_ = {};
  for (const field_id each : present& with_contact_points) {
    out.left_out_[each.value] = static_cast<std::uint16_t>(opener.left_out(each));
  }
  // Where every contact point is closed the field is.
  const field_set closed = present & ~fields_of(shown);
  close(decision, closed, decided->permit.contacts());
  for (field_set* const each : {&permitted, &told, &present}) *each &= ~closed;
  each_field.masked = masked;
  each_field.present = present;
  const auto again = entry(number);  // the tree may have moved
  if (!again) return again.error();
  // By one id and the other a pseudonym is the same.
  put_values(out, shown, decision,
             {request.purpose, core->keys().ids->id(number), **again, request.now},
             byte_span(out.bytes_).subspan(room, redacted_room), each_field);
  wipe_behind(masked, shown, values);
  const auto hidden = hide_others(*this, number, *others, std::span(out.fields_).first(out.count_),
                                  byte_span(out.bytes_).last(hiding_room));
  if (!hidden) return hidden.error();
  wipe_behind(*hidden, shown, values);
  each_field.masked |= *hidden;
  hides_texts(*hidden, decision);
  // Those that are shown otherwise are not in the list.
  decision.masked &= ~each_field.as_they_are;

  each_field.asked = fields;
  each_field.permitted = permitted;
  each_field.told = told;
  each_field.tell(out, id, decision);
  return {};
}

result<void> session::read_into(view& out, const customer_id& id, purpose_id purpose,
                                field_set fields) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::read, purpose); !seen) return seen;
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto asked = s.ask(action::read, purpose, id); !asked) return asked;
  if (auto counted = s.look_at(*number, purpose, look_kind::read, fields); !counted) return counted;
  return s.fill(out, *number, id, s.consent.reading(purpose, s.clock_now()), fields);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<view> session::read(const customer_id& id, purpose_id purpose, field_set fields) try {
  view out;
  if (auto done = read_into(out, id, purpose, fields); !done) return done.error();
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<view> session::preview(const customer_id& id, const decision_request& as,
                              field_set fields) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::preview, as.purpose); !seen) return seen.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto asked = s.ask(action::preview, as.purpose, id); !asked) return asked.error();
  if (auto counted = s.look_at(*number, as.purpose, look_kind::preview, fields); !counted) {
    return counted.error();
  }
  // Values are for who would read them now; of all else the answer is what would be shown, and how.
  record_decision own;
  std::optional<grant> reading;
  if (s.ask(action::read, as.purpose, id)) {
    const auto found = s.entry(*number);
    if (!found) return found.error();
    const auto read =
        s.consent.decide(*number, **found, s.consent.reading(as.purpose, s.clock_now()));
    if (!read) return read.error();
    own = read->decision;
    reading = read->permit;
  }
  view out;
  const session_state::narrowed how{.to = &own, .own = reading ? &*reading : nullptr};
  if (auto done = s.fill(out, *number, id, s.as_asked(as), fields, how); !done) {
    return done.error();
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// By number, not by row: a row that was removed is an error, not an absence.
session_state::listed session_state::list_block(const listed_range& range, purpose_id purpose,
                                                field_set fields, view& out,
                                                callback_ref<bool(const view&)> each) {
  const decision_request request = consent.reading(purpose, clock_now());
  listed told{.at = range.from};
  while (told.at < range.until) {
    const customer_no number(told.at);
    told.done = fill(out, number, core->keys().ids->id(number), request, fields);
    if (!told.done && told.done.error().code != errc::key_erased) return told;
    ++told.at;
    if (!told.done) continue;
    ++told.handed;
    seen.counted.insert(number.value);  // Drawn with the list: in this hour no more for them.
    if (!each(out)) return told;
  }
  told.done = {};
  return told;
}

// A list by a case is of those whom it names.
result<void> session_state::list_named(purpose_id purpose, field_set fields,
                                       callback_ref<bool(const view&)> each) {
  const auto named = cases.named(case_of(purpose), now());
  if (!named) return named.error();
  view out;
  for (const customer_id& id : *named) {
    const auto whose = number_in_case(id);
    if (!whose) return whose.error();
    if (retained_store::which_of(*whose)) continue;
    auto done = ask(action::list, purpose, id);
    if (!done && done.error().code == errc::not_in_portfolio) continue;
    if (done) done = look_at(*whose, purpose, look_kind::list, fields);
    if (done) done = fill(out, *whose, id, consent.reading(purpose, clock_now()), fields);
    if (!done) {
      if (done.error().code == errc::key_erased) continue;
      return done;
    }
    if (!each(out)) break;
  }
  return {};
}

// A list of a portfolio is of those who are in it, each looked at by name: of the others no trace
// says that they were listed.
result<void> session_state::list_portfolio(purpose_id purpose, field_set fields,
                                           callback_ref<bool(const view&)> each) {
  view out;
  for (customer_no one = first_customer; one < core->row().next; ++one.value) {
    const customer_id id = core->keys().ids->id(one);
    auto done = ask(action::list, purpose, id);
    if (!done && done.error().code == errc::not_in_portfolio) continue;
    if (done) done = look_at(one, purpose, look_kind::list, fields);
    if (done) done = fill(out, one, id, consent.reading(purpose, clock_now()), fields);
    if (!done) {
      // Erased, or a part of somebody else, who stands there in their own place.
      if (done.error().code == errc::key_erased) continue;
      return done;
    }
    if (!each(out)) break;
  }
  return {};
}

result<void> session::for_each(purpose_id purpose, field_set fields,
                               callback_ref<bool(const view&)> each) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::list, purpose); !seen) return seen;
  if (s.ask(action::list, purpose).value() == reach::named)
    return s.list_named(purpose, fields, each);
  const auto limited = s.is_limited(action::list, purpose);
  if (!limited) return limited.error();
  if (*limited) return s.list_portfolio(purpose, fields, each);
  view out;
  bool wanted = true;
  for (customer_no from = first_customer; wanted && from < s.core->row().next;) {
    const timestamp then = s.now();
    const auto until = s.list_ahead(from, purpose, fields, s.core->row().next.value);
    if (!until) return until.error();
    const auto listed = s.list_block({from.value, *until}, purpose, fields, out, each);
    const auto ended = s.list_ended({from.value, *until}, listed.at, listed.handed, purpose, then);
    if (!listed.done) return listed.done;
    if (!ended) return ended;
    wanted = listed.at == *until;
    from = customer_no(listed.at);
    if (wanted && !s.explicit_change) {
      if (auto again = s.look_again(); !again) return again;
    }
  }
  return {};
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// Whether the customer has e-mail addresses and the like, and has closed each of them for this.
result<bool> session_state::closes_all(customer_no number, const grant& permit, field_id field) {
  if (permit.contacts().empty() || !with_contact_points.has(field)) return false;
  const auto again = entry(number);
  if (!again) return again.error();
  std::array<opened_field, max_fields> opened;
  const auto shown = opener.record(permit, **again, only(field), opened);
  if (!shown) return shown.error();
  return shown->empty() && opener.left_out(field) != 0;
}

result<std::uint64_t> session::count_permitted(const decision_request& as, field_id field) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::count); !seen) return seen.error();
  const decision_request request = s.as_asked(as);
  std::uint64_t count = 0;
  for (customer_no number = first_customer; number < s.core->row().next; ++number.value) {
    const auto found = s.entry(number);
    if (!found) {
      if (found.error().code == errc::key_erased) continue;
      return found.error();
    }
    const auto decided = s.consent.decide(number, **found, request);
    if (!decided) return decided.error();
    if (!decided->decision.permitted.has(field)) continue;
    const auto all_closed = s.closes_all(number, decided->permit, field);
    if (!all_closed) return all_closed.error();
    if (!*all_closed) ++count;
  }
  return count;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

namespace {

// Whose id it is; not_found if it is nobody's.
result<customer_no> owner_of_id(session_state& s, const external_id& wanted) {
  const auto token = s.external_id_token(wanted);
  if (!token) return token.error();
  const auto held = s.core->external_id(*token);
  if (!held) return held.error();
  // The index is only a hint: the record decides.
  const customer_no number = *held;
  const auto found = s.entry_of_part(number);
  if (!found && found.error().code == errc::not_found) {
    return error{errc::damaged, "an index row leads to nobody: restore a copy"};
  }
  if (!found) return found.error();
  std::array<opened_field, max_fields> opened;
  const auto fields = s.opener.record(opening::index, number, **found, opened);
  if (!fields) return fields.error();
  if (fields->empty()) return error{errc::damaged, "an index row leads to another customer"};
  const auto ids = list_of<external_id>::of(fields->front().plaintext);
  if (!ids) return ids.error();
  for (const external_id& id : *ids) {
    if (id.system == wanted.system && same_id(id.value.reveal(), wanted.value.reveal())) {
      return whole_of(*s.core, number);
    }
  }
  return error{errc::damaged, "an index row leads to another customer"};
}

constexpr error nobody_has_it{errc::not_found, "no customer has this external id"};

}  // namespace

result<customer_no> session_state::owner_of(std::string_view system, std::string_view value) {
  auto found = owner_of_id(*this, {.system = system, .value = value});
  // An id that nobody gave is kept as a token of what it was made of.
  if (!found && found.error().code == errc::not_found && looks_made_up(value)) {
    const auto token = consent.contact_of(field::emails, form_of_made_up(value));
    if (!token) return token.error();
    const std::string made_up = made_up_id(*token);
    found = owner_of_id(*this, {.system = system, .value = made_up});
  }
  if (!found && found.error().code == errc::not_found) return nobody_has_it;
  return found;
}

result<customer_id> session::find(std::string_view system, std::string_view value) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::find); !seen) return seen.error();
  if (auto counted = s.count_look_up(); !counted) return counted.error();
  auto found = s.owner_of(system, value);
  // Somebody else's customer has an answer of their own nowhere: nobody is found.
  if (found) {
    const auto theirs = s.in_portfolio(action::find, *found);
    if (!theirs) {
      found = theirs.error().code == errc::not_in_portfolio ? nobody_has_it : theirs.error();
    }
  }
  if (!found) {
    if (found.error().code != errc::not_found) return found.error();
    s.note_look({}, {}, look_kind::find, {});
    return found.error();
  }
  s.note_look(*found, {}, look_kind::find, only(field::external_ids));
  return s.core->keys().ids->id(*found);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<item_list> session_state::read_items(const customer_id& id, const items_asked& what,
                                            purpose_id purpose) {
  if (auto fresh = look(action::read, purpose); !fresh) return fresh.error();
  const auto customer = number(id);
  if (!customer) return customer.error();
  if (auto asked = ask(action::read, purpose, id); !asked) return asked.error();
  if (auto counted = look_at(*customer, purpose, look_kind::read, only(what.field())); !counted) {
    return counted.error();
  }
  if (what.hidden.size() <= most_hidden) {
    if (auto asked = look_at_hidden(what.hidden, purpose); !asked) return asked.error();
  }
  auto out = items_as(id, what, consent.reading(purpose, clock_now()));
  if (out && what.kind == item_kind::note && out->state() == field_state::redacted) {
    if (auto counted = count_answers(*customer, *out); !counted) return counted.error();
  }
  return out;
}

namespace {

// The numbers of who wrote a note, and where, are the shop's own.
result<wiped_bytes> without_writer(byte_view item) {
  note read;
  if (auto good = decode_value(item, read); !good) return good.error();
  read.by.reset();
  read.store.reset();
  wiped_bytes out(item.size());
  const auto encoded = encode_value(read, out);
  if (!encoded) return encoded.error();
  out.resize(encoded->size());
  return out;
}

}  // namespace

result<item_list> session_state::items_as(const customer_id& id, const items_asked& what,
                                          const decision_request& as) {
  const field_id field = what.field();
  const auto customer = number(id);
  if (!customer) return customer.error();
  const auto before = entry(*customer);
  if (!before) return before.error();
  const auto decided = consent.decide(*customer, **before, as);
  if (!decided) return decided.error();
  record_decision decision = decided->decision;
  item_list out;
  if (!decision.permitted.has(field)) return out;
  if (auto knows = know_people(*customer, decision, what.hidden); !knows) return knows.error();
  if (!what.hidden.empty() && what.kind == item_kind::note) hides_texts(only(field), decision);
  const bool masked = decision.masked.has(field);
  const auto told = items_told(*customer, what, as);
  if (!told) return told.error();
  const auto found = entry(*customer);  // the tree may have moved
  if (!found) return found.error();
  const manifest& known = **found;

  bool hides = false;
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (const told_item& one : *told) {
    const auto opened = opener.item(decided->permit, known, what.kind, one.sequence);
    if (!opened) return opened.error();
    byte_view value = *opened;
    if (masked && !value.empty()) {
      value = redact(decision, {field, value}, {as.purpose, id, known, now()},
                     redacted.room(room_for_redacted(value.size())));
    }
    if (value.empty()) continue;
    wiped_bytes again;
    if (what.kind == item_kind::purchase && !what.hidden.empty()) {
      const auto left =
          hide_in_texts(value, *text, again = wiped_bytes(room_for_redacted(value.size())));
      if (!left) return left.error();
      if (!left->empty()) value = *left;
      hides = hides || !left->empty();
    }
    if (what.kind == item_kind::note && !masked && as.recipient != recipient::self) {
      auto without = without_writer(value);
      if (!without) return without.error();
      again = std::move(*without);
      value = again;
    }
    // A form that hides more than words is no note any more, and has no place for the mark.
    if (one.pinned) {
      if (auto with = with_pin(value)) {
        again = std::move(*with);
        value = again;
      }
    }
    places.emplace_back(out.bytes_.size(), value.size());
    out.bytes_.insert(out.bytes_.end(), value.begin(), value.end());
    out.items_.push_back({.sequence = one.place, .value = {}});
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    out.items_[i].value = byte_view(out.bytes_).subspan(places[i].first, places[i].second);
  }
  out.size_ = out.items_.size();
  out.state_ = masked || hides ? field_state::redacted
               : told->empty() ? field_state::absent
                               : field_state::shown;
  return out;
}

result<item_list> session::purchases(const customer_id& id, purpose_id purpose,
                                     std::size_t most) try {
  return state_->read_items(id, {.kind = item_kind::purchase, .most = most}, purpose);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
