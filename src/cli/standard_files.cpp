// The null device, opened the other way round: taking an answer that nobody gets is no success.
#include "standard_files.hpp"

#include <clientbook/base/secret.hpp>

#include <fcntl.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstdio>
#include <span>

namespace clientbook::cli {

bool open_standard_files() noexcept {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest number that is free is this one: those below it are open by now.
    const int how = number == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (::open("/dev/null", how | O_NOCTTY) != number) return false;
  }
  return true;
}

namespace {

// That of the C library would keep names and notes until other output comes to lie over them.
std::array<char, 16384> output_buffer;

}  // namespace

void own_output_buffer() noexcept {
  std::setvbuf(stdout, output_buffer.data(), ::isatty(STDOUT_FILENO) != 0 ? _IOLBF : _IOFBF,
               output_buffer.size());
}

void wipe_output_buffer() noexcept { wipe(std::as_writable_bytes(std::span(output_buffer))); }

}  // namespace clientbook::cli
