// Whose values a no may be about, of everybody in the book: while one transaction runs, so that a
// file of noes opens each record once and not once for each of its rows.
//
// It finds candidates alone: who is one is opened again and compared. So what has gone since does
// no harm, and what has come since seal_record() adds from what it has sealed.
#ifndef CLIENTBOOK_BOOK_PEOPLE_BY_VALUE_HPP
#define CLIENTBOOK_BOOK_PEOPLE_BY_VALUE_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/secret.hpp>
#include <clientbook/internal/vault/book_core.hpp>

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace clientbook {

// Filled by session_refusals.cpp as far as it is asked, thrown away at the beginning and the end
// of each transaction. Under a random key of its own: a place says nothing of a value.
struct people_by_value {
  std::optional<secret<32>> key{};  ///< Random. None: nobody was read.
  struct who {
    customer_no number{};
    customer_id id{};  ///< The number under the book's key, which takes time to tell.
  };
  std::unordered_map<std::uint64_t, std::vector<who>> by{};
  customer_no next = first_customer;  ///< Those before are in it.
};

}  // namespace clientbook

#endif
