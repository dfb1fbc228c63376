/* Board: what a program around clientbook::core asks of the machine, in plain C, without
 * allocation.
 *
 * A port implements these functions: mps2.c for the two boards that QEMU plays, posix.c for a
 * process of a host. The flash part and the counter against rollback have a port of their own,
 * which comes with the flash store. All are called from one thread, but board_zeroize().
 */
#ifndef CLIENTBOOK_EXAMPLES_BOARD_H
#define CLIENTBOOK_EXAMPLES_BOARD_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum board_result {
  BOARD_OK = 0,
  BOARD_FAILED = 1,   /* The machine cannot; nothing was done. */
  BOARD_ZEROIZED = 2, /* The root is gone, and with it what was sealed under it. */
  BOARD_TAMPERED = 3  /* The tamper controller has latched. */
};

const char* board_name(void);

/* Bytes of full entropy, or BOARD_FAILED: never weaker ones. Health tests (NIST SP 800-90B) are
 * done below. The boards of QEMU and the POSIX board say in board_entropy_is_real() what they have.
 */
int board_entropy(void* out, size_t size);
int board_entropy_is_real(void);

/* 32 bytes for a purpose and a generation; the root that they come from never leaves. */
int board_derive_key(uint32_t purpose, uint32_t generation, uint8_t out[32]);
/* How both boards make it, where the root is bytes in memory: keyed BLAKE2b (sodium_board.c). */
int board_key_of(const uint8_t root[32], uint32_t purpose, uint32_t generation, uint8_t out[32]);
/* Destroys the root. Takes no lock, touches no flash, always ends: a tamper handler may call it. */
void board_zeroize(void);

enum board_clock_quality {
  BOARD_CLOCK_NONE = 0,
  BOARD_CLOCK_SINCE_BOOT = 1,
  BOARD_CLOCK_RTC = 2,
  BOARD_CLOCK_SIGNED = 3 /* Told by somebody who signed it. */
};
/* Seconds since 1970, for retention and the ledger; never part of a nonce. */
enum board_clock_quality board_now(int64_t* seconds);

/* Asked at the start and before every write. */
int board_tamper_latched(void);
/* Feeds the watchdog between steps. */
void board_alive(void);
/* Writes a line for who develops; a till in a shop has none. Holds no personal data. */
void board_log(const char* text);
/* Ends the program: 0 is well. */
void board_stop(int code);

/* For measuring. Instructions since the start, or 0 where nobody counts; bytes of stack that were
 * used since the last board_stack_mark(), or 0. */
uint64_t board_instructions(void);
void board_stack_mark(void);
size_t board_stack_used(void);

#ifdef __cplusplus
}
#endif

#endif
