// The importer: one pass over the customers, a second one over the households, one transaction.
// Relies on import_set for everything that a row alone can get wrong, and on the session for
// everything that a book can refuse.
#include <clientbook/consent/shop_consent.hpp>
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/exchange/map_proposal.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/book/made_up_id.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/scanner/text_redactor.hpp>
#include <clientbook/transfer/import_customers.hpp>
#include <clientbook/transfer/scope_words.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "customer_source.hpp"
#include "people_index.hpp"
#include "said_that_day.hpp"
#include "shared_noes.hpp"

namespace clientbook {
namespace {

// What goes wrong with a row, as opposed to with the book.
bool is_bad_row(errc code) {
  return code == errc::already_exists || code == errc::limit_exceeded ||
         (code >= errc::invalid_encoding && code < errc::denied) || code == errc::back_dated ||
         code == errc::unknown_notice;
}

bool is_no(const directive& one) { return says_no(one.kind); }

bool may_end(directive_kind kind) {
  return kind == directive_kind::grant || kind == directive_kind::renew ||
         kind == directive_kind::deny || kind == directive_kind::refuse;
}

// What a row says of consents as one text, by which it is known again.
void append_words(const import_consent& said, std::string& to) {
  const auto list = [&](std::span<const std::string_view> words) {
    for (const std::string_view word : words) to.append(word).append(1, ',');
    to += '|';
  };
  const auto when = [&](const std::optional<timestamp>& at) {
    if (at) to.append(std::to_string(at->seconds));
    to += '|';
  };
  to.append(said.kind).append(1, '|');
  list(said.purposes);
  list(said.recipients);
  list(said.categories);
  for (const std::string_view word : {said.channel, said.strength, said.notice, said.evidence}) {
    to.append(word).append(1, '|');
  }
  // As they were before there were these, for who has neither.
  if (!said.contact.empty() || !said.law.empty()) {
    to.append(said.contact).append(1, '|').append(said.law).append(1, '|');
  }
  if (!said.state.empty()) to.append(said.state).append(1, '|');
  when(said.given_at);
  when(said.expires_at);
  to += '\n';
}

// Whether two purchases may be of one day. Of a moment the day depends on where it was.
bool may_be_of_one_day(const purchase& one, const purchase& other) {
  const auto day_of = [](const purchase& of) {
    return of.day  ? days_since_epoch(*of.day)
           : of.at ? days_since_epoch(date_of(*of.at))
                   : std::int64_t{0};
  };
  const std::int64_t apart = day_of(one) - day_of(other);
  const std::int64_t most = one.at || other.at ? 1 : 0;
  return apart >= -most && apart <= most;
}

// An order is one purchase in one store; whoever does not say the store may mean any, of that day:
// two stores may count alike. What has no number is the same if it was then and came to as much.
bool same_receipt(const purchase& known, const purchase& told) {
  if (known.order != told.order) return false;
  if (known.store != told.store) {
    if (!known.store.empty() && !told.store.empty()) return false;
    if (!may_be_of_one_day(known, told)) return false;
  }
  return !told.order.empty() || (known.at == told.at && known.day == told.day &&
                                 known.total == told.total && known.currency == told.currency);
}

template <class T>
result<void> set_list(customer& record, field_id field, std::span<const T> list) {
  if (list.empty()) return {};
  return record.set(field, list);
}

result<void> set_lists(customer& record, const import_customer& one,
                       std::span<const external_id> ids) {
  for (auto set :
       {set_list(record, field::emails, one.emails), set_list(record, field::phones, one.phones),
        set_list(record, field::addresses, one.addresses),
        set_list(record, field::special_days, one.special_days),
        set_list(record, field::sizes, one.sizes), set_list(record, field::likes, one.likes),
        set_list(record, field::dislikes, one.dislikes), set_list(record, field::external_ids, ids),
        set_list(record, field::tags, one.tags), set_list(record, field::wishes, one.wishes),
        set_list(record, field::tasks, one.tasks), set_list(record, field::contacts, one.contacts),
        set_list(record, field::government_ids, one.government_ids),
        set_list(record, field::payment_cards, one.payment_cards)}) {
    if (!set) return set;
  }
  return {};
}

result<void> set_singles(customer& record, const import_customer& one) {
  const person_name& name = one.name;
  if (!name.given.empty() || !name.family.empty() || !name.nickname.empty()) {
    if (auto set = record.set(field::name, name); !set) return set;
  }
  if (one.birth_date) {
    if (auto set = record.set(field::birth_date, *one.birth_date); !set) return set;
  }
  for (const auto& [field, value] :
       {std::pair{field::language, one.language}, std::pair{field::time_zone, one.time_zone},
        std::pair{field::employer, one.employer}, std::pair{field::tier, one.tier}}) {
    if (value.empty()) continue;
    if (auto set = record.set(field, value); !set) return set;
  }
  if (one.reach) {
    if (auto set = record.set(field::reach, *one.reach); !set) return set;
  }
  if (one.demographics) return record.set(field::demographics, *one.demographics);
  return {};
}

result<void> set_household(customer& record, const import_customer& one) {
  std::vector<household_link> links;
  for (const import_household& member : one.household) links.push_back(member.link);
  return set_list(record, field::household, std::span<const household_link>(links));
}

// Somebody of whom nothing is known but an address or a number.
result<void> set_contact(customer& who, std::string_view text) {
  if (text.find('@') == std::string_view::npos) {
    return who.set(field::phones, std::array{phone_number{.number = text}});
  }
  return who.set(field::emails, std::array{email_address{.address = text}});
}

constexpr field_set ways_to_reach{field::emails, field::phones};

constexpr error has_them{errc::already_exists,
                         "the book has this customer, by id or by what they are reached by: say "
                         "what becomes of those whom it has (update, add or skip-known)"};

// The book's state does not change what the words of a rule mean while one import runs, so all that
// is looked up is looked up once: registry, notices, and the scope of each rule of the map.
class importer {
 public:
  importer(session& into, const column_map& map, const customer_import_options& options,
           const customer_import_listener& listener)
      : into_(into), map_(map), options_(options), listener_(listener) {}

  result<customer_import_counts> run(const customer_source& from) {
    if (auto read = read_book(); !read) return failed(import_step::begin, read.error());
    from_ = &from;
    if (auto begun = into_.begin(); !begun) return failed(import_step::begin, begun.error());
    report();
    const auto take = [&](const import_customer& one, std::span<const field_value> fields) {
      fields_ = fields;
      whose_.reset();
      const auto looked_at = next(one);
      taken_.push_back(whose_);
      report();
      return looked_at;
    };
    const auto done = from.for_each(take);
    if (!done) {
      into_.rollback();
      return failed(step_, done.error(), failed_at_);
    }
    if (auto back = all_came_back(); !back) {
      into_.rollback();
      return failed(import_step::rules, back.error());
    }
    if (auto closed = close_for_others(); !closed) {
      into_.rollback();
      return failed(import_step::rules, closed.error(), failed_at_);
    }
    if (auto linked = link_households(); !linked) {
      into_.rollback();
      return failed(import_step::households, linked.error());
    }
    if (options_.dry_run) {
      into_.rollback();
      return counts_;
    }
    if (auto kept = into_.commit(); !kept) return failed(import_step::commit, kept.error());
    look_for_duplicates();
    return counts_;
  }

