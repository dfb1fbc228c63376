// Whom a breach concerns: from traces (what an actor saw), from the ledger (what left), and from
// the days that customers' rows tell (what stood in a copy).
//
// Nothing of a record is opened but which fields it has. What a day cannot decide is possible, what
// an erasure took away is counted as unknown, and nothing is guessed: docs/breach.md.
#include <clientbook/book/breach.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "gaps.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

constexpr std::int64_t no_day = std::numeric_limits<std::int64_t>::max();
constexpr field_set items{field::purchases, field::notes};

std::int64_t day_of(timestamp at) noexcept { return days_since_epoch(date_of(at)); }

bool leaves(ledger_event event) noexcept {
  return event == ledger_event::disclosure || event == ledger_event::data_export;
}

// A table of counts is an export of the shop's own, about nobody.
bool is_of_somebody(const ledger::disclosure_entry& leaf) noexcept {
  return leaf.recipient_class != recipient::self;
}

result<breach_query> checked(breach_query asked, timestamp now) noexcept {
  const bool copied = asked.source >= breach_source::data;
  if (name_of(asked.source).empty()) {
    return error{errc::invalid_argument, "a breach is of an actor, a recipient or a copy"};
  }
  if ((asked.source == breach_source::actor) != (asked.actor != actor_id()) ||
      (asked.source == breach_source::recipient) !=
          (asked.recipient != recipient_id() || !asked.recipient_name.empty()) ||
      (asked.recipient != recipient_id() && !asked.recipient_name.empty())) {
    return error{errc::invalid_argument, "an actor or a recipient is named where it is of one"};
  }
  if (asked.key_at != timestamp{} && asked.source != breach_source::book &&
      asked.source != breach_source::recovery) {
    return error{errc::invalid_argument, "no key of its own was copied there"};
  }
  if (asked.until == timestamp{}) asked.until = now;
  if (copied && asked.since == timestamp{}) asked.since = asked.until;
  // A mirror opens nobody who came in behind it.
  if (asked.source == breach_source::recovery && asked.key_at != timestamp{}) {
    asked.since = std::min(asked.since, asked.key_at);
  }
  if (now < asked.until || asked.until < asked.since || now < asked.key_at) {
    return error{errc::invalid_value,
                 "a breach goes from one time to a later one, and not beyond now"};
  }
  return asked;
}

class breach_reader {
 public:
  breach_reader(session_state& s, const breach_query& asked) noexcept : s_(s), asked_(asked) {}

  result<breach_scope> read(callback_ref<bool(const breached&)> each) {
    auto done = gaps();
    if (done) {
      switch (asked_.source) {
        case breach_source::actor:
          done = of_actor();
          break;
        case breach_source::recipient:
          done = of_recipient();
          break;
        default:
          done = of_copy();
          break;
      }
    }
    if (!done) return done.error();
    if (auto told = tell(each); !told) return told.error();
    for (const auto& [what, at_most] : unknown_) {
      if (at_most != 0) scope_.unknown.push_back({what, at_most});
    }
    return std::move(scope_);
  }

 private:
  /// What stood in the book of somebody from `since` on, and at the latest at `until`.
  struct holding {
    bool surely = false;  ///< They were in it.
    bool perhaps = false;
    field_set certain{};
    field_set possible{};
  };

  template <class Each>
  result<void> each_customer(Each&& each) {
    erased_ = 0;
    for (customer_no number = first_customer; number < s_.core->row().next; ++number.value) {
      const auto found = s_.entry(number);
      if (!found) {
        if (found.error().code != errc::key_erased) return found.error();
        // A part is told of with whose part they are.
        if (const auto part = s_.entry_of_part(number); !part) ++erased_;
        continue;
      }
      if (auto done = each(number, **found); !done) return done;
    }
    return {};
  }

  result<void> gaps() {
    const auto all = gaps_of(*s_.core);
    if (!all) return all.error();
    for (const book_gap& one : *all) {
      // Of what a copy held, later acts tell too.
      const bool copied = asked_.source >= breach_source::data;
      const bool behind = !copied && asked_.until < one.since;
      if (asked_.since <= one.until && !behind) ++unknown_[unknown_kind::gaps];
    }
    return {};
  }

  /// The first day that anything of a customer is of.
  static std::int64_t oldest(const customer_row& row) noexcept {
    std::int64_t out = no_day;
    for (const kept_group& one : row.kept) out = std::min(out, one.day);
    for (const value_group& one : row.values) out = std::min(out, one.day);
    return out;
  }

