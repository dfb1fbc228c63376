// A book that an older version of this library made: refused until it is upgraded, then whole.
#include <clientbook/internal/vault/book_format.hpp>

#include <algorithm>

#include "fixture.hpp"
#include "old_book.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

customer_id found(session& in, const char* number) {
  const auto id = in.find("loyalty", number);
  REQUIRE(id);
  return *id;
}

void is_whole(session& in) {
  const auto seen = in.read(found(in, "L-3"), purpose::customer_order_management);
  REQUIRE(seen);
  CHECK(seen->record().name()->given == "Zoe");
  CHECK(in.find("loyalty", "L-1").error().code == errc::not_found);
  CHECK(in.figures()->erased == 1);
  const auto said = in.directives(found(in, "L-2"));
  REQUIRE(said);
  CHECK(said->size() == 1);
  const auto verified = in.verify();
  REQUIRE(verified);
  CHECK(verified->problems == 0);
}

}  // namespace

TEST_CASE("upgrade: a book of format 1 is refused until it is upgraded, then whole") {
  auto store = empty_store();
  auto cell = std::make_shared<memory_cell>();
  lay(read_old_book(CLIENTBOOK_BOOK_VECTORS "/format_1.txt"), *store, *cell);
  clock_hand() = timestamp{1'800'100'000};
  const auto refused = book::open(store, cell, {.clock = {test_clock}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::older_format);
  CHECK(refused.error().at == 1);

  const auto done = book::upgrade(store, cell);
  REQUIRE(done);
  CHECK(done->from == 1);
  CHECK(done->to == 2);
  auto opened = book::open(store, cell, {.clock = {test_clock}});
  REQUIRE(opened);
  auto session = opened->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(session);
  is_whole(*session);
  const std::uint64_t customers = session->figures()->customers;
  CHECK(session->figures()->consents_outdated >= customers);
  while (session->compile_consents()->left != 0) {
  }
  CHECK(session->figures()->consents_outdated == 0);
  is_whole(*session);
  keep(*session, ken("L-9"));
  is_whole(*session);

  const auto again = book::upgrade(store, cell);
  REQUIRE(again);
  CHECK(again->from == again->to);
}

TEST_CASE("upgrade: whole or not at all") {
  auto store = empty_store();
  auto cell = std::make_shared<memory_cell>();
  const old_book old = read_old_book(CLIENTBOOK_BOOK_VECTORS "/format_1.txt");
  lay(old, *store, *cell);
  // The header says format 2, the book row is of format 1: what a half upgrade would leave.
  auto writing = store->begin_write();
  REQUIRE(writing);
  std::string header = old.rows.front().second;
  header[11] = 2;
  REQUIRE((*writing)->put(as_bytes(old.rows.front().first), as_bytes(header)));
  REQUIRE((*writing)->commit());
  CHECK(book::open(store, cell).error().code == errc::wrong_type);
  CHECK_FALSE(book::upgrade(store, cell));
  // And the other way round: nobody talks a book back into an older format.
  shop today;
  auto back = today.store->begin_write();
  REQUIRE(back);
  const auto now = (*back)->get(as_bytes(old.rows.front().first));
  REQUIRE(now);
  std::string older(as_text(*now));
  older[11] = 1;
  REQUIRE((*back)->put(as_bytes(old.rows.front().first), as_bytes(older)));
  REQUIRE((*back)->commit());
  CHECK(book::open(today.store, today.cell).error().code == errc::older_format);
  CHECK_FALSE(book::upgrade(today.store, today.cell));
}

TEST_CASE("upgrade: a book of a later version is refused, not written over") {
  std::array<std::byte, book_row::max_size> room{};
  const byte_view today = encode(book_row{.customers = 3, .newest_time = 1'800'000'000}, room);
  REQUIRE(decode_book_row(2, today));
  CHECK(decode_book_row(2, today)->newest_time == 1'800'000'000);
  std::array<std::byte, book_row::max_size> other_room{};
  const byte_view kept = encode(book_row{.purposes = {2, std::uint64_t{1} << 63, 5}}, other_room);
  REQUIRE(decode_book_row(2, kept));
  CHECK(decode_book_row(2, kept)->purposes ==
        std::array<std::uint64_t, 3>{2, std::uint64_t{1} << 63, 5});
  // Twice the same number, one beyond the last.
  for (const auto& [place, byte] : {std::pair<std::size_t, int>{3, 0x7f}, {1, 192}, {1, 255}}) {
    std::array<std::byte, book_row::max_size> spoilt{};
    copy_bytes(byte_span(spoilt), kept);
    spoilt[kept.size() - place] = std::byte(byte);
    CHECK_FALSE(decode_book_row(2, byte_view(spoilt).first(kept.size())));
  }

  std::vector<std::byte> later(today.begin(), today.end());
  later[0] = std::byte(std::to_integer<unsigned>(later[0]) + 1);  // one member more
  later.insert(later.end(), {std::byte{0x18}, std::byte{200}, std::byte{1}});
  CHECK(decode_book_row(2, later).error().code == errc::newer_format);

  for (std::size_t cut = 0; cut < today.size(); ++cut) {
    CHECK_FALSE(decode_book_row(2, today.first(cut)));
  }
  std::vector<std::byte> twice(today.begin(), today.end());
  twice[0] = later[0];
  twice.insert(twice.end(), {std::byte{14}, std::byte{1}});
  CHECK_FALSE(decode_book_row(2, twice));
}
