// What a customer has said: kept one by one in a chain, compiled on the device whenever somebody
// asks, so that no state is ever out of date, and judged as a book judges.
#include <algorithm>

#include "till_rows.hpp"

namespace clientbook {
namespace {

// A no is heard also when what opens would find no room.
std::size_t room_for(bool opens, std::size_t all) noexcept { return opens ? all - all / 4 : all; }

std::optional<date> born_of(std::span<const field_value> fields) noexcept {
  for (const field_value& one : fields) {
    date born;
    if (one.id != field::birth_date) continue;
    if (decode_value(one.value, born) && born.year != 0) return born;
  }
  return std::nullopt;
}

bool is_ending(directive_kind what) noexcept {
  return what == directive_kind::withdraw || what == directive_kind::revoke ||
         what == directive_kind::invalidate;
}

bool same_words(const directive& a, const directive& b) noexcept {
  return a.kind == b.kind && a.by == b.by && a.channel == b.channel && a.scope == b.scope &&
         a.strength == b.strength && a.informed == b.informed && a.basis == b.basis &&
         a.notice == b.notice && (!widens(a.kind) || a.registry_version == b.registry_version) &&
         a.not_before == b.not_before && a.not_after == b.not_after && a.evidence == b.evidence &&
         a.supersedes == b.supersedes && a.conditions == b.conditions && a.contacts == b.contacts;
}

// Whether one that decides, behind that place, takes it back by its id.
bool named_behind(std::span<const directive> said, std::size_t place) noexcept {
  for (std::size_t i = place + 1; i < said.size(); ++i) {
    const auto& names = said[i].supersedes;
    if (!decides(said[i].kind) || said[place].id == directive_id{}) continue;
    if (std::find(names.begin(), names.end(), said[place].id) != names.end()) return true;
  }
  return false;
}

// What is in force already adds nothing, as in a book; the directive that says it.
const directive* said_before(std::span<const directive> said, const directive& next) noexcept {
  bool widened = false;
  bool ended = false;
  for (std::size_t i = said.size(); i-- > 0;) {
    const directive& one = said[i];
    if (next.kind == directive_kind::move) {
      if (one.kind != directive_kind::move) continue;
      const bool as_sure = is_confirmed(one) || !is_confirmed(next);
      const bool same = one.jurisdiction == next.jurisdiction && one.residence == next.residence &&
                        one.works_here == next.works_here;
      return same && as_sure ? &one : nullptr;
    }
    if (same_words(one, next)) {
      const bool stands = !named_behind(said, i);
      const bool same_act = one.event_at == next.event_at;
      if (same_act && one.channel == consent_channel::import) return &one;
      // A TC string that takes back and gives anew, read a second time.
      const bool of_string = one.channel == consent_channel::signal_tcf;
      if (same_act && of_string && is_ending(one.kind)) return &one;
      if (denies(one.kind) && stands) return &one;
      if (is_ending(one.kind) && !widened) return &one;
      const bool opens = !denies(one.kind) && !is_ending(one.kind);
      if (opens && same_act && stands && !ended) return &one;
    }
    if (!decides(one.kind)) continue;
    widened = widened || widens(one.kind);
    ended = ended || is_ending(one.kind);
  }
  return nullptr;
}

}  // namespace

// The directives of a customer, into memory_.directives; the chain is checked.
result<std::size_t> till::load_directives(const head& of) noexcept {
  std::size_t count = 0;
  crypto::digest previous{};
  for (std::size_t i = 0; i < of.count(); ++i) {
    if (of.kind_of(i) != rows::kind::directive) continue;
    const auto value = item_of(of, i);
    if (!value) return value.error();
    const byte_view bytes = value->subspan(rows::item_head);
    const auto said = decode_directive(bytes);
    if (!said) return said.error();
    if (count == memory_.directives.size()) {
      return error{errc::limit_exceeded,
                   "a customer has more directives than the till has room for",
                   memory_.directives.size()};
    }
    if (said->subject != of.id || said->sequence != count + 1 || said->previous != previous) {
      return error{errc::version_mismatch, "the chain of a customer's directives is broken",
                   count + 1};
    }
    previous = crypto::hash(bytes);
    memory_.directives[count++] = *said;
  }
  if (count != of.directives) {
    return error{errc::row_missing, "a directive of a customer is gone from the till", count};
  }
  return count;
}

result<std::span<const directive>> till::directives(const customer_id& id) noexcept {
  const auto known = find_customer(id);
  if (!known) return known.error();
  const auto count = load_directives(*known);
  if (!count) return count.error();
  return std::span<const directive>(memory_.directives.first(*count));
}

// Makes of what was said the next one of the chain, behind `so_far` others in memory_.directives.
result<void> till::take(directive& next, std::size_t so_far, const customer_id& id,
                        timestamp now) noexcept {
  const auto before = memory_.directives.first(so_far);
  if (so_far >= room_for(widens(next.kind), memory_.directives.size())) {
    return error{errc::limit_exceeded,
                 "a customer has as many directives as the till has room for"};
  }
  if (next.kind == directive_kind::proof_of_age) {
    return error{errc::invalid_argument, "a till has no second person to see a proof of age"};
  }
  if (next.id == directive_id{}) {
    if (auto drawn = random_->fill(next.id.bytes); !drawn) return drawn;
  }
  latest_said latest;
  for (const directive& one : before) {
    if (one.id == next.id) return error{errc::already_exists, "a directive with that id is there"};
    latest.add(one);
  }
  latest.written_down(now);
  next.subject = id;
  next.sequence = static_cast<std::uint32_t>(so_far + 1);
  next.recorded_at = now;
  next.previous = {};
  if (next.kind == directive_kind::move) next.profile_version = policy_.profile->version;
  if (auto good = check_append(next, latest.at(), now); !good) return good;
  if (widens(next.kind) && next.registry_version > policy_.registry->version()) {
    return error{errc::invalid_value,
                 "a permission names a version of the registry that is not there yet",
                 policy_.registry->version()};
  }
  if (next.kind == directive_kind::grant || next.kind == directive_kind::renew) {
    const auto known = [&](const privacy_notice& one) {
      return one.id == next.notice.id && one.version == next.notice.version &&
             one.hash == next.notice.hash;
    };
    if (std::none_of(policy_.notices.begin(), policy_.notices.end(), known)) {
      return error{errc::unknown_notice, "a consent names a notice that the till has"};
    }
  }
  if (so_far != 0) {
    const auto bytes = encode_directive(before.back(), memory_.scratch);
    if (!bytes) return bytes.error();
    next.previous = crypto::hash(*bytes);
  }
  memory_.directives[so_far] = next;
  return {};
}

result<compiled_state_view> till::compile_said(std::size_t count,
                                               std::span<const field_value> fields,
                                               timestamp now) noexcept {
  std::array<field_terms, schema::max_fields> terms;
  const consent_environment under{.profile = policy_.profile,
                                  .registry = policy_.registry,
                                  .notices = policy_.notices,
                                  .fields = terms_of(*policy_.fields, terms)};
  const auto bytes = compile(memory_.directives.first(count), under, {.born = born_of(fields)},
                             std::max(now, newest_), *memory_.compiling, memory_.state);
  if (!bytes) return bytes.error();
  return compiled_state_view::open(*bytes);
}

result<compiled_state_view> till::state_of(const head& of, timestamp now) noexcept {
  const auto count = load_directives(of);
  if (!count) return count.error();
  std::array<field_value, max_fields> room;
  const auto fields = decode_record(of.fields, room);
  if (!fields) return fields.error();
  return compile_said(*count, *fields, now);
}

decision_request till::asking(purpose_id purpose, timestamp now) const noexcept {
  obligation_set discharges = discharged_by_book | policy_.discharges;
  discharges = obligation_set::of_bits(static_cast<std::uint16_t>(
      discharges.bits() &
      ~obligation_set{obligation::contract_on_file, obligation::no_onward, obligation::pseudonymise}
           .bits()));
  // A clock behind what the till has seen was set back: no permit may rest on it.
  return {.purpose = purpose,
          .now = now,
          .clock = now < newest_ ? clock_confidence::none : clock_confidence::trusted,
          .discharges = discharges};
}

record_decision till::decide(const compiled_state_view& state,
                             const decision_request& request) const noexcept {
  record_decision out = evaluate(state, request);
  if (out.permitted.empty() || !demands_pseudonyms(state, request)) return out;
  // No keys for pseudonyms are on a till, and nothing is shown in their place.
  out.decided[8] |= out.permitted;
  out.decided[5] = out.decided[6] = out.permitted = out.masked = {};
  return out;
}

result<void> till::may_keep(const compiled_state_view& state, field_set fields, timestamp now,
                            field_set replaced) noexcept {
  field_set kept;
  field_set altered;
  policy_.purposes.for_each([&](purpose_id purpose) {
    decision_request request = asking(purpose, now);
    request.fields = fields;
    request.operation = operation::collect;
    kept |= decide(state, request).permitted;
    request.operation = operation::alter;
    altered |= decide(state, request).permitted;
  });
  const field_set refused = fields & ~kept;
  if (refused.empty()) return {};
  if ((refused & ~replaced).empty() && (fields & ~altered).empty()) return {};
  return error{errc::no_basis, "neither consent nor law lets the shop keep this field",
               (*refused.begin()).value};
}

result<std::uint32_t> till::record(const customer_id& id, const directive& said,
                                   timestamp now) noexcept {
  const wiped_at_end afterwards(memory_);
  auto known = find_customer(id);
  if (!known) return known.error();
  const auto count = load_directives(*known);
  if (!count) return count.error();
  if (const directive* before = said_before(memory_.directives.first(*count), said)) {
    return before->sequence;
  }
  directive next = said;
  next.recorder = who_;
  if (auto taken = take(next, *count, id, now); !taken) return taken.error();
  std::array<field_value, max_fields> room;
  const auto fields = decode_record(known->fields, room);
  if (!fields) return fields.error();
  if (auto state = compile_said(*count + 1, *fields, now); !state) return state.error();

  const auto record = free_record(0);
  if (!record) return record.error();
  const auto item = write_item(rows::kind::directive, known->record, next.sequence);
  const auto bytes = encode_directive(next, item);
  if (!bytes) return bytes.error();
  known->directives = next.sequence;
  ++known->version;
  change what;
  what.put(*record, memory_.item.first(rows::item_head + bytes->size()));
  const rows::added place{rows::kind::directive, *record};
  if (auto put = put_head(what, *known, known->fields, std::span(&place, 1)); !put) {
    return put.error();
  }
  if (auto done = commit(what, now); !done) return done.error();
  // An older copy of the flash must not bring back what was taken back.
  if (has_counter_ && !widens(next.kind) && decides(next.kind)) {
    if (auto sealed = store_.seal(); !sealed) return sealed.error();
  }
  return next.sequence;
}

}  // namespace clientbook
