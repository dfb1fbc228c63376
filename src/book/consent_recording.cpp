// Directives: what is checked before one is taken, how they follow each other, and newcomers.
#include "consent_store.hpp"

#include <clientbook/consent/shop_consent.hpp>
#include <clientbook/internal/consent/circumstances.hpp>

#include <algorithm>
#include <limits>

#include "what_counts.hpp"

namespace clientbook {

using storage::key;
using storage::table;

namespace {

// Whether two directives compile to the same rules: all but what only tells them apart.
bool same_rules(const directive& a, const directive& b) noexcept {
  return a.kind == b.kind && a.event_at == b.event_at && a.by == b.by && a.strength == b.strength &&
         a.informed == b.informed && a.scope == b.scope && a.notice == b.notice &&
         a.registry_version == b.registry_version && a.basis == b.basis &&
         a.jurisdiction == b.jurisdiction && a.profile_version == b.profile_version &&
         a.residence == b.residence && a.works_here == b.works_here &&
         service_of(a.channel) == service_of(b.channel) && a.conditions == b.conditions &&
         a.evidence.hash == b.evidence.hash && !a.not_before && !b.not_before && !a.not_after &&
         !b.not_after && a.supersedes == b.supersedes && a.supersedes.front() == directive_id{};
}

book_core::place directive_place(const manifest& entry, customer_no number,
                                 std::uint32_t sequence) noexcept {
  return {.key = key(table::directive).add(number.value).add(sequence),
          .table = table::directive,
          .customer = number,
          .record = sequence,
          .key_version = entry.key_version};
}

// Whether the last of them names contact points that are not told apart any more.
bool tells_apart_too_many(std::span<const directive> said) {
  const auto& last = said.back().contacts;
  const std::vector<contact_point> named = named_contacts(said);
  return std::any_of(last.begin(), last.end(), [&](const contact_point& one) {
    return one.field != field_id{} && std::find(named.begin(), named.end(), one) == named.end();
  });
}

bool has_id(std::span<const directive> said, const directive_id& id) noexcept {
  return std::any_of(said.begin(), said.end(), [&](const directive& one) { return one.id == id; });
}

bool closes(directive_kind kind) noexcept {
  return kind == directive_kind::refuse || kind == directive_kind::deny ||
         kind == directive_kind::object || kind == directive_kind::restrict;
}

// A number that was typed wrong would end the consent that has it.
result<void> check_lift(std::span<const directive> said, const directive& next) {
  if (next.kind != directive_kind::lift) return {};
  for (const directive& one : said) {
    const bool named = std::ranges::find(next.supersedes, one.id) != next.supersedes.end();
    if (!named || !widens(one.kind) || one.kind == directive_kind::lift) continue;
    return error{errc::invalid_argument,
                 "a lift ends a denial, an objection or a restriction, and this number has a "
                 "consent: a withdrawal ends it",
                 one.sequence};
  }
  return {};
}

constexpr error twice{errc::already_exists, "a directive with this id is there: draw another"};

result<consent_hash> hash_of(const directive& one) {
  std::array<std::byte, max_directive_bytes> room;
  const auto bytes = encode_directive(one, room);
  if (!bytes) return bytes.error();
  return crypto::hash(*bytes);
}

// Puts a directive behind the others.
result<void> chain(std::vector<directive>& said, directive next, const customer_id& id,
                   timestamp now) {
  next.subject = id;
  next.sequence = static_cast<std::uint32_t>(said.size() + 1);
  next.recorded_at = now;
  next.previous = {};
  if (!said.empty()) {
    const auto hash = hash_of(said.back());
    if (!hash) return hash.error();
    next.previous = *hash;
  }
  said.push_back(next);
  return {};
}

}  // namespace

directive end_of_consents(timestamp now, std::string_view why) {
  directive out;
  out.kind = directive_kind::revoke;
  out.by = indicated_by::controller;
  out.scope = everything();
  out.event_at = now;
  out.evidence.reference = short_text<64>(why);
  return out;
}

result<void> consent_store::check_references(const directive& next) const {
  if (next.kind == directive_kind::move && policy_.find(next.jurisdiction) == nullptr) {
    return error{errc::not_found,
                 "the book does not follow that law: it is added to the book's profiles before"};
  }
  if (!widens(next.kind)) return {};
  if (next.registry_version > registry_->version()) {
    return error{errc::invalid_value,
                 "a permission names a version of the registry that is not there yet",
                 registry_->version()};
  }
  if (next.kind != directive_kind::grant && next.kind != directive_kind::renew) return {};
  for (const privacy_notice& known : notices_) {
    if (known.id != next.notice.id || known.version != next.notice.version ||
        known.hash != next.notice.hash) {
      continue;
    }
    if (!is_withdrawn(known, notices_)) return {};
    return error{errc::unknown_notice,
                 "the notice was withdrawn: add its next version, which is shown from now on"};
  }
  return error{errc::unknown_notice, "a consent names a notice that the book has: add it before"};
}

// A word against what a guardian said counts if it was said by who had grown up, as far as the book
// knew then: a birth date that is learnt or corrected later makes no adult by itself.
result<void> consent_store::check_own_word(std::span<const directive> said, const directive& next,
                                           const std::optional<date>& born, timestamp now) const {
  if (auto lifts = check_lift(said, next); !lifts) return lifts;
  if (next.by != indicated_by::subject || !widens(next.kind)) return {};
  const std::vector<const law_profile*> laws = laws_of(said);
  constexpr std::uint32_t next_sequence = std::numeric_limits<std::uint32_t>::max();
  const auto grown_since = [&](const directive& standing) {
    if (!born || born->year == 0) return false;
    const timestamp at = std::min(next.event_at, now);
    const date then = born_for(said, standing.sequence, given_at(standing), born).value_or(*born);
    const date grown = born_for(said, next_sequence, at, born).value_or(*born);
    return std::all_of(laws.begin(), laws.end(), [&](const law_profile* law) {
      return grew_up(*law, then, given_at(standing), grown, at);
    });
  };
  for (const directive_id& id : next.supersedes) {
    if (id == directive_id{}) break;
    const auto named =
        std::find_if(said.begin(), said.end(), [&](const directive& one) { return one.id == id; });
    if (named == said.end() || named->by != indicated_by::guardian || !closes(named->kind))
      continue;
    if (grown_since(*named)) continue;
    return error{errc::invalid_state,
                 "a guardian said that: a guardian ends it, or the customer from the birthday on "
                 "from which they agree alone, where the book knows when they were born",
                 named->sequence};
  }
  return {};
}

result<void> consent_store::take_newcomer(std::span<const directive> directives, timestamp now) {
  newcomer_.directives.clear();
  latest_said latest;
  for (const directive& said : directives) {
    directive one = said;
    if (said_before(newcomer_.directives, one)) continue;
    if (one.id == directive_id{}) {
      if (auto drawn = core_.random().fill(one.id.bytes); !drawn) return drawn;
    }
    if (has_id(newcomer_.directives, one.id)) return twice;
    one.sequence = static_cast<std::uint32_t>(newcomer_.directives.size() + 1);
    one.recorded_at = now;
    if (one.kind == directive_kind::move) one.profile_version = core_.row().policy;
    latest.written_down(now);
    if (auto good = check_append(one, latest.at(), now); !good) return good;
    if (auto known = check_references(one); !known) return known;
    latest.add(one);
    newcomer_.directives.push_back(one);
  }
  return {};
}

result<void> consent_store::check_newcomer(std::span<const directive> directives,
                                           const std::optional<date>& born, timestamp now) {
  newcomer_.used = false;
  newcomer_.state = 0;
  newcomer_.compiled.clear();
  if (auto taken = take_newcomer(directives, now); !taken) return taken;
  for (const directive& one : newcomer_.directives) {
    const auto grown = check_own_word(newcomer_.directives, one, born, now);
    if (!grown) return grown;
  }
  const auto laws = laws_of(newcomer_.directives);
  newcomer_.born = facts_of(born, newcomer_.directives, laws, now).born;
  if (newcomer_.directives.empty() && !newcomer_.born) {
    newcomer_.used = true;
    return {};
  }
  // Of contact points no two customers have the same.
  const bool like_others = named_contacts(newcomer_.directives).empty();
  for (const recent& one : recent_) {
    if (like_others && one.used && one.born == newcomer_.born &&
        std::equal(one.directives.begin(), one.directives.end(), newcomer_.directives.begin(),
                   newcomer_.directives.end(), same_rules)) {
      newcomer_.state = one.state;
      newcomer_.used = true;
      return {};
    }
  }
  auto compiled = compile_now({newcomer_.directives, newcomer_.born}, now);
  if (!compiled) return compiled.error();
  newcomer_.compiled = std::move(*compiled);
  newcomer_.used = true;
  return {};
}

result<consent_store::keeping> consent_store::keeping_of_newcomer(const kept_purposes& purposes,
                                                                  timestamp now, field_set asked) {
  if (!newcomer_.compiled.empty()) {
    const auto opened = known_state::open(newcomer_.compiled);
    if (!opened) return opened.error();
    return keeping_under(*opened, purposes, operation::collect, now, asked);
  }
  const auto known = state(newcomer_.state);
  if (!known) return known.error();
  return keeping_under(**known, purposes, operation::collect, now, asked);
}

result<void> consent_store::keep_newcomer(manifest& entry, customer_no number,
                                          const customer_id& id, timestamp now) {
  // Only now, so that a customer who is refused leaves no state behind.
  if (!newcomer_.compiled.empty()) {
    const auto number_of_state = intern(newcomer_.compiled);
    if (!number_of_state) return number_of_state.error();
    newcomer_.state = *number_of_state;
    newcomer_.compiled.clear();
    recent_[next_recent_] = newcomer_;
    next_recent_ = (next_recent_ + 1) % recent_.size();
  }
  consent_hash previous{};
  for (directive& one : newcomer_.directives) {
    one.subject = id;
    one.recorder = recorder_;
    one.previous = previous;
    const auto hash = put_directive(entry, number, one);
    if (!hash) return hash.error();
    previous = *hash;
  }
  entry.directives = static_cast<std::uint32_t>(newcomer_.directives.size());
  entry.consent_state = newcomer_.state;
  if (entry.directives != 0) recorded_then(now);
  if (entry.consent_state != 0) saw(now);
  return {};
}

result<consent_hash> consent_store::put_directive(const manifest& entry, customer_no number,
                                                  const directive& one) {
  std::array<std::byte, max_directive_bytes> room;
  const auto bytes = encode_directive(one, room);
  if (!bytes) return bytes.error();
  if (auto put =
          core_.put_value(entry.subject_key, directive_place(entry, number, one.sequence), *bytes);
      !put) {
    return put.error();
  }
  return crypto::hash(*bytes);
}

result<std::vector<directive>> consent_store::directives(const manifest& entry,
                                                         customer_no number) {
  std::vector<directive> out;
  consent_hash previous{};
  for (std::uint32_t sequence = 1; sequence <= entry.directives; ++sequence) {
    if (auto got =
            core_.get_value(entry.subject_key, directive_place(entry, number, sequence), plain_);
        !got) {
      if (got.error().code != errc::not_found) return got.error();
      return error{errc::row_missing, "a directive of a customer is gone: restore a copy",
                   sequence};
    }
    auto read = decode_directive(plain_.view());
    if (!read) return read.error();
    if (read->sequence != sequence || read->previous != previous) {
      return error{errc::version_mismatch, "a customer's directives do not follow each other",
                   sequence};
    }
    previous = crypto::hash(plain_.view());
    out.push_back(*read);
  }
  return out;
}

// What was said of the customer in all of their histories adds nothing; in one of them alone it
// does, for the others, and once they are two again. The same act that opens something, which a
// file brings again of whom it knows by a part's id, is not said of the others by that.
std::optional<std::uint32_t> consent_store::said_in_each(std::span<const told_history> all,
                                                         const directive& next) const {
  const bool one_is_enough = widens(next.kind);
  std::optional<std::uint32_t> first;
  for (const told_history& one : all) {
    const auto before = said_before(one.said, next);
    const bool said = before && adds_no_law(one.said, next);
    if (said && one_is_enough) return before;
    if (!said && !one_is_enough) return std::nullopt;
    if (!first) first = before;
  }
  return first;
}

result<recorded> consent_store::append(manifest& entry, customer_no number, directive next,
                                       const std::optional<date>& born, timestamp now) {
  auto so_far = directives(entry, number);
  if (!so_far) return so_far.error();
  if (next.kind == directive_kind::move) next.profile_version = core_.row().policy;
  const auto parts = parts_in(core_, number, entry);
  if (!parts) return parts.error();
  const std::vector<told_history> histories = histories_of(*so_far, born, *parts);
  const auto known = check_references(next);
  if (const auto before = said_in_each(histories, next)) {
    // A yes under a notice that was withdrawn since is worth nothing, and is not taken again.
    if (!known && next.channel != consent_channel::import) return known.error();
    return recorded{.sequence = *before, .repeated = true};
  }
  if (has_id(*so_far, next.id)) return twice;
  latest_said latest;
  for (const directive& one : *so_far) latest.add(one);
  latest.written_down(now);
  if (auto good = check_append(next, latest.at(), now); !good) return good.error();
  if (!known) return known.error();
  for (const told_history& one : histories) {
    if (auto grown = check_own_word(one.said, next, one.born, now); !grown) return grown.error();
  }
  const std::size_t first = so_far->size();
  const customer_id whose = core_.keys().ids->id(number);
  if (auto added = chain(*so_far, next, whose, now); !added) return added.error();

  if (widens(next.kind) && tells_apart_too_many(*so_far)) {
    return error{errc::limit_exceeded, "at most 32 contact points of one customer are told apart",
                 max_told_apart};
  }
  auto compiled = compile_now({*so_far, born, *parts}, now);
  const bool tightens = !widens(next.kind) && next.kind != directive_kind::proof_of_age;
  if (!compiled && compiled.error().code == errc::limit_exceeded && tightens) {
    // No is always heard: what opens makes room for it.
    directive end = end_of_consents(now, "too many rules for one customer: consents ended");
    if (auto drawn = core_.random().fill(end.id.bytes); !drawn) return drawn.error();
    if (auto added = chain(*so_far, end, whose, now); !added) return added.error();
    compiled = compile_at_any_rate({*so_far, born, *parts}, now);
  }
  if (!compiled) return compiled.error();
  const auto number_of_state = intern(*compiled);
  if (!number_of_state) return number_of_state.error();
  for (std::size_t i = first; i < so_far->size(); ++i) {
    if (auto put = put_directive(entry, number, (*so_far)[i]); !put) return put.error();
  }
  entry.directives = so_far->back().sequence;
  entry.consent_state = *number_of_state;
  recorded_then(now);
  saw(now);
  return recorded{.sequence = (*so_far)[first].sequence};
}

}  // namespace clientbook
