// Requests: what a customer asks for by right, from the letter to the answer.
//
// A request has a number, is about one customer, opens the case of rights by which it is answered
// and closes it with its own end. By when it is answered says the law of the customer
// (deadline.hpp): of several laws the earliest day. Nothing is given out, changed or erased for a
// request before somebody has written down how they know that it is the customer's.
//
// What was said (reference, how the identity was checked, reasons, which fields were corrected) is
// sealed under the customer's key. When the customer is erased, what remains is number, kind,
// channel, days, state, the deadline with its law, the entry of the ledger, and who is to be told
// of which fields and what stays of them until when, without whose.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_REQUEST_HPP
#define CLIENTBOOK_BOOK_REQUEST_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/consent/deadline.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

inline constexpr std::size_t max_open_requests = 4096;
inline constexpr std::size_t max_request_text = 255;  ///< Bytes of each text.
inline constexpr std::size_t max_request_recipients = 256;

/// Stored, all of them: append, never renumber.
enum class request_kind : std::uint8_t {
  access = 1,         ///< GDPR 15; CPRA 1798.110
  portability = 2,    ///< GDPR 20
  rectification = 3,  ///< GDPR 16; CPRA 1798.106
  restriction = 4,    ///< GDPR 18; CPRA 1798.121
  objection = 5,      ///< GDPR 21; CPRA 1798.120
  erasure = 6,        ///< GDPR 17; CPRA 1798.105
};
enum class request_state : std::uint8_t {
  waiting_for_identity = 1,  ///< Nobody has written down yet how they know who asks.
  open = 2,
  extended = 3,  ///< Open, with the later day.
  done = 4,      ///< What was asked for is done; the answer is to be sent, recipients to be told.
  closed = 5,
  refused = 6,
  withdrawn = 7,
  customer_erased = 8,  ///< For another reason than this request, while it was open.
};
enum class request_channel : std::uint8_t { mail = 1, letter = 2, shop = 3, phone = 4, agent = 5 };
/// How far a recipient of data was told (GDPR 19).
enum class told_state : std::uint8_t {
  to_tell = 1,
  told = 2,
  confirmed = 3,   ///< They have said that it is done.
  impossible = 4,  ///< Nobody is there any more, or the effort is out of all proportion.
};
/// What a recipient is asked to do.
enum class recipient_duty : std::uint8_t {
  none = 0,
  correct = 1,
  restrict_ = 2,
  stop = 3,
  erase = 4
};

/// Text about a person, wiped when it is given back.
using request_text = std::basic_string<char, std::char_traits<char>, wiping_allocator<char>>;

/// Somebody who has got data of the customer, once.
struct request_recipient {
  std::string name{};  ///< Legal name, as the ledger has it.
  recipient_id party_class{};
  field_set fields{};  ///< What they have got, and it is about.
  told_state state = told_state::to_tell;
  date on{0, 0, 0};  ///< When the state changed last; month 0: never.
  /// The entry of the ledger that says the state. Whoever gets data behind it is to be told again.
  std::optional<std::uint64_t> told_by{};
  /// The newest entry of the ledger by which it has got something; nothing: not known.
  std::optional<std::uint64_t> given_by{};
  /// When it says, signed by its key, that it was done; month 0: no acknowledgement is there.
  date acknowledged{0, 0, 0};
  crypto::digest acknowledgement{};  ///< BLAKE2b-256 of the signed note.
};

/// Where something lies that an erasure has left.
enum class stay_place : std::uint8_t {
  apart = 1,       ///< In a record of its own (retained.hpp).
  elsewhere = 2,   ///< Outside of the book, in the shop's accounts: so somebody has said.
  remembered = 3,  ///< As keyed hashes, so that no import brings the customer back unasked.
};
/// What stays of a customer whose erasure was asked for: what of, not whose.
struct request_stay {
  stay_place place{};
  purpose_id purpose{};  ///< What the law has it kept for; 0: of what is remembered.
  field_set fields{};
  date until{0, 0, 0};  ///< The last day; month 0: the book does not know it.
};

