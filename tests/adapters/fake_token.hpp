// A PKCS#11 module whose one token does as a test says: what no token at hand does.
#ifndef CLIENTBOOK_TESTS_ADAPTERS_FAKE_TOKEN_HPP
#define CLIENTBOOK_TESTS_ADAPTERS_FAKE_TOKEN_HPP

#include <string>

struct fake_token {
  unsigned long flags = 0;        ///< CKF_..., beside those of a token that is ready
  unsigned long sign_says = 0;    ///< What C_SignInit answers.
  bool same_each_time = true;     ///< Or another answer for each signature.
  bool fills_with_zeros = false;  ///< The answer is 32 equal bytes.
  bool secret_key = true;         ///< Or an RSA key.
  unsigned keys = 1;              ///< How many have the address.
  std::string pin = "493817";

  unsigned logins = 0;    ///< How often a PIN was tried,
  unsigned logouts = 0;   ///< and taken back.
  unsigned sessions = 0;  ///< That are open.
  unsigned signatures = 0;
};

/// Of the module's.
extern "C" fake_token* fake_token_here();

#endif
