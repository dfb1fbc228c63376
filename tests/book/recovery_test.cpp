// Losing the disk loses nobody but those who are named, and brings nobody back who was erased: for
// any order of backups, refreshes, erasures and deaths in the middle of them.
#include <algorithm>
#include <set>
#include <string>

#include "store_content.hpp"
#include "working_day.hpp"

using namespace clientbook;
using namespace clientbook::testing;

TEST_CASE("recovery: a lost book comes back whole, under a root of its own") {
  for (const auto suite : {crypto::suite::chacha20_poly1305, crypto::suite::aes256_gcm}) {
    if (suite == crypto::suite::aes256_gcm &&
        (!crypto::init() || !crypto::suite_available(suite))) {
      continue;
    }
    working_day day(6, suite);
    tape backup = day.shop.back_up();
    restored back;
    const auto done = back.from(day.mirror(), day.three(), {&backup});
    REQUIRE(done);
    CHECK(done->customers == 6);
    CHECK(done->erased + done->not_in_mirror + done->not_in_backup + done->changed == 0);
    CHECK(done->unheard.empty());
    session in = back.begin();
    whole(in, 6);
    for (std::size_t i = 0; i < day.ids.size(); ++i) {
      same_customer(day.in, in, day.ids[i], "L-" + std::to_string(i));
    }
    // A withdrawal stays one, and the ledger says what has happened.
    CHECK_FALSE(shows(in.read(day.ids[2], purpose::email_marketing), field::emails));
    CHECK(in.prove(done->ledger_index)->entry.type == ledger_event::restore);
    CHECK(in.figures()->id == day.in.figures()->id);
    CHECK(back.cell->current->epoch == done->epoch);
    CHECK(done->epoch > day.in.figures()->epoch);
    // It goes on: with new customers, erasures, backups.
    const customer_id fresh = keep(in, ken("L-new"));
    CHECK(std::find(day.ids.begin(), day.ids.end(), fresh) == day.ids.end());
    open_case(in, {day.ids[3]});
    REQUIRE(in.erase(day.ids[3], erasure_reason::subject_request));
    whole(in, 6);
  }
}

TEST_CASE("recovery: an old backup brings nobody back who was erased since") {
  working_day day(40);
  tape backup = day.shop.back_up();
  std::set<std::size_t> erased;
  for (std::size_t i = 0; i < day.ids.size(); i += 3) {
    erased.insert(i);
    const erasure_receipt receipt = day.erase(day.ids[i]);
    REQUIRE(receipt.mirrors.size() == 1);
    CHECK(receipt.mirrors[0].confirmed);
  }
  restored back;
  const auto done = back.from(day.mirror(), day.three(), {&backup});
  REQUIRE(done);
  CHECK(done->erased == erased.size());
  CHECK(done->customers == day.ids.size() - erased.size());
  session in = back.begin();
  whole(in, done->customers);
  for (std::size_t i = 0; i < day.ids.size(); ++i) {
    const std::string loyalty = "L-" + std::to_string(i);
    if (erased.contains(i)) {
      CHECK(code_of(in.read(day.ids[i], why)) == errc::key_erased);
      CHECK(code_of(in.find("loyalty", loyalty)) == errc::not_found);
    } else {
      same_customer(day.in, in, day.ids[i], loyalty);
    }
  }
  // Their payloads and rows are not only closed, they are not there.
  auto rows = back.store->begin_read();
  REQUIRE(rows);
  std::size_t records = 0;
  std::size_t payloads = 0;
  REQUIRE((*rows)->walk({}, {}, [&](byte_view key, byte_view) {
    records += key[0] == std::byte{4} ? 1U : 0U;
    payloads += key[0] == std::byte{12} ? 1U : 0U;
    return true;
  }));
  CHECK(records == done->customers);
  std::size_t entries = 0;
  for (std::size_t i = 0; i < day.ids.size(); ++i) {
    if (!erased.contains(i)) entries += in.ledger(day.ids[i])->size();
  }
  CHECK(payloads == entries);
}

