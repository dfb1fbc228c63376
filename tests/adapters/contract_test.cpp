// What every backend keeps: backend.hpp as cases, run against each.
#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/adapters/memory_backend.hpp>

#include "scratch.hpp"
#include "testing.hpp"

#include <atomic>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace clientbook;

namespace {

struct memory_kind {
  std::unique_ptr<backend> store = std::move(make_memory_backend()).value();
};

struct lmdb_kind {
  testing::scratch folder;
  std::unique_ptr<backend> store = std::move(create_lmdb_backend(folder / "shop.book")).value();
};

std::unique_ptr<read_transaction> reading(backend& store) {
  return std::move(store.begin_read()).value();
}
std::unique_ptr<write_transaction> writing(backend& store) {
  return std::move(store.begin_write()).value();
}

void put(backend& store, std::string_view key, std::string_view value) {
  const auto change = writing(store);
  REQUIRE(change->put(as_bytes(key), as_bytes(value)));
  REQUIRE(change->commit());
}

std::string text(const result<byte_view>& found) {
  return found ? std::string(as_text(*found))
               : "errc " + std::to_string(static_cast<int>(found.error().code));
}
std::string get(backend& store, std::string_view key) {
  return text(reading(store)->get(as_bytes(key)));
}

std::string keys(read_transaction& view, std::string_view prefix, std::string_view from) {
  std::string found;
  REQUIRE(view.walk(as_bytes(prefix), as_bytes(from), [&](byte_view key, byte_view) {
    found += std::string(as_text(key)) + " ";
    return true;
  }));
  return found;
}

const std::string absent = "errc 4";

}  // namespace

TYPE_TO_STRING(memory_kind);
TYPE_TO_STRING(lmdb_kind);

#define EACH_BACKEND(name) TEST_CASE_TEMPLATE("backend: " name, Kind, memory_kind, lmdb_kind)

EACH_BACKEND("a new store is empty") {
  Kind kind;
  CHECK(get(*kind.store, "a") == absent);
  CHECK(keys(*reading(*kind.store), "", "") == "");
  CHECK(kind.store->figures()->entries == 0);
}

EACH_BACKEND("what was put is got, replaced and erased") {
  Kind kind;
  put(*kind.store, "k", "one");
  CHECK(get(*kind.store, "k") == "one");
  put(*kind.store, "k", "a longer value");
  CHECK(get(*kind.store, "k") == "a longer value");
  put(*kind.store, "empty", "");
  CHECK(get(*kind.store, "empty") == "");
  CHECK(kind.store->figures()->entries == 2);
  const auto change = writing(*kind.store);
  REQUIRE(change->erase(as_bytes("k")));
  CHECK(text(change->get(as_bytes("k"))) == absent);
  CHECK(change->erase(as_bytes("k")).error().code == errc::not_found);
  REQUIRE(change->commit());
  CHECK(get(*kind.store, "k") == absent);
  CHECK(get(*kind.store, "empty") == "");
  CHECK(kind.store->figures()->entries == 1);
}

EACH_BACKEND("a write transaction sees its own changes, others see them after commit") {
  Kind kind;
  put(*kind.store, "k", "old");
  const auto before = reading(*kind.store);
  const auto change = writing(*kind.store);
  REQUIRE(change->put(as_bytes("k"), as_bytes("new")));
  CHECK(text(change->get(as_bytes("k"))) == "new");
  CHECK(get(*kind.store, "k") == "old");
  REQUIRE(change->commit());
  CHECK(get(*kind.store, "k") == "new");
  CHECK(text(before->get(as_bytes("k"))) == "old");
  REQUIRE(before->renew());
  CHECK(text(before->get(as_bytes("k"))) == "new");
}

EACH_BACKEND("without commit nothing remains") {
  Kind kind;
  put(*kind.store, "kept", "1");
  {
    const auto change = writing(*kind.store);
    REQUIRE(change->put(as_bytes("k"), as_bytes("v")));
    REQUIRE(change->erase(as_bytes("kept")));
  }
  CHECK(get(*kind.store, "k") == absent);
  CHECK(get(*kind.store, "kept") == "1");
  put(*kind.store, "k", "later");
  CHECK(get(*kind.store, "k") == "later");
}

EACH_BACKEND("a transaction is over after commit") {
  Kind kind;
  const auto change = writing(*kind.store);
  REQUIRE(change->put(as_bytes("k"), as_bytes("v")));
  REQUIRE(change->commit());
  CHECK(change->put(as_bytes("k"), as_bytes("w")).error().code == errc::invalid_state);
  CHECK(change->reserve(as_bytes("k"), 1).error().code == errc::invalid_state);
  CHECK(change->erase(as_bytes("k")).error().code == errc::invalid_state);
  CHECK(change->get(as_bytes("k")).error().code == errc::invalid_state);
  CHECK(change->commit().error().code == errc::invalid_state);
  CHECK(get(*kind.store, "k") == "v");
}

EACH_BACKEND("a write transaction cannot be renewed, and a thread has one at a time") {
  Kind kind;
  const auto change = writing(*kind.store);
  CHECK(change->renew().error().code == errc::invalid_state);
  CHECK(kind.store->begin_write().error().code == errc::invalid_state);
}

