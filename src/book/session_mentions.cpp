// Who else's notes speak of a customer, and their tasks, contacts and wishes: the search, and the
// rewriting of what it finds.
//
// A note is personal data of the customer in whose record it stands, so it is opened only as far as
// that customer permits this purpose to look. The report tells where, never what. Long, and so
// outside the transaction that writes it down.
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <bit>
#include <deque>

#include "damage.hpp"
#include "mention_seeker.hpp"
#include "places.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

using storage::item_kind;

// What tells who somebody is. An employer is in the notes of many.
constexpr field_set telling = only(field::name) | only(field::emails) | only(field::phones) |
                              only(field::addresses) | only(field::external_ids) |
                              only(field::household) | only(field::government_ids);

constexpr std::string_view label = known_value_label;

std::uint32_t sum(const mention_counts& counts) noexcept {
  std::uint32_t out = 0;
  for (const std::uint32_t one : counts) out += one;
  return out;
}
void add(mention_counts& to, const mention_counts& counts) noexcept {
  for (std::size_t i = 0; i < mention_kinds; ++i) to[i] += counts[i];
}

// What of a record is written in somebody's own words.
constexpr field_set in_own_words{field::tasks, field::contacts, field::wishes};

// One customer's notes on their way through a search.
struct searched_notes {
  mention about;                    ///< What is told of them.
  bool rewrite = false;             ///< Whether they may be, and can.
  bool rewritten = false;           ///< Whether any is to be.
  std::uint32_t seen = 0;           ///< How many of them the searcher sees.
  std::vector<wiped_bytes> values;  ///< As they are to be sealed again.
  mention_counts replaced{};
  field_set rewrite_fields;  ///< Of the record what may be rewritten.
  customer fields;           ///< What of it is to be written anew.
  mention_counts replaced_in_fields{};
};

// A text without the finds that are to go.
wiped_bytes without(std::string_view plain, std::span<const mention_seeker::find> finds,
                    mention_set which) {
  wiped_bytes text;
  const auto put = [&](std::string_view part) {
    text.insert(text.end(), as_bytes(part).begin(), as_bytes(part).end());
  };
  std::size_t done = 0;
  for (const mention_seeker::find& one : finds) {
    if (!which.contains(one.kind)) continue;
    put(plain.substr(done, one.begin - done));
    put(label);
    done = one.end;
  }
  put(plain.substr(done));
  return text;
}

// A note without the finds that are to go.
result<wiped_bytes> rewritten(const note& before, std::span<const mention_seeker::find> finds,
                              mention_set which) {
  const wiped_bytes text = without(before.text.reveal(), finds, which);
  if (text.size() > field_limit / 2) {
    return error{errc::invalid_value, "the note would become too long"};
  }
  wiped_bytes out(text.size() + before.author.size() + before.kind.size() + 96);
  note after = before;
  after.text = personal_text(as_text(text));
  const auto encoded = encode_value(after, out);
  if (!encoded) return encoded.error();
  out.resize(encoded->size());
  return out;
}

// A search for what one customer's record says, through the notes of everybody else. Each of them
// is asked for as somebody with this purpose would have to: a customer who does not permit it is
// counted and stays closed. A manifest is looked up again after each decision, since deciding may
// move the tree under it.
class note_search {
 public:
  note_search(session_state& session, purpose_id purpose, std::optional<mention_set> replaced,
              mention_values by)
      : session_(session),
        request_(session.consent.reading(purpose, session.clock_now())),
        replaced_(replaced),
        by_(by) {
    request_.operation = operation::query;
  }

  result<mention_report> run(customer_no whose) {
    if (auto learnt = learn(whose); !learnt) return learnt.error();
    for (customer_no other = first_customer; other < session_.core->row().next; ++other.value) {
      if (other == whose) continue;
      if (auto looked = look_at(other); !looked) return looked.error();
    }
    return std::move(report_);
  }

