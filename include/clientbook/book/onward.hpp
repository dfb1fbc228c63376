// The onward chain: a recipient says to whom it has passed on what it got.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_ONWARD_HPP
#define CLIENTBOOK_BOOK_ONWARD_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>

#include <cstddef>
#include <string_view>

namespace clientbook {

inline constexpr std::size_t max_onward_name = 100;     ///< Bytes of a further recipient's name.
inline constexpr std::size_t max_onward_contact = 100;  ///< Bytes of how to reach it.

/// Views live as long as the call.
struct onward_report {
  std::string_view from{};     ///< Who passed it on: as the customer's ledger names it.
  std::string_view to{};       ///< Legal name of who got it from them.
  std::string_view contact{};  ///< Where it is reached; one line; empty: not said.
  recipient_id party_class{};  ///< Of `to`: a class of the vocabulary; 0: as in the registry.
  field_set fields{};          ///< What, as reported; empty: all that `from` has got.
  date on{0, 0, 0};            ///< When, as reported; month 0: not said.
};

}  // namespace clientbook

#endif
