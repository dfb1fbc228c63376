// One call of the program: words in, an exit code out.
#ifndef CLIENTBOOK_CLI_CALL_HPP
#define CLIENTBOOK_CLI_CALL_HPP

#include "command.hpp"
#include "program.hpp"

namespace clientbook::cli {

/// Every command, whose options and callbacks are those of `in`, which must live longer.
command_line all_commands(program& in);

/// Does what the words say, the first of which is the program's name. What went wrong is said
/// already. Returns the exit code.
int call(command_line& all, program& in, int count, char** arguments);

/// Says what went wrong. Returns the exit code.
int report(const program& in, const failure& why);

}  // namespace clientbook::cli

#endif