/// What lies under the customer's key. Empty once the customer is erased.
struct request_words {
  request_text reference{};  ///< Where the letter lies.
  request_text identity{};   ///< How it was checked who asks.
  request_text extension{};  ///< Why it takes longer.
  request_text reason{};     ///< Of a refusal.
  field_set before{};  ///< Of a rectification: of the fields it was about those that were held
  field_set after{};   ///< before, and after.
};

struct request_record {
  std::uint32_t number = 0;
  request_kind kind = request_kind::access;
  request_state state = request_state::waiting_for_identity;
  request_channel channel = request_channel::mail;
  customer_id customer{};         ///< All zero: erased since.
  std::uint32_t case_number = 0;  ///< 0 then.
  date received{};
  timestamp opened_at{};
  actor_id opened_by{};
  request_deadlines due{};    ///< Without its law, which is
  std::string law{};          ///< what `answer` rests on.
  timestamp confirmed_at{};   ///< That it came in was confirmed to who asks; 0: not yet.
  timestamp identified_at{};  ///< 0: not yet,
  actor_id identified_by{};   ///< and by whom.
  timestamp extended_at{};    ///< 0: it was not.
  timestamp done_at{};        ///< 0: not yet.
  actor_id done_by{};
  std::optional<std::uint64_t> ledger_index{};  ///< Of what was given out, or of the erasure.
  timestamp ended_at{};                         ///< Closed, refused, withdrawn.
  actor_id ended_by{};
  timestamp listed_at{};  ///< When the recipients were listed; 0: not yet.
  std::vector<request_recipient> recipients{};
  std::vector<request_stay> stays{};  ///< Of an erasure that is done.
  /// Filled in by session::request(), which tells of one customer; not by session::requests().
  request_words words{};

  /// The last day for the answer.
  const date& answer_by() const noexcept {
    return extended_at == timestamp{} ? due.answer : due.extended;
  }
};

/// Views live as long as the call.
struct new_request {
  request_kind kind = request_kind::access;
  date received{};
  request_channel channel = request_channel::mail;
  std::string_view reference{};  ///< One line; empty: none.
  std::string_view identity{};   ///< How it was checked who asks, one line; empty: not yet.
  end_of_period end = end_of_period::as_counted;
};

/// What was done for a request.
struct request_outcome {
  std::optional<std::uint64_t> ledger_index{};
  field_set before{};
  field_set after{};
};

/// Whether something is still to be done for the customer.
[[nodiscard]] constexpr bool is_open(request_state state) noexcept {
  return state <= request_state::extended;
}
/// Whether it has come to its end.
[[nodiscard]] constexpr bool has_ended(request_state state) noexcept {
  return state >= request_state::closed;
}
/// What recipients are asked to do after a request of that kind.
[[nodiscard]] recipient_duty duty_after(request_kind kind) noexcept;

/// As in files: "waiting_for_identity". Empty if there is no such value.
[[nodiscard]] std::string_view name_of(request_kind kind) noexcept;
[[nodiscard]] std::string_view name_of(request_state state) noexcept;
[[nodiscard]] std::string_view name_of(request_channel channel) noexcept;
[[nodiscard]] std::string_view name_of(told_state state) noexcept;
[[nodiscard]] std::string_view name_of(recipient_duty duty) noexcept;
[[nodiscard]] std::string_view name_of(stay_place place) noexcept;
/// Errors: unknown_field.
[[nodiscard]] result<request_kind> find_request_kind(std::string_view name) noexcept;
[[nodiscard]] result<request_channel> find_request_channel(std::string_view name) noexcept;
[[nodiscard]] result<told_state> find_told_state(std::string_view name) noexcept;

}  // namespace clientbook

#endif
