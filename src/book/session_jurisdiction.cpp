// Where a customer lives, by whose word, and which laws follow from it.
#include <clientbook/internal/consent/circumstances.hpp>

#include <algorithm>

#include "session_state.hpp"
#include "what_counts.hpp"

namespace clientbook {
namespace {

result<directive> move_said(timestamp now, profile_id to, residence_source known_by,
                            std::string_view evidence, const move_details& also) {
  directive said;
  said.kind = directive_kind::move;
  said.by =
      known_by == residence_source::customer ? indicated_by::subject : indicated_by::controller;
  said.jurisdiction = to;
  said.residence = also.residence;
  said.works_here = also.works_here;
  said.event_at = also.at.value_or(now);
  if (said.event_at > now) {
    return error{errc::invalid_value, "nobody has said it yet: it lies in the future"};
  }
  if (!said.evidence.reference.fits(evidence)) {
    return error{errc::limit_exceeded, "a reference to evidence has at most 64 bytes"};
  }
  if (known_by == residence_source::officer && evidence.empty()) {
    return error{errc::missing_field, "what an officer says needs evidence: where it lies"};
  }
  if (known_by == residence_source::address && !evidence.empty()) {
    return error{errc::invalid_argument, "of an address nobody has evidence: say who confirms it"};
  }
  if (known_by < residence_source::address || known_by > residence_source::officer) {
    return error{errc::invalid_argument, "it is known by an address, the customer or an officer"};
  }
  if (!evidence.empty()) {
    said.evidence.reference = short_text<64>(evidence);
    said.evidence.hash = crypto::hash(as_bytes(evidence));
  }
  return said;
}

}  // namespace

result<recorded> session::move(const customer_id& id, profile_id to, residence_source known_by,
                               std::string_view evidence, const move_details& also) try {
  const auto said = move_said(state_->clock_now(), to, known_by, evidence, also);
  return said ? record(id, *said) : said.error();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<consent_effect> session::move_and_tell(const customer_id& id, profile_id to,
                                              residence_source known_by, std::string_view evidence,
                                              const move_details& also) try {
  const auto said = move_said(state_->clock_now(), to, known_by, evidence, also);
  return said ? record_and_tell(id, *said) : said.error();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<jurisdiction> session::jurisdiction_of(const customer_id& id) try {
  const auto said = directives(id);
  if (!said) return said.error();
  session_state& s = *state_;
  jurisdiction out;
  const auto whose = s.number(id);
  if (!whose) return whose.error();
  const auto parts = s.merged_parts(*whose);
  if (!parts) return parts.error();
  const auto histories = histories_of(*said, std::nullopt, *parts);
  const auto laws = s.consent.laws_of(std::span(histories));
  for (const auto& held : s.consent.policy().profiles()) {
    if (std::find(laws.begin(), laws.end(), &held->law) == laws.end()) continue;
    out.laws.emplace_back(held, &held->law);
  }
  // Of a customer who is several what all of them say is known; that one of them works for the shop
  // is enough.
  for (std::size_t i = 0; i < histories.size(); ++i) {
    const std::vector<const directive*> moves = moves_as_said(histories[i].said);
    profile_id confirmed{};
    for (const directive* one : moves) {
      if (is_confirmed(*one)) confirmed = one->jurisdiction;
    }
    circumstances known(confirmed);
    for (const directive* one : moves) known.add(*one);
    if (i == 0) out.confirmed = confirmed;
    if (i == 0) out.residence = known.residence();
    if (confirmed != out.confirmed) out.confirmed = {};
    if (known.residence() != out.residence) out.residence = {};
    out.employed = out.employed || known.employed();
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
