// A book: what all its sessions share, and how one is created and opened.
//
// Opening finishes or drops an erasure that a crash left half done, before anybody reads. Relies on
// a backend and a root cell that are this book's; which ones, open/ decides.
#include <clientbook/book/book.hpp>
#include <clientbook/consent/shop_consent.hpp>

#include <algorithm>
#include <utility>

#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/book/book_access.hpp>
#include <clientbook/internal/vault/book_core.hpp>
#include "gaps.hpp"
#include "ledger_store.hpp"
#include "open_book.hpp"
#include "pin_of_book.hpp"
#include "policy_store.hpp"
#include "search_index.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

struct pinned_core {
  std::unique_ptr<book_core> core;
  book_pin pin{};
};

// The pin is looked at before the book, which whoever moves the pin has committed before.
result<pinned_core> open_pinned(const std::shared_ptr<book_shared>& shared,
                                const std::shared_ptr<pin_store>& pin) {
  std::optional<book_pin> written;
  if (pin) {
    const auto read = pin->load();
    if (!read) return read.error();
    written = *read;
  }
  auto core = book_core::open(shared);
  if (!core) return core.error();
  pinned_core out{std::move(*core), {}};
  if (!written) return out;
  if (auto fits = check_against(*written, *out.core); !fits) return fits.error();
  out.pin = *written;
  return out;
}

// Those that a new book follows, its own first.
result<std::vector<const law_profile*>> laws_of(const new_book& what) {
  std::vector<profile_id> names{what.profile};
  names.insert(names.end(), what.further_profiles.begin(), what.further_profiles.end());
  if (names.size() > max_laws) {
    return error{errc::invalid_argument, "a book follows at most 8 profiles", max_laws};
  }
  std::vector<const law_profile*> out;
  for (const profile_id name : names) {
    const auto law = find_profile(name);
    if (!law) return law.error();
    if (std::find(out.begin(), out.end(), *law) != out.end()) {
      return error{errc::invalid_argument, "a new book follows each law profile once", name.value};
    }
    out.push_back(*law);
  }
  return out;
}

// Of a new book: where no pin lies, the first change that needs one makes it.
result<void> replace_old_pin(book_core& core, const std::shared_ptr<pin_store>& pin) {
  if (!pin) return {};
  const auto there = pin->load();
  return there && !*there ? result<void>() : set_pin(core, pin);
}

}  // namespace

struct book::shared {
  std::shared_ptr<book_shared> core;
  session_host host;
  std::shared_ptr<search_memory> searching = std::make_shared<search_memory>();
};

book::book(std::shared_ptr<const shared> state) noexcept : state_(std::move(state)) {}

