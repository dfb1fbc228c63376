// A backup as a stream: sealed pieces, each bound to the stream, its place in it and whether it is
// the last, so that one that was cut, mixed or altered anywhere is noticed.
// docs/format/recovery.md has the bytes.
#ifndef CLIENTBOOK_INTERNAL_VAULT_BACKUP_STREAM_HPP
#define CLIENTBOOK_INTERNAL_VAULT_BACKUP_STREAM_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/callback_ref.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/secret.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/crypto/envelope.hpp>
#include <clientbook/vault/backup_bytes.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>

namespace clientbook {

using stream_id = fixed_bytes<struct stream_tag, 16>;

struct stream_header {
  static constexpr std::size_t size = 88;

  book_id book{};
  crypto::suite suite = crypto::suite::chacha20_poly1305;
  stream_id id{};
  stream_id base{};  ///< Of the full stream it builds on; zeros: it is full itself.
  std::uint64_t epoch = 0;
  std::uint64_t root_version = 0;
  timestamp at{};

  bool full() const noexcept { return base == stream_id{}; }
};

std::array<std::byte, stream_header::size> encode(const stream_header& header) noexcept;
/// Errors: truncated, not_a_book ("no backup"), newer_format, unsupported, invalid_encoding.
result<stream_header> read_stream_header(backup_source from);

enum class stream_entry : std::uint8_t { customer = 1, row = 2, end = 3 };

/// What pieces and manifests of the stream are bound to.
field_context stream_context(const stream_header& header, std::uint8_t kind) noexcept;

class stream_writer {
 public:
  stream_writer(const stream_header& header, const secret<32>& tenant_root, random_source& random,
                backup_sink out);

  /// Errors of all three: those of the sink; randomness_failed, limit_exceeded.
  result<void> begin();
  result<void> add(stream_entry kind, std::initializer_list<byte_view> parts);
  result<void> finish();

  std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  result<void> write_piece(std::uint8_t kind);
  result<void> put(byte_view bytes);

  stream_header header_;
  field_context context_;
  secret<32> key_;
  random_source& random_;
  backup_sink out_;
  wiped_bytes plain_;
  std::vector<std::byte> sealed_;
  std::uint64_t pieces_ = 0;
  std::uint64_t bytes_ = 0;
};

class stream_reader {
 public:
  /// After read_stream_header().
  stream_reader(const stream_header& header, const secret<32>& tenant_root, backup_source from);

  struct entry {
    stream_entry kind = stream_entry::end;
    byte_view bytes{};  ///< Until the next call.
  };
  /// The next entry; nothing: the stream has ended as it was written.
  /// Errors, `at` the piece, from 1: truncated (it was cut), authentication_failed (altered, of
  /// another stream, or of another book), invalid_encoding, limit_exceeded; those of the source.
  result<std::optional<entry>> next();

 private:
  result<void> read_piece();

  field_context context_;
  secret<32> key_;
  backup_source from_;
  wiped_bytes plain_;
  std::vector<std::byte> sealed_;
  std::size_t size_ = 0;
  std::size_t at_ = 0;
  std::uint64_t pieces_ = 0;
  bool last_ = false;
};

}  // namespace clientbook

#endif
