// A change of parties, fields or the law holds at once, and stops nobody: states that are out of
// date are compiled when somebody asks, and stored bit by bit.
#include <clientbook/consent/profile_file.hpp>
#include <clientbook/consent/shop_consent.hpp>

#include <algorithm>
#include <utility>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::size_t customers = 40;

/// Customers who agreed to e-mails by partners; those whose number divides by 4 said no to them.
struct many_customers : shop {
  session in = begin();
  std::vector<customer_id> all;

  many_customers() {
    REQUIRE(in.add_notice(notice_for(in)));
    const directive yes = grant_of(in, {recipient::self, recipient::selected_partner});
    directive no;
    no.kind = directive_kind::deny;
    no.event_at = clock_hand();
    no.scope = everything();
    no.scope.recipients = {recipient::third_party};
    const std::array both{yes, no};
    for (std::size_t i = 0; i < customers; ++i) {
      all.push_back(keep(in, ken("L-" + std::to_string(i)),
                         std::span<const directive>(both).first(i % 4 == 0 ? 2 : 1)));
    }
  }
  /// What consents that know the parties of today refer to.
  directive yes_to_partners() {
    privacy_notice shown = notice_for(in);
    shown.version = 2;
    REQUIRE(in.add_notice(shown));
    return grant_of(in, {recipient::self, recipient::selected_partner});
  }
  std::uint64_t outdated() { return in.figures()->consents_outdated; }
  /// Who may have an e-mail of each customer.
  std::vector<bool> reached(session& asking, recipient_id to) {
    std::vector<bool> out;
    for (const customer_id& one : all) {
      decision_request as = asking.request(purpose::email_marketing);
      as.recipient = to;
      as.operation = to == recipient::self ? operation::use : operation::disclose;
      const auto seen = asking.preview(one, as, {});
      out.push_back(seen && seen->decision().permitted.has(field::emails));
    }
    return out;
  }
  void compile_all(std::uint32_t most) {
    while (true) {
      const auto done = in.compile_consents(most);
      REQUIRE(done);
      if (done->left == 0) return;
    }
  }
};

/// Counts what its writing transactions do: others wait so long.
class counting_store final : public backend {
 public:
  explicit counting_store(std::shared_ptr<backend> below) : below_(std::move(below)) {}

  std::size_t calls() const { return std::exchange(most_, 0); }

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
    change(std::unique_ptr<write_transaction> below, counting_store& owner)
        : below_(std::move(below)), owner_(owner) {}
    ~change() override { owner_.most_ = std::max(owner_.most_, calls_); }
    std::uint64_t snapshot() const noexcept override { return below_->snapshot(); }
    result<byte_view> get(byte_view key) noexcept override { return ++calls_, below_->get(key); }
    result<void> walk(byte_view prefix, byte_view from,
                      callback_ref<bool(byte_view, byte_view)> visit) override {
      const auto count = [&](byte_view key, byte_view value) {
        ++calls_;
        return visit(key, value);
      };
      return below_->walk(prefix, from, count);
    }
    result<void> renew() noexcept override { return below_->renew(); }
    result<void> put(byte_view key, byte_view value) noexcept override {
      return ++calls_, below_->put(key, value);
    }
    result<byte_span> reserve(byte_view key, std::size_t size) noexcept override {
      return ++calls_, below_->reserve(key, size);
    }
    result<void> erase(byte_view key) noexcept override { return ++calls_, below_->erase(key); }
    result<void> commit() noexcept override { return below_->commit(); }

   private:
    std::unique_ptr<write_transaction> below_;
    counting_store& owner_;
    std::size_t calls_ = 0;
  };

  std::shared_ptr<backend> below_;
  mutable std::size_t most_ = 0;
};

}  // namespace

