// At once for the customer of the row, behind the last row for all others who have its ways.
#include "row_noes.hpp"

#include <clientbook/consent/shop_consent.hpp>
#include <clientbook/consent/vocabulary.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

#include "row_fields.hpp"

namespace clientbook {
namespace {

bool is_somebodys_no(decision_code code) noexcept {
  return code == decision_code::restricted || code == decision_code::objected ||
         code == decision_code::withdrawn || code == decision_code::denied_by;
}

}  // namespace

bool row_noes::is_a_no_and_a_way(const import_customer& one) const {
  constexpr field_set known_by{field::emails, field::phones, field::external_ids};
  const bool no = std::ranges::any_of(row_.directives, is_no) &&
                  std::ranges::all_of(row_.directives, [](const directive& said) {
                    return is_no(said) || !decides(said.kind);
                  });
  if (!no || run_.map.ids_link_files() || !is_made_up(one) || !one.external_ids.empty())
    return false;
  return one.notes.empty() && one.receipts.empty() && one.household.empty() &&
         std::ranges::all_of(row_.record.fields(),
                             [&](const field_value& each) { return known_by.has(each.id); });
}

result<bool> row_noes::take_for_known(const import_customer& one) {
  if (auto read = run_.read_people(); !read) return read.error();
  std::vector<customer_id> theirs = seen_by_ways(row_.record.view());
  std::ranges::sort(theirs, {}, &customer_id::bytes);
  theirs.erase(std::unique(theirs.begin(), theirs.end()), theirs.end());
  if (theirs.empty()) return false;
  ++run_.counts.known;
  ++run_.counts.matched;
  if (theirs.size() == 1) {
    row_.whose = theirs.front();
    if (auto said = say(one, theirs.front()); !said) return said.error();
    if (auto heeded = heed(one, theirs.front()); !heeded) return heeded.error();
    return true;
  }
  if (auto kept = keep(one, {}, ways_to_reach); !kept) return kept.error();
  tell_ways_alone(one.line);
  return true;
}

void row_noes::tell_ways_alone(std::uint64_t line) const {
  if (!says_more()) return;
  run_.remark({errc::already_exists,
               "several customers of the book may be meant: of a no to more than their address or "
               "number these alone are closed"},
              line);
}

// Whether the row says no to more than the ways that its addresses and numbers are.
bool row_noes::says_more() const {
  const purpose_set ways = shared_noes::ways_of(row_.record.view());
  return std::ranges::any_of(row_.directives, [&](const directive& each) {
    return is_no(each) && !(covered_by_denial(each.scope.purposes) - ways).empty();
  });
}

// Who is another store's, or whose addresses nobody may see here, is not found, and has said no
// all the same. Precondition: run_.people is read.
result<void> row_noes::say_no_to_unseen(const std::optional<customer_id>& whose) {
  const auto take = [&](const customer& who, const directive& no) -> result<void> {
    std::vector<customer_id> found = seen_by_ways(who.view());
    if (whose) found.push_back(*whose);
    const auto taken = run_.into.record_no(who.fields(), no, found);
    const bool nobody = !taken && (taken.error().code == errc::missing_field ||
                                   taken.error().code == errc::role_denied);
    return nobody ? result<void>() : taken;
  };
  for (const directive& each : row_.directives) {
    if (!is_no(each)) continue;
    if (auto taken = take(row_.record, each); !taken) return taken;
  }
  for (const import_consent& said : row_.said) {
    if (said.contact.empty()) continue;
    customer who;
    const auto set = set_contact(who, said.contact);
    const auto no = set ? consents_.directive_of(said) : result<directive>(set.error());
    if (!no || !is_no(*no)) continue;
    if (auto taken = take(who, *no); !taken) return taken;
  }
  return {};
}

// Those found by one of these addresses and numbers, and whoever has one of the ids.
std::vector<customer_id> row_noes::seen_by_ways(const record_view& of) const {
  std::vector<customer_id> out;
  const auto add = [&](field_id field, std::string_view value) {
    run_.people.add_with(run_.people.key_of(field, value), out);
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
void row_noes::note_ways(const customer_id& id, field_set taken) {
  if (!taken.empty() && run_.people.is_read()) run_.people.note(row_.record.view(), taken, id);
}

result<bool> row_noes::keep(const import_customer& one, const std::optional<customer_id>& whose,
                            field_set taken) {
  const bool no = std::ranges::any_of(row_.directives, is_no);
  if (no) {
    if (auto read = run_.read_people(); !read) return read.error();
    if (auto said = say_no_to_unseen(whose); !said) return said.error();
    if (run_.people.knows_nobody() && !std::exchange(told_unclosed_, true)) {
      run_.remark(
          {errc::role_denied,
           "this role may not look for people: a no about an address or number is closed for "
           "nobody else who has it, here and below"},
          one.line);
    }
  }
  if (whose) note_ways(*whose, taken);
  if (!no) return false;
  std::vector<std::string_view> named;
  for (const import_consent& said : row_.said) {
    if (!said.contact.empty()) named.push_back(said.contact);
  }
  return noes_.add(run_.into, run_.people,
                   {.record = row_.record.view(),
                    .named = named,
                    .said = row_.directives,
                    .whose = whose,
                    .kept = taken,
                    .line = one.line});
}

result<void> row_noes::heed(const import_customer& one, const std::optional<customer_id>& whose) {
  const auto kept = keep(one, whose, row_.erased ? ways_to_reach : field_set());
  return kept ? result<void>() : kept.error();
}

result<void> row_noes::note_age(const import_customer& one, const customer_id& id) {
  const auto born = row_.record.view().birth_date();
  const std::optional<date> told = born ? std::optional(*born) : one.birth_date;
  if (!told) return {};
  const auto noted = run_.into.note_birth_date(id, *told);
  const bool void_here = !noted && (noted.error().code == errc::invalid_value ||
                                    noted.error().code == errc::role_denied);
  return void_here ? result<void>() : noted;
}

result<void> row_noes::say(const import_customer& one, const customer_id& id) {
  note_word(id);
  if (auto aged = note_age(one, id); !aged) return aged;
  if (std::ranges::none_of(row_.directives, is_no)) return {};
  if (auto again = consents_.find_again(id); !again) return again;
  for (const directive& each : row_.directives) {
    if (!is_no(each)) continue;
    const auto recorded = run_.into.record(id, each);
    const errc code = recorded ? errc::none : recorded.error().code;
    // An address that is not theirs is closed for whoever has it.
    if (code == errc::not_found && is_about_contacts(each)) continue;
    if (code == errc::back_dated) {
      ++run_.counts.back_dated;
      continue;
    }
    if (!recorded) return recorded.error();
    ++(recorded->repeated ? run_.counts.repeated_directives : run_.counts.directives);
  }
  return {};
}

result<void> row_noes::heed_left_out(const import_customer& one) {
  run_.failed_at = {0, one.line};
  if (row_.erased) return heed(one);
  std::vector<external_id> ids;
  std::optional<customer_id> said_for;
  if (const auto all = row_.record.view().external_ids()) {
    for (const external_id& each : *all) {
      const auto whose = run_.into.find(each.system, each.value.reveal());
      if (!whose) {
        ids.push_back(each);
        continue;
      }
      if (auto said = say(one, *whose); !said) return said;
      said_for = *whose;
    }
  }
  if (auto heeded = heed(one, said_for); !heeded) return heeded;
  if (ids.empty() || std::ranges::none_of(row_.directives, is_no)) return {};
  customer who;
  if (auto set = who.set(field::external_ids, std::span<const external_id>(ids)); !set) return set;
  for (const directive& each : row_.directives) {
    if (!is_no(each)) continue;
    if (auto kept = remembered_.remember(who, each, one.line); !kept) return kept;
  }
  return {};
}

result<void> row_noes::close_gained(const import_customer& one, const merged& told,
                                    const customer_id& id) {
  const field_set gained = told.added | told.replaced;
  std::vector<directive> said;
  if (gained.has(field::external_ids)) {
    customer who;
    const auto ids = row_.record.view().external_ids();
    if (ids && ids->size() != 0) {
      std::vector<external_id> all;
      for (const external_id& each : *ids) all.push_back(each);
      if (auto set = who.set(field::external_ids, std::span<const external_id>(all)); !set)
        return set;
      if (auto closed = heed_before(id, who, {}, said); !closed) return closed;
    }
  }
  for (const std::string_view text : row_.ways(gained)) {
    customer who;
    const auto point = run_.contact_named(text);
    if (!point || !set_contact(who, text)) continue;
    if (auto closed = heed_before(id, who, *point, said); !closed) return closed;
  }
  if (said.empty()) return {};
  ++run_.counts.unsubscribed;
  if (auto read = run_.read_people(); !read) return read;
  const auto shared = noes_.add(run_.into, run_.people,
                                {.record = row_.record.view(),
                                 .named = {},
                                 .said = said,
                                 .whose = id,
                                 .kept = ways_to_reach,
                                 .line = one.line});
  return shared ? result<void>() : shared.error();
}

// As for a newcomer who has these values.
result<void> row_noes::heed_before(const customer_id& id, const customer& who,
                                   const contact_point& about, std::vector<directive>& said) {
  auto no = remembered_.no_before(who.fields());
  if (!no) return no.error();
  if (!*no) return {};
  (*no)->contacts[0] = about;
  said.push_back(**no);
  note_word(id);
  const auto recorded = run_.into.record(id, **no);
  if (!recorded) return recorded.error();
  ++(recorded->repeated ? run_.counts.repeated_directives : run_.counts.directives);
  const auto heeded = run_.into.forget_remembered(who.fields(), refusal_kind::unsubscribed);
  return heeded ? result<void>() : heeded.error();
}

result<void> row_noes::note_gained(const import_customer& one, field_set gained,
                                   const customer_id& id) {
  const std::vector<std::string_view> texts = row_.ways(gained & ways_to_reach);
  if (texts.empty()) return {};
  // Whoever has a budget does not spend it on everybody of the book for a few newcomers.
  const actor_role role = run_.into.who().role;
  const bool asks = role == actor_role::owner || role == actor_role::service;
  if (!asks && !run_.people.is_read()) {
    if (std::exchange(told_unasked_, true)) return {};
    run_.remark({errc::role_denied,
                 "whether another customer has said no about an address or number is asked for an "
                 "owner or a service: not here and below"},
                one.line);
    return {};
  }
  // Now, so that of a book that is being made nobody has to be read again.
  if (auto read = run_.read_people(); !read) return read;
  for (const std::string_view text : texts) {
    const auto point = run_.contact_named(text);
    if (!point) continue;
    gained_.push_back({.whose = id,
                       .which = *point,
                       .key = run_.people.key_of(point->field, text),
                       .line = one.line});
  }
  return {};
}

result<void> row_noes::close_refused() {
  for (const gained_way& each : gained_) {
    run_.failed_at = {0, each.line};
    const auto refused = refused_by_others(each);
    if (!refused) return refused.error();
    if (refused->empty()) continue;
    consent_scope scope = everything();
    scope.purposes = *refused;
    directive no = make_directive(directive_kind::deny, scope,
                                  {.at = run_.now, .channel = consent_channel::import});
    no.evidence.reference = short_text<64>("no of another customer with that address or number");
    no.contacts[0] = each.which;
    const auto recorded = record_of_way(each.whose, no);
    if (!recorded) return recorded.error();
    ++(recorded->repeated ? run_.counts.repeated_directives : run_.counts.directives);
    run_.remark({errc::already_exists,
                 "another customer of the book has said no about an address or number of this one: "
                 "closed for them too, until they agree themselves (consent grant --supersedes)"},
                each.line);
  }
  return {};
}

void row_noes::note_newcomer(const customer_id& id) {
  field_set closed;
  for (const directive& said : row_.directives) {
    if (!is_no(said)) continue;
    const bool all = said.kind == directive_kind::restrict || said.kind == directive_kind::object;
    for (const field_id way : ways_to_reach) {
      const purpose_set by = covered_by_denial(said.scope.purposes) & marketing_by(way);
      if (all || !by.empty()) closed.add(way);
    }
  }
  newcomers_.insert_or_assign(id, closed);
}

bool row_noes::refused_nothing(const customer_id& whose, field_id field) const {
  const auto known = newcomers_.find(whose);
  return known != newcomers_.end() && !known->second.has(field);
}

result<const std::vector<row_noes::refusal>*> row_noes::refusals_of(const gained_way& by) {
  const auto [known, is_new] =
      refusals_.try_emplace({by.key, load_be<std::uint64_t>(by.which.token.data())});
  if (!is_new) return &known->second;
  std::vector<refusal> all;
  for (const customer_id& other : run_.people.with(by.key)) {
    if (refused_nothing(other, by.which.field)) continue;
    const auto refused = refused_by(other, by.which);
    if (!refused) return refused.error();
    if (!refused->empty()) all.push_back({other, *refused});
  }
  known->second = std::move(all);
  return &known->second;
}

// The marketing by that address or number which is closed by the word of somebody else who has it,
// and not by one of its new customer's.
result<purpose_set> row_noes::refused_by_others(const gained_way& by) {
  const auto all = refusals_of(by);
  if (!all) return all.error();
  purpose_set out;
  for (const refusal& each : **all) {
    if (each.by != by.whose) out |= each.what;
  }
  if (out.empty()) return out;
  const auto own = refused_by(by.whose, by.which);
  if (!own) return own;
  return out - *own;
}

result<purpose_set> row_noes::refused_by(const customer_id& whose, const contact_point& which) {
  purpose_set out;
  std::optional<error> failed;
  marketing_by(which.field).for_each([&](purpose_id each) {
    const auto why = run_.into.explain(whose, run_.into.request(each), which);
    // What another store's customer has said is not told here.
    if (!why && why.error().code != errc::role_denied &&
        why.error().code != errc::not_in_portfolio) {
      failed = why.error();
    }
    if (why && is_somebodys_no(why->code)) out.add(each);
  });
  if (failed) return *failed;
  return out;
}

// Of a way that the book tells apart in another manner the no is one to all of them.
result<recorded> row_noes::record_of_way(const customer_id& id, const directive& no) {
  note_word(id);
  auto done = run_.into.record(id, no);
  if (done || done.error().code != errc::not_found) return done;
  directive all = no;
  all.contacts = {};
  return run_.into.record(id, all);
}

result<void> row_noes::close_for_others() {
  const auto take = [&](const customer_id& id, const directive& no,
                        std::uint64_t line) -> result<void> {
    const auto recorded = record_of_way(id, no);
    if (!recorded && recorded.error().code == errc::back_dated) {
      ++run_.counts.back_dated;
      return {};
    }
    if (!recorded) {
      run_.failed_at = {0, line};
      return recorded.error();
    }
    if (recorded->repeated) {
      ++run_.counts.repeated_directives;
      return {};
    }
    ++run_.counts.directives;
    run_.remark(
        {errc::already_exists,
         "a no about an address or number that somebody else of the book has: closed for them "
         "too"},
        line);
    return {};
  };
  if (auto closed = noes_.for_others(run_.people, take); !closed) return closed;
  return noes_.for_nobody(
      run_.people,
      [&](std::string_view text, const directive& no, std::uint64_t line) -> result<void> {
        customer who;
        if (!set_contact(who, text)) who.clear();
        return remembered_.remember(who, no, line);
      });
}

}  // namespace clientbook
