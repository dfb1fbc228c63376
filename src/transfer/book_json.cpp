// Parties, notices, figures and ledger of a book as JSON, in the words of the vocabulary. Nothing
// of it opens a record.
#include <clientbook/base/hex.hpp>
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/transfer/book_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "type_names.hpp"

namespace clientbook {
namespace {

namespace json = boost::json;

std::string text_of(timestamp at) {
  char out[20];
  write_timestamp(at, out);
  return {out, sizeof out};
}

template <class Id>
std::string_view word_of(Id id) {
  const auto known = facts(id);
  return known ? known->name : std::string_view();
}

json::array keys_of(field_set set, const schema& fields) {
  json::array out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    if (set.has(field.number)) out.emplace_back(field.key);
  }
  return out;
}

json::object counts_of(const mention_counts& counts) {
  json::object out;
  for (std::size_t i = 0; i < mention_kinds; ++i) {
    if (counts[i] != 0) out[name_of(static_cast<mention_kind>(i))] = counts[i];
  }
  return out;
}

json::object to_object(const mention_report& told) {
  json::array all;
  for (const mention& one : told.mentions) {
    json::array notes;
    bool in_record = false;
    for (const std::uint32_t sequence : one.notes) {
      if (sequence != 0) notes.emplace_back(sequence);
      in_record = in_record || sequence == 0;
    }
    all.push_back({{"customer", hex<std::string>(one.in.bytes)},
                   {"notes", std::move(notes)},
                   {"in_record", in_record},
                   {"found", counts_of(one.found)}});
  }
  return {{"mentions", std::move(all)},           {"found", counts_of(told.found)},
          {"replaced", counts_of(told.replaced)}, {"customers_searched", told.customers},
          {"notes_searched", told.notes},         {"not_permitted", told.not_permitted},
          {"unreadable", told.unreadable},        {"not_looked_for", told.not_looked_for},
          {"ledger_index", told.ledger_index}};
}

std::string_view name_of_type(field_type type) noexcept {
  for (const auto& [known, name] : transfer::type_names) {
    if (known == type) return name;
  }
  return {};  // of a newer version
}

template <class Set>
json::array words_of(const Set& terms) {
  json::array out;
  terms.for_each([&](auto id) {
    const auto known = facts(id);
    if (!known) return;  // a number that has no word yet
    out.push_back({{"number", id.value},
                   {"word", known->name},
                   {"term", known->term},
                   {"label", known->label}});
  });
  return out;
}

}  // namespace

std::string_view name_of(ledger_event event) noexcept {
  switch (event) {
    case ledger_event::disclosure:
      return "disclosure";
    case ledger_event::data_export:
      return "data_export";
    case ledger_event::consent_given:
      return "consent_given";
    case ledger_event::consent_withdrawn:
      return "consent_withdrawn";
    case ledger_event::erasure:
      return "erasure";
    case ledger_event::key_rotation:
      return "key_rotation";
    case ledger_event::restore:
      return "restore";
    case ledger_event::break_glass:
      return "break_glass";
    case ledger_event::refusal:
      return "refusal";
    case ledger_event::data_import:
      return "data_import";
    case ledger_event::policy_change:
      return "policy_change";
    case ledger_event::correction:
      return "correction";
    case ledger_event::reversal:
      return "reversal";
    case ledger_event::not_delivered:
      return "not_delivered";
    case ledger_event::jurisdiction:
      return "jurisdiction";
    case ledger_event::portfolio:
      return "portfolio";
    case ledger_event::alarm:
      return "alarm";
    case ledger_event::request:
      return "request";
    case ledger_event::recipient_told:
      return "recipient_told";
    case ledger_event::legal_hold:
      return "legal_hold";
    case ledger_event::onward:
      return "onward";
    case ledger_event::merge:
      return "merge";
    case ledger_event::unmerge:
      return "unmerge";
    case ledger_event::pruning:
      return "pruning";
    case ledger_event::epoch:
      return "epoch";
  }
  return {};
}

