// Recovery row and mirror header, byte by byte (docs/format/recovery.md).
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/internal/vault/recovery_format.hpp>

#include <string_view>

namespace clientbook {
namespace {

enum member : std::uint8_t {
  public_part = 1,
  made,
  needed,
  made_shares,
  mirror_paths,
  newest_backup,
  version_of_backup,
  newest_mark,
  version_of_mark,
  given_up_paths,
  pruned_entries,
};

constexpr std::string_view magic = "clntmirr";
constexpr std::uint32_t mirror_format = 2;

constexpr error damaged_header{
    errc::damaged,
    "the mirror's header is damaged: take another mirror, or remove this one and add it anew"};

std::uint8_t small_number(cbor::reader& from) noexcept {
  const std::uint64_t value = from.unsigned_integer();
  if (value > 255) from.fail(errc::invalid_encoding, "a number of the recovery row is too large");
  return static_cast<std::uint8_t>(value);
}

void read_paths(cbor::reader& from, std::vector<std::string>& out) {
  const std::size_t count = from.array();
  if (count > recovery_row::most_mirrors) {
    from.fail(errc::limit_exceeded, "the recovery row names too many mirrors");
  }
  for (std::size_t i = 0; i < count && !from.failed(); ++i) out.emplace_back(from.text());
}

void write_paths(cbor::writer& to, const std::vector<std::string>& paths) {
  to.array(paths.size());
  for (const std::string& path : paths) to.text(path);
}

void read_member(cbor::reader& from, std::uint64_t key, recovery_row& row) {
  switch (key) {
    case public_part: {
      const byte_view bytes = from.bytes();
      if (bytes.size() == row.key.size()) {
        copy_bytes(byte_span(row.key), bytes);
      } else {
        from.fail(errc::invalid_encoding, "the recovery key has another size");
      }
      break;
    }
    case made:
      row.made_at = from.integer();
      break;
    case needed:
      row.threshold = small_number(from);
      break;
    case made_shares:
      row.shares = small_number(from);
      break;
    case mirror_paths:
      read_paths(from, row.mirrors);
      break;
    case newest_backup:
      row.backup_at = from.integer();
      break;
    case version_of_backup:
      row.backup_root_version = from.unsigned_integer();
      break;
    case newest_mark:
      row.mark = from.unsigned_integer();
      break;
    case version_of_mark:
      row.marked_version = from.unsigned_integer();
      break;
    case given_up_paths:
      read_paths(from, row.given_up);
      break;
    case pruned_entries:
      row.ledger_pruned = from.unsigned_integer();
      break;
    default:
      from.fail(errc::newer_format, "recovery is of a later version: update clientbook");
  }
}

}  // namespace

result<byte_view> encode(const recovery_row& row, byte_span out) noexcept {
  cbor::writer to(out);
  to.map(mirror_paths + (row.backup_at != 0 ? 2U : 0U) + (row.mark != 0 ? 2U : 0U) +
         (row.given_up.empty() ? 0U : 1U) + (row.ledger_pruned == 0 ? 0U : 1U));
  to.unsigned_integer(public_part);
  to.bytes(row.key);
  to.unsigned_integer(made);
  to.integer(row.made_at);
  to.unsigned_integer(needed);
  to.unsigned_integer(row.threshold);
  to.unsigned_integer(made_shares);
  to.unsigned_integer(row.shares);
  to.unsigned_integer(mirror_paths);
  write_paths(to, row.mirrors);
  if (row.backup_at != 0) {
    to.unsigned_integer(newest_backup);
    to.integer(row.backup_at);
    to.unsigned_integer(version_of_backup);
    to.unsigned_integer(row.backup_root_version);
  }
  if (row.mark != 0) {
    to.unsigned_integer(newest_mark);
    to.unsigned_integer(row.mark);
    to.unsigned_integer(version_of_mark);
    to.unsigned_integer(row.marked_version);
  }
  if (!row.given_up.empty()) {
    to.unsigned_integer(given_up_paths);
    write_paths(to, row.given_up);
  }
  if (row.ledger_pruned != 0) {
    to.unsigned_integer(pruned_entries);
    to.unsigned_integer(row.ledger_pruned);
  }
  return to.finish();
}

result<recovery_row> decode_recovery_row(byte_view bytes) {
  cbor::reader from(bytes);
  recovery_row row;
  const std::size_t members = from.map();
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < members && !from.failed(); ++i) {
    const std::uint64_t key = from.unsigned_integer();
    if (key <= before || (key <= mirror_paths && key != before + 1)) {
      from.fail(errc::invalid_encoding, "the members of the recovery row are not as they must be");
    }
    before = key;
    if (!from.failed()) read_member(from, key, row);
  }
  if (auto done = from.finish(); !done) return done.error();
  if (before < mirror_paths) {
    return error{errc::invalid_encoding, "the recovery row lacks a member"};
  }
  return row;
}

std::array<std::byte, mirror_header::size> encode(const mirror_header& header) noexcept {
  std::array<std::byte, mirror_header::size> out{};
  copy_bytes(byte_span(out), as_bytes(magic));
  store_be(out.data() + 8, mirror_format);
  store_be(out.data() + 12, static_cast<std::uint32_t>(header.suite));
  copy_bytes(byte_span(out).subspan(16), header.book.bytes);
  store_be(out.data() + 32, header.epoch);
  store_be(out.data() + 40, header.root_version);
  copy_bytes(byte_span(out).subspan(48), header.key);
  store_be(out.data() + 80, static_cast<std::uint64_t>(header.at));
  store_be(out.data() + 88, header.mark.number);
  copy_bytes(byte_span(out).subspan(96), header.mark.value);
  return out;
}

result<mirror_header> decode_mirror_header(byte_view bytes) noexcept {
  if (bytes.size() < 12 || as_text(bytes.first(8)) != magic) {
    return error{errc::not_a_book, "no keyring mirror lies here"};
  }
  if (load_be<std::uint32_t>(bytes.data() + 8) > mirror_format) {
    return error{errc::newer_format, "the mirror is of a newer version: update clientbook",
                 load_be<std::uint32_t>(bytes.data() + 8)};
  }
  const auto format = load_be<std::uint32_t>(bytes.data() + 8);
  const std::size_t wanted = format == 1 ? mirror_header::former_size : mirror_header::size;
  if (format == 0 || bytes.size() != wanted) return damaged_header;
  mirror_header header;
  const auto suite = load_be<std::uint32_t>(bytes.data() + 12);
  if (suite != 1 && suite != 2) {
    return error{errc::unsupported, "the mirror is of a suite that this version has not", suite};
  }
  header.suite = static_cast<crypto::suite>(suite);
  copy_bytes(byte_span(header.book.bytes), bytes.subspan(16, 16));
  header.epoch = load_be<std::uint64_t>(bytes.data() + 32);
  header.root_version = load_be<std::uint64_t>(bytes.data() + 40);
  copy_bytes(byte_span(header.key), bytes.subspan(48, 32));
  header.at = static_cast<std::int64_t>(load_be<std::uint64_t>(bytes.data() + 80));
  if (format > 1) {
    header.mark.number = load_be<std::uint64_t>(bytes.data() + 88);
    copy_bytes(byte_span(header.mark.value), bytes.subspan(96, mirror_mark::size));
  }
  if (header.epoch == 0 || header.root_version == 0 || (format > 1 && header.mark.number == 0)) {
    return damaged_header;
  }
  return header;
}

}  // namespace clientbook
