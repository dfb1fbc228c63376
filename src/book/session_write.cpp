// Writing: keeping, changing and removing fields, with the indexes and the consents that hang on
// them.
//
// Everything that can be wrong with the input is found before anything is written. A field is kept
// only on a basis that the law profile or the customer gives for it, and padded, since exact
// lengths tell names apart.
#include <clientbook/internal/crypto/short_hash.hpp>
#include <clientbook/internal/model/correction.hpp>
#include <clientbook/internal/unicode/nfc.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <array>
#include <bit>

#include "birth_fact.hpp"
#include "damage.hpp"
#include "linked_people.hpp"
#include "places.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

using storage::item_kind;
using storage::key;
using storage::table;

// Fields are filled up to multiples of 8 bytes, since exact lengths tell names apart.
constexpr padding field_padding = padding::to_8;

constexpr error looked_up_too_often{errc::budget_spent,
                                    "the actor's look-ups are spent, and whether an id is "
                                    "somebody's is one: wait for the next hour"};

field_set set_of(std::span<const field_value> fields) noexcept {
  field_set set;
  for (const field_value& one : fields) set.add(one.id);
  return set;
}

// What a trace says that something was changed for.
purpose_id first_of(const kept_purposes& purposes) noexcept {
  purpose_id out;
  purposes.all().for_each([&](purpose_id one) {
    if (out == purpose_id()) out = one;
  });
  return out;
}

std::optional<date> birth_date_of(std::span<const field_value> fields) noexcept {
  const auto day = record_view(fields).birth_date();
  if (!day) return std::nullopt;
  return *day;
}

// What consent goes by: the fact, or the record's date where there is no fact yet.
std::optional<date> known_birth(const manifest& entry,
                                std::span<const opened_field> record) noexcept {
  if (const auto fact = birth_fact(entry)) return fact;
  for (const opened_field& one : record) {
    const field_value value{one.id, one.plaintext};
    if (one.id == field::birth_date) return birth_date_of({&value, 1});
  }
  return std::nullopt;
}

// What a file says of a new customer, to be remembered.
std::vector<file_word> words_of(std::span<const field_value> fields, const collection& why,
                                const purpose_set& waiting) {
  std::vector<file_word> out;
  if (why.source != field_source::file) return out;
  for (const field_value& one : fields) {
    if (adds_only(one.id)) continue;
    out.push_back({one.id.value, digest_of_word(one.id.value, one.value)});
  }
  if (!why.decisions.empty() && why.decisions != collection::said_nothing) {
    const auto how = waiting.empty() ? decisions_taken::whole : decisions_taken::not_opened;
    out.push_back({file_word::of_decisions, digest_of_decisions(why.decisions, how)});
  }
  return out;
}

// Those of `given` that the record has otherwise, or not at all.
field_set differing(std::span<const opened_field> record, std::span<const field_value> given) {
  field_set out = set_of(given);
  for (const field_value& one : given) {
    for (const opened_field& held : record) {
      if (held.id == one.id && std::ranges::equal(held.plaintext, one.value)) {
        out &= ~only(one.id);
      }
    }
  }
  return out;
}

// Those of which more is given than is held.
field_set saying_more(std::span<const opened_field> record,
                      std::span<const field_value> given) noexcept {
  field_set out;
  for (const field_value& one : given) {
    const auto held = std::ranges::find(record, one.id, &opened_field::id);
    if (says_more(held == record.end() ? byte_view() : held->plaintext, one.value)) out.add(one.id);
  }
  return out;
}

// Two sorted lists of fields, the second one's values going before the first's.
std::size_t merge(std::span<const opened_field> old, std::span<const field_value> changed,
                  std::array<field_value, max_fields>& out) noexcept {
  std::size_t count = 0;
  std::size_t at = 0;
  for (const opened_field& one : old) {
    while (at < changed.size() && changed[at].id < one.id) out[count++] = changed[at++];
    if (at < changed.size() && changed[at].id == one.id) {
      out[count++] = changed[at++];
    } else {
      out[count++] = {one.id, one.plaintext};
    }
  }
  while (at < changed.size()) out[count++] = changed[at++];
  return count;
}

}  // namespace

