// A root cell whose keys are sealed: the same protocol, slots that come and go, and what somebody
// may do to its file.
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/key_slots.hpp>
#include <clientbook/crypto/crypto.hpp>

#include "json.hpp"
#include "scratch.hpp"
#include "system_calls.hpp"
#include "testing.hpp"

#include "cell_testing.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace clientbook;
using testing::code;
using testing::exited_with;
using testing::fault;
using testing::held;
using testing::hits_no_other_epoch;
using testing::in_child;
using testing::keeps_the_contract;
using testing::key_of;
using testing::killed_by;
namespace fs = std::filesystem;

namespace {

constexpr crypto::stretch_cost cheap{.kibibytes = crypto::stretch_cost::least_kibibytes,
                                     .passes = 1};
constexpr date day{2027, 3, 1};

slot_secret phrase(const std::string& typed) {
  return std::move(slot_secret::passphrase(typed)).value();
}
const slot_secret& ours() {
  static const slot_secret one = phrase("correct horse battery staple");
  return one;
}
slot_secret file_key(unsigned char first) {
  std::array<std::byte, 32> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(first + i);
  bytes.back() = std::byte{0xFF};  // Else some of them are text.
  return std::move(slot_secret::identity(bytes)).value();
}

new_slot slot_for(const slot_secret& secret, std::string_view label = "Kim") {
  return {.label = label, .secret = &secret, .cost = cheap, .added = day};
}

// Sealed, with a key of epoch 1 (and 2 staged), opened by ours().
file_root_cell sealed_at(const std::string& path, bool staged = false) {
  auto cell = std::move(file_root_cell::create_new(path, "")).value();
  REQUIRE(cell.seal(slot_for(ours(), "the shop")));
  REQUIRE(cell.stage(key_of(1)));
  REQUIRE(cell.promote(1));
  if (staged) REQUIRE(cell.stage(key_of(2)));
  return cell;
}

result<file_root_cell> open(const std::string& path, const slot_secret& with) {
  return file_root_cell::open(path, "", &with);
}

std::string held_at(const std::string& path, const slot_secret& with) {
  auto cell = open(path, with);
  return cell ? held(*cell) : "errc " + std::to_string(static_cast<int>(cell.error().code));
}

void write(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
  ::chmod(path.c_str(), 0600);
}

std::uint32_t crc(const std::string& bytes) {
  std::uint32_t value = ~std::uint32_t{0};
  for (const char c : bytes) {
    value ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0xEDB88320U : 0U);
  }
  return ~value;
}

// As somebody would who wants the change not to be seen at once.
std::string with_its_sum(std::string cell) {
  const std::uint32_t sum = crc(cell.substr(24));
  for (unsigned i = 0; i < 4; ++i) cell[20 + i] = static_cast<char>(sum >> (24 - 8 * i));
  return cell;
}

bool holds_key(const std::string& path, std::uint64_t epoch) {
  return testing::read_file(path).find(std::string(32, static_cast<char>(0xA0 + epoch))) !=
         std::string::npos;
}

}  // namespace

TEST_CASE("key slots: a sealed cell keeps the contract, and its file no key in clear") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  auto cell = std::move(file_root_cell::create_new(path, "")).value();
  REQUIRE(cell.seal(slot_for(ours())));
  keeps_the_contract(cell);
  CHECK_FALSE(holds_key(path, 2));
  CHECK(held_at(path, ours()) == "2 -");
  CHECK(code(cell.stage(key_of(2))) == errc::invalid_argument);
  CHECK(std::distance(fs::directory_iterator(folder / "keys"), {}) == 1);
}

TEST_CASE("key slots: promote and drop of a sealed cell hit no other epoch") {
  const testing::scratch folder;
  auto cell = std::move(file_root_cell::create_new(folder / "keys/shop.key", "")).value();
  REQUIRE(cell.seal(slot_for(ours())));
  hits_no_other_epoch(cell);
}

TEST_CASE("key slots: what opens none gets one answer, and nothing gets none") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  auto cell = sealed_at(path);
  const slot_secret file = file_key(7);
  REQUIRE(cell.add_slot(slot_for(file, "till")));
  CHECK(code(file_root_cell::open(path, "")) == errc::key_unavailable);
  const auto one = open(path, phrase("Correct horse battery staple"));
  const auto other = open(path, file_key(8));
  CHECK(code(one) == errc::wrong_key);
  CHECK(code(other) == errc::wrong_key);
  CHECK(std::string(one.error().text.c_str()) == other.error().text.c_str());
  CHECK(held_at(path, file) == "1 -");
  CHECK(held_at(path, ours()) == "1 -");
  // A file that is not sealed asks for nothing.
  REQUIRE(cell.unseal());
  CHECK(held_at(path, file_key(8)) == "1 -");
}

TEST_CASE("key slots: numbers never come back, and the list tells what opens") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  auto cell = sealed_at(path);
  const slot_secret file = file_key(7);
  CHECK(*cell.add_slot(slot_for(file, "till")) == 2);
  REQUIRE(cell.remove_slot(2));
  CHECK(*cell.add_slot(slot_for(file, "till again")) == 3);
  const auto seen = file_root_cell::look(path);
  REQUIRE(seen);
  REQUIRE(seen->sealed);
  REQUIRE(seen->slots.size() == 2);
  CHECK(seen->slots[0].number == 1);
  CHECK(seen->slots[0].kind == slot_kind::passphrase);
  CHECK(seen->slots[0].label == "the shop");
  CHECK(seen->slots[0].added == day);
  CHECK(seen->slots[0].proven);
  CHECK(seen->slots[0].cost == cheap);
  CHECK(seen->slots[1].number == 3);
  CHECK(seen->slots[1].kind == slot_kind::key_file);
  CHECK(code(cell.remove_slot(2)) == errc::not_found);
}

