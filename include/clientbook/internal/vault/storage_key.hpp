// Keys of the store: one byte of table, then numbers in big-endian order, so that the
// rows of a table lie together and a customer's items in their sequence.
#ifndef CLIENTBOOK_INTERNAL_VAULT_STORAGE_KEY_HPP
#define CLIENTBOOK_INTERNAL_VAULT_STORAGE_KEY_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>

#include <array>
#include <cstdint>

namespace clientbook::storage {

/// First byte of a key. Part of the stored format: never renumber.
enum class table : std::uint8_t {
  meta = 1,             ///< one row: the book's header
  schema = 2,           ///< version (4)
  node = 3,             ///< key tree: level (1), index (8)
  record = 4,           ///< customer number (8)
  item = 5,             ///< customer number (8), kind (1), sequence (4)
  directive = 6,        ///< customer number (8), sequence (4)
  state = 7,            ///< compiled consent state (4)
  external_id = 8,      ///< blind index token (16)
  recipient = 9,        ///< recipient number (1)
  notice = 10,          ///< notice number (4)
  ledger_leaf = 11,     ///< index (8)
  ledger_payload = 12,  ///< index (8)
  ledger_tile = 13,     ///< level (1), tile (8)
  state_index = 15,     ///< blind token of a compiled state (16)
  policy = 16,          ///< 0: the policy row; else what was proposed, by number (4)
  customer_row = 17,    ///< customer number (8)
  refusal = 18,         ///< period (4): its row; period (4), blind token (16): a refusal
  open_case = 20,       ///< 0: which are open; else a case, by number (4)
  trace = 21,          ///< customer number (8), day (4), actor (4), purpose (1); customer 0: of all
  budget = 22,         ///< 0 (4): what every actor has drawn
  index = 24,          ///< first customer number of a leaf (8): a bucket of the sealed index
  retained = 25,       ///< number in the key tree (8), part (4): what a law has the shop keep
  portfolios = 26,     ///< 0 (4): whether they are in force, and who belongs to which store
  roles = 27,          ///< 0 (4): which table of roles the book follows, and which is proposed
  canaries = 28,       ///< 0 (4): canaries, and the alarms that they raised
  request = 29,        ///< 0: which are open; else a request, by number (4)
  backup = 30,         ///< no rows: what pieces of a backup are sealed as
  request_words = 31,  ///< customer number (8), request number (4)
  outflow = 32,        ///< 0 (4): how many customers went to whom within an hour
  recipient_contacts = 33,  ///< 0 (4): how recipients are reached
  witnesses = 34,           ///< 0 (4): who witnesses the ledger, and what each has cosigned
  credentials = 40,         ///< 0 (4): who has which credential, and what takes one
  epoch = 43,               ///< number (4): an epoch of the ledger, its key and its seal
  column = 42,              ///< no rows: what values in the host's own tables are sealed as
  merge = 41,  ///< customer number (8), 0 or a field and 1 (1): what was before that is a part
};

/// Entries of the key tree that are no customers' but of periods: behind these, from 1 (book_2.md).
inline constexpr std::uint64_t refusal_periods_from = (std::uint64_t{1} << 29U) - 65536;
inline constexpr std::uint64_t trace_periods_from = (std::uint64_t{1} << 29U) - 2 * 65536;
/// Nor are those of retained records: behind this, from 1.
inline constexpr std::uint64_t retained_from = trace_periods_from - (std::uint64_t{1} << 24U);
/// Nor those of the ledger's epochs: behind this, from 1. Customers' numbers end here.
inline constexpr std::uint64_t epochs_from = retained_from - 65536;

/// What an item is. Part of the stored format.
enum class item_kind : std::uint8_t { purchase = 1, note = 2 };

class key {
 public:
  explicit key(table t) noexcept { add(static_cast<std::uint8_t>(t)); }
  template <class Unsigned>
  key& add(Unsigned value) noexcept {
    store_be(bytes_.data() + size_, value);
    size_ += sizeof(Unsigned);
    return *this;
  }
  key& add(byte_view bytes) noexcept {
    copy_bytes(byte_span(bytes_).subspan(size_), bytes);
    size_ += bytes.size();
    return *this;
  }
  operator byte_view() const noexcept {
    return byte_view(bytes_).first(size_);
  }  // NOLINT(*-explicit-*)

 private:
  std::array<std::byte, 24> bytes_{};
  std::size_t size_ = 0;
};

}  // namespace clientbook::storage

#endif
