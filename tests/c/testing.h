/* What the C programs of this folder share: a check that counts, and says where. C99 and C++. */
#ifndef CLIENTBOOK_TESTS_C_TESTING_H
#define CLIENTBOOK_TESTS_C_TESTING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long checks_done = 0;
static unsigned long checks_failed = 0;

static void check(int good, const char* what, const char* file, int line) {
  ++checks_done;
  if (good) return;
  ++checks_failed;
  fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
}
#define CHECK(condition) check((condition) ? 1 : 0, #condition, __FILE__, __LINE__)
/* For what the rest stands on. */
#define NEED(condition)                                      \
  do {                                                       \
    CHECK(condition);                                        \
    if (checks_failed != 0) {                                \
      fprintf(stderr, "stopped: the rest stands on that\n"); \
      exit(1);                                               \
    }                                                        \
  } while (0)

static int report(const char* name) {
  printf("%s: %lu checks, %lu failed\n", name, checks_done, checks_failed);
  return checks_failed == 0 ? 0 : 1;
}

#endif
