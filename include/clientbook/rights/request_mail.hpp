// Mails about a request to the customer, in the languages of the page.
//
// Plain text, first line the subject. It names no customer: who sends it puts their name in. It
// tells what an erasure has left, until when where that is known, and which recipients were told,
// cannot be told, or are still to be told. What
// it says of days and reasons is the request's; a lawyer has not verified the words.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_RIGHTS_REQUEST_MAIL_HPP
#define CLIENTBOOK_RIGHTS_REQUEST_MAIL_HPP

#include <clientbook/book/request.hpp>
#include <clientbook/book/session.hpp>
#include <clientbook/consent/explanation.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace clientbook {

enum class request_mail_kind : std::uint8_t {
  by_state,      ///< What the state asks for: the first one below that fits.
  refusal,       ///< Refused: why, and where to complain (GDPR 12(4)).
  answer,        ///< Done or closed.
  extension,     ///< Extended: until when, and why (GDPR 12(3)).
  confirmation,  ///< Open: number, kind, until when, and whether something is missing.
};

/// Views live as long as the call.
struct request_mail_options {
  language speech = language::en;
  request_mail_kind kind = request_mail_kind::by_state;
  std::string_view shop{};     ///< Name and address of who keeps the book.
  std::string_view contact{};  ///< Where the customer writes to.
  /// The day on which it is written; month 0: no day has passed by which something was promised.
  date today{0, 0, 0};
  /// What fields are called that are told to stay; null: the shop's own have no name.
  const schema* fields = nullptr;
};

/// Errors: invalid_state (the request is not where such a mail is written: withdrawn, or not
/// refused, done, extended).
result<wiped_text> make_request_mail(const request_record& of, const request_mail_options& options);

/// The same of a request of the book: `{"language", "kind": "extension", "shop", "contact"}`, each
/// of which may be left out. Errors: those of session::find_request() and of reading JSON; `where`
/// is then a pointer.
result<wiped_text> request_mail_json(std::string_view document, session& in, std::uint32_t number,
                                     std::string& where);

}  // namespace clientbook

#endif
