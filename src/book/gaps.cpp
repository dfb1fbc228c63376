// A row for each gap (docs/format/recovery.md): a second restore does not make the first one's
// unsaid. Backups carry them like other rows. The book row counts them: none goes missing unseen.
#include "gaps.hpp"

#include <algorithm>

namespace clientbook {
namespace {

using storage::key;
using storage::table;

key gaps_prefix() noexcept { return key(table::meta).add(std::uint8_t{6}); }

book_core::place gap_place(std::uint64_t number) noexcept {
  return {.key = gaps_prefix().add(number),
          .table = table::meta,
          .kind = 6,
          .customer = own_number,
          .record = number,
          .version = record_version(1)};
}

// A version that did not count them left what there was.
result<std::uint64_t> count_gaps(book_core& core) {
  std::uint64_t count = 0;
  const auto walked = core.read().walk(gaps_prefix(), gaps_prefix(), [&](byte_view, byte_view) {
    ++count;
    return true;
  });
  if (!walked) return walked.error();
  return std::max<std::uint64_t>(count, core.row().gaps);
}

}  // namespace

result<std::vector<book_gap>> gaps_of(book_core& core) {
  const auto count = count_gaps(core);
  if (!count) return count.error();
  std::vector<book_gap> out;
  private_bytes plain;
  for (std::uint64_t number = 1; number <= *count; ++number) {
    if (auto got = core.get_value(core.keys().rows, gap_place(number), plain); !got) {
      if (got.error().code != errc::not_found) return got.error();
      return error{errc::row_missing,
                   "a row of what the book does not know is gone: restore a copy"};
    }
    if (plain.view().size() != 16) {
      return error{errc::damaged, "a row of what the book does not know is damaged"};
    }
    const auto at = [&](std::size_t from) {
      return timestamp{
          static_cast<std::int64_t>(load_be<std::uint64_t>(plain.view().data() + from))};
    };
    out.push_back({.since = at(0), .until = at(8)});
  }
  // Of a version that wrote down the last one alone.
  const book_gap last{{core.row().restored_as_of}, {core.row().restored_at}};
  const bool known = std::any_of(out.begin(), out.end(),
                                 [&](const book_gap& one) { return one.until == last.until; });
  if (last.until != timestamp{} && !known) out.insert(out.begin(), last);
  return out;
}

result<void> add_gap(book_core& core, const book_gap& gap) {
  const auto count = count_gaps(core);
  if (!count) return count.error();
  std::array<std::byte, 16> plain{};
  store_be(plain.data(), static_cast<std::uint64_t>(gap.since.seconds));
  store_be(plain.data() + 8, static_cast<std::uint64_t>(gap.until.seconds));
  core.edit_row().gaps = static_cast<std::uint32_t>(*count + 1);
  return core.put_value(core.keys().rows, gap_place(*count + 1), plain);
}

}  // namespace clientbook
