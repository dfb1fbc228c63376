// Recovery key, keyring mirrors and backups of a session's book. A mirror that cannot be reached
// keeps nothing from being erased; whoever asks is told which ones have followed.
#include <clientbook/internal/vault/backup.hpp>
#include <clientbook/internal/vault/mirror.hpp>

#include <algorithm>
#include <mutex>

#include "session_state.hpp"

namespace clientbook {
namespace {

// A place is opened by one at a time in a process (lmdb_backend.hpp), and is let go at once.
std::mutex& one_at_a_time() {
  static std::mutex of_this_process;
  return of_this_process;
}

constexpr error no_key{errc::invalid_state, "no recovery key was made: clientbook recovery init"};
constexpr error no_way{errc::unsupported, "this program was given no way to mirrors"};

std::array<std::byte, 4> number_of(const crypto::box_public_key& key) noexcept {
  std::array<std::byte, 4> out{};
  copy_bytes(byte_span(out), byte_view(crypto::hash(byte_view(key))).first(out.size()));
  return out;
}

mirror_state told(const std::string& path, const result<mirror_header>& header,
                  const book_header& book) {
  mirror_state out{.path = path};
  if (!header) {
    out.problem = header.error();
    return out;
  }
  out.epoch = header->epoch;
  out.refreshed = timestamp{header->at};
  out.confirmed = header->book == book.id && header->epoch == book.epoch;
  out.holds_all = out.confirmed && header->root_version >= book.root_version;
  if (!out.confirmed) {
    out.problem = {errc::version_mismatch, "this mirror has not followed yet: recovery refresh"};
  }
  return out;
}

}  // namespace

result<recovery_row> session_state::recovery_row_of_book() {
  auto row = read_recovery(*core);
  if (!row) return row.error();
  if (!*row) return no_key;
  return std::move(**row);
}

result<mirror_header> session_state::refresh_mirror_at(const std::string& path, mirror_use use) {
  if (!mirrors) return no_way;
  const std::scoped_lock alone(one_at_a_time());
  const auto place = use == mirror_use::made ? mirrors->create(path) : mirrors->open(path);
  if (!place) return place.error();
  return refresh_mirror(*core, *place, now());
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
    out.push_back(told(path, header, core->header()));
  }
  return out;
}

// --- the key ------------------------------------------------------------------------------

result<recovery_kit> session_state::new_recovery_key(unsigned shares, unsigned threshold,
                                                     key_use use) {
  if (explicit_change) {
    return error{errc::invalid_state, "a recovery key is a transaction of its own: commit first"};
  }
  recovery_kit out;
  const auto done = change(action::recover, [&]() -> result<void> {
    auto before = read_recovery(*core);
    if (!before) return before.error();
    if (*before && use == key_use::first) {
      return error{errc::already_exists,
                   "the book has a recovery key: recovery rotate replaces it"};
    }
    if (!*before && use == key_use::instead) return no_key;
    auto seed = crypto::random_key(core->random());
    if (!seed) return seed.error();
    recovery_row row;
    if (*before) row = std::move(**before);
    row.key = crypto::box_key(*seed).public_key();
    row.made_at = now().seconds;
    row.shares = static_cast<std::uint8_t>(shares);
    row.threshold = static_cast<std::uint8_t>(threshold);
    out.number = number_of(row.key);
    out.threshold = threshold;
    if (shares > crypto::most_shares) {
      return error{errc::invalid_argument, "a recovery key has at most 16 shares"};
    }
    std::vector<crypto::share> parts(shares);
    if (auto cut = crypto::split(*seed, threshold, out.number, core->random(), parts); !cut) {
      return cut;
    }
    for (const crypto::share& part : parts) out.shares.push_back(crypto::write(part));
    if (auto written = write_recovery(*core, row); !written) return written;
    // A new root too: what the former key has opened opens nothing that is written from now on.
    return core->tree().rotate_root();
  });
  if (!done) return done.error();
  out.mirrors = std::move(mirrors_told);
  return out;
}

result<recovery_kit> session::make_recovery_key(unsigned shares, unsigned threshold) try {
  return state_->new_recovery_key(shares, threshold, session_state::key_use::first);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<recovery_kit> session::rotate_recovery_key(unsigned shares, unsigned threshold) try {
  return state_->new_recovery_key(shares, threshold, session_state::key_use::instead);
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
  if (const auto made = s.refresh_mirror_at(where, session_state::mirror_use::made); !made) {
    return made.error();
  }
  const auto added = s.change(action::recover, [&]() -> result<void> {
    auto now = s.recovery_row_of_book();
    if (!now) return now.error();
    now->mirrors.push_back(where);
    return write_recovery(*s.core, *now);
  });
  if (!added) return added.error();
  const auto header = s.refresh_mirror_at(where, session_state::mirror_use::there);
  return told(where, header, s.core->header());
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::remove_mirror(std::string_view path) try {
  session_state& s = *state_;
  return s.change(action::recover, [&]() -> result<void> {
    auto row = s.recovery_row_of_book();
    if (!row) return row.error();
    const auto at = std::find(row->mirrors.begin(), row->mirrors.end(), path);
    if (at == row->mirrors.end()) {
      return error{errc::not_found, "the book has no such mirror: recovery status lists them"};
    }
    row->mirrors.erase(at);
    return write_recovery(*s.core, *row);
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<mirror_state>> session::refresh_mirrors() try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "mirrors hold what is committed: commit first"};
  }
  if (auto seen = s.look(action::maintain); !seen) return seen.error();
  if (auto row = s.recovery_row_of_book(); !row) return row.error();
  return s.refresh_all_mirrors();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
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
  for (const std::string& path : (*row)->mirrors) {
    const std::scoped_lock alone(one_at_a_time());
    const auto place = s.mirrors ? s.mirrors->open(path) : result<mirror_place>(no_way);
    out.mirrors.push_back(
        told(path, place ? look_at_mirror(*place) : result<mirror_header>(place.error()),
             s.core->header()));
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// --- backups ------------------------------------------------------------------------------

result<backup_outcome> session::back_up(backup_sink to, backup_source base,
                                        callback_ref<void(std::uint64_t)> progress) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "a backup holds what is committed: commit first"};
  }
  if (auto seen = s.look(action::maintain); !seen) return seen.error();
  const auto row = s.recovery_row_of_book();
  if (!row) return row.error();
  if (row->mirrors.empty()) {
    return error{errc::invalid_state,
                 "without a keyring mirror nothing opens a backup: recovery mirror add"};
  }
  backup_outcome out;
  // First, so that the mirror has everybody whom the backup has.
  out.mirrors = s.refresh_all_mirrors();
  auto view = s.core->another();
  if (!view) return view.error();
  out.at = s.now();
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