result<void> session_state::seal_record(customer_no number, const manifest& entry,
                                        std::span<const field_value> fields) {
  std::array<row_field, max_fields> sealed;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    sealed[i] = {.id = fields[i].id, .plaintext = fields[i].value, .pad = field_padding};
  }
  const std::span<const row_field> row(sealed.data(), fields.size());
  for (const row_field& one : row) {
    if (one.plaintext.size() + 8 > field_limit) {
      return error{errc::limit_exceeded, "a field holds at most 65,527 bytes", one.id.value};
    }
  }
  const auto context = core->record_context(number, entry);
  if (!context) return context.error();
  auto room = core->write().reserve(record_key(number), sealed_row_size(row));
  if (!room) return room.error();
  const auto size = seal_row(entry.subject_key, *context, row, core->random(), *room);
  if (!size) return size.error();
  if (auto gone = at_rest.erase_bucket_of(number); !gone) return gone;
  // A file of noes asks for everybody who has a value, and who has just come is not opened for it.
  return by_value.key ? know_by_value(number, fields) : result<void>();
}

// One id written in two ways is one id: its token is of NFC.
result<crypto::blind_index_token> session_state::external_id_token(const external_id& id) const {
  unicode::nfc_room room;
  const auto value = unicode::nfc(id.value.reveal(), room);
  const std::array<byte_view, 2> parts{as_bytes(id.system),
                                       as_bytes(value ? *value : id.value.reveal())};
  return crypto::blind_token(core->keys().external_ids, 128, parts);
}

namespace {

// An id of a part is the customer's.
bool is_theirs(book_core& core, customer_no of, customer_no number) {
  if (of == number) return true;
  const auto whole = whole_of(core, of);
  return whole && *whole == number;
}

}  // namespace

result<void> session_state::check_external_ids(customer_no number,
                                               std::span<const field_value> fields) {
  claimed.clear();
  const byte_view value = record_view(fields).raw(field::external_ids);
  if (value.empty()) return {};
  const auto ids = list_of<external_id>::of(value);
  if (!ids) return ids.error();
  for (const external_id& id : *ids) {
    const auto token = external_id_token(id);
    if (!token) return token.error();
    const auto held = core->external_id(*token);
    if (!held) {
      if (held.error().code != errc::not_found) return held.error();
    } else if (!is_theirs(*core, *held, number)) {
      // Whoever is told that an id is somebody's has looked it up.
      if (seen.left.look_ups == 0) return looked_up_too_often;
      --seen.left.look_ups;
      note_look(*held, {}, look_kind::find, only(field::external_ids));
      return error{errc::already_exists, "another customer has this external id",
                   field::external_ids.value};
    }
    claimed.push_back({*token, held ? *held : customer_no()});
  }
  return {};
}

result<void> session_state::claim_external_ids(customer_no number) {
  for (const auto& [token, held] : claimed) {
    // That of a part, or of whom the customer was a part of: check_external_ids() has let it pass.
    if (held != customer_no() && held != number) {
      const auto still = core->external_id(token);
      if (!still && still.error().code != errc::not_found) return still.error();
      if (still && *still != number) {
        if (auto gone = core->erase_external_id(token, *still); !gone) return gone;
      }
    }
    if (auto put = core->put_external_id(token, number); !put) return put;
  }
  return {};
}

errc session_state::ids_lead_to(customer_no number, std::span<const opened_field> record) {
  for (const opened_field& one : record) {
    if (one.id != field::external_ids || one.plaintext.empty()) continue;
    const auto ids = list_of<external_id>::of(one.plaintext);
    if (!ids) return ids.error().code;
    for (const external_id& id : *ids) {
      const auto token = external_id_token(id);
      if (!token) return token.error().code;
      const auto held = core->external_id(*token);
      if (!held) return held.error().code == errc::not_found ? errc::row_missing : errc::damaged;
      // Those of a part lead to whose part they are, or to the part.
      const auto whole = whole_of(*core, number);
      if (*held != number && (!whole || *held != *whole)) return errc::damaged;
    }
  }
  return errc::none;
}

result<void> session_state::release_external_ids(customer_no number, byte_view value) {
  if (value.empty()) return {};
  const auto ids = list_of<external_id>::of(value);
  if (!ids) return ids.error();
  for (const external_id& id : *ids) {
    const auto token = external_id_token(id);
    if (!token) return token.error();
    if (auto gone = core->erase_external_id(*token, number); !gone) return gone;
  }
  return {};
}

