// Typed lines where libedit was not found: the terminal's own editing, no history, no completion.
#include <iostream>

#include "typed_line.hpp"

namespace clientbook::cli {

struct line_reader::state {
  std::string prompt;
};

line_reader::line_reader(const command_node& /*commands*/, std::string prompt)
    : state_(new state{std::move(prompt)}) {}

line_reader::~line_reader() { delete state_; }

std::optional<std::string> line_reader::next() {
  std::cerr << state_->prompt << std::flush;
  std::string line;
  if (!std::getline(std::cin, line)) return std::nullopt;
  return line;
}

}  // namespace clientbook::cli
