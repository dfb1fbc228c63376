// Where a book, its mirrors and its backups are of different lines: put back from a copy, restored
// from an older mirror, removed and added again. Nothing that a mirror knows is overwritten by a
// book that does not know it, and whatever was said is asked for again.
#include <algorithm>
#include <functional>
#include <string>

#include "store_content.hpp"
#include "working_day.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

/// A book as somebody has put it back from a copy: store, cell, and the same way to mirrors.
struct put_back {
  std::shared_ptr<backend> store;
  std::shared_ptr<memory_cell> cell = std::make_shared<memory_cell>();
  std::optional<book> opened;

  explicit put_back(safe_shop& shop) : store(copy_of_store(*shop.store)) {
    cell->current = memory_cell::copy(*shop.cell->current);
  }
  session begin(const safe_shop& shop) {
    auto made = book::open(store, cell, shop.options());
    REQUIRE(made);
    opened = std::move(*made);
    auto in = opened->begin_session({.id = actor_id(7), .role = actor_role::owner});
    REQUIRE(in);
    return std::move(*in);
  }
};

void refused(const mirror_state& one) {
  CHECK_FALSE(one.confirmed);
  CHECK_FALSE(one.heard);
  CHECK_FALSE(one.holds_all);
  CHECK(one.problem.code == errc::rolled_back);
}

}  // namespace

TEST_CASE("recovery: a book that was put back never writes over a mirror that knows more") {
  working_day day(5);
  tape first = day.shop.back_up();
  put_back old(day.shop);
  bool erased = false;
  SUBCASE("it knows an erasure") {
    CHECK(day.erase(day.ids[0]).mirrors.at(0).confirmed);
    erased = true;
  }
  SUBCASE("it knows of a withdrawal alone, under the same root key") {
    REQUIRE(day.in.record(day.ids[0], withdrawal()));
  }
  SUBCASE("it knows of newcomers, whom a backup has") {
    day.add("L-more");
    (void)day.shop.back_up();
  }
  const auto before = content_of(*day.shop.places->all.at("/mirror").store);
  const std::uint64_t epoch = day.shop.places->all.at("/mirror").cell->current->epoch;

  // The other branch overtakes it: more commits, the same epoch and a later one.
  session in = old.begin(day.shop);
  for (int i = 0; i < 9; ++i) keep(in, ken("L-other-" + std::to_string(i)));
  for (const std::size_t i : {1U, 3U}) {
    open_case(in, {day.ids[i]});
    const auto gone_there = in.erase(day.ids[i], erasure_reason::subject_request);
    REQUIRE(gone_there);
    refused(gone_there->receipt.mirrors.at(0));
  }
  REQUIRE(in.record(day.ids[4], withdrawal()));
  refused(in.mirrors_told()->front());
  refused(in.refresh_mirrors()->at(0));
  refused(in.recovery()->mirrors.at(0));
  // No backup that its mirror would open for one of the other branch.
  tape second;
  CHECK(code_of(in.back_up(second)) == errc::rolled_back);
  CHECK(second.bytes.empty());
  CHECK(content_of(*day.shop.places->all.at("/mirror").store) == before);
  CHECK(day.shop.places->all.at("/mirror").cell->current->epoch == epoch);

  // It opens what it opened.
  restored back;
  const auto done = back.from(day.mirror(), day.three(), {&first});
  REQUIRE(done);
  CHECK(done->erased == (erased ? 1 : 0));
  CHECK(done->customers == (erased ? 4 : 5));
  session there = back.begin();
  whole(there, done->customers);
  same_customer(day.in, there, day.ids[3], "L-3");
  CHECK((code_of(there.read(day.ids[0], why)) == errc::key_erased) == erased);
}

namespace {

// One way on from a book, with a mirror of its own.
struct branch {
  safe_shop& from;
  std::shared_ptr<backend> store;
  std::shared_ptr<memory_cell> cell = std::make_shared<memory_cell>();
  std::shared_ptr<places_in_memory> places = std::make_shared<places_in_memory>();
  std::optional<book> opened;
  tape full{};
  tape increment{};

