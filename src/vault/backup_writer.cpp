// Writes a backup of one view of the book: entries of the key tree first, sealed under their own
// keys, then the rows as they lie in the store. Of a stream that builds on a full one: what
// differs.
//
// It keeps the external ids' tokens and a bit for each customer in memory, 24 bytes an id.
#include <clientbook/internal/crypto/manifest_format.hpp>
#include <clientbook/internal/vault/backup.hpp>
#include <clientbook/internal/vault/mirror.hpp>

#include <algorithm>
#include <set>

namespace clientbook {
namespace {

using storage::key;
using storage::table;

constexpr std::size_t token_size = 16;
constexpr std::string_view manifest_label = "clientbook backup manifest";

}  // namespace

secret<32> backup_key_of(const secret<32>& entry_key) noexcept {
  return crypto::derive(entry_key, manifest_label);
}

bool whose_row(byte_view at, customer_no& whose) noexcept {
  const auto number_at = [&](std::size_t from) {
    return at.size() >= from + 8 ? load_be<std::uint64_t>(at.data() + from) : 0;
  };
  const auto period_at = [&](std::size_t from) -> std::uint64_t {
    return at.size() >= from + 4 ? load_be<std::uint32_t>(at.data() + from) : 0;
  };
  switch (static_cast<table>(at[0])) {
    case table::meta:
      if (at.size() != 10 || at[1] != std::byte{5}) return false;
      whose.value = number_at(2);
      return true;
    case table::record:
    case table::item:
    case table::directive:
    case table::customer_row:
    case table::request_words:
    case table::retained:
    case table::merge:
      whose.value = number_at(1);
      return true;
    case table::refusal:
      whose.value = storage::refusal_periods_from + period_at(1);
      return true;
    case table::trace:
      // A month's row: no customer, no day, the period.
      if (number_at(1) == 0 && at.size() == 17) {
        whose.value = storage::trace_periods_from + period_at(13);
        return true;
      }
      whose.value = number_at(1);
      return whose.value != 0;
    default:
      return false;
  }
}

namespace {

// What an entry of the key tree is for a backup: manifest and tokens.
wiped_bytes content_of(const manifest& entry, std::span<const std::array<std::byte, 24>> tokens) {
  wiped_bytes out(manifest_bytes + 4 + tokens.size() * token_size);
  encode_manifest(std::span<std::byte, manifest_bytes>(out.data(), manifest_bytes), entry);
  store_be(out.data() + manifest_bytes, static_cast<std::uint32_t>(tokens.size()));
  std::size_t at = manifest_bytes + 4;
  for (const auto& token : tokens) {
    copy_bytes(byte_span(out).subspan(at), byte_view(token).subspan(8));
    at += token_size;
  }
  return out;
}

// The entries of a full stream, one after the other, for one that builds on it.
class base_entries {
 public:
  base_entries(const stream_header& header, const secret<32>& tenant_root, backup_source from)
      : header_(header), reader_(header, tenant_root, from) {}

  const stream_header& header() const noexcept { return header_; }
  /// 0: there is none any more.
  std::uint64_t number() const noexcept { return number_; }
  byte_view sealed() const noexcept { return sealed_; }

  result<void> next() {
    number_ = 0;
    auto entry = reader_.next();
    if (!entry) return entry.error();
    entry_ = *entry;
    if (!entry_ || entry_->kind != stream_entry::customer) return {};
    if (entry_->bytes.size() <= 8) return malformed;
    number_ = load_be<std::uint64_t>(entry_->bytes.data());
    sealed_ = entry_->bytes.subspan(8);
    return {};
  }

  // Whether it is an earlier state of this book's own line: all of its marks are the book's. They
  // are of the first table, so that no more of its rows is read. Precondition: number() is 0.
  result<void> check_line(book_core& core) {
    while (entry_ && entry_->kind == stream_entry::row) {
      const byte_view row = entry_->bytes;
      const std::size_t size = row.empty() ? 0 : static_cast<std::size_t>(row[0]);
      if (size == 0 || row.size() < 1 + size) return malformed;
      const byte_view at = row.subspan(1, size);
      if (static_cast<table>(at[0]) > table::meta) return {};
      if (is_mark(at)) {
        const auto own = core.read().get(at);
        if (!own && own.error().code != errc::not_found) return own.error();
        if (!own || !same_bytes(*own, row.subspan(1 + size))) {
          return error{errc::version_mismatch,
                       "the earlier backup is of another branch of the book: make a full one"};
        }
      }
      auto next = reader_.next();
      if (!next) return next.error();
      entry_ = *next;
    }
    return {};
  }

