// Rows of recovery: what the book knows of its recovery key and mirrors, and the header of a
// mirror. docs/format/recovery.md has the bytes.
#ifndef CLIENTBOOK_INTERNAL_VAULT_RECOVERY_FORMAT_HPP
#define CLIENTBOOK_INTERNAL_VAULT_RECOVERY_FORMAT_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/crypto/sealed_box.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace clientbook {

struct recovery_row {
  static constexpr std::size_t most_mirrors = 8;
  static constexpr std::size_t longest_path = 1024;
  static constexpr std::size_t max_size = 256 + 2 * most_mirrors * (longest_path + 3);

  crypto::box_public_key key{};
  std::int64_t made_at = 0;
  std::uint8_t threshold = 0;
  std::uint8_t shares = 0;
  std::vector<std::string> mirrors{};
  std::int64_t backup_at = 0;  ///< 0: there is none.
  std::uint64_t backup_root_version = 0;
  std::uint64_t mark = 0;               ///< Number of the newest one, 0: none was drawn.
  std::uint64_t marked_version = 0;     ///< The root version with which it was.
  std::vector<std::string> given_up{};  ///< Paths of mirrors that were removed: add may begin anew.
  std::uint64_t ledger_pruned = 0;      ///< So many of the ledger's oldest entries are gone.
};

/// One of a row of numbered, random values that the book draws as it goes: a mirror that holds one
/// which the book has not drawn is of another line of commits, whatever epochs and versions say.
struct mirror_mark {
  static constexpr std::size_t size = 16;
  std::uint64_t number = 0;  ///< From 1; 0: a mirror of format 1, which holds none.
  std::array<std::byte, size> value{};
};

/// Errors: invalid_encoding (a path that is no UTF-8), limit_exceeded.
result<byte_view> encode(const recovery_row& row, byte_span out) noexcept;
/// Errors: newer_format, invalid_encoding, limit_exceeded.
result<recovery_row> decode_recovery_row(byte_view bytes);

struct mirror_header {
  static constexpr std::size_t former_size = 88;  ///< Format 1: without a mark.
  static constexpr std::size_t size = 112;

  book_id book{};
  crypto::suite suite = crypto::suite::chacha20_poly1305;
  std::uint64_t epoch = 0;
  std::uint64_t root_version = 0;
  crypto::box_public_key key{};
  std::int64_t at = 0;
  mirror_mark mark{};
};

std::array<std::byte, mirror_header::size> encode(const mirror_header& header) noexcept;
/// Errors: not_a_book ("no keyring mirror"), newer_format, damaged.
result<mirror_header> decode_mirror_header(byte_view bytes) noexcept;

}  // namespace clientbook

#endif
