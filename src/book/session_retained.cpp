// What a law has the shop keep of who was erased: how it comes apart from the rest in the
// transaction that erases, and by whom it is read afterwards.
//
// Nothing leads from a customer to such a record but the receipt of their erasure: it has another
// id and another key, and stands in no index. So whoever has it reads it by its id and by a case
// that names that, never by a name.
#include <algorithm>
#include <map>

#include "damage.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

using storage::item_kind;

// The year in which something was, and `years` more, to the end of the calendar year: periods of
// keeping begin at that (German AO 147(4), HGB 257(5)), so that none ends a day too early.
date end_of_keeping(std::int16_t from, unsigned years) noexcept {
  return {static_cast<std::int16_t>(from + static_cast<std::int16_t>(years)), 12, 31};
}

// What goes into the records of one purpose, as it stands in the customer's.
struct law_kept {
  std::vector<std::pair<field_id, wiped_bytes>> fields{};
  std::map<std::int16_t, std::vector<wiped_bytes>> purchases{};  ///< By year.
};

wiped_bytes copy_of(byte_view bytes) { return {bytes.begin(), bytes.end()}; }

result<law_kept> read_law_kept(session_state& s, customer_no number, field_set fields,
                               const date& today) {
  law_kept out;
  const auto known = s.entry(number);
  if (!known) return known.error();
  const std::uint32_t purchases = (*known)->purchases;
  std::array<opened_field, max_fields> opened;
  const auto record = s.opener.record(opening::retaining, number, **known, opened);
  if (!record) return record.error();
  for (const opened_field& one : *record) {
    if (fields.has(one.id)) out.fields.emplace_back(one.id, copy_of(one.plaintext));
  }
  std::ranges::sort(out.fields, {}, [](const auto& one) { return one.first; });
  if (!fields.has(field::purchases)) return out;
  for (std::uint32_t sequence = 1; sequence <= purchases; ++sequence) {
    const auto own = s.entry(number);
    if (!own) return own.error();
    const auto item =
        s.opener.item(opening::retaining, number, **own, item_kind::purchase, sequence);
    if (!item) return item.error();
    const auto receipt = decode_purchase(*item);
    if (!receipt) return receipt.error();
    // What lies ahead counts from today.
    const purchase& sold = receipt->receipt;
    const date when = sold.at ? date_of(*sold.at) : sold.day.value_or(today);
    const std::int16_t year = std::min(when.year, today.year);
    out.purchases[year].push_back(copy_of(*item));
  }
  return out;
}

result<void> add_apart(session_state& s, const retained_store::draft& what,
                       erasure_receipt& receipt) {
  const auto number = s.retained.add(what);
  if (!number) return number.error();
  receipt.retained.push_back(
      {.id = s.core->keys().ids->id(*number), .purpose = what.purpose, .until = what.until});
  return {};
}

// A record for each year of purchases, so that each ends in its own time; where there is none, one
// for the fields, from the erasure on.
result<void> keep_fields_apart(session_state& s, customer_no number, purpose_id purpose,
                               field_set fields, unsigned years, erasure_receipt& receipt) {
  const date today = date_of(receipt.at);
  auto kept = read_law_kept(s, number, fields, today);
  if (!kept) return kept.error();
  retained_store::draft next{.purpose = purpose, .since = today};
  for (const auto& [field, value] : kept->fields) next.fields.emplace_back(field, value);
  if (kept->purchases.empty()) {
    if (next.fields.empty()) return {};
    next.until = end_of_keeping(today.year, years);
    return add_apart(s, next, receipt);
  }
  for (const auto& [year, purchases] : kept->purchases) {
    next.until = end_of_keeping(year, years);
    next.purchases = purchases;
    if (next.until < today) continue;  // The law wants it no longer.
    if (auto added = add_apart(s, next, receipt); !added) return added;
  }
  return {};
}

}  // namespace

