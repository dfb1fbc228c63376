/* Flash part: what a board gives the flash store, in plain C. No allocation, no threads.
 *
 * A part has sector_count sectors of sector_size bytes. Erasing sets a sector to 0xFF, programming
 * clears bits, in whole granules. Every function returns one of the results below and is called
 * from the caller's thread, one at a time. What it is given is aligned to the granule.
 */
#ifndef CLIENTBOOK_ADAPTERS_FLASH_PART_H
#define CLIENTBOOK_ADAPTERS_FLASH_PART_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum clientbook_flash_result {
  CLIENTBOOK_FLASH_OK = 0,
  /* A granule whose check bits do not fit, as a cut leaves it on parts with ECC. Reading only; a
   * driver must return this where the part would raise a fault. */
  CLIENTBOOK_FLASH_UNCORRECTABLE = 1,
  CLIENTBOOK_FLASH_FAILED = 2
};

/* What a part allows to be done twice to a granule between two erases. */
enum clientbook_flash_capability {
  CLIENTBOOK_FLASH_ZERO_OVERWRITE = 1, /* 0x00 over anything. */
  CLIENTBOOK_FLASH_REPROGRAM_SAME = 2  /* The bytes that are there already. */
};

struct clientbook_flash_part {
  void* context;         /* Handed to every function. */
  uint32_t sector_size;  /* Bytes; a power of two, 512 to 65536. */
  uint32_t sector_count; /* 6 at least; all together less than 2 GiB. */
  uint32_t granule;      /* Bytes; a power of two, 1 to 32. */
  uint32_t capabilities;

  int (*read)(void* context, uint32_t at, void* to, size_t size);
  int (*program)(void* context, uint32_t at, const void* from, size_t size);
  int (*erase)(void* context, uint32_t sector);
  int (*sync)(void* context);   /* All that was done is durable; may be NULL. */
  void (*alive)(void* context); /* Called between steps, for a watchdog; may be NULL. */
};

/* A counter that only grows and survives whatever happens to the flash: of a secure element, of a
 * protected partition, a register with a battery. */
struct clientbook_flash_counter {
  void* context;
  uint64_t max_skip; /* How far it may jump by itself when power fails in an increment; mostly 0. */
  int (*read)(void* context, uint64_t* value);
  int (*increment)(void* context);
};

#ifdef __cplusplus
}
#endif

#endif
