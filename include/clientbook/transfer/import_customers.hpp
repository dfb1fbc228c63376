// Import of customers: what a column map reads out of files becomes customers of a book, with
// their purchases, notes and consents.
//
// All or nothing: one transaction. The files are read and checked first (import_set), so that
// what can go wrong here is what only the book can tell: an id that somebody has, a consent that
// the law does not admit, a field without a basis. Members of a household who are customers
// themselves are linked in a second pass, once all of them are there.
//
// Not inside begin() ... commit() of the session: the import begins and commits its own.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_TRANSFER_IMPORT_CUSTOMERS_HPP
#define CLIENTBOOK_TRANSFER_IMPORT_CUSTOMERS_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>
#include <clientbook/exchange/column_map.hpp>
#include <clientbook/exchange/map_proposal.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

/// What was being done when something went wrong.
enum class import_step : std::uint8_t {
  files,       ///< Reading and checking them; nothing is written yet.
  begin,       ///< Beginning the transaction.
  customer,    ///< Writing one customer, or a row of theirs.
  rules,       ///< A consent that names a kind, a channel or a notice there is not.
  households,  ///< Linking members that are customers.
  commit,
};

/// Something that was wrong, and where: never a value.
struct customer_import_problem {
  import_step step = import_step::files;
  error what{};          ///< `at` is not used; see `line`.
  bool skipped = false;  ///< The row was left out and the import went on.
  /// Nothing was wrong, but it may not be what somebody meant (import_report::remarks).
  bool remark = false;
  std::string_view file{};         ///< As the map names it; empty if none.
  std::uint64_t line = 0;          ///< From 1; 0 if it is about all of the file.
  std::size_t column = 0;          ///< From 1; 0 if it is about all of the row.
  std::string_view column_name{};  ///< As the map spells it; empty if unknown.
};

/// `customers.csv, line 3, column 2 (mail)`
std::string place_of(const customer_import_problem& problem);

/// What became of a customer whom the book had. Never a value.
struct customer_import_change {
  std::uint64_t line = 0;  ///< In the customers file.
  field_set added{};
  field_set updated{};
  field_set conflicts{};  ///< Changed in the book and in the file: the book's stay.
};

/// A new customer who may be somebody who was there, or whom another row made.
struct customer_import_duplicate {
  std::uint64_t line = 0;        ///< In the customers file.
  std::uint64_t other_line = 0;  ///< Of a row of this import; 0: they were in the book before.
  duplicate_pair pair{};
};

/// What an import tells while it runs; views live until the call returns.
struct customer_import_listener {
  void* context = nullptr;
  /// Each row that is left out, and at last what stopped the import. Null: nobody listens.
  void (*problem)(void* context, const customer_import_problem& what) = nullptr;
  /// Once the files are read, and after each customer: how many were looked at, of how many.
  void (*progress)(void* context, std::uint64_t done, std::uint64_t total) = nullptr;
  /// Each customer whom the book had and of whom a field was added, updated or is in conflict.
  void (*changed)(void* context, const customer_import_change& what) = nullptr;
  /// Once all is kept: each new customer who may be there twice (duplicates.hpp), as far as the
  /// actor may be told.
  void (*duplicate)(void* context, const customer_import_duplicate& what) = nullptr;
};

enum class missing_basis : std::uint8_t {
  leave_out,  ///< A field that neither customer nor law permits to keep is left out, and counted.
  stop,       ///< The import stops with no_basis.
};

/// What becomes of somebody whose erasure the book remembers (session::remembered).
enum class remembered_person : std::uint8_t {
  leave_out,  ///< They are told, with key_erased, and not taken: who imports decides.
  take,       ///< They come in as a new customer.
};

/// What becomes of rows of customers whom the book has already: by their external id, and for add
/// and update, and where the file's ids are no customer's, else by e-mail, phone, or name and birth
/// date, where they lead to one customer whose name does not say that it is another, and who has no
/// other id of this system. Whoever a row is: its no to marketing by e-mail, message or call closes
/// its addresses or numbers for everybody who has them, these alone; each is told.
enum class known_customer : std::uint8_t {
  stop,  ///< A bad row.
  skip,  ///< They are left as they are, and counted.
  /// What the book lacks is added: fields, purchases of orders that it has not, notes, decisions.
  /// What it has stays, also where the file differs: somebody may have corrected it. A file that
  /// was imported already adds nothing.
  add,
  /// As add, and what a file brought is replaced by what it says now: merge_rule::renew. What
  /// somebody changed in the book stays, and a yes opens nothing.
  update,
};

