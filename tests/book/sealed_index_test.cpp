// The index at rest: it answers as a scan does whatever becomes of it, goes with whoever is erased,
// and tells nobody anything.
#include <clientbook/book/index.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <clientbook/internal/vault/book_format.hpp>
#include "fixture.hpp"
#include "recovery_places.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto order = purpose::customer_order_management;
constexpr std::size_t in_a_bucket = 16;

customer person(const std::string& given, const std::string& family, const std::string& email = {},
                const std::string& phone = {}) {
  customer out;
  REQUIRE(out.set(field::name, person_name{.given = given, .family = family}));
  if (!email.empty()) REQUIRE(out.set(field::emails, std::array{email_address{.address = email}}));
  if (!phone.empty()) REQUIRE(out.set(field::phones, std::array{phone_number{.number = phone}}));
  return out;
}

index_progress build(session& in, std::uint32_t most = 10'000) {
  index_progress all;
  for (;;) {
    const auto done = in.build_index(most);
    REQUIRE(done);
    all.sealed += done->sealed;
    if (done->left == 0) return all;
  }
}

using rows = std::map<std::vector<std::byte>, std::vector<std::byte>>;

rows rows_of(backend& store, std::vector<std::byte> prefix = {}) {
  rows out;
  auto read = store.begin_read();
  REQUIRE(read);
  REQUIRE((*read)->walk(prefix, prefix, [&](byte_view at, byte_view value) {
    out[{at.begin(), at.end()}] = {value.begin(), value.end()};
    return true;
  }));
  return out;
}
rows buckets_of(backend& store) { return rows_of(store, {std::byte{24}}); }

void put(backend& store, const std::vector<std::byte>& key, byte_view value) {
  auto write = store.begin_write();
  REQUIRE(write);
  REQUIRE((*write)->put(key, value));
  REQUIRE((*write)->commit());
}
void erase(backend& store, const std::vector<std::byte>& key) {
  auto write = store.begin_write();
  REQUIRE(write);
  REQUIRE((*write)->erase(key));
  REQUIRE((*write)->commit());
}

std::shared_ptr<backend> copy_of(backend& store) {
  auto out = empty_store();
  auto write = out->begin_write();
  REQUIRE(write);
  for (const auto& [key, value] : rows_of(store)) REQUIRE((*write)->put(key, value));
  REQUIRE((*write)->commit());
  return out;
}

struct found {
  std::vector<customer_id> ids{};
  std::uint64_t matches = 0;
  friend bool operator==(const found&, const found&) = default;
};

// A book of its own handle, so that nothing lies in memory yet.
struct opened {
  book of;
  session in;
  static opened of_shop(shop& s, std::uint64_t most_scanned = 0) {
    auto again =
        book::open(s.store, s.cell,
                   {.clock = {test_clock}, .longest_pause_days = 0, .most_scanned = most_scanned});
    REQUIRE(again);
    auto in = again->begin_session({.id = actor_id(7), .role = actor_role::owner});
    REQUIRE(in);
    return {std::move(*again), std::move(*in)};
  }
  typing_errors errors = typing_errors::none;
  search_answer ask(std::string_view typed, search_path path, purpose_id why = order) {
    auto out = in.find(typed, why, {.path = path, .errors = errors});
    REQUIRE(out);
    return std::move(*out);
  }
  found find(std::string_view typed, search_path path, purpose_id why = order) {
    const search_answer answer = ask(typed, path, why);
    found out{.matches = answer.matches};
    for (const search_hit& hit : answer.hits) out.ids.push_back(hit.seen.id());
    return out;
  }
};

constexpr search_path all_paths[] = {search_path::scan, search_path::memory, search_path::sealed};

