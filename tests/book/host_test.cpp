// What a host is told and may stop, and values that lie in its own tables.
#include <clientbook/book/audit.hpp>
#include <clientbook/book/columns.hpp>

#include <atomic>
#include <thread>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto order = purpose::customer_order_management;

template <class T>
errc code(const result<T>& answer) {
  return answer ? errc::none : answer.error().code;
}

struct heard {
  std::vector<audit_event> all;

  static void take(void* context, const audit_event& what) {
    static_cast<heard*>(context)->all.push_back(what);
  }
  std::vector<audit_event> of(audit_kind kind) const {
    std::vector<audit_event> out;
    for (const audit_event& one : all) {
      if (one.kind == kind) out.push_back(one);
    }
    return out;
  }
};

/// A shop whose host listens.
struct listening : shop {
  heard events;

  listening() { reopen(); }
  void reopen() {
    opened.reset();
    auto again = book::open(
        store, cell,
        {.clock = {test_clock}, .longest_pause_days = 0, .on_event = {heard::take, &events}});
    REQUIRE(again);
    opened = std::move(*again);
  }
};

// A store that raises a sign before its Nth look from now on, by whomever.
struct countdown {
  std::atomic<bool> stop = false;
  long left = -1;  ///< Below 0: never.

  void look() {
    if (left > 0 && --left == 0) stop = true;
  }
};

template <class Transaction>
class counted : public Transaction {
 public:
  counted(std::unique_ptr<Transaction> of, countdown& by) : of_(std::move(of)), by_(by) {}
  std::uint64_t snapshot() const noexcept override { return of_->snapshot(); }
  result<byte_view> get(byte_view key) noexcept override {
    by_.look();
    return of_->get(key);
  }
  result<void> walk(byte_view prefix, byte_view from,
                    callback_ref<bool(byte_view, byte_view)> visit) override {
    by_.look();
    return of_->walk(prefix, from, visit);
  }
  result<void> renew() noexcept override { return of_->renew(); }

 protected:
  std::unique_ptr<Transaction> of_;
  countdown& by_;
};

class counted_write final : public counted<write_transaction> {
 public:
  using counted::counted;
  result<void> put(byte_view key, byte_view value) noexcept override {
    return of_->put(key, value);
  }
  result<byte_span> reserve(byte_view key, std::size_t size) noexcept override {
    return of_->reserve(key, size);
  }
  result<void> erase(byte_view key) noexcept override { return of_->erase(key); }
  result<void> commit() noexcept override { return of_->commit(); }
};

class counted_store final : public backend {
 public:
  counted_store(std::shared_ptr<backend> of, countdown& by) : of_(std::move(of)), by_(by) {}
  result<std::unique_ptr<read_transaction>> begin_read() noexcept override {
    auto begun = of_->begin_read();
    if (!begun) return begun.error();
    return std::unique_ptr<read_transaction>(
        std::make_unique<counted<read_transaction>>(std::move(*begun), by_));
  }
  result<std::unique_ptr<write_transaction>> begin_write() noexcept override {
    auto begun = of_->begin_write();
    if (!begun) return begun.error();
    return std::unique_ptr<write_transaction>(
        std::make_unique<counted_write>(std::move(*begun), by_));
  }
  result<backend_figures> figures() noexcept override { return of_->figures(); }

 private:
  std::shared_ptr<backend> of_;
  countdown& by_;
};

std::vector<std::byte> sealed(session& in, const customer_id& id, field_id field,
                              const customer& from) {
  for (const field_value& one : from.fields()) {
    if (one.id != field) continue;
    auto out = in.seal_column(id, one, order);
    REQUIRE(out);
    return std::move(*out);
  }
  FAIL("no such field");
  return {};
}

/// Somebody whose values lie in the host's table.
struct elsewhere : shop {
  session in = begin();
  customer_id id{};
  std::vector<std::byte> name, address, phone;