TEST_CASE("key slots: a removed secret opens nothing of the file, and all others do") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  auto cell = sealed_at(path);
  const slot_secret till = file_key(7);
  const slot_secret gone = file_key(99);
  REQUIRE(cell.add_slot(slot_for(till, "till")));
  const auto number = cell.add_slot(slot_for(gone, "old laptop"));
  REQUIRE(number);
  // Whoever has it open keeps the key of the file as it was.
  auto theirs = open(path, gone);
  auto tills = open(path, till);
  REQUIRE(theirs);
  REQUIRE(tills);
  CHECK_FALSE(file_root_cell::look(path)->renewal_due);
  REQUIRE(cell.remove_slot(*number));
  CHECK(code(open(path, gone)) == errc::wrong_key);
  CHECK(code(theirs->load()) == errc::key_unavailable);
  CHECK(code(theirs->stage(key_of(2))) == errc::key_unavailable);
  // Others go on with the key that the file has now.
  CHECK(held(*tills) == "1 -");
  CHECK(held_at(path, ours()) == "1 -");
  // What was known stays in force until there is a new root.
  CHECK(file_root_cell::look(path)->renewal_due);
  REQUIRE(tills->stage(key_of(2)));
  CHECK(file_root_cell::look(path)->renewal_due);
  REQUIRE(tills->promote(2));
  CHECK_FALSE(file_root_cell::look(path)->renewal_due);
  CHECK(held(cell) == "2 -");
}

TEST_CASE(
    "key slots: a staged key that a removed slot has shown counts, as long as it may be used") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  auto cell = sealed_at(path, true);
  const slot_secret gone = file_key(99);
  const auto number = cell.add_slot(slot_for(gone));
  REQUIRE(number);
  REQUIRE(cell.remove_slot(*number));
  const auto due = [&] { return file_root_cell::look(path)->renewal_due; };
  CHECK(due());
  SUBCASE("it comes into force") {
    REQUIRE(cell.promote(2));
    CHECK(due());
    REQUIRE(cell.stage(key_of(3)));
    REQUIRE(cell.promote(3));
    CHECK_FALSE(due());
  }
  SUBCASE("another one is staged for its epoch") {
    root_key fresh = key_of(7);
    fresh.epoch = 2;
    REQUIRE(cell.stage(fresh));
    CHECK(due());
    REQUIRE(cell.promote(2));
    CHECK_FALSE(due());
  }
  SUBCASE("it is dropped") {
    REQUIRE(cell.drop(2));
    CHECK(due());
    REQUIRE(cell.stage(key_of(2)));
    REQUIRE(cell.promote(2));
    CHECK_FALSE(due());
  }
}

TEST_CASE("key slots: the last one stays, and so does the last that anybody has opened") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  auto cell = sealed_at(path);
  CHECK(code(cell.remove_slot(1)) == errc::invalid_state);
  const auto identity = slot_secret::identity(
      as_bytes("# created: 2027-03-01\n"
               "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX\n"));
  REQUIRE(identity);
  const auto recipient =
      crypto::read_recipient("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj");
  REQUIRE(recipient);
  REQUIRE(cell.add_slot({.label = "Ann, at home", .recipient = &*recipient, .added = day}));
  CHECK_FALSE(file_root_cell::look(path)->slots[1].proven);
  CHECK(code(cell.remove_slot(1)) == errc::invalid_state);
  CHECK(held_at(path, ours()) == "1 -");
  // The first time that it opens the cell counts.
  auto anns = open(path, *identity);
  REQUIRE(anns);
  CHECK(held(*anns) == "1 -");
  CHECK(file_root_cell::look(path)->slots[1].proven);
  REQUIRE(cell.remove_slot(1));
  CHECK(code(open(path, ours())) == errc::wrong_key);
  CHECK(held(*anns) == "1 -");
  CHECK(held(cell) == "1 -");  // It has given the cell its key.
}

TEST_CASE("key slots: a recipient opens the cell also where it cannot be written down") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  const auto identity = slot_secret::identity(
      as_bytes("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"));
  const auto recipient =
      crypto::read_recipient("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj");
  REQUIRE(identity);
  REQUIRE(recipient);
  auto cell = sealed_at(path);
  REQUIRE(cell.add_slot({.label = "Ann", .recipient = &*recipient, .added = day}));
  SUBCASE("the disk is full") {
    testing::inject({fault::action::fail, 1, "write", ENOSPC, true});
    const auto opened = open(path, *identity);
    testing::inject({});
    CHECK(opened);
  }
  SUBCASE("somebody was stopped in the middle of a change") {
    const int theirs = ::open((folder / "keys").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    REQUIRE(::flock(theirs, LOCK_EX) == 0);
    CHECK(open(path, *identity));
    ::close(theirs);
  }
  CHECK_FALSE(file_root_cell::look(path)->slots[1].proven);
  CHECK(held_at(path, *identity) == "1 -");
  CHECK(file_root_cell::look(path)->slots[1].proven);
}