 private:
  // What was imported stays, whatever becomes of this: the counts say whether it came to its end.
  void look_for_duplicates() {
    counts_.duplicates_looked_for = fresh_.empty();
    if (fresh_.empty() || options_.duplicates == import_duplicates::not_looked_for) return;
    std::ranges::sort(fresh_);
    std::vector<customer_id> all;
    for (const auto& [id, line] : fresh_) all.push_back(id);
    const auto line_of = [&](const customer_id& id) {
      const auto at = std::ranges::lower_bound(fresh_, std::pair(id, std::uint64_t{0}));
      return at == fresh_.end() || at->first != id ? std::uint64_t{0} : at->second;
    };
    for (const purpose_id each : reading_) {
      const auto told =
          into_.duplicates(each,
                           [&](const duplicate_pair& pair) {
                             ++counts_.duplicates;
                             const std::uint64_t first = line_of(pair.first);
                             // The later row looks like the earlier one, or like who was there.
                             const customer_import_duplicate one{
                                 .line = line_of(pair.second), .other_line = first, .pair = pair};
                             if (listener_.duplicate != nullptr)
                               listener_.duplicate(listener_.context, one);
                             return true;
                           },
                           {.of = all});
      if (!told && told.error().code == errc::role_denied) continue;
      counts_.duplicates_purpose = each;
      counts_.duplicates_looked_for = told.has_value();
      return;
    }
  }

  struct known_rule {
    import_consent said;
    bool grants = false;
    consent_scope scope;
  };
  static constexpr std::size_t most_rules = 16;

  struct pending_household {
    customer_id id;
    std::vector<household_link> links;
    std::vector<std::string> texts;  ///< What the links view.
    std::vector<std::string> external_ids;
  };

  result<void> read_book() {
    const auto registry = into_.recipients();
    if (!registry) return registry.error();
    registry_ = **registry;
    const auto notices = into_.notices();
    if (!notices) return notices.error();
    notices_.assign(notices->begin(), notices->end());
    now_ = into_.request(purpose_id()).now;
    const purpose_set reading =
        options_.purposes.named() ? options_.purposes.all() : into_.purposes();
    reading.for_each([&](purpose_id each) { reading_.push_back(each); });
    return {};
  }

  error failed(import_step step, const error& what, import_place at = {}) {
    tell(step, what, at, false);
    return {what.code, what.text, at.line};
  }

  void tell(import_step step, const error& what, import_place at, bool skipped) {
    if (listener_.problem == nullptr) return;
    customer_import_problem problem;
    problem.step = step;
    problem.what = what;
    problem.skipped = skipped;
    if (at.line != 0) problem.file = map_.files()[at.file];
    problem.line = at.line;
    listener_.problem(listener_.context, problem);
  }

  // Of a note its own file and line.
  import_place place_of(const import_customer& one) const {
    const import_place here = note_ != nullptr ? from_->place_of(*note_) : import_place{};
    return here.line != 0 ? here : import_place{0, one.line};
  }

  void report() const {
    if (listener_.progress == nullptr) return;
    listener_.progress(listener_.context, counts_.customers + counts_.known + counts_.skipped,
                       from_->customers);
  }

  result<void> next(const import_customer& one) {
    step_ = import_step::customer;
    if (one.left_out) return heed_unread(one);
    const auto kept = keep(one);
    if (kept) return {};
    // Nothing that could say whose the rest is: whoever imports is told, and keeps no husk.
    if (kept.error().code == errc::no_basis && !begun_ && lenient()) {
      ++counts_.not_kept;
      tell(import_step::customer, kept.error(), {0, one.line}, true);
      return heed_left_out(one);
    }
    if (kept.error().code == errc::key_erased && !begun_ && asked_) {
      ++counts_.remembered;
      tell(import_step::customer, kept.error(), {0, one.line}, true);
      return heed_left_out(one);
    }
    // Somebody who is in the book already cannot be taken out again, and a rule of the map that is
    // wrong is wrong for everybody: then all of it stops.
    if (options_.on_bad_row == bad_row::skip && !begun_ && step_ == import_step::customer &&
        is_bad_row(kept.error().code)) {
      ++counts_.skipped;
      tell(import_step::customer, kept.error(), {0, one.line}, true);
      return heed_left_out(one);
    }
    failed_at_ = place_of(one);
    return kept;
  }

  void begin_row() {
    note_ = nullptr;
    begun_ = false;
    asked_ = false;
    record_.clear();
    directives_.clear();
    said_.clear();
  }

  result<void> keep(const import_customer& one) {
    begin_row();
    // First of all, for a row that is left out says no all the same.
    if (auto said = make_directives(one); !said) return said;
    if (auto filled = fill(one); !filled) return filled;
    if (auto timely = check_days(one); !timely) return timely;
    if (options_.content == import_content::consents) return only_consents(one);
    if (options_.on_known != known_customer::stop) {
      const auto who = known(one);
      if (!who) return who.error();
      if (*who) return complete(one, **who);
    } else if (map_.ids_link_files()) {
      // No id stops who is there already.
      const auto who = known(one);
      if (!who && who.error().code != errc::already_exists) return who.error();
      if (!who || *who) return has_them;
    }
    if (options_.on_known == known_customer::stop && is_a_no_and_a_way(one)) {
      const auto taken = no_of_known(one);
      if (!taken || *taken) return taken ? result<void>() : taken.error();
    }
    const auto unsubscribed = ask_who_said_no();
    if (!unsubscribed) return unsubscribed.error();
    const auto put = into_.put(record_, collected(one));
    // What was remembered is no no of the row, if the row is left out.
    if (!put && *unsubscribed) directives_.pop_back();
    if (!put && put.error().code == errc::already_exists &&
        options_.on_known == known_customer::stop) {
      return has_them;
    }
    if (!put) return put.error();
    begun_ = true;
    fresh_.emplace_back(put->id, one.line);
    if (*unsubscribed) {
      ++counts_.unsubscribed;
      const auto heeded = into_.forget_remembered(record_.fields(), refusal_kind::unsubscribed);
      if (!heeded) return heeded.error();
    }
    for (const field_id field : put->left_out) {
      count_left_out(field, put->why_left_out[field.value]);
    }
    ++counts_.customers;
    counts_.directives += directives_.size();
    if (!put->waiting.empty()) ++counts_.waiting;

    if (!put->left_out.has(field::household)) remember_household(one, put->id);
    whose_ = put->id;
    if (auto kept = keep_noes(one, put->id, ways_to_reach & ~put->left_out); !kept) {
      return kept.error();
    }
    if (auto kept = keep_receipts(one, put->id); !kept) return kept;
    return keep_notes(one, put->id);
  }

  // A row of a list of who left: an address or number, a no, and nothing else.
  bool is_a_no_and_a_way(const import_customer& one) const {
    constexpr field_set known_by{field::emails, field::phones, field::external_ids};
    const bool no = std::ranges::any_of(directives_, is_no) &&
                    std::ranges::all_of(directives_, [](const directive& said) {
                      return is_no(said) || !decides(said.kind);
                    });
    if (!no || map_.ids_link_files() || !is_made_up(one) || !one.external_ids.empty()) return false;
    return one.notes.empty() && one.receipts.empty() && one.household.empty() &&
           std::ranges::all_of(record_.fields(),
                               [&](const field_value& each) { return known_by.has(each.id); });
  }

  // It is the no of whoever has the address, and makes nobody a second customer. False: nobody has.
  result<bool> no_of_known(const import_customer& one) {
    if (auto read = people_.read(into_, reading_, map_.system()); !read) return read.error();
    std::vector<customer_id> theirs = seen_by_ways(record_.view());
    std::ranges::sort(theirs, {}, &customer_id::bytes);
    theirs.erase(std::unique(theirs.begin(), theirs.end()), theirs.end());
    if (theirs.empty()) return false;
    ++counts_.known;
    ++counts_.matched;
    if (theirs.size() == 1) {
      whose_ = theirs.front();
      if (auto said = say_noes(one, theirs.front()); !said) return said.error();
      if (auto heeded = heed(one, theirs.front()); !heeded) return heeded.error();
      return true;
    }
    if (auto kept = keep_noes(one, {}, ways_to_reach); !kept) return kept.error();
    tell_ways_alone(one.line);
    return true;
  }

