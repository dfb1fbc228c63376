// A session: transactions, the ledger's texts, forgetting, and verification of a whole book.
//
// Each call asks the role first, then does its work in a change of its own or in the caller's. What
// a call reads besides lies in files of their own: session_read, session_write, session_directives
// and so on.
#include <clientbook/book/session.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>

#include <algorithm>
#include <array>

#include <clientbook/internal/vault/mirror.hpp>
#include "before_merge.hpp"
#include "gaps.hpp"
#include "pin_of_book.hpp"
#include "places.hpp"
#include "session_state.hpp"
#include "stray_rows.hpp"

namespace clientbook {
namespace {

using storage::item_kind;
using storage::key;
using storage::table;

// Keys of a prefix, collected before anything is erased: a walk must not be written under.
result<std::vector<std::array<std::byte, 24>>> keys_of(read_transaction& from, byte_view prefix,
                                                       std::vector<std::size_t>& sizes) {
  std::vector<std::array<std::byte, 24>> found;
  auto walked = from.walk(prefix, prefix, [&](byte_view at, byte_view) {
    std::array<std::byte, 24> copy{};
    copy_bytes(copy, at);
    found.push_back(copy);
    sizes.push_back(at.size());
    return true;
  });
  if (!walked) return walked.error();
  return found;
}

result<void> erase_prefix(write_transaction& in, byte_view prefix) {
  std::vector<std::size_t> sizes;
  const auto found = keys_of(in, prefix, sizes);
  if (!found) return found.error();
  for (std::size_t i = 0; i < found->size(); ++i) {
    if (auto gone = in.erase(byte_view((*found)[i]).first(sizes[i])); !gone) return gone;
  }
  return {};
}

// What the signature of a receipt covers; docs/format/book.md and recovery.md have the bytes. No
// heap: it is made after the commit.
class signed_part {
 public:
  signed_part(const book_id& book, const erasure_receipt& receipt) noexcept {
    copy_bytes(byte_span(bytes_), as_bytes(name_of(receipt)));
    copy_bytes(byte_span(bytes_).subspan(8), book.bytes);
    store_be(bytes_.data() + 24, receipt.ledger_index);
    store_be(bytes_.data() + 32, receipt.epoch_before);
    store_be(bytes_.data() + 40, receipt.epoch_after);
    store_be(bytes_.data() + 48, static_cast<std::uint64_t>(receipt.at.seconds));
    bytes_[56] = static_cast<std::byte>(receipt.reason);
    if (receipt.remembered_until.month != 0) {
      store_be(bytes_.data() + 57,
               static_cast<std::uint32_t>(days_since_epoch(receipt.remembered_until)));
    }
    if (!receipt.retained.empty()) add(retained_hash(receipt));
    for (const mirror_state& one : receipt.mirrors) {
      add(crypto::hash(as_bytes(one.path)));
      bytes_[size_++] = one.confirmed ? std::byte{1} : std::byte{0};
    }
  }
  byte_view view() const noexcept { return byte_view(bytes_).first(size_); }

 private:
  static std::string_view name_of(const erasure_receipt& receipt) noexcept {
    if (!receipt.retained.empty()) return "erasure4";
    return receipt.mirrors.empty() ? "erasure2" : "erasure3";
  }
  static crypto::digest retained_hash(const erasure_receipt& receipt) noexcept {
    crypto::hasher all;
    for (const retained_name& one : receipt.retained) {
      std::array<std::byte, 16 + 1 + 4> bytes;
      copy_bytes(byte_span(bytes), one.id.bytes);
      bytes[16] = static_cast<std::byte>(one.purpose.value);
      store_be(bytes.data() + 17, static_cast<std::uint32_t>(days_since_epoch(one.until)));
      all.update(bytes);
    }
    return all.finish();
  }
  void add(const crypto::digest& hash) noexcept {
    copy_bytes(byte_span(bytes_).subspan(size_), hash);
    size_ += hash.size();
  }

