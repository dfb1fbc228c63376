#include <clientbook/consent/compiled_state.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/terms.hpp>

#include <algorithm>
#include <new>

#include "hypothesis.hpp"
#include "state_format.hpp"

namespace clientbook {
namespace {

using state::interval;
using state::line_facts;
using state::line_kind;
using state::max_lines;
using state::max_planes;
using state::max_words;

constexpr std::size_t max_directives = 4096;
constexpr std::size_t max_references = 4096;
constexpr std::size_t max_tables = 255;  // intervals, sets of obligations
constexpr std::uint16_t no_directive = 0xffff;

using field_masks = std::array<std::uint64_t, max_planes>;

bool is_empty(const field_masks& masks) noexcept {
  return (masks[0] | masks[1] | masks[2] | masks[3]) == 0;
}

// A rule before it is a line of the matrix.
struct rule {
  purpose_set purposes;
  recipient_set recipients;
  operation_set operations;
  field_masks masks{};
  line_facts facts;
  std::uint16_t directive = no_directive;  // place in the caller's span
  bool dead = false;

  bool covers(const rule& other) const noexcept {
    for (std::size_t i = 0; i < max_planes; ++i) {
      if ((other.masks[i] & ~masks[i]) != 0) return false;
    }
    return purposes.includes(other.purposes) && recipients.includes(other.recipients) &&
           operations.includes(other.operations);
  }
};

enum directive_flag : std::uint8_t {
  named_by_later = 1,  // some later directive has it in `supersedes`
  back_dated = 2,
};

struct scratch {
  std::array<std::uint16_t, max_directives> order;
  std::array<std::uint8_t, max_directives> flags;
  std::array<std::uint8_t, max_references> references;
  std::array<interval, max_tables> intervals;
  std::array<state::stored_obligations, max_tables> obligations;
  // Used one after the other.
  std::array<std::array<std::uint64_t, max_words>, state::terms> rows;
  alignas(rule) std::array<std::byte, max_lines * sizeof(rule)> rules;
};
static_assert(sizeof(scratch) <= sizeof(compile_workspace::memory));

bool decides(directive_kind kind) noexcept {
  return kind != directive_kind::request && kind != directive_kind::defer;
}

bool has_evidence(const directive& said) noexcept { return said.evidence.hash != consent_hash{}; }

bool names(const directive& later, const directive& earlier) noexcept {
  if (later.sequence <= earlier.sequence) return false;
  return std::find(later.supersedes.begin(), later.supersedes.end(), earlier.id) !=
         later.supersedes.end();
}

// A standing denial is ended by whoever said it, or by who decides for them. A restriction
// may be lifted by the controller or an authority (GDPR 18(3)).
bool may_end(const directive& standing, const directive& later) noexcept {
  if (standing.kind == directive_kind::restrict && later.kind == directive_kind::lift &&
      (later.by == indicated_by::controller || later.by == indicated_by::authority)) {
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

state::stored_obligations stored(const obligations& from) noexcept {
  return {.required = from.required.bits(),
          .mask = static_cast<std::uint8_t>(from.mask),
          .encrypt_for = from.encrypt_for.value,
          .expire_seconds = from.expire_seconds,
          .attach_notice = from.attach_notice.value,
          .contract = from.contract,
          .rate_count = from.rate_count,
          .rate_seconds = from.rate_seconds};
}

bool same(const state::stored_obligations& a, const state::stored_obligations& b) noexcept {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

// The directives, and perhaps one that was not said.
class history {
 public:
  history(std::span<const directive> said, const directive* hypothetical) noexcept
      : said_(said), hypothetical_(hypothetical) {}
  std::size_t size() const noexcept { return said_.size() + (hypothetical_ != nullptr ? 1U : 0U); }
  const directive& operator[](std::size_t i) const noexcept {
    return i < said_.size() ? said_[i] : *hypothetical_;
  }

 private:
  std::span<const directive> said_;
  const directive* hypothetical_;
};

class compiler {
 public:
  compiler(const history& directives, const consent_environment& environment,
           const subject_facts& subject, timestamp as_of, compile_workspace& workspace,
           const privacy_notice* draft) noexcept
      : directives_(directives),
        draft_(draft),
        profile_(*environment.profile),
        environment_(environment),
        subject_(subject),
        as_of_(as_of),
        scratch_(*::new (static_cast<void*>(workspace.memory.data())) scratch) {}

  result<byte_view> run(byte_span out) noexcept {
    if (auto done = take_fields(); !done) return done.error();
    if (auto done = take_directives(); !done) return done.error();
    take_registry();
    take_bases();
    take_sensitive();
    intervals_ = 1;
    scratch_.intervals[0] = interval{};
    obligations_ = 1;
    scratch_.obligations[0] = state::stored_obligations{};

    for (std::size_t i = 0; i < profile_.prohibitions.size(); ++i) add_prohibition(i);
    for (std::size_t i = 0; i < directives_.size(); ++i) add_directive(scratch_.order[i]);
    for (std::size_t i = 0; i < profile_.bases.size(); ++i) add_basis(i);
    for (std::size_t i = 0; i < profile_.obligations.size(); ++i) add_obligation(i);
    if (full_) {
      return error{errc::limit_exceeded, "more than 256 rules are in force for one customer"};
    }
    number_lines();
    refer();
    if (full_) {
      return error{errc::limit_exceeded, "more than 256 rules are in force for one customer"};
    }
    rank_grants();
    return write(out);
  }

 private:
  // --- what is given ------------------------------------------------------------------------

  result<void> take_fields() noexcept {
    for (const field_terms& terms : environment_.fields) {
      if (terms.field.value >= 64 || (known_fields_ & bit(terms.field)) != 0) {
        return error{errc::invalid_argument, "a field number is twice or beyond 63",
                     terms.field.value};
      }
      known_fields_ |= bit(terms.field);
      for (std::size_t plane = 0; plane < max_planes; ++plane) {
        const category_id category = terms.categories[plane];
        if (category == category_id{}) {
          if (plane == 0) {
            return error{errc::invalid_argument, "a field has no category", terms.field.value};
          }
          break;
        }
        if (!all_categories().contains(category)) {
          return error{errc::invalid_argument, "a field has a category that is unknown",
                       terms.field.value};
        }
        has_[plane] |= bit(terms.field);
        planes_ = std::max(planes_, plane + 1);
      }
    }
    return {};
  }

  result<void> take_directives() noexcept {
    if (directives_.size() > max_directives) {
      return error{errc::limit_exceeded, "more than 4096 directives of one customer"};
    }
    const std::size_t count = directives_.size();
    for (std::size_t i = 0; i < count; ++i) {
      const directive& one = directives_[i];
      if (auto fine = check(one); !fine) {
        return error{fine.error().code, fine.error().text, one.sequence};
      }
      if (one.sequence > 0xffff) {
        return error{errc::limit_exceeded, "more than 65535 directives of one customer"};
      }
      scratch_.order[i] = static_cast<std::uint16_t>(i);
      scratch_.flags[i] = 0;
    }
    const auto before = [this](std::uint16_t a, std::uint16_t b) {
      const directive& x = directives_[a];
      const directive& y = directives_[b];
      if (x.event_at != y.event_at) return x.event_at < y.event_at;
      return x.sequence < y.sequence;
    };
    const auto order = std::span(scratch_.order).first(count);
    if (!std::is_sorted(order.begin(), order.end(), before)) {
      std::sort(order.begin(), order.end(), before);
    }
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        if (directives_[i].sequence == directives_[k].sequence ||
            directives_[i].id == directives_[k].id) {
          return error{errc::already_exists, "a directive is there twice", directives_[i].sequence};
        }
      }
      if (directives_[i].supersedes[0] == directive_id{} || !decides(directives_[i].kind)) continue;
      for (std::size_t k = 0; k < count; ++k) {
        if (names(directives_[i], directives_[k])) scratch_.flags[k] |= named_by_later;
      }
    }
    // Back-dated: something with a smaller sequence happened at a later instant.
    std::uint32_t smallest_later = 0xffffffff;
    for (std::size_t i = count; i > 0;) {
      // Directives of one instant are judged together.
      std::size_t first = i;
      const timestamp instant = directives_[order[i - 1]].event_at;
      while (first > 0 && directives_[order[first - 1]].event_at == instant) --first;
      for (std::size_t k = first; k < i; ++k) {
        if (directives_[order[k]].sequence > smallest_later) {
          scratch_.flags[order[k]] |= back_dated;
        }
      }
      smallest_later = std::min(smallest_later, directives_[order[first]].sequence);
      i = first;
    }
    return {};
  }

  void take_registry() noexcept {
    known_recipients_ = all_recipient_classes();
    for (const recipient_party& party : parties()) {
      if (party.removed == 0) known_recipients_.add(party.id);
    }
  }

  std::span<const recipient_party> parties() const noexcept {
    return environment_.registry == nullptr ? std::span<const recipient_party>()
                                            : environment_.registry->parties();
  }
  std::uint32_t registry_version() const noexcept {
    return environment_.registry == nullptr ? 0 : environment_.registry->version();
  }

  void take_bases() noexcept {
    by_basis_[index(lawful_basis::consent)] = all_purposes();
    for (const basis_rule& row : profile_.bases) {
      const purpose_set covered = covered_by_grant(row.scope.purposes);
      by_basis_[index(row.basis)] |= covered;
      by_basis_[index(lawful_basis::consent)] -= covered;
    }
  }

  void take_sensitive() noexcept {
    for (const sensitive_rule& row : profile_.sensitive) {
      const category_set covered = covered_by_denial(row.categories);
      for (std::size_t i = 0; i < sensitive_.size(); ++i) {
        if (static_cast<consent_strength>(i) < row.strength) sensitive_[i] |= covered;
      }
    }
  }

  // --- scopes -------------------------------------------------------------------------------

  static constexpr std::uint64_t bit(field_id field) noexcept {
    return std::uint64_t{1} << field.value;
  }
  static constexpr std::size_t index(lawful_basis basis) noexcept {
    return static_cast<std::size_t>(basis) & 7U;
  }

  template <class Covers>
  field_masks masks_where(Covers&& covers) const noexcept {
    field_masks out{};
    for (const field_terms& terms : environment_.fields) {
      for (std::size_t plane = 0; plane < planes_; ++plane) {
        const category_id category = terms.categories[plane];
        if (category == category_id{}) break;
        if (covers(category)) out[plane] |= bit(terms.field);
      }
    }
    return out;
  }

  field_masks denied_masks(const category_set& categories) const noexcept {
    // The root covers everything.
    if (categories.contains(category::personal_data)) return has_;
    const category_set covered = covered_by_denial(categories);
    return masks_where([&](category_id each) { return covered.contains(each); });
  }

  recipient_set denied_recipients(const recipient_set& recipients) const noexcept {
    if (recipients.contains(recipient::any)) return known_recipients_;
    recipient_set out = covered_by_denial(recipients);
    for (const recipient_party& party : parties()) {
      if (out.contains(party.party_class)) out.add(party.id);
    }
    return out & known_recipients_;
  }

  purpose_set denied_purposes(const purpose_set& purposes) const noexcept {
    if (purposes.includes(all_purposes())) return all_purposes();
    return covered_by_denial(purposes);
  }

  // The members that a class had in a version of the registry.
  recipient_set granted_recipients(const recipient_set& recipients,
                                   std::uint32_t shown) const noexcept {
    recipient_set out = covered_by_grant(recipients);
    recipient_set members;
    for (const recipient_party& party : parties()) {
      if (!out.contains(party.party_class) && !recipients.contains(party.id)) continue;
      if (party.added > shown) continue;
      members.add(party.id);
    }
    out &= all_recipient_classes();
    return (out | members) & known_recipients_;
  }

  rule denial_of(const consent_scope& scope) const noexcept {
    rule out;
    out.purposes = denied_purposes(scope.purposes);
    out.recipients = denied_recipients(scope.recipients);
    out.operations = covered_by_denial(scope.operations);
    out.masks = denied_masks(scope.categories);
    return out;
  }

  const reach_rule* reach_of(directive_kind kind, indicated_by by) const noexcept {
    for (const reach_rule& row : profile_.reaches) {
      if (row.kind != kind) continue;
      if (row.by == 0 || ((row.by >> static_cast<unsigned>(by)) & 1U) != 0) return &row;
    }
    return nullptr;
  }

  purpose_set reached_purposes(const reach_rule& row) const noexcept {
    purpose_set out;
    for (std::size_t i = 0; i < by_basis_.size(); ++i) {
      if (((row.bases >> i) & 1U) != 0) out |= by_basis_[i];
    }
    out |= covered_by_denial(row.always);
    return out - covered_by_denial(row.except_purposes);
  }

  void limit_to_reach(rule& denial, const directive& said) const noexcept {
    if (const reach_rule* row = reach_of(said.kind, said.by)) {
      denial.purposes &= reached_purposes(*row);
      denial.operations -= row->except_operations;
    }
  }

  std::uint8_t interval_of(const directive& said) noexcept {
    interval held;
    // What has begun has begun: customers differ in when it did, their states need not.
    if (said.not_before && *said.not_before > as_of_) held.from = said.not_before->seconds;
    if (said.not_after) held.until = said.not_after->seconds;
    for (std::size_t i = 0; i < intervals_; ++i) {
      if (scratch_.intervals[i] == held) return static_cast<std::uint8_t>(i);
    }
    if (intervals_ == max_tables) {
      full_ = true;
      return 0;
    }
    scratch_.intervals[intervals_] = held;
    return static_cast<std::uint8_t>(intervals_++);
  }

  std::uint8_t obligations_of(const obligations& conditions) noexcept {
    const state::stored_obligations wanted = stored(conditions);
    for (std::size_t i = 0; i < obligations_; ++i) {
      if (same(scratch_.obligations[i], wanted)) return static_cast<std::uint8_t>(i);
    }
    if (obligations_ == max_tables) {
      full_ = true;
      return 0;
    }
    scratch_.obligations[obligations_] = wanted;
    return static_cast<std::uint8_t>(obligations_++);
  }

  rule* rules() noexcept { return static_cast<rule*>(static_cast<void*>(scratch_.rules.data())); }

  void push(const rule& added) noexcept {
    if (added.purposes.empty() || added.recipients.empty() || added.operations.empty() ||
        is_empty(added.masks)) {
      return;
    }
    if (count_ == max_lines) drop_dead();
    if (count_ == max_lines) {
      full_ = true;
      return;
    }
    ::new (static_cast<void*>(rules() + count_)) rule(added);
    ++count_;
  }

  void drop_dead() noexcept {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      if (!rules()[i].dead) rules()[kept++] = rules()[i];
    }
    count_ = kept;
  }

  // --- the profile's rules ------------------------------------------------------------------

  // Not yet born counts as younger: what cannot be must not make an adult.
  bool is_child(std::uint8_t below, timestamp at) const noexcept {
    if (subject_.born) return years_between(*subject_.born, date_of(at)) < below;
    return subject_.age && *subject_.age < below;
  }

  // Of what was said and what was written down, the earlier: the younger customer of the two.
  static timestamp given_at(const directive& said) noexcept {
    if (said.recorded_at == timestamp{}) return said.event_at;
    return std::min(said.event_at, said.recorded_at);
  }

  bool lacks_transfer_basis(const recipient_party& party) const noexcept {
    if (party.transfer != transfer_basis::none) return false;
    return std::find(profile_.adequate.begin(), profile_.adequate.end(), party.country) ==
           profile_.adequate.end();
  }

  void add_prohibition(std::size_t row) noexcept {
    const prohibition_rule& from = profile_.prohibitions[row];
    if (from.condition == prohibition_condition::child && !is_child(profile_.child_below, as_of_)) {
      return;
    }
    rule added = denial_of(from.scope);
    if (from.condition == prohibition_condition::transfer_without_basis) {
      recipient_set abroad;
      for (const recipient_party& party : parties()) {
        if (lacks_transfer_basis(party)) abroad.add(party.id);
      }
      added.recipients &= abroad;
    }
    added.facts.kind = line_kind::prohibition;
    added.facts.origin = static_cast<std::uint16_t>(row);
    push(added);
  }

  void add_basis(std::size_t row) noexcept {
    const basis_rule& from = profile_.bases[row];
    rule added;
    added.purposes = covered_by_grant(from.scope.purposes);
    added.recipients = granted_recipients(from.scope.recipients, registry_version());
    added.operations = covered_by_grant(from.scope.operations);
    const category_set covered = covered_by_grant(from.scope.categories);
    added.masks = masks_where([&](category_id each) {
      return covered.contains(each) &&
             (from.sensitive || !needs_more(each, consent_strength::none));
    });
    added.facts.kind = line_kind::basis;
    added.facts.origin = static_cast<std::uint16_t>(row);
    added.facts.what = static_cast<std::uint8_t>(from.basis);
    added.facts.needs_assertion = from.needs_assertion ? 1 : 0;
    push(added);
  }

  void add_obligation(std::size_t row) noexcept {
    const obligation_rule& from = profile_.obligations[row];
    const obligation_set on_file{obligation::contract_on_file};
    const obligation_set no_onward{obligation::no_onward};
    const std::uint16_t apart = on_file.bits() | no_onward.bits();

    rule added = denial_of(from.scope);
    added.facts.kind = line_kind::obligation;
    added.facts.origin = static_cast<std::uint16_t>(row);
    obligations rest = from.required;
    rest.required =
        obligation_set::of_bits(static_cast<std::uint16_t>(from.required.required.bits() & ~apart));
    if (rest != obligations{}) {
      added.facts.obligations = obligations_of(rest);
      push(added);
    }
    // These two bind parties, and what the registry says of a party discharges them.
    const auto add_unless = [&](obligation_set one, auto&& discharged) {
      if (!from.required.required.includes(one)) return;
      rule part = added;
      part.recipients = recipient_set();
      for (const recipient_party& party : parties()) {
        if (added.recipients.contains(party.id) && !discharged(party)) {
          part.recipients.add(party.id);
        }
      }
      obligations only;
      only.required = one;
      part.facts.obligations = obligations_of(only);
      push(part);
    };
    add_unless(on_file,
               [](const recipient_party& party) { return !party.contract.view().empty(); });
    add_unless(no_onward, [](const recipient_party& party) {
      return party.onward != onward_rule::not_agreed;
    });
  }

  // --- the customer's rules -----------------------------------------------------------------

  // Whether the profile's sensitive list asks more for a category than that strength.
  bool needs_more(category_id category, consent_strength strength) const noexcept {
    return sensitive_[static_cast<std::size_t>(strength) & 3U].contains(category);
  }

  const privacy_notice* notice_of(const directive& said) const noexcept {
    if (said.notice.hash == consent_hash{}) return nullptr;
    const auto refers_to = [&said](const privacy_notice& known) {
      return known.id == said.notice.id && known.version == said.notice.version &&
             known.hash == said.notice.hash;
    };
    if (draft_ != nullptr && refers_to(*draft_)) return draft_;
    for (const privacy_notice& known : environment_.notices) {
      if (refers_to(known)) return &known;
    }
    return nullptr;
  }

  // What every directive that opens something must be.
  bool stands(const directive& said, std::uint8_t flags) const noexcept {
    if ((flags & (back_dated | named_by_later)) != 0) return false;
    if (said.event_at > as_of_) return false;
    return !said.not_after || *said.not_after > as_of_;
  }

  void add_directive(std::uint16_t place) noexcept {
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
        break;
    }
  }