/// What of the files is taken.
enum class import_content : std::uint8_t {
  everything,
  /// What is said of consent, of customers whom the book has. Of others who say no to e-mail that
  /// is remembered, until they are imported (session::remember_unsubscribed).
  consents,
};

/// Whether new customers are looked for among all who are there (session::duplicates()), once all
/// is kept. A trial keeps nobody and looks for nobody.
enum class import_duplicates : std::uint8_t { looked_for, not_looked_for };

struct customer_import_options {
  /// Why the fields are kept: each for one of these at least. Default: what the shop keeps data
  /// for.
  kept_purposes purposes{};
  /// Also what import_customers() of a folder does about rows that the files get wrong.
  bad_row on_bad_row = bad_row::stop;
  missing_basis on_missing_basis = missing_basis::leave_out;
  remembered_person on_remembered = remembered_person::leave_out;
  /// Ids of the files' rows (without their system), e-mail addresses or phone numbers (with `+`) of
  /// people who were erased and came back by their own will: they are taken, the others left. One
  /// that is nobody's who was erased is not_found.
  std::span<const std::string_view> came_back{};
  note_policy notes{};  ///< What becomes of card and identity numbers in notes.
  known_customer on_known = known_customer::stop;
  import_content content = import_content::everything;
  import_duplicates duplicates = import_duplicates::looked_for;
  /// Everything is read, judged and counted, each bad row told, and nothing is kept.
  bool dry_run = false;
  /// Title of the notice under which people said yes whose file names none but tells when. Empty:
  /// such a yes opens nothing, and is counted.
  std::string_view notice{};
  /// The day that the files are of, where a row tells none (`changed_at`): an update leaves what
  /// the book got of a later one. Nothing: they are of today.
  std::optional<date> as_of{};
};

/// Of how many customers a field was left out, and why: kept::why_left_out.
struct left_out_field {
  field_id field{};
  decision_code why = decision_code::none;
  std::uint64_t customers = 0;
};

struct customer_import_counts {
  std::uint64_t customers = 0;  ///< New ones.
  std::uint64_t known = 0;      ///< Those whom the book had,
  std::uint64_t matched = 0;    ///< of these, those found by something else than their id,
  std::uint64_t completed = 0;  ///< those to whom something was added,
  std::uint64_t updated = 0;    ///< those of whom a field was replaced,
  std::uint64_t changed = 0;    ///< those of whom anything was,
  std::uint64_t differing = 0;  ///< and fields that the file has otherwise: left as they were.
  std::uint64_t conflicts = 0;  ///< Of these, those of which the file says something new,
  std::uint64_t older = 0;      ///< and those that the book has of a later day.
  /// By field number, of known customers.
  std::array<std::uint64_t, max_fields> added_fields{}, updated_fields{}, kept_fields{};
  std::uint64_t not_widened = 0;          ///< Permissions that an update does not take.
  std::uint64_t repeated_directives = 0;  ///< They say what is in force already.
  std::uint64_t back_dated = 0;           ///< Permissions: something was said after them.
  std::uint64_t receipts = 0;
  std::uint64_t lines = 0;  ///< Of the receipts.
  std::uint64_t notes = 0;
  std::uint64_t directives = 0;
  std::uint64_t waiting = 0;        ///< Customers with a yes that waits (session::confirm()).
  std::uint64_t skipped = 0;        ///< Rows left out because they were wrong.
  std::uint64_t left_out_rows = 0;  ///< Rows of nobody: told as remarks.
  /// Orders that a file says were cancelled or given back: no purchases, told as remarks. One that
  /// the book got while it was a purchase stays.
  std::uint64_t undone_orders = 0;
  /// A yes that names no notice, or no time where the options name one: nothing was opened by it.
  std::uint64_t consents_without_notice = 0;
  /// By field number: customers of whom the field was left out for want of a basis.
  std::array<std::uint64_t, max_fields> left_out{};
  std::vector<left_out_field> left_out_why{};  ///< By field, then reason.
  /// Customers of whom nothing that names or reaches them may be kept, so that nothing was; the
  /// listener is told each, with no_basis.
  std::uint64_t not_kept = 0;
  std::uint64_t strangers = 0;     ///< Of import_content::consents: rows of who is no customer,
  std::uint64_t strangers_no = 0;  ///< and of these, those whose no is remembered.
  std::uint64_t remembered = 0;    ///< Left out, since the book remembers their erasure.
  std::uint64_t repeated_receipts = 0;  ///< Of orders that the customer had already.
  std::uint64_t duplicates = 0;         ///< Pairs of a new customer and who may be they;
  purpose_id duplicates_purpose{};      ///< under which they were looked for; 0: under none.
  bool duplicates_looked_for = false;   ///< all of them were, and as far as the actor may be told.
  /// Came in with the unsubscription that the book remembered, or got what it was remembered of.
  std::uint64_t unsubscribed = 0;
};

