// The flash store through its public interface: what it keeps, refuses, and makes unreadable.
#include <clientbook/adapters/flash_file.hpp>
#include <clientbook/adapters/flash_store.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/internal/adapters/flash_format.hpp>

#include <testing.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "flash_simulator.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

using value = std::vector<std::byte>;

secret<32> key_of(std::uint8_t seed) {
  secret<32> out;
  out.fill_bytes([&](std::span<std::byte, 32> to) {
    for (std::size_t i = 0; i < 32; ++i) to[i] = static_cast<std::byte>(i + seed);
  });
  return out;
}

book_id store_of(std::uint8_t seed) {
  book_id out;
  out.bytes.fill(std::byte{seed});
  return out;
}

value text(const std::string& of) {
  const byte_view bytes = as_bytes(of);
  return {bytes.begin(), bytes.end()};
}

struct till {
  flash_simulator flash;
  fixed_random salts{5};
  clientbook_flash_part part{};
  clientbook_flash_counter counter{};
  std::vector<std::uint32_t> index;
  std::vector<std::byte> buffer;
  std::unique_ptr<flash_store> store;

  explicit till(const part_model& model = part_models[0], std::uint32_t sectors = 8,
                std::uint32_t sector_size = 1024, std::size_t records = 40,
                std::size_t largest = 256)
      : flash(model, sector_size, sectors, 3), index(records), buffer(largest) {
    boot();
    REQUIRE(store->format(key_of(1), store_of(1)));
  }
  till(const till&) = delete;
  till& operator=(const till&) = delete;
  void boot() {
    part = flash.part();
    counter = flash.counter();
    store = std::make_unique<flash_store>(part, &counter, salts, index, buffer);
  }
  result<flash_report> mount(flash_mount how = flash_mount::whole) {
    boot();
    return store->mount(key_of(1), store_of(1), how);
  }
  std::string get(std::uint32_t record) {
    std::array<std::byte, 256> room;
    const auto size = store->get(record, room);
    if (!size) return "error " + std::to_string(static_cast<unsigned>(size.error().code));
    return std::string(as_text(byte_view(room).first(*size)));
  }
  void put(std::uint32_t record, const std::string& what) {
    REQUIRE(store->put(record, text(what)));
  }
};

}  // namespace

TEST_CASE("flash: what was put is there after a boot, the newest value of each record") {
  for (const part_model& model : part_models) {
    CAPTURE(model.name);
    till one(model);
    for (int round = 0; round < 30; ++round) {
      for (std::uint32_t i = 0; i < 8; ++i) {
        one.put(i, "record " + std::to_string(i) + " round " + std::to_string(round));
      }
    }
    REQUIRE(one.store->remove(3));
    const auto report = one.mount();
    REQUIRE(report);
    CHECK(report->records == 7);
    CHECK(report->writes_refused == 0);
    CHECK(one.get(2) == "record 2 round 29");
    CHECK(one.get(3) == "error 4");
    CHECK(one.flash.violations() == 0);
  }
}