TEST_CASE("outdated: no transaction does more for many customers than for a few") {
  constexpr std::size_t many = 400, few = 50;
  constexpr std::uint32_t steps = 20;
  many_customers s;
  const auto counted = std::make_shared<counting_store>(s.store);
  const auto opened = book::open(counted, s.cell, {.clock = {test_clock}});
  REQUIRE(opened);
  auto in = opened->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(in);
  const directive yes = grant_of(*in, {recipient::self, recipient::selected_partner});
  const auto fill = [&](std::size_t until) {
    for (std::size_t i = s.all.size(); i < until; ++i) {
      s.all.push_back(keep(*in, ken("L-" + std::to_string(i)), {&yes, 1}));
    }
  };
  // What holds everybody else up: a new party, and each step of compiling anew behind it.
  const auto longest = [&](const char* party) {
    (void)counted->calls();
    add_party(*in, party, recipient::selected_partner);
    const std::size_t joined = counted->calls();
    std::size_t compiled = 0;
    while (true) {
      const auto done = in->compile_consents(steps);
      REQUIRE(done);
      CHECK(done->compiled <= steps);
      compiled = std::max(compiled, counted->calls());
      if (done->left == 0) return std::pair(joined, compiled);
    }
  };
  fill(few);
  const auto of_few = longest("first");
  REQUIRE(of_few.second != 0);
  fill(many);
  const auto of_many = longest("second");
  // Of a tree that is deeper some nodes more.
  CHECK(of_many.first <= of_few.first + 16);
  CHECK(of_many.second <= of_few.second + 4 * steps);
}

TEST_CASE("outdated: a new party is known to every decision at once, and no state was compiled") {
  many_customers s;
  const std::uint64_t states = s.in.figures()->consent_states;
  REQUIRE(s.outdated() == 0);
  const recipient_id partner = add_party(s.in, "partner", recipient::selected_partner);
  CHECK(s.outdated() == customers);
  CHECK(s.in.figures()->consent_states == states);
  const auto before = s.reached(s.in, partner);
  for (std::size_t i = 0; i < customers; ++i) {
    // The consents named a version of the registry that the party was not in: nobody gave to it.
    CHECK_FALSE(before[i]);
  }
  const directive yes = s.yes_to_partners();
  for (std::size_t i = 0; i < customers; i += 2) REQUIRE(s.in.record(s.all[i], yes));
  const auto reached = s.reached(s.in, partner);
  for (std::size_t i = 0; i < customers; ++i) CHECK(reached[i] == (i % 2 == 0 && i % 4 != 0));
  REQUIRE(s.in.retire_recipient(partner));
  CHECK(s.outdated() == customers);
  const auto retired = s.reached(s.in, partner);
  CHECK(std::none_of(retired.begin(), retired.end(), [](bool one) { return one; }));
  const auto self = s.reached(s.in, recipient::self);
  CHECK(std::all_of(self.begin(), self.end(), [](bool one) { return one; }));
}

