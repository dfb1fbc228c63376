// What opens a sealed root cell, once somebody's slot has: the private key of that slot and the
// cell's key, both in locked memory. Shared by all objects that stand for one opened cell.
#ifndef CLIENTBOOK_ADAPTERS_ROOT_CELL_CELL_KEYS_HPP
#define CLIENTBOOK_ADAPTERS_ROOT_CELL_CELL_KEYS_HPP

#include <clientbook/internal/crypto/locked_memory.hpp>

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "cell_format.hpp"

namespace clientbook {

inline constexpr error cell_is_sealed{
    errc::key_unavailable,
    "the root key is sealed: it takes a passphrase or a key file of one of its slots"};

inline constexpr error cell_is_in_clear{
    errc::key_unavailable,
    "the root key was sealed when it was opened, and what lies there now is not: if you unsealed "
    "it, open it again"};

/// A slot that was put into a cell, which is not written yet.
struct made_slot {
  std::uint32_t number = 0;
  std::optional<secret<32>> own{};  ///< Its private key, if its secret is here.
};

/// The root keys of one file, and the cell's key that they were sealed under in it.
struct opened_keys {
  root_cell::content content{};
  secret<32> key{};
};

// What a change reads, edits and seals it carries itself: these objects are shared by threads, and
// a key that another thread had put there between two steps would seal a file that no slot opens.
class cell_keys {
 public:
  /// Tries the secret at every slot of its kind.
  /// Errors: wrong_key (it opens none), damaged, limit_exceeded.
  static result<std::shared_ptr<cell_keys>> unlock(const sealed_cell& cell,
                                                   const slot_secret& with);
  /// For a cell that has this key and this slot, which are about to be written.
  /// Errors: limit_exceeded.
  static result<std::shared_ptr<cell_keys>> of_new(const sealed_cell& cell, const secret<32>& key,
                                                   const made_slot& slot);

  /// Changes nothing here. Where another process has given the cell another key, that is had
  /// through the slot. Errors: key_unavailable (the slot was removed; it is another cell by now),
  /// damaged.
  result<opened_keys> read(const sealed_cell& cell);
  /// What was written and is in its place: the cell's key, and the slot that stands in for this
  /// one's, if one does.
  void written(const secret<32>& key, const std::optional<made_slot>& instead) noexcept;

  /// The slot through which a later key of the cell is taken over.
  std::uint32_t slot() const noexcept;

  /// Errors: randomness_failed.
  static result<void> seal(sealed_cell& cell, const root_cell::content& content,
                           const secret<32>& key);
  /// Puts a slot into the cell, opened once if its secret is here. The cell is to be sealed and
  /// written afterwards.
  /// Errors: invalid_argument, limit_exceeded, already_exists, randomness_failed.
  static result<made_slot> add_slot(sealed_cell& cell, const new_slot& what, const secret<32>& key);
  /// Another key for the cell, for the slots that it has now. Errors: randomness_failed.
  static result<secret<32>> renew(sealed_cell& cell);
  static result<secret<32>> new_key();
  /// Whether what is about to be written opens: by its key, and through the slot if it is there.
  /// Errors: internal_error.
  static result<void> check(const cell_image& image, const secret<32>& key, const made_slot& slot);
  /// Of this process. Its private key is absent only where nothing was opened yet.
  made_slot own() const;

 private:
  static constexpr std::size_t own_at = 0;
  static constexpr std::size_t cell_at = 32;

  static result<std::shared_ptr<cell_keys>> empty();
  secret<32> kept(std::size_t at) const noexcept;
  void keep(std::size_t at, const secret<32>& key) noexcept;

  mutable std::mutex alone_;
  std::array<std::byte, 16> id_{};  ///< Of the cell.
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
  void set(std::shared_ptr<cell_keys> keys) noexcept {
    const std::scoped_lock alone(alone_);
    keys_ = std::move(keys);
  }
  /// While a reader of this process takes the file and what opens it, and while a new file takes
  /// its place and what opens it is taken over here: they belong together.
  [[nodiscard]] std::unique_lock<std::mutex> steady() { return std::unique_lock(steady_); }

 private:
  mutable std::mutex alone_;
  std::mutex steady_;
  std::shared_ptr<cell_keys> keys_;
};

}  // namespace clientbook

#endif