TEST_CASE("flash: a call that is refused changes nothing and says why") {
  till one;
  one.put(1, "kept");
  const auto before = one.flash.image();
  const value small = text("x");
  const value large(one.store->largest_value() + 1);
  const flash_change twice[2] = {{flash_change::kind::put, 2, small},
                                 {flash_change::kind::remove, 2, {}}};
  CHECK(one.store->apply({}).error().code == errc::invalid_argument);
  CHECK(one.store->apply(twice).error().code == errc::invalid_argument);
  CHECK(one.store->put(40, small).error().code == errc::invalid_argument);
  CHECK(one.store->put(1, large).error().code == errc::limit_exceeded);
  CHECK(one.store->remove(2).error().code == errc::not_found);
  std::array<std::byte, 3> little;
  CHECK(one.store->get(1, little).error().code == errc::buffer_too_small);
  CHECK(one.store->get(1, little).error().at == 4);
  CHECK(one.store->put(2, value(one.store->largest_value())));
  CHECK(one.store->remove(2));
  CHECK(one.get(1) == "kept");

  SUBCASE("a part that cannot be one") {
    for (auto spoil : {+[](clientbook_flash_part& p) { p.sector_count = 5; },
                       +[](clientbook_flash_part& p) { p.sector_size = 1000; },
                       +[](clientbook_flash_part& p) { p.granule = 64; },
                       +[](clientbook_flash_part& p) { p.program = nullptr; },
                       +[](clientbook_flash_part& p) { p.sector_size = 256; }}) {
      spoil(one.part);
      flash_store other(one.part, nullptr, one.salts, one.index, one.buffer);
      CHECK(other.format(key_of(1), store_of(1)).error().code == errc::invalid_argument);
      CHECK(other.mount(key_of(1), store_of(1)).error().code == errc::invalid_argument);
      one.part = one.flash.part();
    }
  }
  SUBCASE("not mounted") {
    one.boot();
    CHECK(one.store->put(1, small).error().code == errc::invalid_state);
    CHECK(one.get(1) == "error 2");
  }
  SUBCASE("nothing was ever there") {
    flash_simulator empty(part_models[0], 1024, 8, 1);
    const clientbook_flash_part part = empty.part();
    flash_store other(part, nullptr, one.salts, one.index, one.buffer);
    CHECK(other.mount(key_of(1), store_of(1)).error().code == errc::not_a_book);
  }
}

TEST_CASE("flash: a full store refuses and loses nothing, and what is removed makes room") {
  for (const std::uint32_t sectors : {6U, 9U}) {
    for (const part_model& model : part_models) {
      CAPTURE(model.name);
      till one(model, sectors);
      std::map<std::uint32_t, std::string> kept;
      std::uint32_t next = 0;
      while (true) {
        const std::string what = "value of record " + std::to_string(next) + std::string(60, 'x');
        const auto done = one.store->put(next, text(what));
        if (!done) {
          CHECK(done.error().code == errc::disk_full);
          break;
        }
        kept[next++] = what;
      }
      CHECK(next > 4);
      // At the limit it is written over and over.
      for (int i = 0; i < 300; ++i) {
        const auto record = static_cast<std::uint32_t>(i) % next;
        kept[record] = "rewritten " + std::to_string(i) + std::string(62, 'y');
        kept[record].resize(75);
        REQUIRE(one.store->put(record, text(kept[record])));
      }
      REQUIRE(one.store->remove(0));
      REQUIRE(one.store->put(next, text("in its place")));
      REQUIRE(one.mount());
      kept.erase(0);
      for (const auto& [record, what] : kept) CHECK(one.get(record) == what);
      CHECK(one.flash.violations() == 0);
    }
  }
}

TEST_CASE("flash: of another device, store or key it is refused, with nothing read") {
  till one;
  one.put(1, "value");
  one.boot();
  CHECK(one.store->mount(key_of(2), store_of(1)).error().code == errc::wrong_key);
  CHECK(one.store->mount(key_of(1), store_of(2)).error().code == errc::wrong_key);
  CHECK(one.get(1) == "error 2");
  CHECK(one.mount());
  CHECK(one.get(1) == "value");
}