  static std::int64_t day_of_field(const customer_row& row, field_id field) noexcept {
    const value_group* const value = items.has(field) ? nullptr : row.value_of(field);
    if (value != nullptr) return value->day;
    for (const kept_group& one : row.kept) {
      if (one.fields.has(field)) return one.day;
    }
    return no_day;
  }

  result<field_set> present(customer_no number, const manifest& own) {
    auto out = s_.opener.fields_of_record(number, own);
    if (!out) return out;
    if (own.purchases != 0) out->add(field::purchases);
    if (own.notes != 0) out->add(field::notes);
    return out;
  }

  /// `there_by`: the first day on which they were surely there; their own days may all be later.
  result<holding> held(customer_no number, const manifest& own, std::int64_t there_by) {
    const auto now_there = present(number, own);
    if (!now_there) return now_there.error();
    const auto again = s_.entry(number);
    if (!again) return again.error();
    const auto row = s_.row_of(number, **again);
    if (!row) return row.error();
    const std::int64_t from = day_of(asked_.since);
    const std::int64_t until = day_of(asked_.until);
    const std::int64_t made = std::min(oldest(**row), there_by);
    holding out{.surely = made < from, .perhaps = made <= until || made == no_day};
    if (!out.surely && !out.perhaps) return out;
    for (std::size_t i = 0; i < s_.core->fields().size(); ++i) {
      const field_id field = s_.core->fields().at(i).number;
      const std::int64_t day = day_of_field(**row, field);
      const bool there = now_there->has(field);
      if (there && day < from) {
        out.certain.add(field);
      } else if (there || (day != no_day && day >= from && day > made)) {
        // Given since, or taken out since: another value may have stood there before.
        out.possible.add(field);
      }
    }
    return out;
  }

  /// And which fields were given as they are, at least once.
  struct concerned : breached {
    field_set plain{};
  };

  concerned& of(const customer_id& id) {
    concerned& out = found_[id];
    out.customer = id;
    return out;
  }
  void seen(breached& one, timestamp first, timestamp last) const noexcept {
    one.first = one.first == timestamp{} ? first : std::min(one.first, first);
    one.last = std::max(one.last, last);
  }

  // --- an actor -------------------------------------------------------------------------------

  result<void> of_actor() {
    const std::int64_t from = day_of(asked_.since);
    const std::int64_t until = day_of(asked_.until);
    const auto report = s_.traces.report(asked_.actor, from, until);
    if (!report) return report.error();
    std::map<std::pair<std::int64_t, std::uint8_t>, std::uint64_t> named;
    for (const look_at_customer& one : report->customers) {
      ++named[{days_since_epoch(one.on), one.purpose.value}];
      if (auto done = looked(one.customer, one); !done) return done;
    }
    for (const day_of_looks& one : report->days) {
      const std::uint64_t still = named[{days_since_epoch(one.on), one.purpose.value}];
      if (one.customers > still) unknown_[unknown_kind::erased_looks] += one.customers - still;
    }
    if (auto done = looked_as_one(report->customers); !done) return done;
    const auto lists = s_.traces.lists_of(asked_.actor, from, until);
    if (!lists) return lists.error();
    for (const auto& [one, range] : *lists) {
      if (auto done = listed(one, range); !done) return done;
    }
    const auto unnamed = s_.budgets.unnamed(asked_.actor);
    if (!unnamed) return unnamed.error();
    if (until == day_of(s_.now())) unknown_[unknown_kind::unnamed_looks] = *unnamed;
    if (auto done = wrote(from, until); !done) return done;
    return passed_on();
  }

  /// What the actor has put in or given another value went through those hands, unless it was known
  /// there anyway.
  result<void> wrote(std::int64_t from, std::int64_t until) {
    return each_customer([&](customer_no number, const manifest& own) -> result<void> {
      const auto row = s_.row_of(number, own);
      if (!row) return row.error();
      field_set given;
      const auto take = [&](const auto& groups) {
        for (const auto& one : groups) {
          if (one.by == asked_.actor && from <= one.day && one.day <= until) given |= one.fields;
        }
      };
      take((*row)->kept);
      take((*row)->values);
      if (given.empty()) return {};
      const auto again = s_.entry(number);
      if (!again) return again.error();
      const auto there = present(number, **again);
      if (!there) return there.error();
      of(s_.core->keys().ids->id(number)).possible |= given & *there;
      return {};
    });
  }

