// A fold over the history. It knows nothing of registry, notices and profile, so it leaves out only
// what cannot matter under any of them: what a later directive covers in its own words.
#include "what_counts.hpp"

#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/terms.hpp>

#include <algorithm>
#include <set>

namespace clientbook {
namespace {

using kind = directive_kind;

bool is_grant(kind what) noexcept { return what == kind::grant || what == kind::renew; }
bool is_ending(kind what) noexcept {
  return what == kind::withdraw || what == kind::revoke || what == kind::invalidate;
}
bool is_limited(const directive& one) noexcept { return one.not_before || one.not_after; }
bool has_conditions(const directive& one) noexcept { return one.conditions != obligations{}; }

struct by_bytes {
  bool operator()(const directive_id& a, const directive_id& b) const noexcept {
    return a.bytes < b.bytes;
  }
};
using ids = std::set<directive_id, by_bytes>;

template <class Each>
void for_named(const directive& one, Each&& each) {
  for (const directive_id& id : one.supersedes) {
    if (id == directive_id{}) return;
    each(id);
  }
}

// What a denial or an ending covers whatever the registry: parties only if they are named.
struct coverage {
  purpose_set purposes;
  recipient_set recipients;
  category_set categories;
  operation_set operations;
  bool everybody = false;
  bool all_data = false;

  explicit coverage(const consent_scope& scope) noexcept
      : purposes(covered_by_denial(scope.purposes)),
        recipients(covered_by_denial(scope.recipients) | scope.recipients),
        categories(covered_by_denial(scope.categories)),
        operations(covered_by_denial(scope.operations)),
        everybody(scope.recipients.contains(recipient::any)),
        all_data(scope.categories.contains(category::personal_data)) {
    if (scope.purposes.includes(all_purposes())) purposes = all_purposes();
  }
  bool covers(const consent_scope& other) const noexcept {
    return purposes.includes(other.purposes) && operations.includes(other.operations) &&
           (everybody || recipients.includes(other.recipients)) &&
           (all_data || categories.includes(other.categories));
  }
};

// The same words, said the same way; when, and under which id, is another matter.
bool same_words(const directive& a, const directive& b) noexcept {
  return a.kind == b.kind && a.by == b.by && a.channel == b.channel && a.scope == b.scope &&
         a.strength == b.strength && a.informed == b.informed && a.basis == b.basis &&
         a.notice == b.notice && (!widens(a.kind) || a.registry_version == b.registry_version) &&
         a.not_before == b.not_before && a.not_after == b.not_after && a.evidence == b.evidence &&
         a.supersedes == b.supersedes && a.conditions == b.conditions && a.contacts == b.contacts;
}

// Where the customer lives is known as well as that already, by the last word on it.
std::optional<std::uint32_t> moved_before(std::span<const directive> said, const directive& next) {
  for (std::size_t i = said.size(); i-- > 0;) {
    const directive& one = said[i];
    if (one.kind != directive_kind::move) continue;
    const bool as_sure = is_confirmed(one) || !is_confirmed(next);
    const bool same = one.jurisdiction == next.jurisdiction && one.residence == next.residence &&
                      one.works_here == next.works_here;
    if (same && as_sure) return one.sequence;
    return std::nullopt;
  }
  return std::nullopt;
}

// By place: whether a later directive that decides names it.
std::vector<bool> named_later(std::span<const directive> said) {
  std::vector<bool> out(said.size());
  ids named;
  for (std::size_t i = said.size(); i-- > 0;) {
    out[i] = named.contains(said[i].id);
    if (decides(said[i].kind))
      for_named(said[i], [&](const directive_id& id) { named.insert(id); });
  }
  return out;
}

class fold {
 public:
  explicit fold(std::span<const directive> said)
      : said_(said), named_(named_later(said)), moves_before_(said.size()) {
    details_ = std::any_of(said.begin(), said.end(), [](const directive& one) {
      return one.residence != state_code{} || one.works_here != employment::unsaid;
    });
  }

  std::vector<directive> run() {
    for (std::size_t i = 0; i < said_.size(); ++i) take(i);
    std::vector<directive> out;
    out.reserve(live_.size());
    for (const std::size_t place : live_) out.push_back(said_[place]);
    return out;
  }

