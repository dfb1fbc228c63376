// Makes a book from a mirror and backups (docs/format/recovery.md, Restore). The mirror's key tree
// decides who there is; the backups say what was kept of them. All in one transaction of the new
// store, whose root gets a new key: a kill leaves no book.
#include <clientbook/internal/crypto/manifest_format.hpp>
#include <clientbook/internal/vault/backup.hpp>
#include <clientbook/internal/vault/mirror.hpp>

#include <algorithm>
#include <map>

namespace clientbook {
namespace {

using storage::key;
using storage::table;

constexpr std::size_t token_size = 16;
constexpr std::uint64_t skipped_numbers = 1024;

constexpr error malformed{errc::invalid_encoding, "an entry of the backup is malformed"};

bool is_customer(std::uint64_t number) noexcept {
  return number >= first_customer.value && number < storage::epochs_from;
}

// A cell without a key. One that was staged beside an empty store is nobody's: its restore has died
// before its commit. Precondition: under the write lock of that store.
result<void> take_free_cell(book_shared& shared) {
  const std::scoped_lock lock(shared.cell_lock);
  const auto held = shared.cell->load();
  if (!held) return held.error();
  if (held->current) {
    return error{errc::already_exists, "the root cell holds the key of a book: take another"};
  }
  return held->staged ? shared.cell->drop(held->staged->epoch) : result<void>();
}

}  // namespace

class book_restorer {
 public:
  book_restorer(book_core& core, const restore_source& from, restored_entries& found) noexcept
      : core_(core), from_(from), found_(found) {}

  result<void> run() {
    if (auto ordered = order_streams(); !ordered) return ordered;
    if (auto tree = take_tree(); !tree) return tree;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      stream_ = i;
      if (auto taken = take_stream(order_[i]); !taken) return taken;
    }
    if (auto marks = put_marks(); !marks) return marks;
    if (auto one = check_line(); !one) return one;
    if (auto row = take_book_row(); !row) return row;
    return leave_out_the_rest();
  }

 private:
  struct stream {
    stream_header header;
    backup_source from;
  };
  using mark_rows = std::map<std::vector<std::byte>, std::vector<std::byte>>;
  // What is known of an entry of the tree: the stream that it was taken from, or why it was not.
  enum class fate : std::uint8_t { unseen, newer, older, erased, gone, lost };

  fate& fate_of(std::uint64_t number) {
    if (number >= storage::epochs_from) return fates_of_others_[number];
    if (number >= fates_.size()) fates_.resize(number + 1, fate::unseen);
    return fates_[number];
  }
  fate known_fate(std::uint64_t number) const noexcept {
    if (number < fates_.size()) return fates_[number];
    const auto found = fates_of_others_.find(number);
    return found == fates_of_others_.end() ? fate::unseen : found->second;
  }

  // The newer stream first: what it says of somebody holds.
  result<void> order_streams() {
    if (from_.streams.empty() || from_.streams.size() > 2) {
      return error{errc::invalid_argument,
                   "a restore takes a full backup, and at most one that builds on it"};
    }
    for (const backup_source& one : from_.streams) {
      const auto header = read_stream_header(one);
      if (!header) return header.error();
      order_.push_back({*header, one});
    }
    if (order_.size() == 2 && order_[0].header.full()) std::swap(order_[0], order_[1]);
    const stream_header& last = order_.back().header;
    if (!last.full()) {
      return error{errc::invalid_argument, "this backup builds on a full one: give that one too"};
    }
    const stream_header& newest = order_.front().header;
    if (order_.size() == 2 && (newest.base != last.id || newest.book != last.book)) {
      return error{errc::version_mismatch, "the backups do not build on each other"};
    }
    found_.backup_at = newest.at;
    return {};
  }

