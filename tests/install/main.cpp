// What a user's program does, with installed headers only.
#include <clientbook/base/ids.hpp>
#include <clientbook/base/secret.hpp>
#include <clientbook/version.hpp>

#include <cstdio>
#include <cstring>

#ifndef CORE_ONLY
#include <clientbook/open/open.hpp>

#include <filesystem>

// A book made, closed and opened again: every third-party library is really linked.
bool book_works() {
  const std::filesystem::path folder = std::filesystem::current_path() / "install_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "keys");
  std::filesystem::permissions(folder / "keys", std::filesystem::perms::owner_all);
  const std::string path = (folder / "shop.book").string();
  const std::string key = (folder / "keys" / "root.key").string();
  for (const auto step : {0, 1}) {
    const auto book =
        step == 0 ? clientbook::create_book(path, key, {.profile = clientbook::gdpr_profile().id})
                  : clientbook::open_book(path, key);
    if (book) continue;
    std::printf("step %d: %s\n", step, book.error().text.c_str());
    return false;
  }
  return true;
}
#else
bool book_works() { return true; }
#endif

int main() {
  clientbook::customer_id id;
  const char* text = "00112233445566778899aabbccddeeff";
  if (!clientbook::parse_hex(text, id.bytes)) return 1;
  char back[33] = {};
  clientbook::write_hex(id.bytes, back);
  if (std::strcmp(text, back) != 0) return 1;

  clientbook::secret<32> key;
  key.clear();
  if (!book_works()) return 2;
  std::printf("clientbook %s works from outside the tree\n", CLIENTBOOK_VERSION_STRING);
  return 0;
}
