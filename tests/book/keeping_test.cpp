// What is kept, and for what: several purposes, those of the shop, and what nobody may keep.
#include <clientbook/consent/shop_consent.hpp>

#include <array>
#include <random>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

customer with_likes(const std::string& loyalty = "L-1") {
  customer out = ken(loyalty);
  REQUIRE(out.set(field::likes, std::array<std::string_view, 1>{"linen"}));
  return out;
}

privacy_notice care_notice(session& in) {
  privacy_notice notice = notice_for(in);
  notice.announced.purposes = {purpose::client_care};
  notice.announced.recipients = {recipient::self};
  notice.announced.categories = all_categories();
  return notice;
}

directive care(session& in) { return grant_of(in, {recipient::self}); }

directive said(directive_kind kind, purpose_id about) {
  directive out;
  out.kind = kind;
  out.scope = everything();
  out.scope.purposes = {about};
  out.event_at = clock_hand();
  return out;
}

book made_for(const purpose_set& purposes, std::shared_ptr<backend> store,
              std::shared_ptr<memory_cell> cell) {
  auto made =
      book::create(std::move(store), std::move(cell),
                   {.profile = gdpr_profile().id, .purposes = purposes}, {.clock = {test_clock}});
  REQUIRE(made);
  return std::move(*made);
}

constexpr std::array<purpose_id, 2> order_and_care{purpose::customer_order_management,
                                                   purpose::client_care};

}  // namespace

TEST_CASE("keeping: a new book follows a law that was chosen, for purposes that there are") {
  CHECK(book::create(empty_store(), std::make_shared<memory_cell>(), {}).error().code ==
        errc::invalid_argument);
  CHECK(book::create(empty_store(), std::make_shared<memory_cell>(), {.profile = profile_id(99)})
            .error()
            .code == errc::not_found);
  CHECK(book::create(empty_store(), std::make_shared<memory_cell>(),
                     {.profile = gdpr_profile().id, .purposes = {purpose_id(191)}})
            .error()
            .code == errc::invalid_argument);
}

TEST_CASE("keeping: a field is kept if one of several purposes permits it") {
  shop s;
  session in = s.begin();
  REQUIRE(in.add_notice(care_notice(in)));
  const std::array yes{care(in)};
  // Orders have no basis for likes, and care without a consent none for anything.
  CHECK(in.put(with_likes(), {.purposes = purpose::customer_order_management, .directives = yes})
            .error()
            .code == errc::no_basis);
  CHECK(in.put(with_likes(), {.purposes = order_and_care[1]}).error().code == errc::no_basis);
  const auto both = in.put(
      with_likes(),
      {.purposes = {purpose::customer_order_management, purpose::client_care}, .directives = yes});
  REQUIRE(both);
  CHECK(both->left_out.empty());
  CHECK(shows(in.read(*both, purpose::client_care), field::likes));

  SUBCASE("so are changes and items") {
    customer more;
    REQUIRE(more.set(field::dislikes, std::array<std::string_view, 1>{"wool"}));
    CHECK(in.update(*both, more.fields(), purpose::customer_order_management).error().code ==
          errc::no_basis);
    CHECK(in.update(*both, more.fields(),
                    {purpose::customer_order_management, purpose::client_care}));
    const note text{.at = clock_hand(), .text = "asks for linen"};
    CHECK(in.append_note(*both, text, purpose::customer_order_management).error().code ==
          errc::no_basis);
    CHECK(in.append_note(*both, text, {purpose::customer_order_management, purpose::client_care}));
    CHECK(*in.why_not_kept(*both, field::notes, purpose::customer_order_management) ==
          decision_code::no_basis);
    CHECK(*in.why_not_kept(*both, field::notes, {}) == decision_code::none);
  }
  SUBCASE("also where no purpose is named: those of the shop") {
    CHECK(in.put(with_likes("L-2"), {.directives = yes})->left_out.empty());
    const auto without =
        in.put(with_likes("L-3"), {.without_basis = when_without_basis::leave_out});
    REQUIRE(without);
    CHECK(without->left_out == only(field::likes));
    CHECK(without->why_left_out[field::likes.value] == decision_code::no_basis);
  }
  SUBCASE("but a correction is a purpose that somebody names") {
    REQUIRE(in.record(*both, said(directive_kind::withdraw, purpose::client_care)));
    customer other;
    REQUIRE(other.set(field::likes, std::array<std::string_view, 1>{"wool"}));
    CHECK(in.update(*both, other.fields(), {}).error().code == errc::no_basis);
    open_case(in, {*both});
    CHECK(in.update(*both, other.fields(), purpose::rights_fulfilment));
  }
}