 private:
  // What tells who the customer is, as far as the purpose may ask for it.
  result<void> learn(customer_no whose) {
    const auto before = session_.entry(whose);
    if (!before) return before.error();
    const auto about = session_.consent.decide(whose, **before, request_);
    if (!about) return about.error();
    const field_set may = telling & about->permit.fields();
    if (may.empty()) {
      return error{errc::denied, "this purpose may search with nothing of the customer"};
    }
    const auto known = session_.entry(whose);
    if (!known) return known.error();
    const auto wanted = searched_with(whose, **known, may);
    if (!wanted) return wanted.error();
    std::array<opened_field, max_fields> opened;
    const auto fields = session_.opener.record(about->permit, **known, *wanted, opened);
    if (!fields) return fields.error();
    for (const opened_field& one : *fields) {
      if (const auto definition = session_.core->fields().find(one.id)) {
        seeker_.add(definition->type, one.plaintext);
      }
    }
    if (seeker_.overflow()) {
      return error{errc::limit_exceeded, "the record holds more than can be looked for"};
    }
    report_.not_looked_for =
        seeker_.refused() + static_cast<std::uint32_t>((telling & ~*wanted).size());
    return {};
  }

  // A search that only tells would answer guesses which somebody has just written into a record: it
  // goes by real values. What hides or replaces goes by all, and leaves its mark in each note.
  result<field_set> searched_with(customer_no whose, const manifest& known, field_set may) {
    if (by_ == mention_values::all) return may;
    return session_.counting(whose, known, may);
  }

  result<void> look_at(customer_no other) {
    const auto found = session_.entry(other);
    if (!found) return passed_over(found.error());
    const auto written = session_.opener.fields_of_record(other, **found);
    if (!written) return passed_over(written.error());
    const field_set asked =
        (*written & in_own_words) | ((*found)->notes == 0 ? field_set() : only(field::notes));
    if (asked.empty()) return {};
    const auto may_search = session_.consent.decide(other, **found, request_);
    if (!may_search) return may_search.error();
    const field_set may = may_search->permit.fields() & asked;
    if (asked & ~may) ++report_.not_permitted;
    if (may.empty()) return {};
    const auto may_rewrite = may_alter(other, **found);
    if (!may_rewrite) return may_rewrite.error();

    const auto again = session_.entry(other);
    if (!again) return again.error();
    const manifest& known = **again;
    ++report_.customers;
    searched_notes notes{
        .about = {.in = session_.core->keys().ids->id(other), .notes = {}, .found = {}},
        .rewrite = may_rewrite->has(field::notes),
        .rewritten = false,
        .seen = 0,
        .values = {},
        .replaced = {},
        .rewrite_fields = *may_rewrite & in_own_words,
        .fields = {},
        .replaced_in_fields = {}};
    if (auto looked = look_into_record(may_search->permit, known, may & in_own_words, notes);
        !looked) {
      return looked;
    }
    const std::uint32_t count = may.has(field::notes) ? known.notes : 0;
    for (std::uint32_t sequence = 1; sequence <= count; ++sequence) {
      if (auto looked = look_into(may_search->permit, known, sequence, notes); !looked) {
        return looked;
      }
    }
    return take(other, std::move(notes));
  }

  // A customer who was erased has no notes; damage is counted, and ends nothing.
  result<void> passed_over(const error& why) {
    if (why.code == errc::key_erased) return {};
    if (!is_damage(why.code)) return why;
    ++report_.unreadable;
    return {};
  }

  result<field_set> may_alter(customer_no whose, const manifest& entry) {
    if (!replaced_) return field_set();
    decision_request altering = request_;
    altering.operation = operation::alter;
    const auto decision = session_.consent.judge(whose, entry, altering);
    if (!decision) return decision.error();
    return decision->permitted;
  }