  static constexpr std::size_t of_receipt = 8 + 16 + 8 * 4 + 1 + 4;
  static constexpr std::size_t of_mirror = 32 + 1;
  std::array<std::byte, of_receipt + 32 + recovery_row::most_mirrors * of_mirror> bytes_{};
  std::size_t size_ = of_receipt;
};

// Whether the table has anything for the role that a transaction is for.
bool writes(const session_state& s) {
  for (const action what : {action::say_no, action::erase, action::administer, action::approve,
                            action::maintain, action::open_case}) {
    if (s.ask(what)) return true;
  }
  return s.keeps().has_value();
}

}  // namespace

session::session(std::unique_ptr<session_state> state) noexcept : state_(std::move(state)) {}
session::~session() = default;
session::session(session&&) noexcept = default;
session& session::operator=(session&&) noexcept = default;

const actor& session::who() const noexcept { return state_->who; }

void session::stop_when(const std::atomic<bool>* wanted) noexcept {
  state_->core->stop() = {.wanted = wanted};
}
bool session::was_stopped() const noexcept { return state_->core->stop().seen; }

// --- transactions -------------------------------------------------------------------------

result<void> session_state::commit_change() {
  unpinned = false;
  if (auto written = write_looks(); !written) {
    discard_change();
    return written;
  }
  const bool needs_pin = must_pin || ledger.grows() || core->tree().next_root() != nullptr;
  const bool holds_anyway = must_hear || takes_back || core->tree().next_root() != nullptr;
  if (auto ready = check_pin(needs_pin && !holds_anyway); !ready) {
    discard_change();
    return ready;
  }
  if (auto flushed = ledger.flush(); !flushed) {
    discard_change();
    return flushed;
  }
  if (auto marked = mark_for_mirrors(); !marked) {
    discard_change();
    return marked;
  }
  const std::uint64_t epoch = core->header().epoch;
  const bool closes = std::exchange(must_hear, false);
  if (closes || core->tree().next_root() != nullptr) {
    mirrors_told.clear();
    if (core->row().recovery != 0) mirrors_told.reserve(recovery_row::most_mirrors);
  }
  const auto committed = core->commit();
  if (committed || was_committed(committed.error())) {
    core->stop().held = true;
    tell_entries();
  }
  ledger.forget();
  if (committed) {
    consent.policy().keep();
    looks_are_written();
  } else {
    // What the stores have read and changed is in no book.
    discard_change();
  }
  // A root that is gone here is to be gone there, and who has said no here has said so there.
  if (core->header().epoch != epoch || (committed && closes)) tell_mirrors();
  must_pin = false;
  takes_back = false;
  if (committed) return move_pin(epoch, needs_pin);
  return committed;
}

// What closes something (a withdrawal, an erasure) is in force whatever becomes of the pin, and
// told. All else is not begun: whoever was refused has changed nothing, and may call again.
result<void> session_state::check_pin(bool needed) {
  if (!pin || !needed) return {};
  const auto ready = pin->ready();
  if (ready || (pinned.root_version == 0 && ready.error().code == errc::permission_denied)) {
    return {};  // The latter: keys that are mounted for reading alone keep no pin.
  }
  return error{ready.error().code,
               "nothing was done: the pin beside the key could not be moved, without which an old "
               "copy would undo it"};
}

// Before anybody is told that it is done: what an old copy of the store would undo. `needed`: by
// this change; what others have left behind is caught up with, and was told with them.
result<void> session_state::move_pin(std::uint64_t epoch_before, bool needed) {
  constexpr std::uint64_t most_unpinned = 64;
  if (!pin) return {};
  const std::uint64_t entries = core->row().ledger_size;
  const bool wanted = needed || core->header().epoch != epoch_before ||
                      entries != pinned.ledger_size ||
                      core->header().root_version - pinned.root_version >= most_unpinned;
  // One that could not be moved is tried again with every change; epoch 0 says so.
  const bool behind = pinned.root_version != 0 && pinned.epoch == 0;
  if (!wanted && !behind) return {};
  const auto now = pin_of(*core);
  const auto moved = now ? pin->move(*now) : result<void>(now.error());
  if (moved) {
    pinned = *now;
    return {};
  }
  // Keys that are mounted for reading alone: no pin was ever there, and none is kept.
  if (pinned.root_version == 0 && moved.error().code == errc::permission_denied) {
    pin.reset();
    return {};
  }
  // It was told with the change that needed it: others, and reading, go on.
  pinned.epoch = 0;
  pinned.ledger_size = entries;
  if (!needed) return {};
  unpinned = true;
  return error{moved.error().code,
               "committed, but its pin beside the key could not be moved: mend that, then any "
               "change moves it"};
}

result<void> session_state::mark_for_mirrors() {
  if (core->row().recovery == 0 || (core->tree().next_root() == nullptr && !must_hear)) return {};
  auto row = recovery_row_of_book();
  if (!row) return row.error();
  if (row->mirrors.empty()) return {};
  if (auto drawn_one = draw_mark(*core, *row); !drawn_one) return drawn_one;
  return write_recovery(*core, *row);
}

// What was committed is, whatever becomes of the mirrors: without memory it is said that nobody
// knows.
void session_state::tell_mirrors() noexcept {
  if (core->row().recovery == 0) return;
  try {
    mirrors_told = refresh_all_mirrors();
  } catch (const std::bad_alloc&) {
    mirrors_told.clear();
    mirrors_told.emplace_back().problem = not_enough_memory;  // Room was made before the commit.
  }
}

void session_state::discard_change() noexcept {
  core->discard();
  must_hear = false;
  must_pin = false;
  takes_back = false;
  ledger.forget();
  consent.forget();
  cases.forget();
  requests.forget();
  traces.forget();
  budgets.forget();
  portfolios.forget();
  roles.forget();
  credentials.forget();
  canaries.forget();
  outflow.forget();
  how_reached.forget();
  witnesses.forget();
  orders = {};
  // What it would have passed on stays here.
  seen.passed_on.clear();
  std::erase_if(seen.alarms, [](const auto& one) { return one.kind == alarm_kind::fan_out; });
  last_row.version = 0;
}

error session_state::out_of_memory() noexcept {
  if (explicit_change) {
    broken = true;
  } else {
    discard_change();
  }
  return not_enough_memory;
}

result<void> session::begin() try {
  session_state& s = *state_;
  if (s.explicit_change) return error{errc::invalid_state, "a transaction is under way: end it"};
  if (auto fresh = s.look_again(); !fresh) return fresh;
  if (!writes(s)) {
    return error{errc::role_denied, "this role writes nothing: it needs no transaction"};
  }
  // Within the transaction nothing can be drawn that a rollback does not undo.
  if (auto drawn = s.draw_for_change(); !drawn) return drawn;
  if (auto begun = s.core->begin_change(); !begun) return begun;
  auto followed = s.roles.follow();
  if (followed) followed = s.check_credential();
  if (followed && !writes(s)) followed = error{errc::role_denied, "this role writes nothing"};
  if (followed) followed = s.consent.follow();
  if (!followed) {
    s.discard_change();
    return followed;
  }
  if (auto right = s.check_clock(); !right) {
    s.discard_change();
    return right;
  }
  s.explicit_change = true;
  s.by_value = {};
  s.seen.made_from = s.core->row().next.value;
  s.broken = false;
  return {};
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::commit() try {
  session_state& s = *state_;
  if (!s.explicit_change) return error{errc::invalid_state, "no transaction: call begin() first"};
  if (s.broken) return error{errc::invalid_state, "a write failed: roll back"};
  s.explicit_change = false;
  s.by_value = {};
  return s.commit_change();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

void session::rollback() noexcept {
  session_state& s = *state_;
  if (!s.explicit_change) return;
  s.explicit_change = false;
  s.by_value = {};
  s.broken = false;
  s.discard_change();
  s.write_looks_now();
}

// --- ledger -------------------------------------------------------------------------------

result<ledger_proof> session::prove(std::uint64_t index) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::audit); !seen) return seen.error();
  const auto path = s.ledger.prove(index);
  if (!path) return path.error();
  const auto leaf = s.ledger.leaf(index);
  if (!leaf) return leaf.error();
  const auto note = s.ledger.checkpoint();
  if (!note) return note.error();

