// Two again: who became a part goes out, as they were before; and the end of the time in which they
// may, and of a customer who has parts.
//
// What was said since is said of both where it closes, and of the one who stayed where it opens.
// What the customer bought, or was noted of them, since stays with the one who stayed, and so does
// a field that somebody has written since.
#include <clientbook/base/hex.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <array>

#include "before_merge.hpp"
#include "birth_fact.hpp"
#include "damage.hpp"
#include "merge_signature.hpp"
#include "places.hpp"
#include "record_merger.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

using storage::item_kind;
using storage::key;
using storage::table;

constexpr std::int64_t a_day = 86400;

timestamp end_of(const merged_part& part) noexcept { return {part.at + unmerge_days * a_day}; }

// One unmerge. Lives for the transaction.
class parting {
 public:
  parting(session_state& s, customer_no stays, const merged_part& part)
      : s_(s), stays_(stays), goes_(part.number), part_(part), now_(s.now()) {}

  result<unmerge_outcome> run() {
    if (auto read = read_both(); !read) return read.error();
    s_.broken = true;
    if (auto freed = stand_alone(); !freed) return freed.error();
    if (auto given = give_back_words(); !given) return given.error();
    if (auto items = give_back_items(); !items) return items.error();
    if (auto fields = restore_fields(); !fields) return fields.error();
    if (auto ids = claim_ids(); !ids) return ids.error();
    if (auto rows = write_rows(); !rows) return rows.error();
    if (auto kept = keep_time_as_one(); !kept) return kept.error();
    if (auto decided = compile_both(); !decided) return decided.error();
    if (auto told = log(); !told) return told.error();
    s_.broken = false;
    return std::move(out_);
  }

 private:
  result<void> read_both() {
    const auto theirs = s_.entry_of_part(goes_);
    if (!theirs) return theirs.error();
    entry_goes_ = copy_of(**theirs);
    const auto row = s_.row_of(goes_, entry_goes_);
    if (!row) return row.error();
    row_goes_ = **row;
    auto before = read_before_merge(*s_.core, goes_, entry_goes_);
    if (!before) return before.error();
    before_ = std::move(*before);
    auto record = held_record(s_.opener, goes_, entry_goes_);
    if (!record) return record.error();
    record_goes_ = std::move(*record);
    return {};
  }

  // Behind it both are asked for by their own ids again.
  result<void> stand_alone() {
    const auto own = s_.core->tree().edit(stays_);
    if (!own) return own.error();
    const auto row = s_.row_of(stays_, **own);
    if (!row) return row.error();
    customer_row next = **row;
    others_ = next.parts;
    std::erase_if(others_, [&](const merged_part& one) { return one.number == goes_.value; });
    entry_stays_ = copy_of(**own);
    next.parts = shifted();
    if (auto beside = take_beside(next.notes); !beside) return beside;
    (*own)->stands = next.parts.empty() ? standing::whole : standing::of_several;
    (*own)->directives -= part_.directives;
    if (auto put = s_.put_row(stays_, **own, std::move(next)); !put) return put;
    const auto gone = s_.core->tree().edit(goes_);
    if (!gone) return gone.error();
    (*gone)->stands = standing::whole;
    customer_row theirs = row_goes_;
    theirs.part_of = 0;
    return s_.put_row(goes_, **gone, std::move(theirs));
  }

  // Of the part's notes nothing is said beside those that stay, and the pins of later ones move up.
  result<void> take_beside(notes_kept& notes) {
    const std::uint32_t end = part_.first_note + part_.notes;
    for (std::uint32_t i = part_.first_note; i < end; ++i) {
      const auto for_all = s_.opener.is_for_all(stays_, entry_stays_, i);
      if (!for_all) return for_all.error();
      if (*for_all) continue;
      ++hidden_notes_;
      if (notes.limited != 0) --notes.limited;
    }
    std::erase_if(notes.pinned,
                  [&](std::uint32_t pin) { return pin >= part_.first_note && pin < end; });
    for (std::uint32_t& pin : notes.pinned) pin -= pin >= end ? part_.notes : 0;
    return {};
  }

