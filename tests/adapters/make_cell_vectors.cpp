// Makes a file for tests/vectors/root_cell: root cells of both formats and what opens them. Random,
// so a file that was released is never made again: a new format gets a file of its own.
//
//   clientbook_make_cell_vectors FOLDER > cells.json
#include <clientbook/adapters/file_root_cell.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

using namespace clientbook;

namespace {

constexpr const char* phrase = "Caf\xC3\xA9, six words that a die chose";
constexpr const char* identity =
    "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
constexpr const char* recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

template <class T>
T must(result<T> made) {
  if (made) return std::move(*made);
  std::fprintf(stderr, "%s\n", made.error().text.c_str());
  std::exit(1);
}
void must(const result<void>& done) {
  if (done) return;
  std::fprintf(stderr, "%s\n", done.error().text.c_str());
  std::exit(1);
}

root_key key_of(std::uint64_t epoch) {
  root_key out;
  out.epoch = epoch;
  out.key.fill_bytes([&](byte_span bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<std::byte>(epoch * 16 + i);
    }
  });
  return out;
}

std::string hex_of(const std::string& bytes) {
  std::string out(bytes.size() * 2, '0');
  write_hex(as_bytes(bytes), out.data());
  return out;
}

void print(const char* comment, const std::string& path, const char* opens, bool last = false) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::printf("  {\"comment\": \"%s\",\n   \"opens\": %s,\n   \"file\": \"%s\"}%s\n", comment,
              opens, hex_of(bytes).c_str(), last ? "" : ",");
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 1;
  const std::string path = std::string(arguments[1]) + "/keys/shop.key";
  std::array<std::byte, 32> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(200 - i);
  const slot_secret file = must(slot_secret::identity(bytes));
  const slot_secret typed = must(slot_secret::passphrase(phrase));
  const slot_secret age = must(slot_secret::identity(as_bytes(identity)));
  const crypto::box_public_key key = must(crypto::read_recipient(recipient));
  const date day{2027, 3, 1};

  std::printf("[\n");
  auto cell = must(file_root_cell::create_new(path, ""));
  print("format 1, empty", path, "[]");
  must(cell.stage(key_of(1)));
  must(cell.promote(1));
  must(cell.stage(key_of(2)));
  print("format 1, epochs 1 and 2", path, "[]");
  must(cell.seal({.label = "till", .secret = &file, .added = day}));
  print("format 2, a key file; to be renewed above epoch 1", path, "[\"key file\"]");
  must(cell.promote(2));
  must(cell.add_slot({.label = "the shop \xC3\xA9",
                      .secret = &typed,
                      .cost = {.kibibytes = 8 * 1024, .passes = 2},
                      .added = day}));
  must(cell.add_slot({.label = "Ann", .recipient = &key, .added = day}));
  print("format 2, all three kinds, the recipient never opened", path,
        "[\"key file\", \"passphrase\", \"identity\"]");
  auto anns = must(file_root_cell::open(path, "", &age));
  must(anns.remove_slot(1));
  must(anns.stage(key_of(3)));
  print("format 2, the key file removed, epochs 2 and 3", path, "[\"passphrase\", \"identity\"]",
        true);
  std::printf("]\n");
  return 0;
}
