// What leaves, what is erased and what is handed over: an entry of the ledger goes before it, in
// the same group of the flash store as what it tells of.
#include <algorithm>

#include "till_rows.hpp"

namespace clientbook {
namespace {

crypto::digest chained(const crypto::digest& before, byte_view leaf) noexcept {
  return crypto::hasher().update(before).update(leaf).finish();
}

}  // namespace

// Leaf, tree and chain; returns the index.
result<std::uint32_t> till::add_entry(change& to, const ledger::disclosure_entry& entry,
                                      std::uint32_t after) noexcept {
  const auto record = free_record(after);
  if (!record) return record.error();
  const auto leaf = ledger::encode_entry(entry, byte_span(to.entry).subspan(rows::entry_head));
  if (!leaf) return leaf.error();
  to.entry[0] = static_cast<std::byte>(rows::kind::entry);
  const std::uint64_t index = tree_.size();
  rows::put(to.entry, 1, index);
  rows::put(to.entry, 9, newest_entry_);
  copy_bytes(byte_span(to.entry).subspan(13), chain_);
  to.put(*record, byte_view(to.entry).first(rows::entry_head + leaf->size()));
  if (auto grown = tree_.append(ledger::leaf_hash(*leaf)); !grown) return grown.error();
  chain_ = chained(chain_, *leaf);
  newest_entry_ = *record;
  return static_cast<std::uint32_t>(index);
}

result<till_disclosure> till::disclose(const customer_id& id, purpose_id purpose,
                                       recipient_id recipient, field_set asked, timestamp now,
                                       byte_span room) noexcept {
  const wiped_at_end afterwards(memory_);
  const auto party = policy_.registry->find(recipient);
  if (!is_party(recipient) || !party) {
    return error{errc::not_found, "no such recipient: add it to the registry first"};
  }
  if (asked.empty()) asked = all_fields;
  auto known = find_customer(id);
  if (!known) return known.error();
  const auto state = state_of(*known, now);
  if (!state) return state.error();
  decision_request request = asking(purpose, now);
  request.recipient = recipient;
  request.operation = operation::disclose;
  request.discharges = request.discharges | discharged_by_contract(*party);
  till_disclosure out;
  record_decision decision = decide(*state, request);
  const field_set denied = asked == all_fields ? field_set{} : asked & ~decision.permitted;
  const bool refused = !denied.empty() || decision.permitted.empty();
  const bool unsupported = !(decision.decided[8] & (denied.empty() ? all_fields : denied)).empty();
  decision.permitted &= asked;
  decision.masked &= asked;
  if (!refused) {
    if (auto shown = show(*known, decision, now, room, out.content); !shown) return shown.error();
  }
  std::array<ledger::disclosed_field, max_fields> fields;
  for (std::size_t i = 0; i < out.content.count; ++i) {
    const field_id each = out.content.fields[i].id;
    fields[i] = {.field = each,
                 .version = record_version(known->version),
                 .redaction = out.content.redacted.has(each) ? decision.operators[each.value]
                                                             : redaction_operator::none};
  }
  ledger::disclosure_entry entry{.type = refused ? ledger_event::refusal : ledger_event::disclosure,
                                 .day = date_of(now),
                                 .purpose = purpose,
                                 .recipient_class = party->party_class,
                                 .actor = ledger::actor_tag(actors_key_, who_)};
  if (out.content.count != 0) {
    const explanation why = clientbook::explain(*state, request, out.content.fields.front().id);
    entry.legal_basis =
        static_cast<std::uint8_t>(why.stage == 5 ? lawful_basis::consent : why.basis);
  }
  const auto logged =
      log_about(*known, entry, party->name.view(), std::span(fields).first(out.content.count), now);
  if (!logged || refused) wipe(room);
  if (!logged) return logged.error();
  // Nothing leaves before the entry is durable, and a refusal is one too.
  if (refused) {
    return error{unsupported ? errc::obligation_unsupported : errc::denied,
                 unsupported ? literal("the permit has an obligation nobody said to discharge")
                             : literal("this recipient may not have this for that purpose"),
                 denied.empty() ? std::uint64_t{0} : (*denied.begin()).value};
  }
  out.ledger_index = *logged;
  out.entry = entry.id;
  return out;
}

// An entry about a customer with its payload, which is an item of theirs and goes with them.
result<std::uint64_t> till::log_about(head& about, ledger::disclosure_entry& entry,
                                      std::string_view recipient,
                                      std::span<const ledger::disclosed_field> fields,
                                      timestamp now) noexcept {
  if (auto drawn = random_->fill(entry.id.bytes); !drawn) return drawn.error();
  auto blinding = crypto::random_key(*random_);
  if (!blinding) return blinding.error();
  ledger::disclosure_payload payload{.at = now,
                                     .customer = about.id,
                                     .recipient = recipient,
                                     .fields = fields,
                                     .actor = who_,
                                     .sequence = about.disclosures + std::uint64_t{1}};
  payload.blinding = blinding->duplicate();
  if (about.disclosures != 0) payload.previous = about.last_index;
  const auto record = free_record(0);
  if (!record) return record.error();
  const byte_span item = write_item(rows::kind::payload, about.record, about.disclosures + 1);
  const auto bytes = ledger::encode_payload(payload, item);
  if (!bytes) return bytes.error();
  entry.commitment = ledger::commit(*blinding, *bytes);
  about.disclosures += 1;
  about.last_index = tree_.size();
  const std::uint64_t index = tree_.size();
  change what;
  what.put(*record, memory_.item.first(rows::item_head + bytes->size()));
  const rows::added place{rows::kind::payload, *record};
  if (auto put = put_head(what, about, about.fields, std::span(&place, 1)); !put)
    return put.error();
  if (auto added = add_entry(what, entry, *record); !added) return added.error();
  if (auto done = commit(what, now); !done) return done.error();
  return index;
}

// First the customer's row says so, with the ledger's entry; then the items go, then the row. Cut
// in between, open() goes on with it.
result<flash_erasure> till::erase(const customer_id& id, timestamp now) noexcept {
  const wiped_at_end afterwards(memory_);
  auto known = find_customer(id);
  if (!known) return known.error();
  ledger::disclosure_entry entry{.type = ledger_event::erasure,
                                 .day = date_of(now),
                                 .actor = ledger::actor_tag(actors_key_, who_),
                                 .count = 1};
  if (auto drawn = random_->fill(entry.id.bytes); !drawn) return drawn.error();
  const std::uint32_t record = known->record;
  known->kind = rows::kind::erasing;
  change what;
  if (auto put = put_head(what, *known, {}, {}); !put) return put.error();
  if (auto added = add_entry(what, entry, 0); !added) return added.error();
  if (auto done = commit(what, now); !done) return done.error();
  forget_prints(record);
  flash_erasure how = what.erased;
  if (auto done = finish_erasing(record, how); !done) return done.error();
  if (has_counter_) {
    if (auto sealed = store_.seal(); !sealed) return sealed.error();
  }
  return how;
}

result<void> till::finish_erasing(std::uint32_t record, flash_erasure& how) noexcept {
  const auto known = open_head(record);
  if (!known) return known.error();
  const auto apply = [&](change& what) -> result<void> {
    const auto done = store_.apply(std::span(what.list).first(what.count));
    if (!done) return done.error();
    if (*done == flash_erasure::pending) how = *done;
    what.count = 0;
    return {};
  };
  change what;
  for (std::size_t i = 0; i < known->count(); ++i) {
    if (!store_.has(known->record_of(i))) continue;
    what.remove(known->record_of(i));
    if (what.count < what.list.size()) continue;
    if (auto done = apply(what); !done) return done;
  }
  if (what.count == what.list.size()) {
    if (auto done = apply(what); !done) return done;
  }
  what.remove(record);
  const auto done = apply(what);
  wipe(memory_.customer);
  return done;
}

// Every row, sealed to one key, bound to this till and its place; the last one says how many.
result<std::uint32_t> till::hand_over(const crypto::box_public_key& to,
                                      callback_ref<result<void>(byte_view sealed)> take) noexcept {
  const wiped_at_end afterwards(memory_);
  std::uint32_t count = 0;
  const auto give = [&](byte_view plaintext) -> result<void> {
    std::array<std::byte, sizeof(book_id) + 4> place;
    copy_bytes(place, id_.bytes);
    rows::put(place, sizeof(book_id), count);
    const auto once = crypto::random_key(*random_);
    if (!once) return once.error();
    const byte_span box = memory_.scratch.first(plaintext.size() + crypto::box_overhead);
    if (auto done = crypto::seal_box(to, *once, place, plaintext, box); !done) return done;
    ++count;
    return take(box);
  };
  for (std::uint32_t i = 1; i < memory_.index.size(); ++i) {
    if (!store_.has(i)) continue;
    const auto value = value_of(i, memory_.item.subspan(4));
    if (!value) return value.error();
    rows::put(memory_.item, 0, i);
    if (auto given = give(memory_.item.first(4 + value->size())); !given) return given.error();
  }
  std::array<std::byte, 4 + 1 + 4 + 8 + sizeof(ledger::hash)> last{};
  last[4] = static_cast<std::byte>(rows::kind::last);
  rows::put(last, 5, count);
  rows::put(last, 9, tree_.size());
  copy_bytes(byte_span(last).subspan(17), tree_.root());
  const auto given = give(last);
  if (!given) return given.error();
  return count;
}

// --- verify ---------------------------------------------------------------------------------

result<void> till::check_customer(const head& of, till_figures& out) noexcept {
  std::uint32_t purchases = 0;
  std::uint32_t payloads = 0;
  for (std::size_t i = 0; i < of.count(); ++i) {
    const auto value = item_of(of, i);
    if (!value) return value.error();
    std::uint32_t* const counted = of.kind_of(i) == rows::kind::purchase  ? &purchases
                                   : of.kind_of(i) == rows::kind::payload ? &payloads
                                                                          : nullptr;
    if (counted != nullptr && rows::get<std::uint32_t>(*value, 5) != ++*counted) {
      return error{errc::version_mismatch, "an item of a customer is not in its order",
                   of.record_of(i)};
    }
  }
  if (purchases != of.purchases || payloads != of.disclosures) {
    return error{errc::row_missing, "something of a customer is gone from the till", of.record};
  }
  const auto count = load_directives(of);
  if (!count) return count.error();
  std::array<field_value, max_fields> room;
  const auto fields = decode_record(of.fields, room);
  if (!fields) return fields.error();
  out.items += static_cast<std::uint32_t>(of.count());
  ++out.customers;
  return {};
}

// From the newest entry back: each says what the chain was before it.
result<void> till::check_entries(till_figures& out) noexcept {
  std::uint32_t record = newest_entry_;
  crypto::digest chain = chain_;
  for (std::uint64_t left = tree_.size(); left > 0; --left) {
    const auto value = value_of(record, memory_.item);
    if (!value) return error{errc::row_missing, "an entry of the ledger is gone", left - 1};
    if (value->size() < rows::entry_head || rows::kind_of(*value) != rows::kind::entry ||
        rows::get<std::uint64_t>(*value, 1) != left - 1) {
      return rows::row_damaged;
    }
    crypto::digest before;
    copy_bytes(before, value->subspan(13, before.size()));
    if (chained(before, value->subspan(rows::entry_head)) != chain) {
      return error{errc::version_mismatch, "the chain of the ledger is broken", left - 1};
    }
    chain = before;
    record = rows::get<std::uint32_t>(*value, 9);
    ++out.entries;
  }
  if (chain != crypto::digest{}) return rows::row_damaged;
  out.root = tree_.root();
  return {};
}

result<till_figures> till::verify() noexcept {
  const wiped_at_end afterwards(memory_);
  till_figures out;
  std::uint32_t others = 0;
  for (std::uint32_t i = 1; i < memory_.index.size(); ++i) {
    if (!store_.has(i)) continue;
    const auto value = value_of(i, memory_.customer);
    if (!value) return value.error();
    if (rows::kind_of(*value) != rows::kind::customer) {
      ++others;
      continue;
    }
    const auto known = head::read(i, *value);
    if (!known) return known.error();
    if (auto good = check_customer(*known, out); !good) return good.error();
  }
  if (auto good = check_entries(out); !good) return good.error();
  if (others != out.items + out.entries) return rows::row_damaged;  // Nobody's.
  return out;
}

}  // namespace clientbook
