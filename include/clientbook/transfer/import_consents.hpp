// Import of consents: what a browser's signal, another system's record or a marketing platform's
// export says is recorded for customers of the book.
//
// All or nothing: one transaction, and everything is read before anything is written. What comes
// from outside opens nothing by itself (consent_import.hpp): denials are recorded as they stand,
// a consent only where options name the notice that was shown.
//
// Not inside begin() ... commit() of the session: the import begins and commits its own.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_TRANSFER_IMPORT_CONSENTS_HPP
#define CLIENTBOOK_TRANSFER_IMPORT_CONSENTS_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>
#include <clientbook/exchange/consent_import.hpp>
#include <clientbook/exchange/csv.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace clientbook {

/// A vendor of IAB's list, as a recipient of the book's registry.
struct vendor_recipient {
  std::uint16_t vendor = 0;
  std::string_view recipient{};  ///< Name of the party.
  /// TCF purposes for which the vendor list says that it relies on legitimate interest.
  tcf_numbers legitimate_interests{};
};

struct consent_import_options {
  /// Title of the notice that was shown, its newest version. Empty: none, and then no consent is
  /// taken over.
  std::string_view notice{};
  std::string_view evidence{};  ///< Reference to what proves it, at most 64 bytes. Empty: none.
  /// Whom vendor consents of a TC string are about; other vendors get nothing.
  std::span<const vendor_recipient> vendors{};
  /// What a consent to a TCF purpose permits, within what the notice announces.
  tcf_purpose_map tcf_purposes = nearest_tcf_purposes();
};

/// What was said of one customer, as it came. Empty: nothing.
struct consent_texts {
  std::string_view gpc{};     ///< Value of the header Sec-GPC.
  std::string_view gpp{};     ///< GPP string.
  std::string_view tcf{};     ///< TC string.
  std::string_view usp{};     ///< US Privacy string.
  std::string_view record{};  ///< ISO/IEC TS 27560 record, JSON-LD.
};

/// Which input was wrong.
enum class consent_input : std::uint8_t {
  none,  ///< Not an input: the book.
  gpp,
  tcf,
  usp,
  record,
  platform_file,
  notice,
  evidence,
  vendors,
};

struct consent_import_problem {
  consent_input input = consent_input::none;
  error what{};
  std::uint64_t line = 0;     ///< Of a platform's file, from 1; 0 if it is about all of it.
  std::string_view member{};  ///< Of a record, which is wrong or missing; lives for this call.
};

/// What an import tells.
struct consent_import_listener {
  void* context = nullptr;
  /// What stopped the import. Null: nobody listens.
  void (*problem)(void* context, const consent_import_problem& what) = nullptr;
};

struct consent_import_counts {
  std::size_t recorded = 0;         ///< Directives,
  std::size_t waiting = 0;          ///< and of these, yeses that wait (session::confirm()).
  std::size_t repeated = 0;         ///< They say what is in force already: nothing was added.
  std::size_t not_of_that_age = 0;  ///< About children of an age that the customer is not.
  std::size_t left_out = 0;         ///< Consents without a notice or a time.
  std::size_t back_dated = 0;       ///< Permissions refused: something was said after them.
  /// Parts of the signals that could not be read, sections of a GPP string: they close sale,
  /// sharing, targeted advertising and the use of sensitive data, as an act of the shop.
  std::size_t unreadable = 0;
  std::size_t future_dated = 0;       ///< Dated later than now: permissions of them are refused.
  std::size_t unknown_customers = 0;  ///< Rows of people whom the book has not.
  /// Of these, who said no: remembered, until they are imported (session::remember_unsubscribed).
  std::size_t remembered = 0;
};

/// Whether a record or receipt that names its subject so can be this customer's. Errors:
/// invalid_value (it names another customer of the book).
result<void> check_subject(session& in, const customer_id& id, std::string_view subject);

/// A string that was imported already adds nothing. A consent that a TC string no longer gives is
/// withdrawn if an earlier one gave it.
/// Errors: those of reading each text; missing_field (all of them are empty), invalid_value (a
/// record of another customer), unknown_notice, limit_exceeded (evidence), not_found (no
/// such customer), as session::record(). Nothing is recorded then.
result<consent_import_counts> import_consents(session& into, const customer_id& id,
                                              const consent_texts& said,
                                              const consent_import_options& options = {},
                                              const consent_import_listener& listener = {});

/// What signals of whoever has this external id say no to, where find() does not lead to them:
/// somebody else's customer, or an actor whose look-ups are spent. What would open something is
/// left out. Errors: as above; as session::record_no(); invalid_argument (a record). Nothing is
/// recorded then.
result<consent_import_counts> import_noes(session& into, const external_id& whose,
                                          const consent_texts& said,
                                          const consent_import_options& options = {},
                                          const consent_import_listener& listener = {});

/// A file of Shopify, Mailchimp or HubSpot, told apart by its columns; `system` is whose ids it
/// holds, as in the customers' external ids. Errors: missing_field (no system), those of
/// platform_consents.hpp, else as above.
result<consent_import_counts> import_platform_consents(
    session& into, csv_reader& from, std::string_view system,
    const consent_import_options& options = {}, const consent_import_listener& listener = {});

}  // namespace clientbook

#endif
