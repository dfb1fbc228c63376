// Ending an epoch of the ledger, and what shows it.
//
// Seal, new key, its entry and the end of the former key are one transaction: there is never an
// epoch with two keys or with none. Where a restore has brought an epoch back whose key was
// destroyed, or lost, nobody can seal it any more: the next one is opened by the log's own key, and
// that shows.
#include <clientbook/ledger/epoch_seal.hpp>

#include <algorithm>
#include <array>

#include "session_state.hpp"

namespace clientbook {
namespace {

constexpr error not_as_told{errc::damaged,
                            "an epoch of the ledger is not as its seal and its entry say"};

result<ledger_epoch> told(const epoch_store::row& one, const ledger::log_identity& log,
                          const crypto::verifying_key& key) {
  ledger_epoch out = one.is;
  if (out.seal.empty()) return out;
  auto seal = ledger::verify_epoch_seal(out.seal, log.origin, key);
  if (!seal) seal = ledger::verify_epoch_seal(out.seal, log.origin, log.key);
  if (!seal) return seal.error();
  out.size = seal->size;
  return out;
}

}  // namespace

result<ledger_epoch> session::end_epoch() try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state,
                 "the end of an epoch is a transaction of its own: commit first"};
  }
  return s.change(action::administer, [&]() -> result<ledger_epoch> {
    const std::uint64_t size = s.core->row().ledger_size;
    if (size == 0) {
      return error{errc::invalid_state, "the ledger has no entry yet: there is nothing to seal"};
    }
    epoch_store::row ending;
    if (s.epochs.newest() != 0) {
      auto now = s.epochs.read(s.epochs.newest());
      if (!now) return now.error();
      ending = std::move(*now);
    }
    const auto root = s.ledger.root();
    if (!root) return root.error();
    auto by = s.epochs.key_of(ending);
    const bool lost = !by && by.error().code == errc::key_erased;
    if (!by && !lost) return by.error();
    s.broken = true;
    const auto next = s.epochs.begin_next(size);
    if (!next) return next.error();
    const ledger::log_identity log = s.ledger.identity();
    const crypto::signing_key of_log(s.core->keys().signing_seed);
    std::array<char, ledger::epoch_seal_room> room{};
    const auto note = ledger::write_epoch_seal(
        {.origin = log.origin,
         .kind = ending.is.number == 0 || lost ? ledger::seal_kind::opening
                                               : ledger::seal_kind::sealing,
         .epoch = ending.is.number,
         .from = ending.is.from,
         .size = size,
         .root = *root,
         .next = next->is.key},
        lost ? of_log : *by, room);
    if (!note) return note.error();
    ending.is.seal = std::string(*note);
    if (auto done = s.epochs.put(ending); !done) return done.error();
    if (auto done = s.epochs.put(*next); !done) return done.error();
    if (!lost) {
      if (auto gone = s.epochs.destroy_key(ending); !gone) return gone.error();
    }
    s.core->edit_row().epochs = next->is.number;
    const auto logged = s.ledger.append(
        {.type = ledger_event::epoch, .commitment = ledger::epoch_key_commitment(next->is.key)}, {},
        s.who.id, s.now(), std::nullopt);
    if (!logged) return logged.error();
    s.broken = false;
    return next->is;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<ledger_epoch>> session::epochs() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::audit); !seen) return seen.error();
  std::vector<ledger_epoch> out;
  if (s.epochs.newest() == 0) return out;
  const ledger::log_identity log = s.ledger.identity();
  for (std::uint32_t number = 0; number <= s.epochs.newest(); ++number) {
    const auto one = s.epochs.read(number);
    if (!one) return one.error();
    const auto as_told = told(*one, log, number == 0 ? log.key : one->is.key);
    if (!as_told) return as_told.error();
    out.push_back(*as_told);
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<epoch_evidence> session::seals() try {
  session_state& s = *state_;
  const auto all = epochs();
  if (!all) return all.error();
  epoch_evidence out;
  for (const ledger_epoch& one : *all) {
    if (!one.size) continue;
    proved_seal next{.note = one.seal};
    const auto growth = s.ledger.prove_growth(*one.size);
    next.pruned = !growth && growth.error().code == errc::pruned;
    if (!growth && !next.pruned) return growth.error();
    if (growth) {
      next.path.assign(growth->view().begin(), growth->view().end());
      const std::uint64_t first = *one.size;
      const auto proved = s.ledger.prove_all(
          std::span(&first, 1), [&](byte_view entry, const ledger::proof& path) -> result<void> {
            next.entry.assign(entry.begin(), entry.end());
            next.entry_path.assign(path.view().begin(), path.view().end());
            return {};
          });
      if (!proved) return proved.error();
    }
    out.seals.push_back(std::move(next));
  }
  auto note = s.ledger.checkpoint();
  if (!note) return note.error();
  out.checkpoint = std::move(*note);
  auto log = s.ledger.identity_text();
  if (!log) return log.error();
  out.log = std::move(*log);
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session_state::verify_epochs() {
  const std::uint32_t newest = epochs.newest();
  std::uint64_t entries = 0;
  for (std::uint64_t index = ledger.pruned(); index < core->row().ledger_size; ++index) {
    const auto leaf = ledger.leaf(index);
    if (!leaf) return leaf.error();
    if (leaf->type == ledger_event::epoch) ++entries;
  }
  std::uint64_t wanted = 0;
  ledger::epoch_chain chain(ledger.identity());
  for (std::uint32_t number = 0; newest != 0 && number <= newest; ++number) {
    const auto one = epochs.read(number);
    if (!one) return one.error();
    const bool now = number == newest;
    if (one->is.from != chain.from() || (number != 0 && one->is.key != chain.key())) {
      return not_as_told;
    }
    if (number != 0) {
      const auto by = epochs.key_of(*one);
      if (!by && by.error().code != errc::key_erased) return by.error();
      // A key that is there seals; that of an epoch that is over is not there any more.
      if (by && (!now || by->public_key() != one->is.key)) return not_as_told;
      if (!by && now && core->row().restored_at == 0) return by.error();
      if (one->is.from >= ledger.pruned()) {
        ++wanted;
        const auto leaf = ledger.leaf(one->is.from);
        if (!leaf) return leaf.error();
        if (leaf->type != ledger_event::epoch ||
            leaf->commitment != ledger::epoch_key_commitment(one->is.key)) {
          return not_as_told;
        }
      }
    }
    if (now) break;
    const auto seal = chain.add(one->is.seal);
    if (!seal) return seal.error();
    if (seal->size < ledger.pruned()) continue;
    if (auto held = ledger.goes_on_from(seal->size, seal->root); !held) return held.error();
  }
  if (chain.openings() > 1 && core->row().restored_at == 0) return not_as_told;
  return entries == wanted ? result<void>() : not_as_told;
}

}  // namespace clientbook
