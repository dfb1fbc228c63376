// Header and book row, byte by byte (docs/format/book.md).
#include <clientbook/internal/vault/book_format.hpp>

#include <string_view>

namespace clientbook {
namespace {

constexpr std::string_view magic = "clntbook";

// Writes and reads integers one behind the other, big-endian.
class cursor {
 public:
  explicit cursor(std::byte* at) noexcept : at_(at) {}
  template <class Unsigned>
  void put(Unsigned value) noexcept {
    store_be(at_, value);
    at_ += sizeof(Unsigned);
  }
  void put(byte_view bytes) noexcept {
    copy_bytes({at_, bytes.size()}, bytes);
    at_ += bytes.size();
  }

 private:
  std::byte* at_;
};

class reader {
 public:
  explicit reader(const std::byte* at) noexcept : at_(at) {}
  template <class Unsigned>
  Unsigned take() noexcept {
    const Unsigned value = load_be<Unsigned>(at_);
    at_ += sizeof(Unsigned);
    return value;
  }
  void take(byte_span out) noexcept {
    copy_bytes(out, {at_, out.size()});
    at_ += out.size();
  }

 private:
  const std::byte* at_;
};

}  // namespace

std::array<std::byte, book_header::size> encode(const book_header& header) noexcept {
  std::array<std::byte, book_header::size> out{};
  cursor to(out.data());
  to.put(as_bytes(magic));
  to.put(book_header::format);
  to.put(static_cast<std::uint32_t>(header.suite));
  to.put(byte_view(header.id.bytes));
  to.put(header.epoch);
  to.put(header.root_version);
  return out;
}

result<book_header> decode_book_header(byte_view bytes) noexcept {
  if (bytes.size() < 12 || as_text(bytes.first(8)) != magic) {
    return error{errc::not_a_book, "this store holds no client book"};
  }
  reader from(bytes.data() + 8);
  const auto format = from.take<std::uint32_t>();
  if (format > book_header::format) {
    return error{errc::newer_format, "the book was written by a newer version: update clientbook",
                 format};
  }
  if (format == 0 || bytes.size() != book_header::size) {
    return error{errc::damaged, "the book's header is damaged: restore a copy"};
  }
  book_header header;
  const auto suite = from.take<std::uint32_t>();
  if (suite != 1 && suite != 2) {
    return error{errc::unsupported, "the book is sealed under a suite this version has not", suite};
  }
  header.suite = static_cast<crypto::suite>(suite);
  from.take(byte_span(header.id.bytes));
  header.epoch = from.take<std::uint64_t>();
  header.root_version = from.take<std::uint64_t>();
  if (header.epoch == 0 || header.root_version == 0) {
    return error{errc::damaged, "the book's header is damaged: restore a copy"};
  }
  return header;
}

std::array<std::byte, book_row::size> encode(const book_row& row) noexcept {
  std::array<std::byte, book_row::size> out{};
  cursor to(out.data());
  to.put(std::uint32_t{1});
  to.put(row.next.value);
  to.put(row.customers);
  to.put(row.erased);
  to.put(row.purchase_lines);
  to.put(row.ledger_size);
  to.put(static_cast<std::uint64_t>(row.created_at));
  to.put(static_cast<std::uint64_t>(row.latest_directive));
  to.put(row.schema.value);
  to.put(byte_view(row.schema_hash));
  to.put(row.policy);
  to.put(row.registry_version);
  to.put(row.states);
  to.put(row.notices);
  return out;
}

result<book_row> decode_book_row(byte_view bytes) noexcept {
  if (bytes.size() != book_row::size) {
    return error{errc::invalid_encoding, "the book row has another size"};
  }
  reader from(bytes.data());
  if (from.take<std::uint32_t>() != 1) {
    return error{errc::newer_format, "the book row is of a newer format: update clientbook"};
  }
  book_row row;
  row.next.value = from.take<std::uint64_t>();
  row.customers = from.take<std::uint64_t>();
  row.erased = from.take<std::uint64_t>();
  row.purchase_lines = from.take<std::uint64_t>();
  row.ledger_size = from.take<std::uint64_t>();
  row.created_at = static_cast<std::int64_t>(from.take<std::uint64_t>());
  row.latest_directive = static_cast<std::int64_t>(from.take<std::uint64_t>());
  row.schema.value = from.take<std::uint32_t>();
  from.take(byte_span(row.schema_hash));
  row.policy = from.take<std::uint32_t>();
  row.registry_version = from.take<std::uint32_t>();
  row.states = from.take<std::uint32_t>();
  row.notices = from.take<std::uint32_t>();
  return row;
}

}  // namespace clientbook