TEST_CASE("key slots: one takes another's place in one step") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  auto cell = sealed_at(path);
  auto book = cell.same();
  const slot_secret next = phrase("a whole other passphrase");
  const auto number = cell.change_slot(1, slot_for(next, "the shop"));
  REQUIRE(number);
  CHECK(*number == 2);
  CHECK(code(open(path, ours())) == errc::wrong_key);
  CHECK(held_at(path, next) == "1 -");
  // Who shares the opened cell goes on, also after somebody else has given it another key.
  REQUIRE(book.stage(key_of(2)));
  REQUIRE(book.promote(2));
  auto again = open(path, next);
  REQUIRE(again);
  const slot_secret till = file_key(7);
  const auto tills = again->add_slot(slot_for(till, "till"));
  REQUIRE(tills);
  REQUIRE(again->remove_slot(*tills));
  CHECK(held(book) == "2 -");
  CHECK(code(cell.change_slot(9, slot_for(till))) == errc::not_found);
}

TEST_CASE("key slots: what no slot can be is refused, and changes nothing") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  auto cell = sealed_at(path);
  const std::string before = testing::read_file(path);
  const slot_secret file = file_key(7);
  const auto key =
      crypto::read_recipient("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj");
  REQUIRE(key);
  CHECK(code(cell.add_slot(slot_for(ours(), "again"))) == errc::already_exists);
  CHECK(code(cell.add_slot(slot_for(file, ""))) == errc::invalid_argument);
  CHECK(code(cell.add_slot(slot_for(file, std::string(65, 'x')))) == errc::invalid_argument);
  CHECK(code(cell.add_slot(slot_for(file, "a\nb"))) == errc::invalid_argument);
  CHECK(code(cell.add_slot(slot_for(file, "\xff"))) == errc::invalid_argument);
  // What a terminal would do something else with than show it, or what shows another name.
  for (const char* odd : {"\u009b31m", "a\u202eb", "a\u2028b", " x", "\u200b"}) {
    CHECK(code(cell.add_slot(slot_for(file, odd))) == errc::invalid_argument);
  }
  CHECK(code(cell.add_slot({.label = "x", .added = day})) == errc::invalid_argument);
  CHECK(code(cell.add_slot({.label = "x", .secret = &file, .recipient = &*key, .added = day})) ==
        errc::invalid_argument);
  CHECK(code(cell.add_slot({.label = "x", .secret = &file})) == errc::invalid_argument);
  const slot_secret little = phrase("elevenchars");
  CHECK(code(cell.add_slot(slot_for(little))) == errc::invalid_argument);
  const slot_secret same = phrase("aaaaaaaaaaaaaaaaaaaaaaaa");
  CHECK(code(cell.add_slot(slot_for(same))) == errc::invalid_argument);
  const slot_secret good = phrase("a passphrase that is good");
  for (const crypto::stretch_cost cost :
       {crypto::stretch_cost{.kibibytes = 4 * 1024, .passes = 1},
        crypto::stretch_cost{.kibibytes = 2 * 1024 * 1024, .passes = 1},
        crypto::stretch_cost{.kibibytes = 8 * 1024, .passes = 0},
        crypto::stretch_cost{.kibibytes = 8 * 1024, .passes = 17},
        crypto::stretch_cost{.kibibytes = 1024 * 1024, .passes = 5}}) {
    CHECK(code(cell.add_slot({.label = "x", .secret = &good, .cost = cost, .added = day})) ==
          errc::invalid_argument);
  }
  CHECK(code(cell.seal(slot_for(file))) == errc::invalid_state);
  CHECK(testing::read_file(path) == before);
  for (unsigned char i = 1; i < most_slots; ++i) {
    const slot_secret one = file_key(static_cast<unsigned char>(i * 40));
    REQUIRE(cell.add_slot(slot_for(one)));
  }
  CHECK(code(cell.add_slot(slot_for(file))) == errc::limit_exceeded);
  CHECK(held_at(path, ours()) == "1 -");
  // A plain cell has no slots.
  auto plain = std::move(file_root_cell::create_new(folder / "keys/other.key", "")).value();
  CHECK(code(plain.add_slot(slot_for(file))) == errc::invalid_state);
  CHECK(code(plain.remove_slot(1)) == errc::invalid_state);
  CHECK(code(plain.unseal()) == errc::invalid_state);
  CHECK(code(plain.seal({.label = "x", .recipient = &*key, .added = day})) == errc::invalid_state);
}

TEST_CASE("key slots: a cell in clear becomes a sealed one and back") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  auto cell = std::move(file_root_cell::create_new(path, "")).value();
  REQUIRE(cell.stage(key_of(1)));
  REQUIRE(cell.promote(1));
  REQUIRE(cell.stage(key_of(2)));
  fs::create_hard_link(path, folder / "former");
  REQUIRE(cell.seal(slot_for(ours())));
  CHECK(held(cell) == "1 2");
  CHECK_FALSE(holds_key(folder / "former", 1));  // Overwritten, not only unlinked.
  CHECK_FALSE(holds_key(path, 1));
  CHECK(file_root_cell::look(path)->renewal_due);  // Whoever had the file had the key.
  REQUIRE(cell.promote(2));
  CHECK(file_root_cell::look(path)->renewal_due);     // The staged one lay in clear, too.
  CHECK(code(cell.unseal()) == errc::invalid_state);  // A file in clear could not tell it.
  CHECK(file_root_cell::look(path)->sealed);
  REQUIRE(cell.stage(key_of(3)));
  REQUIRE(cell.promote(3));
  CHECK_FALSE(file_root_cell::look(path)->renewal_due);
  REQUIRE(cell.unseal());
  CHECK(held(cell) == "3 -");
  CHECK(holds_key(path, 3));
  CHECK_FALSE(file_root_cell::look(path)->sealed);
}