bool session_state::is_legal_obligation(purpose_id why) const {
  // What answers a customer or tells them of a breach is no record that outlives them.
  const case_kind kind = case_of(why);
  if (kind == case_kind::rights || kind == case_kind::breach) return false;
  return std::ranges::any_of(consent.policy().profiles(), [&](const auto& held) {
    return basis_of(held->law, why) == lawful_basis::legal_obligation;
  });
}

result<customer_no> session_state::number_in_case(const customer_id& id) const {
  const auto found = core->keys().ids->number(id);
  if (found && retained_store::which_of(*found)) return *found;
  return number(id);
}

result<std::uint32_t> session_state::retained_number(const customer_id& id) const {
  const auto found = core->keys().ids->number(id);
  const auto which = found ? retained_store::which_of(*found) : std::nullopt;
  if (!which) return error{errc::not_found, "no such retained record"};
  return *which;
}

result<field_set> session_state::named_by_tax_law(customer_no number, timestamp at) {
  const auto own = entry(number);
  if (!own) return own.error();
  const auto named = consent.keeping_of(number, **own, purpose_set{purpose::tax_record_keeping},
                                        operation::store, at, all_fields);
  if (!named) return named.error();
  field_set out = named->permitted;
  out.remove(field::notes);
  return out;
}

result<void> session_state::keep_apart(customer_no number, const erasure_options& options,
                                       erasure_receipt& receipt) {
  const auto own = entry(number);
  if (!own) return own.error();
  const std::uint32_t notes = (*own)->notes;
  const std::uint32_t purchases = (*own)->purchases;
  const auto row = row_of(number, **own);
  if (!row) return row.error();
  std::map<std::uint8_t, field_set> by_purpose;
  for (const kept_group& group : (*row)->kept) {
    group.purposes.for_each([&](purpose_id why) {
      if (is_legal_obligation(why)) by_purpose[why.value] |= group.fields;
    });
  }
  // Of who has bought something a tax law wants what it names, for whatever anybody has kept it.
  if (purchases != 0 && is_legal_obligation(purpose::tax_record_keeping)) {
    const auto invoice_data = named_by_tax_law(number, receipt.at);
    if (!invoice_data) return invoice_data.error();
    by_purpose[purpose::tax_record_keeping.value] |= *invoice_data;
  }
  for (const auto& [why, fields] : by_purpose) {
    if (fields.has(field::notes) && notes != 0) {
      return error{errc::kept_by_law, "notes are kept apart by nobody: keep them elsewhere first",
                   field::notes.value};
    }
    if (auto kept = keep_fields_apart(*this, number, purpose_id(why), fields,
                                      options.law_kept_years, receipt);
        !kept) {
      return kept;
    }
  }
  if (!is_legal_obligation(purpose::consent_record_keeping)) return {};
  const auto again = entry(number);
  if (!again) return again.error();
  const auto said = consent.directives(**again, number);
  if (!said) return said.error();
  if (said->empty()) return {};
  const date today = date_of(receipt.at);
  return add_apart(*this,
                   {.purpose = purpose::consent_record_keeping,
                    .since = today,
                    .until = end_of_keeping(today.year, options.law_kept_years),
                    .directives = *said},
                   receipt);
}

result<void> session_state::drop_ended_apart(const retention_run& how, std::size_t most,
                                             retention_outcome& out) {
  const date today = today_at_least();
  for (std::uint32_t which = 1; which <= retained.given(); ++which) {
    const auto about = retained.head(which);
    const customer_id id = core->keys().ids->id(retained_store::number_of(which));
    if (!about) {
      if (about.error().code == errc::key_erased) continue;
      if (!is_damage(about.error().code)) return about.error();
      out.items.push_back({.customer = id, .fate = retention_fate::damaged});
      continue;
    }
    if (!(about->until < today)) continue;
    const auto named = cases.needs(id, now());
    if (!named) return named.error();
    retention_fate fate = retention_fate::law_ended;
    if (*named) fate = retention_fate::held;
    if (!*named && how.mode == retention_mode::run) {
      if (most-- == 0) {
        out.next = core->row().next.value;
        return {};
      }
      if (auto gone = retained.drop(which); !gone) return gone;
      const auto logged = ledger.append({.type = ledger_event::erasure, .count = 1}, {}, who.id,
                                        now(), std::nullopt);
      if (!logged) return logged.error();
    }
    out.items.push_back({.customer = id, .fields = about->fields, .fate = fate});
  }
  return {};
}

