// Looks for one customer's values in texts, and tells what kind each find is.
#ifndef CLIENTBOOK_BOOK_MENTION_SEEKER_HPP
#define CLIENTBOOK_BOOK_MENTION_SEEKER_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/mentions.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/scanner/known_values.hpp>
#include <clientbook/scanner/scan.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace clientbook {

// Holds the values of one customer, each in a set of its kind and in the set of all: texts are
// gone through once with the set of all, and a find is of the kind whose set knows most of it.
// What there is no room for is told by overflow(), not left out in silence.
class mention_seeker {
 public:
  struct find {
    std::size_t begin = 0;
    std::size_t end = 0;
    mention_kind kind = mention_kind::part_of_name;
  };

  mention_seeker();

  /// Adds a field of the customer's record.
  void add(field_type type, byte_view value);
  /// Values that cannot be looked for.
  std::uint32_t refused() const noexcept { return refused_; }
  bool overflow() const noexcept { return overflow_; }

  /// All finds, in order; the span lives until the next call. Errors: as scan().
  result<std::span<const find>> look(std::string_view text);

 private:
  struct set {
    wiped_bytes memory;
    known_values values;
    set() : memory(memory_bytes), values(byte_span(memory)) {}
  };
  static constexpr std::size_t memory_bytes = 128 * 1024;

  void know(mention_kind kind, known_kind as, std::string_view value);
  void know_name(std::string_view given, std::string_view family);
  mention_kind kind_of(std::string_view text, const text_entity& found) const noexcept;
  void join_names(std::string_view text);

  // All together, and by kind.
  std::vector<std::unique_ptr<set>> sets_;
  std::uint32_t refused_ = 0;
  bool overflow_ = false;
  std::vector<text_entity> entities_;
  std::vector<find> finds_;
};

}  // namespace clientbook

#endif
