// usage: lay_old_book ROWS BOOK KEY. Makes a folder and a key file of the rows of an older book,
// for the tests of the program and of the bindings.
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/lmdb_backend.hpp>

#include <cstdio>
#include <exception>

#include "old_book.hpp"

int main(int count, char** given) {
  using namespace clientbook;
  if (count != 4) return 2;
  try {
    const testing::old_book old = testing::read_old_book(given[1]);
    auto cell = file_root_cell::create_new(given[3], given[2]);
    if (!cell) throw std::runtime_error(cell.error().text.c_str());
    auto store = create_lmdb_backend(given[2]);
    if (!store) throw std::runtime_error(store.error().text.c_str());
    testing::lay(old, **store, *cell);
  } catch (const std::exception& wrong) {
    std::fprintf(stderr, "%s\n", wrong.what());
    return 1;
  }
}