  /// Whether times of a day lie within, partly, or not at all.
  enum class within : std::uint8_t { no, partly, yes };
  within place_of(const look& one) const noexcept {
    if (one.last < asked_.since || asked_.until < one.first) return within::no;
    return one.first < asked_.since || asked_.until < one.last ? within::partly : within::yes;
  }

  /// Whoever was read was surely looked at. A list notes more people than its page shows, and what
  /// is written tells nothing of what was there.
  result<void> looked(const customer_id& whose, const look& one) {
    const within place = place_of(one);
    if (place == within::no) return {};
    const bool shown = one.times[static_cast<std::size_t>(look_kind::read)] != 0;
    return add_look(whose, one, shown && place == within::yes);
  }

  /// Who was one with somebody then was looked at with them.
  result<void> looked_as_one(std::span<const look_at_customer> looks) {
    if (looks.empty()) return {};
    return each_customer([&](customer_no number, const manifest&) -> result<void> {
      const auto times = s_.times_as_one_of(number);
      if (!times) return times.error();
      for (const time_as_one& time : *times) {
        const customer_id with = s_.core->keys().ids->id(customer_no(time.with));
        for (const look_at_customer& one : looks) {
          if (one.customer != with || one.last.seconds < time.since ||
              time.until < one.first.seconds || place_of(one) == within::no) {
            continue;
          }
          const auto added = add_look(s_.core->keys().ids->id(number), one, false);
          if (!added) return added;
        }
      }
      return {};
    });
  }

  result<void> listed(const look& one, const listed_range& range) {
    if (place_of(one) == within::no) return {};
    for (std::uint64_t each = range.from; each < range.until; ++each) {
      const auto whole = whole_of(*s_.core, customer_no(each));
      if (!whole) return whole.error();
      const customer_no number = *whole;
      const auto there = s_.entry(number);
      if (!there && there.error().code == errc::key_erased) {
        ++unknown_[unknown_kind::erased_looks];
        continue;
      }
      if (!there) return there.error();
      // A list goes over more people than it hands out: of whom the purpose permits nothing, or who
      // do not meet its conditions, nothing was shown.
      if (auto done = add_look(s_.core->keys().ids->id(number), one, false); !done) return done;
    }
    return {};
  }

  /// What was asked for and is there, or may have been. What consent withheld of it a trace does
  /// not say, so that no field is certain by it.
  result<void> add_look(const customer_id& whose, const look& one, bool surely) {
    const auto number = s_.number(whose);
    if (!number) return number.error();
    const auto own = s_.entry(*number);
    if (!own) return own.error();
    const auto there = present(*number, **own);
    if (!there) return there.error();
    const auto again = s_.entry(*number);
    if (!again) return again.error();
    const auto row = s_.row_of(*number, **again);
    if (!row) return row.error();
    const std::int64_t day = days_since_epoch(one.on);
    breached& to = of(s_.core->keys().ids->id(*number));
    for (const field_id field : one.fields) {
      const std::int64_t since = day_of_field(**row, field);
      const bool changed = since != no_day && since >= day && since > oldest(**row);
      if (there->has(field) || changed) to.possible.add(field);
    }
    to.surely = to.surely || surely;
    seen(to, one.first, one.last);
    return {};
  }

  /// What the actor has passed on, turned back and erased, from the ledger; its tag tells from
  /// outside whether there is any.
  result<void> passed_on() {
    const ledger::tag tag = ledger::actor_tag(s_.core->keys().actors, asked_.actor);
    const auto wanted = [&](const ledger::disclosure_entry& leaf) {
      return leaves(leaf.type) && leaf.actor == tag && is_of_somebody(leaf);
    };
    std::uint64_t there = 0;
    const auto counted = each_leaf([&](const ledger::disclosure_entry& leaf) {
      if (leaf.actor != tag) return;
      there += wanted(leaf) ? 1U : 0U;
      unknown_[unknown_kind::reversals] += leaf.type == ledger_event::reversal ? 1U : 0U;
      unknown_[unknown_kind::destroyed] += leaf.type == ledger_event::erasure ? 1U : 0U;
    });
    if (!counted || there == 0) return counted;
    std::set<std::uint64_t> named;  // Of who were one the same entry concerns both.
    const auto done = each_entry([&](concerned& to, const entry_seen& one, bool got_out) {
      if (!wanted(one.leaf)) return;
      named.insert(one.index);
      if (one.payload.at < asked_.since || asked_.until < one.payload.at) return;
      add_entry(to, one, got_out);
    });
    if (!done) return done;
    unknown_[unknown_kind::erased_entries] = there - std::min<std::uint64_t>(named.size(), there);
    return {};
  }

