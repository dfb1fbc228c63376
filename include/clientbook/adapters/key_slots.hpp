// Key slots: what opens a sealed root cell, one slot each: a passphrase, a key file, or whoever has
// the secret key of an X25519 recipient (age-compatible). docs/format/root_cell.md tells the bytes.
//
// A slot is found by trying, and a secret that opens none gets one answer, whichever it was near.
// Labels, kinds, days and public keys lie in clear beside the sealed keys: no names of customers.
//
// Thread safety: values; one caller at a time.
#ifndef CLIENTBOOK_ADAPTERS_KEY_SLOTS_HPP
#define CLIENTBOOK_ADAPTERS_KEY_SLOTS_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/base/secret.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/crypto/recipient.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

/// Stored: append, never renumber.
enum class slot_kind : std::uint8_t {
  key_file = 1,    ///< 32 random bytes in a file of its own.
  passphrase = 2,  ///< Stretched by Argon2id.
  recipient = 3,   ///< An X25519 key pair whose secret half somebody else keeps.
};
/// "key file", "passphrase", "recipient".
[[nodiscard]] std::string_view name_of(slot_kind kind) noexcept;

inline constexpr std::size_t most_slots = 16;
inline constexpr std::size_t longest_slot_label = 64;  ///< Bytes.
/// Of a new passphrase, in characters. What a person makes up is guessed sooner than they think:
/// docs/threat_model.md.
inline constexpr std::size_t shortest_passphrase = 12;
/// Bytes of UTF-8, also once it is normalised.
inline constexpr std::size_t longest_passphrase = 512;

/// One slot as whoever has the file sees it.
struct key_slot {
  std::uint32_t number = 0;  ///< From 1; one that was removed never comes back.
  slot_kind kind = slot_kind::key_file;
  std::string label{};
  date added{};
  bool proven = false;  ///< It has been opened once.
  /// Whose secret key opens it, in every kind: made of the passphrase or the file.
  crypto::box_public_key key{};
  crypto::stretch_cost cost{};  ///< Of a passphrase.
};

/// A root cell as whoever has the file sees it, without any secret.
struct cell_look {
  bool sealed = false;  ///< Else it is of format 1: the file itself is the key.
  std::vector<key_slot> slots{};
  /// A slot was removed and no root key was made since: what it opened is still in force.
  bool renewal_due = false;
};

/// What opens a slot. Wiped at its end.
class slot_secret {
 public:
  /// As somebody typed it, in NFC: the same signs may come as other bytes from another keyboard or
  /// system. One line end behind it is no part of it, blanks are.
  /// Errors: invalid_argument (empty or blank, more than one line, a control character),
  /// limit_exceeded (too long), invalid_encoding (not UTF-8).
  static result<slot_secret> passphrase(std::string_view typed) noexcept;
  /// The content of a key file (32 bytes), or of a file of age's identities (text; its first one).
  /// Errors: invalid_argument (neither; 32 bytes of text), invalid_encoding (a slip in it),
  /// unsupported, weak_key (32 equal bytes).
  static result<slot_secret> identity(byte_view content) noexcept;
  /// Reads either; or asks a key in a PKCS#11 token, `pkcs11:token=Shop;object=clientbook?...`
  /// (RFC 7512; docs/format/root_cell.md says for what), which then is as a key file of 32 bytes.
  /// Errors: as identity(); not_found, permission_denied (by the system, or the file is open to
  /// others; the token's PIN), invalid_argument (no file; the address), io_error, unsupported (no
  /// tokens in this build, no module, another kind of key).
  static result<slot_secret> read_identity(std::string_view path) noexcept;

  /// recipient: an identity of age.
  [[nodiscard]] slot_kind kind() const noexcept { return kind_; }
  /// For a new slot. Errors: invalid_argument (a passphrase shorter than shortest_passphrase, or of
  /// fewer than five different characters).
  [[nodiscard]] result<void> good_enough() const noexcept;
  [[nodiscard]] bool same_as(const slot_secret& other) const noexcept;
  [[nodiscard]] slot_secret duplicate() const noexcept;

  /// Calls `use` with the bytes that are stretched, or the private key.
  template <class Use>
  decltype(auto) with_bytes(Use&& use) const {
    return bytes_.with_bytes([&](byte_view whole) { return use(whole.first(size_)); });
  }

 private:
  friend result<slot_secret> make_key_file(std::string_view, std::string_view,
                                           std::string_view) noexcept;
  static result<slot_secret> of_token(const result<secret<32>>& answer) noexcept;
  slot_secret(slot_kind kind, byte_view bytes) noexcept;
  slot_kind kind_;
  std::size_t size_ = 0;
  secret<longest_passphrase> bytes_{};
};

/// A slot that is to be made. One of the two is given.
struct new_slot {
  /// Who or what has it, for the list: UTF-8 without control characters, 1 to 64 bytes.
  std::string_view label{};
  const slot_secret* secret = nullptr;  ///< It is proven at once.
  /// Proven when it has first opened the cell.
  const crypto::box_public_key* recipient = nullptr;
  crypto::stretch_cost cost{};  ///< Of a passphrase.
  date added{};                 ///< Year 0: today.
};

/// Makes a key file: 32 random bytes, mode 0600, under a name that nothing has. Of the address of a
/// token's key (`pkcs11:...`): makes that key, which cannot be taken out of the token.
/// Errors: already_exists; invalid_argument (in or beside the book; in or below the cell's folder,
/// whose copy would have both), permission_denied, disk_full, io_error, not_found (no folder).
result<slot_secret> make_key_file(std::string_view path, std::string_view book_path,
                                  std::string_view cell_path) noexcept;

}  // namespace clientbook

#endif
