// Completion for bash and zsh, as functions of their own: neither needs the package
// bash-completion. Both walk the words before the cursor down the tree of commands, step over the
// values of options, and then offer commands, options or files.
#include "command_tree.hpp"

namespace clientbook::cli {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : " ") + word;
  return all;
}

// What stands between ' and ' in either shell.
std::string shell_word(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c == '\n' ? ' ' : c;
    }
  }
  return out + "'";
}

// zsh parts a word from its description at a colon.
std::string described(const std::string& name, const std::string& about) {
  std::string out;
  for (const char c : name) out += c == ':' ? "\\:" : std::string(1, c);
  return shell_word(out + ":" + about);
}

// The options of the program itself may be given to every command.
std::vector<const option_node*> options_of(const command_node& node, const command_node& top) {
  std::vector<const option_node*> all;
  for (const option_node& option : node.options) {
    if (!option.names.empty()) all.push_back(&option);
  }
  if (&node == &top) return all;
  for (const option_node& option : top.options) {
    if (option.names.empty()) continue;
    bool there = false;
    for (const option_node* own : all) there = there || own->names == option.names;
    if (!there && option.names.back() != "--version") all.push_back(&option);
  }
  return all;
}

// `path) commands=(..) options=(..) valued=" -k --key " ;;` of a command and those below it.
void bash_cases(const command_node& node, const command_node& top, std::string& out) {
  std::vector<std::string> commands, options, valued;
  for (const command_node& command : node.commands) commands.push_back(command.name);
  for (const option_node* option : options_of(node, top)) {
    options.insert(options.end(), option->names.begin(), option->names.end());
    if (!option->type.empty()) {
      valued.insert(valued.end(), option->names.begin(), option->names.end());
    }
  }
  out += "    " + shell_word(node.path) + ")\n      commands=" + shell_word(joined(commands)) +
         "\n      options=" + shell_word(joined(options)) +
         "\n      valued=" + shell_word(" " + joined(valued) + " ") + " ;;\n";
  for (const command_node& command : node.commands) bash_cases(command, top, out);
}

void zsh_cases(const command_node& node, const command_node& top, std::string& out) {
  out += "    " + shell_word(node.path) + ")\n      commands=(";
  for (const command_node& command : node.commands) {
    out += "\n        " + described(command.name, command.about);
  }
  out += ")\n      options=(";
  std::string valued = " ";
  for (const option_node* option : options_of(node, top)) {
    for (const std::string& name : option->names) {
      out += "\n        " + described(name, option->about);
      if (!option->type.empty()) valued += name + " ";
    }
  }
  out += ")\n      valued=" + shell_word(valued) + " ;;\n";
  for (const command_node& command : node.commands) zsh_cases(command, top, out);
}

}  // namespace

std::string bash_completion(const command_node& tree) {
  std::string out =
      "# Completion of clientbook for bash, written by `clientbook completion bash`.\n"
      "_clientbook_at() {  # sets what the command with that path has\n"
      "  case $1 in\n";
  bash_cases(tree, tree, out);
  out +=
      "  esac\n"
      "}\n"
      "_clientbook() {\n"
      "  local commands options valued at= i word=${COMP_WORDS[COMP_CWORD]}\n"
      "  local before=${COMP_WORDS[COMP_CWORD - 1]}\n"
      "  _clientbook_at ''\n"
      "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
      "    if [[ $valued == *\" ${COMP_WORDS[i]} \"* ]]; then\n"
      "      ((++i))\n"
      "    elif [[ \" $commands \" == *\" ${COMP_WORDS[i]} \"* ]]; then\n"
      "      at+=${at:+ }${COMP_WORDS[i]}\n"
      "      _clientbook_at \"$at\"\n"
      "    fi\n"
      "  done\n"
      "  COMPREPLY=()\n"
      "  if [[ $valued == *\" $before \"* ]]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
      "  elif [[ $word == -* ]]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")\n"
      "  elif [[ -n $commands ]]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W \"$commands\" -- \"$word\")\n"
      "  else\n"
      "    mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
      "  fi\n"
      "}\n"
      "complete -o filenames -F _clientbook clientbook\n";
  return out;
}

std::string zsh_completion(const command_node& tree) {
  std::string out =
      "#compdef clientbook\n"
      "# Completion of clientbook for zsh, written by `clientbook completion zsh`.\n"
      "_clientbook_at() {  # sets what the command with that path has\n"
      "  case $1 in\n";
  zsh_cases(tree, tree, out);
  out +=
      "  esac\n"
      "}\n"
      "_clientbook() {\n"
      "  local -a commands options\n"
      "  local valued at= i\n"
      "  _clientbook_at ''\n"
      "  for ((i = 2; i < CURRENT; ++i)); do\n"
      "    if [[ $valued == *\" $words[i] \"* ]]; then\n"
      "      ((++i))\n"
      "    elif ((${commands[(I)$words[i]:*]})); then\n"
      "      at+=${at:+ }$words[i]\n"
      "      _clientbook_at $at\n"
      "    fi\n"
      "  done\n"
      "  if [[ $valued == *\" $words[CURRENT-1] \"* ]]; then\n"
      "    _files\n"
      "  elif [[ $words[CURRENT] == -* ]]; then\n"
      "    _describe -o option options\n"
      "  elif (($#commands)); then\n"
      "    _describe command commands\n"
      "  else\n"
      "    _files\n"
      "  fi\n"
      "}\n"
      // Loaded by compinit the file is the function's body; sourced, it says whose it is.
      "if [[ ${funcstack[1]-} == _clientbook ]]; then\n"
      "  _clientbook \"$@\"\n"
      "else\n"
      "  compdef _clientbook clientbook\n"
      "fi\n";
  return out;
}

}  // namespace clientbook::cli