result<std::string> ledger_to_json(std::span<const ledger_record> entries,
                                   const schema& fields) try {
  json::array out;
  for (const ledger_record& one : entries) {
    out.push_back({{"index", one.index},
                   {"sequence", one.sequence},
                   {"event", is_search(one) ? "search" : name_of(one.event)},
                   {"at", text_of(one.at)},
                   {"purpose", word_of(one.purpose)},
                   {"recipient", one.recipient},
                   {"recipient_class", word_of(one.recipient_class)},
                   {"fields", keys_of(one.fields, fields)},
                   {"actor", one.actor.value},
                   {"entry", hex<std::string>(one.entry.bytes)}});
    json::object& last = out.back().as_object();
    if (one.about) last["about"] = *one.about;
    if (one.until != timestamp{}) last["until"] = text_of(one.until);
    if (one.of_both) last["of_both"] = true;
    if (one.event == ledger_event::onward) {
      last["passed_on_by"] = one.from;
      last["contact"] = one.contact;
      last["on"] = one.on.month == 0 ? json::value(nullptr) : json::value(text_of(one.on));
    }
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> proved_entry_to_json(const ledger::proved_entry& proved) try {
  const auto entry = ledger::decode_entry(proved.entry);
  if (!entry) return entry.error();
  char day[10];
  return json::serialize(json::object{{"index", proved.index},
                                      {"size", proved.head.size},
                                      {"origin", proved.head.origin},
                                      {"event", name_of(entry->type)},
                                      {"day", std::string_view(day, write_date(entry->day, day))},
                                      {"purpose", word_of(entry->purpose)},
                                      {"recipient_class", word_of(entry->recipient_class)}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> mentions_to_json(const mention_report& told) try {
  return json::serialize(to_object(told));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> erasure_to_json(const erasure_receipt& receipt,
                                    const mention_report* mentions) try {
  json::object out{{"ledger_index", receipt.ledger_index},
                   {"epoch_before", receipt.epoch_before},
                   {"epoch_after", receipt.epoch_after},
                   {"at", text_of(receipt.at)},
                   {"reason", static_cast<std::uint8_t>(receipt.reason)},
                   {"remembered_until", nullptr},
                   {"signature", hex<std::string>(receipt.signature)}};
  if (receipt.remembered_until.month != 0) {
    out["remembered_until"] = text_of(receipt.remembered_until);
  }
  if (mentions != nullptr) out["others"] = to_object(*mentions);
  json::array mirrors;
  for (const mirror_state& one : receipt.mirrors) {
    mirrors.push_back({{"path", one.path}, {"confirmed", one.confirmed}});
  }
  out["mirrors"] = std::move(mirrors);
  if (!receipt.retained.empty()) {
    json::array retained;
    for (const retained_name& one : receipt.retained) {
      retained.push_back({{"id", hex<std::string>(one.id.bytes)},
                          {"purpose", word_of(one.purpose)},
                          {"until", text_of(one.until)}});
    }
    out["retained"] = std::move(retained);
  }
  if (!receipt.copies_that_open.empty()) {
    json::array times;
    for (const time_together& one : receipt.copies_that_open) {
      times.push_back({{"since", text_of(one.since)}, {"until", text_of(one.until)}});
    }
    out["copies_that_open"] = std::move(times);
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

std::string_view name_of(refusal_kind kind) noexcept {
  if (kind == refusal_kind::no_marketing) return "no_marketing";
  return kind == refusal_kind::erased ? "erased" : "unsubscribed";
}

std::string text_of(const date& day) {
  std::string out = text_of(timestamp{days_since_epoch(day) * 86400});
  out.resize(10);
  return out;
}

result<std::string> keeping_to_json(std::span<const field_keeping> kept, const schema& fields) try {
  json::object out;
  for (const field_keeping& one : kept) {
    json::array purposes;
    one.purposes.for_each([&](purpose_id purpose) { purposes.emplace_back(word_of(purpose)); });
    json::object told{{"purposes", purposes}, {"since", text_of(one.since)}, {"by", one.by.value},
                      {"until", nullptr},     {"source", nullptr},           {"as_of", nullptr}};
    if (one.until.month != 0) told["until"] = text_of(one.until);
    if (one.source) told["source"] = *one.source == field_source::file ? "file" : "person";
    if (one.as_of.month != 0) told["as_of"] = text_of(one.as_of);
    for (const json::value& key : keys_of(only(one.field), fields)) out[key.as_string()] = told;
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> due_to_json(std::span<const retention_due> due, const schema& fields) try {
  json::array out;
  for (const retention_due& one : due) {
    out.push_back({{"customer", hex<std::string>(one.customer.bytes)},
                   {"fields", keys_of(one.fields, fields)}});
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> refusals_to_json(std::span<const remembered_refusal> known,
                                     const schema& fields) try {
  json::array out;
  for (const remembered_refusal& one : known) {
    const json::array by = keys_of(only(one.by), fields);
    out.push_back({{"kind", name_of(one.kind)},
                   {"by", by.empty() ? json::value() : by.front()},
                   {"on", text_of(one.on)},
                   {"until", text_of(one.until)}});
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> refusal_periods_to_json(std::span<const refusal_period> periods) try {
  json::array out;
  for (const refusal_period& one : periods) {
    out.push_back({{"number", one.number},
                   {"since", text_of(one.since)},
                   {"until", text_of(one.until)},
                   {"refusals", one.refusals}});
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

namespace {

json::array gaps_of(const book_figures& figures) {
  json::array out;
  for (const book_gap& one : figures.gaps) {
    out.push_back({{"since", text_of(one.since)}, {"until", text_of(one.until)}});
  }
  return out;
}

}  // namespace

result<std::string> figures_to_json(const book_figures& figures) try {
  return json::serialize(json::object{{"book", hex<std::string>(figures.id.bytes)},
                                      {"customers", figures.customers},
                                      {"erased", figures.erased},
                                      {"lost", figures.lost},
                                      {"gaps", gaps_of(figures)},
                                      {"purchase_lines", figures.purchase_lines},
                                      {"ledger_entries", figures.ledger_entries},
                                      {"consent_states", figures.consent_states},
                                      {"consents_outdated", figures.consents_outdated},
                                      {"epoch", figures.epoch},
                                      {"bytes_used", figures.bytes_used},
                                      {"suite", static_cast<std::uint8_t>(figures.suite)}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> verification_to_json(const verification& found) try {
  json::object out{{"customers", found.customers},   {"items", found.items},
                   {"directives", found.directives}, {"ledger_entries", found.ledger_entries},
                   {"problems", found.problems},     {"first", static_cast<int>(found.first)}};
  if (found.first_customer != customer_id())
    out["customer"] = hex<std::string>(found.first_customer.bytes);
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> schema_to_json(const schema& fields) try {
  json::array out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    json::array categories;
    for (const category_id id : field.categories) {
      if (id.value != 0) categories.emplace_back(word_of(id));
    }
    out.push_back({{"number", field.number.value},
                   {"key", field.key},
                   {"type", name_of_type(field.type)},
                   {"list", field.count == cardinality::many},
                   {"redaction", name_of(field.redaction)},
                   {"categories", std::move(categories)}});
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> profile_facts_to_json(const law_profile& profile) try {
  return json::serialize(json::object{{"name", profile.name},
                                      {"title", profile.title},
                                      {"version", profile.version},
                                      {"unverified", profile.unverified}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> terms_to_json(term_kind kind) try {
  switch (kind) {
    case term_kind::purpose:
      return json::serialize(words_of(all_purposes()));
    case term_kind::recipient:
      return json::serialize(words_of(all_recipient_classes()));
    case term_kind::category:
      return json::serialize(words_of(all_categories()));
    case term_kind::operation:
      return json::serialize(words_of(all_operations));
  }
  return "[]";
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> finds_to_json(std::span<const text_entity> found) try {
  json::array out;
  for (const text_entity& one : found) {
    out.push_back({{"begin", one.begin},
                   {"end", one.end},
                   {"type", name_of(one.type)},
                   {"rule", name_of(one.rule)},
                   {"score", one.score}});
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
