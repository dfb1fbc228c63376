#include <algorithm>
#include <bit>

#include "mention_seeker.hpp"
#include "places.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

using storage::item_kind;

// What tells who somebody is. An employer is in the notes of many.
constexpr field_set telling = only(field::name) | only(field::emails) | only(field::phones) |
                              only(field::addresses) | only(field::external_ids) |
                              only(field::household) | only(field::government_ids);

constexpr std::string_view label = "<KNOWN_VALUE>";

// Damage of one customer must not hide the mentions in the notes of all others.
bool is_damage(errc code) noexcept {
  switch (code) {
    case errc::authentication_failed:
    case errc::wrong_key:
    case errc::version_mismatch:
    case errc::row_missing:
    case errc::damaged:
    case errc::truncated:
    case errc::invalid_encoding:
    case errc::wrong_type:
    case errc::invalid_value:
    case errc::missing_field:
    case errc::newer_format:
      return true;
    default:
      return false;
  }
}

std::uint32_t sum(const mention_counts& counts) noexcept {
  std::uint32_t out = 0;
  for (const std::uint32_t one : counts) out += one;
  return out;
}
void add(mention_counts& to, const mention_counts& counts) noexcept {
  for (std::size_t i = 0; i < mention_kinds; ++i) to[i] += counts[i];
}

// One customer's notes on their way through a search.
struct searched_notes {
  std::vector<wiped_bytes> values;  ///< As they are to be sealed again.
  mention_counts replaced{};
};

// A note without the finds that are to go.
result<wiped_bytes> rewritten(const note& before, std::span<const mention_seeker::find> finds,
                              mention_set which) {
  wiped_bytes text;
  const auto put = [&](std::string_view part) {
    text.insert(text.end(), as_bytes(part).begin(), as_bytes(part).end());
  };
  const std::string_view plain = before.text.reveal();
  std::size_t done = 0;
  for (const mention_seeker::find& one : finds) {
    if (!which.contains(one.kind)) continue;
    put(plain.substr(done, one.begin - done));
    put(label);
    done = one.end;
  }
  put(plain.substr(done));
  if (text.size() > field_limit / 2) {
    return error{errc::invalid_value, "the note would become too long"};
  }
  wiped_bytes out(text.size() + before.author.size() + 64);
  const auto encoded =
      encode_value(note{.at = before.at, .author = before.author, .text = as_text(text)}, out);
  if (!encoded) return encoded.error();
  out.resize(encoded->size());
  return out;
}

}  // namespace

result<mention_report> session_state::search_mentions(customer_no whose, purpose_id purpose,
                                                      std::optional<mention_set> replaced) {
  decision_request request = consent.reading(purpose, now());
  request.operation = operation::query;
  const auto before = entry(whose);
  if (!before) return before.error();
  const auto about = consent.decide(whose, **before, request);
  if (!about) return about.error();
  const field_set wanted = telling & about->permit.fields();
  if (wanted == 0) {
    return error{errc::denied, "this purpose may search with nothing of the customer"};
  }
  mention_report out;
  mention_seeker seeker;
  {
    const auto known = entry(whose);  // the tree may have moved
    if (!known) return known.error();
    std::array<opened_field, max_fields> opened;
    const auto fields = opener.record(about->permit, **known, wanted, opened);
    if (!fields) return fields.error();
    for (const opened_field& one : *fields) {
      if (const auto definition = core->fields().find(one.id)) {
        seeker.add(definition->type, one.plaintext);
      }
    }
  }
  if (seeker.overflow()) {
    return error{errc::limit_exceeded, "the record holds more than can be looked for"};
  }
  out.not_looked_for = seeker.refused() +
                       static_cast<std::uint32_t>(std::popcount(telling & ~about->permit.fields()));

  for (customer_no other = first_customer; other < core->row().next; ++other.value) {
    if (other == whose) continue;
    const auto found = entry(other);
    if (!found) {
      if (found.error().code == errc::key_erased) continue;
      if (!is_damage(found.error().code)) return found.error();
      ++out.unreadable;
      continue;
    }
    if ((*found)->notes == 0) continue;
    const auto may_search = consent.decide(other, **found, request);
    if (!may_search) return may_search.error();
    const bool permitted = (may_search->permit.fields() & only(field::notes)) != 0;
    if (!permitted) {
      ++out.not_permitted;
      continue;
    }
    bool rewrite = false;
    if (replaced) {
      decision_request altering = request;
      altering.operation = operation::alter;
      const auto may_alter = consent.judge(**found, altering);
      if (!may_alter) return may_alter.error();
      rewrite = (may_alter->permitted & only(field::notes)) != 0;
    }

    const auto again = entry(other);
    if (!again) return again.error();
    const manifest& known = **again;
    ++out.customers;
    mention in{.in = core->keys().ids->id(other), .notes = {}, .found = {}};
    searched_notes notes;
    for (std::uint32_t sequence = 1; sequence <= known.notes; ++sequence) {
      const auto opened = opener.item(may_search->permit, known, item_kind::note, sequence);
      note written;
      const auto read = opened ? decode_value(*opened, written) : result<void>(opened.error());
      const auto finds = read ? seeker.look(written.text.reveal())
                              : result<std::span<const mention_seeker::find>>(read.error());
      if (!finds) {
        if (!is_damage(finds.error().code)) return finds.error();
        ++out.unreadable;
        rewrite = false;  // What does not open cannot be sealed anew.
        continue;
      }
      ++out.notes;
      mention_counts here{};
      mention_counts gone{};
      for (const mention_seeker::find& one : *finds) {
        const auto kind = static_cast<std::size_t>(one.kind);
        ++here[kind];
        if (replaced && replaced->contains(one.kind)) ++gone[kind];
      }
      if (sum(here) != 0) in.notes.push_back(sequence);
      add(in.found, here);
      if (!rewrite) continue;
      auto value = sum(gone) == 0 ? result<wiped_bytes>(wiped_bytes(opened->begin(), opened->end()))
                                  : rewritten(written, *finds, *replaced);
      if (!value) {
        ++out.unreadable;
        rewrite = false;
        continue;
      }
      add(notes.replaced, gone);
      notes.values.push_back(std::move(*value));
    }
    if (rewrite && sum(notes.replaced) != 0) {
      if (auto sealed = replace_notes(other, in.in, notes.values, purpose); !sealed) {
        return sealed.error();
      }
      add(out.replaced, notes.replaced);
    }
    add(out.found, in.found);
    if (!in.notes.empty()) out.mentions.push_back(std::move(in));
  }
  return out;
}

