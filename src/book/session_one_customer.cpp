// Two customers become one.
//
// The one who goes keeps number, key, ledger and traces; their record's content is sealed anew for
// the one who stays, their words come into the chain as a history of their own, and a row under
// their key keeps what was before. Everything is one transaction, which is also what a trial runs
// and then throws away, so that both come to the same.
#include <clientbook/base/hex.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <array>

#include "before_merge.hpp"
#include "birth_fact.hpp"
#include "linked_people.hpp"
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

bool restricts(std::span<const directive> said, timestamp now) {
  return std::ranges::any_of(said, [&](const directive& one) {
    if (one.kind != directive_kind::restrict) return false;
    if (one.not_after && *one.not_after <= now) return false;
    return std::ranges::none_of(said, [&](const directive& later) {
      return later.sequence > one.sequence &&
             std::ranges::find(later.supersedes, one.id) != later.supersedes.end();
    });
  });
}

// One merge. Lives for the transaction.
class merge_of_two {
 public:
  merge_of_two(session_state& s, customer_no stays, customer_no goes, const merge_options& how)
      : s_(s), stays_(stays), goes_(goes), how_(how), now_(s.now()) {}

  // What goes wrong from the first write on leaves the change half done.
  result<merge_outcome> run() {
    if (auto read = read_both(); !read) return read.error();
    if (auto joins = join_portfolios(); !joins) return joins.error();
    s_.broken = true;
    if (auto taken = take_over_words(); !taken) return taken.error();
    if (auto planned = plan(); !planned) return planned.error();
    if (auto written = write_record(); !written) return written.error();
    if (auto items = take_items(); !items) return items.error();
    if (auto noted = note_words_of_files(); !noted) return noted.error();
    if (auto rows = write_rows(); !rows) return rows.error();
    if (auto told = log(); !told) return told.error();
    s_.broken = false;
    std::ranges::sort(out_.fields, {}, &merged_field::field);
    return std::move(out_);
  }

 private:
  result<void> read_both() {
    for (const customer_no each : {stays_, goes_}) {
      const auto own = s_.entry(each);
      if (!own) return own.error();
      auto record = held_record(s_.opener, each, **own);
      if (!record) return record.error();
      (each == stays_ ? record_stays_ : record_goes_) = std::move(*record);
      const auto again = s_.entry(each);  // The tree may have moved.
      if (!again) return again.error();
      const auto row = s_.row_of(each, **again);
      if (!row) return row.error();
      (each == stays_ ? row_stays_ : row_goes_) = **row;
    }
    const auto own = s_.entry(goes_);
    if (!own) return own.error();
    const manifest& entry = **own;
    part_.number = goes_.value;
    part_.at = now_.seconds;
    part_.by = s_.who.id;
    part_.undoable = true;
    part_.born = entry.born;
    auto said = s_.consent.directives(entry, goes_);
    if (!said) return said.error();
    said_ = std::move(*said);
    part_.directives = static_cast<std::uint32_t>(said_.size());
    out_.directives = part_.directives;
    for (const directive& one : said_) {
      if (still_waits(said_, one.sequence)) ++out_.waiting;
    }
    return born_of_part();
  }

  // Of one who was kept before there was such a fact the record's date counts.
  result<void> born_of_part() {
    if (part_.born != 0) return {};
    const auto day = record_goes_.view().birth_date();
    if (!day) return {};
    manifest told;
    learn_birth(told, *day);
    part_.born = told.born;
    return {};
  }

  result<void> join_portfolios() {
    auto whose = joined_portfolio(row_stays_.whose, row_goes_.whose, out_.associates);
    if (!whose) return whose.error();
    whose_ = std::move(*whose);
    return {};
  }