EACH_BACKEND("snapshots are numbered by commits") {
  Kind kind;
  const auto first = reading(*kind.store);
  const auto again = reading(*kind.store);
  CHECK(first->snapshot() == again->snapshot());
  { CHECK(writing(*kind.store)->snapshot() == first->snapshot()); }
  put(*kind.store, "k", "v");
  const auto second = reading(*kind.store);
  CHECK(second->snapshot() > first->snapshot());
  REQUIRE(first->renew());
  CHECK(first->snapshot() == second->snapshot());
  REQUIRE(writing(*kind.store)->commit());  // Nothing changed.
  CHECK(reading(*kind.store)->snapshot() == second->snapshot());
}

EACH_BACKEND("keys have 1 to 64 bytes, compared unsigned") {
  Kind kind;
  const std::string longest(64, 'x');
  const std::string too_long(65, 'x');
  const auto change = writing(*kind.store);
  CHECK(change->put({}, as_bytes("v")).error().code == errc::invalid_argument);
  CHECK(change->put(as_bytes(too_long), as_bytes("v")).error().code == errc::invalid_argument);
  CHECK(change->reserve(as_bytes(too_long), 1).error().code == errc::invalid_argument);
  CHECK(change->erase(as_bytes(too_long)).error().code == errc::invalid_argument);
  CHECK(change->get({}).error().code == errc::invalid_argument);
  REQUIRE(change->put(as_bytes(longest), as_bytes("v")));  // A refused call changed nothing.
  for (const int b : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
    const std::byte key[] = {static_cast<std::byte>(b)};
    REQUIRE(change->put(key, as_bytes("v")));
  }
  REQUIRE(change->commit());
  const auto view = reading(*kind.store);
  std::vector<int> order;
  REQUIRE(view->walk({}, {}, [&](byte_view key, byte_view) {
    order.push_back(static_cast<int>(key[0]));
    return true;
  }));
  CHECK(order == std::vector<int>{0x00, 0x01, 'x', 0x7f, 0x80, 0xff});
  CHECK(view->get(as_bytes(too_long)).error().code == errc::invalid_argument);
  CHECK(kind.store->figures()->entries == 6);
}

EACH_BACKEND("a walk keeps order, prefix and start, and ends when told") {
  Kind kind;
  const auto change = writing(*kind.store);
  for (const char* key : {"b2", "a", "b", "b1", "b11", "c", "b3"}) {
    REQUIRE(change->put(as_bytes(key), as_bytes("v")));
  }
  CHECK(keys(*change, "b", "") == "b b1 b11 b2 b3 ");
  REQUIRE(change->commit());
  const auto view = reading(*kind.store);
  CHECK(keys(*view, "", "") == "a b b1 b11 b2 b3 c ");
  CHECK(keys(*view, "b", "") == "b b1 b11 b2 b3 ");
  CHECK(keys(*view, "b", "b11") == "b11 b2 b3 ");
  CHECK(keys(*view, "b", "b12") == "b2 b3 ");
  CHECK(keys(*view, "b", "a") == "b b1 b11 b2 b3 ");
  CHECK(keys(*view, "b", "c") == "");
  CHECK(keys(*view, "", "b3") == "b3 c ");
  CHECK(keys(*view, "x", "") == "");
  int count = 0;
  REQUIRE(view->walk({}, {}, [&](byte_view, byte_view) { return ++count < 3; }));
  CHECK(count == 3);
}

EACH_BACKEND("a walk may read and walk within") {
  Kind kind;
  put(*kind.store, "a1", "x");
  put(*kind.store, "a2", "y");
  put(*kind.store, "b", "z");
  const auto view = reading(*kind.store);
  std::string seen;
  REQUIRE(view->walk(as_bytes("a"), {}, [&](byte_view key, byte_view value) {
    seen +=
        std::string(as_text(key)) + std::string(as_text(value)) + text(view->get(as_bytes("b")));
    seen += keys(*view, "a", "");
    return true;
  }));
  CHECK(seen == "a1xza1 a2 a2yza1 a2 ");
}

EACH_BACKEND("an exception of the visitor passes through and breaks nothing") {
  Kind kind;
  put(*kind.store, "a", "x");
  const auto view = reading(*kind.store);
  CHECK_THROWS_AS((void)view->walk({}, {}, [](byte_view, byte_view) -> bool { throw 1; }), int);
  CHECK(keys(*view, "", "") == "a ");
}

EACH_BACKEND("reserved room is filled in place") {
  Kind kind;
  const auto change = writing(*kind.store);
  const result<byte_span> room = change->reserve(as_bytes("k"), 5);
  REQUIRE(room);
  REQUIRE(room->size() == 5);
  copy_bytes(*room, as_bytes("12345"));
  REQUIRE(change->put(as_bytes("l"), as_bytes("other")));
  REQUIRE(change->reserve(as_bytes("none"), 0));
  REQUIRE(change->commit());
  CHECK(get(*kind.store, "k") == "12345");
  CHECK(get(*kind.store, "none") == "");
}