result<book> book::create(std::shared_ptr<backend> store, std::shared_ptr<root_cell> cell,
                          const new_book& what, const book_options& options) try {
  if (auto ready = crypto::init(); !ready) return ready.error();
  if (what.profile == profile_id{}) {
    return error{errc::invalid_argument,
                 "a new book follows a law profile that is chosen: name it"};
  }
  const auto laws = laws_of(what);
  if (!laws) return laws.error();
  if (!all_purposes().includes(what.purposes)) {
    return error{errc::invalid_argument, "a new book is for a purpose that there is not"};
  }
  const crypto::suite suite = what.suite ? *what.suite
                              : crypto::suite_available(crypto::suite::aes256_gcm)
                                  ? crypto::suite::aes256_gcm
                                  : crypto::suite::chacha20_poly1305;
  const clock_source clock = given_or_system(options.clock);
  auto core = share(std::move(store), std::move(cell), options);
  const auto furnish = [&](book_core& made) {
    const purpose_set& kept_for = what.purposes.empty() ? usual_collection() : what.purposes;
    kept_for.for_each([&](purpose_id one) {
      made.edit_row().purposes[one.value / 64U] |= std::uint64_t{1} << (one.value % 64U);
    });
    return policy_store(made).create(*laws);
  };
  const auto made = book_core::create(core, suite, what.fields, clock.now(clock.context), furnish);
  if (!made) return made.error();
  // Whatever pin lies there is of a book that is gone.
  if (auto set = replace_old_pin(**made, options.pin); !set) return set.error();
  return book(std::make_shared<const shared>(
      shared{.core = std::move(core),
             .host = {clock, options.longest_pause_days, options.most_scanned, options.discharges,
                      options.mirrors, options.pin, options.on_alarm, options.on_event}}));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<book> book::open(std::shared_ptr<backend> store, std::shared_ptr<root_cell> cell,
                        const book_options& options) try {
  auto core = share(std::move(store), std::move(cell), options);
  // Opened once here, so that what is wrong is said here.
  if (auto opened = open_pinned(core, options.pin); !opened) return opened.error();
  const clock_source clock = given_or_system(options.clock);
  return book(std::make_shared<const shared>(
      shared{.core = std::move(core),
             .host = {clock, options.longest_pause_days, options.most_scanned, options.discharges,
                      options.mirrors, options.pin, options.on_alarm, options.on_event}}));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<upgrade_outcome> book::upgrade(std::shared_ptr<backend> store,
                                      std::shared_ptr<root_cell> cell,
                                      const book_options& options) try {
  auto core = share(std::move(store), std::move(cell), options);
  core->upgrading = true;
  auto opened = book_core::open(std::move(core));
  if (!opened) return opened.error();
  book_core& old = **opened;
  // What counts is the format under the write lock: another process may have been quicker.
  if (old.header().format == book_header::newest_format) {
    return upgrade_outcome{book_header::newest_format, book_header::newest_format};
  }
  if (auto begun = old.begin_change(); !begun) return begun.error();
  const std::uint32_t from = old.header().format;
  // What an older version has compiled, this one may compile to something else.
  outdate_states(old.edit_row());
  if (auto done = old.commit(); !done) return done.error();
  return upgrade_outcome{from, book_header::newest_format};
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<book_pin> book::accept_pin(std::shared_ptr<backend> store, std::shared_ptr<root_cell> cell,
                                  const actor& who, const book_options& options) try {
  if (who.id.value == 0) return error{errc::invalid_argument, "an actor needs a number above 0"};
  if (reach_of(who.role, action::recover) == reach::nobody) {
    return error{errc::role_denied, "this role accepts no older copy: `clientbook roles`"};
  }
  if (!options.pin) return error{errc::unsupported, "no pin is kept of this book"};
  auto opened = book_core::open(share(std::move(store), std::move(cell), options));
  if (!opened) return opened.error();
  book_core& core = **opened;
  if (auto ready = options.pin->ready(); !ready && ready.error().code != errc::damaged) {
    return error{ready.error().code,
                 "nothing was done: the pin beside the key cannot be written, and that is all that "
                 "is accepted"};
  }
  const auto written = options.pin->load();
  if (written && !*written) {
    return error{errc::invalid_state, "no pin is beside the key: nothing is to accept"};
  }
  if (written && *written) {
    const auto fits = check_against(**written, core);
    if (fits) {
      return error{errc::invalid_state, "the book is not older than its pin: nothing is to accept"};
    }
    const errc why = fits.error().code;
    if (why != errc::rolled_back && why != errc::version_mismatch) return fits.error();
  }
  if (auto begun = core.begin_change(); !begun) return begun.error();
  const clock_source clock = given_or_system(options.clock);
  const timestamp now = clock.now(clock.context);
  ledger_store ledger(core);
  // What the copy knows last: whatever was done after it may be lost.
  timestamp last{core.row().created_at};
  if (core.row().ledger_size != 0) {
    const auto newest = ledger.leaf(core.row().ledger_size - 1);
    if (!newest) return newest.error();
    last = timestamp{days_since_epoch(newest->day) * 86400};
  }
  if (now < last) {
    return error{errc::invalid_state, "the clock is behind the copy's day: put it right first"};
  }
  if (auto told = add_gap(core, {.since = last, .until = now}); !told) return told.error();
  const auto entry = ledger.append({.type = ledger_event::restore}, {}, who.id, now, std::nullopt);
  if (!entry) return entry.error();
  if (auto flushed = ledger.flush(); !flushed) return flushed.error();
  if (auto done = core.commit(); !done) return done.error();
  if (auto set = set_pin(core, options.pin); !set) return set.error();
  return pin_of(core);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

namespace {

result<void> check_actor(const actor& who) {
  if (who.id.value == 0) return error{errc::invalid_argument, "an actor needs a number above 0"};
  if (!is_known(who.role)) {
    return error{errc::role_denied, "no such role: `clientbook roles` lists them"};
  }
  return {};
}

}  // namespace

// What a session begins with, before anybody has asked what it takes.
result<std::unique_ptr<session_state>> book_access::state_of(const book& in, const actor& who) {
  if (auto good = check_actor(who); !good) return good.error();
  const book::shared& of = *in.state_;
  auto opened = open_pinned(of.core, of.host.pin);
  if (!opened) return opened.error();
  auto state = std::make_unique<session_state>(std::move(opened->core), who, of.host);
  state->pinned = opened->pin;
  state->searching = of.searching;
  if (auto followed = state->roles.follow(); !followed) return followed.error();
  if (auto followed = state->consent.follow(); !followed) return followed.error();
  return state;
}

result<session> book_access::begin(std::unique_ptr<session_state> state) {
  if (auto held = state->check_credential(); !held) return held.error();
  return session(std::move(state));
}

result<session> book_access::begin_excused(const book& in, const actor& who) {
  auto state = state_of(in, who);
  if (!state) return state.error();
  (*state)->excused = true;
  return begin(std::move(*state));
}

result<session> book::begin_session(const actor& who) const try {
  auto state = book_access::state_of(*this, who);
  if (!state) return state.error();
  return book_access::begin(std::move(*state));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<session> book::begin_session(const actor& who, const credential_proof& proof) const try {
  auto state = book_access::state_of(*this, who);
  if (!state) return state.error();
  if (auto taken = (*state)->take_proof(proof); !taken) return taken.error();
  return book_access::begin(std::move(*state));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<session> book::begin_session(const actor& who, const credential_secret& secret) const try {
  const auto drawn = challenge(who);
  if (!drawn) return drawn.error();
  const auto proof = prove(*drawn, secret);
  if (!proof) return proof.error();
  return begin_session(who, *proof);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<session> book::begin_session_like(const session& other) const try {
  auto state = book_access::state_of(*this, other.who());
  if (!state) return state.error();
  const session_state& as = *other.state_;
  if (as.core->header().id != (*state)->core->header().id) {
    return error{errc::invalid_argument, "that session is of another book"};
  }
  (*state)->proven = as.proven;
  (*state)->excused = as.excused;
  return book_access::begin(std::move(*state));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<credential_challenge> book::challenge(const actor& who) const try {
  auto state = book_access::state_of(*this, who);
  if (!state) return state.error();
  session_state& s = **state;
  if (auto followed = s.credentials.follow(); !followed) return followed.error();
  credential_challenge out{.terms = s.credentials.terms(), .who = who};
  if (auto drawn = s.core->random().fill(out.drawn); !drawn) return drawn.error();
  const std::scoped_lock alone(s.desk->lock());
  s.desk->wait_for(out, s.clock_now());
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
