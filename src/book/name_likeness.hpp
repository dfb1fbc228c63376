// How alike two names are, word by word: for who may be in the book twice.
//
// The measure is told in duplicates.hpp. It is of words and not of whole names, since people of one
// household share all but one of them.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_BOOK_NAME_LIKENESS_HPP
#define CLIENTBOOK_BOOK_NAME_LIKENESS_HPP

#include <clientbook/model/values.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace clientbook {

using name_letters =
    std::basic_string<char32_t, std::char_traits<char32_t>, wiping_allocator<char32_t>>;

/// A name as it is compared: its words without case and accents, given names before family names.
struct name_words {
  std::vector<name_letters, wiping_allocator<name_letters>> words{};
  bool has_given = false;  ///< The first word is the first given name.
};

/// Of prefix, suffix, nickname and reading nothing counts; of more than eight words the first ones.
name_words words_of_name(const person_name& name);

/// In hundredths, rounded down; 0: another name.
std::uint8_t likeness(const name_words& one, const name_words& other);

}  // namespace clientbook

#endif