EACH_BACKEND("values of many sizes come back whole") {
  Kind kind;
  std::map<std::string, std::string> values;
  std::mt19937 random(7);
  for (const std::size_t size :
       {1u, 100u, 2000u, 2037u, 2038u, 4080u, 4081u, 8192u, 100'000u, 5'000'000u}) {
    std::string value(size, '\0');
    for (char& c : value) c = static_cast<char>(random());
    values["v" + std::to_string(size)] = value;
  }
  const auto change = writing(*kind.store);
  for (const auto& [key, value] : values) REQUIRE(change->put(as_bytes(key), as_bytes(value)));
  REQUIRE(change->commit());
  for (const auto& [key, value] : values) CHECK(get(*kind.store, key) == value);
}

EACH_BACKEND("a value has at most 1 GiB") {
  Kind kind;
  const auto change = writing(*kind.store);
  const std::size_t too_large = (std::size_t{1} << 30) + 1;
  CHECK(change->reserve(as_bytes("k"), too_large).error().code == errc::limit_exceeded);
}

EACH_BACKEND("transactions may outlive the backend") {
  Kind kind;
  put(*kind.store, "k", "v");
  const auto view = reading(*kind.store);
  const auto change = writing(*kind.store);
  kind.store.reset();
  CHECK(text(view->get(as_bytes("k"))) == "v");
  REQUIRE(change->put(as_bytes("k"), as_bytes("w")));
  REQUIRE(change->commit());
  REQUIRE(view->renew());
  CHECK(text(view->get(as_bytes("k"))) == "w");
}

EACH_BACKEND("property: agrees with a map over random transactions") {
  Kind kind;
  std::mt19937 random(20240501);
  const auto below = [&](unsigned bound) { return random() % bound; };
  std::map<std::string, std::string> model;
  for (int round = 0; round < 120; ++round) {
    CAPTURE(round);
    std::map<std::string, std::string> next = model;
    const auto change = writing(*kind.store);
    for (int i = 0; i < 60; ++i) {
      const std::string key = std::to_string(below(500));
      if (below(3) == 0) {
        CHECK(static_cast<bool>(change->erase(as_bytes(key))) == (next.erase(key) == 1));
      } else {
        next[key] = std::string(below(below(20) == 0 ? 6000 : 60), static_cast<char>(below(256)));
        REQUIRE(change->put(as_bytes(key), as_bytes(next[key])));
      }
    }
    if (below(4) != 0) {
      REQUIRE(change->commit());
      model = next;
    }
    std::map<std::string, std::string> stored;
    REQUIRE(reading(*kind.store)->walk({}, {}, [&](byte_view key, byte_view value) {
      stored.emplace(as_text(key), as_text(value));
      return true;
    }));
    if (round % 10 == 0) CHECK(stored == model);
    CHECK(stored.size() == model.size());
  }
  CHECK(kind.store->figures()->entries == model.size());
}

// A writer moves 1 between two counters; every reader must always see the same sum.
EACH_BACKEND("many readers beside one writer see whole commits") {
  Kind kind;
  put(*kind.store, "a", "1000");
  put(*kind.store, "b", "1000");
  std::atomic<bool> done{false};
  std::atomic<int> torn{0};
  std::atomic<int> backward{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      std::uint64_t last = 0;
      do {
        const auto view = std::move(kind.store->begin_read()).value();
        const int a = std::stoi(std::string(as_text(view->get(as_bytes("a")).value())));
        const int b = std::stoi(std::string(as_text(view->get(as_bytes("b")).value())));
        if (a + b != 2000) ++torn;
        if (view->snapshot() < last) ++backward;
        last = view->snapshot();
      } while (!done);
    });
  }
  for (int i = 1; i <= 100; ++i) {
    const auto change = writing(*kind.store);
    REQUIRE(change->put(as_bytes("a"), as_bytes(std::to_string(1000 - i))));
    REQUIRE(change->put(as_bytes("b"), as_bytes(std::to_string(1000 + i))));
    REQUIRE(change->commit());
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(torn == 0);
  CHECK(backward == 0);
}

EACH_BACKEND("writers of several threads wait for each other") {
  Kind kind;
  put(*kind.store, "n", "0");
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&] {
      for (int j = 0; j < 25; ++j) {
        const auto change = std::move(kind.store->begin_write()).value();
        const int n = std::stoi(std::string(as_text(change->get(as_bytes("n")).value())));
        (void)change->put(as_bytes("n"), as_bytes(std::to_string(n + 1)));
        (void)change->commit();
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(get(*kind.store, "n") == "100");
}

EACH_BACKEND("a large transaction is not quadratic") {
  Kind kind;
  const auto change = writing(*kind.store);
  for (std::uint32_t i = 0; i < 50'000; ++i) {
    std::byte key[4];
    store_be(key, (i * 2654435761u) % 1'000'003u);
    REQUIRE(change->put(key, as_bytes("a value of some bytes")));
  }
  REQUIRE(change->commit());
  CHECK(kind.store->figures()->entries == 50'000);
}
