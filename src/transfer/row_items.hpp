// A row's purchases and notes: those of a new customer, and of one whom the book has those that it
// lacks.
#ifndef CLIENTBOOK_TRANSFER_ROW_ITEMS_HPP
#define CLIENTBOOK_TRANSFER_ROW_ITEMS_HPP

#include <clientbook/book/session.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "import_run.hpp"

namespace clientbook {

class row_items {
 public:
  explicit row_items(import_run& run) : run_(run), row_(run.row) {}

  /// All of them.
  result<void> keep(const import_customer& one, const customer_id& id);
  /// Those that the book lacks; `added` becomes true if there were any.
  result<void> add(const import_customer& one, const customer_id& id, bool& added);

 private:
  result<std::optional<item_list>> items_of(const customer_id& id, field_id kind);
  result<void> add_receipts(const import_customer& one, const customer_id& id, bool& added);
  result<void> add_notes(const import_customer& one, const customer_id& id, bool& added);
  std::string labelled(std::string_view text) const;
  bool leaves_out(const error& what, const customer_id& id, field_id field);
  result<void> keep_receipts(const import_customer& one, const customer_id& id);
  result<void> keep_receipt(const import_receipt& receipt, const customer_id& id);
  result<void> keep_notes(const import_customer& one, const customer_id& id);
  result<void> keep_note(const note& text, const customer_id& id);

  import_run& run_;
  import_row& row_;
};

}  // namespace clientbook

#endif
