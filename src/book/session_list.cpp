// Lists: every customer is asked whether the conditions hold, as far as the purpose may ask.
//
// What a condition reads is opened by the grant of a decision to query, and only where a decision
// to use it would show it as it is: a list that named people by what it may not show would tell it.
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>

#include "search_reader.hpp"
#include "search_text.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

using storage::item_kind;

constexpr std::int64_t seconds_of_a_day = 86'400;

std::int64_t day_number(timestamp at) noexcept { return days_since_epoch(date_of(at)); }

// When a day comes round in that year; what a year has not, comes a day earlier.
date in_year(const date& day, std::int16_t year) noexcept {
  date out{year, day.month, day.day};
  if (!exists(out)) out.day = 28;
  return out;
}

// The words of a text, each with a blank in front.
search::text words_of(std::string_view from) {
  search::text folded;
  search::fold_into(folded, from);
  search::text out;
  bool between = true;
  for (const char c : folded) {
    if (c == ' ' || c == '-' || c == ',' || c == ';' || c == '/') {
      between = true;
      continue;
    }
    if (between) out += ' ';
    between = false;
    out += c;
  }
  return out;
}

// Whether each wanted word is the beginning of a word there.
bool says(std::string_view kept, const search::text& wanted) {
  const search::text words = words_of(kept);
  for (std::size_t at = 0; at < wanted.size();) {
    const std::size_t end = std::min(wanted.find(' ', at + 1), wanted.size());
    if (words.find(wanted.substr(at, end - at)) == words.npos) return false;
    at = end;
  }
  return true;
}

class list_maker {
 public:
  list_maker(session_state& s, const list_query& who, purpose_id purpose)
      : s_(s),
        who_(who),
        use_(s.consent.reading(purpose, s.clock_now())),
        query_(use_),
        likes_(words_of(who.likes)),
        size_(words_of(who.size)),
        bought_(words_of(who.bought)),
        category_(words_of(who.bought_category)),
        brand_(words_of(who.brand)),
        tag_(words_of(who.tag)),
        tier_(words_of(who.tier)) {
    query_.operation = operation::query;
    if (who.days && who.days->kind != "birthday") needed_.add(field::special_days);
    if (who.days && (who.days->kind.empty() || who.days->kind == "birthday")) {
      needed_.add(field::birth_date);
    }
    if (!likes_.empty()) needed_.add(field::likes);
    if (!size_.empty()) needed_.add(field::sizes);
    if (who.tasks_due_within_days || who.assigned) needed_.add(field::tasks);
    if (who.no_contact_for_days != 0) needed_.add(field::contacts);
    if (!tag_.empty()) needed_.add(field::tags);
    if (!tier_.empty()) needed_.add(field::tier);
    lines_ = !bought_.empty() || !category_.empty() || (!brand_.empty() && size_.empty());
    purchases_ = lines_ || who.no_purchase_for_days != 0;
  }

  // A list that asks for what the book has no field for would be empty, and look like an answer.
  result<void> can_be_asked() const {
    for (const field_id field : needed_) {
      if (s_.core->fields().contains(field)) continue;
      return error{errc::unknown_field,
                   "the book's schema does not have this field yet: add the built-in fields first",
                   field.value};
    }
    return {};
  }

  // Whether the customer is on the list; `out` says why.
  result<bool> looks(customer_no number, listed& out) {
    const auto first = s_.entry(number);
    if (!first) return first.error();
    const auto use = s_.consent.judge(number, **first, use_);
    if (!use) return use.error();
    const auto second = s_.entry(number);
    if (!second) return second.error();
    const auto query = s_.consent.decide(number, **second, query_);
    if (!query) return query.error();
    const field_set asked =
        query->permit.fields() & ~query->decision.masked & use->permitted & ~use->masked;
    if (const auto ends = consent_ends(number, *use, out); !ends || !*ends) return ends;
    if (const auto fields = fields_hold(query->permit, number, asked, out); !fields || !*fields) {
      return fields;
    }
    if (!purchases_) return true;
    if (!asked.has(field::purchases)) return false;
    return purchases_hold(query->permit, number, out);
  }

  const decision_request& request() const noexcept { return use_; }

