// Purchases and notes of a row, for a customer who may have them already.
#include "row_items.hpp"

#include <clientbook/scanner/text_redactor.hpp>

#include <utility>
#include <vector>

namespace clientbook {
namespace {

// Whether two purchases may be of one day. Of a moment the day depends on where it was.
bool may_be_of_one_day(const purchase& one, const purchase& other) {
  const auto day_of = [](const purchase& of) {
    return of.day  ? days_since_epoch(*of.day)
           : of.at ? days_since_epoch(date_of(*of.at))
                   : std::int64_t{0};
  };
  const std::int64_t apart = day_of(one) - day_of(other);
  const std::int64_t most = one.at || other.at ? 1 : 0;
  return apart >= -most && apart <= most;
}

// An order is one purchase in one store; whoever does not say the store may mean any, of that day:
// two stores may count alike. What has no number is the same if it was then and came to as much.
bool same_receipt(const purchase& known, const purchase& told) {
  if (known.order != told.order) return false;
  if (known.store != told.store) {
    if (!known.store.empty() && !told.store.empty()) return false;
    if (!may_be_of_one_day(known, told)) return false;
  }
  return !told.order.empty() || (known.at == told.at && known.day == told.day &&
                                 known.total == told.total && known.currency == told.currency);
}

}  // namespace

result<void> row_items::keep(const import_customer& one, const customer_id& id) {
  if (auto kept = keep_receipts(one, id); !kept) return kept;
  return keep_notes(one, id);
}

result<void> row_items::add(const import_customer& one, const customer_id& id, bool& added) {
  if (auto done = add_receipts(one, id, added); !done) return done;
  return add_notes(one, id, added);
}

// The customer's items under the first purpose that may see them; none if no purpose may.
result<std::optional<item_list>> row_items::items_of(const customer_id& id, field_id kind) {
  for (const purpose_id each : run_.reading) {
    const bool notes = kind == field::notes;
    auto found = notes ? run_.into.notes(id, each) : run_.into.purchases(id, each);
    if (!found &&
        (found.error().code == errc::role_denied || found.error().code == errc::case_required ||
         found.error().code == errc::not_in_portfolio)) {
      continue;
    }
    if (!found) return found.error();
    const bool whole =
        found->state() == field_state::shown || found->state() == field_state::absent;
    // Of a purchase its number is enough, redacted or not.
    if (whole || (!notes && found->state() == field_state::redacted)) {
      return std::optional(std::move(*found));
    }
  }
  return std::optional<item_list>();
}

result<void> row_items::add_receipts(const import_customer& one, const customer_id& id,
                                     bool& added) {
  if (one.receipts.empty()) return {};
  const auto known = items_of(id, field::purchases);
  if (!known) return known.error();
  if (!*known) return {};
  for (const import_receipt& receipt : one.receipts) {
    bool has = false;
    for (const item_list::item& each : (*known)->items()) {
      const auto read = decode_purchase(each.value);
      has = has || (read && same_receipt(read->receipt, receipt.head));
    }
    if (has) {
      ++run_.counts.repeated_receipts;
      continue;
    }
    const std::uint64_t before = run_.counts.receipts;
    if (auto kept = keep_receipt(receipt, id); !kept) return kept;
    added = added || run_.counts.receipts != before;
  }
  return {};
}

// As append_note() keeps it where numbers become labels.
std::string row_items::labelled(std::string_view text) const {
  if (run_.options.notes.cards != number_in_note::replaced &&
      run_.options.notes.identity_numbers != number_in_note::replaced) {
    return std::string(text);
  }
  entity_set wanted;
  if (run_.options.notes.cards == number_in_note::replaced) {
    wanted = {entity_type::payment_card, entity_type::card_code, entity_type::card_expiry};
  }
  if (run_.options.notes.identity_numbers == number_in_note::replaced) {
    wanted.add(entity_type::national_id);
  }
  text_redactor redactor({.scan = {.types = wanted}});
  std::vector<std::byte> room(16 * text.size() + 64);
  const auto out = redact_text(text, redactor, room);
  std::string kept(out ? out->text : text);
  wipe(room);
  return kept;
}

// A note that the scanner redacts for every purpose cannot be compared; then none is added, since
// a note twice is worse than one that is read from the file again.
result<void> row_items::add_notes(const import_customer& one, const customer_id& id, bool& added) {
  if (one.notes.empty()) return {};
  const auto known = items_of(id, field::notes);
  if (!known) return known.error();
  if (!*known) return {};
  for (const note& text : one.notes) {
    const std::string as_kept = labelled(text.text.reveal());
    bool has = false;
    for (const item_list::item& each : (*known)->items()) {
      note read;
      has = has ||
            (decode_value(each.value, read) && read.at == text.at && read.text.reveal() == as_kept);
    }
    if (has) continue;
    const std::uint64_t before = run_.counts.notes;
    if (auto kept = keep_note(text, id); !kept) return kept;
    added = added || run_.counts.notes != before;
  }
  return {};
}

// Whether an item's refusal only means that items of its kind are left out; counts it then.
bool row_items::leaves_out(const error& what, const customer_id& id, field_id field) {
  if (what.code != errc::no_basis || !run_.lenient()) return false;
  const auto why = run_.into.why_not_kept(id, field, run_.options.purposes);
  run_.count_left_out(field, why ? *why : decision_code::none);
  return true;
}

result<void> row_items::keep_receipts(const import_customer& one, const customer_id& id) {
  for (const import_receipt& receipt : one.receipts) {
    const std::uint64_t before = run_.counts.receipts + run_.counts.repeated_receipts;
    if (auto kept = keep_receipt(receipt, id); !kept) return kept;
    if (run_.counts.receipts + run_.counts.repeated_receipts == before) return {};
  }
  return {};
}

result<void> row_items::keep_receipt(const import_receipt& receipt, const customer_id& id) {
  const auto kept =
      run_.into.append_purchase(id, receipt.head, receipt.lines, run_.options.purposes);
  if (!kept && kept.error().code == errc::already_exists) {
    ++run_.counts.repeated_receipts;
    return {};
  }
  if (!kept) {
    if (!leaves_out(kept.error(), id, field::purchases)) return kept.error();
    return {};
  }
  ++run_.counts.receipts;
  run_.counts.lines += receipt.lines.size();
  return {};
}

result<void> row_items::keep_notes(const import_customer& one, const customer_id& id) {
  for (const note& text : one.notes) {
    const std::uint64_t before = run_.counts.notes;
    if (auto kept = keep_note(text, id); !kept) return kept;
    if (run_.counts.notes == before) return {};
  }
  return {};
}

result<void> row_items::keep_note(const note& text, const customer_id& id) {
  row_.writing = &text;
  // A note that is not for all is from now on of whoever brings it in.
  note as_brought = text;
  as_brought.by.reset();
  as_brought.store.reset();
  const auto kept =
      run_.into.append_note(id, as_brought, run_.options.purposes, run_.options.notes);
  if (!kept) {
    if (!leaves_out(kept.error(), id, field::notes)) return kept.error();
    return {};
  }
  ++run_.counts.notes;
  return {};
}

}  // namespace clientbook