TEST_CASE("recovery: a merge is there again, and one that a backup does not have opens nothing") {
  working_day day;
  const customer_id stays = day.ids[3];
  const customer_id goes = day.ids[4];
  REQUIRE(shows(day.in.read(goes, purpose::email_marketing), field::emails));
  SUBCASE("the backup has it") {
    REQUIRE(day.in.merge_customers(stays, goes));
    REQUIRE(day.in.record(stays, withdrawal()));
    tape backup = day.shop.back_up();
    restored back;
    const auto done = back.from(day.mirror(), day.three(), {&backup});
    REQUIRE(done);
    CHECK(done->customers == 5);
    session in = back.begin();
    whole(in, 5);
    CHECK(*in.whole(goes) == stays);
    CHECK(*in.find("loyalty", "L-4") == stays);
    CHECK_FALSE(shows(in.read(goes, purpose::email_marketing), field::emails));
    REQUIRE(in.unmerge(goes));
    whole(in, 6);
    CHECK_FALSE(shows(in.read(goes, purpose::email_marketing), field::emails));
    CHECK(*in.find("loyalty", "L-4") == goes);
  }
  SUBCASE("the backup is of before, and a no was said to both since") {
    tape backup = day.shop.back_up();
    REQUIRE(day.in.merge_customers(stays, goes));
    REQUIRE(day.in.record(stays, withdrawal()));
    REQUIRE(day.in.refresh_mirrors());
    restored back;
    const auto done = back.from(day.mirror(), day.three(), {&backup});
    REQUIRE(done);
    session in = back.begin();
    whole(in, 6);
    CHECK_FALSE(shows(in.read(stays, purpose::email_marketing), field::emails));
    CHECK_FALSE(shows(in.read(goes, purpose::email_marketing), field::emails));
  }
  SUBCASE("the backup is of while they were one, and a no was said since they are two") {
    REQUIRE(day.in.merge_customers(stays, goes));
    tape backup = day.shop.back_up();
    REQUIRE(day.in.unmerge(goes));
    REQUIRE(day.in.record(stays, withdrawal()));
    REQUIRE(day.in.refresh_mirrors());
    restored back;
    const auto done = back.from(day.mirror(), day.three(), {&backup});
    REQUIRE(done);
    session in = back.begin();
    whole(in, 5);
    CHECK_FALSE(shows(in.read(stays, purpose::email_marketing), field::emails));
  }
  SUBCASE("both were erased since") {
    REQUIRE(day.in.merge_customers(stays, goes));
    tape backup = day.shop.back_up();
    day.erase(goes);
    restored back;
    const auto done = back.from(day.mirror(), day.three(), {&backup});
    REQUIRE(done);
    session in = back.begin();
    whole(in, 4);
    CHECK(code_of(in.read(stays, why)) == errc::key_erased);
    CHECK(code_of(in.read(goes, why)) == errc::key_erased);
  }
}

TEST_CASE("recovery: what a backup does not have, and what the mirror does not have, is counted") {
  working_day day;
  tape backup = day.shop.back_up();
  day.add("L-later");
  day.add("L-latest");
  REQUIRE(day.in.record(day.ids[1], withdrawal()));
  REQUIRE(day.in.refresh_mirrors());

  SUBCASE("the mirror is newer") {
    restored back;
    const auto done = back.from(day.mirror(), day.three(), {&backup});
    REQUIRE(done);
    CHECK(done->customers == 6);
    CHECK(done->not_in_backup == 2);
    CHECK(done->not_in_mirror == 0);
    // What somebody has said since is lost: they are named.
    REQUIRE(done->unheard.size() == 1);
    CHECK(done->unheard[0] == day.ids[1]);
    CHECK(done->changed == 1);
    session in = back.begin();
    // It may have been a no: what they had agreed to is over, and what others had is not.
    CHECK_FALSE(shows(in.read(day.ids[1], purpose::email_marketing), field::emails));
    CHECK(shows(in.read(day.ids[3], purpose::email_marketing), field::emails));
    CHECK(in.directives(day.ids[1])->back().kind == directive_kind::revoke);
    CHECK(in.ledger(day.ids[1])->back().event == ledger_event::consent_withdrawn);
    REQUIRE(in.record(day.ids[1], grant_of(in, {recipient::self})));
    CHECK(shows(in.read(day.ids[1], purpose::email_marketing), field::emails));
    whole(in, 6);
    CHECK(code_of(in.read(day.ids[6], why)) == errc::key_erased);
    // Their numbers are not given again.
    const customer_id fresh = keep(in, ken("L-x"));
    CHECK(std::find(day.ids.begin(), day.ids.end(), fresh) == day.ids.end());
  }
  SUBCASE("the backup is newer") {
    const mirror_place old = day.shop.places->copied("/mirror");
    day.add("L-last");
    day.shop.places->away = true;
    tape newer = day.shop.back_up();
    restored back;
    const auto done = back.from(old, day.three(), {&newer});
    REQUIRE(done);
    CHECK(done->customers == 8);
    CHECK(done->not_in_mirror == 1);
    CHECK(done->not_in_backup == 0);
    session in = back.begin();
    whole(in, 8);
    CHECK(code_of(in.find("loyalty", "L-last")) == errc::not_found);
    const customer_id fresh = keep(in, ken("L-x"));
    CHECK(std::find(day.ids.begin(), day.ids.end(), fresh) == day.ids.end());
  }
}

