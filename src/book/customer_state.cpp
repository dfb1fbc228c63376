// Several compiled states as one: their bytes, and what they decide together.
//
// The laws of a group decide as a meet, so that one law more never opens anything. Groups are put
// together the other way: what is open for one contact point is open of everything that is no
// contact point, since a customer who agrees to letters to one address agrees to their name on
// them.
#include "customer_state.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "contact_points.hpp"

namespace clientbook {
namespace {

// "cbCB", which no compiled state begins with.
constexpr std::uint32_t magic = 0x63624342;
constexpr std::uint16_t format = 1;
constexpr std::size_t head_size = 8;
constexpr std::size_t part_size = 12;
constexpr std::size_t max_bundle = (1 + max_parts) * (std::size_t{1} << 22U);

constexpr error malformed{errc::invalid_encoding, "compiled consents are not as they must be"};

// Denials by their stage: the earliest decides. Permits are 5 and 6.
constexpr std::array<std::uint8_t, 7> denying{0, 1, 2, 3, 4, 7, 8};

void show_as(record_decision& to, field_set fields, const record_decision& a,
             const record_decision& b) noexcept {
  for (const field_id each : fields) {
    const redaction_operator form = std::max(a.operators[each.value], b.operators[each.value]);
    to.operators[each.value] = form;
    if (form != redaction_operator::none) to.masked.add(each);
  }
}

record_decision met(const record_decision& a, const record_decision& b) noexcept {
  record_decision out;
  out.asked = a.asked | b.asked;
  out.permitted = a.permitted & b.permitted;
  out.required = meet(a.required, b.required);
  out.valid_until = std::min(a.valid_until, b.valid_until);
  field_set denied;
  for (const std::uint8_t stage : denying) {
    const field_set here = (a.decided[stage] | b.decided[stage]) & ~denied;
    out.decided[stage] = here;
    denied |= here;
  }
  out.decided[6] = out.permitted & (a.decided[6] | b.decided[6]);
  out.decided[5] = out.permitted & ~out.decided[6];
  show_as(out, out.permitted, a, b);
  return out;
}

record_decision decide_group(const state_group& group, const decision_request& request) noexcept {
  record_decision out = evaluate(group.laws.front(), request);
  for (std::size_t i = 1; i < group.laws.size(); ++i) {
    out = met(out, evaluate(group.laws[i], request));
  }
  return out;
}

// As the law explains it whose rule decides.
explanation explain_group(const state_group& group, const decision_request& request,
                          field_id field) {
  std::optional<explanation> here;
  for (const compiled_state_view& law : group.laws) {
    const explanation why = clientbook::explain(law, request, field);
    if (!here || goes_before(why, *here)) here = why;
  }
  return here ? *here : clientbook::explain({}, request, field);
}

// What a contact point is judged by opens fields beside it, and itself. Of several that open a
// field the form counts that hides least, so that one less never uncovers anything; each contact
// point of a list is shown in its own.
bool join(record_decision& to, const record_decision& more, field_set by_base,
          field_id field) noexcept {
  const field_set beside =
      more.permitted & (~with_contact_points | only(field)) & (~by_base | with_contact_points);
  if (beside.empty()) return false;
  const field_set fresh = beside & ~to.permitted;
  const record_decision before = to;
  for (field_set& decided : to.decided) decided &= ~fresh;
  to.decided[5] |= fresh & more.decided[5];
  to.decided[6] |= fresh & more.decided[6];
  to.permitted |= fresh;
  to.required = meet(to.required, more.required);
  to.valid_until = std::min(to.valid_until, more.valid_until);
  show_as(to, fresh, more, more);
  for (const field_id each : before.permitted& beside) {
    redaction_operator& form = to.operators[each.value];
    form = std::min(form, more.operators[each.value]);
    if (each == field) {
      to.masked |= more.masked & only(each);
    } else if (form == redaction_operator::none) {
      to.masked &= ~only(each);
    }
  }
  return more.permitted.has(field);
}

std::uint32_t get(byte_view from, std::size_t at) noexcept {
  return load_be<std::uint32_t>(from.data() + at);
}

}  // namespace

result<customer_state> customer_state::open(byte_view bytes) {
  customer_state out;
  out.bytes_.assign(bytes.begin(), bytes.end());
  const byte_view all = out.bytes_;
  if (all.size() < head_size || get(all, 0) != magic) {
    const auto one = compiled_state_view::open(all);
    if (!one) return one.error();
    out.groups_.push_back({.contact = 0, .field = {}, .laws = {*one}});
    return out;
  }
  if (load_be<std::uint16_t>(all.data() + 4) != format) {
    return error{errc::newer_format, "compiled consents are of a later version: update clientbook"};
  }
  const std::size_t parts = load_be<std::uint16_t>(all.data() + 6);
  if (all.size() < head_size + parts * part_size || parts < 2) return malformed;
  for (std::size_t i = 0; i < parts; ++i) {
    const byte_view part = all.subspan(head_size + i * part_size, part_size);
    const auto contact = load_be<std::uint16_t>(part.data());
    const field_id field{std::to_integer<std::uint8_t>(part[2])};
    const std::size_t at = get(part, 4);
    const std::size_t size = get(part, 8);
    if (at > all.size() || size > all.size() - at) return malformed;
    const auto state = compiled_state_view::open(all.subspan(at, size));
    if (!state) return state.error();
    auto& groups = out.groups_;
    if (groups.empty() ? contact != 0 : contact == groups.back().contact + 1) {
      if (groups.empty() || !with_contact_points.has(field)) return malformed;
      groups.push_back({.contact = contact, .field = field, .laws = {}});
    } else if (!groups.empty() && contact != groups.back().contact) {
      return malformed;
    } else if (groups.empty()) {
      groups.push_back({});
    }
    if (groups.back().field != field) return malformed;
    groups.back().laws.push_back(*state);
  }
  for (const state_group& one : out.groups_) {
    if (one.laws.size() != out.groups_.front().laws.size() || one.laws.size() > max_judging) {
      return malformed;
    }
  }
  return out;
}

record_decision customer_state::decide(const decision_request& request) const {
  if (groups_.empty()) return evaluate({}, request);
  if (!has_contacts()) return decide_group(groups_.front(), request);
  return decide_each(request).whole;
}

std::uint8_t stage_of(const record_decision& decision, field_id field) noexcept {
  for (std::size_t stage = 0; stage < decision.decided.size(); ++stage) {
    if (decision.decided[stage].has(field)) return static_cast<std::uint8_t>(stage);
  }
  return 7;  // nobody has permitted it
}

state_decision customer_state::decide_each(const decision_request& request) const {
  state_decision out;
  out.whole = groups_.empty() ? evaluate({}, request) : decide_group(groups_.front(), request);
  out.others = out.whole;
  for (std::size_t i = 1; i < groups_.size(); ++i) {
    const record_decision its = decide_group(groups_[i], request);
    const field_id field = groups_[i].field;
    out.open.push_back(join(out.whole, its, out.others.permitted, field));
    out.forms.push_back(its.operators[field.value]);
    out.stages.push_back(stage_of(its, field));
  }
  return out;
}

explanation customer_state::explain(const decision_request& request, field_id field) const {
  std::optional<explanation> best;
  for (const state_group& group : groups_) {
    if (group.contact != 0 && with_contact_points.has(field) && group.field != field) continue;
    const explanation here = explain_group(group, request, field);
    // What everybody gets is told; of who gets nothing, whether a contact point does.
    if (!best || (!best->permitted && here.permitted)) best = here;
  }
  return best ? *best : clientbook::explain({}, request, field);
}

explanation customer_state::explain_contact(const decision_request& request, field_id field,
                                            std::size_t which) const {
  if (groups_.empty()) return clientbook::explain({}, request, field);
  return explain_group(groups_[which < groups_.size() ? which : 0], request, field);
}

bool customer_state::demands_pseudonyms(const decision_request& request) const {
  return std::any_of(groups_.begin(), groups_.end(), [&](const state_group& group) {
    return std::any_of(group.laws.begin(), group.laws.end(), [&](const compiled_state_view& law) {
      return clientbook::demands_pseudonyms(law, request);
    });
  });
}

void state_bundle::begin_group(std::uint16_t contact, field_id field) {
  contact_ = contact;
  field_ = field;
}

void state_bundle::add(byte_view compiled) {
  const auto same = [&](const std::vector<std::byte>& one) { return same_bytes(one, compiled); };
  const auto at = std::find_if(states_.begin(), states_.end(), same);
  const auto number = static_cast<std::size_t>(at - states_.begin());
  if (at == states_.end()) states_.emplace_back(compiled.begin(), compiled.end());
  parts_.push_back({contact_, field_, number});
}

result<std::vector<std::byte>> state_bundle::bytes() const {
  if (parts_.empty()) return error{errc::damaged, "no law that the book follows was read"};
  if (parts_.size() == 1) return states_.front();
  std::size_t size = head_size + parts_.size() * part_size;
  std::vector<std::size_t> places;
  for (const auto& one : states_) {
    places.push_back(size);
    size += one.size();
  }
  if (size > max_bundle) {
    return error{errc::limit_exceeded, "too much is said of single contact points of one customer"};
  }
  std::vector<std::byte> out(size);
  store_be(out.data(), magic);
  store_be(out.data() + 4, format);
  store_be(out.data() + 6, static_cast<std::uint16_t>(parts_.size()));
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    std::byte* to = out.data() + head_size + i * part_size;
    store_be(to, parts_[i].contact);
    to[2] = std::byte{parts_[i].field.value};
    store_be(to + 4, static_cast<std::uint32_t>(places[parts_[i].state]));
    store_be(to + 8, static_cast<std::uint32_t>(states_[parts_[i].state].size()));
  }
  for (std::size_t i = 0; i < states_.size(); ++i) {
    copy_bytes(byte_span(out).subspan(places[i]), states_[i]);
  }
  return out;
}

}  // namespace clientbook
