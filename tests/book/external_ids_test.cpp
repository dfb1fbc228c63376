// The index of external ids against a writer of the store: whatever becomes of its rows, verify()
// tells, and nobody is told that an id is nobody's. Last month's file makes no customer twice.
#include <algorithm>
#include <random>
#include <string>

#include "fixture.hpp"
#include "old_book.hpp"
#include "recovery_places.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

using bytes = std::vector<std::byte>;
using row = std::pair<bytes, bytes>;

errc code_of(const auto& answer) { return answer ? errc::none : answer.error().code; }

std::vector<row> index_of(backend& store) {
  std::vector<row> out;
  auto reading = store.begin_read();
  REQUIRE(reading);
  const std::array prefix{std::byte{8}};
  REQUIRE((*reading)->walk(prefix, prefix, [&](byte_view at, byte_view value) {
    out.emplace_back(bytes(at.begin(), at.end()), bytes(value.begin(), value.end()));
    return true;
  }));
  return out;
}

// Puts these rows in the place of all that are there.
void lay_index(backend& store, const std::vector<row>& rows) {
  const auto before = index_of(store);
  auto writing = store.begin_write();
  REQUIRE(writing);
  for (const row& one : before) REQUIRE((*writing)->erase(one.first));
  for (const row& one : rows) REQUIRE((*writing)->put(one.first, one.second));
  REQUIRE((*writing)->commit());
}

struct shop_of_ids : shop {
  std::vector<customer_id> ids;
  shop_of_ids() {
    session in = begin();
    for (int i = 1; i <= 6; ++i) ids.push_back(keep(in, ken("L-" + std::to_string(i))));
  }
};

}  // namespace

TEST_CASE(
    "external ids: a row that is gone, added, moved or altered is seen by verify and reader") {
  shop_of_ids s;
  REQUIRE(index_of(*s.store).size() == 6);
  std::vector<row> rows = index_of(*s.store);
  SUBCASE("gone") { rows.erase(rows.begin() + 2); }
  SUBCASE("all gone") { rows.clear(); }
  SUBCASE("the token altered") { rows[1].first[9] ^= std::byte{4}; }
  SUBCASE("the number altered") { rows[1].second[7] ^= std::byte{1}; }
  SUBCASE("a number never given out") { rows[1].second[0] = std::byte{7}; }
  SUBCASE("two exchanged") { std::swap(rows[0].second, rows[5].second); }
  SUBCASE("one added") {
    rows.push_back(rows[0]);
    rows.back().first[5] ^= std::byte{1};
  }
  SUBCASE("one of another size") { rows[3].second.pop_back(); }
  SUBCASE("one added of another size") {
    rows.push_back(rows[0]);
    rows.back().first.push_back(std::byte{1});
  }
  lay_index(*s.store, rows);
  session in = s.begin();
  CHECK(in.verify()->problems > 0);
  for (std::size_t i = 0; i < s.ids.size(); ++i) {
    session fresh = s.begin();
    const auto found = fresh.find("loyalty", "L-" + std::to_string(i + 1));
    CAPTURE(i);
    CHECK(code_of(found) != errc::not_found);
    if (found) CHECK(*found == s.ids[i]);
  }
  // Nobody new is made while it is not known who is there.
  session fresh = s.begin();
  const std::uint64_t customers = fresh.figures()->customers;
  CHECK(code_of(fresh.find("loyalty", "L-99")) == errc::damaged);
  CHECK(code_of(fresh.put(ken("L-99"), {.purposes = purpose::customer_order_management})) ==
        errc::damaged);
  CHECK(s.begin().figures()->customers == customers);
}

TEST_CASE("external ids: what the book itself does leaves them whole") {
  shop_of_ids s;
  session in = s.begin();
  CHECK(code_of(in.find("loyalty", "L-99")) == errc::not_found);
  std::mt19937 draw(7);
  const auto renamed = [](const std::string& to) {
    customer out;
    const external_id id{.system = "loyalty", .value = to};
    REQUIRE(out.set(field::external_ids, std::array{id}));
    return out;
  };
  int next = 100;
  for (int step = 0; step < 60; ++step) {
    const std::size_t which = draw() % s.ids.size();
    const std::string id = "L-" + std::to_string(next++);
    switch (draw() % 5) {
      case 0:
        s.ids.push_back(keep(in, ken(id)));
        break;
      case 1:
        REQUIRE(in.update(s.ids[which], renamed(id).fields(), purpose::customer_order_management));
        break;
      case 2:
        (void)in.remove(s.ids[which], field::external_ids);
        break;
      case 3:
        if (s.ids.size() < 3) break;
        REQUIRE(in.erase(s.ids[which], erasure_reason::other));
        s.ids.erase(s.ids.begin() + static_cast<std::ptrdiff_t>(which));
        break;
      default:
        REQUIRE(in.begin());
        (void)in.put(ken(id), {.purposes = purpose::customer_order_management});
        in.rollback();
    }
    CAPTURE(step);
    REQUIRE(in.verify()->problems == 0);
    REQUIRE(code_of(s.begin().find("loyalty", "nobody")) == errc::not_found);
  }
}

TEST_CASE("external ids: damage prevents no erasure, which mends what is the customer's") {
  shop_of_ids s;
  std::vector<row> rows = index_of(*s.store);
  SUBCASE("the row is gone") {
    const auto whose =
        std::ranges::find_if(rows, [](const row& one) { return one.second[7] == std::byte{2}; });
    REQUIRE(whose != rows.end());
    rows.erase(whose);
  }
  SUBCASE("the row leads to nobody") {
    for (row& one : rows) {
      if (one.second[7] == std::byte{2}) one.second[7] = std::byte{99};
    }
  }
  lay_index(*s.store, rows);
  session in = s.begin();
  CHECK(code_of(in.find("loyalty", "L-1")) != errc::none);
  REQUIRE(in.erase(s.ids[0], erasure_reason::other));
  CHECK(index_of(*s.store).size() == 5);
  CHECK(in.verify()->problems == 0);
  CHECK(code_of(s.begin().find("loyalty", "L-1")) == errc::not_found);
}

TEST_CASE("external ids: a book from before they were summed has its sum with the first change") {
  auto store = empty_store();
  auto cell = std::make_shared<memory_cell>();
  lay(read_old_book(CLIENTBOOK_BOOK_VECTORS "/format_1.txt"), *store, *cell);
  clock_hand() = timestamp{1'800'100'000};
  REQUIRE(book::upgrade(store, cell));
  auto rows = index_of(*store);
  REQUIRE_FALSE(rows.empty());
  rows.pop_back();
  lay_index(*store, rows);
  auto opened = book::open(store, cell, {.clock = {test_clock}});
  REQUIRE(opened);
  auto in = opened->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(in);
  CHECK(in->verify()->problems > 0);
  CHECK(code_of(in->find("loyalty", "nobody")) == errc::damaged);
}