TEST_CASE("recovery: a backup that builds on another has what changed, and both give the book") {
  working_day day(30);
  tape full = day.shop.back_up();
  customer moved;
  REQUIRE(moved.set(field::phones, std::array{phone_number{.number = "+49 30 901820"}}));
  REQUIRE(day.in.update(day.ids[4], moved.fields(), why));
  REQUIRE(day.in.record(day.ids[5], withdrawal()));
  day.erase(day.ids[7]);
  day.add("L-30");
  tape more = day.shop.back_up(&full);
  CHECK(more.bytes.size() < full.bytes.size());

  const auto whole_again = [&](std::initializer_list<tape*> tapes) {
    restored back;
    const auto done = back.from(day.mirror(), day.three(), tapes);
    REQUIRE(done);
    CHECK(done->customers == 30);
    CHECK(done->changed == 0);
    CHECK(done->not_in_backup == 0);
    CHECK(done->erased == 1);
    session in = back.begin();
    whole(in, 30);
    for (std::size_t i = 0; i < day.ids.size(); ++i) {
      if (i != 7) same_customer(day.in, in, day.ids[i], "L-" + std::to_string(i));
    }
  };
  whole_again({&full, &more});
  whole_again({&more, &full});

  SUBCASE("erased before a mirror that was away has heard of it: the newer backup says so") {
    day.shop.places->away = true;
    const mirror_place old = day.shop.places->copied("/mirror");
    const erasure_receipt receipt = day.erase(day.ids[9]);
    REQUIRE(receipt.mirrors.size() == 1);
    CHECK_FALSE(receipt.mirrors[0].confirmed);
    CHECK(receipt.mirrors[0].problem.code == errc::not_found);
    tape last = day.shop.back_up(&full);
    restored back;
    const auto done = back.from(old, day.three(), {&full, &last});
    REQUIRE(done);
    CHECK(done->customers == 29);
    session in = back.begin();
    whole(in, 29);
    CHECK(code_of(in.read(day.ids[9], why)) == errc::key_erased);
  }
  SUBCASE("what does not belong together") {
    restored back;
    CHECK(code_of(back.from(day.mirror(), day.three(), {&more})) == errc::invalid_argument);
    tape other = day.shop.back_up();
    CHECK(code_of(back.from(day.mirror(), day.three(), {&other, &more})) == errc::version_mismatch);
    CHECK(code_of(back.from(day.mirror(), day.three(), {&other, &full})) == errc::version_mismatch);
    CHECK(code_of(back.from(day.mirror(), day.three(), {&full, &full, &more})) ==
          errc::invalid_argument);
    CHECK(code_of(back.from(day.mirror(), day.three(), {})) == errc::invalid_argument);
    CHECK(back.empty());
    tape out;
    more.at = 0;
    CHECK(code_of(day.in.back_up(out, more)) == errc::invalid_argument);
    working_day elsewhere;
    full.at = 0;
    CHECK(code_of(elsewhere.in.back_up(out, full)) == errc::version_mismatch);
  }
}

TEST_CASE("recovery: an erasure leaves no way to the former root in the mirror") {
  working_day day;
  tape backup = day.shop.back_up();
  auto& at = day.shop.places->all.at("/mirror");
  const auto old_store = copy_of_store(*at.store);
  day.erase(day.ids[0]);
  // Whoever kept the mirror's store and not its cell has nothing, with all shares.
  restored back;
  const auto done = back.from({old_store, at.cell}, day.shop.shares, {&backup});
  CHECK(code_of(done) == errc::version_mismatch);
  CHECK(back.empty());
  // The row with the former root key is not in the store either.
  CHECK(at.cell->current->epoch == day.in.figures()->epoch);
  CHECK_FALSE(at.cell->staged);
}

TEST_CASE("recovery: after a rotation the former shares open nothing that is refreshed") {
  working_day day;
  tape backup = day.shop.back_up();
  std::vector<crypto::share> former = std::move(day.shop.shares);
  day.shop.take(day.in.rotate_recovery_key(3, 2));
  CHECK(day.in.recovery()->mirrors.at(0).confirmed);
  restored back;
  CHECK(code_of(back.from(day.mirror(), former, {&backup})) == errc::wrong_key);
  CHECK(back.empty());
  REQUIRE(back.from(day.mirror(), std::span(day.shop.shares).last(2), {&backup}));
  session in = back.begin();
  whole(in, 6);
}

