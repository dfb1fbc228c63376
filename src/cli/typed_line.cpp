// Words of a typed line, and what may follow them.
#include "typed_line.hpp"

#include <algorithm>

namespace clientbook::cli {
namespace {

constexpr std::string_view blanks = " \t\r\n";

bool is_blank(char one) { return blanks.find(one) != blanks.npos; }

}  // namespace

std::optional<std::vector<std::string>> words_in(std::string_view line) {
  std::vector<std::string> out;
  char quote = 0;
  bool in_word = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char one = line[i];
    if (quote == 0 && is_blank(one)) {
      in_word = false;
      continue;
    }
    // What begins with it goes to the end of the line, unless it stands in quotes or behind \\.
    if (!in_word && quote == 0 && one == '#') break;
    // A word may be empty: ''.
    if (!in_word) out.emplace_back();
    in_word = true;
    if (one == '\\' && quote != '\'') {
      if (++i == line.size()) return std::nullopt;
      out.back() += line[i];
    } else if (quote == 0 && (one == '\'' || one == '"')) {
      quote = one;
    } else if (one == quote) {
      quote = 0;
    } else {
      out.back() += one;
    }
  }
  if (quote != 0) return std::nullopt;
  return out;
}

std::vector<std::string> what_may_follow(const command_node& commands, std::string_view line) {
  auto words = words_in(line);
  if (!words) return {};
  const bool begins_one = line.empty() || is_blank(line.back());
  const std::string last = begins_one || words->empty() ? "" : words->back();
  if (!begins_one && !words->empty()) words->pop_back();
  const command_node* at = &commands;
  bool wants_value = false;
  for (const std::string& word : *words) {
    const auto below = std::find_if(at->commands.begin(), at->commands.end(),
                                    [&](const command_node& one) { return one.name == word; });
    const auto option =
        std::find_if(at->options.begin(), at->options.end(), [&](const option_node& one) {
          return std::find(one.names.begin(), one.names.end(), word) != one.names.end();
        });
    wants_value = !wants_value && option != at->options.end() && !option->type.empty();
    if (!wants_value && below != at->commands.end()) at = &*below;
  }
  std::vector<std::string> out;
  if (wants_value) return out;
  const auto offer = [&](const std::string& name) {
    if (name.starts_with(last)) out.push_back(name);
  };
  if (last.starts_with('-')) {
    for (const option_node& option : at->options) {
      for (const std::string& name : option.names) offer(name);
    }
  } else {
    for (const command_node& command : at->commands) offer(command.name);
  }
  return out;
}

}  // namespace clientbook::cli
