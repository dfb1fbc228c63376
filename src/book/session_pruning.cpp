// Which of the oldest entries of the ledger may go, and taking them out.
//
// Entries are one behind the other, so whatever keeps one keeps all later ones: the bound is the
// first entry that anything keeps. Whoever's row does not open may be kept, and nothing goes.
#include <clientbook/ledger/checkpoint.hpp>

#include <algorithm>
#include <array>
#include <limits>

#include "session_state.hpp"

namespace clientbook {
namespace {

constexpr std::uint64_t nothing_kept = std::numeric_limits<std::uint64_t>::max();

// Collects for each reason the first entry.
class bounds {
 public:
  void add(prune_bound why, std::uint64_t index) {
    if (index == nothing_kept) return;
    const auto known = std::ranges::find(all_, why, &kept_from::why);
    if (known == all_.end()) {
      all_.push_back({.why = why, .index = index});
    } else {
      known->index = std::min(known->index, index);
    }
  }
  std::vector<kept_from> take() {
    std::ranges::sort(all_, {}, &kept_from::index);
    return std::move(all_);
  }

 private:
  std::vector<kept_from> all_;
};

// As many entries as somebody outside has seen, or 0: nobody has any checkpoint.
result<std::uint64_t> seen_outside(session_state& s, std::string_view published) {
  std::uint64_t seen = nothing_kept;
  bool any = false;
  const auto known = s.witnesses.all();
  if (!known) return known.error();
  for (const ledger_witness& one : **known) {
    // Both are to be led on from: what it has cosigned on pages, what it says it saw when it is
    // asked.
    any = any || one.size != 0;
    if (one.size != 0) seen = std::min(seen, one.size);
    if (one.seen != 0) seen = std::min(seen, one.seen);
  }
  if (!published.empty()) {
    const auto head = ledger::verify_checkpoint(published, s.ledger.identity());
    if (!head) return head.error();
    if (head->size > s.core->row().ledger_size) {
      return error{errc::rolled_back,
                   "the checkpoint is of more entries than there are: this is an older copy",
                   head->size};
    }
    if (auto held = s.ledger.goes_on_from(head->size, head->root); !held) return held.error();
    any = true;
    seen = std::min(seen, head->size);
  }
  return any ? seen : 0;
}

// Why a customer's entries stay; nothing: they may go.
result<std::optional<prune_bound>> what_keeps(session_state& s, customer_no number,
                                              const customer_id& id) {
  const auto hold = s.hold_on(number);
  if (!hold) return hold.error();
  if (*hold != nullptr) return std::optional(prune_bound::held);
  const auto all = s.requests.of(number);
  if (!all) return all.error();
  for (const std::uint32_t each : *all) {
    const auto one = s.requests.get(each);
    if (!one) return one.error();
    if (!has_ended(one->what.state)) return std::optional(prune_bound::requested);
  }
  const auto named = s.cases.needs(id, s.now());
  if (!named) return named.error();
  if (*named) return std::optional(prune_bound::in_case);
  const auto by_law = s.kept_by_law_of(number);
  if (!by_law) return by_law.error();
  if (!by_law->empty()) return std::optional(prune_bound::kept_by_law);
  return std::optional<prune_bound>();
}

// The first entry about the customer that is still there.
result<std::uint64_t> first_entry(session_state& s, const customer_id& id) {
  std::uint64_t first = nothing_kept;
  const auto read = s.each_entry(id, [&](const entry_seen& one) -> result<void> {
    first = std::min(first, one.index);
    return {};
  });
  if (!read) return read.error();
  return first;
}

// The first day whose erasure a retained record is of.
result<std::optional<date>> first_retained(session_state& s) {
  std::optional<date> out;
  for (std::uint32_t which = 1; which <= s.retained.given(); ++which) {
    const auto one = s.retained.head(which);
    if (!one && one.error().code == errc::key_erased) continue;
    if (!one) return one.error();
    if (!out || days_since_epoch(one->since) < days_since_epoch(*out)) out = one->since;
  }
  return out;
}

result<void> check_day(const session_state& s, date before) {
  if (!exists(before) || days_since_epoch(before) > days_since_epoch(date_of(s.now()))) {
    return error{errc::invalid_value,
                 "entries are pruned that are of days before one, which is not ahead of today"};
  }
  return {};
}

}  // namespace

result<std::vector<kept_from>> session_state::kept_of_ledger(const prune_options& what,
                                                             std::uint64_t end) {
  bounds out;
  const auto young = ledger.first_of(what.before, end);
  if (!young) return young.error();
  if (*young < end) out.add(prune_bound::younger, *young);
  const auto outside = seen_outside(*this, what.published);
  if (!outside) return outside.error();
  out.add(prune_bound::unseen, *outside);
  if (pin) out.add(prune_bound::pin, pinned.epoch == 0 ? 0 : pinned.ledger_size);
  for (customer_no number = first_customer; number < core->row().next; ++number.value) {
    if (core->stop().stops()) return error{errc::invalid_state, "the host has stopped this call"};
    const auto found = entry(number);
    if (!found) {
      if (found.error().code == errc::key_erased) continue;
      return found.error();
    }
    const customer_id id = core->keys().ids->id(number);
    const auto why = what_keeps(*this, number, id);
    if (!why) return why.error();
    if (!*why) continue;
    const auto first = first_entry(*this, id);
    if (!first) return first.error();
    out.add(**why, *first);
  }
  const auto day = first_retained(*this);
  if (!day) return day.error();
  if (*day) {
    const auto first = ledger.first_of(**day, end);
    if (!first) return first.error();
    if (*first < end) out.add(prune_bound::retained, *first);
  }
  return out.take();
}

namespace {

// What was found while others wrote, and of when it is.
struct judgement {
  pruning told;
  std::uint64_t entries = 0;
  std::uint32_t cases = 0;  // Version of their row; a request that comes in opens one.
};

result<judgement> judge(session_state& s, const prune_options& what) {
  if (auto good = check_day(s, what.before); !good) return good.error();
  const book_row& row = s.core->row();
  judgement of{.told = {.from = s.ledger.pruned()}, .entries = row.ledger_size, .cases = row.cases};
  pruning& out = of.told;
  const std::uint64_t most = std::min(of.entries, out.from + max_pruned_at_once);
  auto kept = s.kept_of_ledger(what, most);
  if (!kept) return kept.error();
  std::uint64_t until = most;
  for (const kept_from& one : *kept) until = std::min(until, one.index);
  out.more = until == most && most < of.entries;
  out.until = std::max(out.from, until / ledger::tile_width * ledger::tile_width);
  out.kept = std::move(*kept);
  if (out.until == out.from) return of;
  const auto first = s.ledger.leaf(out.from);
  if (!first) return first.error();
  const auto last = s.ledger.leaf(out.until - 1);
  if (!last) return last.error();
  out.first = first->day;
  out.last = last->day;
  return of;
}

// Whether nothing has been done since that keeps an entry: looking at every customer once more
// would keep all tills waiting. What the law has the shop keep of a record that came in since is
// as if it had come in behind the pruning; a hold that was placed has an entry.
result<bool> still_holds(session_state& s, const judgement& of, const prune_options& what,
                         std::uint64_t from) {
  const book_row& row = s.core->row();
  if (row.ledger_pruned != from || row.cases != of.cases) return false;
  if (s.pin && (s.pinned.epoch == 0 || s.pinned.ledger_size < of.told.until)) return false;
  const auto outside = seen_outside(s, what.published);
  if (!outside) return outside.error();
  if (*outside < of.told.until) return false;
  for (std::uint64_t index = of.entries; index < row.ledger_size; ++index) {
    const auto one = s.ledger.leaf(index);
    if (!one) return one.error();
    if (one->type == ledger_event::legal_hold || one->type == ledger_event::merge ||
        one->type == ledger_event::unmerge) {
      return false;
    }
  }
  return true;
}

// Takes out one step, which is an entry. False: something keeps more now.
result<bool> take_out(session_state& s, const judgement& of, const prune_options& what,
                      std::uint64_t from, std::uint64_t until) {
  bool outdated = false;
  const auto done = s.change(action::administer, [&]() -> result<void> {
    const auto holds = still_holds(s, of, what, from);
    if (!holds) return holds.error();
    outdated = !*holds;
    if (outdated) return error{errc::invalid_state, "others write: prune again"};
    s.broken = true;
    if (auto pruned = s.ledger.prune(until); !pruned) return pruned;
    const auto count = std::min<std::uint64_t>(until, std::numeric_limits<std::uint32_t>::max());
    const auto logged =
        s.ledger.append({.type = ledger_event::pruning, .count = static_cast<std::uint32_t>(count)},
                        {}, s.who.id, s.now(), std::nullopt);
    if (!logged) return logged.error();
    s.broken = false;
    s.must_hear = true;  // A restore of a backup of before takes them out again.
    return {};
  });
  if (done) return true;
  if (outdated) return false;
  return done.error();
}

}  // namespace

result<pruning> session::prune_ledger(const prune_options& what) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "pruning is transactions of its own: commit first"};
  }
  constexpr int patience = 8;
  for (int tries = 1;; ++tries) {
    if (auto looked = s.look(action::administer); !looked) return looked.error();
    auto of = judge(s, what);
    if (!of) return of.error();
    pruning& told = of->told;
    if (what.mode == retention_mode::only_tell || told.until == told.from) return told;
    std::uint64_t from = told.from;
    while (from < told.until) {
      const std::uint64_t until = std::min(told.until, from + max_pruned_in_one_change);
      const auto taken = take_out(s, *of, what, from, until);
      if (taken && *taken) {
        from = until;
        continue;
      }
      // What has gone is told; the next call finds what keeps the rest, or what is wrong.
      if (from != told.from) {
        told.until = from;
        told.more = true;
        return told;
      }
      if (!taken) return taken.error();
      if (tries == patience) {
        return error{errc::invalid_state,
                     "holds, requests or cases changed at each try: prune again in a while"};
      }
      break;
    }
    if (from == told.until) return told;
  }
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::uint64_t> session_state::pruned_of(customer_no number) {
  const auto found = entry_of_part(number);
  if (!found) return found.error();
  const manifest& known = **found;
  std::uint64_t index = known.last_ledger_index;
  for (std::uint64_t left = known.disclosures; left > 0; --left) {
    if (index < ledger.pruned()) return left;
    const auto payload = ledger.payload(index, number, known);
    if (!payload) return payload.error();
    if (payload->previous) index = *payload->previous;
  }
  return std::uint64_t{0};
}

result<pruned_entries> session::pruned_of(const customer_id& id) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::see_looks); !seen) return seen.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto told = s.tell_of(*number, {}, look_kind::ledger); !told) return told.error();
  pruned_entries out{.below = s.ledger.pruned()};
  if (out.below == 0) return out;
  const auto own = s.pruned_of(*number);
  if (!own) return own.error();
  out.entries = *own;
  const auto parts = s.merged_parts(*number);
  if (!parts) return parts.error();
  for (const merged_part& one : *parts) {
    const auto theirs = s.pruned_of(customer_no(one.number));
    if (!theirs) return theirs.error();
    out.entries += *theirs;
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

std::string_view name_of(prune_bound why) noexcept {
  constexpr std::string_view names[] = {"",          "younger", "unseen",      "pin",     "held",
                                        "requested", "in_case", "kept_by_law", "retained"};
  const auto at = static_cast<std::size_t>(why);
  return at < std::size(names) ? names[at] : std::string_view();
}

}  // namespace clientbook
