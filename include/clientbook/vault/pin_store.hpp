// Pin: what was written down outside the store of its newest state, so that an older copy of the
// data file that is put in its place is known for what it is (docs/format/pin.md). A withdrawal
// that is undone by an old copy is one that the pin has seen.
//
// Thread safety: as the implementation says; several processes may hold the same one.
#ifndef CLIENTBOOK_VAULT_PIN_STORE_HPP
#define CLIENTBOOK_VAULT_PIN_STORE_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <cstdint>
#include <optional>

namespace clientbook {

/// What tells one branch of a book from another that has as many commits.
struct pin_mark {
  crypto::digest root_node{};  ///< Of the key tree's root node as it lies in the store.
  crypto::digest ledger{};     ///< Merkle root of the ledger at the pin's number of entries.
};

struct book_pin {
  book_id book{};
  std::uint64_t epoch = 0;
  std::uint64_t root_version = 0;  ///< Grows with every commit.
  std::uint64_t ledger_size = 0;
  std::optional<pin_mark> mark{};  ///< None: a pin that an older version of the program wrote.
};

class pin_store {
 public:
  virtual ~pin_store() = default;

  /// Nothing: no pin was ever set here. Errors: damaged, permission_denied, io_error.
  virtual result<std::optional<book_pin>> load() noexcept = 0;

  /// Whether move() would find its way, as far as can be told without writing: what is asked before
  /// something is committed that must not be there without its pin. Errors: as move.
  virtual result<void> ready() noexcept { return {}; }

  /// Durable when it returns; never back: with a later one of the same book there nothing changes.
  /// Errors: permission_denied, disk_full, io_error; version_mismatch (another book's pin is
  /// there).
  virtual result<void> move(const book_pin& to) noexcept = 0;

  /// Takes the place of whatever is there, also of a later one. Errors: as move.
  virtual result<void> replace(const book_pin& with) noexcept = 0;
};

}  // namespace clientbook

#endif
