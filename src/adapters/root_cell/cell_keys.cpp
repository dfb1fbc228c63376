// Sealing of a root cell: the keys under the cell's key, that key to the public key of each slot.
//
// Each slot is a key pair, so that whoever gives the cell another key can seal it to all slots that
// stay without knowing their secrets, and nobody who knew one slot's knows the others'.
#include "cell_keys.hpp"

#include <clientbook/crypto/crypto.hpp>

#include <algorithm>
#include <utility>

namespace clientbook {
namespace {

constexpr error opens_none{errc::wrong_key,
                           "this opens none of the slots: check passphrase or key file"};
constexpr error altered{errc::damaged,
                        "the sealed root key was altered: restore the file from a copy"};

// A passphrase is stretched once for slots of one salt and cost, and else once a slot.
result<crypto::box_key> key_of(const slot_secret& with, const slot_record& slot) {
  if (slot.said.kind == slot_kind::passphrase) {
    const auto stretched = with.with_bytes(
        [&](byte_view bytes) { return crypto::stretch(bytes, slot.salt, slot.said.cost); });
    if (!stretched) return stretched.error();
    return crypto::key_pair(*stretched);
  }
  secret<32> own;
  with.with_bytes(
      [&](byte_view bytes) { own.fill_bytes([&](byte_span to) { copy_bytes(to, bytes); }); });
  return crypto::key_pair(own);
}

result<secret<32>> unwrapped(const sealed_cell& cell, const slot_record& slot,
                             const crypto::box_key& key) {
  const auto bound = bound_to_slot(cell, slot);
  secret<32> out;
  const auto opened =
      out.fill_bytes([&](byte_span to) { return crypto::open_box(key, bound, slot.wrapped, to); });
  if (!opened) return altered;
  return out;
}

result<void> wrap(const sealed_cell& cell, slot_record& slot, const secret<32>& key) {
  crypto::system_random random;
  const auto one_time = crypto::random_key(random);
  if (!one_time) return one_time.error();
  const auto bound = bound_to_slot(cell, slot);
  return key.with_bytes([&](byte_view bytes) {
    return crypto::seal_box(slot.said.key, *one_time, bound, bytes, slot.wrapped);
  });
}

// The cheapest first: a small machine may have memory for its own slot alone.
std::vector<const slot_record*> by_cost(const sealed_cell& cell, slot_kind kind) {
  std::vector<const slot_record*> out;
  for (const slot_record& one : cell.slots) {
    if (one.said.kind == kind) out.push_back(&one);
  }
  std::stable_sort(out.begin(), out.end(), [](const slot_record* a, const slot_record* b) {
    return a->said.cost.kibibytes < b->said.cost.kibibytes;
  });
  return out;
}

// The first slot that the secret opens. Where there is no memory to try one, and no other opens,
// that is told: it may have been that one.
struct found_slot {
  const slot_record* slot = nullptr;
  std::optional<crypto::box_key> key{};
};

result<found_slot> find_slot(const sealed_cell& cell, const slot_secret& with) {
  std::optional<error> untried;
  for (const slot_record* const one : by_cost(cell, with.kind())) {
    auto key = key_of(with, *one);
    if (key && key->public_key() == one->said.key) return found_slot{one, std::move(*key)};
    if (key) continue;
    if (key.error().code != errc::limit_exceeded) return key.error();
    untried = key.error();
  }
  if (untried) return *untried;
  return found_slot{};
}

result<void> check_new(const sealed_cell& cell, const new_slot& what) {
  if ((what.secret == nullptr) == (what.recipient == nullptr)) {
    return error{errc::invalid_argument, "a slot is made for a secret or for a recipient"};
  }
  if (!usable_label(what.label)) {
    return error{errc::invalid_argument,
                 "a slot has a label of 1 to 64 bytes: who or what opens with it"};
  }
  if (cell.slots.size() >= most_slots) {
    return error{errc::limit_exceeded, "a root cell has at most 16 slots: remove one", most_slots};
  }
  if (cell.next_number == ~std::uint32_t{0}) {
    return error{errc::limit_exceeded, "this root cell has used up the numbers of its slots"};
  }
  if (!exists(what.added) || what.added.year < 1970) {
    return error{errc::invalid_argument, "a slot is added on a day from 1970 on"};
  }
  if (what.secret == nullptr) return {};
  if (what.secret->kind() == slot_kind::passphrase && !what.cost.within_bounds()) {
    return error{errc::invalid_argument, "a passphrase is stretched over 8 MiB to 1 GiB"};
  }
  return what.secret->good_enough();
}

constexpr error there_already{errc::already_exists, "there is a slot for this one already"};

// Whoever removes a slot relies on it that no other one opens with the same secret.
result<void> check_unknown(const sealed_cell& cell, const new_slot& what,
                           const crypto::box_public_key& key) {
  for (const slot_record& one : cell.slots) {
    if (one.said.key == key) return there_already;
  }
  if (what.secret == nullptr) return {};
  const auto found = find_slot(cell, *what.secret);
  if (!found) return found.error();
  return found->slot == nullptr ? result<void>() : there_already;
}

result<root_cell::content> open_body(const sealed_cell& cell, const secret<32>& key) {
  secret<body_plain_size> plain;
  const auto bound = bound_to_body(cell);
  const auto opened =
      plain.fill_bytes([&](byte_span to) { return crypto::open_again(key, bound, cell.body, to); });
  if (!opened) return altered;
  root_cell::content out;
  const auto part = [&](std::uint64_t epoch, std::size_t at) {
    std::optional<root_key> made;
    if (epoch == 0) return made;
    made.emplace();
    made->epoch = epoch;
    plain.with_bytes([&](byte_view from) {
      made->key.fill_bytes([&](byte_span to) { copy_bytes(to, from.subspan(at, to.size())); });
    });
    return made;
  };
  out.current = part(cell.current, 0);
  out.staged = part(cell.staged, 32);
  return out;
}

bool equal(const secret<32>& a, const secret<32>& b) noexcept {
  return a.with_bytes([&](byte_view one) {
    return b.with_bytes([&](byte_view other) { return crypto::equal(one, other); });
  });
}

const slot_record* slot_of(const sealed_cell& cell, std::uint32_t number) noexcept {
  const auto at = std::find_if(cell.slots.begin(), cell.slots.end(),
                               [&](const slot_record& one) { return one.said.number == number; });
  return at == cell.slots.end() ? nullptr : &*at;
}

}  // namespace

result<std::shared_ptr<cell_keys>> cell_keys::empty() {
  if (auto ready = crypto::init(); !ready) return ready.error();
  auto memory = locked_memory::allocate(64);
  if (!memory) return memory.error();
  auto out = std::make_shared<cell_keys>();
  out->memory_ = std::move(*memory);
  return out;
}

secret<32> cell_keys::kept(std::size_t at) const noexcept {
  secret<32> out;
  out.fill_bytes([&](byte_span to) { copy_bytes(to, memory_.bytes().subspan(at, to.size())); });
  return out;
}

void cell_keys::keep(std::size_t at, const secret<32>& key) noexcept {
  key.with_bytes([&](byte_view from) { copy_bytes(memory_.bytes().subspan(at), from); });
}

result<std::shared_ptr<cell_keys>> cell_keys::unlock(const sealed_cell& cell,
                                                     const slot_secret& with) {
  auto out = empty();
  if (!out) return out;
  const auto found = find_slot(cell, with);
  if (!found) return found.error();
  if (found->slot == nullptr) return opens_none;
  const auto key = unwrapped(cell, *found->slot, *found->key);
  if (!key) return key.error();
  if (auto opened = open_body(cell, *key); !opened) return opened.error();
  (*out)->id_ = cell.id;
  (*out)->slot_ = found->slot->said.number;
  (*out)->keep(own_at, found->key->private_key());
  (*out)->keep(cell_at, *key);
  return out;
}

result<std::shared_ptr<cell_keys>> cell_keys::of_new(const sealed_cell& cell, const secret<32>& key,
                                                     const made_slot& slot) {
  auto out = empty();
  if (!out) return out;
  (*out)->id_ = cell.id;
  (*out)->slot_ = slot.number;
  if (slot.own) (*out)->keep(own_at, *slot.own);
  (*out)->keep(cell_at, key);
  return out;
}

result<secret<32>> cell_keys::new_key() {
  crypto::system_random random;
  return crypto::random_key(random);
}

result<opened_keys> cell_keys::read(const sealed_cell& cell) {
  opened_keys out;
  made_slot through;
  {
    const std::scoped_lock alone(alone_);
    if (cell.id != id_) {
      return error{errc::key_unavailable,
                   "the root key was sealed anew by another program: open it again"};
    }
    out.key = kept(cell_at);
    through = {.number = slot_, .own = kept(own_at)};
  }
  auto content = open_body(cell, out.key);
  if (!content) {
    const slot_record* const mine = slot_of(cell, through.number);
    if (mine == nullptr) {
      return error{errc::key_unavailable,
                   "the slot that opened this root key was removed: open it with another"};
    }
    auto key = unwrapped(cell, *mine, crypto::key_pair(*through.own));
    if (!key) return key.error();
    out.key = std::move(*key);
    content = open_body(cell, out.key);
    if (!content) return content.error();
  }
  out.content = std::move(*content);
  return out;
}

result<void> cell_keys::check(const cell_image& image, const secret<32>& key,
                              const made_slot& slot) {
  constexpr error opens_not{errc::internal_error,
                            "what was to be written does not open: nothing was changed"};
  const auto file = decode_cell(image);
  const auto* const cell = file ? std::get_if<sealed_cell>(&*file) : nullptr;
  if (cell == nullptr || !open_body(*cell, key)) return opens_not;
  const slot_record* const mine = slot_of(*cell, slot.number);
  if (mine == nullptr || !slot.own) return {};
  const auto had = unwrapped(*cell, *mine, crypto::key_pair(*slot.own));
  if (!had || !equal(*had, key)) return opens_not;
  return {};
}

result<void> cell_keys::seal(sealed_cell& cell, const root_cell::content& content,
                             const secret<32>& key) {
  secret<body_plain_size> plain;
  const auto put = [&](const std::optional<root_key>& from, std::size_t at) {
    if (!from) return;
    from->key.with_bytes([&](byte_view bytes) {
      plain.fill_bytes([&](byte_span to) { copy_bytes(to.subspan(at), bytes); });
    });
  };
  put(content.current, 0);
  put(content.staged, 32);
  cell.current = content.current ? content.current->epoch : 0;
  cell.staged = content.staged ? content.staged->epoch : 0;
  const auto bound = bound_to_body(cell);
  crypto::system_random random;
  return plain.with_bytes(
      [&](byte_view bytes) { return crypto::seal_again(key, bound, bytes, random, cell.body); });
}

result<made_slot> cell_keys::add_slot(sealed_cell& cell, const new_slot& what,
                                      const secret<32>& key) {
  if (auto good = check_new(cell, what); !good) return good.error();
  slot_record slot;
  slot.said = {.number = cell.next_number,
               .kind = what.secret != nullptr ? what.secret->kind() : slot_kind::recipient,
               .label = std::string(what.label),
               .added = what.added,
               .cost = what.cost};
  std::optional<crypto::box_key> own;
  if (what.secret != nullptr) {
    crypto::system_random random;
    if (auto drawn = random.fill(slot.salt); !drawn) return drawn.error();
    auto made = key_of(*what.secret, slot);
    if (!made) return made.error();
    own = std::move(*made);
  }
  slot.said.key = own ? own->public_key() : *what.recipient;
  if (auto unknown = check_unknown(cell, what, slot.said.key); !unknown) return unknown.error();
  if (auto wrapped = wrap(cell, slot, key); !wrapped) return wrapped.error();
  made_slot out{.number = slot.said.number};
  if (own) {
    // What nobody could open again is found out now, and not when it is needed.
    const auto again = key_of(*what.secret, slot);
    if (!again) return again.error();
    const auto opened = unwrapped(cell, slot, *again);
    if (!opened || !equal(*opened, key))
      return error{errc::internal_error, "a new slot does not open: nothing was changed"};
    slot.said.proven = true;
    out.own = own->private_key().duplicate();
  }
  ++cell.next_number;
  cell.slots.push_back(std::move(slot));
  return out;
}

result<secret<32>> cell_keys::renew(sealed_cell& cell) {
  auto key = new_key();
  if (!key) return key;
  for (slot_record& one : cell.slots) {
    if (auto wrapped = wrap(cell, one, *key); !wrapped) return wrapped.error();
  }
  return key;
}

void cell_keys::written(const secret<32>& key, const std::optional<made_slot>& instead) noexcept {
  const std::scoped_lock alone(alone_);
  keep(cell_at, key);
  if (!instead || !instead->own) return;
  slot_ = instead->number;
  keep(own_at, *instead->own);
}

std::uint32_t cell_keys::slot() const noexcept {
  const std::scoped_lock alone(alone_);
  return slot_;
}

made_slot cell_keys::own() const {
  const std::scoped_lock alone(alone_);
  return {.number = slot_, .own = kept(own_at)};
}

}  // namespace clientbook
