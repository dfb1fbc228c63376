// What a controller has to say after a breach: whom it concerns and with which data, whom to tell
// by when, what nobody can know, and a draft of the letter to the people (GDPR 33 and 34;
// California Civil Code 1798.82).
//
// The facts are session::breach()'s (breach.hpp). Deadlines are those of the law profiles, counted
// from when the shop learnt of it. Whether a risk is likely, and so who has to be told at all, is
// for people to decide; docs/breach.md says what to look at.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_RIGHTS_BREACH_REPORT_HPP
#define CLIENTBOOK_RIGHTS_BREACH_REPORT_HPP

#include <clientbook/book/session.hpp>
#include <clientbook/consent/explanation.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

/// What one law of the book says, and of how many people.
struct breach_deadline {
  std::string law{};   ///< Name of the profile.
  std::string rule{};  ///< "GDPR 33(1)"; empty: the profile names no deadline.
  timestamp by{};      ///< 0: it names none.
  std::uint64_t certain = 0;
  std::uint64_t possible = 0;
};

struct breach_report {
  breach_query asked{};
  breach_scope scope{};
  std::vector<breached> customers{};         ///< By id.
  std::vector<breach_deadline> deadlines{};  ///< Of each law of the book, in its order.
};

/// `aware`: when the shop learnt of it, 0: now. Errors: those of session::breach(), invalid_value
/// (a time behind now).
result<breach_report> report_breach(session& in, const breach_query& what, timestamp aware = {});

/// Opens cases of breaches that name those whom it concerns, as many as it takes, so that they can
/// be reached under breach_notification: their numbers. Of more than case_of_one_person a second
/// person confirms each. All or none. Errors: missing_field (nobody is named), already_exists (an
/// open case of a breach has that reference; `at`: its number), those of session::open_case().
result<std::vector<std::uint32_t>> open_breach_cases(session& in, const breach_report& report,
                                                     std::string_view reference);

/// Views live as long as the call.
struct breach_letter {
  language speech = language::en;
  std::string_view shop{};  ///< Name and address of who keeps the book.
  std::string_view
      contact{};  ///< Where people ask; of the data protection officer, if there is one.
};
/// A draft, first line the subject. What only the shop knows stands in square brackets, to be
/// filled in (GDPR 34(2)). `one`: to this person, else to all of them; no name stands in it.
result<wiped_text> make_breach_letter(const breach_report& report, const breached* one,
                                      const schema& fields, const breach_letter& how);

/// All of it as JSON: `{"actor": 7}`, `{"recipient": "Parcels Ltd"}` or `{"copy": "data" | "book" |
/// "backup" | "recovery"}`, with "since", "until", "key_at", "aware" (a day, or an instant in UTC),
/// "case" (a reference: opens cases) and "letter" ({"language", "shop", "contact"}), which may be
/// left out; gives `{"source", "opens", "certain", "possible", "sealed", "fields": [{"field",
/// "certain", "possible", "masked", "sensitive"}], "unknown": [{"what", "at_most", "says"}],
/// "deadlines": [{"law", "rule", "by", "certain", "possible"}], "customers": [{"customer",
/// "surely", "certain", "possible", "masked", "laws", "first", "last"}], "cases": [4], "letter":
/// "..."}`. Errors: also those of reading JSON; `where` is then a pointer.
result<wiped_text> breach_report_json(std::string_view document, session& in, std::string& where);

/// In words, for people: "people who were erased since may have stood in the copy".
[[nodiscard]] std::string_view sentence_of(unknown_kind what) noexcept;

}  // namespace clientbook

#endif