  // Texts of tasks, contacts and wishes. They count as one note, of number 0.
  result<void> look_into_record(const grant& permit, const manifest& known, field_set fields,
                                searched_notes& notes) {
    if (fields.empty()) return {};
    std::array<opened_field, max_fields> opened;
    const auto record = session_.opener.record(permit, known, fields, opened);
    if (!record) {
      if (!is_damage(record.error().code)) return record.error();
      ++report_.unreadable;
      return {};
    }
    mention_counts here{};
    for (const opened_field& one : *record) {
      result<void> looked;
      if (one.id == field::tasks) {
        looked = look_into<task>(one, std::array{&task::text}, notes, here);
      } else if (one.id == field::contacts) {
        looked = look_into<customer_contact>(
            one, std::array{&customer_contact::outcome, &customer_contact::text}, notes, here);
      } else {
        looked = look_into<wish>(one, std::array{&wish::what, &wish::for_whom}, notes, here);
      }
      if (!looked) return looked;
    }
    if (sum(here) != 0) notes.about.notes.push_back(0);
    add(notes.about.found, here);
    return {};
  }

  template <class T, std::size_t Count>
  result<void> look_into(const opened_field& field,
                         const std::array<personal_text T::*, Count>& parts, searched_notes& notes,
                         mention_counts& here) {
    const auto list = list_of<T>::of(field.plaintext);
    if (!list) {
      ++report_.unreadable;
      return {};
    }
    std::vector<T> all;
    std::deque<wiped_bytes> texts;  // Views of them stand in the elements.
    mention_counts gone{};
    bool fits = true;
    for (T one : *list) {
      for (personal_text T::*part : parts) {
        const std::string_view plain = (one.*part).reveal();
        const auto finds = seeker_.look(plain);
        if (!finds) return finds.error();
        mention_counts going{};
        for (const mention_seeker::find& find : *finds) {
          ++here[static_cast<std::size_t>(find.kind)];
          if (replaced_ && replaced_->contains(find.kind)) {
            ++going[static_cast<std::size_t>(find.kind)];
          }
        }
        if (sum(going) == 0 || !notes.rewrite_fields.has(field.id)) continue;
        texts.push_back(without(plain, *finds, *replaced_));
        fits = fits && texts.back().size() <= limits::short_text;
        one.*part = personal_text(as_text(texts.back()));
        add(gone, going);
      }
      all.push_back(one);
    }
    if (texts.empty()) return {};
    if (!fits || !notes.fields.set(field.id, std::span<const T>(all))) {
      ++report_.unreadable;
      return {};
    }
    add(notes.replaced_in_fields, gone);
    return {};
  }

  result<void> look_into(const grant& permit, const manifest& known, std::uint32_t sequence,
                         searched_notes& notes) {
    auto opened = session_.opener.item(permit, known, item_kind::note, sequence);
    const bool seen = !opened || !opened->empty();
    // What nobody is told of here stays as it is, or loses what is to go all the same.
    if (!seen && !notes.rewrite) return {};
    if (!seen) {
      opened = session_.opener.item(opening::rewriting, permit.customer(), known, item_kind::note,
                                    sequence);
    }
    note written;
    const auto read = opened ? decode_value(*opened, written) : result<void>(opened.error());
    const auto finds = read ? seeker_.look(written.text.reveal())
                            : result<std::span<const mention_seeker::find>>(read.error());
    if (!finds) {
      if (!is_damage(finds.error().code)) return finds.error();
      ++report_.unreadable;
      notes.rewrite = false;  // What does not open cannot be sealed anew.
      return {};
    }
    mention_counts here{};
    mention_counts gone{};
    for (const mention_seeker::find& one : *finds) {
      const auto kind = static_cast<std::size_t>(one.kind);
      ++here[kind];
      if (replaced_ && replaced_->contains(one.kind)) ++gone[kind];
    }
    if (seen) {
      ++report_.notes;
      ++notes.seen;
      if (sum(here) != 0) notes.about.notes.push_back(notes.seen);
      add(notes.about.found, here);
    }
    if (!notes.rewrite) return {};
    auto value = sum(gone) == 0 ? result<wiped_bytes>(wiped_bytes(opened->begin(), opened->end()))
                                : rewritten(written, *finds, *replaced_);
    if (!value) {
      ++report_.unreadable;
      notes.rewrite = false;
      return {};
    }
    notes.rewritten = notes.rewritten || sum(gone) != 0;
    if (seen) add(notes.replaced, gone);
    notes.values.push_back(std::move(*value));
    return {};
  }

