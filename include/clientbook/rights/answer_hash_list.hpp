// Answers a list of hashes from outside: whom it is about, what is done with them, and a status for
// every row, in the words of California's DROP (Delete Request and Opt-out Platform).
//
// A file of DROP is CSV with the header `ID,Hash`: a work item's id of 12 letters and digits, and
// 44 characters of Base64. What is told of it is `Id,Status` in the same order: 2 exempted (there
// is a match, and nothing of theirs may be deleted), 3 deleted, 4 opted out of sale and sharing
// (several people share the identifier), 5 not found. docs/rights.md says who may ask and what it
// does to the book.
//
// Thread safety: as the session; reading and writing files are pure functions.
#ifndef CLIENTBOOK_RIGHTS_ANSWER_HASH_LIST_HPP
#define CLIENTBOOK_RIGHTS_ANSWER_HASH_LIST_HPP

#include <clientbook/base/callback_ref.hpp>
#include <clientbook/book/hash_list.hpp>
#include <clientbook/book/session.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clientbook {

/// A list is answered anew at least so often (Civil Code 1798.99.86(c)(1)).
inline constexpr int hash_list_days = 45;

using work_item_id = std::array<char, 12>;

/// One file.
struct hash_list {
  hash_list_kind kind = hash_list_kind::email;
  std::vector<work_item_id, wiping_allocator<work_item_id>> ids{};
  std::vector<list_hash, wiping_allocator<list_hash>> hashes{};  ///< As many.
};

/// Errors, `at` the line and nothing of it quoted: invalid_encoding (the header, a row without two
/// cells, an id or a hash that is none), already_exists (an id that stands in an earlier row),
/// unsupported (a file of removed identifiers asks for nothing), limit_exceeded.
result<hash_list> read_hash_list(std::string_view csv, hash_list_kind kind);
/// Of a file's name as DROP gives it: `20260312_4821_Email.csv`, `..._Phone_part01.csv`, `NDZ`.
/// `Removed` anywhere in it is a file of removed identifiers.
/// Errors: unknown_field (it says none), unsupported (a list of what no book holds: MAID, NameVIN,
/// CTVID; a file of removed identifiers).
result<hash_list_kind> kind_of_hash_list(std::string_view file_name);

enum class hash_list_work : std::uint8_t {
  look,     ///< Nothing is changed: what would be told.
  opt_out,  ///< Whoever is on it is opted out of sale and sharing; nobody is erased.
  erase,    ///< Who alone has an identifier is erased, the others are opted out.
};
[[nodiscard]] std::string_view name_of(hash_list_work work) noexcept;

/// Those of DROP, and one of our own.
enum class list_status : std::uint8_t {
  waiting = 0,  ///< Recipients are to be told, or the customer's request to be answered, first.
  exempted = 2,
  deleted = 3,
  opted_out = 4,
  not_found = 5,
};

struct hash_list_options {
  hash_list_work work = hash_list_work::look;
  /// Those who have got the data of who is erased were told to delete it.
  bool recipients_told = false;
  law_kept_records law_kept = law_kept_records::refuse;
  std::uint8_t law_kept_years = 0;  ///< With law_kept_records::apart, as erasure_options.
  /// Called once before the first erasure, with the ids of the rows that will be told as deleted:
  /// whoever keeps them until the statuses are out can answer for who is gone, whatever ends the
  /// program. An error: nobody is erased.
  callback_ref<result<void>(std::span<const work_item_id>)> about_to_erase{};
  /// What an earlier run of this list, that did not come to its end, was told so: of these who is
  /// not found now is deleted.
  std::span<const work_item_id> begun{};
};

struct hash_list_answer {
  std::vector<list_status> statuses{};    ///< Of every row of every list, in their order.
  std::uint64_t customers = 0;            ///< Whom any row is about.
  std::uint64_t erased = 0;               ///< By this call,
  std::uint64_t opted_out = 0;            ///< and opted out.
  std::vector<std::uint32_t> requests{};  ///< Erasures that wait until recipients were told,
  std::vector<std::pair<std::string, std::uint64_t>> recipients{};  ///< whom, of how many.
  /// Of who would be erased: requests of access or portability that have no answer, which nobody
  /// can give once they are gone. Until then nobody is erased.
  std::vector<std::uint32_t> unanswered{};

  std::uint64_t count(list_status status) const noexcept;
};

/// Answers lists in one pass over the book. Each erasure is a request (request.hpp: by an agent,
/// with the work item as its reference), so that recipients are told first, what a law has the shop
/// keep stays, and a receipt remains. While recipients of anybody are to be told, or a request of
/// access of theirs is to be answered, nobody is erased: a list that is run again finds nobody whom
/// it has erased. Who had an identifier together with somebody who was erased by a list gets a
/// request that says so and is refused, and is not erased for that identifier later: whose request
/// it was nobody knows. Once no row waits the day is noted,
/// for reminders. Who is held, or erased by somebody else, since they were found is exempted, or
/// told as deleted. What was done before an error is in `out`, and stays done. Not inside begin()
/// ... commit(). Errors: invalid_argument (no list, no row), those of session::match_hash_list(),
/// open_request(), erase() and record().
result<void> answer_hash_lists(session& in, std::span<const hash_list> lists,
                               const hash_list_options& how, hash_list_answer& out);

/// `Id,Status`, with CR LF, of the rows from `first` on that are this list's. Precondition: none of
/// them waits.
wiped_text statuses_to_csv(const hash_list& list, std::span<const list_status> statuses);

/// All of it as JSON: `{"lists": [{"kind": "email", "text": "ID,Hash\r\n..."}], "work": "look" |
/// "opt_out" | "erase", "recipients_told": false, "law_kept": "elsewhere" | "apart" (with
/// "law_kept_years"), "begun": [ids]}`; `work` is `look` and the others may be left out. Gives
/// `{"work", "rows", "customers", "erased", "opted_out", "statuses": {"exempted", "deleted",
/// "opted_out", "not_found", "waiting"}, "lists": [{"kind", "statuses": "Id,Status\r\n..."}],
/// "requests", "unanswered", "recipients": [{"recipient", "customers"}], "again_by"}`; texts of statuses are
/// there once something was done and no row waits, "again_by" then too. What was done before an
/// error is told, with "stopped" ({"error", "text"}). "deleted_rows", the ids of rows whose status
/// is 3, or with `look` would be: kept before an erasure they are what `begun` is after one that
/// was cut off. Errors: also those of reading JSON; `where` is then a pointer.
result<wiped_text> answer_hash_lists_json(std::string_view document, session& in,
                                          std::string& where);

/// What is due, a line for people; empty: nothing. Of a book that never answered one nothing is.
[[nodiscard]] std::vector<std::string> hash_list_reminders(const book_figures& figures,
                                                           timestamp now);

}  // namespace clientbook

#endif
