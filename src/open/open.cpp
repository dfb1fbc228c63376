// Joins LMDB and the file root cell to a book. The only place that knows both book and adapters.
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/open/backup.hpp>
#include <clientbook/open/open.hpp>

#include <memory>
#include <new>
#include <utility>

#include "cell_of_book.hpp"

namespace clientbook {
namespace {

// Mirrors are folders and the pin lies beside the key, unless the host knows better.
book_options as_usual(const book_options& options, std::string_view path,
                      std::string_view key_path) {
  book_options out = options;
  if (!out.mirrors) out.mirrors = mirror_folders(path, key_path);
  if (!out.pin) out.pin = pin_beside(key_path);
  return out;
}

result<book> book_alone(result<book_with_cell> both) {
  if (!both) return both.error();
  return std::move(both->opened);
}

}  // namespace

result<book_with_cell> create_book_with_cell(std::string_view path, const key_place& key,
                                             const new_book& what,
                                             const book_options& options) try {
  auto cell = claimed_cell(key, path, options);
  if (!cell) return cell.error();
  auto store = create_lmdb_backend(path);
  if (!store && store.error().code == errc::already_exists) {
    auto old = open_lmdb_backend(path);
    if (!old) return old.error().code == errc::not_a_book ? store.error() : old.error();
    store = std::move(old);
  }
  if (!store) {
    (void)cell->remove_empty();
    return store.error();
  }
  const auto kept = std::make_shared<file_root_cell>(std::move(*cell));
  file_root_cell same = kept->same();
  auto made = book::create(std::move(*store), kept, what, as_usual(options, path, key.path));
  // A cell that holds a key stays: the book may be there.
  if (!made) {
    (void)kept->remove_empty();
    return made.error();
  }
  return book_with_cell{std::move(*made), std::move(same)};
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<book> create_book(std::string_view path, const key_place& key, const new_book& what,
                         const book_options& options) {
  return book_alone(create_book_with_cell(path, key, what, options));
}

result<book_with_cell> open_book_with_cell(std::string_view path, const key_place& key,
                                           const book_options& options) try {
  auto store = open_lmdb_backend(path);
  if (!store) return store.error();
  auto cell = opened_cell(key, path);
  if (!cell) return cell.error();
  file_root_cell same = cell->same();
  auto opened = book::open(std::move(*store), std::make_shared<file_root_cell>(std::move(*cell)),
                           as_usual(options, path, key.path));
  if (!opened) return opened.error();
  return book_with_cell{std::move(*opened), std::move(same)};
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<book> open_book(std::string_view path, const key_place& key, const book_options& options) {
  return book_alone(open_book_with_cell(path, key, options));
}

result<book_pin> accept_pin(std::string_view path, const key_place& key, const actor& who,
                            const book_options& options) try {
  auto store = open_lmdb_backend(path);
  if (!store) return store.error();
  auto cell = opened_cell(key, path);
  if (!cell) return cell.error();
  return book::accept_pin(std::move(*store), std::make_shared<file_root_cell>(std::move(*cell)),
                          who, as_usual(options, path, key.path));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<upgrade_outcome> upgrade_book(std::string_view path, const key_place& key,
                                     const book_options& options) try {
  auto store = open_lmdb_backend(path);
  if (!store) return store.error();
  auto cell = opened_cell(key, path);
  if (!cell) return cell.error();
  return book::upgrade(std::move(*store), std::make_shared<file_root_cell>(std::move(*cell)),
                       options);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
