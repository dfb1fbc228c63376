// A shop with customers, a recovery key and a mirror, and what its restored book is compared by.
#ifndef CLIENTBOOK_TESTS_BOOK_WORKING_DAY_HPP
#define CLIENTBOOK_TESTS_BOOK_WORKING_DAY_HPP

#include <string>
#include <vector>

#include "recovery_places.hpp"

namespace clientbook::testing {

inline constexpr auto why = purpose::customer_order_management;

inline errc code_of(const auto& answer) { return answer ? errc::none : answer.error().code; }

/// Customers as a working day leaves them: purchases, disclosures, looks, a withdrawal.
struct working_day {
  safe_shop shop;
  session in = shop.begin();
  std::vector<customer_id> ids;

  explicit working_day(std::size_t count = 6, std::optional<crypto::suite> suite = std::nullopt)
      : shop(suite) {
    REQUIRE(in.add_notice(notice_for(in)));
    const directive yes = grant_of(in, {recipient::self});
    for (std::size_t i = 0; i < count; ++i) add("L-" + std::to_string(i), yes);
    open_case(in, {ids[0], ids[1]});
    REQUIRE(in.disclose(
        ids[0], {.purpose = purpose::rights_fulfilment, .recipient = recipient::data_subject}));
    REQUIRE(in.disclose(
        ids[1], {.purpose = purpose::rights_fulfilment, .recipient = recipient::data_subject}));
    REQUIRE(in.disclose(
        ids[0], {.purpose = purpose::rights_fulfilment, .recipient = recipient::data_subject}));
    REQUIRE(in.record(ids[2], withdrawal()));
  }

  void add(const std::string& loyalty, const directive& yes) {
    const customer_id id = keep(in, ken(loyalty), std::span(&yes, 1));
    const std::array lines{purchase_line{.sku = "776", .description = "Ring", .quantity = 1}};
    const purchase receipt{.at = timestamp{1'700'000'000}, .order = "43659", .currency = "EUR"};
    REQUIRE(in.append_purchase(id, receipt, lines, why));
    REQUIRE(in.read(id, why));
    ids.push_back(id);
  }
  void add(const std::string& loyalty) { add(loyalty, grant_of(in, {recipient::self})); }
  erasure_receipt erase(const customer_id& id) {
    open_case(in, {id});
    const auto done = in.erase(id, erasure_reason::subject_request);
    REQUIRE(done);
    return done->receipt;
  }
  mirror_place mirror() { return *shop.places->open("/mirror"); }
  mirror_place mirror_in_any_case() {
    shop.places->away = false;
    return mirror();
  }
  std::span<const crypto::share> three() const { return std::span(shop.shares).first(3); }
};

inline void whole(session& in, std::uint64_t customers) {
  const auto verified = in.verify();
  REQUIRE(verified);
  CHECK(verified->problems == 0);
  CHECK(static_cast<unsigned>(verified->first) == 0);
  CHECK(verified->customers == customers);
  CHECK(in.figures()->customers == customers);
}

/// Reads as the original does: fields, purchases, consents, ledger, external id.
inline void same_customer(session& before, session& after, const customer_id& id,
                          const std::string& loyalty) {
  const auto was = before.read(id, why);
  const auto is = after.read(id, why);
  REQUIRE(was);
  REQUIRE(is);
  REQUIRE(was->record().fields().size() == is->record().fields().size());
  for (std::size_t i = 0; i < was->record().fields().size(); ++i) {
    CHECK(same_bytes(was->record().fields()[i].value, is->record().fields()[i].value));
  }
  CHECK(before.purchases(id, why)->size() == after.purchases(id, why)->size());
  CHECK(shows(before.read(id, purpose::email_marketing), field::emails) ==
        shows(after.read(id, purpose::email_marketing), field::emails));
  CHECK(before.ledger(id)->size() == after.ledger(id)->size());
  CHECK(after.find("loyalty", loyalty).value() == id);
}

}  // namespace clientbook::testing

#endif