  result<void> take(customer_no other, searched_notes&& notes) {
    if (notes.rewrite && notes.rewritten) {
      if (auto sealed =
              session_.replace_notes(other, notes.about.in, notes.values, request_.purpose);
          !sealed) {
        return sealed;
      }
      add(report_.replaced, notes.replaced);
    }
    if (!notes.fields.fields().empty()) {
      if (auto written = replace_words(other, notes.about.in, notes.fields); !written) {
        return written;
      }
      add(report_.replaced, notes.replaced_in_fields);
    }
    add(report_.found, notes.about.found);
    if (!notes.about.notes.empty()) report_.mentions.push_back(std::move(notes.about));
    return {};
  }

  // What is kept, for what and since when, stays as it was.
  result<void> replace_words(customer_no other, const customer_id& id, const customer& fields) {
    if (auto written = session_.rewrite(other, fields.fields(), {}); !written) return written;
    const auto edited = session_.core->tree().edit(other);
    if (!edited) return edited.error();
    std::vector<ledger::disclosed_field> what;
    for (const field_value& one : fields.fields()) {
      what.push_back({.field = one.id,
                      .version = (*edited)->version,
                      .redaction = redaction_operator::redact_text});
    }
    const auto logged =
        session_.ledger.append({.type = ledger_event::correction,
                                .purpose = request_.purpose,
                                .recipient_class = recipient::self},
                               {.fields = what}, session_.who.id, session_.now(),
                               ledger_store::subject{.number = other, .entry = *edited, .id = id});
    if (!logged) return logged.error();
    return {};
  }

  session_state& session_;
  decision_request request_;
  std::optional<mention_set> replaced_;
  mention_values by_;
  mention_seeker seeker_;
  mention_report report_;
};

}  // namespace

result<mention_report> session_state::search_mentions(customer_no whose, purpose_id purpose,
                                                      std::optional<mention_set> replaced,
                                                      mention_values by) {
  return note_search(*this, purpose, replaced, by).run(whose);
}

// All notes of the customer are sealed anew, so that no former one can be put back.
result<void> session_state::replace_notes(customer_no number, const customer_id& id,
                                          std::span<const wiped_bytes> values, purpose_id purpose) {
  const auto edited = core->tree().edit(number);
  if (!edited) return edited.error();
  manifest& known = **edited;
  const auto row = row_of(number, known);
  if (!row) return row.error();
  // How many are not for all the ledger does not tell.
  const std::size_t limited = std::min<std::size_t>((*row)->notes.limited, values.size());
  ++known.notes_version;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto sequence = static_cast<std::uint32_t>(i + 1);
    const auto at = item_place(number, known, item_kind::note, sequence);
    if (auto put = core->put_value(known.subject_key, at, values[i]); !put) return put;
  }
  const std::array<ledger::disclosed_field, 1> rewritten_field{
      ledger::disclosed_field{.field = field::notes,
                              .version = record_version(values.size() - limited),
                              .redaction = redaction_operator::redact_text}};
  const auto logged = ledger.append(
      {.type = ledger_event::correction, .purpose = purpose, .recipient_class = recipient::self},
      {.fields = rewritten_field}, who.id, now(),
      ledger_store::subject{.number = number, .entry = &known, .id = id});
  if (!logged) return logged.error();
  return {};
}

