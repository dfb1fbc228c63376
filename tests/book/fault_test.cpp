// The store fails at the n-th write, for every n: a failed call changes nothing, and no byte leaves
// through disclose() without a durable entry (consent.md, P17). And what a reader may not read does
// not show through results, errors or counts (P18).
#include <clientbook/consent/profile_file.hpp>
#include <clientbook/consent/shop_consent.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "fixture.hpp"
#include "old_book.hpp"
#include "store_content.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

/// Hands everything on, until the n-th writing call.
class failing_store final : public backend {
 public:
  explicit failing_store(std::shared_ptr<backend> below) : below_(std::move(below)) {}

  /// 0: never. The call fails and nothing of it is done.
  void fail_at(std::size_t number) {
    left_ = number;
    failed_ = false;
  }
  bool failed() const { return failed_; }

  result<std::unique_ptr<read_transaction>> begin_read() noexcept override {
    return below_->begin_read();
  }
  result<std::unique_ptr<write_transaction>> begin_write() noexcept override {
    auto begun = below_->begin_write();
    if (!begun) return begun;
    return std::unique_ptr<write_transaction>(std::make_unique<change>(std::move(*begun), *this));
  }
  result<backend_figures> figures() noexcept override { return below_->figures(); }

 private:
  class change final : public write_transaction {
   public:
    change(std::unique_ptr<write_transaction> below, failing_store& owner)
        : below_(std::move(below)), owner_(owner) {}
    std::uint64_t snapshot() const noexcept override { return below_->snapshot(); }
    result<byte_view> get(byte_view key) noexcept override { return below_->get(key); }
    result<void> walk(byte_view prefix, byte_view from,
                      callback_ref<bool(byte_view, byte_view)> visit) override {
      return below_->walk(prefix, from, visit);
    }
    result<void> renew() noexcept override { return below_->renew(); }
    result<void> put(byte_view key, byte_view value) noexcept override {
      if (owner_.fails()) return full;
      return below_->put(key, value);
    }
    result<byte_span> reserve(byte_view key, std::size_t size) noexcept override {
      if (owner_.fails()) return full;
      return below_->reserve(key, size);
    }
    result<void> erase(byte_view key) noexcept override {
      if (owner_.fails()) return full;
      return below_->erase(key);
    }
    result<void> commit() noexcept override {
      if (owner_.fails()) return full;
      return below_->commit();
    }

   private:
    static constexpr error full{errc::disk_full, "told to fail"};
    std::unique_ptr<write_transaction> below_;
    failing_store& owner_;
  };

  bool fails() noexcept {
    if (left_ == 0 || --left_ != 0) return false;
    failed_ = true;
    return true;
  }

  std::shared_ptr<backend> below_;
  std::size_t left_ = 0;
  bool failed_ = false;
};

struct failing_shop {
  std::shared_ptr<failing_store> store = std::make_shared<failing_store>(empty_store());
  std::shared_ptr<memory_cell> cell = std::make_shared<memory_cell>();
  book opened;

  failing_shop() : opened(make()) {}
  book make() {
    clock_hand() = timestamp{1'800'000'000};
    auto made = book::create(store, cell, {.profile = gdpr_profile().id}, {.clock = {test_clock}});
    REQUIRE(made);
    return std::move(*made);
  }
  session begin() {
    auto out = opened.begin_session({.id = actor_id(7), .role = actor_role::owner});
    REQUIRE(out);
    return std::move(*out);
  }
};

/// Kept for care alone, of which everything goes with the consent.
customer with_nothing_but_likes() {
  customer out;
  REQUIRE(out.set(field::likes, std::array<std::string_view, 1>{"linen"}));
  REQUIRE(out.set(field::name, person_name{.given = "Ken"}));
  return out;
}

/// What a call that failed may have written.
enum class leaving { nothing, an_attempt };

/// Tries a call at every writing call that it makes; returns how many failed before it worked.
template <class Call>
std::size_t fail_everywhere(failing_shop& s, session& in, Call&& call,
                            leaving what = leaving::nothing) {
  for (std::size_t n = 1;; ++n) {
    CAPTURE(n);
    const std::vector<std::byte> before = content_of(*s.store);
    s.store->fail_at(n);
    const bool done = call(in);
    const bool failed = s.store->failed();
    s.store->fail_at(0);
    REQUIRE(done == !failed);
    if (done) return n - 1;
    if (what == leaving::nothing) CHECK(content_of(*s.store) == before);
    CHECK(in.verify()->problems == 0);
  }
}

}  // namespace

