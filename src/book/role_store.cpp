// The table of roles in the store (docs/format/book.md). A proposal is a whole table: what was
// proposed against an older one says all the same what holds then.
#include "role_store.hpp"

#include <clientbook/book/case.hpp>

namespace clientbook {
namespace {

constexpr std::size_t members = 3;
constexpr error malformed{errc::invalid_encoding,
                          "what the row of roles says is not as it must be"};

result<role_table> read_table(cbor::reader& from) {
  const byte_view bytes = from.bytes();
  if (from.failed()) return from.status().error();
  auto out = decode_role_table(bytes);
  if (!out) return out;
  if (auto good = check_role_table(*out); !good) return malformed;
  return out;
}

}  // namespace

result<role_table> role_store::read(byte_view bytes) {
  cbor::reader from(bytes);
  if (from.array() != members && !from.failed()) {
    return error{errc::newer_format, "roles are of a later version: update clientbook"};
  }
  given_ = read_number<std::uint32_t>(from, malformed);
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
    one.by.id = actor_id(read_number<std::uint32_t>(from, malformed));
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
  const auto followed = row_.follow([this](byte_view bytes) -> result<void> {
    given_ = 0;
    own_ = false;
    proposal_.reset();
    const auto next = bytes.empty() ? result<role_table>(role_table::built_in()) : read(bytes);
    if (!next) return next.error();
    take(*next);
    return {};
  });
  // What cannot be read permits nothing.
  if (!followed) {
    take(role_table());
    proposal_.reset();
  }
  return followed;
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
  return bytes ? row_.write(*bytes) : bytes.error();
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
