#include "power_cuts.hpp"

#include <clientbook/adapters/flash_store.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/internal/crypto/log_cipher.hpp>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace clientbook::testing {
namespace {

constexpr std::uint32_t sector_size = 1024;
constexpr std::uint32_t most_records = 24;
constexpr std::size_t largest_frame = 256;

using value = std::vector<std::byte>;
using records = std::map<std::uint32_t, value>;

secret<32> key() {
  secret<32> out;
  out.fill_bytes([](std::span<std::byte, 32> to) {
    for (std::size_t i = 0; i < 32; ++i) to[i] = static_cast<std::byte>(i * 7 + 1);
  });
  return out;
}

book_id store_id() {
  book_id out;
  out.bytes.fill(std::byte{0x42});
  return out;
}

// A store over a simulated part, from one boot to the next.
struct device {
  flash_simulator flash;
  fixed_random salts;
  clientbook_flash_part part{};
  clientbook_flash_counter counter{};
  std::vector<std::uint32_t> index = std::vector<std::uint32_t>(most_records);
  std::vector<std::byte> buffer = std::vector<std::byte>(largest_frame);
  std::unique_ptr<flash_store> store;

  device(const flash_simulator& from, std::uint64_t seed) : flash(from), salts(seed) { boot(); }
  device(const device&) = delete;
  device& operator=(const device&) = delete;
  void boot() {
    part = flash.part();
    counter = flash.counter();
    store = std::make_unique<flash_store>(part, &counter, salts, index, buffer);
  }
  result<flash_report> mount() { return store->mount(key(), store_id()); }
};

// A step of the workload, made from a seed, so that it is the same whenever it is run.
struct step {
  enum class kind { put, remove, group, seal, clean, forget, shut_down };
  kind what = kind::put;
  std::vector<std::pair<std::uint32_t, value>> changes{};  // No value: removed.
};

value make_value(fixed_random& numbers) {
  value out(12 + numbers.below(70));
  for (std::byte& each : out) each = static_cast<std::byte>(numbers());
  return out;
}

step make_step(fixed_random& numbers, const records& now) {
  step out;
  const auto change = [&](bool may_remove) {
    const auto record = static_cast<std::uint32_t>(numbers.below(most_records / 3));
    for (const auto& [taken, unused] : out.changes) {
      if (taken == record) return;
    }
    const bool remove = may_remove && now.count(record) != 0 && numbers.below(4) == 0;
    out.changes.emplace_back(record, remove ? value{} : make_value(numbers));
  };
  const std::uint64_t choice = numbers.below(20);
  if (choice < 11) {
    change(false);
  } else if (choice < 14 && !now.empty()) {
    auto at = now.begin();
    std::advance(at, static_cast<long>(numbers.below(now.size())));
    out.changes.emplace_back(at->first, value{});
  } else if (choice < 17) {
    for (std::uint64_t i = 2 + numbers.below(3); i > 0; --i) change(true);
  } else {
    out.what = choice == 17   ? step::kind::seal
               : choice == 18 ? (numbers.below(2) == 0 ? step::kind::clean : step::kind::forget)
                              : step::kind::shut_down;
  }
  return out;
}

records after(const records& before, const step& what) {
  records out = before;
  for (const auto& [record, to] : what.changes) {
    if (to.empty()) {
      out.erase(record);
    } else {
      out[record] = to;
    }
  }
  return out;
}

// False: it failed, by a cut or otherwise.
bool run(device& on, const step& what) {
  switch (what.what) {
    case step::kind::seal:
      return on.store->seal().has_value();
    case step::kind::clean:
      return on.store->clean_ahead(4).has_value();
    case step::kind::forget:
      return on.store->finish_erasure().has_value();
    case step::kind::shut_down:
      return on.store->shut_down().has_value() && on.mount().has_value();
    default:
      break;
  }
  if (what.changes.empty()) return true;
  std::vector<flash_change> group;
  for (const auto& [record, to] : what.changes) {
    group.push_back(
        {to.empty() ? flash_change::kind::remove : flash_change::kind::put, record, to});
  }
  return on.store->apply(group).has_value();
}

std::optional<records> read_all(flash_store& store) {
  records out;
  std::array<std::byte, largest_frame> room;
  for (std::uint32_t i = 0; i < most_records; ++i) {
    if (!store.has(i)) continue;
    const auto size = store.get(i, room);
    if (!size) return std::nullopt;
    out[i] = value(room.begin(), room.begin() + static_cast<long>(*size));
  }
  return out;
}

// Whether anything opens in the image, with the key, that is not among the values of `now`.
bool leaks(const std::vector<std::byte>& image, std::uint32_t granule, const records& now) {
  const std::uint32_t salt_at = granule <= 8 ? 24 : 32;
  const secret<32> with = key();
  std::set<value> allowed;
  for (const auto& [record, one] : now) allowed.insert(one);
  for (std::size_t at = 0; at + salt_at + 32 <= image.size(); at += granule) {
    const std::byte* front = image.data() + at;
    std::uint16_t size;
    std::memcpy(&size, front + 2, sizeof size);
    if (front[0] != std::byte{1} || size > largest_frame) continue;
    if (at + salt_at + 32 + size > image.size()) continue;
    std::array<std::byte, 24> nonce;
    std::memcpy(nonce.data(), front + salt_at, 16);
    std::memcpy(nonce.data() + 16, front + 8, 8);
    std::array<std::byte, 32> ad;
    std::memcpy(ad.data(), store_id().bytes.data(), 16);
    std::memcpy(ad.data() + 16, front, 16);
    value text(front + salt_at + 16, front + salt_at + 16 + size);
    const std::span<const std::byte, 16> tag(front + salt_at + 16 + size, 16);
    if (crypto::open_log(with, nonce, ad, text, tag) && allowed.count(text) == 0) return true;
  }
  return false;
}

struct judge {
  const part_model& model;
  cut_counts& counts;

