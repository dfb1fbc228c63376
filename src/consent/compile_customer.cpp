// The rules of what was said: by the customer, by somebody for them, by the shop or an authority.
//
// Directives come here as they were recorded. What opens something has to be informed, backed by
// a notice, given by somebody who may, and not written down after the fact; what closes something
// counts as it is. Relies on take_directives() for order and flags; that a grant or lift ends a
// denial is written down as a reference between lines, since how far it reaches differs by field.
#include <algorithm>

#include "compiler.hpp"

namespace clientbook::compiling {
namespace {

bool is_signal(consent_channel channel) noexcept {
  return channel == consent_channel::signal_gpc || channel == consent_channel::signal_gpp ||
         channel == consent_channel::signal_tcf;
}

// A standing denial is ended by whoever said it, or by who decides for them. A restriction
// may be lifted by the controller or an authority (GDPR 18(3)).
bool may_end(const directive& standing, const directive& later) noexcept {
  if (standing.kind == directive_kind::restrict && later.kind == directive_kind::lift &&
      (later.by == indicated_by::controller || later.by == indicated_by::authority)) {
    return true;
  }
  // What the shop wrote down because it could not read a signal the customer answers better.
  const bool unread = standing.kind == directive_kind::deny &&
                      standing.by == indicated_by::controller && is_signal(standing.channel);
  if (unread && (later.by == indicated_by::subject || later.by == indicated_by::guardian)) {
    return true;
  }
  switch (standing.by) {
    case indicated_by::subject:
    case indicated_by::agent:
      return later.by == indicated_by::subject || later.by == indicated_by::guardian;
    case indicated_by::guardian:
    case indicated_by::controller:
    case indicated_by::authority:
      return later.by == standing.by;
  }
  return false;
}

void mark(rule& added, const directive& said, std::uint16_t place, line_kind kind) noexcept {
  added.facts.kind = kind;
  added.facts.origin = static_cast<std::uint16_t>(said.sequence);
  added.facts.what = static_cast<std::uint8_t>(said.kind);
  added.directive = place;
}

// A grant is as specific as its broadest term. The order is total.
struct specificity {
  std::uint8_t recipient = 0xff;
  std::uint8_t purpose = 0xff;
  std::uint8_t category = 0xff;
  std::uint8_t fewer_operations = 0;
  std::uint32_t sequence = 0;
  friend constexpr auto operator<=>(const specificity&, const specificity&) = default;
};

specificity specificity_of(const directive& said) noexcept {
  specificity out;
  const auto lower = [](std::uint8_t& least, std::uint8_t depth) {
    least = std::min(least, depth);
  };
  said.scope.recipients.for_each([&](recipient_id each) {
    if (!is_party(each)) lower(out.recipient, facts(each)->depth);
  });
  said.scope.purposes.for_each([&](purpose_id each) { lower(out.purpose, facts(each)->depth); });
  said.scope.categories.for_each(
      [&](category_id each) { lower(out.category, facts(each)->depth); });
  out.fewer_operations = static_cast<std::uint8_t>(16 - said.scope.operations.size());
  out.sequence = said.sequence;
  return out;
}

}  // namespace

const privacy_notice* compiler::notice_of(const directive& said) const noexcept {
  if (said.notice.hash == consent_hash{}) return nullptr;
  const auto refers_to = [&said](const privacy_notice& known) {
    return known.id == said.notice.id && known.version == said.notice.version &&
           known.hash == said.notice.hash;
  };
  if (draft_ != nullptr && refers_to(*draft_)) return draft_;
  for (const privacy_notice& known : environment_.notices) {
    if (!refers_to(known)) continue;
    return is_withdrawn(known, environment_.notices) ? nullptr : &known;
  }
  return nullptr;
}

// What every directive that opens something must be. When it begins and ends is its interval. One
// for some contact points opens nothing here, where nobody knows which a field's values are.
bool compiler::stands(const directive& said, std::uint8_t flags) const noexcept {
  return (flags & (back_dated | named_by_later)) == 0 && !is_about_contacts(said);
}

// Where the customer lived by then for sure, and whether they worked for the shop. Of what was
// written down after a move that came after it nobody knows whether it was given before.
circumstances compiler::at_the_time_of(const directive& said) const noexcept {
  circumstances then(profile_.id, subject_.residence);
  circumstances until_now = then;
  for (const std::uint16_t place : std::span(scratch_.moves).first(moves_)) {
    const directive& one = directives_[place];
    if (one.sequence >= said.sequence) continue;
    until_now.add(one);
    if (said_at(one) <= said_at(said)) then.add(one);
  }
  then.meet(until_now);
  return then;
}

// What a guardian said for a child, the grown-up child may end (GDPR 8(1): the age at which one
// agrees alone). Of somebody who was of age already a guardian speaks for another reason.
bool compiler::outgrew(const directive& standing, const directive& later) const noexcept {
  if (standing.by != indicated_by::guardian || later.by != indicated_by::subject) return false;
  const std::optional<date> then = born_for(standing.sequence, given_at(standing));
  if (!then) return false;
  if (const std::optional<date> now = born_for(later.sequence, given_at(later))) {
    return grew_up(profile_, *then, given_at(standing), *now, given_at(later));
  }
  // Of whom a proof says that they are of every age no birth date is left.
  const std::uint8_t alone = age_alone(profile_);
  return years_between(*then, date_of(given_at(standing))) < alone &&
         was_proven(later.sequence, given_at(later)) &&
         !is_child(alone, given_at(later), later.sequence);
}

bool compiler::was_proven(std::uint32_t sequence, timestamp at) const noexcept {
  for (std::size_t i = 0; proven_ && i < directives_.size(); ++i) {
    const directive& one = directives_[i];
    if (proves_age(one) && one.sequence != sequence && !proven_after(one, sequence, at))
      return true;
  }
  return false;
}

// Of an own word that ends a guardian's: from the birthday on, should the clock have been ahead.
std::uint8_t compiler::interval_of_age(const directive& said, std::uint8_t held) noexcept {
  const bool names_any = said.supersedes[0] != directive_id{};
  const std::optional<date> born = born_for(said.sequence, given_at(said));
  if (!names_any || !born || said.by != indicated_by::subject) return held;
  bool ends_one = false;
  for (std::size_t i = 0; i < directives_.size() && !ends_one; ++i) {
    ends_one = names(said, directives_[i]) && outgrew(directives_[i], said);
  }
  if (!ends_one) return held;
  interval out = scratch_.intervals[held];
  const std::int64_t from = came_of_age(*born, age_alone(profile_), given_at(said)).seconds;
  if (from <= out.from) return held;
  out.from = from;
  return interval_number(out);
}

void compiler::add_directive(std::uint16_t place) noexcept {
  const directive& said = directives_[place];
  const std::uint8_t flags = scratch_.flags[place];
  switch (said.kind) {
    case directive_kind::grant:
    case directive_kind::renew:
      add_grant(said, flags, place);
      break;
    case directive_kind::refuse:
    case directive_kind::deny:
      add_denial(said, flags, place, line_kind::denial);
      break;
    case directive_kind::object:
      add_denial(said, flags, place, line_kind::objection);
      break;
    case directive_kind::restrict:
      add_denial(said, flags, place, line_kind::restriction);
      break;
    case directive_kind::withdraw:
    case directive_kind::revoke:
    case directive_kind::invalidate:
      add_ending(said, place);
      break;
    case directive_kind::lift:
      add_lift(said, flags, place);
      break;
    case directive_kind::basis_assertion:
      add_assertion(said, flags, place);
      break;
    case directive_kind::request:
    case directive_kind::defer:
    case directive_kind::move:
    case directive_kind::proof_of_age:
      break;
  }
}

bool compiler::counts(const directive& said, std::uint8_t flags) const noexcept {
  if (!stands(said, flags) || !said.informed || said.strength < profile_.minimum_strength) {
    return false;
  }
  if (said.by == indicated_by::controller || said.by == indicated_by::authority) return false;
  // Between employer and employee there is an imbalance: the act itself has to show that it was
  // free (GDPR recital 43).
  const bool free = said.strength == consent_strength::explicit_ && has_evidence(said);
  if (!free && at_the_time_of(said).employed()) return false;
  return said.registry_version <= registry_version() && notice_of(said) != nullptr;
}

void compiler::add_grant(const directive& said, std::uint8_t flags, std::uint16_t place) noexcept {
  const bool asks = said.conditions != obligations{};
  if (!counts(said, flags)) {
    if (asks) add_words(said, place, nullptr, {});
    return;
  }
  const privacy_notice* notice = notice_of(said);
  interval held;
  purpose_set too_young;

  rule added;
  added.purposes =
      covered_by_grant(said.scope.purposes) & covered_by_grant(notice->announced.purposes);
  const country_code residence = at_the_time_of(said).residence();
  const std::optional<date> born = born_for(said.sequence, given_at(said));
  for (const age_rule& row : profile_.ages) {
    const bool enough =
        ((row.by >> static_cast<unsigned>(said.by)) & 1U) != 0 && said.strength >= row.strength;
    if (enough || !applies_in(profile_, row, residence, service_of(said.channel))) continue;
    const purpose_set of_age = added.purposes & covered_by_denial(row.purposes);
    if (is_child(row.below, given_at(said), said.sequence)) {
      added.purposes -= of_age;
      too_young |= of_age;
    } else if (born && !of_age.empty()) {
      held.from = std::max(held.from, came_of_age(*born, row.below, given_at(said)).seconds);
    }
  }
  added.recipients = granted_recipients(said.scope.recipients, said.registry_version) &
                     granted_recipients(notice->announced.recipients, notice->registry_version);
  added.operations =
      covered_by_grant(said.scope.operations) & covered_by_grant(notice->announced.operations);
  const category_set covered =
      covered_by_grant(said.scope.categories) & covered_by_grant(notice->announced.categories);
  added.masks = masks_where(
      [&](category_id each) { return covered.contains(each) && !needs_more(each, said.strength); });
  mark(added, said, place, line_kind::grant);
  added.facts.interval = interval_of(said);
  if (held.from > scratch_.intervals[added.facts.interval].from) {
    held.until = scratch_.intervals[added.facts.interval].until;
    added.facts.interval = interval_number(held);
  }
  added.facts.interval = interval_of_age(said, added.facts.interval);
  added.facts.obligations = obligations_of(said.conditions);
  if (asks) add_words(said, place, &added, too_young);

  const auto shown = std::min(said.registry_version, notice->registry_version);
  for (const rule& each : {added, on_behalf(added, shown)}) {
    drop_equal_grants(each, said);
    push(each);
  }
}

// What somebody asked in return for a consent binds more than that consent: withdrawn, replaced or
// never valid, it must not uncover a basis, or another consent, that would give without it what was
// given with it. So it is a line of its own, of all that the grant names; and where the grant
// counts and its age or strength is not enough for a part, one more of that part, as of a grant
// that does not count.
void compiler::add_words(const directive& said, std::uint16_t place, const rule* grant,
                         const purpose_set& too_young) noexcept {
  rule added;
  added.purposes = covered_by_grant(said.scope.purposes);
  added.recipients = granted_recipients(said.scope.recipients, registry_version());
  added.operations = covered_by_grant(said.scope.operations);
  const category_set covered = covered_by_grant(said.scope.categories);
  added.masks = masks_where([&](category_id each) { return covered.contains(each); });
  mark(added, said, place, line_kind::word);
  added.facts.interval = grant != nullptr ? grant->facts.interval : interval_of(said);
  added.facts.obligations = obligations_of(said.conditions);
  const bool named = (scratch_.flags[place] & named_by_later) != 0;
  const std::uint16_t void_until = named ? named_at(said) : std::uint16_t{0xffff};
  const auto push_all = [&](const rule& word) {
    push(word);
    push(on_behalf(word, registry_version()));  // they stand on the shop's ground, bound as it is
  };
  if (grant == nullptr) added.facts.detail = void_until;
  push_all(added);
  if (grant == nullptr) return;

  rule part = added;
  part.facts.detail = void_until;
  part.purposes = added.purposes & too_young;
  push_all(part);
  part.purposes = added.purposes;
  part.masks = masks_where(
      [&](category_id each) { return covered.contains(each) && needs_more(each, said.strength); });
  push_all(part);
}

// The sequence of the first directive that names it.
std::uint16_t compiler::named_at(const directive& said) const noexcept {
  std::uint32_t first = 0xffff;
  for (std::size_t i = 0; i < directives_.size(); ++i) {
    const directive& later = directives_[i];
    if (decides(later.kind) && names(later, said)) first = std::min(first, later.sequence);
  }
  return static_cast<std::uint16_t>(first);
}

// An equal grant before it no longer shows.
void compiler::drop_equal_grants(const rule& added, const directive& said) noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    rule& earlier = rules()[i];
    if (earlier.facts.kind != line_kind::grant || earlier.dead) continue;
    const directive& before = directives_[earlier.directive];
    if (before.scope == said.scope && before.conditions == said.conditions &&
        before.supersedes[0] == directive_id{} && added.covers(earlier) &&
        contains(added.facts.interval, earlier.facts.interval)) {
      earlier.dead = true;
    }
  }
}

