// An older copy of the store, put in its place, is refused where it would undo what somebody has
// said, what left the book, or an erasure; a newer state is always taken.
#include <string>

#include "recovery_places.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

errc code_of(const auto& answer) { return answer ? errc::none : answer.error().code; }

class pin_in_memory final : public pin_store {
 public:
  std::optional<book_pin> held;
  std::size_t moves = 0;
  bool fails = false;

  result<std::optional<book_pin>> load() noexcept override { return held; }
  result<void> move(const book_pin& to) noexcept override {
    if (fails) return error{errc::permission_denied, "told to fail"};
    if (held && held->root_version >= to.root_version && held->epoch >= to.epoch) return {};
    held = to;
    ++moves;
    return {};
  }
  result<void> replace(const book_pin& with) noexcept override {
    held = with;
    return {};
  }
};

struct pinned_shop {
  std::shared_ptr<backend> store = empty_store();
  std::shared_ptr<memory_cell> cell = std::make_shared<memory_cell>();
  std::shared_ptr<pin_in_memory> pin = std::make_shared<pin_in_memory>();
  std::optional<book> opened;
  std::optional<session> in;
  std::vector<customer_id> ids;
  recipient_id partner{};

  pinned_shop() {
    clock_hand() = timestamp{1'800'000'000};
    auto made = book::create(store, cell, {.profile = gdpr_profile().id}, options());
    REQUIRE(made);
    opened = std::move(*made);
    auto begun = opened->begin_session({.id = actor_id(7), .role = actor_role::owner});
    REQUIRE(begun);
    in.emplace(std::move(*begun));
    REQUIRE(in->add_notice(notice_for(*in)));
    const directive yes = grant_of(*in, {recipient::self});
    for (const char* loyalty : {"L-1", "L-2", "L-3"}) {
      ids.push_back(keep(*in, ken(loyalty), std::span(&yes, 1)));
    }
    partner = add_party(*in, "shoes-co", recipient::selected_partner);
    REQUIRE(in->record(ids[2], withdrawal()));  // From here on there is a pin.
    REQUIRE(pin->held);
  }
  book_options options() const {
    return {.clock = {test_clock}, .longest_pause_days = 0, .pin = pin};
  }
  errc opening(std::shared_ptr<backend> copy) const {
    return code_of(book::open(std::move(copy), cell, options()));
  }
};

}  // namespace

TEST_CASE("pin: an old copy that undoes a directive, a disclosure or a denial is refused") {
  pinned_shop s;
  open_case(*s.in, {s.ids[0]});
  std::shared_ptr<backend> old = copy_of_store(*s.store);
  SUBCASE("a withdrawal") { REQUIRE(s.in->record(s.ids[0], withdrawal())); }
  SUBCASE("a withdrawal within a transaction") {
    REQUIRE(s.in->begin());
    REQUIRE(s.in->record(s.ids[0], withdrawal()));
    REQUIRE(s.in->commit());
  }
  SUBCASE("a disclosure") {
    REQUIRE(s.in->disclose(
        s.ids[0], {.purpose = purpose::rights_fulfilment, .recipient = recipient::data_subject}));
  }
  SUBCASE("a denial") {
    const auto denied =
        s.in->disclose(s.ids[0], {.purpose = purpose::email_marketing, .recipient = s.partner});
    CHECK(code_of(denied) == errc::denied);
  }
  SUBCASE("a consent that somebody gave") {
    REQUIRE(s.in->record(s.ids[0], withdrawal()));
    old = copy_of_store(*s.store);
    clock_hand().seconds += 60;
    directive again = grant_of(*s.in, {recipient::self});
    (void)s.in->record(s.ids[0], again);
    const auto other = s.in->record(s.ids[1], withdrawal());
    REQUIRE(other);
  }
  SUBCASE("a newcomer who has said something") {
    const directive no = withdrawal();
    keep(*s.in, ken("L-new"), {&no, 1});
  }
  CHECK(s.opening(old) == errc::rolled_back);
  CHECK(s.opening(s.store) == errc::none);
  // A session of a book that was opened before looks too.
  CHECK(s.pin->held->root_version == s.in->pin()->version);
}