 private:
  void take(std::size_t place) {
    const directive& one = said_[place];
    moves_before_[place] = moves_;
    if (one.kind == directive_kind::move && details_) {
      ++moves_;
      live_.push_back(place);
    }
    if (proves_age(one)) {
      ++moves_;  // So is how old they were taken to be.
      live_.push_back(place);
    }
    if (!decides(one.kind)) return;
    // Void for good; but what it asked in return binds what is behind it.
    if (widens(one.kind) && named_[place] && !has_conditions(one) && may_go(place)) return;
    if (is_ending(one.kind)) {
      const coverage covered(one.scope);
      drop([&](std::size_t earlier) {
        const directive& other = said_[earlier];
        const bool ended = is_grant(other.kind) && !has_conditions(other);
        return (ended || is_ending(other.kind)) && covered.covers(other.scope);
      });
    } else if (denies(one.kind) && !named_[place] && !is_limited(one)) {
      const coverage covered(one.scope);
      drop([&](std::size_t earlier) {
        const directive& other = said_[earlier];
        return other.kind == one.kind && other.by == one.by && covered.covers(other.scope);
      });
    } else if (is_grant(one.kind) && !named_[place]) {
      drop([&](std::size_t earlier) {
        const directive& other = said_[earlier];
        return !named_[earlier] && other.supersedes[0] == directive_id{} &&
               moves_before_[earlier] == moves_ && other.event_at <= one.event_at &&
               same_words(other, one);
      });
    }
    live_.push_back(place);
    if (widens(one.kind)) opening_.insert(one.id);
  }

  // What names a directive that would open something again without it stays.
  bool may_go(std::size_t place) const {
    bool names_one = false;
    for_named(said_[place],
              [&](const directive_id& id) { names_one = names_one || opening_.contains(id); });
    return !names_one;
  }

  template <class Covered>
  void drop(Covered&& covered) {
    std::erase_if(live_, [&](std::size_t place) {
      if (!covered(place) || !may_go(place)) return false;
      opening_.erase(said_[place].id);
      return true;
    });
  }

  std::span<const directive> said_;
  std::vector<bool> named_;
  // What is known of where somebody lives and works is worth to consents what it was then.
  std::vector<std::size_t> moves_before_;
  std::size_t moves_ = 0;
  bool details_ = false;
  std::vector<std::size_t> live_;
  ids opening_;
};

}  // namespace

std::vector<directive> what_counts(std::span<const directive> said) { return fold(said).run(); }

std::vector<directive> what_counts_at_least(std::span<const directive> said) {
  std::vector<directive> out;
  for (const directive& one : what_counts(said)) {
    if (one.kind == directive_kind::move) continue;  // about consents, and none is left
    // What the customer was taken for closes as long as it did.
    if (proves_age(one)) {
      out.push_back(one);
      continue;
    }
    directive less = one;
    less.supersedes = {};
    if (widens(one.kind)) {
      // No consent any more, but its conditions still bind what a law would give without them.
      if (!is_grant(one.kind) || !has_conditions(one)) continue;
      less.informed = false;
    } else {
      less.not_before.reset();
      less.not_after.reset();
      const auto merged = std::find_if(out.begin(), out.end(), [&](const directive& other) {
        return other.kind == one.kind && other.by == one.by;
      });
      if (merged != out.end()) {
        less.scope.purposes |= merged->scope.purposes;
        less.scope.recipients |= merged->scope.recipients;
        less.scope.categories |= merged->scope.categories;
        less.scope.operations |= merged->scope.operations;
        out.erase(merged);
      }
    }
    out.push_back(less);
  }
  return out;
}

std::optional<std::uint32_t> said_before(std::span<const directive> said, const directive& next) {
  if (next.kind == directive_kind::move) return moved_before(said, next);
  if (next.kind == directive_kind::proof_of_age) return std::nullopt;  // session_age.cpp
  ids named;
  bool widened = false;
  bool noted = false;
  bool ended = false;
  for (std::size_t i = said.size(); i-- > 0;) {
    const directive& one = said[i];
    if (same_words(one, next)) {
      const bool stands = !named.contains(one.id);
      const bool same_act = one.event_at == next.event_at;
      if (same_act && one.channel == consent_channel::import) return one.sequence;
      // A TC string that takes back and gives anew, read a second time; what was taken back since
      // it does not give again.
      const bool of_string = one.channel == consent_channel::signal_tcf;
      if (same_act && of_string && (is_ending(one.kind) || widens(one.kind))) return one.sequence;
      // After a yes that waits it is a no to that one too.
      if (denies(one.kind) && stands && !noted) return one.sequence;
      if (is_ending(one.kind) && !widened) return one.sequence;
      const bool rest = !denies(one.kind) && !is_ending(one.kind);
      if (rest && same_act && stands && !ended) return one.sequence;
    }
    if (!decides(one.kind)) continue;
    for_named(one, [&](const directive_id& id) { named.insert(id); });
    widened = widened || widens(one.kind);
    noted = noted || (is_grant(one.kind) && !one.informed);
    ended = ended || is_ending(one.kind);
  }
  return std::nullopt;
}

}  // namespace clientbook