bool compiler::contains(std::uint8_t outer, std::uint8_t inner) const noexcept {
  const interval& a = scratch_.intervals[outer];
  const interval& b = scratch_.intervals[inner];
  return a.from <= b.from && a.until >= b.until;
}

void compiler::add_denial(const directive& said, std::uint8_t flags, std::uint16_t place,
                          line_kind kind) noexcept {
  auto closed = denials_of(said);
  for (rule& added : closed) {
    limit_to_reach(added, said);
    mark(added, said, place, kind);
    added.facts.interval = interval_of(said);
    if (added.facts.interval == 0 && (flags & named_by_later) == 0) {
      for (std::size_t i = 0; i < count_; ++i) {
        rule& earlier = rules()[i];
        if (earlier.facts.kind == kind && added.covers(earlier)) earlier.dead = true;
      }
    }
    push(added);
  }
}

void compiler::add_ending(const directive& said, std::uint16_t place) noexcept {
  auto closed = denials_of(said);
  for (rule& added : closed) {
    mark(added, said, place, line_kind::ending);
    for (std::size_t i = 0; i < count_; ++i) {
      rule& earlier = rules()[i];
      if (section_of(earlier.facts.kind) == state::consents && added.covers(earlier)) {
        earlier.dead = true;
      }
    }
    push(added);
  }
}

