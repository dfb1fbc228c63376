// The pin's file: two places in turn, and what an older version of the program left there.
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/open/open.hpp>
#include <clientbook/vault/pin_store.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

#include "testing.hpp"

using namespace clientbook;

namespace {

struct key_folder {
  std::string path = (std::filesystem::temp_directory_path() / "clientbook-pin-XXXXXX").string();
  key_folder() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
  ~key_folder() { std::filesystem::remove_all(path); }
  std::string key() const { return path + "/k"; }
};

book_pin pin_of(std::uint64_t version) {
  book_pin out{.epoch = 1, .root_version = version, .ledger_size = version};
  out.book.bytes[3] = std::byte{9};
  return out;
}

// As docs/format/pin.md has the first version's places.
std::string former_place(const book_pin& pin, std::uint64_t turn) {
  std::array<std::byte, 64> bytes{};
  copy_bytes(byte_span(bytes), as_bytes("clntpin1"));
  copy_bytes(byte_span(bytes).subspan(8), pin.book.bytes);
  store_be(bytes.data() + 24, pin.epoch);
  store_be(bytes.data() + 32, pin.root_version);
  store_be(bytes.data() + 40, pin.ledger_size);
  store_be(bytes.data() + 48, turn);
  const crypto::digest sum = crypto::hash(byte_view(bytes).first(56));
  copy_bytes(byte_span(bytes).subspan(56), byte_view(sum).first(8));
  return std::string(as_text(bytes));
}

}  // namespace

TEST_CASE("pin file: the hashes come back, and a place that was cut short leaves the other") {
  const key_folder at;
  const auto store = pin_beside(at.key());
  for (std::uint64_t version = 1; version <= 5; ++version) {
    book_pin next = pin_of(version);
    pin_mark& mark = next.mark.emplace();
    mark.root_node.bytes[0] = static_cast<std::byte>(version);
    mark.ledger.bytes[31] = static_cast<std::byte>(version);
    REQUIRE(store->move(next));
    const auto held = store->load();
    REQUIRE(held);
    REQUIRE(*held);
    CHECK((*held)->root_version == version);
    REQUIRE((*held)->mark);
    CHECK((*held)->mark->root_node == mark.root_node);
    CHECK((*held)->mark->ledger == mark.ledger);
  }
  std::fstream file(at.key() + ".pin", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(128 + 60);  // The fifth turn's place.
  file.put('x');
  file.close();
  const auto held = store->load();
  REQUIRE(held);
  REQUIRE(*held);
  CHECK((*held)->root_version == 4);
}

TEST_CASE("pin file: one of the first version is read, and written over in two steps") {
  for (const std::uint64_t turn : {6U, 7U}) {
    CAPTURE(turn);
    const key_folder at;
    const std::string newer = former_place(pin_of(20), turn);
    const std::string older = former_place(pin_of(19), turn - 1);
    const std::string before = turn % 2 == 0 ? newer + older : older + newer;
    std::ofstream(at.key() + ".pin", std::ios::binary) << before;
    const auto store = pin_beside(at.key());
    auto held = store->load();
    REQUIRE(held);
    REQUIRE(*held);
    CHECK((*held)->root_version == 20);
    CHECK_FALSE((*held)->mark);

    book_pin next = pin_of(21);
    next.mark.emplace();
    REQUIRE(store->move(next));
    std::ifstream file(at.key() + ".pin", std::ios::binary);
    std::string after(256, '\0');
    file.read(after.data(), 256);
    CHECK(after.substr(0, 128) == before);  // Behind both: a cut write leaves them.
    held = store->load();
    REQUIRE(held);
    CHECK((*held)->root_version == 21);
    CHECK((*held)->mark);
    REQUIRE(store->move(pin_of(22)));
    held = store->load();
    REQUIRE(held);
    CHECK((*held)->root_version == 22);
  }
}