// Forty people in three buckets: the first customer has number 2.
struct filled {
  shop s;
  session in = s.begin();
  std::vector<customer_id> ids;
  filled() {
    REQUIRE(in.begin());
    for (int i = 0; i < 40; ++i) {
      const std::string number = std::to_string(1000 + i);
      ids.push_back(keep(in, person("Given" + number, "Family" + number,
                                    "mail" + number + "@example.com", "+4930555" + number)));
    }
    REQUIRE(in.commit());
  }
  // Everybody is found by each path, in a book that was just opened, and nobody else.
  void check_all(const std::set<std::size_t>& gone = {}) {
    for (const search_path path : all_paths) {
      CAPTURE(static_cast<int>(path));
      opened fresh = opened::of_shop(s);
      for (std::size_t i = 0; i < ids.size(); ++i) {
        CAPTURE(i);
        const bool there = !gone.contains(i);
        const found answer = fresh.find("mail" + std::to_string(1000 + i) + "@example.com", path);
        CHECK(answer.matches == (there ? 1U : 0U));
        if (there && !answer.ids.empty()) CHECK(answer.ids.front() == ids[i]);
      }
    }
  }
  index_state state() {
    const auto out = in.index();
    REQUIRE(out);
    return *out;
  }
};

}  // namespace

TEST_CASE("index: what lies at rest answers in the place of the records") {
  filled f;
  CHECK(f.state().kind == index_at_rest::none);
  {
    opened before = opened::of_shop(f.s);
    CHECK(before.ask("family1003", search_path::automatic).scanned == 40);
    // There is none: what answers is a scan, and says so.
    CHECK(before.ask("family1003", search_path::sealed).path == search_path::scan);
  }
  CHECK(build(f.in).sealed == 40);
  const index_state state = f.state();
  CHECK(state.kind == index_at_rest::sealed);
  CHECK(state.customers == 40);
  CHECK(state.current == 40);
  CHECK(state.buckets == 3);
  CHECK(state.bytes > 40 * 30);
  for (const search_path path : {search_path::automatic, search_path::sealed}) {
    opened fresh = opened::of_shop(f.s);
    const search_answer answer = fresh.ask("family1003", path);
    CHECK(answer.path == (path == search_path::sealed ? path : search_path::memory));
    CHECK(answer.scanned == 0);
    REQUIRE(answer.hits.size() == 1);
    CHECK(answer.hits.front().seen.id() == f.ids[3]);
  }
  CHECK(opened::of_shop(f.s).ask("family1003", search_path::scan).scanned == 40);
  f.check_all();
  // A change takes one bucket out, and building puts it back and touches no other.
  REQUIRE(f.in.update(f.ids[20], person("Zoe", "Zimt").fields(), order));
  CHECK(opened::of_shop(f.s).ask("zimt", search_path::automatic).scanned == in_a_bucket);
  CHECK(opened::of_shop(f.s).ask("zimt", search_path::sealed).hits.size() == 1);
  CHECK(f.state().current == 40 - in_a_bucket);
  const rows before = buckets_of(*f.s.store);
  CHECK(build(f.in).sealed == in_a_bucket);
  for (const auto& [key, bucket] : before) CHECK(buckets_of(*f.s.store)[key] == bucket);
  CHECK(opened::of_shop(f.s).ask("zimt", search_path::automatic).scanned == 0);
  CHECK(build(f.in).sealed == 0);
  CHECK(f.in.verify()->problems == 0);
  // Whoever comes is found before they are in it.
  const customer_id more = keep(f.in, person("Late", "Comer"));
  CHECK(opened::of_shop(f.s).find("comer", search_path::sealed).ids == std::vector{more});
  CHECK(opened::of_shop(f.s).find("comer", search_path::memory).ids == std::vector{more});
}

