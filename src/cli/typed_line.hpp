// What somebody types into `clientbook shell`: the words of a line, and what may come next in it.
#ifndef CLIENTBOOK_CLI_TYPED_LINE_HPP
#define CLIENTBOOK_CLI_TYPED_LINE_HPP

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "command_tree.hpp"

namespace clientbook::cli {

/// Words between blanks. Within '' everything is as it stands; within "" and outside, a backslash
/// takes what follows it as it stands. Nothing: a quote is not closed, or nothing follows a
/// backslash.
std::optional<std::vector<std::string>> words_in(std::string_view line);

/// The commands or options that begin as the last word of `line` does. Empty: nobody knows, such as
/// for the value of an option.
std::vector<std::string> what_may_follow(const command_node& commands, std::string_view line);

/// Lines typed at a terminal, one after the other; what was typed before can be had back while it
/// lives, and is written nowhere.
class line_reader {
 public:
  line_reader(const command_node& commands, std::string prompt);
  ~line_reader();
  line_reader(const line_reader&) = delete;
  line_reader& operator=(const line_reader&) = delete;
  /// Without its end; nothing: the end of input.
  std::optional<std::string> next();

 private:
  friend struct editing;  // What the editor calls back.
  struct state;
  state* state_;
};

}  // namespace clientbook::cli

#endif
