// Entries of the ledger: what is in the tree in clear, and what is sealed beside it.
//
// The leaf shows an auditor what was done when, for which purpose and to which class of
// recipient, and nothing about whom. The payload says whom and what. A leaf commits to its
// payload with a fresh blinding key that only the payload holds, so that once the payload
// is gone, nobody can guess it from the leaf. docs/format/ledger.md has the bytes.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_LEDGER_DISCLOSURE_ENTRY_HPP
#define CLIENTBOOK_LEDGER_DISCLOSURE_ENTRY_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/secret.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/ledger/merkle.hpp>
#include <clientbook/model/schema.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace clientbook {

/// Stored: append, never renumber.
enum class ledger_event : std::uint8_t {
  disclosure = 1,   ///< Data of one customer left the book, or was read under a purpose.
  data_export = 2,  ///< Data of many left.
  consent_given = 3,
  consent_withdrawn = 4,
  erasure = 5,
  key_rotation = 6,
  restore = 7,
  break_glass = 8,  ///< Access outside the rules, for a stated emergency.
  refusal = 9,      ///< A disclosure was asked for and denied.
  data_import = 10,
  policy_change = 11,
  correction = 12,      ///< What is kept of one customer was rewritten.
  reversal = 13,        ///< A token was turned back.
  not_delivered = 14,   ///< What an earlier entry says did not get out.
  jurisdiction = 15,    ///< Where a customer lives was said.
  portfolio = 16,       ///< Whose customer they are was said.
  alarm = 17,           ///< One was raised (book/alarm.hpp).
  request = 18,         ///< What a customer asks for by right has come in or has come further.
  recipient_told = 19,  ///< A recipient was told of a request, or has answered.
  legal_hold = 20,      ///< One was placed on a customer, or lifted (book/retention.hpp).
  onward = 21,          ///< A recipient has said to whom it passed something on (book/onward.hpp).
  merge = 22,           ///< Two customers were made one (book/merge.hpp),
  unmerge = 23,         ///< and two again.
  pruning = 24,         ///< The oldest entries were taken out (book/pruning.hpp).
  epoch = 25,           ///< A key came into force that seals what is behind it (book/epoch.hpp).
};
[[nodiscard]] bool is_known(ledger_event type) noexcept;

namespace ledger {

/// A keyed hash that stands for an actor or a subject.
using tag = crypto::blind_index_token;

/// The leaf. Codes without a meaning for the event are 0.
struct disclosure_entry {
  ledger_event type = ledger_event::disclosure;
  date day{1970, 1, 1};  ///< UTC; the exact time is in the payload.
  entry_id id{};         ///< Random.
  purpose_id purpose{};
  std::uint8_t legal_basis = 0;         ///< Code of the consent vocabulary.
  recipient_id recipient_class{};       ///< Never a single recipient.
  tag actor{};                          ///< actor_tag()
  std::uint32_t count = 0;              ///< Rows touched, where it is no secret: erasure, import.
  hash commitment{};                    ///< commit(payload)
  std::uint8_t format = newest_format;  ///< 1: the payload's seal does not bind the whole entry.

  static constexpr std::uint8_t newest_format = 2;
};

inline constexpr std::size_t max_entry = 512;   ///< Of any format.
inline constexpr std::size_t entry_bytes = 87;  ///< Of formats 1 and 2.

/// Errors: invalid_value (unknown type or format, impossible day), buffer_too_small (`at`).
result<byte_view> encode_entry(const disclosure_entry& entry, byte_span out) noexcept;

/// Errors: truncated, invalid_encoding, invalid_value, newer_format, limit_exceeded; `at` is
/// the byte offset.
result<disclosure_entry> decode_entry(byte_view bytes) noexcept;

/// A field that was given away.
struct disclosed_field {
  field_id field{};
  record_version version{};  ///< Of the record; of item fields, the last item's number.
  redaction_operator redaction = redaction_operator::none;  ///< What the recipient got of it.
};

/// Of an onward step: what a recipient has said.
struct onward_words {
  std::string_view from{};     ///< Who passed it on; at most 255 bytes of UTF-8, not empty.
  std::string_view contact{};  ///< Where the further recipient is reached; at most 255 bytes.
  std::optional<date> on{};    ///< When.
};

/// What is sealed beside the tree.
struct disclosure_payload {
  timestamp at{};
  customer_id customer{};
  recipient_id party{};          ///< The recipient's number in the book's registry; 0: none.
  std::string_view recipient{};  ///< The recipient's name then; at most 255 bytes of UTF-8.
  std::span<const disclosed_field> fields{};  ///< At most 64, numbers strictly ascending.
  actor_id actor{};
  std::uint64_t sequence = 0;  ///< Of this subject's entries, from 1, without gaps.
  std::optional<std::uint64_t>
      previous{};  ///< Index of the subject's entry before; not the first's.
  std::optional<directive_id> directive{};  ///< The consent event concerned, if one is.
  std::optional<std::uint64_t> about{};     ///< Index of the entry that did not get out.
  secret<32> blinding{};                    ///< Fresh for every payload.
  std::optional<timestamp> until{};         ///< Until when the recipient may keep it.
  std::optional<onward_words> passed{};     ///< Of an onward step, and of nothing else.
};

inline constexpr std::size_t max_payload = 2048;

/// Deterministic CBOR. Errors: invalid_value (fields not ascending, sequence 0, `previous`
/// not where it must be), limit_exceeded, invalid_encoding (recipient not UTF-8),
/// buffer_too_small (`at`: bytes needed).
result<byte_view> encode_payload(const disclosure_payload& payload, byte_span out) noexcept;

/// Reads only what encode_payload() can write. Views lie in `bytes` and `room`, which must
/// hold 64 fields. Errors: truncated, invalid_encoding, wrong_type, invalid_value,
/// missing_field, limit_exceeded, buffer_too_small (`room`).
result<disclosure_payload> decode_payload(byte_view bytes,
                                          std::span<disclosed_field> room) noexcept;

/// Keyed BLAKE2b-256 over the encoded payload.
[[nodiscard]] hash commit(const secret<32>& blinding, byte_view payload) noexcept;

/// Reads the payload of an entry and checks that it is the one: commitment and day.
/// Errors: as decode_payload, proof_invalid.
result<disclosure_payload> open_payload(const disclosure_entry& entry, byte_view payload,
                                        std::span<disclosed_field> room) noexcept;

/// What the payload's seal is bound to: origin and all of the entry, so that nothing that the
/// entry says can be changed without the payload's key. Of format 1: origin, entry id, commitment.
[[nodiscard]] crypto::digest payload_binding(std::string_view origin,
                                             const disclosure_entry& entry) noexcept;

/// Stands for the actor as long as the key lives.
[[nodiscard]] tag actor_tag(const secret<32>& key, actor_id actor) noexcept;

/// Finds a subject's entries: one tag for each, under a key that only the subject's lead to.
[[nodiscard]] tag subject_tag(const secret<32>& key, std::uint64_t sequence) noexcept;

}  // namespace ledger
}  // namespace clientbook

#endif
