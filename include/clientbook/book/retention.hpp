// What has outlived its purposes, what goes at its end, and what keeps it: erasures, retention
// runs, legal holds. docs/retention.md is the how-to.
//
// Thread safety: every type here is a value.
#ifndef CLIENTBOOK_BOOK_RETENTION_HPP
#define CLIENTBOOK_BOOK_RETENTION_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/book/mentions.hpp>
#include <clientbook/book/recovery.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

enum class erasure_reason : std::uint8_t {
  subject_request = 1,  ///< GDPR Art. 17(1)(b), (c); CPRA 1798.105
  retention_end = 2,
  unlawful = 3,
  other = 4,
};

/// A record that a law has the shop keep behind an erasure (retained.hpp).
struct retained_name {
  customer_id id{};
  purpose_id purpose{};
  date until{};  ///< The last day.
};

/// What an erasure leaves: evidence without identity, signed with the book's key.
/// From when to when somebody was one customer with another (merge.hpp).
struct time_together {
  timestamp since{};
  timestamp until{};
};

struct erasure_receipt {
  std::uint64_t ledger_index = 0;
  std::uint64_t epoch_before = 0;
  std::uint64_t epoch_after = 0;
  timestamp at{};
  erasure_reason reason = erasure_reason::other;
  /// The last day on which an import asks about this person's ids, e-mails and phones; month 0:
  /// nothing of them is remembered.
  date remembered_until{0, 0, 0};
  field_set remembered_fields{};  ///< Of which of these; no word of the signature.
  /// The book's keyring mirrors, and which of them have followed: one that has not still opens the
  /// customer for whoever has the shares, until it is refreshed.
  std::vector<mirror_state> mirrors{};
  std::vector<retained_name> retained{};  ///< What a law has the shop keep, under ids of its own.
  /// Then they were one with somebody who is still there, under whose key copies of the book,
  /// backups and mirrors of that time open what was theirs: destroy these. No word of the
  /// signature.
  std::vector<time_together> copies_that_open{};
  crypto::signature signature{};
};

struct erasure {
  erasure_receipt receipt{};
  mention_report mentions{};  ///< In notes of others, as the options asked.
};

/// So many customers go in one transaction at most, so that it ends.
inline constexpr std::size_t max_erased_at_once = 1000;

/// Fields of a customer of which no purpose that they are kept for permits anything any more.
struct retention_due {
  customer_id customer{};
  field_set fields{};
};

/// What becomes of what a retention run finds due. Append, never renumber.
enum class retention_fate : std::uint8_t {
  erased = 1,        ///< The customer: nothing of them may be kept.
  removed = 2,       ///< These fields.
  held = 3,          ///< It stays: a legal hold or an open case other than of records names them.
  requested = 4,     ///< A request of theirs has not ended.
  kept_by_law = 5,   ///< A law of the book has the shop keep these fields.
  in_items = 6,      ///< Purchases, notes: none of them goes without the customer.
  no_case = 7,       ///< This role erases only customers of an open case of records.
  damaged = 8,       ///< Nobody knows what is due: see verify().
  law_ended = 9,     ///< A retained record whose last day is over: its key is destroyed.
  merge_ended = 10,  ///< What was before somebody became a part: they cannot be taken out any more.
};

struct retention_item {
  customer_id customer{};
  field_set fields{};  ///< None of who is damaged.
  retention_fate fate = retention_fate::damaged;
};

enum class retention_mode : std::uint8_t {
  run,
  only_tell,  ///< What would go, and what would stay: nothing is changed.
};

struct retention_run {
  retention_mode mode = retention_mode::run;
  std::uint32_t most = 50;  ///< Customers of whom something goes, 1 to max_erased_at_once.
  std::uint64_t from = 0;   ///< retention_outcome::next of the last call; 0: the beginning.
  std::uint8_t remembered_months = 24;  ///< As erasure_options: of who is erased.
};

struct retention_outcome {
  std::vector<retention_item> items{};
  std::vector<erasure_receipt> receipts{};  ///< Of those who were erased, in this order.
  std::uint64_t next = 0;                   ///< Where the next call goes on; 0: all were looked at.
};

inline constexpr std::size_t max_holds = 16;       ///< On one customer.
inline constexpr std::size_t max_hold_text = 255;  ///< Bytes of each text.

/// Why a customer is to stay as they are, though nothing else keeps them: a claim to come, an order
/// of an authority (GDPR 17(3)(b), (e)). Texts are one line; they are sealed with the customer.
struct new_hold {
  std::string_view reason{};
  std::string_view reference{};  ///< Number of the case, there or elsewhere; may be empty.
  timestamp until{};             ///< 0: until it is lifted.
};

struct legal_hold {
  std::uint32_t number = 0;
  std::string reason{};
  std::string reference{};
  actor_id placed_by{};
  timestamp placed_at{};
  timestamp until{};  ///< Not included; 0: until it is lifted.
  friend bool operator==(const legal_hold&, const legal_hold&) = default;
};
[[nodiscard]] constexpr bool in_force(const legal_hold& one, timestamp now) noexcept {
  return one.until == timestamp{} || now < one.until;
}

struct held_customer {
  customer_id customer{};
  legal_hold hold{};
};

}  // namespace clientbook

#endif
