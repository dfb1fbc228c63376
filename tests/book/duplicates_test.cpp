// Who may be in the book twice: what is told of whom, what is remembered, and one order once.
#include <clientbook/book/duplicates.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto order = purpose::customer_order_management;
constexpr auto care = purpose::client_care;

struct person {
  const char* given = "";
  const char* family = "";
  const char* email = "";
  const char* phone = "";
  const char* postcode = "";
  date born{0, 0, 0};
};

customer record_of(const person& who) {
  customer out;
  REQUIRE(out.set(field::name, person_name{.given = who.given, .family = who.family}));
  if (*who.email != 0) {
    REQUIRE(out.set(field::emails, std::array{email_address{.address = who.email}}));
  }
  if (*who.phone != 0) {
    REQUIRE(out.set(field::phones, std::array{phone_number{.number = who.phone}}));
  }
  if (*who.postcode != 0) {
    REQUIRE(out.set(
        field::addresses,
        std::array{postal_address{.line1 = "1 Road", .city = "X", .postal_code = who.postcode}}));
  }
  if (who.born.month != 0) REQUIRE(out.set(field::birth_date, who.born));
  return out;
}

// An owner's shop; what is put may be kept, and be asked for under `purpose`.
struct filled {
  shop s;
  session in = s.begin();
  std::vector<customer_id> ids;

  // Everybody agrees to client care; an order needs no consent.
  filled() {
    privacy_notice shown = notice_for(in);
    shown.announced.purposes = {care};
    shown.announced.categories = all_categories();
    shown.announced.operations = all_operations;
    REQUIRE(in.add_notice(shown));
  }
  customer_id add(const person& who) {
    const directive yes = grant_of(in, {recipient::self});
    const auto id =
        in.put(record_of(who), {.purposes = {order, care}, .directives = std::span(&yes, 1)});
    REQUIRE(id);
    ids.push_back(*id);
    return *id;
  }
  std::size_t place(const customer_id& id) const {
    return static_cast<std::size_t>(std::find(ids.begin(), ids.end(), id) - ids.begin());
  }
  using found = std::vector<std::pair<std::size_t, std::size_t>>;
  found pairs(purpose_id why = order, const duplicate_search& how = {},
              duplicates_found* told = nullptr) {
    found out;
    const auto done = in.duplicates(
        why,
        [&](const duplicate_pair& one) {
          out.emplace_back(place(one.first), place(one.second));
          return true;
        },
        how);
    REQUIRE(done);
    CHECK(done->pairs == out.size());
    if (told != nullptr) *told = *done;
    return out;
  }
  std::vector<duplicate_pair> of(std::size_t which, purpose_id why = order) {
    auto out = in.duplicates_of(ids[which], why);
    REQUIRE(out);
    return std::move(*out);
  }
};

using found = filled::found;

}  // namespace

TEST_CASE("duplicates: the same e-mail or phone, written in any way, and which one it is") {
  filled f;
  f.add({"Ken", "Sánchez", "ken@example.com", "+1 202 555 0142"});
  f.add({"Kenneth", "Sanches", "KEN@example.com", "+49 30 1234567"});
  f.add({"Lou", "Young", "lou@example.com", "030 1234567"});
  f.add({"Ann", "Other", "ann@example.com", "+49 89 1234567"});  // The same end, another place.
  CHECK(f.pairs() == found{{0, 1}, {1, 2}});
  const auto one = f.of(1);
  REQUIRE(one.size() == 2);
  CHECK(one[0].points == std::vector<shared_point>{{field::emails, 1, 1}});
  CHECK(one[1].points == std::vector<shared_point>{{field::phones, 1, 1}});
  CHECK(one[1].names == 0);
  CHECK(f.of(3).empty());
}

TEST_CASE("duplicates: names alike by 0.8 count with a postcode or a birth date, else not") {
  filled f;
  const date born{1980, 5, 6};
  f.add({"Ken", "Sánchez", "", "", "98006", born});
  f.add({"Sanchez", "Ken", "", "", "98006"});           // order and accents
  f.add({"Ken", "Sanches", "", "", "", born});          // one letter of ten: 0.9
  f.add({"Ken", "Sánchez", "", "", "10115"});           // elsewhere, and no birth date
  f.add({"Kan", "Sánchez", "", "", "98006"});           // one letter of three
  f.add({"Kenny", "Sánchez", "", "", "98 006", born});  // two of five: another given name
  CHECK(f.pairs(care) == found{{0, 1}, {0, 2}, {0, 4}, {1, 4}});
  const auto all = f.of(0, care);
  REQUIRE(all.size() == 3);
  CHECK(all[0].names == 100);
  CHECK((all[0].same_postcode && !all[0].same_birth_date));
  CHECK(all[1].names == 90);
  CHECK((!all[1].same_postcode && all[1].same_birth_date));
}