  // --- a recipient ----------------------------------------------------------------------------

  /// Whose entries may be of that recipient: of its class, or of any where the registry does not
  /// have its name, and what was reported to be passed on, of any: under which class is hearsay.
  struct wanted_recipient {
    std::string_view name;
    recipient_id party_class{};  ///< 0: of any.
    bool is_of(const ledger::disclosure_entry& leaf) const noexcept {
      if (leaf.type == ledger_event::onward) return true;
      return leaves(leaf.type) && is_of_somebody(leaf) &&
             (party_class == recipient_id() || leaf.recipient_class == party_class);
    }
  };

  result<void> of_recipient() {
    if (asked_.recipient == recipient_id()) return of_recipient({.name = asked_.recipient_name});
    const auto& parties = s_.consent.registry();
    const auto party = parties.find(asked_.recipient);
    if (!party) return party.error();
    return of_recipient({.name = party->name.view(), .party_class = party->party_class});
  }

  result<void> of_recipient(const wanted_recipient& wanted) {
    std::uint64_t there = 0;
    const auto counted = each_leaf(
        [&](const ledger::disclosure_entry& leaf) { there += wanted.is_of(leaf) ? 1U : 0U; });
    if (!counted) return counted;
    std::set<std::uint64_t> read;
    bool named = false;
    const auto done = each_entry([&](concerned& to, const entry_seen& one, bool got_out) {
      if (!wanted.is_of(one.leaf)) return;
      read.insert(one.index);
      // Its name, of its class, is its alone for ever.
      if (one.payload.recipient != wanted.name) return;
      named = true;
      if (one.leaf.type == ledger_event::onward) return add_report(to, one);
      if (asked_.until < one.payload.at) return;
      // What came in while it went on may have come in behind it.
      add_entry(to, one, got_out && (asked_.since == timestamp{} || one.payload.at < asked_.since));
    });
    if (!done) return done;
    unknown_[unknown_kind::erased_entries] = there - std::min<std::uint64_t>(read.size(), there);
    if (wanted.party_class == recipient_id() && !named && there == read.size() &&
        s_.ledger.pruned() == 0) {
      return error{errc::not_found,
                   "neither the registry nor the ledger of any customer names that recipient"};
    }
    return {};
  }

  /// Nothing shows whether a report is true, or, where it says no day, whether that was before the
  /// breach had ended: possible, and never certain.
  void add_report(concerned& to, const entry_seen& one) const {
    const auto& on = one.payload.passed ? one.payload.passed->on : std::optional<date>();
    if (on && day_of(asked_.until) < days_since_epoch(*on)) return;
    add_entry(to, one, false);
  }

  /// A recipient has what it ever got; an actor did it in the time that is asked for.
  std::int64_t first_day_of_entries() const noexcept {
    return asked_.source == breach_source::actor ? day_of(asked_.since) : 0;
  }

  /// Which of them were of that time or about anybody here, nobody can tell any more.
  void tell_pruned() {
    if (s_.ledger.pruned() != 0) unknown_[unknown_kind::pruned] = s_.ledger.pruned();
  }

  /// Entries of days up to the end of the breach, from outside; the time of one is sealed with it.
  /// A report is of a day before its own, so that all of them are looked at.
  template <class Each>
  result<void> each_leaf(Each&& each) {
    const std::int64_t from = first_day_of_entries();
    tell_pruned();
    for (std::uint64_t index = s_.ledger.pruned(); index < s_.core->row().ledger_size; ++index) {
      const auto leaf = s_.ledger.leaf(index);
      if (!leaf) return leaf.error();
      const std::int64_t day = days_since_epoch(leaf->day);
      const bool in_time = from <= day && day <= day_of(asked_.until);
      if (in_time || leaf->type == ledger_event::onward) each(*leaf);
    }
    return {};
  }