result<bool> session_state::ended_apart() {
  const date today = today_at_least();
  for (std::uint32_t which = 1; which <= retained.given(); ++which) {
    const auto about = retained.head(which);
    if (about && about->until < today) return true;
    if (!about && about.error().code != errc::key_erased) return true;  // It is told of.
  }
  return false;
}

result<std::vector<retained_record>> session::retained() try {
  session_state& s = *state_;
  if (auto looked = s.look(action::audit); !looked) return looked.error();
  std::vector<retained_record> out;
  for (std::uint32_t which = 1; which <= s.retained.given(); ++which) {
    auto one = s.retained.head(which);
    if (!one) {
      if (one.error().code == errc::key_erased) continue;
      if (!is_damage(one.error().code)) return one.error();
      one = retained_record{};  // It is told of, and hides no other.
    }
    one->id = s.core->keys().ids->id(retained_store::number_of(which));
    out.push_back(*one);
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<retained_content> session_state::open_retained(std::uint32_t which) {
  retained_content out;
  std::vector<std::pair<std::size_t, std::size_t>> places;
  const auto read = retained.parts(which, [&](const retained_store::part& one) -> result<void> {
    if (one.field != field_id()) return out.record.set_raw(one.field, one.bytes);
    if (one.is_purchase) {
      places.emplace_back(out.purchases.bytes_.size(), one.bytes.size());
      out.purchases.bytes_.insert(out.purchases.bytes_.end(), one.bytes.begin(), one.bytes.end());
      return {};
    }
    auto said = decode_directive(one.bytes);
    if (!said) return said.error();
    out.directives.push_back(*said);
    return {};
  });
  if (!read) return read.error();
  for (const auto& [from, size] : places) {
    out.purchases.items_.push_back(
        {.sequence = static_cast<std::uint32_t>(out.purchases.items_.size() + 1),
         .value = byte_view(out.purchases.bytes_).subspan(from, size)});
  }
  out.purchases.size_ = places.size();
  out.purchases.state_ = places.empty() ? field_state::absent : field_state::shown;
  return out;
}

result<retained_content> session::read_retained(const customer_id& id, purpose_id why) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state,
                 "a retained record is read in a transaction of its own: commit first"};
  }
  if (auto looked = s.look(action::read, why); !looked) return looked.error();
  const auto which = s.retained_number(id);
  if (!which) return which.error();
  auto about = s.retained.head(*which);
  if (!about) return about.error();
  about->id = id;
  if (why != about->purpose && why != purpose::rights_fulfilment) {
    return error{errc::denied, "a retained record is read for what a law has it kept for alone"};
  }
  if (about->until < s.today_at_least()) {
    return error{errc::key_erased, "the time of this retained record is over"};
  }
  const auto may = [&]() -> result<reach> {
    const auto whom = s.ask(action::read, why);
    if (!whom) return whom;
    if (auto named = s.named_by_case(*whom, case_of(why), id); !named) return named.error();
    return whom;
  };
  if (const auto asked = may(); !asked) return asked.error();
  if (auto counted = s.count_look_up(); !counted) return counted.error();
  // The ledger says so before anything is handed out.
  retained_content out;
  const auto logged = s.change_asking(may, [&]() -> result<void> {
    auto content = s.open_retained(*which);
    if (!content) return content.error();
    const auto written =
        s.ledger.append({.type = ledger_event::disclosure, .purpose = why, .count = 1}, {},
                        s.who.id, s.now(), std::nullopt);
    if (!written) return written.error();
    out = std::move(*content);
    out.about = *about;
    out.ledger_index = written->index;
    return {};
  });
  if (!logged) return logged.error();
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
