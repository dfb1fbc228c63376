// Commands and options, as the files that add them see them.
//
// CLI11 parses the call, and command.cpp alone includes it: whatever is read with it is compiled
// anew in each file, which took more time than the file itself. Handles are values; what they name
// lives as long as the command_line that it belongs to.
#ifndef CLIENTBOOK_CLI_COMMAND_HPP
#define CLIENTBOOK_CLI_COMMAND_HPP

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace clientbook::cli {

/// An option of a command, a flag, or a word that stands by itself (a positional). What changes it
/// returns it.
class option {
 public:
  explicit option(CLI::Option* of) noexcept : of_(of) {}

  option required() const;
  /// What the variable holds now is shown by --help as the default.
  option show_default() const;
  /// Where it is not given, the value of this variable of the environment.
  option environment(std::string_view name) const;
  /// What --help says instead of TEXT, INT ..
  option type_name(std::string_view shown) const;
  /// One word may be several values.
  option delimiter(char between) const;
  /// Of an option for several values: one each time that it is given.
  option one_value_each() const;
  /// So many values each time.
  option values(int count) const;
  /// Given several times, all values are taken.
  option take_all() const;
  option excludes(option other) const;
  option excludes(std::string_view other) const;
  option needs(option other) const;

  option one_of(std::initializer_list<const char*> words) const;
  /// From least to most, both included; `shown` stands in --help instead of them.
  option in_range(int least, int most, std::string_view shown = {}) const;
  option in_range(unsigned least, unsigned most, std::string_view shown = {}) const;
  option in_range(double least, double most, std::string_view shown = {}) const;
  option positive() const;
  option not_negative() const;
  /// What is wrong with a value; empty: nothing is.
  option check(std::function<std::string(const std::string& value)> rule) const;
  /// The same, of what may write the value anew before anything else looks at it.
  option rewrite(std::function<std::string(std::string& value)> rule) const;

  /// Without their dashes.
  const std::vector<std::string>& short_names() const;
  const std::vector<std::string>& long_names() const;
  bool is_positional() const;
  std::string positional_name() const;
  const std::string& description() const;
  std::string type() const;
  std::string shown_default() const;
  std::string environment_name() const;
  bool is_required() const;
  /// By --help.
  bool is_shown() const;
  /// A flag takes none.
  bool takes_value() const;
  bool takes_several() const;

 private:
  CLI::Option* of_;
};

/// The program itself, a command, or one that gathers others.
class command {
 public:
  explicit command(CLI::App* of) noexcept : of_(of) {}

  command add_command(std::string_view name, std::string_view about) const;
  /// Called, it needs one of the commands below it.
  void require_command() const;
  /// Called, it may have one of them.
  void allow_command() const;
  /// What it does when it is called.
  void callback(std::function<void()> run) const;
  /// Its options look at the environment only when it is the one that is called.
  void environment_when_called() const;

  /// `names`: "-k,--key", or "book" of a positional. The value is written to the variable, which is
  /// to live as long as the command.
  option add_option(std::string_view names, std::string& to, std::string_view about) const;
  option add_option(std::string_view names, int& to, std::string_view about) const;
  option add_option(std::string_view names, std::uint32_t& to, std::string_view about) const;
  option add_option(std::string_view names, std::uint64_t& to, std::string_view about) const;
  option add_option(std::string_view names, double& to, std::string_view about) const;
  option add_option(std::string_view names, std::optional<std::string>& to,
                    std::string_view about) const;
  option add_option(std::string_view names, std::optional<std::uint32_t>& to,
                    std::string_view about) const;
  option add_option(std::string_view names, std::optional<std::uint64_t>& to,
                    std::string_view about) const;
  option add_option(std::string_view names, std::vector<std::string>& to,
                    std::string_view about) const;
  option add_option(std::string_view names, std::vector<std::uint32_t>& to,
                    std::string_view about) const;
  option add_flag(std::string_view names, bool& to, std::string_view about) const;

  const std::string& name() const;
  std::string description() const;
  std::string footer() const;
  /// By --help.
  bool is_shown() const;
  std::vector<option> options() const;
  /// There must be one.
  option option_named(std::string_view name) const;
  std::vector<command> commands() const;
  /// There must be one.
  command command_named(std::string_view name) const;
  /// In this call a command below it was named.
  bool has_called_one() const;

 private:
  CLI::App* of_;
};

/// What was called for instead of a command, or why nothing could be.
struct nothing_called {
  bool asked = false;  ///< For help, or the version.
  std::string why;     ///< It was not understood.
  std::string said;    ///< What is printed.
};

/// All commands, and the options that every one has.
class command_line {
 public:
  command_line(std::string_view name, std::string_view about, std::string_view footer,
               const char* version);
  ~command_line();
  command_line(command_line&& other) noexcept;
  command_line& operator=(command_line&& other) noexcept;

  command top() const noexcept;
  void remove_command(std::string_view name);
  /// Does what the words say, the first of which is the program's name: once. What a command's
  /// callback throws gets out.
  std::optional<nothing_called> parse(int count, char** arguments);

 private:
  std::unique_ptr<CLI::App> all_;
};

}  // namespace clientbook::cli

#endif