TEST_CASE("flash: a copy from before the last seal is refused, the store itself is not") {
  for (const part_model& model : part_models) {
    CAPTURE(model.name);
    till one(model);
    one.put(1, "consent given");
    const auto old = one.flash.image();
    const auto count = one.flash.count();
    for (std::uint64_t i = 0; i <= model.max_skip; ++i) REQUIRE(one.store->seal());
    const auto sealed = one.flash.image();
    one.put(1, "consent withdrawn");
    REQUIRE(one.store->seal());
    const auto newest = one.flash.image();
    for (std::uint64_t i = 0; i < model.max_skip; ++i) REQUIRE(one.store->seal());
    one.flash.put_image(old);
    CHECK(one.mount().error().code == errc::rolled_back);
    CHECK(one.get(1) == "error 2");
    one.flash.put_image(sealed);
    CHECK(one.mount().error().code == errc::rolled_back);
    one.flash.put_image(newest);
    CHECK(one.mount());
    CHECK(one.get(1) == "consent withdrawn");
    one.flash.put_count(count - 2 - model.max_skip);
    CHECK(one.mount().error().code == errc::version_mismatch);
    // A store that is formatted again does not take its former copies either.
    one.flash.put_count(1000);
    REQUIRE(one.store->format(key_of(1), store_of(1)));
    for (std::uint64_t i = 0; i <= model.max_skip; ++i) REQUIRE(one.store->seal());
    one.flash.put_image(newest);
    CHECK(one.mount().error().code == errc::rolled_back);
  }
}

TEST_CASE("flash: sectors of two times put together are refused, or are one of the two") {
  // Without a counter, so that only what the headers vouch for is left.
  for (const part_model& model : {part_models[0], part_models[1]}) {
    till one(model, 8);
    std::uint64_t refused = 0;
    std::uint64_t taken = 0;
    std::vector<std::vector<std::byte>> images;
    std::map<std::uint32_t, std::string> now;
    std::set<std::map<std::uint32_t, std::string>> ever;
    for (int i = 0; i < 120; ++i) {
      const auto record = static_cast<std::uint32_t>(i * 7 % 11);
      now[record] = "value " + std::to_string(i) + std::string(40, 'z');
      one.put(record, now[record]);
      ever.insert(now);
      if (i % 6 == 5) {
        images.push_back(one.flash.image());
      }
    }
    for (std::size_t a = 0; a < images.size(); ++a) {
      for (std::size_t b = a + 1; b < std::min(images.size(), a + 7); ++b) {
        for (std::size_t sector = 0; sector < 8; ++sector) {
          auto mixed = images[b];
          std::copy_n(images[a].begin() + static_cast<long>(sector * 1024), 1024,
                      mixed.begin() + static_cast<long>(sector * 1024));
          if (mixed == images[b]) continue;
          one.flash.put_image(mixed);
          one.boot();
          flash_store without(one.part, nullptr, one.salts, one.index, one.buffer);
          if (!without.mount(key_of(1), store_of(1))) {
            ++refused;
            continue;
          }
          // A state that there was once, never a mixture: the last
          // writes can be cut off, and a free sector may hold anything.
          ++taken;
          std::map<std::uint32_t, std::string> found;
          std::array<std::byte, 256> room;
          bool opens = true;
          for (std::uint32_t i = 0; i < 11; ++i) {
            if (!without.has(i)) continue;
            const auto size = without.get(i, room);
            opens = opens && size.has_value();
            if (size) found[i] = std::string(as_text(byte_view(room).first(*size)));
          }
          // A value whose salt is gone does not open: that is not silent.
          if (!opens) continue;
          CHECK(ever.count(found) == 1);
        }
      }
    }
    CHECK(refused > 100);
    MESSAGE(refused << " refused, " << taken << " taken");
  }
}

TEST_CASE("flash: a byte changed anywhere never makes a sealed record vanish or lie quietly") {
  till one(part_models[1], 12, 512, 12, 256);
  std::map<std::uint32_t, std::string> now;
  for (int i = 0; i < 40; ++i) {
    const auto record = static_cast<std::uint32_t>(i % 5);
    now[record] = "value " + std::to_string(i);
    one.put(record, now[record]);
  }
  REQUIRE(one.store->remove(4));
  now.erase(4);
  for (const std::uint32_t record : {0U, 1U}) one.put(record, now[record] = "newest");
  REQUIRE(one.store->seal());
  const auto whole = one.flash.image();
  std::uint64_t refused = 0;
  std::uint64_t harmless = 0;
  std::uint64_t told = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned change : {0x01U, 0x80U, 0xFFU}) {
      auto altered = whole;
      altered[at] ^= static_cast<std::byte>(change);
      one.flash.put_image(altered);
      if (!one.mount()) {
        ++refused;
        continue;
      }
      bool same = !one.store->has(4);
      for (const auto& [record, what] : now) {
        const std::string found = one.get(record);
        if (found == "error 60") {
          ++told;
        } else {
          same = same && found == what;
        }
      }
      CHECK_MESSAGE(same, "byte " << at << " change " << change);
      ++harmless;
    }
  }
  CHECK(refused > 1000);
  CHECK(harmless > 100);  // Free sectors, padding.
  CHECK(told > 50);
}