  void tell_ways_alone(std::uint64_t line) const {
    if (!says_more()) return;
    remark({errc::already_exists,
            "several customers of the book may be meant: of a no to more than their address or "
            "number these alone are closed"},
           line);
  }

  result<void> make_directives(const import_customer& one) {
    take_consents(one.consents);
    for (const import_consent& said : said_) {
      const auto made = directive_of(said);
      if (!made) {
        step_ = import_step::rules;
        return made.error();
      }
      directives_.push_back(*made);
    }
    order_by_time(said_);
    return name_what_is_lifted();
  }

  // What was bought tomorrow is a day that was read wrongly; days begin earlier in the East.
  result<void> check_days(const import_customer& one) const {
    const std::int64_t today = now_.seconds / 86'400;
    for (const import_receipt& each : one.receipts) {
      const std::int64_t day = each.head.day  ? days_since_epoch(*each.head.day)
                               : each.head.at ? each.head.at->seconds / 86'400
                                              : today;
      if (day <= today + 1) continue;
      return error{errc::invalid_value,
                   "a purchase of a day that is still to come: is the day first, or the month?"};
    }
    return {};
  }

  // An old file brings nobody back without a word: who imports is asked. An unsubscription that
  // came before the customer is said for them now, after all that the file says.
  result<bool> ask_who_said_no() {
    const auto no = no_before(record_.fields(), asks::who_was_erased);
    if (!no) return no.error();
    if (*no) directives_.push_back(**no);
    return no->has_value();
  }

  enum class asks : std::uint8_t { who_said_no, who_was_erased };

  // What is remembered of who has these values, as of the last time that they said it.
  result<std::optional<directive>> no_before(std::span<const field_value> who,
                                             asks what = asks::who_said_no) {
    const auto known = into_.remembered(who);
    if (!known) return known.error();
    bool no_marketing = false;
    std::optional<std::int64_t> latest;
    for (const remembered_refusal& one : *known) {
      no_marketing = no_marketing || one.kind == refusal_kind::no_marketing;
      if (one.kind != refusal_kind::erased) {
        latest = std::max(latest.value_or(0), days_since_epoch(one.on));
        continue;
      }
      if (what == asks::who_said_no || options_.on_remembered == remembered_person::take ||
          came_back()) {
        continue;
      }
      asked_ = true;
      return error{errc::key_erased, "this person was erased, and the book remembers it"};
    }
    if (!latest) return std::optional<directive>();
    return std::optional(no_of_before(*latest, no_marketing));
  }

  // Whoever imports has said so of this row: by its id, or by an address or number of it.
  bool came_back() {
    if (options_.came_back.empty()) return false;
    bool found = false;
    if (const auto all = record_.view().external_ids()) {
      for (const external_id& each : *all) {
        const std::string_view id = each.value.reveal();
        if (std::ranges::find(options_.came_back, id) == options_.came_back.end()) continue;
        welcome_.emplace(id);
        found = true;
      }
    }
    std::vector<contact_point> theirs;
    for (const std::string_view text : ways_of_row(ways_to_reach)) {
      if (const auto point = contact_named(text)) theirs.push_back(*point);
    }
    for (const std::string_view said : options_.came_back) {
      const auto point = contact_named(said);
      if (!point || std::ranges::find(theirs, *point) == theirs.end()) continue;
      if (!is_whole_way(said)) continue;
      welcome_.emplace(said);
      found = true;
    }
    return found;
  }

  // A number is known by its last digits: a card's or an id's that end alike is none.
  static bool is_whole_way(std::string_view text) {
    if (text.find('@') != std::string_view::npos) return validate_email(text).has_value();
    return text.starts_with('+');
  }

  result<void> all_came_back() const {
    const bool all = std::ranges::all_of(options_.came_back, [&](std::string_view id) {
      return welcome_.contains(std::string(id));
    });
    if (all) return {};
    return error{
        errc::not_found,
        "an id, address or number that is said to be of somebody who came back is nobody's "
        "whose erasure the book remembers"};
  }

  // Remembered is a day: it counts from its end, as any no of a day alone.
  directive no_of_before(std::int64_t day, bool no_marketing) const {
    const timestamp end{day * 86'400 + 86'399};
    directive no = make_email_promotion(email_promotion::none, {},
                                        {.at = std::min(end, now_),
                                         .channel = consent_channel::import,
                                         .recorder = into_.who().id});
    if (no_marketing) no.scope.purposes = {purpose::marketing};
    no.jurisdiction = into_.profile()->id;
    no.profile_version = into_.profile()->version;
    return no;
  }

  bool lenient() const { return options_.on_missing_basis == missing_basis::leave_out; }
  // Adds what the book lacks of a customer whom it has, or renews what files brought (merge()).
  result<void> complete(const import_customer& one, const customer_id& id) {
    ++counts_.known;
    whose_ = id;
    // Who said it may be any of those who have the row's address, they themselves too.
    if (options_.on_known == known_customer::skip) {
      if (auto said = say_noes(one, id); !said) return said;
      return heed(one, id);
    }
    if (auto again = find_again(id); !again) return again;
    const auto told = into_.merge(
        id, record_, collected(one),
        options_.on_known == known_customer::update ? merge_rule::renew : merge_rule::complete);
    if (!told) return told.error();
    begun_ = true;
    // Theirs is what the book took, and what it has alike.
    const field_set theirs = ways_to_reach & ~(told->kept | told->left_out);
    people_.drop(told->replaced & ways_to_reach, id);
    // What was said before closed what it closes then; what the book had otherwise is news, for the
    // others who have it.
    const field_set otherwise = told->added | told->replaced | told->kept | told->left_out;
    const bool as_before =
        told->recorded + told->back_dated == 0 && (ways_to_reach & otherwise).empty();
    if (!as_before) {
      if (auto kept = keep_noes(one, id, theirs); !kept) return kept.error();
    }
    bool added = !told->added.empty() || told->recorded != 0;
    if (auto closed = close_gained(one, *told, id); !closed) return closed;
    count(one, *told);
    if (told->added.has(field::household)) remember_household(one, id);
    if (auto done = add_receipts(one, id, added); !done) return done;
    if (auto done = add_notes(one, id, added); !done) return done;
    if (added) ++counts_.completed;
    if (added || !told->replaced.empty()) ++counts_.changed;
    return {};
  }

  // What said no before anybody had it closes for the customer who gets it: an address or number
  // for that alone, an id for them.
  result<void> close_gained(const import_customer& one, const merged& told, const customer_id& id) {
    const field_set gained = told.added | told.replaced;
    std::vector<directive> said;
    if (gained.has(field::external_ids)) {
      customer who;
      const auto ids = record_.view().external_ids();
      if (ids && ids->size() != 0) {
        std::vector<external_id> all;
        for (const external_id& each : *ids) all.push_back(each);
        if (auto set = who.set(field::external_ids, std::span<const external_id>(all)); !set)
          return set;
        if (auto closed = heed_before(id, who, {}, said); !closed) return closed;
      }
    }
    for (const std::string_view text : ways_of_row(gained)) {
      customer who;
      const auto point = contact_named(text);
      if (!point || !set_contact(who, text)) continue;
      if (auto closed = heed_before(id, who, *point, said); !closed) return closed;
    }
    if (said.empty()) return {};
    ++counts_.unsubscribed;
    if (auto read = people_.read(into_, reading_, map_.system()); !read) return read;
    const auto shared = noes_.add(into_, people_,
                                  {.record = record_.view(),
                                   .named = {},
                                   .said = said,
                                   .whose = id,
                                   .kept = ways_to_reach,
                                   .line = one.line});
    return shared ? result<void>() : shared.error();
  }