TEST_CASE("duplicates: a letter of a short name, an initial") {
  filled f;
  const date born{1980, 5, 6};
  f.add({"John", "Smith", "", "", "", born});
  f.add({"Jon", "Smith", "", "", "", born});
  f.add({"J.", "Smith", "", "", "", born});
  f.add({"Jane", "Smith", "", "", "", born});  // two letters of four
  f.add({"Hon", "Smith", "", "", "", born});   // another first letter
  CHECK(f.pairs(care) == found{{0, 1}, {0, 2}, {1, 2}, {2, 3}});
  CHECK(f.of(1, care)[0].names == 88);
}

TEST_CASE("duplicates: people of one household are other people, twins too") {
  filled f;
  const date born{1994, 2, 28};
  f.add({"Anna", "Müller", "", "", "10115", born});
  f.add({"Hanna", "Müller", "", "", "10115", born});  // her twin
  f.add({"Peter", "Müller", "", "", "10115"});
  f.add({"Petra", "Müller", "", "", "10115"});
  f.add({"", "Müller", "", "", "10115"});                    // the household
  f.add({"Anna", "Müller", "", "", "10115", {1965, 7, 1}});  // her mother, of one name
  f.add({"Anna Maria", "Schulz", "", "", "10115"});
  f.add({"Maria", "Schulz", "", "", "10115"});
  CHECK(f.pairs(care).empty());
  f.add({"Anna", "Mueller", "", "", "10115"});  // one letter of seven
  CHECK(f.pairs(care) == found{{0, 8}, {5, 8}});
}

TEST_CASE("duplicates: a field counts where the purpose may query it of both, and nowhere else") {
  filled f;
  f.add({"Ken", "Sánchez", "ken@example.com"});
  f.add({"Lou", "Young", "ken@example.com"});
  CHECK(f.pairs().size() == 1);
  // Nobody has agreed to marketing by e-mail.
  CHECK(f.pairs(purpose::email_marketing).empty());
  directive no = withdrawal();
  no.kind = directive_kind::restrict;
  no.scope.purposes = all_purposes();
  REQUIRE(f.in.record(f.ids[1], no));
  CHECK(f.pairs().empty());
  CHECK(f.of(0).empty());
}

TEST_CASE("duplicates: small rooms take more passes and find the same") {
  filled f;
  std::mt19937 random(20261130);  // Fixed seed: a failure repeats.
  std::uniform_int_distribution<int> some(0, 9);
  static constexpr const char* given[] = {"Anna",   "Berta", "Carla", "Doris", "Elena",
                                          "Frieda", "Gerda", "Hella", "Ines",  "Jutta"};
  for (int i = 0; i < 60; ++i) {
    const std::string email =
        std::to_string(some(random)) + std::to_string(some(random) / 3) + "@example.com";
    const std::string code = "1011" + std::to_string(some(random) / 4);
    f.add({given[some(random)], "Schmidt", email.c_str(), "", code.c_str()});
  }
  duplicates_found told;
  const auto whole = f.pairs(order, {}, &told);
  CHECK(whole.size() > 50);
  CHECK(f.pairs(order, {.memory = 256}) == whole);
  // Of some: those pairs that one of them is in.
  const std::vector<customer_id> few{f.ids[3], f.ids[40]};
  found theirs;
  for (const auto& one : whole) {
    const bool named = one.first == 3 || one.second == 3 || one.first == 40 || one.second == 40;
    if (named) theirs.push_back(one);
  }
  CHECK(f.pairs(order, {.of = few}) == theirs);
}