TEST_CASE("index: it is built in pieces, and a change of records in between is seen") {
  filled f;
  const auto first = f.in.build_index(1);
  REQUIRE(first);
  CHECK(first->sealed == 14);  // Numbers 0 and 1 are nobody's.
  CHECK(first->left == 32);
  f.check_all();
  REQUIRE(f.in.update(f.ids[0], person("Zoe", "Zimt", "mail1000@example.com").fields(), order));
  REQUIRE(f.in.erase(f.ids[39], erasure_reason::subject_request));
  CHECK(f.in.build_index(1)->left == 16);
  CHECK(f.in.build_index(1)->left == 0);
  f.check_all({39});
  CHECK(f.state().current == 39 - 14);
  // It begins again, also another session.
  session other = f.s.begin();
  CHECK(build(other, 1).sealed == 14);
  CHECK(f.state().current == 39);
  CHECK(f.in.build_index(0).error().code == errc::invalid_argument);
  REQUIRE(f.in.begin());
  CHECK(f.in.build_index().error().code == errc::invalid_state);
  f.in.rollback();
}

TEST_CASE("index: who may do what changes no answer builds it, and nobody else") {
  filled f;
  session associate = f.s.begin(actor_role::associate);
  CHECK(associate.build_index().error().code == errc::role_denied);
  CHECK(associate.drop_index().error().code == errc::role_denied);
  CHECK(associate.index().error().code == errc::role_denied);
  session manager = f.s.begin(actor_role::manager);
  CHECK(build(manager).sealed == 40);
}

