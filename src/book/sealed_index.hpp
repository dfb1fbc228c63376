// The sealed index: what customers are found by, folded, in buckets that lie in the store.
//
// A bucket is of one leaf of the key tree and sealed under a key derived of the leaf's own. An
// erasure gives the leaf another key, so that nothing opens its bucket any more, nor an older copy
// of it: there is nothing to be sealed again. It holds the text of each customer beside the version
// of the record that it was made of, and is used for those alone whose manifest has that version.
// So a bucket that is missing, older, forged or another leaf's is no worse than none: whoever it
// says nothing of is read from the record. It knows no purpose; what of it one may search by is
// decided like the record's fields (search_reader.hpp).
//
// Thread safety: belongs to one session.
#ifndef CLIENTBOOK_BOOK_SEALED_INDEX_HPP
#define CLIENTBOOK_BOOK_SEALED_INDEX_HPP

#include <clientbook/base/result.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <clientbook/internal/vault/book_core.hpp>
#include "search_text.hpp"

namespace clientbook {

class sealed_index {
 public:
  explicit sealed_index(book_core& core) noexcept : core_(core) {}

  /// Whether the book has one.
  bool is_kept() const noexcept { return core_.row().index != 0; }

  /// The findable text of that version of the customer's record, without a word on what parts of
  /// it may be searched for; none: the record is to be read. Valid until the next call. Errors:
  /// those of the store.
  result<std::optional<std::string_view>> text_of(customer_no number, record_version version);

  /// One customer of a bucket.
  struct entry {
    customer_no number;
    record_version version;
    search::text text{};
  };
  using entries = std::vector<entry, wiping_allocator<entry>>;
  /// In the place of the leaf's bucket. `all` are of that leaf, ascending. Precondition: inside a
  /// change. Errors: those of the store.
  result<void> write(std::uint64_t leaf, const entries& all);
  /// A bucket holds nothing that its customer's record does not hold any more: it goes with the
  /// first of its records that changes. Precondition: inside a change.
  result<void> erase_bucket_of(customer_no number);

  /// All of it. Precondition: inside a change.
  result<void> erase();

  struct amount {
    std::uint64_t buckets = 0;
    std::uint64_t bytes = 0;
  };
  result<amount> held();

  /// Whether a bucket that lies elsewhere opens under today's key of its leaf.
  bool opens(std::uint64_t leaf, byte_view bucket);

  /// Wipes the bucket that was opened last.
  void forget() noexcept;

 private:
  struct place {
    record_version version{};
    std::string_view text{};
  };

  static constexpr std::uint64_t none = ~std::uint64_t{0};
  static storage::key key_of(std::uint64_t leaf) noexcept;
  static book_core::place place_of(std::uint64_t leaf) noexcept;
  result<secret<32>> seal_key(std::uint64_t leaf);
  result<void> load(std::uint64_t leaf);
  bool take(byte_view plain) noexcept;

  book_core& core_;
  private_bytes plain_;
  std::uint64_t leaf_ = none;     ///< Whose bucket is open;
  std::uint64_t generation_ = 0;  ///< as the core saw it then.
  std::array<place, key_tree::leaf_fan_out> places_{};
};

}  // namespace clientbook

#endif
