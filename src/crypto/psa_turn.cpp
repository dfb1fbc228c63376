// Whose turn it is with PSA Crypto, where there are threads.
#include <mutex>

#include "psa_key.hpp"

namespace clientbook::crypto {
namespace {

std::mutex turn;

}  // namespace

psa_turn::psa_turn() noexcept { turn.lock(); }
psa_turn::~psa_turn() { turn.unlock(); }

}  // namespace clientbook::crypto