  std::vector<std::string_view> ways_of_row(field_set wanted) const {
    const record_view row = record_.view();
    std::vector<std::string_view> out;
    if (const auto all = row.emails(); all && wanted.has(field::emails)) {
      for (const email_address& each : *all) out.push_back(each.address.reveal());
    }
    if (const auto all = row.phones(); all && wanted.has(field::phones)) {
      for (const phone_number& each : *all) out.push_back(each.number.reveal());
    }
    return out;
  }

  // As for a newcomer who has these values.
  result<void> heed_before(const customer_id& id, const customer& who, const contact_point& about,
                           std::vector<directive>& said) {
    auto no = no_before(who.fields());
    if (!no) return no.error();
    if (!*no) return {};
    (*no)->contacts[0] = about;
    said.push_back(**no);
    const auto recorded = into_.record(id, **no);
    if (!recorded) return recorded.error();
    ++(recorded->repeated ? counts_.repeated_directives : counts_.directives);
    const auto heeded = into_.forget_remembered(who.fields(), refusal_kind::unsubscribed);
    return heeded ? result<void>() : heeded.error();
  }

  // Of who is no customer a no is remembered, and nothing else is known.
  result<void> only_consents(const import_customer& one) {
    const email_address mail{.address = one.external_id};
    // Some tables name people by their address alone.
    if (one.emails.empty() && validate_email(one.external_id)) {
      if (auto set = record_.set(field::emails, std::span(&mail, 1)); !set) return set;
    }
    const auto who = known(one);
    if (!who && who.error().code == errc::already_exists) {
      const auto kept = keep_noes(one, {}, ways_to_reach);
      if (!kept) return kept.error();
      // Whose it is of those who have the address is no matter then, but for what is about more
      // than the address.
      if (*kept) {
        tell_ways_alone(one.line);
        return {};
      }
    }
    if (!who) return who.error();
    if (!*who) {
      if (auto kept = keep_noes(one, {}, ways_to_reach); !kept) return kept.error();
      return remember_no(one.line);
    }
    ++counts_.known;
    begun_ = true;
    // An address that several have, in a row of which no name could be read, makes nobody a child.
    if (by_id_ || !one.left_out) {
      if (auto aged = note_age(one, **who); !aged) return aged;
    }
    if (auto again = find_again(**who); !again) return again;
    // The book has the row's addresses and numbers, or it has not: the list brings none.
    if (auto kept = keep_noes(one, **who, {}); !kept) return kept.error();
    bool waiting = false;
    for (const directive& each : directives_) {
      const auto recorded = into_.record(**who, each);
      // An address that is not theirs: it is closed for whoever has it.
      if (!recorded && recorded.error().code == errc::not_found && is_about_contacts(each) &&
          !widens(each.kind)) {
        continue;
      }
      if (!recorded && recorded.error().code == errc::back_dated) {
        ++counts_.back_dated;
      } else if (!recorded) {
        return recorded.error();
      } else {
        ++(recorded->repeated ? counts_.repeated_directives : counts_.directives);
        waiting = waiting || (!recorded->repeated && !recorded->waiting.empty());
      }
    }
    if (waiting) ++counts_.waiting;
    return {};
  }

  // Whether the row says no to more than the ways that its addresses and numbers are.
  bool says_more() const {
    const purpose_set ways = shared_noes::ways_of(record_.view());
    return std::ranges::any_of(directives_, [&](const directive& each) {
      return is_no(each) && !(covered_by_denial(each.scope.purposes) - ways).empty();
    });
  }

  result<void> remember_no(std::uint64_t line) {
    ++counts_.strangers;
    bool said = false;
    for (const directive& each : directives_) {
      if (!is_no(each)) continue;
      const auto until = into_.remember_no(record_.fields(), each);
      if (!until) return until.error();
      said = true;
      if (each.scope.purposes == purpose_set{purpose::email_marketing}) continue;
      if (std::exchange(told_no_marketing_, true)) continue;
      remark({errc::none,
              "a no of who is no customer yet, and not to e-mail alone: remembered as one to all "
              "marketing, here and below"},
             line);
    }
    if (said) ++counts_.strangers_no;
    return {};
  }

  // Who is another store's, or whose addresses nobody may see here, is not found, and has said no
  // all the same. Precondition: people_ is read.
  result<void> say_no_to_unseen(const std::optional<customer_id>& whose) {
    const auto take = [&](const customer& who, const directive& no) -> result<void> {
      std::vector<customer_id> found = seen_by_ways(who.view());
      if (whose) found.push_back(*whose);
      const auto taken = into_.record_no(who.fields(), no, found);
      const bool nobody = !taken && (taken.error().code == errc::missing_field ||
                                     taken.error().code == errc::role_denied);
      return nobody ? result<void>() : taken;
    };
    for (const directive& each : directives_) {
      if (!is_no(each)) continue;
      if (auto taken = take(record_, each); !taken) return taken;
    }
    for (const import_consent& said : said_) {
      if (said.contact.empty()) continue;
      customer who;
      const auto set = set_contact(who, said.contact);
      const auto no = set ? directive_of(said) : result<directive>(set.error());
      if (!no || !is_no(*no)) continue;
      if (auto taken = take(who, *no); !taken) return taken;
    }
    return {};
  }

  // Those found by one of these addresses and numbers, and whoever has one of the ids.
  std::vector<customer_id> seen_by_ways(const record_view& of) {
    std::vector<customer_id> out;
    const auto add = [&](field_id field, std::string_view value) {
      const auto with = people_.with(people_.key_of(field, value));
      out.insert(out.end(), with.begin(), with.end());
    };
    if (const auto all = of.emails()) {
      for (const email_address& each : *all) add(field::emails, each.address.reveal());
    }
    if (const auto all = of.phones()) {
      for (const phone_number& each : *all) add(field::phones, each.number.reveal());
    }
    return out;
  }

  // What the book took of the row's addresses and numbers, for the noes of rows behind it.
  void note_ways(const customer_id& id, field_set taken) {
    if (!taken.empty() && people_.is_read()) people_.note(record_.view(), taken, id);
  }

  // A no about an address that others have too closes it for them: the list of who left does not
  // tell which of them it was. False: the row has no such no.
  result<bool> keep_noes(const import_customer& one, const std::optional<customer_id>& whose,
                         field_set taken) {
    const bool no = std::ranges::any_of(directives_, is_no);
    if (no) {
      if (auto read = people_.read(into_, reading_, map_.system()); !read) return read.error();
      if (auto said = say_no_to_unseen(whose); !said) return said.error();
      if (people_.knows_nobody() && !std::exchange(told_unclosed_, true)) {
        remark({errc::role_denied,
                "this role may not look for people: a no about an address or number is closed for "
                "nobody else who has it, here and below"},
               one.line);
      }
    }
    if (whose) note_ways(*whose, taken);
    if (!no) return false;
    std::vector<std::string_view> named;
    for (const import_consent& said : said_) {
      if (!said.contact.empty()) named.push_back(said.contact);
    }
    return noes_.add(into_, people_,
                     {.record = record_.view(),
                      .named = named,
                      .said = directives_,
                      .whose = whose,
                      .kept = taken,
                      .line = one.line});
  }

  // A row that is left out says no all the same, also for who comes in with its address later. Of
  // who was erased nobody comes in unseen. `whose`: for whom it is said already.
  result<void> heed(const import_customer& one, const std::optional<customer_id>& whose = {}) {
    const auto kept = keep_noes(one, whose, asked_ ? ways_to_reach : field_set());
    return kept ? result<void>() : kept.error();
  }

  // A birth date that the record does not get makes nobody older.
  result<void> note_age(const import_customer& one, const customer_id& id) {
    const auto born = record_.view().birth_date();
    const std::optional<date> told = born ? std::optional(*born) : one.birth_date;
    if (!told) return {};
    const auto noted = into_.note_birth_date(id, *told);
    const bool void_here = !noted && (noted.error().code == errc::invalid_value ||
                                      noted.error().code == errc::role_denied);
    return void_here ? result<void>() : noted;
  }

