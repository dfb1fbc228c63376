// Mirrors in memory, which can be taken away, copied, and die in the middle of a refresh; and a
// backup in memory.
#ifndef CLIENTBOOK_TESTS_BOOK_RECOVERY_PLACES_HPP
#define CLIENTBOOK_TESTS_BOOK_RECOVERY_PLACES_HPP

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fixture.hpp"

namespace clientbook::testing {

/// Calls on store and cell are counted; from the n-th on all fail, as when a process is gone.
struct lifetime {
  std::size_t left = 0;  ///< 0: for ever.
  bool over = false;
  std::size_t calls = 0;

  bool ends() noexcept {
    ++calls;
    if (!over && left != 0 && --left == 0) over = true;
    return over;
  }
};
inline constexpr error gone{errc::io_error, "told to fail"};

class mortal_store final : public backend {
 public:
  mortal_store(std::shared_ptr<backend> below, std::shared_ptr<lifetime> life)
      : below_(std::move(below)), life_(std::move(life)) {}
  result<std::unique_ptr<read_transaction>> begin_read() noexcept override {
    return below_->begin_read();
  }
  result<std::unique_ptr<write_transaction>> begin_write() noexcept override {
    if (life_->ends()) return gone;
    auto begun = below_->begin_write();
    if (!begun) return begun;
    return std::unique_ptr<write_transaction>(std::make_unique<change>(std::move(*begun), life_));
  }
  result<backend_figures> figures() noexcept override { return below_->figures(); }

 private:
  class change final : public write_transaction {
   public:
    change(std::unique_ptr<write_transaction> below, std::shared_ptr<lifetime> life)
        : below_(std::move(below)), life_(std::move(life)) {}
    std::uint64_t snapshot() const noexcept override { return below_->snapshot(); }
    result<byte_view> get(byte_view key) noexcept override { return below_->get(key); }
    result<void> walk(byte_view prefix, byte_view from,
                      callback_ref<bool(byte_view, byte_view)> visit) override {
      return below_->walk(prefix, from, visit);
    }
    result<void> renew() noexcept override { return below_->renew(); }
    result<void> put(byte_view key, byte_view value) noexcept override {
      if (life_->ends()) return gone;
      return below_->put(key, value);
    }
    result<byte_span> reserve(byte_view key, std::size_t size) noexcept override {
      if (life_->ends()) return gone;
      return below_->reserve(key, size);
    }
    result<void> erase(byte_view key) noexcept override {
      if (life_->ends()) return gone;
      return below_->erase(key);
    }
    // Dying in a commit: half of the times it has happened.
    result<void> commit() noexcept override {
      if (life_->ends()) {
        if (life_->calls % 2 == 0) (void)below_->commit();
        return gone;
      }
      return below_->commit();
    }

   private:
    std::unique_ptr<write_transaction> below_;
    std::shared_ptr<lifetime> life_;
  };

  std::shared_ptr<backend> below_;
  std::shared_ptr<lifetime> life_;
};

class mortal_cell final : public root_cell {
 public:
  mortal_cell(std::shared_ptr<memory_cell> below, std::shared_ptr<lifetime> life)
      : below_(std::move(below)), life_(std::move(life)) {}
  result<content> load() noexcept override {
    if (life_->over) return gone;
    return below_->load();
  }
  result<void> stage(const root_key& next) noexcept override {
    return act([&] { return below_->stage(next); });
  }
  result<void> promote(std::uint64_t epoch) noexcept override {
    return act([&] { return below_->promote(epoch); });
  }
  result<void> drop(std::uint64_t epoch) noexcept override {
    return act([&] { return below_->drop(epoch); });
  }

 private:
  template <class Work>
  result<void> act(Work work) noexcept {
    if (!life_->ends()) return work();
    if (life_->calls % 2 == 0) (void)work();
    return gone;
  }
  std::shared_ptr<memory_cell> below_;
  std::shared_ptr<lifetime> life_;
};

inline std::shared_ptr<backend> copy_of_store(backend& from) {
  auto to = empty_store();
  auto read = from.begin_read();
  auto write = to->begin_write();
  REQUIRE(read);
  REQUIRE(write);
  REQUIRE((*read)->walk({}, {}, [&](byte_view key, byte_view value) {
    return (*write)->put(key, value).has_value();
  }));
  REQUIRE((*write)->commit());
  return to;
}

class places_in_memory final : public mirror_opener {
 public:
  struct place {
    std::shared_ptr<backend> store = empty_store();
    std::shared_ptr<memory_cell> cell = std::make_shared<memory_cell>();
  };
  std::map<std::string, place> all;
  bool away = false;  ///< The disk was taken out.
  std::shared_ptr<lifetime> life = std::make_shared<lifetime>();

