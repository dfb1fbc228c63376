// Opens records and items: the one place of the book where fields of customers become plaintext.
//
// Every call asks by what right: a grant opens what was permitted of that customer, an opening
// what its reason names. Nothing else in this room holds a row_reader or opens an item
// (tests/layers/check_openings.py looks).
//
// Thread safety: belongs to one session.
#ifndef CLIENTBOOK_BOOK_RECORD_OPENER_HPP
#define CLIENTBOOK_BOOK_RECORD_OPENER_HPP

#include <clientbook/book/columns.hpp>
#include <clientbook/crypto/envelope.hpp>
#include <clientbook/crypto/key_tree.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <clientbook/internal/vault/book_core.hpp>
#include "grant.hpp"
#include "portfolio_store.hpp"

namespace clientbook {

// Keeps the row that was opened last and its plaintext, until the next call. Which fields come
// out is fixed when it is opened, by the grant or the reason; narrow() only closes more.
class record_opener {
 public:
  explicit record_opener(book_core& core) noexcept : core_(core) {}
  /// Who reads; before that notes that are not for all are for nobody. `portfolios` outlives it.
  void reads_for(actor_id who, portfolio_store& portfolios) noexcept {
    reader_ = who;
    portfolios_ = &portfolios;
  }

  /// Opens a customer's record; nothing is decrypted before read(). `entry` is the customer's.
  /// Errors: row_missing, as row_reader::open; invalid_state (the grant is of another state).
  result<void> open(const grant& by, const manifest& entry);
  /// Fields of the record opened last that may be read and are there.
  field_set present() const noexcept;
  std::size_t room_for(field_set fields) const noexcept;
  /// Of `fields` those that are present, without contact points that are closed; where all of a
  /// field are, it does not come out. Errors: as row_reader::read.
  result<std::size_t> read(field_set fields, byte_span buffer, std::span<opened_field> out);
  /// Of the record opened last also without what is closed for this grant.
  void narrow(const grant& by) {
    if (!by.contacts().empty()) limits_.push_back(by.contacts());
  }
  /// How each contact point of a list that read() gave is shown, as far as it was said of it alone;
  /// none where nothing was said of any. Errors: as decode_value().
  result<std::vector<redaction_operator>> forms_of(field_id field, byte_view list) const;
  /// How many contact points of a field were left out by the last read().
  std::size_t left_out(field_id field) const noexcept { return left_out_[field.value & 63U]; }

  /// Both steps, into memory that lives until the next call; of contact points those alone that
  /// `also` opens too. Errors: as open, as read.
  result<std::span<const opened_field>> record(const grant& by, const manifest& entry,
                                               field_set fields, std::span<opened_field> out,
                                               const grant* also = nullptr);
  /// Of what the reason opens, `fields` at most.
  result<std::span<const opened_field>> record(opening why, customer_no number,
                                               const manifest& entry, std::span<opened_field> out,
                                               field_set fields = all_fields);

  /// Which fields a record has; none of them is decrypted. Errors: row_missing, as
  /// row_reader::open.
  result<field_set> fields_of_record(customer_no number, const manifest& entry);

  /// One purchase or note; the view lives until the next call. Empty: a note that is not for this
  /// reader. Errors: row_missing, as open_field; denied (the grant is not for these items).
  result<byte_view> item(const grant& by, const manifest& entry, storage::item_kind kind,
                         std::uint32_t sequence);
  result<byte_view> item(opening why, customer_no number, const manifest& entry,
                         storage::item_kind kind, std::uint32_t sequence);

  /// By what a note is asked for.
  struct note_asked {
    purpose_id purpose{};
    recipient_id recipient = recipient::self;
  };
  /// Which notes of a customer are for whoever asks so, ascending. Errors: as item.
  result<std::vector<std::uint32_t>> notes_for(const note_asked& by, customer_no number,
                                               const manifest& entry);
  /// Errors: as item.
  result<bool> is_for_all(customer_no number, const manifest& entry, std::uint32_t sequence);

  /// In the place of the record what open() with a grant opens from now on: cells of the host's,
  /// in the order of their fields, which outlive that. Empty: the record again.
  void read_columns(std::span<const sealed_column> columns) noexcept { columns_ = columns; }
  /// Errors: invalid_argument (items), randomness_failed, limit_exceeded.
  result<std::vector<std::byte>> seal_column(customer_no number, const manifest& entry,
                                             const field_value& value);

  /// Whether a row that lies elsewhere opens under this key; reads no field of it.
  bool opens(customer_no number, const manifest& as_stored, byte_view row);

 private:
  result<void> open_row(customer_no number, const manifest& entry, field_set fields);
  result<std::span<const opened_field>> read_all(field_set fields, std::span<opened_field> out);
  result<byte_view> open_item(customer_no number, const manifest& entry, storage::item_kind kind,
                              std::uint32_t sequence);

  /// The one place where it is decided who sees a note. Errors: as decode_value(); those of the row
  /// of portfolios.
  result<bool> is_for_reader(const note_asked& by, byte_view item);

  book_core& core_;
  actor_id reader_{};
  portfolio_store* portfolios_ = nullptr;
  result<std::size_t> read_cells(field_set fields, byte_span buffer, std::span<opened_field> out);
  field_context cell_context(customer_no number, field_id field) const noexcept;

  row_reader row_;
  std::span<const sealed_column> columns_{};  // in the place of the row
  std::optional<secret<32>> column_key_{};    // of whose cells they are;
  customer_no column_of_{};                   // who that is
  field_set open_;                            // what of the row may be read
  std::vector<contact_limits> limits_;
  std::array<std::size_t, max_fields> left_out_{};
  private_bytes plain_;
};

}  // namespace clientbook

#endif
