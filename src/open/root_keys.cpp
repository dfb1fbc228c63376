// Slots of the root cell, joined to the session that may change them.
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/open/root_keys.hpp>

#include <algorithm>
#include <array>
#include <ctime>
#include <new>
#include <string_view>

#include "cell_of_book.hpp"

namespace clientbook {
namespace {

// What the ledger's entry commits to. Stored: append, never renumber.
enum class done_to_slot : std::uint8_t {
  added = 1,
  removed = 2,
  changed = 3,
  sealed = 4,
  unsealed = 5,
  renewed = 6,
};

// No label: it may name somebody, and a ledger forgets nothing.
crypto::digest told(done_to_slot what, std::uint32_t number) noexcept {
  std::array<std::byte, 5> bytes{};
  bytes[0] = static_cast<std::byte>(what);
  store_be(bytes.data() + 1, number);
  return crypto::hasher().update(as_bytes("clientbook key slot 1")).update(bytes).finish();
}

timestamp now_of(session& by) { return by.request(purpose_id()).now; }

// What was done, and to which slot; the number is that of the slot that was made, if one was.
struct slot_work {
  done_to_slot what;
  root_after root;
  std::uint32_t number;
};

// The change of slots comes first, under the book's lock. Whatever fails behind it is told as that.
result<slot_change> changed(session& by, const slot_work& of,
                            callback_ref<result<std::uint32_t>()> work) {
  slot_change out;
  bool worked = false;
  const auto work_once = [&]() -> result<crypto::digest> {
    const auto made = work();
    if (!made) return made.error();
    worked = true;
    out.number = *made;
    return told(of.what, of.number != 0 ? of.number : out.number);
  };
  const auto entry = by.change_keys({.root = of.root, .work = work_once});
  if (entry) {
    out.entry = *entry;
    return out;
  }
  if (!worked || std::string_view(entry.error().text.c_str()).starts_with("committed, but")) {
    return entry.error();
  }
  return error{entry.error().code,
               "the slots were changed, but the book could not be written behind it: open it again "
               "and renew its root key"};
}

bool has(const cell_look& seen, const new_slot& wanted, std::uint32_t opened_by) {
  crypto::box_public_key key{};
  if (wanted.recipient != nullptr) {
    key = *wanted.recipient;
  } else if (wanted.secret->kind() != slot_kind::passphrase) {
    secret<32> own;
    wanted.secret->with_bytes(
        [&](byte_view bytes) { own.fill_bytes([&](byte_span to) { copy_bytes(to, bytes); }); });
    key = crypto::key_pair(own).public_key();
  }
  return std::any_of(seen.slots.begin(), seen.slots.end(), [&](const key_slot& one) {
    // A passphrase is known by what it has opened alone: its public key takes its salt.
    const bool by_phrase = wanted.secret != nullptr && one.kind == slot_kind::passphrase &&
                           wanted.secret->kind() == slot_kind::passphrase;
    return by_phrase ? one.number == opened_by : one.key == key;
  });
}

// What an interrupted call has left may be the key of a book that is there: nothing is changed at
// it before that is known, and nobody is told that a slot was made which is not there.
result<void> check_left(file_root_cell& cell, const key_place& key, const new_slot* first) {
  if (key.slots.empty()) return {};
  if (cell.opened_by() == 0) {
    const auto held = cell.load();
    if (!held) return held.error();
    if (!held->current && !held->staged) return {};
    return error{errc::already_exists,
                 "an interrupted call has left a key there in clear, perhaps of a book that is "
                 "there: call it without a secret as then, and add one afterwards"};
  }
  const auto seen = file_root_cell::look(key.path);
  if (!seen) return seen.error();
  const bool as_asked = std::all_of(key.slots.begin(), key.slots.end(), [&](const new_slot& one) {
    return (&one == first && key.opens == nullptr) || has(*seen, one, cell.opened_by());
  });
  if (as_asked) return {};
  return error{
      errc::already_exists,
      "an interrupted call has left a key there that opens otherwise: call it as then, and "
      "add afterwards what else shall open it"};
}

}  // namespace

new_slot dated(new_slot slot, timestamp now) noexcept {
  if (slot.added.year == 0) slot.added = date_of(now);
  return slot;
}

result<file_root_cell> opened_cell(const key_place& key, std::string_view book) {
  if (key.opened != nullptr) return key.opened->same();
  return file_root_cell::open(key.path, book, key.opens);
}

result<file_root_cell> claimed_cell(const key_place& key, std::string_view book,
                                    const book_options& options) {
  const clock_source& clock = options.clock;
  const timestamp now = clock.now != nullptr
                            ? clock.now(clock.context)
                            : timestamp{static_cast<std::int64_t>(std::time(nullptr))};
  const auto first = std::find_if(key.slots.begin(), key.slots.end(),
                                  [](const new_slot& one) { return one.secret != nullptr; });
  if (!key.slots.empty() && first == key.slots.end()) {
    return error{
        errc::invalid_argument,
        "nobody has shown that they hold a secret that opens the book: add a passphrase or "
        "a key file"};
  }
  const slot_secret* const opens =
      key.opens != nullptr || key.slots.empty() ? key.opens : first->secret;
  auto cell = file_root_cell::claim_new(key.path, book, opens);
  if (!cell) return cell;
  const new_slot* const opened = first == key.slots.end() ? nullptr : &*first;
  if (auto as_asked = check_left(*cell, key, opened); !as_asked) return as_asked.error();
  if (key.slots.empty() || cell->opened_by() != 0) return cell;
  result<std::uint32_t> done = cell->seal(dated(*first, now));
  for (auto one = key.slots.begin(); done && one != key.slots.end(); ++one) {
    if (one != first) done = cell->add_slot(dated(*one, now));
  }
  if (done) return cell;
  (void)cell->remove_empty();
  return done.error();
}

result<slot_change> add_key_slot(session& by, file_root_cell& cell, const new_slot& what) try {
  const new_slot slot = dated(what, now_of(by));
  if (cell.opened_by() == 0) {
    return changed(by, {done_to_slot::sealed, root_after::renewed, 0},
                   [&] { return cell.seal(slot); });
  }
  return changed(by, {done_to_slot::added, root_after::kept, 0},
                 [&] { return cell.add_slot(slot); });
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<slot_change> remove_key_slot(session& by, file_root_cell& cell, std::uint32_t number) try {
  return changed(by, {done_to_slot::removed, root_after::renewed, number},
                 [&]() -> result<std::uint32_t> {
                   if (auto gone = cell.remove_slot(number); !gone) return gone.error();
                   return 0U;
                 });
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<slot_change> change_key_slot(session& by, file_root_cell& cell, std::uint32_t number,
                                    const new_slot& instead) try {
  const new_slot slot = dated(instead, now_of(by));
  return changed(by, {done_to_slot::changed, root_after::renewed, number},
                 [&] { return cell.change_slot(number, slot); });
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<slot_change> unseal_root_key(session& by, file_root_cell& cell) try {
  return changed(by, {done_to_slot::unsealed, root_after::kept, 0}, [&]() -> result<std::uint32_t> {
    if (auto done = cell.unseal(); !done) return done.error();
    return 0U;
  });
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<slot_change> renew_root_key(session& by) try {
  return changed(by, {done_to_slot::renewed, root_after::renewed, 0},
                 []() -> result<std::uint32_t> { return 0U; });
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
