// A key in the store of PSA Crypto, for as long as this object lives, and who may call it when.
//
// A store has few slots, and Mbed TLS 2.28 guards them against no second thread: every use of PSA
// in a hosted build holds one lock. A board has one thread in the library at a time (the port's
// lock).
#ifndef CLIENTBOOK_CRYPTO_PSA_KEY_HPP
#define CLIENTBOOK_CRYPTO_PSA_KEY_HPP

#include <psa/crypto.h>
#include <clientbook/base/bytes.hpp>

#include "sodium_bytes.hpp"

namespace clientbook::crypto {

/// Held by whoever calls PSA.
class psa_turn {
 public:
  psa_turn() noexcept;
  ~psa_turn();
  psa_turn(const psa_turn&) = delete;
  psa_turn& operator=(const psa_turn&) = delete;
};

/// Hold a psa_turn while making, using and destroying it.
class psa_key {
 public:
  psa_key(byte_view bytes, psa_key_type_t type, psa_algorithm_t algorithm,
          psa_key_usage_t usage) noexcept {
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, type);
    psa_set_key_algorithm(&attributes, algorithm);
    psa_set_key_usage_flags(&attributes, usage);
    status_ = psa_import_key(&attributes, u8(bytes.data()), bytes.size(), &id_);
  }
  ~psa_key() {
    if (usable()) psa_destroy_key(id_);
  }
  psa_key(const psa_key&) = delete;
  psa_key& operator=(const psa_key&) = delete;

  [[nodiscard]] bool usable() const noexcept { return status_ == PSA_SUCCESS; }
  [[nodiscard]] psa_key_id_t id() const noexcept { return id_; }

 private:
  psa_key_id_t id_ = 0;
  psa_status_t status_ = PSA_ERROR_BAD_STATE;
};

}  // namespace clientbook::crypto

#endif