  static void mark(rule& added, const directive& said, std::uint16_t place,
                   line_kind kind) noexcept {
    added.facts.kind = kind;
    added.facts.origin = static_cast<std::uint16_t>(said.sequence);
    added.facts.what = static_cast<std::uint8_t>(said.kind);
    added.directive = place;
  }

  void add_grant(const directive& said, std::uint8_t flags, std::uint16_t place) noexcept {
    if (!stands(said, flags) || !said.informed || said.strength < profile_.minimum_strength) return;
    if (said.by == indicated_by::controller || said.by == indicated_by::authority) return;
    if (said.registry_version > registry_version()) return;
    const privacy_notice* notice = notice_of(said);
    if (notice == nullptr) return;

    rule added;
    added.purposes =
        covered_by_grant(said.scope.purposes) & covered_by_grant(notice->announced.purposes);
    for (const age_rule& row : profile_.ages) {
      const bool enough =
          ((row.by >> static_cast<unsigned>(said.by)) & 1U) != 0 && said.strength >= row.strength;
      if (is_child(row.below, given_at(said)) && !enough)
        added.purposes -= covered_by_denial(row.purposes);
    }
    added.recipients = granted_recipients(said.scope.recipients, said.registry_version) &
                       granted_recipients(notice->announced.recipients, notice->registry_version);
    added.operations =
        covered_by_grant(said.scope.operations) & covered_by_grant(notice->announced.operations);
    const category_set covered =
        covered_by_grant(said.scope.categories) & covered_by_grant(notice->announced.categories);
    added.masks = masks_where([&](category_id each) {
      return covered.contains(each) && !needs_more(each, said.strength);
    });
    mark(added, said, place, line_kind::grant);
    added.facts.interval = interval_of(said);
    added.facts.obligations = obligations_of(said.conditions);

    // An equal grant before it no longer shows.
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
    push(added);
  }

