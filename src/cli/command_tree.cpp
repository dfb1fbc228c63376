// completion | manual, and the tree that they are written from.
#include "command_tree.hpp"

#include <cstdio>
#include <memory>

#include "program.hpp"

namespace clientbook::cli {
namespace {

constexpr error not_written{errc::io_error, "the answer cannot be written"};

option_node node_of(const CLI::Option& option) {
  option_node node;
  for (const std::string& name : option.get_snames()) node.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) node.names.push_back("--" + name);
  if (node.names.empty()) node.positional = option.get_name(true);
  // CLI11 counts the values that an option takes; a flag takes none.
  if (option.get_items_expected_max() > 0) node.type = option.get_type_name();
  node.standard = option.get_default_str();
  node.environment = option.get_envname();
  node.about = option.get_description();
  node.required = option.get_required();
  node.repeats = option.get_items_expected_max() > 1;
  return node;
}

command_node node_of(const CLI::App& app, const std::string& path) {
  command_node node;
  node.path = path;
  node.name = app.get_name();
  node.about = app.get_description();
  // An option without a group is not shown by --help either.
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) node.options.push_back(node_of(*option));
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_group().empty()) continue;
    node.commands.push_back(
        node_of(*command, path.empty() ? command->get_name() : path + " " + command->get_name()));
  }
  return node;
}

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    fail(not_written, "standard output");
  }
}

}  // namespace

command_node command_tree(const CLI::App& app) { return node_of(app, ""); }

void add_manual_commands(CLI::App& app, program& /*in*/) {
  auto* completion = app.add_subcommand(
      "completion", "Print what completes commands and options in a shell: bash or zsh");
  auto shell = std::make_shared<std::string>();
  completion->add_option("shell", *shell, "bash or zsh")->required();
  completion->callback([&app, shell] {
    if (*shell == "bash") return print(bash_completion(command_tree(app)));
    if (*shell == "zsh") return print(zsh_completion(command_tree(app)));
    fail({errc::invalid_argument, "no such shell: bash or zsh"}, "completion");
  });
  app.add_subcommand("manual", "Print the manual page, for man(1)")->callback([&app] {
    print(manual_page(command_tree(app), app.get_footer()));
  });
}

}  // namespace clientbook::cli
