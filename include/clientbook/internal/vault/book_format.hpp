// The two rows that say what a book is: the header in clear, and the sealed book row.
// docs/format/book.md has the bytes.
#ifndef CLIENTBOOK_INTERNAL_VAULT_BOOK_FORMAT_HPP
#define CLIENTBOOK_INTERNAL_VAULT_BOOK_FORMAT_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace clientbook {

/// Number 1 of the key tree is the book itself: its "subject key" is the tenant root, its
/// record version that of the book row. Customers begin at 2.
inline constexpr customer_no own_number{1};
inline constexpr customer_no first_customer{2};

/// In clear, since it is needed to open anything. Every part is bound to the root node.
struct book_header {
  static constexpr std::size_t size = 48;
  static constexpr std::uint32_t newest_format = 2;

  std::uint32_t format = newest_format;
  book_id id;
  crypto::suite suite = crypto::suite::chacha20_poly1305;
  std::uint64_t epoch = 1;
  std::uint64_t root_version = 0;
};

std::array<std::byte, book_header::size> encode(const book_header& header) noexcept;
/// Errors: not_a_book, newer_format (`at`: its format), damaged.
result<book_header> decode_book_header(byte_view bytes) noexcept;

/// Keyed hashes of the rows of external ids, added up modulo 2^64 in each of four parts.
using id_sum = std::array<std::uint64_t, 4>;

/// What the book counts and which versions hold. Sealed under the tenant root.
struct book_row {
  static constexpr std::size_t max_size = 912;

  customer_no next{first_customer};
  std::uint64_t customers = 0;
  std::uint64_t erased = 0;
  std::uint64_t purchase_lines = 0;
  std::uint64_t ledger_size = 0;
  std::int64_t created_at = 0;
  std::int64_t latest_directive = 0;  ///< When the newest one of anybody was recorded.
  schema_version schema{1};
  crypto::digest schema_hash{};
  std::uint32_t policy = 0;  ///< Version of the policy row: which law profile holds.
  std::uint32_t registry_version = 0;
  std::uint32_t states = 0;      ///< Compiled consent states, numbered from 1.
  std::uint32_t notices = 0;     ///< Notices, numbered from 1.
  std::int64_t newest_time = 0;  ///< The latest time that a trusted clock has told.
  /// Purposes that the shop keeps data for, as it said when the book was made: bit n is number n.
  std::array<std::uint64_t, 3> purposes{};
  /// States up to this number were compiled under parties, fields or a law that changed since.
  std::uint32_t states_outdated = 0;
  /// Customers whose states are still to be compiled anew: [from, until); none if equal.
  customer_no outdated_from{0};
  customer_no outdated_until{0};
  std::uint32_t refusal_periods = 0;  ///< Of remembered refusals, numbered from 1.
  std::uint32_t cases = 0;          ///< Version of the row that says which cases are open; 0: none.
  std::uint32_t budgets = 0;        ///< Version of the row of budgets; 0: nobody has drawn.
  std::uint32_t trace_periods = 0;  ///< Of traces, numbered from 1.
  std::uint32_t recovery = 0;       ///< Version of the recovery row; 0: no key was ever made.
  std::uint64_t lost = 0;  ///< Customers whom restores could not bring back, erased by nobody.
  std::int64_t restored_at = 0;     ///< Unix seconds, the last time; 0: never.
  std::int64_t restored_as_of = 0;  ///< Of when the backup was.
  std::uint32_t portfolios = 0;     ///< Version of the row of portfolios; 0: nothing was said.
  std::uint32_t roles = 0;          ///< Version of the row of roles; 0: the library's table.
  std::uint32_t canaries = 0;       ///< Version of the row of canaries; 0: there never was one.
  std::uint32_t requests = 0;       ///< Version of the row of open requests; 0: there was none.
  std::uint32_t gaps = 0;           ///< Rows of times of which the book knows nothing.
  std::uint32_t outflow = 0;  ///< Version of the row of what was passed on; 0: there never was one.
  std::uint32_t retained = 0;     ///< Retained records that there ever were.
  std::uint32_t credentials = 0;  ///< Version of the row of credentials; 0: there never was one.
  std::uint32_t recipient_contacts = 0;  ///< Version of that row; 0: there never was one.
  std::uint32_t witnesses = 0;  ///< Version of the row of witnesses; 0: there never was one.
  std::optional<id_sum> external_ids{};  ///< None: of a book from before there were sums.
  std::int64_t list_answered_at = 0;  ///< Unix seconds: a list of hashes, the last time; 0: never.
  std::uint64_t ledger_pruned = 0;    ///< So many of the ledger's oldest entries are gone.
  std::uint32_t epochs = 0;  ///< Epochs of the ledger that have a key, from 1; 0: none has.
  std::uint32_t index = 0;   ///< Kind of the index at rest: 0 none, 1 sealed.
  std::uint64_t parts = 0;   ///< Who is a part of another customer now; they are not among those.
};

/// Every compiled state of today is out of date from now on.
inline void outdate_states(book_row& row) noexcept {
  row.states_outdated = row.states;
  row.outdated_from = first_customer;
  row.outdated_until = row.next;
}

/// The row in `out`, in the newest format.
byte_view encode(const book_row& row, std::span<std::byte, book_row::max_size> out) noexcept;
/// `format`: that of the header. Errors: newer_format (a member of a later version),
/// invalid_encoding.
result<book_row> decode_book_row(std::uint32_t format, byte_view bytes) noexcept;

}  // namespace clientbook

#endif