  ledger_proof out;
  out.index = index;
  out.size = s.core->row().ledger_size;
  out.entry = *leaf;
  out.path.assign(path->view().begin(), path->view().end());
  std::array<std::byte, ledger::max_entry> room{};
  const auto bytes = ledger::encode_entry(*leaf, room);
  if (!bytes) return bytes.error();
  std::string text(ledger::log_proof_room + 2 * ledger::max_entry + note->size(), '\0');
  const auto written = ledger::write_log_proof(*bytes, index, path->view(), *note, text);
  if (!written) return written.error();
  text.resize(written->size());
  out.text = std::move(text);
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::string> session::checkpoint() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::audit); !seen) return seen.error();
  return s.ledger.checkpoint();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::string> session::log_identity() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::audit); !seen) return seen.error();
  return s.ledger.identity_text();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<crypto::signing_key> session::receipt_key() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::sign_receipts); !seen) return seen.error();
  return crypto::signing_key(s.core->keys().receipt_seed);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// --- forgetting ---------------------------------------------------------------------------

namespace {

case_kind case_of(erasure_reason reason) noexcept {
  return reason == erasure_reason::retention_end ? case_kind::records : case_kind::rights;
}

mention_values values_searched(const erasure_options& options) noexcept {
  return options.mentions == mentions_at_erasure::replaced ? mention_values::all
                                                           : mention_values::real;
}

}  // namespace