TEST_CASE("duplicates: what very many share tells nobody apart, and is counted") {
  filled f;
  for (std::size_t i = 0; i <= max_sharing; ++i) {
    const std::string family = "F" + std::string(i + 1, 'x');
    f.add({"Ken", family.c_str(), "shop@example.com"});
  }
  duplicates_found told;
  CHECK(f.pairs(order, {}, &told).empty());
  CHECK(told.crowded == 1);
  REQUIRE(f.in.erase(f.ids.front(), erasure_reason::other, {.remembered_months = 0}));
  CHECK(f.pairs(order, {}, &told).size() == max_sharing * (max_sharing - 1) / 2);
  CHECK(told.crowded == 0);
}

TEST_CASE("duplicates: two people are remembered, and it goes with either") {
  filled f;
  f.add({"Ken", "Sánchez", "ken@example.com"});
  f.add({"Lou", "Young", "ken@example.com"});
  const customer_id third = f.add({"Ann", "Other", "ken@example.com"});
  CHECK(f.pairs().size() == 3);
  CHECK(f.in.forget_not_same(f.ids[0], f.ids[1]).error().code == errc::not_found);
  REQUIRE(f.in.note_not_same(f.ids[1], f.ids[0]));  // in either order
  CHECK(f.in.note_not_same(f.ids[0], f.ids[1]).error().code == errc::already_exists);
  CHECK(f.in.note_not_same(f.ids[0], f.ids[0]).error().code == errc::invalid_argument);
  CHECK(f.in.note_not_same(f.ids[0], customer_id{}).error().code == errc::not_found);
  duplicates_found told;
  CHECK(f.pairs(order, {}, &told) == found{{0, 2}, {1, 2}});
  CHECK(told.not_same == 1);
  SUBCASE("until it is taken back") {
    REQUIRE(f.in.forget_not_same(f.ids[1], f.ids[0]));
    CHECK(f.pairs().size() == 3);
  }
  SUBCASE("with either") {
    REQUIRE(f.in.note_not_same(f.ids[1], third));
    REQUIRE(f.in.erase(third, erasure_reason::other, {.remembered_months = 0}));
    CHECK(f.in.forget_not_same(f.ids[1], third).error().code == errc::key_erased);
    CHECK(f.pairs().empty());
  }
  const auto checked = f.in.verify();
  REQUIRE(checked);
  CHECK(checked->problems == 0);
}

TEST_CASE(
    "duplicates: who asks for all may merge, who asks of one may search, and each is counted") {
  filled f;
  f.add({"Ken", "Sánchez", "ken@example.com"});
  f.add({"Lou", "Young", "ken@example.com"});
  const auto all = [](session& in) {
    return in.duplicates(order, [](const duplicate_pair&) { return true; });
  };
  {
    session associate = f.s.begin(actor_role::associate);
    CHECK(all(associate).error().code == errc::role_denied);
    CHECK(associate.note_not_same(f.ids[0], f.ids[1]).error().code == errc::role_denied);
    const auto before = associate.left();
    const auto told = associate.duplicates_of(f.ids[0], order);
    REQUIRE(told);
    CHECK(told->size() == 1);
    const auto after = associate.left();
    CHECK(after->customers_this_hour == before->customers_this_hour - 2);
    CHECK(after->look_ups_this_hour == before->look_ups_this_hour - 1);
  }
  session auditor = f.s.begin(actor_role::auditor);
  CHECK(auditor.duplicates_of(f.ids[0], order).error().code == errc::role_denied);
  session manager = f.s.begin(actor_role::manager);
  CHECK(all(manager)->pairs == 1);
  const auto seen = f.in.who_looked(f.ids[1]);
  REQUIRE(seen);
  const auto finds = std::count_if(seen->begin(), seen->end(), [](const look& one) {
    return one.times[static_cast<std::size_t>(look_kind::find)] != 0;
  });
  CHECK(finds >= 1);
  REQUIRE(f.in.begin());
  CHECK(f.in.duplicates_of(f.ids[0], order).error().code == errc::invalid_state);
  f.in.rollback();
}

