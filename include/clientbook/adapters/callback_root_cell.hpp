// Callback root cell: the root key where the caller keeps it, such as a key management
// service, the keyring of the operating system or a secure element.
//
// Thread safety: as root_cell.hpp says.
#ifndef CLIENTBOOK_ADAPTERS_CALLBACK_ROOT_CELL_HPP
#define CLIENTBOOK_ADAPTERS_CALLBACK_ROOT_CELL_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/crypto/root_cell.hpp>

#include <cstdint>

namespace clientbook {

/// Plain C functions, so that any language can provide them; all four are required and keep
/// the promises that root_cell states for the call of the same name. Each returns 0 or the
/// number of the errc that applies; an unknown number counts as io_error. They must not
/// throw. Keys are 32 bytes; an epoch of 0 says that there is no such key.
///
/// Each compares the epoch and changes the keys in one step that no other process comes
/// between: promote may arrive late, when others have long staged a key of a later epoch.
struct root_cell_callbacks {
  void* context = nullptr;  ///< Passed to each function; must outlive the cell.

  int (*load)(void* context, std::uint64_t* current_epoch, unsigned char* current_key,
              std::uint64_t* staged_epoch, unsigned char* staged_key) = nullptr;
  int (*stage)(void* context, std::uint64_t epoch, const unsigned char* key) = nullptr;
  int (*promote)(void* context, std::uint64_t epoch) = nullptr;
  int (*drop)(void* context, std::uint64_t epoch) = nullptr;
};

class callback_root_cell final : public root_cell {
 public:
  /// Errors: invalid_argument if a function is missing.
  static result<callback_root_cell> make(const root_cell_callbacks& callbacks) noexcept;

  /// Errors: what the function says; damaged if it hands out a staged key that is not newer
  /// than the current one.
  result<content> load() noexcept override;
  result<void> stage(const root_key& next) noexcept override;
  result<void> promote(std::uint64_t epoch) noexcept override;
  result<void> drop(std::uint64_t epoch) noexcept override;

 private:
  explicit callback_root_cell(const root_cell_callbacks& callbacks) noexcept
      : callbacks_(callbacks) {}
  root_cell_callbacks callbacks_;
};

}  // namespace clientbook

#endif
