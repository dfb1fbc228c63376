// What a file says of somebody whom the book has.
//
// Of each field the book remembers, as a digest under the customer's key, what a file said last.
// What the file says anew is taken where the book still has that; where somebody has written
// something else since, or has taken the field out, the book knows better. So the same file again
// is never news, and a correction outlives every further export of what it corrected. A file that
// tells of which day its values are takes nothing back that came from a later one.
#include <clientbook/model/validate.hpp>

#include <algorithm>

#include "birth_fact.hpp"
#include "linked_people.hpp"
#include "record_merger.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

// A consent, or another law than all that hold now.
bool may_open(const directive& said) noexcept {
  return widens(said.kind) || (said.kind == directive_kind::move && is_confirmed(said));
}

// What the file says of one customer, and what becomes of it. Lives for one call.
class merging {
 public:
  merging(session_state& s, customer_no number, const customer_id& id, const collection& why,
          merge_rule rule)
      : s_(s), number_(number), id_(id), why_(why), rule_(rule) {}

  result<merged> run(std::span<const field_value> fields) {
    if (auto said = record_decisions(); !said) return said.error();
    const auto visible = readable();
    if (!visible) return visible.error();
    if (auto compared = compare(fields, *visible); !compared) return compared.error();
    if (auto kept = leave_out(); !kept) return kept.error();
    if (auto written = write(); !written) return written.error();
    if (auto dated = date_values(); !dated) return dated.error();
    if (auto aged = note_age(fields); !aged) return aged.error();
    return out_;
  }

 private:
  // What the file said before is no news. In a renewal nothing that opens is taken; that it was
  // left out is remembered, for who then asks to add it.
  result<void> record_decisions() {
    if (why_.directives.empty() && why_.decisions.empty()) return {};
    const auto known = row();
    if (!known) return known.error();
    constexpr std::uint8_t place = file_word::of_decisions;
    bool shut = false;
    if (!why_.decisions.empty()) {
      const file_word* before = (*known)->word_of(place);
      // Of who never said anything nothing has to be remembered.
      if (before == nullptr && why_.decisions == collection::said_nothing) return {};
      shut = before != nullptr && *before == word_of_decisions(decisions::not_opened);
      const bool whole = before != nullptr && *before == word_of_decisions(decisions::whole);
      if (whole || (shut && rule_ == merge_rule::renew)) {
        out_.repeated = static_cast<std::uint32_t>(why_.directives.size());
        return {};
      }
    }
    for (const directive& each : why_.directives) {
      if (shut && !may_open(each)) {
        ++out_.repeated;
        continue;
      }
      if (rule_ == merge_rule::renew && may_open(each)) {
        ++out_.not_widened;
        continue;
      }
      if (auto done = shut ? take_again(each) : take_decision(each); !done) {
        s_.broken = s_.broken || out_.recorded != 0;
        return done;
      }
    }
    if (!why_.decisions.empty()) {
      const bool opened = out_.not_widened == 0 && !waits_;
      words_.push_back(word_of_decisions(opened ? decisions::whole : decisions::not_opened));
    }
    return {};
  }

  result<void> take_decision(const directive& said) {
    return count_decision(s_.append_directive(id_, said));
  }

  // The file was read before: that it is read again is nobody's word, neither after a no nor for
  // what a note opened for thirty days.
  result<void> take_again(const directive& said) {
    const auto again = s_.brought_again(id_, said);
    if (!again) return again.error();
    switch (again->what) {
      case yes_again::is::new_:
        return take_decision(said);
      case yes_again::is::in_full:
        return count_decision(s_.append_as_it_is(id_, again->said));
      case yes_again::is::refused:
        ++out_.not_widened;
        return {};
      case yes_again::is::noted:
        waits_ = true;
        ++out_.repeated;
        return {};
      case yes_again::is::over:
        ++out_.repeated;
        return {};
    }
    return {};
  }

  result<void> count_decision(const result<recorded>& done) {
    if (!done && done.error().code == errc::back_dated) {
      ++out_.back_dated;
      return {};
    }
    if (!done) return done.error();
    ++(done->repeated ? out_.repeated : out_.recorded);
    waits_ = waits_ || !done->waiting.empty();
    if (!done->repeated && !done->waiting.empty()) ++out_.waiting;
    return {};
  }

  // What a file said of consents; `not_opened`: a renewal left out what opens, or it waits since
  // nobody but the reader of the file has said so. Who may say yes then adds it.
  using decisions = decisions_taken;
  file_word word_of_decisions(decisions which) const {
    return {file_word::of_decisions, digest_of_decisions(why_.decisions, which)};
  }

  result<const customer_row*> row() {
    const auto found = s_.entry(number_);
    if (!found) return found.error();
    return s_.row_of(number_, **found);
  }