TEST_CASE("duplicates: of a customer whom the actor does not reach nothing is told") {
  filled f;
  f.add({"Ken", "Sánchez", "ken@example.com"});
  f.add({"Lou", "Young", "ken@example.com"});
  const actor_id other(9);
  REQUIRE(f.in.set_stores(actor_id(8), std::array{store_id(1)}));
  REQUIRE(f.in.set_stores(other, std::array{store_id(2)}));
  REQUIRE(f.in.assign(std::span(&f.ids[0], 1), {.store = store_id(1), .primary = actor_id(8)}));
  REQUIRE(f.in.assign(std::span(&f.ids[1], 1), {.store = store_id(2), .primary = other}));
  REQUIRE(f.in.use_portfolios(portfolio_use::in_force));
  auto began = f.s.opened->begin_session({.id = actor_id(8), .role = actor_role::associate});
  REQUIRE(began);
  const auto told = began->duplicates_of(f.ids[0], order);
  REQUIRE(told);
  CHECK(told->empty());
  CHECK(began->duplicates_of(f.ids[1], order).error().code == errc::not_in_portfolio);
  auto manager = f.s.opened->begin_session({.id = actor_id(8), .role = actor_role::manager});
  REQUIRE(manager);
  CHECK(manager->duplicates(order, [](const duplicate_pair&) { return true; })->pairs == 0);
  CHECK(manager->note_not_same(f.ids[0], f.ids[1]).error().code == errc::not_in_portfolio);
}

TEST_CASE("duplicates: nobody is said to have been listed by who does not reach them") {
  filled f;
  f.add({"Ken", "Sánchez", "ken@example.com"});
  f.add({"Lou", "Young", "ken@example.com"});
  const actor_id own(8);
  REQUIRE(f.in.set_stores(own, std::array{store_id(1)}));
  REQUIRE(f.in.assign(std::span(&f.ids[0], 1), {.store = store_id(1)}));
  REQUIRE(f.in.assign(std::span(&f.ids[1], 1), {.store = store_id(2)}));
  REQUIRE(f.in.use_portfolios(portfolio_use::in_force));
  {
    auto manager = f.s.opened->begin_session({.id = own, .role = actor_role::manager});
    REQUIRE(manager);
    REQUIRE(manager->duplicates(order, [](const duplicate_pair&) { return true; }));
  }
  const auto listed = [&](const customer_id& whose) {
    const auto all = f.in.who_looked(whose);
    REQUIRE(all);
    return std::ranges::any_of(*all, [&](const look& one) {
      return one.actor == own && one.times[static_cast<std::size_t>(look_kind::list)] != 0;
    });
  };
  CHECK(listed(f.ids[0]));
  CHECK_FALSE(listed(f.ids[1]));
}

TEST_CASE("duplicates: one number and one address in two spellings, a family name alone") {
  filled f;
  f.add({"Ken", "Sanchez",
         "a@b\xC3\xBC"
         "cher.example",
         "+12025550142"});
  f.add({"Lou", "Young", "A@xn--bcher-kva.example"});
  f.add({"Ann", "Other", "", "2025550142"});
  f.add({"Bo", "Third", "", "+491703920098"});
  f.add({"Cy", "Fourth", "", "1703920098"});
  f.add({"Di", "Fifth", "", "011491703920098"});
  f.add({"Ed", "Sixth", "", "+33 6 70392009"});
  f.add({"", "Vogel", "", "", "98006"});
  f.add({"", "Vogel", "", "", "98006"});
  CHECK(f.pairs() == found{{0, 1}, {0, 2}, {3, 4}, {4, 5}});
}

TEST_CASE("orders: the same order of the same store is one purchase, however often it comes") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  const purchase first{.at = clock_hand(), .order = "43659", .store = "S1", .currency = "USD"};
  CHECK(*in.append_purchase(id, first, {}, order) == 1);
  const auto again = in.append_purchase(id, first, {}, order);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == errc::already_exists);
  CHECK(again.error().at == 1);
  purchase other = first;
  other.store = "S2";
  CHECK(*in.append_purchase(id, other, {}, order) == 2);
  other.order = "";
  CHECK(*in.append_purchase(id, other, {}, order) == 3);  // Nobody knows which order it is.
  CHECK(*in.append_purchase(id, other, {}, order) == 4);
  const customer_id someone = keep(in, ken("L-2"));
  CHECK(*in.append_purchase(someone, first, {}, order) == 1);
  // What is rolled back is not there, and what another session has added is.
  REQUIRE(in.begin());
  other.order = "9";
  CHECK(*in.append_purchase(id, other, {}, order) == 5);
  in.rollback();
  session next = s.begin();
  CHECK(*next.append_purchase(id, other, {}, order) == 5);
  CHECK(in.append_purchase(id, other, {}, order).error().at == 5);
}
