// A book out of a mirror, shares and backups: what the vault has put together is made to agree with
// itself (ledger, traces), and the ledger says that it was restored.
#include <clientbook/book/book.hpp>
#include <clientbook/internal/vault/backup.hpp>
#include <clientbook/internal/vault/mirror.hpp>

#include <algorithm>

#include "birth_fact.hpp"
#include "consent_store.hpp"
#include "gaps.hpp"
#include "ledger_store.hpp"
#include "open_book.hpp"
#include "pin_of_book.hpp"
#include "places.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

using storage::key;
using storage::table;

// Which payloads somebody's manifest leads to. Nothing: one of the chains does not hold.
std::optional<std::vector<bool>> payloads_that_lead_somewhere(book_core& core,
                                                              ledger_store& ledger) {
  std::vector<bool> reached(core.row().ledger_size);
  for (customer_no number = first_customer; number < core.row().next; ++number.value) {
    const auto found = core.tree().find(number);
    if (!found) continue;
    manifest known;
    known.subject_key = (*found)->subject_key.duplicate();
    known.key_version = (*found)->key_version;
    std::uint64_t index = (*found)->last_ledger_index;
    for (std::uint32_t left = (*found)->disclosures; left > 0 && index >= ledger.pruned(); --left) {
      const auto payload = ledger.payload(index, number, known);
      if (!payload || index >= reached.size()) return std::nullopt;
      reached[index] = true;
      if (payload->previous) index = *payload->previous;
    }
  }
  return reached;
}

// Payloads of customers who are not in the book: nothing opens them, and nothing is to be left of
// them. Where a chain is damaged they all stay: `verify` tells of it.
result<void> drop_payloads_of_nobody(book_core& core, ledger_store& ledger) {
  const auto reached = payloads_that_lead_somewhere(core, ledger);
  if (!reached) return {};
  std::vector<std::uint64_t> gone;
  const key prefix(table::ledger_payload);
  auto walked = core.read().walk(prefix, prefix, [&](byte_view at, byte_view) {
    if (at.size() != 9) return true;
    const auto index = load_be<std::uint64_t>(at.data() + 1);
    if (index >= reached->size() || !(*reached)[index]) gone.push_back(index);
    return true;
  });
  if (!walked) return walked;
  for (const std::uint64_t index : gone) {
    if (auto done = core.write().erase(key(table::ledger_payload).add(index)); !done) return done;
  }
  return {};
}

// What was pruned since the backup: of its entries all but the rest of a tile that was not full
// then, which the tree is led on from.
result<void> prune_again(ledger_store& ledger, std::uint64_t size, const restored_entries& found) {
  if (!found.row_in_mirror) return {};
  const std::uint64_t until =
      std::min(found.row_in_mirror->ledger_pruned, size) / ledger::tile_width * ledger::tile_width;
  return until <= ledger.pruned() ? result<void>() : ledger.prune(until);
}

// Mirrors that the restored book follows: those that the newer of backup and mirror knew, and in
// any case the one that it comes from, which may be younger than both say.
std::vector<std::string> mirrors_of(const recovery_row& newer, std::string_view from,
                                    mirror_opener* ways) {
  std::vector<std::string> out = newer.mirrors;
  if (from.empty()) return out;
  for (const std::string& one : out) {
    if (one == from) return out;
    if (ways == nullptr) continue;
    const auto apart = ways->check_apart(from, std::span(&one, 1));
    if (!apart && apart.error().code == errc::already_exists) return out;  // Spelled otherwise.
  }
  if (out.size() == recovery_row::most_mirrors) out.pop_back();
  out.insert(out.begin(), std::string(from));
  return out;
}

struct restored_with {
  const actor& who;
  timestamp now{};
  const restored_entries& found;
  const crypto::box_public_key& recovery;
  const crypto::share& share;  ///< One of those that opened the mirror.
  std::string_view mirror{};   ///< Its path,
  mirror_opener* ways;         ///< and how paths are compared; nobody: as they are written.
};

// The key that opened the mirror is the book's, also where the backup is from before a rotation:
// the former shares may be destroyed. A mark of its own tells two books apart that were restored
// from one mirror.
result<void> go_on_from_mirror(book_core& core, const restored_with& how) {
  auto row = read_recovery(core);
  if (!row) return row.error();
  recovery_row next;
  if (*row) next = std::move(**row);
  const auto& in_mirror = how.found.row_in_mirror;
  const bool mirror_is_newer = in_mirror && in_mirror->mark > next.mark;
  next.mirrors = mirrors_of(mirror_is_newer ? *in_mirror : next, how.mirror, how.ways);
  // In the book that was restored nobody has given anything up: what lies there may know more.
  next.given_up.clear();
  if (next.key != how.recovery) {
    next.key = how.recovery;
    next.made_at = how.found.mirror_at.seconds;
    next.threshold = how.share.threshold;
    next.shares = how.share.of;
  }
  next.mark = std::max(next.mark, how.found.mark);
  if (auto marked = draw_mark(core, next); !marked) return marked;
  return write_recovery(core, next);
}

