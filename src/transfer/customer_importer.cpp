// The importer: one pass over the customers of a source, a second one over the households, one
// transaction. Of each row is asked whom it means; then it is a new customer's, completes or renews
// one, or is left out (import_run.hpp names the parts). Relies on import_set for everything that a
// row alone can get wrong, and on the session for everything that a book can refuse.
#include <clientbook/internal/book/made_up_id.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/transfer/import_customers.hpp>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "customer_source.hpp"
#include "household_links.hpp"
#include "import_run.hpp"
#include "new_duplicates.hpp"
#include "remembered_people.hpp"
#include "row_customer.hpp"
#include "row_directives.hpp"
#include "row_fields.hpp"
#include "row_items.hpp"
#include "row_noes.hpp"

namespace clientbook {
namespace {

// What goes wrong with a row, as opposed to with the book.
bool is_bad_row(errc code) {
  return code == errc::already_exists || code == errc::limit_exceeded ||
         (code >= errc::invalid_encoding && code < errc::denied) || code == errc::back_dated ||
         code == errc::unknown_notice;
}

constexpr error has_them{errc::already_exists,
                         "the book has this customer, by id or by what they are reached by: say "
                         "what becomes of those whom it has (update, add or skip-known)"};

class importer {
 public:
  importer(session& into, const column_map& map, const customer_source& from,
           const customer_import_options& options, const customer_import_listener& listener)
      : run_{.into = into, .map = map, .options = options, .listener = listener, .from = from} {}

  result<customer_import_counts> run();

 private:
  result<void> read_book();
  error failed(import_step step, const error& what, import_place at = {});
  import_place place_of(const import_customer& one) const;
  void report() const;

  result<void> next(const import_customer& one);
  result<void> keep(const import_customer& one);
  result<void> complete(const import_customer& one, const customer_id& id);
  result<void> only_consents(const import_customer& one);
  result<void> heed_unread(const import_customer& one);
  result<void> fill(const import_customer& one);
  collection collected(const import_customer& one) const;