  // The places of the other parts, once this one's are out.
  std::vector<merged_part> shifted() const {
    std::vector<merged_part> out = others_;
    for (merged_part& one : out) {
      if (one.first > part_.first) one.first -= part_.directives;
      if (one.first_purchase > part_.first_purchase) one.first_purchase -= part_.purchases;
      if (one.first_note > part_.first_note) one.first_note -= part_.notes;
    }
    return out;
  }

  result<void> give_back_words() {
    const auto since = s_.consent.give_back(entry_stays_, stays_, part_, others_);
    if (!since) return since.error();
    const auto noes =
        s_.consent.say_noes(entry_goes_, goes_, s_.core->keys().ids->id(goes_), *since);
    if (!noes) return noes.error();
    out_.noes = *noes;
    const auto gone = s_.core->tree().edit(goes_);
    if (!gone) return gone.error();
    (*gone)->directives += *noes;
    return {};
  }

  result<void> give_back_items() {
    if (auto lines = count_lines(); !lines) return lines;
    for (const item_kind kind : {item_kind::purchase, item_kind::note}) {
      if (auto closed = close_ranks(kind); !closed) return closed;
    }
    s_.orders = {};  // Their numbers are others.
    out_.purchases = part_.purchases;
    out_.notes = part_.notes - hidden_notes_;
    return {};
  }

  // Their own are counted again, those that came of them are not any more.
  result<void> count_lines() {
    std::uint64_t own = 0;
    std::uint64_t taken = 0;
    for (std::uint32_t i = 1; i <= entry_goes_.purchases; ++i) {
      const auto lines = lines_of(goes_, entry_goes_, i);
      if (!lines) return lines.error();
      own += *lines;
    }
    for (std::uint32_t i = 0; i < part_.purchases; ++i) {
      const auto lines = lines_of(stays_, entry_stays_, part_.first_purchase + i);
      if (!lines) return lines.error();
      taken += *lines;
    }
    std::uint64_t& all = s_.core->edit_row().purchase_lines;
    all += own;
    all -= std::min(taken, all);
    return {};
  }

  result<std::uint64_t> lines_of(customer_no number, const manifest& entry, std::uint32_t at) {
    const auto item = s_.opener.item(opening::rewriting, number, entry, item_kind::purchase, at);
    if (!item) return item.error();
    const auto receipt = decode_purchase(*item);
    if (!receipt) return receipt.error();
    return receipt->lines.size();
  }

  // Takes the part's out, and what came behind them moves up: numbers have no gap.
  result<void> close_ranks(item_kind kind) {
    const bool notes = kind == item_kind::note;
    const std::uint32_t first = notes ? part_.first_note : part_.first_purchase;
    const std::uint32_t taken = notes ? part_.notes : part_.purchases;
    if (taken == 0) return {};
    const std::uint32_t count = notes ? entry_stays_.notes : entry_stays_.purchases;
    // All notes are sealed anew, so that no former one can be put back.
    manifest next = copy_of(entry_stays_);
    if (notes) ++next.notes_version;
    for (std::uint32_t from = notes ? 1 : first + taken; from <= count; ++from) {
      if (from >= first && from < first + taken) continue;
      const auto item = s_.opener.item(opening::rewriting, stays_, entry_stays_, kind, from);
      if (!item) return item.error();
      const wiped_bytes copy(item->begin(), item->end());
      const auto at = item_place(stays_, next, kind, from < first ? from : from - taken);
      if (auto put = s_.core->put_value(next.subject_key, at, copy); !put) return put;
    }
    for (std::uint32_t gone = count - taken + 1; gone <= count; ++gone) {
      if (auto erased = s_.core->write().erase(item_key(stays_, kind, gone)); !erased) {
        return erased;
      }
    }
    const auto edited = s_.core->tree().edit(stays_);
    if (!edited) return edited.error();
    (notes ? (*edited)->notes : (*edited)->purchases) = count - taken;
    (*edited)->notes_version = notes ? next.notes_version : (*edited)->notes_version;
    return {};
  }