TEST_CASE(
    "flash: headers that somebody forged, check words and all, make no record vanish quietly") {
  for (const part_model& model : part_models) {
    CAPTURE(model.name);
    till one(model, 8);
    std::map<std::uint32_t, std::string> now;
    for (int i = 0; i < 33; ++i) {
      const auto record = static_cast<std::uint32_t>(i % 9);
      one.put(record, now[record] = "value " + std::to_string(i));
    }
    REQUIRE(one.store->seal());
    const auto whole = one.flash.image();
    std::uint64_t refused = 0;
    std::uint64_t tried = 0;
    for (std::size_t at = 0; at + 64 < whole.size(); at += model.granule) {
      std::uint64_t sequence = 0;
      std::memcpy(&sequence, whole.data() + at / 1024 * 1024 + 16, sizeof sequence);
      using header_bytes = std::span<std::byte, flash::frame_header_size>;
      flash::frame_header header;
      auto altered = whole;
      const header_bytes front(altered.data() + at, flash::frame_header_size);
      if (!flash::read(front, sequence, header)) continue;
      for (int change = 0; change < 4; ++change) {
        flash::frame_header forged = header;
        if (change == 0) forged.type = flash::frame_type::remove;
        if (change == 1) forged.type = flash::frame_type::anchor;
        if (change == 2) forged.record = (forged.record + 1) % 9;
        if (change == 3) ++forged.lsn;
        flash::write(forged, sequence, front);
        one.flash.put_image(altered);
        ++tried;
        if (!one.mount()) {
          ++refused;
          continue;
        }
        for (const auto& [record, what] : now) {
          const std::string found = one.get(record);
          CHECK((found == what || found == "error 60"));
        }
      }
    }
    CHECK(tried > 100);
    CHECK(refused > tried / 2);
  }
}

TEST_CASE("flash: what was replaced or removed opens for nobody, and where it cannot be said so") {
  SUBCASE("its salt is gone at once") {
    till one(part_models[0]);
    one.put(1, "first");
    const auto done = one.store->put(1, text("second"));
    REQUIRE(done);
    CHECK(*done == flash_erasure::done);
    CHECK_FALSE(one.store->erasure_pending());
    CHECK(*one.store->finish_erasure() == false);
  }
  SUBCASE("a part that cannot overwrite says that it is pending, and forced cleaning ends it") {
    till one(part_models[3]);
    one.put(1, "first");
    one.put(2, "other");
    CHECK_FALSE(one.store->erasure_pending());
    const auto done = one.store->remove(1);
    REQUIRE(done);
    CHECK(*done == flash_erasure::pending);
    CHECK(one.store->erasure_pending());
    REQUIRE(one.mount());
    CHECK(one.store->erasure_pending());
    unsigned steps = 0;
    while (*one.store->finish_erasure()) ++steps;
    CHECK(steps <= 8);
    CHECK_FALSE(one.store->erasure_pending());
    REQUIRE(one.mount());
    CHECK_FALSE(one.store->erasure_pending());
    CHECK(one.get(2) == "other");
  }
}