  /// All disclosures and exports of the days that each_leaf() looks at, customer by customer.
  template <class Each>
  result<void> each_entry(Each&& each) {
    const std::int64_t from = first_day_of_entries();
    return each_customer([&](customer_no number, const manifest&) -> result<void> {
      const customer_id id = s_.core->keys().ids->id(number);
      concerned of_one;
      std::set<std::uint64_t> stayed;
      const auto read = s_.each_entry(id, [&](const entry_seen& one) -> result<void> {
        if (one.payload.about) stayed.insert(*one.payload.about);
        const std::int64_t day = days_since_epoch(one.leaf.day);
        const bool in_time = from <= day && day <= day_of(asked_.until);
        if (one.leaf.type == ledger_event::onward || (leaves(one.leaf.type) && in_time)) {
          each(of_one, one, !stayed.contains(one.index));
        }
        return {};
      });
      if (!read) return read;
      if (of_one.first == timestamp{}) return {};
      concerned& to = of(id);
      to.certain |= of_one.certain;
      to.possible |= of_one.possible;
      to.masked |= of_one.masked;
      to.plain |= of_one.plain;
      to.surely = to.surely || of_one.surely;
      seen(to, of_one.first, of_one.last);
      return {};
    });
  }

  /// Of what is said not to have got out a part may have.
  void add_entry(concerned& to, const entry_seen& one, bool surely) const {
    for (const ledger::disclosed_field& given : one.payload.fields) {
      (surely ? to.certain : to.possible).add(given.field);
      (given.redaction == redaction_operator::none ? to.plain : to.masked).add(given.field);
    }
    to.surely = to.surely || surely;
    seen(to, one.payload.at, one.payload.at);
  }

  // --- a copy ---------------------------------------------------------------------------------

  result<void> of_copy() {
    if (auto opens = whether_it_opens(); !opens) return opens;
    std::vector<std::int64_t> there_by(s_.core->row().next.value + 1, no_day);
    const auto days = each_customer([&](customer_no number, const manifest& own) -> result<void> {
      const auto row = s_.row_of(number, own);
      if (!row) return row.error();
      there_by[number.value] = oldest(**row);
      return {};
    });
    if (!days) return days;
    // Of what a restore has lost the ledger does not tell, but the keys are gone all the same.
    unknown_[unknown_kind::erased_since] = erased_ - std::min(erased_, erased_before_);
    // Numbers are given in turn: whoever is before somebody was there before.
    for (std::size_t at = there_by.size() - 1; at-- > 0;) {
      there_by[at] = std::min(there_by[at], there_by[at + 1]);
    }
    return each_customer([&](customer_no number, const manifest& own) -> result<void> {
      const auto what = held(number, own, there_by[number.value]);
      if (!what) return what.error();
      if (!what->surely && !what->perhaps) {
        ++unknown_[unknown_kind::added_since];
        return {};
      }
      if (scope_.opens == breach_opens::no) {
        ++scope_.sealed;
        return {};
      }
      const bool surely = what->surely && scope_.opens == breach_opens::yes;
      breached& to = of(s_.core->keys().ids->id(number));
      to.surely = surely;
      (surely ? to.certain : to.possible) |= what->certain;
      to.possible |= what->possible;
      return {};
    });
  }

  /// An erasure gives the book a new root: a key from before it and data from after it, or the
  /// other way round, are of no use to each other. A mirror opens a backup that is older.
  result<void> whether_it_opens() {
    scope_.opens = breach_opens::yes;
    bool closed = asked_.source == breach_source::data || asked_.source == breach_source::backup;
    std::int64_t new_key = no_day;
    if (const auto recovery = s_.recovery_row_of_book()) {
      new_key = day_of(timestamp{recovery->made_at});
    } else if (recovery.error().code == errc::invalid_state) {
      closed = closed || asked_.source == breach_source::recovery;
    } else {
      return recovery.error();
    }
    const bool apart = asked_.source == breach_source::book && asked_.key_at != timestamp{};
    const std::int64_t key_day = day_of(apart ? asked_.key_at : asked_.until);
    // Whom a mirror of a later time opens no more is not in the copy that opens.
    const std::int64_t erased_from = asked_.source == breach_source::recovery
                                         ? day_of(std::max(asked_.since, asked_.key_at))
                                         : day_of(asked_.since);
    if (apart) weigh(new_key, key_day);
    tell_pruned();
    for (std::uint64_t index = s_.ledger.pruned(); index < s_.core->row().ledger_size; ++index) {
      const auto leaf = s_.ledger.leaf(index);
      if (!leaf) return leaf.error();
      if (leaf->type != ledger_event::erasure) continue;
      const std::int64_t day = days_since_epoch(leaf->day);
      if (day < erased_from) ++erased_before_;
      if (apart) weigh(day, key_day);
    }
    const bool untold =
        apart && (unknown_.contains(unknown_kind::gaps) || unknown_.contains(unknown_kind::pruned));
    if (untold && scope_.opens == breach_opens::yes) scope_.opens = breach_opens::possibly;
    if (closed) scope_.opens = breach_opens::no;
    return {};
  }