TEST_CASE("index: a bucket that is missing, forged, exchanged or of another book misses nobody") {
  filled f;
  build(f.in);
  const rows good = buckets_of(*f.s.store);
  REQUIRE(good.size() == 3);
  const auto& [first_key, first] = *good.begin();
  const auto& [second_key, second] = *std::next(good.begin());
  const auto damaged = [&](std::uint64_t lost) {
    CHECK(f.state().current == 40 - lost);
    f.check_all();
  };
  SUBCASE("missing") {
    erase(*f.s.store, first_key);
    damaged(14);
  }
  SUBCASE("every 37th byte flipped") {
    for (std::size_t i = 0; i < second.size(); i += 37) {
      auto bucket = second;
      bucket[i] ^= std::byte{1};
      put(*f.s.store, second_key, bucket);
      CAPTURE(i);
      REQUIRE(f.state().current == 40 - in_a_bucket);
    }
    damaged(in_a_bucket);
  }
  SUBCASE("cut short") {
    for (std::size_t size = 0; size < second.size(); size += 41) {
      put(*f.s.store, second_key, byte_view(second).first(size));
      CAPTURE(size);
      REQUIRE(f.state().current == 40 - in_a_bucket);
    }
    damaged(in_a_bucket);
  }
  SUBCASE("exchanged") {
    put(*f.s.store, first_key, second);
    put(*f.s.store, second_key, first);
    damaged(14 + in_a_bucket);
  }
  SUBCASE("of another book") {
    // The same people, numbers and keys of the store.
    const shop here = f.s;
    filled other;
    build(other.in);
    clock_hand() = timestamp{1'800'000'000};
    put(*here.store, second_key, buckets_of(*other.s.store)[second_key]);
    damaged(in_a_bucket);
  }
  CHECK(build(f.in).sealed > 0);
  CHECK(f.state().current == 40);
  f.check_all();
}

TEST_CASE("index: an older bucket put back tells of nobody whose record has changed since") {
  filled f;
  build(f.in);
  const rows old = buckets_of(*f.s.store);
  REQUIRE(f.in.update(f.ids[3], person("Zoe", "Zimt", "mail1003@example.com").fields(), order));
  REQUIRE(f.in.remove(f.ids[4], field::phones));
  const auto put_back = [&] {
    for (const auto& [key, bucket] : old) put(*f.s.store, key, bucket);
  };
  for (const bool built_since : {false, true}) {
    CAPTURE(built_since);
    if (built_since) build(f.in);
    put_back();
    // It is used for the others of the leaf: their records are as they were.
    CHECK(f.state().current == 38);
    for (const search_path path : all_paths) {
      opened fresh = opened::of_shop(f.s);
      CHECK(fresh.find("zimt", path).ids == std::vector{f.ids[3]});
      CHECK(fresh.find("given1003", path).matches == 0);
      CHECK(fresh.find("+49305551004", path).matches == 0);
      CHECK(fresh.find("family1005", path).ids == std::vector{f.ids[5]});
    }
    f.check_all();
  }
}

TEST_CASE("index: what a record does not hold any more lies in no bucket") {
  filled f;
  build(f.in);
  const auto buckets = [&] { return buckets_of(*f.s.store).size(); };
  CHECK(buckets() == 3);
  REQUIRE(f.in.remove(f.ids[0], field::emails));
  CHECK(buckets() == 2);
  REQUIRE(f.in.erase(f.ids[20], erasure_reason::subject_request));
  CHECK(buckets() == 1);
  // What is rolled back was not done.
  REQUIRE(f.in.begin());
  REQUIRE(f.in.remove(f.ids[39], field::phones));
  f.in.rollback();
  CHECK(buckets() == 1);
  build(f.in);
  CHECK(buckets() == 3);
  CHECK(f.in.verify()->problems == 0);
}

TEST_CASE("index: sizes tell of 16 customers together, and to 256 bytes") {
  // What is around the plaintext of a sealed value does not depend on it.
  std::set<std::size_t> around;
  std::size_t rows_seen = 0;
  for (const char* given : {"Al", "Albert", "Albertina Wilhelmina"}) {
    shop s;
    session in = s.begin();
    REQUIRE(in.begin());
    for (int i = 0; i < 30; ++i) keep(in, person(given, "Lee"));
    REQUIRE(in.commit());
    build(in);
    for (const auto& [key, bucket] : buckets_of(*s.store)) {
      around.insert(bucket.size() % 256);
      ++rows_seen;
    }
  }
  CHECK(rows_seen == 6);
  CHECK(around.size() == 1);
}

TEST_CASE("index: with whoever is erased their bucket goes, in older copies too") {
  filled f;
  build(f.in);
  const auto copy = copy_of(*f.s.store);
  const auto before = f.in.carve(*copy);
  REQUIRE(before);
  CHECK(before->index_buckets == 3);
  CHECK(before->index_opened == 3);
  const rows old = buckets_of(*f.s.store);
  REQUIRE(f.in.erase(f.ids[20], erasure_reason::subject_request));
  const auto check_copy = [&] {
    const auto after = f.in.carve(*copy);
    REQUIRE(after);
    CHECK(after->index_buckets == 3);
    CHECK(after->index_opened == 2);
  };
  check_copy();
  // Nor is it taken for one when somebody puts it back, before it was built again and after.
  for (const bool built_since : {false, true}) {
    if (built_since) build(f.in);
    for (const auto& [key, bucket] : old) put(*f.s.store, key, bucket);
    CHECK(f.state().current == 39 - 15);
    f.check_all({20});
  }
  build(f.in);
  CHECK(f.state().current == 39);
  check_copy();
}

TEST_CASE("index: dropped, nothing of it is left, and rows of it are strange to a book without") {
  filled f;
  build(f.in);
  const rows old = buckets_of(*f.s.store);
  REQUIRE(f.in.drop_index());
  CHECK(buckets_of(*f.s.store).empty());
  CHECK(f.state().kind == index_at_rest::none);
  CHECK(opened::of_shop(f.s).ask("family1003", search_path::sealed).path == search_path::scan);
  f.check_all();
  CHECK(f.in.verify()->problems == 0);
  REQUIRE(f.in.drop_index());
  put(*f.s.store, old.begin()->first, old.begin()->second);
  CHECK(f.in.verify()->first == errc::damaged);
  CHECK(opened::of_shop(f.s).ask("family1003", search_path::memory).scanned == 40);
}

TEST_CASE("index: a backup has none of it, and a restored book begins without and misses nobody") {
  safe_shop s;
  session in = s.begin();
  const customer_id ann = keep(in, person("Ann", "Lee"));
  build(in);
  REQUIRE_FALSE(buckets_of(*s.store).empty());
  tape backup = s.back_up();
  restored again;
  REQUIRE(again.from(s.places->copied("/mirror"), s.shares, {&backup}));
  CHECK(buckets_of(*again.store).empty());
  session anew = again.begin();
  const auto find = [&] { return anew.find("lee", order, {.path = search_path::sealed}); };
  REQUIRE(find());
  REQUIRE(find()->hits.size() == 1);
  CHECK(find()->hits.front().seen.id() == ann);
  CHECK(find()->scanned == 1);
  CHECK(anew.verify()->problems == 0);
  build(anew);
  CHECK(find()->scanned == 0);
}

TEST_CASE("index: a book that has one says so, and one of a later kind is refused") {
  filled f;
  const auto kind = [](std::uint32_t number) {
    std::array<std::byte, book_row::max_size> room{};
    return decode_book_row(2, encode(book_row{.index = number}, room));
  };
  REQUIRE(kind(0));
  REQUIRE(kind(1));
  CHECK(kind(1)->index == 1);
  CHECK(kind(2).error().code == errc::newer_format);
  // Without one the book row has the bytes that it had before there was any.
  std::array<std::byte, book_row::max_size> room{};
  std::array<std::byte, book_row::max_size> with{};
  CHECK(encode(book_row{.index = 1}, with).size() == encode(book_row{}, room).size() + 3);
}

TEST_CASE("index: a purpose finds by it what it finds in the records, and no more") {
  filled f;
  REQUIRE(f.in.add_notice(notice_for(f.in)));
  directive said = grant_of(f.in, {recipient::self});
  said.scope.categories = {category::email_address};
  REQUIRE(f.in.record(f.ids[3], said));
  // One of two addresses is closed.
  customer two;
  const std::array addresses{email_address{.address = "first@example.com"},
                             email_address{.address = "second@example.com"}};
  REQUIRE(two.set(field::emails, addresses));
  REQUIRE(f.in.update(f.ids[5], two.fields(), order));
  REQUIRE(f.in.record(f.ids[5], grant_of(f.in, {recipient::self})));
  clock_hand().seconds += 1;
  directive no = withdrawal();
  const auto point = f.in.contact(f.ids[5], field::emails, "second@example.com");
  REQUIRE(point);
  no.contacts[0] = *point;
  REQUIRE(f.in.record(f.ids[5], no));
  build(f.in);
  for (const purpose_id why :
       {purpose_id(order), purpose_id(purpose::email_marketing), purpose_id(purpose::client_care),
        purpose_id(purpose::sell_data_to_third_parties)}) {
    CAPTURE(static_cast<int>(why.value));
    opened fresh = opened::of_shop(f.s);
    for (const char* typed : {"family1003", "mail1003@example.com", "+49305551003", "mail10",
                              "first@example.com", "second@example.com", "second@", "1003"}) {
      CAPTURE(typed);
      const found scanned = fresh.find(typed, search_path::scan, why);
      CHECK(fresh.find(typed, search_path::sealed, why) == scanned);
      CHECK(fresh.find(typed, search_path::memory, why) == scanned);
      // How many were looked at one by one does not tell whom the purpose may find.
      CHECK(fresh.ask(typed, search_path::sealed, why).scanned == 0);
      CHECK(fresh.ask(typed, search_path::scan, why).scanned == 40);
    }
    if (why == purpose::email_marketing) {
      CHECK(fresh.find("mail1003@example.com", search_path::sealed, why).matches == 1);
      CHECK(fresh.find("family1003", search_path::sealed, why).matches == 0);
      CHECK(fresh.find("first@example.com", search_path::sealed, why).matches == 1);
      CHECK(fresh.find("second@example.com", search_path::sealed, why).matches == 0);
    }
  }
}

TEST_CASE("index: who may be found by one value is not counted by another") {
  filled f;
  REQUIRE(f.in.add_notice(notice_for(f.in)));
  directive said = grant_of(f.in, {recipient::self});
  said.scope.categories = {category::email_address};
  for (std::size_t i = 0; i < f.ids.size(); ++i) {
    customer two;
    const std::string number = std::to_string(1000 + i);
    const std::string first = "first" + number + "@example.com";
    const std::string second = "second" + number + "@example.com";
    const std::array addresses{email_address{.address = first}, email_address{.address = second}};
    REQUIRE(two.set(field::emails, addresses));
    REQUIRE(f.in.update(f.ids[i], two.fields(), order));
    REQUIRE(f.in.record(f.ids[i], said));
  }
  build(f.in);
  // More than are shown, and looked at again.
  const auto matches = [&](const char* typed, search_path path) {
    const auto out = opened::of_shop(f.s).in.find(
        typed, purpose::email_marketing, {.most = 1, .path = path, .errors = typing_errors::none});
    REQUIRE(out);
    return out->matches;
  };
  for (const search_path path : all_paths) {
    CAPTURE(static_cast<int>(path));
    CHECK(matches("first10", path) == 40);
    CHECK(matches("second10", path) == 40);
    CHECK(matches("given10", path) == 0);
    CHECK(matches("4930555", path) == 0);
  }
  clock_hand().seconds += 1;
  for (std::size_t i = 0; i < f.ids.size(); ++i) {
    directive no = withdrawal();
    const std::string closed = "second" + std::to_string(1000 + i) + "@example.com";
    const auto point = f.in.contact(f.ids[i], field::emails, closed);
    REQUIRE(point);
    no.contacts[0] = *point;
    REQUIRE(f.in.record(f.ids[i], no));
  }
  for (const search_path path : all_paths) {
    CAPTURE(static_cast<int>(path));
    CHECK(matches("first10", path) == 40);
    CHECK(matches("second10", path) == 0);
  }
}

TEST_CASE("index: a damaged record is told of, whatever the index says") {
  filled f;
  build(f.in);
  auto key = std::vector<std::byte>{std::byte{4}};
  for (int i = 0; i < 7; ++i) key.push_back(std::byte{0});
  key.push_back(std::byte{5});
  erase(*f.s.store, key);
  for (const search_path path : all_paths) {
    const search_answer answer = opened::of_shop(f.s).ask("family1003", path);
    CHECK(answer.hits.empty());
    CHECK(answer.matches == 0);
    CHECK(answer.unreadable == 1);
  }
}

TEST_CASE("index: where the host permits no scans, a question without an index is refused") {
  filled f;
  const list_query birthdays{.days = day_window{.first = {2027, 1, 15}, .days = 14}};
  const auto list = [&](opened& in) {
    return in.in.list_customers(birthdays, order, only(field::name),
                                [](const listed&) { return true; });
  };
  constexpr std::uint64_t most = 20;
  opened without = opened::of_shop(f.s, most);
  for (const search_path path : all_paths) {
    const auto refused = without.in.find("family1003", order, {.path = path});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::limit_exceeded);
    CHECK(refused.error().at == most);
  }
  CHECK(without.in.find_by_email("mail1003@example.com", order).error().code ==
        errc::limit_exceeded);
  CHECK(list(without).error().code == errc::limit_exceeded);
  build(f.in);
  opened with = opened::of_shop(f.s, most);
  CHECK(with.find("family1003", search_path::sealed).matches == 1);
  CHECK(with.find("family1003", search_path::memory).matches == 1);
  CHECK(with.in.find_by_email("mail1003@example.com", order)->size() == 1);
  CHECK(with.in.find("family1003", order, {.path = search_path::scan}).error().code ==
        errc::limit_exceeded);
  // A bucket that is out is within what may be looked at, three are not.
  REQUIRE(f.in.update(f.ids[3], person("Zoe", "Zimt").fields(), order));
  CHECK(with.find("zimt", search_path::memory).matches == 1);
  CHECK(opened::of_shop(f.s, most).find("zimt", search_path::sealed).matches == 1);
  REQUIRE(f.in.update(f.ids[20], person("Zoe", "Zimt").fields(), order));
  CHECK(opened::of_shop(f.s, most).in.find("zimt", order).error().code == errc::limit_exceeded);
  // Exactly so many are not too many.
  CHECK(opened::of_shop(f.s, 30).find("zimt", search_path::memory).matches == 2);
  CHECK(opened::of_shop(f.s, 40).find("zimt", search_path::scan).matches == 2);
  CHECK(opened::of_shop(f.s, 39).in.find("zimt", order, {.path = search_path::scan}).error().code ==
        errc::limit_exceeded);
}

