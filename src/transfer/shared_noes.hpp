// Noes about an address or number that several customers have. Nobody who reads a list of who left
// knows which of them it was, so it closes that address for each: for them alone, and nothing else.
//
// Kept small, since every row of an import may be a no: words that rows share lie here once.
//
// Thread safety: belongs to one import.
#ifndef CLIENTBOOK_TRANSFER_SHARED_NOES_HPP
#define CLIENTBOOK_TRANSFER_SHARED_NOES_HPP

#include <clientbook/base/callback_ref.hpp>
#include <clientbook/book/session.hpp>
#include <clientbook/consent/directive.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "people_index.hpp"

namespace clientbook {

class shared_noes {
 public:
  struct row {
    const record_view& record;
    std::span<const std::string_view> named;  ///< Addresses and numbers that stand in its noes.
    std::span<const directive> said;
    std::optional<customer_id> whose{};  ///< Who has it recorded.
    field_set kept{};  ///< Of its addresses and numbers those that the book has taken.
    std::uint64_t line = 0;
  };

  /// Of what a row says, what closes its addresses and numbers, and those that it names in a no.
  /// False: nothing does.
  result<bool> add(session& of, const people_index& people, const row& from);

  /// What a no closes of the ways to the addresses and numbers that the row has.
  static purpose_set ways_of(const record_view& row);

  bool empty() const noexcept { return noes_.empty(); }

  /// Each no for each other customer who has the address.
  using taker = callback_ref<result<void>(const customer_id&, const directive&, std::uint64_t)>;
  result<void> for_others(const people_index& people, taker take) const;

  /// Each address or number that nobody has, though a row names it in a no, or has it, says no and
  /// is left out with it: once for all that say the same, with the latest no.
  using named_taker = callback_ref<result<void>(std::string_view, const directive&, std::uint64_t)>;
  result<void> for_nobody(const people_index& people, named_taker take) const;

 private:
  struct named_no {
    std::string text;
    std::uint64_t address = 0;  ///< As the index knows it.
    std::uint32_t words = 0;
    timestamp at{};
    std::uint64_t line = 0;
  };
  struct one_no {
    std::uint64_t address = 0;  ///< As the index knows it.
    contact_point point{};
    timestamp at{};
    std::uint32_t words = 0;  ///< Place in words_.
    std::optional<customer_id> whose{};
    std::uint64_t line = 0;
  };

  std::vector<one_no> latest() const;
  std::vector<named_no> latest_named() const;
  std::uint32_t place_of(const directive& said);
  void add_one(session& of, const directive& said, field_id field, std::string_view value,
               one_no from);
  /// Unless somebody has it.
  void add_named(const people_index& people, const directive& said, field_id field,
                 std::string_view value, std::uint64_t line);

  std::vector<directive> words_;
  std::vector<one_no> noes_;
  std::vector<named_no> named_;  ///< Of addresses that nobody had when the row was read.
};

}  // namespace clientbook

#endif