  // Of a row that is not taken counts what closes: its noes, and that somebody is younger.
  result<void> say_noes(const import_customer& one, const customer_id& id) {
    if (auto aged = note_age(one, id); !aged) return aged;
    if (std::ranges::none_of(directives_, is_no)) return {};
    if (auto again = find_again(id); !again) return again;
    for (const directive& each : directives_) {
      if (!is_no(each)) continue;
      const auto recorded = into_.record(id, each);
      const errc code = recorded ? errc::none : recorded.error().code;
      // An address that is not theirs is closed for whoever has it.
      if (code == errc::not_found && is_about_contacts(each)) continue;
      if (code == errc::back_dated) {
        ++counts_.back_dated;
        continue;
      }
      if (!recorded) return recorded.error();
      ++(recorded->repeated ? counts_.repeated_directives : counts_.directives);
    }
    return {};
  }

  // And for who has its id, or comes in with it: a bad row comes back when it was mended.
  result<void> heed_left_out(const import_customer& one) {
    failed_at_ = {0, one.line};
    if (asked_) return heed(one);
    std::vector<external_id> ids;
    std::optional<customer_id> said_for;
    if (const auto all = record_.view().external_ids()) {
      for (const external_id& each : *all) {
        const auto whose = into_.find(each.system, each.value.reveal());
        if (!whose) {
          ids.push_back(each);
          continue;
        }
        if (auto said = say_noes(one, *whose); !said) return said;
        said_for = *whose;
      }
    }
    if (auto heeded = heed(one, said_for); !heeded) return heeded;
    if (ids.empty() || std::ranges::none_of(directives_, is_no)) return {};
    customer who;
    if (auto set = who.set(field::external_ids, std::span<const external_id>(ids)); !set)
      return set;
    for (const directive& each : directives_) {
      if (!is_no(each)) continue;
      if (auto kept = remember(who, each, one.line); !kept) return kept;
    }
    return {};
  }

  // A row that the reader could not take, and has told of: what it says no to counts for whoever
  // has its id, and for all who have its addresses and numbers.
  result<void> heed_unread(const import_customer& one) {
    begin_row();
    failed_at_ = {0, one.line};
    if (auto said = make_directives(one); !said) return said;
    // An id that is none leaves the addresses.
    if (auto filled = fill(one); !filled) {
      record_.clear();
      if (auto set = set_lists(record_, one, {}); !set) return {};
    }
    const auto told = counts_;
    const auto done = one.external_id.empty() && one.emails.empty() && one.phones.empty()
                          ? heed(one)
                          : only_consents(one);
    counts_.known = told.known;
    counts_.strangers = told.strangers;
    return done || !is_bad_row(done.error().code) ? done : heed_left_out(one);
  }

  result<void> close_for_others() {
    const auto take = [&](const customer_id& id, const directive& no,
                          std::uint64_t line) -> result<void> {
      auto recorded = into_.record(id, no);
      // Of a way that the book tells apart in another manner the no is one to all of them.
      if (!recorded && recorded.error().code == errc::not_found) {
        directive all = no;
        all.contacts = {};
        recorded = into_.record(id, all);
      }
      if (!recorded && recorded.error().code == errc::back_dated) {
        ++counts_.back_dated;
        return {};
      }
      if (!recorded) {
        failed_at_ = {0, line};
        return recorded.error();
      }
      if (recorded->repeated) {
        ++counts_.repeated_directives;
        return {};
      }
      ++counts_.directives;
      remark({errc::already_exists,
              "a no about an address or number that somebody else of the book has: closed for them "
              "too"},
             line);
      return {};
    };
    if (auto closed = noes_.for_others(people_, take); !closed) return closed;
    return noes_.for_nobody(
        people_,
        [&](std::string_view text, const directive& no, std::uint64_t line) -> result<void> {
          customer who;
          if (!set_contact(who, text)) who.clear();
          return remember(who, no, line);
        });
  }

  // A no names an address, or is that of an id, that nobody of the book or the file has: it is that
  // of whoever comes in with it.
  result<void> remember(const customer& who, const directive& no, std::uint64_t line) {
    const auto until = into_.remember_no(who.fields(), no);
    if (until) return {};
    if (until.error().code == errc::missing_field || until.error().code == errc::role_denied) {
      if (std::exchange(told_forgotten_, true)) return {};
      remark({until.error().code,
              "a no about an address, number or id that nobody is known to have could not be "
              "remembered, here and below"},
             line);
      return {};
    }
    failed_at_ = {0, line};
    return until.error();
  }

  void remark(const error& what, std::uint64_t line) const {
    if (listener_.problem == nullptr) return;
    customer_import_problem problem{.step = import_step::customer, .what = what, .remark = true};
    problem.file = map_.files().front();
    problem.line = line;
    listener_.problem(listener_.context, problem);
  }

  void count(const import_customer& one, const merged& told) {
    counts_.directives += told.recorded;
    counts_.repeated_directives += told.repeated;
    counts_.back_dated += told.back_dated;
    counts_.not_widened += told.not_widened;
    if (told.waiting != 0) ++counts_.waiting;
    counts_.differing += told.kept.size();
    counts_.conflicts += told.conflicts.size();
    if (!told.replaced.empty()) ++counts_.updated;
    for (const field_id each : told.added) ++counts_.added_fields[each.value];
    for (const field_id each : told.replaced) ++counts_.updated_fields[each.value];
    for (const field_id each : told.kept) ++counts_.kept_fields[each.value];
    for (const field_id each : told.left_out) count_left_out(each, told.why_left_out[each.value]);
    const bool news = !(told.added | told.replaced | told.conflicts).empty();
    if (!news || listener_.changed == nullptr) return;
    listener_.changed(listener_.context, {.line = one.line,
                                          .added = told.added,
                                          .updated = told.replaced,
                                          .conflicts = told.conflicts});
  }

  // The customer of the book whose row it is; nothing if it is nobody's.
  result<std::optional<customer_id>> known(const import_customer& one) {
    std::vector<external_id> ids(one.external_ids.begin(), one.external_ids.end());
    if (!map_.ids_link_files()) {
      ids.insert(ids.begin(), {.system = map_.system(), .value = one.external_id});
    }
    for (const external_id& each : ids) {
      const auto by_id = into_.find(each.system, each.value.reveal());
      by_id_ = by_id.has_value();
      if (by_id) return std::optional(*by_id);
      if (by_id.error().code != errc::not_found) return by_id.error();
    }
    const bool skips = options_.on_known == known_customer::skip;
    if (skips && !map_.ids_link_files()) return std::optional<customer_id>();
    if (auto read = people_.read(into_, reading_, map_.system()); !read) return read.error();
    if (people_.knows_nobody()) tell_strangers(one.line);
    const auto who = people_.find(one);
    if (!who) return who.error();
    if (*who) ++counts_.matched;
    return *who;
  }

  // Once: everybody without a known id is new then.
  void tell_strangers(std::uint64_t line) {
    if (std::exchange(told_strangers_, true)) return;
    remark({errc::role_denied,
            "this role may not look for people: whose id the book does not know is taken for new, "
            "from here on"},
           line);
  }

  collection collected(const import_customer& one) {
    return {.purposes = options_.purposes,
            .directives = directives_,
            .without_basis = lenient() ? when_without_basis::leave_out : when_without_basis::refuse,
            .source = field_source::file,
            .decisions = !one.consents.empty()     ? std::string_view(decisions_)
                         : map_.tells_of_consent() ? collection::said_nothing
                                                   : std::string_view()};
  }

