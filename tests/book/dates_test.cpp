// A clock that is set back dates nothing before what the book has seen, and no term is reckoned
// from it: what a law keeps is not over at once, and who was erased does not come back for it.
#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::int64_t day = 86400;

struct shop_set_back : shop {
  session in = begin();
  customer_id ann = keep(in, ken("L-1"));
  customer_id bea = keep(in, ken("L-2"));
  date seen{0, 0, 0};

  // The book has seen today's date; then somebody sets the clock back by seven years.
  shop_set_back() {
    const purpose_set both{purpose::customer_order_management, purpose::tax_record_keeping};
    const std::array line{purchase_line{.sku = "1", .quantity = 1}};
    REQUIRE(
        in.append_purchase(ann, {.at = clock_hand(), .order = "7", .currency = "EUR"}, line, both));
    REQUIRE(in.record(bea, withdrawal()));
    seen = date_of(clock_hand());
    clock_hand() = timestamp{clock_hand().seconds - 7 * 365 * day};
  }
  void right_again() { clock_hand() = timestamp{1'800'000'000 + day}; }
};

}  // namespace

TEST_CASE("dates: an erasure under a clock set back is of the newest day that the book has seen") {
  shop_set_back s;
  const auto done = s.in.erase(s.ann, erasure_reason::other);
  REQUIRE(done);
  CHECK(date_of(done->receipt.at) == s.seen);
  CHECK(done->receipt.remembered_until.year == s.seen.year + 2);
  const auto known = s.in.remembered(ken("L-1").fields());
  REQUIRE(known);
  REQUIRE_FALSE(known->empty());
  for (const auto& one : *known) CHECK(one.on == s.seen);
  // With the right time back nobody is brought back unasked.
  s.right_again();
  CHECK_FALSE(s.begin().remembered(ken("L-1").fields())->empty());
}

TEST_CASE("dates: what is kept apart lasts from the newest day that the book has seen") {
  shop_set_back s;
  const auto done = s.in.erase(s.ann, erasure_reason::other,
                               {.law_kept = law_kept_records::apart, .law_kept_years = 2});
  REQUIRE(done);
  REQUIRE_FALSE(done->receipt.retained.empty());
  for (const retained_name& one : done->receipt.retained) CHECK(one.until.year >= s.seen.year + 2);
  s.right_again();
  session in = s.begin();
  REQUIRE(in.run_retention({}));
  CHECK(in.retained()->size() == done->receipt.retained.size());
}

TEST_CASE("dates: entries, cases and holds are not of a day before the newest one") {
  shop_set_back s;
  const std::int64_t newest = 1'800'000'000;
  open_case(s.in, {s.ann});
  REQUIRE(s.in.record(s.ann, withdrawal()));
  const auto number = s.in.place_hold(s.ann, {.reason = "claim"});
  REQUIRE(number);
  const auto told = s.in.ledger(s.ann);
  REQUIRE(told);
  REQUIRE_FALSE(told->empty());
  for (const ledger_record& one : *told) {
    CAPTURE(one.index);
    CHECK(one.at.seconds >= newest);
  }
  const auto cases = s.in.cases();
  REQUIRE(cases);
  REQUIRE(cases->size() == 1);
  CHECK(cases->front().opened_at.seconds >= newest);
  CHECK(cases->front().until.seconds > newest);
  const auto holds = s.in.holds();
  REQUIRE(holds);
  CHECK(holds->front().hold.placed_at.seconds >= newest);
}