  elsewhere() {
    customer known;
    REQUIRE(
        known.set(field::external_ids, std::array{external_id{.system = "shop", .value = "17"}}));
    id = keep(in, known);
    const customer values = ken();
    name = sealed(in, id, field::name, values);
    address = sealed(in, id, field::addresses, values);
    phone = sealed(in, id, field::phones, values);
  }
  std::array<sealed_column, 3> columns() const {
    return {sealed_column{field::name, name}, {field::phones, phone}, {field::addresses, address}};
  }
};

}  // namespace

// --- audit ------------------------------------------------------------------------------------

TEST_CASE("audit: a look is told with who, whom, why and what, before anything is shown") {
  listening s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  s.events.all.clear();
  REQUIRE(in.read(id, order, only(field::name)));
  const auto looks = s.events.of(audit_kind::look);
  REQUIRE(looks.size() == 1);
  CHECK(looks.front().customer == id);
  CHECK(looks.front().who.id == actor_id(7));
  CHECK(looks.front().purpose == order);
  CHECK(looks.front().look == look_kind::read);
  CHECK(looks.front().fields == only(field::name));
  CHECK(looks.front().customers == 1);
  CHECK(looks.front().at == clock_hand());
}

TEST_CASE("audit: of a list is told how many, and of a look-up that nobody was found") {
  listening s;
  session in = s.begin();
  for (int i = 0; i < 3; ++i) keep(in, ken("L-" + std::to_string(i)));
  s.events.all.clear();
  REQUIRE(in.for_each(order, only(field::name), [](const view&) { return true; }));
  REQUIRE_FALSE(s.events.all.empty());
  CHECK(s.events.all.front().look == look_kind::list);
  CHECK(s.events.all.front().customers == 3);
  s.events.all.clear();
  CHECK_FALSE(in.find("loyalty", "L-9"));
  REQUIRE_FALSE(s.events.all.empty());
  CHECK(s.events.all.back().look == look_kind::find);
  CHECK(s.events.all.back().customers == 0);
}

TEST_CASE("audit: an entry of the ledger is told once it is durable, and one rolled back never") {
  listening s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  s.events.all.clear();
  REQUIRE(in.begin());
  REQUIRE(in.record(id, withdrawal()));
  CHECK(s.events.of(audit_kind::entry).empty());
  in.rollback();
  CHECK(s.events.of(audit_kind::entry).empty());
  REQUIRE(in.begin());
  REQUIRE(in.record(id, withdrawal()));
  REQUIRE(in.commit());
  const auto entries = s.events.of(audit_kind::entry);
  REQUIRE(entries.size() == 1);
  CHECK(entries.front().event == ledger_event::consent_withdrawn);
  CHECK(entries.front().customer == id);
  const auto ledger = in.ledger(id);
  REQUIRE(ledger);
  CHECK(ledger->back().index == entries.front().ledger_index);
  CHECK(ledger->back().entry == entries.front().entry);
}

TEST_CASE("audit: what leaves, who is erased and what raises an alarm is told") {
  listening s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  const recipient_id parcels = add_party(in, "parcel-co", recipient::parcel_service);
  REQUIRE(in.set_canaries(std::array{id}));
  s.events.all.clear();
  REQUIRE(in.disclose(id, {.purpose = purpose::delivery_of_goods, .recipient = parcels}));
  REQUIRE(in.erase(id, erasure_reason::subject_request));
  bool left = false, erased = false;
  for (const audit_event& one : s.events.of(audit_kind::entry)) {
    left = left || one.event == ledger_event::disclosure;
    erased = erased || one.event == ledger_event::erasure;
    if (one.event == ledger_event::disclosure) {
      CHECK(one.recipient_class == recipient::parcel_service);
    }
  }
  CHECK(left);
  CHECK(erased);
  REQUIRE_FALSE(s.events.of(audit_kind::alarm).empty());
  CHECK(s.events.of(audit_kind::alarm).front().alarm == alarm_kind::canary);
  CHECK(s.events.of(audit_kind::alarm).front().customer == id);
}