TEST_CASE("fault: P17: nothing leaves through disclose() without a durable ledger entry") {
  failing_shop s;
  session in = s.begin();
  const recipient_id parcel = add_party(in, "parcel", recipient::parcel_service);
  const customer_id id = keep(in, ken());
  const std::uint64_t entries = in.figures()->ledger_entries;
  // That somebody tries is counted before, and whatever comes of it.
  REQUIRE(in.read(id, purpose::delivery_of_goods));
  const std::size_t failures = fail_everywhere(s, in, [&](session& with) {
    const auto out =
        with.disclose(id, {.purpose = purpose::delivery_of_goods, .recipient = parcel});
    // What is returned is in the ledger of somebody who looks at the store afresh.
    // Who asks for a customer's entries leaves a trace: they are counted.
    session fresh = s.begin();
    CHECK(fresh.figures()->ledger_entries == entries + (out ? 1U : 0U));
    return out.has_value();
  });
  CHECK(failures >= 5);
  CHECK(in.figures()->ledger_entries == entries + 1);
}

TEST_CASE(
    "fault: what a failed call would have written is in no later one, of this session or another") {
  failing_shop s;
  session in = s.begin();
  session other = s.begin();
  const recipient_id parcel = add_party(in, "parcel", recipient::parcel_service);
  const recipient_id courier = add_party(in, "courier", recipient::parcel_service);
  const customer_id id = keep(in, ken());
  const auto send = [&](session& with, recipient_id to) {
    return with.disclose(id, {.purpose = purpose::delivery_of_goods, .recipient = to}).has_value();
  };
  const auto told = [&] {
    const auto all = s.begin().alarms();
    REQUIRE(all);
    return std::ranges::count_if(
        *all, [](const security_alarm& one) { return one.kind == alarm_kind::fan_out; });
  };
  REQUIRE(in.read(id, purpose::delivery_of_goods));
  REQUIRE(in.set_alarm_limits({.customers_to_one_recipient = 1'000'000}));
  std::uint32_t failures = 0;
  for (std::size_t n = 1;; ++n) {
    s.store->fail_at(n);
    const bool sent = send(in, parcel);
    s.store->fail_at(0);
    if (sent) break;
    // Another process writes the very version of the row that failed here.
    REQUIRE(send(other, courier));
    ++failures;
  }
  CHECK(failures >= 5);
  // To the parcel service one has gone, to the courier as many as there were failures.
  REQUIRE(in.set_alarm_limits({.customers_to_one_recipient = failures}));
  for (std::uint32_t i = 1; i < failures; ++i) REQUIRE(send(in, parcel));
  CHECK(told() == 0);
  REQUIRE(send(other, courier));
  CHECK(told() == 1);
  REQUIRE(send(in, parcel));
  CHECK(told() == 2);
}