TEST_CASE("recovery: a mirror that is away keeps nobody from being erased, and is told of") {
  working_day day;
  day.shop.places->away = true;
  const erasure_receipt receipt = day.erase(day.ids[0]);
  REQUIRE(receipt.mirrors.size() == 1);
  CHECK_FALSE(receipt.mirrors[0].confirmed);
  auto state = day.in.recovery();
  REQUIRE(state);
  CHECK_FALSE(state->mirrors.at(0).confirmed);
  CHECK(state->mirrors.at(0).problem.code == errc::not_found);
  day.shop.places->away = false;
  state = day.in.recovery();
  CHECK_FALSE(state->mirrors.at(0).confirmed);
  CHECK(state->mirrors.at(0).problem.code == errc::version_mismatch);
  const auto now = day.in.refresh_mirrors();
  REQUIRE(now);
  CHECK(now->at(0).confirmed);
  CHECK(now->at(0).holds_all);
}

namespace {

/// The bytes that docs/format/recovery.md says are signed.
std::vector<std::byte> signed_bytes(const book_id& book, const erasure_receipt& receipt) {
  std::vector<std::byte> out(61);
  copy_bytes(byte_span(out), as_bytes("erasure3"));
  copy_bytes(byte_span(out).subspan(8), book.bytes);
  store_be(out.data() + 24, receipt.ledger_index);
  store_be(out.data() + 32, receipt.epoch_before);
  store_be(out.data() + 40, receipt.epoch_after);
  store_be(out.data() + 48, static_cast<std::uint64_t>(receipt.at.seconds));
  out[56] = static_cast<std::byte>(receipt.reason);
  store_be(out.data() + 57, static_cast<std::uint32_t>(days_since_epoch(receipt.remembered_until)));
  for (const mirror_state& one : receipt.mirrors) {
    const crypto::digest path = crypto::hash(as_bytes(one.path));
    out.insert(out.end(), path.begin(), path.end());
    out.push_back(one.confirmed ? std::byte{1} : std::byte{0});
  }
  return out;
}

}  // namespace

TEST_CASE("recovery: the receipt's signature covers which mirror has followed") {
  working_day day;
  const std::string told = *day.in.log_identity();
  const auto identity = ledger::parse_log_identity(told);
  REQUIRE(identity);
  for (const bool away : {false, true}) {
    day.shop.places->away = away;
    erasure_receipt receipt = day.erase(day.ids[away ? 0 : 1]);
    REQUIRE(receipt.mirrors.size() == 1);
    CHECK(receipt.mirrors[0].path == "/mirror");
    CHECK(receipt.mirrors[0].confirmed == !away);
    if (!away) CHECK(receipt.mirrors[0].epoch == receipt.epoch_after);
    const book_id book = day.in.figures()->id;
    CHECK(crypto::verify(receipt.signature, signed_bytes(book, receipt), identity->key));
    receipt.mirrors[0].confirmed = away;
    CHECK_FALSE(crypto::verify(receipt.signature, signed_bytes(book, receipt), identity->key));
  }
}

namespace {

/// What a history has done, and what a restore must therefore give.
struct history {
  working_day day{4};
  std::set<std::size_t> erased;           ///< All of them,
  std::set<std::size_t> known_to_mirror;  ///< and those whom the mirror has heard of.
  std::size_t in_full = 0;
  std::optional<tape> full, more;
  std::uint32_t seed;

  explicit history(std::uint32_t start) : seed(start) {}
  std::uint32_t random(std::uint32_t below) {
    seed = seed * 1664525U + 1013904223U;
    return (seed >> 8U) % below;
  }
  std::size_t somebody() { return random(static_cast<std::uint32_t>(day.ids.size())); }
  void mirror_follows() {
    if (!day.shop.places->away) known_to_mirror = erased;
  }