TEST_CASE(
    "keeping: a correction is a purpose that somebody names, also where it is the shop's own") {
  const book made = made_for({purpose::client_care, purpose::rights_fulfilment}, empty_store(),
                             std::make_shared<memory_cell>());
  auto in = made.begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(in);
  REQUIRE(in->add_notice(care_notice(*in)));
  const std::array yes{care(*in)};
  const auto put = in->put(with_likes(), {.purposes = purpose::client_care, .directives = yes});
  REQUIRE(put);
  REQUIRE(in->record(*put, said(directive_kind::withdraw, purpose::client_care)));
  customer other;
  REQUIRE(other.set(field::likes, std::array<std::string_view, 1>{"wool"}));
  CHECK(in->update(*put, other.fields(), {}).error().code == errc::no_basis);
  open_case(*in, {*put});
  CHECK(in->update(*put, other.fields(), {}).error().code == errc::no_basis);
  CHECK(in->update(*put, other.fields(), purpose::rights_fulfilment));
}

TEST_CASE("keeping: the shop's purposes are the book's, also after it was opened anew") {
  const auto store = empty_store();
  const auto cell = std::make_shared<memory_cell>();
  {
    const book first = made_for({purpose::client_care}, store, cell);
    auto in = first.begin_session({.id = actor_id(7), .role = actor_role::owner});
    REQUIRE(in);
    CHECK(in->purposes() == purpose_set{purpose::client_care});
  }
  const auto again = book::open(store, cell, {.clock = {test_clock}});
  REQUIRE(again);
  auto in = again->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(in);
  CHECK(in->purposes() == purpose_set{purpose::client_care});
  // Nobody agreed to care, and this shop keeps data for nothing else.
  CHECK(in->put(ken(), {}).error().code == errc::no_basis);
  CHECK(in->may_collect({})->empty());
  CHECK(in->put(ken(), {.purposes = purpose::customer_order_management}));

  shop usual;
  CHECK(usual.begin().purposes() == usual_collection());
  CHECK(usual_purposes().includes(usual_collection()));
  // A number of a state is no part of an order.
  CHECK_FALSE(usual.begin().may_collect({})->has(field::government_ids));
}

TEST_CASE("keeping: who names a purpose that there is not has named one") {
  shop s;
  session in = s.begin();
  for (const std::uint8_t number : std::array<std::uint8_t, 3>{0, 191, 255}) {
    CAPTURE(number);
    CHECK(in.put(ken(), {.purposes = purpose_id(number)}).error().code == errc::no_basis);
    CHECK(in.may_collect({.purposes = purpose_id(number)})->empty());
  }
  CHECK(in.may_collect({})->has(field::name));
}

TEST_CASE("keeping: of whom nothing that names or reaches them may be kept nothing is") {
  shop s(strict_profile().id);
  session in = s.begin();
  REQUIRE(in.add_notice(care_notice(in)));
  directive some = care(in);
  some.scope.categories = {category::like};
  const std::array likes_alone{some};
  const auto husk = in.put(with_likes(), {.purposes = purpose::client_care,
                                          .directives = likes_alone,
                                          .without_basis = when_without_basis::leave_out});
  CHECK(husk.error().code == errc::no_basis);
  CHECK(husk.error().at == 0);
  CHECK(in.figures()->customers == 0);
  CHECK(in.figures()->consent_states == 0);
  // A name is enough, and so is an id.
  some.scope.categories.add(category::name);
  const std::array named{some};
  const auto kept = in.put(with_likes(), {.purposes = purpose::client_care,
                                          .directives = named,
                                          .without_basis = when_without_basis::leave_out});
  REQUIRE(kept);
  CHECK(!kept->left_out.has(field::name));
  CHECK(kept->left_out.has(field::emails));
}

