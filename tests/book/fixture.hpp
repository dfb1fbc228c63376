// A book in memory, with a clock that tests set and a root cell that they can look into.
#ifndef CLIENTBOOK_TESTS_BOOK_FIXTURE_HPP
#define CLIENTBOOK_TESTS_BOOK_FIXTURE_HPP

#include <clientbook/adapters/memory_backend.hpp>
#include <clientbook/book/book.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/terms.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "testing.hpp"

namespace clientbook::testing {

/// A root cell in memory. Fails where it is told to.
class memory_cell final : public root_cell {
 public:
  std::optional<root_key> current, staged;
  bool fail_stage = false, fail_promote = false;

  result<content> load() noexcept override {
    content out;
    if (current) out.current = copy(*current);
    if (staged) out.staged = copy(*staged);
    return out;
  }
  result<void> stage(const root_key& next) noexcept override {
    if (fail_stage) return error{errc::io_error, "told to fail"};
    if (current && next.epoch <= current->epoch) {
      return error{errc::invalid_argument, "the epoch only grows"};
    }
    if (staged && staged->epoch != next.epoch) {
      return error{errc::invalid_state, "a key of another epoch is staged"};
    }
    staged = copy(next);
    return {};
  }
  result<void> promote(std::uint64_t epoch) noexcept override {
    if (fail_promote) return error{errc::io_error, "told to fail"};
    if (current && current->epoch >= epoch) return {};
    if (!staged || staged->epoch != epoch) {
      return error{errc::invalid_state, "no key of this epoch is staged"};
    }
    current = std::move(staged);
    staged.reset();
    return {};
  }
  result<void> drop(std::uint64_t epoch) noexcept override {
    if (staged && staged->epoch == epoch) staged.reset();
    return {};
  }
  static root_key copy(const root_key& from) {
    return root_key{.epoch = from.epoch, .key = from.key.duplicate()};
  }
};

inline timestamp& clock_hand() {
  static timestamp now{1'800'000'000};
  return now;
}
inline timestamp test_clock(void* = nullptr) { return clock_hand(); }

inline std::shared_ptr<backend> empty_store() {
  auto made = make_memory_backend();
  REQUIRE(made);
  return std::move(*made);
}

struct shop {
  std::shared_ptr<backend> store = empty_store();
  std::shared_ptr<memory_cell> cell = std::make_shared<memory_cell>();
  std::optional<book> opened;

  explicit shop(profile_id profile = gdpr_profile().id,
                std::optional<crypto::suite> suite = std::nullopt, std::uint32_t pause = 0) {
    clock_hand() = timestamp{1'800'000'000};
    auto made = book::create(store, cell, {.profile = profile, .suite = suite},
                             {.clock = {test_clock}, .longest_pause_days = pause});
    REQUIRE(made);
    opened = std::move(*made);
  }
  session begin(actor_role role = actor_role::owner) {
    auto out = opened->begin_session({.id = actor_id(7), .role = role});
    REQUIRE(out);
    return std::move(*out);
  }
};

inline customer ken(const std::string& loyalty = "L-1") {
  customer out;
  REQUIRE(out.set(field::name, person_name{.given = "Ken", .family = "Sánchez"}));
  REQUIRE(out.set(field::emails, std::array{email_address{.address = "ken@example.com"}}));
  REQUIRE(out.set(field::phones, std::array{phone_number{.number = "+1 202 555 0142"}}));
  REQUIRE(out.set(field::addresses, std::array{postal_address{.line1 = "4350 Minute Dr.",
                                                              .city = "Newport Hills",
                                                              .region = "WA",
                                                              .postal_code = "98006",
                                                              .country = "US"}}));
  const external_id id{.system = "loyalty", .value = loyalty};
  REQUIRE(out.set(field::external_ids, std::array{id}));
  return out;
}

/// Puts a customer for an order, which needs no consent under gdpr.
inline customer_id keep(session& in, const customer& record, std::span<const directive> said = {}) {
  auto id = in.put(record, {.purposes = purpose::customer_order_management, .directives = said});
  REQUIRE(id);
  return *id;
}

/// A case that names these customers, in force at once.
inline std::uint32_t open_case(session& in, std::initializer_list<customer_id> whom,
                               case_kind kind = case_kind::rights) {
  const std::vector<customer_id> all(whom);
  const auto number = in.open_case(
      {.kind = kind, .customers = all, .reason = {.reference = short_text<64>("letter 7")}});
  REQUIRE(number);
  return *number;
}

inline privacy_notice notice_for(session& in) {
  privacy_notice out;
  out.title = short_text<64>("e-mail");
  out.language = short_text<16>("en");
  out.announced = {
      .purposes = {purpose::email_marketing},
      .recipients = {recipient::self, recipient::selected_partner},
      .categories = {category::email_address, category::name},
      .operations = {operation::collect, operation::store, operation::use, operation::disclose}};
  out.registry_version = (*in.recipients())->version();
  out.jurisdiction = in.profile()->id;
  out.text = crypto::hash(as_bytes("shown"));
  return out;
}

/// Whether a view has the field, as it is or redacted.
inline bool shows(const result<view>& seen, field_id id) {
  REQUIRE(seen);
  return seen->record().has(id);
}
inline std::size_t fields_of(const result<view>& seen) {
  REQUIRE(seen);
  return seen->record().fields().size();
}

inline directive grant_of(session& in, const recipient_set& to) {
  const auto notices = in.notices();
  REQUIRE(notices);
  REQUIRE_FALSE(notices->empty());
  directive out;
  out.kind = directive_kind::grant;
  out.strength = consent_strength::expressed;
  out.informed = true;
  out.channel = consent_channel::paper;
  out.scope = notices->back().announced;
  out.scope.recipients = to;
  out.registry_version = (*in.recipients())->version();
  out.notice = {
      .id = notices->back().id, .version = notices->back().version, .hash = notices->back().hash};
  out.jurisdiction = in.profile()->id;
  out.event_at = clock_hand();
  return out;
}

inline directive withdrawal() {
  directive out;
  out.kind = directive_kind::withdraw;
  out.channel = consent_channel::phone;
  out.scope = {.purposes = {purpose::email_marketing},
               .recipients = {recipient::any},
               .categories = all_categories(),
               .operations = all_operations};
  out.event_at = clock_hand();
  return out;
}

inline recipient_id add_party(session& in, const char* name, recipient_id kind) {
  recipient_party party;
  party.name = short_text<64>(name);
  party.party_class = kind;
  party.country = {'D', 'E'};
  party.contract = short_text<32>("C-1");
  party.onward = onward_rule::forbidden;
  const auto id = in.add_recipient(party);
  REQUIRE(id);
  return *id;
}

}  // namespace clientbook::testing

#endif
