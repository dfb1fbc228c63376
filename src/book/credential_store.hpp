// Who has which credential, what takes one, and who has tried with a wrong one: one sealed row, its
// version in the book row, so that no revocation is undone by putting an older row back.
//
// Who confirms is never who enrolled, nor whose it is; of who is alone a day later. What keeps the
// book from shutting everybody out is asked of each change before it is written.
#ifndef CLIENTBOOK_BOOK_CREDENTIAL_STORE_HPP
#define CLIENTBOOK_BOOK_CREDENTIAL_STORE_HPP

#include <clientbook/book/credential.hpp>
#include <clientbook/book/role_table.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "versioned_row.hpp"
#include "wrong_proofs.hpp"

namespace clientbook {

class credential_store {
 public:
  explicit credential_store(book_core& core) noexcept
      : core_(core),
        row_(core, {.table = storage::table::credentials,
                    .version = &book_row::credentials,
                    .key = "clientbook credentials",
                    .gone = "the row of credentials is gone: restore a copy"}) {}

  /// Who does something, and what they have proven; 0: nothing.
  struct doer {
    actor who{};
    std::uint32_t credential = 0;
    timestamp at{};
  };

  /// Numbers that were given before something takes a credential, and when that was.
  struct numbers {
    timestamp at{};
    std::uint32_t roles = 0;
    std::uint32_t policy = 0;
    std::uint32_t cases = 0;
  };

  /// Takes notice of what the core sees now. Errors: those of the store, row_missing, newer_format,
  /// invalid_encoding; then nobody has a credential, and everybody needs one.
  result<void> follow();
  // What followed last.
  credential_use use() const noexcept { return now_.use; }
  credential_settings settings() const;
  /// What was begun up to there was begun without a credential. Zeros: nothing takes one.
  const numbers& before() const noexcept { return now_.before; }
  /// Whether another table of roles leaves somebody who enrols. Errors: invalid_state.
  result<void> guarded_under(const role_table& roles) const { return check_guarded(now_, roles); }
  std::span<const credential_record> all() const noexcept { return now_.all; }
  const credential_record* find(std::uint32_t number) const noexcept;
  const credential_record* find(const crypto::verifying_key& key) const noexcept;
  bool has_any(actor_id whose) const noexcept {
    return std::ranges::find(now_.all, whose, &credential_record::whose) != now_.all.end();
  }
  /// Whether somebody who may set budgets and approve has one in force at that time: as long as
  /// nobody has, and nothing takes one, an officer enrols by a number.
  bool any_who_enrols(const role_table& roles, timestamp at) const noexcept;
  /// Whether a credential of theirs was revoked or ended since then: what they have begun may be of
  /// whoever had it.
  bool ended_since(actor_id whose, timestamp begun, timestamp at) const noexcept;
  /// Whether somebody but them may do it and has a credential, or had one within the last week.
  bool somebody_else(actor_id than, action what, const role_table& roles,
                     timestamp at) const noexcept {
    return somebody_else_could(now_, than, than, what, roles, at);
  }
  /// Whether two people have had one: from then on somebody confirms each.
  bool begun() const noexcept { return now_.begun; }
  credential_terms terms() const;
  /// How many seconds until a proof of this actor is taken again; 0: it is taken now. `more`: wrong
  /// ones that are not written down yet.
  std::int64_t shut_for(actor_id who, std::uint32_t more, timestamp at) const noexcept;

  // Precondition of what follows: inside a change, follow(). A refusal leaves all as it is, and is
  // told from a failure of the store by is_refusal().

  /// Returns its number. Errors: already_exists (this key is somebody's, or was), limit_exceeded,
  /// invalid_state (nobody who enrols has one yet, and this is not of such).
  result<std::uint32_t> enrol(const new_credential& what, const doer& by, const role_table& roles);
  /// Errors: not_found, invalid_state (it is in force, revoked, too old), second_person_required.
  result<void> confirm(std::uint32_t number, const doer& by, const role_table& roles);
  /// Errors: not_found, invalid_state (it is; nobody would be left who enrols).
  result<void> revoke(std::uint32_t number, const doer& by, const role_table& roles);
  /// Errors: not_found, invalid_state, second_person_required.
  result<void> renew(std::uint32_t number, std::uint32_t days, const doer& by,
                     const role_table& roles);
  /// Another key for one that is in force. Errors: already_exists, limit_exceeded.
  result<void> change(std::uint32_t number, const credential_key& next);
  /// Returns the number of the proposal. Errors: already_exists, invalid_state.
  result<std::uint32_t> propose_use(credential_use wanted, const doer& by, const role_table& roles);
  /// Errors: not_found, invalid_state, second_person_required.
  result<crypto::digest> approve_use(std::uint32_t number, const doer& by, const role_table& roles,
                                     const numbers& given);
  /// Of none it takes notice of the time alone: what was counted of a time to come counts from now.
  result<void> count_wrong(actor_id who, std::uint32_t more, timestamp at);
  /// Whether proofs of this actor were counted of a time that is still to come, and not met yet.
  bool is_of_time_to_come(actor_id who, timestamp at) const noexcept;
  /// What an entry of the ledger about one commits to. Precondition: there is such a one.
  crypto::digest digest_of(std::uint32_t number) const;
  static bool is_refusal(errc code) noexcept;
  void forget() noexcept { row_.forget(); }

 private:
  struct wrong {
    actor_id who{};
    wrong_proofs proofs{};
  };
  struct former_key {
    std::uint32_t number = 0;
    crypto::verifying_key key{};
  };
  struct content {
    std::uint32_t given = 0;
    bool begun = false;
    crypto::stretch_cost cost = credential_terms().cost;
    credential_use use = credential_use::none;
    timestamp since{};
    numbers before{};
    std::uint32_t uses_given = 0;
    std::optional<credential_use_proposal> proposed{};
    std::vector<credential_record> all{};
    std::vector<wrong> wrongs{};
    std::vector<former_key> former{};
  };

  static result<content> read(byte_view bytes);
  result<void> write(content next);
  /// Errors: invalid_state. Nothing takes one, or somebody can enrol who has one without an end.
  static result<void> check_guarded(const content& next, const role_table& roles);
  /// Whose key this is, or was. 0: nobody's.
  static std::uint32_t taken(const content& in, const crypto::verifying_key& key) noexcept;
  /// Whether somebody but these two may do it and has one, or had one within the last week.
  static bool somebody_else_could(const content& in, actor_id one, actor_id other, action what,
                                  const role_table& roles, timestamp at) noexcept;

  book_core& core_;
  versioned_row row_;
  content now_;
};

/// Whether it opens anything at that time.
[[nodiscard]] inline bool holds(const credential_record& one, timestamp at) noexcept {
  return one.state == credential_state::in_force && (one.until == timestamp{} || at < one.until);
}

}  // namespace clientbook

#endif