  // A field that is as the merge made it is as it was before again. Of a list that was written
  // since what came of the part goes.
  result<void> restore_fields() {
    const auto own = s_.entry(stays_);
    if (!own) return own.error();
    const auto now_held = held_record(s_.opener, stays_, **own);
    if (!now_held) return now_held.error();
    customer changes;
    field_set gone;
    for (const field_id field : before_.fields) {
      if (auto done = restore_one(field, now_held->view().raw(field), changes, gone); !done) {
        return done;
      }
    }
    if (!before_.fields.has(field::external_ids)) {
      if (auto freed = free_ids(*now_held, changes, gone); !freed) return freed;
    }
    if (!changes.fields().empty()) {
      if (auto done = s_.rewrite(stays_, changes.fields(), {}); !done) return done;
      s_.broken = true;
    }
    if (gone.empty()) return {};
    auto done = s_.drop_from_record(stays_, gone);
    s_.broken = true;
    return done;
  }

  // Ids that were not taken over, and that a file has brought since.
  result<void> free_ids(const customer& now_held, customer& changes, field_set& gone) {
    constexpr field_id ids = field::external_ids;
    const byte_view held = now_held.view().raw(ids);
    if (held.empty()) return {};
    const auto left = list_without(held, record_goes_.view().raw(ids), {});
    if (!left) return left.error();
    if (std::ranges::equal(*left, held)) return {};
    if (!left->empty()) return changes.set_raw(ids, *left);
    gone.add(ids);
    return {};
  }

  result<void> restore_one(field_id field, byte_view held, customer& changes, field_set& gone) {
    const auto before = read_field_before(*s_.core, goes_, entry_goes_, field);
    if (!before) return before.error();
    const bool as_made =
        held.empty() ? before->after == 0 : digest_of_word(field.value, held) == before->after;
    if (as_made) {
      out_.restored.add(field);
      if (!before->value.empty()) return changes.set_raw(field, before->value);
      if (!held.empty()) gone.add(field);
      return {};
    }
    const auto known = s_.core->fields().find(field);
    const bool is_list = known && known->count != cardinality::one;
    out_.as_they_are.add(field);
    if (!is_list || held.empty()) return {};
    const auto left = list_without(held, record_goes_.view().raw(field), before->value);
    if (!left) return left.error();
    if (std::ranges::equal(*left, held)) return {};
    if (!left->empty()) return changes.set_raw(field, *left);
    gone.add(field);
    return {};
  }

  // The part's own ids lead to them again.
  result<void> claim_ids() {
    if (auto free = s_.check_external_ids(goes_, record_goes_.fields()); !free) return free;
    return s_.claim_external_ids(goes_);
  }

  result<void> write_rows() {
    if (auto canaries = free_canary(); !canaries) return canaries;
    const auto edited = s_.core->tree().edit(stays_);
    if (!edited) return edited.error();
    const auto row = s_.row_of(stays_, **edited);
    if (!row) return row.error();
    customer_row next = **row;
    for (const field_id field : out_.restored) restore_words(next, field);
    field_set of_two;
    for (const file_word& one : next.said) {
      if (one.digest == word_of_two) of_two.add(field_id(one.place));
    }
    for (const field_id field : of_two) restore_file_word(next, field);
    if (next.whose == joined_before()) next.whose = before_.row.whose;
    if (auto put = s_.put_row(stays_, **edited, std::move(next)); !put) return put;
    const std::uint32_t told_since = (*edited)->born;
    if (told_since == before_.since) (*edited)->born = before_.born;
    const auto gone = s_.core->tree().edit(goes_);
    if (!gone) return gone.error();
    // That the customer is younger somebody has said since, of whichever of the two.
    if (told_since > before_.since) (*gone)->born = std::max((*gone)->born, told_since);
    if (auto erased = s_.forget_before_merge(goes_); !erased) return erased;
    book_row& all = s_.core->edit_row();
    ++all.customers;
    --all.parts;
    return s_.note_two_people(stays_, goes_);
  }

