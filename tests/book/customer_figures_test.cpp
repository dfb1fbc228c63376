// What receipts add up to, for whom they are shown to.
#include <clientbook/book/customer_figures.hpp>

#include <limits>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto order = purpose::customer_order_management;

void buy(session& in, const customer_id& id, const purchase& receipt,
         std::initializer_list<purchase_line> lines = {}) {
  const std::vector<purchase_line> all(lines);
  REQUIRE(in.append_purchase(id, receipt, all, order));
}

result<customer_figures> figures(session& in, const customer_id& id, purpose_id why = order) {
  const auto seen = in.purchases(id, why);
  REQUIRE(seen);
  return figures_of(*seen);
}

}  // namespace

TEST_CASE("customer figures: visits, receipts, spend by currency and what came back") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  buy(in, id, {.day = date{2026, 5, 4}, .channel = "store", .currency = "EUR", .total = 12900});
  // Written down later, and of an earlier day.
  buy(in, id, {.day = date{2025, 3, 1}, .currency = "EUR"},
      {{.sku = "S-1", .quantity = 2, .unit_price = 4900},
       {.sku = "S-2", .quantity = -1, .unit_price = 4900},
       {.sku = "S-3", .unit_price = 100},
       {.sku = "S-4", .quantity = -3}});
  buy(in, id, {.day = date{2026, 9, 9}, .channel = "web", .currency = "CHF", .total = 5000});
  buy(in, id, {.day = date{2024, 1, 1}}, {{.sku = "S-5"}});
  const auto all = figures(in, id);
  REQUIRE(all);
  CHECK(all->purchases == 4);
  CHECK(*all->first_purchase == date{2024, 1, 1});
  CHECK(*all->last_purchase == date{2026, 9, 9});
  CHECK(*all->last_visit == date{2026, 5, 4});
  CHECK(all->returned_pieces == 4);
  CHECK(all->without_amount == 1);
  REQUIRE(all->spend.size() == 2);
  CHECK(all->spend[0].currency == "CHF");
  CHECK(all->spend[0].spent == 5000);
  CHECK(all->spend[1].currency == "EUR");
  CHECK(all->spend[1].spent == 12900 + 4900 + 100);
  CHECK(all->spend[1].returned == 4900);
}

TEST_CASE("customer figures: a piece that came back is a return, whatever the sign of its price") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  buy(in, id, {.day = date{2026, 5, 4}, .currency = "EUR"},
      {{.sku = "S-1", .quantity = 2, .unit_price = 100}});
  buy(in, id, {.day = date{2026, 5, 5}, .currency = "EUR"},
      {{.sku = "S-1", .quantity = -1, .unit_price = -100}});
  const auto all = figures(in, id);
  REQUIRE(all);
  REQUIRE(all->spend.size() == 1);
  CHECK(all->spend[0].spent == 100);
  CHECK(all->spend[0].returned == 100);
  CHECK(all->returned_pieces == 1);
}

TEST_CASE("customer figures: they stand on the consent of the purchases, and end with it") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  const auto none = figures(in, id);
  REQUIRE(none);
  CHECK(none->purchases == 0);
  CHECK_FALSE(none->last_visit);
  buy(in, id, {.day = date{2026, 5, 4}, .currency = "EUR", .total = 12900});
  CHECK(figures(in, id));
  const auto marketing = figures(in, id, purpose::email_marketing);
  CHECK(marketing.error().code == errc::denied);
  CHECK(marketing.error().at == field::purchases.value);
}

TEST_CASE("customer figures: a sum that does not fit is an error, and no figure") {
  shop s;
  session in = s.begin();
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const date day{2026, 5, 4};
  const customer_id ada = keep(in, ken("L-1"));
  buy(in, ada, {.day = day, .currency = "EUR", .total = most});
  CHECK(figures(in, ada));
  buy(in, ada, {.day = day, .currency = "EUR", .total = 1});
  CHECK(figures(in, ada).error().code == errc::limit_exceeded);
  const customer_id bo = keep(in, ken("L-2"));
  buy(in, bo, {.day = day, .currency = "EUR"}, {{.sku = "S-1", .quantity = most, .unit_price = 2}});
  CHECK(figures(in, bo).error().code == errc::limit_exceeded);
}