  // What one of the purposes may read as it is: of the rest nothing is compared, since the answer
  // would tell what it is.
  result<field_set> readable() {
    const purpose_set asked =
        why_.purposes.named() ? why_.purposes.all() : s_.consent.shop_purposes();
    field_set out;
    std::optional<error> failed;
    asked.for_each([&](purpose_id purpose) {
      // Under which the role reads nobody, or not this one.
      if (!s_.ask(action::read, purpose, id_)) return;
      const auto found = s_.entry(number_);
      if (!found) {
        failed = found.error();
        return;
      }
      const auto judged =
          s_.consent.decide(number_, **found, s_.consent.reading(purpose, s_.clock_now()));
      if (!judged) {
        failed = judged.error();
      } else {
        field_set whole = judged->decision.permitted & ~judged->decision.masked;
        for (const contact_limits::rule& one : judged->permit.contacts().named) {
          if (!one.open) whole &= ~only(one.which.field);
        }
        if (!judged->permit.contacts().empty()) {
          whole &= ~with_contact_points | judged->permit.contacts().others;
        }
        out |= whole;
      }
    });
    if (failed) return *failed;
    return out;
  }

  result<void> compare(std::span<const field_value> fields, field_set visible) {
    const auto found = s_.entry(number_);
    if (!found) return found.error();
    std::array<opened_field, max_fields> opened;
    const auto held = s_.opener.record(opening::rewriting, number_, **found, opened);
    if (!held) return held.error();
    const auto known = s_.row_of(number_, **found);
    if (!known) return known.error();
    for (const field_value& each : fields) {
      if (!visible.has(each.id)) continue;
      const auto same = [&](const opened_field& one) { return one.id == each.id; };
      const auto at = std::find_if(held->begin(), held->end(), same);
      const byte_view value = at == held->end() ? byte_view() : at->plaintext;
      if (each.id == field::external_ids && !value.empty()) {
        if (auto joined = join_ids(value, each.value); !joined) return joined;
      } else {
        take(each, value, (*known)->word_of(each.id.value), is_of_later_day(**known, each.id));
      }
    }
    return {};
  }

  // Whether the book has the field of a later day than the file.
  bool is_of_later_day(const customer_row& known, field_id field) const {
    const value_group* const held = known.value_of(field);
    return why_.as_of && held != nullptr && held->day > days_since_epoch(*why_.as_of);
  }

  // `held` is what the book has, empty if nothing; `before` what a file said last, if one did.
  void take(const field_value& said, byte_view held, const file_word* before, bool later) {
    if (adds_only(said.id) && !held.empty()) return;
    const std::uint64_t digest = digest_of_word(said.id.value, said.value);
    const bool news = before == nullptr || before->digest != digest;
    if (held.empty()) {
      if (before == nullptr) {
        out_.added.add(said.id);
        accept(said, digest);
      } else {
        keep(said.id, before->digest && news);
      }
    } else if (std::ranges::equal(held, said.value)) {
      // Both agree now, so that what comes next is news to both; but where another file says
      // something else of the same customer.
      const bool two_say = before != nullptr && before->digest == word_of_two;
      if (!later) confirmed_.add(said.id);
      if (news && rule_ == merge_rule::renew && !two_say) {
        words_.push_back({said.id.value, digest});
      }
    } else if (rule_ == merge_rule::renew && news && before != nullptr && before->digest &&
               digest_of_word(said.id.value, held) == *before->digest) {
      if (later) return keep_later(said.id);
      out_.replaced.add(said.id);
      accept(said, digest);
    } else {
      keep(said.id, news && before != nullptr);
    }
  }

  void keep_later(field_id field) {
    out_.kept.add(field);
    out_.older.add(field);
  }

  void accept(const field_value& said, std::uint64_t digest) {
    changes_.push_back(said);
    if (!adds_only(said.id)) words_.push_back({said.id.value, digest});
  }

  void keep(field_id field, bool conflict) {
    out_.kept.add(field);
    if (conflict) out_.conflicts.add(field);
  }

  // Ids that the file has and the book has not are added; those of the book stay.
  result<void> join_ids(byte_view held, byte_view said) {
    const auto mine = list_of<external_id>::of(held);
    const auto further = list_of<external_id>::of(said);
    if (!mine || !further) return mine ? further.error() : mine.error();
    std::vector<external_id> all;
    for (const external_id& one : *mine) all.push_back(one);
    const std::size_t before = all.size();
    for (const external_id& one : *further) {
      const bool known = std::ranges::any_of(all, [&](const external_id& other) {
        return other.system == one.system && other.value == one.value;
      });
      if (!known) all.push_back(one);
    }
    if (all.size() == before) return {};
    if (auto set = joined_.set(field::external_ids, std::span<const external_id>(all)); !set) {
      return set;
    }
    out_.added.add(field::external_ids);
    changes_.push_back(joined_.fields().front());
    return {};
  }