 private:
  static constexpr error malformed{errc::invalid_encoding, "an entry of the backup is malformed"};

  stream_header header_;
  stream_reader reader_;
  std::optional<stream_reader::entry> entry_;
  std::uint64_t number_ = 0;
  byte_view sealed_;
};

class backup_writer {
 public:
  backup_writer(book_core& core, const stream_header& header, const secret<32>& tenant_root,
                base_entries* base, backup_sink to)
      : core_(core),
        header_(header),
        base_(base),
        out_(header, tenant_root, core.random(), to),
        wanted_(base == nullptr ? 0 : static_cast<std::size_t>(core.row().next.value), false) {}

  result<backup_counts> write(callback_ref<void(std::uint64_t, std::uint64_t)> progress) {
    progress_ = progress;
    if (auto begun = out_.begin(); !begun) return begun.error();
    if (auto read = read_tokens(); !read) return read.error();
    if (auto written = write_entries(); !written) return written.error();
    if (auto written = write_rows(); !written) return written.error();
    std::array<std::byte, 16> end{};
    store_be(end.data(), counts_.customers);
    store_be(end.data() + 8, counts_.rows);
    if (auto put = out_.add(stream_entry::end, {end}); !put) return put.error();
    if (auto done = out_.finish(); !done) return done.error();
    counts_.header = header_;
    counts_.bytes = out_.bytes();
    return counts_;
  }

 private:
  // By customer: the index in the store is by token.
  result<void> read_tokens() {
    if (auto whole = core_.check_external_ids(); !whole) return whole;
    const key prefix(table::external_id);
    auto walked = core_.read().walk(prefix, prefix, [&](byte_view at, byte_view value) {
      if (at.size() != 1 + token_size || value.size() != 8) return true;
      auto& one = tokens_.emplace_back();
      copy_bytes(byte_span(one), value);
      copy_bytes(byte_span(one).subspan(8), at.subspan(1));
      return true;
    });
    if (!walked) return walked;
    std::sort(tokens_.begin(), tokens_.end());
    return {};
  }

  std::span<const std::array<std::byte, 24>> tokens_of(std::uint64_t number) {
    while (token_at_ < tokens_.size() &&
           load_be<std::uint64_t>(tokens_[token_at_].data()) < number) {
      ++token_at_;
    }
    std::size_t end = token_at_;
    while (end < tokens_.size() && load_be<std::uint64_t>(tokens_[end].data()) == number) ++end;
    return std::span(tokens_).subspan(token_at_, end - token_at_);
  }

  result<void> write_entries() {
    if (base_ != nullptr) {
      if (auto first = base_->next(); !first) return first;
    }
    result<void> done;
    auto walked = core_.tree().walk([&](unsigned level, std::uint64_t index, std::uint64_t) {
      if (done && level == 0) done = write_leaf(index);
      return done.has_value();
    });
    if (!done) return done;
    if (!walked) return walked;
    if (base_ == nullptr) return {};
    if (auto gone = write_gone(key_tree::capacity); !gone) return gone;
    return base_->check_line(core_);
  }

  result<void> write_leaf(std::uint64_t index) {
    for (unsigned i = 0; i < key_tree::leaf_fan_out; ++i) {
      const customer_no number(index * key_tree::leaf_fan_out + i);
      const auto entry = core_.tree().find(number);
      if (!entry) {
        const errc why = entry.error().code;
        if (why == errc::not_found || why == errc::key_erased) continue;
        return entry.error();
      }
      if (auto put = write_entry(number, **entry); !put) return put;
    }
    return {};
  }

  // Of the base, whoever is not in the tree any more: so that an older mirror brings nobody back.
  result<void> write_gone(std::uint64_t before) {
    while (base_->number() != 0 && base_->number() < before) {
      std::array<std::byte, 8> number{};
      store_be(number.data(), base_->number());
      if (auto put = out_.add(stream_entry::customer, {number}); !put) return put;
      if (auto next = base_->next(); !next) return next;
    }
    return {};
  }

