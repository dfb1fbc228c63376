// What would change a denial: candidates are made, compiled as if said last, and decided.
//
// Which candidates there are follows from what opens a cell at all (docs/consent.md, 3): a grant, a
// lift of what stands before something that opens, an assertion. Each is as narrow as the question,
// so that none is less specific than what is there, and names what it must: whatever denies the
// cell next is named too, until nothing does or no place is left.
#include <clientbook/consent/remedy.hpp>

#include <clientbook/model/categories.hpp>

#include <algorithm>

#include "hypothesis.hpp"

namespace clientbook {
namespace {

consent_hash some_hash() noexcept {
  consent_hash out;
  out.fill(std::byte{0xff});
  return out;
}

class search {
 public:
  search(std::span<const directive> directives, std::span<const consent_environment> laws,
         const subject_facts& subject, const decision_request& request, field_id field,
         timestamp as_of, remedy_workspace& workspace) noexcept
      : directives_(directives),
        laws_(laws),
        environment_(laws.front()),
        subject_(subject),
        request_(request),
        field_(field),
        as_of_(as_of),
        workspace_(workspace) {
    // Who has a clock says it now; who has none, when the rest was compiled.
    if (request.clock == clock_confidence::trusted) as_of_ = std::max(as_of, request.now);
  }

  result<remedy> run() noexcept {
    take_scope();
    if (scope_.categories.empty()) return found_;
    try_consents();
    if (!done()) try_lifts();
    if (!done()) try_assertions();
    if (failed_) return failure_;
    if (found_.kind == remedy_kind::none) found_.obstacle = obstacle_;
    found_.announced = is_announced();
    found_.evidenced = counts_with_evidence_alone();
    return failed_ ? result<remedy>(failure_) : found_;
  }

 private:
  bool done() const noexcept { return failed_ || found_.kind != remedy_kind::none; }

  bool counts_with_evidence_alone() noexcept {
    if (found_.kind == remedy_kind::none) return false;
    directive bare = found_.said;
    bare.evidence = {};
    return !decide(bare).permitted;
  }

  // Just what is asked: nothing is more specific.
  void take_scope() noexcept {
    scope_.purposes = {request_.purpose};
    scope_.recipients = {request_.recipient};
    scope_.operations = {request_.operation};
    for (const field_terms& terms : environment_.fields) {
      if (terms.field != field_) continue;
      for (const category_id category : terms.categories) {
        if (category != category_id{}) scope_.categories.add(category);
      }
    }
  }

  directive candidate(directive_kind kind, indicated_by by) const noexcept {
    directive out;
    out.kind = kind;
    out.by = by;
    out.scope = scope_;
    out.event_at = as_of_;
    out.recorded_at = as_of_;
    out.sequence = 1;
    for (const directive& each : directives_)
      out.sequence = std::max(out.sequence, each.sequence + 1);
    out.registry_version = environment_.registry == nullptr ? 0 : environment_.registry->version();
    out.evidence.hash = some_hash();
    // An id of nobody else.
    for (std::uint32_t seed = 0xffffffff;; --seed) {
      store_be<std::uint32_t>(out.id.bytes.data(), seed);
      if (std::none_of(directives_.begin(), directives_.end(),
                       [&out](const directive& each) { return each.id == out.id; })) {
        return out;
      }
    }
  }

  // Whatever denies the cell is named, until nothing does or no place is left.
  bool opens(directive said, remedy& with, std::size_t named = 0) noexcept {
    for (; named <= said.supersedes.size() && !failed_ && !hopeless_; ++named) {
      const explanation why = decide(said);
      if (failed_) return false;
      if (why.permitted) {
        with.said = said;
        return true;
      }
      note(why);
      if (named == said.supersedes.size()) return false;
      const directive* next = to_be_named(why, said);
      if (next == nullptr) next = binding(why, said, named);
      if (next == nullptr) return false;
      said.supersedes[named] = next->id;
      with.overrides[named] = next->sequence;
    }
    return false;
  }

  // What stands in the way can be named unless it has been, to no avail.
  const directive* to_be_named(const explanation& why, const directive& said) const noexcept {
    const bool standing =
        why.code == decision_code::restricted || why.code == decision_code::objected ||
        why.code == decision_code::denied_by || why.code == decision_code::obligation_unsupported;
    if (!standing || why.source != rule_source::directive) return nullptr;
    for (const directive& each : directives_) {
      if (each.sequence != why.sequence) continue;
      const bool was = std::find(said.supersedes.begin(), said.supersedes.end(), each.id) !=
                       said.supersedes.end();
      return was ? nullptr : &each;
    }
    return nullptr;
  }