  void step() {
    clock_hand().seconds += random(20) * 86'400;
    const std::size_t who = somebody();
    switch (random(9)) {
      case 0:
      case 1:
        day.add("L-" + std::to_string(day.ids.size()));
        break;
      case 2:
        if (!erased.contains(who) && day.ids.size() - erased.size() > 1) {
          day.erase(day.ids[who]);
          erased.insert(who);
          mirror_follows();
        }
        break;
      case 3:
        if (!erased.contains(who)) (void)day.in.record(day.ids[who], withdrawal());
        break;
      case 4:
        if (!erased.contains(who)) REQUIRE(day.in.read(day.ids[who], why));
        break;
      case 5:
        day.shop.places->away = !day.shop.places->away;
        break;
      case 6: {
        day.shop.places->away = false;
        mirror_follows();
        full = day.shop.back_up();
        more.reset();
        in_full = day.ids.size();
        break;
      }
      case 7:
        if (full) {
          more = day.shop.back_up(&*full);
          mirror_follows();
        }
        break;
      default:
        REQUIRE(day.in.refresh_mirrors());
        mirror_follows();
    }
  }

  void check() {
    restored back;
    const auto done = more ? back.from(day.mirror_in_any_case(), day.three(), {&*full, &*more})
                           : back.from(day.mirror_in_any_case(), day.three(), {&*full});
    REQUIRE(done);
    session in = back.begin();
    whole(in, done->customers);
    std::uint64_t there = 0;
    for (std::size_t i = 0; i < day.ids.size(); ++i) {
      const bool is_there = code_of(in.read(day.ids[i], why)) == errc::none;
      there += is_there ? 1U : 0U;
      // Nobody whose erasure a mirror has confirmed, or that the newer backup has seen.
      if (known_to_mirror.contains(i)) CHECK_FALSE(is_there);
      if (i < in_full && !erased.contains(i)) CHECK(is_there);
    }
    CHECK(there == done->customers);
    // It goes on as a book does.
    const customer_id fresh = keep(in, ken("L-fresh"));
    CHECK(std::find(day.ids.begin(), day.ids.end(), fresh) == day.ids.end());
    REQUIRE(in.read(fresh, why));
    whole(in, done->customers + 1);
  }
};

}  // namespace

TEST_CASE("recovery: after any history nobody who was erased is back, and nobody else is lost") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    history all(seed);
    while (!all.full) all.step();
    for (int i = 0; i < 25; ++i) all.step();
    all.check();
  }
}

TEST_CASE("recovery: the refresh dies at each of its steps, and nothing is lost by it") {
  std::size_t deaths = 0;
  for (std::size_t at = 1;; ++at) {
    working_day day(5);
    tape backup = day.shop.back_up();
    day.shop.places->life->left = at;
    const erasure_receipt receipt = day.erase(day.ids[0]);
    const bool died = day.shop.places->life->over;
    CHECK(receipt.mirrors.at(0).confirmed == !died);
    day.shop.places->life->over = false;
    day.shop.places->life->left = 0;
    // As it was left: the mirror of before, or of after, with what a restore gives then.
    {
      restored back;
      const auto done = back.from(day.shop.places->copied("/mirror"), day.three(), {&backup});
      REQUIRE(done);
      CHECK(done->customers + done->erased == 5);
      session in = back.begin();
      whole(in, done->customers);
    }
    // The next call mends it.
    const auto refreshed = day.in.refresh_mirrors();
    REQUIRE(refreshed);
    CHECK(refreshed->at(0).confirmed);
    restored back;
    const auto done = back.from(day.mirror(), day.three(), {&backup});
    REQUIRE(done);
    CHECK(done->customers == 4);
    if (!died) break;
    ++deaths;
  }
  CHECK(deaths > 8);
}

TEST_CASE("recovery: the first making of a mirror dies at each of its steps") {
  std::size_t deaths = 0;
  for (std::size_t at = 1;; ++at) {
    working_day day(3);
    day.shop.places->life->left = at;
    const auto added = day.in.add_mirror("/second");
    const bool died = day.shop.places->life->over;
    day.shop.places->life->over = false;
    day.shop.places->life->left = 0;
    if (!added) CHECK(died);
    const auto state = day.in.recovery();
    REQUIRE(state);
    if (state->mirrors.size() == 1) REQUIRE(day.in.add_mirror("/second"));
    const auto refreshed = day.in.refresh_mirrors();
    REQUIRE(refreshed);
    REQUIRE(refreshed->size() == 2);
    CHECK(refreshed->at(1).holds_all);
    if (!died) break;
    ++deaths;
  }
  CHECK(deaths > 4);
}

