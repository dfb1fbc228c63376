// Which orders a customer's purchases are of, for the customer whom somebody writes of at the
// moment: one order is one purchase, and a file brings many of one customer.
//
// Digests under a random key, so that it says nothing of an order by itself. It is a hint: whoever
// finds an order in it opens the purchase and compares.
#ifndef CLIENTBOOK_BOOK_KNOWN_ORDERS_HPP
#define CLIENTBOOK_BOOK_KNOWN_ORDERS_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/secret.hpp>

#include <cstdint>
#include <optional>
#include <unordered_map>

namespace clientbook {

// Filled by session_write.cpp as far as purchases were read; purchases are only ever added, so what
// is in it stays so until a change is rolled back.
struct known_orders {
  std::optional<secret<32>> key{};  ///< None: nothing was read.
  customer_no number{};
  std::uint32_t read = 0;  ///< Purchases up to this one are in it.
  std::unordered_multimap<std::uint64_t, std::uint32_t> by{};
  std::optional<std::uint64_t> asked{};  ///< The digest that was looked for last, and not found.

  /// That purchase was just added as the customer's, so it need not be opened to be known.
  void add_asked(customer_no of, std::uint32_t sequence) {
    if (asked && number == of && read + 1 == sequence) by.emplace(*asked, ++read);
    asked.reset();
  }
};

}  // namespace clientbook

#endif