  // For what it is kept, since when it is as it is, what a file said of it: as before the merge.
  void restore_words(customer_row& next, field_id field) const {
    next.drop(only(field));
    for (const kept_group& one : before_.row.kept) {
      if (!one.fields.has(field)) continue;
      std::vector<std::pair<purpose_id, field_set>> for_what;
      one.purposes.for_each([&](purpose_id why) { for_what.emplace_back(why, only(field)); });
      next.keep(for_what, one.day, one.by);
    }
    if (const value_group* value = before_.row.value_of(field)) {
      value_group own = *value;
      own.fields = only(field);
      next.hold(own);
    }
    restore_file_word(next, field);
  }

  void restore_file_word(customer_row& next, field_id field) const {
    std::erase_if(next.said, [&](const file_word& one) { return one.place == field.value; });
    if (const file_word* word = before_.row.word_of(field.value)) {
      next.say(word->place, word->digest);
    }
  }

  portfolio joined_before() const {
    std::uint32_t added = 0;
    const auto both = joined_portfolio(before_.row.whose, row_goes_.whose, added);
    return both ? *both : portfolio();
  }

  result<void> free_canary() {
    if (!part_.canary) return {};
    const auto all = s_.canaries.all();
    if (!all) return all.error();
    std::vector<std::uint64_t> numbers(all->begin(), all->end());
    if (std::erase(numbers, stays_.value) == 0) return {};
    return s_.canaries.set(std::move(numbers));
  }

  result<void> compile_both() {
    for (const customer_no each : {stays_, goes_}) {
      const auto found = s_.entry(each);
      if (!found) return found.error();
      const auto born = s_.consent.born(each, **found);
      if (!born) return born.error();
      const auto edited = s_.core->tree().edit(each);
      if (!edited) return edited.error();
      if (auto done = s_.consent.recompile(**edited, each, *born, now_); !done) return done;
    }
    return {};
  }

  // What left of the customer while they were one is the part's too, and so is who looked.
  result<void> keep_time_as_one() {
    time_as_one time{.with = stays_.value, .since = part_.at, .until = now_.seconds};
    time.end = s_.core->row().ledger_size;
    const auto read = s_.each_entry_of(goes_, [&](const entry_seen& one) -> result<void> {
      if (one.leaf.type == ledger_event::merge) time.first = std::max(time.first, one.index + 1);
      return {};
    });
    if (!read) return read;
    const auto edited = s_.core->tree().edit(goes_);
    if (!edited) return edited.error();
    const auto row = s_.row_of(goes_, **edited);
    if (!row) return row.error();
    customer_row next = **row;
    next.were_one.push_back(time);
    return s_.put_row(goes_, **edited, std::move(next));
  }

  result<void> log() {
    const std::string stays_id = hex<std::string>(s_.core->keys().ids->id(stays_).bytes);
    const std::string goes_id = hex<std::string>(s_.core->keys().ids->id(goes_).bytes);
    for (const customer_no each : {stays_, goes_}) {
      const auto edited = s_.core->tree().edit(each);
      if (!edited) return edited.error();
      std::vector<ledger::disclosed_field> fields;
      for (const field_id field : each == stays_ ? out_.restored : field_set()) {
        fields.push_back({.field = field, .version = (*edited)->version});
      }
      const auto logged = s_.ledger.append(
          {.type = ledger_event::unmerge},
          {.recipient = each == stays_ ? goes_id : stays_id, .fields = fields}, s_.who.id, now_,
          ledger_store::subject{each, *edited, s_.core->keys().ids->id(each)});
      if (!logged) return logged.error();
      if (each == stays_) out_.receipt.ledger_index = logged->index;
      s_.note_look(each, {}, look_kind::change, out_.restored);
    }
    out_.receipt.undone = true;
    out_.receipt.stays = s_.core->keys().ids->id(stays_);
    out_.receipt.goes = s_.core->keys().ids->id(goes_);
    out_.receipt.at = now_;
    sign(*s_.core, out_.receipt);
    s_.must_pin = true;
    s_.must_hear = true;
    return {};
  }