TEST_CASE("flash: power that goes off in good order saves a sector") {
  till one(part_models[0]);
  one.put(1, "first");
  const auto used = one.mount()->sectors_in_use;
  one.put(1, "second");
  CHECK(one.mount()->sectors_in_use == used + 1);
  one.put(1, "third");
  REQUIRE(one.store->shut_down());
  CHECK(one.store->put(1, text("x")).error().code == errc::invalid_state);
  const auto before = one.mount()->sectors_in_use;
  one.put(1, "fourth");
  CHECK(one.mount()->sectors_in_use == before);
  CHECK(one.get(1) == "fourth");
  // Once only: what was appended behind the mark was not ended.
  one.put(1, "fifth");
  CHECK(one.mount()->sectors_in_use == before + 1);
}

TEST_CASE("flash: zeroize forgets the key, and the key brings all back") {
  till one;
  one.put(1, "value");
  const auto operations = one.flash.operations();
  one.store->zeroize();
  CHECK(one.flash.operations() == operations);
  CHECK(one.get(1) == "error 2");
  CHECK(one.store->put(1, text("x")).error().code == errc::invalid_state);
  REQUIRE(one.mount());
  CHECK(one.get(1) == "value");
}

TEST_CASE("flash: a damaged store is refused, and salvage reads what opens and writes nothing") {
  till one(part_models[0], 12);
  std::map<std::uint32_t, std::string> now;
  for (std::uint32_t i = 0; i < 20; ++i) {
    now[i] = "value " + std::to_string(i) + std::string(50, 'v');
    one.put(i, now[i]);
  }
  auto damaged = one.flash.image();
  // A header of a frame in the second sector of the log, which is closed.
  damaged[1024 + 104 + 3] ^= std::byte{0x40};
  one.flash.put_image(damaged);
  CHECK(one.mount().error().code == errc::damaged);
  const auto report = one.mount(flash_mount::salvage);
  REQUIRE(report);
  CHECK(report->sectors_damaged == 1);
  CHECK(report->records >= 18);
  CHECK(report->records < 20);
  for (const auto& [record, what] : now) {
    if (one.store->has(record)) CHECK(one.get(record) == what);
  }
  CHECK(one.store->put(1, text("x")).error().code == errc::invalid_state);
  CHECK(one.flash.image() == damaged);
}

TEST_CASE("flash: a record that is damaged in the newest sector is no end of the log") {
  till one(part_models[0]);
  one.put(1, "first");
  one.put(2, "second");
  one.put(3, "third");
  auto damaged = one.flash.image();
  damaged[104 + 20] ^= std::byte{1};  // The first frame's check word of its body.
  damaged[104 + 3] ^= std::byte{1};   // And its header.
  one.flash.put_image(damaged);
  CHECK(one.mount().error().code == errc::damaged);
}

TEST_CASE("flash: a newest sector whose header is damaged is no end of the log") {
  till one(part_models[0]);
  one.put(1, "first");
  REQUIRE(one.mount());
  one.put(2, "in a sector of its own");
  auto damaged = one.flash.image();
  damaged[1024 + 30] ^= std::byte{1};
  one.flash.put_image(damaged);
  CHECK(one.mount().error().code == errc::damaged);
}

TEST_CASE("flash: a newest value whose salt somebody took away is told of") {
  till one(part_models[0]);
  one.put(1, "first");
  one.put(2, "second");
  one.put(3, "third");
  auto altered = one.flash.image();
  const std::size_t second = 104 + 64;  // Its header, after one frame of 5 bytes.
  std::fill_n(altered.begin() + static_cast<long>(second + 24), 16, std::byte{0});
  one.flash.put_image(altered);
  CHECK(one.mount().error().code == errc::authentication_failed);
}