  result<void> take_tree() {
    auto mirror = open_mirror(from_.mirror, *from_.recovery);
    if (!mirror) return mirror.error();
    const stream_header& newest = order_.front().header;
    if (mirror->header.book != newest.book) {
      return error{errc::version_mismatch, "the backup is another book's than the mirror"};
    }
    found_.mirror_at = timestamp{mirror->header.at};
    const key nodes(table::node);
    result<void> done;
    auto walked = mirror->nodes->walk(nodes, nodes, [&](byte_view at, byte_view node) {
      done = core_.writing_->put(at, node);
      return done.has_value();
    });
    if (!done) return done;
    if (!walked) return walked;
    if (auto kept = keep_marks(*mirror->nodes); !kept) return kept;
    mark_ = mirror->header.mark;
    found_.mark = mark_.number;
    // Epochs go on behind both, so that none is given twice.
    book_header header{.id = mirror->header.book,
                       .suite = mirror->header.suite,
                       .epoch = std::max(mirror->header.epoch, newest.epoch),
                       .root_version = mirror->header.root_version};
    if (auto made = core_.make_tree(header); !made) return made;
    mirror->root.epoch = header.epoch;
    core_.tree_->open(mirror->root);
    if (auto begun = core_.tree_->begin_write(core_, header.root_version, core_.pool_); !begun) {
      return begun;
    }
    const auto own = core_.tree_->find(own_number);
    if (!own) return own.error();
    tenant_root_ = (*own)->subject_key.duplicate();
    core_.derive_keys(tenant_root_);
    auto known = recovery_row_in(core_, *mirror->nodes);
    if (!known) return known.error();
    found_.row_in_mirror = std::move(*known);
    return {};
  }

  // The line of commits that the book goes on from is the mirror's, whatever the backup's is.
  result<void> keep_marks(read_transaction& in) {
    const key marks = marks_prefix();
    return in.walk(marks, marks, [&](byte_view at, byte_view value) {
      keep_mark(marks_, at, value);
      return true;
    });
  }
  static void keep_mark(mark_rows& to, byte_view at, byte_view value) {
    to.emplace(std::vector<std::byte>(at.begin(), at.end()),
               std::vector<std::byte>(value.begin(), value.end()));
  }
  // A mark is drawn once and copied from there on, so one line has the same bytes everywhere. Parts
  // of which one is an earlier state of the other agree in all marks that both have; numbers of
  // epochs, versions and directives may agree on two branches too.
  static bool of_one_line(const mark_rows& one, const mark_rows& other) {
    return std::all_of(one.begin(), one.end(), [&](const auto& mark) {
      const auto there = other.find(mark.first);
      return there == other.end() || there->second == mark.second;
    });
  }
  result<void> check_line() {
    for (const mark_rows& each : marks_of_streams_) {
      if (!of_one_line(each, marks_)) {
        return error{errc::version_mismatch,
                     "the backup is of another branch of the book than the mirror: take one that "
                     "was made while this mirror followed"};
      }
    }
    const auto& [newer, full] = marks_of_streams_;
    // Of two that differ the newer one holds: where that is the backup nothing is lost.
    if (mark_.number != 0 && mark_.number <= newer.size()) found_.changed = 0;
    if (!of_one_line(full, newer) || (order_.size() == 2 && full.size() > newer.size())) {
      return error{errc::version_mismatch,
                   "the backups are of two branches of the book: take those of one"};
    }
    return {};
  }
  result<void> put_marks() {
    constexpr error damaged{errc::damaged, "the mirror's marks are damaged: take another mirror"};
    for (const auto& [at, value] : marks_) {
      if (auto put = core_.writing_->put(at, value); !put) return put;
      if (at.size() != 10 || !read_mark(core_, load_be<std::uint64_t>(at.data() + 2)))
        return damaged;
    }
    if (mark_.number == 0) return {};  // A mirror of format 1.
    const auto held = read_mark(core_, mark_.number);
    return held && held->value == mark_.value ? result<void>() : damaged;
  }

  result<void> take_stream(const stream& one) {
    stream_reader reader(one.header, tenant_root_, one.from);
    stream_entry before = stream_entry::customer;
    std::uint64_t last_number = 0;
    std::array<std::uint64_t, 2> counts{};
    for (;;) {
      const auto entry = reader.next();
      if (!entry) return entry.error();
      if (!*entry) break;
      const stream_entry kind = (*entry)->kind;
      if (kind < before || before == stream_entry::end) return malformed;
      before = kind;
      result<void> taken;
      if (kind == stream_entry::customer) {
        taken = take_entry(one.header, (*entry)->bytes, last_number, counts[0]);
      } else if (kind == stream_entry::row) {
        ++counts[1];
        taken = take_row((*entry)->bytes);
      } else if (!ends_with((*entry)->bytes, counts)) {
        return malformed;
      }
      if (!taken) return taken;
      if (from_.progress && (++told_ & 1023U) == 0) from_.progress(told_);
    }
    return before == stream_entry::end ? result<void>() : malformed;
  }

