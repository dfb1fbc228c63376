// What customers are found by, as texts that are compared, and what somebody typed.
//
// A findable text holds, for one customer, the folded words of the name, e-mail addresses, the
// digits of phone numbers, and external ids. The same code matches it in a scan and in memory, so
// that both answer alike.
//
//   findable text = *( head payload 00 ) FF
//   head          = kind, + 08 where parts of the value may be searched for
//   payload       = name: words with a blank between; email: the address; phone: digits;
//                   id: value 02 system
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_BOOK_SEARCH_TEXT_HPP
#define CLIENTBOOK_BOOK_SEARCH_TEXT_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/book/search.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook::search {

using text = std::basic_string<char, std::char_traits<char>, wiping_allocator<char>>;

enum class value_kind : std::uint8_t { name = 1, email = 2, phone = 3, id = 4 };
inline constexpr std::uint8_t parts_too = 8;
inline constexpr char end_of_value = '\0';
inline constexpr char end_of_text = '\xFF';
inline constexpr char before_system = '\x02';

/// What customers can be found by.
inline constexpr field_set fields{field::name, field::emails, field::phones, field::external_ids};

/// Letters and digits without case, accents, widths and signs that are not seen; other signs stay.
void fold_into(text& to, std::string_view from);

/// The folded words of a text with a blank between them, behind what is there already.
void words_into(text& to, std::string_view from);
/// Whether two numbers, as their digits, are one: as it is dialled at home, and from abroad.
bool same_number(std::string_view one, std::string_view other) noexcept;
/// The digits of a phone number, with the country's code where it is said.
void digits_into(text& to, std::string_view from);

/// Adds the values of a field. What is no value of its type adds nothing.
void add_findable(text& to, field_id field, byte_view value, bool parts);

/// One value of a findable text.
struct value {
  value_kind kind = value_kind::name;
  bool parts = false;
  std::string_view payload{};
};
/// The first value, taken off the text; false at its end.
bool next_value(std::string_view& from, value& out) noexcept;

/// Adds of a findable text what is of these fields, each with whether parts of it may be searched
/// for; its end too.
void add_permitted(text& to, std::string_view findable, field_set whole, field_set parts);

/// Grows whenever the same record makes another findable text: what lies at rest is made anew then.
inline constexpr std::uint32_t text_version = 1;

/// Rows of a signature that a text sets; the rows that an answer needs are among them. See
/// search_index.hpp.
inline constexpr std::uint32_t signature_rows = 8192;
void rows_of(std::string_view findable, std::vector<std::uint32_t>& out);

/// How well a customer answers; higher is better, 0: not at all.
struct match {
  std::uint32_t score = 0;
  std::array<match_reason, 8> why{};
  std::size_t reasons = 0;
};

/// Some rows must all be set, for one of several alternatives.
using alternatives = std::vector<std::vector<std::uint32_t>>;

// What was typed, taken apart once: words, each with all that it may mean. It keeps folded text
// alone and is asked of any number of texts; what it says of one does not depend on those
// before.
class question {
 public:
  /// Errors: invalid_encoding (not UTF-8), limit_exceeded (more than 4,096 bytes, or 8 words),
  /// invalid_argument (nothing to look for: a single letter, signs alone).
  static result<question> of(std::string_view typed);
  /// For the whole value of one field. Errors: invalid_argument (nothing to look for), as of().
  static result<question> exactly(field_id field, std::string_view value,
                                  std::string_view system = {});

  match matches(std::string_view findable, bool nearly) const noexcept;
  bool can_be_nearly() const noexcept;
  /// Whether some word is in the name with an error; quick, and says nothing of the other words.
  bool may_be_nearly(std::string_view findable) const noexcept;
  /// For each word; a word without alternatives may be anywhere.
  std::vector<alternatives> rows(bool nearly) const;

 private:
  struct word {
    text whole;               ///< As typed, folded: for e-mails and ids.
    text system;              ///< Of SYSTEM:VALUE.
    text digits;              ///< Empty: it is no number.
    std::vector<text> names;  ///< Words of a name in it.
    bool exact = false;
    value_kind only{};  ///< With exact.
    bool can_be_nearly = false;
  };
  struct best {
    std::uint32_t score = 0;
    match_reason why{};
  };

  static void take_word(std::string_view from, std::vector<word>& to);
  static best match_word(const word& one, std::string_view findable, bool nearly) noexcept;
  static best match_names(const word& one, std::string_view payload, bool nearly) noexcept;
  static best match_phone(const word& one, const value& of) noexcept;
  static best match_text(const word& one, const value& of) noexcept;

  std::vector<word> words_;
};

}  // namespace clientbook::search

#endif
