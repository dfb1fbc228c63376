// The program's commands and options as a tree: what the manual page and the shells' completion are
// written from, so that neither can say anything else than --help.
#ifndef CLIENTBOOK_CLI_COMMAND_TREE_HPP
#define CLIENTBOOK_CLI_COMMAND_TREE_HPP

#include <string>
#include <vector>

#include "command.hpp"

namespace clientbook::cli {

struct option_node {
  std::vector<std::string> names;  ///< With their dashes; empty for a positional.
  std::string positional;          ///< Its name; empty for an option.
  std::string type;                ///< Of the value; empty for a flag.
  std::string standard;            ///< The default, as --help shows it.
  std::string environment;
  std::string about;
  bool required = false;
  bool repeats = false;
};

struct command_node {
  std::string path;  ///< Without the program's name: `consent grant`.
  std::string name;
  std::string about;
  std::vector<option_node> options;
  std::vector<command_node> commands;
};

command_node command_tree(command top);

/// In roff, for man(1). `footer` is what --help ends with.
std::string manual_page(const command_node& tree, const std::string& footer);
std::string bash_completion(const command_node& tree);
std::string zsh_completion(const command_node& tree);

}  // namespace clientbook::cli

#endif
