// Secrets of credentials out of those of slots, which are read and checked the same way.
#include <clientbook/open/credentials.hpp>

namespace clientbook {

credential_secret credential_of(const slot_secret& from) noexcept {
  return from.with_bytes([&](byte_view bytes) {
    if (from.kind() == slot_kind::passphrase) {
      // A slot's passphrase has 1 to 512 bytes.
      return *credential_secret::of_passphrase(bytes);
    }
    secret<32> key;
    key.fill_bytes([&](byte_span to) { copy_bytes(to, bytes); });
    return credential_secret::of_key(key);
  });
}

result<credential_key> new_credential_key(const slot_secret& from, const credential_terms& terms) {
  if (auto good = from.good_enough(); !good) return good.error();
  return public_half(credential_of(from), terms);
}

}  // namespace clientbook