  explicit branch(safe_shop& shop) : from(shop), store(copy_of_store(*shop.store)) {
    cell->current = memory_cell::copy(*shop.cell->current);
    auto& own = places->all["/mirror"];
    own.store = copy_of_store(*shop.places->all.at("/mirror").store);
    own.cell->current = memory_cell::copy(*shop.places->all.at("/mirror").cell->current);
  }
  session begin() {
    book_options how = from.options();
    how.mirrors = places;
    auto made = book::open(store, cell, how);
    REQUIRE(made);
    opened = std::move(*made);
    auto in = opened->begin_session({.id = actor_id(7), .role = actor_role::owner});
    REQUIRE(in);
    return std::move(*in);
  }
};

}  // namespace

TEST_CASE("recovery: parts of two branches make no book, whatever was done in each") {
  working_day day(5);
  tape first = day.shop.back_up();
  using deed = std::function<void(session&)>;
  const std::vector<std::pair<const char*, deed>> deeds{
      {"nothing", [](session&) {}},
      {"a withdrawal", [&](session& in) { REQUIRE(in.record(day.ids[0], withdrawal())); }},
      {"another's", [&](session& in) { REQUIRE(in.record(day.ids[3], withdrawal())); }},
      {"a consent",
       [&](session& in) { REQUIRE(in.record(day.ids[2], grant_of(in, {recipient::self}))); }},
      {"a newcomer", [&](session& in) { keep(in, ken("L-new")); }},
      {"an erasure",
       [&](session& in) {
         open_case(in, {day.ids[4]});
         REQUIRE(in.erase(day.ids[4], erasure_reason::subject_request));
       }},
  };
  std::vector<branch> branches;
  for (const auto& each : deeds) {
    CAPTURE(each.first);
    branches.emplace_back(day.shop);
    session in = branches.back().begin();
    each.second(in);
    REQUIRE(in.back_up(branches.back().full));
    first.at = 0;
    REQUIRE(in.back_up(branches.back().increment, first));
  }
  for (std::size_t one = 0; one < branches.size(); ++one) {
    for (std::size_t other = 0; other < branches.size(); ++other) {
      CAPTURE(deeds[one].first);
      CAPTURE(deeds[other].first);
      const mirror_place mirror = *branches[one].places->open("/mirror");
      restored whole_one, built;
      const auto from_full = whole_one.from(mirror, day.three(), {&branches[other].full});
      const auto from_both = built.from(mirror, day.three(), {&branches[other].increment, &first});
      if (one == other) {
        CHECK(from_full);
        CHECK(from_both);
      } else {
        CHECK(code_of(from_full) == errc::version_mismatch);
        CHECK(code_of(from_both) == errc::version_mismatch);
        CHECK(whole_one.empty());
        CHECK(built.empty());
      }
    }
  }
  // What all of them have in common goes with each.
  for (branch& each : branches) {
    restored back;
    CHECK(back.from(*each.places->open("/mirror"), day.three(), {&first}));
  }
}

TEST_CASE("recovery: no backup builds on one of another branch") {
  working_day day(3);
  branch other(day.shop);
  day.add("L-here");
  tape there = day.shop.back_up();
  session in = other.begin();
  for (int i = 0; i < 9; ++i) keep(in, ken("L-other-" + std::to_string(i)));
  tape out;
  CHECK(code_of(in.back_up(out, there)) == errc::version_mismatch);
}