// All notes of the customer are sealed anew, so that no former one can be put back.
result<void> session_state::replace_notes(customer_no number, const customer_id& id,
                                          std::span<const wiped_bytes> values, purpose_id purpose) {
  const auto edited = core->tree().edit(number);
  if (!edited) return edited.error();
  manifest& known = **edited;
  ++known.notes_version;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto sequence = static_cast<std::uint32_t>(i + 1);
    const auto at = item_place(number, known, item_kind::note, sequence);
    if (auto put = core->put_value(known.subject_key, at, values[i]); !put) return put;
  }
  const std::array<ledger::disclosed_field, 1> rewritten_field{
      ledger::disclosed_field{.field = field::notes,
                              .version = record_version(values.size()),
                              .redaction = redaction_operator::redact_text}};
  const auto logged = ledger.append(
      {.type = ledger_event::correction, .purpose = purpose, .recipient_class = recipient::self},
      {.fields = rewritten_field}, who.id, now(),
      ledger_store::subject{.number = number, .entry = &known, .id = id});
  if (!logged) return logged.error();
  return {};
}

result<std::uint64_t> session_state::log_search(customer_no number, const customer_id& id,
                                                purpose_id purpose) {
  decision_request request = consent.reading(purpose, now());
  request.operation = operation::query;
  const auto before = entry(number);
  if (!before) return before.error();
  const auto decided = consent.judge(**before, request);
  if (!decided) return decided.error();
  const auto edited = core->tree().edit(number);
  if (!edited) return edited.error();
  std::array<ledger::disclosed_field, max_fields> fields;
  std::size_t count = 0;
  for (std::uint8_t i = 0; i < max_fields; ++i) {
    if ((telling & decided->permitted & only(field_id(i))) == 0) continue;
    fields[count++] = {.field = field_id(i), .version = (*edited)->version};
  }
  lawful_basis basis = lawful_basis::none;
  if (count != 0) {
    const auto why = consent.explain(**edited, request, fields[0].field);
    if (!why) return why.error();
    basis = why->stage == 5 ? lawful_basis::consent : why->basis;
  }
  const auto logged =
      ledger.append({.type = ledger_event::disclosure,
                     .purpose = purpose,
                     .legal_basis = static_cast<std::uint8_t>(basis),
                     .recipient_class = recipient::self},
                    {.fields = {fields.data(), count}}, who.id, now(),
                    ledger_store::subject{.number = number, .entry = *edited, .id = id});
  if (!logged) return logged.error();
  return logged->index;
}

result<mention_report> session::mentions(const customer_id& id, purpose_id purpose) {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "a search is a transaction of its own: commit first"};
  }
  if (auto seen = s.look(action::trace); !seen) return seen.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  // Long, and so outside the transaction that writes it down.
  auto found = s.search_mentions(*number, purpose, std::nullopt);
  if (!found) return found;
  const auto logged = s.change(action::trace, [&] { return s.log_search(*number, id, purpose); });
  if (!logged) return logged.error();
  found->ledger_index = *logged;
  return found;
}

result<mention_report> session::redact_mentions(const customer_id& id, purpose_id purpose,
                                                mention_set which) {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "a search is a transaction of its own: commit first"};
  }
  if (!may(s.who.role, action::write)) {
    return error{errc::role_denied, "this role may not do that"};
  }
  return s.change(action::trace, [&]() -> result<mention_report> {
    const auto number = s.number(id);
    if (!number) return number.error();
    auto found = s.search_mentions(*number, purpose, which);
    if (!found) return found;
    const auto logged = s.log_search(*number, id, purpose);
    if (!logged) return logged.error();
    found->ledger_index = *logged;
    return found;
  });
}

}  // namespace clientbook
