// The protocol of store and root cell (docs/format/root_cell.md), tried in every order: up to
// three processes erase, read and open one book, stop anywhere for any time, die anywhere, and
// have any call fail. Whatever happens, the book opens, who was not erased is readable, who was
// erased is not, and what a call said is so.
//
// The library is the real one; store and cell keep the promises of their ports and ask a
// schedule (interleaving.hpp) at every call.
#include <clientbook/adapters/file_root_cell.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fixture.hpp"
#include "interleaving.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

using bytes = std::vector<std::byte>;
using rows = std::map<bytes, bytes>;

bytes own(byte_view view) { return {view.begin(), view.end()}; }

/// What lies on the disk, for all processes.
struct disk {
  std::shared_ptr<const rows> newest = std::make_shared<rows>();
  std::uint64_t number = 1;
  std::optional<book_pin> pin;
};

/// Looked at as a book is opened, before anything else of it was asked for.
class disk_pin final : public pin_store {
 public:
  explicit disk_pin(disk& on) : on_(on) {}
  result<std::optional<book_pin>> load() noexcept override { return on_.pin; }
  result<void> move(const book_pin& to) noexcept override {
    const auto& held = on_.pin;
    if (!held || held->root_version < to.root_version || held->epoch < to.epoch) on_.pin = to;
    return {};
  }
  result<void> replace(const book_pin& with) noexcept override {
    on_.pin = with;
    return {};
  }

 private:
  disk& on_;
};

/// How a process sees the ports. Without `turns` nothing is ever in the way.
struct process_ports {
  disk* on = nullptr;
  root_cell* cell = nullptr;
  interleaving* turns = nullptr;
  std::size_t me = 0;
  bool poisoned = false;
  std::size_t commits = 0;  ///< That reached the disk, whatever the call said.

  fate at(call what, std::span<const fate> failures = {}) {
    return turns == nullptr ? fate::done : turns->at(me, what, failures);
  }
  bool dead() const { return turns != nullptr && turns->dead(me); }
};

constexpr error gone{errc::io_error, "the process is dead"};
constexpr error broken{errc::io_error, "told to fail"};
constexpr error poisoned{errc::invalid_state, "open it again"};

result<byte_view> find_in(const rows& in, byte_view key) {
  const auto found = in.find(own(key));
  if (found == in.end()) return error{errc::not_found, "no such key"};
  return byte_view(found->second);
}

result<void> walk_in(const rows& in, byte_view prefix, byte_view from,
                     callback_ref<bool(byte_view, byte_view)> visit) {
  for (auto at = in.lower_bound(std::max(own(prefix), own(from))); at != in.end(); ++at) {
    const byte_view key(at->first);
    if (key.size() < prefix.size() || !same_bytes(key.first(prefix.size()), prefix)) break;
    if (!visit(key, at->second)) break;
  }
  return {};
}

class turn_read final : public read_transaction {
 public:
  explicit turn_read(process_ports& ports) : ports_(ports) { see(); }
  std::uint64_t snapshot() const noexcept override { return number_; }
  result<byte_view> get(byte_view key) noexcept override { return find_in(*seen_, key); }
  result<void> walk(byte_view prefix, byte_view from,
                    callback_ref<bool(byte_view, byte_view)> visit) override {
    return walk_in(*seen_, prefix, from, visit);
  }
  result<void> renew() noexcept override {
    if (ports_.poisoned) return poisoned;
    if (ports_.at(call::begin_read) == fate::crash) return gone;
    see();
    return {};
  }

 private:
  void see() {
    seen_ = ports_.on->newest;
    number_ = ports_.on->number;
  }
  process_ports& ports_;
  std::shared_ptr<const rows> seen_;
  std::uint64_t number_ = 0;
};