result<std::uint64_t> session_state::log_search(customer_no number, const customer_id& id,
                                                purpose_id purpose) {
  decision_request request = consent.reading(purpose, clock_now());
  request.operation = operation::query;
  const auto before = entry(number);
  if (!before) return before.error();
  const auto decided = consent.judge(number, **before, request);
  if (!decided) return decided.error();
  const auto edited = core->tree().edit(number);
  if (!edited) return edited.error();
  std::array<ledger::disclosed_field, max_fields> fields;
  std::size_t count = 0;
  for (std::uint8_t i = 0; i < max_fields; ++i) {
    if (!(telling & decided->permitted).has(field_id(i))) continue;
    fields[count++] = {.field = field_id(i), .version = (*edited)->version};
  }
  lawful_basis basis = lawful_basis::none;
  if (count != 0) {
    const auto why = consent.explain(number, **edited, request, {.field = fields[0].field});
    if (!why) return why.error();
    basis = why->stage == 5 ? lawful_basis::consent : why->basis;
  }
  const auto logged =
      ledger.append({.type = ledger_event::disclosure,
                     .purpose = purpose,
                     .legal_basis = static_cast<std::uint8_t>(basis),
                     .recipient_class = recipient::self},
                    {.fields = {fields.data(), count}}, who.id, now(),
                    ledger_store::subject{.number = number, .entry = *edited, .id = id});
  if (!logged) return logged.error();
  return logged->index;
}

namespace {

// Whether there is anything to search with: an answer of nothing would look like one.
result<void> has_real_values(session_state& s, customer_no whose) {
  const auto known = s.entry(whose);
  if (!known) return known.error();
  const auto real = s.counting(whose, **known, telling);
  if (!real) return real.error();
  if (!real->empty()) return {};
  return error{errc::denied,
               "what the book has of the customer is younger than 30 days, or your own word: wait, "
               "or ask somebody else"};
}

}  // namespace

result<mention_report> session::mentions(const customer_id& id, purpose_id purpose) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "a search is a transaction of its own: commit first"};
  }
  if (auto seen = s.look(action::search_notes, purpose); !seen) return seen.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto asked = s.ask(action::search_notes, purpose, id); !asked) return asked.error();
  if (auto counted = s.count_look_up(); !counted) return counted.error();
  if (auto counted = s.look_at(*number, purpose, look_kind::search, telling); !counted) {
    return counted.error();
  }
  if (auto real = has_real_values(s, *number); !real) return real.error();
  // Long, and so outside the transaction that writes it down.
  auto found = s.search_mentions(*number, purpose, std::nullopt, mention_values::real);
  if (!found) return found;
  if (auto counted = s.told_of(found->mentions, purpose); !counted) return counted.error();
  const auto logged = s.change(s.ask(action::search_notes, purpose),
                               [&] { return s.log_search(*number, id, purpose); });
  if (!logged) return logged.error();
  found->ledger_index = *logged;
  return found;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<mention_report> session::redact_mentions(const customer_id& id, purpose_id purpose,
                                                mention_set which) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "a search is a transaction of its own: commit first"};
  }
  if (auto seen = s.look(action::search_notes, purpose); !seen) return seen.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto asked = s.ask(action::search_notes, purpose, id); !asked) return asked.error();
  if (auto counted = s.count_look_up(); !counted) return counted.error();
  if (auto counted = s.look_at(*number, purpose, look_kind::search, telling); !counted) {
    return counted.error();
  }
  // Within the change nothing can be drawn for those of whom will be told.
  const auto before = s.search_mentions(*number, purpose, std::nullopt, mention_values::all);
  if (!before) return before;
  if (auto counted = s.told_of(before->mentions, purpose); !counted) return counted.error();
  return s.change(s.ask(action::search_notes, purpose), [&]() -> result<mention_report> {
    if (auto asked = s.ask(action::search_notes, purpose, id); !asked) return asked.error();
    auto found = s.search_mentions(*number, purpose, which, mention_values::all);
    if (!found) return found;
    if (auto counted = s.note_told_of(found->mentions, purpose); !counted) return counted.error();
    const auto logged = s.log_search(*number, id, purpose);
    if (!logged) return logged.error();
    found->ledger_index = *logged;
    return found;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
