// A book of many customers (CLIENTBOOK_BENCH_CUSTOMERS), who share some 500 consent states: a
// recipient is added, and everybody compiled anew in the background. How long does that hold up the
// others? Measured is each write transaction from its begin to its commit, behind the library: the
// store is wrapped, so waiting for the lock is not counted and nothing that holds it is left out.
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/clientbook.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <time.h>

#include "figures.hpp"
#include "large_book.hpp"

namespace {

using namespace clientbook;
using namespace clientbook::benchmarking;

template <class Value>
Value need(result<Value> got) {
  if (got) return std::move(*got);
  std::fprintf(stderr, "growth: %s\n", got.error().text.c_str());
  std::exit(1);
}
void need(const result<void>& done) {
  if (done) return;
  std::fprintf(stderr, "growth: %s\n", done.error().text.c_str());
  std::exit(1);
}

class stopwatch {
 public:
  double ms() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun_)
        .count();
  }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// Hands everything on, and remembers the write transaction that held the lock for longest.
class timed_store final : public backend {
 public:
  explicit timed_store(std::unique_ptr<backend> below) : below_(std::move(below)) {}

  result<std::unique_ptr<read_transaction>> begin_read() noexcept override {
    return below_->begin_read();
  }
  result<std::unique_ptr<write_transaction>> begin_write() noexcept override {
    auto begun = below_->begin_write();
    if (!begun) return begun;
    return std::unique_ptr<write_transaction>(std::make_unique<change>(std::move(*begun), *this));
  }
  result<backend_figures> figures() noexcept override { return below_->figures(); }

  struct lock {
    double ms = 0;
    double cpu_ms = 0;  ///< Of the processor: what it takes on a machine of its own.
    std::size_t transactions = 0;
  };
  lock longest() { return std::exchange(longest_, {}); }

 private:
  class change final : public write_transaction {
   public:
    change(std::unique_ptr<write_transaction> below, timed_store& owner)
        : below_(std::move(below)), owner_(owner) {}
    ~change() override {
      below_.reset();  // a transaction that is given up holds the lock until then
      owner_.longest_.ms = std::max(owner_.longest_.ms, held_.ms());
      owner_.longest_.cpu_ms = std::max(owner_.longest_.cpu_ms, thread_ms() - begun_);
      ++owner_.longest_.transactions;
    }
    std::uint64_t snapshot() const noexcept override { return below_->snapshot(); }
    result<byte_view> get(byte_view key) noexcept override { return below_->get(key); }
    result<void> walk(byte_view prefix, byte_view from,
                      callback_ref<bool(byte_view, byte_view)> visit) override {
      return below_->walk(prefix, from, visit);
    }
    result<void> renew() noexcept override { return below_->renew(); }
    result<void> put(byte_view key, byte_view value) noexcept override {
      return below_->put(key, value);
    }
    result<byte_span> reserve(byte_view key, std::size_t size) noexcept override {
      return below_->reserve(key, size);
    }
    result<void> erase(byte_view key) noexcept override { return below_->erase(key); }
    result<void> commit() noexcept override { return below_->commit(); }

   private:
    std::unique_ptr<write_transaction> below_;
    timed_store& owner_;
    stopwatch held_;
    double begun_ = thread_ms();
  };

  std::unique_ptr<backend> below_;
  lock longest_;
};

