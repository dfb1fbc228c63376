// Recovery key, keyring mirrors and backups of a session's book. A mirror that cannot be reached
// keeps nothing from being erased; whoever asks is told which ones have followed.
#include <clientbook/internal/vault/backup.hpp>
#include <clientbook/internal/vault/mirror.hpp>

#include <algorithm>

#include "places.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

constexpr error no_key{errc::invalid_state, "no recovery key was made: clientbook recovery init"};
constexpr error key_by_itself{errc::invalid_state,
                              "a recovery key is a transaction of its own: commit first"};
// A mirror or a backup of a day to come opens in no restore before that day.
result<void> check_day(const session_state& s) {
  if (!s.consent.is_ahead(s.clock_now())) return {};
  return error{errc::clock_ahead,
               "the clock is further ahead than the book was ever left alone: nothing was written; "
               "put it right, or confirm it (confirm_clock, `clientbook clock confirm`)"};
}
constexpr error no_way{errc::unsupported, "this program was given no way to mirrors"};

std::array<std::byte, 4> number_of(const crypto::box_public_key& key) noexcept {
  std::array<std::byte, 4> out{};
  copy_bytes(byte_span(out), byte_view(crypto::hash(byte_view(key))).first(out.size()));
  return out;
}

// What mends a mirror that is there and is none any more; whatever else stands in the way says so.
error mended(const error& failure) noexcept {
  for (const errc broken :
       {errc::damaged, errc::not_a_book, errc::row_missing, errc::wrong_key, errc::key_unavailable,
        errc::authentication_failed, errc::invalid_encoding, errc::truncated}) {
    if (failure.code == broken) {
      return {broken,
              "this mirror is damaged: give it up with recovery mirror remove, then add it again"};
    }
  }
  return failure;
}

}  // namespace

mirror_state session_state::told_of_mirror(const std::string& path,
                                           const result<mirror_header>& header,
                                           const recovery_row& row) {
  mirror_state out{.path = path};
  if (!header) {
    // No mirror is to be given up for what is wrong with the book.
    const auto own = verify_marks(*core);
    out.problem = own ? mended(header.error()) : own.error();
    return out;
  }
  const book_header& book = core->header();
  out.epoch = header->epoch;
  out.refreshed = timestamp{header->at};
  // The same numbers tell nothing where the book was put back: the line must be the same.
  if (auto right = may_follow(*core, *header); !right) {
    out.problem = right.error();
    return out;
  }
  out.confirmed = header->epoch == book.epoch && header->mark.number != 0;
  out.heard = out.confirmed && header->mark.number >= row.mark;
  out.holds_all = out.heard && header->root_version >= book.root_version;
  if (!out.confirmed) {
    out.problem = {errc::version_mismatch, "this mirror has not followed yet: recovery refresh"};
  } else if (!out.heard) {
    out.problem = {errc::version_mismatch,
                   "this mirror has not heard of what was said or done since: recovery refresh"};
  }
  return out;
}

result<recovery_row> session_state::recovery_row_of_book() {
  auto row = read_recovery(*core);
  if (!row) return row.error();
  if (!*row) return no_key;
  return std::move(**row);
}

result<mirror_header> session_state::refresh_mirror_at(const std::string& path, mirror_use use) {
  if (!mirrors) return no_way;
  const std::scoped_lock alone(*mirrors_alone);
  const auto place = use == mirror_use::made ? mirrors->create(path) : mirrors->open(path);
  if (!place) return place.error();
  return refresh_mirror(*core, *place, now());
}

