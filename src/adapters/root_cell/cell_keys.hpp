// What opens a sealed root cell, once somebody's slot has: the private key of that slot and the
// cell's key, both in locked memory. Shared by all objects that stand for one opened cell.
#ifndef CLIENTBOOK_ADAPTERS_ROOT_CELL_CELL_KEYS_HPP
#define CLIENTBOOK_ADAPTERS_ROOT_CELL_CELL_KEYS_HPP

#include <clientbook/internal/crypto/locked_memory.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "cell_format.hpp"

namespace clientbook {

inline constexpr error cell_is_sealed{
    errc::key_unavailable,
    "the root key is sealed: it takes a passphrase or a key file of one of its slots"};

/// A slot that was put into a cell, which is not written yet.
struct made_slot {
  std::uint32_t number = 0;
  std::optional<secret<32>> own{};  ///< Its private key, if its secret is here.
};

class cell_keys {
 public:
  /// Tries the secret at every slot of its kind.
  /// Errors: wrong_key (it opens none), damaged, limit_exceeded.
  static result<std::shared_ptr<cell_keys>> unlock(const sealed_cell& cell,
                                                   const slot_secret& with);
  /// For a cell that has no slots yet, with a new key for it.
  /// Errors: randomness_failed, limit_exceeded.
  static result<std::shared_ptr<cell_keys>> fresh();

  /// The root keys. Where another process has given the cell another key, that is taken over
  /// through the slot. Errors: key_unavailable (the slot was removed), damaged.
  result<root_cell::content> read(const sealed_cell& cell);
  /// Errors: randomness_failed.
  result<void> seal(sealed_cell& cell, const root_cell::content& content);

  /// Puts a slot into the cell, opened once if its secret is here. The cell is to be sealed and
  /// written afterwards.
  /// Errors: invalid_argument, limit_exceeded, already_exists, randomness_failed.
  result<made_slot> add_slot(sealed_cell& cell, const new_slot& what);
  /// Another key for the cell, for the slots that it has now. If that is not written after all, the
  /// next read() comes back to the former one. Errors: randomness_failed.
  result<void> renew(sealed_cell& cell);

  /// The slot through which a later key of the cell is taken over.
  std::uint32_t slot() const noexcept { return slot_; }
  void stand_by(const made_slot& slot);

 private:
  static constexpr std::size_t own_at = 0;
  static constexpr std::size_t cell_at = 32;

  static result<std::shared_ptr<cell_keys>> empty();
  secret<32> kept(std::size_t at) const noexcept;
  void keep(std::size_t at, const secret<32>& key) noexcept;
  static result<root_cell::content> open_body(const sealed_cell& cell, const secret<32>& key);

  std::mutex alone_;
  std::uint32_t slot_ = 0;
  locked_memory memory_{};
};

// Of all objects for one cell: where one seals it, or unseals it, the others follow.
class cell_access {
 public:
  std::shared_ptr<cell_keys> get() const {
    const std::scoped_lock alone(alone_);
    return keys_;
  }
  void set(std::shared_ptr<cell_keys> keys) {
    const std::scoped_lock alone(alone_);
    keys_ = std::move(keys);
  }

 private:
  mutable std::mutex alone_;
  std::shared_ptr<cell_keys> keys_;
};

}  // namespace clientbook

#endif
