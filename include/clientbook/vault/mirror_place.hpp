// Where a keyring mirror lies, as a port: a store for the sealed nodes, and a cell for the key that
// makes forgetting possible (docs/format/recovery.md).
//
// Thread safety: an opener is asked by one thread at a time; it is opened for each refresh and let
// go afterwards, so that a disk may be taken away in between.
#ifndef CLIENTBOOK_VAULT_MIRROR_PLACE_HPP
#define CLIENTBOOK_VAULT_MIRROR_PLACE_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/crypto/root_cell.hpp>
#include <clientbook/vault/backend.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace clientbook {

struct mirror_place {
  std::shared_ptr<backend> store{};
  std::shared_ptr<root_cell> cell{};
};

class mirror_opener {
 public:
  virtual ~mirror_opener() = default;

  /// A mirror that is there. Errors: not_found (nothing is there: the disk is away), those of store
  /// and cell.
  virtual result<mirror_place> open(std::string_view path) noexcept = 0;

  /// An empty place for a new one, or one that an interrupted call has left. Errors: already_exists
  /// (something else is there), invalid_argument (no place for a mirror), those of store and cell.
  virtual result<mirror_place> create(std::string_view path) noexcept = 0;

  /// Whether it is a place apart from those of the book's other mirrors, however it is written.
  /// Errors: already_exists (it is one of them), invalid_argument (it lies in one, or one in it).
  virtual result<void> check_apart(std::string_view /*path*/,
                                   std::span<const std::string> /*others*/) noexcept {
    return {};
  }

  /// Removes the mirror that lies there, in whatever state it is: somebody has given it up. Errors:
  /// already_exists (something else is there too, and all of it stays), those of the storage.
  virtual result<void> empty(std::string_view path) noexcept = 0;
};

}  // namespace clientbook

#endif
