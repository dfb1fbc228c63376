// The table of roles in the store (docs/format/book.md). A proposal is a whole table: what was
// proposed against an older one says all the same what holds then.
#include "role_store.hpp"

#include <clientbook/book/case.hpp>
#include <clientbook/internal/model/cbor.hpp>

#include <limits>

namespace clientbook {
namespace {

using storage::key;
using storage::table;

constexpr std::size_t members = 3;
constexpr error malformed{errc::invalid_encoding,
                          "what the row of roles says is not as it must be"};

secret<32> key_of(const book_core& core) {
  return crypto::derive(core.keys().actors, "clientbook roles");
}

std::uint32_t number(cbor::reader& from) noexcept {
  const std::uint64_t value = from.unsigned_integer();
  if (value > std::numeric_limits<std::uint32_t>::max()) from.fail(malformed.code, malformed.text);
  return static_cast<std::uint32_t>(value);
}

result<role_table> read_table(cbor::reader& from) {
  const byte_view bytes = from.bytes();
  if (from.failed()) return from.status().error();
  auto out = decode_role_table(bytes);
  if (!out) return out;
  if (auto good = check_role_table(*out); !good) return malformed;
  return out;
}

}  // namespace

book_core::place role_store::place_of(std::uint32_t version) const noexcept {
  return {.key = key(table::roles).add(std::uint32_t{0}),
          .table = table::roles,
          .customer = own_number,
          .version = record_version(version)};
}

result<role_table> role_store::read(std::uint32_t version) {
  if (auto got = core_.get_value(key_of(core_), place_of(version), plain_); !got) {
    if (got.error().code != errc::not_found) return got.error();
    return error{errc::row_missing, "the row of roles is gone: restore a copy"};
  }
  cbor::reader from(plain_.view());
  if (from.array() != members && !from.failed()) {
    return error{errc::newer_format, "roles are of a later version: update clientbook"};
  }
  given_ = number(from);
  role_table out = role_table::built_in();
  const std::size_t own = from.array();
  if (own > 1) from.fail(malformed.code, malformed.text);
  if (own == 1 && !from.failed()) {
    const auto next = read_table(from);
    if (!next) return next;
    out = *next;
    own_ = true;
  }
  const std::size_t parts = from.array();
  if (parts != 0 && parts != 4) from.fail(malformed.code, malformed.text);
  if (parts == 4 && !from.failed()) {
    role_proposal one{.number = given_};
    one.by.id = actor_id(number(from));
    one.by.role = static_cast<actor_role>(from.unsigned_integer());
    one.at.seconds = from.integer();
    const auto next = read_table(from);
    if (!next) return next;
    one.table = *next;
    proposal_ = one;
  }
  if (auto done = from.finish(); !done) return done.error();
  return out;
}

void role_store::take(const role_table& next) noexcept {
  if (next == table_) return;
  table_ = next;
  ++generation_;
}

result<void> role_store::follow() {
  const std::uint32_t version = core_.row().roles;
  if (version == read_) return {};
  read_ = unread;
  given_ = 0;
  own_ = false;
  proposal_.reset();
  const auto next = version == 0 ? result<role_table>(role_table::built_in()) : read(version);
  // What cannot be read permits nothing.
  take(next ? *next : role_table());
  if (!next) {
    proposal_.reset();
    return next.error();
  }
  read_ = version;
  return {};
}

result<void> role_store::write() {
  const std::vector<std::byte> own = encode(table_);
  const std::vector<std::byte> next =
      proposal_ ? encode(proposal_->table) : std::vector<std::byte>();
  std::vector<std::byte> out(64 + own.size() + next.size());
  cbor::writer to(out);
  to.array(members);
  to.unsigned_integer(given_);
  to.array(own_ ? 1 : 0);
  if (own_) to.bytes(own);
  to.array(proposal_ ? 4 : 0);
  if (proposal_) {
    to.unsigned_integer(proposal_->by.id.value);
    to.unsigned_integer(static_cast<std::uint64_t>(proposal_->by.role));
    to.integer(proposal_->at.seconds);
    to.bytes(next);
  }
  const auto bytes = to.finish();
  if (!bytes) return bytes.error();
  const std::uint32_t version = core_.row().roles + 1;
  if (auto put = core_.put_value(key_of(core_), place_of(version), *bytes); !put) return put;
  core_.edit_row().roles = version;
  read_ = version;
  return {};
}

result<std::uint32_t> role_store::propose(const role_table& next, const actor& by, timestamp at) {
  if (auto good = check_role_table(next); !good) return good.error();
  if (next == table_) return error{errc::already_exists, "the book follows this table of roles"};
  proposal_ = role_proposal{.number = given_ + 1, .by = by, .at = at, .table = next};
  ++given_;
  if (auto put = write(); !put) return put.error();
  return given_;
}

// A number is one person, whatever role they act in.
result<crypto::digest> role_store::approve(std::uint32_t number, const actor& by, timestamp at) {
  if (!proposal_ || proposal_->number != number) {
    return error{errc::not_found, "no proposal of that number waits", number};
  }
  const std::int64_t ago = at.seconds - proposal_->at.seconds;
  if (ago < 0 || ago > role_proposal_lasts_seconds) {
    return error{errc::invalid_state, "the proposal is too old: make it again", number};
  }
  const bool alone = proposal_->by.role == actor_role::owner && by.role == actor_role::owner &&
                     ago >= owner_waits_seconds;
  if (proposal_->by.id == by.id && !alone) {
    return error{errc::second_person_required,
                 "somebody else approves it, of an owner alone a day later", number};
  }
  take(proposal_->table);
  own_ = !(table_ == role_table::built_in());
  proposal_.reset();
  if (auto put = write(); !put) return put.error();
  crypto::hasher hasher;
  return hasher.update(as_bytes("clientbook roles")).update(encode(table_)).finish();
}

}  // namespace clientbook