// Whoever has said something since the backup may have said no: what they had agreed to before is
// over, in the transaction that brings them back.
result<void> end_consents(book_core& core, ledger_store& ledger, const restored_with& how) {
  if (how.found.unheard.empty()) return {};
  consent_store consent(core);
  if (auto known = consent.follow(); !known) return known;
  consent.recorded_by(how.who.id);
  for (const customer_no number : how.found.unheard) {
    const customer_id id = core.keys().ids->id(number);
    const auto found = core.tree().find(number);
    if (!found) return found.error();
    const auto born = consent.born(number, **found);
    if (!born) return born.error();
    directive end = end_of_consents(how.now, "restored: what was said since is lost, ask again");
    if (auto drawn = core.random().fill(end.id.bytes); !drawn) return drawn.error();
    const auto edited = core.tree().edit(number);
    if (!edited) return edited.error();
    const auto said = consent.append(**edited, number, end, *born, how.now);
    if (!said) return said.error();
    const auto logged =
        ledger.append({.type = ledger_event::consent_withdrawn}, {.directive = end.id}, how.who.id,
                      how.now, ledger_store::subject{number, *edited, id});
    if (!logged) return logged.error();
    std::array<std::byte, 4> said_so_far{};
    store_be(said_so_far.data(), (*edited)->directives);
    if (auto put = core.put_value(core.keys().rows, to_ask_place(number), said_so_far); !put) {
      return put;
    }
  }
  return {};
}

// What consents are worth goes by the latest birth date that was ever told, also where the record
// is of before.
result<void> age_again(book_core& core, const restored_with& how) {
  if (how.found.younger.empty()) return {};
  consent_store consent(core);
  if (auto known = consent.follow(); !known) return known;
  for (const customer_no number : how.found.younger) {
    const auto edited = core.tree().edit(number);
    if (!edited) return edited.error();
    if (auto aged = consent.recompile(**edited, number, birth_fact(**edited), how.now); !aged) {
      return aged;
    }
  }
  return {};
}

result<std::uint64_t> put_right(book_core& core, const restored_with& how) {
  // What is written now would be dated before what it ends.
  if (how.now < std::max(how.found.backup_at, how.found.mirror_at)) {
    return error{errc::invalid_state,
                 "the clock is behind the backup's or the mirror's day: put it right first"};
  }
  ledger_store ledger(core);
  trace_store traces(core);
  if (auto mended = traces.mend(how.found.periods, how.now); !mended) return mended.error();
  if (auto pruned = prune_again(ledger, core.row().ledger_size, how.found); !pruned) {
    return pruned.error();
  }
  if (auto dropped = ledger.drop_what_came_back(); !dropped) return dropped.error();
  if (auto dropped = drop_payloads_of_nobody(core, ledger); !dropped) return dropped.error();
  if (auto aged = age_again(core, how); !aged) return aged.error();
  if (auto ended = end_consents(core, ledger, how); !ended) return ended.error();
  if (auto taken = go_on_from_mirror(core, how); !taken) return taken.error();
  if (auto told = add_gap(core, {.since = how.found.backup_at, .until = how.now}); !told) {
    return told.error();
  }
  core.edit_row().restored_at = how.now.seconds;
  core.edit_row().restored_as_of = how.found.backup_at.seconds;
  const auto entry = ledger.append(
      {.type = ledger_event::restore,
       .count = static_cast<std::uint32_t>(std::min<std::uint64_t>(how.found.erased, 0xffffffffU))},
      {}, how.who.id, how.now, std::nullopt);
  if (!entry) return entry.error();
  if (auto flushed = ledger.flush(); !flushed) return flushed.error();
  return entry->index;
}

}  // namespace

result<restore_outcome> book::restore(std::shared_ptr<backend> store,
                                      std::shared_ptr<root_cell> cell, const restore_parts& from,
                                      const actor& who, const book_options& options) try {
  if (auto ready = crypto::init(); !ready) return ready.error();
  if (who.id.value == 0) return error{errc::invalid_argument, "an actor needs a number above 0"};
  if (reach_of(who.role, action::recover) == reach::nobody) {
    return error{errc::role_denied, "this role restores no book: `clientbook roles` lists them"};
  }
  const auto seed = crypto::combine(from.shares);
  if (!seed) return seed.error();
  const crypto::box_key recovery(*seed);
  const crypto::box_public_key recovery_key = recovery.public_key();
  restored_entries found;
  const clock_source clock = given_or_system(options.clock);
  const timestamp now = clock.now(clock.context);
  std::uint64_t index = 0;
  const auto furnish = [&](book_core& core) -> result<void> {
    const auto entry = put_right(core, {who, now, found, recovery_key, from.shares.front(),
                                        from.mirror_path, options.mirrors.get()});
    if (!entry) return entry.error();
    index = *entry;
    return {};
  };
  auto core = share(std::move(store), std::move(cell), options);
  const restore_source source{from.mirror, &recovery, from.backups, from.progress};
  const auto made = book_core::restore(std::move(core), source, found, furnish);
  if (!made) return made.error();
  if (auto set = set_pin(**made, options.pin); !set) return set.error();
  restore_outcome out{.customers = found.customers,
                      .erased = found.erased,
                      .not_in_mirror = found.not_in_mirror,
                      .not_in_backup = found.not_in_backup,
                      .changed = found.changed,
                      .unheard = {},
                      .backup_at = found.backup_at,
                      .mirror_at = found.mirror_at,
                      .ledger_index = index,
                      .epoch = (*made)->header().epoch};
  for (const customer_no number : found.unheard) {
    out.unheard.push_back((*made)->keys().ids->id(number));
  }
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
