// What two customers had said, when they become one and when they are two again.
//
// The words of who becomes a part come into the chain of the customer as they are, under the
// customer's key; their own stay where they lie. Which of the chain's are whose says the customer's
// row (merged_part), so nothing is ever taken for the customer's own word that was said of another.
#include "consent_store.hpp"

#include <clientbook/consent/shop_consent.hpp>

#include <algorithm>

#include "birth_fact.hpp"
#include "places.hpp"

namespace clientbook {
namespace {

using storage::key;
using storage::table;

// A line of a state tells the place of a directive in 16 bits; what is said later has to fit too.
constexpr std::size_t longest_chain = 60'000;

bool closes_for_both(const directive& said) noexcept {
  switch (said.kind) {
    case directive_kind::refuse:
    case directive_kind::deny:
    case directive_kind::object:
    case directive_kind::restrict:
    case directive_kind::withdraw:
    case directive_kind::revoke:
    case directive_kind::invalidate:
      return true;
    case directive_kind::move:
      // An address adds a law; what the customer confirms takes the others away, and is of who
      // stayed.
      return !is_confirmed(said);
    default:
      return false;
  }
}

bool is_of(const directive& one, const merged_part& part) noexcept {
  return one.sequence >= part.first && one.sequence - part.first < part.directives;
}

// A consent that took the place of one of the part's is not the part's, and what it replaced was
// taken back by it.
template <class Random>
result<std::vector<directive>> noes_since(std::span<const directive> theirs,
                                          std::span<const directive> since, Random& random) {
  std::vector<directive> out;
  for (const directive& one : since) {
    if (closes_for_both(one)) out.push_back(one);
    if (!widens(one.kind)) continue;
    for (const directive_id& replaced : one.supersedes) {
      const auto known = std::ranges::find(theirs, replaced, &directive::id);
      if (replaced == directive_id{} || known == theirs.end() || !widens(known->kind)) continue;
      directive end = make_directive(directive_kind::withdraw, known->scope,
                                     {.at = one.event_at, .channel = one.channel});
      end.contacts = known->contacts;
      end.recorded_at = one.recorded_at;
      end.recorder = one.recorder;
      end.evidence.reference = short_text<64>("replaced while two were one customer");
      if (auto drawn = random.fill(end.id.bytes); !drawn) return drawn.error();
      out.push_back(end);
    }
  }
  return out;
}

}  // namespace

result<std::uint32_t> consent_store::take_over(const manifest& stays, customer_no number,
                                               std::span<const directive> said) {
  if (stays.directives + said.size() > longest_chain) {
    return error{errc::limit_exceeded, "the two have said more than one customer's chain holds",
                 longest_chain};
  }
  const auto chain = directives(stays, number);
  if (!chain) return chain.error();
  consent_hash previous{};
  std::uint32_t sequence = stays.directives;
  if (!chain->empty()) {
    // Sealed anew as it is: what follows names its hash.
    const auto hash = put_directive(stays, number, chain->back());
    if (!hash) return hash.error();
    previous = *hash;
  }
  for (directive one : said) {
    one.sequence = ++sequence;
    one.previous = previous;
    const auto hash = put_directive(stays, number, one);
    if (!hash) return hash.error();
    previous = *hash;
  }
  return sequence;
}

result<std::vector<directive>> consent_store::give_back(const manifest& stays, customer_no number,
                                                        const merged_part& part,
                                                        std::span<const merged_part> parts) {
  const auto chain = directives(stays, number);
  if (!chain) return chain.error();
  std::vector<directive> since;
  consent_hash previous{};
  std::uint32_t sequence = 0;
  for (directive one : *chain) {
    if (is_of(one, part)) continue;
    const bool of_another =
        std::ranges::any_of(parts, [&](const merged_part& each) { return is_of(one, each); });
    if (one.sequence >= part.first && !of_another) since.push_back(one);
    one.sequence = ++sequence;
    one.previous = previous;
    const auto hash = put_directive(stays, number, one);
    if (!hash) return hash.error();
    previous = *hash;
  }
  while (sequence < stays.directives) {
    const key at = key(table::directive).add(number.value).add(++sequence);
    if (auto gone = core_.write().erase(at); !gone) return gone.error();
  }
  return since;
}

result<std::uint32_t> consent_store::say_noes(const manifest& part, customer_no number,
                                              const customer_id& id,
                                              std::span<const directive> since) {
  auto chain = directives(part, number);
  if (!chain) return chain.error();
  std::uint32_t added = 0;
  consent_hash previous{};
  if (!chain->empty()) {
    const auto hash = put_directive(part, number, chain->back());
    if (!hash) return hash.error();
    previous = *hash;
  }
  const auto noes = noes_since(*chain, since, core_.random());
  if (!noes) return noes.error();
  std::uint32_t sequence = part.directives;
  for (directive one : *noes) {
    if (sequence == longest_chain) {
      return error{errc::limit_exceeded, "more was said than one customer's chain holds",
                   longest_chain};
    }
    one.subject = id;
    one.sequence = ++sequence;
    one.previous = previous;
    const auto hash = put_directive(part, number, one);
    if (!hash) return hash.error();
    previous = *hash;
    ++added;
  }
  return added;
}

result<std::optional<date>> consent_store::youngest(customer_no number, const manifest& entry) {
  const auto parts = parts_in(core_, number, entry);
  if (!parts) return parts.error();
  auto out = born(number, entry);
  if (!out) return out;
  for (const merged_part& one : *parts) {
    const auto theirs = date_of_birth_fact(one.born);
    if (theirs && (!*out || **out < *theirs)) *out = theirs;
  }
  return out;
}

void consent_store::prove_parts(std::vector<merged_part>& parts, const date& born) noexcept {
  manifest proven;
  prove_birth(proven, born);
  for (merged_part& one : parts) one.born = proven.born;
}

}  // namespace clientbook