TEST_CASE("recovery: the restored book knows the mirrors that came after its backup") {
  working_day day(3);
  tape backup = day.shop.back_up();
  REQUIRE(day.in.add_mirror("/second"));
  restored back;
  std::string from;
  SUBCASE("from the mirror that the backup knows") { from = "/mirror"; }
  SUBCASE("from the one that came later") { from = "/second"; }
  SUBCASE("from one that neither knows, carried elsewhere") {
    day.shop.places->all["/carried"] = day.shop.places->all.at("/second");
    from = "/carried";
  }
  backup.at = 0;
  const backup_source source(backup);
  REQUIRE(book::restore(back.store, back.cell,
                        {.mirror = *day.shop.places->open(from),
                         .shares = day.three(),
                         .backups = {&source, 1},
                         .mirror_path = from},
                        {.id = actor_id(9), .role = actor_role::owner}, day.shop.options()));
  auto made = book::open(back.store, back.cell, day.shop.options());
  REQUIRE(made);
  back.opened = std::move(*made);
  session in = back.begin();
  std::vector<std::string> known;
  const auto state = in.recovery();
  REQUIRE(state);
  for (const mirror_state& one : state->mirrors) known.push_back(one.path);
  std::sort(known.begin(), known.end());
  std::vector<std::string> wanted{"/mirror", "/second"};
  if (from == "/carried") wanted.insert(wanted.begin(), from);
  CHECK(known == wanted);
  open_case(in, {day.ids[0]});
  const auto erased = in.erase(day.ids[0], erasure_reason::subject_request);
  REQUIRE(erased);
  REQUIRE(erased->receipt.mirrors.size() == known.size());
  for (const mirror_state& one : erased->receipt.mirrors) CHECK(one.confirmed);
}

TEST_CASE("recovery: a mirror that was away while the book was restored opens its next backup") {
  working_day day(4);
  tape first = day.shop.back_up();
  const mirror_place stale = day.shop.places->copied("/mirror");
  restored once;
  REQUIRE(once.from(day.mirror(), day.three(), {&first}));
  auto made = book::open(once.store, once.cell, day.shop.options());
  REQUIRE(made);
  once.opened = std::move(*made);
  session in = once.begin();
  REQUIRE(in.refresh_mirrors());
  tape second;
  REQUIRE(in.back_up(second));
  restored twice;
  const auto back = twice.from(stale, day.three(), {&second});
  REQUIRE(back);
  CHECK(back->not_in_backup == 0);
  session there = twice.begin();
  whole(there, 4);
  for (const customer_id& id : day.ids) CHECK(there.read(id, why));
}

TEST_CASE("recovery: with a clock that is far ahead no mirror and no backup is made") {
  working_day day(3);
  const timestamp today = clock_hand();
  auto strict = book::open(day.shop.store, day.shop.cell,
                           {.clock = {test_clock}, .mirrors = day.shop.places});
  REQUIRE(strict);
  auto in = strict->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(in);
  clock_hand().seconds += 70LL * 365 * 86'400;
  CHECK(code_of(in->refresh_mirrors()) == errc::clock_ahead);
  CHECK(code_of(in->add_mirror("/second")) == errc::clock_ahead);
  CHECK_FALSE(day.shop.places->all.contains("/second"));
  tape out;
  CHECK(code_of(in->back_up(out)) == errc::clock_ahead);
  CHECK(out.bytes.empty());
  clock_hand() = today;
  tape backup = day.shop.back_up();
  restored back;
  CHECK(back.from(day.mirror(), day.three(), {&backup}));
}