TEST_CASE("key slots: each flipped byte is told, and no key but the right one comes out") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  const slot_secret till = file_key(7);
  {
    auto cell = std::move(file_root_cell::create_new(path, "")).value();
    REQUIRE(cell.seal(slot_for(till, "till")));
    REQUIRE(cell.add_slot(slot_for(ours(), "the shop")));
    REQUIRE(cell.stage(key_of(1)));
    REQUIRE(cell.promote(1));
    REQUIRE(cell.stage(key_of(2)));
  }
  const std::string good = testing::read_file(path);
  REQUIRE(good.size() == 176 + 2 * 256);
  std::set<errc> told;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const unsigned flip : {1U, 0x80U}) {
      CAPTURE(at);
      std::string changed = good;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ flip);
      write(path, changed);
      const errc plainly = code(open(path, till));
      CHECK((plainly == errc::damaged || plainly == errc::newer_format));
      // Of whoever knows how the sum is made.
      write(path, with_its_sum(changed));
      const auto opened = open(path, till);
      told.insert(code(opened));
      if (at >= 20 && at < 24) continue;
      REQUIRE_FALSE(opened);
      CHECK((code(opened) == errc::damaged || code(opened) == errc::newer_format ||
             code(opened) == errc::wrong_key));
    }
  }
  CHECK(told.contains(errc::wrong_key));  // The public key of the slot that was tried.
  write(path, good);
  CHECK(held_at(path, till) == "1 2");
  for (std::size_t size = 0; size < good.size(); ++size) {
    write(path, good.substr(0, size));
    CHECK(code(file_root_cell::look(path)) == errc::damaged);
  }
  write(path, good + "x");
  CHECK(code(file_root_cell::look(path)) == errc::damaged);
  write(path, good + std::string(16 * 256, '\0'));
  CHECK(code(file_root_cell::look(path)) == errc::damaged);
}

// Whoever may write the file, and knows how its sum is made.
TEST_CASE("key slots: bytes from anywhere crash nothing and open to nothing else") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  const slot_secret till = file_key(7);
  {
    auto cell = std::move(file_root_cell::create_new(path, "")).value();
    REQUIRE(cell.seal(slot_for(till, "till")));
    const slot_secret other = file_key(99);
    REQUIRE(cell.add_slot(slot_for(other, "other")));
    REQUIRE(cell.stage(key_of(1)));
    REQUIRE(cell.promote(1));
  }
  const std::string good = testing::read_file(path);
  std::mt19937 random(20270301);
  const auto below = [&](std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
  };
  for (int i = 0; i < 4000; ++i) {
    std::string cell = good;
    for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
      const std::size_t at = 16 + below(cell.size() - 16);
      switch (below(4)) {
        case 0:
          cell[at] = static_cast<char>(below(256));
          break;
        case 1:
          cell.resize(std::max<std::size_t>(24, cell.size() - std::min(cell.size(), below(300))));
          break;
        case 2:
          cell.append(256, static_cast<char>(below(256)));
          cell[19] = static_cast<char>(below(20));
          break;
        default:
          std::fill_n(cell.begin() + static_cast<std::ptrdiff_t>(at),
                      std::min<std::size_t>(cell.size() - at, below(64)), '\xff');
      }
    }
    cell = with_its_sum(cell);
    if (cell == good) continue;
    write(path, cell);
    CAPTURE(i);
    const auto opened = open(path, till);
    REQUIRE_FALSE(opened);
    (void)file_root_cell::look(path);
  }
}

TEST_CASE("key slots: slots that were reordered, copied, or had their cost changed do not open") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  const std::string other = folder / "others/shop.key";
  const slot_secret till = file_key(7);
  const slot_secret gone = file_key(99);
  std::string with_gone;
  for (const std::string& one : {path, other}) {
    auto cell = sealed_at(one);
    REQUIRE(cell.add_slot(slot_for(till, "till")));
    const auto number = cell.add_slot(slot_for(gone, "gone"));
    REQUIRE(number);
    with_gone = testing::read_file(one);
    REQUIRE(cell.remove_slot(*number));
  }
  const std::string mine = testing::read_file(path);
  const std::string theirs = testing::read_file(other);
  const auto slot = [](const std::string& of, std::size_t which) {
    return of.substr(176 + which * 256, 256);
  };
  const auto tried = [&](std::string cell) {
    cell[18] = '\0';
    cell[19] = static_cast<char>((cell.size() - 176) / 256);
    write(other, with_its_sum(std::move(cell)));
    return std::pair(code(open(other, till)), code(open(other, gone)));
  };
  using both = std::pair<errc, errc>;
  CHECK(tried(theirs) == both(errc::none, errc::wrong_key));
  CHECK(tried(theirs.substr(0, 176) + slot(theirs, 1) + slot(theirs, 0)) ==
        both(errc::damaged, errc::damaged));
  CHECK(tried(theirs.substr(0, 176) + slot(theirs, 0) + slot(mine, 1)) ==
        both(errc::damaged, errc::wrong_key));
  // The slot that was removed, put back.
  CHECK(tried(theirs + slot(with_gone, 2)) == both(errc::damaged, errc::damaged));
  CHECK(tried(theirs.substr(0, 176) + slot(theirs, 0)) == both(errc::wrong_key, errc::wrong_key));
  CHECK(tried(theirs.substr(0, 176) + slot(theirs, 1)) == both(errc::damaged, errc::wrong_key));
  const auto with_cost = [&](std::uint32_t kibibytes, std::uint32_t passes) {
    std::string cell = theirs;
    for (unsigned i = 0; i < 4; ++i) {
      cell[176 + 12 + i] = static_cast<char>(kibibytes >> (24 - 8 * i));
      cell[176 + 16 + i] = static_cast<char>(passes >> (24 - 8 * i));
    }
    write(other, with_its_sum(std::move(cell)));
    return code(open(other, ours()));
  };
  for (const auto& [kibibytes, passes] :
       {std::pair<std::uint32_t, std::uint32_t>{4U * 1024 * 1024, 1},
        {~0U, 1},
        {8192, ~0U},
        {1024 * 1024, 16},
        {0, 0},
        {8192, 0},
        {8191, 1}}) {
    CHECK(with_cost(kibibytes, passes) == errc::damaged);
  }
  CHECK(with_cost(8192, 2) == errc::wrong_key);
}