TEST_CASE("outdated: compiling in steps changes no answer, and goes on in another session") {
  many_customers s;
  const recipient_id partner = add_party(s.in, "partner", recipient::selected_partner);
  const directive yes = s.yes_to_partners();
  for (std::size_t i = 0; i < customers; i += 3) REQUIRE(s.in.record(s.all[i], yes));
  REQUIRE(s.in.erase(s.all[5], erasure_reason::subject_request));
  const auto others = s.reached(s.in, partner);
  REQUIRE(std::count(others.begin(), others.end(), true) > 5);
  const auto own = s.reached(s.in, recipient::self);
  std::uint64_t left = s.outdated();
  std::uint32_t compiled = 0;
  // Each session and each opening of the book goes on where the last one ended.
  for (int calls = 0; left != 0; ++calls) {
    REQUIRE(calls < 200);
    auto again = book::open(s.store, s.cell, {.clock = {test_clock}});
    REQUIRE(again);
    auto service = again->begin_session({.id = actor_id(9), .role = actor_role::service});
    REQUIRE(service);
    const auto done = service->compile_consents(5);
    REQUIRE(done);
    CHECK(done->left < left);
    left = done->left;
    compiled += done->compiled;
    CHECK(s.reached(s.in, partner) == others);
    CHECK(s.reached(s.in, recipient::self) == own);
  }
  CHECK(s.outdated() == 0);
  // Those who had said something since, and who was erased, were in order already.
  CHECK(compiled == customers - (customers + 2) / 3 - 1);
  const auto nothing = s.in.compile_consents();
  REQUIRE(nothing);
  CHECK(nothing->compiled == 0);
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE("outdated: a change that is rolled back leaves no state out of date") {
  many_customers s;
  const auto own = s.reached(s.in, recipient::self);
  REQUIRE(s.in.begin());
  const recipient_id partner = add_party(s.in, "partner", recipient::selected_partner);
  CHECK(s.outdated() == customers);
  REQUIRE(s.in.compile_consents(11));
  s.in.rollback();
  CHECK(s.outdated() == 0);
  CHECK(s.reached(s.in, recipient::self) == own);
  const auto nobody = s.reached(s.in, partner);
  CHECK(std::none_of(nobody.begin(), nobody.end(), [](bool one) { return one; }));
}

TEST_CASE("outdated: another change in the middle begins anew") {
  many_customers s;
  add_party(s.in, "partner", recipient::selected_partner);
  REQUIRE(s.in.compile_consents(30)->left > 0);
  schema more = s.in.fields();
  more.version = schema_version(more.version.value + 1);
  REQUIRE(more.add({.number = field_id(40),
                    .key = "second_email",
                    .type = field_type::text,
                    .categories = {category::email_address}}));
  REQUIRE(s.in.extend_schema(more));
  CHECK(s.outdated() == customers);
  const auto reaches_new = [&] {
    for (const customer_id& one : s.all) {
      if (!s.in.read(one, purpose::email_marketing)->decision().permitted.has(field_id(40))) {
        return false;
      }
    }
    return true;
  };
  CHECK(reaches_new());
  s.compile_all(7);
  CHECK(reaches_new());
  CHECK(s.outdated() == 0);
}

TEST_CASE("outdated: who was of age under the old law is asked again under one with other ages") {
  many_customers s;
  customer young = ken("Y-1");
  date born = date_of(clock_hand());
  born.year = static_cast<std::int16_t>(born.year - 20);
  born.day = 1;
  REQUIRE(young.set(field::birth_date, born));
  const directive yes = grant_of(s.in, {recipient::self});
  const auto put = s.in.put(young, {.purposes = purpose::customer_order_management,
                                    .directives = {},
                                    .without_basis = when_without_basis::leave_out});
  REQUIRE(put);
  const auto of_age = [&] {
    return s.in.may_collect({.purposes = purpose::email_marketing, .directives = {&yes, 1}}, born);
  };
  REQUIRE(of_age()->has(field::emails));
  purpose_id asked = purpose::email_marketing;
  const auto reached = [&] { return shows(s.in.read(put->id, asked), field::emails); };
  SUBCASE("who has agreed") { REQUIRE(s.in.record(put->id, yes)); }
  SUBCASE("who has said nothing") { asked = purpose::customer_order_management; }
  REQUIRE(reached());

  const auto signer = [] {
    secret<32> seed;
    seed.fill_bytes([](byte_span to) { to[0] = std::byte{3}; });
    return crypto::signing_key(seed);
  }();
  auto officer = s.opened->begin_session({.id = actor_id(8), .role = actor_role::security_officer});
  REQUIRE(officer);
  REQUIRE(
      officer->approve_policy(*s.in.propose_policy(policy_kind::trust_key, signer.public_key())));
  const auto held = s.in.profile();
  law_profile law = *held;
  std::vector<age_rule> ages(law.ages.begin(), law.ages.end());
  for (age_rule& one : ages) one.below = 25;
  law.ages = ages;
  law.child_below = 25;
  prohibition_rule no_orders;
  no_orders.scope = everything();
  no_orders.scope.purposes = {purpose::customer_order_management};
  no_orders.condition = prohibition_condition::child;
  no_orders.law = "house rule";
  std::vector<prohibition_rule> prohibitions(law.prohibitions.begin(), law.prohibitions.end());
  prohibitions.push_back(no_orders);
  law.prohibitions = prohibitions;
  law.id = profile_id(100);
  law.name = "shop";
  std::vector<std::byte> canonical(max_profile_bytes), room(max_signed_profile_bytes);
  const auto bytes = encode_profile(law, canonical);
  REQUIRE(bytes);
  const auto file = sign_profile(*bytes, signer, room);
  REQUIRE(file);
  REQUIRE(officer->approve_policy(*s.in.propose_policy(policy_kind::profile, *file)));

  CHECK_FALSE(reached());
  CHECK_FALSE(of_age()->has(field::emails));
  s.compile_all(3);
  CHECK_FALSE(reached());
  CHECK(s.outdated() == 0);
}

TEST_CASE("outdated: bad calls are refused and change nothing") {
  many_customers s;
  add_party(s.in, "partner", recipient::selected_partner);
  CHECK(s.in.compile_consents(0).error().code == errc::invalid_argument);
  for (const actor_role role : {actor_role::associate, actor_role::auditor, actor_role(99)}) {
    auto other = s.opened->begin_session({.id = actor_id(9), .role = role});
    if (!other) continue;
    CHECK(other->compile_consents().error().code == errc::role_denied);
  }
  CHECK(s.outdated() == customers);
}