/// Imports what import_set::load() has read by that map.
/// Errors: those of session::put(), record(), append_purchase(), append_note(); unknown_notice (a
/// consent names a notice that the book does not hold); unknown_field (a consent rule). The
/// listener is told where. Nothing is imported then.
result<customer_import_counts> import_customers(session& into, const column_map& map,
                                                const import_set& set,
                                                const customer_import_options& options = {},
                                                const customer_import_listener& listener = {});

/// Reads the files of the map from a folder and imports them. Errors: also those of
/// import_set::load().
result<customer_import_counts> import_customers(session& into, const column_map& map,
                                                const std::string& folder,
                                                const customer_import_options& options = {},
                                                const customer_import_listener& listener = {});

/// What a table of customers says of consent, as the pages of other systems export it, by the map
/// that propose_column_map() makes of it; `system`: whose ids it has. The options' `content` is
/// consents. Errors: those of both calls; missing_field (nothing in it tells of consent).
result<customer_import_counts> import_consent_table(session& into, const std::string& file,
                                                    std::string_view system,
                                                    const customer_import_options& options = {},
                                                    const customer_import_listener& listener = {});

/// Proposes the map of a shop's own files (propose_column_map()) and imports by it, where nothing
/// in it is unsure: a known export, or a table that is wholly understood. Else nothing is imported,
/// and the map is to be looked at. `proposed` receives it; `where`, if given, which of the files
/// the proposal failed at. Errors: those of both calls; missing_field where `proposed` has
/// something that it is not sure of.
result<customer_import_counts> import_files(session& into, std::span<const std::string> paths,
                                            const map_request& request, map_proposal& proposed,
                                            const customer_import_options& options = {},
                                            const customer_import_listener& listener = {},
                                            std::size_t* where = nullptr);

struct vcard_source {
  std::string file{};
  std::string system = "vcard";  ///< Whose ids the cards' are.
  std::string region{};          ///< ISO 3166-1: whose phones have no country's code. Empty: none.
};

/// Reads a file of vCards and imports them. Errors: also those of import_set::load_vcards().
result<customer_import_counts> import_vcards(session& into, const vcard_source& from,
                                             const customer_import_options& options = {},
                                             const customer_import_listener& listener = {});

/// Imports the lines of JSON that export_customers() writes (export_form::json_lines), without
/// loss: all fields, those of the shop's own schema too, purchases and notes. Only which members of
/// a household are customers themselves is not: a book's own numbers mean nothing to another one;
/// they stay by their name, if they have one; and what was redacted when it was exported is not
/// taken, and told. A line in which nothing is left is told and left out.
/// Every line is read and checked before the first customer is kept. Errors: those of opening the
/// file; limit_exceeded (above 256 MiB), unsupported (no such lines), and of a bad row, told by its
/// line and the place within it; else as above.
result<customer_import_counts> import_json_lines(session& into, const std::string& file,
                                                 const customer_import_options& options = {},
                                                 const customer_import_listener& listener = {});

/// The same for other languages. `request`: {"map": text, "folder"}, {"json_lines": path},
/// {"files": [...], "system", "region", "year"} or {"vcards", "system", "region"}, and {"purposes":
/// [...], "skip_bad_rows": false, "known": "stop" | "skip" | "add" | "update", "dry_run": false,
/// "notice", "as_of": "2026-11-03"}; the answer: the counts, `skipped` and `remarks`, lists of
/// {"place", "why"}. `where` receives the member, or the file, line and column that stopped it.
/// Errors: those of both calls, of column_map::parse(), and of the request.
result<std::string> import_customers_json(std::string_view request, session& into,
                                          std::string& where);

}  // namespace clientbook

#endif