  void fail(std::uint64_t cut_counts::*what, const char* how) const {
    ++(counts.*what);
    if (counts.first_failure.empty()) counts.first_failure = std::string(model.name) + ": " + how;
  }
  void fail(std::uint64_t cut_counts::*what, const std::string& how) const {
    fail(what, how.c_str());
  }

  void check_leaks(device& on, const records& now) const {
    if ((model.capabilities & CLIENTBOOK_FLASH_ZERO_OVERWRITE) == 0) {
      for (unsigned i = 0; i < 20 && on.store->erasure_pending(); ++i) {
        if (!on.store->finish_erasure()) return fail(&cut_counts::lost, "an erasure not finished");
      }
      if (on.store->erasure_pending())
        return fail(&cut_counts::leaks, "an erasure that never ends");
    }
    if (leaks(on.flash.image(false), model.granule, now) ||
        leaks(on.flash.image(true), model.granule, now)) {
      fail(&cut_counts::leaks, "a former value opens");
    }
    if (on.flash.violations() != 0) fail(&cut_counts::against_rules, "a granule against the rules");
  }

  // Boots after a cut; which of the two states it is, or none.
  std::optional<records> recover(device& on, const records& before, const records& then) const {
    on.flash.power_on();
    on.boot();
    const auto mounted = on.mount();
    if (!mounted) {
      fail(&cut_counts::lost, "no mount after a cut: " + std::string(mounted.error().text.c_str()));
      return std::nullopt;
    }
    counts.discarded += mounted->cleanings_discarded;
    const auto now = read_all(*on.store);
    if (!now || (*now != before && *now != then)) {
      fail(&cut_counts::lost, now ? "neither before nor after" : "a record does not open");
      return std::nullopt;
    }
    return now;
  }

  // A second boot agrees, and work goes on.
  void go_on(device& on, records now, std::uint64_t seed, unsigned steps) const {
    on.boot();
    if (!on.mount() || read_all(*on.store) != now) {
      return fail(&cut_counts::lost, "a second boot sees another state");
    }
    check_leaks(on, now);
    fixed_random numbers(seed);
    for (unsigned i = 0; i < steps; ++i) {
      const step next = make_step(numbers, now);
      if (!run(on, next)) return fail(&cut_counts::lost, "work does not go on after a cut");
      now = after(now, next);
    }
    // Also before the next boot, which would finish what was left.
    check_leaks(on, now);
    on.boot();
    if (!on.mount() || read_all(*on.store) != now) {
      return fail(&cut_counts::lost, "what was done after a cut is not there");
    }
    check_leaks(on, now);
  }
};

// From one boot to the next: where it began, and what is done.
struct session {
  flash_simulator from;
  records before;
  std::vector<step> steps;
  std::uint64_t seed;
};

// Runs it until power fails; the states before and after the step that was cut.
std::pair<records, records> run_until_cut(device& on, const session& what) {
  records now = what.before;
  if (!on.mount()) return {now, now};
  for (const step& each : what.steps) {
    const records then = after(now, each);
    if (!run(on, each)) return {now, then};
    now = then;
  }
  return {now, now};
}

void cut_recovery(const judge& with, const flash_simulator& cut, const records& before,
                  const records& then, std::uint64_t seed) {
  fixed_random numbers(seed);
  const step next = [&] {
    step out;
    out.changes.emplace_back(most_records - 1, make_value(numbers));
    return out;
  }();
  for (std::int64_t at = 0;; ++at) {
    for (unsigned way = 0; way < cut_ways; ++way) {
      device on(cut, seed + 5);
      on.flash.power_on();
      on.flash.cut_after(at, way);
      bool done = on.mount().has_value();
      std::optional<records> now;
      if (done) {
        now = read_all(*on.store);
        done = run(on, next);
      }
      if (done && !on.flash.is_off()) return;  // Everything was cut.
      ++with.counts.nested;
      const records base = now ? *now : before;
      std::optional<records> found;
      if (now) {
        found = with.recover(on, base, after(base, next));
      } else {
        found = with.recover(on, before, then);
      }
      if (found) with.go_on(on, *found, seed + 9, 4);
      if (!with.counts.clean()) return;
    }
  }
}

void cut_session(const judge& with, const session& what) {
  std::int64_t turn = 0;
  for (std::int64_t at = 0;; ++at) {
    for (unsigned way = 0; way < cut_ways; ++way, ++turn) {
      device on(what.from, what.seed);
      on.flash.cut_after(at, way);
      const auto [before, then] = run_until_cut(on, what);
      if (!on.flash.is_off()) {
        if (before != then) with.fail(&cut_counts::lost, "a step that failed without a cut");
        return;
      }
      ++with.counts.single;
      if (turn % 3 == 0) cut_recovery(with, on.flash, before, then, what.seed + 17);
      const auto now = with.recover(on, before, then);
      if (now) with.go_on(on, *now, what.seed + 3, 12);
      if (!with.counts.clean()) return;
    }
  }
}

}  // namespace