class turn_write final : public write_transaction {
 public:
  explicit turn_write(process_ports& ports)
      : ports_(ports), next_(std::make_shared<rows>(*ports.on->newest)) {
    if (ports_.turns != nullptr) ports_.turns->take_lock(ports_.me);
  }
  ~turn_write() override { finish(); }
  std::uint64_t snapshot() const noexcept override { return ports_.on->number; }
  result<byte_view> get(byte_view key) noexcept override { return find_in(*next_, key); }
  result<void> walk(byte_view prefix, byte_view from,
                    callback_ref<bool(byte_view, byte_view)> visit) override {
    return walk_in(*next_, prefix, from, visit);
  }
  result<void> renew() noexcept override { return poisoned; }
  result<void> put(byte_view key, byte_view value) noexcept override {
    (*next_)[own(key)] = own(value);
    return {};
  }
  result<byte_span> reserve(byte_view key, std::size_t size) noexcept override {
    bytes& room = (*next_)[own(key)];
    room.assign(size, std::byte{0});
    return byte_span(room);
  }
  result<void> erase(byte_view key) noexcept override {
    if (next_->erase(own(key)) == 0) return error{errc::not_found, "no such key"};
    return {};
  }
  // The lock is free before the call returns, as it is with LMDB: also when it failed.
  result<void> commit() noexcept override {
    static constexpr fate failures[] = {fate::crash, fate::full, fate::lost, fate::landed};
    const fate happens = ports_.at(call::commit, failures);
    if (happens == fate::done || happens == fate::landed) {
      ports_.on->newest = next_;
      ++ports_.on->number;
      ++ports_.commits;
    }
    finish();
    if (happens == fate::done) return {};
    if (happens == fate::crash) return gone;
    if (happens == fate::full) return error{errc::disk_full, "told to fail"};
    ports_.poisoned = true;
    return broken;
  }

 private:
  void finish() noexcept {
    if (!over_ && ports_.turns != nullptr) ports_.turns->release_lock(ports_.me);
    over_ = true;
  }
  process_ports& ports_;
  std::shared_ptr<rows> next_;
  bool over_ = false;
};

class turn_store final : public backend {
 public:
  explicit turn_store(process_ports& ports) : ports_(ports) {}
  result<std::unique_ptr<read_transaction>> begin_read() noexcept override {
    if (ports_.poisoned) return poisoned;
    if (ports_.at(call::begin_read) == fate::crash) return gone;
    return std::unique_ptr<read_transaction>(std::make_unique<turn_read>(ports_));
  }
  result<std::unique_ptr<write_transaction>> begin_write() noexcept override {
    if (ports_.poisoned) return poisoned;
    if (ports_.at(call::begin_write) == fate::crash) return gone;
    return std::unique_ptr<write_transaction>(std::make_unique<turn_write>(ports_));
  }
  result<backend_figures> figures() noexcept override { return backend_figures{}; }

 private:
  process_ports& ports_;
};

class turn_cell final : public root_cell {
 public:
  explicit turn_cell(process_ports& ports) : ports_(ports) {}
  result<content> load() noexcept override {
    if (ports_.at(call::load) == fate::crash) return gone;
    return ports_.cell->load();
  }
  result<void> stage(const root_key& next) noexcept override {
    static constexpr fate failures[] = {fate::crash, fate::lost};
    return change(call::stage, failures, [&] { return ports_.cell->stage(next); });
  }
  result<void> promote(std::uint64_t epoch) noexcept override {
    static constexpr fate failures[] = {fate::crash, fate::lost, fate::landed};
    return change(call::promote, failures, [&] { return ports_.cell->promote(epoch); });
  }
  result<void> drop(std::uint64_t epoch) noexcept override {
    static constexpr fate failures[] = {fate::crash, fate::lost, fate::landed};
    return change(call::drop, failures, [&] { return ports_.cell->drop(epoch); });
  }

 private:
  template <class Work>
  result<void> change(call what, std::span<const fate> failures, Work&& work) {
    const fate happens = ports_.at(what, failures);
    if (happens == fate::crash) return gone;
    if (happens == fate::lost) return broken;
    const result<void> done = work();
    return happens == fate::landed ? result<void>(broken) : done;
  }
  process_ports& ports_;
};

/// What a process does. One that was open before has seen the book as it is at the start.
struct role {
  enum class opens { before, then };
  opens when;
  std::vector<std::size_t> erases;  ///< Customers, one after the other; none: reads all.
  /// Of a sealed cell: takes one slot away and puts another in, with a new root; then erases.
  bool changes_slots = false;
};
const role::opens before = role::opens::before;
const role::opens then = role::opens::then;

