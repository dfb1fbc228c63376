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
};

constexpr std::string_view magic = "clntmirr";
constexpr std::uint32_t mirror_format = 1;

std::uint8_t small_number(cbor::reader& from) noexcept {
  const std::uint64_t value = from.unsigned_integer();
  if (value > 255) from.fail(errc::invalid_encoding, "a number of the recovery row is too large");
  return static_cast<std::uint8_t>(value);
}

void read_mirrors(cbor::reader& from, recovery_row& row) {
  const std::size_t count = from.array();
  if (count > recovery_row::most_mirrors) {
    from.fail(errc::limit_exceeded, "the recovery row names too many mirrors");
  }
  for (std::size_t i = 0; i < count && !from.failed(); ++i) row.mirrors.emplace_back(from.text());
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
      read_mirrors(from, row);
      break;
    case newest_backup:
      row.backup_at = from.integer();
      break;
    case version_of_backup:
      row.backup_root_version = from.unsigned_integer();
      break;
    default:
      from.fail(errc::newer_format, "recovery is of a later version: update clientbook");
  }
}

}  // namespace

result<byte_view> encode(const recovery_row& row, byte_span out) noexcept {
  cbor::writer to(out);
  to.map(mirror_paths + (row.backup_at != 0 ? 2U : 0U));
  to.unsigned_integer(public_part);
  to.bytes(row.key);
  to.unsigned_integer(made);
  to.integer(row.made_at);
  to.unsigned_integer(needed);
  to.unsigned_integer(row.threshold);
  to.unsigned_integer(made_shares);
  to.unsigned_integer(row.shares);
  to.unsigned_integer(mirror_paths);
  to.array(row.mirrors.size());
  for (const std::string& path : row.mirrors) to.text(path);
  if (row.backup_at != 0) {
    to.unsigned_integer(newest_backup);
    to.integer(row.backup_at);
    to.unsigned_integer(version_of_backup);
    to.unsigned_integer(row.backup_root_version);
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
  if (load_be<std::uint32_t>(bytes.data() + 8) == 0 || bytes.size() != mirror_header::size) {
    return error{errc::damaged, "the mirror's header is damaged: take another mirror"};
  }
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
  if (header.epoch == 0 || header.root_version == 0) {
    return error{errc::damaged, "the mirror's header is damaged: take another mirror"};
  }
  return header;
}

}  // namespace clientbook
