// Mirrors in folders, backups in files, and a book made of both: recovery the usual way.
//
//   session.add_mirror("/media/safe/shop.mirror");
//   back_up_to(session, "/media/safe/shop-2027-03-01.backup");
//   ... the disk is lost ...
//   restore_book({.mirror = "/media/safe/shop.mirror", .backups = files, .shares = three},
//                "shop.book", "/secure/keys/shop.key", who);
//
// docs/backup.md tells how to go about it, recovery.hpp what comes out.
//
// Thread safety: as book.hpp. A mirror is opened for each refresh and let go afterwards.
#ifndef CLIENTBOOK_OPEN_BACKUP_HPP
#define CLIENTBOOK_OPEN_BACKUP_HPP

#include <clientbook/book/book.hpp>
#include <clientbook/open/open.hpp>
#include <clientbook/vault/mirror_place.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace clientbook {

/// Mirrors as folders of a local file system; none may lie in the folder of the book, or in that of
/// its key. One that another process is writing is waited for, milliseconds, and then told as
/// `locked`.
std::shared_ptr<mirror_opener> mirror_folders(std::string_view book_path,
                                              std::string_view key_path = {}, int wait_ms = 10'000);

struct backup_file_options {
  std::string_view since{};  ///< File of a full backup: what differs from it. Empty: a full one.
  /// Where the book and its key lie, if the caller knows: a backup in there is refused, and in the
  /// folder of a mirror in any case.
  std::string_view book{};
  std::string_view key{};
  callback_ref<void(std::uint64_t done)> progress{};
};

/// Writes a backup into a new file (mode 0600), which appears when it is whole and on disk; then
/// the book notes it. What an interrupted call left under the name with `.part` is written over.
/// Errors: already_exists (a file is there, and stays), locked (another program writes this
/// backup), not_found (no such folder; no file `since`), disk_full, permission_denied, io_error; as
/// session::back_up().
result<backup_outcome> back_up_to(session& from, std::string_view file,
                                  const backup_file_options& options = {});

struct restore_files {
  std::string_view mirror{};               ///< Folder.
  std::span<const std::string> backups{};  ///< A full one, and perhaps one that builds on it.
  std::span<const crypto::share> shares{};
  callback_ref<void(std::uint64_t done)> progress{};
};

/// A restored book, and what verify() says of it: parts of two branches of a book, or a backup of
/// one that was damaged, may be put together to something that does not agree.
struct restored_book {
  restore_outcome restored{};
  verification verified{};  ///< problems: 0, or the book is to be looked at before it is used.
};

/// Makes the book in a new folder, with a new root key in a new file, as create_book() does. Every
/// page of the mirror is checked before it is used, and everything in the book is opened
/// afterwards. On an error neither is there; a book with problems is there all the same, and they
/// are counted. Errors: as book::restore() and create_book(); not_found (a file, the mirror).
result<restored_book> restore_book(const restore_files& from, std::string_view path,
                                   const key_place& key, const actor& who,
                                   const book_options& options = {});

/// Restores into a folder that it makes in `scratch` and removes, under a root key that is in
/// memory alone, opens everything and counts. What a kill leaves opens for nobody. Errors: as
/// restore_book(); those of verify().
result<restored_book> drill(const restore_files& from, std::string_view scratch, const actor& who,
                            const book_options& options = {});

}  // namespace clientbook

#endif