  static bool ends_with(byte_view end, const std::array<std::uint64_t, 2>& counts) noexcept {
    return end.size() == 16 && load_be<std::uint64_t>(end.data()) == counts[0] &&
           load_be<std::uint64_t>(end.data() + 8) == counts[1];
  }

  result<void> take_entry(const stream_header& header, byte_view bytes, std::uint64_t& last_number,
                          std::uint64_t& customers) {
    if (bytes.size() < 8) return malformed;
    const customer_no number(load_be<std::uint64_t>(bytes.data()));
    const byte_view sealed = bytes.subspan(8);
    // Whoever is gone from the full stream is told in between.
    if (number.value <= last_number || number.value >= key_tree::capacity) return malformed;
    last_number = number.value;
    if (is_customer(number.value) && !sealed.empty()) ++customers;
    fate& of = fate_of(number.value);
    if (of != fate::unseen) return {};
    const auto entry = core_.tree_->find(number);
    const errc why = entry ? errc::none : entry.error().code;
    if (why == errc::key_erased || (sealed.empty() && why != errc::not_found)) {
      of = sealed.empty() && why == errc::none ? fate::gone : fate::erased;
      // Whom the newer stream names as gone were erased before it, and its book row counts them.
      if (is_customer(number.value)) ++found_.erased;
      if (is_customer(number.value) && !sealed.empty()) ++erased_since_;
      return {};
    }
    if (why == errc::not_found) {
      of = fate::lost;
      lost_.push_back(number);
      if (is_customer(number.value)) ++found_.not_in_mirror;
      return {};
    }
    if (!entry) return entry.error();
    return take_manifest(header, number, sealed, of);
  }

  result<void> take_manifest(const stream_header& header, customer_no number, byte_view sealed,
                             fate& of) {
    const auto entry = core_.tree_->edit(number);
    if (!entry) return entry.error();
    manifest& known = **entry;
    field_context context = stream_context(header, 3);
    context.customer = number;
    wiped_bytes content(sealed.size());
    const auto size = open_field(backup_key_of(known.subject_key), context, sealed, content);
    // The stream is whole, as its pieces say: what does not open is sealed under another key.
    if (!size && size.error().code == errc::authentication_failed) {
      return error{errc::version_mismatch,
                   "the backup is of another branch of the book than the mirror: take one that was "
                   "made while this mirror followed"};
    }
    if (!size) return size.error();
    if (*size < manifest_bytes + 4) return malformed;
    const std::size_t tokens = load_be<std::uint32_t>(content.data() + manifest_bytes);
    if (*size != manifest_bytes + 4 + tokens * token_size) return malformed;
    std::array<std::byte, manifest_bytes> in_mirror{};
    encode_manifest(in_mirror, known);
    const std::uint32_t heard = known.directives;
    const std::uint32_t born = known.born;
    const standing stood = known.stands;
    const std::uint32_t row_heard = known.customer_row;
    decode_manifest(known,
                    std::span<const std::byte, manifest_bytes>(content.data(), manifest_bytes));
    of = stream_ == 0 ? fate::newer : fate::older;
    if (!is_customer(number.value)) return {};
    ++(known.stands == standing::part ? parts_ : found_.customers);
    if (!same_bytes(in_mirror, byte_view(content).first(manifest_bytes))) ++found_.changed;
    // Where two became one, or two again, what was said lies elsewhere than it did.
    const bool merges = stood == standing::of_several || known.stands == standing::of_several;
    const bool moved = stood != known.stands || (merges && row_heard > known.customer_row);
    if (heard > known.directives || moved) found_.unheard.push_back(number);
    if (born > known.born) {
      known.born = born;
      found_.younger.push_back(number);
    }
    highest_ = std::max(highest_, number.value);
    for (std::size_t i = 0; i < tokens; ++i) {
      const byte_view token =
          byte_view(content).subspan(manifest_bytes + 4 + i * token_size, token_size);
      std::array<std::byte, 8> value{};
      store_be(value.data(), number.value);
      if (auto put = core_.writing_->put(key(table::external_id).add(token), value); !put) {
        return put;
      }
    }
    return {};
  }

