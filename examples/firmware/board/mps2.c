/* The boards mps2-an386 (Cortex-M4) and mps2-an505 (Cortex-M33) as QEMU plays them: vectors, start,
 * semihosting, a timer that counts instructions (run with -icount shift=5).
 *
 * QEMU has neither a generator of random numbers nor a place for a root key: both are made up here
 * from a fixed number, so that a run repeats, and say so. A port to a real machine replaces those
 * two.
 */
#include "board.h"

#include <string.h>

#if defined(BOARD_MPS2_AN505)
#define NAME "mps2-an505"
#define TIMER 0x50000000U
#define NANOSECONDS_A_TICK 50U /* 20 MHz */
#else
#define NAME "mps2-an386"
#define TIMER 0x40000000U
#define NANOSECONDS_A_TICK 40U /* 25 MHz */
#endif
#define NANOSECONDS_AN_INSTRUCTION 32U /* -icount shift=5 */
#define STACK_PAINT 0xA5A5A5A5U

/* From the linker script. */
extern uint32_t board_data_from[], board_data_begin[], board_data_end[];
extern uint32_t board_bss_begin[], board_bss_end[];
extern uint32_t board_stack_begin[], board_stack_end[];
extern void (*board_init_begin[])(void);
extern void (*board_init_end[])(void);

int main(void);

static uint64_t entropy_state = 0x9E3779B97F4A7C15U;
static uint8_t root[32];
static int root_there = 0;

/* --- semihosting: QEMU does what the register says -------------------------------------------- */

static int semihost(int what, const void* argument) {
  register int r0 __asm__("r0") = what;
  register const void* r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

void board_log(const char* text) { semihost(4, text); } /* SYS_WRITE0 */

void board_stop(int code) {
  const uint32_t block[2] = {0x20026, (uint32_t)code}; /* ADP_Stopped_ApplicationExit */
  semihost(0x20, block);                               /* SYS_EXIT_EXTENDED */
  for (;;) {
  }
}

void abort(void) {
  board_log("abort\n");
  board_stop(98);
  for (;;) {
  }
}

/* --- start --------------------------------------------------------------------------------------
 */

static void start_timer(void) {
  volatile uint32_t* const timer = (volatile uint32_t*)TIMER;
  timer[0] = 0;
  timer[2] = 0xFFFFFFFFU; /* RELOAD */
  timer[1] = 0xFFFFFFFFU; /* VALUE counts down */
  timer[0] = 1;
}

void board_reset(void);
void board_reset(void) {
  uint32_t* to;
  const uint32_t* from = board_data_from;
  void (**init)(void);
  for (to = board_data_begin; to != board_data_end; ++to) *to = *from++;
  for (to = board_bss_begin; to != board_bss_end; ++to) *to = 0;
  start_timer();
  memset(root, 0x5C, sizeof root);
  root_there = 1;
  for (init = board_init_begin; init != board_init_end; ++init) (*init)();
  board_stop(main());
}

static void fault(void) {
  board_log("fault\n");
  board_stop(97);
}

union entry {
  void* stack;
  void (*handler)(void);
};
__attribute__((section(".vectors"), used)) static const union entry vectors[16] = {
    {.stack = board_stack_end}, {.handler = board_reset}, {.handler = fault}, {.handler = fault},
    {.handler = fault},         {.handler = fault},       {.handler = fault}, {.handler = fault},
    {.handler = fault},         {.handler = fault},       {.handler = fault}, {.handler = fault},
    {.handler = fault},         {.handler = fault},       {.handler = fault}, {.handler = fault},
};

/* --- the hooks
 * ------------------------------------------------------------------------------------ */

const char* board_name(void) { return NAME; }

int board_entropy_is_real(void) { return 0; }

int board_entropy(void* out, size_t size) {
  uint8_t* bytes = (uint8_t*)out;
  size_t i;
  for (i = 0; i < size; ++i) {
    uint64_t mixed = entropy_state += 0x9E3779B97F4A7C15U; /* splitmix64: it repeats, on purpose */
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
    bytes[i] = (uint8_t)(mixed ^ (mixed >> 31));
  }
  return BOARD_OK;
}

int board_derive_key(uint32_t purpose, uint32_t generation, uint8_t out[32]) {
  if (!root_there) return BOARD_ZEROIZED;
  return board_key_of(root, purpose, generation, out);
}

void board_zeroize(void) {
  volatile uint8_t* byte = root;
  size_t i;
  for (i = 0; i < sizeof root; ++i) byte[i] = 0;
  root_there = 0;
}

enum board_clock_quality board_now(int64_t* seconds) {
  *seconds = 1780000000;
  return BOARD_CLOCK_RTC;
}

int board_tamper_latched(void) { return BOARD_OK; }
void board_alive(void) {}

/* --- measuring
 * ------------------------------------------------------------------------------------ */

uint64_t board_instructions(void) {
  const volatile uint32_t* const timer = (const volatile uint32_t*)TIMER;
  const uint64_t ticks = 0xFFFFFFFFU - timer[1];
  return ticks * NANOSECONDS_A_TICK / NANOSECONDS_AN_INSTRUCTION;
}

/* Where the stack stands now; whoever calls is above it. */
static uint32_t* stack_now(void) {
  uint32_t* pointer;
  __asm__ volatile("mov %0, sp" : "=r"(pointer));
  return pointer;
}

static uint32_t* marked_at;

__attribute__((noinline)) void board_stack_mark(void) {
  uint32_t* const now = stack_now();
  uint32_t* word;
  marked_at = now;
  for (word = board_stack_begin; word < now - 16; ++word) *word = STACK_PAINT;
}

__attribute__((noinline)) size_t board_stack_used(void) {
  const uint32_t* word = board_stack_begin;
  while (word < marked_at && *word == STACK_PAINT) ++word;
  return (size_t)(marked_at - word) * sizeof *word;
}