  session_state& s_;
  customer_no stays_;
  customer_no goes_;
  merged_part part_;
  std::uint32_t hidden_notes_ = 0;  ///< Of the part's: nobody is told of them.
  timestamp now_;
  manifest entry_stays_;  ///< As it was.
  manifest entry_goes_;
  customer_row row_goes_;
  std::vector<merged_part> others_;
  before_merge before_;
  customer record_goes_;
  unmerge_outcome out_;
};

// Errors: not_found, deadline_passed. As of the last look(), or inside a change.
struct part_found {
  customer_no stays;
  merged_part part;
};
result<part_found> find_part(session_state& s, const customer_id& id) {
  const auto own = s.own_number_of(id);
  if (!own) return own.error();
  const auto whole = whole_of(*s.core, *own);
  if (!whole) return whole.error();
  if (auto theirs = s.in_portfolio(action::merge, *whole); !theirs) return theirs.error();
  const auto parts = s.merged_parts(*whole);
  if (!parts) return parts.error();
  const auto at = std::ranges::find(*parts, own->value, &merged_part::number);
  if (*whole == *own || at == parts->end()) {
    return error{errc::not_found, "this customer is a part of nobody"};
  }
  if (!at->undoable || s.consent.as_of(s.now()) >= end_of(*at)) {
    return error{errc::deadline_passed, "who became a part goes out again within 30 days",
                 static_cast<std::uint64_t>(unmerge_days)};
  }
  return part_found{*whole, *at};
}

result<void> erase_rows(session_state& s, byte_view prefix) {
  std::vector<std::vector<std::byte>> keys;
  auto walked = s.core->read().walk(prefix, prefix, [&](byte_view at, byte_view) {
    keys.emplace_back(at.begin(), at.end());
    return true;
  });
  if (!walked) return walked;
  for (const auto& one : keys) {
    if (auto gone = s.core->write().erase(one); !gone) return gone;
  }
  return {};
}

// Ids that were not taken over lead nowhere from now on.
result<void> release_ids_of_part(session_state& s, customer_no goes) {
  const auto own = s.entry_of_part(goes);
  if (!own) return own.error();
  std::array<opened_field, max_fields> opened;
  const auto fields = s.opener.record(opening::index, goes, **own, opened);
  if (!fields) return is_damage(fields.error().code) ? result<void>() : fields.error();
  if (fields->empty()) return {};
  const auto ids = list_of<external_id>::of(fields->front().plaintext);
  if (!ids) return ids.error();
  for (const external_id& id : *ids) {
    const auto token = s.external_id_token(id);
    if (!token) return token.error();
    const auto held = s.core->external_id(*token);
    if (!held || *held != goes) continue;
    if (auto gone = s.core->erase_external_id(*token, goes); !gone) return gone;
  }
  return {};
}

// What was before goes: of the part nothing is left but who they were a part of, what the ledger
// says of them and who looked. Precondition: inside a change.
result<void> end_part(session_state& s, customer_no stays, customer_no goes) {
  if (auto erased = s.forget_before_merge(goes); !erased) return erased;
  if (auto released = release_ids_of_part(s, goes); !released) return released;
  for (const table where : {table::item, table::directive}) {
    if (auto gone = erase_rows(s, key(where).add(goes.value)); !gone) return gone;
  }
  const auto edited = s.core->tree().edit(goes);
  if (!edited) return edited.error();
  manifest& part = **edited;
  part.purchases = part.notes = part.directives = 0;
  part.consent_state = 0;
  part.version = record_version(part.version.value + 1);
  part.schema = s.core->row().schema;
  if (auto sealed = s.seal_record(goes, part, {}); !sealed) return sealed;
  const auto before = s.row_of(goes, part);
  if (!before) return before.error();
  customer_row left;
  left.part_of = stays.value;
  left.were_one = (*before)->were_one;
  if (auto put = s.put_row(goes, part, std::move(left)); !put) return put;
  const auto own = s.core->tree().edit(stays);
  if (!own) return own.error();
  const auto row = s.row_of(stays, **own);
  if (!row) return row.error();
  customer_row next = **row;
  for (merged_part& one : next.parts) {
    if (one.number == goes.value) one.undoable = false;
  }
  return s.put_row(stays, **own, std::move(next));
}

