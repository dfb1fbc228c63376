// Passing on many at once: who has an entry, and what is said when it did not get out.
#include <array>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

struct export_shop {
  shop s;
  session in = s.begin();
  recipient_id carrier = add_party(in, "parcel-co", recipient::parcel_service);
  customer_id ken_id = keep(in, ken());
  customer_id other = keep(in, ken("L-2"));

  result<std::vector<exported>> run(field_set fields = {}) {
    const std::array ids{ken_id, other};
    return in.disclose_many(
        ids, {.purpose = purpose::delivery_of_goods, .recipient = carrier, .fields = fields});
  }
};

}  // namespace

TEST_CASE("export: each customer has an entry of their own before anything comes out") {
  export_shop shop;
  const auto out = shop.run(only(field::name) | only(field::addresses) | only(field::likes));
  REQUIRE(out);
  REQUIRE(out->size() == 2);
  for (const exported& one : *out) {
    CHECK(one.permitted);
    CHECK(one.content.record().has(field::addresses));
    CHECK_FALSE(one.content.record().has(field::emails));
    CHECK_FALSE(one.content.record().has(field::likes));
  }
  session later = shop.s.begin();
  const auto told = later.ledger(shop.ken_id);
  REQUIRE(told);
  REQUIRE(told->size() == 1);
  CHECK(told->front().event == ledger_event::data_export);
  CHECK(told->front().recipient == "parcel-co");
  CHECK(told->front().fields == (only(field::name) | only(field::addresses)));
  CHECK(told->front().index == out->front().ledger_index);
  CHECK(later.verify()->problems == 0);
}

TEST_CASE("export: of whom nothing may leave there is no entry and nothing comes out") {
  export_shop shop;
  directive no = withdrawal();
  no.kind = directive_kind::restrict;
  no.scope.purposes = {purpose::delivery_of_goods};
  REQUIRE(shop.in.record(shop.other, no));
  const std::size_t before = shop.in.ledger(shop.other)->size();
  const auto out = shop.run();
  REQUIRE(out);
  CHECK(out->front().permitted);
  CHECK_FALSE(out->back().permitted);
  CHECK(out->back().content.record().fields().empty());
  CHECK(shop.in.ledger(shop.other)->size() == before);
}

TEST_CASE("export: purchases leave where they may, and the ledger says up to which") {
  export_shop shop;
  const auto accountant = add_party(shop.in, "ledger-co", recipient::processor);
  for (const char* order : {"A", "B"}) {
    const purchase receipt{
        .day = date{2026, 3, 1}, .order = order, .currency = "EUR", .total = 990};
    REQUIRE(shop.in.append_purchase(shop.ken_id, receipt, {}, purpose::customer_order_management));
  }
  const std::array ids{shop.ken_id};
  const auto out = shop.in.disclose_many(
      ids, {.purpose = purpose::customer_order_management, .recipient = accountant});
  REQUIRE(out);
  REQUIRE(out->front().purchases.items().size() == 2);
  CHECK(decode_purchase(out->front().purchases.items().back().value)->receipt.order == "B");
  CHECK(shop.in.ledger(shop.ken_id)->back().fields.has(field::purchases));
}

TEST_CASE("export: what did not get out is said, once, and of nothing else") {
  export_shop shop;
  const auto out = shop.run(only(field::addresses));
  REQUIRE(out);
  const customer_entry mine{shop.ken_id, out->front().ledger_index};
  REQUIRE(shop.in.not_delivered(std::span(&mine, 1)));
  const auto told = shop.in.ledger(shop.ken_id);
  REQUIRE(told);
  REQUIRE(told->size() == 2);
  CHECK(told->back().event == ledger_event::not_delivered);
  CHECK(told->back().about == out->front().ledger_index);
  CHECK(told->back().fields == only(field::addresses));
  CHECK(told->back().recipient == "parcel-co");
  CHECK(shop.in.ledger(shop.other)->size() == 1);
  const auto code = [&](const customer_entry& one) {
    return shop.in.not_delivered(std::span(&one, 1)).error().code;
  };
  CHECK(code(mine) == errc::invalid_argument);
  CHECK(code({shop.other, out->front().ledger_index}) == errc::not_found);
  CHECK(code({shop.ken_id, told->back().index}) == errc::invalid_argument);
  // All of them or none.
  const std::array some{customer_entry{shop.other, out->back().ledger_index}, mine};
  CHECK_FALSE(shop.in.not_delivered(some));
  CHECK(shop.in.ledger(shop.other)->size() == 1);
  CHECK(shop.in.verify()->problems == 0);
}

TEST_CASE("export: only to a party of the registry, as a call of its own, by who may disclose") {
  export_shop shop;
  const std::array ids{shop.ken_id};
  const disclosure_request to_data_subject{.purpose = purpose::delivery_of_goods,
                                           .recipient = recipient::data_subject};
  CHECK(shop.in.disclose_many(ids, to_data_subject).error().code == errc::not_found);
  const std::vector<customer_id> many(1001, shop.ken_id);
  const disclosure_request good{.purpose = purpose::delivery_of_goods, .recipient = shop.carrier};
  CHECK(shop.in.disclose_many(many, good).error().code == errc::limit_exceeded);
  session associate = shop.s.begin(actor_role::associate);
  CHECK(associate.disclose_many(ids, good).error().code == errc::role_denied);
  // A till passes on one at a time.
  session till = shop.s.begin(actor_role::service);
  CHECK(till.disclose_many(ids, good));
  const std::array both{shop.ken_id, shop.other};
  CHECK(till.disclose_many(both, good).error().code == errc::role_denied);
  REQUIRE(shop.in.begin());
  CHECK(shop.in.disclose_many(ids, good).error().code == errc::invalid_state);
  CHECK(shop.in.not_delivered({}).error().code == errc::invalid_state);
  shop.in.rollback();
}