 private:
  // The end of the consent, of several fields the first one.
  result<bool> consent_ends(customer_no number, const record_decision& use, listed& out) {
    if (who_.consent_ends_within_days == 0) return true;
    const timestamp limit{use_.now.seconds +
                          std::int64_t{who_.consent_ends_within_days} * seconds_of_a_day};
    if (use.valid_until > limit) return false;
    for (const field_id field : use.permitted& use.decided[5]) {
      const auto entry = s_.entry(number);
      if (!entry) return entry.error();
      const auto why = s_.consent.explain(number, **entry, use_, {.field = field});
      if (!why) return why.error();
      if (why->valid_until > limit || (out.consent_ends && *out.consent_ends <= why->valid_until)) {
        continue;
      }
      out.consent_ends = why->valid_until;
    }
    return out.consent_ends.has_value();
  }

  // Of several days the first one to come.
  void take_day(const date& day, std::string_view kind, listed& out) const {
    const std::int64_t begin = days_since_epoch(who_.days->first);
    for (const int years : {0, 1}) {
      const date comes = in_year(day, static_cast<std::int16_t>(who_.days->first.year + years));
      const std::int64_t at = days_since_epoch(comes);
      if (at < begin || at >= begin + who_.days->days) continue;
      if (day.year != 0 && day.year > comes.year) continue;  // It has not been yet.
      if (out.day && days_since_epoch(*out.day) <= at) continue;
      out.day = comes;
      out.day_kind = kind;
      out.years =
          day.year == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(comes.year - day.year);
    }
  }

  result<bool> fields_hold(const grant& permit, customer_no number, field_set asked, listed& out) {
    if (needed_.empty()) return true;
    // Of several kinds of days, those that may be asked; of all other conditions, each.
    const field_set days = needed_ & (only(field::special_days) | only(field::birth_date));
    if (((needed_ & ~days) & ~asked) || (days && !(days & asked))) return false;
    const auto entry = s_.entry(number);
    if (!entry) return entry.error();
    std::array<opened_field, max_fields> opened;
    const auto record = s_.opener.record(permit, **entry, needed_ & asked, opened);
    if (!record) return record.error();
    bool likes = likes_.empty();
    bool size = size_.empty();
    bool task = !needed_.has(field::tasks);
    bool quiet = true;
    bool tag = tag_.empty();
    bool tier = tier_.empty();
    for (const opened_field& one : *record) {
      if (one.id == field::birth_date) take_birthday(one.plaintext, out);
      if (one.id == field::special_days) take_special_days(one.plaintext, out);
      if (one.id == field::likes) likes = likes || liked(one.plaintext);
      if (one.id == field::sizes) size = size || sized(one.plaintext);
      if (one.id == field::tasks) task = has_task(one.plaintext, out);
      if (one.id == field::contacts) quiet = was_quiet(one.plaintext, out);
      if (one.id == field::tags) tag = tag || tagged(one.plaintext);
      if (one.id == field::tier) tier = tier || in_tier(one.plaintext);
    }
    return likes && size && task && quiet && tag && tier && (!who_.days || out.day.has_value());
  }

  void take_birthday(byte_view value, listed& out) const {
    date born;
    if (who_.days && decode_value(value, born)) take_day(born, "birthday", out);
  }

  void take_special_days(byte_view value, listed& out) {
    const auto list = list_of<special_day>::of(value);
    if (!who_.days || !list) return;
    for (const special_day& one : *list) {
      if (!one.day || (!who_.days->kind.empty() && one.kind != who_.days->kind)) continue;
      const std::optional<date> before = out.day;
      take_day(*one.day, {}, out);
      if (out.day == before) continue;
      kind_.assign(one.kind);  // The view lies in bytes that the next opening uses again.
      out.day_kind = kind_;
    }
  }

  bool liked(byte_view value) const {
    const auto list = list_of<personal_text>::of(value);
    if (!list) return false;
    for (const personal_text& one : *list) {
      if (says(one.reveal(), likes_)) return true;
    }
    return false;
  }

  bool sized(byte_view value) const {
    const auto list = list_of<customer_size>::of(value);
    if (!list) return false;
    for (const customer_size& one : *list) {
      if (!who_.size_kind.empty() && one.kind != who_.size_kind) continue;
      if (!brand_.empty() && !says(one.brand, brand_)) continue;
      if (words_of(one.value) == size_) return true;
    }
    return false;
  }