result<void> session_state::count_told_at_erasure(const customer_id& id, erasure_reason reason,
                                                  const erasure_options& options) {
  if (auto seen_now = look(action::erase); !seen_now) return seen_now;
  const auto whose = number(id);
  if (!whose) return whose.error();
  if (auto asked = ask(action::erase, case_of(reason), id); !asked) return asked;
  const auto told =
      search_mentions(*whose, options.purpose, std::nullopt, values_searched(options));
  if (!told) return told.error();
  return told_of(told->mentions, options.purpose);
}

result<void> session_state::erase_held(customer_no number, const manifest& known) {
  // The record tells which index entries to remove. If it does not open any more, they are
  // looked for by the number they lead to: damage must not prevent an erasure.
  std::array<opened_field, max_fields> opened;
  const auto ids = opener.record(opening::index, number, known, opened);
  if (ids) {
    for (const opened_field& one : *ids) {
      if (auto gone = release_external_ids(number, one.plaintext); !gone) return gone;
    }
  } else if (auto gone = release_external_ids_of(number); !gone) {
    return gone;
  }
  if (auto gone = ledger.erase_payloads(number, known); !gone) {
    if (gone.error().code == errc::io_error || gone.error().code == errc::disk_full) return gone;
  }

  write_transaction& store = core->write();
  for (const auto& prefix :
       {key(table::record).add(number.value), key(table::item).add(number.value),
        key(table::directive).add(number.value), key(table::customer_row).add(number.value),
        key(table::merge).add(number.value), to_ask_place(number).key}) {
    if (auto gone = erase_prefix(store, prefix); !gone) return gone;
  }
  if (auto gone = traces.erase(number, known); !gone) return gone;
  if (auto gone = at_rest.erase_bucket_of(number); !gone) return gone;
  if (auto gone = core->tree().erase(number); !gone) return gone;
  return {};
}

namespace {

// The lines of purchases go with the customer. Damage must not prevent an erasure: what does not
// open is not counted.
void drop_purchase_lines(session_state& s, customer_no number) {
  std::uint64_t out = 0;
  std::uint32_t purchases = 0;
  if (const auto known = s.entry(number)) purchases = (*known)->purchases;
  for (std::uint32_t sequence = 1; sequence <= purchases; ++sequence) {
    const auto known = s.entry(number);
    if (!known) break;
    const auto item =
        s.opener.item(opening::verification, number, **known, item_kind::purchase, sequence);
    const auto receipt = item ? decode_purchase(*item) : item.error();
    if (receipt) out += receipt->lines.size();
  }
  std::uint64_t& all = s.core->edit_row().purchase_lines;
  all -= std::min(out, all);
}

}  // namespace

