// The law profile that a book follows, in the store: every profile it ever followed or was asked
// to follow, whose signatures it trusts, and what one person has proposed and no second one has
// approved yet.
#ifndef CLIENTBOOK_BOOK_POLICY_STORE_HPP
#define CLIENTBOOK_BOOK_POLICY_STORE_HPP

#include <clientbook/book/session.hpp>
#include <clientbook/consent/compiled_state.hpp>
#include <clientbook/consent/profile_file.hpp>

#include <memory>
#include <optional>
#include <vector>

#include <clientbook/internal/vault/book_core.hpp>

namespace clientbook {

class policy_store {
 public:
  explicit policy_store(book_core& core) noexcept : core_(core) {}

  /// The first profile of a new book, signed by the book itself. Precondition: inside a change.
  result<void> create(const law_profile& first);
  /// Takes notice of what the core sees now; true if another policy than before is in force.
  result<bool> follow();
  /// A change was rolled back: what it made is not there.
  void forget() noexcept;
  /// A change was committed.
  void keep() noexcept { before_change_.reset(); }

  /// Precondition of these: follow().
  const law_profile& profile() const noexcept { return in_force_->law; }
  /// The same, for as long as it is held.
  std::shared_ptr<const law_profile> shared_profile() const noexcept {
    return {in_force_, &in_force_->law};
  }
  /// By lawful_basis: purposes that rested on it under a profile that was proposed before the one
  /// in force.
  const std::array<purpose_set, 8>& once_based() const noexcept { return once_based_; }
  std::span<const crypto::verifying_key> trusted_keys() const noexcept { return trusted_; }
  const std::optional<policy_proposal>& proposal() const noexcept { return proposal_; }

  /// Reads a signed profile that this book may be asked to follow. The law lives as long as what
  /// is returned. Errors: signature_invalid, already_exists (it is in force; another of that id
  /// and version was kept), as decode_profile().
  struct held_profile {
    std::vector<std::byte> file;
    profile_room room;
    law_profile law;
    crypto::digest digest{};
  };
  result<std::unique_ptr<held_profile>> admit(byte_view file);

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
  void read_former_bases();
  /// What was kept under a number, into `plain_`. Errors: row_missing.
  result<byte_view> item(std::uint32_t number);
  result<void> put_item(std::uint32_t number, byte_view content);
  result<void> check_key(policy_kind kind, byte_view key) const;

  book_core& core_;
  std::uint32_t version_ = 0;  // of the policy row that was read; 0: none
  std::uint32_t items_ = 0;
  std::uint32_t in_force_number_ = 0;
  std::shared_ptr<const held_profile> in_force_;
  std::shared_ptr<const held_profile> before_change_;  // what held before the change under way
  std::uint32_t in_force_read_ = 0;
  std::array<purpose_set, 8> once_based_{};
  std::vector<crypto::verifying_key> trusted_;
  std::optional<policy_proposal> proposal_;
  private_bytes plain_;
};

}  // namespace clientbook

#endif