  // The day from which on a task is to be seen, or none.
  static std::optional<std::int64_t> seen_from(const task& one) {
    if (!one.due) return std::nullopt;
    return days_since_epoch(*one.due) - one.lead_days.value_or(0);
  }

  // Of several tasks the first one due; those without a day come last.
  bool has_task(byte_view value, listed& out) {
    const auto list = list_of<task>::of(value);
    if (!list) return false;
    bool any = false;
    for (const task& one : *list) {
      if (!one.state.empty() && one.state != "open") continue;
      if (who_.assigned && one.assigned != std::int64_t{who_.assigned->value}) continue;
      if (who_.tasks_due_within_days) {
        const auto from = seen_from(one);
        if (!from || *from > day_number(use_.now) + *who_.tasks_due_within_days) continue;
      }
      if (any && (!one.due || (out.task_due && !(*one.due < *out.task_due)))) continue;
      any = true;
      out.task_due = one.due;
      // The view lies in bytes that the next opening uses again.
      task_.assign(as_bytes(one.text.reveal()).begin(), as_bytes(one.text.reveal()).end());
      out.task = personal_text(as_text(task_));
    }
    return any;
  }

  // The log is in the order in which it was written, which need not be that of its times.
  bool was_quiet(byte_view value, listed& out) const {
    const auto list = list_of<customer_contact>::of(value);
    if (!list) return false;
    std::optional<std::int64_t> last;
    for (const customer_contact& one : *list) {
      if (one.at) last = std::max(last.value_or(day_number(*one.at)), day_number(*one.at));
    }
    if (last) out.contact = date_of(timestamp{*last * seconds_of_a_day});
    return !last || *last < day_number(use_.now) - who_.no_contact_for_days;
  }

  bool tagged(byte_view value) const {
    const auto list = list_of<personal_text>::of(value);
    if (!list) return false;
    for (const personal_text& one : *list) {
      if (words_of(one.reveal()) == tag_) return true;
    }
    return false;
  }

  bool in_tier(byte_view value) const {
    personal_text tier;
    return decode_value(value, tier) && words_of(tier.reveal()) == tier_;
  }

  bool was_bought(const purchase_view& receipt) const {
    for (const purchase_line& line : receipt.lines) {
      if (!bought_.empty() && !says(line.description, bought_) && !says(line.sku, bought_))
        continue;
      if (!category_.empty() && !says(line.category, category_)) continue;
      if (!brand_.empty() && !says(line.brand, brand_)) continue;
      return true;
    }
    return false;
  }

  // Receipts lie in the order in which they came in, which is not that of their days.
  result<bool> purchases_hold(const grant& permit, customer_no number, listed& out) {
    const auto entry = s_.entry(number);
    if (!entry) return entry.error();
    const manifest& known = **entry;
    std::optional<std::int64_t> last;
    std::optional<std::int64_t> last_of_that;
    for (std::uint32_t sequence = 1; sequence <= known.purchases; ++sequence) {
      const auto item = s_.opener.item(permit, known, item_kind::purchase, sequence);
      if (!item) return item.error();
      const auto receipt = decode_purchase(*item);
      if (!receipt) return receipt.error();
      const std::int64_t day = receipt->receipt.day  ? days_since_epoch(*receipt->receipt.day)
                               : receipt->receipt.at ? day_number(*receipt->receipt.at)
                                                     : 0;
      last = std::max(last.value_or(day), day);
      if (lines_ && was_bought(*receipt)) {
        last_of_that = std::max(last_of_that.value_or(day), day);
      }
    }
    const auto shown = lines_ ? last_of_that : last;
    if (shown) out.purchase = date_of(timestamp{*shown * seconds_of_a_day});
    const std::int64_t quiet_since = day_number(use_.now) - who_.no_purchase_for_days;
    if (who_.no_purchase_for_days != 0 && last && *last >= quiet_since) return false;
    if (!lines_) return true;
    return last_of_that.has_value() &&
           (!who_.bought_since || *last_of_that >= days_since_epoch(*who_.bought_since));
  }