  result<void> take_over_words() {
    const auto own = s_.entry(stays_);
    if (!own) return own.error();
    const manifest before = copy_of(**own);
    before_.born = before.born;
    before_.row = row_stays_;
    part_.first = before.directives + 1;
    const auto length = s_.consent.take_over(before, stays_, said_);
    if (!length) return length.error();
    const auto edited = s_.core->tree().edit(stays_);
    if (!edited) return edited.error();
    (*edited)->directives = *length;
    (*edited)->stands = standing::of_several;
    customer_row next = row_stays_;
    next.parts.push_back(part_);
    if (auto put = s_.put_row(stays_, **edited, std::move(next)); !put) return put;
    const auto born = s_.consent.born(stays_, **edited);
    if (!born) return born.error();
    return s_.consent.recompile(**edited, stays_, *born, now_);
  }

  result<void> plan() {
    const two_records of{.fields = s_.core->fields(),
                         .contact_key = s_.core->keys().external_ids,
                         .stays = record_stays_.fields(),
                         .goes = record_goes_.fields(),
                         .stays_id = s_.core->keys().ids->id(stays_),
                         .goes_id = s_.core->keys().ids->id(goes_)};
    auto planned = plan_merge(of, how_.take);
    if (!planned) return planned.error();
    plan_ = std::move(*planned);
    field_set wanted;
    for (const field_value& one : plan_.changes.fields()) wanted.add(one.id);
    const auto own = s_.entry(goes_);
    if (!own) return own.error();
    if ((*own)->purchases != 0) wanted.add(field::purchases);
    if ((*own)->notes != 0) wanted.add(field::notes);
    return may_be_kept(wanted);
  }

  // Each field for what it was kept with the one who goes, as far as all histories permit it now.
  result<void> may_be_kept(field_set wanted) {
    const auto usual = s_.consent.shop_purposes();
    const auto purposes_of = [&](field_id field) {
      const purpose_set own = row_goes_.purposes_of(field);
      return own.empty() ? usual : own;
    };
    purpose_set all;
    for (const field_id field : wanted) all |= purposes_of(field);
    const auto own = s_.entry(stays_);
    if (!own) return own.error();
    const auto kept = s_.consent.keeping_of(stays_, **own, all, operation::collect, now_, wanted);
    if (!kept) return kept.error();
    for (const auto& [purpose, fields] : kept->purposes) {
      field_set those;
      for (const field_id field : fields& wanted) {
        if (purposes_of(field).contains(purpose)) those.add(field);
      }
      permitted_ |= those;
      if (!those.empty()) kept_for_.emplace_back(purpose, those);
    }
    for (merged_field& one : plan_.fields) {
      if (!wanted.has(one.field) || permitted_.has(one.field)) continue;
      one.fate = merge_fate::left_out;
      one.why = kept->why_not[one.field.value];
      if (one.why == decision_code::none) one.why = decision_code::no_basis;
      one.added = 0;
    }
    why_not_ = kept->why_not;
    return {};
  }

  result<void> write_record() {
    out_.fields = std::move(plan_.fields);
    std::vector<field_value> changes;
    for (const field_value& one : plan_.changes.fields()) {
      if (permitted_.has(one.id)) changes.push_back(one);
    }
    if (auto valid = validate(s_.core->fields(), changes); !valid) return valid;
    const record_view joined_record(changes);
    if (joined_record.has(field::external_ids)) {
      // They lead to the one who stays from now on; the rewriting claims them.
      const byte_view ids = record_goes_.view().raw(field::external_ids);
      if (auto released = s_.release_external_ids(goes_, ids); !released) return released;
    }
    for (const field_value& one : changes) changed_.add(one.id);
    std::vector<std::pair<purpose_id, field_set>> of_record;
    constexpr field_set items{field::purchases, field::notes};
    for (const auto& [purpose, fields] : kept_for_) {
      if (const field_set those = fields & ~items; !those.empty()) {
        of_record.emplace_back(purpose, those);
      }
    }
    if (!changes.empty()) {
      if (auto done = s_.rewrite(stays_, changes, of_record); !done) return done;
      s_.broken = true;
    }
    if (plan_.emptied.empty()) return {};
    changed_ |= plan_.emptied;
    if (auto gone = s_.drop_from_record(stays_, plan_.emptied); !gone) return gone;
    s_.broken = true;
    return {};
  }

