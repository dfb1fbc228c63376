// Search: what session::find() was asked and what it answers.
//
// Searching by a field is an operation on it (query): a customer is found by a field only if the
// purpose may query that field of this customer. By a part of a value only where the purpose may
// also see the value as it is, since a value that is shown masked would come out piece by piece.
// Whoever is not found, is counted nowhere: no answer tells "not there" from "not permitted".
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_SEARCH_HPP
#define CLIENTBOOK_BOOK_SEARCH_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/book/view.hpp>
#include <clientbook/model/schema.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace clientbook {

/// How a field answers to what was typed.
enum class match_kind : std::uint8_t {
  whole = 1,      ///< The whole value; of a name, a whole word of it.
  beginning = 2,  ///< Its beginning; of a name, that of a word.
  ending = 3,     ///< The last digits of a phone number, four or more.
  part = 4,       ///< Digits within a phone number.
  nearly = 5,     ///< A word of the name but for one typing error.
};
/// `whole`, `beginning`, ...
[[nodiscard]] std::string_view name_of(match_kind kind) noexcept;

struct match_reason {
  field_id field{};  ///< name, emails, phones or external_ids.
  match_kind kind = match_kind::whole;
  friend bool operator==(const match_reason&, const match_reason&) = default;
};

/// What answered.
enum class search_path : std::uint8_t {
  automatic = 0,  ///< Asking only: memory, but inside begin() ... commit() a scan.
  scan = 1,       ///< Every customer was looked at: slow in a large book, and holds nothing.
  /// What the purpose may search by lies folded in memory of this process, made when it is asked
  /// for first (from the index at rest where the book has one, else that takes as long as a scan)
  /// and in step with every commit of anybody.
  memory = 2,
  /// The index at rest (index.hpp) was read for this question alone; asking: where the book has
  /// none, and inside begin() ... commit(), a scan.
  sealed = 3,
};
[[nodiscard]] std::string_view name_of(search_path path) noexcept;

enum class typing_errors : std::uint8_t {
  one_a_word,  ///< Looked for where fewer than five were found without.
  none,
};

struct find_options {
  std::size_t most = 20;  ///< Hits that are shown, 1 to 1000.
  /// What is shown of each hit, as far as the purpose permits.
  field_set fields{field::name, field::emails, field::phones, field::external_ids};
  search_path path = search_path::automatic;
  typing_errors errors = typing_errors::one_a_word;
};

struct search_hit {
  std::vector<match_reason> why{};  ///< For each word that was typed.
  view seen{};                      ///< Whose, and what the purpose shows of them.
};

struct search_answer {
  std::vector<search_hit> hits{};  ///< Best first.
  std::uint64_t matches = 0;  ///< All of them; more than hits where there were more than `most`.
  search_path path = search_path::scan;  ///< What answered.
  /// Customers of whom no index said anything: they were looked at one by one, whether the purpose
  /// may find them or not.
  std::uint64_t scanned = 0;
  std::uint64_t unreadable = 0;  ///< Customers whose rows are damaged: see verify().
};

}  // namespace clientbook

#endif
