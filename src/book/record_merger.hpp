// What the record of one customer gets of another's, field by field: merge.hpp's rule, without the
// book.
#ifndef CLIENTBOOK_BOOK_RECORD_MERGER_HPP
#define CLIENTBOOK_BOOK_RECORD_MERGER_HPP

#include <clientbook/base/secret.hpp>
#include <clientbook/book/customer.hpp>
#include <clientbook/book/merge.hpp>
#include <clientbook/model/schema.hpp>

#include <span>
#include <vector>

namespace clientbook {

/// In place of the digest of what a file said (file_word): two who became one had it differently,
/// and each has a file of their own.
inline constexpr std::uint64_t word_of_two = ~std::uint64_t{0};

struct two_records {
  const schema& fields;
  const secret<32>& contact_key;  ///< By which two spellings of one contact point are alike.
  std::span<const field_value> stays;
  std::span<const field_value> goes;
  customer_id stays_id{};
  customer_id goes_id{};
};

struct merge_plan {
  std::vector<merged_field> fields{};  ///< Of the one who goes, and the household of the other.
  customer changes{};                  ///< Whole values that the one who stays gets.
  field_set emptied{};  ///< A household that linked the two alone: they are one person now.
};

/// Errors: limit_exceeded (`at`: a list that would be too long); invalid_argument (`at`: a field to
/// take that the one who goes has not).
result<merge_plan> plan_merge(const two_records& of, field_set take);

/// The elements of a list but those that are in `taken` and not in `before`: what came with a merge
/// goes again, what was added since stays. Empty: none is left. Errors: invalid_encoding.
result<wiped_bytes> list_without(byte_view now, byte_view taken, byte_view before);

}  // namespace clientbook

#endif