  // Purchases and notes are sealed anew, under the numbers behind those of the one who stays.
  result<void> take_items() {
    const auto own = s_.entry(stays_);
    if (!own) return own.error();
    part_.first_purchase = (*own)->purchases + 1;
    part_.first_note = (*own)->notes + 1;
    const auto theirs = s_.entry(goes_);
    if (!theirs) return theirs.error();
    const std::uint32_t purchases = (*theirs)->purchases;
    const std::uint32_t notes = (*theirs)->notes;
    if (purchases != 0) {
      merged_field told{.field = field::purchases, .fate = merge_fate::same};
      for (std::uint32_t i = 1; i <= purchases; ++i) {
        if (auto taken = take_item(item_kind::purchase, i, told); !taken) return taken;
      }
      tell_items(told);
      part_.purchases = told.added;
    }
    if (notes != 0) {
      merged_field told{.field = field::notes, .fate = merge_fate::same};
      std::uint32_t for_all = 0;
      for (std::uint32_t i = 1; i <= notes; ++i) {
        const auto own_entry = s_.entry(goes_);
        if (!own_entry) return own_entry.error();
        const auto seen = s_.opener.is_for_all(goes_, **own_entry, i);
        if (!seen) return seen.error();
        if (*seen) ++for_all;
        if (auto taken = take_item(item_kind::note, i, told); !taken) return taken;
      }
      part_.notes = told.added;
      // Of notes that are not for all nobody is told, not even how many there are.
      told.added = std::min(told.added, for_all);
      if (for_all != 0) tell_items(told);
    }
    return keep_items();
  }

  void tell_items(merged_field told) {
    if (!permitted_.has(told.field)) {
      told.fate = merge_fate::left_out;
      told.why = why_not_[told.field.value];
    } else if (told.added != 0) {
      told.fate = merge_fate::added;
    }
    out_.fields.push_back(told);
  }

  result<void> take_item(item_kind kind, std::uint32_t sequence, merged_field& told) {
    const auto theirs = s_.entry(goes_);
    if (!theirs) return theirs.error();
    const auto item = s_.opener.item(opening::rewriting, goes_, **theirs, kind, sequence);
    if (!item) return item.error();
    const wiped_bytes copy(item->begin(), item->end());
    bool takes = permitted_.has(told.field);
    if (kind == item_kind::purchase) {
      const auto receipt = decode_purchase(copy);
      if (!receipt) return receipt.error();
      const auto held = s_.order_of(stays_, receipt->receipt);
      if (!held) return held.error();
      if (*held != 0) ++told.alike;
      takes = takes && *held == 0;
      // Those that stay with the part alone are not counted any more.
      std::uint64_t& lines = s_.core->edit_row().purchase_lines;
      if (!takes) lines -= std::min<std::uint64_t>(receipt->lines.size(), lines);
    }
    if (!takes) return {};
    const auto edited = s_.core->tree().edit(stays_);
    if (!edited) return edited.error();
    std::uint32_t& count = kind == item_kind::purchase ? (*edited)->purchases : (*edited)->notes;
    const auto at = item_place(stays_, **edited, kind, count + 1);
    if (auto put = s_.core->put_value((*edited)->subject_key, at, copy); !put) return put;
    ++count;
    ++told.added;
    return kind == item_kind::note ? take_beside(**edited, sequence) : result<void>();
  }

  // What the row says of a note goes with it: whether it is for all, and its pin.
  result<void> take_beside(const manifest& edited, std::uint32_t sequence) {
    const std::uint32_t now = edited.notes;
    const std::vector<std::uint32_t>& pins = row_goes_.notes.pinned;
    if (std::ranges::binary_search(pins, sequence)) notes_taken_.pinned.push_back(now);
    const auto for_all = s_.opener.is_for_all(stays_, edited, now);
    if (!for_all) return for_all.error();
    if (!*for_all) ++notes_taken_.limited;
    return {};
  }

