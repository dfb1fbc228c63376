// Pieces of a backup (docs/format/recovery.md). A piece's number and whether it is the last one are
// part of what it is sealed to, so nothing is taken from a stream before its place is known.
#include <clientbook/internal/vault/backup_stream.hpp>
#include <clientbook/internal/vault/book_format.hpp>
#include <clientbook/internal/vault/storage_key.hpp>

#include <algorithm>
#include <limits>
#include <string_view>

namespace clientbook {
namespace {

constexpr std::string_view magic = "clntback";
constexpr std::uint32_t stream_format = 1;
constexpr std::string_view label = "clientbook backup";
constexpr std::size_t usual_piece = 256 * 1024;
constexpr std::size_t largest_piece = std::size_t{64} << 20U;
constexpr std::size_t entry_head = 5;
constexpr std::uint8_t inner_piece = 1;
constexpr std::uint8_t last_piece = 2;

// Errors: truncated, if the source ends before.
result<void> fill(backup_source from, byte_span out) {
  while (!out.empty()) {
    const auto got = from(out);
    if (!got) return got.error();
    if (*got == 0 || *got > out.size()) {
      return error{errc::truncated, "the backup was cut: it ends too early"};
    }
    out = out.subspan(*got);
  }
  return {};
}

}  // namespace

std::array<std::byte, stream_header::size> encode(const stream_header& header) noexcept {
  std::array<std::byte, stream_header::size> out{};
  copy_bytes(byte_span(out), as_bytes(magic));
  store_be(out.data() + 8, stream_format);
  store_be(out.data() + 12, static_cast<std::uint32_t>(header.suite));
  copy_bytes(byte_span(out).subspan(16), header.book.bytes);
  copy_bytes(byte_span(out).subspan(32), header.id);
  copy_bytes(byte_span(out).subspan(48), header.base);
  store_be(out.data() + 64, header.epoch);
  store_be(out.data() + 72, header.root_version);
  store_be(out.data() + 80, static_cast<std::uint64_t>(header.at.seconds));
  return out;
}

result<stream_header> read_stream_header(backup_source from) {
  std::array<std::byte, stream_header::size> bytes{};
  if (auto read = fill(from, bytes); !read) return read.error();
  if (as_text(byte_view(bytes).first(magic.size())) != magic) {
    return error{errc::not_a_book, "this file is no backup"};
  }
  const auto format = load_be<std::uint32_t>(bytes.data() + 8);
  if (format > stream_format) {
    return error{errc::newer_format, "the backup is of a newer version: update clientbook", format};
  }
  const auto suite = load_be<std::uint32_t>(bytes.data() + 12);
  if (suite != 1 && suite != 2) {
    return error{errc::unsupported, "the backup is of a suite that this version has not", suite};
  }
  stream_header out;
  out.suite = static_cast<crypto::suite>(suite);
  copy_bytes(byte_span(out.book.bytes), byte_view(bytes).subspan(16, 16));
  copy_bytes(byte_span(out.id), byte_view(bytes).subspan(32, 16));
  copy_bytes(byte_span(out.base), byte_view(bytes).subspan(48, 16));
  out.epoch = load_be<std::uint64_t>(bytes.data() + 64);
  out.root_version = load_be<std::uint64_t>(bytes.data() + 72);
  out.at.seconds = static_cast<std::int64_t>(load_be<std::uint64_t>(bytes.data() + 80));
  if (format == 0 || out.id == stream_id{} || out.epoch == 0 || out.root_version == 0) {
    return error{errc::invalid_encoding, "the backup's header is damaged: take another"};
  }
  return out;
}

field_context stream_context(const stream_header& header, std::uint8_t kind) noexcept {
  return {.suite = header.suite,
          .book = header.book,
          .table = static_cast<std::uint8_t>(storage::table::backup),
          .field = field_id(kind),
          .customer = own_number,
          .schema_hash = crypto::hash(encode(header))};
}

// --- writing ------------------------------------------------------------------------------

stream_writer::stream_writer(const stream_header& header, const secret<32>& tenant_root,
                             random_source& random, backup_sink out)
    : header_(header),
      context_(stream_context(header, inner_piece)),
      key_(crypto::derive(tenant_root, label, header.id)),
      random_(random),
      out_(out) {
  plain_.reserve(usual_piece + usual_piece / 4);
}

result<void> stream_writer::put(byte_view bytes) {
  bytes_ += bytes.size();
  return out_(bytes);
}

result<void> stream_writer::begin() { return put(encode(header_)); }

result<void> stream_writer::add(stream_entry kind, std::initializer_list<byte_view> parts) {
  std::size_t size = 0;
  for (const byte_view part : parts) size += part.size();
  if (size > largest_piece - usual_piece - entry_head) {
    return error{errc::limit_exceeded, "a row is too large for a backup", size};
  }
  std::array<std::byte, entry_head> head{static_cast<std::byte>(kind)};
  store_be(head.data() + 1, static_cast<std::uint32_t>(size));
  plain_.insert(plain_.end(), head.begin(), head.end());
  for (const byte_view part : parts) plain_.insert(plain_.end(), part.begin(), part.end());
  return plain_.size() < usual_piece ? result<void>() : write_piece(inner_piece);
}

result<void> stream_writer::finish() { return write_piece(last_piece); }

result<void> stream_writer::write_piece(std::uint8_t kind) {
  context_.field = field_id(kind);
  context_.record = pieces_++;
  const std::size_t size = sealed_field_size(plain_.size());
  sealed_.resize(4 + size);
  store_be(sealed_.data(), static_cast<std::uint32_t>(size));
  const auto sealed = seal_field(key_, context_, plain_, random_, byte_span(sealed_).subspan(4));
  if (!sealed) return sealed.error();
  wipe(plain_);
  plain_.clear();
  return put(sealed_);
}

// --- reading ------------------------------------------------------------------------------

stream_reader::stream_reader(const stream_header& header, const secret<32>& tenant_root,
                             backup_source from)
    : context_(stream_context(header, inner_piece)),
      key_(crypto::derive(tenant_root, label, header.id)),
      from_(from) {}

result<void> stream_reader::read_piece() {
  const std::uint64_t number = pieces_ + 1;
  std::array<std::byte, 4> head{};
  const auto of_piece = [number](const error& failure) {
    return error{failure.code, failure.text, number};
  };
  if (auto read = fill(from_, head); !read) return of_piece(read.error());
  const auto size = load_be<std::uint32_t>(head.data());
  if (size < sealed_field_size(0) || size > sealed_field_size(largest_piece)) {
    return error{errc::authentication_failed, "a piece of the backup was altered", number};
  }
  // Piece by piece: what a forged size promises is not taken from memory before it is there.
  sealed_.clear();
  constexpr std::size_t step = std::size_t{1} << 20U;
  while (sealed_.size() < size) {
    const std::size_t before = sealed_.size();
    sealed_.resize(std::min<std::size_t>(size, before + step));
    if (auto read = fill(from_, byte_span(sealed_).subspan(before)); !read) {
      return of_piece(read.error());
    }
  }
  if (plain_.size() < size) plain_.resize(size);
  context_.record = pieces_;
  for (const std::uint8_t kind : {inner_piece, last_piece}) {
    context_.field = field_id(kind);
    const auto opened = open_field(key_, context_, sealed_, plain_);
    if (!opened) continue;
    last_ = kind == last_piece;
    size_ = *opened;
    at_ = 0;
    ++pieces_;
    return {};
  }
  return error{errc::authentication_failed,
               "a piece of the backup was altered, or is another book's", number};
}

result<std::optional<stream_reader::entry>> stream_reader::next() {
  while (at_ == size_) {
    if (last_) {
      std::byte beyond{};
      const auto more = from_(byte_span(&beyond, 1));
      if (!more) return more.error();
      if (*more != 0) {
        return error{errc::invalid_encoding, "something stands behind the backup's end", pieces_};
      }
      return std::optional<entry>();
    }
    if (auto read = read_piece(); !read) return read.error();
  }
  const byte_view rest = byte_view(plain_).first(size_).subspan(at_);
  if (rest.size() < entry_head) {
    return error{errc::invalid_encoding, "an entry of the backup is malformed", pieces_};
  }
  const auto size = load_be<std::uint32_t>(rest.data() + 1);
  const auto kind = static_cast<std::uint8_t>(rest[0]);
  if (size > rest.size() - entry_head || kind < 1 || kind > 3) {
    return error{errc::invalid_encoding, "an entry of the backup is malformed", pieces_};
  }
  at_ += entry_head + size;
  return std::optional(entry{static_cast<stream_entry>(kind), rest.subspan(entry_head, size)});
}

}  // namespace clientbook
