/* For programs that are tried under qemu-user only, which has no robust list of mutexes (Linux has
 * had it since 2.6.17): musl's function would refuse, and LMDB with it. Nobody dies here holding a
 * lock. The program for a terminal does not have this. */
#include <pthread.h>

int pthread_mutexattr_setrobust(pthread_mutexattr_t* attributes, int robust) {
  (void)attributes;
  (void)robust;
  return 0;
}