  result<void> keep_items() {
    std::vector<std::pair<purpose_id, field_set>> of_items;
    field_set taken;
    if (part_.purchases != 0) taken.add(field::purchases);
    if (part_.notes != 0) taken.add(field::notes);
    for (const auto& [purpose, fields] : kept_for_) {
      if (const field_set those = fields & taken; !those.empty()) {
        of_items.emplace_back(purpose, those);
      }
    }
    if (of_items.empty()) return {};
    const auto edited = s_.core->tree().edit(stays_);
    if (!edited) return edited.error();
    return s_.keep_fields(stays_, **edited, of_items);
  }

  // Two files may say two things of one customer now: where they do neither is news, so that no
  // import of the one undoes what the other has said.
  result<void> note_words_of_files() {
    std::vector<file_word> words;
    for (const merged_field& one : out_.fields) {
      if (adds_only(one.field) || one.fate == merge_fate::same) continue;
      const file_word* mine = row_stays_.word_of(one.field.value);
      const file_word* theirs = row_goes_.word_of(one.field.value);
      if (mine == nullptr && theirs == nullptr) continue;
      const bool alone = one.fate == merge_fate::added && mine == nullptr;
      words.push_back({one.field.value, alone ? theirs->digest : word_of_two});
    }
    if (words.empty()) return {};
    const auto edited = s_.core->tree().edit(stays_);
    if (!edited) return edited.error();
    return s_.keep_fields(stays_, **edited, {}, words);
  }

  result<void> write_rows() {
    if (auto carried = carry_canary(); !carried) return carried;
    const auto edited = s_.core->tree().edit(stays_);
    if (!edited) return edited.error();
    before_.since = (*edited)->born;
    const auto row = s_.row_of(stays_, **edited);
    if (!row) return row.error();
    customer_row next = **row;
    next.parts.back() = part_;
    next.whose = whose_;
    next.notes.limited += notes_taken_.limited;
    for (const std::uint32_t pin : notes_taken_.pinned) {
      if (next.notes.pinned.size() < max_pinned_notes) next.notes.pinned.push_back(pin);
    }
    if (auto put = s_.put_row(stays_, **edited, std::move(next)); !put) return put;

    const auto gone = s_.core->tree().edit(goes_);
    if (!gone) return gone.error();
    (*gone)->stands = standing::part;
    customer_row theirs = row_goes_;
    theirs.part_of = stays_.value;
    if (auto put = s_.put_row(goes_, **gone, std::move(theirs)); !put) return put;
    before_.fields = changed_;
    if (auto put = put_before_merge(*s_.core, goes_, **gone, before_); !put) return put;
    for (const field_id field : changed_) {
      if (auto put = put_field(field, **gone); !put) return put;
    }
    book_row& all = s_.core->edit_row();
    --all.customers;
    ++all.parts;
    return {};
  }

  result<void> put_field(field_id field, const manifest& part) {
    field_before before;
    const byte_view value = record_stays_.view().raw(field);
    before.value.assign(value.begin(), value.end());
    if (plan_.changes.view().has(field)) {
      before.after = digest_of_word(field.value, plan_.changes.view().raw(field));
    }
    return put_field_before(*s_.core, goes_, part, field, before);
  }

  // Whoever looks at a canary is told of, by whichever id.
  result<void> carry_canary() {
    const auto there = s_.canaries.has(goes_);
    if (!there) return there.error();
    const auto mine = s_.canaries.has(stays_);
    if (!mine) return mine.error();
    if (!*there || *mine) return {};
    const auto all = s_.canaries.all();
    if (!all) return all.error();
    std::vector<std::uint64_t> numbers(all->begin(), all->end());
    numbers.insert(std::ranges::upper_bound(numbers, stays_.value), stays_.value);
    part_.canary = true;
    return s_.canaries.set(std::move(numbers));
  }

