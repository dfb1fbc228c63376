// What opens a slot, as a host hands it over: a passphrase, or the path of a key file.
#ifndef CLIENTBOOK_BINDINGS_C_SECRETS_HPP
#define CLIENTBOOK_BINDINGS_C_SECRETS_HPP

#include <clientbook/adapters/key_slots.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

#include "boundary.hpp"

namespace clientbook::c_abi {

struct given_text {
  const char* data = nullptr;
  std::size_t size = 0;

  bool is_given() const noexcept { return data != nullptr; }
  std::string_view view() const { return text(data, size); }
};

/// Nothing where neither is given. Errors: invalid_argument (both); as passphrase() and
/// read_identity().
inline result<std::optional<slot_secret>> secret_of(const given_text& passphrase,
                                                    const given_text& identity_file) {
  if (passphrase.is_given() && identity_file.is_given()) {
    return error{errc::invalid_argument, "a passphrase or a key file opens the root key, not both"};
  }
  if (!passphrase.is_given() && !identity_file.is_given()) return std::optional<slot_secret>();
  auto secret = passphrase.is_given() ? slot_secret::passphrase(passphrase.view())
                                      : slot_secret::read_identity(identity_file.view());
  if (!secret) return secret.error();
  return std::optional<slot_secret>(std::move(*secret));
}

}  // namespace clientbook::c_abi

#endif
