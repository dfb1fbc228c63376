// The law of a book: profiles with their signatures, the keys that it trusts, proposals and
// approvals.
//
// A book judges by the profile that it keeps and not by that of the program, so an update of the
// library changes no decision. What was decided under an id and a version stays what it was: the
// same id and version with other bytes is refused.
#include "policy_store.hpp"

#include <clientbook/internal/model/cbor.hpp>

#include <algorithm>

namespace clientbook {
namespace {

using storage::key;
using storage::table;

// 2: with further profiles in force; written only where there are any.
constexpr std::uint64_t newest_format = 2;

book_core::place policy_place(std::uint32_t version) noexcept {
  return {.key = key(table::policy).add(std::uint32_t{0}),
          .table = table::policy,
          .customer = own_number,
          .version = record_version(version)};
}

book_core::place item_place(std::uint32_t number) noexcept {
  return {.key = key(table::policy).add(number),
          .table = table::policy,
          .customer = own_number,
          .record = number};
}

template <class Integer>
Integer number(cbor::reader& from) noexcept {
  const std::uint64_t value = from.unsigned_integer();
  if (value > std::uint64_t{Integer(-1)}) {
    from.fail(errc::invalid_value, "a number of the book's policy is out of range");
  }
  return static_cast<Integer>(value);
}

bool is_profile(policy_kind kind) noexcept {
  return kind == policy_kind::profile || kind == policy_kind::add_profile;
}

constexpr error taken{errc::already_exists,
                      "another profile has this id and version: give it the next version"};
constexpr error not_there{errc::not_found, "no such proposal: it was approved or replaced"};

result<std::unique_ptr<policy_store::held_profile>> hold(byte_view file) {
  auto out = std::make_unique<policy_store::held_profile>();
  out->file.assign(file.begin(), file.end());
  const auto opened = open_signed_profile(out->file);
  if (!opened) return opened.error();
  const auto law = decode_profile(opened->canonical, out->room);
  if (!law) return law.error();
  out->law = *law;
  out->digest = profile_digest(opened->canonical);
  return out;
}

}  // namespace

result<std::vector<std::byte>> policy_store::signed_by_book(const law_profile& law) const {
  std::vector<std::byte> canonical(max_profile_bytes);
  const auto bytes = encode_profile(law, canonical);
  if (!bytes) return bytes.error();
  std::vector<std::byte> room(max_signed_profile_bytes);
  const auto file = sign_profile(*bytes, crypto::signing_key(core_.keys().signing_seed), room);
  if (!file) return file.error();
  return std::vector<std::byte>(file->begin(), file->end());
}

result<void> policy_store::create(std::span<const law_profile* const> first) {
  for (const law_profile* law : first) {
    const auto file = signed_by_book(*law);
    if (!file) return file.error();
    in_force_numbers_.push_back(++items_);
    in_force_since_.push_back(0);
    if (auto put = put_item(items_, *file); !put) return put;
  }
  return write();
}

result<bool> policy_store::follow() {
  if (version_ == core_.row().policy) return false;
  if (auto done = read(); !done) return done.error();
  if (in_force_read_ == in_force_numbers_) return false;
  if (auto done = read_profiles(); !done) return done.error();
  return true;
}

result<void> policy_store::read_profiles() {
  std::vector<std::shared_ptr<const held_profile>> fresh;
  for (const std::uint32_t number : in_force_numbers_) {
    const auto file = item(number);
    if (!file) return file.error();
    auto held = hold(*file);
    if (!held) return held.error();
    fresh.push_back(std::move(*held));
  }
  if (core_.changing() && before_change_.empty()) before_change_ = std::move(in_force_);
  in_force_ = std::move(fresh);
  read_former_bases();
  in_force_read_ = in_force_numbers_;
  return {};
}

const policy_store::held_profile* policy_store::find(profile_id law) const noexcept {
  for (const auto& one : in_force_) {
    if (one->law.id == law) return one.get();
  }
  return nullptr;
}

std::array<purpose_set, 8> policy_store::once_based(profile_id law) const noexcept {
  for (std::size_t i = 0; i < once_based_.size() && i < in_force_.size(); ++i) {
    if (in_force_[i]->law.id == law) return once_based_[i];
  }
  return {};
}

// Of all profiles before, also of those that nobody approved: which of them was in force once is
// not written down, and what a basis too many does is to let an objection reach further. One that
// cannot be read any more, which verify() tells, may have based anything. A law beside which
// another holds was not before it.
void policy_store::read_former_bases() {
  once_based_.assign(in_force_.size(), {});
  for (std::size_t law = 0; law < in_force_.size(); ++law) {
    auto& once = once_based_[law];
    for (std::uint32_t i = 1; i < in_force_numbers_[law]; ++i) {
      const auto kept = item(i);
      if (kept && kept->size() == sizeof(crypto::verifying_key)) continue;
      const auto held = kept ? hold(*kept) : kept.error();
      if (!held) {
        once.fill(all_purposes());
        break;
      }
      const profile_id its = (*held)->law.id;
      if (its != in_force_[law]->law.id && find(its) != nullptr) continue;
      const auto based = purposes_by_basis((*held)->law);
      for (std::size_t basis = 0; basis < based.size(); ++basis) once[basis] |= based[basis];
    }
  }
}

void policy_store::forget() noexcept {
  version_ = 0;
  in_force_read_.clear();
  if (!before_change_.empty()) in_force_ = std::move(before_change_);
  before_change_.clear();
}

result<void> policy_store::read() {
  const std::uint32_t version = core_.row().policy;
  if (auto got = core_.get_value(core_.keys().rows, policy_place(version), plain_); !got) {
    if (got.error().code != errc::not_found) return got;
    return error{errc::row_missing, "the book's policy is gone: restore a copy"};
  }
  cbor::reader from(plain_.view());
  const std::size_t members = from.array();
  const std::uint64_t written = from.unsigned_integer();
  if (!from.failed() && written > newest_format) {
    return error{errc::newer_format, "the book's policy is of a newer format: update clientbook"};
  }
  if (members != 4 + written || written == 0) {
    from.fail(errc::invalid_encoding, "a policy has five members, or six");
  }
  items_ = number<std::uint32_t>(from);
  in_force_numbers_ = {number<std::uint32_t>(from)};
  in_force_since_ = {0};
  if (written == 2) {
    const std::size_t further = from.array();
    if (further == 0 || further >= max_laws) {
      from.fail(errc::invalid_encoding, "a policy has further profiles where it says so");
    }
    for (std::size_t i = 0; i < further && !from.failed(); ++i) {
      if (from.array() != 2) from.fail(errc::invalid_encoding, "a profile has number and version");
      in_force_numbers_.push_back(number<std::uint32_t>(from));
      in_force_since_.push_back(number<std::uint32_t>(from));
    }
  }
  trusted_.clear();
  for (std::size_t left = from.array(); left > 0 && !from.failed(); --left) {
    const byte_view bytes = from.bytes();
    if (bytes.size() != sizeof(crypto::verifying_key)) {
      from.fail(errc::invalid_value, "a key of the book's policy has another size");
      break;
    }
    copy_bytes(trusted_.emplace_back(), bytes);
  }
  proposal_.reset();
  if (from.next() == cbor::kind::simple) {
    from.null();
  } else {
    if (from.array() != 4) from.fail(errc::invalid_encoding, "a proposal has four members");
    policy_proposal& one = proposal_.emplace();
    one.number = number<std::uint32_t>(from);
    one.kind = static_cast<policy_kind>(number<std::uint8_t>(from));
    one.proposer = actor_id(number<std::uint32_t>(from));
    one.at.seconds = from.integer();
  }
  if (const auto whole = from.finish(); !whole) return whole.error();
  if (proposal_) {
    const auto content = item(proposal_->number);
    if (!content) return content.error();
    proposal_->content.assign(content->begin(), content->end());
  }
  version_ = version;
  return {};
}

result<void> policy_store::write() {
  std::vector<std::byte> room(1024);
  cbor::writer to(room);
  const bool several = in_force_numbers_.size() > 1;
  to.array(several ? 6 : 5);
  to.unsigned_integer(several ? 2 : 1);
  to.unsigned_integer(items_);
  to.unsigned_integer(in_force_numbers_.front());
  if (several) {
    to.array(in_force_numbers_.size() - 1);
    for (std::size_t i = 1; i < in_force_numbers_.size(); ++i) {
      to.array(2);
      to.unsigned_integer(in_force_numbers_[i]);
      to.unsigned_integer(in_force_since_[i]);
    }
  }
  to.array(trusted_.size());
  for (const crypto::verifying_key& one : trusted_) to.bytes(one);
  if (proposal_) {
    to.array(4);
    to.unsigned_integer(proposal_->number);
    to.unsigned_integer(static_cast<std::uint64_t>(proposal_->kind));
    to.unsigned_integer(proposal_->proposer.value);
    to.integer(proposal_->at.seconds);
  } else {
    to.null();
  }
  const auto bytes = to.finish();
  if (!bytes) return bytes.error();
  const std::uint32_t version = core_.row().policy + 1;
  if (auto put = core_.put_value(core_.keys().rows, policy_place(version), *bytes); !put) {
    return put;
  }
  core_.edit_row().policy = version;
  return {};
}

result<byte_view> policy_store::item(std::uint32_t number) {
  if (auto got = core_.get_value(core_.keys().rows, item_place(number), plain_); !got) {
    if (got.error().code != errc::not_found) return got.error();
    return error{errc::row_missing, "a law profile of the book is gone: restore a copy", number};
  }
  return plain_.view();
}

result<void> policy_store::put_item(std::uint32_t number, byte_view content) {
  return core_.put_value(core_.keys().rows, item_place(number), content);
}

// One profile takes the place of the one of its name; where there is a single one, of whichever.
result<void> policy_store::check_place(policy_kind how, const held_profile& next) const {
  for (const auto& one : in_force_) {
    if (one->digest == next.digest) {
      return error{errc::already_exists, "the book follows this profile already"};
    }
  }
  const bool there = find(next.law.id) != nullptr;
  if (how == policy_kind::add_profile) {
    if (there) {
      return error{errc::already_exists,
                   "the book follows a profile of this name: propose it in its place"};
    }
    if (in_force_.size() == max_laws) {
      return error{errc::limit_exceeded, "a book follows at most 8 profiles", max_laws};
    }
  } else if (!there && in_force_.size() > 1) {
    return error{errc::not_found,
                 "the book follows several profiles and none of this name: propose to add it"};
  }
  return {};
}

result<std::unique_ptr<policy_store::held_profile>> policy_store::admit(policy_kind how,
                                                                        byte_view file) {
  const auto opened = open_signed_profile(file);
  if (!opened) return opened.error();
  // What the book has signed itself is a profile of the library that it was made with or runs on.
  std::vector<crypto::verifying_key> signers(trusted_.begin(), trusted_.end());
  signers.push_back(crypto::signing_key(core_.keys().signing_seed).public_key());
  if (auto good = check_profile_signature(*opened, signers); !good) return good.error();
  auto next = hold(file);
  if (!next) return next;
  // What was decided under an id and a version stays what it was.
  if (const auto built_in = find_profile((*next)->law.id);
      built_in && (*built_in)->version == (*next)->law.version) {
    std::vector<std::byte> room(max_profile_bytes);
    const auto canonical = encode_profile(**built_in, room);
    if (!canonical) return canonical.error();
    if (profile_digest(*canonical) != (*next)->digest) return taken;
  }
  for (std::uint32_t i = 1; i <= items_; ++i) {
    const auto kept = item(i);
    if (!kept) return kept.error();
    const auto other = hold(*kept);
    if (!other) continue;  // A key.
    const bool same =
        (*other)->law.id == (*next)->law.id && (*other)->law.version == (*next)->law.version;
    if (same && (*other)->digest != (*next)->digest) return taken;
  }
  if (auto good = check_place(how, **next); !good) return good.error();
  return next;
}

result<void> policy_store::check_key(policy_kind kind, byte_view key) const {
  const bool known = kind == policy_kind::trust_key || kind == policy_kind::distrust_key;
  if (!known || key.size() != sizeof(crypto::verifying_key)) {
    return error{errc::invalid_argument, "want a key of 32 bytes, to be trusted or no longer"};
  }
  const bool there = std::any_of(trusted_.begin(), trusted_.end(),
                                 [&](const auto& one) { return same_bytes(one, key); });
  if (kind == policy_kind::distrust_key) {
    if (!there) return error{errc::not_found, "the book does not trust this key"};
    return {};
  }
  if (there) return error{errc::already_exists, "the book trusts this key already"};
  if (trusted_.size() == max_keys) {
    return error{errc::limit_exceeded, "a book trusts at most 16 keys", max_keys};
  }
  return {};
}

result<std::uint32_t> policy_store::propose(policy_kind kind, byte_view content, const actor_id& by,
                                            timestamp at) {
  if (proposal_ && proposal_->kind == kind && same_bytes(proposal_->content, content)) {
    return error{errc::already_exists, "this is proposed already: somebody else approves it",
                 proposal_->number};
  }
  if (is_profile(kind)) {
    if (auto good = admit(kind, content); !good) return good.error();
  } else if (auto good = check_key(kind, content); !good) {
    return good.error();
  }
  const std::uint32_t next = items_ + 1;
  if (auto put = put_item(next, content); !put) return put.error();
  items_ = next;
  proposal_ = policy_proposal{.number = next, .kind = kind, .proposer = by, .at = at};
  if (auto written = write(); !written) return written.error();
  if (auto seen = follow(); !seen) return seen.error();
  return next;
}

result<crypto::digest> policy_store::approve(std::uint32_t number, const actor_id& by) {
  if (!proposal_ || proposal_->number != number) return not_there;
  if (proposal_->proposer == by) {
    return error{errc::second_person_required, "whoever proposed it may not approve it"};
  }
  const policy_proposal what = *proposal_;
  crypto::digest digest = crypto::hash(what.content);
  if (is_profile(what.kind)) {
    // Its signature was checked when it was proposed, and no key has lost the book's trust since:
    // that would have taken this proposal's place.
    const auto next = hold(what.content);
    if (!next) return next.error();
    digest = (*next)->digest;
    if (what.kind == policy_kind::add_profile) {
      in_force_numbers_.push_back(number);
      in_force_since_.push_back(core_.row().policy + 1);
    } else {
      std::size_t place = 0;
      while (in_force_.size() > 1 && in_force_[place]->law.id != (*next)->law.id) ++place;
      in_force_numbers_[place] = number;
    }
  } else {
    if (auto good = check_key(what.kind, what.content); !good) return good.error();
    crypto::verifying_key key{};
    copy_bytes(key, what.content);
    if (what.kind == policy_kind::trust_key) {
      trusted_.push_back(key);
    } else {
      std::erase(trusted_, key);
    }
  }
  proposal_.reset();
  if (auto written = write(); !written) return written.error();
  return digest;
}

result<void> policy_store::verify() {
  for (std::uint32_t i = 1; i <= items_; ++i) {
    const auto kept = item(i);
    if (!kept) return kept.error();
    if (kept->size() == sizeof(crypto::verifying_key)) continue;
    if (const auto held = hold(*kept); !held) return held.error();
  }
  return {};
}

}  // namespace clientbook