  // The customer's items under the first purpose that may see them; none if no purpose may.
  result<std::optional<item_list>> items_of(const customer_id& id, field_id kind) {
    for (const purpose_id each : reading_) {
      const bool notes = kind == field::notes;
      auto found = notes ? into_.notes(id, each) : into_.purchases(id, each);
      if (!found &&
          (found.error().code == errc::role_denied || found.error().code == errc::case_required ||
           found.error().code == errc::not_in_portfolio)) {
        continue;
      }
      if (!found) return found.error();
      const bool whole =
          found->state() == field_state::shown || found->state() == field_state::absent;
      // Of a purchase its number is enough, redacted or not.
      if (whole || (!notes && found->state() == field_state::redacted)) {
        return std::optional(std::move(*found));
      }
    }
    return std::optional<item_list>();
  }

  result<void> add_receipts(const import_customer& one, const customer_id& id, bool& added) {
    if (one.receipts.empty()) return {};
    const auto known = items_of(id, field::purchases);
    if (!known) return known.error();
    if (!*known) return {};
    for (const import_receipt& receipt : one.receipts) {
      bool has = false;
      for (const item_list::item& each : (*known)->items()) {
        const auto read = decode_purchase(each.value);
        has = has || (read && same_receipt(read->receipt, receipt.head));
      }
      if (has) {
        ++counts_.repeated_receipts;
        continue;
      }
      const std::uint64_t before = counts_.receipts;
      if (auto kept = keep_receipt(receipt, id); !kept) return kept;
      added = added || counts_.receipts != before;
    }
    return {};
  }

  // As append_note() keeps it where numbers become labels.
  std::string labelled(std::string_view text) const {
    if (options_.notes.cards != number_in_note::replaced &&
        options_.notes.identity_numbers != number_in_note::replaced) {
      return std::string(text);
    }
    entity_set wanted;
    if (options_.notes.cards == number_in_note::replaced) {
      wanted = {entity_type::payment_card, entity_type::card_code, entity_type::card_expiry};
    }
    if (options_.notes.identity_numbers == number_in_note::replaced) {
      wanted.add(entity_type::national_id);
    }
    text_redactor redactor({.scan = {.types = wanted}});
    std::vector<std::byte> room(16 * text.size() + 64);
    const auto out = redact_text(text, redactor, room);
    std::string kept(out ? out->text : text);
    wipe(room);
    return kept;
  }

  // A note that the scanner redacts for every purpose cannot be compared; then none is added, since
  // a note twice is worse than one that is read from the file again.
  result<void> add_notes(const import_customer& one, const customer_id& id, bool& added) {
    if (one.notes.empty()) return {};
    const auto known = items_of(id, field::notes);
    if (!known) return known.error();
    if (!*known) return {};
    for (const note& text : one.notes) {
      const std::string as_kept = labelled(text.text.reveal());
      bool has = false;
      for (const item_list::item& each : (*known)->items()) {
        note read;
        has = has || (decode_value(each.value, read) && read.at == text.at &&
                      read.text.reveal() == as_kept);
      }
      if (has) continue;
      const std::uint64_t before = counts_.notes;
      if (auto kept = keep_note(text, id); !kept) return kept;
      added = added || counts_.notes != before;
    }
    return {};
  }

  // A yes of a file that names no notice opens nothing by itself: what was shown has to be said.
  void take_consents(std::span<const import_consent> consents) {
    said_.clear();
    decisions_.clear();
    for (import_consent said : consents) {
      const bool grants = said.kind == "grant" || said.kind == "renew";
      if (grants && said.notice.empty() && said.given_at) said.notice = options_.notice;
      if (grants && said.notice.empty()) {
        ++counts_.consents_without_notice;
      } else {
        said_.push_back(said);
      }
      append_words(said, decisions_);
    }
  }

  // Whether an item's refusal only means that items of its kind are left out; counts it then.
  bool leaves_out(const error& what, const customer_id& id, field_id field) {
    if (what.code != errc::no_basis || !lenient()) return false;
    const auto why = into_.why_not_kept(id, field, options_.purposes);
    count_left_out(field, why ? *why : decision_code::none);
    return true;
  }

  result<void> keep_receipts(const import_customer& one, const customer_id& id) {
    for (const import_receipt& receipt : one.receipts) {
      const std::uint64_t before = counts_.receipts + counts_.repeated_receipts;
      if (auto kept = keep_receipt(receipt, id); !kept) return kept;
      if (counts_.receipts + counts_.repeated_receipts == before) return {};
    }
    return {};
  }

  result<void> keep_receipt(const import_receipt& receipt, const customer_id& id) {
    const auto kept = into_.append_purchase(id, receipt.head, receipt.lines, options_.purposes);
    if (!kept && kept.error().code == errc::already_exists) {
      ++counts_.repeated_receipts;
      return {};
    }
    if (!kept) {
      if (!leaves_out(kept.error(), id, field::purchases)) return kept.error();
      return {};
    }
    ++counts_.receipts;
    counts_.lines += receipt.lines.size();
    return {};
  }

  result<void> keep_note(const note& text, const customer_id& id) {
    note_ = &text;
    // A note that is not for all is from now on of whoever brings it in.
    note as_brought = text;
    as_brought.by.reset();
    as_brought.store.reset();
    const auto kept = into_.append_note(id, as_brought, options_.purposes, options_.notes);
    if (!kept) {
      if (!leaves_out(kept.error(), id, field::notes)) return kept.error();
      return {};
    }
    ++counts_.notes;
    return {};
  }

  result<void> keep_notes(const import_customer& one, const customer_id& id) {
    for (const note& text : one.notes) {
      const std::uint64_t before = counts_.notes;
      if (auto kept = keep_note(text, id); !kept) return kept;
      if (counts_.notes == before) return {};
    }
    return {};
  }

  result<void> fill(const import_customer& one) {
    for (const field_value& each : fields_) {
      if (auto set = record_.set_raw(each.id, each.value); !set) return set;
    }
    if (!fields_.empty()) return {};
    std::vector<external_id> ids;
    // What the id was made of may not be kept, or will be corrected: a token of it stands there.
    std::string_view id = one.external_id;
    if (!map_.ids_link_files() && is_made_up(one)) {
      auto token = made_up_id(into_, one.external_id);
      if (!token) return token.error();
      made_up_id_ = std::move(*token);
      id = made_up_id_;
    }
    if (!map_.ids_link_files()) ids.push_back({.system = map_.system(), .value = id});
    ids.insert(ids.end(), one.external_ids.begin(), one.external_ids.end());
    if (auto set = set_lists(record_, one, ids); !set) return set;
    if (auto set = set_singles(record_, one); !set) return set;
    return set_household(record_, one);
  }

  // The words of a rule of the map lie in one place for all customers: looked up once.
  result<const consent_scope*> scope_of_rule(const import_consent& said, bool grants) {
    const auto same = [](std::span<const std::string_view> a, std::span<const std::string_view> b) {
      return a.data() == b.data() && a.size() == b.size();
    };
    for (const known_rule& rule : rules_) {
      if (rule.grants == grants && same(rule.said.purposes, said.purposes) &&
          same(rule.said.recipients, said.recipients) &&
          same(rule.said.categories, said.categories)) {
        return &rule.scope;
      }
    }
    static constexpr std::string_view self[] = {"self"};
    static constexpr std::string_view all[] = {"all"};
    scope_words words{.purposes = said.purposes,
                      .recipients = said.recipients,
                      .categories = said.categories,
                      .operations = {}};
    if (words.recipients.empty()) words.recipients = grants ? self : all;
    if (words.categories.empty()) words.categories = all;
    if (!grants) words.operations = all;
    auto scope = scope_of(words, registry_);
    if (!scope) return scope.error();
    if (!grants && said.categories.empty()) scope->categories = all_categories();
    if (rules_.size() == most_rules) rules_.erase(rules_.begin());
    return &rules_.emplace_back(known_rule{.said = said, .grants = grants, .scope = *scope}).scope;
  }