// Somebody who may write the folder and has no secret would else be given the next key in clear.
TEST_CASE(
    "key slots: who opened it sealed takes no file in clear, and no other cell, in its place") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  auto cell = sealed_at(path);
  auto other = std::move(file_root_cell::create_new(folder / "other/shop.key", "")).value();
  REQUIRE(other.stage(key_of(1)));
  REQUIRE(other.promote(1));
  SUBCASE("in clear") { write(path, testing::read_file(folder / "other/shop.key")); }
  SUBCASE("sealed anew") {
    REQUIRE(other.seal(slot_for(ours())));
    write(path, testing::read_file(folder / "other/shop.key"));
  }
  SUBCASE("unsealed by another process") { REQUIRE(open(path, ours())->unseal()); }
  const std::string there = testing::read_file(path);
  const slot_secret till = file_key(7);
  CHECK(code(cell.load()) == errc::key_unavailable);
  CHECK(code(cell.stage(key_of(2))) == errc::key_unavailable);
  CHECK(code(cell.promote(2)) == errc::key_unavailable);
  CHECK(code(cell.drop(2)) == errc::key_unavailable);
  CHECK(code(cell.add_slot(slot_for(till))) == errc::key_unavailable);
  CHECK(code(cell.unseal()) == errc::key_unavailable);
  CHECK(testing::read_file(path) == there);
}

// Objects that share an opened cell are used by threads: a book's, and that of a change of slots.
TEST_CASE("key slots: threads that read beside one that changes slots lose nothing") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  const slot_secret secrets[] = {file_key(1), file_key(101)};
  auto cell = std::move(file_root_cell::create_new(path, "")).value();
  REQUIRE(cell.seal(slot_for(secrets[0])));
  REQUIRE(cell.stage(key_of(1)));
  REQUIRE(cell.promote(1));
  // Another process that gives the cell other keys.
  const slot_secret theirs = file_key(201);
  REQUIRE(cell.add_slot(slot_for(theirs)));
  std::atomic<bool> ends = false;
  std::atomic<unsigned> failed = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&, mine = cell.same()]() mutable {
      while (!ends) {
        if (!mine.load() || mine.opened_by() == 0) ++failed;
        std::this_thread::yield();
      }
    });
  }
  unsigned broken = 0;
  std::uint32_t number = 1;
  for (unsigned i = 1; i <= 30; ++i) {
    const auto changed = cell.change_slot(number, slot_for(secrets[i % 2]));
    CHECK(code(changed) == errc::none);
    if (!changed) break;
    number = *changed;
    if (held_at(path, secrets[i % 2]) != "1 -" || held_at(path, theirs) != "1 -") ++broken;
    auto other = open(path, theirs);
    CHECK(code(other) == errc::none);
    if (!other) break;
    const slot_secret brief = file_key(50);
    const auto added = other->add_slot(slot_for(brief));
    CHECK(code(added) == errc::none);
    if (added) CHECK(code(other->remove_slot(*added)) == errc::none);
  }
  CHECK(number == 1 + 1 + 30 + 30 - 1);
  // Its own slot goes, and nobody of this process has another.
  CHECK(code(cell.remove_slot(number)) == errc::none);
  ends = true;
  for (std::thread& one : readers) one.join();
  CHECK(broken == 0);
  CHECK(failed == 0);
  CHECK(held(cell) == "1 -");
  CHECK(code(cell.stage(key_of(2))) == errc::none);
  CHECK(held_at(path, theirs) == "1 2");
}

// What it says is what is there, and whoever has it open goes on.
TEST_CASE("key slots: a change that failed has changed nothing, and one that was made says so") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  const slot_secret till = file_key(1);
  struct step {
    const char* name;
    bool sealed;  ///< Before.
    errc (*run)(file_root_cell&);
  };
  const step steps[] = {
      {"seal", false,
       [](file_root_cell& cell) {
         const slot_secret one = file_key(100);
         return code(cell.seal(slot_for(one)));
       }},
      {"add", true,
       [](file_root_cell& cell) {
         const slot_secret one = file_key(100);
         return code(cell.add_slot(slot_for(one)));
       }},
      {"change", true,
       [](file_root_cell& cell) {
         const slot_secret one = file_key(100);
         return code(cell.change_slot(1, slot_for(one)));
       }},
      {"unseal", true, [](file_root_cell& cell) { return code(cell.unseal()); }},
  };
  const auto seen = [&] {
    const auto look = file_root_cell::look(path);
    std::string out = look->sealed ? "sealed" : "clear";
    for (const key_slot& one : look->slots) out += " " + std::to_string(one.number);
    return out;
  };
  for (const bool can_exchange : {true, false}) {
    for (const step& tried : steps) {
      for (int n = 1;; ++n) {
        CAPTURE(can_exchange);
        CAPTURE(tried.name);
        CAPTURE(n);
        fs::remove_all(folder / "keys");
        auto cell = std::move(file_root_cell::create_new(path, "")).value();
        if (tried.sealed) REQUIRE(cell.seal(slot_for(till)));
        REQUIRE(cell.stage(key_of(1)));
        REQUIRE(cell.promote(1));
        auto book = cell.same();
        const std::string before = seen();
        testing::without_exchange(!can_exchange);
        testing::inject({fault::action::fail, n, nullptr, EIO, false});
        const errc done = tried.run(cell);
        const bool reached = testing::calls_counted() >= n;
        testing::inject({});
        testing::without_exchange(false);
        // Where names are not exchanged, a new name that may not last is told as that.
        const bool unsure = !can_exchange && done != errc::none && seen() != before;
        if (!unsure) CHECK((done == errc::none) == (seen() != before));
        CHECK(held(book) == "1 -");
        CHECK(code(book.stage(key_of(2))) == errc::none);
        CHECK(code(book.promote(2)) == errc::none);
        CHECK(held(cell) == "2 -");
        CHECK(std::distance(fs::directory_iterator(folder / "keys"), {}) == 1);
        if (!reached) break;
      }
    }
  }
}

