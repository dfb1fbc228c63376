// What a law has the shop keep of somebody who was erased: table 25, each record under a key of its
// own in the key tree, behind the customers' numbers, so that nothing that goes over customers ever
// meets one. A record is written once, with the erasure, and goes whole, with its key.
//
// Part 0 is its head: purpose, days, and how many parts of which kind follow. A key seals one
// version of each part, so that no older one can be put back.
#ifndef CLIENTBOOK_BOOK_RETAINED_STORE_HPP
#define CLIENTBOOK_BOOK_RETAINED_STORE_HPP

#include <clientbook/book/retained.hpp>
#include <clientbook/crypto/key_tree.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <clientbook/internal/vault/book_core.hpp>

namespace clientbook {

class retained_store {
 public:
  /// What becomes a record; views live as long as what they are of.
  struct draft {
    purpose_id purpose{};
    date since{};
    date until{};
    std::vector<std::pair<field_id, byte_view>> fields{};
    std::span<const wiped_bytes> purchases{};
    std::span<const directive> directives{};
  };

  explicit retained_store(book_core& core) noexcept : core_(core) {}

  /// How many there ever were; they are numbered from 1.
  std::uint32_t given() const noexcept { return core_.row().retained; }
  static customer_no number_of(std::uint32_t which) noexcept;
  /// Nothing: no number of a retained record.
  static std::optional<std::uint32_t> which_of(customer_no number) noexcept;

  /// Without values, but for its id. Errors: not_found (no such record), key_erased, row_missing,
  /// invalid_encoding, newer_format, those of the store.
  result<retained_record> head(std::uint32_t which);
  /// The values, one part after the other; a part's bytes live until the next one.
  struct part {
    field_id field{};  ///< Of a field; else 0.
    bool is_purchase = false;
    byte_view bytes{};
  };
  result<void> parts(std::uint32_t which, callback_ref<result<void>(const part&)> each);

  /// Precondition of what writes: inside a change. Errors: limit_exceeded, those of the store.
  result<customer_no> add(const draft& what);
  /// Destroys the key and takes the rows out.
  result<void> drop(std::uint32_t which);
  /// Opens everything, and looks whether anything is there that nobody has put there.
  result<void> verify();

 private:
  result<const manifest*> key_of(std::uint32_t which);
  result<byte_view> read(std::uint32_t which, const manifest& own, std::uint32_t part);
  result<void> put(customer_no number, std::uint32_t part, byte_view bytes);

  book_core& core_;
  private_bytes plain_;
};

}  // namespace clientbook

#endif