constexpr std::size_t all_customers = 5;

// --- the cells ----------------------------------------------------------------------------

/// What holds the root keys, as a process has it.
class cell_world {
 public:
  virtual ~cell_world() = default;
  virtual root_cell& of(std::size_t process) = 0;
  /// Of a sealed one: by the officer's process.
  virtual result<void> change_slots(std::size_t /*process*/) { return {}; }
  /// What is wrong with the slots when all is over; `whole`: the change got its answer.
  virtual std::string wrong_slots(bool /*whole*/) { return {}; }
  root_cell::content held() { return std::move(of(0).load()).value(); }
};

class memory_world final : public cell_world {
 public:
  root_cell& of(std::size_t /*process*/) override { return cell_; }
  memory_cell cell_;
};

slot_secret slot_key(std::size_t of) {
  std::array<std::byte, 32> material{};
  for (std::size_t i = 0; i < material.size(); ++i) {
    material[i] = static_cast<std::byte>(17 * (of + 1) + i);
  }
  material.back() = std::byte{0xFF};  // Else some of them are text, which is no key.
  return std::move(slot_secret::identity(material)).value();
}
constexpr std::size_t gone_slot = 7;
constexpr std::size_t new_slot_key = 8;
constexpr std::size_t most_processes = 4;

/// A sealed file, which each process has opened through a slot of its own.
class sealed_world final : public cell_world {
 public:
  explicit sealed_world(const std::string& path, bool fresh) : path_(path) {
    if (!fresh) return;
    auto cell = std::move(file_root_cell::create_new(path, "")).value();
    for (const std::size_t one : {0UL, 1UL, 2UL, 3UL, gone_slot}) {
      const slot_secret secret = slot_key(one);
      const new_slot slot{.label = "one", .secret = &secret, .added = {2027, 3, 1}};
      REQUIRE((one == 0 ? cell.seal(slot) : cell.add_slot(slot)));
    }
  }
  root_cell& of(std::size_t process) override { return file_of(process); }
  result<void> change_slots(std::size_t process) override {
    const auto seen = file_root_cell::look(path_);
    if (!seen) return seen.error();
    if (auto done = file_of(process).remove_slot(seen->slots[most_processes].number); !done) {
      return done;
    }
    removed_ = true;
    const slot_secret secret = slot_key(new_slot_key);
    const auto made =
        file_of(process).add_slot({.label = "new", .secret = &secret, .added = {2027, 3, 2}});
    return made ? result<void>() : result<void>(made.error());
  }
  std::string wrong_slots(bool whole) override {
    const auto opens = [&](std::size_t which) {
      const slot_secret secret = slot_key(which);
      return file_root_cell::open(path_, "", &secret).has_value();
    };
    std::string wrong;
    for (std::size_t i = 0; i < most_processes; ++i) {
      if (!opens(i)) wrong += "a slot that stays does not open; ";
    }
    if (opens(gone_slot) == removed_)
      wrong += "a removed slot opens, or one that is not does not; ";
    if (opens(new_slot_key) != removed_) wrong += "a new slot does not open; ";
    const auto seen = file_root_cell::look(path_);
    if (!seen || (whole && seen->renewal_due)) wrong += "the root was not renewed; ";
    return wrong;
  }

 private:
  file_root_cell& file_of(std::size_t process) {
    auto& mine = files_[process % most_processes];
    if (!mine) {
      const slot_secret secret = slot_key(process % most_processes);
      mine.emplace(std::move(file_root_cell::open(path_, "", &secret)).value());
    }
    return *mine;
  }
  std::string path_;
  std::array<std::optional<file_root_cell>, most_processes> files_;
  bool removed_ = false;
};

/// A folder in memory, as far as the system has one: thousands of files are written.
struct cell_folder {
  std::string path;
  cell_folder() {
    std::string name = std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp";
    name += "/clientbook_protocol_XXXXXX";
    path = ::mkdtemp(name.data());
  }
  ~cell_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  cell_folder(const cell_folder&) = delete;
  cell_folder& operator=(const cell_folder&) = delete;
  std::string file() const { return path + "/keys/shop.key"; }
};

