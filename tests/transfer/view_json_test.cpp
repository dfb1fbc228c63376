#include <clientbook/transfer/view_json.hpp>

#include <string>

#include "shop.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

std::string json_of(session& in, const view& seen, const decision_request& as) {
  const auto reasons = reasons_of(in, seen, as);
  REQUIRE(reasons);
  const auto out = view_to_json(seen, in.fields(), *reasons);
  REQUIRE(out);
  return std::string(*out);
}

std::string hex_of(const customer_id& id) {
  std::string out(32, '0');
  write_hex(id.bytes, out.data());
  return out;
}

}  // namespace

TEST_CASE("view json: a value, or why there is none") {
  shop book;
  session in = book.begin();
  const customer_id id = keep(in, ken());
  const field_set asked = only(field::name) | only(field::birth_date) | only(field::likes);
  const auto seen = in.read(id, purpose::customer_order_management, asked);
  REQUIRE(seen);
  CHECK(json_of(in, *seen, in.request(purpose::customer_order_management)) ==
        R"({"customer":")" + hex_of(id) +
            R"(","fields":{"name":{"state":"shown","value":{"given":"Ken","family":"Sánchez"}},)"
            R"("birth_date":{"state":"withheld","why":"NO_BASIS"},)"
            R"("likes":{"state":"withheld","why":"NO_BASIS"}}})");
}

TEST_CASE("view json: each reason is the one that explain gives") {
  shop book;
  session in = book.begin();
  add_notice(in);
  const directive yes = grant_of(in, {recipient::self});
  const customer_id id = keep(in, ken(), std::span(&yes, 1));
  clock_hand().seconds += 60;
  const auto agrees = [&](purpose_id purpose) {
    const decision_request as = in.request(purpose);
    const auto seen = in.preview(id, as);
    REQUIRE(seen);
    const auto reasons = reasons_of(in, *seen, as);
    REQUIRE(reasons);
    for (std::size_t i = 0; i < in.fields().size(); ++i) {
      const field_id field = in.fields().at(i).number;
      CAPTURE(static_cast<int>(field.value));
      const auto why = in.explain(id, as, field);
      REQUIRE(why);
      CHECK((*reasons)[field.value] == why->code);
    }
  };
  for (const purpose_id purpose : {purpose::email_marketing, purpose::customer_order_management,
                                   purpose::personalised_advertising, purpose_id(191)}) {
    agrees(purpose);
  }
  directive objection = withdrawal();
  objection.kind = directive_kind::object;
  REQUIRE(in.record(id, objection));
  agrees(purpose::email_marketing);
  directive restriction = withdrawal();
  restriction.kind = directive_kind::restrict;
  REQUIRE(in.record(id, restriction));
  agrees(purpose::email_marketing);
}

TEST_CASE("view json: redacted forms are shown as what they are") {
  // A coarser birth date is a text or a number where a date was.
  const std::byte text[] = {std::byte{0x63}, std::byte{'*'}, std::byte{'*'}, std::byte{'1'}};
  const auto masked = shown_to_json(field_type::date, text);
  REQUIRE(masked);
  CHECK(std::string(*masked) == R"("**1")");
  const std::byte year[] = {std::byte{0x19}, std::byte{0x07}, std::byte{0xc0}};
  const auto coarse = shown_to_json(field_type::date, year);
  REQUIRE(coarse);
  CHECK(std::string(*coarse) == "1984");
  const std::byte list[] = {std::byte{0x82}, std::byte{0x61}, std::byte{'x'}, std::byte{0xf6}};
  const auto both = shown_to_json(field_type::email, list);
  REQUIRE(both);
  CHECK(std::string(*both) == R"(["x",null])");
  CHECK_FALSE(shown_to_json(field_type::date, std::span(text).first(2)));
}

TEST_CASE("view json: items") {
  shop book;
  session in = book.begin();
  const customer_id id = keep(in, ken());
  const purchase receipt{.day = date{2025, 1, 2}, .order = "S-1"};
  const purchase_line line{.sku = "A"};
  REQUIRE(in.append_purchase(id, receipt, std::span(&line, 1), purpose::customer_order_management));
  const auto bought = in.purchases(id, purpose::customer_order_management);
  REQUIRE(bought);
  const auto json = items_to_json(*bought, field_type::purchase);
  REQUIRE(json);
  CHECK(std::string(*json) == R"({"state":"shown","value":[{"day":"2025-01-02","order":"S-1",)"
                              R"("lines":[{"sku":"A"}]}]})");
  const auto hidden = in.notes(id, purpose::email_marketing);
  REQUIRE(hidden);
  const auto none = items_to_json(*hidden, field_type::note);
  REQUIRE(none);
  CHECK(std::string(*none) == R"({"state":"withheld"})");
}
