// What a writer of the store can do: everything but go unnoticed.
#include <string>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

std::vector<std::byte> key_of(std::uint8_t table, std::initializer_list<std::uint64_t> numbers,
                              std::initializer_list<std::size_t> widths) {
  std::vector<std::byte> out{std::byte{table}};
  auto width = widths.begin();
  for (const std::uint64_t number : numbers) {
    for (std::size_t i = *width; i-- > 0;) out.push_back(static_cast<std::byte>(number >> (8 * i)));
    ++width;
  }
  return out;
}
// The first customer of a book has number 2.
const auto record_2 = key_of(4, {2}, {8});
const auto record_3 = key_of(4, {3}, {8});

std::vector<std::byte> get(backend& store, byte_view key) {
  auto read = store.begin_read();
  REQUIRE(read);
  const auto value = (*read)->get(key);
  REQUIRE(value);
  return {value->begin(), value->end()};
}
void put(backend& store, byte_view key, byte_view value) {
  auto write = store.begin_write();
  REQUIRE(write);
  REQUIRE((*write)->put(key, value));
  REQUIRE((*write)->commit());
}
void erase(backend& store, byte_view key) {
  auto write = store.begin_write();
  REQUIRE(write);
  REQUIRE((*write)->erase(key));
  REQUIRE((*write)->commit());
}
errc reading(session& in, const customer_id& id) {
  const auto seen = in.read(id, purpose::customer_order_management);
  return seen ? errc::none : seen.error().code;
}

}  // namespace

TEST_CASE("tamper: an altered, exchanged, older or missing record is an error of its own") {
  shop s;
  session in = s.begin();
  const customer_id first = keep(in, ken("L-1"));
  const customer_id second = keep(in, ken("L-2"));
  const auto row_2 = get(*s.store, record_2);
  const auto row_3 = get(*s.store, record_3);

  SUBCASE("every byte flipped: never anything but an error") {
    for (std::size_t i = 0; i < row_2.size(); ++i) {
      auto row = row_2;
      row[i] ^= std::byte{1};
      put(*s.store, record_2, row);
      CAPTURE(i);
      REQUIRE(reading(in, first) != errc::none);
    }
  }
  SUBCASE("two customers exchanged") {
    put(*s.store, record_2, row_3);
    put(*s.store, record_3, row_2);
    CHECK(reading(in, first) == errc::authentication_failed);
    CHECK(reading(in, second) == errc::authentication_failed);
  }
  SUBCASE("an older version put back") {
    REQUIRE(in.remove(first, field::phones));
    put(*s.store, record_2, row_2);
    CHECK(reading(in, first) == errc::version_mismatch);
  }
  SUBCASE("removed") {
    erase(*s.store, record_2);
    CHECK(reading(in, first) == errc::row_missing);
    CHECK(in.for_each(purpose::customer_order_management, all_fields,
                      [](const view&) { return true; })
              .error()
              .code == errc::row_missing);
    CHECK(in.verify()->problems > 0);
  }
  SUBCASE("a row that belongs to nobody") {
    put(*s.store, key_of(4, {99}, {8}), row_2);
    CHECK(in.verify()->first == errc::damaged);
  }
  SUBCASE("truncated at every length") {
    for (std::size_t size = 0; size < row_2.size(); ++size) {
      put(*s.store, record_2, byte_view(row_2).first(size));
      REQUIRE(reading(in, first) != errc::none);
    }
  }
}

