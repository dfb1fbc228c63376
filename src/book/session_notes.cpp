// Notes: who sees them, and which are pinned.
//
// Who sees a note stands in the note itself and is decided where it is opened (record_opener). Here
// is what is told of notes beside their texts: their places count those alone that the reader sees,
// so that neither a number nor a gap tells of another one. The customer's row knows how many are
// not for all, so that where there is none nothing is opened to number them, and which are pinned.
#include <clientbook/model/values.hpp>

#include <algorithm>

#include "session_state.hpp"

namespace clientbook {
namespace {

using storage::item_kind;

constexpr error no_such_note{errc::not_found, "no such note of the customer that you see"};
constexpr error of_another_writer{
    errc::invalid_value,
    "who wrote a note that is not for all, and in which store, is said by the session: leave `by` "
    "and `store` out"};

bool not_for_all(const note& one) noexcept {
  return !one.visibility.empty() && one.visibility != "all";
}

bool has(std::span<const store_id> stores, store_id one) noexcept {
  return std::ranges::find(stores, one) != stores.end();
}

purpose_id first_named(const kept_purposes& purposes) {
  purpose_id out;
  bool any = false;
  purposes.all().for_each([&](purpose_id one) {
    if (!any) out = one;
    any = true;
  });
  return out;
}

result<byte_view> encoded_in(private_bytes& room, const note& what) {
  auto encoded = encode_value(what, room.room(512));
  while (!encoded && encoded.error().code == errc::buffer_too_small) {
    encoded = encode_value(what, room.room(encoded.error().at));
  }
  return encoded;
}

}  // namespace

// --- what is told of them -------------------------------------------------------------------

result<std::vector<std::uint32_t>> session_state::notes_seen(customer_no number,
                                                             const record_opener::note_asked& by) {
  const auto found = entry(number);
  if (!found) return found.error();
  const auto row = row_of(number, **found);
  if (!row) return row.error();
  if ((*row)->notes.limited != 0) {
    const auto again = entry(number);
    if (!again) return again.error();
    return opener.notes_for(by, number, **again);
  }
  std::vector<std::uint32_t> out((*found)->notes);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint32_t>(i + 1);
  return out;
}

result<bool> session_state::tells_of_notes(customer_no number) {
  if (ask(action::read, purpose_group::of_case)) return true;
  const auto found = entry(number);
  if (!found) return found.error();
  if ((*found)->notes == 0) return true;
  const auto those = notes_seen(number, {});
  if (!those) return those.error();
  return !those->empty();
}

result<std::vector<session_state::told_item>> session_state::items_told(
    customer_no number, const items_asked& what, const decision_request& as) {
  const auto found = entry(number);
  if (!found) return found.error();
  std::vector<told_item> out;
  if (what.kind == item_kind::purchase) {
    for (std::uint32_t one = 1; one <= (*found)->purchases; ++one) {
      out.push_back({.place = one, .sequence = one});
    }
  } else {
    const auto those = notes_seen(number, {.purpose = as.purpose, .recipient = as.recipient});
    if (!those) return those.error();
    const auto again = entry(number);
    if (!again) return again.error();
    const auto row = row_of(number, **again);
    if (!row) return row.error();
    const std::vector<std::uint32_t>& pins = (*row)->notes.pinned;
    for (std::size_t i = 0; i < those->size(); ++i) {
      const std::uint32_t sequence = (*those)[i];
      const bool is_pinned = std::ranges::find(pins, sequence) != pins.end();
      if (what.which == items_asked::of::pinned && !is_pinned) continue;
      out.push_back(
          {.place = static_cast<std::uint32_t>(i + 1), .sequence = sequence, .pinned = is_pinned});
    }
  }
  if (what.most != 0 && what.most < out.size()) {
    out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(what.most));
  }
  return out;
}

result<wiped_bytes> session_state::with_pin(byte_view item) {
  note read;
  if (auto good = decode_value(item, read); !good) return good.error();
  read.pinned = true;
  wiped_bytes out(item.size() + 8);
  const auto encoded = encode_value(read, out);
  if (!encoded) return encoded.error();
  out.resize(encoded->size());
  return out;
}

