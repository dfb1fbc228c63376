// Questions go to stderr, so that a pipe behind the program gets the answer of the command alone.
#include "terminal.hpp"

#include <cstdio>
#include <iostream>

#include <unistd.h>

namespace clientbook::cli {

bool can_ask(const program& in) {
  return !in.json && !in.quiet && ::isatty(STDIN_FILENO) != 0 && ::isatty(STDERR_FILENO) != 0;
}

std::string ask(const std::string& what) {
  std::fprintf(stderr, "%s: ", what.c_str());
  std::string line;
  if (!std::getline(std::cin, line)) return {};
  const std::size_t begin = line.find_first_not_of(" \t\r");
  if (begin == line.npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
}

bool agreed(const std::string& what) {
  const std::string said = ask(what + " [y/n]");
  return said == "y" || said == "Y" || said == "yes";
}

}  // namespace clientbook::cli