// --- columns ----------------------------------------------------------------------------------

TEST_CASE("columns: values of the host's table are shown by the decision, redacted as a record's") {
  elsewhere s;
  const auto seen = s.in.read_columns(s.id, order, s.columns());
  REQUIRE(seen);
  CHECK(seen->id() == s.id);
  CHECK(seen->state(field::name) == field_state::shown);
  CHECK(seen->state(field::addresses) == field_state::shown);
  CHECK(seen->state(field::emails) == field_state::not_asked);
  const auto news = s.in.read_columns(s.id, purpose::email_marketing, s.columns());
  REQUIRE(news);
  CHECK(news->record().fields().empty());
  CHECK(news->state(field::phones) == field_state::withheld);
  // The record is read as before.
  const auto own = s.in.read(s.id, order);
  REQUIRE(own);
  CHECK(own->state(field::external_ids) == field_state::shown);
  CHECK(own->state(field::name) == field_state::absent);
  const auto looks = s.in.who_looked(s.id);
  REQUIRE(looks);
  CHECK_FALSE(looks->empty());
}

TEST_CASE("columns: one that was changed, moved or is of somebody else does not open") {
  elsewhere s;
  customer second;
  REQUIRE(
      second.set(field::external_ids, std::array{external_id{.system = "shop", .value = "18"}}));
  const customer_id other = keep(s.in, second);
  const std::array own{sealed_column{field::name, s.name}};
  REQUIRE(s.in.read_columns(s.id, order, own));
  CHECK(code(s.in.read_columns(other, order, own)) == errc::wrong_key);
  const std::array moved{sealed_column{field::employer, s.name}};
  const auto elsewhere_asked = s.in.read_columns(s.id, order, moved);
  CHECK((!elsewhere_asked || elsewhere_asked->state(field::employer) == field_state::withheld));
  for (std::size_t i = 0; i < s.name.size(); ++i) {
    std::vector<std::byte> changed = s.name;
    changed[i] ^= std::byte{1};
    const std::array wrong{sealed_column{field::name, changed}};
    CHECK_FALSE(s.in.read_columns(s.id, order, wrong));
  }
  for (std::size_t size = 0; size < s.name.size(); ++size) {
    const std::array cut{sealed_column{field::name, byte_view(s.name).first(size)}};
    CHECK_FALSE(s.in.read_columns(s.id, order, cut));
  }
  CHECK(code(s.in.read_columns(s.id, order, {})) == errc::invalid_argument);
  const std::array twice{sealed_column{field::name, s.name}, sealed_column{field::name, s.name}};
  CHECK(code(s.in.read_columns(s.id, order, twice)) == errc::invalid_argument);
  REQUIRE(s.in.read(s.id, order));
}

TEST_CASE("columns: what could not be put into a record is not sealed either") {
  elsewhere s;
  demographics about;
  about.gender = "x";
  customer sensitive;
  REQUIRE(sensitive.set(field::demographics, about));
  CHECK(code(s.in.seal_column(s.id, sensitive.fields().front(), order)) == errc::no_basis);
  customer wrong;
  REQUIRE(wrong.set(field::emails, std::array{email_address{.address = "no address"}}));
  CHECK(code(s.in.seal_column(s.id, wrong.fields().front(), order)) == errc::invalid_value);
}

