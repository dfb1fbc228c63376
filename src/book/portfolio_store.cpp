// The rules of portfolios in the store (docs/format/book.md).
#include "portfolio_store.hpp"

#include <clientbook/internal/model/cbor.hpp>

#include <algorithm>
#include <limits>

namespace clientbook {
namespace {

using storage::key;
using storage::table;

constexpr std::size_t members = 5;
constexpr error malformed{errc::invalid_encoding,
                          "what the row of portfolios says is not as it must be"};

secret<32> key_of(const book_core& core) {
  return crypto::derive(core.keys().actors, "clientbook portfolios");
}

std::uint32_t number(cbor::reader& from) noexcept {
  const std::uint64_t value = from.unsigned_integer();
  if (value > std::numeric_limits<std::uint32_t>::max()) from.fail(malformed.code, malformed.text);
  return static_cast<std::uint32_t>(value);
}

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
  one.by.id = actor_id(number(from));
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
    one.who = actor_id(number(from));
    while (--parts > 0 && !from.failed()) one.stores.emplace_back(number(from));
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
  out.since_by = actor_id(number(from));
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

book_core::place portfolio_store::place_of(std::uint32_t version) const noexcept {
  return {.key = key(table::portfolios).add(std::uint32_t{0}),
          .table = table::portfolios,
          .customer = own_number,
          .version = record_version(version)};
}

result<void> portfolio_store::follow() {
  const std::uint32_t version = core_.row().portfolios;
  if (version == read_) return {};
  read_ = unread;
  rules_ = {};
  if (version != 0) {
    if (auto got = core_.get_value(key_of(core_), place_of(version), plain_); !got) {
      if (got.error().code != errc::not_found) return got;
      return error{errc::row_missing, "the row of portfolios is gone: restore a copy"};
    }
    auto read = decode(plain_.view());
    if (!read) return read.error();
    rules_ = std::move(*read);
  }
  read_ = version;
  return {};
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
  const std::uint32_t version = core_.row().portfolios + 1;
  const std::vector<std::byte> bytes = encode(next);
  if (auto put = core_.put_value(key_of(core_), place_of(version), bytes); !put) {
    return put.error();
  }
  core_.edit_row().portfolios = version;
  rules_ = std::move(next);
  read_ = version;
  crypto::hasher hasher;
  return hasher.update(as_bytes("clientbook portfolios")).update(bytes).finish();
}

}  // namespace clientbook
