// Views on their way out: flat, or as JSON.
#ifndef CLIENTBOOK_BINDINGS_C_VIEW_OUT_HPP
#define CLIENTBOOK_BINDINGS_C_VIEW_OUT_HPP

#include <clientbook.h>
#include <clientbook/book/session.hpp>
#include <clientbook/transfer/view_json.hpp>

#include <cstdint>
#include <vector>

#include "boundary.hpp"

namespace clientbook::c_abi {

/// Errors: invalid_argument.
result<void> check_view_form(std::uint32_t form) noexcept;

/// `why` is what reasons_of() told of the view. Precondition: check_view_form(). Errors: its own;
/// as flatten() and view_to_json().
result<void> hand_out_view(const session& in, const view& seen, const result<view_reasons>& why,
                           std::uint32_t form, clientbook_bytes* out);

/// Purchases or notes, `field` says which. Precondition: check_view_form(). Errors: the same.
result<void> hand_out_items(session& in, const item_list& seen, field_id field, std::uint32_t form,
                            clientbook_bytes* out);

/// Flat views behind one another (docs/c_abi.md): their count and offsets, 32 bits each, then each
/// at a multiple of 8.
class batch_out {
 public:
  /// Errors: as flatten(), limit_exceeded (above 4 GiB).
  result<void> add(session& in, const view& seen, const decision_request& as);
  /// Items, as a block that says whose they are.
  result<void> add(session& in, const item_list& seen, field_id field, const customer_id& whose);
  std::uint32_t count() const noexcept { return static_cast<std::uint32_t>(ends_.size()); }
  wiped_bytes take();

 private:
  result<void> add(const wiped_bytes& block);

  wiped_bytes views_;
  std::vector<std::size_t> ends_;  ///< Of each view, in views_.
};

}  // namespace clientbook::c_abi

#endif