TEST_CASE("index: property: every path answers as a scan, whatever anybody writes and builds") {
  shop s;
  session one = s.begin();
  session two = s.begin();
  REQUIRE(one.add_notice(notice_for(one)));
  std::mt19937 random(20261201);  // Fixed seed: a failure repeats.
  const auto below = [&](std::size_t n) { return random() % n; };
  constexpr const char* names[] = {"Anna",   "Annika", "Hannah", "Ольга",
                                   "Müller", "Muller", "李",     "O'Neil"};
  const auto record = [&] {
    return person(names[below(8)], names[below(8)],
                  "nna" + std::to_string(below(6)) + "@example.com",
                  "+4930" + std::to_string(100000 + below(2000)));
  };
  std::vector<customer_id> ids;
  std::vector<rows> kept;
  for (int round = 0; round < 120; ++round) {
    CAPTURE(round);
    session& writer = below(2) == 0 ? one : two;
    const std::size_t what = below(10);
    if (what < 3 || ids.empty()) {
      REQUIRE(writer.begin());
      for (std::size_t i = below(20) + 1; i-- > 0;) ids.push_back(keep(writer, record()));
      REQUIRE(writer.commit());
    } else if (what < 5) {
      CHECK(writer.update(ids[below(ids.size())], record().fields(), order));
    } else if (what == 5) {
      directive said = grant_of(one, {recipient::self});
      if (below(2) == 0) said.not_after = timestamp{clock_hand().seconds + 5};
      REQUIRE(one.record(ids[below(ids.size())], said));
    } else if (what == 6) {
      const std::size_t at = below(ids.size());
      REQUIRE(one.erase(ids[at], erasure_reason::other));
      ids.erase(ids.begin() + static_cast<long>(at));
    } else if (what < 9) {
      REQUIRE(writer.build_index(static_cast<std::uint32_t>(1 + below(60))));
      kept.push_back(buckets_of(*s.store));
    } else if (!kept.empty()) {
      // Somebody with the store puts older buckets back.
      for (const auto& [key, bucket] : kept[below(kept.size())]) {
        if (below(2) == 0) put(*s.store, key, bucket);
      }
    }
    clock_hand().seconds += static_cast<std::int64_t>(below(4));
    opened fresh = opened::of_shop(s);
    fresh.errors = typing_errors::one_a_word;
    constexpr const char* typed[] = {"ann",  "anna müller", "oneil",  "李",
                                     "1001", "ольга",       "mulelr", "4930"};
    const char* text = typed[below(8)];
    CAPTURE(text);
    for (const purpose_id why : {purpose_id(order), purpose_id(purpose::email_marketing)}) {
      const found scanned = fresh.find(text, search_path::scan, why);
      CHECK(fresh.find(text, search_path::sealed, why) == scanned);
      CHECK(fresh.find(text, search_path::memory, why) == scanned);
      // The one that was followed since the beginning.
      const auto followed = two.find(text, why, {.path = search_path::memory});
      REQUIRE(followed);
      CHECK(followed->matches == scanned.matches);
    }
  }
}
