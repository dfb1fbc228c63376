// Requests in the store: table 29 holds what may remain when the customer is gone, table 31 what
// lies under the customer's key. As with cases the version of row 0 stands in the book row, and
// those of the requests that have not ended in row 0; the version of the words in their request.
#ifndef CLIENTBOOK_BOOK_REQUEST_STORE_HPP
#define CLIENTBOOK_BOOK_REQUEST_STORE_HPP

#include <clientbook/book/request.hpp>
#include <clientbook/crypto/key_tree.hpp>

#include <cstdint>
#include <vector>

#include "numbered_rows.hpp"

namespace clientbook {

/// A request as it is stored.
struct kept_request {
  request_record what;  ///< Without customer and words.
  customer_no whose{};  ///< 0: erased.
  std::uint32_t words_version = 0;
};

// Keeps each request twice: what may remain, and under the customer's key their words and whose
// it is about. session_requests.cpp writes both. When the customer goes, forget_customer() takes
// the second away and hands back the first without them, for the erasure to write; damage in
// either prevents no erasure.
class request_store {
 public:
  explicit request_store(book_core& core) noexcept;

  /// All that there ever were, in their order. Errors: those of the store, row_missing,
  /// version_mismatch, invalid_encoding.
  result<std::vector<kept_request>> all();
  /// Errors: not_found.
  result<kept_request> get(std::uint32_t number);
  /// The number that add() will give.
  result<std::uint32_t> next_number();
  /// Of a customer, oldest first.
  result<std::vector<std::uint32_t>> of(customer_no whose);
  /// Errors: row_missing, those of the store.
  result<request_words> words(const kept_request& of, const manifest& own);

  /// Precondition of what writes: inside a change. Errors: limit_exceeded.
  result<std::uint32_t> add(kept_request next);
  result<void> put(const kept_request& one);
  /// Its version is moved on; put() it then.
  result<void> put_words(kept_request& of, const request_words& words, const manifest& own);
  /// Removes the words of a customer's requests and whose they were; returns what is left.
  result<std::vector<kept_request>> forget_customer(customer_no whose);
  /// Opens everything, and looks whether anything is there that nobody has put there.
  result<void> verify();
  /// What was read is not what holds any more.
  void forget() noexcept { rows_.forget(); }

 private:
  book_core::place words_place(const kept_request& of, const manifest& own) const noexcept;

  book_core& core_;
  numbered_rows rows_;
  private_bytes plain_;
};

}  // namespace clientbook

#endif
