// The rules of portfolios in the store (docs/format/book.md).
#include "portfolio_store.hpp"

#include <algorithm>

namespace clientbook {
namespace {

constexpr std::size_t members = 5;
constexpr error malformed{errc::invalid_encoding,
                          "what the row of portfolios says is not as it must be"};

std::vector<std::byte> encode(const portfolio_rules& rules) {
  std::size_t room = 64;
  for (const actor_stores& one : rules.actors) room += 12 + 5 * one.stores.size();
  std::vector<std::byte> out(room);
  cbor::writer to(out);
  to.array(members);
  to.unsigned_integer(static_cast<std::uint64_t>(rules.use));
  to.unsigned_integer(rules.since_by.value);
  to.integer(rules.since.seconds);
  to.array(rules.ends ? 3 : 0);
  if (rules.ends) {
    to.unsigned_integer(rules.ends->by.id.value);
    to.unsigned_integer(static_cast<std::uint64_t>(rules.ends->by.role));
    to.integer(rules.ends->at.seconds);
  }
  to.array(rules.actors.size());
  for (const actor_stores& one : rules.actors) {
    to.array(1 + one.stores.size());
    to.unsigned_integer(one.who.value);
    for (const store_id store : one.stores) to.unsigned_integer(store.value);
  }
  out.resize(to.size());
  return out;
}

void read_end(cbor::reader& from, portfolio_rules& out) {
  const std::size_t parts = from.array();
  if (parts == 0 || from.failed()) return;
  if (parts != 3) return from.fail(malformed.code, malformed.text);
  portfolios_end one;
  one.by.id = actor_id(read_number<std::uint32_t>(from, malformed));
  one.by.role = static_cast<actor_role>(from.unsigned_integer());
  one.at.seconds = from.integer();
  out.ends = one;
}

void read_actors(cbor::reader& from, portfolio_rules& out) {
  std::size_t left = from.array();
  for (; left > 0 && !from.failed(); --left) {
    std::size_t parts = from.array();
    if (from.failed()) return;
    actor_stores& one = out.actors.emplace_back();
    if (parts < 2 || parts > 1 + max_stores_of_actor) {
      return from.fail(malformed.code, malformed.text);
    }
    one.who = actor_id(read_number<std::uint32_t>(from, malformed));
    while (--parts > 0 && !from.failed())
      one.stores.emplace_back(read_number<std::uint32_t>(from, malformed));
    const std::size_t known = out.actors.size();
    if (one.who == actor_id() || (known > 1 && !(out.actors[known - 2].who < one.who))) {
      return from.fail(malformed.code, malformed.text);
    }
  }
}

result<portfolio_rules> decode(byte_view bytes) {
  cbor::reader from(bytes);
  if (from.array() != members && !from.failed()) {
    return error{errc::newer_format, "portfolios are of a later version: update clientbook"};
  }
  portfolio_rules out;
  const std::uint64_t use = from.unsigned_integer();
  if (use > static_cast<std::uint64_t>(portfolio_use::in_force)) {
    from.fail(malformed.code, malformed.text);
  }
  out.use = static_cast<portfolio_use>(use);
  out.since_by = actor_id(read_number<std::uint32_t>(from, malformed));
  out.since.seconds = from.integer();
  read_end(from, out);
  if (!from.failed()) read_actors(from, out);
  if (auto done = from.finish(); !done) return done.error();
  return out;
}

}  // namespace

bool is_associate(const portfolio& whose, actor_id who) noexcept {
  return std::ranges::any_of(whose.associates,
                             [who](const associate& one) { return one.who == who; });
}

result<void> portfolio_store::follow() {
  return row_.follow([this](byte_view bytes) -> result<void> {
    rules_ = {};
    if (bytes.empty()) return {};
    auto read = decode(bytes);
    if (!read) return read.error();
    rules_ = std::move(*read);
    return {};
  });
}

result<const portfolio_rules*> portfolio_store::rules() {
  if (auto followed = follow(); !followed) return followed.error();
  return &rules_;
}

result<bool> portfolio_store::in_force() {
  if (auto followed = follow(); !followed) return followed.error();
  return rules_.use == portfolio_use::in_force;
}

result<std::span<const store_id>> portfolio_store::stores_of(actor_id who) {
  if (auto followed = follow(); !followed) return followed.error();
  const auto at = std::ranges::lower_bound(rules_.actors, who, {}, &actor_stores::who);
  if (at == rules_.actors.end() || at->who != who) return std::span<const store_id>();
  return std::span<const store_id>(at->stores);
}

// Who left the customer's store has nobody there any more, whatever the customers' rows say still.
result<bool> portfolio_store::reaches(actor_id who, const portfolio& whose, portfolio_reach how) {
  if (how == portfolio_reach::everybody) return true;
  const auto stores = stores_of(who);
  if (!stores) return stores.error();
  if (whose.store == store_id() || std::ranges::find(*stores, whose.store) == stores->end()) {
    return false;
  }
  return how == portfolio_reach::store || is_associate(whose, who);
}

result<crypto::digest> portfolio_store::write(portfolio_rules next) {
  const std::vector<std::byte> bytes = encode(next);
  if (auto put = row_.write(bytes); !put) return put.error();
  rules_ = std::move(next);
  crypto::hasher hasher;
  return hasher.update(as_bytes("clientbook portfolios")).update(bytes).finish();
}

}  // namespace clientbook