  result<void> take_row(byte_view bytes) {
    const std::size_t size = bytes.empty() ? 0 : static_cast<std::size_t>(bytes[0]);
    if (size == 0 || size > 64 || bytes.size() < 1 + size) return malformed;
    const byte_view at = bytes.subspan(1, size);
    const auto where = static_cast<table>(at[0]);
    if (where == table::node || where == table::external_id ||
        (where == table::meta && at.size() == 2 && at[1] == std::byte{0})) {
      return malformed;
    }
    if (is_mark(at)) keep_mark(marks_of_streams_.at(stream_), at, bytes.subspan(1 + size));
    if (!wanted(at, where)) return {};
    return core_.writing_->put(at, bytes.subspan(1 + size));
  }

  bool wanted(byte_view at, table where) const {
    const bool newest = stream_ == 0;
    customer_no whose;
    if (!whose_row(at, whose)) {
      return newest || where == table::ledger_leaf || where == table::ledger_payload;
    }
    const fate of = known_fate(whose.value);
    if (where == table::trace) return newest && (of == fate::newer || !ended(of));
    return of == (newest ? fate::newer : fate::older);
  }

  // A trace stands in the newer stream, also of somebody whose entry comes from the older one.
  static bool ended(fate of) noexcept {
    return of == fate::erased || of == fate::gone || of == fate::lost;
  }

  result<void> take_book_row() {
    const auto own = core_.tree_->find(own_number);
    if (!own) return own.error();
    if (known_fate(own_number.value) != fate::newer) return malformed;
    core_.row_version_ = 0;
    core_.header_.format = book_header::newest_format;
    if (auto row = core_.read_book_row(); !row) return row;
    next_in_backup_ = core_.row().next.value;
    book_row& row = core_.edit_row();
    row.external_ids.reset();  // Of those who come back: summed anew with the commit.
    row.customers = found_.customers;
    row.parts = parts_;
    row.erased += erased_since_;
    row.next.value = std::max(row.next.value, highest_ + 1);
    return {};
  }

  // Entries of the mirror's tree that no backup has: erased, so that their numbers are not given
  // again. Months of traces stay, since their numbers must have no gap.
  result<void> leave_out_the_rest() {
    std::vector<std::uint64_t> rest;
    result<void> done;
    auto walked = core_.tree_->walk([&](unsigned level, std::uint64_t index, std::uint64_t) {
      for (unsigned i = 0; done && level == 0 && i < key_tree::leaf_fan_out; ++i) {
        const customer_no number(index * key_tree::leaf_fan_out + i);
        const fate of = known_fate(number.value);
        if (of == fate::newer || of == fate::older) continue;
        const auto entry = core_.tree_->find(number);
        if (entry) rest.push_back(number.value);
        if (!entry && entry.error().code != errc::not_found &&
            entry.error().code != errc::key_erased) {
          done = entry.error();
        }
        if (!entry && entry.error().code == errc::key_erased && is_customer(number.value)) {
          highest_ = std::max(highest_, number.value);
        }
      }
      return done.has_value();
    });
    if (!done) return done;
    if (!walked) return walked;
    if (auto told = add_unheard_of(rest); !told) return told;
    skip_numbers(rest);
    // What the mirror has not heard of has no key any more; its number is given all the same.
    for (const customer_no number : lost_) {
      if (auto put = put_nobody(number); !put) return put;
      rest.push_back(number.value);
    }
    return erase_all(rest);
  }

  // Numbers that the backup's book had given, of people erased before it, of whom this mirror has
  // never heard: it was away while the book was restored.
  result<void> add_unheard_of(std::vector<std::uint64_t>& rest) {
    for (customer_no number = first_customer; number.value < next_in_backup_; ++number.value) {
      if (known_fate(number.value) != fate::unseen) continue;
      const auto entry = core_.tree_->find(number);
      if (entry || entry.error().code == errc::key_erased) continue;
      if (entry.error().code != errc::not_found) return entry.error();
      if (auto put = put_nobody(number); !put) return put;
      rest.push_back(number.value);
    }
    return {};
  }

  result<void> put_nobody(customer_no number) {
    auto key = crypto::random_key(core_.pool_);
    if (!key) return key.error();
    manifest nobody;
    nobody.subject_key = std::move(*key);
    return core_.tree_->insert(number, std::move(nobody));
  }

