// Finding customers: by what somebody typed, and by an exact value.
//
// Who answers comes from memory or from a scan; what is shown does not. Each hit is decided, opened
// and compared again, and shown by fill() like any other view, so that a consent that ended in
// between, or a memory that is behind, shows nobody.
#include <algorithm>

#include "search_index.hpp"
#include "search_reader.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

constexpr std::size_t most_hits = 1000;
// Some more than are shown, since a few may turn out to have changed.
constexpr std::size_t spare_hits = 16;

// Who asks, what for, how, and whom the role reaches.
struct asking {
  purpose_id purpose{};
  reach whom = reach::nobody;
  action how = action::search;
  bool limited = false;  ///< To a portfolio.
};

struct searched {
  search_candidates found;
  bool nearly = false;  ///< Errors were looked for.
  search_path path = search_path::scan;
  std::uint64_t scanned = 0;
  std::uint64_t unreadable = 0;
};

// With so many who answer as it was typed, nobody is looked for who nearly does.
constexpr std::size_t enough_plain = 5;

bool wants_more(const search_candidates& plain, const search::question& what,
                const find_options& options) noexcept {
  return options.errors == typing_errors::one_a_word && plain.matches < enough_plain &&
         what.can_be_nearly();
}

result<searched> scan(session_state& s, const search::question& what, const asking& by,
                      const find_options& options, text_source texts) {
  search_reader from(s, by.purpose, by.whom, by.how, texts);
  searched plain{.found = search_candidates(options.most + spare_hits)};
  if (texts == text_source::index) plain.path = search_path::sealed;
  searched near{.found = search_candidates(options.most + spare_hits), .nearly = true};
  const bool errors = options.errors == typing_errors::one_a_word && what.can_be_nearly();
  search::text room;
  timestamp until;
  if (texts == text_source::records) {
    if (auto may = s.may_scan(s.core->row().customers); !may) return may.error();
  }
  for (customer_no number = first_customer; number < s.core->row().next; ++number.value) {
    if (auto may = from.may_go_on(); !may) return may.error();
    if (const auto read = from.read(number, room, until); !read) {
      if (!is_damage(read.error().code)) return read.error();
      ++plain.unreadable;
      continue;
    }
    if (const auto found = what.matches(room, false); found.score != 0) {
      plain.found.add(number, found.score);
    }
    if (!errors) continue;
    if (const auto close = what.matches(room, true); close.score != 0) {
      near.found.add(number, close.score);
    }
  }
  plain.scanned = from.scanned();
  near.path = plain.path;
  near.scanned = plain.scanned;
  near.unreadable = plain.unreadable;
  return wants_more(plain.found, what, options) ? std::move(near) : std::move(plain);
}

// What lies in memory is of everybody; of those who answer, the ones of the portfolio are taken
// before they are counted and before there are too many.
result<searched> ask_memory(session_state& s, const search::question& what, const asking& by,
                            const find_options& options) {
  const std::shared_ptr<search_index> index = s.searching->of(by.purpose);
  const auto scanned = index->follow(s);
  if (!scanned) return scanned.error();
  search_reader from(s, by.purpose, by.whom, by.how);
  std::optional<error> failed;
  const auto theirs = [&](customer_no number) {
    const auto may = failed ? result<bool>(false) : from.may_find(number);
    if (!may && !is_damage(may.error().code)) failed = may.error();
    return may && *may;
  };
  const callback_ref<bool(customer_no)> wanted = theirs;
  const auto none_yet = [&] {
    return search_candidates(options.most + spare_hits, by.limited ? &wanted : nullptr);
  };
  searched out{.found = none_yet(),
               .path = search_path::memory,
               .scanned = *scanned,
               .unreadable = index->unreadable()};
  index->find(what, false, out.found);
  if (!failed && wants_more(out.found, what, options)) {
    out.nearly = true;
    out.found = none_yet();
    index->find(what, true, out.found);
  }
  if (failed) return *failed;
  return out;
}

result<searched> search_book(session_state& s, const search::question& what, const asking& by,
                             const find_options& options) {
  // An index is of everybody, and of what was committed; whom a case names is asked one by one, and
  // a change under way is seen by who makes it alone.
  const bool records =
      options.path == search_path::scan || s.core->changing() || by.whom == reach::named;
  if (!records && options.path != search_path::sealed) return ask_memory(s, what, by, options);
  return scan(s, what, by, options,
              records || !s.at_rest.is_kept() ? text_source::records : text_source::index);
}

result<asking> who_asks(session_state& s, purpose_id purpose, action how) {
  if (auto seen = s.look(how); !seen) return seen.error();
  const auto whom = s.ask(action::read, purpose);
  if (!whom) return whom.error();
  const auto found = s.is_limited(how);
  if (!found) return found.error();
  const auto read = s.is_limited(action::read, purpose);
  if (!read) return read.error();
  return asking{.purpose = purpose, .whom = *whom, .how = how, .limited = *found || *read};
}