  result<directive> directive_of(const import_consent& said) {
    directive out;
    const auto kind = find_directive_kind(said.kind);
    if (!kind) return kind.error();
    out.kind = *kind;
    const bool grants = out.kind == directive_kind::grant || out.kind == directive_kind::renew;
    out.channel = consent_channel::import;
    if (!said.channel.empty()) {
      const auto channel = find_consent_channel(said.channel);
      if (!channel) return channel.error();
      out.channel = *channel;
    }
    if (auto about = name_what_about(out, said, grants); !about) return about.error();
    out.event_at = time_of(said);
    if (may_end(out.kind)) out.not_after = said.expires_at;
    out.recorder = into_.who().id;
    if (grants) {
      if (auto shown = name_notice(out, said); !shown) return shown.error();
    }
    if (!said.evidence.empty() && out.evidence.reference.fits(said.evidence)) {
      out.evidence.reference = short_text<64>(said.evidence);
      out.evidence.hash = crypto::hash(as_bytes(said.evidence));
    }
    return out;
  }

  // A no of a day alone counts from the end of that day, or from now: nothing else that the book
  // holds or gets of that day came after it, as far as anybody can tell.
  timestamp time_of(const import_consent& said) const {
    const timestamp at = said.given_at.value_or(now_);
    if (!said.day_end || at > now_) return at;
    return std::max(at, std::min(timestamp{said.day_end->seconds - 1}, now_));
  }

