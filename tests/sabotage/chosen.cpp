// Which sabotage the program runs with: the row that the environment variable CLIENTBOOK_SABOTAGE
// names, or none. Copies of sources (apply.py) ask for the row's number in each function that it
// changes.
#include <cstdlib>

extern unsigned clientbook_sabotage_chosen;
unsigned clientbook_sabotage_chosen = 0;

namespace {

// As zlib.crc32() has it, with which apply.py makes numbers of names.
unsigned number_of(const char* name) {
  unsigned rest = ~0U;
  for (; *name != '\0'; ++name) {
    rest ^= static_cast<unsigned char>(*name);
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1U) ^ ((rest & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~rest;
}

// Before anything is initialised that may call a sabotaged function.
[[gnu::constructor(101)]] void choose() {
  const char* name = std::getenv("CLIENTBOOK_SABOTAGE");
  clientbook_sabotage_chosen = name == nullptr ? 0 : number_of(name);
}

}  // namespace