enum class cell_kind { in_memory, sealed };

/// A book made once, of which each schedule gets a copy.
struct beginning {
  cell_kind kind;
  disk made;
  memory_cell cell;
  cell_folder folder;
  std::string sealed;  ///< The file's bytes.
  std::vector<customer_id> customers;

  std::unique_ptr<cell_world> world() const {
    if (kind == cell_kind::sealed) {
      std::filesystem::remove(folder.file() + ".new");
      std::ofstream(folder.file(), std::ios::binary | std::ios::trunc) << sealed;
      return std::make_unique<sealed_world>(folder.file(), false);
    }
    auto out = std::make_unique<memory_world>();
    out->cell_.current = memory_cell::copy(*cell.current);
    return out;
  }

  explicit beginning(cell_kind of = cell_kind::in_memory) : kind(of) {
    clock_hand() = timestamp{1'800'000'000};
    std::optional<sealed_world> file;
    if (kind == cell_kind::sealed) file.emplace(folder.file(), true);
    process_ports ports{.on = &made, .cell = file ? &file->of(0) : &cell};
    auto created =
        book::create(std::make_shared<turn_store>(ports), std::make_shared<turn_cell>(ports),
                     {.profile = gdpr_profile().id},
                     {.clock = {test_clock}, .pin = std::make_shared<disk_pin>(*ports.on)});
    REQUIRE(created);
    auto in = created->begin_session({.id = actor_id(7), .role = actor_role::owner});
    REQUIRE(in);
    for (std::size_t i = 0; i < all_customers; ++i) {
      customers.push_back(keep(*in, ken("L-" + std::to_string(i))));
    }
    if (!file) return;
    std::ifstream whole(folder.file(), std::ios::binary);
    sealed.assign(std::istreambuf_iterator<char>(whole), {});
  }
};

/// One schedule, from the beginning to the look at what is left.
class trial {
 public:
  trial(const beginning& from, schedule& choices, std::size_t budget)
      : customers_(from.customers),
        disk_(from.made),
        cell_(from.world()),
        turns_(choices, budget) {}

  /// What was wrong; empty if nothing was.
  std::string run(const std::vector<role>& roles) {
    processes_.resize(roles.size());
    std::vector<std::function<void()>> work;
    for (std::size_t me = 0; me < roles.size(); ++me) {
      process& mine = processes_[me];
      mine.ports = {.on = &disk_, .cell = &cell_->of(me), .me = me};
      if (roles[me].when == before) open(mine);
      work.push_back([this, me, &does = roles[me]] { live(me, does); });
    }
    for (process& one : processes_) one.ports.turns = &turns_;
    turns_.run(work);
    for (process& one : processes_) {
      one.in.reset();
      one.opened.reset();
    }
    look_at_what_is_left();
    return wrong_.empty() ? "" : wrong_ + "in " + turns_.told();
  }

 private:
  struct process {
    process_ports ports;
    std::optional<book> opened;
    std::optional<session> in;
  };

  void complain(const std::string& what) { wrong_ += what + "; "; }

  // Everything of a process that died is of no account; one whose calls failed may say so.
  bool excused(std::size_t me) const { return turns_.failed(me); }

  static errc open_at(process& mine) {
    auto opened = book::open(std::make_shared<turn_store>(mine.ports),
                             std::make_shared<turn_cell>(mine.ports),
                             {.clock = {test_clock},
                              .key_cache_nodes = 16,
                              .pin = std::make_shared<disk_pin>(*mine.ports.on)});
    if (!opened) return opened.error().code;
    mine.opened = std::move(*opened);
    auto begun = mine.opened->begin_session({.id = actor_id(7), .role = actor_role::owner});
    if (!begun) return begun.error().code;
    mine.in = std::move(*begun);
    return errc::none;
  }
  bool open(process& mine) {
    const errc said = open_at(mine);
    if (said == errc::none) return true;
    if (mine.ports.turns == nullptr || !excused(mine.ports.me)) {
      complain("a book does not open: " + std::to_string(static_cast<int>(said)));
    }
    return false;
  }