result<item_list> session::notes_without(const customer_id& id, purpose_id purpose,
                                         std::span<const customer_id> hidden,
                                         std::size_t most) try {
  return state_->read_items(id, {.most = most, .hidden = hidden}, purpose);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<item_list> session::notes(const customer_id& id, purpose_id purpose, std::size_t most) try {
  return state_->read_items(id, {.most = most}, purpose);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<item_list> session::pinned_notes(const customer_id& id, purpose_id purpose) try {
  return state_->read_items(id, {.which = items_asked::of::pinned}, purpose);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// --- writing --------------------------------------------------------------------------------

// The store is the customer's where the writer belongs to it, or to none; else the writer's own.
result<note> session_state::as_sealed(const note& given, std::string_view admitted,
                                      const customer_id& id) {
  note out{.at = given.at, .author = given.author, .text = admitted, .kind = given.kind};
  if (!not_for_all(given)) {
    if (given.by || given.store) return of_another_writer;
    return out;
  }
  if (given.pinned && *given.pinned) {
    return error{errc::invalid_value, "a pinned note warns everybody at the till: it is for all"};
  }
  out.visibility = given.visibility;
  out.by = std::int64_t{who.id.value};
  if (given.visibility == "store") {
    const auto whose = number(id);
    if (!whose) return whose.error();
    const auto found = entry(*whose);
    if (!found) return found.error();
    const auto row = row_of(*whose, **found);
    if (!row) return row.error();
    const store_id home = (*row)->whose.store;
    const auto stores = portfolios.stores_of(who.id);
    if (!stores) return stores.error();
    const store_id store = stores->empty() || has(*stores, home) ? home : stores->front();
    if (store == store_id()) {
      return error{errc::invalid_state,
                   "neither who writes it nor the customer has a store: say who belongs to which "
                   "(set_stores, `clientbook portfolios stores`), or whose customer it is"};
    }
    out.store = std::int64_t{store.value};
  }
  if ((given.by && given.by != out.by) || (given.store && given.store != out.store)) {
    return of_another_writer;
  }
  return out;
}

result<void> session_state::note_beside(customer_no number, std::uint32_t sequence,
                                        const note& given) {
  const bool with_pin_on = given.pinned && *given.pinned;
  if (!not_for_all(given) && !with_pin_on) return {};
  broken = true;
  const auto edited = core->tree().edit(number);
  if (!edited) return edited.error();
  const auto row = row_of(number, **edited);
  if (!row) return row.error();
  customer_row next = **row;
  if (not_for_all(given)) ++next.notes.limited;
  if (with_pin_on) next.notes.pinned.push_back(sequence);
  if (auto put = put_row(number, **edited, std::move(next)); !put) return put;
  broken = false;
  return {};
}

result<std::uint32_t> session::append_note(const customer_id& id, const note& text,
                                           const kept_purposes& purposes,
                                           const note_policy& policy) try {
  session_state& s = *state_;
  const auto admitted = s.text->admit(text.text.reveal(), policy);
  if (!admitted) return admitted.error();
  if (auto counted = s.count_guesses(*admitted); !counted) return counted.error();
  return s.change_asking([&] { return s.keeps(); },
                         [&]() -> result<std::uint32_t> {
                           if (const auto asked = s.ask(action::keep, purposes, &id); !asked)
                             return asked.error();
                           const auto sealed = s.as_sealed(text, *admitted, id);
                           if (!sealed) return sealed.error();
                           const auto item = encoded_in(s.plain, *sealed);
                           if (!item) return item.error();
                           const auto whose = s.number(id);
                           if (!whose) return whose.error();
                           // Before the note is there: a refusal changes nothing.
                           if (text.pinned && *text.pinned) {
                             if (auto room = s.has_room_for_pin(*whose); !room) return room.error();
                           }
                           const auto sequence = s.put_item(id, {item_kind::note, *item}, purposes);
                           if (!sequence) return sequence.error();
                           if (auto noted = s.note_beside(*whose, *sequence, text); !noted)
                             return noted.error();
                           const auto seen =
                               s.notes_seen(*whose, {.purpose = first_named(purposes)});
                           if (!seen) {
                             s.broken = true;
                             return seen.error();
                           }
                           return static_cast<std::uint32_t>(seen->size());
                         });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session_state::has_room_for_pin(customer_no number) {
  const auto found = entry(number);
  if (!found) return found.error();
  const auto row = row_of(number, **found);
  if (!row) return row.error();
  if ((*row)->notes.pinned.size() < max_pinned_notes) return {};
  return error{errc::limit_exceeded, "so many notes of a customer are pinned at most: unpin one",
               max_pinned_notes};
}

result<void> session_state::set_pin(customer_no number, std::uint32_t sequence, note_pin how) {
  const auto edited = core->tree().edit(number);
  if (!edited) return edited.error();
  const auto row = row_of(number, **edited);
  if (!row) return row.error();
  customer_row next = **row;
  std::vector<std::uint32_t>& pins = next.notes.pinned;
  const auto at = std::ranges::lower_bound(pins, sequence);
  const bool is_pinned = at != pins.end() && *at == sequence;
  if (how == note_pin::unpinned) {
    if (!is_pinned) return error{errc::not_found, "the note is not pinned"};
    pins.erase(at);
  } else {
    if (is_pinned) return error{errc::already_exists, "the note is pinned already"};
    if (auto room = has_room_for_pin(number); !room) return room;
    pins.insert(at, sequence);
  }
  broken = true;
  if (auto put = put_row(number, **edited, std::move(next)); !put) return put;
  broken = false;
  return {};
}

// A pin is kept as the note is: under a purpose that may keep notes.
result<void> session::pin_note(const customer_id& id, std::uint32_t place, note_pin how,
                               const kept_purposes& purposes) try {
  session_state& s = *state_;
  if (how != note_pin::unpinned && how != note_pin::pinned) {
    return error{errc::invalid_argument, "a note is pinned or not"};
  }
  return s.change_asking(
      [&] { return s.keeps(); },
      [&]() -> result<void> {
        const auto asked = s.ask(action::keep, purposes, &id);
        if (!asked) return asked.error();
        const auto whose = s.number(id);
        if (!whose) return whose.error();
        const auto found = s.entry(*whose);
        if (!found) return found.error();
        const auto allowed =
            s.consent.may_keep(*whose, **found, *asked, s.clock_now(), only(field::notes));
        if (!allowed) return allowed.error();
        const auto seen = s.notes_seen(*whose, {.purpose = first_named(purposes)});
        if (!seen) return seen.error();
        if (place == 0 || place > seen->size()) return no_such_note;
        const std::uint32_t sequence = (*seen)[place - 1];
        const auto again = s.entry(*whose);
        if (!again) return again.error();
        const auto for_all = s.opener.is_for_all(*whose, **again, sequence);
        if (!for_all) return for_all.error();
        if (!*for_all) {
          return error{errc::invalid_value,
                       "a pinned note warns everybody at the till: it is for all"};
        }
        if (auto set = s.set_pin(*whose, sequence, how); !set) return set;
        const auto& permit = allowed->purposes;
        s.note_look(*whose, permit.empty() ? first_named(purposes) : permit.front().first,
                    look_kind::change, only(field::notes));
        return {};
      });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