TEST_CASE("recovery: each time of which nothing is known stays told after another restore") {
  working_day day(3);
  tape first = day.shop.back_up();
  clock_hand().seconds += 86'400;
  restored once;
  REQUIRE(once.from(day.mirror(), day.three(), {&first}));
  auto made = book::open(once.store, once.cell, day.shop.options());
  REQUIRE(made);
  once.opened = std::move(*made);
  session in = once.begin();
  REQUIRE(in.refresh_mirrors());
  clock_hand().seconds += 86'400;
  tape second;
  REQUIRE(in.back_up(second));
  clock_hand().seconds += 86'400;
  restored twice;
  REQUIRE(twice.from(day.mirror(), day.three(), {&second}));
  const auto gaps = twice.begin().figures()->gaps;
  REQUIRE(gaps.size() == 2);
  CHECK(gaps[0].since == timestamp{1'800'000'000});
  CHECK(gaps[0].until == timestamp{1'800'000'000 + 86'400});
  CHECK(gaps[1].since == timestamp{1'800'000'000 + 2 * 86'400});
  CHECK(gaps[1].until == timestamp{1'800'000'000 + 3 * 86'400});
  session there = twice.begin();
  whole(there, 3);

  // Of none of them it is silent: the newest cannot be taken away either.
  const auto copy = copy_of_store(*twice.store);
  std::string newest;
  {
    auto reading = copy->begin_read();
    REQUIRE(reading);
    REQUIRE((*reading)->walk({}, {}, [&](byte_view at, byte_view) {
      if (at.size() == 10 && at[0] == std::byte{1} && at[1] == std::byte{6}) newest = as_text(at);
      return true;
    }));
  }
  REQUIRE_FALSE(newest.empty());
  auto writing = copy->begin_write();
  REQUIRE(writing);
  REQUIRE((*writing)->erase(as_bytes(newest)));
  REQUIRE((*writing)->commit());
  auto less = book::open(copy, twice.cell, day.shop.options());
  REQUIRE(less);
  auto reader = less->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(reader);
  CHECK(code_of(reader->figures()) == errc::row_missing);
  CHECK(reader->verify()->problems != 0);

  // A clock that is behind would date what is ended before it was said.
  clock_hand() = timestamp{1'700'000'000};
  restored early;
  CHECK(code_of(early.from(day.mirror(), day.three(), {&second})) == errc::invalid_state);
  CHECK(early.empty());
}

TEST_CASE("recovery: who was erased before the backup is neither lost nor counted twice") {
  working_day day(5);
  tape full = day.shop.back_up();
  SUBCASE("the mirror has heard, and the backups are two") {
    day.erase(day.ids[0]);
    tape increment = day.shop.back_up(&full);
    restored back;
    const auto done = back.from(day.mirror(), day.three(), {&full, &increment});
    REQUIRE(done);
    CHECK(done->erased == 1);
    CHECK(done->not_in_backup == 0);
    CHECK(back.begin().figures()->erased == 1);
    // Whoever is erased after both is counted.
    day.erase(day.ids[1]);
    restored later;
    const auto then = later.from(day.mirror(), day.three(), {&full, &increment});
    REQUIRE(then);
    CHECK(then->erased == 2);
    CHECK(later.begin().figures()->erased == 2);
  }
  SUBCASE("the mirror is from before") {
    const mirror_place stale = day.shop.places->copied("/mirror");
    day.erase(day.ids[0]);
    customer moved;
    REQUIRE(moved.set(field::phones, std::array{phone_number{.number = "+49 30 901820"}}));
    REQUIRE(day.in.update(day.ids[1], moved.fields(), why));
    tape newer = day.shop.back_up();
    restored back;
    const auto done = back.from(stale, day.three(), {&newer});
    REQUIRE(done);
    CHECK(done->customers == 4);
    CHECK(done->not_in_backup == 0);
    CHECK(done->changed == 0);
    CHECK(back.begin().figures()->erased == 1);
    CHECK(back.begin().figures()->lost == 0);
  }
}

TEST_CASE("recovery: what was given up before the backup is not given up in the restored book") {
  working_day day(3);
  REQUIRE(day.in.add_mirror("/second"));
  REQUIRE(day.in.remove_mirror("/mirror"));
  tape backup = day.shop.back_up();
  const mirror_place second = day.shop.places->copied("/second");
  REQUIRE(day.in.add_mirror("/mirror"));
  REQUIRE(day.in.record(day.ids[0], withdrawal()));
  day.erase(day.ids[1]);
  restored back;
  REQUIRE(back.from(second, day.three(), {&backup}));
  auto made = book::open(back.store, back.cell, day.shop.options());
  REQUIRE(made);
  back.opened = std::move(*made);
  session in = back.begin();
  const auto before = content_of(*day.shop.places->all.at("/mirror").store);
  CHECK(code_of(in.add_mirror("/mirror")) == errc::rolled_back);
  CHECK(content_of(*day.shop.places->all.at("/mirror").store) == before);
  // Whoever gives it up says so, also of one that this book does not know.
  CHECK(code_of(in.remove_mirror("/nowhere")) == errc::not_found);
  REQUIRE(in.remove_mirror("/mirror"));
  CHECK(in.add_mirror("/mirror")->holds_all);
}

TEST_CASE("recovery: given up, a mirror of another branch is made anew") {
  working_day day(5);
  put_back old(day.shop);
  day.erase(day.ids[0]);
  session in = old.begin(day.shop);
  for (int i = 0; i < 9; ++i) keep(in, ken("L-other-" + std::to_string(i)));
  refused(in.refresh_mirrors()->at(0));
  REQUIRE(in.remove_mirror("/mirror"));
  const auto anew = in.add_mirror("/mirror");
  REQUIRE(anew);
  CHECK(anew->holds_all);
  tape backup;
  REQUIRE(in.back_up(backup));
  restored back;
  const auto done = back.from(day.mirror(), day.three(), {&backup});
  REQUIRE(done);
  CHECK(done->customers == 14);
  session there = back.begin();
  whole(there, 14);
  // The book that it was of is the other branch now.
  refused(day.in.refresh_mirrors()->at(0));
}

TEST_CASE("recovery: nothing is made anew that nobody has given up") {
  working_day day(3);
  put_back old(day.shop);
  REQUIRE(day.in.add_mirror("/second"));
  day.erase(day.ids[0]);
  session in = old.begin(day.shop);
  for (int i = 0; i < 9; ++i) keep(in, ken("L-other-" + std::to_string(i)));
  const auto before = content_of(*day.shop.places->all.at("/second").store);
  CHECK(code_of(in.add_mirror("/second")) == errc::rolled_back);
  CHECK(content_of(*day.shop.places->all.at("/second").store) == before);
}

TEST_CASE("recovery: a damaged mirror that was given up is made anew") {
  working_day day(3);
  for (int kind = 0; kind < 3; ++kind) {
    CAPTURE(kind);
    auto& at = day.shop.places->all.at("/mirror");
    if (kind == 0) at.cell = std::make_shared<memory_cell>();
    if (kind == 1) at.store = empty_store();
    if (kind == 2) {
      auto writing = at.store->begin_write();
      REQUIRE(writing);
      std::vector<std::byte> cut(50, std::byte{0});
      const std::array header{std::byte{1}, std::byte{0}};
      REQUIRE((*writing)->put(header, cut));
      REQUIRE((*writing)->commit());
    }
    CHECK_FALSE(day.in.refresh_mirrors()->at(0).confirmed);
    REQUIRE(day.in.remove_mirror("/mirror"));
    const auto anew = day.in.add_mirror("/mirror");
    REQUIRE(anew);
    CHECK(anew->holds_all);
    tape backup = day.shop.back_up();
    restored back;
    REQUIRE(back.from(day.mirror(), day.three(), {&backup}));
  }
}

TEST_CASE("recovery: of two mirrors the newer stays when the book is restored from the older") {
  working_day day(5);
  REQUIRE(day.in.add_mirror("/second"));
  tape first = day.shop.back_up();
  const mirror_place stale = day.shop.places->copied("/mirror");
  day.erase(day.ids[0]);
  // The first one's disk was away: it is as it was.
  auto& at = day.shop.places->all.at("/mirror");
  at.store = stale.store;
  at.cell = std::static_pointer_cast<memory_cell>(stale.cell);
  const auto newer = content_of(*day.shop.places->all.at("/second").store);

  restored back;
  const auto done = back.from(day.mirror(), day.three(), {&first});
  REQUIRE(done);
  CHECK(done->erased == 0);
  auto opened = book::open(back.store, back.cell, day.shop.options());
  REQUIRE(opened);
  auto in = opened->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(in);
  for (int i = 0; i < 9; ++i) keep(*in, ken("L-other-" + std::to_string(i)));
  const auto state = in->recovery();
  REQUIRE(state);
  REQUIRE(state->mirrors.size() == 2);
  CHECK(state->mirrors[0].problem.code == errc::version_mismatch);
  refused(state->mirrors[1]);
  tape more;
  const auto made = in->back_up(more);
  REQUIRE(made);
  CHECK(made->mirrors.at(0).holds_all);
  refused(made->mirrors.at(1));
  CHECK(content_of(*day.shop.places->all.at("/second").store) == newer);

  // From the newer one nobody who was erased is back; a backup of the other branch says what it is.
  restored right;
  const auto again = right.from(*day.shop.places->open("/second"), day.three(), {&first});
  REQUIRE(again);
  CHECK(again->erased == 1);
  // And of two books from one mirror the first that follows has it.
  restored twin;
  REQUIRE(twin.from(stale, day.three(), {&first}));
}

TEST_CASE(
    "recovery: a mirror that was behind follows the book that was restored from a newer one") {
  working_day day(5);
  REQUIRE(day.in.add_mirror("/second"));
  tape first = day.shop.back_up();
  const mirror_place behind = day.shop.places->copied("/second");
  REQUIRE(day.in.record(day.ids[1], withdrawal()));
  day.erase(day.ids[0]);
  auto& at = day.shop.places->all.at("/second");
  at.store = behind.store;
  at.cell = std::static_pointer_cast<memory_cell>(behind.cell);
  restored back;
  REQUIRE(back.from(day.mirror(), day.three(), {&first}));
  auto opened = book::open(back.store, back.cell, day.shop.options());
  REQUIRE(opened);
  auto in = opened->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(in);
  const auto all = in->refresh_mirrors();
  REQUIRE(all);
  for (const mirror_state& one : *all) CHECK(one.holds_all);
}

TEST_CASE("recovery: whoever says no is heard by the mirrors before it is acknowledged") {
  working_day day(5);
  tape backup = day.shop.back_up();
  bool by_itself = true;
  bool erased = false;
  SUBCASE("by itself, asked afterwards") {}
  SUBCASE("by itself, erased afterwards") { erased = true; }
  SUBCASE("in a transaction") { by_itself = false; }
  if (!by_itself) REQUIRE(day.in.begin());
  REQUIRE(day.in.record(day.ids[0], withdrawal()));
  if (!by_itself) REQUIRE(day.in.commit());
  REQUIRE(day.in.mirrors_told()->size() == 1);
  CHECK(day.in.mirrors_told()->front().heard);
  // Without any refresh that somebody asked for:
  restored back;
  const auto done = back.from(day.mirror(), day.three(), {&backup});
  REQUIRE(done);
  REQUIRE(done->unheard.size() == 1);
  CHECK(done->unheard[0] == day.ids[0]);
  session in = back.begin();
  CHECK_FALSE(shows(in.read(day.ids[0], purpose::email_marketing), field::emails));
  CHECK(shows(in.read(day.ids[3], purpose::email_marketing), field::emails));

  // Who is to be asked is told until they have said something, or are gone.
  REQUIRE(in.recovery()->to_ask.size() == 1);
  CHECK(in.recovery()->to_ask[0] == day.ids[0]);
  if (erased) {
    open_case(in, {day.ids[0]});
    REQUIRE(in.erase(day.ids[0], erasure_reason::subject_request));
  } else {
    REQUIRE(in.record(day.ids[0], grant_of(in, {recipient::self})));
  }
  CHECK(in.recovery()->to_ask.empty());
}

TEST_CASE("recovery: who was found to be younger since the backup stays younger") {
  safe_shop shop;
  session in = shop.begin();
  privacy_notice shown = notice_for(in);
  shown.announced.categories.add(category::birth_date);
  REQUIRE(in.add_notice(shown));
  const directive yes = grant_of(in, {recipient::self});
  std::vector<customer_id> ids;
  for (const char* loyalty : {"L-1", "L-2"}) {
    customer record = ken(loyalty);
    REQUIRE(record.set(field::birth_date, date{1980, 3, 1}));
    const auto kept = in.put(record, {.purposes = {purpose::email_marketing, why},
                                      .directives = {&yes, 1},
                                      .without_basis = when_without_basis::leave_out});
    REQUIRE(kept);
    ids.push_back(*kept);
  }
  tape backup = shop.back_up();
  customer told;
  REQUIRE(told.set(field::birth_date, date{2015, 3, 1}));
  REQUIRE(shows(in.read(ids[0], purpose::email_marketing), field::emails));
  REQUIRE(in.update(ids[0], told.fields(), purpose::email_marketing));
  REQUIRE_FALSE(shows(in.read(ids[0], purpose::email_marketing), field::emails));
  restored back;
  REQUIRE(back.from(*shop.places->open("/mirror"), std::span(shop.shares).first(3), {&backup}));
  session there = back.begin();
  CHECK_FALSE(shows(there.read(ids[0], purpose::email_marketing), field::emails));
  CHECK(shows(there.read(ids[1], purpose::email_marketing), field::emails));
  whole(there, 2);
}

TEST_CASE("recovery: what the mirrors said stays with whoever asked, whatever they say next") {
  working_day day(3);
  REQUIRE(day.in.record(day.ids[0], withdrawal()));
  const auto told = day.in.mirrors_told();
  day.shop.places->away = true;
  REQUIRE(day.in.record(day.ids[1], withdrawal()));
  REQUIRE(told);
  REQUIRE(told->size() == 1);
  CHECK(told->front().heard);
  CHECK_FALSE(day.in.mirrors_told()->front().heard);
}

TEST_CASE("recovery: a no is never refused because a mirror is away, and that is told") {
  working_day day(3);
  tape backup = day.shop.back_up();
  day.shop.places->away = true;
  REQUIRE(day.in.record(day.ids[0], withdrawal()));
  REQUIRE(day.in.mirrors_told()->size() == 1);
  CHECK(day.in.mirrors_told()->front().problem.code == errc::not_found);
  day.shop.places->away = false;
  const auto state = day.in.recovery();
  REQUIRE(state);
  CHECK(state->mirrors.at(0).confirmed);
  CHECK_FALSE(state->mirrors.at(0).heard);
  CHECK(state->mirrors.at(0).problem.code == errc::version_mismatch);
  CHECK(day.in.refresh_mirrors()->at(0).heard);
}

TEST_CASE("recovery: a key is in force when its shares are out, not before") {
  working_day day(3);
  tape backup = day.shop.back_up();
  const auto number = day.in.recovery()->number;
  const auto kit = day.in.draw_recovery_key(3, 2, recovery_key_use::instead);
  REQUIRE(kit);
  CHECK(kit->number != number);
  // Whatever dies here, the former shares open what there is.
  CHECK(day.in.recovery()->number == number);
  day.erase(day.ids[0]);
  restored back;
  REQUIRE(back.from(day.mirror(), day.three(), {&backup}));

  SUBCASE("put in force") {
    const auto told = day.in.use_recovery_key();
    REQUIRE(told);
    CHECK(told->at(0).confirmed);
    CHECK(day.in.recovery()->number == kit->number);
    day.shop.take(kit);
    restored again;
    REQUIRE(again.from(day.mirror(), std::span(day.shop.shares).first(2), {&backup}));
    CHECK(code_of(day.in.use_recovery_key()) == errc::invalid_state);
  }
  SUBCASE("another was put in force meanwhile") {
    session other = day.shop.begin();
    const auto theirs = other.rotate_recovery_key();
    REQUIRE(theirs);
    CHECK(code_of(day.in.use_recovery_key()) == errc::version_mismatch);
    CHECK(day.in.recovery()->number == theirs->number);
  }
  SUBCASE("nothing was drawn") {
    session other = day.shop.begin();
    CHECK(code_of(other.use_recovery_key()) == errc::invalid_state);
  }
}

TEST_CASE("recovery: a book restored from before a rotation goes on with the key of its mirror") {
  working_day day(3);
  tape backup = day.shop.back_up();
  day.shop.take(day.in.rotate_recovery_key(3, 2));
  const auto number = day.in.recovery()->number;
  restored back;
  REQUIRE(back.from(day.mirror(), std::span(day.shop.shares).first(2), {&backup}));
  auto opened = book::open(back.store, back.cell, day.shop.options());
  REQUIRE(opened);
  auto in = opened->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(in);
  CHECK(in->recovery()->number == number);
  CHECK(in->recovery()->threshold == 2);
  CHECK(in->recovery()->shares == 3);
  REQUIRE(in->refresh_mirrors()->at(0).holds_all);
  tape newer;
  REQUIRE(in->back_up(newer));
  restored again;
  REQUIRE(again.from(day.mirror(), std::span(day.shop.shares).first(2), {&newer}));
}

TEST_CASE("verify: every compiled consent state is opened, and the one that does not is named") {
  working_day day(3);
  REQUIRE(day.in.verify()->problems == 0);
  const std::uint64_t states = day.in.figures()->consent_states;
  REQUIRE(states > 0);
  tape backup;
  for (std::uint32_t number = 1; number <= states; ++number) {
    for (const bool removed : {true, false}) {
      CAPTURE(number);
      CAPTURE(removed);
      put_back damaged(day.shop);
      auto writing = damaged.store->begin_write();
      REQUIRE(writing);
      std::array<std::byte, 5> at{std::byte{7}};
      store_be(at.data() + 1, number);
      if (removed) {
        REQUIRE((*writing)->erase(at));
      } else {
        const auto row = (*writing)->get(at);
        REQUIRE(row);
        std::vector<std::byte> bytes(row->begin(), row->end());
        bytes[bytes.size() / 2] ^= std::byte{1};
        REQUIRE((*writing)->put(at, bytes));
      }
      REQUIRE((*writing)->commit());
      session in = damaged.begin(day.shop);
      const auto found = in.verify();
      REQUIRE(found);
      CHECK(found->problems == 1);
      CHECK(found->first_state == number);
      CHECK(found->first == (removed ? errc::row_missing : errc::authentication_failed));
    }
  }
}

TEST_CASE("recovery: a mark of the book that is gone or altered is the book's, not the mirror's") {
  working_day day(5);
  REQUIRE(day.in.record(day.ids[0], withdrawal()));
  const std::array prefix{std::byte{1}, std::byte{4}};
  std::vector<std::vector<std::byte>> marks;
  std::vector<std::byte> last;
  {
    auto reading = day.shop.store->begin_read();
    REQUIRE(reading);
    REQUIRE((*reading)->walk(prefix, prefix, [&](byte_view at, byte_view value) {
      marks.emplace_back(at.begin(), at.end());
      last.assign(value.begin(), value.end());
      return true;
    }));
  }
  REQUIRE(marks.size() >= 2);
  REQUIRE(day.in.verify()->problems == 0);
  const auto change = [&](byte_view at, std::optional<byte_view> to) {
    auto writing = day.shop.store->begin_write();
    REQUIRE(writing);
    REQUIRE((to ? (*writing)->put(at, *to) : (*writing)->erase(at)));
    REQUIRE((*writing)->commit());
  };
  SUBCASE("altered") {
    last.back() ^= std::byte{1};
    change(marks.back(), last);
  }
  SUBCASE("gone") { change(marks.back(), std::nullopt); }
  CHECK(day.in.verify()->problems > 0);
  const auto told = day.in.refresh_mirrors();
  REQUIRE(told);
  REQUIRE_FALSE(told->empty());
  const error problem = told->front().problem;
  CHECK(problem.code == errc::row_missing);
  const std::string text(problem.text.c_str());
  CHECK(text.find("the book's own line") != text.npos);
  CHECK(text.find("remove no mirror") != text.npos);
}