  // What was asked in return elsewhere binds a consent too, unless that names it. Which of several
  // does is found by naming each; where none alone changes anything (two ask for two keys), the
  // latest is.
  const directive* binding(const explanation& why, const directive& said,
                           std::size_t place) noexcept {
    if (said.kind != directive_kind::grant || why.code != decision_code::obligation_unsupported) {
      return nullptr;
    }
    const directive* latest = nullptr;
    for (const directive& each : directives_) {
      const bool was = std::find(said.supersedes.begin(), said.supersedes.end(), each.id) !=
                       said.supersedes.end();
      if (was || !may_bind(each)) continue;
      directive tried = said;
      tried.supersedes[place] = each.id;
      const explanation then = decide(tried);
      if (failed_) return nullptr;
      if (then.permitted || then.required != why.required) return &each;
      if (latest == nullptr || each.sequence > latest->sequence) latest = &each;
    }
    return latest;
  }

  bool may_bind(const directive& each) const noexcept {
    const bool consent = each.kind == directive_kind::grant || each.kind == directive_kind::renew;
    return consent && each.conditions != obligations{} &&
           covered_by_grant(each.scope.purposes).contains(request_.purpose);
  }

  explanation decide(const directive& said) noexcept {
    unsayable_ = false;
    privacy_notice draft;
    draft.id = notice_id(0xffffffff);
    draft.version = 1;
    draft.hash = some_hash();
    draft.announced = said.scope;
    draft.registry_version = said.registry_version;
    directive tried = said;
    if (said.kind == directive_kind::grant) tried.notice = {draft.id, draft.version, draft.hash};
    if (const auto sayable = check(tried); !sayable) return cannot_be_said();
    decision_request asked = request_;
    if (asked.clock == clock_confidence::trusted) asked.now = as_of_;
    explanation why;
    for (const consent_environment& law : laws_) {
      const auto bytes = compile_with(directives_, {&tried, &draft}, law, subject_, as_of_,
                                      workspace_.compiling, workspace_.state);
      if (!bytes) return fail(bytes.error());
      const auto state = compiled_state_view::open(*bytes);
      if (!state) return fail(state.error());
      const explanation here = explain(*state, asked, field_);
      if (&law == &laws_.front() || goes_before(here, why)) why = here;
    }
    return why;
  }

  // A consent names its recipients, and a history may be full: no error, but nothing to be tried.
  explanation cannot_be_said() noexcept {
    unsayable_ = true;
    explanation out;
    out.code = decision_code::unknown_subject;
    return out;
  }

  explanation fail(const error& why) noexcept {
    if (why.code == errc::limit_exceeded) return cannot_be_said();
    failed_ = true;
    failure_ = why;
    return {};
  }

  // What no decision changes ends the search; of a candidate that a condition alone stopped, the
  // condition is kept.
  void note(const explanation& why) noexcept {
    hopeless_ = why.code == decision_code::legal_prohibition ||
                (why.stage == 0 && why.code != decision_code::unknown_clock && !unsayable_);
    if (why.code != decision_code::obligation_unsupported) return;
    const obligation_set asked = why.required.required;
    if (asked.contains(obligation::contract_on_file)) {
      obstacle_ = remedy_obstacle::no_contract;
    } else if (asked.contains(obligation::no_onward)) {
      obstacle_ = remedy_obstacle::no_rule_on_passing_on;
    } else {
      obstacle_ = remedy_obstacle::caller;
    }
  }

  void try_consents() noexcept {
    for (const indicated_by by :
         {indicated_by::subject, indicated_by::guardian, indicated_by::agent}) {
      for (const consent_strength strength :
           {consent_strength::expressed, consent_strength::explicit_}) {
        remedy out{.kind = remedy_kind::consent, .by = by, .strength = strength};
        directive said = candidate(directive_kind::grant, by);
        said.strength = strength;
        said.informed = true;
        said.basis = lawful_basis::consent;
        if (opens(said, out)) found_ = out;
        if (done()) return;
      }
    }
    try_parts();
  }

  // Of a field with several categories one may need a consent that covers it alone, so that it is
  // more specific there than another whose conditions nobody fulfils.
  void try_parts() noexcept {
    const consent_scope whole = scope_;
    if (whole.categories.size() < 2) return;
    whole.categories.for_each([&](category_id each) {
      if (done()) return;
      scope_.categories = {each};
      for (const indicated_by by : {indicated_by::subject, indicated_by::guardian}) {
        remedy out{.kind = remedy_kind::consent, .by = by, .strength = consent_strength::explicit_};
        directive said = candidate(directive_kind::grant, by);
        said.strength = consent_strength::explicit_;
        said.informed = true;
        said.basis = lawful_basis::consent;
        if (!done() && opens(said, out)) found_ = out;
      }
    });
    scope_ = whole;
  }