  void live(std::size_t me, const role& does) {
    process& mine = processes_[me];
    if (!mine.in && !open(mine)) return;
    if (does.changes_slots) change_slots(mine);
    if (does.erases.empty() && !does.changes_slots) read_all(mine);
    for (const std::size_t whom : does.erases) erase(mine, whom);
    // Who lives on ends in order: what was looked at is written down.
    if (!turns_.dead(me)) mine.in.reset();
    if (does.erases.empty() && !does.changes_slots) mine.ports.commits = 0;
  }

  void change_slots(process& mine) {
    const std::size_t me = mine.ports.me;
    const auto work = [&]() -> result<crypto::digest> {
      static constexpr fate failures[] = {fate::crash, fate::lost};
      const fate happens = mine.ports.at(call::slots, failures);
      if (happens != fate::done) return happens == fate::crash ? gone : broken;
      if (auto done = cell_->change_slots(me); !done) return done.error();
      return crypto::digest{};
    };
    const auto done = mine.in->change_keys({.work = work});
    slots_changed_ = done.has_value();
    if (!done && !excused(me)) complain("slots are not changed that nothing is in the way of");
  }

  void erase(process& mine, std::size_t whom) {
    const std::size_t me = mine.ports.me;
    const std::size_t commits = mine.ports.commits;
    const auto receipt = mine.in->erase(customers_[whom], erasure_reason::subject_request);
    const bool committed = mine.ports.commits > commits;
    if (committed) erased_[whom] = true;
    if (turns_.dead(me)) return;
    if (!receipt) {
      if (!excused(me)) complain("an erasure fails that nothing is in the way of");
      return;
    }
    told_[whom] = true;
    if (!committed) complain("an erasure was promised and not committed");
    if (cell_->held().current->epoch < receipt->receipt.epoch_after) {
      complain("a receipt was given and the cell still holds the former key");
    }
  }

  void read_all(process& mine) {
    for (std::size_t i = 0; i < all_customers; ++i) {
      const bool promised = told_[i];
      const auto seen = mine.in->read(customers_[i], purpose::customer_order_management);
      mine.ports.commits = 0;  // Of a reader: no erasure's.
      if (turns_.dead(mine.ports.me)) return;
      if (seen && promised) complain("who was erased is read");
      if (seen && !seen->record().has(field::name)) complain("a name is not shown");
      if (seen || excused(mine.ports.me)) continue;
      // What others did meanwhile counts as well: `erased_` is told when their call returns.
      if (seen.error().code != errc::key_erased || (!erased_[i] && !being_erased())) {
        complain("a customer is not read: " + std::to_string(static_cast<int>(seen.error().code)));
      }
    }
  }
  bool being_erased() const {
    return std::any_of(processes_.begin(), processes_.end(),
                       [](const process& one) { return one.ports.commits > 0; });
  }

  // All processes are over. Somebody opens the book.
  void look_at_what_is_left() {
    process after;
    after.ports = {.on = &disk_, .cell = &cell_->of(processes_.size()), .me = processes_.size()};
    if (!open(after)) return;
    std::uint64_t commits = 0;
    for (const process& one : processes_) commits += one.ports.commits;
    const root_cell::content keys = cell_->held();
    if (keys.staged) complain("a staged key is left");
    if (keys.current->epoch != 1 + commits) complain("the cell holds another epoch's key");
    for (std::size_t i = 0; i < all_customers; ++i) {
      const auto seen = after.in->read(customers_[i], purpose::customer_order_management);
      const errc said = seen ? errc::none : seen.error().code;
      if (said != (erased_[i] ? errc::key_erased : errc::none)) {
        complain("customer " + std::to_string(i) + (erased_[i] ? " erased" : " kept") + " reads " +
                 std::to_string(static_cast<int>(said)));
      }
    }
    wrong_ += cell_->wrong_slots(slots_changed_);
    const auto checked = after.in->verify();
    if (!checked || checked->problems != 0) complain("the book has problems");
    if (!after.in->erase(customers_[all_customers - 1], erasure_reason::other)) {
      complain("nothing can be erased any more");
    }
  }