void compiler::add_lift(const directive& said, std::uint8_t flags, std::uint16_t place) noexcept {
  if (!stands(said, flags) || !has_evidence(said)) return;
  auto closed = denials_of(said);
  for (rule& added : closed) {
    mark(added, said, place, line_kind::lift);
    added.facts.interval = interval_of_age(said, interval_of(said));
    push(added);
  }
}

void compiler::add_assertion(const directive& said, std::uint8_t flags,
                             std::uint16_t place) noexcept {
  if (!stands(said, flags) || !has_evidence(said)) return;
  if (said.by != indicated_by::controller && said.by != indicated_by::authority) return;
  if (said.registry_version > registry_version()) return;
  rule added;
  added.purposes = covered_by_grant(said.scope.purposes);
  added.recipients = granted_recipients(said.scope.recipients, said.registry_version);
  added.operations = covered_by_grant(said.scope.operations);
  const category_set covered = covered_by_grant(said.scope.categories);
  added.masks = masks_where([&](category_id each) { return covered.contains(each); });
  mark(added, said, place, line_kind::assertion);
  added.facts.interval = interval_of(said);
  push(added);
  push(on_behalf(added, said.registry_version));
}

void compiler::refer() noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    rule& from = rules()[i];
    switch (from.facts.kind) {
      case line_kind::restriction:
      case line_kind::objection:
      case line_kind::denial:
        refer_to_lifts(from);
        break;
      case line_kind::prohibition:
        if (from.directive != no_directive) refer_to_proven(from);
        break;
      case line_kind::basis:
        if (from.facts.detail != 0) refer_to_assertions(from);
        break;
      case line_kind::word:
        refer_to_replacing(from);
        break;
      default:
        break;
    }
  }
}

