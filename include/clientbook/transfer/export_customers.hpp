// Export of customers: what a purpose permits to pass on to a named recipient, as files.
//
// Consent is decided per customer and field; everybody of whom something leaves has an entry in the
// ledger, durable before a byte is written. What did not get out (a full disk, a reader that went
// away) is said in the ledger afterwards, so that it names all that can have got out and no more; a
// process that is killed leaves an entry for what it was about to write.
//
// CSV is up to three tables, customers.csv, purchases.csv and notes.csv, and map.json, by which
// they are imported again without loss. Cells that a spreadsheet would run begin with an
// apostrophe, which that map takes off.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_TRANSFER_EXPORT_CUSTOMERS_HPP
#define CLIENTBOOK_TRANSFER_EXPORT_CUSTOMERS_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace clientbook {

enum class export_form : std::uint8_t {
  csv,         ///< Tables and their map; fields of the shop's own schema are not in them.
  one_csv,     ///< The table of customers alone, without purchases and notes.
  json_lines,  ///< An object a customer: all fields, purchases, notes.
  vcards,      ///< vCard 4.0: what an address book has.
};

/// Where the files go.
struct export_sink {
  void* context = nullptr;
  /// Returns how many bytes are out of the process' hands; fewer than all: no more will be.
  std::size_t (*write)(void* context, std::string_view file, std::string_view text) = nullptr;
  /// All was written: whether it is where it belongs. Null: it is, as soon as it is written; else
  /// nothing has got out before.
  bool (*finish)(void* context) = nullptr;
};

struct customer_export_options {
  disclosure_request request{};  ///< Fields that were not asked for are not passed on.
  export_form form = export_form::csv;
};

struct customer_export_counts {
  std::uint64_t customers = 0;  ///< Of the book,
  std::uint64_t exported = 0;   ///< of these, those of whom something may leave.
  std::uint64_t receipts = 0;
  std::uint64_t notes = 0;
  std::uint64_t not_delivered = 0;                 ///< Of those exported: they did not get out.
  std::array<std::uint64_t, max_fields> fields{};  ///< By number: of how many customers.
};

/// Exports everybody. `counts` is filled in also on an error. Errors: not_delivered (not all got
/// out, and the ledger says what), denied (nothing of anybody may leave), unsupported (`at`: a
/// field that this form has no place for), as session::disclose_many() and not_delivered().
result<void> export_customers(session& from, const customer_export_options& options,
                              const export_sink& sink, customer_export_counts& counts);

/// The same for other languages. `request`: {"purpose", "to", "form": "csv" | "one_csv" |
/// "json_lines" | "vcards", "fields": [...], "country"}; the answer: the counts, also where not all
/// got out (`delivered` false). `where` receives the member that was wrong.
result<std::string> export_customers_json(std::string_view request, session& from,
                                          const export_sink& sink, std::string& where);

}  // namespace clientbook

#endif
