// A book of an older format, as its rows: tests/vectors/book, made by the last version that wrote
// it.
#ifndef CLIENTBOOK_TESTS_BOOK_OLD_BOOK_HPP
#define CLIENTBOOK_TESTS_BOOK_OLD_BOOK_HPP

#include <clientbook/crypto/root_cell.hpp>
#include <clientbook/vault/backend.hpp>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace clientbook::testing {

struct old_book {
  root_key root;
  std::vector<std::pair<std::string, std::string>> rows;  ///< Key and value.
};

inline std::string bytes_of(const std::string& hexadecimal) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hexadecimal.size(); i += 2) {
    out += static_cast<char>(std::stoi(hexadecimal.substr(i, 2), nullptr, 16));
  }
  return out;
}

/// Lines of hexadecimal: `root EPOCH KEY`, then `KEY VALUE` a row.
inline old_book read_old_book(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  old_book out;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string first, second;
    words >> first >> second;
    if (first != "root") {
      out.rows.emplace_back(bytes_of(first), bytes_of(second));
      continue;
    }
    out.root.epoch = std::stoull(second);
    words >> second;
    const std::string key = bytes_of(second);
    if (key.size() != 32) throw std::runtime_error("a root key has 32 bytes");
    out.root.key.fill_bytes([&key](byte_span to) { copy_bytes(to, as_bytes(key)); });
  }
  return out;
}

inline void need(const result<void>& done) {
  if (!done) throw std::runtime_error(done.error().text.c_str());
}

/// Into an empty store and a cell without a key.
inline void lay(const old_book& from, backend& store, root_cell& cell) {
  need(cell.stage(from.root));
  auto writing = store.begin_write();
  if (!writing) throw std::runtime_error(writing.error().text.c_str());
  for (const auto& [key, value] : from.rows) {
    need((*writing)->put(as_bytes(key), as_bytes(value)));
  }
  need((*writing)->commit());
  need(cell.promote(from.root.epoch));
}

}  // namespace clientbook::testing

#endif