TEST_CASE("key slots: two processes that add and change at once lose nothing") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  const slot_secret till = file_key(1);
  {
    auto cell = sealed_at(path);
    REQUIRE(cell.add_slot(slot_for(till, "till")));
  }
  constexpr unsigned rounds = 6;
  const auto adds = [&](unsigned char first) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    auto cell = open(path, till);
    for (unsigned char i = 0; cell && i < rounds; ++i) {
      const slot_secret one = file_key(static_cast<unsigned char>(first + i));
      if (!cell->add_slot(slot_for(one))) ::_exit(1);
    }
    ::_exit(cell ? 0 : 2);
  };
  const pid_t one = adds(50);
  const pid_t two = adds(150);
  // Meanwhile the roots change, and a slot goes: the cell's key is another one.
  auto cell = open(path, till);
  REQUIRE(cell);
  for (std::uint64_t epoch = 2; epoch < 12; ++epoch) {
    REQUIRE(cell->stage(key_of(epoch)));
    if (epoch == 6) REQUIRE(cell->remove_slot(1));
    REQUIRE(cell->promote(epoch));
  }
  for (const pid_t child : {one, two}) {
    int status = -1;
    ::waitpid(child, &status, 0);
    CHECK(exited_with(status, 0));
  }
  CHECK(file_root_cell::look(path)->slots.size() == 1 + 2 * rounds);
  for (unsigned char i = 0; i < rounds; ++i) {
    CHECK(held_at(path, file_key(static_cast<unsigned char>(50 + i))) == "11 -");
    CHECK(held_at(path, file_key(static_cast<unsigned char>(150 + i))) == "11 -");
  }
  CHECK(code(open(path, ours())) == errc::wrong_key);
}

TEST_CASE("key slots: a kill at any point leaves the state before or after, and no former key") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  const slot_secret till = file_key(1);
  const slot_secret gone = file_key(50);
  const slot_secret fresh = file_key(100);
  struct step {
    const char* name;
    const char* keys;  ///< Afterwards.
    std::size_t slots;
    result<void> (*run)(file_root_cell&);
  };
  const step steps[] = {
      {"stage", "1 2", 2, [](file_root_cell& cell) { return cell.stage(key_of(2)); }},
      {"promote", "2 -", 2, [](file_root_cell& cell) { return cell.promote(2); }},
      {"add", "1 2", 3,
       [](file_root_cell& cell) {
         const slot_secret one = file_key(100);
         const auto done = cell.add_slot(slot_for(one));
         return done ? result<void>() : result<void>(done.error());
       }},
      {"remove", "1 2", 1, [](file_root_cell& cell) { return cell.remove_slot(2); }},
      {"unseal", "1 2", 0, [](file_root_cell& cell) { return cell.unseal(); }},
  };
  for (const step& tried : steps) {
    const bool stages = std::string(tried.name) == "stage";
    for (int n = 1;; ++n) {
      CAPTURE(tried.name);
      CAPTURE(n);
      fs::remove_all(folder / "keys");
      {
        auto cell = std::move(file_root_cell::create_new(path, "")).value();
        REQUIRE(cell.seal(slot_for(till, "till")));
        REQUIRE(cell.add_slot(slot_for(gone, "gone")));
        REQUIRE(cell.stage(key_of(1)));
        REQUIRE(cell.promote(1));
        if (!stages) REQUIRE(cell.stage(key_of(2)));
      }
      const int status = in_child([&] {
        auto cell = open(path, till);
        testing::inject({fault::action::kill, n, nullptr, 0, false});
        return cell && tried.run(*cell) ? 0 : 1;
      });
      REQUIRE((killed_by(status, SIGKILL) || exited_with(status, 0)));
      const std::string now = held_at(path, till);
      const std::string before = stages ? "1 -" : "1 2";
      CHECK((now == before || now == tried.keys));
      CHECK(std::distance(fs::directory_iterator(folder / "keys"), {}) == 1);
      const auto seen = file_root_cell::look(path);
      REQUIRE(seen);
      CHECK((seen->slots.size() == 2 || seen->slots.size() == tried.slots));
      if (seen->sealed) CHECK((code(open(path, gone)) == errc::none) != (seen->slots.size() == 1));
      auto cell = open(path, till);
      REQUIRE(cell);
      REQUIRE(cell->drop(2));
      CHECK(code(cell->stage(key_of(7))) == errc::none);
      if (exited_with(status, 0)) {
        CHECK(now == tried.keys);
        CHECK(seen->slots.size() == tried.slots);
        break;
      }
    }
  }
}