  result<void> leave_out() {
    if (changes_.empty()) return {};
    const auto found = s_.entry(number_);
    if (!found) return found.error();
    const field_set wanted = out_.added | out_.replaced;
    auto basis = s_.consent.keeping_of(number_, **found, why_.purposes, operation::collect,
                                       s_.now(), wanted);
    if (!basis) return basis.error();
    const field_set refused = wanted & ~basis->permitted;
    kept_for_ = std::move(basis->purposes);
    if (refused.empty()) return {};
    if (why_.without_basis == when_without_basis::refuse) {
      s_.broken = s_.broken || out_.recorded != 0;
      return error{errc::no_basis, "neither the customer nor the law permits to keep this field",
                   (*refused.begin()).value};
    }
    std::erase_if(changes_, [&](const field_value& one) { return refused.has(one.id); });
    std::erase_if(words_, [&](const file_word& one) {
      return one.place < max_fields && refused.has(field_id(one.place));
    });
    out_.left_out = refused;
    out_.added &= ~refused;
    out_.replaced &= ~refused;
    for (const field_id field : refused) {
      out_.why_left_out[field.value] = basis->why_not[field.value];
    }
    return {};
  }

  result<void> write() {
    std::ranges::sort(changes_, {}, [](const field_value& one) { return one.id; });
    if (!changes_.empty()) {
      const auto done = s_.rewrite(number_, changes_, kept_for_, words_, why_.source);
      if (!done) s_.broken = s_.broken || out_.recorded != 0;
      return done;
    }
    if (words_.empty()) return {};
    const auto edited = s_.core->tree().edit(number_);
    if (!edited) return edited.error();
    const auto kept = s_.keep_fields(number_, **edited, {}, words_);
    if (!kept) s_.broken = true;
    return kept;
  }

  // What was written now, and what the file says again of a later day than it was known of.
  result<void> date_values() {
    if (!why_.as_of || why_.source != field_source::file) return {};
    const field_set dated = out_.added | out_.replaced | confirmed_;
    if (dated.empty()) return {};
    const auto edited = s_.core->tree().edit(number_);
    if (!edited) return edited.error();
    const auto done = s_.date_values(number_, **edited, dated, why_.as_of);
    if (!done) s_.broken = true;
    return done;
  }

  // Of a birth date that is not taken the age counts all the same.
  result<void> note_age(std::span<const field_value> fields) {
    const record_view told(fields);
    if (!told.has(field::birth_date) || (out_.added | out_.replaced).has(field::birth_date)) {
      return {};
    }
    const auto born = told.birth_date();
    if (born && why_.source == field_source::file) {
      const auto known_better = was_overruled(s_, number_, *born);
      if (!known_better) s_.broken = s_.broken || out_.changed();
      if (!known_better || *known_better) {
        return known_better ? result<void>() : known_better.error();
      }
    }
    const auto aged = s_.note_age(number_, born ? std::optional(*born) : std::nullopt);
    if (!aged) s_.broken = s_.broken || out_.changed();
    return aged;
  }

  session_state& s_;
  customer_no number_;
  const customer_id& id_;
  const collection& why_;
  merge_rule rule_;
  merged out_;
  field_set confirmed_;  ///< The book has them as the file says, of no later day.
  bool waits_ = false;   ///< Something that the file says of consents waits.
  customer joined_;
  std::vector<field_value> changes_;
  std::vector<file_word> words_;
  std::vector<std::pair<purpose_id, field_set>> kept_for_;
};

}  // namespace

result<merged> session::merge(const customer_id& id, const customer& record, const collection& why,
                              merge_rule rule) try {
  session_state& s = *state_;
  if (auto there = s.expect_look_up(record.fields()); !there) return there.error();
  return s.change_asking(
      [&] { return s.keeps(); },
      [&]() -> result<merged> {
        const auto purposes = s.ask(action::keep, why.purposes, &id);
        if (!purposes) return purposes.error();
        const auto known = s.number(id);
        if (!known) return known.error();
        if (auto linked = check_linked(s, record.fields(), *known); !linked) {
          return linked.error();
        }
        for (const directive& one : why.directives) {
          // What a renewal does not take nobody is asked for.
          if (rule == merge_rule::renew && may_open(one)) continue;
          if (const auto asked = s.asked_to_record(one); !asked) return asked.error();
        }
        collection asked_for = why;
        asked_for.purposes = *purposes;
        if (auto valid = validate(s.core->fields(), record.fields()); !valid) return valid.error();
        if (auto good = s.check_own_words(record.fields()); !good) return good.error();
        const auto born = record.view().birth_date();
        if (auto past = session_state::check_as_of(why, s.clock_now()); !past) return past.error();
        if (auto lived = plausible_birth(born ? std::optional(*born) : std::nullopt, s.now());
            !lived) {
          return lived.error();
        }
        const auto number = s.number(id);
        if (!number) return number.error();
        if (const auto found = s.entry(*number); !found) return found.error();
        auto out = merging(s, *number, id, asked_for, rule).run(record.fields());
        if (!out) return out;
        field_set given;
        for (const field_value& one : record.fields()) given.add(one.id);
        s.note_look(*number, {}, look_kind::change, given);
        return out;
      });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