result<void> session_state::erase_one(const customer_id& id, erasure_reason reason,
                                      const erasure_options& options, erasure& out) {
  erasure_receipt& receipt = out.receipt;
  const auto number = this->number(id);
  if (!number) return number.error();
  if (auto asked = ask(action::erase, case_of(reason), id); !asked) return asked;
  if (auto free = check_held(id, options.request); !free) return free;
  if (reason == erasure_reason::subject_request) {
    if (auto free = check_requests_beside(*number, id, options); !free) return free;
  }
  if (options.request != 0) {
    if (auto ready = check_erasure_for_request(id, options); !ready) return ready;
  }
  if (options.mentions != mentions_at_erasure::ignored) {
    const bool replacing = options.mentions == mentions_at_erasure::replaced;
    auto told = search_mentions(*number, options.purpose,
                                replacing ? std::optional(options.which) : std::nullopt,
                                values_searched(options));
    if (!told) return told.error();
    if (auto counted = note_told_of(told->mentions, options.purpose); !counted) {
      return counted.error();
    }
    out.mentions = std::move(*told);
  }
  receipt.at = now();
  if (options.law_kept == law_kept_records::apart) {
    if (auto kept = keep_apart(*number, options, receipt); !kept) return kept;
  }
  if (auto kept = remember_erased(*number, options, receipt); !kept) return kept;
  // A row that does not open any more tells of none: damage must not prevent an erasure.
  if (const auto times = times_as_one_of(*number)) {
    for (const time_as_one& one : *times) {
      receipt.copies_that_open.push_back({{one.since}, {one.until}});
    }
  }
  std::vector<request_stay> stays;
  if (options.request != 0) {
    auto known = stays_after(*number, options, receipt);
    if (!known) return known.error();
    stays = std::move(*known);
  }
  if (auto gone = erase_parts(*number, options, receipt); !gone) return gone;
  drop_purchase_lines(*this, *number);
  const auto found = entry(*number);
  if (!found) return found.error();
  if (auto gone = erase_held(*number, **found); !gone) return gone;
  book_row& row = core->edit_row();
  --row.customers;
  ++row.erased;
  receipt.reason = reason;
  const auto entry = ledger.append({.type = ledger_event::erasure, .count = 1}, {}, who.id,
                                   receipt.at, std::nullopt);
  if (!entry) return entry.error();
  receipt.ledger_index = entry->index;
  if (auto gone = forget_requests(*number, options, receipt, stays); !gone) return gone;
  if (auto gone = canaries.forget_customer(*number); !gone) return gone;
  receipt.epoch_before = core->header().epoch;
  receipt.epoch_after = core->tree().next_root()->epoch;
  return {};
}

bool was_committed(const error& why) noexcept {
  return std::string_view(why.text.c_str()).starts_with("committed, but");
}

std::optional<result<std::vector<erasure>>> session_state::tell_untold(
    std::span<const customer_id> ids) {
  const auto one = std::ranges::find_if(untold_erasures, [&](const untold_erasure& each) {
    return std::ranges::equal(each.ids, ids);
  });
  if (one == untold_erasures.end()) return std::nullopt;
  if (!one->is_signed) {
    if (auto done = sign_receipts(one->done); !done) return done.error();
  }
  std::vector<erasure> out = std::move(one->done);
  untold_erasures.erase(one);
  return out;
}

result<std::vector<erasure>> session_state::erase_all(std::span<const customer_id> ids,
                                                      erasure_reason reason,
                                                      const erasure_options& options,
                                                      std::size_t& which) {
  which = 0;
  if (explicit_change) {
    return error{errc::invalid_state, "an erasure is a transaction of its own: commit first"};
  }
  if (auto told = tell_untold(ids)) return std::move(*told);
  const bool apart = options.law_kept == law_kept_records::apart;
  if (apart != (options.law_kept_years != 0) || options.law_kept_years > most_law_kept_years) {
    return error{errc::invalid_argument,
                 "what is kept apart is kept for 1 to 30 years: say how many"};
  }
  if (options.mentions != mentions_at_erasure::ignored) {
    if (const auto asked = ask(action::search_notes, options.purpose); !asked) {
      return asked.error();
    }
    // Of whom will be told is counted before: within the change nothing can be drawn.
    for (which = 1; which <= ids.size(); ++which) {
      if (auto counted = count_told_at_erasure(ids[which - 1], reason, options); !counted) {
        return counted.error();
      }
    }
    which = 0;
  }
  // Room for what nobody was told of is made before: behind the commit nothing may be lost.
  untold_erasures.reserve(untold_erasures.size() + 1);
  untold_erasure made{.ids = {ids.begin(), ids.end()}, .done = std::vector<erasure>(ids.size())};
  std::vector<erasure>& out = made.done;
  bool all_done = false;
  const auto done = change(action::erase, [&]() -> result<void> {
    for (which = 1; which <= ids.size(); ++which) {
      if (auto gone = erase_one(ids[which - 1], reason, options, out[which - 1]); !gone) {
        return gone;
      }
    }
    which = 0;
    all_done = true;
    return {};
  });
  if (!done && !(all_done && was_committed(done.error()))) return done.error();
  const auto all_signed = sign_receipts(out);
  if (done && all_signed) return std::move(out);
  made.is_signed = all_signed.has_value();
  untold_erasures.push_back(std::move(made));
  return done ? all_signed.error() : done.error();
}