  void try_lifts() noexcept {
    for (const indicated_by by : {indicated_by::subject, indicated_by::guardian,
                                  indicated_by::controller, indicated_by::authority}) {
      remedy out{.kind = remedy_kind::lift, .by = by};
      directive said = candidate(directive_kind::lift, by);
      // A lift that names nothing is none: what denies now is its first.
      const explanation now = decide(candidate(directive_kind::request, by));
      const directive* first = to_be_named(now, said);
      if (failed_ || first == nullptr) return;
      said.supersedes[0] = first->id;
      out.overrides[0] = first->sequence;
      if (opens(said, out, 1)) found_ = out;
      if (done()) return;
    }
  }

  void try_assertions() noexcept {
    for (const consent_environment& law : laws_) try_assertions_of(*law.profile);
  }

  void try_assertions_of(const law_profile& law) noexcept {
    for (std::size_t i = 0; i < law.bases.size() && !done(); ++i) {
      const basis_rule& row = law.bases[i];
      if (!row.needs_assertion) continue;
      if (!covered_by_grant(row.scope.purposes).contains(request_.purpose)) continue;
      remedy out{.kind = remedy_kind::assertion,
                 .by = indicated_by::controller,
                 .basis = row.basis,
                 .basis_row = static_cast<std::uint16_t>(i),
                 .profile = law.id};
      directive said = candidate(directive_kind::basis_assertion, indicated_by::controller);
      said.basis = row.basis;
      if (const explanation why = decide(said); why.permitted && !failed_) {
        out.said = said;
        found_ = out;
      } else {
        note(why);
      }
    }
  }

  bool is_announced() const noexcept {
    return std::any_of(
        environment_.notices.begin(), environment_.notices.end(),
        [this](const privacy_notice& notice) { return !is_replaced(notice) && announces(notice); });
  }

  // Nobody is shown an earlier version any more.
  bool is_replaced(const privacy_notice& notice) const noexcept {
    return std::any_of(environment_.notices.begin(), environment_.notices.end(),
                       [&](const privacy_notice& other) {
                         return other.id == notice.id && other.version > notice.version;
                       });
  }

  bool announces(const privacy_notice& notice) const noexcept {
    if (notice.hash == consent_hash{}) return false;
    const consent_scope& what = notice.announced;
    return covered_by_grant(what.purposes).contains(request_.purpose) &&
           covered_by_grant(what.operations).contains(request_.operation) &&
           covered_by_grant(what.categories).includes(scope_.categories) &&
           names(what.recipients, notice.registry_version);
  }

  bool names(const recipient_set& recipients, std::uint32_t shown) const noexcept {
    const recipient_set classes = covered_by_grant(recipients);
    if (!is_party(request_.recipient)) return classes.contains(request_.recipient);
    const auto party = environment_.registry == nullptr
                           ? result<recipient_party>(error{errc::not_found, "no registry"})
                           : environment_.registry->find(request_.recipient);
    if (!party || party->added > shown) return false;
    return recipients.contains(party->id) || classes.contains(party->party_class);
  }

  std::span<const directive> directives_;
  std::span<const consent_environment> laws_;
  const consent_environment& environment_;  // any of them: all but the law is the same
  const subject_facts& subject_;
  const decision_request& request_;
  field_id field_;
  timestamp as_of_;
  remedy_workspace& workspace_;

  consent_scope scope_;
  remedy found_;
  remedy_obstacle obstacle_ = remedy_obstacle::other;
  bool failed_ = false;
  bool hopeless_ = false;
  bool unsayable_ = false;
  error failure_{errc::invalid_argument, "not looked for"};
};

}  // namespace

result<remedy> find_remedy(std::span<const directive> directives,
                           const consent_environment& environment, const subject_facts& subject,
                           const decision_request& request, field_id field, timestamp as_of,
                           remedy_workspace& workspace) noexcept {
  return find_remedy(directives, std::span<const consent_environment>(&environment, 1), subject,
                     request, field, as_of, workspace);
}

result<remedy> find_remedy(std::span<const directive> directives,
                           std::span<const consent_environment> laws, const subject_facts& subject,
                           const decision_request& request, field_id field, timestamp as_of,
                           remedy_workspace& workspace) noexcept {
  const auto without_law = [](const consent_environment& one) { return one.profile == nullptr; };
  if (laws.empty() || std::any_of(laws.begin(), laws.end(), without_law)) {
    return error{errc::invalid_argument, "there is no profile to judge by"};
  }
  return search(directives, laws, subject, request, field, as_of, workspace).run();
}

}  // namespace clientbook
