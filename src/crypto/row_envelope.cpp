// Seals a record as one row whose fields open one by one.
//
// A session decrypts what a decision permits and nothing else, so a row has a directory and a
// ciphertext for each field, all under one key that is made from the customer's key, the row's
// place and the directory. Sealing asserts what opening relies on; opening trusts no number in the
// row before parse() has looked at all of them.
#include <clientbook/crypto/envelope.hpp>

#include <bit>
#include <cassert>
#include <optional>

#include "aead.hpp"

namespace clientbook {
namespace {

using crypto::commitment_size;
using crypto::tag_size;

// A row: header, commitment, directory, fields. All numbers big-endian.
constexpr std::uint8_t row_format = 1;
constexpr std::size_t check_at = 20;
constexpr std::size_t salt_at = 24;
constexpr std::size_t header_size = salt_at + crypto::nonce_size;
constexpr std::size_t directory_at = header_size + commitment_size;
constexpr std::size_t entry_size = 4;
constexpr std::size_t field_count_limit = 64;

// What the row key is made from: label, header, place, directory.
constexpr std::string_view label = "clientbook row 1";
constexpr std::size_t place_at = 16 + header_size;
constexpr std::size_t place_size = 16 + 1 + 1 + 8 + 8 + 32;
using bound_bytes = crypto::writer<place_at + place_size + entry_size * field_count_limit>;

static_assert(label.size() == 16);
static_assert(directory_at == 80);

constexpr std::size_t multiple_of(padding pad) noexcept {
  return pad == padding::none ? 1 : std::size_t{4} << static_cast<unsigned>(pad);
}

constexpr std::size_t padded_size(const row_field& field) noexcept {
  if (field.pad == padding::none) return field.plaintext.size();
  const std::size_t multiple = multiple_of(field.pad);
  return (field.plaintext.size() / multiple + 1) * multiple;
}

struct entry {
  field_id id;
  padding pad;
  std::size_t size;
};

entry entry_at(const std::byte* bytes) noexcept {
  const auto id = load_be<std::uint16_t>(bytes);
  return {field_id(static_cast<std::uint8_t>(id & 0x3fU)), static_cast<padding>(id >> 14U),
          load_be<std::uint16_t>(bytes + 2)};
}

crypto::short_nonce nonce_of(field_id field) noexcept {
  crypto::short_nonce nonce{};
  nonce.back() = static_cast<std::byte>(field.value);
  return nonce;
}

void add_place(bound_bytes& to, const row_context& context) noexcept {
  to.add(context.book.bytes).add(context.table).add(context.kind);
  to.add(context.customer.value).add(context.record).add(context.schema_hash);
}

// Not a protection: tells what was moved or altered from what another key would open.
std::uint32_t check_word(byte_view place_and_directory) noexcept {
  constexpr std::array<std::byte, 16> nobodys_key{};
  return static_cast<std::uint32_t>(crypto::siphash(nobodys_key, place_and_directory) >> 32U);
}

// One hash gives the key and the commitment to it, so that a row which opens under two keys would
// be a collision of the hash.
struct row_key {
  crypto::digest512 made;  // First half: the key. Second half: the commitment.

