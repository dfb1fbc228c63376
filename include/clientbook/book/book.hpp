// Book: one store of customers, open in this process.
//
// A book is a store (backend.hpp) and a root cell (root_cell.hpp): without the cell's key the
// store is noise. Everything is done through a session, by an actor.
//
// Thread safety: a book may be shared between threads; each thread takes a session of its own.
// After fork() the child opens the book anew.
#ifndef CLIENTBOOK_BOOK_BOOK_HPP
#define CLIENTBOOK_BOOK_BOOK_HPP

#include <clientbook/book/actor.hpp>
#include <clientbook/book/audit.hpp>
#include <clientbook/book/recovery.hpp>
#include <clientbook/book/session.hpp>
#include <clientbook/consent/profile.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/crypto/root_cell.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/vault/backend.hpp>
#include <clientbook/vault/mirror_place.hpp>
#include <clientbook/vault/pin_store.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace clientbook {

struct book_options {
  /// Where the time comes from; nothing: the system clock.
  clock_source clock{};
  /// How long a book may lie untouched: a clock further ahead than that of the newest time that the
  /// book has seen is wrong until somebody confirms it. 0: as far as it likes.
  std::uint32_t longest_pause_days = 62;
  /// Obligations that the host application fulfils in all that it does with what it is given
  /// (encryption for the recipient, notices, an opt-out in each mail). No call brings its own, and
  /// a review by a person is never promised beforehand.
  obligation_set discharges{};
  /// Nodes of the key tree that each session keeps opened in locked memory; some 1.6 KiB and
  /// up to 16 customers each. 0: 2,048.
  std::size_t key_cache_nodes = 0;
  /// At how many customers a question (find, find_by_..., list_customers) looks one by one at most,
  /// since no index says anything of them; one that would look at more is refused (limit_exceeded).
  /// 0: at all of them.
  std::uint64_t most_scanned = 0;
  /// How keyring mirrors are reached; nobody: they count as out of reach. open_book() knows
  /// folders.
  std::shared_ptr<mirror_opener> mirrors{};
  /// Where the book's newest state is written down outside the store; nobody: an old copy of the
  /// same epoch is not known for one. open_book() keeps it beside the root key.
  std::shared_ptr<pin_store> pin{};
  /// Whom an alarm is told (alarm.hpp); nobody: session::alarms() alone says it.
  alarm_listener on_alarm{};
  /// Whom everything is told that the host may want in a log (audit.hpp); nobody: nothing is.
  audit_listener on_event{};
};

struct new_book {
  /// Fields that customers have: the built-in ones, plus the shop's own.
  schema fields = standard_schema();
  /// The law profile that decisions follow, one of the built-in ones; policy.hpp says how a book
  /// comes to follow another. Needed: no law is a shop's by accident.
  profile_id profile{};
  /// Further ones, for customers who live elsewhere: session::move() says who. Until that is known
  /// of somebody, what all of them permit is permitted. At most 8 in all.
  std::vector<profile_id> further_profiles{};
  /// What the shop keeps data for, where a call names no purpose; kept with the book. Empty:
  /// usual_collection().
  purpose_set purposes{};
  /// Nothing: AES-256-GCM where this machine has it, else ChaCha20-Poly1305. All machines
  /// that open the book must have the suite.
  std::optional<crypto::suite> suite{};
};

/// What a book is restored from.
struct restore_parts {
  mirror_place mirror{};
  std::span<const crypto::share> shares{};
  /// A full backup, and perhaps one that builds on it, in any order.
  std::span<const backup_source> backups{};
  callback_ref<void(std::uint64_t done)> progress{};
  std::string_view
      mirror_path{};  ///< The restored book follows it from then on; empty: it does not.
};

/// Formats of a book before and after an upgrade; equal if there was nothing to do.
struct upgrade_outcome {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
};

class book {
 public:
  /// Writes a new book into an empty store; the cell must hold no key.
  /// Errors: invalid_argument (no law profile was chosen, or one twice, or too many; a purpose
  /// there is not), not_found (there is none of that number), already_exists, unsupported,
  /// randomness_failed; those of store and cell.
  static result<book> create(std::shared_ptr<backend> store, std::shared_ptr<root_cell> cell,
                             const new_book& what, const book_options& options = {});

  /// Writes a book of an older format in the newest one; does nothing to one that is. Other
  /// handles of an older version of this library are refused from then on (newer_format). Whole or
  /// not at all. Errors: as open().
  static result<upgrade_outcome> upgrade(std::shared_ptr<backend> store,
                                         std::shared_ptr<root_cell> cell,
                                         const book_options& options = {});

  /// Takes the book as it is although its pin is of a later state, or damaged, or another book's:
  /// an old copy that somebody has put there on purpose. The ledger says so (event restore), and
  /// the pin is set to it. What was done since is lost, withdrawals too. Returns the book's pin of
  /// now. Errors: role_denied, invalid_argument (actor 0), unsupported (no pin is kept); as open().
  static result<book_pin> accept_pin(std::shared_ptr<backend> store,
                                     std::shared_ptr<root_cell> cell, const actor& who,
                                     const book_options& options);

  /// Writes the book that was lost into an empty store, under a new root key; the cell must hold no
  /// key. Whoever was erased is not in it, whatever a backup has. Whole or not at all.
  /// Errors: role_denied; invalid_argument (too few shares, or one twice, `at`: which; a backup
  /// that builds on another alone), version_mismatch (shares, backups or mirror of different books
  /// or keys), wrong_key (shares of another recovery key than the mirror's), truncated,
  /// authentication_failed (`at`: the piece of the backup), not_a_book (no mirror, no backup),
  /// newer_format, already_exists; those of store and cell.
  static result<restore_outcome> restore(std::shared_ptr<backend> store,
                                         std::shared_ptr<root_cell> cell, const restore_parts& from,
                                         const actor& who, const book_options& options = {});

  /// Errors: not_a_book, newer_format, older_format (upgrade() first; `at`: its format),
  /// unsupported, key_unavailable, wrong_key, version_mismatch (a copy from before an erasure:
  /// nothing opens it any more), rolled_back (its pin is of a later state: an old copy), damaged;
  /// those of the pin.
  static result<book> open(std::shared_ptr<backend> store, std::shared_ptr<root_cell> cell,
                           const book_options& options = {});

  /// Errors: invalid_argument (actor 0), role_denied (no such role), rolled_back,
  /// credential_required (while every session takes one); those of store and pin.
  result<session> begin_session(const actor& who) const;

  /// Draws what a proof signs; good for challenge_lasts_seconds, once, in this process. Errors: as
  /// begin_session(), but credential_required.
  result<credential_challenge> challenge(const actor& who) const;
  /// Errors: credential_invalid (not the actor's, of another role, used, too old, revoked, not
  /// confirmed yet), credential_expired, role_denied (it may not act in that role), limit_exceeded
  /// (most_wrong_proofs of this actor within wrong_proofs_last_seconds; `at`: seconds until one is
  /// taken again).
  result<session> begin_session(const actor& who, const credential_proof& proof) const;
  /// challenge(), prove() and begin_session() in one. Errors: theirs.
  result<session> begin_session(const actor& who, const credential_secret& secret) const;
  /// Another session of the same actor, who has proven what that one has. Errors: those of its next
  /// call.
  result<session> begin_session_like(const session& other) const;

 private:
  friend struct book_access;
  struct shared;
  explicit book(std::shared_ptr<const shared> state) noexcept;
  std::shared_ptr<const shared> state_;
};

}  // namespace clientbook

#endif