TEST_CASE(
    "recovery: a restore dies at each of its steps and leaves no book, and goes the next time") {
  working_day day(3);
  tape backup = day.shop.back_up();
  std::size_t deaths = 0;
  for (std::size_t at = 1;; ++at) {
    restored back;
    const auto life = std::make_shared<lifetime>();
    life->left = at;
    backup.at = 0;
    const backup_source source(backup);
    const auto store = std::make_shared<mortal_store>(back.store, life);
    const auto cell = std::make_shared<mortal_cell>(back.cell, life);
    const auto done = book::restore(
        store, cell,
        {.mirror = day.mirror(), .shares = day.three(), .backups = std::span(&source, 1)},
        {.id = actor_id(9), .role = actor_role::owner}, {.clock = {test_clock}});
    if (done && !life->over) break;
    ++deaths;
    if (back.empty()) {
      // Nothing was committed; the same call begins anew, on a cell that may hold a staged key.
      REQUIRE(back.from(day.mirror(), day.three(), {&backup}));
    } else {
      // It was committed: the same call says that a book is there, and takes nothing from it.
      CHECK(code_of(back.from(day.mirror(), day.three(), {&backup})) == errc::already_exists);
      auto opened = book::open(back.store, back.cell, {.clock = {test_clock}});
      REQUIRE(opened);
      back.opened = std::move(*opened);
    }
    session in = back.begin();
    whole(in, 3);
  }
  CHECK(deaths > 20);
}

TEST_CASE("recovery: a restore that was committed and not promoted is finished, not begun anew") {
  working_day day(3);
  tape backup = day.shop.back_up();
  restored back;
  back.cell->fail_promote = true;
  CHECK_FALSE(back.from(day.mirror(), day.three(), {&backup}));
  back.cell->fail_promote = false;
  REQUIRE_FALSE(back.empty());
  CHECK(code_of(back.from(day.mirror(), day.three(), {&backup})) == errc::already_exists);
  auto opened = book::open(back.store, back.cell, {.clock = {test_clock}});
  REQUIRE(opened);
  back.opened = std::move(*opened);
  session in = back.begin();
  whole(in, 3);
}

TEST_CASE("recovery: a backup that was cut or altered anywhere gives no book") {
  working_day day(3);
  const tape good = day.shop.back_up();
  restored back;
  const std::size_t size = good.bytes.size();
  for (std::size_t cut = 0; cut < size; cut += cut < 200 ? 1U : 997U) {
    tape short_one = good;
    short_one.bytes.resize(cut);
    const auto done = back.from(day.mirror(), day.three(), {&short_one});
    REQUIRE_FALSE(done);
    const bool told = done.error().code == errc::truncated;
    CHECK(told);
  }
  for (std::size_t at = 0; at < size; at += at < 200 ? 1U : 499U) {
    tape flipped = good;
    flipped.bytes[at] ^= std::byte{4};
    REQUIRE_FALSE(back.from(day.mirror(), day.three(), {&flipped}));
  }
  tape longer = good;
  longer.bytes.push_back(std::byte{0});
  CHECK(code_of(back.from(day.mirror(), day.three(), {&longer})) == errc::invalid_encoding);
  CHECK(back.empty());
  CHECK_FALSE(back.cell->current);
  // Read in small bites it is the same.
  tape slow = good;
  slow.step = 7;
  REQUIRE(back.from(day.mirror(), day.three(), {&slow}));
}

TEST_CASE("recovery: pieces moved, left out or of another stream are noticed") {
  working_day day(900);
  const tape good = day.shop.back_up();
  const tape other = day.shop.back_up();
  const auto pieces_of = [](const tape& from) {
    std::vector<std::vector<std::byte>> out;
    for (std::size_t at = 88; at < from.bytes.size();) {
      const std::size_t size = 4 + load_be<std::uint32_t>(from.bytes.data() + at);
      out.emplace_back(from.bytes.begin() + static_cast<std::ptrdiff_t>(at),
                       from.bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
      at += size;
    }
    return out;
  };
  const auto joined = [&](const std::vector<std::vector<std::byte>>& pieces) {
    tape out;
    out.bytes.assign(good.bytes.begin(), good.bytes.begin() + 88);
    for (const auto& piece : pieces) out.bytes.insert(out.bytes.end(), piece.begin(), piece.end());
    return out;
  };
  const auto pieces = pieces_of(good);
  REQUIRE(pieces.size() > 2);
  const auto refused = [&](std::vector<std::vector<std::byte>> changed) {
    restored back;
    tape wrong = joined(changed);
    const auto done = back.from(day.mirror(), day.three(), {&wrong});
    REQUIRE_FALSE(done);
    const bool told =
        done.error().code == errc::authentication_failed || done.error().code == errc::truncated;
    CHECK(told);
    CHECK(back.empty());
  };
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    auto left_out = pieces;
    left_out.erase(left_out.begin() + static_cast<std::ptrdiff_t>(i));
    refused(left_out);
    auto foreign = pieces;
    foreign[i] = pieces_of(other)[i];
    refused(foreign);
    if (i + 1 < pieces.size()) {
      auto swapped = pieces;
      std::swap(swapped[i], swapped[i + 1]);
      refused(swapped);
    }
  }
  // Without its last piece it does not end, whatever piece stands there.
  auto doubled = pieces;
  doubled.back() = pieces[0];
  refused(doubled);
}