// A place that somebody has given up may hold anything of a mirror's: what cannot follow this book
// makes room. What is another's, or cannot be written just now, stays.
result<void> session_state::make_mirror_at(const std::string& path, bool given_up) {
  const auto made = refresh_mirror_at(path, mirror_use::made);
  if (made) return {};
  const errc why = made.error().code;
  for (const errc stays : {errc::already_exists, errc::invalid_argument, errc::not_found,
                           errc::limit_exceeded, errc::permission_denied, errc::disk_full,
                           errc::locked, errc::io_error, errc::unsupported, errc::invalid_state}) {
    if (why == stays) return made.error();
  }
  if (!given_up) return made.error();
  {
    const std::scoped_lock alone(*mirrors_alone);
    if (auto emptied = mirrors->empty(path); !emptied) return emptied;
  }
  const auto anew = refresh_mirror_at(path, mirror_use::made);
  return anew ? result<void>() : anew.error();
}

std::vector<mirror_state> session_state::refresh_all_mirrors() {
  std::vector<mirror_state> out;
  const auto looked = core->look();
  if (looked && core->row().recovery == 0) return out;
  const auto row = looked ? recovery_row_of_book() : result<recovery_row>(looked.error());
  // Which ones there are cannot be read: nobody may take that for none.
  if (!row) return {mirror_state{.problem = row.error()}};
  for (const std::string& path : row->mirrors) {
    const auto header = refresh_mirror_at(path, mirror_use::there);
    out.push_back(told_of_mirror(path, header, *row));
  }
  return out;
}

// What is refreshed without a mark of its own could not be told from a book that was put back to
// before it.
result<void> session_state::mark_of_today() {
  if (auto looked = look_again(); !looked) return looked;
  const auto today = recovery_row_of_book();
  if (!today) return today.error();
  if (today->mark != 0 && today->marked_version == core->header().root_version) return {};
  return by_itself([&]() -> result<void> {
    auto row = recovery_row_of_book();
    if (!row) return row.error();
    if (auto drawn_one = draw_mark(*core, *row); !drawn_one) return drawn_one;
    return write_recovery(*core, *row);
  });
}

// --- the key ------------------------------------------------------------------------------

// Nothing is written: the key is in force once its shares are out (use_recovery_key()). A seed
// lives in here alone.
result<recovery_kit> session_state::draw_recovery_key(unsigned shares, unsigned threshold,
                                                      recovery_key_use use) {
  if (explicit_change) return key_by_itself;
  if (auto looked = look(action::recover); !looked) return looked.error();
  const auto before = read_recovery(*core);
  if (!before) return before.error();
  if (*before && use == recovery_key_use::first) {
    return error{errc::already_exists, "the book has a recovery key: recovery rotate replaces it"};
  }
  if (!*before && use == recovery_key_use::instead) return no_key;
  if (shares > crypto::most_shares) {
    return error{errc::invalid_argument, "a recovery key has at most 16 shares"};
  }
  auto seed = crypto::random_key(core->random());
  if (!seed) return seed.error();
  drawn_key next{.key = crypto::box_key(*seed).public_key(),
                 .instead_of = std::nullopt,
                 .shares = shares,
                 .threshold = threshold};
  if (*before) next.instead_of = (*before)->key;
  recovery_kit out{.threshold = threshold, .number = number_of(next.key)};
  std::vector<crypto::share> parts(shares);
  if (auto cut = crypto::split(*seed, threshold, out.number, core->random(), parts); !cut) {
    return cut.error();
  }
  for (const crypto::share& part : parts) out.shares.push_back(crypto::write(part));
  key_drawn = next;
  return out;
}

