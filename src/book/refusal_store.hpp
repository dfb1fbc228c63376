// Remembered refusals: exact keyed tokens of ids, e-mail addresses and phone numbers of people who
// were erased, or who unsubscribed before the book knew them. They say nothing but yes or no to
// who has the value already, and are asked at an import alone.
//
// The tokens of one month are keyed by that month's own key, an entry of the key tree far behind
// the customers: dropping it is an erasure, which forgets all of them, also in copies made
// earlier. Its row says until when, and how many there are, so that one that goes missing shows.
#ifndef CLIENTBOOK_BOOK_REFUSAL_STORE_HPP
#define CLIENTBOOK_BOOK_REFUSAL_STORE_HPP

#include <clientbook/book/refusals.hpp>
#include <clientbook/model/record.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <clientbook/internal/vault/book_core.hpp>

namespace clientbook {

// Keeps, by month, tokens of values with what was refused, since and until when; no value and no
// customer. Written by session_refusals.cpp: at an erasure, at a no of somebody unknown, when a
// period ends. A token lives as long as its month's key and no longer, in whatever order months
// are dropped.
class refusal_store {
 public:
  explicit refusal_store(book_core& core) noexcept : core_(core) {}

  /// A value of somebody, in the form that is compared.
  struct value {
    field_id by{};
    wiped_bytes system{};  ///< Of an id.
    wiped_bytes text{};
  };
  /// External ids, e-mail addresses and phone numbers of a record.
  static result<std::vector<value>> values_of(std::span<const opened_field> record);
  static result<std::vector<value>> values_of(std::span<const field_value> record);
  /// What a value is known by under a key.
  static result<crypto::blind_index_token> token_of(const secret<32>& tokens, const value& one);

  /// Remembers each value, as said on that day, for so long from now on; returns until when,
  /// nothing if there is no value. What is damaged of before is begun anew. Precondition: inside a
  /// change.
  result<std::optional<date>> remember(std::span<const value> values, refusal_kind kind,
                                       timestamp on, timestamp now, unsigned months);
  /// What is remembered of any of these, once for each kind and value.
  result<std::vector<remembered_refusal>> find(std::span<const value> values, timestamp now);
  /// Forgets that of these values; returns how many there were. The period's key keeps: a copy
  /// made earlier still has them. Precondition: inside a change.
  result<std::uint32_t> forget_values(std::span<const value> values,
                                      std::optional<refusal_kind> kind);

  /// Those whose keys live, oldest first.
  result<std::vector<refusal_period>> periods();
  /// Destroys a period's key. Returns how many refusals went with it. Precondition: inside a
  /// change. Errors: not_found, key_erased.
  result<std::uint64_t> drop(std::uint32_t number);
  /// Drops what has ended. Precondition: inside a change.
  result<void> drop_ended(timestamp now);
  /// Opens everything. Errors: row_missing (fewer than the period's row says), as open_field.
  result<void> verify();

 private:
  struct period {
    std::uint32_t number = 0;
    std::int64_t since = 0;  ///< Days since 1970-01-01; it holds what was said in that month.
    std::int64_t until = 0;  ///< The last day of any of them.
    std::uint64_t count = 0;
  };
  struct entry {
    std::uint8_t kinds = 0;  ///< Bits of refusal_kind.
    std::int64_t on = 0;
    std::int64_t until = 0;
  };

  book_core::place period_place(std::uint32_t number, const manifest& own) const noexcept;
  book_core::place entry_place(std::uint32_t number, const manifest& own,
                               const crypto::blind_index_token& token) const noexcept;
  static secret<32> tokens_of(const manifest& own);
  /// Errors: key_erased, not_found.
  result<const manifest*> key_of(std::uint32_t number);
  result<period> read_period(std::uint32_t number);
  result<void> write_period(const period& one);
  result<std::optional<entry>> read_entry(std::uint32_t number, const value& one);
  result<std::optional<entry>> read_entry(std::uint32_t number, const manifest& own,
                                          const secret<32>& tokens, const value& one);
  result<void> write_entry(std::uint32_t number, const value& one, const entry& what);
  /// The period of that day, made if it is new.
  result<period> current(std::int64_t today);

  book_core& core_;
  private_bytes plain_;
};

}  // namespace clientbook

#endif