// Of consents that differ in the purposes agreed to: as many states as numbers.
directive agreement(const session& in, const privacy_notice& shown, std::size_t number) {
  directive out;
  out.kind = directive_kind::grant;
  out.strength = consent_strength::expressed;
  out.informed = true;
  out.channel = consent_channel::paper;
  out.scope = shown.announced;
  std::size_t bit = 1;
  purpose_set agreed;
  shown.announced.purposes.for_each([&](purpose_id each) {
    if (((number + 1) & bit) != 0) agreed.add(each);
    bit <<= 1;
  });
  out.scope.purposes = agreed;
  out.notice = {.id = shown.id, .version = shown.version, .hash = shown.hash};
  out.registry_version = shown.registry_version;
  out.jurisdiction = in.profile()->id;
  out.event_at = {1'700'000'000};
  return out;
}

privacy_notice notice(const session& in) {
  privacy_notice out;
  out.title = short_text<64>("all");
  out.language = short_text<16>("en");
  out.announced = {
      .purposes = {purpose::email_marketing, purpose::marketing, purpose::client_care,
                   purpose::telephone_marketing, purpose::postal_marketing,
                   purpose::text_message_marketing, purpose::personalisation, purpose::advertising,
                   purpose::service_personalisation},
      .recipients = {recipient::self, recipient::selected_partner},
      .categories = {category::email_address, category::name},
      .operations = {operation::collect, operation::store, operation::use, operation::disclose}};
  out.jurisdiction = in.profile()->id;
  out.text = crypto::hash(as_bytes("shown"));
  return out;
}

std::vector<customer_id> fill(session& in, const privacy_notice& shown, std::size_t count,
                              std::size_t states) {
  std::vector<customer_id> all;
  all.reserve(count);
  for (std::size_t i = 0; i < count;) {
    need(in.begin());
    for (const std::size_t end = std::min(count, i + 10'000); i < end; ++i) {
      customer one;
      need(one.set(field::name, person_name{.given = "Ken", .family = "Sánchez"}));
      const std::string address = "ken" + std::to_string(i) + "@example.com";
      need(one.set(field::emails, std::array{email_address{.address = address}}));
      const directive yes = agreement(in, shown, i % states);
      all.push_back(need(
          in.put(one, {.purposes = purpose::customer_order_management, .directives = {&yes, 1}})));
    }
    need(in.commit());
  }
  return all;
}

double median_read_us(session& in, const std::vector<customer_id>& all) {
  std::mt19937_64 random(7);
  std::vector<double> took;
  for (int i = 0; i < 2000; ++i) {
    const customer_id& who = all[random() % all.size()];
    const stopwatch watch;
    need(in.read(who, purpose::email_marketing));
    took.push_back(watch.ms() * 1000);
  }
  std::nth_element(took.begin(), took.begin() + 1000, took.end());
  return took[1000];
}

struct measured {
  double add_recipient_ms = 0, compile_s = 0;
  std::size_t states = 0;
  timed_store::lock lock;
  double read_before_us = 0, read_outdated_us = 0, read_after_us = 0;
};

measured measure(const std::filesystem::path& folder, std::size_t count) {
  constexpr std::size_t agreements = 511;
  std::filesystem::create_directories(folder / "keys");
  std::filesystem::permissions(folder / "keys", std::filesystem::perms::owner_all);
  const std::string path = folder / "growth.book";
  const std::string key = folder / "keys/growth.key";
  std::vector<customer_id> all;
  std::shared_ptr<file_root_cell> cell;
  {
    book_with_cell made = need(create_book_with_cell(path, key, {.profile = gdpr_profile().id}));
    session in = need(made.opened.begin_session({.id = actor_id(1), .role = actor_role::owner}));
    const privacy_notice shown = need(in.add_notice(notice(in)));
    all = fill(in, shown, count, agreements);
    cell = std::make_shared<file_root_cell>(std::move(made.cell));
  }
  const auto store = std::make_shared<timed_store>(need(open_lmdb_backend(path)));
  const book opened = need(book::open(store, cell, {}));
  session in = need(opened.begin_session({.id = actor_id(1), .role = actor_role::owner}));
  session other = need(opened.begin_session({.id = actor_id(2), .role = actor_role::owner}));
  measured out;
  out.read_before_us = median_read_us(other, all);
  (void)store->longest();

  recipient_party party;
  party.name = short_text<64>("parcel-co");
  party.party_class = recipient::processor;
  party.country = {'D', 'E'};
  const stopwatch adding;
  need(in.add_recipient(party));
  out.add_recipient_ms = adding.ms();
  out.read_outdated_us = median_read_us(other, all);

  const stopwatch compiling;
  while (need(in.compile_consents()).left != 0) {
  }
  out.compile_s = compiling.ms() / 1000;
  out.lock = store->longest();
  out.read_after_us = median_read_us(other, all);
  out.states = need(in.figures()).consent_states;
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  figures figures(argc, argv);
  const std::size_t count = count_of_customers();
  const std::filesystem::path folder = folder_of("growth");
  std::optional<measured> done;
  const auto of = [&](double measured::*what) {
    return [&, what] {
      if (!done) done = measure(folder, count);
      return *done.*what;
    };
  };
  const std::string about = std::to_string(count) + " customers of some 500 states";
  figures.measure({"growth.longest_lock_ms", "ms", "<= 50",
                   "adding a recipient and storing all states anew: " + about},
                  1, [&] { return of(&measured::add_recipient_ms)(), done->lock.ms; });
  figures.measure({"growth.longest_lock_cpu_ms", "ms", "",
                   "the same in time of the processor: beside other work it takes longer"},
                  1, [&] { return of(&measured::add_recipient_ms)(), done->lock.cpu_ms; });
  figures.measure({"growth.add_recipient_ms", "ms", "", about}, 1, of(&measured::add_recipient_ms));
  figures.measure({"growth.compile_s", "s", "", about}, 1, of(&measured::compile_s));
  figures.measure({"growth.read_before_us", "us", "", "nothing is out of date"}, 1,
                  of(&measured::read_before_us));
  figures.measure({"growth.read_outdated_us", "us", "", "every state is out of date"}, 1,
                  of(&measured::read_outdated_us));
  figures.measure({"growth.read_after_us", "us", "", "all are stored anew"}, 1,
                  of(&measured::read_after_us));
  const int out = figures.run();
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return out;
}
