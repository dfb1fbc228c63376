// A customer's entries of the ledger: as a story, and as evidence that is checked without the book.
//
// Payloads are chained from the newest to the oldest and numbered; whoever reads them here has the
// whole chain or an error.
#include "session_state.hpp"

#include <algorithm>

namespace clientbook {

result<void> session_state::each_entry(const customer_id& id,
                                       callback_ref<result<void>(const entry_seen&)> each) {
  const auto whose = number(id);
  if (!whose) return whose.error();
  if (const auto there = entry(*whose); !there) return there.error();
  const auto parts = merged_parts(*whose);
  if (!parts) return parts.error();
  if (auto read = each_entry_with(*whose, each); !read) return read;
  for (const merged_part& one : *parts) {
    if (auto read = each_entry_with(customer_no(one.number), each); !read) return read;
  }
  return {};
}

// Of whoever was erased since no entry opens.
result<std::vector<time_as_one>> session_state::times_as_one_of(customer_no number) {
  const auto own = entry_of_part(number);
  if (!own) return own.error();
  const auto row = row_of(number, **own);
  if (!row) return row.error();
  std::vector<time_as_one> out = (*row)->were_one;
  std::optional<error> failed;
  std::erase_if(out, [&](const time_as_one& one) {
    const auto there = entry_of_part(customer_no(one.with));
    const bool gone =
        !there && (there.error().code == errc::key_erased || there.error().code == errc::not_found);
    if (!there && !gone) failed = there.error();
    return gone;
  });
  if (failed) return *failed;
  return out;
}

result<void> session_state::each_entry_with(customer_no number,
                                            callback_ref<result<void>(const entry_seen&)> each) {
  if (auto read = each_entry_of(number, each); !read) return read;
  const auto times = times_as_one_of(number);
  if (!times) return times.error();
  for (const time_as_one& one : *times) {
    if (auto read = each_entry_of(customer_no(one.with), each, &one); !read) return read;
  }
  return {};
}

result<void> session_state::each_entry_of(customer_no where,
                                          callback_ref<result<void>(const entry_seen&)> each,
                                          const time_as_one* within) {
  const auto found = entry_of_part(where);
  if (!found) return found.error();
  const customer_id id = core->keys().ids->id(where);
  const manifest& known = **found;

  std::uint64_t index = known.last_ledger_index;
  // What was pruned is a beginning of them all: who needs to know asks pruned_of().
  for (std::uint64_t left = known.disclosures; left > 0 && index >= ledger.pruned(); --left) {
    if (within != nullptr && index < within->first) break;
    const auto leaf = ledger.leaf(index);
    if (!leaf) return leaf.error();
    const auto payload = ledger.payload(index, where, known);
    if (!payload) return payload.error();
    if (payload->sequence != left || payload->customer != id) {
      return error{errc::version_mismatch, "the customer's ledger entries do not follow each other",
                   index};
    }
    const auto previous = payload->previous;
    const bool says_so =  // That they became one, or two again, each one's own entry says.
        leaf->type == ledger_event::merge || leaf->type == ledger_event::unmerge;
    if (within == nullptr || (index < within->end && !says_so)) {
      if (auto done = each({index, *leaf, *payload, ledger.opened(), within != nullptr}); !done) {
        return done;
      }
    }
    if (left == 1) break;
    if (!previous) {
      return error{errc::row_missing, "a customer's ledger entry is gone: restore a copy", index};
    }
    index = *previous;
  }
  return {};
}

result<std::vector<ledger_record>> session::ledger(const customer_id& id) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::see_looks); !seen) return seen.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto told = s.tell_of(*number, {}, look_kind::ledger); !told) return told.error();
  std::vector<ledger_record> out;
  const auto read = s.each_entry(id, [&](const entry_seen& seen) -> result<void> {
    ledger_record one;
    one.index = seen.index;
    one.event = seen.leaf.type;
    one.at = seen.payload.at;
    one.purpose = seen.leaf.purpose;
    one.recipient = seen.payload.recipient;
    one.recipient_class = seen.leaf.recipient_class;
    one.party = seen.payload.party;
    for (const ledger::disclosed_field& field : seen.payload.fields) {
      one.fields |= only(field.field);
    }
    one.actor = seen.payload.actor;
    one.sequence = seen.payload.sequence;
    one.entry = seen.leaf.id;
    one.about = seen.payload.about;
    one.of_both = seen.of_both;
    one.until = seen.payload.until.value_or(timestamp{});
    if (seen.payload.passed) {
      one.from = seen.payload.passed->from;
      one.contact = seen.payload.passed->contact;
      one.on = seen.payload.passed->on.value_or(date{0, 0, 0});
    }
    out.push_back(std::move(one));
    return {};
  });
  if (!read) return read.error();
  std::ranges::sort(out, {}, &ledger_record::index);
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<ledger_evidence> session::evidence(const customer_id& id) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::see_looks); !seen) return seen.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto told = s.tell_of(*number, {}, look_kind::ledger); !told) return told.error();
  ledger_evidence out;
  // Entries are numbered for each customer: by the id of a part those about the part.
  const auto whose = s.own_number_of(id);
  if (!whose) return whose.error();
  const auto read = s.each_entry_of(*whose, [&](const entry_seen& seen) -> result<void> {
    entry_evidence one;
    one.index = seen.index;
    one.payload.assign(seen.bytes.begin(), seen.bytes.end());
    out.entries.push_back(std::move(one));
    return {};
  });
  if (!read) return read.error();
  const auto gone = s.pruned_of(*whose);
  if (!gone) return gone.error();
  if (*gone != 0) out.pruned = {.entries = *gone, .below = s.ledger.pruned()};
  std::reverse(out.entries.begin(), out.entries.end());

  std::vector<std::uint64_t> indices;
  for (const entry_evidence& one : out.entries) indices.push_back(one.index);
  std::size_t next = 0;
  const auto proved =
      s.ledger.prove_all(indices, [&](byte_view entry, const ledger::proof& path) -> result<void> {
        entry_evidence& one = out.entries[next++];
        one.entry.assign(entry.begin(), entry.end());
        one.path.assign(path.view().begin(), path.view().end());
        return {};
      });
  if (!proved) return proved.error();
  auto note = s.ledger.checkpoint();
  if (!note) return note.error();
  out.checkpoint = std::move(*note);
  auto log = s.ledger.identity_text();
  if (!log) return log.error();
  out.log = std::move(*log);
  const auto seen_by = s.witnesses.all();
  if (!seen_by) return seen_by.error();
  for (const ledger_witness& one : **seen_by) {
    if (one.size == 0) continue;
    const auto path = s.ledger.prove_growth(one.size);
    if (!path) return path.error();
    out.witnessed.push_back({one.note, {path->view().begin(), path->view().end()}});
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