// Behind the commit: what fails here undoes nothing.
result<void> session_state::sign_receipts(std::vector<erasure>& all) try {
  const crypto::signing_key by(core->keys().signing_seed);
  for (erasure& one : all) {
    // Nothing is allocated for the last, the only one as a rule.
    if (&one == &all.back()) {
      one.receipt.mirrors = std::move(mirrors_told);
    } else {
      one.receipt.mirrors = mirrors_told;
    }
    one.receipt.signature = by.sign(signed_part(core->header().id, one.receipt).view());
  }
  return {};
} catch (const std::bad_alloc&) {
  return error{errc::limit_exceeded, "committed, but not enough memory for all receipts"};
}

result<erasure> session::erase(const customer_id& id, erasure_reason reason,
                               const erasure_options& options) try {
  std::size_t which = 0;
  auto done = state_->erase_all(std::span(&id, 1), reason, options, which);
  if (!done) return done.error();
  return std::move(done->front());
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<erasure>> session::erase(std::span<const customer_id> ids, erasure_reason reason,
                                            const erasure_options& options) try {
  if (ids.empty() || ids.size() > max_erased_at_once) {
    return error{errc::invalid_argument, "1 to 1,000 customers are erased at once"};
  }
  if (options.request != 0) {
    return error{errc::invalid_argument, "a request is of one customer: erase them alone"};
  }
  std::vector<customer_id> sorted(ids.begin(), ids.end());
  std::ranges::sort(sorted);
  if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end()) {
    const auto first = std::ranges::find(ids, *twice);
    const auto second = std::find(first + 1, ids.end(), *twice);
    return error{errc::invalid_argument, "a customer is named twice",
                 static_cast<std::uint64_t>(second - ids.begin() + 1)};
  }
  std::size_t which = 0;
  auto done = state_->erase_all(ids, reason, options, which);
  if (!done && which != 0) return error{done.error().code, done.error().text, which};
  return done;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

// So that last month's file brings nobody back without a word. A record that does not open any more
// leaves nothing to know them by: damage must not prevent an erasure.
result<void> session_state::remember_erased(customer_no number, const erasure_options& options,
                                            erasure_receipt& receipt) {
  if (auto ended = refusals.drop_ended(receipt.at); !ended) return ended;
  const auto found = entry_of_part(number);
  if (!found) return found.error();
  std::array<opened_field, max_fields> opened;
  const auto record = opener.record(opening::refusals, number, **found, opened);
  if (!record) return {};
  const auto values = refusal_store::values_of(*record);
  if (!values) return {};
  const auto until = refusals.remember(*values, refusal_kind::erased, receipt.at, receipt.at,
                                       options.remembered_months);
  if (!until) return until.error();
  if (!*until) return {};
  receipt.remembered_until = **until;
  for (const refusal_store::value& one : *values) receipt.remembered_fields |= only(one.by);
  return {};
}

result<void> session_state::release_external_ids_of(customer_no number) {
  std::vector<crypto::blind_index_token> tokens;
  const key prefix(table::external_id);
  auto walked = core->read().walk(prefix, prefix, [&](byte_view at, byte_view value) {
    const bool theirs = value.size() == 8 && at.size() == 1 + crypto::blind_index_token::size() &&
                        load_be<std::uint64_t>(value.data()) == number.value;
    if (theirs) copy_bytes(tokens.emplace_back().bytes, at.subspan(1));
    return true;
  });
  if (!walked) return walked;
  for (const auto& token : tokens) {
    if (auto gone = core->erase_external_id(token, number); !gone) return gone;
  }
  return {};
}

// --- verification -------------------------------------------------------------------------

namespace {

// What is wrong with the customer's entries in the ledger.
errc entries_of(session_state& s, customer_no number, const manifest& known) {
  std::uint64_t index = known.last_ledger_index;
  for (std::uint64_t left = known.disclosures; left > 0 && index >= s.ledger.pruned(); --left) {
    const auto payload = s.ledger.payload(index, number, known);
    if (!payload) return payload.error().code;
    if (payload->sequence != left) return errc::version_mismatch;
    if (payload->previous) index = *payload->previous;
  }
  return errc::none;
}

// The first problem is kept, the others are counted.
class problems {
 public:
  explicit problems(verification& out) noexcept : out_(out) {}
  void add(errc code, const customer_id& whose) noexcept {
    if (out_.problems++ != 0) return;
    out_.first = code;
    out_.first_customer = whose;
  }

 private:
  verification& out_;
};

// What is wrong with the customer's row, and with what it says of parts: one part says whose it is,
// and whoever has parts names them.
errc merge_of(session_state& s, customer_no number, const manifest& entry) {
  const manifest known = copy_of(entry);
  const auto own = s.row_of(number, known);
  if (!own) return own.error().code;
  const customer_row row = **own;
  if ((row.part_of != 0) != (known.stands == standing::part)) return errc::damaged;
  if (row.parts.empty() != (known.stands != standing::of_several)) return errc::damaged;
  for (const merged_part& one : row.parts) {
    const auto whole = whole_of(*s.core, customer_no(one.number));
    if (!whole) return whole.error().code;
    if (*whole != number || one.first + one.directives > known.directives + 1) {
      return errc::damaged;
    }
    if (!one.undoable) continue;
    const auto theirs = s.entry_of_part(customer_no(one.number));
    if (!theirs) return theirs.error().code;
    const auto before = read_before_merge(*s.core, customer_no(one.number), **theirs);
    if (!before) return before.error().code;
    for (const field_id field : before->fields) {
      const auto again = s.entry_of_part(customer_no(one.number));
      if (!again) return again.error().code;
      const auto value = read_field_before(*s.core, customer_no(one.number), **again, field);
      if (!value) return value.error().code;
    }
  }
  return errc::none;
}

// Opens all that is held of a customer, as verify() does.
void verify_customer(session_state& s, customer_no number, const manifest& entry,
                     verification& out) {
  problems found(out);
  const manifest known = copy_of(entry);
  const customer_id id = s.core->keys().ids->id(number);
  std::array<opened_field, max_fields> opened;
  const auto record = s.opener.record(opening::verification, number, known, opened);
  if (!record) found.add(record.error().code, id);
  if (record) {
    if (const errc wrong = s.ids_lead_to(number, *record); wrong != errc::none) {
      found.add(wrong, id);
    }
  }
  for (const item_kind kind : {item_kind::purchase, item_kind::note}) {
    const std::uint32_t count = kind == item_kind::purchase ? known.purchases : known.notes;
    for (std::uint32_t sequence = 1; sequence <= count; ++sequence) {
      const auto item = s.opener.item(opening::verification, number, known, kind, sequence);
      if (!item) found.add(item.error().code, id);
      ++out.items;
    }
  }
  if (const errc wrong = merge_of(s, number, known); wrong != errc::none) found.add(wrong, id);
  const auto checked = s.consent.directives(known, number);
  if (!checked) found.add(checked.error().code, id);
  out.directives += known.directives;
  if (const errc wrong = entries_of(s, number, known); wrong != errc::none) found.add(wrong, id);
}

void verify_witnesses(session_state& s, problems& found) {
  s.witnesses.forget();
  const auto known = s.witnesses.all();
  if (!known) return found.add(known.error().code, {});
  for (const ledger_witness& one : **known) {
    if (auto good = s.check_cosigned(one); !good) found.add(good.error().code, {});
  }
}

// What belongs to the book as a whole.
void verify_parts(session_state& s, verification& out) {
  problems found(out);
  for (std::uint32_t number = 1; number <= s.core->row().states; ++number) {
    const auto opens = s.consent.verify_state(number);
    if (opens) continue;
    found.add(opens.error().code, {});
    if (out.first_state == 0) out.first_state = number;
  }
  if (auto refused = s.refusals.verify(); !refused) found.add(refused.error().code, {});
  if (auto marks = verify_marks(*s.core); !marks) found.add(marks.error().code, {});
  if (auto ids = s.core->check_external_ids(); !ids) found.add(ids.error().code, {});
  if (const auto strays = stray_rows(s); !strays) {
    found.add(strays.error().code, {});
  } else if (*strays != 0) {
    found.add(errc::damaged, {});
  }
  if (auto looked = s.traces.verify(); !looked) found.add(looked.error().code, {});
  if (auto asked = s.requests.verify(); !asked) found.add(asked.error().code, {});
  if (auto kept = s.retained.verify(); !kept) found.add(kept.error().code, {});
  // What was read before this call is no word of what lies there now.
  s.cases.forget();
  s.budgets.forget();
  s.canaries.forget();
  s.portfolios.forget();
  s.roles.forget();
  s.credentials.forget();
  s.how_reached.forget();
  if (const auto all = s.cases.all(); !all) found.add(all.error().code, {});
  if (const auto left = s.budgets.left(s.who, s.clock_now()); !left) {
    found.add(left.error().code, {});
  }
  if (const auto all = s.canaries.all(); !all) found.add(all.error().code, {});
  if (const auto known = s.how_reached.all(); !known) found.add(known.error().code, {});
  if (auto passed = s.outflow.verify(); !passed) found.add(passed.error().code, {});
  if (const auto rules = s.portfolios.rules(); !rules) found.add(rules.error().code, {});
  if (auto table = s.roles.follow(); !table) found.add(table.error().code, {});
  if (auto read = s.credentials.follow(); !read) found.add(read.error().code, {});
  if (const auto told = gaps_of(*s.core); !told) found.add(told.error().code, {});
  if (auto laws = s.consent.policy().verify(); !laws) found.add(laws.error().code, {});
  if (auto tree = s.ledger.verify({}); !tree) found.add(tree.error().code, {});
  if (auto sealed = s.verify_epochs(); !sealed) found.add(sealed.error().code, {});
  verify_witnesses(s, found);
}

constexpr error stopped_by_host{errc::invalid_state, "the host has stopped this call"};

}  // namespace

result<verification> session::verify(callback_ref<void(std::uint64_t)> progress) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::audit); !seen) return seen.error();
  // What the change under way has added to the ledger is checked as it will be stored.
  if (s.core->changing()) {
    if (auto flushed = s.ledger.flush(); !flushed) {
      s.broken = true;
      return flushed.error();
    }
  }
  verification out;
  problems found(out);
  const std::uint64_t end = s.core->row().next.value;
  std::uint64_t live = 0;
  std::uint64_t parts = 0;
  for (customer_no number = first_customer; number.value < end; ++number.value) {
    if (s.core->stop().stops()) return stopped_by_host;
    const auto entry = s.entry_of_part(number);
    if (!entry) {
      const errc why = entry.error().code;
      if (why != errc::key_erased) found.add(why, s.core->keys().ids->id(number));
      continue;
    }
    const manifest& known = **entry;
    const bool is_part = known.stands == standing::part;
    ++(is_part ? parts : live);
    verify_customer(s, number, known, out);
    if (is_part) continue;
    ++out.customers;
    if (progress) progress(out.customers);
  }
  if (live != s.core->row().customers || parts != s.core->row().parts) {
    found.add(errc::damaged, {});
  }

  verify_parts(s, out);
  // What could not be read for that is no problem of the book's.
  if (s.core->stop().seen) return stopped_by_host;
  out.ledger_entries = s.core->row().ledger_size;
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