  result<mirror_place> open(std::string_view path) noexcept override {
    const auto at = all.find(std::string(path));
    if (away || at == all.end()) return error{errc::not_found, "no mirror is there"};
    return as_place(at->second);
  }
  result<mirror_place> create(std::string_view path) noexcept override {
    if (away) return error{errc::not_found, "no such folder"};
    return as_place(all[std::string(path)]);
  }
  result<void> empty(std::string_view path) noexcept override {
    all[std::string(path)] = place{};
    return {};
  }
  /// As it is now, whatever becomes of it.
  mirror_place copied(const std::string& path) {
    place& of = all.at(path);
    const auto cell = std::make_shared<memory_cell>();
    if (of.cell->current) cell->current = memory_cell::copy(*of.cell->current);
    if (of.cell->staged) cell->staged = memory_cell::copy(*of.cell->staged);
    return {copy_of_store(*of.store), cell};
  }

 private:
  mirror_place as_place(place& of) {
    return {std::make_shared<mortal_store>(of.store, life),
            std::make_shared<mortal_cell>(of.cell, life)};
  }
};

/// A backup in memory, read from its beginning by each reader.
struct tape {
  std::vector<std::byte> bytes{};
  std::size_t at = 0;
  std::size_t step = 4096;

  result<void> operator()(byte_view more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
    return {};
  }
  result<std::size_t> operator()(byte_span to) {
    const std::size_t size = std::min<std::size_t>({to.size(), step, bytes.size() - at});
    copy_bytes(to, byte_view(bytes).subspan(at, size));
    at += size;
    return size;
  }
};

/// A shop with a recovery key and one mirror.
struct safe_shop {
  std::shared_ptr<backend> store = empty_store();
  std::shared_ptr<memory_cell> cell = std::make_shared<memory_cell>();
  std::shared_ptr<places_in_memory> places = std::make_shared<places_in_memory>();
  std::optional<book> opened;
  std::vector<crypto::share> shares;

  explicit safe_shop(std::optional<crypto::suite> suite = std::nullopt) {
    clock_hand() = timestamp{1'800'000'000};
    auto made =
        book::create(store, cell, {.profile = gdpr_profile().id, .suite = suite}, options());
    REQUIRE(made);
    opened = std::move(*made);
    session in = begin();
    take(in.make_recovery_key());
    REQUIRE(in.add_mirror("/mirror"));
  }
  book_options options() const {
    return {.clock = {test_clock}, .longest_pause_days = 0, .mirrors = places};
  }
  session begin(actor_role role = actor_role::owner) {
    auto out = opened->begin_session({.id = actor_id(7), .role = role});
    REQUIRE(out);
    return std::move(*out);
  }
  void take(const result<recovery_kit>& kit) {
    REQUIRE(kit);
    shares.clear();
    for (const crypto::share_text& one : kit->shares) {
      auto read = one.with_bytes([](byte_view text) { return crypto::read_share(as_text(text)); });
      REQUIRE(read);
      shares.push_back(std::move(*read));
    }
  }
  tape back_up(tape* base = nullptr) {
    session in = begin();
    tape out;
    if (base != nullptr) base->at = 0;
    const auto made = base == nullptr ? in.back_up(out) : in.back_up(out, *base);
    REQUIRE(made);
    REQUIRE(in.note_backup(*made));
    return out;
  }
};

/// What a restore has made.
struct restored {
  std::shared_ptr<backend> store = empty_store();
  std::shared_ptr<memory_cell> cell = std::make_shared<memory_cell>();
  std::optional<book> opened;

  result<restore_outcome> from(const mirror_place& mirror, std::span<const crypto::share> shares,
                               std::initializer_list<tape*> backups,
                               actor_role role = actor_role::owner) {
    std::vector<backup_source> sources;
    for (tape* one : backups) {
      one->at = 0;
      sources.emplace_back(*one);
    }
    const book_options options{.clock = {test_clock}, .longest_pause_days = 0};
    auto out = book::restore(store, cell, {.mirror = mirror, .shares = shares, .backups = sources},
                             {.id = actor_id(9), .role = role}, options);
    if (out) {
      auto made = book::open(store, cell, options);
      REQUIRE(made);
      opened = std::move(*made);
    }
    return out;
  }
  session begin() {
    auto out = opened->begin_session({.id = actor_id(7), .role = actor_role::owner});
    REQUIRE(out);
    return std::move(*out);
  }
  bool empty() const {
    auto read = store->begin_read();
    REQUIRE(read);
    bool any = false;
    REQUIRE((*read)->walk({}, {}, [&](byte_view, byte_view) {
      any = true;
      return false;
    }));
    return !any;
  }
};

}  // namespace clientbook::testing

#endif
