// A till has one thread in the library at a time: nobody waits for PSA Crypto.
#include "psa_key.hpp"

namespace clientbook::crypto {

psa_turn::psa_turn() noexcept = default;
psa_turn::~psa_turn() = default;

}  // namespace clientbook::crypto
