// The law profile that a book follows, in the store: every profile it ever followed or was asked
// to follow, whose signatures it trusts, and what one person has proposed and no second one has
// approved yet.
#ifndef CLIENTBOOK_BOOK_POLICY_STORE_HPP
#define CLIENTBOOK_BOOK_POLICY_STORE_HPP

#include <clientbook/book/policy.hpp>
#include <clientbook/consent/compiled_state.hpp>
#include <clientbook/consent/profile_file.hpp>

#include <memory>
#include <optional>
#include <vector>

#include <clientbook/internal/vault/book_core.hpp>
#include "customer_state.hpp"

namespace clientbook {

// Keeps the policy row (which items are in force, since when, what is proposed) and the items
// themselves, profiles and keys, each under a number that is given once and never written again.
// Written by create() with the book and by session_policy.cpp. After that nothing comes into
// force but by approve() of what another person has proposed, as it was proposed; a change that
// is rolled back leaves in force what was (forget()).
class policy_store {
 public:
  explicit policy_store(book_core& core) noexcept : core_(core) {}

  /// The profiles of a new book, signed by the book itself. Precondition: inside a change.
  result<void> create(std::span<const law_profile* const> first);
  /// Takes notice of what the core sees now; true if another policy than before is in force.
  result<bool> follow();
  /// A change was rolled back: what it made is not there.
  void forget() noexcept;
  /// A change was committed.
  void keep() noexcept { before_change_.clear(); }

  /// Precondition of these: follow().
  const law_profile& profile() const noexcept { return in_force_.front()->law; }
  /// All of them, the first one first.
  struct held_profile;
  std::span<const std::shared_ptr<const held_profile>> profiles() const noexcept {
    return in_force_;
  }
  /// By place in profiles(): since which version of the policy it holds, so that no word from
  /// before counts for it; of those of a new book 0.
  std::span<const std::uint32_t> since() const noexcept { return in_force_since_; }
  /// Null if none of this name is in force.
  const held_profile* find(profile_id law) const noexcept;
  /// By lawful_basis: purposes that rested on it under a profile that was proposed before this one
  /// came into force.
  std::array<purpose_set, 8> once_based(profile_id law) const noexcept;
  /// A profile as this book signs it for itself. Errors: as encode_profile().
  result<std::vector<std::byte>> signed_by_book(const law_profile& law) const;
  std::span<const crypto::verifying_key> trusted_keys() const noexcept { return trusted_; }
  std::uint32_t given() const noexcept { return items_; }  ///< The highest number of a proposal.
  const std::optional<policy_proposal>& proposal() const noexcept { return proposal_; }

  /// Reads a signed profile that this book may be asked to follow. The law lives as long as what
  /// is returned. `how`: in place of the one of its name (of a single one, whatever its name), or
  /// beside the others. Errors: signature_invalid, already_exists (it is in force; another of that
  /// id and version was kept), not_found (none to take the place of), limit_exceeded (max_laws), as
  /// decode_profile().
  struct held_profile {
    std::vector<std::byte> file;
    profile_room room;
    law_profile law;
    crypto::digest digest{};
  };
  result<std::unique_ptr<held_profile>> admit(policy_kind how, byte_view file);

  /// Keeps a proposal, in place of the one before. Precondition: inside a change.
  /// Errors: as admit() for profiles, already_exists, not_found, limit_exceeded for keys.
  result<std::uint32_t> propose(policy_kind kind, byte_view content, const actor_id& by,
                                timestamp at);
  /// Puts a proposal in force; returns the digest of its content. Precondition: inside a change.
  /// Errors: not_found, second_person_required, as propose().
  result<crypto::digest> approve(std::uint32_t number, const actor_id& by);

  /// Reads everything that was ever kept. Errors: row_missing, as decode_profile().
  result<void> verify();

 private:
  static constexpr std::size_t max_keys = 16;

  result<void> read();
  result<void> write();
  result<void> read_profiles();
  void read_former_bases();
  result<void> check_place(policy_kind how, const held_profile& next) const;
  /// What was kept under a number, into `plain_`. Errors: row_missing.
  result<byte_view> item(std::uint32_t number);
  result<void> put_item(std::uint32_t number, byte_view content);
  result<void> check_key(policy_kind kind, byte_view key) const;

  book_core& core_;
  std::uint32_t version_ = 0;  // of the policy row that was read; 0: none
  std::uint32_t items_ = 0;
  std::vector<std::uint32_t> in_force_numbers_;
  std::vector<std::uint32_t> in_force_since_;
  std::vector<std::shared_ptr<const held_profile>> in_force_;       // in the order of their numbers
  std::vector<std::shared_ptr<const held_profile>> before_change_;  // before the change under way
  std::vector<std::uint32_t> in_force_read_;
  std::vector<std::array<purpose_set, 8>> once_based_;
  std::vector<crypto::verifying_key> trusted_;
  std::optional<policy_proposal> proposal_;
  private_bytes plain_;
};

}  // namespace clientbook

#endif