TEST_CASE("key slots: a kill while a cell is sealed leaves it in clear or sealed, never neither") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  const slot_secret till = file_key(1);
  for (const bool can_exchange : {true, false}) {
    for (int n = 1;; ++n) {
      CAPTURE(n);
      fs::remove_all(folder / "keys");
      {
        auto cell = std::move(file_root_cell::create_new(path, "")).value();
        REQUIRE(cell.stage(key_of(1)));
        REQUIRE(cell.promote(1));
      }
      const int status = in_child([&] {
        testing::without_exchange(!can_exchange);
        auto cell = file_root_cell::open(path, "");
        testing::inject({fault::action::kill, n, nullptr, 0, false});
        return cell && cell->seal(slot_for(till)) ? 0 : 1;
      });
      REQUIRE((killed_by(status, SIGKILL) || exited_with(status, 0)));
      CHECK(held_at(path, till) == "1 -");
      CHECK(std::distance(fs::directory_iterator(folder / "keys"), {}) == 1);
      const auto seen = file_root_cell::look(path);
      REQUIRE(seen);
      if (seen->sealed) CHECK_FALSE(holds_key(path, 1));
      if (exited_with(status, 0)) {
        CHECK(seen->sealed);
        break;
      }
    }
  }
}

TEST_CASE("key slots: a fault at any point loses no key and no slot") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  const slot_secret till = file_key(1);
  const slot_secret gone = file_key(50);
  for (const int number : {ENOSPC, EIO}) {
    for (int n = 1;; ++n) {
      CAPTURE(number);
      CAPTURE(n);
      fs::remove_all(folder / "keys");
      auto cell = std::move(file_root_cell::create_new(path, "")).value();
      REQUIRE(cell.seal(slot_for(till, "till")));
      REQUIRE(cell.add_slot(slot_for(gone, "gone")));
      REQUIRE(cell.stage(key_of(1)));
      REQUIRE(cell.promote(1));
      testing::inject({fault::action::fail, n, nullptr, number, false});
      const errc removed = code(cell.remove_slot(2));
      const bool reached = testing::calls_counted() >= n;
      testing::inject({});
      CHECK(held(cell) == "1 -");
      CHECK(held_at(path, till) == "1 -");
      if (removed == errc::none) CHECK(code(open(path, gone)) == errc::wrong_key);
      REQUIRE(cell.stage(key_of(2)));
      REQUIRE(cell.promote(2));
      CHECK(held_at(path, till) == "2 -");
      if (!reached) break;
    }
  }
}

TEST_CASE("key slots: what an interrupted maker has left is taken over by who can open it") {
  const testing::scratch folder;
  const std::string path = folder / "keys/shop.key";
  const slot_secret till = file_key(1);
  const slot_secret other = file_key(9);
  {
    auto cell = std::move(file_root_cell::claim_new(path, "")).value();
    REQUIRE(cell.seal(slot_for(till)));
  }
  {
    // Nothing was staged: no book can be under it, whoever sealed it.
    auto cell = file_root_cell::claim_new(path, "", &other);
    REQUIRE(cell);
    REQUIRE(cell->seal(slot_for(till)));
    REQUIRE(cell->stage(key_of(1)));
  }
  // The book may have been committed: its key is not thrown away.
  CHECK(code(file_root_cell::claim_new(path, "")) == errc::key_unavailable);
  CHECK(code(file_root_cell::claim_new(path, "", &other)) == errc::wrong_key);
  auto cell = file_root_cell::claim_new(path, "", &till);
  REQUIRE(cell);
  CHECK(held(*cell) == "- 1");
  REQUIRE(cell->promote(1));
  CHECK(code(file_root_cell::claim_new(path, "", &till)) == errc::already_exists);
}

TEST_CASE("key slots: a passphrase as it is typed") {
  const auto same = [](std::string_view one, std::string_view other) {
    const auto a = slot_secret::passphrase(one);
    const auto b = slot_secret::passphrase(other);
    return a && b && a->same_as(*b);
  };
  CHECK(same("correct horse", "correct horse\n"));
  CHECK(same("correct horse", "correct horse\r\n"));
  CHECK_FALSE(same("correct horse", "correct horse "));
  CHECK_FALSE(same("correct horse", " correct horse"));
  CHECK(same("Caf\xC3\xA9 am Platz",
             "Cafe\xCC\x81 am Platz"));  // One sign, as two keyboards write it.
  CHECK_FALSE(same("Caf\xC3\xA9 am Platz", "Cafe am Platz"));
  for (const char* none : {"", "\n", "   ", "  \r\n"}) {
    CHECK(code(slot_secret::passphrase(none)) == errc::invalid_argument);
  }
  CHECK(code(slot_secret::passphrase("two\nlines")) == errc::invalid_argument);
  CHECK(code(slot_secret::passphrase("one line\n\n")) == errc::invalid_argument);
  CHECK(code(slot_secret::passphrase("a\ttab")) == errc::invalid_argument);
  CHECK(code(slot_secret::passphrase("a next line\u0085")) == errc::invalid_argument);
  CHECK(code(slot_secret::passphrase(std::string_view("a\0b", 3))) == errc::invalid_argument);
  CHECK(code(slot_secret::passphrase("\xff\xfe and more")) == errc::invalid_encoding);
  CHECK(code(slot_secret::passphrase(std::string(513, 'x'))) == errc::limit_exceeded);
  CHECK(code(slot_secret::passphrase(std::string(1 << 20, 'x'))) == errc::limit_exceeded);
  CHECK(code(slot_secret::passphrase(std::string(512, 'x').append("\n"))) == errc::none);
  CHECK(phrase("twelve chars").good_enough());
  CHECK(code(phrase("eleven char").good_enough()) == errc::invalid_argument);
  // Twelve characters, of which some are two bytes.
  CHECK(phrase("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F xyzabcd").good_enough());
}

