/* Read before every source of libsodium on a board: its randomness is the board's, bound when
 * linking, so that a port without entropy does not link. */
#ifndef CLIENTBOOK_EXAMPLES_SODIUM_RANDOM_H
#define CLIENTBOOK_EXAMPLES_SODIUM_RANDOM_H
struct randombytes_implementation;
extern const struct randombytes_implementation board_randombytes;
#define RANDOMBYTES_CUSTOM_IMPLEMENTATION
#define RANDOMBYTES_DEFAULT_IMPLEMENTATION \
  ((struct randombytes_implementation*)(void*)&board_randombytes)
#endif
