// Answering a request: what its kind asks for, done with the calls that do it anyway, and written
// down with it.
//
//   access         the customer's page, and their data as JSON
//   portability    their data as JSON that tells its own schema, and as CSV
//   rectification  an edit; which fields, and who has got them
//   restriction    a directive of the customer that restricts
//   objection      one that objects
//   erasure        the erasure with its signed receipt
//
// Nothing of it is done before it is written down how somebody knows who asks
// (identity_unverified).
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_RIGHTS_ANSWER_REQUEST_HPP
#define CLIENTBOOK_RIGHTS_ANSWER_REQUEST_HPP

#include <clientbook/base/callback_ref.hpp>
#include <clientbook/book/session.hpp>
#include <clientbook/consent/explanation.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

/// What the customer gets.
struct request_file {
  std::string_view name{};  ///< "page.html", "data.json", "data.csv"
  wiped_text content{};
};

/// Views live as long as the call.
struct answer_options {
  language speech = language::en;  ///< Access: of the page,
  std::string_view shop{};         ///< and as customer_page_options.
  std::string_view contact{};
  /// Rectification: as edit_customer(); it replaces what is held, and keeps more where the shop has
  /// a basis alone. Or else which fields were corrected already, by hand, since the request came
  /// in.
  std::string_view edit{};
  field_set corrected{};
  /// Restriction and objection: of which purposes. Empty: a restriction is of all, an objection of
  /// direct marketing, which needs no reason (GDPR 21(2), (3)).
  purpose_set purposes{};
  /// Erasure: what the law has the shop keep, and notes of others.
  law_kept_records law_kept = law_kept_records::refuse;
  std::uint8_t law_kept_years = 0;  ///< With law_kept_records::apart, as erasure_options.
  mentions_at_erasure mentions = mentions_at_erasure::ignored;
};

struct request_answer {
  request_kind kind = request_kind::access;
  std::vector<request_file> files{};
  std::vector<std::uint64_t> ledger_entries{};  ///< One for each copy that was given out.
  field_set before{};                           ///< Rectification: held before,
  field_set after{};                            ///< and after.
  std::uint32_t directive = 0;                  ///< Its sequence; 0: none.
  std::optional<erasure> erased{};
  mentions_at_erasure mentions = mentions_at_erasure::ignored;  ///< As the options asked.
  std::vector<request_recipient> recipients{};  ///< Who is to be told, and is not yet.
};

/// What answer_request() asks of its options, before it does anything. Errors: invalid_argument
/// (one that is of another kind of request, and would not be heard; years without records that are
/// kept apart, or the other way round), missing_field (a rectification without `edit` and
/// `corrected`).
result<void> check_options(request_kind kind, const answer_options& options) noexcept;

/// Answers one. `deliver` gets the files, if there are any, before the request is done: where it
/// returns false the ledger is told that none got out, and the request stays open (not_delivered).
/// Not inside begin() ... commit(). Errors: those of session::request_done(), make_customer_page(),
/// hand_over(), edit_customer(), record() and erase(), and of check_options(); key_erased (the
/// customer is erased), kept_by_law (an objection to what a law has the shop do; `at`: the
/// purpose). `where`: as edit_customer().
result<request_answer> answer_request(session& in, std::uint32_t number,
                                      const answer_options& options,
                                      callback_ref<bool(std::span<const request_file>)> deliver,
                                      std::string& where);

}  // namespace clientbook

#endif