TEST_CASE("key slots: files of keys") {
  const testing::scratch folder;
  fs::create_directories(folder / "shop.book");
  fs::create_directories(folder / "stick");
  const std::string path = folder / "stick/till.key";
  const auto made = make_key_file(path, folder / "shop.book", folder / "keys/shop.key");
  REQUIRE(made);
  CHECK(made->kind() == slot_kind::key_file);
  CHECK(fs::file_size(path) == 32);
  CHECK((fs::status(path).permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write));
  const auto read = slot_secret::read_identity(path);
  REQUIRE(read);
  CHECK(read->same_as(*made));
  const auto refused = [&](const std::string& where) {
    return code(make_key_file(where, folder / "shop.book", folder / "keys/shop.key"));
  };
  CHECK(refused(path) == errc::already_exists);
  CHECK(refused(folder / "shop.book/till.key") == errc::invalid_argument);
  CHECK(refused(folder / "till.key") == errc::invalid_argument);
  CHECK(refused(folder / "nowhere/till.key") == errc::not_found);
  fs::create_directories(folder / "keys");
  CHECK(refused(folder / "keys/till.key") == errc::invalid_argument);
  fs::create_directories(folder / "keys/till");
  CHECK(refused(folder / "keys/till/till.key") == errc::invalid_argument);
  CHECK(refused(std::string(folder / "stick/other.key") + std::string("\0x", 2)) ==
        errc::invalid_argument);
  ::chmod(path.c_str(), 0640);
  CHECK(code(slot_secret::read_identity(path)) == errc::permission_denied);
  CHECK(code(slot_secret::read_identity(folder / "stick")) == errc::invalid_argument);
  CHECK(code(slot_secret::read_identity(folder / "stick/none")) == errc::not_found);
  std::string odd(32, 'x');
  odd.back() = '\x01';
  for (const std::string& content :
       {std::string(), std::string(32, 'x'), std::string("my dog is called Rex, he is 11!\n"), odd,
        std::string(33, 'x'), std::string("a text\n"), std::string(1 << 20, 'x'),
        std::string("# only a comment\n")}) {
    write(folder / "stick/odd.key", content);
    CHECK(code(slot_secret::read_identity(folder / "stick/odd.key")) ==
          (content.ends_with('\x01') ? errc::none : errc::invalid_argument));
  }
  write(folder / "stick/odd.key", std::string(32, '\0'));
  CHECK(code(slot_secret::read_identity(folder / "stick/odd.key")) == errc::weak_key);
}

// What was written once opens for ever. tests/python/check_root_cell_vectors.py reads the same.
TEST_CASE("key slots: published files open to what they hold") {
  const auto all = testing::read_array(std::string(CLIENTBOOK_SOURCE_DIR) +
                                       "/tests/vectors/root_cell/cells.json");
  REQUIRE(all.size() == 5);
  const testing::scratch folder;
  fs::create_directories(folder / "keys");
  ::chmod((folder / "keys").c_str(), 0700);
  const std::string path = folder / "keys/shop.key";
  std::array<std::byte, 32> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(200 - i);
  std::map<std::string, slot_secret> secrets;
  secrets.emplace("key file", std::move(slot_secret::identity(bytes)).value());
  secrets.emplace("passphrase", phrase("Caf\xC3\xA9, six words that a die chose\n"));
  secrets.emplace(
      "identity",
      std::move(slot_secret::identity(as_bytes(
                    "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX")))
          .value());
  const auto told = [](const std::optional<root_key>& key) {
    if (!key) return std::string("-");
    const bool right = key->key.with_bytes([&](byte_view from) {
      for (std::size_t i = 0; i < from.size(); ++i) {
        if (from[i] != static_cast<std::byte>(key->epoch * 16 + i)) return false;
      }
      return true;
    });
    return right ? std::to_string(key->epoch) : "?";
  };
  const char* const held[] = {"- -", "1 2", "1 2", "2 -", "2 3"};
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(testing::text_of(all[i].at("comment")));
    const std::string hex = testing::text_of(all[i].at("file"));
    std::string content(hex.size() / 2, '\0');
    REQUIRE(parse_hex(hex, std::as_writable_bytes(std::span(content))));
    std::set<std::string> opens;
    for (const auto& one : all[i].at("opens").as_array()) opens.insert(testing::text_of(one));
    for (const auto& [kind, secret] : secrets) {
      CAPTURE(kind);
      write(path, content);
      auto cell = opens.empty() ? file_root_cell::open(path, "") : open(path, secret);
      CHECK(code(cell) == (opens.empty() || opens.contains(kind) ? errc::none : errc::wrong_key));
      if (!cell) continue;
      const auto keys = cell->load();
      REQUIRE(keys);
      CHECK(told(keys->current) + " " + told(keys->staged) == held[i]);
    }
  }
}

TEST_CASE("key slots: the address of a key in a token is no path") {
  const std::string nowhere = "pkcs11:token=Nobody;object=none?module-path=/nowhere/module.so";
  CHECK(code(slot_secret::read_identity(nowhere)) == errc::unsupported);
  CHECK(code(make_key_file(nowhere, "", "")) == errc::unsupported);
  CHECK_FALSE(fs::exists(nowhere));
  // As a path it would be one that is not there.
  CHECK(code(slot_secret::read_identity("/nowhere/" + nowhere)) == errc::not_found);
}
