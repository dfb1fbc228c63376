// completion | manual, and the tree that they are written from.
#include "command_tree.hpp"

#include <cstdio>
#include <memory>

#include "program.hpp"

namespace clientbook::cli {
namespace {

constexpr error not_written{errc::io_error, "the answer cannot be written"};

option_node node_of(option from) {
  option_node node;
  for (const std::string& name : from.short_names()) node.names.push_back("-" + name);
  for (const std::string& name : from.long_names()) node.names.push_back("--" + name);
  if (node.names.empty()) node.positional = from.positional_name();
  if (from.takes_value()) node.type = from.type();
  node.standard = from.shown_default();
  node.environment = from.environment_name();
  node.about = from.description();
  node.required = from.is_required();
  node.repeats = from.takes_several();
  return node;
}

command_node node_of(command from, const std::string& path) {
  command_node node;
  node.path = path;
  node.name = from.name();
  node.about = from.description();
  for (const option each : from.options()) {
    if (each.is_shown()) node.options.push_back(node_of(each));
  }
  for (const command each : from.commands()) {
    if (!each.is_shown()) continue;
    node.commands.push_back(node_of(each, path.empty() ? each.name() : path + " " + each.name()));
  }
  return node;
}

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    fail(not_written, "standard output");
  }
}

}  // namespace

command_node command_tree(command top) { return node_of(top, ""); }

void add_manual_commands(command app, program& /*in*/) {
  auto completion = app.add_command(
      "completion", "Print what completes commands and options in a shell: bash or zsh");
  auto shell = std::make_shared<std::string>();
  completion.add_option("shell", *shell, "bash or zsh").required();
  completion.callback([app, shell] {
    if (*shell == "bash") return print(bash_completion(command_tree(app)));
    if (*shell == "zsh") return print(zsh_completion(command_tree(app)));
    fail({errc::invalid_argument, "no such shell: bash or zsh"}, "completion");
  });
  app.add_command("manual", "Print the manual page, for man(1)").callback([app] {
    print(manual_page(command_tree(app), app.footer()));
  });
}

}  // namespace clientbook::cli