// Calls `each` for every part whose time is over, until it fails or returns false.
result<void> each_ended(session_state& s,
                        callback_ref<result<bool>(customer_no, const merged_part&)> each) {
  const timestamp now = s.consent.as_of(s.now());
  if (s.core->row().parts == 0) return {};
  for (customer_no number = first_customer; number < s.core->row().next; ++number.value) {
    const auto own = s.entry(number);
    if (!own || (*own)->stands != standing::of_several) continue;
    const auto parts = s.merged_parts(number);
    if (!parts) {
      if (is_damage(parts.error().code)) continue;  // verify() says so.
      return parts.error();
    }
    for (const merged_part& one : *parts) {
      if (!one.undoable || now < end_of(one)) continue;
      const auto more = each(number, one);
      if (!more) return more.error();
      if (!*more) return {};
    }
  }
  return {};
}

}  // namespace

result<void> session_state::forget_before_merge(customer_no part) {
  return erase_rows(*this, key(table::merge).add(part.value));
}

result<bool> session_state::ended_parts() {
  bool any = false;
  const auto done = each_ended(*this, [&](customer_no, const merged_part&) -> result<bool> {
    any = true;
    return false;
  });
  if (!done) return done.error();
  return any;
}

result<void> session_state::drop_ended_parts(const retention_run& how, std::size_t most,
                                             retention_outcome& out) {
  return each_ended(*this, [&](customer_no whole, const merged_part& one) -> result<bool> {
    if (how.mode == retention_mode::run) {
      if (most-- == 0) {
        out.next = core->row().next.value;
        return false;
      }
      if (auto ended = end_part(*this, whole, customer_no(one.number)); !ended) {
        return ended.error();
      }
    }
    out.items.push_back({.customer = core->keys().ids->id(customer_no(one.number)),
                         .fate = retention_fate::merge_ended});
    return true;
  });
}

result<void> session_state::erase_parts(customer_no number, const erasure_options& options,
                                        erasure_receipt& receipt) {
  const auto parts = merged_parts(number);
  if (!parts) return is_damage(parts.error().code) ? result<void>() : parts.error();
  for (const merged_part& one : *parts) {
    const customer_no part(one.number);
    if (auto kept = remember_erased(part, options, receipt); !kept) return kept;
    const auto found = entry_of_part(part);
    if (!found) return found.error();
    if (auto gone = forget_before_merge(part); !gone) return gone;
    const auto again = entry_of_part(part);
    if (!again) return again.error();
    if (auto gone = erase_held(part, **again); !gone) return gone;
    if (auto gone = canaries.forget_customer(part); !gone) return gone;
    if (auto gone = forget_requests(part, {}, receipt, {}); !gone) return gone;
    --core->edit_row().parts;
    ++core->edit_row().erased;
  }
  return {};
}

result<unmerge_outcome> session::unmerge(const customer_id& part) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "an unmerge is a transaction of its own: commit first"};
  }
  if (auto seen = s.look(action::merge); !seen) return seen.error();
  const auto who = find_part(s, part);
  if (!who) return who.error();
  if (auto told = s.tell_of_theirs(who->stays, {}, look_kind::preview); !told) {
    return told.error();
  }
  return s.change(action::merge, [&]() -> result<unmerge_outcome> {
    const auto still = find_part(s, part);
    if (!still) return still.error();
    if (auto free = s.check_free_to_merge(still->stays); !free) return free.error();
    return parting(s, still->stays, still->part).run();
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
