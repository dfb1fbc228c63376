// What a core dump of a process with an open book would hold: not the root key, of a sealed book
// either, and none of the book's own keys. The keys are looked for in this process's own memory,
// but for mappings that the kernel leaves out (VmFlags `dd`), where they must be.
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/key_slots.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <filesystem>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

// A key as nothing else has it: this test's own copy is not what is looked for.
struct masked_key {
  std::array<unsigned char, 32> bytes{};
};

constexpr off_t current_at = 32;  // docs/format/root_cell.md, format 1

masked_key root_in(const std::string& path) {
  masked_key out;
  const int file = ::open(path.c_str(), O_RDONLY);
  REQUIRE(file >= 0);
  REQUIRE(::pread(file, out.bytes.data(), out.bytes.size(), current_at) == 32);
  ::close(file);
  for (unsigned char& one : out.bytes) one = static_cast<unsigned char>(~one);
  return out;
}

struct hits {
  int dumped = 0;
  int left_out = 0;
};

int count_in(const unsigned char* from, const unsigned char* to, const masked_key& key) {
  int found = 0;
  for (const unsigned char* at = from; at + 32 <= to; ++at) {
    std::size_t same = 0;
    while (same < 32 && at[same] == static_cast<unsigned char>(~key.bytes[same])) ++same;
    found += same == 32 ? 1 : 0;
  }
  return found;
}

// Mappings that may be written: keys are never in a file's.
hits look_for(const masked_key& key) {
  hits out;
  std::FILE* const maps = std::fopen("/proc/self/smaps", "r");
  REQUIRE(maps != nullptr);
  std::vector<std::array<std::uintptr_t, 3>> all;  // From, to, whether it is left out.
  char line[512];
  bool writable = false;
  while (std::fgets(line, sizeof line, maps) != nullptr) {
    std::uintptr_t from = 0, to = 0;
    char rights[5] = {};
    if (std::sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &from, &to, rights) == 3) {
      writable = rights[0] == 'r' && rights[1] == 'w' && to - from < (std::uintptr_t{1} << 30);
      if (writable) all.push_back({from, to, 0});
    } else if (writable && std::string_view(line).starts_with("VmFlags:")) {
      all.back()[2] = std::string_view(line).find(" dd") != std::string_view::npos ? 1 : 0;
    }
  }
  std::fclose(maps);
  for (const auto& [from, to, left_out] : all) {
    const int found = count_in(reinterpret_cast<const unsigned char*>(from),
                               reinterpret_cast<const unsigned char*>(to), key);
    (left_out != 0 ? out.left_out : out.dumped) += found;
  }
  return out;
}

struct folder_of_keys {
  std::string path = (std::filesystem::temp_directory_path() / "clientbook-core-XXXXXX").string();
  folder_of_keys() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
  ~folder_of_keys() { std::filesystem::remove_all(path); }
};

bool can_look() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return false;
#else
  return std::filesystem::exists("/proc/self/smaps");
#endif
}

}  // namespace

TEST_CASE("core dump: the root key is in none, of a book in clear and of a sealed one") {
  if (!can_look()) return;
  bool sealed = false;
  SUBCASE("in clear") {}
  SUBCASE("sealed") { sealed = true; }
  CAPTURE(sealed);
  const folder_of_keys folder;
  const std::string path = folder.path + "/k";
  clock_hand() = timestamp{1'800'000'000};
  auto store = empty_store();
  auto made = file_root_cell::create_new(path, "");
  REQUIRE(made);
  auto cell = std::make_shared<file_root_cell>(std::move(*made));
  auto opened = book::create(store, cell, {.profile = gdpr_profile().id}, {.clock = {test_clock}});
  REQUIRE(opened);
  masked_key root = root_in(path);
  if (sealed) {
    auto secret = slot_secret::identity(std::array<std::byte, 32>{std::byte{7}, std::byte{9}});
    REQUIRE(secret);
    REQUIRE(cell->seal({.label = "till", .secret = &*secret, .added = {2027, 3, 1}}));
  }
  auto in = opened->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(in);
  const customer_id first = keep(*in, ken("L-1"));
  const customer_id second = keep(*in, ken("L-2"));
  REQUIRE(in->read(first, purpose::customer_order_management));
  const hits open = look_for(root);
  CHECK(open.dumped == 0);
  CHECK(open.left_out > 0);  // Else this search would prove nothing.

  // An erasure gives the tree another root: neither of them is there.
  REQUIRE(in->erase(first, erasure_reason::other));
  CHECK(look_for(root).dumped == 0);
  if (!sealed) {
    root = root_in(path);
    REQUIRE(in->read(second, purpose::customer_order_management));
    CHECK(look_for(root).dumped == 0);
    CHECK(look_for(root).left_out > 0);
  }
}