  const std::vector<customer_id>& customers_;
  disk disk_;
  std::unique_ptr<cell_world> cell_;
  interleaving turns_;
  std::vector<process> processes_;
  std::array<bool, all_customers> erased_{};  ///< Committed.
  std::array<bool, all_customers> told_{};    ///< A receipt was given.
  bool slots_changed_ = false;
  std::string wrong_;
};

using clock_type = std::chrono::steady_clock;

struct count {
  std::size_t schedules = 0;
  std::size_t wrong = 0;
  std::string first_wrong;
  bool all = true;  ///< Whether no schedule within the budget was left out.

  void add(const count& other) {
    schedules += other.schedules;
    wrong += other.wrong;
    if (first_wrong.empty()) first_wrong = other.first_wrong;
    all = all && other.all;
  }
};

count try_all(const beginning& from, const std::vector<role>& roles, std::size_t budget,
              clock_type::time_point until = clock_type::time_point::max()) {
  count out;
  schedule choices;
  do {
    if (clock_type::now() >= until) {
      out.all = false;
      break;
    }
    ++out.schedules;
    const std::string wrong = trial(from, choices, budget).run(roles);
    if (!wrong.empty() && ++out.wrong == 1) out.first_wrong = wrong;
  } while (out.wrong < 100 && choices.next());
  return out;
}

/// Processes, and how much may happen in the run that every test makes.
struct scene {
  std::vector<role> roles;
  std::size_t budget;
};
const std::vector<scene> pairs = {
    {{{before, {0}}, {then, {1}}}, 3}, {{{before, {0}}, {before, {1}}}, 3},
    {{{then, {0}}, {then, {1}}}, 1},   {{{before, {0}}, {before, {}}}, 2},
    {{{before, {0}}, {then, {}}}, 2},  {{{before, {0}}, {before, {1, 2}}}, 2},
};
const std::vector<scene> triples = {
    {{{before, {0}}, {before, {1}}, {before, {2}}}, 2},
    {{{before, {0}}, {then, {1}}, {then, {}}}, 1},
    {{{before, {0}}, {before, {1, 2}}, {before, {}}}, 1},
};

void report(const count& reached) {
  CAPTURE(reached.first_wrong);
  CHECK(reached.wrong == 0);
  CHECK(reached.schedules > 1'000);
  std::printf("root protocol: %zu schedules, %zu wrong\n", reached.schedules, reached.wrong);
}

// The same over a sealed file, which is written a few times in each: with less that may happen.
const std::vector<scene> sealed_scenes = {
    {{{before, {0}}, {then, {1}}}, 2},
    {{{before, {0}}, {before, {}, true}}, 2},
    {{{before, {}}, {then, {0}, true}}, 1},
    {{{before, {0}}, {before, {1}}, {before, {2}, true}}, 1},
};

void try_every_order(const std::vector<scene>& scenes, cell_kind kind = cell_kind::in_memory) {
  const beginning from(kind);
  count reached;
  for (const scene& one : scenes) reached.add(try_all(from, one.roles, one.budget));
  report(reached);
}

}  // namespace

TEST_CASE("root protocol: two processes, in every order, lose no book and break no word") {
  try_every_order(pairs);
}

TEST_CASE("root protocol: three processes, in every order, lose no book and break no word") {
  try_every_order(triples);
}

TEST_CASE("root protocol: over a sealed cell whose slots change, in every order, nothing is lost") {
  try_every_order(sealed_scenes, cell_kind::sealed);
}

// Deeper and deeper, for as long as scripts/soak says.
TEST_CASE("root protocol: soak" * doctest::skip()) {
  const char* seconds = std::getenv("CLIENTBOOK_SOAK_SECONDS");
  const auto until =
      clock_type::now() + std::chrono::seconds(seconds == nullptr ? 20 : std::atol(seconds));
  const beginning from;
  count reached;
  for (std::size_t more = 1; clock_type::now() < until; ++more) {
    count deep;
    for (const auto* scenes : {&pairs, &triples}) {
      for (const scene& one : *scenes) deep.add(try_all(from, one.roles, one.budget + more, until));
    }
    reached.add(deep);
    std::printf(
        "soak: root protocol: %zu schedules%s, up to %zu switches and failures, %zu wrong\n",
        deep.schedules, deep.all ? ", all" : "", 3 + more, deep.wrong);
  }
  report(reached);
}