namespace {

// Of short words most hold no number: those are not scanned. An identity number of letters alone is
// longer than that.
bool may_hold_a_number(std::string_view words) {
  return words.size() > 10 || std::any_of(words.begin(), words.end(), [](char c) {
           return (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
         });
}

result<void> check_words(free_text& by, field_id at,
                         std::initializer_list<personal_text> all_words) {
  for (const personal_text& words : all_words) {
    if (!may_hold_a_number(words.reveal())) continue;
    const auto admitted = by.admit(words.reveal(), {});
    if (!admitted) return error{admitted.error().code, admitted.error().text, at.value};
  }
  return {};
}

template <class List, class Check>
result<void> check_each(const List& list, Check&& check) {
  if (!list) return {};
  for (const auto& one : *list) {
    if (auto good = check(one); !good) return good;
  }
  return {};
}

}  // namespace

// What is written of a customer in one's own words, outside notes: the rules of notes hold, for
// every text of tasks and the like, and for those of names and sizes that are such words. Nothing
// is replaced here, since who writes a task sees at once what is refused.
result<void> session_state::check_own_words(std::span<const field_value> fields) {
  const record_view record(fields);
  const auto check = [&](field_id at, std::initializer_list<personal_text> words) {
    return check_words(*text, at, words);
  };
  const auto tasks = check_each(record.tasks(), [&](const task& one) {
    return check(field::tasks, {one.text, one.kind});
  });
  if (!tasks) return tasks;
  const auto contacts = check_each(record.contacts(), [&](const customer_contact& one) {
    return check(field::contacts, {one.text, one.outcome, one.author, one.channel});
  });
  if (!contacts) return contacts;
  const auto wishes = check_each(record.wishes(), [&](const wish& one) {
    return check(field::wishes, {one.what, one.brand, one.size, one.colour, one.for_whom});
  });
  if (!wishes) return wishes;
  const auto tags = check_each(record.tags(),
                               [&](const personal_text& one) { return check(field::tags, {one}); });
  if (!tags) return tags;
  const auto sizes = check_each(record.sizes(), [&](const customer_size& one) {
    return check(field::sizes, {one.brand, one.remark});
  });
  if (!sizes) return sizes;
  if (const auto tier = record.tier()) {
    if (auto good = check(field::tier, {*tier}); !good) return good;
  }
  if (const auto reach = record.reach()) {
    if (auto good = check(field::reach, {reach->channel}); !good) return good;
  }
  const auto name = record.name();
  if (!name) return {};
  return check(field::name, {name->salutation, name->pronouns});
}

result<newcomer> session_state::admit(std::span<const field_value> fields, const collection& why) {
  if (auto valid = validate(core->fields(), fields); !valid) return valid.error();
  if (auto good = check_own_words(fields); !good) return good.error();
  const timestamp at = clock_now();
  newcomer out{.born = birth_date_of(fields), .now = at};
  if (auto lived = plausible_birth(out.born, at); !lived) return lived.error();
  if (auto past = check_as_of(why, at); !past) return past.error();
  const std::vector<directive> taken = as_taken(why.directives, out.outcome.waiting);
  if (auto said = consent.check_newcomer(taken, out.born, at); !said) {
    return said.error();
  }
  const field_set given = set_of(fields);
  auto basis = consent.keeping_of_newcomer(why.purposes, at, given);
  if (!basis) return basis.error();
  const field_set refused = given & ~basis->permitted;
  if (refused && why.without_basis == when_without_basis::refuse) {
    return error{errc::no_basis, "neither the customer nor the law permits to keep this field",
                 (*refused.begin()).value};
  }
  if (refused && (given & ~refused & names_or_reaches).empty()) {
    return error{errc::no_basis, "nothing that names or reaches the customer may be kept"};
  }
  for (const field_value& one : fields) {
    if (!refused.has(one.id)) out.fields[out.count++] = one;
  }
  out.kept_for = std::move(basis->purposes);
  out.outcome.left_out = refused;
  for (const field_id field : refused) {
    out.outcome.why_left_out[field.value] = basis->why_not[field.value];
  }
  return out;
}

result<kept> session::put(const customer& record, const collection& why) try {
  session_state& s = *state_;
  if (auto there = s.expect_look_up(record.fields()); !there) return there.error();
  return s.change_asking(
      [&] { return s.keeps(); },
      [&]() -> result<kept> {
        const auto purposes = s.ask(action::keep, why.purposes, nullptr);
        if (!purposes) return purposes.error();
        if (auto asked = s.ask_to_record(why.directives); !asked) return asked.error();
        auto whose = s.portfolio_of_newcomer();
        if (!whose) return whose.error();
        if (auto linked = check_linked(s, record.fields()); !linked) return linked.error();
        collection asked_for = why;
        asked_for.purposes = *purposes;
        // What can be wrong with the input is found before anything is written.
        auto who = s.admit(record.fields(), asked_for);
        if (!who) return who.error();
        const std::span<const field_value> fields(who->fields.data(), who->count);
        const customer_no number = s.core->row().next;
        const customer_id id = s.id_of(number);
        if (auto free = s.check_external_ids(number, fields); !free) return free.error();

        auto fail = [&](const error& failure) -> result<kept> {
          s.broken = true;
          return failure;
        };
        auto drawn = crypto::random_key(s.core->random());
        if (!drawn) return fail(drawn.error());
        manifest entry;
        entry.subject_key = std::move(*drawn);
        entry.schema = s.core->row().schema;
        entry.version = record_version(1);
        if (who->born) {
          const bool told = !who->outcome.left_out.has(field::birth_date);
          learn_birth(entry, told ? *who->born : last_of_month(*who->born));
        }
        if (auto done = s.consent.keep_newcomer(entry, number, id, who->now); !done) {
          return fail(done.error());
        }
        // What they have said goes no way back with an old copy of the store.
        s.must_pin = s.must_pin || entry.directives != 0;
        if (auto sealed = s.seal_record(number, entry, fields); !sealed)
          return fail(sealed.error());
        const std::vector<file_word> said = words_of(fields, why, who->outcome.waiting);
        auto kept = s.keep_fields(number, entry, who->kept_for, said, all_fields, why.source);
        if (kept) kept = s.date_values(number, entry, set_of(fields), why.as_of);
        if (!kept) return fail(kept.error());
        if (*whose != portfolio()) {
          const auto row = s.row_of(number, entry);
          if (!row) return fail(row.error());
          customer_row next = **row;
          next.whose = std::move(*whose);
          if (auto put = s.put_row(number, entry, std::move(next)); !put) return fail(put.error());
        }
        auto claimed = s.claim_external_ids(number);
        if (!claimed) return fail(claimed.error());
        if (auto added = s.core->tree().insert(number, std::move(entry)); !added) {
          return fail(added.error());
        }
        auto logged = s.log_said_by_newcomer(number, id);
        if (!logged) return fail(logged.error());
        book_row& row = s.core->edit_row();
        row.next = customer_no(number.value + 1);
        ++row.customers;
        who->outcome.id = id;
        return who->outcome;
      });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session_state::rewrite(customer_no number, std::span<const field_value> fields,
                                    std::span<const std::pair<purpose_id, field_set>> kept_for,
                                    std::span<const file_word> said, field_source source) {
  const auto known = entry(number);
  if (!known) return known.error();
  std::array<opened_field, max_fields> opened;
  const auto old = opener.record(opening::rewriting, number, **known, opened);
  if (!old) return old.error();
  std::array<field_value, max_fields> joined;
  const std::size_t count = merge(*old, fields, joined);
  const std::optional<date> born = known_birth(**known, *old);
  const std::span<const field_value> whole(joined.data(), count);
  const field_set given = differing(*old, fields);
  const bool ids_change = record_view(fields).has(field::external_ids);
  if (ids_change) {
    if (auto free = check_external_ids(number, whole); !free) return free;
  }
  // What goes wrong from here on leaves the change half done.
  broken = true;
  if (ids_change) {
    for (const opened_field& one : *old) {
      if (one.id != field::external_ids) continue;
      if (auto gone = release_external_ids(number, one.plaintext); !gone) return gone;
    }
    if (auto put = claim_external_ids(number); !put) return put;
  }
  const auto edited = core->tree().edit(number);
  if (!edited) return edited.error();
  (*edited)->version = record_version((*edited)->version.value + 1);
  (*edited)->schema = core->row().schema;
  if (auto sealed = seal_record(number, **edited, whole); !sealed) return sealed;
  if (auto kept = keep_fields(number, **edited, kept_for, said, given, source); !kept) return kept;
  if (const auto told = birth_date_of(fields); record_view(fields).has(field::birth_date)) {
    const std::uint32_t known_before = (*edited)->born;
    if (born) learn_birth(**edited, *born);
    if (told) learn_birth(**edited, *told);
    // Younger than anybody knew: what a restore forgets of it would make an adult of a child.
    if ((*edited)->born > known_before) must_hear = true;
    const auto aged = consent.recompile(**edited, number, birth_fact(**edited), clock_now());
    if (!aged) return aged;
  }
  broken = false;
  return {};
}

// A right to have a mistake put right is no basis to collect (GDPR 5(1)(b), 16).
result<void> session_state::correct(customer_no number, std::span<const field_value> fields,
                                    const consent_store::correction& allowed) {
  std::vector<std::pair<purpose_id, field_set>> kept_for = allowed.kept.purposes;
  if (!allowed.replaced.empty()) {
    const auto known = entry(number);
    if (!known) return known.error();
    std::array<opened_field, max_fields> opened;
    const auto old = opener.record(opening::rewriting, number, **known, opened);
    if (!old) return old.error();
    const field_set more = saying_more(*old, fields) & allowed.replaced;
    if (const field_set refused = more & ~allowed.completed.permitted) {
      return error{errc::no_basis,
                   "a correction replaces what is held: neither the customer nor the law permits "
                   "to keep more in this field",
                   (*refused.begin()).value};
    }
    for (const auto& [purpose, some] : allowed.completed.purposes) {
      if (!(some & more).empty()) kept_for.emplace_back(purpose, some & more);
    }
  }
  return rewrite(number, fields, kept_for);
}

result<void> session_state::note_age(customer_no number, const std::optional<date>& told) {
  if (!told || told->year == 0) return {};
  const auto known = entry(number);
  if (!known) return known.error();
  const auto born = consent.born(number, **known);
  if (!born) return born.error();
  if (*born && !(**born < *told)) return {};
  const auto edited = core->tree().edit(number);
  if (!edited) return edited.error();
  if (*born) learn_birth(**edited, **born);
  learn_birth(**edited, last_of_month(*told));
  must_pin = true;
  must_hear = true;
  const auto aged = consent.recompile(**edited, number, birth_fact(**edited), clock_now());
  if (!aged) broken = true;
  return aged;
}

// Who names no purpose has not said that it is a correction.
result<consent_store::correction> session_state::may_change(customer_no number,
                                                            const manifest& known,
                                                            const kept_purposes& named,
                                                            const kept_purposes& asked,
                                                            field_set fields) {
  if (named.named()) return consent.may_update(number, known, asked, clock_now(), fields);
  auto kept = consent.may_keep(number, known, asked, clock_now(), fields);
  if (!kept) return kept.error();
  return consent_store::correction{.kept = std::move(*kept)};
}

result<void> session::update(const customer_id& id, std::span<const field_value> fields,
                             const kept_purposes& purposes) try {
  session_state& s = *state_;
  if (auto there = s.expect_look_up(fields); !there) return there;
  const auto updated = s.change_asking(
      [&] { return s.keeps(); },
      [&]() -> result<void> {
        const auto asked = s.ask(action::keep, purposes, &id);
        if (!asked) return asked.error();
        const auto number = s.number(id);
        if (!number) return number.error();
        if (auto linked = check_linked(s, fields, *number); !linked) return linked;
        if (auto valid = validate(s.core->fields(), fields); !valid) return valid;
        if (auto good = s.check_own_words(fields); !good) return good;
        if (auto lived = plausible_birth(birth_date_of(fields), s.now()); !lived) return lived;
        const auto found = s.entry(*number);
        if (!found) return found.error();
        const field_set which = set_of(fields);
        const auto allowed = s.may_change(*number, **found, purposes, *asked, which);
        if (!allowed) return allowed.error();
        if (auto done = s.correct(*number, fields, *allowed); !done) return done;
        // Nobody used a purpose that permits nothing of it.
        const auto& permit = allowed->kept.purposes;
        s.note_look(*number, permit.empty() ? first_of(*asked) : permit.front().first,
                    look_kind::change, which);
        return {};
      });
  if (updated || updated.error().code != errc::no_basis) return updated;
  // What may not be kept makes no adult: the age alone is noted, as put() does.
  const auto told = birth_date_of(fields);
  const auto aged = told ? note_birth_date(id, *told) : result<void>();
  return aged ? updated : aged;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::note_birth_date(const customer_id& id, const date& told) try {
  session_state& s = *state_;
  return s.change_asking([&] { return s.keeps(); },
                         [&]() -> result<void> {
                           const auto number = s.number(id);
                           if (!number) return number.error();
                           if (auto lived = plausible_birth(told, s.now()); !lived) return lived;
                           const auto again = s.who.role == actor_role::service
                                                  ? was_overruled(s, *number, told)
                                                  : result<bool>(false);
                           if (!again) return again.error();
                           return *again ? result<void>() : s.note_age(*number, told);
                         });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session_state::drop_from_record(customer_no number, field_set gone) {
  const auto found = entry(number);
  if (!found) return found.error();
  std::array<opened_field, max_fields> opened;
  const auto old = opener.record(opening::rewriting, number, **found, opened);
  if (!old) return old.error();
  std::array<field_value, max_fields> kept;
  std::size_t count = 0;
  byte_view ids;
  field_set there;
  for (const opened_field& one : *old) {
    if (!gone.has(one.id)) {
      kept[count++] = {one.id, one.plaintext};
      continue;
    }
    there.add(one.id);
    if (one.id == field::external_ids) ids = one.plaintext;
  }
  if (there.empty()) {
    return error{errc::not_found, "the record has no such field", (*gone.begin()).value};
  }
  const std::optional<date> born = known_birth(**found, *old);
  // What goes wrong from here on leaves the change half done.
  broken = true;
  if (!ids.empty()) {
    if (auto released = release_external_ids(number, ids); !released) return released;
  }
  const auto edited = core->tree().edit(number);
  if (!edited) return edited.error();
  (*edited)->version = record_version((*edited)->version.value + 1);
  (*edited)->schema = core->row().schema;
  if (auto sealed = seal_record(number, **edited, {kept.data(), count}); !sealed) return sealed;
  if (auto dropped = drop_fields(number, **edited, there); !dropped) return dropped;
  if (there.has(field::birth_date)) {
    if (born) learn_birth(**edited, last_of_month(*born));
    if (auto aged = consent.recompile(**edited, number, birth_fact(**edited), clock_now()); !aged) {
      return aged;
    }
  }
  broken = false;
  return {};
}

result<void> session::remove(const customer_id& id, field_id field,
                             const kept_purposes& purposes) try {
  session_state& s = *state_;
  return s.change_asking([&] { return s.removes(); },
                         [&]() -> result<void> {
                           const auto number = s.number(id);
                           if (!number) return number.error();
                           if (auto asked = s.ask_to_remove(*number, id, field, purposes); !asked)
                             return asked;
                           const auto hold = s.hold_on(*number);
                           if (!hold) return hold.error();
                           if (*hold != nullptr) {
                             return error{errc::kept_by_law,
                                          "a legal hold keeps the customer as they are",
                                          (*hold)->number};
                           }
                           if (auto gone = s.drop_from_record(*number, only(field)); !gone)
                             return gone;
                           s.note_look(*number, first_of(purposes), look_kind::remove, only(field));
                           return {};
                         });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

namespace {

std::uint64_t digest_of(const known_orders& in, const purchase& receipt) {
  const std::array<byte_view, 2> parts{as_bytes(receipt.store), as_bytes(receipt.order)};
  return crypto::short_hash(*in.key, parts);
}

// Errors: already_exists (`at`: the purchase).
result<void> is_new_order(session_state& s, customer_no number, const purchase& receipt) {
  const auto held = s.order_of(number, receipt);
  if (!held) return held.error();
  if (*held == 0) return {};
  return error{errc::already_exists, "the customer has the purchase of that order already", *held};
}

}  // namespace

result<std::uint32_t> session_state::order_of(customer_no number, const purchase& receipt) {
  orders.asked.reset();
  if (receipt.order.empty()) return 0U;
  const auto known = entry(number);
  if (!known) return known.error();
  const manifest& own = **known;
  if (!orders.key || orders.number != number || orders.read > own.purchases) {
    auto key = crypto::random_key(core->random());
    if (!key) return key.error();
    orders = {.key = std::move(*key), .number = number};
  }
  const auto held_at = [&](std::uint32_t sequence) -> result<purchase_view> {
    const auto item = opener.item(opening::orders, number, own, item_kind::purchase, sequence);
    if (!item) return item.error();
    return decode_purchase(*item);
  };
  while (orders.read < own.purchases) {
    const auto held = held_at(orders.read + 1);
    // A purchase that is damaged loses nobody the next one.
    if (!held && is_damage(held.error().code)) {
      ++orders.read;
      continue;
    }
    if (!held) return held.error();
    orders.by.emplace(digest_of(orders, held->receipt), ++orders.read);
  }
  const std::uint64_t wanted = digest_of(orders, receipt);
  const auto [begin, end] = orders.by.equal_range(wanted);
  for (auto at = begin; at != end; ++at) {
    const auto held = held_at(at->second);
    if (!held) return held.error();
    const purchase& one = held->receipt;
    if (one.order == receipt.order && one.store == receipt.store) return at->second;
  }
  orders.asked = wanted;
  return 0U;
}

result<std::uint32_t> session_state::put_item(const customer_id& id, const written_item& item,
                                              const kept_purposes& purposes) {
  const item_kind kind = item.kind;
  const field_id field = kind == item_kind::purchase ? field::purchases : field::notes;
  const auto asked = ask(action::keep, purposes, &id);
  if (!asked) return asked.error();
  if (auto valid = validate(core->fields(), field, item.bytes); !valid) return valid.error();
  const auto customer = number(id);
  if (!customer) return customer.error();
  const auto found = entry(*customer);
  if (!found) return found.error();
  const auto allowed = consent.may_keep(*customer, **found, *asked, clock_now(), only(field));
  if (!allowed) return allowed.error();
  if (item.receipt != nullptr) {
    if (auto one = is_new_order(*this, *customer, *item.receipt); !one) return one.error();
  }
  const auto edited = core->tree().edit(*customer);
  if (!edited) return edited.error();
  std::uint32_t& count = kind == item_kind::purchase ? (*edited)->purchases : (*edited)->notes;
  const auto at = item_place(*customer, **edited, kind, count + 1);
  if (auto put = core->put_value((*edited)->subject_key, at, item.bytes); !put) {
    broken = true;
    return put.error();
  }
  if (auto kept = keep_fields(*customer, **edited, allowed->purposes); !kept) {
    broken = true;
    return kept.error();
  }
  ++count;
  if (kind == item_kind::purchase) orders.add_asked(*customer, count);
  return count;
}

result<std::uint32_t> session::append_purchase(const customer_id& id, const purchase& receipt,
                                               std::span<const purchase_line> lines,
                                               const kept_purposes& purposes) try {
  session_state& s = *state_;
  for (const purchase_line& one : lines) {
    const auto good =
        check_words(*s.text, field::purchases,
                    {one.brand, one.category, one.department, one.season, one.for_whom});
    if (!good) return good.error();
  }
  auto encoded = encode_value(receipt, lines, s.plain.room(512));
  while (!encoded && encoded.error().code == errc::buffer_too_small) {
    encoded = encode_value(receipt, lines, s.plain.room(encoded.error().at));
  }
  if (!encoded) return encoded.error();
  return s.change_asking(
      [&] { return s.keeps(); },
      [&]() -> result<std::uint32_t> {
        const auto done = s.put_item(id, {item_kind::purchase, *encoded, &receipt}, purposes);
        if (done && !lines.empty()) s.core->edit_row().purchase_lines += lines.size();
        return done;
      });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::set_text_regions(std::span<const std::string_view> regions) try {
  return state_->text->set_shop_regions(regions);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

void session::set_text_patterns(std::shared_ptr<const text_finder> patterns) noexcept {
  state_->text->set_patterns(std::move(patterns));
}

}  // namespace clientbook
