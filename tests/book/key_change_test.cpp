// A change of what opens the book, as the session makes it: who may, what the ledger says, and that
// a former root key opens nothing of the new root.
#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

crypto::digest digest_of(std::string_view text) { return crypto::hash(as_bytes(text)); }

}  // namespace

TEST_CASE("key change: a new root for who may recover, and the ledger is told") {
  shop at;
  {
    session in = at.begin();
    keep(in, ken("L-1"));
  }
  const std::uint64_t before = at.cell->current->epoch;
  const root_key former = memory_cell::copy(*at.cell->current);
  for (const actor_role role :
       {actor_role::associate, actor_role::manager, actor_role::marketing, actor_role::service,
        actor_role::privacy_officer, actor_role::auditor}) {
    CAPTURE(static_cast<int>(role));
    session in = at.begin(role);
    bool called = false;
    const auto work = [&]() -> result<crypto::digest> {
      called = true;
      return crypto::digest{};
    };
    const auto done = in.change_keys({.work = work});
    REQUIRE_FALSE(done);
    CHECK(done.error().code == errc::role_denied);
    CHECK_FALSE(called);
  }
  for (const actor_role role : {actor_role::security_officer, actor_role::owner}) {
    session in = at.begin(role);
    const auto work = [] { return result<crypto::digest>(digest_of("slot 3 removed")); };
    const auto done = in.change_keys({.work = work});
    REQUIRE(done);
    session auditor = at.begin(actor_role::auditor);
    const auto proof = auditor.prove(done->ledger_index);
    REQUIRE(proof);
    CHECK(proof->entry.type == ledger_event::key_rotation);
    CHECK(proof->entry.commitment == digest_of("slot 3 removed"));
    CHECK(done->epoch == at.cell->current->epoch);
  }
  CHECK(at.cell->current->epoch == before + 2);
  // Whoever has the former key has none of today's root.
  auto stale = std::make_shared<memory_cell>();
  stale->current = memory_cell::copy(former);
  stale->current->epoch = at.cell->current->epoch;
  CHECK_FALSE(book::open(at.store, stale, {.clock = {test_clock}}));
  session in = at.begin();
  CHECK(in.verify()->problems == 0);
}

TEST_CASE("key change: who more opens the book leaves the root, and what fails changes nothing") {
  shop at;
  session in = at.begin();
  keep(in, ken("L-1"));
  const std::uint64_t before = at.cell->current->epoch;
  const auto kept = in.change_keys({.root = root_after::kept});
  REQUIRE(kept);
  CHECK(kept->epoch == before);
  const auto entries = in.figures()->ledger_entries;
  const auto fails = []() -> result<crypto::digest> {
    return error{errc::disk_full, "told to fail"};
  };
  const auto failed = in.change_keys({.work = fails});
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == errc::disk_full);
  CHECK(in.figures()->ledger_entries == entries);
  CHECK(at.cell->current->epoch == before);
  REQUIRE(in.begin());
  const auto within = in.change_keys({});
  REQUIRE_FALSE(within);
  CHECK(within.error().code == errc::invalid_state);
  in.rollback();
  REQUIRE(in.change_keys({}));
  CHECK(at.cell->current->epoch == before + 1);
}