TEST_CASE("flash: cleaning ahead in idle moments leaves one erase at most to a write") {
  const auto worst = [](bool ahead) {
    till one(part_models[0], 24, 4096, 200, 512);
    fixed_random numbers(3);
    std::uint64_t most = 0;
    for (int i = 0; i < 3000; ++i) {
      std::uint64_t before = 0;
      std::uint64_t after = 0;
      for (std::uint32_t s = 0; s < 24; ++s) before += one.flash.erases(s);
      REQUIRE(one.store->put(static_cast<std::uint32_t>(numbers.below(200)), value(200)));
      for (std::uint32_t s = 0; s < 24; ++s) after += one.flash.erases(s);
      if (i > 500) most = std::max(most, after - before);
      if (ahead) REQUIRE(one.store->clean_ahead());
    }
    // No sector wears more than the others.
    std::uint64_t least_worn = ~std::uint64_t{0};
    std::uint64_t most_worn = 0;
    for (std::uint32_t s = 0; s < 24; ++s) {
      least_worn = std::min(least_worn, one.flash.erases(s));
      most_worn = std::max(most_worn, one.flash.erases(s));
    }
    CHECK(most_worn - least_worn <= 2);
    return most;
  };
  CHECK(worst(true) == 0);
  CHECK(worst(false) >= 1);
}

TEST_CASE("flash: 1,000 customers of 200 bytes at 70 % fill read and write within their goals") {
  till one(part_models[0], 113, 4096, 1000, 512);
  for (std::uint32_t i = 0; i < 1000; ++i) REQUIRE(one.store->put(i, value(200)));
  fixed_random numbers(9);
  const auto programmed = one.flash.programmed_bytes();
  for (int i = 0; i < 2000; ++i) {
    REQUIRE(one.store->put(static_cast<std::uint32_t>(numbers.below(1000)), value(200)));
  }
  const double times =
      static_cast<double>(one.flash.programmed_bytes() - programmed) / (2000 * 256);
  CHECK(times < 2.6);
  const auto read = one.flash.bytes_read();
  std::array<std::byte, 256> room;
  REQUIRE(one.store->get(500, room));
  CHECK(one.flash.bytes_read() - read <= 300);
  const auto before = one.flash.bytes_read();
  REQUIRE(one.mount());
  const auto mounted = one.flash.bytes_read() - before;
  CHECK(mounted <= 160 * 1024);
  MESSAGE("written " << times << " times, mount reads " << mounted / 1024 << " KiB, object "
                     << sizeof(flash_store) << " bytes");
  CHECK(sizeof(flash_store) <= 256);
}

TEST_CASE("flash: a file is a part, of one process at a time") {
  std::string path = "/tmp/clientbook_flash_XXXXXX";
  REQUIRE(mkdtemp(path.data()) != nullptr);
  const std::string file = path + "/till.flash";
  fixed_random salts(1);
  std::vector<std::uint32_t> index(10);
  std::vector<std::byte> buffer(512);
  {
    flash_file disk;
    REQUIRE(disk.open(file.c_str(), 4096, 8));
    const clientbook_flash_part part = disk.part();
    flash_store store(part, nullptr, salts, index, buffer);
    CHECK(store.mount(key_of(1), store_of(1)).error().code == errc::not_a_book);
    REQUIRE(store.format(key_of(1), store_of(1)));
    CHECK(store.seal().error().code == errc::unsupported);
    for (int i = 0; i < 400; ++i)
      REQUIRE(store.put(static_cast<std::uint32_t>(i) % 10, value(100)));
    REQUIRE(store.put(4, text("kept")));
    CHECK(disk.open(file.c_str(), 4096, 8).error().code == errc::invalid_state);
  }
  flash_file again;
  CHECK(flash_file().open(file.c_str(), 4096, 9).error().code == errc::not_a_book);
  CHECK(flash_file().open((path + "/none/x").c_str(), 4096, 8).error().code == errc::io_error);
  REQUIRE(again.open(file.c_str(), 4096, 8));
  const clientbook_flash_part part = again.part();
  flash_store store(part, nullptr, salts, index, buffer);
  REQUIRE(store.mount(key_of(1), store_of(1)));
  std::array<std::byte, 256> room;
  const auto size = store.get(4, room);
  REQUIRE(size);
  CHECK(as_text(byte_view(room).first(*size)) == "kept");
  std::remove(file.c_str());
  rmdir(path.c_str());
}
