// The program `clientbook`: a client book from the command line.
#include "call.hpp"
#include "program.hpp"
#include "standard_files.hpp"

int main(int count, char** arguments) {
  // Nothing can be said of it: there is nowhere to say it.
  if (!clientbook::cli::open_standard_files()) {
    return static_cast<int>(clientbook::errc::io_error);
  }
  clientbook::cli::own_output_buffer();
  clientbook::cli::program in;
  clientbook::cli::command_line all = clientbook::cli::all_commands(in);
  return clientbook::cli::call(all, in, count, arguments);
}