  import_run run_;
  import_row& row_ = run_.row;
  row_directives consents_{run_};
  row_customer owner_{run_};
  remembered_people remembered_{run_};
  row_noes noes_{run_, consents_, remembered_};
  row_items items_{run_};
  household_links households_{run_};
  std::vector<std::optional<customer_id>> taken_;  ///< Whose the rows before are, in their order.
  new_customers fresh_;
  std::span<const field_value> fields_{};  ///< Of the customer, from who has whole records.
  std::string made_up_id_;
};

result<customer_import_counts> importer::run() {
  if (auto read = read_book(); !read) return failed(import_step::begin, read.error());
  if (auto begun = run_.into.begin(); !begun) return failed(import_step::begin, begun.error());
  report();
  const auto take = [&](const import_customer& one, std::span<const field_value> fields) {
    fields_ = fields;
    row_.clear();
    const auto looked_at = next(one);
    taken_.push_back(row_.whose);
    report();
    return looked_at;
  };
  const auto done = run_.from.for_each(take);
  if (!done) {
    run_.into.rollback();
    return failed(run_.step, done.error(), run_.failed_at);
  }
  if (auto back = remembered_.all_came_back(); !back) {
    run_.into.rollback();
    return failed(import_step::rules, back.error());
  }
  if (auto closed = noes_.close_for_others(); !closed) {
    run_.into.rollback();
    return failed(import_step::rules, closed.error(), run_.failed_at);
  }
  if (auto closed = noes_.close_refused(); !closed) {
    run_.into.rollback();
    return failed(import_step::rules, closed.error(), run_.failed_at);
  }
  if (auto linked = households_.link(taken_); !linked) {
    run_.into.rollback();
    return failed(import_step::households, linked.error());
  }
  if (run_.options.dry_run) {
    run_.into.rollback();
    return run_.counts;
  }
  if (auto kept = run_.into.commit(); !kept) return failed(import_step::commit, kept.error());
  look_for_duplicates(run_, std::move(fresh_));
  return run_.counts;
}

result<void> importer::read_book() {
  if (auto opened = consents_.open(); !opened) return opened;
  run_.now = run_.into.request(purpose_id()).now;
  const purpose_set reading =
      run_.options.purposes.named() ? run_.options.purposes.all() : run_.into.purposes();
  reading.for_each([&](purpose_id each) { run_.reading.push_back(each); });
  return {};
}

error importer::failed(import_step step, const error& what, import_place at) {
  run_.tell(step, what, at, false);
  return {what.code, what.text, at.line};
}

// Of a note its own file and line.
import_place importer::place_of(const import_customer& one) const {
  const import_place here =
      row_.writing != nullptr ? run_.from.place_of(*row_.writing) : import_place{};
  return here.line != 0 ? here : import_place{0, one.line};
}

void importer::report() const {
  if (run_.listener.progress == nullptr) return;
  run_.listener.progress(run_.listener.context,
                         run_.counts.customers + run_.counts.known + run_.counts.skipped,
                         run_.from.customers);
}

result<void> importer::next(const import_customer& one) {
  run_.step = import_step::customer;
  if (one.left_out) return heed_unread(one);
  const auto kept = keep(one);
  if (kept) return {};
  // Nothing that could say whose the rest is: whoever imports is told, and keeps no husk.
  if (kept.error().code == errc::no_basis && !row_.begun && run_.lenient()) {
    ++run_.counts.not_kept;
    run_.tell(import_step::customer, kept.error(), {0, one.line}, true);
    return noes_.heed_left_out(one);
  }
  if (kept.error().code == errc::key_erased && !row_.begun && row_.erased) {
    ++run_.counts.remembered;
    run_.tell(import_step::customer, kept.error(), {0, one.line}, true);
    return noes_.heed_left_out(one);
  }
  // Somebody who is in the book already cannot be taken out again, and a rule of the map that is
  // wrong is wrong for everybody: then all of it stops.
  if (run_.options.on_bad_row == bad_row::skip && !row_.begun &&
      run_.step == import_step::customer && is_bad_row(kept.error().code)) {
    ++run_.counts.skipped;
    run_.tell(import_step::customer, kept.error(), {0, one.line}, true);
    return noes_.heed_left_out(one);
  }
  run_.failed_at = place_of(one);
  return kept;
}

result<void> importer::keep(const import_customer& one) {
  // First of all, for a row that is left out says no all the same.
  if (auto said = consents_.read(one); !said) return said;
  if (auto filled = fill(one); !filled) return filled;
  if (auto timely = check_days(one, run_.now); !timely) return timely;
  if (run_.options.content == import_content::consents) return only_consents(one);
  if (run_.options.on_known != known_customer::stop) {
    const auto who = owner_.find(one);
    if (!who) return who.error();
    if (*who) return complete(one, **who);
  } else if (run_.map.ids_link_files()) {
    // No id stops who is there already.
    const auto who = owner_.find(one);
    if (!who && who.error().code != errc::already_exists) return who.error();
    if (!who || *who) return has_them;
  }
  if (run_.options.on_known == known_customer::stop && noes_.is_a_no_and_a_way(one)) {
    const auto taken = noes_.take_for_known(one);
    if (!taken || *taken) return taken ? result<void>() : taken.error();
  }
  const auto unsubscribed = remembered_.ask();
  if (!unsubscribed) return unsubscribed.error();
  const auto put = run_.into.put(row_.record, collected(one));
  // What was remembered is no no of the row, if the row is left out.
  if (!put && *unsubscribed) row_.directives.pop_back();
  if (!put && put.error().code == errc::already_exists &&
      run_.options.on_known == known_customer::stop) {
    return has_them;
  }
  if (!put) return put.error();
  row_.begun = true;
  fresh_.emplace_back(put->id, one.line);
  if (*unsubscribed) {
    ++run_.counts.unsubscribed;
    const auto heeded =
        run_.into.forget_remembered(row_.record.fields(), refusal_kind::unsubscribed);
    if (!heeded) return heeded.error();
  }
  for (const field_id field : put->left_out) {
    run_.count_left_out(field, put->why_left_out[field.value]);
  }
  ++run_.counts.customers;
  run_.counts.directives += row_.directives.size();
  if (!put->waiting.empty()) ++run_.counts.waiting;

  if (!put->left_out.has(field::household)) households_.remember(one, put->id);
  row_.whose = put->id;
  noes_.note_newcomer(put->id);
  const field_set ways = ways_to_reach & ~put->left_out;
  if (auto kept = noes_.keep(one, put->id, ways); !kept) return kept.error();
  // Of a newcomer without a yes nothing is open, and the first one they say is theirs.
  const bool says_yes =
      std::ranges::any_of(row_.directives, [](const directive& said) { return widens(said.kind); });
  if (says_yes) {
    if (auto noted = noes_.note_gained(one, ways, put->id); !noted) return noted;
  }
  return items_.keep(one, put->id);
}

// Adds what the book lacks of a customer whom it has, or renews what files brought (merge()).
result<void> importer::complete(const import_customer& one, const customer_id& id) {
  ++run_.counts.known;
  row_.whose = id;
  noes_.note_word(id);
  // Who said it may be any of those who have the row's address, they themselves too.
  if (run_.options.on_known == known_customer::skip) {
    if (auto said = noes_.say(one, id); !said) return said;
    return noes_.heed(one, id);
  }
  if (auto again = consents_.find_again(id); !again) return again;
  const auto told = run_.into.merge(
      id, row_.record, collected(one),
      run_.options.on_known == known_customer::update ? merge_rule::renew : merge_rule::complete);
  if (!told) return told.error();
  row_.begun = true;
  // Theirs is what the book took, and what it has alike.
  const field_set theirs = ways_to_reach & ~(told->kept | told->left_out);
  run_.people.drop(told->replaced & ways_to_reach, id);
  // What was said before closed what it closes then; what the book had otherwise is news, for the
  // others who have it.
  const field_set otherwise = told->added | told->replaced | told->kept | told->left_out;
  const bool as_before =
      told->recorded + told->back_dated == 0 && (ways_to_reach & otherwise).empty();
  if (!as_before) {
    if (auto kept = noes_.keep(one, id, theirs); !kept) return kept.error();
  }
  bool added = !told->added.empty() || told->recorded != 0;
  if (auto closed = noes_.close_gained(one, *told, id); !closed) return closed;
  if (auto noted = noes_.note_gained(one, told->added | told->replaced, id); !noted) return noted;
  run_.count(one.line, *told);
  if (told->added.has(field::household)) households_.remember(one, id);
  if (auto done = items_.add(one, id, added); !done) return done;
  if (added) ++run_.counts.completed;
  if (added || !told->replaced.empty()) ++run_.counts.changed;
  return {};
}

result<void> importer::only_consents(const import_customer& one) {
  const email_address mail{.address = one.external_id};
  // Some tables name people by their address alone.
  if (one.emails.empty() && validate_email(one.external_id)) {
    if (auto set = row_.record.set(field::emails, std::span(&mail, 1)); !set) return set;
  }
  const auto who = owner_.find(one);
  if (!who && who.error().code == errc::already_exists) {
    const auto kept = noes_.keep(one, {}, ways_to_reach);
    if (!kept) return kept.error();
    // Whose it is of those who have the address is no matter then, but for what is about more
    // than the address.
    if (*kept) {
      noes_.tell_ways_alone(one.line);
      return {};
    }
  }
  if (!who) return who.error();
  if (!*who) {
    if (auto kept = noes_.keep(one, {}, ways_to_reach); !kept) return kept.error();
    return remembered_.remember_row(one.line);
  }
  ++run_.counts.known;
  row_.begun = true;
  noes_.note_word(**who);
  // An address that several have, in a row of which no name could be read, makes nobody a child.
  if (row_.by_id || !one.left_out) {
    if (auto aged = noes_.note_age(one, **who); !aged) return aged;
  }
  if (auto again = consents_.find_again(**who); !again) return again;
  // The book has the row's addresses and numbers, or it has not: the list brings none.
  if (auto kept = noes_.keep(one, **who, {}); !kept) return kept.error();
  bool waiting = false;
  for (const directive& each : row_.directives) {
    const auto recorded = run_.into.record(**who, each);
    // An address that is not theirs: it is closed for whoever has it.
    if (!recorded && recorded.error().code == errc::not_found && is_about_contacts(each) &&
        !widens(each.kind)) {
      continue;
    }
    if (!recorded && recorded.error().code == errc::back_dated) {
      ++run_.counts.back_dated;
    } else if (!recorded) {
      return recorded.error();
    } else {
      ++(recorded->repeated ? run_.counts.repeated_directives : run_.counts.directives);
      waiting = waiting || (!recorded->repeated && !recorded->waiting.empty());
    }
  }
  if (waiting) ++run_.counts.waiting;
  return {};
}

// A row that the reader could not take, and has told of: what it says no to counts for whoever
// has its id, and for all who have its addresses and numbers.
result<void> importer::heed_unread(const import_customer& one) {
  run_.failed_at = {0, one.line};
  if (auto said = consents_.read(one); !said) return said;
  // An id that is none leaves the addresses.
  if (auto filled = fill(one); !filled) {
    row_.record.clear();
    if (auto set = set_lists(row_.record, one, {}); !set) return {};
  }
  const auto told = run_.counts;
  const auto done = one.external_id.empty() && one.emails.empty() && one.phones.empty()
                        ? noes_.heed(one)
                        : only_consents(one);
  run_.counts.known = told.known;
  run_.counts.strangers = told.strangers;
  return done || !is_bad_row(done.error().code) ? done : noes_.heed_left_out(one);
}

collection importer::collected(const import_customer& one) const {
  return {
      .purposes = run_.options.purposes,
      .directives = row_.directives,
      .without_basis = run_.lenient() ? when_without_basis::leave_out : when_without_basis::refuse,
      .source = field_source::file,
      .decisions = !one.consents.empty()         ? std::string_view(row_.decisions)
                   : run_.map.tells_of_consent() ? collection::said_nothing
                                                 : std::string_view(),
      .as_of = one.changed_at ? std::optional(date_of(*one.changed_at)) : run_.options.as_of};
}

result<void> importer::fill(const import_customer& one) {
  for (const field_value& each : fields_) {
    if (auto set = row_.record.set_raw(each.id, each.value); !set) return set;
  }
  if (!fields_.empty()) return {};
  std::vector<external_id> ids;
  // What the id was made of may not be kept, or will be corrected: a token of it stands there.
  std::string_view id = one.external_id;
  if (!run_.map.ids_link_files() && is_made_up(one)) {
    auto token = made_up_id(run_.into, one.external_id);
    if (!token) return token.error();
    made_up_id_ = std::move(*token);
    id = made_up_id_;
  }
  if (!run_.map.ids_link_files()) ids.push_back({.system = run_.map.system(), .value = id});
  ids.insert(ids.end(), one.external_ids.begin(), one.external_ids.end());
  return set_fields(row_.record, one, ids);
}

}  // namespace

result<customer_import_counts> import_source_customers(session& into, const column_map& map,
                                                       const customer_source& from,
                                                       const customer_import_options& options,
                                                       const customer_import_listener& listener) {
  return importer(into, map, from, options, listener).run();
}

}  // namespace clientbook