TEST_CASE("keeping: why a field is left out says what the customer said, then what the law does") {
  shop s;
  session in = s.begin();
  REQUIRE(in.add_notice(care_notice(in)));
  const auto why = [&](const std::vector<directive>& all, const kept_purposes& purposes) {
    static int loyalty = 0;
    const auto kept = in.put(
        with_likes("W-" + std::to_string(++loyalty)),
        {.purposes = purposes, .directives = all, .without_basis = when_without_basis::leave_out});
    REQUIRE(kept);
    return kept->why_left_out[field::likes.value];
  };
  const kept_purposes both{purpose::customer_order_management, purpose::client_care};
  CHECK(why({}, both) == decision_code::no_basis);
  CHECK(why({care(in)}, both) == decision_code::none);
  CHECK(why({said(directive_kind::deny, purpose::client_care)}, both) == decision_code::denied_by);
  CHECK(why({care(in), said(directive_kind::restrict, purpose::client_care)}, both) ==
        decision_code::restricted);
  CHECK(why({care(in), said(directive_kind::withdraw, purpose::client_care)}, both) ==
        decision_code::withdrawn);
  // A purpose that the law forbids a shop says less than that nobody has permitted the other.
  CHECK(why({}, {purpose::customer_order_management, purpose::personnel_payment}) ==
        decision_code::no_basis);
}

TEST_CASE("keeping: property: several purposes keep what each of them keeps, and no more") {
  shop s;
  session in = s.begin();
  REQUIRE(in.add_notice(care_notice(in)));
  std::mt19937 random(20261129);
  std::vector<purpose_id> known;
  all_purposes().for_each([&](purpose_id one) {
    if (keeping_group_of(one) != purpose_group::of_case) known.push_back(one);
  });
  for (int i = 0; i < 400; ++i) {
    CAPTURE(i);
    std::vector<directive> all;
    if (random() % 2 == 0) all.push_back(care(in));
    if (random() % 3 == 0) {
      all.push_back(said(random() % 2 == 0 ? directive_kind::deny : directive_kind::restrict,
                         known[random() % known.size()]));
    }
    purpose_set some;
    field_set each;
    for (std::size_t n = 1 + random() % 4; n > 0; --n) {
      const purpose_id one =
          random() % 2 == 0 ? known[random() % known.size()] : order_and_care[random() % 2];
      some.add(one);
      const auto alone = in.may_collect({.purposes = one, .directives = all});
      REQUIRE(alone);
      each |= *alone;
    }
    const auto together = in.may_collect({.purposes = some, .directives = all});
    REQUIRE(together);
    CHECK(*together == each);
  }
}

namespace {

// Of a field, the purposes that it is kept for.
purpose_set purposes_of(session& in, const customer_id& id, field_id field) {
  const auto kept = in.kept_for(id);
  REQUIRE(kept);
  for (const field_keeping& one : *kept) {
    if (one.field == field) return one.purposes;
  }
  return {};
}

}  // namespace

TEST_CASE("keeping: what was rolled back is not what another session has written since") {
  shop s;
  session in = s.begin();
  REQUIRE(in.add_notice(care_notice(in)));
  const std::array yes{care(in)};
  const auto id = in.put(with_likes(), {.purposes = purpose::client_care, .directives = yes});
  REQUIRE(id);
  customer rolled_back, other;
  REQUIRE(rolled_back.set(field::dislikes, std::array<std::string_view, 1>{"wool"}));
  REQUIRE(other.set(field::name, person_name{.given = "Ann"}));
  clock_hand() = timestamp{clock_hand().seconds + 3 * 86400};
  REQUIRE(in.begin());
  REQUIRE(in.update(*id, rolled_back.fields(), purpose::client_care));
  CHECK(purposes_of(in, *id, field::dislikes) == purpose_set{purpose::client_care});
  in.rollback();
  session bo = s.begin(actor_role::manager);
  REQUIRE(bo.update(*id, other.fields(), purpose::customer_order_management));
  CHECK(purposes_of(in, *id, field::dislikes) == purpose_set{});
  CHECK(purposes_of(in, *id, field::name).contains(purpose::customer_order_management));
}

