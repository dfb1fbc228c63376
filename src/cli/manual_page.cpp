// The manual page, in roff with the macros of man(7).
#include <clientbook/version.hpp>

#include "command_tree.hpp"

namespace clientbook::cli {
namespace {

// Text that roff takes for text: a backslash, a hyphen that is copied from the page into a shell,
// and a line that would begin with a request.
std::string plain(const std::string& text) {
  std::string out;
  bool first = true;
  for (const char c : text) {
    if (first && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    first = c == '\n';
  }
  return out;
}

// An argument of a macro.
std::string troff_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : plain(text)) out += c == '"' ? "\\(dq" : std::string(1, c);
  return out + "\"";
}

std::string term_of(const option_node& option) {
  if (option.names.empty()) return "\\fI" + plain(option.positional) + "\\fR";
  std::string out;
  for (const std::string& name : option.names) {
    out += (out.empty() ? "\\fB" : ", \\fB") + plain(name) + "\\fR";
  }
  if (!option.type.empty()) out += " \\fI" + plain(option.type) + "\\fR";
  return out;
}

std::string remark_of(const option_node& option) {
  std::string out;
  const auto add = [&](const std::string& what) { out += (out.empty() ? "" : "; ") + what; };
  if (option.required) add("required");
  if (!option.standard.empty()) add("default " + option.standard);
  if (!option.environment.empty()) add("else from the environment, " + option.environment);
  if (option.repeats) add("several may be given");
  return out.empty() ? "" : " (" + out + ")";
}

std::string options_of(const command_node& node) {
  std::string out;
  for (const bool positional : {true, false}) {
    for (const option_node& option : node.options) {
      if (option.names.empty() != positional) continue;
      out += ".TP\n" + term_of(option) + "\n" + plain(option.about + remark_of(option)) + "\n";
    }
  }
  return out;
}

std::string synopsis_of(const command_node& node) {
  std::string out = "\\fBclientbook " + plain(node.path) + "\\fR [\\fIoptions\\fR]";
  for (const option_node& option : node.options) {
    if (option.names.empty()) out += " " + term_of(option);
  }
  return out + "\n";
}

// The commands that do something; those that only gather others are said by their parts.
void add_commands(const command_node& node, std::string& out) {
  for (const command_node& command : node.commands) {
    if (command.commands.empty()) {
      out += ".SS " + troff_text(command.path) + "\n" + synopsis_of(command) + ".PP\n" +
             plain(command.about) + "\n" + options_of(command);
    } else {
      out += ".SS " + troff_text(command.path) + "\n" + plain(command.about) +
             ": the commands below.\n";
      add_commands(command, out);
    }
  }
}

}  // namespace

std::string manual_page(const command_node& tree, const std::string& footer) {
  std::string out =
      ".\\\" Written by `clientbook manual` from the program's own options.\n"
      ".TH CLIENTBOOK 1 \"\" \"clientbook " CLIENTBOOK_VERSION_STRING
      "\" \"User Commands\"\n"
      ".SH NAME\n"
      "clientbook \\- a retailer\\(aqs client book, kept so that the customer decides\n"
      ".SH SYNOPSIS\n"
      "\\fBclientbook\\fR [\\fIoptions\\fR] \\fIcommand\\fR [\\fIoptions\\fR] [\\fIarguments\\fR]\n"
      ".SH DESCRIPTION\n";
  out += plain(tree.about) + "\n.SH OPTIONS\nThese may stand before or after the command.\n";
  out += options_of(tree) + ".SH COMMANDS\n";
  add_commands(tree, out);
  out += ".SH NOTES\n" + plain(footer) + "\n";
  out +=
      ".SH ENVIRONMENT\n"
      ".TP\n\\fBCLIENTBOOK_KEY\\fR\n"
      "The file with the root key, where \\fB\\-\\-key\\fR is not given. It never lies in or "
      "beside the "
      "book.\n";
  return out;
}

}  // namespace clientbook::cli
