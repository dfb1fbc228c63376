// Whom a row means: the customer of the book with one of its ids, else with its e-mail address,
// phone, or name and birth date.
#ifndef CLIENTBOOK_TRANSFER_ROW_CUSTOMER_HPP
#define CLIENTBOOK_TRANSFER_ROW_CUSTOMER_HPP

#include <clientbook/base/result.hpp>

#include <optional>

#include "import_run.hpp"

namespace clientbook {

class row_customer {
 public:
  explicit row_customer(import_run& run) : run_(run), row_(run.row) {}

  /// Nothing if it is nobody's. Errors: already_exists (several may be meant); those of the book.
  result<std::optional<customer_id>> find(const import_customer& one);

 private:
  void tell_strangers(std::uint64_t line);

  import_run& run_;
  import_row& row_;
  bool told_strangers_ = false;
};

}  // namespace clientbook

#endif