TEST_CASE("keeping: the record says for which purposes each field is kept, since when, by whom") {
  shop s;
  session in = s.begin();
  REQUIRE(in.add_notice(care_notice(in)));
  const std::array yes{care(in)};
  const kept_purposes both{purpose::customer_order_management, purpose::client_care};
  const auto id = in.put(with_likes(), {.purposes = both, .directives = yes});
  REQUIRE(id);
  CHECK(purposes_of(in, *id, field::likes) == purpose_set{purpose::client_care});
  CHECK(purposes_of(in, *id, field::name) == both.all());
  const date first = date_of(clock_hand());
  clock_hand() = timestamp{clock_hand().seconds + 3 * 86400};
  customer other;
  REQUIRE(other.set(field::likes, std::array<std::string_view, 1>{"wool"}));
  session bo = s.begin(actor_role::manager);

  SUBCASE("what is kept for one purpose more is kept for both") {
    REQUIRE(bo.update(*id, other.fields(), purpose::client_care));
    CHECK(purposes_of(in, *id, field::likes) == purpose_set{purpose::client_care});
    const note text{.at = clock_hand(), .text = "asks for linen"};
    REQUIRE(bo.append_note(*id, text, both));
    CHECK(purposes_of(in, *id, field::notes) == purpose_set{purpose::client_care});
    const auto kept = in.kept_for(*id);
    for (const field_keeping& one : *kept) {
      CHECK((one.since == first) == (one.field != field::notes));
      CHECK(one.by == actor_id(7));
    }
  }
  SUBCASE("a field that is gone is kept for nothing") {
    REQUIRE(in.remove(*id, field::likes));
    CHECK(purposes_of(in, *id, field::likes).empty());
    CHECK(purposes_of(in, *id, field::name) == both.all());
  }
  SUBCASE("it survives the process, and a change that was undone leaves it as it was") {
    REQUIRE(in.begin());
    REQUIRE(in.remove(*id, field::likes));
    CHECK(purposes_of(in, *id, field::likes).empty());
    in.rollback();
    CHECK(purposes_of(in, *id, field::likes) == purpose_set{purpose::client_care});
    const auto again = book::open(s.store, s.cell, {.clock = {test_clock}});
    REQUIRE(again);
    auto anew = again->begin_session({.id = actor_id(9), .role = actor_role::manager});
    REQUIRE(anew);
    CHECK(purposes_of(*anew, *id, field::likes) == purpose_set{purpose::client_care});
  }
  CHECK(in.verify()->problems == 0);
}

TEST_CASE("keeping: an erasure destroys what fields were kept for with the key") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  const auto rows = [&] {
    auto reading = s.store->begin_read();
    REQUIRE(reading);
    int out = 0;
    REQUIRE((*reading)->walk({}, {}, [&](byte_view at, byte_view) {
      if (!at.empty() && at[0] == std::byte{17}) ++out;
      return true;
    }));
    return out;
  };
  CHECK(rows() == 1);
  REQUIRE(in.erase(id, erasure_reason::subject_request));
  CHECK(rows() == 0);
  CHECK(in.kept_for(id).error().code == errc::key_erased);
}

TEST_CASE("keeping: a row that is gone, older or changed is seen") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  const std::string at = std::string("\x11", 1) + std::string("\0\0\0\0\0\0\0\x02", 8);
  const auto stored = [&] {
    auto reading = s.store->begin_read();
    REQUIRE(reading);
    const auto value = (*reading)->get(as_bytes(at));
    REQUIRE(value);
    return std::string(as_text(*value));
  };
  const std::string first = stored();
  REQUIRE(in.remove(id, field::phones));
  const std::string second = stored();
  auto writing = s.store->begin_write();
  REQUIRE(writing);
  errc wanted = errc::row_missing;
  SUBCASE("gone") { REQUIRE((*writing)->erase(as_bytes(at))); }
  SUBCASE("older") {
    REQUIRE((*writing)->put(as_bytes(at), as_bytes(first)));
    wanted = errc::authentication_failed;
  }
  SUBCASE("changed") {
    std::string other = second;
    other.back() = static_cast<char>(other.back() ^ 1);
    REQUIRE((*writing)->put(as_bytes(at), as_bytes(other)));
    wanted = errc::authentication_failed;
  }
  REQUIRE((*writing)->commit());
  session after = s.begin();
  CHECK(after.kept_for(id).error().code == wanted);
  CHECK(after.verify()->problems >= 1);
}

TEST_CASE("keeping: a row that belongs to nobody is seen") {
  shop s;
  session in = s.begin();
  keep(in, ken());
  CHECK(in.verify()->problems == 0);
  auto writing = s.store->begin_write();
  REQUIRE(writing);
  REQUIRE((*writing)->put(as_bytes(std::string("\x11", 1) + std::string("\0\0\0\0\0\0\0\x03", 8)),
                          as_bytes(std::string("anything"))));
  REQUIRE((*writing)->commit());
  CHECK(s.begin().verify()->problems == 1);
}