void compiler::add_reference(rule& from, std::size_t to) noexcept {
  if (references_ == max_references || from.facts.reference_count == 0xff) {
    full_ = true;
    return;
  }
  scratch_.references[references_++] = line_of_[to];
  ++from.facts.reference_count;
}

// A denial stands until a later grant or lift names it, for as far as that reaches; a
// grant that was taken back no longer lifts anything.
void compiler::refer_to_lifts(rule& from) noexcept {
  from.facts.first_reference = static_cast<std::uint16_t>(references_);
  if ((scratch_.flags[from.directive] & named_by_later) == 0) return;
  const directive& standing = directives_[from.directive];
  for (std::size_t i = 0; i < count_; ++i) {
    const rule& to = rules()[i];
    if (to.facts.kind == line_kind::ending) {
      if (from.facts.reference_count != 0) add_reference(from, i);
    } else if (to.facts.kind == line_kind::grant || to.facts.kind == line_kind::lift) {
      const directive& later = directives_[to.directive];
      const bool may = may_end(standing, later) || outgrew(standing, later);
      if (names(later, standing) && has_evidence(later) && may) {
        add_reference(from, i);
      }
    }
  }
}

void compiler::refer_to_assertions(rule& from) noexcept {
  from.facts.first_reference = static_cast<std::uint16_t>(references_);
  for (std::size_t i = 0; i < count_; ++i) {
    const rule& to = rules()[i];
    if (to.facts.kind == line_kind::assertion &&
        static_cast<std::uint8_t>(directives_[to.directive].basis) == from.facts.what) {
      add_reference(from, i);
    }
  }
}