  result<void> log() {
    const std::string stays_id = hex<std::string>(s_.core->keys().ids->id(stays_).bytes);
    const std::string goes_id = hex<std::string>(s_.core->keys().ids->id(goes_).bytes);
    for (const customer_no each : {stays_, goes_}) {
      const auto edited = s_.core->tree().edit(each);
      if (!edited) return edited.error();
      std::vector<ledger::disclosed_field> fields;
      for (const field_id field : each == stays_ ? changed_ : field_set()) {
        fields.push_back({.field = field, .version = (*edited)->version});
      }
      const auto logged = s_.ledger.append(
          {.type = ledger_event::merge},
          {.recipient = each == stays_ ? goes_id : stays_id, .fields = fields}, s_.who.id, now_,
          ledger_store::subject{each, *edited, s_.core->keys().ids->id(each)});
      if (!logged) return logged.error();
      if (each == stays_) out_.receipt.ledger_index = logged->index;
    }
    out_.receipt.stays = s_.core->keys().ids->id(stays_);
    out_.receipt.goes = s_.core->keys().ids->id(goes_);
    out_.receipt.at = now_;
    out_.receipt.until = timestamp{now_.seconds + unmerge_days * a_day};
    sign(*s_.core, out_.receipt);
    if (how_.mode == merge_mode::only_tell) {
      out_.receipt = {};
      return {};
    }
    for (const customer_no each : {stays_, goes_}) {
      s_.note_look(each, {}, look_kind::change, changed_);
    }
    s_.must_pin = true;
    s_.must_hear = true;
    return {};
  }

  session_state& s_;
  customer_no stays_;
  customer_no goes_;
  const merge_options& how_;
  timestamp now_;
  customer record_stays_;
  customer record_goes_;
  customer_row row_stays_;
  customer_row row_goes_;
  std::vector<directive> said_;
  merged_part part_;
  notes_kept notes_taken_;  ///< What the row of the one who stays says of the notes that come.
  portfolio whose_;
  merge_plan plan_;
  field_set permitted_;
  field_set changed_;
  std::array<decision_code, max_fields> why_not_{};
  std::vector<std::pair<purpose_id, field_set>> kept_for_;
  before_merge before_;
  merge_outcome out_;
};

// All histories of the two permit no more than each did; that is looked at before it is kept.
// Precondition: inside a change.
result<merge_outcome> merge_and_look(session_state& s, customer_no stays, customer_no goes,
                                     const merge_options& how) {
  if (auto may = s.check_merge(stays, goes); !may) return may.error();
  const customer_id one = s.core->keys().ids->id(stays);
  const customer_id other = s.core->keys().ids->id(goes);
  merge_outcome out;
  bool opens = false;
  const auto merge = [&]() -> result<recorded> {
    auto done = merge_of_two(s, stays, goes, how).run();
    if (!done) return done.error();
    out = std::move(*done);
    return recorded{};
  };
  const auto for_goes = s.append_and_tell(other, {}, [&]() -> result<recorded> {
    const auto for_stays = s.append_and_tell(one, {}, merge);
    if (!for_stays) return for_stays.error();
    opens = !for_stays->opened.empty();
    out.closed = static_cast<std::uint32_t>(for_stays->closed.size());
    return recorded{};
  });
  if (!for_goes) return for_goes.error();
  if (opens || !for_goes->opened.empty()) {
    s.broken = true;
    return error{errc::internal_error, "a merge would open what was closed: report it"};
  }
  if (!s.ask(action::see_consents)) out.closed = 0;
  return out;
}

// Who is meant, and that the actor reaches both. As of the last look().
struct two_customers {
  customer_no stays;
  customer_no goes;
};
result<two_customers> meant(session_state& s, const customer_id& stays, const customer_id& goes) {
  const auto first = s.number(stays);
  if (!first) return first.error();
  const auto second = s.own_number_of(goes);
  if (!second) return second.error();
  for (const customer_no each : {*first, *second}) {
    const auto whole = whole_of(*s.core, each);
    if (!whole) return whole.error();
    if (auto theirs = s.in_portfolio(action::merge, *whole); !theirs) return theirs.error();
    if (*whole != each) {
      return error{errc::already_exists, "the one who goes is a part of a customer already"};
    }
    if (const auto found = s.entry(each); !found) return found.error();
  }
  if (*first == *second) {
    return error{errc::invalid_argument, "that is one customer: name another one beside them"};
  }
  return two_customers{*first, *second};
}

}  // namespace

result<std::vector<merged_part>> session_state::merged_parts(customer_no number) {
  const auto own = entry(number);
  if (!own) return own.error();
  return parts_in(*core, number, **own);
}