TEST_CASE(
    "columns: the ledger is written before they leave, and after an erasure they open no more") {
  elsewhere s;
  const recipient_id parcels = add_party(s.in, "parcel-co", recipient::parcel_service);
  const std::array columns{sealed_column{field::name, s.name},
                           sealed_column{field::addresses, s.address}};
  const auto left = s.in.disclose_columns(
      s.id, {.purpose = purpose::delivery_of_goods, .recipient = parcels}, columns);
  REQUIRE(left);
  CHECK(left->content.state(field::addresses) == field_state::shown);
  const auto ledger = s.in.ledger(s.id);
  REQUIRE(ledger);
  REQUIRE(ledger->back().index == left->ledger_index);
  CHECK(ledger->back().fields.has(field::addresses));
  CHECK(ledger->back().event == ledger_event::disclosure);
  CHECK(code(s.in.disclose_columns(
            s.id, {.purpose = purpose::email_marketing, .recipient = parcels}, columns)) ==
        errc::denied);
  CHECK(s.in.ledger(s.id)->back().event == ledger_event::refusal);
  REQUIRE(s.in.erase(s.id, erasure_reason::subject_request));
  CHECK(code(s.in.read_columns(s.id, order, columns)) == errc::key_erased);
}

// --- stopping ---------------------------------------------------------------------------------

TEST_CASE(
    "stop: wherever a change is stopped, all of it is there or nothing, and the next goes on") {
  long stopped = 0;
  for (long n = 1; n < 400; ++n) {
    CAPTURE(n);
    countdown by;
    shop s;
    customer_id id{};
    {
      session in = s.begin();
      id = keep(in, ken());
    }
    s.opened.reset();
    auto again = book::open(std::make_shared<counted_store>(s.store, by), s.cell,
                            {.clock = {test_clock}, .longest_pause_days = 0});
    REQUIRE(again);
    session in = [&] {
      auto begun = again->begin_session({.id = actor_id(7), .role = actor_role::owner});
      REQUIRE(begun);
      return std::move(*begun);
    }();
    in.stop_when(&by.stop);
    by.left = n;
    const auto done = in.erase(id, erasure_reason::subject_request);
    const bool was_stopped = in.was_stopped();
    if (!done) CHECK(done.error().code == errc::invalid_state);
    CHECK(done.has_value() != was_stopped);
    by.left = -1;
    in.stop_when(nullptr);
    CHECK(code(in.read(id, order)) == (done ? errc::key_erased : errc::none));
    if (!done) REQUIRE(in.erase(id, erasure_reason::subject_request));
    const auto checked = in.verify();
    REQUIRE(checked);
    CHECK(checked->problems == 0);
    stopped += was_stopped ? 1 : 0;
    if (done && !by.stop) break;
  }
  CHECK(stopped > 10);
}

TEST_CASE("stop: a check of the book that was stopped tells no problems, but that it was stopped") {
  countdown by;
  shop s;
  {
    session in = s.begin();
    for (int i = 0; i < 20; ++i) keep(in, ken("L-" + std::to_string(i)));
  }
  s.opened.reset();
  auto again = book::open(std::make_shared<counted_store>(s.store, by), s.cell,
                          {.clock = {test_clock}, .longest_pause_days = 0});
  REQUIRE(again);
  auto in = again->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(in);
  long stopped = 0;
  for (long n = 1; n < 2000; n += 7) {
    by.stop = false;
    in->stop_when(&by.stop);
    by.left = n;
    const auto checked = in->verify();
    if (checked) {
      CHECK(checked->problems == 0);
      CHECK(checked->customers == 20);
    } else {
      CHECK(in->was_stopped());
      CHECK(checked.error().code == errc::invalid_state);
      ++stopped;
    }
    if (!by.stop) break;
  }
  CHECK(stopped > 5);
}

TEST_CASE("stop: within a transaction only rollback is left, and nothing of it remains") {
  std::atomic<bool> stop = false;
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  in.stop_when(&stop);
  REQUIRE(in.begin());
  stop = true;
  CHECK_FALSE(in.record(id, withdrawal()));
  stop = false;
  CHECK(code(in.commit()) == errc::invalid_state);
  in.rollback();
  in.stop_when(nullptr);
  CHECK(in.directives(id)->empty());
  REQUIRE(in.record(id, withdrawal()));
}