  // The day of a no that has no hour.
  std::optional<said_day> day_of(const directive& no) const {
    for (const import_consent& said : said_) {
      if (said.day_end && said.kind == name_of(no.kind) && time_of(said) == no.event_at) {
        return said_day{.begin = {said.day_end->seconds - 86'400}, .end = *said.day_end};
      }
    }
    return {};
  }

  // What an import brought before keeps the time under which the book has it. Who may not see what
  // was said brings it anew: that closes no less.
  result<void> find_again(const customer_id& id) {
    std::optional<std::vector<directive>> said;
    for (directive& each : directives_) {
      const auto day = day_of(each);
      if (!day) continue;
      if (!said) {
        auto all = into_.directives(id);
        if (!all && hides_what_was_said(all.error().code)) return {};
        if (!all) return all.error();
        said = std::move(*all);
      }
      each.event_at = time_of_that_day(each, *day, *said);
    }
    return {};
  }

  // Where the customer lives, or which cells it is about.
  result<void> name_what_about(directive& out, const import_consent& said, bool grants) {
    if (out.kind == directive_kind::move) {
      const auto law = find_profile(said.law);
      if (!law) return error{errc::missing_field, "a move names the law of where they live"};
      out.by = indicated_by::controller;
      out.jurisdiction = (*law)->id;
      if (said.state.size() == out.residence.size()) {
        out.residence = {said.state[0], said.state[1]};
      }
      return {};
    }
    const auto scope = scope_of_rule(said, grants);
    if (!scope) return scope.error();
    out.scope = **scope;
    out.registry_version = registry_.version();
    out.jurisdiction = into_.profile()->id;
    out.profile_version = into_.profile()->version;
    if (said.contact.empty()) return {};
    const auto point = contact_named(said.contact);
    if (!point) return point.error();
    out.contacts[0] = *point;
    return {};
  }

  result<contact_point> contact_named(std::string_view text) {
    const bool mail = text.find('@') != std::string_view::npos;
    return into_.contact_of(mail ? field::emails : field::phones, text);
  }

  // A grant refers to what was shown.
  result<void> name_notice(directive& out, const import_consent& said) {
    const privacy_notice* shown = notice_titled(said.notice, notices_);
    if (shown == nullptr) {
      return error{
          errc::unknown_notice,
          "a consent refers to a notice that the book has not: `clientbook notice add` it"};
    }
    out.notice = {.id = shown->id, .version = shown->version, .hash = shown->hash};
    out.strength = consent_strength::expressed;
    if (!said.strength.empty()) {
      const auto strength = find_consent_strength(said.strength);
      if (!strength) return strength.error();
      out.strength = *strength;
    }
    out.informed = true;
    return {};
  }

  // Files are in any order, and recorded is what is older first: so of two words the later one
  // holds, and of two at one time the stricter. Who cannot say when a permission was given has the
  // oldest one there is; a no without a time is as new as the file.
  void order_by_time(std::span<const import_consent> consents) {
    const auto permits = [](const directive& one) {
      return widens(one.kind) && one.kind != directive_kind::lift;
    };
    timestamp oldest = now_;
    for (const import_consent& said : consents)
      oldest = std::min(oldest, said.given_at.value_or(now_));
    for (std::size_t i = 0; i < directives_.size(); ++i) {
      if (permits(directives_[i]) && !consents[i].given_at) directives_[i].event_at = oldest;
    }
    std::stable_sort(directives_.begin(), directives_.end(),
                     [&](const directive& a, const directive& b) {
                       if (a.event_at != b.event_at) return a.event_at < b.event_at;
                       return permits(a) && !permits(b);
                     });
  }

  // A file has no ids: a lift names the newest of the customer's denials before it that are about
  // one of its purposes. Without any it names nothing, which put() refuses.
  result<void> name_what_is_lifted() {
    for (std::size_t i = 0; i < directives_.size(); ++i) {
      directive& lift = directives_[i];
      if (lift.kind != directive_kind::lift) continue;
      std::size_t named = 0;
      for (std::size_t k = i; k-- > 0 && named < directive::max_supersedes;) {
        directive& before = directives_[k];
        if (!denies(before.kind) || (before.scope.purposes & lift.scope.purposes).empty()) {
          continue;
        }
        if (before.id == directive_id()) {
          if (auto drawn = random_.fill(before.id.bytes); !drawn) return drawn;
        }
        lift.supersedes[named++] = before.id;
      }
    }
    return {};
  }

  void count_left_out(field_id field, decision_code why) {
    ++counts_.left_out[field.value];
    const auto place = [](const left_out_field& one) { return std::pair(one.field, one.why); };
    const std::pair wanted(field, why);
    auto at = std::lower_bound(
        counts_.left_out_why.begin(), counts_.left_out_why.end(), wanted,
        [&](const left_out_field& one, const auto& other) { return place(one) < other; });
    if (at == counts_.left_out_why.end() || place(*at) != wanted) {
      at = counts_.left_out_why.insert(at, {.field = field, .why = why});
    }
    ++at->customers;
  }

  void remember_household(const import_customer& one, const customer_id& id) {
    bool linked = false;
    pending_household pending{.id = id, .links = {}, .texts = {}, .external_ids = {}};
    pending.texts.reserve(one.household.size() * 2);
    for (const import_household& member : one.household) {
      linked = linked || !member.external_id.empty();
      household_link link;
      link.relation = pending.texts.emplace_back(member.link.relation);
      link.person = pending.texts.emplace_back(member.link.person.reveal());
      pending.links.push_back(link);
      pending.external_ids.emplace_back(member.external_id);
    }
    if (linked) households_.push_back(std::move(pending));
  }

  // Members that are customers themselves are linked once all of them are there.
  result<void> link_households() {
    if (households_.empty()) return {};
    // Only now is it needed who has which id: most files link nobody.
    std::unordered_map<std::string, customer_id> ids;
    std::size_t number = 0;
    const auto note_id = [&](const import_customer& one,
                             std::span<const field_value> /*fields*/) -> result<void> {
      const std::optional<customer_id>& whose = taken_[number++];
      if (whose) ids.emplace(std::string(one.external_id), *whose);
      return {};
    };
    if (auto read = from_->for_each(note_id); !read) return read;
    for (pending_household& one : households_) {
      for (std::size_t i = 0; i < one.links.size(); ++i) {
        const auto found = ids.find(one.external_ids[i]);
        if (found != ids.end()) one.links[i].customer = found->second;
      }
      customer changed;
      auto done = changed.set(field::household, std::span<const household_link>(one.links));
      if (done) done = into_.update(one.id, changed.fields(), options_.purposes);
      if (!done) return done;
    }
    return {};
  }

  session& into_;
  const column_map& map_;
  const customer_import_options& options_;
  const customer_import_listener& listener_;
  recipient_registry registry_;
  std::vector<privacy_notice> notices_;
  timestamp now_;
  crypto::system_random random_;
  customer record_;
  std::vector<known_rule> rules_;
  std::vector<purpose_id> reading_;  ///< Under which the book is asked what it has.
  std::vector<import_consent> said_;
  std::string made_up_id_;
  std::string decisions_;  ///< What the row says of consents, as one text.
  people_index people_;
  shared_noes noes_;
  bool told_strangers_ = false;
  bool told_unclosed_ = false;
  bool told_forgotten_ = false;
  bool told_no_marketing_ = false;
  std::vector<directive> directives_;
  std::optional<customer_id> whose_;               ///< Whom the row that is taken belongs to,
  std::vector<std::optional<customer_id>> taken_;  ///< and those before, in their order.
  std::vector<pending_household> households_;
  customer_import_counts counts_;
  std::vector<std::pair<customer_id, std::uint64_t>> fresh_;  ///< New ones, and their lines.
  import_step step_ = import_step::customer;
  import_place failed_at_{};
  const customer_source* from_ = nullptr;
  std::span<const field_value> fields_{};  ///< Of the customer, from who has whole records.
  const note* note_ = nullptr;             ///< Which is being kept.
  bool by_id_ = false;                     ///< known() has found them by it
  bool begun_ = false;                     ///< something of the customer is written
  bool asked_ = false;                     ///< they are somebody whose erasure the book remembers
  std::set<std::string> welcome_;          ///< Of options_.came_back, those who were in the files.
};

void tell(const customer_import_listener& listener, const column_map& map,
          const import_problem& found, bool skipped, bool remark = false) {
  customer_import_problem problem;
  problem.remark = remark;
  problem.step = import_step::files;
  problem.what = found.what;
  problem.skipped = skipped;
  problem.file = map.files()[found.file];
  problem.line = found.what.at;
  problem.column = found.column;
  problem.column_name = found.column_name;
  listener.problem(listener.context, problem);
}

}  // namespace

std::string place_of(const customer_import_problem& problem) {
  std::string out(problem.file);
  if (problem.line != 0) out += ", line " + std::to_string(problem.line);
  if (problem.column != 0) out += ", column " + std::to_string(problem.column);
  if (!problem.column_name.empty()) out.append(" (").append(problem.column_name).append(")");
  return out;
}

result<customer_import_counts> import_source_customers(session& into, const column_map& map,
                                                       const customer_source& from,
                                                       const customer_import_options& options,
                                                       const customer_import_listener& listener) {
  return importer(into, map, options, listener).run(from);
}

result<customer_import_counts> import_customers(session& into, const column_map& map,
                                                const import_set& set,
                                                const customer_import_options& options,
                                                const customer_import_listener& listener) try {
  const auto each = [&](customer_taker take) {
    return set.for_each(
        [&](const import_customer& one) { return take(one, std::span<const field_value>()); });
  };
  const auto place = [&](const note& text) { return set.place_of(text); };
  return import_source_customers(
      into, map, {.customers = set.customers(), .for_each = each, .place_of = place}, options,
      listener);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

namespace {

import_options reading_of(const customer_import_options& options) {
  import_options out;
  out.on_bad_row = options.on_bad_row;
  if (options.notes.cards == number_in_note::replaced) out.on_note_cards = note_cards::left;
  out.only_consents = options.content == import_content::consents;
  if (options.dry_run) out.reported = std::numeric_limits<std::size_t>::max();
  return out;
}

// Tells what reading found, and imports what it gave.
result<customer_import_counts> import_read(session& into, const column_map& map,
                                           const result<import_set>& set,
                                           const import_report& report,
                                           const customer_import_options& options,
                                           const customer_import_listener& listener) {
  if (listener.problem != nullptr) {
    const import_problem left{{errc::none,
                               "the map names files that it has no place for (\"unsure\"): nothing "
                               "of them is imported by it"}};
    if (map.files_left_out() != 0) tell(listener, map, left, false, true);
    for (std::size_t i = 0; i < report.problems.size(); ++i) {
      const bool last = i + 1 == report.problems.size();
      tell(listener, map, report.problems[i], set.has_value() || !last);
    }
    for (const import_problem& each : report.remarks) tell(listener, map, each, false, true);
    const import_problem more{{errc::limit_exceeded,
                               "more notes and left out rows than are told here: a trial (dry run) "
                               "tells each"}};
    if (report.untold != 0) tell(listener, map, more, false, true);
  }
  if (!set) return set.error();
  auto counts = import_customers(into, map, *set, options, listener);
  if (!counts) return counts;
  for (const auto& file : report.files) counts->skipped += file.skipped;
  counts->left_out_rows = report.left_out;
  return counts;
}

}  // namespace

result<customer_import_counts> import_customers(session& into, const column_map& map,
                                                const std::string& folder,
                                                const customer_import_options& given,
                                                const customer_import_listener& listener) try {
  const customer_import_options options = as_trial(given);
  import_report report;
  const auto set = import_set::load(map, folder, reading_of(options), report);
  return import_read(into, map, set, report, options, listener);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<customer_import_counts> import_consent_table(session& into, const std::string& file,
                                                    std::string_view system,
                                                    const customer_import_options& given,
                                                    const customer_import_listener& listener) try {
  const auto proposed =
      propose_column_map(std::span(&file, 1), {.system = system, .only_consents = true});
  if (!proposed) return proposed.error();
  if (system.empty() && proposed->files.front().about.empty()) {
    return error{errc::missing_field, "say which system's ids the file holds (--system)"};
  }
  const auto map = column_map::parse(proposed->map);
  if (!map) return map.error();
  customer_import_options options = given;
  options.content = import_content::consents;
  const std::size_t slash = file.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash + 1);
  auto counts = import_customers(into, *map, folder, options, listener);
  if (counts && counts->directives + counts->repeated_directives + counts->back_dated +
                        counts->consents_without_notice + counts->strangers_no ==
                    0) {
    return error{errc::missing_field,
                 "nothing in the file tells of consent: mail that did not arrive is no word of "
                 "anybody"};
  }
  return counts;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<customer_import_counts> import_files(session& into, std::span<const std::string> paths,
                                            const map_request& request, map_proposal& proposed,
                                            const customer_import_options& options,
                                            const customer_import_listener& listener,
                                            std::size_t* where) try {
  auto made = propose_column_map(paths, request, where);
  if (!made) return made.error();
  proposed = std::move(*made);
  if (!proposed.unsure.empty()) {
    return error{errc::missing_field,
                 "not everything in the files is certain: make a map of them, look at it, and "
                 "import by it"};
  }
  const auto map = column_map::parse(proposed.map);
  if (!map) return map.error();
  const std::size_t slash = paths.front().rfind('/');
  const std::string folder = slash == std::string::npos ? "." : paths.front().substr(0, slash + 1);
  return import_customers(into, *map, folder, options, listener);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<customer_import_counts> import_vcards(session& into, const vcard_source& from,
                                             const customer_import_options& given,
                                             const customer_import_listener& listener) try {
  const std::size_t slash = from.file.rfind('/');
  const auto map = column_map::of_vcards(
      from.system, slash == std::string::npos ? from.file : from.file.substr(slash + 1));
  if (!map) return map.error();
  const customer_import_options options = as_trial(given);
  import_report report;
  const auto set = import_set::load_vcards(from.file, from.region, reading_of(options), report);
  return import_read(into, *map, set, report, options, listener);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
