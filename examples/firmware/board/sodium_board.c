/* libsodium on a board: its randomness, and what sodium_init() would otherwise keep in the image.
 *
 * sodium_init() asks four primitives which of their implementations is best; on a microcontroller
 * each has one, and asking keeps 65 KB of code that nobody calls. The names that are defined here
 * satisfy the linker first. Where a program really uses one of these, linking fails with a name
 * that is there twice: it cannot go wrong unseen. (libsodium 1.0.18.)
 */
#include <sodium/crypto_generichash_blake2b.h>
#include <sodium/randombytes.h>

#include "board.h"

int board_key_of(const uint8_t root[32], uint32_t purpose, uint32_t generation, uint8_t out[32]) {
  const uint32_t what[2] = {purpose, generation};
  return crypto_generichash_blake2b(out, 32, (const uint8_t*)what, sizeof what, root, 32) == 0
             ? BOARD_OK
             : BOARD_FAILED;
}

#if !defined(BOARD_POSIX)
static const char* name(void) { return "board"; }
static void fill(void* out, size_t size) {
  if (board_entropy(out, size) != BOARD_OK) board_stop(96); /* Never without. */
}
static uint32_t number(void) {
  uint32_t out;
  fill(&out, sizeof out);
  return out;
}
const struct randombytes_implementation board_randombytes = {
    .implementation_name = name, .random = number, .buf = fill};

int _crypto_pwhash_argon2_pick_best_implementation(void);
int _crypto_scalarmult_curve25519_pick_best_implementation(void);
int _crypto_stream_salsa20_pick_best_implementation(void);
int _crypto_pwhash_argon2_pick_best_implementation(void) { return 0; }
int _crypto_scalarmult_curve25519_pick_best_implementation(void) { return 0; }
int _crypto_stream_salsa20_pick_best_implementation(void) { return 0; }
#endif