TEST_CASE("tamper: a missing, exchanged or added item is an error") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  const purchase receipt{.at = timestamp{1'700'000'000}, .order = "1"};
  const purchase other{.at = timestamp{1'700'000'001}, .order = "2"};
  const std::array lines{purchase_line{.sku = "7", .quantity = 1}};
  REQUIRE(in.append_purchase(id, receipt, lines, purpose::customer_order_management));
  REQUIRE(in.append_purchase(id, other, lines, purpose::customer_order_management));
  const auto one = key_of(5, {2, 1, 1}, {8, 1, 4});
  const auto two = key_of(5, {2, 1, 2}, {8, 1, 4});
  const auto first = get(*s.store, one);
  const auto ask = [&] {
    const auto seen = in.purchases(id, purpose::customer_order_management);
    return seen ? errc::none : seen.error().code;
  };
  SUBCASE("missing") {
    erase(*s.store, two);
    CHECK(ask() == errc::row_missing);
  }
  SUBCASE("exchanged") {
    put(*s.store, two, first);
    CHECK(ask() == errc::authentication_failed);
  }
  SUBCASE("added") {
    put(*s.store, key_of(5, {2, 1, 3}, {8, 1, 4}), first);
    CHECK(ask() == errc::none);  // nobody counts it
    CHECK(in.verify()->problems == 1);
  }
}

TEST_CASE("tamper: a row that nothing in the book says is there is a problem") {
  shop s;
  session in = s.begin();
  const recipient_id parcel = add_party(in, "parcel", recipient::parcel_service);
  const customer_id id = keep(in, ken());
  const purchase receipt{.at = timestamp{1'700'000'000}, .order = "1"};
  const std::array lines{purchase_line{.sku = "7", .quantity = 1}};
  REQUIRE(in.append_purchase(id, receipt, lines, purpose::customer_order_management));
  REQUIRE(in.record(id, withdrawal()));
  REQUIRE(in.disclose(id, {.purpose = purpose::delivery_of_goods, .recipient = parcel}));
  REQUIRE(in.verify()->problems == 0);
  const auto some = get(*s.store, key_of(5, {2, 1, 1}, {8, 1, 4}));
  // In every table, also in those that there are none of: a key as the book makes them, beyond
  // what it holds, and one that it never makes.
  std::size_t strays = 0;
  const auto stray = [&](const std::vector<std::byte>& key) {
    put(*s.store, key, some);
    CAPTURE(static_cast<int>(key[0]));
    CAPTURE(key.size());
    CHECK(in.verify()->problems > 0);
    erase(*s.store, key);
    ++strays;
  };
  stray(key_of(5, {2, 1, 2}, {8, 1, 4}));
  stray(key_of(5, {2, 1, 0x41}, {8, 1, 4}));
  stray(key_of(5, {2, 3, 1}, {8, 1, 4}));
  stray(key_of(5, {77, 1, 1}, {8, 1, 4}));
  stray(key_of(6, {2, 0}, {8, 4}));
  stray(key_of(6, {2, 9}, {8, 4}));
  stray(key_of(1, {4, 1}, {1, 8}));
  stray(key_of(1, {5, 77}, {1, 8}));
  stray(key_of(1, {0x43}, {1}));
  stray(key_of(2, {9}, {4}));
  stray(key_of(3, {6, 0}, {1, 8}));
  stray(key_of(3, {5, 1}, {1, 8}));
  stray(key_of(7, {77}, {4}));
  stray(key_of(9, {1}, {4}));
  stray(key_of(10, {77}, {4}));
  stray(key_of(11, {77}, {8}));
  stray(key_of(12, {77}, {8}));
  stray(key_of(13, {0, 1}, {1, 8}));
  stray(key_of(13, {1, 0}, {1, 8}));
  stray(key_of(18, {1}, {4}));
  stray(key_of(20, {1}, {4}));
  stray(key_of(25, {1, 0}, {8, 4}));
  stray(key_of(29, {1}, {4}));
  stray(key_of(31, {2, 1}, {8, 4}));
  for (unsigned table = 0; table < 256; ++table) {
    stray(key_of(static_cast<std::uint8_t>(table), {0x55AA}, {3}));
  }
  CHECK(strays == 280);
  CHECK(in.verify()->problems == 0);
}

TEST_CASE("tamper: a directive taken away does not bring a consent back") {
  shop s;
  session in = s.begin();
  REQUIRE(in.add_notice(notice_for(in)));
  const directive said = grant_of(in, {recipient::self});
  const customer_id id = keep(in, ken(), std::span(&said, 1));
  clock_hand().seconds += 10;
  REQUIRE(in.record(id, withdrawal()));
  erase(*s.store, key_of(6, {2, 2}, {8, 4}));
  CHECK(in.directives(id).error().code == errc::row_missing);
  CHECK(fields_of(in.read(id, purpose::email_marketing)) == 0);
  clock_hand().seconds += 10;
  CHECK(in.record(id, grant_of(in, {recipient::self})).error().code == errc::row_missing);
  CHECK(in.verify()->first == errc::row_missing);
}

TEST_CASE("tamper: an index of states that leads astray is told, and stops no withdrawal") {
  const auto index_rows = [](backend& store) {
    std::vector<std::vector<std::byte>> out;
    const std::byte prefix{0x0f};
    auto read = store.begin_read();
    REQUIRE(read);
    REQUIRE(
        (*read)->walk(std::span(&prefix, 1), std::span(&prefix, 1), [&](byte_view at, byte_view) {
          out.emplace_back(at.begin(), at.end());
          return true;
        }));
    return out;
  };
  // Taken away, cut, or leading to any other state, there or not.
  for (const int how : {0, 1, 2, 3, 4, 200, 250}) {
    CAPTURE(how);
    shop s;
    session in = s.begin();
    REQUIRE(in.add_notice(notice_for(in)));
    const directive said = grant_of(in, {recipient::self});
    const customer_id id = keep(in, ken(), std::span(&said, 1));
    clock_hand().seconds += 10;
    // Somebody else has said no, so that the index knows the state that this one will be in.
    customer bo;
    REQUIRE(bo.set(field::name, person_name{.given = "Bo", .family = "Sánchez"}));
    const customer_id other = keep(in, bo, std::span(&said, 1));
    REQUIRE(in.record(other, withdrawal()));
    clock_hand().seconds += 10;
    for (const auto& row : index_rows(*s.store)) {
      std::array<std::byte, 4> number{};
      number[3] = static_cast<std::byte>(how);
      if (how == 0) {
        erase(*s.store, row);
      } else {
        put(*s.store, row, std::span(number).first(how == 250 ? 3 : 4));
      }
    }
    const errc expected = how == 0 ? errc::row_missing : errc::damaged;
    session officer = s.begin();
    CHECK(officer.verify()->first == expected);
    REQUIRE(officer.record(id, withdrawal()));
    CHECK(fields_of(officer.read(id, purpose::email_marketing)) == 0);
  }
}

TEST_CASE("tamper: cases and budgets that were taken or exchanged are told") {
  const auto first_of = [](const std::vector<std::byte>& row) {
    shop s;
    session in = s.begin();
    const customer_id id = keep(in, ken());
    open_case(in, {id});
    session clerk = s.begin(actor_role::associate);
    REQUIRE(clerk.read(id, purpose::customer_order_management));
    CHECK(in.verify()->problems == 0);
    erase(*s.store, row);
    session officer = s.begin();
    const auto told = officer.verify();
    REQUIRE(told);
    CHECK(told->problems == 1);
    return told->first;
  };
  CHECK(first_of(key_of(0x14, {0}, {4})) == errc::row_missing);
  CHECK(first_of(key_of(0x14, {1}, {4})) == errc::row_missing);
  CHECK(first_of(key_of(0x16, {0}, {4})) == errc::row_missing);
}

TEST_CASE("tamper: a customer rolled back whole disagrees with the key tree") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  const auto row = get(*s.store, record_2);
  const auto leaf_key = key_of(3, {0, 0}, {1, 8});
  const auto leaf = get(*s.store, leaf_key);
  REQUIRE(in.remove(id, field::phones));
  put(*s.store, record_2, row);
  put(*s.store, leaf_key, leaf);
  const auto fresh = s.opened->begin_session({.id = actor_id(7), .role = actor_role::manager});
  // The book's own entry lies in the same leaf, so it is noticed when a session begins.
  REQUIRE_FALSE(fresh);
  CHECK(fresh.error().code == errc::version_mismatch);
  CHECK(reading(in, id) == errc::version_mismatch);
}

TEST_CASE("tamper: a ledger entry altered or taken away is noticed") {
  shop s;
  session in = s.begin();
  const recipient_id parcel = add_party(in, "parcel", recipient::parcel_service);
  const customer_id id = keep(in, ken());
  for (int i = 0; i < 3; ++i) {
    REQUIRE(in.disclose(id, {.purpose = purpose::delivery_of_goods, .recipient = parcel}));
  }
  const auto leaf = key_of(11, {1}, {8});
  SUBCASE("taken away") {
    erase(*s.store, leaf);
    CHECK(in.ledger(id).error().code == errc::row_missing);
  }
  SUBCASE("altered, in any of its bytes") {
    const auto stored = get(*s.store, leaf);
    for (std::size_t i = 0; i < stored.size(); ++i) {
      for (const int bit : {0, 1, 3, 7}) {
        auto bytes = stored;
        bytes[i] ^= static_cast<std::byte>(1 << bit);
        put(*s.store, leaf, bytes);
        CAPTURE(i);
        REQUIRE_FALSE(in.ledger(id));
        REQUIRE_FALSE(in.prove(1));
      }
    }
  }
  SUBCASE("a tile altered") {
    auto tile = get(*s.store, key_of(13, {0, 0}, {1, 8}));
    tile[40] ^= std::byte{1};
    put(*s.store, key_of(13, {0, 0}, {1, 8}), tile);
    CHECK(in.prove(0).error().code == errc::damaged);
    CHECK(in.verify()->first == errc::damaged);
  }
  SUBCASE("a tile taken away") {
    erase(*s.store, key_of(13, {0, 0}, {1, 8}));
    CHECK_FALSE(in.prove(0));
    CHECK(in.verify()->first == errc::damaged);
  }
  SUBCASE("its payload taken away") {
    erase(*s.store, key_of(12, {1}, {8}));
    CHECK(in.ledger(id).error().code == errc::row_missing);
  }
  CHECK(in.verify()->problems > 0);
}

TEST_CASE("tamper: a store that is no book, of a newer format, or with another key is refused") {
  shop s;
  const auto header = key_of(1, {0}, {1});
  auto bytes = get(*s.store, header);
  const auto opening = [&](std::shared_ptr<root_cell> cell) {
    const auto opened = book::open(s.store, std::move(cell));
    return opened ? errc::none : opened.error().code;
  };
  SUBCASE("empty") { CHECK(book::open(empty_store(), s.cell).error().code == errc::not_a_book); }
  SUBCASE("something else") {
    bytes[0] = std::byte{'x'};
    put(*s.store, header, bytes);
    CHECK(opening(s.cell) == errc::not_a_book);
  }
  SUBCASE("newer") {
    bytes[11] = std::byte{3};
    put(*s.store, header, bytes);
    CHECK(opening(s.cell) == errc::newer_format);
  }
  SUBCASE("older") {
    bytes[11] = std::byte{1};
    put(*s.store, header, bytes);
    CHECK(opening(s.cell) == errc::older_format);
  }
  SUBCASE("another book's id") {
    bytes[20] ^= std::byte{1};
    put(*s.store, header, bytes);
    CHECK(opening(s.cell) != errc::none);
  }
  SUBCASE("no key") { CHECK(opening(std::make_shared<memory_cell>()) == errc::key_unavailable); }
  SUBCASE("another book's key") {
    auto cell = std::make_shared<memory_cell>();
    cell->current = root_key{.epoch = 1, .key = {}};
    CHECK(opening(cell) == errc::wrong_key);
  }
  SUBCASE("a second book into the same store or cell") {
    const new_book what{.profile = gdpr_profile().id};
    CHECK(book::create(s.store, std::make_shared<memory_cell>(), what).error().code ==
          errc::already_exists);
    CHECK(book::create(empty_store(), s.cell, what).error().code == errc::already_exists);
  }
}
