// Walks the pages of a book's file as LMDB lays them out (docs/format/lmdb.md) and refuses what
// LMDB would not survive. Reads by pread, never through the map.
#include "page_check.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <exception>
#include <optional>
#include <vector>

namespace clientbook::lmdb {
namespace {

constexpr std::uint32_t lmdb_magic = 0xBEEFC0DE;
constexpr std::uint32_t lmdb_version = 1;
constexpr std::size_t no_page = ~std::size_t{0};
constexpr std::size_t most_unwritten = 1 << 17;  // LMDB's bound on one commit's dirty pages.
constexpr std::size_t most_pages_checked_at_once = 8192;  // 32 MiB where a page has 4 KiB.
constexpr std::uint16_t deepest = 30;                     // LMDB's cursors hold 32 pages.

enum page_flag : std::uint16_t {
  branch = 0x01,
  leaf = 0x02,
  overflow = 0x04,
  meta_page = 0x08,
  kinds = 0x6F
};
enum node_flag : std::uint16_t { big_data = 0x01 };

struct page_header {
  std::size_t number;
  std::uint16_t pad;
  std::uint16_t flags;
  std::uint16_t lower;  // In an overflow page both together are its count of pages.
  std::uint16_t upper;
};
static_assert(sizeof(page_header) == (sizeof(void*) == 8 ? 16 : 12));

struct node_header {
  std::uint16_t low;
  std::uint16_t high;
  std::uint16_t flags;
  std::uint16_t key_size;
};

constexpr std::uint32_t book_format = 1;
constexpr std::string_view header_name = "clientbook storage";

constexpr std::array<std::byte, longest_key + 1> make_header_key() noexcept {
  std::array<std::byte, longest_key + 1> key{};
  for (std::size_t i = 0; i < header_name.size(); ++i) {
    key[i + 1] = static_cast<std::byte>(header_name[i]);
  }
  return key;
}
constexpr std::array<std::byte, longest_key + 1> stored_header_key = make_header_key();

constexpr std::array<std::byte, 4> make_header_value() noexcept {
  std::array<std::byte, 4> value{};
  store_be(value.data(), book_format);
  return value;
}
constexpr std::array<std::byte, 4> stored_header_value = make_header_value();

constexpr error foreign{errc::not_a_book, "an LMDB file, but not a client book"};

error damaged(literal text, std::size_t page) noexcept { return {errc::damaged, text, page}; }

template <class Pod>
Pod load(byte_view bytes, std::size_t at) noexcept {
  Pod value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

int compare(byte_view a, byte_view b) noexcept {
  const std::size_t common = std::min(a.size(), b.size());
  const int order = common == 0 ? 0 : std::memcmp(a.data(), b.data(), common);
  if (order != 0) return order;
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

// Fills all of `to`, else says how much there was.
result<std::size_t> read_at(const file& data, std::uint64_t offset, byte_span to) noexcept {
  std::size_t done = 0;
  while (done < to.size()) {
    const ssize_t got =
        ::pread(data.get(), to.data() + done, to.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

bool magic_at(byte_view bytes, std::size_t offset, bool swapped) noexcept {
  const auto found = load<std::uint32_t>(bytes, offset);
  const std::uint32_t wanted = swapped ? 0xDEC0EFBE : lmdb_magic;
  return found == wanted;
}

bool made_elsewhere(byte_view bytes) noexcept {
  for (const std::size_t header : {std::size_t{12}, std::size_t{16}}) {
    if (magic_at(bytes, header, true)) return true;
    if (header != sizeof(page_header) && magic_at(bytes, header, false)) return true;
  }
  return false;
}

result<stored_meta> read_meta(const file& data, std::uint64_t offset, std::size_t page) noexcept {
  std::array<std::byte, sizeof(page_header) + sizeof(stored_meta)> bytes{};
  const result<std::size_t> got = read_at(data, offset, bytes);
  if (!got) return got.error();
  const bool first = page == 0;
  if (*got < bytes.size()) {
    if (first) return error{errc::not_a_book, "too short for a client book"};
    return damaged("the book's file is cut off", page);
  }
  const auto header = load<page_header>(bytes, 0);
  const auto meta = load<stored_meta>(bytes, sizeof header);
  if (meta.magic != lmdb_magic || (header.flags & meta_page) == 0) {
    if (!first) return damaged("the second header page is destroyed", page);
    if (made_elsewhere(bytes)) {
      return error{errc::unsupported, "made by a machine of another kind: export and import it"};
    }
    return error{errc::not_a_book, "not a client book"};
  }
  if (meta.version != lmdb_version) {
    return error{errc::newer_format, "written by a newer LMDB: update this program"};
  }
  return meta;
}

bool plausible(const stored_meta& meta, std::size_t page_size, std::size_t place) noexcept {
  if (meta.trees[0].pad != page_size) return false;
  if (meta.last_page < 1 || meta.last_page >= no_page / page_size) return false;
  for (const stored_tree& tree : meta.trees) {
    if (tree.depth > deepest) return false;
    if (tree.root == no_page ? tree.entries != 0
                             : tree.root < 2 || tree.root > meta.last_page || tree.depth == 0) {
      return false;
    }
  }
  return meta.transaction == 0 || (meta.transaction & 1) == place;
}

// Walks a tree of pages; recursion is bounded by `deepest`.
class walker {
 public:
  walker(const file& data, const book_pages& pages, const stored_meta& meta)
      : data_(data),
        page_size_(pages.page_size),
        last_page_(meta.last_page),
        pages_in_file_(static_cast<std::size_t>(pages.file_size / pages.page_size)) {}

  // Every page of the rows' tree, then of the free list's.
  result<void> walk(const stored_meta& meta) {
    seen_.assign(std::min(last_page_ + 1, pages_in_file_), false);
    if (const result<void> walked = walk(meta.trees[1], false); !walked) return walked;
    return walk(meta.trees[0], true);
  }

  // One way down, as a search for `key` goes.
  result<std::optional<std::vector<std::byte>>> find(const stored_tree& tree, byte_view key) {
    using found = std::optional<std::vector<std::byte>>;
    std::size_t at = tree.root;
    if (at == no_page) return found{};
    for (std::uint16_t level = 1; level <= tree.depth; ++level) {
      const result<page> read = read_page(at, level == tree.depth);
      if (!read) return read.error();
      if (level == tree.depth) {
        for (const node& entry : read->nodes) {
          if ((entry.flags & big_data) != 0 || !same_bytes(entry.key, key)) continue;
          return found(std::in_place, entry.data.begin(), entry.data.end());
        }
        return found{};
      }
      at = read->nodes.front().child;
      for (std::size_t i = 1; i < read->nodes.size(); ++i) {
        if (compare(read->nodes[i].key, key) <= 0) at = read->nodes[i].child;
      }
    }
    return found{};
  }

 private:
  struct node {
    byte_view key;
    byte_view data;
    std::size_t data_size = 0;
    std::size_t child = 0;
    std::uint16_t flags = 0;
  };
  struct page {
    std::vector<std::byte> bytes;
    std::vector<node> nodes;
  };

  result<void> walk(const stored_tree& tree, bool free_list) {
    if (tree.root == no_page) return {};
    free_list_ = free_list;
    counted_ = {};
    last_key_.clear();
    if (const result<void> walked = visit(tree.root, 1, tree.depth); !walked) return walked;
    if (counted_.entries != tree.entries || counted_.branch_pages != tree.branch_pages ||
        counted_.leaf_pages != tree.leaf_pages || counted_.overflow_pages != tree.overflow_pages) {
      return damaged("a tree has more or fewer pages than it should", tree.root);
    }
    return {};
  }

  result<page> read_page(std::size_t number, bool is_leaf) {
    if (number < 2 || number > last_page_) return damaged("a page lies outside the book", number);
    page read;
    read.bytes.resize(page_size_);
    const result<std::size_t> got = read_at(data_, std::uint64_t{number} * page_size_, read.bytes);
    if (!got) return got.error();
    if (*got < page_size_) return damaged("the book's file is cut off", number);
    const auto header = load<page_header>(read.bytes, 0);
    const std::uint16_t kind = is_leaf ? leaf : branch;
    if (header.number != number || (header.flags & kinds) != kind || header.lower < sizeof header ||
        header.lower > header.upper || header.upper > page_size_ || header.lower % 2 != 0) {
      return damaged("a page is damaged", number);
    }
    const std::size_t count = (header.lower - sizeof header) / 2;
    if (count == 0) return damaged("a page is empty", number);
    read.nodes.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      const result<node> entry = read_node(read.bytes, i, header.upper, is_leaf);
      if (!entry) return damaged("an entry lies outside its page", number);
      read.nodes.push_back(*entry);
    }
    return read;
  }

  result<node> read_node(byte_view bytes, std::size_t index, std::size_t upper, bool is_leaf) {
    constexpr error outside{errc::damaged, "an entry lies outside its page"};
    const auto at = load<std::uint16_t>(bytes, sizeof(page_header) + 2 * index);
    if (at < upper || at + sizeof(node_header) > bytes.size()) return outside;
    const auto header = load<node_header>(bytes, at);
    const std::size_t key_at = at + sizeof header;
    const std::size_t data_at = key_at + header.key_size;
    if (data_at > bytes.size()) return outside;
    node entry;
    entry.key = bytes.subspan(key_at, header.key_size);
    // Both halves lie in the order of the machine's bytes.
    const std::size_t low = std::endian::native == std::endian::little ? header.low : header.high;
    const std::size_t high = std::endian::native == std::endian::little ? header.high : header.low;
    if (!is_leaf) {
      entry.child = low | (high << 16);
      if constexpr (sizeof(std::size_t) > 4) entry.child |= std::size_t{header.flags} << 32;
      return entry;
    }
    entry.flags = header.flags;
    entry.data_size = low | (high << 16);
    if ((header.flags & ~big_data) != 0) return outside;
    const std::size_t in_page =
        (header.flags & big_data) != 0 ? sizeof(std::size_t) : entry.data_size;
    if (in_page > bytes.size() - data_at) return outside;
    entry.data = bytes.subspan(data_at, in_page);
    return entry;
  }

  result<void> mark(std::size_t number) {
    if (number < 2 || number > last_page_) return damaged("a page lies outside the book", number);
    if (number >= seen_.size()) return damaged("the book's file is cut off", number);
    if (seen_[number]) return damaged("a page is used twice", number);
    seen_[number] = true;
    return {};
  }

  result<void> visit(std::size_t number, std::uint16_t level, std::uint16_t depth) {
    if (const result<void> marked = mark(number); !marked) return marked;
    const bool is_leaf = level == depth;
    const result<page> read = read_page(number, is_leaf);
    if (!read) return read.error();
    (is_leaf ? counted_.leaf_pages : counted_.branch_pages) += 1;
    for (std::size_t i = 0; i < read->nodes.size(); ++i) {
      const node& entry = read->nodes[i];
      if (!is_leaf) {
        // All keys below a branch are at least its own; the leaves see to the order.
        if (i > 0 && !free_list_) {
          if (compare(entry.key, last_key_) <= 0) return damaged("a key is out of order", number);
          floor_ = entry.key;
        }
        const result<void> below = visit(entry.child, static_cast<std::uint16_t>(level + 1), depth);
        if (!below) return below;
        continue;
      }
      if (const result<void> checked = check_entry(entry, number); !checked) return checked;
    }
    return {};
  }

  result<void> check_entry(const node& entry, std::size_t number) {
    counted_.entries += 1;
    if (free_list_) return check_free(entry, number);
    if (compare(entry.key, floor_) < 0 || compare(entry.key, last_key_) <= 0) {
      return damaged("a key is out of order", number);
    }
    floor_ = {};
    last_key_.assign(entry.key.begin(), entry.key.end());
    return (entry.flags & big_data) != 0 ? check_overflow(entry) : result<void>{};
  }

  result<void> check_overflow(const node& entry) {
    const auto first = load<std::size_t>(entry.data, 0);
    const std::size_t count =
        (sizeof(page_header) - 1 + entry.data_size) / page_size_ + 1;  // As LMDB counts them.
    if (count > last_page_) return damaged("a value lies outside the book", first);
    for (std::size_t i = 0; i < count; ++i) {
      if (const result<void> marked = mark(first + i); !marked) return marked;
    }
    std::array<std::byte, sizeof(page_header)> bytes{};
    const result<std::size_t> got = read_at(data_, std::uint64_t{first} * page_size_, bytes);
    if (!got) return got.error();
    std::byte last{};
    const result<std::size_t> end =
        read_at(data_, std::uint64_t{first + count} * page_size_ - 1, byte_span(&last, 1));
    if (!end) return end.error();
    if (*got < bytes.size() || *end < 1) return damaged("the book's file is cut off", first);
    const auto header = load<page_header>(bytes, 0);
    if (header.number != first || (header.flags & kinds) != overflow ||
        load<std::uint32_t>(bytes, offsetof(page_header, lower)) != count) {
      return damaged("a long value is damaged", first);
    }
    counted_.overflow_pages += count;
    return {};
  }

  // A free page must not be in use; lists longer than a page lie in overflow pages.
  result<void> check_free(const node& entry, std::size_t number) {
    std::vector<std::byte> list(entry.data.begin(), entry.data.end());
    if ((entry.flags & big_data) != 0) {
      if (const result<void> checked = check_overflow(entry); !checked) return checked;
      const auto first = load<std::size_t>(entry.data, 0);
      list.resize(entry.data_size);
      const result<std::size_t> got =
          read_at(data_, std::uint64_t{first} * page_size_ + sizeof(page_header), list);
      if (!got) return got.error();
    }
    if (entry.key.size() != sizeof(std::size_t) || list.size() < sizeof(std::size_t)) {
      return damaged("the list of free pages is damaged", number);
    }
    const auto count = load<std::size_t>(list, 0);
    if (count >= list.size() / sizeof(std::size_t)) {
      return damaged("the list of free pages is damaged", number);
    }
    for (std::size_t i = 1; i <= count; ++i) {
      const auto free_page = load<std::size_t>(list, i * sizeof(std::size_t));
      if (free_page <= last_page_ && free_page >= seen_.size()) continue;  // Never written.
      if (const result<void> marked = mark(free_page); !marked) return marked;
    }
    return {};
  }

  const file& data_;
  std::size_t page_size_;
  std::size_t last_page_;
  std::size_t pages_in_file_;
  std::vector<bool> seen_;
  bool free_list_ = false;
  stored_tree counted_{};
  byte_view floor_;
  std::vector<std::byte> last_key_;
};

}  // namespace

byte_view header_key() noexcept { return stored_header_key; }
byte_view header_value() noexcept { return stored_header_value; }

namespace {

// The page's error where it cannot be used, also if nothing but its numbers is wrong.
result<stored_meta> read_usable(const file& data, std::size_t page_size,
                                std::size_t place) noexcept {
  const result<stored_meta> meta = read_meta(data, place * page_size, place);
  if (!meta || plausible(*meta, page_size, place)) return meta;
  return damaged("a header page is damaged", place);
}

bool is_page_size(std::size_t size) noexcept {
  return size >= 512 && size <= 32768 && std::has_single_bit(size);
}

// Which errors say that a page is broken; the others say something about all of the file.
bool is_broken(const result<stored_meta>& page) noexcept {
  return !page && page.error().code != errc::newer_format && page.error().code != errc::io_error;
}

// Where the first page does not say how long pages are, the second lies where it says so itself.
std::optional<stored_meta> find_second(const file& data) noexcept {
  for (std::size_t size = 512; is_page_size(size); size *= 2) {
    if (const auto found = read_usable(data, size, 1); found) return *found;
  }
  return std::nullopt;
}

// What a broken page is to say. LMDB writes only what changes of a header page: where the rest of
// it was destroyed under a living writer, it names the newest commit all the same. Otherwise it
// says what the other page says, as the commit before, and so is the older of the two.
stored_meta mended(const file& data, const book_pages& pages, std::size_t place) noexcept {
  const stored_meta& other = pages.metas[1 - place];
  std::array<std::byte, sizeof(page_header) + sizeof(stored_meta)> bytes{};
  const auto got = read_at(data, place * pages.page_size, bytes);
  auto meta = load<stored_meta>(bytes, sizeof(page_header));
  meta.magic = other.magic;
  meta.version = other.version;
  meta.address = other.address;
  if (got && *got == bytes.size() && plausible(meta, pages.page_size, place) &&
      meta.transaction == other.transaction + 1) {
    return meta;
  }
  meta = other;
  if (meta.transaction > 0) --meta.transaction;
  return meta;
}

}  // namespace

result<book_pages> read_metas(const file& data) noexcept {
  book_pages pages;
  result<stored_meta> first = read_meta(data, 0, 0);
  if (first && !is_page_size(first->trees[0].pad)) {
    first = damaged("the first header page is damaged", 0);
  }
  if (first) first = read_usable(data, first->trees[0].pad, 0);
  if (first) {
    pages.page_size = first->trees[0].pad;
    pages.metas[0] = *first;
    const result<stored_meta> second = read_usable(data, pages.page_size, 1);
    if (!second && !is_broken(second)) return second.error();
    if (second) pages.metas[1] = *second;
    if (!second) pages.broken = 1;
  } else {
    const std::optional<stored_meta> second = is_broken(first) ? find_second(data) : std::nullopt;
    if (!second) return first.error();
    pages.page_size = second->trees[0].pad;
    pages.metas[1] = *second;
    pages.broken = 0;
  }
  if (pages.broken) pages.metas[*pages.broken] = mended(data, pages, *pages.broken);
  // After the header pages: a writer extends the file before it names the new pages.
  struct stat status {};
  if (::fstat(data.get(), &status) != 0) return system_error(errno);
  pages.file_size = static_cast<std::uint64_t>(status.st_size);
  if (pages.newest().last_page > pages.file_size / pages.page_size + most_unwritten) {
    return damaged("the book's file is cut off", 0);
  }
  return pages;
}

result<void> write_header(const file& data, const book_pages& pages) noexcept {
  const std::size_t place = *pages.broken;
  page_header header{};
  header.number = place;
  header.flags = meta_page;
  const stored_meta& meta = pages.metas[place];
  std::array<std::byte, sizeof header + sizeof meta> bytes{};
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, &meta, sizeof meta);
  const ssize_t wrote =
      ::pwrite(data.get(), bytes.data(), bytes.size(), static_cast<off_t>(place * pages.page_size));
  if (wrote < 0) return system_error(errno);
  if (static_cast<std::size_t>(wrote) != bytes.size()) return system_error(ENOSPC);
  return sync(data);
}

result<void> check_pages(const file& data, const book_pages& pages, const stored_meta& meta,
                         depth_of_check depth) noexcept try {
  const stored_tree& rows = meta.trees[1];
  if (rows.flags != 0) return foreign;
  walker all(data, pages, meta);
  const auto header = all.find(rows, header_key());
  if (!header) return header.error();
  if (!*header || (*header)->size() < header_value().size()) return foreign;
  if (load_be<std::uint32_t>((*header)->data()) != book_format) {
    return error{errc::newer_format, "written by a newer version of this library: update it"};
  }
  // LMDB may leave the last pages of a commit unwritten when it did not need them after
  // all, so a short file is no proof of damage: then every page in use is looked at.
  const bool is_short = pages.file_size / pages.page_size <= meta.last_page;
  // A small book costs milliseconds: LMDB dies of a damaged page wherever it meets one.
  const bool is_small = meta.last_page < most_pages_checked_at_once;
  if (depth == depth_of_check::header_row && !is_short && !is_small) return {};
  return all.walk(meta);
} catch (const std::exception&) {
  return error{errc::limit_exceeded, "not enough memory to check the book"};
}

}  // namespace clientbook::lmdb