// The customer's own later word, which names the earlier one, goes before it as far as it reaches.
void compiler::refer_to_replacing(rule& from) noexcept {
  from.facts.first_reference = static_cast<std::uint16_t>(references_);
  if ((scratch_.flags[from.directive] & named_by_later) == 0) return;
  for (std::size_t i = 0; i < count_; ++i) {
    const rule& to = rules()[i];
    if (to.facts.kind != line_kind::grant) continue;
    if (names(directives_[to.directive], directives_[from.directive])) add_reference(from, i);
  }
}

// What somebody agreed to after their proof of age, as far as it was not taken back.
void compiler::refer_to_proven(rule& from) noexcept {
  from.facts.first_reference = static_cast<std::uint16_t>(references_);
  const directive& proof = directives_[from.directive];
  for (std::size_t i = 0; i < count_; ++i) {
    const rule& to = rules()[i];
    const bool ends = to.facts.kind == line_kind::ending && from.facts.reference_count != 0;
    const bool agreed = to.facts.kind == line_kind::grant &&
                        !proven_after(proof, directives_[to.directive].sequence,
                                      given_at(directives_[to.directive]));
    if (ends || agreed) add_reference(from, i);
  }
}

void compiler::rank_grants() noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    if (rules()[i].facts.kind != line_kind::grant) continue;
    const specificity mine = specificity_of(directives_[rules()[i].directive]);
    for (std::size_t k = 0; k < i; ++k) {
      if (rules()[k].facts.kind != line_kind::grant) continue;
      if (specificity_of(directives_[rules()[k].directive]) < mine) {
        ++rules()[i].facts.rank;
      } else {
        ++rules()[k].facts.rank;
      }
    }
  }
}

}  // namespace clientbook::compiling