void cut_counts::add(const cut_counts& more) {
  single += more.single;
  nested += more.nested;
  long_run += more.long_run;
  while_recovering += more.while_recovering;
  discarded += more.discarded;
  lost += more.lost;
  leaks += more.leaks;
  against_rules += more.against_rules;
  if (first_failure.empty()) first_failure = more.first_failure;
}

cut_counts cut_everywhere(const part_model& model, std::uint64_t seed, unsigned steps) {
  cut_counts counts;
  const judge with{model, counts};
  fixed_random numbers(seed);
  const auto sectors = static_cast<std::uint32_t>(7 + seed % 3);
  device first(flash_simulator(model, sector_size, sectors, seed), seed);
  if (!first.store->format(key(), store_id())) {
    with.fail(&cut_counts::lost, "no format");
    return counts;
  }
  // Until the ring has gone round, so that there is something to clean in every session.
  records now;
  for (unsigned i = 0; i < 60; ++i) {
    const step next = make_step(numbers, now);
    if (!run(first, next)) with.fail(&cut_counts::lost, "a step that failed without a cut");
    now = after(now, next);
  }
  flash_simulator from = first.flash;
  for (unsigned done = 0; done < steps && counts.clean();) {
    session what{from, now, {}, numbers()};
    for (std::uint64_t i = 4 + numbers.below(8); i > 0 && done < steps; --i, ++done) {
      what.steps.push_back(make_step(numbers, now));
      now = after(now, what.steps.back());
    }
    cut_session(with, what);
    // On without a cut.
    device on(what.from, what.seed);
    run_until_cut(on, what);
    if (read_all(*on.store) != now) with.fail(&cut_counts::lost, "a workload that was not cut");
    from = on.flash;
  }
  return counts;
}

cut_counts cut_for_long(const part_model& model, std::uint64_t seed, std::uint64_t cuts) {
  cut_counts counts;
  const judge with{model, counts};
  fixed_random numbers(seed);
  device on(flash_simulator(model, sector_size, 8, seed), seed + 1);
  if (!on.store->format(key(), store_id())) with.fail(&cut_counts::lost, "no format");
  records now;
  while (counts.cuts() < cuts && counts.clean()) {
    on.flash.cut_after(static_cast<std::int64_t>(numbers.below(60)),
                       static_cast<unsigned>(numbers.below(cut_ways)));
    records then = now;
    while (!on.flash.is_off()) {
      const step next = make_step(numbers, now);
      then = after(now, next);
      if (run(on, next)) {
        now = then;
      } else if (!on.flash.is_off()) {
        with.fail(&cut_counts::lost, "a step that failed without a cut");
        return counts;
      }
    }
    ++counts.long_run;
    for (bool again = numbers.below(4) == 0; again; again = numbers.below(2) == 0) {
      on.flash.power_on();
      on.boot();
      on.flash.cut_after(static_cast<std::int64_t>(numbers.below(6)),
                         static_cast<unsigned>(numbers.below(cut_ways)));
      if (on.mount()) break;
      if (!on.flash.is_off()) break;
      ++counts.while_recovering;
    }
    const auto found = with.recover(on, now, then);
    if (!found) return counts;
    now = *found;
    with.check_leaks(on, now);
    for (int i = 0; i < 6; ++i) {
      const step next = make_step(numbers, now);
      if (!run(on, next)) with.fail(&cut_counts::lost, "work does not go on after a cut");
      now = after(now, next);
    }
    with.check_leaks(on, now);
  }
  return counts;
}

}  // namespace clientbook::testing