TEST_CASE("recovery: another book's parts, and too few shares") {
  working_day day(3);
  working_day other(3);
  tape backup = day.shop.back_up();
  tape foreign = other.shop.back_up();
  restored back;
  CHECK(code_of(back.from(day.mirror(), day.three(), {&foreign})) == errc::version_mismatch);
  CHECK(code_of(back.from(other.mirror(), day.three(), {&backup})) == errc::wrong_key);
  CHECK(code_of(back.from(other.mirror(), other.three(), {&backup})) == errc::version_mismatch);
  CHECK(code_of(back.from(day.mirror(), day.three().first(2), {&backup})) ==
        errc::invalid_argument);
  CHECK(code_of(back.from({empty_store(), std::make_shared<memory_cell>()}, day.three(),
                          {&backup})) == errc::not_a_book);
  tape nonsense{.bytes = std::vector<std::byte>(500, std::byte{'x'})};
  CHECK(code_of(back.from(day.mirror(), day.three(), {&nonsense})) == errc::not_a_book);
  CHECK(code_of(back.from(day.mirror(), day.three(), {&backup}, actor_role::associate)) ==
        errc::role_denied);
  CHECK(back.empty());
  // Not over a book that is there.
  REQUIRE(back.from(day.mirror(), day.three(), {&backup}));
  const auto before = content_of(*back.store);
  CHECK(code_of(back.from(day.mirror(), day.three(), {&backup})) == errc::already_exists);
  CHECK(content_of(*back.store) == before);
}

TEST_CASE("recovery: every altered byte of a mirror is an error, or changes nothing") {
  working_day day(3);
  tape backup = day.shop.back_up();
  auto& at = day.shop.places->all.at("/mirror");
  auto read = at.store->begin_read();
  REQUIRE(read);
  std::vector<std::pair<std::vector<std::byte>, std::vector<std::byte>>> rows;
  REQUIRE((*read)->walk({}, {}, [&](byte_view key, byte_view value) {
    rows.emplace_back(std::vector(key.begin(), key.end()), std::vector(value.begin(), value.end()));
    return true;
  }));
  std::size_t refused = 0;
  for (const auto& [key, value] : rows) {
    for (std::size_t i = 0; i < value.size(); i += value.size() < 300 ? 3U : 61U) {
      const auto store = copy_of_store(*at.store);
      auto change = store->begin_write();
      auto wrong = value;
      wrong[i] ^= std::byte{1};
      REQUIRE((*change)->put(key, wrong));
      REQUIRE((*change)->commit());
      restored back;
      const auto done = back.from({store, at.cell}, day.three(), {&backup});
      if (done) {
        // When it was refreshed: nothing depends on it.
        CHECK(key.size() == 2);
        session in = back.begin();
        whole(in, 3);
      } else {
        ++refused;
        CHECK(back.empty());
      }
    }
  }
  CHECK(refused > 60);
}

TEST_CASE("recovery: a mirror and a backup from the future say so") {
  working_day day(3);
  tape backup = day.shop.back_up();
  auto& at = day.shop.places->all.at("/mirror");
  const auto store = copy_of_store(*at.store);
  {
    auto change = store->begin_write();
    REQUIRE(change);
    const std::array key{std::byte{1}, std::byte{0}};
    const auto header = (*change)->get(key);
    REQUIRE(header);
    std::vector<std::byte> newer(header->begin(), header->end());
    newer[11] = std::byte{9};
    REQUIRE((*change)->put(key, newer));
    REQUIRE((*change)->commit());
  }
  restored back;
  CHECK(code_of(back.from({store, at.cell}, day.three(), {&backup})) == errc::newer_format);
  backup.bytes[11] = std::byte{9};
  CHECK(code_of(back.from(day.mirror(), day.three(), {&backup})) == errc::newer_format);
  CHECK(back.empty());
}