TEST_CASE("pin: other changes are pinned every 64 commits, and newer states are taken") {
  pinned_shop s;
  REQUIRE(s.in->record(s.ids[0], withdrawal()));
  const std::size_t moves = s.pin->moves;
  customer moved;
  REQUIRE(moved.set(field::phones, std::array{phone_number{.number = "+49 30 901820"}}));
  const auto old = copy_of_store(*s.store);
  for (int i = 0; i < 63; ++i) {
    REQUIRE(s.in->update(s.ids[1], moved.fields(), purpose::customer_order_management));
  }
  CHECK(s.pin->moves == moves);
  CHECK(s.opening(old) == errc::none);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(s.in->update(s.ids[1], moved.fields(), purpose::customer_order_management));
  }
  CHECK(s.pin->moves == moves + 1);
  CHECK(s.opening(old) == errc::rolled_back);
  CHECK(s.opening(s.store) == errc::none);
}

TEST_CASE("pin: one that cannot be moved is told of, and the change is there once") {
  pinned_shop s;
  s.pin->fails = true;
  const auto refused = s.in->record(s.ids[0], withdrawal());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::permission_denied);
  CHECK(std::string_view(refused.error().text.c_str()).starts_with("committed, but"));
  CHECK_FALSE(shows(s.in->read(s.ids[0], purpose::email_marketing), field::emails));
  s.pin->fails = false;
  const auto old = copy_of_store(*s.store);
  customer moved;
  REQUIRE(moved.set(field::phones, std::array{phone_number{.number = "+49 30 901820"}}));
  REQUIRE(s.in->update(s.ids[1], moved.fields(), purpose::customer_order_management));
  CHECK(s.pin->held->root_version == s.in->pin()->version);
  CHECK(s.opening(old) == errc::rolled_back);
}

TEST_CASE("pin: keys that are mounted for reading alone keep no pin, and nothing fails for it") {
  pinned_shop s;
  s.pin->held.reset();
  s.pin->fails = true;
  auto in = s.opened->begin_session({.id = actor_id(8), .role = actor_role::owner});
  REQUIRE(in);
  CHECK(in->record(s.ids[0], withdrawal()));
  CHECK_FALSE(in->pin()->kept);
}

TEST_CASE("pin: an older copy is accepted by who may, with an entry in the ledger") {
  pinned_shop s;
  const auto old = copy_of_store(*s.store);
  REQUIRE(s.in->record(s.ids[0], withdrawal()));
  REQUIRE(s.opening(old) == errc::rolled_back);
  for (const actor_role role : {actor_role::associate, actor_role::manager, actor_role::auditor,
                                actor_role::privacy_officer, actor_role::service}) {
    CHECK(code_of(book::accept_pin(old, s.cell, {.id = actor_id(3), .role = role}, s.options())) ==
          errc::role_denied);
  }
  CHECK(s.opening(old) == errc::rolled_back);
  const auto accepted = book::accept_pin(
      old, s.cell, {.id = actor_id(3), .role = actor_role::security_officer}, s.options());
  REQUIRE(accepted);
  auto opened = book::open(old, s.cell, s.options());
  REQUIRE(opened);
  auto in = opened->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(in);
  CHECK(in->prove(accepted->ledger_size - 1)->entry.type == ledger_event::restore);
  CHECK(in->verify()->problems == 0);
  // Where the book is as new as its pin nothing is accepted, and nothing written.
  const auto size = in->figures()->ledger_entries;
  CHECK(code_of(book::accept_pin(old, s.cell, {.id = actor_id(3), .role = actor_role::owner},
                                 s.options())) == errc::invalid_state);
  CHECK(in->figures()->ledger_entries == size);
}

TEST_CASE("pin: another book's") {
  pinned_shop s;
  pinned_shop other;
  s.pin->held = other.pin->held;
  REQUIRE(s.pin->held);
  CHECK(s.opening(s.store) == errc::version_mismatch);
  REQUIRE(book::accept_pin(s.store, s.cell, {.id = actor_id(3), .role = actor_role::owner},
                           s.options()));
  CHECK(s.opening(s.store) == errc::none);
}
