/* The board as a process of a host, for tests: entropy and clock are the system's, the root lives
 * in memory and dies with the process. Nobody counts instructions or looks at the stack.
 * POSIX.1-2008.
 */
#include "board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint8_t root[32];
static int root_state = 0; /* 0 not made yet, 1 there, 2 destroyed */

const char* board_name(void) { return "posix"; }
int board_entropy_is_real(void) { return 1; }

int board_entropy(void* out, size_t size) {
  FILE* const source = fopen("/dev/urandom", "rb");
  size_t got;
  if (source == NULL) return BOARD_FAILED;
  setbuf(source, NULL);
  got = fread(out, 1, size, source);
  fclose(source);
  return got == size ? BOARD_OK : BOARD_FAILED;
}

int board_derive_key(uint32_t purpose, uint32_t generation, uint8_t out[32]) {
  if (root_state == 0 && board_entropy(root, sizeof root) == BOARD_OK) root_state = 1;
  if (root_state != 1) return root_state == 2 ? BOARD_ZEROIZED : BOARD_FAILED;
  return board_key_of(root, purpose, generation, out);
}

void board_zeroize(void) {
  volatile uint8_t* byte = root;
  size_t i;
  for (i = 0; i < sizeof root; ++i) byte[i] = 0;
  root_state = 2;
}

enum board_clock_quality board_now(int64_t* seconds) {
  *seconds = (int64_t)time(NULL);
  return BOARD_CLOCK_RTC;
}

int board_tamper_latched(void) { return BOARD_OK; }
void board_alive(void) {}
void board_log(const char* text) { fputs(text, stdout); }
void board_stop(int code) { exit(code); }
uint64_t board_instructions(void) { return 0; }
void board_stack_mark(void) {}
size_t board_stack_used(void) { return 0; }
