// What a till keeps in each record of its flash (docs/format/till.md). Private to the till.
#ifndef CLIENTBOOK_TILL_TILL_ROWS_HPP
#define CLIENTBOOK_TILL_TILL_ROWS_HPP

#include <clientbook/till/till.hpp>

#include <cstring>

namespace clientbook {
namespace rows {

enum class kind : std::uint8_t {
  customer = 1,
  directive = 2,
  purchase = 3,
  payload = 4,
  entry = 5,
  book = 6,
  erasing = 7,
  last = 8,  // Of a handing over.
};

inline constexpr std::size_t head_size = 47;
inline constexpr std::size_t place_size = 5;   // Of an item in its customer's row: kind, record.
inline constexpr std::size_t item_head = 9;    // Kind, customer's record, sequence.
inline constexpr std::size_t entry_head = 45;  // Kind, index, entry before, chain before.
inline constexpr std::size_t book_head = 45;   // Kind, newest time, newest entry, chain.
inline constexpr std::uint32_t book_record = 0;

inline kind kind_of(byte_view value) noexcept {
  return value.empty() ? kind{} : static_cast<kind>(value.front());
}

template <class Unsigned>
void put(byte_span to, std::size_t at, Unsigned value) noexcept {
  std::memcpy(to.data() + at, &value, sizeof value);
}
template <class Unsigned>
Unsigned get(byte_view from, std::size_t at) noexcept {
  Unsigned value;
  std::memcpy(&value, from.data() + at, sizeof value);
  return value;
}

inline constexpr error row_damaged{errc::damaged, "a row of the till is not what it should be"};

}  // namespace rows

// What a call has opened is gone when it returns, whatever it returns: no error leaves a customer
// behind in memory.
class wiped_at_end {
 public:
  explicit wiped_at_end(const till_memory& memory) noexcept : memory_(memory) {}
  wiped_at_end(const wiped_at_end&) = delete;
  wiped_at_end& operator=(const wiped_at_end&) = delete;
  ~wiped_at_end();

 private:
  const till_memory& memory_;
};

struct till::head {
  std::uint32_t record = 0;
  rows::kind kind = rows::kind::customer;
  customer_id id{};
  std::uint64_t version = 1;
  std::uint32_t directives = 0;
  std::uint32_t purchases = 0;
  std::uint32_t disclosures = 0;
  std::uint64_t last_index = 0;
  byte_view items{};   ///< place_size bytes each.
  byte_view fields{};  ///< A record, as encode_record() makes it.

  [[nodiscard]] std::size_t count() const noexcept { return items.size() / rows::place_size; }
  [[nodiscard]] rows::kind kind_of(std::size_t which) const noexcept {
    return static_cast<rows::kind>(items[which * rows::place_size]);
  }
  [[nodiscard]] std::uint32_t record_of(std::size_t which) const noexcept {
    return rows::get<std::uint32_t>(items, which * rows::place_size + 1);
  }
  static result<head> read(std::uint32_t record, byte_view value) noexcept;
};

struct till::change {
  std::array<flash_change, flash_store::largest_group> list{};
  std::size_t count = 0;
  flash_erasure erased = flash_erasure::done;
  std::array<std::byte, rows::entry_head + ledger::max_entry> entry{};
  std::uint32_t entry_record = 0;  ///< 0: no entry is added.

  void put(std::uint32_t record, byte_view value) noexcept {
    list[count++] = {flash_change::kind::put, record, value};
  }
  void remove(std::uint32_t record) noexcept {
    list[count++] = {flash_change::kind::remove, record, {}};
  }
};

namespace rows {

/// A place that is added to a customer's items.
struct added {
  kind what = kind::directive;
  std::uint32_t record = 0;
};

}  // namespace rows
}  // namespace clientbook

#endif