  row_key(const secret<32>& key, byte_view bound) noexcept : made(crypto::hash512(key, bound)) {}
  ~row_key() { wipe(made); }
  row_key(const row_key&) = delete;
  row_key& operator=(const row_key&) = delete;
  [[nodiscard]] crypto::key_view key() const noexcept { return crypto::key_view(made.data(), 32); }
  [[nodiscard]] byte_view commitment() const noexcept {
    return byte_view(made).last(commitment_size);
  }
};

result<void> check_fields(std::span<const row_field> fields) noexcept {
  int last = -1;
  for (const row_field& field : fields) {
    if (field.id.value >= field_count_limit || field.id.value <= last ||
        field.pad > padding::to_32) {
      return error{errc::invalid_argument, "the fields of a row ascend, from 0 to 63",
                   field.id.value};
    }
    if (field.plaintext.size() > field_limit || padded_size(field) > field_limit) {
      return error{errc::limit_exceeded, "a field of a row holds at most 65535 bytes",
                   field.id.value};
    }
    last = field.id.value;
  }
  return {};
}

error altered() noexcept { return {errc::authentication_failed, "the row was moved or altered"}; }

// Header and directory are well formed and the fields' bytes all there.
result<row_header> parse(byte_view row) noexcept {
  if (row.empty()) return error{errc::truncated, "the row is empty"};
  row_header header;
  header.format = load_be<std::uint8_t>(row.data());
  if (header.format > row_format) {
    return error{errc::newer_format, "the row was written by a newer version of this library"};
  }
  if (row.size() < directory_at) return error{errc::truncated, "the row ends in its header"};
  const auto flags = load_be<std::uint8_t>(row.data() + 2);
  header.suite = static_cast<crypto::suite>(row[1]);
  header.fields = load_be<std::uint8_t>(row.data() + 3);
  header.key_version = load_be<std::uint32_t>(row.data() + 4);
  header.schema = schema_version(load_be<std::uint32_t>(row.data() + 8));
  header.version = record_version(load_be<std::uint64_t>(row.data() + 12));
  if (header.format == 0 || flags != 0 || header.fields > field_count_limit) {
    return error{errc::invalid_encoding, "this is not the header of a row"};
  }

  const std::size_t fields_at = directory_at + entry_size * header.fields;
  if (row.size() < fields_at) return error{errc::truncated, "the row ends in its directory"};
  std::size_t end = fields_at;
  int last = -1;
  for (std::size_t i = 0; i < header.fields; ++i) {
    const std::byte* bytes = row.data() + directory_at + entry_size * i;
    const entry one = entry_at(bytes);
    const bool reserved = (load_be<std::uint16_t>(bytes) & 0x3fc0U) != 0;
    const bool unpadded =
        one.size % multiple_of(one.pad) != 0 || (one.pad != padding::none && one.size == 0);
    if (reserved || unpadded || one.id.value <= last) {
      return error{errc::invalid_encoding, "this is not the directory of a row"};
    }
    last = one.id.value;
    end += one.size + tag_size;
  }
  if (row.size() < end) return error{errc::truncated, "the row ends in its fields"};
  if (row.size() > end) return error{errc::invalid_encoding, "bytes after the row's end"};
  return header;
}

// What is left of a padded plaintext: all before the last byte that is not zero, an 0x80.
std::optional<std::size_t> unpadded_size(byte_view padded) noexcept {
  std::size_t size = padded.size();
  while (size > 0 && padded[size - 1] == std::byte{0}) --size;
  if (size == 0 || padded[size - 1] != std::byte{0x80}) return std::nullopt;
  return size - 1;
}

}  // namespace

std::size_t sealed_row_size(std::span<const row_field> fields) noexcept {
  std::size_t size = directory_at + (entry_size + tag_size) * fields.size();
  for (const row_field& field : fields) size += padded_size(field);
  return size;
}

result<std::size_t> seal_row(const secret<32>& key, const row_context& context,
                             std::span<const row_field> fields, random_source& random,
                             byte_span out) noexcept {
  if (const result<void> usable = crypto::check_suite(context.suite); !usable) {
    return usable.error();
  }
  if (const result<void> valid = check_fields(fields); !valid) return valid.error();
  const std::size_t size = sealed_row_size(fields);
  if (out.size() < size) return error{errc::buffer_too_small, "the row does not fit"};

  std::byte* row = out.data();
  row[0] = std::byte{row_format};
  row[1] = static_cast<std::byte>(context.suite);
  row[2] = std::byte{0};
  row[3] = static_cast<std::byte>(fields.size());
  store_be(row + 4, context.key_version);
  store_be(row + 8, context.schema.value);
  store_be(row + 12, context.version.value);
  std::byte* directory = row + directory_at;
  for (const row_field& field : fields) {
    const unsigned id = field.id.value | static_cast<unsigned>(field.pad) << 14U;
    store_be(directory, static_cast<std::uint16_t>(id));
    store_be(directory + 2, static_cast<std::uint16_t>(padded_size(field)));
    directory += entry_size;
  }
  const byte_view all_entries(row + directory_at, directory);
  const byte_span salt(row + salt_at, crypto::nonce_size);
  if (const result<void> drawn = random.fill(salt); !drawn) return drawn.error();

  bound_bytes bound;
  bound.add(label).add(byte_view(row, header_size));
  add_place(bound, context);
  bound.add(all_entries);
  store_be(row + check_at, check_word(bound.view().subspan(place_at)));
  bound.replace(label.size() + check_at, byte_view(row + check_at, 4));
  const row_key made(key, bound.view());
  copy_bytes(byte_span(row + header_size, commitment_size), made.commitment());
  alignas(16) std::array<std::byte, 512> expanded;
  crypto::expand(context.suite, made.key(), expanded);
  std::byte* to = directory;
  const std::byte* its_entry = row + directory_at;
  for (const row_field& field : fields) {
    const std::size_t padded = padded_size(field);
    byte_view plaintext = field.plaintext;
    if (field.pad != padding::none) {
      copy_bytes(byte_span(to, padded), field.plaintext);
      to[field.plaintext.size()] = std::byte{0x80};
      std::memset(to + field.plaintext.size() + 1, 0, padded - field.plaintext.size() - 1);
      plaintext = byte_view(to, padded);
    }
    const result<void> sealed = crypto::seal(context.suite, expanded, nonce_of(field.id),
                                             byte_view(its_entry, entry_size), plaintext, to);
    if (!sealed) {
      // What is padded lies open in the row until it is sealed.
      wipe(out.first(size));
      wipe(expanded);
      return sealed.error();
    }
    to += padded + tag_size;
    its_entry += entry_size;
  }
  wipe(expanded);
  assert(to == row + size);
  assert(parse(out.first(size)) && "what is sealed can be parsed");
  return size;
}

result<row_header> peek_row(byte_view row) noexcept { return parse(row); }

row_reader::~row_reader() { wipe(key_); }

result<void> row_reader::open(const secret<32>& key, const row_context& context,
                              byte_view row) noexcept {
  present_ = {};
  const result<row_header> parsed = parse(row);
  if (!parsed) return parsed.error();
  if (parsed->suite != context.suite) {
    return error{errc::suite_mismatch, "the row has another cipher suite than the book"};
  }
  if (const result<void> usable = crypto::check_suite(context.suite); !usable) return usable;
  if (parsed->version != context.version || parsed->schema != context.schema ||
      parsed->key_version != context.key_version) {
    return error{errc::version_mismatch, "the row is not of the version that it must have"};
  }

  bound_bytes bound;
  bound.add(label).add(row.first(header_size));
  add_place(bound, context);
  bound.add(row.subspan(directory_at, entry_size * parsed->fields));
  if (check_word(bound.view().subspan(place_at)) != load_be<std::uint32_t>(row.data() + check_at)) {
    return altered();
  }
  const row_key made(key, bound.view());
  if (!crypto::equal(made.commitment(), row.subspan(header_size, commitment_size))) {
    return error{errc::wrong_key, "the key does not open this row"};
  }
  crypto::expand(context.suite, made.key(), key_);
  suite_ = context.suite;
  row_ = row;
  assert(row.size() > header_size && parsed->fields <= field_count_limit);
  for (std::size_t i = 0; i < parsed->fields; ++i) {
    present_.add(entry_at(row.data() + directory_at + entry_size * i).id);
  }
  return {};
}

std::size_t row_reader::room_for(field_set fields) const noexcept {
  if (present_.empty()) return 0;  // There may be no row.
  std::size_t room = 0;
  const std::byte* bytes = row_.data() + directory_at;
  for (const field_id each : present_) {
    if (fields.has(each)) room += entry_at(bytes).size;
    bytes += entry_size;
  }
  return room;
}

result<std::size_t> row_reader::open_at(const std::byte* bytes, const std::byte* sealed,
                                        byte_span out) const noexcept {
  const entry one = entry_at(bytes);
  assert(sealed + one.size + tag_size <= row_.data() + row_.size() && out.size() >= one.size);
  const result<void> opened =
      crypto::open(suite_, key_, nonce_of(one.id), byte_view(bytes, entry_size),
                   byte_view(sealed, one.size + tag_size), out.data());
  if (!opened) {
    return crypto::not_opened(
        opened.error(),
        error{errc::authentication_failed, "a field of the row was altered", one.id.value});
  }
  if (one.pad == padding::none) return one.size;
  const std::optional<std::size_t> size = unpadded_size(out.first(one.size));
  if (!size) {
    wipe(out.first(one.size));
    return error{errc::invalid_encoding, "a field of the row is not padded", one.id.value};
  }
  return *size;
}

result<std::size_t> row_reader::read(field_id field, byte_span out) const noexcept {
  if (!present_.has(field)) {
    return error{errc::not_found, "the row has no such field", field.value};
  }
  const std::byte* bytes = row_.data() + directory_at;
  const std::byte* sealed = bytes + entry_size * present_.size();
  while (entry_at(bytes).id != field) {
    sealed += entry_at(bytes).size + tag_size;
    bytes += entry_size;
  }
  if (out.size() < entry_at(bytes).size) {
    return error{errc::buffer_too_small, "the field does not fit", field.value};
  }
  return open_at(bytes, sealed, out);
}

result<std::size_t> row_reader::read(field_set fields, byte_span buffer,
                                     std::span<opened_field> out) const noexcept {
  const std::size_t wanted = (present_ & fields).size();
  if (wanted == 0) return wanted;
  if (out.size() < wanted || buffer.size() < room_for(fields)) {
    return error{errc::buffer_too_small, "the fields do not fit"};
  }
  const std::byte* bytes = row_.data() + directory_at;
  const std::byte* sealed = bytes + entry_size * present_.size();
  std::size_t count = 0;
  std::size_t used = 0;
  while (count < wanted) {
    const entry one = entry_at(bytes);
    if (fields.has(one.id)) {
      const result<std::size_t> size = open_at(bytes, sealed, buffer.subspan(used));
      if (!size) {
        wipe(buffer.first(used));
        return size.error();
      }
      out[count++] = {one.id, buffer.subspan(used, *size)};
      used += one.size;
    }
    sealed += one.size + tag_size;
    bytes += entry_size;
  }
  return count;
}

}  // namespace clientbook