// Whether the customer answers now, as the record is. Errors: also of damage.
result<search::match> look_again(search_reader& from, customer_no number,
                                 const search::question& what, bool nearly) {
  search::text room;
  timestamp until;
  if (auto read = from.read(number, room, until); !read) return read.error();
  return what.matches(room, nearly);
}

}  // namespace

std::string_view name_of(match_kind kind) noexcept {
  constexpr std::string_view names[] = {"", "whole", "beginning", "ending", "part", "nearly"};
  const auto number = static_cast<std::size_t>(kind);
  return number < std::size(names) ? names[number] : std::string_view();
}

std::string_view name_of(search_path path) noexcept {
  constexpr std::string_view names[] = {"automatic", "scan", "memory", "sealed"};
  const auto number = static_cast<std::size_t>(path);
  return number < std::size(names) ? names[number] : std::string_view();
}

result<search_answer> session::find(std::string_view typed, purpose_id purpose,
                                    const find_options& options) try {
  session_state& s = *state_;
  const auto by = who_asks(s, purpose, action::search);
  if (!by) return by.error();
  if (options.most == 0 || options.most > most_hits) {
    return error{errc::invalid_argument, "1 to 1,000 hits are shown at a time", most_hits};
  }
  const auto what = search::question::of(typed);
  if (!what) return what.error();
  if (auto counted = s.count_look_up(); !counted) return counted.error();
  auto all = search_book(s, *what, *by, options);
  if (!all) return all.error();
  search_answer out{.hits = {},
                    .matches = all->found.matches,
                    .path = all->path,
                    .scanned = all->scanned,
                    .unreadable = all->unreadable};
  search_reader from(s, purpose, by->whom, by->how);
  const decision_request request = s.consent.reading(purpose, from.now());
  for (const search_candidates::one& each : std::move(all->found).sorted()) {
    if (out.hits.size() == options.most) break;
    const auto found = look_again(from, each.number, *what, all->nearly);
    if (!found && !is_damage(found.error().code)) return found.error();
    if (!found) ++out.unreadable;
    if (!found || found->score == 0) {
      --out.matches;
      continue;
    }
    // Whom as many people have looked at today as may is a match, and not among those shown.
    const auto place = s.place_among_todays(each.number, s.clock_now());
    if (!place) return place.error();
    if (*place == session_state::among_todays::too_many) continue;
    search_hit& hit = out.hits.emplace_back();
    hit.why.assign(found->why.begin(), found->why.begin() + static_cast<long>(found->reasons));
    const customer_id id = s.core->keys().ids->id(each.number);
    // What is shown of a hit is shown of a customer.
    if (auto counted = s.look_at(each.number, purpose, look_kind::find, options.fields); !counted) {
      return counted.error();
    }
    if (auto done = s.fill(hit.seen, each.number, id, request, options.fields); !done) {
      return done.error();
    }
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<customer_id>> session::find_exactly(field_id field, std::string_view value,
                                                       std::string_view system, purpose_id purpose,
                                                       search_path path) try {
  session_state& s = *state_;
  const auto by = who_asks(s, purpose, action::find);
  if (!by) return by.error();
  const auto what = search::question::exactly(field, value, system);
  if (!what) return what.error();
  if (auto counted = s.count_look_up(); !counted) return counted.error();
  auto all =
      search_book(s, *what, *by, {.most = most_hits, .path = path, .errors = typing_errors::none});
  if (!all) return all.error();
  std::vector<customer_id> out;
  search_reader from(s, purpose, by->whom, by->how);
  for (const search_candidates::one& each : std::move(all->found).sorted()) {
    const auto found = look_again(from, each.number, *what, false);
    if (!found && !is_damage(found.error().code)) return found.error();
    if (!found || found->score == 0) continue;
    s.note_look(each.number, purpose, look_kind::find, only(field));
    out.push_back(s.core->keys().ids->id(each.number));
  }
  if (out.empty()) {
    s.note_look({}, purpose, look_kind::find, {});
    return error{errc::not_found, "nobody whom this purpose may find by it"};
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<customer_id>> session::find_by_email(std::string_view address,
                                                        purpose_id purpose, search_path path) {
  return find_exactly(field::emails, address, {}, purpose, path);
}

result<std::vector<customer_id>> session::find_by_phone(std::string_view number, purpose_id purpose,
                                                        search_path path) {
  return find_exactly(field::phones, number, {}, purpose, path);
}

result<std::vector<customer_id>> session::find_by_id(std::string_view system,
                                                     std::string_view value, purpose_id purpose,
                                                     search_path path) {
  return find_exactly(field::external_ids, value, system, purpose, path);
}

}  // namespace clientbook
