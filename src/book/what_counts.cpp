// A fold over the history. It knows nothing of registry, notices and profile, so it leaves out only
// what cannot matter under any of them: what a later directive covers in its own words.
#include "what_counts.hpp"

#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/internal/consent/circumstances.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/terms.hpp>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

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

// By place: when it was said, said_at() of each.
std::vector<timestamp> times_of(std::span<const directive> said) {
  std::vector<timestamp> out(said.size());
  timestamp behind{std::numeric_limits<std::int64_t>::max()};
  for (std::size_t i = said.size(); i-- > 0;) {
    out[i] = std::min(given_at(said[i]), behind);
    if (said[i].recorded_at != timestamp{}) behind = std::min(behind, said[i].recorded_at);
  }
  return out;
}

// Where the customer lived then is known as well as that already, by the last word on it.
std::optional<std::uint32_t> moved_before(std::span<const directive> said, const directive& next) {
  const std::vector<timestamp> times = times_of(said);
  const directive* last = nullptr;
  timestamp when;
  for (std::size_t i = 0; i < said.size(); ++i) {
    if (said[i].kind != kind::move || times[i] > next.event_at) continue;
    if (last == nullptr || times[i] >= when) {
      last = &said[i];
      when = times[i];
    }
  }
  if (last == nullptr) return std::nullopt;
  const bool as_sure = is_confirmed(*last) || !is_confirmed(next);
  const bool same = last->jurisdiction == next.jurisdiction && last->residence == next.residence &&
                    last->works_here == next.works_here;
  return same && as_sure ? std::optional(last->sequence) : std::nullopt;
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
      : said_(said), named_(named_later(said)), times_(times_of(said)), known_(said.size()) {
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
    known_[place] = {moves_, moves_said_by(times_[place])};
    if (one.kind == directive_kind::move && details_) {
      ++moves_;
      said_moves_.push_back(times_[place]);
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
               known_[earlier] == known_[place] && other.event_at <= one.event_at &&
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

  std::size_t moves_said_by(timestamp then) const {
    const auto until = [&](timestamp at) { return at <= then; };
    return static_cast<std::size_t>(std::ranges::count_if(said_moves_, until));
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
  std::vector<timestamp> times_;
  // What is known of where somebody lives and works is worth to consents what it was then: how much
  // had been written down, and how many of these moves were said by then.
  std::vector<std::pair<std::size_t, std::size_t>> known_;
  std::vector<timestamp> said_moves_;
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

std::vector<const directive*> moves_as_said(std::span<const directive> said) {
  const std::vector<timestamp> times = times_of(said);
  std::vector<std::pair<timestamp, const directive*>> moves;
  for (std::size_t i = 0; i < said.size(); ++i) {
    if (said[i].kind == kind::move) moves.emplace_back(times[i], &said[i]);
  }
  std::ranges::stable_sort(moves, {}, &std::pair<timestamp, const directive*>::first);
  std::vector<const directive*> out;
  out.reserve(moves.size());
  for (const auto& [when, one] : moves) out.push_back(one);
  return out;
}

std::optional<std::uint32_t> said_before(std::span<const directive> said, const directive& next) {
  if (next.kind == directive_kind::move) return moved_before(said, next);
  if (next.kind == directive_kind::proof_of_age) return std::nullopt;  // session_age.cpp
  ids named;
  bool widened = false;
  bool noted = false;
  bool ended = false;
  bool known_otherwise = false;
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
      // A yes of who was too young, or worked for the shop, may count when it is said once more.
      const bool worth_as_much = !known_otherwise || !widens(one.kind);
      if (rest && same_act && stands && !ended && worth_as_much) return one.sequence;
    }
    known_otherwise = known_otherwise || one.kind == kind::move || proves_age(one);
    if (!decides(one.kind)) continue;
    for_named(one, [&](const directive_id& id) { named.insert(id); });
    widened = widened || widens(one.kind);
    noted = noted || (is_grant(one.kind) && !one.informed);
    ended = ended || is_ending(one.kind);
  }
  return std::nullopt;
}

}  // namespace clientbook
