// Envelopes: how a row and a single value are sealed (docs/format/sealing.md has the bytes).
//
// A row is sealed as a whole, under a key that is made for this one version of it from the
// customer's key, a random salt and its context: where it belongs, which versions it has,
// which fields of which size it consists of. So a row in another place, an older version,
// a removed or an added field meets another key and opens to nothing. Each field is an
// AEAD of its own and can be opened alone. seal_row() draws a new salt and seals all
// fields at once; there is no call that seals a field under an old salt.
//
// Opening fails closed. The codes, in the order of the checks:
//   newer_format           the format byte is above ours
//   truncated              the bytes end before header, directory or fields do
//   invalid_encoding       impossible header: format 0, unknown flag, directory not ascending,
//                          bytes after the last field
//   suite_mismatch         another suite than the context names
//   unsupported            that suite does not run on this machine
//   version_mismatch       record, key or schema version is not the context's
//   authentication_failed  the row was moved or altered (an unkeyed check word says so; or,
//                          when a field is opened, its tag; error::at is then the field)
//   wrong_key              all looks right but the commitment does not: another key, or an
//                          alteration that took the check word along
// Whoever alters a row by intent can choose which of these is seen, never that it opens.
//
// No call allocates. Plaintext is written to the caller's memory only.
// Thread safety: free functions without state; a row_reader belongs to one thread at a time.
#ifndef CLIENTBOOK_CRYPTO_ENVELOPE_HPP
#define CLIENTBOOK_CRYPTO_ENVELOPE_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace clientbook {

/// Everything that a row is bound to besides its salt and its field directory.
struct row_context {
  crypto::suite suite = crypto::suite::chacha20_poly1305;
  book_id book{};
  std::uint8_t table = 0;    ///< The book's number for the table.
  std::uint8_t kind = 0;     ///< What the row is inside its table, 0 if there is but one kind.
  customer_no customer{};    ///< 0 for rows that belong to none.
  std::uint64_t record = 0;  ///< Number of the row under its customer, or of its own.
  record_version version{};
  std::uint32_t key_version = 1;  ///< Of the customer's key.
  schema_version schema{};
  crypto::digest schema_hash{};
};

/// Hides a field's length: it is filled up to the next multiple, with one byte more at least.
enum class padding : std::uint8_t { none = 0, to_8 = 1, to_16 = 2, to_32 = 3 };

struct row_field {
  field_id id{};
  byte_view plaintext{};
  padding pad = padding::none;
};

/// Largest plaintext of a field, padding included.
inline constexpr std::size_t field_limit = 65535;

/// Size of the row that seal_row() writes. Precondition: fields that seal_row() accepts.
[[nodiscard]] std::size_t sealed_row_size(std::span<const row_field> fields) noexcept;

/// Seals all fields of a row under a new salt; returns the row's size.
///
/// Errors: invalid_argument unless ids ascend strictly and are below 64, limit_exceeded
/// (a field above field_limit), buffer_too_small, unsupported, randomness_failed. `out`
/// holds nothing of use on error.
result<std::size_t> seal_row(const secret<32>& key, const row_context& context,
                             std::span<const row_field> fields, random_source& random,
                             byte_span out) noexcept;

/// What a row says of itself. Not authenticated: use it only to find the context to open with.
struct row_header {
  std::uint8_t format = 0;
  crypto::suite suite = crypto::suite::chacha20_poly1305;
  std::uint8_t fields = 0;
  std::uint32_t key_version = 0;
  schema_version schema{};
  record_version version{};
};

/// Errors: truncated, newer_format, invalid_encoding.
result<row_header> peek_row(byte_view row) noexcept;

struct opened_field {
  field_id id{};
  byte_view plaintext{};  ///< In the caller's buffer.
};

/// Opens a row once (context and commitment), then its fields one by one. Wiped at its end.
class row_reader {
 public:
  row_reader() noexcept = default;
  ~row_reader();
  row_reader(const row_reader&) = delete;
  row_reader& operator=(const row_reader&) = delete;

  /// Checks the row and makes its key. `row` must outlive the use of this object. Can be
  /// called again for another row.
  /// Errors: as listed on top; the object then has no fields.
  result<void> open(const secret<32>& key, const row_context& context, byte_view row) noexcept;

  /// The fields that are in the row.
  [[nodiscard]] field_set fields() const noexcept { return present_; }

  /// Room that these fields need, padding included; fields that are absent need none.
  [[nodiscard]] std::size_t room_for(field_set fields) const noexcept;

  /// Opens one field; returns its size.
  /// Errors: not_found, buffer_too_small (room_for tells), authentication_failed (at: field).
  result<std::size_t> read(field_id field, byte_span out) const noexcept;

  /// Opens those fields of the set that are present, ascending, one behind the other in
  /// `buffer`; returns how many. On error the buffer is wiped: no field is given.
  /// Errors: buffer_too_small (either span), authentication_failed (at: field).
  result<std::size_t> read(field_set fields, byte_span buffer,
                           std::span<opened_field> out) const noexcept;

 private:
  result<std::size_t> open_at(const std::byte* entry, const std::byte* sealed,
                              byte_span out) const noexcept;

  byte_view row_;
  field_set present_{};
  crypto::suite suite_ = crypto::suite::chacha20_poly1305;
  alignas(16) std::array<std::byte, 512> key_;  ///< Row key, expanded for AES.
};

// --- single values ----------------------------------------------------------------------

/// Whether the value carries a commitment to its key (32 bytes more): where several keys may
/// be tried on it, as in imports and shared columns.
enum class commitment : std::uint8_t { none, included };

/// Everything that a single value is bound to. What a place does not have stays 0.
struct field_context {
  crypto::suite suite = crypto::suite::chacha20_poly1305;
  book_id book{};
  std::uint8_t table = 0;
  field_id field{};
  customer_no customer{};
  std::uint64_t record = 0;
  record_version version{};
  std::uint32_t key_version = 1;
  schema_version schema{};
  crypto::digest schema_hash{};
};

[[nodiscard]] constexpr std::size_t sealed_field_size(
    std::size_t plaintext, commitment commits = commitment::none) noexcept {
  return 46 + (commits == commitment::included ? 32 : 0) + plaintext;
}

/// Seals one value under a new nonce; returns sealed_field_size().
/// Errors: buffer_too_small, unsupported, randomness_failed.
result<std::size_t> seal_field(const secret<32>& key, const field_context& context,
                               byte_view plaintext, random_source& random, byte_span out,
                               commitment commits = commitment::none) noexcept;

/// Opens one value; returns the size of its plaintext (its own size less 46, less 32 for a
/// commitment). The caller says whether there must be a commitment, not the data.
///
/// Errors: truncated, newer_format, invalid_encoding (format 0, commitment there or not
/// against the call), suite_mismatch, unsupported, version_mismatch (key version),
/// buffer_too_small, wrong_key (the commitment does not match: try the next key),
/// authentication_failed. `out` holds nothing of use on error.
result<std::size_t> open_field(const secret<32>& key, const field_context& context,
                               byte_view sealed, byte_span out,
                               commitment commits = commitment::none) noexcept;

}  // namespace clientbook

#endif