  /// On that day the book got another root.
  void weigh(std::int64_t day, std::int64_t key_day) noexcept {
    const std::int64_t since = day_of(asked_.since);
    const std::int64_t until = day_of(asked_.until);
    if ((until < day && day < key_day) || (key_day < day && day < since)) {
      scope_.opens = breach_opens::no;
    } else if (std::min(since, key_day) <= day && day <= std::max(until, key_day) &&
               scope_.opens == breach_opens::yes) {
      scope_.opens = breach_opens::possibly;
    }
  }

  // --- telling --------------------------------------------------------------------------------

  result<void> tell(callback_ref<bool(const breached&)> each) {
    for (auto& [id, one] : found_) {
      one.possible &= ~one.certain;
      one.masked &= ~one.plain;
      if (auto known = add_laws(one); !known) return known;
      (one.surely ? scope_.certain : scope_.possible) += 1;
    }
    for (const auto& [id, one] : found_) {
      if (!each(one)) break;
    }
    return {};
  }

  result<void> add_laws(breached& to) {
    const auto number = s_.number(to.customer);
    if (!number) return number.error();
    const auto own = s_.entry(*number);
    if (!own) return own.error();
    const auto& all = s_.consent.policy().profiles();
    std::vector<const law_profile*> theirs{&all.front()->law};
    if (all.size() > 1) {
      const auto said = s_.consent.directives(**own, *number);
      if (!said) return said.error();
      const auto parts = s_.merged_parts(*number);
      if (!parts) return parts.error();
      const auto histories = histories_of(*said, std::nullopt, *parts);
      theirs = s_.consent.laws_of(std::span(histories));
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      const law_profile& law = all[i]->law;
      if (std::find(theirs.begin(), theirs.end(), &law) == theirs.end()) continue;
      to.laws |= 1U << (i % 32U);
      to.sensitive |= sensitive_of(law) & (to.certain | to.possible);
    }
    return {};
  }

  field_set sensitive_of(const law_profile& law) const noexcept {
    field_set out;
    for (const sensitive_rule& rule : law.sensitive) {
      const category_set covered = covered_by_denial(rule.categories);
      for (std::size_t i = 0; i < s_.core->fields().size(); ++i) {
        const field_definition one = s_.core->fields().at(i);
        for (const category_id each : one.categories) {
          if (each != category_id() && covered.contains(each)) out.add(one.number);
        }
      }
    }
    return out;
  }

  session_state& s_;
  breach_query asked_;
  breach_scope scope_;
  std::map<customer_id, concerned> found_;
  std::map<unknown_kind, std::uint64_t> unknown_;
  std::uint64_t erased_ = 0;         ///< Whom each_customer() has passed over.
  std::uint64_t erased_before_ = 0;  ///< The copy was made.
};

}  // namespace

// Written down before anything is told, as a list over everybody: nobody goes over a book unseen.
result<breach_scope> session::breach(const breach_query& what,
                                     callback_ref<bool(const breached&)> each) try {
  session_state& s = *state_;
  if (auto may = s.may_go_over_everybody(); !may) return may.error();
  const auto asked = checked(what, s.now());
  if (!asked) return asked.error();
  if (auto written = s.look_over_everybody(purpose::breach_notification, {}); !written) {
    return written.error();
  }
  if (auto again = s.look_again(); !again) return again.error();
  return breach_reader(s, *asked).read(each);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

std::string_view name_of(breach_source source) noexcept {
  constexpr std::string_view names[] = {"",     "actor",  "recipient", "data",
                                        "book", "backup", "recovery"};
  const auto at = static_cast<std::size_t>(source);
  return at < std::size(names) ? names[at] : std::string_view();
}

std::string_view name_of(unknown_kind what) noexcept {
  constexpr std::string_view names[] = {
      "",     "erased_since", "erased_looks", "erased_entries", "unnamed_looks", "added_since",
      "gaps", "reversals",    "destroyed",    "pruned"};
  static_assert(std::size(names) == unknown_kinds + 1);
  const auto at = static_cast<std::size_t>(what);
  return at < std::size(names) ? names[at] : std::string_view();
}

std::string_view name_of(breach_opens opens) noexcept {
  constexpr std::string_view names[] = {"no", "possibly", "yes"};
  const auto at = static_cast<std::size_t>(opens);
  return at < std::size(names) ? names[at] : std::string_view();
}

}  // namespace clientbook
