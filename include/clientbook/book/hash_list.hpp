// Lists of hashes from outside: people who ask everybody at once to be forgotten, known by nothing
// but a hash of an e-mail address, of a phone number, or of name, birth date and postal code.
//
// The rules are those of California's DROP (Delete Request and Opt-out Platform, technical
// documentation 1.2.0 of 2026-07-02; Civil Code 1798.99.86; 11 CCR 7600 ff.): each identifier is
// brought into one form, hashed with SHA-256; of several together the hashes are put one behind
// the other, as Base64 text, and hashed again. A hash is 32 bytes.
//
// Such a hash is personal data: whoever has a list of addresses tries them all. Rows lie in memory
// that is wiped and are written nowhere.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_BOOK_HASH_LIST_HPP
#define CLIENTBOOK_BOOK_HASH_LIST_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace clientbook {

/// Rows that one call takes.
inline constexpr std::size_t max_listed_hashes = 20'000'000;

/// What a hash is of.
enum class hash_list_kind : std::uint8_t { email = 1, phone = 2, name_birth_zip = 3 };
/// "email", "phone", "name_birth_zip". Empty if there is no such value.
[[nodiscard]] std::string_view name_of(hash_list_kind kind) noexcept;
/// Errors: unknown_field.
[[nodiscard]] result<hash_list_kind> find_hash_list_kind(std::string_view name) noexcept;

using list_hash = std::array<std::byte, 32>;

// None where nothing is left of what a hash would be of.

/// Without white space, in small letters; dots and plus signs stay.
[[nodiscard]] std::optional<list_hash> hash_of_email(std::string_view address) noexcept;
/// Its digits: the last ten, or all of fewer.
[[nodiscard]] std::optional<list_hash> hash_of_phone(std::string_view number) noexcept;
/// Letters and digits of each name, small, without accents, Greek and Cyrillic ones in Latin; the
/// date as YYYYMMDD; of the postal code the first five letters and digits, without a ZIP's `+4` and
/// zeros at the front. None without one of the four, or of a day without a year.
[[nodiscard]] std::optional<list_hash> hash_of_person(std::string_view given,
                                                      std::string_view family, const date& born,
                                                      std::string_view postal_code) noexcept;

struct listed_hash {
  list_hash hash{};
  hash_list_kind kind = hash_list_kind::email;
};
using listed_hashes = std::vector<listed_hash, wiping_allocator<listed_hash>>;

/// Somebody whom a row is about. Of a row there may be several.
struct listed_customer {
  std::uint32_t row = 0;  ///< Place in the list, from 0.
  customer_id customer{};
  /// Nobody erases them now: an open case of claims, tax or fraud, or a legal hold.
  bool held = false;
  /// What a law of the book has the shop keep of them (session::kept_by_law()).
  field_set kept_by_law{};
};
using listed_customers = std::vector<listed_customer, wiping_allocator<listed_customer>>;

}  // namespace clientbook

#endif
