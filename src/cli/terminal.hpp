// Asking somebody who sits at a terminal.
#ifndef CLIENTBOOK_CLI_TERMINAL_HPP
#define CLIENTBOOK_CLI_TERMINAL_HPP

#include <optional>
#include <string>

#include "program.hpp"

namespace clientbook::cli {

/// Whether somebody can be asked: input and messages are a terminal, and neither --json nor
/// --quiet.
bool can_ask(const program& in);
/// The line typed, without blanks around it; empty at the end of input.
std::string ask(const std::string& what);
/// The line typed, which is not shown and stays as it is; nothing at the end of input, or where
/// somebody gives up (Ctrl-C). The caller wipes it.
std::optional<std::string> ask_hidden(const std::string& what);
/// Whether the answer was yes.
bool agreed(const std::string& what);

}  // namespace clientbook::cli

#endif
