// Makes tests/vectors/ledger: what every implementation of our ledger must compute and accept.
// The same bytes in every run; tests/python/check_ledger_vectors.py checks them on its own.
//
//   clientbook_make_ledger_vectors DIR             writes the files
//   clientbook_make_ledger_vectors --compare DIR   fails if one there differs
//
// A file that was released is never changed: a new format gets files of its own.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>

#include "ledger_testing.hpp"

using namespace clientbook;
using namespace clientbook::testing;
using clientbook::ledger::hash;

namespace {

constexpr std::string_view origin = "shop.example/clientbook/2026";
constexpr std::uint64_t size = 300;

template <class Result>
auto must(Result made) {
  if (!made) {
    std::fprintf(stderr, "make_vectors: %s\n", made.error().text.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<typename Result::value_type>) return std::move(*made);
}

// One "name: value" a line.
class lines {
 public:
  lines& text(std::string_view name, std::string_view value) {
    out_ += std::string(name) + ": " + std::string(value) + "\n";
    return *this;
  }
  lines& hex(std::string_view name, byte_view value) { return text(name, hex_of(value)); }
  lines& number(std::string_view name, std::uint64_t value) {
    return text(name, std::to_string(value));
  }
  [[nodiscard]] const std::string& str() const { return out_; }

 private:
  std::string out_;
};

struct ledger_of_vectors {
  numbered_tree tree{0};
  std::vector<std::array<std::byte, ledger::entry_bytes>> entries;
  crypto::signing_key key{fixed_key(0x10)};

  ledger_of_vectors() {
    ledger::tile_writer writer(tree.store, tree.front, tree.slots);
    for (std::uint64_t i = 0; i < size; ++i) {
      ledger::disclosure_entry entry = sample_entry();
      entry.type = static_cast<ledger_event>(1 + i % 11);
      entry.day = date_of(timestamp{1767225600 + static_cast<std::int64_t>(i) * 100000});
      store_be(entry.id.bytes.data(), i);
      entry.count = static_cast<std::uint32_t>(i * i);
      entry.commitment = numbered_leaf(i);
      must(ledger::encode_entry(entry, entries.emplace_back()));
      tree.leaves.push_back(ledger::leaf_hash(entries.back()));
      must(writer.append(tree.leaves.back()));
    }
    must(writer.flush());
  }
  hash root(std::uint64_t at) {
    ledger::tile_reader reader = tree.reader();
    return must(ledger::frontier_at(reader, at)).root();
  }
  std::string checkpoint(std::uint64_t at) {
    char room[ledger::checkpoint_room];
    return std::string(must(ledger::write_checkpoint({origin, at, root(at)}, key, room)));
  }
};

using sink = std::function<void(const std::string& name, const std::string& content)>;

void tree_files(ledger_of_vectors& book, const sink& file) {
  lines entries;
  for (const auto& entry : book.entries) entries.hex("entry", entry);
  file("entries.txt", entries.str());

  lines roots;
  for (const std::uint64_t at : {0U, 1U, 2U, 3U, 7U, 8U, 255U, 256U, 257U, 300U}) {
    roots.number("size", at).hex("root", book.root(at));
  }
  file("roots.txt", roots.str());

  for (const auto& [place, hashes] : book.tree.store.tiles) {
    char room[64];
    std::string name(must(ledger::tile_path(static_cast<int>(place.first), place.second,
                                            hashes.size() / sizeof(hash), room)));
    for (char& c : name) c = c == '/' ? '_' : c;
    file(name + ".hex", hex_of(hashes) + "\n");
  }
}

void proof_files(ledger_of_vectors& book, const sink& file) {
  char room[8192];
  file("log.vkey",
       std::string(must(ledger::write_log_identity({origin, book.key.public_key()}, room))) + "\n");
  file("checkpoint.txt", book.checkpoint(size));

  ledger::tile_reader reader = book.tree.reader();
  const std::pair<std::uint64_t, std::uint64_t> places[] = {{0, 1},     {0, 300},   {137, 300},
                                                            {255, 256}, {256, 257}, {299, 300}};
  for (const auto& [index, at] : places) {
    const ledger::proof path = must(ledger::inclusion_proof(reader, index, at));
    file("entry_" + std::to_string(index) + "_of_" + std::to_string(at) + ".tlog-proof",
         std::string(must(ledger::write_log_proof(book.entries[index], index, path.view(),
                                                  book.checkpoint(at), room))));
  }

  lines grown;
  const std::pair<std::uint64_t, std::uint64_t> pairs[] = {
      {0, 300}, {1, 300}, {3, 7}, {7, 8}, {8, 300}, {255, 300}, {256, 300}, {257, 300}, {300, 300}};
  for (const auto& [older, newer] : pairs) {
    const ledger::proof path = must(ledger::consistency_proof(reader, older, newer));
    grown.number("older", older).number("newer", newer);
    for (const hash& one : path.view()) grown.hex("hash", one);
    grown.text("end", "");
  }
  file("consistency.txt", grown.str());
}

void payload_files(const sink& file) {
  std::array<std::byte, ledger::max_payload> room;
  const auto one = [&](const std::string& name, const ledger::disclosure_payload& payload,
                       std::uint8_t format = 1) {
    const byte_view bytes = must(ledger::encode_payload(payload, room));
    ledger::disclosure_entry entry = sample_entry();
    entry.format = format;
    entry.day = date_of(payload.at);
    entry.commitment = ledger::commit(payload.blinding, bytes);
    std::array<std::byte, ledger::entry_bytes> leaf;
    must(ledger::encode_entry(entry, leaf));
    lines out;
    out.hex("payload", bytes).hex("entry", leaf).text("origin", origin);
    out.hex("binding", ledger::payload_binding(origin, entry));
    file(name, out.str());
  };
  one("payload_full.txt", sample_payload());
  one("payload_bound.txt", sample_payload(), 2);
  ledger::disclosure_payload first;
  first.sequence = 1;
  first.blinding = fixed_key(0x60);
  one("payload_first.txt", first);

  lines tags;
  tags.hex("key", must(result<std::array<std::byte, 32>>(fixed_key(1).with_bytes([](auto bytes) {
             std::array<std::byte, 32> out;
             copy_bytes(out, bytes);
             return out;
           }))));
  tags.hex("actor_42", ledger::actor_tag(fixed_key(1), actor_id(42)));
  tags.hex("subject_7", ledger::subject_tag(fixed_key(1), 7));
  file("tags.txt", tags.str());
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
  const bool compare = argc == 3 && std::string_view(argv[1]) == "--compare";
  if (argc != 2 && !compare) {
    std::fprintf(stderr, "usage: clientbook_make_ledger_vectors [--compare] DIR\n");
    return 2;
  }
  must(crypto::init());
  const std::string folder = argv[argc - 1];
  int differing = 0;
  const sink file = [&](const std::string& name, const std::string& content) {
    const std::string path = folder + "/" + name;
    if (compare) {
      if (read(path) == content) return;
      std::fprintf(stderr, "%s differs\n", name.c_str());
      ++differing;
    } else {
      std::ofstream(path, std::ios::binary) << content;
    }
  };
  ledger_of_vectors book;
  tree_files(book, file);
  proof_files(book, file);
  payload_files(file);
  return differing == 0 ? 0 : 1;
}