TEST_CASE("keeping: what has outlived its last purpose is listed, and only listed") {
  shop s;
  session in = s.begin();
  REQUIRE(in.add_notice(care_notice(in)));
  const std::array yes{care(in)};
  const auto id = in.put(with_likes(), {.directives = yes});
  REQUIRE(id);
  const note text{.at = clock_hand(), .text = "asks for linen"};
  REQUIRE(in.append_note(*id, text, {}));
  keep(in, ken("L-2"));
  CHECK(in.due()->empty());
  REQUIRE(in.record(*id, said(directive_kind::withdraw, purpose::client_care)));
  const auto due = in.due();
  REQUIRE(due);
  REQUIRE(due->size() == 1);
  CHECK(due->front().customer == *id);
  // Name and address go on being kept for the order.
  CHECK(due->front().fields == (only(field::likes) | only(field::notes)));
  CHECK(in.kept_for(*id)->size() > 2);
  SUBCASE("until it is removed") {
    REQUIRE(in.remove(*id, field::likes));
    CHECK(in.due()->front().fields == only(field::notes));
  }
  SUBCASE("or permitted again") {
    directive again = care(in);
    again.event_at = timestamp{clock_hand().seconds};
    REQUIRE(in.record(*id, again));
    CHECK(in.due()->empty());
  }
  SUBCASE("to who may look, not to who serves") {
    CHECK(s.begin(actor_role::auditor).due()->size() == 1);
    CHECK(s.begin(actor_role::associate).due().error().code == errc::role_denied);
  }
}

TEST_CASE("keeping: property: what fields are kept for is what was told, in any history") {
  shop s;
  session in = s.begin();
  REQUIRE(in.add_notice(care_notice(in)));
  std::mt19937 random(20261201);
  const auto below = [&](std::size_t n) { return random() % n; };
  constexpr std::array fields{field::likes, field::dislikes, field::time_zone, field::employer};
  constexpr std::array why{purpose::customer_order_management, purpose::client_care,
                           purpose::payment_management};
  using told = std::vector<purpose_set>;  // by place in `fields`
  const auto value_of = [&](customer& record, std::size_t n) {
    if (n < 2) return record.set(fields[n], std::array<std::string_view, 1>{"linen"});
    return record.set(fields[n], std::string_view(n == 2 ? "Europe/Berlin" : "Acme"));
  };
  std::vector<std::pair<customer_id, told>> people;
  for (int i = 0; i < 3; ++i) {
    const std::array yes{care(in)};
    const auto said = std::span(yes).first(i == 0 ? 0 : 1);
    people.emplace_back(keep(in, ken("M-" + std::to_string(i)), said), told(fields.size()));
  }
  for (int step = 0; step < 300; ++step) {
    CAPTURE(step);
    auto& [id, known] = people[below(people.size())];
    const told before = known;
    const bool undone = below(4) == 0;
    if (undone) REQUIRE(in.begin());
    const std::size_t n = below(fields.size());
    if (below(4) == 0) {
      if (in.remove(id, fields[n])) known[n] = {};
    } else {
      purpose_set some;
      for (std::size_t k = 1 + below(3); k > 0; --k) some.add(why[below(why.size())]);
      purpose_set permitting;
      some.for_each([&, id = id](purpose_id one) {
        if (*in.why_not_kept(id, fields[n], one) == decision_code::none) permitting.add(one);
      });
      customer record;
      REQUIRE(value_of(record, n));
      const auto updated = in.update(id, record.fields(), some);
      CHECK(updated.has_value() == !permitting.empty());
      if (updated) known[n] |= permitting;
    }
    if (undone) {
      in.rollback();
      known = before;
    }
    if (below(10) == 0) {
      auto again = book::open(s.store, s.cell, {.clock = {test_clock}});
      REQUIRE(again);
      s.opened = std::move(*again);
      in = s.begin();
    }
    for (const auto& [whose, wanted] : people) {
      for (std::size_t k = 0; k < fields.size(); ++k) {
        CHECK(purposes_of(in, whose, fields[k]) == wanted[k]);
      }
    }
  }
  CHECK(in.verify()->problems == 0);
}