  bool contains(std::uint8_t outer, std::uint8_t inner) const noexcept {
    const interval& a = scratch_.intervals[outer];
    const interval& b = scratch_.intervals[inner];
    return a.from <= b.from && a.until >= b.until;
  }

  void add_denial(const directive& said, std::uint8_t flags, std::uint16_t place,
                  line_kind kind) noexcept {
    if (said.not_after && *said.not_after <= as_of_) return;
    rule added = denial_of(said.scope);
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

  void add_ending(const directive& said, std::uint16_t place) noexcept {
    rule added = denial_of(said.scope);
    mark(added, said, place, line_kind::ending);
    for (std::size_t i = 0; i < count_; ++i) {
      rule& earlier = rules()[i];
      if (section_of(earlier.facts.kind) == state::consents && added.covers(earlier)) {
        earlier.dead = true;
      }
    }
    push(added);
  }

  void add_lift(const directive& said, std::uint8_t flags, std::uint16_t place) noexcept {
    if (!stands(said, flags) || !has_evidence(said)) return;
    rule added = denial_of(said.scope);
    mark(added, said, place, line_kind::lift);
    push(added);
  }

  void add_assertion(const directive& said, std::uint8_t flags, std::uint16_t place) noexcept {
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
  }

  // --- lines --------------------------------------------------------------------------------

  // Rules of one section keep their order: rows of the profile, events as they happened.
  void number_lines() noexcept {
    drop_dead();
    std::size_t next = 0;
    for (std::size_t section = 0; section < state::section_count; ++section) {
      starts_[section] = static_cast<std::uint16_t>(next);
      for (std::size_t i = 0; i < count_; ++i) {
        if (section_of(rules()[i].facts.kind) != section) continue;
        line_of_[i] = static_cast<std::uint8_t>(next);
        rule_at_[next] = static_cast<std::uint8_t>(i);
        ++next;
      }
    }
    starts_[state::section_count] = static_cast<std::uint16_t>(next);
  }

  void refer() noexcept {
    for (std::size_t i = 0; i < count_; ++i) {
      rule& from = rules()[i];
      switch (from.facts.kind) {
        case line_kind::restriction:
        case line_kind::objection:
        case line_kind::denial:
          refer_to_lifts(from);
          break;
        case line_kind::basis:
          if (from.facts.needs_assertion != 0) refer_to_assertions(from);
          break;
        default:
          break;
      }
    }
  }

  void add_reference(rule& from, std::size_t to) noexcept {
    if (references_ == max_references || from.facts.reference_count == 0xff) {
      full_ = true;
      return;
    }
    scratch_.references[references_++] = line_of_[to];
    ++from.facts.reference_count;
  }

  // A denial stands until a later grant or lift names it, for as far as that reaches; a
  // grant that was taken back no longer lifts anything.
  void refer_to_lifts(rule& from) noexcept {
    from.facts.first_reference = static_cast<std::uint16_t>(references_);
    if ((scratch_.flags[from.directive] & named_by_later) == 0) return;
    const directive& standing = directives_[from.directive];
    for (std::size_t i = 0; i < count_; ++i) {
      const rule& to = rules()[i];
      if (to.facts.kind == line_kind::ending) {
        if (from.facts.reference_count != 0) add_reference(from, i);
      } else if (to.facts.kind == line_kind::grant || to.facts.kind == line_kind::lift) {
        const directive& later = directives_[to.directive];
        if (names(later, standing) && has_evidence(later) && may_end(standing, later)) {
          add_reference(from, i);
        }
      }
    }
  }

  void refer_to_assertions(rule& from) noexcept {
    from.facts.first_reference = static_cast<std::uint16_t>(references_);
    for (std::size_t i = 0; i < count_; ++i) {
      const rule& to = rules()[i];
      if (to.facts.kind == line_kind::assertion &&
          static_cast<std::uint8_t>(directives_[to.directive].basis) == from.facts.what) {
        add_reference(from, i);
      }
    }
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

  static specificity specificity_of(const directive& said) noexcept {
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

  void rank_grants() noexcept {
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

  // --- bytes --------------------------------------------------------------------------------

  struct sink {
    byte_span out;
    std::size_t size = 0;
    void put(const void* from, std::size_t bytes) noexcept {
      if (size + bytes <= out.size()) std::memcpy(out.data() + size, from, bytes);
      size += bytes;
    }
  };

  using bit_row = std::array<std::uint64_t, max_words>;

  // Gathers equal rows; rows[0, returned) are the distinct ones.
  std::size_t share_rows(std::size_t count, std::span<std::uint8_t> numbers) noexcept {
    std::size_t distinct = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (numbers[i] == state::no_row) continue;
      const bit_row& mine = scratch_.rows[i];
      std::size_t found = 0;
      while (found < distinct && scratch_.rows[found] != mine) ++found;
      if (found == distinct) scratch_.rows[distinct++] = mine;  // never beyond i
      numbers[i] = static_cast<std::uint8_t>(found);
    }
    return distinct;
  }

  template <class Covered>
  std::size_t fill_rows(std::size_t count, std::span<std::uint8_t> numbers,
                        Covered&& covered) noexcept {
    for (std::size_t i = 0; i < count; ++i) scratch_.rows[i] = bit_row{};
    for (std::size_t i = 0; i < count_; ++i) {
      const std::size_t line = line_of_[i];
      covered(rules()[i]).for_each([&](auto term) {
        scratch_.rows[term.value][line / 64] |= std::uint64_t{1} << (line % 64);
      });
    }
    return share_rows(count, numbers);
  }

  result<byte_view> write(byte_span out) noexcept {
    state::header h;
    h.words = static_cast<std::uint8_t>(std::max<std::size_t>(1, (count_ + 63) / 64));
    h.planes = static_cast<std::uint8_t>(planes_);
    h.profile = profile_.id.value;
    h.profile_version = profile_.version;
    h.registry_version = registry_version();
    h.references = static_cast<std::uint16_t>(references_);
    std::copy(starts_.begin(), starts_.end(), h.starts);
    h.intervals = static_cast<std::uint16_t>(intervals_);
    h.obligations = static_cast<std::uint16_t>(obligations_);
    purpose_set reached = all_purposes();
    operation_set operations = all_operations;
    if (const reach_rule* withdrawal = reach_of(directive_kind::withdraw, indicated_by::subject)) {
      reached = reached_purposes(*withdrawal);
      operations -= withdrawal->except_operations;
    }
    reached.for_each([&](purpose_id each) {
      h.ending_purposes[each.value / 64] |= std::uint64_t{1} << (each.value % 64);
    });
    operations.for_each([&](operation_id each) {
      h.ending_operations = static_cast<std::uint16_t>(h.ending_operations | (1U << each.value));
    });

    // Rows go out at once, as their scratch is used again; the header follows at the end.
    sink bytes{out, sizeof h};
    for (std::size_t plane = 0; plane < planes_; ++plane) bytes.put(&has_[plane], 8);
    std::array<std::uint8_t, state::terms> purposes;
    std::array<std::uint8_t, state::terms> recipients;
    std::array<std::uint8_t, state::operations> operation_numbers;
    const auto put_rows = [&](std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) {
        bytes.put(scratch_.rows[i].data(), std::size_t{8} * h.words);
      }
      return static_cast<std::uint8_t>(count);
    };
    purposes.fill(state::no_row);
    all_purposes().for_each([&](purpose_id each) { purposes[each.value] = 0; });
    h.purpose_rows = put_rows(fill_rows(
        state::terms, purposes, [](const rule& r) -> auto& { return r.purposes; }));
    recipients.fill(state::no_row);
    known_recipients_.for_each([&](recipient_id each) { recipients[each.value] = 0; });
    h.recipient_rows = put_rows(fill_rows(
        state::terms, recipients, [](const rule& r) -> auto& { return r.recipients; }));
    operation_numbers.fill(0);
    h.operation_rows = put_rows(fill_rows(
        state::operations, operation_numbers, [](const rule& r) -> auto& { return r.operations; }));

    for (std::size_t plane = 0; plane < planes_; ++plane) {
      for (std::size_t line = 0; line < count_; ++line) {
        bytes.put(&rules()[rule_at_[line]].masks[plane], 8);
      }
    }
    bytes.put(scratch_.intervals.data(), intervals_ * sizeof(interval));
    bytes.put(scratch_.obligations.data(), obligations_ * sizeof(state::stored_obligations));
    bytes.put(purposes.data(), purposes.size());
    bytes.put(recipients.data(), recipients.size());
    bytes.put(operation_numbers.data(), operation_numbers.size());
    for (std::size_t plane = 0; plane < planes_; ++plane) {
      std::array<std::uint8_t, 64> categories{};
      for (const field_terms& terms : environment_.fields) {
        categories[terms.field.value] = terms.categories[plane].value;
      }
      bytes.put(categories.data(), categories.size());
    }
    for (const recipient_party& party : parties()) {
      if (party.removed != 0) continue;
      const state::party_country where{party.id.value, 0, {party.country[0], party.country[1]}};
      bytes.put(&where, sizeof where);
      ++h.parties;
    }
    for (std::size_t line = 0; line < count_; ++line) {
      bytes.put(&rules()[rule_at_[line]].facts, sizeof(line_facts));
    }
    bytes.put(scratch_.references.data(), references_);
    constexpr std::array<std::byte, 8> padding{};
    bytes.put(padding.data(), (8 - bytes.size % 8) % 8);

    if (bytes.size > out.size()) {
      return error{errc::buffer_too_small, "the buffer is too small for the compiled state",
                   bytes.size};
    }
    h.size = static_cast<std::uint32_t>(bytes.size);
    std::memcpy(out.data(), &h, sizeof h);
    return byte_view(out.first(bytes.size));
  }

  history directives_;
  const privacy_notice* draft_;
  const law_profile& profile_;
  const consent_environment& environment_;
  const subject_facts& subject_;
  timestamp as_of_;
  scratch& scratch_;

  std::size_t planes_ = 1;
  std::uint64_t known_fields_ = 0;
  field_masks has_{};
  recipient_set known_recipients_;
  std::array<purpose_set, 8> by_basis_{};
  std::array<category_set, 4> sensitive_{};  // by strength: what needs more

  std::size_t intervals_ = 0;
  std::size_t obligations_ = 0;
  std::size_t references_ = 0;
  std::size_t count_ = 0;
  bool full_ = false;
  std::array<std::uint8_t, max_lines> line_of_{};  // by rule
  std::array<std::uint8_t, max_lines> rule_at_{};  // by line
  std::array<std::uint16_t, state::section_count + 1> starts_{};
};

}  // namespace

std::span<const field_terms> terms_of(const schema& fields, std::span<field_terms> room) noexcept {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition definition = fields.at(i);
    room[i] = {definition.number, definition.categories};
  }
  return room.first(fields.size());
}

result<byte_view> compile_with(std::span<const directive> directives, const hypothesis& what_if,
                               const consent_environment& environment, const subject_facts& subject,
                               timestamp as_of, compile_workspace& workspace,
                               byte_span out) noexcept {
  if (environment.profile == nullptr) {
    return error{errc::invalid_argument, "there is no profile to judge by"};
  }
  return compiler(history(directives, what_if.said), environment, subject, as_of, workspace,
                  what_if.notice)
      .run(out);
}

result<byte_view> compile(std::span<const directive> directives,
                          const consent_environment& environment, const subject_facts& subject,
                          timestamp as_of, compile_workspace& workspace, byte_span out) noexcept {
  return compile_with(directives, {}, environment, subject, as_of, workspace, out);
}

}  // namespace clientbook
