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
  bool fails = false;    ///< When it is moved: behind a commit.
  bool unready = false;  ///< Already when it is asked whether it could be.

  result<std::optional<book_pin>> load() noexcept override { return held; }
  result<void> ready() noexcept override {
    return unready ? result<void>(error{errc::permission_denied, "told to fail"}) : result<void>();
  }
  result<void> move(const book_pin& to) noexcept override {
    if (fails || unready) return error{errc::permission_denied, "told to fail"};
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
  SUBCASE("a newcomer whose yes gets no entry of the ledger") {
    directive uninformed = grant_of(*s.in, {recipient::self});
    uninformed.informed = false;
    keep(*s.in, ken("L-new"), {&uninformed, 1});
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

namespace {

bool starts(const auto& answer, std::string_view with) {
  return !answer && std::string_view(answer.error().text.c_str()).starts_with(with);
}

constexpr disclosure_request own{.purpose = purpose::rights_fulfilment,
                                 .recipient = recipient::data_subject};

}  // namespace

TEST_CASE("pin: what a disclosure was to hand over does not get out without it, and that is told") {
  pinned_shop s;
  open_case(*s.in, {s.ids[0], s.ids[1]});
  const recipient_id parcel = add_party(*s.in, "parcel-co", recipient::parcel_service);
  const std::uint64_t before = s.in->figures()->ledger_entries;
  s.pin->fails = true;
  bool many = false;
  SUBCASE("to one") {
    const auto refused = s.in->disclose(s.ids[0], own);
    CHECK(starts(refused, "nothing is handed over, and the ledger says"));
    CHECK(code_of(refused) == errc::permission_denied);
  }
  SUBCASE("all that is the customer's own") {
    CHECK(starts(s.in->hand_over(s.ids[0], own.purpose, own.recipient),
                 "nothing is handed over, and the ledger says"));
  }
  SUBCASE("of many at once") {
    many = true;
    CHECK(starts(s.in->disclose_many(std::span(s.ids).first(2),
                                     {.purpose = purpose::delivery_of_goods, .recipient = parcel}),
                 "nothing is handed over, and the ledger says"));
  }
  for (std::size_t i = 0; i < (many ? 2U : 1U); ++i) {
    CAPTURE(i);
    const auto entries = s.in->ledger(s.ids[i]);
    REQUIRE(entries);
    REQUIRE(entries->size() >= 2);
    CHECK(entries->back().event == ledger_event::not_delivered);
    CHECK(entries->back().about == (*entries)[entries->size() - 2].index);
  }
  CHECK(s.in->figures()->ledger_entries == before + (many ? 4 : 2));
  CHECK(s.in->verify()->problems == 0);
}

TEST_CASE("pin: where it cannot be moved nothing is opened or handed over, and no is in force") {
  pinned_shop s;
  open_case(*s.in, {s.ids[0], s.ids[1]});
  // Before somebody's no has left the pin behind, and afterwards, in a session that sees it so.
  bool behind = false;
  SUBCASE("the pin is as new as the book") {}
  SUBCASE("the pin has been left behind") { behind = true; }
  s.pin->unready = true;
  std::optional<session> later;
  if (behind) {
    CHECK(starts(s.in->record(s.ids[1], withdrawal()), "committed, but"));
    auto begun = s.opened->begin_session({.id = actor_id(9), .role = actor_role::owner});
    REQUIRE(begun);
    later.emplace(std::move(*begun));
  }
  session& in = behind ? *later : *s.in;
  const std::uint64_t before = in.figures()->ledger_entries;
  CHECK(starts(in.disclose(s.ids[0], own), "nothing was done"));
  CHECK(starts(in.hand_over(s.ids[0], own.purpose, own.recipient), "nothing was done"));
  CHECK(starts(in.record(s.ids[2], grant_of(in, {recipient::self})), "nothing was done"));
  const directive yes = grant_of(in, {recipient::self});
  CHECK(starts(in.put(ken("L-9"),
                      {.purposes = {purpose::email_marketing, purpose::customer_order_management},
                       .directives = {&yes, 1}}),
               "nothing was done"));
  CHECK(in.figures()->ledger_entries == before);
  CHECK(in.figures()->customers == 3);
  CHECK_FALSE(shows(in.read(s.ids[2], purpose::email_marketing), field::emails));

  // What needs no pin is done, once, and says nothing of one: also the first that meets it.
  auto keeper = s.opened->begin_session({.id = actor_id(11), .role = actor_role::security_officer});
  REQUIRE(keeper);
  CHECK(keeper->compile_consents());
  CHECK(in.find("loyalty", "L-1"));
  const std::array lines{purchase_line{.sku = "776", .description = "Ring", .quantity = 1}};
  const purchase receipt{.at = timestamp{1'700'000'000}, .order = "43659", .currency = "EUR"};
  CHECK(in.append_purchase(s.ids[0], receipt, lines, purpose::customer_order_management));
  CHECK(in.purchases(s.ids[0], purpose::customer_order_management)->size() == 1);

  if (!behind) CHECK(starts(in.record(s.ids[1], withdrawal()), "committed, but"));
  CHECK_FALSE(shows(in.read(s.ids[1], purpose::email_marketing), field::emails));
  CHECK(starts(in.erase(s.ids[0], erasure_reason::subject_request), "committed, but"));
  CHECK(code_of(in.read(s.ids[0], purpose::customer_order_management)) == errc::key_erased);
  CHECK(in.verify()->problems == 0);

  s.pin->unready = false;
  REQUIRE(in.record(s.ids[2], grant_of(in, {recipient::self})));
  CHECK(s.pin->held->root_version == in.pin()->version);
}

TEST_CASE(
    "pin: where it cannot be moved receipts of what is erased are told when asked for again") {
  pinned_shop s;
  session& in = *s.in;
  const directive yes = grant_of(in, {recipient::self});
  customer reader;
  REQUIRE(reader.set(field::name, person_name{.given = "Ann"}));
  REQUIRE(reader.set(field::emails, std::array{email_address{.address = "ann@example.com"}}));
  const auto lapsed =
      in.put(reader, {.purposes = {purpose::email_marketing}, .directives = {&yes, 1}});
  REQUIRE(lapsed);
  REQUIRE(in.record(*lapsed, withdrawal()));
  REQUIRE(in.due()->size() == 1);
  s.pin->unready = true;
  SUBCASE("of one, and of several") {
    const std::array both{s.ids[1], s.ids[2]};
    CHECK(starts(in.erase(s.ids[0], erasure_reason::other), "committed, but"));
    CHECK(starts(in.erase(both, erasure_reason::other), "committed, but"));
    const std::uint64_t entries = in.figures()->ledger_entries;
    const auto all = in.erase(both, erasure_reason::other);
    REQUIRE(all);
    REQUIRE(all->size() == 2);
    for (const erasure& each : *all) CHECK(each.receipt.signature != crypto::signature{});
    CHECK((*all)[1].receipt.ledger_index == entries - 1);
    const auto one = in.erase(s.ids[0], erasure_reason::other);
    REQUIRE(one);
    CHECK(one->receipt.ledger_index == entries - 3);
    CHECK(in.figures()->ledger_entries == entries);
    CHECK(code_of(in.erase(s.ids[0], erasure_reason::other)) == errc::key_erased);
  }
  SUBCASE("of a run") {
    CHECK(starts(in.run_retention(), "committed, but"));
    CHECK(code_of(in.read(*lapsed, purpose::email_marketing)) == errc::key_erased);
    CHECK(in.run_retention({.mode = retention_mode::only_tell})->receipts.empty());
    const auto done = in.run_retention();
    REQUIRE(done);
    REQUIRE(done->receipts.size() == 1);
    CHECK(done->receipts[0].signature != crypto::signature{});
    REQUIRE(done->items.size() == 1);
    CHECK(done->items[0].customer == *lapsed);
    CHECK(in.run_retention()->items.empty());
  }
  SUBCASE("and not where nothing was erased") {
    open_case(in, {s.ids[0]}, case_kind::tax);
    CHECK(code_of(in.erase(s.ids[0], erasure_reason::other)) == errc::kept_by_law);
    CHECK(code_of(in.erase(s.ids[0], erasure_reason::other)) == errc::kept_by_law);
  }
  CHECK(in.verify()->problems == 0);
}

TEST_CASE("pin: where it cannot be moved a canary looks like anybody") {
  pinned_shop s;
  REQUIRE(s.in->set_canaries(std::span(&s.ids[0], 1)));
  for (const actor_role role : {actor_role::associate, actor_role::service}) {
    auto till = s.opened->begin_session({.id = actor_id(30), .role = role});
    REQUIRE(till);
    s.pin->unready = true;
    for (const customer_id& id : s.ids) {
      CHECK(code_of(till->read(id, purpose::customer_order_management)) == errc::none);
    }
    s.pin->unready = false;
  }
  auto list = s.opened->begin_session({.id = actor_id(31), .role = actor_role::manager});
  REQUIRE(list);
  s.pin->unready = true;
  CHECK(code_of(list->for_each(purpose::customer_order_management, all_fields,
                               [](const view&) { return true; })) == errc::none);
  s.pin->unready = false;
  CHECK(s.in->alarms()->size() == 3);
  CHECK(s.in->verify()->problems == 0);
}

TEST_CASE("pin: keys that are mounted for reading alone keep no pin, and nothing fails for it") {
  pinned_shop s;
  s.pin->held.reset();
  s.pin->unready = true;
  auto in = s.opened->begin_session({.id = actor_id(8), .role = actor_role::owner});
  REQUIRE(in);
  CHECK(in->record(s.ids[0], withdrawal()));
  open_case(*in, {s.ids[0]});
  CHECK(in->disclose(s.ids[0], own));
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
  // Of what was done behind it nobody knows.
  const auto gaps = in->figures()->gaps;
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0].since == timestamp{1'800'000'000 - 1'800'000'000 % 86'400});
  CHECK(gaps[0].until == timestamp{1'800'000'000});
  // Nor does who asks whom a breach of those days concerns.
  const auto scope = in->breach({.source = breach_source::actor, .actor = actor_id(3)},
                                [](const breached&) { return true; });
  REQUIRE(scope);
  REQUIRE(scope->unknown.size() == 1);
  CHECK(scope->unknown[0].what == unknown_kind::gaps);
  CHECK(in->verify()->problems == 0);
  // Where the book is as new as its pin nothing is accepted, and nothing written.
  const auto size = in->figures()->ledger_entries;
  CHECK(code_of(book::accept_pin(old, s.cell, {.id = actor_id(3), .role = actor_role::owner},
                                 s.options())) == errc::invalid_state);
  CHECK(in->figures()->ledger_entries == size);
}

TEST_CASE("pin: a branch that was left out is refused, also with as many commits") {
  pinned_shop s;
  const auto left_out = copy_of_store(*s.store);
  // What is pinned: two entries, of one commit each.
  REQUIRE(s.in->record(s.ids[0], withdrawal()));
  REQUIRE(s.in->record(s.ids[1], withdrawal()));
  // The branch from before them goes on by itself, without a pin beside it.
  auto aside = book::open(left_out, s.cell, {.clock = {test_clock}, .longest_pause_days = 0});
  REQUIRE(aside);
  auto other = aside->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(other);
  // An entry each.
  const auto denied = [&] {
    const auto no =
        other->disclose(s.ids[2], {.purpose = purpose::email_marketing, .recipient = s.partner});
    REQUIRE(code_of(no) == errc::denied);
  };
  int more = 0;
  const auto go_on = [&] { keep(*other, ken("M-" + std::to_string(++more))); };
  SUBCASE("with fewer entries, and as many commits or more") {
    for (int i = 0; i < 6; ++i) {
      go_on();
      CAPTURE(i);
      CHECK(s.opening(copy_of_store(*left_out)) == errc::rolled_back);
    }
  }
  SUBCASE("with as many entries and more") {
    for (int i = 0; i < 4; ++i) {
      denied();
      CAPTURE(i);
      CHECK(s.opening(copy_of_store(*left_out)) == errc::rolled_back);
    }
  }
  SUBCASE("the pinned number of commits and of entries") {
    denied();
    denied();
    CHECK(s.opening(left_out) == errc::rolled_back);
  }
  SUBCASE("the pinned number of commits, and no entry since") {
    const auto same = copy_of_store(*s.store);
    for (int i = 0; i < 64; ++i) keep(*s.in, ken("N-" + std::to_string(i)));
    REQUIRE(s.pin->held->root_version == s.in->pin()->version);
    auto third = book::open(same, s.cell, {.clock = {test_clock}, .longest_pause_days = 0});
    REQUIRE(third);
    auto in = third->begin_session({.id = actor_id(7), .role = actor_role::owner});
    REQUIRE(in);
    while (in->pin()->version < s.pin->held->root_version) {
      keep(*in, ken("O-" + std::to_string(in->pin()->version)));
    }
    CHECK(s.opening(same) == errc::rolled_back);
  }
  // What the pin has seen opens, and so does what comes after it.
  CHECK(s.opening(copy_of_store(*s.store)) == errc::none);
  keep(*s.in, ken("L-9"));
  CHECK(s.opening(copy_of_store(*s.store)) == errc::none);
  // A pin of an older version of the program has no mark: entries are counted all the same.
  const book_pin marked = *s.pin->held;
  s.pin->held->mark.reset();
  CHECK(s.opening(copy_of_store(*s.store)) == errc::none);
  s.pin->held->ledger_size += 1;
  CHECK(s.opening(copy_of_store(*s.store)) == errc::rolled_back);
  // It is taken by who may, as an older copy is.
  s.pin->held = marked;
  CHECK(book::accept_pin(left_out, s.cell, {.id = actor_id(3), .role = actor_role::owner},
                         s.options()));
  CHECK(s.opening(left_out) == errc::none);
}

TEST_CASE("pin: what cannot be accepted is written nowhere") {
  pinned_shop s;
  const auto old = copy_of_store(*s.store);
  REQUIRE(s.in->record(s.ids[0], withdrawal()));
  const actor owner{.id = actor_id(3), .role = actor_role::owner};
  const auto entries = [&] {
    const auto held = s.pin->held;
    s.pin->held.reset();
    auto made = book::open(copy_of_store(*old), s.cell, s.options());
    REQUIRE(made);
    const auto count = made->begin_session(owner)->figures()->ledger_entries;
    s.pin->held = held;
    return count;
  };
  const std::uint64_t before = entries();
  s.pin->unready = true;
  for (int i = 0; i < 2; ++i) {
    CHECK(starts(book::accept_pin(old, s.cell, owner, s.options()), "nothing was done"));
  }
  s.pin->unready = false;
  CHECK(entries() == before);
  const timestamp now = clock_hand();
  clock_hand().seconds -= 400LL * 86'400;
  CHECK(code_of(book::accept_pin(old, s.cell, owner, s.options())) == errc::invalid_state);
  clock_hand() = now;
  CHECK(entries() == before);
  const auto held = std::exchange(s.pin->held, std::nullopt);
  CHECK(code_of(book::accept_pin(old, s.cell, owner, s.options())) == errc::invalid_state);
  s.pin->held = held;
  CHECK(entries() == before);
  CHECK(book::accept_pin(old, s.cell, owner, s.options()));
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
