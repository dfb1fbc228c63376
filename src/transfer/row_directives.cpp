// From the words of a file to directives: names looked up, times told, older ones first.
#include "row_directives.hpp"

#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/transfer/scope_words.hpp>

#include <algorithm>
#include <utility>

namespace clientbook {
namespace {

bool may_end(directive_kind kind) {
  return kind == directive_kind::grant || kind == directive_kind::renew ||
         kind == directive_kind::deny || kind == directive_kind::refuse;
}

// What a row says of consents as one text, by which it is known again.
void append_words(const import_consent& said, std::string& to) {
  const auto list = [&](std::span<const std::string_view> words) {
    for (const std::string_view word : words) to.append(word).append(1, ',');
    to += '|';
  };
  const auto when = [&](const std::optional<timestamp>& at) {
    if (at) to.append(std::to_string(at->seconds));
    to += '|';
  };
  to.append(said.kind).append(1, '|');
  list(said.purposes);
  list(said.recipients);
  list(said.categories);
  for (const std::string_view word : {said.channel, said.strength, said.notice, said.evidence}) {
    to.append(word).append(1, '|');
  }
  // As they were before there were these, for who has neither.
  if (!said.contact.empty() || !said.law.empty()) {
    to.append(said.contact).append(1, '|').append(said.law).append(1, '|');
  }
  if (!said.state.empty()) to.append(said.state).append(1, '|');
  when(said.given_at);
  when(said.expires_at);
  to += '\n';
}

}  // namespace

result<void> row_directives::open() {
  const auto registry = run_.into.recipients();
  if (!registry) return registry.error();
  registry_ = **registry;
  const auto notices = run_.into.notices();
  if (!notices) return notices.error();
  notices_.assign(notices->begin(), notices->end());
  return {};
}

result<void> row_directives::read(const import_customer& one) {
  take_consents(one.consents);
  for (const import_consent& said : row_.said) {
    const auto made = directive_of(said);
    if (!made) {
      run_.step = import_step::rules;
      return made.error();
    }
    row_.directives.push_back(*made);
  }
  order_by_time(row_.said);
  return name_what_is_lifted();
}

// A yes of a file that names no notice opens nothing by itself: what was shown has to be said.
void row_directives::take_consents(std::span<const import_consent> consents) {
  row_.said.clear();
  row_.decisions.clear();
  for (import_consent said : consents) {
    const bool grants = said.kind == "grant" || said.kind == "renew";
    if (grants && said.notice.empty() && said.given_at) said.notice = run_.options.notice;
    if (grants && said.notice.empty()) {
      ++run_.counts.consents_without_notice;
    } else {
      row_.said.push_back(said);
    }
    append_words(said, row_.decisions);
  }
}

// The words of a rule of the map lie in one place for all customers: looked up once.
result<const consent_scope*> row_directives::scope_of_rule(const import_consent& said,
                                                           bool grants) {
  const auto same = [](std::span<const std::string_view> a, std::span<const std::string_view> b) {
    return a.data() == b.data() && a.size() == b.size();
  };
  for (const known_rule& rule : rules_) {
    if (rule.grants == grants && same(rule.said.purposes, said.purposes) &&
        same(rule.said.recipients, said.recipients) &&
        same(rule.said.categories, said.categories)) {
      return &rule.scope;
    }
  }
  static constexpr std::string_view self[] = {"self"};
  static constexpr std::string_view all[] = {"all"};
  scope_words words{.purposes = said.purposes,
                    .recipients = said.recipients,
                    .categories = said.categories,
                    .operations = {}};
  if (words.recipients.empty()) words.recipients = grants ? self : all;
  if (words.categories.empty()) words.categories = all;
  if (!grants) words.operations = all;
  auto scope = scope_of(words, registry_);
  if (!scope) return scope.error();
  if (!grants && said.categories.empty()) scope->categories = all_categories();
  if (rules_.size() == most_rules) rules_.erase(rules_.begin());
  return &rules_.emplace_back(known_rule{.said = said, .grants = grants, .scope = *scope}).scope;
}

result<directive> row_directives::directive_of(const import_consent& said) {
  directive out;
  const auto kind = find_directive_kind(said.kind);
  if (!kind) return kind.error();
  out.kind = *kind;
  const bool grants = out.kind == directive_kind::grant || out.kind == directive_kind::renew;
  out.channel = consent_channel::import;
  if (!said.channel.empty()) {
    const auto channel = find_consent_channel(said.channel);
    if (!channel) return channel.error();
    out.channel = *channel;
  }
  if (auto about = name_what_about(out, said, grants); !about) return about.error();
  out.event_at = time_of(said);
  if (may_end(out.kind)) out.not_after = said.expires_at;
  out.recorder = run_.into.who().id;
  if (grants) {
    if (auto shown = name_notice(out, said); !shown) return shown.error();
  }
  if (!said.evidence.empty() && out.evidence.reference.fits(said.evidence)) {
    out.evidence.reference = short_text<64>(said.evidence);
    out.evidence.hash = crypto::hash(as_bytes(said.evidence));
  }
  return out;
}

// A no of a day alone counts from the end of that day, or from now: nothing else that the book
// holds or gets of that day came after it, as far as anybody can tell.
timestamp row_directives::time_of(const import_consent& said) const {
  const timestamp at = said.given_at.value_or(run_.now);
  if (!said.day_end || at > run_.now) return at;
  return std::max(at, std::min(timestamp{said.day_end->seconds - 1}, run_.now));
}

// The day of a no that has no hour.
std::optional<said_day> row_directives::day_of(const directive& no) const {
  for (const import_consent& said : row_.said) {
    if (said.day_end && said.kind == name_of(no.kind) && time_of(said) == no.event_at) {
      return said_day{.begin = {said.day_end->seconds - 86'400}, .end = *said.day_end};
    }
  }
  return {};
}

result<void> row_directives::find_again(const customer_id& id) {
  std::optional<std::vector<directive>> said;
  for (directive& each : row_.directives) {
    const auto day = day_of(each);
    if (!day) continue;
    if (!said) {
      auto all = run_.into.directives(id);
      if (!all && hides_what_was_said(all.error().code)) return {};
      if (!all) return all.error();
      said = std::move(*all);
    }
    each.event_at = time_of_that_day(each, *day, *said);
  }
  return {};
}

// Where the customer lives, or which cells it is about.
result<void> row_directives::name_what_about(directive& out, const import_consent& said,
                                             bool grants) {
  if (out.kind == directive_kind::move) {
    const auto law = find_profile(said.law);
    if (!law) return error{errc::missing_field, "a move names the law of where they live"};
    out.by = indicated_by::controller;
    out.jurisdiction = (*law)->id;
    if (said.state.size() == out.residence.size()) {
      out.residence = {said.state[0], said.state[1]};
    }
    return {};
  }
  const auto scope = scope_of_rule(said, grants);
  if (!scope) return scope.error();
  out.scope = **scope;
  out.registry_version = registry_.version();
  out.jurisdiction = run_.into.profile()->id;
  out.profile_version = run_.into.profile()->version;
  if (said.contact.empty()) return {};
  const auto point = run_.contact_named(said.contact);
  if (!point) return point.error();
  out.contacts[0] = *point;
  return {};
}

// A grant refers to what was shown.
result<void> row_directives::name_notice(directive& out, const import_consent& said) {
  const privacy_notice* shown = notice_titled(said.notice, notices_);
  if (shown == nullptr) {
    return error{errc::unknown_notice,
                 "a consent refers to a notice that the book has not: `clientbook notice add` it"};
  }
  out.notice = {.id = shown->id, .version = shown->version, .hash = shown->hash};
  out.strength = consent_strength::expressed;
  if (!said.strength.empty()) {
    const auto strength = find_consent_strength(said.strength);
    if (!strength) return strength.error();
    out.strength = *strength;
  }
  out.informed = true;
  return {};
}

// Files are in any order, and recorded is what is older first: so of two words the later one
// holds, and of two at one time the stricter. Who cannot say when a permission was given has the
// oldest one there is; a no without a time is as new as the file.
void row_directives::order_by_time(std::span<const import_consent> consents) {
  const auto permits = [](const directive& one) {
    return widens(one.kind) && one.kind != directive_kind::lift;
  };
  timestamp oldest = run_.now;
  for (const import_consent& said : consents)
    oldest = std::min(oldest, said.given_at.value_or(run_.now));
  for (std::size_t i = 0; i < row_.directives.size(); ++i) {
    if (permits(row_.directives[i]) && !consents[i].given_at) row_.directives[i].event_at = oldest;
  }
  std::stable_sort(row_.directives.begin(), row_.directives.end(),
                   [&](const directive& a, const directive& b) {
                     if (a.event_at != b.event_at) return a.event_at < b.event_at;
                     return permits(a) && !permits(b);
                   });
}

// A file has no ids: a lift names the newest of the customer's denials before it that are about
// one of its purposes. Without any it names nothing, which put() refuses.
result<void> row_directives::name_what_is_lifted() {
  for (std::size_t i = 0; i < row_.directives.size(); ++i) {
    directive& lift = row_.directives[i];
    if (lift.kind != directive_kind::lift) continue;
    std::size_t named = 0;
    for (std::size_t k = i; k-- > 0 && named < directive::max_supersedes;) {
      directive& before = row_.directives[k];
      if (!denies(before.kind) || (before.scope.purposes & lift.scope.purposes).empty()) {
        continue;
      }
      if (before.id == directive_id()) {
        if (auto drawn = random_.fill(before.id.bytes); !drawn) return drawn;
      }
      lift.supersedes[named++] = before.id;
    }
  }
  return {};
}

}  // namespace clientbook
