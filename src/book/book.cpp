// A book: what all its sessions share, and how one is created and opened.
//
// Opening finishes or drops an erasure that a crash left half done, before anybody reads. Relies on
// a backend and a root cell that are this book's; which ones, open/ decides.
#include <clientbook/book/book.hpp>
#include <clientbook/consent/shop_consent.hpp>

#include <utility>

#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/vault/book_core.hpp>
#include "open_book.hpp"
#include "policy_store.hpp"
#include "search_index.hpp"
#include "session_state.hpp"

namespace clientbook {
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
  const auto law = find_profile(what.profile);
  if (!law) return law.error();
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
    return policy_store(made).create(**law);
  };
  if (auto made = book_core::create(core, suite, what.fields, clock.now(clock.context), furnish);
      !made) {
    return made.error();
  }
  return book(std::make_shared<const shared>(
      shared{.core = std::move(core),
             .host = {clock, options.longest_pause_days, options.discharges, options.mirrors}}));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<book> book::open(std::shared_ptr<backend> store, std::shared_ptr<root_cell> cell,
                        const book_options& options) try {
  auto core = share(std::move(store), std::move(cell), options);
  // Opened once here, so that what is wrong is said here.
  if (auto opened = book_core::open(core); !opened) return opened.error();
  const clock_source clock = given_or_system(options.clock);
  return book(std::make_shared<const shared>(
      shared{.core = std::move(core),
             .host = {clock, options.longest_pause_days, options.discharges, options.mirrors}}));
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

result<session> book::begin_session(const actor& who) const try {
  if (who.id.value == 0) return error{errc::invalid_argument, "an actor needs a number above 0"};
  if (!is_known(who.role)) {
    return error{errc::role_denied, "no such role: `clientbook roles` lists them"};
  }
  auto core = book_core::open(state_->core);
  if (!core) return core.error();
  auto state = std::make_unique<session_state>(std::move(*core), who, state_->host);
  state->searching = state_->searching;
  if (auto followed = state->consent.follow(); !followed) return followed.error();
  return session(std::move(state));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