  session_state& s_;
  const list_query& who_;
  decision_request use_;
  decision_request query_;
  search::text likes_, size_, bought_, category_, brand_, tag_, tier_;
  field_set needed_;
  bool purchases_ = false;
  bool lines_ = false;  // Something that was bought is asked for.
  std::string kind_;
  wiped_bytes task_;
};

bool asks_what_was_bought(const list_query& who) {
  return !words_of(who.bought).empty() || !words_of(who.bought_category).empty() ||
         (!words_of(who.brand).empty() && words_of(who.size).empty());
}

// Whoever asks for a condition that says nothing is not told of everybody: a text that is there,
// without a word in it. One that was left out has no address.
result<void> check_texts(const list_query& who) {
  for (const std::string_view text :
       {who.likes, who.size, who.size_kind, who.bought, who.bought_category, who.brand, who.tag,
        who.tier, who.days ? who.days->kind : std::string_view()}) {
    if (!valid_utf8(text)) return error{errc::invalid_encoding, "not UTF-8"};
    if (text.data() != nullptr && words_of(text).empty()) {
      return error{errc::invalid_argument, "a condition without a word holds for nobody"};
    }
  }
  if (!who.size_kind.empty() && words_of(who.size).empty()) {
    return error{errc::invalid_argument, "the kind of a size is asked for with a size"};
  }
  return {};
}

result<void> check(const list_query& who) {
  if (auto good = check_texts(who); !good) return good;
  if (who.days && (!exists(who.days->first) || who.days->first.year == 0 || who.days->days == 0 ||
                   who.days->days > 366)) {
    return error{errc::invalid_argument,
                 "days are asked for from a day with its year on, 1 to 366"};
  }
  constexpr date last{9999, 12, 31};  // No day behind it can be written.
  if (who.days && days_since_epoch(who.days->first) + who.days->days - 1 > days_since_epoch(last)) {
    return error{errc::invalid_argument, "the days that are asked for end behind the year 9999"};
  }
  if (who.bought_since && (!exists(*who.bought_since) || who.bought_since->year == 0)) {
    return error{errc::invalid_argument, "a day since when has its year"};
  }
  if (!who.bought_since || asks_what_was_bought(who)) return {};
  return error{errc::invalid_argument, "a day since when is of something that was bought"};
}

bool asks_nothing(const list_query& who) {
  return !who.days && words_of(who.likes).empty() && words_of(who.size).empty() &&
         !asks_what_was_bought(who) && who.no_purchase_for_days == 0 &&
         who.consent_ends_within_days == 0 && !who.tasks_due_within_days && !who.assigned &&
         who.no_contact_for_days == 0 && words_of(who.tag).empty() && words_of(who.tier).empty();
}

}  // namespace

result<void> session::list_customers(const list_query& who, purpose_id purpose, field_set fields,
                                     callback_ref<bool(const listed&)> each) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::list, purpose); !seen) return seen;
  if (auto good = check(who); !good) return good;
  if (asks_nothing(who)) {
    return error{errc::invalid_argument, "a list needs a condition"};
  }
  if (auto may = s.may_scan(s.core->row().customers); !may) return may;
  list_maker maker(s, who, purpose);
  if (auto known = maker.can_be_asked(); !known) return known;
  view seen;
  for (customer_no number = first_customer; number < s.core->row().next; ++number.value) {
    const customer_id id = s.core->keys().ids->id(number);
    const auto asked = s.ask(action::list, purpose, id);
    // A list by a case is of those whom it names, one of a portfolio of those who are in it.
    if (!asked && (asked.error().code == errc::case_required ||
                   asked.error().code == errc::not_in_portfolio)) {
      continue;
    }
    if (!asked) return asked;
    listed out{.seen = seen};
    const auto holds = maker.looks(number, out);
    if (!holds) {
      if (holds.error().code == errc::key_erased) continue;
      return holds.error();
    }
    if (!*holds) continue;
    if (auto counted = s.look_at(number, purpose, look_kind::list, fields); !counted)
      return counted;
    if (auto done = s.fill(seen, number, id, maker.request(), fields); !done) return done;
    if (!each(out)) break;
  }
  return {};
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