TEST_CASE("fault: a call that fails changes nothing, wherever the store fails") {
  failing_shop s;
  session in = s.begin();
  REQUIRE(in.add_notice(notice_for(in)));
  const customer_id id = keep(in, ken("L-1"));

  SUBCASE("put") {
    CHECK(fail_everywhere(s, in, [](session& with) {
            return with
                .put(ken("L-2"), {.purposes = purpose::customer_order_management, .directives = {}})
                .has_value();
          }) >= 4);
    CHECK(in.figures()->customers == 2);
  }
  SUBCASE("update") {
    customer change;
    REQUIRE(change.set(field::emails, std::array{email_address{.address = "new@example.com"}}));
    CHECK(fail_everywhere(s, in, [&](session& with) {
            return with.update(id, change.fields(), purpose::customer_order_management).has_value();
          }) >= 3);
  }
  SUBCASE("append") {
    const purchase receipt{.at = timestamp{1'700'000'000}, .order = "43659", .currency = "USD"};
    const std::array lines{purchase_line{.sku = "776", .quantity = 1}};
    CHECK(fail_everywhere(s, in, [&](session& with) {
            return with.append_purchase(id, receipt, lines, purpose::customer_order_management)
                .has_value();
          }) >= 3);
    CHECK(in.figures()->purchase_lines == 1);
  }
  SUBCASE("two who become one, and two again") {
    const directive yes = grant_of(in, {recipient::self});
    customer anna;
    REQUIRE(anna.set(field::name, person_name{.given = "Anna"}));
    REQUIRE(anna.set(field::emails, std::array{email_address{.address = "anna@example.com"}}));
    const external_id number{.system = "till", .value = "2"};
    REQUIRE(anna.set(field::external_ids, std::array{number}));
    const customer_id other = keep(in, anna, std::span(&yes, 1));
    const purchase receipt{.at = timestamp{1'700'000'000}, .order = "43659", .currency = "USD"};
    const std::array lines{purchase_line{.sku = "776", .quantity = 1}};
    REQUIRE(in.append_purchase(other, receipt, lines, purpose::customer_order_management));
    CHECK(fail_everywhere(s, in, [&](session& with) {
            return with.merge_customers(id, other).has_value();
          }) >= 15);
    CHECK(in.figures()->customers == 1);
    CHECK(in.purchases(other, purpose::customer_order_management)->size() == 1);
    CHECK(fail_everywhere(s, in, [&](session& with) { return with.unmerge(other).has_value(); }) >=
          15);
    CHECK(in.figures()->customers == 2);
    CHECK(in.purchases(id, purpose::customer_order_management)->size() == 0);
  }
  SUBCASE("two people") {
    const customer_id other = keep(in, ken("L-2"));
    CHECK(fail_everywhere(s, in, [&](session& with) {
            return with.note_not_same(id, other).has_value();
          }) >= 3);
    CHECK(in.note_not_same(id, other).error().code == errc::already_exists);
  }
  SUBCASE("record") {
    const directive said = grant_of(in, {recipient::self});
    CHECK(fail_everywhere(s, in,
                          [&](session& with) { return with.record(id, said).has_value(); }) >= 5);
    CHECK(in.directives(id)->size() == 1);
  }
  SUBCASE("erase") {
    const root_key before = memory_cell::copy(*s.cell->current);
    CHECK(fail_everywhere(s, in, [&](session& with) {
            const bool done = with.erase(id, erasure_reason::subject_request).has_value();
            if (!done) CHECK(s.cell->current->epoch == before.epoch);
            return done;
          }) >= 5);
    CHECK(s.cell->current->epoch == before.epoch + 1);
    CHECK(in.read(id, purpose::customer_order_management).error().code == errc::key_erased);
  }
  SUBCASE("erase many") {
    const std::vector<customer_id> all{id, keep(in, ken("L-2")), keep(in, ken("L-3"))};
    const std::uint64_t before = s.cell->current->epoch;
    const auto there = [&](session& with) {
      int out = 0;
      for (const customer_id& one : all) {
        out += with.read(one, purpose::customer_order_management) ? 1 : 0;
      }
      return out;
    };
    CHECK(fail_everywhere(s, in, [&](session& with) {
            const bool done = with.erase(all, erasure_reason::subject_request).has_value();
            if (!done) CHECK(s.cell->current->epoch == before);
            return done;
          }) >= 9);
    CHECK(s.cell->current->epoch == before + 1);
    CHECK(there(in) == 0);
  }
  SUBCASE("erase, and keep apart what a law names, to its end") {
    const customer record = ken("L-1");
    for (const field_value& one : record.fields()) {
      if (one.id != field::addresses) continue;
      REQUIRE(in.update(id, std::array{one}, purpose::tax_record_keeping));
    }
    CHECK(fail_everywhere(s, in, [&](session& with) {
            return with
                .erase(id, erasure_reason::other,
                       {.law_kept = law_kept_records::apart, .law_kept_years = 1})
                .has_value();
          }) >= 8);
    REQUIRE(in.retained()->size() == 1);
    const auto last = in.retained()->front().until;
    clock_hand() = timestamp{(days_since_epoch(last) + 1) * 86400};
    REQUIRE(in.confirm_clock());
    CHECK(fail_everywhere(s, in, [&](session& with) { return with.run_retention().has_value(); }) >=
          4);
    CHECK(in.retained()->empty());
  }
  SUBCASE("a legal hold") {
    CHECK(fail_everywhere(s, in, [&](session& with) {
            return with.place_hold(id, {.reason = "claim"}).has_value();
          }) >= 4);
    CHECK(in.holds()->size() == 1);
    CHECK(fail_everywhere(s, in,
                          [&](session& with) { return with.lift_hold(id, 1).has_value(); }) >= 4);
    CHECK(in.holds()->empty());
  }
  SUBCASE("retention run") {
    const customer_id other = keep(in, ken("L-2"));
    privacy_notice shown = notice_for(in);
    shown.announced.purposes = {purpose::client_care};
    shown.announced.recipients = {recipient::self};
    shown.announced.categories = all_categories();
    REQUIRE(in.add_notice(shown));
    customer record = ken("L-3");
    REQUIRE(record.set(field::likes, std::array<std::string_view, 1>{"linen"}));
    const std::array yes{grant_of(in, {recipient::self})};
    const auto some =
        in.put(record, {.purposes = {purpose::customer_order_management, purpose::client_care},
                        .directives = yes});
    const auto all =
        in.put(with_nothing_but_likes(), {.purposes = purpose::client_care, .directives = yes});
    REQUIRE((some && all));
    for (const customer_id& one : {some->id, all->id}) {
      directive no;
      no.kind = directive_kind::withdraw;
      no.scope = everything();
      no.scope.purposes = {purpose::client_care};
      no.event_at = clock_hand();
      REQUIRE(in.record(one, no));
    }
    CHECK(fail_everywhere(s, in, [&](session& with) {
            const auto done = with.run_retention();
            if (done) CHECK(done->receipts.size() == 1);
            return done.has_value();
          }) >= 8);
    CHECK(in.figures()->erased == 1);
    CHECK(in.due()->empty());
    CHECK(shows(in.read(other, purpose::customer_order_management), field::name));
  }
  SUBCASE("mentions") {
    privacy_notice shown = notice_for(in);
    shown.announced.recipients = {recipient::self};
    shown.announced.categories = {category::note, category::name};
    REQUIRE(in.add_notice(shown));
    const directive said = grant_of(in, {recipient::self});
    const customer_id other = keep(in, ken("L-2"), std::span(&said, 1));
    const note text{.at = timestamp{1'700'000'000}, .text = "from ken@example.com"};
    REQUIRE(in.append_note(other, text, purpose::email_marketing));
    clock_hand().seconds += 31 * 86400;
    open_case(in, {id});
    // That somebody looks is counted before, and whatever comes of it.
    REQUIRE(in.find("loyalty", "L-1"));
    for (const customer_id& one : {id, other}) {
      REQUIRE(in.read(one, purpose::customer_order_management));
    }
    CHECK(fail_everywhere(s, in, [&](session& with) {
            return with.mentions(id, purpose::rights_fulfilment).has_value();
          }) >= 4);
    CHECK(fail_everywhere(s, in, [&](session& with) {
            return with.redact_mentions(id, purpose::rights_fulfilment).has_value();
          }) >= 6);
    REQUIRE(in.append_note(other, text, purpose::email_marketing));
    CHECK(fail_everywhere(s, in, [&](session& with) {
            return with
                .erase(id, erasure_reason::subject_request,
                       {.mentions = mentions_at_erasure::replaced})
                .has_value();
          }) >= 8);
    const auto notes = in.notes(other, purpose::email_marketing);
    REQUIRE(notes);
    for (const item_list::item& one : notes->items()) {
      note read;
      REQUIRE(decode_value(one.value, read));
      CHECK(read.text == "from <KNOWN_VALUE>");
    }
  }
  SUBCASE("tabulate") {
    constexpr std::array columns{
        table_column{.field = field::name, .form = redaction_operator::label}};
    for (const small_groups small : {small_groups::suppress, small_groups::refuse}) {
      const std::uint64_t entries = in.figures()->ledger_entries;
      CHECK(fail_everywhere(
                s, in,
                [&](session& with) {
                  const auto table = with.tabulate({.purpose = purpose::customer_order_management,
                                                    .columns = columns,
                                                    .small = small});
                  // A refusal is an answer too, once it is written down.
                  const bool answered = table || table.error().code == errc::group_too_small;
                  CHECK(s.begin().figures()->ledger_entries == entries + (answered ? 1 : 0));
                  return answered;
                },
                leaving::an_attempt) >= 8);
    }
  }
  SUBCASE("reverse_token") {
    privacy_notice shown = notice_for(in);
    shown.announced.recipients = {recipient::self};
    REQUIRE(in.add_notice(shown));
    directive said = grant_of(in, {recipient::self});
    said.conditions = {.required = {obligation::mask}, .mask = redaction_operator::token};
    const customer_id other = keep(in, ken("L-2"), std::span(&said, 1));
    const auto reversal = reversal_key::from(std::vector<std::byte>(32, std::byte{9}));
    REQUIRE(reversal);
    in.set_token_reversal(reversal->public_key());
    const auto seen = in.read(other, purpose::email_marketing);
    REQUIRE(seen);
    const auto emails = seen->record().emails();
    REQUIRE(emails);
    REQUIRE(emails->size() == 1);
    const std::string token(emails->begin()->address.reveal());
    CHECK(fail_everywhere(s, in, [&](session& with) {
            const auto value =
                with.reverse_token(token, field::emails, purpose::email_marketing, *reversal);
            return value && as_text(*value) == "ken@example.com";
          }) >= 4);
  }
  SUBCASE("policy") {
    secret<32> seed;
    const crypto::signing_key signer(seed);
    session other =
        *s.opened.begin_session({.id = actor_id(8), .role = actor_role::security_officer});
    REQUIRE(other.approve_policy(*in.propose_policy(policy_kind::trust_key, signer.public_key())));
    law_profile law = gdpr_profile();
    law.id = profile_id(100);
    law.minimum_strength = consent_strength::explicit_;
    const directive said = grant_of(in, {recipient::self});
    REQUIRE(in.record(id, said));
    std::vector<std::byte> canonical(max_profile_bytes), file(max_signed_profile_bytes);
    const auto bytes = sign_profile(*encode_profile(law, canonical), signer, file);
    REQUIRE(bytes);
    CHECK(fail_everywhere(s, in, [&](session& with) {
            return with.propose_policy(policy_kind::profile, *bytes).has_value();
          }) >= 3);
    const std::uint32_t number = (*in.proposal())->number;
    const std::uint64_t entries = in.figures()->ledger_entries;
    CHECK(fail_everywhere(s, other, [&](session& with) {
            const bool done = with.approve_policy(number).has_value();
            CHECK(with.profile()->id == (done ? law.id : gdpr_profile().id));
            return done;
          }) >= 5);
    CHECK(in.figures()->ledger_entries == entries + 1);
    CHECK(!in.read(id, purpose::email_marketing)->decision().permitted.has(field::emails));
  }
  SUBCASE("registry") {
    CHECK(fail_everywhere(s, in, [&](session& with) {
            recipient_party party;
            party.name = short_text<64>("parcel");
            party.party_class = recipient::parcel_service;
            party.country = {'D', 'E'};
            return with.add_recipient(party).has_value();
          }) >= 3);
  }
}

TEST_CASE("fault: P18: what a reader may not read does not show in results, errors or counts") {
  failing_shop s;
  session in = s.begin();
  const recipient_id broker = add_party(in, "broker", recipient::data_broker);
  // Two customers who differ only in fields that marketing may not read; one lacks them.
  customer_id someone[3] = {keep(in, ken("L-1")), customer_id{}, customer_id{}};
  {
    customer other = ken("L-2");
    REQUIRE(other.set(field::emails, std::array{email_address{.address = "x@y.example"}}));
    someone[1] = keep(in, other);
    customer bare;
    const external_id loyalty{.system = "loyalty", .value = "L-3"};
    REQUIRE(bare.set(field::external_ids, std::array{loyalty}));
    someone[2] = keep(in, bare);
  }
  const auto first = in.read(someone[0], purpose::email_marketing);
  const auto refusal = in.disclose(
      someone[0], {.purpose = purpose::sell_data_to_third_parties, .recipient = broker});
  REQUIRE(first);
  REQUIRE_FALSE(refusal);
  for (const customer_id& id : someone) {
    const auto seen = in.read(id, purpose::email_marketing);
    REQUIRE(seen);
    CHECK(seen->record().fields().empty());
    for (std::uint8_t i = 0; i < max_fields; ++i) {
      CHECK(seen->state(field_id(i)) == first->state(field_id(i)));
    }
    CHECK(seen->decision().decided == first->decision().decided);
    const auto refused =
        in.disclose(id, {.purpose = purpose::sell_data_to_third_parties, .recipient = broker});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == refusal.error().code);
    CHECK(refused.error().at == refusal.error().at);
    CHECK(std::string_view(refused.error().text.c_str()) == refusal.error().text.c_str());
    CHECK(in.purchases(id, purpose::email_marketing)->size() == 0);
    const auto why = in.explain(id, in.request(purpose::email_marketing), field::emails);
    CHECK(why->code == decision_code::no_basis);
  }
  std::size_t rows = 0;
  REQUIRE(in.for_each(purpose::email_marketing, all_fields, [&](const view& seen) {
    rows += seen.record().fields().empty() ? 1U : 0U;
    return true;
  }));
  CHECK(rows == 3);
  CHECK(*in.count_permitted(in.request(purpose::email_marketing), field::emails) == 0);
}

TEST_CASE("fault: an upgrade that fails at any write leaves the old book, and is done again") {
  const old_book old = read_old_book(CLIENTBOOK_BOOK_VECTORS "/format_1.txt");
  auto store = std::make_shared<failing_store>(empty_store());
  auto cell = std::make_shared<memory_cell>();
  lay(old, *store, *cell);
  const std::vector<std::byte> before = content_of(*store);
  std::size_t failures = 0;
  for (std::size_t n = 1;; ++n) {
    CAPTURE(n);
    store->fail_at(n);
    const auto done = book::upgrade(store, cell);
    const bool failed = store->failed();
    store->fail_at(0);
    REQUIRE(done.has_value() == !failed);
    if (done) break;
    ++failures;
    CHECK(content_of(*store) == before);
    CHECK(book::open(store, cell).error().code == errc::older_format);
  }
  CHECK(failures >= 3);
  CHECK(book::open(store, cell));
}