result<std::vector<mirror_state>> session::use_recovery_key() try {
  session_state& s = *state_;
  if (s.explicit_change) return key_by_itself;
  const auto done = s.change(action::recover, [&]() -> result<void> {
    if (!s.key_drawn) {
      return error{errc::invalid_state, "no shares were handed out: make a recovery key first"};
    }
    auto before = read_recovery(*s.core);
    if (!before) return before.error();
    const bool same = before->has_value() ? s.key_drawn->instead_of == (*before)->key
                                          : !s.key_drawn->instead_of.has_value();
    if (!same) {
      return error{errc::version_mismatch,
                   "another recovery key was put in force meanwhile, and stays: destroy the shares "
                   "that were just made"};
    }
    recovery_row row;
    if (*before) row = std::move(**before);
    row.key = s.key_drawn->key;
    row.made_at = s.now().seconds;
    row.shares = static_cast<std::uint8_t>(s.key_drawn->shares);
    row.threshold = static_cast<std::uint8_t>(s.key_drawn->threshold);
    if (auto written = write_recovery(*s.core, row); !written) return written;
    // A new root too: what the former key has opened opens nothing that is written from now on.
    return s.core->tree().rotate_root();
  });
  if (!done) return done.error();
  s.key_drawn.reset();
  return s.mirrors_told;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<mirror_state>> session::mirrors_told() const noexcept try {
  return state_->mirrors_told;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<recovery_kit> session::draw_recovery_key(unsigned shares, unsigned threshold,
                                                recovery_key_use use) try {
  return state_->draw_recovery_key(shares, threshold, use);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// What is in force without anybody having its shares would be lost: they are returned with the
// problem.
result<recovery_kit> session_state::new_recovery_key(session& own, unsigned shares,
                                                     unsigned threshold, recovery_key_use use) {
  auto kit = draw_recovery_key(shares, threshold, use);
  if (!kit) return kit;
  auto used = own.use_recovery_key();
  if (used) {
    kit->mirrors = std::move(*used);
    return kit;
  }
  const auto looked = look(action::recover);
  const auto row = looked ? recovery_row_of_book() : result<recovery_row>(looked.error());
  if (row && number_of(row->key) != kit->number) return used.error();
  kit->problem = used.error();
  return kit;
}

result<recovery_kit> session::make_recovery_key(unsigned shares, unsigned threshold) try {
  return state_->new_recovery_key(*this, shares, threshold, recovery_key_use::first);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<recovery_kit> session::rotate_recovery_key(unsigned shares, unsigned threshold) try {
  return state_->new_recovery_key(*this, shares, threshold, recovery_key_use::instead);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// --- mirrors ------------------------------------------------------------------------------

// Written before the book names it: a mirror that the book names and that never was would be told
// as out of reach for ever.
result<mirror_state> session::add_mirror(std::string_view path) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "a mirror is added outside of a transaction: commit first"};
  }
  if (auto seen = s.look(action::recover); !seen) return seen.error();
  if (auto day = check_day(s); !day) return day.error();
  const auto row = s.recovery_row_of_book();
  if (!row) return row.error();
  const std::string where(path);
  if (where.empty() || where.size() > recovery_row::longest_path || where.front() != '/') {
    return error{errc::invalid_argument, "a mirror needs the whole path of a folder, from / on"};
  }
  if (std::find(row->mirrors.begin(), row->mirrors.end(), where) != row->mirrors.end()) {
    return error{errc::already_exists, "the book has this mirror: recovery refresh brings it up"};
  }
  if (row->mirrors.size() == recovery_row::most_mirrors) {
    return error{errc::limit_exceeded, "a book has at most 8 mirrors: remove one"};
  }
  if (!s.mirrors) return no_way;
  if (auto apart = s.mirrors->check_apart(where, row->mirrors); !apart) return apart.error();
  if (auto marked = s.mark_of_today(); !marked) return marked.error();
  const bool given_up =
      std::find(row->given_up.begin(), row->given_up.end(), where) != row->given_up.end();
  if (auto made = s.make_mirror_at(where, given_up); !made) return made.error();
  const auto added = s.change(action::recover, [&]() -> result<void> {
    auto now = s.recovery_row_of_book();
    if (!now) return now.error();
    now->mirrors.push_back(where);
    std::erase(now->given_up, where);
    if (auto marked = draw_mark(*s.core, *now); !marked) return marked;
    return write_recovery(*s.core, *now);
  });
  if (!added) return added.error();
  // The others too: a restore from one of them has to know of this one.
  std::vector<mirror_state> all = s.refresh_all_mirrors();
  for (mirror_state& one : all) {
    if (one.path == where) return std::move(one);
  }
  return error{errc::not_found, "the mirror was removed meanwhile"};
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// One that the book does not know, as after a restore: somebody may give it up all the same.
bool session_state::is_mirror_of_book(const std::string& path) {
  if (!mirrors) return false;
  const std::scoped_lock alone(*mirrors_alone);
  const auto place = mirrors->open(path);
  if (!place) return false;
  const auto header = look_at_mirror(*place);
  return header && header->book == core->header().id;
}

result<void> session::remove_mirror(std::string_view path) try {
  session_state& s = *state_;
  const auto removed = s.change(action::recover, [&]() -> result<void> {
    auto row = s.recovery_row_of_book();
    if (!row) return row.error();
    const auto at = std::find(row->mirrors.begin(), row->mirrors.end(), path);
    if (at != row->mirrors.end()) {
      row->mirrors.erase(at);
    } else if (std::find(row->given_up.begin(), row->given_up.end(), path) != row->given_up.end() ||
               !s.is_mirror_of_book(std::string(path))) {
      return error{errc::not_found, "the book has no such mirror: recovery status lists them"};
    }
    // Whoever removes it gives it up: added again, it may be made anew.
    std::erase(row->given_up, path);
    row->given_up.emplace_back(path);
    if (row->given_up.size() > recovery_row::most_mirrors) {
      row->given_up.erase(row->given_up.begin());
    }
    if (auto marked = draw_mark(*s.core, *row); !marked) return marked;
    return write_recovery(*s.core, *row);
  });
  // A restore from one that stays is to know that this one is gone; its next refresh says so too.
  if (removed && !s.explicit_change) (void)s.refresh_all_mirrors();
  return removed;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<mirror_state>> session::refresh_mirrors() try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "mirrors hold what is committed: commit first"};
  }
  if (auto seen = s.look(action::maintain); !seen) return seen.error();
  if (auto day = check_day(s); !day) return day.error();
  const auto row = s.recovery_row_of_book();
  if (!row) return row.error();
  if (row->mirrors.empty()) return std::vector<mirror_state>();
  if (auto marked = s.mark_of_today(); !marked) return marked.error();
  return s.refresh_all_mirrors();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// Whoever has said nothing since the directive with which a restore has ended their consents.
result<void> session_state::customers_to_ask(std::vector<customer_id>& out) {
  const storage::key rows = storage::key(storage::table::meta).add(std::uint8_t{5});
  std::vector<customer_no> named;
  const auto walked = core->read().walk(rows, rows, [&](byte_view at, byte_view) {
    if (at.size() == 10) named.emplace_back(load_be<std::uint64_t>(at.data() + 2));
    return true;
  });
  if (!walked) return walked;
  private_bytes opened;
  for (const customer_no number : named) {
    const auto known = entry(number);
    if (!known && known.error().code == errc::key_erased) continue;
    if (!known) return known.error();
    if (auto got = core->get_value(core->keys().rows, to_ask_place(number), opened); !got) {
      return got;
    }
    if (opened.view().size() != 4) return error{errc::damaged, "a row of whom to ask is damaged"};
    if (load_be<std::uint32_t>(opened.view().data()) == (*known)->directives) {
      out.push_back(core->keys().ids->id(number));
    }
  }
  return {};
}

result<recovery_state> session::recovery() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::maintain); !seen) return seen.error();
  auto row = read_recovery(*s.core);
  if (!row) return row.error();
  recovery_state out;
  if (!*row) return out;
  out.has_key = true;
  out.key_made = timestamp{(*row)->made_at};
  out.shares = (*row)->shares;
  out.threshold = (*row)->threshold;
  out.number = number_of((*row)->key);
  if ((*row)->backup_at != 0) out.newest_backup = timestamp{(*row)->backup_at};
  if (auto asked = s.customers_to_ask(out.to_ask); !asked) return asked.error();
  for (const std::string& path : (*row)->mirrors) {
    const std::scoped_lock alone(*s.mirrors_alone);
    const auto place = s.mirrors ? s.mirrors->open(path) : result<mirror_place>(no_way);
    out.mirrors.push_back(s.told_of_mirror(
        path, place ? look_at_mirror(*place) : result<mirror_header>(place.error()), **row));
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// --- backups ------------------------------------------------------------------------------

namespace {

constexpr error no_mirror{errc::invalid_state,
                          "without a keyring mirror nothing opens a backup: recovery mirror add"};

constexpr error other_branch{
    errc::rolled_back,
    "no backup was written: the mirrors are newer than the book, or of another branch of it, and "
    "would open it for another: see recovery status"};

}  // namespace

// A view whose newest commit is the one with the newest mark: what a backup holds beyond its mark
// could not be told from another branch.
result<std::unique_ptr<book_core>> session_state::marked_view() {
  constexpr int patience = 100;
  for (int attempt = 0; attempt < patience; ++attempt) {
    if (auto marked = mark_of_today(); !marked) return marked.error();
    auto view = core->another();
    if (!view) return view.error();
    const auto row = read_recovery(**view);
    if (!row) return row.error();
    if (*row && (*row)->marked_version == (*view)->header().root_version) return view;
  }
  return error{errc::locked, "the book is written without a pause: try the backup again"};
}

result<backup_outcome> session::back_up(backup_sink to, backup_source base,
                                        callback_ref<void(std::uint64_t)> progress) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "a backup holds what is committed: commit first"};
  }
  if (auto seen = s.look(action::maintain); !seen) return seen.error();
  if (auto day = check_day(s); !day) return day.error();
  const auto row = s.recovery_row_of_book();
  if (!row) return row.error();
  if (row->mirrors.empty()) return no_mirror;
  auto view = s.marked_view();
  if (!view) return view.error();
  backup_outcome out;
  out.at = s.now();
  // Behind the view, so that the mirror has everybody whom the backup has.
  out.mirrors = s.refresh_all_mirrors();
  bool any = false;
  for (const mirror_state& one : out.mirrors) any = any || one.heard;
  if (out.mirrors.empty()) return no_mirror;
  // What only a mirror of another branch is there for passes for a backup, and is none. Of mirrors
  // that are away the caller is told: they may come back.
  for (const mirror_state& one : out.mirrors) {
    if (!any && one.problem.code == errc::rolled_back) return other_branch;
  }
  const auto counts =
      write_backup(**view, base, to, out.at, [&](std::uint64_t done, std::uint64_t) {
        if (progress) progress(done);
      });
  if (!counts) return counts.error();
  out.customers = counts->customers;
  out.rows = counts->rows;
  out.bytes = counts->bytes;
  out.root_version = counts->header.root_version;
  out.full = counts->header.full();
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<pin_state> session::pin() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::maintain); !seen) return seen.error();
  pin_state out{.version = s.core->header().root_version, .ledger_size = s.core->row().ledger_size};
  if (!s.pin) return out;
  const auto written = s.pin->load();
  if (!written) return written.error();
  if (!*written) return out;
  out.kept = true;
  out.pinned_version = (*written)->root_version;
  out.pinned_ledger_size = (*written)->ledger_size;
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::note_backup(const backup_outcome& made) try {
  session_state& s = *state_;
  return s.change(action::maintain, [&]() -> result<void> {
    auto row = s.recovery_row_of_book();
    if (!row) return row.error();
    if (made.root_version < row->backup_root_version) return {};  // A later one is noted.
    row->backup_at = made.at.seconds;
    row->backup_root_version = made.root_version;
    return write_recovery(*s.core, *row);
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