  result<void> write_entry(customer_no number, const manifest& entry) {
    const wiped_bytes content = content_of(entry, tokens_of(number.value));
    const secret<32> entry_key = backup_key_of(entry.subject_key);
    field_context context = stream_context(header_, 3);
    context.customer = number;
    if (base_ != nullptr) {
      if (auto gone = write_gone(number.value); !gone) return gone;
      const bool same = base_->number() == number.value && same_as_base(entry_key, number, content);
      if (base_->number() == number.value) {
        if (auto next = base_->next(); !next) return next;
      }
      if (same && number != own_number) return {};
      if (number.value < wanted_.size()) {
        wanted_[static_cast<std::size_t>(number.value)] = true;
      } else {
        wanted_periods_.insert(number.value);
      }
    }
    sealed_.resize(8 + sealed_field_size(content.size()));
    store_be(sealed_.data(), number.value);
    const auto size =
        seal_field(entry_key, context, content, core_.random(), byte_span(sealed_).subspan(8));
    if (!size) return size.error();
    if (is_customer(number)) {
      ++counts_.customers;
      tell();
    }
    return out_.add(stream_entry::customer, {sealed_});
  }

  bool same_as_base(const secret<32>& entry_key, customer_no number, byte_view content) {
    field_context context = stream_context(base_->header(), 3);
    context.customer = number;
    wiped_bytes before(base_->sealed().size());
    const auto size = open_field(entry_key, context, base_->sealed(), before);
    return size && same_bytes(byte_view(before).first(*size), content);
  }

  static bool is_customer(customer_no number) noexcept {
    return number >= first_customer && number.value < storage::epochs_from;
  }

  bool wanted(byte_view at) const {
    const auto where = static_cast<table>(at[0]);
    // What can be made again from the rest, and its keys, which are those of this tree.
    if (where == table::node || where == table::external_id || where == table::index) return false;
    if (where == table::meta && at.size() == 2 && at[1] == std::byte{0}) return false;
    if (base_ == nullptr) return true;
    customer_no whose;
    if (where == table::trace || !whose_row(at, whose)) return true;
    if (whose.value < wanted_.size()) return wanted_[static_cast<std::size_t>(whose.value)];
    return wanted_periods_.contains(whose.value);
  }

  result<void> write_rows() {
    result<void> done;
    auto walked = core_.read().walk({}, {}, [&](byte_view at, byte_view value) {
      if (!wanted(at)) return true;
      const std::array size{static_cast<std::byte>(at.size())};
      done = out_.add(stream_entry::row, {size, at, value});
      ++counts_.rows;
      tell();
      return done.has_value();
    });
    return done ? walked : done;
  }

  void tell() {
    if (progress_ && (++told_ & 1023U) == 0) progress_(counts_.customers + counts_.rows, 0);
  }

  book_core& core_;
  stream_header header_;
  base_entries* base_;
  stream_writer out_;
  backup_counts counts_;
  std::vector<std::array<std::byte, 24>> tokens_;
  std::size_t token_at_ = 0;
  std::vector<bool> wanted_;
  std::set<std::uint64_t> wanted_periods_;
  std::vector<std::byte> sealed_;
  callback_ref<void(std::uint64_t, std::uint64_t)> progress_;
  std::uint64_t told_ = 0;
};

result<void> may_build_on(const stream_header& base, const book_header& book) {
  if (base.book != book.id) {
    return error{errc::version_mismatch, "the earlier backup is another book's"};
  }
  if (!base.full()) {
    return error{errc::invalid_argument, "build on the full backup, not on one that builds on it"};
  }
  if (base.root_version > book.root_version) {
    return error{errc::rolled_back, "the earlier backup is newer than the book"};
  }
  return {};
}

}  // namespace

result<backup_counts> write_backup(
    book_core& core, backup_source base, backup_sink to, timestamp now,
    callback_ref<void(std::uint64_t done, std::uint64_t all)> progress) {
  if (core.changing()) return error{errc::invalid_state, "commit before a backup"};
  const auto own = core.tree().find(own_number);
  if (!own) return own.error();
  const secret<32> tenant_root = (*own)->subject_key.duplicate();
  stream_header header{.book = core.header().id,
                       .suite = core.header().suite,
                       .epoch = core.header().epoch,
                       .root_version = core.header().root_version,
                       .at = now};
  if (auto drawn = core.random().fill(byte_span(header.id)); !drawn) return drawn.error();
  std::optional<base_entries> before;
  if (base) {
    const auto of_base = read_stream_header(base);
    if (!of_base) return of_base.error();
    if (auto right = may_build_on(*of_base, core.header()); !right) return right.error();
    header.base = of_base->id;
    before.emplace(*of_base, tenant_root, base);
  }
  return backup_writer(core, header, tenant_root, before ? &*before : nullptr, to).write(progress);
}

}  // namespace clientbook
