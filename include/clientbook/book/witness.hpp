// Witnesses of a book's ledger: who they are, and what each has cosigned last.
//
// A witness (an accountant, an auditor, a sister shop, a public one) sees size and root of the
// ledger and nothing of anybody. docs/rights.md tells how one is asked; ledger/witness.hpp has the
// texts that go there and come back.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_WITNESS_HPP
#define CLIENTBOOK_BOOK_WITNESS_HPP

#include <clientbook/base/time.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace clientbook {

inline constexpr std::size_t max_witnesses = 16;
/// Bytes of a witness's name in a book: letters, digits and `.-_/:~`, as in an address.
inline constexpr std::size_t max_witness_name = 64;

struct ledger_witness {
  std::string key{};       ///< `<name>+<key id>+<key>`, as ledger::parse_witness_key() reads it.
  std::uint64_t seen = 0;  ///< Entries that it has seen, as it said last; 0: nothing known.
  std::uint64_t size = 0;  ///< Entries of the newest ledger that it has cosigned; 0: none yet.
  timestamp at{};          ///< When, by its clock.
  std::string note{};      ///< That checkpoint: signed by the ledger, and by this witness alone.

  std::string_view name() const noexcept { return std::string_view(key).substr(0, key.find('+')); }
};

/// What a witness has answered.
struct witness_answer {
  unsigned status = 0;      ///< Of HTTP: 200, 409, ...
  std::string_view body{};  ///< 200: lines of signatures. 409: the size that it has seen.
};

struct witness_outcome {
  bool cosigned = false;   ///< It has. If not, it has seen another size: ask it again.
  std::uint64_t size = 0;  ///< Entries that it has cosigned, or has seen.
  timestamp at{};          ///< When it has cosigned.
};

}  // namespace clientbook

#endif