result<void> session_state::check_free_to_merge(customer_no number) {
  const customer_id id = core->keys().ids->id(number);
  const auto hold = hold_on(number);
  if (!hold) return hold.error();
  if (*hold != nullptr) {
    return error{errc::kept_by_law, "a legal hold is on one of the two: lift it first",
                 (*hold)->number};
  }
  const auto named = cases.needs(id, now());
  if (!named) return named.error();
  if (*named) {
    return error{errc::kept_by_law, "an open case names one of the two: close it first"};
  }
  const auto all = requests.of(number);
  if (!all) return all.error();
  for (const std::uint32_t each : *all) {
    const auto one = requests.get(each);
    if (!one) return one.error();
    if (!has_ended(one->what.state)) {
      return error{errc::kept_by_law, "a request of one of the two has not ended: end it first",
                   each};
    }
  }
  return {};
}

result<void> session_state::check_merge(customer_no stays, customer_no goes) {
  const auto two = said_not_same(stays, goes);
  if (!two) return two.error();
  if (*two) {
    return error{errc::invalid_state,
                 "somebody has said that they are two people: take that back first "
                 "(forget_not_same, `clientbook not-same --forget`)"};
  }
  for (const customer_no each : {stays, goes}) {
    const auto own = entry(each);
    if (!own) return own.error();
    const auto parts = parts_in(*core, each, **own);
    if (!parts) return parts.error();
    if (each == goes && !parts->empty()) {
      return error{errc::invalid_state,
                   "the one who goes has parts of their own: let them stay, and the other one go"};
    }
    if (parts->size() == max_parts) {
      return error{errc::limit_exceeded, "so many are parts of nobody", max_parts};
    }
    const auto row = entry(each);
    if (!row) return row.error();
    const auto kept = row_of(each, **row);
    if (!kept) return kept.error();
    if ((*kept)->were_one.size() == max_times_as_one) {
      return error{errc::limit_exceeded, "so often one and two again is nobody", max_times_as_one};
    }
    const auto again = entry(each);
    if (!again) return again.error();
    const auto said = consent.directives(**again, each);
    if (!said) return said.error();
    if (restricts(*said, consent.as_of(now()))) {
      return error{errc::invalid_state,
                   "a restriction holds for one of the two, and nothing of them is used: lift it "
                   "first"};
    }
    if (auto free = check_free_to_merge(each); !free) return free;
  }
  return {};
}

result<merge_outcome> session::merge_customers(const customer_id& stays, const customer_id& goes,
                                               const merge_options& how) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "a merge is a transaction of its own: commit first"};
  }
  if (auto seen = s.look(action::merge); !seen) return seen.error();
  const auto who = meant(s, stays, goes);
  if (!who) return who.error();
  for (const customer_no each : {who->stays, who->goes}) {
    if (auto told = s.tell_of_theirs(each, {}, look_kind::preview); !told) return told.error();
  }
  const auto work = [&]() -> result<merge_outcome> {
    // Somebody else may have made one of them a part meanwhile.
    const auto still = meant(s, stays, goes);
    if (!still) return still.error();
    return merge_and_look(s, still->stays, still->goes, how);
  };
  if (how.mode == merge_mode::merge) return s.change(action::merge, work);
  return s.try_out<merge_outcome>(action::merge, work);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<customer_part>> session::parts(const customer_id& id) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::see_consents); !seen) return seen.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto told = s.tell_of(*number, {}, look_kind::consents); !told) return told.error();
  const auto all = s.merged_parts(*number);
  if (!all) return all.error();
  const timestamp now = s.consent.as_of(s.now());
  std::vector<customer_part> out;
  for (const merged_part& one : *all) {
    const timestamp until{one.at + unmerge_days * a_day};
    out.push_back({.id = s.core->keys().ids->id(customer_no(one.number)),
                   .since = {one.at},
                   .by = one.by.value,
                   .until = one.undoable && now < until ? until : timestamp{}});
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<customer_id> session::whole(const customer_id& id) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::find); !seen) return seen.error();
  return s.whole_id(id);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