TEST_CASE("recovery: a mirror newer than the book is left alone") {
  working_day day(3);
  const auto old_store = copy_of_store(*day.shop.store);
  day.add("L-3");
  REQUIRE(day.in.refresh_mirrors());
  const auto before = content_of(*day.shop.places->all.at("/mirror").store);
  auto rolled = book::open(old_store, day.shop.cell, day.shop.options());
  REQUIRE(rolled);
  auto in = rolled->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(in);
  const auto state = in->refresh_mirrors();
  REQUIRE(state);
  CHECK_FALSE(state->at(0).confirmed);
  CHECK(state->at(0).problem.code == errc::rolled_back);
  CHECK(content_of(*day.shop.places->all.at("/mirror").store) == before);
}

TEST_CASE("recovery: who may, and what is needed first") {
  shop plain;
  session owner = plain.begin();
  CHECK(code_of(owner.add_mirror("/mirror")) == errc::invalid_state);
  CHECK(code_of(owner.rotate_recovery_key()) == errc::invalid_state);
  CHECK(code_of(owner.refresh_mirrors()) == errc::invalid_state);
  tape out;
  CHECK(code_of(owner.back_up(out)) == errc::invalid_state);
  CHECK_FALSE(owner.recovery()->has_key);
  for (const unsigned shares : {0U, 1U, 17U, 300U}) {
    CHECK(code_of(owner.make_recovery_key(shares, 2)) == errc::invalid_argument);
  }
  CHECK(code_of(owner.make_recovery_key(5, 1)) == errc::invalid_argument);
  CHECK(code_of(owner.make_recovery_key(5, 6)) == errc::invalid_argument);
  CHECK_FALSE(owner.recovery()->has_key);
  session security = plain.begin(actor_role::security_officer);
  REQUIRE(security.make_recovery_key());
  CHECK(code_of(security.make_recovery_key()) == errc::already_exists);
  CHECK(code_of(owner.back_up(out)) == errc::invalid_state);
  CHECK(out.bytes.empty());
  // This program was given no way to mirrors.
  CHECK(code_of(security.add_mirror("/mirror")) == errc::unsupported);

  safe_shop shop;
  for (const actor_role role : {actor_role::associate, actor_role::manager, actor_role::service,
                                actor_role::privacy_officer, actor_role::auditor}) {
    session in = shop.begin(role);
    CHECK(code_of(in.make_recovery_key()) == errc::role_denied);
    CHECK(code_of(in.add_mirror("/x")) == errc::role_denied);
    CHECK(code_of(in.remove_mirror("/mirror")) == errc::role_denied);
    const bool maintains = role != actor_role::associate && role != actor_role::auditor;
    tape stream;
    CHECK(code_of(in.back_up(stream)) == (maintains ? errc::none : errc::role_denied));
  }
  session in = shop.begin();
  CHECK(code_of(in.add_mirror("/mirror")) == errc::already_exists);
  CHECK(code_of(in.add_mirror("relative")) == errc::invalid_argument);
  CHECK(code_of(in.add_mirror("")) == errc::invalid_argument);
  CHECK(code_of(in.remove_mirror("/nowhere")) == errc::not_found);
  for (int i = 0; i < 7; ++i) REQUIRE(in.add_mirror("/m" + std::to_string(i)));
  CHECK(code_of(in.add_mirror("/m8")) == errc::limit_exceeded);
  REQUIRE(in.remove_mirror("/m3"));
  CHECK(in.recovery()->mirrors.size() == 7);
}

TEST_CASE("recovery: writers go on while a backup is written, which has one moment") {
  working_day day(20);
  session writer = day.shop.begin();
  tape out;
  std::size_t written = 0;
  const auto made = day.in.back_up([&](byte_view more) -> result<void> {
    if (written++ == 1) {
      (void)keep(writer, ken("L-meanwhile"));
      open_case(writer, {day.ids[0]});
      REQUIRE(writer.erase(day.ids[0], erasure_reason::subject_request));
    }
    return out(more);
  });
  REQUIRE(made);
  CHECK(written > 1);
  CHECK(made->customers == 20);
  restored back;
  const auto done = back.from(day.mirror(), day.three(), {&out});
  REQUIRE(done);
  CHECK(done->customers == 19);
  CHECK(done->erased == 1);
  session in = back.begin();
  whole(in, 19);
}

TEST_CASE("recovery: a sink that fails ends the backup with its error") {
  working_day day(3);
  const auto made = day.in.back_up([](byte_view) -> result<void> {
    return error{errc::disk_full, "told to fail"};
  });
  CHECK(code_of(made) == errc::disk_full);
  CHECK_FALSE(day.in.recovery()->newest_backup);
}