  // Who came after both backup and mirror had numbers that neither knows.
  void skip_numbers(const std::vector<std::uint64_t>& rest) {
    std::uint64_t next = std::max(core_.row().next.value, highest_ + 1);
    for (const std::uint64_t number : rest) {
      if (is_customer(number)) next = std::max(next, number + 1);
    }
    for (std::uint64_t i = 0; i < skipped_numbers && is_customer(next + i); ++i) {
      fate_of(next + i) = fate::gone;
      lost_.emplace_back(next + i);
    }
  }

  result<void> erase_all(const std::vector<std::uint64_t>& rest) {
    for (const std::uint64_t number : rest) {
      if (number >= storage::trace_periods_from && number < storage::refusal_periods_from) {
        found_.periods.emplace_back(number);
        continue;
      }
      if (auto gone = core_.tree_->erase(customer_no(number)); !gone) return gone;
      if (!is_customer(number)) continue;
      highest_ = std::max(highest_, number);
      // Whose number the backup had given and whom it does not have were erased before it.
      const bool later = number >= next_in_backup_;
      if (known_fate(number) == fate::unseen && later) ++found_.not_in_backup;
    }
    book_row& row = core_.edit_row();
    row.next.value = std::max(row.next.value, highest_ + 1);
    row.lost += found_.not_in_backup + found_.not_in_mirror;
    if (auto counted = count_retained(row); !counted) return counted;
    return count_refusal_periods(row);
  }

  // Numbers of retained records that the tree has given are not given again.
  result<void> count_retained(book_row& row) {
    for (;; ++row.retained) {
      const auto next = core_.tree_->find(customer_no(storage::retained_from + row.retained + 1));
      if (next) return malformed;  // What no backup has was erased above.
      if (next.error().code == errc::not_found) return {};
      if (next.error().code != errc::key_erased) return next.error();
    }
  }

  // Numbers of periods that the tree has given are not given again either.
  result<void> count_refusal_periods(book_row& row) {
    for (;; ++row.refusal_periods) {
      const auto next =
          core_.tree_->find(customer_no(storage::refusal_periods_from + row.refusal_periods + 1));
      if (next) return malformed;  // What no backup has was erased above.
      if (next.error().code == errc::not_found) return {};
      if (next.error().code != errc::key_erased) return next.error();
    }
  }

  book_core& core_;
  const restore_source& from_;
  restored_entries& found_;
  std::vector<stream> order_;
  std::size_t stream_ = 0;
  secret<32> tenant_root_;
  std::vector<fate> fates_;  ///< By customer number.
  std::map<std::uint64_t, fate> fates_of_others_;
  std::vector<customer_no> lost_;
  mark_rows marks_;                              ///< The mirror's, as they lie there.
  std::array<mark_rows, 2> marks_of_streams_{};  ///< The newer stream's first.
  mirror_mark mark_;
  std::uint64_t highest_ = 0;
  std::uint64_t erased_since_ = 0;    ///< Since the newer stream.
  std::uint64_t parts_ = 0;           ///< Who is a part of another customer.
  std::uint64_t next_in_backup_ = 0;  ///< The first number that it has not given.
  std::uint64_t told_ = 0;
};

result<std::unique_ptr<book_core>> book_core::restore(
    std::shared_ptr<book_shared> shared, const restore_source& from, restored_entries& found,
    callback_ref<result<void>(book_core&)> furnish) {
  if (auto ready = crypto::init(); !ready) return ready.error();
  std::unique_ptr<book_core> core(new book_core(shared));
  auto writing = shared->store->begin_write();
  if (!writing) return writing.error();
  core->writing_ = std::move(*writing);
  if (core->writing_->get(key(table::meta).add(std::uint8_t{0}))) {
    return error{errc::already_exists, "the store holds a book already"};
  }
  if (auto free = take_free_cell(*shared); !free) return free.error();
  if (auto taken = book_restorer(*core, from, found).run(); !taken) return taken.error();
  if (auto furnished = furnish(*core); !furnished) return furnished.error();
  // The root key that the mirror has given opens nothing of the new book.
  if (auto fresh = core->tree_->rotate_root(); !fresh) return fresh.error();
  if (auto done = core->commit(); !done) return done.error();
  if (auto seen = core->look(); !seen) return seen.error();
  return core;
}

}  // namespace clientbook
